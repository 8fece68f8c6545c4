/* SPDX-License-Identifier: MIT */
/* TCP Retransmit against what another program finds, on every shared capture: how many
 * segments of each kind.
 *
 * The figures are oracle/dev.tsv in ../shared or in $NMAPI_SHARED; without it the tests
 * are skipped. Where the two programs mean different things, `exceptions` says by how
 * much and why; docs/tcpipe.md explains it to users. */
#include "over.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* Columns of the table, and the expert's kinds that they count together: its names of
 * totals. */
static const struct figure {
	const char *column, *names[3];
} figures[] = {
	{ "tcp_retransmissions",
	    { "Retransmission", "Fast retransmission", "Spurious retransmission" } },
	{ "tcp_fast_retransmissions", { "Fast retransmission" } },
	{ "tcp_spurious_retransmissions", { "Spurious retransmission" } },
	{ "tcp_out_of_order", { "Out of order" } },
	{ "tcp_duplicate_acks", { "Duplicate acknowledgement" } },
	{ "tcp_zero_window", { "Zero window" } },
	{ "tcp_lost_segment", { "Segment missing before this one" } },
	{ "tcp_keep_alive", { "Keep-alive" } },
	{ "tcp_rst_frames", { "Reset", "Connection refused" } },
};

#define SEGMENTED                                                                                  \
	"IPv6 packets of length 0 are what segmentation offload leaves in a capture; the other "   \
	"program does not look into them, and misses their bytes afterwards"
#define SENT_BEFORE "the capture holds the same bytes sent before: not out of order but sent again"

static const struct exception {
	const char *file, *column;
	int more; /* ours minus theirs */
	const char *why;
} exceptions[] = {
	{ "ms-MS-GPOD_Example3.cap", "tcp_lost_segment", -20, SEGMENTED },
	{ "ms-MS-WMOD_Example2.cap", "tcp_lost_segment", -5, SEGMENTED },
	{ "wiki-SoulSeekRoom.cap", "tcp_retransmissions", 2, SENT_BEFORE },
	{ "wiki-SoulSeekRoom.cap", "tcp_out_of_order", -2, SENT_BEFORE },
	{ "wiki-smtp.pcap", "tcp_retransmissions", 1, SENT_BEFORE },
	{ "wiki-smtp.pcap", "tcp_out_of_order", -1, SENT_BEFORE },
	{ "zeek-pppoe-over-qinq.pcap", "tcp_retransmissions", 2, SENT_BEFORE },
	{ "zeek-pppoe-over-qinq.pcap", "tcp_out_of_order", -2, SENT_BEFORE },
};

struct counts {
	int of[COUNT(figures)];
};

static uint32_t on_event(void *ctx, const NMEVENTDATA *ev)
{
	struct counts *c = ctx;

	if (ev->EventIdent != 1)
		return NMERR_SUCCESS;
	for (size_t i = 0; i < COUNT(figures); i++)
		for (size_t k = 0; k < COUNT(figures[i].names) && figures[i].names[k]; k++)
			if (strcmp(ev->szEventName, figures[i].names[k]) == 0)
				c->of[i] += (int)ev->Column[0].VariantData.Value.Uint32Val;
	return NMERR_SUCCESS;
}

/* ---- the table ---------------------------------------------------------------------- */

static char lines[FILES_MAX][4096];
static char header[4096];

/* The field of a line that the header calls so. */
static int field(const char *line, const char *column)
{
	const char *h = header, *p = line;

	for (;;) {
		size_t n = strcspn(h, "\t\n");

		if (strlen(column) == n && strncmp(h, column, n) == 0)
			return atoi(p);
		if (h[n] != '\t')
			fail_msg("no column %s", column);
		h += n + 1;
		p += strcspn(p, "\t\n");
		p += *p == '\t';
	}
}

static size_t read_table(void)
{
	char path[4096];
	size_t n = 0;
	FILE *f;

	(void)snprintf(path, sizeof path, "%s/captures/oracle/dev.tsv", shared_dir());
	f = fopen(path, "r");
	if (!f || !fgets(header, sizeof header, f))
		return 0;
	while (n < FILES_MAX && fgets(lines[n], sizeof lines[n], f))
		n++;
	(void)fclose(f);
	return n;
}

/* ---- beside each other ------------------------------------------------------------ */

static int expected(const char *file, const char *column)
{
	for (size_t i = 0; i < COUNT(exceptions); i++)
		if (strcmp(exceptions[i].file, file) == 0 &&
		    strcmp(exceptions[i].column, column) == 0)
			return exceptions[i].more;
	return 0;
}

static void figures_agree(void **state)
{
	const char *line = *state;
	struct counts ours = { { 0 } };
	char file[256], path[4096], diff[2048] = "";
	size_t n = 0;

	(void)snprintf(file, sizeof file, "%.*s", (int)strcspn(line, "\t"), line);
	(void)snprintf(path, sizeof path, "%s/captures/dev/%s", shared_dir(), file);
	run_over(path, NULL, on_event, &ours);
	for (size_t i = 0; i < COUNT(figures); i++) {
		int theirs = field(line, figures[i].column);

		if (ours.of[i] - theirs != expected(file, figures[i].column))
			n += (size_t)snprintf(diff + n, sizeof diff - n,
			    "%s: %d, the other program %d\n", figures[i].column, ours.of[i],
			    theirs);
	}
	if (n)
		fail_msg("%s:\n%s", file, diff);
}

int main(void)
{
	static struct CMUnitTest tests[FILES_MAX];
	static char names[FILES_MAX][256];
	size_t n = read_table();

	if (n == 0) {
		printf("1..0 # SKIP no figures in %s\n", shared_dir());
		return 0;
	}
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(
		    names[i], sizeof names[i], "%.*s", (int)strcspn(lines[i], "\t"), lines[i]);
		tests[i] = (struct CMUnitTest){
			.name = names[i], .test_func = figures_agree, .initial_state = lines[i]
		};
	}
	return _cmocka_run_group_tests("tcpipe", tests, n, NULL, NULL);
}
