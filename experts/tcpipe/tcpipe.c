/* SPDX-License-Identifier: MIT */
/* TCP Retransmit: what went wrong in TCP connections, and in which frames.
 *
 * Works on raw frames and asks for no protocol. docs/tcpipe.md states the rules, and how
 * the figures compare with other programs'.
 */
#include "../common/expert.h"
#include "../common/visit.h"
#include "report.h"

#include <inttypes.h>
#include <stdio.h>

#define TOP_DEFAULT    20
#define MEMORY_DEFAULT 96  /* MiB */
#define KEPT_DEFAULT   100 /* findings of each kind */

/* The EXPERTCONFIG of this expert. A shorter one leaves the rest at its default. */
struct config {
	DWORD RawConfigLength;
	DWORD Top;       /* connections in the report; 0: all that have something to say */
	DWORD Findings;  /* shown of each kind; 0: all that memory holds */
	DWORD MemoryMiB; /* limit of what is remembered; 0: the default */
};

NMAPI_EXPORT const NMEXPERTFIELD NmExpertFields[] = {
	{ "top", NMFIELD_UINT32, NMAPI_FIELD(struct config, Top), "20", "0..1000000",
	    "connections in the report; 0: all that have something to say" },
	{ "findings", NMFIELD_UINT32, NMAPI_FIELD(struct config, Findings), "100", "0..1000000",
	    "findings listed of each kind; 0: all that memory holds" },
	{ "memory", NMFIELD_UINT32, NMAPI_FIELD(struct config, MemoryMiB), "96", "0..4095",
	    "limit of what is remembered in MiB" },
	{ .Name = NULL },
};

struct walk {
	struct visitor visitor;
	struct budget budget;
	struct analysis analysis;
};

static void read_config(const EXPERTCONFIG *raw, struct config *ret)
{
	*ret = (struct config){
		.Top = TOP_DEFAULT, .Findings = KEPT_DEFAULT, .MemoryMiB = MEMORY_DEFAULT
	};
	visit_config(raw, &ret->RawConfigLength, sizeof *ret / sizeof(DWORD));
	if (ret->MemoryMiB == 0)
		ret->MemoryMiB = MEMORY_DEFAULT;
	if (ret->Findings == 0)
		ret->Findings = UINT32_MAX / 2;
}

#define TCP         6
#define HEADER      20u
#define NO_OPTION   1u
#define SCALE       3u
#define SCALE_BYTES 3u
#define SCALE_MOST  14 /* RFC 7323, 2.3 */

/* The shift that a SYN offers. */
static int8_t scale_of(const uint8_t *p, size_t at, size_t end)
{
	while (at < end && p[at] != 0) {
		size_t n = p[at] == NO_OPTION ? 1 : at + 1 < end ? p[at + 1] : 0;

		if (n == 0 || n > end - at)
			break;
		if (p[at] == SCALE && n == SCALE_BYTES)
			return p[at + 2] < SCALE_MOST ? (int8_t)p[at + 2] : SCALE_MOST;
		at += n == 1 && p[at] != NO_OPTION ? end : n;
	}
	return SCALE_NONE;
}

/* 0 2 ports; 4 4 sequence; 8 4 acknowledgement; 12 1 header length in words, in the upper
 * half; 13 1 flags; 14 2 window */
static bool read_header(const struct upper *u, struct tcp *ret)
{
	const uint8_t *p = u->p;
	size_t header;

	if (!p || u->protocol != TCP || u->left < HEADER)
		return false;
	header = (p[12] >> 4) * 4u;
	if (header < HEADER || header > u->wire)
		return false;
	ret->sequence = be32(p + 4);
	ret->ack = be32(p + 8);
	ret->flags = p[13];
	ret->window = be16(p + 14);
	ret->bytes = (uint32_t)(u->wire - header);
	ret->scale = ret->flags & SYN ? scale_of(p, HEADER, header < u->left ? header : u->left)
				      : SCALE_UNKNOWN;
	return true;
}

static DWORD look_at_frame(struct visitor *v, const struct seen *f)
{
	struct walk *s = (struct walk *)v;
	struct tcp tcp = { .frame = f->number, .time = f->time };
	const struct ip_pair *ip;
	struct connection *c;
	struct flow_key k;
	struct layers l;
	unsigned way;

	visit_layers(v, f, &l);
	if (l.n_ip == 0 || !read_header(&l.upper, &tcp))
		return NMERR_SUCCESS;
	ip = &l.ip[l.n_ip - 1];
	k = (struct flow_key){ &ip->src, &ip->dst,
		{ (uint16_t)be16(l.upper.p), (uint16_t)be16(l.upper.p + 2) },
		ip->v6 ? FLOW_V6 : 0 };
	c = connections_find(&s->analysis.connections, &k, &way);
	if (c)
		rules_apply(&s->analysis, c, way, &tcp);
	else
		s->analysis.connections.left_out++;
	return s->budget.error == NMERR_EXPERT_TERMINATE ? NMERR_EXPERT_TERMINATE : NMERR_SUCCESS;
}

static void progress(const struct visitor *v, char *text, size_t n)
{
	const struct walk *s = (const struct walk *)v;

	(void)snprintf(text, n, "%" PRIu64 " TCP segments, %" PRIu32 " connections",
	    s->analysis.segments, s->analysis.connections.flows.items.n);
}

static DWORD report(const struct walk *s, DWORD end, DWORD last, DWORD top)
{
	const struct expert_gap gap = report_gap(s->visitor.key);
	DWORD err = report_analysis(&s->analysis, s->visitor.key, top);
	char text[160];

	(void)snprintf(text, sizeof text,
	    "%" PRIu64 " TCP segments, %" PRIu32 " connections; %" PRIu64 " sent again",
	    s->analysis.segments, s->analysis.connections.flows.items.n,
	    report_sent_again(&s->analysis));
	return err ? err : expert_end(&gap, end, last, text);
}

NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO pExpertInfo)
{
	return expert_register(pExpertInfo, "TCP Retransmit",
	    "Segments sent again, lost or late, closed windows and resets, by connection");
}

NMAPI_EXPORT BOOL WINAPI Run(HEXPERTKEY hExpertKey, PEXPERTCONFIG pConfig,
    PEXPERTSTARTUPINFO pExpertStartupInfo, DWORD StartupFlags, HWND hWndParent)
{
	struct walk s = { .visitor = { hExpertKey, 0, look_at_frame, progress } };
	struct config cfg;
	DWORD last = INVALID_FRAME_NUMBER, end = NMERR_EXPERT_TERMINATE, err;

	(void)StartupFlags;
	(void)hWndParent;
	read_config(pConfig, &cfg);
	s.visitor.capture_mac = GetCaptureMacType(pExpertStartupInfo->hCapture);
	s.budget = (struct budget){ .key = hExpertKey, .left = (size_t)cfg.MemoryMiB << 20 };
	s.analysis.findings.budget = &s.budget;
	s.analysis.findings.most = cfg.Findings;
	connections_init(&s.analysis.connections, &s.budget, visit_seed(&s));
	if (slices_init(&s.analysis.slices, &s.budget, OVER_KINDS) ||
	    s.budget.error != NMERR_EXPERT_TERMINATE)
		end = visit_frames(&s.visitor, &last);
	err = end;
	if (end != NMERR_EXPERT_TERMINATE)
		err = report(&s, end, last, cfg.Top);
	slices_done(&s.analysis.slices);
	findings_done(&s.analysis.findings);
	connections_done(&s.analysis.connections);
	return !err && end == NMERR_NO_MORE_FRAMES;
}
