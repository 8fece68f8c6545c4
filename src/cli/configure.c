/* SPDX-License-Identifier: MIT */
/* netmon configure: what an expert keeps for its runs, by the names of its settings or as it
 * makes it itself. */
#include "cli/cli.h"

#include "system/interrupt.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_SHOW = 256, OPT_RESET, OPT_CALL, OPT_TIMEOUT, OPT_MEMORY, OPT_EXPERT_PATH, OPT_SANDBOX };

static const struct cli_option options[] = {
	{ OPT_SHOW, "show", NULL, "only print what is stored" },
	{ OPT_RESET, "reset", NULL,
	    "drop what is stored, or give the settings named their defaults" },
	{ OPT_CALL, "call", NULL, "call its Configure although its settings have names" },
	{ 'T', "format", "FORMAT", "text or json; text without it" },
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

static void say_failure(const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	char phase[CLI_TEXT];

	cli_say("%s: %s %s%s%s; what is stored stays as it was", e->file,
	    nm_verdict_word(end->verdict), cli_phase(phase, end->phase), end->reason[0] ? ": " : "",
	    end->reason);
}

static void print_end(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end,
    const struct nm_stored_config *s)
{
	(void)ctx;
	if (end->verdict == NM_VERDICT_DONE)
		print_stored(NULL, e->file, s);
	else
		say_failure(e, end);
}

struct asked {
	struct nm_run_options options;
	const char **paths;                /* owned */
	struct nm_setting_change *changes; /* owned */
	unsigned n_changes;
	bool show, reset, call, json;
	bool unnamed; /* it turned out to name no settings */
	int err;      /* errno value: out of memory */
};

static int print_json(const struct nm_expert_info *e)
{
	json_t *o = json_pack(
	    "{s:o,s:o}", "name", cli_json_text(e->file), "settings", cli_json_settings(e));
	int bad = o ? json_dumpf(o, stdout, JSON_COMPACT) : -1;

	if (!bad)
		(void)putchar('\n');
	json_decref(o);
	return bad ? ENOMEM : 0;
}

static void print_settings(void *ctx, const struct nm_expert_info *e,
    const struct nm_expert_end *end, const struct nm_stored_config *s)
{
	struct asked *a = ctx;

	(void)s;
	if (end->verdict != NM_VERDICT_DONE && (a->n_changes || !a->show))
		say_failure(e, end);
	a->unnamed =
	    end->verdict == NM_VERDICT_DONE ? e->n_settings == 0 : a->show && !a->n_changes;
	if (e->n_settings && end->verdict == NM_VERDICT_DONE)
		a->err = a->json ? print_json(e) : cli_print_settings(e);
}

static bool apply(void *ctx, int id, const char *name, const char *arg)
{
	struct asked *a = ctx;

	switch (id) {
	case OPT_SHOW: a->show = true; return true;
	case OPT_RESET: a->reset = true; return true;
	case OPT_CALL: a->call = true; return true;
	case 'T': return cli_parse_json(name, arg, &a->json);
	case OPT_TIMEOUT: return cli_parse_duration(name, arg, &a->options.timeout_ms);
	case OPT_MEMORY: return cli_parse_size(name, arg, &a->options.memory_bytes);
	case OPT_EXPERT_PATH: a->paths[a->options.n_expert_path++] = arg; return true;
	default: return cli_parse_sandbox(name, arg, &a->options.sandbox);
	}
}

/* NAME=VALUE, or NAME with --reset. */
static bool add_change(struct asked *a, char *word)
{
	char *value = strchr(word, '=');

	if (a->reset ? value != NULL : value == NULL || value == word) {
		cli_say(a->reset
			    ? "configure: '%s': --reset takes names of settings, without values"
			    : "configure: '%s' is not NAME=VALUE; see 'netmon help configure'",
		    word);
		return false;
	}
	if (value)
		*value++ = '\0';
	a->changes[a->n_changes++] = (struct nm_setting_change){ word, value };
	return true;
}

static bool makes_sense(const struct asked *a)
{
	if (a->call && (a->show || a->reset || a->n_changes)) {
		cli_say("configure: --call lets the expert make its settings; nothing else can be "
			"asked with it");
		return false;
	}
	if (a->show && (a->reset || a->n_changes)) {
		cli_say("configure: --show changes nothing");
		return false;
	}
	return true;
}

static int parse(struct asked *a, int argc, char **argv)
{
	int id = cli_take_options(&cli_configure, argc, argv, apply, a);

	if (id == CLI_END && argc == optind) {
		cli_say("configure: one expert, by its name or path; see 'netmon help configure'");
		return CLI_BAD;
	}
	for (int i = optind + 1; i < argc && id == CLI_END; i++)
		if (!add_change(a, argv[i]))
			id = CLI_BAD;
	return id == CLI_END && !makes_sense(a) ? CLI_BAD : id;
}

/* Its settings by their names; where it has none, what it makes itself. */
static int by_name(struct asked *a)
{
	int status = nm_settings_change(&a->options, a->changes, a->n_changes, print_settings, a);

	if (a->err) {
		cli_say("configure: %s", strerror(a->err));
		return NM_EXIT_OUTPUT;
	}
	if (!a->unnamed || a->n_changes)
		return status;
	return a->show ? nm_config_stored(&a->options, false, print_stored, NULL)
		       : nm_configure(&a->options, print_end, NULL);
}

static int execute(struct asked *a, const char *expert)
{
	int status;

	a->options.experts = &expert;
	a->options.n_experts = 1;
	a->options.expert_path = a->paths;
	a->options.message = cli_message;
	if (a->reset && !a->n_changes)
		return nm_config_stored(&a->options, true, print_stored, NULL);
	a->options.cancel_fd = nm_interrupt_begin();
	status = a->call ? nm_configure(&a->options, print_end, NULL) : by_name(a);
	nm_interrupt_end();
	return status;
}

static int configure(const struct cli_command *self, int argc, char **argv)
{
	struct asked a = { .paths = calloc((size_t)argc, sizeof *a.paths),
		.changes = calloc((size_t)argc, sizeof *a.changes) };
	int status = NM_EXIT_USAGE, parsed = CLI_BAD;

	(void)self;
	nm_run_options_init(&a.options);
	if (a.paths && a.changes)
		parsed = parse(&a, argc, argv);
	if (parsed == CLI_HELP)
		status = NM_EXIT_COMPLETE;
	if (parsed == CLI_END)
		status = execute(&a, argv[optind]);
	free(a.paths);
	free(a.changes);
	return status;
}

const struct cli_command cli_configure = { "configure", "EXPERT [NAME=VALUE]...",
	"show, set or reset the settings of an expert", options, configure };
