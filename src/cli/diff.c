/* SPDX-License-Identifier: MIT */
/* netmon diff: what one capture shows that another did not. */
#include "cli/cli.h"

#include "system/interrupt.h"

#include <string.h>

#define FAIL_ON 2 /* strong */

static bool makes_sense(const struct cli_run_args *a)
{
	const struct nm_report_options *r = &a->reports[0];

	if (a->options.n_captures != 2) {
		cli_say("diff: give two captures: the one before and the one after");
		return false;
	}
	if (a->n_reports != 1 ||
	    (strcmp(r->format, "text") != 0 && strcmp(r->format, "json") != 0)) {
		cli_say("diff: it writes one report, -T text or -T json");
		return false;
	}
	return true;
}

/* The run's status, or 5 when nothing is missing and there is what the user asks about. */
static int judge(int status, const struct nm_diff_result *r)
{
	if (status != NM_EXIT_COMPLETE)
		return status;
	if (!r->whole)
		return NM_EXIT_PARTIAL;
	return r->failing ? NM_EXIT_FAIL_ON : NM_EXIT_COMPLETE;
}

static int execute(struct cli_run_args *a)
{
	struct nm_diff_options how = { .size = sizeof how,
		.path = a->reports[0].path,
		.json = strcmp(a->reports[0].format, "json") == 0,
		.fail_on = a->options.fail_on < 0 ? FAIL_ON : a->options.fail_on };
	struct nm_diff_result result = { 0 };
	struct cli_progress progress;
	struct nm_diff *diff = NULL;
	struct nm_sink sinks[2];
	int err = nm_diff_open(&how, &diff, &sinks[1]), status;

	if (err)
		return cli_output_error(how.path, err);
	cli_progress_init(&progress, a->quiet);
	sinks[0] = cli_progress_sink(&progress);
	a->options.fail_on = -1; /* of events, and here it is of findings that are new */
	a->options.progress = progress.on ? cli_progress_show : NULL;
	a->options.progress_ctx = &progress;
	a->options.message = cli_progress_message;
	a->options.message_ctx = &progress;
	a->options.cancel_fd = nm_interrupt_begin();
	status = nm_run(&a->options, sinks, 2, NULL);
	nm_interrupt_end();
	cli_progress_erase(&progress);
	err = nm_diff_close(diff, &result);
	return err ? cli_output_error(how.path, err) : judge(status, &result);
}

static int diff(const struct cli_command *self, int argc, char **argv)
{
	struct cli_run_args args;
	int parsed = cli_run_parse(self, argc, argv, &args);
	int status = parsed == CLI_HELP ? NM_EXIT_COMPLETE : NM_EXIT_USAGE;

	if (parsed == CLI_END && makes_sense(&args))
		status = execute(&args);
	cli_run_free(&args);
	return status;
}

const struct cli_command cli_diff = { "diff", "BEFORE AFTER",
	"compare two captures by what experts find in them", cli_diff_options, diff };
