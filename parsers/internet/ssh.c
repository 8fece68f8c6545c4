/* SPDX-License-Identifier: MIT */
/* SSH (RFC 4253): the line of the version, and packets until they are encrypted.
 *
 *   OFFSET SIZE MEANING
 *   0      4    packet length, of what follows but the authentication code
 *   4      1    padding length
 *   5      1    message
 *   6           what the message has, then padding
 */
#include "internet.h"

#define HEADER          6u
#define LENGTH_MIN      12u
#define LENGTH_MAX      35000u /* that an implementation has to take */
#define PADDING_MIN     4u
#define KEXINIT         20u
#define KEX_INIT_KEY    30u
#define KEX_REPLY       31u
#define KEX_GROUP_REPLY 33u
#define KEX_LAST        49u /* the last message of the exchange of keys */
#define COOKIE          16u
#define LISTS           10u

enum {
	SSH_SUMMARY,
	SSH_VERSION,
	SSH_PACKET,
	SSH_LENGTH,
	SSH_PADDING_LENGTH,
	SSH_MESSAGE,
	SSH_PAYLOAD,
	SSH_ENCRYPTED,
	SSH_COOKIE,
	SSH_LISTS,
	SSH_LENGTHS = SSH_LISTS + LISTS,
	SSH_FOLLOWS = SSH_LENGTHS + LISTS,
	SSH_RESERVED,
	SSH_PADDING,
	SSH_CLIENT_KEY_LENGTH,
	SSH_CLIENT_KEY,
	SSH_HOST_KEY_LENGTH,
	SSH_HOST_TYPE_LENGTH,
	SSH_HOST_TYPE,
	SSH_EDDSA_LENGTH,
	SSH_EDDSA,
	SSH_HOST_DATA,
	SSH_SERVER_KEY_LENGTH,
	SSH_SERVER_KEY,
	SSH_SIGNATURE_LENGTH,
	SSH_SIGNATURE_TYPE_LENGTH,
	SSH_SIGNATURE_TYPE,
	SSH_SIGNATURE,
	SSH_FIELDS
};

static LABELED_BYTE message_names[] = {
	{ 1, L("Disconnect") },
	{ 2, L("Ignore") },
	{ 3, L("Unimplemented") },
	{ 4, L("Debug") },
	{ 5, L("Service request") },
	{ 6, L("Service accept") },
	{ 7, L("Extension information") },
	{ 20, L("Key exchange init") },
	{ 21, L("New keys") },
	{ 30, L("Key exchange: Diffie-Hellman init, or elliptic curve init") },
	{ 31, L("Key exchange: reply, or group") },
	{ 32, L("Key exchange: group exchange init") },
	{ 33, L("Key exchange: group exchange reply") },
	{ 34, L("Key exchange: group exchange request") },
};

static struct _SET messages = SET_OF(Byte, message_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

#define LIST(n_, label_, name_)                                                                    \
	[SSH_LISTS +                                                                               \
	    (n_)] = { label_, name_, .type = PROP_TYPE_STRING, .level = 3, .text = 2048 },         \
	    [SSH_LENGTHS + (n_)] = { label_ " Length", name_ "_length", U32(0), .level = 3 }

static struct field fields[] = {
	[SSH_SUMMARY] = { "Summary of SSH", "ssh", SUMMARY, .format = format_summary },
	[SSH_VERSION] = { "Protocol Version", "ssh.protocol", TEXT(0, 0) },
	[SSH_PACKET] = { "Packet", NULL, GROUP },
	[SSH_LENGTH] = { "Packet Length", "ssh.packet_length", U32(0), .level = 2 },
	[SSH_PADDING_LENGTH] = { "Padding Length", "ssh.padding_length", U8(4), .level = 2 },
	[SSH_MESSAGE] = { "Message", "ssh.message_code", U8(5), LABELED(messages), .level = 2 },
	[SSH_PAYLOAD] = { "Payload", NULL, BYTES(HEADER, 0), .level = 2 },
	[SSH_ENCRYPTED] = { "Encrypted Packet", "ssh.encrypted_packet", BYTES(0, 0) },
	[SSH_COOKIE] = { "Cookie", "ssh.cookie", BYTES(HEADER, COOKIE), .level = 3 },
	LIST(0, "Key Exchange Algorithms", "ssh.kex_algorithms"),
	LIST(1, "Server Host Key Algorithms", "ssh.server_host_key_algorithms"),
	LIST(2, "Encryption Algorithms, Client to Server",
	    "ssh.encryption_algorithms_client_to_server"),
	LIST(3, "Encryption Algorithms, Server to Client",
	    "ssh.encryption_algorithms_server_to_client"),
	LIST(4, "MAC Algorithms, Client to Server", "ssh.mac_algorithms_client_to_server"),
	LIST(5, "MAC Algorithms, Server to Client", "ssh.mac_algorithms_server_to_client"),
	LIST(6, "Compression Algorithms, Client to Server",
	    "ssh.compression_algorithms_client_to_server"),
	LIST(7, "Compression Algorithms, Server to Client",
	    "ssh.compression_algorithms_server_to_client"),
	LIST(8, "Languages, Client to Server", "ssh.languages_client_to_server"),
	LIST(9, "Languages, Server to Client", "ssh.languages_server_to_client"),
	[SSH_FOLLOWS] = { "First Key Exchange Packet Follows", "ssh.first_kex_packet_follows",
	    U8(0), .level = 3 },
	[SSH_RESERVED] = { "Reserved", "ssh.kex.reserved", U32(1), .level = 3 },
	[SSH_PADDING] = { "Padding", "ssh.padding_string", BYTES(0, 0), .level = 2 },
	[SSH_CLIENT_KEY_LENGTH] = { "Client's Ephemeral Key Length", "ssh.ecdh.q_c_length", U32(0),
	    .level = 3 },
	[SSH_CLIENT_KEY] = { "Client's Ephemeral Key", "ssh.ecdh.q_c ssh.dh.e", BYTES(0, 0),
	    .level = 3 },
	[SSH_HOST_KEY_LENGTH] = { "Host Key Length", "ssh.host_key.length", U32(0), .level = 3 },
	[SSH_HOST_TYPE_LENGTH] = { "Host Key Type Length", "ssh.host_key.type_length", U32(0),
	    .level = 4 },
	[SSH_HOST_TYPE] = { "Host Key Type", "ssh.host_key.type", TEXT(0, 0), .level = 4 },
	[SSH_EDDSA_LENGTH] = { "EdDSA Key Length", "ssh.host_key.eddsa.key_length", U32(0),
	    .level = 4 },
	[SSH_EDDSA] = { "EdDSA Key", "ssh.host_key.eddsa.key", BYTES(0, 0), .level = 4 },
	[SSH_HOST_DATA] = { "Host Key Data", NULL, BYTES(0, 0), .level = 4 },
	[SSH_SERVER_KEY_LENGTH] = { "Server's Ephemeral Key Length", "ssh.ecdh.q_s_length", U32(0),
	    .level = 3 },
	[SSH_SERVER_KEY] = { "Server's Ephemeral Key", "ssh.ecdh.q_s ssh.dh.f", BYTES(0, 0),
	    .level = 3 },
	[SSH_SIGNATURE_LENGTH] = { "Signature Length", "ssh.host_sig.length", U32(0), .level = 3 },
	[SSH_SIGNATURE_TYPE_LENGTH] = { "Signature Type Length", "ssh.host_sig.type_length", U32(0),
	    .level = 4 },
	[SSH_SIGNATURE_TYPE] = { "Signature Type", "ssh.host_sig.type", TEXT(0, 0), .level = 4 },
	[SSH_SIGNATURE] = { "Signature", NULL, BYTES(0, 0), .level = 4 },
};

static bool is_version(const struct header *h, DWORD at)
{
	return h->left - at >= 4 && memcmp(h->p + at, "SSH-", 4) == 0;
}

/* Before keys are exchanged; an encrypted one looks like anything. */
static bool is_packet(const struct header *h, DWORD at)
{
	const uint8_t *p = h->p + at;
	uint32_t length;

	if (h->left - at < HEADER)
		return false;
	length = be32(p);
	return length >= LENGTH_MIN && length <= LENGTH_MAX && (length + 4) % 8 == 0 &&
	       p[4] >= PADDING_MIN && p[4] < length && p[5] >= 1 && p[5] <= KEX_LAST;
}

/* Ten lists of names, each with its length. */
static void attach_lists(const struct header *packet)
{
	DWORD at = HEADER + COOKIE;

	fields_attach(packet, &fields[SSH_COOKIE], 1);
	for (unsigned i = 0; i < LISTS && at < packet->left; i++) {
		DWORD n;

		field_attach_at(packet, &fields[SSH_LENGTHS + i], at, 4, 0);
		if (packet->left - at < 4)
			return;
		n = be32(packet->p + at);
		at += 4;
		if (n > packet->left - at)
			n = packet->left - at;
		if (n)
			field_attach_at(packet, &fields[SSH_LISTS + i], at, n, 0);
		at += n;
	}
	if (packet->left > at) {
		const struct header end = { packet->frame, packet->p + at, packet->left - at };

		fields_attach(&end, &fields[SSH_FOLLOWS], 2);
	}
}

/* A string: its length, and behind that so many bytes (RFC 4251, 5), of which *ret has what is
 * there. Rows `length` and `length` + 1; SSH_FIELDS: no row for the bytes. Where it ends. */
static DWORD attach_string(
    const struct header *h, DWORD at, unsigned length, unsigned bytes, struct header *ret)
{
	DWORD n;

	*ret = (struct header){ h->frame, h->p + h->left, 0 };
	if (at >= h->left)
		return h->left;
	n = h->left - at >= 4 ? be32(h->p + at) : 0;
	field_attach_at(
	    h, &fields[length], at, 4, h->left - at >= 4 && n > h->left - at - 4 ? IFLAG_ERROR : 0);
	if (h->left - at <= 4)
		return h->left;
	at += 4;
	ret->p = h->p + at;
	ret->left = n < h->left - at ? n : h->left - at;
	if (bytes != SSH_FIELDS && ret->left)
		field_attach_at(ret, &fields[bytes], 0, ret->left, 0);
	return at + ret->left;
}

/* What is behind `at` of a key or signature. */
static void attach_tail(const struct header *h, unsigned row, DWORD at)
{
	if (at < h->left)
		field_attach_at(h, &fields[row], at, h->left - at, 0);
}

static void attach_host_key(const struct header *key)
{
	static const char eddsa[] = "ssh-ed25519";
	struct header type, data;
	DWORD at = attach_string(key, 0, SSH_HOST_TYPE_LENGTH, SSH_HOST_TYPE, &type);

	if (type.left >= sizeof eddsa - 1 && memcmp(type.p, eddsa, sizeof eddsa - 1) == 0)
		at = attach_string(key, at, SSH_EDDSA_LENGTH, SSH_EDDSA, &data);
	attach_tail(key, SSH_HOST_DATA, at);
}

/* The messages of Diffie and Hellman's exchange, over numbers or a curve, have the same numbers
 * and form (RFC 4253, 8; RFC 5656, 4). */
static void attach_init(const struct header *body)
{
	struct header key;

	attach_tail(
	    body, SSH_PAYLOAD, attach_string(body, 0, SSH_CLIENT_KEY_LENGTH, SSH_CLIENT_KEY, &key));
}

static void attach_reply(const struct header *body)
{
	struct header key, other, signature, type;
	DWORD at = attach_string(body, 0, SSH_HOST_KEY_LENGTH, SSH_FIELDS, &key);

	attach_host_key(&key);
	at = attach_string(body, at, SSH_SERVER_KEY_LENGTH, SSH_SERVER_KEY, &other);
	at = attach_string(body, at, SSH_SIGNATURE_LENGTH, SSH_FIELDS, &signature);
	attach_tail(&signature, SSH_SIGNATURE,
	    attach_string(&signature, 0, SSH_SIGNATURE_TYPE_LENGTH, SSH_SIGNATURE_TYPE, &type));
	attach_tail(body, SSH_PAYLOAD, at);
}

/* A reply begins with a key, whose type is a name; a group of a group exchange does not. */
static bool is_reply_body(const struct header *body)
{
	DWORD n = body->left > 8 ? be32(body->p + 4) : 0;

	if (n == 0 || n > body->left - 8 || be32(body->p) < n + 4)
		return false;
	return part_is_text(body, (struct part){ 8, n });
}

static void attach_payload(const struct header *packet, DWORD payload)
{
	const struct header inner = { packet->frame, packet->p, payload };
	const struct header body = { packet->frame, packet->p + HEADER, payload - HEADER };

	if (packet->p[5] == KEXINIT)
		attach_lists(&inner);
	else if (packet->p[5] == KEX_INIT_KEY)
		attach_init(&body);
	else if ((packet->p[5] == KEX_REPLY || packet->p[5] == KEX_GROUP_REPLY) &&
		 is_reply_body(&body))
		attach_reply(&body);
	else
		field_attach_at(packet, &fields[SSH_PAYLOAD], HEADER, payload - HEADER, 0);
}

static DWORD attach_packet(const struct header *h, DWORD at)
{
	DWORD n = be32(h->p + at) + 4, there = n < h->left - at ? n : h->left - at;
	const struct header packet = { h->frame, h->p + at, there };
	DWORD payload = there;

	if (there == n)
		payload -= packet.p[4] < n - HEADER ? packet.p[4] : n - HEADER;
	field_attach_at(h, &fields[SSH_PACKET], at, there, 0);
	fields_attach(&packet, &fields[SSH_LENGTH], 3);
	if (payload > HEADER)
		attach_payload(&packet, payload);
	if (payload < there)
		field_attach_at(&packet, &fields[SSH_PADDING], payload, there - payload, 0);
	return at + there;
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	struct line line;
	DWORD at = 0;

	field_attach_at(&h, &fields[SSH_SUMMARY], 0, h.left, 0);
	while (at < h.left && at < MESSAGES_END) {
		if (is_version(&h, at) && line_at(&h, at, &line)) {
			part_attach(&h, &fields[SSH_VERSION], line.text, 0);
			at = line.next;
		} else if (is_packet(&h, at)) {
			at = attach_packet(&h, at);
		} else {
			field_attach_at(&h, &fields[SSH_ENCRYPTED], at, h.left - at, 0);
			break;
		}
	}
	return NULL;
}

/* "SSH-2.0-OpenSSH_9.2", "Key exchange init" */
static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const struct header h = { frame, i->lpByte, i->DataLength };
	const char *name;

	if (is_version(&h, 0)) {
		text_put_line(i);
	} else if (is_packet(&h, 0)) {
		name = (const char *)LookupByteSetString(&messages, h.p[5]);
		if (name)
			text_put(i, "%s", name);
		else
			text_put(i, "Message %u", h.p[5]);
	} else {
		text_put(i, "Encrypted packet, length %u", h.left);
	}
}

static const struct place places[] = {
	TCP_PORT(22),
	TCP_PORT(29418),
};

struct parser ssh_parser = {
	.name = "SSH",
	.comment = "Secure Shell (RFC 4253)",
	.fields = fields,
	.n_fields = SSH_FIELDS,
	.recognize = claim_rest,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
};
