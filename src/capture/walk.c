/* SPDX-License-Identifier: MIT */
/* What one reader has learnt of a file's sections and interfaces. */
#include "capture/capture_int.h"

/* Room for entry i of a table that doubles; NULL: out of memory. */
static void *room_for(void *table, uint32_t *room, uint32_t i, size_t entry)
{
	uint32_t n = *room ? *room * 2 : 16;
	void *p;

	if (i < *room)
		return table;
	p = nm_prim_realloc(table, n * entry);
	if (p)
		*room = n;
	return p;
}

void nm_walk_done(struct nm_walk *k)
{
	nm_prim_free(k->sections);
	nm_prim_free(k->links);
	*k = (struct nm_walk){ 0 };
}

bool nm_walk_put_section(struct nm_walk *k, uint32_t i, const struct nm_section *s)
{
	struct nm_section *p = room_for(k->sections, &k->room_sections, i, sizeof *p);

	if (!p)
		return false;
	k->sections = p;
	p[i] = *s;
	if (i >= k->n_sections)
		k->n_sections = i + 1;
	return true;
}

bool nm_walk_put_link(struct nm_walk *k, uint32_t i, const struct nm_link *l)
{
	struct nm_link *p = room_for(k->links, &k->room_links, i, sizeof *p);

	if (!p)
		return false;
	k->links = p;
	p[i] = *l;
	if (i >= k->n_links)
		k->n_links = i + 1;
	return true;
}
