/* SPDX-License-Identifier: MIT */
/* netmon run: analyse captures with experts. */
#include "cli/cli.h"

#include "system/files.h"
#include "system/interrupt.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	OPT_TIMEOUT = 256,
	OPT_STALL,
	OPT_MEMORY,
	OPT_MAX_EVENTS,
	OPT_JOBS,
	OPT_EXPERT_PATH,
	OPT_PARSER_PATH,
	OPT_NO_BILL,
	OPT_COLOR,
	OPT_IN_PROCESS,
	OPT_SANDBOX,
	OPT_ALLOW_READ,
	OPT_OUTPUT_DIR,
	OPT_CORE,
	OPT_HEAP,
	OPT_TRACE_MEMORY,
	OPT_REST_BLOCKS,
	OPT_CAPSULE,
	OPT_FAIL_ALLOC,
	OPT_NO_CONFIG,
	OPT_AROUND,
	OPT_FAIL_ON,
};

#define MOST_JOBS    1024
#define MOST_RESTING 65536
#define MOST_AROUND  1000000
#define AROUND       5
#define MOST_ALLOWED 32 /* as nmhost.h says of allow_read */

/* How an expert is found and held, which both commands let the user say. */
#define LIMITS                                                                                     \
	{ OPT_TIMEOUT, "timeout", "TIME", "stop an expert after TIME: 30, 500ms, 30s, 2m, 1h" },   \
	    { OPT_STALL, "stall", "TIME", "stop an expert that shows no sign of life for TIME" },  \
	    { OPT_MEMORY, "memory", "SIZE", "let an expert allocate no more than SIZE: 64M, 1G" }, \
	    { OPT_MAX_EVENTS, "max-events", "N", "keep no more than N events of an expert" },      \
	    { OPT_JOBS, "jobs", "N", "run N experts side by side" },                               \
	    { OPT_EXPERT_PATH, "expert-path", "DIR", "look for experts in DIR first" },            \
	{                                                                                          \
		OPT_PARSER_PATH, "parser-path", "DIR", "look for parsers in DIR first"             \
	}

static const struct cli_option options[] = {
	{ 'r', "read", "FILE", "analyse FILE too" },
	{ 'Y', "filter", "FILTER", "let experts see only frames that pass: see netmon-filter(7)" },
	{ 'e', "expert", "EXPERT",
	    "run EXPERT[:NAME=VALUE,...], a name or a path; else all that came with netmon" },
	{ 'T', "format", "FORMAT",
	    "write a report as text, json, html, csv, sqlite or sarif; text without it" },
	{ 'o', "output", "FILE", "write the report of the -T before it to FILE" },
	{ 'w', "evidence", "FILE",
	    "write the frames that findings name to FILE, as pcapng with comments" },
	{ OPT_AROUND, "around", "N", "and N frames before and after each; 5 without it" },
	{ 'q', "quiet", NULL, "show no progress" },
	LIMITS,
	{ OPT_NO_BILL, "no-bill", NULL, "leave what is measured out of reports" },
	{ OPT_COLOR, "color", "WHEN", "colour text reports: auto, always or never" },
	{ OPT_FAIL_ON, "fail-on", "SEVERITY",
	    "end with status 5 when there is an event of SEVERITY or above" },
	{ OPT_SANDBOX, "sandbox", "MODE", "need a sandbox: require, best-effort or off" },
	{ OPT_ALLOW_READ, "allow-read", "PATH", "let experts read PATH and what is beneath it" },
	{ OPT_OUTPUT_DIR, "output-dir", "DIR", "let experts write beneath DIR" },
	{ OPT_CAPSULE, "capsule", "DIR",
	    "keep in DIR what repeats each failure: see netmon replay" },
	{ OPT_CORE, "core", NULL, "let a crash leave a core dump" },
	{ OPT_HEAP, "heap", "MODE",
	    "stop at the first byte behind a block, or before it: guard, guard-under or normal" },
	{ OPT_TRACE_MEMORY, "trace-memory", NULL, "say where blocks left behind came from" },
	{ OPT_REST_BLOCKS, "rest-blocks", "N",
	    "let N freed blocks of a size rest before the oldest is used again" },
	{ OPT_FAIL_ALLOC, "fail-alloc", "N", "refuse the Nth allocation of an expert" },
	{ OPT_NO_CONFIG, "no-config", NULL, "run experts without their stored settings" },
	{ OPT_IN_PROCESS, "in-process", NULL, "run one expert in this process, for debuggers" },
	{ 0 },
};

const struct cli_option cli_diff_options[] = {
	{ 'Y', "filter", "FILTER", "let experts see only frames that pass: see netmon-filter(7)" },
	{ 'e', "expert", "EXPERT",
	    "run EXPERT[:NAME=VALUE,...], a name or a path; else all that came with netmon" },
	{ 'T', "format", "FORMAT", "text or json; text without it" },
	{ 'o', "output", "FILE", "write to FILE" },
	{ OPT_FAIL_ON, "fail-on", "SEVERITY",
	    "end with status 5 when a finding of SEVERITY or above is new; strong without it" },
	{ 'q', "quiet", NULL, "show no progress" },
	LIMITS,
	{ OPT_SANDBOX, "sandbox", "MODE", "need a sandbox: require, best-effort or off" },
	{ OPT_ALLOW_READ, "allow-read", "PATH", "let experts read PATH and what is beneath it" },
	{ OPT_NO_CONFIG, "no-config", NULL, "run experts without their stored settings" },
	{ 0 },
};

/* What is being put together while options are read. */
struct build {
	struct cli_run_args *args;
	const char **captures, **experts, **paths, **parser_paths,
	    **allowed;     /* parts of args->words */
	bool output_given; /* the last report has its -o */
	bool no_bill;
	int colour;
};

/* ---- options ------------------------------------------------------------------- */

static struct nm_report_options *new_report(struct build *b, const char *format)
{
	struct nm_report_options *r;

	if (b->args->n_reports == CLI_MAX_REPORTS) {
		cli_say("run: more than %d reports", CLI_MAX_REPORTS);
		return NULL;
	}
	r = &b->args->reports[b->args->n_reports++];
	*r = (struct nm_report_options){ .size = sizeof *r, .format = format };
	b->output_given = false;
	return r;
}

static bool add_format(struct build *b, const char *name, const char *arg)
{
	int i;

	return cli_parse_word(name, arg, nm_report_format, &i) &&
	       new_report(b, nm_report_format((unsigned)i));
}

static bool add_output(struct build *b, const char *path)
{
	if (b->args->n_reports == 0 && !new_report(b, "text"))
		return false;
	if (b->output_given) {
		cli_say("run: -o '%s' has no -T of its own before it", path);
		return false;
	}
	b->args->reports[b->args->n_reports - 1].path = path;
	b->output_given = true;
	return true;
}

static const struct cli_choice colours[] = { { "auto", -1 }, { "always", 1 }, { "never", 0 },
	{ NULL, 0 } };
static const struct cli_choice heaps[] = { { "normal", 0 }, { "guard", 1 }, { "guard-under", 2 },
	{ NULL, 0 } };

static bool set_heap(struct nm_run_options *o, const char *name, const char *arg)
{
	int guard;

	if (!cli_parse_choice(name, arg, heaps, &guard))
		return false;
	o->heap_guard = (unsigned)guard;
	return true;
}

static bool allow_read(struct build *b, const char *path)
{
	struct nm_run_options *o = &b->args->options;

	if (o->n_allow_read == MOST_ALLOWED) {
		cli_say("run: more than %d --allow-read; name a folder above them", MOST_ALLOWED);
		return false;
	}
	b->allowed[o->n_allow_read++] = path;
	return true;
}

static bool set_evidence(struct cli_run_args *a, const char *name, const char *path)
{
	if (a->evidence)
		cli_say("%s: %s: the frames go to %s already", name, path, a->evidence);
	else
		a->evidence = path;
	return a->evidence == path;
}

static bool set_around(struct cli_run_args *a, const char *name, const char *arg)
{
	uint64_t n;

	if (!cli_parse_count(name, arg, 0, MOST_AROUND, &n))
		return false;
	a->around = (uint32_t)n;
	a->around_given = true;
	return true;
}

static bool set_jobs(struct nm_run_options *o, const char *name, const char *arg)
{
	uint64_t n;

	if (!cli_parse_count(name, arg, 1, MOST_JOBS, &n))
		return false;
	o->jobs = (unsigned)n;
	return true;
}

static bool set_rest(struct nm_run_options *o, const char *name, const char *arg)
{
	uint64_t n;

	if (!cli_parse_count(name, arg, 1, MOST_RESTING, &n))
		return false;
	o->rest_blocks = (uint32_t)n;
	return true;
}

/* What an expert may do, and how closely its memory is watched. */
static bool apply_containment(struct build *b, int id, const char *name, const char *arg)
{
	struct nm_run_options *o = &b->args->options;

	switch (id) {
	case OPT_SANDBOX: return cli_parse_sandbox(name, arg, &o->sandbox);
	case OPT_ALLOW_READ: return allow_read(b, arg);
	case OPT_OUTPUT_DIR: o->output_dir = arg; return true;
	case OPT_CAPSULE: o->capsule_dir = arg; return true;
	case OPT_CORE: o->keep_core = true; return true;
	case OPT_HEAP: return set_heap(o, name, arg);
	case OPT_TRACE_MEMORY: o->trace_memory = true; return true;
	case OPT_REST_BLOCKS: return set_rest(o, name, arg);
	default: return cli_parse_count(name, arg, 1, UINT64_MAX, &o->fail_alloc);
	}
}

static bool apply(void *ctx, int id, const char *name, const char *arg)
{
	struct build *b = ctx;
	struct cli_run_args *a = b->args;
	struct nm_run_options *o = &a->options;

	switch (id) {
	case 'r': b->captures[o->n_captures++] = arg; return true;
	case 'e': b->experts[o->n_experts++] = arg; return true;
	case OPT_EXPERT_PATH: b->paths[o->n_expert_path++] = arg; return true;
	case OPT_PARSER_PATH: b->parser_paths[o->n_parser_path++] = arg; return true;
	case 'Y': o->filter = arg; return true;
	case 'T': return add_format(b, name, arg);
	case 'o': return add_output(b, arg);
	case 'w': return set_evidence(a, name, arg);
	case OPT_AROUND: return set_around(a, name, arg);
	case 'q': a->quiet = true; return true;
	case OPT_TIMEOUT: return cli_parse_duration(name, arg, &o->timeout_ms);
	case OPT_STALL: return cli_parse_duration(name, arg, &o->stall_ms);
	case OPT_MEMORY: return cli_parse_size(name, arg, &o->memory_bytes);
	case OPT_MAX_EVENTS: return cli_parse_count(name, arg, 1, UINT64_MAX, &o->max_events);
	case OPT_JOBS: return set_jobs(o, name, arg);
	case OPT_FAIL_ON: return cli_parse_severity(name, arg, &o->fail_on);
	case OPT_COLOR: return cli_parse_choice(name, arg, colours, &b->colour);
	case OPT_NO_BILL: b->no_bill = true; return true;
	case OPT_NO_CONFIG: o->no_config = true; return true;
	case OPT_IN_PROCESS: o->in_process = true; return true;
	default: return apply_containment(b, id, name, arg);
	}
}

/* ---- what only the whole command line shows --------------------------------------- */

static bool is_stdout(const struct nm_report_options *r)
{
	return !r->path || strcmp(r->path, "-") == 0;
}

/* The folder a path names its file in; "" stands for no room. */
static const char *folder_of(char dir[PATH_MAX], const char *path)
{
	size_t n = nm_path_folder(path);

	if (n < PATH_MAX)
		(void)snprintf(dir, PATH_MAX, "%.*s", n ? (int)n : 1, n ? path : ".");
	else
		*dir = '\0';
	return dir;
}

static const char *name_of(const char *path)
{
	return path + nm_path_folder(path);
}

/* Two spellings of one file, which need not be there yet. */
static bool same_file(const char *a, const char *b)
{
	char dir_a[PATH_MAX], dir_b[PATH_MAX];
	struct stat sa, sb;

	if (strcmp(a, b) == 0)
		return true;
	if (stat(a, &sa) == 0 && stat(b, &sb) == 0)
		return S_ISREG(sa.st_mode) && nm_path_is_same(a, b);
	return strcmp(name_of(a), name_of(b)) == 0 &&
	       nm_path_is_same(folder_of(dir_a, a), folder_of(dir_b, b));
}

static bool same_output(const struct nm_report_options *a, const struct nm_report_options *b)
{
	if (is_stdout(a) || is_stdout(b))
		return is_stdout(a) && is_stdout(b);
	return same_file(a->path, b->path);
}

/* Opening a report cuts its file, so it must not be one of the captures. */
static bool is_capture(const struct nm_run_options *o, const char *path)
{
	struct stat out;

	if (stat(path, &out) < 0 || !S_ISREG(out.st_mode))
		return false;
	for (unsigned i = 0; i < o->n_captures; i++)
		if (strcmp(o->captures[i], "-") == 0 ? nm_path_is_open_as(path, STDIN_FILENO)
						     : nm_path_is_same(o->captures[i], path))
			return true;
	return false;
}

static bool outputs_make_sense(const char *command, const struct cli_run_args *a)
{
	for (unsigned i = 0; i < a->n_reports; i++) {
		const struct nm_report_options *r = &a->reports[i];

		for (unsigned j = 0; j < i; j++)
			if (same_output(r, &a->reports[j])) {
				cli_say("run: two reports go to %s; give each its -o",
				    is_stdout(r) ? "standard output" : r->path);
				return false;
			}
		if (!is_stdout(r) && is_capture(&a->options, r->path)) {
			cli_say("%s: %s: is a capture to read, and the report would overwrite it",
			    command, r->path);
			return false;
		}
	}
	return true;
}

static bool evidence_makes_sense(const struct cli_run_args *a)
{
	if (!a->evidence) {
		if (a->around_given)
			cli_say("run: --around says how much is beside the frames of -w, which is "
				"not given");
		return !a->around_given;
	}
	if (a->options.n_captures != 1) {
		cli_say("run: -w takes the frames of one capture; run the others by themselves");
		return false;
	}
	if (strcmp(a->evidence, "-") == 0) {
		cli_say("run: -w writes a file; name one");
		return false;
	}
	if (is_capture(&a->options, a->evidence)) {
		cli_say("run: %s: is the capture to read, and -w would replace it", a->evidence);
		return false;
	}
	for (unsigned i = 0; i < a->n_reports; i++)
		if (!is_stdout(&a->reports[i]) && same_file(a->reports[i].path, a->evidence)) {
			cli_say("run: a report and -w go to %s; give each its own", a->evidence);
			return false;
		}
	return true;
}

static bool is_there(const char *option, const char *path, bool folder)
{
	struct stat st;

	if (stat(path, &st) < 0) {
		cli_say("%s: %s: %s", option, path, strerror(errno));
		return false;
	}
	if (folder && !S_ISDIR(st.st_mode)) {
		cli_say("%s: %s: not a folder", option, path);
		return false;
	}
	return true;
}

/* What is to be granted must be there: a name misspelt would grant nothing. */
static bool grants_make_sense(const struct nm_run_options *o)
{
	for (unsigned i = 0; i < o->n_allow_read; i++)
		if (!is_there("--allow-read", o->allow_read[i], false))
			return false;
	return !o->output_dir || is_there("--output-dir", o->output_dir, true);
}

static bool makes_sense(const char *command, const struct cli_run_args *a)
{
	const struct nm_run_options *o = &a->options;

	if (o->n_captures == 0) {
		cli_say("%s: no capture given; see 'netmon help %s'", command, command);
		return false;
	}
	if (o->in_process && (o->n_captures != 1 || o->n_experts != 1)) {
		cli_say("run: --in-process takes one capture and one -e");
		return false;
	}
	if (o->in_process && o->capsule_dir) {
		cli_say("run: --capsule needs an expert to have a process of its own, and "
			"--in-process gives it none");
		return false;
	}
	if (o->in_process && o->sandbox == NM_SANDBOX_REQUIRE) {
		cli_say("run: --in-process has no sandbox, and --sandbox=require asks for one");
		return false;
	}
	return grants_make_sense(o) && outputs_make_sense(command, a) && evidence_makes_sense(a);
}

/* ---- parsing ------------------------------------------------------------------------ */

/* Room for every word in each of the four lists. */
static bool begin(struct build *b, struct cli_run_args *args, int argc)
{
	*args = (struct cli_run_args){ .around = AROUND };
	nm_run_options_init(&args->options);
	args->words = calloc((size_t)argc * 5, sizeof *args->words);
	if (!args->words) {
		cli_say("out of memory");
		return false;
	}
	*b = (struct build){ .args = args, .colour = -1 };
	b->captures = args->words;
	b->experts = args->words + argc;
	b->paths = args->words + 2 * argc;
	b->allowed = args->words + 3 * argc;
	b->parser_paths = args->words + 4 * argc;
	args->options.captures = b->captures;
	args->options.experts = b->experts;
	args->options.expert_path = b->paths;
	args->options.parser_path = b->parser_paths;
	args->options.allow_read = b->allowed;
	return true;
}

int cli_run_parse(
    const struct cli_command *as, int argc, char **argv, struct cli_run_args *ret_args)
{
	struct build b;
	int id;

	if (!begin(&b, ret_args, argc))
		return CLI_BAD;
	id = cli_take_options(as, argc, argv, apply, &b);
	if (id != CLI_END)
		return id;
	for (int i = optind; i < argc; i++)
		b.captures[ret_args->options.n_captures++] = argv[i];
	if (ret_args->n_reports == 0 && !new_report(&b, "text"))
		return CLI_BAD;
	for (unsigned i = 0; i < ret_args->n_reports; i++) {
		ret_args->reports[i].bill = !b.no_bill;
		ret_args->reports[i].colour = b.colour;
		ret_args->reports[i].run = &ret_args->options;
	}
	if (!cli_folders_expand(ret_args))
		return CLI_BAD;
	return makes_sense(as->name, ret_args) ? CLI_END : CLI_BAD;
}

void cli_run_free(struct cli_run_args *args)
{
	cli_folders_free(args);
	free(args->words);
	args->words = NULL;
}

/* ---- running -------------------------------------------------------------------------- */

struct reports {
	struct nm_report *open[CLI_MAX_REPORTS];
	/* The first erases the progress line, the last writes the evidence. */
	struct nm_sink sinks[CLI_MAX_REPORTS + 2];
	unsigned n;
	struct nm_evidence *evidence; /* NULL: none is asked for */
};

static int close_reports(struct reports *r, const struct cli_run_args *a, int status)
{
	for (unsigned i = 0; i < r->n; i++) {
		int err = nm_report_close(r->open[i]);

		if (err)
			status = cli_output_error(a->reports[i].path, err);
	}
	return status;
}

static int open_reports(struct reports *r, const struct cli_run_args *a)
{
	for (r->n = 0; r->n < a->n_reports; r->n++) {
		unsigned i = r->n;
		int err = nm_report_open(&a->reports[i], &r->open[i], &r->sinks[i + 1]);

		if (err) {
			(void)close_reports(r, a, NM_EXIT_OUTPUT);
			return cli_output_error(a->reports[i].path, err);
		}
	}
	return NM_EXIT_COMPLETE;
}

/* How many sinks there are then, or 0: no memory. */
static unsigned open_evidence(struct reports *r, struct cli_run_args *a)
{
	const struct nm_evidence_options how = {
		.size = sizeof how, .path = a->evidence, .around = a->around, .run = &a->options
	};

	if (!a->evidence)
		return r->n + 1;
	a->options.read_again = true;
	return nm_evidence_open(&how, &r->evidence, &r->sinks[r->n + 1]) ? 0 : r->n + 2;
}

static int execute(struct cli_run_args *a)
{
	struct cli_progress progress;
	struct nm_run_summary summary = { 0 };
	struct reports r = { 0 };
	int status = open_reports(&r, a);
	unsigned n_sinks;

	if (status != NM_EXIT_COMPLETE)
		return status;
	cli_progress_init(&progress, a->quiet);
	r.sinks[0] = cli_progress_sink(&progress);
	for (unsigned i = 1; i <= r.n; i++) /* it makes room for what is written to a terminal */
		r.sinks[0].as_ended |= r.sinks[i].as_ended;
	a->options.progress = progress.on ? cli_progress_show : NULL;
	a->options.progress_ctx = &progress;
	a->options.message = cli_progress_message;
	a->options.message_ctx = &progress;
	a->options.cancel_fd = nm_interrupt_begin();
	n_sinks = open_evidence(&r, a);
	status = n_sinks ? nm_run(&a->options, r.sinks, n_sinks, &summary) : NM_EXIT_OUTPUT;
	nm_evidence_close(r.evidence);
	nm_interrupt_end();
	cli_progress_erase(&progress);
	status = close_reports(&r, a, status);
	if (summary.interrupted)
		cli_say("interrupted; the report holds what was found until then");
	return status;
}

static int run(const struct cli_command *self, int argc, char **argv)
{
	struct cli_run_args args;
	int parsed = cli_run_parse(self, argc, argv, &args);
	int status = parsed == CLI_HELP ? NM_EXIT_COMPLETE : NM_EXIT_USAGE;

	if (parsed == CLI_END)
		status = execute(&args);
	cli_run_free(&args);
	return status;
}

const struct cli_command cli_run = { "run", "CAPTURE...",
	"analyse captures with experts and report what they find", options, run };
