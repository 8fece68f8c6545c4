/* SPDX-License-Identifier: MIT */
/* Where experts and the project's own files are. */
#include "host/host_int.h"
#include "host_paths.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".so"

void nm_host_say(const struct nm_run_options *o, const char *fmt, ...)
{
	char raw[2 * NM_DIAG_TEXT], line[2 * NM_DIAG_TEXT];
	va_list ap;

	if (!o->message)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(raw, sizeof raw, fmt, ap);
	va_end(ap);
	o->message(o->message_ctx, nm_text_clean(line, sizeof line, raw));
}

/* ---- our own place ------------------------------------------------------------------ */

/* The folder this library was loaded from, without a slash at the end. */
static const char *own_folder(void)
{
	static char dir[4096];
	Dl_info info;
	char *slash;

	if (dir[0])
		return dir;
	if (!dladdr(&dir, &info) || !info.dli_fname || !realpath(info.dli_fname, dir))
		(void)snprintf(dir, sizeof dir, "%s", NM_LIB_DIR "/x");
	slash = strrchr(dir, '/');
	if (slash)
		*slash = '\0';
	return dir;
}

/* Still in the build folder: the engine and the experts are then beside us. */
static bool in_build_tree(void)
{
	static int answer = -1;
	char path[4200];

	if (answer < 0) {
		(void)snprintf(path, sizeof path, "%s/%s", own_folder(), NM_BUILD_MARK);
		answer = access(path, F_OK) == 0;
	}
	return answer;
}

static const char *place(char *buf, size_t size, const char *in_build, const char *installed)
{
	(void)snprintf(buf, size, "%s/%s", own_folder(), in_build_tree() ? in_build : installed);
	return buf;
}

const char *nm_engine_path(void)
{
	static char path[4200];
	const char *env = secure_getenv("NETMON_ENGINE");

	if (env && *env)
		return env;
	return place(path, sizeof path, "../engine/nmapi-engine", NM_REL_LIBEXEC "/nmapi-engine");
}

const char *nm_windows_folder(enum nm_pe_machine machine)
{
	static char path[4200];
	const char *env = secure_getenv("NETMON_WINDOWS");
	const char *name = machine == NM_PE_X86 ? "i686" : "x86_64";

	if (env && *env)
		(void)snprintf(path, sizeof path, "%s/%s", env, name);
	else if (in_build_tree())
		(void)snprintf(path, sizeof path, NM_SOURCE_WINDOWS "/%s/worker", name);
	else
		(void)snprintf(
		    path, sizeof path, "%s/" NM_REL_LIBEXEC "/windows/%s", own_folder(), name);
	return path;
}

const char *nm_library_path(void)
{
	static char path[4200];

	return place(path, sizeof path, "../api/libnmapi.so.2", "libnmapi.so.2");
}

const char *nm_sdk_folder(void)
{
	static char path[4200];

	if (in_build_tree())
		return NM_SOURCE_SDK;
	(void)snprintf(path, sizeof path, "%s/%s", own_folder(), NM_REL_SDK);
	return path;
}

/* ---- folders -------------------------------------------------------------------------- */

/* The i-th entry of a list separated by colons, into buf; false past the end. */
static bool list_entry(const char *list, unsigned i, char *buf, size_t size)
{
	while (list && *list) {
		size_t n = strcspn(list, ":");

		if (n && i-- == 0) {
			(void)snprintf(buf, size, "%.*s", (int)n, list);
			return true;
		}
		list += n + (list[n] == ':');
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

/* Where plug-ins of a kind are. */
static const struct {
	const char *env, *personal, *in_build, *installed;
} kinds[] = {
	[NM_KIND_EXPERT] = { "NETMON_EXPERT_PATH", "nmapi/experts", "../../experts",
	    NM_REL_EXPERTS },
	[NM_KIND_PARSER] = { "NETMON_PARSER_PATH", "nmapi/parsers", "../../parsers",
	    NM_REL_PARSERS },
};

/* Beneath a person's own folder. */
static bool personal_place(
    const char *env, const char *in_home, const char *what, char *buf, size_t size)
{
	const char *xdg = secure_getenv(env);
	const char *home = secure_getenv("HOME");

	if (xdg && *xdg == '/')
		(void)snprintf(buf, size, "%s/%s", xdg, what);
	else if (home && *home == '/')
		(void)snprintf(buf, size, "%s/%s/%s", home, in_home, what);
	else
		return false;
	return true;
}

/* Root does not use what lies in a home folder. */
static bool personal_folder(
    const char *env, const char *in_home, const char *what, char *buf, size_t size)
{
	return geteuid() != 0 && personal_place(env, in_home, what, buf, size);
}

bool nm_own_settings_folder(char *buf, size_t size)
{
	struct stat st;

	if (!personal_place("XDG_CONFIG_HOME", ".config", "", buf, size))
		return false;
	if (geteuid() == 0 && stat(buf, &st) == 0 && st.st_uid != 0)
		return false; /* somebody else's, kept by sudo */
	return personal_place("XDG_CONFIG_HOME", ".config", "nmapi", buf, size);
}

const char *nm_plugin_folder(const struct nm_run_options *o, enum nm_kind kind, unsigned i)
{
	static _Thread_local char buf[4200];
	const char *env = secure_getenv(kinds[kind].env);
	const char *const *given = kind == NM_KIND_EXPERT ? o->expert_path : o->parser_path;
	unsigned n = kind == NM_KIND_EXPERT ? o->n_expert_path : o->n_parser_path;

	if (i < n)
		return given[i];
	i -= n;
	if (list_entry(env, i, buf, sizeof buf))
		return buf;
	i -= list_length(env);
	if (personal_folder(
		"XDG_DATA_HOME", ".local/share", kinds[kind].personal, buf, sizeof buf) &&
	    i-- == 0)
		return buf;
	if (i > 0)
		return NULL;
	return place(buf, sizeof buf, kinds[kind].in_build, kinds[kind].installed);
}

const char *nm_expert_folder(const struct nm_run_options *o, unsigned i)
{
	return nm_plugin_folder(o, NM_KIND_EXPERT, i);
}

/* ---- targets ----------------------------------------------------------------------------- */

void nm_targets_done(struct nm_targets *t)
{
	for (unsigned i = 0; i < t->n; i++) {
		free(t->items[i].path);
		free(t->items[i].file);
		free(t->items[i].given);
		free(t->items[i].config);
	}
	free(t->items);
	*t = (struct nm_targets){ 0 };
}

/* "/a/b/topuser.so" -> "topuser"; owned by the caller. */
static char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
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
	char dir[4200], real[4096];
	size_t n;

	(void)place(dir, sizeof dir, kinds[kind].in_build, kinds[kind].installed);
	if (!realpath(dir, real))
		return false;
	n = strlen(real);
	return strncmp(full, real, n) == 0 && full[n] == '/' && !strchr(full + n + 1, '/');
}

static bool add_target(struct nm_targets *t, enum nm_kind kind, const char *path)
{
	struct nm_target *items = realloc(t->items, (t->n + 1) * sizeof *items);
	char *full, *file;

	if (!items)
		return false;
	t->items = items;
	full = realpath(path, NULL);
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

static int is_shared_object(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > strlen(SUFFIX) && d->d_name[0] != '.' &&
	       strcmp(d->d_name + n - strlen(SUFFIX), SUFFIX) == 0;
}

/* Every plug-in of one folder by name; a folder that isn't there has none. */
static bool add_folder(struct nm_targets *t, enum nm_kind kind, const char *folder)
{
	struct dirent **list = NULL;
	int n = scandir(folder, &list, is_shared_object, alphasort);
	bool ok = true;

	for (int i = 0; i < n; i++) {
		char path[8192], *file = base_name(list[i]->d_name);

		(void)snprintf(path, sizeof path, "%s/%s", folder, list[i]->d_name);
		if (ok && file && !has_target(t, file))
			ok = add_target(t, kind, path) ||
			     errno != ENOMEM; /* a link that leads nowhere */
		free(file);
		free(list[i]);
	}
	free(list);
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

/* How many letters must change to make a into b; names are short. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[65];
	size_t nb = strlen(b);

	if (nb > 64 || strlen(a) > 64)
		return 99;
	for (unsigned j = 0; j <= nb; j++)
		row[j] = j;
	for (unsigned i = 1; *a; a++, i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= nb; j++) {
			unsigned cost = diagonal + (*a != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < cost)
				cost = row[j] + 1;
			if (row[j - 1] + 1 < cost)
				cost = row[j - 1] + 1;
			row[j] = cost;
		}
	}
	return row[nb];
}

static void say_unknown(const struct nm_run_options *o, const char *name)
{
	struct nm_targets all;
	const char *near = NULL;
	unsigned best = 3;

	if (nm_targets_all(o, NM_KIND_EXPERT, &all) != NM_EXIT_COMPLETE)
		return;
	for (unsigned i = 0; i < all.n; i++)
		if (distance(name, all.items[i].file) < best) {
			best = distance(name, all.items[i].file);
			near = all.items[i].file;
		}
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
		(void)snprintf(path, sizeof path, "%s/%s" SUFFIX, nm_expert_folder(o, i), name);
		if (access(path, F_OK) == 0)
			return add_target(t, NM_KIND_EXPERT, path);
	}
	return false;
}

static bool is_path(const char *spec)
{
	size_t n = strlen(spec);

	return strchr(spec, '/') || (n > 3 && strcmp(spec + n - 3, SUFFIX) == 0) ||
	       (n > 4 && strcasecmp(spec + n - 4, ".dll") == 0);
}

static int find_plain(const struct nm_run_options *o, const char *spec, struct nm_targets *t)
{
	if (is_path(spec)) {
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

		if (!nm_setting_name(c + 1) || n >= sizeof path)
			continue;
		(void)snprintf(path, sizeof path, "%.*s", (int)n, spec);
		if (is_path(path) && access(path, F_OK) == 0)
			return n;
		first = first == all ? n : first;
	}
	return first;
}

static int find_one(const struct nm_run_options *o, const char *spec, struct nm_targets *t)
{
	size_t n = name_length(spec);
	char *name = strndup(spec, n), *given = spec[n] ? strdup(spec + n + 1) : NULL;
	const char *colon = name && !given && !is_path(name) ? strchr(name, ':') : NULL;
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
