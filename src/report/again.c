/* SPDX-License-Identifier: MIT */
/* The options with which a capture is read once more. */
#include "report/again.h"

#include <stdio.h>
#include <sys/stat.h>

/* Where it can be read once more; NULL: nowhere. */
static const char *source_of(const struct nm_capture_report *c)
{
	struct stat st;

	if (c->again)
		return c->again;
	return stat(c->path, &st) == 0 && S_ISREG(st.st_mode) ? c->path : NULL;
}

static void on_message(void *ctx, const char *line)
{
	struct nm_again *a = ctx;

	(void)snprintf(a->why, sizeof a->why, "%s", line);
}

bool nm_again_init(
    struct nm_again *a, const struct nm_run_options *run, const struct nm_capture_report *c)
{
	struct nm_run_options *o = &a->options;

	*a = (struct nm_again){ .options = *run, .source = source_of(c) };
	o->captures = &a->source;
	o->n_captures = 1;
	o->message = on_message;
	o->message_ctx = a;
	o->progress = NULL;
	o->output_dir = o->capsule_dir = o->filter = NULL;
	o->keep_core = o->in_process = o->read_again = false;
	return a->source != NULL;
}
