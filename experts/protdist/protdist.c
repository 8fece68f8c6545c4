/* SPDX-License-Identifier: MIT */
/* Protocol Distribution: which protocols the frames hold, as a hierarchy and over time.
 *
 * Asks the host what it recognizes; docs/protdist.md says what counts as what.
 */
#include "../common/visit.h"
#include "report.h"

#include <inttypes.h>
#include <stdio.h>

#define MEMORY_DEFAULT 16 /* MiB */
#define MEMORY_MOST    4095u

/* The EXPERTCONFIG of this expert. A shorter one leaves the rest at its default. */
struct config {
	DWORD RawConfigLength;
	DWORD Flags;     /* HIDE_* */
	DWORD MemoryMiB; /* limit of the tables; 0: the default */
};

NMAPI_EXPORT const NMEXPERTFIELD NmExpertFields[] = {
	{ "hide", NMFIELD_FLAGS, NMAPI_FIELD(struct config, Flags), NULL,
	    "hierarchy|protocols|times", "parts of the report to leave out" },
	{ "memory", NMFIELD_UINT32, NMAPI_FIELD(struct config, MemoryMiB), "16", "0..4095",
	    "limit of the tables in MiB" },
	{ .Name = NULL },
};

struct walk {
	struct visitor visitor;
	struct budget budget;
	struct counts counts;
};

static DWORD count_frame(struct visitor *v, const struct seen *f)
{
	struct counts *c = &((struct walk *)v)->counts;
	uint32_t node = tree_count(&c->tree, f->stack, f->number, f->wire);

	slices_count(&c->slices, f->time, c->tree.nodes[node].protocol, f->wire);
	if (f->number == 0 || f->time < c->first)
		c->first = f->time;
	if (f->number == 0 || f->time > c->last)
		c->last = f->time;
	return NMERR_SUCCESS;
}

static void progress(const struct visitor *v, char *text, size_t n)
{
	const struct counts *c = &((const struct walk *)v)->counts;

	(void)snprintf(text, n, "%" PRIu32 " different stacks of protocols", c->tree.n - 1);
}

static DWORD report(struct walk *s, DWORD end, DWORD last, DWORD hidden)
{
	const struct expert_gap gap = report_gap(s->visitor.key);
	DWORD err = report_counts(&s->counts, s->visitor.key, hidden);
	const struct node *all = &s->counts.tree.nodes[TREE_ROOT];
	char text[160];

	(void)snprintf(text, sizeof text,
	    "%" PRIu64 " frames, %" PRIu64 " bytes, %" PRIu32 " different stacks of protocols",
	    all->all_frames, all->all_bytes, s->counts.tree.n - 1);
	return err ? err : expert_end(&gap, end, last, text);
}

/* NMERR_NO_MORE_FRAMES when all is counted and told. */
static DWORD distribute(struct walk *s, DWORD hidden)
{
	DWORD last, end, err;

	end = visit_frames(&s->visitor, &last);
	if (end == NMERR_EXPERT_TERMINATE)
		return end;
	err = report(s, end, last, hidden);
	return err ? err : end;
}

NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO pExpertInfo)
{
	return expert_register(pExpertInfo, "Protocol Distribution",
	    "Which protocols the frames hold, as a hierarchy and over time");
}

NMAPI_EXPORT BOOL WINAPI Run(HEXPERTKEY hExpertKey, PEXPERTCONFIG pConfig,
    PEXPERTSTARTUPINFO pExpertStartupInfo, DWORD StartupFlags, HWND hWndParent)
{
	struct walk s = { .visitor = { hExpertKey, 0, count_frame, progress } };
	struct config cfg = { .MemoryMiB = MEMORY_DEFAULT };
	struct counts *c = &s.counts;
	unsigned protocols = 1; /* and the frames in which none is recognized, as 0 */
	DWORD end = NMERR_OUT_OF_MEMORY;

	(void)StartupFlags;
	(void)hWndParent;
	visit_config(pConfig, &cfg.RawConfigLength, sizeof cfg / sizeof(DWORD));
	if (cfg.MemoryMiB == 0 || cfg.MemoryMiB > MEMORY_MOST)
		cfg.MemoryMiB = MEMORY_DEFAULT;
	s.budget = (struct budget){ .key = hExpertKey, .left = (size_t)cfg.MemoryMiB << 20 };
	c->names = GetEnabledProtocols(pExpertStartupInfo->hCapture);
	if (c->names)
		protocols += c->names->nProtocols;
	if (tree_init(&c->tree, &s.budget)) {
		if (slices_init(&c->slices, &s.budget, protocols) ||
		    s.budget.error != NMERR_EXPERT_TERMINATE)
			end = distribute(&s, cfg.Flags);
		slices_done(&c->slices);
		tree_done(&c->tree);
	} else if (s.budget.error != NMERR_EXPERT_TERMINATE) {
		const struct expert_gap gap = report_gap(hExpertKey);

		(void)expert_stopped(&gap, end, INVALID_FRAME_NUMBER);
	}
	return end == NMERR_NO_MORE_FRAMES;
}
