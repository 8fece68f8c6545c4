/* SPDX-License-Identifier: MIT */
/* make_page OUT EVENTS -- a page to try in a browser: the run of the report tests, with
 * text that would like to be markup, and as many events as asked for. */
#include "report_events.h"
#include "report_frames.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const markup[] = {
	"<script>window.pwned = 1</script>",
	"<img src=x onerror='window.pwned = 1'>",
	"\"><svg onload=window.pwned=1>",
	"javascript:window.pwned=1",
	"</td></tr></table><h1>broken out</h1>",
	"&lt;b&gt; <!-- --> ]]> \\u003cscript\\u003e",
	"\xff\xfe invalid \xc0\x80 bytes",
	"\033[31mred\033[0m \x07 \x7f \xe2\x80\xaetxt.exe",
};

#define MARKUP (sizeof markup / sizeof *markup)
#define LONG   60000u

/* One kind for each text: in its name, columns' names and values, source and note. */
static int play_markup(const struct nm_sink *s)
{
	struct nm_capture_report c = a_capture("<script>window.pwned = 1</script>.pcap", 1);
	struct nm_expert_info e = an_expert("markup", "<i>Markup</i>");
	struct nm_expert_end end = an_end(1, MARKUP + 1);
	char *lengthy = malloc(LONG + 1);
	int err;

	if (!lengthy)
		return 1;
	memset(lengthy, 'x', LONG);
	lengthy[LONG] = '\0';
	c.damage = markup[1];
	e.description = markup[2];
	err = s->capture_begin(s->ctx, &c) || s->expert_begin(s->ctx, &e);
	for (unsigned i = 0; i <= MARKUP && !err; i++) {
		const char *text = i < MARKUP ? markup[i] : lengthy;
		const struct nm_column column = { text, NM_COL_STRING, { .str = text } };
		const struct nm_event ev = { .ident = i,
			.severity = i % 6,
			.source = text,
			.name = text,
			.description = text,
			.machine = text,
			.justification = text,
			.n_columns = 1,
			.columns = &column };

		err = s->event(s->ctx, &ev);
	}
	end.status_text = markup[3];
	end.reason = markup[4];
	free(lengthy);
	return err || s->expert_end(s->ctx, &e, &end) || s->capture_end(s->ctx, &c);
}

/* What charts are made of. */
static int play_charts(const struct nm_sink *s)
{
	struct nm_capture_report c = a_capture("charts.pcap", 1);
	struct nm_expert_info e = an_expert("charts", "Charts");
	struct nm_expert_end end = an_end(1, 12);
	int err = s->capture_begin(s->ctx, &c) || s->expert_begin(s->ctx, &e);

	for (unsigned i = 0; i < 4 && !err; i++) {
		const struct nm_column slice[] = { { "From (s)", NM_COL_FLOAT64, { .d = i } },
			{ "To (s)", NM_COL_FLOAT64, { .d = i + 1 } },
			{ "# of Bytes", NM_COL_UINT32, { .u = 30 * i } },
			{ "TCP", NM_COL_UINT32, { .u = 20 * i } },
			{ "UDP", NM_COL_UINT32, { .u = 10 * i } } };
		const struct nm_event ev = { .ident = 1,
			.source = "",
			.name = "Over time",
			.description = "",
			.n_columns = 5,
			.columns = slice };

		err = s->event(s->ctx, &ev);
	}
	for (unsigned i = 0; i < 4 && !err; i++) {
		const struct nm_column slice[] = { { "From (s)", NM_COL_FLOAT64, { .d = i } },
			{ "To (s)", NM_COL_FLOAT64, { .d = i + 1 } },
			{ "Segments", NM_COL_UINT32, { .u = 1000 } },
			{ "Retransmissions", NM_COL_UINT32, { .u = i < 3 ? i : 3 } },
			{ "Fast", NM_COL_UINT32, { .u = i < 3 ? 0 : 3 } } };
		const struct nm_event ev = { .ident = 3,
			.source = "",
			.name = "Retransmissions over time",
			.description = "",
			.n_columns = 5,
			.columns = slice };

		err = s->event(s->ctx, &ev);
	}
	for (unsigned i = 0; i < 4 && !err; i++) {
		const struct nm_column row[] = { { "Rank", NM_COL_UINT32, { .u = i + 1 } },
			{ "Address", NM_COL_STRING, { .str = i ? "10.0.0.2" : markup[0] } },
			{ "# of Bytes", NM_COL_UINT32, { .u = 400 - 100 * i } } };
		const struct nm_event ev = { .ident = 2,
			.source = "",
			.name = "Senders",
			.description = "",
			.n_columns = 3,
			.columns = row };

		err = s->event(s->ctx, &ev);
	}
	return err || s->expert_end(s->ctx, &e, &end) || s->capture_end(s->ctx, &c);
}

/* Figures that no chart has room for. */
static int play_odd_charts(const struct nm_sink *s)
{
	static const double odd[] = { 1.7e308, -1.7e308, INFINITY, -INFINITY, NAN, -0.0, 5e-324 };
	struct nm_capture_report c = a_capture("odd.pcap", 1);
	struct nm_expert_info e = an_expert("odd", "Odd");
	struct nm_expert_end end = an_end(1, 2 * (sizeof odd / sizeof *odd));
	int err = s->capture_begin(s->ctx, &c) || s->expert_begin(s->ctx, &e);

	for (unsigned i = 0; i < 2 * (sizeof odd / sizeof *odd) && !err; i++) {
		double v = odd[i / 2];
		const struct nm_column slice[] = { { "From (", NM_COL_FLOAT64, { .d = v } },
			{ "To (s)", NM_COL_FLOAT64, { .d = v } },
			{ "A", NM_COL_FLOAT64, { .d = v } }, { "B", NM_COL_FLOAT64, { .d = v } } };
		const struct nm_column row[] = { { "Rank", NM_COL_FLOAT64, { .d = v } },
			{ "Address", NM_COL_FLOAT64, { .d = v } },
			{ "# of Bytes", NM_COL_FLOAT64, { .d = v } } };
		const struct nm_event ev = { .ident = i % 2,
			.source = "",
			.name = i % 2 ? "Odd slices" : "Odd ranks",
			.description = "",
			.n_columns = i % 2 ? 4 : 3,
			.columns = i % 2 ? slice : row };

		err = s->event(s->ctx, &ev);
	}
	return err || s->expert_end(s->ctx, &e, &end) || s->capture_end(s->ctx, &c);
}

int main(int argc, char **argv)
{
	static const struct nm_run_options run = { .size = sizeof run };
	struct nm_report_options opt = {
		.size = sizeof opt, .format = "html", .bill = true, .run = &run
	};
	struct nm_report *r = NULL;
	struct nm_sink sink;
	int err;

	if (argc != 3)
		return 1;
	opt.path = argv[1];
	if (nm_report_open(&opt, &r, &sink))
		return 1;
	err = play_markup(&sink) || play_charts(&sink) || play_odd_charts(&sink) ||
	      play_frames(&sink, 6, 10, 1) ||
	      play_flood(&sink, (unsigned)strtoul(argv[2], NULL, 10));
	return nm_report_close(r) || err;
}
