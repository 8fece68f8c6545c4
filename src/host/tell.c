/* SPDX-License-Identifier: MIT */
/* What becomes of a run, to sinks: captures as given, experts as given or as they end, events as
 * submitted. */
#include "host/host_int.h"

#define SHOW_US UINT64_C(100000) /* between two looks for people */

/* Sinks that are told the same at the same time. */
static bool is_among(const struct nm_tell *t, unsigned line, const struct nm_sink *s)
{
	if (line == NM_LINE_ALL)
		return true;
	if (t->live)
		return line == (s->show ? NM_LINE_LIVE : NM_LINE_LATE);
	return line == (s->as_ended ? NM_LINE_ENDED : NM_LINE_LIVE);
}

/* Call one member of every sink of a line; the first non-zero answer ends it. */
#define TELL(t, line, member, ...)                                                                 \
	do {                                                                                       \
		for (unsigned tell_i = 0; tell_i < (t)->n_sinks; tell_i++) {                       \
			const struct nm_sink *s = &(t)->sinks[tell_i];                             \
			int tell_r = s->member && is_among(t, line, s)                             \
					 ? s->member(s->ctx, __VA_ARGS__)                          \
					 : 0;                                                      \
			if (tell_r) {                                                              \
				(t)->refused = true;                                               \
				return tell_r;                                                     \
			}                                                                          \
		}                                                                                  \
	} while (0)

/* ---- parts of the report ------------------------------------------------------------------ */

/* Of a live capture nothing is told that depends on when it is told. */
static void blank_head(struct nm_capture_report *cap)
{
	*cap = (struct nm_capture_report){
		.path = cap->path,
		.readable = cap->readable,
		.live = true,
		.format = cap->format,
		.version_major = cap->version_major,
		.version_minor = cap->version_minor,
		.big_endian = cap->big_endian,
		.packing = cap->packing,
		.comment = cap->comment,
		.damage_offset = UINT64_MAX,
		.note_offset = UINT64_MAX,
	};
}

static int tell_begin(struct nm_tell *t, unsigned line, const struct nm_crew *c)
{
	struct nm_interface_facts ifs[NM_FACTS_INTERFACES];
	struct nm_capture_report cap;

	if (t->lines[line].began)
		return 0;
	t->lines[line].began = true;
	nm_crew_capture(c, ifs, &cap);
	if (t->live && line == NM_LINE_LIVE)
		blank_head(&cap);
	TELL(t, line, capture_begin, &cap);
	return 0;
}

static int tell_expert(struct nm_tell *t, unsigned line, const struct nm_job *j)
{
	struct nm_expert_info info;

	if (t->lines[line].in_expert)
		return 0;
	t->lines[line].in_expert = true;
	t->lines[line].told = (struct nm_told){ 0 };
	nm_job_info(j, &info);
	TELL(t, line, expert_begin, &info);
	return 0;
}

struct teller {
	struct nm_tell *t;
	unsigned line;
};

static int tell_event(void *ctx, const struct nm_event *ev)
{
	const struct teller *x = ctx;
	struct nm_run_summary *sum = x->t->sum;

	if (x->line == NM_LINE_LIVE) {
		if (ev->severity <= 5 && ev->severity > sum->worst_severity)
			sum->worst_severity = ev->severity;
		sum->events++;
		sum->fail_on_events += sum->fail_on >= 0 && ev->severity >= (uint32_t)sum->fail_on;
	}
	TELL(x->t, x->line, event, ev);
	return 0;
}

/* What it has submitted and this line has not heard. */
static int tell_events(struct nm_tell *t, unsigned line, const struct nm_job *j)
{
	struct teller x = { t, line };
	struct nm_told *told = &t->lines[line].told;

	return told->events < j->events ? nm_job_replay(j, told, tell_event, &x) : 0;
}

#define RECORD_LEAST 16 /* bytes of a file that a frame takes, at the least */

/* The run ended before the capture was counted: what the expert has seen is
 * there too, as far as the file can hold it. */
static void least_total(const struct nm_job *j, uint64_t file_bytes, struct nm_expert_end *end)
{
	uint64_t known = end->frames_total, seen = 0;

	if (end->last_frame != NM_NO_FRAME && end->last_frame < file_bytes / RECORD_LEAST)
		seen = UINT64_C(1) + end->last_frame;
	nm_job_end(j, (uint32_t)(seen > known ? seen : known), end);
	end->frames_uncounted = true;
}

static int tell_end(struct nm_tell *t, unsigned line, const struct nm_crew *c,
    const struct nm_capture_report *cap, const struct nm_job *j)
{
	struct nm_expert_info info;
	struct nm_expert_end end;

	nm_job_info(j, &info);
	nm_job_end(j, c->facts.facts.frames, &end);
	if (cap->uncounted)
		least_total(j, c->facts.facts.file_bytes, &end);
	if (line == NM_LINE_LIVE) {
		t->sum->experts++;
		t->sum->experts_failed += end.verdict != NM_VERDICT_DONE;
		t->sum->experts_misled += end.n_parsers != 0;
		t->sum->interrupted |= end.verdict == NM_VERDICT_ABORTED;
	}
	t->lines[line].in_expert = false;
	TELL(t, line, expert_end, &info, &end);
	return 0;
}

static int tell_capture_end(struct nm_tell *t, unsigned line, const struct nm_capture_report *cap)
{
	struct nm_capture_report last = *cap;

	last.live = t->live && line == NM_LINE_LIVE;
	TELL(t, line, capture_end, &last);
	return 0;
}

/* ---- a crew's results ------------------------------------------------------------------------------ */

void nm_tell_begin(struct nm_tell *t)
{
	t->live = false;
	t->next = 0;
	memset(t->lines, 0, sizeof t->lines);
	t->unshown = false;
	t->shown_us = 0;
}

static bool has_sinks(const struct nm_tell *t, unsigned line)
{
	for (unsigned i = 0; i < t->n_sinks; i++)
		if (is_among(t, line, &t->sinks[i]))
			return true;
	return false;
}

static int show(struct nm_tell *t)
{
	uint64_t now = nm_now_us();

	if (!t->unshown || now - t->shown_us < SHOW_US)
		return 0;
	t->unshown = false;
	t->shown_us = now;
	for (unsigned i = 0; i < t->n_sinks; i++) {
		const struct nm_sink *s = &t->sinks[i];
		int answer = s->show ? s->show(s->ctx) : 0;

		t->refused |= answer != 0;
		if (answer)
			return answer;
	}
	return 0;
}

int nm_tell_come(void *ctx, struct nm_crew *c)
{
	struct nm_tell *t = ctx;
	struct nm_line *line = &t->lines[NM_LINE_LIVE];
	struct nm_job *j = t->next < c->n_jobs ? &c->jobs[t->next] : NULL;
	uint64_t before = line->told.events;
	int answer;

	t->live = true;
	t->unshown |= !line->began;
	answer = tell_begin(t, NM_LINE_LIVE, c);
	if (!answer && j && j->registered) {
		t->unshown |= !line->in_expert;
		answer = tell_expert(t, NM_LINE_LIVE, j);
		if (!answer)
			answer = tell_events(t, NM_LINE_LIVE, j);
		t->unshown |= line->told.events != before;
		if (!answer && line->told.at && !has_sinks(t, NM_LINE_LATE)) {
			nm_spool_clear(&j->spool);
			line->told.at = 0;
		}
	}
	return answer ? answer : show(t);
}

static int tell_job(struct nm_tell *t, unsigned line, struct nm_crew *c,
    const struct nm_capture_report *cap, unsigned i)
{
	struct nm_job *j = &c->jobs[i];
	int answer = tell_expert(t, line, j);

	if (!answer)
		answer = tell_events(t, line, j);
	return answer ? answer : tell_end(t, line, c, cap, j);
}

int nm_tell_ended(void *ctx, struct nm_crew *c, unsigned i)
{
	struct nm_tell *t = ctx;
	struct nm_interface_facts ifs[NM_FACTS_INTERFACES];
	struct nm_capture_report cap;
	int answer;

	t->live = c->live;
	if (!has_sinks(t, NM_LINE_ENDED))
		return 0;
	nm_crew_capture(c, ifs, &cap);
	answer = tell_begin(t, NM_LINE_ENDED, c);
	return answer ? answer : tell_job(t, NM_LINE_ENDED, c, &cap, i);
}

/* Job i, or the end when there is none, to the sinks of a line. */
static int tell_turn(struct nm_tell *t, unsigned line, struct nm_crew *c,
    const struct nm_capture_report *cap, unsigned i)
{
	int answer;

	if (line == NM_LINE_ENDED && i < c->n_jobs)
		return 0; /* they have heard it */
	answer = tell_begin(t, line, c);
	if (answer)
		return answer;
	return i < c->n_jobs ? tell_job(t, line, c, cap, i) : tell_capture_end(t, line, cap);
}

int nm_tell_ready(void *ctx, struct nm_crew *c, unsigned i)
{
	struct nm_tell *t = ctx;
	struct nm_interface_facts ifs[NM_FACTS_INTERFACES];
	struct nm_capture_report cap;
	struct nm_open_capture open = { c };
	int answer = 0;

	t->live = c->live;
	nm_crew_capture(c, ifs, &cap);
	if (i == c->n_jobs && nm_crew_may_lend(c))
		cap.open = &open;
	for (unsigned line = 0; line < NM_LINES && !answer; line++)
		if (line == NM_LINE_LIVE || has_sinks(t, line)) /* the first counts, too */
			answer = tell_turn(t, line, c, &cap, i);
	if (i < c->n_jobs)
		nm_spool_done(&c->jobs[i].spool);
	else
		t->sum->captures_damaged += cap.damage != NULL;
	t->next = i + 1;
	return answer;
}

int nm_tell_unreadable(struct nm_tell *t, const struct nm_crew *c)
{
	struct nm_interface_facts ifs[NM_FACTS_INTERFACES];
	struct nm_capture_report cap;

	nm_crew_capture(c, ifs, &cap);
	nm_host_say(c->opt, "%s: %s", cap.path, cap.damage);
	t->sum->captures_unreadable++;
	TELL(t, NM_LINE_ALL, capture_begin, &cap);
	TELL(t, NM_LINE_ALL, capture_end, &cap);
	return 0;
}

int nm_tell_run_end(struct nm_tell *t)
{
	TELL(t, NM_LINE_ALL, run_end, t->sum);
	return 0;
}
