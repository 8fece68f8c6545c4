/* SPDX-License-Identifier: MIT */
/* Configurations of experts, a file each: an EXPERTCONFIG as Configure left it. */
#include "host/host_int.h"
#include "system/files.h"
#include "system/folder.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Names of experts are alike in any case, so there is one file for all of them. */
static bool path_of(const char *file, char *buf, size_t size)
{
	char folder[4096];
	int n;

	*buf = '\0';
	if (!nm_own_settings_folder(folder, sizeof folder))
		return false;
	n = snprintf(buf, size, "%s/experts/%s.cfg", folder, file);
	if (n < 0 || (size_t)n >= size) {
		*buf = '\0';
		return false;
	}
	for (char *p = buf + strlen(folder); *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return true;
}

static ssize_t read_all(int fd, uint8_t *p, size_t n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = nm_prim_read(fd, p + got, n - got);

		if (r < 0)
			return r;
		if (r == 0)
			break;
		got += (size_t)r;
	}
	return (ssize_t)got;
}

/* What is in fd; why it is of no use, or NULL. */
static const char *take(int fd, struct nm_stored *ret)
{
	struct stat st;
	ssize_t r;

	if (fstat(fd, &st) < 0)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "it is no regular file";
	if (st.st_size < 4 || st.st_size > (off_t)NM_CONFIG_MAX)
		return "it is too short or too long for a configuration";
	ret->p = malloc((size_t)st.st_size);
	if (!ret->p)
		return strerror(ENOMEM);
	r = read_all(fd, ret->p, (size_t)st.st_size);
	if (r < 0)
		return strerror((int)-r);
	ret->n = (size_t)r;
	return nm_is_config(ret->p, ret->n) ? NULL : "its length is not the one it begins with";
}

static int load(const struct nm_run_options *o, bool links, struct nm_stored *ret)
{
	int fd = links ? nm_prim_open(ret->path) : nm_prim_open_itself(ret->path);
	const char *why = fd < 0 ? strerror(-fd) : NULL;
	int err = fd < 0 ? -fd : 0;

	if (fd >= 0) {
		why = take(fd, ret);
		(void)close(fd);
	}
	if (!why)
		return 0;
	free(ret->p);
	ret->p = NULL;
	ret->n = 0;
	if (err == ENOENT || err == ENOTDIR)
		return ENOENT;
	nm_host_say(o, "%s: the configuration is not used: %s", ret->path, why);
	return EINVAL;
}

int nm_stored_load(const struct nm_run_options *o, const char *file, struct nm_stored *ret)
{
	ret->p = NULL;
	ret->n = 0;
	return path_of(file, ret->path, sizeof ret->path) ? load(o, true, ret) : ENOENT;
}

int nm_stored_read(const struct nm_run_options *o, const char *path, struct nm_stored *ret)
{
	int n = snprintf(ret->path, sizeof ret->path, "%s", path), err = ENAMETOOLONG;

	ret->p = NULL;
	ret->n = 0;
	if (n >= 0 && (size_t)n < sizeof ret->path)
		err = load(o, false, ret);
	if (err && err != EINVAL) /* not said yet */
		nm_host_say(o, "%s: the configuration is not used: %s", path, strerror(err));
	return err ? EINVAL : 0;
}

int nm_stored_choose(
    const struct nm_run_options *o, const struct nm_target *t, struct nm_stored *ret)
{
	*ret = (struct nm_stored){ .p = NULL };
	if (t->config) {
		ret->p = malloc(t->config_n);
		if (!ret->p)
			return ENOMEM;
		memcpy(ret->p, t->config, t->config_n);
		ret->n = t->config_n;
		return 0;
	}
	if (o->config_file)
		return nm_stored_read(o, o->config_file, ret);
	return o->no_config ? ENOENT : nm_stored_load(o, t->file, ret);
}

int nm_stored_save(const char *file, const uint8_t *p, size_t n)
{
	char path[4400], temp[4420];
	int fd, err;

	if (!path_of(file, path, sizeof path))
		return ENOENT;
	err = nm_folders_make(path);
	if (err)
		return err;
	(void)snprintf(temp, sizeof temp, "%s.XXXXXX", path);
	fd = nm_prim_unique(temp);
	if (fd < 0)
		return -fd;
	err = nm_prim_write(fd, p, n);
	if (!err)
		err = nm_prim_sync(fd);
	if (close(fd) < 0 && !err)
		err = errno;
	if (!err)
		err = nm_prim_rename(temp, path);
	if (err)
		(void)unlink(temp);
	return err;
}

int nm_stored_drop(const char *file)
{
	char path[4400];

	if (!path_of(file, path, sizeof path))
		return 0;
	return unlink(path) < 0 && errno != ENOENT && errno != ENOTDIR ? errno : 0;
}
