/* SPDX-License-Identifier: MIT */
/* A walk through a capture that the supervisor can follow, and end. */
#include "engine/steps.h"

bool nm_steps_init(struct nm_steps *k, const struct nm_worker *w)
{
	const struct nm_door *door = w->door;

	*k = (struct nm_steps){ .w = w, .view = door->view_new(w->capture, 1) };
	if (!k->view || !door->view_keep_times(k->view))
		return false;
	door->view_stop_at(k->view, (const volatile uint32_t *)(uintptr_t)&w->status->terminate);
	return true;
}

void nm_steps_done(struct nm_steps *k)
{
	k->w->door->view_free(k->view);
	k->view = NULL;
}

static void note(struct nm_status *s, uint32_t n)
{
	atomic_store_explicit(&s->frame, n, memory_order_relaxed);
	atomic_store_explicit(&s->last_frame, n, memory_order_relaxed);
	atomic_fetch_add_explicit(&s->frames_seen, 1, memory_order_relaxed);
}

static bool is_told(struct nm_status *s)
{
	if (!atomic_load_explicit(&s->terminate, memory_order_relaxed))
		return false;
	atomic_store_explicit(&s->told, 1, memory_order_relaxed);
	return true;
}

uint32_t nm_steps_to(const struct nm_steps *k, uint32_t n, struct nm_frame *ret)
{
	uint32_t err;

	if (is_told(k->w->status))
		return NMERR_FRAME_NOT_FOUND;
	err = k->w->door->view_frame(k->view, n, ret);
	if (!err)
		note(k->w->status, n);
	return err;
}

bool nm_steps_ended_well(uint32_t err, struct nm_speaker *s)
{
	if (!err || err == NMERR_FRAME_NOT_FOUND)
		return true;
	nm_speaker_fail(s, NM_VERDICT_HOST_FAILED, NM_PHASE_RUN,
	    "the capture no longer gives what it gave before");
	return false;
}
