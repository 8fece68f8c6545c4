/* SPDX-License-Identifier: MIT */
/* engine/page: whatever bytes it is given, what it sends is text that harms no terminal,
 * and as JSON it is a string with the same meaning. */
#include "check.h"
#include "base/utf8.h"
#include "engine/page.h"

#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static struct nm_speaker speaker;
static struct nm_page page;
static char got[1 << 20];
static size_t n_got;
static unsigned messages;

static void begin(bool colour)
{
	int fd = memfd_create("page", MFD_CLOEXEC);

	assert_true(fd >= 0 && nm_speaker_init(&speaker, fd));
	nm_page_init(&page, &speaker, colour);
}

/* Every message sent has to be a clean TEXT by itself. */
static void end(bool colour)
{
	uint8_t head[NM_WIRE_HEADER];
	off_t at = 0;

	assert_true(nm_page_flush(&page));
	n_got = messages = 0;
	while (pread(speaker.fd, head, sizeof head, at) == sizeof head) {
		enum nm_msg type;
		uint32_t n;
		const char *p;
		size_t n_text;
		struct nm_cur c;

		assert_true(nm_msg_header(head, &type, &n) && type == NM_MSG_TEXT);
		assert_true(n_got + n < sizeof got);
		assert_int_equal(pread(speaker.fd, got + n_got, n, at + NM_WIRE_HEADER), n);
		c = nm_cur_over(got + n_got, n);
		assert_true(nm_cur_text(&c, colour, &p, &n_text));
		n_got += n;
		at += NM_WIRE_HEADER + (off_t)n;
		messages++;
	}
	got[n_got] = '\0';
	(void)close(speaker.fd);
	nm_speaker_done(&speaker);
}

static void text_is_cleaned(void **state)
{
	static const struct {
		const char *in, *out, *json;
		size_t columns;
	} cases[] = {
		{ "", "", "\"\"", 0 },
		{ "plain", "plain", "\"plain\"", 5 },
		{ "a\"b\\c", "a\"b\\c", "\"a\\\"b\\\\c\"", 5 },
		{ "\x1b[2J", "\\x1b[2J", "\"\\u001b[2J\"", 7 },
		{ "\n\t\x7f", "\\x0a\\x09\\x7f", "\"\\n\\t\\\\x7f\"", 12 },
		{ "\xc3\xa4\xe2\x86\x92", "\xc3\xa4\xe2\x86\x92", "\"\xc3\xa4\xe2\x86\x92\"", 2 },
		{ "\xff\xc3", "\\xff\\xc3", "\"\\\\xff\\\\xc3\"", 8 },
		{ "\xe2\x80\xae", "\\xe2\\x80\\xae", "\"\\\\xe2\\\\x80\\\\xae\"", 12 },
		{ "\xc2\x9b", "\\xc2\\x9b", "\"\\\\xc2\\\\x9b\"", 8 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		size_t n = strlen(cases[i].in);
		char *copy = malloc(n + 1);

		memcpy(copy, cases[i].in, n);
		begin(false);
		assert_int_equal(nm_page_text(&page, copy, n), cases[i].columns);
		end(false);
		assert_string_equal(got, cases[i].out);
		begin(false);
		nm_page_json(&page, copy, n);
		end(false);
		assert_string_equal(got, cases[i].json);
		free(copy);
	}
}

static void any_bytes_are_clean_text_and_json(void **state)
{
	uint32_t seed = 1;
	char bytes[300];

	(void)state;
	for (unsigned round = 0; round < 500; round++) {
		json_t *parsed;

		for (unsigned i = 0; i < sizeof bytes; i++) {
			seed = seed * 1103515245 + 12345;
			bytes[i] = (char)(seed >> 16);
		}
		begin(false);
		(void)nm_page_text(&page, bytes, sizeof bytes);
		end(false);
		assert_null(strchr(got, '\n'));
		begin(false);
		nm_page_json(&page, bytes, sizeof bytes);
		end(false);
		parsed = json_loads(got, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
		assert_non_null(parsed);
		json_decref(parsed);
	}
}

/* Long text goes in several messages, none of which ends inside a character. */
static void pieces_are_whole(void **state)
{
	static char text[300000];

	(void)state;
	for (size_t i = 0; i + 3 <= sizeof text; i += 3)
		memcpy(text + i, "\xe2\x86\x92", 3);
	begin(true);
	nm_page_put(&page, "x", 1);
	nm_page_ink(&page, NM_INK_BAD);
	(void)nm_page_text(&page, text, sizeof text);
	nm_page_blanks(&page, 100000);
	memset(text, 'a', sizeof text);
	nm_page_put(&page, text, sizeof text);
	end(true);
	assert_true(messages > 8);
	assert_int_equal(n_got, 1 + 7 + 300000 + 100000 + 300000);
	assert_memory_equal(got, "x\x1b[1;31m\xe2\x86\x92", 11);
}

static void numbers_and_digits(void **state)
{
	static const uint8_t bytes[] = { 0x00, 0x1b, 0xff };

	(void)state;
	begin(false);
	nm_page_number(&page, 0);
	nm_page_put(&page, " ", 1);
	nm_page_number(&page, UINT64_MAX);
	nm_page_padded(&page, 42, 5, ' ');
	nm_page_padded(&page, 42, 3, '0');
	nm_page_padded(&page, 12345, 3, '0');
	nm_page_put(&page, " ", 1);
	nm_page_hex(&page, bytes, 3, ':');
	nm_page_hex(&page, bytes, 3, 0);
	nm_page_ink(&page, NM_INK_NAME); /* no colour was asked for */
	end(false);
	assert_string_equal(got, "0 18446744073709551615   4204212345 00:1b:ff001bff");
}

static void nobody_reads(void **state)
{
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	(void)close(fds[0]);
	assert_true(nm_speaker_init(&speaker, fds[1]));
	nm_page_init(&page, &speaker, false);
	nm_page_blanks(&page, 200000);
	assert_true(nm_page_is_broken(&page));
	assert_false(nm_page_flush(&page));
	nm_speaker_done(&speaker);
	(void)close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_cleaned),
		cmocka_unit_test(any_bytes_are_clean_text_and_json),
		cmocka_unit_test(pieces_are_whole),
		cmocka_unit_test(numbers_and_digits),
		cmocka_unit_test(nobody_reads),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
