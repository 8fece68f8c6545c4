/* SPDX-License-Identifier: MIT */
/* Which parsers an engine loads. */
#include "host/host_int.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

static bool send_settings(struct nm_link *l, const char *path, const char *name)
{
	const struct nm_ctl_parser m = { .path = name };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	bool ok = fd < 0 || nm_link_parser(l, NM_CTL_SETTINGS, &m, fd);

	if (fd >= 0)
		(void)close(fd);
	return ok;
}

static int is_ini(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 4 && d->d_name[0] != '.' && strcasecmp(d->d_name + n - 4, ".ini") == 0;
}

/* parser.ini, then every parsers/NAME.ini. */
static bool send_all_settings(struct nm_link *l)
{
	char folder[4200], path[8192];
	struct dirent **list = NULL;
	bool ok;
	int n;

	if (!nm_own_settings_folder(folder, sizeof folder))
		return true;
	(void)snprintf(path, sizeof path, "%s/parser.ini", folder);
	ok = send_settings(l, path, "");
	(void)snprintf(path, sizeof path, "%s/parsers", folder);
	n = scandir(path, &list, is_ini, alphasort);
	for (int i = 0; i < n; i++) {
		(void)snprintf(path, sizeof path, "%s/parsers/%s", folder, list[i]->d_name);
		ok = ok && send_settings(l, path, list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return ok;
}

bool nm_send_parsers(
    struct nm_link *l, const struct nm_run_options *o, const struct nm_targets *parsers)
{
	bool ok = send_all_settings(l);

	for (unsigned i = 0; i < parsers->n && ok; i++) {
		const struct nm_ctl_parser m = { .path = parsers->items[i].path,
			.shipped = parsers->items[i].shipped };
		int fd = open(m.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

		if (fd < 0) {
			nm_host_say(o, "%s: %s", m.path, strerror(errno));
			continue;
		}
		ok = nm_link_parser(l, NM_CTL_PARSER, &m, fd);
		(void)close(fd);
	}
	return ok;
}
