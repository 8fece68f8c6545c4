/* SPDX-License-Identifier: MIT */
/* capture/capture_int.h -- what the files of this folder share and nobody else sees.
 *
 * Glossary (beside that of capture.h): a *position* is where reading can go on:
 * a byte offset and what was met before it; a *walk* is what one reader has
 * learnt of a file's sections and interfaces; a *link* is one interface as far
 * as decoding its frames needs it; a *tally* is what counting collects; a
 * *checkpoint* is the position of a frame whose number divides by 256.
 *
 * A format is a row of nm_formats[]. Its decode() turns the bytes of a loaded
 * window into frames, all in one loop. What it finds must not depend on where
 * windows begin: every process has to come to the same frames and the same
 * damage, whichever way it got there.
 */
#ifndef NM_CAPTURE_INT_H
#define NM_CAPTURE_INT_H

#include "base/bytes.h"
#include "capture/capture.h"
#include "system/files.h"
#include "capture/source.h"

/* Tests and fuzzers build with much smaller ones, to meet the borders of
 * windows all the time. What a capture holds must not depend on them. */
#ifndef NM_WINDOW_BYTES
#define NM_WINDOW_BYTES      (UINT32_C(512) << 10) /* stays in a second-level cache while served */
#define NM_WINDOW_FRAMES     UINT32_C(16384)       /* NM_WINDOW_BYTES of the shortest records */
#define NM_CHECKPOINT_FRAMES UINT32_C(256)
#define NM_START_WINDOWS     64u /* windows searched for the first frame with a time */
#endif

#define NM_WINDOW_HEAD  UINT32_C(64)        /* before the bytes: a FRAME header may begin there */
#define NM_WINDOW_SLACK (UINT32_C(1) << 20) /* options and padding beside the biggest frame */
#define NM_WINDOW_MAX   (NM_FRAME_MAX_BYTES + NM_WINDOW_SLACK)
#define NM_WINDOW_CALM  64u             /* loads after which a grown window shrinks again */
#define NM_SECTIONS_MAX UINT32_C(65535) /* pcapng sections in one file; more is damage */
#define NM_LINKS_MAX    UINT32_C(65535) /* interfaces in one file; a frame's number has 16 bits */
#define NM_FRAMES_MAX   UINT32_MAX      /* numbers 0 to 2^32-2; the API has no more */
#define NM_FRAME_HEAD   16u             /* bytes of the FRAME header before a frame's bytes */

/* Where reading goes on. `section` and `interfaces` matter to pcapng only. */
struct nm_pos {
	uint64_t offset;     /* of a record or block */
	uint32_t frame;      /* number of the next frame */
	uint32_t section;    /* the one this lies in; UINT32_MAX before the first */
	uint32_t interfaces; /* met so far, in all sections */
};

enum nm_clock {
	NM_CLOCK_NONE, /* its resolution can't be expressed: frames have no time */
	NM_CLOCK_US,
	NM_CLOCK_NS,
	NM_CLOCK_ANY,
};

struct nm_link {
	uint32_t link_type;
	uint32_t snap_len; /* 0: no limit */
	uint64_t ticks_per_s;
	int64_t shift_ns; /* added to every time stamp */
	uint16_t mac_type;
	uint16_t clock;       /* enum nm_clock */
	uint32_t pseudo_head; /* bytes before each frame that are none of it */
};

struct nm_section {
	uint32_t first_link;
	uint32_t swapped; /* 1: other byte order than this machine reads (little-endian) */
};

struct nm_walk {
	struct nm_section *sections; /* owned */
	struct nm_link *links;       /* owned */
	uint32_t n_sections, n_links;
	uint32_t room_sections, room_links;
};

enum nm_end {
	NM_END_MORE,   /* the next window goes on at `next` */
	NM_END_CLEAN,  /* the file ends here, as it should */
	NM_END_DAMAGE, /* nothing can be read from `next` on; see flaw */
	NM_END_READ,   /* the file did not give what it has */
	NM_END_WAIT,   /* a stream has not brought enough yet; ask again */
	NM_END_MEMORY,
};

struct nm_window {
	uint8_t *mem;   /* owned: head, then room bytes, then padding */
	uint8_t *copy;  /* owned; NULL unless the format can't serve in place */
	uint32_t *at;   /* owned; FRAME header of each frame, counted from `frames` */
	uint16_t *link; /* owned; interface or media type of each frame; NULL when all are alike */
	int64_t *ns;    /* owned; time of each frame or NM_NO_TIME; NULL: not asked for */
	size_t room;    /* file bytes that fit */
	unsigned calm;  /* loads since it last had to grow */
	uint64_t used;  /* tick of its last use, for the view */

	uint8_t *data;   /* the bytes of the file from `base` on */
	uint8_t *frames; /* what `at` counts from: mem or copy */
	uint64_t base;
	size_t len;   /* bytes at data */
	uint32_t run; /* entries of a frame table this window is for */
	size_t ask;   /* bytes one record is known to need; no others are read ahead of it */
	bool counts;  /* its bytes are only looked at */
	bool afar;    /* and were written some MiB ago: they are in no near cache */
	bool cut;     /* the file gave fewer bytes than it has */

	/* streams */
	enum nm_wait wait;             /* what to do when bytes are not there yet */
	const volatile uint32_t *stop; /* borrowed; non-zero ends waiting; NULL: nothing does */
	size_t least;                  /* bytes from `next` on that are needed to get further */
	uint64_t total; /* bytes of the capture, as far as known when it was loaded */
	bool back;      /* hint: the frames before the wanted one are wanted next */

	uint32_t first, count;
	struct nm_pos next;
	enum nm_end end;
	size_t need;    /* bytes from base for the record at next; set when it does not fit */
	bool truncated; /* with NM_END_DAMAGE: the file merely ends too early */
	struct nm_diag flaw;
};

#define NM_AFAR 4096u /* bytes to bring in time */

/* A record at data + at is n bytes long. Each tells where the next one is, so that from afar
 * they would come one after the other: bring as much of what follows. */
static inline void nm_window_bring(const struct nm_window *w, size_t at, size_t n)
{
	for (size_t i = 0; i < n; i += 64)
		__builtin_prefetch(w->data + at + NM_AFAR + i);
}

/* What counting collects. A decoder copies `n` to a local while it loops. */
struct nm_count {
	uint64_t stored, wire, out_of_order;
	int64_t first, last, min, max;
	uint32_t without_time;
	uint32_t cut, cut_min, cut_max; /* frames stored shorter than they were, and how short */
	bool timed;                     /* some frame had a time */
};

struct nm_checkpoint {
	uint64_t offset;
	uint32_t section;
	uint32_t interfaces;
};

struct nm_tally {
	struct nm_count n;
	struct nm_checkpoint *checkpoints; /* borrowed; NULL: only looking */
	uint64_t n_checkpoints;
	struct nm_capture_facts *facts; /* borrowed; interfaces and notes go there */
	uint64_t last_record;           /* offset of the one before; netmon only */
};

enum nm_probe {
	NM_PROBE_NO,
	NM_PROBE_YES,
	NM_PROBE_BROKEN, /* of this format, but not usable; the diag says why */
};

struct nm_head {
	const uint8_t *p; /* first bytes of the file */
	size_t n;         /* up to NM_HEAD_BYTES */
	uint64_t file_bytes;
};

#define NM_HEAD_BYTES 128u
#define NM_HEAD_LEAST                                                                              \
	28u /* all of it that pcap and pcapng need: a pipe may bring no more for long */

struct nm_format_ops {
	/* Is this its format? Decided from the first bytes alone. BROKEN fills *d. */
	enum nm_probe (*probe)(const struct nm_head *h, struct nm_diag *d);
	/* Read what stands before the first frame; fills c's facts and c->begin. */
	uint32_t (*open)(struct nm_capture *c, const struct nm_head *h, struct nm_diag *d);
	/* Bring the bytes at w->next into w; false: w->end says why not. */
	bool (*fill)(const struct nm_capture *c, struct nm_window *w);
	/* Find the frames of the loaded window. With a tally, count them and leave
	 * the bytes alone; without, put a FRAME header before each. */
	void (*decode)(
	    const struct nm_capture *c, struct nm_walk *k, struct nm_window *w, struct nm_tally *t);
	/* Link and MAC type of a frame of a capture with c->links_vary. */
	void (*link)(const struct nm_walk *k, uint16_t link, struct nm_frame *ret);
};

extern const struct nm_format_ops nm_pcap_ops, nm_pcapng_ops, nm_netmon_ops;

/* The entry in the process table that a frame of a Network Monitor file names; `record`
 * as a view served it. UINT32_MAX: none, or the file's version has no such table. */
uint32_t nm_netmon_process(const struct nm_capture *c, const uint8_t *record);

struct nm_pcap {
	uint32_t record_head; /* bytes before a frame's bytes: 16, 20, 24 or 28 */
	uint32_t ns_per_tick; /* 1000 or 1 */
	uint32_t pseudo_head; /* bytes before each frame that are none of it */
	bool swapped;
	uint8_t lengths; /* enum in pcap.c: which length comes first */
};

struct nm_netmon {
	uint64_t table;       /* offset of the frame table */
	uint32_t n_table;     /* entries that are in the file */
	uint32_t n_claimed;   /* entries the header promises */
	uint32_t record_head; /* 8 in 1.x, 16 in 2.x */
	uint32_t trailer;     /* bytes after a frame's bytes */
	bool utc;             /* trailers hold the time of each frame */
	bool lost; /* the table is not in the file: records are followed from the header */
};

struct nm_index;

struct nm_capture {
	struct nm_source *source; /* owned */
	const struct nm_format_ops *ops;
	uint64_t file_bytes; /* when it was opened; NM_BYTES_UNKNOWN of a stream */
	struct nm_pos begin; /* of frame 0 */
	int64_t start_ns, start_us;
	bool has_start;  /* start_ns comes from the file's header */
	bool links_vary; /* windows keep a link per frame */
	bool direct;     /* a frame's place is found by its number, without checkpoints */
	bool copies;     /* frames are served from a copy */
	bool keep_heads; /* pseudo-headers count as part of frames */
	char *comment;   /* owned; NULL when there is none */
	union {
		struct nm_pcap pcap;
		struct nm_netmon netmon;
	} u;
	struct nm_capture_facts facts; /* as known after opening */
	struct nm_index *index;        /* owned */
};

/* Up to n bytes at offset, for open(): a stream is waited for. As nm_prim_pread. */
ssize_t nm_capture_read(const struct nm_capture *c, void *buf, size_t n, uint64_t offset);

/* ---- window.c ---- */

/* False: out of memory; done() is safe either way. */
bool nm_window_init(struct nm_window *w, const struct nm_capture *c);
void nm_window_done(struct nm_window *w);

/* Load and decode at pos. Look at w->end, w->count and w->next afterwards:
 * count may be 0 while end is NM_END_MORE. */
void nm_window_load(struct nm_window *w, const struct nm_capture *c, struct nm_walk *k,
    const struct nm_pos *pos, struct nm_tally *t);

/* What fill() is for formats whose records stand in file order. */
bool nm_window_fill(const struct nm_capture *c, struct nm_window *w);

/* Read n bytes (at most w->room) at offset into w. */
bool nm_window_read(const struct nm_capture *c, struct nm_window *w, uint64_t offset, uint64_t n);

enum nm_harm { NM_HARM_CORRUPT, NM_HARM_TRUNCATED };

/* Nothing can be read from w->next on. */
void nm_window_spoil(struct nm_window *w, enum nm_harm harm, uint64_t offset, const char *fmt, ...)
    __attribute__((format(printf, 4, 5), cold));

/* Frames a decode may still put into a window that starts at w->next. */
static inline uint32_t nm_window_limit(const struct nm_window *w)
{
	uint32_t left = NM_FRAMES_MAX - w->first;

	return left < NM_WINDOW_FRAMES ? left : NM_WINDOW_FRAMES;
}

/* ---- walk.c ---- */

void nm_walk_done(struct nm_walk *k);
/* Put entry i (at most one past the last). False: out of memory. */
bool nm_walk_put_section(struct nm_walk *k, uint32_t i, const struct nm_section *s);
bool nm_walk_put_link(struct nm_walk *k, uint32_t i, const struct nm_link *l);

/* ---- index.c ---- */

uint32_t nm_index_new(struct nm_capture *c, struct nm_diag *d);
void nm_index_free(struct nm_index *x);

/* Find the first frame with a time, and with it the start of the capture. */
void nm_index_find_start(struct nm_capture *c);

/* Everything about c is known: make ready for nm_capture_index(). */
void nm_index_begin(struct nm_capture *c);

/* The best published position at or before frame n; false when none is. The
 * walk is given the sections and links that stand before it. */
bool nm_index_seek(const struct nm_index *x, uint32_t n, struct nm_walk *k, struct nm_pos *ret);

/* ---- linktype.c ---- */

uint16_t nm_link_mac_type(uint32_t link_type);

/* Bytes of the pseudo-header that capturing puts before each frame of a link
 * type (a direction, a channel). They are no part of the frame: lengths and
 * bytes are given without them, as Wireshark does. */
uint32_t nm_link_pseudo_head(uint32_t link_type);

/* ---- tallying, inlined into the decoders ---- */

static inline struct nm_count nm_count_none(void)
{
	return (struct nm_count){
		.last = INT64_MIN, .min = INT64_MAX, .max = INT64_MIN, .cut_min = UINT32_MAX
	};
}

static inline __attribute__((always_inline)) void nm_count_time(struct nm_count *n, int64_t ns)
{
	if (!n->timed) {
		n->timed = true;
		n->first = ns;
	}
	n->out_of_order += ns < n->last;
	n->last = ns;
	n->min = ns < n->min ? ns : n->min;
	n->max = ns > n->max ? ns : n->max;
}

static inline __attribute__((always_inline)) void nm_count_bytes(
    struct nm_count *n, uint32_t stored, uint32_t wire)
{
	n->stored += stored;
	n->wire += wire;
	if (stored < wire) {
		n->cut++;
		n->cut_min = stored < n->cut_min ? stored : n->cut_min;
		n->cut_max = stored > n->cut_max ? stored : n->cut_max;
	}
}

static inline void nm_tally_checkpoint(struct nm_tally *t, const struct nm_pos *p)
{
	uint32_t i = p->frame / NM_CHECKPOINT_FRAMES;

	if (t->checkpoints && i < t->n_checkpoints)
		t->checkpoints[i] = (struct nm_checkpoint){ p->offset, p->section, p->interfaces };
}

/* The note of a capture that can be read although something is odd; the first
 * one is kept. */
void nm_facts_note(struct nm_capture_facts *f, uint64_t offset, const char *fmt, ...)
    __attribute__((format(printf, 3, 4), cold));

/* Write the FRAME header in front of a frame's bytes. */
static inline void nm_frame_put_head(uint8_t *head, int64_t us, uint32_t wire, uint32_t stored)
{
	nm_put_le64(head, (uint64_t)us);
	nm_put_le32(head + 8, wire);
	nm_put_le32(head + 12, stored);
}

#endif
