/* SPDX-License-Identifier: MIT */
/* capture_read.h -- captures out of memory, for tests. */
#ifndef CAPTURE_READ_H
#define CAPTURE_READ_H

#include "capture/capture.h"
#include "capture_build.h"

#include <netmon.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"

/* A capture and the descriptor it stands in. */
struct opened {
	int fd;
	struct nm_capture *c; /* NULL when err is set */
	uint32_t err;
	struct nm_diag diag;
};

static inline struct opened open_bytes(const uint8_t *p, size_t n)
{
	struct opened o = { .fd = memfd_create("capture", MFD_CLOEXEC) };

	assert_true(o.fd >= 0);
	assert_int_equal(pwrite(o.fd, p, n, 0), n);
	o.err = nm_capture_open(o.fd, &o.c, &o.diag);
	if (o.err) {
		assert_null(o.c);
		assert_int_equal(o.diag.code, o.err);
		assert_true(o.diag.text[0]);
	}
	return o;
}

static inline void close_bytes(struct opened *o)
{
	nm_capture_close(o->c);
	(void)close(o->fd);
}

static inline int64_t time_us(const struct nm_frame *f)
{
	return (int64_t)nm_le64(f->record);
}

static inline uint32_t wire_of(const struct nm_frame *f)
{
	return nm_le32(f->record + 8);
}

static inline uint32_t stored_of(const struct nm_frame *f)
{
	return nm_le32(f->record + 12);
}

/* A number that is the same exactly when the frame is. Reads every byte. */
static inline uint64_t print_of(const struct nm_frame *f)
{
	uint64_t h = 1469598103934665603u + f->link_type + ((uint64_t)f->mac_type << 40);
	uint32_t n = 16 + stored_of(f);

	assert_true(stored_of(f) <= NM_FRAME_MAX_BYTES);
	for (uint32_t i = 0; i < n; i++)
		h = (h ^ f->record[i]) * 1099511628211u;
	return h;
}

/* Frame n holds what frame `written` of a built capture was filled with. */
static inline void assert_filled(const struct nm_frame *f, uint32_t written)
{
	for (uint32_t j = 0; j < stored_of(f); j++)
		if (f->record[16 + j] != cb_byte(written, j))
			fail_msg("frame %u, byte %u", f->number, j);
}

#endif
