/* SPDX-License-Identifier: MIT */
/* Events on the wire. Layout of the payload, little-endian:
 *
 *   SIZE   MEANING
 *   4 x 3  ident, flags, severity
 *   2 x 8  time, as SYSTEMTIME
 *   1      number of columns
 *   str x5 source, name, description, machine, justification
 *   then for each column: 1 type, str name, and the value:
 *          4 for whole numbers, frames and truth values (two's complement),
 *          8 for floating point, 6, 10 or 4 for addresses, str for strings
 */
#include "wire/wire.h"

/* What a column's value is on the wire, by NMCOLUMNTYPE. */
enum kind { KIND_UNSIGNED, KIND_SIGNED, KIND_TRUTH, KIND_DOUBLE, KIND_BYTES, KIND_STRING };

static const struct {
	uint8_t kind;
	uint8_t size; /* of the member of the expert's union, and of KIND_BYTES on the wire */
} types[NM_COL_TYPES] = {
	[NM_COL_UINT8] = { KIND_UNSIGNED, 1 },
	[NM_COL_SINT8] = { KIND_SIGNED, 1 },
	[NM_COL_UINT16] = { KIND_UNSIGNED, 2 },
	[NM_COL_SINT16] = { KIND_SIGNED, 2 },
	[NM_COL_UINT32] = { KIND_UNSIGNED, 4 },
	[NM_COL_SINT32] = { KIND_SIGNED, 4 },
	[NM_COL_FLOAT64] = { KIND_DOUBLE, 8 },
	[NM_COL_FRAME] = { KIND_UNSIGNED, 4 },
	[NM_COL_YESNO] = { KIND_TRUTH, 4 },
	[NM_COL_ONOFF] = { KIND_TRUTH, 4 },
	[NM_COL_TRUEFALSE] = { KIND_TRUTH, 4 },
	[NM_COL_MACADDR] = { KIND_BYTES, 6 },
	[NM_COL_IPXADDR] = { KIND_BYTES, 10 },
	[NM_COL_IPADDR] = { KIND_BYTES, 4 },
	[NM_COL_VARTIME] = { KIND_DOUBLE, 8 },
	[NM_COL_STRING] = { KIND_STRING, 0 },
};

/* The union's bytes as a number; every member starts at its first byte. */
static uint32_t number(const void *value, unsigned size, bool is_signed)
{
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;

	switch (size) {
	case 1: memcpy(&u8, value, 1); return is_signed ? (uint32_t)(int8_t)u8 : u8;
	case 2: memcpy(&u16, value, 2); return is_signed ? (uint32_t)(int16_t)u16 : u16;
	default: memcpy(&u32, value, 4); return u32;
	}
}

static void out_column(struct nm_enc *o, const NMCOLUMNINFO *col)
{
	uint32_t type = (uint32_t)col->VariantData.Type;
	const void *value = &col->VariantData.Value;
	unsigned size = types[type].size;
	uint64_t bits;

	nm_enc_u8(o, (uint8_t)type);
	nm_enc_str(o, col->szColumnName);
	switch ((enum kind)types[type].kind) {
	case KIND_UNSIGNED: nm_enc_u32(o, number(value, size, false)); break;
	case KIND_SIGNED: nm_enc_u32(o, number(value, size, true)); break;
	case KIND_TRUTH: nm_enc_u32(o, number(value, size, false) != 0); break;
	case KIND_DOUBLE:
		memcpy(&bits, value, sizeof bits);
		nm_enc_u64(o, bits);
		break;
	case KIND_BYTES: nm_enc_bytes(o, value, size); break;
	case KIND_STRING: nm_enc_str(o, col->VariantData.Value.pStringVal); break;
	}
}

void nm_enc_event(struct nm_enc *o, const NMEVENTDATA *ev)
{
	const SYSTEMTIME *t = &ev->SysTime;

	nm_enc_u32(o, ev->EventIdent);
	nm_enc_u32(o, ev->Flags | NMEVENTFLAG_EXPERT);
	nm_enc_u32(o, ev->Severity);
	nm_enc_u16(o, t->wYear);
	nm_enc_u16(o, t->wMonth);
	nm_enc_u16(o, t->wDayOfWeek);
	nm_enc_u16(o, t->wDay);
	nm_enc_u16(o, t->wHour);
	nm_enc_u16(o, t->wMinute);
	nm_enc_u16(o, t->wSecond);
	nm_enc_u16(o, t->wMilliseconds);
	nm_enc_u8(o, ev->NumColumns);
	nm_enc_str(o, ev->szSourceName);
	nm_enc_str(o, ev->szEventName);
	nm_enc_str(o, ev->szDescription);
	nm_enc_str(o, ev->szMachine);
	nm_enc_str(o, ev->Justification);
	for (unsigned i = 0; i < ev->NumColumns; i++)
		out_column(o, &ev->Column[i]);
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

static void cur_column(struct nm_cur *c, struct nm_column *ret)
{
	const uint8_t *p;
	uint32_t u;
	uint64_t bits;

	memset(ret, 0, sizeof *ret);
	ret->type = nm_cur_u8(c);
	if (ret->type >= NM_COL_TYPES) {
		c->bad = true;
		return;
	}
	ret->name = or_empty(nm_cur_str(c));
	switch ((enum kind)types[ret->type].kind) {
	case KIND_UNSIGNED: ret->v.u = nm_cur_le32(c); break;
	case KIND_SIGNED: ret->v.s = (int32_t)nm_cur_le32(c); break;
	case KIND_TRUTH:
		u = nm_cur_le32(c);
		ret->v.u = u;
		c->bad |= u > 1;
		break;
	case KIND_DOUBLE:
		bits = nm_cur_le64(c);
		memcpy(&ret->v.d, &bits, sizeof bits);
		break;
	case KIND_BYTES:
		p = nm_cur_take(c, types[ret->type].size);
		if (p)
			memcpy(ret->v.b, p, types[ret->type].size);
		break;
	case KIND_STRING: ret->v.str = or_empty(nm_cur_str(c)); break;
	}
}

bool nm_cur_event(struct nm_cur *c, struct nm_column *columns, struct nm_event *ret)
{
	ret->ident = nm_cur_le32(c);
	ret->flags = nm_cur_le32(c);
	ret->severity = nm_cur_le32(c);
	ret->time.year = nm_cur_le16(c);
	ret->time.month = nm_cur_le16(c);
	ret->time.day_of_week = nm_cur_le16(c);
	ret->time.day = nm_cur_le16(c);
	ret->time.hour = nm_cur_le16(c);
	ret->time.minute = nm_cur_le16(c);
	ret->time.second = nm_cur_le16(c);
	ret->time.ms = nm_cur_le16(c);
	ret->n_columns = nm_cur_u8(c);
	ret->source = or_empty(nm_cur_str(c));
	ret->name = or_empty(nm_cur_str(c));
	ret->description = or_empty(nm_cur_str(c));
	ret->machine = nm_cur_str(c);
	ret->justification = nm_cur_str(c);
	ret->columns = columns;
	for (uint32_t i = 0; i < ret->n_columns && !c->bad; i++)
		cur_column(c, &columns[i]);
	return nm_cur_whole(c);
}
