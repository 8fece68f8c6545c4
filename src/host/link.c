/* SPDX-License-Identifier: MIT */
/* Starting the engine and talking to it. */
#include "engine/engine.h"
#include "host/host_int.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { ENGINE_CTL = 3, ENGINE_CAPTURE = 4 };

/* The engine gets its descriptors at fixed numbers; dup2 clears close-on-exec,
 * except from a number to itself, so sources are moved out of the way first. */
static int above(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 10);
}

static int spawn(struct nm_link *l, int ctl, int capture_fd, const char *name)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t at;
	sigset_t none;
	char parent[24], capture[8];
	char *argv[] = { (char[]){ "nmapi-engine" }, parent, (char[]){ "3" }, capture, NULL, NULL };
	char *label = strdup(name);
	int err;

	if (!label)
		return ENOMEM;
	argv[4] = label;
	(void)snprintf(parent, sizeof parent, "%ld", (long)getpid());
	(void)snprintf(capture, sizeof capture, "%d", capture_fd < 0 ? -1 : ENGINE_CAPTURE);
	(void)posix_spawn_file_actions_init(&fa);
	(void)posix_spawn_file_actions_adddup2(&fa, ctl, ENGINE_CTL);
	if (capture_fd >= 0)
		(void)posix_spawn_file_actions_adddup2(&fa, capture_fd, ENGINE_CAPTURE);
	(void)posix_spawn_file_actions_addclosefrom_np(&fa, capture_fd < 0 ? 4 : 5);
	(void)posix_spawnattr_init(&at);
	(void)sigemptyset(&none);
	(void)posix_spawnattr_setsigmask(&at, &none);
	(void)posix_spawnattr_setflags(&at, POSIX_SPAWN_SETSIGMASK);
	err = posix_spawn(&l->pid, nm_engine_path(), &fa, &at, argv, environ);
	if (err)
		l->pid = 0;
	(void)posix_spawnattr_destroy(&at);
	(void)posix_spawn_file_actions_destroy(&fa);
	free(label);
	return err;
}

/* --in-process: the process that a debugger holds runs the expert, and its
 * child supervises. The parent ends with the child's exit status. */
static _Noreturn void serve_here(int ctl, int capture_fd, pid_t supervisor)
{
	const struct nm_door *(*open_door)(uint32_t) = NULL;
	void *lib = dlopen(nm_library_path(), RTLD_NOW | RTLD_GLOBAL);
	void *sym = lib ? dlsym(lib, "nm_door") : NULL;
	struct nm_engine_config cfg = { .ctl_fd = ctl, .capture_fd = capture_fd, .in_process = true };
	int status = 0;

	memcpy(&open_door, &sym, sizeof sym);
	cfg.door = open_door ? open_door(NM_DOOR_VERSION) : NULL;
	(void)signal(SIGINT, SIG_IGN); /* the supervisor hears it and asks politely */
	if (cfg.door)
		(void)nm_engine_serve(&cfg);
	else
		(void)fprintf(stderr, "%s\n", dlerror());
	(void)close(ctl);
	while (waitpid(supervisor, &status, 0) < 0 && errno == EINTR)
		;
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : NM_EXIT_PARTIAL);
}

static int swap_roles(struct nm_link *l, int pair[2], int capture_fd)
{
	pid_t supervisor = fork();

	if (supervisor < 0)
		return errno;
	if (supervisor > 0) {
		(void)close(pair[0]);
		serve_here(pair[1], capture_fd, supervisor);
	}
	(void)close(pair[1]);
	l->fd = pair[0];
	l->host = getppid();
	return 0;
}

int nm_link_open(struct nm_link *l, int capture_fd, const char *name, bool in_process)
{
	int pair[2], high, cap = -1, err;

	*l = (struct nm_link){ .fd = -1 };
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return errno;
	if (in_process)
		return swap_roles(l, pair, capture_fd);
	high = above(pair[1]);
	if (capture_fd >= 0)
		cap = above(capture_fd);
	if (high < 0 || (capture_fd >= 0 && cap < 0))
		err = errno;
	else
		err = spawn(l, high, cap, name);
	if (high >= 0)
		(void)close(high);
	if (cap >= 0)
		(void)close(cap);
	(void)close(pair[1]);
	if (err)
		(void)close(pair[0]);
	else
		l->fd = pair[0];
	return err;
}

/* Send a packet with up to three descriptors. */
static bool send_with(const struct nm_link *l, const struct nm_enc *o, const int *fds, size_t n_fds)
{
	_Alignas(struct cmsghdr) char ctl[CMSG_SPACE(sizeof(int) * 3)] = { 0 };
	struct iovec iov = { .iov_base = o->p, .iov_len = o->n };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = ctl,
		.msg_controllen = CMSG_SPACE(sizeof(int) * n_fds) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&h);
	ssize_t r;

	if (o->full)
		return false;
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int) * n_fds);
	memcpy(CMSG_DATA(c), fds, sizeof(int) * n_fds);
	do
		r = sendmsg(l->fd, &h, MSG_NOSIGNAL);
	while (r < 0 && errno == EINTR);
	return r == (ssize_t)o->n;
}

bool nm_link_start(struct nm_link *l, const struct nm_ctl_start *m, const int fds[3])
{
	uint8_t buf[NM_CTL_MAX];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };

	nm_enc_start(&o, m);
	return send_with(l, &o, fds, 3);
}

bool nm_link_convert(struct nm_link *l, enum nm_format to, int fd)
{
	uint8_t buf[16];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };

	nm_enc_ctl_index(&o, NM_CTL_CONVERT, (uint32_t)to);
	return send_with(l, &o, &fd, 1);
}

bool nm_link_kill(struct nm_link *l, uint32_t index)
{
	uint8_t buf[16];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };

	if (l->host) /* it runs the expert itself and does not listen meanwhile */
		return kill(l->host, SIGKILL) == 0;
	nm_enc_ctl_index(&o, NM_CTL_KILL, index);
	return send(l->fd, o.p, o.n, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)o.n;
}

ssize_t nm_link_recv(struct nm_link *l, uint8_t buf[NM_CTL_MAX])
{
	ssize_t r = recv(l->fd, buf, NM_CTL_MAX, MSG_DONTWAIT);

	if (r < 0 && (errno == EAGAIN || errno == EINTR))
		return -1;
	return r < 0 ? 0 : r;
}

int nm_link_close(struct nm_link *l)
{
	int status = 0;

	if (l->fd >= 0)
		(void)close(l->fd);
	if (l->pid > 0) {
		/* Its conversation is over: nothing it still does is wanted, and its
		 * workers die with it. */
		(void)kill(l->pid, SIGKILL);
		while (waitpid(l->pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	*l = (struct nm_link){ .fd = -1 };
	return status;
}
