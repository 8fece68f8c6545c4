/* SPDX-License-Identifier: MIT */
/* Property Distribution against tshark, on every shared capture: in how many frames each
 * value of a property is. Without tshark or captures the tests are skipped.
 *
 * Reassembly and the like are off, as in fields.py: what is made out of several frames is
 * nobody's property. The captures where the two recognize something different are those of
 * fields.tsv. */
#include "over.h"
#include "parsers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a)   (sizeof(a) / sizeof *(a))
#define VALUES_MAX 8192

static const struct property {
	const char *ours, *field;
} properties[] = {
	{ "TCP:Source Port", "tcp.srcport" },
	{ "udp.dstport", "udp.dstport" }, /* the name that both have */
	{ "IP:Time to Live", "ip.ttl" },
	{ "ip.len", "ip.len" },
};

static const struct exception {
	const char *file, *field; /* how their names begin */
	const char *why;
} exceptions[] = {
	{ "libpcap-ipv6_ext_headers", "udp.", "after 100 protocols a frame is given up" },
	{ "tcpdump-vxlan", "", "what is in a VXLAN tunnel" },
	{ "wiki-nhrp_mgre", "ip.", "what is in a GRE tunnel" },
	{ "wiki-nb6-startup", "", "what is in an L2TP tunnel, and packets that are quoted" },
	{ "ms-MS-", "tcp.", "IPv6 with a payload length of 0" },
	{ "ms-MS-", "udp.", "IPv6 with a payload length of 0" },
};

struct table {
	struct {
		unsigned long value;
		unsigned frames;
	} of[VALUES_MAX];
	size_t n;
	unsigned frames; /* with the property */
};

static struct table ours, theirs;

static void add(struct table *t, unsigned long value, unsigned frames)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->of[i].value == value) {
			t->of[i].frames += frames;
			return;
		}
	assert_true(t->n < VALUES_MAX);
	t->of[t->n].value = value;
	t->of[t->n++].frames = frames;
}

static unsigned frames_of(const struct table *t, unsigned long value)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->of[i].value == value)
			return t->of[i].frames;
	return 0;
}

/* The number in "80 (0x50)", and in "A (1)" the one in brackets. */
static unsigned long number_in(const char *text)
{
	const char *bracket = strrchr(text, '(');

	if (*text >= '0' && *text <= '9')
		return strtoul(text, NULL, 0);
	return bracket ? strtoul(bracket + 1, NULL, 0) : 0;
}

static uint32_t on_event(void *ctx, const NMEVENTDATA *ev)
{
	struct table *t = ctx;

	if (ev->EventIdent == 1)
		t->frames = ev->Column[2].VariantData.Value.Uint32Val;
	if (ev->EventIdent == 2)
		add(t, number_in(ev->Column[2].VariantData.Value.pStringVal),
		    ev->Column[3].VariantData.Value.Uint32Val);
	return NMERR_SUCCESS;
}

/* "80,443": a frame counts once for a value. */
static void read_line(char *line)
{
	unsigned long before[64];
	size_t n = 0;
	char *one;

	line[strcspn(line, "\n")] = '\0';
	theirs.frames += *line != '\0';
	while ((one = strsep(&line, ",")) != NULL) {
		unsigned long value = strtoul(one, NULL, 0);
		size_t i = 0;

		while (i < n && before[i] != value)
			i++;
		if (!*one || i < n || n == COUNT(before))
			continue;
		before[n++] = value;
		add(&theirs, value, 1);
	}
}

static void ask_tshark(const char *path, const char *field)
{
	static char line[1 << 16];
	char command[8192];
	FILE *f;

	(void)snprintf(command, sizeof command,
	    "tshark -r '%s' -o tcp.desegment_tcp_streams:FALSE -o ip.defragment:FALSE -o "
	    "ipv6.defragment:FALSE -T fields -e %s 2>/dev/null",
	    path, field);
	f = popen(command, "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f))
		read_line(line);
	(void)pclose(f);
}

static int is_excepted(const char *file, const char *field)
{
	for (size_t i = 0; i < COUNT(exceptions); i++)
		if (strncmp(file, exceptions[i].file, strlen(exceptions[i].file)) == 0 &&
		    strncmp(field, exceptions[i].field, strlen(exceptions[i].field)) == 0)
			return 1;
	return 0;
}

struct config {
	DWORD length, top, memory_mib;
	char property[128];
};

/* Returns how many values differ. */
static int compare(const char *file, const struct property *p)
{
	struct config config = { sizeof config, 0, 0, "" };
	char path[4096];
	int differ = 0;

	memset(&ours, 0, sizeof ours);
	memset(&theirs, 0, sizeof theirs);
	(void)snprintf(config.property, sizeof config.property, "%s", p->ours);
	(void)snprintf(path, sizeof path, "%s/captures/dev/%s", shared_dir(), file);
	run_over(path, (EXPERTCONFIG *)(void *)&config, on_event, &ours);
	ask_tshark(path, p->field);
	if (is_excepted(file, p->field))
		return 0;
	for (size_t i = 0; i < theirs.n; i++)
		if (frames_of(&ours, theirs.of[i].value) != theirs.of[i].frames && differ++ < 5)
			print_error("%s %s = %lu: %u frames, the other program %u\n", file,
			    p->field, theirs.of[i].value, frames_of(&ours, theirs.of[i].value),
			    theirs.of[i].frames);
	if (ours.frames != theirs.frames || ours.n != theirs.n) {
		print_error("%s %s: %u frames and %zu values, the other program %u and %zu\n", file,
		    p->field, ours.frames, ours.n, theirs.frames, theirs.n);
		differ++;
	}
	return differ;
}

static void values_agree(void **state)
{
	int differ = 0;

	for (size_t i = 0; i < COUNT(properties); i++)
		differ += compare(*state, &properties[i]);
	assert_int_equal(differ, 0);
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
				.test_func = values_agree,
				.initial_state = files[i] };
	return _cmocka_run_group_tests("propdist", tests, n, load_parsers, NULL);
}
