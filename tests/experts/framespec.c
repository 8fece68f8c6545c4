/* SPDX-License-Identifier: MIT */
/* Frames written as text. */
#include "framespec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 10

/* A header being made: its words, and what stands behind it already. */
struct part {
	char *word[WORDS_MAX];
	unsigned words;
	uint8_t *head; /* FRAMESPEC_MAX bytes */
	size_t n;      /* of head */
	const uint8_t *rest;
	size_t rest_n;
};

static void die(const char *what)
{
	(void)fprintf(stderr, "framespec: %s\n", what);
	abort();
}

static const char *word(const struct part *p, unsigned i)
{
	if (i >= p->words)
		die("a word is missing");
	return p->word[i];
}

/* The value of key=value, or NULL. */
static const char *option(const struct part *p, const char *key)
{
	size_t n = strlen(key);

	for (unsigned i = 1; i < p->words; i++)
		if (strncmp(p->word[i], key, n) == 0 && p->word[i][n] == '=')
			return p->word[i] + n + 1;
	return NULL;
}

static unsigned number(const char *s, int base)
{
	char *end;
	unsigned long v = strtoul(s, &end, base);

	if (end == s || *end)
		die(s);
	return (unsigned)v;
}

static void put16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static size_t put_hex(uint8_t *p, const char *s)
{
	size_t n = 0;

	for (; *s; s += 2, n++) {
		char pair[3] = { s[0], s[1], '\0' };

		p[n] = (uint8_t)number(pair, 16);
	}
	return n;
}

static unsigned sum16(const uint8_t *p, size_t n)
{
	unsigned long sum = 0;

	for (size_t i = 0; i + 1 < n; i += 2)
		sum += (unsigned)p[i] << 8 | p[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (unsigned)(~sum & 0xffff);
}

static void macs(struct part *p)
{
	static const uint8_t both[] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1 };

	memcpy(p->head, both, sizeof both);
	p->n = 14;
}

static void make_eth(struct part *p)
{
	macs(p);
	put16(p->head + 12, number(word(p, 1), 16));
}

static void make_802_3(struct part *p)
{
	macs(p);
	put16(p->head + 12, p->rest_n);
}

static void put_dotted(uint8_t *at, const char *s)
{
	unsigned b[4];

	if (sscanf(s, "%u.%u.%u.%u", &b[0], &b[1], &b[2], &b[3]) != 4)
		die(s);
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)b[i];
}

static void make_ip(struct part *p)
{
	uint8_t *h = p->head;
	const char *opt = option(p, "opt"), *tot = option(p, "tot"), *sum = option(p, "sum");
	const char *frag = option(p, "frag"), *ver = option(p, "ver");
	const char *id = option(p, "id");

	memset(h, 0, 20);
	p->n = 20 + (opt ? put_hex(h + 20, opt) : 0);
	h[0] = (uint8_t)(ver ? number(ver, 16) : 0x40 | p->n / 4);
	put16(h + 2, tot ? number(tot, 10) : p->n + p->rest_n);
	put16(h + 4, id ? number(id, 16) : 0);
	put16(h + 6, frag ? number(frag, 16) : 0);
	h[8] = 64;
	h[9] = (uint8_t)number(word(p, 3), 10);
	put_dotted(h + 12, word(p, 1));
	put_dotted(h + 16, word(p, 2));
	put16(h + 10, sum ? number(sum, 16) : sum16(h, p->n));
}

static void put_ip6(uint8_t *at, const char *s)
{
	unsigned first, last;

	if (sscanf(s, "%x::%x", &first, &last) != 2)
		die(s);
	memset(at, 0, 16);
	put16(at, first);
	put16(at + 14, last);
}

static void make_ip6(struct part *p)
{
	uint8_t *h = p->head;
	const char *plen = option(p, "plen");

	memset(h, 0, 40);
	p->n = 40;
	h[0] = 0x60;
	put16(h + 4, plen ? number(plen, 10) : p->rest_n);
	h[6] = (uint8_t)number(word(p, 3), 10);
	h[7] = 64;
	put_ip6(h + 8, word(p, 1));
	put_ip6(h + 24, word(p, 2));
}

static void make_udp(struct part *p)
{
	const char *len = option(p, "len");

	p->n = 8;
	put16(p->head, number(word(p, 1), 10));
	put16(p->head + 2, number(word(p, 2), 10));
	put16(p->head + 4, len ? number(len, 10) : 8 + p->rest_n);
	put16(p->head + 6, 0);
}

static void put32(uint8_t *p, unsigned v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

static void make_tcp(struct part *p)
{
	uint8_t *h = p->head;
	const char *opt = option(p, "opt"), *off = option(p, "off");

	memset(h, 0, 20);
	p->n = 20 + (opt ? put_hex(h + 20, opt) : 0);
	put16(h, number(word(p, 1), 10));
	put16(h + 2, number(word(p, 2), 10));
	put32(h + 4, number(word(p, 3), 10));
	put32(h + 8, number(word(p, 4), 10));
	h[12] = (uint8_t)((off ? number(off, 10) : p->n / 4) << 4);
	h[13] = (uint8_t)number(word(p, 5), 16);
	put16(h + 14, number(word(p, 6), 10));
}

static void make_len(struct part *p)
{
	p->n = 2;
	put16(p->head, p->rest_n + (p->words > 1 ? (size_t)atoi(p->word[1]) : 0));
}

static void make_hex(struct part *p)
{
	p->n = put_hex(p->head, word(p, 1));
}

static void make_data(struct part *p)
{
	p->n = number(word(p, 1), 10);
	memset(p->head, 'x', p->n);
}

static const struct {
	const char *name;
	void (*make)(struct part *p);
} makers[] = {
	{ "eth", make_eth },
	{ "802.3", make_802_3 },
	{ "ip", make_ip },
	{ "ip6", make_ip6 },
	{ "udp", make_udp },
	{ "tcp", make_tcp },
	{ "len", make_len },
	{ "hex", make_hex },
	{ "data", make_data },
};

static void make(struct part *p)
{
	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
		if (strcmp(word(p, 0), makers[i].name) == 0) {
			makers[i].make(p);
			return;
		}
	}
	die(p->word[0]);
}

/* The innermost first: each header knows what it goes around. */
static size_t build(char *spec, uint8_t *buf)
{
	char *inner = strstr(spec, " / "), *save = NULL;
	uint8_t rest[FRAMESPEC_MAX];
	struct part p = { .head = buf, .rest = rest };

	if (inner) {
		*inner = '\0';
		p.rest_n = build(inner + 3, rest);
	}
	for (char *w = strtok_r(spec, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		if (p.words == WORDS_MAX)
			die("too many words");
		p.word[p.words++] = w;
	}
	make(&p);
	if (p.n + p.rest_n > FRAMESPEC_MAX)
		die("the frame is too long");
	memcpy(buf + p.n, rest, p.rest_n);
	return p.n + p.rest_n;
}

size_t framespec(const char *spec, uint8_t buf[static FRAMESPEC_MAX])
{
	char copy[2048];

	if (strlen(spec) >= sizeof copy)
		die("the spec is too long");
	(void)snprintf(copy, sizeof copy, "%s", spec);
	return build(copy, buf);
}
