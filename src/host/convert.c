/* SPDX-License-Identifier: MIT */
/* nm_convert: a crew without experts, and a file that appears when it is whole. */
#include "host/host_int.h"
#include "system/descriptors.h"
#include "system/files.h"
#include "system/pipe.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_MS 50 /* between two looks whether somebody reads a pipe */

static const struct {
	const char *name;
	enum nm_format format;
} formats[] = {
	{ "pcap", NM_FORMAT_PCAP },
	{ "pcapng", NM_FORMAT_PCAPNG },
	{ "netmon", NM_FORMAT_NETMON2 },
};

#define FORMATS (sizeof formats / sizeof *formats)

const char *nm_convert_format(unsigned i)
{
	return i < FORMATS ? formats[i].name : NULL;
}

static const struct {
	const char *name;
	enum nm_packing packing;
} packings[] = {
	{ "gzip", NM_PACKING_GZIP },
	{ "zstd", NM_PACKING_ZSTD },
	{ "lz4", NM_PACKING_LZ4 },
	{ "xz", NM_PACKING_XZ },
};

#define PACKING_NAMES (sizeof packings / sizeof *packings)

const char *nm_compress_format(unsigned i)
{
	return i < PACKING_NAMES ? packings[i].name : NULL;
}

/* Where the bytes go, and what becomes of it. */
struct output {
	const char *path;    /* as given */
	char part[PATH_MAX]; /* the file while it is made; "": written in place */
	int fd;
	bool whole; /* all is in it that there is to write */
};

static bool is_in_place(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

/* A pipe is waited for until somebody reads it, or cancels. 0, or an errno value. */
static int open_in_place(struct output *out, const char *path, int cancel_fd)
{
	struct nm_awaited cancel = { .fd = cancel_fd };

	for (;;) {
		out->fd = nm_fd_to_write(path);
		if (out->fd >= 0 || errno != ENXIO)
			return out->fd < 0 ? errno : 0;
		(void)nm_await(&cancel, 1, LOOK_MS);
		if (cancel.ready)
			return ECANCELED;
	}
}

/* 0, or an errno value. */
static int open_output(struct output *out, const char *path, int cancel_fd)
{
	int n;

	*out = (struct output){ .path = path, .fd = -1 };
	if (strcmp(path, "-") == 0) {
		out->fd = nm_fd_copy(STDOUT_FILENO);
	} else if (is_in_place(path)) {
		return open_in_place(out, path, cancel_fd);
	} else {
		n = snprintf(out->part, sizeof out->part, "%s.part-XXXXXX", path);
		if (n < 0 || (size_t)n >= sizeof out->part)
			return ENAMETOOLONG;
		out->fd = nm_prim_unique(out->part);
		return out->fd < 0 ? -out->fd : 0;
	}
	return out->fd < 0 ? errno : 0;
}

static int keep_output(const struct output *out)
{
	return out->part[0] ? nm_prim_replace(out->fd, out->part, out->path) : 0;
}

static void close_output(struct output *out)
{
	(void)close(out->fd);
	if (out->part[0] && !out->whole)
		(void)unlink(out->part);
}

static void tell_count(
    const struct nm_run_options *o, const struct nm_crew *c, uint64_t n, const char *what)
{
	if (n)
		nm_host_say(o, "%s: %s are lost: %" PRIu64 " that the target has no place for",
		    c->capture, what, n);
}

static void tell_losses(const struct nm_run_options *o, const struct nm_crew *c)
{
	const struct nm_conversion *l = &c->conversion.lost;

	if (l->left_out)
		nm_host_say(o,
		    "%s: %" PRIu32 " frames were left out, from frame %" PRIu64
		    " on: the target has no place for their link type beside the others",
		    c->capture, l->left_out, (uint64_t)l->first_left_out + 1);
	if (l->times_cut)
		nm_host_say(o, "%s: the times of %" PRIu32 " frames can't be held exactly",
		    c->capture, l->times_cut);
	if (l->comment_lost)
		nm_host_say(
		    o, "%s: its comment is lost: the target has no place for one", c->capture);
	if (l->names_lost)
		nm_host_say(o, "%s: names of interfaces are lost: the target has no place for them",
		    c->capture);
	if (l->snap_lost)
		nm_host_say(
		    o, "%s: the snap length is lost: the target has no place for it", c->capture);
	tell_count(o, c, l->frame_comments_lost, "comments of frames");
	tell_count(
	    o, c, l->texts_lost, "notes of interfaces, frames and what it was captured with");
	tell_count(o, c, l->blocks_lost, "blocks without frames");
	tell_count(o, c, l->processes_lost, "processes");
	if (l->sections_lost)
		nm_host_say(o,
		    "%s: its %" PRIu64 " sections became one: the target has no place for sections",
		    c->capture, (uint64_t)l->sections_lost + 1);
	if (c->facts.facts.damage.code)
		nm_host_say(o, "%s: %s", c->capture, c->facts.facts.damage.text);
}

struct converting {
	struct nm_crew crew;
	struct nm_picking *picking; /* borrowed */
	bool offences;              /* parsers did what they must not */
	int unjudged;               /* what that is to the caller; 0: all frames are judged */
};

static int judge(const struct nm_run_options *o, const struct converting *x, struct output *out)
{
	const struct nm_crew *c = &x->crew;

	if (c->bad_filter)
		return NM_EXIT_USAGE;
	if (c->trouble[0]) {
		nm_host_say(o, "%s: %s", c->capture, c->trouble);
		return NM_EXIT_INPUT;
	}
	if (c->cancels)
		return NM_EXIT_INTERRUPTED;
	if (x->unjudged)
		return x->unjudged;
	if (!c->converted) {
		nm_host_say(o, "%s: the engine ended while converting it", c->capture);
		return NM_EXIT_PARTIAL;
	}
	if (c->conversion.code) {
		bool reading = c->conversion.code == NMERR_FILE_READ_ERROR;

		nm_host_say(o, "%s: %s", reading ? c->capture : out->path, c->conversion.text);
		return reading ? NM_EXIT_INPUT : NM_EXIT_OUTPUT;
	}
	out->whole = true;
	tell_losses(o, c);
	if (c->conversion.lost.left_out || x->offences)
		return NM_EXIT_PARTIAL;
	return c->facts.facts.damage.code ? NM_EXIT_TRUNCATED : NM_EXIT_COMPLETE;
}

static void fill(const struct nm_crew *c, bool written, struct nm_conversion_report *ret)
{
	const struct nm_conversion *l = &c->conversion.lost;

	*ret = (struct nm_conversion_report){ l->frames, l->left_out, l->first_left_out,
		l->times_cut, l->comment_lost, l->names_lost, l->frame_comments_lost, l->texts_lost,
		l->blocks_lost, l->processes_lost, l->sections_lost,
		c->facts.facts.damage.code != 0, written };
}

/* The frames are judged, or can't be. */
static int on_ready(void *ctx, struct nm_crew *c, unsigned i)
{
	struct converting *x = ctx;
	struct nm_expert_end end;
	int err;

	if (i >= c->n_jobs)
		return 0;
	nm_job_end(&c->jobs[i], c->facts.facts.frames, &end);
	nm_say_offences(c->opt, &end);
	x->offences = end.n_parsers > 0;
	err = nm_picking_end(x->picking);
	if (end.verdict != NM_VERDICT_DONE)
		x->unjudged = nm_exit_of(end.verdict);
	else if (err)
		x->unjudged = NM_EXIT_OUTPUT;
	if (x->unjudged && end.verdict != NM_VERDICT_ABORTED)
		nm_host_say(c->opt, "%s: which frames pass the filter is not known: %s", c->capture,
		    err ? strerror(err) : end.reason);
	return x->unjudged;
}

/* With a filter a worker judges the frames first; request is room for what is asked of it. */
static bool init_crew(struct converting *x, const struct nm_run_options *o,
    const struct nm_target_format *t, uint8_t request[sizeof(struct nm_frame_range)])
{
	struct nm_enc e = { .p = request, .cap = sizeof(struct nm_frame_range) };
	struct nm_crew *c = &x->crew;

	if (!o->filter || t->first > t->last)
		return nm_crew_init(c, o, o->captures[0], NULL);
	if (!nm_crew_init_task(c, o, o->captures[0], NM_TASK_JUDGE))
		return false;
	nm_enc_range(&e, &(struct nm_frame_range){ t->first, t->last });
	c->jobs[0].take = nm_picking_take;
	c->jobs[0].take_ctx = x->picking;
	c->jobs[0].request = request;
	c->jobs[0].request_n = e.n;
	return true;
}

/* Into an open output. */
static int convert(const struct nm_run_options *o, struct output *out,
    const struct nm_target_format *t, struct nm_picking *picking, struct nm_conversion_report *ret)
{
	struct converting x = { .picking = picking };
	struct nm_crew *c = &x.crew;
	uint8_t request[sizeof(struct nm_frame_range)];
	int status, err;

	if (!init_crew(&x, o, t, request))
		return NM_EXIT_PARTIAL;
	c->ready = on_ready;
	c->ctx = &x;
	c->convert_fd = out->fd;
	c->picks_fd = picking->fd;
	c->convert_to = *t;
	nm_crew_run(c);
	status = judge(o, &x, out);
	err = out->whole ? keep_output(out) : 0;
	out->whole &= !err;
	fill(c, out->whole, ret);
	nm_crew_done(c);
	if (!err)
		return status;
	nm_host_say(o, "%s: %s", out->path, strerror(err));
	return NM_EXIT_OUTPUT;
}

/* False: there are no such formats. */
static bool choose(const struct nm_convert_options *how, struct nm_target_format *ret)
{
	size_t f = 0, p = 0;

	while (f < FORMATS && strcmp(formats[f].name, how->format) != 0)
		f++;
	while (how->compress && p < PACKING_NAMES && strcmp(packings[p].name, how->compress) != 0)
		p++;
	if (f == FORMATS || p == PACKING_NAMES)
		return false;
	*ret = (struct nm_target_format){ .to = formats[f].format,
		.first = how->first,
		.last = how->last,
		.packing = how->compress ? packings[p].packing : NM_PACKING_NONE };
	return true;
}

/* What is wanted is known before the output is touched. An enum nm_exit value. */
static int begin(const struct nm_run_options *o, const struct nm_convert_options *how,
    const char *path, struct nm_picking *picking, struct output *out)
{
	char why[NM_DIAG_TEXT];
	int err = how->pick || o->filter ? nm_picking_open(picking) : 0;

	if (err) {
		nm_temporary_refusal(err, why, sizeof why);
		nm_host_say(o, "%s: %s", path, why);
		return NM_EXIT_OUTPUT;
	}
	err = how->pick ? nm_picking_ask(picking, how) : 0;
	if (!err)
		err = open_output(out, path, o->cancel_fd);
	if (err == ECANCELED)
		return NM_EXIT_INTERRUPTED;
	if (err)
		nm_host_say(o, "%s: %s", path, strerror(err));
	return err ? NM_EXIT_OUTPUT : NM_EXIT_COMPLETE;
}

int nm_convert(const struct nm_run_options *o, const struct nm_convert_options *how,
    const char *out, struct nm_conversion_report *ret)
{
	struct nm_target_format t;
	struct nm_conversion_report report = { 0 };
	struct nm_picking picking = { .fd = -1 };
	struct output to = { .fd = -1 };
	int status;

	if (!ret)
		ret = &report;
	*ret = report;
	if (!choose(how, &t) || o->n_captures != 1 || (how->pick && o->filter))
		return NM_EXIT_USAGE;
	if (t.packing && t.to == NM_FORMAT_NETMON2) {
		nm_host_say(o,
		    "%s: a Network Monitor file can't be compressed while it is written, since its "
		    "header comes last; compress the finished file, or write pcapng",
		    out);
		return NM_EXIT_USAGE;
	}
	status = begin(o, how, out, &picking, &to);
	if (status != NM_EXIT_COMPLETE) {
		nm_picking_done(&picking);
		return status;
	}
	if (t.to == NM_FORMAT_NETMON2 && !nm_prim_begins_here(to.fd)) {
		nm_host_say(o,
		    "%s: a Network Monitor file can't be written into a pipe or behind something "
		    "else, since its header comes last; name a file, or write pcapng",
		    out);
		status = NM_EXIT_OUTPUT;
	} else {
		status = convert(o, &to, &t, &picking, ret);
	}
	nm_picking_done(&picking);
	close_output(&to);
	return status;
}
