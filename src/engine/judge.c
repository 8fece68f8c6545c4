/* SPDX-License-Identifier: MIT */
/* The task JUDGE: which frames pass the user's filter. */
#include "engine/steps.h"
#include "engine/task.h"

#define RANGES_BYTES (64u << 10) /* of ranges in a message */

struct judging {
	struct nm_steps steps;
	struct nm_speaker *s;
	struct nm_parse *parse; /* owned */
	HFILTER filter;
	struct nm_enc o;
	struct nm_frame_range open; /* that may grow; first > last: none */
};

static void send_ranges(struct judging *j)
{
	if (j->o.n > NM_WIRE_HEADER)
		(void)nm_speaker_send(j->s, &j->o);
	j->o = nm_speaker_begin(j->s, NM_MSG_PASSED);
}

static void end_range(struct judging *j)
{
	if (j->open.first > j->open.last)
		return;
	nm_enc_range(&j->o, &j->open);
	if (j->o.n >= RANGES_BYTES)
		send_ranges(j);
}

static void pass(struct judging *j, uint32_t n)
{
	if (j->open.first <= j->open.last && j->open.last + 1 == n) {
		j->open.last = n;
		return;
	}
	end_range(j);
	j->open = (struct nm_frame_range){ n, n };
}

/* A frame that can't be judged does not pass. */
static bool passes(const struct judging *j, const struct nm_frame *f)
{
	const struct nm_door *door = j->steps.w->door;
	bool passed = true;

	door->parse_set(j->parse, door->frame_handle(f->number), f);
	return !door->filter_test(j->filter, j->parse, NULL, &passed) && passed;
}

/* 0 when all frames of the range are judged; else why not: see nm_steps_to(). */
static uint32_t judge(struct judging *j, const struct nm_frame_range *all)
{
	struct nm_frame f;
	uint32_t err;

	for (uint32_t n = all->first;; n++) {
		err = j->s->broken ? NMERR_FRAME_NOT_FOUND : nm_steps_to(&j->steps, n, &f);
		if (err)
			return err;
		if (passes(j, &f))
			pass(j, n);
		if (n == all->last)
			return 0;
	}
}

bool nm_task_judge(const struct nm_worker *w, struct nm_speaker *s)
{
	struct nm_cur c = nm_cur_over(w->config, w->config ? w->start->config_bytes : 0);
	struct judging j = { .s = s, .open = { 1, 0 } };
	struct nm_frame_range all;
	bool good;

	if (!w->capture || !nm_cur_range(&c, &all) || !nm_cur_whole(&c))
		return false;
	j.parse = w->door->parse_new();
	j.filter = w->door->filter_current();
	if (!nm_steps_init(&j.steps, w) || !j.parse) {
		nm_speaker_fail(s, NM_VERDICT_OUT_OF_MEMORY, NM_PHASE_RUN, "there is no memory");
		good = false;
	} else {
		j.o = nm_speaker_begin(s, NM_MSG_PASSED);
		good = nm_steps_ended_well(judge(&j, &all), s);
		if (good) {
			end_range(&j);
			send_ranges(&j);
		}
	}
	w->door->parse_free(j.parse);
	nm_steps_done(&j.steps);
	return good && !s->broken;
}
