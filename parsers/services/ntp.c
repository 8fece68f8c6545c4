/* SPDX-License-Identifier: MIT */
/* NTP (RFC 5905) and SNTP; control messages (RFC 9327) with their header. */
#include "../common/list.h"
#include "../common/times.h"
#include "services.h"

#define HEADER          48u
#define CODE_MOST       24u         /* bytes of a key's identifier and a code */
#define EXTENSION_LEAST 16u         /* bytes of an extension field */
#define CONTROL         12u         /* bytes of a control message before its data */
#define EPOCH           2208988800u /* seconds from 1900, where NTP counts from, to 1970 */
#define ERA             0x80000000u /* earlier ones are of the era that begins in 2036 */

enum {
	NTP_SUMMARY,
	NTP_FLAGS,
	NTP_LEAP,
	NTP_VERSION,
	NTP_MODE,
	NTP_STRATUM,
	NTP_POLL,
	NTP_PRECISION,
	NTP_ROOT_DELAY,
	NTP_ROOT_DISPERSION,
	NTP_REFERENCE,
	NTP_REFERENCE_TIME,
	NTP_ORIGINATE_TIME,
	NTP_RECEIVE_TIME,
	NTP_TRANSMIT_TIME,
	NTP_KEY,
	NTP_MAC,
	NTP_EXTENSION,
	NTP_EXTENSION_LENGTH,
	NTP_EXTENSION_WHOLE,
	NTP_EXTENSION_VALUE,
	NTP_CONTROL_FLAGS,
	NTP_OPERATION,
	NTP_SEQUENCE,
	NTP_STATUS,
	NTP_ASSOCIATION,
	NTP_OFFSET,
	NTP_COUNT,
	NTP_DATA,
	NTP_FIELDS
};

enum { CLIENT = 3, SERVER = 4, CONTROL_MODE = 6, PRIVATE_MODE = 7 };

static LABELED_BYTE leap_names[] = {
	{ 0, L("No warning") },
	{ 1, L("Last minute has 61 seconds") },
	{ 2, L("Last minute has 59 seconds") },
	{ 3, L("Clock not synchronized") },
};

static struct _SET leaps = SET_OF(Byte, leap_names);

static LABELED_BYTE mode_names[] = {
	{ 0, L("Reserved") },
	{ 1, L("Symmetric active") },
	{ 2, L("Symmetric passive") },
	{ CLIENT, L("Client") },
	{ SERVER, L("Server") },
	{ 5, L("Broadcast") },
	{ CONTROL_MODE, L("Control") },
	{ PRIVATE_MODE, L("Private") },
};

static struct _SET modes = SET_OF(Byte, mode_names);

static LABELED_BYTE operation_names[] = {
	{ 1, L("Read status") },
	{ 2, L("Read variables") },
	{ 3, L("Write variables") },
	{ 4, L("Read clock variables") },
	{ 5, L("Write clock variables") },
	{ 6, L("Set trap") },
	{ 7, L("Trap response") },
	{ 31, L("Unset trap") },
};

static struct _SET operations = SET_OF(Byte, operation_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[NTP_SUMMARY] = { "Summary of the NTP message", "ntp", SUMMARY, .format = format_summary },
	[NTP_FLAGS] = { "Flags", "ntp.flags", U8(0), .level = HIDDEN },
	[NTP_LEAP] = { "Leap Indicator", "ntp.flags.li", BITS8(0, 0xC0), LABELED(leaps) },
	[NTP_VERSION] = { "Version", "ntp.flags.vn", BITS8(0, 0x38) },
	[NTP_MODE] = { "Mode", "ntp.flags.mode", BITS8(0, 0x07), LABELED(modes) },
	[NTP_STRATUM] = { "Stratum", "ntp.stratum", U8(1) },
	[NTP_POLL] = { "Poll Interval Exponent", "ntp.ppoll", U8(2) },
	[NTP_PRECISION] = { "Precision Exponent", "ntp.precision", U8(3) },
	[NTP_ROOT_DELAY] = { "Root Delay", "ntp.rootdelay", U32(4) },
	[NTP_ROOT_DISPERSION] = { "Root Dispersion", "ntp.rootdispersion", U32(8) },
	[NTP_REFERENCE] = { "Reference Identifier", "ntp.refid", BYTES(12, 4) },
	[NTP_REFERENCE_TIME] = { "Reference Timestamp", "ntp.reftime", TIME_8(16) },
	[NTP_ORIGINATE_TIME] = { "Originate Timestamp", "ntp.org", TIME_8(24) },
	[NTP_RECEIVE_TIME] = { "Receive Timestamp", "ntp.rec", TIME_8(32) },
	[NTP_TRANSMIT_TIME] = { "Transmit Timestamp", "ntp.xmt", TIME_8(40) },
	[NTP_KEY] = { "Key Identifier", "ntp.keyid", BYTES(48, 4) },
	[NTP_MAC] = { "Message Authentication Code", "ntp.mac", BYTES(52, 0) },
	[NTP_EXTENSION] = { "Extension Field", "ntp.ext.type", U16(0) },
	[NTP_EXTENSION_LENGTH] = { "Extension Field Length", "ntp.ext.length", U16(2), .level = 2 },
	[NTP_EXTENSION_WHOLE] = { "Whole Extension Field", "ntp.ext", GROUP, .level = HIDDEN },
	[NTP_EXTENSION_VALUE] = { "Extension Field Value", "ntp.ext.value", BYTES(4, 0),
	    .level = 2 },
	[NTP_CONTROL_FLAGS] = { "Control Flags", "ntp.ctrl.flags2", U8(1) },
	[NTP_OPERATION] = { "Operation", "ntp.ctrl.flags2.opcode", BITS8(1, 0x1F),
	    LABELED(operations) },
	[NTP_SEQUENCE] = { "Sequence Number", "ntp.ctrl.sequence", U16(2) },
	[NTP_STATUS] = { "Status", "ntp.ctrl.status", U16(4) },
	[NTP_ASSOCIATION] = { "Association Identifier", "ntp.ctrl.associd", U16(6) },
	[NTP_OFFSET] = { "Offset", "ntp.ctrl.offset", U16(8) },
	[NTP_COUNT] = { "Count", "ntp.ctrl.count", U16(10) },
	[NTP_DATA] = { "Data", NULL, BYTES(0, 0) },
};

static const PARSERFIELDNAME names[] = {
	{ L("Control Flags"), L("ntp.ctrl.flags2.r"), 0x80, 0 },
	{ L("Control Flags"), L("ntp.ctrl.flags2.error"), 0x40, 0 },
	{ L("Control Flags"), L("ntp.ctrl.flags2.more"), 0x20, 0 },
};

RECOGNIZE(recognize)
{
	(void)p;
	(void)left;
	(void)next;
	(void)instance;
	return rest_is_mine(status);
}

static const struct list extensions = {
	.fields = fields,
	.type = NTP_EXTENSION,
	.length = NTP_EXTENSION_LENGTH,
	.also = NTP_EXTENSION_WHOLE,
	.rest = NTP_EXTENSION_VALUE,
	.length_at = 2,
};

/* Extension fields (RFC 7822): what is not longer than the longest code is a code. */
static void attach_end(const struct header *h)
{
	DWORD at = HEADER;

	while (h->left > at + CODE_MOST && be16(h->p + at + 2) >= EXTENSION_LEAST &&
	       be16(h->p + at + 2) <= h->left - at)
		at += be16(h->p + at + 2);
	list_attach(&extensions, h, HEADER, at);
	if (at < h->left)
		field_attach_at(h, &fields[NTP_KEY], at, 4, 0);
	if (at + 4 < h->left)
		field_attach_at(h, &fields[NTP_MAC], at + 4, h->left - at - 4, 0);
}

static void attach_times(const struct header *h)
{
	for (unsigned i = NTP_REFERENCE_TIME; i <= NTP_TRANSMIT_TIME; i++) {
		const struct field *f = &fields[i];
		const uint8_t *p = h->p + f->at;
		int64_t seconds;

		if (h->left < (DWORD)f->at + f->size) {
			fields_attach(h, f, 1);
			continue;
		}
		seconds = (int64_t)be32(p) - EPOCH + (be32(p) & ERA ? 0 : (int64_t)1 << 32);
		if (be32(p) == 0 && be32(p + 4) == 0)
			seconds = TIME_UNKNOWN;
		time_attach(
		    h, f, f->at, f->size, seconds, (WORD)((uint64_t)be32(p + 4) * 1000 >> 32));
	}
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	unsigned mode = p[0] & 7;
	DWORD least = mode == CONTROL_MODE ? CONTROL : mode == PRIVATE_MODE ? 8 : HEADER;

	field_attach_at(&h, &fields[NTP_SUMMARY], 0, h.left, h.left < least ? IFLAG_ERROR : 0);
	fields_attach(&h, &fields[NTP_FLAGS], NTP_STRATUM - NTP_FLAGS);
	if (mode == CONTROL_MODE)
		fields_attach(&h, &fields[NTP_CONTROL_FLAGS], NTP_DATA - NTP_CONTROL_FLAGS);
	if (mode == CONTROL_MODE || mode == PRIVATE_MODE) {
		least = mode == CONTROL_MODE ? CONTROL : 1;
		if (h.left > least)
			field_attach_at(&h, &fields[NTP_DATA], least, h.left - least, 0);
		return NULL;
	}
	fields_attach(&h, &fields[NTP_STRATUM], NTP_REFERENCE_TIME - NTP_STRATUM);
	attach_times(&h);
	attach_end(&h);
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;
	const char *name;

	(void)frame;
	if (i->DataLength < 2) {
		text_put(i, "Cut short");
		return;
	}
	name = (const char *)LookupByteSetString(&modes, p[0] & 7);
	text_put(i, "%s, version %u", name ? name : "Mode", p[0] >> 3 & 7);
	if ((p[0] & 7) < CONTROL_MODE)
		text_put(i, ", stratum %u", p[1]);
}

static const struct place places[] = { { TCPIP_INI, "UDP_HandoffSet", 123, false } };

struct parser ntp_parser = {
	.name = "NTP",
	.comment = "Network Time Protocol (RFC 5905)",
	.fields = fields,
	.n_fields = NTP_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
