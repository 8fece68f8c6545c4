/* SPDX-License-Identifier: MIT */
/* host/places.h -- where the project's own files and a person's are; a file for each system.
 *
 * Owns:     strings that are returned are static, or borrowed from the environment.
 * Uses:     the operating system.
 * Threads:  any, but for the first call of one that returns a static string.
 * Trust:    the environment is the user's.
 */
#ifndef NM_HOST_PLACES_H
#define NM_HOST_PLACES_H

#include "base/pe.h"

#include <stdbool.h>
#include <stddef.h>

enum nm_kind { NM_KIND_EXPERT, NM_KIND_PARSER };

const char *nm_engine_path(void);

/* Where nmapi-worker.exe and nmapi.dll for that machine are. */
const char *nm_windows_folder(enum nm_pe_machine machine);

const char *nm_library_path(void); /* libnmapi, for --in-process */

/* The folder of plug-ins that came with the program. */
void nm_shipped_folder(enum nm_kind kind, char *buf, size_t size);

/* The folder where a person keeps plug-ins; false: none is looked at. */
bool nm_personal_plugins(enum nm_kind kind, char *buf, size_t size);

/* Where a person keeps settings, for root where the folder above it is root's; false:
 * nowhere. */
bool nm_own_settings_folder(char *buf, size_t size);

/* How the file of a plug-in of this system ends, with the point. */
const char *nm_plugin_suffix(void);

/* What stands between folders in a list of them. */
char nm_list_separator(void);

/* A variable of the environment; NULL also where a program has rights that its user lacks. */
const char *nm_environment(const char *name);

#endif
