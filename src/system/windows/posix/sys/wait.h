/* SPDX-License-Identifier: MIT */
/* How a process ended, as Linux tells it: reports, messages between processes and capsules go by
 * these numbers on every system. */
#ifndef NM_WINDOWS_SYS_WAIT_H
#define NM_WINDOWS_SYS_WAIT_H

#define WIFEXITED(st)   (((st)&0x7f) == 0)
#define WEXITSTATUS(st) (((st) >> 8) & 0xff)
#define WIFSIGNALED(st) (((st)&0x7f) != 0 && ((st)&0x7f) != 0x7f)
#define WTERMSIG(st)    ((st)&0x7f)
#define WCOREDUMP(st)   0

#define SIGKILL 9
#define SIGXCPU 24
#define SIGSYS  31

#endif
