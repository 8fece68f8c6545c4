/* SPDX-License-Identifier: MIT */
/* Which kinds of event a run brought. */
#include "report/kinds.h"

#include "report/buf.h"
#include "report/value.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_kind(const struct nm_kind *k, const char *expert, uint32_t ident)
{
	return k->ident == ident && strcmp(k->expert, expert) == 0;
}

static struct nm_kind *find(struct nm_kinds *k, const char *expert, uint32_t ident)
{
	if (k->n && is_kind(&k->list[k->last], expert, ident))
		return &k->list[k->last];
	for (unsigned i = 0; i < k->n; i++)
		if (is_kind(&k->list[i], expert, ident)) {
			k->last = i;
			return &k->list[i];
		}
	return NULL;
}

static bool is_taken(const struct nm_kinds *k, const char *view)
{
	for (unsigned i = 0; i < k->n; i++)
		if (strcasecmp(k->list[i].view, view) == 0)
			return true;
	return false;
}

/* "event_tcpipe_3"; the caller owns it. NULL: no memory. */
static char *view_name(const struct nm_kinds *k, const char *expert, uint32_t ident)
{
	struct nm_buf b = { 0 };

	nm_buf_puts(&b, "event_");
	nm_buf_clean(&b, expert, NM_LINES_ESCAPE);
	nm_buf_printf(&b, "_%u", (unsigned)ident);
	while (!b.failed && is_taken(k, b.data))
		nm_buf_puts(&b, "_");
	if (!b.failed)
		return b.data;
	nm_buf_done(&b);
	return NULL;
}

static void drop(struct nm_kind *x)
{
	for (unsigned c = 0; c < x->n_columns; c++)
		free(x->columns[c].name);
	free(x->columns);
	free(x->view);
	free(x->expert);
	free(x->title);
}

/* NULL: no memory. */
static struct nm_kind *add(struct nm_kinds *k, const char *expert, const struct nm_event *ev)
{
	struct nm_kind x = { .ident = ev->ident };

	if (!k->list)
		k->list = calloc(NM_KINDS_MAX, sizeof *k->list);
	if (!k->list)
		return NULL;
	x.view = view_name(k, expert, ev->ident);
	x.expert = strdup(expert);
	x.title = strndup(ev->name, NM_KINDS_NAME_BYTES);
	x.columns = calloc(NM_KINDS_COLUMNS, sizeof *x.columns);
	if (!x.view || !x.expert || !x.title || !x.columns) {
		drop(&x);
		return NULL;
	}
	k->list[k->n] = x;
	k->last = k->n++;
	return &k->list[k->last];
}

/* False: no memory. */
static bool add_column(struct nm_kind *k, const char *name, unsigned nth)
{
	for (unsigned i = 0; i < k->n_columns; i++)
		if (k->columns[i].nth == nth && strcmp(k->columns[i].name, name) == 0)
			return true;
	if (k->n_columns == NM_KINDS_COLUMNS)
		return true;
	k->columns[k->n_columns] = (struct nm_kind_column){ strdup(name), nth };
	if (!k->columns[k->n_columns].name)
		return false;
	k->n_columns++;
	return true;
}

/* The same column at the same place as in the events before is the usual case. */
static bool is_known(const struct nm_kind *k, uint32_t i, const char *name)
{
	return i < k->n_columns && k->columns[i].nth == 0 && strcmp(k->columns[i].name, name) == 0;
}

bool nm_kinds_add(struct nm_kinds *k, const char *expert, const struct nm_event *ev)
{
	struct nm_kind *x = find(k, expert, ev->ident);

	if (!x && (k->n == NM_KINDS_MAX || strlen(expert) > NM_KINDS_NAME_BYTES))
		return true;
	if (!x)
		x = add(k, expert, ev);
	if (!x)
		return false;
	x->events++;
	for (uint32_t i = 0; i < ev->n_columns; i++) {
		const char *name = ev->columns[i].name;

		if (is_known(x, i, name) && nm_column_nth(ev, i) == 0)
			continue;
		if (strlen(name) <= NM_KINDS_NAME_BYTES &&
		    !add_column(x, name, nm_column_nth(ev, i)))
			return false;
	}
	return true;
}

bool nm_kinds_has(struct nm_kinds *k, const char *expert, uint32_t ident)
{
	return find(k, expert, ident) != NULL;
}

void nm_kinds_done(struct nm_kinds *k)
{
	for (unsigned i = 0; i < k->n; i++)
		drop(&k->list[i]);
	free(k->list);
	*k = (struct nm_kinds){ 0 };
}
