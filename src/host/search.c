/* SPDX-License-Identifier: MIT */
/* Which experts and parsers are meant. */
#include "base/near.h"
#include "host/host_int.h"
#include "system/files.h"
#include "system/folder.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void nm_host_say(const struct nm_run_options *o, const char *fmt, ...)
{
	char raw[2 * NM_DIAG_TEXT], line[4 * sizeof raw]; /* \xNN for each byte */
	va_list ap;

	if (!o->message)
		return;
	va_start(ap, fmt);
	(void)nm_text_fit(raw, sizeof raw, fmt, ap);
	va_end(ap);
	o->message(o->message_ctx, nm_text_clean(line, sizeof line, raw));
}

/* ---- folders -------------------------------------------------------------------------- */

/* The i-th entry of a list of folders, into buf; false past the end. */
static bool list_entry(const char *list, unsigned i, char *buf, size_t size)
{
	const char between[] = { nm_list_separator(), '\0' };

	while (list && *list) {
		size_t n = strcspn(list, between);

		if (n && i-- == 0) {
			(void)snprintf(buf, size, "%.*s", (int)n, list);
			return true;
		}
		list += n + (list[n] != '\0');
	}
	return false;
}

static unsigned list_length(const char *list)
{
	char buf[4096];
	unsigned n = 0;

	while (list_entry(list, n, buf, sizeof buf))
		n++;
	return n;
}

/* Variables that list folders of plug-ins of a kind. */
static const char *const variables[] = {
	[NM_KIND_EXPERT] = "NETMON_EXPERT_PATH",
	[NM_KIND_PARSER] = "NETMON_PARSER_PATH",
};

const char *nm_plugin_folder(const struct nm_run_options *o, enum nm_kind kind, unsigned i)
{
	static _Thread_local char buf[4200];
	const char *env = nm_environment(variables[kind]);
	const char *const *given = kind == NM_KIND_EXPERT ? o->expert_path : o->parser_path;
	unsigned n = kind == NM_KIND_EXPERT ? o->n_expert_path : o->n_parser_path;

	if (i < n)
		return given[i];
	i -= n;
	if (list_entry(env, i, buf, sizeof buf))
		return buf;
	i -= list_length(env);
	if (nm_personal_plugins(kind, buf, sizeof buf) && i-- == 0)
		return buf;
	if (i > 0)
		return NULL;
	nm_shipped_folder(kind, buf, sizeof buf);
	return buf;
}

const char *nm_expert_folder(const struct nm_run_options *o, unsigned i)
{
	return nm_plugin_folder(o, NM_KIND_EXPERT, i);
}

/* ---- targets ----------------------------------------------------------------------------- */

void nm_target_done(struct nm_target *t)
{
	free(t->path);
	free(t->file);
	free(t->given);
	free(t->config);
}

void nm_targets_done(struct nm_targets *t)
{
	for (unsigned i = 0; i < t->n; i++)
		nm_target_done(&t->items[i]);
	free(t->items);
	*t = (struct nm_targets){ 0 };
}

/* "/a/b/topuser.so" -> "topuser"; owned by the caller. */
static char *base_name(const char *path)
{
	const char *name = path + nm_path_folder(path);
	const char *dot = strrchr(name, '.');
	size_t n = dot && dot > name ? (size_t)(dot - name) : strlen(name);
	char *raw = strndup(name, n), *clean = raw ? malloc(4 * n + 1) : NULL;

	if (clean)
		(void)nm_text_clean(clean, (uint32_t)(4 * n + 1), raw);
	free(raw);
	return clean;
}

/* Beneath the folder that came with the program, links resolved. */
static bool is_shipped(enum nm_kind kind, const char *full)
{
	char dir[4200], *real;
	size_t n = nm_path_folder(full);
	bool is;

	nm_shipped_folder(kind, dir, sizeof dir);
	real = nm_path_real(dir);
	is = real && n == strlen(real) + 1 && strncmp(full, real, n - 1) == 0;
	free(real);
	return is;
}

static bool add_target(struct nm_targets *t, enum nm_kind kind, const char *path)
{
	struct nm_target *items = realloc(t->items, (t->n + 1) * sizeof *items);
	char *full, *file;

	if (!items)
		return false;
	t->items = items;
	full = nm_path_real(path);
	file = base_name(path);
	if (!full || !file) {
		free(full);
		free(file);
		return false;
	}
	t->items[t->n++] =
	    (struct nm_target){ .path = full, .file = file, .shipped = is_shipped(kind, full) };
	return true;
}

static bool has_target(const struct nm_targets *t, const char *file)
{
	for (unsigned i = 0; i < t->n; i++)
		if (strcmp(t->items[i].file, file) == 0)
			return true;
	return false;
}

static bool is_shared_object(const char *name)
{
	size_t n = strlen(name), m = strlen(nm_plugin_suffix());

	return n > m && name[0] != '.' && strcmp(name + n - m, nm_plugin_suffix()) == 0;
}

/* Every plug-in of one folder by name; a folder that isn't there has none. */
static bool add_folder(struct nm_targets *t, enum nm_kind kind, const char *folder)
{
	struct nm_names names;
	bool ok = true;

	if (nm_folder_names(folder, is_shared_object, &names) != 0)
		return true;
	for (unsigned i = 0; i < names.n; i++) {
		char path[8192], *file = base_name(names.items[i]);

		(void)snprintf(path, sizeof path, "%s/%s", folder, names.items[i]);
		if (ok && file && !has_target(t, file))
			ok = add_target(t, kind, path) ||
			     errno != ENOMEM; /* a link that leads nowhere */
		free(file);
	}
	nm_names_done(&names);
	return ok;
}

int nm_targets_all(const struct nm_run_options *o, enum nm_kind kind, struct nm_targets *ret)
{
	*ret = (struct nm_targets){ 0 };
	for (unsigned i = 0; nm_plugin_folder(o, kind, i); i++)
		if (!add_folder(ret, kind, nm_plugin_folder(o, kind, i))) {
			nm_host_say(o, "not enough memory");
			nm_targets_done(ret);
			return NM_EXIT_PARTIAL;
		}
	return NM_EXIT_COMPLETE;
}

static void say_unknown(const struct nm_run_options *o, const char *name)
{
	struct nm_targets all;
	const char *near = NULL;
	unsigned most = nm_near_most(name);

	if (nm_targets_all(o, NM_KIND_EXPERT, &all) != NM_EXIT_COMPLETE)
		return;
	for (unsigned i = 0; i < all.n; i++)
		if (nm_near_is(name, all.items[i].file, &most))
			near = all.items[i].file;
	if (near)
		nm_host_say(o, "%s: no expert of that name; did you mean %s?", name, near);
	else
		nm_host_say(o,
		    "%s: no expert of that name; 'netmon experts' lists them, and a path "
		    "to a shared object works too",
		    name);
	nm_targets_done(&all);
}

static bool find_by_name(const struct nm_run_options *o, const char *name, struct nm_targets *t)
{
	char path[8192];

	for (unsigned i = 0; nm_expert_folder(o, i); i++) {
		(void)snprintf(
		    path, sizeof path, "%s/%s%s", nm_expert_folder(o, i), name, nm_plugin_suffix());
		if (access(path, F_OK) == 0)
			return add_target(t, NM_KIND_EXPERT, path);
	}
	return false;
}

static int find_plain(const struct nm_run_options *o, const char *spec, struct nm_targets *t)
{
	if (nm_path_is_plugin(spec)) {
		if (add_target(t, NM_KIND_EXPERT, spec))
			return NM_EXIT_COMPLETE;
		nm_host_say(o, "%s: %s", spec, strerror(errno));
		return NM_EXIT_USAGE;
	}
	if (*spec && find_by_name(o, spec, t))
		return NM_EXIT_COMPLETE;
	say_unknown(o, spec);
	return NM_EXIT_USAGE;
}

/* Bytes of the name or path before ":NAME=..."; all when nothing is given. A path may hold
 * colons: what is given begins behind the first path that is a file. */
static size_t name_length(const char *spec)
{
	size_t all = strlen(spec), first = all;
	char path[8192];

	if (access(spec, F_OK) == 0)
		return all;
	for (const char *c = strchr(spec, ':'); c; c = strchr(c + 1, ':')) {
		size_t n = (size_t)(c - spec);

		if (!nm_settings_mark(c + 1) || n >= sizeof path)
			continue;
		(void)snprintf(path, sizeof path, "%.*s", (int)n, spec);
		if (nm_path_is_plugin(path) && access(path, F_OK) == 0)
			return n;
		first = first == all ? n : first;
	}
	return first;
}

static int find_one(const struct nm_run_options *o, const char *spec, struct nm_targets *t)
{
	size_t n = name_length(spec);
	char *name = strndup(spec, n), *given = spec[n] ? strdup(spec + n + 1) : NULL;
	const char *colon = name && !given && !nm_path_is_plugin(name) ? strchr(name, ':') : NULL;
	int exit = NM_EXIT_PARTIAL;

	if (!name || (spec[n] && !given)) {
		nm_host_say(o, "not enough memory");
	} else if (colon) {
		nm_host_say(o,
		    "%s: behind the colon stand settings, NAME=VALUE,...; 'netmon configure %.*s' "
		    "lists them",
		    name, (int)(colon - name), name);
		exit = NM_EXIT_USAGE;
	} else {
		exit = find_plain(o, name, t);
	}
	if (exit)
		free(given);
	else
		t->items[t->n - 1].given = given;
	free(name);
	return exit;
}

/* Without -e: what is installed with the program, which is the last folder. */
static int find_shipped(const struct nm_run_options *o, struct nm_targets *t)
{
	unsigned i = 0;

	while (nm_expert_folder(o, i + 1))
		i++;
	if (!add_folder(t, NM_KIND_EXPERT, nm_expert_folder(o, i)) || t->n == 0) {
		nm_host_say(o, "%s: no experts there; is the installation complete?",
		    nm_expert_folder(o, i));
		return NM_EXIT_USAGE;
	}
	return NM_EXIT_COMPLETE;
}

int nm_targets_find(const struct nm_run_options *o, struct nm_targets *ret)
{
	int exit = NM_EXIT_COMPLETE;

	*ret = (struct nm_targets){ 0 };
	if (o->n_experts == 0)
		exit = find_shipped(o, ret);
	for (unsigned i = 0; i < o->n_experts && !exit; i++)
		exit = find_one(o, o->experts[i], ret);
	if (exit)
		nm_targets_done(ret);
	return exit;
}

int nm_targets_find_bare(const struct nm_run_options *o, struct nm_targets *ret)
{
	int exit = nm_targets_find(o, ret);

	for (unsigned i = 0; i < ret->n && !exit; i++)
		if (ret->items[i].given) {
			nm_host_say(o,
			    "%s: only 'netmon run' takes settings behind the name of an expert",
			    o->experts[i]);
			exit = NM_EXIT_USAGE;
		}
	if (exit)
		nm_targets_done(ret);
	return exit;
}
