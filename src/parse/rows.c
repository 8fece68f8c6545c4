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
	uint32_t upto;         /* that any row needs from its protocol's first to it */
	uint32_t begin;        /* number of that first one, from 0 */
	uint32_t protocol;     /* id */
	uint32_t mask, factor; /* VALUE */
	uint8_t size, shift;   /* likewise */
	enum { PLAIN, VALUE, TO_END } kind : 8;
};

/* In the store; row 1 is the first. The instances stand close together, to be copied. */
static struct {
	const PROPERTYINST *instances;
	const struct row *list;
	const uint32_t *special; /* for each, and one more: the next one that is not PLAIN */
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
	uint32_t upto = 0, n = proc ? proc(nm_handle_of(p), all.n + 1, &calls, &from) : 0;

	if (!from || n > NM_INSTANCES_MAX || !has_room(n))
		return;
	for (uint32_t i = 0; i < n; i++) {
		struct row *r = &all.list[all.n + i];

		if (!make(&from[i], r))
			return;
		upto = r->end > upto ? r->end : upto;
		r->upto = upto;
		r->begin = all.n;
		r->protocol = p->info.ProtocolID;
	}
	all.n += n;
}

static void keep(void)
{
	struct row *list = all.n ? nm_store_alloc(all.n * sizeof *list) : NULL;
	PROPERTYINST *instances = list ? nm_store_alloc(all.n * sizeof *instances) : NULL;
	uint32_t *special = instances ? nm_store_alloc((all.n + 1) * sizeof *special) : NULL;

	if (!special)
		return;
	memcpy(list, all.list, all.n * sizeof *list);
	special[all.n] = UINT32_MAX;
	for (uint32_t i = all.n; i-- > 0;) {
		instances[i] = list[i].instance;
		special[i] = list[i].kind == PLAIN ? special[i + 1] : i;
	}
	rows.instances = instances;
	rows.list = list;
	rows.special = special;
	rows.n = all.n;
}

void nm_rows_seal(void)
{
	for (uint32_t id = 1; id <= nm_n_protocols; id++)
		if (nm_protocols[id].alive)
			(void)nm_guard_call(
			    &nm_protocols[id], NM_ENTRY_NAMES, take_rows, &nm_protocols[id]);
	keep();
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

/* What is not only bytes at a place: a value of its own, or all that is left. */
static inline void finish(
    struct nm_parse *p, PROPERTYINST *i, const struct row *r, const uint8_t *data, uint32_t left)
{
	uint8_t *at = i->lpByte;
	PROPERTYINSTEX *ex;
	uint32_t v;

	if (r->kind == TO_END) {
		i->DataLength = (WORD)(left - (uint32_t)(at - data));
		return;
	}
	ex = nm_next_value(p, NM_EX_LEAST);
	v = ((number(at, r->size) & r->mask) >> r->shift) * r->factor;
	ex->Length = r->size;
	ex->LengthEx = r->size;
	ex->lpData = at;
	memcpy(ex->Byte, &v, sizeof v);
	i->lpPropertyInstEx = ex;
}

/* Does each of rows first to last (there is one) lie in so many bytes? */
static inline bool all_lie_in(uint32_t first, uint32_t last, uint32_t left)
{
	const struct row *r = &rows.list[last];

	if (r->upto <= left && r->begin <= first)
		return true;
	for (uint32_t i = first; i <= last; i++)
		if (rows.list[i].end > left)
			return false;
	return true;
}

#if UINTPTR_MAX == UINT32_MAX
static inline void put_at_their_places(
    PROPERTYINST *to, const PROPERTYINST *from, uint32_t n, const uint8_t *data)
{
	for (const PROPERTYINST *end = from + n; from < end; from++, to++) {
		*to = *from;
		to->lpData = (ULPVOID)((uintptr_t)from->lpData + (uintptr_t)data);
	}
}
#else
_Static_assert(
    sizeof(PROPERTYINST) == 32 && offsetof(PROPERTYINST, lpData) == 16, "as instances are copied");

typedef uint64_t two __attribute__((vector_size(16)));

static inline void put_at_their_places(
    PROPERTYINST *to, const PROPERTYINST *from, uint32_t n, const uint8_t *data)
{
	const two place = { (uintptr_t)data, 0 };
	two a, b;

	for (const PROPERTYINST *end = from + n; from < end; from++, to++) {
		memcpy(&a, from, sizeof a);
		memcpy(&b, &from->lpData, sizeof b);
		b += place;
		memcpy(to, &a, sizeof a);
		memcpy(&to->lpData, &b, sizeof b);
	}
}
#endif

static inline void put(
    struct nm_parse *p, uint32_t first, uint32_t n, const uint8_t *data, uint32_t left)
{
	PROPERTYINST *i = &p->instances[p->n_instances];

	put_at_their_places(i, &rows.instances[first], n, data);
	for (uint32_t k = rows.special[first]; k < first + n; k = rows.special[k + 1])
		finish(p, &i[k - first], &rows.list[k], data, left);
	p->n_instances += n;
}

/* A number may be another's, whose property it is then that is attached, as by a handle. */
WINBOOL WINAPI nm_attach_rows(HFRAME h, DWORD row, DWORD n, ULPVOID data, DWORD left)
{
	struct nm_parse *p = nm_attaching;
	size_t at = (size_t)((const uint8_t *)data - p->data);
	uint32_t first = row - 1;

	if (p->frame != h || first >= rows.n || n - 1 >= rows.n - first ||
	    p->n_instances + n > p->room || at > p->clip || left > p->clip - at ||
	    n * (size_t)NM_EX_LEAST > EX_BYTES - p->ex_used ||
	    !all_lie_in(first, first + n - 1, left))
		return FALSE;
	put(p, first, n, data, left);
	return TRUE;
}

bool nm_rows_fit(const struct protocol *p, uint32_t row, uint32_t n, uint32_t bytes)
{
	uint32_t first = row - 1;

	if (first >= rows.n || n - 1 >= rows.n - first ||
	    rows.list[first].protocol != p->info.ProtocolID ||
	    rows.list[first + n - 1].protocol != p->info.ProtocolID)
		return false;
	return all_lie_in(first, first + n - 1, bytes);
}

bool nm_put_rows(struct nm_parse *p, uint32_t row, uint32_t n, const uint8_t *data, uint32_t left)
{
	if (p->n_instances + n > p->room || left > p->clip - (size_t)(data - p->data) ||
	    n * (size_t)NM_EX_LEAST > EX_BYTES - p->ex_used)
		return false;
	put(p, row - 1, n, data, left);
	return true;
}

static __attribute__((noinline)) WINBOOL attach_row_slowly(
    HFRAME h, DWORD row, ULPVOID data, DWORD length, DWORD flags)
{
	const PROPERTYINST *i;

	if (row - 1 >= rows.n) {
		nm_set_last_error(NMERR_INVALID_PARAMETER);
		return FALSE;
	}
	i = &rows.instances[row - 1];
	return nm_attach(
	    h, (HPROPERTY)i->lpPropertyInfo, length, data, 0, i->Level, i->IFlags | flags);
}

WINBOOL WINAPI nm_attach_row(HFRAME h, DWORD row, ULPVOID data, DWORD length, DWORD flags)
{
	struct nm_parse *p = nm_attaching;
	size_t at = (size_t)((const uint8_t *)data - p->data);
	const PROPERTYINST *r;
	PROPERTYINST *i;
	uint64_t tail; /* DataLength to IFlags, as nm_next_instance puts them together */

	if (p->frame != h || row - 1 >= rows.n || p->n_instances >= p->room || at > p->clip ||
	    length > p->clip - at)
		return attach_row_slowly(h, row, data, length, flags);
	r = &rows.instances[row - 1];
	i = &p->instances[p->n_instances];
	memcpy(&tail, &r->DataLength, sizeof tail);
	tail = (tail & ~UINT64_C(0xFFFF)) | length | (uint64_t)flags << 32;
	i->lpPropertyInfo = r->lpPropertyInfo;
	i->szPropertyText = NULL;
	i->lpData = data;
	memcpy(&i->DataLength, &tail, sizeof tail);
	p->n_instances++;
	return TRUE;
}
