/* SPDX-License-Identifier: MIT */
/* Notes: what pcapng and Network Monitor files hold beside frames, as one line each. */
#include "note_lines.h"

#include "capture/digest.h"
#include "capture/notes_int.h"

static void option(struct cb *b, uint16_t code, const void *p, uint16_t n)
{
	static const uint8_t zeros[4];

	cb_u16(b, code);
	cb_u16(b, n);
	cb_put(b, p, n);
	cb_put(b, zeros, (4u - n % 4u) % 4u);
}

static void text_option(struct cb *b, uint16_t code, const char *s)
{
	option(b, code, s, (uint16_t)strlen(s));
}

static size_t open_block(struct cb *b, uint32_t type)
{
	size_t from = b->n;

	cb_u32(b, type);
	cb_u32(b, 0);
	return from;
}

static void close_block(struct cb *b, size_t from)
{
	struct cb len = { .big = b->big };

	cb_u32(&len, (uint32_t)(b->n + 4 - from));
	cb_put(b, len.p, 4);
	memcpy(b->p + from + 4, len.p, 4);
	cb_done(&len);
	cb_mark(b);
}

static void make_pcapng(struct cb *b, bool big)
{
	size_t at;

	b->big = big;
	at = open_block(b, 0x0a0d0d0a);
	cb_u32(b, 0x1a2b3c4d);
	cb_u16(b, 1);
	cb_u16(b, 0);
	cb_u64(b, UINT64_MAX);
	text_option(b, 1, "first");
	text_option(b, 1, "second");
	text_option(b, 2, "a machine");
	text_option(b, 3, "an os");
	text_option(b, 4, "a program");
	text_option(b, 99, "nobody knows");
	cb_u32(b, 0);
	close_block(b, at);
	at = open_block(b, 1);
	cb_u16(b, 1);
	cb_u16(b, 0);
	cb_u32(b, 0);
	text_option(b, 2, "eth0");
	text_option(b, 3, "the wire");
	option(b, 11, "\0tcp", 4);
	cb_u16(b, 8);
	cb_u16(b, 8);
	cb_u64(b, 1000000000);
	close_block(b, at);
	at = open_block(b, 4);
	cb_u32(b, 0);
	close_block(b, at);
	at = open_block(b, 6);
	cb_u32(b, 0);
	cb_u64(b, 0);
	cb_u32(b, 5);
	cb_u32(b, 5);
	cb_fill(b, 5);
	cb_put(b, "\0\0", 3);
	text_option(b, 1, "odd");
	text_option(b, 1, "very odd");
	cb_u16(b, 4);
	cb_u16(b, 8);
	cb_u64(b, 3);
	close_block(b, at);
	cb_enhanced(b, 0, 5, 10);
	at = open_block(b, 5);
	cb_u32(b, 0);
	cb_u32(b, 0);
	cb_u32(b, 7);
	cb_u16(b, 2);
	cb_u16(b, 8);
	cb_u32(b, 1);
	cb_u32(b, 5);
	option(b, 3, "late", 4); /* a time has 8 bytes */
	cb_u16(b, 5);
	cb_u16(b, 8);
	cb_u64(b, 12);
	close_block(b, at);
}

static const char pcapng_lines[] = "0/0/27 =0\n0/0/1 first=0\n0/0/1 second=0\n0/0/2 a "
				   "machine=0\n0/0/3 an os=0\n0/0/4 a program=0\n"
				   "1/0/5 eth0=0\n1/0/6 the wire=0\n1/0/7 =0\n1/0/12 =1000000000\n"
				   "5/4/26 =16\n2/0/1 odd=0\n2/0/1 very odd=0\n2/0/16 =3\n"
				   "3/0/28 =7000\n3/0/29 =4294967301000\n3/0/21 =12\n";

static void pcapng_options_come_in_file_order(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		static struct lines l;
		struct cb b = { 0 };
		struct opened o;
		struct nm_notes *r;

		l.n = 0;
		make_pcapng(&b, big);
		o = open_bytes(b.p, b.n);
		assert_int_equal(o.err, 0);
		assert_int_equal(nm_capture_total(o.c, NULL), 2);
		r = nm_notes_new(o.c);
		assert_non_null(r);
		assert_int_equal(nm_notes_read(r, NM_NOTES_ALL, add_line, &l), 0);
		assert_string_equal(l.s, pcapng_lines);
		assert_int_equal(nm_notes_sections(r), 1);
		l.s[l.n = 0] = '\0';
		assert_int_equal(nm_notes_frame(r, 1, add_line, &l), 0);
		assert_int_equal(l.n, 0);
		assert_int_equal(nm_notes_frame(r, 0, add_line, &l), 0);
		assert_string_equal(l.s, "2/0/1 odd=0\n2/0/1 very odd=0\n2/0/16 =3\n");
		l.n = 0;
		assert_int_equal(nm_notes_frame(r, 2, add_line, &l), 0);
		assert_int_equal(l.n, 0);
		nm_notes_free(r);
		close_bytes(&o);
		cb_done(&b);
	}
}

/* Cut anywhere, changed anywhere: no more than the file has, and an end. */
static void every_prefix_and_every_change_ends(void **state)
{
	(void)state;
	for (unsigned s = 0; s < cb_n_samples + 2; s++) {
		struct cb b = { 0 };

		if (s < cb_n_samples)
			cb_samples[s].make(&b);
		else
			make_pcapng(&b, s == cb_n_samples);
		for (size_t n = 0; n < 2 * b.n; n += CB_EVERY) {
			static struct lines l;
			struct opened o;
			size_t at = n - b.n;

			if (n >= b.n)
				b.p[at] ^= 0xff;
			o = open_bytes(b.p, n < b.n ? n : b.n);
			l.n = 0;
			if (!o.err) {
				struct nm_notes *r;

				(void)nm_capture_total(o.c, NULL);
				r = nm_notes_new(o.c);
				assert_non_null(r);
				(void)nm_notes_read(r, NM_NOTES_ALL, add_line, &l);
				nm_notes_free(r);
			}
			close_bytes(&o);
			if (n >= b.n)
				b.p[at] ^= 0xff;
		}
		cb_done(&b);
	}
}

/* A 2.2 file: two frames, a comment on the second, three processes: of one neither icon
 * nor addresses are said. */
static void make_netmon(struct cb *b, uint32_t record)
{
	static const char title[] = "h\0e\0y\0", path[] = "x\0.\0e\0x\0e\0";
	static const char icon[] = "\x89PNG....";
	static const char rtf[] =
	    "{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}one\\par \\'e9\\u8364?\\par}";
	size_t comments, processes;
	uint32_t at;

	cb_netmon(b, 2, 2, 1, false);
	cb_netmon_frame(b, 0, 20, 1, 0);
	cb_netmon_frame(b, 1, 21, 1, 0);
	at = b->offsets[1];
	cb_netmon_end(b, NULL, 0, NULL);
	comments = b->n;
	cb_u32(b, 1);
	cb_u32(b, record ? record : at);
	cb_u32(b, sizeof title - 1);
	cb_put(b, title, sizeof title - 1);
	cb_u32(b, sizeof rtf - 1);
	cb_put(b, rtf, sizeof rtf - 1);
	processes = b->n;
	cb_u16(b, 1);
	cb_u32(b, sizeof path - 1);
	cb_put(b, path, sizeof path - 1);
	cb_u32(b, 0);
	cb_u32(b, 4711);
	for (int i = 0; i < 11; i++)
		cb_u32(b, 0);
	cb_netmon_process(b, 4712, false, icon, sizeof icon - 1);
	cb_netmon_process(b, 4713, true, "odd", 3);
	nm_put_le32(b->p + 40, (uint32_t)comments);
	nm_put_le32(b->p + 44, (uint32_t)(processes - comments));
	nm_put_le32(b->p + 48, (uint32_t)processes);
	nm_put_le32(b->p + 52, 3);
}

static void network_monitor_comments_and_processes(void **state)
{
	static struct lines l;
	struct cb b = { 0 };
	struct opened o;
	struct nm_notes *r;

	(void)state;
	make_netmon(&b, 0);
	o = open_bytes(b.p, b.n);
	assert_int_equal(o.err, 0);
	assert_int_equal(nm_capture_total(o.c, NULL), 2);
	r = nm_notes_new(o.c);
	assert_int_equal(nm_notes_read(r, NM_NOTES_ALL, add_line, &l), 0);
	assert_string_equal(l.s, "4/0/5 x.exe=0\n4/0/25 =4711\n4/0/26 \n=66\n"
				 "4/1/5 x.exe=0\n4/1/25 =4712\n4/1/33 \xc0=443\n4/1/34 \xc0=50000\n"
				 "4/1/32 \x89PNG....=8\n4/1/26 \n=74\n"
				 "4/2/5 x.exe=0\n4/2/25 =4713\n4/2/33  \x01\x0d\xb8=443\n"
				 "4/2/34  \x01\x0d\xb8=50000\n4/2/32 odd=3\n4/2/26 \n=69\n"
				 "2/1/1 hey\none\n\xc3\xa9\xe2\x82\xac=0\n");
	assert_false(nm_notes_cut(r));
	nm_notes_free(r);
	close_bytes(&o);
	for (size_t n = 0; n < b.n; n += CB_EVERY) { /* every change */
		b.p[n] ^= 0xff;
		o = open_bytes(b.p, b.n);
		if (!o.err) {
			(void)nm_capture_total(o.c, NULL);
			r = nm_notes_new(o.c);
			l.n = 0;
			(void)nm_notes_read(r, NM_NOTES_ALL, add_line, &l);
			nm_notes_free(r);
		}
		close_bytes(&o);
		b.p[n] ^= 0xff;
	}
	cb_done(&b);
}

/* Texts as lines: owner/number/code text=value. */
static bool add_text(void *ctx, const struct nm_digest_text *t)
{
	return add_line(ctx, &(const struct nm_note){ .owner = t->owner,
				 .number = t->number,
				 .code = t->code,
				 .p = (const uint8_t *)t->text,
				 .n = (uint32_t)strlen(t->text),
				 .value = t->value });
}

static void a_process_is_told_with_its_ends_and_icon(void **state)
{
	static struct lines l;
	struct nm_digest d;
	struct cb b = { 0 };
	struct opened o;

	(void)state;
	make_netmon(&b, 77);
	o = open_bytes(b.p, b.n);
	(void)nm_capture_total(o.c, NULL);
	assert_int_equal(nm_capture_digest(o.c, add_text, &l, &d), 0);
	assert_int_equal(d.frame_comments, 0); /* it is of no frame, so nobody's */
	assert_int_equal(d.processes, 3);
	assert_string_equal(l.s,
	    "4/0/5 x.exe=0\n4/0/25 =4711\n"
	    "4/1/5 x.exe=0\n4/1/25 =4712\n4/1/33 192.0.2.1=443\n4/1/34 192.0.2.2=50000\n"
	    "4/1/32 PNG=8\n"
	    "4/2/5 x.exe=0\n4/2/25 =4713\n4/2/33 2001:db8::1=443\n4/2/34 2001:db8::2=50000\n"
	    "4/2/32 =3\n");
	close_bytes(&o);
	cb_done(&b);
}

/* Of more processes than are listed none is listed in part. */
static void many_processes_are_listed_whole(void **state)
{
	static struct lines l;
	struct nm_digest d;
	struct cb b = { 0 };
	struct opened o;
	size_t table;

	(void)state;
	cb_netmon(&b, 2, 2, 1, false);
	cb_netmon_frame(&b, 0, 20, 1, 0);
	cb_netmon_end(&b, NULL, 0, NULL);
	table = b.n;
	cb_u16(&b, 1);
	for (uint32_t i = 0; i <= NM_NOTES_PROCESSES; i++)
		cb_netmon_process(&b, i, false, "BM", 2);
	nm_put_le32(b.p + 48, (uint32_t)table);
	nm_put_le32(b.p + 52, NM_NOTES_PROCESSES + 1);
	o = open_bytes(b.p, b.n);
	(void)nm_capture_total(o.c, NULL);
	assert_int_equal(nm_capture_digest(o.c, add_text, &l, &d), 0);
	assert_int_equal(d.processes, NM_NOTES_PROCESSES);
	assert_true(d.cut);
	assert_int_equal(d.texts_left_out, NM_NOTES_PROCESSES - NM_DIGEST_TEXTS);
	assert_non_null(strstr(l.s, "4/999/32 BMP=2\n"));
	assert_null(strstr(l.s, "4/1000/"));
	close_bytes(&o);
	cb_done(&b);
}

static const struct {
	const char *begins;
	uint32_t n;
	const char *format;
} icons[] = { { "\0\0\1\0\1", 5, "ICO" }, { "\0\0\2\0\1", 5, "" }, { "\x89PNG", 4, "PNG" },
	{ "\x89PN", 3, "" }, { "BM", 2, "BMP" }, { "B", 1, "" }, { "\x28\0\0\0", 4, "DIB" },
	{ "\x28\0\0\1", 4, "" } };

static void icons_are_told_by_their_first_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof icons / sizeof *icons; i++) {
		static struct lines l;
		struct nm_digest d;
		struct cb b = { 0 };
		struct opened o;
		char want[32];
		size_t table;

		cb_netmon(&b, 2, 3, 1, false);
		cb_netmon_end(&b, NULL, 0, NULL);
		table = b.n;
		cb_u16(&b, 1);
		cb_netmon_process(&b, 1, false, icons[i].begins, icons[i].n);
		nm_put_le32(b.p + 48, (uint32_t)table);
		nm_put_le32(b.p + 52, 1);
		o = open_bytes(b.p, b.n);
		(void)nm_capture_total(o.c, NULL);
		l.s[l.n = 0] = '\0';
		assert_int_equal(nm_capture_digest(o.c, add_text, &l, &d), 0);
		(void)snprintf(want, sizeof want, "4/0/32 %s=%u\n", icons[i].format, icons[i].n);
		assert_non_null(strstr(l.s, want));
		close_bytes(&o);
		cb_done(&b);
	}
}

static const struct {
	const char *in, *out;
} rtfs[] = {
	{ "plain", "plain" },
	{ "{\\rtf1 a\\{b\\}\\\\}", "a{b}\\" },
	{ "{\\rtf1{\\*\\generator x;}a\\line b\\tab c}", "a\nb\tc" },
	{ "{\\rtf1\\u-10179?\\u-8704?}", "\xf0\x9f\x98\x80" },
	{ "{\\rtf1 a}}}}b", "ab" },
	{ "{\\rtf1 \\", "" },
	{ "{\\rtf1 \\'4", "@" },
	{ "{\\rtf1 \\'93x\\'94}", "\xe2\x80\x9cx\xe2\x80\x9d" },
};

static void rtf_becomes_text_and_text_rtf(void **state)
{
	static const char *const texts[] = { "one", "a\nb", "\xc3\xa9 {\\}", "\xf0\x9f\x98\x80!" };
	char out[256];
	uint8_t rtf[2048];

	(void)state;
	for (size_t i = 0; i < sizeof rtfs / sizeof *rtfs; i++) {
		(void)nm_text_from_rtf(
		    out, sizeof out, (const uint8_t *)rtfs[i].in, strlen(rtfs[i].in));
		assert_string_equal(out, rtfs[i].out);
		(void)nm_text_from_rtf(out, 4, (const uint8_t *)rtfs[i].in, strlen(rtfs[i].in));
		assert_true(strlen(out) <= 3);
	}
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		size_t n = nm_text_to_rtf(rtf, texts[i], strlen(texts[i]));

		(void)nm_text_from_rtf(out, sizeof out, rtf, n);
		assert_string_equal(out, texts[i]);
		n = nm_text_to_utf16(rtf, texts[i], strlen(texts[i]));
		(void)nm_text_from_utf16(out, sizeof out, rtf, n);
		assert_string_equal(out, texts[i]);
	}
}

/* ---- forms of pcap ---- */

static const struct {
	uint32_t magic, head, frames;
	bool big, cut, found;
} forms[] = {
	{ 0xa1b2c3d4, 16, 9, false, false, true }, { 0xa1b2c3d4, 24, 9, false, false, true },
	{ 0xa1b2c3d4, 20, 9, true, false, true }, { 0xa1b2cd34, 24, 9, false, false, true },
	{ 0xa1b2cd34, 28, 2, true, false, true }, { 0xa1b2c3d4, 24, 2, false, false, true },
	{ 0xa1b2c3d4, 24, 2, false, true, false },  /* too few to be sure */
	{ 0xa1b2c3d4, 40, 9, false, false, false }, /* of no form */
};

static void pcap_forms_are_told_by_their_records(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct cb b = { .big = forms[i].big };
		struct nm_capture_facts f;
		struct opened o;

		cb_pcap(&b, forms[i].magic, 2, 4, 1);
		for (uint32_t k = 0; k < forms[i].frames; k++) {
			cb_pcap_head(&b, 1000 + k, 5000, 60 + k, 60 + k);
			for (uint32_t h = 16; h < forms[i].head; h += 4)
				cb_u32(&b, 0x08000001);
			cb_fill(&b, 60 + k);
		}
		o = open_bytes(b.p, b.n - forms[i].cut);
		assert_int_equal(o.err, 0);
		(void)nm_capture_total(o.c, NULL);
		nm_capture_facts(o.c, &f);
		if (forms[i].found) {
			assert_int_equal(f.frames, forms[i].frames);
			assert_int_equal(f.damage.code, 0);
			assert_int_equal(f.stored_bytes,
			    forms[i].frames * 60 + forms[i].frames * (forms[i].frames - 1) / 2);
			assert_int_equal(f.note.code != 0,
			    forms[i].head != (forms[i].magic == 0xa1b2cd34 ? 24 : 16));
		} else {
			assert_true(f.damage.code != 0 || f.note.code != 0);
			assert_true(!f.note.code || !strstr(f.note.text, "heads"));
		}
		close_bytes(&o);
		cb_done(&b);
	}
}

/* A length on the wire that no link has makes no other form of frames without bytes. */
static void zeros_are_of_no_other_form(void **state)
{
	struct nm_capture_facts f;
	struct cb b = { 0 };
	struct opened o;

	(void)state;
	cb_pcap(&b, 0xa1b2c3d4, 2, 4, 1);
	for (uint32_t k = 0; k < 6; k++)
		cb_pcap_head(&b, 0, 0, 0, k == 2 ? 0xff0000 : 0);
	o = open_bytes(b.p, b.n);
	(void)nm_capture_total(o.c, NULL);
	nm_capture_facts(o.c, &f);
	assert_int_equal(f.frames, 6);
	assert_int_equal(f.note.code, 0);
	close_bytes(&o);
	cb_done(&b);
}

/* A record with an odd length on the wire is of no other form where the lengths that are
 * stored lead to the end, even if another form would, too. */
static void odd_figures_are_of_no_other_form(void **state)
{
	struct nm_capture_facts f;
	struct cb b = { 0 };
	struct opened o;

	(void)state;
	cb_pcap(&b, 0xa1b2c3d4, 2, 4, 1);
	cb_pcap_head(&b, 1000, 5000, 60, 60);
	cb_fill(&b, 60);
	cb_pcap_head(&b, 0, 0, 0, 0);
	cb_pcap_head(&b, 0, 0, 0, 0x8d000000);
	o = open_bytes(b.p, b.n);
	(void)nm_capture_total(o.c, NULL);
	nm_capture_facts(o.c, &f);
	assert_int_equal(f.frames, 3);
	assert_int_equal(f.note.code, 0);
	close_bytes(&o);
	cb_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pcapng_options_come_in_file_order),
		cmocka_unit_test(every_prefix_and_every_change_ends),
		cmocka_unit_test(network_monitor_comments_and_processes),
		cmocka_unit_test(a_process_is_told_with_its_ends_and_icon),
		cmocka_unit_test(many_processes_are_listed_whole),
		cmocka_unit_test(icons_are_told_by_their_first_bytes),
		cmocka_unit_test(pcap_forms_are_told_by_their_records),
		cmocka_unit_test(zeros_are_of_no_other_form),
		cmocka_unit_test(odd_figures_are_of_no_other_form),
		cmocka_unit_test(rtf_becomes_text_and_text_rtf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
