/* SPDX-License-Identifier: MIT */
/* netmon complete: what may stand in place of the last word, for the shells' completion.
 *
 * It is made from the same tables as the help, and from what is installed. */
#include "base/settings.h"
#include "cli/cli.h"
#include "system/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct cli_option options[] = { { 0 } };

#define WORD 512 /* bytes of a word that is offered; what is longer is not */

struct asked {
	const char *word;          /* what it is to begin with */
	const char *lead;          /* what stands before in the same word: "--format=" */
	struct nm_run_options how; /* with what the words before say of folders */
	const char *expert, *expert_path, *parser_path; /* those of `how` */
	const char *setting; /* of the one expert: whose values; "": the names of all; NULL: none */
};

static bool begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* A line: the whole word, and behind a tab what it is. */
static void offer(const struct asked *a, const char *word, const char *more, const char *help)
{
	char clean[CLI_TEXT];

	if (strlen(word) < WORD && begins(word, a->word))
		(void)printf(
		    "%s%s%s\t%s\n", a->lead, word, more, cli_clean(clean, help ? help : ""));
}

/* For the shell, which knows best what there is. */
static void offer_files(bool folders)
{
	(void)printf(folders ? ":folders\n" : ":files\n");
}

/* ---- words out of the help ------------------------------------------------------- */

/* The words of "text, json or fields; text without it" and "colour text: auto, always or
 * never": the list before the semicolon, behind a colon or an "as" where one is. What stands
 * behind a word in parentheses is none of them. */
static void offer_listed(const struct asked *a, const char *help, const char *more)
{
	char list[CLI_TEXT], *s = list, *at, *save = NULL;

	(void)snprintf(list, sizeof list, "%.*s", (int)strcspn(help, ";"), help);
	if ((at = strstr(s, ": ")))
		s = at + 2;
	if ((at = strstr(s, " as ")))
		s = at + 4;
	while ((at = strstr(s, " or ")))
		memcpy(at, ",   ", 4);
	for (char *w = strtok_r(s, ",", &save); w; w = strtok_r(NULL, ",", &save)) {
		w += strspn(w, " ");
		w[strcspn(w, " ")] = '\0';
		offer(a, w, more, "");
	}
}

static void offer_severities(const struct asked *a)
{
	for (uint32_t i = 0; nm_severity_word(i); i++)
		offer(a, nm_severity_word(i), "", "");
}

/* ---- what is installed -------------------------------------------------------------- */

static void be_silent(void *ctx, const char *line)
{
	(void)ctx;
	(void)line;
}

/* Those that have words: "a|b|c", yes and no. */
static void offer_values_of(const struct asked *a, const struct nm_setting *s)
{
	char words[CLI_TEXT], *save = NULL;

	(void)snprintf(words, sizeof words, "%s",
	    strcmp(s->kind, "yes or no") == 0                                   ? "yes|no"
	    : strcmp(s->kind, "one of") == 0 || strcmp(s->kind, "some of") == 0 ? s->range
										: "");
	for (char *w = strtok_r(words, "|", &save); w; w = strtok_r(NULL, "|", &save))
		offer(a, w, "", "");
}

static int on_expert(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	const struct asked *a = ctx;

	(void)end;
	if (!e->registered)
		return 0;
	if (!a->setting)
		offer(a, e->file, "", e->description && *e->description ? e->description : e->name);
	for (unsigned i = 0; a->setting && i < e->n_settings; i++) {
		const struct nm_setting *s = &e->settings[i];

		if (!*a->setting)
			offer(a, s->name, "=", s->help);
		else if (strcmp(s->name, a->setting) == 0)
			offer_values_of(a, s);
	}
	return 0;
}

static void offer_experts(struct asked *a)
{
	a->setting = NULL;
	a->how.n_experts = 0;
	(void)nm_experts_list(&a->how, on_expert, a);
}

/* Of an expert's settings the names; behind "NAME=" the values. */
static void offer_settings(struct asked *a, const char *expert)
{
	const char *value = strchr(a->word, '=');
	char lead[3 * WORD], setting[WORD] = "";

	if (strlen(a->word) >= WORD || strlen(a->lead) >= 2 * WORD)
		return;
	if (value) {
		(void)snprintf(setting, sizeof setting, "%.*s", (int)(value - a->word), a->word);
		(void)snprintf(lead, sizeof lead, "%s%s=", a->lead, setting);
		a->lead = lead;
		a->word = value + 1;
	}
	a->setting = setting;
	a->expert = expert;
	a->how.experts = &a->expert;
	a->how.n_experts = 1;
	(void)nm_experts_list(&a->how, on_expert, a);
}

/* Of "ports=80,top=20" or "+ports=80+top=20" the last. */
static const char *last_setting(const char *s)
{
	char mark = *s && strchr(NM_SETTING_MARKS, *s) ? *s : ',';
	const char *at = strrchr(s, mark);

	return at ? at + 1 : s;
}

/* "topuser", or "resptime:ports=80,top=20", of which the last setting is begun. */
static void offer_runs(struct asked *a)
{
	const char *colon = strchr(a->word, ':'), *last;
	char expert[WORD], lead[2 * WORD];

	if (!colon) {
		offer_experts(a);
		if (nm_path_has_folder(a->word))
			offer_files(false);
		return;
	}
	if (strlen(a->word) >= WORD || strlen(a->lead) >= WORD)
		return;
	last = last_setting(colon + 1);
	(void)snprintf(expert, sizeof expert, "%.*s", (int)(colon - a->word), a->word);
	(void)snprintf(lead, sizeof lead, "%s%.*s", a->lead, (int)(last - a->word), a->word);
	a->lead = lead;
	a->word = last;
	offer_settings(a, expert);
}

/* The names that people write: those for filters where there are some. */
static int on_protocol(void *ctx, const struct nm_protocol_info *p)
{
	const struct asked *a = ctx;

	for (unsigned i = 0; i < p->n_names; i++)
		offer(a, p->names[i], "", p->comment);
	if (p->n_names == 0)
		offer(a, p->name, "", p->comment);
	return 0;
}

/* And of its properties, where the word is on the way to one. */
static int on_fields(void *ctx, const struct nm_protocol_info *p)
{
	const struct asked *a = ctx;

	if (!strchr(a->word, '.'))
		return on_protocol(ctx, p);
	for (unsigned i = 0; i < p->n_properties; i++)
		for (unsigned f = 0; f < p->properties[i].n_names; f++)
			offer(a, p->properties[i].names[f].name, "", p->properties[i].comment);
	return 0;
}

static void offer_protocols(struct asked *a, bool fields)
{
	(void)nm_protocols_list(&a->how, fields ? on_fields : on_protocol, a);
}

/* ---- values of options, words of commands ------------------------------------------------ */

/* By what the help calls it. */
static void offer_value(struct asked *a, const struct cli_option *o)
{
	static const char *const listed[] = { "FORMAT", "MODE", "WHEN", "CLOCK", NULL };

	for (unsigned i = 0; listed[i]; i++)
		if (strcmp(o->arg, listed[i]) == 0)
			offer_listed(a, o->help, "");
	if (strcmp(o->arg, "KEY=VALUE") == 0)
		offer_listed(a, o->help, "=");
	else if (strcmp(o->arg, "SEVERITY") == 0)
		offer_severities(a);
	else if (strcmp(o->arg, "EXPERT") == 0)
		offer_runs(a);
	else if (strcmp(o->arg, "FILTER") == 0 || strcmp(o->arg, "NAME") == 0)
		offer_protocols(a, true);
	else if (strcmp(o->arg, "FILE") == 0 || strcmp(o->arg, "PATH") == 0)
		offer_files(false);
	else if (strcmp(o->arg, "DIR") == 0)
		offer_files(true);
}

static void offer_commands(const struct asked *a)
{
	const struct cli_command *c;

	for (unsigned i = 0; (c = cli_command_at(i)); i++)
		offer(a, c->name, "", c->summary);
}

static void offer_options(const struct asked *a, const struct cli_command *c)
{
	char word[WORD];

	for (const struct cli_option *o = c->options; o->id; o++) {
		if (o->id < 256) {
			(void)snprintf(word, sizeof word, "-%c", o->id);
			offer(a, word, "", o->help);
		}
		if (o->name) {
			(void)snprintf(word, sizeof word, "--%s", o->name);
			offer(a, word, o->arg ? "=" : "", o->help);
		}
	}
	offer(a, "-h", "", "print help and end");
	offer(a, "--help", "", "print help and end");
}

/* The n-th word that is no option; `first` is the first of them. */
static void offer_word(struct asked *a, const struct cli_command *c, unsigned n, const char *first)
{
	static const char *const kinds[] = { "expert", "parser" };

	if (c == &cli_experts || (n == 0 && (c == &cli_configure || c == &cli_explain)))
		offer_experts(a);
	else if (c == &cli_configure)
		offer_settings(a, first);
	else if (c == &cli_protocols)
		offer_protocols(a, false);
	else if (strcmp(c->words, "[COMMAND]") == 0)
		offer_commands(a);
	else if (c == &cli_new && n == 0)
		for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
			offer(a, kinds[i], "", "");
	else if (c == &cli_replay)
		offer_files(true);
	else if (*c->words && c != &cli_new)
		offer_files(false);
}

/* ---- the words before -------------------------------------------------------------------- */

/* The option whose value the next word is: "-T", "-qT", "--format". NULL: none. */
static const struct cli_option *awaits_value(const struct cli_command *c, const char *word)
{
	bool lone = word[0] == '-' && word[1] && word[1] != '-';

	for (const struct cli_option *o = c->options; o->id; o++) {
		if (begins(word, "--") && o->name && strcmp(word + 2, o->name) == 0)
			return o->arg ? o : NULL;
	}
	for (const char *l = word + 1; lone && *l; l++)
		for (const struct cli_option *o = c->options; o->id; o++)
			if (o->id == *l && o->arg)
				return l[1] ? NULL : o;
	return NULL;
}

/* "--format=js": its option; NULL: it is none with a value in the same word. */
static const struct cli_option *has_value(const struct cli_command *c, const char *word)
{
	size_t n = strcspn(word, "=");

	for (const struct cli_option *o = c->options; begins(word, "--") && word[n] && o->id; o++)
		if (o->name && o->arg && strlen(o->name) == n - 2 &&
		    memcmp(word + 2, o->name, n - 2) == 0)
			return o;
	return NULL;
}

/* Where what is installed is looked for, too. */
static void take_folder(struct asked *a, const struct cli_option *o, const char *folder)
{
	if (o->name && strcmp(o->name, "expert-path") == 0) {
		a->expert_path = folder;
		a->how.expert_path = &a->expert_path;
		a->how.n_expert_path = 1;
	} else if (o->name && strcmp(o->name, "parser-path") == 0) {
		a->parser_path = folder;
		a->how.parser_path = &a->parser_path;
		a->how.n_parser_path = 1;
	}
}

/* Of a command whose words are argv[0..n), the last of them begun. */
static void complete_in(struct asked *a, const struct cli_command *c, char **argv, int n)
{
	const struct cli_option *o = NULL;
	const char *first = NULL, *last = argv[n - 1];
	bool words_only = false;
	unsigned words = 0;
	char lead[WORD];

	for (int i = 0; i < n - 1; i++) {
		const struct cli_option *with;

		if (o) {
			take_folder(a, o, argv[i]);
			o = NULL;
		} else if (!words_only && strcmp(argv[i], "--") == 0) {
			words_only = true;
		} else if (words_only || argv[i][0] != '-' || !argv[i][1]) {
			first = words++ ? first : argv[i];
		} else if ((with = has_value(c, argv[i])) != NULL) {
			take_folder(a, with, strchr(argv[i], '=') + 1);
		} else {
			o = awaits_value(c, argv[i]);
		}
	}
	a->word = last;
	if (o) {
		offer_value(a, o);
	} else if (!words_only && (o = has_value(c, last)) != NULL) {
		(void)snprintf(lead, sizeof lead, "%.*s=", (int)strcspn(last, "="), last);
		a->lead = lead;
		a->word = strchr(last, '=') + 1;
		offer_value(a, o);
	} else if (!words_only && last[0] == '-') {
		offer_options(a, c);
	} else {
		offer_word(a, c, words, first);
	}
}

static int complete(const struct cli_command *self, int argc, char **argv)
{
	struct asked a = { .lead = "" };
	const struct cli_command *c = NULL;

	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		cli_print_help(self);
		return NM_EXIT_COMPLETE;
	}
	if (argc < 3 || strcmp(argv[1], "--") != 0) {
		cli_say("complete: the words behind 'netmon' go behind '--'; see 'netmon help "
			"complete'");
		return NM_EXIT_USAGE;
	}
	nm_run_options_init(&a.how);
	a.how.message = be_silent;
	a.word = argv[2];
	if (argc == 3) {
		offer_commands(&a);
		offer(&a, "--help", "", "print help and end");
		offer(&a, "--version", "", "print the version and end");
		return NM_EXIT_COMPLETE;
	}
	for (unsigned i = 0; (c = cli_command_at(i)); i++)
		if (strcmp(c->name, argv[2]) == 0)
			break;
	if (c)
		complete_in(&a, c, argv + 3, argc - 3);
	return NM_EXIT_COMPLETE;
}

const struct cli_command cli_complete = { "complete", "-- WORD...",
	"tell what may stand in place of the last word: for the completion of shells", options,
	complete };
