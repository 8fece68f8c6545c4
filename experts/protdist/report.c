/* SPDX-License-Identifier: MIT */
/* Counts to events. */
#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME_MAX_BYTES 17u /* of a protocol, with its NUL */
#define TOP            8u  /* protocols with a column of their own in slices */
#define SECOND         1e6 /* microseconds */

static char source[] = "Protocol Distribution";
static char frames_name[] = "# of Frames", frames_percent[] = "% of Frames";
static char bytes_name[] = "# of Bytes", bytes_percent[] = "% of Bytes";
static char protocol_name[] = "Protocol", first_name[] = "First Frame";

/* ---- names -------------------------------------------------------------------------------- */

static const PROTOCOLINFO *info_of(const struct counts *c, unsigned protocol)
{
	if (protocol == 0 || !c->names || protocol > c->names->nProtocols)
		return NULL;
	return GetProtocolInfo(c->names->hProtocol[protocol - 1]);
}

static void name_of(const struct counts *c, unsigned protocol, char name[static NAME_MAX_BYTES])
{
	const PROTOCOLINFO *info = info_of(c, protocol);

	if (info)
		(void)snprintf(name, NAME_MAX_BYTES, "%.16s", (const char *)info->ProtocolName);
	else if (protocol == 0) /* over time: frames in which none is */
		(void)snprintf(name, NAME_MAX_BYTES, "Not recognized");
	else
		(void)snprintf(name, NAME_MAX_BYTES, "protocol %hu", (unsigned short)protocol);
}

/* "ETHERNET:IP:TCP" */
static void path_of(const struct counts *c, uint32_t node, char *text, size_t room)
{
	uint32_t path[TREE_DEPTH + 1];
	unsigned depth = 0;
	size_t n = 0;

	for (; node != TREE_ROOT; node = c->tree.nodes[node].parent)
		path[depth++] = node;
	*text = '\0';
	while (depth > 0 && n < room) {
		char name[NAME_MAX_BYTES];

		name_of(c, c->tree.nodes[path[--depth]].protocol, name);
		n += (size_t)snprintf(text + n, room - n, "%s%s", n ? ":" : "", name);
	}
}

/* ---- rows --------------------------------------------------------------------------------- */

static void share_columns(union row *r, uint64_t frames, uint64_t bytes, const struct node *all)
{
	row_count(r, frames_name, frames);
	row_real(r, frames_percent,
	    all->all_frames ? 100.0 * (double)frames / (double)all->all_frames : 0);
	row_count(r, bytes_name, bytes);
	row_real(
	    r, bytes_percent, all->all_bytes ? 100.0 * (double)bytes / (double)all->all_bytes : 0);
}

static DWORD report_totals(const struct counts *c, HEXPERTKEY key)
{
	static char name[] = "All frames", duration[] = "Seconds", rate[] = "Bits/s";
	const struct node *all = &c->tree.nodes[TREE_ROOT];
	double seconds = (double)(c->last - c->first) / SECOND;
	union row r;

	row_begin(&r, source, IDENT_TOTALS, name);
	row_count(&r, frames_name, all->all_frames);
	row_count(&r, bytes_name, all->all_bytes);
	row_real(&r, duration, seconds);
	if (seconds > 0)
		row_real(&r, rate, 8 * (double)all->all_bytes / seconds);
	return ExpertSubmitEvent(key, &r.ev);
}

/* The column is indented, as one reads a hierarchy; the description has the whole path. */
static DWORD submit_stack(const struct counts *c, HEXPERTKEY key, uint32_t node)
{
	static char event[] = "Hierarchy", own_frames[] = "Ending here";
	const struct node *n = &c->tree.nodes[node];
	char name[NAME_MAX_BYTES], indented[2 * TREE_DEPTH + NAME_MAX_BYTES];
	char path[(TREE_DEPTH + 1) * NAME_MAX_BYTES];
	union row r;

	name_of(c, n->protocol, name);
	(void)snprintf(indented, sizeof indented, "%*s%s", (int)(2u * (n->depth - 1u)), "", name);
	path_of(c, node, path, sizeof path);
	row_begin(&r, source, IDENT_STACK, event);
	r.ev.szDescription = path;
	row_text(&r, protocol_name, indented);
	share_columns(&r, n->all_frames, n->all_bytes, &c->tree.nodes[TREE_ROOT]);
	row_count(&r, own_frames, n->frames);
	row_frame(&r, first_name, n->first);
	return ExpertSubmitEvent(key, &r.ev);
}

static DWORD report_stacks(const struct counts *c, HEXPERTKEY key)
{
	DWORD err = NMERR_SUCCESS;

	for (uint32_t i = tree_next(&c->tree, TREE_ROOT); i != TREE_ROOT && !err;
	     i = tree_next(&c->tree, i))
		err = submit_stack(c, key, i);
	return err;
}

/* ---- wherever it stands ----------------------------------------------------------------------- */

struct share {
	uint64_t frames, bytes;
	uint32_t first;
	unsigned protocol;
};

/* A frame counts once for a protocol, however often it is in its stack. */
static bool stands_above(const struct tree *t, uint32_t node, uint16_t protocol)
{
	while ((node = t->nodes[node].parent) != TREE_ROOT)
		if (t->nodes[node].protocol == protocol)
			return true;
	return false;
}

static void add_up(const struct tree *t, struct share *shares, unsigned n)
{
	for (uint32_t i = 1; i < t->n; i++) {
		const struct node *node = &t->nodes[i];
		struct share *s = node->protocol < n ? &shares[node->protocol] : NULL;

		if (!s || stands_above(t, i, node->protocol))
			continue;
		if (s->frames == 0 || node->first < s->first)
			s->first = node->first;
		s->frames += node->all_frames;
		s->bytes += node->all_bytes;
	}
}

/* Most bytes first. */
static int order(const struct share *a, const struct share *b)
{
	if (a->bytes != b->bytes)
		return a->bytes > b->bytes ? -1 : 1;
	if (a->frames != b->frames)
		return a->frames > b->frames ? -1 : 1;
	return a->protocol < b->protocol ? -1 : 1;
}

/* Few, and no two are equal. */
static void sort(struct share *s, unsigned n)
{
	for (unsigned i = 1; i < n; i++) {
		struct share one = s[i];
		unsigned at = i;

		for (; at > 0 && order(&one, &s[at - 1]) < 0; at--)
			s[at] = s[at - 1];
		s[at] = one;
	}
}

static DWORD submit_protocol(const struct counts *c, HEXPERTKEY key, const struct share *s)
{
	static char event[] = "Protocol";
	const PROTOCOLINFO *info = info_of(c, s->protocol);
	char name[NAME_MAX_BYTES], comment[sizeof info->Comment + 1] = "";
	union row r;

	name_of(c, s->protocol, name);
	if (info)
		(void)snprintf(comment, sizeof comment, "%.128s", (const char *)info->Comment);
	row_begin(&r, source, IDENT_PROTOCOL, event);
	r.ev.szDescription = comment;
	row_text(&r, protocol_name, name);
	share_columns(&r, s->frames, s->bytes, &c->tree.nodes[TREE_ROOT]);
	row_frame(&r, first_name, s->first);
	return ExpertSubmitEvent(key, &r.ev);
}

static DWORD report_protocols(
    const struct counts *c, HEXPERTKEY key, struct share *shares, unsigned n)
{
	DWORD err = NMERR_SUCCESS;

	memset(shares, 0, n * sizeof *shares);
	for (unsigned i = 0; i < n; i++)
		shares[i].protocol = i;
	add_up(&c->tree, shares, n);
	sort(shares, n);
	for (unsigned i = 0; i < n && shares[i].frames && !err; i++)
		err = submit_protocol(c, key, &shares[i]);
	return err;
}

/* ---- over time ------------------------------------------------------------------------------ */

/* Bytes by the innermost protocol, so that they add up. */
static unsigned busiest(const struct slices *s, struct share *shares)
{
	unsigned n = 0;

	memset(shares, 0, s->kinds * sizeof *shares);
	for (unsigned p = 0; p < s->kinds; p++) {
		shares[p].protocol = p;
		for (unsigned i = 0; i < s->n; i++)
			shares[p].bytes += slices_amount(s, i, p);
		n += shares[p].bytes != 0;
	}
	sort(shares, s->kinds);
	return n < TOP ? n : TOP;
}

static DWORD submit_slice(const struct counts *c, HEXPERTKEY key, unsigned i,
    const struct share *shares, char (*names)[NAME_MAX_BYTES], unsigned n)
{
	static char event[] = "Over time", from[] = "From (s)", to[] = "To (s)", other[] = "Others";
	const struct slices *s = &c->slices;
	uint64_t all = 0, rest;
	union row r;

	for (unsigned p = 0; p < s->kinds; p++)
		all += slices_amount(s, i, p);
	rest = all;
	row_begin(&r, source, IDENT_SLICE, event);
	row_real(&r, from, (double)(s->width * (int64_t)i) / SECOND);
	row_real(&r, to, (double)(s->width * ((int64_t)i + 1)) / SECOND);
	row_count(&r, frames_name, s->times[i]);
	row_count(&r, bytes_name, all);
	for (unsigned k = 0; k < n; k++) {
		uint64_t bytes = slices_amount(s, i, shares[k].protocol);

		row_count(&r, names[k], bytes);
		rest -= bytes;
	}
	row_count(&r, other, rest);
	return ExpertSubmitEvent(key, &r.ev);
}

static DWORD report_slices(const struct counts *c, HEXPERTKEY key, struct share *shares)
{
	char names[TOP][NAME_MAX_BYTES];
	unsigned n = busiest(&c->slices, shares);
	DWORD err = NMERR_SUCCESS;

	for (unsigned i = 0; i < n; i++)
		name_of(c, shares[i].protocol, names[i]);
	for (unsigned i = 0; i < c->slices.n && !err; i++)
		err = submit_slice(c, key, i, shares, names, n);
	return err;
}

/* ---- the whole -------------------------------------------------------------------------------- */

static DWORD submit_incomplete(HEXPERTKEY key, char *name, char *why, DWORD severity)
{
	union row r;

	row_begin(&r, source, IDENT_INCOMPLETE, name);
	row_severity(&r, severity);
	r.ev.Justification = why;
	return ExpertSubmitEvent(key, &r.ev);
}

static DWORD report_limits(const struct counts *c, HEXPERTKEY key)
{
	static char why[] =
	    "There are more different stacks of protocols than this expert has room "
	    "for: these frames count for the protocols above only.";
	char name[80];

	if (c->tree.cut == 0)
		return NMERR_SUCCESS;
	(void)snprintf(
	    name, sizeof name, "%" PRIu64 " frames with their stack cut short", c->tree.cut);
	return submit_incomplete(key, name, why, NMEVENT_SEVERITY_WARNING);
}

/* What needs a list of all protocols. */
static DWORD report_lists(struct counts *c, HEXPERTKEY key, DWORD hidden)
{
	static char name[] = "Protocols and time left out";
	static char why[] = "There was no memory for them. Raise the memory limit.";
	unsigned n = c->slices.kinds;
	struct share *shares = budget_take(c->tree.budget, n * sizeof *shares);
	DWORD err = NMERR_SUCCESS;

	if (!shares && c->tree.budget->error == NMERR_EXPERT_TERMINATE)
		return NMERR_EXPERT_TERMINATE;
	if (!shares || !c->slices.amounts)
		err = submit_incomplete(key, name, why, NMEVENT_SEVERITY_WARNING);
	if (!err && shares && !(hidden & HIDE_PROTOCOLS))
		err = report_protocols(c, key, shares, n);
	if (!err && shares && c->slices.amounts && !(hidden & HIDE_SLICES))
		err = report_slices(c, key, shares);
	budget_give(c->tree.budget, shares, n * sizeof *shares);
	return err;
}

DWORD report_counts(struct counts *c, HEXPERTKEY key, DWORD hidden)
{
	DWORD err;

	tree_sum(&c->tree);
	err = report_totals(c, key);
	if (!err && !(hidden & HIDE_STACKS))
		err = report_stacks(c, key);
	if (!err)
		err = report_lists(c, key, hidden);
	return err ? err : report_limits(c, key);
}

struct expert_gap report_gap(HEXPERTKEY key)
{
	return (struct expert_gap){ key, source, IDENT_INCOMPLETE };
}
