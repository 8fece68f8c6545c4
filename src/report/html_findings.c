/* SPDX-License-Identifier: MIT */
/* What was found, by kind, the worst first. */
#include "report/html.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define WARNING    1u
#define NAME_SHOWN 200u /* bytes */

static bool is_kind(const struct nm_html_finding *k, unsigned section, const struct nm_event *ev)
{
	return k->section == section && k->ident == ev->ident && strcmp(k->name, ev->name) == 0;
}

static struct nm_html_finding *kind_of(
    struct nm_html_findings *f, unsigned section, const struct nm_event *ev)
{
	for (unsigned i = f->n; i-- > 0;)
		if (is_kind(&f->list[i], section, ev))
			return &f->list[i];
	return NULL;
}

static void drop(struct nm_html_finding *k)
{
	free(k->capture);
	free(k->expert);
	free(k->name);
}

static struct nm_html_finding *new_kind(struct nm_html_findings *f, const char *capture,
    const char *expert, unsigned section, const struct nm_event *ev)
{
	struct nm_html_finding k = { strdup(capture), strdup(expert), strdup(ev->name), section,
		ev->ident, ev->severity, 0 };

	if (!f->list)
		f->list = calloc(NM_HTML_FINDINGS, sizeof *f->list);
	if (!f->list || !k.capture || !k.expert || !k.name) {
		drop(&k);
		f->failed = true;
		return NULL;
	}
	f->list[f->n] = k;
	return &f->list[f->n++];
}

void nm_html_findings_add(struct nm_html_findings *f, const char *capture, const char *expert,
    unsigned section, const struct nm_event *ev)
{
	struct nm_html_finding *k;

	f->severity[ev->severity < 6 ? ev->severity : 5]++;
	if (ev->severity < WARNING || f->failed)
		return;
	k = kind_of(f, section, ev);
	if (!k && f->n < NM_HTML_FINDINGS)
		k = new_kind(f, capture, expert, section, ev);
	if (!k) {
		f->more++;
		return;
	}
	k->count++;
	if (ev->severity > k->severity)
		k->severity = ev->severity;
}

static int worst_first(const void *a, const void *b)
{
	const struct nm_html_finding *x = a, *y = b;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	if (x->section != y->section)
		return x->section < y->section ? -1 : 1;
	return x->ident < y->ident ? -1 : x->ident > y->ident;
}

static void write_one(struct nm_buf *b, const struct nm_html_finding *k, bool captures)
{
	const char *word = nm_severity_word(k->severity);

	nm_buf_printf(b, "<li><a href=#e%u><span class=\"s s%u\">%s</span> ", k->section,
	    k->severity < 6 ? (unsigned)k->severity : 5, word ? word : "critical");
	nm_html_cut(b, *k->name ? k->name : "event", NAME_SHOWN);
	nm_buf_printf(b, "%s</a> &times;%" PRIu64 " <span class=from>",
	    strlen(k->name) > NAME_SHOWN ? "&hellip;" : "", k->count);
	nm_html_cut(b, k->expert, NAME_SHOWN);
	if (captures) {
		nm_buf_puts(b, ", ");
		nm_html_text(b, k->capture);
	}
	nm_buf_puts(b, "</span>\n");
}

void nm_html_findings_write(struct nm_html_findings *f, struct nm_buf *b)
{
	bool captures = false;

	b->failed |= f->failed;
	if (f->n == 0) {
		nm_buf_puts(b, "<p class=good>Nothing was found that needs attention.\n");
		return;
	}
	qsort(f->list, f->n, sizeof *f->list, worst_first);
	for (unsigned i = 1; i < f->n; i++)
		captures |= strcmp(f->list[i].capture, f->list[0].capture) != 0;
	nm_buf_puts(b, "<ol class=findings>\n");
	for (unsigned i = 0; i < f->n; i++)
		write_one(b, &f->list[i], captures);
	nm_buf_puts(b, "</ol>\n");
	if (f->more)
		nm_buf_printf(
		    b, "<p>%" PRIu64 " events of further kinds are in the tables.\n", f->more);
}

void nm_html_findings_done(struct nm_html_findings *f)
{
	for (unsigned i = 0; i < f->n; i++)
		drop(&f->list[i]);
	free(f->list);
	*f = (struct nm_html_findings){ 0 };
}
