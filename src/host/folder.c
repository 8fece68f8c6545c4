/* SPDX-License-Identifier: MIT */
/* nm_folder_captures: which files of a folder begin like captures. */
#include "capture/capture.h"
#include "host/host_int.h"
#include "system/files.h"
#include "system/folder.h"

#include <errno.h>
#include <stdlib.h>

#define HEAD_BYTES 128u

static bool is_seen(const char *name)
{
	return name[0] != '.';
}

static bool is_capture(struct nm_folder *folder, const char *name)
{
	uint8_t head[HEAD_BYTES];
	bool program;
	int fd = nm_folder_read(folder, name, true, &program);
	ssize_t n;

	if (fd < 0)
		return false;
	n = nm_prim_read(fd, head, sizeof head);
	nm_prim_close(fd);
	return n > 0 && nm_capture_begins_so(head, (size_t)n);
}

static int choose(struct nm_folder_captures *f, struct nm_folder *in, const char *folder,
    const struct nm_names *names)
{
	size_t n = strlen(folder);
	const char *slash = n && nm_path_folder(folder) == n ? "" : "/";
	int err = 0;

	for (unsigned i = 0; i < names->n && !err; i++) {
		if (!is_capture(in, names->items[i]))
			f->others++;
		else if (asprintf(&f->paths[f->n], "%s%s%s", folder, slash, names->items[i]) < 0)
			err = ENOMEM;
		else
			f->n++;
	}
	return err;
}

int nm_folder_captures_find(const char *folder, struct nm_folder_captures *ret)
{
	struct nm_folder *in;
	struct nm_names names;
	int err = nm_folder_open(folder, &in);

	*ret = (struct nm_folder_captures){ 0 };
	if (err)
		return err;
	err = nm_folder_names(folder, is_seen, &names);
	if (!err) {
		ret->paths = calloc(names.n + 1u, sizeof *ret->paths);
		err = ret->paths ? choose(ret, in, folder, &names) : ENOMEM;
		nm_names_done(&names);
	}
	nm_folder_close(in);
	if (err)
		nm_folder_captures_free(ret);
	return err;
}

void nm_folder_captures_free(struct nm_folder_captures *f)
{
	for (unsigned i = 0; i < f->n; i++)
		free(f->paths[i]);
	free(f->paths);
	*f = (struct nm_folder_captures){ 0 };
}
