/* SPDX-License-Identifier: MIT */
/* A new capture as text. */
#include "newcapture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

__attribute__((format(printf, 2, 3))) static void say(struct text *t, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(t->p + t->n, sizeof t->p - t->n, format, ap);
	va_end(ap);
	assert_true(n >= 0 && (size_t)n < sizeof t->p - t->n);
	t->n += (size_t)n;
}

static unsigned be(const uint8_t *p, unsigned n)
{
	unsigned v = 0;

	for (unsigned i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

static uint64_t le(const uint8_t *p, unsigned n)
{
	uint64_t v = 0;

	for (unsigned i = n; i-- > 0;)
		v = v << 8 | p[i];
	return v;
}

static unsigned long sum16(unsigned long sum, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum += i % 2 ? p[i] : (unsigned long)p[i] << 8;
	return sum;
}

static bool sum_is_right(unsigned long sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

static void say_tcp(struct text *t, const uint8_t *ip, const uint8_t *p, size_t n, size_t wire)
{
	unsigned flags = p[13], header = (p[12] >> 4) * 4u;

	say(t, "%c%s ", be(p, 2) == 80 ? '<' : '>',
	    be(p, 2) == 1002 || be(p + 2, 2) == 1002 ? "2" : "");
	for (unsigned i = 0; i < 6; i++)
		if (flags >> i & 1)
			say(t, "%c", "FSRPAU"[i]);
	say(t, " %u %u %.*s", be(p + 4, 4), be(p + 8, 4), (int)(n - header), p + header);
	if (n < wire)
		say(t, "+%zu", wire - n);
	else if (be(p + 16, 2)) /* what came alone may be as it came, without one */
		assert_true(sum_is_right(sum16(sum16(6 + n, ip + 12, 8), p, n)));
}

static void say_ip(struct text *t, const uint8_t *ip, size_t n, size_t wire)
{
	unsigned v6 = ip[0] >> 4 == 6, head = v6 ? 40 : (ip[0] & 15) * 4, protocol = ip[v6 ? 6 : 9];

	assert_true(v6 || sum_is_right(sum16(0, ip, head)));
	if (v6 && protocol == 0) {
		protocol = ip[40];
		head += protocol == 44 ? 16 : 8;
	}
	assert_true(wire >= (v6 ? 40 + be(ip + 4, 2) : be(ip + 2, 2)));
	if (protocol == 6) {
		say_tcp(t, ip, ip + head, n - head, wire - head);
		return;
	}
	say(t, "ip%s %u ", v6 ? "6" : "", protocol);
	if (v6 ? protocol == 44 : be(ip + 6, 2) & 0x3fff)
		say(t, "fragment ");
	say(t, "%.*s", (int)(n - head), ip + head);
}

/* One frame: "12 > A 104 500 abc [1-3]"; link type 1, or 101 for raw IP. */
static void say_frame(
    struct text *t, unsigned link, double ms, const uint8_t *p, size_t n, size_t wire)
{
	say(t, "%s%g ", t->n ? "; " : "", ms);
	if (link == 101) {
		say(t, "raw ");
		say_ip(t, p, n, wire);
	} else if (link != 1) {
		say(t, "link %u, %zu bytes", link, n);
	} else if (be(p + 12, 2) == 0x800 || be(p + 12, 2) == 0x86dd) {
		say_ip(t, p + 14, n - 14, wire - 14);
	} else {
		say(t, "%zu bytes", n);
	}
}

#define START_MS 1577836800000.0 /* 2020-01-01 */

static void say_pcapng(struct text *t, const uint8_t *p, size_t n)
{
	unsigned link[8], links = 0;
	unsigned long first, last, pieces;
	char comment[100];

	for (size_t at = 0, total; at < n; at += total) {
		total = le(p + at + 4, 4);
		assert_true(total % 4 == 0 && total >= 12 && at + total <= n);
		assert_int_equal(le(p + at + total - 4, 4), total);
		if (le(p + at, 4) == 1)
			link[links++] = (unsigned)le(p + at + 8, 2);
		if (le(p + at, 4) == 6) {
			size_t stored = le(p + at + 20, 4),
			       end = at + 28 + ((stored + 3) & ~(size_t)3);
			uint64_t us = le(p + at + 12, 4) << 32 | le(p + at + 16, 4);

			assert_in_range(le(p + at + 8, 4), 0, links - 1);
			say_frame(t, link[le(p + at + 8, 4)], (double)us / 1000 - START_MS,
			    p + at + 28, stored, le(p + at + 24, 4));
			if (end == at + total - 4)
				continue;
			assert_int_equal(le(p + end, 2), 1);
			(void)snprintf(comment, sizeof comment, "%.*s", (int)le(p + end + 2, 2),
			    (const char *)p + end + 4);
			assert_int_equal(sscanf(comment, "joined from %lu frames, %lu to %lu",
					     &pieces, &first, &last),
			    3);
			say(t, " [%lu: %lu-%lu]", pieces, first, last);
		}
	}
}

static void say_netmon(struct text *t, const uint8_t *p, size_t n)
{
	size_t table = le(p + 24, 4), bytes = le(p + 28, 4);

	assert_int_equal(table + bytes, n);
	assert_int_equal(le(p + 8, 2), 2020);
	for (size_t i = 0; i < bytes; i += 4) {
		size_t at = le(p + table + i, 4), stored = le(p + at + 12, 4);
		unsigned media = (unsigned)le(p + at + 16 + stored, 2);

		say_frame(t, media == 0xe065 ? 101 : media, (double)le(p + at, 8) / 1000,
		    p + at + 16, stored, le(p + at + 8, 4));
	}
}

void take_capture(struct text *t, const char *folder, const char *name)
{
	char path[512];
	uint8_t *p = malloc(1 << 20);
	size_t n;
	FILE *f;

	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "rb");
	assert_non_null(p);
	assert_non_null(f);
	n = fread(p, 1, 1 << 20, f);
	(void)fclose(f);
	assert_int_equal(unlink(path), 0);
	t->n = 0;
	t->p[0] = '\0';
	if (n && memcmp(p, "GMBU", 4) == 0)
		say_netmon(t, p, n);
	else
		say_pcapng(t, p, n);
	free(p);
}
