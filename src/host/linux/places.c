/* SPDX-License-Identifier: MIT */
/* Where files are, on Linux. */
#include "host/places.h"
#include "host_paths.h"

#include "nmhost.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- our own place ------------------------------------------------------------------ */

/* The folder this library was loaded from, without a slash at the end. */
static const char *own_folder(void)
{
	static char dir[4096];
	Dl_info info;
	char *slash;

	if (dir[0])
		return dir;
	if (!dladdr(&dir, &info) || !info.dli_fname || !realpath(info.dli_fname, dir))
		(void)snprintf(dir, sizeof dir, "%s", NM_LIB_DIR "/x");
	slash = strrchr(dir, '/');
	if (slash)
		*slash = '\0';
	return dir;
}

/* Still in the build folder: the engine and the experts are then beside us. */
static bool in_build_tree(void)
{
	static int answer = -1;
	char path[4200];

	if (answer < 0) {
		(void)snprintf(path, sizeof path, "%s/%s", own_folder(), NM_BUILD_MARK);
		answer = access(path, F_OK) == 0;
	}
	return answer;
}

static const char *place(char *buf, size_t size, const char *in_build, const char *installed)
{
	(void)snprintf(buf, size, "%s/%s", own_folder(), in_build_tree() ? in_build : installed);
	return buf;
}

const char *nm_engine_path(void)
{
	static char path[4200];
	const char *env = nm_environment("NETMON_ENGINE");

	if (env && *env)
		return env;
	return place(path, sizeof path, "../engine/nmapi-engine", NM_REL_LIBEXEC "/nmapi-engine");
}

const char *nm_windows_folder(enum nm_pe_machine machine)
{
	static char path[4200];
	const char *env = nm_environment("NETMON_WINDOWS");
	const char *name = machine == NM_PE_X86 ? "i686" : "x86_64";

	if (env && *env)
		(void)snprintf(path, sizeof path, "%s/%s", env, name);
	else if (in_build_tree())
		(void)snprintf(path, sizeof path, NM_SOURCE_WINDOWS "/%s/worker", name);
	else
		(void)snprintf(
		    path, sizeof path, "%s/" NM_REL_LIBEXEC "/windows/%s", own_folder(), name);
	return path;
}

const char *nm_library_path(void)
{
	static char path[4200];

	return place(path, sizeof path, "../api/libnmapi.so.2", "libnmapi.so.2");
}

const char *nm_sdk_folder(void)
{
	static char path[4200];

	if (in_build_tree())
		return NM_SOURCE_SDK;
	(void)snprintf(path, sizeof path, "%s/%s", own_folder(), NM_REL_SDK);
	return path;
}

static const struct {
	const char *personal, *in_build, *installed;
} kinds[] = {
	[NM_KIND_EXPERT] = { "nmapi/experts", "../../experts", NM_REL_EXPERTS },
	[NM_KIND_PARSER] = { "nmapi/parsers", "../../parsers", NM_REL_PARSERS },
};

void nm_shipped_folder(enum nm_kind kind, char *buf, size_t size)
{
	(void)place(buf, size, kinds[kind].in_build, kinds[kind].installed);
}

/* ---- a person's --------------------------------------------------------------------------- */

/* Beneath a person's own folder. */
static bool personal_place(
    const char *env, const char *in_home, const char *what, char *buf, size_t size)
{
	const char *xdg = nm_environment(env);
	const char *home = nm_environment("HOME");

	if (xdg && *xdg == '/')
		(void)snprintf(buf, size, "%s/%s", xdg, what);
	else if (home && *home == '/')
		(void)snprintf(buf, size, "%s/%s/%s", home, in_home, what);
	else
		return false;
	return true;
}

/* Root does not use what lies in a home folder. */
bool nm_personal_plugins(enum nm_kind kind, char *buf, size_t size)
{
	return geteuid() != 0 &&
	       personal_place("XDG_DATA_HOME", ".local/share", kinds[kind].personal, buf, size);
}

bool nm_own_settings_folder(char *buf, size_t size)
{
	struct stat st;

	if (!personal_place("XDG_CONFIG_HOME", ".config", "", buf, size))
		return false;
	if (geteuid() == 0 && stat(buf, &st) == 0 && st.st_uid != 0)
		return false; /* somebody else's, kept by sudo */
	return personal_place("XDG_CONFIG_HOME", ".config", "nmapi", buf, size);
}

/* ---- names -------------------------------------------------------------------------------- */

const char *nm_plugin_suffix(void)
{
	return ".so";
}

char nm_list_separator(void)
{
	return ':';
}

const char *nm_environment(const char *name)
{
	return secure_getenv(name);
}
