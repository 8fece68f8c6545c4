/* SPDX-License-Identifier: MIT */
/* Numbers with units, from the command line. */
#include "cli/cli.h"

#include <inttypes.h>
#include <string.h>

struct unit {
	const char *suffix;
	uint64_t factor;
};

static const struct unit sizes[] = {
	{ "", 1 },
	{ "K", UINT64_C(1) << 10 },
	{ "KiB", UINT64_C(1) << 10 },
	{ "M", UINT64_C(1) << 20 },
	{ "MiB", UINT64_C(1) << 20 },
	{ "G", UINT64_C(1) << 30 },
	{ "GiB", UINT64_C(1) << 30 },
	{ "T", UINT64_C(1) << 40 },
	{ "TiB", UINT64_C(1) << 40 },
	{ NULL, 0 },
};

static const struct unit durations[] = {
	{ "", 1000 },
	{ "ms", 1 },
	{ "s", 1000 },
	{ "m", 60 * 1000 },
	{ "h", 60 * 60 * 1000 },
	{ NULL, 0 },
};

static const struct unit plain[] = { { "", 1 }, { NULL, 0 } };

enum answer { ANSWER_OK, ANSWER_NO_NUMBER, ANSWER_TOO_LARGE };

/* Digits and one of the units, nothing else: no sign, no blank, no hex. */
static enum answer parse(const char *s, const struct unit *units, uint64_t *ret_n)
{
	size_t digits = strspn(s, "0123456789");
	uint64_t n = 0;

	while (units->suffix && strcmp(units->suffix, s + digits) != 0)
		units++;
	if (digits == 0 || !units->suffix)
		return ANSWER_NO_NUMBER;
	for (size_t i = 0; i < digits; i++)
		if (__builtin_mul_overflow(n, UINT64_C(10), &n) ||
		    __builtin_add_overflow(n, (uint64_t)(s[i] - '0'), &n))
			return ANSWER_TOO_LARGE;
	if (__builtin_mul_overflow(n, units->factor, &n))
		return ANSWER_TOO_LARGE;
	*ret_n = n;
	return ANSWER_OK;
}

static bool parse_or_say(const char *option, const char *s, const struct unit *units,
    const char *wanted, uint64_t *ret_n)
{
	switch (parse(s, units, ret_n)) {
	case ANSWER_OK: return true;
	case ANSWER_TOO_LARGE: cli_say("%s: '%s' is too large", option, s); return false;
	case ANSWER_NO_NUMBER:
	default: cli_say("%s: '%s' is not %s", option, s, wanted); return false;
	}
}

bool cli_parse_count(
    const char *option, const char *s, uint64_t least, uint64_t most, uint64_t *ret_n)
{
	uint64_t n;

	if (!parse_or_say(option, s, plain, "a whole number", &n))
		return false;
	if (n < least || n > most) {
		cli_say("%s: '%s' is not between %" PRIu64 " and %" PRIu64, option, s, least, most);
		return false;
	}
	*ret_n = n;
	return true;
}

bool cli_parse_size(const char *option, const char *s, uint64_t *ret_bytes)
{
	uint64_t n;

	if (!parse_or_say(option, s, sizes, "a size such as 500000, 64M or 1G", &n))
		return false;
	if (n == 0) {
		cli_say("%s: a size of 0 leaves nothing to work with", option);
		return false;
	}
	*ret_bytes = n;
	return true;
}

/* Nanoseconds of it are a number still. */
bool cli_parse_duration(const char *option, const char *s, uint64_t *ret_ms)
{
	uint64_t n;

	if (!parse_or_say(option, s, durations, "a time such as 30, 500ms, 30s, 2m or 1h", &n))
		return false;
	if (n > INT64_MAX / 1000000) {
		cli_say("%s: '%s' is too large", option, s);
		return false;
	}
	*ret_ms = n;
	return true;
}

/* A frame number as people count, from 1, and where it ends; 0: none. */
static uint64_t take_number(const char *s, const char **ret_end)
{
	uint64_t n = 0;

	for (*ret_end = s; **ret_end >= '0' && **ret_end <= '9' && n < NM_NO_FRAME; ++*ret_end)
		n = n * 10 + (uint64_t)(**ret_end - '0');
	return n <= NM_NO_FRAME ? n : 0;
}

bool cli_parse_frames(const char *option, const char *s, uint32_t *ret_first, uint32_t *ret_last)
{
	bool from_start = *s == '-', open = false;
	const char *p = s;
	uint64_t first = from_start ? 1 : take_number(s, &p), last = first;

	if (*p == '-') {
		open = !from_start && !p[1];
		last = take_number(p + 1, &p);
	}
	if (!first || *p || (!open && last < first)) {
		cli_say("%s: '%s' is no range of frames; they count from 1, as in 10-20, 10-, -20 "
			"or 10",
		    option, s);
		return false;
	}
	*ret_first = (uint32_t)(first - 1);
	*ret_last = open ? NM_NO_FRAME : (uint32_t)(last - 1);
	return true;
}
