/* SPDX-License-Identifier: MIT */
/* Any text as a filter, over a frame of any bytes. A text that is none is told where, within
 * it; one that is a filter says of a frame the same each time, and its NOT the opposite.
 *
 * Input: the text up to a line feed, then an Ethernet frame; without one, a frame of ours. */
#include "base/bytes.h"
#include "base/nmerr.h"
#include "expert/door.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

#define RECORD    16u
#define FRAME_MAX 4096u

static const char *const families[] = { PARSERS };
static const struct nm_door *door;
static struct nm_parse *parse;

/* TCP over IPv4, "GET / HTTP/1.1" */
static const uint8_t usual[] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 0x36, 0x12,
	0x34, 0x40, 0, 0x40, 6, 0, 0, 10, 0, 0, 1, 192, 168, 1, 2, 4, 1, 0, 80, 0, 0, 0, 1, 0, 0, 0,
	2, 0x50, 0x18, 0x20, 0, 0, 0, 0, 0, 'G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P', '/',
	'1', '.', '1' };

static void begin(void)
{
	struct nm_diag d;

	door = nm_door(NM_DOOR_VERSION);
	assert(door);
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (!door->parsers_load(families[i], -1, &d)) {
			(void)fprintf(stderr, "%s: %s\n", families[i], d.text);
			abort();
		}
	door->parsers_seal();
	parse = door->parse_new();
	assert(parse);
}

static bool passes(HFILTER h, uint8_t *record)
{
	struct nm_frame f = {
		.record = record, .number = 7, .mac_type = MAC_TYPE_ETHERNET, .link_type = 1
	};
	bool passed = false;

	door->parse_set(parse, (HFRAME)(uintptr_t)1, &f);
	assert(door->filter_test(h, parse, NULL, &passed) == NMERR_SUCCESS);
	return passed;
}

static void try_opposite(const char *text, uint8_t *record, bool passed)
{
	struct nm_filter_error e;
	HFILTER h = NULL;
	char *opposite = NULL;

	if (strspn(text, " \t\r\f\v") == strlen(text) || strlen(text) + 4 > NM_FILTER_TEXT_MAX)
		return;
	assert(asprintf(&opposite, "!(%s)", text) > 0);
	if (door->filter_compile(opposite, &h, &e) == NMERR_SUCCESS) { /* else it is too deep */
		assert(passes(h, record) != passed);
		assert(door->filter_free(h) == NMERR_SUCCESS);
	}
	free(opposite);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const uint8_t *line = n ? memchr(p, '\n', n) : NULL;
	size_t n_text = line ? (size_t)(line - p) : n, n_frame = line ? n - n_text - 1 : 0;
	char *text = strndup((const char *)p, n_text);
	const uint8_t *frame = line ? line + 1 : usual;
	struct nm_filter_error e;
	uint8_t *record;
	HFILTER h = NULL;

	if (!door)
		begin();
	if (n_frame == 0) {
		frame = usual;
		n_frame = sizeof usual;
	}
	n_frame = n_frame < FRAME_MAX ? n_frame : FRAME_MAX;
	record = calloc(1, RECORD + n_frame); /* exactly: what is read beyond is found */
	assert(text && record);
	memcpy(record + RECORD, frame, n_frame);
	nm_put_le32(record + 8, (uint32_t)n_frame);
	nm_put_le32(record + 12, (uint32_t)n_frame);
	if (door->filter_compile(text, &h, &e) == NMERR_SUCCESS) {
		bool passed = passes(h, record);

		assert(passes(h, record) == passed);
		try_opposite(text, record, passed);
		assert(door->filter_free(h) == NMERR_SUCCESS);
	} else {
		assert(e.at <= strlen(text) && e.n <= strlen(text) - e.at && *e.text);
	}
	free(record);
	free(text);
	return 0;
}
