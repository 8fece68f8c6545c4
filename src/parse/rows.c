/* SPDX-License-Identifier: MIT */
/* Tables of properties, out of each shared object's ParserRows: checked once, when the
 * registry is sealed, and made into instances that only lack their place in a frame. Then a
 * header's fields are attached by copying them. */
#include "base/bytes.h"
#include "base/nmerr.h"
#include "parse/parse_int.h"

#include <stdlib.h>

struct row {
	PROPERTYINST instance; /* lpData: bytes from the header's first */
	uint32_t end;          /* bytes of the header that it needs */
	uint32_t most;         /* that any row of its protocol needs */
	uint32_t mask, factor; /* VALUE */
	uint8_t size, shift;   /* likewise */
	enum { PLAIN, VALUE, TO_END } kind : 8;
};

static struct {
	const struct row *list; /* in the store; row 1 is the first */
	uint32_t n;
} rows;

/* While they are collected. */
static struct {
	struct row *list; /* owned */
	uint32_t n, room;
} all;

/* False: it makes no sense. */
static bool make(const PARSERROW *from, struct row *r)
{
	bool number = from->Length == 1 || from->Length == 2 || from->Length == 4;

	if (!nm_property_is(from->hProperty) || from->Length == NM_EXTENDED ||
	    (from->Mask && !number))
		return false;
	*r = (struct row){ .kind = from->Length ? PLAIN : TO_END };
	r->instance = (PROPERTYINST){ .lpPropertyInfo = (PROPERTYINFO *)from->hProperty,
		.lpData = (LPVOID)(uintptr_t)from->Offset,
		.DataLength = from->Length,
		.Level = from->Level & NM_LEVEL_MAX,
		.IFlags = from->IFlags };
	r->end = (uint32_t)from->Offset + (from->Length ? from->Length : 1u);
	if (from->Mask) {
		r->kind = VALUE;
		r->instance.DataLength = NM_EXTENDED;
		r->mask = from->Mask;
		r->shift = (uint8_t)__builtin_ctz(from->Mask);
		r->factor = from->Factor ? from->Factor : 1;
		r->size = (uint8_t)from->Length;
	}
	return true;
}

static bool has_room(uint32_t n)
{
	uint32_t room = 2 * (all.n + n);
	struct row *p;

	if (all.n + n <= all.room)
		return true;
	p = realloc(all.list, room * sizeof *p);
	if (!p)
		return false;
	all.list = p;
	all.room = room;
	return true;
}

static const PARSERROWCALLS calls = { nm_attach_rows, nm_attach_row };

static void take_rows(void *protocol)
{
	struct protocol *p = protocol;
	PPARSERROWSPROC proc = nm_object_rows(p->object);
	const PARSERROW *from = NULL;
	uint32_t most = 0, n = proc ? proc(nm_handle_of(p), all.n + 1, &calls, &from) : 0;

	if (!from || n > NM_INSTANCES_MAX || !has_room(n))
		return;
	for (uint32_t i = 0; i < n; i++) {
		if (!make(&from[i], &all.list[all.n + i]))
			return;
		if (all.list[all.n + i].end > most)
			most = all.list[all.n + i].end;
	}
	for (uint32_t end = all.n + n; all.n < end; all.n++)
		all.list[all.n].most = most;
}

void nm_rows_seal(void)
{
	struct row *list;

	for (uint32_t id = 1; id <= nm_n_protocols; id++)
		if (nm_protocols[id].alive)
			(void)nm_guard_call(
			    &nm_protocols[id], NM_ENTRY_NAMES, take_rows, &nm_protocols[id]);
	list = all.n ? nm_store_alloc(all.n * sizeof *list) : NULL;
	if (list) {
		memcpy(list, all.list, all.n * sizeof *list);
		rows.list = list;
		rows.n = all.n;
	}
	free(all.list);
	memset(&all, 0, sizeof all);
}

void nm_rows_clear(void)
{
	memset(&rows, 0, sizeof rows);
}

/* ---- attaching ------------------------------------------------------------------------- */

static inline uint32_t number(const uint8_t *p, unsigned size)
{
	return size == 1 ? *p : size == 2 ? nm_be16(p) : nm_be32(p);
}

static inline void put_value(struct nm_parse *p, PROPERTYINST *i, const struct row *r)
{
	uint8_t *at = i->lpByte;
	PROPERTYINSTEX *ex = nm_next_value(p, NM_EX_LEAST);
	uint32_t v = ((number(at, r->size) & r->mask) >> r->shift) * r->factor;

	ex->Length = r->size;
	ex->LengthEx = r->size;
	ex->lpData = at;
	memcpy(ex->Byte, &v, sizeof v);
	i->lpPropertyInstEx = ex;
}

static bool all_lie_in(const struct row *r, uint32_t n, uint32_t left)
{
	for (uint32_t i = 0; i < n && left < r->most; i++)
		if (r[i].end > left)
			return false;
	return true;
}

/* A number may be another's, whose property it is then that is attached, as by a handle. */
WINBOOL WINAPI nm_attach_rows(HFRAME h, DWORD row, DWORD n, ULPVOID data, DWORD left)
{
	struct nm_parse *p = nm_attaching;
	size_t at = (size_t)((const uint8_t *)data - p->data);
	const struct row *r;
	PROPERTYINST *i;

	if (p->frame != h || row - 1 >= rows.n || n > rows.n - (row - 1) ||
	    p->n_instances + n > p->room || at > p->clip || left > p->clip - at ||
	    n * (size_t)NM_EX_LEAST > EX_BYTES - p->ex_used ||
	    !all_lie_in(&rows.list[row - 1], n, left))
		return FALSE;
	r = &rows.list[row - 1];
	i = &p->instances[p->n_instances];
	for (const struct row *end = r + n; r < end; r++, i++) {
		*i = r->instance;
		i->lpByte = (uint8_t *)data + (uintptr_t)r->instance.lpData;
		if (r->kind == VALUE)
			put_value(p, i, r);
		else if (r->kind == TO_END)
			i->DataLength = (WORD)(left - (uintptr_t)r->instance.lpData);
	}
	p->n_instances += n;
	return TRUE;
}

static __attribute__((noinline)) WINBOOL attach_row_slowly(
    HFRAME h, DWORD row, ULPVOID data, DWORD length, DWORD flags)
{
	const PROPERTYINST *i;

	if (row - 1 >= rows.n) {
		nm_set_last_error(NMERR_INVALID_PARAMETER);
		return FALSE;
	}
	i = &rows.list[row - 1].instance;
	return nm_attach(
	    h, (HPROPERTY)i->lpPropertyInfo, length, data, 0, i->Level, i->IFlags | flags);
}

WINBOOL WINAPI nm_attach_row(HFRAME h, DWORD row, ULPVOID data, DWORD length, DWORD flags)
{
	struct nm_parse *p = nm_attaching;
	size_t at = (size_t)((const uint8_t *)data - p->data);
	const struct row *r;
	PROPERTYINST *i;
	uint64_t tail; /* DataLength to IFlags, as nm_next_instance puts them together */

	if (p->frame != h || row - 1 >= rows.n || p->n_instances >= p->room || at > p->clip ||
	    length > p->clip - at)
		return attach_row_slowly(h, row, data, length, flags);
	r = &rows.list[row - 1];
	i = &p->instances[p->n_instances];
	memcpy(&tail, &r->instance.DataLength, sizeof tail);
	tail = (tail & ~UINT64_C(0xFFFF)) | length | (uint64_t)flags << 32;
	i->lpPropertyInfo = r->instance.lpPropertyInfo;
	i->szPropertyText = NULL;
	i->lpData = data;
	memcpy(&i->DataLength, &tail, sizeof tail);
	p->n_instances++;
	return TRUE;
}
