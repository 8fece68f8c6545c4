/* SPDX-License-Identifier: MIT */
/* A project from a template: what netmon new copies.
 *
 * Everything happens through descriptors of the two folders, so that a link or
 * a folder swapped in while it runs leads nowhere else. */
#include "cli/cli.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK           "@NAME@"
#define MARK_LEN       (sizeof MARK - 1)
#define MOST_FILE      (1 << 20) /* bytes of a template file: they are a few KB */
#define MOST_FILES     64        /* of a template */
#define MOST_FILE_NAME 256

struct project {
	const char *from, *to, *name; /* borrowed */
	int from_fd, to_fd;           /* owned */
	char made[MOST_FILES][MOST_FILE_NAME];
	unsigned n_made;
};

/* dst gets src with the mark replaced. False when it does not fit. */
static bool replace_mark(
    char *dst, size_t size, const char *src, size_t n, const char *name, size_t *ret_n)
{
	size_t name_len = strlen(name), o = 0;

	for (size_t i = 0; i < n;) {
		bool mark = n - i >= MARK_LEN && memcmp(src + i, MARK, MARK_LEN) == 0;
		size_t len = mark ? name_len : 1;

		if (size - o < len)
			return false;
		memcpy(dst + o, mark ? name : src + i, len);
		o += len;
		i += mark ? MARK_LEN : 1;
	}
	*ret_n = o;
	return true;
}

static int read_whole(int fd, char *s, size_t size, size_t *ret_n)
{
	size_t n = 0;

	for (;;) {
		ssize_t r = read(fd, s + n, size - n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return errno;
		n += (size_t)r;
		if (r == 0)
			break;
		if (n == size)
			return EFBIG;
	}
	*ret_n = n;
	return 0;
}

static int write_whole(int fd, const char *s, size_t n)
{
	while (n) {
		ssize_t w = write(fd, s, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return errno;
		s += w;
		n -= (size_t)w;
	}
	return 0;
}

static int make_file(struct project *p, const char *file, mode_t mode, const char *s, size_t n)
{
	char *name = p->made[p->n_made];
	int fd, err;
	size_t len;

	if (p->n_made == MOST_FILES ||
	    !replace_mark(name, MOST_FILE_NAME - 1, file, strlen(file), p->name, &len))
		return ENAMETOOLONG;
	name[len] = '\0';
	fd = openat(p->to_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    mode & 0100 ? 0777 : 0666);
	if (fd < 0)
		return errno;
	p->n_made++;
	err = write_whole(fd, s, n);
	if (close(fd) < 0 && err == 0 && errno != EINTR)
		err = errno;
	return err;
}

/* buf has MOST_FILE bytes for what is read and as many for what is written. */
static int copy_file(struct project *p, const char *file, char *buf)
{
	int fd = openat(p->from_fd, file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	size_t n = 0, m = 0;
	struct stat st;
	int err;

	if (fd < 0)
		return errno;
	err = fstat(fd, &st) < 0 ? errno : 0;
	if (!err && S_ISREG(st.st_mode)) {
		err = read_whole(fd, buf, MOST_FILE, &n);
		if (!err && !replace_mark(buf + MOST_FILE, MOST_FILE, buf, n, p->name, &m))
			err = EFBIG;
		if (!err)
			err = make_file(p, file, st.st_mode, buf + MOST_FILE, m);
	}
	(void)close(fd);
	return err;
}

/* Folders and what begins with a point or is a build file are no part of a
 * template. */
static bool is_part(const struct dirent *d)
{
	return d->d_name[0] != '.' && strcmp(d->d_name, "meson.build") != 0 && d->d_type != DT_DIR;
}

static int copy_files(struct project *p, const char **ret_what)
{
	int fd = fcntl(p->from_fd, F_DUPFD_CLOEXEC, 0);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	char *buf = malloc(2 * (size_t)MOST_FILE);
	const struct dirent *d;
	int err = dir && buf ? 0 : ENOMEM;

	while (!err && (errno = 0, d = readdir(dir))) {
		if (!is_part(d))
			continue;
		err = copy_file(p, d->d_name, buf);
		*ret_what = d->d_name;
		if (err)
			break;
	}
	if (!err && errno)
		err = errno;
	if (err)
		cli_say("%s/%s: can't be made: %s", p->to, *ret_what, strerror(err));
	free(buf);
	if (dir)
		(void)closedir(dir);
	else if (fd >= 0)
		(void)close(fd);
	return err;
}

static void undo(struct project *p)
{
	while (p->n_made)
		(void)unlinkat(p->to_fd, p->made[--p->n_made], 0);
	(void)rmdir(p->to);
}

static int open_folders(struct project *p)
{
	p->from_fd = open(p->from, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->from_fd < 0) {
		cli_say("%s: the template can't be read: %s", p->from, strerror(errno));
		return NM_EXIT_INPUT;
	}
	if (mkdir(p->to, 0777) < 0) {
		if (errno == EEXIST) {
			cli_say("%s: exists already, and is left as it is", p->to);
			return NM_EXIT_USAGE;
		}
		cli_say("%s: can't be made: %s", p->to, strerror(errno));
		return NM_EXIT_OUTPUT;
	}
	p->to_fd = open(p->to, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (p->to_fd < 0) {
		cli_say("%s: can't be opened: %s", p->to, strerror(errno));
		(void)rmdir(p->to);
		return NM_EXIT_OUTPUT;
	}
	return NM_EXIT_COMPLETE;
}

int cli_project_copy(const char *from, const char *to, const char *name)
{
	struct project p = { .from = from, .to = to, .name = name, .from_fd = -1, .to_fd = -1 };
	const char *what = "";
	int status = open_folders(&p);

	if (status == NM_EXIT_COMPLETE && copy_files(&p, &what) != 0) {
		undo(&p);
		status = NM_EXIT_OUTPUT;
	}
	if (p.from_fd >= 0)
		(void)close(p.from_fd);
	if (p.to_fd >= 0)
		(void)close(p.to_fd);
	return status;
}
