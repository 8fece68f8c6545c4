/* SPDX-License-Identifier: MIT */
/* Making a capsule: first under a name of its own, then under the one it keeps.
 *
 * The frames are looked for from the end: the last one the expert was given, the
 * last two, four, eight ... until those alone make it end in the same way, or the
 * time for that is over; then all from the first on. */
#include "host/capsule.h"
#include "host/host_int.h"
#include "system/files.h"
#include "system/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#define SEARCH_US UINT64_C(10000000) /* for the smallest slice */
#define NAMES     10000              /* capsules of one name that are counted through */

bool nm_is_for_capsule(enum nm_verdict v)
{
	return v != NM_VERDICT_DONE && v != NM_VERDICT_ABORTED && v != NM_VERDICT_HOST_FAILED;
}

struct making {
	const struct nm_run_options *opt;
	const struct nm_target *target;
	const char *frames; /* the capture, to read again */
	struct nm_manifest m;
	uint32_t last;         /* the guilty frame, of the capture */
	char dir[PATH_MAX];    /* the folder while it is made */
	char slice[PATH_MAX];  /* frames.* in it */
	char config[PATH_MAX]; /* NM_CONFIG_NAME in it */
	char why[NM_DIAG_TEXT];
	uint64_t until_us; /* the end of the search */
	bool stopped;
};

/* What converting and trying say is not the user's business, except the last of it. */
static void on_message(void *ctx, const char *line)
{
	struct making *k = ctx;

	(void)snprintf(k->why, sizeof k->why, "%s", line);
}

static struct nm_run_options quiet_options(struct making *k)
{
	struct nm_run_options o = *k->opt;

	o.message = on_message;
	o.message_ctx = k;
	o.progress = NULL;
	o.capsule_dir = NULL;
	o.keep_core = false;
	o.config_file = k->m.config ? k->config : NULL;
	o.no_config = !k->m.config;
	return o;
}

/* ---- frames ------------------------------------------------------------------------ */

static void write_slice(struct making *k, struct nm_conversion_report *ret)
{
	struct nm_run_options o = quiet_options(k);
	struct nm_convert_options how = { .size = sizeof how,
		.format = k->m.netmon ? "netmon" : "pcapng",
		.first = k->m.first,
		.last = k->m.last };
	int n = snprintf(k->slice, sizeof k->slice, "%s/%s", k->dir, nm_frames_name(&k->m));
	int exit;

	*ret = (struct nm_conversion_report){ 0 };
	if (n < 0 || (size_t)n >= sizeof k->slice)
		return;
	o.captures = &k->frames;
	o.n_captures = 1;
	o.filter = NULL; /* frames keep the places that they have among all */
	exit = nm_convert(&o, &how, k->slice, ret);
	k->stopped |= exit == NM_EXIT_INTERRUPTED;
}

/* Records of Network Monitor that are no frames of a link have no place in pcapng,
 * and leaving them out would give the others new numbers. */
static bool put_frames(struct making *k)
{
	struct nm_conversion_report came;

	write_slice(k, &came);
	if (came.written && came.left_out && !k->m.netmon) {
		(void)unlink(k->slice);
		k->m.netmon = true;
		write_slice(k, &came);
	}
	return came.written;
}

/* The slice alone ends the expert as the capture did. What ended by itself then gets no
 * more than the time that is left: it may wait for frames that are not there. */
static bool is_enough(struct making *k)
{
	struct nm_run_options o = quiet_options(k);
	struct nm_outcome want = k->m.end, got;
	struct nm_manifest m = k->m;
	uint64_t now_us = nm_now_us(), left_ms;
	int exit;

	left_ms = now_us < k->until_us ? (k->until_us - now_us) / 1000 + 1 : 1;
	if (want.verdict != NM_VERDICT_TIMED_OUT && (!m.timeout_ms || m.timeout_ms > left_ms))
		m.timeout_ms = left_ms;
	if (want.frame != NM_NO_FRAME)
		want.frame -= k->m.first;
	exit = nm_repeat(&o, &m, k->m.expert_path, k->slice, &got, NULL);
	k->stopped |= exit == NM_EXIT_INTERRUPTED;
	return exit == NM_EXIT_COMPLETE && nm_same_outcome(&want, &got);
}

/* True: a slice was found and is in place. False: none, or it can't be written. */
static bool find_small_slice(struct making *k)
{
	k->m.slice = NM_SLICE_LAST;
	for (uint64_t n = 1; n <= k->last && !k->stopped && nm_now_us() < k->until_us; n *= 2) {
		k->m.first = k->last - (uint32_t)(n - 1);
		k->m.last = k->last;
		if (!put_frames(k))
			return false;
		if (is_enough(k))
			return true;
	}
	return false;
}

/* Frames of the manifest's `first` and `end.frame` fit what is in the folder. */
static bool collect_frames(struct making *k, const struct nm_expert_end *end)
{
	k->until_us = nm_now_us() + SEARCH_US;
	if (end->frame == NM_NO_FRAME) { /* it needs none to fail */
		k->m.first = k->m.last = NM_NO_FRAME;
		return put_frames(k) && (k->m.tried = is_enough(k), true);
	}
	k->last = end->frame;
	k->m.tried = find_small_slice(k);
	if (k->m.tried || k->stopped)
		return k->m.tried;
	k->m.slice = NM_SLICE_ALL;
	k->m.first = 0;
	k->m.last = end->last_frame > end->frame ? end->last_frame : end->frame;
	if (!put_frames(k))
		return false;
	k->m.tried = nm_now_us() < k->until_us && is_enough(k);
	return true;
}

/* ---- the folder -------------------------------------------------------------------- */

static int make_folder(struct making *k)
{
	struct nm_folder *f = NULL;
	int n, err = nm_folder_make(k->opt->capsule_dir, &f);

	nm_folder_close(f);
	if (err && err != EEXIST)
		return err;
	n = snprintf(k->dir, sizeof k->dir, "%s/.part-XXXXXX", k->opt->capsule_dir);
	if (n < 0 || (size_t)n >= sizeof k->dir)
		return ENAMETOOLONG;
	return mkdtemp(k->dir) ? 0 : errno;
}

static int write_new(const char *path, const uint8_t *p, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666), err;

	if (fd < 0)
		return errno;
	err = nm_prim_write(fd, p, n);
	if (close(fd) < 0 && !err)
		err = errno;
	return err;
}

/* What the expert was given, so that it can be given again whatever is stored then. */
static int keep_config(struct making *k)
{
	struct nm_run_options o = quiet_options(k);
	struct nm_stored s;
	int n = snprintf(k->config, sizeof k->config, "%s/" NM_CONFIG_NAME, k->dir), err;

	if (n < 0 || (size_t)n >= sizeof k->config)
		return ENAMETOOLONG;
	o.config_file = k->opt->config_file;
	o.no_config = k->opt->no_config;
	if (nm_stored_choose(&o, k->target, &s))
		return 0; /* it got none */
	err = write_new(k->config, s.p, s.n);
	k->m.config = !err;
	free(s.p);
	return err;
}

static int write_manifest(const struct making *k)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof path, "%s/" NM_MANIFEST_NAME, k->dir), fd, err;

	if (n < 0 || (size_t)n >= sizeof path)
		return ENAMETOOLONG;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return errno;
	err = nm_manifest_write(&k->m, fd);
	if (close(fd) < 0 && !err)
		err = errno;
	return err;
}

/* What a file name may hold without surprise. */
static void put_name(char *dst, size_t size, const char *src)
{
	size_t n = 0;

	for (; src[n] && n + 1 < size; n++) {
		bool plain = (src[n] >= 'a' && src[n] <= 'z') || (src[n] >= 'A' && src[n] <= 'Z') ||
			     (src[n] >= '0' && src[n] <= '9');

		dst[n] = plain || (n && strchr("._-", src[n])) ? src[n] : '_';
	}
	dst[n] = '\0';
}

/* The first name that is free. Its path goes to ret. */
static int keep_folder(const struct making *k, const char *file, char ret[PATH_MAX])
{
	int err = EEXIST;
	char name[100];

	put_name(name, sizeof name, file);
	for (int i = 1; i <= NAMES && err == EEXIST; i++) {
		int n = snprintf(ret, PATH_MAX, "%s/%s-%s-%d", k->opt->capsule_dir, name,
		    nm_verdict_word(k->m.end.verdict), i);

		err = n < 0 || n >= PATH_MAX ? ENAMETOOLONG : nm_folder_keep(k->dir, ret);
	}
	return err;
}

static void drop_folder(const struct making *k)
{
	static const char *const files[] = { NM_MANIFEST_NAME, NM_CONFIG_NAME, "frames.pcapng",
		"frames.cap" };
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (snprintf(path, sizeof path, "%s/%s", k->dir, files[i]) < (int)sizeof path)
			(void)unlink(path);
	(void)rmdir(k->dir);
}

/* ---- all of it --------------------------------------------------------------------- */

static bool describe(struct making *k, const char *capture, const struct nm_expert_info *e,
    const struct nm_expert_end *end)
{
	const struct nm_run_options *o = k->opt;

	k->m = (struct nm_manifest){
		.expert_path = strdup(e->path),
		.expert_name = strdup(e->name),
		.capture = strdup(capture),
		.timeout_ms = o->timeout_ms,
		.stall_ms = o->stall_ms,
		.memory_bytes = o->memory_bytes,
		.max_events = o->max_events,
		.fail_alloc = o->fail_alloc,
		.heap_guard = o->heap_guard,
		.rest_blocks = o->rest_blocks,
		.max_threads = o->max_threads,
		.trace_memory = o->trace_memory,
		.grants = o->n_allow_read + (o->output_dir != NULL),
		.end = nm_outcome_of(end),
		.reason = strdup(end->reason),
		.backtrace = strdup(end->backtrace),
	};
	return k->m.expert_path && k->m.expert_name && k->m.capture && k->m.reason &&
	       k->m.backtrace;
}

/* 0 and the path of the capsule, or an errno value; -1: k->why says it. */
static int make(struct making *k, const struct nm_expert_info *e, const struct nm_expert_end *end,
    char path[PATH_MAX])
{
	int err = nm_hash_file(e->path, k->m.expert_sha256);

	if (!err)
		err = nm_parsers_hash(k->opt, k->m.parsers_sha256);
	if (!err)
		err = keep_config(k);
	if (err)
		return err;
	if (!collect_frames(k, end))
		return k->stopped ? EINTR : -1;
	if (k->m.end.frame != NM_NO_FRAME)
		k->m.end.frame -= k->m.first;
	err = write_manifest(k);
	return err ? err : keep_folder(k, e->file, path);
}

bool nm_capsule_make(const struct nm_run_options *o, const struct nm_target *t, const char *capture,
    const char *frames, const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	struct making k = { .opt = o, .target = t, .frames = frames };
	struct nm_expert_info own = *e;
	struct nm_expert_end was = *end; /* its strings end with the next run */
	char path[PATH_MAX];
	int err;

	if (!frames) {
		nm_host_say(o, "%s: no capsule: its capture can't be read a second time", e->file);
		return false;
	}
	err = describe(&k, capture, e, end) ? make_folder(&k) : ENOMEM;
	if (err) {
		nm_host_say(o, "--capsule %s: %s", o->capsule_dir, strerror(err));
	} else {
		err = make(&k, &own, &was, path);
		if (err)
			drop_folder(&k);
		if (err)
			nm_host_say(
			    o, "%s: no capsule: %s", e->file, err > 0 ? strerror(err) : k.why);
		else
			nm_host_say(o, "%s: netmon replay %s repeats this", e->file, path);
	}
	nm_manifest_done(&k.m);
	return k.stopped;
}
