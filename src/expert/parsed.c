/* SPDX-License-Identifier: MIT */
/* Which parse answers for a frame handle. */
#include "expert/parsed.h"
#include "base/nmerr.h"
#include "expert/session.h"

#include <pthread.h>

_Thread_local __attribute__((tls_model("initial-exec"))) struct nm_parsed_last nm_parsed_last;

static pthread_key_t own_key; /* each thread's own parse, given back at its end */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void give_back(void *p)
{
	nm_parse_free(p);
}

static void make_key(void)
{
	(void)pthread_key_create(&own_key, give_back);
}

static struct nm_parse *own(void)
{
	struct nm_parse *p;

	(void)pthread_once(&once, make_key);
	p = pthread_getspecific(own_key);
	if (p)
		return p;
	p = nm_parse_new();
	if (p && pthread_setspecific(own_key, p)) {
		nm_parse_free(p);
		p = NULL;
	}
	if (!p)
		nm_set_last_error(NMERR_OUT_OF_MEMORY);
	return p;
}

/* The windows behind the session's frames are reused: what was parsed of this frame
 * holds only while its bytes are still there. */
static struct nm_parse *parse_own(HFRAME h)
{
	struct nm_parse *p;
	struct nm_frame f;

	if (nm_session_frame(h, &f))
		return NULL;
	p = own();
	if (p && (nm_parse_frame(p) != h || nm_parse_record(p) != f.record))
		nm_parse_set(p, h, &f);
	return p;
}

struct nm_parse *nm_parsed(HFRAME h)
{
	struct nm_parse *running = nm_parse_running();
	const struct nm_parsed_last *last = &nm_parsed_last;

	if (running && h && nm_parse_frame(running) == h)
		return running;
	if (last->parse && atomic_load_explicit(last->alive, memory_order_acquire) == last->key &&
	    h && nm_parse_frame(last->parse) == h)
		return last->parse;
	return parse_own(h);
}
