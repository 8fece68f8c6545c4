/* SPDX-License-Identifier: MIT */
/* Every shared capture against what another reader says it holds, and every
 * damaged one for its readable frames and one message with a place.
 *
 * The captures are in ../shared (beside the source tree) or in $NMAPI_SHARED;
 * without them the tests are skipped. */
#include "capture/capture.h"

#include <netmon.h>
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#ifndef SHARED_DIR
#define SHARED_DIR "../shared"
#endif

#define MAX_ROWS 512

/* One line of oracle/dev.tsv. */
struct row {
	char file[256];
	uint64_t frames, stored, wire, without_time;
	int64_t first, last, min, max;
	bool timed;
};

static struct row rows[MAX_ROWS];
static size_t n_rows;

static const char *shared_dir(void)
{
	const char *s = getenv("NMAPI_SHARED");

	return s && *s ? s : SHARED_DIR;
}

/* "1470967766.992895800" as nanoseconds. */
static int64_t parse_ns(const char *s)
{
	char *end;
	int64_t sec = strtoll(s, &end, 10), frac = 0;
	int digits = 0;

	if (*end == '.') {
		for (end++; digits < 9 && *end >= '0' && *end <= '9'; end++, digits++)
			frac = frac * 10 + (*end - '0');
		while (digits++ < 9)
			frac *= 10;
	}
	return sec * 1000000000 + frac;
}

static bool parse_row(char *line, struct row *r)
{
	char *f[9];

	for (int i = 0; i < 9; i++) {
		f[i] = strsep(&line, "\t\n");
		if (!f[i])
			return false;
	}
	*r = (struct row){ .timed = *f[4] != '\0' };
	(void)snprintf(r->file, sizeof r->file, "%s", f[0]);
	r->frames = strtoull(f[1], NULL, 10);
	r->stored = strtoull(f[2], NULL, 10);
	r->wire = strtoull(f[3], NULL, 10);
	if (r->timed) {
		r->first = parse_ns(f[4]);
		r->last = parse_ns(f[5]);
		/* "0E-9" is how the table writes nought. */
		r->min = parse_ns(f[6]);
		r->max = parse_ns(f[7]);
	}
	r->without_time = strtoull(f[8], NULL, 10);
	return true;
}

static bool read_rows(void)
{
	char path[4096], *line = NULL;
	size_t size = 0;
	FILE *f;

	(void)snprintf(path, sizeof path, "%s/captures/oracle/dev.tsv", shared_dir());
	f = fopen(path, "re");
	if (!f)
		return false;
	if (getline(&line, &size, f) > 0) /* the heading */
		while (n_rows < MAX_ROWS && getline(&line, &size, f) > 0)
			n_rows += parse_row(line, &rows[n_rows]);
	free(line);
	(void)fclose(f);
	return n_rows > 0;
}

static uint32_t open_shared(const char *dir, const char *file, int *ret_fd,
    struct nm_capture **ret_c, struct nm_diag *ret_d)
{
	char path[4096];

	(void)snprintf(path, sizeof path, "%s/captures/%s/%s", shared_dir(), dir, file);
	*ret_fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(*ret_fd >= 0);
	*ret_c = NULL;
	return nm_capture_open(*ret_fd, ret_c, ret_d);
}

struct sums {
	uint64_t frames, stored, wire, check;
};

static void add(struct sums *s, const struct nm_frame *f)
{
	uint32_t stored, wire;
	uint64_t h = 1469598103934665603u;

	memcpy(&wire, f->record + 8, 4);
	memcpy(&stored, f->record + 12, 4);
	for (uint32_t i = 0; i < 16 + stored; i++)
		h = (h ^ f->record[i]) * 1099511628211u;
	s->frames++;
	s->stored += stored;
	s->wire += wire;
	s->check += h * (2 * (uint64_t)f->number + 1) + f->link_type;
}

/* Walk forward before anything is indexed, backward afterwards: same frames. */
static struct sums walk_both_ways(struct nm_capture *c)
{
	struct sums there = { 0 }, back = { 0 };
	struct nm_view *v = nm_view_new(c, 1);
	struct nm_frame f;
	uint32_t n = 0;

	assert_non_null(v);
	while (nm_view_frame(v, n, &f) == NMERR_SUCCESS) {
		assert_int_equal(f.number, n);
		add(&there, &f);
		n++;
	}
	assert_int_equal(nm_capture_total(c, NULL), n);
	nm_view_free(v);
	v = nm_view_new(c, 2);
	assert_non_null(v);
	while (n-- > 0) {
		assert_int_equal(nm_view_frame(v, n, &f), NMERR_SUCCESS);
		add(&back, &f);
	}
	nm_view_free(v);
	assert_memory_equal(&there, &back, sizeof there);
	return there;
}

static void agrees_with_oracle(void **state)
{
	const struct row *r = *state;
	struct nm_capture_facts f;
	struct nm_capture *c;
	struct nm_diag d;
	struct sums s;
	int fd;

	if (open_shared("dev", r->file, &fd, &c, &d)) {
		print_error("%s\n", d.text);
		fail();
	}
	s = walk_both_ways(c);
	nm_capture_facts(c, &f);
	if (f.damage.code)
		print_error("%s\n", f.damage.text);
	assert_int_equal(f.damage.code, 0);
	assert_true(f.indexed);
	assert_int_equal(f.frames, r->frames);
	assert_int_equal(s.frames, r->frames);
	assert_int_equal(f.stored_bytes, r->stored);
	assert_int_equal(s.stored, r->stored);
	assert_int_equal(f.wire_bytes, r->wire);
	assert_int_equal(s.wire, r->wire);
	assert_int_equal(f.frames_without_time, r->without_time);
	assert_int_equal(f.first_ns, r->first);
	assert_int_equal(f.last_ns, r->last);
	assert_int_equal(f.min_ns, r->min);
	assert_int_equal(f.max_ns, r->max);
	nm_capture_close(c);
	(void)close(fd);
}

/* What is known of the damaged files: how many frames stand before the damage,
 * and whether and where the message points. */
static const struct damaged {
	const char *file;
	uint32_t frames;
	uint32_t refused; /* code of nm_capture_open() */
	bool message;
	uint64_t offset;
} damaged[] = {
	{ "libpcap-linktype-reserved-field-not-zero.pcap", 0, 0, true, 20 },
	{ "libpcap-pcap-invalid-version-1.pcap", 0, NMERR_INVALID_FILE_FORMAT, true, 4 },
	{ "libpcap-pcapng-invalid-vers-1.pcapng", 0, NMERR_INVALID_FILE_FORMAT, true, 12 },
	{ "libpcap-shb-option-too-long.pcapng", 0, 0, true, 0 },
	{ "netmon-bad_start_time.cap", 23, 0, true, 8 },
	{ "netmon-cut_in_table.cap", 59, 0, true, 14988 },
	{ "netmon-header_only.cap", 0, 0, true, 128 },
	{ "netmon-huge_caplen.cap", 3, 0, true, 374 },
	{ "netmon-index_past_eof.cap", 2, 0, true, 2496 },
	{ "netmon-same_index.cap", 20, 0, true, 1580 },
	{ "pcapplusplus-clusterfuzz-5758569646653440.pcap", 1, 0, true, 295 },
	{ "pcapplusplus-clusterfuzz-6207688043397120.pcap", 1, 0, true, 57 },
	{ "pcapplusplus-crash-exception-cast-constructed-record.pcap", 2, 0, true, 574 },
	{ "pcapplusplus-crash-pcapng-epb-unbounded-length.pcapng", 0, 0, true, 48 },
	{ "tcpdump-dns-zlip-1.pcap", 1, 0, false, 0 },
	{ "tcpdump-heapoverflow-tcp_print.pcap", 1, 0, false, 0 },
	{ "tcpdump-ip_ts_opts_asan.pcap", 1, 0, false, 0 },
	{ "tcpdump-ipv4_invalid_hdr_length.pcap", 1, 0, false, 0 },
	{ "tcpdump-ipv6-next-header-oobr-1.pcap", 1, 0, false, 0 },
	{ "tcpdump-ipv6_39_byte_header.pcap", 1, 0, false, 0 },
	{ "tcpdump-quic_handshake_truncated.pcap", 18, 0, false, 0 },
	{ "tcpdump-timestamp_invalid_nano.pcap", 3, 0, true, 0 },
	{ "wiki-teardrop.pcap", 17, 0, false, 0 },
	{ "zeek-ldap-max-recursion.pcap", 500, 0, false, 0 },
	{ "zeek-smb1-OSS-fuzz-54883.pcap", 53, 0, false, 0 },
	{ "zeek-snmp-crash-62790.pcap", 3, 0, false, 0 },
};

static void gives_what_is_readable(void **state)
{
	const struct damaged *r = *state;
	struct nm_capture_facts f;
	struct nm_capture *c;
	struct nm_diag d = { .code = 0 };
	struct sums s;
	int fd;
	uint32_t err = open_shared("dev/malformed", r->file, &fd, &c, &d);

	assert_int_equal(err, r->refused);
	if (!err) {
		s = walk_both_ways(c);
		nm_capture_facts(c, &f);
		d = f.damage.code ? f.damage : f.note; /* what people are told, whichever it is */
		print_message("# %" PRIu64 " frames; %s\n", s.frames, d.code ? d.text : "clean");
		assert_int_equal(s.frames, r->frames);
		nm_capture_close(c);
	}
	assert_int_equal(d.code != 0, r->message);
	assert_true(!r->message || d.text[0]);
	if (r->offset)
		assert_int_equal(d.offset, r->offset);
	(void)close(fd);
}

int main(void)
{
	static struct CMUnitTest tests[MAX_ROWS + sizeof damaged / sizeof *damaged];
	size_t n = 0;

	if (!read_rows()) {
		printf("1..0 # SKIP no captures in %s\n", shared_dir());
		return 0;
	}
	for (size_t i = 0; i < n_rows; i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].file,
			.test_func = agrees_with_oracle,
			.initial_state = &rows[i] };
	for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++)
		tests[n++] = (struct CMUnitTest){ .name = damaged[i].file,
			.test_func = gives_what_is_readable,
			.initial_state = (void *)(uintptr_t)&damaged[i] };
	return _cmocka_run_group_tests("captures against the oracle", tests, n, NULL, NULL);
}
