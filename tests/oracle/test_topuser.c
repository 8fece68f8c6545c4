/* SPDX-License-Identifier: MIT */
/* Top Users against what another program counts, on every shared capture: each
 * IPv4 and IPv6 address, frames and bytes sent and received.
 *
 * The tables are oracle/endpoints/NAME.txt in ../shared (beside the source tree)
 * or in $NMAPI_SHARED; without them the tests are skipped. Where the two programs
 * mean different things, `exceptions` says so, and says exactly how they differ;
 * docs/topuser.md explains it to users. */
#include "over.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PARTIES_MAX 20000
#define DIFF_MAX    (16 * 1024)

static const struct exception {
	const char *file;
	const char *why;
	const char *diff; /* lines as in add_diff(), sorted by address */
} exceptions[] = {
#define FRAGMENTS                                                                                  \
	"every IPv6 fragment is a frame that somebody sent; the other program counts only "        \
	"the one that completes a packet"
	{ "ms-MS-CCROD_Example1.cap", FRAGMENTS,
	    "fe80::70f6:4319:7e2:16ce sent +1 frames +1510 bytes, received +1 frames +1510 bytes\n"
	    "fe80::e1b9:e91f:6e30:2632 sent +1 frames +1510 bytes, received +0 frames +0 bytes\n"
	    "ff02::c sent +0 frames +0 bytes, received +1 frames +1510 bytes\n" },
	{ "zeek-ipv6-fragmented-dns.pcap", FRAGMENTS,
	    "2001:470:1f11:81f:d138:5f55:6d4:1fe2 sent +0 frames +0 bytes, received +3 frames "
	    "+3392 "
	    "bytes\n"
	    "2607:f740:b::f93 sent +3 frames +3392 bytes, received +0 frames +0 bytes\n" },
};

/* An address with what it sent and received. */
struct party {
	char address[46];
	uint64_t frames[2], bytes[2];
};

struct parties {
	struct party *p;
	size_t n;
};

static struct party *party(struct parties *all, const char *address)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->p[i].address, address) == 0)
			return &all->p[i];
	assert_in_range(all->n, 0, PARTIES_MAX - 1);
	(void)snprintf(all->p[all->n].address, sizeof all->p->address, "%s", address);
	return &all->p[all->n++];
}

static struct parties no_parties(void)
{
	struct parties all = { calloc(PARTIES_MAX, sizeof *all.p), 0 };

	assert_non_null(all.p);
	return all;
}

static int by_address(const void *a, const void *b)
{
	return strcmp(((const struct party *)a)->address, ((const struct party *)b)->address);
}

static void sort(struct parties *all)
{
	qsort(all->p, all->n, sizeof *all->p, by_address);
}

/* ---- the other program's table ------------------------------------------------ */

static struct parties read_table(const char *path)
{
	struct parties all = no_parties();
	FILE *f = fopen(path, "r");
	char line[512];

	assert_non_null(f);
	while (fgets(line, sizeof line, f)) {
		struct party p = { .address = "" };

		if (sscanf(line, "%45s %*u %*u %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64,
			p.address, &p.frames[0], &p.bytes[0], &p.frames[1], &p.bytes[1]) == 5)
			*party(&all, p.address) = p;
	}
	(void)fclose(f);
	sort(&all);
	return all;
}

/* ---- our own ------------------------------------------------------------------- */

static uint64_t number(const NMCOLUMNVARIANT *v)
{
	return v->Type == NMCOLUMNTYPE_FLOAT64 ? (uint64_t)v->Value.Float64Val : v->Value.Uint32Val;
}

/* Events of IPv4 (2) and IPv6 (3): Rank, Address, # of Frames, # of Bytes, ... */
static uint32_t on_event(void *ctx, const NMEVENTDATA *ev)
{
	const NMCOLUMNINFO *c = ev->Column;
	bool received = strstr(ev->szEventName, "recipients") != NULL;
	char address[46];
	struct party *p;
	BYTE ip[4];

	if (ev->EventIdent != 2 && ev->EventIdent != 3)
		return NMERR_SUCCESS;
	if (ev->EventIdent == 2) {
		memcpy(ip, &c[1].VariantData.Value.IPAddrVal, 4);
		(void)snprintf(address, sizeof address, "%u.%u.%u.%u", ip[0], ip[1], ip[2], ip[3]);
	} else {
		(void)snprintf(address, sizeof address, "%s", c[1].VariantData.Value.pStringVal);
	}
	p = party(ctx, address);
	p->frames[received] = number(&c[2].VariantData);
	p->bytes[received] = number(&c[3].VariantData);
	return NMERR_SUCCESS;
}

static struct parties run_expert(const char *path)
{
	static DWORD every_address[] = { 8, 0 }; /* length of the configuration, rows */
	struct parties all = no_parties();

	run_over(path, (EXPERTCONFIG *)(void *)every_address, on_event, &all);
	sort(&all);
	return all;
}

/* ---- beside each other ------------------------------------------------------------ */

/* One line for each address that differs: ours minus theirs. */
static void add_diff(
    char *diff, const char *address, const struct party *ours, const struct party *theirs)
{
	static const struct party none;
	size_t n = strlen(diff);

	ours = ours ? ours : &none;
	theirs = theirs ? theirs : &none;
	if (memcmp(ours->frames, theirs->frames, sizeof ours->frames) == 0 &&
	    memcmp(ours->bytes, theirs->bytes, sizeof ours->bytes) == 0)
		return;
	assert_in_range(n, 0, DIFF_MAX - 256);
	(void)snprintf(diff + n, DIFF_MAX - n,
	    "%s sent %+" PRId64 " frames %+" PRId64 " bytes, received %+" PRId64 " frames %+" PRId64
	    " bytes\n",
	    address, (int64_t)(ours->frames[0] - theirs->frames[0]),
	    (int64_t)(ours->bytes[0] - theirs->bytes[0]),
	    (int64_t)(ours->frames[1] - theirs->frames[1]),
	    (int64_t)(ours->bytes[1] - theirs->bytes[1]));
}

static void compare(const struct parties *ours, const struct parties *theirs, char *diff)
{
	size_t i = 0, j = 0;

	*diff = '\0';
	while (i < ours->n || j < theirs->n) {
		int order = i == ours->n     ? 1
			    : j == theirs->n ? -1
					     : by_address(&ours->p[i], &theirs->p[j]);
		const struct party *a = order <= 0 ? &ours->p[i++] : NULL;
		const struct party *b = order >= 0 ? &theirs->p[j++] : NULL;

		add_diff(diff, a ? a->address : b->address, a, b);
	}
}

static const struct exception *exception_of(const char *file)
{
	for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++)
		if (strcmp(exceptions[i].file, file) == 0)
			return &exceptions[i];
	return NULL;
}

static void addresses_agree(void **state)
{
	const char *file = *state;
	const struct exception *e = exception_of(file);
	static char diff[DIFF_MAX];
	char path[4096];
	struct parties ours, theirs;

	(void)snprintf(
	    path, sizeof path, "%s/captures/oracle/endpoints/%s.txt", shared_dir(), file);
	theirs = read_table(path);
	(void)snprintf(path, sizeof path, "%s/captures/dev/%s", shared_dir(), file);
	ours = run_expert(path);
	compare(&ours, &theirs, diff);
	free(ours.p);
	free(theirs.p);
	if (strcmp(diff, e ? e->diff : "") != 0)
		fail_msg("%zu and %zu addresses; ours minus theirs:\n%s%s", ours.n, theirs.n, diff,
		    e ? e->why : "");
}

int main(void)
{
	static struct CMUnitTest tests[FILES_MAX];
	static char files[FILES_MAX][FILE_NAME_MAX];
	size_t n = list_shared("captures/oracle/endpoints", ".txt", files);

	if (n == 0) {
		printf("1..0 # SKIP no captures in %s\n", shared_dir());
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){
			.name = files[i], .test_func = addresses_agree, .initial_state = files[i]
		};
	return _cmocka_run_group_tests("topuser", tests, n, NULL, NULL);
}
