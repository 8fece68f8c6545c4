/* SPDX-License-Identifier: MIT */
/* sandbox/sandbox.h -- what the engine and the workers may still do.
 *
 * A process enters the sandbox once, before it touches a byte it does not
 * trust; what it starts afterwards inherits it. Layers are independent: each
 * is applied as far as the kernel offers it, and the report says which are on.
 *
 * Owns:     nothing that outlives the call.
 * Uses:     base/, libseccomp.
 * Threads:  call it from the only thread of the process.
 * Trust:    the policy is the supervisor's; everything after the call is not.
 */
#ifndef NM_SANDBOX_SANDBOX_H
#define NM_SANDBOX_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NM_SANDBOX_NOBODY                                                                          \
	65534 /* nobody and nogroup on every Debian system; need not have a name */

enum nm_role {
	NM_ROLE_ENGINE, /* reads a capture, forks workers */
	NM_ROLE_WORKER, /* runs one expert */
	NM_ROLE_GUEST,  /* runs one that brings a system of its own, Wine */
};

enum nm_layer {
	NM_LAYER_USER,     /* an unprivileged user; only when started as root */
	NM_LAYER_PRIVS,    /* no new privileges, not dumpable */
	NM_LAYER_LIMITS,   /* rlimits */
	NM_LAYER_LANDLOCK, /* files, and from ABI 4 TCP, from ABI 6 signals and abstract sockets */
	NM_LAYER_SECCOMP,  /* system calls */
	NM_LAYERS
};

enum nm_layer_state {
	NM_LAYER_ON,
	NM_LAYER_MISSING, /* the kernel lacks it */
	NM_LAYER_FAILED,  /* the kernel has it and refused */
	NM_LAYER_UNUSED,  /* not applicable: no root to drop, or not asked for */
	NM_LAYER_ABSENT,  /* this system has nothing of the kind: told, and asked of nobody */
	NM_LAYER_STATES
};

/* What a process may use. 0 anywhere: no limit of ours. */
struct nm_limits {
	uint64_t address_space_bytes;
	uint64_t data_bytes; /* memory that it may write to */
	uint64_t cpu_s;
	uint64_t stack_bytes;
	uint64_t open_files;
	uint64_t file_bytes; /* of one file written beneath write_fd */
};

struct nm_sandbox_policy {
	enum nm_role role;
	const int *read_fds; /* files and folders that may be read: opened by who may, since
	                                * the user that is left may not even look them up */
	unsigned n_read_fds;
	const int *exec_fds; /* of a guest: programs that may be begun; opened in the same way */
	unsigned n_exec_fds;
	int write_fd;      /* the folder that may be written beneath; -1: nothing may */
	int also_write_fd; /* of a guest: another one; -1: none */
	bool x86;          /* a guest's programs are 32-bit: it must have a network of its own */
	int core_fd;       /* the folder that the kernel may write core dumps in; -1: none */
	bool keep_core;    /* core dumps allowed */
	bool watch_exit;   /* whoever ends the process unasked is stopped by SIGSYS: NM_EXIT_MARK */
	struct nm_limits limits;
};

/* In the status of exit_group, above what the kernel keeps of it: asked for. */
#define NM_EXIT_MARK 0x4e4d0000

struct nm_sandbox_report {
	uint8_t state[NM_LAYERS]; /* enum nm_layer_state */
	uint32_t landlock_abi;    /* 0: none */
};

/* Enter. True when every layer is on or unused; the report is filled always. */
bool nm_sandbox_enter(const struct nm_sandbox_policy *p, struct nm_sandbox_report *ret);

/* A guest that has entered begins no process and makes no socket any more; those that it has stay. True
 * when that is so; if not, the layer of system calls has failed. Linux only. */
bool nm_sandbox_alone(const struct nm_sandbox_policy *p, struct nm_sandbox_report *report);

/* What the system itself needs to be read to load a shared object. */
extern const char *const nm_system_read_paths[];
extern const unsigned nm_n_system_read_paths;

/* For each layer on this system its name, and what is lost without it. */
struct nm_layer_words {
	const char *name, *meaning;
};
extern const struct nm_layer_words nm_layer_words[NM_LAYERS];

const char *nm_layer_name(enum nm_layer l); /* "landlock"; static */

/* Does every layer hold that this system has and that was asked for? */
bool nm_sandbox_is_whole(const struct nm_sandbox_report *r);

/* Why nothing is run in a sandbox that lacks a layer: a sentence about the first one. */
void nm_sandbox_why_not(const struct nm_sandbox_report *r, char *buf, size_t size);

/* What is lost without a layer, as half a sentence; static. */
const char *nm_layer_meaning(enum nm_layer l);

/* The name of a system call of this machine into buf, "system call 999" when
 * it has none. Async-signal-safe it is not: for the supervisor's reports. */
const char *nm_syscall_name(int nr, char *buf, size_t size);

/* ---- landlock.c, syscalls.c: one layer each; 0, or an errno value; ENOSYS and
 * EOPNOTSUPP mean that the kernel lacks it ---- */
int nm_landlock_enter(const struct nm_sandbox_policy *p, uint32_t *ret_abi);
int nm_seccomp_enter(const struct nm_sandbox_policy *p);
int nm_seccomp_alone(bool x86); /* on top of that: no processes and no sockets */

#endif
