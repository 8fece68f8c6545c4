/* SPDX-License-Identifier: MIT */
/* JSON from values that may be anything. */
#include "report/json_write.h"

#include "base/utf8.h"
#include "report/value.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- building --------------------------------------------------------------- */

void nm_json_put(struct nm_json *j, json_t *obj, const char *key, json_t *value)
{
	if (json_object_set_new_nocheck(obj, key, value) != 0)
		j->failed = true;
}

void nm_json_append(struct nm_json *j, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) != 0)
		j->failed = true;
}

json_t *nm_json_object_in(struct nm_json *j, json_t *parent, const char *key)
{
	json_t *o = json_object();

	nm_json_put(j, parent, key, o);
	return o;
}

json_t *nm_json_list_in(struct nm_json *j, json_t *parent, const char *key)
{
	json_t *list = json_array();

	nm_json_put(j, parent, key, list);
	return list;
}

json_t *nm_json_append_object(struct nm_json *j, json_t *list)
{
	json_t *o = json_object();

	nm_json_append(j, list, o);
	return o;
}

/* The string in j->text. */
json_t *nm_json_made(struct nm_json *j)
{
	return j->text.failed ? NULL
			      : json_stringn_nocheck(j->text.data ? j->text.data : "", j->text.n);
}

json_t *nm_json_string(struct nm_json *j, const char *s)
{
	nm_buf_reset(&j->text);
	nm_buf_utf8(&j->text, s);
	return nm_json_made(j);
}

void nm_json_text(struct nm_json *j, json_t *obj, const char *key, const char *s)
{
	nm_json_put(j, obj, key, nm_json_string(j, s));
}

/* Left out when there is nothing to say. */
void nm_json_text_known(struct nm_json *j, json_t *obj, const char *key, const char *s)
{
	if (s && *s)
		nm_json_text(j, obj, key, s);
}

void nm_json_int(struct nm_json *j, json_t *obj, const char *key, uint64_t n)
{
	nm_json_put(j, obj, key, json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n));
}

void nm_json_bool(struct nm_json *j, json_t *obj, const char *key, bool v)
{
	nm_json_put(j, obj, key, json_boolean(v));
}

/* 15 digits are what a double always holds; a few need 16 or 17 to be read back
 * as the same number. A line is printed with the most any of its reals needs. */
static void note_real(struct nm_json *j, double d)
{
	char s[40];

	while (j->digits < 17) {
		(void)snprintf(s, sizeof s, "%.*g", j->digits, d);
		if (!(strtod(s, NULL) < d || strtod(s, NULL) > d))
			break;
		j->digits++;
	}
}

json_t *nm_json_real(struct nm_json *j, double d)
{
	if (!isfinite(d))
		return json_null(); /* JSON has no other number for it */
	note_real(j, d);
	return json_real(d);
}

void nm_json_iso_ns(struct nm_json *j, json_t *obj, const char *key, int64_t ns)
{
	nm_buf_reset(&j->text);
	nm_buf_iso_ns(&j->text, ns);
	nm_json_put(j, obj, key, nm_json_made(j));
}

/* ---- writing ---------------------------------------------------------------- */

static int collect(const char *p, size_t n, void *ctx)
{
	struct nm_buf *b = ctx;

	nm_buf_add(b, p, n);
	return b->failed ? -1 : 0;
}

/* Length and code point of a character at s that JSON lets through and a
 * terminal should not get; 0 when s is harmless. Such characters occur only
 * inside strings, where an escape means the same. */
static unsigned hidden_control(const char *s, size_t left, uint32_t *ret_cp)
{
	unsigned len;

	if ((uint8_t)s[0] < 0x7f)
		return 0;
	len = nm_utf8_next(s, left, ret_cp);
	return len && !nm_cp_is_printable(*ret_cp) ? len : 0;
}

static void write_line(struct nm_json *j)
{
	const char *s = j->line.data;
	size_t left = j->line.n, run = 0;
	char escape[8];
	uint32_t cp = 0;

	while (run < left) {
		unsigned len = hidden_control(s + run, left - run, &cp);

		if (len == 0) {
			run++;
			continue;
		}
		nm_out_write(j->out, s, run);
		(void)snprintf(escape, sizeof escape, "\\u%04x", cp & 0xffff);
		nm_out_puts(j->out, escape);
		s += run + len;
		left -= run + len;
		run = 0;
	}
	nm_out_write(j->out, s, run);
	nm_out_puts(j->out, "\n");
}

json_t *nm_json_begin(struct nm_json *j)
{
	json_t *root = json_object();

	j->failed = root == NULL;
	j->digits = 15;
	return root;
}

static void dump(struct nm_json *j, json_t *root, size_t more)
{
	size_t flags = JSON_COMPACT | JSON_REAL_PRECISION((size_t)j->digits) | more;

	nm_buf_reset(&j->line);
	if (!j->failed && json_dump_callback(root, collect, &j->line, flags) == 0)
		write_line(j);
	else
		nm_out_fail(j->out, ENOMEM);
	json_decref(root);
}

void nm_json_end(struct nm_json *j, json_t *root)
{
	dump(j, root, 0);
}

void nm_json_end_members(struct nm_json *j, json_t *root)
{
	dump(j, root, JSON_EMBED);
}

/* ---- columns ---------------------------------------------------------------- */

static json_t *vartime_value(struct nm_json *j, double days)
{
	struct nm_systime t = { 0 };

	if (!nm_vartime_systime(days, &t))
		return json_null();
	nm_buf_reset(&j->text);
	nm_buf_iso(&j->text, &t);
	return nm_json_made(j);
}

static json_t *address_value(struct nm_json *j, const struct nm_column *c)
{
	nm_buf_reset(&j->text);
	nm_buf_address(&j->text, c, NM_ADDRESS_COLONS);
	return nm_json_made(j);
}

static json_t *column_value(struct nm_json *j, const struct nm_column *c)
{
	switch (c->type) {
	case NM_COL_UINT8:
	case NM_COL_UINT16:
	case NM_COL_UINT32: return json_integer((json_int_t)c->v.u);
	case NM_COL_SINT8:
	case NM_COL_SINT16:
	case NM_COL_SINT32: return json_integer(c->v.s);
	case NM_COL_FLOAT64: return nm_json_real(j, c->v.d);
	case NM_COL_FRAME:
		return nm_column_has_frame(c) ? json_integer((json_int_t)c->v.u + 1) : json_null();
	case NM_COL_YESNO:
	case NM_COL_ONOFF:
	case NM_COL_TRUEFALSE: return json_boolean(c->v.u != 0);
	case NM_COL_MACADDR:
	case NM_COL_IPXADDR:
	case NM_COL_IPADDR: return address_value(j, c);
	case NM_COL_VARTIME: return vartime_value(j, c->v.d);
	case NM_COL_STRING: return nm_json_string(j, c->v.str);
	default: return json_null(); /* the decoder lets no other type through */
	}
}

void nm_json_columns(struct nm_json *j, json_t *e, const struct nm_event *ev)
{
	json_t *list = json_array();

	nm_json_put(j, e, "columns", list);
	for (uint32_t i = 0; i < ev->n_columns && !j->failed; i++) {
		const struct nm_column *c = &ev->columns[i];
		json_t *o = nm_json_append_object(j, list);

		nm_json_text(j, o, "name", c->name);
		nm_json_text(j, o, "type", nm_column_type_word(c->type));
		nm_json_put(j, o, "value", column_value(j, c));
	}
}

void nm_json_done(struct nm_json *j)
{
	nm_buf_done(&j->text);
	nm_buf_done(&j->line);
}
