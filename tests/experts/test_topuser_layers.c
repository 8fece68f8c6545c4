/* SPDX-License-Identifier: MIT */
/* Which addresses Top Users finds in a frame. A row is a frame and what is in it. */
#include "../../experts/common/layers.h"
#include "framespec.h"

#include <netmon.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define A_TO_B "ip 10.0.0.1 10.0.0.2"
#define INNER  "ip 10.1.0.3 10.1.0.4 17 / udp 1000 2000 / data 8"
#define INNER6 "ip6 2001::3 2001::4 17 / udp 1000 2000 / data 8"
#define OUT    "10.0.0.1>10.0.0.2"
#define IN     "10.1.0.3>10.1.0.4"
#define IN6    "2001::3>2001::4"
#define MACS   "mac "

static const struct row {
	const char *name;
	unsigned mac;
	const char *frame;
	const char *want; /* "mac" when there are MAC addresses, pairs, notes */
} rows[] = {
#define ETH MAC_TYPE_ETHERNET
	{ "IPv4 in Ethernet", ETH, "eth 0800 / " INNER, MACS IN },
	{ "IPv6 in Ethernet", ETH, "eth 86dd / " INNER6, MACS IN6 },
	{ "padding is not taken for the packet inside", ETH,
	    "eth 0800 / " A_TO_B " 4 tot=20 / " INNER, MACS OUT " broken" },
	{ "ARP has no IP address", ETH, "eth 0806 / hex 0001080006040001", MACS },
	{ "a frame cut in its Ethernet header has nothing", ETH, "hex 020000000001020000000002",
	    "" },
	{ "one VLAN tag", ETH, "eth 8100 / hex 00010800 / " INNER, MACS IN },
	{ "two VLAN tags, the outer one of 802.1ad", ETH,
	    "eth 88a8 / hex 0001810000020800 / " INNER, MACS IN },
	{ "two VLAN tags, the outer one 0x9100", ETH, "eth 9100 / hex 0001810000020800 / " INNER,
	    MACS IN },
	{ "a VLAN tag around 802.3", ETH,
	    "eth 8100 / hex 0001 / len / hex aaaa030000000800 / " INNER, MACS IN },
	{ "a VLAN tag with nothing behind it", ETH, "eth 8100 / hex 000108", MACS },
	{ "802.1BR", ETH, "eth 893f / hex 0000000000000800 / " INNER, MACS IN },
	{ "VN-Tag", ETH, "eth 8926 / hex 000000000800 / " INNER, MACS IN },
	{ "HSR", ETH, "eth 892f / hex 003000010800 / " INNER, MACS IN },
	{ "a provider backbone frame", ETH, "eth 88e7 / hex 00000001 / eth 0800 / " INNER,
	    MACS IN },
	{ "802.3 with SNAP", ETH, "802.3 / hex aaaa030000000800 / " INNER, MACS IN },
	{ "802.3 with SNAP of 802.1H", ETH, "802.3 / hex aaaa030000f80800 / " INNER, MACS IN },
	{ "802.3 with SNAP of somebody", ETH, "802.3 / hex aaaa0300000c0800 / " INNER, MACS },
	{ "802.3 with the SAP of IP", ETH, "802.3 / hex 060603 / " INNER, MACS IN },
	{ "802.3 with Novell's raw IPX", ETH, "802.3 / hex ffff001e / data 26", MACS },
	{ "802.3 with an information frame", ETH, "802.3 / hex 06060000 / " INNER, MACS },
	{ "bytes behind the length of 802.3 do not count", ETH,
	    "eth 0003 / hex aaaa03 / hex 0000000800 / " INNER, MACS },
	{ "Ethernet bridged in SNAP", ETH, "802.3 / hex aaaa030080c200070000 / eth 0800 / " INNER,
	    MACS IN },
	{ "PPPoE session", ETH, "eth 8864 / hex 11000001 / len / hex 0021 / " INNER, MACS IN },
	{ "PPPoE session with IPv6", ETH, "eth 8864 / hex 11000001 / len / hex 0057 / " INNER6,
	    MACS IN6 },
	{ "PPPoE with one byte of protocol", ETH, "eth 8864 / hex 11000001 / len / hex 21 / " INNER,
	    MACS IN },
	{ "PPPoE control", ETH, "eth 8864 / hex 11000001 / len / hex c021 / " INNER, MACS },
	{ "one MPLS label", ETH, "eth 8847 / hex 00010140 / " INNER, MACS IN },
	{ "two MPLS labels", ETH, "eth 8847 / hex 0001004000010140 / " INNER6, MACS IN6 },
	{ "an MPLS pseudowire with control word", ETH,
	    "eth 8847 / hex 0001014000000000 / eth 0800 / " INNER, MACS IN },
	{ "an MPLS pseudowire without control word", ETH,
	    "eth 8847 / hex 00010140 / eth 0800 / " INNER, MACS IN },
	{ "MPLS around something else", ETH, "eth 8847 / hex 00010140 / data 40", MACS },
	{ "MPLS labels without end", ETH, "eth 8847 / hex 00010040000100400001004000010040", MACS },

	{ "FDDI", MAC_TYPE_FDDI, "hex 50020000000002020000000001aaaa030000000800 / " INNER,
	    MACS IN },
	{ "FDDI station management", MAC_TYPE_FDDI,
	    "hex 41020000000002020000000001aaaa030000000800 / " INNER, MACS },
	{ "Token Ring", MAC_TYPE_TOKENRING,
	    "hex 1040020000000002020000000001aaaa030000000800 / " INNER, MACS IN },
	{ "Token Ring with a byte behind the routing information", MAC_TYPE_TOKENRING,
	    "hex 10400200000000028200000000010630001100210aaaaa030000000800 / " INNER, MACS },
	{ "Token Ring with routing information", MAC_TYPE_TOKENRING,
	    "hex 1040020000000002820000000001063000110021aaaa030000000800 / " INNER, MACS IN },
	{ "Token Ring MAC frame", MAC_TYPE_TOKENRING,
	    "hex 1000020000000002020000000001aaaa030000000800 / " INNER, MACS },
	{ "ATM", MAC_TYPE_ATM, "hex 02000000000202000000000100010020aaaa030000000800 / " INNER,
	    MACS IN },
	{ "1394", MAC_TYPE_1394, "data 20 / " INNER, IN },

	{ "an IPv4 header of no version", ETH, "eth 0800 / " A_TO_B " 17 ver=55", MACS "broken" },
	{ "an IPv4 header of four words", ETH, "eth 0800 / " A_TO_B " 17 ver=44", MACS "broken" },
	{ "an IPv4 header longer than the frame", ETH, "eth 0800 / " A_TO_B " 17 ver=4f",
	    MACS "broken" },
	{ "an IPv4 packet shorter than its header", ETH, "eth 0800 / " A_TO_B " 17 tot=19",
	    MACS "broken" },
	{ "an IPv4 packet left to the interface to cut", ETH, "eth 0800 / " A_TO_B " 17 tot=0",
	    MACS OUT },
	{ "an IPv4 packet longer than the frame", ETH, "eth 0800 / " A_TO_B " 17 tot=900",
	    MACS OUT },
	{ "an IPv4 packet with a wrong checksum is counted where it is announced", ETH,
	    "eth 0800 / " A_TO_B " 6 sum=1234", MACS OUT },
	{ "an IPv4 header of 19 bytes", ETH,
	    "eth 0800 / hex 45000013000000000000000a0000010a000002", MACS "broken" },
	{ "IPv6 announced as IPv4", ETH, "eth 0800 / " INNER6, MACS IN6 },
	{ "IPv4 announced as IPv6", ETH, "eth 86dd / " INNER, MACS "broken" },
	{ "a source route that goes on", ETH, "eth 0800 / " A_TO_B " 17 opt=8307040a09090900",
	    MACS "10.0.0.1>10.9.9.9" },
	{ "a source route at its end", ETH, "eth 0800 / " A_TO_B " 17 opt=8307080a09090900",
	    MACS OUT },
	{ "a source route behind two other options", ETH,
	    "eth 0800 / " A_TO_B " 17 opt=0194040000890b080a0707070a09090900000000",
	    MACS "10.0.0.1>10.9.9.9" },
	{ "an option without end", ETH, "eth 0800 / " A_TO_B " 17 opt=83ff0400", MACS OUT },
	{ "an option of no length", ETH, "eth 0800 / " A_TO_B " 17 opt=83000400", MACS OUT },

	{ "IP in IP", ETH, "eth 0800 / " A_TO_B " 4 / " INNER, MACS OUT " " IN },
	{ "IPv6 in IPv4", ETH, "eth 0800 / " A_TO_B " 41 / " INNER6, MACS OUT " " IN6 },
	{ "IPv4 in IPv6", ETH, "eth 86dd / ip6 2001::1 2001::2 4 / " INNER,
	    MACS "2001::1>2001::2 " IN },
	{ "an ICMP error's copy is no traffic", ETH,
	    "eth 0800 / " A_TO_B " 1 / hex 0301000000000000 / " INNER, MACS OUT },
	{ "a first fragment's payload is not looked at", ETH,
	    "eth 0800 / " A_TO_B " 4 frag=2000 / " INNER, MACS OUT },
	{ "nor is a later one's", ETH, "eth 0800 / " A_TO_B " 4 frag=000a / " INNER, MACS OUT },
	{ "an IPv6 fragment counts", ETH,
	    "eth 86dd / ip6 2001::1 2001::2 44 / hex 2900000100000001 / " INNER6,
	    MACS "2001::1>2001::2" },
	{ "an IPv6 packet that is its only fragment", ETH,
	    "eth 86dd / ip6 2001::1 2001::2 44 / hex 2900000000000001 / " INNER6,
	    MACS "2001::1>2001::2 " IN6 },
	{ "hop-by-hop options before IPv6", ETH,
	    "eth 86dd / ip6 2001::1 2001::2 0 / hex 2900010400000000 / " INNER6,
	    MACS "2001::1>2001::2 " IN6 },
	{ "an extension header longer than the packet", ETH,
	    "eth 86dd / ip6 2001::1 2001::2 0 / hex 29ff010400000000 / " INNER6,
	    MACS "2001::1>2001::2" },
	{ "an authentication header", ETH,
	    "eth 0800 / " A_TO_B " 51 / hex 04040000 / data 20 / " INNER, MACS OUT " " IN },
	{ "GRE", ETH, "eth 0800 / " A_TO_B " 47 / hex 00000800 / " INNER, MACS OUT " " IN },
	{ "GRE with checksum, key and sequence number", ETH,
	    "eth 0800 / " A_TO_B " 47 / hex b0000800000000000000000000000000 / " INNER,
	    MACS OUT " " IN },
	{ "GRE around Ethernet", ETH, "eth 0800 / " A_TO_B " 47 / hex 00006558 / eth 0800 / " INNER,
	    MACS OUT " " IN },
	{ "PPTP", ETH, "eth 0800 / " A_TO_B " 47 / hex 3081880b00000001000000010000000221 / " INNER,
	    MACS OUT " " IN },
	{ "ERSPAN I", ETH, "eth 0800 / " A_TO_B " 47 / hex 000088be / eth 0800 / " INNER,
	    MACS OUT " " IN },
	{ "ERSPAN II", ETH,
	    "eth 0800 / " A_TO_B " 47 / hex 100088be000000011000000000000000 / eth 0800 / " INNER,
	    MACS OUT " " IN },
	{ "ERSPAN III", ETH,
	    "eth 0800 / " A_TO_B
	    " 47 / hex 100022eb00000001200000000000000000000000 / eth 0800 / " INNER,
	    MACS OUT " " IN },
	{ "WCCP 2", ETH, "eth 0800 / " A_TO_B " 47 / hex 0000883e00000000 / " INNER,
	    MACS OUT " " IN },
	{ "GRE around MPLS", ETH, "eth 0800 / " A_TO_B " 47 / hex 0000884700010140 / " INNER,
	    MACS OUT " " IN },
	{ "EtherIP", ETH, "eth 0800 / " A_TO_B " 97 / hex 3000 / eth 0800 / " INNER,
	    MACS OUT " " IN },
	{ "MPLS in IP", ETH, "eth 0800 / " A_TO_B " 137 / hex 00010140 / " INNER, MACS OUT " " IN },
	{ "VXLAN", ETH,
	    "eth 0800 / " A_TO_B " 17 / udp 5555 4789 / hex 0800000000000100 / eth 0800 / " INNER,
	    MACS OUT " " IN },
	{ "VXLAN by its source port", ETH,
	    "eth 0800 / " A_TO_B " 17 / udp 4789 5555 / hex 0800000000000100 / eth 0800 / " INNER,
	    MACS OUT " " IN },
	{ "the port of VXLAN with something else behind it", ETH,
	    "eth 0800 / " A_TO_B " 17 / udp 53 4789 / data 80", MACS OUT },
	{ "the port of VXLAN, and a wrong checksum inside", ETH,
	    "eth 0800 / " A_TO_B " 17 / udp 5555 4789 / hex 0800000000000100 / eth 0800 / "
	    "ip 10.1.0.3 10.1.0.4 17 sum=1234",
	    MACS OUT },
	{ "IP in UDP on some port", ETH, "eth 0800 / " A_TO_B " 17 / udp 5555 5556 / " INNER,
	    MACS OUT },
	{ "Geneve with an option", ETH,
	    "eth 0800 / " A_TO_B
	    " 17 / udp 5 6081 / hex 010065580000010000000000 / eth 0800 / " INNER,
	    MACS OUT " " IN },
	{ "Geneve around IP", ETH,
	    "eth 0800 / " A_TO_B " 17 / udp 5 6081 / hex 0000080000000100 / " INNER,
	    MACS OUT " " IN },
	{ "GTP", ETH,
	    "eth 0800 / " A_TO_B " 17 / udp 2152 2152 / hex 30ff / len -4 / hex 00000007 / " INNER,
	    MACS OUT " " IN },
	{ "GTP with a byte before the packet", ETH,
	    "eth 0800 / " A_TO_B
	    " 17 / udp 2152 2152 / hex 34ff / len -4 / hex 00000007000000850110000000 / " INNER,
	    MACS OUT },
	{ "GTP with an extension", ETH,
	    "eth 0800 / " A_TO_B
	    " 17 / udp 2152 2152 / hex 34ff / len -4 / hex 000000070000008501100100 / " INNER,
	    MACS OUT " " IN },
	{ "L2TP", ETH,
	    "eth 0800 / " A_TO_B " 17 / udp 1701 1701 / hex 000200010002ff030021 / " INNER,
	    MACS OUT " " IN },
	{ "L2TP with length and offset", ETH,
	    "eth 0800 / " A_TO_B
	    " 17 / udp 1701 1701 / hex 42020000000100020002ffffff030021 / " INNER,
	    MACS OUT " " IN },
	{ "L2TP control", ETH,
	    "eth 0800 / " A_TO_B " 17 / udp 1701 1701 / hex c80200010002ff030021 / " INNER,
	    MACS OUT },
	{ "Teredo", ETH, "eth 0800 / " A_TO_B " 17 / udp 3544 5555 / " INNER6, MACS OUT " " IN6 },
	{ "Teredo with authentication and origin", ETH,
	    "eth 0800 / " A_TO_B
	    " 17 / udp 3544 5555 / hex 00010000000000000000000000 / hex 0000000000000000 / " INNER6,
	    MACS OUT " " IN6 },
	{ "VXLAN-GPE around IP", ETH,
	    "eth 0800 / " A_TO_B " 17 / udp 5 4790 / hex 0c00000100000100 / " INNER,
	    MACS OUT " " IN },
	{ "LISP", ETH, "eth 0800 / " A_TO_B " 17 / udp 5 4341 / data 8 / " INNER, MACS OUT " " IN },
	{ "GRE in UDP", ETH, "eth 0800 / " A_TO_B " 17 / udp 5 4754 / hex 00000800 / " INNER,
	    MACS OUT " " IN },
	{ "MPLS in UDP", ETH, "eth 0800 / " A_TO_B " 17 / udp 5 6635 / hex 00010140 / " INNER,
	    MACS OUT " " IN },
	{ "TZSP", ETH,
	    "eth 0800 / " A_TO_B " 17 / udp 5 37008 / hex 01000001000a01ff01 / eth 0800 / " INNER,
	    MACS OUT " " IN },
	{ "a UDP length of 0 does not cut", ETH,
	    "eth 0800 / " A_TO_B " 17 / udp 3544 5555 len=0 / " INNER6, MACS OUT " " IN6 },
	{ "a tunnel in a tunnel in a tunnel", ETH,
	    "eth 0800 / " A_TO_B " 4 / " A_TO_B " 47 / hex 00000800 / " A_TO_B " 41 / " INNER6,
	    MACS OUT " " OUT " " OUT " " IN6 },

	{ "raw IPv4", 0, INNER, IN },
	{ "raw IPv6", 0, INNER6, IN6 },
	{ "raw IPv4 with a wrong checksum", 0, "ip 10.1.0.3 10.1.0.4 17 sum=1234", "unknown" },
	{ "raw IPv4 with the checksum left out", 0, "ip 10.1.0.3 10.1.0.4 17 sum=0", IN },
	{ "raw IPv4 shorter than its frame", 0, "ip 10.1.0.3 10.1.0.4 17 tot=20 / data 1",
	    "unknown" },
	{ "raw IPv6 longer than its frame", 0, "ip6 2001::3 2001::4 17 plen=9", "unknown" },
	{ "raw IPv6 with a next header that nobody uses", 0, "ip6 2001::3 2001::4 200", "unknown" },
	{ "raw IPv6 from a multicast address", 0, "ip6 ff02::3 2001::4 17", "unknown" },
	{ "BSD loopback, little-endian", 0, "hex 02000000 / " INNER, IN },
	{ "BSD loopback, big-endian", 0, "hex 00000002 / " INNER, IN },
	{ "BSD loopback, macOS IPv6", 0, "hex 1e000000 / " INNER6, IN6 },
	{ "BSD loopback with the wrong family", 0, "hex 02000000 / " INNER6, "unknown" },
	{ "PPP", 0, "hex ff030021 / " INNER, IN },
	{ "PPP behind a direction", 0, "hex 00ff030021 / " INNER, IN },
	{ "PPP without address and control", 0, "hex 0057 / " INNER6, IN6 },
	{ "PPP control", 0, "hex ff03c0210101000a", "unknown" },
	{ "Cisco HDLC", 0, "hex 0f000800 / " INNER, IN },
	{ "Frame Relay", 0, "hex 184103cc / " INNER, IN },
	{ "Frame Relay with SNAP", 0, "hex 18410300800000000800 / " INNER, IN },
	{ "Frame Relay with an EtherType", 0, "hex 18410800 / " INNER, IN },
	{ "LLC first", 0, "hex aaaa030000000800 / " INNER, IN },
	{ "Linux cooked", 0, "hex 00000001000602000000000100000800 / " INNER, IN },
	{ "Linux cooked, version 2", 0, "hex 86dd000000000001000100060200000000010000 / " INNER6,
	    IN6 },
	{ "Linux cooked ARP", 0, "hex 00000001000602000000000100000806 / data 28", "unknown" },
	{ "macOS 1394", 0, "data 16 / hex 0800 / " INNER, IN },
	{ "802.11 data", 0, "hex 0800 / data 22 / hex aaaa030000000800 / " INNER, IN },
	{ "802.11 data to the access point", 0,
	    "hex 08010000 / data 20 / hex aaaa030000000800 / " INNER, IN },
	{ "802.11 data with four addresses and QoS", 0,
	    "hex 88030000 / data 28 / hex aaaa030000000800 / " INNER, IN },
	{ "802.11 QoS data behind radiotap, padded", 0,
	    "hex 00000c000000000000000000 / hex 88010000 / data 24 / hex aaaa030000000800 / " INNER,
	    IN },
	{ "protected 802.11 data", 0, "hex 08410000 / data 20 / hex aaaa030000000800 / " INNER,
	    "unknown" },
	{ "802.11 beacon", 0, "hex 80000000 / data 60", "unknown" },
	{ "no byte at all", 0, "data 0", "unknown" },
	{ "noise", 0, "data 200", "unknown" },
};

static void add_text(char *text, size_t room, const char *more)
{
	size_t n = strlen(text);

	assert_true(n + strlen(more) + 2 < room);
	(void)snprintf(text + n, room - n, "%s%s", n ? " " : "", more);
}

static void add_address(char *text, size_t room, const struct address *a)
{
	char one[ADDRESS_TEXT_MAX];

	address_mac_text(a, one);
	add_text(text, room, one);
}

/* Everything that was found, in words. */
static void describe_any(const struct layers *l, char *text, size_t room)
{
	text[0] = '\0';
	if (l->has_mac) {
		add_address(text, room, &l->mac_src);
		add_address(text, room, &l->mac_dst);
	}
	for (unsigned i = 0; i < l->n_ip; i++) {
		char src[ADDRESS_TEXT_MAX], dst[ADDRESS_TEXT_MAX], pair[2 * ADDRESS_TEXT_MAX];

		(l->ip[i].v6 ? address_ipv6_text : address_ipv4_text)(&l->ip[i].src, src);
		(l->ip[i].v6 ? address_ipv6_text : address_ipv4_text)(&l->ip[i].dst, dst);
		(void)snprintf(pair, sizeof pair, "%s>%s", src, dst);
		add_text(text, room, pair);
	}
	if (l->broken)
		add_text(text, room, "broken");
	if (l->unknown_link)
		add_text(text, room, "unknown");
}

#define BOTH_MACS "020000000001 020000000002"

/* The same with "mac" for the two MAC addresses that framespec writes. */
static void describe(const struct layers *l, char *text, size_t room)
{
	size_t n = strlen(BOTH_MACS);

	describe_any(l, text, room);
	if (strncmp(text, BOTH_MACS, n) == 0) {
		memcpy(text, "mac", 3);
		memmove(text + 3, text + n, strlen(text + n) + 1);
	}
}

static void want_same(const char *name, const struct layers *a, const struct layers *b)
{
	char one[1024], two[1024];

	describe_any(a, one, sizeof one);
	describe_any(b, two, sizeof two);
	if (strcmp(one, two) != 0)
		fail_msg("%s: \"%s\" the short way, \"%s\" the long way", name, one, two);
}

/* Look into a copy that ends where the frame ends. Where the short way says that
 * it knows the frame, the long way finds the same. */
static void find(
    const struct row *r, const uint8_t *frame, size_t len, size_t wire, struct layers *l)
{
	uint8_t *exact = malloc(len ? len : 1);
	struct layers plain, ether;

	assert_non_null(exact);
	memcpy(exact, frame, len);
	layers_find(r->mac, exact, len, wire, l);
	if (layers_find_plain(exact, len, wire, &plain)) {
		layers_find(MAC_TYPE_ETHERNET, exact, len, wire, &ether);
		want_same(r->name, &plain, &ether);
	}
	free(exact);
}

static bool same_text(const char *got, const char *want)
{
	size_t n = strlen(want);

	while (n > 0 && want[n - 1] == ' ')
		n--;
	return strlen(got) == n && memcmp(got, want, n) == 0;
}

static void addresses_are_found(void **state)
{
	const struct row *r = *state;
	uint8_t frame[FRAMESPEC_MAX];
	size_t n = framespec(r->frame, frame);
	struct layers l;
	char got[1024];

	find(r, frame, n, n, &l);
	describe(&l, got, sizeof got);
	if (!same_text(got, r->want))
		fail_msg("%s: found \"%s\", want \"%s\"", r->name, got, r->want);
}

static size_t ip_headers(const struct layers *l)
{
	return l->n_ip;
}

/* However short a frame is cut, nothing behind its end is read, and nothing is
 * found that the whole frame does not have. */
static void cut_everywhere(const struct row *r)
{
	uint8_t frame[FRAMESPEC_MAX];
	size_t n = framespec(r->frame, frame), before = 0;
	struct layers l;

	for (size_t len = 0; len <= n; len++) {
		find(r, frame, len, n, &l);
		assert_in_range(ip_headers(&l), before, LAYERS_IP_MAX);
		before = ip_headers(&l);
	}
}

/* The same with the wire length cut too, and with every byte changed. */
static void change_everything(const struct row *r)
{
	uint8_t frame[FRAMESPEC_MAX];
	size_t n = framespec(r->frame, frame);
	struct layers l;

	for (size_t i = 0; i < n; i++) {
		uint8_t kept = frame[i];

		find(r, frame, i, i, &l);
		for (unsigned bit = 0; bit < 8; bit++) {
			frame[i] = kept ^ (uint8_t)(1u << bit);
			find(r, frame, n, n, &l);
			assert_in_range(ip_headers(&l), 0, LAYERS_IP_MAX);
		}
		frame[i] = 0xff;
		find(r, frame, n, n, &l);
		frame[i] = 0;
		find(r, frame, n, n, &l);
		frame[i] = kept;
	}
}

static void the_short_way_is_taken_by_plain_frames(void **state)
{
	static const struct {
		const char *frame;
		bool plain;
	} each[] = {
		{ "eth 0800 / ip 10.0.0.1 10.0.0.2 6 / data 20", true },
		{ "eth 0800 / ip 10.0.0.1 10.0.0.2 17 / udp 53 1024", true },
		{ "eth 0800 / ip 10.0.0.1 10.0.0.2 17 sum=0 / udp 53 1024", true },
		{ "eth 0800 / ip 10.0.0.1 10.0.0.2 17 sum=1 / udp 53 1024", false },
		{ "eth 0800 / ip 10.0.0.1 10.0.0.2 17 / udp 4789 1024", false },
		{ "eth 0800 / ip 10.0.0.1 10.0.0.2 17 / udp 1024 2152", false },
		{ "eth 0800 / ip 10.0.0.1 10.0.0.2 4 / ip 10.0.0.1 10.0.0.2 6", false },
		{ "eth 0800 / ip 10.0.0.1 10.0.0.2 6 tot=900 / data 20", false },
		{ "eth 0800 / ip 10.0.0.1 10.0.0.2 6 opt=01010101 / data 20", false },
		{ "eth 8100 / hex 00010800 / ip 10.0.0.1 10.0.0.2 6 / data 20", false },
	};
	uint8_t frame[FRAMESPEC_MAX];
	struct layers l;

	(void)state;
	for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
		size_t n = framespec(each[i].frame, frame);

		if (layers_find_plain(frame, n, n, &l) != each[i].plain)
			fail_msg("%s", each[i].frame);
	}
}

static void nesting_is_bounded(void **state)
{
	uint8_t frame[20 * 100];
	struct layers l;

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		uint8_t one[FRAMESPEC_MAX];
		char spec[64];

		(void)snprintf(spec, sizeof spec, "ip 10.0.0.1 10.0.0.2 4 tot=%u", 20 * (100 - i));
		assert_int_equal(framespec(spec, one), 20);
		memcpy(frame + 20 * i, one, 20);
	}
	layers_find(MAC_TYPE_UNKNOWN, frame, sizeof frame, sizeof frame, &l);
	assert_int_equal(l.n_ip, LAYERS_IP_MAX);
}

#define ROWS (sizeof rows / sizeof *rows)

static void a_cut_frame_is_not_read_past_its_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++)
		cut_everywhere(&rows[i]);
}

static void a_frame_with_any_bit_changed_does_no_harm(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++)
		change_everything(&rows[i]);
}

int main(void)
{
	static struct CMUnitTest tests[ROWS + 4] = {
		[ROWS] = cmocka_unit_test(nesting_is_bounded),
		cmocka_unit_test(the_short_way_is_taken_by_plain_frames),
		cmocka_unit_test(a_cut_frame_is_not_read_past_its_end),
		cmocka_unit_test(a_frame_with_any_bit_changed_does_no_harm),
	};

	for (size_t i = 0; i < ROWS; i++) {
		tests[i].name = rows[i].name;
		tests[i].test_func = addresses_are_found;
		tests[i].initial_state = (void *)(uintptr_t)&rows[i];
	}
	return cmocka_run_group_tests_name("topuser layers", tests, NULL, NULL);
}
