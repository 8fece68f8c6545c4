/* SPDX-License-Identifier: MIT */
/* Files of one folder, on Linux. */
#include "system/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct nm_folder {
	DIR *dir;
};

static int open_at(const char *path, int more, struct nm_folder **ret_f)
{
	struct nm_folder *f = malloc(sizeof *f);
	int fd = f ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | more) : -1;
	int err = f ? 0 : ENOMEM;

	if (f && fd < 0)
		err = errno;
	if (!err && !(f->dir = fdopendir(fd)))
		err = errno;
	if (!err) {
		*ret_f = f;
		return 0;
	}
	if (fd >= 0)
		(void)close(fd);
	free(f);
	return err;
}

int nm_folder_open(const char *path, struct nm_folder **ret_f)
{
	return open_at(path, 0, ret_f);
}

int nm_folder_make(const char *path, struct nm_folder **ret_f)
{
	int err;

	if (mkdir(path, 0777) < 0)
		return errno;
	err = open_at(path, O_NOFOLLOW, ret_f);
	if (err)
		(void)rmdir(path);
	return err;
}

int nm_folder_next(struct nm_folder *f, char ret_name[NM_FOLDER_NAME])
{
	const struct dirent *d;

	do {
		errno = 0;
		d = readdir(f->dir);
	} while (d && (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0));
	if (!d)
		return -errno;
	(void)strncpy(ret_name, d->d_name, NM_FOLDER_NAME - 1);
	ret_name[NM_FOLDER_NAME - 1] = '\0';
	return 1;
}

/* A device or pipe is opened by nobody: reading it may wait, or change something. */
int nm_folder_read(struct nm_folder *f, const char *name, bool links, bool *ret_program)
{
	struct stat st;
	int fd, err;

	if (fstatat(dirfd(f->dir), name, &st, links ? 0 : AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return S_ISLNK(st.st_mode) ? -ELOOP : -ENOENT;
	fd = openat(dirfd(f->dir), name,
	    O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (links ? 0 : O_NOFOLLOW));
	if (fd < 0)
		return -errno;
	err = fstat(fd, &st) < 0 ? errno : S_ISREG(st.st_mode) ? 0 : ENOENT;
	if (err) {
		(void)close(fd);
		return -err;
	}
	*ret_program = st.st_mode & 0100;
	return fd;
}

int nm_folder_create(struct nm_folder *f, const char *name, bool program)
{
	int fd = openat(dirfd(f->dir), name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    program ? 0777 : 0666);

	return fd < 0 ? -errno : fd;
}

void nm_folder_remove(struct nm_folder *f, const char *name)
{
	(void)unlinkat(dirfd(f->dir), name, 0);
}

void nm_folder_close(struct nm_folder *f)
{
	if (!f)
		return;
	(void)closedir(f->dir);
	free(f);
}

int nm_folders_make(const char *path)
{
	char *copy = strdup(path);
	int err = copy ? 0 : ENOMEM;

	for (char *p = copy ? strchr(copy + 1, '/') : NULL; p && !err; p = strchr(p + 1, '/')) {
		*p = '\0';
		if (mkdir(copy, 0700) < 0 && errno != EEXIST)
			err = errno;
		*p = '/';
	}
	free(copy);
	return err;
}

int nm_folder_keep(const char *from, const char *to)
{
	mode_t mask = umask(0);

	(void)umask(mask);
	if (chmod(from, 0777 & ~mask) < 0 ||
	    renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) < 0)
		return errno;
	return 0;
}
