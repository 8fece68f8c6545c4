/* SPDX-License-Identifier: MIT */
/* One rule of a capture format each: times, lengths, damage, and the facts. */
#include "capture_read.h"

/* ---- one frame, one rule ---- */

struct want {
	const char *name;
	void (*make)(struct cb *b);
	uint32_t frames;
	uint32_t stored, wire; /* of the last frame */
	int64_t us;            /* of the last frame */
	int64_t last_ns;
	uint32_t link_type, mac_type; /* of the last frame */
	const char *damage;           /* a part of the sentence; NULL: none */
	uint64_t offset;
	int harm; /* 1: the file is cut short; NOTED: the sentence is a note, all was read */
};

#define NOTED 2

static void us_at_end_of_32_bits(struct cb *b)
{
	cb_pcap(b, 0xa1b2c3d4, 2, 4, 1);
	cb_pcap_frame(b, 0, 0, 4);
	cb_pcap_frame(b, UINT32_MAX, 999999, 4);
}

static void ns_are_truncated_to_us(struct cb *b)
{
	cb_pcap(b, 0xa1b23c4d, 2, 4, 1);
	cb_pcap_frame(b, 10, 1234567, 4);
	cb_pcap_frame(b, 10, 999999999, 4);
}

static void older_than_the_start(struct cb *b)
{
	cb_pcap(b, 0xa1b2c3d4, 2, 4, 1);
	cb_pcap_frame(b, 10, 0, 4);
	cb_pcap_frame(b, 9, 999998, 4);
}

static void stored_beyond_snap_length(struct cb *b)
{
	cb_pcap(b, 0xa1b2c3d4, 2, 4, 1);
	cb_pcap_head(b, 1, 0, 70000, 70000);
	cb_fill(b, 70000);
}

static void stored_beyond_wire_length(struct cb *b)
{
	cb_pcap(b, 0xa1b2c3d4, 2, 4, 1);
	cb_pcap_head(b, 1, 0, 9, 4);
	cb_fill(b, 9);
}

static void version_23_written_backwards(struct cb *b)
{
	cb_pcap(b, 0xa1b2c3d4, 2, 3, 1);
	cb_pcap_head(b, 1, 0, 9, 4);
	cb_fill(b, 4);
}

static void fcs_bits(struct cb *b)
{
	cb_pcap(b, 0xa1b2c3d4, 2, 4, 0x24000001);
	cb_pcap_frame(b, 1, 0, 4);
}

static void reserved_bits(struct cb *b)
{
	cb_pcap(b, 0xa1b2c3d4, 2, 4, 0x00010001);
	cb_pcap_frame(b, 1, 0, 4);
}

static void old_link(struct cb *b, uint32_t magic, uint16_t minor, uint32_t link)
{
	cb_pcap(b, magic, 2, minor, link);
	cb_pcap_head(b, 1, 999999, 9, 4);
	cb_fill(b, 4);
}

static void aix_token_ring(struct cb *b)
{
	old_link(b, 0xa1b2c3d4, 2, 9);
}

static void aix_loopback(struct cb *b)
{
	b->big = true;
	old_link(b, 0xa1b2c3d4, 2, 24);
}

static void version_22_of_others(struct cb *b)
{
	old_link(b, 0xa1b2c3d4, 2, 1);
}

static void version_23_with_a_link_of_aix(struct cb *b)
{
	old_link(b, 0xa1b2c3d4, 3, 9);
}

static void nanoseconds_with_a_link_of_aix(struct cb *b)
{
	old_link(b, 0xa1b23c4d, 2, 9);
}

static void ixia_software(struct cb *b)
{
	b->big = true;
	cb_pcap(b, 0x1c0001ab, 2, 4, 1);
	cb_u32(b, 20);
	cb_pcap_frame(b, 1, 7, 4);
}

static void unknown_link(struct cb *b)
{
	cb_pcap(b, 0xa1b2c3d4, 2, 4, 65000);
	cb_pcap_frame(b, 1, 0, 4);
}

static void direction_byte(struct cb *b)
{
	cb_pcap(b, 0xa1b2c3d4, 2, 4, 204);
	cb_pcap_frame(b, 1, 0, 20);
}

static void pseudo_head_alone(struct cb *b)
{
	cb_pcap(b, 0xa1b2c3d4, 2, 4, 201);
	cb_pcap_frame(b, 1, 0, 3);
}

static void whole_seconds_in_the_fraction(struct cb *b)
{
	cb_pcap(b, 0xa1b2c3d4, 2, 4, 1);
	cb_pcap_frame(b, 1, 2000000, 4);
}

static void cut_in_record_head(struct cb *b)
{
	us_at_end_of_32_bits(b);
	cb_u64(b, 0);
}

static void cut_in_frame(struct cb *b)
{
	us_at_end_of_32_bits(b);
	cb_pcap_head(b, 1, 1, 9, 9);
	cb_u64(b, 0);
}

static void frame_too_big(struct cb *b)
{
	us_at_end_of_32_bits(b);
	cb_pcap_head(b, 1, 1, NM_FRAME_MAX_BYTES + 1, 9);
	cb_u64(b, 0);
}

static void no_frames(struct cb *b)
{
	cb_pcap(b, 0xa1b2c3d4, 2, 4, 1);
}

static void ng_begin(struct cb *b, int resolution, int64_t shift_s)
{
	cb_section(b, false, NULL);
	cb_interface(b, 1, 0, resolution, shift_s, NULL);
}

static void ng_powers_of_two(struct cb *b)
{
	ng_begin(b, 0x80 | 4, 0);
	cb_enhanced(b, 0, 16 * 5, 4);
	cb_enhanced(b, 0, 16 * 6 + 1, 4);
}

static void ng_picoseconds(struct cb *b)
{
	ng_begin(b, 12, 0);
	cb_enhanced(b, 0, UINT64_C(7000123456789), 4);
}

static void ng_whole_seconds(struct cb *b)
{
	ng_begin(b, 0, 0);
	cb_enhanced(b, 0, 77, 4);
}

static void ng_time_shift(struct cb *b)
{
	ng_begin(b, 6, -100);
	cb_enhanced(b, 0, 1000000, 4);
}

static void ng_resolution_too_fine(struct cb *b)
{
	ng_begin(b, 25, 0);
	cb_enhanced(b, 0, 1000000, 4);
}

static void ng_time_before_1677(struct cb *b)
{
	ng_begin(b, 6, -INT64_C(10000000000));
	cb_enhanced(b, 0, 0, 4);
}

static void ng_time_beyond_2262(struct cb *b)
{
	ng_begin(b, 0, 0);
	cb_enhanced(b, 0, UINT64_MAX, 4);
}

static void ng_simple_is_cut_by_snap_length(struct cb *b)
{
	cb_section(b, false, NULL);
	cb_interface(b, 1, 8, -1, 0, NULL);
	cb_simple(b, 8, 100);
}

static void ng_no_interface(struct cb *b)
{
	cb_section(b, false, NULL);
	cb_enhanced(b, 0, 1, 4);
}

static void ng_interface_of_another_section(struct cb *b)
{
	ng_begin(b, 6, 0);
	cb_interface(b, 101, 0, 6, 0, NULL);
	cb_enhanced(b, 1, 1, 4);
	cb_section(b, false, NULL);
	cb_interface(b, 1, 0, 6, 0, NULL);
	cb_enhanced(b, 1, 1, 4);
}

static void ng_lengths_differ(struct cb *b)
{
	ng_begin(b, 6, 0);
	cb_enhanced(b, 0, 1, 4);
	cb_enhanced(b, 0, 1, 4);
	b->p[b->n - 4] ^= 4;
}

static void ng_block_too_short(struct cb *b)
{
	ng_begin(b, 6, 0);
	cb_u32(b, 99);
	cb_u32(b, 8);
	cb_u32(b, 8);
}

static void ng_stored_beyond_block(struct cb *b)
{
	ng_begin(b, 6, 0);
	cb_enhanced(b, 0, 1, 4);
	b->p[b->n - 4 - 4 - 8] = 5; /* stored length of 4 bytes and no padding */
}

static void ng_unknown_block_beyond_end(struct cb *b)
{
	ng_begin(b, 6, 0);
	cb_enhanced(b, 0, 1, 4);
	cb_u32(b, 0xbad);
	cb_u32(b, 1 << 20);
	cb_u32(b, 0);
}

static void ng_bad_section_version(struct cb *b)
{
	ng_begin(b, 6, 0);
	cb_enhanced(b, 0, 1, 4);
	cb_section(b, false, NULL);
	b->p[b->n - 28 + 12] = 2;
}

static void nm_into_the_header(struct cb *b)
{
	cb_netmon(b, 2, 0, 1, false);
	cb_netmon_frame(b, 0, 4, 0, 0);
	cb_netmon_frame(b, 1, 4, 0, 0);
	b->offsets[1] = 71;
	cb_netmon_end(b, NULL, 0, NULL);
}

static void nm_beyond_the_end(struct cb *b)
{
	cb_netmon(b, 2, 0, 1, false);
	cb_netmon_frame(b, 0, 4, 0, 0);
	cb_netmon_frame(b, 1, 4, 0, 0);
	b->offsets[1] = 100000;
	cb_netmon_end(b, NULL, 0, NULL);
}

static void nm_no_frames(struct cb *b)
{
	cb_netmon(b, 2, 0, 1, false);
	cb_netmon_end(b, NULL, 0, NULL);
}

static void nm_table_cut(struct cb *b)
{
	cb_netmon(b, 2, 0, 1, false);
	for (int i = 0; i < 3; i++)
		cb_netmon_frame(b, i, 4, 0, 0);
	cb_netmon_end(b, NULL, 0, NULL);
	b->n -= 3;
}

static void nm_table_lost(struct cb *b)
{
	cb_netmon(b, 2, 1, 1, false);
	for (int i = 0; i < 3; i++)
		cb_netmon_frame(b, i, 4, 6, 0);
	cb_netmon_end(b, NULL, 0, NULL);
	b->n -= 12;
}

static void nm_negative_time(struct cb *b)
{
	cb_netmon(b, 2, 0, 1, false);
	cb_netmon_frame(b, -3, 4, 0, 0);
	cb_netmon_end(b, NULL, 0, NULL);
}

static void nm_month_13(struct cb *b)
{
	nm_negative_time(b);
	b->p[10] = 13;
}

static void nm_converted_media(struct cb *b)
{
	cb_netmon(b, 2, 1, 1, false);
	cb_netmon_frame(b, 0, 4, 0xe000 + 105, 0);
	cb_netmon_end(b, NULL, 0, NULL);
}

static void nm_event_record(struct cb *b)
{
	cb_netmon(b, 2, 2, 1, false);
	cb_netmon_frame(b, 0, 4, 0xffe0, 0);
	cb_netmon_end(b, NULL, 0, NULL);
}

static void nm_ethernet_on_a_vpn(struct cb *b)
{
	cb_netmon(b, 2, 1, 1, false);
	cb_netmon_frame(b, 0, 4, 0, 0);
	cb_netmon_end(b, NULL, 0, NULL);
}

static void nm_milliseconds(struct cb *b)
{
	cb_netmon(b, 1, 1, 2, false);
	cb_netmon_frame(b, INT64_C(4294967295000), 4, 0, 0);
	cb_netmon_end(b, NULL, 0, NULL);
}

#define S          INT64_C(1000000000)
#define NM_START   (INT64_C(1121529413) * S + 427000000) /* 2005-07-16 15:56:53.427 */
#define SPOILED(n) 24 + 2 * 20 + (n)

static const struct want wants[] = {
	{ "the last second of 32 bits has its time", us_at_end_of_32_bits, 2, 4, 4,
	    4294967295999999, 4294967295 * S + 999999000, 1, 1, NULL, 0, 0 },
	{ "nanoseconds are truncated to microseconds", ns_are_truncated_to_us, 2, 4, 4, 998999,
	    10 * S + 999999999, 1, 1, NULL, 0, 0 },
	{ "a frame older than the first has a negative time", older_than_the_start, 2, 4, 4, -2,
	    9 * S + 999998000, 1, 1, NULL, 0, 0 },
	{ "a frame longer than the snap length is served", stored_beyond_snap_length, 1, 70000,
	    70000, 0, S, 1, 1, NULL, 0, 0 },
	{ "a frame stored longer than its wire length is served", stored_beyond_wire_length, 1, 9,
	    4, 0, S, 1, 1, NULL, 0, 0 },
	{ "version 2.3 may have its lengths either way", version_23_written_backwards, 1, 4, 9, 0,
	    S, 1, 1, NULL, 0, 0 },
	{ "FCS bits are no part of the link type", fcs_bits, 1, 4, 4, 0, S, 1, 1, NULL, 0, 0 },
	{ "reserved bits of the link type are noted", reserved_bits, 1, 4, 4, 0, S, 1, 1,
	    "reserved bits of the link type", 20, NOTED },
	{ "version 2.2 with a link type of AIX has nanoseconds", aix_token_ring, 1, 4, 9, 999,
	    S + 999999, 6, 2, "what AIX writes for Token Ring", 20, NOTED },
	{ "the loopback of AIX is BSD's", aix_loopback, 1, 4, 9, 999, S + 999999, 0, 0,
	    "link type 24 is what AIX writes for BSD loopback", 20, NOTED },
	{ "version 2.2 with another link type is nobody's in particular", version_22_of_others, 1,
	    4, 9, 999, S + 999999000, 1, 1, NULL, 0, 0 },
	{ "version 2.3 is not of AIX", version_23_with_a_link_of_aix, 1, 4, 9, 999, S + 999999000,
	    9, 0, NULL, 0, 0 },
	{ "what says nanoseconds itself is not of AIX", nanoseconds_with_a_link_of_aix, 1, 4, 9,
	    999, S + 999999, 9, 0, NULL, 0, 0 },
	{ "records of Ixia's files begin after 28 bytes", ixia_software, 1, 4, 4, 7, S + 7000, 1, 1,
	    NULL, 0, 0 },
	{ "an unknown link type is served", unknown_link, 1, 4, 4, 0, S, 65000, 0, NULL, 0, 0 },
	{ "the direction byte of PPP is no part of the frame", direction_byte, 1, 19, 19, 0, S, 204,
	    0, NULL, 0, 0 },
	{ "a record shorter than its pseudo-header is an empty frame", pseudo_head_alone, 1, 0, 0,
	    0, S, 201, 0, NULL, 0, 0 },
	{ "seconds in the fraction are added, and noted", whole_seconds_in_the_fraction, 1, 4, 4, 0,
	    3 * S, 1, 1, "fraction of more than a second", 24, NOTED },
	{ "a cut in a record head is named", cut_in_record_head, 2, 4, 4, 4294967295999999,
	    4294967295 * S + 999999000, 1, 1, "cut in the header of frame 3 (8 of 16 bytes)",
	    SPOILED(0), true },
	{ "a cut in a frame is named", cut_in_frame, 2, 4, 4, 4294967295999999,
	    4294967295 * S + 999999000, 1, 1, "cut in frame 3 (8 of 9 bytes)", SPOILED(0), true },
	{ "a frame over the limit is damage", frame_too_big, 2, 4, 4, 4294967295999999,
	    4294967295 * S + 999999000, 1, 1, "frame 3 claims 8388609 stored bytes", SPOILED(0),
	    false },
	{ "a capture may have no frames", no_frames, 0, 0, 0, 0, 0, 0, 0, NULL, 0, 0 },

	{ "pcapng: powers of two are a resolution", ng_powers_of_two, 2, 4, 4, 1062500,
	    6 * S + 62500000, 1, 1, NULL, 0, 0 },
	{ "pcapng: picoseconds are truncated", ng_picoseconds, 1, 4, 4, 123, 7 * S + 123456, 1, 1,
	    NULL, 0, 0 },
	{ "pcapng: whole seconds are a resolution", ng_whole_seconds, 1, 4, 4, 0, 77 * S, 1, 1,
	    NULL, 0, 0 },
	{ "pcapng: a time offset is added", ng_time_shift, 1, 4, 4, 0, -99 * S, 1, 1, NULL, 0, 0 },
	{ "pcapng: a resolution beyond 64 bits leaves frames without time", ng_resolution_too_fine,
	    1, 4, 4, 0, 0, 1, 1, "resolution that can't be expressed", 28, NOTED },
	{ "pcapng: times stop at the last nanosecond of 64 bits", ng_time_beyond_2262, 1, 4, 4, 775,
	    INT64_MAX, 1, 1, NULL, 0, 0 },
	{ "pcapng: and at the first one", ng_time_before_1677, 1, 4, 4, -776, INT64_MIN, 1, 1, NULL,
	    0, 0 },
	{ "pcapng: the snap length cuts simple packets", ng_simple_is_cut_by_snap_length, 1, 8, 100,
	    0, 0, 1, 1, NULL, 0, 0 },
	{ "pcapng: a packet needs an interface", ng_no_interface, 0, 0, 0, 0, 0, 0, 0,
	    "names an interface", 28, false },
	{ "pcapng: interfaces end with their section", ng_interface_of_another_section, 1, 4, 4, 1,
	    1000, 101, 0, "names an interface that was not described (1)",
	    28 + 28 + 28 + 36 + 28 + 28, false },
	{ "pcapng: a block whose lengths differ is damage", ng_lengths_differ, 1, 4, 4, 1, 1000, 1,
	    1, "two lengths differ", 28 + 28 + 36, false },
	{ "pcapng: a block shorter than its head is damage", ng_block_too_short, 0, 0, 0, 0, 0, 0,
	    0, "shorter than its own header (8)", 56, false },
	{ "pcapng: a packet longer than its block is damage", ng_stored_beyond_block, 0, 0, 0, 0, 0,
	    0, 0, "more stored bytes than its block", 56, false },
	{ "pcapng: a block that ends beyond the file is a cut", ng_unknown_block_beyond_end, 1, 4,
	    4, 1, 1000, 1, 1, "cut in a block", 92, true },
	{ "pcapng: a later section of another version is damage", ng_bad_section_version, 1, 4, 4,
	    1, 1000, 1, 1, "version that can't be read (2)", 92, false },

	{ "Network Monitor: an entry into the header is damage", nm_into_the_header, 1, 4, 4, 0,
	    NM_START, 1, 1, "frame 2 into the file header (byte 71)", 128 + 40 + 4, false },
	{ "Network Monitor: an entry beyond the file is damage", nm_beyond_the_end, 1, 4, 4, 0,
	    NM_START, 1, 1, "beyond the end of the file (byte 100000", 128 + 40 + 4, false },
	{ "Network Monitor: a table may be empty", nm_no_frames, 0, 0, 0, 0, 0, 0, 0, NULL, 0, 0 },
	{ "Network Monitor: a cut table serves its whole entries", nm_table_cut, 2, 4, 4, 1,
	    NM_START + 1000, 1, 1, "cut in its frame table (2 of 3 entries)", 128 + 60 + 8, true },
	{ "Network Monitor: without a table records are followed", nm_table_lost, 3, 4, 4, 2,
	    NM_START + 2000, NM_LINK_NETMON | 6, 0, "ends before its frame table", 72 + 66, true },
	{ "Network Monitor: times before the start are negative", nm_negative_time, 1, 4, 4, -3,
	    NM_START - 3000, 1, 1, NULL, 0, 0 },
	{ "Network Monitor: a start that is no date counts from 1970", nm_month_13, 1, 4, 4, -3,
	    -3000, 1, 1, "no date (month 13", 8, NOTED },
	{ "Network Monitor: converted frames have their link type", nm_converted_media, 1, 4, 4, 0,
	    NM_START, 105, 0, NULL, 0, 0 },
	{ "Network Monitor: event records are frames of their own kind", nm_event_record, 1, 4, 4,
	    0, NM_START, NM_LINK_NETMON | 0xffe0, 0, NULL, 0, 0 },
	{ "Network Monitor: media type 0 is Ethernet from 2.1 on", nm_ethernet_on_a_vpn, 1, 4, 4, 0,
	    NM_START, 1, 1, NULL, 0, 0 },
	{ "Network Monitor 1: milliseconds, and Token Ring", nm_milliseconds, 1, 4, 4,
	    INT64_C(4294967295000), NM_START + INT64_C(4294967295) * 1000000, 6, 2, NULL, 0, 0 },
};

static void keeps_the_rule(void **state)
{
	const struct want *w = *state;
	struct nm_capture_facts facts;
	struct nm_frame f;
	struct cb b = { 0 };
	struct opened o;
	struct nm_view *v;

	w->make(&b);
	o = open_bytes(b.p, b.n);
	assert_int_equal(o.err, 0);
	v = nm_view_new(o.c, 1);
	for (uint32_t i = 0; i < w->frames; i++)
		assert_int_equal(nm_view_frame(v, i, &f), NMERR_SUCCESS);
	if (w->frames > 0) {
		assert_int_equal(stored_of(&f), w->stored);
		assert_int_equal(wire_of(&f), w->wire);
		assert_int_equal(time_us(&f), w->us);
		assert_int_equal(f.link_type, w->link_type);
		assert_int_equal(f.mac_type, w->mac_type);
	}
	assert_int_equal(nm_view_frame(v, w->frames, &f), NMERR_FRAME_NOT_FOUND);
	assert_int_equal(nm_capture_total(o.c, NULL), w->frames);
	nm_capture_facts(o.c, &facts);
	assert_int_equal(facts.last_ns, w->last_ns);
	assert_int_equal(facts.damage.code != 0, w->damage && w->harm != NOTED);
	assert_int_equal(facts.note.code != 0, w->harm == NOTED);
	assert_int_equal(facts.truncated, w->harm == 1);
	if (w->damage) {
		const struct nm_diag *d = w->harm == NOTED ? &facts.note : &facts.damage;

		if (!strstr(d->text, w->damage))
			fail_msg("%s", d->text);
		assert_int_equal(d->offset, w->offset);
	}
	nm_view_free(v);
	close_bytes(&o);
	cb_done(&b);
}

/* ---- facts ---- */

static void pcapng_facts_name_interfaces(void **state)
{
	struct nm_capture_facts f;
	struct cb b = { 0 };
	struct opened o;

	(void)state;
	cb_section(&b, true, "what a day");
	cb_interface(&b, 1, 96, 9, 0, "eth\x1b[1m");
	cb_interface(&b, 105, 0, -1, 0, NULL);
	cb_enhanced(&b, 1, 5000, 4);
	cb_simple(&b, 4, 4);
	cb_enhanced(&b, 0, 2000, 4);
	o = open_bytes(b.p, b.n);
	nm_capture_facts(o.c, &f);
	assert_int_equal(f.format, NM_FORMAT_PCAPNG);
	assert_true(f.big_endian);
	assert_false(f.indexed);
	assert_int_equal(f.link_type, 1);
	assert_int_equal(f.mac_type, MAC_TYPE_ETHERNET);
	assert_int_equal(f.start_ns, 5000000);
	assert_string_equal(nm_capture_comment(o.c), "what a day");
	assert_int_equal(nm_capture_total(o.c, NULL), 3);
	nm_capture_facts(o.c, &f);
	assert_int_equal(f.n_interfaces, 2);
	assert_string_equal(f.interfaces[0].name, "eth\\x1b[1m");
	assert_int_equal(f.interfaces[0].ticks_per_s, 1000000000);
	assert_int_equal(f.interfaces[0].snap_len, 96);
	assert_int_equal(f.interfaces[1].link_type, 105);
	assert_int_equal(f.frames_without_time, 1);
	assert_int_equal(f.first_ns, 5000000);
	assert_int_equal(f.last_ns, 2000);
	assert_int_equal(f.min_ns, 2000);
	assert_int_equal(f.max_ns, 5000000);
	assert_int_equal(f.out_of_order, 1);
	close_bytes(&o);
	cb_done(&b);
}

static void netmon_facts_tell_zone_and_comment(void **state)
{
	struct nm_capture_facts f;
	struct cb b = { 0 };
	struct opened o;

	(void)state;
	for (unsigned i = 0; i < cb_n_samples; i++) {
		if (strcmp(cb_samples[i].name, "Network Monitor 2.3") == 0) {
			cb_samples[i].make(&b);
			o = open_bytes(b.p, b.n);
			assert_int_equal(nm_capture_total(o.c, NULL), 3);
			nm_capture_facts(o.c, &f);
			assert_int_equal(f.start_ns, NM_START);
			assert_int_equal(f.utc_shift_ns, -2 * 3600 * S);
			assert_int_equal(f.first_ns, NM_START - 2 * 3600 * S + 100);
			assert_int_equal(f.last_ns, NM_START - 2 * 3600 * S + 9900);
			assert_null(nm_capture_comment(o.c));
			close_bytes(&o);
			cb_done(&b);
		} else if (strcmp(cb_samples[i].name, "Network Monitor 1.1") == 0) {
			cb_samples[i].make(&b);
			o = open_bytes(b.p, b.n);
			assert_string_equal(nm_capture_comment(o.c), "written in 1996");
			close_bytes(&o);
			cb_done(&b);
		}
	}
}

static void names_are_known(void **state)
{
	(void)state;
	assert_string_equal(nm_format_name(NM_FORMAT_PCAP), "pcap");
	assert_string_equal(nm_format_name(NM_FORMAT_NETMON2), "Network Monitor 2");
	assert_string_equal(nm_format_name((enum nm_format)99), "unknown");
	assert_string_equal(nm_link_type_name(0), "BSD loopback");
	assert_string_equal(nm_link_type_name(1), "Ethernet");
	assert_string_equal(nm_link_type_name(276), "Linux cooked v2");
	assert_string_equal(nm_link_type_name(NM_LINK_NETMON | 0xffff), "Network Monitor filter");
	assert_null(nm_link_type_name(64999));
	assert_null(nm_link_type_name(NM_LINK_NONE));
}

/* ---- sizes ---- */

static void frames_beyond_a_window_are_served(void **state)
{
	static const uint32_t sizes[] = { 10, 300000, 262144 - 40, 11, NM_FRAME_MAX_BYTES, 12,
		262144, 0, 1 << 20 };
	const unsigned n = sizeof sizes / sizeof *sizes;
	struct nm_frame f;

	(void)state;
	for (int format = 0; format < 4; format++) {
		struct cb b = { 0 };
		struct opened o;
		struct nm_view *v;

		if (format == 0)
			cb_pcap(&b, 0xa1b2c3d4, 2, 4, 1);
		else if (format == 1)
			ng_begin(&b, 6, 0);
		else
			cb_netmon(&b, format == 2 ? 2 : 1, 0, 1, false);
		for (unsigned i = 0; i < n; i++) {
			if (format == 0)
				cb_pcap_frame(&b, 1, i, sizes[i]);
			else if (format == 1)
				cb_enhanced(&b, 0, i, sizes[i]);
			else
				cb_netmon_frame(
				    &b, i, format == 2 ? sizes[i] : sizes[i] % 65536, 0, 0);
		}
		if (format >= 2)
			cb_netmon_end(&b, NULL, 0, NULL);
		o = open_bytes(b.p, b.n);
		v = nm_view_new(o.c, 1);
		assert_int_equal(nm_capture_total(o.c, NULL), n);
		for (unsigned k = 0; k < 2 * n; k++) {
			unsigned i = k < n ? k : 2 * n - 1 - k;

			assert_int_equal(nm_view_frame(v, i, &f), NMERR_SUCCESS);
			assert_int_equal(stored_of(&f), format < 3 ? sizes[i] : sizes[i] % 65536);
			assert_filled(&f, i);
		}
		nm_view_free(v);
		close_bytes(&o);
		cb_done(&b);
	}
}

#define MANY 40000u /* more than a window holds, and many checkpoints */

static void many_small_frames_are_found_at_random(void **state)
{
	struct nm_view *views[3];
	struct cb b = { 0 };
	struct opened o;
	struct nm_frame f;

	(void)state;
	cb_pcap(&b, 0xa1b2c3d4, 2, 4, 1);
	for (uint32_t i = 0; i < MANY; i++)
		cb_pcap_frame(&b, i, 0, i % 3);
	o = open_bytes(b.p, b.n);
	for (unsigned i = 0; i < 3; i++)
		views[i] = nm_view_new(o.c, 1u << (2 * i));
	for (uint32_t k = 0, i = 0; k < 3000; k++, i = (i * 1103515245u + 12345u) % MANY) {
		if (k == 1500) /* the first half runs ahead of the index */
			assert_int_equal(nm_capture_total(o.c, NULL), MANY);
		assert_int_equal(nm_view_frame(views[k % 3], i, &f), NMERR_SUCCESS);
		assert_int_equal(time_us(&f), (int64_t)i * 1000000);
		assert_filled(&f, i);
	}
	for (unsigned i = 0; i < 3; i++)
		nm_view_free(views[i]);
	close_bytes(&o);
	cb_done(&b);
}

static void earlier_frames_stay_valid_with_more_windows(void **state)
{
	struct nm_frame first, f;
	struct cb b = { 0 };
	struct opened o;
	struct nm_view *v;

	(void)state;
	cb_pcap(&b, 0xa1b2c3d4, 2, 4, 1);
	for (uint32_t i = 0; i < 40; i++)
		cb_pcap_frame(&b, i, 0, 100000);
	o = open_bytes(b.p, b.n);
	v = nm_view_new(o.c, 4);
	assert_int_equal(nm_view_frame(v, 0, &first), 0);
	for (uint32_t i = 1; i < 8; i++) /* two frames fit in a window */
		assert_int_equal(nm_view_frame(v, i, &f), 0);
	assert_filled(&first, 0);
	nm_view_free(v);
	close_bytes(&o);
	cb_done(&b);
}

static void netmon_tables_may_be_in_any_order(void **state)
{
	enum { N = 4000 };
	static uint32_t order[N];
	struct nm_frame f;

	(void)state;
	for (int kind = 0; kind < 3; kind++) {
		struct cb b = { 0 };
		struct opened o;
		struct nm_view *v;

		cb_netmon(&b, 2, 1, 1, false);
		for (uint32_t i = 0; i < N; i++)
			cb_netmon_frame(&b, i, 100 + i % 150, 1, 0);
		for (uint32_t i = 0; i < N; i++)
			order[i] = kind == 0   ? N - 1 - i
				   : kind == 1 ? i * 1237 % N
					       : (i + N - 1) % N;
		cb_netmon_end(&b, order, N, NULL);
		o = open_bytes(b.p, b.n);
		v = nm_view_new(o.c, 1);
		for (uint32_t i = 0; i < N; i++) {
			assert_int_equal(nm_view_frame(v, i, &f), NMERR_SUCCESS);
			assert_int_equal(time_us(&f), order[i]);
			assert_filled(&f, order[i]);
		}
		assert_int_equal(nm_capture_total(o.c, NULL), N);
		nm_view_free(v);
		close_bytes(&o);
		cb_done(&b);
	}
}

static void long_blocks_are_stepped_over(void **state)
{
	struct nm_frame f;
	struct cb b = { 0 };
	struct opened o;
	struct nm_view *v;

	(void)state;
	ng_begin(&b, 6, 0);
	cb_enhanced(&b, 0, 1, 40);
	cb_other(&b, 0x40000bad, 20 << 20); /* longer than any window may grow */
	cb_enhanced(&b, 0, 2, 41);
	cb_other(&b, 5, 1 << 20);
	o = open_bytes(b.p, b.n);
	v = nm_view_new(o.c, 1);
	assert_int_equal(nm_view_frame(v, 1, &f), NMERR_SUCCESS);
	assert_filled(&f, 1);
	assert_int_equal(nm_view_frame(v, 2, &f), NMERR_FRAME_NOT_FOUND);
	assert_int_equal(nm_capture_total(o.c, NULL), 2);
	nm_view_free(v);
	close_bytes(&o);
	cb_done(&b);
}

int main(void)
{
	static struct CMUnitTest tests[sizeof wants / sizeof *wants + 16];
	size_t n = 0;

	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++)
		tests[n++] = (struct CMUnitTest){ .name = wants[i].name,
			.test_func = keeps_the_rule,
			.initial_state = (void *)(uintptr_t)&wants[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(pcapng_facts_name_interfaces);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(netmon_facts_tell_zone_and_comment);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(names_are_known);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(frames_beyond_a_window_are_served);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(many_small_frames_are_found_at_random);
	tests[n++] =
	    (struct CMUnitTest)cmocka_unit_test(earlier_frames_stay_valid_with_more_windows);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(netmon_tables_may_be_in_any_order);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(long_blocks_are_stepped_over);
	return _cmocka_run_group_tests("capture rules", tests, n, NULL, NULL);
}
