/* SPDX-License-Identifier: MIT */
/* netmon experts: what is installed, and what is wrong with it. */
#include "cli/cli.h"
#include "system/files.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPT_EXPERT_PATH = 256, OPT_SANDBOX, OPT_CHECK };

static const struct cli_option options[] = {
	{ 'T', "format", "FORMAT", "text or json; text without it" },
	{ OPT_CHECK, "check", NULL,
	    "say what each of the files is, and why it does or does not load" },
	{ OPT_EXPERT_PATH, "expert-path", "DIR", "look for experts in DIR first" },
	{ OPT_SANDBOX, "sandbox", "MODE", "need a sandbox: require, best-effort or off" },
	{ 0 },
};

/* EXPERT_ENUM_FLAG_*: what an expert says of itself. */
static const struct {
	uint32_t bit;
	const char *word, *key;
} flags[] = {
	{ 0x01, "configurable", "configurable" },
	{ 0x02, "own-viewer", "own_viewer" },
	{ 0x04, "no-events", "no_events" },
	{ 0x10, "frame-menu", "frame_menu" },
	{ 0x20, "property-menu", "property_menu" },
};

#define N_FLAGS (sizeof flags / sizeof flags[0])

struct list {
	struct nm_run_options options;
	const char **paths, **names; /* owned: what the options point to */
	bool json, check;
	unsigned n, n_broken;      /* shown */
	struct libscols_table *tb; /* the table, while it is filled */
	int err;                   /* errno value: out of memory, or output that failed */
};

static void tell_none(const struct list *l)
{
	char clean[CLI_TEXT];
	const char *dir;

	(void)printf("No experts. Folders searched:\n");
	for (unsigned i = 0; (dir = nm_expert_folder(&l->options, i)); i++)
		(void)printf("  %s\n", cli_clean(clean, dir));
}

/* ---- one -------------------------------------------------------------------- */

static void flag_words(char *s, uint32_t bits)
{
	s[0] = '\0';
	for (unsigned i = 0; i < N_FLAGS; i++)
		if (bits & flags[i].bit) {
			if (s[0])
				(void)strcat(s, ","); /* the words are far below CLI_TEXT */
			(void)strcat(s, flags[i].word);
		}
}

/* "load_failed: libgone.so: no such file"; "" when it registered. */
static void problem_text(char *s, const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	char raw[CLI_TEXT];

	s[0] = '\0';
	if (e->registered)
		return;
	(void)snprintf(raw, sizeof raw, "%s%s%s", nm_verdict_word(end->verdict),
	    end->reason[0] ? ": " : "", end->reason);
	(void)cli_clean(s, raw);
}

static void print_field(const char *name, const char *text)
{
	char clean[CLI_TEXT];

	if (text && *text)
		(void)printf("%-13s %s\n", name, cli_clean(clean, text));
}

/* What it was asked for by: its name, or its path. */
static const char *word_for(const struct list *l, const struct nm_expert_info *e)
{
	for (unsigned i = 0; i < l->options.n_experts; i++)
		if (nm_path_is_plugin(l->names[i]) && nm_path_is_same(l->names[i], e->path))
			return l->names[i];
	return e->file;
}

static int show_details(
    struct list *l, const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	char text[CLI_TEXT];

	if (l->n > 1)
		(void)printf("\n");
	print_field("Name:", e->file);
	print_field("Title:", e->name);
	print_field("Vendor:", e->vendor);
	print_field("Description:", e->description);
	print_field("File:", e->path);
	flag_words(text, e->flags);
	print_field("Flags:", text);
	problem_text(text, e, end);
	print_field("Problem:", text);
	if (e->n_settings) {
		int err;

		(void)printf("\n");
		err = cli_print_settings(e);
		if (err)
			return err;
	}
	cli_print_pages(e->path, word_for(l, e));
	return 0;
}

/* ---- table ------------------------------------------------------------------ */

enum { COL_NAME, COL_TITLE, COL_VENDOR, COL_FLAGS, COL_FILE, COL_PROBLEM };

static int new_table(struct list *l)
{
	static const struct {
		const char *heading;
		int flags;
	} columns[] = {
		[COL_NAME] = { "Name", 0 },
		[COL_TITLE] = { "Title", SCOLS_FL_TRUNC },
		[COL_VENDOR] = { "Vendor", SCOLS_FL_TRUNC },
		[COL_FLAGS] = { "Flags", 0 },
		[COL_FILE] = { "File", 0 },
		[COL_PROBLEM] = { "Problem", 0 },
	};

	l->tb = scols_new_table();
	if (!l->tb || scols_table_enable_noencoding(l->tb, 1) != 0 ||
	    scols_table_set_column_separator(l->tb, "  ") != 0)
		return ENOMEM;
	for (unsigned i = 0; i < sizeof columns / sizeof columns[0]; i++)
		if (!scols_table_new_column(l->tb, columns[i].heading, 0, columns[i].flags))
			return ENOMEM;
	return 0;
}

static int add_row(struct list *l, const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	const char *cells[] = { [COL_NAME] = e->file,
		[COL_TITLE] = e->name,
		[COL_VENDOR] = e->vendor,
		[COL_FILE] = e->path,
		[COL_PROBLEM] = NULL };
	char text[CLI_TEXT];
	struct libscols_line *line = scols_table_new_line(l->tb, NULL);
	int bad = line ? 0 : ENOMEM;

	for (unsigned i = 0; i <= COL_PROBLEM && !bad; i++) {
		if (i == COL_FLAGS)
			flag_words(text, e->flags);
		else if (i == COL_PROBLEM)
			problem_text(text, e, end);
		else
			(void)cli_clean(text, cells[i] ? cells[i] : "");
		bad = scols_line_set_data(line, i, text);
	}
	return bad ? ENOMEM : 0;
}

static int print_table(struct list *l)
{
	if (l->n_broken == 0)
		(void)scols_table_remove_column(l->tb, scols_table_get_column(l->tb, COL_PROBLEM));
	return cli_print_table(l->tb);
}

/* ---- json ------------------------------------------------------------------- */

static json_t *json_flags(uint32_t bits)
{
	json_t *o = json_object();

	for (unsigned i = 0; i < N_FLAGS; i++)
		(void)json_object_set_new(o, flags[i].key, json_boolean(bits & flags[i].bit));
	return o;
}

static int show_json(const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	json_t *o = json_pack("{s:o,s:o,s:o,s:o,s:o,s:b,s:o}", "name", cli_json_text(e->file),
	    "title", cli_json_text(e->name), "vendor", cli_json_text(e->vendor ? e->vendor : ""),
	    "description", cli_json_text(e->description ? e->description : ""), "path",
	    cli_json_text(e->path), "registered", e->registered, "flags", json_flags(e->flags));
	int bad = o ? 0 : -1;

	if (!bad)
		bad = json_object_set_new(o, "settings", cli_json_settings(e)) |
		      json_object_set_new(o, "events", cli_json_pages(e->path));
	if (!bad && !e->registered) {
		bad |=
		    json_object_set_new(o, "verdict", json_string(nm_verdict_word(end->verdict)));
		bad |= json_object_set_new(o, "reason", cli_json_text(end->reason));
	}
	if (!bad && json_dumpf(o, stdout, JSON_COMPACT) == 0)
		(void)putchar('\n');
	json_decref(o);
	return bad ? ENOMEM : 0;
}

/* ---- all ---------------------------------------------------------------------- */

static int on_expert(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	struct list *l = ctx;

	l->n++;
	l->n_broken += !e->registered;
	if (l->json)
		l->err = show_json(e, end);
	else if (l->options.n_experts)
		l->err = show_details(l, e, end);
	else
		l->err = add_row(l, e, end);
	return l->err;
}

static int execute(struct list *l)
{
	bool table = !l->json && l->options.n_experts == 0;
	int status = NM_EXIT_COMPLETE;

	if (table)
		l->err = new_table(l);
	l->options.message = cli_message;
	if (!l->err)
		status = nm_experts_list(&l->options, on_expert, l);
	if (!l->err && table && l->n)
		l->err = print_table(l);
	scols_unref_table(l->tb);
	if (l->err) {
		cli_say("experts: %s", strerror(l->err));
		return NM_EXIT_OUTPUT;
	}
	if (table && l->n == 0)
		tell_none(l);
	return status == NM_EXIT_COMPLETE && l->n_broken ? NM_EXIT_PARTIAL : status;
}

/* A line for each file. */
static int check(const struct list *l)
{
	int status = NM_EXIT_COMPLETE;

	for (unsigned i = 0; i < l->options.n_experts; i++) {
		char text[CLI_TEXT], clean[CLI_TEXT], name[CLI_TEXT];

		if (nm_expert_check(&l->options, l->names[i], text, sizeof text))
			status = NM_EXIT_PARTIAL;
		(void)printf("%s: %s\n", cli_clean(name, l->names[i]), cli_clean(clean, text));
	}
	if (l->options.n_experts)
		return status;
	cli_say("experts: --check needs the name of a file");
	return NM_EXIT_USAGE;
}

static bool apply(void *ctx, int id, const char *name, const char *arg)
{
	struct list *l = ctx;

	switch (id) {
	case OPT_CHECK: l->check = true; return true;
	case OPT_SANDBOX: return cli_parse_sandbox(name, arg, &l->options.sandbox);
	case OPT_EXPERT_PATH: l->paths[l->options.n_expert_path++] = arg; return true;
	default: return cli_parse_json(name, arg, &l->json);
	}
}

static int parse(struct list *l, int argc, char **argv)
{
	int id = cli_take_options(&cli_experts, argc, argv, apply, l);

	for (int i = optind; id == CLI_END && i < argc; i++)
		l->names[l->options.n_experts++] = argv[i];
	return id;
}

static int experts(const struct cli_command *self, int argc, char **argv)
{
	struct list l = { .paths = calloc((size_t)argc, sizeof *l.paths),
		.names = calloc((size_t)argc, sizeof *l.names) };
	int status = NM_EXIT_USAGE, parsed = CLI_BAD;

	(void)self;
	nm_run_options_init(&l.options);
	l.options.expert_path = l.paths;
	l.options.experts = l.names;
	if (l.paths && l.names)
		parsed = parse(&l, argc, argv);
	if (parsed == CLI_HELP)
		status = NM_EXIT_COMPLETE;
	if (parsed == CLI_END)
		status = l.check ? check(&l) : execute(&l);
	free(l.paths);
	free(l.names);
	return status;
}

const struct cli_command cli_experts = { "experts", "[NAME]...",
	"list the experts that are installed, or tell about some", options, experts };
