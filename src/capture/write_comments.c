/* SPDX-License-Identifier: MIT */
/* The table of comments of a Network Monitor file (drawn in notes_netmon.c). */
#include "capture/write_comments.h"
#include "capture/notes_int.h"

#include <string.h>

#define FIRST_ROOM 4096u

static uint8_t *make_room(struct nm_comment_table *t, size_t n)
{
	size_t room = t->room ? t->room : FIRST_ROOM;
	uint8_t *p;

	if (n > NM_COMMENT_TABLE_MAX - t->n)
		return NULL;
	while (room < t->n + n)
		room *= 2;
	if (room != t->room) {
		p = nm_prim_realloc(t->p, room);
		if (!p)
			return NULL;
		t->p = p;
		t->room = room;
	}
	return t->p + t->n;
}

bool nm_comment_table_put(struct nm_comment_table *t, uint32_t record, const char *s, size_t n)
{
	const char *end = memchr(s, '\n', n);
	size_t title = end && end > s ? (size_t)(end - s) : n,
	       rest = end && end > s ? n - title - 1 : 0;
	uint8_t *p = make_room(t, 16 + 2 * title + (rest ? 16 * rest + NM_RTF_HEAD_BYTES : 0));
	size_t at = 12;

	if (!p || n == 0)
		return false;
	nm_put_le32(p, 1);
	nm_put_le32(p + 4, record);
	at += nm_text_to_utf16(p + at, s, title);
	nm_put_le32(p + 8, (uint32_t)(at - 12));
	n = rest ? nm_text_to_rtf(p + at + 4, s + title + 1, rest) : 0;
	nm_put_le32(p + at, (uint32_t)n);
	t->n += at + 4 + n;
	return true;
}

void nm_comment_table_done(struct nm_comment_table *t)
{
	nm_prim_free(t->p);
	*t = (struct nm_comment_table){ 0 };
}
