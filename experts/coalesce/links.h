/* SPDX-License-Identifier: MIT */
/* links.h -- what a frame begins with: by its MAC type, else by what is recognized first in it.
 *
 * Owns:     what it remembers of protocols' numbers.
 * Uses:     packet.h, <netmon.h>.
 * Threads:  belongs to one.
 */
#ifndef COALESCE_LINKS_H
#define COALESCE_LINKS_H

#include "packet.h"

#include <netmon.h>

#define LINK_NUMBERS 1024u /* protocols that are remembered */

struct links {
	const PROTOCOLTABLE *names;  /* borrowed; NULL: none */
	uint8_t known[LINK_NUMBERS]; /* enum link + 1 of a protocol's number; 0: not looked at */
};

void links_init(struct links *l, HCAPTURE capture);

/* LINKS: nobody knows. stack may be NULL. */
enum link links_find(struct links *l, uint32_t mac, const RECOGNIZEDATATABLE *stack);

/* What is joined may stand behind such a header: it says nothing of the frame's end, as those of
 * radio do, where a checksum may follow. */
bool links_join(enum link link);

#endif
