/* SPDX-License-Identifier: MIT */
/* Starting and ending the engine on Linux. */
#include "engine/engine.h"
#include "host/host_int.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define ENV_MAX    64 /* variables that are passed on, with the NULL */
#define FOLDER     "NETMON_OUTPUT_DIR"
#define FOLDER_MAX (PATH_MAX + sizeof FOLDER + 1)

enum { ENGINE_CTL = 3, ENGINE_CAPTURE, ENGINE_FULL, ENGINE_READ };
_Static_assert(ENGINE_READ + 1 == NM_ENGINE_FDS, "the engine looks for the others behind it");

/* The engine gets its descriptors at fixed numbers; dup2 clears close-on-exec,
 * except from a number to itself, so sources are moved out of the way first. */
static int above(int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 10);

	if (copy < 0 && errno == EINVAL) /* no such number may be had here */
		errno = EMFILE;
	return copy;
}

/* Descriptors that the engine gets, in its order, out of the way of theirs. */
struct parcel {
	int fds[6 + NM_GRANT_MAX]; /* control, capture, temporary file (2), folders to write (2) */
	unsigned n;
};

static bool pack(struct parcel *p, int fd)
{
	int copy = fd < 0 ? -1 : above(fd);

	if (fd >= 0 && copy < 0)
		return false;
	p->fds[p->n++] = copy;
	return true;
}

static bool pack_all(struct parcel *p, int ctl, const struct nm_grant *g)
{
	if (!pack(p, ctl) || !pack(p, g->capture_fd) || !pack(p, g->full_fd) ||
	    !pack(p, g->read_fd))
		return false;
	for (unsigned i = 0; i < g->n_read; i++)
		if (!pack(p, g->read_fds[i]))
			return false;
	if (g->write_fd >= 0 && !pack(p, g->write_fd))
		return false;
	return g->core_fd < 0 || pack(p, g->core_fd);
}

static void unpack(struct parcel *p)
{
	for (unsigned i = 0; i < p->n; i++)
		if (p->fds[i] >= 0)
			(void)close(p->fds[i]);
}

/* What tells experts where they may write, "" when nowhere. They begin in that folder, whose
 * own name they may not be able to look up; with --core and --in-process they begin elsewhere. */
static void name_folder(const struct nm_run_options *o, char *ret, size_t room)
{
	char path[PATH_MAX];
	const char *where = ".";

	*ret = '\0';
	if (!o->output_dir)
		return;
	if (o->keep_core || o->in_process)
		where = realpath(o->output_dir, path);
	if (where)
		(void)snprintf(ret, room, "%s=%s", FOLDER, where);
}

/* Of our environment an expert needs the language, the time zone and where its
 * libraries are; the rest is nobody's business. Borrowed strings. */
static void filter_environment(char *kept[ENV_MAX], char *folder)
{
	static const char *const needed[] = { "LANG=", "LANGUAGE=", "LC_",
		"TZ=", "LD_LIBRARY_PATH=", "ASAN_OPTIONS=", "UBSAN_OPTIONS=", "TSAN_OPTIONS=" };
	unsigned n = 0;

	if (*folder)
		kept[n++] = folder;
	for (char **e = environ; *e && n < ENV_MAX - 1; e++)
		for (unsigned i = 0; i < sizeof needed / sizeof *needed; i++)
			if (strncmp(*e, needed[i], strlen(needed[i])) == 0) {
				kept[n++] = *e;
				break;
			}
	kept[n] = NULL;
}

static int spawn_with(struct nm_link *l, const struct parcel *p, char *const *argv, char *folder)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t at;
	sigset_t none;
	char *env[ENV_MAX];
	int err;

	(void)posix_spawn_file_actions_init(&fa);
	for (unsigned i = 0; i < p->n; i++)
		if (p->fds[i] >= 0)
			(void)posix_spawn_file_actions_adddup2(&fa, p->fds[i], ENGINE_CTL + (int)i);
		else /* what is there is somebody else's */
			(void)posix_spawn_file_actions_addclose(&fa, ENGINE_CTL + (int)i);
	(void)posix_spawn_file_actions_addclosefrom_np(&fa, ENGINE_CTL + (int)p->n);
	(void)posix_spawnattr_init(&at);
	(void)sigemptyset(&none);
	(void)posix_spawnattr_setsigmask(&at, &none);
	(void)posix_spawnattr_setflags(&at, POSIX_SPAWN_SETSIGMASK);
	filter_environment(env, folder);
	err = posix_spawn(&l->pid, nm_engine_path(), &fa, &at, argv, env);
	if (err)
		l->pid = 0;
	(void)posix_spawnattr_destroy(&at);
	(void)posix_spawn_file_actions_destroy(&fa);
	return err;
}

/* The words of nmapi-engine's command line, see its main.c. */
static int spawn(struct nm_link *l, int ctl, const struct nm_grant *g)
{
	struct parcel p = { .n = 0 };
	char words[8][24], program[] = "nmapi-engine", *name = strdup(g->name);
	char *argv[] = { program, words[0], words[1], words[2], name, words[3], words[4], words[5],
		words[6], NULL, words[7], NULL };
	char write[2] = { g->write_fd >= 0 ? '1' : '0', '\0' }, folder[FOLDER_MAX];
	int err = ENOMEM;

	argv[9] = write;
	name_folder(g->opt, folder, sizeof folder);
	(void)snprintf(words[0], sizeof words[0], "%ld", (long)getpid());
	(void)snprintf(words[1], sizeof words[1], "%d", ENGINE_CTL);
	(void)snprintf(words[2], sizeof words[2], "%d", g->capture_fd < 0 ? -1 : ENGINE_CAPTURE);
	(void)snprintf(words[3], sizeof words[3], "%d", (int)g->opt->sandbox);
	(void)snprintf(words[4], sizeof words[4], "%d",
	    g->core_fd >= 0 ? NM_CORE_FOLDER : (int)g->opt->keep_core);
	(void)snprintf(words[5], sizeof words[5], "%u", g->n_allow);
	(void)snprintf(words[6], sizeof words[6], "%u", g->n_read);
	(void)snprintf(words[7], sizeof words[7], "%d", (int)g->keep);
	if (name)
		err = pack_all(&p, ctl, g) ? spawn_with(l, &p, argv, folder) : errno;
	unpack(&p);
	free(name);
	return err;
}

/* --in-process: the process that a debugger holds runs the expert, and its
 * child supervises. The parent ends with the child's exit status. */
static _Noreturn void serve_here(int ctl, int capture_fd, pid_t supervisor)
{
	const struct nm_door *(*open_door)(uint32_t) = NULL;
	void *lib = dlopen(nm_library_path(), RTLD_NOW | RTLD_GLOBAL);
	void *sym = lib ? dlsym(lib, "nm_door") : NULL;
	struct nm_engine_config cfg = { .ctl = { .in = ctl, .out = ctl },
		.capture_fd = capture_fd,
		.in_process = true,
		.write_fd = -1,
		.core_fd = -1,
		.full_fd = -1,
		.read_fd = -1 };
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

static int swap_roles(
    struct nm_link *l, struct nm_channel *theirs, int capture_fd, const struct nm_run_options *o)
{
	pid_t supervisor = fork();
	static char folder[FOLDER_MAX]; /* of the environment, from here on */

	if (supervisor < 0)
		return errno;
	if (supervisor > 0) {
		nm_channel_close(&l->channel);
		(void)unsetenv(FOLDER);
		name_folder(o, folder, sizeof folder);
		if (*folder)
			(void)putenv(folder);
		serve_here(theirs->in, capture_fd, supervisor);
	}
	l->host = getppid();
	return 0;
}

bool nm_link_can_be_here(void)
{
	return true;
}

int nm_link_open(struct nm_link *l, const struct nm_grant *g)
{
	struct nm_channel theirs;
	int err;

	*l = (struct nm_link){ .channel = { .in = -1, .out = -1 } };
	err = nm_channel_new(&l->channel, &theirs);
	if (err)
		return err;
	err = g->opt->in_process ? swap_roles(l, &theirs, g->capture_fd, g->opt)
				 : spawn(l, theirs.in, g);
	nm_channel_close(&theirs);
	if (err)
		nm_channel_close(&l->channel);
	return err;
}

bool nm_link_kill_host(const struct nm_link *l)
{
	return l->host && kill(l->host, SIGKILL) == 0;
}

int nm_link_close(struct nm_link *l)
{
	int status = 0;

	nm_channel_close(&l->channel);
	if (l->pid > 0) {
		/* Its conversation is over: nothing it still does is wanted, and its
		 * workers die with it. */
		(void)kill(l->pid, SIGKILL);
		while (waitpid(l->pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	*l = (struct nm_link){ .channel = { .in = -1, .out = -1 } };
	return status;
}
