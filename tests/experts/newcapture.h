/* SPDX-License-Identifier: MIT */
/* newcapture.h -- what an expert has written, as text: pcapng or Network Monitor 2.1.
 *
 * Frames with "; " between them, each as "MS WHAT": milliseconds since 2020-01-01, then
 *   > A 104 500 abc     TCP: < from port 80, else >; with 2 when port 1002 is in it; flags;
 *                       sequence, acknowledgement, payload; +N for bytes not stored
 *   ip 17 abc           IP: protocol, payload; "ip6", "fragment"
 *   link 113, 9 bytes   other link types than Ethernet and raw IP
 *   42 bytes            anything else
 * "raw" before it in frames without a link header, " [3: 4-6]" behind those that say what they
 * were joined out of. Lengths and checksums are asserted.
 */
#ifndef NEWCAPTURE_H
#define NEWCAPTURE_H

#include <stddef.h>

#define TEXT_MAX 8192

struct text {
	char p[TEXT_MAX];
	size_t n;
};

/* The file of that name in the folder, which is removed. */
void take_capture(struct text *t, const char *folder, const char *name);

#endif
