/* SPDX-License-Identifier: MIT */
/* SNMP: versions 1 (RFC 1157), 2 (RFC 3416), and 3 (RFC 3412) with USM (RFC 3414). */
#include "../common/ber.h"
#include "../common/times.h"
#include "services.h"

#define BINDINGS_MAX 1024u

/* An engine's identifier (RFC 3411, 5, SnmpEngineID): what stands behind its maker. */
#define FORMAT_IP     1u
#define FORMAT_IP6    2u
#define FORMAT_MAC    3u
#define FORMAT_TEXT   4u
#define FORMAT_OCTETS 5u
#define ENGINE_DATA   5u  /* bytes before what the format is of */
#define RFC_1910      12u /* bytes of one without a format */
#define NET_SNMP      8072u
#define UCD_SNMP      2021u /* as the same project called itself */
#define TIMED         13u   /* bytes of one of theirs: a random number, and a time */

#define INTEGER    0x02u
#define OCTETS     0x04u
#define EMPTY      0x05u
#define OID        0x06u
#define SEQUENCE   0x30u
#define IP_ADDRESS 0x40u
#define TICKS      0x43u
#define TRAP_V1    0xA4u
#define BULK       0xA5u
#define PDU_LAST   0xA8u

enum {
	SNMP_SUMMARY,
	SNMP_VERSION,
	SNMP_VERSION_3,
	SNMP_COMMUNITY,
	SNMP_ID,
	SNMP_MAX_SIZE,
	SNMP_FLAGS,
	SNMP_FLAG_BITS,
	SNMP_MODEL,
	SNMP_SECURITY,
	SNMP_ENGINE,
	SNMP_BOOTS,
	SNMP_TIME,
	SNMP_USER,
	SNMP_AUTHENTICATION,
	SNMP_PRIVACY,
	SNMP_ENCRYPTED,
	SNMP_CONTEXT_ENGINE,
	SNMP_CONTEXT,
	SNMP_PDU,
	SNMP_REQUEST,
	SNMP_STATUS,
	SNMP_INDEX,
	SNMP_NON_REPEATERS,
	SNMP_REPETITIONS,
	SNMP_ENTERPRISE,
	SNMP_AGENT,
	SNMP_GENERIC,
	SNMP_SPECIFIC,
	SNMP_STAMP,
	SNMP_BINDINGS,
	SNMP_NAME,
	SNMP_INTEGER,
	SNMP_OCTETS,
	SNMP_NULL,
	SNMP_OID,
	SNMP_IP,
	SNMP_COUNTER,
	SNMP_GAUGE,
	SNMP_TICKS,
	SNMP_OPAQUE,
	SNMP_NO_OBJECT,
	SNMP_NO_INSTANCE,
	SNMP_END,
	SNMP_UNKNOWN,
	SNMP_MALFORMED,
	SNMP_CONFORMS,
	SNMP_MAKER,
	SNMP_FORMAT,
	SNMP_ENGINE_IP,
	SNMP_ENGINE_IP6,
	SNMP_ENGINE_MAC,
	SNMP_ENGINE_TEXT,
	SNMP_ENGINE_DATA,
	SNMP_ENGINE_TIME,
	SNMP_MESSAGE_DATA,
	SNMP_FIELDS
};

static LABELED_DWORD version_names[] = {
	{ 0, L("1") },
	{ 1, L("2c") },
	{ 2, L("2u") },
	{ 3, L("3") },
};

static struct _SET versions = SET_OF(Dword, version_names);

static LABELED_DWORD pdu_names[] = {
	{ 0, L("Get request") },
	{ 1, L("Get next request") },
	{ 2, L("Response") },
	{ 3, L("Set request") },
	{ 4, L("Trap, version 1") },
	{ 5, L("Get bulk request") },
	{ 6, L("Inform request") },
	{ 7, L("Trap") },
	{ 8, L("Report") },
};

static struct _SET pdus = SET_OF(Dword, pdu_names);

static LABELED_DWORD error_names[] = {
	{ 0, L("No error") },
	{ 1, L("Too big") },
	{ 2, L("No such name") },
	{ 3, L("Bad value") },
	{ 4, L("Read only") },
	{ 5, L("General error") },
	{ 6, L("No access") },
	{ 7, L("Wrong type") },
	{ 8, L("Wrong length") },
	{ 9, L("Wrong encoding") },
	{ 10, L("Wrong value") },
	{ 11, L("No creation") },
	{ 12, L("Inconsistent value") },
	{ 13, L("Resource unavailable") },
	{ 14, L("Commit failed") },
	{ 15, L("Undo failed") },
	{ 16, L("Authorization error") },
	{ 17, L("Not writable") },
	{ 18, L("Inconsistent name") },
};

static struct _SET errors = SET_OF(Dword, error_names);

static LABELED_DWORD trap_names[] = {
	{ 0, L("Cold start") },
	{ 1, L("Warm start") },
	{ 2, L("Link down") },
	{ 3, L("Link up") },
	{ 4, L("Authentication failure") },
	{ 5, L("Neighbor loss") },
	{ 6, L("Enterprise-specific") },
};

static struct _SET traps = SET_OF(Dword, trap_names);

static LABELED_DWORD model_names[] = {
	{ 0, L("Any") },
	{ 1, L("Version 1") },
	{ 2, L("Version 2c") },
	{ 3, L("User-based") },
	{ 4, L("Transport") },
};

static struct _SET models = SET_OF(Dword, model_names);

static LABELED_BYTE format_names[] = {
	{ FORMAT_IP, L("IP address") },
	{ FORMAT_IP6, L("IPv6 address") },
	{ FORMAT_MAC, L("MAC address") },
	{ FORMAT_TEXT, L("Text") },
	{ FORMAT_OCTETS, L("Octets") },
};

static struct _SET formats = SET_OF(Byte, format_names);

static LABELED_DWORD content_names[] = {
	{ 0, L("Plain text") },
	{ 1, L("Encrypted") },
};

static struct _SET contents = SET_OF(Dword, content_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static void format_signed(LPPROPERTYINST i, HFRAME frame)
{
	(void)frame;
	text_label(i);
	if (i->DataLength == 0xFFFF) /* a value of its own, as all have */
		text_put(i, "%lld", (long long)i->lpPropertyInstEx->LargeInt[0].QuadPart);
}

/* Numbers are of any length in a message: those of 4 bytes here are what they come to. */
static struct field fields[] = {
	[SNMP_SUMMARY] = { "Summary of the SNMP message", "snmp", SUMMARY,
	    .format = format_summary },
	[SNMP_VERSION] = { "Version", "snmp.version", LE_U32(0), LABELED(versions) },
	[SNMP_VERSION_3] = { "Message Version", "snmp.msgVersion", LE_U32(0), LABELED(versions) },
	[SNMP_COMMUNITY] = { "Community", "snmp.community", TEXT(0, 0) },
	[SNMP_ID] = { "Message Identifier", "snmp.msgID", LE_U32(0) },
	[SNMP_MAX_SIZE] = { "Maximum Size", "snmp.msgMaxSize", LE_U32(0) },
	[SNMP_FLAGS] = { "Message Flags", "snmp.msgFlags", BYTES(0, 0) },
	[SNMP_FLAG_BITS] = { "Message Flag Bits", NULL, U8(0), .level = HIDDEN },
	[SNMP_MODEL] = { "Security Model", "snmp.msgSecurityModel", LE_U32(0), LABELED(models) },
	[SNMP_SECURITY] = { "Security Parameters", NULL, BYTES(0, 0) },
	[SNMP_ENGINE] = { "Authoritative Engine", "snmp.msgAuthoritativeEngineID", BYTES(0, 0),
	    .level = 2 },
	[SNMP_BOOTS] = { "Engine Boots", "snmp.msgAuthoritativeEngineBoots", LE_U32(0),
	    .level = 2 },
	[SNMP_TIME] = { "Engine Time", "snmp.msgAuthoritativeEngineTime", LE_U32(0), .level = 2 },
	[SNMP_USER] = { "User", "snmp.msgUserName", TEXT(0, 0), .level = 2 },
	[SNMP_AUTHENTICATION] = { "Authentication Parameters", "snmp.msgAuthenticationParameters",
	    BYTES(0, 0), .level = 2 },
	[SNMP_PRIVACY] = { "Privacy Parameters", "snmp.msgPrivacyParameters", BYTES(0, 0),
	    .level = 2 },
	[SNMP_ENCRYPTED] = { "Encrypted Data", "snmp.encryptedPDU", BYTES(0, 0) },
	[SNMP_CONTEXT_ENGINE] = { "Context Engine", "snmp.contextEngineID", BYTES(0, 0) },
	[SNMP_CONTEXT] = { "Context", "snmp.contextName", TEXT(0, 0) },
	[SNMP_PDU] = { "PDU", "snmp.data", LE_U32(0), LABELED(pdus) },
	[SNMP_REQUEST] = { "Request Identifier", "snmp.request_id", LE_U32(0), .level = 2 },
	[SNMP_STATUS] = { "Error Status", "snmp.error_status", LE_U32(0), LABELED(errors),
	    .level = 2 },
	[SNMP_INDEX] = { "Error Index", "snmp.error_index", LE_U32(0), .level = 2 },
	[SNMP_NON_REPEATERS] = { "Non-repeaters", "snmp.non_repeaters", LE_U32(0), .level = 2 },
	[SNMP_REPETITIONS] = { "Maximum Repetitions", "snmp.max_repetitions", LE_U32(0),
	    .level = 2 },
	[SNMP_ENTERPRISE] = { "Enterprise", "snmp.enterprise", .type = PROP_TYPE_OBJECT_IDENTIFIER,
	    .text = 512, .level = 2 },
	[SNMP_AGENT] = { "Agent Address", "snmp.agent_addr", IP4(0), .level = 2 },
	[SNMP_GENERIC] = { "Generic Trap", "snmp.generic_trap", LE_U32(0), LABELED(traps),
	    .level = 2 },
	[SNMP_SPECIFIC] = { "Specific Trap", "snmp.specific_trap", LE_U32(0), .level = 2 },
	[SNMP_STAMP] = { "Timestamp", "snmp.time_stamp", LE_U32(0), .level = 2 },
	[SNMP_BINDINGS] = { "Variable Bindings", "snmp.variable_bindings", LE_U32(0), .level = 2 },
	[SNMP_NAME] = { "Object", "snmp.name", .type = PROP_TYPE_OBJECT_IDENTIFIER, .text = 512,
	    .level = 3 },
	[SNMP_INTEGER] = { "Integer", "snmp.value.int", LE_U64(0), .level = 4,
	    .format = format_signed },
	[SNMP_OCTETS] = { "Octets", "snmp.value.octets", BYTES(0, 0), .level = 4 },
	[SNMP_NULL] = { "Null", "snmp.value.null", GROUP, .level = 4 },
	[SNMP_OID] = { "Object Identifier", "snmp.value.oid", .type = PROP_TYPE_OBJECT_IDENTIFIER,
	    .text = 512, .level = 4 },
	[SNMP_IP] = { "IP Address", "snmp.value.ipv4", IP4(0), .level = 4 },
	[SNMP_COUNTER] = { "Counter", "snmp.value.counter", LE_U64(0), .level = 4 },
	[SNMP_GAUGE] = { "Unsigned", "snmp.value.u32", LE_U64(0), .level = 4 },
	[SNMP_TICKS] = { "Ticks", "snmp.value.timeticks", LE_U64(0), .level = 4 },
	[SNMP_OPAQUE] = { "Opaque", "snmp.value.opaque", BYTES(0, 0), .level = 4 },
	[SNMP_NO_OBJECT] = { "No such Object", "snmp.noSuchObject", GROUP, .level = 4 },
	[SNMP_NO_INSTANCE] = { "No such Instance", "snmp.noSuchInstance", GROUP, .level = 4 },
	[SNMP_END] = { "End of View", "snmp.endOfMibView", GROUP, .level = 4 },
	[SNMP_UNKNOWN] = { "Value", "snmp.value.unk", BYTES(0, 0), .level = 4 },
	[SNMP_MALFORMED] = { "Malformed", NULL, BYTES(0, 0) },
	[SNMP_CONFORMS] = { "Engine of SNMPv3's Form", "snmp.engineid.conform", BITS8(0, 0x80),
	    .level = 3 },
	[SNMP_MAKER] = { "Engine's Enterprise", "snmp.engineid.enterprise", BITS32(0, 0x7FFFFFFF),
	    .level = 3 },
	[SNMP_FORMAT] = { "Engine's Format", "snmp.engineid.format", U8(4), LABELED(formats),
	    .level = 3 },
	[SNMP_ENGINE_IP] = { "Engine's IP Address", "snmp.engineid.ipv4", IP4(5), .level = 3 },
	[SNMP_ENGINE_IP6] = { "Engine's IPv6 Address", "snmp.engineid.ipv6", IPV6(5), .level = 3 },
	[SNMP_ENGINE_MAC] = { "Engine's MAC Address", "snmp.engineid.mac", MAC(5), .level = 3 },
	[SNMP_ENGINE_TEXT] = { "Engine's Text", "snmp.engineid.text", TEXT(5, 0), .level = 3 },
	[SNMP_ENGINE_DATA] = { "Engine's Data", "snmp.engineid.data", BYTES(5, 0), .level = 3 },
	[SNMP_ENGINE_TIME] = { "Engine's Creation", "snmp.engineid.time", TIME_4(9), .level = 3 },
	[SNMP_MESSAGE_DATA] = { "Message Data", "snmp.msgData", LE_U32(0), LABELED(contents) },
};

/* ---- a cursor over BER ------------------------------------------------------------------------ */

struct element {
	uint8_t tag;
	struct header body; /* the contents, as far as they are there */
	bool is_cut;
};

/* The element at the cursor, which goes behind it; false: there is none. */
static bool take(struct header *cursor, struct element *ret)
{
	struct ber b;

	if (!ber_at(cursor, 0, &b))
		return false;
	ret->tag = b.tag;
	ret->is_cut = b.size < b.told;
	ret->body = (struct header){ cursor->frame, cursor->p + b.at, b.size };
	cursor->p += b.at + b.size;
	cursor->left -= b.at + b.size;
	return true;
}

/* Of what counts, agents leave out the leading 0: only an integer has a sign. */
static uint64_t number(const struct element *e)
{
	return ber_bits(e->body.p, e->body.left, e->tag == INTEGER);
}

static void attach_element(const struct element *e, unsigned row)
{
	const struct field *f = &fields[row];
	DWORD flags = e->is_cut ? IFLAG_ERROR : 0;
	uint64_t v;
	uint8_t bytes[8];

	if (f->type != PROP_TYPE_DWORD && f->type != PROP_TYPE_LARGEINT) {
		field_attach_at(&e->body, f, 0, e->body.left, flags);
		return;
	}
	v = number(e);
	for (unsigned i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(v >> 8 * i);
	field_attach_value(&e->body, f, 0, e->body.left, bytes, f->size, flags);
}

/* The row of what stands behind the format, which has that many bytes; SNMP_FIELDS: none. */
static unsigned engine_row(uint8_t format, DWORD bytes)
{
	switch (format) {
	case FORMAT_IP: return bytes == 4 ? SNMP_ENGINE_IP : SNMP_FIELDS;
	case FORMAT_IP6: return bytes == 16 ? SNMP_ENGINE_IP6 : SNMP_FIELDS;
	case FORMAT_MAC: return bytes == 6 ? SNMP_ENGINE_MAC : SNMP_FIELDS;
	case FORMAT_TEXT: return SNMP_ENGINE_TEXT;
	default: return SNMP_ENGINE_DATA;
	}
}

static void attach_engine(const struct header *h)
{
	uint32_t maker;
	unsigned row;

	if (h->left < 4)
		return;
	maker = be32(h->p) & 0x7FFFFFFF;
	fields_attach(h, &fields[SNMP_CONFORMS], 2);
	if (!(h->p[0] & 0x80)) {
		if (h->left == RFC_1910)
			field_attach_at(h, &fields[SNMP_ENGINE_DATA], 4, RFC_1910 - 4, 0);
		return;
	}
	fields_attach(h, &fields[SNMP_FORMAT], 1);
	if (h->left <= ENGINE_DATA)
		return;
	if (h->p[4] == 128 && (maker == NET_SNMP || maker == UCD_SNMP) && h->left == TIMED) {
		field_attach_at(h, &fields[SNMP_ENGINE_DATA], ENGINE_DATA, 4, 0);
		time_attach(h, &fields[SNMP_ENGINE_TIME], 9, 4, le32(h->p + 9), 0);
		return;
	}
	row = engine_row(h->p[4], h->left - ENGINE_DATA);
	if (row != SNMP_FIELDS)
		fields_attach(h, &fields[row], 1);
}

struct step {
	uint8_t tag;
	uint16_t row;
};

/* Elements of these tags, in this order; false: something else came. */
static bool attach_steps(struct header *cursor, const struct step *s, unsigned n)
{
	struct element e;

	for (; n > 0; n--, s++) {
		struct header before = *cursor;

		if (!take(cursor, &e) || e.tag != s->tag) {
			*cursor = before;
			return false;
		}
		attach_element(&e, s->row);
		if (s->row == SNMP_ENGINE || s->row == SNMP_CONTEXT_ENGINE)
			attach_engine(&e.body);
	}
	return true;
}

static void malformed(const struct header *at)
{
	field_attach_at(at, &fields[SNMP_MALFORMED], 0, at->left, IFLAG_ERROR);
}

/* ---- what all versions carry ------------------------------------------------------------------- */

static const struct step values[] = {
	{ INTEGER, SNMP_INTEGER },
	{ OCTETS, SNMP_OCTETS },
	{ EMPTY, SNMP_NULL },
	{ OID, SNMP_OID },
	{ IP_ADDRESS, SNMP_IP },
	{ 0x41, SNMP_COUNTER },
	{ 0x42, SNMP_GAUGE },
	{ TICKS, SNMP_TICKS },
	{ 0x44, SNMP_OPAQUE },
	{ 0x46, SNMP_COUNTER },
	{ 0x80, SNMP_NO_OBJECT },
	{ 0x81, SNMP_NO_INSTANCE },
	{ 0x82, SNMP_END },
};

static bool attach_binding(struct header *list)
{
	struct element binding, e;
	unsigned i = 0;

	if (!take(list, &binding) || binding.tag != SEQUENCE || !take(&binding.body, &e) ||
	    e.tag != OID)
		return false;
	attach_element(&e, SNMP_NAME);
	if (!take(&binding.body, &e))
		return false;
	while (i < COUNT(values) && values[i].tag != e.tag)
		i++;
	attach_element(&e, i < COUNT(values) ? values[i].row : SNMP_UNKNOWN);
	return !binding.is_cut;
}

static uint32_t count_bindings(struct header list)
{
	struct element e;
	uint32_t n = 0;

	while (n < BINDINGS_MAX && take(&list, &e))
		n++;
	return n;
}

static void attach_bindings(struct header *cursor)
{
	struct element list;
	uint32_t n;

	if (!take(cursor, &list) || list.tag != SEQUENCE) {
		malformed(cursor);
		return;
	}
	n = count_bindings(list.body);
	field_attach_value(&list.body, &fields[SNMP_BINDINGS], 0, list.body.left, &n, 4,
	    list.is_cut ? IFLAG_ERROR : 0);
	for (uint32_t i = 0; i < n; i++)
		if (!attach_binding(&list.body)) {
			malformed(&list.body);
			return;
		}
}

static const struct step plain_steps[] = {
	{ INTEGER, SNMP_REQUEST },
	{ INTEGER, SNMP_STATUS },
	{ INTEGER, SNMP_INDEX },
};

static const struct step bulk_steps[] = {
	{ INTEGER, SNMP_REQUEST },
	{ INTEGER, SNMP_NON_REPEATERS },
	{ INTEGER, SNMP_REPETITIONS },
};

static const struct step trap_steps[] = {
	{ OID, SNMP_ENTERPRISE },
	{ IP_ADDRESS, SNMP_AGENT },
	{ INTEGER, SNMP_GENERIC },
	{ INTEGER, SNMP_SPECIFIC },
	{ TICKS, SNMP_STAMP },
};

static void attach_pdu(struct header *cursor)
{
	struct element pdu;
	uint32_t kind;
	bool ok;

	if (!take(cursor, &pdu) || pdu.tag < 0xA0 || pdu.tag > PDU_LAST) {
		malformed(cursor);
		return;
	}
	kind = pdu.tag & 0x1F;
	field_attach_value(
	    &pdu.body, &fields[SNMP_PDU], 0, pdu.body.left, &kind, 4, pdu.is_cut ? IFLAG_ERROR : 0);
	if (pdu.tag == TRAP_V1)
		ok = attach_steps(&pdu.body, trap_steps, COUNT(trap_steps));
	else if (pdu.tag == BULK)
		ok = attach_steps(&pdu.body, bulk_steps, COUNT(bulk_steps));
	else
		ok = attach_steps(&pdu.body, plain_steps, COUNT(plain_steps));
	if (ok)
		attach_bindings(&pdu.body);
	else
		malformed(&pdu.body);
}

/* ---- version 3 ------------------------------------------------------------------------------------ */

static const struct step global_steps[] = {
	{ INTEGER, SNMP_ID },
	{ INTEGER, SNMP_MAX_SIZE },
	{ OCTETS, SNMP_FLAGS },
	{ INTEGER, SNMP_MODEL },
};

static const struct step user_steps[] = {
	{ OCTETS, SNMP_ENGINE },
	{ INTEGER, SNMP_BOOTS },
	{ INTEGER, SNMP_TIME },
	{ OCTETS, SNMP_USER },
	{ OCTETS, SNMP_AUTHENTICATION },
	{ OCTETS, SNMP_PRIVACY },
};

static const struct step scope_steps[] = {
	{ OCTETS, SNMP_CONTEXT_ENGINE },
	{ OCTETS, SNMP_CONTEXT },
};

/* A sequence of these, at the cursor. */
static bool attach_sequence(struct header *cursor, const struct step *s, unsigned n)
{
	struct element e;

	return take(cursor, &e) && e.tag == SEQUENCE && attach_steps(&e.body, s, n);
}

/* The flags are octets, of which the first one has bits. */
static void attach_flag_bits(struct header cursor)
{
	struct element head, e = { 0 };

	if (!take(&cursor, &head) || head.tag != SEQUENCE)
		return;
	for (unsigned i = 0; i < 3; i++)
		if (!take(&head.body, &e))
			return;
	if (e.tag == OCTETS)
		fields_attach(&e.body, &fields[SNMP_FLAG_BITS], 1);
}

static void attach_version_3(struct header *cursor)
{
	struct element e;
	uint32_t is_encrypted;

	attach_flag_bits(*cursor);
	if (!attach_sequence(cursor, global_steps, COUNT(global_steps)) || !take(cursor, &e) ||
	    e.tag != OCTETS) {
		malformed(cursor);
		return;
	}
	attach_element(&e, SNMP_SECURITY);
	if (e.body.left && !attach_sequence(&e.body, user_steps, COUNT(user_steps)))
		malformed(&e.body);
	if (!take(cursor, &e)) {
		malformed(cursor);
		return;
	}
	is_encrypted = e.tag == OCTETS;
	field_attach_value(
	    &e.body, &fields[SNMP_MESSAGE_DATA], 0, e.body.left, &is_encrypted, 4, 0);
	if (is_encrypted) {
		attach_element(&e, SNMP_ENCRYPTED);
	} else if (e.tag == SEQUENCE && attach_steps(&e.body, scope_steps, COUNT(scope_steps))) {
		attach_pdu(&e.body);
	} else {
		malformed(&e.body);
	}
}

/* ---- the protocol ----------------------------------------------------------------------------------- */

/* A message's version, and the cursor behind it; -1: it is none. */
static int64_t take_version(struct header *cursor, struct element *ret)
{
	struct element message;

	if (!take(cursor, &message) || message.tag != SEQUENCE || !take(&message.body, ret) ||
	    ret->tag != INTEGER || ret->body.left > 4)
		return -1;
	*cursor = message.body;
	return (int64_t)number(ret);
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
	static const struct step community = { OCTETS, SNMP_COMMUNITY };
	struct header cursor = h;
	struct element e;
	int64_t version = take_version(&cursor, &e);

	field_attach_at(&h, &fields[SNMP_SUMMARY], 0, h.left, version < 0 ? IFLAG_ERROR : 0);
	if (version < 0)
		return NULL;
	attach_element(&e, version == 3 ? SNMP_VERSION_3 : SNMP_VERSION);
	if (version == 3)
		attach_version_3(&cursor);
	else if (version <= 2 && attach_steps(&cursor, &community, 1))
		attach_pdu(&cursor);
	else
		malformed(&cursor);
	return NULL;
}

static void put_pdu(LPPROPERTYINST i, struct header cursor)
{
	struct element e, request;
	const char *name;

	if (!take(&cursor, &e) || e.tag != OCTETS || !take(&cursor, &e))
		return;
	name = (const char *)LookupDwordSetString(&pdus, e.tag & 0x1F);
	text_put(i, ", %s", name ? name : "PDU");
	if (e.tag != TRAP_V1 && take(&e.body, &request) && request.tag == INTEGER)
		text_put(i, " %u", (unsigned)number(&request));
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	struct header cursor = { frame, i->lpByte, i->DataLength };
	struct element e;
	int64_t version = take_version(&cursor, &e);
	const char *name =
	    version < 0 ? NULL : (const char *)LookupDwordSetString(&versions, (DWORD)version);

	if (!name) {
		text_put(i, "Malformed");
		return;
	}
	text_put(i, "Version %s", name);
	if (version < 3)
		put_pdu(i, cursor);
}

static const PARSERFIELDNAME names[] = {
	{ L("Message Flag Bits"), L("snmp.v3.flags.auth"), 1, 0 },
	{ L("Message Flag Bits"), L("snmp.v3.flags.crypt"), 2, 0 },
	{ L("Message Flag Bits"), L("snmp.v3.flags.report"), 4, 0 },
};

static const struct place places[] = {
	{ TCPIP_INI, "UDP_HandoffSet", 161, false },
	{ TCPIP_INI, "UDP_HandoffSet", 162, false },
};

struct parser snmp_parser = {
	.name = "SNMP",
	.comment = "Simple Network Management Protocol (RFC 3411)",
	.fields = fields,
	.n_fields = SNMP_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
