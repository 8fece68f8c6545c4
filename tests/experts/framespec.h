/* SPDX-License-Identifier: MIT */
/* framespec.h -- frames written as text, for tests.
 *
 * Headers from the outside in, " / " between them. Each fills in its lengths and
 * checksums from what follows it:
 *
 *   eth TYPE            02:00:00:00:00:01 to 02:00:00:00:00:02, EtherType in hex
 *   802.3               the same addresses, then the length of the rest
 *   ip SRC DST PROTO [tot=N] [id=HEX] [frag=HEX] [opt=HEX] [sum=HEX] [ver=HEX]
 *   ip6 SRC DST NEXT [plen=N]      addresses of the form 2001::7, groups in hex
 *   udp SPORT DPORT [len=N]
 *   tcp SPORT DPORT SEQ ACK FLAGS(hex) WINDOW [opt=HEX] [off=N]     off: header's words
 *   len [ADD]           two bytes: the length of the rest, plus ADD
 *   hex DIGITS          these bytes
 *   data N              N bytes of text
 */
#ifndef FRAMESPEC_H
#define FRAMESPEC_H

#include <stddef.h>
#include <stdint.h>

#define FRAMESPEC_MAX 4096 /* bytes of a frame */

/* The frame's bytes into buf; returns how many. A bad spec aborts the test. */
size_t framespec(const char *spec, uint8_t buf[static FRAMESPEC_MAX]);

#endif
