/* SPDX-License-Identifier: MIT */
/* What a parser's shared object exports, for the protocols that `library` lists. */
#include "fields.h"

#include <stdio.h>

#define TEXT_USUAL 96 /* FormatStringSize */

NMAPI_EXPORT BOOL WINAPI DllMain(HINSTANCE hInstance, ULONG Command, LPVOID Reserved);
NMAPI_EXPORT PPF_PARSERDLLINFO WINAPI ParserAutoInstallInfo(void);
NMAPI_EXPORT DWORD WINAPI ParserFieldNames(HPROTOCOL hProtocol, const PARSERFIELDNAME **ppNames);
NMAPI_EXPORT DWORD WINAPI ParserFixedFields(HPROTOCOL hProtocol, const PARSERFIXEDFIELD **ppFields);
NMAPI_EXPORT DWORD WINAPI ParserRows(
    HPROTOCOL hProtocol, DWORD FirstRow, const PARSERROWCALLS *pCalls, const PARSERROW **ppRows);

NMAPI_EXPORT WINBOOL WINAPI ParserHeader(HPROTOCOL hProtocol, PPARSERHEADER pHeader);

static struct parser *parser_of(HPROTOCOL h)
{
	for (unsigned i = 0; library[i]; i++)
		if (library[i]->handle == h)
			return library[i];
	return NULL;
}

/* ---- properties --------------------------------------------------------------------------- */

static void format_generic(LPPROPERTYINST i, HFRAME frame)
{
	(void)frame;
	(void)FormatPropertyInstance(i);
}

static void fill(struct field *f)
{
	size_t label = strlen(f->label);
	size_t text = f->text ? f->text : TEXT_USUAL;
	void (*format)(LPPROPERTYINST, HFRAME) = f->format ? f->format : format_generic;

	f->info = (PROPERTYINFO){ .Label = L(f->label),
		.Comment = L(f->label),
		.DataType = f->type,
		.DataQualifier = f->qualifier,
		.lpExtendedInfo = (LPVOID)(uintptr_t)f->set,
		.FormatStringSize = (WORD)(label + text) };
	memcpy(&f->info.InstanceData, &format, sizeof format);
	if (f->level == 0 && f->type != PROP_TYPE_SUMMARY)
		f->level = 1;
}

static void collect_names(struct parser *p)
{
	p->all_names = calloc(p->n_fields + p->n_names, sizeof *p->all_names);
	p->n_all_names = 0;
	for (unsigned i = 0; p->all_names && i < p->n_fields; i++)
		if (p->fields[i].name)
			p->all_names[p->n_all_names++] =
			    (PARSERFIELDNAME){ .Label = p->fields[i].type == PROP_TYPE_SUMMARY
							    ? NULL
							    : L(p->fields[i].label),
				    .Name = L(p->fields[i].name) };
	for (unsigned i = 0; p->all_names && i < p->n_names; i++)
		p->all_names[p->n_all_names++] = p->names[i];
}

/* Handles are a protocol's own, so are the fields that hold them. The name of the first is
 * the other protocol's. */
static bool copy_fields(struct parser *p)
{
	p->n_fields = p->like->n_fields;
	p->fields = malloc(p->n_fields * sizeof *p->fields);
	if (!p->fields)
		return false;
	memcpy(p->fields, p->like->fields, p->n_fields * sizeof *p->fields);
	p->fields[0].name = NULL;
	return true;
}

static void collect_fixed(struct parser *p)
{
	p->all_fixed = calloc(p->n_fields, sizeof *p->all_fixed);
	p->n_all_fixed = 0;
	for (unsigned i = 0; p->all_fixed && i < p->n_fields; i++)
		if (p->fields[i].fixed)
			p->all_fixed[p->n_all_fixed++] =
			    (PARSERFIXEDFIELD){ .Label = L(p->fields[i].label),
				    .Offset = p->fields[i].at,
				    .Length = p->fields[i].size,
				    .IFlags = p->fields[i].flags,
				    .Flags = p->within_instance ? PARSERFIXED_WITHIN_INSTANCE : 0 };
}

static PARSERROW row_of(const struct field *f)
{
	return (PARSERROW){ .hProperty = f->info.hProperty,
		.Offset = f->at,
		.Length = f->size,
		.Level = f->level,
		.IFlags = f->flags,
		.Mask = f->mask,
		.Factor = f->times };
}

/* Those of the fields, then what nearly every header has: fields, and those at places of their
 * own. */
static void collect_rows(struct parser *p)
{
	unsigned placed = p->n_fields + p->placed_fields;

	p->all_rows = calloc(placed + p->n_placed, sizeof *p->all_rows);
	for (unsigned i = 0; p->all_rows && i < placed; i++)
		p->all_rows[i] = row_of(&p->fields[i % p->n_fields]);
	for (unsigned i = 0; p->all_rows && i < p->n_placed; i++) {
		PARSERROW *row = &p->all_rows[placed + i];

		*row = row_of(&p->fields[p->placed[i].field]);
		row->Offset = p->placed[i].at;
		row->Length = p->placed[i].size;
	}
}

static VOID WINAPI do_register(HPROTOCOL h)
{
	struct parser *p = parser_of(h);

	if (p && p->like && !copy_fields(p))
		return;
	if (!p || CreatePropertyDatabase(h, p->n_fields) != NMERR_SUCCESS)
		return;
	for (unsigned i = 0; i < p->n_fields; i++) {
		fill(&p->fields[i]);
		(void)AddProperty(h, &p->fields[i].info);
	}
	collect_names(p);
	collect_fixed(p);
	collect_rows(p);
	if (p->begin)
		p->begin();
}

static VOID WINAPI do_deregister(HPROTOCOL h)
{
	struct parser *p = parser_of(h);

	if (!p)
		return;
	if (p->end)
		p->end();
	(void)DestroyPropertyDatabase(h);
	for (unsigned i = 0; i < p->n_fields; i++)
		p->fields[i].row = 0;
	p->placed_row = 0;
	free(p->all_rows);
	p->all_rows = NULL;
	free(p->all_names);
	p->all_names = NULL;
	p->n_all_names = 0;
	if (p->like) {
		free(p->fields);
		p->fields = NULL;
	}
	free(p->all_fixed);
	p->all_fixed = NULL;
	p->n_all_fixed = 0;
}

static DWORD WINAPI do_format(
    HFRAME frame, ULPBYTE mac, ULPBYTE protocol, DWORD n, LPPROPERTYINST instances)
{
	(void)mac;
	(void)protocol;
	for (DWORD i = 0; i < n; i++) {
		void (*format)(LPPROPERTYINST, HFRAME);

		memcpy(&format, &instances[i].lpPropertyInfo->InstanceData, sizeof format);
		format(&instances[i], frame);
	}
	return NMERR_SUCCESS;
}

DWORD WINAPI ParserFieldNames(HPROTOCOL hProtocol, const PARSERFIELDNAME **ppNames)
{
	const struct parser *p = parser_of(hProtocol);

	*ppNames = p ? p->all_names : NULL;
	return p ? p->n_all_names : 0;
}

DWORD WINAPI ParserFixedFields(HPROTOCOL hProtocol, const PARSERFIXEDFIELD **ppFields)
{
	const struct parser *p = parser_of(hProtocol);

	*ppFields = p ? p->all_fixed : NULL;
	return p ? p->n_all_fixed : 0;
}

DWORD WINAPI ParserRows(
    HPROTOCOL hProtocol, DWORD FirstRow, const PARSERROWCALLS *pCalls, const PARSERROW **ppRows)
{
	struct parser *p = parser_of(hProtocol);

	if (!p || !p->all_rows)
		return 0;
	fields_take_calls(pCalls);
	for (unsigned i = 0; i < p->n_fields; i++)
		p->fields[i].row = FirstRow + i;
	p->placed_row = p->n_placed ? FirstRow + p->n_fields : 0;
	*ppRows = p->all_rows;
	return p->n_fields + p->placed_fields + p->n_placed;
}

WINBOOL WINAPI ParserHeader(HPROTOCOL hProtocol, PPARSERHEADER pHeader)
{
	const struct parser *p = parser_of(hProtocol);

	if (!p || !p->header)
		return FALSE;
	*pHeader = *p->header;
	pHeader->hTable = *p->table;
	pHeader->FirstRow = p->fields[0].row;
	pHeader->nRows = p->header_rows;
	return TRUE;
}

/* ---- loading ------------------------------------------------------------------------------- */

BOOL WINAPI DllMain(HINSTANCE hInstance, ULONG Command, LPVOID Reserved)
{
	static unsigned attached;

	(void)hInstance;
	(void)Reserved;
	if (Command == DLL_PROCESS_ATTACH && attached++ == 0)
		for (unsigned i = 0; library[i]; i++) {
			ENTRYPOINTS ep = { do_register, do_deregister, library[i]->recognize,
				library[i]->attach, do_format };

			library[i]->handle =
			    CreateProtocol(L(library[i]->name), &ep, ENTRYPOINTS_SIZE);
		}
	if (Command == DLL_PROCESS_DETACH && --attached == 0)
		for (unsigned i = 0; library[i]; i++) {
			DestroyProtocol(library[i]->handle);
			library[i]->handle = NULL;
		}
	return TRUE;
}

/* ---- installing ----------------------------------------------------------------------------- */

static LPVOID zeroed(size_t n)
{
	return HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, n);
}

static PPF_FOLLOWSET follow_set(const char *names)
{
	PPF_FOLLOWSET s;
	DWORD n = 0;

	for (const char *c = names; c && *c; c++)
		n += *c != ' ' && (c == names || c[-1] == ' ');
	s = n ? zeroed(sizeof *s + n * sizeof *s->Entry) : NULL;
	for (const char *c = names; s && *c; c += strcspn(c, " "), c += strspn(c, " "))
		(void)snprintf(s->Entry[s->nEntries++].szProtocol, sizeof s->Entry->szProtocol,
		    "%.*s", (int)strcspn(c, " "), c);
	return s;
}

static PPF_HANDOFFSET handoff_set(const struct place *places, unsigned n)
{
	PPF_HANDOFFSET s = n ? zeroed(sizeof *s + n * sizeof *s->Entry) : NULL;

	for (unsigned i = 0; s && i < n; i++) {
		PPF_HANDOFFENTRY e = &s->Entry[s->nEntries++];

		(void)snprintf(e->szIniFile, sizeof e->szIniFile, "%s", places[i].ini);
		(void)snprintf(e->szIniSection, sizeof e->szIniSection, "%s", places[i].section);
		e->dwHandOffValue = places[i].value;
		e->ValueFormatBase = places[i].hex ? HANDOFF_VALUE_FORMAT_BASE_HEX
						   : HANDOFF_VALUE_FORMAT_BASE_DECIMAL;
	}
	return s;
}

PPF_PARSERDLLINFO WINAPI ParserAutoInstallInfo(void)
{
	PPF_PARSERDLLINFO info;
	unsigned n = 0;

	while (library[n])
		n++;
	info = zeroed(sizeof *info + n * sizeof *info->ParserInfo);
	for (unsigned i = 0; info && i < n; i++) {
		PPF_PARSERINFO p = &info->ParserInfo[info->nParsers++];

		(void)snprintf(p->szProtocolName, sizeof p->szProtocolName, "%s", library[i]->name);
		(void)snprintf(p->szComment, sizeof p->szComment, "%s", library[i]->comment);
		p->pWhoCanPrecedeMe = follow_set(library[i]->follows);
		p->pWhoHandsOffToMe = handoff_set(library[i]->places, library[i]->n_places);
	}
	return info;
}
