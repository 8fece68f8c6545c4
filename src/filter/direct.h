/* SPDX-License-Identifier: MIT */
/* filter/direct.h -- comparisons that are decided by bytes at a place, without a property.
 *
 * Owns:     nothing; a test has its struct nm_direct.
 * Uses:     program.h, parse/.
 * Threads:  any.
 * Trust:    frames are hostile: only bytes are read that parse/ says are there.
 */
#ifndef NM_FILTER_DIRECT_H
#define NM_FILTER_DIRECT_H

#include "filter/program.h"

/* Is the test such a one? Then t->direct says how. Its operands have been made. */
void nm_direct_make(const struct nm_program *p, struct nm_test *t);

enum nm_direct_answer {
	DIRECT_FALSE,
	DIRECT_TRUE,
	DIRECT_UNKNOWN /* a header is cut short: what is attached tells */
};

/* The answer that the properties would give, were they attached. */
enum nm_direct_answer nm_direct_test(
    const struct nm_program *program, const struct nm_test *t, struct nm_parse *p);

#endif
