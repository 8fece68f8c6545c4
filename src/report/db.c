/* SPDX-License-Identifier: MIT */
/* A SQLite database that is made in one go, and then handed on as bytes. */
#include "report/db.h"

#include "base/utf8.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* No journal: a database that is not finished is not handed on. 2 MiB of it are in memory. */
#define SETUP                                                                                      \
	"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;"          \
	"PRAGMA cache_size=-2048; PRAGMA user_version=1; BEGIN;"

static int errno_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE: return 0;
	case SQLITE_NOMEM: return ENOMEM;
	case SQLITE_FULL: return ENOSPC;
	case SQLITE_TOOBIG: return EOVERFLOW;
	default: return EIO;
	}
}

static void check(struct nm_db *d, int code)
{
	int err = errno_of(code);

	if (err)
		nm_out_fail(d->out, err);
}

/* Where it is open, Windows lets it keep its name. */
static void take_name(struct nm_db *d)
{
	if (d->name[0] && unlink(d->name) == 0)
		d->name[0] = '\0';
}

int nm_db_open(struct nm_db *d, struct nm_out *out, const char *schema)
{
	int code, err;

	*d = (struct nm_db){ .out = out };
	err = -nm_scratch_open_named(&d->file, d->name, sizeof d->name);
	if (err) {
		d->name[0] = '\0';
		return err;
	}
	code = sqlite3_open_v2(d->name, &d->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(d->db, SETUP, NULL, NULL, NULL);
	take_name(d); /* both have it open */
	if (code == SQLITE_OK)
		code = sqlite3_exec(d->db, schema, NULL, NULL, NULL);
	return errno_of(code);
}

void nm_db_close(struct nm_db *d)
{
	(void)sqlite3_close_v2(d->db);
	d->db = NULL;
	nm_scratch_close(&d->file);
	take_name(d);
}

void nm_db_exec(struct nm_db *d, const char *sql)
{
	if (!nm_out_error(d->out))
		check(d, sqlite3_exec(d->db, sql, NULL, NULL, NULL));
}

sqlite3_stmt *nm_db_prepare(struct nm_db *d, const char *sql)
{
	sqlite3_stmt *s = NULL;

	check(d, sqlite3_prepare_v3(d->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL));
	return s;
}

/* ---- values ------------------------------------------------------------------------------ */

static bool is_utf8(const char *s, size_t n)
{
	unsigned len = 1;
	uint32_t cp;

	for (; n && len; s += len, n -= len)
		len = nm_utf8_next(s, n, &cp);
	return n == 0;
}

/* SQLite copies what it is to keep: the caller's memory may go. */
void nm_db_text(struct nm_db *d, sqlite3_stmt *s, int i, const char *text)
{
	size_t n = text ? strlen(text) : 0;

	if (!s || !text)
		return;
	if (is_utf8(text, n))
		check(d, sqlite3_bind_text64(s, i, text, n, SQLITE_TRANSIENT, SQLITE_UTF8));
	else
		check(d, sqlite3_bind_blob64(s, i, text, n, SQLITE_TRANSIENT));
}

void nm_db_text_known(struct nm_db *d, sqlite3_stmt *s, int i, const char *text)
{
	if (text && *text)
		nm_db_text(d, s, i, text);
}

void nm_db_count(struct nm_db *d, sqlite3_stmt *s, int i, uint64_t n)
{
	nm_db_signed(d, s, i, n > INT64_MAX ? INT64_MAX : (int64_t)n);
}

void nm_db_signed(struct nm_db *d, sqlite3_stmt *s, int i, int64_t n)
{
	if (s)
		check(d, sqlite3_bind_int64(s, i, n));
}

void nm_db_real(struct nm_db *d, sqlite3_stmt *s, int i, double v)
{
	if (s && isfinite(v))
		check(d, sqlite3_bind_double(s, i, v));
}

void nm_db_run(struct nm_db *d, sqlite3_stmt *s)
{
	if (!s)
		return;
	if (!nm_out_error(d->out))
		check(d, sqlite3_step(s));
	(void)sqlite3_reset(s); /* repeats what step said */
	(void)sqlite3_clear_bindings(s);
}

/* ---- statements -------------------------------------------------------------------------- */

/* s between quotes, each of those in it twice. */
static void quoted(struct nm_buf *b, const char *s, char quote)
{
	nm_buf_add(b, &quote, 1);
	for (; *s; s++) {
		if (*s == quote)
			nm_buf_add(b, &quote, 1);
		nm_buf_add(b, s, 1);
	}
	nm_buf_add(b, &quote, 1);
}

void nm_db_name(struct nm_buf *b, const char *name)
{
	struct nm_buf clean = { 0 };

	nm_buf_clean(&clean, name, NM_LINES_ESCAPE);
	if (!clean.failed)
		quoted(b, clean.data ? clean.data : "", '"');
	b->failed |= clean.failed;
	nm_buf_done(&clean);
}

void nm_db_literal(struct nm_buf *b, const char *text)
{
	if (is_utf8(text, strlen(text))) {
		quoted(b, text, '\'');
		return;
	}
	nm_buf_puts(b, "x'");
	for (; *text; text++)
		nm_buf_printf(b, "%02x", (unsigned)(uint8_t)*text);
	nm_buf_puts(b, "'");
}

/* ---- the end ----------------------------------------------------------------------------- */

void nm_db_finish(struct nm_db *d)
{
	struct stat st;

	nm_db_exec(d, "COMMIT");
	if (nm_out_error(d->out))
		return;
	check(d, sqlite3_close_v2(d->db));
	d->db = NULL;
	if (fstat(fileno(d->file.file), &st) < 0) {
		nm_out_fail(d->out, errno);
		return;
	}
	d->file.bytes = (uint64_t)st.st_size;
	nm_scratch_copy(&d->file, d->out);
}
