/* SPDX-License-Identifier: MIT */
/* Syslog (RFC 3164, RFC 5424): "<34>text", a number of facility and severity, and text. */
#include "../common/lines.h"
#include "services.h"

#define DIGITS_MAX 3u

enum { SYSLOG_SUMMARY, SYSLOG_FACILITY, SYSLOG_LEVEL, SYSLOG_TEXT, SYSLOG_FIELDS };

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

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	unsigned value;
	DWORD n = priority(p, h.left, &value);
	uint8_t facility = (uint8_t)(value >> 3), level = value & 7;

	field_attach_at(&h, &fields[SYSLOG_SUMMARY], 0, h.left, 0);
	field_attach_value(&h, &fields[SYSLOG_FACILITY], 0, n, &facility, 1, 0);
	field_attach_value(&h, &fields[SYSLOG_LEVEL], 0, n, &level, 1, 0);
	if (h.left > n)
		field_attach_at(&h, &fields[SYSLOG_TEXT], n, h.left - n, 0);
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
