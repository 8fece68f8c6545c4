/* SPDX-License-Identifier: MIT */
/* A folder among the captures stands for those in it. */
#include "cli/cli.h"

#include "system/files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_folder(const char *path)
{
	return strcmp(path, "-") != 0 && nm_path_is_folder(path);
}

static bool out_of_memory(void)
{
	cli_say("out of memory");
	return false;
}

static bool add(struct cli_run_args *a, unsigned *n, const char *path)
{
	const char **more = realloc(a->captures, (*n + 1) * sizeof *more);

	if (!more)
		return out_of_memory();
	a->captures = more;
	a->captures[(*n)++] = path;
	return true;
}

static bool add_folder(struct cli_run_args *a, unsigned *n, const char *path)
{
	struct nm_folder_captures *list = realloc(a->folders, (a->n_folders + 1) * sizeof *list);
	struct nm_folder_captures *f;
	int err;

	if (!list)
		return out_of_memory();
	a->folders = list;
	f = &list[a->n_folders];
	err = nm_folder_captures_find(path, f);
	if (err == ENOMEM)
		return out_of_memory();
	/* Without captures it is told of like any other file that is none. */
	if (err)
		return add(a, n, path);
	a->n_folders++;
	if (f->n == 0)
		return add(a, n, path);
	if (f->others)
		cli_say("%s: %u of its %u entries are no captures and are left out", path,
		    f->others, f->n + f->others);
	for (unsigned i = 0; i < f->n; i++)
		if (!add(a, n, f->paths[i]))
			return false;
	return true;
}

bool cli_folders_expand(struct cli_run_args *a)
{
	struct nm_run_options *o = &a->options;
	unsigned n = 0;
	bool ok = true;

	for (unsigned i = 0; i < o->n_captures && ok; i++)
		ok = is_folder(o->captures[i]) ? add_folder(a, &n, o->captures[i])
					       : add(a, &n, o->captures[i]);
	if (ok && n) {
		o->captures = a->captures;
		o->n_captures = n;
	}
	return ok;
}

void cli_folders_free(struct cli_run_args *a)
{
	for (unsigned i = 0; i < a->n_folders; i++)
		nm_folder_captures_free(&a->folders[i]);
	free(a->folders);
	free(a->captures);
	a->folders = NULL;
	a->captures = NULL;
	a->n_folders = 0;
}
