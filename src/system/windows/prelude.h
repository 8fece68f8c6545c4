/* SPDX-License-Identifier: MIT */
/* system/windows/prelude.h -- what stands before every source of ours on Windows.
 *
 * The compiler includes it first. Windows' own headers come here, once, and the macros that
 * they make of ordinary words go; behind it are names of POSIX that the C library of mingw
 * lacks, as far as this project uses them where no seam of system/ is in between.
 */
#ifndef NM_SYSTEM_WINDOWS_PRELUDE_H
#define NM_SYSTEM_WINDOWS_PRELUDE_H
#if !defined(NM_PLUGIN)

#define NOGDI
#define _CRT_RAND_S
#include <winsock2.h>

#include <windows.h>

#include <netmon.h>

#undef interface
#undef small
#undef hyper
#undef near
#undef far
#undef ERROR
#undef IN
#undef OUT

#include <fcntl.h>
#include <stddef.h>
#include <pthread_time.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>

/* Files are bytes, and belong to this process. */
#define O_CLOEXEC  (_O_BINARY | _O_NOINHERIT)
#define O_NONBLOCK 0
#define O_NOCTTY   0

/* Those of winpthreads take a struct timespec with 32 bits of seconds on i686, and this project's has 64. */
int nm_clock_gettime(struct timespec *ret);
int nm_nanosleep(const struct timespec *t);
#define CLOCK_MONOTONIC_COARSE  CLOCK_MONOTONIC
#define clock_gettime(clock, t) nm_clock_gettime(t) /* that of CLOCK_MONOTONIC */
#define nanosleep(t, left)      nm_nanosleep(t)

/* Also for the errors of Windows that have no errno value. Any thread; the text is its own, until the next call. */
char *nm_error_text(int err);
#define strerror(err) nm_error_text(err)

void *memmem(const void *hay, size_t n, const void *needle, size_t k);
char *mkdtemp(char *name);
char *strsep(char **s, const char *ends);
char *stpcpy(char *to, const char *from);
char *strndup(const char *s, size_t n);
char *strsignal(int sig);
ssize_t pwrite(int fd, const void *buf, size_t n, int64_t offset);
struct _iobuf;
ssize_t getline(char **line, size_t *room, struct _iobuf *f);
const char *sigdescr_np(int sig);
ssize_t pread(int fd, void *buf, size_t n, int64_t offset);

#endif /* !NM_PLUGIN */
#endif
