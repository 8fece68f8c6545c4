/* SPDX-License-Identifier: MIT */
/* Making a failing case small. */
#include "model.h"

#include <stdlib.h>
#include <string.h>
#if !defined(_WIN32)
#include <sys/wait.h>
#endif
#include <unistd.h>

#if defined(_WIN32)
/* There is no process to be had for it: a case that crashes ends the test. */
bool model_fails_apart(const struct model_case *c, void *arg)
{
	size_t at;

	(void)arg;
	return model_run(c, &at);
}
#else
bool model_fails_apart(const struct model_case *c, void *arg)
{
	pid_t child = fork();
	int status = 0;
	size_t at;

	(void)arg;
	if (child == 0) {
		(void)alarm(20);
		_exit(model_run(c, &at) ? 1 : 0);
	}
	return child > 0 && waitpid(child, &status, 0) == child && status != 0;
}
#endif

/* Without steps [from, from + n), if it still fails. */
static bool without(struct model_case *c, size_t from, size_t n, model_fails_fn *fails, void *arg)
{
	struct model_case less = *c;
	bool ok;

	less.count = c->count - n;
	less.steps = malloc((less.count + 1) * sizeof *less.steps);
	if (!less.steps)
		return false;
	memcpy(less.steps, c->steps, from * sizeof *c->steps);
	memcpy(less.steps + from, c->steps + from + n, (c->count - from - n) * sizeof *c->steps);
	ok = fails(&less, arg);
	if (ok) {
		memcpy(c->steps, less.steps, less.count * sizeof *c->steps);
		c->count = less.count;
	}
	free(less.steps);
	return ok;
}

/* Pieces of half the case, then of a quarter, down to single steps. */
static bool fewer_steps(struct model_case *c, model_fails_fn *fails, void *arg)
{
	size_t before = c->count;

	for (size_t piece = c->count / 2; piece > 0; piece /= 2)
		for (size_t from = c->count; from >= piece;
		     from -= from < piece * 2 ? piece : piece)
			if (from <= c->count && without(c, from - piece, piece, fails, arg))
				continue;
	return c->count < before;
}

static bool try_value(
    struct model_case *c, uint32_t *at, uint32_t v, model_fails_fn *fails, void *arg)
{
	uint32_t old = *at;

	if (v >= old)
		return false;
	*at = v;
	if (fails(c, arg))
		return true;
	*at = old;
	return false;
}

static bool smaller_number(struct model_case *c, uint32_t *at, model_fails_fn *fails, void *arg)
{
	bool any = false;

	if (try_value(c, at, 0, fails, arg))
		return true;
	for (uint32_t less = *at / 2; less > 0; less /= 2)
		while (less < *at && try_value(c, at, *at - less, fails, arg))
			any = true;
	return any;
}

void model_shrink(struct model_case *c, model_fails_fn *fails, void *arg)
{
	bool any = true;

	for (int round = 0; any && round < 8; round++) {
		any = fewer_steps(c, fails, arg);
		any |= smaller_number(c, &c->quota_kib, fails, arg);
		any |= smaller_number(c, &c->delay, fails, arg);
		any |= smaller_number(c, &c->guard, fails, arg);
		for (size_t i = 0; i < c->count; i++)
			any |= smaller_number(c, &c->steps[i].n, fails, arg);
	}
}
