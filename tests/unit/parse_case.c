/* SPDX-License-Identifier: MIT */
#include "parse_case.h"

#include "base/bytes.h"
#include "expert/door.h"

#include <netmon.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FRAME_MAX  2048u
#define BEHIND     64u /* bytes of another frame behind each prefix */
#define LINE_MAX   1024u
#define CASES_MAX  256u
#define PCAP_HEAD  24u
#define PCAP_FRAME 16u

static const struct nm_door *door;

/* ---- a capture ---------------------------------------------------------------------- */

/* Up to the closing quote, which is returned. */
static const char *put_text(const char *text, uint8_t out[FRAME_MAX], size_t *n)
{
	for (; *text != '\''; text++) {
		assert_true(*text && *n < FRAME_MAX);
		out[(*n)++] = (uint8_t)*text;
	}
	return text;
}

static size_t from_hex(const char *hex, uint8_t out[FRAME_MAX])
{
	size_t n = 0;
	unsigned v;

	for (; *hex; hex++) {
		if (*hex == ' ')
			continue;
		if (*hex == '\'') {
			hex = put_text(hex + 1, out, &n);
			continue;
		}
		assert_true(n < FRAME_MAX);
		if (sscanf(hex, "%2x", &v) != 1 || !hex[1])
			fail_msg("not hexadecimal: %s", hex);
		out[n++] = (uint8_t)v;
		hex++;
	}
	return n;
}

static void put_head(FILE *f, uint32_t link)
{
	uint8_t head[PCAP_HEAD] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, [16] = 0xff, 0xff };

	nm_put_le32(head + 20, link);
	assert_int_equal(fwrite(head, sizeof head, 1, f), 1);
}

static void put_frame(FILE *f, const uint8_t *p, size_t n, uint8_t time)
{
	uint8_t rec[PCAP_FRAME] = { time, time, time, 0 };

	nm_put_le32(rec + 8, (uint32_t)n);
	nm_put_le32(rec + 12, (uint32_t)n);
	assert_int_equal(fwrite(rec, sizeof rec, 1, f), 1);
	assert_int_equal(fwrite(p, 1, n, f), n);
}

/* The frame, then each of its prefixes and behind it one of nothing but `behind`. */
static int make_capture(const struct parse_case *c, uint8_t behind, size_t *ret_n)
{
	int fd = memfd_create("test", MFD_CLOEXEC);
	FILE *f = fdopen(dup(fd), "wb");
	uint8_t frame[FRAME_MAX], other[BEHIND];
	size_t n = from_hex(c->hex, frame);

	assert_non_null(f);
	memset(other, behind, sizeof other);
	put_head(f, c->link);
	put_frame(f, frame, n, 0);
	for (size_t i = 0; i <= n; i++) {
		put_frame(f, frame, i, 0);
		put_frame(f, other, sizeof other, behind);
	}
	assert_int_equal(fclose(f), 0);
	*ret_n = n;
	return fd;
}

/* ---- what is in a frame ------------------------------------------------------------- */

struct told {
	char protocols[512];
	char *lines; /* owned */
	size_t n, room;
};

__attribute__((format(printf, 2, 3))) static void add_line(struct told *t, const char *fmt, ...)
{
	char line[4096];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	assert_in_range(n, 0, sizeof line - 1);
	if (t->n + (size_t)n >= t->room) {
		t->room = 2 * t->room + sizeof line;
		t->lines = realloc(t->lines, t->room);
		assert_non_null(t->lines);
	}
	memcpy(t->lines + t->n, line, (size_t)n + 1);
	t->n += (size_t)n;
}

static void print_protocol(struct told *out, const EXPERTFRAMEDESCRIPTOR *f, unsigned k)
{
	const PROTOCOLTABLE *all = GetEnabledProtocols(GetFrameCaptureHandle(f->hFrame));
	WORD id = f->lpRecognizeDataTable->RecognizeData[k].ProtocolID;
	const char *name = (const char *)GetProtocolInfo(all->hProtocol[id - 1])->ProtocolName;
	const PROPERTYTABLE *t = f->lpPropertyTable;
	char text[LINE_MAX];

	for (unsigned i = 0; i < t->PropertyInstTable[k].nPropertyInsts; i++) {
		PROPERTYINST *p =
		    &t->lpFirstPropertyInst[t->PropertyInstTable[k].nPropertyInstIndex + i];

		assert_true(GetPropertyText(f->hFrame, p, text, sizeof text));
		add_line(out, "%s%s%s%s\n", p->IFlags & IFLAG_ERROR ? "!" : "",
		    p->Level ? "" : name, p->Level ? "" : ": ", text);
	}
}

static struct told told_of(HEXPERTKEY key, DWORD n)
{
	EXPERTFRAMEDESCRIPTOR f;
	struct told t = { "", NULL, 0, 0 };

	add_line(&t, "%s", "");
	assert_int_equal(
	    ExpertGetFrame(key, GET_SPECIFIED_FRAME, FLAGS_ATTACH_PROPERTIES, n, NULL, &f),
	    NMERR_SUCCESS);
	for (unsigned k = 1; k < f.lpRecognizeDataTable->nRecognizeDatas; k++) {
		const PROTOCOLTABLE *all = GetEnabledProtocols(GetFrameCaptureHandle(f.hFrame));
		WORD id = f.lpRecognizeDataTable->RecognizeData[k].ProtocolID;
		size_t at = strlen(t.protocols);

		(void)snprintf(t.protocols + at, sizeof t.protocols - at, "%s%s", at ? " " : "",
		    (const char *)GetProtocolInfo(all->hProtocol[id - 1])->ProtocolName);
		print_protocol(&t, &f, k);
	}
	return t;
}

static struct told *tell_all(const struct parse_case *c, uint8_t behind, size_t *ret_n)
{
	static struct nm_status status;
	EXPERTSTARTUPINFO startup = { .dwFrameNumber = INVALID_FRAME_NUMBER };
	struct nm_run_config cfg = { .startup = &startup, .status = &status };
	int fd = make_capture(c, behind, ret_n);
	struct told *all = calloc(*ret_n + 2, sizeof *all);
	HEXPERTKEY key;

	assert_non_null(all);
	assert_int_equal(door->capture_open(fd, &cfg.capture, NULL), NMERR_SUCCESS);
	assert_int_equal(door->session_open(cfg.capture), NMERR_SUCCESS);
	status.frame = status.first_frame = status.last_frame = NM_NO_FRAME_YET;
	assert_int_equal(door->run_open(&cfg, &key), NMERR_SUCCESS);
	all[0] = told_of(key, 0);
	for (size_t i = 0; i <= *ret_n; i++)
		all[i + 1] = told_of(key, (DWORD)(2 * i + 1));
	door->run_close(key, NULL);
	door->session_close();
	door->capture_close(cfg.capture);
	(void)close(fd);
	return all;
}

/* ---- as it should be ----------------------------------------------------------------- */

/* Every wanted line is there, in order, and no error but those. */
static void check_lines(const struct parse_case *c, const char *lines)
{
	const char *want = c->lines;

	for (const char *l = lines; *l; l = strchr(l, '\n') + 1) {
		size_t n = (size_t)(strchr(l, '\n') - l) + 1;

		if (*want && strncmp(l, want, n) == 0)
			want += n;
		else if (*l == '!')
			fail_msg("an error is not expected: %.*s%s", (int)n, l, lines);
	}
	if (*want)
		fail_msg("is not there: %.*s\n%s", (int)strcspn(want, "\n"), want, lines);
}

static void case_holds(void **state)
{
	const struct parse_case *c = *state;
	size_t n;
	struct told *a = tell_all(c, 0x00, &n), *b = tell_all(c, 0xff, &n);

	assert_string_equal(a[0].protocols, c->protocols);
	check_lines(c, a[0].lines);
	for (size_t i = 0; i < n + 2; i++) {
		assert_string_equal(a[i].protocols, b[i].protocols);
		assert_string_equal(a[i].lines, b[i].lines);
		free(a[i].lines);
		free(b[i].lines);
	}
	assert_int_equal(door->parse_account()->n, 0);
	free(a);
	free(b);
}

static int load_parsers(void **state)
{
	static const char *const families[] = { PARSERS };
	const char *headers = getenv("NMAPI_TEST_HEADERS");
	struct nm_diag diag;

	(void)state;
	door = nm_door(NM_DOOR_VERSION);
	if (headers && !door->parsers_settings(NULL, "[NMAPI]\nHeaders = 0\n", NULL, NULL))
		return -1;
	for (size_t i = 0; i < COUNT(families); i++)
		if (!door->parsers_load(families[i], -1, &diag))
			return -1;
	door->parsers_seal();
	return 0;
}

int parse_cases_run(const struct parse_case *cases, size_t n)
{
	static struct CMUnitTest tests[CASES_MAX];

	if (n > CASES_MAX)
		return EXIT_FAILURE;
	for (size_t i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].name,
			.test_func = case_holds,
			.initial_state = (void *)(uintptr_t)&cases[i] };
	return _cmocka_run_group_tests("parsers", tests, n, load_parsers, NULL);
}
