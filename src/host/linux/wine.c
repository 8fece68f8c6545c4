/* SPDX-License-Identifier: MIT */
/* Where Wine is: where NETMON_WINE says, or as Debian has them, and as WineHQ's own packages do. */
#include "host/wine.h"
#include "host/host_int.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ROOM 4200

static const struct {
	enum nm_pe_machine machine;
	struct nm_wine wine;
} places[] = {
	{ NM_PE_X64, { "/usr/lib/wine/wine64", "/usr/lib/wine/wineserver64",
			 "/usr/lib/x86_64-linux-gnu/wine/x86_64-windows", false, NULL, NULL } },
	{ NM_PE_X64,
	    { "/opt/wine-stable/bin/wine64", "/opt/wine-stable/bin/wineserver",
		"/opt/wine-stable/lib64/wine/x86_64-windows", false, "/opt/wine-stable", NULL } },
	{ NM_PE_X86, { "/usr/lib/wine/wine", "/usr/lib/wine/wineserver32",
			 "/usr/lib/i386-linux-gnu/wine/i386-windows", true, NULL, NULL } },
	{ NM_PE_X86,
	    { "/opt/wine-stable/bin/wine", "/opt/wine-stable/bin/wineserver",
		"/opt/wine-stable/lib/wine/i386-windows", true, "/opt/wine-stable", NULL } },
};

static bool is_there(const struct nm_wine *w)
{
	return access(w->loader, X_OK) == 0 && access(w->dlls, R_OK) == 0;
}

/* The one in a folder, as 'make install' of Wine leaves it. */
static bool look_in(const char *root, enum nm_pe_machine machine, struct nm_wine *ret)
{
	static char loader[2][ROOM], server[2][ROOM], dlls[2][ROOM], full[PATH_MAX];
	bool x86 = machine == NM_PE_X86;

	if (!realpath(root, full))
		return false;
	(void)snprintf(loader[x86], ROOM, "%s/bin/wine%s", full, x86 ? "" : "64");
	(void)snprintf(server[x86], ROOM, "%s/bin/wineserver", full);
	(void)snprintf(dlls[x86], ROOM, "%s/%s", full,
	    x86 ? "lib/wine/i386-windows" : "lib64/wine/x86_64-windows");
	*ret = (struct nm_wine){ loader[x86], server[x86], dlls[x86], x86, full, NULL };
	return is_there(ret);
}

bool nm_wine_find(enum nm_pe_machine machine, struct nm_wine *ret)
{
	const char *root = nm_environment("NETMON_WINE");

	if (root && *root)
		return look_in(root, machine, ret);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const struct nm_wine *w = &places[i].wine;

		if (places[i].machine != machine || !is_there(w))
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
