/* SPDX-License-Identifier: MIT */
/* The values of fields that were asked for by name. */
#include "base/near.h"
#include "engine/show.h"

#include <stdio.h>
#include <strings.h>

/* Names for what no parser attaches. */
static const struct {
	const char *name;
	unsigned column;
} columns[] = {
	{ "frame.time_relative", NM_SHOW_CLOCK + NM_CLOCK_RELATIVE },
	{ "frame.time_delta", NM_SHOW_CLOCK + NM_CLOCK_DELTA },
	{ "frame.time_delta_displayed", NM_SHOW_CLOCK + NM_CLOCK_DELTA_SHOWN },
	{ "frame.time", NM_SHOW_CLOCK + NM_CLOCK_DATE },
	{ "frame.time_epoch", NM_SHOW_CLOCK + NM_CLOCK_EPOCH },
	{ "frame.protocols", NM_SHOW_PROTOCOLS },
	{ "_ws.col.number", NM_SHOW_NUMBER },
	{ "_ws.col.time", NM_SHOW_CLOCK + NM_CLOCK_RELATIVE },
	{ "_ws.col.def_src", NM_SHOW_SOURCE },
	{ "_ws.col.source", NM_SHOW_SOURCE },
	{ "_ws.col.def_dst", NM_SHOW_DESTINATION },
	{ "_ws.col.destination", NM_SHOW_DESTINATION },
	{ "_ws.col.protocol", NM_SHOW_PROTOCOL },
	{ "_ws.col.length", NM_SHOW_LENGTH },
	{ "_ws.col.packet_length", NM_SHOW_LENGTH },
	{ "_ws.col.info", NM_SHOW_INFO },
};

#define N_COLUMNS (sizeof columns / sizeof columns[0])

/* ---- names of ours: "TCP", "TCP.Source Port", "tcp.sourceport" ------------------------- */

static const PROPERTYINFO *property_like(const PROPERTYDATABASE *db, const char *name)
{
	for (uint32_t i = 0; db && i < db->nProperties; i++)
		if (db->PropertyInfo[i]->Label && nm_near_same(db->PropertyInfo[i]->Label, name))
			return db->PropertyInfo[i];
	return NULL;
}

static bool find_own(const struct nm_show *s, const char *name, struct nm_field *ret)
{
	const PROTOCOLTABLE *all = s->door->protocols_enabled();
	size_t n = strcspn(name, ".");

	for (uint32_t i = 0; all && i < all->nProtocols; i++) {
		const PROTOCOLINFO *p = s->door->protocol_info(all->hProtocol[i]);
		const char *own = (const char *)p->ProtocolName;
		const PROPERTYINFO *property;

		if (strncasecmp(own, name, n) != 0 || own[n])
			continue;
		*ret = (struct nm_field){ .name = name, .protocol = p->ProtocolID };
		if (!name[n])
			return true;
		property = property_like(p->PropertyDatabase, name + n + 1);
		if (!property)
			return false;
		ret->property = property->hProperty;
		ret->type = property->DataType;
		return true;
	}
	return false;
}

/* ---- looking up ---------------------------------------------------------------------------- */

static bool find_column(const char *name, unsigned *ret)
{
	for (size_t i = 0; i < N_COLUMNS; i++)
		if (strcasecmp(columns[i].name, name) == 0) {
			*ret = columns[i].column;
			return true;
		}
	return false;
}

static bool find(struct nm_show *s, struct nm_show_field *f, const char *name)
{
	f->rows = s->door->field_find(name, &f->n_rows);
	if (f->rows)
		return true;
	if (find_column(name, &f->column)) {
		s->needs_all |= f->column < NM_SHOW_PROTOCOLS && f->column != NM_SHOW_NUMBER;
		return true;
	}
	if (!find_own(s, name, &f->own))
		return false;
	f->rows = &f->own;
	f->n_rows = 1;
	return true;
}

/* False. */
static bool no_field(const struct nm_show *s, const char *name, struct nm_diag *d)
{
	char near[NM_DIAG_TEXT] = "";

	if (!s->door->field_suggest(name, near, sizeof near))
		(void)snprintf(near, sizeof near, "%s",
		    "; 'netmon protocols' lists the protocols, and 'netmon protocols NAME' their "
		    "fields");
	(void)nm_diag_set(d, NMERR_PROPERTY_NOT_FOUND, NM_NO_OFFSET,
	    "-e '%s': there is no such field%s", name, near);
	return false;
}

bool nm_show_find_fields(struct nm_show *s, struct nm_diag *d)
{
	for (unsigned i = 0; i < s->how->n_fields; i++) {
		struct nm_show_field *f = &s->fields[i];

		if (!find(s, f, s->how->fields[i])) {
			return no_field(s, s->how->fields[i], d);
		}
		for (size_t k = 0; k < f->n_rows; k++)
			nm_protocol_set_add(&s->needed, f->rows[k].protocol);
	}
	return true;
}

/* ---- showing --------------------------------------------------------------------------------- */

void nm_show_header(struct nm_show *s)
{
	if (s->how->format != NM_FRAMES_FIELDS || !s->how->header)
		return;
	for (unsigned i = 0; i < s->how->n_fields; i++) {
		if (i)
			nm_page_put(&s->page, &s->how->separator, 1);
		(void)nm_page_text(&s->page, s->how->fields[i], strlen(s->how->fields[i]));
	}
	nm_page_put(&s->page, "\n", 1);
}

/* One value of a field, in the order of the frame. */
struct hit {
	const PROPERTYINST *i; /* NULL: none */
	const struct nm_field *name;
};

static void put_hit(struct nm_show *s, const struct hit *h, bool more)
{
	if (more && s->how->aggregator)
		nm_page_put(&s->page, &s->how->aggregator, 1);
	nm_show_value(s, h->i, h->name, false);
}

/* Does the property have that name? A row without a property means the protocol, whose
 * first property is its summary. */
static bool is_hit(const struct nm_field *row, uint32_t protocol, const PROPERTYINST *i, bool first)
{
	return row->protocol == protocol &&
	       (row->property ? (HPROPERTY)i->lpPropertyInfo == row->property : first);
}

static void put_all(struct nm_show *s, const struct nm_shown *f, const struct nm_show_field *w)
{
	struct hit last = { .i = NULL };
	bool any = false;

	for (unsigned i = 0; i < f->protocols->nRecognizeDatas; i++) {
		uint32_t id = f->protocols->RecognizeData[i].ProtocolID;
		unsigned n;
		const PROPERTYINST *p = nm_show_instances(f, i, &n);

		for (unsigned k = 0; k < n; k++)
			for (size_t r = 0; r < w->n_rows; r++) {
				if (!is_hit(&w->rows[r], id, &p[k], k == 0))
					continue;
				last = (struct hit){ &p[k], &w->rows[r] };
				if (s->how->occurrence != 'l')
					put_hit(s, &last, any);
				if (s->how->occurrence == 'f')
					return;
				any = true;
			}
	}
	if (last.i && s->how->occurrence == 'l')
		put_hit(s, &last, false);
}

void nm_show_fields(struct nm_show *s, const struct nm_shown *f)
{
	for (unsigned i = 0; i < s->how->n_fields; i++) {
		if (i)
			nm_page_put(&s->page, &s->how->separator, 1);
		if (s->how->quote)
			nm_page_put(&s->page, &s->how->quote, 1);
		if (s->fields[i].rows)
			put_all(s, f, &s->fields[i]);
		else
			nm_show_column(s, f, s->fields[i].column, false);
		if (s->how->quote)
			nm_page_put(&s->page, &s->how->quote, 1);
	}
	nm_page_put(&s->page, "\n", 1);
}
