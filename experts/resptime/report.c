/* SPDX-License-Identifier: MIT */
/* Times to events. */
#include "report.h"

#include <stdio.h>

#define BEST_KEPT 64u  /* rows of servers that need no memory of their own */
#define US        1e-3 /* microseconds to milliseconds */

#define MEDIAN 500u /* thousandths */
#define P95    950u
#define P99    990u

static char source[] = "Average Server Response Time";

static char protocol_names[PROTOCOLS][24] = {
	[CONNECT] = "TCP handshake",
	[CONNECT_ACK] = "TCP handshake, client",
	[DNS] = "DNS",
	[HTTP] = "HTTP",
	[KERBEROS] = "Kerberos",
	[LDAP] = "LDAP",
	[SMB] = "SMB",
	[SMB2] = "SMB2",
	[PORT] = "by port",
};

enum column {
	RANK,
	SERVER,
	PROTOCOL,
	REQUESTS,
	ANSWERED,
	UNANSWERED,
	OPEN,
	REPEATED,
	MEAN,
	MIDDLE,
	MOST_95,
	MOST_99,
	LONGEST,
	SLOWEST_REQUEST,
	SLOWEST_ANSWER,
	DURATION,
	REQUEST_FRAME,
	ANSWER_FRAME,
	FIRST_UNANSWERED,
	COLUMNS
};

static char column_names[COLUMNS][24] = { "Rank", "Server", "Protocol", "Requests", "Responses",
	"Unanswered", "Open at the end", "Repeated", "Mean (ms)", "Median (ms)", "95% (ms)",
	"99% (ms)", "Max (ms)", "Slowest Request", "Slowest Response", "Response Time (ms)",
	"Request Frame", "Response Frame", "First Frame" };

struct expert_gap report_gap(HEXPERTKEY key)
{
	return (struct expert_gap){ key, source, IDENT_INCOMPLETE };
}

/* Ports that people know by a name. */
static char *port_name(unsigned port)
{
	static char sql[] = "SQL Server", oracle[] = "Oracle", mysql[] = "MySQL",
		    postgres[] = "PostgreSQL";

	switch (port) {
	case 1433: return sql;
	case 1521: return oracle;
	case 3306: return mysql;
	case 5432: return postgres;
	default: return protocol_names[PORT];
	}
}

static char *protocol_of(const struct server *s)
{
	static char cldap[] = "CLDAP";

	if (s->flow.port[1] == LDAP && s->flow.kind & FLOW_UDP)
		return cldap;
	return s->flow.port[1] == PORT ? port_name(s->flow.port[0])
				       : protocol_names[s->flow.port[1]];
}

/* ---- rows ----------------------------------------------------------------------------------- */

static void counts(union row *r, uint64_t requests, uint64_t answered, uint64_t unanswered,
    uint64_t open, uint64_t repeated)
{
	row_count(r, column_names[REQUESTS], requests);
	row_count(r, column_names[ANSWERED], answered);
	row_count(r, column_names[UNANSWERED], unanswered);
	row_count(r, column_names[OPEN], open);
	row_count(r, column_names[REPEATED], repeated);
}

static void durations(union row *r, const struct times *t)
{
	if (t->count == 0)
		return;
	row_real(r, column_names[MEAN], times_mean(t) * US);
	row_real(r, column_names[MIDDLE], times_percentile(t, MEDIAN) * US);
	row_real(r, column_names[MOST_95], times_percentile(t, P95) * US);
	row_real(r, column_names[MOST_99], times_percentile(t, P99) * US);
	row_real(r, column_names[LONGEST], t->longest * US);
}

static DWORD submit_protocol(const struct exchanges *x, const struct report *rep, enum protocol p)
{
	static char name[] = "Protocol";
	const struct total *t = &x->totals[p];
	union row r;

	if (t->requests == 0)
		return NMERR_SUCCESS;
	row_begin(&r, source, IDENT_PROTOCOL, name);
	row_text(&r, column_names[PROTOCOL], protocol_names[p]);
	counts(&r, t->requests, t->times.count, t->unanswered, t->open, t->repeated);
	durations(&r, &t->times);
	return ExpertSubmitEvent(rep->key, &r.ev);
}

static DWORD submit_server(const struct report *rep, const struct server *s, uint32_t rank)
{
	static char name[] = "Server";
	char text[FLOW_END_TEXT_MAX];
	union row r;

	flow_end_text(&s->flow, 0, text);
	row_begin(&r, source, IDENT_SERVER, name);
	row_count(&r, column_names[RANK], rank);
	row_text(&r, column_names[SERVER], text);
	row_text(&r, column_names[PROTOCOL], protocol_of(s));
	counts(&r, s->requests, s->times.count, s->unanswered, s->open, s->repeated);
	durations(&r, &s->times);
	if (s->times.count) {
		row_frame(&r, column_names[SLOWEST_REQUEST], s->slowest_request);
		row_frame(&r, column_names[SLOWEST_ANSWER], s->slowest_answer);
	}
	return ExpertSubmitEvent(rep->key, &r.ev);
}

/* ---- distribution ------------------------------------------------------------------------------- */

static uint64_t in_bin(const struct exchanges *x, unsigned bin)
{
	uint64_t n = 0;

	for (enum protocol p = 0; p < PROTOCOLS; p++)
		n += x->totals[p].spread.counts[bin];
	return n;
}

static DWORD submit_bin(const struct exchanges *x, const struct report *rep, unsigned bin)
{
	static char name[] = "Response times", from[] = "From (ms)", to[] = "To (ms)";
	union row r;

	row_begin(&r, source, IDENT_SPREAD, name);
	row_real(&r, from, bin ? (double)spread_end(bin - 1) * US : 0);
	row_real(&r, to, (double)spread_end(bin) * US);
	row_count(&r, column_names[ANSWERED], in_bin(x, bin));
	for (enum protocol p = 0; p < PROTOCOLS; p++)
		if (x->totals[p].times.count)
			row_count(&r, protocol_names[p], x->totals[p].spread.counts[bin]);
	return ExpertSubmitEvent(rep->key, &r.ev);
}

/* From the shortest to the longest; those of no response in between too. */
static DWORD report_spread(const struct exchanges *x, const struct report *rep)
{
	unsigned from = 0, to = SPREAD_BINS;
	DWORD err = NMERR_SUCCESS;

	while (from < to && in_bin(x, from) == 0)
		from++;
	while (to > from && in_bin(x, to - 1) == 0)
		to--;
	for (unsigned bin = from; bin < to && !err; bin++)
		err = submit_bin(x, rep, bin);
	return err;
}

/* ---- servers --------------------------------------------------------------------------------- */

/* People waited less, all in all. */
static bool less_waiting(const void *first, const void *second)
{
	const struct server *const *a = first, *const *b = second;

	if ((*a)->times.total != (*b)->times.total)
		return (*a)->times.total < (*b)->times.total;
	if ((*a)->requests != (*b)->requests)
		return (*a)->requests < (*b)->requests;
	return (*a)->flow.number > (*b)->flow.number;
}

static bool less_unanswered(const void *first, const void *second)
{
	const struct server *const *a = first, *const *b = second;

	if ((*a)->unanswered != (*b)->unanswered)
		return (*a)->unanswered < (*b)->unanswered;
	return (*a)->flow.number > (*b)->flow.number;
}

static bool has_requests(const struct server *s)
{
	return s->requests > 0;
}

static bool has_unanswered(const struct server *s)
{
	return s->unanswered > 0;
}

typedef DWORD submit_fn(const struct report *rep, const struct server *s, uint32_t rank);

/* A table of servers, and how many more there are. */
struct list {
	bool (*shows)(const struct server *s);
	bool (*smaller)(const void *a, const void *b);
	submit_fn *submit;
	const char *more;
};

static uint32_t shown(const struct exchanges *x, const struct list *l)
{
	uint32_t n = 0;

	for (uint32_t i = 1; i <= x->servers.items.n; i++)
		n += l->shows(flows_at(&x->servers, i));
	return n;
}

static DWORD submit_top(const struct exchanges *x, const struct report *rep, const struct list *l,
    struct top *top, uint32_t all)
{
	static char why[] = "Only the first are listed. The top setting asks for more.";
	const struct expert_gap gap = report_gap(rep->key);
	const struct server *const *rows = top->rows;
	DWORD err = NMERR_SUCCESS;

	for (uint32_t i = 1; i <= x->servers.items.n; i++) {
		const struct server *s = flows_at(&x->servers, i);

		if (l->shows(s))
			top_offer(top, &s);
	}
	top_sort(top);
	for (uint32_t i = 0; i < top->n && !err; i++)
		err = l->submit(rep, rows[i], i + 1);
	if (!err && top->n < all)
		err = expert_left_out(
		    &gap, NMEVENT_SEVERITY_INFORMATIONAL, all - top->n, l->more, why);
	return err;
}

static DWORD report_list(const struct exchanges *x, const struct report *rep, const struct list *l)
{
	const struct server *kept[BEST_KEPT];
	uint32_t all = shown(x, l), room = rep->top && rep->top < all ? rep->top : all;
	struct top top = { kept, sizeof *kept, 0, room, l->smaller };
	DWORD err = NMERR_SUCCESS;

	if (room > BEST_KEPT)
		top.rows = ExpertAllocMemory(rep->key, room * sizeof *kept, &err);
	if (err == NMERR_EXPERT_TERMINATE)
		return err;
	if (!top.rows) {
		top.rows = kept;
		top.room = BEST_KEPT;
	}
	err = submit_top(x, rep, l, &top, all);
	if (top.rows != kept)
		(void)ExpertFreeMemory(rep->key, top.rows);
	return err;
}

/* ---- findings ---------------------------------------------------------------------------------- */

static DWORD submit_unanswered(const struct report *rep, const struct server *s, uint32_t rank)
{
	static char name[] = "Requests without response";
	static char some[] =
	    "The server, or the network on the way, left these requests without a response for as "
	    "long as the capture goes on. Lost packets, an overloaded service, or a capture that "
	    "does not see both directions.";
	static char none[] =
	    "Not one request was answered: nobody serves this port, a firewall drops the packets, "
	    "or the capture sees one direction only.";
	char text[FLOW_END_TEXT_MAX];
	union row r;

	(void)rank;
	flow_end_text(&s->flow, 0, text);
	row_begin(&r, source, IDENT_UNANSWERED, name);
	row_severity(
	    &r, s->times.count ? NMEVENT_SEVERITY_WARNING : NMEVENT_SEVERITY_STRONG_WARNING);
	r.ev.Justification = s->times.count ? some : none;
	row_text(&r, column_names[SERVER], text);
	row_text(&r, column_names[PROTOCOL], protocol_of(s));
	row_count(&r, column_names[UNANSWERED], s->unanswered);
	row_count(&r, column_names[REQUESTS], s->requests);
	row_count(&r, column_names[REPEATED], s->repeated);
	row_frame(&r, column_names[FIRST_UNANSWERED], s->first_unanswered);
	return ExpertSubmitEvent(rep->key, &r.ev);
}

static DWORD submit_slow(
    const struct exchanges *x, const struct report *rep, const struct exchange *e)
{
	static char name[] = "Slowest exchanges";
	static char why[] =
	    "The client waited this long for the first byte of the response. When the handshake "
	    "with the same server is quick, the time is the server's and not the network's.";
	const struct server *s = flows_at(&x->servers, e->server);
	char text[FLOW_END_TEXT_MAX];
	union row r;

	flow_end_text(&s->flow, 0, text);
	row_begin(&r, source, IDENT_SLOW, name);
	row_severity(&r, e->duration >= rep->slow_us ? NMEVENT_SEVERITY_WARNING
						     : NMEVENT_SEVERITY_INFORMATIONAL);
	r.ev.Justification = why;
	row_text(&r, column_names[SERVER], text);
	row_text(&r, column_names[PROTOCOL], protocol_of(s));
	row_real(&r, column_names[DURATION], e->duration * US);
	row_frame(&r, column_names[REQUEST_FRAME], e->request);
	row_frame(&r, column_names[ANSWER_FRAME], e->answer);
	return ExpertSubmitEvent(rep->key, &r.ev);
}

static DWORD report_slow(struct exchanges *x, const struct report *rep)
{
	const struct exchange *rows = x->slowest.rows;
	DWORD err = NMERR_SUCCESS;

	top_sort(&x->slowest);
	for (uint32_t i = 0; i < x->slowest.n && !err; i++)
		err = submit_slow(x, rep, &rows[i]);
	return err;
}

/* ---- what is missing ------------------------------------------------------------------------------ */

static uint64_t without_percentile(const struct exchanges *x)
{
	uint64_t n = 0;

	for (uint32_t i = 1; i <= x->servers.items.n; i++) {
		const struct server *s = flows_at(&x->servers, i);

		n += s->times.left_out;
	}
	return n;
}

static DWORD report_limits(const struct exchanges *x, const struct report *rep)
{
	static char memory[] = "There was no memory. Raise the memory setting, or analyse a part "
			       "of the capture.";
	static char gaps[] =
	    "Segments are missing from the capture there, or came late: what was asked and "
	    "answered in them is not measured, and requests that waited are not counted.";
	const struct {
		uint64_t n;
		DWORD severity;
		const char *what;
		char *why;
	} limits[] = {
		{ x->left_out, NMEVENT_SEVERITY_WARNING,
		    "packets of conversations that were left out", memory },
		{ x->not_measured, NMEVENT_SEVERITY_WARNING, "requests not measured", memory },
		{ without_percentile(x), NMEVENT_SEVERITY_WARNING,
		    "responses that count for mean and maximum but for no percentile", memory },
		{ x->unlisted, NMEVENT_SEVERITY_WARNING, "slowest exchanges not kept", memory },
		{ x->gaps, NMEVENT_SEVERITY_INFORMATIONAL,
		    "places where a conversation could not be followed", gaps },
		{ x->lost, NMEVENT_SEVERITY_INFORMATIONAL,
		    "requests that waited where it could not", gaps },
	};
	const struct expert_gap gap = report_gap(rep->key);
	DWORD err = NMERR_SUCCESS;

	for (size_t i = 0; i < sizeof limits / sizeof *limits && !err; i++)
		if (limits[i].n)
			err = expert_left_out(
			    &gap, limits[i].severity, limits[i].n, limits[i].what, limits[i].why);
	return err;
}

DWORD report_exchanges(struct exchanges *x, const struct report *rep)
{
	static const struct list servers = { has_requests, less_waiting, submit_server,
		"servers not listed" };
	static const struct list silent = { has_unanswered, less_unanswered, submit_unanswered,
		"servers with requests without response not listed" };
	DWORD err = NMERR_SUCCESS;

	for (enum protocol p = 0; p < PROTOCOLS && !err; p++)
		err = submit_protocol(x, rep, p);
	if (!err)
		err = report_spread(x, rep);
	if (!err)
		err = report_list(x, rep, &servers);
	if (!err)
		err = report_list(x, rep, &silent);
	if (!err)
		err = report_slow(x, rep);
	return err ? err : report_limits(x, rep);
}
