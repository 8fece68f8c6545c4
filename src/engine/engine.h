/* SPDX-License-Identifier: MIT */
/* engine/engine.h -- the process that reads a capture, and those that work on it.
 *
 * The supervisor starts it with a conversation and the capture as
 * descriptors. It opens and indexes the capture, forks, where the system can, a worker for each
 * START it is sent, and tells how each ended. It loads no expert itself and buffers
 * no output.
 *
 * Uses:     wire/, expert/ through its door, base/.
 * Threads:  one.
 * Trust:    the supervisor is trusted; the capture and the workers are not.
 */
#ifndef NM_ENGINE_ENGINE_H
#define NM_ENGINE_ENGINE_H

#include "expert/door.h"
#include "sandbox/sandbox.h"
#include "system/channel.h"
#include "wire/wire.h"

#define NM_ALLOW_MAX   32
#define NM_CORE_FOLDER 2 /* the engine's word CORE: keep core dumps, in a folder */
#define NM_ENGINE_FDS  7 /* the first descriptor after control, capture and temporary file (2) */

struct nm_engine_config {
	const struct nm_door *door;
	struct nm_channel ctl; /* to the supervisor */
	int capture_fd;        /* -1: none; only Register can be asked for */
	int full_fd, read_fd;  /* a temporary file without a name, twice; -1: make one if needed */
	bool keep;             /* the capture will be read again and again */
	bool in_process;       /* run experts in this process, one after another; no sandbox */
	enum nm_sandbox_mode sandbox;
	bool keep_core;
	const int *read_fds; /* all that any worker may read: allow_fds and the experts' folders */
	unsigned n_read_fds;
	const int *allow_fds; /* what --allow-read names; kept open for the workers' rules */
	unsigned n_allow_fds; /* at most NM_ALLOW_MAX */
	int write_fd;         /* --output-dir; -1: none */
	int core_fd;          /* with a folder for each worker, by its index; -1: none */
};

/* What a worker's process ends with when its work is done and the expert is
 * unloaded: an expert that ends the process itself ends it with something else. */
#define NM_WORKER_DONE 77
#define NM_WORKER_NONE 125 /* it could not become a worker */
#define NM_WORKER_FAULT                                                                            \
	78 /* on Windows: an exception that nobody handled; which, is in the status page */

/* Serve until the supervisor closes the socket. 0, or 1 when the engine itself
 * could not go on. */
int nm_engine_serve(const struct nm_engine_config *cfg);

/* ---- worker.c: what happens in a worker's process ---- */

struct nm_speaker;

struct nm_worker {
	const struct nm_door *door;
	/* A task without an expert: nm_task_do; NULL in a worker that has none. */
	bool (*do_task)(const struct nm_worker *w, struct nm_speaker *s);
	const struct nm_ctl_start *start;
	struct nm_capture *capture; /* NULL: none */
	int events_fd;              /* where messages go */
	int file_fd;                /* the expert's file, open for reading; -1: none */
	const uint8_t *config;      /* start->config_bytes; NULL: none */
	struct nm_status *status;
	const struct nm_sandbox_report *box; /* what is in force; NULL: nothing, as asked */
	bool box_complete;
	bool lazy; /* our handler of faults is there: protocols are recognized once they are read */
};

/* Load the expert, call Register and what was asked for of Run and Configure, or do a task
 * without an expert; everything that happens is told through events_fd. Returns when it has
 * ended in an orderly way. */
void nm_worker_main(const struct nm_worker *w);

/* ---- plugin.c: shared objects ---- */

struct nm_plugin {
	void *handle;
	BOOL(WINAPI *dll_main)(HINSTANCE, ULONG, LPVOID); /* NULL: none */
	PEXPERTREGISTERPROC do_register;
	PEXPERTCONFIGPROC configure; /* NULL: none */
	PEXPERTRUNPROC run;
	PNMEXPERTFIELD fields; /* the expert's own, not checked; NULL: none */
};

/* Load path and find the entry points; runs its constructors and DllMain. A
 * folder that the user we became may not enter is passed by through file_fd.
 * False and a sentence in *ret_diag when it can't be an expert. */
bool nm_plugin_load(const char *path, int file_fd, struct nm_plugin *ret, struct nm_diag *ret_diag);
void nm_plugin_unload(struct nm_plugin *p);

/* It asks the system for handlers of signals, or of exceptions before others, so ours may not be
 * there when a page faults. Looks at what the object itself imports by name. */
bool nm_plugin_handles_signals(const struct nm_plugin *p);

#endif
