/* SPDX-License-Identifier: MIT */
/* What an engine and its workers get to see. Opened by us: the user that they become may not be
 * able to. */
#include "host/grants.h"
#include "capture/unpack.h"
#include "system/descriptors.h"
#include "system/files.h"

#include <errno.h>

static bool grant(struct nm_grants *g, const char *path)
{
	int fd = g->n < NM_GRANT_MAX - 1 ? nm_fd_of_name(path) : -1;

	if (fd >= 0)
		g->fds[g->n++] = fd;
	return fd >= 0;
}

/* The folder of a file, unless that of the one granted before. */
static void grant_folder(struct nm_grants *g, const char *path, char last[4200])
{
	size_t n = nm_path_folder(path);
	char dir[4200];

	if (n == 0 || n >= sizeof dir)
		return;
	(void)snprintf(dir, sizeof dir, "%.*s", (int)n, path);
	if (strcmp(dir, last) != 0)
		(void)grant(g, dir);
	memcpy(last, dir, sizeof dir);
}

static void grant_folders(struct nm_grants *g, const struct nm_crew *c)
{
	char last[4200] = "";

	for (unsigned i = 0; i < c->n_jobs; i++)
		if (nm_task_has_expert(c->jobs[i].task))
			grant_folder(g, c->jobs[i].target->path, last);
	for (unsigned i = 0; i < c->parsers.n; i++)
		grant_folder(g, c->parsers.items[i].path, last);
}

/* What is read in place needs no temporary file; what only looks so is refused one. */
static bool is_taken_in(int fd)
{
	enum nm_prim_kind kind;
	uint8_t head[6];
	uint64_t bytes;
	ssize_t n;

	if (nm_prim_stat(fd, &kind, &bytes) || kind != NM_PRIM_FILE)
		return true;
	n = nm_prim_pread(fd, head, sizeof head, 0);
	return n <= 0 || nm_unpack_detect(head, (size_t)n);
}

/* Workers read it through a descriptor that can't write. The engine could make none: it may
 * open no file. */
static bool grant_temporary(struct nm_grants *g, char why[NM_DIAG_TEXT])
{
	g->full_fd = nm_temporary_file();
	g->read_fd = g->full_fd < 0 ? -1 : nm_fd_to_read(g->full_fd);
	if (g->read_fd >= 0)
		return true;
	nm_temporary_refusal(errno, why, NM_DIAG_TEXT);
	nm_close_fd(&g->full_fd);
	return false;
}

static bool say(char why[NM_DIAG_TEXT], const char *option, const char *path, int err)
{
	(void)snprintf(why, NM_DIAG_TEXT, "%s %s: %s", option, path, strerror(err));
	return false;
}

bool nm_grants_collect(struct nm_grants *g, const struct nm_crew *c, int fd, char why[NM_DIAG_TEXT])
{
	const struct nm_run_options *o = c->opt;

	if (fd >= 0 && is_taken_in(fd) && !grant_temporary(g, why))
		return false;
	for (unsigned i = 0; i < o->n_allow_read; i++)
		if (!grant(g, o->allow_read[i]))
			return say(why, "--allow-read", o->allow_read[i], errno);
	grant_folders(g, c);
	if (!o->output_dir)
		return true;
	g->write_fd = nm_fd_of_folder(o->output_dir);
	return g->write_fd >= 0 || say(why, "--output-dir", o->output_dir, errno);
}

void nm_grants_done(struct nm_grants *g)
{
	for (unsigned i = 0; i < g->n; i++)
		nm_close_fd(&g->fds[i]);
	nm_close_fd(&g->write_fd);
	nm_close_fd(&g->full_fd);
	nm_close_fd(&g->read_fd);
}
