/* SPDX-License-Identifier: MIT */
/* Any bytes as a capture that is written in every format. What must hold:
 *   - what can be opened can be converted, and what was written is a whole capture;
 *   - it has the frames of the first but those that are counted as left out, in
 *     their order, with their bytes and lengths;
 *   - where no time is counted as cut, times are the same to the microsecond;
 *   - compressed, it holds the same as not compressed;
 *   - written once more in the same format, nothing more is lost.
 */
#include "base/bytes.h"
#include "capture/convert.h"

#include <netmon.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

#define CHECK(x)                                                                                   \
	do {                                                                                       \
		if (!(x))                                                                          \
			abort();                                                                   \
	} while (0)

#define NS_PER_US 1000

struct print {
	uint64_t frames, times;
	uint32_t n;
	bool damaged;
};

static uint64_t mix(uint64_t h, const void *p, size_t n)
{
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ b[i]) * UINT64_C(1099511628211);
	return h;
}

static struct nm_capture *open_again(int fd)
{
	struct nm_capture *c = NULL;
	struct nm_diag d;

	CHECK(nm_capture_open(fd, &c, &d) == NMERR_SUCCESS);
	return c;
}

/* The frames of fd, as they stand in the file. */
static struct print print_of(int fd)
{
	struct print s = { 1, 1, 0, false };
	struct nm_capture *c = open_again(fd);
	struct nm_capture_facts facts;
	struct nm_view *v;
	struct nm_frame f;
	uint32_t err;

	nm_capture_keep_heads(c);
	v = nm_view_new(c, 1);
	CHECK(v && nm_view_keep_times(v));
	while ((err = nm_view_frame(v, s.n, &f)) == NMERR_SUCCESS) {
		uint32_t interface;
		int64_t ns = nm_view_time(v, s.n, &interface);
		int64_t us = ns / NS_PER_US - (ns % NS_PER_US < 0);

		s.frames = mix(s.frames, f.record + 8, 8 + (size_t)nm_le32(f.record + 12));
		s.times = mix(s.times, &us, sizeof us);
		s.n++;
	}
	CHECK(err == NMERR_FRAME_NOT_FOUND);
	(void)nm_capture_index(c, 0);
	nm_capture_facts(c, &facts);
	s.damaged = facts.damage.code != 0;
	nm_view_free(v);
	nm_capture_close(c);
	return s;
}

/* A file with fd's frames; the caller closes it. */
static int convert(int fd, enum nm_format to, enum nm_packing packing, struct nm_conversion *ret)
{
	struct nm_target_format t = { to, 0, NM_LAST_FRAME, packing, NULL };
	struct nm_capture *c = open_again(fd);
	int out = memfd_create("out", MFD_CLOEXEC);
	struct nm_diag d;

	CHECK(nm_capture_convert(c, out, &t, ret, &d) == NMERR_SUCCESS);
	nm_capture_close(c);
	return out;
}

static void check_target(int fd, const struct print *in, enum nm_format to, enum nm_packing packing)
{
	struct nm_conversion lost, none;
	int once = convert(fd, to, NM_PACKING_NONE, &lost), twice, packed;
	struct print out = print_of(once), again;

	CHECK(!out.damaged && out.n == lost.frames && lost.frames + lost.left_out == in->n);
	if (lost.left_out == 0)
		CHECK(out.frames == in->frames);
	if (lost.left_out == 0 && lost.times_cut == 0)
		CHECK(out.times == in->times);
	twice = convert(once, to, NM_PACKING_NONE, &none);
	again = print_of(twice);
	CHECK(none.left_out == 0 && again.n == out.n && again.frames == out.frames);
	CHECK(none.times_cut || again.times == out.times);
	if (to != NM_FORMAT_NETMON2) {
		packed = convert(fd, to, packing, &none);
		again = print_of(packed);
		CHECK(again.n == out.n && again.frames == out.frames && again.times == out.times);
		(void)close(packed);
	}
	(void)close(once);
	(void)close(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const enum nm_format to[] = { NM_FORMAT_PCAP, NM_FORMAT_PCAPNG, NM_FORMAT_NETMON2 };
	static const enum nm_packing packing[] = { NM_PACKING_GZIP, NM_PACKING_ZSTD,
		NM_PACKING_LZ4 };
	int fd = memfd_create("in", MFD_CLOEXEC);
	struct nm_capture *c = NULL;
	struct nm_diag d;
	struct print in;

	CHECK(fd >= 0 && write(fd, p, n) == (ssize_t)n);
	if (nm_capture_open(fd, &c, &d) == NMERR_SUCCESS) {
		nm_capture_close(c);
		in = print_of(fd);
		for (unsigned i = 0; i < 3; i++)
			check_target(fd, &in, to[i], packing[n % 3]);
	}
	(void)close(fd);
	return 0;
}
