/* SPDX-License-Identifier: MIT */
/* The heap against its model: random cases, kept cases, and the shrinker itself.
 *
 * NMAPI_SEED starts the random cases elsewhere, NMAPI_STEPS says how many steps
 * there are in all. A failure prints its seed and the case in small, which can be
 * kept as a file in heap_cases/. */
#include "check.h"
#include "heap/model.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define CASE_STEPS 20000
#define ALL_STEPS  2000000

static uint64_t number_from(const char *name, uint64_t otherwise)
{
	const char *s = getenv(name);

	return s && *s ? strtoull(s, NULL, 0) : otherwise;
}

static void show_small(struct model_case *c)
{
	model_shrink(c, model_fails_apart, NULL);
	(void)fprintf(stderr, "# the case in small:\n");
	model_print(c, stderr);
}

static void random_cases_agree_with_the_model(void **state)
{
	uint64_t seed = number_from("NMAPI_SEED", 1), left = number_from("NMAPI_STEPS", ALL_STEPS);
	struct model_case c = { .steps = malloc(CASE_STEPS * sizeof *c.steps) };
	size_t at = 0;

	(void)state;
	assert_non_null(c.steps);
	print_message("# NMAPI_SEED=%" PRIu64 "\n", seed);
	for (; left; left -= left < CASE_STEPS ? left : CASE_STEPS, seed++) {
		const char *wrong;

		model_random(seed, left < CASE_STEPS ? (size_t)left : CASE_STEPS, &c);
		wrong = model_run(&c, &at);
		if (wrong) {
			(void)fprintf(
			    stderr, "# seed %" PRIu64 ", step %zu: %s\n", seed, at, wrong);
			show_small(&c);
			fail();
		}
	}
	free(c.steps);
}

static void kept_cases_pass(void **state)
{
	const char *folder = getenv("HEAP_CASES");
	DIR *d = folder ? opendir(folder) : NULL;
	struct dirent *e;
	int n = 0;

	(void)state;
	if (!d)
		skip();
	while ((e = readdir(d)) != NULL) {
		struct model_case c;
		char path[4096];
		const char *wrong;
		size_t at = 0;
		FILE *f;

		if (e->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		f = fopen(path, "r");
		assert_non_null(f);
		assert_true(model_parse(f, &c));
		(void)fclose(f);
		wrong = model_run(&c, &at);
		if (wrong)
			fail_msg("%s, step %zu: %s", e->d_name, at, wrong);
		free(c.steps);
		n++;
	}
	(void)closedir(d);
	assert_true(n > 0);
}

/* ---- the shrinker -------------------------------------------------------------- */

/* A bug that needs three steps in order: an allocation of 700 bytes or more, a
 * resize, and a free of the block allocated first. */
static bool planted(const struct model_case *c, void *arg)
{
	int stage = 0;
	uint8_t id = 0;

	(void)arg;
	for (size_t i = 0; i < c->count && stage < 3; i++) {
		const struct step *s = &c->steps[i];

		if (stage == 0 && s->kind == STEP_ALLOC && s->n >= 700) {
			id = s->id;
			stage = 1;
		} else if (stage == 1 && s->kind == STEP_RESIZE) {
			stage = 2;
		} else if (stage == 2 && s->kind == STEP_FREE && s->id == id) {
			stage = 3;
		}
	}
	return stage == 3;
}

static void a_failing_case_becomes_small(void **state)
{
	struct model_case c = { .steps = malloc(3000 * sizeof *c.steps) };
	uint64_t seed = 0;

	(void)state;
	do
		model_random(seed++, 3000, &c);
	while (!planted(&c, NULL));
	model_shrink(&c, planted, NULL);
	assert_int_equal(c.count, 3);
	assert_int_equal(c.steps[0].kind, STEP_ALLOC);
	assert_int_equal(c.steps[0].n, 700);
	assert_int_equal(c.steps[1].kind, STEP_RESIZE);
	assert_int_equal(c.steps[2].kind, STEP_FREE);
	free(c.steps);
}

static void a_printed_case_reads_back(void **state)
{
	struct model_case c = { .steps = malloc(500 * sizeof *c.steps) }, back;
	FILE *f = tmpfile();

	(void)state;
	assert_non_null(f);
	model_random(7, 500, &c);
	model_print(&c, f);
	rewind(f);
	assert_true(model_parse(f, &back));
	assert_int_equal(back.count, 500);
	assert_int_equal(back.quota_kib, c.quota_kib);
	for (size_t i = 0; i < 500; i++) {
		assert_int_equal(back.steps[i].kind, c.steps[i].kind);
		assert_int_equal(back.steps[i].id, c.steps[i].id);
		assert_int_equal(back.steps[i].n, c.steps[i].n);
	}
	(void)fclose(f);
	free(c.steps);
	free(back.steps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kept_cases_pass),
		cmocka_unit_test(random_cases_agree_with_the_model),
		cmocka_unit_test(a_failing_case_becomes_small),
		cmocka_unit_test(a_printed_case_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
