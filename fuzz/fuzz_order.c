/* SPDX-License-Identifier: MIT */
/* Any bytes as the order of a worker on its own. Properties: what is read lies inside the input
 * and is terminated there, and an order that is read encodes again to one of the same meaning. */
#include "wire/order.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void inside(const char *s, const uint8_t *p, size_t n)
{
	if (*s) {
		assert((const uint8_t *)s >= p && (const uint8_t *)s < p + n);
		assert(memchr(s, '\0', n - (size_t)((const uint8_t *)s - p)));
	}
}

static void all_inside(const struct nm_order *o, const uint8_t *p, size_t n)
{
	inside(o->filter, p, n);
	inside(o->start.path, p, n);
	inside(o->start.capture, p, n);
	assert(o->n_settings <= NM_ORDER_SETTINGS && o->n_parsers <= NM_ORDER_PARSERS);
	for (unsigned i = 0; i < o->n_settings; i++) {
		inside(o->settings[i].name, p, n);
		inside(o->settings[i].text, p, n);
	}
	for (unsigned i = 0; i < o->n_parsers; i++) {
		assert(*o->parsers[i]);
		inside(o->parsers[i], p, n);
	}
	assert(o->config >= p && o->start.config_bytes <= (size_t)(p + n - o->config));
}

static void same(const struct nm_order *a, const struct nm_order *b)
{
	assert(strcmp(a->filter, b->filter) == 0);
	assert(strcmp(a->start.path, b->start.path) == 0);
	assert(strcmp(a->start.capture, b->start.capture) == 0);
	assert(a->start.task == b->start.task && a->start.heap_bytes == b->start.heap_bytes);
	assert(a->start.config_bytes == b->start.config_bytes);
	assert(memcmp(a->config, b->config, a->start.config_bytes) == 0);
	assert(a->n_settings == b->n_settings && a->n_parsers == b->n_parsers);
	for (unsigned i = 0; i < a->n_settings; i++) {
		assert(strcmp(a->settings[i].name, b->settings[i].name) == 0);
		assert(strcmp(a->settings[i].text, b->settings[i].text) == 0);
	}
	for (unsigned i = 0; i < a->n_parsers; i++)
		assert(strcmp(a->parsers[i], b->parsers[i]) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct nm_order read, again;
	struct nm_enc e = { .cap = n + 4096 };

	if (!nm_order_read(p, n, &read))
		return 0;
	all_inside(&read, p, n);
	e.p = malloc(e.cap);
	assert(e.p);
	nm_enc_order(&e, &read);
	assert(!e.full && nm_order_read(e.p, e.n, &again));
	same(&read, &again);
	free(e.p);
	return 0;
}
