/* SPDX-License-Identifier: MIT */
/* Which parsers an engine loads. */
#include "host/host_int.h"
#include "system/files.h"
#include "system/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <sha2.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

static bool send_settings(void *ctx, const char *path, const char *name)
{
	struct nm_link *l = ctx;
	const struct nm_ctl_parser m = { .path = name };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	bool ok = fd < 0 || nm_link_parser(l, NM_CTL_SETTINGS, &m, fd);

	if (fd >= 0)
		(void)close(fd);
	return ok;
}

static bool is_ini(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && name[0] != '.' && strcasecmp(name + n - 4, ".ini") == 0;
}

/* parser.ini, then every parsers/NAME.ini. False: fn wanted no more. */
bool nm_for_all_settings(nm_settings_fn fn, void *ctx)
{
	char folder[4200], path[8192];
	struct nm_names names;
	bool ok;

	if (!nm_own_settings_folder(folder, sizeof folder))
		return true;
	(void)snprintf(path, sizeof path, "%s/parser.ini", folder);
	ok = fn(ctx, path, "");
	(void)snprintf(path, sizeof path, "%s/parsers", folder);
	if (nm_folder_names(path, is_ini, &names) != 0)
		return ok;
	for (unsigned i = 0; i < names.n && ok; i++) {
		(void)snprintf(path, sizeof path, "%s/parsers/%s", folder, names.items[i]);
		ok = fn(ctx, path, names.items[i]);
	}
	nm_names_done(&names);
	return ok;
}

bool nm_send_parsers(
    struct nm_link *l, const struct nm_run_options *o, const struct nm_targets *parsers)
{
	bool ok = nm_for_all_settings(send_settings, l);

	for (unsigned i = 0; i < parsers->n && ok; i++) {
		const struct nm_ctl_parser m = { .path = parsers->items[i].path,
			.shipped = parsers->items[i].shipped };
		int fd = nm_prim_open(m.path);

		if (fd < 0) {
			nm_host_say(o, "%s: %s", m.path, strerror(-fd));
			continue;
		}
		ok = nm_link_parser(l, NM_CTL_PARSER, &m, fd);
		(void)close(fd);
	}
	return ok;
}

static void feed(SHA2_CTX *all, const char *name, const char *hex)
{
	SHA256Update(all, (const uint8_t *)name, strlen(name) + 1);
	SHA256Update(all, (const uint8_t *)hex, strlen(hex) + 1);
}

/* A file that is not there has nothing to say. */
static bool feed_settings(void *ctx, const char *path, const char *name)
{
	char hex[NM_HASH_TEXT];

	if (nm_hash_file(path, hex) == 0)
		feed(ctx, name, hex);
	return true;
}

int nm_parsers_hash(const struct nm_run_options *o, char ret_hex[NM_HASH_TEXT])
{
	char hex[SHA256_DIGEST_STRING_LENGTH];
	struct nm_targets parsers;
	SHA2_CTX all;
	int err = 0;

	if (nm_targets_all(o, NM_KIND_PARSER, &parsers) != NM_EXIT_COMPLETE)
		return ENOMEM;
	SHA256Init(&all);
	for (unsigned i = 0; i < parsers.n && !err; i++) {
		err = nm_hash_file(parsers.items[i].path, hex);
		if (!err)
			feed(&all, parsers.items[i].file, hex);
	}
	nm_targets_done(&parsers);
	(void)nm_for_all_settings(feed_settings, &all);
	if (!err)
		memcpy(ret_hex, SHA256End(&all, hex), NM_HASH_TEXT);
	return err;
}

void nm_say_offences(const struct nm_run_options *o, const struct nm_expert_end *end)
{
	for (unsigned i = 0; i < end->n_parsers; i++) {
		const struct nm_parser_offence *p = &end->parsers[i];

		nm_host_say(o, "parser %s (%s) %s in %s on frame %llu%s", p->protocol, p->file,
		    p->did, p->entry, 1 + (unsigned long long)p->first_frame,
		    p->off         ? ", and so often that it was then tried no more"
		    : p->count > 1 ? ", and on others"
				   : "");
	}
	if (end->more_parsers)
		nm_host_say(o, "and %u other parsers", end->more_parsers);
}
