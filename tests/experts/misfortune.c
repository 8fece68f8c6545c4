/* SPDX-License-Identifier: MIT */
/* Experts whom something befalls. */
#include "misfortune.h"

#include <stdlib.h>
#include <string.h>

unsigned event_of(const struct fake_host *h, const char *begins)
{
	for (unsigned i = 0; i < h->n_events; i++)
		if (strncmp(h->events[i], begins, strlen(begins)) == 0)
			return i;
	fail_msg("no event begins with %s", begins);
	return 0;
}

static struct fake_host of_a_whole_run(const struct victim *v)
{
	struct fake_host h = v->host(), ret;

	assert_true(v->run(&h));
	ret = h;
	fake_done(&h);
	return ret;
}

void refuse_from_each_allocation_on(const struct victim *v, const char *told)
{
	unsigned allocs = of_a_whole_run(v).allocs;

	assert_true(allocs > 3);
	for (unsigned i = 1; i <= allocs; i++) {
		struct fake_host h = v->host();

		h.refuse_alloc = i;
		h.refuse_rest = true;
		assert_true(v->run(&h));
		(void)event_of(&h, told);
		assert_true(fake_left_nothing(&h));
		fake_done(&h);
	}
}

void end_at_each_call(const struct victim *v)
{
	unsigned calls = of_a_whole_run(v).calls;

	assert_true(calls > 0);
	for (unsigned i = 1; i <= calls; i++) {
		struct fake_host h = v->host();

		h.terminate_at = i;
		assert_false(v->run(&h));
		assert_true(fake_left_nothing(&h));
		fake_done(&h);
	}
}

void break_off_at_frame(const struct victim *v, DWORD n, const char *told)
{
	struct fake_host h = v->host();

	h.read_error = NMERR_FILE_READ_ERROR;
	h.read_error_at = n;
	assert_false(v->run(&h));
	(void)event_of(&h, told);
	assert_int_equal(h.status, EXPERTSTATUS_PROBLEM);
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
}

int run_with_rules(const char *group, const struct CMUnitTest *others, size_t n_others,
    CMUnitTestFunction rule_holds, const void *rules, size_t n_rules, size_t row)
{
	struct CMUnitTest *tests = calloc(n_others + n_rules, sizeof *tests);
	int failed;

	if (!tests)
		return 1;
	memcpy(tests, others, n_others * sizeof *tests);
	for (size_t i = 0; i < n_rules; i++) {
		const char *rule = (const char *)rules + i * row;
		const char *name;

		memcpy(&name, rule, sizeof name);
		tests[n_others + i] = (struct CMUnitTest){ .name = name,
			.test_func = rule_holds,
			.initial_state = (void *)(uintptr_t)rule };
	}
	failed = _cmocka_run_group_tests(group, tests, n_others + n_rules, NULL, NULL);
	free(tests);
	return failed;
}
