/* SPDX-License-Identifier: MIT */
/* report/db.h -- a SQLite database that is made in one go, and then handed on as bytes.
 *
 * Owns:     the database, in a file that nobody else can name. On Windows it has a name until it is
 *           closed, and whoever ends the process leaves it there.
 * Uses:     SQLite, report/scratch.h.
 * Threads:  belongs to one thread.
 * Trust:    values are bound, never part of a statement; names that are part of one go
 *           through nm_db_name().
 *
 * All statements are one transaction. The first trouble goes to `out` as an errno value, and
 * everything after it does nothing; nor does anything with a statement that is NULL.
 */
#ifndef NM_REPORT_DB_H
#define NM_REPORT_DB_H

#include "report/buf.h"
#include "report/scratch.h"

#include <sqlite3.h>

struct nm_db {
	struct nm_out *out; /* borrowed */
	struct nm_scratch file;
	char name[4096]; /* of the file; "" once it has none */
	sqlite3 *db;
};

/* An empty database in which `schema`, statements of ours, has been run. 0 or an errno value,
 * below 0 as nm_report_format.start has it; nm_db_close() is right either way. */
int nm_db_open(struct nm_db *d, struct nm_out *out, const char *schema);
void nm_db_close(struct nm_db *d);

void nm_db_exec(struct nm_db *d, const char *sql);

/* A statement to run more than once; owned by the caller, for sqlite3_finalize(). NULL: no. */
sqlite3_stmt *nm_db_prepare(struct nm_db *d, const char *sql);

/* The i-th value of a statement, from 1. Text that is no UTF-8 becomes a BLOB of the same
 * bytes, NULL and what is not known becomes NULL. */
void nm_db_text(struct nm_db *d, sqlite3_stmt *s, int i, const char *text);
void nm_db_text_known(struct nm_db *d, sqlite3_stmt *s, int i, const char *text); /* "": NULL */
void nm_db_count(struct nm_db *d, sqlite3_stmt *s, int i, uint64_t n);
void nm_db_signed(struct nm_db *d, sqlite3_stmt *s, int i, int64_t n);
void nm_db_real(struct nm_db *d, sqlite3_stmt *s, int i, double v); /* not finite: NULL */

/* Run the statement and forget its values. */
void nm_db_run(struct nm_db *d, sqlite3_stmt *s);

/* A name as part of a statement, in quotes, cleaned. */
void nm_db_name(struct nm_buf *b, const char *name);

/* A text as part of a statement: 'it''s'; the bytes themselves where they are no UTF-8. */
void nm_db_literal(struct nm_buf *b, const char *text);

/* End the transaction and write the database to `out`. */
void nm_db_finish(struct nm_db *d);

#endif
