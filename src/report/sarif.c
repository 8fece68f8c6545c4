/* SPDX-License-Identifier: MIT */
/* The `sarif` report: findings for what collects those of many tools (SARIF 2.1.0, OASIS).
 *
 * Results are written as they come; what they refer to by number stands behind them. How events
 * become results is described in docs/sarif.md. */
#include "base/eventpage.h"
#include "report/json_write.h"
#include "report/kinds.h"
#include "report/report.h"
#include "report/value.h"
#include "report/words.h"
#include "system/files.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SCHEMA                                                                                     \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"                      \
	"sarif-schema-2.1.0.json"

/* What stands before the results. */
#define HEAD "{\"$schema\":\"" SCHEMA "\",\"version\":\"2.1.0\",\"runs\":[{\"results\":[\n"

struct sarif {
	struct nm_json w;
	struct nm_kinds kinds;
	json_t *artifacts, *notes; /* owned: captures; what went wrong */
	char *uri, *expert, *stem; /* owned: of the current capture and expert; of its pages */
	json_t *pages;             /* owned: by rule, its page or null */
	uint64_t results, figures; /* events that are findings, and that are none */
	bool begun, finished;
};

static const char *const levels[] = { "note", "warning", "warning", "error", "error", "error" };

/* ---- text --------------------------------------------------------------------------------- */

/* A path as a URI reference (RFC 3986); a relative one stays relative. */
static void add_uri(struct nm_buf *b, const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~";
	const char *slash = strchr(path, '/'), *colon = strchr(path, ':');
	size_t drive = nm_path_drive(path);

	if (drive && nm_path_separates(path[drive]))
		nm_buf_printf(b, "file:///%.*s", (int)drive, path);
	else if (nm_path_separates(*path))
		nm_buf_puts(b, "file://");
	else if (drive || (colon && (!slash || colon < slash)))
		nm_buf_puts(b, "./");
	if (nm_path_separates(path[drive]))
		path += drive;
	for (; *path; path++) {
		if (nm_path_separates(*path))
			nm_buf_puts(b, "/");
		else if (strchr(plain, *path))
			nm_buf_add(b, path, 1);
		else
			nm_buf_printf(b, "%%%02X", (unsigned)(uint8_t)*path);
	}
}

/* What j->text holds, as the text of a message, in which braces stand for arguments and
 * [words](address) is a link: nothing that came from outside is one. */
static json_t *message_of(struct nm_json *j)
{
	struct nm_buf plain = j->text;
	bool links = plain.data && strstr(plain.data, "](");
	json_t *m = json_object();

	j->text = (struct nm_buf){ .failed = plain.failed };
	for (const char *p = plain.data; p && *p; p++) {
		if (*p == '{' || *p == '}')
			nm_buf_add(&j->text, p, 1);
		else if (links && (*p == '[' || *p == ']' || *p == '\\'))
			nm_buf_puts(&j->text, "\\");
		nm_buf_add(&j->text, p, 1);
	}
	nm_json_put(j, m, "text", nm_json_made(j));
	nm_buf_done(&plain);
	return m;
}

static void clean(struct nm_json *j, const char *s)
{
	nm_buf_clean(&j->text, s, NM_LINES_ESCAPE);
}

/* ---- what went wrong ------------------------------------------------------------------------ */

static void put_place(struct nm_json *j, const struct sarif *s, json_t *in)
{
	json_t *list = nm_json_list_in(j, in, "locations");
	json_t *place = nm_json_append_object(j, list);
	json_t *at = nm_json_object_in(
	    j, nm_json_object_in(j, place, "physicalLocation"), "artifactLocation");

	nm_json_text(j, at, "uri", s->uri);
	nm_json_int(j, at, "index", json_array_size(s->artifacts) - 1);
}

/* A notification with what j->text holds. */
static json_t *add_note(struct sarif *s, const char *level, const char *id)
{
	struct nm_json *j = &s->w;
	json_t *n = json_object();

	nm_json_put(j, n, "message", message_of(j)); /* first: others use j->text too */
	nm_json_text(j, n, "level", level);
	nm_json_text(j, nm_json_object_in(j, n, "descriptor"), "id", id);
	put_place(j, s, n);
	nm_json_append(j, s->notes, n);
	nm_buf_reset(&j->text);
	return n;
}

/* Trouble with memory, in what is written later than the line it belongs to. */
static void check(struct sarif *s)
{
	if (s->w.failed)
		nm_out_fail(s->w.out, ENOMEM);
}

static void note_end(struct sarif *s, const struct nm_expert_end *end)
{
	struct nm_buf *b = &s->w.text;

	nm_buf_reset(b);
	clean(&s->w, s->expert);
	nm_buf_printf(b, " %s %s", nm_verdict_phrase(end->verdict), nm_phase_phrase(end->phase));
	if (end->frame != NM_NO_FRAME)
		nm_buf_printf(b, " at frame %" PRIu64, UINT64_C(1) + end->frame);
	if (*end->reason) {
		nm_buf_puts(b, ": ");
		clean(&s->w, end->reason);
	}
	nm_buf_printf(
	    b, "; it saw %" PRIu32 " of %" PRIu32 " frames", end->frames_seen, end->frames_total);
	(void)add_note(s, "error", nm_verdict_word(end->verdict));
}

static void note_dropped(struct sarif *s, const struct nm_expert_end *end)
{
	nm_buf_reset(&s->w.text);
	clean(&s->w, s->expert);
	nm_buf_printf(&s->w.text, ": %" PRIu64 " more events were not kept", end->events_dropped);
	(void)add_note(s, "warning", "events_dropped");
}

static void note_parser(struct sarif *s, const struct nm_parser_offence *p)
{
	nm_buf_reset(&s->w.text);
	clean(&s->w, s->expert);
	nm_buf_puts(&s->w.text, ": the parser of ");
	clean(&s->w, p->protocol);
	nm_buf_puts(&s->w.text, " ");
	clean(&s->w, p->did);
	nm_buf_printf(&s->w.text, " in %s, %" PRIu32 " times in all", p->entry, p->count);
	(void)add_note(s, "warning", "parser");
}

static void on_expert_end(
    void *state, const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	struct sarif *s = state;

	(void)e;
	s->w.failed = false;
	if (end->verdict != NM_VERDICT_DONE)
		note_end(s, end);
	if (end->events_dropped)
		note_dropped(s, end);
	for (unsigned i = 0; i < end->n_parsers; i++)
		note_parser(s, &end->parsers[i]);
	check(s);
}

/* ---- captures and experts -------------------------------------------------------------------- */

static bool keep(struct sarif *s, char **at, char *copy)
{
	free(*at);
	*at = copy;
	if (!copy)
		nm_out_fail(s->w.out, ENOMEM);
	return copy != NULL;
}

static void on_capture_begin(void *state, const struct nm_capture_report *c)
{
	struct sarif *s = state;
	struct nm_json *j = &s->w;
	struct nm_buf uri = { 0 };
	json_t *a;

	if (!s->begun)
		nm_out_puts(j->out, HEAD);
	s->begun = true;
	j->failed = false;
	add_uri(&uri, strcmp(c->path, "-") == 0 ? "stdin" : c->path);
	if (!keep(s, &s->uri, uri.failed ? NULL : uri.data))
		return;
	a = nm_json_append_object(j, s->artifacts);
	nm_json_text(j, nm_json_object_in(j, a, "location"), "uri", s->uri);
	nm_json_append(j, nm_json_list_in(j, a, "roles"), nm_json_string(j, "analysisTarget"));
	if (c->readable) {
		nm_json_int(j, a, "length", c->file_bytes);
		nm_json_int(j, nm_json_object_in(j, a, "properties"), "frames", c->frames);
	}
	if (c->damage) {
		nm_buf_reset(&j->text);
		clean(j, c->damage);
		(void)add_note(
		    s, c->readable ? "warning" : "error", c->readable ? "damaged" : "unreadable");
	}
	check(s);
}

static void on_expert_begin(void *state, const struct nm_expert_info *e)
{
	struct sarif *s = state;

	(void)(keep(s, &s->expert, strdup(e->file)) &&
	       keep(s, &s->stem, nm_event_page_stem(e->path)));
}

/* ---- results ---------------------------------------------------------------------------------- */

/* The event reference page of a new rule: it lies beside the expert. */
static void add_page(struct sarif *s, const struct nm_event *ev)
{
	struct nm_buf path = { 0 }, uri = { 0 };

	nm_buf_printf(&path, "%s%" PRIu32 ".htm", s->stem, ev->ident);
	if (!path.failed && access(path.data, R_OK) == 0)
		add_uri(&uri, path.data);
	nm_json_append(&s->w, s->pages, uri.n ? json_stringn(uri.data, uri.n) : json_null());
	s->w.failed |= path.failed || uri.failed;
	nm_buf_done(&path);
	nm_buf_done(&uri);
}

static void put_rule(struct sarif *s, json_t *r, const struct nm_event *ev)
{
	struct nm_json *j = &s->w;
	unsigned before = s->kinds.n;

	nm_buf_reset(&j->text);
	nm_buf_utf8(&j->text, s->expert);
	nm_buf_printf(&j->text, "/%" PRIu32, ev->ident);
	nm_json_put(j, r, "ruleId", nm_json_made(j));
	j->failed |= !nm_kinds_add(&s->kinds, s->expert, ev);
	if (s->kinds.n > before)
		add_page(s, ev);
	if (nm_kinds_has(&s->kinds, s->expert, ev->ident))
		nm_json_int(j, r, "ruleIndex", s->kinds.last);
}

/* "Retransmission: ..., From 10.0.0.1:1001, Frame 12" */
static void put_message(struct sarif *s, json_t *r, const struct nm_event *ev)
{
	struct nm_json *j = &s->w;

	nm_buf_reset(&j->text);
	nm_event_sentence(&j->text, ev, UINT32_MAX, SIZE_MAX);
	nm_json_put(j, r, "message", message_of(j));
}

static void put_frames(struct sarif *s, json_t *in, const struct nm_event *ev)
{
	json_t *list = NULL;

	for (uint32_t i = 0; i < ev->n_columns; i++) {
		if (!nm_column_has_frame(&ev->columns[i]))
			continue;
		if (!list)
			list = nm_json_list_in(&s->w, in, "frames");
		nm_json_append(&s->w, list, json_integer((json_int_t)ev->columns[i].v.u + 1));
	}
}

static void on_event(void *state, const struct nm_event *ev)
{
	struct sarif *s = state;
	struct nm_json *j = &s->w;
	json_t *r, *more;

	if (!nm_event_is_finding(ev)) {
		s->figures++;
		return;
	}
	if (!s->expert || !s->stem || s->finished)
		return;
	r = nm_json_begin(j);
	put_rule(s, r, ev);
	nm_json_text(j, r, "level", levels[ev->severity]);
	put_message(s, r, ev);
	put_place(j, s, r);
	more = nm_json_object_in(j, r, "properties");
	nm_json_text(j, more, "severity", nm_severity_word(ev->severity));
	put_frames(s, more, ev);
	if (nm_systime_kind(&ev->time) == NM_WHEN_DATE) {
		nm_buf_reset(&j->text);
		nm_buf_iso(&j->text, &ev->time);
		nm_json_put(j, more, "time", nm_json_made(j));
	}
	nm_json_columns(j, more, ev);
	nm_out_puts(j->out, s->results++ ? "," : "");
	nm_json_end(j, r);
}

/* ---- the document ------------------------------------------------------------------------------ */

static json_t *make_rules(struct sarif *s)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < s->kinds.n && !s->w.failed; i++) {
		const struct nm_kind *k = &s->kinds.list[i];
		json_t *r = nm_json_append_object(&s->w, list);
		json_t *page = json_array_get(s->pages, i);

		nm_buf_reset(&s->w.text);
		nm_buf_utf8(&s->w.text, k->expert);
		nm_buf_printf(&s->w.text, "/%" PRIu32, k->ident);
		nm_json_put(&s->w, r, "id", nm_json_made(&s->w));
		nm_buf_reset(&s->w.text);
		clean(&s->w, k->title);
		nm_json_put(&s->w, r, "shortDescription", message_of(&s->w));
		if (json_is_string(page))
			nm_json_put(&s->w, r, "helpUri", json_incref(page));
	}
	return list;
}

/* run: how it ended; NULL: it did not. */
static void put_invocation(struct sarif *s, json_t *root, const struct nm_run_summary *run)
{
	struct nm_json *j = &s->w;
	json_t *o = nm_json_append_object(j, nm_json_list_in(j, root, "invocations"));
	int status = run ? run->exit_status : NM_EXIT_INTERRUPTED;

	nm_json_bool(j, o, "executionSuccessful",
	    run && (status == NM_EXIT_COMPLETE || status == NM_EXIT_FAIL_ON));
	if (run)
		nm_json_int(j, o, "exitCode", (uint64_t)status);
	nm_json_put(j, o, "toolExecutionNotifications", json_incref(s->notes));
}

/* The members of the run that stand behind its results. */
static void finish(struct sarif *s, const struct nm_run_summary *run)
{
	struct nm_json *j = &s->w;
	json_t *root, *driver;

	if (s->finished || nm_out_error(j->out))
		return;
	s->finished = true;
	root = nm_json_begin(j);
	driver = nm_json_object_in(j, nm_json_object_in(j, root, "tool"), "driver");
	nm_json_text(j, driver, "name", "netmon");
	nm_json_text(j, driver, "version", NM_VERSION);
	nm_json_put(j, driver, "rules", make_rules(s));
	put_invocation(s, root, run);
	nm_json_put(j, root, "artifacts", json_incref(s->artifacts));
	nm_json_int(
	    j, nm_json_object_in(j, root, "properties"), "events_without_severity", s->figures);
	nm_out_puts(j->out, "],\n");
	nm_json_end_members(j, root);
	nm_out_puts(j->out, "}]}\n");
}

static void on_run_end(void *state, const struct nm_run_summary *run)
{
	finish(state, run);
}

static void drop(struct sarif *s)
{
	nm_json_done(&s->w);
	nm_kinds_done(&s->kinds);
	json_decref(s->artifacts);
	json_decref(s->notes);
	json_decref(s->pages);
	free(s->uri);
	free(s->expert);
	free(s->stem);
	free(s);
}

/* A run that ended in the middle still has its document. */
static void done(void *state)
{
	struct sarif *s = state;

	if (s->begun)
		finish(s, NULL);
	drop(s);
}

static int start(struct nm_out *out, const struct nm_report_style *style, void **ret_state)
{
	struct sarif *s = calloc(1, sizeof *s);

	(void)style;
	if (!s)
		return ENOMEM;
	s->w.out = out;
	s->artifacts = json_array();
	s->notes = json_array();
	s->pages = json_array();
	if (!s->artifacts || !s->notes || !s->pages) {
		drop(s);
		return ENOMEM;
	}
	*ret_state = s;
	return 0;
}

const struct nm_report_format nm_report_sarif = {
	.name = "sarif",
	.whole = true,
	.start = start,
	.capture_begin = on_capture_begin,
	.expert_begin = on_expert_begin,
	.event = on_event,
	.expert_end = on_expert_end,
	.run_end = on_run_end,
	.done = done,
};
