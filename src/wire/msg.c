/* SPDX-License-Identifier: MIT */
/* Messages from a worker to the supervisor, except events. */
#include "base/utf8.h"
#include "wire/wire.h"

void nm_msg_begin(struct nm_enc *o, enum nm_msg type)
{
	nm_enc_u32(o, 0);
	nm_enc_u16(o, (uint16_t)type);
	nm_enc_u16(o, 0);
}

bool nm_msg_finish(struct nm_enc *o)
{
	if (o->full || o->n < NM_WIRE_HEADER || o->n - NM_WIRE_HEADER > NM_WIRE_MAX)
		return false;
	nm_put_le32(o->p, (uint32_t)(o->n - NM_WIRE_HEADER));
	return true;
}

bool nm_msg_header(const uint8_t head[NM_WIRE_HEADER], enum nm_msg *ret_type, uint32_t *ret_len)
{
	uint32_t len = nm_le32(head);
	uint16_t type = nm_le16(head + 4);

	if (type < NM_MSG_REGISTERED || type >= NM_MSGS || len > NM_WIRE_MAX ||
	    nm_le16(head + 6) != 0)
		return false;
	*ret_type = (enum nm_msg)type;
	*ret_len = len;
	return true;
}

void nm_enc_registered(struct nm_enc *o, const struct nm_msg_registered *m)
{
	nm_enc_u32(o, m->flags);
	nm_enc_str(o, m->name);
	nm_enc_str(o, m->vendor);
	nm_enc_str(o, m->description);
}

bool nm_cur_registered(struct nm_cur *c, struct nm_msg_registered *ret)
{
	ret->flags = nm_cur_le32(c);
	ret->name = nm_cur_str(c);
	ret->vendor = nm_cur_str(c);
	ret->description = nm_cur_str(c);
	return nm_cur_whole(c) && ret->name && ret->vendor && ret->description;
}

void nm_enc_settings(struct nm_enc *o, const NMEXPERTFIELD *rows, unsigned n)
{
	nm_enc_u32(o, n);
	for (unsigned i = 0; i < n; i++) {
		nm_enc_str(o, rows[i].Name);
		nm_enc_u32(o, rows[i].Type);
		nm_enc_u32(o, rows[i].Offset);
		nm_enc_u32(o, rows[i].Size);
		nm_enc_str(o, rows[i].Default);
		nm_enc_str(o, rows[i].Range);
		nm_enc_str(o, rows[i].Help);
	}
}

bool nm_cur_settings(struct nm_cur *c, NMEXPERTFIELD rows[NM_SETTINGS_MOST], unsigned *ret_n)
{
	*ret_n = nm_cur_le32(c);
	if (*ret_n > NM_SETTINGS_MOST)
		return false;
	for (unsigned i = 0; i < *ret_n; i++) {
		rows[i].Name = nm_cur_str(c);
		rows[i].Type = nm_cur_le32(c);
		rows[i].Offset = nm_cur_le32(c);
		rows[i].Size = nm_cur_le32(c);
		rows[i].Default = nm_cur_str(c);
		rows[i].Range = nm_cur_str(c);
		rows[i].Help = nm_cur_str(c);
	}
	return nm_cur_whole(c) && nm_settings_check(rows, *ret_n, NULL);
}

void nm_enc_fail(struct nm_enc *o, const struct nm_msg_fail *m)
{
	nm_enc_u8(o, (uint8_t)m->verdict);
	nm_enc_u8(o, (uint8_t)m->phase);
	nm_enc_str(o, m->reason);
}

bool nm_cur_fail(struct nm_cur *c, struct nm_msg_fail *ret)
{
	uint8_t verdict = nm_cur_u8(c);
	uint8_t phase = nm_cur_u8(c);

	ret->reason = nm_cur_str(c);
	if (!nm_cur_whole(c) || !ret->reason || phase >= NM_PHASES)
		return false;
	if (verdict != NM_VERDICT_LOAD_FAILED && verdict != NM_VERDICT_REFUSED &&
	    verdict != NM_VERDICT_HOST_FAILED && verdict != NM_VERDICT_OUT_OF_MEMORY &&
	    verdict != NM_VERDICT_BROKE_PROTOCOL)
		return false;
	ret->verdict = (enum nm_verdict)verdict;
	ret->phase = (enum nm_phase)phase;
	return true;
}

void nm_enc_end(struct nm_enc *o, const struct nm_msg_end *m)
{
	nm_enc_u8(o, m->result);
	nm_enc_u8(o, m->told);
	nm_enc_u64(o, m->heap_peak_bytes);
	nm_enc_u64(o, m->heap_allocs);
	nm_enc_u64(o, m->heap_left_blocks);
	nm_enc_u64(o, m->heap_left_bytes);
	nm_enc_u64(o, m->events);
	nm_enc_u64(o, m->events_dropped);
}

bool nm_cur_end(struct nm_cur *c, struct nm_msg_end *ret)
{
	uint8_t result = nm_cur_u8(c);
	uint8_t told = nm_cur_u8(c);

	ret->result = result;
	ret->told = told;
	ret->heap_peak_bytes = nm_cur_le64(c);
	ret->heap_allocs = nm_cur_le64(c);
	ret->heap_left_blocks = nm_cur_le64(c);
	ret->heap_left_bytes = nm_cur_le64(c);
	ret->events = nm_cur_le64(c);
	ret->events_dropped = nm_cur_le64(c);
	return nm_cur_whole(c) && result <= 1 && told <= 1;
}

void nm_enc_box(struct nm_enc *o, const struct nm_sandbox_report *m)
{
	nm_enc_bytes(o, m->state, sizeof m->state);
	nm_enc_u32(o, m->landlock_abi);
}

bool nm_cur_box(struct nm_cur *c, struct nm_sandbox_report *ret)
{
	const uint8_t *state = nm_cur_take(c, sizeof ret->state);

	ret->landlock_abi = nm_cur_le32(c);
	if (!nm_cur_whole(c))
		return false;
	for (unsigned i = 0; i < NM_LAYERS; i++) {
		if (state[i] >= NM_LAYER_STATES)
			return false;
		ret->state[i] = state[i];
	}
	return true;
}

void nm_enc_notes(struct nm_enc *o, const char *lines)
{
	nm_enc_str(o, lines);
}

bool nm_cur_notes(struct nm_cur *c, const char **ret_lines)
{
	*ret_lines = nm_cur_str(c);
	return nm_cur_whole(c) && *ret_lines;
}

void nm_enc_config(struct nm_enc *o, const uint8_t *p, uint32_t n)
{
	nm_enc_u32(o, n);
	if (n)
		nm_enc_bytes(o, p, n);
}

bool nm_cur_config(struct nm_cur *c, const uint8_t **ret_p, uint32_t *ret_n)
{
	*ret_n = nm_cur_le32(c);
	*ret_p = nm_cur_take(c, *ret_n);
	return nm_cur_whole(c) && (*ret_n == 0 || nm_is_config(*ret_p, *ret_n));
}

static void enc_names(struct nm_enc *o, const struct nm_msg_name *names, uint32_t n)
{
	nm_enc_u32(o, n);
	for (uint32_t i = 0; i < n; i++) {
		nm_enc_str(o, names[i].name);
		nm_enc_u32(o, names[i].mask);
		nm_enc_u8(o, names[i].type);
	}
}

static bool cur_names(struct nm_cur *c, struct nm_msg_name *names, uint32_t *ret_n)
{
	bool good = true;

	*ret_n = nm_cur_le32(c);
	if (*ret_n > NM_NAMES_MAX)
		return false;
	for (uint32_t i = 0; i < *ret_n; i++) {
		names[i].name = nm_cur_str(c);
		names[i].mask = nm_cur_le32(c);
		names[i].type = nm_cur_u8(c);
		good = good && names[i].name;
	}
	return good;
}

void nm_enc_protocol(struct nm_enc *o, const struct nm_msg_protocol *m)
{
	nm_enc_str(o, m->name);
	nm_enc_str(o, m->comment);
	nm_enc_str(o, m->path);
	enc_names(o, m->names, m->n_names);
}

bool nm_cur_protocol(struct nm_cur *c, struct nm_msg_protocol *ret)
{
	ret->name = nm_cur_str(c);
	ret->comment = nm_cur_str(c);
	ret->path = nm_cur_str(c);
	return cur_names(c, ret->names, &ret->n_names) && nm_cur_whole(c) && ret->name &&
	       ret->comment && ret->path;
}

void nm_enc_property(struct nm_enc *o, const struct nm_msg_property *m)
{
	nm_enc_str(o, m->label);
	nm_enc_str(o, m->comment);
	nm_enc_u8(o, m->type);
	nm_enc_u8(o, m->qualifier);
	nm_enc_u8(o, m->has_value);
	nm_enc_u64(o, m->value);
	nm_enc_str(o, m->value_label);
	enc_names(o, m->names, m->n_names);
}

bool nm_cur_property(struct nm_cur *c, struct nm_msg_property *ret)
{
	uint8_t has_value;

	ret->label = nm_cur_str(c);
	ret->comment = nm_cur_str(c);
	ret->type = nm_cur_u8(c);
	ret->qualifier = nm_cur_u8(c);
	has_value = nm_cur_u8(c);
	ret->has_value = has_value;
	ret->value = nm_cur_le64(c);
	ret->value_label = nm_cur_str(c);
	return cur_names(c, ret->names, &ret->n_names) && nm_cur_whole(c) && has_value <= 1 &&
	       ret->label && ret->comment && ret->value_label;
}

bool nm_cur_text(struct nm_cur *c, bool colour, const char **ret_p, size_t *ret_n)
{
	*ret_n = c->left;
	*ret_p = (const char *)nm_cur_take(c, c->left);
	return nm_cur_whole(c) && nm_utf8_is_clean(*ret_p, *ret_n, colour);
}

void nm_enc_range(struct nm_enc *o, const struct nm_frame_range *m)
{
	nm_enc_u32(o, m->first);
	nm_enc_u32(o, m->last);
}

bool nm_cur_range(struct nm_cur *c, struct nm_frame_range *ret)
{
	ret->first = nm_cur_le32(c);
	ret->last = nm_cur_le32(c);
	return !c->bad && ret->first <= ret->last;
}

void nm_enc_frames(struct nm_enc *o, const struct nm_frames_options *m)
{
	nm_enc_u32(o, m->first);
	nm_enc_u32(o, m->last);
	nm_enc_u32(o, m->most);
	nm_enc_u8(o, (uint8_t)m->format);
	nm_enc_u8(o, (uint8_t)m->clock);
	nm_enc_u8(o, m->tree);
	nm_enc_u8(o, m->bytes);
	nm_enc_u8(o, m->colour);
	nm_enc_u8(o, (uint8_t)m->separator);
	nm_enc_u8(o, (uint8_t)m->aggregator);
	nm_enc_u8(o, (uint8_t)m->quote);
	nm_enc_u8(o, (uint8_t)m->occurrence);
	nm_enc_u8(o, m->header);
	nm_enc_u32(o, m->n_fields);
	for (unsigned i = 0; i < m->n_fields; i++)
		nm_enc_str(o, m->fields[i]);
	nm_enc_u32(o, m->brief);
	nm_enc_u8(o, m->only != NULL);
	nm_enc_u32(o, m->only ? m->n_only : 0);
	for (uint32_t i = 0; m->only && i < m->n_only; i++)
		nm_enc_u32(o, m->only[i]);
}

/* One of the two that there are; anything else makes the cursor bad. */
static bool cur_bool(struct nm_cur *c)
{
	uint8_t v = nm_cur_u8(c);

	c->bad |= v > 1;
	return v == 1;
}

/* Frames of a list, which never goes back. */
static bool cur_only(struct nm_cur *c, uint32_t only[NM_ONLY_MAX], struct nm_frames_options *ret)
{
	bool some = cur_bool(c);

	ret->only = some ? only : NULL;
	ret->n_only = nm_cur_le32(c);
	if (ret->n_only > (some ? NM_ONLY_MAX : 0))
		return false;
	for (uint32_t i = 0; i < ret->n_only; i++) {
		only[i] = nm_cur_le32(c);
		c->bad |= i && only[i] <= only[i - 1];
	}
	return true;
}

bool nm_cur_frames(struct nm_cur *c, struct nm_frames_room *room, struct nm_frames_options *ret)
{
	*ret = (struct nm_frames_options){ .size = sizeof *ret, .fields = room->names };
	ret->first = nm_cur_le32(c);
	ret->last = nm_cur_le32(c);
	ret->most = nm_cur_le32(c);
	ret->format = (enum nm_frames_format)nm_cur_u8(c);
	ret->clock = (enum nm_frames_clock)nm_cur_u8(c);
	ret->tree = cur_bool(c);
	ret->bytes = cur_bool(c);
	ret->colour = cur_bool(c);
	ret->separator = (char)nm_cur_u8(c);
	ret->aggregator = (char)nm_cur_u8(c);
	ret->quote = (char)nm_cur_u8(c);
	ret->occurrence = (char)nm_cur_u8(c);
	ret->header = cur_bool(c);
	ret->n_fields = nm_cur_le32(c);
	if (ret->n_fields > NM_FIELDS_MAX)
		return false;
	for (unsigned i = 0; i < ret->n_fields; i++) {
		room->names[i] = nm_cur_str(c);
		c->bad |= !room->names[i];
	}
	ret->brief = nm_cur_le32(c);
	if (!cur_only(c, room->only, ret))
		return false;
	return nm_cur_whole(c) && ret->format < NM_FRAMES_FORMATS && ret->clock < NM_FRAMES_CLOCKS;
}
