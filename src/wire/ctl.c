/* SPDX-License-Identifier: MIT */
/* Packets between supervisor and engine. */
#include "wire/wire.h"

enum nm_ctl nm_cur_ctl(struct nm_cur *c)
{
	uint32_t type = nm_cur_le32(c);

	switch (type) {
	case NM_CTL_START:
	case NM_CTL_KILL:
	case NM_CTL_CONVERT:
	case NM_CTL_INSPECT:
	case NM_CTL_NOTE:
	case NM_CTL_INSPECTED:
	case NM_CTL_SETTINGS:
	case NM_CTL_PARSER:
	case NM_CTL_FILTER:
	case NM_CTL_FILTERED:
	case NM_CTL_SEAL:
	case NM_CTL_SEALED:
	case NM_CTL_REFUSED:
	case NM_CTL_CONVERTED:
	case NM_CTL_OPENED:
	case NM_CTL_INDEXED:
	case NM_CTL_STARTED:
	case NM_CTL_EXITED: return c->bad ? 0 : (enum nm_ctl)type;
	default: return 0;
	}
}

void nm_enc_start(struct nm_enc *o, const struct nm_ctl_start *m)
{
	nm_enc_u32(o, NM_CTL_START);
	nm_enc_u32(o, m->index);
	nm_enc_u8(o, (uint8_t)m->task);
	nm_enc_u8(o, m->shipped);
	nm_enc_u32(o, m->config_bytes);
	nm_enc_u64(o, m->heap_bytes);
	nm_enc_u64(o, m->max_events);
	nm_enc_u8(o, m->heap_guard);
	nm_enc_u8(o, m->trace_memory);
	nm_enc_u64(o, m->fail_alloc);
	nm_enc_u32(o, m->rest_blocks);
	nm_enc_u64(o, m->cpu_s);
	nm_enc_u64(o, m->space_bytes);
	nm_enc_str(o, m->path);
	nm_enc_str(o, m->capture);
}

bool nm_cur_start(struct nm_cur *c, struct nm_ctl_start *ret)
{
	uint8_t task, shipped, trace;

	ret->index = nm_cur_le32(c);
	task = nm_cur_u8(c);
	shipped = nm_cur_u8(c);
	ret->task = (enum nm_task)task;
	ret->shipped = shipped;
	ret->config_bytes = nm_cur_le32(c);
	ret->heap_bytes = nm_cur_le64(c);
	ret->max_events = nm_cur_le64(c);
	ret->heap_guard = nm_cur_u8(c);
	trace = nm_cur_u8(c);
	ret->trace_memory = trace;
	ret->fail_alloc = nm_cur_le64(c);
	ret->rest_blocks = nm_cur_le32(c);
	ret->cpu_s = nm_cur_le64(c);
	ret->space_bytes = nm_cur_le64(c);
	ret->path = nm_cur_str(c);
	ret->capture = nm_cur_str(c);
	return nm_cur_whole(c) && task < NM_TASKS && shipped <= 1 && trace <= 1 &&
	       ret->heap_guard <= 2 && ret->config_bytes <= NM_CONFIG_MAX && ret->path &&
	       ret->capture;
}

void nm_enc_filter(struct nm_enc *o, enum nm_ctl type, const struct nm_ctl_filter *m)
{
	nm_enc_u32(o, (uint32_t)type);
	nm_enc_u32(o, m->at);
	nm_enc_u32(o, m->n);
	nm_enc_str(o, m->text);
}

bool nm_cur_filter(struct nm_cur *c, struct nm_ctl_filter *ret)
{
	ret->at = nm_cur_le32(c);
	ret->n = nm_cur_le32(c);
	ret->text = nm_cur_str(c);
	return nm_cur_whole(c);
}

void nm_enc_parser(struct nm_enc *o, enum nm_ctl type, const struct nm_ctl_parser *m)
{
	nm_enc_u32(o, (uint32_t)type);
	nm_enc_str(o, m->path);
	nm_enc_u8(o, m->shipped);
	nm_enc_str(o, m->text);
}

bool nm_cur_parser(struct nm_cur *c, struct nm_ctl_parser *ret)
{
	uint8_t shipped;

	ret->path = nm_cur_str(c);
	shipped = nm_cur_u8(c);
	ret->shipped = shipped;
	ret->text = nm_cur_str(c);
	return nm_cur_whole(c) && shipped <= 1 && ret->path;
}

void nm_enc_ctl_index(struct nm_enc *o, enum nm_ctl type, uint32_t index)
{
	nm_enc_u32(o, (uint32_t)type);
	nm_enc_u32(o, index);
}

bool nm_cur_ctl_index(struct nm_cur *c, uint32_t *ret_index)
{
	*ret_index = nm_cur_le32(c);
	return nm_cur_whole(c);
}

void nm_enc_convert(struct nm_enc *o, const struct nm_target_format *m)
{
	nm_enc_u32(o, NM_CTL_CONVERT);
	nm_enc_u32(o, (uint32_t)m->to);
	nm_enc_u32(o, m->first);
	nm_enc_u32(o, m->last);
	nm_enc_u32(o, (uint32_t)m->packing);
}

bool nm_cur_convert(struct nm_cur *c, struct nm_target_format *ret)
{
	ret->to = (enum nm_format)nm_cur_le32(c);
	ret->first = nm_cur_le32(c);
	ret->last = nm_cur_le32(c);
	ret->packing = (enum nm_packing)nm_cur_le32(c);
	ret->picks = NULL;
	if (ret->packing >= NM_PACKINGS || (ret->packing && ret->to == NM_FORMAT_NETMON2))
		return false;
	return nm_cur_whole(c) && (ret->to == NM_FORMAT_PCAP || ret->to == NM_FORMAT_PCAPNG ||
				      ret->to == NM_FORMAT_NETMON2);
}

void nm_enc_started(struct nm_enc *o, uint32_t index, uint32_t pid)
{
	nm_enc_ctl_index(o, NM_CTL_STARTED, index);
	nm_enc_u32(o, pid);
}

bool nm_cur_started(struct nm_cur *c, uint32_t *ret_index, uint32_t *ret_pid)
{
	*ret_index = nm_cur_le32(c);
	*ret_pid = nm_cur_le32(c);
	return nm_cur_whole(c);
}

void nm_enc_converted(struct nm_enc *o, const struct nm_ctl_converted *m)
{
	nm_enc_u32(o, NM_CTL_CONVERTED);
	nm_enc_u32(o, m->code);
	nm_enc_str(o, m->text);
	nm_enc_u32(o, m->lost.frames);
	nm_enc_u32(o, m->lost.left_out);
	nm_enc_u32(o, m->lost.first_left_out);
	nm_enc_u32(o, m->lost.times_cut);
	nm_enc_u8(o, m->lost.comment_lost);
	nm_enc_u8(o, m->lost.names_lost);
	nm_enc_u8(o, m->lost.snap_lost);
	nm_enc_u64(o, m->lost.frame_comments_lost);
	nm_enc_u64(o, m->lost.texts_lost);
	nm_enc_u64(o, m->lost.blocks_lost);
	nm_enc_u32(o, m->lost.processes_lost);
	nm_enc_u32(o, m->lost.sections_lost);
}

bool nm_cur_converted(struct nm_cur *c, struct nm_ctl_converted *ret)
{
	ret->code = nm_cur_le32(c);
	ret->text = nm_cur_str(c);
	ret->lost.frames = nm_cur_le32(c);
	ret->lost.left_out = nm_cur_le32(c);
	ret->lost.first_left_out = nm_cur_le32(c);
	ret->lost.times_cut = nm_cur_le32(c);
	ret->lost.comment_lost = nm_cur_u8(c) == 1;
	ret->lost.names_lost = nm_cur_u8(c) == 1;
	ret->lost.snap_lost = nm_cur_u8(c) == 1;
	ret->lost.frame_comments_lost = nm_cur_le64(c);
	ret->lost.texts_lost = nm_cur_le64(c);
	ret->lost.blocks_lost = nm_cur_le64(c);
	ret->lost.processes_lost = nm_cur_le32(c);
	ret->lost.sections_lost = nm_cur_le32(c);
	return nm_cur_whole(c) && ret->text;
}

void nm_enc_note(struct nm_enc *o, const struct nm_digest_text *m)
{
	nm_enc_u32(o, NM_CTL_NOTE);
	nm_enc_u32(o, (uint32_t)m->owner);
	nm_enc_u32(o, m->number);
	nm_enc_u32(o, (uint32_t)m->code);
	nm_enc_u64(o, m->value);
	nm_enc_str(o, m->text);
}

bool nm_cur_note(struct nm_cur *c, struct nm_digest_text *ret)
{
	uint32_t owner = nm_cur_le32(c), code;

	ret->owner = (enum nm_note_owner)owner;
	ret->number = nm_cur_le32(c);
	code = nm_cur_le32(c);
	ret->code = (enum nm_note_code)code;
	ret->value = nm_cur_le64(c);
	ret->text = nm_cur_str(c);
	return nm_cur_whole(c) && ret->text && owner <= NM_NOTE_OF_BLOCK && code < NM_NOTE_CODES;
}

void nm_enc_inspected(struct nm_enc *o, const struct nm_digest *m)
{
	nm_enc_u32(o, NM_CTL_INSPECTED);
	nm_enc_u32(o, m->sections);
	nm_enc_u32(o, m->processes);
	nm_enc_u64(o, m->frame_comments);
	nm_enc_u64(o, m->frame_drops);
	nm_enc_u64(o, m->other_blocks);
	nm_enc_u64(o, m->texts_left_out);
	nm_enc_u8(o, m->cut);
	nm_enc_u32(o, m->n_blocks);
	for (uint32_t i = 0; i < m->n_blocks; i++) {
		nm_enc_u32(o, m->blocks[i].type);
		nm_enc_u64(o, m->blocks[i].n);
	}
	for (unsigned i = 0; i < NM_FACTS_INTERFACES; i++) {
		nm_enc_u8(o, m->counters[i].known);
		nm_enc_u8(o, m->counters[i].known_times);
		for (unsigned k = 0; k < NM_COUNTS; k++)
			nm_enc_u64(o, m->counters[i].n[k]);
		for (unsigned k = 0; k < NM_COUNTS_TIMES; k++)
			nm_enc_u64(o, (uint64_t)m->counters[i].times[k]);
		nm_enc_u64(o, m->frames[i]);
	}
	nm_enc_u64(o, m->names_ipv4);
	nm_enc_u64(o, m->names_ipv6);
	nm_enc_u64(o, m->cut_frames);
	nm_enc_u32(o, m->cut_min);
	nm_enc_u32(o, m->cut_max);
	nm_enc_u64(o, m->other_links);
	nm_enc_u64(o, m->other_events);
	nm_enc_u32(o, m->n_links);
	for (uint32_t i = 0; i < m->n_links; i++) {
		nm_enc_u32(o, m->links[i].type);
		nm_enc_u64(o, m->links[i].n);
	}
	nm_enc_u32(o, m->n_providers);
	for (uint32_t i = 0; i < m->n_providers; i++) {
		nm_enc_bytes(o, m->providers[i].id, sizeof m->providers[i].id);
		nm_enc_u64(o, m->providers[i].n);
	}
}

static void cur_kinds(struct nm_cur *c, struct nm_digest *ret)
{
	const uint8_t *id;

	ret->n_links = nm_cur_le32(c);
	c->bad |= ret->n_links > NM_DIGEST_LINKS;
	for (uint32_t i = 0; !c->bad && i < ret->n_links; i++) {
		ret->links[i].type = nm_cur_le32(c);
		ret->links[i].n = nm_cur_le64(c);
	}
	ret->n_providers = nm_cur_le32(c);
	c->bad |= ret->n_providers > NM_DIGEST_EVENTS;
	for (uint32_t i = 0; !c->bad && i < ret->n_providers; i++) {
		id = nm_cur_take(c, sizeof ret->providers[i].id);
		if (id)
			memcpy(ret->providers[i].id, id, sizeof ret->providers[i].id);
		ret->providers[i].n = nm_cur_le64(c);
	}
}

bool nm_cur_inspected(struct nm_cur *c, struct nm_digest *ret)
{
	memset(ret, 0, sizeof *ret);
	ret->sections = nm_cur_le32(c);
	ret->processes = nm_cur_le32(c);
	ret->frame_comments = nm_cur_le64(c);
	ret->frame_drops = nm_cur_le64(c);
	ret->other_blocks = nm_cur_le64(c);
	ret->texts_left_out = nm_cur_le64(c);
	ret->cut = nm_cur_u8(c) == 1;
	ret->n_blocks = nm_cur_le32(c);
	c->bad |= ret->n_blocks > NM_DIGEST_BLOCKS;
	for (uint32_t i = 0; !c->bad && i < ret->n_blocks; i++) {
		ret->blocks[i].type = nm_cur_le32(c);
		ret->blocks[i].n = nm_cur_le64(c);
	}
	for (unsigned i = 0; i < NM_FACTS_INTERFACES; i++) {
		ret->counters[i].known = nm_cur_u8(c);
		ret->counters[i].known_times = nm_cur_u8(c);
		for (unsigned k = 0; k < NM_COUNTS; k++)
			ret->counters[i].n[k] = nm_cur_le64(c);
		for (unsigned k = 0; k < NM_COUNTS_TIMES; k++)
			ret->counters[i].times[k] = (int64_t)nm_cur_le64(c);
		ret->frames[i] = nm_cur_le64(c);
	}
	ret->names_ipv4 = nm_cur_le64(c);
	ret->names_ipv6 = nm_cur_le64(c);
	ret->cut_frames = nm_cur_le64(c);
	ret->cut_min = nm_cur_le32(c);
	ret->cut_max = nm_cur_le32(c);
	ret->other_links = nm_cur_le64(c);
	ret->other_events = nm_cur_le64(c);
	cur_kinds(c, ret);
	return nm_cur_whole(c);
}

void nm_enc_exited(struct nm_enc *o, const struct nm_ctl_exited *m)
{
	nm_enc_u32(o, NM_CTL_EXITED);
	nm_enc_u32(o, m->index);
	nm_enc_u32(o, (uint32_t)m->wait_status);
	nm_enc_u64(o, m->cpu_us);
	nm_enc_u64(o, m->peak_kib);
	nm_enc_str(o, m->parser);
}

bool nm_cur_exited(struct nm_cur *c, struct nm_ctl_exited *ret)
{
	ret->index = nm_cur_le32(c);
	ret->wait_status = (int32_t)nm_cur_le32(c);
	ret->cpu_us = nm_cur_le64(c);
	ret->peak_kib = nm_cur_le64(c);
	ret->parser = nm_cur_str(c);
	return nm_cur_whole(c);
}

static void out_interface(struct nm_enc *o, const struct nm_interface *i)
{
	nm_enc_u32(o, i->link_type);
	nm_enc_u32(o, i->snap_len);
	nm_enc_u64(o, i->ticks_per_s);
	nm_enc_str(o, i->name);
}

static void cur_text(struct nm_cur *c, char *dst, size_t size)
{
	const char *s = nm_cur_str(c);
	size_t n = s ? strlen(s) : 0;

	if (!s || n >= size) {
		c->bad = true;
		return;
	}
	memcpy(dst, s, n + 1);
}

static void cur_interface(struct nm_cur *c, struct nm_interface *i)
{
	i->link_type = nm_cur_le32(c);
	i->snap_len = nm_cur_le32(c);
	i->ticks_per_s = nm_cur_le64(c);
	cur_text(c, i->name, sizeof i->name);
}

static unsigned listed(const struct nm_capture_facts *f)
{
	return f->n_interfaces < NM_FACTS_INTERFACES ? f->n_interfaces : NM_FACTS_INTERFACES;
}

static void out_facts(struct nm_enc *o, const struct nm_capture_facts *f)
{
	nm_enc_u8(o, (uint8_t)f->format);
	nm_enc_u16(o, f->version_major);
	nm_enc_u16(o, f->version_minor);
	nm_enc_u8(o, f->big_endian);
	nm_enc_u64(o, f->file_bytes);
	nm_enc_u64(o, f->unpacked_bytes);
	nm_enc_str(o, f->packing);
	nm_enc_u8(o, f->streamed);
	nm_enc_u64(o, (uint64_t)f->start_ns);
	nm_enc_u32(o, f->mac_type);
	nm_enc_u32(o, f->link_type);
	nm_enc_u8(o, f->indexed);
	nm_enc_u32(o, f->frames);
	nm_enc_u64(o, f->stored_bytes);
	nm_enc_u64(o, f->wire_bytes);
	nm_enc_u32(o, f->frames_without_time);
	nm_enc_u64(o, (uint64_t)f->first_ns);
	nm_enc_u64(o, (uint64_t)f->last_ns);
	nm_enc_u64(o, (uint64_t)f->min_ns);
	nm_enc_u64(o, (uint64_t)f->max_ns);
	nm_enc_u64(o, f->out_of_order);
	nm_enc_u32(o, f->damage.code);
	nm_enc_u64(o, f->damage.offset);
	nm_enc_str(o, f->damage.text);
	nm_enc_u8(o, f->truncated);
	nm_enc_u32(o, f->note.code);
	nm_enc_u64(o, f->note.offset);
	nm_enc_str(o, f->note.text);
	nm_enc_u32(o, f->n_interfaces);
	for (unsigned i = 0; i < listed(f); i++)
		out_interface(o, &f->interfaces[i]);
}

static void cur_facts(struct nm_cur *c, struct nm_capture_facts *f)
{
	uint8_t format = nm_cur_u8(c);

	f->format = (enum nm_format)format;
	c->bad |= format > NM_FORMAT_NETMON2;
	f->version_major = nm_cur_le16(c);
	f->version_minor = nm_cur_le16(c);
	f->big_endian = nm_cur_u8(c) == 1;
	f->file_bytes = nm_cur_le64(c);
	f->unpacked_bytes = nm_cur_le64(c);
	cur_text(c, f->packing, sizeof f->packing);
	f->streamed = nm_cur_u8(c) == 1;
	f->start_ns = (int64_t)nm_cur_le64(c);
	f->mac_type = nm_cur_le32(c);
	f->link_type = nm_cur_le32(c);
	f->indexed = nm_cur_u8(c) == 1;
	f->frames = nm_cur_le32(c);
	f->stored_bytes = nm_cur_le64(c);
	f->wire_bytes = nm_cur_le64(c);
	f->frames_without_time = nm_cur_le32(c);
	f->first_ns = (int64_t)nm_cur_le64(c);
	f->last_ns = (int64_t)nm_cur_le64(c);
	f->min_ns = (int64_t)nm_cur_le64(c);
	f->max_ns = (int64_t)nm_cur_le64(c);
	f->out_of_order = nm_cur_le64(c);
	f->damage.code = nm_cur_le32(c);
	f->damage.offset = nm_cur_le64(c);
	cur_text(c, f->damage.text, sizeof f->damage.text);
	f->truncated = nm_cur_u8(c) == 1;
	f->note.code = nm_cur_le32(c);
	f->note.offset = nm_cur_le64(c);
	cur_text(c, f->note.text, sizeof f->note.text);
	f->n_interfaces = nm_cur_le32(c);
	for (unsigned i = 0; i < listed(f) && !c->bad; i++)
		cur_interface(c, &f->interfaces[i]);
}

void nm_enc_opened(struct nm_enc *o, enum nm_ctl type, const struct nm_ctl_opened *m)
{
	nm_enc_u32(o, (uint32_t)type);
	nm_enc_u32(o, m->code);
	nm_enc_str(o, m->comment);
	out_facts(o, &m->facts);
}

bool nm_cur_opened(struct nm_cur *c, struct nm_ctl_opened *ret)
{
	memset(ret, 0, sizeof *ret);
	ret->code = nm_cur_le32(c);
	ret->comment = nm_cur_str(c);
	cur_facts(c, &ret->facts);
	return nm_cur_whole(c);
}
