/* SPDX-License-Identifier: MIT */
/* Hand-off tables: a number in a header -> the protocol behind it. */
#include "base/nmerr.h"
#include "parse/parse_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TABLE_MOST 65536u
#define IDS_MOST   65536u

/* The public head, entries sorted by number, and a hash of them. Where numbers are small they
 * are an index too: parsers ask once or twice for each frame. */
struct table {
	HANDOFFTABLE head;
	struct table *next; /* of those made before sealing */
	uint16_t *ids; /* of protocols, by number, n_ids of them; NULL: numbers are too great */
	uint32_t n_ids;
	uint32_t mask;
	uint32_t *slots; /* index of an entry + 1; 0: free */
	HANDOFFENTRY entries[];
};

static struct table *made; /* before sealing; in the store */

/* A table that is made while parsers are loaded can't be changed afterwards. */
static void *take_memory(size_t n)
{
	return nm_parsers_sealed() ? calloc(1, n) : nm_store_alloc(n);
}

static void give_back(void *p)
{
	if (!nm_store_has(p))
		free(p);
}

/* "C:\\x\\TCPIP.INI" or "tcpip" -> "tcpip", as settings are kept. False: too long. */
static bool base_of(const char *ini, char *buf, size_t size)
{
	const char *from = ini;

	for (const char *c = ini; *c; c++)
		if (*c == '/' || *c == '\\')
			from = c + 1;
	if (!*from || strlen(from) >= size)
		return false;
	(void)snprintf(buf, size, "%s", from);
	buf[strcspn(buf, ".")] = '\0';
	return true;
}

struct filling {
	struct table *t;
	uint32_t room, base;
};

/* "FTP, 1000" -> a protocol and its instance value. False: nobody's. */
static bool target(const char *value, uint32_t base, HPROTOCOL *ret, DWORD *ret_inst)
{
	size_t n = strcspn(value, ", \t");
	uint32_t last = nm_last_error();
	char name[MAX_PROTOCOL_NAME];

	if (n == 0 || n >= sizeof name)
		return false;
	memcpy(name, value, n);
	name[n] = '\0';
	*ret = nm_protocol_by_name(name);
	nm_set_last_error(last);
	value += n;
	value += strspn(value, ", \t");
	*ret_inst = (DWORD)strtoull(value, NULL, (int)base);
	return *ret != NULL;
}

static bool take(void *arg, const char *key, const char *value)
{
	struct filling *f = arg;
	char *end;
	unsigned long long n = strtoull(key, &end, (int)f->base);
	HANDOFFENTRY e = { .hoe_sig = HOE_SIGNATURE, .hoe_ProtIdentNumber = (DWORD)n };

	if (end == key || *end || n > UINT32_MAX ||
	    !target(value, f->base, &e.hoe_ProtocolHandle, &e.hoe_ProtocolData))
		return true;
	for (DWORD i = 0; i < f->t->head.hot_NumEntries; i++)
		if (f->t->entries[i].hoe_ProtIdentNumber == e.hoe_ProtIdentNumber)
			return true;
	f->t->entries[f->t->head.hot_NumEntries++] = e;
	return f->t->head.hot_NumEntries < f->room;
}

static int by_number(const void *a, const void *b)
{
	const HANDOFFENTRY *x = a, *y = b;

	return x->hoe_ProtIdentNumber < y->hoe_ProtIdentNumber
		   ? -1
		   : x->hoe_ProtIdentNumber > y->hoe_ProtIdentNumber;
}

static uint32_t slot_of(uint32_t item)
{
	return item * UINT32_C(0x9e3779b1) >> 7;
}

static bool make_slots(struct table *t)
{
	uint32_t size = 8;

	while (size < 4 * t->head.hot_NumEntries)
		size *= 2;
	t->slots = take_memory(size * sizeof *t->slots);
	t->mask = size - 1;
	for (uint32_t i = 0; t->slots && i < t->head.hot_NumEntries; i++) {
		uint32_t s = slot_of(t->entries[i].hoe_ProtIdentNumber) & t->mask;

		while (t->slots[s])
			s = (s + 1) & t->mask;
		t->slots[s] = i + 1;
	}
	return t->slots != NULL;
}

/* Without it the hash does. */
static void make_ids(struct table *t)
{
	uint32_t n = t->head.hot_NumEntries;
	uint32_t highest = t->entries[n - 1].hoe_ProtIdentNumber;

	t->ids = highest < IDS_MOST ? take_memory((highest + 1) * sizeof *t->ids) : NULL;
	t->n_ids = t->ids ? highest + 1 : 0;
	for (uint32_t i = 0; t->ids && i < n; i++)
		t->ids[t->entries[i].hoe_ProtIdentNumber] =
		    (uint16_t)nm_protocol_id(t->entries[i].hoe_ProtocolHandle);
}

static bool count_one(void *arg, const char *key, const char *value)
{
	(void)key;
	(void)value;
	++*(uint32_t *)arg;
	return true;
}

static uint32_t no_table(uint32_t err)
{
	nm_set_last_error(err);
	return 0;
}

uint32_t nm_handoff_create(
    const char *section, const char *ini, uint32_t most, uint32_t base, HANDOFFTABLE **ret)
{
	struct filling f = { .base = base };
	uint32_t lines = 0;
	char file[MAX_PATH];

	*ret = NULL;
	if ((base != 10 && base != 16) || !base_of(ini, file, sizeof file))
		return no_table(NMERR_INVALID_PARAMETER);
	nm_settings_each(file, section, count_one, &lines);
	f.room = lines < most ? lines : most;
	if (f.room > TABLE_MOST)
		f.room = TABLE_MOST;
	if (f.room == 0)
		return no_table(NMERR_FILE_NOT_FOUND);
	f.t = take_memory(sizeof *f.t + f.room * sizeof *f.t->entries);
	if (!f.t)
		return no_table(NMERR_OUT_OF_MEMORY);
	nm_settings_each(file, section, take, &f);
	f.t->head.hot_sig = HOT_SIGNATURE;
	f.t->head.hot_Entries = f.t->entries;
	qsort(f.t->entries, f.t->head.hot_NumEntries, sizeof *f.t->entries, by_number);
	if (f.t->head.hot_NumEntries == 0 || !make_slots(f.t)) {
		uint32_t err =
		    f.t->head.hot_NumEntries ? NMERR_OUT_OF_MEMORY : NMERR_FILE_NOT_FOUND;

		give_back(f.t);
		return no_table(err);
	}
	make_ids(f.t);
	if (!nm_parsers_sealed()) {
		f.t->next = made;
		made = f.t;
	}
	*ret = &f.t->head;
	return f.t->head.hot_NumEntries;
}

const uint16_t *nm_handoff_ids(const HANDOFFTABLE *h, uint32_t *ret_n)
{
	for (const struct table *t = made; t; t = t->next)
		if (&t->head == h && h->hot_sig == HOT_SIGNATURE) {
			*ret_n = t->n_ids;
			return t->ids;
		}
	return NULL;
}

void nm_handoffs_clear(void)
{
	made = NULL;
}

HPROTOCOL nm_handoff_find(const HANDOFFTABLE *h, uint32_t item, DWORD_PTR *ret_inst)
{
	const struct table *t = (const struct table *)(const void *)h;

	if (!h || (uintptr_t)h % _Alignof(struct table) || h->hot_sig != HOT_SIGNATURE)
		return NULL;
	if (t->ids && !ret_inst)
		return item < t->n_ids ? nm_protocol_from_id(t->ids[item]) : NULL;
	for (uint32_t s = slot_of(item) & t->mask; t->slots[s]; s = (s + 1) & t->mask) {
		const HANDOFFENTRY *e = &t->entries[t->slots[s] - 1];

		if (e->hoe_ProtIdentNumber == item) {
			if (ret_inst)
				*ret_inst = e->hoe_ProtocolData;
			return e->hoe_ProtocolHandle;
		}
	}
	return NULL;
}

void nm_handoff_destroy(HANDOFFTABLE *h)
{
	struct table *t = (struct table *)(void *)h;

	if (!h || h->hot_sig != HOT_SIGNATURE)
		return;
	if (!nm_parsers_sealed() || !nm_store_has(h))
		h->hot_sig = 0;
	give_back(t->slots);
	give_back(t->ids);
	give_back(t);
}

bool nm_ini_value(const char *ini, const char *section, const char *key, char *buf, size_t size)
{
	char file[MAX_PATH];
	const char *value =
	    base_of(ini, file, sizeof file) ? nm_setting_get(file, section, key) : NULL;

	if (value)
		(void)snprintf(buf, size, "%s", value);
	return value != NULL;
}
