/* SPDX-License-Identifier: MIT */
/* netmon convert: a capture in another format. */
#include "cli/cli.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct cli_option options[] = {
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

static const char *format_of_name(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t e = strlen(endings[i].ending);

		if (n > e && strcasecmp(name + n - e, endings[i].ending) == 0)
			return endings[i].format;
	}
	return NULL;
}

static bool is_format(const char *s)
{
	const char *names[8] = { NULL };
	const char *near;

	for (unsigned i = 0; i < 7 && nm_convert_format(i); i++) {
		names[i] = nm_convert_format(i);
		if (strcmp(names[i], s) == 0)
			return true;
	}
	near = cli_suggest(s, names);
	cli_say(near ? "convert: --to '%s' is no format; did you mean '%s'?"
		     : "convert: --to '%s' is no format; there are pcap, pcapng and netmon",
	    s, near);
	return false;
}

static void on_message(void *ctx, const char *line)
{
	(void)ctx;
	cli_say("%s", line);
}

static int execute(const char *in, const char *out, const char *format)
{
	struct nm_run_options o;
	int status;

	nm_run_options_init(&o);
	o.captures = &in;
	o.n_captures = 1;
	o.message = on_message;
	o.cancel_fd = cli_cancel_start();
	status = nm_convert(&o, out, format, NULL);
	cli_cancel_stop();
	return status;
}

/* CLI_END, and *ret_format when one was given; else what cli_next_option() said. */
static int parse(int argc, char **argv, const char **ret_format)
{
	const char *arg = NULL, *name = NULL;
	struct cli_parser p;
	int id;

	if (!cli_parse_begin(&p, &cli_convert, argc, argv))
		return CLI_BAD;
	while ((id = cli_next_option(&p, &arg, &name)) >= 0) {
		*ret_format = arg;
		if (!is_format(arg)) {
			id = CLI_BAD;
			break;
		}
	}
	cli_parse_end(&p);
	return id;
}

static int convert(const struct cli_command *self, int argc, char **argv)
{
	const char *format = NULL;
	int id = parse(argc, argv, &format);

	(void)self;
	if (id != CLI_END)
		return id == CLI_HELP ? NM_EXIT_COMPLETE : NM_EXIT_USAGE;
	if (argc - optind != 2) {
		cli_say("convert: give two names: netmon convert IN OUT");
		return NM_EXIT_USAGE;
	}
	if (!format)
		format = format_of_name(argv[optind + 1]);
	if (!format) {
		cli_say(
		    "convert: the ending of '%s' tells no format; say --to pcap, pcapng or netmon",
		    argv[optind + 1]);
		return NM_EXIT_USAGE;
	}
	return execute(argv[optind], argv[optind + 1], format);
}

const struct cli_command cli_convert = { "convert", "IN OUT",
	"write a capture in another format: pcap, pcapng or Network Monitor", options, convert };
