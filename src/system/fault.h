/* SPDX-License-Identifier: MIT */
/* system/fault.h -- a thread's faults and its processor time, and leaving code that does not
 * return.
 *
 * A process's own handler of faults gets what the system gives it and makes a struct nm_fault
 * of that; nm_faults_catch is such a handler, for processes that have none. A handler may
 * leave for a place that was marked: nm_fault_leave first, then NM_JUMP.
 *
 * Owns:     nothing.
 * Threads:  a fault is its thread's; see each function.
 */
#ifndef NM_SYSTEM_FAULT_H
#define NM_SYSTEM_FAULT_H

#include <stdbool.h>
#include <stddef.h>

#if defined(_WIN32)
/* The C library's longjmp unwinds, which makes no sense out of a fault. */
typedef void *nm_place[5];
#define NM_MARK(place) (__builtin_setjmp(place) && (nm_fault_left(), true))
#define NM_JUMP(place) __builtin_longjmp(place, 1)
#else
#include <setjmp.h>
typedef jmp_buf nm_place;
#define NM_MARK(place) _setjmp(place)
#define NM_JUMP(place) _longjmp(place, 1)
#endif

enum nm_fault_kind {
	NM_FAULT_ACCESS,    /* to memory that is not there, or not for that */
	NM_FAULT_CRASH,     /* other ends that a program brings about: a wrong instruction, ... */
	NM_FAULT_FORBIDDEN, /* a call that the sandbox does not let through */
	NM_FAULT_EXIT,      /* the end of the process was asked for */
	NM_FAULT_OTHER,
};

struct nm_fault {
	enum nm_fault_kind kind;
	int signal;          /* Linux' number of it, or of what is most like it there */
	unsigned code;       /* of the exception, on Windows; else 0 */
	const void *address; /* that was touched; NULL unless kind is NM_FAULT_ACCESS */
	const void *pc;      /* of the instruction */
	void *system;        /* what the system gave */
};

/* From the arguments of a handler of the system: info and context of a signal. */
struct nm_fault nm_fault_from(const void *info, void *context);

/* "SIGSEGV": what people call the signal of a fault. */
void nm_fault_name(int signal, char *buf, size_t size);

/* What was blocked when the handler was called is so no more, now that it won't return. */
void nm_fault_leave(const struct nm_fault *f);

#if defined(_WIN32)
/* NM_MARK's own: the thread is at the marked place, and what it had overflowed is unwound. */
void nm_fault_left(void);
#endif

/* Call fn with the fault's address, while faults are let through as they were before this
 * one; what fn returned. */
bool nm_fault_nest(const struct nm_fault *f, bool (*fn)(const void *address));

/* While on, ask is called for each fault of any thread, on a stack of its own where one thread
 * overflowed it; true: go on where it came from; false: the process ends by it. Not nested. */
void nm_faults_catch(bool on, bool (*ask)(const struct nm_fault *f));

/* Lets tick be called every ns nanoseconds of the process's own processor time, in the
 * thread that runs then; from_outside: another process asked for it. Stays as long as the
 * process, or until nm_ticks_stop. False: refused. Where a thread has to be held for that by
 * another (Windows), wanted is asked first, on any thread: one that is held while it ends the
 * process would be held for ever. */
bool nm_ticks_start(
    long ns, bool (*wanted)(void), void (*tick)(const struct nm_fault *f, bool from_outside));
void nm_ticks_stop(void);

/* Ask another process of ours, which may have ended, for a tick. */
void nm_ticks_ask(int pid);

/* Is the calling thread the one that the process began with? */
bool nm_thread_is_first(void);

/* Ends the calling thread, and nothing of what it would do at its end. */
_Noreturn void nm_thread_end(void);

/* The stretch of a loaded library's code that the address lies in. False: in none. */
bool nm_code_around(const void *address, const void **ret_low, const void **ret_high);

#endif
