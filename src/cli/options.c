/* SPDX-License-Identifier: MIT */
/* Options from a table, by getopt_long. */
#include "cli/cli.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const struct cli_option help_option = { 'h', "help", NULL, "" };

struct parser {
	const struct cli_command *command; /* borrowed */
	char **argv;                       /* borrowed */
	char letters[2 * CLI_MAX_OPTIONS + 3];
	struct option longs[CLI_MAX_OPTIONS + 1];
};

static void add(struct parser *p, struct option *l, const struct cli_option *o)
{
	size_t n = strlen(p->letters);

	if (o->id < 256) {
		p->letters[n++] = (char)o->id;
		if (o->arg)
			p->letters[n++] = ':';
		p->letters[n] = '\0';
	}
	if (o->name)
		*l = (struct option){ o->name, o->arg ? required_argument : no_argument, NULL,
			o->id };
}

static void begin(struct parser *p, const struct cli_command *c, char **argv)
{
	unsigned n = 0;

	*p = (struct parser){ .command = c, .argv = argv };
	p->letters[0] = ':'; /* tells a missing argument from an unknown option */
	for (const struct cli_option *o = c->options; o->id && n < CLI_MAX_OPTIONS - 1; o++) {
		add(p, &p->longs[n], o);
		n += o->name != NULL;
	}
	add(p, &p->longs[n], &help_option);
	opterr = 0;
	optind = 0; /* makes getopt forget an earlier command line */
}

static int unknown(const struct parser *p)
{
	const char *word = p->argv[optind - 1], *near = NULL;
	const char *names[CLI_MAX_OPTIONS + 1] = { NULL };
	const struct option *l = p->longs;
	char bare[64];

	if (optopt && strncmp(word, "--", 2) != 0) {
		cli_say("%s: unknown option '-%c'; see 'netmon help %s'", p->command->name, optopt,
		    p->command->name);
		return CLI_BAD;
	}
	(void)snprintf(bare, sizeof bare, "%.*s", (int)strcspn(word + 2, "="), word + 2);
	if (optopt) {
		cli_say("%s: option '--%s' takes no argument", p->command->name, bare);
		return CLI_BAD;
	}
	for (unsigned i = 0; l[i].name; i++)
		names[i] = l[i].name;
	near = cli_suggest(bare, names);
	if (near)
		cli_say("%s: unknown option '--%s'; did you mean '--%s'?", p->command->name, bare,
		    near);
	else
		cli_say("%s: unknown option '--%s'; see 'netmon help %s'", p->command->name, bare,
		    p->command->name);
	return CLI_BAD;
}

/* NULL: it is --help. */
static const struct cli_option *find(const struct parser *p, int id)
{
	for (const struct cli_option *o = p->command->options; o->id; o++)
		if (o->id == id)
			return o;
	return NULL;
}

/* The option as the user writes it. */
static const char *shown_name(const struct parser *p, int id)
{
	static char name[64];
	const struct cli_option *o = find(p, id);

	if (o && o->name)
		(void)snprintf(name, sizeof name, "--%s", o->name);
	else
		(void)snprintf(name, sizeof name, "-%c", id);
	return name;
}

/* An empty name is no file's and no folder's: most often it is a variable that is not set. */
static bool wants_a_name(const struct cli_option *o)
{
	static const char *const files[] = { "FILE", "DIR", "PATH" };

	for (unsigned i = 0; i < sizeof files / sizeof *files; i++)
		if (o->arg && strcmp(o->arg, files[i]) == 0)
			return true;
	return false;
}

static bool take(const struct parser *p, int id, cli_apply apply, void *ctx)
{
	const struct cli_option *o = find(p, id);

	if (o && wants_a_name(o) && !*optarg) {
		cli_say("%s: option '%s' needs the name of a %s, which is empty here",
		    p->command->name, shown_name(p, id),
		    strcmp(o->arg, "DIR") == 0 ? "folder" : "file");
		return false;
	}
	return apply(ctx, id, shown_name(p, id), optarg);
}

int cli_take_options(const struct cli_command *c, int argc, char **argv, cli_apply apply, void *ctx)
{
	struct parser p;

	begin(&p, c, argv);
	for (;;) {
		int id = getopt_long(argc, argv, p.letters, p.longs, NULL);

		switch (id) {
		case -1: return CLI_END;
		case '?': return unknown(&p);
		case ':':
			cli_say(
			    "%s: option '%s' needs an argument", c->name, shown_name(&p, optopt));
			return CLI_BAD;
		case 'h': cli_print_help(c); return CLI_HELP;
		default:
			if (!take(&p, id, apply, ctx))
				return CLI_BAD;
		}
	}
}

/* ---- words ------------------------------------------------------------------------ */

#define MOST_CHOICES 8

const char *cli_list(char *s, const char *const *words, const char *last)
{
	size_t n = 0;

	*s = '\0';
	for (unsigned i = 0; words[i] && n < CLI_TEXT; i++) {
		if (i && words[i + 1])
			n += (size_t)snprintf(s + n, CLI_TEXT - n, ", %s", words[i]);
		else if (i)
			n += (size_t)snprintf(s + n, CLI_TEXT - n, " %s %s", last, words[i]);
		else
			n += (size_t)snprintf(s, CLI_TEXT, "%s", words[i]);
	}
	return s;
}

bool cli_parse_choice(const char *name, const char *arg, const struct cli_choice *c, int *ret)
{
	const char *words[MOST_CHOICES + 1] = { NULL }, *near;
	char list[CLI_TEXT];

	for (unsigned i = 0; c[i].word && i < MOST_CHOICES; i++) {
		if (strcmp(c[i].word, arg) == 0) {
			*ret = c[i].value;
			return true;
		}
		words[i] = c[i].word;
	}
	near = cli_suggest(arg, words);
	(void)cli_list(list, words, "or");
	if (near)
		cli_say("%s: '%s' is not %s; did you mean '%s'?", name, arg, list, near);
	else
		cli_say("%s: '%s' is not %s", name, arg, list);
	return false;
}

bool cli_parse_word(const char *name, const char *arg, const char *(*nth)(unsigned i), int *ret)
{
	struct cli_choice words[MOST_CHOICES + 1] = { { NULL, 0 } };

	for (unsigned i = 0; i < MOST_CHOICES && nth(i); i++)
		words[i] = (struct cli_choice){ nth(i), (int)i };
	return cli_parse_choice(name, arg, words, ret);
}

bool cli_parse_json(const char *name, const char *arg, bool *ret)
{
	static const struct cli_choice formats[] = { { "text", 0 }, { "json", 1 }, { NULL, 0 } };
	int json;

	if (!cli_parse_choice(name, arg, formats, &json))
		return false;
	*ret = json;
	return true;
}

bool cli_parse_severity(const char *name, const char *arg, int *ret)
{
	return cli_parse_word(name, arg, nm_severity_word, ret);
}

bool cli_parse_sandbox(const char *name, const char *arg, enum nm_sandbox_mode *ret)
{
	static const struct cli_choice sandboxes[] = { { "require", NM_SANDBOX_REQUIRE },
		{ "best-effort", NM_SANDBOX_BEST_EFFORT }, { "off", NM_SANDBOX_OFF }, { NULL, 0 } };
	int mode;

	if (!cli_parse_choice(name, arg, sandboxes, &mode))
		return false;
	*ret = (enum nm_sandbox_mode)mode;
	return true;
}
