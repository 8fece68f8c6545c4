/* SPDX-License-Identifier: MIT */
/* Mutating Network Monitor files, 1.x and 2.0 to 2.3: records are doubled, dropped,
 * moved and resized, with the trailers of their version; the version changes and
 * trailers with it; the frame table is shuffled; comments, processes and statistics
 * come and go; and offsets and lengths in the header are right, or one is wrong. */
#include "shape.h"

#include "base/bytes.h"

#include <stdbool.h>
#include <stdlib.h>

#define RECORDS  64u
#define ENTRIES  80u
#define BODY     2048u /* bytes of a record, or of a part, that is kept */
#define HEAD     72u
#define TRAILER  15u
#define FILETIME UINT64_C(127659958134270000) /* 2005 */

enum { USER, COMMENT, PROCESS, NETWORK, PARTS };

struct record {
	int64_t us;
	uint32_t wire, stored, n; /* n: bytes that are there */
	uint8_t body[BODY];
	uint8_t trailer[TRAILER];
	uint32_t at; /* where it was, and then where it is written */
};

struct part {
	uint32_t n;  /* bytes */
	uint32_t at; /* as in the header */
	uint32_t said;
	uint8_t body[BODY];
};

struct file {
	uint8_t head[128];
	uint32_t n_head;
	struct record r[RECORDS];
	uint32_t n;
	struct entry {
		bool is_record;
		uint32_t v; /* a record, or an offset */
	} table[ENTRIES];
	uint32_t n_table;
	struct part parts[PARTS];
	bool cut; /* the table is not written */
	struct shape_dice dice;
};

static uint32_t trailer_of(const uint8_t *head)
{
	static const uint8_t bytes[] = { 0, 2, 6, 15 };

	return head[5] == 1 ? 0 : bytes[head[4] < 3 ? head[4] : 3];
}

static uint32_t head_of(const uint8_t *head)
{
	return head[5] == 1 ? 8 : 16;
}

/* ---- apart ---- */

static bool take_record(struct file *f, const uint8_t *p, size_t n, uint32_t at)
{
	uint32_t head = head_of(f->head), trailer = trailer_of(f->head);
	struct record *r = &f->r[f->n];

	if (f->n == RECORDS || at < HEAD || at > n || n - at < head)
		return false;
	p += at;
	r->us = head == 8 ? (int64_t)nm_le32(p) * 1000 : (int64_t)nm_le64(p);
	r->wire = head == 8 ? nm_le16(p + 4) : nm_le32(p + 8);
	r->stored = head == 8 ? nm_le16(p + 6) : nm_le32(p + 12);
	r->n = r->stored;
	r->at = at;
	if (r->n > BODY || r->n > n - at - head || n - at - head - r->n < trailer)
		return false;
	if (r->n)
		memcpy(r->body, p + head, r->n);
	memset(r->trailer, 0, TRAILER);
	r->trailer[0] = 1;
	nm_put_le64(r->trailer + 6, FILETIME + (uint64_t)r->us * 10);
	memcpy(r->trailer, p + head + r->n, trailer);
	f->n++;
	return true;
}

static void take_entry(struct file *f, const uint8_t *p, size_t n, uint32_t at)
{
	struct entry *e = &f->table[f->n_table++];
	uint32_t i = 0;

	while (i < f->n && f->r[i].at != at)
		i++;
	*e = (struct entry){ i < f->n || take_record(f, p, n, at), i };
	if (!e->is_record)
		e->v = at;
}

static void take_part(struct file *f, const uint8_t *p, size_t n, uint32_t i, uint32_t bytes)
{
	struct part *x = &f->parts[i];

	x->at = nm_le32(p + 32 + 8 * i);
	x->said = nm_le32(p + 36 + 8 * i);
	x->n = bytes;
	if (x->at < HEAD || x->at > n || x->n > n - x->at || x->n > BODY)
		x->n = 0;
	if (x->n)
		memcpy(x->body, p + x->at, x->n);
}

/* A process table says how many there are, not how long it is: to the end. */
static uint32_t bytes_of_part(const uint8_t *p, size_t n, uint32_t i)
{
	uint32_t at = nm_le32(p + 32 + 8 * i), said = nm_le32(p + 36 + 8 * i);

	if (i != PROCESS || trailer_of(p) < 6 || said == 0)
		return said;
	return at < n ? (uint32_t)(n - at) : 0;
}

static void take_apart(struct file *f, const uint8_t *p, size_t n)
{
	uint32_t table = nm_le32(p + 24), entries = nm_le32(p + 28) / 4;

	f->n_head = trailer_of(p) == 0 && n >= 128 ? 128 : HEAD;
	memcpy(f->head, p, f->n_head);
	for (uint32_t i = 0; i < entries && i < ENTRIES && table <= n && n - table >= 4; i++) {
		take_entry(f, p, n, nm_le32(p + table));
		table += 4;
	}
	for (uint32_t i = 0; i < PARTS; i++)
		take_part(f, p, n, i, bytes_of_part(p, n, i));
}

/* ---- together ---- */

struct out {
	uint8_t *p;
	size_t n, most;
};

static bool put(struct out *o, const void *p, size_t n)
{
	if (n > o->most - o->n)
		return false;
	if (n)
		memcpy(o->p + o->n, p, n);
	o->n += n;
	return true;
}

static bool put_record(struct file *f, struct out *o, struct record *r)
{
	uint32_t head = head_of(f->head);
	uint8_t h[16];

	r->at = (uint32_t)o->n;
	if (head == 8) {
		nm_put_le32(h, (uint32_t)(r->us / 1000));
		nm_put_le16(h + 4, (uint16_t)r->wire);
		nm_put_le16(h + 6, (uint16_t)r->stored);
	} else {
		nm_put_le64(h, (uint64_t)r->us);
		nm_put_le32(h + 8, r->wire);
		nm_put_le32(h + 12, r->stored);
	}
	return put(o, h, head) && put(o, r->body, r->n) && put(o, r->trailer, trailer_of(f->head));
}

/* Comments name their frame by where its record is: most name the one they did, or
 * one that there is now. */
static void aim_comment(struct file *f, struct part *x)
{
	if (trailer_of(f->head) >= 6 && x->n >= 12 && f->n && shape_roll(&f->dice, 4))
		nm_put_le32(x->body + 4, f->r[shape_roll(&f->dice, f->n)].at);
}

static size_t put_together(struct file *f, uint8_t *p, size_t most)
{
	struct out o = { p, 0, most };
	uint32_t n_head = trailer_of(f->head) ? HEAD : 128;

	if (!put(&o, f->head, n_head))
		return 0;
	for (uint32_t i = 0; i < f->n; i++)
		if (!put_record(f, &o, &f->r[i]))
			return o.n;
	nm_put_le32(p + 24, (uint32_t)o.n);
	nm_put_le32(p + 28, f->n_table * 4);
	for (uint32_t i = 0; i < f->n_table && !f->cut; i++) {
		const struct entry *e = &f->table[i];
		uint8_t entry[4];

		nm_put_le32(entry, e->is_record ? f->r[e->v].at : e->v);
		if (!put(&o, entry, 4))
			return o.n;
	}
	for (uint32_t i = 0; i < PARTS && !f->cut; i++) {
		struct part *x = &f->parts[i];

		if (i == COMMENT)
			aim_comment(f, x);
		nm_put_le32(p + 32 + 8 * i, x->n ? (uint32_t)o.n : x->at);
		nm_put_le32(p + 36 + 8 * i, x->said);
		if (!put(&o, x->body, x->n))
			return o.n;
	}
	return o.n;
}

/* ---- changes ---- */

static void double_record(struct file *f)
{
	if (f->n == RECORDS || f->n_table == ENTRIES || f->n == 0)
		return;
	f->r[f->n] = f->r[shape_roll(&f->dice, f->n)];
	f->table[f->n_table++] = (struct entry){ true, f->n++ };
}

static void drop_record(struct file *f)
{
	uint32_t i = shape_roll(&f->dice, f->n), k = 0;

	if (f->n < 2)
		return;
	f->r[i] = f->r[--f->n];
	for (uint32_t e = 0; e < f->n_table; e++) {
		struct entry x = f->table[e];

		if (x.is_record && x.v == i && shape_roll(&f->dice, 2))
			continue; /* its entry goes too, or names another */
		if (x.is_record && x.v >= f->n)
			x.v = i;
		f->table[k++] = x;
	}
	f->n_table = k;
}

static void shuffle_table(struct file *f)
{
	uint32_t i, k;

	if (f->n_table == 0)
		return;
	i = shape_roll(&f->dice, f->n_table);
	k = shape_roll(&f->dice, f->n_table);
	switch (shape_roll(&f->dice, 4)) {
	case 0: f->table[i] = f->table[k]; break;
	case 1: f->table[i] = (struct entry){ false, shape_edge(&f->dice) }; break;
	case 2:
		if (f->table[i].is_record) /* into a record */
			f->table[i] = (struct entry){ false,
				f->r[f->table[i].v].at + shape_roll(&f->dice, 40) };
		break;
	default: {
		struct entry e = f->table[i];

		f->table[i] = f->table[k];
		f->table[k] = e;
	}
	}
}

static void resize_record(struct file *f, struct record *r)
{
	uint32_t k = 1 + shape_roll(&f->dice, shape_roll(&f->dice, 6) ? 20 : 900), old = r->n;

	r->n = shape_roll(&f->dice, 2) ? r->n + k : r->n - (k < r->n ? k : r->n);
	if (r->n > BODY)
		r->n = BODY;
	if (r->n > old)
		memset(r->body + old, 0x5a, r->n - old);
	r->stored = r->n;
	if (shape_roll(&f->dice, 2))
		r->wire = r->n;
}

static void set_field(struct file *f, struct record *r)
{
	static const int64_t times[] = { 0, -1, 1, INT64_MAX, INT64_MIN, INT64_MAX / 1000,
		INT64_MIN / 1000, INT64_C(4294967295) * 1000 };

	switch (shape_roll(&f->dice, 3)) {
	case 0: r->us = times[shape_roll(&f->dice, sizeof times / sizeof *times)]; break;
	case 1: r->wire = shape_edge(&f->dice); break;
	default: r->stored = shape_roll(&f->dice, 2) ? shape_edge(&f->dice) : r->n + 1; break;
	}
}

static void set_trailer(struct file *f, struct record *r)
{
	static const uint16_t media[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xe000 + 113, 0xe071,
		0xe080, 0xe08a, 0xe08b, 0xefff, 0xf000, 0xffe0, 0xfffb, 0xfffc, 0xfffd, 0xfffe,
		0xffff };
	static const uint64_t filetimes[] = { 0, 1, FILETIME, UINT64_MAX, INT64_MAX,
		UINT64_C(1) << 63, UINT64_C(116444736000000000) };

	switch (shape_roll(&f->dice, 3)) {
	case 0:
		nm_put_le16(r->trailer, media[shape_roll(&f->dice, sizeof media / sizeof *media)]);
		break;
	case 1: nm_put_le32(r->trailer + 2, shape_edge(&f->dice)); break;
	default:
		nm_put_le64(r->trailer + 6,
		    filetimes[shape_roll(&f->dice, sizeof filetimes / sizeof *filetimes)]);
	}
}

/* Another version, with its own trailers and padding. */
static void set_version(struct file *f)
{
	f->head[4] = (uint8_t)shape_roll(&f->dice, 5);
	f->head[5] = shape_roll(&f->dice, 8) ? 2 : 1;
	memcpy(f->head, f->head[5] == 2 ? "GMBU" : "RTSS", 4);
}

static void set_head(struct file *f)
{
	static const uint8_t fields[] = { 6, 8, 10, 14, 16, 18, 20, 22 };
	uint32_t i = shape_roll(&f->dice, sizeof fields + 1);

	if (i == sizeof fields) /* UTC times or none */
		nm_put_le32(f->head + 56, nm_le32(f->head + 56) ? 0 : HEAD);
	else
		nm_put_le16(f->head + fields[i], (uint16_t)shape_edge(&f->dice));
	f->parts[NETWORK].at = nm_le32(f->head + 56);
}

static void add_u32(struct part *x, uint32_t v)
{
	nm_put_le32(x->body + x->n, v);
	x->n += 4;
}

static void add_text(struct file *f, struct part *x, bool wide)
{
	static const char rtf[] = "{\\rtf1\\ansi a\\par \\u8364?\\'e9{\\*\\x y}}";
	uint32_t n = shape_roll(&f->dice, 2) ? (uint32_t)sizeof rtf - 1 : shape_roll(&f->dice, 9);

	add_u32(x, shape_roll(&f->dice, 8) ? n : shape_edge(&f->dice));
	for (uint32_t i = 0; i < n; i++)
		x->body[x->n++] = wide && i % 2 ? 0 : (uint8_t)rtf[i % (sizeof rtf - 1)];
}

/* One more comment, process, or block of statistics. */
static void add_to_part(struct file *f)
{
	uint32_t i = shape_roll(&f->dice, PARTS);
	struct part *x = &f->parts[i];

	if (x->n > BODY - 256)
		return;
	if (i == COMMENT && trailer_of(f->head) >= 6) {
		add_u32(x, shape_roll(&f->dice, 8) ? 1 : shape_edge(&f->dice));
		add_u32(x, f->n ? f->r[shape_roll(&f->dice, f->n)].at : 0);
		add_text(f, x, true);
		add_text(f, x, false);
	} else if (i == PROCESS && trailer_of(f->head) >= 6) {
		if (x->n == 0)
			x->body[x->n++] = 1, x->body[x->n++] = 0;
		add_text(f, x, true);
		add_text(f, x, false);
		memset(x->body + x->n, 7, 48);
		x->n += 48;
		x->said++;
		return;
	} else {
		uint32_t n = i == PROCESS ? 88 : i == NETWORK ? 115 : 24;

		memset(x->body, 0x21, n);
		x->n = n;
	}
	x->said = x->n;
}

static void change_part(struct file *f)
{
	struct part *x = &f->parts[shape_roll(&f->dice, PARTS)];

	switch (shape_roll(&f->dice, 4)) {
	case 0: x->said = shape_edge(&f->dice); break;
	case 1:
		x->n = 0;
		x->at = shape_edge(&f->dice);
		break;
	case 2: x->n = shape_roll(&f->dice, x->n + 1); break;
	default: x->n = (uint32_t)LLVMFuzzerMutate(x->body, x->n, BODY - 256);
	}
}

static void change(struct file *f)
{
	struct record *r = &f->r[shape_roll(&f->dice, f->n)];
	bool any = f->n > 0;

	switch (shape_roll(&f->dice, 14)) {
	case 0: double_record(f); break;
	case 1: drop_record(f); break;
	case 2:
	case 3: shuffle_table(f); break;
	case 4:
		if (any)
			resize_record(f, r);
		break;
	case 5:
		if (any)
			set_field(f, r);
		break;
	case 6:
	case 7:
		if (any)
			set_trailer(f, r);
		break;
	case 8: set_version(f); break;
	case 9: set_head(f); break;
	case 10:
	case 11: add_to_part(f); break;
	case 12: change_part(f); break;
	case 13:
		if (shape_roll(&f->dice, 4) == 0)
			f->cut = true;
		else if (any)
			r->n = r->stored = (uint32_t)LLVMFuzzerMutate(r->body, r->n, BODY);
		break;
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t most, unsigned seed)
{
	static struct file f;
	uint8_t *out;

	f = (struct file){ .dice = { seed } };
	if (n < HEAD || (memcmp(p, "GMBU", 4) != 0 && memcmp(p, "RTSS", 4) != 0) ||
	    shape_roll(&f.dice, 20) == 0)
		return LLVMFuzzerMutate(p, n, most);
	take_apart(&f, p, n);
	for (uint32_t i = 1 + shape_roll(&f.dice, 3); i > 0; i--)
		change(&f);
	out = calloc(1, most ? most : 1);
	if (!out)
		abort();
	n = put_together(&f, out, most);
	if (n)
		memcpy(p, out, n);
	free(out);
	return n;
}
