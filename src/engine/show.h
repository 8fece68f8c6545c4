/* SPDX-License-Identifier: MIT */
/* engine/show.h -- frames as people and programs read them.
 *
 * A *column* is what a line has of each frame: number, time, source, destination,
 * protocol, length, info. A *field* is a property by one of its names. The *innermost*
 * protocol is the last one that was found, unless an ICMP message quotes what stands
 * behind it.
 *
 * Owns:     widths of columns, what fields mean, room for texts.
 * Uses:     page.h, libnmapi through its door.
 * Threads:  one.
 * Trust:    properties and their texts are foreign; all goes through page.h.
 */
#ifndef NM_ENGINE_SHOW_H
#define NM_ENGINE_SHOW_H

#include "engine/engine.h"
#include "engine/page.h"

#define NM_SHOW_TEXT                                                                               \
	(128u << 10) /* bytes of a property's text with its NUL: FormatStringSize is a WORD */

/* A frame that was attached. Borrowed until the next one is set. */
struct nm_shown {
	uint32_t number;         /* from 0 */
	int64_t ns;              /* since 1970; NM_NO_TIME: none */
	int64_t before_ns;       /* of the frame before; NM_NO_TIME: none */
	int64_t shown_before_ns; /* of the frame shown before */
	const uint8_t *data;
	uint32_t wire, stored; /* bytes */
	uint32_t link_type;
	unsigned innermost; /* number of that protocol in the table */
	const RECOGNIZEDATATABLE *protocols;
	const PROPERTYTABLE *properties;
};

/* What a column or a pseudo-field shows; see show_line.c. */
enum nm_column_kind {
	NM_SHOW_NUMBER,
	NM_SHOW_SOURCE,
	NM_SHOW_DESTINATION,
	NM_SHOW_PROTOCOL,
	NM_SHOW_LENGTH,
	NM_SHOW_INFO,
	NM_SHOW_PROTOCOLS, /* all of them: "eth:ip:tcp" */
	NM_SHOW_CLOCK,     /* and with an enum nm_frames_clock added, the time by it */
};

struct nm_show_field {
	const struct nm_field *rows; /* all that its name means, in any order; NULL: a column */
	size_t n_rows;
	struct nm_field own; /* a row that no parser gave: of a name of ours */
	unsigned column;     /* enum nm_column_kind */
};

struct nm_show {
	const struct nm_door *door;
	const struct nm_frames_options *how;
	struct nm_page page;
	struct nm_parse *parse; /* owned */
	HFILTER filter;         /* the user's; NULL: none */
	int64_t first_ns;       /* of the capture's first frame; NM_NO_TIME: none */
	bool fine;              /* times have nine digits, not six */
	unsigned number_width, time_width, source_width, destination_width, protocol_width;
	/* of each protocol: its addresses, and whether what follows it is only quoted */
	struct nm_show_role {
		HPROPERTY source, destination; /* 0: it has none */
		bool quotes;
		const char *name, *second; /* "TCP", "tcp": the same when it has but one */
	} roles[NM_PROTOCOLS_MAX + 1];
	struct nm_show_field fields[NM_FIELDS_MAX];
	struct nm_protocol_set needed; /* protocols that have to be attached, unless all do */
	bool needs_all;
	char text[NM_SHOW_TEXT];
};

/* door, how and page are set. False and a sentence: out of memory, or a name that is none. */
bool nm_show_init(struct nm_show *s, struct nm_diag *ret_diag);
void nm_show_done(struct nm_show *s);

/* Set and attach; ret->ns and the like are the caller's. False: it does not pass the user's
 * filter. */
bool nm_show_attach(struct nm_show *s, HFRAME h, const struct nm_frame *f, struct nm_shown *ret);

/* ---- show_line.c ---- */

void nm_show_line(struct nm_show *s, const struct nm_shown *f);
/* A column's text, of no fixed width; as JSON strings are, with `json`. */
void nm_show_column(struct nm_show *s, const struct nm_shown *f, unsigned column, bool json);
bool nm_show_is_malformed(const struct nm_shown *f);
void nm_show_clock(struct nm_show *s, const struct nm_shown *f, enum nm_frames_clock clock);
void nm_show_iso_time(struct nm_show *s, int64_t ns); /* "2004-05-13T10:17:07.311224Z" */

/* ---- show_tree.c ---- */

void nm_show_tree(struct nm_show *s, const struct nm_shown *f);
void nm_show_bytes(struct nm_show *s, const struct nm_shown *f);

/* ---- show_value.c ---- */

/* The properties of the i-th protocol: *ret_n of them. */
const PROPERTYINST *nm_show_instances(const struct nm_shown *f, unsigned i, unsigned *ret_n);
/* The instance's text, in s->text. */
const char *nm_show_text(struct nm_show *s, const PROPERTYINST *i);
#define NM_SHOW_ADDRESS 64
/* The text of an address, without a NUL; 0: i is none, or NULL. */
size_t nm_show_address(const struct nm_show *s, const PROPERTYINST *i, char out[NM_SHOW_ADDRESS]);
/* The value, or what one of the property's names means of it (NULL: none in particular): as another
 * type, or some bits of a number, shifted down; as JSON with `json`. */
void nm_show_value(
    struct nm_show *s, const PROPERTYINST *i, const struct nm_field *name, bool json);

/* ---- show_fields.c ---- */

/* Look all names up. False and a sentence: one is none. */
bool nm_show_find_fields(struct nm_show *s, struct nm_diag *ret_diag);
void nm_show_header(struct nm_show *s); /* their names, where that was asked for */
void nm_show_fields(struct nm_show *s, const struct nm_shown *f);

/* ---- show_json.c ---- */

void nm_show_json(struct nm_show *s, const struct nm_shown *f);

#endif
