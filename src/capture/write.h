/* SPDX-License-Identifier: MIT */
/* capture/write.h -- writing captures.
 *
 * Owns:     a buffer of 256 KiB, the encoder where it compresses, and, for Network Monitor, 4 bytes a frame for the
 *           frame table. Borrows the descriptor it writes to.
 * Uses:     system/files.h, pack.h, base/.
 * Threads:  one writer, one thread.
 * Trust:    frames are hostile; the descriptor is the caller's.
 */
#ifndef NM_CAPTURE_WRITE_H
#define NM_CAPTURE_WRITE_H

#include "capture/capture.h"
#include "capture/options.h"
#include "capture/pack.h"

struct nm_writer;

struct nm_write_options {
	enum nm_format format; /* PCAP, PCAPNG or NETMON2 */
	int64_t start_ns;      /* Network Monitor counts times from here, in milliseconds */
	bool fine;             /* pcap: nanoseconds */
	bool plain_media;      /* Network Monitor: every frame has the media type of the first */
	uint32_t snap_len;     /* pcap: as the header states it */
	uint32_t link_type;    /* pcap: as the header of a file without frames states it */
	const char *comment;   /* of the capture; NULL: none. pcap has no place for it */
	/* pcapng: of the section, comment included; NULL or empty: only the comment */
	const struct nm_options *options;
	bool frame_tables; /* Network Monitor: 2.2. Frames have comments and processes, and
	                    * the capture has no comment, statistics and network info */
	/* Network Monitor, as its files have them; borrowed until the writer is closed. */
	struct nm_write_area {
		const uint8_t *p;
		uint32_t n; /* bytes; 0: none */
	} user_data, statistics, network_info, processes;
	uint32_t n_processes;    /* entries of that, without its version */
	enum nm_packing packing; /* not for Network Monitor, whose header is written last */
};

struct nm_write_interface {
	uint32_t link_type;
	uint32_t snap_len;
	bool fine;                        /* pcapng: nanoseconds, else microseconds */
	const char *name;                 /* "": none */
	const struct nm_options *options; /* pcapng: instead of the name; NULL: none */
};

struct nm_write_frame {
	const uint8_t *bytes;
	uint32_t stored, wire;
	uint32_t link_type; /* LINKTYPE_*, or NM_LINK_NETMON | media */
	uint32_t interface; /* pcapng: the number of one that was written */
	uint32_t process;   /* Network Monitor: its entry in the table; NM_NO_PROCESS: none */
	int64_t ns;         /* since 1970; NM_NO_TIME: none */
	/* pcapng: as they are; Network Monitor: its comments; NULL: none */
	const struct nm_options *options;
};

#define NM_NO_PROCESS UINT32_MAX

/* How a target takes a frame. */
enum nm_fit {
	NM_FIT_WHOLE,
	NM_FIT_TIME,  /* the time is cut: no such resolution or range, or none to write */
	NM_FIT_NOT,   /* the frame is left out: no number for its link type, or not the file's */
	NM_FIT_ERROR, /* nothing can be written any more; see nm_writer_close */
};

/* NULL: out of memory. Errors of writing come with nm_writer_close. Network
 * Monitor needs a descriptor that can be written anywhere. */
struct nm_writer *nm_writer_new(int fd, const struct nm_write_options *o);

/* pcapng only: another section. NULL: without options. */
void nm_writer_section(struct nm_writer *w, const struct nm_options *o);

/* pcapng only; interfaces are numbered from 0 in the order they are written in their
 * section. */
void nm_writer_interface(struct nm_writer *w, const struct nm_write_interface *i);

/* pcapng only: a block that is no frame. */
void nm_writer_block(struct nm_writer *w, uint32_t type, const void *body, uint32_t n);

/* pcapng only: counters of an interface that was written, at that time. */
void nm_writer_counters(
    struct nm_writer *w, uint32_t interface, int64_t ns, const struct nm_options *o);

/* A time as it stands in blocks: the upper half first. */
void nm_writer_time(const struct nm_writer *w, int64_t ns, uint8_t ret[8]);

/* Comments that could not be written so far. */
uint64_t nm_writer_comments_lost(const struct nm_writer *w);

enum nm_fit nm_writer_frame(struct nm_writer *w, const struct nm_write_frame *f);

/* Write what is left, and free. NMERR_SUCCESS, or an NMERR code and *d. */
uint32_t nm_writer_close(struct nm_writer *w, struct nm_diag *d);

#endif
