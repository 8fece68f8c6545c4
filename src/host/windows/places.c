/* SPDX-License-Identifier: MIT */
/* Where files are, on Windows: all in the folder of the program. */
#include "host/places.h"

#include "nmhost.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACE 1024 /* bytes of a path in the program's folder */

/* The folder of the program, with the separator at its end. */
static const char *own_folder(void)
{
	static char dir[PLACE];
	DWORD n;

	if (dir[0])
		return dir;
	n = GetModuleFileNameA(NULL, dir, sizeof dir);
	if (n >= sizeof dir)
		n = 0;
	while (n && dir[n - 1] != '\\')
		n--;
	dir[n] = '\0';
	return dir;
}

static const char *place(char *buf, size_t size, const char *what)
{
	(void)snprintf(buf, size, "%s%s", own_folder(), what);
	return buf;
}

const char *nm_engine_path(void)
{
	static char path[PLACE + 32];
	const char *env = nm_environment("NETMON_ENGINE");

	return env && *env ? env : place(path, sizeof path, "nmapi-engine.exe");
}

/* Those for 32 bits are in a folder of their own. */
const char *nm_windows_folder(enum nm_pe_machine machine)
{
	static char path[PLACE + 32];
	bool other = machine == NM_PE_X86 && sizeof(void *) == 8;

	return place(path, sizeof path, other ? "i686" : ".");
}

const char *nm_library_path(void)
{
	static char path[PLACE + 32];

	return place(path, sizeof path, "nmapi.dll");
}

const char *nm_sdk_folder(void)
{
	static char path[PLACE + 32];

	return place(path, sizeof path, "sdk");
}

static const char *const kinds[] = {
	[NM_KIND_EXPERT] = "experts",
	[NM_KIND_PARSER] = "parsers",
};

void nm_shipped_folder(enum nm_kind kind, char *buf, size_t size)
{
	(void)place(buf, size, kinds[kind]);
}

/* Who works by the rules of other systems here, too, says so in the environment. */
static bool personal_place(const char *variable, const char *what, char *buf, size_t size)
{
	const char *data = nm_environment(variable);

	if (!data || !*data)
		data = nm_environment("APPDATA");

	if (!data || !*data)
		return false;
	(void)snprintf(buf, size, "%s\\nmapi%s%s", data, what ? "\\" : "", what ? what : "");
	return true;
}

bool nm_personal_plugins(enum nm_kind kind, char *buf, size_t size)
{
	return personal_place("XDG_DATA_HOME", kinds[kind], buf, size);
}

bool nm_own_settings_folder(char *buf, size_t size)
{
	return personal_place("XDG_CONFIG_HOME", NULL, buf, size);
}

const char *nm_plugin_suffix(void)
{
	return ".dll";
}

char nm_list_separator(void)
{
	return ';';
}

const char *nm_environment(const char *name)
{
	return getenv(name);
}
