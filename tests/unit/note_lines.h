/* SPDX-License-Identifier: MIT */
/* note_lines.h -- notes as text, a line each: owner/number/code text=value.
 *
 * Owns:     nothing.
 * Uses:     capture/notes.h, capture_read.h.
 * Threads:  one.
 * Trust:    notes are hostile; what does not fit fails the test.
 */
#ifndef NOTE_LINES_H
#define NOTE_LINES_H

#include "capture/notes.h"
#include "capture_read.h"

struct lines {
	char s[262144];
	size_t n;
};

static inline bool add_line(void *ctx, const struct nm_note *n)
{
	struct lines *l = ctx;
	int r = snprintf(l->s + l->n, sizeof l->s - l->n, "%d/%u/%d %.*s=%lld\n", (int)n->owner,
	    n->number, (int)n->code, n->p ? (int)n->n : 0, n->p ? (const char *)n->p : "",
	    (long long)n->value);

	assert_true(r > 0 && (size_t)r < sizeof l->s - l->n);
	l->n += (size_t)r;
	return true;
}

/* All notes of the capture in fd. */
static inline const char *notes_of(int fd, struct lines *l)
{
	struct nm_capture *c = NULL;
	struct nm_notes *r;

	l->s[l->n = 0] = '\0';
	assert_int_equal(nm_capture_open(fd, &c, NULL), 0);
	assert_true(nm_capture_index(c, 0));
	r = nm_notes_new(c);
	assert_non_null(r);
	assert_int_equal(nm_notes_read(r, NM_NOTES_ALL, add_line, l), 0);
	nm_notes_free(r);
	nm_capture_close(c);
	return l->s;
}

#endif
