/* SPDX-License-Identifier: MIT */
/* System calls: one table says who may make which; the rest do not exist.
 *
 * What is not listed fails with ENOSYS, so that libraries fall back. What is
 * listed as forbidden ends the process by SIGSYS: no expert makes it by
 * accident, and the verdict can name it. */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum who {
	ALL,    /* engine and workers */
	ENGINE, /* the engine; forbidden to workers */
	START,  /* needed to become a worker; then refused with EPERM */
	WRITER, /* with --output-dir; forbidden to others */
	NONE,   /* forbidden to everybody */
	REFUSE, /* EPERM to everybody: asked for by harmless code */
};

/* clang-format off: a table */
static const struct {
	const char *name;
	uint8_t who;
} table[] = {
	/* memory */
	{ "brk", ALL },
	{ "munmap", ALL },
	{ "mremap", ALL },
	{ "madvise", ALL },
	{ "mincore", ALL },
	{ "membarrier", ALL },
	/* files that are open, and looking at names */
	{ "close", ALL },
	{ "read", ALL },
	{ "readv", ALL },
	{ "pread64", ALL },
	{ "preadv", ALL },
	{ "write", ALL },
	{ "writev", ALL },
	{ "lseek", ALL },
	{ "_llseek", ALL },
	{ "fstat", ALL },
	{ "fstat64", ALL },
	{ "newfstatat", ALL },
	{ "fstatat64", ALL },
	{ "stat", ALL },
	{ "lstat", ALL },
	{ "statx", ALL },
	{ "statfs", ALL },
	{ "fstatfs", ALL },
	{ "access", ALL },
	{ "faccessat", ALL },
	{ "faccessat2", ALL },
	{ "readlink", ALL },
	{ "readlinkat", ALL },
	{ "getdents64", ALL },
	{ "getcwd", ALL },
	{ "chdir", ALL },
	{ "fchdir", ALL },
	{ "fcntl", ALL },
	{ "dup", ALL },
	{ "dup2", ALL },
	{ "dup3", ALL },
	{ "pipe", ALL },
	{ "pipe2", ALL },
	{ "poll", ALL },
	{ "ppoll", ALL },
	{ "select", ALL },
	{ "pselect6", ALL },
	{ "eventfd2", ALL },
	{ "posix_fadvise", ALL },
	{ "fadvise64", ALL },
	{ "umask", ALL },
	/* time */
	{ "clock_gettime", ALL },
	{ "clock_getres", ALL },
	{ "gettimeofday", ALL },
	{ "time", ALL },
	{ "nanosleep", ALL },
	{ "clock_nanosleep", ALL },
	{ "times", ALL },
	{ "getrusage", ALL },
	{ "alarm", ALL },
	{ "setitimer", ALL },
	{ "getitimer", ALL },
	{ "pause", ALL },
	/* signals of one's own */
	{ "rt_sigaction", ALL },
	{ "rt_sigprocmask", ALL },
	{ "rt_sigreturn", ALL },
	{ "rt_sigpending", ALL },
	{ "rt_sigtimedwait", ALL },
	{ "rt_sigsuspend", ALL },
	{ "sigaltstack", ALL },
	{ "restart_syscall", ALL },
	/* threads */
	{ "futex", ALL },
	{ "futex_waitv", ALL },
	{ "set_robust_list", ALL },
	{ "get_robust_list", ALL },
	{ "rseq", ALL },
	{ "set_tid_address", ALL },
	{ "sched_yield", ALL },
	{ "sched_getaffinity", ALL },
	{ "sched_getparam", ALL },
	{ "sched_getscheduler", ALL },
	{ "gettid", ALL },
	{ "getcpu", ALL },
	{ "arch_prctl", ALL },
	{ "exit", ALL },
	/* who and where am I */
	{ "getpid", ALL },
	{ "getppid", ALL },
	{ "getpgrp", ALL },
	{ "getpgid", ALL },
	{ "getsid", ALL },
	{ "getuid", ALL },
	{ "geteuid", ALL },
	{ "getgid", ALL },
	{ "getegid", ALL },
	{ "getresuid", ALL },
	{ "getresgid", ALL },
	{ "getgroups", ALL },
	{ "uname", ALL },
	{ "sysinfo", ALL },
	{ "getrandom", ALL },
	{ "getrlimit", ALL },
	{ "getpriority", ALL },
	/* the engine's own trade */
	{ "wait4", ENGINE },
	{ "waitid", ENGINE },
	{ "signalfd4", ENGINE },
	{ "recvmsg", ENGINE },
	{ "sendmsg", ENGINE },
	{ "sendto", ENGINE },
	{ "recvfrom", ENGINE },
	{ "memfd_create", ENGINE },
	{ "ftruncate", ENGINE },
	{ "pwrite64", ENGINE },
	/* on the way from the engine to the worker */
	{ "setpgid", START },
	{ "close_range", START },
	{ "setrlimit", START },
	{ "landlock_create_ruleset", START },
	{ "landlock_add_rule", START },
	{ "landlock_restrict_self", START },
	{ "seccomp", START },
	{ "timer_create", START },
	{ "timer_settime", START },
	{ "timer_delete", START },
	/* writing */
	{ "pwritev", WRITER },
	{ "fsync", WRITER },
	{ "fdatasync", WRITER },
	{ "truncate", WRITER },
	{ "fallocate", WRITER },
	{ "creat", WRITER },
	{ "mkdir", WRITER },
	{ "mkdirat", WRITER },
	{ "unlink", WRITER },
	{ "unlinkat", WRITER },
	{ "rmdir", WRITER },
	{ "rename", WRITER },
	{ "renameat", WRITER },
	{ "renameat2", WRITER },
	{ "copy_file_range", WRITER },
	/* harmless code asks for these and lives without */
	{ "ioctl", REFUSE },
	{ "setpriority", REFUSE },
	{ "sched_setaffinity", REFUSE },
	{ "sched_setscheduler", REFUSE },
	{ "sched_setparam", REFUSE },
	{ "mlock", REFUSE },
	{ "mlockall", REFUSE },
	{ "mlock2", REFUSE },
	{ "munlock", REFUSE },
	{ "setsid", REFUSE },
	{ "utimensat", REFUSE },
	{ "flock", REFUSE },
	/* nobody's business */
	{ "socket", NONE },
	{ "socketpair", NONE },
	{ "connect", NONE },
	{ "bind", NONE },
	{ "listen", NONE },
	{ "accept", NONE },
	{ "accept4", NONE },
	{ "execve", NONE },
	{ "execveat", NONE },
	{ "ptrace", NONE },
	{ "process_vm_readv", NONE },
	{ "process_vm_writev", NONE },
	{ "pidfd_open", NONE },
	{ "pidfd_getfd", NONE },
	{ "pidfd_send_signal", NONE },
	{ "tkill", NONE },
	{ "rt_sigqueueinfo", NONE },
	{ "rt_tgsigqueueinfo", NONE },
	{ "link", NONE },
	{ "linkat", NONE },
	{ "symlink", NONE },
	{ "symlinkat", NONE },
	{ "mknod", NONE },
	{ "mknodat", NONE },
	{ "chmod", NONE },
	{ "fchmod", NONE },
	{ "fchmodat", NONE },
	{ "chown", NONE },
	{ "fchown", NONE },
	{ "fchownat", NONE },
	{ "lchown", NONE },
	{ "setxattr", NONE },
	{ "fsetxattr", NONE },
	{ "chroot", NONE },
	{ "pivot_root", NONE },
	{ "mount", NONE },
	{ "umount2", NONE },
	{ "unshare", NONE },
	{ "setns", NONE },
	{ "setuid", NONE },
	{ "setgid", NONE },
	{ "setreuid", NONE },
	{ "setregid", NONE },
	{ "setresuid", NONE },
	{ "setresgid", NONE },
	{ "setgroups", NONE },
	{ "capset", NONE },
	{ "bpf", NONE },
	{ "perf_event_open", NONE },
	{ "userfaultfd", NONE },
	{ "keyctl", NONE },
	{ "add_key", NONE },
	{ "request_key", NONE },
	{ "io_uring_setup", NONE },
	{ "init_module", NONE },
	{ "finit_module", NONE },
	{ "kexec_load", NONE },
	{ "reboot", NONE },
	{ "shmget", NONE },
	{ "shmat", NONE },
	{ "msgget", NONE },
	{ "semget", NONE },
	{ "mq_open", NONE },
	{ "inotify_init1", NONE },
	{ "fanotify_init", NONE },
	{ "syslog", NONE },
	{ "acct", NONE },
	{ "swapon", NONE },
	{ "settimeofday", NONE },
	{ "clock_settime", NONE },
	{ "sethostname", NONE },
};
/* clang-format on */

static uint32_t action_of(uint8_t who, const struct nm_sandbox_policy *p)
{
	bool engine = p->role == NM_ROLE_ENGINE;

	switch ((enum who)who) {
	case ALL: return SCMP_ACT_ALLOW;
	case ENGINE: return engine ? SCMP_ACT_ALLOW : SCMP_ACT_TRAP;
	case START: return engine ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM);
	case WRITER: return p->write_fd >= 0 ? SCMP_ACT_ALLOW : SCMP_ACT_TRAP;
	case REFUSE: return SCMP_ACT_ERRNO(EPERM);
	case NONE: break;
	}
	return SCMP_ACT_TRAP;
}

/* A rule for a call that this machine may not have. */
static int rule(scmp_filter_ctx f, uint32_t action, const char *name, unsigned n,
    const struct scmp_arg_cmp *args)
{
	int nr = seccomp_syscall_resolve_name(name);
	int err;

	if (nr < 0)
		return 0;
	err = seccomp_rule_add_array(f, action, nr, n, args);
	return err == -EDOM || err == -EEXIST ? 0 : err;
}

#define MASKED(arg, mask, value) SCMP_CMP(arg, SCMP_CMP_MASKED_EQ, mask, value)

/* Reading is Landlock's business; opening to write is told at the door. */
static int open_rules(scmp_filter_ctx f, bool writer)
{
	static const uint64_t bits[] = { O_WRONLY, O_RDWR, O_CREAT, O_TRUNC };
	int err;

	if (writer) {
		err = rule(f, SCMP_ACT_ALLOW, "openat", 0, NULL);
		return err ? err : rule(f, SCMP_ACT_ALLOW, "open", 0, NULL);
	}
	err = rule(
	    f, SCMP_ACT_ALLOW, "openat", 1, &MASKED(2, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC, 0));
	if (!err)
		err = rule(f, SCMP_ACT_ALLOW, "open", 1,
		    &MASKED(1, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC, 0));
	for (unsigned i = 0; i < sizeof bits / sizeof *bits && !err; i++) {
		err = rule(f, SCMP_ACT_TRAP, "openat", 1, &MASKED(2, bits[i], bits[i]));
		if (!err)
			err = rule(f, SCMP_ACT_TRAP, "open", 1, &MASKED(1, bits[i], bits[i]));
	}
	return err;
}

/* Never writable and executable at once. */
static int memory_rules(scmp_filter_ctx f)
{
	static const char *const names[] = { "mmap", "mmap2", "mprotect", "pkey_mprotect" };
	int err = 0;

	for (unsigned i = 0; i < sizeof names / sizeof *names && !err; i++) {
		err = rule(f, SCMP_ACT_ERRNO(EACCES), names[i], 1,
		    &MASKED(2, PROT_WRITE | PROT_EXEC, PROT_WRITE | PROT_EXEC));
		for (unsigned prot = 0; prot < 3 && !err; prot++) {
			static const uint64_t ok[] = { 0, PROT_WRITE, PROT_EXEC };

			err = rule(f, SCMP_ACT_ALLOW, names[i], 1,
			    &MASKED(2, PROT_WRITE | PROT_EXEC, ok[prot]));
		}
	}
	return err;
}

static int exit_rules(scmp_filter_ctx f, bool watched)
{
	const uint64_t mark = NM_EXIT_MARK, last = NM_EXIT_MARK | 0xffff;
	int err;

	if (!watched)
		return rule(f, SCMP_ACT_ALLOW, "exit_group", 0, NULL);
	err = rule(f, SCMP_ACT_ALLOW, "exit_group", 1, &MASKED(0, ~UINT64_C(0xffff), mark));
	err =
	    err ? err : rule(f, SCMP_ACT_TRAP, "exit_group", 1, &SCMP_CMP(0, SCMP_CMP_LT, mark, 0));
	return err ? err
		   : rule(f, SCMP_ACT_TRAP, "exit_group", 1, &SCMP_CMP(0, SCMP_CMP_GT, last, 0));
}

/* Threads yes, processes no; signals to oneself only. */
static int process_rules(scmp_filter_ctx f, bool engine)
{
	uint64_t self = (uint64_t)getpid();
	int err;

	/* clone3 is not listed: its flags can't be seen, and the C library does without. */
	if (engine) {
		err = rule(f, SCMP_ACT_ALLOW, "clone", 0, NULL);
		err = err ? err : rule(f, SCMP_ACT_ALLOW, "kill", 0, NULL);
		err = err ? err : rule(f, SCMP_ACT_ALLOW, "tgkill", 0, NULL);
		err = err ? err : rule(f, SCMP_ACT_ALLOW, "prctl", 0, NULL);
		err = err ? err : rule(f, SCMP_ACT_ALLOW, "prlimit64", 0, NULL);
		return err;
	}
	err = rule(f, SCMP_ACT_ALLOW, "clone", 1, &MASKED(0, CLONE_THREAD, CLONE_THREAD));
	err = err ? err : rule(f, SCMP_ACT_TRAP, "clone", 1, &MASKED(0, CLONE_THREAD, 0));
	err = err ? err : rule(f, SCMP_ACT_TRAP, "fork", 0, NULL);
	err = err ? err : rule(f, SCMP_ACT_TRAP, "vfork", 0, NULL);
	err = err ? err : rule(f, SCMP_ACT_ALLOW, "kill", 1, &SCMP_CMP(0, SCMP_CMP_EQ, self, 0));
	err = err ? err : rule(f, SCMP_ACT_TRAP, "kill", 1, &SCMP_CMP(0, SCMP_CMP_NE, self, 0));
	err = err ? err : rule(f, SCMP_ACT_ALLOW, "tgkill", 1, &SCMP_CMP(0, SCMP_CMP_EQ, self, 0));
	err = err ? err : rule(f, SCMP_ACT_TRAP, "tgkill", 1, &SCMP_CMP(0, SCMP_CMP_NE, self, 0));
	err = err ? err
		  : rule(f, SCMP_ACT_ALLOW, "prctl", 1, &SCMP_CMP(0, SCMP_CMP_EQ, PR_SET_NAME, 0));
	err = err ? err
		  : rule(f, SCMP_ACT_ERRNO(EPERM), "prctl", 1,
			&SCMP_CMP(0, SCMP_CMP_NE, PR_SET_NAME, 0));
	err = err ? err : rule(f, SCMP_ACT_ALLOW, "prlimit64", 1, &SCMP_CMP(2, SCMP_CMP_EQ, 0, 0));
	err = err ? err
		  : rule(f, SCMP_ACT_ERRNO(EPERM), "prlimit64", 1, &SCMP_CMP(2, SCMP_CMP_NE, 0, 0));
	return err;
}

/* What the engine has for its own files, a writer has for its own too. */
static bool writes_open(const char *name)
{
	return strcmp(name, "ftruncate") == 0 || strcmp(name, "pwrite64") == 0;
}

static int fill(scmp_filter_ctx f, const struct nm_sandbox_policy *p)
{
	int err = 0;

	for (unsigned i = 0; i < sizeof table / sizeof *table && !err; i++)
		if (!(p->write_fd >= 0 && writes_open(table[i].name)))
			err = rule(f, action_of(table[i].who, p), table[i].name, 0, NULL);
	if (!err && p->write_fd >= 0)
		err = rule(f, SCMP_ACT_ALLOW, "ftruncate", 0, NULL);
	if (!err && p->write_fd >= 0)
		err = rule(f, SCMP_ACT_ALLOW, "pwrite64", 0, NULL);
	/* The engine's filter stays on its workers: it must let through what theirs allow. */
	if (!err)
		err = open_rules(f, p->write_fd >= 0);
	if (!err)
		err = memory_rules(f);
	if (!err)
		err = exit_rules(f, p->watch_exit);
	if (!err)
		err = process_rules(f, p->role == NM_ROLE_ENGINE);
	return err;
}

/* Wine makes most of what there is; not these. Its server makes the sockets that programs ask Wine for,
 * and one for programs to find it by: that kind is let through. A 32-bit server makes them by a call
 * that hides what it asks for, so it has a network of its own (see nm_sandbox_enter()), and the
 * rule for sockets comes before its kind of calls is known. */
static int fill_guest(scmp_filter_ctx f, bool x86)
{
	static const char *const refused[] = { "ptrace", "mount", "umount2", "pivot_root", "chroot",
		"unshare", "setns", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup",
		"keyctl", "add_key", "request_key", "init_module", "finit_module", "delete_module",
		"kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff", "acct", "syslog",
		"open_by_handle_at", "name_to_handle_at", "process_vm_writev", "pidfd_getfd" };
	int err = seccomp_rule_add(
	    f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1, SCMP_CMP(0, SCMP_CMP_NE, AF_UNIX, 0));

	if (!err && x86)
		err = seccomp_arch_add(f, SCMP_ARCH_X86);
	for (size_t i = 0; i < sizeof refused / sizeof *refused && !err; i++) {
		int nr = seccomp_syscall_resolve_name(refused[i]);

		if (nr != __NR_SCMP_ERROR)
			err = seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), nr, 0);
	}
	return err;
}

int nm_seccomp_enter(const struct nm_sandbox_policy *p)
{
	bool guest = p->role == NM_ROLE_GUEST;
	scmp_filter_ctx f = seccomp_init(guest ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(ENOSYS));
	int err;

	if (!f)
		return ENOMEM;
	(void)seccomp_attr_set(f, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* a tree: fewer steps per call */
	err = -(guest ? fill_guest(f, p->x86) : fill(f, p));
	if (!err)
		err = -seccomp_load(f);
	seccomp_release(f);
	return err;
}

int nm_seccomp_alone(bool x86)
{
	static const char *const calls[] = { "fork", "vfork", "socket", "socketpair" };
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
	int err;

	if (!f)
		return ENOMEM;
	err = x86 ? seccomp_arch_add(f, SCMP_ARCH_X86) : 0;
	for (size_t i = 0; i < sizeof calls / sizeof *calls && !err; i++)
		err = rule(f, SCMP_ACT_ERRNO(EPERM), calls[i], 0, NULL);
	err = err ? err : rule(f, SCMP_ACT_ERRNO(EPERM), "clone", 1, &MASKED(0, CLONE_THREAD, 0));
	/* Its flags can't be seen, and the C library does without. */
	err = err ? err : rule(f, SCMP_ACT_ERRNO(ENOSYS), "clone3", 0, NULL);
	err = -(err ? err : seccomp_load(f));
	seccomp_release(f);
	return err;
}

const char *nm_syscall_name(int nr, char *buf, size_t size)
{
	char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, nr);

	if (name)
		(void)snprintf(buf, size, "%s", name);
	else
		(void)snprintf(buf, size, "system call %d", nr);
	free(name);
	return buf;
}
