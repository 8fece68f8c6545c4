/* SPDX-License-Identifier: MIT */
/* The whole of nm_run with an engine and workers that do anything at any time: only
 * link.c, which would start them, is replaced (--wrap). Properties: it ends; every
 * expert that began has one end, with words of ours; what is reported was sent and is
 * clean; both report writers swallow all of it. */
#include "crew_script.h"

#include "host/host_int.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int __wrap_nm_link_open(struct nm_link *l, const struct nm_grant *g);
bool __wrap_nm_link_start(
    struct nm_link *l, const struct nm_ctl_start *m, const int fds[NM_START_FDS]);
bool __wrap_nm_link_kill(struct nm_link *l, uint32_t index);
ssize_t __wrap_nm_link_recv(struct nm_link *l, uint8_t buf[NM_CTL_MAX]);
int __wrap_nm_link_close(struct nm_link *l);
int __wrap_nm_targets_find(const struct nm_run_options *o, struct nm_targets *ret);
void __wrap_nm_targets_done(struct nm_targets *t);

/* ---- the script -------------------------------------------------------------------- */

static struct nm_cur script;
static int cancel[2];
static struct worker {
	int events, log;
	uint8_t *status; /* mapped; NULL: not started */
	bool killed;
} workers[CREW_JOBS];

static struct worker *take_job(uint32_t *ret_index)
{
	uint32_t i = nm_cur_u8(&script) % CREW_JOBS;

	if (ret_index)
		*ret_index = i;
	return &workers[i];
}

static uint16_t take_bytes(const uint8_t **ret_p)
{
	uint16_t n = nm_cur_le16(&script);

	if (n > script.left)
		n = (uint16_t)script.left;
	*ret_p = nm_cur_take(&script, n);
	return n;
}

static void close_worker(struct worker *w)
{
	nm_close_fd(&w->events);
	nm_close_fd(&w->log);
}

static void scribble(struct worker *w)
{
	size_t at = nm_cur_le16(&script) % NM_STATUS_BYTES, n = nm_cur_u8(&script);
	const uint8_t *p;

	if (n > script.left)
		n = script.left;
	p = nm_cur_take(&script, n);
	if (n > NM_STATUS_BYTES - at)
		n = NM_STATUS_BYTES - at;
	if (w->status && n)
		memcpy(w->status + at, p, n);
}

static ssize_t say_gone(uint8_t *buf, uint32_t index, int wait_status)
{
	struct nm_enc o = { .p = buf, .cap = NM_CTL_MAX };
	struct nm_ctl_exited m = { .index = index, .wait_status = wait_status, .cpu_us = 1 };

	close_worker(&workers[index]);
	nm_enc_exited(&o, &m);
	return (ssize_t)o.n;
}

/* A write that finds no room, or nobody to read, is a worker's own affair. */
static void put(int fd, const uint8_t *p, size_t n, bool on)
{
	while (fd >= 0 && n && write(fd, p, n) > 0 && on)
		;
}

/* What the engine says at this turn: bytes of a packet, 0 at its end, -1 for nothing. */
static ssize_t step(uint8_t *buf)
{
	uint8_t what = nm_cur_u8(&script) % STEPS;
	const uint8_t *p = NULL;
	struct worker *w = NULL;
	uint32_t index = 0;
	size_t n = 0;

	if (what != STEP_PACKET && what != STEP_CANCEL)
		w = take_job(&index);
	if (what <= STEP_LOG || what == STEP_FLOOD)
		n = take_bytes(&p);
	switch (what) {
	case STEP_PACKET:
		n = n > NM_CTL_MAX ? NM_CTL_MAX : n;
		if (n)
			memcpy(buf, p, n);
		return n ? (ssize_t)n : -1;
	case STEP_EVENTS: put(w->events, p, n, false); break;
	case STEP_LOG: put(w->log, p, n, false); break;
	case STEP_FLOOD: put(w->events, p, n, true); break;
	case STEP_STATUS: scribble(w); break;
	case STEP_CLOSE: close_worker(w); break;
	case STEP_GONE: return say_gone(buf, index, (int)nm_cur_le16(&script));
	case STEP_CANCEL: (void)!write(cancel[1], "x", 1); break;
	}
	return -1;
}

/* ---- in place of link.c and search.c ------------------------------------------------- */

int __wrap_nm_link_open(struct nm_link *l, const struct nm_grant *g)
{
	(void)g;
	l->channel.in = eventfd(1, EFD_CLOEXEC); /* always readable: no turn waits */
	return l->channel.in < 0 ? errno : 0;
}

bool __wrap_nm_link_start(
    struct nm_link *l, const struct nm_ctl_start *m, const int fds[NM_START_FDS])
{
	struct worker *w = &workers[m->index];
	void *p =
	    mmap(NULL, NM_STATUS_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fds[NM_FD_STATUS], 0);

	(void)l;
	assert(m->index < CREW_JOBS && !w->status && p != MAP_FAILED);
	w->status = p;
	w->events = dup(fds[NM_FD_EVENTS]);
	w->log = dup(fds[NM_FD_LOG]);
	(void)fcntl(w->events, F_SETFL, O_NONBLOCK);
	(void)fcntl(w->log, F_SETFL, O_NONBLOCK);
	return true;
}

bool __wrap_nm_link_kill(struct nm_link *l, uint32_t index)
{
	(void)l;
	workers[index].killed = true;
	return true;
}

ssize_t __wrap_nm_link_recv(struct nm_link *l, uint8_t buf[NM_CTL_MAX])
{
	(void)l;
	for (uint32_t i = 0; i < CREW_JOBS; i++)
		if (workers[i].killed) {
			workers[i].killed = false;
			return say_gone(buf, i, 9);
		}
	return script.left && !script.bad ? step(buf) : 0;
}

int __wrap_nm_link_close(struct nm_link *l)
{
	nm_channel_close(&l->channel);
	*l = (struct nm_link){ .channel = { .in = -1, .out = -1 } };
	return 0;
}

static struct nm_target targets[CREW_JOBS] = {
	{ .path = (char[]){ "/dev/null" }, .file = (char[]){ "one" } },
	{ .path = (char[]){ "/dev/null" }, .file = (char[]){ "two" } },
	{ .path = (char[]){ "/dev/null" }, .file = (char[]){ "three" }, .shipped = true },
};

int __wrap_nm_targets_find(const struct nm_run_options *o, struct nm_targets *ret)
{
	(void)o;
	*ret = (struct nm_targets){ targets, CREW_JOBS };
	return 0;
}

void __wrap_nm_targets_done(struct nm_targets *t)
{
	(void)t;
}

/* ---- what is looked at ----------------------------------------------------------------- */

struct seen {
	unsigned begun, ended;
	uint64_t events;
};

static void is_clean(const char *s)
{
	assert(s);
	for (; *s; s++)
		assert((unsigned char)*s >= 0x20 || *s == '\n');
}

static int on_begin(void *ctx, const struct nm_expert_info *e)
{
	struct seen *s = ctx;

	assert(s->begun == s->ended);
	s->begun++;
	s->events = 0;
	is_clean(e->name);
	is_clean(e->vendor);
	return 0;
}

static int on_event(void *ctx, const struct nm_event *ev)
{
	struct seen *s = ctx;

	assert(ev->source && ev->name && ev->description);
	s->events++;
	return 0;
}

static int on_end(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	struct seen *s = ctx;

	(void)e;
	s->ended++;
	assert(s->begun == s->ended && end->events == s->events);
	assert((unsigned)end->verdict < NM_VERDICTS && (unsigned)end->phase < NM_PHASES);
	is_clean(end->reason);
	is_clean(end->status_text);
	is_clean(end->backtrace);
	is_clean(end->memory_notes);
	assert(end->verdict == NM_VERDICT_DONE || end->verdict == NM_VERDICT_ABORTED ||
	       end->reason[0]);
	return 0;
}

static void run(int capture)
{
	struct seen seen = { 0 };
	struct nm_sink sinks[3] = {
		{ .ctx = &seen, .expert_begin = on_begin, .event = on_event, .expert_end = on_end }
	};
	struct nm_report_options as = { .size = sizeof as, .path = "/dev/null", .bill = true };
	struct nm_report *reports[2];
	struct nm_run_options o;
	struct nm_run_summary sum;
	char path[64];
	const char *paths = path;
	int exit;

	nm_run_options_init(&o);
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", capture);
	o.captures = &paths;
	o.n_captures = 1;
	o.cancel_fd = cancel[0];
	o.jobs = 2;
	o.max_events = 5000;
	for (int i = 0; i < 2; i++) {
		as.format = i ? "json" : "text";
		assert(nm_report_open(&as, &reports[i], &sinks[i + 1]) == 0);
	}
	exit = nm_run(&o, sinks, 3, &sum);
	assert(exit == sum.exit_status && sum.experts == seen.ended);
	assert(sum.experts_failed <= sum.experts && seen.begun == seen.ended);
	for (int i = 0; i < 2; i++)
		assert(nm_report_close(reports[i]) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	int capture = memfd_create("capture", MFD_CLOEXEC);

	script = nm_cur_over(p, n);
	assert(capture >= 0 && pipe2(cancel, O_CLOEXEC | O_NONBLOCK) == 0);
	for (int i = 0; i < CREW_JOBS; i++)
		workers[i] = (struct worker){ .events = -1, .log = -1 };
	run(capture);
	for (int i = 0; i < CREW_JOBS; i++) {
		close_worker(&workers[i]);
		if (workers[i].status)
			(void)munmap(workers[i].status, NM_STATUS_BYTES);
	}
	(void)close(cancel[0]);
	(void)close(cancel[1]);
	(void)close(capture);
	return 0;
}
