/* SPDX-License-Identifier: MIT */
/* The layers in their order: each needs what the next one takes away. */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

const char *const nm_system_read_paths[] = {
	"/lib",
	"/lib64",
	"/usr/lib",
	"/usr/lib64",
	"/usr/local/lib",
	"/etc/ld.so.cache",
	"/etc/ld.so.conf",
	"/etc/ld.so.conf.d",
	"/etc/localtime",
	"/usr/share/zoneinfo",
	"/usr/share/locale",
	"/dev/zero",
	"/dev/urandom",
	"/dev/random",
	"/sys/devices/system/cpu",
};
const unsigned nm_n_system_read_paths = sizeof nm_system_read_paths / sizeof *nm_system_read_paths;

static int drop_user(void)
{
	if (setgroups(0, NULL) < 0 ||
	    setresgid(NM_SANDBOX_NOBODY, NM_SANDBOX_NOBODY, NM_SANDBOX_NOBODY) < 0 ||
	    setresuid(NM_SANDBOX_NOBODY, NM_SANDBOX_NOBODY, NM_SANDBOX_NOBODY) < 0)
		return errno;
	return setuid(0) == 0 ? EPERM : 0; /* there must be no way back */
}

static int lock_privileges(bool keep_core)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return errno;
	/* Changing the user has set it to whatever the system's default is. */
	return prctl(PR_SET_DUMPABLE, keep_core, 0, 0, 0) < 0 ? errno : 0;
}

static int limit(int what, uint64_t n)
{
	struct rlimit r;

	if (n == 0)
		return 0;
	if (getrlimit(what, &r) < 0)
		return errno;
	if (r.rlim_max > n)
		r.rlim_max = n;
	r.rlim_cur = r.rlim_max;
	return setrlimit(what, &r) < 0 ? errno : 0;
}

static int set_limits(const struct nm_sandbox_policy *p)
{
	const struct rlimit none = { 0, 0 };
	const struct nm_limits *l = &p->limits;
	int err = limit(RLIMIT_AS, l->address_space_bytes);

	if (!err)
		err = limit(RLIMIT_DATA, l->data_bytes);
	if (!err)
		err = limit(RLIMIT_CPU, l->cpu_s);
	if (!err)
		err = limit(RLIMIT_STACK, l->stack_bytes);
	if (!err)
		err = limit(RLIMIT_NOFILE, l->open_files);
	if (!err && p->write_fd >= 0)
		err = limit(RLIMIT_FSIZE, l->file_bytes);
	if (!err && !p->keep_core && setrlimit(RLIMIT_CORE, &none) < 0)
		err = errno;
	if (!err && (setrlimit(RLIMIT_MEMLOCK, &none) < 0 || setrlimit(RLIMIT_MSGQUEUE, &none) < 0))
		err = errno;
	return err;
}

/* One without any interface. Whoever is not root becomes a user without a name for it. */
static int leave_network(void)
{
	return unshare(geteuid() == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET) < 0 ? errno
											 : 0;
}

static uint8_t state_of(int err)
{
	if (err == 0)
		return NM_LAYER_ON;
	return err == ENOSYS || err == EOPNOTSUPP ? NM_LAYER_MISSING : NM_LAYER_FAILED;
}

bool nm_sandbox_enter(const struct nm_sandbox_policy *p, struct nm_sandbox_report *ret)
{
	int alone = p->x86 ? leave_network() : 0, err;

	*ret = (struct nm_sandbox_report){ 0 };
	if (geteuid() == 0)
		ret->state[NM_LAYER_USER] = state_of(drop_user());
	else /* a worker's engine has done it */
		ret->state[NM_LAYER_USER] =
		    geteuid() == NM_SANDBOX_NOBODY ? NM_LAYER_ON : NM_LAYER_UNUSED;
	ret->state[NM_LAYER_PRIVS] = state_of(lock_privileges(p->keep_core));
	ret->state[NM_LAYER_LIMITS] = state_of(set_limits(p));
	ret->state[NM_LAYER_LANDLOCK] = state_of(nm_landlock_enter(p, &ret->landlock_abi));
	err = nm_seccomp_enter(p);
	ret->state[NM_LAYER_SECCOMP] = state_of(err ? err : alone);
	return nm_sandbox_is_whole(ret);
}

bool nm_sandbox_alone(const struct nm_sandbox_policy *p, struct nm_sandbox_report *report)
{
	int err = nm_seccomp_alone(p->x86);

	if (err)
		report->state[NM_LAYER_SECCOMP] = state_of(err);
	return err == 0;
}
