/* SPDX-License-Identifier: MIT */
/* A small pcap in memory: frame n has n + 14 bytes of value n, a wire length of
 * n + 100, and was captured at second 1000 + n, 500 microseconds. */
#ifndef NM_TEST_MAKE_PCAP_H
#define NM_TEST_MAKE_PCAP_H

#include "base/bytes.h"

#include <sys/mman.h>
#include <unistd.h>

static int make_pcap(unsigned frames)
{
	uint8_t head[24] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, [16] = 0xff, 0xff, 0, 0, 1 };
	int fd = memfd_create("test", MFD_CLOEXEC);

	assert_int_equal(write(fd, head, sizeof head), sizeof head);
	for (unsigned n = 0; n < frames; n++) {
		uint8_t rec[16 + 128];
		unsigned size = n % 100 + 14;

		nm_put_le32(rec, 1000 + n);
		nm_put_le32(rec + 4, 500);
		nm_put_le32(rec + 8, size);
		nm_put_le32(rec + 12, n + 100);
		memset(rec + 16, (int)n, size);
		assert_int_equal(write(fd, rec, 16 + size), 16 + size);
	}
	return fd;
}

#endif
