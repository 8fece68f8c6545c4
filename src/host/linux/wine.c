/* SPDX-License-Identifier: MIT */
/* Where Wine and its libraries are: as Debian has them, and as WineHQ's own packages do. */
#include "host/wine.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	enum nm_pe_machine machine;
	struct nm_wine wine;
} places[] = {
	{ NM_PE_X64, { "/usr/lib/wine/wine64", "/usr/lib/wine/wineserver64",
			 "/usr/lib/x86_64-linux-gnu/wine/x86_64-windows", NULL } },
	{ NM_PE_X64, { "/opt/wine-stable/bin/wine64", "/opt/wine-stable/bin/wineserver",
			 "/opt/wine-stable/lib64/wine/x86_64-windows", NULL } },
	{ NM_PE_X86, { "/usr/lib/wine/wine", "/usr/lib/wine/wineserver32",
			 "/usr/lib/i386-linux-gnu/wine/i386-windows", NULL } },
	{ NM_PE_X86, { "/opt/wine-stable/bin/wine", "/opt/wine-stable/bin/wineserver",
			 "/opt/wine-stable/lib/wine/i386-windows", NULL } },
};

bool nm_wine_find(enum nm_pe_machine machine, struct nm_wine *ret)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const struct nm_wine *w = &places[i].wine;

		if (places[i].machine != machine || access(w->loader, X_OK) != 0 ||
		    access(w->dlls, R_OK) != 0)
			continue;
		*ret = *w;
		return true;
	}
	return false;
}

const char *nm_wine_package(enum nm_pe_machine machine)
{
	return machine == NM_PE_X86 ? "the package wine32:i386 (after dpkg --add-architecture i386)"
				    : "the package wine64";
}

/* ---- libraries ------------------------------------------------------------------------------ */

struct places_for {
	char folder[4200]; /* of the expert */
	struct nm_wine wine;
};

/* As Windows does it: letters of either case. */
static bool is_in(const char *folder, const char *name)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	bool found = false;

	while (d && !found && (e = readdir(d)))
		found = strcasecmp(e->d_name, name) == 0;
	if (d)
		(void)closedir(d);
	return found;
}

/* Names that Windows itself leads to other libraries. */
static bool is_alias(const char *name)
{
	return strncasecmp(name, "api-ms-win-", 11) == 0 ||
	       strncasecmp(name, "ext-ms-win-", 11) == 0;
}

static bool has_library(void *ctx, enum nm_pe_machine machine, const char *name)
{
	const struct places_for *p = ctx;

	(void)machine;
	return strcasecmp(name, "nmapi.dll") == 0 || is_alias(name) || is_in(p->folder, name) ||
	       is_in(p->wine.dlls, name);
}

static bool read_bytes(void *ctx, void *buf, size_t n, uint64_t offset)
{
	return pread(*(int *)ctx, buf, n, (off_t)offset) == (ssize_t)n;
}

bool nm_wine_look(const char *path, int fd, struct nm_dll *ret)
{
	struct places_for p = { .folder = "." };
	const struct nm_dll_search search = { has_library, &p };
	const char *slash = strrchr(path, '/');
	struct stat st;
	char head[2];

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    pread(fd, head, sizeof head, 0) != (ssize_t)sizeof head || memcmp(head, "MZ", 2) != 0)
		return false;
	if (slash)
		(void)snprintf(p.folder, sizeof p.folder, "%.*s",
		    slash == path ? 1 : (int)(slash - path), path);
	if (nm_dll_look(ret, read_bytes, &fd, (uint64_t)st.st_size, NULL) &&
	    nm_wine_find(ret->machine, &p.wine))
		(void)nm_dll_look(ret, read_bytes, &fd, (uint64_t)st.st_size, &search);
	return true;
}
