/* SPDX-License-Identifier: MIT */
/* The exported functions on a frame's addresses, replaced frames and searches, on
 * captures of a few made frames. */
#include "check.h"
#include "base/bytes.h"
#include "expert/door.h"

#include <netmon.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define NONE 0xFFFFFFFFu

static const struct nm_door *door;
static struct nm_capture *capture;

struct bytes {
	uint8_t p[256];
	uint32_t n;
};

static void add(struct bytes *b, const void *p, size_t n)
{
	memcpy(b->p + b->n, p, n);
	b->n += (uint32_t)n;
}

#define ADD(b, literal) add(b, literal, sizeof(literal) - 1)

/* Bytes that count up from `first`, so that an address tells where it was. */
static void count_up(struct bytes *b, uint8_t first, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		b->p[b->n++] = (uint8_t)(first + i);
}

#define ETHER "\xd1\xd2\xd3\xd4\xd5\xd6\x03\x52\x53\x54\x55\x56"

static void add_ip4(struct bytes *b, uint8_t protocol, uint16_t fragment)
{
	uint8_t h[20] = { 0x45, 0, 0, 40, 0, 0, (uint8_t)(fragment >> 8), (uint8_t)fragment, 64,
		protocol };

	for (unsigned i = 12; i < 20; i++)
		h[i] = (uint8_t)(0xa0 + i);
	add(b, h, sizeof h);
}

static void add_ip6(struct bytes *b, uint8_t next)
{
	uint8_t h[40] = { 0x60, 0, 0, 0, 0, 20, next, 64 };

	for (unsigned i = 8; i < 40; i++)
		h[i] = (uint8_t)(0x60 + i);
	add(b, h, sizeof h);
}

enum kind {
	K_TCP4,
	K_UDP6,
	K_ARP,
	K_IPX_RAW,
	K_SNAP_IP,
	K_VLAN_IP,
	K_FRAGMENT,
	K_TUNNEL,
	K_XNS,
	K_VINES,
	K_EXT6,
	K_CUT_MAC,
	K_SAP_IPX,
	KINDS
};

static struct bytes make(enum kind k)
{
	struct bytes b = { .n = 0 };

	ADD(&b, ETHER);
	switch (k) {
	case K_TCP4:
		ADD(&b, "\x08\0");
		add_ip4(&b, 6, 0);
		count_up(&b, 0, 20);
		break;
	case K_UDP6:
		ADD(&b, "\x86\xdd");
		add_ip6(&b, 17);
		count_up(&b, 0, 8);
		break;
	case K_ARP:
		ADD(&b, "\x08\x06");
		count_up(&b, 0, 28);
		break;
	case K_IPX_RAW:
		ADD(&b, "\0\x1e\xff\xff");
		count_up(&b, 2, 28);
		break;
	case K_SNAP_IP:
		ADD(&b, "\0\x40\xaa\xaa\3\0\0\0\x08\0");
		add_ip4(&b, 1, 0);
		count_up(&b, 0, 8);
		break;
	case K_VLAN_IP:
		ADD(&b, "\x81\0\0\7\x08\0");
		add_ip4(&b, 17, 0);
		count_up(&b, 0, 8);
		break;
	case K_FRAGMENT:
		ADD(&b, "\x08\0");
		add_ip4(&b, 6, 0x2001);
		count_up(&b, 0, 20);
		break;
	case K_TUNNEL:
		ADD(&b, "\x08\0");
		add_ip4(&b, 41, 0);
		add_ip6(&b, 6);
		count_up(&b, 0, 20);
		break;
	case K_XNS:
		ADD(&b, "\x06\0");
		count_up(&b, 0, 30);
		break;
	case K_VINES:
		ADD(&b, "\x0b\xad");
		count_up(&b, 0, 18);
		break;
	case K_EXT6:
		ADD(&b, "\x86\xdd");
		add_ip6(&b, 0);
		ADD(&b, "\x06\0\0\0\0\0\0\0");
		count_up(&b, 0, 20);
		break;
	case K_CUT_MAC: b.n = 11; break;
	case K_SAP_IPX:
		ADD(&b, "\0\x21\xe0\xe0\x03");
		count_up(&b, 0, 30);
		break;
	case KINDS: break;
	}
	return b;
}

static void open_pcap(uint32_t link_type, const struct bytes *frames, unsigned n)
{
	uint8_t head[24] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, [16] = 0xff, 0xff, 0, 0 };
	int fd = memfd_create("test", MFD_CLOEXEC);

	nm_put_le32(head + 20, link_type);
	assert_int_equal(write(fd, head, sizeof head), sizeof head);
	for (unsigned i = 0; i < n; i++) {
		uint8_t rec[16] = { [0] = (uint8_t)i };

		nm_put_le32(rec + 8, frames[i].n);
		nm_put_le32(rec + 12, frames[i].n);
		assert_int_equal(write(fd, rec, 16), 16);
		assert_int_equal(write(fd, frames[i].p, frames[i].n), frames[i].n);
	}
	door = nm_door(NM_DOOR_VERSION);
	assert_int_equal(door->capture_open(fd, &capture, NULL), 0);
	assert_int_equal(door->session_open(capture), 0);
}

/* One Ethernet frame of each kind, numbered by enum kind. */
static int open_kinds(void **state)
{
	struct bytes frames[KINDS];

	(void)state;
	for (unsigned k = 0; k < KINDS; k++)
		frames[k] = make((enum kind)k);
	open_pcap(1, frames, KINDS);
	return 0;
}

static int shut(void **state)
{
	(void)state;
	door->session_close();
	door->capture_close(capture);
	return 0;
}

static char tcp[] = "TCP", udp[] = "UDP";

static HFRAME frame(unsigned n)
{
	return GetFrame(door->session_capture(), n);
}

static const struct {
	const char *name;
	enum kind kind;
	DWORD type, dst, src, bytes;
} offset_cases[] = {
	{ "Ethernet addresses stand first", K_ARP, ADDRESS_TYPE_ETHERNET, 0, 6, 6 },
	{ "another MAC type has none here", K_ARP, ADDRESS_TYPE_FDDI, NONE, NONE, 0 },
	{ "ARP holds no IP header", K_ARP, ADDRESS_TYPE_IP, NONE, NONE, 0 },
	{ "IP behind Ethernet", K_TCP4, ADDRESS_TYPE_IP, 30, 26, 4 },
	{ "IP is no IP6", K_TCP4, ADDRESS_TYPE_IP6, NONE, NONE, 0 },
	{ "IP behind SNAP", K_SNAP_IP, ADDRESS_TYPE_IP, 38, 34, 4 },
	{ "IP behind a VLAN tag", K_VLAN_IP, ADDRESS_TYPE_IP, 34, 30, 4 },
	{ "IP of a later fragment", K_FRAGMENT, ADDRESS_TYPE_IP, 30, 26, 4 },
	{ "IP6 behind Ethernet", K_UDP6, ADDRESS_TYPE_IP6, 38, 22, 16 },
	{ "IP6 in IP", K_TUNNEL, ADDRESS_TYPE_IP6, 58, 42, 16 },
	{ "IP around IP6", K_TUNNEL, ADDRESS_TYPE_IP, 30, 26, 4 },
	{ "IPX right behind the length", K_IPX_RAW, ADDRESS_TYPE_IPX, 20, 32, 10 },
	{ "IPX behind LLC", K_SAP_IPX, ADDRESS_TYPE_IPX, 23, 35, 10 },
	{ "XNS", K_XNS, ADDRESS_TYPE_XNS, 20, 32, 10 },
	{ "VINES", K_VINES, ADDRESS_TYPE_VINES_IP, 20, 26, 6 },
	{ "ANY is no type to ask for", K_TCP4, ADDRESS_TYPE_ANY, NONE, NONE, 0 },
	{ "nor is ANY_GROUP", K_TCP4, ADDRESS_TYPE_ANY_GROUP, NONE, NONE, 0 },
	{ "nor is FIND_HIGHEST", K_TCP4, ADDRESS_TYPE_FIND_HIGHEST, NONE, NONE, 0 },
	{ "nor is LOCAL_ONLY", K_TCP4, ADDRESS_TYPE_LOCAL_ONLY, NONE, NONE, 0 },
	{ "nor is any other number", K_TCP4, 77, NONE, NONE, 0 },
	{ "a source that is cut is none", K_CUT_MAC, ADDRESS_TYPE_ETHERNET, 0, NONE, 6 },
};

static void addresses_have_their_offsets(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(offset_cases); i++) {
		DWORD d_bytes = 0, s_bytes = 0;
		HFRAME f = frame(offset_cases[i].kind);
		DWORD d = GetFrameDstAddressOffset(f, offset_cases[i].type, &d_bytes);
		DWORD s = GetFrameSrcAddressOffset(f, offset_cases[i].type, &s_bytes);

		if (d != offset_cases[i].dst || s != offset_cases[i].src ||
		    d_bytes != offset_cases[i].bytes || (s != NONE && s_bytes != d_bytes))
			fail_msg("%s: %d %d %u", offset_cases[i].name, (int)d, (int)s,
			    (unsigned)d_bytes);
		assert_int_equal(GetFrameDstAddressOffset(f, offset_cases[i].type, NULL), d);
		if (d == NONE)
			assert_int_equal(BhGetLastError(), NMERR_PROTOCOL_NOT_FOUND);
	}
	BhSetLastError(0);
	assert_int_equal(GetFrameDstAddressOffset(NULL, ADDRESS_TYPE_ETHERNET, NULL), NONE);
	assert_int_equal(BhGetLastError(), NMERR_INVALID_HFRAME);
}

static const struct {
	const char *name;
	enum kind kind;
	DWORD type, flags;
	DWORD want_type; /* NONE: no such address */
	BYTE dst, src;   /* the first bytes */
} address_cases[] = {
	{ "the MAC addresses", K_ARP, ADDRESS_TYPE_ETHERNET, 0, ADDRESS_TYPE_ETHERNET, 0xd1, 0x03 },
	{ "normalized", K_ARP, ADDRESS_TYPE_ETHERNET, ADDRESSTYPE_FLAGS_NORMALIZE,
	    ADDRESS_TYPE_ETHERNET, 0xd0, 0x02 },
	{ "Ethernet bits are not reversed", K_ARP, ADDRESS_TYPE_ETHERNET,
	    ADDRESSTYPE_FLAGS_BIT_REVERSE, ADDRESS_TYPE_ETHERNET, 0xd1, 0x03 },
	{ "the IP addresses", K_TCP4, ADDRESS_TYPE_IP, 0, ADDRESS_TYPE_IP, 0xb0, 0xac },
	{ "an IP address has no group bit to clear", K_TCP4, ADDRESS_TYPE_IP,
	    ADDRESSTYPE_FLAGS_NORMALIZE, ADDRESS_TYPE_IP, 0xb0, 0xac },
	{ "the IP6 addresses", K_UDP6, ADDRESS_TYPE_IP6, 0, ADDRESS_TYPE_IP6, 0x78, 0x68 },
	{ "none of another type", K_UDP6, ADDRESS_TYPE_IP, 0, NONE, 0, 0 },
	{ "highest: IPX", K_IPX_RAW, ADDRESS_TYPE_FIND_HIGHEST, 0, ADDRESS_TYPE_IPX, 6, 18 },
	{ "highest: XNS", K_XNS, ADDRESS_TYPE_FIND_HIGHEST, 0, ADDRESS_TYPE_XNS, 6, 18 },
	{ "highest: IP before the IP6 in it", K_TUNNEL, ADDRESS_TYPE_FIND_HIGHEST, 0,
	    ADDRESS_TYPE_IP, 0xb0, 0xac },
	{ "highest: IP6", K_EXT6, ADDRESS_TYPE_FIND_HIGHEST, 0, ADDRESS_TYPE_IP6, 0x78, 0x68 },
	{ "highest: VINES", K_VINES, ADDRESS_TYPE_FIND_HIGHEST, 0, ADDRESS_TYPE_VINES_IP, 6, 12 },
	{ "highest: MAC when there is no network", K_ARP, ADDRESS_TYPE_FIND_HIGHEST, 0,
	    ADDRESS_TYPE_ETHERNET, 0xd1, 0x03 },
	{ "ANY is no type to ask for", K_TCP4, ADDRESS_TYPE_ANY, 0, NONE, 0, 0 },
	{ "nor is LOCAL_ONLY", K_TCP4, ADDRESS_TYPE_LOCAL_ONLY, 0, NONE, 0, 0 },
};

static void a_frame_gives_its_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(address_cases); i++) {
		ADDRESS2 d = { .Type = 99, .Flags = 1 }, s = { .Type = 99 };
		HFRAME f = frame(address_cases[i].kind);
		bool has = address_cases[i].want_type != NONE;
		DWORD want = has ? NMERR_SUCCESS : NMERR_PROTOCOL_NOT_FOUND;
		DWORD err_d =
		    GetFrameDestAddress(f, &d, address_cases[i].type, address_cases[i].flags);
		DWORD err_s =
		    GetFrameSourceAddress(f, &s, address_cases[i].type, address_cases[i].flags);

		if (err_d != want || err_s != want ||
		    d.Type != (has ? address_cases[i].want_type : 99) ||
		    (has && (d.MACAddress[0] != address_cases[i].dst ||
				s.MACAddress[0] != address_cases[i].src)))
			fail_msg("%s: %u, type %u, %x %x", address_cases[i].name, (unsigned)err_d,
			    (unsigned)d.Type, d.MACAddress[0], s.MACAddress[0]);
		if (!has)
			continue;
		assert_int_equal(d.Flags, 0);
		if (address_cases[i].flags == 0) {
			assert_true(CompareFrameDestAddress(f, &d));
			assert_true(CompareFrameSourceAddress(f, &s));
			d.MACAddress[3] ^= 1;
			s.MACAddress[0] ^= 4;
			assert_false(CompareFrameDestAddress(f, &d));
			assert_false(CompareFrameSourceAddress(f, &s));
		}
	}
}

static void wrong_arguments_give_no_address(void **state)
{
	ADDRESS2 a = { .Type = ADDRESS_TYPE_ANY };
	ADDRESS2 group = { .Type = ADDRESS_TYPE_ANY_GROUP };
	ADDRESS2 highest = { .Type = ADDRESS_TYPE_FIND_HIGHEST };

	(void)state;
	assert_int_equal(GetFrameDestAddress(frame(0), NULL, 0, 0), NMERR_INVALID_PARAMETER);
	assert_int_equal(GetFrameDestAddress(NULL, &a, 0, 0), NMERR_INVALID_HFRAME);
	assert_int_equal(GetFrameSourceAddress(NULL, &a, 0, 0), NMERR_INVALID_HFRAME);
	assert_false(CompareFrameDestAddress(NULL, &a));
	assert_false(CompareFrameDestAddress(frame(0), NULL));
	assert_true(CompareFrameDestAddress(frame(0), &a));
	assert_true(CompareFrameDestAddress(frame(0), &group)); /* d1 has the group bit */
	assert_false(CompareFrameDestAddress(frame(0), &highest));
	assert_int_equal(GetFrameMacHeaderLength(NULL), 0);
	assert_int_equal(GetFrameMacHeaderLength(frame(K_TCP4)), 14);
	assert_int_equal(GetFrameMacHeaderLength(frame(K_CUT_MAC)), 0);
}

/* A Token Ring frame with routing information and IP behind SNAP. */
static struct bytes token_ring(void)
{
	struct bytes b = { .n = 0 };

	ADD(&b, "\x10\x40"
		"\xc1\0\0\0\0\1"
		"\x81\0\0\0\0\2"
		"\xc6\0"
		"rrrr"
		"\xaa\xaa\3\0\0\0\x08\0");
	add_ip4(&b, 17, 0);
	count_up(&b, 0, 8);
	return b;
}

static void token_ring_has_its_own_places(void **state)
{
	struct bytes b = token_ring();
	ADDRESS2 a;
	WORD at;

	(void)state;
	open_pcap(6, &b, 1);
	assert_int_equal(GetFrameMacHeaderLength(frame(0)), 20);
	assert_int_equal(GetFrameDstAddressOffset(frame(0), ADDRESS_TYPE_TOKENRING, NULL), 2);
	assert_int_equal(GetFrameSrcAddressOffset(frame(0), ADDRESS_TYPE_TOKENRING, NULL), 8);
	assert_int_equal(GetFrameDstAddressOffset(frame(0), ADDRESS_TYPE_ETHERNET, NULL), 0);
	assert_int_equal(GetFrameSrcAddressOffset(frame(0), ADDRESS_TYPE_ETHERNET, NULL), NONE);
	assert_int_equal(GetFrameSrcAddressOffset(frame(0), ADDRESS_TYPE_IP, NULL), 40);
	assert_int_equal(
	    GetFrameDestAddress(frame(0), &a, ADDRESS_TYPE_ETHERNET, 0), NMERR_PROTOCOL_NOT_FOUND);
	assert_int_equal(
	    GetFrameDestAddress(frame(0), &a, ADDRESS_TYPE_TOKENRING, ADDRESSTYPE_FLAGS_NORMALIZE),
	    0);
	assert_int_equal(a.MACAddress[0], 0x41);
	assert_int_equal(GetFrameSourceAddress(
			     frame(0), &a, ADDRESS_TYPE_TOKENRING, ADDRESSTYPE_FLAGS_NORMALIZE),
	    0);
	assert_int_equal(a.MACAddress[0], 0x01);
	assert_int_equal(GetFrameDestAddress(
			     frame(0), &a, ADDRESS_TYPE_TOKENRING, ADDRESSTYPE_FLAGS_BIT_REVERSE),
	    0);
	assert_int_equal(a.MACAddress[0], 0x83);
	assert_int_equal(a.MACAddress[5], 0x80);
	assert_int_equal(GetFrameDestAddress(frame(0), &a, ADDRESS_TYPE_TOKENRING,
			     ADDRESSTYPE_FLAGS_BIT_REVERSE | ADDRESSTYPE_FLAGS_NORMALIZE),
	    0);
	assert_int_equal(a.MACAddress[0], 0x82);
	assert_null(FindPreviousFrame(frame(0), udp, NULL, NULL, &at, 0, 0));
	(void)shut(NULL);
}

/* Every cut of a frame: no offset lies beyond it, and nothing reads beyond it. */
static void a_cut_frame_tells_less(void **state)
{
	static const DWORD types[] = { 0, 1, 2, 3, 5, 9, 13 };

	(void)state;
	for (unsigned k = 0; k < KINDS; k++) {
		struct bytes whole = make((enum kind)k), cuts[160];

		for (uint32_t n = 0; n <= whole.n; n++) {
			cuts[n] = whole;
			cuts[n].n = n;
		}
		open_pcap(1, cuts, whole.n + 1);
		for (uint32_t n = 0; n <= whole.n; n++)
			for (size_t t = 0; t < COUNT(types); t++) {
				DWORD bytes = 0,
				      d = GetFrameDstAddressOffset(frame(n), types[t], &bytes);
				DWORD s = GetFrameSrcAddressOffset(frame(n), types[t], NULL);

				assert_true(d == NONE || d + bytes <= n);
				assert_true(s == NONE || s < n);
			}
		(void)shut(NULL);
	}
}

/* ---- ModifyFrame ------------------------------------------------------------------ */

static void a_frame_can_be_replaced(void **state)
{
	HCAPTURE h = door->session_capture();
	HFRAME old = frame(1), other = frame(2), new, newer;
	BYTE data[4] = { 9, 8, 7, 6 };

	(void)state;
	new = ModifyFrame(h, 1, data, 4, -5);
	data[0] = 0; /* it was copied */
	assert_non_null(new);
	assert_ptr_equal(frame(1), new);
	assert_int_equal(GetFrameNumber(new), 1);
	assert_int_equal(GetFrameLength(new), 4);
	assert_int_equal(GetFrameStoredLength(new), 4);
	assert_true(GetFrameTimeStamp(new) == -5);
	assert_int_equal(GetFrameMacType(new), MAC_TYPE_ETHERNET);
	assert_memory_equal(GetFrameFromFrameHandle(new)->MacFrame, "\x09\x08\x07\x06", 4);
	assert_int_equal(GetFrameNumber(other), 2);
	BhSetLastError(0);
	assert_int_equal(GetFrameNumber(old), INVALID_FRAME_NUMBER);
	assert_int_equal(BhGetLastError(), NMERR_INVALID_HFRAME);
	/* Its own bytes, one fewer. */
	newer = ModifyFrame(h, 1, GetFrameFromFrameHandle(new)->MacFrame, 3, 6);
	assert_non_null(newer);
	assert_int_equal(GetFrameNumber(new), INVALID_FRAME_NUMBER);
	assert_memory_equal(GetFrameFromFrameHandle(newer)->MacFrame, "\x09\x08\x07", 3);
	newer = ModifyFrame(h, 1, NULL, 0, 6);
	assert_non_null(newer);
	assert_int_equal(GetFrameStoredLength(newer), 0);
	assert_int_equal(
	    GetFrameDestAddress(newer, &(ADDRESS2){ 0 }, 0, 0), NMERR_PROTOCOL_NOT_FOUND);
}

static void a_frame_that_cannot_be_replaced_stays(void **state)
{
	HCAPTURE h = door->session_capture();
	HFRAME was = frame(1);
	BYTE data[4] = { 0 };

	(void)state;
	assert_null(ModifyFrame(NULL, 1, data, 4, 0));
	assert_int_equal(BhGetLastError(), NMERR_INVALID_HCAPTURE);
	assert_null(ModifyFrame(h, KINDS, data, 4, 0));
	assert_int_equal(BhGetLastError(), NMERR_FRAME_NOT_FOUND);
	assert_null(ModifyFrame(h, 1, NULL, 4, 0));
	assert_int_equal(BhGetLastError(), NMERR_INVALID_PARAMETER);
	assert_null(ModifyFrame(h, 1, data, UINT32_MAX, 0));
	assert_int_equal(BhGetLastError(), NMERR_INVALID_PARAMETER);
	assert_ptr_equal(frame(1), was);
	assert_int_equal(GetFrameStoredLength(was), 62);
}

static void many_frames_can_be_replaced_in_any_order(void **state)
{
	static const unsigned order[] = { 7, 3, 9, 0, 12, 1, 3, 7, 11 };
	HCAPTURE h = door->session_capture();
	DWORD want[KINDS] = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(order); i++) {
		BYTE b[16] = { 0 };

		want[order[i]] = (DWORD)i + 1;
		assert_non_null(ModifyFrame(h, order[i], b, (DWORD)i + 1, 0));
	}
	for (unsigned k = 0; k < KINDS; k++) {
		DWORD n = want[k] ? want[k] : make((enum kind)k).n;

		assert_int_equal(GetFrameStoredLength(frame(k)), n);
	}
}

static void a_new_session_starts_with_the_file(void **state)
{
	BYTE b = 0;

	(void)state;
	assert_non_null(ModifyFrame(door->session_capture(), 1, &b, 1, 0));
	door->session_close();
	assert_int_equal(door->session_open(capture), 0);
	assert_int_equal(GetFrameStoredLength(frame(1)), 62);
}

static void handles_for_changes_run_out(void **state)
{
	HCAPTURE h = door->session_capture();
	HFRAME last = NULL;
	const unsigned most = sizeof last > 4 ? 0x3fff : 14;
	BYTE b = 0;

	(void)state;
	for (unsigned i = 0; i < most; i++) {
		last = ModifyFrame(h, 1, &b, 1, (int64_t)i);
		assert_non_null(last);
	}
	assert_null(ModifyFrame(h, 1, &b, 1, 0));
	assert_int_equal(BhGetLastError(), NMERR_NO_HANDLES);
	assert_true(GetFrameTimeStamp(last) == (int64_t)most - 1);
}

/* ---- searching ---------------------------------------------------------------------- */

static const struct {
	const char *name;
	const char *protocol;
	unsigned from;
	bool back;
	int want; /* -1: none */
	WORD offset;
} find_cases[] = {
	{ "the next TCP after the first", "TCP", K_TCP4, false, K_TUNNEL, 74 },
	{ "names in any case", "tcp", K_TCP4, false, K_TUNNEL, 74 },
	{ "a later fragment is no TCP", "TCP", K_VLAN_IP, false, K_TUNNEL, 74 },
	{ "but is IP", "IP", K_VLAN_IP, false, K_FRAGMENT, 14 },
	{ "TCP behind an extension header", "TCP", K_TUNNEL, false, K_EXT6, 62 },
	{ "no TCP after the last", "TCP", K_EXT6, false, -1, 0 },
	{ "the one before", "TCP", K_EXT6, true, K_TUNNEL, 74 },
	{ "down to the first frame", "TCP", K_TUNNEL, true, K_TCP4, 34 },
	{ "but not below", "TCP", K_TCP4, true, -1, 0 },
	{ "ICMP behind SNAP", "ICMP", K_TCP4, false, K_SNAP_IP, 42 },
	{ "SNAP itself", "SNAP", K_TCP4, false, K_SNAP_IP, 17 },
	{ "LLC", "LLC", K_SNAP_IP, false, K_SAP_IPX, 14 },
	{ "IPX", "IPX", K_TCP4, false, K_IPX_RAW, 14 },
	{ "ARP by its old name", "ARP_RARP", K_TCP4, false, K_ARP, 14 },
	{ "every frame that is not cut is Ethernet", "ETHERNET", K_EXT6, false, K_SAP_IPX, 0 },
	{ "nobody knows this protocol", "NOSUCH", K_TCP4, false, -1, 0 },
};

static void frames_are_found_by_protocol(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(find_cases); i++) {
		char name[16];
		WORD offset = 0xbeef;
		unsigned from = find_cases[i].from;
		HFRAME f;

		(void)strcpy(name, find_cases[i].protocol);
		BhSetLastError(0);
		f = find_cases[i].back
			? FindPreviousFrame(frame(from), name, NULL, NULL, &offset, from, 0)
			: FindNextFrame(frame(from), name, NULL, NULL, &offset, from, NONE);
		if (find_cases[i].want < 0) {
			if (f || BhGetLastError() != NMERR_FRAME_NOT_FOUND || offset != 0xbeef)
				fail_msg("%s: found %u", find_cases[i].name,
				    (unsigned)GetFrameNumber(f));
		} else if (!f || GetFrameNumber(f) != (DWORD)find_cases[i].want ||
			   offset != find_cases[i].offset) {
			fail_msg(
			    "%s: %d at %u", find_cases[i].name, (int)GetFrameNumber(f), offset);
		}
	}
}

static void a_search_has_bounds_and_addresses(void **state)
{
	ADDRESS2 dst, other;
	WORD at;

	(void)state;
	assert_int_equal(GetFrameDestAddress(frame(K_TCP4), &dst, ADDRESS_TYPE_IP, 0), 0);
	other = dst;
	other.IPAddress[0] ^= 1;
	assert_ptr_equal(FindNextFrame(frame(0), tcp, &dst, NULL, &at, 0, NONE), frame(K_TUNNEL));
	assert_null(FindNextFrame(frame(0), tcp, &other, NULL, &at, 0, NONE));
	assert_null(FindNextFrame(frame(0), tcp, NULL, &dst, &at, 0, NONE));
	assert_null(FindNextFrame(frame(0), tcp, NULL, NULL, &at, 0, K_TUNNEL - 1));
	assert_non_null(FindNextFrame(frame(0), tcp, NULL, NULL, &at, 0, K_TUNNEL));
	assert_null(FindPreviousFrame(frame(K_TUNNEL), tcp, NULL, NULL, &at, K_TUNNEL, 1));
	assert_non_null(FindPreviousFrame(frame(K_TUNNEL), tcp, NULL, NULL, &at, K_TUNNEL, 0));
	assert_null(FindNextFrame(NULL, tcp, NULL, NULL, &at, 0, NONE));
	assert_int_equal(BhGetLastError(), NMERR_INVALID_HFRAME);
	assert_null(FindNextFrame(frame(0), NULL, NULL, NULL, &at, 0, NONE));
	assert_int_equal(BhGetLastError(), NMERR_INVALID_PARAMETER);
	assert_null(FindPreviousFrame(frame(0), tcp, NULL, NULL, NULL, 0, 0));
	assert_int_equal(BhGetLastError(), NMERR_INVALID_PARAMETER);
}

/* 1,003 ARP frames and an IP frame at each end: one is just too far. */
static void a_search_goes_a_thousand_frames_far(void **state)
{
	static struct bytes frames[1003];
	WORD at;

	(void)state;
	for (unsigned i = 0; i < COUNT(frames); i++)
		frames[i] = make(i == 0 || i == COUNT(frames) - 1 ? K_TCP4 : K_ARP);
	open_pcap(1, frames, COUNT(frames));
	assert_null(FindNextFrame(frame(1), tcp, NULL, NULL, &at, 1, NONE));
	assert_int_equal(BhGetLastError(), NMERR_FRAME_NOT_FOUND);
	assert_non_null(FindNextFrame(frame(1), tcp, NULL, NULL, &at, 2, NONE));
	assert_null(FindPreviousFrame(frame(1001), tcp, NULL, NULL, &at, 1001, 0));
	assert_non_null(FindPreviousFrame(frame(1000), tcp, NULL, NULL, &at, 1000, 0));
	assert_null(FindNextFrame(frame(1), tcp, NULL, NULL, &at, NONE, NONE));
	(void)shut(NULL);
}

static void a_replaced_frame_is_searched_as_it_is_now(void **state)
{
	struct bytes b = make(K_TCP4);
	WORD at;

	(void)state;
	assert_non_null(ModifyFrame(door->session_capture(), K_ARP, b.p, b.n, 0));
	assert_ptr_equal(FindNextFrame(frame(0), tcp, NULL, NULL, &at, 0, NONE), frame(K_ARP));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, open_kinds, shut)
		T(addresses_have_their_offsets),
		T(a_frame_gives_its_addresses),
		T(wrong_arguments_give_no_address),
		cmocka_unit_test(token_ring_has_its_own_places),
		cmocka_unit_test(a_cut_frame_tells_less),
		T(a_frame_can_be_replaced),
		T(a_frame_that_cannot_be_replaced_stays),
		T(many_frames_can_be_replaced_in_any_order),
		T(a_new_session_starts_with_the_file),
		T(handles_for_changes_run_out),
		T(frames_are_found_by_protocol),
		T(a_search_has_bounds_and_addresses),
		cmocka_unit_test(a_search_goes_a_thousand_frames_far),
		T(a_replaced_frame_is_searched_as_it_is_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
