/* SPDX-License-Identifier: MIT */
/* Average Server Response Time: how long servers took to answer, and what they did not.
 *
 * Works on raw frames and asks for no protocol. docs/resptime.md states the rules, and how
 * the figures compare with other programs'.
 */
#include "../common/visit.h"
#include "report.h"
#include "talk.h"

#include <inttypes.h>
#include <stdio.h>

#define TOP_DEFAULT     20
#define SLOWEST_DEFAULT 20
#define SLOW_DEFAULT    1000 /* milliseconds */
#define MEMORY_DEFAULT  96   /* MiB */
#define SLOWEST_MOST    100000u

/* The EXPERTCONFIG of this expert. A shorter one leaves the rest at its default. */
struct config {
	DWORD RawConfigLength;
	DWORD Top;              /* servers in the report; 0: all */
	DWORD Slowest;          /* exchanges in the report */
	DWORD SlowMs;           /* milliseconds from which on one is a warning */
	DWORD MemoryMiB;        /* limit of what is remembered; 0: the default */
	WORD Ports[PORTS_MOST]; /* of TCP, measured by who speaks; 0 behind the last */
};

#define FIELD(member) NMAPI_FIELD(struct config, member)

NMAPI_EXPORT const NMEXPERTFIELD NmExpertFields[] = {
	{ "top", NMFIELD_UINT32, FIELD(Top), "20", NULL, "servers in each table; 0: all" },
	{ "slowest", NMFIELD_UINT32, FIELD(Slowest), "20", "0..100000", "exchanges listed" },
	{ "slow", NMFIELD_UINT32, FIELD(SlowMs), "1000", NULL,
	    "milliseconds from which on an exchange is a warning" },
	{ "memory", NMFIELD_UINT32, FIELD(MemoryMiB), "96", "0..65536",
	    "MiB remembered at most; 0: the default" },
	{ "ports", NMFIELD_UINT16_LIST, FIELD(Ports), "80,1433,1521,3306,5432", NULL,
	    "TCP ports that are measured by who speaks" },
	{ NULL, 0, 0, 0, NULL, NULL, NULL },
};

struct walk {
	struct visitor visitor;
	struct budget budget;
	struct exchanges exchanges;
};

static void read_config(const EXPERTCONFIG *raw, struct config *ret)
{
	*ret = (struct config){ .Top = TOP_DEFAULT,
		.Slowest = SLOWEST_DEFAULT,
		.SlowMs = SLOW_DEFAULT,
		.MemoryMiB = MEMORY_DEFAULT,
		.Ports = { 80, 1433, 1521, 3306, 5432 } };
	visit_config(raw, &ret->RawConfigLength, sizeof *ret / sizeof(DWORD));
	if (ret->MemoryMiB == 0)
		ret->MemoryMiB = MEMORY_DEFAULT;
	if (ret->Slowest > SLOWEST_MOST)
		ret->Slowest = SLOWEST_MOST;
}

#define TCP 6
#define UDP 17

/* 6 2 where in the packet this piece stands, in IPv4; 2 2 in IPv6's fragment header */
static bool is_first_udp(const struct layers *l, bool v6)
{
	const uint8_t *h = l->fragment.head;

	if (!l->fragment.p)
		return false;
	return v6 ? be16(h + 2) >> 3 == 0 && h[0] == UDP
		  : (be16(h + 6) & 0x1fff) == 0 && h[9] == UDP;
}

static DWORD look_at_frame(struct visitor *v, const struct seen *f)
{
	struct walk *s = (struct walk *)v;
	const struct seen_at at = { f->time, f->number };
	const struct ip_pair *ip;
	struct layers l;

	if (f->time > s->exchanges.end)
		s->exchanges.end = f->time;
	visit_layers(v, f, &l);
	if (l.n_ip == 0)
		return NMERR_SUCCESS;
	ip = &l.ip[l.n_ip - 1];
	if (l.upper.p && l.upper.protocol == TCP)
		talk_tcp(&s->exchanges, ip, &l.upper, &at);
	else if (l.upper.p && l.upper.protocol == UDP)
		talk_udp(&s->exchanges, ip, l.upper.p, l.upper.left, &at);
	else if (is_first_udp(&l, ip->v6))
		talk_udp(&s->exchanges, ip, l.fragment.p, l.fragment.left, &at);
	return s->budget.error == NMERR_EXPERT_TERMINATE ? NMERR_EXPERT_TERMINATE : NMERR_SUCCESS;
}

static uint64_t responses(const struct exchanges *x)
{
	uint64_t n = 0;

	for (unsigned p = DNS; p < PROTOCOLS; p++)
		n += x->totals[p].times.count;
	return n;
}

static uint64_t unanswered(const struct exchanges *x)
{
	uint64_t n = 0;

	for (unsigned p = 0; p < PROTOCOLS; p++)
		n += x->totals[p].unanswered;
	return n;
}

static void progress(const struct visitor *v, char *text, size_t n)
{
	const struct exchanges *x = &((const struct walk *)v)->exchanges;

	(void)snprintf(text, n, "%" PRIu64 " responses, %" PRIu64 " handshakes", responses(x),
	    x->totals[CONNECT].times.count);
}

static DWORD report(struct walk *s, DWORD end, DWORD last, const struct config *cfg)
{
	const struct expert_gap gap = report_gap(s->visitor.key);
	const struct report r = { s->visitor.key, cfg->Top,
		cfg->SlowMs < UINT32_MAX / 1000 ? cfg->SlowMs * 1000 : UINT32_MAX };
	DWORD err;
	char text[160];

	exchanges_close_all(&s->exchanges);
	err = report_exchanges(&s->exchanges, &r);
	(void)snprintf(text, sizeof text,
	    "%" PRIu64 " responses, %" PRIu64 " handshakes; %" PRIu64 " without response",
	    responses(&s->exchanges), s->exchanges.totals[CONNECT].times.count,
	    unanswered(&s->exchanges));
	return err ? err : expert_end(&gap, end, last, text);
}

NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO pExpertInfo)
{
	return expert_register(pExpertInfo, "Average Server Response Time",
	    "How long servers take to answer, by server, port and protocol, and what they leave "
	    "unanswered");
}

NMAPI_EXPORT BOOL WINAPI Run(HEXPERTKEY hExpertKey, PEXPERTCONFIG pConfig,
    PEXPERTSTARTUPINFO pExpertStartupInfo, DWORD StartupFlags, HWND hWndParent)
{
	struct walk s = { .visitor = { hExpertKey, 0, look_at_frame, progress } };
	struct config cfg;
	DWORD last, end, err;

	(void)StartupFlags;
	(void)hWndParent;
	read_config(pConfig, &cfg);
	s.visitor.capture_mac = GetCaptureMacType(pExpertStartupInfo->hCapture);
	s.budget = (struct budget){ .key = hExpertKey, .left = (size_t)cfg.MemoryMiB << 20 };
	exchanges_init(&s.exchanges, &s.budget, cfg.Slowest, visit_seed(&s));
	memcpy(s.exchanges.ports, cfg.Ports, sizeof s.exchanges.ports);
	end = s.budget.error == NMERR_EXPERT_TERMINATE ? NMERR_EXPERT_TERMINATE
						       : visit_frames(&s.visitor, &last);
	err = end;
	if (end != NMERR_EXPERT_TERMINATE)
		err = report(&s, end, last, &cfg);
	exchanges_done(&s.exchanges);
	return !err && end == NMERR_NO_MORE_FRAMES;
}
