/* SPDX-License-Identifier: MIT */
/* Messages, and numbers for people. */
#include "cli/cli.h"

#include "base/civil.h"
#include "base/diag.h"
#include "base/utf8.h"
#include "system/temporary.h"
#include "system/terminal.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <libsmartcols.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cli_say(const char *fmt, ...)
{
	char raw[2 * CLI_TEXT], line[4 * sizeof raw]; /* \xNN for each byte */
	va_list ap;

	va_start(ap, fmt);
	(void)nm_text_fit(raw, sizeof raw, fmt, ap);
	va_end(ap);
	(void)nm_text_clean(line, sizeof line, raw);
	(void)fprintf(stderr, "netmon: %s\n", line);
}

void cli_message(void *nothing, const char *line)
{
	(void)nothing;
	cli_say("%s", line);
}

const char *cli_clean(char *s, const char *text)
{
	return nm_text_clean(s, CLI_TEXT, text);
}

json_t *cli_json_text(const char *s)
{
	char clean[CLI_TEXT];
	size_t left = strlen(s), at = 0;
	uint32_t cp;

	while (at < left) {
		unsigned len = nm_utf8_next(s + at, left - at, &cp);

		if (len == 0 || !nm_cp_is_printable(cp))
			return json_string(cli_clean(clean, s));
		at += len;
	}
	return json_string(s);
}

const char *cli_count(char *s, uint64_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof digits, "%" PRIu64, n), o = 0;

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			s[o++] = ',';
		s[o++] = digits[i];
	}
	s[o] = '\0';
	return s;
}

const char *cli_bytes(char *s, uint64_t n)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double v = (double)n / 1024;
	unsigned u = 0;

	(void)cli_count(s, n);
	(void)strcat(s, n == 1 ? " byte" : " bytes"); /* far below CLI_TEXT */
	if (n < 1024)
		return s;
	for (; v >= 1024 && u + 1 < sizeof units / sizeof units[0]; u++)
		v /= 1024;
	(void)snprintf(s + strlen(s), CLI_TEXT - strlen(s), " (%.1f %s)", v, units[u]);
	return s;
}

const char *cli_time_utc(char *s, int64_t ns)
{
	struct nm_civil c = nm_civil_from_ns(ns);
	int rest = (int)(ns % 1000000000);

	(void)snprintf(s, CLI_TEXT, "%04u-%02u-%02uT%02u:%02u:%02u.%09dZ", c.year, c.month, c.day,
	    c.hour, c.minute, c.second, rest < 0 ? rest + 1000000000 : rest);
	return s;
}

const char *cli_seconds(char *s, uint64_t ns)
{
	uint64_t sec = ns / 1000000000;
	char whole[CLI_TEXT];

	(void)snprintf(
	    s, CLI_TEXT, "%.40s.%09" PRIu64 " s", cli_count(whole, sec), ns % 1000000000);
	if (sec >= 3600)
		(void)snprintf(s + strlen(s), CLI_TEXT - strlen(s),
		    " (%" PRIu64 " h %" PRIu64 " min %" PRIu64 " s)", sec / 3600, sec / 60 % 60,
		    sec % 60);
	else if (sec >= 60)
		(void)snprintf(s + strlen(s), CLI_TEXT - strlen(s),
		    " (%" PRIu64 " min %" PRIu64 " s)", sec / 60, sec % 60);
	return s;
}

const char *cli_phase(char *s, enum nm_phase phase)
{
	(void)snprintf(
	    s, CLI_TEXT, "%s%s", phase == NM_PHASE_AFTER ? "" : "in ", nm_phase_word(phase));
	return s;
}

int cli_print_table(struct libscols_table *tb)
{
	char *s = NULL;

	if (scols_print_table_to_string(tb, &s) != 0)
		return ENOMEM;
	for (char *line = s, *next; line && *line; line = next) {
		size_t n = strcspn(line, "\n");

		next = line + n + (line[n] == '\n');
		while (n && line[n - 1] == ' ')
			n--;
		(void)printf("%.*s\n", (int)n, line);
	}
	free(s);
	return 0;
}

int cli_output_error(const char *path, int err)
{
	const char *name = path && strcmp(path, "-") != 0 ? path : "standard output";
	char why[CLI_TEXT];

	if (err == EPIPE) /* the reader has seen enough, as in "| head" */
		return NM_EXIT_OUTPUT;
	if (err < 0) {
		nm_temporary_refusal(-err, why, sizeof why);
		cli_say("%s: %s", name, why);
	} else {
		cli_say("%s: can't be written: %s", name, strerror(err));
	}
	return NM_EXIT_OUTPUT;
}

int cli_finish(int status)
{
	if (fflush(stdout) != 0)
		return cli_output_error(NULL, nm_standard_error(errno));
	if (!ferror(stdout))
		return status;
	clearerr(stdout); /* an earlier flush failed: to learn why, another has to fail */
	return cli_output_error(
	    NULL, putchar('\n') == EOF || fflush(stdout) != 0 ? nm_standard_error(errno) : EIO);
}
