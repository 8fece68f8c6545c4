/* SPDX-License-Identifier: MIT */
/* Files of one folder, on Linux. */
#include "system/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
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
	} while (d && d->d_type == DT_DIR);
	if (!d)
		return -errno;
	(void)strncpy(ret_name, d->d_name, NM_FOLDER_NAME - 1);
	ret_name[NM_FOLDER_NAME - 1] = '\0';
	return 1;
}

int nm_folder_read(struct nm_folder *f, const char *name, bool *ret_program)
{
	int fd =
	    openat(dirfd(f->dir), name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	int err;

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
