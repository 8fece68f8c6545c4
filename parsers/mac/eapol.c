/* SPDX-License-Identifier: MIT */
/* EAP over LAN (IEEE 802.1X): authentication at a port, and keys of 802.11.
 *
 *   OFFSET SIZE MEANING
 *   0      1    version
 *   1      1    type
 *   2      2    length of what follows
 *   4           of a key: descriptor 1, and for those of 802.11 the rows below
 */
#include "../common/list.h"
#include "mac.h"

#define HEADER   4u
#define TYPE_EAP 0u
#define TYPE_KEY 3u
#define KEY_RC4  1u
#define KEY_RSN  2u
#define KEY_WPA  254u
#define KEY_DATA 99u /* where it begins */

enum {
	EAPOL_SUMMARY,
	EAPOL_VERSION,
	EAPOL_TYPE,
	EAPOL_LENGTH,
	EAPOL_BODY,
	EAP_CODE,
	EAP_ID,
	EAP_LENGTH,
	EAP_TYPE,
	EAP_IDENTITY,
	EAP_DATA,
	KEY_DESCRIPTOR,
	KEY_INFORMATION,
	KEY_KIND,
	KEY_LENGTH,
	KEY_REPLAY,
	KEY_NONCE,
	KEY_IV,
	KEY_RSC,
	KEY_ID,
	KEY_MIC,
	KEY_DATA_LENGTH,
	KEY_CONTENT,
	RC4_LENGTH,
	RC4_REPLAY,
	RC4_IV,
	RC4_INDEX,
	RC4_SIGNATURE,
	RC4_CONTENT,
	EAPOL_FIELDS
};

static LABELED_BYTE version_names[] = {
	{ 1, L("802.1X-2001") },
	{ 2, L("802.1X-2004") },
	{ 3, L("802.1X-2010") },
};

static LABELED_BYTE type_names[] = {
	{ TYPE_EAP, L("EAP packet") },
	{ 1, L("Start") },
	{ 2, L("Logoff") },
	{ TYPE_KEY, L("Key") },
	{ 4, L("Encapsulated ASF alert") },
	{ 5, L("MKA") },
	{ 6, L("Announcement, generic") },
	{ 7, L("Announcement, specific") },
	{ 8, L("Announcement request") },
};

static LABELED_BYTE eap_code_names[] = {
	{ 1, L("Request") },
	{ 2, L("Response") },
	{ 3, L("Success") },
	{ 4, L("Failure") },
	{ 5, L("Initiate") },
	{ 6, L("Finish") },
};

static LABELED_BYTE eap_type_names[] = {
	{ 1, L("Identity") },
	{ 2, L("Notification") },
	{ 3, L("Nak") },
	{ 4, L("MD5 challenge") },
	{ 5, L("One-time password") },
	{ 6, L("Generic token card") },
	{ 13, L("EAP-TLS") },
	{ 17, L("LEAP") },
	{ 18, L("EAP-SIM") },
	{ 21, L("EAP-TTLS") },
	{ 23, L("EAP-AKA") },
	{ 25, L("PEAP") },
	{ 26, L("MS-CHAP-V2") },
	{ 43, L("EAP-FAST") },
	{ 50, L("EAP-AKA'") },
	{ 52, L("EAP-PWD") },
	{ 55, L("TEAP") },
	{ 254, L("Expanded") },
};

static LABELED_BYTE descriptor_names[] = {
	{ KEY_RC4, L("RC4") },
	{ KEY_RSN, L("IEEE 802.11") },
	{ KEY_WPA, L("WPA") },
};

static LABELED_BIT information_bits[] = {
	{ 3, L("Group key"), L("Pairwise key") },
	{ 6, L("Do not install"), L("Install") },
	{ 7, L("No acknowledgement wanted"), L("Acknowledgement wanted") },
	{ 8, L("No integrity code"), L("Integrity code") },
	{ 9, L("Not secure"), L("Secure") },
	{ 10, L("No error"), L("Error") },
	{ 11, L("Not a request"), L("Request") },
	{ 12, L("Data is not encrypted"), L("Data is encrypted") },
};

static struct _SET versions = SET_OF(Byte, version_names);
static struct _SET types = SET_OF(Byte, type_names);
static struct _SET eap_codes = SET_OF(Byte, eap_code_names);
static struct _SET eap_types = SET_OF(Byte, eap_type_names);
static struct _SET descriptors = SET_OF(Byte, descriptor_names);
static struct _SET information = BITS_OF(information_bits);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

#define R_ "wlan_rsna_eapol.keydes"

static struct field fields[] = {
	[EAPOL_SUMMARY] = { "Summary of the EAPOL frame", "eapol", SUMMARY,
	    .format = format_summary },
	[EAPOL_VERSION] = { "Version", "eapol.version", U8(0), LABELED(versions) },
	[EAPOL_TYPE] = { "Type", "eapol.type", U8(1), LABELED(types) },
	[EAPOL_LENGTH] = { "Length", "eapol.len", U16(2) },
	[EAPOL_BODY] = { "Body", NULL, BYTES(HEADER, 0) },
	[EAP_CODE] = { "EAP Code", "eap.code", U8(4), LABELED(eap_codes), .level = 2 },
	[EAP_ID] = { "EAP Identifier", "eap.id", U8(5), .level = 2 },
	[EAP_LENGTH] = { "EAP Length", "eap.len", U16(6), .level = 2 },
	[EAP_TYPE] = { "EAP Type", "eap.type", U8(8), LABELED(eap_types), .level = 2 },
	[EAP_IDENTITY] = { "Identity", "eap.identity", TEXT(9, 0), .level = 2 },
	[EAP_DATA] = { "EAP Data", NULL, BYTES(9, 0), .level = 2 },
	[KEY_DESCRIPTOR] = { "Key Descriptor", "eapol.keydes.type", U8(4), LABELED(descriptors),
	    .level = 2 },
	[KEY_INFORMATION] = { "Key Information", R_ ".key_info", U16(5), FLAGS(information),
	    .level = 2 },
	[KEY_KIND] = { "Key Descriptor Version", R_ ".key_info.keydes_version", BITS16(5, 0x0007),
	    .level = 2 },
	[KEY_LENGTH] = { "Key Length", "eapol.keydes.key_len", U16(7), .level = 2 },
	[KEY_REPLAY] = { "Replay Counter", "eapol.keydes.replay_counter", U64(9), .level = 2 },
	[KEY_NONCE] = { "Nonce", R_ ".nonce", BYTES(17, 32), .level = 2 },
	[KEY_IV] = { "Key IV", "eapol.keydes.key_iv", BYTES(49, 16), .level = 2 },
	[KEY_RSC] = { "Receive Sequence Counter", R_ ".rsc", BYTES(65, 8), .level = 2 },
	[KEY_ID] = { "Key ID", R_ ".id", BYTES(73, 8), .level = 2 },
	[KEY_MIC] = { "Message Integrity Code", R_ ".mic", BYTES(81, 16), .level = 2 },
	[KEY_DATA_LENGTH] = { "Key Data Length", R_ ".data_len", U16(97), .level = 2 },
	[KEY_CONTENT] = { "Key Data", R_ ".data", BYTES(KEY_DATA, 0), .level = 2 },
	[RC4_LENGTH] = { "RC4 Key Length", "eapol.keydes.key_len", U16(5), .level = 2 },
	[RC4_REPLAY] = { "RC4 Replay Counter", "eapol.keydes.replay_counter", U64(7), .level = 2 },
	[RC4_IV] = { "RC4 Key IV", "eapol.keydes.key_iv", BYTES(15, 16), .level = 2 },
	[RC4_INDEX] = { "RC4 Key Index", "eapol.keydes.key_index", U8(31), .level = 2 },
	[RC4_SIGNATURE] = { "RC4 Key Signature", "eapol.keydes.key_signature", BYTES(32, 16),
	    .level = 2 },
	[RC4_CONTENT] = { "RC4 Key", "eapol.keydes.key", BYTES(48, 0), .level = 2 },
};

static const PARSERFIELDNAME names[] = {
	{ L("Key Information"), L(R_ ".key_info.key_type"), 0x0008, 0 },
	{ L("Key Information"), L(R_ ".key_info.key_index"), 0x0030, 0 },
	{ L("Key Information"), L(R_ ".key_info.install"), 0x0040, 0 },
	{ L("Key Information"), L(R_ ".key_info.key_ack"), 0x0080, 0 },
	{ L("Key Information"), L(R_ ".key_info.key_mic"), 0x0100, 0 },
	{ L("Key Information"), L(R_ ".key_info.secure"), 0x0200, 0 },
	{ L("Key Information"), L(R_ ".key_info.error"), 0x0400, 0 },
	{ L("Key Information"), L(R_ ".key_info.request"), 0x0800, 0 },
	{ L("Key Information"), L(R_ ".key_info.encrypted_key_data"), 0x1000, 0 },
	{ L("Key Information"), L(R_ ".key_info.smk_message"), 0x2000, 0 },
};

/* By key descriptor. */
static const struct element keys[] = {
	{ .type = KEY_RC4, .first = RC4_LENGTH, .n = EAPOL_FIELDS - RC4_LENGTH },
	{ .type = KEY_RSN, .first = KEY_INFORMATION, .n = KEY_CONTENT - KEY_INFORMATION },
	{ .type = KEY_WPA, .first = KEY_INFORMATION, .n = KEY_CONTENT - KEY_INFORMATION },
};

static void attach_eap(const struct header *h)
{
	fields_attach(h, &fields[EAP_CODE], EAP_TYPE - EAP_CODE);
	if (h->p[HEADER] != 1 && h->p[HEADER] != 2) /* only requests and responses have a type */
		return;
	fields_attach(h, &fields[EAP_TYPE], 1);
	if (h->left > 9)
		fields_attach(h, &fields[h->p[8] == 1 ? EAP_IDENTITY : EAP_DATA], 1);
}

static void attach_key(const struct header *h)
{
	DWORD n;

	fields_attach(h, &fields[KEY_DESCRIPTOR], 1);
	if (!element_attach(h, fields, keys, COUNT(keys), h->p[HEADER]) ||
	    h->p[HEADER] == KEY_RC4 || h->left < KEY_DATA)
		return;
	n = be16(h->p + KEY_DATA - 2);
	if (n)
		field_attach_at(h, &fields[KEY_CONTENT], KEY_DATA, n, 0);
}

ATTACH(attach)
{
	struct header h = { frame, p, bounded(left, instance) };
	DWORD bytes = h.left >= HEADER ? HEADER + be16(p + 2) : HEADER;
	DWORD flags = bytes > h.left ? IFLAG_ERROR : 0;

	field_attach_at(&h, &fields[EAPOL_SUMMARY], 0, bytes, flags);
	fields_attach(&h, &fields[EAPOL_VERSION], EAPOL_LENGTH - EAPOL_VERSION);
	if (h.left > 2)
		field_attach_at(&h, &fields[EAPOL_LENGTH], 2, 2, flags);
	if (bytes < h.left)
		h.left = bytes;
	if (h.left <= HEADER)
		return NULL;
	fields_attach(&h, &fields[EAPOL_BODY], 1);
	if (p[1] == TYPE_EAP)
		attach_eap(&h);
	else if (p[1] == TYPE_KEY)
		attach_key(&h);
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
	name = (const char *)LookupByteSetString(&types, p[1]);
	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "type %u", p[1]);
	name = p[1] == TYPE_EAP && i->DataLength > HEADER
		   ? (const char *)LookupByteSetString(&eap_codes, p[HEADER])
		   : NULL;
	if (name)
		text_put(i, ", %s", name);
	text_put(i, ", length %u", be16(p + 2));
}

static const struct place places[] = {
	{ MAC_INI, "ETYPE_HandoffSet", 0x888E, true },
	{ MAC_INI, "ETYPE_HandoffSet", 0x88C7, true }, /* before association */
};

struct parser eapol_parser = {
	.name = "EAPOL",
	.comment = "EAP over LAN (IEEE 802.1X)",
	.fields = fields,
	.n_fields = EAPOL_FIELDS,
	.recognize = claim_rest,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
