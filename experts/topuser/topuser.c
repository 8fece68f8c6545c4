/* SPDX-License-Identifier: MIT */
/* Top Users: who sent and received most, by link-layer, IPv4 and IPv6 address, between
 * whom, and from and to which ports.
 *
 * Works on raw frames and asks for no protocol. docs/topuser.md says what counts
 * as what, and how the figures compare with other programs'.
 */
#include "../common/visit.h"
#include "report.h"
#include "talks.h"

#include <inttypes.h>
#include <netmon.h>
#include <stdio.h>

#define TOP_DEFAULT    10
#define MEMORY_DEFAULT 64 /* MiB of all tables */

/* The EXPERTCONFIG of this expert. A shorter one leaves the rest at its default. */
struct config {
	DWORD RawConfigLength;
	DWORD Top;       /* rows of each block; 0: every address */
	DWORD Flags;     /* HIDE_*, OUTER_ONLY */
	DWORD MemoryMiB; /* limit of the tables; 0: the default */
};

#define HIDE_LINK  0x1u
#define HIDE_IPV4  0x2u
#define HIDE_IPV6  0x4u
#define OUTER_ONLY 0x8u /* count only the first IP header of a frame */
#define HIDE_TALKS 0x10u
#define HIDE_PORTS 0x20u

NMAPI_EXPORT const NMEXPERTFIELD NmExpertFields[] = {
	{ "top", NMFIELD_UINT32, NMAPI_FIELD(struct config, Top), "10", "0..1000000",
	    "rows of each block; 0: every address" },
	{ "hide", NMFIELD_FLAGS, NMAPI_FIELD(struct config, Flags), NULL,
	    "link|ipv4|ipv6|inner|conversations|ports",
	    "what to leave out; inner: all but a frame's first IP header" },
	{ "memory", NMFIELD_UINT32, NMAPI_FIELD(struct config, MemoryMiB), "64", "0..4095",
	    "limit of the tables in MiB; conversations and ports take half of it at most" },
	{ .Name = NULL },
};

struct walk {
	struct visitor visitor;
	bool outer_only;
	struct counts *c;
};

static void read_config(const EXPERTCONFIG *raw, struct config *ret)
{
	*ret = (struct config){ .Top = TOP_DEFAULT, .MemoryMiB = MEMORY_DEFAULT };
	visit_config(raw, &ret->RawConfigLength, sizeof *ret / sizeof(DWORD));
	if (ret->MemoryMiB == 0)
		ret->MemoryMiB = MEMORY_DEFAULT;
}

static void choose(struct counts *c, DWORD flags)
{
	c->shown[LINK_LAYER] = !(flags & HIDE_LINK);
	c->shown[IPV4] = !(flags & HIDE_IPV4);
	c->shown[IPV6] = !(flags & HIDE_IPV6);
	c->shown[IPV4_TALKS] = c->shown[IPV4] && !(flags & HIDE_TALKS);
	c->shown[IPV6_TALKS] = c->shown[IPV6] && !(flags & HIDE_TALKS);
	c->shown[PORTS] = !(flags & HIDE_PORTS);
}

static void start(struct counts *c, HEXPERTKEY key, const struct config *cfg)
{
	uint64_t seed = visit_seed(c);
	size_t memory = (size_t)cfg->MemoryMiB << 20;

	memset(c, 0, sizeof *c);
	choose(c, cfg->Flags);
	c->budget.key = c->rest.key = key;
	c->budget.left = memory;
	if (c->shown[IPV4_TALKS] || c->shown[IPV6_TALKS] || c->shown[PORTS])
		c->budget.left = c->rest.left = memory / 2;
	for (unsigned k = 0; k < KINDS; k++)
		table_init(&c->tables[k], k <= IPV6 ? &c->budget : &c->rest, seed + k);
}

/* The host wants the run to end. */
static bool must_end(const struct counts *c)
{
	return c->budget.error == NMERR_EXPERT_TERMINATE || c->rest.error == NMERR_EXPERT_TERMINATE;
}

static void count_ip(struct counts *c, const struct ip_pair *ip, DWORD n, uint32_t wire)
{
	enum kind k = ip->v6 ? IPV6 : IPV4, talks = ip->v6 ? IPV6_TALKS : IPV4_TALKS;
	struct pair *p;

	if (!c->shown[k])
		return;
	p = table_count(&c->tables[k], &ip->src, &ip->dst, n, wire);
	if (c->shown[talks])
		talks_count(&c->tables[talks], p, n, wire);
}

static void count_layers(const struct walk *s, const struct layers *l, DWORD n, uint32_t wire)
{
	struct counts *c = s->c;
	unsigned n_ip = s->outer_only && l->n_ip > 1 ? 1 : l->n_ip;

	tally_add(&c->totals[ALL_FRAMES], n, wire);
	if (l->n_ip == 0)
		tally_add(&c->totals[NO_IP], n, wire);
	if (l->broken)
		tally_add(&c->totals[BROKEN_IP], n, wire);
	if (l->unknown_link)
		tally_add(&c->totals[UNKNOWN_LINK], n, wire);
	if (l->has_mac && c->shown[LINK_LAYER])
		table_count(&c->tables[LINK_LAYER], &l->mac_src, &l->mac_dst, n, wire);
	for (unsigned i = 0; i < n_ip; i++)
		count_ip(c, &l->ip[i], n, wire);
	if (c->shown[PORTS])
		ports_count(&c->tables[PORTS], &l->upper, n, wire);
}

static DWORD count_frame(struct visitor *v, const struct seen *f)
{
	struct walk *s = (struct walk *)v;
	struct layers l;

	visit_layers(v, f, &l);
	count_layers(s, &l, f->number, f->wire);
	return must_end(s->c) ? NMERR_EXPERT_TERMINATE : 0;
}

static uint32_t addresses(const struct counts *c)
{
	return c->tables[LINK_LAYER].n + c->tables[IPV4].n + c->tables[IPV6].n;
}

static void progress(const struct visitor *v, char *text, size_t n)
{
	const struct walk *s = (const struct walk *)v;

	(void)snprintf(text, n, "%" PRIu64 " frames, %" PRIu32 " addresses",
	    s->c->totals[ALL_FRAMES].frames, addresses(s->c));
}

static DWORD report(struct counts *c, HEXPERTKEY key, DWORD end, DWORD last, DWORD top)
{
	const struct expert_gap gap = report_gap(key);
	DWORD err = report_counts(c, key, top);
	char busiest[ADDRESS_TEXT_MAX], text[200];

	report_busiest(c, busiest);
	(void)snprintf(text, sizeof text,
	    "%" PRIu64 " frames, %" PRIu64 " bytes, %" PRIu32 " addresses%s%s",
	    c->totals[ALL_FRAMES].frames, c->totals[ALL_FRAMES].bytes, addresses(c),
	    *busiest ? "; busiest sender: " : "", busiest);
	return err ? err : expert_end(&gap, end, last, text);
}

static void free_tables(struct counts *c)
{
	for (unsigned k = 0; k < KINDS; k++)
		table_done(&c->tables[k]);
}

NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO pExpertInfo)
{
	return expert_register(pExpertInfo, "Top Users",
	    "Who sends and receives most, by address, conversation and port");
}

NMAPI_EXPORT BOOL WINAPI Run(HEXPERTKEY hExpertKey, PEXPERTCONFIG pConfig,
    PEXPERTSTARTUPINFO pExpertStartupInfo, DWORD StartupFlags, HWND hWndParent)
{
	struct counts c;
	struct config cfg;
	struct walk s = { .visitor = { hExpertKey, 0, count_frame, progress }, .c = &c };
	DWORD last, end, err;

	(void)StartupFlags;
	(void)hWndParent;
	read_config(pConfig, &cfg);
	start(&c, hExpertKey, &cfg);
	s.outer_only = cfg.Flags & OUTER_ONLY;
	s.visitor.capture_mac = GetCaptureMacType(pExpertStartupInfo->hCapture);
	end = visit_frames(&s.visitor, &last);
	err = end;
	if (end != NMERR_EXPERT_TERMINATE)
		err = report(&c, hExpertKey, end, last, cfg.Top);
	free_tables(&c);
	return !err && end == NMERR_NO_MORE_FRAMES;
}
