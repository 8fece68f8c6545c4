/* SPDX-License-Identifier: MIT */
/* What a file is, and whether it loads here as an expert. */
#include "host/host_int.h"
#include "host/wine.h"
#include "system/files.h"

#include <errno.h>

struct checking {
	char *text;
	size_t size;
};

static int on_registered(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	const struct checking *k = ctx;

	if (e->registered && end->verdict == NM_VERDICT_DONE)
		(void)snprintf(k->text, k->size, "an expert, %s", e->name);
	else
		(void)snprintf(k->text, k->size, "%s", end->reason);
	return 0;
}

/* As a worker would load it. */
static int try_here(const struct nm_run_options *o, const char *path, struct checking *k)
{
	struct nm_run_options one = *o;
	char with_slash[4200];
	const char *spec = with_slash;

	(void)snprintf(
	    with_slash, sizeof with_slash, "%s%s", nm_path_has_folder(path) ? "" : "./", path);
	one.experts = &spec;
	one.n_experts = 1;
	return nm_experts_list(&one, on_registered, k);
}

static int say_windows(const char *path, const struct nm_dll *dll, struct checking *k)
{
	char why[NM_DIAG_TEXT];
	struct nm_wine wine;

	if (dll->usable && !nm_wine_find(dll->machine, &wine)) {
		(void)snprintf(k->text, k->size, "%s; it runs here once %s is installed", dll->text,
		    nm_wine_package(dll->machine));
		return NM_EXIT_PARTIAL;
	}
	if (dll->usable && !nm_guest_can(path, &wine, why)) {
		(void)snprintf(k->text, k->size, "%s", why);
		return NM_EXIT_PARTIAL;
	}
	(void)snprintf(k->text, k->size, "%s", dll->text);
	return dll->usable ? NM_EXIT_COMPLETE : NM_EXIT_PARTIAL;
}

int nm_expert_check(const struct nm_run_options *o, const char *path, char *text, size_t size)
{
	int fd = nm_prim_open(path), exit;
	struct checking k = { text, size };
	struct nm_dll dll;

	*text = '\0';
	if (fd < 0) {
		(void)snprintf(text, size, "%s", strerror(-fd));
		return NM_EXIT_PARTIAL;
	}
	exit = nm_wine_look(path, fd, &dll) ? say_windows(path, &dll, &k) : try_here(o, path, &k);
	nm_prim_close(fd);
	return exit;
}
