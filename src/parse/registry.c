/* SPDX-License-Identifier: MIT */
/* Protocols and their properties, as parsers registered them. */
#include "base/nmerr.h"
#include "parse/parse_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct protocol nm_protocols[NM_PROTOCOLS_MAX + 1];
uint32_t nm_n_protocols;

static bool sealed;
static PROTOCOLTABLE *enabled; /* owned; made when sealed */

/* Every property's handle, with its protocol: open addressing, a power of two, at
 * most half full. */
static struct {
	struct slot {
		HPROPERTY h; /* 0: free */
		uint32_t protocol;
	} * slots; /* owned */
	uint32_t size, n;
} known;

static HPROTOCOL no_protocol(uint32_t err)
{
	nm_set_last_error(err);
	return NULL;
}

/* ---- protocols ----------------------------------------------------------------------- */

struct protocol *nm_protocol_of(HPROTOCOL h)
{
	uint64_t v = (uint64_t)(uintptr_t)h;
	uint64_t id = v & 0xffffffffffff;

	if (v >> 48 != 0x4e50 || id == 0 || id > nm_n_protocols || !nm_protocols[id].alive)
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

/* PARSER.INI may say of another shared object that a protocol is its own. */
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
	if (nm_protocol_by_name(name))
		return no_protocol(NMERR_PROTOCOL_ALREADY_ENABLED);
	if (sealed || nm_n_protocols == NM_PROTOCOLS_MAX)
		return no_protocol(NMERR_TOO_MANY_PROTOCOLS);
	nm_set_last_error(last);
	p = &nm_protocols[++nm_n_protocols];
	memset(p, 0, sizeof *p);
	p->ep = *ep;
	p->info.ProtocolID = nm_n_protocols;
	memcpy(p->info.ProtocolName, name, n);
	p->enabled = true;
	p->alive = true;
	return nm_handle_of(p);
}

void nm_protocol_destroy(HPROTOCOL h)
{
	struct protocol *p = nm_protocol_of(h);

	if (!p || sealed)
		return;
	(void)nm_database_destroy(h);
	free(p->follow);
	p->follow = NULL;
	p->enabled = false;
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
	r = calloc(room + 1, sizeof *r);
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
	enabled = calloc(1, sizeof *enabled + nm_n_protocols * sizeof(HPROTOCOL));
	if (!enabled)
		return false;
	for (uint32_t id = 1; id <= nm_n_protocols; id++)
		if (nm_protocols[id].alive)
			enabled->hProtocol[enabled->nProtocols++] = nm_handle_of(&nm_protocols[id]);
	return true;
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
	unsigned long n = said ? strtoul(said, &end, 10) : 0;

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
		p->enabled = p->follow != NULL;
	}
	for (uint32_t id = 1; id <= nm_n_protocols; id++)
		if (nm_protocols[id].alive && nm_protocols[id].ep.Register)
			(void)nm_guard_call(
			    &nm_protocols[id], NM_ENTRY_REGISTER, call_register, &nm_protocols[id]);
	take_limit();
	(void)make_enabled_table();
	(void)nm_links_seal();
	nm_names_seal();
	sealed = true;
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
	sealed = false;
}

void nm_registry_clear(void)
{
	sealed = false;
	for (uint32_t id = 1; id <= nm_n_protocols; id++)
		nm_protocol_destroy(nm_handle_of(&nm_protocols[id]));
	nm_n_protocols = 0;
	free(known.slots);
	memset(&known, 0, sizeof known);
	free(enabled);
	enabled = NULL;
	nm_context_clear();
	nm_links_clear();
	nm_names_clear();
	nm_settings_clear();
}

/* ---- properties --------------------------------------------------------------------------- */

static uint32_t slot_of(HPROPERTY h, uint32_t size)
{
	return (uint32_t)((uint64_t)h * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (size - 1);
}

static const struct slot *look_up(HPROPERTY h)
{
	if (!known.size || !h)
		return NULL;
	for (uint32_t i = slot_of(h, known.size);; i = (i + 1) & (known.size - 1)) {
		if (known.slots[i].h == h)
			return &known.slots[i];
		if (!known.slots[i].h)
			return NULL;
	}
}

bool nm_property_is(HPROPERTY h)
{
	return look_up(h) != NULL;
}

static void put_slot(struct slot *slots, uint32_t size, struct slot s)
{
	uint32_t i = slot_of(s.h, size);

	while (slots[i].h)
		i = (i + 1) & (size - 1);
	slots[i] = s;
}

static bool remember(HPROPERTY h, uint32_t protocol)
{
	if (2 * (known.n + 1) > known.size) {
		uint32_t size = known.size ? 2 * known.size : 1024;
		struct slot *slots = calloc(size, sizeof *slots);

		if (!slots)
			return false;
		for (uint32_t i = 0; i < known.size; i++)
			if (known.slots[i].h)
				put_slot(slots, size, known.slots[i]);
		free(known.slots);
		known.slots = slots;
		known.size = size;
	}
	put_slot(known.slots, known.size, (struct slot){ h, protocol });
	known.n++;
	return true;
}

/* Without gaps in the chains of others: what is left of the table is put in anew. */
static void forget_all_of(uint32_t protocol)
{
	struct slot *old = known.slots;

	known.slots = known.size ? calloc(known.size, sizeof *old) : NULL;
	if (!known.slots) {
		known.slots = old;
		return;
	}
	known.n = 0;
	for (uint32_t i = 0; i < known.size; i++)
		if (old[i].h && old[i].protocol != protocol) {
			put_slot(known.slots, known.size, old[i]);
			known.n++;
		}
	free(old);
}

static size_t database_bytes(uint32_t n)
{
	return sizeof(PROPERTYDATABASE) + (size_t)n * sizeof(LPPROPERTYINFO);
}

uint32_t nm_database_create(HPROTOCOL h, uint32_t n)
{
	struct protocol *p = nm_protocol_of(h);
	PROPERTYDATABASE *db;

	if (!p)
		return NMERR_INVALID_HPROTOCOL;
	if (p->info.PropertyDatabase && p->info.PropertyDatabase->nProperties > 0)
		return NMERR_INTERNAL_EXCEPTION;
	if (sealed)
		return NMERR_ACCESS_DENIED;
	db = n <= UINT32_C(1) << 20 ? calloc(1, database_bytes(n)) : NULL;
	if (!db)
		return NMERR_OUT_OF_MEMORY;
	free(p->info.PropertyDatabase);
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
	forget_all_of(p->info.ProtocolID);
	free(p->info.PropertyDatabase);
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
	if (!info || !info->Label || look_up(property))
		return no_property(NMERR_INVALID_HPROPERTY);
	if (sealed)
		return no_property(NMERR_ACCESS_DENIED);
	if (db->nProperties == p->room) {
		uint32_t room = p->room ? 2 * p->room : 16;

		db = realloc(db, database_bytes(room));
		if (!db)
			return no_property(NMERR_OUT_OF_MEMORY);
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
	if (look_up(h))
		return (PROPERTYINFO *)h;
	nm_set_last_error(NMERR_INVALID_HPROPERTY);
	return NULL;
}

HPROTOCOL nm_property_protocol(HPROPERTY h)
{
	const struct slot *s = look_up(h);

	return s ? nm_protocol_from_id(s->protocol) : NULL;
}
