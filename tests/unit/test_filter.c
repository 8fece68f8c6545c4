/* SPDX-License-Identifier: MIT */
/* filter/: limits, what becomes of texts, and every allocation refused in turn. */
#include "base/nmerr.h"
#include "check.h"
#include "filter/syntax.h"
#include "idle_parser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void __real_free(void *p);
void __wrap_free(void *p);

static unsigned calls, refused; /* the refused-th call fails; 0: none does */
static int live;

void *__wrap_calloc(size_t n, size_t size)
{
	void *p = ++calls == refused ? NULL : __real_calloc(n, size);

	live += p != NULL;
	return p;
}

void __wrap_free(void *p)
{
	live -= p != NULL;
	__real_free(p);
}

static struct nm_parse *parse;

static uint32_t add(HFILTER h, DWORD action, void *data, DWORD n)
{
	FILTEROBJECT2 o = { .Action = action, .ByteCount = (WORD)n };

	if (data)
		o.lpArray = data;
	else
		o.Value = n;
	return nm_filter_add(h, &o);
}

/* 5 = 5 and an identifier contains another, which is the same. */
static uint32_t build(HFILTER h)
{
	DWORD subs[] = { 1, 3, 6, 1 };
	OBJECT_IDENTIFIER oid = { 4, subs };
	LARGE_INTEGER five = { .QuadPart = 5 };
	uint32_t err = add(h, FILTERACTION_VALUE, NULL, 5);

	err = err ? err : add(h, FILTERACTION_LARGEINT, &five, 0);
	err = err ? err : add(h, FILTERACTION_EQUAL, NULL, 0);
	err = err ? err : add(h, FILTERACTION_OID, &oid, 0);
	return err ? err : add(h, FILTERACTION_PROPERTYEXIST, NULL, 0);
}

static uint32_t all_of_it(void)
{
	HFILTER h = nm_filter_new(NULL), copy = NULL;
	uint32_t err = h ? build(h) : NMERR_OUT_OF_MEMORY;
	bool passed = false;

	err = err ? err : add(h, FILTERACTION_AND, NULL, 0);
	err = err ? err : nm_filter_test(h, parse, NULL, &passed);
	if (!err) {
		assert_true(passed);
		copy = nm_filter_copy(h);
		err = copy ? nm_filter_free(copy) : nm_last_error();
	}
	if (h)
		assert_int_equal(nm_filter_free(h), NMERR_SUCCESS);
	return err;
}

static void every_allocation_may_fail(void **state)
{
	unsigned n;

	(void)state;
	calls = refused = 0;
	live = 0;
	assert_int_equal(all_of_it(), NMERR_SUCCESS);
	n = calls;
	assert_true(n > 10);
	for (unsigned i = 1; i <= n; i++) {
		calls = 0;
		refused = i;
		assert_int_equal(all_of_it(), NMERR_OUT_OF_MEMORY);
		assert_int_equal(live, 0);
	}
	refused = 0;
}

/* Too little memory once is no reason for good. */
static void a_filter_recovers(void **state)
{
	HFILTER h = nm_filter_new(NULL);
	bool passed = false;

	(void)state;
	assert_int_equal(add(h, FILTERACTION_BOOL, NULL, 1), NMERR_SUCCESS);
	calls = 0;
	refused = 1;
	assert_int_equal(nm_filter_test(h, parse, NULL, &passed), NMERR_OUT_OF_MEMORY);
	refused = 0;
	assert_false(passed);
	assert_int_equal(nm_filter_test(h, parse, NULL, &passed), NMERR_SUCCESS);
	assert_true(passed);
	assert_int_equal(nm_filter_free(h), NMERR_SUCCESS);
}

/* 65535 objects; as deep as they go, evaluated without recursion. */
static void a_filter_has_its_limits(void **state)
{
	HFILTER deep = nm_filter_new(NULL), sums = nm_filter_new(NULL);
	bool passed = true;

	(void)state;
	for (unsigned i = 0; i < 32768; i++)
		assert_int_equal(add(deep, FILTERACTION_BOOL, NULL, 1), NMERR_SUCCESS);
	for (unsigned i = 0; i < 32767; i++)
		assert_int_equal(add(deep, FILTERACTION_XOR, NULL, 0), NMERR_SUCCESS);
	assert_int_equal(add(deep, FILTERACTION_NOT, NULL, 0), NMERR_STACK_OVERFLOW);
	assert_int_equal(nm_filter_test(deep, parse, NULL, &passed), NMERR_SUCCESS);
	assert_false(passed); /* an even number of trues */
	assert_int_equal(nm_filter_free(deep), NMERR_SUCCESS);

	assert_int_equal(add(sums, FILTERACTION_VALUE, NULL, 1), NMERR_SUCCESS);
	for (unsigned i = 0; i < 33; i++) {
		assert_int_equal(add(sums, FILTERACTION_VALUE, NULL, 1), NMERR_SUCCESS);
		assert_int_equal(add(sums, FILTERACTION_PLUS, NULL, 0), NMERR_SUCCESS);
	}
	assert_int_equal(add(sums, FILTERACTION_PROPERTYEXIST, NULL, 0), NMERR_SUCCESS);
	assert_int_equal(
	    nm_filter_test(sums, parse, NULL, &passed), NMERR_FILTER_INVALID_EXPRESSION);
	assert_int_equal(nm_filter_free(sums), NMERR_SUCCESS);
}

/* ---- text --------------------------------------------------------------------------------- */

static PROPERTYINFO number = { .Label = (char[]){ "A Number" }, .DataType = PROP_TYPE_WORD };
static PROPERTYINFO text = { .Label = (char[]){ "Text" }, .DataType = PROP_TYPE_STRING };

static VOID WINAPI toy_register(HPROTOCOL h)
{
	assert_int_equal(nm_database_create(h, 2), NMERR_SUCCESS);
	assert_int_not_equal(nm_property_add(h, &number), 0);
	assert_int_not_equal(nm_property_add(h, &text), 0);
}

static void print_test(char *to, size_t size, const struct nm_test *t)
{
	static const char *const kinds[] = { "compare", "present", "protocols", "any", "from", "to",
		"fromto", "layers", "in", "match", "true" };
	static const char *const hows[] = { "==", "!=", ">", "<", ">=", "<=", "contains" };

	(void)snprintf(to, size, "%s%s%s ", t->all ? "all " : "", kinds[t->kind],
	    t->kind == TEST_COMPARE ? hows[t->how] : "");
}

/* "[compare== ][2 layers ]and": a step that decides ends with where it goes on. */
static void print_steps(char *to, size_t size, const struct nm_program *p)
{
	static const char *const ops[] = { "const", "test", "not", "and", "or", "xor", "nothing" };

	*to = '\0';
	for (uint32_t i = 0; i < p->n_steps; i++) {
		const struct nm_step *s = &p->steps[i];
		size_t n = strlen(to);

		if (s->op == STEP_TEST)
			print_test(to + n, size - n, &p->tests[s->test]);
		else
			(void)snprintf(to + n, size - n, "%s ", ops[s->op]);
		n = strlen(to);
		if (s->skips)
			(void)snprintf(
			    to + n, size - n, "%s->%u ", s->when ? "true" : "false", s->skip);
	}
}

static const struct {
	const char *text, *steps;
} programs[] = {
	{ "", "" },
	{ "toy", "layers " },
	{ "frame.number == 1", "compare== " },
	{ "frame.number != 1", "all compare!= " },
	{ "frame.number !== 1", "compare!= " },
	{ "frame.number === 1", "all compare== " },
	{ "all frame.number < 1", "all compare< " },
	{ "any frame.number != 1", "compare!= " },
	{ "1 < frame.number", "compare> " },
	{ "1 < frame.number <= 5", "compare> false->2 compare<= and " },
	{ "not toy", "layers not " },
	{ "toy and frame", "layers false->2 layers and " },
	{ "toy or frame", "layers true->2 layers or " },
	{ "toy xor frame", "layers layers xor " },
	{ "toy and frame or toy", "layers false->2 layers and true->4 layers or " },
	{ "toy or frame and toy", "layers true->4 layers false->3 layers and or " },
	{ "not toy and frame", "layers not false->3 layers and " },
	{ "not (toy and frame)", "layers false->2 layers and not " },
	{ "TOY.ANumber == 5", "compare== " },
	{ "toy.a_number", "present " },
	{ "toy.text contains \"x\"", "comparecontains " },
	{ "toy.text matches \"x\"", "match " },
	{ "toy.a_number in {1, 2..3}", "in " },
	{ "toy.a_number not in {1}", "in not " },
	{ "toy.a_number & 4", "true " },
	{ "toy.text[0:2]", "present " },
	{ "len(toy.text) + 1 > 2 && count(toy.text) == 1", "compare> false->2 compare== and " },
};

static void steps_of_texts(void **state)
{
	char steps[512];

	(void)state;
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
		struct nm_program *p = NULL;
		struct nm_filter_error e;

		if (nm_program_read(programs[i].text, NULL, &p, &e))
			fail_msg("%s\n%*s^ %s", programs[i].text, (int)e.at, "", e.text);
		print_steps(steps, sizeof steps, p);
		if (strcmp(steps, programs[i].steps) != 0)
			fail_msg("%s: %s", programs[i].text, steps);
		nm_program_free(p);
	}
}

static void every_allocation_of_a_text_may_fail(void **state)
{
	static const char filter[] = "toy.a_number in {1, 2..3} and (toy.text matches \"a.*b\" or "
				     "toy.text[0:2,3] == \"abc\")";
	struct nm_filter_error e;
	HFILTER h = NULL;
	unsigned n;

	(void)state;
	calls = refused = 0;
	live = 0;
	assert_int_equal(nm_filter_compile(filter, NULL, &h, &e), NMERR_SUCCESS);
	n = calls;
	assert_int_equal(nm_filter_free(h), NMERR_SUCCESS);
	assert_true(n > 10);
	for (unsigned i = 1; i <= n; i++) {
		h = NULL;
		calls = 0;
		refused = i;
		assert_int_equal(nm_filter_compile(filter, NULL, &h, &e), NMERR_OUT_OF_MEMORY);
		assert_string_equal(e.text, "there is no memory for the filter");
		assert_null(h);
		assert_int_equal(live, 0);
	}
	refused = 0;
}

static int setup(void **state)
{
	static const ENTRYPOINTS toy = { toy_register, NULL, idle_recognize, idle_attach, NULL };

	(void)state;
	if (!nm_protocol_create("TOY", &toy))
		return -1;
	parse = nm_parse_new();
	return parse ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	nm_parse_free(parse);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_allocation_may_fail),
		cmocka_unit_test(a_filter_recovers),
		cmocka_unit_test(a_filter_has_its_limits),
		cmocka_unit_test(steps_of_texts),
		cmocka_unit_test(every_allocation_of_a_text_may_fail),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
