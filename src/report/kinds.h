/* SPDX-License-Identifier: MIT */
/* report/kinds.h -- which kinds of event a run brought: an expert's, with one EventIdent.
 *
 * Owns:     its copies of names, about 10 MB at the most.
 * Threads:  belongs to one thread.
 * Trust:    names are what experts made of them.
 */
#ifndef NM_REPORT_KINDS_H
#define NM_REPORT_KINDS_H

#include "nmhost.h"

#define NM_KINDS_MAX        256u /* further kinds are not remembered */
#define NM_KINDS_COLUMNS    200u /* of one kind, likewise */
#define NM_KINDS_NAME_BYTES 200u /* a column or expert with a longer name is left out */

struct nm_kind_column {
	char *name;   /* owned */
	unsigned nth; /* how many of that name are before it in an event */
};

struct nm_kind {
	char *view;   /* owned: a name that no other kind has in any case of letters */
	char *expert; /* owned */
	char *title;  /* owned: of its first event, cut */
	uint32_t ident;
	uint64_t events;
	struct nm_kind_column *columns; /* owned */
	unsigned n_columns;
};

struct nm_kinds {
	struct nm_kind *list; /* owned */
	unsigned n, last;     /* last: the one found last */
};

/* Take note of an event of the expert with this file name. False: out of memory. */
bool nm_kinds_add(struct nm_kinds *k, const char *expert, const struct nm_event *ev);
/* It was remembered; then `last` is its number. */
bool nm_kinds_has(struct nm_kinds *k, const char *expert, uint32_t ident);
void nm_kinds_done(struct nm_kinds *k);

#endif
