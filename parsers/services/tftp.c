/* SPDX-License-Identifier: MIT */
/* TFTP (RFC 1350), with options (RFC 2347). Its port is that of the first packet only. */
#include "services.h"

#define HEADER      2u
#define OPTIONS_MAX 32u

enum { READ = 1, WRITE, DATA, ACK, ERROR_CODE, OPTIONS };

enum {
	TFTP_SUMMARY,
	TFTP_OPERATION,
	TFTP_SOURCE,
	TFTP_DESTINATION,
	TFTP_MODE,
	TFTP_BLOCK,
	TFTP_ERROR,
	TFTP_MESSAGE,
	TFTP_OPTION,
	TFTP_OPTION_VALUE,
	TFTP_DATA,
	TFTP_FIELDS
};

static LABELED_WORD operation_names[] = {
	{ READ, L("Read request") },
	{ WRITE, L("Write request") },
	{ DATA, L("Data") },
	{ ACK, L("Acknowledgement") },
	{ ERROR_CODE, L("Error") },
	{ OPTIONS, L("Option acknowledgement") },
};

static struct _SET operations = SET_OF(Word, operation_names);

static LABELED_WORD error_names[] = {
	{ 0, L("Not defined") },
	{ 1, L("File not found") },
	{ 2, L("Access violation") },
	{ 3, L("Disk full") },
	{ 4, L("Illegal operation") },
	{ 5, L("Unknown transfer identifier") },
	{ 6, L("File already exists") },
	{ 7, L("No such user") },
	{ 8, L("Option refused") },
};

static struct _SET errors = SET_OF(Word, error_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[TFTP_SUMMARY] = { "Summary of the TFTP packet", "tftp", SUMMARY,
	    .format = format_summary },
	[TFTP_OPERATION] = { "Operation", "tftp.opcode", U16(0), LABELED(operations) },
	[TFTP_SOURCE] = { "Source File", "tftp.source_file", TEXT(2, 0) },
	[TFTP_DESTINATION] = { "Destination File", "tftp.destination_file", TEXT(2, 0) },
	[TFTP_MODE] = { "Mode", "tftp.type", TEXT(0, 0) },
	[TFTP_BLOCK] = { "Block", "tftp.block", U16(2) },
	[TFTP_ERROR] = { "Error Code", "tftp.error.code", U16(2), LABELED(errors) },
	[TFTP_MESSAGE] = { "Error Message", "tftp.error.message", TEXT(4, 0) },
	[TFTP_OPTION] = { "Option", "tftp.option.name", TEXT(0, 0) },
	[TFTP_OPTION_VALUE] = { "Option Value", "tftp.option.value", TEXT(0, 0), .level = 2 },
	[TFTP_DATA] = { "TFTP Data", "tftp.data", BYTES(4, 0) },
};

RECOGNIZE(recognize)
{
	left = bounded(left, *instance);
	(void)next;
	if (left < HEADER || be16(p) < READ || be16(p) > OPTIONS)
		return not_mine(p, status);
	return rest_is_mine(status);
}

/* Text up to a NUL, which has to be there; behind it. */
static DWORD attach_text(const struct header *h, const struct field *f, DWORD at)
{
	const uint8_t *end;
	DWORD n;

	if (at >= h->left)
		return at;
	end = memchr(h->p + at, 0, h->left - at);
	n = end ? (DWORD)(end - h->p) - at : h->left - at;
	field_attach_at(h, f, at, n, end ? 0 : IFLAG_ERROR);
	return at + n + 1;
}

static void attach_options(const struct header *h, DWORD at)
{
	for (unsigned i = 0; i < OPTIONS_MAX && at < h->left; i++) {
		at = attach_text(h, &fields[TFTP_OPTION], at);
		at = attach_text(h, &fields[TFTP_OPTION_VALUE], at);
	}
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	DWORD at;

	field_attach_at(&h, &fields[TFTP_SUMMARY], 0, h.left, 0);
	fields_attach(&h, &fields[TFTP_OPERATION], 1);
	switch (be16(p)) {
	case READ:
	case WRITE:
		at = attach_text(
		    &h, &fields[be16(p) == READ ? TFTP_SOURCE : TFTP_DESTINATION], HEADER);
		attach_options(&h, attach_text(&h, &fields[TFTP_MODE], at));
		break;
	case ERROR_CODE:
		fields_attach(&h, &fields[TFTP_ERROR], 1);
		(void)attach_text(&h, &fields[TFTP_MESSAGE], 4);
		break;
	case OPTIONS: attach_options(&h, HEADER); break;
	default:
		fields_attach(&h, &fields[TFTP_BLOCK], 1);
		fields_attach(&h, &fields[TFTP_DATA], 1);
	}
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;
	unsigned operation = be16(p);

	(void)frame;
	text_put(i, "%s", (const char *)LookupWordSetString(&operations, (WORD)operation));
	if (operation == READ || operation == WRITE) {
		text_put(i, " ");
		for (DWORD k = HEADER; k < i->DataLength && p[k]; k++)
			text_put(i, "%c", p[k] >= ' ' && p[k] <= '~' ? p[k] : '.');
	} else if (operation <= ACK && i->DataLength >= 4) {
		text_put(i, ", block %u", be16(p + 2));
	}
}

static const struct place places[] = { { TCPIP_INI, "UDP_HandoffSet", 69, false } };

struct parser tftp_parser = {
	.name = "TFTP",
	.comment = "Trivial File Transfer Protocol (RFC 1350)",
	.fields = fields,
	.n_fields = TFTP_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
};
