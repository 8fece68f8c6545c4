/* SPDX-License-Identifier: MIT */
/* From one format into another: a walk into a writer. */
#include "capture/convert.h"
#include "capture/capture_int.h"
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
	/* pcapng: the interfaces written so far, by what they were. */
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
	x->keys[x->n_keys] = (struct key){ source, f->link_type };
	f->interface = x->n_keys++;
	nm_writer_interface(x->writer, &i);
	return true;
}

/* True: go on. */
static bool convert_frame(
    struct conversion *x, const struct nm_frame *in, struct nm_conversion *ret)
{
	struct nm_write_frame f = { .bytes = in->record + NM_FRAME_HEAD,
		.wire = nm_le32(in->record + 8),
		.stored = nm_le32(in->record + 12),
		.link_type = in->link_type };
	uint32_t source;
	enum nm_fit fit;

	f.ns = nm_view_time(x->view, in->number, &source);
	if (x->facts.format != NM_FORMAT_PCAPNG)
		source = 0; /* Network Monitor's media types are told by the link type */
	if (x->target.to == NM_FORMAT_PCAPNG && f.link_type <= 0xffff &&
	    !place_interface(x, source, &f))
		return false;
	fit = nm_writer_frame(x->writer, &f);
	if (fit == NM_FIT_NOT && ret->left_out++ == 0)
		ret->first_left_out = in->number;
	ret->times_cut += fit == NM_FIT_TIME;
	ret->frames += fit == NM_FIT_TIME || fit == NM_FIT_WHOLE;
	return fit != NM_FIT_ERROR;
}

static uint32_t convert_all(struct conversion *x, struct nm_conversion *ret, struct nm_diag *d)
{
	struct nm_frame f;
	uint32_t err;
	uint32_t end = x->target.last < x->facts.frames ? x->target.last + 1 : x->facts.frames;

	for (uint32_t n = x->target.first; n < end; n++) {
		err = nm_view_frame(x->view, n, &f);
		if (err)
			return nm_diag_set(d, err, NM_NO_OFFSET, "frame %llu can no longer be read",
			    (unsigned long long)n + 1);
		if (!convert_frame(x, &f, ret))
			break; /* closing tells why */
	}
	return NMERR_SUCCESS;
}

static bool begin(struct conversion *x, int fd)
{
	struct nm_write_options o = { .format = x->target.to,
		.start_ns = x->facts.start_ns,
		.fine = x->fine,
		.plain_media = is_plain_media(&x->facts),
		.snap_len = largest_snap_len(&x->facts),
		.comment = nm_capture_comment(x->c) };

	x->view = nm_view_new(x->c, 1);
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

uint32_t nm_capture_convert(struct nm_capture *c, int fd, const struct nm_target_format *t,
    struct nm_conversion *ret, struct nm_diag *d)
{
	struct conversion x = { .c = c, .target = *t };
	struct nm_diag closing = { .code = 0 };
	uint32_t err, err_close;

	*ret = (struct nm_conversion){ 0 };
	nm_capture_keep_heads(c);
	(void)nm_capture_index(c, 0);
	nm_capture_facts(c, &x.facts);
	x.fine = has_fine_times(&x.facts);
	ret->comment_lost = nm_capture_comment(c) && t->to == NM_FORMAT_PCAP;
	ret->names_lost = has_names(&x.facts) && t->to != NM_FORMAT_PCAPNG;
	err = begin(&x, fd) ? convert_all(&x, ret, d)
			    : nm_diag_set(d, NMERR_OUT_OF_MEMORY, NM_NO_OFFSET, "no memory");
	err_close = x.writer ? nm_writer_close(x.writer, &closing) : NMERR_SUCCESS;
	if (!err && err_close)
		err = nm_diag_set(d, err_close, closing.offset, "%s", closing.text);
	nm_view_free(x.view);
	nm_prim_free(x.keys);
	return err;
}
