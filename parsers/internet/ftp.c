/* SPDX-License-Identifier: MIT */
/* FTP (RFC 959, 2428): the control connection. */
#include "../common/system.h"

#include "dialog.h"

#define FAMILY_IP       1u /* of RFC 2428 */
#define FAMILY_IP6      2u
#define ADDRESS_LONGEST 45u /* bytes of an address's text */

enum {
	FTP_COMMAND = DIALOG_FIELDS,
	FTP_ARGUMENT,
	FTP_CODE,
	FTP_TEXT,
	FTP_ACTIVE_IP,
	FTP_ACTIVE_PORT,
	FTP_PASSIVE_IP,
	FTP_PASSIVE_PORT,
	FTP_EXTENDED_PORT,
	FTP_FAMILY,
	FTP_EXTENDED_IP,
	FTP_EXTENDED_IP6,
	FTP_EXTENDED_ACTIVE,
	FTP_FIELDS
};

static LABELED_BYTE family_names[] = {
	{ FAMILY_IP, L("IP") },
	{ FAMILY_IP6, L("IPv6") },
};

static struct _SET families = SET_OF(Byte, family_names);

static struct field fields[] = {
	[DIALOG_SUMMARY] = { "Summary of the FTP lines", "ftp", SUMMARY, .format = format_line },
	[DIALOG_IS_REQUEST] = { "Request", "ftp.request", U8(0), .level = HIDDEN },
	[DIALOG_IS_RESPONSE] = { "Response", "ftp.response", U8(0), .level = HIDDEN },
	[DIALOG_REQUEST] = { "Request Line", NULL, TEXT(0, 0), .format = format_line },
	[DIALOG_RESPONSE] = { "Response Line", NULL, TEXT(0, 0), .format = format_line },
	[DIALOG_DATA] = { "Text", NULL, TEXT(0, 0), .format = format_line },
	[FTP_COMMAND] = { "Command", "ftp.request.command", TEXT(0, 0), .level = 2 },
	[FTP_ARGUMENT] = { "Argument", "ftp.request.arg", TEXT(0, 0), .level = 2 },
	[FTP_CODE] = { "Response Code", "ftp.response.code", LE_U32(0), .level = 2 },
	[FTP_TEXT] = { "Response Argument", "ftp.response.arg", TEXT(0, 0), .level = 2 },
	[FTP_ACTIVE_IP] = { "Active IP Address", "ftp.active.cip", IP4(0), .level = 2 },
	[FTP_ACTIVE_PORT] = { "Active Port", "ftp.active.port", LE_U16(0), .level = 2 },
	[FTP_PASSIVE_IP] = { "Passive IP Address", "ftp.passive.ip", IP4(0), .level = 2 },
	[FTP_PASSIVE_PORT] = { "Passive Port", "ftp.passive.port", LE_U16(0), .level = 2 },
	[FTP_EXTENDED_PORT] = { "Extended Passive Port", "ftp.epsv.port", LE_U16(0), .level = 2 },
	[FTP_FAMILY] = { "Extended Active Family", "ftp.eprt.af", U8(0), LABELED(families),
	    .level = 2 },
	[FTP_EXTENDED_IP] = { "Extended Active Address", "ftp.eprt.ip", IP4(0), .level = 2 },
	[FTP_EXTENDED_IP6] = { "Extended Active IPv6 Address", "ftp.eprt.ipv6", IPV6(0),
	    .level = 2 },
	[FTP_EXTENDED_ACTIVE] = { "Extended Active Port", "ftp.eprt.port", LE_U16(0), .level = 2 },
};

static enum speech what(const struct header *h, struct part line)
{
	if (is_reply(h, line))
		return SPEECH_RESPONSE;
	return is_command(h, line) ? SPEECH_REQUEST : SPEECH_DATA;
}

/* "h,h,h,h,p,p", anywhere in the text. */
static bool address(const struct header *h, struct part text, uint8_t ip[4], uint16_t *port)
{
	uint8_t n[6];
	DWORD at = text.at, end = text.at + text.size;

	while (at < end && (h->p[at] < '0' || h->p[at] > '9'))
		at++;
	for (unsigned i = 0; i < 6; i++) {
		struct part digits = { at, 0 };
		uint64_t v;

		while (at < end && h->p[at] >= '0' && h->p[at] <= '9')
			at++;
		digits.size = at - digits.at;
		if (!part_number(h, digits, 10, &v) || v > 255)
			return false;
		if (i < 5 && (at == end || h->p[at++] != ','))
			return false;
		n[i] = (uint8_t)v;
	}
	memcpy(ip, n, 4);
	*port = be16(n + 4);
	return true;
}

static void attach_address(const struct header *h, unsigned ip_row, struct part text)
{
	uint8_t ip[4];
	uint16_t port;

	if (!address(h, text, ip, &port))
		return;
	field_attach_value(h, &fields[ip_row], text.at, text.size, ip, sizeof ip, 0);
	field_attach_value(h, &fields[ip_row + 1], text.at, text.size, &port, sizeof port, 0);
}

/* The part of *rest up to the next `c`, behind which *rest then begins. */
static struct part take_up_to(const struct header *h, struct part *rest, char c)
{
	DWORD end = rest->at + rest->size, at = part_find(h, *rest, c);
	struct part before = { rest->at, at - rest->at };

	rest->at = at < end ? at + 1 : end;
	rest->size = end - rest->at;
	return before;
}

static void attach_text_address(const struct header *h, uint64_t family, struct part text)
{
	bool is_ip6 = family == FAMILY_IP6;
	char shown[ADDRESS_LONGEST + 1];
	uint8_t bytes[16];

	if (text.size > ADDRESS_LONGEST)
		return;
	memcpy(shown, h->p + text.at, text.size);
	shown[text.size] = '\0';
	if (inet_pton(is_ip6 ? AF_INET6 : AF_INET, shown, bytes) == 1)
		field_attach_value(h, &fields[is_ip6 ? FTP_EXTENDED_IP6 : FTP_EXTENDED_IP], text.at,
		    text.size, bytes, is_ip6 ? 16 : 4, 0);
}

/* "|2|2001:db8::1|5282|", with any other sign in the place of "|" */
static void attach_extended_active(const struct header *h, struct part text)
{
	struct part family, address;
	uint64_t number;
	char sign;

	if (text.size == 0)
		return;
	sign = (char)h->p[text.at];
	(void)take_up_to(h, &text, sign);
	family = take_up_to(h, &text, sign);
	address = take_up_to(h, &text, sign);
	if (!part_number(h, family, 10, &number))
		return;
	part_attach(h, &fields[FTP_FAMILY], family, 0);
	if (number == FAMILY_IP || number == FAMILY_IP6)
		attach_text_address(h, number, address);
	if (text.size)
		part_attach(h, &fields[FTP_EXTENDED_ACTIVE], take_up_to(h, &text, sign), 0);
}

static void attach_request(const struct header *h, struct part line)
{
	struct part rest = line, command = word_take(h, &rest);

	words_attach(h, &fields[FTP_COMMAND], line);
	if (part_is(h, command, "PORT"))
		attach_address(h, FTP_ACTIVE_IP, rest);
	else if (part_is(h, command, "EPRT"))
		attach_extended_active(h, rest);
}

/* "229 Entering Extended Passive Mode (|||6446|)" */
static void attach_extended(const struct header *h, struct part text)
{
	DWORD at = part_find(h, text, '(') + 4, end = text.at + text.size;
	struct part digits = { at, 0 };
	uint16_t port;
	uint64_t v;

	while (at < end && h->p[at] >= '0' && h->p[at] <= '9')
		at++;
	digits.size = at - digits.at;
	if (!part_number(h, digits, 10, &v) || v > UINT16_MAX)
		return;
	port = (uint16_t)v;
	field_attach_value(
	    h, &fields[FTP_EXTENDED_PORT], digits.at, digits.size, &port, sizeof port, 0);
}

static void attach_response(const struct header *h, struct part line)
{
	struct part text = { line.at + 3, line.size - 3 };

	reply_attach(h, &fields[FTP_CODE], line);
	if (part_begins(h, line, "227"))
		attach_address(h, FTP_PASSIVE_IP, text);
	else if (part_begins(h, line, "229"))
		attach_extended(h, text);
}

ATTACH(attach)
{
	static const struct dialog ftp = { fields, what, attach_request, attach_response, true };
	const struct header h = { frame, p, bounded(left, instance) };

	dialog_attach(&h, &ftp);
	return NULL;
}

static const struct place places[] = { TCP_PORT(21) };

struct parser ftp_parser = {
	.name = "FTP",
	.comment = "File Transfer Protocol, control (RFC 959)",
	.fields = fields,
	.n_fields = FTP_FIELDS,
	.recognize = claim_rest,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
};
