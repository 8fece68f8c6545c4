/* SPDX-License-Identifier: MIT */
/* Protocols and their properties, as parsers registered them. */
#include "base/nmerr.h"
#include "parse/parse_int.h"
#include "system/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

_Alignas(PAGE_BYTES) union nm_protocol_pages nm_protocol_pages;
uint32_t nm_n_protocols;
static struct protocol_state states[NM_PROTOCOLS_MAX + 1];

static bool sealed;
static PROTOCOLTABLE *enabled; /* in the store; made when sealed */

/* A protocol's handle is this and its number. */
#define HANDLE_TAG ((uintptr_t)0x4e50 << (sizeof(uintptr_t) * 8 - 16))

static HPROPERTY no_handles[2] = { 1, 0 }; /* both free, see FREE_FIRST */
#define NO_HANDLES                                                                                 \
	{                                                                                          \
		.h = no_handles, .mask = 1                                                         \
	}
struct nm_handles nm_handles = NO_HANDLES;

_Atomic bool nm_some_off;

void nm_switch_off(struct protocol *p)
{
	atomic_store(&p->state->enabled, false);
	atomic_store(&nm_some_off, true);
}

static HPROTOCOL no_protocol(uint32_t err)
{
	nm_set_last_error(err);
	return NULL;
}

/* ---- protocols ----------------------------------------------------------------------- */

struct protocol *nm_protocol_of(HPROTOCOL h)
{
	uintptr_t id = (uintptr_t)h - HANDLE_TAG;

	if (id == 0 || id > nm_n_protocols || !nm_protocols[id].alive)
		return NULL;
	return &nm_protocols[id];
}

uint32_t nm_protocol_id(HPROTOCOL h)
{
	const struct protocol *p = nm_protocol_of(h);

	return p ? p->info.ProtocolID : 0;
}

HPROTOCOL nm_protocol_from_id(uint32_t id)
{
	return id && id <= nm_n_protocols && nm_protocols[id].alive
		   ? nm_handle_of(&nm_protocols[id])
		   : NULL;
}

HPROTOCOL nm_protocol_by_name(const char *name)
{
	for (uint32_t id = 1; name && id <= nm_n_protocols; id++)
		if (nm_protocols[id].alive &&
		    strcasecmp((const char *)nm_protocols[id].info.ProtocolName, name) == 0)
			return nm_handle_of(&nm_protocols[id]);
	return no_protocol(NMERR_PROTOCOL_NOT_FOUND);
}

static void describe(struct protocol *p)
{
	const char *name = (const char *)p->info.ProtocolName;
	const char *comment = nm_setting_get("", name, "Comment");
	const char *help = nm_setting_get("", name, "HelpFile");

	if (comment)
		(void)strncpy((char *)p->info.Comment, comment, sizeof p->info.Comment - 1);
	if (help)
		(void)strncpy((char *)p->info.HelpFile, help, sizeof p->info.HelpFile - 1);
}

HPROTOCOL nm_protocol_create(const char *name, const ENTRYPOINTS *ep)
{
	uint32_t last = nm_last_error();
	struct protocol *p;
	size_t n = name ? strlen(name) : 0;

	if (n == 0 || n >= NAME_BYTES || !ep)
		return no_protocol(NMERR_INVALID_PARAMETER);
	if (nm_n_protocols == 0 && strcmp(name, "FRAME") != 0)
		nm_frame_protocol_create();
	if (!ep->RecognizeFrame || !ep->AttachProperties)
		return no_protocol(NMERR_INVALID_PARSER_DLL);
	if (nm_protocol_by_name(name) ||
	    (nm_object_loading() && !nm_setting_allows(nm_object_loading(), name)))
		return no_protocol(NMERR_PROTOCOL_ALREADY_ENABLED);
	if (sealed || nm_n_protocols == NM_PROTOCOLS_MAX)
		return no_protocol(NMERR_TOO_MANY_PROTOCOLS);
	nm_set_last_error(last);
	p = &nm_protocols[++nm_n_protocols];
	memset(p, 0, sizeof *p);
	p->ep = *ep;
	p->handle = (HPROTOCOL)(HANDLE_TAG | nm_n_protocols);
	p->state = &states[nm_n_protocols];
	memset(p->state, 0, sizeof *p->state);
	p->info.ProtocolID = nm_n_protocols;
	memcpy(p->info.ProtocolName, name, n);
	p->state->enabled = true;
	p->alive = true;
	return nm_handle_of(p);
}

void nm_protocol_destroy(HPROTOCOL h)
{
	struct protocol *p = nm_protocol_of(h);

	if (!p || sealed)
		return;
	(void)nm_database_destroy(h);
	p->follow = NULL;
	nm_switch_off(p);
	p->alive = false;
}

PROTOCOLINFO *nm_protocol_info(HPROTOCOL h)
{
	struct protocol *p = nm_protocol_of(h);

	if (!p)
		nm_set_last_error(NMERR_INVALID_HPROTOCOL);
	return p ? &p->info : NULL;
}

/* ---- sealing --------------------------------------------------------------------------- */

/* "TCP, UDP" -> the protocols that there are, in that order. */
static struct protocol **resolve(const char *list)
{
	size_t n = 0, room = 1;
	struct protocol **r;

	for (const char *c = list; *c; c++)
		room += *c == ',';
	r = nm_store_alloc((room + 1) * sizeof *r);
	while (r && *list) {
		size_t len = strcspn(list, ",");
		char name[64];
		HPROTOCOL h;

		(void)snprintf(name, sizeof name, "%.*s", (int)len, list);
		name[strcspn(name, " \t")] = '\0';
		h = nm_protocol_by_name(name);
		if (h)
			r[n++] = nm_protocol_of(h);
		list += len;
		list += strspn(list, ", \t");
	}
	return r;
}

static bool make_enabled_table(void)
{
	enabled = nm_store_alloc(sizeof *enabled + nm_n_protocols * sizeof(HPROTOCOL));
	if (!enabled)
		return false;
	for (uint32_t id = 1; id <= nm_n_protocols; id++)
		if (nm_protocols[id].alive)
			enabled->hProtocol[enabled->nProtocols++] = nm_handle_of(&nm_protocols[id]);
	return true;
}

static void protect(bool on)
{
	nm_store_seal(on);
	(void)nm_pages_allow(
	    &nm_protocol_pages, sizeof nm_protocol_pages, on ? NM_ACCESS_READ : NM_ACCESS_WRITE);
}

static void call_register(void *protocol)
{
	struct protocol *p = protocol;

	p->ep.Register(nm_handle_of(p));
}

/* A person's number of offences. */
static void take_limit(void)
{
	const char *said = nm_setting_get("", "NMAPI", "Offences");
	char *end;
	unsigned long long n = said ? strtoull(said, &end, 10) : 0;

	if (said && end != said && !*end && n <= UINT32_MAX)
		nm_guard_allow((uint32_t)n);
}

void nm_parsers_seal(void)
{
	uint32_t last = nm_last_error();

	if (sealed)
		return;
	nm_frame_protocol_create();
	for (uint32_t id = 1; id <= nm_n_protocols; id++) {
		struct protocol *p = &nm_protocols[id];
		const char *list;

		if (!p->alive)
			continue;
		describe(p);
		list = nm_setting_get("", (const char *)p->info.ProtocolName, "FollowSet");
		p->follow = resolve(list ? list : "");
		if (!p->follow)
			nm_switch_off(p);
	}
	for (uint32_t id = 1; id <= nm_n_protocols; id++)
		if (nm_protocols[id].alive && nm_protocols[id].ep.Register)
			(void)nm_guard_call(
			    &nm_protocols[id], NM_ENTRY_REGISTER, call_register, &nm_protocols[id]);
	take_limit();
	(void)make_enabled_table();
	(void)nm_links_seal();
	nm_names_seal();
	nm_rows_seal();
	nm_headers_seal();
	sealed = true;
	protect(true);
	nm_set_last_error(last);
}

bool nm_parsers_sealed(void)
{
	return sealed;
}

PROTOCOLTABLE *nm_protocols_enabled(void)
{
	return enabled;
}

void nm_registry_unseal(void)
{
	protect(false);
	sealed = false;
}

void nm_registry_clear(void)
{
	nm_registry_unseal();
	for (uint32_t id = 1; id <= nm_n_protocols; id++)
		nm_protocol_destroy(nm_handle_of(&nm_protocols[id]));
	nm_n_protocols = 0;
	nm_some_off = false;
	nm_handles = (struct nm_handles)NO_HANDLES;
	enabled = NULL;
	nm_context_clear();
	nm_links_clear();
	nm_names_clear();
	nm_rows_clear();
	nm_handoffs_clear();
	nm_settings_clear();
	nm_store_clear();
}

/* ---- properties --------------------------------------------------------------------------- */

/* 0 is looked for in the first entry, so that one is free in another way: by a number that
 * is looked for elsewhere in every table. */
#define FREE_FIRST ((HPROPERTY)1)

static bool is_free(uint32_t i)
{
	return nm_handles.h[i] == (i ? 0 : FREE_FIRST);
}

/* Where h is, or would be. */
static uint32_t place_of(HPROPERTY h)
{
	uint32_t i = nm_hash_of(h) & nm_handles.mask;

	while (!is_free(i) && nm_handles.h[i] != h)
		i = (i + 1) & nm_handles.mask;
	return i;
}

bool nm_property_is(HPROPERTY h)
{
	return !is_free(place_of(h));
}

static void put_handle(HPROPERTY h, uint32_t protocol)
{
	uint32_t i = place_of(h);

	nm_handles.h[i] = h;
	nm_handles.protocol[i] = protocol;
}

static bool grow(void)
{
	struct nm_handles old = nm_handles;
	uint32_t size = old.protocol ? 2 * (old.mask + 1) : 4096;
	HPROPERTY *h = nm_store_alloc(size * sizeof *h);
	uint32_t *protocol = h ? nm_store_alloc(size * sizeof *protocol) : NULL;

	if (!protocol)
		return false;
	h[0] = FREE_FIRST;
	nm_handles = (struct nm_handles){ h, protocol, size - 1, old.n };
	for (uint32_t i = 0; old.protocol && i <= old.mask; i++)
		if (old.h[i] != (i ? 0 : FREE_FIRST))
			put_handle(old.h[i], old.protocol[i]);
	return true;
}

static bool remember(HPROPERTY h, uint32_t protocol)
{
	if (4 * (nm_handles.n + 1) > nm_handles.mask && !grow())
		return false;
	put_handle(h, protocol);
	nm_handles.n++;
	return true;
}

/* Without gaps in the chains of others: who is behind one that goes is put in anew. */
static void forget(HPROPERTY h)
{
	uint32_t i = place_of(h);

	if (is_free(i))
		return;
	nm_handles.h[i] = i ? 0 : FREE_FIRST;
	nm_handles.n--;
	for (i = (i + 1) & nm_handles.mask; !is_free(i); i = (i + 1) & nm_handles.mask) {
		HPROPERTY moved = nm_handles.h[i];

		nm_handles.h[i] = i ? 0 : FREE_FIRST;
		put_handle(moved, nm_handles.protocol[i]);
	}
}

/* 0: more than there can be. */
static size_t database_bytes(uint32_t n)
{
	size_t bytes;

	return __builtin_mul_overflow(n, sizeof(LPPROPERTYINFO), &bytes) ||
		       __builtin_add_overflow(bytes, sizeof(PROPERTYDATABASE), &bytes)
		   ? 0
		   : bytes;
}

uint32_t nm_database_create(HPROTOCOL h, uint32_t n)
{
	struct protocol *p = nm_protocol_of(h);
	size_t bytes = database_bytes(n);
	PROPERTYDATABASE *db;

	if (!p)
		return NMERR_INVALID_HPROTOCOL;
	if (p->info.PropertyDatabase && p->info.PropertyDatabase->nProperties > 0)
		return NMERR_INTERNAL_EXCEPTION;
	if (sealed)
		return NMERR_ACCESS_DENIED;
	db = bytes ? nm_store_alloc(bytes) : NULL;
	if (!db)
		return NMERR_OUT_OF_MEMORY;
	p->info.PropertyDatabase = db;
	p->room = n;
	return NMERR_SUCCESS;
}

uint32_t nm_database_destroy(HPROTOCOL h)
{
	struct protocol *p = nm_protocol_of(h);

	if (!p)
		return NMERR_INVALID_HPROTOCOL;
	if (!p->info.PropertyDatabase)
		return NMERR_NO_PROPERTY_DATABASE;
	if (sealed)
		return NMERR_ACCESS_DENIED;
	for (DWORD i = 0; i < p->info.PropertyDatabase->nProperties; i++)
		forget((HPROPERTY)p->info.PropertyDatabase->PropertyInfo[i]);
	p->info.PropertyDatabase = NULL;
	p->room = 0;
	return NMERR_SUCCESS;
}

static HPROPERTY no_property(uint32_t err)
{
	nm_set_last_error(err);
	return 0;
}

HPROPERTY nm_property_add(HPROTOCOL h, PROPERTYINFO *info)
{
	struct protocol *p = nm_protocol_of(h);
	PROPERTYDATABASE *db = p ? p->info.PropertyDatabase : NULL;
	HPROPERTY property = (HPROPERTY)info;

	if (!p)
		return no_property(NMERR_INVALID_HPROTOCOL);
	if (!db)
		return no_property(NMERR_NO_PROPERTY_DATABASE);
	if (!info || !info->Label || nm_property_is(property))
		return no_property(NMERR_INVALID_HPROPERTY);
	if (sealed)
		return no_property(NMERR_ACCESS_DENIED);
	if (db->nProperties == p->room) {
		uint32_t room = p->room ? 2 * p->room : 16;

		db = nm_store_alloc(database_bytes(room));
		if (!db)
			return no_property(NMERR_OUT_OF_MEMORY);
		memcpy(db, p->info.PropertyDatabase, database_bytes(p->room));
		p->info.PropertyDatabase = db;
		p->room = room;
	}
	if (!remember(property, p->info.ProtocolID))
		return no_property(NMERR_OUT_OF_MEMORY);
	info->hProperty = property;
	db->PropertyInfo[db->nProperties++] = info;
	return property;
}

static HPROPERTY by_label(
    const PROPERTYDATABASE *db, const char *label, int (*compare)(const char *, const char *))
{
	for (uint32_t i = 0; db && i < db->nProperties; i++)
		if (compare(db->PropertyInfo[i]->Label, label) == 0)
			return db->PropertyInfo[i]->hProperty;
	return 0;
}

HPROPERTY nm_property_by_label(HPROTOCOL h, const char *label)
{
	const struct protocol *p = nm_protocol_of(h);
	HPROPERTY r;

	if (!p)
		return no_property(NMERR_INVALID_HPROTOCOL);
	if (!label)
		return no_property(NMERR_INVALID_PARAMETER);
	r = by_label(p->info.PropertyDatabase, label, strcmp);
	r = r ? r : by_label(p->info.PropertyDatabase, label, strcasecmp);
	return r ? r : no_property(NMERR_PROPERTY_NOT_FOUND);
}

PROPERTYINFO *nm_property_info(HPROPERTY h)
{
	if (nm_property_is(h))
		return (PROPERTYINFO *)h;
	nm_set_last_error(NMERR_INVALID_HPROPERTY);
	return NULL;
}

HPROTOCOL nm_property_protocol(HPROPERTY h)
{
	uint32_t i = place_of(h);

	return is_free(i) ? NULL : nm_protocol_from_id(nm_handles.protocol[i]);
}
