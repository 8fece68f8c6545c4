/* SPDX-License-Identifier: MIT */
/* What parsers told of their headers, out of each shared object's ParserHeader. */
#include "parse/header.h"
#include "parse/parse_int.h"

#include <stdlib.h>

#define KNOWN_FLAGS                                                                                \
	(PARSERHEADER_WITHIN_INSTANCE | PARSERHEADER_LENGTH | PARSERHEADER_TOTAL |                 \
	    PARSERHEADER_TELLS | PARSERHEADER_LOWER_FIRST)

static bool lies_in(const PARSERHEADER *from, uint32_t at, uint32_t n)
{
	return at + n <= from->Least;
}

static bool makes_sense(const PARSERHEADER *from)
{
	DWORD f = from->Flags;
	bool two = f & PARSERHEADER_LOWER_FIRST;

	for (unsigned i = 0; i < PARSERHEADER_CONDITIONS; i++)
		if (!lies_in(from, from->Conditions[i].Offset, 2))
			return false;
	if (f & PARSERHEADER_LENGTH &&
	    (!lies_in(from, from->LengthOffset, 2) || !from->LengthMask || !from->LengthFactor))
		return false;
	return !(f & ~(DWORD)KNOWN_FLAGS) &&
	       (!(f & PARSERHEADER_TOTAL) || lies_in(from, from->TotalOffset, 2)) &&
	       (from->NextLength == 2 || (from->NextLength == 1 && !two)) &&
	       lies_in(from, from->NextOffset, two ? 4 : 2);
}

static uint16_t swapped(uint16_t v)
{
	return nm_be16(&v);
}

static struct nm_header made_of(const PARSERHEADER *from)
{
	struct nm_header x = { .mac_type = from->MacType,
		.least = from->Least,
		.next_at = from->NextOffset,
		.next_shift = from->NextLength == 1 ? 8 : 0,
		.next_least = from->NextLeast,
		.shape = from->Flags & PARSERHEADER_LOWER_FIRST ? HEADER_TWO : 0,
		.within_instance = from->Flags & PARSERHEADER_WITHIN_INSTANCE };

	if (from->Flags & PARSERHEADER_LENGTH) {
		x.shape |= HEADER_LENGTH;
		x.length_at = from->LengthOffset;
		x.length_mask = from->LengthMask;
		x.length_shift = (uint8_t)__builtin_ctz(from->LengthMask);
		x.length_factor = from->LengthFactor;
	}
	if (from->Flags & PARSERHEADER_TOTAL) {
		x.shape |= HEADER_TOTAL;
		x.tells = from->Flags & PARSERHEADER_TELLS;
		x.total_at = from->TotalOffset;
		x.total_plus = from->TotalPlus;
	}
	for (unsigned i = 0; i < PARSERHEADER_CONDITIONS; i++) {
		x.when[i].at = from->Conditions[i].Offset;
		x.when[i].mask = swapped(from->Conditions[i].Mask);
		x.when[i].value = swapped(from->Conditions[i].Value);
	}
	return x;
}

static void take_header(void *protocol)
{
	struct protocol *p = protocol;
	PPARSERHEADERPROC proc = nm_object_header(p->object);
	PARSERHEADER from = { .Flags = 0 };
	struct nm_header x, *kept;

	if (!proc || !proc(nm_handle_of(p), &from) || !makes_sense(&from))
		return;
	x = made_of(&from);
	x.ids = nm_handoff_ids(from.hTable, &x.n_ids);
	if (nm_rows_fit(p, from.FirstRow, from.nRows, (uint32_t)from.Least + 1)) {
		x.first_row = from.FirstRow;
		x.n_rows = from.nRows;
	}
	kept = x.ids ? nm_store_alloc(sizeof *kept) : NULL;
	if (!kept)
		return;
	*kept = x;
	p->header = kept;
}

/* Section [NMAPI] of parser.ini, "Headers = 0": every parser is asked. */
void nm_headers_seal(void)
{
	const char *said = nm_setting_get("", "NMAPI", "Headers");

	for (uint32_t id = 1; id <= nm_n_protocols; id++)
		if (nm_protocols[id].alive && (!said || strcmp(said, "0") != 0))
			(void)nm_guard_call(
			    &nm_protocols[id], NM_ENTRY_NAMES, take_header, &nm_protocols[id]);
}
