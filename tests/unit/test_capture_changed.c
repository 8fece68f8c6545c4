/* SPDX-License-Identifier: MIT */
/* Small captures of every format with one byte changed, and lengths next to what
 * integers hold: each is written in every format and read back. What must hold is
 * checked by fuzz_convert.c, which aborts. */
#include "base/bytes.h"
#include "capture_build.h"
#include "check.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

#define STRIDE 7u /* each byte gets one of the changes; all of them take minutes */
#define STEP   (SANITIZED ? 3u : 1u) /* from one place to the next */

static void every_changed_byte_is_written_and_read_back(void **state)
{
	static const uint8_t changes[STRIDE] = { 0xff, 0x01, 0x80, 0x7f, 0x02, 0x10, 0x40 };

	(void)state;
	for (unsigned s = 0; s < cb_n_samples; s++) {
		struct cb b = { 0 };

		cb_samples[s].make(&b);
		assert_int_equal(LLVMFuzzerTestOneInput(b.p, b.n), 0);
		for (size_t i = s % STEP; i < b.n && i < 400; i += STEP) {
			b.p[i] ^= changes[i % STRIDE];
			assert_int_equal(LLVMFuzzerTestOneInput(b.p, b.n), 0);
			b.p[i] ^= changes[i % STRIDE];
		}
		cb_done(&b);
	}
}

/* Every aligned number of a capture in turn, at the edges of 8 to 32 bits. */
static void numbers_at_the_limits_are_written_and_read_back(void **state)
{
	static const uint32_t limits[] = { 0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x10000, 0x7ffffff,
		0x7fffffff, 0x80000000, 0xfffffff0, 0xfffffffe, 0xffffffff };

	(void)state;
	for (unsigned s = 0; s < cb_n_samples; s++) {
		struct cb b = { 0 };

		cb_samples[s].make(&b);
		for (size_t i = s % STEP * 4; i + 4 <= b.n && i < 160; i += 4 * STEP) {
			uint8_t kept[4];

			memcpy(kept, b.p + i, 4);
			for (size_t k = i / 4 % 3; k < sizeof limits / sizeof *limits; k += 3) {
				nm_put_le32(b.p + i, limits[k]);
				assert_int_equal(LLVMFuzzerTestOneInput(b.p, b.n), 0);
			}
			memcpy(b.p + i, kept, 4);
		}
		cb_done(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_changed_byte_is_written_and_read_back),
		cmocka_unit_test(numbers_at_the_limits_are_written_and_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
