/* SPDX-License-Identifier: MIT */
/* report/json_write.h -- JSON from values that may be anything, one object a line.
 *
 * Owns:     its buffers. All zero but for `out` is valid.
 * Uses:     jansson, report/buf.h, report/out.h.
 * Threads:  belongs to one thread.
 * Trust:    text of any bytes becomes valid UTF-8 without controls; keys are ours.
 *
 * A line that can't be built whole is not written: `failed` is set, and nm_json_end() makes
 * ENOMEM of it.
 */
#ifndef NM_REPORT_JSON_WRITE_H
#define NM_REPORT_JSON_WRITE_H

#include "nmhost.h"
#include "report/buf.h"
#include "report/out.h"

#include <jansson.h>

struct nm_json {
	struct nm_out *out; /* borrowed */
	struct nm_buf text; /* the string being made fit for JSON */
	struct nm_buf line;
	int digits;  /* of the reals of the current line */
	bool failed; /* the line being built lacks something: out of memory */
};

/* An object to fill, and to write as a line; the second takes it. */
json_t *nm_json_begin(struct nm_json *j);
void nm_json_end(struct nm_json *j, json_t *root);
/* The same without its braces. */
void nm_json_end_members(struct nm_json *j, json_t *root);
void nm_json_done(struct nm_json *j);

/* Take `value`, NULL for one that could not be made. */
void nm_json_put(struct nm_json *j, json_t *obj, const char *key, json_t *value);
void nm_json_append(struct nm_json *j, json_t *array, json_t *value);

/* New and empty, in its parent; borrowed from there. */
json_t *nm_json_object_in(struct nm_json *j, json_t *parent, const char *key);
json_t *nm_json_list_in(struct nm_json *j, json_t *parent, const char *key);
json_t *nm_json_append_object(struct nm_json *j, json_t *list);

void nm_json_text(struct nm_json *j, json_t *obj, const char *key, const char *s);
void nm_json_text_known(
    struct nm_json *j, json_t *obj, const char *key, const char *s); /* "", NULL: left out */
void nm_json_int(struct nm_json *j, json_t *obj, const char *key, uint64_t n);
void nm_json_bool(struct nm_json *j, json_t *obj, const char *key, bool v);
void nm_json_iso_ns(struct nm_json *j, json_t *obj, const char *key, int64_t ns);

/* Values, for the caller to put somewhere. */
json_t *nm_json_string(struct nm_json *j, const char *s);
json_t *nm_json_made(struct nm_json *j); /* of what j->text holds, which is UTF-8 */
json_t *nm_json_real(struct nm_json *j, double d);

/* "columns" of an event, as docs/json.md has them. */
void nm_json_columns(struct nm_json *j, json_t *e, const struct nm_event *ev);

#endif
