/* SPDX-License-Identifier: MIT */
/* The `json` report: one object a line. Every field is described in docs/json.md.
 *
 * Keys are never built from data, a field has one type wherever it appears, and
 * what is not known is left out. A line that can't be built whole is not written. */
#include "report/buf.h"
#include "report/json_write.h"
#include "report/report.h"
#include "report/value.h"
#include "report/words.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct json {
	struct nm_json w;
	struct nm_buf part; /* a line of a longer text */
	char *capture;      /* owned: path of the current capture */
	char *expert;       /* owned: file name of the current expert */
	bool bill;
};

static void put_head(struct json *j, json_t *root, const char *type)
{
	nm_json_text(&j->w, root, "event_type", type);
	nm_json_text_known(&j->w, root, "pcap_filename", j->capture);
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
			nm_json_int(&j->w, o, rows[i].key, rows[i].n);
	if (f->counter_times_known & 1u)
		nm_json_iso_ns(&j->w, o, "counted", f->counted_ns);
	if (f->counter_times_known & 2u)
		nm_json_iso_ns(&j->w, o, "captured_from", f->started_ns);
	if (f->counter_times_known & 4u)
		nm_json_iso_ns(&j->w, o, "captured_to", f->ended_ns);
}

static void put_interfaces(struct json *j, json_t *c, const struct nm_capture_report *r)
{
	json_t *list = nm_json_list_in(&j->w, c, "interfaces");

	for (uint32_t i = 0; i < r->n_listed && !j->w.failed; i++) {
		const struct nm_interface_facts *f = &r->interfaces[i];
		json_t *o = nm_json_append_object(&j->w, list);

		nm_json_int(&j->w, o, "link_type", f->link_type);
		nm_json_text_known(&j->w, o, "link_name", f->link_name);
		if (f->snap_len)
			nm_json_int(&j->w, o, "snap_len", f->snap_len);
		nm_json_int(&j->w, o, "ticks_per_s", f->ticks_per_s);
		nm_json_text_known(&j->w, o, "name", f->name);
		nm_json_text_known(&j->w, o, "description", f->description);
		nm_json_text_known(&j->w, o, "comment", f->comment);
		nm_json_text_known(&j->w, o, "filter", f->filter);
		nm_json_text_known(&j->w, o, "hardware", f->hardware);
		nm_json_text_known(&j->w, o, "os", f->os);
		nm_json_text_known(&j->w, o, "mac", f->mac);
		if (f->speed_bps)
			nm_json_int(&j->w, o, "speed_bps", f->speed_bps);
		put_counters(j, o, f);
		if (r->notes)
			nm_json_int(&j->w, o, "frames", f->frames);
	}
}

/* ---- what is no frame ------------------------------------------------------- */

static void put_noted(struct json *j, json_t *c, const char *key, const char *number,
    const struct nm_noted *list, uint32_t n)
{
	json_t *array;

	if (n == 0)
		return;
	array = nm_json_list_in(&j->w, c, key);
	for (uint32_t i = 0; i < n && !j->w.failed; i++) {
		json_t *o = nm_json_append_object(&j->w, array);

		nm_json_int(&j->w, o, number, (uint64_t)list[i].number + 1);
		nm_json_text(&j->w, o, "text", list[i].text);
	}
}

static void put_processes(struct json *j, json_t *c, const struct nm_capture_notes *n)
{
	json_t *array;

	if (n->n_processes == 0)
		return;
	array = nm_json_list_in(&j->w, c, "processes");
	for (uint32_t i = 0; i < n->n_processes && !j->w.failed; i++) {
		const struct nm_process_facts *p = &n->processes[i];
		json_t *o = nm_json_append_object(&j->w, array);

		nm_json_int(&j->w, o, "pid", p->pid);
		nm_json_text(&j->w, o, "text", p->path);
		nm_json_text_known(&j->w, o, "local", p->local);
		if (p->local)
			nm_json_int(&j->w, o, "local_port", p->local_port);
		nm_json_text_known(&j->w, o, "remote", p->remote);
		if (p->remote)
			nm_json_int(&j->w, o, "remote_port", p->remote_port);
		nm_json_text_known(&j->w, o, "icon_format", p->icon_format);
		if (p->icon_bytes)
			nm_json_int(&j->w, o, "icon_bytes", p->icon_bytes);
	}
}

static void put_blocks(struct json *j, json_t *c, const struct nm_capture_notes *n)
{
	json_t *array;

	if (n->n_blocks == 0)
		return;
	array = nm_json_list_in(&j->w, c, "blocks");
	for (uint32_t i = 0; i < n->n_blocks && !j->w.failed; i++) {
		json_t *o = nm_json_append_object(&j->w, array);

		nm_json_int(&j->w, o, "type", n->blocks[i].type);
		nm_json_text_known(&j->w, o, "name", n->blocks[i].name);
		nm_json_int(&j->w, o, "count", n->blocks[i].n);
	}
	if (n->other_blocks)
		nm_json_int(&j->w, c, "other_blocks", n->other_blocks);
}

static void put_sections(struct json *j, json_t *c, const struct nm_capture_notes *n)
{
	json_t *array;

	if (n->sections < 2)
		return;
	array = nm_json_list_in(&j->w, c, "section_origins");
	for (uint32_t i = 0; i < n->sections && i < NM_SECTIONS_LISTED && !j->w.failed; i++) {
		json_t *o = nm_json_append_object(&j->w, array);

		nm_json_int(&j->w, o, "section", (uint64_t)i + 1);
		nm_json_text_known(&j->w, o, "hardware", n->section[i].hardware);
		nm_json_text_known(&j->w, o, "os", n->section[i].os);
		nm_json_text_known(&j->w, o, "application", n->section[i].application);
	}
}

static void put_links(struct json *j, json_t *c, const struct nm_capture_notes *n)
{
	json_t *array = nm_json_list_in(&j->w, c, "link_types");

	for (uint32_t i = 0; i < n->n_links && !j->w.failed; i++) {
		json_t *o = nm_json_append_object(&j->w, array);

		nm_json_int(&j->w, o, "link_type", n->links[i].link_type);
		nm_json_text_known(&j->w, o, "link_name", n->links[i].name);
		nm_json_int(&j->w, o, "frames", n->links[i].frames);
	}
	if (n->other_links)
		nm_json_int(&j->w, c, "other_links", n->other_links);
}

static void put_providers(struct json *j, json_t *c, const struct nm_capture_notes *n)
{
	json_t *array;

	if (n->n_providers == 0)
		return;
	array = nm_json_list_in(&j->w, c, "event_providers");
	for (uint32_t i = 0; i < n->n_providers && !j->w.failed; i++) {
		json_t *o = nm_json_append_object(&j->w, array);

		nm_json_text(&j->w, o, "provider", n->providers[i].id);
		nm_json_int(&j->w, o, "frames", n->providers[i].events);
	}
	if (n->other_events)
		nm_json_int(&j->w, c, "other_events", n->other_events);
}

static void put_cut(struct json *j, json_t *c, const struct nm_capture_notes *n)
{
	nm_json_int(&j->w, c, "frames_cut", n->cut_frames);
	if (n->cut_frames == 0)
		return;
	nm_json_int(&j->w, c, "frames_cut_min_bytes", n->cut_min);
	nm_json_int(&j->w, c, "frames_cut_max_bytes", n->cut_max);
}

static void put_notes(struct json *j, json_t *c, const struct nm_capture_notes *n)
{
	put_links(j, c, n);
	put_providers(j, c, n);
	put_cut(j, c, n);
	if (n->sections)
		nm_json_int(&j->w, c, "sections", n->sections);
	put_sections(j, c, n);
	nm_json_text_known(&j->w, c, "hardware", n->hardware);
	nm_json_text_known(&j->w, c, "os", n->os);
	nm_json_text_known(&j->w, c, "application", n->application);
	put_noted(j, c, "comments", "section", n->comments, n->n_comments);
	nm_json_int(&j->w, c, "frame_comment_count", n->all_frame_comments);
	put_noted(j, c, "frame_comments", "frame", n->frame_comments, n->n_frame_comments);
	if (n->all_processes)
		nm_json_int(&j->w, c, "process_count", n->all_processes);
	put_processes(j, c, n);
	put_noted(j, c, "records", "frame", n->records, n->n_records);
	if (n->names_ipv4 || n->names_ipv6) {
		nm_json_int(&j->w, c, "names_ipv4", n->names_ipv4);
		nm_json_int(&j->w, c, "names_ipv6", n->names_ipv6);
	}
	if (n->frame_drops)
		nm_json_int(&j->w, c, "frames_dropped", n->frame_drops);
	put_blocks(j, c, n);
	if (n->texts_left_out)
		nm_json_int(&j->w, c, "texts_left_out", n->texts_left_out);
	if (n->cut)
		nm_json_bool(&j->w, c, "notes_cut", true);
}

static void put_times(struct json *j, json_t *c, const struct nm_capture_report *r)
{
	if (!r->has_times)
		return;
	nm_json_iso_ns(&j->w, c, "start", r->start_ns);
	nm_json_int(&j->w, c, "frames_without_time", r->frames_without_time);
	nm_json_int(&j->w, c, "frames_out_of_order", r->out_of_order);
	if (r->frames == r->frames_without_time)
		return;
	nm_json_iso_ns(&j->w, c, "first", r->first_ns);
	nm_json_iso_ns(&j->w, c, "last", r->last_ns);
	nm_json_iso_ns(&j->w, c, "earliest", r->min_ns);
	nm_json_iso_ns(&j->w, c, "latest", r->max_ns);
	nm_json_put(&j->w, c, "duration_s",
	    nm_json_real(&j->w, (double)nm_ns_between(r->min_ns, r->max_ns) / 1e9));
}

static void put_rates(struct json *j, json_t *c, const struct nm_capture_report *r)
{
	double s = (double)nm_ns_between(r->min_ns, r->max_ns) / 1e9;

	if (!r->has_times || s <= 0)
		return;
	nm_json_put(&j->w, c, "frames_per_s", nm_json_real(&j->w, (double)r->frames / s));
	nm_json_put(&j->w, c, "bits_per_s", nm_json_real(&j->w, (double)r->wire_bytes * 8 / s));
}

static void put_format(struct json *j, json_t *c, const struct nm_capture_report *r)
{
	nm_json_text_known(&j->w, c, "format", r->format);
	nm_json_int(&j->w, c, "version_major", r->version_major);
	nm_json_int(&j->w, c, "version_minor", r->version_minor);
	nm_json_text(&j->w, c, "byte_order", r->big_endian ? "big" : "little");
}

/* Of a capture that has only begun. */
static void put_begin(struct json *j, json_t *c, const struct nm_capture_report *r)
{
	nm_json_bool(&j->w, c, "live", true);
	put_format(j, c, r);
	nm_json_text_known(&j->w, c, "compression", r->packing);
	nm_json_text_known(&j->w, c, "comment", r->comment);
}

static void put_facts(struct json *j, json_t *c, const struct nm_capture_report *r)
{
	put_format(j, c, r);
	nm_json_int(&j->w, c, "file_bytes", r->file_bytes);
	nm_json_text_known(&j->w, c, "compression", r->packing);
	if (r->packing)
		nm_json_int(&j->w, c, "unpacked_bytes", r->unpacked_bytes);
	nm_json_text_known(&j->w, c, "sha256", r->sha256);
	nm_json_text_known(&j->w, c, "sha1", r->sha1);
	nm_json_text_known(&j->w, c, "comment", r->comment);
	nm_json_int(&j->w, c, "frames", r->frames);
	if (r->uncounted)
		nm_json_bool(&j->w, c, "uncounted", true);
	nm_json_int(&j->w, c, "stored_bytes", r->stored_bytes);
	nm_json_int(&j->w, c, "wire_bytes", r->wire_bytes);
	put_times(j, c, r);
	nm_json_int(&j->w, c, "interface_count", r->n_interfaces);
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
		nm_out_fail(j->w.out, ENOMEM);
	return *member != NULL;
}

static void write_capture(struct json *j, const char *type, const struct nm_capture_report *r)
{
	json_t *root = nm_json_begin(&j->w), *c;

	put_head(j, root, type);
	c = nm_json_object_in(&j->w, root, "capture");
	nm_json_bool(&j->w, c, "readable", r->readable);
	if (r->readable)
		put_facts(j, c, r);
	nm_json_text_known(&j->w, c, "damage", r->damage);
	if (r->damage && r->damage_offset != UINT64_MAX)
		nm_json_int(&j->w, c, "damage_offset", r->damage_offset);
	nm_json_bool(&j->w, c, "truncated", r->truncated);
	nm_json_text_known(&j->w, c, "note", r->note);
	if (r->note && r->note_offset != UINT64_MAX)
		nm_json_int(&j->w, c, "note_offset", r->note_offset);
	nm_json_end(&j->w, root);
	(void)nm_out_flush(j->w.out);
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
	root = nm_json_begin(&j->w);
	put_head(j, root, "capture");
	c = nm_json_object_in(&j->w, root, "capture");
	nm_json_bool(&j->w, c, "readable", true);
	put_begin(j, c, r);
	nm_json_end(&j->w, root);
	(void)nm_out_flush(j->w.out);
}

static void on_capture_end(void *state, const struct nm_capture_report *r)
{
	if (r->live)
		write_capture(state, "capture_end", r);
}

static void on_show(void *state)
{
	struct json *j = state;

	(void)nm_out_flush(j->w.out);
}

/* ---- events ----------------------------------------------------------------- */

static void put_frame(struct json *j, json_t *o, const char *key, uint32_t frame)
{
	if (frame != NM_NO_FRAME)
		nm_json_int(&j->w, o, key, UINT64_C(1) + frame);
}

static void put_event_head(struct json *j, json_t *root, const struct nm_event *ev)
{
	if (nm_systime_kind(&ev->time) == NM_WHEN_DATE) {
		nm_buf_reset(&j->w.text);
		nm_buf_iso(&j->w.text, &ev->time);
		nm_json_put(&j->w, root, "timestamp", nm_json_made(&j->w));
	}
	put_head(j, root, "expert");
	put_frame(j, root, "pcap_cnt", nm_event_frame(ev));
}

static void on_event(void *state, const struct nm_event *ev)
{
	struct json *j = state;
	json_t *root = nm_json_begin(&j->w), *e;
	const char *word = nm_severity_word(ev->severity);

	put_event_head(j, root, ev);
	e = nm_json_object_in(&j->w, root, "expert");
	nm_json_text_known(&j->w, e, "name", j->expert);
	nm_json_int(&j->w, e, "ident", ev->ident);
	nm_json_text_known(&j->w, e, "severity", word);
	nm_json_int(&j->w, e, "severity_num", ev->severity);
	nm_json_int(&j->w, e, "flags", ev->flags);
	nm_json_text_known(&j->w, e, "source", ev->source);
	nm_json_text_known(&j->w, e, "title", ev->name);
	nm_json_text_known(&j->w, e, "description", ev->description);
	nm_json_text_known(&j->w, e, "machine", ev->machine);
	nm_json_text_known(&j->w, e, "justification", ev->justification);
	if (nm_systime_kind(&ev->time) == NM_WHEN_OFFSET)
		nm_json_int(&j->w, e, "offset_ms", nm_systime_offset_ms(&ev->time));
	nm_json_columns(&j->w, e, ev);
	nm_json_end(&j->w, root);
}

/* ---- experts ---------------------------------------------------------------- */

static void on_expert_begin(void *state, const struct nm_expert_info *e)
{
	struct json *j = state;

	(void)keep(j, &j->expert, e->file);
}

static void put_coverage(struct json *j, json_t *o, const struct nm_expert_end *end)
{
	if (end->filtered) {
		nm_json_int(&j->w, o, "filter_judged", end->filter_judged);
		nm_json_int(&j->w, o, "filter_passed", end->filter_passed);
	}
	nm_json_int(&j->w, o, "frames_seen", end->frames_seen);
	nm_json_int(&j->w, o, "frames_total", end->frames_total);
	put_frame(j, o, "first_frame", end->first_frame);
	put_frame(j, o, "last_frame", end->last_frame);
	if (end->frames_uncounted)
		nm_json_bool(&j->w, o, "frames_uncounted", true);
	else if (end->frames_total)
		nm_json_put(&j->w, o, "coverage_percent",
		    nm_json_real(&j->w, nm_coverage_tenths(end) / 10.0));
}

/* A text as an array of its lines; left out when it has none. */
static void put_lines(struct json *j, json_t *o, const char *key, const char *text)
{
	json_t *list;

	if (!text || !*text)
		return;
	list = json_array();
	nm_json_put(&j->w, o, key, list);
	while (!j->w.failed && nm_buf_next_line(&j->part, &text)) {
		j->w.failed = j->part.failed;
		if (!j->w.failed)
			nm_json_append(&j->w, list, nm_json_string(&j->w, j->part.data));
	}
}

static void put_parsers(struct json *j, json_t *o, const struct nm_expert_end *end)
{
	json_t *list;

	if (!end->n_parsers)
		return;
	list = json_array();
	nm_json_put(&j->w, o, "parsers", list);
	for (unsigned i = 0; i < end->n_parsers && !j->w.failed; i++) {
		const struct nm_parser_offence *p = &end->parsers[i];
		json_t *x = json_object();

		nm_json_append(&j->w, list, x);
		nm_json_text(&j->w, x, "protocol", p->protocol);
		nm_json_text(&j->w, x, "file", p->file);
		nm_json_text(&j->w, x, "did", p->did);
		nm_json_text_known(&j->w, x, "entry", p->entry);
		if (p->signal)
			nm_json_int(&j->w, x, "signal", (uint64_t)p->signal);
		put_frame(j, x, "first_frame", p->first_frame);
		nm_json_int(&j->w, x, "count", p->count);
		nm_json_bool(&j->w, x, "switched_off", p->off);
	}
	if (end->more_parsers)
		nm_json_int(&j->w, o, "more_parsers", end->more_parsers);
}

/* An address has more bits than JSON's readers keep of a number. */
static void put_address(struct json *j, json_t *o, const char *key, uint64_t address)
{
	nm_buf_reset(&j->w.text);
	nm_buf_printf(&j->w.text, "0x%" PRIx64, address);
	nm_json_put(&j->w, o, key, nm_json_made(&j->w));
}

static void put_bill(struct json *j, json_t *o, const struct nm_expert_end *end)
{
	nm_json_int(&j->w, o, "wall_ms", end->wall_us / 1000);
	nm_json_int(&j->w, o, "cpu_ms", end->cpu_us / 1000);
	if (end->peak_kib)
		nm_json_int(&j->w, o, "peak_kib", end->peak_kib);
	nm_json_int(&j->w, o, "heap_peak_bytes", end->heap_peak_bytes);
	nm_json_int(&j->w, o, "heap_allocs", end->heap_allocs);
	nm_json_int(&j->w, o, "heap_left_blocks", end->heap_left_blocks);
	nm_json_int(&j->w, o, "heap_left_bytes", end->heap_left_bytes);
	nm_json_text_known(&j->w, o, "sandbox", end->sandbox);
	if (end->has_address)
		put_address(j, o, "fault_address", end->address);
	put_lines(j, o, "backtrace", end->backtrace);
}

static void on_expert_end(
    void *state, const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	struct json *j = state;
	json_t *root = nm_json_begin(&j->w), *o;

	put_head(j, root, "expert_end");
	o = nm_json_object_in(&j->w, root, "expert");
	nm_json_text_known(&j->w, o, "name", e->file);
	nm_json_text_known(&j->w, o, "title", e->name);
	nm_json_text(&j->w, o, "state", nm_end_state(end));
	nm_json_text(&j->w, o, "verdict", nm_verdict_word(end->verdict));
	nm_json_text_known(&j->w, o, "reason", end->reason);
	nm_json_text(&j->w, o, "phase", nm_phase_word(end->phase));
	if (end->signal)
		nm_json_int(&j->w, o, "signal", (uint64_t)end->signal);
	put_frame(j, o, "at_frame", end->frame);
	nm_json_int(&j->w, o, "substatus", end->substatus);
	nm_json_text_known(&j->w, o, "status_text", end->status_text);
	put_coverage(j, o, end);
	nm_json_int(&j->w, o, "events", end->events);
	nm_json_int(&j->w, o, "events_dropped", end->events_dropped);
	put_lines(j, o, "memory_notes", end->memory_notes);
	put_parsers(j, o, end);
	if (j->bill)
		put_bill(j, o, end);
	nm_json_end(&j->w, root);
	(void)nm_out_flush(j->w.out);
}

/* ---- the run ---------------------------------------------------------------- */

static void on_run_end(void *state, const struct nm_run_summary *s)
{
	struct json *j = state;
	json_t *root = nm_json_begin(&j->w), *o;

	nm_json_text(&j->w, root, "event_type", "run_end");
	o = nm_json_object_in(&j->w, root, "run");
	nm_json_int(&j->w, o, "exit_status", (uint64_t)s->exit_status);
	nm_json_bool(&j->w, o, "interrupted", s->interrupted);
	nm_json_int(&j->w, o, "captures", s->captures);
	nm_json_int(&j->w, o, "captures_unreadable", s->captures_unreadable);
	nm_json_int(&j->w, o, "captures_damaged", s->captures_damaged);
	nm_json_int(&j->w, o, "experts", s->experts);
	nm_json_int(&j->w, o, "experts_failed", s->experts_failed);
	nm_json_int(&j->w, o, "experts_misled", s->experts_misled);
	nm_json_int(&j->w, o, "events", s->events);
	nm_json_int(&j->w, o, "worst_severity_num", s->worst_severity);
	if (s->fail_on >= 0) {
		nm_json_text_known(&j->w, o, "fail_on", nm_severity_word((uint32_t)s->fail_on));
		nm_json_int(&j->w, o, "fail_on_events", s->fail_on_events);
	}
	nm_json_end(&j->w, root);
}

static int start(struct nm_out *out, const struct nm_report_style *style, void **ret_state)
{
	struct json *j = calloc(1, sizeof *j);

	if (!j)
		return ENOMEM;
	j->w.out = out;
	j->bill = style->bill;
	*ret_state = j;
	return 0;
}

static void done(void *state)
{
	struct json *j = state;

	nm_json_done(&j->w);
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
