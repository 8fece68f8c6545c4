/* SPDX-License-Identifier: MIT */
/* Filters: their handles and their objects. */
#include "filter/filter.h"
#include "system/lock.h"
#include "base/nmerr.h"
#include "filter/program.h"

#include <search.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define OID_MAX 128u /* sub-identifiers, the limit of object identifiers */

/* An object, and behind it what it points to. */
struct object {
	FILTEROBJECT2 o; /* its Action is NOEVAL while it is switched off */
	DWORD action;    /* what it was added with */
	_Alignas(8) uint8_t data[];
};

static struct object *next_of(const struct object *o)
{
	return (struct object *)(void *)o->o.pNext;
}

struct filter {
	FILTERDESC2 desc; /* for its owner's eyes */
	struct object *first, *last;
	uint32_t n;
	bool attaches;
	bool compiled;              /* from text: it has no objects */
	bool made;                  /* the program, or why there is none */
	uint32_t err;               /* NMERR_* of it */
	struct nm_program *program; /* owned */
	const struct nm_filter_frames *frames;
};

static void *live;               /* tree of struct filter * by address */
static _Atomic(HFILTER) current; /* the user's; never one that is gone */
static pthread_mutex_t live_lock = PTHREAD_MUTEX_INITIALIZER;

static int by_address(const void *a, const void *b)
{
	return ((uintptr_t)a > (uintptr_t)b) - ((uintptr_t)a < (uintptr_t)b);
}

/* The one that this thread found last is still there while none has gone. */
static _Atomic uint64_t gone = 1;
static _Thread_local __attribute__((tls_model("initial-exec"))) struct {
	HFILTER h;
	uint64_t gone;
} last_found;

static bool is_live(HFILTER h)
{
	bool taken = nm_lock(&live_lock), found = tfind(h, &live, by_address) != NULL;

	if (found) {
		last_found.h = h;
		last_found.gone = atomic_load_explicit(&gone, memory_order_relaxed);
	}
	nm_unlock(&live_lock, taken);
	return found;
}

static struct filter *find(HFILTER h)
{
	if (!h)
		return NULL;
	if (last_found.h == h &&
	    last_found.gone == atomic_load_explicit(&gone, memory_order_acquire))
		return (struct filter *)(void *)h;
	return is_live(h) ? (struct filter *)(void *)h : NULL;
}

bool nm_filter_is(HFILTER h)
{
	return find(h) != NULL;
}

HFILTER nm_filter_new(const struct nm_filter_frames *frames)
{
	struct filter *f = calloc(1, sizeof *f);
	bool taken, kept = false;

	if (f) {
		f->frames = frames;
		taken = nm_lock(&live_lock);
		kept = tsearch(f, &live, by_address) != NULL;
		nm_unlock(&live_lock, taken);
	}
	if (!kept) {
		free(f);
		nm_set_last_error(NMERR_OUT_OF_MEMORY);
		return NULL;
	}
	return (HFILTER)(void *)f;
}

HFILTER nm_filter_of_program(struct nm_program *p)
{
	HFILTER h = nm_filter_new(p->frames);
	struct filter *f = find(h);

	if (!f)
		return NULL;
	f->program = p;
	f->made = f->compiled = true;
	for (size_t i = 0; i < sizeof p->attach.bits / sizeof *p->attach.bits; i++)
		f->attaches |= p->attach.bits[i] != 0;
	return h;
}

static void forget_program(struct filter *f)
{
	nm_program_free(f->program);
	f->program = NULL;
	f->made = false;
}

uint32_t nm_filter_free(HFILTER h)
{
	struct filter *f = find(h);
	struct object *next;
	HFILTER mine = h;
	bool taken;

	if (!f)
		return NMERR_INVALID_HFILTER;
	taken = nm_lock(&live_lock);
	(void)atomic_compare_exchange_strong(&current, &mine, NULL);
	(void)tdelete(f, &live, by_address);
	atomic_fetch_add_explicit(&gone, 1, memory_order_release);
	nm_unlock(&live_lock, taken);
	forget_program(f);
	for (struct object *o = f->first; o; o = next) {
		next = next_of(o);
		free(o);
	}
	free(f);
	return NMERR_SUCCESS;
}

/* ---- objects -------------------------------------------------------------------------- */

static uint32_t address_bytes(uint32_t type)
{
	switch (type) {
	case ADDRESS_TYPE_ANY:
	case ADDRESS_TYPE_ANY_GROUP: return 0;
	case ADDRESS_TYPE_IP: return IP_ADDRESS_SIZE;
	case ADDRESS_TYPE_IPX:
	case ADDRESS_TYPE_XNS: return IPX_ADDR_SIZE;
	case ADDRESS_TYPE_IP6: return IP6_ADDRESS_SIZE;
	default: return MAC_ADDRESS_SIZE;
	}
}

static bool is_address(uint32_t action)
{
	return action == FILTERACTION_ADDRESS ||
	       (action >= FILTERACTION_ADDR_ETHER && action <= FILTERACTION_ADDR_IP) ||
	       action == FILTERACTION_ADDR_VINES || action == FILTERACTION_ADDR_IP6;
}

/* The types that typed addresses have, whatever their Type says. */
static uint32_t type_of(const FILTEROBJECT2 *o)
{
	switch (o->Action) {
	case FILTERACTION_ADDRESS: return o->lpAddress->Type;
	case FILTERACTION_ADDR_IPX: return ADDRESS_TYPE_IPX;
	case FILTERACTION_ADDR_IP: return ADDRESS_TYPE_IP;
	case FILTERACTION_ADDR_IP6: return ADDRESS_TYPE_IP6;
	default: return ADDRESS_TYPE_ETHERNET;
	}
}

/* Bytes behind the object's pointer, and *ret_room to keep them with what they need; 0 for
 * none, UINT32_MAX for an object that can't be taken. */
static uint32_t pointed(const FILTEROBJECT2 *o, size_t *ret_room)
{
	uint32_t n = 0;

	*ret_room = 0;
	if (is_address(o->Action)) {
		*ret_room = sizeof(ADDRESS2);
		return o->lpAddress ? offsetof(ADDRESS2, MACAddress) + address_bytes(type_of(o))
				    : UINT32_MAX;
	}
	switch (o->Action) {
	case FILTERACTION_STRING:
		if (!o->lpArray)
			return UINT32_MAX;
		n = o->ByteCount ? o->ByteCount : (uint32_t)strnlen(o->lpArray, UINT16_MAX);
		break;
	case FILTERACTION_ARRAY: n = o->ByteCount; break;
	case FILTERACTION_LARGEINT: n = sizeof(LARGE_INTEGER); break;
	case FILTERACTION_TIME: n = sizeof(SYSTEMTIME); break;
	case FILTERACTION_PROTOCOLSEXIST:
		if (!o->lpProtocolTable || o->lpProtocolTable->nProtocols > NM_PROTOCOLS_MAX)
			return UINT32_MAX;
		n = (uint32_t)(offsetof(PROTOCOLTABLE, hProtocol) +
			       o->lpProtocolTable->nProtocols * sizeof(HPROTOCOL));
		*ret_room = sizeof(PROTOCOLTABLE);
		break;
	case FILTERACTION_OID:
		if (!o->lpOID || o->lpOID->Length > OID_MAX ||
		    (o->lpOID->Length && !o->lpOID->lpIdentifier))
			return UINT32_MAX;
		n = 4 * o->lpOID->Length;
		*ret_room = n + sizeof(OBJECT_IDENTIFIER);
		break;
	default: return 0;
	}
	if (n > *ret_room)
		*ret_room = n;
	return n && !o->lpArray ? UINT32_MAX : n;
}

static void keep(struct object *to, const FILTEROBJECT2 *from, uint32_t n)
{
	OBJECT_IDENTIFIER *oid = (OBJECT_IDENTIFIER *)(void *)to->data;

	to->o = *from;
	to->action = from->Action;
	to->o.pNext = NULL;
	if (from->Action == FILTERACTION_OID) {
		oid->Length = n / 4;
		oid->lpIdentifier = (LPDWORD)(void *)(to->data + sizeof *oid);
		if (n)
			memcpy(oid->lpIdentifier, from->lpOID->lpIdentifier, n);
	} else if (n) {
		memcpy(to->data, from->lpArray, n);
	}
	if (from->Action == FILTERACTION_STRING)
		to->o.ByteCount = (WORD)n;
	if (n || from->Action == FILTERACTION_OID)
		to->o.lpArray = to->data;
}

uint32_t nm_filter_add(HFILTER h, const FILTEROBJECT2 *o)
{
	struct filter *f = find(h);
	struct object *copy;
	size_t room;
	uint32_t n;

	if (!f || !o || f->compiled)
		return NMERR_INVALID_PARAMETER;
	if (f->n >= NM_FILTER_OBJECTS_MAX)
		return NMERR_STACK_OVERFLOW;
	n = pointed(o, &room);
	if (n == UINT32_MAX)
		return NMERR_INVALID_PARAMETER;
	copy = calloc(1, sizeof *copy + room);
	if (!copy)
		return NMERR_OUT_OF_MEMORY;
	keep(copy, o, n);
	forget_program(f);
	if (f->last)
		f->last->o.pNext = &copy->o;
	else
		f->first = copy;
	f->last = copy;
	f->n++;
	f->attaches |= o->Action == FILTERACTION_PROPERTY ||
		       (o->Action == FILTERACTION_PROPERTYEXIST && o->hProperty);
	f->desc.NumEntries = (WORD)f->n;
	f->desc.lpStack = &f->first->o;
	f->desc.lpKeepLast = &copy->o;
	return NMERR_SUCCESS;
}

static bool is_of(const struct object *o, uint32_t parser)
{
	const PROTOCOLTABLE *t = o->o.lpProtocolTable;

	switch (o->action) {
	case FILTERACTION_PROPERTY:
	case FILTERACTION_PROPERTYEXIST:
		return o->o.hProperty &&
		       nm_protocol_object(nm_property_protocol(o->o.hProperty)) == parser;
	case FILTERACTION_PROTOCOLEXIST:
	case FILTERACTION_DEREFPROPERTY: return nm_protocol_object(o->o.hProtocol) == parser;
	case FILTERACTION_PROTOCOLSEXIST:
		for (uint32_t i = 0; i < t->nProtocols; i++)
			if (nm_protocol_object(t->hProtocol[i]) == parser)
				return true;
		return false;
	default: return false;
	}
}

uint32_t nm_filter_switch(HFILTER h, HPARSER parser, bool on)
{
	struct filter *f = find(h);
	uint32_t object = nm_parser_object(parser);

	if (!f)
		return NMERR_INVALID_HFILTER;
	if (f->compiled)
		return NMERR_INVALID_PARAMETER;
	if (object == NM_NO_OBJECT)
		return NMERR_INVALID_HPROTOCOL;
	for (struct object *o = f->first; o; o = next_of(o))
		if (is_of(o, object))
			o->o.Action = on ? o->action : (DWORD)FILTERACTION_NOEVAL;
	forget_program(f);
	return NMERR_SUCCESS;
}

/* Another one with all objects of f; those that are off there are off here. */
static uint32_t add_all(HFILTER to, const struct filter *f)
{
	for (const struct object *o = f->first; o; o = next_of(o)) {
		FILTEROBJECT2 added = o->o;
		uint32_t err;

		added.Action = o->action;
		err = nm_filter_add(to, &added);
		if (err)
			return err;
		find(to)->last->o.Action = o->o.Action;
	}
	return NMERR_SUCCESS;
}

HFILTER nm_filter_copy(HFILTER h)
{
	const struct filter *f = find(h);
	HFILTER copy;
	uint32_t err;

	if (!f) {
		nm_set_last_error(NMERR_INVALID_HFILTER);
		return NULL;
	}
	copy = f->compiled ? nm_filter_of_program(nm_program_share(f->program))
			   : nm_filter_new(f->frames);
	if (!copy && f->compiled)
		nm_program_free(f->program);
	err = copy ? add_all(copy, f) : NMERR_SUCCESS;
	if (err) {
		(void)nm_filter_free(copy);
		nm_set_last_error(err);
		return NULL;
	}
	if (copy)
		FilterSetUIInstanceData(copy, f->desc.UIInstanceData);
	return copy;
}

/* ---- use --------------------------------------------------------------------------------- */

bool nm_filter_attaches(HFILTER h)
{
	const struct filter *f = find(h);

	return f && f->attaches;
}

uint32_t nm_filter_test(HFILTER h, struct nm_parse *p, const PROPERTYINST *only, bool *ret_passed)
{
	struct filter *f = find(h);

	if (!f)
		return NMERR_INVALID_HFILTER;
	if (!f->made) {
		f->err =
		    nm_program_new(f->first ? &f->first->o : NULL, f->n, f->frames, &f->program);
		f->made = f->err != NMERR_OUT_OF_MEMORY;
	}
	if (f->err)
		return f->err;
	*ret_passed = nm_program_run(f->program, p, only);
	return NMERR_SUCCESS;
}

void nm_filter_set_current(HFILTER h)
{
	atomic_store_explicit(&current, h, memory_order_release);
}

HFILTER nm_filter_current(void)
{
	return atomic_load_explicit(&current, memory_order_acquire);
}
