/* SPDX-License-Identifier: MIT */
/* IGMP (RFC 1112, RFC 2236, RFC 3376), and what it shares with its relatives. */
#include "icmp.h"
#include "../common/list.h"

#define HEADER 8u
#define RECORD 4u /* bytes of a record before its addresses */

#define QUERY     0x11u
#define REPORT_V1 0x12u
#define REPORT_V2 0x16u
#define LEAVE     0x17u
#define REPORT_V3 0x22u

/* ---- shared ------------------------------------------------------------------------------ */

const char *code_name(const struct code_name *names, unsigned n, uint8_t type, uint8_t code)
{
	for (; n > 0; n--, names++)
		if (names->type == type && names->code == code)
			return names->name;
	return NULL;
}

void message_put(LPPROPERTYINST i, const struct code_name *names, unsigned n, struct _SET *types)
{
	const uint8_t *p = i->lpByte;
	const char *name = code_name(names, n, p[0], p[1]);

	if (!name)
		name = (const char *)LookupByteSetString(types, p[0]);
	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "Type %u, code %u", p[0], p[1]);
}

void code_format(LPPROPERTYINST i, const struct code_name *names, unsigned n)
{
	const uint8_t *p = i->lpByte;
	const char *name = code_name(names, n, p[-1], p[0]);

	text_label(i);
	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "%u (0x%X)", p[0], p[0]);
}

DWORD sources_attach(
    const struct header *h, const struct field *f, DWORD at, unsigned n, DWORD address)
{
	for (; n > 0 && at < h->left; n--, at += address)
		field_attach_at(h, f, at, address, 0);
	return at + n * address;
}

void groups_attach(const struct header *h, const struct group_rows *rows, DWORD at, unsigned n)
{
	const struct field *f = &rows->fields[rows->first];

	for (; n > 0 && at < h->left; n--) {
		struct header record = { h->frame, h->p + at, h->left - at };
		DWORD sources = record.left >= RECORD ? be16(record.p + 2) : 0;
		DWORD extra = record.left >= 2 ? 4u * record.p[1] : 0, end;

		fields_attach(&record, f, 4);
		end =
		    sources_attach(&record, f + 4, RECORD + rows->address, sources, rows->address);
		if (extra && end < record.left)
			field_attach_at(&record, f + 5, end, extra, 0);
		if (end + extra > record.left)
			return;
		at += end + extra;
	}
}

/* ---- the protocol -------------------------------------------------------------------------- */

enum {
	IGMP_SUMMARY,
	IGMP_VERSION,
	IGMP_TYPE,
	IGMP_MAX_RESPONSE,
	IGMP_RESERVED,
	IGMP_CHECKSUM,
	IGMP_GROUP,
	IGMP_RESERVED_FLAGS,
	IGMP_SUPPRESS,
	IGMP_ROBUSTNESS,
	IGMP_INTERVAL,
	IGMP_SOURCES,
	IGMP_SOURCE,
	IGMP_RESERVED_16,
	IGMP_RECORDS,
	IGMP_RECORD_TYPE,
	IGMP_RECORD_EXTRA,
	IGMP_RECORD_SOURCES,
	IGMP_RECORD_GROUP,
	IGMP_RECORD_SOURCE,
	IGMP_RECORD_DATA,
	IGMP_DATA,
	IGMP_FIELDS
};

static LABELED_BYTE type_names[] = {
	{ QUERY, L("Membership query") },
	{ REPORT_V1, L("Membership report, version 1") },
	{ 0x13, L("DVMRP") },
	{ 0x14, L("PIM version 1") },
	{ REPORT_V2, L("Membership report, version 2") },
	{ LEAVE, L("Leave group") },
	{ 0x1E, L("Multicast traceroute response") },
	{ 0x1F, L("Multicast traceroute") },
	{ REPORT_V3, L("Membership report, version 3") },
	{ 0x30, L("Multicast router advertisement") },
	{ 0x31, L("Multicast router solicitation") },
	{ 0x32, L("Multicast router termination") },
};

static struct _SET types = SET_OF(Byte, type_names);

static LABELED_BYTE record_names[] = {
	{ 1, L("Mode is include") },
	{ 2, L("Mode is exclude") },
	{ 3, L("Change to include mode") },
	{ 4, L("Change to exclude mode") },
	{ 5, L("Allow new sources") },
	{ 6, L("Block old sources") },
};

static struct _SET records = SET_OF(Byte, record_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[IGMP_SUMMARY] = { "Summary of the IGMP message", "igmp", SUMMARY,
	    .format = format_summary },
	[IGMP_VERSION] = { "Version", "igmp.version", U8(0) },
	[IGMP_TYPE] = { "Type", "igmp.type", U8(0), LABELED(types) },
	[IGMP_MAX_RESPONSE] = { "Maximum Response Time", "igmp.max_resp", U8(1) },
	[IGMP_RESERVED] = { "Reserved", "igmp.reserved", BYTES(1, 1) },
	[IGMP_CHECKSUM] = { "Checksum", "igmp.checksum", U16(2) },
	[IGMP_GROUP] = { "Group Address", "igmp.maddr", IP4(4) },
	[IGMP_RESERVED_FLAGS] = { "Reserved Bits", NULL, BITS8(8, 0xF0) },
	[IGMP_SUPPRESS] = { "Suppress Router Processing", "igmp.s", BITS8(8, 0x08) },
	[IGMP_ROBUSTNESS] = { "Robustness Variable", "igmp.qrv", BITS8(8, 0x07) },
	[IGMP_INTERVAL] = { "Query Interval Code", "igmp.qqic", U8(9) },
	[IGMP_SOURCES] = { "Number of Sources", "igmp.num_src", U16(10) },
	[IGMP_SOURCE] = { "Source Address", "igmp.saddr", IP4(12) },
	[IGMP_RESERVED_16] = { "Reserved, two bytes", "igmp.reserved", BYTES(4, 2) },
	[IGMP_RECORDS] = { "Number of Group Records", "igmp.num_grp_recs", U16(6) },
	[IGMP_RECORD_TYPE] = { "Record Type", "igmp.record_type", U8(0), LABELED(records) },
	[IGMP_RECORD_EXTRA] = { "Auxiliary Words", "igmp.aux_data_len", U8(1), .level = 2 },
	[IGMP_RECORD_SOURCES] = { "Record's Number of Sources", "igmp.num_src", U16(2),
	    .level = 2 },
	[IGMP_RECORD_GROUP] = { "Record's Group Address", "igmp.maddr", IP4(4), .level = 2 },
	[IGMP_RECORD_SOURCE] = { "Record's Source Address", "igmp.saddr", IP4(0), .level = 2 },
	[IGMP_RECORD_DATA] = { "Auxiliary Data", "igmp.aux_data", BYTES(0, 0), .level = 2 },
	[IGMP_DATA] = { "IGMP Data", "igmp.data", BYTES(HEADER, 0) },
};

static const struct group_rows rows = { fields, IGMP_RECORD_TYPE, 4 };

/* Queries of three versions have one type. */
static uint8_t version(const struct header *h)
{
	if (h->p[0] == QUERY)
		return h->left > HEADER ? 3 : h->left > 1 && h->p[1] ? 2 : 1;
	return h->p[0] == REPORT_V3 ? 3 : h->p[0] == REPORT_V1 ? 1 : 2;
}

RECOGNIZE(recognize)
{
	(void)p;
	(void)left;
	(void)next;
	(void)instance;
	return rest_is_mine(status);
}

static void attach_report(const struct header *h)
{
	fields_attach(h, &fields[IGMP_RESERVED], 2);
	fields_attach(h, &fields[IGMP_RESERVED_16], 2);
	if (h->left >= HEADER)
		groups_attach(h, &rows, HEADER, be16(h->p + 6));
}

static void attach_query(const struct header *h, uint8_t v)
{
	fields_attach(h, &fields[v == 1 ? IGMP_RESERVED : IGMP_MAX_RESPONSE], 1);
	fields_attach(h, &fields[IGMP_CHECKSUM], 2);
	if (v < 3)
		return;
	fields_attach(h, &fields[IGMP_RESERVED_FLAGS], IGMP_SOURCE - IGMP_RESERVED_FLAGS);
	if (h->left >= 12)
		(void)sources_attach(h, &fields[IGMP_SOURCE], 12, be16(h->p + 10), 4);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	uint8_t v = version(&h);

	field_attach_at(&h, &fields[IGMP_SUMMARY], 0, h.left, h.left < HEADER ? IFLAG_ERROR : 0);
	field_attach_value(&h, &fields[IGMP_VERSION], 0, 0, &v, 1, 0);
	fields_attach(&h, &fields[IGMP_TYPE], 1);
	if (p[0] == REPORT_V3) {
		attach_report(&h);
	} else if (p[0] == QUERY || p[0] == REPORT_V1 || p[0] == REPORT_V2 || p[0] == LEAVE) {
		attach_query(&h, p[0] == QUERY ? v : p[0] == REPORT_V1 ? 1 : 2);
	} else {
		fields_attach(&h, &fields[IGMP_CHECKSUM], 1);
		fields_attach(&h, &fields[IGMP_DATA], 1);
	}
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;
	const char *name;

	(void)frame;
	if (i->DataLength < HEADER) {
		text_put(i, "Cut short");
		return;
	}
	name = (const char *)LookupByteSetString(&types, p[0]);
	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "Type 0x%02X", p[0]);
	if (p[0] == REPORT_V3)
		text_put(i, ", %u groups", be16(p + 6));
	else if (be32(p + 4))
		text_put(i, ", %u.%u.%u.%u", p[4], p[5], p[6], p[7]);
}

static const struct place places[] = { { TCPIP_INI, "IP_HandoffSet", 2, false } };

struct parser igmp_parser = {
	.name = "IGMP",
	.comment = "Internet Group Management Protocol (RFC 3376)",
	.fields = fields,
	.n_fields = IGMP_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
};
