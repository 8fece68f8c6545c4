/* SPDX-License-Identifier: MIT */
/* Requests and responses of SMB2: rows count from the body, which is behind the header. */
#include "smb2.h"

#define ERROR_SIZE      9u          /* structure size of an error's response */
#define PARTLY          0xC0000016u /* more processing required: a whole response, too */
#define OVERFLOW_STATUS 0x80000005u
#define DIALECTS        36u

/* A buffer: where the body says its place, from the header on, and its length. */
struct buffer {
	uint8_t at, at_size, length_at, length_size; /* 0: none */
	uint16_t row;
};

struct body {
	uint16_t command;
	bool response;
	uint8_t n;
	uint16_t rows[12];
	struct buffer buffer;
};

static const struct body bodies[] = {
	{ 0, false, 5,
	    { S2_DIALECT_COUNT, S2_SECURITY_MODE, S2_CAPABILITIES, S2_CLIENT_GUID,
		S2_CLIENT_CONTEXTS },
	    { 0 } },
	{ 0, true, 10,
	    { S2_NEG_MODE, S2_NEG_DIALECT, S2_NEG_CONTEXTS, S2_SERVER_GUID, S2_NEG_CAPABILITIES,
		S2_MAX_TRANSACT, S2_MAX_READ, S2_MAX_WRITE, S2_SYSTEM_TIME, S2_START_TIME },
	    { 56, 2, 58, 2, S2_BLOB } },
	{ 1, false, 5,
	    { S2_SETUP_FLAGS, S2_SETUP_MODE, S2_SETUP_CAPABILITIES, S2_CHANNEL,
		S2_PREVIOUS_SESSION },
	    { 12, 2, 14, 2, S2_BLOB } },
	{ 1, true, 1, { S2_SESSION_FLAGS }, { 4, 2, 6, 2, S2_BLOB } },
	{ 2, false, 0, { 0 }, { 0 } },
	{ 2, true, 0, { 0 }, { 0 } },
	{ 3, false, 0, { 0 }, { 4, 2, 6, 2, S2_TREE } },
	{ 3, true, 4, { S2_SHARE_TYPE, S2_SHARE_FLAGS, S2_SHARE_CAPABILITIES, S2_MAXIMAL_ACCESS },
	    { 0 } },
	{ 4, false, 0, { 0 }, { 0 } },
	{ 4, true, 0, { 0 }, { 0 } },
	{ 5, false, 8,
	    { S2_OPLOCK, S2_IMPERSONATION, S2_CREATE_FLAGS, S2_ACCESS, S2_ATTRIBUTES,
		S2_SHARE_ACCESS, S2_DISPOSITION, S2_OPTIONS },
	    { 44, 2, 46, 2, S2_NAME } },
	{ 5, true, 7,
	    { S2_OPENED_OPLOCK, S2_OPENED_FLAGS, S2_OPENED_ACTION, S2_OPENED_SIZE, S2_OPENED_END,
		S2_OPENED_ATTRIBUTES, S2_OPENED_FILE },
	    { 0 } },
	{ 6, false, 2, { S2_CLOSE_FLAGS, S2_FILE_8 }, { 0 } },
	{ 6, true, 4, { S2_CLOSE_FLAGS, S2_CLOSED_SIZE, S2_CLOSED_END, S2_CLOSED_ATTRIBUTES },
	    { 0 } },
	{ 7, false, 1, { S2_FILE_8 }, { 0 } },
	{ 7, true, 0, { 0 }, { 0 } },
	{ 8, false, 7,
	    { S2_READ_FLAGS, S2_READ_LENGTH, S2_READ_OFFSET, S2_FILE_16, S2_READ_MINIMUM,
		S2_READ_CHANNEL, S2_READ_REMAINING },
	    { 0 } },
	{ 8, true, 1, { S2_READ_DATA_LENGTH }, { 2, 1, 4, 4, S2_READ_DATA } },
	{ 9, false, 6,
	    { S2_WRITE_LENGTH, S2_WRITE_OFFSET, S2_FILE_16, S2_WRITE_CHANNEL, S2_WRITE_REMAINING,
		S2_WRITE_FLAGS },
	    { 2, 2, 4, 4, S2_WRITE_DATA } },
	{ 9, true, 1, { S2_WRITE_COUNT }, { 0 } },
	{ 10, false, 1, { S2_FILE_8 }, { 0 } },
	{ 10, true, 0, { 0 }, { 0 } },
	{ 11, false, 6,
	    { S2_CONTROL, S2_FILE_8, S2_INPUT_LENGTH, S2_MAX_INPUT, S2_MAX_OUTPUT,
		S2_CONTROL_FLAGS },
	    { 24, 4, 28, 4, S2_BODY } },
	{ 11, true, 2, { S2_CONTROL, S2_FILE_8 }, { 32, 4, 36, 4, S2_BODY } },
	{ 12, false, 0, { 0 }, { 0 } },
	{ 13, false, 0, { 0 }, { 0 } },
	{ 13, true, 0, { 0 }, { 0 } },
	{ 14, false, 5, { S2_FIND_CLASS, S2_FIND_FLAGS, S2_FIND_INDEX, S2_FILE_8, S2_FIND_ROOM },
	    { 24, 2, 26, 2, S2_PATTERN } },
	{ 14, true, 1, { S2_OUTPUT_LENGTH }, { 2, 2, 4, 4, S2_BODY } },
	{ 15, false, 1, { S2_FILE_8 }, { 0 } },
	{ 15, true, 1, { S2_OUTPUT_LENGTH }, { 2, 2, 4, 4, S2_BODY } },
	{ 16, false, 4, { S2_INFO_TYPE, S2_INFO_CLASS, S2_INFO_ROOM, S2_FILE_24 },
	    { 8, 2, 12, 4, S2_BODY } },
	{ 16, true, 1, { S2_OUTPUT_LENGTH }, { 2, 2, 4, 4, S2_BODY } },
	{ 17, false, 3, { S2_INFO_TYPE, S2_INFO_CLASS, S2_SET_LENGTH }, { 8, 2, 4, 4, S2_BODY } },
	{ 17, true, 0, { 0 }, { 0 } },
	{ 18, false, 1, { S2_FILE_8 }, { 0 } },
	{ 18, true, 1, { S2_FILE_8 }, { 0 } },
};

static const struct body error = { 0, true, 2, { S2_ERROR_CONTEXTS, S2_ERROR_BYTES }, { 0 } };

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

void smb2_body_attach(const struct header *h)
{
	const struct header body = { h->frame, h->p + SMB2_HEADER, h->left - SMB2_HEADER };
	const struct body *b = body_of(h->p, &body);
	DWORD at, n;

	fields_attach(&body, &smb2_fields[S2_BODY_LENGTH], 1);
	if (!b) {
		fields_attach(&body, &smb2_fields[S2_BODY], 1);
		return;
	}
	for (unsigned i = 0; i < b->n; i++)
		fields_attach(&body, &smb2_fields[b->rows[i]], 1);
	if (b == &bodies[0])
		attach_dialects(&body);
	if (!buffer_of(&b->buffer, &body, &at, &n))
		return;
	if (at < SMB2_HEADER)
		field_attach_at(h, &smb2_fields[b->buffer.row], h->left, 0, IFLAG_ERROR);
	else if (at < h->left)
		field_attach_at(
		    h, &smb2_fields[b->buffer.row], at, n < h->left - at ? n : h->left - at, 0);
}

DWORD smb2_name(const uint8_t *p, DWORD left, const uint8_t **ret_name)
{
	const struct header body = { NULL, p + SMB2_HEADER, left - SMB2_HEADER };
	const struct body *b = body_of(p, &body);
	DWORD at, n;

	if (!b || (b->buffer.row != S2_NAME && b->buffer.row != S2_TREE) ||
	    !buffer_of(&b->buffer, &body, &at, &n) || at < SMB2_HEADER || at >= left)
		return 0;
	*ret_name = p + at;
	return n < left - at ? n : left - at;
}
