/* SPDX-License-Identifier: MIT */
/* HTML to text: words go out one by one, and elements say what comes between them. */
#include "base/eventpage.h"
#include "base/plugin.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MAX_ 16u /* bytes of the name of an element or a character that is known */
#define INDENT    4u  /* of everything that is no heading */
#define DEEPEST   8u  /* list that is indented further */

struct page {
	const char *p, *end; /* what is still to be read */
	unsigned width;
	char *out; /* owned */
	size_t n, room;
	bool failed;                    /* out of memory */
	unsigned column, breaks, depth; /* characters in this line; line feeds owed; of lists */
	bool space, heading, pre, item; /* a space is owed; an item's mark is */
};

/* ---- output ------------------------------------------------------------------- */

static void put(struct page *g, const char *s, size_t n)
{
	if (g->room - g->n <= n) {
		size_t room = g->room * 2 + n + 256;
		char *bigger = g->failed ? NULL : realloc(g->out, room);

		if (!bigger) {
			g->failed = true;
			return;
		}
		g->out = bigger;
		g->room = room;
	}
	memcpy(g->out + g->n, s, n);
	g->n += n;
}

static unsigned left_of(const struct page *g)
{
	unsigned depth = g->depth < DEEPEST ? g->depth : DEEPEST;

	return g->heading ? 0 : INDENT + 2 * depth;
}

static void begin_line(struct page *g)
{
	static const char spaces[INDENT + 2 * DEEPEST + 1] = "                    ";
	unsigned left = left_of(g);

	if (g->item && left >= 2) {
		put(g, spaces, left - 2);
		put(g, "- ", 2);
	} else {
		put(g, spaces, left);
	}
	g->item = false;
	g->column = left;
}

/* A word, so many characters wide. */
static void put_word(struct page *g, const char *s, size_t n, unsigned wide)
{
	if (g->breaks == 0 && g->space && g->column + 1 + wide > g->width)
		g->breaks = 1;
	if (g->n == 0)
		begin_line(g);
	else if (g->breaks > 0) {
		put(g, "\n\n", g->breaks);
		begin_line(g);
	} else if (g->space) {
		put(g, " ", 1);
		g->column++;
	}
	g->breaks = 0;
	g->space = false;
	put(g, s, n);
	g->column += wide;
}

/* At least so many line feeds before the next word. */
static void end_line(struct page *g, unsigned breaks)
{
	if (g->breaks < breaks)
		g->breaks = breaks;
	g->space = false;
}

/* ---- characters -------------------------------------------------------------------- */

static size_t encode(uint32_t cp, char s[static 4])
{
	if (cp < 0x80) {
		s[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		s[0] = (char)(0xc0 | cp >> 6);
		s[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		s[0] = (char)(0xe0 | cp >> 12);
		s[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		s[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	s[0] = (char)(0xf0 | cp >> 18);
	s[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	s[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	s[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

/* "#8211" or "#x2013" without its marks; 0 when it is none. */
static uint32_t numbered(const char *s, size_t n)
{
	char digits[NAME_MAX_] = { 0 }, *end;
	bool hex = n > 1 && (s[1] == 'x' || s[1] == 'X');
	size_t from = hex ? 2 : 1;
	unsigned long v;

	if (n <= from || n - from > 8)
		return 0;
	memcpy(digits, s + from, n - from);
	if (strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789") != n - from)
		return 0;
	v = strtoul(digits, &end, hex ? 16 : 10);
	return v > 0x10ffff || (v >= 0xd800 && v < 0xe000) ? 0xfffd : (uint32_t)v;
}

/* The character that "&name;" at p stands for, and how long that is; 0: it is none. */
static uint32_t entity(const struct page *g, size_t *ret_n)
{
	static const struct {
		const char *name;
		uint32_t cp;
	} names[] = { { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' },
		{ "apos", '\'' }, { "nbsp", 0xa0 }, { "ndash", 0x2013 }, { "mdash", 0x2014 },
		{ "hellip", 0x2026 }, { "micro", 0xb5 }, { "times", 0xd7 }, { "le", 0x2264 },
		{ "ge", 0x2265 } };
	size_t left = (size_t)(g->end - g->p), n = 1;

	while (n < left && n < NAME_MAX_ && g->p[n] != ';')
		n++;
	if (n >= left || g->p[n] != ';' || n < 2)
		return 0;
	*ret_n = n + 1;
	if (g->p[1] == '#')
		return numbered(g->p + 1, n - 1);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i].name) == n - 1 && memcmp(names[i].name, g->p + 1, n - 1) == 0)
			return names[i].cp;
	return 0;
}

/* The next character of text, and how many bytes it takes. */
static uint32_t next_cp(const struct page *g, size_t *ret_n)
{
	uint32_t cp = 0xfffd;

	if (*g->p == '&' && (cp = entity(g, ret_n)) != 0)
		return nm_cp_is_printable(cp) ? cp : 0xfffd;
	*ret_n = nm_utf8_next(g->p, (size_t)(g->end - g->p), &cp);
	if (*ret_n == 0 || !nm_cp_is_printable(cp)) {
		*ret_n = *ret_n ? *ret_n : 1;
		return 0xfffd;
	}
	return cp;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* ---- elements ------------------------------------------------------------------------ */

enum effect { NONE, LINE, BLOCK, HEADING, LIST, ITEM, CELL, PRE, HIDDEN };

static enum effect effect_of(const char *name)
{
	static const struct {
		const char *name;
		enum effect effect;
	} elements[] = { { "p", BLOCK }, { "div", BLOCK }, { "table", BLOCK },
		{ "blockquote", BLOCK }, { "dl", BLOCK }, { "section", BLOCK }, { "body", BLOCK },
		{ "h1", HEADING }, { "h2", HEADING }, { "h3", HEADING }, { "h4", HEADING },
		{ "h5", HEADING }, { "h6", HEADING }, { "ul", LIST }, { "ol", LIST },
		{ "li", ITEM }, { "br", LINE }, { "tr", LINE }, { "hr", LINE }, { "dt", LINE },
		{ "dd", LINE }, { "td", CELL }, { "th", CELL }, { "pre", PRE },
		{ "script", HIDDEN }, { "style", HIDDEN }, { "title", HIDDEN },
		{ "noscript", HIDDEN }, { "template", HIDDEN } };

	for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
		if (strcasecmp(elements[i].name, name) == 0)
			return elements[i].effect;
	return NONE;
}

static void open_or_close(struct page *g, enum effect effect, bool opens)
{
	switch (effect) {
	case LINE: end_line(g, 1); break;
	case BLOCK: end_line(g, 2); break;
	case HEADING:
		end_line(g, opens ? 2 : 1);
		g->heading = opens;
		break;
	case LIST:
		end_line(g, g->depth > !opens ? 1 : 2);
		if (opens)
			g->depth++;
		else if (g->depth > 0)
			g->depth--;
		break;
	case ITEM:
		end_line(g, 1);
		g->item = opens;
		break;
	case CELL: g->space = true; break;
	case PRE:
		end_line(g, 2);
		g->pre = opens;
		break;
	default: break;
	}
}

/* Behind "</name>" of a hidden element; at the page's end when there is none. A page is
 * searched once for each name: what follows the last one is hidden too. */
static void skip_hidden(struct page *g, const char *name)
{
	size_t n = strlen(name);

	for (; g->end - g->p > (ptrdiff_t)n + 2; g->p++)
		if (g->p[0] == '<' && g->p[1] == '/' && strncasecmp(g->p + 2, name, n) == 0) {
			const char *close = memchr(g->p, '>', (size_t)(g->end - g->p));

			g->p = close ? close + 1 : g->end;
			return;
		}
	g->p = g->end;
}

/* The '>' that ends the tag at p: not one between quotes. end when there is none. */
static const char *tag_end(const struct page *g)
{
	char quote = 0;

	for (const char *p = g->p; p < g->end; p++)
		if (quote) {
			if (*p == quote)
				quote = 0;
		} else if (*p == '"' || *p == '\'') {
			quote = *p;
		} else if (*p == '>') {
			return p;
		}
	return g->end;
}

static void skip_comment(struct page *g)
{
	g->p += 4;
	while (g->end - g->p >= 3 && memcmp(g->p, "-->", 3) != 0)
		g->p++;
	g->p = g->end - g->p >= 3 ? g->p + 3 : g->end;
}

/* A tag, a comment or a declaration at p. False: '<' is a character like others. */
static bool take_tag(struct page *g)
{
	char name[NAME_MAX_] = { 0 };
	const char *end;
	size_t left = (size_t)(g->end - g->p), n = 0;
	bool opens = left < 2 || g->p[1] != '/';
	const char *at = g->p + (opens ? 1 : 2);
	enum effect effect;

	if (left >= 4 && memcmp(g->p, "<!--", 4) == 0) {
		skip_comment(g);
		return true;
	}
	for (; at + n < g->end && n + 1 < NAME_MAX_; n++) {
		if (!((at[n] | 0x20) >= 'a' && (at[n] | 0x20) <= 'z') &&
		    !(n && at[n] >= '0' && at[n] <= '9'))
			break;
		name[n] = at[n];
	}
	if (n == 0 && !(left >= 2 && (g->p[1] == '!' || g->p[1] == '?')))
		return false;
	end = tag_end(g);
	g->p = end < g->end ? end + 1 : end;
	effect = effect_of(name);
	if (effect == HIDDEN && opens)
		skip_hidden(g, name);
	else
		open_or_close(g, effect, opens);
	return true;
}

/* ---- text ---------------------------------------------------------------------------- */

static void take_word(struct page *g)
{
	char word[256];
	size_t n = 0;
	unsigned wide = 0;

	/* '<' that is no tag begins a word. */
	while (g->p < g->end && !is_blank(*g->p) && (*g->p != '<' || wide == 0) &&
	       n + 4 <= sizeof word) {
		size_t takes;

		n += encode(next_cp(g, &takes), word + n);
		g->p += takes;
		wide++;
	}
	put_word(g, word, n, wide);
}

static void take_blank(struct page *g)
{
	if (g->pre && *g->p == '\n')
		end_line(g, 1);
	else
		g->space = true;
	g->p++;
}

char *nm_event_page_text(const char *html, size_t n, unsigned width)
{
	struct page g = { .p = html, .end = html + n, .width = width };

	while (g.p < g.end && !g.failed)
		if (is_blank(*g.p))
			take_blank(&g);
		else if (*g.p != '<' || !take_tag(&g))
			take_word(&g);
	put(&g, "", 1); /* its NUL */
	if (g.failed) {
		free(g.out);
		return NULL;
	}
	return g.out;
}

/* ---- what it says of itself ------------------------------------------------------------- */

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && (is_blank(*p) || *p == '/'))
		p++;
	return p;
}

/* The value of an attribute among those from p to end, between its quotes; NULL: none. */
static const char *attribute(const char *p, const char *end, const char *name, size_t *ret_n)
{
	while ((p = skip_blanks(p, end)) < end) {
		const char *key = p, *value = NULL, *stop;
		size_t key_n;

		while (p < end && !is_blank(*p) && *p != '=' && *p != '/')
			p++;
		key_n = (size_t)(p - key);
		p = skip_blanks(p, end);
		if (p < end && *p == '=') {
			value = skip_blanks(p + 1, end);
			stop = value;
			if (value < end && (*value == '"' || *value == '\'')) {
				value++;
				stop = memchr(value, value[-1], (size_t)(end - value));
				stop = stop ? stop : end;
			} else {
				while (stop < end && !is_blank(*stop))
					stop++;
			}
			*ret_n = (size_t)(stop - value);
			p = stop < end ? stop + 1 : end;
		}
		if (value && key_n == strlen(name) && strncasecmp(key, name, key_n) == 0)
			return value;
	}
	return NULL;
}

/* The content of the <meta> from tag to end, when that is its name; NULL: it is not. */
static char *meta_content(const char *tag, const char *end, const char *name)
{
	static const char element[] = "<meta";
	size_t n = sizeof element - 1, said_n, value_n;
	const char *said, *value;

	if ((size_t)(end - tag) <= n || strncasecmp(tag, element, n) != 0 ||
	    !(is_blank(tag[n]) || tag[n] == '/'))
		return NULL;
	said = attribute(tag + n, end, "name", &said_n);
	value = attribute(tag + n, end, "content", &value_n);
	if (!said || !value || said_n != strlen(name) || strncasecmp(said, name, said_n) != 0)
		return NULL;
	return strndup(value, value_n);
}

char *nm_event_page_meta(const char *html, size_t n, const char *name)
{
	struct page g = { .p = html, .end = html + n };
	char *content = NULL;

	while (g.p < g.end && !content) {
		const char *tag = g.p;

		if (*tag == '<' && take_tag(&g))
			content = meta_content(tag, g.p[-1] == '>' ? g.p - 1 : g.p, name);
		else
			g.p++;
	}
	return content;
}

/* ---- files ----------------------------------------------------------------------------- */

char *nm_event_page_stem(const char *expert_path)
{
	return strndup(expert_path, nm_plugin_stem(expert_path));
}

static const char irregular[] = "not a regular file";

/* Why it could not be opened: not every system opens a folder. */
static const char *why_not(const char *path, int err)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode) ? irregular : strerror(err);
}

/* Up to NM_EVENT_PAGE_MAX + 1 bytes of a regular file; NULL, and why. */
static char *read_file(const char *path, size_t *ret_n, const char **ret_why)
{
	/* A pipe must not make anybody wait. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char *html = NULL;
	struct stat st;
	ssize_t n = -1;

	if (fd < 0)
		*ret_why = why_not(path, errno);
	else if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		*ret_why = irregular;
	else if (!(html = malloc(NM_EVENT_PAGE_MAX + 1)) ||
		 (n = read(fd, html, NM_EVENT_PAGE_MAX + 1)) < 0)
		*ret_why = strerror(errno);
	if (fd >= 0)
		(void)close(fd);
	if (n < 0) {
		free(html);
		return NULL;
	}
	*ret_n = (size_t)n;
	return html;
}

char *nm_event_page_load(const char *stem, uint32_t ident, size_t *ret_n, const char **ret_why)
{
	char path[PATH_MAX], *html;
	int n = snprintf(path, sizeof path, "%s%" PRIu32 ".htm", stem, ident);

	*ret_why = NULL;
	if (n < 0 || (size_t)n >= sizeof path) {
		*ret_why = "the path is too long";
		return NULL;
	}
	html = read_file(path, ret_n, ret_why);
	if (html && *ret_n > NM_EVENT_PAGE_MAX) {
		*ret_why = "larger than 1 MiB: that is no page";
		free(html);
		return NULL;
	}
	return html;
}

char *nm_event_page_read(const char *stem, uint32_t ident, unsigned width, const char **ret_why)
{
	size_t n;
	char *html = nm_event_page_load(stem, ident, &n, ret_why), *text;

	if (!html)
		return NULL;
	text = nm_event_page_text(html, n, width);
	if (!text)
		*ret_why = strerror(ENOMEM);
	free(html);
	return text;
}
