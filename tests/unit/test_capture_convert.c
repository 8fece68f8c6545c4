/* SPDX-License-Identifier: MIT */
/* Converting: every sample into every format and back holds the same frames, at the
 * times that the formats can hold; what can't be held is counted. */
#include "note_lines.h"

#include "capture/capture_int.h"
#include "capture/convert.h"
#include "capture/write.h"

#include <fcntl.h>

struct sums {
	uint64_t frames, times; /* sums over bytes and lengths; over nanoseconds, in microseconds */
	uint32_t n;
};

static void add_to(uint64_t *sum, const void *p, size_t n)
{
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++)
		*sum = (*sum ^ b[i]) * UINT64_C(1099511628211);
}

static struct sums sum_up(int fd)
{
	struct sums s = { 1, 1, 0 };
	struct nm_capture *c = NULL;
	struct nm_view *v;
	struct nm_frame f;
	struct nm_diag d;

	if (nm_capture_open(fd, &c, &d))
		fail_msg("%s", d.text);
	nm_capture_keep_heads(c);
	v = nm_view_new(c, 1);
	assert_true(nm_view_keep_times(v));
	for (; nm_view_frame(v, s.n, &f) == 0; s.n++) {
		uint32_t interface;
		int64_t us = nm_view_time(v, s.n, &interface) / 1000;

		add_to(&s.frames, f.record + 8, 8 + stored_of(&f));
		add_to(&s.frames, &f.link_type, sizeof f.link_type);
		add_to(&s.times, &us, sizeof us);
	}
	nm_view_free(v);
	nm_capture_close(c);
	return s;
}

static int convert_packed(
    int fd, enum nm_format to, enum nm_packing packing, struct nm_conversion *ret, uint32_t want)
{
	int out = memfd_create("out", MFD_CLOEXEC);
	struct nm_capture *c = NULL;
	struct nm_diag d = { .code = 0 };

	assert_int_equal(nm_capture_open(fd, &c, &d), 0);
	if (nm_capture_convert(c, out,
		&(struct nm_target_format){ to, 0, NM_LAST_FRAME, packing, NULL }, ret, &d) != want)
		fail_msg("%s", d.text);
	nm_capture_close(c);
	return out;
}

static int convert(int fd, enum nm_format to, struct nm_conversion *ret, uint32_t want)
{
	return convert_packed(fd, to, NM_PACKING_NONE, ret, want);
}

static int from(const struct cb *b)
{
	int fd = memfd_create("in", MFD_CLOEXEC);

	assert_int_equal(pwrite(fd, b->p, b->n, 0), b->n);
	return fd;
}

static void make_us(struct cb *b)
{
	cb_pcap(b, 0xa1b2c3d4, 2, 4, 1);
	for (uint32_t i = 0; i < 500; i++)
		cb_pcap_frame(b, 1000 + i % 7, 999 * i, i % 100);
}

/* pcap -> Network Monitor -> pcapng -> pcap, and in every order of the three. */
static void three_formats_hold_the_same(void **state)
{
	static const enum nm_format order[][3] = {
		{ NM_FORMAT_NETMON2, NM_FORMAT_PCAPNG, NM_FORMAT_PCAP },
		{ NM_FORMAT_PCAPNG, NM_FORMAT_NETMON2, NM_FORMAT_PCAP },
		{ NM_FORMAT_PCAP, NM_FORMAT_NETMON2, NM_FORMAT_PCAPNG },
	};

	(void)state;
	for (size_t o = 0; o < sizeof order / sizeof *order; o++) {
		struct cb b = { 0 };
		struct sums want, got;
		int fd;

		make_us(&b);
		fd = from(&b);
		want = sum_up(fd);
		for (unsigned i = 0; i < 3; i++) {
			struct nm_conversion lost;
			int out = convert(fd, order[o][i], &lost, 0);

			assert_int_equal(lost.frames, 500);
			assert_int_equal(lost.left_out, 0);
			assert_int_equal(lost.times_cut, 0);
			got = sum_up(out);
			assert_int_equal(got.n, want.n);
			assert_true(got.frames == want.frames);
			assert_true(got.times == want.times);
			(void)close(fd);
			fd = out;
		}
		(void)close(fd);
		cb_done(&b);
	}
}

/* Byte for byte, head included: this is how we write pcap ourselves. */
static void pcap_comes_back_byte_for_byte(void **state)
{
	struct nm_conversion lost;
	struct cb b = { 0 };
	uint8_t *got;
	int in, mid, ng, out;

	(void)state;
	make_us(&b);
	in = from(&b);
	mid = convert(in, NM_FORMAT_NETMON2, &lost, 0);
	ng = convert(mid, NM_FORMAT_PCAPNG, &lost, 0);
	out = convert(ng, NM_FORMAT_PCAP, &lost, 0);
	got = malloc(b.n + 1);
	assert_int_equal(pread(out, got, b.n + 1, 0), b.n);
	assert_memory_equal(got + 24, b.p + 24, b.n - 24);
	free(got);
	(void)close(in);
	(void)close(mid);
	(void)close(ng);
	(void)close(out);
	cb_done(&b);
}

/* Every sample of every reader, into every format: frames that fit are the same,
 * and those that don't are counted. */
static void every_sample_can_be_converted(void **state)
{
	static const enum nm_format to[] = { NM_FORMAT_PCAP, NM_FORMAT_PCAPNG, NM_FORMAT_NETMON2 };

	(void)state;
	for (unsigned s = 0; s < cb_n_samples; s++)
		for (size_t i = 0; i < sizeof to / sizeof *to; i++) {
			struct nm_conversion lost;
			struct cb b = { 0 };
			struct sums was, is;
			int in, out;

			cb_samples[s].make(&b);
			in = from(&b);
			was = sum_up(in);
			out = convert(in, to[i], &lost, 0);
			is = sum_up(out);
			assert_int_equal(lost.frames + lost.left_out, was.n);
			assert_int_equal(is.n, lost.frames);
			if (lost.left_out == 0 && was.frames != is.frames)
				fail_msg("%s: frames differ", cb_samples[s].name);
			if (lost.left_out == 0 && lost.times_cut == 0 && was.times != is.times)
				fail_msg("%s: times differ", cb_samples[s].name);
			(void)close(in);
			(void)close(out);
			cb_done(&b);
		}
}

/* Of a capture without frames, the link type and the snap length. */
static void an_empty_capture_stays_what_it_is(void **state)
{
	struct nm_conversion lost;
	struct cb b = { 0 };
	uint8_t got[25];
	int in, ng, out;

	(void)state;
	cb_pcap(&b, 0xa1b2c3d4, 2, 4, 113);
	in = from(&b);
	ng = convert(in, NM_FORMAT_PCAPNG, &lost, 0);
	out = convert(ng, NM_FORMAT_PCAP, &lost, 0);
	assert_int_equal(pread(out, got, sizeof got, 0), b.n);
	assert_memory_equal(got, b.p, b.n);
	(void)close(in);
	(void)close(ng);
	(void)close(out);
	cb_done(&b);
	cb_netmon(&b, 2, 0, 6, false); /* a medium without a link type */
	cb_netmon_end(&b, NULL, 0, NULL);
	in = from(&b);
	ng = convert(in, NM_FORMAT_PCAPNG, &lost, 0);
	assert_int_equal(sum_up(ng).n, 0);
	(void)close(in);
	(void)close(ng);
	cb_done(&b);
}

static void a_snap_length_that_cuts_stays_or_is_told(void **state)
{
	static const struct {
		uint32_t snap;
		enum nm_format to;
		bool lost;
	} rows[] = { { 96, NM_FORMAT_NETMON2, true }, { 65534, NM_FORMAT_NETMON2, true },
		{ 65535, NM_FORMAT_NETMON2, false }, { 0, NM_FORMAT_NETMON2, false },
		{ 96, NM_FORMAT_PCAP, false }, { 96, NM_FORMAT_PCAPNG, false } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct nm_conversion lost;
		struct cb b = { 0 };
		int in, out;

		cb_pcap(&b, 0xa1b2c3d4, 2, 4, 1);
		memcpy(b.p + 16, &rows[i].snap, sizeof rows[i].snap);
		in = from(&b);
		out = convert(in, rows[i].to, &lost, 0);
		assert_int_equal(lost.snap_lost, rows[i].lost);
		(void)close(in);
		(void)close(out);
		cb_done(&b);
	}
}

/* Converted, the first frame of b has this time, and so many were cut. b is done. */
static void first_time_becomes(struct cb *b, enum nm_format to, uint32_t cut, int64_t ns)
{
	struct nm_conversion lost;
	struct nm_capture_facts facts;
	struct nm_capture *c = NULL;
	int in = from(b), out = convert(in, to, &lost, 0);

	assert_int_equal(lost.times_cut, cut);
	assert_int_equal(nm_capture_open(out, &c, NULL), 0);
	assert_true(nm_capture_index(c, 0));
	nm_capture_facts(c, &facts);
	assert_true(facts.first_ns == ns);
	nm_capture_close(c);
	(void)close(in);
	(void)close(out);
	cb_done(b);
}

/* The nearest time that pcap has is written, and told as not the frame's own. */
static void times_that_pcap_cannot_hold_do_not_wrap(void **state)
{
	static const struct {
		uint64_t us;
		uint32_t cut;
		int64_t ns;
	} rows[] = { { UINT64_C(4294967295999999), 0, INT64_C(4294967295999999000) },
		{ UINT64_C(4294967296000000), 1, INT64_C(4294967295999999000) },
		{ UINT64_C(5994967296000000), 1, INT64_C(4294967295999999000) } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cb b = { 0 };

		cb_section(&b, false, NULL);
		cb_interface(&b, 1, 0, -1, 0, NULL);
		cb_enhanced(&b, 0, rows[i].us, 4);
		first_time_becomes(&b, NM_FORMAT_PCAP, rows[i].cut, rows[i].ns);
	}
}

static void nanoseconds_stay_where_they_can(void **state)
{
	static const struct {
		enum nm_format to;
		uint32_t cut;
		int64_t ns;
	} rows[] = { { NM_FORMAT_PCAP, 0, 10000000001 }, { NM_FORMAT_PCAPNG, 0, 10000000001 },
		{ NM_FORMAT_NETMON2, 1, 10000000000 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cb b = { 0 };

		cb_pcap(&b, 0xa1b23c4d, 2, 4, 1);
		cb_pcap_frame(&b, 10, 1, 4);
		first_time_becomes(&b, rows[i].to, rows[i].cut, rows[i].ns);
	}
}

static void comments_and_names_go_where_there_is_a_place(void **state)
{
	static const struct {
		enum nm_format to;
		bool comment, names;
	} rows[] = { { NM_FORMAT_PCAP, false, false }, { NM_FORMAT_PCAPNG, true, true },
		{ NM_FORMAT_NETMON2, true, false } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct nm_conversion lost;
		struct nm_capture_facts facts;
		struct nm_capture *c = NULL;
		struct cb b = { 0 };
		int in, out;

		cb_section(&b, false, "what it is about");
		cb_interface(&b, 1, 96, 9, 0, "eth7");
		cb_enhanced(&b, 0, 5, 10);
		in = from(&b);
		out = convert(in, rows[i].to, &lost, 0);
		assert_int_equal(lost.comment_lost, !rows[i].comment);
		assert_int_equal(lost.names_lost, !rows[i].names);
		assert_int_equal(nm_capture_open(out, &c, NULL), 0);
		if (rows[i].comment)
			assert_string_equal(nm_capture_comment(c), "what it is about");
		else
			assert_null(nm_capture_comment(c));
		assert_true(nm_capture_index(c, 0));
		nm_capture_facts(c, &facts);
		assert_string_equal(facts.interfaces[0].name, rows[i].names ? "eth7" : "");
		nm_capture_close(c);
		(void)close(in);
		(void)close(out);
		cb_done(&b);
	}
}

/* ---- notes ---- */

/* A section with what it was captured with, two interfaces (the second without a
 * frame), two comments on the first of two frames, names, secrets, counters. */
static const char noted[] =
    "\x0a\x0d\x0d\x0a\x44\0\0\0\x4d\x3c\x2b\x1a\1\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"
    "\1\0\3\0one\0\1\0\3\0two\0\2\0\4\0iron\4\0\4\0prog\0\0\0\0"
    "\0\0\0\0\x44\0\0\0"
    "\1\0\0\0\x2c\0\0\0\1\0\0\0\0\0\0\0\2\0\2\0e0\0\0\3\0\3\0lan\0\0\0\0\0\0\0\0\0\x2c\0\0\0"
    "\1\0\0\0\x1c\0\0\0\1\0\0\0\0\0\0\0\2\0\2\0e1\0\0\x1c\0\0\0"
    "\4\0\0\0\x20\0\0\0\1\0\7\0\1\2\3\4ab\0\0\0\0\0\0\0\0\0\0\x20\0\0\0"
    "\x0a\0\0\0\x18\0\0\0KSLT\4\0\0\0keys\x18\0\0\0"
    "\6\0\0\0\x40\0\0\0\0\0\0\0\0\0\0\0\7\0\0\0\4\0\0\0\4\0\0\0wxyz"
    "\1\0\3\0odd\0\1\0\5\0a\nb\xc3\xa9\0\0\0\2\0\4\0\1\0\0\0\x40\0\0\0"
    "\6\0\0\0\x24\0\0\0\0\0\0\0\0\0\0\0\x08\0\0\0\4\0\0\0\4\0\0\0WXYZ\x24\0\0\0"
    "\5\0\0\0\x3c\0\0\0\1\0\0\0\0\0\0\0\7\0\0\0\2\0\x08\0\0\0\0\0\5\0\0\0\3\0\x08\0\0\0\0\0\6\0\0\0"
    "\5\0\x08\0\x0c\0\0\0\0\0\0\0\x3c\0\0\0"
    "\x99\0\0\0\x0c\0\0\0\x0c\0\0\0";

/* Another section behind it, of the other byte order. */
static const char noted_too[] =
    "\x0a\x0d\x0d\x0a\0\0\0\x2c\x1a\x2b\x3c\x4d\0\1\0\0\xff\xff\xff\xff\xff\xff\xff\xff"
    "\0\1\0\5three\0\0\0\0\0\0\0\0\0\0\x2c"
    "\0\0\0\1\0\0\0\x1c\0\x65\0\0\0\0\0\0\0\2\0\2e2\0\0\0\0\0\x1c"
    "\0\0\0\6\0\0\0\x24\0\0\0\0\0\0\0\0\0\0\0\x09\0\0\0\4\0\0\0\4abcd\0\0\0\x24";

static void notes_are_carried_over_and_losses_counted(void **state)
{
	static const char comments[] = "2/0/1 odd=0\n2/0/1 a\nb\xc3\xa9=0\n";
	static struct lines was, is;
	struct cb b = { 0 };
	struct nm_conversion lost;
	int in, ng, nm, again, back, pcap;

	(void)state;
	cb_put(&b, noted, sizeof noted - 1);
	in = from(&b);
	(void)notes_of(in, &was);
	ng = convert(in, NM_FORMAT_PCAPNG, &lost, 0);
	assert_int_equal(lost.blocks_lost, 1);
	assert_int_equal(lost.texts_lost + lost.frame_comments_lost, 0);
	assert_false(lost.comment_lost);
	(void)notes_of(ng, &is);
	/* All but the unknown block; interfaces are written where they are first needed. */
	assert_non_null(strstr(was.s, "5/153/26 =12\n"));
	assert_int_equal(is.n, was.n - strlen("5/153/26 =12\n"));
	for (char *s = strtok(is.s, "\n"); s; s = strtok(NULL, "\n"))
		assert_non_null(strstr(was.s, s));
	nm = convert(in, NM_FORMAT_NETMON2, &lost, 0);
	assert_true(lost.comment_lost); /* its place is taken by those of frames */
	assert_true(lost.names_lost);
	assert_int_equal(lost.frame_comments_lost, 0);
	assert_int_equal(lost.blocks_lost, 3);
	assert_int_equal(lost.texts_lost, 9);
	assert_int_equal(lost.sections_lost, 0);
	assert_string_equal(notes_of(nm, &is), comments);
	again = convert(nm, NM_FORMAT_NETMON2, &lost, 0); /* nothing of the others got in */
	assert_int_equal(lseek(again, 0, SEEK_END), lseek(nm, 0, SEEK_END));
	back = convert(nm, NM_FORMAT_PCAPNG, &lost, 0);
	assert_int_equal(lost.frame_comments_lost, 0);
	(void)notes_of(back, &is);
	assert_string_equal(is.s, "0/0/27 =0\n2/0/1 odd=0\n2/0/1 a\nb\xc3\xa9=0\n");
	pcap = convert(in, NM_FORMAT_PCAP, &lost, 0);
	assert_int_equal(lost.frame_comments_lost, 2);
	assert_string_equal(notes_of(pcap, &is), "");
	(void)close(in);
	(void)close(ng);
	(void)close(nm);
	(void)close(again);
	(void)close(back);
	(void)close(pcap);
	cb_done(&b);
}

/* Entry `process` of the table for frame i of a Network Monitor file from 2.2 on. */
static uint32_t process_of(int fd, uint32_t i)
{
	struct nm_capture *c = NULL;
	struct nm_view *v;
	struct nm_frame f;
	uint32_t process;

	assert_int_equal(nm_capture_open(fd, &c, NULL), 0);
	v = nm_view_new(c, 1);
	assert_int_equal(nm_view_frame(v, i, &f), 0);
	process = nm_netmon_process(c, f.record);
	nm_view_free(v);
	nm_capture_close(c);
	return process;
}

static void processes_and_their_frames_stay_together(void **state)
{
	static struct lines was, is;
	struct nm_conversion lost;
	struct cb b = { 0 };
	int in, nm, ng;
	size_t at;

	(void)state;
	for (uint8_t minor = 2; minor <= 3; minor++) {
		cb_netmon(&b, 2, minor, 1, false);
		for (uint32_t i = 0; i < 3; i++)
			cb_netmon_frame(&b, i, 20 + i, 1, 0);
		nm_put_le32(b.p + b.offsets[1] + 16 + 21 + 2, 1);
		nm_put_le32(b.p + b.offsets[2] + 16 + 22 + 2, 0);
		cb_netmon_end(&b, NULL, 0, NULL);
		at = b.n;
		cb_u16(&b, 1);
		cb_netmon_process(&b, 7, false, "BMicon", 6);
		cb_netmon_process(&b, 8, true, "", 0);
		nm_put_le32(b.p + 48, (uint32_t)at);
		nm_put_le32(b.p + 52, 2);
		nm_put_le32(b.p + 32, (uint32_t)b.n); /* user data */
		nm_put_le32(b.p + 36, 4);
		cb_put(&b, "mine", 4);
		in = from(&b);
		(void)notes_of(in, &was);
		nm = convert(in, NM_FORMAT_NETMON2, &lost, 0);
		assert_int_equal(lost.processes_lost + lost.blocks_lost + lost.texts_lost, 0);
		assert_string_equal(notes_of(nm, &is), was.s);
		assert_non_null(strstr(is.s, "4/1/25 =8\n"));
		assert_non_null(strstr(is.s, "mine=4\n"));
		assert_true(process_of(nm, 0) == NM_NO_PROCESS);
		assert_int_equal(process_of(nm, 1), 1);
		assert_int_equal(process_of(nm, 2), 0);
		assert_true(sum_up(nm).frames == sum_up(in).frames);
		ng = convert(in, NM_FORMAT_PCAPNG, &lost, 0);
		assert_int_equal(lost.processes_lost, 2);
		assert_int_equal(lost.blocks_lost, 1);
		(void)close(ng);
		(void)close(nm);
		(void)close(in);
		cb_done(&b);
		b = (struct cb){ 0 };
	}
}

/* Before 2.2: statistics, network info and user data stay, and are lost elsewhere. */
static void areas_of_network_monitor_stay(void **state)
{
	static const uint8_t statistics[88] = { [8] = 3, [32] = 4, [48] = 1 };
	static const uint8_t card[116] = { [6] = 2, [28] = 100, [48] = 'p', [49] = 'c' };
	static struct lines was, is;
	struct nm_conversion lost;

	(void)state;
	for (uint8_t major = 1; major <= 2; major++) {
		struct cb b = { 0 };
		uint32_t areas;
		int in, nm, ng;

		cb_netmon(&b, major, 0, 1, false);
		cb_netmon_frame(&b, 0, 20, 1, 0);
		cb_netmon_end(&b, NULL, 0, "said");
		areas = (uint32_t)b.n;
		cb_put(&b, statistics, sizeof statistics);
		cb_put(&b, card, sizeof card);
		cb_put(&b, "mine", 4);
		nm_put_le32(b.p + 48, areas);
		nm_put_le32(b.p + 52, sizeof statistics);
		nm_put_le32(b.p + 56, areas + sizeof statistics);
		nm_put_le32(b.p + 60, sizeof card);
		nm_put_le32(b.p + 32, areas + sizeof statistics + sizeof card);
		nm_put_le32(b.p + 36, 4);
		in = from(&b);
		(void)notes_of(in, &was);
		nm = convert(in, NM_FORMAT_NETMON2, &lost, 0);
		assert_int_equal(lost.blocks_lost + lost.texts_lost, 0);
		assert_false(lost.comment_lost);
		assert_string_equal(notes_of(nm, &is), was.s);
		assert_non_null(strstr(is.s, "3/0/20 =4\n"));
		assert_non_null(strstr(is.s, "1/0/6 pc=0\n"));
		assert_non_null(strstr(is.s, "mine=4\n"));
		ng = convert(in, NM_FORMAT_PCAPNG, &lost, 0);
		assert_int_equal(lost.blocks_lost, 2); /* its counters are carried */
		(void)notes_of(ng, &is);
		assert_non_null(strstr(is.s, "3/0/20 =4\n"));
		(void)close(ng);
		(void)close(nm);
		(void)close(in);
		cb_done(&b);
	}
}

/* A block of pcapng whose number is also one of ours is carried as what it is. */
static void a_block_of_somebody_elses_is_no_area(void **state)
{
	struct nm_conversion lost;
	static struct lines l;
	struct cb b = { 0 };
	int in, ng;

	(void)state;
	cb_section(&b, false, NULL);
	cb_interface(&b, 1, 0, 6, 0, NULL);
	cb_other(&b, 0x80000001, 4);
	cb_enhanced(&b, 0, 1, 20);
	in = from(&b);
	ng = convert(in, NM_FORMAT_PCAPNG, &lost, 0);
	assert_int_equal(lost.blocks_lost, 1); /* nobody knows whether it may be copied */
	assert_null(strstr(notes_of(ng, &l), "5/2147483649/"));
	(void)close(ng);
	ng = convert(in, NM_FORMAT_NETMON2, &lost, 0);
	assert_int_equal(lost.blocks_lost, 1);
	(void)close(ng);
	(void)close(in);
	cb_done(&b);
}

static void sections_stay_sections(void **state)
{
	static struct lines was, is;
	struct nm_conversion lost;
	struct cb b = { 0 };
	int in, ng, pcap;

	(void)state;
	cb_put(&b, noted, sizeof noted - 1);
	cb_put(&b, noted_too, sizeof noted_too - 1);
	in = from(&b);
	assert_non_null(strstr(notes_of(in, &was), "0/1/27 =2\n0/1/1 three=0\n1/2/5 e2=0\n"));
	ng = convert(in, NM_FORMAT_PCAPNG, &lost, 0);
	assert_int_equal(lost.sections_lost + lost.texts_lost + lost.left_out, 0);
	assert_true(sum_up(ng).frames == sum_up(in).frames);
	(void)notes_of(ng, &is);
	assert_int_equal(is.n, was.n - strlen("5/153/26 =12\n"));
	for (char *s = strtok(is.s, "\n"); s; s = strtok(NULL, "\n"))
		assert_non_null(strstr(was.s, s));
	pcap = convert(in, NM_FORMAT_PCAP, &lost, 0);
	assert_int_equal(lost.sections_lost, 1);
	assert_int_equal(lost.left_out, 1); /* raw IP among Ethernet */
	assert_int_equal(lost.texts_lost, 10);
	(void)close(in);
	(void)close(ng);
	(void)close(pcap);
	cb_done(&b);
}

static void what_cannot_be_written_is_told(void **state)
{
	struct nm_conversion lost;
	struct nm_capture *c = NULL;
	struct nm_diag d = { .code = 0 };
	struct cb b = { 0 };
	int in, full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	if (full < 0)
		skip();
	make_us(&b);
	in = from(&b);
	for (int i = 0; i < 7; i++) {
		static const enum nm_format to[] = { NM_FORMAT_PCAP, NM_FORMAT_PCAPNG,
			NM_FORMAT_NETMON2, NM_FORMAT_PCAP, NM_FORMAT_PCAP, NM_FORMAT_PCAPNG,
			NM_FORMAT_PCAPNG };
		static const enum nm_packing packed[] = { NM_PACKING_NONE, NM_PACKING_NONE,
			NM_PACKING_NONE, NM_PACKING_GZIP, NM_PACKING_ZSTD, NM_PACKING_LZ4,
			NM_PACKING_XZ };

		assert_int_equal(nm_capture_open(in, &c, NULL), 0);
		assert_int_equal(
		    nm_capture_convert(c, full,
			&(struct nm_target_format){ to[i], 0, NM_LAST_FRAME, packed[i], NULL },
			&lost, &d),
		    NMERR_FILE_WRITE_ERROR);
		assert_non_null(strstr(d.text, "No space"));
		nm_capture_close(c);
	}
	(void)close(full);
	(void)close(in);
	cb_done(&b);
}

/* More than the buffers of the writer and of every encoder, and of a kind that
 * does not compress; and no frame at all. */
static void compressed_output_holds_the_same(void **state)
{
	static const char *const names[] = { "", "gzip", "zstd", "lz4", "xz" };

	(void)state;
	for (unsigned large = 0; large < 2; large++) {
		struct cb b = { 0 };
		struct sums want;
		int in;

		cb_pcap(&b, 0xa1b2c3d4, 2, 4, 1);
		for (uint32_t i = 0, x = 1; large && i < 20; i++) {
			static uint8_t body[60000];

			for (size_t k = 0; k < sizeof body; k++)
				body[k] = (uint8_t)((x = x * 1664525 + 1013904223) >> 24);
			cb_pcap_head(&b, i, i, sizeof body, sizeof body);
			cb_put(&b, body, sizeof body);
		}
		in = from(&b);
		want = sum_up(in);
		for (unsigned p = NM_PACKING_GZIP; p < NM_PACKINGS; p++) {
			struct nm_conversion lost;
			struct nm_capture_facts facts;
			struct nm_capture *c = NULL;
			int out = convert_packed(in, NM_FORMAT_PCAP, (enum nm_packing)p, &lost, 0);
			struct sums got = sum_up(out);

			assert_int_equal(got.n, large ? 20 : 0);
			assert_true(got.frames == want.frames && got.times == want.times);
			assert_int_equal(nm_capture_open(out, &c, NULL), 0);
			(void)nm_capture_index(c, 0);
			nm_capture_facts(c, &facts);
			assert_string_equal(facts.packing, names[p]);
			assert_int_equal(facts.damage.code, 0);
			assert_int_equal(facts.unpacked_bytes, b.n);
			nm_capture_close(c);
			(void)close(out);
		}
		(void)close(in);
		cb_done(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_formats_hold_the_same),
		cmocka_unit_test(compressed_output_holds_the_same),
		cmocka_unit_test(pcap_comes_back_byte_for_byte),
		cmocka_unit_test(every_sample_can_be_converted),
		cmocka_unit_test(an_empty_capture_stays_what_it_is),
		cmocka_unit_test(times_that_pcap_cannot_hold_do_not_wrap),
		cmocka_unit_test(nanoseconds_stay_where_they_can),
		cmocka_unit_test(comments_and_names_go_where_there_is_a_place),
		cmocka_unit_test(notes_are_carried_over_and_losses_counted),
		cmocka_unit_test(processes_and_their_frames_stay_together),
		cmocka_unit_test(areas_of_network_monitor_stay),
		cmocka_unit_test(a_block_of_somebody_elses_is_no_area),
		cmocka_unit_test(sections_stay_sections),
		cmocka_unit_test(a_snap_length_that_cuts_stays_or_is_told),
		cmocka_unit_test(what_cannot_be_written_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
