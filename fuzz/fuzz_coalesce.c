/* SPDX-License-Identifier: MIT */
/* Segments of a few streams and fragments of a few datagrams, in any order, any number of times,
 * and whatever else a byte says, through Protocol Coalesce. Each byte that is sent is a function of where it
 * belongs, so the new capture is judged without another implementation:
 *
 *   - every byte stands where it belongs, and none of a stream stands there twice;
 *   - lengths and IP checksums are right, frames are in the order of time;
 *   - of streams that were sent from their beginning, without a reset or an end, and where
 *     nobody acknowledged what was not there yet, nothing that was sent is missing.
 *
 * Input: settings (1 byte), then 6 for each frame: kind and stream, place (2), length,
 * flags, acknowledgement. */
#include "fakehost.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

#define FRAMES_MAX 400u
#define FRAME_MAX  400u
#define STREAMS    4u
#define SPACE      2048u /* bytes of a stream */
#define CONFIG     8u    /* DWORDs */

struct sent {
	bool begun, syn, plain; /* it began with a SYN; nothing but data came then */
	bool byte[SPACE];
	uint8_t found[SPACE];
};

static struct sent sent[STREAMS][2];
static struct fake_frame frames[FRAMES_MAX];
static uint8_t bytes[FRAMES_MAX][FRAME_MAX];
static char folder[] = "/tmp/fuzz-coalesce-XXXXXX";

/* ---- what is sent ----------------------------------------------------------------------- */

static uint8_t byte_at(unsigned stream, unsigned way, unsigned at)
{
	return (uint8_t)(at * 31 + (at >> 5) + stream * 7 + way * 101);
}

static uint32_t initial(unsigned stream, unsigned way)
{
	return stream * 0x40000000u + way * 77u - 600u;
}

static void put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

static unsigned be16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)be16(p) << 16 | be16(p + 2);
}

static unsigned sum_of(const uint8_t *p, size_t n)
{
	unsigned sum = 0;

	for (size_t i = 0; i + 1 < n; i += 2)
		sum += be16(p + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* Ethernet and IPv4 before n bytes. */
static uint8_t *put_ip(
    uint8_t *p, unsigned protocol, unsigned way, unsigned id, unsigned cut, size_t n)
{
	uint8_t *ip = p + 14;

	memset(p, 0, 34);
	put16(p + 12, 0x0800);
	ip[0] = 0x45;
	put16(ip + 2, (unsigned)(20 + n));
	put16(ip + 4, id);
	put16(ip + 6, cut);
	ip[8] = 64;
	ip[9] = (uint8_t)protocol;
	put32(ip + 12, 0x0a000001 + way);
	put32(ip + 16, 0x0a000002 - way);
	put16(ip + 10, ~sum_of(ip, 20) & 0xffff);
	return ip + 20;
}

#define FIN 1u
#define SYN 2u
#define RST 4u
#define ACK 16u

/* A segment: a SYN only as the first of its side, and not in the middle of what the other side
 * says, where it begins another conversation; a reset without bytes. */
static size_t segment(const uint8_t *op, uint8_t *p)
{
	unsigned stream = op[0] & 3, way = op[0] >> 2 & 1, at = be16(op + 1) % (SPACE - 256);
	unsigned n = op[3], flags = op[4] & (FIN | RST | ACK), acked = op[5] * 8u;
	struct sent *s = &sent[stream][way], *other = &sent[stream][!way];
	bool first = !s->begun;
	uint8_t *tcp;

	if (first && op[4] & SYN && (!other->begun || other->syn)) {
		s->syn = s->plain = true;
		flags = SYN;
		n = 0;
	}
	if (flags & RST)
		n = 0;
	if (flags & (FIN | RST))
		s->plain = false;
	if (flags & RST)
		other->plain = false;
	for (unsigned i = 0; flags & ACK && i < acked && i < SPACE; i++)
		other->plain = other->plain && other->byte[i];
	s->begun = true;
	tcp = put_ip(p, 6, way, 0, 0, 20 + n);
	memset(tcp, 0, 20);
	put16(tcp, way ? 80 : 1000 + stream);
	put16(tcp + 2, way ? 1000 + stream : 80);
	put32(tcp + 4, initial(stream, way) + (flags & SYN ? 0 : 1 + at));
	put32(tcp + 8, flags & ACK ? initial(stream, !way) + 1 + acked : 0);
	tcp[12] = 0x50;
	tcp[13] = (uint8_t)flags;
	for (unsigned i = 0; i < n; i++) {
		tcp[20 + i] = byte_at(stream, way, at + i);
		s->byte[at + i] = true;
	}
	return 54 + n;
}

static size_t fragment(const uint8_t *op, uint8_t *p)
{
	unsigned id = op[0] & 7, at = op[1] & 31, n = op[3] & 127, more = op[4] & 1;
	uint8_t *data;

	if (more)
		n &= ~7u;
	data = put_ip(p, 17, 0, id, at | more << 13, n);
	for (unsigned i = 0; i < n; i++)
		data[i] = byte_at(id, 0, at * 8 + i);
	return 34 + n;
}

/* ---- what comes out ------------------------------------------------------------------------ */

static void check_segment(const uint8_t *ip, const uint8_t *tcp, size_t n)
{
	unsigned way = be16(tcp) == 80, stream = be16(tcp + (way ? 2 : 0)) - 1000;
	uint32_t at = be32(tcp + 4) - initial(stream, way) - 1;

	(void)ip;
	assert(stream < STREAMS && n >= 20);
	for (size_t i = 20; i < n; i++, at++) {
		assert(at < SPACE && tcp[i] == byte_at(stream, way, at));
		assert(sent[stream][way].byte[at]);
		sent[stream][way].found[at]++;
	}
}

static void check_frame(const uint8_t *p, size_t n)
{
	const uint8_t *ip = p + 14;
	unsigned cut, total;

	if (n < 34 || be16(p + 12) != 0x0800)
		return;
	total = be16(ip + 2);
	cut = be16(ip + 6);
	assert(sum_of(ip, 20) == 0xffff && total <= n - 14);
	if (ip[9] == 6)
		check_segment(ip, ip + 20, total - 20);
	else if (ip[9] == 17)
		for (unsigned i = 20; i < total; i++)
			assert(ip[i] == byte_at(be16(ip + 4), 0, (cut & 0x1fff) * 8 + i - 20));
}

static uint32_t le32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void check_file(const char *name)
{
	static uint8_t p[4 << 20];
	uint64_t last = 0, time;
	char path[256];
	size_t n;
	FILE *f;

	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "rb");
	assert(f);
	n = fread(p, 1, sizeof p, f);
	(void)fclose(f);
	(void)unlink(path);
	for (size_t at = 0; at < n; at += le32(p + at + 4)) {
		assert(le32(p + at + 4) >= 12 && at + le32(p + at + 4) <= n);
		if (le32(p + at) != 6)
			continue;
		time = (uint64_t)le32(p + at + 12) << 32 | le32(p + at + 16);
		assert(time >= last);
		last = time;
		check_frame(p + at + 28, le32(p + at + 20));
	}
}

static void check_streams(bool whole)
{
	for (unsigned s = 0; s < STREAMS; s++)
		for (unsigned w = 0; w < 2; w++)
			for (unsigned i = 0; i < SPACE; i++) {
				assert(sent[s][w].found[i] <= 1);
				if (whole && sent[s][w].plain && sent[s][w].byte[i])
					assert(sent[s][w].found[i] == 1);
			}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static bool begun;
	/* length, format, others, size, memory, top, overwrite, comments */
	DWORD config[CONFIG] = { sizeof config, 0, 1, 0, 1, 20, 1, 1 };
	struct fake_host h = { .frames = frames,
		.capture_mac = MAC_TYPE_ETHERNET,
		.start = { .wYear = 2020, .wMonth = 1, .wDay = 1 } };

	if (!begun)
		assert(mkdtemp(folder) && setenv("NETMON_OUTPUT_DIR", folder, 1) == 0);
	begun = true;
	if (n == 0)
		return 0;
	memset(sent, 0, sizeof sent);
	config[2] = p[0] & 1;
	config[3] = p[0] & 2 ? 576 : 0;
	config[7] = p[0] >> 2 & 1;
	for (p++, n--; n >= 6 && h.n_frames < FRAMES_MAX; p += 6, n -= 6, h.n_frames++) {
		struct fake_frame *f = &frames[h.n_frames];
		size_t len =
		    p[0] & 0x80 ? fragment(p, bytes[h.n_frames]) : segment(p, bytes[h.n_frames]);

		*f = (struct fake_frame){ .mac_type = MAC_TYPE_ETHERNET,
			.bytes = bytes[h.n_frames],
			.len = (DWORD)len,
			.wire = (DWORD)len,
			.time = h.n_frames };
	}
	assert(fake_run(&h, (const EXPERTCONFIG *)(const void *)config));
	assert(fake_left_nothing(&h));
	fake_done(&h);
	check_file("capture-coalesced.pcapng");
	check_streams(true);
	return 0;
}
