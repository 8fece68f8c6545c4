/* SPDX-License-Identifier: MIT */
/* A frame's protocols: which parser takes what, one behind the other. */
#include "base/bytes.h"
#include "base/nmerr.h"
#include "parse/parse_int.h"

#include <string.h>
#include <sys/mman.h>

#define FRAME_HEAD  16u     /* bytes of the record before the frame's own */
#define OFFSETS_MAX 0xFFFFu /* RECOGNIZEDATA has a WORD */

struct nm_parse *nm_parse_new(void)
{
	uint8_t *m = mmap(NULL, MEMORY_BYTES, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct nm_parse *p;

	if (m == MAP_FAILED)
		return NULL;
	nm_parsers_seal();
	(void)mprotect(m + PAGE_BYTES, PAGE_BYTES, PROT_NONE);
	(void)mprotect(m + GAP_AT, PAGE_BYTES, PROT_NONE);
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
	p->closed = !lazy && mprotect(p->table, TABLE_BYTES, PROT_NONE) == 0;
	if (p->closed)
		lazy = p;
}

bool nm_parse_is_lazy(const struct nm_parse *p)
{
	return p->closed;
}

static void open_table(struct nm_parse *p)
{
	(void)mprotect(p->table, TABLE_BYTES, PROT_READ | PROT_WRITE);
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
		(void)munmap(p, MEMORY_BYTES);
}

void nm_parse_set(struct nm_parse *p, HFRAME h, const struct nm_frame *f)
{
	p->frame = h;
	p->data = f->record + FRAME_HEAD;
	p->stored = nm_le32(f->record + 12);
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

RECOGNIZEDATATABLE *nm_parse_table(struct nm_parse *p)
{
	return p->table;
}

/* What one parser said of what stands at `at`. */
struct answer {
	const uint8_t *next;    /* NULL: it claimed the rest */
	struct protocol *after; /* NULL: its follow set */
	DWORD_PTR instance;
	DWORD status;
};

static bool ask(struct nm_parse *p, struct protocol *candidate, const uint8_t *at,
    const RECOGNIZEDATA *before, DWORD_PTR instance, struct answer *ret)
{
	HPROTOCOL next = NULL;

	ret->status = PROTOCOL_STATUS_NOT_RECOGNIZED;
	ret->instance = instance;
	nm_enter_parser(&p->guard, candidate);
	ret->next = candidate->ep.RecognizeFrame(p->frame, (ULPBYTE)(uintptr_t)p->data,
	    (ULPBYTE)(uintptr_t)at, p->mac_type, (DWORD)(p->data + p->stored - at),
	    nm_handle_of(&nm_protocols[before->ProtocolID]), before->nProtocolOffset, &ret->status,
	    &next, &ret->instance);
	ret->after = next ? nm_protocol_of(next) : NULL;
	return ret->status == PROTOCOL_STATUS_RECOGNIZED ||
	       ret->status == PROTOCOL_STATUS_CLAIMED ||
	       ret->status == PROTOCOL_STATUS_NEXT_PROTOCOL;
}

/* Keep what it returned inside the frame, and going forward. */
static void clamp(struct nm_parse *p, const uint8_t *at, struct answer *a)
{
	if (a->status == PROTOCOL_STATUS_CLAIMED) {
		a->next = NULL;
	} else if (a->next && (a->next < at || a->next > p->data + p->stored)) {
		a->next = NULL;
		nm_offend(&p->guard, NM_OFFENCE_POINTER);
	}
}

static struct protocol *ask_all(struct nm_parse *p, struct protocol *const *candidates,
    const uint8_t *at, const RECOGNIZEDATA *before, DWORD_PTR instance, struct answer *ret)
{
	for (; *candidates; candidates++)
		if (atomic_load_explicit(&(*candidates)->enabled, memory_order_relaxed) &&
		    ask(p, *candidates, at, before, instance, ret))
			return *candidates;
	return NULL;
}

/* The table grows as protocols are found, so that what was found before a parser
 * fails stays. */
static void walk(struct nm_parse *p)
{
	RECOGNIZEDATATABLE *t = p->table;
	const uint8_t *at = p->data, *end = p->data + p->stored;
	struct protocol *const *candidates = p->candidates;
	struct protocol *handed[2] = { NULL, NULL };
	DWORD_PTR instance = 0;

	while (at < end && (size_t)(at - p->data) <= OFFSETS_MAX) {
		RECOGNIZEDATA *before = &t->RecognizeData[t->nRecognizeDatas - 1];
		struct protocol *hit;
		struct answer a;

		hit = ask_all(p, candidates, at, before, instance, &a);
		if (!hit && candidates == handed)
			hit = ask_all(
			    p, nm_protocols[before->ProtocolID].follow, at, before, instance, &a);
		if (!hit)
			return;
		if (t->nRecognizeDatas > NM_STEPS_MAX) {
			nm_offend(&p->guard, NM_OFFENCE_CIRCLE);
			return;
		}
		before[1].ProtocolID = (WORD)hit->info.ProtocolID;
		before[1].nProtocolOffset = (WORD)(at - p->data);
		before[1].InstData = (LPVOID)instance;
		t->nRecognizeDatas++;
		clamp(p, at, &a);
		if (!a.next)
			return;
		at = a.next;
		instance = a.instance;
		candidates = hit->follow;
		if (a.status == PROTOCOL_STATUS_NEXT_PROTOCOL) {
			if (!a.after)
				return;
			handed[0] = a.after;
			candidates = handed;
		}
	}
}

/* Apart from what jumps back into it, so that the walk keeps its registers. */
static __attribute__((noinline)) void walk_guarded(struct nm_parse *p)
{
	if (_setjmp(p->guard.back)) {
		nm_offend(&p->guard, p->guard.why);
		return;
	}
	p->guard.armed = true;
	walk(p);
}

RECOGNIZEDATATABLE *nm_parse_recognize(struct nm_parse *p)
{
	struct nm_parse *outer = nm_running;
	struct nm_guard *outer_guard = nm_guarded;

	if (p->recognized || !p->frame)
		return p->table;
	if (p->closed)
		open_table(p);
	p->recognized = true;
	if (p->known_link != p->link_type || !p->candidates) {
		p->known_link = p->link_type;
		p->candidates = nm_link_candidates(p->link_type);
	}
	p->table->nRecognizeDatas = 1;
	p->table->RecognizeData[0] = (RECOGNIZEDATA){ .ProtocolID = NM_FRAME_PROTOCOL };
	nm_running = p;
	nm_guarded = &p->guard;
	p->guard.entry = NM_ENTRY_RECOGNIZE;
	walk_guarded(p);
	nm_leave_parsers(&p->guard, outer_guard);
	nm_running = outer;
	return p->table;
}
