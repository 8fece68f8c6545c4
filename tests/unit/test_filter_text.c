/* SPDX-License-Identifier: MIT */
/* Filters as text, with the shipped parsers: which frames pass, what is wrong and where. */
#include "base/nmerr.h"
#include "check.h"
#include "expert/door.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORD   16u
#define COUNT(a) (sizeof(a) / sizeof *(a))

/* ---- frames ------------------------------------------------------------------------------- */

#define ETH                "020000000001020000000002 0800 "
#define IP4(proto, length) "4500" length "1234 4000 40" proto "0000 0a000001 c0a80102 "

static const struct {
	const char *hex;
	unsigned link;
} frames[] = {
	/* 0: TCP 1025 -> 80, "GET / HTTP/1.1" */
	{ ETH IP4("06", "0036") "0401 0050 00000001 00000002 5018 2000 0000 0000"
				"474554202f20485454502f312e31",
	    1 },
	/* 1: UDP 53 -> 40000, 4 bytes */
	{ ETH IP4("11", "0020") "0035 9c40 000c 0000 01020304", 1 },
	/* 2: ARP, who has 10.0.0.2 */
	{ "ffffffffffff020000000002 0806 0001 0800 06 04 0001 020000000002 0a000001 000000000000 "
	  "0a000002",
	    1 },
	/* 3: IPv6, UDP 9999 -> 9998 */
	{ "020000000001020000000002 86dd 60000000 000a 11 40 20010db8000000000000000000000001 "
	  "fe800000000000000000000000000002 270f 270e 000a 0000 4142",
	    1 },
	/* 4: IP in IP */
	{ ETH IP4("04", "0028") "4500 0014 0000 0000 0111 0000 01020304 05060708", 1 },
	/* 5: nothing that is known */
	{ "010203", 147 },
};

#define FRAMES COUNT(frames)
#define ALL    "012345"

static const struct nm_door *door;
static struct nm_parse *parse;
static uint8_t records[FRAMES][RECORD + 256];

static void make_record(unsigned i)
{
	uint8_t *p = records[i] + RECORD;
	unsigned n = 0, v;

	for (const char *h = frames[i].hex + strspn(frames[i].hex, " "); *h;
	     h += 2, h += strspn(h, " ")) {
		assert_int_equal(sscanf(h, "%2x", &v), 1);
		p[n++] = (uint8_t)v;
	}
	records[i][8] = records[i][12] = (uint8_t)n;
	records[i][8]++; /* one byte was cut */
}

static bool passes_as(HFILTER h, unsigned i, uint8_t *record)
{
	struct nm_frame f = { .record = record,
		.number = i,
		.mac_type = frames[i].link == 1 ? MAC_TYPE_ETHERNET : MAC_TYPE_UNKNOWN,
		.link_type = frames[i].link };
	bool passed = false;

	door->parse_set(parse, (HFRAME)(uintptr_t)(i + 1), &f);
	assert_int_equal(door->filter_test(h, parse, NULL, &passed), NMERR_SUCCESS);
	return passed;
}

static bool passes(HFILTER h, unsigned i)
{
	return passes_as(h, i, records[i]);
}

/* ---- what passes ---------------------------------------------------------------------------- */

static const struct {
	const char *text, *passed; /* numbers of frames */
} rows[] = {
	{ "", ALL },
	{ "  \t", ALL },
	/* presence */
	{ "tcp", "0" },
	{ "TCP", "0" },
	{ "ip", "014" },
	{ "ipv6", "3" },
	{ "IP6", "3" },
	{ "arp", "2" },
	{ "ARP_RARP", "2" },
	{ "eth", "01234" },
	{ "frame", ALL },
	{ "tcp.port", "0" },
	{ "udp.srcport", "13" },
	/* not, and, or, xor */
	{ "!tcp", "12345" },
	{ "not tcp", "12345" },
	{ "! ! tcp", "0" },
	{ "ip and tcp", "0" },
	{ "ip && udp", "1" },
	{ "tcp or arp", "02" },
	{ "tcp || udp || arp", "0123" },
	{ "ip xor tcp", "14" },
	{ "ip ^^ udp", "034" },
	{ "tcp or udp and ipv6", "03" },
	{ "(tcp or udp) and ipv6", "3" },
	{ "not tcp and ip", "14" },
	{ "not (tcp or udp) and ip", "4" },
	{ "tcp or ip xor udp", "034" }, /* or binds least, then xor, then and */
	/* comparisons */
	{ "tcp.dstport == 80", "0" },
	{ "tcp.dstport eq 80", "0" },
	{ "tcp.port == 80", "0" },
	{ "80 == tcp.port", "0" },
	{ "tcp.port == 0x50", "0" },
	{ "tcp.port == 0120", "0" },
	{ "tcp.port == 0b1010000", "0" },
	{ "tcp.port == 'P'", "0" },
	{ "tcp.port == '\\x50'", "0" },
	{ "tcp.port != 80", "" }, /* all differ */
	{ "tcp.port ne 80", "" },
	{ "tcp.port !== 80", "0" }, /* any differs */
	{ "tcp.port ~= 80", "0" },
	{ "tcp.port any_ne 80", "0" },
	{ "any tcp.port != 80", "0" },
	{ "tcp.port != 81", "0" },
	{ "!(tcp.port == 81)", ALL },
	{ "tcp.port === 80", "" },
	{ "all tcp.port == 80", "" },
	{ "all tcp.port >= 80", "0" },
	{ "all udp.port > 9000", "3" },
	{ "udp.port > 9000", "13" },
	{ "udp.srcport > 53", "3" },
	{ "udp.srcport ge 53", "13" },
	{ "udp.srcport < 54", "1" },
	{ "udp.srcport le 53", "1" },
	{ "54 > udp.srcport", "1" },
	{ "50 < udp.srcport < 60", "1" },
	{ "50 < udp.srcport < 53", "" },
	{ "udp.srcport == udp.dstport", "" },
	{ "udp.srcport < udp.dstport", "1" },
	{ "udp.length == 10 or udp.length == 12", "13" },
	{ "ip.ttl == 64", "014" },
	{ "ip.ttl == 1", "4" },
	{ "ip.ttl == true", "4" },
	{ "IP.TimeToLive == 1", "4" },
	{ "ip.time_to_live == 1", "4" },
	{ "UDP.SourcePort == 53", "1" },
	/* bits of a property */
	{ "tcp.flags.ack == 1", "0" },
	{ "tcp.flags.syn == 1", "" },
	{ "tcp.flags.syn == 0", "0" },
	{ "ip.flags.df == 1", "014" },
	{ "all ip.flags.df == 1", "01" },
	/* names of values */
	{ "ip.proto == TCP", "0" },
	{ "ip.proto == \"udp\"", "14" },
	{ "arp.opcode == \"ARP request\"", "2" },
	/* addresses */
	{ "ip.src == 10.0.0.1", "014" },
	{ "ip.addr == 192.168.1.2", "014" },
	{ "ip.addr == 192.168.1.3", "" },
	{ "ip.addr == 192.168.0.0/16", "014" },
	{ "ip.addr == 192.168.3.4/16", "014" },
	{ "ip.addr == 192.168.0.0/24", "" },
	{ "ip.dst == 0.0.0.0/0", "014" },
	{ "ip.src != 10.0.0.0/8", "" },
	{ "ip.src > 10.0.0.0", "014" },
	{ "ip.src < 1.2.3.5", "4" },
	{ "ip.addr#2 == 1.2.3.4", "4" },
	{ "ip.addr#1 == 1.2.3.4", "" },
	{ "ip#2", "4" },
	{ "ip.src in {1.0.0.0/8, 2.2.2.2}", "4" },
	{ "ip.src in {10.0.0.0..10.0.0.9}", "014" },
	{ "ipv6.src == 2001:db8::1", "3" },
	{ "ipv6.addr == fe80::/10", "3" },
	{ "ipv6.dst == ::1", "" },
	{ "eth.addr == 02:00:00:00:00:01", "0134" },
	{ "eth.addr == 02-00-00-00-00-01", "0134" },
	{ "eth.addr == 0200.0000.0001", "0134" },
	{ "eth.dst == ff:ff:ff:ff:ff:ff", "2" },
	{ "arp.src.proto_ipv4 == 10.0.0.1", "2" },
	/* sets */
	{ "tcp.port in {80, 443}", "0" },
	{ "tcp.port in {443, 8000..8100}", "" },
	{ "tcp.port in {79..81}", "0" },
	{ "udp.port in {40000}", "1" },
	{ "tcp.port not in {80}", "1234"
				  "5" },
	{ "all udp.port in {9990..9999}", "3" },
	/* bytes */
	{ "eth.src[0:3] == 02:00:00", "01234" },
	{ "eth.dst[0] == ff", "2" },
	{ "eth.dst[0] == 0xff", "2" },
	{ "eth.dst[0] & 1", "2" },
	{ "eth.dst[-1:] == 01", "0134" },
	{ "eth.dst[5] == 1", "0134" },
	{ "eth.src[4-5] == 00:02", "01234" },
	{ "eth.src[0,5] == 02:02", "01234" },
	{ "eth.src[:1] == 02", "01234" },
	{ "eth.src[9:2] == 00:00", "" },
	{ "ip[8] == 40", "014" },
	{ "ip[0:2][1] == 0", "014" },
	{ "udp.payload == 01:02:03:04", "1" },
	{ "udp.payload == 01020304", "1" },
	{ "udp.payload[1:2] == 02:03", "1" },
	{ "udp.payload > 01", "13" },
	{ "udp.payload contains 02:03", "1" },
	{ "udp.payload contains 03:02", "" },
	{ "udp contains \"AB\"", "3" },
	{ "tcp contains \"GET\"", "0" },
	{ "tcp contains GET", "0" },
	{ "tcp contains \"get\"", "" },
	{ "tcp contains \"\\x47\\105T\"", "0" },
	{ "frame contains 08:06", "2" },
	{ "frame[0:3] == 01:02:03", "5" },
	{ "eth.addr contains 00:01", "0134" },
	/* patterns */
	{ "tcp.payload matches \"^get .* http/1\\\\.[01]$\"", "0" },
	{ "tcp.payload matches r\"http/1\\.\\d\"", "0" },
	{ "tcp.payload ~ r\"(?-i)http\"", "" },
	{ "tcp matches \"GET\"", "0" },
	{ "frame.protocols matches \"ip:ip$\"", "4" },
	/* arithmetic, bits */
	{ "tcp.flags.ack & 1", "0" },
	{ "ip.ttl & 0x40", "014" },
	{ "ip.ttl & 0x40 == 64", "014" },
	{ "ip.ttl + 1 == 65", "014" },
	{ "ip.ttl - 1 == 0", "4" },
	{ "udp.srcport - udp.dstport == 1", "3" },
	{ "udp.length * 2 == 24", "1" },
	{ "udp.length / 5 == 2", "13" },
	{ "udp.length % 10 == 0", "3" },
	{ "udp.length / 0 == 2", "" },
	{ "ip.ttl == 2 * {16 + 16}", "014" },
	{ "ip.ttl == 2 * (16 + 16)", "014" },
	{ "ip.ttl > -1", "014" },
	{ "-ip.ttl == -1", "4" },
	/* functions */
	{ "len(udp.payload) == 4", "1" },
	{ "len(udp.payload) < 4", "3" },
	{ "count(ip.src) == 2", "4" },
	{ "count(ip) == 2", "4" },
	{ "upper(frame.protocols) contains \"ARP\"", "2" },
	{ "lower(frame.protocols) == \"eth:arp\"", "2" },
	{ "string(ip.ttl) == \"1\"", "4" },
	{ "string(ip.ttl) matches \"^6.$\"", "014" },
	{ "string(frame.number) matches \"[13579]$\"", "024" },
	{ "abs(udp.srcport - 2 * udp.srcport) == udp.srcport", "13" },
	{ "abs(ip.ttl - 65) == 64", "4" },
	{ "max(ip.ttl) == 1", "" },
	{ "min(ip.ttl) == 1", "4" },
	{ "max(ip.ttl, 70, 3) == 70", ALL },
	{ "min(ip.ttl, 70, 3) == 3", "01235" },
	{ "max(ip.ttl, udp.length) > 0", "0134" },
	/* the frame */
	{ "frame.number == 3", "2" },
	{ "frame.number > 4", "45" },
	{ "frame.cap_len == 3", "5" },
	{ "frame.len == 4", "5" },
	{ "frame.protocols contains \"tcp\"", "0" },
	{ "frame.protocols == \"eth:ip:udp:dns\"", "1" },
};

static void what_passes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct nm_filter_error e;
		char passed[FRAMES + 1] = "";
		HFILTER h = NULL;
		size_t n = 0;

		if (door->filter_compile(rows[i].text, &h, &e))
			fail_msg("%s\n%*s^ %s", rows[i].text, (int)e.at, "", e.text);
		for (unsigned k = 0; k < FRAMES; k++)
			if (passes(h, k))
				passed[n++] = (char)('0' + k);
		if (strcmp(passed, rows[i].passed) != 0)
			fail_msg("%s: passed are \"%s\", not \"%s\"", rows[i].text, passed,
			    rows[i].passed);
		assert_int_equal(door->filter_free(h), NMERR_SUCCESS);
	}
}

/* NULL: the field has no such value. */
static HFILTER compiled(const char *field, const char *how, const char *constant, const char *end)
{
	struct nm_filter_error e;
	HFILTER h = NULL;
	char text[128];

	(void)snprintf(text, sizeof text, "%s%s%s%s", field, how, constant, end);
	return door->filter_compile(text, &h, &e) ? NULL : h;
}

/* On every frame, and on every frame that was cut, both say the same; some pass. */
static bool agree(HFILTER a, HFILTER b)
{
	uint8_t record[sizeof records[0]];
	bool any = false;

	for (unsigned i = 0; i < FRAMES; i++)
		for (unsigned n = 0; n <= records[i][12]; n++) {
			bool passed;

			memcpy(record, records[i], sizeof record);
			record[12] = (uint8_t)n;
			passed = passes_as(a, i, record);
			any |= passed;
			if (passed != passes_as(b, i, record))
				fail_msg("frame %u cut to %u bytes", i, n);
		}
	assert_int_equal(door->filter_free(a), NMERR_SUCCESS);
	assert_int_equal(door->filter_free(b), NMERR_SUCCESS);
	return any;
}

/* What is compared where it stands is what comes of its property: of a sum, and of a set. */
static void places_hold_what_properties_hold(void **state)
{
	static const char *const fields[] = { "ip.ttl", "ip.proto", "ip.id", "ip.checksum",
		"ip.tos", "ip.flags.df", "ip.dsfield.ecn", "tcp.port", "tcp.srcport", "tcp.seq",
		"tcp.flags.ack", "tcp.window_size_value", "udp.port", "udp.length", "ipv6.plen",
		"ipv6.hlim", "tcp.flags" };
	static const char *const numbers[] = { "0", "1", "2", "6", "16", "24", "53", "64", "80",
		"4660", "8192", "9999", "65535", "4294967295", "-1" };
	static const char *const hows[] = { " == ", " != ", " < ", " > ", " <= ", " >= " };
	static const char *const addresses[][2] = { { "ip.addr", "10.0.0.1" },
		{ "ip.addr", "10.0.0.0/8" }, { "ip.src", "1.2.3.5/31" },
		{ "ip.dst", "192.168.0.0/15" }, { "ip.addr", "5.6.7.8" },
		{ "ip.addr", "0.0.0.0/0" }, { "eth.addr", "02:00:00:00:00:02" },
		{ "eth.dst", "ff:ff:ff:ff:ff:ff" }, { "ipv6.addr", "2001:db8::1" },
		{ "ipv6.dst", "fe80::/10" }, { "ipv6.src", "2001:db8::/63" },
		{ "ipv6.addr", "fe80::/127" } };
	unsigned some = 0;

	(void)state;
	for (size_t f = 0; f < COUNT(fields); f++)
		for (size_t n = 0; n < COUNT(numbers) * COUNT(hows); n++) {
			const char *how = hows[n % COUNT(hows)], *number = numbers[n / COUNT(hows)];
			HFILTER h = compiled(fields[f], how, number, "");

			some += h && agree(h, compiled(fields[f], " + 0", how, number));
		}
	assert_true(some > 300);
	some = 0;
	for (size_t i = 0; i < COUNT(addresses); i++)
		some += agree(compiled(addresses[i][0], " == ", addresses[i][1], ""),
		    compiled(addresses[i][0], " in {", addresses[i][1], "}"));
	assert_true(some > 8);
}

/* ---- what is wrong ---------------------------------------------------------------------------- */

static const struct {
	const char *text;
	unsigned at, n;
	const char *says;
} errors[] = {
	{ "tcp.prt == 80", 0, 7, "did you mean tcp.port" },
	{ "ip and tpc", 7, 3, "did you mean tcp" },
	{ "tcp.nothing_of_it == 80", 0, 17, "there are tcp.ack" },
	{ "port == 80", 0, 4, ".port" },
	{ "tcp.port = 80", 9, 1, "equal is ==" },
	{ "ip.src == ${ip.dst}", 10, 1, "a frame that is selected, and none is here" },
	{ "@ip.src == c0:00:02:01", 0, 1, "\"@\" is no sign of the language" },
	{ "tcp.port == abc", 12, 3, "is not a number, which is written like 80" },
	{ "tcp.port == 65536", 12, 5, "65535 is the most" },
	{ "tcp.port == 99999999999999999999", 12, 20, "is not a number" },
	{ "ip.src == 10.0.0", 10, 6, "an IPv4 address, which is written like 192.168.0.1" },
	{ "ip.src == 10.0.0.0/33", 10, 11, "an IPv4 address" },
	{ "ip.src == tcp.port", 0, 18, "can't be compared" },
	{ "ipv6.src == 10.0.0.1", 12, 8, "an IPv6 address" },
	{ "eth.src == 00:11", 11, 5, "a hardware address" },
	{ "abs(eth.src) == 1", 4, 7, "abs, max and min are of numbers" },
	{ "max(ip.ttl, eth.src) == 1", 12, 7, "abs, max and min are of numbers" },
	{ "min(ip.ttl, 3, eth.src) == 1", 15, 7, "abs, max and min are of numbers" },
	{ "string(udp.payload) == \"a\"", 7, 11, "string is of numbers and addresses" },
	{ "abs(ip.ttl, 3) == 1", 10, 1, ") behind what the function is of" },
	{ "ip.ttl contains 5", 0, 6, "is a number; contains is of" },
	{ "ip.ttl matches \"5\"", 0, 6, "matches is of" },
	{ "tcp.payload matches \"(\"", 20, 3, "this is no pattern: missing closing parenthesis" },
	{ "tcp.payload matches 'a'", 20, 3, "in quotes" },
	{ "ip.ttl[0:1] == 5", 0, 6, "slices are of" },
	{ "tcp and", 7, 0, "ends here" },
	{ "and tcp", 0, 3, "here should be a field" },
	{ "(tcp", 4, 0, "ends here, before )" },
	{ "tcp)", 3, 1, "an operator or the end" },
	{ "tcp udp", 4, 3, "an operator or the end" },
	{ "\"tcp", 0, 4, "has no end" },
	{ "80 == 80", 3, 2, "on both sides" },
	{ "80", 0, 2, "neither true nor false" },
	{ "\"x\"", 0, 3, "neither true nor false" },
	{ "len(tcp.payload)", 0, 16, "neither true nor false" },
	{ "size(tcp)", 0, 4, "there are len, count, lower, upper, string, abs, max and min" },
	{ "upper(ip.ttl) == \"x\"", 6, 6, "are of text" },
	{ "ip.ttl + tcp.payload == 1", 9, 11, "arithmetic is of numbers" },
	{ "tcp.port in 80", 12, 2, "a set, like {80" },
	{ "tcp.port in {80 81}", 16, 2, "} or a comma" },
	{ "tcp.port in {}", 13, 1, "a field or a constant" },
	{ "(tcp and udp) == 5", 14, 2, "true or false" },
	{ "eth.src[x] == 1", 8, 1, "up to 999999" },
	{ "eth.src[0:0] == 1", 11, 1, "at least one" },
	{ "eth.src[] == 1", 8, 1, "brackets hold" },
	{ "ip.src#0 == 1.1.1.1", 7, 1, "from 1" },
	{ "frame.time_relative > \"x\"", 22, 3, "a time in seconds" },
	{ "frame.time > \"2024-13-01\"", 13, 12, "a moment" },
	{ "any tcp", 4, 3, "before a comparison" },
	{ "tcp.port == 'ab'", 12, 4, "one character" },
	{ "tcp \x01", 4, 1, "only in quotes" },
};

static void what_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(errors); i++) {
		struct nm_filter_error e;
		HFILTER h = NULL;
		uint32_t err = door->filter_compile(errors[i].text, &h, &e);

		if (err != NMERR_FILTER_INVALID_EXPRESSION)
			fail_msg("%s: is taken (%u)", errors[i].text, err);
		if (e.at != errors[i].at || e.n != errors[i].n || !strstr(e.text, errors[i].says))
			fail_msg("%s\n%*s^ at %u, %u bytes: %s", errors[i].text, (int)e.at, "",
			    e.at, e.n, e.text);
		assert_null(h);
	}
}

/* Whatever a filter is cut to, it is one, or it is told where it is none. */
static void every_prefix(void **state)
{
	char text[256];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t n = 0; n <= strlen(rows[i].text); n++) {
			struct nm_filter_error e;
			HFILTER h = NULL;
			uint32_t err;

			memcpy(text, rows[i].text, n);
			text[n] = '\0';
			err = door->filter_compile(text, &h, &e);
			if (!err) {
				for (unsigned k = 0; k < FRAMES; k++)
					(void)passes(h, k);
				assert_int_equal(door->filter_free(h), NMERR_SUCCESS);
				continue;
			}
			assert_int_equal(err, NMERR_FILTER_INVALID_EXPRESSION);
			assert_true(e.at + e.n <= n && *e.text);
		}
}

/* ---- limits ------------------------------------------------------------------------------------- */

static uint32_t compile_repeated(
    const char *before, const char *part, unsigned n, const char *after)
{
	struct nm_filter_error e;
	HFILTER h = NULL;
	size_t size = strlen(before) + strlen(part) * n + strlen(after) + 1;
	char *text = calloc(1, size), *to;
	uint32_t err;

	assert_non_null(text);
	to = stpcpy(text, before);
	for (unsigned i = 0; i < n; i++)
		to = stpcpy(to, part);
	(void)stpcpy(to, after);
	err = door->filter_compile(text, &h, &e);
	if (!err) {
		(void)passes(h, 0);
		assert_int_equal(door->filter_free(h), NMERR_SUCCESS);
	}
	free(text);
	return err;
}

static void limits(void **state)
{
	const uint32_t bad = NMERR_FILTER_INVALID_EXPRESSION;

	(void)state;
	assert_int_equal(compile_repeated("", "not ", 90, "tcp"), NMERR_SUCCESS);
	assert_int_equal(compile_repeated("", "not ", 110, "tcp"), bad);
	assert_int_equal(compile_repeated("", "(", 5000, "tcp"), bad);
	assert_int_equal(compile_repeated("tcp", " or tcp", 1000, ""), NMERR_SUCCESS);
	assert_int_equal(compile_repeated("tcp", " or tcp", 1200, ""), bad); /* its length */
	assert_int_equal(compile_repeated("tcp.port in {1", ",2", 3500, "}"), NMERR_SUCCESS);
	assert_int_equal(compile_repeated("frame", "[0:5]", 15, " == 1"), NMERR_SUCCESS);
	assert_int_equal(compile_repeated("frame", "[0:5]", 20, " == 1"), bad);
	assert_int_equal(compile_repeated("frame[0:5", ",:", 3000, "] == 1"), NMERR_SUCCESS);
	assert_int_equal(compile_repeated("ip.ttl", " + 1", 10, " == 5"), NMERR_SUCCESS);
	assert_int_equal(compile_repeated("ip.ttl", " + 1", 20, " == 5"), bad);
	assert_int_equal(compile_repeated("1", " < ip.ttl", 600, ""), NMERR_SUCCESS);
	assert_int_equal(
	    compile_repeated("tcp matches \"x\"", " or tcp matches \"x\"", 63, ""), NMERR_SUCCESS);
	assert_int_equal(
	    compile_repeated("tcp matches \"x\"", " or tcp matches \"x\"", 64, ""), bad);
	assert_int_equal(compile_repeated("tcp matches \"", "a", 1025, "\""), bad);
	/* patterns that would take ages, or a lot of memory */
	assert_int_equal(compile_repeated("frame matches \"", "(.*)*", 40, "x$\""), NMERR_SUCCESS);
	assert_int_equal(compile_repeated("tcp matches \"", "(", 60, ")\""), bad);
	assert_int_equal(compile_repeated("tcp matches \"", "(a{1000}){1000}", 20, "\""), bad);
}

/* ---- handles -------------------------------------------------------------------------------------- */

static void a_compiled_filter_is_a_filter(void **state)
{
	FILTEROBJECT2 o = { .Action = FILTERACTION_BOOL, .Value = 1 };
	struct nm_filter_error e;
	HFILTER h = NULL, copy;

	(void)state;
	assert_int_equal(door->filter_compile("tcp", &h, &e), NMERR_SUCCESS);
	assert_int_equal(FilterAddObject(h, &o), NMERR_INVALID_PARAMETER);
	assert_false(FilterAttachesProperties(h));
	copy = FilterDuplicate(h);
	assert_non_null(copy);
	assert_int_equal(DestroyFilter(h), NMERR_SUCCESS);
	assert_true(passes(copy, 0));
	assert_false(passes(copy, 1));
	assert_int_equal(DestroyFilter(copy), NMERR_SUCCESS);
	assert_int_equal(door->filter_compile("tcp.port == 1", &h, &e), NMERR_SUCCESS);
	assert_true(FilterAttachesProperties(h));
	assert_int_equal(DestroyFilter(h), NMERR_SUCCESS);
}

static int setup(void **state)
{
	static const char *const families[] = { PARSERS };
	struct nm_diag diag;

	(void)state;
	door = nm_door(NM_DOOR_VERSION);
	for (size_t i = 0; i < COUNT(families); i++)
		if (!door->parsers_load(families[i], -1, &diag))
			return -1;
	door->parsers_seal();
	for (unsigned i = 0; i < FRAMES; i++)
		make_record(i);
	parse = door->parse_new();
	return parse ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	door->parse_free(parse);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_passes),
		cmocka_unit_test(what_is_wrong),
		cmocka_unit_test(places_hold_what_properties_hold),
		cmocka_unit_test(every_prefix),
		cmocka_unit_test(limits),
		cmocka_unit_test(a_compiled_filter_is_a_filter),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
