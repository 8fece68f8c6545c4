/* SPDX-License-Identifier: MIT */
/* file_bytes.h -- bytes in memory, read as the file that they are. */
#ifndef FILE_BYTES_H
#define FILE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct file_bytes {
	const uint8_t *p; /* borrowed */
	uint64_t n;
};

/* A reader as base/pe.h wants it; ctx is a struct file_bytes. */
static inline bool file_bytes_read(void *ctx, void *buf, size_t n, uint64_t offset)
{
	const struct file_bytes *b = ctx;

	if (offset > b->n || n > b->n - offset)
		return false;
	memcpy(buf, b->p + offset, n);
	return true;
}

#endif
