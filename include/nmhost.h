/* SPDX-License-Identifier: MIT */
/* nmhost.h -- run experts over captures from a program of your own.
 *
 * This is all that the netmon command uses. Link with -lnmhost.
 *
 * What:     nm_run() analyses captures with experts, each in a process of its
 *           own, and hands what happened to sinks, in a fixed order: captures as
 *           given, experts as given, events as submitted. nm_report_open() makes
 *           the sinks that write text and JSON.
 * Owns:     nothing between calls. Strings in callbacks are borrowed until the
 *           callback returns.
 * Threads:  one nm_run() at a time per process; callbacks come on its thread.
 * Trust:    captures, experts and everything they send are hostile; the calling
 *           process maps no capture and loads no expert.
 *
 * Frame numbers count from 0 here, as in <netmon.h>; reports show them from 1.
 */
#ifndef NMHOST_H
#define NMHOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define NMHOST_API __attribute__((visibility("default")))
#else
#define NMHOST_API
#endif

#define NM_NO_FRAME UINT32_C(0xFFFFFFFF)

/* Exit statuses of the command; nm_run() returns one of them. */
enum nm_exit {
	NM_EXIT_COMPLETE = 0,      /* everything asked for was done */
	NM_EXIT_USAGE = 1,         /* the call's words are wrong */
	NM_EXIT_INPUT = 2,         /* an input can't be read at all */
	NM_EXIT_PARTIAL = 3,       /* at least one expert failed, was capped or cancelled, or
	                            * saw less of a frame because a parser did wrong */
	NM_EXIT_TRUNCATED = 4,     /* input damaged or cut; all before the damage analysed */
	NM_EXIT_FAIL_ON = 5,       /* nothing is missing, and there is an event that
	                            * fail_on asks about */
	NM_EXIT_OUTPUT = 6,        /* the report can't be written */
	NM_EXIT_INTERRUPTED = 130, /* ended by the user; a partial report was written */
};

/* ---- what an expert reported ------------------------------------------- */

/* Column types: the values of NMCOLUMNTYPE. */
enum nm_column_type {
	NM_COL_UINT8,
	NM_COL_SINT8,
	NM_COL_UINT16,
	NM_COL_SINT16,
	NM_COL_UINT32,
	NM_COL_SINT32,
	NM_COL_FLOAT64,
	NM_COL_FRAME,
	NM_COL_YESNO,
	NM_COL_ONOFF,
	NM_COL_TRUEFALSE,
	NM_COL_MACADDR,
	NM_COL_IPXADDR,
	NM_COL_IPADDR,
	NM_COL_VARTIME,
	NM_COL_STRING,
	NM_COL_TYPES
};

struct nm_column {
	const char *name; /* "" when the expert gave NULL */
	uint32_t type;    /* enum nm_column_type, always below NM_COL_TYPES */
	union {
		uint64_t
		    u; /* UINT8, UINT16, UINT32, FRAME (from 0), YESNO, ONOFF, TRUEFALSE (0 or 1) */
		int64_t s;       /* SINT8, SINT16, SINT32 */
		double d;        /* FLOAT64, VARTIME (days since 1899-12-30) */
		uint8_t b[16];   /* MACADDR 6, IPXADDR 10, IPADDR 4, in memory order */
		const char *str; /* STRING; "" when the expert gave NULL */
	} v;
};

/* SYSTEMTIME's members, in its order. */
struct nm_systime {
	uint16_t year, month, day_of_week, day, hour, minute, second, ms;
};

/* One event, as deep-copied at ExpertSubmitEvent. Text is what the expert
 * wrote: not necessarily UTF-8, never longer than NM_TEXT_MAX. */
struct nm_event {
	uint32_t ident, flags, severity; /* flags: NMEVENTFLAG_*; severity: 0..5, others as given */
	const char *source, *name, *description; /* never NULL */
	const char *machine, *justification;     /* NULL when the expert gave NULL */
	struct nm_systime time;                  /* all zero when not set */
	uint32_t n_columns;
	const struct nm_column *columns;
};

#define NM_TEXT_MAX 65535 /* bytes of one string of an event */

/* A setting that an expert names, and what a run gets by what is stored. Never NULL but range. */
struct nm_setting {
	const char *name;
	const char *kind;     /* "number", "yes or no", "one of", "some of", "text", "numbers" */
	const char *standard; /* its default; all values as people write them */
	const char *range;    /* "1..1000", or words "a|b|c"; NULL: none is stated */
	const char *help;
	const char *value;
	bool is_set; /* the value is not the default */
};

/* Who an expert is, from its file and its Register. */
struct nm_expert_info {
	const char *file; /* base name without ending: "topuser" */
	const char *path; /* where it was found */
	const char *name; /* szName; file when it gave none */
	const char *vendor, *description;
	uint32_t flags;                    /* EXPERT_ENUM_FLAG_* */
	bool registered;                   /* false: it never got as far as Register's TRUE */
	unsigned n_settings;               /* 0: it names none */
	const struct nm_setting *settings; /* in the order of its table */
};

/* How a run ended. Exactly one per expert per capture. */
enum nm_verdict {
	NM_VERDICT_DONE,           /* Run returned TRUE */
	NM_VERDICT_RETURNED_FALSE, /* Run returned FALSE, nobody asked it to stop */
	NM_VERDICT_REFUSED,        /* Register returned FALSE or gave a version we don't know */
	NM_VERDICT_LOAD_FAILED, /* no shared object for this machine, missing library or entry point */
	NM_VERDICT_CRASHED,     /* ended by a signal */
	NM_VERDICT_EXITED,      /* its process ended before Run returned */
	NM_VERDICT_TIMED_OUT,
	NM_VERDICT_ABORTED,        /* the user asked */
	NM_VERDICT_EVENT_LIMIT,    /* --max-events reached */
	NM_VERDICT_OUT_OF_MEMORY,  /* gave up after the runtime refused it memory */
	NM_VERDICT_LIMIT,          /* went over another limit: threads */
	NM_VERDICT_SANDBOX,        /* tried what the sandbox forbids */
	NM_VERDICT_BROKE_PROTOCOL, /* its process sent what no worker sends */
	NM_VERDICT_HOST_FAILED,    /* not its fault: the engine could not run it */
	NM_VERDICTS
};

/* Where an expert was when it ended. */
enum nm_phase {
	NM_PHASE_START,
	NM_PHASE_LOAD,
	NM_PHASE_REGISTER,
	NM_PHASE_CONFIGURE,
	NM_PHASE_RUN,
	NM_PHASE_AFTER,
	NM_PHASES
};

NMHOST_API const char *nm_verdict_word(enum nm_verdict v); /* "done", "crashed", ...; static */
NMHOST_API const char *nm_phase_word(enum nm_phase p); /* "load", "Register", "Run", ...; static */
NMHOST_API const char *nm_severity_word(
    uint32_t severity); /* "info" ... "critical"; NULL above 5 */
NMHOST_API const char *nm_status_word(
    uint32_t status); /* EXPERTSTATUS_*: "DONE", ...; NULL above 5 */

/* A protocol whose parser did what it must not while an expert ran: frames have lost
 * what it would have said of them. */
struct nm_parser_offence {
	const char *protocol, *file; /* "TCP", "tcpip.so" */
	const char *did;             /* the first time: "crashed", "did not return", ... */
	const char *entry;           /* in which entry point: "RecognizeFrame", ... */
	int signal;                  /* crashed: its number; else 0 */
	uint32_t first_frame;        /* NM_NO_FRAME: it was not about a frame */
	uint32_t count;              /* how often it did such things */
	bool off;                    /* it was then tried no more */
};

struct nm_expert_end {
	enum nm_verdict verdict;
	enum nm_phase phase;
	const char *reason;         /* one line; "" when done */
	uint32_t status, substatus; /* EXPERTSTATUS_*, EXPERTSUBSTATUS_* or the expert's own */
	const char *status_text;    /* last szText; "" when none */
	int signal;                 /* crashed, or tried the forbidden: its number; else 0 */
	bool has_address;
	uint64_t address;      /* crashed: the address that was touched, or the instruction's */
	const char *backtrace; /* crashed: a line a frame, innermost first; "" when unknown */
	const char
	    *memory_notes;   /* trace_memory, guard, fail_alloc: lines about blocks left behind, the
	                            * block that was overrun, how to repeat a refusal; "" when none */
	const char *sandbox; /* what was in force, for people; "" when it never came to that */
	uint32_t frame;      /* last frame it was given; NM_NO_FRAME when none */
	/* coverage */
	uint32_t frames_seen, first_frame,
	    last_frame; /* first and last are NM_NO_FRAME when none was */
	uint32_t frames_total;
	uint64_t events;         /* in the report */
	uint64_t events_dropped; /* submitted beyond --max-events, or there was no room for them */
	/* the bill */
	uint64_t wall_us, cpu_us;
	uint64_t peak_kib; /* 0: not known */
	uint64_t heap_peak_bytes, heap_allocs, heap_left_blocks, heap_left_bytes;
	bool frames_uncounted; /* frames_total is the least there is: see nm_capture_report */
	bool filtered; /* there was a filter: it was asked about so many, and so many passed */
	uint32_t filter_judged, filter_passed;
	const struct nm_parser_offence *parsers; /* that offended, in the order they did */
	unsigned n_parsers, more_parsers;        /* listed; beyond those */
};

/* ---- what a capture holds ------------------------------------------------ */

struct nm_interface_facts {
	uint32_t link_type;
	const char *link_name; /* "Ethernet"; "" when unknown */
	uint32_t snap_len;     /* 0: not stated */
	uint64_t ticks_per_s;
	const char *name; /* "" when the file has none */

	/* nm_captures_inspect() only; NULL and 0 for what the file does not say */
	const char *comment, *description, *filter, *hardware, *os, *mac;
	uint64_t speed_bps;
	unsigned counters_known; /* bit 0: received, 1: dropped, and so on */
	uint64_t received, dropped, accepted, os_dropped, delivered; /* frames, while capturing */
	unsigned counter_times_known; /* bit 0: counted_ns, 1: started_ns, 2: ended_ns */
	int64_t counted_ns;           /* when these were read, since 1970-01-01T00:00:00Z */
	int64_t started_ns, ended_ns; /* when capturing began and ended, likewise */
	uint64_t frames;              /* in the file */
};

/* What a section of a pcapng file was captured with; NULL: not said. */
struct nm_section_facts {
	const char *hardware, *os, *application;
};

/* Frames of a link type. */
struct nm_link_facts {
	uint32_t link_type;
	const char *name; /* "" when unknown */
	uint64_t frames;
};

/* Events of a provider, in a Network Monitor file. */
struct nm_provider_facts {
	char id[40]; /* 68fdd900-4a3e-11d1-84f4-0000f80464e3 */
	uint64_t events;
};

/* A text of the file, as the file has it. */
struct nm_noted {
	uint32_t number; /* of the section or frame, from 0 */
	const char *text;
};

/* A program with its connection, in the process table of a Network Monitor file. */
struct nm_process_facts {
	uint32_t pid;               /* as its system had it */
	const char *path;           /* as the file has it */
	const char *local, *remote; /* addresses; NULL: not said */
	uint16_t local_port, remote_port;
	uint64_t icon_bytes;     /* 0: none */
	const char *icon_format; /* "ICO", "PNG", "BMP", "DIB"; "" for one that is not known */
};

struct nm_block_facts {
	uint32_t type;    /* as in pcapng; above 0x80000000: of Network Monitor */
	const char *name; /* "name resolution"; "" for one that is not known */
	uint64_t n;
};

#define NM_BLOCK_TYPES     16
#define NM_LINK_TYPES      16
#define NM_EVENT_PROVIDERS 16
#define NM_SECTIONS_LISTED 32

/* What a capture holds beside frames. Counts are of all; lists are of the first
 * texts, 1,000 of them together, each cut at 1,999 bytes. */
struct nm_capture_notes {
	uint32_t sections;                       /* of a pcapng file */
	const char *hardware, *os, *application; /* that it was captured with; NULL: not said */
	uint32_t n_comments, n_frame_comments, n_processes; /* listed */
	const struct nm_noted *comments, *frame_comments;
	const struct nm_process_facts *processes;
	/* Filters and network info that Network Monitor put between frames. */
	uint32_t n_records;
	const struct nm_noted *records;
	struct nm_section_facts section[NM_SECTIONS_LISTED]; /* the first of them */
	uint64_t all_frame_comments;
	uint32_t all_processes;
	uint64_t frame_drops; /* lost between frames, as frames say */
	uint32_t n_blocks;
	struct nm_block_facts blocks[NM_BLOCK_TYPES]; /* that hold no frames */
	uint64_t other_blocks;                        /* of further types */
	uint64_t names_ipv4, names_ipv6;              /* addresses that name resolution names */
	uint32_t n_links;
	struct nm_link_facts links[NM_LINK_TYPES];
	uint64_t other_links; /* frames of further link types */
	uint32_t n_providers;
	struct nm_provider_facts providers[NM_EVENT_PROVIDERS];
	uint64_t other_events;     /* of further providers */
	uint64_t cut_frames;       /* stored shorter than they were on the wire */
	uint32_t cut_min, cut_max; /* bytes stored of those */
	uint64_t texts_left_out;   /* beyond those listed */
	bool cut;                  /* comments or processes can't be read to their end */
};

struct nm_open_capture;

struct nm_capture_report {
	const char *path;   /* as given */
	bool readable;      /* false: only `damage` below is meaningful */
	const char *format; /* "pcap", "pcapng", "Network Monitor 2", ... */
	uint16_t version_major, version_minor;
	bool big_endian;
	uint64_t file_bytes;     /* as stored or, of a pipe, as taken in */
	const char *packing;     /* "gzip", "zstd", "lz4", "xz"; NULL when not compressed */
	uint64_t unpacked_bytes; /* of the capture itself, when it is compressed */
	const char *comment;     /* NULL when there is none */
	bool has_times;
	int64_t start_ns; /* capture start */
	uint32_t frames;
	uint64_t stored_bytes, wire_bytes;
	int64_t first_ns, last_ns, min_ns, max_ns; /* since 1970-01-01T00:00:00Z */
	uint32_t frames_without_time;
	uint64_t out_of_order;
	uint32_t n_interfaces; /* all; the first n_listed are listed */
	uint32_t n_listed;
	const struct nm_interface_facts *interfaces;
	const char *damage;     /* one line; NULL when read to a clean end */
	uint64_t damage_offset; /* UINT64_MAX when it has no place */
	bool truncated;
	bool uncounted;       /* the run ended before all was read: there may be more frames */
	const char *note;     /* one line on an oddity that costs no frame; NULL: none */
	uint64_t note_offset; /* UINT64_MAX when it has no place */
	const struct nm_capture_notes *notes; /* nm_captures_inspect() only; else NULL */
	const char *sha256, *sha1; /* of the file as it is stored, with o->hash; else NULL */
	bool live; /* told while it comes out of a pipe, to sinks with show: at capture_begin only
	            * format, version, byte order, packing and comment are known */
	const char *again; /* with o->read_again: a path under which this process can read it until
	                    * capture_end has returned, also what came from a pipe or has another
	                    * file in its place by now; NULL: there is none */
	struct nm_open_capture *open; /* at capture_end, until it has returned: for
	                               * nm_frames_of(); NULL: it is not open any more, or the
	                               * run has a filter */
};

/* ---- sinks: where results go ---------------------------------------------- */

struct nm_run_summary {
	unsigned captures, captures_unreadable, captures_damaged;
	unsigned experts, experts_failed; /* per capture */
	uint64_t events;
	uint32_t worst_severity; /* of all events; 0 when none */
	bool interrupted;
	int exit_status;         /* enum nm_exit, before the sinks' own trouble */
	unsigned experts_misled; /* runs in which a parser offended */
	int fail_on;             /* as asked for; below 0: not at all */
	uint64_t fail_on_events; /* events at or above that severity */
};

/* Callbacks in the order of the report. Each may be NULL. Non-zero ends the
 * run: an errno value for trouble with the output, or EINTR where the user cancelled what the sink
 * was at: then the run ends as one that was cancelled. A capture that comes out of a pipe is told
 * as it comes to a sink with show, and to others when it has ended. */
struct nm_sink {
	void *ctx;
	int (*capture_begin)(void *ctx, const struct nm_capture_report *c);
	int (*expert_begin)(void *ctx, const struct nm_expert_info *e);
	int (*event)(void *ctx, const struct nm_event *ev);
	int (*expert_end)(
	    void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end);
	int (*capture_end)(void *ctx, const struct nm_capture_report *c);
	int (*run_end)(void *ctx, const struct nm_run_summary *s);
	int (*show)(void *ctx); /* what was told is all for now: let people see it */
	/* Tell of experts in the order in which they end, each as soon as it has: else in the
	 * order asked for, so that reports compare. Of a capture that comes out of a pipe the
	 * order is always the one asked for. */
	bool as_ended;
};

struct nm_run_options;

struct nm_report_options {
	size_t size;        /* sizeof(struct nm_report_options) */
	const char *format; /* see nm_report_format() */
	const char *path;   /* NULL or "-": standard output */
	bool bill;          /* print measured times and sizes; off: reports compare byte for byte */
	int colour;         /* 0 never, 1 always, -1 when the output is a terminal */
	unsigned width;     /* columns for text; 0: the terminal's, or no limit */
	const struct nm_run_options *run; /* html: of the run, borrowed until the report is closed,
	                                   * to read the frames that events name; NULL: the page
	                                   * has none */
};

struct nm_report;

/* A sink that writes a report. 0 and *ret_report and *ret_sink, or an errno
 * value (EINVAL: unknown format; below 0, negated: of a temporary file that the
 * format needs, which can't be made). The file is created here, and what it held is
 * cut off when the first part of the report is written: if none ever is, the
 * file is left, or not there, as before. */
NMHOST_API int nm_report_open(
    const struct nm_report_options *opt, struct nm_report **ret_report, struct nm_sink *ret_sink);

/* Finish and close. 0, or the errno value of the first write that failed. The
 * report is freed either way; NULL is fine. */
NMHOST_API int nm_report_close(struct nm_report *r);

/* The formats nm_report_open() takes: NULL past the last. Static. */
NMHOST_API const char *nm_report_format(unsigned i);

/* ---- evidence -------------------------------------------------------------- */

struct nm_evidence_options {
	size_t size;                      /* sizeof(struct nm_evidence_options) */
	const char *path;                 /* of the file, always pcapng */
	uint32_t around;                  /* frames before and after each */
	const struct nm_run_options *run; /* borrowed until the sink is closed: of the run, for the
	                                   * descriptor to cancel it, messages and read_again */
};

struct nm_evidence;

/* A sink that writes, when the capture has ended, the frames that findings name and those
 * around them; for one capture. A finding is an event that shows its severity and has a column
 * with a frame: what it says is a comment of the first such frame, behind worse ones of the
 * same frame. The file appears when it is whole. Remembers 2^20 frames in 24 bytes each, and
 * their texts in a temporary file. 0, or an errno value. */
NMHOST_API int nm_evidence_open(const struct nm_evidence_options *opt,
    struct nm_evidence **ret_evidence, struct nm_sink *ret_sink);
NMHOST_API void nm_evidence_close(struct nm_evidence *e); /* NULL is fine */

/* ---- comparing captures ------------------------------------------------- */

struct nm_diff_options {
	size_t size;      /* sizeof(struct nm_diff_options) */
	const char *path; /* NULL or "-": standard output */
	bool json;        /* one object a line, else a line for people */
	int fail_on;      /* count findings of this severity or above; -1: none */
};

struct nm_diff_result {
	uint64_t failing; /* findings as severe as fail_on in the second capture, and not so in the
	                    * first */
	uint64_t
	    left_out; /* events of findings that had no place: 131,072 are compared, with 16 MiB
	                    * of text */
	bool whole;   /* false: a capture or a run was not whole, so something may be missed */
};

struct nm_diff;

/* A sink for a run over two captures that writes, when it has ended, which findings are new, worse
 * and gone in the second. A finding is an event that shows its severity; it is the same in
 * both when expert, ident and the columns with addresses, names and ports below 32,768 are.
 * 0, or an errno value. */
NMHOST_API int nm_diff_open(
    const struct nm_diff_options *opt, struct nm_diff **ret_diff, struct nm_sink *ret_sink);
/* 0, or the errno value of the first write that failed; *ret (may be NULL) is filled when the run
 * has ended. NULL is fine. */
NMHOST_API int nm_diff_close(struct nm_diff *d, struct nm_diff_result *ret);

/* ---- running ------------------------------------------------------------- */

/* How much sandbox an expert needs to be run. */
enum nm_sandbox_mode {
	NM_SANDBOX_DEFAULT,     /* shipped experts: what the kernel offers; others: all of it */
	NM_SANDBOX_REQUIRE,     /* all of it, for every expert */
	NM_SANDBOX_BEST_EFFORT, /* what the kernel offers, for every expert */
	NM_SANDBOX_OFF
};

struct nm_progress {
	const char *capture; /* path */
	const char *expert;  /* file name; NULL while only indexing */
	unsigned expert_index, experts;
	uint32_t percent;       /* as the expert said; or of frames when it says nothing */
	uint32_t frame, frames; /* last frame; frames known so far */
	uint64_t events;
	const char *text;      /* its status text */
	bool counted;          /* frames is all there are */
	unsigned line, lines;  /* which of the experts that run now, from 0, and how many there are;
	                        * each is told of, one after the other */
	uint64_t frames_per_s; /* that it was given since it began; 0: not known yet */
	uint64_t heap_bytes;   /* that it has allocated now */
};

struct nm_run_options {
	size_t size;                 /* sizeof(struct nm_run_options) */
	const char *const *captures; /* paths */
	unsigned n_captures;
	const char *const *experts; /* names or paths; n_experts == 0: every expert that
	                                * came with the library. nm_run() takes settings behind
	                                * them: "topuser:top=20,hide=link,ipv6" */
	unsigned n_experts;
	const char *const *expert_path; /* folders searched first */
	unsigned n_expert_path;
	const char *const *parser_path; /* likewise, for parsers */
	unsigned n_parser_path;
	unsigned jobs;         /* experts side by side; 0: as many as cores */
	uint64_t timeout_ms;   /* wall time of one expert on one capture; 0: none */
	uint64_t stall_ms;     /* time in which an expert is given no new frame, submits no event
	                        * and says no status; 0: no limit */
	uint64_t memory_bytes; /* expert heap quota; 0: the default */
	unsigned heap_guard;   /* 1: every block ends at an unmapped page; 2: begins at one */
	bool trace_memory;     /* say where blocks left behind were allocated */
	uint64_t fail_alloc;   /* refuse this allocation, counted from 1; 0: none */
	uint32_t rest_blocks;  /* freed blocks of a size that rest before the oldest is handed
	                                * out again, 65,536 at most; 0: the default */
	unsigned max_threads;  /* of one expert; 0: 64 */
	uint64_t max_events;   /* per expert and capture; 0: no limit */
	int cancel_fd;         /* each byte read from it is one request to stop: the first
	                                * politely, the second at once; -1: none */
	void (*progress)(
	    void *ctx, const struct nm_progress *p); /* a few times a second; may be NULL */
	void *progress_ctx;
	void (*message)(
	    void *ctx, const char *line); /* one line for a person, cleaned; may be NULL */
	void *message_ctx;
	enum nm_sandbox_mode sandbox;
	const char *const *allow_read; /* files and folders every expert may read; 32 at most */
	unsigned n_allow_read;
	const char *output_dir;  /* experts may write beneath it; NULL: nowhere */
	const char *capsule_dir; /* a folder, made if need be, for what is needed to repeat each
	                          * failure: see nm_replay(); NULL: none */
	bool hash;               /* nm_captures_inspect(): hash the files */
	bool keep_core;          /* let a crash leave a core dump: in a new folder beneath the
	                          * current one, unless the system sends it elsewhere */
	bool no_config;          /* Run gets no configuration, whatever is stored */
	const char *config_file; /* Run gets the one in this file, an EXPERTCONFIG, instead of
	                          * what is stored; no link. NULL: what is stored */
	const char *filter;      /* the user's, in the language of netmon-filter(7): experts that
	                          * heed it, nm_frames() and nm_convert() take only frames that
	                          * pass; NULL: none. One that is none ends it with NM_EXIT_USAGE */
	bool read_again; /* keep the capture, also one from a pipe, to be read again later */
	bool in_process; /* one expert, one capture, no process of its own: for debuggers */
	int fail_on;     /* NM_EXIT_FAIL_ON for an event of this severity or above; -1: never */
};

#define NM_STALL_DEFAULT_MS UINT64_C(120000)
#define NM_EVENTS_DEFAULT   UINT64_C(10000000)

/* Sets size and the defaults: those above, and 0, false or none for all else. */
NMHOST_API void nm_run_options_init(struct nm_run_options *o);

/* Run. Returns an enum nm_exit value; *ret_s (may be NULL) is filled always.
 * Unknown expert names end it with NM_EXIT_USAGE before anything ran. */
NMHOST_API int nm_run(const struct nm_run_options *o, const struct nm_sink *sinks, unsigned n_sinks,
    struct nm_run_summary *ret_s);

/* Every expert found, in the order of the search: registers each in a process
 * of its own. cb non-zero ends the list. end says how registering ended. */
NMHOST_API int nm_experts_list(const struct nm_run_options *o,
    int (*cb)(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end),
    void *ctx);

/* What the file at `path` is and whether it loads here as an expert, as a line without a line
 * feed in the `size` bytes at `text`. A shared object of this system is loaded for that, in a
 * process of its own; one for Windows is only looked at. NM_EXIT_COMPLETE: it loads;
 * NM_EXIT_PARTIAL: it does not. */
NMHOST_API int nm_expert_check(
    const struct nm_run_options *o, const char *path, char *text, size_t size);

/* A name that people know a property by, as Wireshark has it. */
struct nm_field_name {
	const char *name;
	uint32_t mask; /* these bits of the value, shifted down; 0: all of it */
	uint32_t type; /* as which it compares: see nm_property_type_word() */
};

struct nm_property_info {
	const char *label, *comment;
	uint32_t type, qualifier; /* PROP_TYPE_*, PROP_QUAL_* of <netmon.h> */
	unsigned n_names;
	const struct nm_field_name *names;
	bool has_value; /* a value that it may have is known, and what that is called */
	uint64_t value;
	const char *value_label;
};

struct nm_protocol_info {
	const char *name, *comment;
	const char *path; /* of the parser's file; "" for what is built in */
	unsigned n_names;
	const char *const *names; /* second names of the protocol: "tcp" */
	unsigned n_properties;
	const struct nm_property_info *properties; /* in the order in which they were registered */
};

/* "uint16", "ipv4", "text", ...; NULL when there is no such type. Static. */
NMHOST_API const char *nm_property_type_word(uint32_t type);

/* What is parsed: loads the parsers of o->parser_path and the other folders in a process of
 * its own and hands each protocol to cb, in the order of the search. cb non-zero ends the
 * list. Returns an enum nm_exit value. */
NMHOST_API int nm_protocols_list(const struct nm_run_options *o,
    int (*cb)(void *ctx, const struct nm_protocol_info *p), void *ctx);

/* ---- showing frames ------------------------------------------------------ */

enum nm_frames_format {
	NM_FRAMES_TEXT,   /* a line for each frame, or its tree */
	NM_FRAMES_JSON,   /* one object a line */
	NM_FRAMES_FIELDS, /* the values of some fields */
	NM_FRAMES_FORMATS
};

/* What stands for a frame's time; times of day are UTC. */
enum nm_frames_clock {
	NM_CLOCK_RELATIVE,    /* seconds since the first frame of the capture */
	NM_CLOCK_DELTA,       /* since the frame before */
	NM_CLOCK_DELTA_SHOWN, /* since the frame shown before */
	NM_CLOCK_TIME,        /* time of day */
	NM_CLOCK_DATE,        /* date and time of day */
	NM_CLOCK_EPOCH,       /* seconds since 1970 */
	NM_FRAMES_CLOCKS
};

struct nm_frames_options {
	size_t size;          /* sizeof(struct nm_frames_options) */
	uint32_t first, last; /* frames to look at, from 0; NM_NO_FRAME as last: to the end */
	uint32_t most;        /* frames to show; NM_NO_FRAME: all */
	enum nm_frames_format format;
	enum nm_frames_clock clock;
	bool tree, bytes;          /* every property; the frame's bytes */
	bool colour;               /* TEXT: set colours */
	const char *const *fields; /* FIELDS: their names, ours or Wireshark's; 256 at most */
	unsigned n_fields;
	char separator, aggregator; /* printable or a tab: between fields; between values of one */
	char quote;                 /* around each field; 0: none */
	char occurrence;            /* 'f' the first value, 'l' the last, 'a' all */
	bool header;                /* names first */
	/* Of the frames between first and last only these, ascending, NM_ONLY_MAX at most;
	 * NULL: all. Finding them costs no walk through the others. */
	const uint32_t *only;
	uint32_t n_only;
	uint32_t brief;      /* JSON: no values of fields, and no more bytes than this of a text
	                      * and of a frame; 0: all */
	uint64_t most_bytes; /* that are written: NM_EXIT_OUTPUT where there would be more; 0:
	                      * no limit */
};

#define NM_ONLY_MAX 4096

/* Write the frames of o->captures[0] to the descriptor fd, as text that harms no
 * terminal: what is not printable becomes \xNN. Stops without a word when nobody reads
 * any more (EPIPE), and waits as long as it takes for a reader who is slow. Names of
 * fields that are none, or a filter that is none, end it with NM_EXIT_USAGE. Returns an
 * enum nm_exit value: PARTIAL when a parser failed, TRUNCATED when the capture is damaged. */
NMHOST_API int nm_frames(
    const struct nm_run_options *o, const struct nm_frames_options *how, int fd);

/* The same of a capture that nm_run() has open, whatever o->captures says: what a run knows of it
 * is not found out anew. Of o only cancel_fd, timeout_ms and message matter. Where the engine
 * ends meanwhile, the run goes on with the next capture. */
NMHOST_API int nm_frames_of(struct nm_open_capture *capture, const struct nm_run_options *o,
    const struct nm_frames_options *how, int fd);

/* What an expert has stored for its runs. */
struct nm_stored_config {
	const char *path;           /* the file; "" when there is no place for one */
	const unsigned char *bytes; /* an EXPERTCONFIG; NULL when there is none */
	size_t n;
};

/* Call the Configure of the one expert of o->experts in a process of its own, with
 * what is stored, and store what it leaves: nothing changes unless it returns TRUE
 * and ends well. o->timeout_ms is 10 s when 0. end says how that went, stored what is
 * stored then. Returns an enum nm_exit value; what keeps cb from being called is
 * said. An expert that can't be configured is NM_EXIT_USAGE. */
NMHOST_API int nm_configure(const struct nm_run_options *o,
    void (*cb)(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end,
	const struct nm_stored_config *stored),
    void *ctx);

/* A change of a setting. */
struct nm_setting_change {
	const char *name, *value; /* value NULL: its default again */
};

/* Load the one expert of o->experts in a process of its own, make the changes to what is
 * stored for it, and tell what it names then: all changes or, where a name or value is wrong,
 * none, which is NM_EXIT_USAGE. When every setting has its default, nothing is stored. An
 * expert that names no settings has 0 of them in cb, and with changes is NM_EXIT_USAGE. end and
 * the returned value as nm_configure(). */
NMHOST_API int nm_settings_change(const struct nm_run_options *o,
    const struct nm_setting_change *changes, unsigned n,
    void (*cb)(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end,
	const struct nm_stored_config *stored),
    void *ctx);

/* Tell what is stored for the one expert of o->experts, after dropping it if so
 * asked; runs nothing. Returns an enum nm_exit value. */
NMHOST_API int nm_config_stored(const struct nm_run_options *o, bool drop,
    void (*cb)(void *ctx, const char *expert, const struct nm_stored_config *stored), void *ctx);

/* The files of a folder that begin like captures or are compressed, by name; hidden ones and
 * folders in it are left out. */
struct nm_folder_captures {
	char **paths;       /* owned, and each of them */
	unsigned n, others; /* captures; entries that are none */
};

/* 0 or an errno value (E2BIG: more than 65,536 entries); *ret is to be freed when it is 0. */
NMHOST_API int nm_folder_captures_find(const char *folder, struct nm_folder_captures *ret);
NMHOST_API void nm_folder_captures_free(struct nm_folder_captures *f);

/* Look into each of o->captures without running an expert. Returns an enum
 * nm_exit value. */
NMHOST_API int nm_captures_inspect(const struct nm_run_options *o,
    int (*cb)(void *ctx, const struct nm_capture_report *c), void *ctx);

struct nm_conversion_report {
	uint32_t frames;               /* written */
	uint32_t left_out;             /* of link types that the target has no place for */
	uint32_t first_left_out;       /* the first of them, from 0 */
	uint32_t times_cut;            /* whose time the target can't hold exactly */
	bool comment_lost, names_lost; /* the capture's comment; names of interfaces */
	uint64_t frame_comments_lost;
	uint64_t texts_lost;  /* what it was captured with, counters of interfaces, flags */
	uint64_t blocks_lost; /* blocks without frames */
	uint32_t processes_lost;
	uint32_t sections_lost; /* of pcapng, that became part of the first */
	bool damaged;           /* the capture: what stands before the damage was written */
	bool written;           /* the file is there, whole */
};

/* What came of repeating a failure, beside what it was. */
struct nm_replay_report {
	bool same;            /* verdict, phase, signal and, where it can be told, frame */
	bool expert_changed;  /* its file is not the one that failed then */
	bool parsers_changed; /* others parse than did then, or set up otherwise */
	enum nm_verdict want_verdict, verdict;
	enum nm_phase want_phase, phase;
	int want_signal, signal;
	uint32_t want_frame, frame; /* of the capsule, from 0; NM_NO_FRAME: none */
	char *want_reason, *reason; /* owned; NULL: it did not come to that */
	char *expert_path;          /* owned; the file that was run; NULL likewise */
};

/* Run an expert over the frames of the capsule, a folder that nm_run() with
 * capsule_dir made, with the settings of then. o->experts may name another file for
 * the expert; what o says of the sandbox and of grants holds, and nothing that the
 * capsule says. NM_EXIT_COMPLETE: it ended in the same way; NM_EXIT_PARTIAL: in
 * another; NM_EXIT_INPUT: the capsule can't be read; others as nm_run(). *ret is
 * filled always and freed with nm_replay_report_free(). */
NMHOST_API int nm_replay(
    const struct nm_run_options *o, const char *capsule, struct nm_replay_report *ret);
NMHOST_API void nm_replay_report_free(struct nm_replay_report *r);

/* Frames to write, from 0, and what to say of one of them. */
struct nm_pick {
	uint32_t first, last;
	const char *comment; /* for the frame `noted`; NULL: none. At most NM_PICK_COMMENT bytes */
	uint32_t noted;
};

#define NM_PICK_COMMENT 32768

struct nm_convert_options {
	size_t size;          /* sizeof(struct nm_convert_options) */
	const char *format;   /* "pcap", "pcapng" or "netmon" */
	uint32_t first, last; /* frames to write, from 0; NM_NO_FRAME as last: to the end */
	const char *compress; /* a name of nm_compress_format(); NULL: as it is */
	/* Of these frames only the ones that are picked; NULL: all. Called until it answers 0 for
	 * no more, 1 for one; an errno value below 0 ends it with NM_EXIT_OUTPUT. Neither `first`
	 * nor `noted` ever goes back, and comments find a place in pcapng only. */
	int (*pick)(void *ctx, struct nm_pick *ret);
	void *pick_ctx;
};

/* Write frames of the capture o->captures[0] to the file `out`: with o->filter, and then without
 * how->pick, those that pass, which is known before the first is written. The file appears
 * when it is whole; "-" is standard output. netmon, whose header is written last,
 * can neither go there nor be compressed. What is lost goes to o->message, a line
 * each. Returns an enum nm_exit value: PARTIAL when frames were left out that the target
 * can't hold, or a parser failed, OUTPUT when it can't be written; *ret (may be NULL) is filled always. */
NMHOST_API int nm_convert(const struct nm_run_options *o, const struct nm_convert_options *how,
    const char *out, struct nm_conversion_report *ret);

/* The formats nm_convert() takes: NULL past the last. Static. */
NMHOST_API const char *nm_convert_format(unsigned i);

/* What it can be compressed with: "gzip", ...; NULL past the last. Static. */
NMHOST_API const char *nm_compress_format(unsigned i);

/* The folders searched for experts, first to last; NULL past the last. The
 * string is valid until the next call from this thread. */
NMHOST_API const char *nm_expert_folder(const struct nm_run_options *o, unsigned i);

/* The folder with the templates of `netmon new`. Static. */
NMHOST_API const char *nm_sdk_folder(void);

/* "0.1.0". Static. */
NMHOST_API const char *nm_version(void);

#ifdef __cplusplus
}
#endif
#endif
