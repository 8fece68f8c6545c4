/* SPDX-License-Identifier: MIT */
/* engine/engine.h -- the process that reads a capture and forks the workers.
 *
 * The supervisor starts it with a control socket and the capture as
 * descriptors. It opens and indexes the capture, forks a worker for each START
 * it is sent, and tells how each ended. It loads no plug-in itself and buffers
 * no output.
 *
 * Uses:     wire/, expert/ through its door, base/.
 * Threads:  one.
 * Trust:    the supervisor is trusted; the capture and the workers are not.
 */
#ifndef NM_ENGINE_ENGINE_H
#define NM_ENGINE_ENGINE_H

#include "expert/door.h"
#include "wire/wire.h"

struct nm_engine_config {
	const struct nm_door *door;
	int ctl_fd;              /* SOCK_SEQPACKET to the supervisor */
	int capture_fd;          /* -1: none; only Register can be asked for */
	bool in_process;         /* run experts in this process, one after another */
};

/* Serve until the supervisor closes the socket. 0, or 1 when the engine itself
 * could not go on. */
int nm_engine_serve(const struct nm_engine_config *cfg);

/* ---- worker.c: what happens in a worker's process ---- */

struct nm_worker {
	const struct nm_door *door;
	const struct nm_ctl_start *start;
	struct nm_capture *capture;  /* NULL: none */
	int events_fd;               /* where messages go */
	struct nm_status *status;
};

/* Load the expert, call Register and, if asked, Run; everything that happens is
 * told through events_fd. Returns when it has ended in an orderly way. */
void nm_worker_main(const struct nm_worker *w);

/* ---- plugin.c: shared objects ---- */

struct nm_plugin {
	void *handle;
	BOOL(WINAPI *dll_main)(HINSTANCE, ULONG, LPVOID); /* NULL: none */
	PEXPERTREGISTERPROC do_register;
	PEXPERTCONFIGPROC configure;                      /* NULL: none */
	PEXPERTRUNPROC run;
};

/* Load path and find the entry points; runs its constructors and DllMain.
 * False and a sentence in *ret_diag when it can't be an expert. */
bool nm_plugin_load(const char *path, struct nm_plugin *ret, struct nm_diag *ret_diag);
void nm_plugin_unload(struct nm_plugin *p);

#endif
