/* SPDX-License-Identifier: MIT */
/* A project from a template: what netmon new copies. */
#include "cli/cli.h"

#include "system/files.h"
#include "system/folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MARK       "@NAME@"
#define MARK_LEN   (sizeof MARK - 1)
#define MOST_FILE  (1 << 20) /* bytes of a template file: they are a few KB */
#define MOST_FILES 64        /* of a template */

struct project {
	const char *from, *to, *name;              /* borrowed */
	struct nm_folder *from_folder, *to_folder; /* owned */
	char made[MOST_FILES][NM_FOLDER_NAME];
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
		ssize_t r = nm_prim_read(fd, s + n, size - n);

		if (r < 0)
			return (int)-r;
		n += (size_t)r;
		if (r == 0)
			break;
		if (n == size)
			return EFBIG;
	}
	*ret_n = n;
	return 0;
}

static int make_file(struct project *p, const char *file, bool program, const char *s, size_t n)
{
	char *name = p->made[p->n_made];
	int fd, err;
	size_t len;

	if (p->n_made == MOST_FILES ||
	    !replace_mark(name, NM_FOLDER_NAME - 1, file, strlen(file), p->name, &len))
		return ENAMETOOLONG;
	name[len] = '\0';
	fd = nm_folder_create(p->to_folder, name, program);
	if (fd < 0)
		return -fd;
	p->n_made++;
	err = nm_prim_write(fd, s, n);
	if (close(fd) < 0 && err == 0 && errno != EINTR)
		err = errno;
	return err;
}

/* buf has MOST_FILE bytes for what is read and as many for what is written. */
static int copy_file(struct project *p, const char *file, char *buf)
{
	size_t n = 0, m = 0;
	bool program;
	int fd = nm_folder_read(p->from_folder, file, false, &program), err;

	if (fd < 0)
		return fd == -ENOENT ? 0 : -fd;
	err = read_whole(fd, buf, MOST_FILE, &n);
	if (!err && !replace_mark(buf + MOST_FILE, MOST_FILE, buf, n, p->name, &m))
		err = EFBIG;
	if (!err)
		err = make_file(p, file, program, buf + MOST_FILE, m);
	(void)close(fd);
	return err;
}

/* Folders and what begins with a point or is a build file are no part of a
 * template. */
static bool is_part(const char *file)
{
	return file[0] != '.' && strcmp(file, "meson.build") != 0;
}

static int copy_files(struct project *p, char file[NM_FOLDER_NAME])
{
	char *buf = malloc(2 * (size_t)MOST_FILE);
	int err = buf ? 0 : ENOMEM, more = 0;

	while (!err && (more = nm_folder_next(p->from_folder, file)) > 0)
		if (is_part(file))
			err = copy_file(p, file, buf);
	if (!err)
		err = -more;
	if (err)
		cli_say("%s/%s: can't be made: %s", p->to, file, strerror(err));
	free(buf);
	return err;
}

static void undo(struct project *p)
{
	while (p->n_made)
		nm_folder_remove(p->to_folder, p->made[--p->n_made]);
}

static int open_folders(struct project *p)
{
	int err = nm_folder_open(p->from, &p->from_folder);

	if (err) {
		cli_say("%s: the template can't be read: %s", p->from, strerror(err));
		return NM_EXIT_INPUT;
	}
	err = nm_folder_make(p->to, &p->to_folder);
	if (err == EEXIST) {
		cli_say("%s: exists already, and is left as it is", p->to);
		return NM_EXIT_USAGE;
	}
	if (err) {
		cli_say("%s: can't be made: %s", p->to, strerror(err));
		return NM_EXIT_OUTPUT;
	}
	return NM_EXIT_COMPLETE;
}

int cli_project_copy(const char *from, const char *to, const char *name)
{
	struct project p = { .from = from, .to = to, .name = name };
	char file[NM_FOLDER_NAME] = "";
	int status = open_folders(&p);
	bool failed = status == NM_EXIT_COMPLETE && copy_files(&p, file) != 0;

	if (failed)
		undo(&p);
	nm_folder_close(p.from_folder);
	nm_folder_close(p.to_folder);
	if (failed)
		(void)rmdir(to);
	return failed ? NM_EXIT_OUTPUT : status;
}
