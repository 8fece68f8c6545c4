/* SPDX-License-Identifier: MIT */
/* nmapi-engine: started by the supervisor, never by hand.
 *
 *   nmapi-engine PARENT CTL CAPTURE NAME
 *
 * PARENT is the supervisor's process number, CTL and CAPTURE are descriptors
 * (CAPTURE -1: none), NAME is the capture's name, for people who list processes. */
#include "engine/engine.h"

#include "base/fds.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct nm_engine_config cfg = { 0 };

	if (argc != 5) {
		(void)fprintf(stderr, "nmapi-engine: started by netmon, not by hand\n");
		return 1;
	}
	nm_fill_descriptors(); /* a program that embeds the supervisor may have closed them */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != (pid_t)strtol(argv[1], NULL, 10))
		return 1;
	(void)setpgid(0, 0); /* Ctrl-C is the supervisor's business */
	(void)signal(SIGPIPE, SIG_IGN);
	cfg.door = nm_door(NM_DOOR_VERSION);
	cfg.ctl_fd = (int)strtol(argv[2], NULL, 10);
	cfg.capture_fd = (int)strtol(argv[3], NULL, 10);
	if (!cfg.door)
		return 1;
	return nm_engine_serve(&cfg);
}
