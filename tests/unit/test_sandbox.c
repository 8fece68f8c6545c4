/* SPDX-License-Identifier: MIT */
/* The sandbox tried from inside: each row forks, enters, does one thing, and
 * says what came of it. A layer that this kernel lacks skips its rows at home
 * and fails them in CI (CI=true). */
#include "check.h"
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/nmapi-box-XXXXXX";
static char in_path[64], secret_path[64], new_path[64], out_dir[64], out_path[64], program_path[64];

/* What a row's function answers: 0, or an errno value. A signal is told by the
 * child's end. */
static int result(long r)
{
	return r < 0 ? errno : 0;
}

static int read_allowed(void)
{
	return result(open(in_path, O_RDONLY));
}
static int read_other(void)
{
	return result(open(secret_path, O_RDONLY));
}
static int read_passwd(void)
{
	return result(open("/etc/passwd", O_RDONLY));
}
static int read_library(void)
{
	return result(open("/usr/lib/os-release", O_RDONLY));
}
static int write_new(void)
{
	return result(open(new_path, O_WRONLY | O_CREAT, 0600));
}
static int write_old(void)
{
	return result(open(in_path, O_RDWR));
}
static int write_out(void)
{
	return result(open(out_path, O_WRONLY | O_CREAT, 0600));
}
static int unlink_out(void)
{
	return result(unlink(out_path));
}
static int unlink_it(void)
{
	return result(unlink(in_path));
}
static int rename_it(void)
{
	return result(rename(in_path, new_path));
}
static int make_dir(void)
{
	return result(mkdir(new_path, 0700));
}
static int change_mode(void)
{
	return result(chmod(in_path, 0777));
}
static int inet_socket(void)
{
	return result(socket(AF_INET, SOCK_STREAM, 0));
}
static int unix_socket(void)
{
	return result(socket(AF_UNIX, SOCK_STREAM, 0));
}
static int fork_it(void)
{
	pid_t p = fork();

	if (p == 0)
		_exit(0);
	return result(p);
}
static int exec_it(void)
{
	char *argv[] = { (char[]){ "true" }, NULL };

	return result(execv("/bin/true", argv));
}
static int raw_clone3(void)
{
	return result(syscall(SYS_clone3, NULL, 0));
}
static int signal_parent(void)
{
	return result(kill(getppid(), SIGTERM));
}
static int signal_group(void)
{
	return result(kill(0, SIGTERM));
}
static int signal_self(void)
{
	(void)signal(SIGUSR1, SIG_IGN);
	return raise(SIGUSR1) ? errno : 0;
}
static int trace_parent(void)
{
	return result(syscall(SYS_ptrace, 16, getppid(), 0, 0));
}
static int read_parent(void)
{
	return result(syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0));
}
static int become_root(void)
{
	return result(setuid(0));
}
static int write_and_run(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		   0) == MAP_FAILED
		   ? errno
		   : 0;
}
static int write_then_run(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return result(mprotect(p, 4096, PROT_READ | PROT_WRITE | PROT_EXEC));
}
static int more_memory(void)
{
	return mmap(NULL, UINT64_C(1) << 40, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		   -1, 0) == MAP_FAILED
		   ? errno
		   : 0;
}
static int more_files(void)
{
	int r = 0;

	for (int i = 0; i < 100 && r >= 0; i++)
		r = dup(2);
	return result(r);
}
static int raise_limit(void)
{
	struct rlimit r = { RLIM_INFINITY, RLIM_INFINITY };

	return result(setrlimit(RLIMIT_AS, &r));
}
static int use_bpf(void)
{
	return result(syscall(SYS_bpf, 0, NULL, 0));
}
static int use_iouring(void)
{
	return result(syscall(SYS_io_uring_setup, 1, NULL));
}
static int unknown_call(void)
{
	return result(syscall(9999));
}
static void *nothing(void *arg)
{
	return arg;
}
static int start_thread(void)
{
	pthread_t t;
	int err = pthread_create(&t, NULL, nothing, NULL);

	return err ? err : pthread_join(t, NULL);
}
static int print_something(void)
{
	return printf("# from inside\n") > 0 && fflush(stdout) == 0 ? 0 : errno;
}
static int allocate(void)
{
	void *p = malloc(1 << 20);

	if (p)
		memset(p, 1, 1 << 20);
	free(p);
	return p ? 0 : ENOMEM;
}

#define SIGNALED 1000 /* added to the number of the signal that ended the child */
#define TRAP     (SIGNALED + SIGSYS)

static const struct {
	const char *name;
	int (*fn)(void);
	int want;            /* as a worker without an output folder */
	int want_writer;     /* as a worker with one */
	enum nm_layer layer; /* which must be on for the row to mean something */
} rows[] = {
	{ "memory can be had", allocate, 0, 0, NM_LAYER_SECCOMP },
	{ "what is open can be written", print_something, 0, 0, NM_LAYER_SECCOMP },
	{ "threads can be started", start_thread, 0, 0, NM_LAYER_SECCOMP },
	{ "a signal to oneself", signal_self, 0, 0, NM_LAYER_SECCOMP },
	{ "its own folder can be read", read_allowed, 0, 0, NM_LAYER_LANDLOCK },
	{ "libraries can be read", read_library, 0, 0, NM_LAYER_LANDLOCK },
	{ "another folder can't", read_other, EACCES, EACCES, NM_LAYER_LANDLOCK },
	{ "nor the system's users", read_passwd, EACCES, EACCES, NM_LAYER_LANDLOCK },
	{ "no file is created", write_new, TRAP, EACCES, NM_LAYER_LANDLOCK },
	{ "none is opened for writing", write_old, TRAP, EACCES, NM_LAYER_LANDLOCK },
	{ "a file in the output folder only when there is one", write_out, TRAP, 0,
	    NM_LAYER_LANDLOCK },
	{ "nor removed elsewhere", unlink_it, TRAP, EACCES, NM_LAYER_LANDLOCK },
	{ "nor renamed", rename_it, TRAP, EACCES, NM_LAYER_LANDLOCK },
	{ "no folder is made elsewhere", make_dir, TRAP, EACCES, NM_LAYER_LANDLOCK },
	{ "removing in the output folder", unlink_out, TRAP, 0, NM_LAYER_LANDLOCK },
	{ "no mode is changed", change_mode, TRAP, TRAP, NM_LAYER_SECCOMP },
	{ "no internet socket", inet_socket, TRAP, TRAP, NM_LAYER_SECCOMP },
	{ "no local socket", unix_socket, TRAP, TRAP, NM_LAYER_SECCOMP },
	{ "no process", fork_it, TRAP, TRAP, NM_LAYER_SECCOMP },
	{ "clone3 does not exist, so that libraries use clone", raw_clone3, ENOSYS, ENOSYS,
	    NM_LAYER_SECCOMP },
	{ "no other program", exec_it, TRAP, TRAP, NM_LAYER_SECCOMP },
	{ "no signal to the parent", signal_parent, TRAP, TRAP, NM_LAYER_SECCOMP },
	{ "nor to the group", signal_group, TRAP, TRAP, NM_LAYER_SECCOMP },
	{ "nobody is traced", trace_parent, TRAP, TRAP, NM_LAYER_SECCOMP },
	{ "nobody's memory is read", read_parent, TRAP, TRAP, NM_LAYER_SECCOMP },
	{ "no way to become root", become_root, TRAP, TRAP, NM_LAYER_SECCOMP },
	{ "no memory is writable and executable", write_and_run, EACCES, EACCES, NM_LAYER_SECCOMP },
	{ "nor becomes so", write_then_run, EACCES, EACCES, NM_LAYER_SECCOMP },
	{ "no more address space than allowed", more_memory, ENOMEM, ENOMEM, NM_LAYER_LIMITS },
	{ "no more descriptors than allowed", more_files, EMFILE, EMFILE, NM_LAYER_LIMITS },
	{ "no limit is raised", raise_limit, EPERM, EPERM, NM_LAYER_SECCOMP },
	{ "no BPF", use_bpf, TRAP, TRAP, NM_LAYER_SECCOMP },
	{ "no io_uring", use_iouring, TRAP, TRAP, NM_LAYER_SECCOMP },
	{ "a call nobody knows does not exist", unknown_call, ENOSYS, ENOSYS, NM_LAYER_SECCOMP },
};

static struct nm_sandbox_policy policy(bool writer)
{
	static int read_fds[1];

	read_fds[0] = open(in_path, O_PATH | O_CLOEXEC);
	return (struct nm_sandbox_policy){ .role = NM_ROLE_WORKER,
		.read_fds = read_fds,
		.n_read_fds = 1,
		.core_fd = -1,
		.write_fd = writer ? open(out_dir, O_PATH | O_CLOEXEC) : -1,
		.limits = { .address_space_bytes = UINT64_C(1) << 34, .open_files = 32 } };
}

/* The child's own report goes through the exit status: 0 to 255 are errno
 * values, 254 means that a layer the row needs is missing. */
static int try_row(int (*fn)(void), bool writer, enum nm_layer layer)
{
	struct nm_sandbox_policy p = policy(writer);
	struct nm_sandbox_report rep;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		(void)setpgid(0, 0);
		(void)signal(SIGSYS, SIG_DFL); /* cmocka catches it */
		(void)nm_sandbox_enter(&p, &rep);
		if (rep.state[layer] != NM_LAYER_ON)
			_exit(254);
		_exit(fn());
	}
	(void)close(p.read_fds[0]);
	if (p.write_fd >= 0)
		(void)close(p.write_fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? SIGNALED + WTERMSIG(status) : WEXITSTATUS(status);
}

static void a_worker_can_compute_and_answer_and_nothing_else(void **state)
{
	unsigned missing = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (int writer = 0; writer < 2; writer++) {
			int got = try_row(rows[i].fn, writer, rows[i].layer);

			if (got == 254) {
				print_message("# %s: the kernel lacks %s\n", rows[i].name,
				    nm_layer_name(rows[i].layer));
				missing++;
				continue;
			}
			print_message(
			    "# %s%s\n", rows[i].name, writer ? " (with an output folder)" : "");
			assert_int_equal(got, writer ? rows[i].want_writer : rows[i].want);
		}
	if (missing && getenv("CI"))
		fail_msg("%u rows could not be tried", missing);
	if (missing)
		skip();
}

/* ---- a guest: most calls are its own business ---- */

static int exec_listed(void)
{
	char *argv[] = { (char[]){ "true" }, NULL };

	return result(execv("/bin/true", argv));
}
static int exec_readable(void)
{
	char *argv[] = { (char[]){ "true" }, NULL };
	int fd = open(program_path, O_RDONLY);

	return fd < 0 ? 1 : result(execv(program_path, argv));
}
static int old_fork(void)
{
	long p = syscall(SYS_fork);

	if (p == 0)
		_exit(0);
	return result(p);
}

static const struct {
	const char *name;
	int (*fn)(void);
	int want, want_alone; /* before and after it is alone */
} guest_rows[] = {
	{ "threads can be started", start_thread, 0, 0 },
	{ "a process only before", fork_it, 0, EPERM },
	{ "by the older call, too", old_fork, 0, EPERM },
	{ "nor by one whose flags can't be seen", raw_clone3, EINVAL, ENOSYS },
	{ "a program that it was given", exec_listed, 0, 0 },
	{ "none that it can only read", exec_readable, EACCES, EACCES },
	{ "another folder can't be read", read_other, EACCES, EACCES },
	{ "no internet socket", inet_socket, EPERM, EPERM },
	{ "a local one only before", unix_socket, 0, EPERM },
};

static int try_guest_row(int (*fn)(void), bool alone)
{
	int read_fds[] = { open(program_path, O_PATH | O_CLOEXEC) };
	int exec_fds[] = { open("/bin/true", O_PATH | O_CLOEXEC),
		open("/lib64/ld-linux-x86-64.so.2", O_PATH | O_CLOEXEC) };
	struct nm_sandbox_policy p = { .role = NM_ROLE_GUEST,
		.read_fds = read_fds,
		.n_read_fds = 1,
		.exec_fds = exec_fds,
		.n_exec_fds = 2,
		.write_fd = -1,
		.also_write_fd = -1,
		.core_fd = -1 };
	struct nm_sandbox_report rep;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (!nm_sandbox_enter(&p, &rep) || (alone && !nm_sandbox_alone(&p, &rep)))
			_exit(254);
		_exit(fn());
	}
	(void)close(read_fds[0]);
	(void)close(exec_fds[0]);
	(void)close(exec_fds[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? SIGNALED + WTERMSIG(status) : WEXITSTATUS(status);
}

static void a_guest_that_is_alone_begins_no_process(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(guest_rows); i++)
		for (int alone = 0; alone < 2; alone++) {
			int got = try_guest_row(guest_rows[i].fn, alone);

			if (got == 254 && !getenv("CI"))
				skip();
			print_message("# %s%s\n", guest_rows[i].name, alone ? " (alone)" : "");
			assert_int_equal(
			    got, alone ? guest_rows[i].want_alone : guest_rows[i].want);
		}
}

static int as_engine(void)
{
	struct nm_sandbox_policy e = { .role = NM_ROLE_ENGINE, .write_fd = -1, .core_fd = -1 };
	struct nm_sandbox_policy w = policy(false);
	struct nm_sandbox_report rep;
	int status;
	pid_t pid;

	if (!nm_sandbox_enter(&e, &rep))
		return 254;
	if (open(in_path, O_RDONLY) >= 0)
		return 1;
	if (memfd_create("x", 0) < 0)
		return 2;
	pid = fork();
	if (pid == 0) {
		if (!nm_sandbox_enter(&w, &rep))
			_exit(3);
		_exit(start_thread() || allocate() ? 4 : fork_it());
	}
	if (waitpid(pid, &status, 0) != pid)
		return 5;
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
		return WIFEXITED(status) ? 100 + WEXITSTATUS(status) : 6;
	pid = fork();
	if (pid == 0)
		for (;;)
			(void)pause();
	return kill(pid, SIGKILL) == 0 && waitpid(pid, &status, 0) == pid &&
		       WTERMSIG(status) == SIGKILL
		   ? 0
		   : 7;
}

static void an_engine_forks_sandboxed_workers_and_ends_them(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		(void)signal(SIGSYS, SIG_DFL);
		_exit(as_engine());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 254 && !getenv("CI"))
		skip();
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void every_layer_has_a_name_and_a_meaning(void **state)
{
	char buf[40];

	(void)state;
	for (int l = 0; l < NM_LAYERS; l++) {
		assert_true(strlen(nm_layer_name((enum nm_layer)l)) > 2);
		assert_true(strlen(nm_layer_meaning((enum nm_layer)l)) > 10);
	}
	assert_string_equal(nm_syscall_name(SYS_socket, buf, sizeof buf), "socket");
	assert_string_equal(nm_syscall_name(9999, buf, sizeof buf), "system call 9999");
}

/* A program that all may run, as far as its mode says. */
static int copy_program(void)
{
	int in = open("/bin/true", O_RDONLY | O_CLOEXEC);
	int out = open(program_path, O_CREAT | O_WRONLY | O_CLOEXEC, 0700);
	ssize_t n = in < 0 || out < 0 ? -1 : sendfile(out, in, NULL, 1 << 20);

	(void)close(in);
	return n > 0 && close(out) == 0 ? chmod(program_path, 0755) : -1;
}

static int setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chmod(dir, 0755), 0);
	(void)snprintf(in_path, sizeof in_path, "%s/in", dir);
	(void)snprintf(secret_path, sizeof secret_path, "%s/secret", dir);
	(void)snprintf(new_path, sizeof new_path, "%s/new", dir);
	(void)snprintf(out_dir, sizeof out_dir, "%s/out", dir);
	(void)snprintf(out_path, sizeof out_path, "%s/out/file", dir);
	(void)snprintf(program_path, sizeof program_path, "%s/program", dir);
	if (copy_program())
		return -1;
	(void)close(open(in_path, O_CREAT | O_WRONLY, 0666));
	(void)close(open(secret_path, O_CREAT | O_WRONLY, 0666));
	assert_int_equal(mkdir(out_dir, 0777), 0);
	return chmod(in_path, 0666) || chmod(secret_path, 0666) || chmod(out_dir, 0777);
}

static int teardown(void **state)
{
	(void)state;
	(void)unlink(program_path);
	(void)unlink(in_path);
	(void)unlink(secret_path);
	(void)unlink(out_path);
	(void)rmdir(out_dir);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_worker_can_compute_and_answer_and_nothing_else),
		cmocka_unit_test(a_guest_that_is_alone_begins_no_process),
		cmocka_unit_test(an_engine_forks_sandboxed_workers_and_ends_them),
		cmocka_unit_test(every_layer_has_a_name_and_a_meaning),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
