/* SPDX-License-Identifier: MIT */
/* A frame's properties: attached by the parsers of its protocols, found, shown. */
#include "base/nmerr.h"
#include "parse/format.h"
#include "parse/header.h"
#include "parse/parse_int.h"

#include <string.h>

NM_TLS struct nm_parse *nm_running;

static struct nm_parse nobody; /* has no frame, and room for nothing */
NM_TLS struct nm_parse *nm_attaching = &nobody;

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

static __attribute__((noinline, cold)) WINBOOL too_many(struct nm_parse *p)
{
	nm_offend(&p->guard, NM_OFFENCE_MANY);
	return refuse(NMERR_OUT_OF_MEMORY);
}

/* Each is two functions: the one that parsers call keeps nothing on the stack and takes
 * what has nothing special; the other judges all the rest. */

#define LIKELY(x) __builtin_expect(!!(x), 1)

/* Why not; 0: it may be attached. *at is where in the frame. */
static uint32_t judge(
    const struct nm_parse *p, HFRAME h, HPROPERTY property, const uint8_t *data, size_t *ret_at)
{
	if (p->room == 0 || p->frame != h)
		return NMERR_NOT_LOCKED;
	if (!nm_property_is(property))
		return NMERR_INVALID_HPROPERTY;
	*ret_at = (size_t)(data - p->data);
	return *ret_at > p->stored ? NMERR_OUT_OF_RANGE : 0;
}

/* Only bytes that are there, and a length that is none of its own. */
static uint32_t clipped(const struct nm_parse *p, size_t at, DWORD length, DWORD *flags)
{
	if (length > p->stored - at) {
		length = (DWORD)(p->stored - at);
		*flags |= IFLAG_ERROR;
	}
	return length >= NM_EXTENDED ? NM_EXTENDED - 1 : length;
}

static __attribute__((noinline)) WINBOOL attach_slowly(
    HFRAME h, HPROPERTY property, DWORD length, ULPVOID data, DWORD help, DWORD level, DWORD flags)
{
	struct nm_parse *p = nm_attaching;
	size_t at;
	uint32_t err = judge(p, h, property, data, &at);

	if (err)
		return refuse(err);
	if (p->n_instances == p->room)
		return too_many(p);
	length = clipped(p, at, length, &flags);
	nm_next_instance(p, property, length, help, level, flags)->lpData = data;
	return TRUE;
}

WINBOOL nm_attach(
    HFRAME h, HPROPERTY property, DWORD length, ULPVOID data, DWORD help, DWORD level, DWORD flags)
{
	struct nm_parse *p = nm_attaching;
	size_t at = (size_t)((const uint8_t *)data - p->data);

	if (LIKELY(p->frame == h && p->n_instances < p->room && nm_property_is_quickly(property) &&
		   at <= p->clip && length <= p->clip - at)) {
		nm_next_instance(p, property, length, help, level, flags)->lpData = data;
		return TRUE;
	}
	return attach_slowly(h, property, length, data, help, level, flags);
}

static __attribute__((noinline)) WINBOOL attach_ex_slowly(HFRAME h, HPROPERTY property,
    DWORD length, ULPVOID data, DWORD ex_length, ULPVOID ex_data, DWORD help, DWORD level,
    DWORD flags)
{
	struct nm_parse *p = nm_attaching;
	size_t at, bytes;
	uint32_t err = judge(p, h, property, data ? data : p->data, &at);
	PROPERTYINSTEX *ex;

	if (ex_length == 0 || !ex_data)
		return nm_attach(h, property, length, data, help, level, flags);
	if (err || ex_length >= NM_EXTENDED)
		return refuse(err ? err : NMERR_INVALID_PARAMETER);
	bytes = NM_EX_HEAD + ex_length;
	if (p->n_instances == p->room || bytes + NM_EX_LEAST > EX_BYTES - p->ex_used)
		return too_many(p);
	ex = nm_next_value(p, bytes);
	ex->Length = data ? (WORD)clipped(p, at, length, &flags) : 0;
	ex->LengthEx = (WORD)ex_length;
	ex->lpData = data;
	memcpy(ex->Byte, ex_data, ex_length);
	nm_next_instance(p, property, NM_EXTENDED, help, level, flags)->lpPropertyInstEx = ex;
	return TRUE;
}

/* Most values are numbers. */
WINBOOL nm_attach_ex(HFRAME h, HPROPERTY property, DWORD length, ULPVOID data, DWORD ex_length,
    ULPVOID ex_data, DWORD help, DWORD level, DWORD flags)
{
	struct nm_parse *p = nm_attaching;
	size_t at = (size_t)((const uint8_t *)data - p->data);
	PROPERTYINSTEX *ex;

	if (!LIKELY(p->frame == h && p->n_instances < p->room && nm_property_is_quickly(property) &&
		    at <= p->clip && length <= p->clip - at && ex_data &&
		    (ex_length == 1 || ex_length == 2 || ex_length == 4) &&
		    p->ex_used <= EX_BYTES - NM_EX_LEAST))
		return attach_ex_slowly(
		    h, property, length, data, ex_length, ex_data, help, level, flags);
	ex = nm_next_value(p, NM_EX_LEAST);
	ex->Length = (WORD)length;
	ex->LengthEx = (WORD)ex_length;
	ex->lpData = data;
	if (ex_length == 1)
		ex->Byte[0] = *(const BYTE *)ex_data;
	else
		memcpy(ex->Byte, ex_data, 2);
	if (ex_length == 4)
		memcpy(ex->Byte + 2, (const BYTE *)ex_data + 2, 2);
	nm_next_instance(p, property, NM_EXTENDED, help, level, flags)->lpPropertyInstEx = ex;
	return TRUE;
}

/* Of the frame's protocol `at`, which is not the first. */
static inline void attach_one(struct nm_parse *p, unsigned at)
{
	const RECOGNIZEDATA *r = &p->table->RecognizeData[at];
	struct protocol *protocol = &nm_protocols[r->ProtocolID];

	nm_enter_parser(&p->guard, protocol);
	(void)protocol->ep.AttachProperties(p->frame, (ULPBYTE)(uintptr_t)p->data,
	    (ULPBYTE)(uintptr_t)(p->data + r->nProtocolOffset), p->mac_type,
	    p->stored - r->nProtocolOffset, nm_protocols[r[-1].ProtocolID].handle,
	    r[-1].nProtocolOffset, (DWORD_PTR)r->InstData);
}

static inline bool wanted(const struct nm_protocol_set *only, uint32_t id)
{
	return (nm_all_enabled() || nm_is_enabled(&nm_protocols[id])) &&
	       (!only || (only->bits[id / 64] >> id % 64 & 1));
}

/* Those of a usual header, for which its parser need not be called. */
static inline bool attach_usual(struct nm_parse *p, unsigned at)
{
	const RECOGNIZEDATA *r = &p->table->RecognizeData[at];
	const struct nm_header *x = nm_protocols[r->ProtocolID].header;

	return p->usual[at] && x &&
	       nm_put_rows(p, x->first_row, x->n_rows, p->data + r->nProtocolOffset, p->usual[at]);
}

/* From protocol p->at on. FRAME's are attached without a call. */
static void attach_from(struct nm_parse *p, const struct nm_protocol_set *only)
{
	const RECOGNIZEDATA *all = p->table->RecognizeData;
	PROPERTYINSTTABLE *each = p->properties->PropertyInstTable;

	for (; p->at < p->table->nRecognizeDatas; p->at++) {
		unsigned at = (unsigned)p->at;
		uint32_t before = p->n_instances;

		each[at].nPropertyInstIndex = (WORD)before;
		if (!wanted(only, all[at].ProtocolID))
			;
		else if (at == 0)
			nm_frame_attach(p);
		else if (!attach_usual(p, at))
			attach_one(p, at);
		each[at].nPropertyInsts = (WORD)(p->n_instances - before);
	}
}

/* An offender's properties up to the offence stay; p->at is then its number, and the next call
 * goes on behind it. */
static __attribute__((noinline)) void attach_guarded(
    struct nm_parse *p, const struct nm_protocol_set *only)
{
	if (NM_MARK(p->guard.back)) {
		nm_offend(&p->guard, p->guard.why);
		return;
	}
	p->guard.armed = true;
	if (p->at < 0) {
		nm_walk(p);
		p->at = 0;
	}
	p->guard.entry = NM_ENTRY_ATTACH;
	p->room = NM_INSTANCES_MAX;
	attach_from(p, only);
}

/* Who was left in the middle keeps what it attached. */
static void go_on_behind(struct nm_parse *p, const struct nm_protocol_set *only)
{
	PROPERTYINSTTABLE *of = &p->properties->PropertyInstTable[p->at < 0 ? 0 : p->at];

	if (p->at >= 0)
		of->nPropertyInsts = (WORD)(p->n_instances - of->nPropertyInstIndex);
	p->at++;
	attach_guarded(p, only);
}

PROPERTYTABLE *nm_parse_attach(struct nm_parse *p, const struct nm_protocol_set *only)
{
	struct nm_parse *outer = nm_running, *outer_attaching = nm_attaching;
	struct nm_guard *outer_guard = nm_guarded;

	if (!p->frame || (p->attached && !p->partly) || nm_is_busy(p))
		return p->properties;
	p->at = p->recognized || !nm_walk_begin(p) ? 0 : -1;
	p->n_instances = 0;
	p->ex_used = 0;
	nm_running = p;
	nm_attaching = p;
	nm_guarded = &p->guard;
	attach_guarded(p, only);
	while (p->at < p->table->nRecognizeDatas)
		go_on_behind(p, only);
	nm_leave_parsers(&p->guard, outer_guard);
	p->room = 0;
	nm_running = outer;
	nm_attaching = outer_attaching;
	p->properties->nPropertyInstTables = (BYTE)p->table->nRecognizeDatas;
	p->properties->nTotalPropertyInsts = p->n_instances;
	p->attached = true;
	p->partly = only != NULL;
	return p->properties;
}

PROPERTYINST *nm_parse_find(
    const struct nm_parse *p, HPROPERTY h, const PROPERTYINST *after, bool forward)
{
	const PROPERTYINST *first = p->instances, *end = first + p->n_instances;
	const PROPERTYINST *i = after ? after : forward ? first - 1 : end;

	if (!p->frame || (!p->attached && !p->room) || (after && (after < first || after >= end)))
		return NULL;
	for (;;) {
		i = forward ? i + 1 : i - 1;
		if (i < first || i >= end)
			return NULL;
		if ((HPROPERTY)i->lpPropertyInfo == h)
			return (PROPERTYINST *)(uintptr_t)i;
	}
}

enum nm_fixed_answer nm_parse_fixed_bytes(
    const struct nm_parse *p, const struct nm_field *f, unsigned i, const uint8_t **ret)
{
	const RECOGNIZEDATA *r = &p->table->RecognizeData[i];
	uint32_t left;

	if (r->ProtocolID != f->protocol ||
	    !(nm_all_enabled() || nm_is_enabled(&nm_protocols[r->ProtocolID])))
		return NM_FIXED_NONE;
	left = p->stored - r->nProtocolOffset;
	if (f->within_instance && r->InstData && (uintptr_t)r->InstData < left)
		left = (uint32_t)(uintptr_t)r->InstData;
	if ((uint32_t)f->fixed_at + f->fixed_bytes > left)
		return NM_FIXED_CUT;
	*ret = p->data + r->nProtocolOffset + f->fixed_at;
	return NM_FIXED_THERE;
}

enum nm_fixed_answer nm_parse_fixed(
    const struct nm_parse *p, const struct nm_field *f, unsigned i, PROPERTYINST *ret)
{
	const uint8_t *at;
	enum nm_fixed_answer answer = nm_parse_fixed_bytes(p, f, i, &at);

	if (answer == NM_FIXED_THERE)
		*ret = (PROPERTYINST){ .lpPropertyInfo = (PROPERTYINFO *)f->property,
			.lpByte = (ULPBYTE)(uintptr_t)at,
			.DataLength = f->fixed_bytes,
			.IFlags = f->fixed_flags };
	return answer;
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

	if (NM_MARK(p->guard.back)) {
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
	generic = !protocol->ep.FormatProperties || !nm_is_enabled(protocol);
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
