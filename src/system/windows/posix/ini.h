/* SPDX-License-Identifier: MIT */
/* The function of libinih that is used here, where Debian has no build of that library. */
#ifndef NM_SYSTEM_WINDOWS_INI_H
#define NM_SYSTEM_WINDOWS_INI_H

typedef int (*ini_handler)(void *user, const char *section, const char *name, const char *value);

/* Calls handler for each "name = value" (or ':') of text, with its section, "" before the
 * first; a line that begins with a blank goes on the value before it; ';' and '#' begin
 * comments, ';' also behind a blank. Lines are looked at in pieces of 199 bytes; sections and
 * names are cut at 49. 0, or the number of the first line that says nothing or that the
 * handler said 0 to. */
int ini_parse_string(const char *text, ini_handler handler, void *user);

#endif
