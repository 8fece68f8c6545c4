/* SPDX-License-Identifier: MIT */
/* misfortune.h -- what may befall any expert, for the tests of the shipped ones.
 *
 * Whatever happens, an expert says so in an event, gives everything back, and calls nothing
 * once it was told to end.
 */
#ifndef MISFORTUNE_H
#define MISFORTUNE_H

#include "fakehost.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* An expert with its settings, over frames of which each is needed. */
struct victim {
	struct fake_host (*host)(void);
	BOOL (*run)(struct fake_host *h);
};

/* The first event that begins so; the test fails when there is none. */
unsigned event_of(const struct fake_host *h, const char *begins);

/* Every allocation from the first, second ... on is refused: it does what it can, and an event
 * that begins with `told` says what is missing. */
void refuse_from_each_allocation_on(const struct victim *v, const char *told);

/* The host ends it at each of its calls. */
void end_at_each_call(const struct victim *v);

/* Frame n can't be read: the event that begins with `told` says so. */
void break_off_at_frame(const struct victim *v, DWORD n, const char *told);

/* These tests, and rule_holds for each row of a table; a row begins with its name. */
int run_with_rules(const char *group, const struct CMUnitTest *others, size_t n_others,
    CMUnitTestFunction rule_holds, const void *rules, size_t n_rules, size_t row);

#endif
