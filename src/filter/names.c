/* SPDX-License-Identifier: MIT */
/* What a word in a filter names: by Wireshark's names, by ours, or nothing, but nearly. */
#include "base/near.h"
#include "base/nmerr.h"
#include "filter/syntax.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NAME_BYTES 128u
#define NEAR_MOST  3u
#define LISTED     8u

/* Of the frame itself, whatever its parsers say. */
static const struct {
	const char *name;
	uint8_t fact, kind;
	bool moment;
} facts[] = {
	{ "frame.number", FACT_NUMBER, VALUE_NUMBER, false },
	{ "frame.len", FACT_LENGTH, VALUE_NUMBER, false },
	{ "frame.cap_len", FACT_STORED, VALUE_NUMBER, false },
	{ "frame.time", FACT_TIME, VALUE_NANOS, true },
	{ "frame.time_epoch", FACT_TIME, VALUE_NANOS, true },
	{ "frame.time_relative", FACT_RELATIVE, VALUE_NANOS, false },
	{ "frame.time_delta", FACT_DELTA, VALUE_NANOS, false },
	{ "frame.protocols", FACT_PROTOCOLS, VALUE_TEXT, false },
};

#define FACTS (sizeof facts / sizeof *facts)

static struct nm_type type_of_row(const struct nm_field *f)
{
	struct nm_type t = { .info = nm_property_info(f->property) };
	uint32_t bits;

	t.kind = (uint8_t)nm_value_kind_of(f->type, &t.bytes);
	bits = f->mask ? 32 - (uint32_t)__builtin_clz(f->mask) - (uint32_t)__builtin_ctz(f->mask)
		       : 8 * t.bytes;
	t.most = bits && bits < 64 ? (UINT64_C(1) << bits) - 1 : UINT64_MAX;
	return t;
}

static void take_rows(struct nm_name *ret, const struct nm_field *rows, size_t n)
{
	ret->rows = rows;
	ret->n = (uint32_t)n;
	ret->kind = rows->property ? NAME_FIELD : NAME_LAYER;
	if (ret->kind == NAME_FIELD)
		ret->type = type_of_row(rows);
	else
		ret->type.kind = VALUE_BYTES;
}

/* A row of our own, for what has no second name. */
static bool take_ours(
    struct nm_compiler *c, uint32_t protocol, const PROPERTYINFO *info, struct nm_name *ret)
{
	struct nm_field *row = nm_compiler_room(c, sizeof *row);

	if (!row)
		return false;
	*row = (struct nm_field){ .protocol = protocol };
	if (info) {
		row->property = info->hProperty;
		row->type = info->DataType;
	}
	take_rows(ret, row, 1);
	return true;
}

static const PROPERTYINFO *by_label(const PROTOCOLINFO *p, const char *word)
{
	const PROPERTYDATABASE *db = p ? p->PropertyDatabase : NULL;

	for (uint32_t i = 0; db && i < db->nProperties; i++)
		if (nm_near_same(word, db->PropertyInfo[i]->Label))
			return db->PropertyInfo[i];
	return NULL;
}

/* The protocol of a name, ours or the other; NULL: none. */
static const PROTOCOLINFO *protocol_of(const char *name)
{
	uint32_t last = nm_last_error();
	size_t n;
	HPROTOCOL h = nm_protocol_by_name(name);
	const struct nm_field *f = h ? NULL : nm_field_find(name, &n);

	nm_set_last_error(last);
	if (f && !f->property)
		h = nm_protocol_from_id(f->protocol);
	return h ? nm_protocol_info(h) : NULL;
}

static bool copy_word(const struct nm_compiler *c, struct nm_token word, char name[NAME_BYTES])
{
	if (word.n >= NAME_BYTES)
		return false;
	memcpy(name, c->lexer.text + word.at, word.n);
	name[word.n] = '\0';
	return true;
}

bool nm_name_find(struct nm_compiler *c, struct nm_token word, struct nm_name *ret)
{
	char name[NAME_BYTES], *dot;
	const struct nm_field *rows;
	const PROTOCOLINFO *p;
	const PROPERTYINFO *info = NULL;
	size_t n;

	*ret = (struct nm_name){ .kind = NAME_NONE };
	if (!copy_word(c, word, name))
		return true;
	for (size_t i = 0; i < FACTS; i++)
		if (strcasecmp(facts[i].name, name) == 0) {
			*ret = (struct nm_name){ .kind = NAME_FACT, .fact = facts[i].fact };
			ret->type = (struct nm_type){
				.kind = facts[i].kind, .moment = facts[i].moment, .most = UINT32_MAX
			};
			return true;
		}
	rows = nm_field_find(name, &n);
	if (rows) {
		take_rows(ret, rows, n);
		return true;
	}
	dot = strchr(name, '.');
	if (dot)
		*dot = '\0';
	p = protocol_of(name);
	if (p && dot)
		info = by_label(p, dot + 1);
	return !p || (dot && !info) || take_ours(c, p->ProtocolID, info, ret);
}

/* ---- names that are none ------------------------------------------------------------------ */

#define PARTS_MOST 16u /* of a name, that are counted */

struct near {
	const char *word;
	const char *names[NEAR_MOST];
	unsigned far[NEAR_MOST];
	unsigned n, most;
};

static const char *last_part(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot ? dot + 1 : name;
}

/* "port" may mean tcp.port: as far as one slip. */
static unsigned how_far(const struct near *k, const char *name)
{
	unsigned d = nm_near_distance(k->word, name);

	if (d > 1 && !strchr(k->word, '.') && strlen(k->word) > 2 &&
	    strcasecmp(k->word, last_part(name)) == 0)
		return 1;
	return d;
}

/* Of names as far, the one with fewer parts is meant: tcp.port, not ftp.active.port. */
static unsigned rank(unsigned far, const char *name)
{
	unsigned parts = 0;

	for (const char *c = name; *c; c++)
		parts += *c == '.';
	return far * PARTS_MOST + (parts < PARTS_MOST ? parts : PARTS_MOST - 1);
}

static void consider(struct near *k, const char *name)
{
	unsigned d = how_far(k, name), i;

	for (i = 0; i < k->n; i++)
		if (strcasecmp(k->names[i], name) == 0)
			return;
	if (d > k->most)
		return;
	d = rank(d, name);
	for (i = k->n < NEAR_MOST ? k->n++ : NEAR_MOST; i > 0 && k->far[i - 1] > d; i--)
		if (i < NEAR_MOST) {
			k->names[i] = k->names[i - 1];
			k->far[i] = k->far[i - 1];
		}
	if (i < NEAR_MOST) {
		k->names[i] = name;
		k->far[i] = d;
	}
}

/* What is said, as far as it has room. */
struct saying {
	char *text;
	size_t size;
};

static void put(struct saying *s, const char *a, const char *b)
{
	size_t n = strlen(s->text);

	(void)snprintf(s->text + n, s->size - n, "%s%s", a, b);
}

/* False: none is near. */
static bool put_near(struct saying *s, const char *word)
{
	struct near k = { .word = word, .most = nm_near_most(word) };
	const PROTOCOLTABLE *all = nm_protocols_enabled();
	size_t n;
	const struct nm_field *f = nm_fields(&n);

	for (size_t i = 0; i < n; i++)
		consider(&k, f[i].name);
	for (size_t i = 0; i < FACTS; i++)
		consider(&k, facts[i].name);
	for (uint32_t i = 0; all && i < all->nProtocols; i++)
		consider(&k, (const char *)nm_protocol_info(all->hProtocol[i])->ProtocolName);
	for (unsigned i = 0; i < k.n; i++)
		put(s, i == 0 ? "; did you mean " : i + 1 < k.n ? ", " : " or ", k.names[i]);
	if (k.n)
		put(s, "?", "");
	return k.n > 0;
}

/* The fields of a protocol that the name begins with. */
static void put_fields(struct saying *s, const char *word)
{
	size_t n, part = strcspn(word, ".");
	const struct nm_field *f = nm_fields(&n);
	unsigned listed = 0;

	if (word[part] != '.')
		return;
	for (size_t i = 0; i < n && listed <= LISTED; i++) {
		if (strncasecmp(f[i].name, word, part + 1) != 0 ||
		    (i && strcasecmp(f[i].name, f[i - 1].name) == 0))
			continue;
		if (listed == LISTED)
			put(s, ", ...", "");
		else
			put(s, listed ? ", " : "; there are ", f[i].name);
		listed++;
	}
}

bool nm_filter_suggest(const char *word, char *text, size_t size)
{
	struct saying s = { text, size };
	char name[NAME_BYTES];
	size_t n = strlen(word), before = strlen(text);

	if (n >= sizeof name)
		return false;
	for (size_t i = 0; i <= n; i++)
		name[i] = (char)tolower((unsigned char)word[i]);
	if (!put_near(&s, name))
		put_fields(&s, name);
	return text[before] != '\0';
}

bool nm_name_unknown(struct nm_compiler *c, struct nm_token word)
{
	char name[NAME_BYTES];

	(void)nm_filter_fail(c->e, word.at, word.n, "no field or protocol has the name %.*s",
	    (int)(word.n < NAME_BYTES ? word.n : NAME_BYTES), c->lexer.text + word.at);
	if (copy_word(c, word, name))
		(void)nm_filter_suggest(name, c->e->text, sizeof c->e->text);
	return false;
}
