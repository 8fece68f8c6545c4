/* SPDX-License-Identifier: MIT */
/* Settings by name. A type of setting is a row of `types`. */
#include "base/settings.h"

#include "base/near.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define HEAD       ((uint32_t)sizeof(DWORD)) /* the blob's length, before the first offset */
#define NAME_MOST  31u
#define WORDS_MOST 32u
#define ARRAY_MOST 4096u
#define LINE_MOST  1023u /* bytes of a default, range or help */

static bool say(struct nm_diag *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static bool say(struct nm_diag *d, const char *fmt, ...)
{
	char text[NM_DIAG_TEXT];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	(void)nm_diag_set(d, NMERR_INVALID_DATA, NM_NO_OFFSET, "%s", text);
	return false;
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* ---- words of a range ---------------------------------------------------------- */

/* The i-th word of "a|b|c" and its length; NULL past the last. */
static const char *word_at(const char *range, unsigned i, size_t *ret_n)
{
	for (; i; i--) {
		range += strcspn(range, "|");
		if (!*range++)
			return NULL;
	}
	*ret_n = strcspn(range, "|");
	return range;
}

static unsigned word_count(const char *range)
{
	unsigned n = 1;

	for (; *range; range++)
		n += *range == '|';
	return n;
}

/* The place of the word; -1: none. */
static int word_index(const char *range, const char *word, size_t n)
{
	const char *w;
	size_t k;

	for (unsigned i = 0; (w = word_at(range, i, &k)); i++)
		if (k == n && memcmp(w, word, n) == 0)
			return (int)i;
	return -1;
}

static bool are_words(const char *range)
{
	const char *w;
	size_t k;

	if (!range || word_count(range) > WORDS_MOST)
		return false;
	for (unsigned i = 0; (w = word_at(range, i, &k)); i++) {
		for (size_t c = 0; c < k; c++)
			if (!is_name_char(w[c]))
				return false;
		if (k == 0 || word_index(range, w, k) != (int)i)
			return false;
	}
	return true;
}

/* ---- numbers ----------------------------------------------------------------------- */

/* All of s[0..n) as a decimal number of at most `most`. */
static bool number(const char *s, size_t n, uint32_t most, uint32_t *ret)
{
	uint64_t v = 0;

	if (n == 0 || n > 10)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		v = v * 10 + (unsigned)(s[i] - '0');
	}
	*ret = (uint32_t)v;
	return v <= most;
}

/* "1..1000"; any number without it. */
static bool bounds(const char *range, uint32_t *ret_least, uint32_t *ret_most)
{
	const char *dots = range ? strstr(range, "..") : NULL;

	*ret_least = 0;
	*ret_most = UINT32_MAX;
	if (!range)
		return true;
	return dots && number(range, (size_t)(dots - range), UINT32_MAX, ret_least) &&
	       number(dots + 2, strlen(dots + 2), UINT32_MAX, ret_most) && *ret_least <= *ret_most;
}

static uint32_t get32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof v);
	return v;
}

static uint16_t get16(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof v);
	return v;
}

static void put32(uint8_t *p, uint32_t v)
{
	memcpy(p, &v, sizeof v);
}

/* ---- a number ---- */

static bool uint32_range(const NMEXPERTFIELD *r)
{
	uint32_t least, most;

	return bounds(r->Range, &least, &most);
}

static bool uint32_valid(const NMEXPERTFIELD *r, const uint8_t *p)
{
	uint32_t least, most;

	(void)bounds(r->Range, &least, &most);
	return get32(p) >= least && get32(p) <= most;
}

static bool uint32_parse(const NMEXPERTFIELD *r, const char *s, uint8_t *p, struct nm_diag *d)
{
	uint32_t least, most, v;

	(void)bounds(r->Range, &least, &most);
	if (!number(s, strlen(s), UINT32_MAX, &v) || v < least || v > most)
		return say(d, "'%s' is no number from %u to %u", s, least, most);
	put32(p, v);
	return true;
}

static void uint32_print(const NMEXPERTFIELD *r, const uint8_t *p, char *buf)
{
	(void)r;
	(void)snprintf(buf, NM_SETTING_TEXT, "%u", get32(p));
}

/* ---- yes or no ---- */

static bool no_range(const NMEXPERTFIELD *r)
{
	return !r->Range;
}

static bool bool_valid(const NMEXPERTFIELD *r, const uint8_t *p)
{
	(void)r;
	return get32(p) <= 1;
}

static bool bool_parse(const NMEXPERTFIELD *r, const char *s, uint8_t *p, struct nm_diag *d)
{
	static const char *const words[] = { "no", "yes", "off", "on", "false", "true", "0", "1" };

	(void)r;
	for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(s, words[i]) == 0) {
			put32(p, i & 1);
			return true;
		}
	return say(d, "'%s' is neither yes nor no", s);
}

static void bool_print(const NMEXPERTFIELD *r, const uint8_t *p, char *buf)
{
	(void)r;
	(void)snprintf(buf, NM_SETTING_TEXT, "%s", get32(p) ? "yes" : "no");
}

/* ---- words ---- */

static bool words_range(const NMEXPERTFIELD *r)
{
	return are_words(r->Range);
}

/* "is none of a, b, c", with the nearest if one is near. */
static bool no_word(const NMEXPERTFIELD *r, const char *s, size_t n, struct nm_diag *d)
{
	char list[NM_DIAG_TEXT], word[64], near[64] = "", one[64];
	size_t at = 0, k;
	unsigned most;
	const char *w;

	(void)snprintf(word, sizeof word, "%.*s", (int)(n < 63 ? n : 63), s);
	most = nm_near_most(word);
	list[0] = '\0';
	for (unsigned i = 0; (w = word_at(r->Range, i, &k)); i++) {
		(void)snprintf(one, sizeof one, "%.*s", (int)(k < 63 ? k : 63), w);
		if (nm_near_is(word, one, &most))
			memcpy(near, one, sizeof near);
		if (at < sizeof list - 100)
			at += (size_t)snprintf(
			    list + at, sizeof list - at, "%s%s", i ? ", " : "", one);
	}
	if (*near)
		return say(d, "'%s' is none of %s; did you mean '%s'?", word, list, near);
	return say(d, "'%s' is none of %s", word, list);
}

static bool choice_valid(const NMEXPERTFIELD *r, const uint8_t *p)
{
	return get32(p) < word_count(r->Range);
}

static bool choice_parse(const NMEXPERTFIELD *r, const char *s, uint8_t *p, struct nm_diag *d)
{
	int i = word_index(r->Range, s, strlen(s));

	if (i < 0)
		return no_word(r, s, strlen(s), d);
	put32(p, (uint32_t)i);
	return true;
}

static void choice_print(const NMEXPERTFIELD *r, const uint8_t *p, char *buf)
{
	size_t k = 0;
	const char *w = word_at(r->Range, get32(p), &k);

	(void)snprintf(buf, NM_SETTING_TEXT, "%.*s", (int)k, w ? w : "");
}

static bool flags_valid(const NMEXPERTFIELD *r, const uint8_t *p)
{
	return (uint64_t)get32(p) >> word_count(r->Range) == 0;
}

static bool flags_parse(const NMEXPERTFIELD *r, const char *s, uint8_t *p, struct nm_diag *d)
{
	uint32_t bits = 0;

	for (size_t n; *s; s += n + (s[n] == ',')) {
		int i = word_index(r->Range, s, n = strcspn(s, ","));

		if (i < 0)
			return no_word(r, s, n, d);
		bits |= UINT32_C(1) << i;
	}
	put32(p, bits);
	return true;
}

static void flags_print(const NMEXPERTFIELD *r, const uint8_t *p, char *buf)
{
	uint32_t bits = get32(p);
	const char *w;
	size_t k, at = 0;

	buf[0] = '\0';
	for (unsigned i = 0; i < 32 && (w = word_at(r->Range, i, &k)); i++)
		if (bits >> i & 1)
			at += (size_t)snprintf(
			    buf + at, NM_SETTING_TEXT - at, "%s%.*s", at ? "," : "", (int)k, w);
}

/* ---- text ---- */

static bool is_line(const char *s, size_t n)
{
	return nm_utf8_is_clean(s, n, false) && !memchr(s, '\n', n);
}

static bool string_valid(const NMEXPERTFIELD *r, const uint8_t *p)
{
	const uint8_t *end = memchr(p, 0, r->Size);

	return end && is_line((const char *)p, (size_t)(end - p));
}

static bool string_parse(const NMEXPERTFIELD *r, const char *s, uint8_t *p, struct nm_diag *d)
{
	size_t n = strlen(s);

	if (n >= r->Size)
		return say(d, "the text is longer than %u bytes", r->Size - 1);
	if (!is_line(s, n))
		return say(d, "the text has characters that can't be shown in a line");
	memset(p, 0, r->Size);
	memcpy(p, s, n);
	return true;
}

static void string_print(const NMEXPERTFIELD *r, const uint8_t *p, char *buf)
{
	(void)snprintf(buf, NM_SETTING_TEXT, "%.*s", (int)r->Size - 1, (const char *)p);
}

/* ---- numbers ---- */

static bool list_valid(const NMEXPERTFIELD *r, const uint8_t *p)
{
	bool ended = false;

	for (uint32_t i = 0; i < r->Size; i += 2) {
		if (ended && get16(p + i))
			return false;
		ended |= !get16(p + i);
	}
	return true;
}

static bool list_parse(const NMEXPERTFIELD *r, const char *s, uint8_t *p, struct nm_diag *d)
{
	uint8_t list[ARRAY_MOST] = { 0 };
	uint32_t at = 0, v;

	for (size_t n; *s; s += n + (s[n] == ',')) {
		n = strcspn(s, ",");
		if (!number(s, n, UINT16_MAX, &v) || v == 0)
			return say(
			    d, "'%.*s' is no number from 1 to 65535", (int)(n < 63 ? n : 63), s);
		if (at == r->Size)
			return say(d, "more than %u numbers", r->Size / 2);
		memcpy(list + at, &(uint16_t){ (uint16_t)v }, 2);
		at += 2;
	}
	memcpy(p, list, r->Size);
	return true;
}

static void list_print(const NMEXPERTFIELD *r, const uint8_t *p, char *buf)
{
	size_t at = 0;

	buf[0] = '\0';
	for (uint32_t i = 0; i < r->Size && get16(p + i); i += 2)
		at += (size_t)snprintf(
		    buf + at, NM_SETTING_TEXT - at, "%s%u", at ? "," : "", get16(p + i));
}

/* ---- types --------------------------------------------------------------------------- */

static const struct type {
	const char *kind;
	uint32_t size; /* 0: an array */
	uint32_t unit; /* of the array */
	bool (*range)(const NMEXPERTFIELD *r);
	bool (*valid)(const NMEXPERTFIELD *r, const uint8_t *p);
	bool (*parse)(const NMEXPERTFIELD *r, const char *s, uint8_t *p, struct nm_diag *d);
	void (*print)(const NMEXPERTFIELD *r, const uint8_t *p, char *buf);
} types[] = {
	[NMFIELD_UINT32] = { "number", 4, 4, uint32_range, uint32_valid, uint32_parse,
	    uint32_print },
	[NMFIELD_BOOL] = { "yes or no", 4, 4, no_range, bool_valid, bool_parse, bool_print },
	[NMFIELD_CHOICE] = { "one of", 4, 4, words_range, choice_valid, choice_parse,
	    choice_print },
	[NMFIELD_FLAGS] = { "some of", 4, 4, words_range, flags_valid, flags_parse, flags_print },
	[NMFIELD_STRING] = { "text", 0, 1, no_range, string_valid, string_parse, string_print },
	[NMFIELD_UINT16_LIST] = { "numbers", 0, 2, no_range, list_valid, list_parse, list_print },
};

#define TYPES (sizeof types / sizeof *types)

const char *nm_setting_kind(uint32_t type)
{
	return type < TYPES && types[type].kind ? types[type].kind : "";
}

/* ---- tables ---------------------------------------------------------------------------- */

size_t nm_setting_name(const char *s)
{
	size_t n = 0;

	if (*s < 'a' || *s > 'z')
		return 0;
	while (is_name_char(s[n]))
		n++;
	return s[n] == '=' ? n : 0;
}

char nm_settings_mark(const char *s)
{
	if (nm_setting_name(s))
		return ',';
	return *s && strchr(NM_SETTING_MARKS, *s) && nm_setting_name(s + 1) ? *s : '\0';
}

static bool is_name(const char *s)
{
	size_t n = 0;

	if (!s || *s < 'a' || *s > 'z')
		return false;
	while (n <= NAME_MOST && is_name_char(s[n]))
		n++;
	return !s[n] && n <= NAME_MOST;
}

static bool is_short_line(const char *s)
{
	size_t n = s ? strnlen(s, LINE_MOST + 1) : 0;

	return n <= LINE_MOST && (!s || is_line(s, n));
}

/* What is wrong with a row by itself; NULL: nothing. */
static const char *row_fault(const NMEXPERTFIELD *r)
{
	const struct type *t = r->Type < TYPES && types[r->Type].kind ? &types[r->Type] : NULL;
	uint8_t value[ARRAY_MOST];

	if (!is_name(r->Name))
		return "its name is none";
	if (!t)
		return "there is no such type";
	if (t->size ? r->Size != t->size : !r->Size || r->Size > ARRAY_MOST || r->Size % t->unit)
		return "its size is not one of its type";
	if (r->Offset > NM_SETTINGS_BYTES - HEAD - r->Size)
		return "it lies beyond the largest table";
	if (!is_short_line(r->Default) || !is_short_line(r->Range) || !is_short_line(r->Help))
		return "a text is longer than a line or can't be shown";
	if (!t->range(r))
		return "its range is none";
	if (!t->parse(r, r->Default ? r->Default : "", value, NULL))
		return "its default is no value of its own";
	return NULL;
}

bool nm_settings_check(const NMEXPERTFIELD *rows, unsigned n, struct nm_diag *d)
{
	if (n == 0 || n > NM_SETTINGS_MOST)
		return say(
		    d, "a table of settings has 1 to %d rows before the last", NM_SETTINGS_MOST);
	for (unsigned i = 0; i < n; i++) {
		const NMEXPERTFIELD *r = &rows[i];
		const char *fault = row_fault(r);

		for (unsigned k = 0; k < i && !fault; k++) {
			if (strcmp(r->Name, rows[k].Name) == 0)
				fault = "there is another of its name";
			else if (r->Offset < rows[k].Offset + rows[k].Size &&
				 rows[k].Offset < r->Offset + r->Size)
				fault = "it overlaps another";
		}
		if (fault)
			return say(d, "row %u of the table of settings%s%.40s%s: %s", i + 1,
			    is_name(r->Name) ? ", '" : "", is_name(r->Name) ? r->Name : "",
			    is_name(r->Name) ? "'" : "", fault);
	}
	return true;
}

uint32_t nm_settings_length(const NMEXPERTFIELD *rows, unsigned n)
{
	uint32_t end = 0;

	for (unsigned i = 0; i < n; i++)
		if (rows[i].Offset + rows[i].Size > end)
			end = rows[i].Offset + rows[i].Size;
	return HEAD + (end + 3) / 4 * 4;
}

struct nm_settings_kept nm_settings_fill(
    const NMEXPERTFIELD *rows, unsigned n_rows, const uint8_t *stored, size_t n, uint8_t *blob)
{
	uint32_t length = nm_settings_length(rows, n_rows);
	struct nm_settings_kept kept = { 0 };

	memset(blob, 0, length);
	put32(blob, length);
	for (unsigned i = 0; i < n_rows; i++) {
		const NMEXPERTFIELD *r = &rows[i];
		const struct type *t = &types[r->Type];
		bool there = stored && HEAD + r->Offset + r->Size <= n;

		(void)t->parse(r, r->Default ? r->Default : "", blob + HEAD + r->Offset, NULL);
		if (there && t->valid(r, stored + HEAD + r->Offset)) {
			memcpy(blob + HEAD + r->Offset, stored + HEAD + r->Offset, r->Size);
			continue;
		}
		if (stored && !kept.first)
			kept.first = r->Name;
		kept.wrong += there;
		kept.missing += stored && !there;
	}
	return kept;
}

bool nm_setting_put(const NMEXPERTFIELD *row, const char *text, uint8_t *blob, struct nm_diag *d)
{
	return types[row->Type].parse(row, text, blob + HEAD + row->Offset, d);
}

const char *nm_setting_text(const NMEXPERTFIELD *row, const uint8_t *blob, char *buf)
{
	types[row->Type].print(row, blob + HEAD + row->Offset, buf);
	return buf;
}

const NMEXPERTFIELD *nm_setting_find(
    const NMEXPERTFIELD *rows, unsigned n, const char *name, size_t name_n, const char **ret_near)
{
	char word[NAME_MOST + 1];
	unsigned most;

	*ret_near = NULL;
	if (name_n > NAME_MOST)
		return NULL;
	memcpy(word, name, name_n);
	word[name_n] = '\0';
	most = nm_near_most(word);
	for (unsigned i = 0; i < n; i++)
		if (strcmp(word, rows[i].Name) == 0)
			return &rows[i];
	for (unsigned i = 0; i < n; i++)
		if (nm_near_is(word, rows[i].Name, &most))
			*ret_near = rows[i].Name;
	return NULL;
}
