/* SPDX-License-Identifier: MIT */
/* host/host_int.h -- shared by the files of the supervisor, and nobody else.
 *
 * A *crew* is one engine with its jobs; a *job* is one expert on one capture;
 * a *spool* keeps a job's events until their turn in the report comes.
 */
#ifndef NM_HOST_HOST_INT_H
#define NM_HOST_HOST_INT_H

#include "base/diag.h"
#include "system/channel.h"
#include "system/pipe.h"
#include "system/temporary.h"
#include "capture/pick.h"
#include "expert/status.h"
#include "host/guest.h"
#include "host/manifest.h"
#include "host/outlet.h"
#include "host/places.h"
#include "nmhost.h"
#include "wire/wire.h"

#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

/* ---- search.c: experts and folders ------------------------------------------- */

struct nm_target {
	char *path;      /* owned; absolute */
	char *file;      /* owned; base name without ending */
	bool shipped;    /* lies in the folder that came with the program */
	char *given;     /* owned; "top=20,..." or "+top=20+...", as -e has it; NULL: nothing */
	uint8_t *config; /* owned; what Run gets by that, config_n bytes; NULL: what is stored */
	size_t config_n;
};

struct nm_targets {
	struct nm_target *items; /* owned */
	unsigned n;
};

/* The experts that o asks for: an enum nm_exit value; problems go to o->message. Settings may
 * be given behind their names. */
int nm_targets_find(const struct nm_run_options *o, struct nm_targets *ret);
/* Likewise, but there may be none. */
int nm_targets_find_bare(const struct nm_run_options *o, struct nm_targets *ret);
/* Every plug-in in every folder, first found first; doubles by name are left out. */
int nm_targets_all(const struct nm_run_options *o, enum nm_kind kind, struct nm_targets *ret);
void nm_target_done(struct nm_target *t);
void nm_targets_done(struct nm_targets *t);

/* The i-th folder searched; NULL past the last. Overwritten by the next call. */
const char *nm_plugin_folder(const struct nm_run_options *o, enum nm_kind kind, unsigned i);
/* One line to o->message, cleaned. */
void nm_host_say(const struct nm_run_options *o, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- hash.c ------------------------------------------------------------------ */

struct nm_file_hashes {
	char sha256[NM_HASH_TEXT];
	char sha1[41];
};

/* Both at once, as below. */
int nm_hash_file_twice(const char *path, struct nm_file_hashes *ret);

/* SHA-256 of a regular file, as lower-case digits: 0 or an errno value. */
int nm_hash_file(const char *path, char ret_hex[NM_HASH_TEXT]);

/* ---- spool.c ---------------------------------------------------------------------- */

#define NM_SPOOL_MEMORY (256u << 10) /* bytes kept before a temporary file is made */

struct nm_spool {
	uint8_t *buf; /* owned; NM_SPOOL_MEMORY bytes, or NULL before the first append */
	size_t n;
	int fd; /* unlinked temporary file; -1: none yet */
	uint64_t file_bytes;
};

void nm_spool_init(struct nm_spool *s);
void nm_spool_done(struct nm_spool *s);
/* 0 or an errno value; then the spool keeps what it had. */
int nm_spool_append(struct nm_spool *s, const void *p, size_t n);
/* Forget what was appended. */
void nm_spool_clear(struct nm_spool *s);
/* Copy up to n bytes from offset; fewer only at the end. -errno on trouble. */
ssize_t nm_spool_read(const struct nm_spool *s, uint64_t offset, void *p, size_t n);

/* ---- link.c, and a file for each system: the engine process ----------------------------------------------------- */

struct nm_link {
	pid_t pid;           /* 0: none */
	pid_t host;          /* --in-process: the parent, which is the engine; else 0 */
	struct nm_jail jail; /* its process on Windows */
	struct nm_channel channel;
};

#define NM_GRANT_MAX 512 /* descriptors of folders and files that an engine may be given */

/* What an engine gets to see. Descriptors are borrowed. */
struct nm_grant {
	const struct nm_run_options *opt;
	const char *name;     /* of the capture, for people who list processes */
	int capture_fd;       /* -1: none */
	bool keep;            /* not all workers run side by side */
	int full_fd, read_fd; /* a temporary file, to write and only to read; -1: none */
	const int *read_fds;  /* files and folders: the first n_allow for every worker */
	unsigned n_allow, n_read;
	int write_fd; /* -1: none */
	int core_fd;  /* with a folder for each job, by its index; -1: none */
};

/* Can this process be the engine? */
bool nm_link_can_be_here(void);
/* Start the engine. 0 or an errno value. With in_process the engine is this
 * process's parent and pid stays 0. */
int nm_link_open(struct nm_link *l, const struct nm_grant *g);
bool nm_link_start(struct nm_link *l, const struct nm_ctl_start *m, const int fds[NM_START_FDS]);
bool nm_link_inspect(struct nm_link *l);
bool nm_link_seal(struct nm_link *l); /* have it tell, when it has, that parsers are registered */
bool nm_link_filter(struct nm_link *l, const char *text);
/* picks_fd: a file as capture/pick.h has it; -1: all frames. */
bool nm_link_convert(struct nm_link *l, const struct nm_target_format *t, int fd, int picks_fd);
/* NM_CTL_PARSER, NM_CTL_SETTINGS, with the file. */
bool nm_link_parser(struct nm_link *l, enum nm_ctl type, const struct nm_ctl_parser *m, int fd);
bool nm_link_kill(struct nm_link *l, uint32_t index);
/* Where the engine runs the expert itself and does not listen meanwhile: end it. False: it is a
 * process of its own. */
bool nm_link_kill_host(const struct nm_link *l);
/* One packet; 0 at the end of the conversation, -1 for nothing yet. */
ssize_t nm_link_recv(struct nm_link *l, uint8_t buf[NM_CTL_MAX]);
/* Ends the engine; its wait status. Safe on a link that never opened. */
int nm_link_close(struct nm_link *l);

/* ---- messages.c ---------------------------------------------------------------------------- */

struct nm_job;

/* How much of a job's events has been handed on. */
struct nm_told {
	uint64_t events, at; /* how many; where the next one begins in the spool */
};

void nm_job_read_events(struct nm_job *j);
void nm_job_read_log(struct nm_job *j);
/* What is left of a line that was begun. */
void nm_job_end_log(struct nm_job *j);
/* Hand every kept event that *told does not count to cb; stops at the first non-zero
 * answer. */
int nm_job_replay(const struct nm_job *j, struct nm_told *told,
    int (*cb)(void *ctx, const struct nm_event *ev), void *ctx);
/* One line, cleaned. Owned by the caller; NULL: no memory. */
char *nm_clean_copy(const char *s);
/* Lines stay lines; everything else is cleaned. Owned by the caller; NULL: no memory. */
char *nm_clean_lines(const char *text);

/* ---- judge.c ------------------------------------------------------------------------------- */

/* Words for the report; borrowed from j. frames_total is the capture's. */
void nm_job_info(const struct nm_job *j, struct nm_expert_info *ret);
void nm_job_end(const struct nm_job *j, uint32_t frames_total, struct nm_expert_end *ret);
/* The enum nm_exit value of a command that is one job. */
int nm_exit_of(enum nm_verdict v);

/* ---- stored.c: configurations of experts, kept between runs --------------------------- */

struct nm_stored {
	uint8_t *p; /* owned; NULL when there is none */
	size_t n;
	char path[4400];
};

/* The one of the expert with this base name, an EXPERTCONFIG. 0, ENOENT, or why it
 * can't be used, which has been said; path is filled in every case. */
int nm_stored_load(const struct nm_run_options *o, const char *file, struct nm_stored *ret);
/* The one in the file at `path`, which must be there and no link; likewise. */
int nm_stored_read(const struct nm_run_options *o, const char *path, struct nm_stored *ret);
/* What an expert gets by the options and by what was given: 0, ENOENT for none, likewise. */
int nm_stored_choose(
    const struct nm_run_options *o, const struct nm_target *t, struct nm_stored *ret);
/* 0 or an errno value; then what was stored before still is. */
int nm_stored_save(const char *file, const uint8_t *p, size_t n);
int nm_stored_drop(const char *file);

/* ---- settings.c: settings by name ----------------------------------------------------- */

/* An expert's table as it told it. */
struct nm_fields {
	NMEXPERTFIELD *rows; /* owned, with their strings */
	unsigned n;          /* 0: none */
};

bool nm_fields_copy(struct nm_fields *ret, const NMEXPERTFIELD *rows, unsigned n);
void nm_fields_done(struct nm_fields *f);
/* One line if some of what is stored is not used. */
void nm_fields_say_kept(const struct nm_run_options *o, const char *expert,
    const struct nm_fields *f, const struct nm_stored *s, bool configurable);
/* The table for people, with the values that what is stored gives. Owned, as are the values in
 * it; its other strings are borrowed from f. NULL: no memory. */
struct nm_setting *nm_fields_show(const struct nm_fields *f, const struct nm_stored *s);
void nm_settings_free(struct nm_setting *list, unsigned n);

/* Look up the settings that were given with targets, and make their configurations: an enum
 * nm_exit value; USAGE when a name or value is wrong, which has been said. */
int nm_settings_give(const struct nm_run_options *o, struct nm_targets *t);

/* ---- parsers.c ---------------------------------------------------------------------------- */

/* Tell the engine which parsers to load, and how a person has set them up. What can't be
 * read is said and left out; false: the engine does not listen. */
bool nm_send_parsers(
    struct nm_link *l, const struct nm_run_options *o, const struct nm_targets *parsers);
/* Say which parsers did what they must not, in a job that has ended. */
void nm_say_offences(const struct nm_run_options *o, const struct nm_expert_end *end);
/* Each file of a person's settings for parsers, parser.ini ("") first, until fn says false. */
typedef bool (*nm_settings_fn)(void *ctx, const char *path, const char *name);
bool nm_for_all_settings(nm_settings_fn fn, void *ctx);
/* A name for all that parses and how a person has set it up; 0 or an errno value. */
int nm_parsers_hash(const struct nm_run_options *o, char ret_hex[NM_HASH_TEXT]);

/* ---- picks.c: which frames are converted ---------------------------------------------------- */

struct nm_picking {
	int fd;        /* owned: a file of picks, see capture/pick.h; -1: none */
	FILE *to;      /* owned; NULL when all are there */
	uint64_t next; /* the next range that passes begins here or behind */
	int err;       /* an errno value: not all are there; 0: none */
};

/* 0 or an errno value; nm_picking_done() is safe either way. */
int nm_picking_open(struct nm_picking *p);
void nm_picking_done(struct nm_picking *p);
/* All that how->pick has: 0 or an errno value. */
int nm_picking_ask(struct nm_picking *p, const struct nm_convert_options *how);
/* What JUDGE tells, as nm_job.take. */
bool nm_picking_take(void *ctx, enum nm_msg type, struct nm_cur *cur);
/* No more come: 0 or an errno value. */
int nm_picking_end(struct nm_picking *p);

/* ---- filter.c ----------------------------------------------------------------------------- */

/* Say what is wrong with n bytes of the filter from `at` on: why, the text, and a mark below. */
void nm_say_filter_error(const struct nm_run_options *o, const struct nm_ctl_filter *e);

/* ---- job.c ------------------------------------------------------------------------------- */

enum nm_job_state { NM_JOB_WAITING, NM_JOB_RUNNING, NM_JOB_ENDED };

enum nm_job_by {
	NM_BY_ENGINE, /* a worker that the engine forks, or the engine itself */
	NM_BY_GUEST,
	NM_BY_NOBODY, /* nothing here can run it; j->reason says why */
};

struct nm_job {
	const struct nm_target *target;
	const struct nm_run_options *opt;
	enum nm_job_state state;
	bool ended_told; /* the crew's `ended` was called */
	enum nm_task task;
	enum nm_job_by by;   /* who does it */
	struct nm_wine wine; /* NM_BY_GUEST: what runs the guest */
	bool shipped;        /* the expert is ours; without one, all parsers are */
	/* of a task without an expert: what takes its messages. False: it is a wrong one. */
	bool (*take)(void *ctx, enum nm_msg type, struct nm_cur *c);
	void *take_ctx;
	const uint8_t *request; /* borrowed: what is asked of it, request_n bytes */
	size_t request_n;
	const struct nm_targets *parsers; /* borrowed: what parses for it; NULL: nothing */

	/* while running */
	int events_fd, log_fd;    /* read ends; -1: closed */
	struct nm_status *status; /* mapped; NULL: none */
	uint32_t pid;             /* to look at, never to signal; 0: not known */
	struct nm_guest guest;    /* NM_BY_GUEST: its worker */
	uint64_t started_us, ended_us;
	uint64_t life;     /* what its last sign of life was */
	uint64_t alive_us; /* and when that was seen; 0: not yet */
	bool stalled;
	bool told; /* terminate was set; killed: and then the worker was */
	bool killed, timed_out, user_abort;
	uint64_t kill_at_us;   /* when politeness ends; 0: not told yet */
	uint64_t killed_at_us; /* when the engine was first asked to kill it; 0: never */
	uint64_t excused_us;   /* time that the supervisor missed: not held against it */

	/* what it said */
	uint8_t *in; /* owned; a message being put together */
	size_t in_n, in_cap;
	struct nm_spool spool;
	uint64_t events, events_lost; /* kept; not kept, because of spool_error */
	bool registered, failed, ended;
	bool broke_protocol, over_limit, over_threads;
	int spool_error; /* errno values; 0: none */
	int start_error;
	char *name, *vendor, *description; /* owned */
	char *notes;                       /* owned; lines, cleaned; NULL: none */
	struct nm_stored stored;           /* what is stored for its expert, once it was started */
	struct nm_fields fields;           /* that its expert told */
	struct nm_setting *settings;       /* owned; the same for people */
	bool configured; /* Configure left this, of which it owns config; 0 bytes: NULL */
	uint8_t *config;
	uint32_t config_n;
	uint32_t flags;
	char reason[NM_DIAG_TEXT];
	enum nm_verdict fail_verdict;
	enum nm_phase fail_phase;
	struct nm_msg_end end;
	bool boxed; /* box below is what the worker said is in force */
	struct nm_sandbox_report box;
	unsigned log_lines;
	char log[512];
	size_t log_n;

	/* how its process ended */
	struct nm_ctl_exited exit; /* but for its parser */
	char parser[128];          /* that ran when it ended; "": none */
	bool engine_lost;
};

uint64_t nm_now_us(void);

static inline void nm_close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* Threads that an expert may have. */
unsigned nm_thread_limit(const struct nm_run_options *o);

/* The target of a job without an expert: what such a worker prints is a parser's. */
extern const struct nm_target nm_no_expert;

void nm_job_init(struct nm_job *j, const struct nm_target *t, const struct nm_run_options *o);
void nm_job_done(struct nm_job *j);
/* Find out who does it. */
void nm_job_choose(struct nm_job *j);
/* Start its worker; capture_fd is what a guest reads, borrowed, -1: none; `growing`: more of it will come,
 * until nm_job_all_has_come(). 0 or an errno value; then nothing has changed. */
int nm_job_start(struct nm_job *j, struct nm_link *l, uint32_t index, const char *capture,
    int capture_fd, bool growing);
/* More threads than it may have, as the system counts them now. */
bool nm_job_over_threads(const struct nm_job *j);
/* It has shown no sign of life for too long. */
bool nm_job_is_stalled(struct nm_job *j, uint64_t now_us);
/* Ask politely; after grace_us the crew kills it. */
void nm_job_tell(struct nm_job *j, uint64_t grace_us);
/* Its capture grows no more. */
void nm_job_all_has_come(struct nm_job *j);
/* The worker is gone: read what is left and close. */
void nm_job_finish(struct nm_job *j);

/* ---- job_guest.c ------------------------------------------------------------------------- */

/* Its worker as a guest: 0 or an errno value. */
int nm_job_start_guest(
    struct nm_job *j, const struct nm_ctl_start *m, const int fds[NM_START_FDS], int capture_fd);
/* Has its guest, if it has one, ended? Then the job has too. */
bool nm_job_reap(struct nm_job *j);

/* ---- a file for each system: where core dumps go ------------------------------------------------------ */

enum nm_core_way {
	NM_CORE_HERE,      /* a file where the process is */
	NM_CORE_ELSEWHERE, /* a file in a folder of the system */
	NM_CORE_PROGRAM,   /* a program gets it */
};

struct nm_cores {
	bool wanted;
	enum nm_core_way way;
	char pattern[160]; /* the kernel's, which has 127 bytes */
	char dir[32];      /* the folder that was made, in the current one; "": none */
	int fd;            /* to it; -1: none */
};

/* What a core_pattern means, see core(5). */
enum nm_core_way nm_core_way_of(const char *pattern);

void nm_cores_init(struct nm_cores *k);
/* A folder for each of n jobs, if o asks for core dumps and they are files; where
 * there can be none, that is said. */
void nm_cores_open(struct nm_cores *k, const struct nm_run_options *o, unsigned n);
/* Say where each dump is, and remove what stayed empty. When the jobs have ended. */
void nm_cores_close(
    struct nm_cores *k, const struct nm_run_options *o, const struct nm_job *jobs, unsigned n);

/* ---- notes.c -------------------------------------------------------------------------------- */

struct nm_crew_text {
	enum nm_note_owner owner;
	uint32_t number;
	enum nm_note_code code;
	uint64_t value;
	char *text; /* owned */
};

struct nm_crew_notes {
	bool asked, done;
	struct nm_digest digest;
	struct nm_crew_text *texts; /* owned */
	unsigned n, room;
	struct nm_noted *noted;             /* owned: the lists of `notes` */
	struct nm_process_facts *processes; /* owned: likewise */
	struct nm_capture_notes notes;
};

/* A NOTE. False: it is none, there are too many, or there is no memory. */
bool nm_crew_notes_take(struct nm_crew_notes *x, struct nm_cur *cur);
/* Add the notes to a report; borrowed from x. To be called once. */
void nm_crew_notes_report(
    struct nm_crew_notes *x, struct nm_interface_facts *interfaces, struct nm_capture_report *r);
void nm_crew_notes_done(struct nm_crew_notes *x);

/* ---- crew.c --------------------------------------------------------------------------------- */

/* What a sink is given of a capture that is open. */
struct nm_open_capture {
	struct nm_crew *crew; /* borrowed */
};

struct nm_crew {
	const struct nm_run_options *opt;
	const char *capture; /* path as given; NULL: none */
	struct nm_job *jobs; /* owned */
	unsigned n_jobs;
	bool only_index; /* no jobs: end when the index is complete */

	struct nm_link link;
	bool live; /* the capture comes out of a pipe: it is not known when it ends */
	bool opened, indexed, lost; /* lost: the engine is gone before its time */
	uint32_t open_code;
	struct nm_ctl_opened facts; /* latest */
	char comment[NM_CTL_MAX];
	bool has_comment;
	uint64_t looked_us;        /* when what the system counts was last looked at */
	unsigned cancels;          /* requests to stop so far */
	bool filtered, bad_filter; /* the engine has said of opt->filter what it is; it is none */
	struct nm_targets parsers; /* what parses for the jobs */
	bool parsers_awaited;      /* those that are no good are yet to be told */
	bool parsers_shipped;      /* all that parse came with the program */
	struct nm_cores cores;
	char again[300]; /* a path to again_fd, of a stream */
	int again_fd; /* the capture, or what was taken in from a stream, to read again; -1: none */
	uint64_t watched_us;        /* when the jobs were last looked after; 0: never */
	char trouble[NM_DIAG_TEXT]; /* why the capture can't be read at all; "" when it can */

	int convert_fd; /* converting, when the jobs have ended: where to; -1: not wanted */
	int picks_fd;   /* which frames; -1: all */
	bool asked;     /* the engine converts */
	struct nm_target_format convert_to;
	bool converted;
	struct nm_ctl_converted conversion;
	char conversion_text[NM_DIAG_TEXT];

	struct nm_crew_notes notes; /* .asked: read them */

	bool enough;              /* nobody needs the rest of the capture, nor its figures */
	struct nm_outlet *outlet; /* borrowed: where what jobs tell goes at once; NULL: nowhere */

	/* called when job i may be reported: in order, each once, and with i ==
	 * n_jobs when all is done. Non-zero ends the crew. */
	int (*ready)(void *ctx, struct nm_crew *c, unsigned i);
	/* called time and again while a live capture comes; NULL: nobody wants to know */
	int (*come)(void *ctx, struct nm_crew *c);
	/* called for each job that has ended, before `ready` is and whatever its turn is; NULL */
	int (*ended)(void *ctx, struct nm_crew *c, unsigned i);
	void *ctx;
	int answer; /* of these */
};

/* Jobs for each target; false: out of memory, which it says. */
bool nm_crew_init(struct nm_crew *c, const struct nm_run_options *o, const char *capture,
    const struct nm_targets *t);
/* One job, for a task without an expert. */
bool nm_crew_init_task(
    struct nm_crew *c, const struct nm_run_options *o, const char *capture, enum nm_task task);
void nm_crew_run(struct nm_crew *c);
/* The same in the engine of another crew, whose jobs have ended, on the capture that it has
 * open; nm_crew_may_lend() says whether that can be. */
void nm_crew_run_within(struct nm_crew *c, struct nm_crew *other);
bool nm_crew_may_lend(const struct nm_crew *c);
/* Without a capture: give all jobs the task, run, say what trouble there was, and be done
 * with c. An enum nm_exit value: COMPLETE, however the jobs ended, or what kept them from it. */
int nm_crew_run_bare(struct nm_crew *c, enum nm_task task);
void nm_crew_done(struct nm_crew *c);
/* The capture as reports see it; borrowed from c and from interfaces. */
void nm_crew_capture(const struct nm_crew *c,
    struct nm_interface_facts interfaces[NM_FACTS_INTERFACES], struct nm_capture_report *ret);

/* ---- tell.c ---------------------------------------------------------------------------------- */

enum {
	NM_LINE_LIVE,  /* the sinks in the order asked for; of a live capture those with show */
	NM_LINE_LATE,  /* of a live capture, the others */
	NM_LINE_ENDED, /* of others, the sinks in the order in which experts end */
	NM_LINES,
	NM_LINE_ALL = NM_LINES /* every sink */
};

/* How far some sinks are. */
struct nm_line {
	bool began;          /* capture_begin was called for the current capture */
	bool in_expert;      /* and expert_begin for the job that is next */
	struct nm_told told; /* of that job's events */
};

struct nm_tell {
	const struct nm_sink *sinks; /* borrowed */
	unsigned n_sinks;
	struct nm_run_summary *sum; /* borrowed; is counted up */
	bool refused; /* a sink's answer ends the run, and whoever made the sink knows why */

	/* of the current capture */
	bool live;
	unsigned next; /* job to be told of */
	struct nm_line lines[NM_LINES];
	bool unshown; /* something was told that nobody was shown */
	uint64_t shown_us;
};

/* The next capture. */
void nm_tell_begin(struct nm_tell *t);
/* For a crew with a struct nm_tell as ctx; answers of sinks, or an errno value. */
int nm_tell_ready(void *ctx, struct nm_crew *c, unsigned i);
int nm_tell_come(void *ctx, struct nm_crew *c);
int nm_tell_ended(void *ctx, struct nm_crew *c, unsigned i);
/* Instead of these, when there was trouble; and after all captures. */
int nm_tell_unreadable(struct nm_tell *t, const struct nm_crew *c);
int nm_tell_run_end(struct nm_tell *t);

#endif
