/* SPDX-License-Identifier: MIT */
/* A host for the tests of the command: it runs nothing, notes what it was asked
 * and plays the synthetic run of report_events.h. */
#ifndef CLI_HOST_H
#define CLI_HOST_H

#include "nmhost.h"

struct cli_host {
	struct nm_run_options options;   /* of the last call; its pointers are stale after it */
	struct nm_frames_options frames; /* likewise, of nm_frames */
	unsigned runs;
	int status;          /* what nm_run and the others return */
	bool interrupted;    /* what nm_run says of itself */
	char converted[256]; /* "IN OUT FORMAT" of nm_convert */
	const char *say;     /* a message to send, or NULL */
	bool progress;       /* call the progress callback */
	bool no_experts;     /* the list is empty */
	bool no_settings;    /* the expert names none */
	unsigned n_changes;  /* of nm_settings_change, and the first as "NAME>VALUE" */
	char changes[4][64];
	const char *sdk;      /* what nm_sdk_folder returns */
	bool (*during)(void); /* called while "running"; may be NULL */
};

extern struct cli_host cli_host;

/* All as at the start. */
void cli_host_reset(void);

#endif
