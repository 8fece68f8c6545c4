/* SPDX-License-Identifier: MIT */
/* Average Server Response Time against tshark, on every shared capture: which frame answers
 * a request, and after how long.
 *
 * tshark is asked for its dns.time, http.time, smb.time, smb2.time and ldap.time, and for
 * tcp.analysis.ack_rtt of SYN and ACK; bodies of HTTP are not put together, so that it means
 * an answer's beginning as well. Without tshark or captures the tests are skipped. Where the
 * two mean different things, `exceptions` says how often and why; docs/resptime.md explains
 * it to users. */
#include "over.h"

#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a)  (sizeof(a) / sizeof *(a))
#define TIMES_MAX 20000
#define LDAP      4      /* of figures */
#define CLOSE     1.6e-6 /* seconds: our times are microseconds, cut */

/* What tshark calls it, and what we do. */
static const struct figure {
	const char *field, *name, *also;
} figures[] = {
	{ "dns.time", "DNS", NULL },
	{ "http.time", "HTTP", NULL },
	{ "smb.time", "SMB", NULL },
	{ "smb2.time", "SMB2", NULL },
	{ "ldap.time", "LDAP", "CLDAP" },
	{ "tcp.analysis.ack_rtt", "TCP handshake", NULL },
};

#define PARTS                                                                                      \
	"of a message in several segments: ours is from the request's last byte to the "           \
	"response's "                                                                              \
	"first, the other program's between the ends of the parts that it reads"
#define NEGOTIATED "SMB's negotiation is answered by SMB2, which the other program does not match"
#define PENDING    "STATUS_PENDING says that the response comes later"
#define SEALED     "sealed: ours by order"
#define ENTRIES    "more entries of the same response"
#define SYN_AGAIN  "the SYN was sent again: ours counts from the last, ack_rtt from the first"
#define AT_ONCE    "no time has passed: the other program says nothing then"
#define NETBEUI    "SMB over NetBEUI is not looked into"
#define SECRETS    "in TLS, whose secrets the capture holds"

/* Shortened: files of one kind begin so. */
static const struct exception {
	const char *file, *field;
	int ours, theirs; /* times that the other does not have */
	const char *why;
} exceptions[] = {
	{ "ms-MS-ADOD_Example1_3", "smb.time", 1, 0, NEGOTIATED },
	{ "ms-MS-ADOD_Example1_3", "smb2.time", 0, 1, PENDING },
	{ "ms-MS-ADOD_Example1_3", "ldap.time", 8, 1, SEALED "; " PARTS },
	{ "ms-MS-ADOD_Example2_10", "smb.time", 1, 0, NEGOTIATED },
	{ "ms-MS-ADOD_Example2_10", "ldap.time", 0, 5, ENTRIES },
	{ "ms-MS-ADOD_Example2_4", "smb.time", 1, 0, NEGOTIATED },
	{ "ms-MS-ADOD_Example2_4", "smb2.time", 0, 3, PENDING },
	{ "ms-MS-AUTHSOD_Example3-1", "smb.time", 2, 0, NEGOTIATED },
	{ "ms-MS-CCROD_Example1", "http.time", 2, 2, PARTS },
	{ "ms-MS-CCROD_Example1", "smb2.time", 1, 1, PARTS },
	{ "ms-MS-CCROD_Example2Peer2", "http.time", 10, 10, PARTS },
	{ "ms-MS-GPOD_Example3", "smb.time", 1, 0, NEGOTIATED },
	{ "ms-MS-GPOD_Example3", "ldap.time", 45, 0, SEALED },
	{ "ms-MS-WMOD_Example2", "http.time", 6, 4, PARTS },
	{ "ms-MS-WSUSOD_Example4", "http.time", 5, 2, PARTS },
	{ "pcapplusplus-many-protocols", "http.time", 8, 5, PARTS },
	{ "wiki-FTPv6-1", "tcp.analysis.ack_rtt", 3, 3, SYN_AGAIN },
	{ "wiki-SoulSeekRoom", "tcp.analysis.ack_rtt", 3, 0, AT_ONCE },
	{ "wiki-Teredo", "http.time", 1, 1, PARTS },
	{ "wiki-dos_win98_smb_netbeui", "smb.time", 0, 24, NETBEUI },
	{ "wiki-ldap-krb5-sign-seal-01", "ldap.time", 11, 1, SEALED "; " PARTS },
	{ "wiki-pcapng-example", "http.time", 0, 2, SECRETS },
	{ "wiki-smb-on-windows-10", "smb.time", 4, 0, NEGOTIATED },
	{ "wiki-tcp-ecn-sample", "http.time", 1, 1, PARTS },
	{ "zeek-ipv6-fragmented-dns", "dns.time", 1, 1, PARTS },
};

struct time {
	unsigned frame, figure;
	double seconds;
	int met;
};

struct times {
	struct time of[TIMES_MAX];
	size_t n;
};

static struct times ours, theirs;

/* Some answers come in pieces that tshark each gives the same time. */
static int is_new(const struct times *t, unsigned figure, unsigned frame, double seconds)
{
	for (size_t i = t->n; i-- > 0 && t->of[i].frame == frame;)
		if (t->of[i].figure == figure && fabs(t->of[i].seconds - seconds) < CLOSE)
			return 0;
	return 1;
}

static void add(struct times *t, unsigned figure, unsigned frame, double seconds)
{
	assert_true(t->n < TIMES_MAX);
	t->of[t->n++] = (struct time){ frame, figure, seconds, 0 };
}

static int is_called(const struct figure *f, const char *name)
{
	return strcmp(f->name, name) == 0 || (f->also && strcmp(f->also, name) == 0);
}

static uint32_t on_event(void *ctx, const NMEVENTDATA *ev)
{
	if (ev->EventIdent != 4)
		return NMERR_SUCCESS;
	for (unsigned i = 0; i < COUNT(figures); i++)
		if (is_called(&figures[i], ev->Column[1].VariantData.Value.pStringVal))
			add(ctx, i, ev->Column[4].VariantData.Value.FrameVal + 1,
			    ev->Column[2].VariantData.Value.Float64Val / 1000);
	return NMERR_SUCCESS;
}

/* ---- the other program ---------------------------------------------------------------------- */

/* "17\t0.003,0.004\t..." */
static void read_line(char *line)
{
	char *field = strsep(&line, "\t"), *one;
	unsigned frame = (unsigned)atoi(field);
	int is_syn_ack;

	field = strsep(&line, "\t");
	is_syn_ack = field && (strtoul(field, NULL, 16) & 0x17) == 0x12;
	for (unsigned i = 0; i < COUNT(figures) && (field = strsep(&line, "\t\n")) != NULL; i++)
		while ((one = strsep(&field, ",")) != NULL)
			if (*one && (i + 1 < COUNT(figures) || is_syn_ack) &&
			    (i != LDAP || is_new(&theirs, i, frame, atof(one))))
				add(&theirs, i, frame, atof(one));
}

static void ask_tshark(const char *path)
{
	static char line[1 << 16];
	char command[8192];
	size_t n;
	FILE *f;

	n = (size_t)snprintf(command, sizeof command,
	    "tshark -r '%s' -o http.desegment_body:FALSE -T fields -e frame.number -e tcp.flags",
	    path);
	for (size_t i = 0; i < COUNT(figures); i++)
		n += (size_t)snprintf(command + n, sizeof command - n, " -e %s", figures[i].field);
	(void)snprintf(command + n, sizeof command - n, " 2>/dev/null");
	f = popen(command, "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f))
		read_line(line);
	(void)pclose(f);
}

/* ---- beside each other ------------------------------------------------------------------------ */

static void meet(void)
{
	for (size_t i = 0; i < ours.n; i++)
		for (size_t k = 0; k < theirs.n && !ours.of[i].met; k++) {
			struct time *a = &ours.of[i], *b = &theirs.of[k];

			if (!b->met && a->frame == b->frame && a->figure == b->figure &&
			    fabs(a->seconds - b->seconds) < CLOSE)
				a->met = b->met = 1;
		}
}

static void expected(const char *file, unsigned figure, int ret[static 2])
{
	ret[0] = ret[1] = 0;
	for (size_t i = 0; i < COUNT(exceptions); i++)
		if (strncmp(exceptions[i].file, file, strlen(exceptions[i].file)) == 0 &&
		    strcmp(exceptions[i].field, figures[figure].field) == 0) {
			ret[0] = exceptions[i].ours;
			ret[1] = exceptions[i].theirs;
		}
}

static int alone(const struct times *t, unsigned figure, const char *whose, char *text, size_t room)
{
	int n = 0;

	for (size_t i = 0; i < t->n; i++) {
		size_t at = strlen(text);

		if (t->of[i].met || t->of[i].figure != figure)
			continue;
		n++;
		(void)snprintf(text + at, room - at, "%s: %s, frame %u, %.6f s\n",
		    figures[figure].field, whose, t->of[i].frame, t->of[i].seconds);
	}
	return n;
}

struct config {
	DWORD length, top, slowest, slow_ms, memory_mib;
};

static void times_agree(void **state)
{
	const char *file = *state;
	struct config config = { sizeof config, 0, TIMES_MAX, 0, 0 };
	char path[4096], text[4096];
	int failed = 0;

	ours.n = theirs.n = 0;
	(void)snprintf(path, sizeof path, "%s/captures/dev/%s", shared_dir(), file);
	run_over(path, (EXPERTCONFIG *)(void *)&config, on_event, &ours);
	ask_tshark(path);
	meet();
	for (unsigned i = 0; i < COUNT(figures); i++) {
		int want[2], n[2];

		*text = '\0';
		expected(file, i, want);
		n[0] = alone(&ours, i, "ours only", text, sizeof text);
		n[1] = alone(&theirs, i, "theirs only", text, sizeof text);
		if (n[0] == want[0] && n[1] == want[1])
			continue;
		failed++;
		print_error("%s %s: %d and %d alone, expected %d and %d\n%s", file,
		    figures[i].field, n[0], n[1], want[0], want[1], text);
	}
	assert_int_equal(failed, 0);
}

int main(void)
{
	static struct CMUnitTest tests[FILES_MAX];
	static char files[FILES_MAX][FILE_NAME_MAX];
	size_t all = list_shared("captures/dev", "", files), n = 0;

	if (all == 0 || system("tshark --version >/dev/null 2>&1") != 0) {
		printf("1..0 # SKIP no tshark, or no captures in %s\n", shared_dir());
		return 0;
	}
	for (size_t i = 0; i < all; i++)
		if (strstr(files[i], ".cap") || strstr(files[i], ".pcap"))
			tests[n++] = (struct CMUnitTest){ .name = files[i],
				.test_func = times_agree,
				.initial_state = files[i] };
	return _cmocka_run_group_tests("resptime", tests, n, NULL, NULL);
}
