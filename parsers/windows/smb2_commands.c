/* SPDX-License-Identifier: MIT */
/* Requests and responses of SMB2: rows count from the body, which is behind the header. */
#include "../common/list.h"
#include "../common/times.h"
#include "smb2.h"

#define ERROR_SIZE      9u          /* structure size of an error's response */
#define PARTLY          0xC0000016u /* more processing required: a whole response, too */
#define OVERFLOW_STATUS 0x80000005u
#define DIALECTS        36u
#define DIALECT_311     0x0311u
#define NEGOTIATE       0u
#define TICKS           10000000u   /* of a time, in a second */
#define FROM_1601       11644473600 /* seconds to 1970 */

/* A buffer: where the body says its place, from the header on, and its length. */
struct buffer {
	uint8_t at, at_size, length_at, length_size; /* 0: none */
	uint16_t row;
};

struct body {
	uint16_t command;
	bool response;
	uint8_t n;
	uint16_t rows[14];
	struct buffer buffers[2];
};

static const struct body bodies[] = {
	{ 0, false, 4, { S2_DIALECT_COUNT, S2_SECURITY_MODE, S2_CAPABILITIES, S2_CLIENT_GUID },
	    { { 0 } } },
	{ 0, true, 10,
	    { S2_NEG_MODE, S2_NEG_DIALECT, S2_NEG_CONTEXTS, S2_SERVER_GUID, S2_NEG_CAPABILITIES,
		S2_MAX_TRANSACT, S2_MAX_READ, S2_MAX_WRITE, S2_SYSTEM_TIME, S2_START_TIME },
	    { { 56, 2, 58, 2, S2_BLOB } } },
	{ 1, false, 5,
	    { S2_SETUP_FLAGS, S2_SETUP_MODE, S2_SETUP_CAPABILITIES, S2_CHANNEL,
		S2_PREVIOUS_SESSION },
	    { { 12, 2, 14, 2, S2_BLOB } } },
	{ 1, true, 1, { S2_SESSION_FLAGS }, { { 4, 2, 6, 2, S2_BLOB } } },
	{ 2, false, 0, { 0 }, { { 0 } } },
	{ 2, true, 0, { 0 }, { { 0 } } },
	{ 3, false, 1, { S2_TREE_FLAGS }, { { 4, 2, 6, 2, S2_TREE } } },
	{ 3, true, 4, { S2_SHARE_TYPE, S2_SHARE_FLAGS, S2_SHARE_CAPABILITIES, S2_MAXIMAL_ACCESS },
	    { { 0 } } },
	{ 4, false, 0, { 0 }, { { 0 } } },
	{ 4, true, 0, { 0 }, { { 0 } } },
	{ 5, false, 8,
	    { S2_OPLOCK, S2_IMPERSONATION, S2_CREATE_FLAGS, S2_ACCESS, S2_ATTRIBUTES,
		S2_SHARE_ACCESS, S2_DISPOSITION, S2_OPTIONS },
	    { { 44, 2, 46, 2, S2_NAME }, { 48, 4, 52, 4, S2_CREATION_DATA } } },
	{ 5, true, 11,
	    { S2_OPENED_OPLOCK, S2_OPENED_FLAGS, S2_OPENED_ACTION, S2_OPENED_CREATED,
		S2_OPENED_ACCESSED, S2_OPENED_WRITTEN, S2_OPENED_CHANGED, S2_OPENED_SIZE,
		S2_OPENED_END, S2_OPENED_ATTRIBUTES, S2_OPENED_FILE },
	    { { 80, 4, 84, 4, S2_CREATION_DATA } } },
	{ 6, false, 2, { S2_CLOSE_FLAGS, S2_FILE_8 }, { { 0 } } },
	{ 6, true, 8,
	    { S2_CLOSE_FLAGS, S2_OPENED_CREATED, S2_OPENED_ACCESSED, S2_OPENED_WRITTEN,
		S2_OPENED_CHANGED, S2_CLOSED_SIZE, S2_CLOSED_END, S2_CLOSED_ATTRIBUTES },
	    { { 0 } } },
	{ 7, false, 1, { S2_FILE_8 }, { { 0 } } },
	{ 7, true, 0, { 0 }, { { 0 } } },
	{ 8, false, 8,
	    { S2_READ_PADDING, S2_READ_FLAGS, S2_READ_LENGTH, S2_READ_OFFSET, S2_FILE_16,
		S2_READ_MINIMUM, S2_READ_CHANNEL, S2_READ_REMAINING },
	    { { 44, 2, 46, 2, S2_CHANNEL_BLOB } } },
	{ 8, true, 2, { S2_READ_DATA_LENGTH, S2_READ_LEFT }, { { 2, 1, 4, 4, S2_READ_DATA } } },
	{ 9, false, 7,
	    { S2_WRITE_AT, S2_WRITE_LENGTH, S2_WRITE_OFFSET, S2_FILE_16, S2_WRITE_CHANNEL,
		S2_WRITE_REMAINING, S2_WRITE_FLAGS },
	    { { 40, 2, 42, 2, S2_CHANNEL_BLOB }, { 2, 2, 4, 4, S2_WRITE_DATA } } },
	{ 9, true, 4,
	    { S2_WRITE_COUNT, S2_WRITE_LEFT, S2_WRITE_CHANNEL_AT, S2_WRITE_CHANNEL_LENGTH },
	    { { 0 } } },
	{ 10, false, 1, { S2_FILE_8 }, { { 0 } } },
	{ 10, true, 0, { 0 }, { { 0 } } },
	{ 11, false, 5, { S2_CONTROL, S2_FILE_8, S2_MAX_INPUT, S2_MAX_OUTPUT, S2_CONTROL_FLAGS },
	    { { 24, 4, 28, 4, S2_INPUT }, { 36, 4, 40, 4, S2_OUTPUT } } },
	{ 11, true, 2, { S2_CONTROL, S2_FILE_8 },
	    { { 24, 4, 28, 4, S2_INPUT }, { 32, 4, 36, 4, S2_OUTPUT } } },
	{ 12, false, 0, { 0 }, { { 0 } } },
	{ 13, false, 0, { 0 }, { { 0 } } },
	{ 13, true, 0, { 0 }, { { 0 } } },
	{ 14, false, 5, { S2_FIND_CLASS, S2_FIND_FLAGS, S2_FIND_INDEX, S2_FILE_8, S2_FIND_ROOM },
	    { { 24, 2, 26, 2, S2_PATTERN } } },
	{ 14, true, 0, { 0 }, { { 2, 2, 4, 4, S2_FOUND } } },
	{ 15, false, 1, { S2_FILE_8 }, { { 0 } } },
	{ 15, true, 0, { 0 }, { { 2, 2, 4, 4, S2_BODY } } },
	{ 16, false, 8,
	    { S2_INFO_TYPE, S2_INFO_CLASS, S2_INFO_ROOM, S2_QUERY_AT, S2_QUERY_LENGTH,
		S2_QUERY_MORE, S2_QUERY_FLAGS, S2_FILE_24 },
	    { { 8, 2, 12, 4, S2_BODY } } },
	{ 16, true, 0, { 0 }, { { 2, 2, 4, 4, S2_BODY } } },
	{ 17, false, 3, { S2_INFO_TYPE, S2_INFO_CLASS, S2_SET_LENGTH },
	    { { 8, 2, 4, 4, S2_BODY } } },
	{ 17, true, 0, { 0 }, { { 0 } } },
	{ 18, false, 1, { S2_FILE_8 }, { { 0 } } },
	{ 18, true, 1, { S2_FILE_8 }, { { 0 } } },
};

static const struct body error = { 0, true, 4,
	{ S2_ERROR_CONTEXTS, S2_ERROR_RESERVED, S2_ERROR_BYTES, S2_ERROR_DATA }, { { 0 } } };

static bool is_error(const uint8_t *p, const struct header *body)
{
	uint32_t status = le32(p + 8);

	return status && status != PARTLY && status != OVERFLOW_STATUS && body->left >= 2 &&
	       le16(body->p) == ERROR_SIZE;
}

static const struct body *body_of(const uint8_t *p, const struct header *body)
{
	bool response = le32(p + 16) & SMB2_RESPONSE;

	if (response && is_error(p, body))
		return &error;
	for (size_t i = 0; i < COUNT(bodies); i++)
		if (bodies[i].command == le16(p + 12) && bodies[i].response == response)
			return &bodies[i];
	return NULL;
}

static uint32_t number(const uint8_t *p, unsigned size)
{
	return size == 1 ? *p : size == 2 ? le16(p) : le32(p);
}

/* Place, from the header on, and bytes that it says it has; false: none. */
static bool buffer_of(
    const struct buffer *b, const struct header *body, DWORD *ret_at, DWORD *ret_n)
{
	if (b->row == 0 || body->left < (DWORD)b->at + b->at_size ||
	    body->left < (DWORD)b->length_at + b->length_size)
		return false;
	*ret_at = number(body->p + b->at, b->at_size);
	*ret_n = number(body->p + b->length_at, b->length_size);
	return *ret_n > 0;
}

static void attach_dialects(const struct header *body)
{
	const struct field *f = &smb2_fields[S2_DIALECT];
	DWORD n = body->left >= 4 ? le16(body->p + 2) : 0;

	for (DWORD k = 0; k < n && k < ELEMENTS_MOST && DIALECTS + 2 * k < body->left; k++)
		field_attach_at(body, f, DIALECTS + 2 * k, 2, 0);
}

/* ---- contexts ------------------------------------------------------------------------------- */

#define CREATION 16u /* bytes of a create context before what it says the places of */

/* Algorithms, and behind them the salt. */
static void attach_hashes(const struct header *e)
{
	DWORD hashes = e->left >= 12 ? le16(e->p + 8) : 0,
	      salt = e->left >= 12 ? le16(e->p + 10) : 0;
	DWORD at = 12;

	fields_attach(e, &smb2_fields[S2_HASH_COUNT], 2);
	for (; hashes > 0 && at < e->left; hashes--, at += 2)
		field_attach_at(e, &smb2_fields[S2_HASH], at, 2, 0);
	if (salt && at < e->left)
		field_attach_at(e, &smb2_fields[S2_SALT], at, salt, 0);
}

/* Behind the count of which they are. */
static void attach_packers(const struct header *e)
{
	DWORD n = e->left >= 10 ? le16(e->p + 8) : 0;

	fields_attach(e, &smb2_fields[S2_PACKER_COUNT], 2);
	for (DWORD at = 16; n > 0 && at < e->left; n--, at += 2)
		field_attach_at(e, &smb2_fields[S2_PACKER], at, 2, 0);
}

static void attach_ciphers(const struct header *e)
{
	DWORD n = e->left >= 10 ? le16(e->p + 8) : 0;

	fields_attach(e, &smb2_fields[S2_CIPHER_COUNT], 1);
	for (DWORD at = 10; n > 0 && at < e->left; n--, at += 2)
		field_attach_at(e, &smb2_fields[S2_CIPHER], at, 2, 0);
}

static void attach_signings(const struct header *e)
{
	DWORD n = e->left >= 10 ? le16(e->p + 8) : 0;

	fields_attach(e, &smb2_fields[S2_SIGNING_COUNT], 1);
	for (DWORD at = 10; n > 0 && at < e->left; n--, at += 2)
		field_attach_at(e, &smb2_fields[S2_SIGNING], at, 2, 0);
}

static const struct element negotiations[] = {
	{ .type = 1, .attach = attach_hashes },
	{ .type = 2, .attach = attach_ciphers },
	{ .type = 3, .attach = attach_packers },
	{ .type = 5, .first = S2_NET_NAME, .n = 1 },
	{ .type = 8, .attach = attach_signings },
};

static const struct list negotiation_list = {
	.fields = smb2_fields,
	.type = S2_CONTEXT,
	.length = S2_CONTEXT_LENGTH,
	.rest = S2_CONTEXT_DATA,
	.length_at = 2,
	.uncounted = 8,
	.align = 8,
	.elements = negotiations,
	.n_elements = COUNT(negotiations),
};

/* A client that knows 3.1.1 says so among its dialects. */
static bool has_negotiations(const struct header *body, bool response)
{
	DWORD at = response ? 4 : DIALECTS, n = 1;

	if (body->left < DIALECTS)
		return false;
	if (!response)
		n = le16(body->p + 2);
	for (; n > 0 && at + 2 <= body->left; n--, at += 2)
		if (le16(body->p + at) == DIALECT_311)
			return true;
	return false;
}

/* Of version 3.1.1: where the list begins, from the header on, and how many it has, stand in
 * the body. */
static void attach_negotiations(const struct header *h, const struct header *body, bool response)
{
	DWORD count_at = response ? 6 : 32,
	      place_row = response ? S2_NEG_CONTEXTS_AT : S2_CLIENT_CONTEXTS_AT;
	const struct field *place = &smb2_fields[place_row];
	DWORD at;
	bool there = has_negotiations(body, response);

	if (there || response)
		fields_attach(body, place, 1);
	if (there && !response)
		fields_attach(body, &smb2_fields[S2_CLIENT_CONTEXTS], 1);
	if (!there || body->left < (DWORD)place->at + 4)
		return;
	at = le32(body->p + place->at);
	if (le16(body->p + count_at) && at >= SMB2_HEADER && at < h->left) {
		const struct header list = { h->frame, h->p + at, h->left - at };

		list_attach(&negotiation_list, &list, 0, list.left);
	}
}

static void attach_place(
    const struct header *h, DWORD at, unsigned at_size, DWORD length_at, unsigned length_size)
{
	uint32_t place = number(h->p + at, at_size), length = number(h->p + length_at, length_size);

	field_attach_value(h, &smb2_fields[S2_BUFFER_OFFSET], at, at_size, &place, 4, 0);
	field_attach_value(
	    h, &smb2_fields[S2_BUFFER_LENGTH], length_at, length_size, &length, 4, 0);
}

/* What is told of even if it is empty; its bytes stand one level deeper. */
static bool is_heading(unsigned row)
{
	return smb2_fields[row].type == PROP_TYPE_COMMENT;
}

/* A part of a create context, where that says it is. */
static void attach_part(const struct header *e, unsigned row, DWORD at, DWORD n)
{
	if (n && at < e->left)
		field_attach_at(e, &smb2_fields[row], at, n, 0);
	else if (is_heading(row))
		field_attach_at(e, &smb2_fields[row], e->left, 0, 0);
}

static void attach_creations(const struct header *list)
{
	struct header e = *list;
	DWORD next;

	for (unsigned i = 0; i < ELEMENTS_MOST && e.left >= CREATION; i++) {
		DWORD rest = e.left;

		next = le32(e.p);
		if (next >= CREATION && next < rest)
			e.left = next;
		fields_attach(&e, &smb2_fields[S2_CREATION_NEXT], 1);
		attach_place(&e, 4, 2, 6, 2);
		attach_part(&e, S2_CREATION_TAG, le16(e.p + 4), le16(e.p + 6));
		attach_place(&e, 10, 2, 12, 4);
		attach_part(&e, S2_CREATION_CONTENT, le16(e.p + 10), le32(e.p + 12));
		attach_part(&e, S2_CONTENT, le16(e.p + 10), le32(e.p + 12));
		if (e.left == rest)
			return;
		e.p += next;
		e.left = rest - next;
	}
}

/* ---- bodies --------------------------------------------------------------------------------- */

/* Times count tenths of microseconds from 1601 on. */
static void attach_row(const struct header *body, const struct field *f)
{
	uint64_t ticks;

	if (f->type != PROP_TYPE_TIME || body->left < (DWORD)f->at + f->size) {
		fields_attach(body, f, 1);
		return;
	}
	ticks = (uint64_t)le32(body->p + f->at + 4) << 32 | le32(body->p + f->at);
	time_attach(body, f, f->at, f->size, ticks ? (int64_t)(ticks / TICKS) - FROM_1601 : 0,
	    (WORD)(ticks % TICKS / (TICKS / 1000)));
}

static void attach_buffer(const struct header *h, const struct header *body, const struct buffer *b)
{
	const struct field *f = &smb2_fields[b->row];
	struct header there;
	DWORD at, n;

	if (b->row == 0 || body->left < (DWORD)b->at + b->at_size ||
	    body->left < (DWORD)b->length_at + b->length_size)
		return;
	if (b->row != S2_WRITE_DATA)
		attach_place(body, b->at, b->at_size, b->length_at, b->length_size);
	if (!buffer_of(b, body, &at, &n)) {
		if (is_heading(b->row))
			field_attach_at(h, f, h->left, 0, 0);
		return;
	}
	if (at < SMB2_HEADER) {
		field_attach_at(h, f, h->left, 0, IFLAG_ERROR);
		return;
	}
	if (at >= h->left)
		return;
	there = (struct header){ h->frame, h->p + at, n < h->left - at ? n : h->left - at };
	field_attach_at(&there, f, 0, there.left, 0);
	if (b->row == S2_CREATION_DATA)
		attach_creations(&there);
	else if (is_heading(b->row))
		field_attach_at(&there, &smb2_fields[S2_CONTENT], 0, there.left, 0);
}

void smb2_body_attach(const struct header *h)
{
	const struct header body = { h->frame, h->p + SMB2_HEADER, h->left - SMB2_HEADER };
	const struct body *b = body_of(h->p, &body);

	fields_attach(&body, &smb2_fields[S2_BODY_LENGTH], 1);
	if (!b) {
		fields_attach(&body, &smb2_fields[S2_BODY], 1);
		return;
	}
	for (unsigned i = 0; i < b->n; i++)
		attach_row(&body, &smb2_fields[b->rows[i]]);
	for (unsigned i = 0; i < COUNT(b->buffers); i++)
		attach_buffer(h, &body, &b->buffers[i]);
	if (b == &bodies[0])
		attach_dialects(&body);
	if (b->command == NEGOTIATE && b != &error)
		attach_negotiations(h, &body, b->response);
}

DWORD smb2_name(const uint8_t *p, DWORD left, const uint8_t **ret_name)
{
	const struct header body = { NULL, p + SMB2_HEADER, left - SMB2_HEADER };
	const struct body *b = body_of(p, &body);
	DWORD at, n;

	if (!b || (b->buffers[0].row != S2_NAME && b->buffers[0].row != S2_TREE) ||
	    !buffer_of(&b->buffers[0], &body, &at, &n) || at < SMB2_HEADER || at >= left)
		return 0;
	*ret_name = p + at;
	return n < left - at ? n : left - at;
}
