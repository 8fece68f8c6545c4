/* SPDX-License-Identifier: MIT */
/* BER headers, and integers of any length. The caller vouches for six octets. */
#include "base/nmerr.h"

#include <netmon.h>

#include <stdbool.h>

#define TAG_NUMBER  0x1f /* of the first octet: all set, more octets follow */
#define CONSTRUCTED 0x20
#define CLASS       0xc0
#define LONG_FORM   0x80
#define LENGTH_MOST 4u /* octets */

static WINBOOL bad(void)
{
	nm_set_last_error(NMERR_INVALID_PARAMETER);
	return FALSE;
}

WINBOOL NMAPI_CDECL BERGetHeader(ULPBYTE pCurrentPointer, ULPBYTE pTag, LPDWORD pHeaderLength,
    LPDWORD pDataLength, ULPBYTE *ppNext)
{
	ULPBYTE p = pCurrentPointer;
	DWORD length = 0;
	unsigned n;

	if (!p || !pTag || !pHeaderLength || !pDataLength || !ppNext ||
	    (p[0] & TAG_NUMBER) == TAG_NUMBER)
		return bad();
	n = p[1] & LONG_FORM ? p[1] & 0x7fu : 0;
	if (p[1] & LONG_FORM && (n == 0 || n > LENGTH_MOST))
		return bad();
	for (unsigned i = 0; i < n; i++)
		length = length << 8 | p[2 + i];
	*pTag = p[0];
	*pHeaderLength = 2 + n;
	*pDataLength = n ? length : p[1];
	*ppNext = p + 2 + n;
	return TRUE;
}

/* A value whose universal tag is one of those, or whose meaning is the context's. */
static WINBOOL get(const BYTE *tags, unsigned n_tags, ULPBYTE p, ULPBYTE *ret_value,
    LPDWORD ret_header, LPDWORD ret_length, ULPBYTE *ret_next)
{
	DWORD header, length;
	ULPBYTE value;
	BYTE tag;
	bool fits;

	if (!ret_value || !ret_header || !ret_length || !ret_next)
		return bad();
	if (!BERGetHeader(p, &tag, &header, &length, &value))
		return FALSE;
	fits = (tag & CLASS) != 0 && !(tag & CONSTRUCTED);
	for (unsigned i = 0; i < n_tags; i++)
		fits |= tag == tags[i];
	if (!fits)
		return bad();
	*ret_value = value;
	*ret_header = header;
	*ret_length = length;
	*ret_next = value + length;
	return TRUE;
}

WINBOOL NMAPI_CDECL BERGetInteger(ULPBYTE pCurrentPointer, ULPBYTE *ppValuePointer,
    LPDWORD pHeaderLength, LPDWORD pDataLength, ULPBYTE *ppNext)
{
	static const BYTE tags[] = { 2 };

	return get(
	    tags, sizeof tags, pCurrentPointer, ppValuePointer, pHeaderLength, pDataLength, ppNext);
}

/* Octets, and the kinds of text that X.690 has: UTF-8, numeric, printable, T.61, video,
 * IA5, graphic, visible, general, universal, BMP. */
WINBOOL NMAPI_CDECL BERGetString(ULPBYTE pCurrentPointer, ULPBYTE *ppValuePointer,
    LPDWORD pHeaderLength, LPDWORD pDataLength, ULPBYTE *ppNext)
{
	static const BYTE tags[] = { 4, 12, 18, 19, 20, 21, 22, 25, 26, 27, 28, 30 };

	return get(
	    tags, sizeof tags, pCurrentPointer, ppValuePointer, pHeaderLength, pDataLength, ppNext);
}

LPDWORD WINAPI VarLenSmallIntToDword(
    LPBYTE pValue, WORD ValueLen, WINBOOL fIsByteswapped, LPDWORD lpDword)
{
	DWORD v = 0;

	if (!lpDword || (!pValue && ValueLen > 0))
		return nm_set_last_error(NMERR_INVALID_PARAMETER), NULL;
	for (unsigned i = 0; i < ValueLen && i < sizeof v; i++)
		v |= (DWORD)pValue[fIsByteswapped ? ValueLen - 1 - i : i] << 8 * i;
	*lpDword = v;
	return lpDword;
}
