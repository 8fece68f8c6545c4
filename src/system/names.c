/* SPDX-License-Identifier: MIT */
/* Sorted names of a folder's entries, on any system. */
#include "system/folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MAX 65536u

static int add(struct nm_names *names, unsigned *room, const char *name)
{
	unsigned more = *room ? 2 * *room : 64;
	char **bigger;

	if (names->n == NAMES_MAX)
		return E2BIG;
	if (names->n == *room) {
		bigger = realloc(names->items, more * sizeof *bigger);
		if (!bigger)
			return ENOMEM;
		names->items = bigger;
		*room = more;
	}
	names->items[names->n] = strdup(name);
	return names->items[names->n] ? (names->n++, 0) : ENOMEM;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int nm_folder_names(const char *path, bool (*wanted)(const char *name), struct nm_names *ret)
{
	char name[NM_FOLDER_NAME];
	struct nm_folder *f;
	unsigned room = 0;
	int err = nm_folder_open(path, &f), more = 0;

	*ret = (struct nm_names){ 0 };
	if (err)
		return err;
	while (!err && (more = nm_folder_next(f, name)) > 0)
		if (!wanted || wanted(name))
			err = add(ret, &room, name);
	nm_folder_close(f);
	if (!err)
		err = -more;
	if (err)
		nm_names_done(ret);
	else if (ret->n)
		qsort(ret->items, ret->n, sizeof *ret->items, by_bytes);
	return err;
}

void nm_names_done(struct nm_names *names)
{
	for (unsigned i = 0; i < names->n; i++)
		free(names->items[i]);
	free(names->items);
	*names = (struct nm_names){ 0 };
}
