/* SPDX-License-Identifier: MIT */
/* Records of Network Monitor that are no frames, and what a digest counts of frames. */
#include "capture_read.h"

#include "capture/digest.h"
#include "capture/records.h"

#define FILTER  (NM_LINK_NETMON | 0xffff)
#define NETWORK (NM_LINK_NETMON | 0xfffb)
#define EVENT   (NM_LINK_NETMON | 0xffe0)

static void put_text(struct cb *b, const char *s)
{
	do {
		cb_u8(b, (uint8_t)*s);
		cb_u8(b, 0);
	} while (*s++);
}

static void make_filter(struct cb *b, uint32_t type)
{
	b->big = true;
	cb_u16(b, 1);
	cb_u32(b, type);
	cb_u32(b, 3);
	cb_u32(b, 4);
	put_text(b, "Microsoft Network Monitor");
	put_text(b, "tcp.port==80");
}

static void make_adapter(struct cb *b)
{
	static const uint8_t mac[6] = { 0, 0x11, 0x22, 0x33, 0x44, 0x55 };
	static const uint8_t v6[16] = { 0xfe, 0x80, [15] = 1 };

	put_text(b, "LAN");
	put_text(b, "a card");
	put_text(b, "{guid}");
	cb_u32(b, 0);
	cb_u32(b, 1500);
	cb_u64(b, 1000000000);
	cb_put(b, mac, sizeof mac);
	for (uint16_t i = 0; i < 6; i++)
		cb_u16(b, i < 5);
	cb_u32(b, 0x0a000001);
	cb_u32(b, 0xff000000);
	cb_put(b, v6, sizeof v6);
	cb_u32(b, 0x0a0000fe);
	cb_u32(b, 0x0a0000fd);
	cb_u32(b, 0x0a0000fc);
}

static void make_network(struct cb *b)
{
	b->big = true;
	cb_u16(b, 2);
	cb_u16(b, 2);
	put_text(b, "HOST");
	make_adapter(b);
	make_adapter(b);
}

#define ADAPTER                                                                                    \
	"\nLAN (a card), 1000000000 bit/s, MTU 1500, 00:11:22:33:44:55, 10.0.0.1/255.0.0.0, "      \
	"fe80::1, gateway 10.0.0.254, DHCP 10.0.0.253, DNS 10.0.0.252"

static const char *text_of(uint32_t link, const struct cb *b, size_t n, size_t room)
{
	static char text[2000];
	uint8_t *exact = malloc(n ? n : 1);

	assert_non_null(exact);
	if (n)
		memcpy(exact, b->p, n);
	memset(text, 0x55, sizeof text);
	if (!nm_record_text(link, exact, n, text, room))
		assert_string_equal(text, "");
	assert_true(memchr(text, 0, room) != NULL);
	free(exact);
	return text;
}

static void filters_and_network_info_become_text(void **state)
{
	struct cb capture = { 0 }, display = { 0 }, network = { 0 };

	(void)state;
	make_filter(&capture, 1);
	make_filter(&display, 0);
	make_network(&network);
	assert_string_equal(text_of(FILTER, &capture, capture.n, 2000),
	    "capture filter of Microsoft Network Monitor 3.4: tcp.port==80");
	assert_string_equal(text_of(FILTER, &display, display.n, 2000),
	    "display filter of Microsoft Network Monitor 3.4: tcp.port==80");
	assert_string_equal(text_of(NETWORK, &network, network.n, 2000),
	    "computer HOST, 2 adapters" ADAPTER ADAPTER);
	assert_string_equal(text_of(NETWORK, &network, network.n - 1, 2000),
	    "computer HOST, 2 adapters" ADAPTER
	    "\nLAN (a card), 1000000000 bit/s, MTU 1500, 00:11:22:33:44:55, 10.0.0.1/255.0.0.0, "
	    "fe80::1, gateway 10.0.0.254, DHCP 10.0.0.253\n(the record is cut)");
	assert_string_equal(text_of(EVENT, &network, network.n, 2000), "");
	assert_string_equal(text_of(1, &network, network.n, 2000), "");
	cb_done(&capture);
	cb_done(&display);
	cb_done(&network);
}

static void every_prefix_change_and_room_ends_in_a_text(void **state)
{
	(void)state;
	for (int kind = 0; kind < 2; kind++) {
		uint32_t link = kind ? NETWORK : FILTER;
		struct cb b = { 0 };

		if (kind)
			make_network(&b);
		else
			make_filter(&b, 1);
		for (size_t n = 0; n < b.n; n++)
			(void)text_of(link, &b, n, 2000);
		for (size_t room = 4; room < 300; room++)
			(void)text_of(link, &b, b.n, room);
		for (size_t at = 0; at < b.n; at++) {
			b.p[at] ^= 0xff;
			(void)text_of(link, &b, b.n, 2000);
			b.p[at] ^= 0xff;
		}
		cb_done(&b);
	}
}

static void an_event_names_its_provider(void **state)
{
	uint8_t event[80] = { [24] = 0x77 };

	(void)state;
	assert_ptr_equal(nm_record_provider(EVENT, event, sizeof event), event + 24);
	assert_ptr_equal(nm_record_provider(EVENT, event, 40), event + 24);
	assert_null(nm_record_provider(EVENT, event, 39));
	assert_null(nm_record_provider(FILTER, event, sizeof event));
}

/* ---- digests ---- */

struct texts {
	unsigned n;
	uint32_t number;
	char last[NM_DIGEST_TEXT];
};

static bool keep_record(void *ctx, const struct nm_digest_text *t)
{
	struct texts *x = ctx;

	if (t->code == NM_NOTE_RECORD) {
		x->n++;
		x->number = t->number;
		(void)snprintf(x->last, sizeof x->last, "%s", t->text);
	}
	return true;
}

static void digest(struct cb *b, struct texts *x, struct nm_digest *d)
{
	struct opened o = open_bytes(b->p, b->n);

	assert_int_equal(o.err, 0);
	assert_true(nm_capture_index(o.c, 0));
	assert_int_equal(nm_capture_digest(o.c, keep_record, x, d), NMERR_SUCCESS);
	close_bytes(&o);
	cb_done(b);
}

/* As a record of 2.3 that holds what `body` does. */
static void put_record(struct cb *b, uint16_t media, const struct cb *body)
{
	b->offsets[b->n_offsets++] = (uint32_t)b->n;
	cb_u64(b, 0);
	cb_u32(b, (uint32_t)body->n);
	cb_u32(b, (uint32_t)body->n);
	cb_put(b, body->p, body->n);
	cb_u16(b, media);
	cb_u32(b, UINT32_MAX);
	cb_u64(b, 0);
	cb_u8(b, 0);
}

static void records_among_frames_are_told(void **state)
{
	struct cb b = { 0 }, filter = { 0 };
	struct texts x = { 0 };
	struct nm_digest d;

	(void)state;
	make_filter(&filter, 1);
	cb_netmon(&b, 2, 3, 1, false);
	cb_netmon_frame(&b, 0, 60, 1, 0);
	put_record(&b, 0xffff, &filter);
	for (int i = 0; i < 17; i++) { /* by one writer; the 18th frame by another */
		b.frames = i < 16 ? 3 : 4;
		cb_netmon_frame(&b, 0, 80, 0xffe0, 0);
	}
	cb_netmon_frame(&b, 0, 10, 0xffe0, 0); /* too short to have one */
	cb_netmon_end(&b, NULL, 0, NULL);
	digest(&b, &x, &d);
	assert_int_equal(x.n, 1);
	assert_int_equal(x.number, 1);
	assert_string_equal(
	    x.last, "capture filter of Microsoft Network Monitor 3.4: tcp.port==80");
	assert_int_equal(d.n_links, 3);
	assert_int_equal(d.links[0].n, 1);
	assert_int_equal(d.links[2].n, 18);
	assert_int_equal(d.frames[0], 20);
	assert_int_equal(d.n_providers, 2);
	assert_int_equal(d.providers[0].n, 16);
	assert_int_equal(d.providers[0].id[0], cb_byte(3, 24));
	assert_int_equal(d.providers[1].n, 1);
	cb_done(&filter);
}

static void kinds_beyond_the_limit_are_others(void **state)
{
	struct texts x = { 0 };
	struct nm_digest d;
	struct cb b = { 0 };

	(void)state;
	cb_netmon(&b, 2, 1, 1, false);
	for (uint16_t i = 0; i < 40; i++)
		cb_netmon_frame(&b, 0, 60, i < 20 ? 0xe000 + 100 + i : 0xffe0, 0);
	cb_netmon_end(&b, NULL, 0, NULL);
	digest(&b, &x, &d);
	assert_int_equal(d.n_links, NM_DIGEST_LINKS);
	assert_int_equal(d.other_links, 24);
	assert_int_equal(d.n_providers, NM_DIGEST_EVENTS);
	assert_int_equal(d.other_events, 4);
}

static void frames_of_interfaces_and_cut_ones_are_counted(void **state)
{
	struct texts x = { 0 };
	struct nm_digest d;
	struct cb b = { 0 };

	(void)state;
	cb_section(&b, false, NULL);
	cb_interface(&b, 1, 64, 6, 0, "a");
	cb_interface(&b, 101, 0, 6, 0, "b");
	cb_enhanced(&b, 0, 1, 60);
	cb_enhanced(&b, 1, 2, 60);
	cb_enhanced(&b, 1, 3, 60);
	cb_simple(&b, 64, 90);
	cb_other(&b, 4, 0);
	digest(&b, &x, &d);
	assert_int_equal(d.frames[0], 2);
	assert_int_equal(d.frames[1], 2);
	assert_int_equal(d.n_links, 2);
	assert_int_equal(d.cut_frames, 1);
	assert_int_equal(d.cut_min, 64);
	assert_int_equal(d.cut_max, 64);
	cb_pcap(&b, 0xa1b2c3d4, 2, 4, 147); /* alike: counted without a walk */
	cb_pcap_frame(&b, 1, 0, 4);
	digest(&b, &x, &d);
	assert_int_equal(d.frames[0], 1);
	assert_int_equal(d.links[0].type, 147);
	assert_int_equal(d.cut_frames, 0);
}

static void names_are_counted(void **state)
{
	static const uint8_t block[] = { 4, 0, 0, 0, 52, 0, 0, 0, 1, 0, 6, 0, 1, 2, 3, 4, 'a', 0, 0,
		0, 2, 0, 18, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 'b', 0, 0, 0,
		0, 0, 0, 0, 52, 0, 0, 0 };
	struct texts x = { 0 };
	struct nm_digest d;
	struct cb b = { 0 };

	(void)state;
	cb_section(&b, false, NULL);
	cb_put(&b, block, sizeof block);
	digest(&b, &x, &d);
	assert_int_equal(d.names_ipv4, 1);
	assert_int_equal(d.names_ipv6, 1);
}

static bool keep_card(void *ctx, const struct nm_digest_text *t)
{
	char *line = ctx;
	size_t n = strlen(line);

	(void)snprintf(
	    line + n, 400 - n, "%d:%s=%llu ", (int)t->code, t->text, (unsigned long long)t->value);
	return true;
}

/* The card before 2.2, of either length; one of no length that it may have is none. */
static void the_card_of_old_files_is_told(void **state)
{
	(void)state;
	for (uint32_t n = 113; n <= 117; n++) {
		struct cb b = { 0 };
		struct nm_digest d;
		struct opened o;
		char line[400] = "";
		uint32_t back = n == 114 ? 2 : n == 115 ? 1 : 0;
		size_t at;

		cb_netmon(&b, 2, 0, 1, false);
		cb_netmon_frame(&b, 0, 20, 0, 0);
		cb_netmon_end(&b, NULL, 0, NULL);
		at = b.n;
		for (uint32_t i = 0; i < n; i++)
			cb_u8(&b, 0);
		memcpy(b.p + at + 6, "\1\2\3\4\5\6", 6);
		nm_put_le32(b.p + at + 28 - back, 100);
		memcpy(b.p + at + 48 - back, "NODE", 4);
		memset(b.p + at + 84 - back, 'c', n - 84 + back < 32 ? n - 84 + back : 32);
		nm_put_le32(b.p + 56, (uint32_t)at);
		nm_put_le32(b.p + 60, n);
		o = open_bytes(b.p, b.n);
		assert_true(nm_capture_index(o.c, 0));
		assert_int_equal(nm_capture_digest(o.c, keep_card, line, &d), NMERR_SUCCESS);
		if (n == 113 || n == 117)
			assert_string_equal(line, "");
		else
			assert_string_equal(line, "10:01:02:03:04:05:06=0 12:=100000000 6:NODE=0 "
						  "1:cccccccccccccccccccccccccccccccc=0 ");
		close_bytes(&o);
		cb_done(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filters_and_network_info_become_text),
		cmocka_unit_test(every_prefix_change_and_room_ends_in_a_text),
		cmocka_unit_test(an_event_names_its_provider),
		cmocka_unit_test(records_among_frames_are_told),
		cmocka_unit_test(kinds_beyond_the_limit_are_others),
		cmocka_unit_test(frames_of_interfaces_and_cut_ones_are_counted),
		cmocka_unit_test(names_are_counted),
		cmocka_unit_test(the_card_of_old_files_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
