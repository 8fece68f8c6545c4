/* SPDX-License-Identifier: MIT */
/* Notes of pcapng: options of every block, and the blocks that hold no frames.
 * What a block is was judged when the capture was indexed; this pass ends where
 * that one did. */
#include "capture/notes_int.h"
#include "capture/pcapng.h"

#include <netmon.h>

/* How an option's value is written. */
enum form { FORM_BYTES, FORM_U32, FORM_U64, FORM_TIME };

static const struct option_row {
	enum nm_note_owner owner;
	uint16_t option;
	enum nm_note_code code;
	enum form form;
} rows[] = {
	{ NM_NOTE_OF_SECTION, 2, NM_NOTE_HARDWARE, FORM_BYTES },
	{ NM_NOTE_OF_SECTION, 3, NM_NOTE_OS, FORM_BYTES },
	{ NM_NOTE_OF_SECTION, 4, NM_NOTE_APPLICATION, FORM_BYTES },
	{ NM_NOTE_OF_INTERFACE, 2, NM_NOTE_NAME, FORM_BYTES },
	{ NM_NOTE_OF_INTERFACE, 3, NM_NOTE_DESCRIPTION, FORM_BYTES },
	{ NM_NOTE_OF_INTERFACE, 4, NM_NOTE_IPV4, FORM_BYTES },
	{ NM_NOTE_OF_INTERFACE, 5, NM_NOTE_IPV6, FORM_BYTES },
	{ NM_NOTE_OF_INTERFACE, 6, NM_NOTE_MAC, FORM_BYTES },
	{ NM_NOTE_OF_INTERFACE, 7, NM_NOTE_EUI, FORM_BYTES },
	{ NM_NOTE_OF_INTERFACE, 8, NM_NOTE_SPEED, FORM_U64 },
	{ NM_NOTE_OF_INTERFACE, 11, NM_NOTE_FILTER, FORM_BYTES },
	{ NM_NOTE_OF_INTERFACE, 12, NM_NOTE_OS, FORM_BYTES },
	{ NM_NOTE_OF_INTERFACE, 13, NM_NOTE_FCS, FORM_BYTES },
	{ NM_NOTE_OF_INTERFACE, 15, NM_NOTE_HARDWARE, FORM_BYTES },
	{ NM_NOTE_OF_FRAME, 2, NM_NOTE_FLAGS, FORM_U32 },
	{ NM_NOTE_OF_FRAME, 3, NM_NOTE_HASH, FORM_BYTES },
	{ NM_NOTE_OF_FRAME, 4, NM_NOTE_DROPS, FORM_U64 },
	{ NM_NOTE_OF_FRAME, 5, NM_NOTE_PACKET_ID, FORM_U64 },
	{ NM_NOTE_OF_FRAME, 6, NM_NOTE_QUEUE, FORM_U32 },
	{ NM_NOTE_OF_FRAME, 7, NM_NOTE_VERDICT, FORM_BYTES },
	{ NM_NOTE_OF_COUNTERS, 2, NM_NOTE_STARTED, FORM_TIME },
	{ NM_NOTE_OF_COUNTERS, 3, NM_NOTE_ENDED, FORM_TIME },
	{ NM_NOTE_OF_COUNTERS, 4, NM_NOTE_RECEIVED, FORM_U64 },
	{ NM_NOTE_OF_COUNTERS, 5, NM_NOTE_DROPPED, FORM_U64 },
	{ NM_NOTE_OF_COUNTERS, 6, NM_NOTE_ACCEPTED, FORM_U64 },
	{ NM_NOTE_OF_COUNTERS, 7, NM_NOTE_OS_DROPPED, FORM_U64 },
	{ NM_NOTE_OF_COUNTERS, 8, NM_NOTE_DELIVERED, FORM_U64 },
};

#define ROWS (sizeof rows / sizeof *rows)

static const uint8_t bytes_of[] = { [FORM_U32] = 4, [FORM_U64] = 8, [FORM_TIME] = 8 };

uint16_t nm_ng_option_of(enum nm_note_owner owner, enum nm_note_code code, unsigned *ret_bytes)
{
	*ret_bytes = 0;
	if (code == NM_NOTE_COMMENT)
		return 1;
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].owner == owner && rows[i].code == code) {
			*ret_bytes = bytes_of[rows[i].form];
			return rows[i].option;
		}
	return 0;
}

static uint64_t ticks_at(const uint8_t *p, bool swapped)
{
	return (uint64_t)nm_ng_u32(p, swapped) << 32 | nm_ng_u32(p + 4, swapped);
}

static void tell_time(
    struct nm_notes *r, uint32_t interface, enum nm_note_code code, uint64_t ticks)
{
	struct nm_note note = { .owner = NM_NOTE_OF_COUNTERS, .number = interface, .code = code };
	int64_t ns = nm_ng_time(&r->walk.links[interface], ticks);

	note.value = (uint64_t)ns;
	if (ns != NM_NO_TIME)
		nm_notes_tell(r, &note);
}

static void tell_option(
    struct nm_notes *r, enum nm_note_owner owner, uint32_t number, const struct nm_ng_option *o)
{
	struct nm_note note = { .owner = owner, .number = number, .p = o->value, .n = o->len };
	enum form form = FORM_BYTES;

	if (o->code == 1)
		note.code = NM_NOTE_COMMENT;
	for (size_t i = 0; i < ROWS && !note.code; i++)
		if (rows[i].owner == owner && rows[i].option == o->code) {
			note.code = rows[i].code;
			form = rows[i].form;
		}
	if (!note.code || (form != FORM_BYTES && o->len != bytes_of[form]))
		return;
	if (form == FORM_TIME) {
		tell_time(r, number, note.code, ticks_at(o->value, r->swapped));
		return;
	}
	if (form == FORM_U32)
		note.value = nm_ng_u32(o->value, r->swapped);
	else if (form == FORM_U64)
		note.value = nm_ng_u64(o->value, r->swapped);
	if (form != FORM_BYTES) {
		note.p = NULL;
		note.n = 0;
	}
	nm_notes_tell(r, &note);
}

/* The options of a block of `total` bytes that begin `head` bytes into it. */
static uint32_t tell_options(
    struct nm_notes *r, enum nm_note_owner owner, uint32_t number, uint64_t head, uint32_t total)
{
	uint32_t err = NMERR_SUCCESS;
	struct nm_ng_option o;
	struct nm_cur cur;
	bool bad = false;
	const uint8_t *p;

	if (head + 4 + 4 > total)
		return NMERR_SUCCESS;
	p = nm_notes_bytes(r, r->at.offset + head, (size_t)(total - head - 4), &err);
	if (!p)
		return err;
	cur = nm_cur_over(p, (size_t)(total - head - 4));
	while (!r->ended && nm_ng_next_option(&cur, r->swapped, &o, &bad))
		tell_option(r, owner, number, &o);
	return NMERR_SUCCESS;
}

/* ---- blocks that are carried over as they are ---- */

static void swap16(uint8_t *p)
{
	nm_put_le16(p, nm_be16(p));
}

static void swap32(uint8_t *p)
{
	nm_put_le32(p, nm_be32(p));
}

/* Code and length of each entry of a list up to one of code 0. Returns the bytes of
 * the list. */
static size_t swap_list(uint8_t *p, size_t n)
{
	size_t at = 0;

	while (n - at >= 4) {
		uint16_t code, len;

		swap16(p + at);
		swap16(p + at + 2);
		code = nm_le16(p + at);
		len = nm_le16(p + at + 2);
		at += 4;
		if (code == 0 || ((size_t)len + 3) / 4 * 4 > n - at)
			break;
		at += ((size_t)len + 3) / 4 * 4;
	}
	return at;
}

/* Turn the body of a big-endian block around. False: it is not known how. */
static bool swap_body(uint32_t type, uint8_t *p, size_t n)
{
	size_t at;

	switch (type) {
	case NM_NG_NAMES:
		at = swap_list(p, n);
		(void)swap_list(p + at, n - at);
		return true;
	case NM_NG_SECRETS:
		if (n < 8)
			return false;
		swap32(p);
		swap32(p + 4);
		at = 8 + ((size_t)nm_le32(p + 4) + 3) / 4 * 4;
		if (at < n)
			(void)swap_list(p + at, n - at);
		return true;
	case NM_NG_JOURNAL: return true; /* text */
	default: return false;
	}
}

static bool is_carried(uint32_t type)
{
	return type == NM_NG_NAMES || type == NM_NG_SECRETS || type == NM_NG_JOURNAL ||
	       type == NM_NG_CUSTOM;
}

static uint32_t tell_block(struct nm_notes *r, uint32_t type, uint32_t total)
{
	struct nm_note note = {
		.owner = NM_NOTE_OF_BLOCK, .number = type, .code = NM_NOTE_BODY, .value = total
	};
	uint32_t err = NMERR_SUCCESS, n = total - NM_NG_BLOCK_MIN;
	const uint8_t *p;

	if (is_carried(type) && total <= NM_NOTES_BLOCK) {
		p = nm_notes_bytes(r, r->at.offset + 8, n, &err);
		if (!p)
			return err;
		/* In the buffer, which is ours; nothing reads this block again. */
		if (!r->swapped || swap_body(type, r->buf + (p - r->buf), n)) {
			note.p = p;
			note.n = n;
		}
		if (r->swapped)
			r->len = 0;
	}
	nm_notes_tell(r, &note);
	return NMERR_SUCCESS;
}

/* ---- block after block ---- */

static uint32_t tell_section(struct nm_notes *r, const uint8_t *head, uint32_t *ret_total)
{
	struct nm_section s = { .first_link = r->at.interfaces,
		.swapped = nm_be32(head + 8) == NM_NG_MAGIC };

	r->swapped = s.swapped != 0;
	*ret_total = nm_ng_u32(head + 4, r->swapped);
	if (!nm_walk_put_section(&r->walk, r->at.section + 1, &s))
		return NMERR_OUT_OF_MEMORY;
	r->at.section++;
	nm_notes_tell(r, &(struct nm_note){ .owner = NM_NOTE_OF_SECTION,
			     .number = r->at.section,
			     .code = NM_NOTE_BEGINS,
			     .value = r->at.interfaces });
	return tell_options(r, NM_NOTE_OF_SECTION, r->at.section, NM_NG_SECTION_HEAD, *ret_total);
}

static uint32_t tell_interface(struct nm_notes *r, uint32_t total)
{
	uint32_t err = NMERR_SUCCESS, n = r->at.interfaces;
	const uint8_t *p;
	struct nm_link l;
	char name[1];
	bool bad;

	if (total < NM_NG_INTERFACE_HEAD + 4)
		return NMERR_FILE_READ_ERROR;
	p = nm_notes_bytes(r, r->at.offset, total, &err);
	if (!p)
		return err;
	nm_ng_read_link(p, total, r->swapped, &l, name, sizeof name, &bad);
	if (!nm_walk_put_link(&r->walk, n, &l))
		return NMERR_OUT_OF_MEMORY;
	r->at.interfaces++; /* whoever counts on it finds it, also after a refusal */
	return tell_options(r, NM_NOTE_OF_INTERFACE, n, NM_NG_INTERFACE_HEAD, total);
}

static uint32_t tell_packet(struct nm_notes *r, uint32_t type, uint32_t total)
{
	uint32_t err = NMERR_SUCCESS, n = r->at.frame++;
	const uint8_t *head;

	if (type == NM_NG_SIMPLE)
		return NMERR_SUCCESS;
	head = nm_notes_bytes(r, r->at.offset, NM_NG_PACKET_HEAD, &err);
	if (!head)
		return err;
	return tell_options(r, NM_NOTE_OF_FRAME, n,
	    NM_NG_PACKET_HEAD + (((uint64_t)nm_ng_u32(head + 20, r->swapped) + 3) & ~UINT64_C(3)),
	    total);
}

static uint32_t tell_counters(struct nm_notes *r, uint32_t total)
{
	const struct nm_section *s = &r->walk.sections[r->at.section];
	uint32_t err = NMERR_SUCCESS, link;
	const uint8_t *head;

	if (total < NM_NG_STATISTICS_HEAD + 4)
		return tell_block(r, NM_NG_STATISTICS, total);
	head = nm_notes_bytes(r, r->at.offset, NM_NG_STATISTICS_HEAD, &err);
	if (!head)
		return err;
	link = nm_ng_u32(head + 8, r->swapped);
	if (link >= r->at.interfaces - s->first_link)
		return tell_block(r, NM_NG_STATISTICS, total);
	link += s->first_link;
	tell_time(r, link, NM_NOTE_TAKEN, ticks_at(head + 12, r->swapped));
	return tell_options(r, NM_NOTE_OF_COUNTERS, link, NM_NG_STATISTICS_HEAD, total);
}

static uint32_t one_block(struct nm_notes *r)
{
	uint32_t err = NMERR_SUCCESS, type, total;
	const uint8_t *head = nm_notes_bytes(r, r->at.offset, NM_NG_BLOCK_MIN, &err);

	if (!head)
		return err;
	type = nm_ng_u32(head, r->swapped);
	total = nm_ng_u32(head + 4, r->swapped);
	if (type == NM_NG_SECTION)
		err = tell_section(r, head, &total);
	else if (r->at.section == UINT32_MAX || total < NM_NG_BLOCK_MIN)
		return NMERR_FILE_READ_ERROR;
	else if (type == NM_NG_INTERFACE)
		err = tell_interface(r, total);
	else if (type == NM_NG_ENHANCED || type == NM_NG_OBSOLETE || type == NM_NG_SIMPLE)
		err = tell_packet(r, type, total);
	else if (type == NM_NG_STATISTICS)
		err = tell_counters(r, total);
	else
		err = tell_block(r, type, total);
	if (total < NM_NG_BLOCK_MIN)
		return NMERR_FILE_READ_ERROR;
	r->at.offset += ((uint64_t)total + 3) & ~UINT64_C(3);
	return err;
}

uint32_t nm_notes_pcapng(struct nm_notes *r, uint32_t n)
{
	uint32_t err = NMERR_SUCCESS;

	while (!err && !r->ended && (n == NM_NOTES_ALL || r->at.frame <= n) &&
	       r->end - r->at.offset >= NM_NG_BLOCK_MIN && r->at.offset < r->end)
		err = one_block(r);
	return err;
}

bool nm_notes_pcapng_seek(struct nm_notes *r, uint32_t n)
{
	if (r->at.frame <= n && n - r->at.frame < NM_CHECKPOINT_FRAMES)
		return true;
	if (!nm_index_seek(r->c->index, n, &r->walk, &r->at))
		return false;
	r->swapped = r->at.section != UINT32_MAX && r->walk.sections[r->at.section].swapped;
	return true;
}
