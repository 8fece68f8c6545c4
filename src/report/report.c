/* SPDX-License-Identifier: MIT */
/* Reports: the table of formats, and the sink in front of each. */
#include "report/report.h"

#include "system/locales.h"
#include "system/terminal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct nm_report_format *const formats[] = { &nm_report_text, &nm_report_json,
	&nm_report_html, &nm_report_csv, &nm_report_sqlite, &nm_report_sarif };

#define N_FORMATS (sizeof formats / sizeof formats[0])

/* The locale matters to a report in three ways: the decimal point, the width
 * of characters and what counts as one. A report is the same everywhere, so it
 * is made under one locale, which is put on the thread for each callback only. */
struct nm_report {
	const struct nm_report_format *format;
	void *state;
	struct nm_out *out;
	nm_locale locale;
};

const char *nm_report_format(unsigned i)
{
	return i < N_FORMATS ? formats[i]->name : NULL;
}

static const struct nm_report_format *find_format(const char *name)
{
	for (unsigned i = 0; i < N_FORMATS; i++)
		if (name && strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}

/* A caller built against an older header gives fewer members, which are then
 * zero; one built against a newer header may only leave the rest zero. */
static int copy_options(const struct nm_report_options *in, struct nm_report_options *ret_opt)
{
	size_t known = sizeof *ret_opt;

	if (in->size < offsetof(struct nm_report_options, bill))
		return EINVAL;
	for (size_t i = known; i < in->size; i++)
		if (((const char *)in)[i])
			return EINVAL;
	*ret_opt = (struct nm_report_options){ 0 };
	memcpy(ret_opt, in, in->size < known ? in->size : known);
	return 0;
}

static struct nm_report_style make_style(
    const struct nm_report_options *opt, const struct nm_out *out)
{
	bool terminal = nm_out_is_terminal(out);
	struct nm_report_style s = { .bill = opt->bill, .width = opt->width, .run = opt->run };

	s.colour = nm_wants_colour(opt->colour, terminal);
	if (s.width == 0 && terminal)
		s.width = nm_out_columns(out);
	return s;
}

/* Puts the report's locale on the thread; to be taken off by leave(). */
static nm_locale enter(const struct nm_report *r)
{
	return nm_locale_enter(r->locale);
}

static int leave(const struct nm_report *r, nm_locale before)
{
	nm_locale_leave(before);
	return nm_out_error(r->out);
}

/* One callback of a sink: nothing after the first error, and the report's
 * locale around the format's own function. */
#define FORWARD(report, member, ...)                                                               \
	do {                                                                                       \
		struct nm_report *r_ = (report);                                                   \
		nm_locale before_;                                                                 \
                                                                                                   \
		if (nm_out_error(r_->out) || !r_->format->member)                                  \
			return nm_out_error(r_->out);                                              \
		before_ = enter(r_);                                                               \
		r_->format->member(r_->state, __VA_ARGS__);                                        \
		return leave(r_, before_);                                                         \
	} while (0)

static int on_capture_begin(void *ctx, const struct nm_capture_report *c)
{
	FORWARD(ctx, capture_begin, c);
}

static int on_expert_begin(void *ctx, const struct nm_expert_info *e)
{
	FORWARD(ctx, expert_begin, e);
}

static int on_event(void *ctx, const struct nm_event *ev)
{
	FORWARD(ctx, event, ev);
}

static int on_expert_end(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	FORWARD(ctx, expert_end, e, end);
}

static int on_capture_end(void *ctx, const struct nm_capture_report *c)
{
	FORWARD(ctx, capture_end, c);
}

static int on_run_end(void *ctx, const struct nm_run_summary *s)
{
	FORWARD(ctx, run_end, s);
}

static int on_show(void *ctx)
{
	struct nm_report *r = ctx;
	nm_locale before;

	if (nm_out_error(r->out))
		return nm_out_error(r->out);
	before = enter(r);
	r->format->show(r->state);
	(void)nm_out_flush(r->out);
	return leave(r, before);
}

int nm_report_open(
    const struct nm_report_options *opt, struct nm_report **ret_report, struct nm_sink *ret_sink)
{
	struct nm_report_options o;
	struct nm_report_style style;
	struct nm_report *r;
	int err = copy_options(opt, &o);
	const struct nm_report_format *format = err ? NULL : find_format(o.format);

	if (!format)
		return EINVAL;
	r = calloc(1, sizeof *r);
	if (!r)
		return ENOMEM;
	r->format = format;
	r->locale = nm_locale_new();
	err = r->locale ? nm_out_open(o.path, format->whole, &r->out) : ENOMEM;
	if (err)
		goto undo_report;
	style = make_style(&o, r->out);
	err = format->start(r->out, &style, &r->state);
	if (err)
		goto undo_out;
	*ret_report = r;
	*ret_sink = (struct nm_sink){ r, on_capture_begin, on_expert_begin, on_event, on_expert_end,
		on_capture_end, on_run_end, format->show ? on_show : NULL,
		/* Without what is measured reports compare, and when an expert ends is measured. */
		format->as_ended && o.bill && nm_out_is_read_along(r->out) };
	return 0;

undo_out:
	(void)nm_out_close(r->out);
undo_report:
	nm_locale_free(r->locale);
	free(r);
	return err;
}

int nm_report_close(struct nm_report *r)
{
	nm_locale before;
	int err;

	if (!r)
		return 0;
	before = enter(r);
	r->format->done(r->state);
	(void)leave(r, before);
	err = nm_out_close(r->out);
	nm_locale_free(r->locale);
	free(r);
	return err;
}
