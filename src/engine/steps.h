/* SPDX-License-Identifier: MIT */
/* engine/steps.h -- frame after frame of the capture, for a task, with word of how far it is.
 *
 * Owns:     a view of one window.
 * Uses:     libnmapi through its door.
 * Threads:  one.
 * Trust:    frames are hostile; what is written into the status harms nobody.
 */
#ifndef NM_ENGINE_STEPS_H
#define NM_ENGINE_STEPS_H

#include "engine/engine.h"
#include "engine/speak.h"

struct nm_steps {
	const struct nm_worker *w; /* borrowed */
	struct nm_view *view;      /* owned */
};

/* False: there is no memory. nm_steps_done() is safe either way. */
bool nm_steps_init(struct nm_steps *k, const struct nm_worker *w);
void nm_steps_done(struct nm_steps *k);

/* Take the step to frame n. NMERR_FRAME_NOT_FOUND behind the last one, and when the worker was
 * told to end. */
uint32_t nm_steps_to(const struct nm_steps *k, uint32_t n, struct nm_frame *ret);

/* What ended the steps, if it was neither the end nor a wish: told, and false. */
bool nm_steps_ended_well(uint32_t err, struct nm_speaker *s);

#endif
