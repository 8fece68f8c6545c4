/* SPDX-License-Identifier: MIT */
/* Counts to events: two blocks for each kind of address, one for each kind of conversation
 * and for ports, then the totals. */
#include "report.h"
#include "../common/row.h"
#include "talks.h"

#include <stdio.h>

#define BEST_KEPT 64 /* rows of a block that need no memory of their own */

/* The columns of a row; a row leaves out what it does not have. */
enum column {
	RANK,
	ADDRESS_OF,
	FRAMES,
	BYTES,
	PERCENT,
	FIRST,
	LAST,
	ADDRESS_A,
	ADDRESS_B,
	FRAMES_A_B,
	BYTES_A_B,
	FRAMES_B_A,
	BYTES_B_A,
	PROTOCOL,
	PORT,
	FRAMES_FROM,
	BYTES_FROM,
	FRAMES_TO,
	BYTES_TO,
	COLUMNS
};

/* What columns of text point at. */
struct texts {
	char a[ADDRESS_TEXT_MAX], b[ADDRESS_TEXT_MAX];
};

/* Arrays, not literals: the interface takes text as char *. */
static char column_names[COLUMNS][16] = {
	"Rank",
	"Address",
	"# of Frames",
	"# of Bytes",
	"% of Bytes",
	"First Frame",
	"Last Frame",
	"Address A",
	"Address B",
	"Frames A to B",
	"Bytes A to B",
	"Frames B to A",
	"Bytes B to A",
	"Protocol",
	"Port",
	"Frames From",
	"Bytes From",
	"Frames To",
	"Bytes To",
};

/* A block of rows, the largest in one direction of a table. */
struct block {
	DWORD ident;
	enum kind kind;
	enum way way;
	char name[24];
	/* Behind the rank. c is for what an entry does not have itself. */
	void (*columns)(union row *r, const struct counts *c, const struct block *b,
	    const struct entry *e, struct texts *t);
};

static struct {
	char name[32];
	char why[320];
} total_rows[TOTALS] = {
	{ "All frames", "" },
	{ "Frames without IP",
	    "No IPv4 or IPv6 header was found in these frames: ARP, spanning tree, IPX, encrypted "
	    "wireless frames and the like." },
	{ "Broken IP headers",
	    "A frame announces an IP header, but what follows is none or is cut: too short, "
	    "another "
	    "version, or lengths that contradict each other. The addresses in it are not counted. "
	    "Look for a faulty sender or interface, or a capture with too small a snap length." },
	{ "Unknown link type",
	    "The capture says nothing about the link layer of these frames that an expert is told, "
	    "and they do not look like IP on any link layer that this expert knows. They are among "
	    "the frames without IP." },
};

static char left_out_why[] =
    "The table was full: these frames belong to addresses, conversations or ports that came too "
    "late to get a row. Those in the list are counted in full, but one that is not may belong "
    "there. Raise "
    "the memory setting, or analyse a part of the capture.";

static char source[] = "Top Users";

static void begin(union row *r, DWORD ident, char *name)
{
	row_begin(r, source, ident, name);
}

static void tally_columns(union row *r, const struct tally *t, const struct tally *all)
{
	row_count(r, column_names[FRAMES], t->frames);
	row_count(r, column_names[BYTES], t->bytes);
	row_count(r, column_names[PERCENT], row_percent(t->bytes, all->bytes));
	if (t->frames == 0)
		return;
	row_frame(r, column_names[FIRST], t->first);
	row_frame(r, column_names[LAST], t->last);
}

static void address_column(union row *r, enum column name, enum kind kind, const struct address *a,
    char text[static ADDRESS_TEXT_MAX])
{
	switch (kind) {
	case LINK_LAYER:
		memcpy(row_column(r, column_names[name], NMCOLUMNTYPE_MACADDR)->Value.MACAddrVal,
		    a->b, MAC_ADDRESS_SIZE);
		break;
	case IPV4:
		memcpy(&row_column(r, column_names[name], NMCOLUMNTYPE_IPADDR)->Value.IPAddrVal,
		    a->b, IP_ADDRESS_SIZE);
		break;
	default: address_ipv6_text(a, text); row_text(r, column_names[name], text);
	}
}

static void user_columns(union row *r, const struct counts *c, const struct block *b,
    const struct entry *e, struct texts *t)
{
	address_column(r, ADDRESS_OF, b->kind, &e->key, t->a);
	tally_columns(r, &e->way[b->way], &c->totals[ALL_FRAMES]);
}

/* Four columns from `first` on: frames and bytes, one way and the other. */
static void both_ways_columns(union row *r, enum column first, const struct entry *e)
{
	for (unsigned w = 0; w < WAYS; w++) {
		row_count(r, column_names[first + 2 * w], e->way[w].frames);
		row_count(r, column_names[first + 2 * w + 1], e->way[w].bytes);
	}
}

/* A frame in either direction. */
static struct tally both_ways(const struct entry *e)
{
	const struct tally *a = &e->way[SENT], *b = &e->way[RECEIVED];

	if (a->frames == 0 || b->frames == 0)
		return a->frames ? *a : *b;
	return (struct tally){ a->frames + b->frames, a->bytes + b->bytes,
		a->first < b->first ? a->first : b->first, a->last > b->last ? a->last : b->last };
}

static void talk_columns(union row *r, const struct counts *c, const struct block *b,
    const struct entry *e, struct texts *t)
{
	enum kind of = b->kind == IPV4_TALKS ? IPV4 : IPV6;
	struct tally both = both_ways(e);
	uint32_t at_a, at_b;

	talks_of(e, &at_a, &at_b);
	address_column(r, ADDRESS_A, of, &table_entry(&c->tables[of], at_a)->key, t->a);
	address_column(r, ADDRESS_B, of, &table_entry(&c->tables[of], at_b)->key, t->b);
	both_ways_columns(r, FRAMES_A_B, e);
	tally_columns(r, &both, &c->totals[ALL_FRAMES]);
}

static void port_columns(union row *r, const struct counts *c, const struct block *b,
    const struct entry *e, struct texts *t)
{
	struct tally both = both_ways(e);
	char *protocol;
	unsigned port = ports_of(e, &protocol);

	(void)c;
	(void)b;
	(void)t;
	row_text(r, column_names[PROTOCOL], protocol);
	row_count(r, column_names[PORT], port);
	both_ways_columns(r, FRAMES_FROM, e);
	row_frame(r, column_names[FIRST], both.first);
	row_frame(r, column_names[LAST], both.last);
}

/* In the order of the report. */
static struct block blocks[] = {
	{ IDENT_LINK_LAYER, LINK_LAYER, SENT, "Link-layer senders", user_columns },
	{ IDENT_LINK_LAYER, LINK_LAYER, RECEIVED, "Link-layer recipients", user_columns },
	{ IDENT_IPV4, IPV4, SENT, "IPv4 senders", user_columns },
	{ IDENT_IPV4, IPV4, RECEIVED, "IPv4 recipients", user_columns },
	{ IDENT_IPV6, IPV6, SENT, "IPv6 senders", user_columns },
	{ IDENT_IPV6, IPV6, RECEIVED, "IPv6 recipients", user_columns },
	{ IDENT_IPV4_TALKS, IPV4_TALKS, WAYS, "IPv4 conversations", talk_columns },
	{ IDENT_IPV6_TALKS, IPV6_TALKS, WAYS, "IPv6 conversations", talk_columns },
	{ IDENT_PORTS, PORTS, WAYS, "Ports", port_columns },
};

static DWORD submit_row(
    const struct counts *c, HEXPERTKEY key, struct block *b, const struct entry *e, DWORD rank)
{
	struct texts texts;
	union row r;

	begin(&r, b->ident, b->name);
	row_count(&r, column_names[RANK], rank);
	b->columns(&r, c, b, e, &texts);
	return ExpertSubmitEvent(key, &r.ev);
}

static DWORD submit_left_out(struct counts *c, HEXPERTKEY key, char *what, const struct tally *t)
{
	char name[64];
	union row r;

	(void)snprintf(name, sizeof name, "%s left out", what);
	begin(&r, IDENT_INCOMPLETE, name);
	row_severity(&r, NMEVENT_SEVERITY_WARNING);
	r.ev.Justification = left_out_why;
	tally_columns(&r, t, &c->totals[ALL_FRAMES]);
	return ExpertSubmitEvent(key, &r.ev);
}

/* Room for `want` rows, or for as many as memory can be had for, *ret_n of them.
 * NULL when the host says to end. */
static const struct entry **room_for(
    HEXPERTKEY key, uint32_t want, const struct entry **kept, uint32_t *ret_n)
{
	const struct entry **p = NULL;
	DWORD err = NMERR_SUCCESS;

	*ret_n = want;
	if (want > BEST_KEPT)
		p = ExpertAllocMemory(key, want * sizeof *p, &err);
	if (p || err == NMERR_EXPERT_TERMINATE)
		return p;
	*ret_n = want > BEST_KEPT ? BEST_KEPT : want;
	return kept;
}

static DWORD submit_cut(HEXPERTKEY key, char *what, uint32_t rows, uint32_t users)
{
	static char why[] = "There was no memory to rank more rows. Ask for fewer.";
	char name[96];
	union row r;

	(void)snprintf(
	    name, sizeof name, "%s: %u of %u listed", what, (unsigned)rows, (unsigned)users);
	begin(&r, IDENT_INCOMPLETE, name);
	row_severity(&r, NMEVENT_SEVERITY_WARNING);
	r.ev.Justification = why;
	return ExpertSubmitEvent(key, &r.ev);
}

/* What a block does not have: the fuller of the two ways, where it is of both. */
static const struct tally *lost_of(const struct table *t, enum way way)
{
	if (way != WAYS)
		return &t->lost[way];
	return &t->lost[t->lost[SENT].frames < t->lost[RECEIVED].frames ? RECEIVED : SENT];
}

static DWORD report_block(struct counts *c, HEXPERTKEY key, struct block *b, DWORD top)
{
	const struct table *t = &c->tables[b->kind];
	uint32_t users = table_users(t, b->way);
	uint32_t want = top && top < users ? top : users, room, rows;
	const struct entry *kept[BEST_KEPT];
	const struct entry **best = room_for(key, want, kept, &room);
	DWORD err = NMERR_SUCCESS;

	if (!best)
		return NMERR_EXPERT_TERMINATE;
	rows = table_top(t, b->way, best, room);
	for (uint32_t i = 0; i < rows && !err; i++)
		err = submit_row(c, key, b, best[i], i + 1);
	if (best != kept)
		(void)ExpertFreeMemory(key, best);
	if (!err && rows < want)
		err = submit_cut(key, b->name, rows, users);
	if (!err && lost_of(t, b->way)->frames)
		err = submit_left_out(c, key, b->name, lost_of(t, b->way));
	return err;
}

static DWORD report_totals(struct counts *c, HEXPERTKEY key)
{
	DWORD err = NMERR_SUCCESS;

	for (unsigned i = 0; i < TOTALS && !err; i++) {
		union row r;

		if (i != ALL_FRAMES && c->totals[i].frames == 0)
			continue;
		begin(&r, IDENT_TOTALS, total_rows[i].name);
		r.ev.Justification = *total_rows[i].why ? total_rows[i].why : NULL;
		tally_columns(&r, &c->totals[i], &c->totals[ALL_FRAMES]);
		err = ExpertSubmitEvent(key, &r.ev);
	}
	return err;
}

DWORD report_counts(struct counts *c, HEXPERTKEY key, DWORD top)
{
	DWORD err = NMERR_SUCCESS;

	for (size_t i = 0; i < sizeof blocks / sizeof *blocks && !err; i++)
		if (c->shown[blocks[i].kind])
			err = report_block(c, key, &blocks[i], top);
	return err ? err : report_totals(c, key);
}

struct expert_gap report_gap(HEXPERTKEY key)
{
	return (struct expert_gap){ key, source, IDENT_INCOMPLETE };
}

void report_busiest(const struct counts *c, char text[static ADDRESS_TEXT_MAX])
{
	const struct entry *v4, *v6, *mac;
	bool has_v4 = table_top(&c->tables[IPV4], SENT, &v4, 1) > 0;
	bool has_v6 = table_top(&c->tables[IPV6], SENT, &v6, 1) > 0;

	text[0] = '\0';
	if (has_v4 && (!has_v6 || v4->way[SENT].bytes >= v6->way[SENT].bytes))
		address_ipv4_text(&v4->key, text);
	else if (has_v6)
		address_ipv6_text(&v6->key, text);
	else if (table_top(&c->tables[LINK_LAYER], SENT, &mac, 1) > 0)
		address_mac_text(&mac->key, text);
}
