/* SPDX-License-Identifier: MIT */
/* Syslog (RFC 3164, RFC 5424): "<34>text", a number of facility and severity, and text. */
#include "../common/lines.h"
#include "services.h"

#define DIGITS_MAX 3u
#define OLD_TIME   15u /* bytes of a time of RFC 3164 */

enum {
	SYSLOG_SUMMARY,
	SYSLOG_FACILITY,
	SYSLOG_LEVEL,
	SYSLOG_TEXT,
	SYSLOG_VERSION,
	SYSLOG_TIME,
	SYSLOG_HOST,
	SYSLOG_PROGRAM,
	SYSLOG_PROCESS,
	SYSLOG_MESSAGE,
	SYSLOG_OLD_TIME,
	SYSLOG_FIELDS
};

static LABELED_BYTE facility_names[] = {
	{ 0, L("kernel") },
	{ 1, L("user") },
	{ 2, L("mail") },
	{ 3, L("system daemons") },
	{ 4, L("security") },
	{ 5, L("syslog") },
	{ 6, L("printer") },
	{ 7, L("news") },
	{ 8, L("UUCP") },
	{ 9, L("clock") },
	{ 10, L("authorization") },
	{ 11, L("FTP") },
	{ 12, L("NTP") },
	{ 13, L("audit") },
	{ 14, L("alert") },
	{ 15, L("cron") },
	{ 16, L("local 0") },
	{ 17, L("local 1") },
	{ 18, L("local 2") },
	{ 19, L("local 3") },
	{ 20, L("local 4") },
	{ 21, L("local 5") },
	{ 22, L("local 6") },
	{ 23, L("local 7") },
};

static struct _SET facilities = SET_OF(Byte, facility_names);

static LABELED_BYTE level_names[] = {
	{ 0, L("emergency") },
	{ 1, L("alert") },
	{ 2, L("critical") },
	{ 3, L("error") },
	{ 4, L("warning") },
	{ 5, L("notice") },
	{ 6, L("information") },
	{ 7, L("debug") },
};

static struct _SET levels = SET_OF(Byte, level_names);

static struct field fields[] = {
	[SYSLOG_SUMMARY] = { "Summary of the log message", "syslog", SUMMARY,
	    .format = format_line },
	[SYSLOG_FACILITY] = { "Facility", "syslog.facility", U8(0), LABELED(facilities) },
	[SYSLOG_LEVEL] = { "Severity", "syslog.level", U8(0), LABELED(levels) },
	[SYSLOG_TEXT] = { "Message", "syslog.msg", TEXT(0, 0) },
	[SYSLOG_VERSION] = { "Version", "syslog.version", TEXT(0, 0), .level = 2 },
	[SYSLOG_TIME] = { "Time", NULL, TEXT(0, 0), .level = 2 },
	[SYSLOG_HOST] = { "Host", "syslog.hostname", TEXT(0, 0), .level = 2 },
	[SYSLOG_PROGRAM] = { "Program", "syslog.appname", TEXT(0, 0), .level = 2 },
	[SYSLOG_PROCESS] = { "Process", "syslog.procid", TEXT(0, 0), .level = 2 },
	[SYSLOG_MESSAGE] = { "Message Identifier", "syslog.msgid", TEXT(0, 0), .level = 2 },
	[SYSLOG_OLD_TIME] = { "Time without a Year", "syslog.timestamp_rfc3164", TEXT(0, 0),
	    .level = 2 },
};

/* Bytes of "<34>", and its number; 0: it is none. */
static DWORD priority(const uint8_t *p, DWORD left, unsigned *ret)
{
	DWORD at = 1;

	*ret = 0;
	if (left < 3 || p[0] != '<')
		return 0;
	while (at < left && at <= DIGITS_MAX && p[at] >= '0' && p[at] <= '9')
		*ret = *ret * 10 + (p[at++] - '0');
	return at > 1 && at < left && p[at] == '>' ? at + 1 : 0;
}

RECOGNIZE(recognize)
{
	unsigned value;

	(void)next;
	if (!priority(p, bounded(left, *instance), &value))
		return not_mine(p, status);
	return rest_is_mine(status);
}

/* "Jan 01 00:01:47 host program: text": what is a letter here, a digit or another sign. */
static bool has_old_time(const struct header *h, struct part p)
{
	static const char form[] = "aaa 00 00:00:00 ";

	for (unsigned i = 0; i < sizeof form - 1; i++) {
		uint8_t c = i < p.size ? h->p[p.at + i] : 0;
		bool is_digit = (c >= '0' && c <= '9') || (i == 4 && c == ' ');
		bool is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';

		if (form[i] == 'a' ? !is_letter : form[i] == '0' ? !is_digit : c != form[i])
			return false;
	}
	return true;
}

/* RFC 3164, 4.1. */
static void attach_old(const struct header *h, struct part p)
{
	struct part host, process;

	part_attach(h, &fields[SYSLOG_OLD_TIME], (struct part){ p.at, OLD_TIME }, 0);
	p.at += OLD_TIME + 1;
	p.size -= OLD_TIME + 1;
	host = word_take(h, &p);
	if (host.size)
		part_attach(h, &fields[SYSLOG_HOST], host, 0);
	process = (struct part){ p.at, part_find(h, p, ':') - p.at };
	if (process.size == p.size)
		return;
	part_attach(h, &fields[SYSLOG_PROCESS], process, 0);
	p.at += process.size;
	p.size -= process.size;
	part_attach(h, &fields[SYSLOG_MESSAGE], p, 0);
}

/* RFC 5424, 6: words in this order. */
static void attach_new(const struct header *h, struct part p)
{
	for (unsigned row = SYSLOG_VERSION; row <= SYSLOG_MESSAGE && p.size; row++)
		part_attach(h, &fields[row], word_take(h, &p), 0);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	struct part text;
	unsigned value;
	DWORD n = priority(p, h.left, &value);
	uint8_t facility = (uint8_t)(value >> 3), level = value & 7;

	field_attach_at(&h, &fields[SYSLOG_SUMMARY], 0, h.left, 0);
	field_attach_value(&h, &fields[SYSLOG_FACILITY], 0, n, &facility, 1, 0);
	field_attach_value(&h, &fields[SYSLOG_LEVEL], 0, n, &level, 1, 0);
	if (h.left <= n)
		return NULL;
	text = (struct part){ n, h.left - n };
	part_attach(&h, &fields[SYSLOG_TEXT], text, 0);
	if (has_old_time(&h, text))
		attach_old(&h, text);
	else if (text.size > 2 && h.p[n] == '1' && h.p[n + 1] == ' ')
		attach_new(&h, text);
	return NULL;
}

static const struct place places[] = { { TCPIP_INI, "UDP_HandoffSet", 514, false } };

struct parser syslog_parser = {
	.name = "SYSLOG",
	.comment = "Syslog (RFC 5424)",
	.fields = fields,
	.n_fields = SYSLOG_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
};
