/* SPDX-License-Identifier: MIT */
/* Columns one after the other. */
#include "row.h"

#include <string.h>

void row_begin(union row *r, char *source, DWORD ident, char *name)
{
	memset(r, 0, sizeof *r);
	r->ev.EventIdent = ident;
	r->ev.Flags = NMEVENTFLAG_EXPERT | NMEVENTFLAG_DO_NOT_DISPLAY_FIXED_COLUMNS;
	r->ev.Flags &= ~(DWORD)NMEVENTFLAG_DO_NOT_DISPLAY_EVENT_NAME;
	r->ev.szSourceName = source;
	r->ev.szEventName = name;
}

void row_severity(union row *r, DWORD severity)
{
	r->ev.Severity = severity;
	r->ev.Flags &= ~(DWORD)NMEVENTFLAG_DO_NOT_DISPLAY_SEVERITY;
}

NMCOLUMNVARIANT *row_column(union row *r, char *name, NMCOLUMNTYPE type)
{
	NMCOLUMNINFO *info = (NMCOLUMNINFO *)(void *)(r->room + sizeof(NMEVENTDATA));

	info += r->ev.NumColumns++;
	info->szColumnName = name;
	info->VariantData.Type = type;
	return &info->VariantData;
}

void row_count(union row *r, char *name, uint64_t n)
{
	if (n <= UINT32_MAX)
		row_column(r, name, NMCOLUMNTYPE_UINT32)->Value.Uint32Val = (DWORD)n;
	else
		row_real(r, name, (double)n);
}

void row_frame(union row *r, char *name, DWORD frame)
{
	row_column(r, name, NMCOLUMNTYPE_FRAME)->Value.FrameVal = frame;
}

void row_real(union row *r, char *name, double v)
{
	row_column(r, name, NMCOLUMNTYPE_FLOAT64)->Value.Float64Val = v;
}

void row_text(union row *r, char *name, char *text)
{
	row_column(r, name, NMCOLUMNTYPE_STRING)->Value.pStringVal = text;
}

uint32_t row_percent(uint64_t part, uint64_t whole)
{
	return whole ? (uint32_t)((double)part / (double)whole * 100.0) : 0;
}
