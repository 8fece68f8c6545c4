/* SPDX-License-Identifier: MIT */
/* wire/wire.h -- what worker, engine and supervisor say to one another.
 *
 * Two conversations:
 *   worker -> supervisor   a byte stream (pipe): messages with an 8-byte header,
 *                          so that what was written before a crash can be read
 *                          after it.
 *   supervisor <-> engine  packets (SOCK_SEQPACKET), one message each, the type
 *                          in the first four bytes; START carries descriptors.
 *
 * Owns:     nothing. Encoders fill a buffer of the caller's; decoders borrow.
 * Uses:     base/, capture/ for struct nm_capture_facts, the public headers.
 * Threads:  pure functions.
 * Trust:    decoders take any bytes: lengths, counts, types and strings are
 *           checked, and a message is understood whole or refused.
 */
#ifndef NM_WIRE_WIRE_H
#define NM_WIRE_WIRE_H

#include "base/bytes.h"
#include "base/settings.h"
#include "capture/capture.h"
#include "capture/convert.h"
#include "capture/digest.h"
#include "netmon.h"
#include "nmhost.h"
#include "sandbox/sandbox.h"

/* ---- building messages ------------------------------------------------------ */

/* An append-only buffer over the caller's memory; running out sets `full`. */
struct nm_enc {
	uint8_t *p;
	size_t n, cap;
	bool full;
};

void nm_enc_u8(struct nm_enc *o, uint8_t v);
void nm_enc_u16(struct nm_enc *o, uint16_t v);
void nm_enc_u32(struct nm_enc *o, uint32_t v);
void nm_enc_u64(struct nm_enc *o, uint64_t v);
void nm_enc_bytes(struct nm_enc *o, const void *p, size_t n);

/* u32 length, bytes, NUL. Cut at NM_TEXT_MAX; NULL is told apart from "". */
void nm_enc_str(struct nm_enc *o, const char *s);

/* The string at the cursor, borrowed, NUL-terminated, or NULL when NULL was
 * sent. A length over NM_TEXT_MAX, a missing or an early NUL makes the cursor bad. */
const char *nm_cur_str(struct nm_cur *c);

/* ---- worker -> supervisor ------------------------------------------------------ */

#define NM_WIRE_HEADER 8 /* u32 payload length, u16 type, u16 zero */

/* A message's payload never exceeds this; an event that would is refused where
 * it is submitted. 255 columns of 2,000 characters fit. */
#define NM_WIRE_MAX (UINT32_C(1) << 20)

enum nm_msg {
	NM_MSG_REGISTERED = 1, /* Register returned TRUE: who it is */
	NM_MSG_EVENT = 2,
	NM_MSG_FAIL =
	    3, /* it could not be loaded, Register refused, or Configure left what is none */
	NM_MSG_END = 4,    /* Run returned, or the task is done; nothing but silence may follow */
	NM_MSG_NOTES = 6,  /* before the end: lines about blocks left behind */
	NM_MSG_BOX = 5,    /* first of all: which layers of the sandbox are on */
	NM_MSG_CONFIG = 7, /* before the end, when Configure returned TRUE: what it left */
	/* of tasks without an expert */
	NM_MSG_PROTOCOL = 8,  /* what is parsed, in order of their numbers */
	NM_MSG_PROPERTY = 9,  /* of the protocol told before */
	NM_MSG_TEXT = 10,     /* of frames; nothing but the text */
	NM_MSG_ENOUGH = 11,   /* before the end: the capture's end was not reached, as was wanted */
	NM_MSG_PASSED = 12,   /* ranges of frames that pass the user's filter, in order */
	NM_MSG_SETTINGS = 13, /* after REGISTERED: the expert's table of settings, if it has one */
	NM_MSGS
};

/* An EXPERTCONFIG with its length fits a message. */
#define NM_CONFIG_MAX (NM_WIRE_MAX - 4)

/* p[0..n) is an EXPERTCONFIG: its first four bytes hold n. */
static inline bool nm_is_config(const uint8_t *p, size_t n)
{
	return n >= 4 && n <= NM_CONFIG_MAX && nm_le32(p) == n;
}

struct nm_msg_registered {
	uint32_t flags;
	const char *name, *vendor, *description; /* borrowed */
};

struct nm_msg_fail {
	enum nm_verdict verdict; /* LOAD_FAILED, REFUSED, OUT_OF_MEMORY, HOST_FAILED, or
	                          * BROKE_PROTOCOL: it left a wrong configuration */
	enum nm_phase phase;
	const char *reason; /* borrowed */
};

struct nm_msg_end {
	bool result; /* what Run returned */
	bool told;   /* an Expert* call had said NMERR_EXPERT_TERMINATE */
	uint64_t heap_peak_bytes, heap_allocs, heap_left_blocks, heap_left_bytes;
	uint64_t events, events_dropped; /* submitted and sent; refused by the event limit */
};

#define NM_NAMES_MAX 64 /* second names of a property that are told */

struct nm_msg_name {
	const char *name; /* borrowed */
	uint32_t mask;    /* 0: all of the value */
	uint8_t type;     /* PROP_TYPE_* */
};

/* PROTOCOL and PROPERTY. Texts are the parser's, borrowed, never NULL. */
struct nm_msg_protocol {
	const char *name, *comment, *path;
	uint32_t n_names;
	struct nm_msg_name names[NM_NAMES_MAX]; /* mask and type are 0 */
};

struct nm_msg_property {
	const char *label, *comment;
	uint8_t type, qualifier; /* PROP_TYPE_*, PROP_QUAL_* */
	bool has_value;          /* one that it may have is known, with its name */
	uint64_t value;
	const char *value_label;
	uint32_t n_names;
	struct nm_msg_name names[NM_NAMES_MAX];
};

/* Start a message in o (which must be empty), and finish it: the header is
 * filled in. nm_msg_finish is false when the message did not fit. */
void nm_msg_begin(struct nm_enc *o, enum nm_msg type);
bool nm_msg_finish(struct nm_enc *o);

void nm_enc_registered(struct nm_enc *o, const struct nm_msg_registered *m);
void nm_enc_fail(struct nm_enc *o, const struct nm_msg_fail *m);
void nm_enc_end(struct nm_enc *o, const struct nm_msg_end *m);

/* Reads the expert's own event structure; follows its string pointers. */
void nm_enc_event(struct nm_enc *o, const NMEVENTDATA *ev);

/* A header: false when it is none (unknown type, too long, reserved bits). */
bool nm_msg_header(const uint8_t head[NM_WIRE_HEADER], enum nm_msg *ret_type, uint32_t *ret_len);

/* Payloads. False: not a message of that type, byte for byte. Strings are
 * borrowed from the payload. */
void nm_enc_box(struct nm_enc *o, const struct nm_sandbox_report *m);
bool nm_cur_box(struct nm_cur *c, struct nm_sandbox_report *ret);
void nm_enc_notes(struct nm_enc *o, const char *lines);
bool nm_cur_notes(struct nm_cur *c, const char **ret_lines);
/* n is 0 for a configuration of NULL. */
void nm_enc_config(struct nm_enc *o, const uint8_t *p, uint32_t n);
bool nm_cur_config(struct nm_cur *c, const uint8_t **ret_p, uint32_t *ret_n); /* borrowed */
bool nm_cur_registered(struct nm_cur *c, struct nm_msg_registered *ret);
/* A table that passes nm_settings_check(); its texts are borrowed. */
void nm_enc_settings(struct nm_enc *o, const NMEXPERTFIELD *rows, unsigned n);
bool nm_cur_settings(struct nm_cur *c, NMEXPERTFIELD rows[NM_SETTINGS_MOST], unsigned *ret_n);
bool nm_cur_fail(struct nm_cur *c, struct nm_msg_fail *ret);
bool nm_cur_end(struct nm_cur *c, struct nm_msg_end *ret);

/* Frames first to last, from 0: what JUDGE is asked for, in the memory of NM_FD_CONFIG, and
 * what PASSED has, one after another. False: none, or it ends before it begins. */
struct nm_frame_range {
	uint32_t first, last;
};
void nm_enc_range(struct nm_enc *o, const struct nm_frame_range *m);
bool nm_cur_range(struct nm_cur *c, struct nm_frame_range *ret);

/* Text that harms no terminal, with colours only if they were asked for; borrowed. */
bool nm_cur_text(struct nm_cur *c, bool colour, const char **ret_p, size_t *ret_n);

void nm_enc_protocol(struct nm_enc *o, const struct nm_msg_protocol *m);
bool nm_cur_protocol(struct nm_cur *c, struct nm_msg_protocol *ret);
void nm_enc_property(struct nm_enc *o, const struct nm_msg_property *m);
bool nm_cur_property(struct nm_cur *c, struct nm_msg_property *ret);

#define NM_EVENT_COLUMNS 255 /* NumColumns is a byte */

/* columns must have room for NM_EVENT_COLUMNS; ret->columns points at it. */
bool nm_cur_event(struct nm_cur *c, struct nm_column *columns, struct nm_event *ret);

/* ---- supervisor <-> engine --------------------------------------------------------- */

#define NM_CTL_MAX 16384 /* one packet */

/* What START carries: write ends for messages and for what the expert prints,
 * the status memory, memory with its stored configuration (without an expert: with what
 * is wanted), and where there is an expert its file (to read) and its folder (to name). */
enum {
	NM_FD_EVENTS,
	NM_FD_LOG,
	NM_FD_STATUS,
	NM_FD_CONFIG,
	NM_FD_FILE,
	NM_FD_FOLDER,
	NM_START_FDS
};

/* What a worker does: the first ones when its expert has registered, the others without
 * an expert. */
enum nm_task {
	NM_TASK_RUN,
	NM_TASK_REGISTER,
	NM_TASK_CONFIGURE,
	NM_TASK_PROTOCOLS,
	NM_TASK_FRAMES,
	NM_TASK_JUDGE, /* which frames pass the user's filter */
	NM_TASKS
};

static inline bool nm_task_has_expert(enum nm_task t)
{
	return t <= NM_TASK_CONFIGURE;
}

/* It looks at what parsers make of a frame, or at the parsers themselves. */
static inline bool nm_task_needs_parsers(enum nm_task t)
{
	return t != NM_TASK_REGISTER && t != NM_TASK_CONFIGURE;
}

/* It looks at frames: those that pass the user's filter, of a capture. */
static inline bool nm_task_needs_frames(enum nm_task t)
{
	return nm_task_needs_parsers(t) && t != NM_TASK_PROTOCOLS;
}

/* Descriptors that START carries for it. */
static inline unsigned nm_start_fds(enum nm_task t)
{
	return nm_task_has_expert(t) ? NM_START_FDS : NM_FD_FILE;
}

/* What FRAMES is to show, in the memory of NM_FD_CONFIG. Decoded names are borrowed; lists are
 * in the caller's room. most_bytes stays with the supervisor. */
#define NM_FIELDS_MAX 256
struct nm_frames_room {
	const char *names[NM_FIELDS_MAX];
	uint32_t only[NM_ONLY_MAX];
};
void nm_enc_frames(struct nm_enc *o, const struct nm_frames_options *m);
bool nm_cur_frames(struct nm_cur *c, struct nm_frames_room *room, struct nm_frames_options *ret);

enum nm_ctl {
	NM_CTL_START = 1,    /* to engine, with NM_START_FDS descriptors */
	NM_CTL_KILL = 2,     /* to engine: end a worker at once */
	NM_CTL_CONVERT = 3,  /* to engine, with a descriptor: write the capture there */
	NM_CTL_INSPECT = 4,  /* to engine: read the notes of the capture */
	NM_CTL_SETTINGS = 5, /* to engine, with a descriptor: an INI file about parsers */
	NM_CTL_PARSER = 6,   /* to engine, with a descriptor: load this shared object */
	NM_CTL_FILTER = 7,   /* to engine: the user's filter, before the first START */
	NM_CTL_SEAL = 8,     /* to engine: these were all parsers; register them */
	NM_CTL_OPENED = 16,  /* from engine: the capture can be read (facts), or not (diagnosis) */
	NM_CTL_INDEXED = 17, /* the facts are complete */
	NM_CTL_STARTED = 18,
	NM_CTL_EXITED = 19,    /* a worker is gone */
	NM_CTL_CONVERTED = 20, /* after INDEXED */
	NM_CTL_NOTE = 21,      /* after INDEXED: a text of the notes */
	NM_CTL_INSPECTED = 22, /* after the last NOTE */
	NM_CTL_REFUSED = 23,   /* a sentence: a parser is not loaded, a setting is passed over */
	NM_CTL_FILTERED = 24,  /* the filter is one, or is none, and why */
	NM_CTL_SEALED = 25,    /* which parsers there are is told */
};

struct nm_ctl_start {
	uint32_t index; /* the supervisor's number for this worker */
	enum nm_task task;
	bool shipped;          /* ours: may run without a full sandbox */
	uint32_t config_bytes; /* in the memory that comes along; 0: NULL, or nothing is wanted */
	uint64_t heap_bytes, max_events;
	uint8_t heap_guard; /* enum nm_heap_guard of heap/heap.h */
	bool trace_memory;
	uint64_t fail_alloc;  /* 0: none */
	uint32_t rest_blocks; /* 0: the default */
	uint64_t cpu_s;       /* processor time; 0: no limit */
	uint64_t space_bytes; /* address space beyond what the engine has; 0: no limit */
	const char *path;     /* the shared object; borrowed; "" without an expert */
	const char *capture;  /* for szCaptureFile; borrowed; "" without a capture */
};

struct nm_ctl_opened {
	uint32_t code;                 /* NMERR_SUCCESS, or why not */
	const char *comment;           /* NULL when there is none; borrowed */
	struct nm_capture_facts facts; /* damage.text says why when code is not 0 */
};

struct nm_ctl_exited {
	uint32_t index;
	int32_t wait_status; /* as waitpid gives it */
	uint64_t cpu_us, peak_kib;
	const char *parser; /* that ran when it ended; NULL: none; borrowed */
	uint32_t exception; /* of a guest on Windows, not sent: what ended it; 0: nothing did */
};

struct nm_ctl_converted {
	uint32_t code;    /* NMERR_SUCCESS, or why not */
	const char *text; /* a sentence when code is not 0; borrowed; never NULL */
	struct nm_conversion lost;
};

struct nm_ctl_parser {
	/* Borrowed. SETTINGS: the file's base name; "" for parser.ini. REFUSED: of a parser that is
	 * not loaded; else "" */
	const char *path;
	bool shipped;     /* ours: needs no trial */
	const char *text; /* REFUSED: a sentence; else NULL */
};

/* FILTER: the text. FILTERED: what is wrong with n bytes of it from `at` on; NULL: nothing. */
struct nm_ctl_filter {
	const char *text; /* borrowed */
	uint32_t at, n;
};

void nm_enc_filter(struct nm_enc *o, enum nm_ctl type, const struct nm_ctl_filter *m);
bool nm_cur_filter(struct nm_cur *c, struct nm_ctl_filter *ret);

void nm_enc_parser(struct nm_enc *o, enum nm_ctl type, const struct nm_ctl_parser *m);
bool nm_cur_parser(struct nm_cur *c, struct nm_ctl_parser *ret);

void nm_enc_start(struct nm_enc *o, const struct nm_ctl_start *m);
void nm_enc_opened(struct nm_enc *o, enum nm_ctl type, const struct nm_ctl_opened *m);
void nm_enc_exited(struct nm_enc *o, const struct nm_ctl_exited *m);
/* KILL; INSPECT, SEAL and SEALED, whose index is 0 */
void nm_enc_ctl_index(struct nm_enc *o, enum nm_ctl type, uint32_t index);
void nm_enc_convert(struct nm_enc *o, const struct nm_target_format *m);
void nm_enc_started(struct nm_enc *o, uint32_t index, uint32_t pid);
void nm_enc_converted(struct nm_enc *o, const struct nm_ctl_converted *m);
void nm_enc_note(struct nm_enc *o, const struct nm_digest_text *m);
void nm_enc_inspected(struct nm_enc *o, const struct nm_digest *m);

/* The type, and the cursor behind it; 0 for a packet that is none. */
enum nm_ctl nm_cur_ctl(struct nm_cur *c);
bool nm_cur_start(struct nm_cur *c, struct nm_ctl_start *ret);
bool nm_cur_opened(struct nm_cur *c, struct nm_ctl_opened *ret);
bool nm_cur_exited(struct nm_cur *c, struct nm_ctl_exited *ret);
bool nm_cur_converted(struct nm_cur *c, struct nm_ctl_converted *ret);
bool nm_cur_note(struct nm_cur *c, struct nm_digest_text *ret); /* text borrowed, not NULL */
bool nm_cur_inspected(struct nm_cur *c, struct nm_digest *ret);
bool nm_cur_convert(struct nm_cur *c, struct nm_target_format *ret);
bool nm_cur_ctl_index(struct nm_cur *c, uint32_t *ret_index);
bool nm_cur_started(struct nm_cur *c, uint32_t *ret_index, uint32_t *ret_pid);

#endif
