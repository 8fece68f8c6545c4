/* SPDX-License-Identifier: MIT */
/* report/scratch.h -- what a report can't place yet, in a file without a name.
 *
 * Owns:     the file.
 * Uses:     system/temporary.h.
 * Threads:  belongs to one thread.
 * Trust:    what is read back is what was written: nobody else has the file.
 *
 * Functions return 0 or an errno value, ENOSPC for a full disk among them.
 */
#ifndef NM_REPORT_SCRATCH_H
#define NM_REPORT_SCRATCH_H

#include "report/out.h"

#include <stdint.h>
#include <stdio.h>

struct nm_scratch {
	FILE *file;     /* NULL: not open */
	uint64_t bytes; /* written so far */
};

int nm_scratch_open(struct nm_scratch *s);

/* The same with a name, in `size` bytes at `name`, which stays until the caller removes it: for
 * a library that opens it too. `bytes` is then the caller's to set. */
int nm_scratch_open_named(struct nm_scratch *s, char *name, size_t size);
void nm_scratch_close(struct nm_scratch *s); /* one that is not open is fine */

/* Behind what is there. Not after the first read. */
int nm_scratch_write(struct nm_scratch *s, const void *p, size_t n);

/* Read on from byte `at`. */
int nm_scratch_seek(struct nm_scratch *s, uint64_t at);

/* Exactly n bytes; EIO where there are fewer. */
int nm_scratch_read(struct nm_scratch *s, void *p, size_t n);

/* All of it, behind what `out` has; trouble goes there. */
void nm_scratch_copy(struct nm_scratch *s, struct nm_out *out);

#endif
