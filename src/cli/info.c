/* SPDX-License-Identifier: MIT */
/* netmon info: what captures hold. */
#include "cli/cli.h"

#include "system/interrupt.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct cli_option options[] = {
	{ 'H', "hash", NULL, "hash the files: SHA-256 and SHA-1" },
	{ 'r', "read", "FILE", "look into FILE too" },
	{ 'T', "format", "FORMAT", "text or json; text without it" },
	{ 0 },
};

#define NS_PER_MS 1000000

struct info {
	struct nm_run_options options;
	const char **captures; /* owned */
	bool json;
	unsigned n;               /* captures shown */
	struct nm_report *report; /* json goes the way of the report */
	struct nm_sink sink;
};

/* ---- text ---------------------------------------------------------------------- */

static void print_field(const char *name, const char *text)
{
	char clean[CLI_TEXT];

	(void)printf("%-15s %s\n", name, cli_clean(clean, text));
}

/* 1,234.5 k: three digits and a decimal prefix */
static void print_rate(const char *name, double per_s, const char *unit)
{
	static const char *const prefixes[] = { "", "k", "M", "G", "T" };
	unsigned p = 0;

	for (; per_s >= 1000 && p + 1 < sizeof prefixes / sizeof prefixes[0]; p++)
		per_s /= 1000;
	(void)printf("%-15s %.3g %s%s\n", name, per_s, prefixes[p], unit);
}

static void print_span(const struct nm_capture_report *c)
{
	uint64_t ns = c->max_ns > c->min_ns ? (uint64_t)c->max_ns - (uint64_t)c->min_ns : 0;
	double s = (double)ns / 1e9;
	char text[CLI_TEXT];

	print_field("First frame:", cli_time_utc(text, c->first_ns));
	print_field("Last frame:", cli_time_utc(text, c->last_ns));
	if (c->min_ns != c->first_ns)
		print_field("Earliest frame:", cli_time_utc(text, c->min_ns));
	if (c->max_ns != c->last_ns)
		print_field("Latest frame:", cli_time_utc(text, c->max_ns));
	print_field("Duration:", cli_seconds(text, ns));
	if (ns == 0)
		return;
	print_rate("Frame rate:", (double)c->frames / s, "frames/s");
	print_rate("Data rate:", (double)c->wire_bytes * 8 / s, "bit/s");
	print_rate("", (double)c->wire_bytes / s, "byte/s");
}

static void print_order(const struct nm_capture_report *c)
{
	char count[CLI_TEXT], text[2 * CLI_TEXT];

	if (c->out_of_order)
		(void)snprintf(text, sizeof text, "%s frame%s earlier than the one before",
		    cli_count(count, c->out_of_order), c->out_of_order == 1 ? "" : "s");
	else
		(void)snprintf(text, sizeof text, "in order");
	print_field("Time order:", text);
	if (c->frames_without_time)
		print_field("Without time:", cli_count(count, c->frames_without_time));
}

static void print_times(const struct nm_capture_report *c)
{
	char text[CLI_TEXT];

	if (!c->has_times)
		return;
	if (c->first_ns / NS_PER_MS != c->start_ns / NS_PER_MS) /* the start has no finer unit */
		print_field("Capture start:", cli_time_utc(text, c->start_ns));
	if (c->frames == c->frames_without_time)
		return;
	print_span(c);
	print_order(c);
}

/* Frames that were cut off while capturing: what is stored of them. */
static void print_cut(const struct nm_capture_notes *n)
{
	char count[CLI_TEXT], min[CLI_TEXT], max[CLI_TEXT], text[4 * CLI_TEXT];

	if (n->cut_frames == 0)
		return;
	(void)snprintf(text, sizeof text, "%s frame%s stored to %s%s%s bytes only",
	    cli_count(count, n->cut_frames), n->cut_frames == 1 ? "" : "s",
	    cli_count(min, n->cut_min), n->cut_min == n->cut_max ? "" : " - ",
	    n->cut_min == n->cut_max ? "" : cli_count(max, n->cut_max));
	print_field("Cut off:", text);
}

static void print_sizes(const struct nm_capture_report *c)
{
	char text[CLI_TEXT];

	(void)cli_count(text, c->frames);
	if (c->uncounted)
		(void)snprintf(text + strlen(text), CLI_TEXT - strlen(text),
		    " so far; there may be more, not all was read");
	print_field("Frames:", text);
	print_field("On the wire:", cli_bytes(text, c->wire_bytes));
	(void)cli_bytes(text, c->stored_bytes);
	if (c->wire_bytes && c->stored_bytes < c->wire_bytes)
		(void)snprintf(text + strlen(text), CLI_TEXT - strlen(text), ", %.1f %%",
		    100.0 * (double)c->stored_bytes / (double)c->wire_bytes);
	print_field("Stored:", text);
	if (c->frames)
		(void)printf(
		    "%-15s %.1f bytes\n", "Mean frame:", (double)c->wire_bytes / (double)c->frames);
	if (c->notes)
		print_cut(c->notes);
}

static void print_speed(uint64_t bps)
{
	if (bps)
		print_rate("", (double)bps, "bit/s");
}

/* When the counters were read, and of what time they are. */
static void print_counter_times(const struct nm_interface_facts *f)
{
	const struct {
		const char *what;
		int64_t ns;
	} times[] = { { "counted at", f->counted_ns }, { "captured from", f->started_ns },
		{ "captured to", f->ended_ns } };
	char time[CLI_TEXT], text[2 * CLI_TEXT];

	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		if (!(f->counter_times_known & 1u << i))
			continue;
		(void)snprintf(
		    text, sizeof text, "%s %s", times[i].what, cli_time_utc(time, times[i].ns));
		print_field("", text);
	}
}

static void print_interface_notes(const struct nm_interface_facts *f)
{
	const struct {
		const char *what, *text;
	} texts[] = { { "description", f->description }, { "comment", f->comment },
		{ "filter", f->filter }, { "hardware", f->hardware }, { "os", f->os },
		{ "address", f->mac } };
	const struct {
		const char *what;
		uint64_t n;
	} counters[] = { { "received", f->received }, { "dropped", f->dropped },
		{ "accepted by the filter", f->accepted },
		{ "dropped by the system", f->os_dropped }, { "delivered", f->delivered } };
	char number[CLI_TEXT], text[2 * CLI_TEXT];

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (!texts[i].text || !texts[i].text[0])
			continue;
		(void)snprintf(text, sizeof text, "%s: %s", texts[i].what, texts[i].text);
		print_field("", text);
	}
	print_speed(f->speed_bps);
	for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
		if (!(f->counters_known & 1u << i))
			continue;
		(void)snprintf(text, sizeof text, "%s frames %s", cli_count(number, counters[i].n),
		    counters[i].what);
		print_field("", text);
	}
	print_counter_times(f);
}

static void print_interfaces(const struct nm_capture_report *c)
{
	char number[CLI_TEXT], text[2 * CLI_TEXT];

	if (c->notes)
		cli_print_links(c->notes);
	print_field("Interfaces:", cli_count(number, c->n_interfaces));
	for (uint32_t i = 0; i < c->n_listed; i++) {
		const struct nm_interface_facts *f = &c->interfaces[i];
		size_t o;

		(void)snprintf(text, sizeof text, "%s, link type %" PRIu32,
		    f->link_name[0] ? f->link_name : "unknown link", f->link_type);
		o = strlen(text);
		if (f->snap_len)
			(void)snprintf(text + o, sizeof text - o, ", up to %s bytes of a frame",
			    cli_count(number, f->snap_len));
		o = strlen(text);
		(void)snprintf(text + o, sizeof text - o, ", %s ticks/s%s%s",
		    cli_count(number, f->ticks_per_s), f->name[0] ? ", " : "", f->name);
		o = strlen(text);
		if (c->notes)
			(void)snprintf(text + o, sizeof text - o, ", %s frame%s",
			    cli_count(number, f->frames), f->frames == 1 ? "" : "s");
		(void)snprintf(number, sizeof number, "  %" PRIu32 ":", i);
		print_field(number, text);
		print_interface_notes(f);
	}
	if (c->n_listed < c->n_interfaces)
		print_field("", "and more");
}

/* The text says where it is: "at byte 374: ..." */
static void print_damage(const struct nm_capture_report *c)
{
	if (c->damage)
		print_field(c->truncated ? "Cut short:" : "Damage:", c->damage);
	if (c->note)
		print_field("Note:", c->note);
}

static void print_capture(const struct nm_capture_report *c)
{
	char text[CLI_TEXT];

	print_field("File:", c->path);
	(void)snprintf(text, sizeof text, "%s %u.%u, %s-endian", c->format, c->version_major,
	    c->version_minor, c->big_endian ? "big" : "little");
	print_field("Format:", text);
	print_field("File size:", cli_bytes(text, c->file_bytes));
	if (c->packing) {
		size_t n = strlen(cli_bytes(text, c->unpacked_bytes));

		(void)snprintf(text + n, sizeof text - n, " unpacked from %s", c->packing);
		print_field("Compression:", text);
	}
	if (c->sha256)
		print_field("SHA-256:", c->sha256);
	if (c->sha1)
		print_field("SHA-1:", c->sha1);
	if (c->notes)
		cli_print_origin(c->notes);
	if (c->comment && !(c->notes && c->notes->n_comments))
		cli_print_text("Comment:", c->comment);
	print_sizes(c);
	print_times(c);
	print_interfaces(c);
	if (c->notes)
		cli_print_notes(c->notes);
	print_damage(c);
}

/* ---- the command ------------------------------------------------------------------ */

static int on_capture(void *ctx, const struct nm_capture_report *c)
{
	struct info *in = ctx;

	if (in->json)
		return in->sink.capture_begin(in->sink.ctx, c);
	if (!c->readable)
		return 0; /* the host's message has said why */
	if (in->n++)
		(void)printf("\n");
	print_capture(c);
	return 0;
}

static int execute(struct info *in)
{
	const struct nm_report_options json = { .size = sizeof json, .format = "json" };
	int status, err = 0;

	in->options.message = cli_message;
	if (in->json)
		err = nm_report_open(&json, &in->report, &in->sink);
	if (err)
		return cli_output_error(NULL, err);
	in->options.cancel_fd = nm_interrupt_begin();
	status = nm_captures_inspect(&in->options, on_capture, in);
	nm_interrupt_end();
	if (status == NM_EXIT_INTERRUPTED)
		cli_say("interrupted; of the last capture this is what was counted until then");
	if (!in->json)
		return status;
	err = nm_report_close(in->report);
	return err ? cli_output_error(NULL, err) : status;
}

static bool apply(void *ctx, int id, const char *name, const char *arg)
{
	struct info *in = ctx;

	switch (id) {
	case 'r': in->captures[in->options.n_captures++] = arg; return true;
	case 'H': in->options.hash = true; return true;
	default: return cli_parse_json(name, arg, &in->json);
	}
}

static int parse(struct info *in, int argc, char **argv)
{
	int id = cli_take_options(&cli_info, argc, argv, apply, in);

	if (id != CLI_END)
		return id;
	for (int i = optind; i < argc; i++)
		in->captures[in->options.n_captures++] = argv[i];
	if (in->options.n_captures == 0) {
		cli_say("info: no capture given; see 'netmon help info'");
		return CLI_BAD;
	}
	return CLI_END;
}

static int info(const struct cli_command *self, int argc, char **argv)
{
	struct info in = { .captures = calloc((size_t)argc, sizeof *in.captures) };
	int parsed = CLI_BAD, status = NM_EXIT_USAGE;

	(void)self;
	nm_run_options_init(&in.options);
	in.options.captures = in.captures;
	if (in.captures)
		parsed = parse(&in, argc, argv);
	if (parsed == CLI_HELP)
		status = NM_EXIT_COMPLETE;
	if (parsed == CLI_END)
		status = execute(&in);
	free(in.captures);
	return status;
}

const struct cli_command cli_info = { "info", "CAPTURE...",
	"tell what captures hold: frames, times, interfaces, damage", options, info };
