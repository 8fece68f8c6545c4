/* SPDX-License-Identifier: MIT */
/* A worker: one expert, from loading it to the end record; or a task without one. */
#include "engine/crash.h"
#include "engine/engine.h"
#include "engine/speak.h"
#include "engine/symbol.h"

#include <stdlib.h>
#include <string.h>

#define SITES_SHOWN 50

struct worker {
	const struct nm_worker *w;
	struct nm_speaker s;
	uint64_t events, dropped;
	NMEXPERTFIELD fields[NM_SETTINGS_MOST]; /* the expert's table of settings */
	unsigned n_fields;                      /* 0: it has none */
};

static void set_phase(const struct worker *k, enum nm_phase phase)
{
	atomic_store_explicit(&k->w->status->phase, phase, memory_order_relaxed);
}

static uint32_t submit(void *ctx, const NMEVENTDATA *ev)
{
	struct worker *k = ctx;
	struct nm_enc o;

	if (k->w->start->max_events && k->events >= k->w->start->max_events) {
		atomic_store_explicit(
		    &k->w->status->events_dropped, ++k->dropped, memory_order_relaxed);
		return NMERR_EXPERT_REPORT_FAILED;
	}
	o = nm_speaker_begin(&k->s, NM_MSG_EVENT);
	nm_enc_event(&o, ev);
	if (!nm_speaker_send(&k->s, &o))
		return o.full ? NMERR_OUT_OF_MEMORY : NMERR_EXPERT_REPORT_FAILED;
	k->events++;
	return NMERR_SUCCESS;
}

/* Register into *ret; false when it was refused, and that has been told. */
static bool do_register(struct worker *k, const struct nm_plugin *p, EXPERTENUMINFO *ret)
{
	struct nm_msg_registered m = { 0 };
	struct nm_enc o;

	memset(ret, 0, sizeof *ret);
	set_phase(k, NM_PHASE_REGISTER);
	if (!p->do_register(ret)) {
		nm_speaker_fail(
		    &k->s, NM_VERDICT_REFUSED, NM_PHASE_REGISTER, "Register returned FALSE");
		return false;
	}
	if (ret->Version != 0) {
		nm_speaker_fail(&k->s, NM_VERDICT_REFUSED, NM_PHASE_REGISTER,
		    "Register set a Version other than 0, which no runtime knows");
		return false;
	}
	if (ret->Flags & EXPERT_ENUM_FLAG_CONFIGURABLE && !p->configure) {
		nm_speaker_fail(&k->s, NM_VERDICT_LOAD_FAILED, NM_PHASE_REGISTER,
		    "Register says it can be configured, but there is no entry point Configure");
		return false;
	}
	ret->szName[sizeof ret->szName - 1] = '\0';
	ret->szVendor[sizeof ret->szVendor - 1] = '\0';
	ret->szDescription[sizeof ret->szDescription - 1] = '\0';
	m.flags = ret->Flags;
	m.name = ret->szName;
	m.vendor = ret->szVendor;
	m.description = ret->szDescription;
	o = nm_speaker_begin(&k->s, NM_MSG_REGISTERED);
	nm_enc_registered(&o, &m);
	return nm_speaker_send(&k->s, &o);
}

/* Take the expert's table, and tell it; false when it is none, and that has been told. */
static bool take_settings(struct worker *k, const struct nm_plugin *p)
{
	struct nm_diag d;
	struct nm_enc o;
	unsigned n = 0;

	if (!p->fields)
		return true;
	while (n < NM_SETTINGS_MOST && p->fields[n].Name) {
		k->fields[n] = p->fields[n];
		n++;
	}
	if (n == NM_SETTINGS_MOST && p->fields[n].Name)
		n = 0; /* which is refused just as well */
	if (!nm_settings_check(k->fields, n, &d)) {
		nm_speaker_fail(&k->s, NM_VERDICT_LOAD_FAILED, NM_PHASE_REGISTER, d.text);
		return false;
	}
	k->n_fields = n;
	o = nm_speaker_begin(&k->s, NM_MSG_SETTINGS);
	nm_enc_settings(&o, k->fields, n);
	return nm_speaker_send(&k->s, &o);
}

static void send_end(struct worker *k, bool result, const struct nm_heap_stats *heap)
{
	struct nm_enc o = nm_speaker_begin(&k->s, NM_MSG_END);
	struct nm_msg_end m = {
		.result = result,
		.told = atomic_load_explicit(&k->w->status->told, memory_order_relaxed) != 0,
		.heap_peak_bytes = heap->peak_bytes,
		.heap_allocs = heap->allocs,
		.heap_left_blocks = heap->live_blocks,
		.heap_left_bytes = heap->live_bytes,
		.events = k->events,
		.events_dropped = k->dropped,
	};

	nm_enc_end(&o, &m);
	(void)nm_speaker_send(&k->s, &o);
}

/* ---- blocks left behind, by the place they come from ------------------------------- */

struct sites {
	struct nm_heap_site *list;
	size_t n;
};

static void take_site(const struct nm_heap_site *s, void *arg)
{
	struct sites *all = arg;
	struct nm_heap_site *list = realloc(all->list, (all->n + 1) * sizeof *list);

	if (!list)
		return;
	all->list = list;
	list[all->n++] = *s;
}

static int by_bytes(const void *a, const void *b)
{
	const struct nm_heap_site *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return x->blocks < y->blocks ? 1 : x->blocks > y->blocks ? -1 : 0;
}

static void put_site(struct nm_lines *t, const struct nm_heap_site *s)
{
	const char *between = " from ";

	nm_lines_number(t, s->blocks);
	nm_lines_put(t, s->blocks == 1 ? " block, " : " blocks, ");
	nm_lines_number(t, s->bytes);
	nm_lines_put(t, s->bytes == 1 ? " byte," : " bytes,");
	for (uint32_t i = 0; i < s->frames; i++) {
		if (nm_code_is_ours(s->stack[i]))
			continue;
		nm_lines_put(t, between);
		nm_lines_code(t, s->stack[i]);
		between = ", called from ";
	}
	nm_lines_put(t, "\n");
}

static void send_sites(struct worker *k, HEXPERTKEY key)
{
	static char text[NM_TEXT_MAX];
	struct nm_lines t = { .p = text, .size = sizeof text };
	struct sites all = { 0 };
	struct nm_enc o;

	(void)k->w->door->run_sites(key, take_site, &all);
	if (all.n)
		qsort(all.list, all.n, sizeof *all.list, by_bytes);
	for (size_t i = 0; i < all.n && i < SITES_SHOWN; i++)
		put_site(&t, &all.list[i]);
	if (all.n > SITES_SHOWN) {
		nm_lines_put(&t, "and from ");
		nm_lines_number(&t, all.n - SITES_SHOWN);
		nm_lines_put(&t, " other places\n");
	}
	free(all.list);
	o = nm_speaker_begin(&k->s, NM_MSG_NOTES);
	nm_enc_notes(&o, text);
	if (all.n)
		(void)nm_speaker_send(&k->s, &o);
}

/* What Configure left, on its way to be kept; false when it is none, and that has been told. */
static bool send_config(struct worker *k, HEXPERTKEY key, const EXPERTCONFIG *block)
{
	struct nm_enc o = nm_speaker_begin(&k->s, NM_MSG_CONFIG);
	uint32_t n = 0;

	if (block && k->w->door->run_config_length(key, block, &n)) {
		nm_speaker_fail(&k->s, NM_VERDICT_BROKE_PROTOCOL, NM_PHASE_CONFIGURE,
		    "NMERR_INVALID_DATA: what Configure left is no block of its key, or its "
		    "RawConfigLength does not lie within the block");
		return false;
	}
	if (n > NM_CONFIG_MAX) {
		nm_speaker_fail(&k->s, NM_VERDICT_BROKE_PROTOCOL, NM_PHASE_CONFIGURE,
		    "NMERR_INVALID_DATA: what Configure left is larger than 1 MiB");
		return false;
	}
	nm_enc_config(&o, (const uint8_t *)block, n);
	return nm_speaker_send(&k->s, &o);
}

static void call(struct worker *k, const struct nm_plugin *p, HEXPERTKEY key,
    EXPERTSTARTUPINFO *startup, PEXPERTCONFIG lent)
{
	bool configure = k->w->start->task == NM_TASK_CONFIGURE, good = true;
	PEXPERTCONFIG config = lent;
	struct nm_heap_stats heap;
	BOOL result;

	set_phase(k, configure ? NM_PHASE_CONFIGURE : NM_PHASE_RUN);
	atomic_store_explicit(&k->w->status->status, EXPERTSTATUS_RUNNING, memory_order_relaxed);
	nm_crash_explain(k->w->door->run_explain, key);
	result = configure ? p->configure(key, &config, startup, 0, NULL)
			   : p->run(key, config, startup, 0, NULL);
	nm_crash_explain(NULL, NULL);
	if (configure)
		good = !result || send_config(k, key, config);
	else
		set_phase(k, NM_PHASE_AFTER);
	(void)k->w->door->run_free(key, lent);
	if (configure && config != lent)
		(void)k->w->door->run_free(key, config);
	if (k->w->start->trace_memory)
		send_sites(k, key);
	k->w->door->run_close(key, &heap);
	if (good)
		send_end(k, result != FALSE, &heap);
}

/* A private copy of what is stored; with a table of settings always as long as that says, and
 * longer only where the expert's own Configure may have made it so. False: no memory. */
static bool lend_config(
    struct worker *k, HEXPERTKEY key, const EXPERTENUMINFO *info, PEXPERTCONFIG *ret)
{
	static uint8_t blob[NM_SETTINGS_BYTES];
	uint32_t n = k->w->start->config_bytes, length = 0;

	*ret = NULL;
	if (k->n_fields) {
		length = nm_settings_length(k->fields, k->n_fields);
		(void)nm_settings_fill(k->fields, k->n_fields, n ? k->w->config : NULL, n, blob);
		if (n <= length || !(info->Flags & EXPERT_ENUM_FLAG_CONFIGURABLE)) {
			*ret = k->w->door->run_lend(key, blob, length);
			return *ret != NULL;
		}
	}
	if (n)
		*ret = k->w->door->run_lend(key, k->w->config, n);
	if (*ret && k->n_fields) /* the rest of what is stored stays behind it */
		memcpy(
		    (uint8_t *)*ret + sizeof(DWORD), blob + sizeof(DWORD), length - sizeof(DWORD));
	return *ret || !n;
}

/* Of the allocations in its heap that which is to be refused; the copy of its settings, which comes first,
 * is none of its own. */
static uint64_t to_refuse(const struct worker *k)
{
	const struct nm_ctl_start *start = k->w->start;
	bool lends = k->n_fields || start->config_bytes;

	return start->fail_alloc && lends ? start->fail_alloc + 1 : start->fail_alloc;
}

/* Run, or Configure, which has no capture and no window. */
static void activate(struct worker *k, const struct nm_plugin *p, const EXPERTENUMINFO *info)
{
	const struct nm_ctl_start *start = k->w->start;
	bool configure = start->task == NM_TASK_CONFIGURE;
	EXPERTSTARTUPINFO startup = { 0 };
	PEXPERTCONFIG lent = NULL;
	HEXPERTKEY key = NULL;
	struct nm_run_config cfg = {
		.capture = configure ? NULL : k->w->capture,
		.startup = &startup,
		.heap = { .quota_bytes = start->heap_bytes,
		    .guard = (enum nm_heap_guard)start->heap_guard,
		    .trace = start->trace_memory,
		    .fail_alloc = to_refuse(k),
		    .delay_blocks = start->rest_blocks },
		.no_events = configure || (info->Flags & EXPERT_ENUM_FLAG_NO_VIEWER) != 0,
		.lazy = k->w->lazy && !nm_plugin_handles_signals(p),
		.ops = { .submit = submit, .ctx = k },
		.status = k->w->status,
	};

	startup.hCapture = configure ? NULL : k->w->door->session_capture();
	startup.dwFrameNumber = INVALID_FRAME_NUMBER;
	(void)strncpy(startup.szCaptureFile, start->capture, sizeof startup.szCaptureFile - 1);
	if (k->w->door->run_open(&cfg, &key)) {
		nm_speaker_fail(&k->s, NM_VERDICT_OUT_OF_MEMORY, NM_PHASE_LOAD,
		    "no address space is left for its memory: lower --memory, or see what it took "
		    "while it was loaded");
		return;
	}
	if (!lend_config(k, key, info, &lent)) {
		nm_speaker_fail(&k->s, NM_VERDICT_OUT_OF_MEMORY, NM_PHASE_LOAD,
		    "there is no memory for its stored configuration: raise --memory");
		k->w->door->run_close(key, NULL);
		return;
	}
	call(k, p, key, &startup, lent);
}

static bool is_asked_for(const struct worker *k, const EXPERTENUMINFO *info)
{
	enum nm_task task = k->w->start->task;

	return task == NM_TASK_RUN ||
	       (task == NM_TASK_CONFIGURE && info->Flags & EXPERT_ENUM_FLAG_CONFIGURABLE);
}

/* Tell what is in force; false when that is too little for this expert. */
static bool box_suffices(struct worker *k)
{
	const struct nm_sandbox_report *b = k->w->box;
	struct nm_enc o = nm_speaker_begin(&k->s, NM_MSG_BOX);
	char why[NM_DIAG_TEXT];

	if (!b)
		return true;
	nm_enc_box(&o, b);
	if (!nm_speaker_send(&k->s, &o))
		return false;
	if (k->w->box_complete)
		return true;
	nm_sandbox_why_not(b, why, sizeof why);
	nm_speaker_fail(&k->s, NM_VERDICT_HOST_FAILED, NM_PHASE_START, why);
	return false;
}

static void do_task(struct worker *k)
{
	const struct nm_heap_stats none = { 0 };

	set_phase(k, NM_PHASE_RUN);
	if (k->w->do_task(k->w, &k->s))
		send_end(k, true, &none);
}

static void load_and_run(struct worker *k)
{
	const struct nm_worker *w = k->w;
	struct nm_plugin plugin;
	struct nm_diag diag = { 0 };
	EXPERTENUMINFO info;

	set_phase(k, NM_PHASE_LOAD);
	if (!nm_plugin_load(w->start->path, w->file_fd, &plugin, &diag))
		nm_speaker_fail(&k->s, NM_VERDICT_LOAD_FAILED, NM_PHASE_LOAD, diag.text);
	else if (do_register(k, &plugin, &info) && take_settings(k, &plugin) &&
		 is_asked_for(k, &info))
		activate(k, &plugin, &info);
	if (w->start->task != NM_TASK_CONFIGURE)
		set_phase(k, NM_PHASE_AFTER);
	nm_plugin_unload(&plugin);
}

void nm_worker_main(const struct nm_worker *w)
{
	struct worker k = { .w = w };

	if (!nm_speaker_init(&k.s, w->events_fd))
		return;
	w->door->parse_tell(&w->status->parsers);
	if (box_suffices(&k)) {
		if (nm_task_has_expert(w->start->task))
			load_and_run(&k);
		else
			do_task(&k);
	}
	w->door->parse_tell(NULL);
	nm_speaker_done(&k.s);
}
