/* SPDX-License-Identifier: MIT */
/* From one format into another: a walk into a writer. */
#include "capture/convert.h"
#include "capture/capture_int.h"
#include "capture/carry.h"
#include "capture/write.h"

#include <netmon.h>

#define SNAP_LEN UINT32_C(262144) /* what capturing programs state when they cut nothing */

struct conversion {
	struct nm_capture *c;
	struct nm_capture_facts facts;
	struct nm_view *view;     /* owned */
	struct nm_writer *writer; /* owned */
	struct nm_target_format target;
	bool fine;
	struct nm_carry carry;
	int64_t last_ns; /* of the frame before; what counters without a time are dated with */
	uint32_t first_interface; /* of the source: of the section that is being written */
	bool failed;              /* no memory for something between frames */
	/* pcapng: the interfaces written in this section, by what they were. */
	struct key {
		uint32_t source, link_type;
	} * keys; /* owned */
	uint32_t n_keys, room;
};

static bool has_fine_times(const struct nm_capture_facts *f)
{
	for (uint32_t i = 0; i < f->n_interfaces && i < NM_FACTS_INTERFACES; i++)
		if (f->interfaces[i].ticks_per_s > 1000000)
			return true;
	return f->n_interfaces > NM_FACTS_INTERFACES;
}

/* One link type for all, as far as the facts tell. */
static bool is_plain_media(const struct nm_capture_facts *f)
{
	uint32_t link = f->link_type;

	if (f->format == NM_FORMAT_NETMON2 && f->version_minor > 0)
		return false;
	for (uint32_t i = 0; i < f->n_interfaces && i < NM_FACTS_INTERFACES; i++)
		if (f->interfaces[i].link_type != link)
			return false;
	return f->n_interfaces <= NM_FACTS_INTERFACES && (link == 1 || link == 6 || link == 10);
}

static uint32_t largest_snap_len(const struct nm_capture_facts *f)
{
	uint32_t most = 0;

	for (uint32_t i = 0; i < f->n_interfaces && i < NM_FACTS_INTERFACES; i++) {
		if (f->interfaces[i].snap_len == 0)
			return SNAP_LEN;
		if (f->interfaces[i].snap_len > most)
			most = f->interfaces[i].snap_len;
	}
	return most ? most : SNAP_LEN;
}

/* The number of the pcapng interface for a frame of interface `source`, written
 * when it is met first. False: out of memory. */
static bool place_interface(struct conversion *x, uint32_t source, struct nm_write_frame *f)
{
	const struct nm_capture_facts *facts = &x->facts;
	bool known = facts->format == NM_FORMAT_PCAPNG && source < NM_FACTS_INTERFACES &&
		     source < facts->n_interfaces;
	struct nm_write_interface i = { .link_type = f->link_type, .fine = x->fine, .name = "" };
	struct key *p;

	for (f->interface = x->n_keys; f->interface > 0; f->interface--) {
		p = &x->keys[f->interface - 1];
		if (p->link_type == f->link_type && p->source == source) {
			f->interface--;
			return true;
		}
	}
	if (x->n_keys == x->room) {
		x->room = x->room ? x->room * 2 : 16;
		p = nm_prim_realloc(x->keys, x->room * sizeof *p);
		if (!p)
			return false;
		x->keys = p;
	}
	i.snap_len = known ? facts->interfaces[source].snap_len : facts->interfaces[0].snap_len;
	if (known)
		i.name = facts->interfaces[source].name;
	i.options = nm_carry_interface(&x->carry, source);
	x->keys[x->n_keys] = (struct key){ source, f->link_type };
	f->interface = x->n_keys++;
	nm_writer_interface(x->writer, &i);
	return true;
}

/* ---- what is no frame ---- */

static void put_block(void *ctx, uint32_t type, const uint8_t *body, uint32_t n)
{
	const struct conversion *x = ctx;

	nm_writer_block(x->writer, type, body, n);
}

/* Of an interface that no frame has named yet. False: it is not known any more. */
static bool place_quiet(struct conversion *x, uint32_t source, uint32_t *ret)
{
	struct nm_write_frame f = { 0 };

	if (source >= NM_FACTS_INTERFACES || source >= x->facts.n_interfaces)
		return false;
	f.link_type = x->facts.interfaces[source].link_type;
	if (f.link_type > UINT16_MAX)
		return false;
	if (!place_interface(x, source, &f))
		return false;
	*ret = f.interface;
	return true;
}

/* The times that counters are for, as options. */
static void put_time(const struct conversion *x, struct nm_options *o, uint16_t code, int64_t ns)
{
	uint8_t ticks[8];

	if (ns == NM_NO_TIME)
		return;
	nm_writer_time(x->writer, ns, ticks);
	if (!nm_options_put(o, code, ticks, sizeof ticks))
		x->carry.lost->texts_lost++;
}

static void put_counters(void *ctx, struct nm_carry_counters *c)
{
	struct conversion *x = ctx;
	uint32_t number;

	if (!place_quiet(x, c->interface, &number)) {
		x->carry.lost->texts_lost++;
		return;
	}
	put_time(x, &c->options, 2, c->started_ns);
	put_time(x, &c->options, 3, c->ended_ns);
	nm_writer_counters(
	    x->writer, number, c->taken_ns == NM_NO_TIME ? x->last_ns : c->taken_ns, &c->options);
}

/* Interfaces of this section up to `end` that had no frames. */
static void place_rest(struct conversion *x, uint32_t end)
{
	uint32_t number;

	for (uint32_t i = x->first_interface; i < end && i < NM_FACTS_INTERFACES; i++)
		if (x->facts.interfaces[i].link_type <= UINT16_MAX)
			x->failed |= !place_quiet(x, i, &number);
}

static void put_section(void *ctx, uint32_t number, uint32_t interfaces)
{
	struct conversion *x = ctx;

	place_rest(x, interfaces);
	nm_writer_section(x->writer, nm_carry_section(&x->carry, number));
	x->n_keys = 0;
	x->first_interface = interfaces;
}

/* Behind the last frame: what is left, and interfaces that had none. */
static uint32_t put_rest(struct conversion *x)
{
	uint32_t err = nm_carry_frame(&x->carry, NM_NOTES_ALL);

	/* Of another format, its one interface is met with its frames, if there are any. */
	if (x->target.to == NM_FORMAT_PCAPNG &&
	    (x->facts.format == NM_FORMAT_PCAPNG || x->facts.frames == 0))
		place_rest(x, x->facts.n_interfaces);
	return x->failed ? NMERR_OUT_OF_MEMORY : err;
}

/* What is said of frame n elsewhere. */
static void add_comment(struct conversion *x, uint32_t n)
{
	uint32_t bytes = 0;
	const char *text = x->target.picks ? nm_picks_comment(x->target.picks, n, &bytes) : NULL;

	if (text && (x->target.to != NM_FORMAT_PCAPNG ||
			!nm_options_put(&x->carry.frame, 1, text, (uint16_t)bytes)))
		x->carry.lost->frame_comments_lost++;
}

/* True: go on. */
static bool convert_frame(
    struct conversion *x, const struct nm_frame *in, struct nm_conversion *ret)
{
	struct nm_write_frame f = { .bytes = in->record + NM_FRAME_HEAD,
		.wire = nm_le32(in->record + 8),
		.stored = nm_le32(in->record + 12),
		.link_type = in->link_type,
		.process = x->carry.same ? nm_netmon_process(x->c, in->record) : NM_NO_PROCESS };
	uint32_t source;
	enum nm_fit fit;

	f.ns = nm_view_time(x->view, in->number, &source);
	if (x->facts.format != NM_FORMAT_PCAPNG)
		source = 0; /* Network Monitor's media types are told by the link type */
	/* Before its interface is placed: a section may begin in between. */
	(void)nm_carry_frame(&x->carry, in->number);
	add_comment(x, in->number);
	if (x->carry.frame.n)
		f.options = &x->carry.frame;
	if (x->target.to == NM_FORMAT_PCAPNG && f.link_type <= 0xffff &&
	    !place_interface(x, source, &f))
		return false;
	fit = nm_writer_frame(x->writer, &f);
	if (f.ns != NM_NO_TIME)
		x->last_ns = f.ns;
	if (fit == NM_FIT_NOT)
		nm_carry_lose_frame(&x->carry);
	if (fit == NM_FIT_NOT && ret->left_out++ == 0)
		ret->first_left_out = in->number;
	ret->times_cut += fit == NM_FIT_TIME;
	ret->frames += fit == NM_FIT_TIME || fit == NM_FIT_WHOLE;
	return fit != NM_FIT_ERROR;
}

/* Frame *n, or the next one that is. */
static bool is_wanted(const struct conversion *x, uint32_t *n)
{
	return !x->target.picks || nm_picks_next(x->target.picks, n);
}

static uint32_t convert_all(struct conversion *x, struct nm_conversion *ret, struct nm_diag *d)
{
	struct nm_frame f;
	uint32_t err;
	uint32_t end = x->target.last < x->facts.frames ? x->target.last + 1 : x->facts.frames;

	for (uint32_t n = x->target.first; is_wanted(x, &n) && n < end; n++) {
		err = nm_view_frame(x->view, n, &f);
		if (err)
			return nm_diag_set(d, err, NM_NO_OFFSET, "frame %llu can no longer be read",
			    (unsigned long long)n + 1);
		if (!convert_frame(x, &f, ret))
			return NMERR_SUCCESS; /* closing tells why */
	}
	if (x->target.picks && nm_picks_failed(x->target.picks))
		return nm_diag_set(d, NMERR_FILE_READ_ERROR, NM_NO_OFFSET,
		    "which frames are wanted can't be read");
	err = put_rest(x);
	ret->frame_comments_lost += nm_writer_comments_lost(x->writer);
	return err == NMERR_OUT_OF_MEMORY ? nm_diag_set(d, err, NM_NO_OFFSET, "no memory")
					  : NMERR_SUCCESS;
}

static bool begin(struct conversion *x, int fd, struct nm_conversion *lost)
{
	const struct nm_carry_sink sink = { put_block, put_counters, put_section, x };
	bool ok = nm_carry_init(&x->carry, x->c, &x->target, &sink, lost) == NMERR_SUCCESS;
	bool tables = x->target.to == NM_FORMAT_NETMON2 &&
		      (x->carry.has_comments || x->carry.n_processes > 0);
	struct nm_write_options o = { .format = x->target.to,
		.start_ns = x->facts.start_ns,
		.fine = x->fine,
		.plain_media = is_plain_media(&x->facts) && !tables,
		.snap_len = largest_snap_len(&x->facts),
		.link_type = x->facts.link_type <= UINT16_MAX ? x->facts.link_type : 1,
		.comment = nm_capture_comment(x->c),
		.options = nm_carry_section(&x->carry, 0),
		.frame_tables = tables,
		.user_data = { x->carry.user_data.p, x->carry.user_data.n },
		.statistics = { x->carry.statistics.p, x->carry.statistics.n },
		.network_info = { x->carry.network_info.p, x->carry.network_info.n },
		.processes = { x->carry.processes.p, x->carry.processes.n },
		.n_processes = x->carry.n_processes,
		.packing = x->target.packing };

	lost->comment_lost = o.comment && (x->target.to == NM_FORMAT_PCAP || tables);
	x->view = ok ? nm_view_new(x->c, 1) : NULL;
	if (!x->view || !nm_view_keep_times(x->view))
		return false;
	x->writer = nm_writer_new(fd, &o);
	return x->writer != NULL;
}

static bool has_names(const struct nm_capture_facts *f)
{
	for (uint32_t i = 0; i < f->n_interfaces && i < NM_FACTS_INTERFACES; i++)
		if (f->interfaces[i].name[0])
			return true;
	return false;
}

#define SNAP_ALL 65535u /* a snap length from which on whole frames are meant */

static bool has_snap_len(const struct nm_capture_facts *f)
{
	uint32_t most = largest_snap_len(f);

	return most && most < SNAP_ALL;
}

uint32_t nm_capture_convert(struct nm_capture *c, int fd, const struct nm_target_format *t,
    struct nm_conversion *ret, struct nm_diag *d)
{
	struct conversion x = { .c = c, .target = *t };
	struct nm_diag closing = { .code = 0 };
	uint32_t err, err_close;

	*ret = (struct nm_conversion){ 0 };
	nm_capture_keep_heads(c);
	nm_capture_keep(c);
	(void)nm_capture_index(c, 0);
	nm_capture_facts(c, &x.facts);
	x.fine = has_fine_times(&x.facts);
	ret->names_lost = has_names(&x.facts) && t->to != NM_FORMAT_PCAPNG;
	ret->snap_lost = has_snap_len(&x.facts) && t->to == NM_FORMAT_NETMON2;
	err = begin(&x, fd, ret) ? convert_all(&x, ret, d)
				 : nm_diag_set(d, NMERR_OUT_OF_MEMORY, NM_NO_OFFSET, "no memory");
	err_close = x.writer ? nm_writer_close(x.writer, &closing) : NMERR_SUCCESS;
	if (!err && err_close)
		err = nm_diag_set(d, err_close, closing.offset, "%s", closing.text);
	nm_view_free(x.view);
	nm_carry_done(&x.carry);
	nm_prim_free(x.keys);
	return err;
}
