/* SPDX-License-Identifier: MIT */
/* Counts to events. */
#include "report.h"
#include "../common/top.h"

#include <inttypes.h>
#include <stdio.h>

#define BEST_KEPT 64u /* rows that need no memory of their own */

static char source[] = "Property Distribution";

enum column { PROTOCOL, PROPERTY, FRAMES, PERCENT, VALUE, FIRST, COLUMNS };

static char column_names[COLUMNS][16] = { "Protocol", "Property", "# of Frames", "% of Frames",
	"Value", "First Frame" };

struct expert_gap report_gap(HEXPERTKEY key)
{
	return (struct expert_gap){ key, source, IDENT_INCOMPLETE };
}

/* The interface takes text as char * and writes nothing to it. */
static char *text_of(const char *p)
{
	return (char *)(uintptr_t)p;
}

static void whose(union row *r, const struct counts *c)
{
	row_text(r, column_names[PROTOCOL], text_of(c->protocol));
	row_text(r, column_names[PROPERTY], c->property->Label);
}

static void share(union row *r, uint64_t frames, const struct counts *c)
{
	row_count(r, column_names[FRAMES], frames);
	row_count(r, column_names[PERCENT], row_percent(frames, c->all_frames));
}

/* ---- one property ---------------------------------------------------------------------------- */

static DWORD report_property(const struct counts *c, HEXPERTKEY key)
{
	static char name[] = "Property", instances[] = "Instances", distinct[] = "Values";
	union row r;

	row_begin(&r, source, IDENT_PROPERTY, name);
	whose(&r, c);
	share(&r, c->frames, c);
	row_count(&r, instances, c->instances);
	row_count(&r, distinct, c->values.n);
	if (c->frames)
		row_frame(&r, column_names[FIRST], c->first);
	return ExpertSubmitEvent(key, &r.ev);
}

static DWORD report_numbers(const struct counts *c, HEXPERTKEY key)
{
	static char name[] = "Numbers", count[] = "Count", least[] = "Min", most[] = "Max",
		    mean[] = "Mean", median[] = "Median";
	const struct numbers *n = &c->numbers;
	union row r;

	if (!c->is_number || n->count == 0)
		return NMERR_SUCCESS;
	row_begin(&r, source, IDENT_NUMBERS, name);
	whose(&r, c);
	row_count(&r, count, n->count);
	row_count(&r, least, n->smallest);
	row_count(&r, most, n->largest);
	row_real(&r, mean, n->total / (double)n->count);
	row_count(&r, median, numbers_median(n));
	return ExpertSubmitEvent(key, &r.ev);
}

static bool rarer(const void *first, const void *second)
{
	const struct value *const *a = first, *const *b = second;

	if ((*a)->frames != (*b)->frames)
		return (*a)->frames < (*b)->frames;
	return (*a)->first != (*b)->first ? (*a)->first > (*b)->first : *a > *b;
}

static DWORD submit_value(const struct counts *c, HEXPERTKEY key, const struct value *v)
{
	static char name[] = "Value", besides[] = "At most besides";
	union row r;

	row_begin(&r, source, IDENT_VALUE, name);
	whose(&r, c);
	row_text(&r, column_names[VALUE], text_of(v->text));
	share(&r, v->frames, c);
	if (c->values.forgotten)
		row_count(&r, besides, v->error);
	row_frame(&r, column_names[FIRST], v->first);
	return ExpertSubmitEvent(key, &r.ev);
}

static DWORD submit_top(const struct counts *c, HEXPERTKEY key, struct top *top)
{
	static char why[] = "Only the most frequent are listed. The top setting asks for more.";
	const struct expert_gap gap = report_gap(key);
	const struct value *const *rows = top->rows;
	DWORD err = NMERR_SUCCESS;

	for (uint32_t i = 0; i < c->values.n; i++) {
		const struct value *v = &c->values.list[i];

		top_offer(top, &v);
	}
	top_sort(top);
	for (uint32_t i = 0; i < top->n && !err; i++)
		err = submit_value(c, key, rows[i]);
	if (!err && top->n < c->values.n)
		err = expert_left_out(&gap, NMEVENT_SEVERITY_INFORMATIONAL, c->values.n - top->n,
		    "values not listed", why);
	return err;
}

static DWORD report_values(const struct counts *c, HEXPERTKEY key, uint32_t most)
{
	const struct value *kept[BEST_KEPT];
	uint32_t room = most && most < c->values.n ? most : c->values.n;
	struct top top = { kept, sizeof *kept, 0, room, rarer };
	DWORD err = NMERR_SUCCESS;

	if (room > BEST_KEPT)
		top.rows = ExpertAllocMemory(key, room * sizeof *kept, &err);
	if (err == NMERR_EXPERT_TERMINATE)
		return err;
	if (!top.rows) {
		top.rows = kept;
		top.room = BEST_KEPT;
	}
	err = submit_top(c, key, &top);
	if (top.rows != kept)
		(void)ExpertFreeMemory(key, top.rows);
	return err;
}

static DWORD report_limits(const struct counts *c, HEXPERTKEY key)
{
	static char forgotten[] =
	    "There were more values than there is memory for, and rare ones were forgotten. Counts "
	    "may be too low by the number in their row; a value that is not listed was in fewer "
	    "frames than that number. Raise the memory setting.";
	static char unreadable[] = "The frame was cut before the value's end, or has none.";
	const struct expert_gap gap = report_gap(key);
	DWORD err = NMERR_SUCCESS;

	if (c->values.forgotten)
		err = expert_left_out(&gap, NMEVENT_SEVERITY_WARNING, c->values.forgotten,
		    "rare values forgotten", forgotten);
	if (!err && c->unreadable)
		err = expert_left_out(&gap, NMEVENT_SEVERITY_INFORMATIONAL, c->unreadable,
		    "instances without a value", unreadable);
	return err;
}

/* ---- every protocol ----------------------------------------------------------------------------- */

/* The first property of a protocol covers it. */
static char *summary_of(const PROTOCOLINFO *info)
{
	static char none[] = "";
	const PROPERTYDATABASE *db = info->PropertyDatabase;

	return db && db->nProperties > 0 && db->PropertyInfo[0]->Label ? db->PropertyInfo[0]->Label
								       : none;
}

static DWORD submit_protocol(const struct counts *c, HEXPERTKEY key, unsigned number)
{
	static char name[] = "Property";
	const PROTOCOLINFO *info = GetProtocolInfo(c->protocols->hProtocol[number - 1]);
	char protocol[17];
	union row r;

	if (!info)
		return NMERR_SUCCESS;
	(void)snprintf(protocol, sizeof protocol, "%.16s", (const char *)info->ProtocolName);
	row_begin(&r, source, IDENT_PROPERTY, name);
	row_text(&r, column_names[PROTOCOL], protocol);
	row_text(&r, column_names[PROPERTY], summary_of(info));
	share(&r, c->present[number], c);
	return ExpertSubmitEvent(key, &r.ev);
}

/* The most frequent first. Few, so that looking for each is cheap. */
static DWORD report_protocols(const struct counts *c, HEXPERTKEY key)
{
	DWORD err = NMERR_SUCCESS;

	for (;;) {
		unsigned best = 0;

		for (unsigned i = 1; i < c->n_present; i++)
			if (c->present[i] && (!best || c->present[i] > c->present[best]))
				best = i;
		if (!best || err)
			return err;
		err = submit_protocol(c, key, best);
		c->present[best] = 0;
	}
}

/* ---- the whole ------------------------------------------------------------------------------------ */

DWORD report_unknown(HEXPERTKEY key, const char *name)
{
	static char why[] = "Write the protocol's name, a colon and the property's, or a name that "
			    "stands for one property, as netmon protocols NAME lists them: "
			    "TCP:Source Port, tcp.srcport.";
	char text[200];
	union row r;

	(void)snprintf(text, sizeof text, "No such property: %.150s", name);
	row_begin(&r, source, IDENT_INCOMPLETE, text);
	row_severity(&r, NMEVENT_SEVERITY_ERROR);
	r.ev.Justification = why;
	return ExpertSubmitEvent(key, &r.ev);
}

DWORD report_counts(const struct counts *c, HEXPERTKEY key, uint32_t top)
{
	DWORD err;

	if (!c->property)
		return report_protocols(c, key);
	err = report_property(c, key);
	if (!err)
		err = report_numbers(c, key);
	if (!err)
		err = report_values(c, key, top);
	return err ? err : report_limits(c, key);
}
