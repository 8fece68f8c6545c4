/* SPDX-License-Identifier: MIT */
/* Top Users as a whole, on a host that can be made to fail. */
#include "fakehost.h"
#include "framespec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define FRAMES_MAX 64
#define ETH        MAC_TYPE_ETHERNET

/* The expert's EXPERTCONFIG, as docs/topuser.md has it. */
struct config {
	DWORD length, top, flags, memory_mib;
};
#define CONFIG(...)                                                                                \
	{                                                                                          \
		sizeof(struct config), __VA_ARGS__                                                 \
	}

struct capture {
	struct fake_frame frames[FRAMES_MAX];
	uint8_t bytes[FRAMES_MAX][FRAMESPEC_MAX];
};

static struct capture cap;

/* A host over the frames of specs, which ends with NULL. A spec may begin with
 * "raw ", for an unknown link type. */
static struct fake_host host_of(const char *const *specs)
{
	struct fake_host h = { .frames = cap.frames, .capture_mac = ETH, .percent = -1 };

	for (; specs[h.n_frames]; h.n_frames++) {
		struct fake_frame *f = &cap.frames[h.n_frames];
		const char *spec = specs[h.n_frames];

		assert_true(h.n_frames < FRAMES_MAX);
		f->mac_type = strncmp(spec, "raw ", 4) == 0 ? MAC_TYPE_UNKNOWN : ETH;
		f->bytes = cap.bytes[h.n_frames];
		f->len =
		    (DWORD)framespec(f->mac_type == ETH ? spec : spec + 4, cap.bytes[h.n_frames]);
		f->wire = f->len;
	}
	return h;
}

/* Without a configuration only addresses: what is counted beside them has tests of its own. */
static BOOL run(struct fake_host *h, const struct config *c)
{
	static const struct config addresses = CONFIG(10, 0x30, 0);

	if (!c)
		c = &addresses;
	return fake_run(h, (const EXPERTCONFIG *)(const void *)c);
}

static void want_events(const struct fake_host *h, const char *const *want)
{
	unsigned n = 0;

	for (; want[n]; n++) {
		if (n >= h->n_events)
			fail_msg("event %u is missing: %s", n + 1, want[n]);
		assert_string_equal(h->events[n], want[n]);
	}
	if (h->n_events > n)
		fail_msg("an event too many: %s", h->events[n]);
}

/* The number of events whose line contains text. */
static unsigned events_with(const struct fake_host *h, const char *text)
{
	unsigned n = 0;

	for (unsigned i = 0; i < h->n_events; i++)
		n += strstr(h->events[i], text) != NULL;
	return n;
}

/* 10.0.0.1 sends 3 frames of 42, 42 and 142 bytes; 10.0.0.2 answers with 62. */
static const char *const talk[] = {
	"eth 0800 / ip 10.0.0.1 10.0.0.2 17 / udp 1 2",
	"eth 0800 / ip 10.0.0.1 10.0.0.3 17 / udp 1 2",
	"eth 0806 / data 28",
	"eth 86dd / ip6 2001::1 2001::2 59",
	"eth 0800 / ip 10.0.0.2 10.0.0.1 17 / udp 2 1 / data 20",
	"eth 0800 / ip 10.0.0.1 10.0.0.2 17 / udp 1 2 / data 100",
	NULL,
};

static void each_address_has_its_frames_and_bytes(void **state)
{
	static const char *const want[] = {
		"1|0|Link-layer senders|Rank=1|Address=020000000001|# of Frames=6|# of Bytes=384|% "
		"of "
		"Bytes=100|First Frame=1|Last Frame=6",
		"1|0|Link-layer recipients|Rank=1|Address=020000000002|# of Frames=6|# of "
		"Bytes=384|% of "
		"Bytes=100|First Frame=1|Last Frame=6",
		"2|0|IPv4 senders|Rank=1|Address=10.0.0.1|# of Frames=3|# of Bytes=226|% of "
		"Bytes=58|First Frame=1|Last Frame=6",
		"2|0|IPv4 senders|Rank=2|Address=10.0.0.2|# of Frames=1|# of Bytes=62|% of "
		"Bytes=16|First Frame=5|Last Frame=5",
		"2|0|IPv4 recipients|Rank=1|Address=10.0.0.2|# of Frames=2|# of Bytes=184|% of "
		"Bytes=47|First Frame=1|Last Frame=6",
		"2|0|IPv4 recipients|Rank=2|Address=10.0.0.1|# of Frames=1|# of Bytes=62|% of "
		"Bytes=16|First Frame=5|Last Frame=5",
		"2|0|IPv4 recipients|Rank=3|Address=10.0.0.3|# of Frames=1|# of Bytes=42|% of "
		"Bytes=10|First Frame=2|Last Frame=2",
		"3|0|IPv6 senders|Rank=1|Address=2001::1|# of Frames=1|# of Bytes=54|% of "
		"Bytes=14|First Frame=4|Last Frame=4",
		"3|0|IPv6 recipients|Rank=1|Address=2001::2|# of Frames=1|# of Bytes=54|% of "
		"Bytes=14|First Frame=4|Last Frame=4",
		"4|0|All frames|# of Frames=6|# of Bytes=384|% of Bytes=100|First Frame=1|Last "
		"Frame=6",
		"4|0|Frames without IP|# of Frames=1|# of Bytes=42|% of Bytes=10|First "
		"Frame=3|Last "
		"Frame=3",
		NULL,
	};
	struct fake_host h = host_of(talk);

	(void)state;
	assert_true(run(&h, NULL));
	want_events(&h, want);
	assert_string_equal(
	    h.status_text, "6 frames, 384 bytes, 7 addresses; busiest sender: 10.0.0.1");
	assert_int_equal(h.status, EXPERTSTATUS_RUNNING);
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
}

static void bytes_are_those_on_the_wire(void **state)
{
	struct fake_host h = host_of(talk);

	(void)state;
	cap.frames[0].wire = 1000;
	assert_true(run(&h, NULL));
	assert_int_equal(
	    events_with(
		&h, "IPv4 recipients|Rank=1|Address=10.0.0.2|# of Frames=2|# of Bytes=1142"),
	    1);
	fake_done(&h);
}

static void an_empty_capture_has_one_row(void **state)
{
	static const char *const none[] = { NULL };
	static const char *const want[] = {
		"4|0|All frames|# of Frames=0|# of Bytes=0|% of Bytes=0", NULL
	};
	struct fake_host h = host_of(none);

	(void)state;
	assert_true(run(&h, NULL));
	want_events(&h, want);
	assert_string_equal(h.status_text, "0 frames, 0 bytes, 0 addresses");
	fake_done(&h);
}

static void traffic_to_oneself_counts_on_both_sides(void **state)
{
	static const char *const self[] = { "eth 0800 / ip 10.0.0.1 10.0.0.1 17", NULL };
	struct fake_host h = host_of(self);

	(void)state;
	assert_true(run(&h, NULL));
	assert_int_equal(events_with(&h, "IPv4 senders|Rank=1|Address=10.0.0.1|# of Frames=1"), 1);
	assert_int_equal(
	    events_with(&h, "IPv4 recipients|Rank=1|Address=10.0.0.1|# of Frames=1"), 1);
	fake_done(&h);
}

static void ties_are_decided_by_frames_then_address(void **state)
{
	static const char *const frames[] = {
		"eth 0800 / ip 10.0.0.9 10.0.0.1 17 / data 22",
		"eth 0800 / ip 10.0.0.8 10.0.0.1 17 / data 22",
		"eth 0800 / ip 10.0.1.7 10.0.0.1 17 / data 56",
		"eth 0800 / ip 10.0.0.200 10.0.0.1 17 / data 11",
		"eth 0800 / ip 10.0.0.200 10.0.0.1 17 / data 11",
		NULL,
	};
	struct fake_host h = host_of(frames);

	(void)state;
	assert_true(run(&h, NULL));
	assert_non_null(
	    strstr(h.events[2], "Rank=1|Address=10.0.0.200|# of Frames=2|# of Bytes=90"));
	assert_non_null(strstr(h.events[3], "Rank=2|Address=10.0.1.7|# of Frames=1|# of Bytes=90"));
	assert_non_null(strstr(h.events[4], "Rank=3|Address=10.0.0.8|# of Frames=1|# of Bytes=56"));
	assert_non_null(strstr(h.events[5], "Rank=4|Address=10.0.0.9|# of Frames=1|# of Bytes=56"));
	fake_done(&h);
}

static void strange_frames_have_rows_of_their_own(void **state)
{
	static const char *const frames[] = {
		"eth 0800 / ip 10.0.0.1 10.0.0.2 17 ver=55",
		"raw data 50",
		"raw ip 10.0.0.1 10.0.0.2 17",
		NULL,
	};
	struct fake_host h = host_of(frames);

	(void)state;
	assert_true(run(&h, NULL));
	assert_int_equal(events_with(&h, "4|0|All frames|# of Frames=3|"), 1);
	assert_int_equal(events_with(&h, "4|0|Frames without IP|# of Frames=2|"), 1);
	assert_int_equal(events_with(&h, "4|0|Broken IP headers|# of Frames=1|"), 1);
	assert_int_equal(events_with(&h, "4|0|Unknown link type|# of Frames=1|"), 1);
	assert_int_equal(events_with(&h, "IPv4 senders|Rank=1|Address=10.0.0.1|# of Frames=1"), 1);
	fake_done(&h);
}

/* ---- settings ----------------------------------------------------------------- */

static void settings_say_what_is_shown(void **state)
{
	static const struct {
		const char *name;
		struct config c;
		unsigned link, v4, v6; /* rows */
	} rows[] = {
		{ "top 1", CONFIG(1, 0, 0), 2, 2, 2 },
		{ "top 2", CONFIG(2, 0, 0), 2, 4, 2 },
		{ "every address", CONFIG(0, 0, 0), 2, 5, 2 },
		{ "more than there are", CONFIG(0xffffffff, 0, 0), 2, 5, 2 },
		{ "no link layer", CONFIG(0, 1, 0), 0, 5, 2 },
		{ "no IPv4", CONFIG(0, 2, 0), 2, 0, 2 },
		{ "no IPv6", CONFIG(0, 4, 0), 2, 5, 0 },
		{ "an unknown flag", CONFIG(0, 0x80000000, 0), 2, 5, 2 },
		{ "a configuration of nothing but its length", { 4, 1, 7, 1 }, 2, 5, 2 },
		{ "a configuration that ends behind top", { 8, 1, 7, 1 }, 2, 2, 2 },
		{ "a configuration that ends inside a number", { 11, 1, 7, 1 }, 2, 2, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fake_host h = host_of(talk);

		assert_true(run(&h, &rows[i].c));
		if (events_with(&h, "1|0|") != rows[i].link ||
		    events_with(&h, "2|0|IP") != rows[i].v4 ||
		    events_with(&h, "3|0|IP") != rows[i].v6)
			fail_msg("%s: other rows", rows[i].name);
		fake_done(&h);
	}
}

static void inner_headers_can_be_left_out(void **state)
{
	static const char *const tunnel[] = {
		"eth 0800 / ip 10.0.0.1 10.0.0.2 4 / ip 10.1.0.3 10.1.0.4 6", NULL
	};
	static const struct config all = CONFIG(0, 0, 0), outer = CONFIG(0, 8, 0);
	struct fake_host h = host_of(tunnel);

	(void)state;
	assert_true(run(&h, &all));
	assert_int_equal(events_with(&h, "IPv4 senders"), 2);
	fake_done(&h);
	h = host_of(tunnel);
	assert_true(run(&h, &outer));
	assert_int_equal(events_with(&h, "IPv4 senders"), 1);
	assert_int_equal(events_with(&h, "Address=10.0.0.1"), 1);
	fake_done(&h);
}

/* ---- frames and their link types --------------------------------------------------- */

static void the_mac_type_is_asked_only_where_it_is_in_doubt(void **state)
{
	static const char *const frames[] = {
		"eth 0800 / ip 10.0.0.1 10.0.0.2 17",
		"eth 8100 / hex 00010800 / ip 10.0.0.1 10.0.0.2 17",
		"eth 86dd / ip6 2001::1 2001::2 59",
		"eth 0806 / data 28",
		"raw ip 10.0.0.5 10.0.0.6 17",
		NULL,
	};
	struct fake_host h = host_of(frames);

	(void)state;
	assert_true(run(&h, NULL));
	assert_int_equal(h.mac_calls, 2);
	assert_int_equal(events_with(&h, "Address=10.0.0.5"), 1);
	fake_done(&h);
	h = host_of(frames);
	h.capture_mac = MAC_TYPE_FDDI;
	assert_true(run(&h, NULL));
	assert_int_equal(h.mac_calls, 5);
	assert_int_equal(events_with(&h, "Address=10.0.0.5"), 1);
	fake_done(&h);
}

/* ---- what can go wrong -------------------------------------------------------------- */

static void any_one_allocation_may_be_refused(void **state)
{
	static const struct config c = CONFIG(0, 0, 0);

	for (unsigned rest = 0; rest < 2; rest++) {
		unsigned n = 1;

		for (;; n++) {
			struct fake_host h = host_of(talk);

			h.refuse_alloc = n;
			h.refuse_rest = rest;
			assert_true(run(&h, &c));
			assert_true(fake_left_nothing(&h));
			assert_int_equal(
			    events_with(&h, "|All frames|# of Frames=6|# of Bytes=384|"), 1);
			if (h.allocs >=
			    n) /* it hit: something is missing, and the report says so */
				assert_true(events_with(&h, "5|1|") > 0);
			fake_done(&h);
			if (h.allocs < n)
				break;
		}
		assert_true(n > 3);
	}
	(void)state;
}

static void it_ends_at_once_when_told_at_any_call(void **state)
{
	unsigned n = 1, events = 0;

	(void)state;
	for (;; n++) {
		struct fake_host h = host_of(talk);
		BOOL done;

		h.terminate_at = n;
		done = run(&h, NULL);
		assert_true(fake_left_nothing(&h));
		events = h.n_events;
		fake_done(&h);
		if (h.calls < n) {
			assert_true(done);
			break;
		}
		assert_false(done);
		assert_int_equal(h.calls, n);
	}
	assert_int_equal(events, 11);
	assert_true(n > 20);
}

static void a_read_error_leaves_a_report_that_says_so(void **state)
{
	struct fake_host h = host_of(talk);

	(void)state;
	h.read_error = NMERR_FILE_READ_ERROR;
	h.read_error_at = 2;
	assert_false(run(&h, NULL));
	assert_int_equal(events_with(&h, "Address=10.0.0.1|# of Frames=2|"), 1);
	assert_int_equal(events_with(&h, "|All frames|# of Frames=2|"), 1);
	assert_string_equal(h.events[h.n_events - 1], "5|3|Stopped early: error 77|Last Frame=2");
	assert_int_equal(h.status, EXPERTSTATUS_PROBLEM);
	assert_int_equal(h.substatus, NMERR_FILE_READ_ERROR);
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
}

static void an_event_that_is_refused_ends_the_report(void **state)
{
	(void)state;
	for (unsigned n = 1; n <= 11; n++) {
		struct fake_host h = host_of(talk);

		h.refuse_event = n;
		h.event_error = NMERR_EXPERT_REPORT_FAILED;
		assert_false(run(&h, NULL));
		assert_int_equal(h.n_events, n - 1);
		assert_true(fake_left_nothing(&h));
		fake_done(&h);
	}
}

/* ---- many ----------------------------------------------------------------------------- */

/* n frames, each from an address of its own to 10.255.255.255. */
static struct fake_frame *many_senders(DWORD n, uint8_t **ret_bytes)
{
	struct fake_frame *frames = calloc(n, sizeof *frames);
	uint8_t one[FRAMESPEC_MAX];
	size_t len = framespec("eth 0800 / ip 0.0.0.0 10.255.255.255 17", one);
	uint8_t *bytes = malloc(n * len);

	assert_non_null(frames);
	assert_non_null(bytes);
	for (DWORD i = 0; i < n; i++) {
		uint8_t *p = bytes + i * len;

		memcpy(p, one, len);
		p[14 + 10] = p[14 + 11] = 0; /* no checksum */
		p[14 + 12] = 11;
		p[14 + 13] = (uint8_t)(i >> 16);
		p[14 + 14] = (uint8_t)(i >> 8);
		p[14 + 15] = (uint8_t)i;
		frames[i] = (struct fake_frame){ ETH, 100, (DWORD)len, p, 0, NULL };
	}
	*ret_bytes = bytes;
	return frames;
}

static void memory_is_bounded_and_the_rest_counted(void **state)
{
	enum { N = 100000 };
	static const struct config c = CONFIG(0, 0x30, 1);
	uint8_t *bytes;
	struct fake_frame *frames = many_senders(N, &bytes);
	struct fake_host h = { .frames = frames, .n_frames = N, .capture_mac = ETH };
	unsigned senders, lost = 0;

	(void)state;
	assert_true(run(&h, &c));
	senders = events_with(&h, "2|0|IPv4 senders");
	assert_in_range(senders, 8000, 16384);
	for (unsigned i = 0; i < h.n_events; i++)
		(void)sscanf(h.events[i], "5|1|IPv4 senders left out|# of Frames=%u", &lost);
	assert_int_equal(senders + lost, N);
	assert_int_equal(
	    events_with(&h, "IPv4 recipients|Rank=1|Address=10.255.255.255|# of Frames=100000"), 1);
	assert_in_range(h.peak_bytes, 512 << 10, (1 << 20) + senders * sizeof(void *));
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
	free(frames);
	free(bytes);
}

static void without_memory_for_the_ranking_the_first_rows_come(void **state)
{
	enum { N = 1000 };
	static const struct config c = CONFIG(0, 0x30, 0);
	uint8_t *bytes;
	struct fake_frame *frames = many_senders(N, &bytes);
	struct fake_host h = { .frames = frames, .n_frames = N, .capture_mac = ETH };
	unsigned allocs;

	(void)state;
	assert_true(run(&h, &c));
	allocs = h.allocs;
	fake_done(&h);
	h = (struct fake_host){
		.frames = frames, .n_frames = N, .capture_mac = ETH, .refuse_alloc = allocs
	};
	assert_true(run(&h, &c));
	assert_int_equal(events_with(&h, "2|0|IPv4 senders|"), 64);
	assert_int_equal(events_with(&h, "5|1|IPv4 senders: 64 of 1000 listed"), 1);
	assert_non_null(strstr(h.events[2], "Rank=1|Address=11.0.0.0|"));
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
	free(frames);
	free(bytes);
}

/* ---- conversations and ports ---------------------------------------------------------- */

static void conversations_and_ports_have_both_ways(void **state)
{
	static const char *const frames[] = {
		"eth 0800 / ip 10.0.0.9 10.0.0.1 17 / udp 5000 53",          /* 42 bytes */
		"eth 0800 / ip 10.0.0.1 10.0.0.9 17 / udp 53 5000 / data 8", /* 50 */
		"eth 0800 / ip 10.0.0.9 10.0.0.1 1 / data 10",               /* 44; no ports */
		"eth 86dd / ip6 2001::2 2001::1 17 / udp 53 53",             /* 62 */
		"eth 0800 / ip 10.0.0.4 10.0.0.4 6 / data 2", /* too short for ports */
		NULL,
	};
	static const char *const want[] = {
		"6|0|IPv4 conversations|Rank=1|Address A=10.0.0.9|Address B=10.0.0.1|Frames A to "
		"B=2|Bytes A to B=86|Frames B to A=1|Bytes B to A=50|# of Frames=3|# of "
		"Bytes=136|% "
		"of Bytes=58|First Frame=1|Last Frame=3",
		"6|0|IPv4 conversations|Rank=2|Address A=10.0.0.4|Address B=10.0.0.4|Frames A to "
		"B=1|Bytes A to B=36|Frames B to A=0|Bytes B to A=0|# of Frames=1|# of Bytes=36|% "
		"of Bytes=15|First Frame=5|Last Frame=5",
		"7|0|IPv6 conversations|Rank=1|Address A=2001::2|Address B=2001::1|Frames A to "
		"B=1|Bytes A to B=62|Frames B to A=0|Bytes B to A=0|# of Frames=1|# of Bytes=62|% "
		"of Bytes=26|First Frame=4|Last Frame=4",
		"8|0|Ports|Rank=1|Protocol=UDP|Port=53|Frames From=2|Bytes From=112|Frames "
		"To=2|Bytes To=104|First Frame=1|Last Frame=4",
		"8|0|Ports|Rank=2|Protocol=UDP|Port=5000|Frames From=1|Bytes From=42|Frames "
		"To=1|Bytes To=50|First Frame=1|Last Frame=2",
	};
	enum { WANT = sizeof want / sizeof *want };
	struct fake_host h = host_of(frames);
	unsigned at = 0;

	(void)state;
	assert_true(fake_run(&h, NULL));
	while (at < h.n_events && h.events[at][0] != '6')
		at++;
	for (unsigned i = 0; i < WANT; i++) {
		assert_in_range(at + i, 0, h.n_events - 1);
		assert_string_equal(h.events[at + i], want[i]);
	}
	assert_int_equal(events_with(&h, "conversations|"), 3);
	assert_int_equal(events_with(&h, "|Ports|"), 2);
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
}

static void conversations_and_ports_can_be_left_out(void **state)
{
	static const struct {
		const char *name;
		struct config c;
		unsigned v4, v6, ports; /* rows */
	} rows[] = {
		{ "all", CONFIG(0, 0, 0), 2, 1, 2 },
		{ "the first of each", CONFIG(1, 0, 0), 1, 1, 1 },
		{ "no conversations", CONFIG(0, 0x10, 0), 0, 0, 2 },
		{ "no ports", CONFIG(0, 0x20, 0), 2, 1, 0 },
		{ "neither", CONFIG(0, 0x30, 0), 0, 0, 0 },
		{ "no IPv4", CONFIG(0, 2, 0), 0, 1, 2 },
		{ "no IPv6", CONFIG(0, 4, 0), 2, 0, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fake_host h = host_of(talk);

		assert_true(run(&h, &rows[i].c));
		if (events_with(&h, "6|0|IPv4") != rows[i].v4 ||
		    events_with(&h, "7|0|IPv6") != rows[i].v6 ||
		    events_with(&h, "8|0|Ports") != rows[i].ports)
			fail_msg("%s: other rows", rows[i].name);
		fake_done(&h);
	}
}

/* A port scan between spoofed addresses: addresses keep their half. */
static void conversations_cost_no_address(void **state)
{
	enum { N = 100000 };
	static const struct config c = CONFIG(0, 0, 1);
	uint8_t *bytes;
	struct fake_frame *frames = many_senders(N, &bytes);
	struct fake_host h = { .frames = frames, .n_frames = N, .capture_mac = ETH };
	unsigned talks, lost = 0;

	(void)state;
	assert_true(run(&h, &c));
	talks = events_with(&h, "6|0|IPv4 conversations|");
	assert_in_range(events_with(&h, "2|0|IPv4 senders"), 4000, 8192);
	assert_in_range(talks, 4000, 8192);
	for (unsigned i = 0; i < h.n_events; i++)
		(void)sscanf(h.events[i], "5|1|IPv4 conversations left out|# of Frames=%u", &lost);
	assert_int_equal(talks + lost, N);
	assert_in_range(h.peak_bytes, 512 << 10, (1 << 20) + 2 * talks * sizeof(void *));
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
	free(frames);
	free(bytes);
}

static void any_one_allocation_for_them_may_be_refused(void **state)
{
	struct fake_host h = host_of(talk);
	unsigned allocs;

	(void)state;
	assert_true(fake_run(&h, NULL));
	allocs = h.allocs;
	fake_done(&h);
	assert_true(allocs > 12);
	for (unsigned i = 1; i <= allocs; i++) {
		h = host_of(talk);
		h.refuse_alloc = i;
		assert_true(fake_run(&h, NULL));
		assert_int_equal(events_with(&h, "5|1|"), events_with(&h, "left out"));
		assert_true(events_with(&h, "left out") > 0);
		assert_true(fake_left_nothing(&h));
		fake_done(&h);
	}
}

static void every_address_is_listed_once_and_in_order(void **state)
{
	enum { N = 70000 };
	static const struct config c = CONFIG(0, 0, 0);
	uint8_t *bytes;
	struct fake_frame *frames = many_senders(N, &bytes);
	struct fake_host h = { .frames = frames, .n_frames = N, .capture_mac = ETH };

	(void)state;
	for (DWORD i = 0; i < N; i++)
		frames[i].wire = 100 + (i * 7919u) % N;
	assert_true(run(&h, &c));
	assert_int_equal(events_with(&h, "2|0|IPv4 senders"), N);
	for (unsigned i = 0; i < N; i++) {
		char want[32];

		(void)snprintf(want, sizeof want, "|# of Bytes=%u|", 100 + N - 1 - i);
		assert_non_null(strstr(h.events[2 + i], want));
	}
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
	free(frames);
	free(bytes);
}

static void progress_asks_for_no_number_of_frames(void **state)
{
	enum { N = 0x60000 };
	uint8_t *bytes;
	struct fake_frame *frames = many_senders(1, &bytes), *same = calloc(N, sizeof *same);
	struct fake_host h = { .frames = same, .n_frames = N, .capture_mac = ETH, .percent = -1 };

	(void)state;
	assert_non_null(same);
	for (DWORD i = 0; i < N; i++)
		same[i] = frames[0];
	h.terminate_at = 0x60000; /* during the last stretch */
	assert_false(run(&h, NULL));
	assert_int_equal(h.status_calls, 5);
	assert_int_equal(h.total_calls, 0); /* on a pipe it would wait for the end */
	assert_int_equal(h.percent, -1);
	assert_string_equal(h.status_text, "327680 frames, 4 addresses");
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
	free(same);
	free(frames);
	free(bytes);
}

static void it_registers_under_its_name(void **state)
{
	EXPERTENUMINFO info;

	(void)state;
	memset(&info, 0xff, sizeof info);
	assert_true(Register(&info));
	assert_string_equal(info.szName, "Top Users");
	assert_string_equal(info.szVendor, "nmapi");
	assert_int_equal(info.Version, 0);
	assert_int_equal(info.Flags, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_registers_under_its_name),
		cmocka_unit_test(each_address_has_its_frames_and_bytes),
		cmocka_unit_test(bytes_are_those_on_the_wire),
		cmocka_unit_test(an_empty_capture_has_one_row),
		cmocka_unit_test(traffic_to_oneself_counts_on_both_sides),
		cmocka_unit_test(ties_are_decided_by_frames_then_address),
		cmocka_unit_test(strange_frames_have_rows_of_their_own),
		cmocka_unit_test(settings_say_what_is_shown),
		cmocka_unit_test(inner_headers_can_be_left_out),
		cmocka_unit_test(the_mac_type_is_asked_only_where_it_is_in_doubt),
		cmocka_unit_test(any_one_allocation_may_be_refused),
		cmocka_unit_test(it_ends_at_once_when_told_at_any_call),
		cmocka_unit_test(a_read_error_leaves_a_report_that_says_so),
		cmocka_unit_test(an_event_that_is_refused_ends_the_report),
		cmocka_unit_test(memory_is_bounded_and_the_rest_counted),
		cmocka_unit_test(without_memory_for_the_ranking_the_first_rows_come),
		cmocka_unit_test(conversations_and_ports_have_both_ways),
		cmocka_unit_test(conversations_and_ports_can_be_left_out),
		cmocka_unit_test(conversations_cost_no_address),
		cmocka_unit_test(any_one_allocation_for_them_may_be_refused),
		cmocka_unit_test(every_address_is_listed_once_and_in_order),
		cmocka_unit_test(progress_asks_for_no_number_of_frames),
	};

	return cmocka_run_group_tests_name("topuser", tests, NULL, NULL);
}
