/* SPDX-License-Identifier: MIT */
/* Protocols, hand-off tables, and where protocols are in a frame. */
#include "base/nmerr.h"
#include "expert/parsed.h"
#include "expert/session.h"
#include "parse/parse.h"

#include <stdio.h>

#define NO_OFFSET 0xFFFFFFFFu

HPROTOCOL WINAPI CreateProtocol(
    LPSTR ProtocolName, LPENTRYPOINTS lpEntryPoints, DWORD cbEntryPoints)
{
	if (cbEntryPoints != ENTRYPOINTS_SIZE)
		return nm_set_last_error(NMERR_INVALID_PARAMETER), NULL;
	return nm_protocol_create(ProtocolName, lpEntryPoints);
}

VOID WINAPI DestroyProtocol(HPROTOCOL hProtocol)
{
	nm_protocol_destroy(hProtocol);
}

HPROTOCOL WINAPI GetProtocolFromName(LPSTR ProtocolName)
{
	return nm_protocol_by_name(ProtocolName);
}

LPPROTOCOLINFO WINAPI GetProtocolInfo(HPROTOCOL hProtocol)
{
	return nm_protocol_info(hProtocol);
}

LPPROTOCOLTABLE WINAPI GetEnabledProtocols(HCAPTURE hCapture)
{
	if (!nm_session_from_handle(hCapture))
		return NULL;
	nm_parsers_seal();
	return nm_protocols_enabled();
}

/* ---- hand-off tables --------------------------------------------------------------------- */

DWORD WINAPI CreateHandoffTable(
    LPSTR secName, LPSTR iniFile, LPHANDOFFTABLE *hTable, DWORD nMaxProtocolEntries, DWORD base)
{
	if (hTable)
		*hTable = NULL;
	if (!secName || !iniFile || !hTable)
		return nm_set_last_error(NMERR_INVALID_PARAMETER), 0;
	return nm_handoff_create(secName, iniFile, nMaxProtocolEntries, base, hTable);
}

HPROTOCOL WINAPI GetProtocolFromTable(
    LPHANDOFFTABLE hTable, DWORD ItemToFind, PDWORD_PTR lpInstData)
{
	return nm_handoff_find(hTable, ItemToFind, lpInstData);
}

VOID WINAPI DestroyHandoffTable(LPHANDOFFTABLE hTable)
{
	nm_handoff_destroy(hTable);
}

BOOLEAN WINAPI IsRawIPXEnabled(LPSTR secName, LPSTR iniFile, LPSTR CurProtocol)
{
	char value[32];

	return secName && iniFile && CurProtocol &&
	       nm_ini_value(iniFile, secName, CurProtocol, value, sizeof value) &&
	       strtol(value, NULL, 0) != 0;
}

/* Settings are kept by the file's base name, so that the folder is only a form. */
LPSTR NMAPI_CDECL BuildINIPath(char *FullPath, char *IniFileName)
{
	const char *base = IniFileName;
	size_t n;

	for (const char *c = IniFileName; c && *c; c++)
		if (*c == '/' || *c == '\\')
			base = c + 1;
	n = base ? strcspn(base, ".") : 0;
	if (!FullPath || n == 0 ||
	    n + sizeof PARSERS_SUBDIR + sizeof INI_EXTENSION + 1 > INI_PATH_LENGTH)
		return nm_set_last_error(NMERR_INVALID_PARAMETER), NULL;
	(void)snprintf(
	    FullPath, INI_PATH_LENGTH, PARSERS_SUBDIR "/%.*s." INI_EXTENSION, (int)n, base);
	return FullPath;
}

LPLABELED_WORD WINAPI GetProtocolDescriptionTable(LPDWORD TableSize)
{
	static LABELED_WORD nothing[1]; /* the old numbers were never published */

	if (!TableSize)
		return nm_set_last_error(NMERR_INVALID_PARAMETER), NULL;
	*TableSize = 0;
	return nothing;
}

LPLABELED_WORD WINAPI GetProtocolDescription(DWORD ProtocolID)
{
	(void)ProtocolID;
	nm_set_last_error(NMERR_PROTOCOL_NOT_FOUND);
	return NULL;
}

/* ---- frames --------------------------------------------------------------------------------- */

LPRECOGNIZEDATATABLE WINAPI GetFrameRecognizeData(HFRAME hFrame)
{
	struct nm_parse *p = nm_parsed(hFrame);

	return p ? nm_parse_recognize(p) : NULL;
}

ULPBYTE WINAPI ParserTemporaryLockFrame(HFRAME hFrame)
{
	struct nm_frame f;

	return nm_session_frame(hFrame, &f) ? NULL : f.record + 16;
}

DWORD WINAPI GetProtocolStartOffsetHandle(HFRAME hFrame, HPROTOCOL hProtocol)
{
	const RECOGNIZEDATATABLE *t;
	uint32_t id = nm_protocol_id(hProtocol);

	if (!id)
		return nm_set_last_error(NMERR_INVALID_HPROTOCOL), NO_OFFSET;
	t = GetFrameRecognizeData(hFrame);
	for (unsigned i = 0; t && i < t->nRecognizeDatas; i++)
		if (t->RecognizeData[i].ProtocolID == id)
			return t->RecognizeData[i].nProtocolOffset;
	if (t)
		nm_set_last_error(NMERR_PROTOCOL_NOT_FOUND);
	return NO_OFFSET;
}

DWORD WINAPI GetProtocolStartOffset(HFRAME hFrame, LPSTR ProtocolName)
{
	HPROTOCOL h = nm_protocol_by_name(ProtocolName);

	return h ? GetProtocolStartOffsetHandle(hFrame, h) : NO_OFFSET;
}

DWORD WINAPI GetPreviousProtocolOffsetByName(
    HFRAME hFrame, DWORD dwStartOffset, LPSTR szProtocolName, DWORD *pdwPreviousOffset)
{
	const RECOGNIZEDATATABLE *t;
	uint32_t id;

	if (!szProtocolName || !pdwPreviousOffset)
		return nm_set_last_error(NMERR_INVALID_PARAMETER), NMERR_INVALID_PARAMETER;
	t = GetFrameRecognizeData(hFrame);
	if (!t)
		return NMERR_INVALID_HFRAME;
	id = nm_protocol_id(nm_protocol_by_name(szProtocolName));
	for (unsigned i = t->nRecognizeDatas; id && i-- > 0;)
		if (t->RecognizeData[i].ProtocolID == id &&
		    t->RecognizeData[i].nProtocolOffset < dwStartOffset) {
			*pdwPreviousOffset = t->RecognizeData[i].nProtocolOffset;
			return NMERR_SUCCESS;
		}
	return nm_set_last_error(NMERR_PROTOCOL_NOT_FOUND), NMERR_PROTOCOL_NOT_FOUND;
}
