/* SPDX-License-Identifier: MIT */
/* Telling an IP packet from anything else where nothing announces it. */
#include "walk.h"

static bool checksum_fits(const uint8_t *p, size_t head)
{
	uint64_t sum = 0;

	if (head == 20)
		return ip_checksum_fits_20(p);
	if (p[10] == 0 && p[11] == 0)
		return true;
	for (size_t i = 0; i < head; i += 4)
		sum += raw32(p + i);
	return ip_sum_fits(sum);
}

static bool looks_like_ipv4(const uint8_t *p, size_t len, size_t wire, size_t slack)
{
	size_t head, total;

	if (len < 20)
		return false;
	head = (p[0] & 15u) * 4;
	total = be16(p + 2);
	return head >= 20 && head <= len && total >= head && total <= wire &&
	       wire - total <= slack && checksum_fits(p, head);
}

/* What follows IPv6 in practice: options, ICMP, TCP, UDP, tunnels, IPsec, routing. */
static bool may_follow_ipv6(unsigned protocol)
{
	switch (protocol) {
	case 0:
	case 4:
	case 6:
	case 17:
	case 41:
	case 43:
	case 44:
	case 47:
	case 50:
	case 51:
	case 58:
	case 59:
	case 60:
	case 89:
	case 103:
	case 112:
	case 115:
	case 132:
	case 135: return true;
	default: return false;
	}
}

/* There is no checksum: but a source is never a multicast address. */
static bool looks_like_ipv6(const uint8_t *p, size_t len, size_t wire, size_t slack)
{
	size_t total;

	if (len < 40)
		return false;
	total = 40 + be16(p + 4);
	return total <= wire && wire - total <= slack && may_follow_ipv6(p[6]) && p[8] != 0xff;
}

bool looks_like_ip(const uint8_t *p, size_t len, size_t wire, size_t slack)
{
	switch (len > 0 ? p[0] >> 4 : 0) {
	case 4: return looks_like_ipv4(p, len, wire, slack);
	case 6: return looks_like_ipv6(p, len, wire, slack);
	default: return false;
	}
}

bool looks_like_ether(const uint8_t *p, size_t len, size_t wire)
{
	size_t at = 12;

	while (at + 6 <= len && (be16(p + at) == 0x8100 || be16(p + at) == 0x88a8))
		at += 4;
	if (at + 2 >= len)
		return false;
	if (be16(p + at) == 0x0800)
		return p[at + 2] >> 4 == 4 &&
		       looks_like_ip(p + at + 2, len - at - 2, wire - at - 2, PADDING_MAX);
	return be16(p + at) == 0x86dd && p[at + 2] >> 4 == 6 &&
	       looks_like_ip(p + at + 2, len - at - 2, wire - at - 2, PADDING_MAX);
}

/* ---- link layers that have no MAC_TYPE_* ---------------------------------------- */

/* A frame in which the n bytes of magic stand at `at` has its IP header at `ip`. */
struct link {
	uint8_t at, n, ip, slack;
	uint8_t version; /* 4 or 6; 0: either */
	uint8_t magic[8];
};

static const struct link links[] = {
	/* raw IP: nothing stands before the packet, and nothing behind it */
	{ 0, 0, 0, 0, 0, { 0 } },
	/* BSD loopback: the address family, in the byte order of the machine */
	{ 0, 4, 4, 0, 4, { 2, 0, 0, 0 } },
	{ 0, 4, 4, 0, 4, { 0, 0, 0, 2 } },
	{ 0, 4, 4, 0, 6, { 10, 0, 0, 0 } }, /* Linux */
	{ 0, 4, 4, 0, 6, { 23, 0, 0, 0 } }, /* Windows */
	{ 0, 4, 4, 0, 6, { 24, 0, 0, 0 } }, /* NetBSD, OpenBSD */
	{ 0, 4, 4, 0, 6, { 28, 0, 0, 0 } }, /* FreeBSD */
	{ 0, 4, 4, 0, 6, { 30, 0, 0, 0 } }, /* macOS */
	{ 0, 4, 4, 0, 6, { 0, 0, 0, 24 } },
	{ 0, 4, 4, 0, 6, { 0, 0, 0, 28 } },
	{ 0, 4, 4, 0, 6, { 0, 0, 0, 30 } },
	/* PPP: with and without address and control, and behind a direction byte */
	{ 0, 4, 4, PADDING_MAX, 4, { 0xff, 0x03, 0x00, 0x21 } },
	{ 0, 4, 4, PADDING_MAX, 6, { 0xff, 0x03, 0x00, 0x57 } },
	{ 1, 4, 5, PADDING_MAX, 4, { 0xff, 0x03, 0x00, 0x21 } },
	{ 1, 4, 5, PADDING_MAX, 6, { 0xff, 0x03, 0x00, 0x57 } },
	{ 0, 2, 2, PADDING_MAX, 4, { 0x00, 0x21 } },
	{ 0, 2, 2, PADDING_MAX, 6, { 0x00, 0x57 } },
	/* Cisco HDLC: unicast 0x0f or broadcast 0x8f, 0, EtherType */
	{ 0, 4, 4, PADDING_MAX, 4, { 0x0f, 0x00, 0x08, 0x00 } },
	{ 0, 4, 4, PADDING_MAX, 6, { 0x0f, 0x00, 0x86, 0xdd } },
	{ 0, 4, 4, PADDING_MAX, 4, { 0x8f, 0x00, 0x08, 0x00 } },
	{ 0, 4, 4, PADDING_MAX, 6, { 0x8f, 0x00, 0x86, 0xdd } },
	/* Frame Relay, two address bytes: NLPID, SNAP, Cisco's EtherType */
	{ 2, 2, 4, PADDING_MAX, 4, { 0x03, 0xcc } },
	{ 2, 2, 4, PADDING_MAX, 6, { 0x03, 0x8e } },
	{ 2, 8, 10, PADDING_MAX, 4, { 0x03, 0x00, 0x80, 0x00, 0x00, 0x00, 0x08, 0x00 } },
	{ 2, 8, 10, PADDING_MAX, 6, { 0x03, 0x00, 0x80, 0x00, 0x00, 0x00, 0x86, 0xdd } },
	{ 2, 2, 4, PADDING_MAX, 4, { 0x08, 0x00 } },
	{ 2, 2, 4, PADDING_MAX, 6, { 0x86, 0xdd } },
	/* ATM behind RFC 2684 headers, also when other links carry LLC first */
	{ 0, 8, 8, PADDING_MAX, 4, { 0xaa, 0xaa, 0x03, 0x00, 0x00, 0x00, 0x08, 0x00 } },
	{ 0, 8, 8, PADDING_MAX, 6, { 0xaa, 0xaa, 0x03, 0x00, 0x00, 0x00, 0x86, 0xdd } },
	/* Linux "any" interface, both versions */
	{ 14, 2, 16, PADDING_MAX, 4, { 0x08, 0x00 } },
	{ 14, 2, 16, PADDING_MAX, 6, { 0x86, 0xdd } },
	{ 0, 4, 20, PADDING_MAX, 4, { 0x08, 0x00, 0x00, 0x00 } },
	{ 0, 4, 20, PADDING_MAX, 6, { 0x86, 0xdd, 0x00, 0x00 } },
	/* IP over IEEE 1394 as macOS captures it */
	{ 16, 2, 18, PADDING_MAX, 4, { 0x08, 0x00 } },
	{ 16, 2, 18, PADDING_MAX, 6, { 0x86, 0xdd } },
};

static bool link_fits(const struct link *k, const uint8_t *p, size_t len, size_t wire)
{
	size_t ip = k->ip;

	if (len <= ip || memcmp(p + k->at, k->magic, k->n) != 0)
		return false;
	if (k->version && p[ip] >> 4 != k->version)
		return false;
	return looks_like_ip(p + ip, len - ip, wire - ip, k->slack);
}

/* Radiotap and PPI: 0 1 version 0; 2 2 length of this header. */
static size_t radio_header(const uint8_t *p, size_t len)
{
	size_t n = len >= 8 && p[0] == 0 ? le16(p + 2) : 0;

	return n >= 8 && n < len ? n : 0;
}

/* An unprotected 802.11 data frame around LLC and SNAP. 0 2 frame control; 24 or
 * 30 bytes with a fourth address; 2 for QoS; 4 for HT control. Some captures pad
 * this to a multiple of 4. */
static bool guess_wlan(const uint8_t *p, size_t len, size_t wire, size_t *ret_at)
{
	static const uint8_t snap[] = { 0xaa, 0xaa, 0x03, 0x00, 0x00, 0x00 };
	size_t head = 24;

	if (len < 24 || (p[0] & 0x4f) != 0x08 || (p[1] & 0x40))
		return false;
	head += (p[1] & 3) == 3 ? 6 : 0;
	if (p[0] & 0x80)
		head += p[1] & 0x80 ? 6 : 2;
	if (head + 8 < len && memcmp(p + head, snap, sizeof snap) != 0)
		head = (head + 3) & ~(size_t)3;
	if (head + 8 >= len || memcmp(p + head, snap, sizeof snap) != 0)
		return false;
	*ret_at = head + 8;
	return (be16(p + head + 6) == 0x0800 || be16(p + head + 6) == 0x86dd) &&
	       looks_like_ip(p + head + 8, len - head - 8, wire - head - 8, PADDING_MAX);
}

bool guess_ip(const uint8_t *p, size_t len, size_t wire, size_t *ret_at)
{
	size_t radio = radio_header(p, len), at;

	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		if (link_fits(&links[i], p, len, wire)) {
			*ret_at = links[i].ip;
			return true;
		}
	}
	if (!guess_wlan(p + radio, len - radio, wire - radio, &at))
		return false;
	*ret_at = radio + at;
	return true;
}
