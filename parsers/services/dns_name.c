/* SPDX-License-Identifier: MIT */
#include "dns_name.h"

#define POINTER   0xC0u /* the upper bits of a pointer's first byte; a label's are 0 */
#define NOWHERE   UINT32_MAX
#define JUMPS_MAX 64u /* pointers in a name; a server needs one */

static bool add_label(struct name *n, const uint8_t *p, unsigned bytes)
{
	unsigned dot = n->labels > 0;

	if (bytes + dot > NAME_MAX_TEXT - 1 - n->length)
		return false;
	if (dot)
		n->text[n->length++] = '.';
	for (unsigned i = 0; i < bytes; i++)
		n->text[n->length++] = p[i] ? (char)p[i] : '?';
	n->labels++;
	return true;
}

/* Labels up to the name's end or a pointer, and where that leads; behind them. */
static DWORD read_labels(const struct header *h, DWORD at, struct name *n, DWORD *ret_to)
{
	*ret_to = NOWHERE;
	while (at < h->left) {
		uint8_t c = h->p[at];

		if (c == 0)
			return at + 1;
		if ((c & POINTER) == POINTER && h->left - at >= 2) {
			*ret_to = be16(h->p + at) & 0x3FFF;
			return at + 2;
		}
		if (c & POINTER || c >= h->left - at || !add_label(n, h->p + at + 1, c))
			break;
		at += 1u + c;
	}
	n->bad = true;
	return h->left;
}

void name_read(const struct header *h, DWORD at, struct name *ret)
{
	static const char root[] = "<Root>";
	DWORD from = at, to;

	ret->length = ret->labels = 0;
	ret->bad = false;
	ret->end = read_labels(h, at, ret, &to);
	for (unsigned i = 0; to != NOWHERE && !ret->bad; i++) {
		ret->bad = to >= from || i == JUMPS_MAX;
		from = to;
		if (!ret->bad)
			(void)read_labels(h, to, ret, &to);
	}
	if (ret->labels == 0) {
		memcpy(ret->text, root, sizeof root - 1);
		ret->length = sizeof root - 1;
	}
	ret->text[ret->length] = '\0';
}

void name_attach(const struct header *h, const struct field *f, DWORD at, const struct name *n)
{
	field_attach_value(
	    h, f, at, n->end > at ? n->end - at : 0, n->text, n->length, n->bad ? IFLAG_ERROR : 0);
}
