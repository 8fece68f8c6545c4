/* SPDX-License-Identifier: MIT */
/* Top Users: who sent and received most, by link-layer, IPv4 and IPv6 address.
 *
 * Works on raw frames and asks for no protocol. docs/topuser.md says what counts
 * as what, and how the figures compare with other programs'.
 */
#include "layers.h"
#include "report.h"

#include <inttypes.h>
#include <netmon.h>
#include <stdio.h>
#include <time.h>

#define TOP_DEFAULT    10
#define MEMORY_DEFAULT 64       /* MiB of all tables */
#define PROGRESS_EVERY 0x10000u /* frames */

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

struct walk_state {
	HEXPERTKEY key;
	DWORD capture_mac; /* MAC_TYPE_* of the capture's first frames */
	bool outer_only;
	struct counts *c;
};

static void read_config(const EXPERTCONFIG *raw, struct config *ret)
{
	size_t n;

	*ret = (struct config){ .Top = TOP_DEFAULT, .MemoryMiB = MEMORY_DEFAULT };
	if (raw) {
		n = raw->RawConfigLength < sizeof *ret ? raw->RawConfigLength : sizeof *ret;
		memcpy(ret, raw, n & ~(sizeof(DWORD) - 1));
	}
	if (ret->MemoryMiB == 0)
		ret->MemoryMiB = MEMORY_DEFAULT;
}

/* Nobody who makes a capture can know where this process's stack lies. */
static uint64_t random_seed(const void *here)
{
	struct timespec t = { 0, 0 };

	(void)timespec_get(&t, TIME_UTC);
	return (uint64_t)(uintptr_t)here * UINT64_C(0x9e3779b97f4a7c15) ^
	       (uint64_t)t.tv_nsec * UINT64_C(0xbf58476d1ce4e5b9) ^ (uint64_t)t.tv_sec;
}

static void start(struct counts *c, HEXPERTKEY key, const struct config *cfg)
{
	uint64_t seed = random_seed(c);

	memset(c, 0, sizeof *c);
	c->budget.key = key;
	c->budget.left = (size_t)cfg->MemoryMiB << 20;
	for (unsigned k = 0; k < KINDS; k++) {
		table_init(&c->tables[k], &c->budget, seed + k);
		c->shown[k] = !(cfg->Flags & HIDE_LINK << k);
	}
}

/* A capture may mix interfaces, so each frame has its own MAC type. In an Ethernet
 * capture the question is spared for frames that are Ethernet by their looks. */
static DWORD mac_type(
    const struct walk_state *s, HFRAME frame, const uint8_t *p, size_t len, size_t wire)
{
	if (s->capture_mac == MAC_TYPE_ETHERNET && looks_like_ether(p, len, wire))
		return MAC_TYPE_ETHERNET;
	return GetFrameMacType(frame);
}

static void count_layers(const struct walk_state *s, const struct layers *l, DWORD n, uint32_t wire)
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
	for (unsigned i = 0; i < n_ip; i++) {
		enum kind k = l->ip[i].v6 ? IPV6 : IPV4;

		if (c->shown[k])
			table_count(&c->tables[k], &l->ip[i].src, &l->ip[i].dst, n, wire);
	}
}

static void count_frame(const struct walk_state *s, const EXPERTFRAMEDESCRIPTOR *f)
{
	const uint8_t *record = (const uint8_t *)f->pFrame;
	const uint8_t *p = record + offsetof(struct _FRAME, MacFrame);
	uint32_t wire = le32(record + offsetof(struct _FRAME, FrameLength));
	uint32_t len = le32(record + offsetof(struct _FRAME, nBytesAvail));
	struct layers l;

	if (s->capture_mac != MAC_TYPE_ETHERNET || !layers_find_plain(p, len, wire, &l))
		layers_find(mac_type(s, f->hFrame, p, len, wire), p, len, wire, &l);
	count_layers(s, &l, f->FrameNumber, wire);
}

static uint32_t addresses(const struct counts *c)
{
	return c->tables[LINK_LAYER].n + c->tables[IPV4].n + c->tables[IPV6].n;
}

/* No percentage: the host knows how far the walk is, and of a pipe nobody does. */
static DWORD progress(const struct walk_state *s)
{
	char text[128];

	(void)snprintf(text, sizeof text, "%" PRIu64 " frames, %" PRIu32 " addresses",
	    s->c->totals[ALL_FRAMES].frames, addresses(s->c));
	return ExpertIndicateStatus(s->key, EXPERTSTATUS_RUNNING, 0, text, -1);
}

/* Every frame of the capture. NMERR_NO_MORE_FRAMES when all is counted. */
static DWORD walk(struct walk_state *s, DWORD *ret_last)
{
	EXPERTFRAMEDESCRIPTOR f = { .FrameNumber = INVALID_FRAME_NUMBER };
	DWORD err;

	for (;;) {
		*ret_last = f.FrameNumber;
		err = ExpertGetFrame(s->key, GET_FRAME_NEXT_FORWARD, FLAGS_DEFER_TO_UI_FILTER,
		    f.FrameNumber, NULL, &f);
		if (err)
			return err;
		count_frame(s, &f);
		if (s->c->budget.error == NMERR_EXPERT_TERMINATE)
			return NMERR_EXPERT_TERMINATE;
		if (f.FrameNumber % PROGRESS_EVERY == PROGRESS_EVERY - 1) {
			err = progress(s);
			if (err)
				return err;
		}
	}
}

static DWORD last_words(HEXPERTKEY key, struct counts *c)
{
	char busiest[ADDRESS_TEXT_MAX], text[200];

	report_busiest(c, busiest);
	(void)snprintf(text, sizeof text,
	    "%" PRIu64 " frames, %" PRIu64 " bytes, %" PRIu32 " addresses%s%s",
	    c->totals[ALL_FRAMES].frames, c->totals[ALL_FRAMES].bytes, addresses(c),
	    *busiest ? "; busiest sender: " : "", busiest);
	return ExpertIndicateStatus(key, EXPERTSTATUS_RUNNING, 0, text, 99);
}

static void free_tables(struct counts *c)
{
	for (unsigned k = 0; k < KINDS; k++)
		table_done(&c->tables[k]);
}

NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO pExpertInfo)
{
	(void)snprintf(pExpertInfo->szName, sizeof pExpertInfo->szName, "Top Users");
	(void)snprintf(pExpertInfo->szVendor, sizeof pExpertInfo->szVendor, "nmapi");
	(void)snprintf(pExpertInfo->szDescription, sizeof pExpertInfo->szDescription,
	    "Who sends and receives most, by link-layer, IPv4 and IPv6 address");
	pExpertInfo->Version = 0;
	pExpertInfo->Flags = 0;
	return TRUE;
}

NMAPI_EXPORT BOOL WINAPI Run(HEXPERTKEY hExpertKey, PEXPERTCONFIG pConfig,
    PEXPERTSTARTUPINFO pExpertStartupInfo, DWORD StartupFlags, HWND hWndParent)
{
	struct counts c;
	struct config cfg;
	struct walk_state s = { .key = hExpertKey, .c = &c };
	DWORD last, end, err;

	(void)StartupFlags;
	(void)hWndParent;
	read_config(pConfig, &cfg);
	start(&c, hExpertKey, &cfg);
	s.outer_only = cfg.Flags & OUTER_ONLY;
	s.capture_mac = GetCaptureMacType(pExpertStartupInfo->hCapture);
	end = walk(&s, &last);
	err = end;
	if (end != NMERR_EXPERT_TERMINATE)
		err = report_counts(&c, hExpertKey, cfg.Top);
	if (!err && end != NMERR_NO_MORE_FRAMES) {
		err = report_stopped(hExpertKey, end, last);
		(void)ExpertIndicateStatus(hExpertKey, EXPERTSTATUS_PROBLEM, end, NULL, -1);
	} else if (!err) {
		err = last_words(hExpertKey, &c);
	}
	free_tables(&c);
	return !err && end == NMERR_NO_MORE_FRAMES;
}
