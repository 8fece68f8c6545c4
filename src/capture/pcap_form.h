/* SPDX-License-Identifier: MIT */
/* capture/pcap_form.h -- forms of pcap that nothing in the file's header tells.
 *
 * Owns:     nothing.
 * Uses:     capture_int.h.
 * Threads:  one.
 * Trust:    records are hostile; at most NM_FORM_RECORDS heads of each form are read.
 */
#ifndef NM_CAPTURE_PCAP_FORM_H
#define NM_CAPTURE_PCAP_FORM_H

#include "capture/capture_int.h"

#define NM_FORM_RECORDS 8u

/* The length of record heads in a capture that says `head` by its header: that, or
 * that of another form, where records make no sense by the first and do by the other. */
uint32_t nm_pcap_form(const struct nm_capture *c, uint32_t head, uint32_t snap_len);

#endif
