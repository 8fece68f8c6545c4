/* SPDX-License-Identifier: MIT */
/* An expert over the frames of a capsule, and nm_replay. */
#include "host/capsule.h"
#include "host/host_int.h"
#include "system/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- running it again ------------------------------------------------------------------ */

struct watch {
	struct nm_outcome end;
	char *reason; /* owned */
	bool seen;
};

static int on_end(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	struct watch *w = ctx;

	(void)e;
	free(w->reason);
	w->reason = strdup(end->reason);
	w->end = nm_outcome_of(end);
	w->seen = true;
	return 0;
}

struct nm_outcome nm_outcome_of(const struct nm_expert_end *end)
{
	return (struct nm_outcome){ end->verdict, end->phase, end->signal, end->frame };
}

/* Where time or the order of things decides, the frame is not the same twice. */
static bool has_frame_of_its_own(enum nm_verdict v)
{
	return v == NM_VERDICT_CRASHED || v == NM_VERDICT_EXITED || v == NM_VERDICT_SANDBOX ||
	       v == NM_VERDICT_RETURNED_FALSE;
}

bool nm_same_outcome(const struct nm_outcome *a, const struct nm_outcome *b)
{
	return a->verdict == b->verdict && a->phase == b->phase && a->signal == b->signal &&
	       (!has_frame_of_its_own(a->verdict) || a->frame == b->frame);
}

int nm_repeat(const struct nm_run_options *base, const struct nm_manifest *m, const char *expert,
    const char *frames, struct nm_outcome *ret_end, char **ret_reason)
{
	struct nm_run_options o = *base;
	struct watch w = { .seen = false };
	struct nm_sink sink = { .ctx = &w, .expert_end = on_end };
	struct nm_run_summary s;
	int exit;

	o.captures = &frames;
	o.n_captures = 1;
	o.experts = &expert;
	o.n_experts = 1;
	o.jobs = 1;
	o.timeout_ms = m->timeout_ms;
	o.stall_ms = m->stall_ms;
	o.memory_bytes = m->memory_bytes;
	o.max_events = m->max_events;
	o.fail_alloc = m->fail_alloc;
	o.heap_guard = m->heap_guard;
	o.rest_blocks = m->rest_blocks;
	o.max_threads = m->max_threads;
	o.trace_memory = m->trace_memory;
	o.capsule_dir = NULL;
	o.progress = NULL;
	exit = nm_run(&o, &sink, 1, &s);
	if (s.interrupted)
		exit = NM_EXIT_INTERRUPTED;
	else if (w.seen)
		exit = NM_EXIT_COMPLETE;
	if (exit == NM_EXIT_COMPLETE) {
		*ret_end = w.end;
		if (ret_reason) {
			*ret_reason = w.reason;
			w.reason = NULL;
		}
	}
	free(w.reason);
	return exit;
}

/* ---- replaying ------------------------------------------------------------------------- */

/* The whole file, or NULL and a sentence. */
static char *read_manifest(const char *path, size_t *ret_n, struct nm_diag *d)
{
	int fd = nm_prim_open(path);
	char *bytes = NULL;
	ssize_t n = -1;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		errno = fd < 0 ? -fd : errno;
		(void)nm_diag_set(d, NMERR_FILE_READ_ERROR, NM_NO_OFFSET, "%s", strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		(void)nm_diag_set(d, NMERR_INVALID_DATA, NM_NO_OFFSET, "no regular file");
	} else if (st.st_size > NM_MANIFEST_MOST) {
		(void)nm_diag_set(d, NMERR_INVALID_DATA, NM_NO_OFFSET,
		    "no file of a capsule: it has no more than %u bytes", NM_MANIFEST_MOST);
	} else {
		bytes = malloc((size_t)st.st_size + 1);
		n = bytes ? pread(fd, bytes, (size_t)st.st_size, 0) : -1;
		if (n < 0)
			(void)nm_diag_set(
			    d, NMERR_FILE_READ_ERROR, NM_NO_OFFSET, "%s", strerror(errno));
	}
	if (fd >= 0)
		(void)close(fd);
	if (n < 0) {
		free(bytes);
		return NULL;
	}
	*ret_n = (size_t)n;
	return bytes;
}

static bool open_capsule(
    const struct nm_run_options *o, const char *capsule, struct nm_manifest *ret)
{
	char path[PATH_MAX];
	struct nm_diag d = { .code = 0 };
	char *bytes = NULL;
	size_t n = 0;
	bool ok = false;

	if (snprintf(path, sizeof path, "%s/" NM_MANIFEST_NAME, capsule) >= (int)sizeof path)
		(void)nm_diag_set(&d, NMERR_INVALID_DATA, NM_NO_OFFSET, "its name is too long");
	else
		bytes = read_manifest(path, &n, &d);
	if (bytes)
		ok = nm_manifest_read(bytes, n, ret, &d);
	free(bytes);
	if (!ok)
		nm_host_say(o, "%s/" NM_MANIFEST_NAME ": %s", capsule, d.text);
	return ok;
}

/* An expert that was asked for, or the one that the capsule names; by its path. */
static int find_expert(
    const struct nm_run_options *o, const struct nm_manifest *m, struct nm_targets *ret)
{
	struct nm_run_options mine = *o;
	const char *path = m->expert_path;

	if (o->n_experts == 0) {
		mine.experts = &path;
		mine.n_experts = 1;
	}
	return nm_targets_find(&mine, ret);
}

static bool has_changed(
    const struct nm_run_options *o, const struct nm_manifest *m, const char *path)
{
	char hex[NM_HASH_TEXT];
	int err = nm_hash_file(path, hex);

	if (err)
		nm_host_say(o, "%s: %s", path, strerror(err));
	return err || strcmp(hex, m->expert_sha256) != 0;
}

/* The file with the frames: a stranger's capsule may hold a pipe or a link by its name. */
static bool find_frames(const struct nm_run_options *o, const struct nm_manifest *m,
    const char *capsule, char ret[PATH_MAX])
{
	int n = snprintf(ret, PATH_MAX, "%s/%s", capsule, nm_frames_name(m));
	const char *why = NULL;
	int err = n < 0 || n >= PATH_MAX ? ENAMETOOLONG : nm_path_is_plain(ret);

	if (err == ENAMETOOLONG)
		why = "its name is too long";
	else if (err)
		why = err == EINVAL ? "no regular file" : strerror(err);
	if (why)
		nm_host_say(o, "%s/%s: %s", capsule, nm_frames_name(m), why);
	return !why;
}

/* The configuration of then, or none. False: it can't be had, and that was said. */
static bool find_config(
    struct nm_run_options *o, const struct nm_manifest *m, const char *capsule, char path[PATH_MAX])
{
	struct nm_stored s;

	o->config_file = NULL;
	o->no_config = !m->config;
	if (!m->config)
		return true;
	if (snprintf(path, PATH_MAX, "%s/" NM_CONFIG_NAME, capsule) >= PATH_MAX) {
		nm_host_say(o, "%s: its name is too long", capsule);
		return false;
	}
	if (nm_stored_read(o, path, &s))
		return false;
	free(s.p);
	o->config_file = path;
	return true;
}

static bool have_parsers_changed(const struct nm_run_options *o, const struct nm_manifest *m)
{
	char hex[NM_HASH_TEXT];

	return nm_parsers_hash(o, hex) || strcmp(hex, m->parsers_sha256) != 0;
}

static int replay(const struct nm_run_options *base, const char *capsule,
    const struct nm_manifest *m, struct nm_replay_report *r)
{
	char frames[PATH_MAX], config[PATH_MAX];
	struct nm_run_options mine = *base, *o = &mine;
	struct nm_targets t;
	struct nm_outcome got;
	int exit = find_expert(o, m, &t);

	if (exit)
		return exit;
	if (!find_frames(o, m, capsule, frames) || !find_config(o, m, capsule, config))
		exit = NM_EXIT_INPUT;
	r->expert_path = strdup(t.items[0].path);
	r->expert_changed = has_changed(o, m, t.items[0].path);
	r->parsers_changed = have_parsers_changed(o, m);
	if (m->grants && !o->n_allow_read && !o->output_dir)
		nm_host_say(o,
		    "%s: its expert had been granted %u path%s by --allow-read or --output-dir; "
		    "grant "
		    "them again if it needs them",
		    capsule, m->grants, m->grants == 1 ? "" : "s");
	if (!exit)
		exit = nm_repeat(o, m, t.items[0].path, frames, &got, &r->reason);
	nm_targets_done(&t);
	if (exit)
		return exit;
	r->verdict = got.verdict;
	r->phase = got.phase;
	r->signal = got.signal;
	r->frame = got.frame;
	r->same = nm_same_outcome(&m->end, &got);
	return r->same ? NM_EXIT_COMPLETE : NM_EXIT_PARTIAL;
}

int nm_replay(const struct nm_run_options *o, const char *capsule, struct nm_replay_report *ret)
{
	struct nm_manifest m;
	int exit;

	*ret = (struct nm_replay_report){ .frame = NM_NO_FRAME };
	if (o->n_experts > 1)
		return NM_EXIT_USAGE;
	if (o->n_experts == 0 &&
	    (o->sandbox == NM_SANDBOX_OFF || o->sandbox == NM_SANDBOX_BEST_EFFORT)) {
		nm_host_say(o, "what a capsule names runs in a whole sandbox only; name the expert "
			       "to have it otherwise");
		return NM_EXIT_USAGE;
	}
	if (!open_capsule(o, capsule, &m))
		return NM_EXIT_INPUT;
	exit = replay(o, capsule, &m, ret);
	ret->want_verdict = m.end.verdict;
	ret->want_phase = m.end.phase;
	ret->want_signal = m.end.signal;
	ret->want_frame = m.end.frame;
	ret->want_reason = m.reason;
	m.reason = NULL;
	nm_manifest_done(&m);
	return exit;
}

void nm_replay_report_free(struct nm_replay_report *r)
{
	free(r->expert_path);
	free(r->reason);
	free(r->want_reason);
	*r = (struct nm_replay_report){ .frame = NM_NO_FRAME };
}
