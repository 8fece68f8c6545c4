/* SPDX-License-Identifier: MIT */
/* The `json` report: one object a line. Every field is described in docs/json.md.
 *
 * Keys are never built from data, a field has one type wherever it appears, and
 * what is not known is left out. A line that can't be built whole is not written. */
#include "base/utf8.h"
#include "report/buf.h"
#include "report/report.h"
#include "report/value.h"
#include "report/words.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct json {
	struct nm_out *out; /* borrowed */
	struct nm_buf text; /* the string being made fit for JSON */
	struct nm_buf line;
	struct nm_buf part; /* a line of a longer text */
	char *capture;      /* owned: path of the current capture */
	char *expert;       /* owned: file name of the current expert */
	int digits;         /* of the reals of the current line, see note_real() */
	bool bill;
	bool failed; /* the line being built lacks something: out of memory */
};

/* ---- building --------------------------------------------------------------- */

static void put(struct json *j, json_t *obj, const char *key, json_t *value)
{
	if (json_object_set_new_nocheck(obj, key, value) != 0)
		j->failed = true;
}

static void append(struct json *j, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) != 0)
		j->failed = true;
}

static json_t *object_in(struct json *j, json_t *parent, const char *key)
{
	json_t *o = json_object();

	put(j, parent, key, o);
	return o;
}

static json_t *put_list(struct json *j, json_t *parent, const char *key)
{
	json_t *list = json_array();

	put(j, parent, key, list);
	return list;
}

static json_t *append_object(struct json *j, json_t *list)
{
	json_t *o = json_object();

	append(j, list, o);
	return o;
}

/* The string in j->text. */
static json_t *made_text(struct json *j)
{
	return j->text.failed ? NULL : json_stringn_nocheck(j->text.data, j->text.n);
}

static json_t *text_value(struct json *j, const char *s)
{
	nm_buf_reset(&j->text);
	nm_buf_utf8(&j->text, s);
	return made_text(j);
}

static void put_text(struct json *j, json_t *obj, const char *key, const char *s)
{
	put(j, obj, key, text_value(j, s));
}

/* Left out when there is nothing to say. */
static void put_text_known(struct json *j, json_t *obj, const char *key, const char *s)
{
	if (s && *s)
		put_text(j, obj, key, s);
}

static void put_int(struct json *j, json_t *obj, const char *key, uint64_t n)
{
	put(j, obj, key, json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n));
}

static void put_bool(struct json *j, json_t *obj, const char *key, bool v)
{
	put(j, obj, key, json_boolean(v));
}

/* 15 digits are what a double always holds; a few need 16 or 17 to be read back
 * as the same number. A line is printed with the most any of its reals needs. */
static void note_real(struct json *j, double d)
{
	char s[40];

	while (j->digits < 17) {
		(void)snprintf(s, sizeof s, "%.*g", j->digits, d);
		if (!(strtod(s, NULL) < d || strtod(s, NULL) > d))
			break;
		j->digits++;
	}
}

static json_t *real_value(struct json *j, double d)
{
	if (!isfinite(d))
		return json_null(); /* JSON has no other number for it */
	note_real(j, d);
	return json_real(d);
}

static void put_iso_ns(struct json *j, json_t *obj, const char *key, int64_t ns)
{
	nm_buf_reset(&j->text);
	nm_buf_iso_ns(&j->text, ns);
	put(j, obj, key, made_text(j));
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

static void write_line(struct json *j)
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

static json_t *begin_line(struct json *j)
{
	json_t *root = json_object();

	j->failed = root == NULL;
	j->digits = 15;
	return root;
}

/* Takes root. */
static void end_line(struct json *j, json_t *root)
{
	size_t flags = JSON_COMPACT | JSON_REAL_PRECISION((size_t)j->digits);

	nm_buf_reset(&j->line);
	if (!j->failed && json_dump_callback(root, collect, &j->line, flags) == 0)
		write_line(j);
	else
		nm_out_fail(j->out, ENOMEM);
	json_decref(root);
}

static void put_head(struct json *j, json_t *root, const char *type)
{
	put_text(j, root, "event_type", type);
	put_text_known(j, root, "pcap_filename", j->capture);
}

/* ---- captures --------------------------------------------------------------- */

static void put_counters(struct json *j, json_t *o, const struct nm_interface_facts *f)
{
	const struct {
		const char *key;
		uint64_t n;
	} rows[] = { { "received", f->received }, { "dropped", f->dropped },
		{ "accepted", f->accepted }, { "os_dropped", f->os_dropped },
		{ "delivered", f->delivered } };

	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
		if (f->counters_known & 1u << i)
			put_int(j, o, rows[i].key, rows[i].n);
}

static void put_interfaces(struct json *j, json_t *c, const struct nm_capture_report *r)
{
	json_t *list = put_list(j, c, "interfaces");

	for (uint32_t i = 0; i < r->n_listed && !j->failed; i++) {
		const struct nm_interface_facts *f = &r->interfaces[i];
		json_t *o = append_object(j, list);

		put_int(j, o, "link_type", f->link_type);
		put_text_known(j, o, "link_name", f->link_name);
		if (f->snap_len)
			put_int(j, o, "snap_len", f->snap_len);
		put_int(j, o, "ticks_per_s", f->ticks_per_s);
		put_text_known(j, o, "name", f->name);
		put_text_known(j, o, "description", f->description);
		put_text_known(j, o, "comment", f->comment);
		put_text_known(j, o, "filter", f->filter);
		put_text_known(j, o, "hardware", f->hardware);
		put_text_known(j, o, "os", f->os);
		put_text_known(j, o, "mac", f->mac);
		if (f->speed_bps)
			put_int(j, o, "speed_bps", f->speed_bps);
		put_counters(j, o, f);
		if (r->notes)
			put_int(j, o, "frames", f->frames);
	}
}

/* ---- what is no frame ------------------------------------------------------- */

static void put_noted(struct json *j, json_t *c, const char *key, const char *number,
    const struct nm_noted *list, uint32_t n, uint32_t from)
{
	json_t *array;

	if (n == 0)
		return;
	array = put_list(j, c, key);
	for (uint32_t i = 0; i < n && !j->failed; i++) {
		json_t *o = append_object(j, array);

		put_int(j, o, number, (uint64_t)list[i].number + from);
		put_text(j, o, "text", list[i].text);
	}
}

static void put_blocks(struct json *j, json_t *c, const struct nm_capture_notes *n)
{
	json_t *array;

	if (n->n_blocks == 0)
		return;
	array = put_list(j, c, "blocks");
	for (uint32_t i = 0; i < n->n_blocks && !j->failed; i++) {
		json_t *o = append_object(j, array);

		put_int(j, o, "type", n->blocks[i].type);
		put_text_known(j, o, "name", n->blocks[i].name);
		put_int(j, o, "count", n->blocks[i].n);
	}
	if (n->other_blocks)
		put_int(j, c, "other_blocks", n->other_blocks);
}

static void put_sections(struct json *j, json_t *c, const struct nm_capture_notes *n)
{
	json_t *array;

	if (n->sections < 2)
		return;
	array = put_list(j, c, "section_origins");
	for (uint32_t i = 0; i < n->sections && i < NM_SECTIONS_LISTED && !j->failed; i++) {
		json_t *o = append_object(j, array);

		put_int(j, o, "section", (uint64_t)i + 1);
		put_text_known(j, o, "hardware", n->section[i].hardware);
		put_text_known(j, o, "os", n->section[i].os);
		put_text_known(j, o, "application", n->section[i].application);
	}
}

static void put_links(struct json *j, json_t *c, const struct nm_capture_notes *n)
{
	json_t *array = put_list(j, c, "link_types");

	for (uint32_t i = 0; i < n->n_links && !j->failed; i++) {
		json_t *o = append_object(j, array);

		put_int(j, o, "link_type", n->links[i].link_type);
		put_text_known(j, o, "link_name", n->links[i].name);
		put_int(j, o, "frames", n->links[i].frames);
	}
	if (n->other_links)
		put_int(j, c, "other_links", n->other_links);
}

static void put_providers(struct json *j, json_t *c, const struct nm_capture_notes *n)
{
	json_t *array;

	if (n->n_providers == 0)
		return;
	array = put_list(j, c, "event_providers");
	for (uint32_t i = 0; i < n->n_providers && !j->failed; i++) {
		json_t *o = append_object(j, array);

		put_text(j, o, "provider", n->providers[i].id);
		put_int(j, o, "frames", n->providers[i].events);
	}
	if (n->other_events)
		put_int(j, c, "other_events", n->other_events);
}

static void put_cut(struct json *j, json_t *c, const struct nm_capture_notes *n)
{
	put_int(j, c, "frames_cut", n->cut_frames);
	if (n->cut_frames == 0)
		return;
	put_int(j, c, "frames_cut_min_bytes", n->cut_min);
	put_int(j, c, "frames_cut_max_bytes", n->cut_max);
}

static void put_notes(struct json *j, json_t *c, const struct nm_capture_notes *n)
{
	put_links(j, c, n);
	put_providers(j, c, n);
	put_cut(j, c, n);
	if (n->sections)
		put_int(j, c, "sections", n->sections);
	put_sections(j, c, n);
	put_text_known(j, c, "hardware", n->hardware);
	put_text_known(j, c, "os", n->os);
	put_text_known(j, c, "application", n->application);
	put_noted(j, c, "comments", "section", n->comments, n->n_comments, 1);
	put_int(j, c, "frame_comment_count", n->all_frame_comments);
	put_noted(j, c, "frame_comments", "frame", n->frame_comments, n->n_frame_comments, 1);
	if (n->all_processes)
		put_int(j, c, "process_count", n->all_processes);
	put_noted(j, c, "processes", "pid", n->processes, n->n_processes, 0);
	put_noted(j, c, "records", "frame", n->records, n->n_records, 1);
	if (n->names_ipv4 || n->names_ipv6) {
		put_int(j, c, "names_ipv4", n->names_ipv4);
		put_int(j, c, "names_ipv6", n->names_ipv6);
	}
	if (n->frame_drops)
		put_int(j, c, "frames_dropped", n->frame_drops);
	put_blocks(j, c, n);
	if (n->texts_left_out)
		put_int(j, c, "texts_left_out", n->texts_left_out);
	if (n->cut)
		put_bool(j, c, "notes_cut", true);
}

static void put_times(struct json *j, json_t *c, const struct nm_capture_report *r)
{
	if (!r->has_times)
		return;
	put_iso_ns(j, c, "start", r->start_ns);
	put_int(j, c, "frames_without_time", r->frames_without_time);
	put_int(j, c, "frames_out_of_order", r->out_of_order);
	if (r->frames == r->frames_without_time)
		return;
	put_iso_ns(j, c, "first", r->first_ns);
	put_iso_ns(j, c, "last", r->last_ns);
	put_iso_ns(j, c, "earliest", r->min_ns);
	put_iso_ns(j, c, "latest", r->max_ns);
	put(j, c, "duration_s", real_value(j, (double)nm_ns_between(r->min_ns, r->max_ns) / 1e9));
}

static void put_rates(struct json *j, json_t *c, const struct nm_capture_report *r)
{
	double s = (double)nm_ns_between(r->min_ns, r->max_ns) / 1e9;

	if (!r->has_times || s <= 0)
		return;
	put(j, c, "frames_per_s", real_value(j, (double)r->frames / s));
	put(j, c, "bits_per_s", real_value(j, (double)r->wire_bytes * 8 / s));
}

static void put_format(struct json *j, json_t *c, const struct nm_capture_report *r)
{
	put_text_known(j, c, "format", r->format);
	put_int(j, c, "version_major", r->version_major);
	put_int(j, c, "version_minor", r->version_minor);
	put_text(j, c, "byte_order", r->big_endian ? "big" : "little");
}

/* Of a capture that has only begun. */
static void put_begin(struct json *j, json_t *c, const struct nm_capture_report *r)
{
	put_bool(j, c, "live", true);
	put_format(j, c, r);
	put_text_known(j, c, "compression", r->packing);
	put_text_known(j, c, "comment", r->comment);
}

static void put_facts(struct json *j, json_t *c, const struct nm_capture_report *r)
{
	put_format(j, c, r);
	put_int(j, c, "file_bytes", r->file_bytes);
	put_text_known(j, c, "compression", r->packing);
	if (r->packing)
		put_int(j, c, "unpacked_bytes", r->unpacked_bytes);
	put_text_known(j, c, "sha256", r->sha256);
	put_text_known(j, c, "sha1", r->sha1);
	put_text_known(j, c, "comment", r->comment);
	put_int(j, c, "frames", r->frames);
	if (r->uncounted)
		put_bool(j, c, "uncounted", true);
	put_int(j, c, "stored_bytes", r->stored_bytes);
	put_int(j, c, "wire_bytes", r->wire_bytes);
	put_times(j, c, r);
	put_int(j, c, "interface_count", r->n_interfaces);
	put_interfaces(j, c, r);
	if (!r->notes)
		return;
	put_rates(j, c, r);
	put_notes(j, c, r->notes);
}

/* Keep a copy of s, which its owner takes back before the next line. */
static bool keep(struct json *j, char **member, const char *s)
{
	free(*member);
	*member = strdup(s);
	if (!*member)
		nm_out_fail(j->out, ENOMEM);
	return *member != NULL;
}

static void write_capture(struct json *j, const char *type, const struct nm_capture_report *r)
{
	json_t *root = begin_line(j), *c;

	put_head(j, root, type);
	c = object_in(j, root, "capture");
	put_bool(j, c, "readable", r->readable);
	if (r->readable)
		put_facts(j, c, r);
	put_text_known(j, c, "damage", r->damage);
	if (r->damage && r->damage_offset != UINT64_MAX)
		put_int(j, c, "damage_offset", r->damage_offset);
	put_bool(j, c, "truncated", r->truncated);
	put_text_known(j, c, "note", r->note);
	if (r->note && r->note_offset != UINT64_MAX)
		put_int(j, c, "note_offset", r->note_offset);
	end_line(j, root);
	(void)nm_out_flush(j->out);
}

static void on_capture_begin(void *state, const struct nm_capture_report *r)
{
	struct json *j = state;
	json_t *root, *c;

	if (!keep(j, &j->capture, r->path))
		return;
	if (!r->live) {
		write_capture(j, "capture", r);
		return;
	}
	root = begin_line(j);
	put_head(j, root, "capture");
	c = object_in(j, root, "capture");
	put_bool(j, c, "readable", true);
	put_begin(j, c, r);
	end_line(j, root);
	(void)nm_out_flush(j->out);
}

static void on_capture_end(void *state, const struct nm_capture_report *r)
{
	if (r->live)
		write_capture(state, "capture_end", r);
}

static void on_show(void *state)
{
	struct json *j = state;

	(void)nm_out_flush(j->out);
}

/* ---- events ----------------------------------------------------------------- */

static json_t *vartime_value(struct json *j, double days)
{
	struct nm_systime t = { 0 };

	if (!nm_vartime_systime(days, &t))
		return json_null();
	nm_buf_reset(&j->text);
	nm_buf_iso(&j->text, &t);
	return made_text(j);
}

static json_t *address_value(struct json *j, const struct nm_column *c)
{
	nm_buf_reset(&j->text);
	nm_buf_address(&j->text, c, NM_ADDRESS_COLONS);
	return made_text(j);
}

static json_t *column_value(struct json *j, const struct nm_column *c)
{
	switch (c->type) {
	case NM_COL_UINT8:
	case NM_COL_UINT16:
	case NM_COL_UINT32: return json_integer((json_int_t)c->v.u);
	case NM_COL_SINT8:
	case NM_COL_SINT16:
	case NM_COL_SINT32: return json_integer(c->v.s);
	case NM_COL_FLOAT64: return real_value(j, c->v.d);
	case NM_COL_FRAME:
		return nm_column_has_frame(c) ? json_integer((json_int_t)c->v.u + 1) : json_null();
	case NM_COL_YESNO:
	case NM_COL_ONOFF:
	case NM_COL_TRUEFALSE: return json_boolean(c->v.u != 0);
	case NM_COL_MACADDR:
	case NM_COL_IPXADDR:
	case NM_COL_IPADDR: return address_value(j, c);
	case NM_COL_VARTIME: return vartime_value(j, c->v.d);
	case NM_COL_STRING: return text_value(j, c->v.str);
	default: return json_null(); /* the decoder lets no other type through */
	}
}

static void put_columns(struct json *j, json_t *e, const struct nm_event *ev)
{
	json_t *list = json_array();

	put(j, e, "columns", list);
	for (uint32_t i = 0; i < ev->n_columns && !j->failed; i++) {
		const struct nm_column *c = &ev->columns[i];
		json_t *o = append_object(j, list);

		put_text(j, o, "name", c->name);
		put_text(j, o, "type", nm_column_type_word(c->type));
		put(j, o, "value", column_value(j, c));
	}
}

static void put_event_head(struct json *j, json_t *root, const struct nm_event *ev)
{
	if (nm_systime_kind(&ev->time) == NM_WHEN_DATE) {
		nm_buf_reset(&j->text);
		nm_buf_iso(&j->text, &ev->time);
		put(j, root, "timestamp", made_text(j));
	}
	put_head(j, root, "expert");
	for (uint32_t i = 0; i < ev->n_columns; i++)
		if (nm_column_has_frame(&ev->columns[i])) {
			put_int(j, root, "pcap_cnt", ev->columns[i].v.u + 1);
			return;
		}
}

static uint64_t clock_ms(const struct nm_systime *t)
{
	return ((t->hour * 60u + t->minute) * 60u + t->second) * UINT64_C(1000) + t->ms;
}

static void on_event(void *state, const struct nm_event *ev)
{
	struct json *j = state;
	json_t *root = begin_line(j), *e;
	const char *word = nm_severity_word(ev->severity);

	put_event_head(j, root, ev);
	e = object_in(j, root, "expert");
	put_text_known(j, e, "name", j->expert);
	put_int(j, e, "ident", ev->ident);
	put_text_known(j, e, "severity", word);
	put_int(j, e, "severity_num", ev->severity);
	put_int(j, e, "flags", ev->flags);
	put_text_known(j, e, "source", ev->source);
	put_text_known(j, e, "title", ev->name);
	put_text_known(j, e, "description", ev->description);
	put_text_known(j, e, "machine", ev->machine);
	put_text_known(j, e, "justification", ev->justification);
	if (nm_systime_kind(&ev->time) == NM_WHEN_OFFSET)
		put_int(j, e, "offset_ms", clock_ms(&ev->time));
	put_columns(j, e, ev);
	end_line(j, root);
}

/* ---- experts ---------------------------------------------------------------- */

static void on_expert_begin(void *state, const struct nm_expert_info *e)
{
	struct json *j = state;

	(void)keep(j, &j->expert, e->file);
}

static void put_frame(struct json *j, json_t *o, const char *key, uint32_t frame)
{
	if (frame != NM_NO_FRAME)
		put_int(j, o, key, UINT64_C(1) + frame);
}

static void put_coverage(struct json *j, json_t *o, const struct nm_expert_end *end)
{
	if (end->filtered) {
		put_int(j, o, "filter_judged", end->filter_judged);
		put_int(j, o, "filter_passed", end->filter_passed);
	}
	put_int(j, o, "frames_seen", end->frames_seen);
	put_int(j, o, "frames_total", end->frames_total);
	put_frame(j, o, "first_frame", end->first_frame);
	put_frame(j, o, "last_frame", end->last_frame);
	if (end->frames_uncounted)
		put_bool(j, o, "frames_uncounted", true);
	else if (end->frames_total)
		put(j, o, "coverage_percent", real_value(j, nm_coverage_tenths(end) / 10.0));
}

/* A text as an array of its lines; left out when it has none. */
static void put_lines(struct json *j, json_t *o, const char *key, const char *text)
{
	json_t *list;

	if (!text || !*text)
		return;
	list = json_array();
	put(j, o, key, list);
	while (!j->failed && nm_buf_next_line(&j->part, &text)) {
		j->failed = j->part.failed;
		if (!j->failed)
			append(j, list, text_value(j, j->part.data));
	}
}

static void put_parsers(struct json *j, json_t *o, const struct nm_expert_end *end)
{
	json_t *list;

	if (!end->n_parsers)
		return;
	list = json_array();
	put(j, o, "parsers", list);
	for (unsigned i = 0; i < end->n_parsers && !j->failed; i++) {
		const struct nm_parser_offence *p = &end->parsers[i];
		json_t *x = json_object();

		append(j, list, x);
		put_text(j, x, "protocol", p->protocol);
		put_text(j, x, "file", p->file);
		put_text(j, x, "did", p->did);
		put_text_known(j, x, "entry", p->entry);
		if (p->signal)
			put_int(j, x, "signal", (uint64_t)p->signal);
		put_frame(j, x, "first_frame", p->first_frame);
		put_int(j, x, "count", p->count);
		put_bool(j, x, "switched_off", p->off);
	}
	if (end->more_parsers)
		put_int(j, o, "more_parsers", end->more_parsers);
}

/* An address has more bits than JSON's readers keep of a number. */
static void put_address(struct json *j, json_t *o, const char *key, uint64_t address)
{
	nm_buf_reset(&j->text);
	nm_buf_printf(&j->text, "0x%" PRIx64, address);
	put(j, o, key, made_text(j));
}

static void put_bill(struct json *j, json_t *o, const struct nm_expert_end *end)
{
	put_int(j, o, "wall_ms", end->wall_us / 1000);
	put_int(j, o, "cpu_ms", end->cpu_us / 1000);
	put_int(j, o, "peak_kib", end->peak_kib);
	put_int(j, o, "heap_peak_bytes", end->heap_peak_bytes);
	put_int(j, o, "heap_allocs", end->heap_allocs);
	put_int(j, o, "heap_left_blocks", end->heap_left_blocks);
	put_int(j, o, "heap_left_bytes", end->heap_left_bytes);
	put_text_known(j, o, "sandbox", end->sandbox);
	if (end->has_address)
		put_address(j, o, "fault_address", end->address);
	put_lines(j, o, "backtrace", end->backtrace);
}

static void on_expert_end(
    void *state, const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	struct json *j = state;
	json_t *root = begin_line(j), *o;

	put_head(j, root, "expert_end");
	o = object_in(j, root, "expert");
	put_text_known(j, o, "name", e->file);
	put_text_known(j, o, "title", e->name);
	put_text(j, o, "state", nm_end_state(end));
	put_text(j, o, "verdict", nm_verdict_word(end->verdict));
	put_text_known(j, o, "reason", end->reason);
	put_text(j, o, "phase", nm_phase_word(end->phase));
	if (end->signal)
		put_int(j, o, "signal", (uint64_t)end->signal);
	put_frame(j, o, "at_frame", end->frame);
	put_int(j, o, "substatus", end->substatus);
	put_text_known(j, o, "status_text", end->status_text);
	put_coverage(j, o, end);
	put_int(j, o, "events", end->events);
	put_int(j, o, "events_dropped", end->events_dropped);
	put_lines(j, o, "memory_notes", end->memory_notes);
	put_parsers(j, o, end);
	if (j->bill)
		put_bill(j, o, end);
	end_line(j, root);
	(void)nm_out_flush(j->out);
}

/* ---- the run ---------------------------------------------------------------- */

static void on_run_end(void *state, const struct nm_run_summary *s)
{
	struct json *j = state;
	json_t *root = begin_line(j), *o;

	put_text(j, root, "event_type", "run_end");
	o = object_in(j, root, "run");
	put_int(j, o, "exit_status", (uint64_t)s->exit_status);
	put_bool(j, o, "interrupted", s->interrupted);
	put_int(j, o, "captures", s->captures);
	put_int(j, o, "captures_unreadable", s->captures_unreadable);
	put_int(j, o, "captures_damaged", s->captures_damaged);
	put_int(j, o, "experts", s->experts);
	put_int(j, o, "experts_failed", s->experts_failed);
	put_int(j, o, "experts_misled", s->experts_misled);
	put_int(j, o, "events", s->events);
	put_int(j, o, "worst_severity_num", s->worst_severity);
	end_line(j, root);
}

static int start(struct nm_out *out, const struct nm_report_style *style, void **ret_state)
{
	struct json *j = calloc(1, sizeof *j);

	if (!j)
		return ENOMEM;
	j->out = out;
	j->bill = style->bill;
	*ret_state = j;
	return 0;
}

static void done(void *state)
{
	struct json *j = state;

	nm_buf_done(&j->text);
	nm_buf_done(&j->line);
	nm_buf_done(&j->part);
	free(j->capture);
	free(j->expert);
	free(j);
}

const struct nm_report_format nm_report_json = {
	.name = "json",
	.start = start,
	.capture_begin = on_capture_begin,
	.expert_begin = on_expert_begin,
	.event = on_event,
	.expert_end = on_expert_end,
	.capture_end = on_capture_end,
	.show = on_show,
	.run_end = on_run_end,
	.done = done,
};
