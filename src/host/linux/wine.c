/* SPDX-License-Identifier: MIT */
/* Where Wine is: as Debian has them, and as WineHQ's own packages do. */
#include "host/wine.h"

#include <unistd.h>

static const struct {
	enum nm_pe_machine machine;
	struct nm_wine wine;
} places[] = {
	{ NM_PE_X64, { "/usr/lib/wine/wine64", "/usr/lib/wine/wineserver64",
			 "/usr/lib/x86_64-linux-gnu/wine/x86_64-windows", false, NULL } },
	{ NM_PE_X64, { "/opt/wine-stable/bin/wine64", "/opt/wine-stable/bin/wineserver",
			 "/opt/wine-stable/lib64/wine/x86_64-windows", false, NULL } },
	{ NM_PE_X86, { "/usr/lib/wine/wine", "/usr/lib/wine/wineserver32",
			 "/usr/lib/i386-linux-gnu/wine/i386-windows", true, NULL } },
	{ NM_PE_X86, { "/opt/wine-stable/bin/wine", "/opt/wine-stable/bin/wineserver",
			 "/opt/wine-stable/lib/wine/i386-windows", true, NULL } },
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
