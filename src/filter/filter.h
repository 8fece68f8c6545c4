/* SPDX-License-Identifier: MIT */
/* filter/filter.h -- display filters: which frames, by what their parsers found.
 *
 * A filter is a list of documented objects in postfix order. The first time it is used
 * they become a program (program.h), which is kept until an object is added.
 *
 * Owns:     each filter, its objects and all that they point to.
 * Uses:     parse/.
 * Threads:  different filters from any; one filter by one at a time.
 * Trust:    an HFILTER is an address that plug-ins may look through, so it is looked up
 *           before it is believed; what stands in its FILTERDESC2 is never read.
 */
#ifndef NM_FILTER_FILTER_H
#define NM_FILTER_FILTER_H

#include "parse/parse.h"

/* What a filter has to ask of frames that their parsers don't know. */
struct nm_filter_frames {
	/* Has the frame this source, or destination? For FROM, TO and FROMTO. */
	WINBOOL(WINAPI *source)(HFRAME h, LPADDRESS2 a);
	WINBOOL(WINAPI *destination)(HFRAME h, LPADDRESS2 a);
	/* When frame n was captured, nanoseconds since 1970; false: it has no time. */
	bool (*time)(uint32_t n, int64_t *ret_ns);
};

struct nm_program;

/* NULL and the last error: out of memory. `f` is borrowed for good. */
HFILTER nm_filter_new(const struct nm_filter_frames *f);
/* One that is a program from the start; it is taken over. NULL likewise. */
HFILTER nm_filter_of_program(struct nm_program *p);
HFILTER nm_filter_copy(HFILTER h);
bool nm_filter_is(HFILTER h);

/* NMERR_SUCCESS or an NMERR code; the last error is left alone. */
uint32_t nm_filter_free(HFILTER h);
uint32_t nm_filter_add(HFILTER h, const FILTEROBJECT2 *o);

/* Switch the objects that belong to protocols of this parser off, to count as true, or on again.
 * NMERR_INVALID_PARAMETER: it has no objects, since it was made from text.
 * NMERR_INVALID_HPROTOCOL: there is no such parser. */
uint32_t nm_filter_switch(HFILTER h, HPARSER parser, bool on);

/* Does the frame that p is about pass? `only` (may be NULL) stands for all instances of
 * all properties. A filter without objects passes everything. */
uint32_t nm_filter_test(HFILTER h, struct nm_parse *p, const PROPERTYINST *only, bool *ret_passed);

/* Does an object refer to a property? */
bool nm_filter_attaches(HFILTER h);

/* The user's filter, borrowed; NULL: none, or it is gone. */
void nm_filter_set_current(HFILTER h);
HFILTER nm_filter_current(void);

#endif
