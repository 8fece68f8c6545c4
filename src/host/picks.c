/* SPDX-License-Identifier: MIT */
/* Which frames are converted, in a temporary file. */
#include "host/host_int.h"
#include "system/descriptors.h"

#include <errno.h>

int nm_picking_open(struct nm_picking *p)
{
	int copy;

	*p = (struct nm_picking){ .fd = nm_temporary_file() };
	copy = p->fd < 0 ? -1 : nm_fd_copy(p->fd);
	p->to = copy < 0 ? NULL : fdopen(copy, "w");
	if (p->to)
		return 0;
	p->err = errno;
	nm_close_fd(&copy);
	nm_close_fd(&p->fd);
	return p->err;
}

/* What comes after the first trouble is not kept. */
static void put(struct nm_picking *p, const struct nm_pick *pick)
{
	size_t n = pick->comment ? strnlen(pick->comment, NM_PICK_COMMENT) : 0;
	uint8_t head[NM_PICK_HEAD];

	nm_pick_encode(head, pick->first, pick->last, pick->noted, (uint32_t)n);
	errno = 0;
	if (!p->err && (fwrite(head, sizeof head, 1, p->to) != 1 ||
			   (n && fwrite(pick->comment, n, 1, p->to) != 1)))
		p->err = errno ? errno : EIO;
}

int nm_picking_ask(struct nm_picking *p, const struct nm_convert_options *how)
{
	struct nm_pick pick = { 0 };
	int more = 0;

	while (!p->err && (more = how->pick(how->pick_ctx, &pick)) > 0)
		put(p, &pick);
	if (!p->err && more < 0)
		p->err = -more;
	return nm_picking_end(p);
}

bool nm_picking_take(void *ctx, enum nm_msg type, struct nm_cur *cur)
{
	struct nm_picking *p = ctx;
	struct nm_frame_range r;

	if (type != NM_MSG_PASSED)
		return false;
	while (cur->left) {
		if (!nm_cur_range(cur, &r) || r.first < p->next)
			return false;
		p->next = (uint64_t)r.last + 1;
		put(p, &(struct nm_pick){ .first = r.first, .last = r.last, .noted = r.first });
	}
	return true;
}

int nm_picking_end(struct nm_picking *p)
{
	errno = 0;
	if (p->to && fclose(p->to) != 0 && !p->err)
		p->err = errno ? errno : EIO;
	p->to = NULL;
	return p->err;
}

void nm_picking_done(struct nm_picking *p)
{
	(void)nm_picking_end(p);
	nm_close_fd(&p->fd);
}
