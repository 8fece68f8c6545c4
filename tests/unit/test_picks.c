/* SPDX-License-Identifier: MIT */
/* host/picks: what a worker says of frames that pass becomes picks, or is refused. */
#include "check.h"
#include "host/host_int.h"

#include <errno.h>

/* What a worker tells: pairs of frames. */
static const struct {
	const char *name;
	uint32_t pairs[8];
	unsigned n; /* of the pairs */
	bool good;
} cases[] = {
	{ "nothing passes", { 0 }, 0, true },
	{ "one frame", { 0, 0 }, 1, true },
	{ "ranges side by side", { 0, 4, 5, 5, 6, 9 }, 3, true },
	{ "up to the last frame that there can be", { 3, 3, 7, UINT32_MAX }, 2, true },
	{ "one that ends before it begins", { 0, 4, 9, 7 }, 2, false },
	{ "one that begins in the one before", { 0, 4, 4, 6 }, 2, false },
	{ "the same twice", { 3, 3, 3, 3 }, 2, false },
	{ "one that goes back", { 5, 6, 1, 2 }, 2, false },
	{ "one behind the last frame that there can be", { 0, UINT32_MAX, 0, 0 }, 2, false },
};

static bool tell(struct nm_picking *p, const uint32_t *pairs, unsigned from, unsigned to)
{
	uint8_t buf[64];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct nm_cur c;

	for (unsigned i = from; i < to; i++)
		nm_enc_range(&o, &(struct nm_frame_range){ pairs[2 * i], pairs[2 * i + 1] });
	c = nm_cur_over(buf, o.n);
	return nm_picking_take(p, NM_MSG_PASSED, &c);
}

static void what_passes_becomes_picks(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
		for (unsigned step = 1; step <= 3; step++) {
			struct nm_picking p;
			struct nm_picks *picks;
			uint32_t n = 0;
			bool good = true;

			assert_int_equal(nm_picking_open(&p), 0);
			for (unsigned k = 0; good && k < cases[i].n; k += step)
				good = tell(&p, cases[i].pairs, k,
				    k + step < cases[i].n ? k + step : cases[i].n);
			if (good != cases[i].good)
				fail_msg("%s, in steps of %u", cases[i].name, step);
			assert_int_equal(nm_picking_end(&p), 0);
			picks = good ? nm_picks_new(p.fd) : NULL;
			for (unsigned k = 0; picks && k < cases[i].n; k++) {
				assert_true(nm_picks_next(picks, &n));
				assert_int_equal(n, cases[i].pairs[2 * k]);
				n = cases[i].pairs[2 * k + 1];
				assert_true(nm_picks_next(picks, &n));
				assert_int_equal(n++, cases[i].pairs[2 * k + 1]);
			}
			if (picks && n)
				assert_false(nm_picks_next(picks, &n));
			nm_picks_free(picks);
			nm_picking_done(&p);
		}
}

static void what_is_no_range_is_refused(void **state)
{
	static const uint8_t bytes[12] = { 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0 };
	static const enum nm_msg others[] = { NM_MSG_TEXT, NM_MSG_ENOUGH, NM_MSG_PROTOCOL };
	struct nm_picking p;

	(void)state;
	assert_int_equal(nm_picking_open(&p), 0);
	for (size_t n = 1; n <= sizeof bytes; n++) {
		struct nm_cur c = nm_cur_over(bytes, n);

		p.next = 0;
		assert_int_equal(nm_picking_take(&p, NM_MSG_PASSED, &c), n == 8);
	}
	for (unsigned i = 0; i < 3; i++) {
		struct nm_cur c = nm_cur_over(bytes, 8);

		p.next = 0;
		assert_false(nm_picking_take(&p, others[i], &c));
	}
	nm_picking_done(&p);
}

static int next_frame(void *ctx, struct nm_pick *ret)
{
	uint32_t *n = ctx;

	*ret = (struct nm_pick){ .first = *n, .last = *n + 1, .noted = *n, .comment = "said" };
	*n += 10;
	return *n <= 30 ? 1 : *n == 40 ? 0 : -EIO;
}

static void a_caller_picks_until_there_are_no_more_or_there_is_trouble(void **state)
{
	static const struct {
		uint32_t begin;
		int err;
		off_t bytes;
	} rows[] = {
		{ 0, 0, 3 * (NM_PICK_HEAD + 4) },
		{ 30, 0, 0 },
		{ 40, EIO, 0 },
		{ 5, EIO, 2 * (NM_PICK_HEAD + 4) },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint32_t n = rows[i].begin;
		const struct nm_convert_options how = { .pick = next_frame, .pick_ctx = &n };
		struct nm_picking p;

		assert_int_equal(nm_picking_open(&p), 0);
		assert_int_equal(nm_picking_ask(&p, &how), rows[i].err);
		assert_int_equal(lseek(p.fd, 0, SEEK_END), rows[i].bytes);
		nm_picking_done(&p);
		nm_picking_done(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_passes_becomes_picks),
		cmocka_unit_test(what_is_no_range_is_refused),
		cmocka_unit_test(a_caller_picks_until_there_are_no_more_or_there_is_trouble),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
