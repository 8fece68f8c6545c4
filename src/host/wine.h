/* SPDX-License-Identifier: MIT */
/* host/wine.h -- the Wine of this machine, and which libraries a Windows expert finds. On Windows
 * that is the system itself.
 *
 * Owns:     nothing.
 * Uses:     base/dll.h.
 * Threads:  one.
 * Trust:    the expert's file and its folder are hostile; Wine's own folders are the system's.
 */
#ifndef NM_HOST_WINE_H
#define NM_HOST_WINE_H

#include "base/dll.h"

struct nm_wine {
	const char *loader; /* the program that runs a Windows program; static, as all here */
	const char *server; /* its server */
	const char *dlls;   /* the folder of its own libraries */
	bool x86;           /* it runs 32-bit programs */
	const char *root;   /* the folder that all of it is in; NULL: the system's own */
	const char *worker; /* that of nmapi-worker.exe; set by nm_guest_can() */
};

/* The one that runs programs for that machine: below the folder that the variable NETMON_WINE names,
 * where there is one, else the system's. False: none is installed. */
bool nm_wine_find(enum nm_pe_machine machine, struct nm_wine *ret);

/* What to install, "the package wine64"; static. */
const char *nm_wine_package(enum nm_pe_machine machine);

/* What the file at `path`, open as fd, is: see nm_dll_look(). Libraries are looked for beside it
 * and in Wine, where there is one. False: it begins as no file for Windows. */
bool nm_wine_look(const char *path, int fd, struct nm_dll *ret);

#endif
