/* SPDX-License-Identifier: MIT */
/* @NAME@ -- recognizes a small protocol over UDP port 9999, and shows its fields.
 *
 *   OFFSET SIZE MEANING
 *        0    1 version, 1
 *        1    1 type: 1 question, 2 answer
 *        2    2 bytes of text, big-endian
 *        4      text
 *
 * A parser that does something: keep the frame of it and replace the fields.
 *
 * Build: make    Test: make test    Use: NETMON_PARSER_PATH=. netmon frames -V CAPTURE
 */
#include <netmon.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROTOCOL "@NAME@"
#define UDP_PORT 9999 /* who hands off to us; see ParserAutoInstallInfo */
#define HEADER   4    /* bytes */

/* Strings of the interface are not const; nobody writes to these. */
#define S(text) ((LPSTR)(text))

/* ---- properties --------------------------------------------------------------------- */

static LABELED_BYTE type_names[] = { { 1, S("Question") }, { 2, S("Answer") } };
static SET types = { sizeof type_names / sizeof type_names[0],
	{ .lpLabeledByteTable = type_names } };

enum { SUMMARY, VERSION, TYPE, LENGTH, TEXT, PROPERTIES };

/* 0, Version (0), Label, Comment, type, qualifier, what belongs to it, bytes of text. Each
 * stays where it is until Deregister: the host keeps its address, which is its handle. */
static PROPERTYINFO properties[PROPERTIES] = {
	[SUMMARY] = { 0, 0, S("Summary"), S("What was said"), PROP_TYPE_SUMMARY, PROP_QUAL_NONE,
	    { NULL }, 128, NULL },
	[VERSION] = { 0, 0, S("Version"), S("1"), PROP_TYPE_BYTE, PROP_QUAL_NONE, { NULL }, 64,
	    NULL },
	[TYPE] = { 0, 0, S("Type"), S("Question or answer"), PROP_TYPE_BYTE, PROP_QUAL_LABELED_SET,
	    { &types }, 64, NULL },
	[LENGTH] = { 0, 0, S("Length"), S("Bytes of text"), PROP_TYPE_WORD, PROP_QUAL_NONE,
	    { NULL }, 64, NULL },
	[TEXT] = { 0, 0, S("Text"), S("What was said"), PROP_TYPE_STRING, PROP_QUAL_NONE, { NULL },
	    300, NULL },
};

/* Called once, before the first frame: make the properties known. */
static VOID WINAPI do_register(HPROTOCOL protocol)
{
	if (CreatePropertyDatabase(protocol, PROPERTIES) != NMERR_SUCCESS)
		return;
	for (int i = 0; i < PROPERTIES; i++)
		AddProperty(protocol, &properties[i]);
}

static VOID WINAPI do_deregister(HPROTOCOL protocol)
{
	DestroyPropertyDatabase(protocol);
}

/* ---- frames -------------------------------------------------------------------------- */

/* Is what stands at p ours? Called for frames in any order: keep nothing between calls,
 * and never read at or beyond p + left. */
static LPBYTE WINAPI recognize(HFRAME frame, ULPBYTE mac, ULPBYTE p, DWORD mac_type, DWORD left,
    HPROTOCOL before, DWORD before_at, LPDWORD status, LPHPROTOCOL next, PDWORD_PTR instance)
{
	(void)frame;
	(void)mac;
	(void)mac_type;
	(void)before;
	(void)before_at;
	(void)next;
	(void)instance;
	if (left == 0 || p[0] != 1) {
		*status = PROTOCOL_STATUS_NOT_RECOGNIZED;
		return p;
	}
	*status = PROTOCOL_STATUS_CLAIMED; /* to the end of the frame */
	return NULL;
}

/* Length bytes at p + at, as far as there are `left`; what is cut is flagged. */
static void attach(HFRAME frame, int property, ULPBYTE p, DWORD left, DWORD at, DWORD length,
    DWORD level, DWORD flags)
{
	if (at >= left)
		return;
	if (length > left - at) {
		length = left - at;
		flags |= IFLAG_ERROR;
	}
	AttachPropertyInstance(
	    frame, properties[property].hProperty, length, p + at, 0, level, flags);
}

/* Somebody wants to see the frame: the summary first, over all our bytes. */
static LPBYTE WINAPI attach_properties(HFRAME frame, ULPBYTE mac, ULPBYTE p, DWORD mac_type,
    DWORD left, HPROTOCOL before, DWORD before_at, DWORD_PTR instance)
{
	DWORD length = left >= HEADER ? (DWORD)(p[2] << 8 | p[3]) : 0;

	(void)mac;
	(void)mac_type;
	(void)before;
	(void)before_at;
	(void)instance;
	attach(frame, SUMMARY, p, left, 0, left, 0, left < HEADER + length ? IFLAG_ERROR : 0);
	attach(frame, VERSION, p, left, 0, 1, 1, 0);
	attach(frame, TYPE, p, left, 1, 1, 1, 0);
	attach(frame, LENGTH, p, left, 2, 2, 1, IFLAG_SWAPPED); /* big-endian */
	attach(frame, TEXT, p, left, HEADER, length, 1, 0);
	return NULL;
}

/* Text for n instances, each into szPropertyText, FormatStringSize bytes of it. What has no
 * text of its own takes the generic one. */
static DWORD WINAPI format(
    HFRAME frame, ULPBYTE mac, ULPBYTE p, DWORD n, LPPROPERTYINST instances)
{
	(void)frame;
	(void)mac;
	for (DWORD i = 0; i < n; i++) {
		LPPROPERTYINST inst = &instances[i];

		if (inst->lpPropertyInfo != &properties[SUMMARY] || inst->DataLength < 2) {
			FormatPropertyInstance(inst);
			continue;
		}
		const char *type = (const char *)LookupByteSetString(&types, p[1]);
		snprintf(inst->szPropertyText, inst->lpPropertyInfo->FormatStringSize, "%s of %u bytes",
		    type ? type : "Something", (unsigned)inst->DataLength);
	}
	return NMERR_SUCCESS;
}

/* ---- loading ------------------------------------------------------------------------------ */

NMAPI_EXPORT BOOL WINAPI DllMain(HINSTANCE self, ULONG command, LPVOID reserved)
{
	static HPROTOCOL protocol;
	static int attached;
	ENTRYPOINTS entries = { do_register, do_deregister, recognize, attach_properties, format };

	(void)self;
	(void)reserved;
	/* NULL when another parser has the name: then nothing of us is called. */
	if (command == DLL_PROCESS_ATTACH && attached++ == 0)
		protocol = CreateProtocol(S(PROTOCOL), &entries, ENTRYPOINTS_SIZE);
	if (command == DLL_PROCESS_DETACH && --attached == 0)
		DestroyProtocol(protocol);
	return TRUE;
}

/* Where we belong: UDP hands off to us by a port. A person's files may say otherwise
 * (~/.config/nmapi/parsers/tcpip.ini). The host frees all of it. */
NMAPI_EXPORT PPF_PARSERDLLINFO WINAPI ParserAutoInstallInfo(void)
{
	HANDLE heap = GetProcessHeap();
	PPF_PARSERDLLINFO info =
	    HeapAlloc(heap, HEAP_ZERO_MEMORY, sizeof *info + sizeof info->ParserInfo[0]);
	PPF_HANDOFFSET set = HeapAlloc(heap, HEAP_ZERO_MEMORY, sizeof *set + sizeof set->Entry[0]);

	if (!info || !set)
		return NULL;
	set->nEntries = 1;
	strcpy(set->Entry[0].szIniFile, "TCPIP.INI");
	strcpy(set->Entry[0].szIniSection, "UDP_HandoffSet");
	set->Entry[0].dwHandOffValue = UDP_PORT;
	set->Entry[0].ValueFormatBase = HANDOFF_VALUE_FORMAT_BASE_DECIMAL;
	info->nParsers = 1;
	strcpy(info->ParserInfo[0].szProtocolName, PROTOCOL);
	strcpy(info->ParserInfo[0].szComment, "A small protocol over UDP");
	info->ParserInfo[0].pWhoHandsOffToMe = set;
	return info;
}

/* Second names, for `netmon protocols`, for fields and for display filters. */
NMAPI_EXPORT DWORD WINAPI ParserFieldNames(HPROTOCOL protocol, const PARSERFIELDNAME **names)
{
	static const PARSERFIELDNAME all[] = {
		{ NULL, S("@NAME@"), 0, PROP_TYPE_VOID }, /* the protocol itself */
		{ S("Version"), S("@NAME@.version"), 0, PROP_TYPE_VOID },
		{ S("Type"), S("@NAME@.type"), 0, PROP_TYPE_VOID },
		{ S("Length"), S("@NAME@.len"), 0, PROP_TYPE_VOID },
		{ S("Text"), S("@NAME@.text"), 0, PROP_TYPE_VOID },
	};

	(void)protocol;
	*names = all;
	return sizeof all / sizeof all[0];
}
