/* SPDX-License-Identifier: MIT */
/* capture/notes_int.h -- what the readers of notes share. */
#ifndef NM_CAPTURE_NOTES_INT_H
#define NM_CAPTURE_NOTES_INT_H

#include "capture/capture_int.h"
#include "capture/notes.h"

/* A frame's comment in a Network Monitor file. */
struct nm_comment_at {
	uint32_t frame; /* where the frame's record is */
	uint32_t entry; /* where the comment is */
};

struct nm_notes {
	struct nm_capture *c; /* borrowed */
	struct nm_capture_facts facts;
	nm_note_fn fn; /* while a pass is under way */
	void *ctx;
	bool ended; /* fn wants no more */

	uint8_t *buf; /* owned: bytes of the file from base on */
	size_t room, len;
	uint64_t base, end; /* nothing is read from `end` on */

	struct nm_pos at; /* frame: the next one whose notes were not given */
	struct nm_walk walk;
	bool swapped;

	struct nm_comment_at *comments; /* owned; by frame, then by entry */
	uint32_t n_comments;
	char *text; /* owned; room for a comment made into UTF-8 */
	bool begun, cut;
};

/* n bytes at offset, valid until the next call; NULL: they can't be had, and
 * *ret_err says why. */
const uint8_t *nm_notes_bytes(struct nm_notes *r, uint64_t offset, size_t n, uint32_t *ret_err);

/* Give a note to the pass. */
void nm_notes_tell(struct nm_notes *r, const struct nm_note *note);

/* Go on to the notes of frame n, and give them (`give`) or not. */
uint32_t nm_notes_pcapng(struct nm_notes *r, uint32_t n);
bool nm_notes_pcapng_seek(struct nm_notes *r, uint32_t n);

uint32_t nm_notes_netmon_open(struct nm_notes *r);
uint32_t nm_notes_netmon(struct nm_notes *r, uint32_t n);

/* ---- text16.c: texts of Network Monitor files ---- */

/* UTF-16LE to UTF-8 with a NUL; what is no character becomes U+FFFD, and a NUL ends
 * it. Returns the bytes before the NUL; room is at least 4. */
size_t nm_text_from_utf16(char *dst, size_t room, const uint8_t *src, size_t bytes);

/* UTF-8 to UTF-16LE; dst has room for 2 bytes for each of src's. Returns bytes. */
size_t nm_text_to_utf16(uint8_t *dst, const char *src, size_t n);

/* The plain text of RTF, in UTF-8 with a NUL; bytes that are no RTF stay as they
 * are. Returns the bytes before the NUL; room is at least 4. */
size_t nm_text_from_rtf(char *dst, size_t room, const uint8_t *src, size_t bytes);

#define NM_RTF_HEAD_BYTES 16u /* of RTF that does not come from the text */
/* UTF-8 to RTF; dst has room for 16 bytes for each of src's and NM_RTF_HEAD_BYTES. */
size_t nm_text_to_rtf(uint8_t *dst, const char *src, size_t n);

#endif
