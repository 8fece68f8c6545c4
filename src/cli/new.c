/* SPDX-License-Identifier: MIT */
/* netmon new: begin an expert or a parser from its template. */
#include "cli/cli.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static const struct cli_option options[] = { { 0 } };

/* Templates, and how long a name may be: 64 bytes leave room for endings in every file
 * system; a protocol's name has 15 at most. */
static const char *const kinds[] = { "expert", "parser", NULL };
static const unsigned longest[] = { 64, 15 };

/* The name becomes that of files, of a shared object and of the expert: what is
 * good in all of them needs no quoting anywhere. */
static bool is_good_name(const char *s, unsigned most)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return s[0] >= 'a' && s[0] <= 'z' && s[n] == '\0' && n <= most;
}

static int create(const char *kind, const char *name, const char *dir)
{
	char from[PATH_MAX], to[PATH_MAX], text[CLI_TEXT];
	int n = snprintf(from, sizeof from, "%s/%s", nm_sdk_folder(), kind);
	int m = snprintf(to, sizeof to, "%s%s%s", dir ? dir : "", dir ? "/" : "", name);
	int status;

	if (n < 0 || (size_t)n >= sizeof from || m < 0 || (size_t)m >= sizeof to) {
		cli_say("new: the path of '%s' is too long", name);
		return NM_EXIT_USAGE;
	}
	status = cli_project_copy(from, to, name);
	if (status != NM_EXIT_COMPLETE)
		return status;
	(void)cli_clean(text, to);
	(void)printf("%s: made. Next:\n  cd %s\n  make\n  make test\n", text, text);
	return NM_EXIT_COMPLETE;
}

/* Which template; -1: none, and that has been said. */
static int kind_of(const char *word)
{
	const char *near = cli_suggest(word, kinds);

	for (int i = 0; kinds[i]; i++)
		if (strcmp(word, kinds[i]) == 0)
			return i;
	if (near)
		cli_say("new: no template is called '%s'; did you mean '%s'?", word, near);
	else
		cli_say("new: no template is called '%s'; there are '%s' and '%s'", word, kinds[0],
		    kinds[1]);
	return -1;
}

static int check_words(int n, char **words)
{
	int kind;

	if (n < 2 || n > 3) {
		cli_say("new: give the kind and the name: netmon new expert NAME, or parser NAME");
		return NM_EXIT_USAGE;
	}
	kind = kind_of(words[0]);
	if (kind < 0)
		return NM_EXIT_USAGE;
	if (!is_good_name(words[1], longest[kind])) {
		cli_say("new: '%s' is not a name: lower-case letters, digits and _, a letter "
			"first, no more than %u",
		    words[1], longest[kind]);
		return NM_EXIT_USAGE;
	}
	if (n == 3 && !*words[2]) {
		cli_say("new: the name of the folder to make it in is empty");
		return NM_EXIT_USAGE;
	}
	return NM_EXIT_COMPLETE;
}

static int new (const struct cli_command *self, int argc, char **argv)
{
	int id = cli_take_options(self, argc, argv, NULL, NULL), status;

	if (id != CLI_END)
		return id == CLI_HELP ? NM_EXIT_COMPLETE : NM_EXIT_USAGE;
	status = check_words(argc - optind, argv + optind);
	if (status != NM_EXIT_COMPLETE)
		return status;
	return create(argv[optind], argv[optind + 1], argc - optind == 3 ? argv[optind + 2] : NULL);
}

const struct cli_command cli_new = { "new", "expert|parser NAME [DIR]",
	"begin an expert or a parser: a folder with source, makefile and test", options, new };
