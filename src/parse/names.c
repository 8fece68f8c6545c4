/* SPDX-License-Identifier: MIT */
/* Second names of properties, out of each shared object's ParserFieldNames. */
#include "base/nmerr.h"
#include "parse/parse_int.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static struct nm_field *all;         /* owned */
static struct nm_field *by_property; /* owned: the same in another order; NULL: no memory */
static char **texts;                 /* owned: what the names point into */
static size_t n_all, room, n_texts;

void nm_names_clear(void)
{
	for (size_t i = 0; i < n_texts; i++)
		free(texts[i]);
	free(texts);
	free(all);
	free(by_property);
	all = by_property = NULL;
	texts = NULL;
	n_all = room = n_texts = 0;
}

static char *keep(const char *name, size_t n)
{
	char **more = realloc(texts, (n_texts + 1) * sizeof *more);

	if (!more)
		return NULL;
	texts = more;
	texts[n_texts] = strndup(name, n);
	return texts[n_texts] ? texts[n_texts++] : NULL;
}

static void add(struct nm_field f, const char *name, size_t n)
{
	f.name = keep(name, n);
	if (f.name && n_all == room) {
		size_t more = room ? 2 * room : 512;
		struct nm_field *p = realloc(all, more * sizeof *p);

		if (!p)
			return;
		all = p;
		room = more;
	}
	f.order = (uint32_t)n_all;
	if (f.name)
		all[n_all++] = f;
}

static void add_row(const struct protocol *p, const PARSERFIELDNAME *row)
{
	uint32_t last = nm_last_error();
	struct nm_field f = {
		.protocol = p->info.ProtocolID, .mask = row->Mask, .type = (uint8_t)row->Type
	};

	if (row->Label) {
		f.property = nm_property_by_label(nm_handle_of(p), row->Label);
		nm_set_last_error(last);
		if (!f.property)
			return;
		if (!row->Type)
			f.type = nm_property_info(f.property)->DataType;
	}
	for (const char *c = row->Name; c && *c;) {
		size_t n = strcspn(c, " ");

		if (n)
			add(f, c, n);
		c += n;
		c += strspn(c, " ");
	}
}

static int by_name(const void *a, const void *b)
{
	const struct nm_field *x = a, *y = b;
	int c = strcasecmp(x->name, y->name);

	if (c)
		return c;
	if (x->protocol != y->protocol)
		return x->protocol < y->protocol ? -1 : 1;
	return x->property < y->property ? -1 : x->property > y->property;
}

static int by_owner(const void *a, const void *b)
{
	const struct nm_field *x = a, *y = b;

	if (x->protocol != y->protocol)
		return x->protocol < y->protocol ? -1 : 1;
	if (x->property != y->property)
		return x->property < y->property ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void sort(void)
{
	qsort(all, n_all, sizeof *all, by_name);
	by_property = malloc(n_all * sizeof *all);
	if (!by_property)
		return;
	memcpy(by_property, all, n_all * sizeof *all);
	qsort(by_property, n_all, sizeof *all, by_owner);
}

/* Of the rows from `first` on. */
static void add_fixed(const struct protocol *p, const PARSERFIXEDFIELD *x, size_t first)
{
	uint32_t last = nm_last_error();
	HPROPERTY h = x->Label ? nm_property_by_label(nm_handle_of(p), x->Label) : 0;

	nm_set_last_error(last);
	for (size_t i = first; h && i < n_all; i++) {
		if (all[i].property != h)
			continue;
		all[i].fixed_at = x->Offset;
		all[i].fixed_bytes = x->Length;
		all[i].fixed_flags = x->IFlags;
		all[i].within_instance = x->Flags & PARSERFIXED_WITHIN_INSTANCE;
	}
}

/* Rows, and what they point at, are the parser's. */
static void add_rows(void *protocol)
{
	struct protocol *p = protocol;
	PPARSERFIELDNAMESPROC names = nm_object_field_names(p->object);
	PPARSERFIXEDFIELDSPROC fixed = nm_object_fixed_fields(p->object);
	const PARSERFIELDNAME *rows = NULL;
	const PARSERFIXEDFIELD *places = NULL;
	size_t first = n_all;
	uint32_t n = 0;

	if (p->info.ProtocolID == NM_FRAME_PROTOCOL)
		rows = nm_frame_names(&n);
	else if (names)
		n = names(nm_handle_of(p), &rows);
	for (uint32_t i = 0; rows && i < n; i++)
		add_row(p, &rows[i]);
	n = fixed ? fixed(nm_handle_of(p), &places) : 0;
	for (uint32_t i = 0; places && i < n; i++)
		add_fixed(p, &places[i], first);
}

void nm_names_seal(void)
{
	for (uint32_t id = 1; id <= nm_n_protocols; id++)
		if (nm_protocols[id].alive)
			(void)nm_guard_call(
			    &nm_protocols[id], NM_ENTRY_NAMES, add_rows, &nm_protocols[id]);
	if (n_all)
		sort();
}

const struct nm_field *nm_fields(size_t *ret_n)
{
	*ret_n = n_all;
	return all;
}

const struct nm_field *nm_field_find(const char *name, size_t *ret_n)
{
	size_t low = 0, high = n_all, n = 0;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcasecmp(all[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	while (low + n < n_all && strcasecmp(all[low + n].name, name) == 0)
		n++;
	*ret_n = n;
	return n ? &all[low] : NULL;
}

HPROPERTY nm_property_by_name(HPROTOCOL h, const char *name)
{
	const struct protocol *p = nm_protocol_of(h);
	size_t n = 0;
	const struct nm_field *f = p && name ? nm_field_find(name, &n) : NULL;
	HPROPERTY found = 0;

	for (size_t i = 0; i < n; i++) {
		if (f[i].protocol != p->info.ProtocolID || !f[i].property)
			continue;
		if (f[i].mask || (found && found != f[i].property))
			return 0;
		found = f[i].property;
	}
	return found;
}

const struct nm_field *nm_fields_of(uint32_t protocol, HPROPERTY property, size_t *ret_n)
{
	const struct nm_field key = { .protocol = protocol, .property = property };
	size_t low = 0, high = by_property ? n_all : 0, end = high, n = 0;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (by_owner(&by_property[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	while (low + n < end && by_property[low + n].protocol == protocol &&
	       by_property[low + n].property == property)
		n++;
	*ret_n = n;
	return n ? &by_property[low] : NULL;
}
