/* SPDX-License-Identifier: MIT */
/* Mail: SMTP (RFC 5321), POP 3 (RFC 1939), IMAP 4 (RFC 9051). A line of a mail's text that
 * looks like a command is taken for one: nothing tells them apart in one segment. */
#include "dialog.h"

/* ---- SMTP ------------------------------------------------------------------------------------ */

enum { SMTP_COMMAND = DIALOG_FIELDS, SMTP_PARAMETER, SMTP_CODE, SMTP_TEXT, SMTP_FIELDS };

static struct field smtp_fields[] = {
	[DIALOG_SUMMARY] = { "Summary of the SMTP lines", "smtp", SUMMARY, .format = format_line },
	[DIALOG_IS_REQUEST] = { "Request", "smtp.req", U8(0), .level = HIDDEN },
	[DIALOG_IS_RESPONSE] = { "Response", "smtp.rsp", U8(0), .level = HIDDEN },
	[DIALOG_REQUEST] = { "Command Line", "smtp.command_line", TEXT(0, 0),
	    .format = format_line },
	[DIALOG_RESPONSE] = { "Response Line", "smtp.response", TEXT(0, 0), .format = format_line },
	[DIALOG_DATA] = { "Line of the Message", "smtp.message", TEXT(0, 0),
	    .format = format_line },
	[SMTP_COMMAND] = { "Command", "smtp.req.command", TEXT(0, 0), .level = 2 },
	[SMTP_PARAMETER] = { "Parameter", "smtp.req.parameter", TEXT(0, 0), .level = 2 },
	[SMTP_CODE] = { "Response Code", "smtp.response.code", LE_U32(0), .level = 2 },
	[SMTP_TEXT] = { "Response Parameter", "smtp.rsp.parameter", TEXT(0, 0), .level = 2 },
};

static const char *const smtp_commands[] = { "HELO", "EHLO", "LHLO", "MAIL", "RCPT", "DATA", "BDAT",
	"RSET", "NOOP", "QUIT", "VRFY", "EXPN", "HELP", "AUTH", "STARTTLS", "TURN", "ETRN", "SEND",
	"SOML", "SAML" };

static enum speech smtp_what(const struct header *h, struct part line)
{
	struct part rest = line, word = word_take(h, &rest);

	if (is_reply(h, line))
		return SPEECH_RESPONSE;
	for (size_t i = 0; i < COUNT(smtp_commands); i++)
		if (part_is(h, word, smtp_commands[i]))
			return SPEECH_REQUEST;
	return SPEECH_DATA;
}

static void smtp_request(const struct header *h, struct part line)
{
	words_attach(h, &smtp_fields[SMTP_COMMAND], line);
}

static void smtp_response(const struct header *h, struct part line)
{
	reply_attach(h, &smtp_fields[SMTP_CODE], line);
}

ATTACH(smtp_attach)
{
	static const struct dialog smtp = { smtp_fields, smtp_what, smtp_request, smtp_response,
		false };
	const struct header h = { frame, p, bounded(left, instance) };

	dialog_attach(&h, &smtp);
	return NULL;
}

static const struct place smtp_places[] = { TCP_PORT(25), TCP_PORT(587) };

struct parser smtp_parser = {
	.name = "SMTP",
	.comment = "Simple Mail Transfer Protocol (RFC 5321)",
	.fields = smtp_fields,
	.n_fields = SMTP_FIELDS,
	.recognize = claim_rest,
	.attach = smtp_attach,
	.places = smtp_places,
	.n_places = COUNT(smtp_places),
};

/* ---- POP ------------------------------------------------------------------------------------- */

enum { POP_COMMAND = DIALOG_FIELDS, POP_PARAMETER, POP_INDICATOR, POP_TEXT, POP_FIELDS };

static struct field pop_fields[] = {
	[DIALOG_SUMMARY] = { "Summary of the POP lines", "pop", SUMMARY, .format = format_line },
	[DIALOG_IS_REQUEST] = { "Request", NULL, U8(0), .level = HIDDEN },
	[DIALOG_IS_RESPONSE] = { "Response", NULL, U8(0), .level = HIDDEN },
	[DIALOG_REQUEST] = { "Request Line", "pop.request", TEXT(0, 0), .format = format_line },
	[DIALOG_RESPONSE] = { "Response Line", "pop.response", TEXT(0, 0), .format = format_line },
	[DIALOG_DATA] = { "Data", "pop.response.data", TEXT(0, 0), .format = format_line },
	[POP_COMMAND] = { "Command", "pop.request.command", TEXT(0, 0), .level = 2 },
	[POP_PARAMETER] = { "Parameter", "pop.request.parameter", TEXT(0, 0), .level = 2 },
	[POP_INDICATOR] = { "Indicator", "pop.response.indicator", TEXT(0, 0), .level = 2 },
	[POP_TEXT] = { "Description", "pop.response.description", TEXT(0, 0), .level = 2 },
};

static const char *const pop_commands[] = { "USER", "PASS", "APOP", "AUTH", "CAPA", "STLS", "STAT",
	"LIST", "RETR", "DELE", "NOOP", "RSET", "TOP", "UIDL", "QUIT", "UTF8" };

static enum speech pop_what(const struct header *h, struct part line)
{
	struct part rest = line, word = word_take(h, &rest);

	if (part_is(h, word, "+OK") || part_is(h, word, "-ERR"))
		return SPEECH_RESPONSE;
	for (size_t i = 0; i < COUNT(pop_commands); i++)
		if (part_is(h, word, pop_commands[i]))
			return SPEECH_REQUEST;
	return SPEECH_DATA;
}

static void pop_request(const struct header *h, struct part line)
{
	words_attach(h, &pop_fields[POP_COMMAND], line);
}

static void pop_response(const struct header *h, struct part line)
{
	words_attach(h, &pop_fields[POP_INDICATOR], line);
}

ATTACH(pop_attach)
{
	static const struct dialog pop = { pop_fields, pop_what, pop_request, pop_response, true };
	const struct header h = { frame, p, bounded(left, instance) };

	dialog_attach(&h, &pop);
	return NULL;
}

static const struct place pop_places[] = { TCP_PORT(110) };

struct parser pop_parser = {
	.name = "POP3",
	.comment = "Post Office Protocol, version 3 (RFC 1939)",
	.fields = pop_fields,
	.n_fields = POP_FIELDS,
	.recognize = claim_rest,
	.attach = pop_attach,
	.places = pop_places,
	.n_places = COUNT(pop_places),
};

/* ---- IMAP ------------------------------------------------------------------------------------ */

enum {
	IMAP_REQUEST_TAG = DIALOG_FIELDS,
	IMAP_COMMAND,
	IMAP_RESPONSE_TAG,
	IMAP_STATUS,
	IMAP_RESPONSE_COMMAND,
	IMAP_UNTAGGED_STATUS,
	IMAP_TEXT,
	IMAP_REQUEST,
	IMAP_RESPONSE,
	IMAP_UID,
	IMAP_FOLDER,
	IMAP_USER,
	IMAP_PASSWORD,
	IMAP_FIELDS
};

static struct field imap_fields[] = {
	[DIALOG_SUMMARY] = { "Summary of the IMAP lines", "imap", SUMMARY, .format = format_line },
	[DIALOG_IS_REQUEST] = { "Request", "imap.isrequest", U8(0), .level = HIDDEN },
	[DIALOG_IS_RESPONSE] = { "Response", NULL, U8(0), .level = HIDDEN },
	[DIALOG_REQUEST] = { "Request Line", "imap.line", TEXT(0, 0), .format = format_line },
	[DIALOG_RESPONSE] = { "Response Line", "imap.line", TEXT(0, 0), .format = format_line },
	[DIALOG_DATA] = { "Data", "imap.line", TEXT(0, 0), .format = format_line },
	[IMAP_REQUEST_TAG] = { "Request Tag", "imap.request_tag imap.tag", TEXT(0, 0), .level = 2 },
	[IMAP_COMMAND] = { "Request Command", "imap.request.command imap.command", TEXT(0, 0),
	    .level = 2 },
	[IMAP_RESPONSE_TAG] = { "Response Tag", "imap.response_tag imap.tag", TEXT(0, 0),
	    .level = 2 },
	[IMAP_STATUS] = { "Response Status", "imap.response.status", TEXT(0, 0), .level = 2 },
	[IMAP_RESPONSE_COMMAND] = { "Response Command", "imap.response.command imap.command",
	    TEXT(0, 0), .level = HIDDEN },
	[IMAP_UNTAGGED_STATUS] = { "Untagged Status", NULL, TEXT(0, 0), .level = 2 },
	[IMAP_TEXT] = { "Response Text", NULL, TEXT(0, 0), .level = 2 },
	[IMAP_REQUEST] = { "Whole Request", "imap.request", TEXT(0, 0), .level = HIDDEN },
	[IMAP_RESPONSE] = { "Tagged Response", "imap.response", TEXT(0, 0), .level = HIDDEN },
	[IMAP_UID] = { "By UID", "imap.request.command.uid", BITS8(0, 0xFF), .level = 2 },
	[IMAP_FOLDER] = { "Folder", "imap.request.folder", TEXT(0, 0), .level = 2 },
	[IMAP_USER] = { "User Name", "imap.request.username", TEXT(0, 0), .level = 2 },
	[IMAP_PASSWORD] = { "Password", "imap.request.password", TEXT(0, 0), .level = 2 },
};

static const char *const imap_statuses[] = { "OK", "NO", "BAD" };

static bool is_status(const struct header *h, struct part word)
{
	for (size_t i = 0; i < COUNT(imap_statuses); i++)
		if (part_is(h, word, imap_statuses[i]))
			return true;
	return false;
}

/* A tag, or "*" or "+" of a server, then a word. */
static enum speech imap_what(const struct header *h, struct part line)
{
	struct part rest = line, tag = word_take(h, &rest), word = word_take(h, &rest);

	if (part_is(h, tag, "*") || part_is(h, tag, "+") || is_status(h, word))
		return SPEECH_RESPONSE;
	return tag.size && is_command(h, word) ? SPEECH_REQUEST : SPEECH_DATA;
}

static const char *const folder_commands[] = { "SELECT", "EXAMINE", "CREATE", "DELETE", "RENAME",
	"SUBSCRIBE", "UNSUBSCRIBE", "STATUS", "APPEND" };

/* What stands behind the command. */
static void imap_arguments(const struct header *h, struct part command, struct part line)
{
	struct part first = word_take(h, &line);

	if (first.size == 0)
		return;
	if (part_is(h, command, "LOGIN")) {
		part_attach(h, &imap_fields[IMAP_USER], first, 0);
		if (line.size)
			part_attach(h, &imap_fields[IMAP_PASSWORD], word_take(h, &line), 0);
	}
	for (size_t i = 0; i < COUNT(folder_commands); i++)
		if (part_is(h, command, folder_commands[i]))
			part_attach(h, &imap_fields[IMAP_FOLDER], first, 0);
}

static void imap_request(const struct header *h, struct part line)
{
	static const uint8_t yes = 1;
	struct part whole = line, tag = word_take(h, &line), command = word_take(h, &line);

	part_attach(h, &imap_fields[IMAP_REQUEST], whole, 0);
	part_attach(h, &imap_fields[IMAP_REQUEST_TAG], tag, 0);
	if (part_is(h, command, "UID") && line.size) {
		field_attach_value(h, &imap_fields[IMAP_UID], command.at, command.size, &yes, 1, 0);
		command = word_take(h, &line);
	}
	part_attach(h, &imap_fields[IMAP_COMMAND], command, 0);
	imap_arguments(h, command, line);
}

static void imap_response(const struct header *h, struct part line)
{
	struct part whole = line, tag = word_take(h, &line), rest = line;
	struct part word = word_take(h, &rest);

	if (is_status(h, word))
		line = rest;
	if (tag.size > 1) {
		part_attach(h, &imap_fields[IMAP_RESPONSE], whole, 0);
		part_attach(h, &imap_fields[IMAP_RESPONSE_TAG], tag, 0);
		part_attach(h, &imap_fields[IMAP_STATUS], word, 0);
		word = word_take(h, &rest);
		if (word.size)
			part_attach(h, &imap_fields[IMAP_RESPONSE_COMMAND], word, 0);
	} else if (is_status(h, word)) {
		part_attach(h, &imap_fields[IMAP_UNTAGGED_STATUS], word, 0);
	}
	if (line.size)
		part_attach(h, &imap_fields[IMAP_TEXT], line, 0);
}

ATTACH(imap_attach)
{
	static const struct dialog imap = { imap_fields, imap_what, imap_request, imap_response,
		true };
	const struct header h = { frame, p, bounded(left, instance) };

	dialog_attach(&h, &imap);
	return NULL;
}

static const struct place imap_places[] = { TCP_PORT(143) };

struct parser imap_parser = {
	.name = "IMAP",
	.comment = "Internet Message Access Protocol (RFC 9051)",
	.fields = imap_fields,
	.n_fields = IMAP_FIELDS,
	.recognize = claim_rest,
	.attach = imap_attach,
	.places = imap_places,
	.n_places = COUNT(imap_places),
};
