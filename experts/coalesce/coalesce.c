/* SPDX-License-Identifier: MIT */
/* Protocol Coalesce: a new capture in which what was split is whole.
 *
 * Joins fragments of IP and segments of TCP. docs/coalesce.md says how, and how the result
 * compares with other programs'.
 */
#include "../common/expert.h"
#include "../common/visit.h"
#include "links.h"
#include "report.h"

#include <inttypes.h>
#include <stdio.h>

#define TOP_DEFAULT    20
#define TOP_MOST       10000u
#define MEMORY_DEFAULT 64 /* MiB */
#define MEMORY_MOST    4095u
#define SIZE_LEAST     576u
#define PLACES_BYTES   (32u << 20) /* Network Monitor: for the frame table */
#define DEPTH          2u          /* packets joined out of packets that were joined */

/* The EXPERTCONFIG of this expert. A shorter one leaves the rest at its default. */
struct config {
	DWORD RawConfigLength;
	DWORD Format;    /* enum format */
	DWORD Others;    /* copy what is not joined */
	DWORD Size;      /* most bytes of an IP packet that is joined out of TCP segments */
	DWORD MemoryMiB; /* limit of what waits; 0: the default */
	DWORD Top;       /* conversations in the report */
	DWORD Overwrite; /* a file that has the name */
	DWORD Comments;  /* say in joined frames what they were joined out of */
};

/* clang-format off: a table */
NMAPI_EXPORT const NMEXPERTFIELD NmExpertFields[] = {
	{ "format", NMFIELD_CHOICE, NMAPI_FIELD(struct config, Format), "pcapng", "pcapng|netmon",
	    "what the new capture is" },
	{ "others", NMFIELD_BOOL, NMAPI_FIELD(struct config, Others), "yes", NULL,
	    "copy what is not joined" },
	{ "size", NMFIELD_UINT32, NMAPI_FIELD(struct config, Size), "65535", "576..65535",
	    "most bytes of an IP packet that is joined out of TCP segments" },
	{ "memory", NMFIELD_UINT32, NMAPI_FIELD(struct config, MemoryMiB), "64", "0..4095",
	    "most MiB of what waits to be joined" },
	{ "top", NMFIELD_UINT32, NMAPI_FIELD(struct config, Top), "20", "0..10000",
	    "conversations in the report" },
	{ "overwrite", NMFIELD_BOOL, NMAPI_FIELD(struct config, Overwrite), "no", NULL,
	    "replace a file that has the name, instead of taking another" },
	{ "comments", NMFIELD_BOOL, NMAPI_FIELD(struct config, Comments), "yes", NULL,
	    "say in joined frames what they were joined out of (pcapng)" },
	{ .Name = NULL },
};
/* clang-format on */

struct walk {
	struct visitor visitor;
	struct config config;
	struct links links;
	struct stage stage;
	struct datagrams datagrams;
	struct streams streams;
	struct output output;
	struct stream_row *rows;
	uint8_t *rooms; /* DEPTH, of DATAGRAM_MOST bytes */
	uint64_t seed;
	HCAPTURE capture;
};

static void read_config(const EXPERTCONFIG *raw, struct config *ret)
{
	*ret = (struct config){ .Others = 1,
		.Size = IP_MOST,
		.MemoryMiB = MEMORY_DEFAULT,
		.Top = TOP_DEFAULT,
		.Comments = 1 };
	visit_config(raw, &ret->RawConfigLength, sizeof *ret / sizeof(DWORD));
	if (ret->Format >= FORMATS)
		ret->Format = FORMAT_PCAPNG;
	if (ret->Size < SIZE_LEAST || ret->Size > IP_MOST)
		ret->Size = IP_MOST;
	if (ret->MemoryMiB == 0 || ret->MemoryMiB > MEMORY_MOST)
		ret->MemoryMiB = MEMORY_DEFAULT;
	if (ret->Top > TOP_MOST)
		ret->Top = TOP_MOST;
}

/* ---- a frame -------------------------------------------------------------------------------- */

static void find_layers(const struct packet *p, struct layers *ret)
{
	if (p->mac != MAC_TYPE_ETHERNET || !layers_find_plain(p->p, p->len, p->wire, ret))
		layers_find(p->mac, p->p, p->len, p->wire, ret);
}

static void copy_other(struct walk *s, const struct packet *p, const struct layers *l)
{
	if (s->config.Others || p->pieces > 1)
		stage_copy(&s->stage, p, l->n_ip == 1 ? l->ip_at : NULL);
}

/* A packet that was joined may hold another piece of something. */
static void look_at_packet(struct walk *s, struct packet p)
{
	enum piecing piecing = PIECE_LAST;
	struct packet whole;
	struct layers l;

	for (unsigned depth = 0; piecing == PIECE_LAST; depth++) {
		find_layers(&p, &l);
		piecing = PIECE_ALONE;
		if (!l.fragment.p || depth == DEPTH)
			break;
		piecing = datagrams_take(
		    &s->datagrams, &p, &l, s->rooms + (size_t)depth * DATAGRAM_MOST, &whole);
		if (piecing == PIECE_LAST)
			p = whole;
	}
	if (piecing == PIECE_WAITS && !stage_is_marked(&s->stage, MARK_ALONE))
		return;
	if (l.n_ip == 0 || !streams_take(&s->streams, &p, &l))
		copy_other(s, &p, &l);
}

static DWORD look_at_frame(struct visitor *v, const struct seen *f)
{
	struct walk *s = (struct walk *)v;
	struct packet p = { .p = f->p,
		.len = f->len,
		.wire = f->wire,
		.mac = GetFrameMacType(f->handle),
		.number = f->number,
		.first = f->number,
		.pieces = 1,
		.time = f->time };

	p.link = links_find(&s->links, p.mac, f->stack);
	s->stage.frame = f->number;
	s->stage.time = f->time;
	look_at_packet(s, p);
	if (s->stage.memory.budget.error == NMERR_EXPERT_TERMINATE)
		return NMERR_EXPERT_TERMINATE;
	return s->output.error[0] ? NMERR_FILE_WRITE_ERROR : NMERR_SUCCESS;
}

static void progress(const struct visitor *v, char *text, size_t n)
{
	const struct walk *s = (const struct walk *)v;

	if (stage_plans(&s->stage))
		(void)snprintf(text, n,
		    "looking for what belongs together: %" PRIu64 " conversations", s->streams.n);
	else
		(void)snprintf(text, n, "writing: %" PRIu32 " frames", s->output.frames);
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* Of datagrams and conversations the one that was not touched for longest goes. */
static bool make_room(void *ctx)
{
	struct walk *s = ctx;
	uint64_t datagram = datagrams_oldest(&s->datagrams), stream = streams_oldest(&s->streams);

	if (datagram == UINT64_MAX && stream == UINT64_MAX)
		return false;
	s->stage.memory.make_room = NULL; /* what goes does not drive out more */
	if (datagram < stream)
		datagrams_evict(&s->datagrams);
	else
		streams_evict(&s->streams);
	s->stage.memory.make_room = make_room;
	return true;
}

/* False: there is none even for this. */
static bool take_memory(struct walk *s, HEXPERTKEY key)
{
	size_t all = (size_t)s->config.MemoryMiB << 20;
	struct budget *b = &s->stage.memory.budget;

	plan_init(&s->stage.plan, &(struct budget){ .key = key, .left = all / 8 });
	*b = (struct budget){ .key = key, .left = all - all / 8 };
	s->stage.memory.ctx = s;
	s->rows = budget_take(b, s->config.Top * sizeof *s->rows);
	s->rooms = s->rows ? budget_take(b, (size_t)DEPTH * DATAGRAM_MOST) : NULL;
	s->stage.memory.make_room = make_room;
	return s->rooms != NULL;
}

static void give_memory(struct walk *s)
{
	struct budget *b = &s->stage.memory.budget;

	plan_done(&s->stage.plan);
	budget_give(b, s->rooms, (size_t)DEPTH * DATAGRAM_MOST);
	budget_give(b, s->rows, s->config.Top * sizeof *s->rows);
}

/* ---- the walks --------------------------------------------------------------------------------- */

/* Once over the capture; NMERR_NO_MORE_FRAMES when it was all. */
static DWORD walk_once(struct walk *s, struct output *output, DWORD *ret_last)
{
	DWORD end;

	s->stage.output = output;
	s->stage.counts = (struct counts){ 0 };
	s->stage.n_shown = 0;
	datagrams_done(&s->datagrams);
	streams_done(&s->streams);
	datagrams_init(&s->datagrams, &s->stage, s->seed);
	streams_init(&s->streams, &s->stage, s->rows, s->config.Top, s->seed);
	end = visit_frames(&s->visitor, ret_last);
	if (end == NMERR_NO_MORE_FRAMES) {
		datagrams_end(&s->datagrams);
		streams_end(&s->streams);
	}
	return end;
}

static DWORD last_words(const struct walk *s)
{
	char text[OUTPUT_NAME + 80];

	(void)snprintf(text, sizeof text, "%s: %" PRIu32 " frames, %" PRIu64 " of them joined",
	    s->output.name, s->output.frames, s->stage.counts.joined);
	return ExpertIndicateStatus(s->visitor.key, EXPERTSTATUS_RUNNING, 0, text, 99);
}

static DWORD report(struct walk *s)
{
	const struct result r = { &s->stage, &s->datagrams, &s->streams, &s->output };
	DWORD err;

	top_sort(&s->streams.rows);
	err = report_result(&r, s->visitor.key);
	return err ? err : last_words(s);
}

static DWORD problem(HEXPERTKEY key, DWORD code, DWORD err)
{
	(void)ExpertIndicateStatus(key, EXPERTSTATUS_PROBLEM, code, NULL, -1);
	return err ? err : code;
}

static DWORD no_memory(HEXPERTKEY key, DWORD err)
{
	if (err == NMERR_EXPERT_TERMINATE)
		return err;
	return problem(
	    key, NMERR_OUT_OF_MEMORY, report_not_written(key, "there is no memory for it"));
}

/* NMERR_SUCCESS when there is a new capture. */
static DWORD coalesce(struct walk *s, const char *capture)
{
	HEXPERTKEY key = s->visitor.key;
	const SYSTEMTIME *start = GetCaptureTimeStamp(s->capture);
	DWORD last, end = walk_once(s, NULL, &last);

	if (end == NMERR_NO_MORE_FRAMES && start && output_begin(&s->output, capture, start))
		end = walk_once(s, &s->output, &last);
	if (end == NMERR_EXPERT_TERMINATE)
		return end;
	if (end == NMERR_NO_MORE_FRAMES && output_end(&s->output))
		return report(s);
	if (s->output.error[0] || end == NMERR_NO_MORE_FRAMES)
		return problem(
		    key, NMERR_FILE_WRITE_ERROR, report_not_written(key, s->output.error));
	return problem(key, end, report_stopped(key, end, last));
}

/* In the host's memory: too large for a stack that is somebody else's. */
static DWORD run(
    HEXPERTKEY key, const EXPERTCONFIG *raw, const EXPERTSTARTUPINFO *startup, const char *folder)
{
	struct walk *s;
	DWORD err;

	s = ExpertAllocMemory(key, sizeof *s, &err);
	if (!s)
		return no_memory(key, err);
	s->visitor = (struct visitor){ key, 0, look_at_frame, progress };
	read_config(raw, &s->config);
	s->capture = startup->hCapture;
	s->seed = visit_seed(&err);
	s->stage.comments = s->config.Comments;
	s->stage.most = s->config.Size;
	s->output.budget = &(struct budget){ .key = key, .left = PLACES_BYTES };
	s->output.folder = folder;
	s->output.format = (enum format)s->config.Format;
	s->output.replace = s->config.Overwrite;
	links_init(&s->links, s->capture);
	for (enum link i = 0; i < LINKS; i++) {
		s->stage.keeps[i] = output_keeps(s->output.format, i);
		s->stage.joins[i] = s->stage.keeps[i] && links_join(i);
	}
	s->datagrams.table.memory = s->streams.table.memory = &s->stage.memory;
	err = take_memory(s, key) ? coalesce(s, startup->szCaptureFile)
				  : no_memory(key, s->stage.memory.budget.error);
	output_drop(&s->output);
	datagrams_done(&s->datagrams);
	streams_done(&s->streams);
	give_memory(s);
	(void)ExpertFreeMemory(key, s);
	return err;
}

NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO pExpertInfo)
{
	return expert_register(pExpertInfo, "Protocol Coalesce",
	    "A new capture in --output-dir: fragments joined to packets, TCP segments to messages");
}

NMAPI_EXPORT BOOL WINAPI Run(HEXPERTKEY hExpertKey, PEXPERTCONFIG pConfig,
    PEXPERTSTARTUPINFO pExpertStartupInfo, DWORD StartupFlags, HWND hWndParent)
{
	const char *folder = output_folder();

	(void)StartupFlags;
	(void)hWndParent;
	if (!folder)
		return report_no_folder(hExpertKey) == NMERR_SUCCESS;
	return run(hExpertKey, pConfig, pExpertStartupInfo, folder) == NMERR_SUCCESS;
}
