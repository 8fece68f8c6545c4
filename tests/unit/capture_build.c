/* SPDX-License-Identifier: MIT */
/* Small captures of every format, built in memory. */
#include "capture_build.h"

#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

void cb_done(struct cb *b)
{
	free(b->p);
	*b = (struct cb){ 0 };
}

void cb_put(struct cb *b, const void *p, size_t n)
{
	if (b->n + n > b->room) {
		b->room = (b->n + n) * 2 + 256;
		b->p = realloc(b->p, b->room);
		if (!b->p)
			abort();
	}
	if (n > 0)
		memcpy(b->p + b->n, p, n);
	b->n += n;
}

void cb_u8(struct cb *b, uint8_t v)
{
	cb_put(b, &v, 1);
}

void cb_u16(struct cb *b, uint16_t v)
{
	uint8_t p[2];

	nm_put_le16(p, b->big ? __builtin_bswap16(v) : v);
	cb_put(b, p, 2);
}

void cb_u32(struct cb *b, uint32_t v)
{
	uint8_t p[4];

	nm_put_le32(p, b->big ? __builtin_bswap32(v) : v);
	cb_put(b, p, 4);
}

void cb_u64(struct cb *b, uint64_t v)
{
	uint8_t p[8];

	nm_put_le64(p, b->big ? __builtin_bswap64(v) : v);
	cb_put(b, p, 8);
}

void cb_mark(struct cb *b)
{
	if (b->n_marks < CB_MARKS)
		b->marks[b->n_marks++] = b->n;
}

void cb_fill(struct cb *b, uint32_t n)
{
	for (uint32_t j = 0; j < n; j++)
		cb_u8(b, cb_byte(b->frames, j));
	b->frames++;
}

static void pad4(struct cb *b, uint32_t n)
{
	static const uint8_t zero[4];

	cb_put(b, zero, (4 - n % 4) % 4);
}

/* ---- pcap ---- */

void cb_pcap(struct cb *b, uint32_t magic, uint16_t major, uint16_t minor, uint32_t link)
{
	cb_u32(b, magic);
	cb_u16(b, major);
	cb_u16(b, minor);
	cb_u64(b, 0);
	cb_u32(b, 65535);
	cb_u32(b, link);
	cb_mark(b);
}

void cb_pcap_head(struct cb *b, uint32_t sec, uint32_t frac, uint32_t stored, uint32_t wire)
{
	cb_u32(b, sec);
	cb_u32(b, frac);
	cb_u32(b, stored);
	cb_u32(b, wire);
}

void cb_pcap_frame(struct cb *b, uint32_t sec, uint32_t frac, uint32_t n)
{
	cb_pcap_head(b, sec, frac, n, n);
	cb_fill(b, n);
	cb_mark(b);
}

/* ---- pcapng ---- */

static void option(struct cb *b, uint16_t code, const void *p, size_t n)
{
	cb_u16(b, code);
	cb_u16(b, (uint16_t)n);
	cb_put(b, p, n);
	pad4(b, (uint32_t)n);
}

/* Fill in both lengths of the block that began at `from`. */
static void close_block(struct cb *b, size_t from)
{
	uint32_t total = (uint32_t)(b->n - from + 4);

	nm_put_le32(b->p + from + 4, b->big ? __builtin_bswap32(total) : total);
	cb_u32(b, total);
	cb_mark(b);
}

void cb_section(struct cb *b, bool big, const char *comment)
{
	size_t from = b->n;

	b->big = big;
	cb_u32(b, 0x0a0d0d0a);
	cb_u32(b, 0);
	cb_u32(b, 0x1a2b3c4d);
	cb_u16(b, 1);
	cb_u16(b, 0);
	cb_u64(b, UINT64_MAX);
	if (comment) {
		option(b, 1, comment, strlen(comment));
		cb_u32(b, 0);
	}
	close_block(b, from);
}

void cb_interface(
    struct cb *b, uint16_t link, uint32_t snap, int resolution, int64_t shift_s, const char *name)
{
	size_t from = b->n;
	uint8_t r = (uint8_t)resolution;

	cb_u32(b, 1);
	cb_u32(b, 0);
	cb_u16(b, link);
	cb_u16(b, 0);
	cb_u32(b, snap);
	if (name)
		option(b, 2, name, strlen(name));
	if (resolution >= 0)
		option(b, 9, &r, 1);
	if (shift_s) {
		cb_u16(b, 14);
		cb_u16(b, 8);
		cb_u64(b, (uint64_t)shift_s);
	}
	close_block(b, from);
}

static void packet(struct cb *b, uint32_t type, uint32_t interface, uint64_t ticks, uint32_t n)
{
	size_t from = b->n;

	cb_u32(b, type);
	cb_u32(b, 0);
	if (type == 6) {
		cb_u32(b, interface);
	} else {
		cb_u16(b, (uint16_t)interface);
		cb_u16(b, 0xffff);
	}
	cb_u32(b, (uint32_t)(ticks >> 32));
	cb_u32(b, (uint32_t)ticks);
	cb_u32(b, n);
	cb_u32(b, n);
	cb_fill(b, n);
	pad4(b, n);
	close_block(b, from);
}

void cb_enhanced(struct cb *b, uint32_t interface, uint64_t ticks, uint32_t n)
{
	packet(b, 6, interface, ticks, n);
}

void cb_obsolete(struct cb *b, uint16_t interface, uint64_t ticks, uint32_t n)
{
	packet(b, 2, interface, ticks, n);
}

void cb_simple(struct cb *b, uint32_t n, uint32_t wire)
{
	size_t from = b->n;

	cb_u32(b, 3);
	cb_u32(b, 0);
	cb_u32(b, wire);
	cb_fill(b, n);
	pad4(b, n);
	close_block(b, from);
}

void cb_other(struct cb *b, uint32_t type, uint32_t body)
{
	size_t from = b->n;

	cb_u32(b, type);
	cb_u32(b, 0);
	for (uint32_t i = 0; i < body; i++)
		cb_u8(b, 0x77);
	pad4(b, body);
	close_block(b, from);
}

/* ---- Network Monitor ---- */

void cb_netmon(struct cb *b, uint8_t major, uint8_t minor, uint16_t media, bool utc)
{
	static const uint16_t start[8] = { 2005, 7, 6, 16, 15, 56, 53, 427 };
	static const uint8_t zero[128];
	size_t head = major == 2 && minor > 0 ? 72 : 128;

	b->major = major;
	b->minor = minor;
	cb_put(b, major == 1 ? "RTSS" : "GMBU", 4);
	cb_u8(b, minor);
	cb_u8(b, major);
	cb_u16(b, media);
	for (int i = 0; i < 8; i++)
		cb_u16(b, start[i]);
	cb_put(b, zero, 32);
	cb_u32(b, utc ? 64 : 0);
	cb_u32(b, 0);
	cb_put(b, zero, head - b->n);
}

void cb_netmon_frame(struct cb *b, int64_t us, uint32_t n, uint16_t media, uint64_t filetime)
{
	b->offsets[b->n_offsets++] = (uint32_t)b->n;
	if (b->major == 1) {
		cb_u32(b, (uint32_t)(us / 1000));
		cb_u16(b, (uint16_t)n);
		cb_u16(b, (uint16_t)n);
	} else {
		cb_u64(b, (uint64_t)us);
		cb_u32(b, n);
		cb_u32(b, n);
	}
	cb_fill(b, n);
	if (b->major == 1 || b->minor == 0)
		return;
	cb_u16(b, media);
	if (b->minor >= 2)
		cb_u32(b, UINT32_MAX);
	if (b->minor >= 3) {
		cb_u64(b, filetime);
		cb_u8(b, 0);
	}
}

void cb_netmon_process(struct cb *b, uint32_t pid, bool v6, const void *icon, uint32_t icon_bytes)
{
	static const char path[] = "x\0.\0e\0x\0e\0";
	uint8_t address[16] = { 192, 0, 2, 0 };

	if (v6)
		memcpy(address, "\x20\x01\x0d\xb8", 4);
	cb_u32(b, sizeof path - 1);
	cb_put(b, path, sizeof path - 1);
	cb_u32(b, icon_bytes);
	cb_put(b, icon, icon_bytes);
	cb_u32(b, pid);
	cb_u16(b, 443);
	cb_u16(b, 0);
	cb_u16(b, 50000);
	cb_u16(b, 0);
	cb_u32(b, v6);
	for (int i = 0; i < 2; i++) {
		address[v6 ? 15 : 3]++;
		cb_put(b, address, sizeof address);
	}
}

void cb_netmon_end(struct cb *b, const uint32_t *order, unsigned n_order, const char *comment)
{
	uint32_t table = (uint32_t)b->n, n = order ? n_order : b->n_offsets;

	for (uint32_t i = 0; i < n; i++)
		cb_u32(b, b->offsets[order ? order[i] : i]);
	nm_put_le32(b->p + 24, table);
	nm_put_le32(b->p + 28, n * 4);
	if (comment) {
		nm_put_le32(b->p + 40, (uint32_t)b->n);
		nm_put_le32(b->p + 44, (uint32_t)strlen(comment));
		cb_put(b, comment, strlen(comment));
	}
}

/* ---- samples ---- */

static void pcap_frames(struct cb *b, uint32_t frac)
{
	cb_pcap_frame(b, 1000000000, 5 * frac, 60);
	cb_pcap_frame(b, 1000000000, 900 * frac, 1);
	cb_pcap_frame(b, 1000000000, 901 * frac, 0);
	cb_pcap_frame(b, 1000000007, 3 * frac, 33);
}

static void pcap_le(struct cb *b)
{
	cb_pcap(b, 0xa1b2c3d4, 2, 4, 1);
	pcap_frames(b, 1000);
}

static void pcap_be(struct cb *b)
{
	b->big = true;
	pcap_le(b);
}

static void pcap_ns(struct cb *b)
{
	cb_pcap(b, 0xa1b23c4d, 2, 4, 1);
	pcap_frames(b, 1000001);
}

static void pcap_ns_be(struct cb *b)
{
	b->big = true;
	pcap_ns(b);
}

static void pcap_modified(struct cb *b)
{
	cb_pcap(b, 0xa1b2cd34, 2, 4, 1);
	for (uint32_t i = 0; i < 3; i++) {
		cb_pcap_head(b, 1000 + i, i, 20 + i, 20 + i);
		cb_u64(b, UINT64_MAX);
		cb_fill(b, 20 + i);
		cb_mark(b);
	}
}

/* Before version 2.3 the length on the wire came first. */
static void pcap_old(struct cb *b)
{
	cb_pcap(b, 0xa1b2c3d4, 2, 2, 1);
	for (uint32_t i = 0; i < 3; i++) {
		cb_pcap_head(b, 1000 + i, i, 100, 20 + i);
		cb_fill(b, 20 + i);
		cb_mark(b);
	}
}

static void pcap_aix(struct cb *b)
{
	b->big = true;
	cb_pcap(b, 0xa1b2c3d4, 2, 2, 6);
	for (uint32_t i = 0; i < 3; i++) {
		cb_pcap_head(b, 1000 + i, 999999000 + i, 100, 20 + i);
		cb_fill(b, 20 + i);
		cb_mark(b);
	}
}

static void pcap_ixia(struct cb *b)
{
	cb_pcap(b, 0x1c0001ac, 2, 4, 1);
	cb_u32(b, 4 * 16 + 60 + 1 + 33);
	b->marks[0] = b->n;
	pcap_frames(b, 1000001);
}

static void pcapng_le(struct cb *b)
{
	cb_section(b, false, "a comment");
	cb_interface(b, 1, 0, -1, 0, "eth0");
	for (uint32_t i = 0; i < 4; i++)
		cb_enhanced(b, 0, 1000000000000000 + i * 1000, 40 + i);
}

static void pcapng_be(struct cb *b)
{
	cb_section(b, true, NULL);
	cb_interface(b, 1, 64, 9, 0, NULL);
	cb_enhanced(b, 0, 1000000000000000001, 30);
	cb_obsolete(b, 0, 1000000000000001001, 31);
	cb_simple(b, 32, 32);
	cb_simple(b, 64, 90);
	cb_enhanced(b, 0, 1000000000000002001, 0);
}

static void pcapng_mixed(struct cb *b)
{
	cb_section(b, false, NULL);
	cb_other(b, 0x0bad, 13);
	cb_interface(b, 1, 0, 6, 0, "a");
	cb_interface(b, 101, 0, 3, -5, "b");
	cb_enhanced(b, 1, 1000000000000, 24);
	cb_other(b, 4, 20);
	cb_enhanced(b, 0, 999999990000000, 25);
	cb_section(b, true, "not the first");
	cb_interface(b, 113, 0, 0x80 | 20, 0, "c");
	cb_enhanced(b, 0, UINT64_C(1000000000) << 20 | 1, 26);
	cb_other(b, 5, 8);
}

static void netmon1(struct cb *b)
{
	cb_netmon(b, 1, 1, 1, false);
	for (uint32_t i = 0; i < 4; i++)
		cb_netmon_frame(b, i * 1000, 20 + i, 0, 0);
	cb_netmon_end(b, NULL, 0, "written in 1996");
}

static void netmon20(struct cb *b)
{
	cb_netmon(b, 2, 0, 3, false);
	for (uint32_t i = 0; i < 4; i++)
		cb_netmon_frame(b, (int64_t)i * 1001 - 1, 20 + i, 0, 0);
	cb_netmon_end(b, NULL, 0, "from the wiki");
}

static void netmon_21(struct cb *b)
{
	cb_netmon(b, 2, 1, 1, false);
	cb_netmon_frame(b, 0, 20, 1, 0);
	cb_netmon_frame(b, 5, 21, 6, 0);
	cb_netmon_frame(b, 6, 22, 0xe000 + 113, 0);
	cb_netmon_end(b, NULL, 0, NULL);
}

static void netmon_22(struct cb *b)
{
	cb_netmon(b, 2, 2, 1, false);
	cb_netmon_frame(b, 0, 20, 1, 0);
	cb_netmon_frame(b, 5, 21, 0xffe0, 0);
	cb_netmon_end(b, NULL, 0, NULL);
}

/* 2005-07-16T13:56:53.427 UTC, two hours behind the header. */
#define FILETIME UINT64_C(127659958134270000)

static void netmon_23(struct cb *b)
{
	cb_netmon(b, 2, 3, 1, true);
	cb_netmon_frame(b, 0, 20, 1, FILETIME + 1);
	cb_netmon_frame(b, 5, 21, 0xffe0, FILETIME + 57);
	cb_netmon_frame(b, 9, 22, 0, FILETIME + 99);
	cb_netmon_end(b, NULL, 0, NULL);
}

static void netmon_shuffled(struct cb *b)
{
	static const uint32_t order[] = { 3, 0, 2, 1, 2 };

	cb_netmon(b, 2, 0, 1, false);
	for (uint32_t i = 0; i < 4; i++)
		cb_netmon_frame(b, i, 20 + i, 0, 0);
	cb_netmon_end(b, order, 5, NULL);
}

const struct cb_sample cb_samples[] = {
	{ "pcap", pcap_le, 4, true, true },
	{ "pcap, big-endian", pcap_be, 4, true, true },
	{ "pcap, nanoseconds", pcap_ns, 4, true, true },
	{ "pcap, nanoseconds, big-endian", pcap_ns_be, 4, true, true },
	{ "pcap, modified", pcap_modified, 3, true, true },
	{ "pcap, version 2.2", pcap_old, 3, true, true },
	{ "pcapng", pcapng_le, 4, true, true },
	{ "pcapng, big-endian, every packet block", pcapng_be, 5, true, true },
	{ "pcapng, sections and interfaces", pcapng_mixed, 3, true, true },
	{ "Network Monitor 1.1", netmon1, 4, true, false },
	{ "Network Monitor 2.0", netmon20, 4, true, false },
	{ "Network Monitor 2.1", netmon_21, 3, true, false },
	{ "Network Monitor 2.2", netmon_22, 2, true, false },
	{ "Network Monitor 2.3", netmon_23, 3, true, false },
	{ "Network Monitor, records in any order", netmon_shuffled, 5, false, false },
	{ "pcap of AIX", pcap_aix, 3, true, true },
	{ "pcap of Ixia", pcap_ixia, 4, true, true },
};
const unsigned cb_n_samples = sizeof cb_samples / sizeof *cb_samples;
