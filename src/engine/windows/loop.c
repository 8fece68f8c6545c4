/* SPDX-License-Identifier: MIT */
/* The engine's loop on Windows: index the capture and listen. Workers are the supervisor's. */
#include "engine/serve.h"
#include "engine/windows/trial.h"
#include "system/pipe.h"

#define FOREVER_MS (60 * 1000) /* until somebody looks again */

/* Until a packet comes, or the capture has more, or the time for it is there. */
static bool await(struct nm_awaited a[2], int due_us)
{
	return nm_await(a, 2, due_us < 0 ? FOREVER_MS : (due_us + 999) / 1000);
}

void nm_engine_await_input(const struct nm_engine *e)
{
	struct nm_awaited a[2] = { { .fd = e->cfg->door->capture_input(e->capture) },
		{ .fd = -1 } };

	(void)await(a, e->cfg->door->capture_due(e->capture));
}

bool nm_engine_start(
    struct nm_engine *e, const struct nm_ctl_start *start, const int fds[NM_START_FDS])
{
	(void)e;
	(void)start;
	(void)fds;
	return false; /* nobody asks this engine for a worker */
}

void nm_engine_kill(struct nm_engine *e, uint32_t index)
{
	(void)e;
	(void)index;
}

static void loop(struct nm_engine *e)
{
	for (;;) {
		bool busy = e->capture && !e->indexed;
		int due = e->capture ? e->cfg->door->capture_due(e->capture) : -1;
		struct nm_awaited a[2] = { { .fd = e->cfg->ctl.in },
			{ .fd = busy ? e->cfg->door->capture_input(e->capture) : -1 } };

		if (!await(a, due))
			return;
		if ((a[0].ready || a[0].err) && !nm_engine_take_packet(e))
			return;
		nm_parser_is_loaded();
		if (due >= 0)
			e->cfg->door->capture_serve(e->capture);
		if (busy && (due >= 0 || a[1].ready) && !nm_engine_index_some(e))
			return;
	}
}

int nm_engine_serve(const struct nm_engine_config *cfg)
{
	struct nm_engine e = { .cfg = cfg };

	if (cfg->capture_fd >= 0 && !nm_engine_open(&e))
		return 1;
	/* What came with the first frame is stored before more is waited for. */
	if (e.capture && !nm_engine_index_some(&e))
		return 1;
	loop(&e);
	return 0;
}
