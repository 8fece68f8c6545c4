/* SPDX-License-Identifier: MIT */
/* Filters against the frames that another program selects with them, on every shared capture.
 *
 * filters.txt has a filter a line, filters.sets what tshark made of them (filter-sets asks it):
 * how many frames of which capture, and a hash of their numbers. Without the captures in
 * ../shared (or $NMAPI_SHARED) the test is skipped; a filter about something that is not
 * parsed is skipped and told. Where the two programs mean different frames, `exceptions`
 * says why. */
#include "base/nmerr.h"
#include "expert/door.h"

#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#ifndef SHARED_DIR
#define SHARED_DIR "../shared"
#endif

#define COUNT(a)    (sizeof(a) / sizeof *(a))
#define FILTERS_MAX 512
#define FILES_MAX   256
#define DIFF_MAX    8192

#define WHY_RECORDS   "records without frames, which the other program shows as frames"
#define WHY_NO_TIME   "frames without a time: here they have the capture's start"
#define WHY_STREAMS   "the other program puts streams together; here a frame is what is in it"
#define WHY_FRAGMENTS "the other program puts fragments of IP together, where the last one is"
#define WHY_FF        "ff is also the name of a protocol there, and compared as one"
#define WHY_QUOTED                                                                                 \
	"of a TCP header that an ICMP message quotes the other one tells no length and number"
#define WHY_PPPOE "IP's total length counts here; there PPPoE's, which is six bytes less"
#define WHY_RTP   "a version that there is not, where SIP said RTP"

/* Patterns of file names and filters; NULL: all. */
static const struct exception {
	const char *file, *filter, *why;
} exceptions[] = {
#include "filter_exceptions.inc"
};

struct set {
	unsigned count;
	uint32_t hash;
};

static char filters[FILTERS_MAX][160], files[FILES_MAX][160];
static struct set ours[FILES_MAX][FILTERS_MAX], theirs[FILES_MAX][FILTERS_MAX];
static HFILTER compiled[FILTERS_MAX];
static char missing[FILTERS_MAX][NM_FILTER_ERROR_MAX];
static size_t n_filters, n_files;
static bool used[COUNT(exceptions)];

static const char *shared_dir(void)
{
	const char *dir = getenv("NMAPI_SHARED");

	return dir ? dir : SHARED_DIR;
}

/* ---- what the other program selects ------------------------------------------------- */

static size_t file_number(const char *name)
{
	for (size_t i = 0; i < n_files; i++)
		if (strcmp(files[i], name) == 0)
			return i;
	assert_true(n_files < FILES_MAX);
	(void)snprintf(files[n_files], sizeof *files, "%s", name);
	return n_files++;
}

static FILE *open_list(const char *name)
{
	char path[4096];
	FILE *f;

	(void)snprintf(path, sizeof path, "%s/tests/oracle/%s", getenv("NMAPI_SOURCE"), name);
	f = fopen(path, "r");
	if (!f)
		fail_msg("%s can't be read", path);
	return f;
}

static void read_lists(void)
{
	char name[160];
	unsigned n, count, hash;
	FILE *f = open_list("filters.txt");
	size_t file = 0;

	while (n_filters < FILTERS_MAX && fgets(filters[n_filters], sizeof *filters, f)) {
		filters[n_filters][strcspn(filters[n_filters], "\n")] = '\0';
		n_filters++;
	}
	(void)fclose(f);
	f = open_list("filters.sets");
	while (fscanf(f, "%159s", name) == 1) {
		if (strchr(name, '.')) {
			file = file_number(name);
			continue;
		}
		n = (unsigned)strtoul(name, NULL, 10);
		assert_in_range(n, 1, n_filters);
		assert_int_equal(fscanf(f, "%u %x", &count, &hash), 2);
		theirs[file][n - 1] = (struct set){ count, hash };
	}
	(void)fclose(f);
}

/* ---- what we do ----------------------------------------------------------------------- */

static void compile_all(const struct nm_door *door)
{
	struct nm_filter_error e;

	for (size_t i = 0; i < n_filters; i++)
		if (door->filter_compile(filters[i], &compiled[i], &e))
			(void)snprintf(missing[i], sizeof *missing, "%s", e.text);
}

static void select_frames(
    const struct nm_door *door, struct nm_capture *c, struct nm_parse *p, size_t file)
{
	struct nm_view *v = door->view_new(c, 1);
	struct nm_frame f;

	assert_non_null(v);
	for (uint32_t n = 0; door->view_frame(v, n, &f) == NMERR_SUCCESS; n++)
		for (size_t i = 0; i < n_filters; i++) {
			struct set *s = &ours[file][i];
			bool passed = false;

			door->parse_set(p, door->frame_handle(n), &f);
			if (!compiled[i] || door->filter_test(compiled[i], p, NULL, &passed) ||
			    !passed)
				continue;
			s->count++;
			s->hash = (s->count == 1 ? 1 : s->hash) * 31 + n + 1;
		}
	door->view_free(v);
}

static int select_all(void **state)
{
	static const char *const families[] = { PARSERS };
	const struct nm_door *door = nm_door(NM_DOOR_VERSION);
	struct nm_parse *p;
	struct nm_diag diag;
	char path[4096];

	(void)state;
	for (size_t i = 0; i < COUNT(families); i++)
		if (!door->parsers_load(families[i], -1, &diag))
			return -1;
	door->parsers_seal();
	p = door->parse_new();
	compile_all(door);
	for (size_t i = 0; p && i < n_files; i++) {
		struct nm_capture *c;
		int fd;

		(void)snprintf(path, sizeof path, "%s/captures/dev/%.160s", shared_dir(), files[i]);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || door->capture_open(fd, &c, &diag) || door->session_open(c))
			return -1;
		(void)door->capture_index(c, 0);
		select_frames(door, c, p, i);
		door->session_close();
		door->capture_close(c);
		(void)close(fd);
	}
	door->parse_free(p);
	return p ? 0 : -1;
}

/* ---- beside each other ------------------------------------------------------------------- */

static bool is_excepted(size_t file, size_t filter)
{
	bool is = false;

	for (size_t i = 0; i < COUNT(exceptions); i++) {
		const struct exception *x = &exceptions[i];

		if ((x->file && fnmatch(x->file, files[file], 0)) ||
		    (x->filter && fnmatch(x->filter, filters[filter], 0)))
			continue;
		used[i] = is = true;
	}
	return is;
}

static void filter_agrees(void **state)
{
	size_t i = (size_t)((char(*)[160]) * state - filters);
	char diff[DIFF_MAX] = "";

	if (!compiled[i]) {
		print_message("not compared: %s\n", missing[i]);
		skip();
	}
	for (size_t k = 0; k < n_files; k++) {
		const struct set *a = &ours[k][i], *b = &theirs[k][i];

		if ((a->count == b->count && (a->count == 0 || a->hash == b->hash)) ||
		    is_excepted(k, i))
			continue;
		(void)snprintf(diff + strlen(diff), sizeof diff - strlen(diff),
		    "%.160s: %u frames, the other program %u%s\n", files[k], a->count, b->count,
		    a->count == b->count ? ", others" : "");
	}
	if (*diff)
		fail_msg("%s:\n%s", filters[i], diff);
}

static void every_exception_is_one(void **state)
{
	unsigned unused = 0;

	for (size_t i = 0; i < COUNT(exceptions); i++) {
		if (used[i])
			continue;
		print_error("no difference: %s, %s (%s)\n",
		    exceptions[i].file ? exceptions[i].file : "any file",
		    exceptions[i].filter ? exceptions[i].filter : "any filter", exceptions[i].why);
		unused++;
	}
	assert_int_equal(unused, 0);
	(void)state;
}

int main(void)
{
	static struct CMUnitTest tests[FILTERS_MAX + 1];
	char path[4096];

	(void)snprintf(path, sizeof path, "%s/captures/dev", shared_dir());
	if (access(path, R_OK) != 0) {
		printf("1..0 # SKIP no captures in %s\n", path);
		return 0;
	}
	read_lists();
	for (size_t i = 0; i < n_filters; i++)
		tests[i] = (struct CMUnitTest){
			.name = filters[i], .test_func = filter_agrees, .initial_state = filters[i]
		};
	tests[n_filters] = (struct CMUnitTest){ .name = "every exception is one",
		.test_func = every_exception_is_one };
	return _cmocka_run_group_tests("filters", tests, n_filters + 1, select_all, NULL);
}
