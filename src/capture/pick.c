/* SPDX-License-Identifier: MIT */
/* Two readers of one file: one is ahead by the frames around a comment. */
#include "capture/pick.h"
#include "base/bytes.h"
#include "system/files.h"

#include <string.h>

#define BUFFER (NM_PICK_HEAD + NM_PICK_TEXT)

struct reader {
	uint64_t at; /* in the file, of buf */
	size_t n;    /* bytes in buf */
	bool has;    /* the pick that stands at its beginning */
	uint32_t first, last, noted, comment;
	uint8_t buf[BUFFER];
};

struct nm_picks {
	int fd; /* borrowed */
	bool failed;
	struct reader ranges, comments;
};

void nm_pick_encode(
    uint8_t head[NM_PICK_HEAD], uint32_t first, uint32_t last, uint32_t noted, uint32_t n)
{
	nm_put_le32(head, first);
	nm_put_le32(head + 4, last);
	nm_put_le32(head + 8, noted);
	nm_put_le32(head + 12, n);
}

struct nm_picks *nm_picks_new(int fd)
{
	struct nm_picks *p = nm_prim_alloc(sizeof *p);

	if (!p)
		return NULL;
	memset(p, 0, sizeof *p);
	p->fd = fd;
	return p;
}

void nm_picks_free(struct nm_picks *p)
{
	nm_prim_free(p);
}

bool nm_picks_failed(const struct nm_picks *p)
{
	return p->failed;
}

/* n bytes from the pick's beginning in buf. */
static bool fill(struct nm_picks *p, struct reader *r, size_t n)
{
	ssize_t got;

	if (r->n >= n)
		return true;
	got = nm_prim_pread(p->fd, r->buf, sizeof r->buf, r->at);
	r->n = got > 0 ? (size_t)got : 0;
	p->failed |= got < 0 || (r->n < n && r->n > 0);
	return r->n >= n;
}

/* The next pick at the beginning of buf; its comment is there too. */
static bool advance(struct nm_picks *p, struct reader *r)
{
	size_t done = r->has ? NM_PICK_HEAD + (size_t)r->comment : 0;

	r->has = false;
	if (p->failed)
		return false;
	memmove(r->buf, r->buf + done, r->n - done);
	r->n -= done;
	r->at += done;
	if (!fill(p, r, NM_PICK_HEAD))
		return false;
	r->first = nm_le32(r->buf);
	r->last = nm_le32(r->buf + 4);
	r->noted = nm_le32(r->buf + 8);
	r->comment = nm_le32(r->buf + 12);
	if (r->comment > NM_PICK_TEXT || r->last < r->first) {
		p->failed = true;
		return false;
	}
	r->has = fill(p, r, NM_PICK_HEAD + (size_t)r->comment);
	p->failed |= !r->has;
	return r->has;
}

bool nm_picks_next(struct nm_picks *p, uint32_t *n)
{
	struct reader *r = &p->ranges;

	while (!r->has || r->last < *n)
		if (!advance(p, r))
			return false;
	if (*n < r->first)
		*n = r->first;
	return true;
}

const char *nm_picks_comment(struct nm_picks *p, uint32_t n, uint32_t *ret_n)
{
	struct reader *r = &p->comments;

	while (!r->has || r->noted < n || (r->noted == n && r->comment == 0))
		if (!advance(p, r))
			return NULL;
	*ret_n = r->comment;
	return r->noted == n ? (const char *)r->buf + NM_PICK_HEAD : NULL;
}
