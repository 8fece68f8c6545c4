/* SPDX-License-Identifier: MIT */
/* mac/wlan.h -- what the parsers of 802.11 tell each other. */
#ifndef PARSERS_MAC_WLAN_H
#define PARSERS_MAC_WLAN_H

#include "mac.h"

#define WLAN_MANAGEMENT     0u /* type */
#define WLAN_TO_DS          0x01u
#define WLAN_FROM_DS        0x02u
#define WLAN_MORE_FRAGMENTS 0x04u
#define WLAN_PROTECTED_BIT  0x40u
#define WLAN_ORDER          0x80u

#define WLAN_FCS_BYTES 4u

/* Bytes of the frame that are 802.11's, of `left` that are stored: without the check
 * sequence, where the radio header says that there is one and it was not cut off. */
DWORD wlan_bytes(HFRAME frame, DWORD left, bool has_fcs);

/* A radiotap header, of `left` bytes: its flags (RADIOTAP_*), 0 when it has none. */
uint8_t radiotap_flags(const uint8_t *p, DWORD left);

/* Bytes of padding behind a header of 802.11 of so many: some radios make it a multiple of
 * four, and the radiotap header before it says so. */
DWORD radiotap_padding(ULPBYTE mac, HPROTOCOL before, DWORD before_at, DWORD header);

/* A byte as a signed number, behind its label. */
void format_signed(LPPROPERTYINST i, HFRAME frame);

#define RADIOTAP_FCS     0x10u
#define RADIOTAP_DATAPAD 0x20u

#endif
