/* SPDX-License-Identifier: MIT */
/* From what a DLL says of itself to what can be done with it. */
#include "base/dll.h"

#include <netmon.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool refuse(struct nm_dll *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Sets the text; false, as callers go on with it. */
static bool refuse(struct nm_dll *r, const char *fmt, ...)
{
	char raw[NM_DIAG_TEXT];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(raw, sizeof raw, fmt, ap);
	va_end(ap);
	(void)nm_text_clean(r->text, sizeof r->text, raw);
	return false;
}

bool nm_dll_is_library(const struct nm_pe *pe, const char *why, char *text, size_t n)
{
	if (why && pe->end > pe->size && pe->n_sections)
		(void)snprintf(text, n, "cut short: %llu of at least %llu bytes are there",
		    (unsigned long long)pe->size, (unsigned long long)pe->end);
	else if (why)
		(void)snprintf(text, n, "%s", why);
	else if (pe->managed)
		(void)snprintf(text, n,
		    "a .NET assembly: its code is for no processor, and no expert is made so");
	else if (pe->driver)
		(void)snprintf(text, n, "a driver of Windows' kernel");
	else if (!pe->is_dll)
		(void)snprintf(
		    text, n, "a program for Windows, no library; link it with -shared or /DLL");
	else
		return true;
	return false;
}

/* ---- entry points ------------------------------------------------------------------------- */

static const char *const required[] = { EXPERTENTRY_REGISTER, EXPERTENTRY_RUN };

#define N_REQUIRED (sizeof required / sizeof *required)

static bool has_entries(struct nm_dll *r, const struct nm_pe *pe)
{
	char called[N_REQUIRED][NM_PE_NAME];
	bool there[N_REQUIRED];
	unsigned n = 0;

	for (size_t i = 0; i < N_REQUIRED; i++)
		n += there[i] = nm_pe_exports(pe, required[i], called[i]);
	if (n == 0 && nm_pe_is_packed(pe))
		return refuse(r,
		    "packed, as the names of its sections say, so that its entry points can't be "
		    "seen: unpack it first");
	if (n == 0 && nm_pe_exports(pe, "ParserAutoInstallInfo", NULL))
		return refuse(r, "a parser for Windows, %s, no expert", nm_pe_machine_name(pe));
	if (n == 0)
		return refuse(r, "no entry points Register and Run: not an expert, or they are not "
				 "exported");
	for (size_t i = 0; i < N_REQUIRED; i++)
		if (!there[i])
			return refuse(r, "no entry point %s: not an expert, or it is not exported",
			    required[i]);
	for (size_t i = 0; i < N_REQUIRED; i++)
		if (strcmp(called[i], required[i]) != 0)
			return refuse(r,
			    "it exports %s, which is looked for as %s: link it with a .def file, "
			    "or with --kill-at",
			    called[i], required[i]);
	return true;
}

/* ---- libraries ------------------------------------------------------------------------------ */

struct wanting {
	const struct nm_dll_search *search;
	enum nm_pe_machine machine;
	char names[NM_DIAG_TEXT / 2];
	unsigned n;
};

static bool note_missing(void *ctx, const char *library)
{
	struct wanting *w = ctx;
	size_t used = strlen(w->names);

	if (w->search->has(w->search->ctx, w->machine, library))
		return true;
	w->n++;
	(void)snprintf(w->names + used, sizeof w->names - used, "%s%s", used ? ", " : "", library);
	return strlen(w->names) < sizeof w->names - 1;
}

static bool has_libraries(struct nm_dll *r, const struct nm_pe *pe, const struct nm_dll_search *s)
{
	struct wanting w = { .search = s, .machine = pe->machine };

	if (!s)
		return true;
	nm_pe_each_import(pe, note_missing, &w);
	if (w.n == 0)
		return true;
	return refuse(r, "it needs %s, which %s not there: put %s beside it", w.names,
	    w.n == 1 ? "is" : "are", w.n == 1 ? "it" : "them");
}

/* ---- all -------------------------------------------------------------------------------------- */

bool nm_dll_look(struct nm_dll *r, nm_pe_reader read, void *ctx, uint64_t size,
    const struct nm_dll_search *search)
{
	struct nm_pe pe;
	const char *why = nm_pe_open(&pe, read, ctx, size);

	*r = (struct nm_dll){ .machine = pe.machine };
	if (!nm_dll_is_library(&pe, why, r->text, sizeof r->text))
		return false;
	if (pe.machine != NM_PE_X64 && pe.machine != NM_PE_X86)
		return refuse(r,
		    "a library for Windows on %s: what runs here is for x86-64 or "
		    "32-bit x86",
		    nm_pe_machine_name(&pe));
	if (!has_entries(r, &pe) || !has_libraries(r, &pe, search))
		return false;
	(void)refuse(r, "an expert for Windows, %s%s%s", nm_pe_machine_name(&pe),
	    nm_pe_exports(&pe, EXPERTENTRY_CONFIGURE, NULL) ? ", with Configure" : "",
	    nm_pe_is_packed(&pe) ? ", packed" : "");
	r->usable = true;
	return true;
}
