/* SPDX-License-Identifier: MIT */
/* Handles of the process's one capture and of its frames. */
#include "expert/session.h"
#include "base/bytes.h"
#include "base/civil.h"
#include "system/lock.h"
#include "base/nmerr.h"
#include "expert/changed.h"
#include "parse/parse.h"

#include <stdatomic.h>
#include <string.h>

#define POOL_WINDOWS 8

static struct {
	struct nm_capture *capture; /* borrowed; NULL: no session */
	struct nm_view *pool;       /* owned */
	uint16_t turn;              /* number of this session; 1 for the first */
	SYSTEMTIME start;
	int64_t start_ns;
	const volatile uint32_t *stop; /* borrowed; NULL: nobody asks to stop */
	_Atomic uint32_t *signs;       /* borrowed; NULL likewise */
	pthread_mutex_t lock;          /* guards pool */
} the = { .lock = PTHREAD_MUTEX_INITIALIZER };

_Static_assert(sizeof(struct nm_civil) == sizeof(SYSTEMTIME), "members in the same order");

static void set_start(struct nm_capture *c)
{
	struct nm_capture_facts f;
	struct nm_civil civil;

	nm_capture_facts(c, &f);
	the.start_ns = f.start_ns;
	civil = nm_civil_from_ns(f.start_ns);
	memcpy(&the.start, &civil, sizeof the.start);
}

uint32_t nm_session_open(struct nm_capture *c)
{
	the.pool = nm_view_new(c, POOL_WINDOWS);
	if (!the.pool)
		return NMERR_OUT_OF_MEMORY;
	the.capture = c;
	the.turn++;
	set_start(c);
	return NMERR_SUCCESS;
}

void nm_session_close(void)
{
	nm_changed_clear();
	nm_view_free(the.pool);
	the.pool = NULL;
	the.capture = NULL;
}

const SYSTEMTIME *nm_session_start(void)
{
	return &the.start;
}

HCAPTURE nm_session_capture(void)
{
	return the.capture ? (HCAPTURE)nm_handle_capture(the.turn) : NULL;
}

struct nm_capture *nm_session_from_handle(HCAPTURE h)
{
	if (the.capture && (uintptr_t)h == nm_handle_capture(the.turn))
		return the.capture;
	nm_set_last_error(NMERR_INVALID_HCAPTURE);
	return NULL;
}

uint32_t nm_session_total(void)
{
	return the.capture ? nm_capture_total(the.capture, the.stop) : 0;
}

void nm_session_watch(const volatile uint32_t *stop, _Atomic uint32_t *signs)
{
	the.stop = stop;
	the.signs = signs;
}

bool nm_session_goes_on(void)
{
	if (the.signs)
		atomic_fetch_add_explicit(the.signs, 1, memory_order_relaxed);
	return !the.stop || !*the.stop;
}

static uintptr_t frame_handle(uint32_t n)
{
	return nm_handle_frame(the.turn, nm_changed_get(n, NULL), n);
}

HFRAME nm_frame_handle(uint32_t n)
{
	return (HFRAME)frame_handle(n);
}

uintptr_t nm_frame_handles(void)
{
	return nm_handle_frame(the.turn, 0, 0);
}

bool nm_frame_number(HFRAME h, uint32_t *ret_n)
{
	uint32_t n = nm_handle_number((uintptr_t)h);

	if (!the.capture || (uintptr_t)h != frame_handle(n) || !nm_session_has_frame(n)) {
		nm_set_last_error(NMERR_INVALID_HFRAME);
		return false;
	}
	*ret_n = n;
	return true;
}

static uint32_t pool_frame(uint32_t n, struct nm_frame *ret)
{
	bool taken = nm_lock(&the.lock);
	uint32_t err = nm_view_frame(the.pool, n, ret);

	nm_unlock(&the.lock, taken);
	if (!err)
		(void)nm_changed_get(n, &ret->record);
	return err;
}

bool nm_session_has_frame(uint32_t n)
{
	struct nm_frame f;

	if (!the.capture)
		return false;
	if (n < nm_capture_indexed(the.capture))
		return true;
	return pool_frame(n, &f) == NMERR_SUCCESS;
}

bool nm_session_time(uint32_t n, int64_t *ret_ns)
{
	struct nm_frame f;
	int64_t ns;

	if (!the.capture || pool_frame(n, &f))
		return false;
	return !__builtin_mul_overflow((int64_t)nm_le64(f.record), INT64_C(1000), &ns) &&
	       !__builtin_add_overflow(ns, the.start_ns, ret_ns);
}

uint32_t nm_session_frame(HFRAME h, struct nm_frame *ret)
{
	uint32_t n, err;

	if (!nm_frame_number(h, &n))
		return NMERR_INVALID_HFRAME;
	err = pool_frame(n, ret);
	if (err)
		nm_set_last_error(err);
	return err;
}

HFRAME nm_session_modify(uint32_t n, const void *bytes, uint32_t n_bytes, int64_t time_us)
{
	const struct nm_parse *running = nm_parse_running();
	uint32_t err;

	if (!nm_session_has_frame(n))
		err = NMERR_FRAME_NOT_FOUND;
	else if (running && nm_parse_frame(running) == nm_frame_handle(n))
		err = NMERR_LOCKED_FRAMES; /* its parser is in the middle of it */
	else if (n_bytes > NM_FRAME_MAX_BYTES || (!bytes && n_bytes > 0))
		err = NMERR_INVALID_PARAMETER;
	else
		err = nm_changed_put(n, bytes, n_bytes, time_us);
	if (!err)
		return nm_frame_handle(n);
	nm_set_last_error(err);
	return NULL;
}
