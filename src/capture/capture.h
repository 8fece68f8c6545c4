/* SPDX-License-Identifier: MIT */
/* capture/capture.h -- a capture file as numbered frames.
 *
 * Owns:     the index (shared between the processes that read one capture) and
 *           the read windows of each view. Borrows the descriptor it is opened on.
 * Uses:     base/ only.
 * Threads:  a capture may be shared; a view belongs to one thread at a time.
 * Trust:    every byte of the file is hostile. Work per call is bounded by the
 *           window size; memory does not grow with the file, except one index
 *           entry per 256 frames.
 *
 * Glossary: a *frame* is one captured packet, numbered from 0; a *record* is
 * its encoding in the file; a *window* is a stretch of the file read into
 * memory whose frames are served in place; a *view* is a set of windows that
 * one reader owns; the *index* is the sparse table frame number -> file offset,
 * built once, in file order, by whoever runs nm_capture_index.
 *
 * Damage never loses what stands before it: reading stops there, and the facts
 * say where and why. What formats leave open is decided in docs/captures.md.
 */
#ifndef NM_CAPTURE_CAPTURE_H
#define NM_CAPTURE_CAPTURE_H

#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nm_capture;
struct nm_view;

#define NM_FRAME_MAX_BYTES (UINT32_C(8) << 20) /* a record that claims more is damage */

/* One served frame. `record` points at the 16-byte FRAME header of <netmon.h>
 * (little-endian, unaligned): int64 microseconds since start, wire length,
 * stored length; the frame's bytes follow. Times before the start are negative;
 * a frame without a time has 0. Valid until the view has loaded as many more
 * windows as it has: with one window, until a call for a frame outside it. */
struct nm_frame {
	uint8_t *record;    /* borrowed from the view; FRAME header, then the bytes */
	uint32_t number;    /* 0 for the first */
	uint16_t mac_type;  /* MAC_TYPE_* of <netmon.h>; MAC_TYPE_UNKNOWN for other links */
	uint32_t link_type; /* LINKTYPE_* (tcpdump.org list); NM_LINK_NETMON | media for others */
};

#define NM_LINK_NETMON UINT32_C(0x10000) /* a Network Monitor media type with no LINKTYPE */
#define NM_LINK_NONE   UINT32_MAX        /* a capture that describes no interface */

enum nm_format {
	NM_FORMAT_PCAP,
	NM_FORMAT_PCAPNG,
	NM_FORMAT_NETMON1,
	NM_FORMAT_NETMON2,
};

struct nm_interface {
	uint32_t link_type;
	uint32_t snap_len;    /* 0: no limit stated */
	uint64_t ticks_per_s; /* resolution of its time stamps */
	uint32_t pseudo_head; /* bytes the file has before each frame that are none of it */
	char name[64];        /* cleaned for people; "" when the file has none */
};

#define NM_FACTS_INTERFACES 32 /* the first ones are kept for people; all are read */

/* What a capture holds. The first group is known after opening, the second
 * after indexing. Times are nanoseconds since 1970-01-01T00:00:00Z (Network
 * Monitor files store local time without a zone: read as UTC; only the times of
 * single frames in 2.3 files are UTC indeed). */
struct nm_capture_facts {
	enum nm_format format;
	uint16_t version_major, version_minor;
	bool big_endian;
	uint64_t file_bytes;     /* of what was opened; a pipe: taken in so far */
	uint64_t unpacked_bytes; /* of the capture, where it is compressed; else 0 */
	char packing[8];         /* "gzip", "zstd", "lz4", "xz"; "" for plain bytes */
	bool streamed;           /* it came from a pipe or was compressed */
	int64_t start_ns;        /* capture start; FRAME time stamps count from here */
	int64_t utc_shift_ns; /* UTC less the zone of start_ns, where the file tells both; else 0 */
	uint32_t mac_type;    /* MAC_TYPE_* of the first interface or the file */
	uint32_t link_type;   /* likewise */

	bool indexed; /* the rest is complete */
	uint32_t frames;
	uint64_t stored_bytes, wire_bytes;
	uint32_t cut_frames;       /* stored shorter than they were on the wire */
	uint32_t cut_min, cut_max; /* bytes that are stored of those; 0 when there are none */
	uint32_t frames_without_time;
	int64_t first_ns, last_ns; /* in file order, of frames that have a time; 0 when none */
	int64_t min_ns, max_ns;    /* by value */
	uint64_t out_of_order;     /* frames older than the one before them */
	uint32_t n_interfaces;     /* all sections together */
	struct nm_interface interfaces[NM_FACTS_INTERFACES];
	/* Code 0: read to a clean end. Else one sentence with the byte in it, and that
	 * byte as offset. */
	struct nm_diag damage;
	bool truncated; /* the damage is only that the file ends too early */
	/* The first oddity that did not end reading (an impossible start time), in the
	 * same form; code 0: none was met. */
	struct nm_diag note;
};

const char *nm_format_name(enum nm_format f);      /* "pcap", "pcapng", ... static */
const char *nm_link_type_name(uint32_t link_type); /* "Ethernet"; NULL when unknown */

/* Open the capture behind fd: a file, a pipe or a socket, compressed or not;
 * borrowed, must stay open. Waits for the first frame of a stream, for which there
 * is a temporary file, should it be needed (capture/stream.h).
 * Messages do not name the file: the caller knows how people call it.
 * NMERR_SUCCESS and *ret_c, or an NMERR code and
 * *ret_diag: FILE_READ_ERROR, INVALID_FILE_FORMAT (not a capture, or a header
 * that cannot be used), UPLEVEL_CAPTURE_FILE, OUT_OF_MEMORY. */
uint32_t nm_capture_open(int fd, struct nm_capture **ret_c, struct nm_diag *ret_diag);
/* The same of a file that another process writes, from its begin on, until *coming is zero: as
 * nm_source_open_growing. Serves frames as they come, to any number of views and threads. */
uint32_t nm_capture_open_growing(
    int fd, const _Atomic uint32_t *coming, struct nm_capture **ret_c, struct nm_diag *ret_diag);

/* The next stream or compressed file goes through this temporary file, given as a
 * descriptor for the process that opens it and one that only reads, for its
 * forked children. Both are borrowed until the capture is closed. */
void nm_capture_use_temporary(int full_fd, int read_fd);

void nm_capture_close(struct nm_capture *c);

/* Serve frames with the pseudo-headers that capturing put before them. To be said
 * before the first view is made; then views can't use the index, and only forward
 * walks are quick. */
void nm_capture_keep_heads(struct nm_capture *c);

/* The whole capture will be read more than once, by whoever: what comes out of a stream is
 * written to its temporary file from here on. */
void nm_capture_keep(struct nm_capture *c);

/* Index up to `windows` more windows (0: to the end). True when the index is
 * complete, however it ended. Only one process may index a capture. With a
 * number of windows it never waits for a stream: it does what can be done. */
bool nm_capture_index(struct nm_capture *c, unsigned windows);

/* Index on a thread of its own, to the end; meanwhile this process only reads the index, as
 * nm_capture_make_reader says. False: there is no thread for it, or what is unpacked on the way is one
 * thread's to read. */
bool nm_capture_follow(struct nm_capture *c);
/* End that, wherever it is; nothing when there is none. Closing does it too. */
void nm_capture_follow_end(struct nm_capture *c);

/* What to poll before indexing on, so as not to ask in vain; -1: nothing. */
int nm_capture_input(const struct nm_capture *c);

/* When indexing on, and serving readers, is worth it again: microseconds, 0 at once, -1
 * not before nm_capture_input has something. */
int nm_capture_due(const struct nm_capture *c);

/* Give readers of a stream what they wait for and nm_capture_index no longer brings. */
void nm_capture_serve(struct nm_capture *c);

/* The descriptor that a reader has to keep open. */
int nm_capture_fd(const struct nm_capture *c);

/* Forked children that read, each with a number below 64 that no other has at the time.
 * Streams are taken in so that they needn't be stored: not faster than readers follow. So
 * say whether some will come, that one is about to be forked, and that it has ended. */
void nm_capture_expect_readers(struct nm_capture *c, bool expected);
void nm_capture_reader_begin(struct nm_capture *c, unsigned reader);
void nm_capture_reader_end(struct nm_capture *c, unsigned reader);

/* In a forked child: from here on this process only reads the index. After it
 * no write of this process can change what others see. False: the kernel
 * refused, and the child should end. */
bool nm_capture_make_reader(struct nm_capture *c, unsigned reader);

/* Frames in the capture. Indexes first, or, in a reader, waits until the
 * indexing process is done; *stop (may be NULL) set non-zero ends the wait
 * early with what is known so far. */
uint32_t nm_capture_total(struct nm_capture *c, const volatile uint32_t *stop);

/* Frames indexed so far, without waiting. */
uint32_t nm_capture_indexed(const struct nm_capture *c);

/* A snapshot of the facts. */
void nm_capture_facts(const struct nm_capture *c, struct nm_capture_facts *ret);

/* The capture comment, cleaned of nothing, NUL-terminated, owned by c; NULL
 * when there is none. */
const char *nm_capture_comment(const struct nm_capture *c);

/* A view with that many windows (1 to 16). A forward walk needs one window;
 * more windows keep more frames valid at a time. NULL: out of memory. */
struct nm_view *nm_view_new(struct nm_capture *c, unsigned windows);
void nm_view_free(struct nm_view *v);

#define NM_NO_TIME INT64_MIN

/* Before the first frame, with one window: keep times as the file has them. False:
 * out of memory, or more windows. */
bool nm_view_keep_times(struct nm_view *v);

/* The time of the frame that nm_view_frame gave last, nanoseconds since 1970;
 * NM_NO_TIME when it has none. *ret_interface: its number in the capture, from
 * 0, where the format has such numbers. Only after nm_view_keep_times. */
int64_t nm_view_time(const struct nm_view *v, uint32_t n, uint32_t *ret_interface);

/* *stop non-zero ends waiting for frames of a stream that have not come yet:
 * NMERR_FRAME_NOT_FOUND. Borrowed as long as the view; NULL: nothing ends it. */
void nm_view_stop_at(struct nm_view *v, const volatile uint32_t *stop);

/* Frame n lies in a window: asking for it makes no system call and does not wait. */
bool nm_view_holds(const struct nm_view *v, uint32_t n);

#define NM_FRAMES_AHEAD                                                                            \
	4u /* so many later a frame is asked for: it is brought to the first cache */

/* The frames that a view serves without a call: those of the window it served from last, as
 * long as their link is that of the frame it served last. A view begins with it. */
struct nm_hand {
	uint8_t *frames;    /* frame first + i has its FRAME header at frames + at[i] */
	const uint32_t *at; /* NM_FRAMES_AHEAD more than frames; all of it borrowed from the view */
	const uint16_t *link; /* of each frame; NULL: all have the same */
	uint32_t first, count;
	uint32_t known; /* the link that the members below are of; NM_LINK_NONE: none so far */
	uint32_t link_type;
	uint16_t mac_type;
};

/* What nm_view_frame does where that takes no call; false: nothing was done. */
static inline bool nm_view_at_hand(const struct nm_view *v, uint32_t n, struct nm_frame *ret)
{
	const struct nm_hand *h = (const struct nm_hand *)(const void *)v;
	uint32_t i = n - h->first;

	if (__builtin_expect(i >= h->count || (h->link && h->link[i] != h->known), 0))
		return false;
	*ret = (struct nm_frame){ h->frames + h->at[i], n, h->mac_type, h->link_type };
	__builtin_prefetch(h->frames + h->at[i + NM_FRAMES_AHEAD]);
	__builtin_prefetch(h->frames + h->at[i + NM_FRAMES_AHEAD] + 64);
	return true;
}

/* Frame n into *ret. NMERR_SUCCESS; NMERR_FRAME_NOT_FOUND past the last
 * readable frame; NMERR_FILE_READ_ERROR when the file no longer gives what it
 * gave before; NMERR_OUT_OF_MEMORY. Forward neighbours cost no system call
 * while they lie in the window. */
uint32_t nm_view_frame(struct nm_view *v, uint32_t n, struct nm_frame *ret);

/* Does a file that begins with these n bytes, 128 or all it has, call itself a capture, or is it
 * compressed? Opening it may still fail. */
bool nm_capture_begins_so(const uint8_t *p, size_t n);

#endif
