/* SPDX-License-Identifier: MIT */
/* The index: where every 256th frame stands, and what a capture adds up to.
 *
 * It lives in memory that forked children share. One process writes it, window
 * after window; what it has written it publishes by storing the number of
 * frames (release), and readers look at nothing beyond that number (acquire).
 * A reader never waits for it: it walks on by itself from the last position
 * that is published.
 */
#include "capture/capture_int.h"

#include <netmon.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define SHORTEST_RECORD                                                                            \
	8u /* of the formats that need checkpoints: Network Monitor 1 without its table */
#define FACT_WORDS     ((sizeof(struct nm_capture_facts) + 7) / 8)
#define WAIT_MIN_US    20u
#define WAIT_MAX_US    2000u
#define ASK_BYTES      (UINT32_C(256) << 10) /* of the mapping, asked for at once */
#define SNAPSHOT_TRIES 1000u /* the writer may have died in the middle of an update */

struct shared {
	_Atomic uint32_t frames; /* published last */
	_Atomic uint32_t done;
	_Atomic uint32_t turn; /* odd while the facts change */
	_Atomic uint64_t facts[FACT_WORDS];
};

struct nm_index {
	/* constant */
	struct shared *shared;       /* owned mapping; read-only in a reader */
	size_t bytes, asked;         /* of the mapping, and those that were asked for */
	int fd;                      /* -1 in a reader */
	bool direct;                 /* frames are found without checkpoints */
	struct nm_source *source;    /* borrowed */
	struct nm_section *sections; /* in the mapping, as all below */
	struct nm_link *links;
	struct nm_checkpoint *checkpoints;
	uint64_t n_checkpoints;

	bool reader;
	bool beside; /* a thread indexes */
	pthread_t thread;
	volatile uint32_t stop; /* that thread is to end */
	/* the indexing process only */
	struct nm_window window;
	struct nm_walk walk;
	struct nm_pos pos;
	struct nm_tally tally;
	struct nm_capture_facts facts;
	bool waits;                           /* for readers */
	uint32_t shown_sections, shown_links; /* how many are in the mapping */
};

/* The parts of the mapping one after another, each on a cache line. */
#define ON_A_LINE(n) (((n) + 63) & ~(size_t)63)
#define SECTIONS_AT  ON_A_LINE(sizeof(struct shared))
#define LINKS_AT     (SECTIONS_AT + ON_A_LINE(NM_SECTIONS_MAX * sizeof(struct nm_section)))
#define CHECKS_AT    (LINKS_AT + ON_A_LINE(NM_LINKS_MAX * sizeof(struct nm_link)))

static void lay_out(struct nm_index *x)
{
	char *base = (char *)x->shared;

	x->sections = (struct nm_section *)(void *)(base + SECTIONS_AT);
	x->links = (struct nm_link *)(void *)(base + LINKS_AT);
	x->checkpoints = (struct nm_checkpoint *)(void *)(base + CHECKS_AT);
}

/* The first n bytes of the mapping are to be written. */
static bool ask(struct nm_index *x, size_t n)
{
	size_t to = n + ASK_BYTES < x->bytes ? n + ASK_BYTES : x->bytes;

	if (n <= x->asked)
		return true;
	if (!nm_prim_shared_ask(x->shared, x->asked, to - x->asked))
		return false;
	x->asked = to;
	return true;
}

/* Those of the checkpoints that one more window may bring. */
static bool ask_for_window(struct nm_index *x)
{
	uint64_t n = (x->pos.frame + (uint64_t)NM_WINDOW_FRAMES) / NM_CHECKPOINT_FRAMES + 1;

	return ask(x, CHECKS_AT + (size_t)(n < x->n_checkpoints ? n : x->n_checkpoints) *
				      sizeof *x->checkpoints);
}

static void show_facts(struct nm_index *x)
{
	uint64_t words[FACT_WORDS] = { 0 };
	uint32_t turn = atomic_load_explicit(&x->shared->turn, memory_order_relaxed);

	memcpy(words, &x->facts, sizeof x->facts);
	atomic_store_explicit(&x->shared->turn, turn + 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	for (size_t i = 0; i < FACT_WORDS; i++)
		atomic_store_explicit(&x->shared->facts[i], words[i], memory_order_relaxed);
	atomic_store_explicit(&x->shared->turn, turn + 2, memory_order_release);
}

static void read_facts(const struct nm_index *x, struct nm_capture_facts *ret)
{
	uint64_t words[FACT_WORDS];

	for (unsigned i = 0; i < SNAPSHOT_TRIES; i++) {
		uint32_t turn = atomic_load_explicit(&x->shared->turn, memory_order_acquire);

		for (size_t w = 0; w < FACT_WORDS; w++)
			words[w] = atomic_load_explicit(&x->shared->facts[w], memory_order_relaxed);
		atomic_thread_fence(memory_order_acquire);
		if (turn % 2 == 0 &&
		    turn == atomic_load_explicit(&x->shared->turn, memory_order_relaxed))
			break;
		nm_prim_sleep_us(1);
	}
	memcpy(ret, words, sizeof *ret);
}

static uint64_t checkpoints_for(const struct nm_capture *c)
{
	uint64_t frames = c->file_bytes / SHORTEST_RECORD + 1;

	if (c->direct)
		return 0;
	if (frames > NM_FRAMES_MAX)
		frames = NM_FRAMES_MAX;
	return frames / NM_CHECKPOINT_FRAMES + 1;
}

uint32_t nm_index_new(struct nm_capture *c, struct nm_diag *d)
{
	struct nm_index *x = nm_prim_alloc(sizeof *x);

	if (!x)
		goto no_memory;
	*x = (struct nm_index){ .fd = -1,
		.direct = c->direct,
		.source = c->source,
		.n_checkpoints = checkpoints_for(c) };
	x->bytes = CHECKS_AT + (size_t)x->n_checkpoints * sizeof *x->checkpoints;
	x->shared = nm_prim_shared_new(x->bytes, &x->fd);
	if (!x->shared)
		goto undo_alloc;
	lay_out(x);
	if (!ask(x, CHECKS_AT) || !nm_window_init(&x->window, c))
		goto undo_shared;
	c->index = x;
	return NMERR_SUCCESS;

undo_shared:
	nm_prim_shared_free(x->shared, x->bytes, x->fd);
undo_alloc:
	nm_prim_free(x);
no_memory:
	return nm_diag_set(d, NMERR_OUT_OF_MEMORY, NM_NO_OFFSET, "no memory for the frame index");
}

static void end_thread(struct nm_index *x)
{
	if (!x->beside)
		return;
	__atomic_store_n(&x->stop, 1, __ATOMIC_RELAXED);
	(void)pthread_join(x->thread, NULL);
	x->stop = 0;
	x->beside = false;
}

void nm_index_free(struct nm_index *x)
{
	if (!x)
		return;
	end_thread(x);
	nm_window_done(&x->window);
	nm_walk_done(&x->walk);
	nm_prim_shared_free(x->shared, x->bytes, x->fd);
	nm_prim_free(x);
}

void nm_index_find_start(struct nm_capture *c)
{
	struct nm_index *x = c->index;
	struct nm_capture_facts seen = c->facts;
	struct nm_tally t = { .n = nm_count_none(), .facts = &seen };
	struct nm_pos pos = c->begin;

	x->window.wait = NM_WAIT;
	while (pos.offset < (uint64_t)NM_START_WINDOWS * NM_WINDOW_BYTES && !t.n.timed) {
		nm_window_load(&x->window, c, &x->walk, &pos, &t);
		pos = x->window.next;
		if (x->window.end != NM_END_MORE)
			break;
	}
	c->facts.link_type = seen.link_type;
	c->facts.mac_type = seen.mac_type;
	if (t.n.timed && !c->has_start) {
		int64_t ms = t.n.first / 1000000 - (t.n.first % 1000000 < 0);

		if (ms < INT64_MIN / 1000000) /* the first nanosecond of 64 bits, nearly */
			ms++;
		c->start_ns = ms * 1000000;
	}
	c->start_us = c->start_ns / 1000;
	c->facts.start_ns = c->start_ns;
}

void nm_index_begin(struct nm_capture *c)
{
	struct nm_index *x = c->index;

	x->pos = c->begin;
	x->facts = c->facts;
	x->tally = (struct nm_tally){ .n = nm_count_none(),
		.facts = &x->facts,
		.checkpoints = x->direct ? NULL : x->checkpoints,
		.n_checkpoints = x->n_checkpoints };
	show_facts(x);
}

/* Copy what the window taught the walk into the mapping. */
static void show_walk(struct nm_index *x)
{
	for (; x->shown_sections < x->walk.n_sections && x->shown_sections < NM_SECTIONS_MAX;
	     x->shown_sections++)
		x->sections[x->shown_sections] = x->walk.sections[x->shown_sections];
	for (; x->shown_links < x->walk.n_links && x->shown_links < NM_LINKS_MAX; x->shown_links++)
		x->links[x->shown_links] = x->walk.links[x->shown_links];
}

static void sum_up(struct nm_index *x)
{
	const struct nm_count *n = &x->tally.n;
	struct nm_capture_facts *f = &x->facts;

	if (f->streamed)
		f->file_bytes = nm_source_input_bytes(x->source);
	if (f->packing[0])
		f->unpacked_bytes =
		    x->window.total == NM_BYTES_UNKNOWN ? x->pos.offset : x->window.total;
	f->frames = x->pos.frame;
	f->stored_bytes = n->stored;
	f->cut_frames = n->cut;
	f->cut_min = n->cut ? n->cut_min : 0;
	f->cut_max = n->cut_max;
	f->wire_bytes = n->wire;
	f->frames_without_time = n->without_time;
	f->out_of_order = n->out_of_order;
	if (n->timed) {
		f->first_ns = n->first;
		f->last_ns = n->last;
		f->min_ns = n->min;
		f->max_ns = n->max;
	}
}

static void finish(struct nm_index *x)
{
	const struct nm_window *w = &x->window;

	if (w->end == NM_END_MEMORY)
		(void)nm_diag_set(&x->facts.damage, NMERR_OUT_OF_MEMORY, w->next.offset,
		    "at byte %llu: no memory to read on", (unsigned long long)w->next.offset);
	else if (w->end != NM_END_CLEAN)
		x->facts.damage = w->flaw;
	x->facts.truncated = w->end == NM_END_DAMAGE && w->truncated;
	if (nm_source_harm(x->source) && (w->end == NM_END_CLEAN || x->facts.truncated)) {
		x->facts.damage = *nm_source_harm(x->source);
		x->facts.truncated = true;
	}
	x->facts.indexed = true;
	nm_source_all_read(x->source);
}

/* Index one window. True: that was the last. */
static bool step(struct nm_capture *c, struct nm_index *x)
{
	bool last;

	if (ask_for_window(x)) {
		nm_window_load(&x->window, c, &x->walk, &x->pos, &x->tally);
	} else {
		x->window.next = x->pos;
		x->window.end = NM_END_MEMORY;
	}
	if (x->window.end == NM_END_WAIT)
		return false;
	x->pos = x->window.next;
	last = x->window.end != NM_END_MORE;
	show_walk(x);
	sum_up(x);
	if (last)
		finish(x);
	show_facts(x);
	atomic_store_explicit(&x->shared->frames, x->pos.frame, memory_order_release);
	if (last)
		atomic_store_explicit(&x->shared->done, 1, memory_order_release);
	return last;
}

static bool is_done(const struct nm_index *x)
{
	return atomic_load_explicit(&x->shared->done, memory_order_acquire) != 0;
}

/* Up to which byte it has read; with a frame table, nearly. */
static uint64_t reached(const struct nm_index *x)
{
	return x->direct ? x->window.base + x->window.len : x->pos.offset;
}

static bool index_on(struct nm_capture *c, unsigned windows)
{
	struct nm_index *x = c->index;

	x->window.wait = windows == 0 ? NM_WAIT : NM_WAIT_NOT;
	for (unsigned i = 0; (windows == 0 || i < windows) && !nm_is_told(&x->stop); i++) {
		x->waits = windows && nm_source_waits(x->source, reached(x));
		if (x->waits)
			return false;
		if (step(c, x))
			return true;
		if (x->window.end == NM_END_WAIT)
			return false;
	}
	return false;
}

bool nm_capture_index(struct nm_capture *c, unsigned windows)
{
	struct nm_index *x = c->index;

	return x->reader || x->beside || is_done(x) ? is_done(x) : index_on(c, windows);
}

static void *follow(void *arg)
{
	(void)index_on(arg, 0);
	return NULL;
}

bool nm_capture_follow(struct nm_capture *c)
{
	struct nm_index *x = c->index;

	if (x->beside || is_done(x))
		return true;
	if (!nm_source_is_open_to_all(c->source))
		return false;
	x->window.stop = &x->stop;
	x->beside = true;
	if (pthread_create(&x->thread, NULL, follow, c))
		x->beside = false;
	return x->beside;
}

void nm_capture_follow_end(struct nm_capture *c)
{
	end_thread(c->index);
}

int nm_capture_due(const struct nm_capture *c)
{
	struct nm_index *x = c->index;

	if (!is_done(x) && x->window.end != NM_END_WAIT && !x->waits)
		return 0;
	return nm_source_due(c->source);
}

bool nm_capture_make_reader(struct nm_capture *c, unsigned reader)
{
	struct nm_index *x = c->index;

	if (x->reader)
		return true;
	if (!nm_source_make_reader(c->source, reader) ||
	    !nm_prim_shared_seal(x->shared, x->bytes, x->fd))
		return false;
	x->fd = -1;
	x->reader = true;
	nm_window_done(&x->window);
	nm_walk_done(&x->walk);
	return true;
}

uint32_t nm_capture_indexed(const struct nm_capture *c)
{
	return atomic_load_explicit(&c->index->shared->frames, memory_order_acquire);
}

uint32_t nm_capture_total(struct nm_capture *c, const volatile uint32_t *stop)
{
	unsigned us = WAIT_MIN_US;

	if (!c->index->reader)
		(void)nm_capture_index(c, 0);
	nm_source_wait_far(c->source, true);
	while (!is_done(c->index) && !nm_is_told(stop)) {
		nm_prim_sleep_us(us);
		us = us * 2 < WAIT_MAX_US ? us * 2 : WAIT_MAX_US;
	}
	nm_source_wait_far(c->source, false);
	return nm_capture_indexed(c);
}

void nm_capture_facts(const struct nm_capture *c, struct nm_capture_facts *ret)
{
	read_facts(c->index, ret);
}

/* Give a reader's walk what stands in the mapping before a checkpoint. */
static bool learn(const struct nm_index *x, struct nm_walk *k, const struct nm_checkpoint *p)
{
	uint32_t sections = p->section == UINT32_MAX ? 0 : p->section + 1;

	for (uint32_t i = k->n_sections; i < sections; i++)
		if (!nm_walk_put_section(k, i, &x->sections[i]))
			return false;
	for (uint32_t i = k->n_links; i < p->interfaces; i++)
		if (!nm_walk_put_link(k, i, &x->links[i]))
			return false;
	return true;
}

bool nm_index_seek(const struct nm_index *x, uint32_t n, struct nm_walk *k, struct nm_pos *ret)
{
	uint32_t frames = atomic_load_explicit(&x->shared->frames, memory_order_acquire);
	const struct nm_checkpoint *p;

	if (frames == 0)
		return false;
	if (x->direct) {
		ret->frame = n < frames ? n : frames;
		return true;
	}
	if (n >= frames)
		n = frames - 1;
	n /= NM_CHECKPOINT_FRAMES;
	p = &x->checkpoints[n];
	if (!learn(x, k, p))
		return false;
	*ret = (struct nm_pos){ p->offset, n * NM_CHECKPOINT_FRAMES, p->section, p->interfaces };
	return true;
}
