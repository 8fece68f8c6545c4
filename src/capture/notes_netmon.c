/* SPDX-License-Identifier: MIT */
/* Notes of Network Monitor files.
 *
 * Comments of frames (2.2 and later; at header offset 40), one after another
 *   OFFSET SIZE MEANING
 *        0    4 frames it is for: 1
 *        4    4 file offset of the frame's record
 *        8    4 bytes of the title; then the title, UTF-16LE
 *     then    4 bytes of the description; then the description, RTF
 * Process table (2.2 and later; 48: offset and number of entries): 2 version, then
 *        0    4 bytes of the path; then the path, UTF-16LE
 *     then    4 bytes of the icon; then the icon
 *     then    4 process number
 *             2 local port; 2 unused; 2 remote port; 2 unused
 *             4 not 0: the addresses are IPv6
 *            16 local address, 16 remote address; IPv4 in the first 4 bytes
 * Statistics (before 2.2; 48: offset and length): 88 bytes
 *        8    4 frames captured
 *       32    4 frames seen
 *       48    8 frames dropped, dropped from the buffer
 *
 * A comment is given as one text: the title, and the description's plain text from
 * the second line on.
 */
#include "capture/notes_int.h"

#include <netmon.h>
#include <stdlib.h>

#define HEAD           72u
#define COMMENT_HEAD   12u
#define PROCESS_TAIL   48u
#define STATISTICS     88u
#define USER_DATA_AT   32u
#define COMMENTS_AT    40u
#define STATISTICS_AT  48u
#define NETWORK_AT     56u
#define FIRST_COMMENTS 16u

#define CARD         116u /* bytes, and where its members are */
#define CARD_ADDRESS 6u
#define CARD_SPEED   28u /* Mbit/s */
#define CARD_NODE    48u
#define CARD_COMMENT 84u
#define CARD_TEXT    32u

static bool has_tables(const struct nm_notes *r)
{
	return r->c->u.netmon.trailer >= 6;
}

static bool read_at(const struct nm_notes *r, uint64_t offset, void *p, size_t n)
{
	return offset <= r->end && n <= r->end - offset &&
	       nm_source_pread(r->c->source, p, n, offset) == (ssize_t)n;
}

static uint32_t u32_at(const struct nm_notes *r, uint64_t offset)
{
	uint8_t b[4] = { 0 };

	(void)read_at(r, offset, b, sizeof b);
	return nm_le32(b);
}

/* ---- comments of frames ---- */

static int compare(const void *a, const void *b)
{
	const struct nm_comment_at *x = a, *y = b;

	if (x->frame != y->frame)
		return x->frame < y->frame ? -1 : 1;
	return (x->entry > y->entry) - (x->entry < y->entry);
}

static bool remember(struct nm_notes *r, uint32_t *room, uint32_t frame, uint64_t entry)
{
	uint32_t n = *room ? *room * 2 : FIRST_COMMENTS;
	struct nm_comment_at *p;

	if (r->n_comments == *room) {
		p = nm_prim_realloc(r->comments, n * sizeof *p);
		if (!p)
			return false;
		r->comments = p;
		*room = n;
	}
	r->comments[r->n_comments++] = (struct nm_comment_at){ frame, (uint32_t)entry };
	return true;
}

static uint32_t find_comments(struct nm_notes *r, uint64_t at, uint64_t end)
{
	uint8_t head[COMMENT_HEAD];
	uint32_t room = 0;

	while (at < end) {
		uint64_t next = at + COMMENT_HEAD + 4;

		r->cut = end - at < COMMENT_HEAD + 4 || !read_at(r, at, head, sizeof head) ||
			 nm_le32(head) != 1 || r->n_comments == NM_NOTES_COMMENTS ||
			 nm_le32(head + 8) > end - next;
		if (r->cut)
			break;
		next += nm_le32(head + 8);
		next += u32_at(r, next - 4);
		r->cut = next > end;
		if (r->cut)
			break;
		if (!remember(r, &room, nm_le32(head + 4), at))
			return NMERR_OUT_OF_MEMORY;
		at = next;
	}
	if (r->n_comments)
		qsort(r->comments, r->n_comments, sizeof *r->comments, compare);
	return NMERR_SUCCESS;
}

uint32_t nm_notes_netmon_open(struct nm_notes *r)
{
	uint64_t at, n;

	/* The table of frames may be damaged; those behind it are looked at all the same. */
	r->end = r->c->file_bytes;
	r->text = nm_prim_alloc(NM_NOTES_TEXT);
	if (!r->text)
		return NMERR_OUT_OF_MEMORY;
	at = u32_at(r, COMMENTS_AT);
	n = u32_at(r, COMMENTS_AT + 4);
	if (!has_tables(r) || n == 0)
		return NMERR_SUCCESS;
	if (at < HEAD || at >= r->end) {
		r->cut = true;
		return NMERR_SUCCESS;
	}
	if (n > r->end - at) {
		r->cut = true;
		n = r->end - at;
	}
	return find_comments(r, at, at + n);
}

/* The first of the comments of the record at `frame`. */
static uint32_t lower_bound(const struct nm_notes *r, uint32_t frame)
{
	uint32_t lo = 0, hi = r->n_comments;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (r->comments[mid].frame < frame)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Title and description as one text in r->text. */
static size_t make_text(struct nm_notes *r, uint64_t entry, uint32_t *ret_err)
{
	uint32_t title = u32_at(r, entry + 8), description;
	uint64_t at = entry + COMMENT_HEAD;
	size_t n = 0, most = NM_NOTES_TEXT / 2, used;
	const uint8_t *p;

	*ret_err = NMERR_SUCCESS;
	p = nm_notes_bytes(r, at, title < most ? title : most, ret_err);
	if (!p)
		return 0;
	n = nm_text_from_utf16(r->text, NM_NOTES_TEXT / 2, p, title < most ? title : most);
	at += title;
	description = u32_at(r, at);
	if (description == 0)
		return n;
	p = nm_notes_bytes(r, at + 4, description < most ? description : most, ret_err);
	if (!p)
		return 0;
	used = nm_text_from_rtf(
	    r->text + n + 1, NM_NOTES_TEXT - n - 1, p, description < most ? description : most);
	if (used == 0)
		return n;
	r->text[n] = '\n';
	return n + 1 + used;
}

static uint32_t tell_comments(struct nm_notes *r, uint32_t n, uint32_t record)
{
	uint32_t first = lower_bound(r, record), err = NMERR_SUCCESS;

	for (uint32_t i = first; i < r->n_comments && r->comments[i].frame == record && !r->ended;
	     i++) {
		struct nm_note note = {
			.owner = NM_NOTE_OF_FRAME, .number = n, .code = NM_NOTE_COMMENT
		};

		if (i - first >= NM_NOTES_PER_FRAME) {
			r->cut = true;
			break;
		}
		note.n = (uint32_t)make_text(r, r->comments[i].entry, &err);
		note.p = (const uint8_t *)r->text;
		if (err)
			return err;
		nm_notes_tell(r, &note);
	}
	return NMERR_SUCCESS;
}

/* ---- of the capture ---- */

static void tell_text(struct nm_notes *r, enum nm_note_owner owner, uint32_t number,
    enum nm_note_code code, const char *text, size_t n)
{
	const struct nm_note note = { .owner = owner,
		.number = number,
		.code = code,
		.p = (const uint8_t *)text,
		.n = (uint32_t)n };

	nm_notes_tell(r, &note);
}

static void tell_number(struct nm_notes *r, enum nm_note_owner owner, uint32_t number,
    enum nm_note_code code, uint64_t value)
{
	const struct nm_note note = {
		.owner = owner, .number = number, .code = code, .value = value
	};

	nm_notes_tell(r, &note);
}

/* An entry of the process table: where its parts are. */
struct process {
	uint64_t at, path, icon, tail, end;
	uint32_t path_bytes, icon_bytes;
};

/* The entry at `at`. False: it is not whole. */
static bool find_process(const struct nm_notes *r, uint64_t at, struct process *ret)
{
	uint8_t n[4];

	ret->at = at;
	ret->path = at + 4;
	if (!read_at(r, at, n, sizeof n))
		return false;
	ret->path_bytes = nm_le32(n);
	ret->icon = ret->path + ret->path_bytes + 4;
	if (!read_at(r, ret->icon - 4, n, sizeof n))
		return false;
	ret->icon_bytes = nm_le32(n);
	ret->tail = ret->icon + ret->icon_bytes;
	ret->end = ret->tail + PROCESS_TAIL;
	return ret->end <= r->end;
}

/* Bytes of the file as they are; none of them when there are too many. */
static bool tell_bytes(struct nm_notes *r, enum nm_note_owner owner, uint32_t number,
    enum nm_note_code code, uint64_t at, uint64_t n)
{
	struct nm_note note = { .owner = owner, .number = number, .code = code, .value = n };
	uint32_t err = NMERR_SUCCESS;

	if (n <= NM_NOTES_BLOCK) {
		note.p = nm_notes_bytes(r, at, (size_t)n, &err);
		note.n = (uint32_t)n;
	}
	if (err)
		return false;
	nm_notes_tell(r, &note);
	return true;
}

/* Ports and addresses, unless nothing at all is said of them. */
static void tell_ends(struct nm_notes *r, uint32_t i, const uint8_t tail[PROCESS_TAIL])
{
	static const uint8_t nothing[PROCESS_TAIL - 4];
	uint32_t n = nm_le32(tail + 12) ? 16 : 4;

	if (memcmp(tail + 4, nothing, sizeof nothing) == 0)
		return;
	nm_notes_tell(r, &(struct nm_note){ .owner = NM_NOTE_OF_PROCESS,
			     .number = i,
			     .code = NM_NOTE_LOCAL,
			     .p = tail + 16,
			     .n = n,
			     .value = nm_le16(tail + 4) });
	nm_notes_tell(r, &(struct nm_note){ .owner = NM_NOTE_OF_PROCESS,
			     .number = i,
			     .code = NM_NOTE_REMOTE,
			     .p = tail + 32,
			     .n = n,
			     .value = nm_le16(tail + 8) });
}

/* False: the file no longer gives it. */
static bool tell_process(struct nm_notes *r, uint32_t i, const struct process *p)
{
	uint32_t most = NM_NOTES_TEXT / 2, err = NMERR_SUCCESS;
	uint32_t n = p->path_bytes < most ? p->path_bytes : most;
	const uint8_t *path = nm_notes_bytes(r, p->path, n, &err);
	uint8_t tail[PROCESS_TAIL];

	if (!path || !read_at(r, p->tail, tail, sizeof tail))
		return false;
	tell_text(r, NM_NOTE_OF_PROCESS, i, NM_NOTE_NAME, r->text,
	    nm_text_from_utf16(r->text, NM_NOTES_TEXT, path, n));
	tell_number(r, NM_NOTE_OF_PROCESS, i, NM_NOTE_PROCESS_ID, nm_le32(tail));
	tell_ends(r, i, tail);
	if (p->icon_bytes &&
	    !tell_bytes(r, NM_NOTE_OF_PROCESS, i, NM_NOTE_ICON, p->icon, p->icon_bytes))
		return false;
	return tell_bytes(r, NM_NOTE_OF_PROCESS, i, NM_NOTE_BODY, p->at, p->end - p->at);
}

static void tell_processes(struct nm_notes *r)
{
	uint64_t at = u32_at(r, STATISTICS_AT);
	uint32_t n = u32_at(r, STATISTICS_AT + 4);
	struct process p = { 0 };

	if (n == 0 || at < HEAD)
		return;
	p.end = at + 2; /* behind its version */
	for (uint32_t i = 0; i < n && !r->ended; i++) {
		if (i < NM_NOTES_PROCESSES && find_process(r, p.end, &p) && tell_process(r, i, &p))
			continue;
		r->cut = true;
		return;
	}
}

/* The pair of offset and length at `where`; false: it is not used, or was never
 * set, as in many files before 2.2. */
static bool is_pair(const struct nm_notes *r, uint32_t where, uint64_t *ret_at, uint32_t *ret_n)
{
	*ret_at = u32_at(r, where);
	*ret_n = u32_at(r, where + 4);
	return *ret_n > 0 && *ret_at >= HEAD && *ret_at <= r->end && *ret_n <= r->end - *ret_at;
}

static void tell_statistics(struct nm_notes *r)
{
	uint8_t s[STATISTICS];
	uint64_t at;
	uint32_t n;

	if (!is_pair(r, STATISTICS_AT, &at, &n) || n != STATISTICS || !read_at(r, at, s, sizeof s))
		return;
	tell_number(r, NM_NOTE_OF_COUNTERS, 0, NM_NOTE_RECEIVED, nm_le32(s + 32));
	tell_number(r, NM_NOTE_OF_COUNTERS, 0, NM_NOTE_DELIVERED, nm_le32(s + 8));
	tell_number(r, NM_NOTE_OF_COUNTERS, 0, NM_NOTE_DROPPED,
	    (uint64_t)nm_le32(s + 48) + nm_le32(s + 52));
	(void)tell_bytes(r, NM_NOTE_OF_BLOCK, NM_NOTE_STATISTICS, NM_NOTE_BODY, at, n);
}

/* The card of before 2.2: NETWORKINFO of <netmon.h>, two bytes shorter from a 32-bit
 * writer. Texts end with a NUL or with their field. */
static void tell_card(struct nm_notes *r, uint64_t at, uint32_t n)
{
	uint32_t back = n == CARD ? 0 : CARD - n, speed;
	uint8_t s[CARD] = { 0 };
	size_t len;

	if (!read_at(r, at, s, n))
		return;
	nm_notes_tell(r, &(struct nm_note){ .owner = NM_NOTE_OF_INTERFACE,
			     .code = NM_NOTE_MAC,
			     .p = s + CARD_ADDRESS,
			     .n = 6 });
	speed = nm_le32(s + CARD_SPEED - back);
	if (speed)
		tell_number(r, NM_NOTE_OF_INTERFACE, 0, NM_NOTE_SPEED, (uint64_t)speed * 1000000);
	len = strnlen((const char *)s + CARD_NODE - back, CARD_TEXT);
	if (len)
		tell_text(r, NM_NOTE_OF_INTERFACE, 0, NM_NOTE_DESCRIPTION,
		    (const char *)s + CARD_NODE - back, len);
	len = strnlen((const char *)s + CARD_COMMENT - back, CARD_TEXT);
	if (len)
		tell_text(r, NM_NOTE_OF_INTERFACE, 0, NM_NOTE_COMMENT,
		    (const char *)s + CARD_COMMENT - back, len);
}

static void tell_of_capture(struct nm_notes *r)
{
	const char *comment = nm_capture_comment(r->c);
	uint64_t at;
	uint32_t n;

	if (comment)
		tell_text(r, NM_NOTE_OF_SECTION, 0, NM_NOTE_COMMENT, comment, strlen(comment));
	if (has_tables(r))
		tell_processes(r);
	else
		tell_statistics(r);
	if (is_pair(r, USER_DATA_AT, &at, &n))
		(void)tell_bytes(r, NM_NOTE_OF_BLOCK, NM_NOTE_USER_DATA, NM_NOTE_BODY, at, n);
	/* The zones of 2.3 are used for times, and have one length only in earlier files. */
	if (has_tables(r) || !is_pair(r, NETWORK_AT, &at, &n) || n < CARD - 2 || n > CARD)
		return;
	tell_card(r, at, n);
	(void)tell_bytes(r, NM_NOTE_OF_BLOCK, NM_NOTE_NETWORK_INFO, NM_NOTE_BODY, at, n);
}

uint32_t nm_notes_netmon(struct nm_notes *r, uint32_t n)
{
	const struct nm_netmon *m = &r->c->u.netmon;
	uint32_t err = NMERR_SUCCESS;

	if (!r->begun) {
		r->begun = true;
		tell_of_capture(r);
	}
	if (r->n_comments == 0 || m->lost)
		return NMERR_SUCCESS;
	for (; r->at.frame < r->facts.frames && !r->ended && !err; r->at.frame++) {
		uint8_t entry[4];

		if (n != NM_NOTES_ALL && r->at.frame > n)
			break;
		if (!read_at(r, m->table + (uint64_t)r->at.frame * 4, entry, sizeof entry))
			return NMERR_FILE_READ_ERROR;
		err = tell_comments(r, r->at.frame, nm_le32(entry));
	}
	return err;
}
