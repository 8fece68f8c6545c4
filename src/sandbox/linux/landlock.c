/* SPDX-License-Identifier: MIT */
/* Files, TCP, signals: Landlock, with every right the running kernel offers.
 *
 * The C library's headers may be older than the kernel, so the rights of later
 * versions are stated here (Linux Documentation/userspace-api/landlock.rst). */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FS_REFER     (UINT64_C(1) << 13) /* ABI 2 */
#define FS_TRUNCATE  (UINT64_C(1) << 14) /* ABI 3 */
#define FS_IOCTL_DEV (UINT64_C(1) << 15) /* ABI 5 */
#define NET_ALL      UINT64_C(3)         /* ABI 4: bind, connect */
#define SCOPE_ALL    UINT64_C(3)         /* ABI 6: abstract sockets, signals */

#define READ_FILE LANDLOCK_ACCESS_FS_READ_FILE
#define READ_DIR  LANDLOCK_ACCESS_FS_READ_DIR
#define MAKE_REG  LANDLOCK_ACCESS_FS_MAKE_REG
#define MAKE_DIR  LANDLOCK_ACCESS_FS_MAKE_DIR
#define REMOVE    (LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR)
#define WRITE     LANDLOCK_ACCESS_FS_WRITE_FILE
#define EXECUTE   LANDLOCK_ACCESS_FS_EXECUTE
#define GUEST_MAY                                                                                  \
	(LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_MAKE_FIFO)
#define IN_FOLDER                                                                                  \
	(READ_FILE | READ_DIR | WRITE | MAKE_REG | MAKE_DIR | REMOVE | FS_TRUNCATE | FS_REFER)

/* struct landlock_ruleset_attr as of ABI 6; older kernels take a shorter one. */
struct ruleset {
	uint64_t fs, net, scoped;
};

/* What each ABI version adds, and how much of the structure it knows. */
static const struct {
	uint64_t fs, net, scoped;
	size_t size;
} abis[] = {
	{ (UINT64_C(1) << 13) - 1, 0, 0, 8 },
	{ FS_REFER, 0, 0, 8 },
	{ FS_TRUNCATE, 0, 0, 8 },
	{ 0, NET_ALL, 0, 16 },
	{ FS_IOCTL_DEV, 0, 0, 16 },
	{ 0, 0, SCOPE_ALL, 24 },
};

static long create_ruleset(const void *attr, size_t size, uint32_t flags)
{
	return syscall(SYS_landlock_create_ruleset, attr, size, flags);
}

/* Allow rights beneath what fd names, or on it when it is a file. */
static int allow(int ruleset, int fd, uint64_t rights, uint64_t handled)
{
	struct landlock_path_beneath_attr a = { .allowed_access = rights & handled,
		.parent_fd = fd };
	struct stat st;

	if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
		a.allowed_access &= READ_FILE | WRITE | FS_TRUNCATE | FS_IOCTL_DEV | EXECUTE;
	return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &a, 0) < 0
		   ? errno
		   : 0;
}

/* A path of the system's own; one that isn't there needs no rule. */
static int allow_path(int ruleset, const char *path, uint64_t rights, uint64_t handled)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	int err;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : errno;
	err = allow(ruleset, fd, rights, handled);
	(void)close(fd);
	return err;
}

static int add_rules(int ruleset, const struct nm_sandbox_policy *p, uint64_t handled)
{
	int err = 0;

	for (unsigned i = 0; i < nm_n_system_read_paths && !err; i++)
		err = allow_path(ruleset, nm_system_read_paths[i], READ_FILE | READ_DIR, handled);
	for (unsigned i = 0; i < p->n_read_fds && !err; i++)
		err = allow(ruleset, p->read_fds[i], READ_FILE | READ_DIR, handled);
	for (unsigned i = 0; i < p->n_exec_fds && !err; i++)
		err = allow(ruleset, p->exec_fds[i], READ_FILE | EXECUTE, handled);
	if (!err)
		err = allow_path(ruleset, "/dev/null", READ_FILE | WRITE, handled);
	if (!err && p->write_fd >= 0)
		err = allow(ruleset, p->write_fd,
		    IN_FOLDER | (p->role == NM_ROLE_GUEST ? GUEST_MAY : 0), handled);
	if (!err && p->role == NM_ROLE_GUEST && p->also_write_fd >= 0)
		err = allow(ruleset, p->also_write_fd, IN_FOLDER, handled);
	/* seccomp still lets no expert open a file there to write */
	if (!err && p->core_fd >= 0)
		err = allow(ruleset, p->core_fd, READ_FILE | WRITE | MAKE_REG, handled);
	return err;
}

int nm_landlock_enter(const struct nm_sandbox_policy *p, uint32_t *ret_abi)
{
	struct ruleset r = { 0 };
	long abi = create_ruleset(NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	size_t size = 8;
	int fd, err;

	*ret_abi = abi > 0 ? (uint32_t)abi : 0;
	if (abi <= 0)
		return abi < 0 ? errno : ENOSYS;
	for (long i = 0; i < abi && i < (long)(sizeof abis / sizeof *abis); i++) {
		r.fs |= abis[i].fs;
		r.net |= abis[i].net;
		r.scoped |= abis[i].scoped;
		size = abis[i].size;
	}
	if (p->role == NM_ROLE_ENGINE)
		r.scoped =
		    0; /* it must be able to end its workers, who are in domains of their own */
	fd = (int)create_ruleset(&r, size, 0);
	if (fd < 0)
		return errno;
	err = add_rules(fd, p, r.fs);
	if (!err && syscall(SYS_landlock_restrict_self, fd, 0) < 0)
		err = errno;
	(void)close(fd);
	return err;
}
