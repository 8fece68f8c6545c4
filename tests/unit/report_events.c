/* SPDX-License-Identifier: MIT */
/* A run that never was: what the report tests feed to a sink. */
#include "report_events.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define N(a)  (sizeof(a) / sizeof((a)[0]))
#define START INT64_C(1084443427311224000) /* 2004-05-13T10:17:07.311224Z */

#define TRY(call)                                                                                  \
	do {                                                                                       \
		int r_ = (call);                                                                   \
		if (r_)                                                                            \
			return r_;                                                                 \
	} while (0)

struct nm_capture_report a_capture(const char *path, uint32_t frames)
{
	static const struct nm_interface_facts eth = { .link_type = 1,
		.link_name = "Ethernet",
		.snap_len = 65535,
		.ticks_per_s = 1000000,
		.name = "" };

	return (struct nm_capture_report){ .path = path,
		.readable = true,
		.format = "pcap",
		.version_major = 2,
		.version_minor = 4,
		.file_bytes = 24 + UINT64_C(76) * frames,
		.has_times = true,
		.start_ns = START,
		.frames = frames,
		.stored_bytes = UINT64_C(60) * frames,
		.wire_bytes = UINT64_C(60) * frames,
		.first_ns = START,
		.last_ns = START + 30393704000,
		.min_ns = START,
		.max_ns = START + 30393704000,
		.n_interfaces = 1,
		.n_listed = 1,
		.interfaces = &eth,
		.damage_offset = UINT64_MAX };
}

struct nm_expert_info an_expert(const char *file, const char *name)
{
	return (struct nm_expert_info){ .file = file,
		.path = "/usr/lib/nmapi/experts/x.so",
		.name = name,
		.vendor = "nmapi",
		.description = "What it looks for.",
		.registered = true };
}

struct nm_expert_end an_end(uint32_t frames, uint64_t events)
{
	return (struct nm_expert_end){ .verdict = NM_VERDICT_DONE,
		.phase = NM_PHASE_AFTER,
		.reason = "",
		.status = 5,
		.status_text = "",
		.frame = frames ? frames - 1 : NM_NO_FRAME,
		.frames_seen = frames,
		.first_frame = frames ? 0 : NM_NO_FRAME,
		.last_frame = frames ? frames - 1 : NM_NO_FRAME,
		.frames_total = frames,
		.events = events,
		.wall_us = 900000,
		.cpu_us = 812345,
		.peak_kib = 20480,
		.heap_peak_bytes = 4096,
		.heap_allocs = 12 };
}

static struct nm_event an_event(uint32_t severity, const char *name, const char *description)
{
	return (struct nm_event){ .ident = 1,
		.flags = 1,
		.severity = severity,
		.source = "types",
		.name = name,
		.description = description };
}

/* ---- every column type --------------------------------------------------------- */

static int play_low_values(const struct nm_sink *s)
{
	static const struct nm_column columns[] = {
		{ "Uint8", NM_COL_UINT8, { .u = 0 } },
		{ "Sint8", NM_COL_SINT8, { .s = -128 } },
		{ "Uint16", NM_COL_UINT16, { .u = 0 } },
		{ "Sint16", NM_COL_SINT16, { .s = -32768 } },
		{ "Uint32", NM_COL_UINT32, { .u = 0 } },
		{ "Sint32", NM_COL_SINT32, { .s = INT32_MIN } },
		{ "Float", NM_COL_FLOAT64, { .d = -0.1 } },
		{ "Frame", NM_COL_FRAME, { .u = 0 } },
		{ "Yes", NM_COL_YESNO, { .u = 0 } },
		{ "On", NM_COL_ONOFF, { .u = 0 } },
		{ "True", NM_COL_TRUEFALSE, { .u = 0 } },
		{ "Mac", NM_COL_MACADDR, { .b = { 0 } } },
		{ "Ipx", NM_COL_IPXADDR, { .b = { 0 } } },
		{ "Ip", NM_COL_IPADDR, { .b = { 0 } } },
		{ "When", NM_COL_VARTIME, { .d = -1.25 } },
		{ "Text", NM_COL_STRING, { .str = "" } },
	};
	struct nm_event ev = an_event(0, "Low values", "");

	ev.n_columns = N(columns);
	ev.columns = columns;
	return s->event(s->ctx, &ev);
}

static int play_high_values(const struct nm_sink *s)
{
	static const struct nm_column columns[] = {
		{ "Uint8", NM_COL_UINT8, { .u = 255 } },
		{ "Sint8", NM_COL_SINT8, { .s = 127 } },
		{ "Uint16", NM_COL_UINT16, { .u = 65535 } },
		{ "Sint16", NM_COL_SINT16, { .s = 32767 } },
		{ "Uint32", NM_COL_UINT32, { .u = UINT32_MAX } },
		{ "Sint32", NM_COL_SINT32, { .s = INT32_MAX } },
		{ "Float", NM_COL_FLOAT64, { .d = 1.0 / 3 } },
		{ "Frame", NM_COL_FRAME, { .u = 50212 } },
		{ "Yes", NM_COL_YESNO, { .u = 1 } },
		{ "On", NM_COL_ONOFF, { .u = 1 } },
		{ "True", NM_COL_TRUEFALSE, { .u = 1 } },
		{ "Mac", NM_COL_MACADDR, { .b = { 0, 0x11, 0x22, 0xaa, 0xbb, 0xff } } },
		{ "Ipx", NM_COL_IPXADDR,
		    { .b = { 0xde, 0xad, 0xbe, 0xef, 0, 0x11, 0x22, 0xaa, 0xbb, 0xff } } },
		{ "Ip", NM_COL_IPADDR, { .b = { 10, 0, 0, 1 } } },
		{ "When", NM_COL_VARTIME, { .d = 38120.428556844 } },
		{ "Text", NM_COL_STRING, { .str = "\xe4\xb8\xad\xe6\x96\x87 text" } },
	};
	struct nm_event ev = an_event(5, "High values", "the other end of each type");

	ev.n_columns = N(columns);
	ev.columns = columns;
	ev.time = (struct nm_systime){ 1998, 4, 4, 2, 19, 0, 47, 5 };
	ev.machine = "BUILDING2";
	ev.justification = "First line\r\nsecond line\n\n  indented";
	return s->event(s->ctx, &ev);
}

/* Columns that are no number, no time, no frame; and columns of the same name. */
static int play_odd_values(const struct nm_sink *s)
{
	const struct nm_column columns[] = {
		{ "Float", NM_COL_FLOAT64, { .d = NAN } },
		{ "Float", NM_COL_FLOAT64, { .d = -INFINITY } },
		{ "Frame", NM_COL_FRAME, { .u = NM_NO_FRAME } },
		{ "When", NM_COL_VARTIME, { .d = INFINITY } },
		{ "When", NM_COL_VARTIME, { .d = 2958465.9999999999 } },
		{ "When", NM_COL_VARTIME, { .d = 4e6 } },
		{ "Frame", NM_COL_FRAME, { .u = 7 } },
		{ "", NM_COL_STRING, { .str = "column without a name" } },
	};
	struct nm_event ev = an_event(3, "Odd values", "a severity beyond the table below");

	ev.n_columns = N(columns);
	ev.columns = columns;
	ev.time = (struct nm_systime){ .minute = 2, .second = 3, .ms = 40 };
	TRY(s->event(s->ctx, &ev));
	ev.severity = 77;
	ev.n_columns = 0;
	ev.time = (struct nm_systime){ 2023, 2, 0, 29, 1, 1, 1, 1 }; /* no such day */
	return s->event(s->ctx, &ev);
}

static int play_types(const struct nm_sink *s)
{
	struct nm_expert_info e = an_expert("types", "Column types");
	struct nm_expert_end end = an_end(100012, 4);

	end.status_text = "all of them";
	TRY(s->expert_begin(s->ctx, &e));
	TRY(play_low_values(s));
	TRY(play_high_values(s));
	TRY(play_odd_values(s));
	return s->expert_end(s->ctx, &e, &end);
}

/* ---- hostile text --------------------------------------------------------------- */

static const char *const hostile[] = {
	"\033[2J\033]0;owned\007 clears the screen",
	"bell \a backspace \b delete \x7f",
	"CSI as one character: \xc2\x9b"
	"31m",
	"right to left override: \xe2\x80\xae"
	"fdp.exe",
	"isolates \xe2\x81\xa6 and marks \xe2\x80\x8f \xd8\x9c",
	"line separator \xe2\x80\xa8 paragraph separator \xe2\x80\xa9",
	"two\nlines\tand a tab\r",
	"not UTF-8: \xff\xfe \xc3( \xe2\x82",
	"overlong \xc0\xaf surrogate \xed\xa0\x80 beyond \xf4\x90\x80\x80",
	"\"quotes\" and \\ back\\slashes \\x41 {\"json\":1}",
	"wide \xe4\xb8\xad\xe6\x96\x87, accent e\xcc\x81, smile \xf0\x9f\x98\x80",
	"%s%n%d 100 %",
};

static int play_hostile(const struct nm_sink *s)
{
	struct nm_expert_info e = an_expert("hostile\n\033[1m", "Hostile \xff text\n");
	struct nm_expert_end end = an_end(1, N(hostile));

	end.verdict = NM_VERDICT_RETURNED_FALSE;
	end.status = 3;
	end.status_text = "\033[31mstatus\n";
	end.substatus = 4711;
	end.reason = "bad \xff\n\033reason";
	TRY(s->expert_begin(s->ctx, &e));
	for (unsigned i = 0; i < N(hostile); i++) {
		struct nm_column c = { hostile[i], NM_COL_STRING, { .str = hostile[i] } };
		struct nm_event ev = an_event(i % 6, hostile[i], hostile[i]);

		ev.source = i % 2 ? hostile[i] : e.name;
		ev.justification = i % 3 ? NULL : hostile[i];
		ev.columns = &c;
		c.name = "Text\033";
		ev.n_columns = 1;
		TRY(s->event(s->ctx, &ev));
	}
	return s->expert_end(s->ctx, &e, &end);
}

/* ---- hidden columns --------------------------------------------------------------- */

static const uint32_t hiding[] = { 0xFE000001, 0xFE000001 & ~0x80000000, 0xFE000001 & ~0x40000000,
	0xFE000001 & ~0x20000000, 0xFE000001 & ~0x10000000, 0xFE000001 & ~0x08000000,
	0xFE000001 & ~0x04000000, 0xFE000001 & ~0x02000000 };

/* One expert for each flag that is left out: only that column is to be seen. */
static int play_hiding(const struct nm_sink *s)
{
	for (unsigned i = 0; i < N(hiding); i++) {
		struct nm_expert_info e = an_expert("hiding", "hiding");
		struct nm_event ev = an_event(2, "the event", "the description");
		struct nm_expert_end end = an_end(10, 1);

		ev.flags = hiding[i];
		ev.ident = 4000000000u + i;
		ev.source = "the source";
		ev.machine = "the machine";
		ev.time = (struct nm_systime){ 2026, 9, 0, 20, 10, 11, 12, 345 };
		TRY(s->expert_begin(s->ctx, &e));
		TRY(s->event(s->ctx, &ev));
		TRY(s->expert_end(s->ctx, &e, &end));
	}
	return 0;
}

/* Rows with different columns share a table: what a row lacks stays blank. */
static int play_mixed(const struct nm_sink *s)
{
	static const struct nm_column ab[] = { { "A", NM_COL_UINT32, { .u = 1 } },
		{ "B", NM_COL_STRING, { .str = "b" } } };
	static const struct nm_column bc[] = { { "B", NM_COL_STRING, { .str = "bb" } },
		{ "C", NM_COL_FLOAT64, { .d = 1e15 } } };
	struct nm_expert_info e = an_expert("mixed", "Mixed");
	struct nm_expert_end end = an_end(10, 2);
	struct nm_event ev = an_event(1, "first", "");

	ev.source = "Mixed";
	ev.columns = ab;
	ev.n_columns = 2;
	TRY(s->expert_begin(s->ctx, &e));
	TRY(s->event(s->ctx, &ev));
	ev = an_event(4, "second", "");
	ev.source = "mixed";
	ev.flags |= 0x20000000;
	ev.columns = bc;
	ev.n_columns = 2;
	TRY(s->event(s->ctx, &ev));
	return s->expert_end(s->ctx, &e, &end);
}

/* ---- every verdict ----------------------------------------------------------------- */

static const struct {
	enum nm_phase phase;
	uint32_t seen;
	const char *reason;
	int signal;
	const char *backtrace, *notes, *sandbox;
} ends[NM_VERDICTS] = {
	[NM_VERDICT_DONE] = { .phase = NM_PHASE_AFTER, .seen = 100012, .reason = "" },
	[NM_VERDICT_RETURNED_FALSE] = { .phase = NM_PHASE_AFTER, .seen = 100012, .reason = "" },
	[NM_VERDICT_REFUSED] = { .phase = NM_PHASE_REGISTER,
	    .seen = 0,
	    .reason = "Register returned FALSE" },
	[NM_VERDICT_LOAD_FAILED] = { .phase = NM_PHASE_LOAD,
	    .seen = 0,
	    .reason = "libgone.so: no such file" },
	[NM_VERDICT_CRASHED] = { NM_PHASE_RUN, 49999,
	    "signal 11 (Segmentation fault), after it had been refused memory", 11,
	    "topuser.so add_talker+0x1f\ntopuser.so Run+0x1b3\n0x7ffe00001000\n"
	    "hostile \033[1m \xff name+0x2\n",
	    "the block at 0x7f0000001000 of 64 bytes was overrun\n\n"
	    "  allocated in \033[1mtopuser.so Run+0x20",
	    "user, privileges, limits, landlock 7, seccomp" },
	[NM_VERDICT_EXITED] = { .phase = NM_PHASE_RUN, .seen = 1, .reason = "exit status 0" },
	[NM_VERDICT_TIMED_OUT] = { .phase = NM_PHASE_RUN,
	    .seen = 100011,
	    .reason = "no answer for 30 s" },
	[NM_VERDICT_ABORTED] = { .phase = NM_PHASE_RUN, .seen = 50000, .reason = "" },
	[NM_VERDICT_EVENT_LIMIT] = { .phase = NM_PHASE_RUN,
	    .seen = 2000,
	    .reason = "1,000 events" },
	[NM_VERDICT_OUT_OF_MEMORY] = { NM_PHASE_AFTER, 3,
	    "Run returned FALSE after 1 allocation was refused", 0, "",
	    "refused allocation 7; --fail-alloc 7 repeats it\n",
	    "privileges, limits; without landlock, seccomp" },
	[NM_VERDICT_SANDBOX] = { NM_PHASE_RUN, 9, "the sandbox forbids openat /etc/passwd", 31,
	    "libc.so.6 __open64+0x5b\nspy.so Run+0x40\n", "", "none\033" },
	[NM_VERDICT_LIMIT] = { .phase = NM_PHASE_RUN,
	    .seen = 12,
	    .reason = "more than 64 threads" },
	[NM_VERDICT_BROKE_PROTOCOL] = { .phase = NM_PHASE_REGISTER,
	    .seen = 0,
	    .reason = "a message of 2,147,483,648 bytes" },
	[NM_VERDICT_HOST_FAILED] = { .phase = NM_PHASE_START,
	    .seen = 0,
	    .reason = "out of memory" },
};

static int play_verdicts(const struct nm_sink *s)
{
	for (unsigned v = 0; v < NM_VERDICTS; v++) {
		struct nm_expert_info e = an_expert(nm_verdict_word((enum nm_verdict)v), "Ends");
		struct nm_expert_end end = an_end(100012, 0);

		end.verdict = (enum nm_verdict)v;
		end.status = v == NM_VERDICT_DONE ? 5 : 2;
		end.phase = ends[v].phase;
		end.reason = ends[v].reason;
		end.frames_seen = ends[v].seen;
		end.first_frame = ends[v].seen ? 0 : NM_NO_FRAME;
		end.last_frame = ends[v].seen ? ends[v].seen - 1 : NM_NO_FRAME;
		end.frame = v == NM_VERDICT_CRASHED ? 49999 : end.last_frame;
		end.signal = ends[v].signal;
		end.has_address = v == NM_VERDICT_CRASHED;
		end.address = v == NM_VERDICT_CRASHED ? UINT64_C(0xfedcba9876543210) : 0;
		end.backtrace = ends[v].backtrace; /* NULL for most: as good as "" */
		end.memory_notes = ends[v].notes;
		end.sandbox = ends[v].sandbox;
		end.events_dropped = v == NM_VERDICT_EVENT_LIMIT ? 1234567 : 0;
		end.heap_left_blocks = v % 3;
		end.heap_left_bytes = v % 3 * 512;
		TRY(s->expert_begin(s->ctx, &e));
		TRY(s->expert_end(s->ctx, &e, &end));
	}
	return 0;
}

static int play_gaps(const struct nm_sink *s)
{
	struct nm_expert_info e = an_expert("gaps", "Looks at some frames");
	struct nm_expert_end end = an_end(100012, 0);

	end.frames_seen = 5;
	end.first_frame = 9;
	end.last_frame = 99;
	TRY(s->expert_begin(s->ctx, &e));
	return s->expert_end(s->ctx, &e, &end);
}

/* As Windows tells a crash, by a system that counts no memory of what has ended. */
static int play_exception(const struct nm_sink *s)
{
	struct nm_expert_info e = an_expert("old", "Of Windows");
	struct nm_expert_end end = an_end(100012, 0);

	end.verdict = NM_VERDICT_CRASHED;
	end.phase = NM_PHASE_RUN;
	end.status = 2;
	end.status_text = "";
	end.frame = end.last_frame = 49999;
	end.frames_seen = 50000;
	end.signal = 11;
	end.reason =
	    "exception 0xc00000fd (Segmentation fault), at old.dll+0x1234, its stack overflowed";
	end.backtrace = "old.dll+0x1234";
	end.peak_kib = 0;
	TRY(s->expert_begin(s->ctx, &e));
	return s->expert_end(s->ctx, &e, &end);
}

/* Parsers that did wrong: every form of the line, and more of them than are listed. */
static int play_misled(const struct nm_sink *s)
{
	static const struct nm_parser_offence parsers[] = {
		{ "TCP", "tcpip.so", "crashed", "RecognizeFrame", 11, 11, 5, true },
		{ "LOOP", "loop\033.so", "did not return", "AttachProperties", 0, 1233, 1, false },
		{ "EARLY", "e.so", "crashed", "", 6, NM_NO_FRAME, 1, true },
	};
	struct nm_expert_info e = an_expert("misled", "Misled by parsers");
	struct nm_expert_end end = an_end(100012, 0);

	end.parsers = parsers;
	end.n_parsers = N(parsers);
	end.more_parsers = 2;
	TRY(s->expert_begin(s->ctx, &e));
	return s->expert_end(s->ctx, &e, &end);
}

/* ---- captures ----------------------------------------------------------------------- */

static int play_experts(const struct nm_sink *s)
{
	TRY(play_types(s));
	TRY(play_hostile(s));
	TRY(play_hiding(s));
	TRY(play_mixed(s));
	TRY(play_verdicts(s));
	TRY(play_gaps(s));
	TRY(play_exception(s));
	return play_misled(s);
}

static int play_damaged(const struct nm_sink *s)
{
	struct nm_capture_report c = a_capture("cut \033[31m\xff.pcapng", 1);
	struct nm_expert_info e = an_expert("empty", "empty");
	struct nm_expert_end end = an_end(0, 0);

	c.format = "pcapng";
	c.frames = 0;
	c.big_endian = true;
	c.has_times = false;
	c.comment = "a comment\nof two lines";
	c.damage = "at byte 12345678: block of 4,294,967,295 bytes";
	c.damage_offset = 12345678;
	c.truncated = true;
	c.n_interfaces = 70000;
	c.n_listed = 0;
	TRY(s->capture_begin(s->ctx, &c));
	TRY(s->expert_begin(s->ctx, &e));
	TRY(s->expert_end(s->ctx, &e, &end));
	return s->capture_end ? s->capture_end(s->ctx, &c) : 0;
}

static int play_unreadable(const struct nm_sink *s)
{
	struct nm_capture_report c = {
		.path = "notes.txt", .damage = "not a capture", .damage_offset = UINT64_MAX
	};

	TRY(s->capture_begin(s->ctx, &c));
	return s->capture_end ? s->capture_end(s->ctx, &c) : 0;
}

int play_run(const struct nm_sink *s)
{
	struct nm_capture_report c = a_capture("http.pcap", 100012);
	struct nm_run_summary sum = { 3, 1, 1, 28, 14, 26, 77, true, NM_EXIT_INTERRUPTED, 1, 3, 5 };

	TRY(s->capture_begin(s->ctx, &c));
	TRY(play_experts(s));
	TRY(s->capture_end(s->ctx, &c));
	TRY(play_damaged(s));
	TRY(play_unreadable(s));
	return s->run_end(s->ctx, &sum);
}

int play_flood(const struct nm_sink *s, unsigned n)
{
	struct nm_capture_report c = a_capture("flood.pcap", n);
	struct nm_expert_info e = an_expert("flood", "Flood");
	struct nm_expert_end end = an_end(n, n);
	struct nm_run_summary sum = { 1, 0, 0, 1, 0, n, 1, false, NM_EXIT_COMPLETE, 0, -1, 0 };

	TRY(s->capture_begin(s->ctx, &c));
	TRY(s->expert_begin(s->ctx, &e));
	for (unsigned i = 0; i < n; i++) {
		const struct nm_column columns[] = { { "Frame", NM_COL_FRAME, { .u = i } },
			{ "Delay", NM_COL_FLOAT64, { .d = i / 8.0 } } };
		struct nm_event ev = an_event(i % 10 == 0, "Late", "answer took long");

		ev.source = "flood";
		ev.n_columns = N(columns);
		ev.columns = columns;
		TRY(s->event(s->ctx, &ev));
	}
	TRY(s->expert_end(s->ctx, &e, &end));
	TRY(s->capture_end(s->ctx, &c));
	return s->run_end(s->ctx, &sum);
}
