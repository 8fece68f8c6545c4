/* SPDX-License-Identifier: MIT */
/* Captures of every format: whole, cut at every byte, changed at every byte,
 * walked in every direction. */
#include "capture_read.h"

#define MAX_FRAMES 64

/* Walk forward with nothing indexed; then the index must agree. */
static uint32_t walk(struct opened *o, uint64_t prints[], uint32_t max)
{
	struct nm_view *v = nm_view_new(o->c, 1);
	struct nm_frame f;
	uint32_t n = 0, err;

	assert_non_null(v);
	while ((err = nm_view_frame(v, n, &f)) == NMERR_SUCCESS) {
		assert_true(n < max);
		assert_int_equal(f.number, n);
		prints[n++] = print_of(&f);
	}
	assert_int_equal(err, NMERR_FRAME_NOT_FOUND);
	assert_int_equal(nm_view_frame(v, n + 1000, &f), NMERR_FRAME_NOT_FOUND);
	nm_view_free(v);
	assert_int_equal(nm_capture_total(o->c, NULL), n);
	return n;
}

static void every_frame_is_what_was_written(void **state)
{
	const struct cb_sample *s = *state;
	struct nm_capture_facts facts;
	struct nm_frame f;
	struct cb b = { 0 };
	struct opened o;
	struct nm_view *v;
	uint64_t stored = 0, wire = 0;

	s->make(&b);
	o = open_bytes(b.p, b.n);
	assert_int_equal(o.err, 0);
	v = nm_view_new(o.c, 1);
	for (uint32_t i = 0; i < s->frames; i++) {
		assert_int_equal(nm_view_frame(v, i, &f), NMERR_SUCCESS);
		if (s->in_order)
			assert_filled(&f, i);
		stored += stored_of(&f);
		wire += wire_of(&f);
	}
	assert_int_equal(nm_view_frame(v, s->frames, &f), NMERR_FRAME_NOT_FOUND);
	nm_view_free(v);
	assert_true(nm_capture_index(o.c, 0));
	nm_capture_facts(o.c, &facts);
	assert_true(facts.indexed);
	assert_int_equal(facts.damage.code, 0);
	assert_int_equal(facts.frames, s->frames);
	assert_int_equal(facts.stored_bytes, stored);
	assert_int_equal(facts.wire_bytes, wire);
	assert_int_equal(facts.file_bytes, b.n);
	close_bytes(&o);
	cb_done(&b);
}

static void every_direction_gives_the_same_frames(void **state)
{
	const struct cb_sample *s = *state;
	uint64_t prints[MAX_FRAMES];
	struct nm_frame f;
	struct cb b = { 0 };
	struct opened o;
	uint32_t n;

	s->make(&b);
	o = open_bytes(b.p, b.n);
	n = walk(&o, prints, MAX_FRAMES);
	for (unsigned windows = 1; windows <= 3; windows++) {
		struct nm_view *v = nm_view_new(o.c, windows);

		for (uint32_t i = n; i-- > 0;) {
			assert_int_equal(nm_view_frame(v, i, &f), NMERR_SUCCESS);
			assert_int_equal(print_of(&f), prints[i]);
		}
		for (uint32_t k = 0, i = 0; k < 100; k++, i = (i * 7 + 3) % n) {
			assert_int_equal(nm_view_frame(v, i, &f), NMERR_SUCCESS);
			assert_int_equal(print_of(&f), prints[i]);
		}
		nm_view_free(v);
	}
	close_bytes(&o);
	cb_done(&b);
}

static bool is_mark(const struct cb *b, size_t n)
{
	for (unsigned i = 0; i < b->n_marks; i++)
		if (b->marks[i] == n)
			return true;
	return false;
}

static void every_prefix_gives_a_prefix_and_says_so(void **state)
{
	const struct cb_sample *s = *state;
	uint64_t whole[MAX_FRAMES], part[MAX_FRAMES];
	struct nm_capture_facts facts;
	struct cb b = { 0 };
	struct opened o;
	uint32_t n_whole, n;

	s->make(&b);
	o = open_bytes(b.p, b.n);
	n_whole = walk(&o, whole, MAX_FRAMES);
	close_bytes(&o);
	for (size_t len = 0; len < b.n; len += CB_EVERY) {
		o = open_bytes(b.p, len);
		if (!o.err) {
			n = walk(&o, part, MAX_FRAMES);
			nm_capture_facts(o.c, &facts);
			assert_true(n <= n_whole);
			/* The start of the capture comes from the first frame: without it, times differ. */
			if (s->in_order)
				assert_memory_equal(part, whole, n * sizeof *part);
			if (s->cuts && is_mark(&b, len)) {
				assert_int_equal(facts.damage.code, 0);
			} else if (facts.frames < n_whole) {
				assert_int_not_equal(facts.damage.code, 0);
				assert_true(facts.truncated);
				assert_true(facts.damage.offset <= len);
			}
		}
		close_bytes(&o);
	}
	cb_done(&b);
}

/* Whatever it says: nothing outside, the same frames every way, an end. */
static void survive(const uint8_t *p, size_t n)
{
	struct opened o = open_bytes(p, n);
	uint64_t prints[MAX_FRAMES * 4];
	struct nm_frame f;
	struct nm_view *v;
	uint32_t k;

	if (!o.err) {
		k = walk(&o, prints, MAX_FRAMES * 4);
		v = nm_view_new(o.c, 2);
		for (uint32_t i = k; i-- > 0;) {
			assert_int_equal(nm_view_frame(v, i, &f), NMERR_SUCCESS);
			assert_int_equal(print_of(&f), prints[i]);
		}
		nm_view_free(v);
	}
	close_bytes(&o);
}

static void every_changed_byte_is_survived(void **state)
{
	static const uint8_t changes[] = { 0xff, 0x01, 0x80, 0x7f };
	const struct cb_sample *s = *state;
	struct cb b = { 0 };

	s->make(&b);
	for (size_t i = 0; i < b.n; i += CB_EVERY) {
		for (size_t k = 0; k < sizeof changes; k++) {
			b.p[i] ^= changes[k];
			survive(b.p, b.n);
			b.p[i] ^= changes[k];
		}
	}
	cb_done(&b);
}

/* ---- what is no capture ---- */

static const struct {
	const char *name, *bytes;
	size_t n;
	const char *says;
} strangers[] = {
	{ "an empty file is named", "", 0, "empty" },
	{ "three bytes are too few", "\xd4\xc3\xb2", 3, "only 3 bytes" },
	{ "text is named", "hello, world\n", 13, "starts with text" },
	{ "gzip that holds nothing whole is named", "\x1f\x8b\x08\0\0\0\0\0", 8, "cut here" },
	{ "zstd that is no zstd is named", "\x28\xb5\x2f\xfd\xff\xff\xff\xff\xff", 9,
	    "compressed data" },
	{ "bzip2 is named, with what to do", "BZh91AY&SY", 10, "bzip2: unpack it first" },
	{ "other bytes are shown", "\1\2\3\4\5", 5, "01 02 03 04" },
	{ "what was expected is told", "\1\2\3\4\5", 5,
	    "expected pcap, pcapng or Network Monitor" },
	{ "a pcap header cut short is named", "\xd4\xc3\xb2\xa1\2\0\4\0", 8,
	    "cut inside its header" },
	{ "a pcapng header cut short is named", "\n\r\r\n\x1c\0\0\0", 8,
	    "cut inside its section header" },
	{ "a Network Monitor header cut short is named", "GMBU\0\2\1\0", 8,
	    "cut inside its header" },
	{ "pcap 1.4 is refused", "\xd4\xc3\xb2\xa1\1\0\4\0\0\0\0\0\0\0\0\0\xff\xff\0\0\1\0\0\0", 24,
	    "version 1.4" },
	{ "pcapng without byte order is refused",
	    "\n\r\r\n\x1c\0\0\0\0\0\0\0\1\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0", 28,
	    "byte-order mark" },
};

static void strangers_are_told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
		struct opened o = open_bytes((const uint8_t *)strangers[i].bytes, strangers[i].n);

		if (o.err != NMERR_INVALID_FILE_FORMAT || !strstr(o.diag.text, strangers[i].says))
			fail_msg("%s: got %u \"%s\"", strangers[i].name, o.err, o.diag.text);
		close_bytes(&o);
	}
}

static void newer_versions_are_refused_as_such(void **state)
{
	struct cb b = { 0 };
	struct opened o;

	(void)state;
	cb_pcap(&b, 0xa1b2c3d4, 3, 0, 1);
	o = open_bytes(b.p, b.n);
	assert_int_equal(o.err, NMERR_UPLEVEL_CAPTURE_FILE);
	close_bytes(&o);
	cb_done(&b);
	cb_netmon(&b, 3, 0, 1, false);
	o = open_bytes(b.p, b.n);
	assert_int_equal(o.err, NMERR_UPLEVEL_CAPTURE_FILE);
	close_bytes(&o);
	cb_done(&b);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*run)(void **);
	} rules[] = {
		{ "every frame is what was written", every_frame_is_what_was_written },
		{ "every direction gives the same frames", every_direction_gives_the_same_frames },
		{ "every prefix gives a prefix and says so",
		    every_prefix_gives_a_prefix_and_says_so },
		{ "every changed byte is survived", every_changed_byte_is_survived },
	};
	static struct CMUnitTest tests[256];
	static char names[256][96];
	size_t n = 0;

	for (unsigned s = 0; s < cb_n_samples; s++) {
		for (size_t r = 0; r < sizeof rules / sizeof *rules; r++, n++) {
			(void)snprintf(
			    names[n], sizeof names[n], "%s: %s", cb_samples[s].name, rules[r].name);
			tests[n] = (struct CMUnitTest){ .name = names[n],
				.test_func = rules[r].run,
				.initial_state = (void *)(uintptr_t)&cb_samples[s] };
		}
	}
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(strangers_are_told_apart);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(newer_versions_are_refused_as_such);
	return _cmocka_run_group_tests("capture", tests, n, NULL, NULL);
}
