/* SPDX-License-Identifier: MIT */
/* The task FRAMES: a walk through the capture, shown. */
#include "engine/show.h"
#include "engine/steps.h"
#include "engine/task.h"
#include "system/files.h"
#include "system/memory.h"

#define LOOK_EVERY 1024u /* frames between two looks at the clock */
#define SHOW_MS    100   /* text does not wait longer while frames come */

struct walk {
	const struct nm_worker *w;
	struct nm_show *show;
	struct nm_steps steps;
	bool careful;  /* a parser that is not ours may end this process at any frame */
	bool streamed; /* frames may be long in coming */
	uint64_t flushed_ms;
	uint32_t shown;
	uint32_t next_only; /* of the list */
};

static int64_t time_of(const struct walk *k, uint32_t n)
{
	const struct nm_door *door = k->w->door;
	uint32_t interface;
	struct nm_frame f;

	return door->view_frame(k->steps.view, n, &f)
		   ? NM_NO_TIME
		   : door->view_time(k->steps.view, n, &interface);
}

static void show(struct walk *k, const struct nm_shown *f)
{
	struct nm_show *s = k->show;

	if (s->how->format == NM_FRAMES_JSON) {
		nm_show_json(s, f);
		return;
	}
	if (s->how->format == NM_FRAMES_FIELDS) {
		nm_show_fields(s, f);
		return;
	}
	if (k->shown && (s->how->tree || s->how->bytes))
		nm_page_put(&s->page, "\n", 1);
	if (s->how->tree)
		nm_show_tree(s, f);
	else
		nm_show_line(s, f);
	if (s->how->bytes && s->how->tree)
		nm_page_put(&s->page, "\n", 1);
	if (s->how->bytes)
		nm_show_bytes(s, f);
}

/* What is there is shown before waiting for what is not, before it may be lost, and not too late. */
static void keep_fresh(struct walk *k, uint32_t n)
{
	uint64_t now;

	if (k->careful || (k->streamed && !k->w->door->view_holds(k->steps.view, n)))
		(void)nm_page_flush(&k->show->page);
	if (n % LOOK_EVERY)
		return;
	now = nm_prim_now_ms();
	if (now - k->flushed_ms > SHOW_MS) {
		(void)nm_page_flush(&k->show->page);
		k->flushed_ms = now;
	}
}

/* The first frame to show from n on; NM_NO_FRAME: there is none. */
static uint32_t wanted_from(struct walk *k, uint32_t n)
{
	const struct nm_frames_options *how = k->show->how;

	if (!how->only)
		return n <= how->last ? n : NM_NO_FRAME;
	while (k->next_only < how->n_only && how->only[k->next_only] < n)
		k->next_only++;
	if (k->next_only == how->n_only || how->only[k->next_only] > how->last)
		return NM_NO_FRAME;
	return how->only[k->next_only];
}

/* 0 when all that was wanted is shown; else why the walk ended: NMERR_FRAME_NOT_FOUND at
 * the end of the capture, or when it was told to end. */
static uint32_t walk(struct walk *k)
{
	const struct nm_frames_options *how = k->show->how;
	const struct nm_door *door = k->w->door;
	struct nm_shown f = { .before_ns = NM_NO_TIME, .shown_before_ns = NM_NO_TIME };
	uint32_t interface, err, n, after = 0;
	struct nm_frame frame;

	for (n = wanted_from(k, how->first); n != NM_NO_FRAME; n = wanted_from(k, after)) {
		if (n != after)
			f.before_ns = time_of(k, n - 1);
		keep_fresh(k, n);
		err = nm_page_is_broken(&k->show->page) ? NMERR_FRAME_NOT_FOUND
							: nm_steps_to(&k->steps, n, &frame);
		if (err)
			return err;
		f.ns = door->view_time(k->steps.view, n, &interface);
		if (nm_show_attach(k->show, door->frame_handle(n), &frame, &f)) {
			show(k, &f);
			f.shown_before_ns = f.ns;
			k->shown++;
		}
		f.before_ns = f.ns;
		after = n + 1;
		if (k->shown == how->most)
			return 0;
	}
	return 0;
}

static bool has_fine_times(const struct nm_capture_facts *f)
{
	for (uint32_t i = 0; i < f->n_interfaces && i < NM_FACTS_INTERFACES; i++)
		if (f->interfaces[i].ticks_per_s > 1000000)
			return true;
	return false;
}

/* Show it all, with what was asked for decoded; false when that went wrong, and that has
 * been told. */
static bool show_all(struct walk *k, struct nm_speaker *s)
{
	struct nm_capture_facts facts;
	struct nm_diag diag = { 0 };
	uint32_t err;

	if (!nm_steps_init(&k->steps, k->w)) {
		nm_speaker_fail(s, NM_VERDICT_OUT_OF_MEMORY, NM_PHASE_RUN, "there is no memory");
		return false;
	}
	k->w->door->capture_facts(k->w->capture, &facts);
	k->streamed = facts.streamed;
	k->show->fine = has_fine_times(&facts);
	if (!nm_show_init(k->show, &diag)) {
		nm_speaker_fail(s,
		    diag.code == NMERR_OUT_OF_MEMORY ? NM_VERDICT_OUT_OF_MEMORY
						     : NM_VERDICT_REFUSED,
		    NM_PHASE_RUN, diag.text);
		return false;
	}
	k->show->first_ns = time_of(k, 0);
	nm_show_header(k->show);
	err = k->show->how->most ? walk(k) : 0;
	(void)nm_page_flush(&k->show->page);
	if (!nm_steps_ended_well(err, s))
		return false;
	if (!err) {
		struct nm_enc enough = nm_speaker_begin(s, NM_MSG_ENOUGH);

		(void)nm_speaker_send(s, &enough);
	}
	return !s->broken;
}

bool nm_task_frames(const struct nm_worker *w, struct nm_speaker *s)
{
	static struct nm_frames_room room;
	struct nm_cur c = nm_cur_over(w->config, w->config ? w->start->config_bytes : 0);
	struct nm_frames_options how;
	struct nm_show *show;
	struct walk k = { .w = w, .careful = !w->start->shipped, .steps = { .w = w } };
	bool good;

	if (!w->capture || !nm_cur_frames(&c, &room, &how))
		return false;
	show = nm_pages_new(sizeof *show);
	if (!show)
		return false;
	show->door = w->door;
	show->how = &how;
	nm_page_init(&show->page, s, how.colour);
	k.show = show;
	good = show_all(&k, s);
	nm_show_done(show);
	nm_steps_done(&k.steps);
	nm_prim_release(show, sizeof *show);
	return good;
}
