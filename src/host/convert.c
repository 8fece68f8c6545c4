/* SPDX-License-Identifier: MIT */
/* nm_convert: a crew without experts, and a file that appears when it is whole. */
#include "host/host_int.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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
};

static bool is_in_place(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

/* 0, or an errno value. */
static int open_output(struct output *out, const char *path)
{
	int n;

	*out = (struct output){ .path = path, .fd = -1 };
	if (strcmp(path, "-") == 0) {
		out->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	} else if (is_in_place(path)) {
		out->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	} else {
		n = snprintf(out->part, sizeof out->part, "%s.part-XXXXXX", path);
		if (n < 0 || (size_t)n >= sizeof out->part)
			return ENAMETOOLONG;
		out->fd = mkostemp(out->part, O_CLOEXEC);
	}
	return out->fd < 0 ? errno : 0;
}

static int keep_output(const struct output *out)
{
	mode_t mask = umask(0);

	(void)umask(mask);
	if (!out->part[0])
		return 0;
	if (fchmod(out->fd, 0666 & ~mask) < 0 || rename(out->part, out->path) < 0)
		return errno;
	return 0;
}

static void close_output(struct output *out, bool keep)
{
	if (out->part[0] && !keep)
		(void)unlink(out->part);
	(void)close(out->fd);
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

static int judge(const struct nm_run_options *o, const struct nm_crew *c, const char *out)
{
	if (c->trouble[0]) {
		nm_host_say(o, "%s: %s", c->capture, c->trouble);
		return NM_EXIT_INPUT;
	}
	if (c->cancels)
		return NM_EXIT_INTERRUPTED;
	if (!c->converted) {
		nm_host_say(o, "%s: the engine ended while converting it", c->capture);
		return NM_EXIT_PARTIAL;
	}
	if (c->conversion.code) {
		bool reading = c->conversion.code == NMERR_FILE_READ_ERROR;

		nm_host_say(o, "%s: %s", reading ? c->capture : out, c->conversion.text);
		return reading ? NM_EXIT_INPUT : NM_EXIT_OUTPUT;
	}
	tell_losses(o, c);
	if (c->conversion.lost.left_out)
		return NM_EXIT_PARTIAL;
	return c->facts.facts.damage.code ? NM_EXIT_TRUNCATED : NM_EXIT_COMPLETE;
}

static void fill(const struct nm_crew *c, struct nm_conversion_report *ret)
{
	const struct nm_conversion *l = &c->conversion.lost;

	*ret = (struct nm_conversion_report){ l->frames, l->left_out, l->first_left_out,
		l->times_cut, l->comment_lost, l->names_lost, l->frame_comments_lost, l->texts_lost,
		l->blocks_lost, l->processes_lost, l->sections_lost,
		c->facts.facts.damage.code != 0 };
}

static int on_ready(void *ctx, struct nm_crew *c, unsigned i)
{
	(void)ctx;
	(void)c;
	(void)i;
	return 0;
}

static bool put_pick(FILE *f, const struct nm_pick *p)
{
	size_t n = p->comment ? strnlen(p->comment, NM_PICK_COMMENT) : 0;
	uint8_t head[NM_PICK_HEAD];

	nm_pick_encode(head, p->first, p->last, p->noted, (uint32_t)n);
	return fwrite(head, sizeof head, 1, f) == 1 && (n == 0 || fwrite(p->comment, n, 1, f) == 1);
}

/* The picks in a temporary file: 0 and *ret_fd, -1 for all frames; or an errno value. */
static int collect_picks(const struct nm_convert_options *how, int *ret_fd)
{
	struct nm_pick p = { 0 };
	int copy, more = 1, fd = how->pick ? nm_temporary_file() : -1;
	FILE *f;

	*ret_fd = -1;
	if (!how->pick || fd < 0)
		return how->pick ? errno : 0;
	copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	f = copy < 0 ? NULL : fdopen(copy, "w");
	while (f && (more = how->pick(how->pick_ctx, &p)) > 0) {
		if (put_pick(f, &p))
			continue;
		more = -(errno ? errno : EIO);
		break;
	}
	if (!f)
		more = -errno;
	if (f && fclose(f) != 0 && more == 0)
		more = -errno;
	else if (!f && copy >= 0)
		(void)close(copy);
	if (more < 0)
		(void)close(fd);
	else
		*ret_fd = fd;
	return -more;
}

/* Into an open output. */
static int convert(const struct nm_run_options *o, struct output *out,
    const struct nm_target_format *t, int picks_fd, struct nm_conversion_report *ret)
{
	struct nm_crew c;
	int status, err;

	(void)nm_crew_init(&c, o, o->captures[0], NULL);
	c.ready = on_ready;
	c.convert_fd = out->fd;
	c.picks_fd = picks_fd;
	c.convert_to = *t;
	nm_crew_run(&c);
	status = judge(o, &c, out->path);
	fill(&c, ret);
	nm_crew_done(&c);
	if (status != NM_EXIT_COMPLETE && status != NM_EXIT_PARTIAL && status != NM_EXIT_TRUNCATED)
		return status;
	err = keep_output(out);
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

int nm_convert(const struct nm_run_options *o, const struct nm_convert_options *how,
    const char *out, struct nm_conversion_report *ret)
{
	struct nm_target_format t;
	struct nm_conversion_report report = { 0 };
	struct output to = { .fd = -1 };
	int status, err, picks = -1;

	if (!ret)
		ret = &report;
	*ret = report;
	if (!choose(how, &t) || o->n_captures != 1)
		return NM_EXIT_USAGE;
	if (t.packing && t.to == NM_FORMAT_NETMON2) {
		nm_host_say(o,
		    "%s: a Network Monitor file can't be compressed while it is written, since its "
		    "header comes last; compress the finished file, or write pcapng",
		    out);
		return NM_EXIT_USAGE;
	}
	err = collect_picks(how, &picks);
	if (!err)
		err = open_output(&to, out);
	if (err) {
		nm_host_say(o, "%s: %s", out, strerror(err));
		if (picks >= 0)
			(void)close(picks);
		return NM_EXIT_OUTPUT;
	}
	status = convert(o, &to, &t, picks, ret);
	if (picks >= 0)
		(void)close(picks);
	close_output(&to,
	    status == NM_EXIT_COMPLETE || status == NM_EXIT_PARTIAL || status == NM_EXIT_TRUNCATED);
	return status;
}
