/* SPDX-License-Identifier: MIT */
#include "dns_message.h"

#define ENTRIES_MAX 1024u
#define SECTIONS    4u
#define RECORD      10u /* bytes of a record behind its name, before the data */

void head_attach(const struct header *h, const struct field *first)
{
	bool is_response = h->left >= 4 && be16(h->p + 2) & MESSAGE_RESPONSE;

	fields_attach(h, &first[HEAD_ID], HEAD_RESPONSE_FLAGS - HEAD_ID);
	if (is_response)
		fields_attach(h, &first[HEAD_RESPONSE_FLAGS], 2);
	fields_attach(h, &first[HEAD_QUESTIONS], SECTIONS);
}

DWORD sections_attach(
    const struct header *h, const struct field *first, entry_attach entry, const void *context)
{
	unsigned budget = ENTRIES_MAX;
	DWORD at = MESSAGE_HEADER;

	if (h->left < MESSAGE_HEADER)
		return h->left;
	for (unsigned s = 0; s < SECTIONS; s++) {
		uint16_t n = be16(h->p + 4 + 2 * s);

		for (; n > 0 && budget > 0 && at < h->left; n--, budget--)
			at = entry(context, s, at);
		if (n > 0) {
			field_attach_value(
			    h, &first[HEAD_MISSING], h->left, 0, &n, sizeof n, IFLAG_ERROR);
			return h->left;
		}
	}
	return at < h->left ? at : h->left;
}

DWORD data_attach(const struct header *h, const struct field *length, DWORD at, struct part *ret)
{
	const struct header fixed = { h->frame, h->p + at, h->left - at };
	DWORD bytes, there;

	*ret = (struct part){ h->left, 0 };
	if (fixed.left < RECORD) {
		fields_attach(&fixed, length, 1);
		return h->left;
	}
	bytes = be16(fixed.p + length->at);
	there = fixed.left - RECORD;
	field_attach_at(&fixed, length, length->at, 2, bytes > there ? IFLAG_ERROR : 0);
	*ret = (struct part){ at + RECORD, bytes < there ? bytes : there };
	return at + RECORD + bytes;
}

void put_code(LPPROPERTYINST i, const char *before, struct _SET *set, WORD number, const char *word)
{
	const char *name = (const char *)LookupWordSetString(set, number);

	if (name)
		text_put(i, "%s%s", before, name);
	else
		text_put(i, "%s%s %u", before, word, number);
}
