/* SPDX-License-Identifier: MIT */
/* capture/notes.h -- what a capture holds beside frames: comments, names, counters.
 *
 * Walking frames never looks at these. They are found by a pass of their own over
 * an indexed capture, in file order, and given one after another to a function.
 *
 * Owns:     a buffer of 256 KiB, which grows to the longest run of options it meets
 *           (NM_WINDOW_MAX at most), and 16 bytes for each comment of a Network
 *           Monitor file (NM_NOTES_COMMENTS at most).
 * Uses:     capture.h.
 * Threads:  a reader of notes belongs to one thread.
 * Trust:    everything is hostile. Texts are bytes of the file; what is read is
 *           bounded by the file's length and by the limits below.
 */
#ifndef NM_CAPTURE_NOTES_H
#define NM_CAPTURE_NOTES_H

#include "capture/capture.h"

#define NM_NOTES_COMMENTS  UINT32_C(65536)      /* of frames, read from a Network Monitor file */
#define NM_NOTES_PROCESSES UINT32_C(4096)       /* likewise */
#define NM_NOTES_PER_FRAME 64u                  /* comments of one frame, likewise */
#define NM_NOTES_TEXT      (UINT32_C(64) << 10) /* bytes of a comment, likewise */
#define NM_NOTES_BLOCK     (UINT32_C(1) << 20)  /* bytes of a block that can be carried over */

/* Whose a note is. `number` of struct nm_note goes with it. */
enum nm_note_owner {
	NM_NOTE_OF_SECTION,   /* from 0; Network Monitor: 0 */
	NM_NOTE_OF_INTERFACE, /* from 0, all sections together */
	NM_NOTE_OF_FRAME,     /* from 0 */
	NM_NOTE_OF_COUNTERS,  /* figures of an interface, from 0 */
	NM_NOTE_OF_PROCESS,   /* from 0, in the order of the file */
	NM_NOTE_OF_BLOCK,     /* the block's type */
};

/* What it is: a text, bytes, or a number in `value`. */
enum nm_note_code {
	NM_NOTE_COMMENT = 1, /* text; of any owner but a process */
	NM_NOTE_HARDWARE,    /* text; section, interface */
	NM_NOTE_OS,          /* text; section, interface */
	NM_NOTE_APPLICATION, /* text; section: what wrote the file */
	NM_NOTE_NAME,        /* text; interface; process: its path */
	NM_NOTE_DESCRIPTION, /* text; interface */
	NM_NOTE_FILTER,      /* a byte, 0 when a text follows, then the filter; interface */
	NM_NOTE_IPV4,        /* 4 bytes address, 4 mask; interface */
	NM_NOTE_IPV6,        /* 16 bytes address, 1 prefix; interface */
	NM_NOTE_MAC,         /* 6 bytes; interface */
	NM_NOTE_EUI,         /* 8 bytes; interface */
	NM_NOTE_SPEED,       /* bits a second; interface */
	NM_NOTE_FCS,         /* a byte; interface */
	NM_NOTE_FLAGS,       /* frame: direction, errors (epb_flags) */
	NM_NOTE_HASH,        /* bytes; frame */
	NM_NOTE_DROPS,       /* frames lost before this one; frame */
	NM_NOTE_PACKET_ID,   /* frame */
	NM_NOTE_QUEUE,       /* frame */
	NM_NOTE_VERDICT,     /* bytes; frame */
	NM_NOTE_RECEIVED,    /* counters: frames */
	NM_NOTE_DROPPED,
	NM_NOTE_ACCEPTED,   /* by the filter */
	NM_NOTE_OS_DROPPED, /* by the operating system */
	NM_NOTE_DELIVERED,
	NM_NOTE_PROCESS_ID, /* process */
	NM_NOTE_BODY,       /* a block or process: its body, little-endian; NULL when it can't be
	                     * carried over. value: its length in the file */
	NM_NOTE_BEGINS,     /* section of a pcapng file: interfaces before it; before all others */
	NM_NOTE_TAKEN,      /* counters: when they were read; this and the next two are an int64_t,
	                     * nanoseconds since 1970 */
	NM_NOTE_STARTED,    /* counters: when capturing began */
	NM_NOTE_ENDED,      /* and ended */
	NM_NOTE_RECORD,     /* text; frame: what it says, being a filter or network info of Network
	                     * Monitor; of a digest only */
	NM_NOTE_ICON,       /* process: its icon, as the file has it. value: its length; NULL when
	                     * that is over NM_NOTES_BLOCK */
	NM_NOTE_LOCAL,      /* process: its address, 4 or 16 bytes. value: its port */
	NM_NOTE_REMOTE,     /* process: its peer's, likewise */
	NM_NOTE_CODES
};

struct nm_note {
	enum nm_note_owner owner;
	uint32_t number;
	enum nm_note_code code;
	const uint8_t *p; /* text or bytes, borrowed for the call; a text has no NUL at its end */
	uint32_t n;
	uint64_t value;
};

/* Blocks of Network Monitor files, which have no numbers of their own. In pcapng
 * files these numbers are somebody else's. */
#define NM_NOTE_USER_DATA    UINT32_C(0x80000001)
#define NM_NOTE_NETWORK_INFO UINT32_C(0x80000002)
#define NM_NOTE_STATISTICS   UINT32_C(0x80000003)

#define NM_PROCESS_LEAST 56u /* bytes of a process's body without path and icon */

/* False ends the pass. */
typedef bool (*nm_note_fn)(void *ctx, const struct nm_note *note);

struct nm_notes;

/* Over an indexed capture, which must outlive it. NULL: out of memory. */
struct nm_notes *nm_notes_new(struct nm_capture *c);
void nm_notes_free(struct nm_notes *r); /* NULL is fine */

/* All notes from where the reader stands to those of frame n, that one included;
 * NM_NOTES_ALL: to the end. What stands before a frame in the file comes before
 * its own notes. NMERR_SUCCESS, also when fn ended it; OUT_OF_MEMORY;
 * FILE_READ_ERROR when the file no longer gives what it gave before. */
uint32_t nm_notes_read(struct nm_notes *r, uint32_t n, nm_note_fn fn, void *ctx);
#define NM_NOTES_ALL UINT32_MAX

/* The notes of frame n only, in any order of frames; neighbours are found from one
 * another. Results as above. */
uint32_t nm_notes_frame(struct nm_notes *r, uint32_t n, nm_note_fn fn, void *ctx);

/* Sections met so far. */
uint32_t nm_notes_sections(const struct nm_notes *r);

/* Network Monitor: its comments go beyond a limit or its table can't be read whole. */
bool nm_notes_cut(const struct nm_notes *r);

#endif
