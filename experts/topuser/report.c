/* SPDX-License-Identifier: MIT */
/* Counts to events: two blocks for each kind of address, then the totals. */
#include "report.h"

#include <stdio.h>

#define BEST_KEPT 64 /* rows of a block that need no memory of their own */

/* The columns of a row; a row leaves out what it does not have. */
enum column { RANK, ADDRESS_OF, FRAMES, BYTES, PERCENT, FIRST, LAST, COLUMNS };

/* Arrays, not literals: the interface takes text as char *. */
static char column_names[COLUMNS][16] = {
	"Rank",
	"Address",
	"# of Frames",
	"# of Bytes",
	"% of Bytes",
	"First Frame",
	"Last Frame",
};

static char block_names[KINDS][WAYS][24] = {
	{ "Link-layer senders", "Link-layer recipients" },
	{ "IPv4 senders", "IPv4 recipients" },
	{ "IPv6 senders", "IPv6 recipients" },
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
    "The table of addresses was full: these frames belong to addresses that came too late to get "
    "a row. Addresses in the list are counted in full, but one that is not may belong there. Raise "
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

static void address_column(
    union row *r, enum kind kind, const struct address *a, char text[static ADDRESS_TEXT_MAX])
{
	switch (kind) {
	case LINK_LAYER:
		memcpy(
		    row_column(r, column_names[ADDRESS_OF], NMCOLUMNTYPE_MACADDR)->Value.MACAddrVal,
		    a->b, MAC_ADDRESS_SIZE);
		break;
	case IPV4:
		memcpy(
		    &row_column(r, column_names[ADDRESS_OF], NMCOLUMNTYPE_IPADDR)->Value.IPAddrVal,
		    a->b, IP_ADDRESS_SIZE);
		break;
	default: address_ipv6_text(a, text); row_text(r, column_names[ADDRESS_OF], text);
	}
}

static DWORD submit_user(struct counts *c, HEXPERTKEY key, enum kind kind, enum way way,
    const struct entry *e, DWORD rank)
{
	char text[ADDRESS_TEXT_MAX];
	union row r;

	begin(&r, (DWORD)kind + 1, block_names[kind][way]);
	row_count(&r, column_names[RANK], rank);
	address_column(&r, kind, &e->key, text);
	tally_columns(&r, &e->way[way], &c->totals[ALL_FRAMES]);
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

static DWORD report_block(struct counts *c, HEXPERTKEY key, enum kind kind, enum way way, DWORD top)
{
	struct table *t = &c->tables[kind];
	uint32_t users = table_users(t, way);
	uint32_t want = top && top < users ? top : users, room, rows;
	const struct entry *kept[BEST_KEPT];
	const struct entry **best = room_for(key, want, kept, &room);
	DWORD err = NMERR_SUCCESS;

	if (!best)
		return NMERR_EXPERT_TERMINATE;
	rows = table_top(t, way, best, room);
	for (uint32_t i = 0; i < rows && !err; i++)
		err = submit_user(c, key, kind, way, best[i], i + 1);
	if (best != kept)
		(void)ExpertFreeMemory(key, best);
	if (!err && rows < want)
		err = submit_cut(key, block_names[kind][way], rows, users);
	if (!err && t->lost[way].frames)
		err = submit_left_out(c, key, block_names[kind][way], &t->lost[way]);
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

	for (enum kind k = LINK_LAYER; k < KINDS; k++)
		for (enum way w = SENT; w < WAYS; w++)
			if (c->shown[k] && !err)
				err = report_block(c, key, k, w, top);
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
