/* SPDX-License-Identifier: MIT */
/* netmon convert: a capture in another format. */
#include "cli/cli.h"

#include "system/interrupt.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { OPT_FRAMES = 256, OPT_COMPRESS, OPT_PARSER_PATH, OPT_SANDBOX };

static const struct cli_option options[] = {
	{ OPT_COMPRESS, "compress", "FORMAT",
	    "gzip, zstd, lz4, xz or none; without it, OUT's ending decides" },
	{ OPT_FRAMES, "frames", "A-B", "write frames A to B only; also A-, -B and A" },
	{ 'Y', "filter", "FILTER", "write only frames that pass: see netmon-filter(7)" },
	{ OPT_PARSER_PATH, "parser-path", "DIR", "-Y: look for parsers in DIR first" },
	{ OPT_SANDBOX, "sandbox", "MODE", "-Y: need a sandbox: require, best-effort or off" },
	{ 'F', "to", "FORMAT", "pcap, pcapng or netmon; without it, OUT's ending decides" },
	{ 0 },
};

static const struct {
	const char *ending, *format;
} endings[] = {
	{ ".pcap", "pcap" },
	{ ".dmp", "pcap" },
	{ ".pcapng", "pcapng" },
	{ ".ntar", "pcapng" },
	{ ".cap", "netmon" },
};

static const struct {
	const char *ending, *compress;
} packed_endings[] = {
	{ ".gz", "gzip" },
	{ ".zst", "zstd" },
	{ ".lz4", "lz4" },
	{ ".xz", "xz" },
};

static bool ends_in(const char *name, size_t n, const char *ending)
{
	size_t e = strlen(ending);

	return n > e && strncasecmp(name + n - e, ending, e) == 0;
}

/* *ret_n: the length of the name without that ending. NULL: none of these. */
static const char *compression_of_name(const char *name, size_t *ret_n)
{
	*ret_n = strlen(name);
	for (size_t i = 0; i < sizeof packed_endings / sizeof *packed_endings; i++) {
		if (!ends_in(name, *ret_n, packed_endings[i].ending))
			continue;
		*ret_n -= strlen(packed_endings[i].ending);
		return packed_endings[i].compress;
	}
	return NULL;
}

/* By the first n bytes of the name. */
static const char *format_of_name(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (ends_in(name, n, endings[i].ending))
			return endings[i].format;
	return NULL;
}

/* What --compress says, or else the name; "none": not at all. */
static const char *compression(unsigned i)
{
	return i ? nm_compress_format(i - 1) : "none";
}

struct asked {
	struct nm_run_options options;
	struct nm_convert_options how;
	const char **paths; /* owned: what the options point to */
};

static int execute(struct asked *a, const char *in, const char *out)
{
	int status;

	a->options.captures = &in;
	a->options.n_captures = 1;
	a->options.message = cli_message;
	a->options.cancel_fd = nm_interrupt_begin();
	status = nm_convert(&a->options, &a->how, out, NULL);
	nm_interrupt_end();
	return status;
}

static bool set_word(
    const char *name, const char *arg, const char *(*nth)(unsigned i), const char **ret)
{
	int i;

	if (!cli_parse_word(name, arg, nth, &i))
		return false;
	*ret = nth((unsigned)i);
	return true;
}

static bool apply(void *ctx, int id, const char *name, const char *arg)
{
	struct asked *a = ctx;

	switch (id) {
	case 'F': return set_word(name, arg, nm_convert_format, &a->how.format);
	case 'Y': a->options.filter = arg; return true;
	case OPT_COMPRESS: return set_word(name, arg, compression, &a->how.compress);
	case OPT_FRAMES: return cli_parse_frames(name, arg, &a->how.first, &a->how.last);
	case OPT_PARSER_PATH: a->paths[a->options.n_parser_path++] = arg; return true;
	default: return cli_parse_sandbox(name, arg, &a->options.sandbox);
	}
}

/* What the name of the output tells, where no option does. */
static bool complete(struct nm_convert_options *how, const char *out)
{
	size_t n;
	const char *by_name = compression_of_name(out, &n);

	if (!how->compress)
		how->compress = by_name;
	else if (strcmp(how->compress, "none") == 0)
		how->compress = NULL;
	if (!how->format)
		how->format = format_of_name(out, n);
	if (!how->format)
		cli_say("convert: the ending of '%s' tells no format; say --to pcap, pcapng or "
			"netmon",
		    out);
	return how->format != NULL;
}

static int convert(const struct cli_command *self, int argc, char **argv)
{
	struct asked a = { .how = { .size = sizeof a.how, .last = NM_NO_FRAME },
		.paths = calloc((size_t)argc, sizeof *a.paths) };
	int status = NM_EXIT_USAGE, id = CLI_BAD;

	nm_run_options_init(&a.options);
	a.options.parser_path = a.paths;
	if (a.paths)
		id = cli_take_options(self, argc, argv, apply, &a);
	if (id == CLI_HELP)
		status = NM_EXIT_COMPLETE;
	else if (id == CLI_END && (argc - optind != 2 || !*argv[optind + 1]))
		cli_say("convert: give two names: netmon convert IN OUT");
	else if (id == CLI_END && complete(&a.how, argv[optind + 1]))
		status = execute(&a, argv[optind], argv[optind + 1]);
	free(a.paths);
	return status;
}

const struct cli_command cli_convert = { "convert", "IN OUT",
	"write a capture in another format: pcap, pcapng or Network Monitor", options, convert };
