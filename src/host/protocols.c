/* SPDX-License-Identifier: MIT */
/* nm_protocols_list: what a worker tells of the parsers that are loaded, kept until it has
 * ended well. */
#include "host/host_int.h"

#include <errno.h>
#include <stdlib.h>

#define TIMEOUT_MS     10000
#define PROTOCOLS_MAX  1024u
#define PROPERTIES_MAX 65536u /* of all protocols */

struct protocol {
	struct nm_protocol_info info; /* what it points to is owned */
	struct nm_property_info *properties;
	const char **names;
};

struct list {
	struct protocol *items; /* owned */
	unsigned n, n_properties;
	bool failed; /* no memory */
	int (*cb)(void *ctx, const struct nm_protocol_info *p);
	void *ctx;
	int exit;
};

static const char *keep(struct list *l, const char *text)
{
	char *s = nm_clean_copy(text);

	l->failed |= !s;
	return s;
}

static void drop(const char *text)
{
	free((void *)(uintptr_t)text);
}

/* Room for one more of `size` bytes each, at powers of two. */
static void *more(struct list *l, void *p, unsigned n, size_t size)
{
	void *q = n & (n - 1) ? p : realloc(p, (n ? 2 * (size_t)n : 1) * size);

	l->failed |= !q;
	return q;
}

static bool take_protocol(struct list *l, struct nm_cur *cur)
{
	struct nm_msg_protocol m;
	struct protocol *items, *p;

	if (!nm_cur_protocol(cur, &m) || l->n == PROTOCOLS_MAX)
		return false;
	items = more(l, l->items, l->n, sizeof *items);
	if (!items)
		return true;
	l->items = items;
	p = &l->items[l->n++];
	*p = (struct protocol){ .info = { .name = keep(l, m.name),
				    .comment = keep(l, m.comment),
				    .path = keep(l, m.path) } };
	p->names = calloc(m.n_names + 1, sizeof *p->names);
	l->failed |= !p->names;
	for (uint32_t i = 0; p->names && i < m.n_names; i++)
		p->names[p->info.n_names++] = keep(l, m.names[i].name);
	p->info.names = p->names;
	return true;
}

static bool take_property(struct list *l, struct nm_cur *cur)
{
	struct protocol *p = l->n ? &l->items[l->n - 1] : NULL;
	struct nm_property_info *list, *info;
	struct nm_field_name *names;
	struct nm_msg_property m;

	if (!p || !nm_cur_property(cur, &m) || l->n_properties++ == PROPERTIES_MAX)
		return false;
	list = more(l, p->properties, p->info.n_properties, sizeof *list);
	if (!list)
		return true;
	p->info.properties = p->properties = list;
	info = &list[p->info.n_properties++];
	*info = (struct nm_property_info){ .label = keep(l, m.label),
		.comment = keep(l, m.comment),
		.type = m.type,
		.qualifier = m.qualifier,
		.has_value = m.has_value,
		.value = m.value,
		.value_label = keep(l, m.value_label) };
	info->names = names = calloc(m.n_names + 1, sizeof *names);
	l->failed |= !names;
	for (uint32_t i = 0; names && i < m.n_names; i++)
		names[info->n_names++] = (struct nm_field_name){ keep(l, m.names[i].name),
			m.names[i].mask, m.names[i].type };
	return true;
}

static bool take(void *ctx, enum nm_msg type, struct nm_cur *cur)
{
	struct list *l = ctx;

	if (l->failed)
		return true; /* the rest goes unheard */
	switch (type) {
	case NM_MSG_PROTOCOL: return take_protocol(l, cur);
	case NM_MSG_PROPERTY: return take_property(l, cur);
	default: return false;
	}
}

static void drop_property(const struct nm_property_info *p)
{
	drop(p->label);
	drop(p->comment);
	drop(p->value_label);
	for (unsigned i = 0; i < p->n_names; i++)
		drop(p->names[i].name);
	free((void *)(uintptr_t)p->names);
}

static void drop_all(struct list *l)
{
	for (unsigned i = 0; i < l->n; i++) {
		struct protocol *p = &l->items[i];

		for (unsigned k = 0; k < p->info.n_properties; k++)
			drop_property(&p->properties[k]);
		for (unsigned k = 0; k < p->info.n_names; k++)
			drop(p->names[k]);
		drop(p->info.name);
		drop(p->info.comment);
		drop(p->info.path);
		free(p->names);
		free(p->properties);
	}
	free(l->items);
}

static int on_ready(void *ctx, struct nm_crew *c, unsigned i)
{
	struct list *l = ctx;
	struct nm_expert_end end;
	int answer = 0;

	if (i >= c->n_jobs)
		return 0;
	nm_job_end(&c->jobs[i], 0, &end);
	if (end.verdict != NM_VERDICT_DONE || l->failed) {
		nm_host_say(c->opt, "the protocols can't be told: %s",
		    l->failed     ? strerror(ENOMEM)
		    : *end.reason ? end.reason
				  : "interrupted");
		l->exit = l->failed ? NM_EXIT_PARTIAL : nm_exit_of(end.verdict);
		return 0;
	}
	for (unsigned k = 0; k < l->n && !answer; k++)
		answer = l->cb(l->ctx, &l->items[k].info);
	l->exit = answer ? NM_EXIT_OUTPUT : NM_EXIT_COMPLETE;
	return answer;
}

int nm_protocols_list(const struct nm_run_options *o,
    int (*cb)(void *ctx, const struct nm_protocol_info *p), void *ctx)
{
	struct list l = { .cb = cb, .ctx = ctx, .exit = NM_EXIT_PARTIAL };
	struct nm_run_options opt = *o;
	struct nm_crew c;
	int exit;

	if (!opt.timeout_ms)
		opt.timeout_ms = TIMEOUT_MS;
	if (!nm_crew_init_task(&c, &opt, NULL, NM_TASK_PROTOCOLS))
		return NM_EXIT_PARTIAL;
	c.jobs[0].take = take;
	c.jobs[0].take_ctx = &l;
	c.ready = on_ready;
	c.ctx = &l;
	exit = nm_crew_run_bare(&c, NM_TASK_PROTOCOLS);
	drop_all(&l);
	return exit ? exit : l.exit;
}
