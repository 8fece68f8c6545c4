/* SPDX-License-Identifier: MIT */
/* Wine, one expert at a time. */
#include "host/guest.h"
#include "engine/engine.h"
#include "host/host_int.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#define GUEST_FILES                                                                                \
	512 /* Wine takes four for each thread, of which 64 are allowed when nobody says otherwise */
#define GUEST_STACK  (UINT64_C(8) << 20)
#define SERVER_WAITS "20" /* seconds without a client, until Wine's server ends */
#define GUEST_READS  40   /* folders besides those of --allow-read */
#define NAME_MOST    64   /* bytes of a file's name in the guest's folder */
#define DRIVE        "Z:" /* where Wine shows all of our files */

/* ---- can it ----------------------------------------------------------------------------- */

static void say(char why[NM_DIAG_TEXT], const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void say(char why[NM_DIAG_TEXT], const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(why, NM_DIAG_TEXT, fmt, ap);
	va_end(ap);
}

bool nm_guest_can(const char *path, struct nm_wine *ret_wine, char why[NM_DIAG_TEXT])
{
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
	char program[4300];
	struct nm_dll dll;
	bool is_for_windows = fd >= 0 && nm_wine_look(path, fd, &dll);

	if (fd >= 0)
		(void)close(fd);
	*why = '\0';
	if (!is_for_windows)
		return false;
	if (!dll.usable) {
		say(why, "%s", dll.text);
		return false;
	}
	if (!nm_wine_find(dll.machine, ret_wine)) {
		say(why, "%s; it runs here once %s is installed", dll.text,
		    nm_wine_package(dll.machine));
		return false;
	}
	ret_wine->worker = nm_windows_folder(dll.machine);
	(void)snprintf(program, sizeof program, "%s/nmapi-worker.exe", ret_wine->worker);
	if (access(program, R_OK) == 0)
		return true;
	say(why, "%s; what runs it is not installed: %s, which 'make windows' builds", dll.text,
	    program);
	return false;
}

/* ---- paths ------------------------------------------------------------------------------------ */

/* As Windows has it: "/a/b" is "Z:\a\b". False: it has letters that no such name has, or others
 * than ASCII, which C programs would read in another way. */
static bool to_windows(char *buf, size_t size, const char *path)
{
	char full[4096];

	if (!realpath(path, full) || strlen(full) + 3 > size)
		return false;
	(void)snprintf(buf, size, DRIVE "%s", full);
	for (char *p = buf + 2; *p; p++) {
		if ((uint8_t)*p < 0x20 || (uint8_t)*p > 0x7e || strchr("\\:*?\"<>|", *p))
			return false;
		if (*p == '/')
			*p = '\\';
	}
	return true;
}

/* Can nobody read the file by this path? */
static bool is_open_to_all(const char *path)
{
	char full[4096];
	struct stat st;

	if (!realpath(path, full) || stat(full, &st) < 0 || !(st.st_mode & S_IROTH))
		return false;
	for (char *slash = strrchr(full, '/'); slash && slash > full; slash = strrchr(full, '/')) {
		*slash = '\0';
		if (stat(full, &st) < 0 || !(st.st_mode & S_IXOTH))
			return false;
	}
	return true;
}

/* ---- its folder ------------------------------------------------------------------------------ */

static int hand_over(const struct nm_guest *g, const char *path)
{
	return g->nobody && chown(path, NM_SANDBOX_NOBODY, NM_SANDBOX_NOBODY) < 0 ? errno : 0;
}

/* TMPDIR where the guest can enter it and Windows has a name for it, else /tmp. */
static const char *folder_for_it(const struct nm_guest *g)
{
	const char *dir = secure_getenv("TMPDIR");
	char name[sizeof g->folder - 32];
	struct stat st;

	return dir && *dir == '/' && strlen(dir) < sizeof name &&
		       to_windows(name, sizeof name, dir) && stat(dir, &st) == 0 &&
		       (!g->nobody || (st.st_mode & S_IXOTH && is_open_to_all(dir)))
		   ? dir
		   : "/tmp";
}

int nm_guest_open(struct nm_guest *g, enum nm_sandbox_mode sandbox)
{
	char world[sizeof g->folder + 8];

	g->nobody = geteuid() == 0 && sandbox != NM_SANDBOX_OFF;
	(void)snprintf(g->folder, sizeof g->folder, "%s/nmapi-wine-XXXXXX", folder_for_it(g));
	if (!mkdtemp(g->folder)) {
		g->folder[0] = '\0';
		return errno;
	}
	(void)snprintf(world, sizeof world, "%s/world", g->folder);
	if (mkdir(world, 0700) < 0)
		return errno;
	return hand_over(g, world) ? errno : hand_over(g, g->folder);
}

/* A new file in it. */
static int new_file(const struct nm_guest *g, const char *name)
{
	char path[sizeof g->folder + 1 + NAME_MOST];
	int fd;

	(void)snprintf(path, sizeof path, "%s/%s", g->folder, name);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0 && hand_over(g, path)) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

/* With room for all of it: to write to a page that there is none for would end us. */
int nm_guest_status(const struct nm_guest *g)
{
	int fd = new_file(g, "status");
	int err = fd < 0 ? 0 : posix_fallocate(fd, 0, NM_STATUS_BYTES);

	if (!err)
		return fd;
	(void)close(fd);
	errno = err;
	return -1;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)where;
	(void)(type == FTW_DP || type == FTW_D ? rmdir(path) : unlink(path));
	return 0;
}

/* ---- what it is told ----------------------------------------------------------------------------- */

/* What a copy is called, by which a crash in it is told: its own name, where nobody can take that
 * for another file's of the folder, or for anything but a name. */
static const char *copy_name(const char *path)
{
	static const char plain[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t n = strlen(name);

	return n > 4 && n < NAME_MOST && strspn(name, plain) == n &&
		       strcasecmp(name + n - 4, ".dll") == 0
		   ? name
		   : "expert.dll";
}

/* A copy of the expert in the guest's folder; 0 or an errno value. */
static int copy_expert(const struct nm_guest *g, const char *from)
{
	int in = open(from, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int out = in < 0 ? -1 : new_file(g, copy_name(from));
	int err = out < 0 ? errno : 0;
	ssize_t n = 1;

	while (!err && n > 0) {
		n = sendfile(out, in, NULL, 1 << 20);
		if (n < 0)
			err = errno;
	}
	if (in >= 0)
		(void)close(in);
	if (out >= 0)
		(void)close(out);
	return err;
}

/* The expert as the guest is to load it: by its own path, beside which libraries and files that
 * it needs may lie, or as a copy where that path is none for Windows or for nobody. */
static int place_expert(const struct nm_guest *g, const char *path, char *buf, size_t size)
{
	if (to_windows(buf, size, path) && (!g->nobody || is_open_to_all(path)))
		return 0;
	(void)snprintf(buf, size, DRIVE "%s/%s", g->folder, copy_name(path));
	return copy_expert(g, path);
}

/* ---- starting -------------------------------------------------------------------------------------- */

struct reads {
	int fds[GUEST_READS + NM_ALLOW_MAX];
	unsigned n;
	int programs[4];
	unsigned n_programs;
};

static void add_read(struct reads *r, const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC);

	if (fd >= 0 && r->n < sizeof r->fds / sizeof *r->fds)
		r->fds[r->n++] = fd;
}

static void add_folder_of(struct reads *r, const char *path)
{
	const char *slash = strrchr(path, '/');
	char dir[4200];

	(void)snprintf(dir, sizeof dir, "%.*s", slash == path ? 1 : (int)(slash - path), path);
	add_read(r, dir);
}

/* The loader, what it may begin itself anew with, the server, and what the kernel begins these with. */
static void collect_programs(struct reads *r, const struct nm_wine *w)
{
	char preloader[4300];
	const char *const paths[] = { w->loader, preloader, w->server,
		w->x86 ? "/lib/ld-linux.so.2" : "/lib64/ld-linux-x86-64.so.2" };

	(void)snprintf(preloader, sizeof preloader, "%s-preloader", w->loader);
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		int fd = open(paths[i], O_PATH | O_CLOEXEC);

		if (fd >= 0)
			r->programs[r->n_programs++] = fd;
	}
}

static void collect_reads(struct reads *r, const struct nm_guest_call *c, const char *expert)
{
	static const char *const wine[] = { "/usr/share/wine", "/etc/passwd", "/etc/nsswitch.conf",
		"/proc/sys", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat" };

	for (size_t i = 0; i < sizeof wine / sizeof *wine; i++)
		add_read(r, wine[i]);
	if (c->wine.root)
		add_read(r, c->wine.root);
	add_read(r, c->wine.worker);
	add_folder_of(r, expert);
	collect_programs(r, &c->wine);
	for (unsigned i = 0; i < c->opt->n_allow_read && i < NM_ALLOW_MAX; i++)
		add_read(r, c->opt->allow_read[i]);
}

/* What a program in the guest's world finds of us, besides its streams and its folder. */
struct surroundings {
	char prefix[600], home[600], temporary[600], server[4300], socket[32];
	char *env[11];
};

static void describe(struct surroundings *s, const struct nm_guest *g,
    const struct nm_guest_call *c, bool output, int socket_fd)
{
	static char quiet[] = "WINEDEBUG=-all", bootstrap[] = "WINEBOOTSTRAPMODE=1",
		    locale[] = "LC_ALL=C.UTF-8", folder[] = "NETMON_OUTPUT_DIR=.",
		    none[] = "WINEDLLOVERRIDES=wineboot.exe,winedbg.exe,mscoree,mshtml=";
	char *const env[] = { s->prefix, s->home, s->temporary, s->server, s->socket, quiet,
		bootstrap, none, locale, output ? folder : NULL, NULL };

	_Static_assert(sizeof env == sizeof s->env, "one array");
	(void)snprintf(s->prefix, sizeof s->prefix, "WINEPREFIX=%s/world", g->folder);
	(void)snprintf(s->home, sizeof s->home, "HOME=%s", g->folder);
	(void)snprintf(s->temporary, sizeof s->temporary, "TMPDIR=%s", g->folder);
	(void)snprintf(s->server, sizeof s->server, "WINESERVER=%s", c->wine.server);
	(void)snprintf(s->socket, sizeof s->socket, "WINESERVERSOCKET=%d", socket_fd);
	memcpy(s->env, env, sizeof env);
}

/* Wine's server, which goes on by itself once it listens: the child has ended then. */
static pid_t begin_server(const struct nm_guest_call *c, char *const env[], int socket_fd)
{
	char *argv[] = { (char *)(uintptr_t)c->wine.server, (char[]){ "-p" SERVER_WAITS }, NULL };
	pid_t pid = fork();
	int null;

	if (pid != 0)
		return pid;
	(void)close(socket_fd);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (dup2(null, 0) == 0 && dup2(null, 1) == 1)
		(void)execve(argv[0], argv, env);
	_exit(NM_WORKER_NONE);
}

static bool server_listens(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) != pid)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int unconnected = -1; /* for nftw(), which hands nothing to its function */

static int connect_here(const char *path, const struct stat *st, int type, struct FTW *where)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "socket" };

	(void)type;
	return S_ISSOCK(st->st_mode) && strcmp(path + where->base, a.sun_path) == 0 &&
	       connect(unconnected, (const struct sockaddr *)&a, sizeof a) == 0;
}

/* The connection that Wine would make by itself, if it could still make a socket. */
static bool connect_to_server(const struct nm_guest *g, int socket_fd)
{
	unconnected = socket_fd;
	return nftw(g->folder, connect_here, 8, FTW_PHYS | FTW_CHDIR) == 1;
}

/* And what it would make in a new world, before that. */
static bool furnish_world(const struct nm_guest *g)
{
	char devices[sizeof g->folder + 32], c[sizeof devices + 4], z[sizeof devices + 4],
	    drive[sizeof devices];

	(void)snprintf(devices, sizeof devices, "%s/world/dosdevices", g->folder);
	(void)snprintf(drive, sizeof drive, "%s/world/drive_c", g->folder);
	(void)snprintf(c, sizeof c, "%s/c:", devices);
	(void)snprintf(z, sizeof z, "%s/z:", devices);
	return mkdir(devices, 0700) == 0 && mkdir(drive, 0700) == 0 &&
	       symlink("../drive_c", c) == 0 && symlink("/", z) == 0;
}

static bool go_home(const struct nm_sandbox_policy *p)
{
	return fchdir(p->also_write_fd >= 0 ? p->also_write_fd : p->write_fd) == 0;
}

/* Debian's Wine begins at a fixed address, and newer kernels put its heap anywhere in the GiB behind
 * that: once in some thousand starts on the page that Windows and its programs share, and Wine ends.
 * Where containers refuse this it is left to luck. */
static void keep_heap_near(void)
{
	int now = personality(0xffffffff);

	if (now != -1)
		(void)personality((unsigned long)now | ADDR_NO_RANDOMIZE);
}

/* In the child, which has no more than its streams and its folder. */
static void enter(const struct nm_guest_call *c, const struct nm_sandbox_policy *p)
{
	sigset_t none;

	(void)setpgid(0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)signal(SIGPIPE, SIG_DFL);
	(void)signal(SIGXFSZ, SIG_DFL);
	keep_heap_near();
	if (dup2(c->capture_fd, 0) < 0 || dup2(c->events_fd, 1) < 0 || dup2(c->log_fd, 2) < 0 ||
	    !go_home(p))
		_exit(NM_WORKER_NONE);
}

/* In the child. Its world has two processes: the server, and this one, which begins no more once
 * it has begun that, and has one socket, to it. */
static _Noreturn void become_guest(const struct nm_guest *g, const struct nm_guest_call *c,
    const struct nm_sandbox_policy *p, int tell_fd)
{
	char program[4300], request[600], status[600];
	char *argv[] = { (char *)(uintptr_t)c->wine.loader, program, request, status, NULL };
	bool off = c->opt->sandbox == NM_SANDBOX_OFF, complete = true;
	struct nm_sandbox_report box = { 0 };
	int socket_fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct surroundings s;
	pid_t server;

	(void)snprintf(program, sizeof program, "%s/nmapi-worker.exe", c->wine.worker);
	(void)snprintf(request, sizeof request, "Z:%s/request", g->folder);
	(void)snprintf(status, sizeof status, "Z:%s/status", g->folder);
	describe(&s, g, c, p->also_write_fd >= 0, socket_fd);
	enter(c, p);
	if (!off)
		complete = nm_sandbox_enter(p, &box);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* a change of the user takes it back */
	server = begin_server(c, s.env, socket_fd);
	if (!off)
		complete &= nm_sandbox_alone(p, &box);
	if (write(tell_fd, &box, sizeof box) == (ssize_t)sizeof box && server > 0 &&
	    (complete || c->opt->sandbox == NM_SANDBOX_BEST_EFFORT) && server_listens(server) &&
	    furnish_world(g) && connect_to_server(g, socket_fd) && go_home(p))
		(void)execve(argv[0], argv, s.env);
	_exit(NM_WORKER_NONE);
}

static int fork_guest(struct nm_guest *g, const struct nm_guest_call *c, const struct reads *r,
    struct nm_sandbox_report *ret_box)
{
	struct nm_sandbox_policy p = { .role = NM_ROLE_GUEST,
		.x86 = c->wine.x86,
		.read_fds = r->fds,
		.n_read_fds = r->n,
		.exec_fds = r->programs,
		.n_exec_fds = r->n_programs,
		.write_fd = open(g->folder, O_PATH | O_DIRECTORY | O_CLOEXEC),
		.also_write_fd = c->opt->output_dir
				     ? open(c->opt->output_dir, O_PATH | O_DIRECTORY | O_CLOEXEC)
				     : -1,
		.core_fd = -1,
		.limits = { .cpu_s = c->order.start.cpu_s,
		    .data_bytes =
			c->order.start.space_bytes, /* Wine reserves far more than it writes to */
		    .stack_bytes = GUEST_STACK,
		    .open_files = GUEST_FILES } };
	int ends[2], err = p.write_fd < 0 || pipe2(ends, O_CLOEXEC) < 0 ? errno : 0;

	if (err)
		return err;
	g->pid = fork();
	if (g->pid == 0)
		become_guest(g, c, &p, ends[1]);
	err = g->pid < 0 ? errno : 0;
	g->pid = err ? 0 : g->pid;
	(void)close(ends[1]);
	if (!err && read(ends[0], ret_box, sizeof *ret_box) != (ssize_t)sizeof *ret_box)
		err = ECHILD;
	(void)close(ends[0]);
	(void)close(p.write_fd);
	if (p.also_write_fd >= 0)
		(void)close(p.also_write_fd);
	return err;
}

int nm_guest_start(
    struct nm_guest *g, const struct nm_guest_call *call, struct nm_sandbox_report *ret_box)
{
	char expert[4200], capture[4200] = "";
	struct nm_guest_call c = *call;
	struct reads r = { .n = 0 };
	int null = -1, err = place_expert(g, c.order.start.path, expert, sizeof expert);

	if (err)
		return err;
	if (*c.order.start.capture && !to_windows(capture, sizeof capture, c.order.start.capture))
		(void)snprintf(capture, sizeof capture, "capture");
	collect_reads(&r, &c, c.order.start.path);
	c.order.start.path = expert;
	c.order.start.capture = capture;
	c.order.n_parsers = 0; /* ours are no DLLs: those that lie beside the worker */
	if (c.capture_fd < 0)
		c.capture_fd = null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	err = nm_guest_request(new_file(g, "request"), &c.order);
	if (!err)
		err = fork_guest(g, &c, &r, ret_box);
	for (unsigned i = 0; i < r.n; i++)
		(void)close(r.fds[i]);
	for (unsigned i = 0; i < r.n_programs; i++)
		(void)close(r.programs[i]);
	if (null >= 0)
		(void)close(null);
	return err;
}

/* ---- ending ------------------------------------------------------------------------------------------ */

/* Wine's server for this guest holds a lock on a file in its folder, and the system says who holds it.
 * It ends what else is in this world. */
static int end_server(const char *path, const struct stat *st, int type, struct FTW *where)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1 };
	int fd;

	(void)st;
	if (type != FTW_F || strcmp(path + where->base, "lock") != 0)
		return 0;
	fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return 0;
	if (fcntl(fd, F_GETLK, &l) == 0 && l.l_type != F_UNLCK && l.l_pid > 0)
		(void)kill(l.l_pid, SIGKILL);
	(void)close(fd);
	return 0;
}

static void end_world(const struct nm_guest *g)
{
	if (g->folder[0])
		(void)nftw(g->folder, end_server, 8, FTW_PHYS);
}

void nm_guest_kill(const struct nm_guest *g)
{
	if (g->pid <= 0)
		return;
	(void)kill(-g->pid, SIGKILL);
	(void)kill(g->pid, SIGKILL);
	end_world(g);
}

static uint64_t as_us(struct timeval t)
{
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_usec;
}

bool nm_guest_reap(struct nm_guest *g, struct nm_ctl_exited *ret)
{
	siginfo_t si = { 0 };
	struct rusage u;

	if (g->pid <= 0 || waitid(P_PID, (id_t)g->pid, &si, WEXITED | WNOHANG | WNOWAIT) < 0 ||
	    si.si_pid != g->pid)
		return false;
	(void)kill(-g->pid, SIGKILL); /* while its number is still its own */
	if (wait4(g->pid, &ret->wait_status, 0, &u) != g->pid)
		return false;
	ret->cpu_us = as_us(u.ru_utime) + as_us(u.ru_stime);
	ret->peak_kib = (uint64_t)u.ru_maxrss;
	g->pid = 0;
	end_world(g);
	return true;
}

void nm_guest_close(struct nm_guest *g)
{
	struct rusage usage;
	int status;

	nm_guest_kill(g);
	while (g->pid > 0 && wait4(g->pid, &status, 0, &usage) < 0 && errno == EINTR)
		;
	g->pid = 0;
	if (g->folder[0])
		(void)nftw(g->folder, remove_one, 8, FTW_PHYS | FTW_DEPTH);
	g->folder[0] = '\0';
}
