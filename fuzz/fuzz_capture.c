/* SPDX-License-Identifier: MIT */
/* Any bytes as a capture. What must hold:
 *   - a file is refused with a sentence, or can be walked to an end;
 *   - frames are numbered without a gap, lie in readable memory, and there are
 *     no more of them than the file has room for;
 *   - walking ahead of the index, behind it, backward and at random give the
 *     same frames, and the index counts what the walk found;
 *   - notes end, lie in readable memory, name frames that are there in order, and
 *     those of one frame are the same whichever way it is come to;
 *   - a digest accounts for every frame, and its texts end;
 *   - indexing in small steps and at once find the same damage at the same place.
 */
#include "base/bytes.h"
#include "capture/capture.h"
#include "capture/digest.h"

#include <netmon.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

#define CHECK(x)                                                                                   \
	do {                                                                                       \
		if (!(x))                                                                          \
			abort();                                                                   \
	} while (0)

#define KEPT 4096u /* frames compared one by one; the sum covers the rest */

/* Touches every byte of a frame. */
static uint64_t print_of(const struct nm_frame *f)
{
	uint32_t n = nm_le32(f->record + 12);
	uint64_t h = f->link_type * UINT64_C(31) + f->mac_type;

	CHECK(n <= NM_FRAME_MAX_BYTES);
	for (uint32_t i = 0; i < 16 + n; i++)
		h = (h ^ f->record[i]) * UINT64_C(1099511628211);
	return h;
}

struct seen {
	uint32_t n;
	uint64_t prints[KEPT];
	uint64_t stored, wire;
};

static void walk_forward(struct nm_capture *c, uint32_t most, struct seen *s)
{
	struct nm_view *v = nm_view_new(c, 1);
	struct nm_frame f;
	uint32_t err;

	CHECK(v);
	*s = (struct seen){ 0 };
	while ((err = nm_view_frame(v, s->n, &f)) == NMERR_SUCCESS) {
		CHECK(f.number == s->n && s->n < most);
		s->stored += nm_le32(f.record + 12);
		s->wire += nm_le32(f.record + 8);
		if (s->n < KEPT)
			s->prints[s->n] = print_of(&f);
		s->n++;
	}
	CHECK(err == NMERR_FRAME_NOT_FOUND);
	nm_view_free(v);
}

static void compare_other_ways(struct nm_capture *c, const struct seen *s, uint64_t order)
{
	struct nm_view *v = nm_view_new(c, 1 + (unsigned)(order % 3));
	uint32_t kept = s->n < KEPT ? s->n : KEPT;
	struct nm_frame f;

	CHECK(v);
	for (uint32_t i = kept; i-- > 0;) {
		CHECK(nm_view_frame(v, i, &f) == NMERR_SUCCESS);
		CHECK(print_of(&f) == s->prints[i]);
	}
	for (uint32_t k = 0; kept > 0 && k < 64; k++) {
		uint32_t i = (uint32_t)(order % kept);

		order = order * UINT64_C(6364136223846793005) + 1442695040888963407u;
		CHECK(nm_view_frame(v, i, &f) == NMERR_SUCCESS);
		CHECK(print_of(&f) == s->prints[i]);
	}
	CHECK(nm_view_frame(v, s->n, &f) == NMERR_FRAME_NOT_FOUND);
	nm_view_free(v);
}

static void check_facts(const struct nm_capture_facts *f, const struct seen *s, size_t n)
{
	CHECK(f->indexed && f->frames == s->n && f->file_bytes == n);
	CHECK(f->stored_bytes == s->stored && f->wire_bytes == s->wire);
	CHECK(f->frames_without_time <= f->frames && f->out_of_order <= f->frames);
	CHECK(f->frames == f->frames_without_time ||
	      (f->min_ns <= f->first_ns && f->first_ns <= f->max_ns));
	CHECK(f->damage.code == 0 || f->damage.text[0]);
	CHECK(f->damage.code == 0 || f->damage.offset <= n || f->damage.offset == NM_NO_OFFSET);
	CHECK(!f->truncated || f->damage.code != 0);
}

struct noted {
	uint32_t frames, last; /* last: of a frame, and the sum of its notes */
	uint64_t n, sum, sum_of_last;
};

static bool count_note(void *ctx, const struct nm_note *note)
{
	struct noted *s = ctx;
	uint64_t h = note->code;

	CHECK(note->code > 0 && note->code < NM_NOTE_CODES);
	for (uint32_t i = 0; note->p && i < note->n; i++)
		h = (h ^ note->p[i]) * UINT64_C(1099511628211);
	s->n++;
	s->sum += h;
	if (note->owner != NM_NOTE_OF_FRAME)
		return true;
	CHECK(note->number < s->frames && (s->last == UINT32_MAX || note->number >= s->last));
	if (note->number != s->last)
		s->sum_of_last = 0;
	s->last = note->number;
	s->sum_of_last += h;
	return true;
}

static void check_notes(struct nm_capture *c, uint32_t frames, size_t n)
{
	struct noted all = { frames, UINT32_MAX, 0, 0, 0 }, one = all;
	struct nm_notes *r = nm_notes_new(c), *x = nm_notes_new(c);

	CHECK(r && x);
	(void)nm_notes_read(r, NM_NOTES_ALL, count_note, &all);
	/* 4 bytes for each option; a comment of Network Monitor may be of many frames. */
	CHECK(all.n <= n / 4 + NM_NOTES_PER_FRAME * (uint64_t)frames + 8);
	if (all.last != UINT32_MAX) {
		CHECK(nm_notes_frame(x, all.last, count_note, &one) == 0);
		CHECK(one.sum == all.sum_of_last);
		CHECK(nm_notes_frame(r, all.last, count_note, &one) == 0);
		CHECK(one.sum == 2 * all.sum_of_last);
	}
	nm_notes_free(r);
	nm_notes_free(x);
}

static bool check_text(void *ctx, const struct nm_digest_text *t)
{
	const uint32_t *frames = ctx;

	CHECK(t->code > 0 && t->code < NM_NOTE_CODES && strlen(t->text) < NM_DIGEST_TEXT);
	CHECK(t->owner != NM_NOTE_OF_FRAME || t->number < *frames);
	return true;
}

static void check_digest(struct nm_capture *c, uint32_t frames)
{
	uint64_t linked = 0, of_interfaces = 0, events = 0;
	struct nm_digest d;

	CHECK(nm_capture_digest(c, check_text, &frames, &d) != NMERR_OUT_OF_MEMORY);
	for (uint32_t i = 0; i < d.n_links; i++)
		linked += d.links[i].n;
	for (uint32_t i = 0; i < NM_FACTS_INTERFACES; i++)
		of_interfaces += d.frames[i];
	for (uint32_t i = 0; i < d.n_providers; i++)
		events += d.providers[i].n;
	CHECK(linked + d.other_links == frames && of_interfaces <= frames);
	CHECK(events + d.other_events <= frames && d.cut_frames <= frames);
	CHECK(d.cut_min <= d.cut_max);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct seen ahead, behind;
	struct nm_capture_facts once, steps;
	struct nm_capture *a = NULL, *b = NULL;
	struct nm_diag d = { .code = 0 };
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	uint32_t err;

	CHECK(fd >= 0 && pwrite(fd, p, n, 0) == (ssize_t)n);
	err = nm_capture_open(fd, &a, &d);
	if (err) {
		CHECK(!a && d.code == err && d.text[0]);
		(void)close(fd);
		return 0;
	}
	/* 8 bytes of the file make a frame at least; a table entry of 4 may repeat one. */
	walk_forward(a, (uint32_t)(n / 4 + 1), &ahead);
	CHECK(nm_capture_total(a, NULL) == ahead.n);
	nm_capture_facts(a, &once);
	check_facts(&once, &ahead, n);
	compare_other_ways(a, &ahead, n);

	check_notes(a, ahead.n, n);
	check_digest(a, ahead.n);
	CHECK(nm_capture_open(fd, &b, &d) == 0);
	while (!nm_capture_index(b, 1))
		;
	walk_forward(b, (uint32_t)(n / 4 + 1), &behind);
	CHECK(memcmp(&ahead, &behind, sizeof ahead) == 0);
	nm_capture_facts(b, &steps);
	CHECK(steps.damage.offset == once.damage.offset && steps.damage.code == once.damage.code);
	CHECK(strcmp(steps.damage.text, once.damage.text) == 0);
	nm_capture_close(a);
	nm_capture_close(b);
	(void)close(fd);
	return 0;
}
