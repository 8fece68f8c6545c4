/* SPDX-License-Identifier: MIT */
/* Where core dumps go: the kernel writes them as the expert that crashed would, so
 * with --core each worker begins in a folder of its own where the sandbox lets it. */
#include "host/host_int.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATTERN_FILE "/proc/sys/kernel/core_pattern"

enum nm_core_way nm_core_way_of(const char *pattern)
{
	switch (*pattern) {
	case '|': return NM_CORE_PROGRAM;
	case '@': return NM_CORE_PROGRAM; /* a socket that a program listens at, from Linux 6.16 */
	case '/': return NM_CORE_ELSEWHERE;
	default: return NM_CORE_HERE;
	}
}

static void read_pattern(struct nm_cores *k)
{
	int fd = open(PATTERN_FILE, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, k->pattern, sizeof k->pattern - 1);

	if (fd >= 0)
		(void)close(fd);
	k->pattern[n < 0 ? 0 : n] = '\0';
	k->pattern[strcspn(k->pattern, "\n")] = '\0';
	k->way = nm_core_way_of(k->pattern);
}

/* A folder for job i, for whom its worker will be. 0 or an errno value. */
static int make_one(const struct nm_cores *k, unsigned i, bool for_nobody)
{
	char name[16];

	(void)snprintf(name, sizeof name, "%u", i);
	if (mkdirat(k->fd, name, 0700) < 0)
		return errno;
	if (for_nobody &&
	    fchownat(k->fd, name, NM_SANDBOX_NOBODY, NM_SANDBOX_NOBODY, AT_SYMLINK_NOFOLLOW) < 0)
		return errno;
	return 0;
}

static int make_folders(struct nm_cores *k, unsigned n, bool for_nobody)
{
	int err = 0;

	(void)snprintf(k->dir, sizeof k->dir, "netmon-core-XXXXXX");
	if (!mkdtemp(k->dir)) {
		k->dir[0] = '\0';
		return errno;
	}
	k->fd = open(k->dir, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (k->fd < 0 || (for_nobody && chmod(k->dir, 0711) < 0))
		return errno;
	for (unsigned i = 0; i < n && !err; i++)
		err = make_one(k, i, for_nobody);
	return err;
}

void nm_cores_init(struct nm_cores *k)
{
	*k = (struct nm_cores){ .fd = -1 };
}

void nm_cores_open(struct nm_cores *k, const struct nm_run_options *o, unsigned n)
{
	bool boxed = o->sandbox != NM_SANDBOX_OFF;
	struct rlimit most;
	int err;

	if (!o->keep_core || o->in_process || n == 0)
		return;
	k->wanted = true;
	read_pattern(k);
	if (k->way == NM_CORE_PROGRAM)
		return;
	if (getrlimit(RLIMIT_CORE, &most) == 0 && most.rlim_max == 0) {
		nm_host_say(o, "--core: there will be no core dumps: 'ulimit -H -c' is 0");
	} else if (k->way == NM_CORE_ELSEWHERE) {
		if (boxed)
			nm_host_say(o,
			    "--core: there will be no core dumps: " PATTERN_FILE
			    " says %s, where the sandbox lets nobody write",
			    k->pattern);
	} else {
		err = make_folders(k, n, boxed && geteuid() == 0);
		if (err)
			nm_host_say(o, "--core: there will be no core dumps: a folder here: %s",
			    strerror(err));
	}
}

/* ---- afterwards ------------------------------------------------------------------------ */

/* The first file in the folder of job i, by its path. */
static bool find_file(const struct nm_cores *k, unsigned i, char *ret, size_t size)
{
	char folder[64];
	const struct dirent *e;
	bool found = false;
	struct stat st;
	DIR *d;

	if (!k->dir[0])
		return false;
	(void)snprintf(folder, sizeof folder, "%s/%u", k->dir, i);
	d = opendir(folder);
	while (d && !found && (e = readdir(d)))
		found = fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			S_ISREG(st.st_mode) &&
			snprintf(ret, size, "%s/%s", folder, e->d_name) < (int)size;
	if (d)
		(void)closedir(d);
	return found;
}

static void tell(
    const struct nm_cores *k, const struct nm_run_options *o, const struct nm_job *j, unsigned i)
{
	const char *file = j->target->file;
	char path[NAME_MAX + 80];

	if (!WIFSIGNALED(j->exit.wait_status) || !WCOREDUMP(j->exit.wait_status))
		return;
	if (k->way == NM_CORE_PROGRAM)
		nm_host_say(o, "%s: its core dump went to a program: " PATTERN_FILE " says %s",
		    file, k->pattern);
	else if (k->way == NM_CORE_ELSEWHERE)
		nm_host_say(
		    o, "%s: its core dump is where " PATTERN_FILE " says: %s", file, k->pattern);
	else if (find_file(k, i, path, sizeof path))
		nm_host_say(o, "%s: its core dump is %s", file, path);
}

void nm_cores_close(
    struct nm_cores *k, const struct nm_run_options *o, const struct nm_job *jobs, unsigned n)
{
	char name[16];

	for (unsigned i = 0; i < n && k->wanted; i++)
		tell(k, o, &jobs[i], i);
	for (unsigned i = 0; i < n && k->fd >= 0; i++) {
		(void)snprintf(name, sizeof name, "%u", i);
		(void)unlinkat(k->fd, name, AT_REMOVEDIR); /* if it is empty */
	}
	if (k->dir[0])
		(void)rmdir(k->dir);
	if (k->fd >= 0)
		(void)close(k->fd);
	nm_cores_init(k);
}
