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

#define HEADER      6u
#define LENGTH_MIN  12u
#define LENGTH_MAX  35000u /* that an implementation has to take */
#define PADDING_MIN 4u
#define KEXINIT     20u
#define KEX_LAST    49u /* the last message of the exchange of keys */
#define COOKIE      16u
#define LISTS       10u

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

static DWORD attach_packet(const struct header *h, DWORD at)
{
	DWORD n = be32(h->p + at) + 4, there = n < h->left - at ? n : h->left - at;
	const struct header packet = { h->frame, h->p + at, there };
	DWORD payload = there;

	if (there == n)
		payload -= packet.p[4] < n - HEADER ? packet.p[4] : n - HEADER;
	field_attach_at(h, &fields[SSH_PACKET], at, there, 0);
	fields_attach(&packet, &fields[SSH_LENGTH], 3);
	if (payload <= HEADER)
		return at + there;
	if (packet.p[5] == KEXINIT) {
		const struct header inner = { h->frame, packet.p, payload };

		attach_lists(&inner);
	} else {
		field_attach_at(&packet, &fields[SSH_PAYLOAD], HEADER, payload - HEADER, 0);
	}
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
