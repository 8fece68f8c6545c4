/* SPDX-License-Identifier: MIT */
/* Picks: which frames they name, what they say, and files that are none of picks. */
#include "base/bytes.h"
#include "capture/capture.h"
#include "capture/convert.h"
#include "capture_build.h"

#include <netmon.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define FRAMES   20u
#define COUNT(a) (sizeof(a) / sizeof *(a))

/* "FIRST-LAST@NOTED:COMMENT ..." as a file. */
static int file_of(const char *picks)
{
	int fd = memfd_create("picks", MFD_CLOEXEC), used;
	unsigned first, last, noted;
	char text[64];

	for (const char *p = picks; *p; p += used) {
		uint8_t head[NM_PICK_HEAD];

		*text = '\0';
		assert_true(sscanf(p, "%u-%u@%u:%n%63[^ ]%n", &first, &last, &noted, &used, text,
				&used) >= 3);
		while (p[used] == ' ')
			used++;
		nm_pick_encode(head, first, last, noted, (uint32_t)strlen(text));
		assert_int_equal(write(fd, head, sizeof head), sizeof head);
		assert_int_equal(write(fd, text, (unsigned)strlen(text)), (ssize_t)strlen(text));
	}
	return fd;
}

static int capture(void)
{
	int fd = memfd_create("in", MFD_CLOEXEC);
	struct cb b = { 0 };

	cb_pcap(&b, 0xa1b2c3d4, 2, 4, 1);
	for (unsigned i = 0; i < FRAMES; i++)
		cb_pcap_frame(&b, 1000 + i, 0, 20);
	assert_int_equal(write(fd, b.p, (unsigned)b.n), (ssize_t)b.n);
	cb_done(&b);
	return fd;
}

/* What the new capture holds: seconds of each frame, and its comment: "3 4:a". */
static void frames_in(int fd, char *text, size_t room)
{
	static uint8_t p[1 << 16];
	ssize_t n = pread(fd, p, sizeof p, 0);
	size_t used = 0;

	*text = '\0';
	for (ssize_t at = 0; at < n; at += nm_le32(p + at + 4)) {
		const uint8_t *b = p + at, *o = b + 28 + ((nm_le32(b + 20) + 3) & ~3u);
		uint64_t us = (uint64_t)nm_le32(b + 12) << 32 | nm_le32(b + 16);

		if (nm_le32(b) != 6)
			continue;
		used += (size_t)snprintf(text + used, room - used, "%s%u", used ? " " : "",
		    (unsigned)(us / 1000000 - 1000));
		if (o < b + nm_le32(b + 4) - 4)
			used += (size_t)snprintf(
			    text + used, room - used, ":%.*s", nm_le16(o + 2), (const char *)o + 4);
	}
}

static uint32_t convert(int picks, enum nm_format to, uint32_t first, uint32_t last, int out,
    struct nm_conversion *lost)
{
	struct nm_target_format t = { to, first, last, NM_PACKING_NONE, nm_picks_new(picks) };
	struct nm_capture *c = NULL;
	struct nm_diag d = { .code = 0 };
	int in = capture();
	uint32_t err;

	assert_non_null(t.picks);
	assert_int_equal(nm_capture_open(in, &c, &d), 0);
	err = nm_capture_convert(c, out, &t, lost, &d);
	nm_capture_close(c);
	nm_picks_free(t.picks);
	(void)close(in);
	return err;
}

static const struct row {
	const char *name, *picks;
	uint32_t first, last;
	const char *want;
} rows[] = {
	{ "none", "", 0, NM_LAST_FRAME, "" },
	{ "one", "4-4@4:a", 0, NM_LAST_FRAME, "4:a" },
	{ "and those around it", "3-5@4:a", 0, NM_LAST_FRAME, "3 4:a 5" },
	{ "without a comment", "3-5@4:", 0, NM_LAST_FRAME, "3 4 5" },
	{ "around two that are near", "2-6@4:a 3-7@5:b", 0, NM_LAST_FRAME, "2 3 4:a 5:b 6 7" },
	{ "around two that are not", "2-4@3:a 9-11@10:b", 0, NM_LAST_FRAME, "2 3:a 4 9 10:b 11" },
	{ "one inside another", "2-9@3:a 4-5@4:b", 0, NM_LAST_FRAME, "2 3:a 4:b 5 6 7 8 9" },
	{ "the first and the last frame", "0-1@0:a 18-40@19:b", 0, NM_LAST_FRAME, "0:a 1 18 19:b" },
	{ "beyond the end", "30-40@35:a", 0, NM_LAST_FRAME, "" },
	{ "the same frame twice: the first comment", "4-4@4:a 4-4@4:b", 0, NM_LAST_FRAME, "4:a" },
	{ "no comment before one", "4-4@4: 4-4@4:b", 0, NM_LAST_FRAME, "4:b" },
	{ "only a part of the capture", "2-12@5:a 8-12@9:b", 4, 10, "4 5:a 6 7 8 9:b 10" },
};

static void row_holds(void **state)
{
	const struct row *r = *state;
	int picks = file_of(r->picks), out = memfd_create("out", MFD_CLOEXEC);
	struct nm_conversion lost;
	char text[512];

	assert_int_equal(
	    convert(picks, NM_FORMAT_PCAPNG, r->first, r->last, out, &lost), NMERR_SUCCESS);
	frames_in(out, text, sizeof text);
	assert_string_equal(text, r->want);
	assert_int_equal(lost.frame_comments_lost, 0);
	(void)close(picks);
	(void)close(out);
}

static void a_format_without_a_place_for_comments_says_so(void **state)
{
	static const enum nm_format to[] = { NM_FORMAT_PCAP, NM_FORMAT_NETMON2 };

	(void)state;
	for (size_t i = 0; i < COUNT(to); i++) {
		int picks = file_of("2-4@3:a 9-11@10:b"), out = memfd_create("out", MFD_CLOEXEC);
		struct nm_conversion lost;

		assert_int_equal(
		    convert(picks, to[i], 0, NM_LAST_FRAME, out, &lost), NMERR_SUCCESS);
		assert_int_equal(lost.frames, 6);
		assert_int_equal(lost.frame_comments_lost, 2);
		(void)close(picks);
		(void)close(out);
	}
}

/* What is whole before the cut is written, and the rest is told to be missing. */
static void every_prefix_of_a_file_of_picks(void **state)
{
	static const char picks[] = "2-4@3:abc 9-11@10:defg";
	int whole = file_of(picks);
	off_t n = lseek(whole, 0, SEEK_END);

	(void)state;
	for (off_t cut = 0; cut <= n; cut++) {
		int fd = file_of(picks), out = memfd_create("out", MFD_CLOEXEC);
		bool at_end = cut == 0 || cut == NM_PICK_HEAD + 3 || cut == n;
		struct nm_conversion lost;

		assert_int_equal(ftruncate(fd, cut), 0);
		assert_int_equal(convert(fd, NM_FORMAT_PCAPNG, 0, NM_LAST_FRAME, out, &lost),
		    at_end ? NMERR_SUCCESS : NMERR_FILE_READ_ERROR);
		(void)close(fd);
		(void)close(out);
	}
	(void)close(whole);
}

static void what_is_no_pick(void **state)
{
	static const uint32_t heads[][4] = {
		{ 5, 4, 4, 0 },                /* the last before the first */
		{ 1, 2, 1, NM_PICK_TEXT + 1 }, /* a comment that is too long */
		{ 1, 2, 1, UINT32_MAX },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(heads); i++) {
		int fd = memfd_create("picks", MFD_CLOEXEC), out = memfd_create("out", MFD_CLOEXEC);
		const uint32_t *h = heads[i];
		struct nm_conversion lost;
		uint8_t head[NM_PICK_HEAD];

		nm_pick_encode(head, h[0], h[1], h[2], h[3]);
		assert_int_equal(write(fd, head, sizeof head), sizeof head);
		assert_int_equal(convert(fd, NM_FORMAT_PCAPNG, 0, NM_LAST_FRAME, out, &lost),
		    NMERR_FILE_READ_ERROR);
		(void)close(fd);
		(void)close(out);
	}
}

/* Longer than a reader's buffer, all together and one by one. */
static void many_long_comments(void **state)
{
	int fd = memfd_create("picks", MFD_CLOEXEC), out = memfd_create("out", MFD_CLOEXEC);
	static char text[NM_PICK_TEXT];
	struct nm_conversion lost;
	uint8_t head[NM_PICK_HEAD];

	(void)state;
	memset(text, 'x', sizeof text);
	for (uint32_t i = 0; i < FRAMES; i++) {
		nm_pick_encode(head, i > 5 ? i - 5 : 0, i + 5, i, NM_PICK_TEXT - i);
		assert_int_equal(write(fd, head, sizeof head), sizeof head);
		assert_int_equal(write(fd, text, NM_PICK_TEXT - i), NM_PICK_TEXT - i);
	}
	assert_int_equal(
	    convert(fd, NM_FORMAT_PCAPNG, 0, NM_LAST_FRAME, out, &lost), NMERR_SUCCESS);
	assert_int_equal(lost.frames, FRAMES);
	assert_int_equal(lost.frame_comments_lost, 0);
	assert_in_range(lseek(out, 0, SEEK_END), FRAMES * (NM_PICK_TEXT - FRAMES),
	    FRAMES * (NM_PICK_TEXT + 100));
	(void)close(fd);
	(void)close(out);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(a_format_without_a_place_for_comments_says_so),
		cmocka_unit_test(every_prefix_of_a_file_of_picks),
		cmocka_unit_test(what_is_no_pick),
		cmocka_unit_test(many_long_comments),
	};
	static struct CMUnitTest tests[COUNT(rows) + COUNT(others)];

	for (size_t i = 0; i < COUNT(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = row_holds,
			.initial_state = (void *)(uintptr_t)&rows[i] };
	memcpy(tests + COUNT(rows), others, sizeof others);
	return _cmocka_run_group_tests("picks", tests, COUNT(tests), NULL, NULL);
}
