/* SPDX-License-Identifier: MIT */
/* sandbox/jail.h -- a process on Windows, which is begun in its sandbox.
 *
 * Windows has nothing that a process could put on by itself before it touches a byte: it is given
 * a token that may do less than ours, and begins in a job that bounds it and ends with us.
 *
 * Owns:     the process and the job, until nm_jail_close().
 * Uses:     the operating system.
 * Threads:  one.
 * Trust:    the program is ours, what it will run is not.
 */
#ifndef NM_SANDBOX_JAIL_H
#define NM_SANDBOX_JAIL_H

#include "sandbox/sandbox.h"

#define NM_JAIL_HANDED 4
#define NM_JAIL_KILLED 0x4e4d0009u /* the code of what we end */

struct nm_jail {
	void *process, *job; /* NULL: none */
	uint32_t pid;
};

struct nm_jail_start {
	const char *program; /* its path */
	const char *words;   /* its command line, behind the program's name */
	const char *folder;  /* where it begins, and may write */
	const char *output;  /* NETMON_OUTPUT_DIR for it; NULL: none */
	int in, out, err;    /* what its standard streams are; -1: nothing */
	const int *hand;     /* descriptors that it gets besides; -1: none */
	unsigned n_hand; /* at most NM_JAIL_HANDED; "%N" in the words is the number of the Nth */
	struct nm_limits limits;
	bool parent; /* it may start one process at a time, which is in the same job */
	bool loose;  /* no sandbox: the job only ends it with us */
};

/* 0 or an errno value. *ret_box says which layers are on. */
int nm_jail_start(
    struct nm_jail *ret, const struct nm_jail_start *s, struct nm_sandbox_report *ret_box);

/* How a process ended. */
struct nm_jail_end {
	uint32_t code; /* of its exit, or the exception's */
	uint64_t cpu_us, peak_kib;
};

/* False: it has not. */
bool nm_jail_ended(const struct nm_jail *j, struct nm_jail_end *ret);

/* The code is an exception's, whoever ended the process by it. */
bool nm_jail_is_exception(uint32_t code);

/* The code as waitpid() tells such an end: 0xc0000005 is that by SIGSEGV. */
int nm_jail_wait_status(uint32_t code);

/* End all that is in it, at once. */
void nm_jail_kill(const struct nm_jail *j);
/* The same, and forget it; safe on one that never began. */
void nm_jail_close(struct nm_jail *j);

#endif
