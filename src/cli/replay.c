/* SPDX-License-Identifier: MIT */
/* netmon replay: does an expert still fail as its capsule says? */
#include "cli/cli.h"

#include "system/interrupt.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { OPT_SANDBOX = 256, OPT_ALLOW_READ, OPT_OUTPUT_DIR };

static const struct cli_option options[] = {
	{ 'e', "expert", "EXPERT", "run this expert instead of the one that failed" },
	{ 'T', "format", "FORMAT", "text or json; text without it" },
	{ OPT_SANDBOX, "sandbox", "MODE", "need a sandbox: require, best-effort or off" },
	{ OPT_ALLOW_READ, "allow-read", "PATH", "let the expert read PATH and what is beneath it" },
	{ OPT_OUTPUT_DIR, "output-dir", "DIR", "let the expert write beneath DIR" },
	{ 0 },
};

struct args {
	struct nm_run_options options;
	const char *expert, *allowed[CLI_MAX_OPTIONS];
	bool json;
};

static bool apply(void *ctx, int id, const char *name, const char *arg)
{
	struct args *a = ctx;

	switch (id) {
	case 'e':
		a->expert = arg;
		a->options.n_experts = 1;
		return true;
	case 'T': return cli_parse_json(name, arg, &a->json);
	case OPT_SANDBOX: return cli_parse_sandbox(name, arg, &a->options.sandbox);
	case OPT_ALLOW_READ:
		if (a->options.n_allow_read == CLI_MAX_OPTIONS) {
			cli_say("replay: %s: more than %d paths", name, CLI_MAX_OPTIONS);
			return false;
		}
		a->allowed[a->options.n_allow_read++] = arg;
		return true;
	default: a->options.output_dir = arg; return true;
	}
}

static int parse(int argc, char **argv, struct args *a)
{
	*a = (struct args){ 0 };
	nm_run_options_init(&a->options);
	a->options.experts = &a->expert;
	a->options.allow_read = a->allowed;
	return cli_take_options(&cli_replay, argc, argv, apply, a);
}

/* "crashed in Run at frame 3, signal 11: ..." */
static void print_end(const char *when, enum nm_verdict v, enum nm_phase phase, int signal,
    uint32_t frame, const char *reason)
{
	char text[CLI_TEXT];

	(void)printf("%s%s %s", when, nm_verdict_word(v), cli_phase(text, phase));
	if (frame != NM_NO_FRAME)
		(void)printf(" at frame %llu", (unsigned long long)frame + 1);
	if (signal)
		(void)printf(", signal %d", signal);
	if (reason && *reason)
		(void)printf(": %s", cli_clean(text, reason));
	(void)putchar('\n');
}

static void print_report(const struct nm_replay_report *r)
{
	char text[CLI_TEXT];

	(void)printf("expert: %s%s\n", cli_clean(text, r->expert_path),
	    r->expert_changed ? " (not the file that failed then)" : "");
	if (r->parsers_changed)
		(void)printf("parsers are not those of then, or set up otherwise\n");
	print_end("then:   ", r->want_verdict, r->want_phase, r->want_signal, r->want_frame,
	    r->want_reason);
	print_end("now:    ", r->verdict, r->phase, r->signal, r->frame, r->reason);
	(void)printf("%s\n", r->same ? "the same" : "not the same");
}

static json_t *json_end(
    enum nm_verdict v, enum nm_phase phase, int signal, uint32_t frame, const char *reason)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:o}", "verdict", nm_verdict_word(v), "phase",
	    nm_phase_word(phase), "signal", signal ? json_integer(signal) : json_null(), "frame",
	    frame != NM_NO_FRAME ? json_integer((json_int_t)frame + 1) : json_null(), "reason",
	    cli_json_text(reason));
}

static int print_json(const char *capsule, const struct nm_replay_report *r)
{
	json_t *o = json_pack("{s:o, s:{s:o, s:b}, s:b, s:o, s:o, s:b}", "capsule",
	    cli_json_text(capsule), "expert", "path", cli_json_text(r->expert_path), "changed",
	    r->expert_changed, "parsers_changed", r->parsers_changed, "then",
	    json_end(r->want_verdict, r->want_phase, r->want_signal, r->want_frame, r->want_reason),
	    "now", json_end(r->verdict, r->phase, r->signal, r->frame, r->reason), "same", r->same);

	if (!o)
		return ENOMEM;
	if (json_dumpf(o, stdout, JSON_COMPACT) == 0)
		(void)putchar('\n');
	json_decref(o);
	return 0;
}

/* The command's status: that of the replay, when it can be told. */
static int show(
    const struct args *a, const char *capsule, const struct nm_replay_report *r, int status)
{
	if (!a->json) {
		print_report(r);
	} else if (print_json(capsule, r) != 0) {
		cli_say("replay: %s", strerror(ENOMEM));
		status = NM_EXIT_OUTPUT;
	}
	return status;
}

static int replay(const struct cli_command *self, int argc, char **argv)
{
	struct nm_replay_report r;
	struct args a;
	int id = parse(argc, argv, &a), status;

	(void)self;
	if (id != CLI_END)
		return id == CLI_HELP ? NM_EXIT_COMPLETE : NM_EXIT_USAGE;
	if (argc - optind != 1) {
		cli_say("replay: give one capsule, a folder that 'netmon run --capsule' made");
		return NM_EXIT_USAGE;
	}
	a.options.message = cli_message;
	a.options.cancel_fd = nm_interrupt_begin();
	status = nm_replay(&a.options, argv[optind], &r);
	nm_interrupt_end();
	if (r.reason && r.want_reason && r.expert_path)
		status = show(&a, argv[optind], &r, status);
	nm_replay_report_free(&r);
	return status;
}

const struct cli_command cli_replay = { "replay", "CAPSULE",
	"repeat the failure of an expert and say whether it is the same", options, replay };
