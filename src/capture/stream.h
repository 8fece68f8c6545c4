/* SPDX-License-Identifier: MIT */
/* capture/stream.h -- what comes out of a pipe or a compressed file, for several processes.
 *
 * One process, the writer, takes it in; its forked children read behind it, out of
 * a ring in memory (ring.h). While they all walk forward nothing is written
 * anywhere: the writer waits for the slowest. The temporary file has
 *
 *   - all of a pipe, which can't be read again;
 *   - of a compressed file, everything from the moment on at which some reader
 *     turns out to be too slow for the others, to wait for the end, or to go
 *     back; what was before that is unpacked once more when it is wanted.
 *
 * So every part can be read again by everyone, and memory stays bounded.
 *
 * Owns:     ring, temporary file, decoders.
 * Uses:     feed.h, ring.h, system/files.h.
 * Threads:  until a stream has ended, the writer does all with one thread; later,
 *           and in readers, any may read.
 * Trust:    input and readers are hostile. No reader holds up others for longer than
 *           NM_PATIENCE_MS, and what one does to its own page harms only itself.
 */
#ifndef NM_CAPTURE_STREAM_H
#define NM_CAPTURE_STREAM_H

#include "base/diag.h"
#include "capture/source.h"

struct nm_stream;

uint32_t nm_stream_open(int fd, bool is_file, struct nm_stream **ret_s, struct nm_diag *d);
void nm_stream_close(struct nm_stream *s); /* NULL is fine */

/* As the functions of source.h. */
void nm_stream_use_temporary(int full_fd, int read_fd);
uint64_t nm_stream_await(struct nm_stream *s, uint64_t from, uint64_t end, uint64_t better,
    enum nm_wait wait, const volatile uint32_t *stop, uint64_t *ret_total);
ssize_t nm_stream_pread(struct nm_stream *s, void *buf, size_t n, uint64_t offset);
uint8_t *nm_stream_lend(const struct nm_stream *s, uint64_t offset, size_t n);
void nm_stream_keep(struct nm_stream *s);
void nm_stream_expect_readers(struct nm_stream *s, bool expected);
void nm_stream_reader_begin(struct nm_stream *s, unsigned reader);
void nm_stream_reader_end(struct nm_stream *s, unsigned reader);
bool nm_stream_make_reader(struct nm_stream *s, unsigned reader);
void nm_stream_wait_far(struct nm_stream *s, bool far);
void nm_stream_all_read(struct nm_stream *s);
void nm_stream_serve(struct nm_stream *s);
int nm_stream_due(const struct nm_stream *s);

bool nm_stream_has_ended(const struct nm_stream *s);
const char *nm_stream_packing(const struct nm_stream *s);
uint64_t nm_stream_input_bytes(const struct nm_stream *s);
int nm_stream_fd(const struct nm_stream *s);
const struct nm_diag *nm_stream_harm(const struct nm_stream *s);

#endif
