/* SPDX-License-Identifier: MIT */
/* engine/task.h -- what a worker does without an expert.
 *
 * Each function says what it has to say; the worker adds the end record when it returns
 * true. False: it has told why not, or nobody reads.
 *
 * Uses:     libnmapi through its door.
 * Threads:  one.
 * Trust:    frames are hostile, and parsers are foreign code in this process: the guard
 *           of parse/guard.h leaves those that crash or don't return.
 */
#ifndef NM_ENGINE_TASK_H
#define NM_ENGINE_TASK_H

#include "engine/engine.h"
#include "engine/speak.h"

/* The one that w->start names: nm_worker.do_task. */
bool nm_task_do(const struct nm_worker *w, struct nm_speaker *s);

bool nm_task_protocols(const struct nm_worker *w, struct nm_speaker *s);
bool nm_task_frames(const struct nm_worker *w, struct nm_speaker *s);
bool nm_task_judge(const struct nm_worker *w, struct nm_speaker *s);

#endif
