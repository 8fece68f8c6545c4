/* SPDX-License-Identifier: MIT */
/* Parsers, their settings and the user's filter, before any worker begins. */
#include "engine/serve.h"
#include "system/fault.h"
#include "system/files.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define SETTINGS_MAX (1u << 20) /* bytes of a file of settings; a guest is told no more either */

static bool tell_refused(struct nm_engine *e, const char *path, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A sentence about parsers for the person; path: of one that is not loaded, or "". */
static bool tell_refused(struct nm_engine *e, const char *path, const char *fmt, ...)
{
	uint8_t buf[NM_CTL_MAX];
	char text[NM_CTL_MAX / 2];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct nm_ctl_parser m = { .path = path, .text = text };
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	nm_enc_parser(&o, NM_CTL_REFUSED, &m);
	return nm_engine_send(e, &o);
}

/* ---- loading ------------------------------------------------------------------------- */

/* What a parser does wrong while it is loaded and registers costs it alone. In a process that a
 * debugger holds nothing is caught. */
static void contain(const struct nm_engine *e, bool on)
{
	if (!e->cfg->in_process)
		e->cfg->door->parse_contain(on);
}

bool nm_engine_take_parser(struct nm_engine *e, const struct nm_ctl_parser *m, int fd)
{
	bool trial = !m->shipped && !e->cfg->in_process, loaded = false;
	struct nm_diag diag = { 0 };

	if (!trial || nm_parser_survives(e->cfg, m->path, fd, &diag)) {
		contain(e, true);
		loaded = e->cfg->door->parsers_load(m->path, fd, &diag);
		contain(e, false);
	}
	return loaded ||
	       tell_refused(e, m->path, "parser %s is not loaded: %s", m->path, diag.text);
}

/* ---- settings ------------------------------------------------------------------------ */

struct reading {
	struct nm_engine *e;
	const char *file;
	unsigned told;
};

#define LINES_TOLD 20

static void tell_line(void *ctx, unsigned line, const char *why)
{
	struct reading *r = ctx;

	if (r->told++ < LINES_TOLD)
		(void)tell_refused(r->e, "", "%s, line %u is passed over: %s", r->file, line, why);
}

/* A person's INI file, from fd; lines that say nothing are told. A part of one is not taken. */
static bool read_settings(struct reading *r, const char *name, int fd)
{
	char *text = malloc(SETTINGS_MAX);
	ssize_t n = text ? nm_prim_pread(fd, text, SETTINGS_MAX, 0) : 0;
	bool ok = text != NULL;

	if (n == (ssize_t)SETTINGS_MAX) {
		ok = tell_refused(r->e, "", "%s is passed over: it has 1 MiB or more", r->file);
	} else if (ok) {
		text[n > 0 ? n : 0] = '\0';
		ok = r->e->cfg->door->parsers_settings(*name ? name : NULL, text, tell_line, r);
	}
	free(text);
	return ok;
}

bool nm_engine_take_settings(struct nm_engine *e, const struct nm_ctl_parser *m, int fd)
{
	struct reading r = { .e = e, .file = *m->path ? m->path : "parser.ini" };

	if (!read_settings(&r, m->path, fd))
		return false;
	return r.told <= LINES_TOLD ||
	       tell_refused(e, "", "%s: so are %u more", r.file, r.told - LINES_TOLD);
}

/* ---- Register ------------------------------------------------------------------------ */

bool nm_engine_seal(struct nm_engine *e)
{
	const struct nm_offences *o;

	if (e->sealed)
		return true;
	e->sealed = true;
	contain(e, true);
	e->cfg->door->parsers_seal();
	contain(e, false);
	o = e->cfg->door->parse_account();
	for (uint32_t i = 0; i < o->n && i < NM_OFFENDERS_MAX; i++) {
		const struct nm_offender *x = &o->each[i];
		char by[32] = "";

		if (x->signal)
			nm_fault_name(x->signal, by, sizeof by);
		if (!tell_refused(e, "", "parser %s (%s) is not used: its %s %s%s%s", x->protocol,
			x->file, nm_entry_text(x->entry), nm_offence_text(x->reason),
			*by ? ", " : "", by))
			return false;
	}
	return true;
}

bool nm_engine_take_seal(struct nm_engine *e)
{
	uint8_t buf[16];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };

	nm_enc_ctl_index(&o, NM_CTL_SEALED, 0);
	return nm_engine_seal(e) && nm_engine_send(e, &o);
}

/* ---- the filter ---------------------------------------------------------------------- */

/* Workers find it as the current one when they are forked. */
bool nm_engine_take_filter(struct nm_engine *e, const char *text)
{
	uint8_t buf[NM_CTL_MAX];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct nm_filter_error err = { 0 };
	struct nm_ctl_filter m = { .text = NULL };
	HFILTER h = NULL;

	if (!nm_engine_seal(e))
		return false;
	if (e->cfg->door->filter_compile(text, &h, &err))
		m = (struct nm_ctl_filter){ err.text, err.at, err.n };
	else
		e->cfg->door->filter_set_current(h);
	nm_enc_filter(&o, NM_CTL_FILTERED, &m);
	return nm_engine_send(e, &o);
}
