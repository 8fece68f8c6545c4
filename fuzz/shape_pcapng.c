/* SPDX-License-Identifier: MIT */
/* Mutating pcapng: blocks are doubled, dropped, moved and made; sections change their
 * byte order; frames change their length, options come and go, and the block around
 * them has the right lengths, or two wrong ones. */
#include "shape.h"

#include "base/bytes.h"

#include <stdbool.h>
#include <stdlib.h>

#define BLOCKS 96u
#define BODY   4096u /* bytes of a block that is changed */
#define HEAD   12u   /* type and the two lengths */

enum { SECTION = 0x0a0d0d0a, INTERFACE = 1, OBSOLETE, SIMPLE, NAMES, STATISTICS, ENHANCED };

struct block {
	uint32_t type, n; /* n: bytes of the body */
	const uint8_t *body;
	uint8_t *own; /* owned; the body, once it was changed */
	bool big;
	uint32_t lie; /* what the first length says instead; 0: the truth */
};

struct file {
	struct block b[BLOCKS];
	uint32_t n;
	const uint8_t *tail; /* what is no block */
	size_t n_tail;
	struct shape_dice dice;
};

static uint16_t get16(const uint8_t *p, bool big)
{
	return big ? nm_be16(p) : nm_le16(p);
}

static uint32_t get32(const uint8_t *p, bool big)
{
	return big ? nm_be32(p) : nm_le32(p);
}

static void put16(uint8_t *p, uint16_t v, bool big)
{
	nm_put_le16(p, big ? __builtin_bswap16(v) : v);
}

static void put32(uint8_t *p, uint32_t v, bool big)
{
	nm_put_le32(p, big ? __builtin_bswap32(v) : v);
}

/* ---- apart and together ---- */

static void take_apart(struct file *f, const uint8_t *p, size_t n)
{
	bool big = false;

	while (f->n < BLOCKS && n >= HEAD) {
		struct block *b = &f->b[f->n];
		uint32_t total;

		if (nm_le32(p) == SECTION)
			big = nm_be32(p + 8) == 0x1a2b3c4d;
		total = get32(p + 4, big);
		if (total < HEAD || total > n || total % 4)
			break;
		*b = (struct block){
			.type = get32(p, big), .n = total - HEAD, .body = p + 8, .big = big
		};
		f->n++;
		p += total;
		n -= total;
	}
	f->tail = p;
	f->n_tail = n;
}

static size_t put_together(const struct file *f, uint8_t *out, size_t most)
{
	size_t n = 0;

	for (uint32_t i = 0; i < f->n; i++) {
		const struct block *b = &f->b[i];
		uint32_t padded = (b->n + 3) & ~UINT32_C(3);

		if (most - n < padded + HEAD)
			return n;
		put32(out + n, b->type, b->big);
		put32(out + n + 4, b->lie ? b->lie : padded + HEAD, b->big);
		memset(out + n + 8, 0, padded);
		if (b->n)
			memcpy(out + n + 8, b->body, b->n);
		put32(out + n + 8 + padded, padded + HEAD, b->big);
		n += padded + HEAD;
	}
	if (f->n_tail && f->n_tail <= most - n) {
		memcpy(out + n, f->tail, f->n_tail);
		n += f->n_tail;
	}
	return n;
}

/* The body, to be written to: BODY bytes of room. NULL: it is too long. */
static uint8_t *own(struct block *b)
{
	if (b->own)
		return b->own;
	if (b->n > BODY)
		return NULL;
	b->own = calloc(1, BODY);
	if (!b->own)
		abort();
	if (b->n)
		memcpy(b->own, b->body, b->n);
	b->body = b->own;
	return b->own;
}

/* Bytes of the body before the options or the frame. */
static uint32_t fixed_of(uint32_t type)
{
	switch (type) {
	case SECTION: return 16;
	case INTERFACE: return 8;
	case OBSOLETE:
	case ENHANCED: return 20;
	case STATISTICS: return 12;
	case SIMPLE: return 4;
	default: return 0;
	}
}

/* Where options begin; beyond n: nowhere. */
static uint32_t options_of(const struct block *b)
{
	uint32_t at = fixed_of(b->type);

	if ((b->type == ENHANCED || b->type == OBSOLETE) && b->n >= at) {
		uint32_t stored = get32(b->body + 12, b->big);

		at = stored < BODY ? at + ((stored + 3) & ~UINT32_C(3)) : UINT32_MAX;
	}
	return at;
}

/* Make room for `more` bytes at `at`, or take `less` away. */
static bool resize(struct block *b, uint32_t at, uint32_t more, uint32_t less)
{
	uint8_t *p = own(b);

	if (!p || at > b->n || less > b->n - at || b->n + more > BODY)
		return false;
	memmove(p + at + more, p + at + less, b->n - at - less);
	memset(p + at, 0, more);
	b->n += more - less;
	return true;
}

/* ---- changes ---- */

static bool insert(struct file *f, uint32_t at, struct block b)
{
	if (f->n == BLOCKS)
		return false;
	memmove(&f->b[at + 1], &f->b[at], (f->n - at) * sizeof b);
	f->b[at] = b;
	f->n++;
	return true;
}

static void double_block(struct file *f, uint32_t i)
{
	struct block b = f->b[i];

	b.own = NULL;
	if (f->b[i].own) {
		b.body = b.own = calloc(1, BODY);
		if (!b.own)
			abort();
		memcpy(b.own, f->b[i].own, b.n);
	}
	if (!insert(f, shape_roll(&f->dice, f->n + 1), b))
		free(b.own);
}

static void drop_block(struct file *f, uint32_t i)
{
	free(f->b[i].own);
	memmove(&f->b[i], &f->b[i + 1], (f->n - i - 1) * sizeof f->b[0]);
	f->n--;
}

static void move_block(struct file *f, uint32_t i)
{
	uint32_t to = shape_roll(&f->dice, f->n);
	struct block b = f->b[i];

	f->b[i] = f->b[to];
	f->b[to] = b;
}

static void make_block(struct file *f, uint32_t i)
{
	static const uint32_t types[] = { SECTION, INTERFACE, OBSOLETE, SIMPLE, NAMES, STATISTICS,
		ENHANCED, ENHANCED, 9, 10, 0xbad, 0x40000bad, 0x80000001 };
	struct block b = { .type = types[shape_roll(&f->dice, sizeof types / sizeof *types)],
		.big = f->b[i].big };
	uint8_t *p = own(&b);

	b.n = fixed_of(b.type) + 4 * shape_roll(&f->dice, 12);
	if (b.type == SECTION) {
		b.big = shape_roll(&f->dice, 2);
		put32(p, 0x1a2b3c4d, b.big);
		put16(p + 4, 1, b.big);
		memset(p + 8, 0xff, 8);
		b.n = 16;
	} else if (b.type == INTERFACE) {
		put16(
		    p, (uint16_t)(shape_roll(&f->dice, 2) ? 1 : shape_roll(&f->dice, 300)), b.big);
		b.n = 8;
	} else if (b.type == ENHANCED || b.type == OBSOLETE) {
		put32(p + 12, b.n - 20, b.big);
		put32(p + 16, b.n - 20, b.big);
	} else if (b.type == SIMPLE) {
		put32(p, b.n - 4, b.big);
	}
	if (!insert(f, i + 1, b))
		free(b.own);
}

/* The frame of a packet becomes longer or shorter, and the packet says so. */
static void resize_frame(struct file *f, struct block *b)
{
	uint32_t stored, k = 1 + shape_roll(&f->dice, shape_roll(&f->dice, 8) ? 9 : 600);
	uint32_t at = fixed_of(b->type), old, new;
	uint8_t *p;

	if ((b->type != ENHANCED && b->type != OBSOLETE) || b->n < at)
		return;
	stored = get32(b->body + 12, b->big);
	if (stored > b->n - at)
		return;
	old = (stored + 3) & ~UINT32_C(3);
	stored = shape_roll(&f->dice, 2) ? stored + k : stored - (k < stored ? k : stored);
	new = (stored + 3) & ~UINT32_C(3);
	if (old > b->n - at || !resize(b, at + (new < old ? new : old), new > old ? new - old : 0,
				   old > new ? old - new : 0))
		return;
	p = b->own;
	put32(p + 12, stored, b->big);
	if (shape_roll(&f->dice, 2))
		put32(p + 16, stored, b->big);
}

/* One number of the fixed part, or the first length. */
static void set_field(struct file *f, struct block *b)
{
	uint32_t fields = fixed_of(b->type) / 4, i = shape_roll(&f->dice, fields + 1);
	uint8_t *p;

	if (i == fields) {
		b->lie = shape_roll(&f->dice, 2) ? shape_edge(&f->dice)
						 : b->n + HEAD + shape_roll(&f->dice, 9) - 4;
		return;
	}
	p = b->n >= fields * 4 ? own(b) : NULL;
	if (p && shape_roll(&f->dice, 2))
		put32(p + 4 * i, shape_edge(&f->dice), b->big);
	else if (p)
		put32(p + 4 * i, get32(p + 4 * i, b->big) + shape_roll(&f->dice, 5) - 2, b->big);
}

static void add_option(struct file *f, struct block *b)
{
	uint32_t at = options_of(b), n = shape_roll(&f->dice, shape_roll(&f->dice, 6) ? 13 : 300);
	uint32_t code = shape_roll(&f->dice, shape_roll(&f->dice, 8) ? 16 : 65536);
	uint32_t padded = (n + 3) & ~UINT32_C(3);

	if (shape_roll(&f->dice, 2))
		n = padded = 8;
	if (at > b->n || !resize(b, at, 4 + padded, 0))
		return;
	put16(b->own + at, (uint16_t)code, b->big);
	put16(b->own + at + 2, (uint16_t)n, b->big);
	for (uint32_t i = 0; i < n; i++)
		b->own[at + 4 + i] = (uint8_t)shape_roll(&f->dice, 256);
	if (code == 9 && n) /* a resolution, mostly one that is used */
		b->own[at + 4] = (uint8_t)(shape_roll(&f->dice, 2) ? 6 : shape_roll(&f->dice, 256));
}

/* Take the option away, lie about its length, or give it another code. */
static void change_option(struct file *f, struct block *b)
{
	uint32_t at = options_of(b), wanted = shape_roll(&f->dice, 4), len = 0;
	uint8_t *p;

	for (; at <= b->n && b->n - at >= 4; at += 4 + len) {
		len = (get16(b->body + at + 2, b->big) + UINT32_C(3)) & ~UINT32_C(3);
		if (wanted-- == 0 || len > b->n - at - 4)
			break;
	}
	if (at > b->n || b->n - at < 4)
		return;
	if (shape_roll(&f->dice, 3) == 0) {
		if (len <= b->n - at - 4)
			(void)resize(b, at, 0, 4 + len);
		return;
	}
	p = own(b);
	if (p && shape_roll(&f->dice, 2))
		put16(p + at, (uint16_t)shape_roll(&f->dice, 18), b->big);
	else if (p)
		put16(p + at + 2, (uint16_t)(len + shape_roll(&f->dice, 7) - 3), b->big);
}

static void change_bytes(struct file *f, struct block *b)
{
	uint32_t fixed = b->n >= 4 ? shape_roll(&f->dice, b->n / 4) * 4 : 0, room;
	uint8_t *p = own(b);

	if (!p)
		return;
	room = b->n - fixed + 16 < BODY - fixed ? b->n - fixed + 16 : BODY - fixed;
	b->n = fixed + (uint32_t)LLVMFuzzerMutate(p + fixed, b->n - fixed, room);
}

/* ---- byte order ---- */

static void turn16(uint8_t *p, bool big)
{
	put16(p, get16(p, !big), big);
}

static void turn32(uint8_t *p, bool big)
{
	put32(p, get32(p, !big), big);
}

static void turn_options(struct block *b, uint32_t at)
{
	while (at <= b->n && b->n - at >= 4) {
		uint32_t len = get16(b->own + at + 2, !b->big);

		turn16(b->own + at, b->big);
		turn16(b->own + at + 2, b->big);
		at += 4;
		if (len == 8 && b->n - at >= 8) { /* nearly all of these are a number */
			turn32(b->own + at, b->big);
			turn32(b->own + at + 4, b->big);
		}
		at += (len + 3) & ~UINT32_C(3);
	}
}

static void turn_block(struct block *b)
{
	uint32_t fixed = fixed_of(b->type), options = options_of(b), at = 0;

	if (!own(b) || b->n < fixed)
		return;
	b->big = !b->big;
	if (b->type == SECTION || b->type == OBSOLETE || b->type == INTERFACE) {
		at = b->type == SECTION ? 4 : 0;
		turn16(b->own + at, b->big);
		turn16(b->own + at + 2, b->big);
		if (b->type == SECTION)
			turn32(b->own, b->big);
		at = b->type == SECTION ? 16 : 4;
	}
	for (; at + 4 <= fixed; at += 4)
		turn32(b->own + at, b->big);
	turn_options(b, options);
}

static void turn_section(struct file *f, uint32_t i)
{
	while (i > 0 && f->b[i].type != SECTION)
		i--;
	do
		turn_block(&f->b[i]);
	while (++i < f->n && f->b[i].type != SECTION);
}

/* ---- */

static void change(struct file *f)
{
	uint32_t i = shape_roll(&f->dice, f->n);

	switch (shape_roll(&f->dice, 12)) {
	case 0: double_block(f, i); break;
	case 1:
		if (f->n > 1)
			drop_block(f, i);
		break;
	case 2: move_block(f, i); break;
	case 3: make_block(f, i); break;
	case 4: turn_section(f, i); break;
	case 5:
	case 6: resize_frame(f, &f->b[i]); break;
	case 7: set_field(f, &f->b[i]); break;
	case 8:
	case 9: add_option(f, &f->b[i]); break;
	case 10: change_option(f, &f->b[i]); break;
	case 11: change_bytes(f, &f->b[i]); break;
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t most, unsigned seed)
{
	static struct file f;
	uint8_t *out;

	f = (struct file){ .dice = { seed } };
	take_apart(&f, p, n);
	if (f.n == 0 || shape_roll(&f.dice, 20) == 0)
		return LLVMFuzzerMutate(p, n, most);
	for (uint32_t i = 1 + shape_roll(&f.dice, 3); i > 0; i--)
		change(&f);
	out = malloc(most ? most : 1);
	if (!out)
		abort();
	n = put_together(&f, out, most);
	if (n)
		memcpy(p, out, n);
	free(out);
	for (uint32_t i = 0; i < f.n; i++)
		free(f.b[i].own);
	return n;
}
