/* SPDX-License-Identifier: MIT */
/* netmon configure: what an expert keeps for its runs. */
#include "cli/cli.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

enum { OPT_SHOW = 256, OPT_RESET, OPT_TIMEOUT, OPT_MEMORY, OPT_EXPERT_PATH, OPT_SANDBOX };

static const struct cli_option options[] = {
	{ OPT_SHOW, "show", NULL, "only print what is stored" },
	{ OPT_RESET, "reset", NULL, "drop what is stored" },
	{ OPT_TIMEOUT, "timeout", "TIME", "stop it after TIME: 30, 500ms, 2m; 10 s without it" },
	{ OPT_MEMORY, "memory", "SIZE", "let it allocate no more than SIZE: 64M, 1G" },
	{ OPT_EXPERT_PATH, "expert-path", "DIR", "look for experts in DIR first" },
	{ OPT_SANDBOX, "sandbox", "MODE", "need a sandbox: require, best-effort or off" },
	{ 0 },
};

#define BYTES_A_LINE 16

static void print_bytes(const struct nm_stored_config *s)
{
	for (size_t i = 0; i < s->n; i++) {
		if (i % BYTES_A_LINE == 0)
			(void)printf("%s  %06zx", i ? "\n" : "", i);
		(void)printf(" %02x", s->bytes[i]);
	}
	(void)putchar('\n');
}

static void print_stored(void *ctx, const char *expert, const struct nm_stored_config *s)
{
	char name[CLI_TEXT], path[CLI_TEXT], size[CLI_TEXT];

	(void)ctx;
	(void)cli_clean(name, expert);
	if (!s->bytes) {
		(void)printf("%s: nothing is stored\n", name);
		return;
	}
	(void)printf("%s: %s in %s\n", name, cli_bytes(size, s->n), cli_clean(path, s->path));
	print_bytes(s);
}

static void print_end(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end,
    const struct nm_stored_config *s)
{
	(void)ctx;
	if (end->verdict == NM_VERDICT_DONE)
		print_stored(NULL, e->file, s);
	else
		cli_say("%s: %s in %s%s%s; what is stored stays as it was", e->file,
		    nm_verdict_word(end->verdict), nm_phase_word(end->phase),
		    end->reason[0] ? ": " : "", end->reason);
}

static void on_message(void *ctx, const char *line)
{
	(void)ctx;
	cli_say("%s", line);
}

struct asked {
	struct nm_run_options options;
	const char **paths; /* owned */
	bool show, reset;
};

static bool apply(struct asked *a, int id, const char *name, const char *arg)
{
	switch (id) {
	case OPT_SHOW: a->show = true; return true;
	case OPT_RESET: a->reset = true; return true;
	case OPT_TIMEOUT: return cli_parse_duration(name, arg, &a->options.timeout_ms);
	case OPT_MEMORY: return cli_parse_size(name, arg, &a->options.memory_bytes);
	case OPT_EXPERT_PATH: a->paths[a->options.n_expert_path++] = arg; return true;
	default: return cli_parse_sandbox(name, arg, &a->options.sandbox);
	}
}

static int parse(struct asked *a, int argc, char **argv)
{
	struct cli_parser p;
	const char *arg = NULL, *name = NULL;
	int id;

	if (!cli_parse_begin(&p, &cli_configure, argc, argv))
		return CLI_BAD;
	while ((id = cli_next_option(&p, &arg, &name)) >= 0)
		if (!apply(a, id, name, arg)) {
			id = CLI_BAD;
			break;
		}
	cli_parse_end(&p);
	if (id == CLI_END && argc - optind != 1) {
		cli_say("configure: one expert, by its name or path; see 'netmon help configure'");
		return CLI_BAD;
	}
	return id;
}

static int execute(struct asked *a, const char *expert)
{
	int status;

	a->options.experts = &expert;
	a->options.n_experts = 1;
	a->options.expert_path = a->paths;
	a->options.message = on_message;
	if (a->show || a->reset)
		return nm_config_stored(&a->options, a->reset, print_stored, NULL);
	a->options.cancel_fd = cli_cancel_start();
	status = nm_configure(&a->options, print_end, NULL);
	cli_cancel_stop();
	return status;
}

static int configure(const struct cli_command *self, int argc, char **argv)
{
	struct asked a = { .paths = calloc((size_t)argc, sizeof *a.paths) };
	int status = NM_EXIT_USAGE, parsed = CLI_BAD;

	(void)self;
	nm_run_options_init(&a.options);
	if (a.paths)
		parsed = parse(&a, argc, argv);
	if (parsed == CLI_HELP)
		status = NM_EXIT_COMPLETE;
	if (parsed == CLI_END)
		status = execute(&a, argv[optind]);
	free(a.paths);
	return status;
}

const struct cli_command cli_configure = { "configure", "EXPERT",
	"let an expert make its settings, show or drop them", options, configure };
