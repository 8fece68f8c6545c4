/* SPDX-License-Identifier: MIT */
/* host/guest.h -- a worker that is a program of its own, in place of one that the engine forks.
 *
 * On Linux that is a Windows worker under Wine; on Windows every worker is one. A guest has a
 * folder of its own: the request, the status page, and under Wine its world, which is made for
 * this one run (WINEBOOTSTRAPMODE: no services, no copies of libraries); all of it goes with the
 * guest. It reads the capture by itself, from standard input.
 *
 * Owns:     its process, Wine's server for it, and the folder.
 * Uses:     sandbox/, wire/order.h.
 * Threads:  one.
 * Trust:    the process is hostile, and so is what it leaves in its folder.
 */
#ifndef NM_HOST_GUEST_H
#define NM_HOST_GUEST_H

#include "base/dll.h"
#include "host/wine.h"
#include "nmhost.h"
#include "sandbox/jail.h"
#include "sandbox/sandbox.h"
#include "wire/order.h"

#include <sys/types.h>

struct nm_guest {
	pid_t pid;           /* 0: none */
	struct nm_jail jail; /* its process on Windows */
	char folder[512];    /* "": none */
	char output[512];    /* on Windows: where what it writes goes in the end; "": nowhere */
	int lost;            /* why what it wrote is not all there, an errno value; 0: it is */
	bool nobody;         /* its user is nobody, since we are root */
};

/* Can a guest run the expert at `path`, or do a task without one (NULL)? Then *ret_wine is what
 * runs it. False, with a sentence in `why` when nothing else can either, else "". */
bool nm_guest_can(const char *path, struct nm_wine *ret_wine, char why[NM_DIAG_TEXT]);

/* Make its folder; for the user that a sandbox leaves. 0 or an errno value. */
int nm_guest_open(struct nm_guest *g, enum nm_sandbox_mode sandbox);

/* The file that is to be the status page, to be mapped; a descriptor, or -1 and errno. */
int nm_guest_status(const struct nm_guest *g);

struct nm_guest_call {
	const struct nm_run_options *opt;
	struct nm_wine wine;
	struct nm_order order; /* paths in it are this system's; they are translated */
	int capture_fd;        /* -1: none */
	int events_fd, log_fd; /* ends to write */
};

/* Write its request to fd, and close that. 0 or an errno value; fd -1: the one in errno. */
int nm_guest_request(int fd, const struct nm_order *o);

/* Start it. *ret_box says what is in force. 0 or an errno value; EPERM when the sandbox lacks a
 * layer that is needed. */
int nm_guest_start(
    struct nm_guest *g, const struct nm_guest_call *c, struct nm_sandbox_report *ret_box);

/* Has it ended? Then how (but for the index), and what is left of it ends too. */
bool nm_guest_reap(struct nm_guest *g, struct nm_ctl_exited *ret);

/* End it at once; nm_guest_reap() tells when that is done. */
void nm_guest_kill(const struct nm_guest *g);

/* End it if it runs, and remove its folder. Safe on one that never began. */
void nm_guest_close(struct nm_guest *g);

#endif
