/* SPDX-License-Identifier: MIT */
/* FRAME, the protocol of every frame: built in, and what follows it on which link.
 *
 * A parser that says (ParserAutoInstallInfo, pWhoHandsOffToMe) that section
 * FRAME_HandoffSet of FRAME.INI hands off to it gets the frames of that link type, a
 * number of www.tcpdump.org/linktypes.html. Several parsers may: since keys of a set are
 * unique, further ones give the same number plus a multiple of 2^24, tried in order. */
#include "base/bytes.h"
#include "parse/format.h"
#include "parse/parse_int.h"

#include <stdlib.h>
#include <string.h>

#define LINK_MASK UINT32_C(0x00ffffff)

struct link {
	uint32_t link_type, order;
	struct protocol *protocol;
};

static struct {
	HANDOFFTABLE *table;
	struct protocol ***lists; /* one list a link type, NULL at the end; in the store */
	uint32_t *types;          /* likewise */
	size_t n;
} the;

enum { F_SUMMARY, F_NUMBER, F_TIME, F_LENGTH, F_STORED, F_PROPERTIES };

static PROPERTYINFO properties[F_PROPERTIES];

static void describe(unsigned i, const char *label, const char *comment, uint8_t type, WORD text)
{
	properties[i] = (PROPERTYINFO){ .Label = (LPSTR)(uintptr_t)label,
		.Comment = (LPSTR)(uintptr_t)comment,
		.DataType = type,
		.FormatStringSize = text };
}

static VOID WINAPI frame_register(HPROTOCOL h)
{
	describe(F_SUMMARY, "Base frame properties", "The frame as it was captured",
	    PROP_TYPE_SUMMARY, 80);
	describe(F_NUMBER, "Frame Number", "Place in the capture, from 1", PROP_TYPE_DWORD, 80);
	describe(
	    F_TIME, "Time Offset", "Microseconds since the capture began", PROP_TYPE_LARGEINT, 80);
	describe(F_LENGTH, "Frame Length", "Bytes on the wire", PROP_TYPE_DWORD, 80);
	describe(F_STORED, "Captured Length", "Bytes in the capture", PROP_TYPE_DWORD, 80);
	if (nm_database_create(h, F_PROPERTIES))
		return;
	for (unsigned i = 0; i < F_PROPERTIES; i++)
		(void)nm_property_add(h, &properties[i]);
}

static VOID WINAPI frame_deregister(HPROTOCOL h)
{
	(void)nm_database_destroy(h);
}

/* Never called: recognition begins behind FRAME. */
static LPBYTE WINAPI frame_recognize(HFRAME frame, ULPBYTE mac, ULPBYTE at, DWORD mac_type,
    DWORD left, HPROTOCOL before, DWORD before_at, LPDWORD status, LPHPROTOCOL next,
    PDWORD_PTR instance)
{
	(void)frame;
	(void)mac;
	(void)mac_type;
	(void)left;
	(void)before;
	(void)before_at;
	(void)next;
	(void)instance;
	*status = PROTOCOL_STATUS_RECOGNIZED;
	return at;
}

/* Its own, always first: there is room, and every argument is right. */
static inline void attach_value(struct nm_parse *p, unsigned i, uint64_t value, WORD n)
{
	PROPERTYINSTEX *ex = nm_next_value(p, NM_EX_LEAST);

	ex->Length = 0;
	ex->LengthEx = n;
	ex->lpData = NULL;
	memcpy(ex->Byte, &value, sizeof value);
	nm_next_instance(p, properties[i].hProperty, NM_EXTENDED, 0, 1, 0)->lpPropertyInstEx = ex;
}

void nm_frame_attach(struct nm_parse *p)
{
	const uint8_t *record = nm_parse_record(p);

	nm_next_instance(p, properties[F_SUMMARY].hProperty, p->clip, 0, 0, 0)->lpData =
	    (LPVOID)(uintptr_t)p->data;
	attach_value(p, F_NUMBER, p->guard.number + 1, sizeof(uint32_t));
	attach_value(p, F_TIME, nm_le64(record), sizeof(uint64_t));
	attach_value(p, F_LENGTH, nm_le32(record + 8), sizeof(uint32_t));
	attach_value(p, F_STORED, p->stored, sizeof(uint32_t));
}

/* Only for a FRAME that somebody handed off to: the first one is nm_frame_attach's. */
static LPBYTE WINAPI frame_attach(HFRAME frame, ULPBYTE mac, ULPBYTE at, DWORD mac_type, DWORD left,
    HPROTOCOL before, DWORD before_at, DWORD_PTR instance)
{
	(void)frame;
	(void)mac;
	(void)at;
	(void)mac_type;
	(void)left;
	(void)before;
	(void)before_at;
	(void)instance;
	return NULL;
}

static DWORD WINAPI frame_format(
    HFRAME frame, ULPBYTE mac, ULPBYTE at, DWORD n, LPPROPERTYINST instances)
{
	(void)frame;
	(void)mac;
	(void)at;
	for (DWORD i = 0; i < n; i++)
		(void)nm_format_instance(&instances[i]);
	return NMERR_SUCCESS;
}

static const PARSERFIELDNAME names[] = {
	{ NULL, (char[]){ "frame" }, 0, 0 },
	{ (char[]){ "Frame Number" }, (char[]){ "frame.number" }, 0, 0 },
	{ (char[]){ "Frame Length" }, (char[]){ "frame.len" }, 0, 0 },
	{ (char[]){ "Captured Length" }, (char[]){ "frame.cap_len" }, 0, 0 },
};

const PARSERFIELDNAME *nm_frame_names(uint32_t *ret_n)
{
	*ret_n = sizeof names / sizeof *names;
	return names;
}

/* Parsers that were loaded before have the lower ids; FRAME has always the first. */
void nm_frame_protocol_create(void)
{
	static const ENTRYPOINTS ep = { frame_register, frame_deregister, frame_recognize,
		frame_attach, frame_format };

	if (nm_n_protocols == 0)
		(void)nm_protocol_create("FRAME", &ep);
	(void)nm_setting_put("", "FRAME", "Comment", "Base frame properties", false);
}

/* ---- links ------------------------------------------------------------------------------- */

static int by_link(const void *a, const void *b)
{
	const struct link *x = a, *y = b;

	if (x->link_type != y->link_type)
		return x->link_type < y->link_type ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static size_t length(struct protocol *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

static bool add_list(const struct link *from, size_t n)
{
	struct protocol *const *rest = nm_protocols[NM_FRAME_PROTOCOL].follow;
	size_t more = length(rest);
	struct protocol **list = nm_store_alloc((n + more + 1) * sizeof(struct protocol *));

	if (!list)
		return false;
	for (size_t i = 0; i < n; i++)
		list[i] = from[i].protocol;
	for (size_t i = 0; i < more; i++)
		list[n + i] = rest[i];
	the.types[the.n] = from->link_type;
	the.lists[the.n++] = list;
	return true;
}

static bool make_lists(struct link *links, size_t n)
{
	the.types = nm_store_alloc(n * sizeof *the.types);
	the.lists = nm_store_alloc(n * sizeof *the.lists);
	if (!the.types || !the.lists)
		return false;
	for (size_t i = 0, next; i < n; i = next) {
		for (next = i; next < n && links[next].link_type == links[i].link_type; next++)
			;
		if (!add_list(&links[i], next - i))
			return false;
	}
	return true;
}

bool nm_links_seal(void)
{
	uint32_t n = nm_handoff_create("FRAME_HandoffSet", "FRAME", UINT32_MAX, 10, &the.table);
	struct link *links = n ? calloc(n, sizeof *links) : NULL;
	bool ok = n == 0 || links;

	for (uint32_t i = 0; links && i < n; i++) {
		const HANDOFFENTRY *e = &the.table->hot_Entries[i];

		links[i] = (struct link){ e->hoe_ProtIdentNumber & LINK_MASK,
			e->hoe_ProtIdentNumber & ~LINK_MASK,
			nm_protocol_of(e->hoe_ProtocolHandle) };
	}
	if (links) {
		qsort(links, n, sizeof *links, by_link);
		ok = make_lists(links, n);
	}
	free(links);
	return ok;
}

void nm_links_clear(void)
{
	nm_handoff_destroy(the.table);
	memset(&the, 0, sizeof the);
}

struct protocol *const *nm_link_candidates(uint32_t link_type)
{
	static struct protocol *const nobody[] = { NULL };
	struct protocol *const *rest = nm_protocols[NM_FRAME_PROTOCOL].follow;

	for (size_t i = 0; i < the.n; i++)
		if (the.types[i] == link_type)
			return the.lists[i];
	return rest ? rest : nobody;
}
