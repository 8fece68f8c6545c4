/* SPDX-License-Identifier: MIT */
/* A manifest comes back as it was written; and of one that was not, each member
 * that is wrong or missing is named. */
#include "check.h"

#include "host/manifest.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static char bytes[65536];
static size_t n_bytes;

static void write_one(const struct nm_manifest *m)
{
	int fd = memfd_create("manifest", 0);

	assert_int_equal(nm_manifest_write(m, fd), 0);
	n_bytes = (size_t)pread(fd, bytes, sizeof bytes, 0);
	assert_in_range(n_bytes, 1, sizeof bytes - 1);
	(void)close(fd);
}

static struct nm_manifest sample(void)
{
	static char path[] = "/x/m\xff.so", name[] = "Mine", dash[] = "-", reason[] = "signal 11";
	static char trace[] = "a\nb\n";
	struct nm_manifest m = { .expert_path = path,
		.expert_name = name,
		.capture = dash,
		.slice = NM_SLICE_LAST,
		.first = 6,
		.last = 9,
		.tried = true,
		.netmon = true,
		.timeout_ms = 1500,
		.stall_ms = 900,
		.memory_bytes = 1 << 20,
		.max_events = 7,
		.fail_alloc = 3,
		.heap_guard = 2,
		.rest_blocks = 65536,
		.max_threads = 8,
		.trace_memory = true,
		.config = true,
		.grants = 2,
		.end = { NM_VERDICT_CRASHED, NM_PHASE_RUN, 11, 3 },
		.reason = reason,
		.backtrace = trace };

	memset(m.expert_sha256, 'a', NM_HASH_TEXT - 1);
	memset(m.parsers_sha256, 'b', NM_HASH_TEXT - 1);
	return m;
}

static void a_manifest_comes_back(void **state)
{
	struct nm_manifest m = sample(), r;
	struct nm_diag d;

	(void)state;
	write_one(&m);
	assert_true(nm_manifest_read(bytes, n_bytes, &r, &d));
	assert_string_equal(r.expert_path, "/x/m?.so"); /* bytes that are no UTF-8 */
	assert_string_equal(r.expert_name, m.expert_name);
	assert_string_equal(r.expert_sha256, m.expert_sha256);
	assert_string_equal(r.capture, "-");
	assert_int_equal(r.slice, m.slice);
	assert_int_equal(r.first, 6);
	assert_int_equal(r.last, 9);
	assert_true(r.tried && r.netmon && r.trace_memory);
	assert_int_equal(r.timeout_ms, 1500);
	assert_int_equal(r.stall_ms, 900);
	assert_int_equal(r.memory_bytes, 1 << 20);
	assert_int_equal(r.max_events, 7);
	assert_int_equal(r.fail_alloc, 3);
	assert_int_equal(r.heap_guard, 2);
	assert_int_equal(r.rest_blocks, 65536);
	assert_int_equal(r.max_threads, 8);
	assert_true(r.config);
	assert_string_equal(r.parsers_sha256, m.parsers_sha256);
	assert_int_equal(r.grants, 2);
	assert_memory_equal(&r.end, &m.end, sizeof m.end);
	assert_string_equal(r.reason, m.reason);
	assert_string_equal(r.backtrace, m.backtrace);
	nm_manifest_done(&r);
}

static void every_verdict_and_phase_comes_back(void **state)
{
	struct nm_manifest m = sample(), r;
	struct nm_diag d;

	(void)state;
	m.slice = NM_SLICE_NONE;
	m.first = m.last = m.end.frame = NM_NO_FRAME;
	for (int v = 0; v < NM_VERDICTS; v++)
		for (int p = 0; p < NM_PHASES; p++) {
			m.end.verdict = (enum nm_verdict)v;
			m.end.phase = (enum nm_phase)p;
			write_one(&m);
			assert_true(nm_manifest_read(bytes, n_bytes, &r, &d));
			assert_memory_equal(&r.end, &m.end, sizeof m.end);
			assert_int_equal(r.first, NM_NO_FRAME);
			nm_manifest_done(&r);
		}
}

static void no_prefix_is_a_manifest(void **state)
{
	struct nm_manifest m = sample(), r;
	struct nm_diag d;

	(void)state;
	write_one(&m);
	for (size_t cut = 0; cut + 2 < n_bytes; cut++) {
		char *copy = malloc(cut + 1);

		memcpy(copy, bytes, cut);
		d.text[0] = '\0';
		assert_false(nm_manifest_read(copy, cut, &r, &d));
		assert_true(d.text[0] != '\0');
		free(copy);
	}
}

/* The manifest with a member changed or gone is refused, and the member named. */
static void refuses_without(const json_t *all, const char *part, const char *member, bool gone)
{
	json_t *copy = json_deep_copy(all);
	struct nm_manifest r;
	struct nm_diag d;
	char *text, want[128];

	if (gone)
		(void)json_object_del(json_object_get(copy, part), member);
	else
		(void)json_object_set_new(json_object_get(copy, part), member, json_real(0.5));
	text = json_dumps(copy, 0);
	(void)snprintf(want, sizeof want, "%s.%s ", part, member);
	assert_false(nm_manifest_read(text, strlen(text), &r, &d));
	assert_memory_equal(d.text, want, strlen(want));
	free(text);
	json_decref(copy);
}

static void every_member_is_needed(void **state)
{
	static const char *const parts[] = { "expert", "frames", "settings", "end" };
	struct nm_manifest m = sample();
	const char *member;
	unsigned members = 0;
	json_t *all, *value;

	(void)state;
	write_one(&m);
	all = json_loadb(bytes, n_bytes, 0, NULL);
	for (unsigned i = 0; i < COUNT(parts); i++)
		json_object_foreach(json_object_get(all, parts[i]), member, value)
		{
			refuses_without(all, parts[i], member, true);
			refuses_without(all, parts[i], member, false);
			members++;
		}
	assert_int_equal(members, 3 + 6 + 12 + 6);
	json_decref(all);
}

static void what_is_out_of_range_is_named(void **state)
{
	static const struct {
		const char *name, *from, *to, *want;
	} cases[] = {
		{ "an expert by its name", "/x/m", "m", "expert.path " },
		{ "a version to come", "\"capsule\": 2", "\"capsule\": 3", "capsule " },
		{ "a negative number", "\"max_events\": 7", "\"max_events\": -7",
		    "settings.max_events " },
		{ "too many resting", "65536", "65537", "settings.rest_blocks " },
		{ "a heap that is none", "guard-under", "guard-over", "settings.heap " },
		{ "a verdict that is none", "\"crashed\"", "\"sleeping\"", "end.verdict " },
		{ "a phase that is none", "\"Run\"", "\"Walk\"", "end.phase " },
		{ "frame 0", "\"frame\": 4", "\"frame\": 0", "end.frame " },
		{ "a file outside", "frames.cap", "../../etc/passwd", "frames.file " },
		{ "frames backward", "\"last\": 10", "\"last\": 6", "frames.last " },
		{ "a signal beyond all", "\"signal\": 11", "\"signal\": 1100", "end.signal " },
		{ "a hash of other letters", "aaaaaaaa", "zzzzzzzz", "expert.sha256 " },
		{ "a hash that is short", "aaaaaaaa", "", "expert.sha256 " },
		{ "a hash of parsers that is none", "bbbbbbbb", "", "settings.parsers_sha256 " },
		{ "a member twice", "\"signal\": 11", "\"signal\": 11, \"signal\": 11", "line " },
		{ "a NUL in a string", "/x/m", "/x/\\u0000", "line " },
	};
	struct nm_manifest m = sample(), r;
	struct nm_diag d;

	(void)state;
	write_one(&m);
	bytes[n_bytes] = '\0';
	for (unsigned i = 0; i < COUNT(cases); i++) {
		const char *at = strstr(bytes, cases[i].from);
		char *text = NULL;

		assert_non_null(at);
		assert_true(asprintf(&text, "%.*s%s%s", (int)(at - bytes), bytes, cases[i].to,
				at + strlen(cases[i].from)) > 0);
		if (nm_manifest_read(text, strlen(text), &r, &d))
			fail_msg("%s was taken", cases[i].name);
		if (strncmp(d.text, cases[i].want, strlen(cases[i].want)) != 0)
			fail_msg("%s: %s", cases[i].name, d.text);
		free(text);
	}
	assert_false(nm_manifest_read("[]", 2, &r, &d));
	assert_false(nm_manifest_read("7", 1, &r, &d));
}

static void a_full_disk_is_told(void **state)
{
	struct nm_manifest m = sample();
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	if (!full)
		skip();
	assert_int_not_equal(nm_manifest_write(&m, fileno(full)), 0);
	(void)fclose(full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_manifest_comes_back),
		cmocka_unit_test(every_verdict_and_phase_comes_back),
		cmocka_unit_test(no_prefix_is_a_manifest),
		cmocka_unit_test(every_member_is_needed),
		cmocka_unit_test(what_is_out_of_range_is_named),
		cmocka_unit_test(a_full_disk_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
