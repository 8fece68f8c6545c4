/* SPDX-License-Identifier: MIT */
/* NetBIOS name service (RFC 1002): the format of DNS, with names in half bytes. */
#include "../common/list.h"
#include "dns_message.h"
#include "services.h"

#include <ctype.h>
#include <stdio.h>

#define ENCODED     32u /* letters that stand for the 16 bytes of a name */
#define NAME_BYTES  16u
#define TYPE_NB     32u
#define TYPE_STATUS 33u
#define ENTRY       6u  /* bytes of flags and address */
#define STATUS      18u /* bytes of a name in a status */

enum {
	NB_SUMMARY,
	NB_HEAD,
	NB_QUESTION = NB_HEAD + HEAD_ROWS,
	NB_ANSWER,
	NB_AUTHORITY,
	NB_ADDITIONAL,
	NB_TYPE,
	NB_CLASS,
	NB_TTL,
	NB_DATA_LENGTH,
	NB_ENTRY_FLAGS,
	NB_ADDRESS,
	NB_NAMES,
	NB_NAME,
	NB_NAME_USE,
	NB_NAME_FLAGS,
	NB_UNIT,
	NB_JUMPERS,
	NB_TEST_RESULT,
	NB_UNIT_VERSION,
	NB_PERIOD,
	NB_CRCS,
	NB_ALIGNMENTS,
	NB_COLLISIONS,
	NB_ABORTS,
	NB_SENDS,
	NB_RECEIVES,
	NB_RETRANSMITS,
	NB_NO_RESOURCES,
	NB_COMMAND_BLOCKS,
	NB_PENDING,
	NB_MOST_PENDING,
	NB_MOST_SESSIONS,
	NB_PACKET_SIZE,
	NB_DATA,
	NB_FIELDS
};

static LABELED_WORD type_names[] = {
	{ 1, L("A") },
	{ 2, L("NS") },
	{ 10, L("NULL") },
	{ TYPE_NB, L("NB") },
	{ TYPE_STATUS, L("NBSTAT") },
};

static struct _SET types = SET_OF(Word, type_names);

static LABELED_WORD opcode_names[] = {
	{ 0, L("Name query") },
	{ 5, L("Registration") },
	{ 6, L("Release") },
	{ 7, L("Wait for acknowledgement") },
	{ 8, L("Refresh") },
	{ 9, L("Refresh") },
	{ 15, L("Multi-homed registration") },
};

static struct _SET opcodes = SET_OF(Word, opcode_names);

static LABELED_WORD rcode_names[] = {
	{ 0, L("Success") },
	{ 1, L("Format error") },
	{ 2, L("Server failure") },
	{ 3, L("No such name") },
	{ 4, L("Unsupported request") },
	{ 5, L("Refused") },
	{ 6, L("Name is owned by another node") },
	{ 7, L("Name is in conflict") },
};

static struct _SET rcodes = SET_OF(Word, rcode_names);

static LABELED_BIT flag_bits[] = {
	MESSAGE_FLAG_BITS,
	{ 4, L("Not a broadcast"), L("Broadcast") },
};

static struct _SET flags = BITS_OF(flag_bits);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[NB_SUMMARY] = { "Summary of the message", "nbns", SUMMARY, .format = format_summary },
	MESSAGE_HEAD(NB_HEAD, "nbns", flags, opcodes, rcodes),
	[NB_QUESTION] = { "Question", "nbns.name", TEXT(0, 0) },
	[NB_ANSWER] = { "Answer", "nbns.name", TEXT(0, 0) },
	[NB_AUTHORITY] = { "Authority", "nbns.name", TEXT(0, 0) },
	[NB_ADDITIONAL] = { "Additional Record", "nbns.name", TEXT(0, 0) },
	[NB_TYPE] = { "Type", "nbns.type", U16(0), LABELED(types), .level = 2 },
	[NB_CLASS] = { "Class", "nbns.class", U16(2), .level = 2 },
	[NB_TTL] = { "Time to Live", "nbns.ttl", U32(4), .level = 2 },
	[NB_DATA_LENGTH] = { "Data Length", "nbns.data_length", U16(8), .level = 2 },
	[NB_ENTRY_FLAGS] = { "Owner Flags", "nbns.nb_flags", U16(0), .level = 2 },
	[NB_ADDRESS] = { "Owner Address", "nbns.addr", IP4(2), .level = 2 },
	[NB_NAMES] = { "Number of Names", "nbns.number_of_names", U8(0), .level = 2 },
	[NB_NAME] = { "Name", "nbns.netbios_name", TEXT(0, 0), .level = 2 },
	[NB_NAME_USE] = { "Name Use", NULL, U8(15), .level = 3 },
	[NB_NAME_FLAGS] = { "Name Flags", "nbns.name_flags", U16(16), .level = 3 },
	[NB_UNIT] = { "Unit Identifier", "nbns.unit_id", MAC(0), .level = 2 },
	[NB_JUMPERS] = { "Jumpers", "nbns.jumpers", U8(6), .level = 2 },
	[NB_TEST_RESULT] = { "Test Result", "nbns.test_result", U8(7), .level = 2 },
	[NB_UNIT_VERSION] = { "Unit's Version", "nbns.version_number", U16(8), .level = 2 },
	[NB_PERIOD] = { "Period of Statistics", "nbns.period_of_statistics", U16(10), .level = 2 },
	[NB_CRCS] = { "CRC Errors", "nbns.num_crcs", U16(12), .level = 2 },
	[NB_ALIGNMENTS] = { "Alignment Errors", "nbns.num_alignment_errors", U16(14), .level = 2 },
	[NB_COLLISIONS] = { "Collisions", "nbns.num_collisions", U16(16), .level = 2 },
	[NB_ABORTS] = { "Send Aborts", "nbns.num_send_aborts", U16(18), .level = 2 },
	[NB_SENDS] = { "Good Sends", "nbns.num_good_sends", U32(20), .level = 2 },
	[NB_RECEIVES] = { "Good Receives", "nbns.num_good_receives", U32(24), .level = 2 },
	[NB_RETRANSMITS] = { "Retransmissions", "nbns.numretransmits", U16(28), .level = 2 },
	[NB_NO_RESOURCES] = { "No-resource Conditions", "nbns.num_no_resource_conditions", U16(30),
	    .level = 2 },
	[NB_COMMAND_BLOCKS] = { "Command Blocks", "nbns.numcommand_blocks", U16(32), .level = 2 },
	[NB_PENDING] = { "Pending Sessions", "nbns.numpending_sessions", U16(34), .level = 2 },
	[NB_MOST_PENDING] = { "Most pending Sessions", "nbns.max_num_pending_sessions", U16(36),
	    .level = 2 },
	[NB_MOST_SESSIONS] = { "Most Sessions possible", "nbns.max_total_sessions_possible",
	    U16(38), .level = 2 },
	[NB_PACKET_SIZE] = { "Session Packet Size", "nbns.session_data_packet_size", U16(40),
	    .level = 2 },
	[NB_DATA] = { "Data", "nbns.data", BYTES(0, 0), .level = 2 },
};

static const PARSERFIELDNAME names[] = {
	{ L("Flags"), L("nbns.flags.response"), 0x8000, 0 },
	{ L("Flags"), L("nbns.flags.truncated"), 0x0200, 0 },
	{ L("Flags"), L("nbns.flags.recdesired"), 0x0100, 0 },
	{ L("Flags"), L("nbns.flags.broadcast"), 0x0010, 0 },
	{ L("Response Flags"), L("nbns.flags.authoritative"), 0x0400, 0 },
	{ L("Response Flags"), L("nbns.flags.recavail"), 0x0080, 0 },
	{ L("Owner Flags"), L("nbns.nb_flags.group"), 0x8000, 0 },
	{ L("Owner Flags"), L("nbns.nb_flags.ont"), 0x6000, 0 },
	{ L("Name Flags"), L("nbns.name_flags.group"), 0x8000, 0 },
	{ L("Name Flags"), L("nbns.name_flags.ont"), 0x6000, 0 },
	{ L("Name Flags"), L("nbns.name_flags.drg"), 0x1000, 0 },
	{ L("Name Flags"), L("nbns.name_flags.cnf"), 0x0800, 0 },
	{ L("Name Flags"), L("nbns.name_flags.act"), 0x0400, 0 },
	{ L("Name Flags"), L("nbns.name_flags.prm"), 0x0200, 0 },
};

/* ---- names ------------------------------------------------------------------------------- */

/* "SERVER<20>": what can't be shown is in hexadecimal, blanks at the end are padding. The
 * last of the 16 bytes says what the name is for. */
static unsigned put_netbios(char *out, size_t size, const uint8_t raw[NAME_BYTES], bool with_use)
{
	unsigned n = 0, end = NAME_BYTES - 1;

	while (end > 0 && raw[end - 1] == ' ')
		end--;
	for (unsigned i = 0; i < end && n < size; i++)
		n += (unsigned)snprintf(
		    out + n, size - n, isprint(raw[i]) ? "%c" : "<%02x>", raw[i]);
	if (with_use && n < size)
		n += (unsigned)snprintf(out + n, size - n, "<%02x>", raw[NAME_BYTES - 1]);
	return n < size ? n : (unsigned)size - 1;
}

static bool decode(const char *text, uint8_t raw[NAME_BYTES])
{
	for (unsigned i = 0; i < NAME_BYTES; i++) {
		unsigned high = (unsigned char)text[2 * i] - 'A';
		unsigned low = (unsigned char)text[2 * i + 1] - 'A';

		if (high > 15 || low > 15)
			return false;
		raw[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* The name at `at`, in its own letters: the first label of 32, and the scope behind it. */
static void read_name(const struct header *h, DWORD at, struct name *n)
{
	char text[NAME_MAX_TEXT];
	uint8_t raw[NAME_BYTES];
	unsigned used;

	name_read(h, at, n);
	if (n->bad || n->length < ENCODED || (n->text[ENCODED] && n->text[ENCODED] != '.') ||
	    !decode(n->text, raw))
		return;
	used = put_netbios(text, sizeof text, raw, true);
	used += (unsigned)snprintf(text + used, sizeof text - used, "%s", n->text + ENCODED);
	n->length = used < sizeof text ? used : (unsigned)sizeof text - 1;
	memcpy(n->text, text, n->length + 1);
}

/* ---- records ------------------------------------------------------------------------------ */

static void attach_status(const struct header *h)
{
	DWORD at = 1;

	fields_attach(h, &fields[NB_NAMES], 1);
	for (unsigned n = h->p[0]; n > 0 && at + STATUS <= h->left; n--, at += STATUS) {
		const struct header entry = { h->frame, h->p + at, STATUS };
		char text[NAME_MAX_TEXT];
		unsigned bytes = put_netbios(text, sizeof text, entry.p, false);

		field_attach_value(&entry, &fields[NB_NAME], 0, NAME_BYTES, text, bytes, 0);
		fields_attach(&entry, &fields[NB_NAME_USE], 2);
	}
	if (at < h->left) {
		const struct header rest = { h->frame, h->p + at, h->left - at };

		fields_attach(&rest, &fields[NB_UNIT], NB_DATA - NB_UNIT);
	}
}

static const struct element owners = { .first = NB_ENTRY_FLAGS, .n = 2, .every = ENTRY };

static void attach_data(const struct header *h, uint16_t type)
{
	if (type == TYPE_NB)
		(void)element_attach(h, fields, &owners, 1, 0);
	else if (type == TYPE_STATUS)
		attach_status(h);
	else
		fields_attach(h, &fields[NB_DATA], 1);
}

static DWORD attach_entry(const void *context, unsigned section, DWORD at)
{
	const struct header *h = context;
	const struct field *row = &fields[NB_QUESTION + section];
	struct header fixed = *h, data = *h;
	struct name name;
	struct part part;
	DWORD next;

	read_name(h, at, &name);
	name_attach(h, row, at, &name);
	fixed.p += name.end;
	fixed.left -= name.end;
	fields_attach(&fixed, &fields[NB_TYPE], 2);
	if (section == 0)
		return name.end + QUESTION_FIXED;
	fields_attach(&fixed, &fields[NB_TTL], 1);
	next = data_attach(h, &fields[NB_DATA_LENGTH], name.end, &part);
	data.p += part.at;
	data.left = part.size;
	if (data.left)
		attach_data(&data, be16(fixed.p));
	return next;
}

RECOGNIZE(recognize)
{
	(void)p;
	(void)left;
	(void)next;
	(void)instance;
	return rest_is_mine(status);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };

	field_attach_at(
	    &h, &fields[NB_SUMMARY], 0, h.left, h.left < MESSAGE_HEADER ? IFLAG_ERROR : 0);
	head_attach(&h, &fields[NB_HEAD]);
	(void)sections_attach(&h, &fields[NB_HEAD], attach_entry, &h);
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const struct header h = { .p = i->lpByte, .left = i->DataLength };
	bool is_response;
	struct name n;

	(void)frame;
	if (h.left < MESSAGE_HEADER) {
		text_put(i, "Cut short");
		return;
	}
	is_response = be16(h.p + 2) & MESSAGE_RESPONSE;
	put_code(i, "", &opcodes, h.p[2] >> 3 & 15, "Operation");
	text_put(i, is_response ? " response" : " request");
	if (be16(h.p + 4) || be16(h.p + 6)) {
		read_name(&h, MESSAGE_HEADER, &n);
		text_put(i, ", %s", n.text);
	}
	if (is_response)
		put_code(i, ", ", &rcodes, h.p[3] & 15, "code");
}

static const struct place places[] = { { TCPIP_INI, "UDP_HandoffSet", 137, false } };

struct parser nbns_parser = {
	.name = "NBNS",
	.comment = "NetBIOS name service (RFC 1002)",
	.fields = fields,
	.n_fields = NB_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
