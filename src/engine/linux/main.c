/* SPDX-License-Identifier: MIT */
/* nmapi-engine: started by the supervisor, never by hand.
 *
 *   nmapi-engine PARENT CTL CAPTURE NAME SANDBOX CORE ALLOW READ WRITE KEEP
 *
 * Descriptors NM_ENGINE_FDS - 2 and - 1 are a temporary file, the second one only
 * to read, where the capture may need one.
 *
 * PARENT is the supervisor's process number; CTL and CAPTURE are descriptors
 * (CAPTURE -1: none); NAME is the capture's name, for people who list
 * processes; SANDBOX is an enum nm_sandbox_mode; CORE is 1 to keep core dumps, 2
 * when the last descriptor is the folder with folders for them;
 * READ descriptors from NM_ENGINE_FDS on may be read by some worker, the first
 * ALLOW of them by every worker; WRITE is 1 when the one after them is the
 * output folder; KEEP is 1 when not all workers run side by side. */
#include "engine/engine.h"

#include "base/fds.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#define READ_MAX 512

static int number(const char *s, int low, int high)
{
	long v = strtol(s, NULL, 10);

	return v < low ? low : v > high ? high : (int)v;
}

static int if_open(int fd)
{
	return fcntl(fd, F_GETFD) < 0 ? -1 : fd;
}

int main(int argc, char **argv)
{
	static int fds[READ_MAX];
	struct nm_engine_config cfg = {
		.read_fds = fds, .allow_fds = fds, .write_fd = -1, .core_fd = -1
	};

	if (argc != 11) {
		(void)fprintf(stderr, "nmapi-engine: started by netmon, not by hand\n");
		return 1;
	}
	nm_fill_descriptors(); /* a program that embeds the supervisor may have closed them */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != (pid_t)strtol(argv[1], NULL, 10))
		return 1;
	(void)setpgid(0, 0); /* Ctrl-C is the supervisor's business */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
	cfg.door = nm_door(NM_DOOR_VERSION);
	cfg.ctl.in = cfg.ctl.out = number(argv[2], 0, 1023);
	cfg.capture_fd = number(argv[3], -1, 1023);
	cfg.sandbox = (enum nm_sandbox_mode)number(argv[5], 0, NM_SANDBOX_OFF);
	cfg.keep_core = number(argv[6], 0, NM_CORE_FOLDER) > 0;
	cfg.n_allow_fds = (unsigned)number(argv[7], 0, NM_ALLOW_MAX);
	cfg.n_read_fds = (unsigned)number(argv[8], (int)cfg.n_allow_fds, READ_MAX);
	cfg.full_fd = if_open(NM_ENGINE_FDS - 2);
	cfg.read_fd = if_open(NM_ENGINE_FDS - 1);
	cfg.keep = number(argv[10], 0, 1) > 0;
	for (unsigned i = 0; i < cfg.n_read_fds; i++)
		fds[i] = NM_ENGINE_FDS + (int)i;
	if (number(argv[9], 0, 1))
		cfg.write_fd = NM_ENGINE_FDS + (int)cfg.n_read_fds;
	if (number(argv[6], 0, NM_CORE_FOLDER) == NM_CORE_FOLDER)
		cfg.core_fd = NM_ENGINE_FDS + (int)cfg.n_read_fds + (cfg.write_fd >= 0);
	if (!cfg.door)
		return 1;
	return nm_engine_serve(&cfg);
}
