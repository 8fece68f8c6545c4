/* SPDX-License-Identifier: MIT */
/* The table of subcommands, and the help made from it. */
#include "cli/cli.h"

#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

static int help(const struct cli_command *self, int argc, char **argv);
static int version(const struct cli_command *self, int argc, char **argv);

static const struct cli_option no_options[] = { { 0 } };

static const struct cli_command cli_help = { "help", "[COMMAND]",
	"explain netmon, or one of its commands", no_options, help };
static const struct cli_command cli_version = { "version", "", "print the version", no_options,
	version };

static const struct cli_command *const commands[] = { &cli_run, &cli_diff, &cli_frames,
	&cli_experts, &cli_explain, &cli_protocols, &cli_configure, &cli_info, &cli_convert,
	&cli_replay, &cli_new, &cli_complete, &cli_help, &cli_version };

#define N_COMMANDS (sizeof commands / sizeof commands[0])

const struct cli_command *cli_command_at(unsigned i)
{
	return i < N_COMMANDS ? commands[i] : NULL;
}

static const struct cli_command *find(const char *name)
{
	for (unsigned i = 0; i < N_COMMANDS; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static int no_such_command(const char *name)
{
	const char *names[N_COMMANDS + 1] = { NULL };
	const char *near;

	for (unsigned i = 0; i < N_COMMANDS; i++)
		names[i] = commands[i]->name;
	near = cli_suggest(name, names);
	if (near)
		cli_say("no command is called '%s'; did you mean '%s'?", name, near);
	else
		cli_say("no command is called '%s'; 'netmon help' lists them", name);
	return NM_EXIT_USAGE;
}

static void print_option(const struct cli_option *o)
{
	char left[64], letter[4] = "  ";

	if (o->id < 256)
		(void)snprintf(letter, sizeof letter, "-%c", o->id);
	(void)snprintf(left, sizeof left, "%s%s%s%s%s%s", letter,
	    o->name && o->id < 256 ? ", " : (o->name ? "  " : ""), o->name ? "--" : "",
	    o->name ? o->name : "", o->arg ? (o->name ? "=" : " ") : "", o->arg ? o->arg : "");
	(void)printf("  %-24s  %s\n", left, o->help);
}

void cli_print_help(const struct cli_command *c)
{
	static const struct cli_option common = { 'h', "help", NULL, "print this and end" };

	(void)printf("usage: netmon %s%s%s%s\n\n%c%s.\n\n", c->name,
	    c->options[0].id ? " [OPTION]..." : "", c->words[0] ? " " : "", c->words,
	    toupper((unsigned char)c->summary[0]), c->summary + 1);
	for (const struct cli_option *o = c->options; o->id; o++)
		print_option(o);
	print_option(&common);
	(void)printf(c->run == help || c->run == version ? "\nMore: man netmon\n"
							 : "\nMore: man netmon-%s\n",
	    c->name);
}

static void print_overview(void)
{
	(void)printf("usage: netmon COMMAND [OPTION]... [WORD]...\n\n"
		     "Analyse network captures with experts: programs that look for one thing\n"
		     "each and run in a process of their own.\n\n");
	for (unsigned i = 0; i < N_COMMANDS; i++)
		(void)printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
	(void)printf("\n'netmon help COMMAND' explains a command.\n");
}

static int help(const struct cli_command *self, int argc, char **argv)
{
	const struct cli_command *c;

	(void)self;
	if (argc < 2) {
		print_overview();
		return NM_EXIT_COMPLETE;
	}
	c = find(argv[1]);
	if (!c)
		return no_such_command(argv[1]);
	cli_print_help(c);
	return NM_EXIT_COMPLETE;
}

static int version(const struct cli_command *self, int argc, char **argv)
{
	(void)self;
	(void)argc;
	(void)argv;
	(void)printf("netmon %s\n", nm_version());
	return NM_EXIT_COMPLETE;
}

/* The options that stand before a command. */
static const struct {
	const char *word;
	const struct cli_command *command;
} aliases[] = {
	{ "--help", &cli_help },
	{ "-h", &cli_help },
	{ "--version", &cli_version },
	{ "-v", &cli_version },
	{ "-V", &cli_version },
};

static int dispatch(int argc, char **argv)
{
	const struct cli_command *c;

	for (unsigned i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
		if (strcmp(argv[0], aliases[i].word) == 0)
			return aliases[i].command->run(aliases[i].command, argc, argv);
	if (argv[0][0] == '-') {
		cli_say("unknown option '%s'; options come after the command, see 'netmon help'",
		    argv[0]);
		return NM_EXIT_USAGE;
	}
	c = find(argv[0]);
	return c ? c->run(c, argc, argv) : no_such_command(argv[0]);
}

int cli_main(int argc, char **argv)
{
	(void)setlocale(LC_CTYPE, "");
	if (argc < 2) {
		cli_say("no command given; 'netmon help' lists them");
		return NM_EXIT_USAGE;
	}
	return cli_finish(dispatch(argc - 1, argv + 1));
}
