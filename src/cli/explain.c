/* SPDX-License-Identifier: MIT */
/* netmon explain: the event reference pages of an expert. They lie beside it, and are named
 * by it and the event: topuser1.htm. */
#include "base/eventpage.h"
#include "cli/cli.h"
#include "system/files.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH 80u /* characters of a line */

enum { OPT_EXPERT_PATH = 256 };

static const struct cli_option options[] = {
	{ OPT_EXPERT_PATH, "expert-path", "DIR", "look for experts in DIR first" },
	{ 0 },
};

/* Where the pages of an expert are. */
struct pages {
	char stem[PATH_MAX];   /* the folder with its slash, and how their names begin */
	char folder[PATH_MAX]; /* "" is where we are */
	const char *expert;    /* in stem */
};

struct found {
	uint32_t *idents; /* owned */
	size_t n, room;
};

/* ---- all of an expert ------------------------------------------------------------- */

/* "topuser12.htm" of topuser is 12. */
static bool ident_of(const char *expert, const char *file, uint32_t *ret)
{
	size_t n = strlen(expert);
	unsigned long long v;
	char *end;

	if (strncmp(file, expert, n) != 0 || !isdigit((unsigned char)file[n]))
		return false;
	if (file[n] == '0' && file[n + 1] != '.')
		return false;
	errno = 0;
	v = strtoull(file + n, &end, 10);
	*ret = (uint32_t)v;
	return errno == 0 && v <= UINT32_MAX && strcmp(end, ".htm") == 0;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static bool keep(struct found *f, uint32_t ident)
{
	if (f->n == f->room) {
		size_t room = f->room ? 2 * f->room : 32;
		uint32_t *bigger = realloc(f->idents, room * sizeof *bigger);

		if (!bigger)
			return false;
		f->idents = bigger;
		f->room = room;
	}
	f->idents[f->n++] = ident;
	return true;
}

/* The numbers that there are pages of, in order. 0 or an errno value. */
static int find_pages(const struct pages *g, struct found *ret)
{
	DIR *dir = opendir(g->folder[0] ? g->folder : ".");
	const struct dirent *d;
	uint32_t ident;
	int err = 0;

	*ret = (struct found){ 0 };
	if (!dir)
		return errno;
	while (!err && (d = readdir(dir)))
		if (ident_of(g->expert, d->d_name, &ident) && !keep(ret, ident))
			err = ENOMEM;
	(void)closedir(dir);
	if (ret->n)
		qsort(ret->idents, ret->n, sizeof *ret->idents, by_number);
	return err;
}

/* What a list says of a page. */
struct summary {
	char *title;      /* owned: its first line */
	char *severities; /* owned: "info, warning"; NULL: it does not say */
};

/* False: there is none to be read. */
static bool sum_up(const struct pages *g, uint32_t ident, struct summary *ret)
{
	const char *why;
	size_t n;
	char *html = nm_event_page_load(g->stem, ident, &n, &why);

	*ret = (struct summary){ 0 };
	if (!html)
		return false;
	ret->title = nm_event_page_text(html, n, UINT_MAX);
	ret->severities = nm_event_page_meta(html, n, "severity");
	free(html);
	if (!ret->title)
		free(ret->severities);
	else
		ret->title[strcspn(ret->title, "\n")] = '\0';
	return ret->title != NULL;
}

static void forget(struct summary *s)
{
	free(s->title);
	free(s->severities);
}

/* "warning" is in "info, warning". */
static bool says(const struct summary *s, const char *word)
{
	static const char between[] = ", \t\n";
	const char *p = s->severities ? s->severities : "";

	for (size_t n; (p += strspn(p, between), n = strcspn(p, between)) > 0; p += n)
		if (n == strlen(word) && strncmp(p, word, n) == 0)
			return true;
	return false;
}

/* A line for each: its number, the page's first line, and how severe it can be. */
static void list_pages(const struct pages *g, const struct found *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const char *before = " (", *word;
		struct summary s;

		if (!sum_up(g, f->idents[i], &s))
			continue;
		(void)printf("%6" PRIu32 "  %s", f->idents[i], s.title);
		for (uint32_t k = 0; (word = nm_severity_word(k)); k++)
			if (says(&s, word)) {
				(void)printf("%s%s", before, word);
				before = ", ";
			}
		(void)printf("%s\n", before[0] == ',' ? ")" : "");
		forget(&s);
	}
}

static json_t *json_page(const struct pages *g, uint32_t ident, const struct summary *s)
{
	json_t *words = json_array();
	char path[PATH_MAX + 16];
	const char *word;

	for (uint32_t k = 0; (word = nm_severity_word(k)); k++)
		if (says(s, word))
			(void)json_array_append_new(words, json_string(word));
	(void)snprintf(path, sizeof path, "%s%" PRIu32 ".htm", g->stem, ident);
	return json_pack("{s:I,s:o,s:o,s:o}", "ident", (json_int_t)ident, "title",
	    cli_json_text(s->title), "severities", words, "page", cli_json_text(path));
}

/* The pages of the expert in this file; false when the path is too long. */
static bool pages_of_file(struct pages *g, const char *path)
{
	char *stem = nm_event_page_stem(path);
	int n = stem ? snprintf(g->stem, sizeof g->stem, "%s", stem) : -1;

	free(stem);
	if (n < 0 || (size_t)n >= sizeof g->stem)
		return false;
	g->expert = g->stem + nm_path_folder(g->stem);
	(void)snprintf(g->folder, sizeof g->folder, "%.*s", (int)(g->expert - g->stem), g->stem);
	return true;
}

void cli_print_pages(const char *expert_path, const char *word)
{
	char clean[CLI_TEXT];
	struct pages g;
	struct found f = { 0 };

	if (pages_of_file(&g, expert_path) && find_pages(&g, &f) == 0 && f.n) {
		(void)printf(
		    "\nEvents, which netmon explain %s/N tells about:\n", cli_clean(clean, word));
		list_pages(&g, &f);
	}
	free(f.idents);
}

json_t *cli_json_pages(const char *expert_path)
{
	json_t *list = json_array();
	struct pages g;
	struct found f = { 0 };
	struct summary s;
	int bad = !list;

	if (pages_of_file(&g, expert_path))
		(void)find_pages(&g, &f);
	for (size_t i = 0; i < f.n && !bad; i++)
		if (sum_up(&g, f.idents[i], &s)) {
			bad = json_array_append_new(list, json_page(&g, f.idents[i], &s));
			forget(&s);
		}
	free(f.idents);
	if (!bad)
		return list;
	json_decref(list);
	return NULL;
}

/* ---- the command --------------------------------------------------------------------- */

/* The first folder that has pages of the expert, or the expert. */
static bool pages_of_name(
    const struct nm_run_options *o, const char *name, struct pages *g, struct found *f)
{
	const char *dir;
	char path[PATH_MAX];

	for (unsigned i = 0; (dir = nm_expert_folder(o, i)); i++) {
		int n = snprintf(path, sizeof path, "%s/%s", dir, name);

		if (n < 0 || (size_t)n >= sizeof path || !pages_of_file(g, path))
			continue;
		if (find_pages(g, f) == 0 && f->n)
			return true;
		free(f->idents);
		*f = (struct found){ 0 };
	}
	return false;
}

/* "topuser/3" is event 3 of topuser, "./mine.so/3" of that file. False: all of them. */
static bool split(const char *word, char expert[static PATH_MAX], uint32_t *ret_ident)
{
	const char *slash = strrchr(word, '/');
	size_t n = strlen(word);
	unsigned long long v = 0;
	bool one = slash && slash != word && isdigit((unsigned char)slash[1]);

	if (one) {
		char *end;

		errno = 0;
		v = strtoull(slash + 1, &end, 10);
		one = *end == '\0' && errno == 0 && v <= UINT32_MAX;
	}
	if (one)
		n = (size_t)(slash - word);
	*ret_ident = (uint32_t)v;
	(void)snprintf(expert, PATH_MAX, "%.*s", (int)(n < PATH_MAX ? n : PATH_MAX - 1), word);
	return one;
}

static int explain_one(const struct pages *g, const char *word, const char *expert, uint32_t ident)
{
	const char *why;
	char *text = nm_event_page_read(g->stem, ident, WIDTH, &why);

	if (!text) {
		cli_say(
		    "explain: %s: %s; netmon explain %s lists what there is", word, why, expert);
		return NM_EXIT_INPUT;
	}
	(void)printf("%s\n", text);
	free(text);
	return NM_EXIT_COMPLETE;
}

static int explain_word(const struct nm_run_options *o, const char *word)
{
	char expert[PATH_MAX];
	uint32_t ident;
	bool one = split(word, expert, &ident), found;
	struct pages g;
	struct found f = { 0 };
	int status;

	if (nm_path_is_plugin(expert))
		found = pages_of_file(&g, expert) && find_pages(&g, &f) == 0 && f.n;
	else
		found = pages_of_name(o, expert, &g, &f);
	if (!found) {
		cli_say(
		    "explain: no pages of an expert '%s' are there; netmon experts lists experts",
		    expert);
		status = NM_EXIT_INPUT;
	} else if (one) {
		status = explain_one(&g, word, expert, ident);
	} else {
		list_pages(&g, &f);
		status = NM_EXIT_COMPLETE;
	}
	free(f.idents);
	return status;
}

struct asked {
	struct nm_run_options options;
	const char **paths; /* owned: what the options point to */
};

static bool apply(void *ctx, int id, const char *name, const char *arg)
{
	struct asked *a = ctx;

	(void)id; /* there is one option */
	(void)name;
	a->paths[a->options.n_expert_path++] = arg;
	return true;
}

static int explain(const struct cli_command *self, int argc, char **argv)
{
	struct asked a = { .paths = calloc((size_t)argc, sizeof *a.paths) };
	int id = CLI_BAD, status = NM_EXIT_USAGE;

	nm_run_options_init(&a.options);
	a.options.expert_path = a.paths;
	if (a.paths)
		id = cli_take_options(self, argc, argv, apply, &a);
	if (id == CLI_HELP)
		status = NM_EXIT_COMPLETE;
	else if (id == CLI_END && optind + 1 != argc)
		cli_say("explain: name one event, as in 'netmon explain tcpipe/10', or an expert");
	else if (id == CLI_END)
		status = explain_word(&a.options, argv[optind]);
	free(a.paths);
	return status;
}

const struct cli_command cli_explain = { "explain", "EXPERT[/EVENT]",
	"what an event means, how to confirm it and what to do", options, explain };
