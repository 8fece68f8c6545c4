/* SPDX-License-Identifier: MIT */
/* How a job ended, in words for the report. */
#include "engine/engine.h"
#include "heap/heap.h"
#include "host/host_int.h"

#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

void nm_job_info(const struct nm_job *j, struct nm_expert_info *ret)
{
	*ret = (struct nm_expert_info){
		.file = j->target->file,
		.path = j->target->path,
		.name = j->name && *j->name ? j->name : j->target->file,
		.vendor = or_empty(j->vendor),
		.description = or_empty(j->description),
		.flags = j->flags,
		.registered = j->registered,
		.n_settings = j->settings ? j->fields.n : 0,
		.settings = j->settings,
	};
}

int nm_exit_of(enum nm_verdict v)
{
	return v == NM_VERDICT_DONE      ? NM_EXIT_COMPLETE
	       : v == NM_VERDICT_ABORTED ? NM_EXIT_INTERRUPTED
					 : NM_EXIT_PARTIAL;
}

static void set_reason(char buf[NM_DIAG_TEXT], const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void set_reason(char buf[NM_DIAG_TEXT], const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(buf, NM_DIAG_TEXT, fmt, ap);
	va_end(ap);
}

static const char *entry_of(const struct nm_job *j)
{
	return !nm_task_has_expert(j->task)   ? "the task"
	       : j->task == NM_TASK_CONFIGURE ? EXPERTENTRY_CONFIGURE
					      : EXPERTENTRY_RUN;
}

static enum nm_phase phase_of(const struct nm_job *j)
{
	uint32_t p;

	if (j->failed)
		return j->fail_phase;
	if (j->told && j->ended && j->end.told)
		return j->task == NM_TASK_CONFIGURE
			   ? NM_PHASE_CONFIGURE
			   : NM_PHASE_RUN; /* where it heard that it should end */
	p = j->status ? atomic_load(&j->status->phase) : NM_PHASE_START;
	return p < NM_PHASES ? (enum nm_phase)p : NM_PHASE_START;
}

/* What the dying process said of its end; NULL when it said nothing sound. */
static const struct nm_crash *last_words(const struct nm_job *j)
{
	const struct nm_crash *c = j->status ? &j->status->crash : NULL;

	return c && atomic_load(&c->ready) && c->signal > 0 && c->signal < NSIG ? c : NULL;
}

/* The signal that ended it: its own word for it when its handler failed and was
 * ended by another one. */
static int ending_signal(const struct nm_job *j)
{
	int st = j->exit.wait_status;
	const struct nm_crash *c = last_words(j);

	if (!WIFSIGNALED(st))
		return 0;
	return c && !j->killed ? c->signal : WTERMSIG(st);
}

/* A fault right at the stack pointer: the guard page below the stack. */
static bool overflowed(const struct nm_job *j)
{
	const struct nm_crash *c = last_words(j);

	return c && c->signal == SIGSEGV && c->address + 65536 > c->stack &&
	       c->address < c->stack + 4096 && c->address > 65536;
}

static void set_forbidden(const struct nm_job *j, char reason[NM_DIAG_TEXT])
{
	const struct nm_crash *c = last_words(j);
	char call[64], path[sizeof c->path];

	if (!c || c->syscall < 0) {
		set_reason(reason, "it made a system call that the sandbox forbids");
		return;
	}
	memcpy(path, c->path, sizeof path);
	path[sizeof path - 1] = '\0';
	set_reason(reason, "the sandbox forbids %s%s%s",
	    nm_syscall_name(c->syscall, call, sizeof call), path[0] ? " " : "", path);
}

static uint64_t refused(const struct nm_job *j)
{
	return j->status ? atomic_load(&j->status->refused) : 0;
}

/* What ended a guest, by its own word or the system's; 0: nothing of the kind. */
static uint32_t exception_of(const struct nm_job *j)
{
	const struct nm_crash *c = last_words(j);

	if (j->by != NM_BY_GUEST)
		return 0;
	return c ? (uint32_t)c->code : j->exit.exception;
}

#define NM_PLACE (NM_DIAG_TEXT / 2)

/* ", at old.dll+0x1234", or ", at 0x0, called by old.dll+0x1234": where it told that it was. */
static const char *place_of(const struct nm_job *j, char buf[NM_PLACE])
{
	const struct nm_crash *c = last_words(j);
	char raw[NM_PLACE], *caller, clean[NM_PLACE / 2 - 16];
	size_t n;

	*buf = '\0';
	if (!c || atomic_load(&c->ready) < 2)
		return buf;
	memcpy(raw, c->text, sizeof raw);
	raw[sizeof raw - 1] = '\0';
	n = strcspn(raw, "\n");
	caller = raw[n] && strncmp(raw, "0x", 2) == 0 ? raw + n + 1 : raw + n;
	raw[n] = '\0';
	caller[strcspn(caller, "\n")] = '\0';
	if (*raw)
		n = (size_t)snprintf(
		    buf, NM_PLACE, ", at %s", nm_text_clean(clean, sizeof clean, raw));
	if (*raw && *caller)
		(void)snprintf(buf + n, NM_PLACE - n, ", called by %s",
		    nm_text_clean(clean, sizeof clean, caller));
	return buf;
}

static enum nm_verdict judge_process(const struct nm_job *j, char reason[NM_DIAG_TEXT])
{
	int st = j->exit.wait_status, sig = ending_signal(j);
	char place[NM_PLACE];

	if (sig == SIGSYS) {
		set_forbidden(j, reason);
		return NM_VERDICT_SANDBOX;
	}
	if (sig == SIGXCPU) {
		set_reason(reason, "it used more than its processor time");
		return NM_VERDICT_TIMED_OUT;
	}
	if (sig && exception_of(j) && !j->killed) {
		set_reason(reason, "exception 0x%08x (%s)%s%s", exception_of(j), strsignal(sig),
		    place_of(j, place), overflowed(j) ? ", its stack overflowed" : "");
		return NM_VERDICT_CRASHED;
	}
	if (sig) {
		set_reason(reason, "signal %d (%s)%s%s", sig, strsignal(sig),
		    overflowed(j) ? ", its stack overflowed" : "",
		    refused(j) ? ", after it had been refused memory" : "");
		return NM_VERDICT_CRASHED;
	}
	if (!j->registered && phase_of(j) == NM_PHASE_START) {
		set_reason(reason, "no process could be started for it");
		return NM_VERDICT_HOST_FAILED;
	}
	if (WIFEXITED(st) && WEXITSTATUS(st) == NM_WORKER_DONE) {
		set_reason(reason, "it closed its connection and so left no end record");
		return NM_VERDICT_EXITED;
	}
	if (j->ended || phase_of(j) == NM_PHASE_AFTER)
		set_reason(reason, "its process ended by exit(%d) %s",
		    WIFEXITED(st) ? WEXITSTATUS(st) : -1,
		    j->ended ? "while it was unloaded" : "and left no end record");
	else
		set_reason(reason, "its process ended by exit(%d) before %s returned",
		    WIFEXITED(st) ? WEXITSTATUS(st) : -1, entry_of(j));
	return NM_VERDICT_EXITED;
}

/* Run returned: what that means, given what was asked of it meanwhile. */
static enum nm_verdict judge_end(const struct nm_job *j, char reason[NM_DIAG_TEXT])
{
	int st = j->exit.wait_status;

	if (j->killed && !j->told) {
		set_reason(reason, "%s returned, but it would not be unloaded", entry_of(j));
		return NM_VERDICT_TIMED_OUT;
	}
	if (!j->killed && !j->engine_lost && !(WIFEXITED(st) && WEXITSTATUS(st) == NM_WORKER_DONE))
		return judge_process(j, reason);
	if (j->over_limit || j->end.events_dropped) {
		set_reason(reason, "more than %llu events", (unsigned long long)j->opt->max_events);
		return NM_VERDICT_EVENT_LIMIT;
	}
	if (!j->end.result && refused(j)) {
		set_reason(reason,
		    "%s returned FALSE after %llu allocation%s refused (limit %llu MiB)",
		    entry_of(j), (unsigned long long)refused(j),
		    refused(j) == 1 ? " was" : "s were",
		    (unsigned long long)((j->opt->memory_bytes ? j->opt->memory_bytes
							       : NM_HEAP_DEFAULT_QUOTA) >>
					 20));
		return NM_VERDICT_OUT_OF_MEMORY;
	}
	if (!j->end.result) {
		set_reason(reason, "%s returned FALSE", entry_of(j));
		return NM_VERDICT_RETURNED_FALSE;
	}
	return NM_VERDICT_DONE;
}

/* That was all: it was asked for, or there is nothing to configure. */
static bool only_registers(const struct nm_job *j)
{
	return j->task == NM_TASK_REGISTER ||
	       (j->task == NM_TASK_CONFIGURE && !(j->flags & EXPERT_ENUM_FLAG_CONFIGURABLE));
}

static enum nm_verdict judge(const struct nm_job *j, char reason[NM_DIAG_TEXT])
{
	*reason = '\0';
	if (j->start_error) {
		set_reason(reason, "it could not be started: %s", strerror(j->start_error));
		return NM_VERDICT_HOST_FAILED;
	}
	if (j->spool_error) {
		set_reason(reason, "its events could not be kept: %s", strerror(j->spool_error));
		return NM_VERDICT_HOST_FAILED;
	}
	if (j->broke_protocol || j->failed) {
		set_reason(reason, "%s", j->reason);
		return j->broke_protocol ? NM_VERDICT_BROKE_PROTOCOL : j->fail_verdict;
	}
	if (j->over_threads) {
		set_reason(reason, "more than %u threads", nm_thread_limit(j->opt));
		return NM_VERDICT_LIMIT;
	}
	if (j->ended && !(j->told && j->end.told))
		return judge_end(j, reason);
	if (j->stalled) {
		set_reason(reason, "no sign of life for %.3g s: no new frame, event or status",
		    (double)j->opt->stall_ms / 1000);
		return NM_VERDICT_TIMED_OUT;
	}
	if (j->timed_out) {
		set_reason(reason, "not done within %.3g s", (double)j->opt->timeout_ms / 1000);
		return NM_VERDICT_TIMED_OUT;
	}
	if (j->user_abort) {
		set_reason(reason, "%s", j->killed ? "it did not heed the request" : "");
		return NM_VERDICT_ABORTED;
	}
	if (j->engine_lost) {
		set_reason(reason, "the engine ended before it did");
		return NM_VERDICT_HOST_FAILED;
	}
	if (only_registers(j) && j->registered && WIFEXITED(j->exit.wait_status) &&
	    WEXITSTATUS(j->exit.wait_status) == NM_WORKER_DONE)
		return NM_VERDICT_DONE;
	if (j->over_limit) {
		set_reason(reason, "more than %llu events", (unsigned long long)j->opt->max_events);
		return NM_VERDICT_EVENT_LIMIT;
	}
	return judge_process(j, reason);
}

static uint32_t status_of(enum nm_verdict v)
{
	switch (v) {
	case NM_VERDICT_DONE: return EXPERTSTATUS_DONE;
	case NM_VERDICT_RETURNED_FALSE: return EXPERTSTATUS_PROBLEM;
	default: return EXPERTSTATUS_ABORTED;
	}
}

static uint32_t substatus_of(enum nm_verdict v, uint32_t own)
{
	switch (v) {
	case NM_VERDICT_ABORTED: return EXPERTSUBSTATUS_ABORTED_USER;
	case NM_VERDICT_LOAD_FAILED: return EXPERTSUBSTATUS_ABORTED_LOAD_FAIL;
	case NM_VERDICT_HOST_FAILED: return EXPERTSUBSTATUS_ABORTED_THREAD_FAIL;
	case NM_VERDICT_RETURNED_FALSE: return own;
	default: return 0;
	}
}

/* The worker may scribble over its page at any time: copy, then believe little. */
static void copy_status_text(const struct nm_job *j, char ret[NM_DIAG_TEXT])
{
	char raw[NM_STATUS_TEXT];

	*ret = '\0';
	if (!j->status)
		return;
	memcpy(raw, j->status->text, sizeof raw);
	raw[sizeof raw - 1] = '\0';
	(void)nm_text_clean(ret, NM_DIAG_TEXT, raw);
}

/* A number that is one of the capture's frames, when any was seen. A worker may be ahead of what
 * was counted when it ended: then it was at the last of these. */
static uint32_t frame_of(uint32_t claimed, uint32_t seen, uint32_t total)
{
	if (!seen || claimed == NM_NO_FRAME || total == 0)
		return NM_NO_FRAME;
	if (claimed < total)
		return claimed;
	return seen >= total ? total - 1 : NM_NO_FRAME;
}

static void fill_coverage(const struct nm_job *j, uint32_t total, struct nm_expert_end *ret)
{
	const struct nm_status *s = j->status;
	uint32_t seen = s ? atomic_load(&s->frames_seen) : 0;

	ret->frames_total = total;
	ret->filtered = j->opt->filter != NULL;
	ret->filter_judged = s ? atomic_load(&s->judged) : 0;
	ret->filter_passed = s ? atomic_load(&s->passed) : 0;
	if (ret->filter_passed > ret->filter_judged)
		ret->filter_passed = ret->filter_judged;
	ret->frames_seen = seen > total ? total : seen;
	ret->frame = s ? frame_of(atomic_load(&s->frame), seen, total) : NM_NO_FRAME;
	ret->first_frame = s ? frame_of(atomic_load(&s->first_frame), seen, total) : NM_NO_FRAME;
	ret->last_frame = s ? frame_of(atomic_load(&s->last_frame), seen, total) : NM_NO_FRAME;
}

static void fill_bill(const struct nm_job *j, struct nm_expert_end *ret)
{
	const struct nm_status *s = j->status;

	ret->wall_us =
	    j->started_us && j->ended_us > j->started_us ? j->ended_us - j->started_us : 0;
	ret->cpu_us = j->exit.cpu_us;
	ret->peak_kib = j->exit.peak_kib;
	if (j->ended) {
		ret->heap_peak_bytes = j->end.heap_peak_bytes;
		ret->heap_allocs = j->end.heap_allocs;
		ret->heap_left_blocks = j->end.heap_left_blocks;
		ret->heap_left_bytes = j->end.heap_left_bytes;
	} else if (s) {
		ret->heap_peak_bytes = atomic_load(&s->heap_peak_bytes);
		ret->heap_allocs = atomic_load(&s->heap_allocs);
		ret->heap_left_blocks = atomic_load(&s->heap_live_blocks);
		ret->heap_left_bytes = atomic_load(&s->heap_live_bytes);
	}
}

/* Text that a dying process left, kept until the next report. */
static const char *left_text(const char *text, size_t size)
{
	static char *kept[2]; /* backtrace and block: one report at a time */
	static unsigned turn;
	char *raw = strndup(text, size);

	turn = !turn;
	free(kept[turn]);
	kept[turn] = raw ? nm_clean_lines(raw) : NULL;
	free(raw);
	return kept[turn] ? kept[turn] : "";
}

static void fill_crash(const struct nm_job *j, struct nm_expert_end *ret)
{
	static char on_purpose[4096]; /* one report at a time */
	const struct nm_crash *c = last_words(j);

	ret->backtrace = "";
	ret->memory_notes = j->notes ? j->notes : "";
	if (j->opt->fail_alloc && refused(j)) {
		(void)snprintf(on_purpose, sizeof on_purpose,
		    "allocation %llu was refused on purpose; --fail-alloc %llu repeats it\n%s",
		    (unsigned long long)j->opt->fail_alloc, (unsigned long long)j->opt->fail_alloc,
		    ret->memory_notes);
		ret->memory_notes = on_purpose;
	}
	if (ret->verdict != NM_VERDICT_CRASHED && ret->verdict != NM_VERDICT_SANDBOX)
		return;
	ret->signal = ending_signal(j);
	if (!c)
		return;
	ret->has_address = ret->verdict == NM_VERDICT_CRASHED;
	ret->address = c->address;
	if (atomic_load(&c->ready) < 2)
		return;
	ret->backtrace = left_text(c->text, sizeof c->text);
	if (c->heap[0])
		ret->memory_notes = left_text(c->heap, sizeof c->heap);
}

/* "user, privileges, limits, landlock 7, seccomp; without ..." */
static const char *box_text(const struct nm_job *j)
{
	static char text[256]; /* one report at a time */
	size_t n = 0;
	bool lacking = false;

	if (!j->boxed)
		return j->opt->sandbox == NM_SANDBOX_OFF || j->opt->in_process ? "none" : "";
	text[0] = '\0';
	for (unsigned pass = 0; pass < 2; pass++)
		for (unsigned i = 0; i < NM_LAYERS; i++) {
			bool on = j->box.state[i] == NM_LAYER_ON;
			char abi[16] = "";

			if (j->box.state[i] == NM_LAYER_UNUSED || on == (pass == 1))
				continue;
			if (i == NM_LAYER_LANDLOCK && on)
				(void)snprintf(abi, sizeof abi, " %u", j->box.landlock_abi);
			n += (size_t)snprintf(text + n, sizeof text - n, "%s%s%s",
			    pass == 1 && !lacking ? (n ? "; without " : "without ")
			    : n                   ? ", "
						  : "",
			    nm_layer_name((enum nm_layer)i), abi);
			lacking |= pass == 1;
		}
	return text;
}

/* What the worker's page says of parsers, whatever it says. */
static void fill_parsers(const struct nm_job *j, struct nm_expert_end *ret)
{
	static struct nm_parser_offence list[NM_OFFENDERS_MAX]; /* one report at a time */
	static char names[NM_OFFENDERS_MAX][2][4 * sizeof j->status->parsers.each->file];
	const struct nm_offences *o = j->status ? &j->status->parsers : NULL;
	uint32_t n = o ? atomic_load(&o->n) : 0;

	ret->parsers = list;
	for (uint32_t i = 0; i < n && i < NM_OFFENDERS_MAX; i++) {
		struct nm_offender x = o->each[i];

		x.protocol[sizeof x.protocol - 1] = '\0';
		x.file[sizeof x.file - 1] = '\0';
		list[i] = (struct nm_parser_offence){
			.protocol = nm_text_clean(names[i][0], sizeof names[i][0], x.protocol),
			.file = nm_text_clean(names[i][1], sizeof names[i][1], x.file),
			.did = nm_offence_text(x.reason),
			.entry = nm_entry_text(x.entry),
			.signal = x.signal > 0 && x.signal < NSIG ? x.signal : 0,
			.first_frame = x.first_frame,
			.count = x.count,
			.off = x.off != 0,
		};
		ret->n_parsers = i + 1;
	}
	ret->more_parsers = n - ret->n_parsers;
}

/* Whoever ended the process, a parser was at work: say so. */
static void add_parser(const struct nm_job *j, enum nm_verdict v, char reason[NM_DIAG_TEXT])
{
	size_t n = strlen(reason);

	if (!j->parser[0] || v == NM_VERDICT_DONE || v == NM_VERDICT_RETURNED_FALSE)
		return;
	(void)snprintf(reason + n, NM_DIAG_TEXT - n, "%swhile the parser %s was at work",
	    n ? ", " : "", j->parser);
}

void nm_job_end(const struct nm_job *j, uint32_t frames_total, struct nm_expert_end *ret)
{
	static char reason[NM_DIAG_TEXT], text[NM_DIAG_TEXT]; /* one report at a time */
	const struct nm_status *s = j->status;

	memset(ret, 0, sizeof *ret);
	ret->verdict = judge(j, reason);
	add_parser(j, ret->verdict, reason);
	ret->reason = reason;
	ret->phase = phase_of(j);
	ret->status = status_of(ret->verdict);
	ret->substatus = substatus_of(ret->verdict, s ? atomic_load(&s->substatus) : 0);
	copy_status_text(j, text);
	ret->status_text = text;
	fill_crash(j, ret);
	ret->sandbox = box_text(j);
	fill_coverage(j, frames_total, ret);
	fill_bill(j, ret);
	fill_parsers(j, ret);
	ret->events = j->events;
	ret->events_dropped = j->ended ? j->end.events_dropped
			      : s      ? atomic_load(&s->events_dropped)
				       : 0;
	ret->events_dropped += j->events_lost;
}
