/* SPDX-License-Identifier: MIT */
/* nm_folder_captures: which files of a folder begin like captures. */
#include "capture/capture.h"
#include "host/host_int.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#define ENTRIES_MAX 65536
#define HEAD_BYTES  128u

static int is_seen(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

/* A device or pipe is opened by nobody: reading it may wait, or change something. */
static bool is_capture(int folder, const char *name)
{
	uint8_t head[HEAD_BYTES];
	struct stat st;
	ssize_t n = -1;
	int fd;

	if (fstatat(folder, name, &st, 0) < 0 || !S_ISREG(st.st_mode))
		return false;
	fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		n = read(fd, head, sizeof head);
	(void)close(fd);
	return n > 0 && nm_capture_begins_so(head, (size_t)n);
}

/* The names that stay become paths, the others are freed. */
static int choose(
    struct nm_folder_captures *f, int fd, const char *folder, struct dirent **list, int n)
{
	const char *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
	int err = 0;

	for (int i = 0; i < n && !err; i++) {
		if (!is_capture(fd, list[i]->d_name)) {
			f->others++;
			continue;
		}
		if (asprintf(&f->paths[f->n], "%s%s%s", folder, slash, list[i]->d_name) < 0)
			err = ENOMEM;
		else
			f->n++;
	}
	return err;
}

int nm_folder_captures_find(const char *folder, struct nm_folder_captures *ret)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), n, err;
	struct dirent **list = NULL;

	*ret = (struct nm_folder_captures){ 0 };
	if (fd < 0)
		return errno;
	n = scandirat(fd, ".", &list, is_seen, alphasort);
	err = n < 0 ? errno : n > ENTRIES_MAX ? E2BIG : 0;
	if (!err) {
		ret->paths = calloc((unsigned)n + 1u, sizeof *ret->paths);
		err = ret->paths ? choose(ret, fd, folder, list, n) : ENOMEM;
	}
	for (int i = 0; i < n; i++)
		free(list[i]);
	free(list);
	(void)close(fd);
	if (err)
		nm_folder_captures_free(ret);
	return err;
}

void nm_folder_captures_free(struct nm_folder_captures *f)
{
	for (unsigned i = 0; i < f->n; i++)
		free(f->paths[i]);
	free(f->paths);
	*f = (struct nm_folder_captures){ 0 };
}
