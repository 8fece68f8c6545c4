/* SPDX-License-Identifier: MIT */
/* A frame's properties: attached by the parsers of its protocols, found, shown. */
#include "base/nmerr.h"
#include "parse/format.h"
#include "parse/parse_int.h"

#include <string.h>

NM_TLS struct nm_parse *nm_running;

#define EXTENDED  0xFFFFu /* DataLength of an instance with a value of its own */
#define EX_LEAST  32u     /* bytes of a PROPERTYINSTEX */
#define EX_HEAD   offsetof(PROPERTYINSTEX, Byte)
#define LEVEL_MAX 15u

struct nm_parse *nm_parse_running(void)
{
	return nm_running;
}

uint32_t nm_parse_running_protocol(void)
{
	return nm_running && nm_guarded && nm_guarded->running
		   ? nm_guarded->running->info.ProtocolID
		   : 0;
}

/* ---- attaching ----------------------------------------------------------------------------- */

static __attribute__((noinline, cold)) WINBOOL refuse(uint32_t err)
{
	nm_set_last_error(err);
	return FALSE;
}

static __attribute__((noinline, cold)) WINBOOL not_now(HFRAME h)
{
	(void)h;
	return refuse(NMERR_NOT_LOCKED);
}

static __attribute__((noinline, cold)) WINBOOL too_many(struct nm_parse *p)
{
	nm_offend(&p->guard, NM_OFFENCE_MANY);
	return refuse(NMERR_OUT_OF_MEMORY);
}

static inline PROPERTYINST *next_instance(
    struct nm_parse *p, HPROPERTY property, DWORD help, DWORD level, DWORD flags)
{
	PROPERTYINST *i = &p->instances[p->n_instances++];

	i->lpPropertyInfo = (PROPERTYINFO *)property;
	i->szPropertyText = NULL;
	i->Level = (WORD)(level & LEVEL_MAX);
	i->HelpID = (WORD)(help & 0xFFF);
	i->IFlags = flags;
	return i;
}

WINBOOL nm_attach(
    HFRAME h, HPROPERTY property, DWORD length, ULPVOID data, DWORD help, DWORD level, DWORD flags)
{
	struct nm_parse *p = nm_running;
	PROPERTYINST *i;
	size_t at;

	if (!p || p->frame != h || !p->attaching)
		return not_now(h);
	if (!nm_property_is(property))
		return refuse(NMERR_INVALID_HPROPERTY);
	at = (size_t)((const uint8_t *)data - p->data);
	if (at > p->stored)
		return refuse(NMERR_OUT_OF_RANGE);
	if (p->n_instances == NM_INSTANCES_MAX)
		return too_many(p);
	if (length > p->stored - at) {
		length = (DWORD)(p->stored - at);
		flags |= IFLAG_ERROR;
	}
	i = next_instance(p, property, help, level, flags);
	i->lpData = data;
	i->DataLength = (WORD)(length >= EXTENDED ? EXTENDED - 1 : length);
	return TRUE;
}

WINBOOL nm_attach_ex(HFRAME h, HPROPERTY property, DWORD length, ULPVOID data, DWORD ex_length,
    ULPVOID ex_data, DWORD help, DWORD level, DWORD flags)
{
	struct nm_parse *p = nm_running;
	PROPERTYINSTEX *ex;
	PROPERTYINST *i;
	size_t at, bytes;

	if (ex_length == 0 || !ex_data)
		return nm_attach(h, property, length, data, help, level, flags);
	if (!p || p->frame != h || !p->attaching)
		return not_now(h);
	if (!nm_property_is(property))
		return refuse(NMERR_INVALID_HPROPERTY);
	at = (size_t)((const uint8_t *)data - p->data);
	if (data && at > p->stored)
		return refuse(NMERR_OUT_OF_RANGE);
	if (ex_length >= EXTENDED)
		return refuse(NMERR_INVALID_PARAMETER);
	if (data && length > p->stored - at) {
		length = (DWORD)(p->stored - at);
		flags |= IFLAG_ERROR;
	}
	bytes = (EX_HEAD + ex_length + 15) & ~(size_t)15;
	bytes = bytes < EX_LEAST ? EX_LEAST : bytes;
	if (p->n_instances == NM_INSTANCES_MAX || bytes > EX_BYTES - p->ex_used)
		return too_many(p);
	ex = (PROPERTYINSTEX *)(void *)(p->ex + p->ex_used);
	p->ex_used += (uint32_t)bytes;
	ex->Length = (WORD)(!data ? 0 : length >= EXTENDED ? EXTENDED - 1 : length);
	ex->LengthEx = (WORD)ex_length;
	ex->lpData = data;
	memcpy(ex->Byte, ex_data, ex_length);
	i = next_instance(p, property, help, level, flags);
	i->lpPropertyInstEx = ex;
	i->DataLength = EXTENDED;
	return TRUE;
}

static void attach_one(struct nm_parse *p, unsigned i)
{
	const RECOGNIZEDATA *r = &p->table->RecognizeData[i], *before = i ? r - 1 : NULL;
	struct protocol *protocol = &nm_protocols[r->ProtocolID];
	const uint8_t *at = p->data + r->nProtocolOffset;

	nm_enter_parser(&p->guard, protocol);
	(void)protocol->ep.AttachProperties(p->frame, (ULPBYTE)(uintptr_t)p->data,
	    (ULPBYTE)(uintptr_t)at, p->mac_type, (DWORD)(p->data + p->stored - at),
	    before ? nm_handle_of(&nm_protocols[before->ProtocolID]) : NULL,
	    before ? before->nProtocolOffset : 0, (DWORD_PTR)r->InstData);
}

static bool wanted(const struct nm_protocol_set *only, const struct protocol *p)
{
	uint32_t id = p->info.ProtocolID;

	return atomic_load_explicit(&p->enabled, memory_order_relaxed) &&
	       (!only || (only->bits[id / 64] >> id % 64 & 1));
}

/* From protocol *i on. An offender's properties up to the offence stay; *i is then its
 * number, and the next call goes on behind it. */
static __attribute__((noinline)) void attach_guarded(
    struct nm_parse *p, const struct nm_protocol_set *only, volatile unsigned *i)
{
	PROPERTYINSTTABLE *each = p->properties->PropertyInstTable;
	unsigned n = p->table->nRecognizeDatas;

	if (_setjmp(p->guard.back)) {
		nm_offend(&p->guard, p->guard.why);
		return;
	}
	p->guard.armed = true;
	for (; *i < n; ++*i) {
		const struct protocol *protocol =
		    &nm_protocols[p->table->RecognizeData[*i].ProtocolID];

		each[*i].nPropertyInstIndex = (WORD)p->n_instances;
		if (wanted(only, protocol))
			attach_one(p, *i);
	}
}

static void count_up(struct nm_parse *p)
{
	PROPERTYTABLE *t = p->properties;
	unsigned n = p->table->nRecognizeDatas;

	for (unsigned i = 0; i < n; i++)
		t->PropertyInstTable[i].nPropertyInsts =
		    (WORD)((i + 1 < n ? t->PropertyInstTable[i + 1].nPropertyInstIndex
				      : p->n_instances) -
			   t->PropertyInstTable[i].nPropertyInstIndex);
	t->nPropertyInstTables = (BYTE)n;
	t->nTotalPropertyInsts = p->n_instances;
}

PROPERTYTABLE *nm_parse_attach(struct nm_parse *p, const struct nm_protocol_set *only)
{
	struct nm_parse *outer = nm_running;
	struct nm_guard *outer_guard = nm_guarded;
	volatile unsigned i = 0;

	if (!p->frame || (p->attached && !p->partly) || nm_is_busy(p))
		return p->properties;
	(void)nm_parse_recognize(p);
	p->n_instances = 0;
	p->ex_used = 0;
	p->attaching = true;
	nm_running = p;
	nm_guarded = &p->guard;
	p->guard.entry = NM_ENTRY_ATTACH;
	do {
		attach_guarded(p, only, &i);
		i++;
	} while (i < p->table->nRecognizeDatas);
	nm_leave_parsers(&p->guard, outer_guard);
	p->attaching = false;
	nm_running = outer;
	count_up(p);
	p->attached = true;
	p->partly = only != NULL;
	return p->properties;
}

PROPERTYINST *nm_parse_find(
    const struct nm_parse *p, HPROPERTY h, const PROPERTYINST *after, bool forward)
{
	const PROPERTYINST *first = p->instances, *end = first + p->n_instances;
	const PROPERTYINST *i = after ? after : forward ? first - 1 : end;

	if (!p->frame || (!p->attached && !p->attaching) ||
	    (after && (after < first || after >= end)))
		return NULL;
	for (;;) {
		i = forward ? i + 1 : i - 1;
		if (i < first || i >= end)
			return NULL;
		if ((HPROPERTY)i->lpPropertyInfo == h)
			return (PROPERTYINST *)(uintptr_t)i;
	}
}

/* ---- text --------------------------------------------------------------------------------------- */

/* The protocol whose instance it is; -1: nobody's. */
static int owner(const struct nm_parse *p, const PROPERTYINST *i)
{
	uintptr_t at = (uintptr_t)i - (uintptr_t)p->instances;
	uint32_t n = (uint32_t)(at / sizeof *i);

	if (!p->attached || at % sizeof *i != 0 || at >= p->n_instances * sizeof *i)
		return -1;
	for (unsigned k = 0; k < p->properties->nPropertyInstTables; k++) {
		const PROPERTYINSTTABLE *t = &p->properties->PropertyInstTable[k];

		if (n - t->nPropertyInstIndex < t->nPropertyInsts)
			return (int)k;
	}
	return -1;
}

/* By the parser itself, or by the generic formatter; which also reads what is the
 * parser's: labels and sets. */
static __attribute__((noinline)) bool text_guarded(
    struct nm_parse *p, PROPERTYINST *i, const RECOGNIZEDATA *r, bool generic, size_t size)
{
	struct protocol *protocol = &nm_protocols[r->ProtocolID];
	size_t room;

	if (_setjmp(p->guard.back)) {
		nm_offend(&p->guard, p->guard.why);
		return false;
	}
	p->guard.armed = true;
	nm_enter_parser(&p->guard, protocol);
	room = i->lpPropertyInfo->FormatStringSize + (size_t)2;
	memset(p->text, 0, room);
	i->szPropertyText = p->text;
	if (generic)
		(void)nm_format_instance(i);
	else
		(void)protocol->ep.FormatProperties(p->frame, (ULPBYTE)(uintptr_t)p->data,
		    (ULPBYTE)(uintptr_t)(p->data + r->nProtocolOffset), 1, i);
	if (i->szPropertyText == p->text)
		p->text[room - 1] = p->text[room - 2] = '\0';
	nm_text_lines(p->lines, size < TEXT_BYTES ? size : TEXT_BYTES, i->szPropertyText, room);
	return true;
}

bool nm_parse_text(struct nm_parse *p, const PROPERTYINST *instance, char *buf, size_t size)
{
	PROPERTYINST *i = (PROPERTYINST *)(uintptr_t)instance;
	struct nm_parse *outer = nm_running;
	struct nm_guard *outer_guard = nm_guarded;
	const struct protocol *protocol;
	const RECOGNIZEDATA *r;
	int k = nm_is_busy(p) ? -1 : owner(p, i);
	bool generic;

	if (k < 0 || !nm_property_is((HPROPERTY)i->lpPropertyInfo))
		return false;
	r = &p->table->RecognizeData[k];
	protocol = &nm_protocols[r->ProtocolID];
	generic = !protocol->ep.FormatProperties ||
		  !atomic_load_explicit(&protocol->enabled, memory_order_relaxed);
	nm_running = p;
	nm_guarded = &p->guard;
	p->guard.entry = NM_ENTRY_FORMAT;
	p->lines[0] = '\0';
	if (!text_guarded(p, i, r, generic, size) && !generic)
		(void)text_guarded(p, i, r, true, size);
	nm_leave_parsers(&p->guard, outer_guard);
	nm_running = outer;
	i->szPropertyText = NULL;
	memcpy(buf, p->lines, strnlen(p->lines, size - 1) + 1);
	buf[size - 1] = '\0';
	return true;
}
