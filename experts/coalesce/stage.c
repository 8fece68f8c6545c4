/* SPDX-License-Identifier: MIT */
/* From the joining to the file. */
#include "stage.h"

#include <inttypes.h>

/* Once the host has refused, it is not asked again by anybody. */
static void share_refusal(struct budget *a, struct budget *b)
{
	if (b->error) {
		a->error = b->error;
		a->left = 0;
	} else if (a->error) {
		b->error = a->error;
		b->left = 0;
	}
}

static void write_out(
    struct stage *s, struct out_frame *f, uint32_t first, uint32_t last, uint32_t pieces)
{
	char comment[80];

	if (pieces > 1) {
		s->counts.joined++;
		(void)snprintf(comment, sizeof comment,
		    "joined from %" PRIu32 " frames, %" PRIu64 " to %" PRIu64, pieces,
		    (uint64_t)first + 1, (uint64_t)last + 1);
		f->comment = s->comments ? comment : NULL;
	} else {
		s->counts.copied++;
	}
	share_refusal(&s->memory.budget, s->output->budget);
	output_frame(s->output, f);
	share_refusal(&s->memory.budget, s->output->budget);
}

void stage_write(
    struct stage *s, struct out_frame *f, uint32_t first, uint32_t last, uint32_t pieces)
{
	if (!stage_plans(s))
		write_out(s, f, first, last, pieces);
}

/* Without a link header, behind which `ip` stands. False: nobody knows where that is. */
static bool cut_link(
    struct stage *s, const struct packet *p, const uint8_t *ip, struct out_frame *f)
{
	size_t at;

	if (p->link == LINKS) {
		if (!guess_ip(p->p, p->len, p->wire, &at))
			return false;
	} else if (ip) {
		at = (size_t)(ip - p->p);
	} else {
		return false;
	}
	f->head += at;
	f->head_n -= (uint32_t)at;
	f->wire -= (uint32_t)at;
	f->link = LINK_IP;
	s->counts.link_cut += at > 0;
	return true;
}

void stage_copy(struct stage *s, const struct packet *p, const uint8_t *ip)
{
	struct out_frame f = { .head = p->p,
		.head_n = p->len,
		.wire = p->wire < p->len ? p->len : p->wire,
		.link = p->link,
		.time = p->time };

	if (stage_plans(s))
		return;
	if (p->link < LINKS && s->keeps[p->link])
		write_out(s, &f, p->first, p->number, p->pieces);
	else if (cut_link(s, p, ip, &f))
		write_out(s, &f, p->first, p->number, p->pieces);
	else
		s->counts.no_link++;
}

void stage_mark(struct stage *s, uint32_t frame, enum mark mark)
{
	if (!stage_plans(s))
		return;
	share_refusal(&s->memory.budget, &s->plan.budget);
	plan_mark(&s->plan, frame, mark);
	share_refusal(&s->memory.budget, &s->plan.budget);
}

bool stage_is_marked(const struct stage *s, enum mark mark)
{
	return !stage_plans(s) && plan_has(&s->plan, s->frame, mark);
}

void stage_differs(struct stage *s, const struct address *src, const struct address *dst, bool v6,
    bool tcp, uint64_t bytes)
{
	if (stage_plans(s) || bytes == 0)
		return;
	s->counts.differing++;
	if (s->n_shown < SHOWN_MOST)
		s->shown[s->n_shown++] = (struct differing){ *src, *dst, v6, tcp, s->frame, bytes };
}
