/* SPDX-License-Identifier: MIT */
/* A frame's protocols: which parser takes what, one behind the other. */
#include "base/bytes.h"
#include "base/nmerr.h"
#include "parse/header.h"
#include "parse/parse_int.h"
#include "system/memory.h"

#include <string.h>

#define FRAME_HEAD  16u     /* bytes of the record before the frame's own */
#define OFFSETS_MAX 0xFFFFu /* RECOGNIZEDATA has a WORD */

struct nm_parse *nm_parse_new(void)
{
	uint8_t *m = nm_pages_new(MEMORY_BYTES);
	struct nm_parse *p;

	if (!m)
		return NULL;
	nm_parsers_seal();
	(void)nm_pages_allow(m + PAGE_BYTES, PAGE_BYTES, NM_ACCESS_NONE);
	(void)nm_pages_allow(m + GAP_AT, PAGE_BYTES, NM_ACCESS_NONE);
	p = (struct nm_parse *)(void *)m;
	m += 2 * (size_t)PAGE_BYTES;
	p->table = (RECOGNIZEDATATABLE *)(void *)m;
	p->properties = (PROPERTYTABLE *)(void *)(m + TABLE_BYTES);
	p->instances = (PROPERTYINST *)(void *)(m + TABLE_BYTES + PROPS_BYTES);
	p->ex = m + TABLE_BYTES + PROPS_BYTES + INSTANCES_BYTES;
	p->text = (char *)m + FILLED_BYTES;
	p->lines = (char *)p + GAP_AT + PAGE_BYTES;
	p->properties->lpFirstPropertyInst = p->instances;
	p->properties->lpFormatBuffer = p->text;
	p->properties->FormatBufferLength = TEXT_BYTES;
	p->known_link = NM_LINK_NONE;
	return p;
}

static struct nm_parse *lazy; /* whose table is closed; NULL: nobody's */

void nm_parse_be_lazy(struct nm_parse *p)
{
	p->closed = !lazy && nm_pages_allow(p->table, TABLE_BYTES, NM_ACCESS_NONE);
	if (p->closed)
		lazy = p;
}

RECOGNIZEDATATABLE *nm_parse_shown(struct nm_parse *p)
{
	return p->closed ? p->table : nm_parse_recognize(p);
}

static void open_table(struct nm_parse *p)
{
	(void)nm_pages_allow(p->table, TABLE_BYTES, NM_ACCESS_WRITE);
	p->closed = false;
	lazy = NULL;
}

bool nm_table_fault(const void *address)
{
	struct nm_parse *p = lazy;

	if (!p || (uintptr_t)address - (uintptr_t)p->table >= TABLE_BYTES)
		return false;
	open_table(p);
	(void)nm_parse_recognize(p);
	return true;
}

void nm_parse_free(struct nm_parse *p)
{
	if (p && p == lazy)
		lazy = NULL;
	if (p)
		nm_prim_release(p, MEMORY_BYTES);
}

void nm_parse_set(struct nm_parse *p, HFRAME h, const struct nm_frame *f)
{
	p->frame = h;
	p->data = f->record + FRAME_HEAD;
	p->stored = nm_le32(f->record + 12);
	p->clip = p->stored < NM_EXTENDED ? p->stored : NM_EXTENDED - 1;
	p->guard.number = f->number;
	p->mac_type = f->mac_type;
	p->link_type = f->link_type;
	p->recognized = false;
	p->attached = false;
}

HFRAME nm_parse_frame(const struct nm_parse *p)
{
	return p->frame;
}

const uint8_t *nm_parse_record(const struct nm_parse *p)
{
	return p->frame ? p->data - FRAME_HEAD : NULL;
}

uint32_t nm_parse_number(const struct nm_parse *p)
{
	return p->guard.number;
}

/* What one parser said of what stands at `at`. */
struct answer {
	const uint8_t *next; /* NULL: it claimed the rest */
	HPROTOCOL after;     /* NEXT_PROTOCOL: whose it is */
	DWORD_PTR instance;
	DWORD status;
};

/* Half of all steps were made at one place: a circle. Else the frame has so many headers,
 * which is its sender's doing and no parser's. */
static bool stands_still(const RECOGNIZEDATATABLE *t, WORD at)
{
	return t->RecognizeData[NM_STEPS_MAX / 2].nProtocolOffset == at;
}

static __attribute__((noinline, cold)) void too_many(struct nm_parse *p)
{
	if (stands_still(p->table, (WORD)(p->walk.at - p->data)))
		nm_offend(&p->guard, NM_OFFENCE_CIRCLE);
	p->walk.at = NULL;
}

static inline bool goes_on(const struct nm_parse *p, const uint8_t *at)
{
	size_t n = (size_t)(at - p->data);

	return at && n < p->stored && n <= OFFSETS_MAX;
}

static inline RECOGNIZEDATA found_at(
    const struct nm_parse *p, const struct nm_walk *w, const struct protocol *c)
{
	return (RECOGNIZEDATA){ .ProtocolID = (WORD)c->info.ProtocolID,
		.nProtocolOffset = (WORD)(w->at - p->data),
		.InstData = (LPVOID)w->instance };
}

/* One more protocol. False: there is no room, and the walk is over. */
static inline bool add(struct nm_parse *p, struct protocol *hit, uint32_t usual)
{
	RECOGNIZEDATATABLE *t = p->table;

	if (t->nRecognizeDatas > NM_STEPS_MAX) {
		too_many(p);
		return false;
	}
	t->RecognizeData[t->nRecognizeDatas] = found_at(p, &p->walk, hit);
	p->usual[t->nRecognizeDatas] = usual;
	t->nRecognizeDatas++; /* what was found before a parser fails stays */
	p->walk.last = hit;
	return true;
}

/* ---- headers that need no call --------------------------------------------------------- */

/* Is what stands there one of c's usual headers? Then it is c's, and the walk goes on. */
static inline bool step_over(struct nm_parse *p, struct protocol *c)
{
	const struct nm_header *x = c->header;
	const uint8_t *at = p->walk.at;
	struct nm_header_found found;

	if (!x || !(nm_all_enabled() || nm_is_enabled(c)) ||
	    (x->mac_type && x->mac_type != p->mac_type && at == p->data) ||
	    !nm_header_read(x, at, (uint32_t)(p->data + p->stored - at), p->walk.instance, &found))
		return false;
	if (!add(p, c, found.usual))
		return true;
	p->walk.at = found.bytes ? at + found.bytes : NULL;
	p->walk.instance = found.instance;
	p->walk.handed = found.next ? &nm_protocols[found.next] : NULL;
	p->walk.candidates = c->follow;
	return true;
}

/* Over headers that are usual ones of whom is to be asked first: no parser is called. */
static inline void walk_headers(struct nm_parse *p)
{
	while (goes_on(p, p->walk.at)) {
		struct protocol *c = p->walk.handed ? p->walk.handed : *p->walk.candidates;

		if (!c || !step_over(p, c))
			return;
	}
}

/* ---- headers whose parser is asked ------------------------------------------------------ */

/* Does c recognize what stands there? */
static inline bool says_yes(struct nm_parse *p, struct protocol *c, struct answer *a)
{
	const uint8_t *at = p->walk.at;
	const RECOGNIZEDATATABLE *t = p->table;

	if (!nm_is_enabled(c))
		return false;
	a->status = PROTOCOL_STATUS_NOT_RECOGNIZED;
	a->after = NULL;
	a->instance = p->walk.instance;
	nm_enter_parser(&p->guard, c);
	a->next = c->ep.RecognizeFrame(p->frame, (ULPBYTE)(uintptr_t)p->data,
	    (ULPBYTE)(uintptr_t)at, p->mac_type, (DWORD)(p->data + p->stored - at),
	    p->walk.last->handle, t->RecognizeData[t->nRecognizeDatas - 1].nProtocolOffset,
	    &a->status, &a->after, &a->instance);
	return a->status != PROTOCOL_STATUS_NOT_RECOGNIZED &&
	       a->status <= PROTOCOL_STATUS_NEXT_PROTOCOL;
}

/* Where it goes on, inside the frame and forward; NULL: the rest is claimed. */
static const uint8_t *next_of(struct nm_parse *p, const uint8_t *at, const struct answer *a)
{
	if (a->status == PROTOCOL_STATUS_CLAIMED || !a->next)
		return NULL;
	if (a->next >= at && a->next <= p->data + p->stored)
		return a->next;
	nm_offend(&p->guard, NM_OFFENCE_POINTER);
	return NULL;
}

static void step_by(struct nm_parse *p, struct protocol *hit, const struct answer *a)
{
	if (!add(p, hit, 0))
		return;
	p->walk.at = next_of(p, p->walk.at, a);
	p->walk.instance = a->instance;
	p->walk.candidates = hit->follow;
	p->walk.handed = NULL;
	if (a->status != PROTOCOL_STATUS_NEXT_PROTOCOL)
		return;
	p->walk.handed = nm_protocol_of(a->after);
	if (!p->walk.handed)
		p->walk.at = NULL;
}

static inline bool takes(struct nm_parse *p, struct protocol *c)
{
	struct answer a;

	if (!says_yes(p, c, &a))
		return false;
	step_by(p, c, &a);
	return true;
}

/* Who was handed to, else the first of the candidates that says yes. One that has refused
 * already what stands there is not asked again. False: nobody does. */
static inline bool step(struct nm_parse *p)
{
	struct protocol *handed = p->walk.handed;

	if (handed && takes(p, handed))
		return true;
	for (struct protocol *const *c = p->walk.candidates; *c; c++)
		if (*c != handed && takes(p, *c))
			return true;
	return false;
}

void nm_walk(struct nm_parse *p)
{
	p->guard.entry = NM_ENTRY_RECOGNIZE;
	while (goes_on(p, p->walk.at) && step(p))
		walk_headers(p);
}

/* Apart from what jumps back into it, so that the walk keeps its registers. */
static __attribute__((noinline)) void walk_guarded(struct nm_parse *p)
{
	if (NM_MARK(p->guard.back)) {
		nm_offend(&p->guard, p->guard.why);
		return;
	}
	p->guard.armed = true;
	nm_walk(p);
}

bool nm_walk_begin(struct nm_parse *p)
{
	if (p->closed)
		open_table(p);
	p->recognized = true;
	if (p->known_link != p->link_type || !p->candidates) {
		p->known_link = p->link_type;
		p->candidates = nm_link_candidates(p->link_type);
	}
	p->table->nRecognizeDatas = 1;
	p->table->RecognizeData[0] = (RECOGNIZEDATA){ .ProtocolID = NM_FRAME_PROTOCOL };
	p->walk.at = p->data;
	p->walk.instance = 0;
	p->walk.last = &nm_protocols[NM_FRAME_PROTOCOL];
	p->walk.candidates = p->candidates;
	p->walk.handed = NULL;
	walk_headers(p);
	return goes_on(p, p->walk.at);
}

RECOGNIZEDATATABLE *nm_parse_recognize(struct nm_parse *p)
{
	struct nm_parse *outer = nm_running;
	struct nm_guard *outer_guard = nm_guarded;

	if (p->recognized || !p->frame)
		return p->table;
	if (!nm_walk_begin(p))
		return p->table;
	nm_running = p;
	nm_guarded = &p->guard;
	walk_guarded(p);
	nm_leave_parsers(&p->guard, outer_guard);
	nm_running = outer;
	return p->table;
}
