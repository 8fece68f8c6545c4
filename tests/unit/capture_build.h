/* SPDX-License-Identifier: MIT */
/* capture_build.h -- small captures of every format, built in memory.
 *
 * Owns:     the bytes of a struct cb, until cb_done().
 * Uses:     base/bytes.h only; nothing of what it is meant to test.
 * Threads:  one thread.
 */
#ifndef CAPTURE_BUILD_H
#define CAPTURE_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CB_MARKS 4096

struct cb {
	uint8_t *p; /* owned */
	size_t n, room;
	bool big;        /* write numbers in big-endian order */
	uint32_t frames; /* written so far; also what the next one is filled with */
	/* Ends of records and blocks: a file cut there is a whole file (not for
	 * Network Monitor, whose table comes last). */
	size_t marks[CB_MARKS];
	unsigned n_marks;
	/* Network Monitor */
	uint8_t major, minor;
	uint32_t offsets[CB_MARKS];
	unsigned n_offsets;
};

void cb_done(struct cb *b);

/* Raw parts. */
void cb_put(struct cb *b, const void *p, size_t n);
void cb_u8(struct cb *b, uint8_t v);
void cb_u16(struct cb *b, uint16_t v);
void cb_u32(struct cb *b, uint32_t v);
void cb_u64(struct cb *b, uint64_t v);
void cb_mark(struct cb *b);

/* Byte j of frame i, in every capture made here. */
static inline uint8_t cb_byte(uint32_t i, uint32_t j)
{
	return (uint8_t)(i * 37 + j * 11 + (j >> 8) + 1);
}
void cb_fill(struct cb *b, uint32_t n);

/* pcap. */
void cb_pcap(struct cb *b, uint32_t magic, uint16_t major, uint16_t minor, uint32_t link);
void cb_pcap_head(struct cb *b, uint32_t sec, uint32_t frac, uint32_t stored, uint32_t wire);
void cb_pcap_frame(struct cb *b, uint32_t sec, uint32_t frac, uint32_t n);

/* pcapng. resolution < 0, name NULL: without that option. */
void cb_section(struct cb *b, bool big, const char *comment);
void cb_interface(
    struct cb *b, uint16_t link, uint32_t snap, int resolution, int64_t shift_s, const char *name);
void cb_enhanced(struct cb *b, uint32_t interface, uint64_t ticks, uint32_t n);
void cb_obsolete(struct cb *b, uint16_t interface, uint64_t ticks, uint32_t n);
void cb_simple(struct cb *b, uint32_t n, uint32_t wire);
void cb_other(struct cb *b, uint32_t type, uint32_t body);

/* Network Monitor. */
void cb_netmon(struct cb *b, uint8_t major, uint8_t minor, uint16_t media, bool utc);
void cb_netmon_frame(struct cb *b, int64_t us, uint32_t n, uint16_t media, uint64_t filetime);
/* An entry of a process table: x.exe, which talks from port 443 of 192.0.2.1 (v6: of
 * 2001:db8::1) to port 50000 of the next address, and has that icon. */
void cb_netmon_process(struct cb *b, uint32_t pid, bool v6, const void *icon, uint32_t icon_bytes);
/* order: table entry i names record order[i]; NULL: as written. */
void cb_netmon_end(struct cb *b, const uint32_t *order, unsigned n_order, const char *comment);

/* ---- samples: one whole capture each, for tests that take them all ---- */

struct cb_sample {
	const char *name;
	void (*make)(struct cb *b);
	uint32_t frames;
	bool in_order; /* frame i of the capture is the i-th written */
	bool cuts;     /* may be cut at a mark and be whole */
};

extern const struct cb_sample cb_samples[];
extern const unsigned cb_n_samples;

/* Of the places in a file that a test cuts or changes one by one, each that is tried. Under Wine an
 * open capture costs a hundred times what it costs on Linux: there it is one in seven. */
#ifdef _WIN32
#define CB_EVERY 7
#else
#define CB_EVERY 1
#endif

#endif
