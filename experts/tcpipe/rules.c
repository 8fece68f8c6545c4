/* SPDX-License-Identifier: MIT */
/* One segment after the other. */
#include "rules.h"

#define MS             1000
#define FAST_WITHIN    (20 * MS) /* after the last duplicate acknowledgement */
#define REORDER_WITHIN (3 * MS)  /* where no handshake tells the round trip time */

/* Numbers that it takes: SYN and FIN have one each. */
static uint32_t end_of(const struct tcp *s)
{
	return s->sequence + s->bytes + !!(s->flags & (SYN | FIN));
}

/* A segment on its way through the rules. */
struct look {
	struct analysis *a;
	struct connection *c;
	const struct tcp *s;
	struct side *from, *to;
	unsigned way;
	uint32_t marks; /* 1 << kind */
};

static bool marked(uint32_t marks, enum kind k)
{
	return marks >> k & 1;
}

static void mark(struct look *l, enum kind k, uint32_t original, int64_t delay)
{
	const struct finding f = { .connection = l->c->flow.number,
		.frame = l->s->frame,
		.original = original,
		.sequence = l->s->sequence,
		.bytes = l->s->bytes,
		.delay = delay,
		.kind = (uint8_t)k,
		.way = (uint8_t)l->way };

	l->marks |= 1u << k;
	l->c->counts[k]++;
	findings_add(&l->a->findings, &f);
	if (k <= SPURIOUS)
		slices_count(&l->a->slices, l->s->time, OVER_SENT_AGAIN + k, 1);
}

static bool is_plain(const struct tcp *s)
{
	return !(s->flags & (SYN | FIN | RST));
}

/* ---- windows ------------------------------------------------------------------------------ */

/* How far the receiver lets the sender go; false: its scale is not known. */
static bool window_end(const struct look *l, uint32_t *ret)
{
	unsigned shift = l->to->scale > 0 ? (unsigned)l->to->scale : 0;

	*ret = l->to->ack + (l->to->window << shift);
	return l->to->scale != SCALE_UNKNOWN;
}

static void look_at_windows(struct look *l)
{
	const struct tcp *s = l->s;
	uint32_t end;

	if (s->window == 0 && is_plain(s)) {
		mark(l, ZERO_WINDOW, NOBODY, 0);
		if (!l->from->zero) {
			l->from->zero = true;
			l->from->zero_frame = s->frame;
			l->from->zero_time = s->time;
		}
	} else if (l->from->zero && s->window && !(s->flags & RST)) {
		int64_t closed = s->time - l->from->zero_time;

		l->from->zero = false;
		l->c->zero_total += closed;
		if (closed > l->c->zero_longest)
			l->c->zero_longest = closed;
		mark(l, WINDOW_OPENED, l->from->zero_frame, closed);
	}
	if (s->bytes && is_plain(s) && window_end(l, &end) && s->sequence + s->bytes == end)
		mark(l, WINDOW_FULL, NOBODY, 0);
}

/* ---- acknowledgements ----------------------------------------------------------------------- */

/* Nothing new: the same numbers as in the sender's last segment. */
static bool repeats(const struct look *l)
{
	const struct tcp *s = l->s;

	return s->bytes == 0 && is_plain(s) && s->window == l->from->window &&
	       s->sequence == l->from->next && s->ack == l->from->ack;
}

/* Some receivers take the byte that a probe brings. */
static bool is_probe_ack(struct look *l)
{
	const struct tcp *s = l->s;
	bool taken = s->ack == l->from->ack + 1;

	if (s->bytes || !is_plain(s) || s->window || l->from->window ||
	    s->sequence != l->from->next || !marked(l->to->last, ZERO_PROBE) ||
	    (s->ack != l->from->ack && !taken))
		return false;
	if (taken)
		l->to->next = l->to->contiguous = s->ack;
	return true;
}

static void look_at_acks(struct look *l)
{
	const struct tcp *s = l->s;

	if (!l->from->has_next)
		return;
	if (s->window && repeats(l) && marked(l->to->last, KEEP_ALIVE)) {
		mark(l, KEEP_ALIVE_ACK, NOBODY, 0);
	} else if (is_probe_ack(l)) {
		mark(l, ZERO_PROBE_ACK, NOBODY, 0);
	} else if (s->window && repeats(l)) {
		l->from->duplicates++;
		mark(l, DUPLICATE_ACK, l->from->acked_frame, s->time - l->from->ack_time);
	}
}

static void look_at_acked(struct look *l)
{
	const struct tcp *s = l->s;

	if (s->ack != l->from->ack) {
		l->from->acked_frame = s->frame;
		l->from->duplicates = 0;
	}
	if (!l->to->has_next || !(s->flags & ACK) || !sequence_before(l->to->contiguous, s->ack))
		return;
	/* Once for what is missing, until the other side acknowledges something new. */
	if (l->to->duplicates == 0)
		mark(l, ACKED_UNSEEN, NOBODY, 0);
	l->to->duplicates = -1;
	l->to->contiguous = l->to->next;
}

/* ---- what was sent before ------------------------------------------------------------------- */

/* The first segment that is known to hold the byte. NULL: forgotten, or never seen. */
static const struct segment *original_of(const struct look *l, uint32_t sequence)
{
	const struct segment *g;

	for (uint32_t n = l->from->head; n; n = g->next) {
		g = segment_at(&l->a->connections, n);
		if (!sequence_before(sequence, g->sequence) && sequence_before(sequence, g->end))
			return g;
	}
	return NULL;
}

static void mark_again(struct look *l, enum kind k)
{
	const struct segment *g = original_of(l, l->s->sequence);

	mark(l, k, g ? g->frame : NOBODY, g ? l->s->time - g->time : 0);
}

static bool was_sent_whole(const struct look *l)
{
	uint32_t end = l->s->sequence + l->s->bytes;
	const struct segment *g;

	for (uint32_t n = l->from->unacked; n; n = g->next) {
		g = segment_at(&l->a->connections, n);
		if (!sequence_before(l->s->sequence, g->sequence) && !sequence_before(g->end, end))
			return true;
	}
	return false;
}

static bool is_spurious(const struct look *l)
{
	return l->s->bytes && l->to->ack &&
	       !sequence_before(l->to->ack, l->s->sequence + l->s->bytes);
}

static bool is_fast(const struct look *l)
{
	return l->to->duplicates >= 2 && l->to->ack == l->s->sequence &&
	       l->s->time - l->to->ack_time < FAST_WITHIN;
}

static bool is_out_of_order(const struct look *l)
{
	int64_t within = l->c->handshake ? l->c->handshake : REORDER_WITHIN;

	return l->s->time - l->from->next_time < within && l->from->next != end_of(l->s) &&
	       !was_sent_whole(l);
}

/* Data, SYN and FIN go forward, unless they are sent again or come late. */
static void look_at_order(struct look *l)
{
	const struct tcp *s = l->s;
	bool back = l->from->has_next && sequence_before(s->sequence, l->from->next);

	if (!s->bytes && !(s->flags & (SYN | FIN)))
		return;
	if (back && marked(l->marks, KEEP_ALIVE))
		return;
	/* One byte back with more than one: new data behind a probe. */
	if (s->bytes > 1 && s->sequence == l->from->next - 1)
		back = false;
	if (is_spurious(l))
		mark_again(l, SPURIOUS);
	else if (!back)
		return;
	else if (is_fast(l))
		mark_again(l, FAST_RETRANSMISSION);
	else if (is_out_of_order(l))
		mark(l, OUT_OF_ORDER, l->from->next_frame, s->time - l->from->next_time);
	else
		mark_again(l, RETRANSMISSION);
}

/* ---- the segment itself --------------------------------------------------------------------- */

static void look_forward(struct look *l)
{
	const struct tcp *s = l->s;
	const struct side *from = l->from;

	if (!from->has_next)
		return;
	if (sequence_before(from->next, s->sequence) && !(s->flags & RST))
		mark(l, LOST_BEFORE, from->next_frame, s->time - from->next_time);
	if (s->bytes <= 1 && s->sequence == from->next - 1 && is_plain(s))
		mark(l, KEEP_ALIVE, NOBODY, 0);
}

static void look_at_reset(struct look *l)
{
	bool answers_syn = l->to->syn && !l->from->has_next && l->to->data_segments == 0;

	if (l->s->flags & RST)
		mark(l, answers_syn ? REFUSED : RESET, answers_syn ? l->to->syn_frame : NOBODY,
		    answers_syn ? l->s->time - l->to->syn_time : 0);
}

static void remember(struct look *l)
{
	const struct tcp *s = l->s;
	struct side *from = l->from;
	uint32_t end = end_of(s);
	bool probe = marked(l->marks, ZERO_PROBE);

	if (end != s->sequence)
		segments_add(&l->a->connections, from,
		    &(struct segment){ s->sequence, end, s->frame, 0, s->time });
	if (!probe && (!from->has_next || sequence_before(from->next, end))) {
		from->next = end;
		from->next_frame = s->frame;
		from->next_time = s->time;
	}
	if (!probe && (!from->has_next || s->sequence == from->contiguous))
		from->contiguous = from->next;
	if (!from->has_next && !(s->flags & SYN))
		from->initial = s->sequence - 1;
	from->has_next = true;
	from->window = s->window;
	from->ack = s->ack;
	from->ack_time = s->time;
	from->last = l->marks;
	if (s->flags & ACK)
		segments_acked(&l->a->connections, l->to, s->ack);
}

/* A SYN says where the numbers begin, and how windows are scaled. */
static void take_syn(struct look *l)
{
	const struct tcp *s = l->s;

	if (!(s->flags & SYN))
		return;
	if (!l->from->syn || l->from->initial != s->sequence) {
		l->from->syn_frame = s->frame;
		l->from->syn_time = s->time;
	}
	l->from->initial = s->sequence;
	l->from->scale = s->scale;
	l->from->syn = true;
	if (!(s->flags & ACK))
		return;
	if (l->to->syn && !l->c->handshake)
		l->c->handshake = s->time - l->to->next_time;
	/* Scaled only when both ends want to. */
	if (s->scale == SCALE_NONE || l->to->scale == SCALE_NONE)
		l->from->scale = l->to->scale = SCALE_NONE;
}

static void count(struct look *l)
{
	struct analysis *a = l->a;
	const struct tcp *s = l->s;

	a->segments++;
	slices_count(&a->slices, s->time, OVER_SEGMENTS, 1);
	l->from->segments++;
	if (s->bytes) {
		a->data_segments++;
		l->from->data_segments++;
	}
	a->bytes += s->bytes;
	l->from->bytes += s->bytes;
	if (l->c->first == NOBODY)
		l->c->first = s->frame;
	l->c->final = s->frame;
}

/* A SYN with another number: not the same connection. */
static struct connection *of_this_use(struct look *l)
{
	struct connection *c;

	if (!(l->s->flags & SYN) || !l->from->has_next || l->s->sequence == l->from->initial)
		return l->c;
	c = connections_renew(&l->a->connections, l->c, l->way);
	if (!c)
		return l->c;
	l->c = c;
	l->way = 0;
	if (l->from->syn)
		mark(l, PORTS_REUSED, l->from->syn_frame, l->s->time - l->from->syn_time);
	else
		mark(l, PORTS_REUSED, NOBODY, 0);
	return c;
}

void rules_apply(struct analysis *a, struct connection *c, unsigned way, const struct tcp *s)
{
	struct look l = { a, c, s, &c->side[way], &c->side[!way], way, 0 };

	if (of_this_use(&l) != c) {
		l.from = &l.c->side[0];
		l.to = &l.c->side[1];
	}
	count(&l);
	look_at_reset(&l);
	if (s->bytes == 1 && l.from->has_next && s->sequence == l.from->next && l.to->window == 0 &&
	    l.to->has_next) {
		mark(&l, ZERO_PROBE, NOBODY, 0);
	} else {
		look_at_windows(&l);
		look_forward(&l);
		look_at_acks(&l);
	}
	look_at_acked(&l);
	look_at_order(&l);
	take_syn(&l);
	remember(&l);
}
