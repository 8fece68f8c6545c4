/* SPDX-License-Identifier: MIT */
/* Findings to events. */
#include "report.h"
#include "../common/top.h"

#include <inttypes.h>
#include <stdio.h>

#define BEST_KEPT 64u  /* rows of connections that need no memory of their own */
#define US        1e-3 /* microseconds to milliseconds */
#define SECOND    1e6  /* microseconds */

/* Arrays, not literals: the interface takes text as char *. */
static const struct kind_text {
	char name[40];
	char plural[28]; /* a column of connections and totals */
	BYTE severity;
	bool hidden; /* too common to be a row of its own */
	char why[340];
} kinds[KINDS] = {
	[RETRANSMISSION] = { "Retransmission", "Retransmissions", NMEVENT_SEVERITY_WARNING, false,
	    "The segment was sent before and not acknowledged in time: it or its acknowledgement "
	    "was lost, or the path is slower than the sender thinks. The sender waits for its "
	    "timeout, so each one stops the flow of data for the time in Delay." },
	[FAST_RETRANSMISSION] = { "Fast retransmission", "Fast", NMEVENT_SEVERITY_WARNING, false,
	    "Two or more duplicate acknowledgements asked for this segment: it was lost on the way "
	    "while later ones arrived. Costs a round trip and halves the sender's speed." },
	[SPURIOUS] = { "Spurious retransmission", "Spurious", NMEVENT_SEVERITY_INFORMATIONAL, false,
	    "The receiver had acknowledged these bytes already. The acknowledgement was lost or "
	    "late, or the sender's timeout is too short. Wasted, but harmless by itself." },
	[OUT_OF_ORDER] = { "Out of order", "Out of order", NMEVENT_SEVERITY_INFORMATIONAL, false,
	    "A segment came behind a later one, too soon after it to have been sent again. Paths "
	    "of different length, parallel links, or a capture of several interfaces." },
	[LOST_BEFORE] = { "Segment missing before this one", "Missing", NMEVENT_SEVERITY_WARNING,
	    false,
	    "The sequence numbers leave a gap: what is in it was lost on the way here, comes "
	    "later, "
	    "or the capture missed it. When it is acknowledged later without having been sent "
	    "again, the capture missed it." },
	[ACKED_UNSEEN] = { "Acknowledged but not in the capture", "Acked unseen",
	    NMEVENT_SEVERITY_INFORMATIONAL, false,
	    "The receiver has data that the capture does not show: frames were dropped while "
	    "capturing, or they took another path. Other findings of this connection may come from "
	    "that." },
	[DUPLICATE_ACK] = { "Duplicate acknowledgement", "Duplicate acks",
	    NMEVENT_SEVERITY_INFORMATIONAL, true, "" },
	[ZERO_WINDOW] = { "Zero window", "Zero windows", NMEVENT_SEVERITY_STRONG_WARNING, false,
	    "The receiver has no room: its program does not read what has arrived. The sender has "
	    "to wait. Look at the receiving host, not at the network." },
	[WINDOW_OPENED] = { "Window opened again", "Opened", NMEVENT_SEVERITY_INFORMATIONAL, false,
	    "The receiver takes data again; Delay is how long the sender had to wait." },
	[ZERO_PROBE] = { "Zero window probe", "Probes", NMEVENT_SEVERITY_INFORMATIONAL, true, "" },
	[ZERO_PROBE_ACK] = { "Zero window probe answered", "Probes answered",
	    NMEVENT_SEVERITY_INFORMATIONAL, true, "" },
	[WINDOW_FULL] = { "Window full", "Window full", NMEVENT_SEVERITY_INFORMATIONAL, false,
	    "The sender has sent all that the receiver has room for and has to wait for it. A "
	    "larger "
	    "receive window would make this connection faster." },
	[KEEP_ALIVE] = { "Keep-alive", "Keep-alives", NMEVENT_SEVERITY_INFORMATIONAL, true, "" },
	[KEEP_ALIVE_ACK] = { "Keep-alive answered", "Keep-alives answered",
	    NMEVENT_SEVERITY_INFORMATIONAL, true, "" },
	[RESET] = { "Reset", "Resets", NMEVENT_SEVERITY_WARNING, false,
	    "One side gave the connection up at once. Some programs end every connection so; else "
	    "a crash, a timeout, or a firewall between the two." },
	[REFUSED] = { "Connection refused", "Refused", NMEVENT_SEVERITY_WARNING, false,
	    "A reset answered the SYN: nobody listens on this port, or a firewall says so." },
	[PORTS_REUSED] = { "Ports used again", "Ports reused", NMEVENT_SEVERITY_INFORMATIONAL,
	    false,
	    "A new connection between the same addresses and ports. Soon after the last one it may "
	    "be taken for that one by firewalls and servers." },
};

enum column {
	RANK,
	CLIENT,
	SERVER,
	SEGMENTS,
	DATA,
	BYTES,
	HANDSHAKE,
	CLOSED,
	FIRST,
	LAST,
	COLUMNS
};

static char column_names[COLUMNS][20] = { "Rank", "From", "To", "Segments", "Data segments",
	"Payload bytes", "Handshake (ms)", "Window closed (ms)", "First Frame", "Last Frame" };

static char source[] = "TCP Retransmit";

/* The interface takes text as char * and writes nothing to it. */
static char *text_of(const char *p)
{
	return (char *)(uintptr_t)p;
}

struct expert_gap report_gap(HEXPERTKEY key)
{
	return (struct expert_gap){ key, source, IDENT_INCOMPLETE };
}

/* ---- totals ----------------------------------------------------------------------------------- */

uint64_t report_sent_again(const struct analysis *a)
{
	const uint64_t *n = a->findings.counts;

	return n[RETRANSMISSION] + n[FAST_RETRANSMISSION] + n[SPURIOUS];
}

static DWORD submit_total(const struct analysis *a, HEXPERTKEY key, enum kind k)
{
	static char frames[] = "Segments", bytes[] = "Payload bytes", percent[] = "% of Segments";
	union row r;

	if (a->findings.counts[k] == 0)
		return NMERR_SUCCESS;
	row_begin(&r, source, IDENT_TOTALS, text_of(kinds[k].name));
	row_count(&r, frames, a->findings.counts[k]);
	row_count(&r, bytes, a->findings.bytes[k]);
	row_real(&r, percent, 100.0 * (double)a->findings.counts[k] / (double)a->segments);
	return ExpertSubmitEvent(key, &r.ev);
}

static DWORD report_totals(const struct analysis *a, HEXPERTKEY key)
{
	static char name[] = "All TCP segments";
	DWORD err;
	union row r;

	row_begin(&r, source, IDENT_TOTALS, name);
	row_count(&r, column_names[SEGMENTS], a->segments);
	row_count(&r, column_names[BYTES], a->bytes);
	err = ExpertSubmitEvent(key, &r.ev);
	for (enum kind k = 0; k < KINDS && !err; k++)
		err = submit_total(a, key, k);
	return err;
}

/* ---- over time --------------------------------------------------------------------------------- */

static DWORD submit_slice(const struct slices *s, HEXPERTKEY key, unsigned i)
{
	static char name[] = "Retransmissions over time", from[] = "From (s)", to[] = "To (s)";
	union row r;

	row_begin(&r, source, IDENT_SLICE, name);
	row_real(&r, from, (double)(s->width * (int64_t)i) / SECOND);
	row_real(&r, to, (double)(s->width * ((int64_t)i + 1)) / SECOND);
	row_count(&r, column_names[SEGMENTS], slices_amount(s, i, OVER_SEGMENTS));
	for (enum kind k = 0; k <= SPURIOUS; k++)
		row_count(&r, text_of(kinds[k].plural), slices_amount(s, i, OVER_SENT_AGAIN + k));
	return ExpertSubmitEvent(key, &r.ev);
}

/* Nothing where nothing was sent again. */
static DWORD report_slices(const struct analysis *a, HEXPERTKEY key)
{
	DWORD err = NMERR_SUCCESS;

	if (!a->slices.amounts || report_sent_again(a) == 0)
		return NMERR_SUCCESS;
	for (unsigned i = 0; i < a->slices.n && !err; i++)
		err = submit_slice(&a->slices, key, i);
	return err;
}

/* ---- connections ------------------------------------------------------------------------------ */

/* How much worse for those who wait for the data. */
static uint64_t badness(const struct connection *c)
{
	const uint32_t *n = c->counts;

	return 4ull * n[RETRANSMISSION] + 4ull * n[ZERO_WINDOW] + 3ull * n[RESET] +
	       3ull * n[REFUSED] + 2ull * n[FAST_RETRANSMISSION] + 2ull * n[LOST_BEFORE] +
	       n[SPURIOUS] + n[OUT_OF_ORDER] + n[WINDOW_FULL] + n[ACKED_UNSEEN];
}

static bool less_bad(const void *first, const void *second)
{
	const struct connection *const *a = first, *const *b = second;
	uint64_t x = badness(*a), y = badness(*b);

	return x != y ? x < y : (*a)->flow.number > (*b)->flow.number;
}

static BYTE severity_of(const struct connection *c)
{
	BYTE worst_one = NMEVENT_SEVERITY_INFORMATIONAL;

	for (unsigned k = 0; k < KINDS; k++)
		if (c->counts[k] && kinds[k].severity > worst_one)
			worst_one = kinds[k].severity;
	return worst_one;
}

static DWORD submit_connection(HEXPERTKEY key, const struct connection *c, DWORD rank)
{
	static const enum kind shown[] = { RETRANSMISSION, FAST_RETRANSMISSION, SPURIOUS,
		OUT_OF_ORDER, LOST_BEFORE, DUPLICATE_ACK, ZERO_WINDOW, RESET };
	static char name[] = "Connection";
	char from[FLOW_END_TEXT_MAX], to[FLOW_END_TEXT_MAX];
	union row r;

	row_begin(&r, source, IDENT_CONNECTION, name);
	row_severity(&r, severity_of(c));
	row_count(&r, column_names[RANK], rank);
	flow_end_text(&c->flow, 0, from);
	flow_end_text(&c->flow, 1, to);
	row_text(&r, column_names[CLIENT], from);
	row_text(&r, column_names[SERVER], to);
	row_count(&r, column_names[SEGMENTS], c->side[0].segments + (uint64_t)c->side[1].segments);
	for (unsigned i = 0; i < sizeof shown / sizeof *shown; i++)
		row_count(&r, text_of(kinds[shown[i]].plural), c->counts[shown[i]]);
	row_real(&r, column_names[CLOSED], (double)c->zero_total * US);
	if (c->handshake)
		row_real(&r, column_names[HANDSHAKE], (double)c->handshake * US);
	row_frame(&r, column_names[FIRST], c->first);
	row_frame(&r, column_names[LAST], c->final);
	return ExpertSubmitEvent(key, &r.ev);
}

static uint32_t remarkable(const struct connections *t)
{
	uint32_t n = 0;

	for (uint32_t i = 1; i <= t->flows.items.n; i++)
		n += badness(connection_at(t, i)) != 0;
	return n;
}

static DWORD report_connections(const struct analysis *a, HEXPERTKEY key, DWORD top)
{
	static char why[] = "Only the worst connections are listed. The top setting asks for more.";
	const struct expert_gap gap = report_gap(key);
	const struct connection *kept[BEST_KEPT], **list = kept;
	uint32_t all = remarkable(&a->connections), room = top && top < all ? top : all;
	struct top worst;
	DWORD err = NMERR_SUCCESS;

	if (room > BEST_KEPT)
		list = ExpertAllocMemory(key, room * sizeof *list, &err);
	if (err == NMERR_EXPERT_TERMINATE)
		return err;
	if (!list) {
		list = kept;
		room = BEST_KEPT;
	}
	worst = (struct top){ list, sizeof *list, 0, room, less_bad };
	for (uint32_t i = 1; i <= a->connections.flows.items.n; i++) {
		const struct connection *c = connection_at(&a->connections, i);

		if (badness(c) != 0)
			top_offer(&worst, &c);
	}
	top_sort(&worst);
	err = NMERR_SUCCESS;
	for (uint32_t i = 0; i < worst.n && !err; i++)
		err = submit_connection(key, list[i], i + 1);
	if (list != kept)
		(void)ExpertFreeMemory(key, list);
	if (!err && worst.n < all)
		err = expert_left_out(&gap, NMEVENT_SEVERITY_INFORMATIONAL, all - worst.n,
		    "connections not listed", why);
	return err;
}

/* ---- findings ------------------------------------------------------------------------------------ */

static DWORD submit_finding(const struct analysis *a, HEXPERTKEY key, const struct finding *f)
{
	static char from_name[] = "From", to_name[] = "To", frame[] = "Frame";
	static char original[] = "Original Frame", sequence[] = "Sequence", bytes[] = "Bytes";
	static char delay[] = "Delay (ms)";
	const struct connection *c = connection_at(&a->connections, f->connection);
	char from[FLOW_END_TEXT_MAX], to[FLOW_END_TEXT_MAX];
	union row r;

	row_begin(&r, source, IDENT_FINDING + f->kind, text_of(kinds[f->kind].name));
	row_severity(&r, kinds[f->kind].severity);
	flow_end_text(&c->flow, f->way, from);
	flow_end_text(&c->flow, !f->way, to);
	row_text(&r, from_name, from);
	row_text(&r, to_name, to);
	row_frame(&r, frame, f->frame);
	if (f->original != NOBODY) {
		row_frame(&r, original, f->original);
		row_real(&r, delay, (double)f->delay * US);
	}
	row_count(&r, sequence, f->sequence);
	row_count(&r, bytes, f->bytes);
	r.ev.Justification = text_of(kinds[f->kind].why);
	return ExpertSubmitEvent(key, &r.ev);
}

static DWORD report_kind(const struct analysis *a, HEXPERTKEY key, enum kind k)
{
	static char why[] = "Of each kind only the first are listed. The findings setting asks for "
			    "more; the rows of connections and totals count all.";
	const struct expert_gap gap = report_gap(key);
	const struct findings *l = &a->findings;
	DWORD err = NMERR_SUCCESS;
	char what[64];

	if (kinds[k].hidden)
		return NMERR_SUCCESS;
	for (uint32_t i = 0; i < l->n[k] && !err; i++)
		err = submit_finding(a, key, &l->list[k][i]);
	if (err || l->n[k] == l->counts[k])
		return err;
	(void)snprintf(what, sizeof what, "more: %.40s", kinds[k].name);
	return expert_left_out(
	    &gap, NMEVENT_SEVERITY_INFORMATIONAL, l->counts[k] - l->n[k], what, why);
}

static DWORD report_limits(const struct analysis *a, HEXPERTKEY key)
{
	static char why[] =
	    "The table of connections was full. Raise the memory setting, or analyse a part of the "
	    "capture.";
	static char why_forgotten[] =
	    "There was no memory to remember what was sent and not acknowledged: which frame was "
	    "sent again is not known for all, and some retransmissions may be called out of order.";
	static char why_timeless[] = "There was no memory for it. Raise the memory setting.";
	const struct expert_gap gap = report_gap(key);
	DWORD err = NMERR_SUCCESS;

	if (a->connections.left_out)
		err = expert_left_out(&gap, NMEVENT_SEVERITY_WARNING, a->connections.left_out,
		    "segments of connections that were left out", why);
	if (!err && a->connections.not_remembered)
		err = expert_left_out(&gap, NMEVENT_SEVERITY_WARNING, a->connections.not_remembered,
		    "segments not remembered", why_forgotten);
	if (!err && !a->slices.amounts && a->segments)
		err = expert_left_out(&gap, NMEVENT_SEVERITY_WARNING, a->segments,
		    "segments not counted over time", why_timeless);
	return err;
}

DWORD report_analysis(const struct analysis *a, HEXPERTKEY key, DWORD top)
{
	DWORD err = report_totals(a, key);

	if (!err)
		err = report_slices(a, key);
	if (!err)
		err = report_connections(a, key, top);
	for (enum kind k = 0; k < KINDS && !err; k++)
		err = report_kind(a, key, k);
	return err ? err : report_limits(a, key);
}
