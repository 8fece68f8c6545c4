/* SPDX-License-Identifier: MIT */
/* nm_frames: a worker walks and makes text, which goes on at once. */
#include "host/host_int.h"

#include <errno.h>
#include <stdlib.h>

struct showing {
	const struct nm_run_options *opt;
	const struct nm_frames_options *how;
	struct nm_crew *crew;
	struct nm_outlet outlet;
	int exit;
	uint64_t bytes; /* of text so far */
};

static bool take_text(struct showing *s, struct nm_cur *cur)
{
	const char *p;
	size_t n;

	if (!nm_cur_text(cur, s->how->colour, &p, &n))
		return false;
	s->bytes += n;
	if (s->how->most_bytes && s->bytes > s->how->most_bytes && !s->outlet.err)
		s->outlet.err = EFBIG;
	nm_outlet_put(&s->outlet, p, n);
	return true;
}

static bool take(void *ctx, enum nm_msg type, struct nm_cur *cur)
{
	struct showing *s = ctx;

	switch (type) {
	case NM_MSG_TEXT: return take_text(s, cur);
	case NM_MSG_ENOUGH: s->crew->enough = true; return nm_cur_whole(cur);
	default: return false;
	}
}

/* The worker ended otherwise than it should. */
static void tell_end(struct showing *s, const struct nm_expert_end *end)
{
	uint64_t frame = end->frame == NM_NO_FRAME ? 0 : 1 + (uint64_t)end->frame;

	s->exit = end->verdict == NM_VERDICT_REFUSED ? NM_EXIT_USAGE : nm_exit_of(end->verdict);
	if (end->verdict == NM_VERDICT_REFUSED)
		nm_host_say(s->opt, "%s", end->reason);
	else if (end->verdict != NM_VERDICT_ABORTED && frame)
		nm_host_say(s->opt, "frames could be shown up to %llu only: %s",
		    (unsigned long long)frame, end->reason);
	else if (end->verdict != NM_VERDICT_ABORTED)
		nm_host_say(s->opt, "frames can't be shown: %s", end->reason);
}

static int on_ready(void *ctx, struct nm_crew *c, unsigned i)
{
	struct showing *s = ctx;
	struct nm_expert_end end;

	if (i < c->n_jobs) {
		nm_job_end(&c->jobs[i], c->facts.facts.frames, &end);
		if (end.verdict != NM_VERDICT_DONE)
			tell_end(s, &end);
		else
			s->exit = end.n_parsers ? NM_EXIT_PARTIAL : NM_EXIT_COMPLETE;
		nm_say_offences(s->opt, &end);
		return 0;
	}
	if (!c->facts.facts.damage.code || c->enough || s->exit == NM_EXIT_USAGE)
		return 0;
	nm_host_say(s->opt, "%s: %s", c->capture, c->facts.facts.damage.text);
	if (s->exit == NM_EXIT_COMPLETE)
		s->exit = NM_EXIT_TRUNCATED;
	return 0;
}

/* What came of it: an enum nm_exit value. */
static int judge(struct showing *s, const struct nm_crew *c)
{
	int err = s->outlet.err;

	if (err && err != EPIPE)
		nm_host_say(s->opt, "the output can't be written: %s", strerror(err));
	if (err)
		return NM_EXIT_OUTPUT;
	if (c->trouble[0] && !c->bad_filter)
		nm_host_say(s->opt, "%s: %s", c->capture, c->trouble);
	if (c->trouble[0])
		return c->bad_filter ? NM_EXIT_USAGE : NM_EXIT_INPUT;
	return c->cancels ? NM_EXIT_INTERRUPTED : s->exit;
}

/* Within the engine of a crew that has it open, or in one of its own. */
static int show(
    struct showing *s, const char *capture, struct nm_crew *open, const struct nm_enc *request)
{
	struct nm_crew c;
	int exit;

	if (!nm_crew_init_task(&c, s->opt, capture, NM_TASK_FRAMES))
		return NM_EXIT_PARTIAL;
	s->crew = &c;
	c.jobs[0].take = take;
	c.jobs[0].take_ctx = s;
	c.jobs[0].request = request->p;
	c.jobs[0].request_n = request->n;
	c.outlet = &s->outlet;
	c.ready = on_ready;
	c.ctx = s;
	if (open)
		nm_crew_run_within(&c, open);
	else
		nm_crew_run(&c);
	exit = judge(s, &c);
	nm_crew_done(&c);
	return exit;
}

static bool is_sound(const struct nm_frames_options *how)
{
	return how->n_only <= NM_ONLY_MAX && how->n_fields <= NM_FIELDS_MAX &&
	       how->format < NM_FRAMES_FORMATS && how->clock < NM_FRAMES_CLOCKS &&
	       (how->format != NM_FRAMES_FIELDS || how->n_fields);
}

static int frames(const struct nm_run_options *o, const struct nm_frames_options *how, int fd,
    const char *capture, struct nm_crew *open)
{
	struct showing s = { .opt = o, .how = how, .exit = NM_EXIT_PARTIAL };
	struct nm_enc request = { .p = malloc(NM_CONFIG_MAX), .cap = NM_CONFIG_MAX };
	int exit = NM_EXIT_USAGE;

	if (!request.p) {
		nm_host_say(o, "frames can't be shown: there is no memory");
		return NM_EXIT_PARTIAL;
	}
	nm_enc_frames(&request, how);
	nm_outlet_init(&s.outlet, fd);
	if (is_sound(how) && !request.full)
		exit = show(&s, capture, open, &request);
	nm_outlet_done(&s.outlet);
	free(request.p);
	return exit;
}

int nm_frames(const struct nm_run_options *o, const struct nm_frames_options *how, int fd)
{
	return o->n_captures == 1 ? frames(o, how, fd, o->captures[0], NULL) : NM_EXIT_USAGE;
}

int nm_frames_of(struct nm_open_capture *capture, const struct nm_run_options *o,
    const struct nm_frames_options *how, int fd)
{
	return frames(o, how, fd, capture->crew->capture, capture->crew);
}
