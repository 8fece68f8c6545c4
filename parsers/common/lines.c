/* SPDX-License-Identifier: MIT */
/* Lines, words and header fields. */
#include "lines.h"

#include <strings.h>

#define LINE_SHOWN 200u /* bytes of a line in a summary */

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

bool line_at(const struct header *h, DWORD at, struct line *ret)
{
	const uint8_t *end;
	DWORD size;

	if (at >= h->left)
		return false;
	end = memchr(h->p + at, '\n', h->left - at);
	size = end ? (DWORD)(end - (h->p + at)) : h->left - at;
	ret->next = at + size + (end != NULL);
	ret->whole = end != NULL;
	if (end && size > 0 && end[-1] == '\r')
		size--;
	ret->text = (struct part){ at, size };
	return true;
}

struct part word_take(const struct header *h, struct part *rest)
{
	struct part word = { rest->at, 0 };
	DWORD end = rest->at + rest->size;

	while (word.at + word.size < end && !is_blank(h->p[word.at + word.size]))
		word.size++;
	rest->at = word.at + word.size;
	while (rest->at < end && is_blank(h->p[rest->at]))
		rest->at++;
	rest->size = end - rest->at;
	return word;
}

bool part_begins(const struct header *h, struct part p, const char *text)
{
	size_t n = strlen(text);

	return p.size >= n && strncasecmp((const char *)h->p + p.at, text, n) == 0;
}

bool part_is(const struct header *h, struct part p, const char *text)
{
	return p.size == strlen(text) && part_begins(h, p, text);
}

static unsigned digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10u : 16;
}

bool part_number(const struct header *h, struct part p, unsigned base, uint64_t *ret)
{
	uint64_t v = 0;

	for (DWORD i = 0; i < p.size; i++) {
		unsigned d = digit(h->p[p.at + i]);

		if (d >= base || v > (UINT64_MAX - d) / base)
			return false;
		v = v * base + d;
	}
	*ret = v;
	return p.size > 0;
}

DWORD part_find(const struct header *h, struct part p, char c)
{
	const uint8_t *at = memchr(h->p + p.at, c, p.size);

	return at ? (DWORD)(at - h->p) : p.at + p.size;
}

bool part_is_text(const struct header *h, struct part p)
{
	for (DWORD i = 0; i < p.size; i++)
		if (h->p[p.at + i] < ' ' || h->p[p.at + i] > '~')
			return false;
	return true;
}

void part_attach(const struct header *h, const struct field *f, struct part p, DWORD flags)
{
	uint64_t v;

	if (f->type == PROP_TYPE_STRING || f->type == PROP_TYPE_COMMENT)
		field_attach_at(h, f, p.at, p.size, flags);
	else if (part_number(h, p, 10, &v) && (f->size == 8 || v >> 8 * f->size == 0))
		field_attach_value(h, f, p.at, p.size, &v, f->size, flags);
	else
		field_attach_at(h, f, p.at, 0, flags | IFLAG_ERROR); /* no value */
}

void parts_attach(const struct header *h, const struct field *f, struct part p, char c)
{
	DWORD end = p.at + p.size;

	for (unsigned i = 0; i < PARTS_MOST && p.at < end; i++) {
		struct part one = { p.at, part_find(h, p, c) - p.at };

		p.at += one.size + 1;
		p.size = p.at < end ? end - p.at : 0;
		while (one.size > 0 && is_blank(h->p[one.at]))
			one.at++, one.size--;
		while (one.size > 0 && is_blank(h->p[one.at + one.size - 1]))
			one.size--;
		if (one.size)
			part_attach(h, f, one, 0);
	}
}

/* ---- header fields ---------------------------------------------------------------------- */

/* "Name:  value  ": false: it is none. */
static bool split(const struct header *h, struct part line, struct part *name, struct part *value)
{
	DWORD end = line.at + line.size, colon = part_find(h, line, ':');

	if (colon == end || line.size == 0 || is_blank(h->p[line.at]))
		return false;
	*name = (struct part){ line.at, colon - line.at };
	*value = (struct part){ colon + 1, end - colon - 1 };
	while (value->size > 0 && is_blank(h->p[value->at]))
		value->at++, value->size--;
	while (value->size > 0 && is_blank(h->p[value->at + value->size - 1]))
		value->size--;
	return true;
}

static void attach_header(
    const struct line_headers *l, const struct header *h, const struct line *line)
{
	struct part name, value;
	bool known = false, good = split(h, line->text, &name, &value);

	for (unsigned i = 0; good && i < l->n; i++)
		if (part_is(h, name, l->rows[i].name)) {
			part_attach(h, &l->fields[l->rows[i].row], value, 0);
			if (l->parts)
				l->parts(l, h, l->rows[i].row, value);
			known = true;
		}
	if (!known)
		part_attach(h, &l->fields[l->unknown], line->text, 0);
}

/* The line at `at`, with those behind it that begin with a blank: they continue it. */
static bool folded_at(const struct header *h, DWORD at, struct line *ret)
{
	struct line more;

	if (!line_at(h, at, ret))
		return false;
	while (ret->text.size > 0 && ret->next < h->left && is_blank(h->p[ret->next]) &&
	       line_at(h, ret->next, &more)) {
		ret->text.size = more.text.at + more.text.size - at;
		ret->next = more.next;
		ret->whole = more.whole;
	}
	return true;
}

DWORD headers_attach(const struct line_headers *l, const struct header *h, DWORD at, unsigned line)
{
	struct line each;

	for (unsigned i = 0; i < ELEMENTS_MOST && folded_at(h, at, &each); i++, at = each.next) {
		if (each.whole && each.text.size == 0)
			return each.next;
		if (line)
			field_attach_at(h, &l->fields[line], at, each.next - at, 0);
		attach_header(l, h, &each);
	}
	return h->left;
}

struct part header_find(const struct header *h, DWORD at, const char *name, DWORD *end)
{
	struct part found = { 0, 0 }, this, value;
	struct line each;

	for (; folded_at(h, at, &each); at = each.next) {
		if (each.whole && each.text.size == 0) {
			*end = each.next;
			return found;
		}
		if (found.size == 0 && split(h, each.text, &this, &value) && part_is(h, this, name))
			found = value;
	}
	*end = h->left;
	return found;
}

/* ---- text --------------------------------------------------------------------------------- */

void text_put_bytes(LPPROPERTYINST i, const uint8_t *p, size_t n)
{
	char text[LINE_SHOWN + 1];

	if (n > LINE_SHOWN)
		n = LINE_SHOWN;
	for (size_t k = 0; k < n; k++)
		text[k] = p[k] >= ' ' && p[k] <= '~' ? (char)p[k] : '.';
	text_put(i, "%.*s", (int)n, text);
}

void text_put_line(LPPROPERTYINST i)
{
	const struct header h = { NULL, i->lpByte, i->DataLength };
	struct line first;

	if (line_at(&h, 0, &first))
		text_put_bytes(i, h.p, first.text.size);
}

void format_line(LPPROPERTYINST i, HFRAME frame)
{
	(void)frame;
	text_put_line(i);
}
