/* SPDX-License-Identifier: MIT */
/* The tasks of workers without an expert, by their number. */
#include "engine/task.h"

bool nm_task_do(const struct nm_worker *w, struct nm_speaker *s)
{
	static bool (*const tasks[NM_TASKS])(const struct nm_worker *w, struct nm_speaker *s) = {
		[NM_TASK_PROTOCOLS] = nm_task_protocols,
		[NM_TASK_FRAMES] = nm_task_frames,
		[NM_TASK_JUDGE] = nm_task_judge,
	};

	return tasks[w->start->task](w, s);
}
