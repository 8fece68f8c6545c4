/* SPDX-License-Identifier: MIT */
#include "ppp_control.h"

static LABELED_BYTE code_names[] = {
	{ 1, L("Configure-Request") },
	{ 2, L("Configure-Ack") },
	{ 3, L("Configure-Nak") },
	{ 4, L("Configure-Reject") },
	{ 5, L("Terminate-Request") },
	{ 6, L("Terminate-Ack") },
	{ 7, L("Code-Reject") },
	{ 8, L("Protocol-Reject") },
	{ 9, L("Echo-Request") },
	{ 10, L("Echo-Reply") },
	{ 11, L("Discard-Request") },
	{ 12, L("Identification") },
	{ 13, L("Time-Remaining") },
	{ 14, L("Reset-Request") },
	{ 15, L("Reset-Ack") },
};

struct _SET ppp_codes = SET_OF(Byte, code_names);

bool ppp_control_attach(struct header *h, const struct field *fields)
{
	bool whole = h->left >= CONTROL_HEADER;
	DWORD length = whole ? be16(h->p + 2) : CONTROL_HEADER;
	bool bad = length < CONTROL_HEADER || length > h->left;

	field_attach_at(h, &fields[CONTROL_SUMMARY], 0,
	    length < CONTROL_HEADER ? CONTROL_HEADER : length, bad ? IFLAG_ERROR : 0);
	fields_attach(h, &fields[CONTROL_CODE], CONTROL_LENGTH - CONTROL_CODE);
	if (h->left > 2)
		field_attach_at(h, &fields[CONTROL_LENGTH], 2, 2, bad ? IFLAG_ERROR : 0);
	if (length < h->left)
		h->left = length < CONTROL_HEADER ? CONTROL_HEADER : length;
	return whole;
}

void ppp_packet_attach(
    struct header *h, const struct field *fields, const struct element *codes, unsigned n)
{
	if (ppp_control_attach(h, fields) && h->left > CONTROL_HEADER &&
	    !element_attach(h, fields, codes, n, h->p[0]))
		fields_attach(h, &fields[CONTROL_DATA], 1);
}

void ppp_control_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;
	const char *name;

	(void)frame;
	if (i->DataLength < CONTROL_HEADER) {
		text_put(i, "Cut short");
		return;
	}
	name = (const char *)LookupByteSetString(i->lpPropertyInfo->lpExtendedInfo, p[0]);
	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "code %u", p[0]);
	text_put(i, ", identifier %u, length %u", p[1], be16(p + 2));
}
