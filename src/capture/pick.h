/* SPDX-License-Identifier: MIT */
/* capture/pick.h -- which frames of a capture are written, and comments for them.
 *
 * A file of picks holds one after another: 0 4 first frame, 4 4 last frame, 8 4 frame that the
 * comment is for, 12 4 bytes of the comment, which follow; little-endian. Neither first frames
 * nor those with comments ever go back, and a frame has one comment at most.
 *
 * Owns:     its buffers; borrows the descriptor.
 * Uses:     system/files.h, base/.
 * Threads:  one.
 * Trust:    the file is the supervisor's; lengths are checked all the same.
 */
#ifndef NM_CAPTURE_PICK_H
#define NM_CAPTURE_PICK_H

#include <stdbool.h>
#include <stdint.h>

#define NM_PICK_HEAD 16u
#define NM_PICK_TEXT 32768u /* most bytes of a comment */

struct nm_picks;

/* The head of a pick; n bytes of comment follow it, for the frame `noted`. */
void nm_pick_encode(
    uint8_t head[NM_PICK_HEAD], uint32_t first, uint32_t last, uint32_t noted, uint32_t n);

/* NULL: no memory. */
struct nm_picks *nm_picks_new(int fd);
void nm_picks_free(struct nm_picks *p);

/* Move *n on to the first frame that is picked, from *n on. Frames are asked for in their
 * order. False: none is left. */
bool nm_picks_next(struct nm_picks *p, uint32_t *n);

/* The comment for frame n, to which those before are done; *ret_n bytes, good until the next
 * call. NULL: none. */
const char *nm_picks_comment(struct nm_picks *p, uint32_t n, uint32_t *ret_n);

/* The file could not be read, or is none of picks: what came before was given. */
bool nm_picks_failed(const struct nm_picks *p);

#endif
