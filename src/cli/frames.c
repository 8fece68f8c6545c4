/* SPDX-License-Identifier: MIT */
/* netmon frames: what is in the frames of a capture, as tshark's users expect it. */
#include "cli/cli.h"

#include "system/interrupt.h"
#include "system/terminal.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPT_FRAMES = 256, OPT_COLOR, OPT_PARSER_PATH, OPT_SANDBOX };

static const struct cli_option options[] = {
	{ 'r', "read", "FILE", "the capture; - is standard input" },
	{ 'c', "count", "N", "show N frames, then end" },
	{ OPT_FRAMES, "frames", "A-B", "show frames A to B only; also A-, -B and A" },
	{ 't', "time", "CLOCK", "r (since the first frame), d, dd, a, ad, u, ud or e" },
	{ 'V', "tree", NULL, "show every property" },
	{ 'x', "hex", NULL, "show the bytes too" },
	{ 'Y', "filter", "FILTER", "only frames that pass: see netmon-filter(7)" },
	{ 'T', "format", "FORMAT", "text, json or fields; text without it" },
	{ 'e', "field", "NAME", "-T fields: show this field; may be given many times" },
	{ 'E', "fields-option", "KEY=VALUE",
	    "-T fields: separator, aggregator, occurrence, quote or header" },
	{ 'n', "numeric", NULL, "nothing: names are never looked up on a network" },
	{ OPT_COLOR, "color", "WHEN", "colour text: auto, always or never" },
	{ OPT_PARSER_PATH, "parser-path", "DIR", "look for parsers in DIR first" },
	{ OPT_SANDBOX, "sandbox", "MODE", "need a sandbox: require, best-effort or off" },
	{ 0 },
};

struct asked {
	struct nm_run_options options;
	struct nm_frames_options how;
	const char **captures, **paths, **fields; /* owned: what the options point to */
	int format;                               /* enum nm_frames_format; -1: not said */
	int colour;                               /* -1: when the output is a terminal */
};

static bool set_clock(struct asked *a, const char *name, const char *arg)
{
	static const struct {
		const char *word;
		enum nm_frames_clock clock;
	} clocks[] = {
		{ "r", NM_CLOCK_RELATIVE },
		{ "d", NM_CLOCK_DELTA },
		{ "dd", NM_CLOCK_DELTA_SHOWN },
		{ "a", NM_CLOCK_TIME },
		{ "ad", NM_CLOCK_DATE },
		{ "u", NM_CLOCK_TIME },
		{ "ud", NM_CLOCK_DATE },
		{ "e", NM_CLOCK_EPOCH },
	};

	for (unsigned i = 0; i < sizeof clocks / sizeof clocks[0]; i++)
		if (strcmp(clocks[i].word, arg) == 0) {
			a->how.clock = clocks[i].clock;
			return true;
		}
	cli_say("%s: '%s' is not r, d, dd, a, ad, u, ud or e", name, arg);
	return false;
}

/* ---- -E ---------------------------------------------------------------------------- */

static bool bad_value(const char *word, const char *wanted)
{
	cli_say("-E '%s': it has to be %s", word, wanted);
	return false;
}

/* One printable character, /t for a tab or /s for a blank. */
static bool set_character(const char *word, const char *value, char *ret)
{
	if (strcmp(value, "/t") == 0)
		*ret = '\t';
	else if (strcmp(value, "/s") == 0)
		*ret = ' ';
	else if (strlen(value) == 1 && *value >= 0x20 && *value < 0x7f)
		*ret = *value;
	else
		return bad_value(word, "one character, /t or /s");
	return true;
}

static bool set_quote(const char *word, const char *value, char *ret)
{
	const char *at = strlen(value) == 1 ? strchr("dsn", *value) : NULL;

	if (!at)
		return bad_value(word, "d (double), s (single) or n (none)");
	*ret = *at == 'd' ? '"' : *at == 's' ? '\'' : '\0';
	return true;
}

static bool set_occurrence(const char *word, const char *value, char *ret)
{
	if (strlen(value) != 1 || !strchr("fla", *value))
		return bad_value(word, "f (the first), l (the last) or a (all)");
	*ret = *value;
	return true;
}

static bool set_fields_option(struct asked *a, const char *word)
{
	static const char *const keys[] = {
		"separator=", "aggregator=", "occurrence=", "quote=", "header=", NULL
	};
	unsigned i = 0;
	const char *value;

	while (keys[i] && strncmp(word, keys[i], strlen(keys[i])) != 0)
		i++;
	if (!keys[i]) {
		cli_say("-E '%s': there are separator=, aggregator=, occurrence=, quote= and "
			"header=",
		    word);
		return false;
	}
	value = word + strlen(keys[i]);
	switch (i) {
	case 0: return set_character(word, value, &a->how.separator);
	case 1: return set_character(word, value, &a->how.aggregator);
	case 2: return set_occurrence(word, value, &a->how.occurrence);
	case 3: return set_quote(word, value, &a->how.quote);
	default:
		if (strcmp(value, "y") != 0 && strcmp(value, "n") != 0)
			return bad_value(word, "y or n");
		a->how.header = *value == 'y';
		return true;
	}
}

/* ---- the command line ----------------------------------------------------------------- */

static bool set_count(struct asked *a, const char *name, const char *arg)
{
	uint64_t n;

	if (!cli_parse_count(name, arg, 1, NM_NO_FRAME - 1, &n))
		return false;
	a->how.most = (uint32_t)n;
	return true;
}

static bool apply(void *ctx, int id, const char *name, const char *arg)
{
	static const struct cli_choice formats[] = { { "text", NM_FRAMES_TEXT },
		{ "json", NM_FRAMES_JSON }, { "fields", NM_FRAMES_FIELDS }, { NULL, 0 } };
	static const struct cli_choice colours[] = { { "auto", -1 }, { "always", 1 },
		{ "never", 0 }, { NULL, 0 } };
	struct asked *a = ctx;

	switch (id) {
	case 'r': a->captures[a->options.n_captures++] = arg; return true;
	case 'c': return set_count(a, name, arg);
	case OPT_FRAMES: return cli_parse_frames(name, arg, &a->how.first, &a->how.last);
	case 't': return set_clock(a, name, arg);
	case 'V': a->how.tree = true; return true;
	case 'x': a->how.bytes = true; return true;
	case 'Y': a->options.filter = arg; return true;
	case 'T': return cli_parse_choice(name, arg, formats, &a->format);
	case 'e': a->fields[a->how.n_fields++] = arg; return true;
	case 'E': return set_fields_option(a, arg);
	case 'n': return true;
	case OPT_COLOR: return cli_parse_choice(name, arg, colours, &a->colour);
	case OPT_PARSER_PATH: a->paths[a->options.n_parser_path++] = arg; return true;
	default: return cli_parse_sandbox(name, arg, &a->options.sandbox);
	}
}

#define MOST_FIELDS 256u

/* What only the whole command line shows. */
static bool is_whole(struct asked *a)
{
	if (a->options.n_captures != 1) {
		cli_say(a->options.n_captures
			    ? "frames: one capture at a time"
			    : "frames: no capture given; see 'netmon help frames'");
		return false;
	}
	if (a->format < 0)
		a->format = a->how.n_fields ? NM_FRAMES_FIELDS : NM_FRAMES_TEXT;
	if (a->format == NM_FRAMES_FIELDS && !a->how.n_fields) {
		cli_say("frames: -T fields needs fields, each with -e NAME");
		return false;
	}
	if (a->format != NM_FRAMES_FIELDS && a->how.n_fields) {
		cli_say("frames: -e is for -T fields");
		return false;
	}
	if (a->how.n_fields > MOST_FIELDS) {
		cli_say("frames: more than %u fields", MOST_FIELDS);
		return false;
	}
	a->how.format = (enum nm_frames_format)a->format;
	return true;
}

static int parse(struct asked *a, int argc, char **argv)
{
	int id = cli_take_options(&cli_frames, argc, argv, apply, a);

	for (int i = optind; id == CLI_END && i < argc; i++)
		a->captures[a->options.n_captures++] = argv[i];
	return id == CLI_END && !is_whole(a) ? CLI_BAD : id;
}

static int execute(struct asked *a)
{
	int status;

	a->how.colour = nm_wants_colour(a->colour, nm_is_terminal(STDOUT_FILENO));
	a->options.message = cli_message;
	a->options.cancel_fd = nm_interrupt_begin();
	status = nm_frames(&a->options, &a->how, STDOUT_FILENO);
	nm_interrupt_end();
	return status;
}

static int frames(const struct cli_command *self, int argc, char **argv)
{
	size_t n = (size_t)argc;
	struct asked a = { .format = -1,
		.colour = -1,
		.captures = calloc(n, sizeof *a.captures),
		.paths = calloc(n, sizeof *a.paths),
		.fields = calloc(n, sizeof *a.fields) };
	int status = NM_EXIT_USAGE, parsed = CLI_BAD;

	(void)self;
	nm_run_options_init(&a.options);
	a.options.captures = a.captures;
	a.options.parser_path = a.paths;
	a.how = (struct nm_frames_options){ .size = sizeof a.how,
		.last = NM_NO_FRAME,
		.most = NM_NO_FRAME,
		.fields = a.fields,
		.separator = '\t',
		.aggregator = ',',
		.occurrence = 'a' };
	if (a.captures && a.paths && a.fields)
		parsed = parse(&a, argc, argv);
	if (parsed == CLI_HELP)
		status = NM_EXIT_COMPLETE;
	if (parsed == CLI_END)
		status = execute(&a);
	free(a.captures);
	free(a.paths);
	free(a.fields);
	return status;
}

const struct cli_command cli_frames = { "frames", "CAPTURE",
	"show the frames of a capture: lines, trees, bytes or fields", options, frames };
