/* SPDX-License-Identifier: MIT */
/* A host for the tests of the command. */
#include "cli_host.h"

#include "report_events.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct cli_host cli_host;

void cli_host_reset(void)
{
	cli_host = (struct cli_host){ .sdk = "/nowhere" };
}

void nm_run_options_init(struct nm_run_options *o)
{
	*o = (struct nm_run_options){ .size = sizeof *o, .cancel_fd = -1, .fail_on = -1 };
}

static void call_back(const struct nm_run_options *o)
{
	struct nm_progress p = { .capture = "a \033[1mb.pcap",
		.expert = "topuser",
		.experts = 3,
		.percent = 45,
		.frame = 44999,
		.frames = 100012,
		.counted = true,
		.events = 12,
		.text = "\xe4\xb8\xad\xe6\x96\x87 is wide, and this text is longer than a line has "
			"room for" };

	if (cli_host.say && o->message)
		o->message(o->message_ctx, cli_host.say);
	p.lines = 2;
	if (cli_host.progress && o->progress)
		o->progress(o->progress_ctx, &p);
	p.line = 1;
	p.expert_index = 2;
	p.expert = "tcpipe";
	p.frames_per_s = 1234567;
	p.heap_bytes = 3 << 19;
	p.text = "";
	if (cli_host.progress && o->progress)
		o->progress(o->progress_ctx, &p);
	p.line = 0;
	p.lines = 1;
	p.expert = NULL;
	if (cli_host.progress && o->progress)
		o->progress(o->progress_ctx, &p);
	if (cli_host.during)
		(void)cli_host.during();
}

int nm_run(const struct nm_run_options *o, const struct nm_sink *sinks, unsigned n_sinks,
    struct nm_run_summary *ret_s)
{
	cli_host.options = *o;
	cli_host.runs++;
	call_back(o);
	*ret_s = (struct nm_run_summary){ .interrupted = cli_host.interrupted };
	for (unsigned i = 0; i < n_sinks; i++)
		if (play_flood(&sinks[i], 100))
			return NM_EXIT_OUTPUT;
	return cli_host.status;
}

int nm_expert_check(const struct nm_run_options *o, const char *path, char *text, size_t size)
{
	bool good = strstr(path, "good") != NULL;

	cli_host.options = *o;
	(void)snprintf(text, size, good ? "an expert, Good" : "no expert\033");
	return good ? NM_EXIT_COMPLETE : NM_EXIT_PARTIAL;
}

int nm_experts_list(const struct nm_run_options *o,
    int (*cb)(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end),
    void *ctx)
{
	struct nm_expert_info good = an_expert("topuser", "Top Users");
	struct nm_expert_info bad = an_expert("bad\033", "bad \xff name");
	struct nm_expert_end end = an_end(0, 0);

	cli_host.options = *o;
	cli_host.runs++;
	call_back(o);
	if (cli_host.no_experts)
		return cli_host.status;
	good.flags = 0x35;
	if (cb(ctx, &good, &end))
		return NM_EXIT_OUTPUT;
	bad.registered = false;
	bad.vendor = NULL;
	end.verdict = NM_VERDICT_LOAD_FAILED;
	end.reason = "libgone.so:\n no such file";
	return cb(ctx, &bad, &end) ? NM_EXIT_OUTPUT : cli_host.status;
}

int nm_settings_change(const struct nm_run_options *o, const struct nm_setting_change *changes,
    unsigned n,
    void (*cb)(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end,
	const struct nm_stored_config *stored),
    void *ctx)
{
	static const struct nm_setting settings[] = {
		{ "top", "number", "10", "1..1000", "rows", "20", true },
		{ "label", "text", "", NULL, "a \033 name", "x", true },
	};
	struct nm_expert_info info = an_expert("topuser", "Top Users");
	struct nm_expert_end end = an_end(0, 0);

	cli_host.options = *o;
	cli_host.runs++;
	cli_host.n_changes = n;
	for (unsigned i = 0; i < n && i < 4; i++)
		(void)snprintf(cli_host.changes[i], sizeof cli_host.changes[i], "%s>%s",
		    changes[i].name, changes[i].value ? changes[i].value : "default");
	call_back(o);
	if (!cli_host.no_settings) {
		info.n_settings = 2;
		info.settings = settings;
	}
	cb(ctx, &info, &end, &(struct nm_stored_config){ .path = "" });
	return cli_host.status;
}

int nm_protocols_list(const struct nm_run_options *o,
    int (*cb)(void *ctx, const struct nm_protocol_info *p), void *ctx)
{
	static const struct nm_field_name source[] = { { "ip.src", 0, 9 }, { "ip.addr", 0, 9 } };
	static const struct nm_field_name bits[] = { { "ip.flags.df", 0x40, 2 } };
	static const struct nm_property_info properties[] = {
		{ "Protocol", "", 2, 4, 0, NULL, false, 0, "" },
		{ "Source Address", "Who sent it", 9, 0, 2, source, false, 0, "" },
		{ "Flags", "", 2, 4, 1, bits, true, 3, "three" },
		{ "Odd", "", 99, 0, 0, NULL, false, 0, "" },
	};
	static const char *const names[] = { "ip" };
	const struct nm_protocol_info ip = { "IP", "Internet Protocol", "/lib/tcpip.so", 1, names,
		4, properties };
	const struct nm_protocol_info frame = { "FRAME", "", "", 0, NULL, 0, NULL };

	cli_host.options = *o;
	cli_host.runs++;
	call_back(o);
	return cb(ctx, &frame) || cb(ctx, &ip) ? NM_EXIT_OUTPUT : cli_host.status;
}

int nm_frames(const struct nm_run_options *o, const struct nm_frames_options *how, int fd)
{
	cli_host.options = *o;
	cli_host.frames = *how;
	cli_host.runs++;
	call_back(o);
	(void)!write(fd, "a frame\n", 8);
	return cli_host.status;
}

int nm_frames_of(struct nm_open_capture *capture, const struct nm_run_options *o,
    const struct nm_frames_options *how, int fd)
{
	(void)capture;
	return nm_frames(o, how, fd);
}

int nm_captures_inspect(const struct nm_run_options *o,
    int (*cb)(void *ctx, const struct nm_capture_report *c), void *ctx)
{
	static const struct nm_interface_facts ifs[] = { { .link_type = 1,
							     .link_name = "Ethernet",
							     .ticks_per_s = 1000000,
							     .name = "eth\033",
							     .description = "the\033 first",
							     .filter = "tcp\n",
							     .counters_known = 3,
							     .received = 1000,
							     .dropped = 7,
							     .frames = 1230 },
		{ .link_type = 4711,
		    .link_name = "",
		    .snap_len = 65535,
		    .ticks_per_s = 1000000000,
		    .name = "" } };
	static const struct nm_noted noted[] = { { 41, "odd\033 frame\nsecond line" } };
	static const struct nm_noted records[] = { { 7, "capture filter: \033" } };
	static const struct nm_capture_notes notes = { .sections = 2,
		.application = "dump\033cap",
		.section = { { .application = "dump\033cap" }, { .hardware = "iron" } },
		.n_records = 1,
		.records = records,
		.n_links = 2,
		.links = { { 1, "Ethernet", 1230 }, { 4711, "", 1 } },
		.other_links = 3,
		.n_providers = 1,
		.providers = { { "00000000-0001", 2 } },
		.cut_frames = 617,
		.cut_min = 60,
		.cut_max = 96,
		.names_ipv4 = 5,
		.n_frame_comments = 1,
		.frame_comments = noted,
		.all_frame_comments = 1234,
		.n_blocks = 1,
		.blocks = { { 4, "name resolution", 3 } } };
	struct nm_capture_report c = a_capture(o->captures[0], 1234);
	struct nm_capture_report unreadable = { .path = "notes.txt", .damage = "not a capture" };

	cli_host.options = *o;
	cli_host.runs++;
	call_back(o);
	c.comment = "two\r\nlines\033";
	c.damage = "at byte 7: odd";
	c.damage_offset = 7;
	c.stored_bytes /= 2;
	c.out_of_order = 1;
	c.frames_without_time = 2;
	c.interfaces = ifs;
	c.n_interfaces = 3;
	c.n_listed = 2;
	c.notes = &notes;
	if (cb(ctx, &c) || cb(ctx, &unreadable))
		return NM_EXIT_OUTPUT;
	return cli_host.status;
}

const char *nm_expert_folder(const struct nm_run_options *o, unsigned i)
{
	if (i < o->n_expert_path)
		return o->expert_path[i];
	return i == o->n_expert_path ? "/usr/lib/nmapi/experts" : NULL;
}

const char *nm_sdk_folder(void)
{
	return cli_host.sdk;
}

const char *nm_version(void)
{
	return "9.8.7";
}

int nm_convert(const struct nm_run_options *o, const struct nm_convert_options *how,
    const char *out, struct nm_conversion_report *ret)
{
	int n;

	(void)ret;
	cli_host.options = *o;
	cli_host.runs++;
	n = snprintf(cli_host.converted, sizeof cli_host.converted, "%s %s %s%s%s", o->captures[0],
	    out, how->format, how->compress ? " " : "", how->compress ? how->compress : "");
	if (how->first || how->last != NM_NO_FRAME)
		n += snprintf(cli_host.converted + n, sizeof cli_host.converted - (size_t)n, " %u-",
		    how->first);
	if (how->last != NM_NO_FRAME)
		(void)snprintf(
		    cli_host.converted + n, sizeof cli_host.converted - (size_t)n, "%u", how->last);
	return cli_host.status;
}

int nm_replay(const struct nm_run_options *o, const char *capsule, struct nm_replay_report *ret)
{
	cli_host.options = *o;
	cli_host.runs++;
	(void)snprintf(cli_host.converted, sizeof cli_host.converted, "%s %s", capsule,
	    o->n_experts ? o->experts[0] : "");
	*ret = (struct nm_replay_report){ .same = cli_host.status == 0,
		.want_verdict = NM_VERDICT_CRASHED,
		.verdict = cli_host.status == 0 ? NM_VERDICT_CRASHED : NM_VERDICT_DONE,
		.phase = NM_PHASE_RUN,
		.want_phase = NM_PHASE_RUN,
		.want_signal = 11,
		.signal = cli_host.status == 0 ? 11 : 0,
		.want_frame = 2,
		.frame = cli_host.status == 0 ? 2 : NM_NO_FRAME,
		.want_reason = strdup("signal\x1b[31m"),
		.reason = strdup(""),
		.expert_path = strdup("/x/mine.so"),
		.expert_changed = true,
		.parsers_changed = true };
	return cli_host.status;
}

void nm_replay_report_free(struct nm_replay_report *r)
{
	free(r->expert_path);
	free(r->reason);
	free(r->want_reason);
}

const char *nm_compress_format(unsigned i)
{
	static const char *const names[] = { "gzip", "zstd", "lz4", "xz" };

	return i < 4 ? names[i] : NULL;
}

const char *nm_convert_format(unsigned i)
{
	static const char *const names[] = { "pcap", "pcapng", "netmon" };

	return i < 3 ? names[i] : NULL;
}

int nm_configure(const struct nm_run_options *o,
    void (*cb)(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end,
	const struct nm_stored_config *stored),
    void *ctx)
{
	static const unsigned char bytes[] = { 4, 0, 0, 0 };
	struct nm_expert_info info = an_expert("topuser", "Top Users");
	struct nm_expert_end end = an_end(0, 0);
	struct nm_stored_config stored = { "/x/\x1b.cfg", bytes, sizeof bytes };

	cli_host.options = *o;
	cli_host.runs++;
	cb(ctx, &info, &end, &stored);
	return cli_host.status;
}

int nm_config_stored(const struct nm_run_options *o, bool drop,
    void (*cb)(void *ctx, const char *expert, const struct nm_stored_config *stored), void *ctx)
{
	struct nm_stored_config stored = { .path = "" };

	cli_host.options = *o;
	cli_host.runs += 1 + drop;
	cb(ctx, o->experts[0], &stored);
	return cli_host.status;
}

/* The folder /dev has two captures; "/" has none, and others can't be read. */
int nm_folder_captures_find(const char *folder, struct nm_folder_captures *ret)
{
	*ret = (struct nm_folder_captures){ 0 };
	if (strcmp(folder, "/") == 0)
		return 0;
	if (strcmp(folder, "/dev") != 0)
		return EACCES;
	ret->paths = calloc(2, sizeof *ret->paths);
	if (ret->paths) {
		ret->paths[0] = strdup("in/a");
		ret->paths[1] = strdup("in/b");
		ret->n = ret->paths[0] && ret->paths[1] ? 2 : 0;
	}
	return ret->paths ? 0 : ENOMEM;
}

void nm_folder_captures_free(struct nm_folder_captures *f)
{
	for (unsigned i = 0; i < f->n; i++)
		free(f->paths[i]);
	free(f->paths);
	*f = (struct nm_folder_captures){ 0 };
}
