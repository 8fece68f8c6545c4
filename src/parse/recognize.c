/* SPDX-License-Identifier: MIT */
/* A frame's protocols: which parser takes what, one behind the other. */
#include "base/bytes.h"
#include "base/nmerr.h"
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

bool nm_parse_is_lazy(const struct nm_parse *p)
{
	return p->closed;
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

RECOGNIZEDATATABLE *nm_parse_table(struct nm_parse *p)
{
	return p->table;
}

/* What one parser said of what stands at `at`. */
struct answer {
	const uint8_t *next; /* NULL: it claimed the rest */
	HPROTOCOL after;     /* NEXT_PROTOCOL: whose it is */
	DWORD_PTR instance;
	DWORD status;
};

/* The first of the candidates that says yes; NULL: none. One that has refused already what
 * stands there is not asked again. */
static inline struct protocol *ask(struct nm_parse *p, struct protocol *const *candidates,
    const struct protocol *refused, const uint8_t *at, const RECOGNIZEDATA *before,
    DWORD_PTR instance, struct answer *a)
{
	HPROTOCOL previous = nm_protocols[before->ProtocolID].handle;

	for (; *candidates; candidates++) {
		struct protocol *c = *candidates;

		if (c == refused || !nm_is_enabled(c))
			continue;
		a->status = PROTOCOL_STATUS_NOT_RECOGNIZED;
		a->after = NULL;
		a->instance = instance;
		nm_enter_parser(&p->guard, c);
		a->next = c->ep.RecognizeFrame(p->frame, (ULPBYTE)(uintptr_t)p->data,
		    (ULPBYTE)(uintptr_t)at, p->mac_type, (DWORD)(p->data + p->stored - at),
		    previous, before->nProtocolOffset, &a->status, &a->after, &a->instance);
		if (a->status != PROTOCOL_STATUS_NOT_RECOGNIZED &&
		    a->status <= PROTOCOL_STATUS_NEXT_PROTOCOL)
			return c;
	}
	return NULL;
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

/* Half of all steps were made at one place: a circle. Else the frame has so many headers,
 * which is its sender's doing and no parser's. */
static bool stands_still(const RECOGNIZEDATATABLE *t, WORD at)
{
	return t->RecognizeData[NM_STEPS_MAX / 2].nProtocolOffset == at;
}

void nm_walk(struct nm_parse *p)
{
	RECOGNIZEDATATABLE *t = p->table;
	RECOGNIZEDATA *last = t->RecognizeData; /* FRAME */
	const uint8_t *at = p->data, *end = at + p->stored;
	struct protocol *const *candidates = p->candidates;
	struct protocol *handed[2] = { NULL, NULL };
	DWORD_PTR instance = 0;

	p->guard.entry = NM_ENTRY_RECOGNIZE;
	while (at && at < end && (size_t)(at - p->data) <= OFFSETS_MAX) {
		struct protocol *hit;
		struct answer a;

		hit = ask(p, candidates, NULL, at, last, instance, &a);
		if (!hit && candidates == handed)
			hit = ask(p, nm_protocols[last->ProtocolID].follow, handed[0], at, last,
			    instance, &a);
		if (!hit)
			return;
		if (t->nRecognizeDatas > NM_STEPS_MAX) {
			if (stands_still(t, (WORD)(at - p->data)))
				nm_offend(&p->guard, NM_OFFENCE_CIRCLE);
			return;
		}
		last++;
		last->ProtocolID = (WORD)hit->info.ProtocolID;
		last->nProtocolOffset = (WORD)(at - p->data);
		last->InstData = (LPVOID)instance;
		t->nRecognizeDatas++; /* what was found before a parser fails stays */
		at = next_of(p, at, &a);
		instance = a.instance;
		candidates = hit->follow;
		if (a.status == PROTOCOL_STATUS_NEXT_PROTOCOL) {
			handed[0] = nm_protocol_of(a.after);
			if (!handed[0])
				return;
			candidates = handed;
		}
	}
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

void nm_walk_begin(struct nm_parse *p)
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
}

RECOGNIZEDATATABLE *nm_parse_recognize(struct nm_parse *p)
{
	struct nm_parse *outer = nm_running;
	struct nm_guard *outer_guard = nm_guarded;

	if (p->recognized || !p->frame)
		return p->table;
	nm_walk_begin(p);
	nm_running = p;
	nm_guarded = &p->guard;
	walk_guarded(p);
	nm_leave_parsers(&p->guard, outer_guard);
	nm_running = outer;
	return p->table;
}
