/* SPDX-License-Identifier: MIT */
/* Patterns, within bounds. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "filter/regex.h"

#include <pcre2.h>
#include <stdlib.h>

#define ARENA_BYTES (160u << 10) /* PCRE2 begins with 20 KiB and doubles it twice */
#define HEAP_KIB    128u
#define DEPTH_MAX   1000u

struct nm_regex {
	pcre2_code *code;             /* owned */
	pcre2_match_context *context; /* owned */
};

/* Memory for one match, on the stack: what PCRE2 takes from it goes back all at once. */
struct arena {
	size_t used;
	_Alignas(16) uint8_t bytes[ARENA_BYTES];
};

static void *take(PCRE2_SIZE n, void *ctx)
{
	struct arena *a = ctx;
	void *p;

	n = (n + 15) & ~(size_t)15;
	if (n > ARENA_BYTES - a->used)
		return NULL;
	p = a->bytes + a->used;
	a->used += n;
	return p;
}

static void give_back(void *p, void *ctx)
{
	(void)p;
	(void)ctx;
}

/* malloc and free by name, so that tests can refuse each. */
static void *heap_take(PCRE2_SIZE n, void *ctx)
{
	(void)ctx;
	return calloc(1, n);
}

static void heap_give_back(void *p, void *ctx)
{
	(void)ctx;
	free(p);
}

static pcre2_code *compile(
    pcre2_general_context *g, const uint8_t *p, size_t n, int *ret_code, size_t *ret_at)
{
	pcre2_compile_context *c = pcre2_compile_context_create(g);
	pcre2_code *code = NULL;

	*ret_code = PCRE2_ERROR_NOMEMORY;
	if (!c)
		return NULL;
	(void)pcre2_set_parens_nest_limit(c, NM_REGEX_NEST_MAX);
	(void)pcre2_set_max_pattern_length(c, NM_REGEX_BYTES_MAX);
	code = pcre2_compile(p, n, PCRE2_CASELESS | PCRE2_NEVER_UTF, ret_code, ret_at, c);
	pcre2_compile_context_free(c);
	return code;
}

struct nm_regex *nm_regex_new(const uint8_t *p, size_t n, size_t *ret_at, char why[256])
{
	pcre2_general_context *g = pcre2_general_context_create(heap_take, heap_give_back, NULL);
	struct nm_regex *r = g ? calloc(1, sizeof *r) : NULL;
	int code = PCRE2_ERROR_NOMEMORY;

	*ret_at = 0;
	why[0] = '\0';
	if (r) {
		r->context = pcre2_match_context_create(g);
		r->code = r->context ? compile(g, p, n, &code, ret_at) : NULL;
	}
	if (g)
		pcre2_general_context_free(g);
	if (r && r->code) {
		(void)pcre2_set_match_limit(r->context, NM_REGEX_STEPS_MAX);
		(void)pcre2_set_depth_limit(r->context, DEPTH_MAX);
		(void)pcre2_set_heap_limit(r->context, HEAP_KIB);
		return r;
	}
	if (code != PCRE2_ERROR_NOMEMORY && code != PCRE2_ERROR_HEAP_FAILED)
		(void)pcre2_get_error_message(code, (PCRE2_UCHAR *)why, 256);
	nm_regex_free(r);
	return NULL;
}

void nm_regex_free(struct nm_regex *r)
{
	if (!r)
		return;
	pcre2_code_free(r->code);
	pcre2_match_context_free(r->context);
	free(r);
}

__attribute__((noinline)) bool nm_regex_match(const struct nm_regex *r, const uint8_t *p, size_t n)
{
	struct arena a;
	pcre2_general_context *g;
	pcre2_match_data *m;

	a.used = 0;
	g = pcre2_general_context_create(take, give_back, &a);
	m = g ? pcre2_match_data_create(1, g) : NULL;
	return m && pcre2_match(r->code, p ? p : (const uint8_t *)"", n, 0, 0, m, r->context) >= 0;
}
