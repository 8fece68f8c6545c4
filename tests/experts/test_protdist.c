/* SPDX-License-Identifier: MIT */
/* Protocol Distribution as a whole, on a host that can be made to fail. */
#include "misfortune.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define FRAMES_MAX 64
#define COUNT(a)   (sizeof(a) / sizeof *(a))

/* The expert's EXPERTCONFIG, as docs/protdist.md has it. */
struct config {
	DWORD length, flags;
};

enum { P_ETH = 1, P_IP, P_TCP, P_UDP, P_DNS, P_GRE };
static const char *const names[] = { "ETHERNET", "IP", "TCP", "UDP", "DNS", "GRE", NULL };

#define STACK(...) ((const WORD[]){ __VA_ARGS__, 0 })

static const struct fake_frame frames[] = {
	{ .wire = 100, .stack = STACK(P_ETH, P_IP, P_TCP) },
	{ .wire = 60, .stack = STACK(P_ETH, P_IP, P_UDP, P_DNS), .time = 500 },
	{ .wire = 200, .stack = STACK(P_ETH, P_IP, P_TCP), .time = 1000 },
	{ .wire = 40, .stack = NULL, .time = 2000 },
	{ .wire = 300, .stack = STACK(P_ETH, P_IP, P_GRE, P_IP, P_TCP), .time = 2500 },
	{ .wire = 100, .stack = STACK(P_ETH, P_IP, P_TCP), .time = 5999 },
};

static struct fake_host host_of(const struct fake_frame *f, DWORD n)
{
	return (struct fake_host){ .frames = f, .n_frames = n, .protocols = names, .percent = -1 };
}

static BOOL run(struct fake_host *h, const struct config *c)
{
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

static void each_stack_protocol_and_slice_is_counted(void **state)
{
	static const char *const want[] = {
		"1|0|All frames|# of Frames=6|# of Bytes=800|Seconds=0|Bits/s=1066844",
		"2|0|Hierarchy|Protocol=ETHERNET|# of Frames=5|% of Frames=83|# of Bytes=760|% of "
		"Bytes=95|Ending here=0|First Frame=1",
		"2|0|Hierarchy|Protocol=  IP|# of Frames=5|% of Frames=83|# of Bytes=760|% of "
		"Bytes=95|Ending here=0|First Frame=1",
		"2|0|Hierarchy|Protocol=    TCP|# of Frames=3|% of Frames=50|# of Bytes=400|% of "
		"Bytes=50|Ending here=3|First Frame=1",
		"2|0|Hierarchy|Protocol=    GRE|# of Frames=1|% of Frames=17|# of Bytes=300|% of "
		"Bytes=38|Ending here=0|First Frame=5",
		"2|0|Hierarchy|Protocol=      IP|# of Frames=1|% of Frames=17|# of Bytes=300|% of "
		"Bytes=38|Ending here=0|First Frame=5",
		"2|0|Hierarchy|Protocol=        TCP|# of Frames=1|% of Frames=17|# of Bytes=300|% "
		"of "
		"Bytes=38|Ending here=1|First Frame=5",
		"2|0|Hierarchy|Protocol=    UDP|# of Frames=1|% of Frames=17|# of Bytes=60|% of "
		"Bytes=8|Ending here=0|First Frame=2",
		"2|0|Hierarchy|Protocol=      DNS|# of Frames=1|% of Frames=17|# of Bytes=60|% of "
		"Bytes=8|Ending here=1|First Frame=2",
		"3|0|Protocol|Protocol=ETHERNET|# of Frames=5|% of Frames=83|# of Bytes=760|% of "
		"Bytes=95|First Frame=1",
		"3|0|Protocol|Protocol=IP|# of Frames=5|% of Frames=83|# of Bytes=760|% of "
		"Bytes=95|First Frame=1",
		"3|0|Protocol|Protocol=TCP|# of Frames=4|% of Frames=67|# of Bytes=700|% of "
		"Bytes=88|First Frame=1",
		"3|0|Protocol|Protocol=GRE|# of Frames=1|% of Frames=17|# of Bytes=300|% of "
		"Bytes=38|First Frame=5",
		"3|0|Protocol|Protocol=UDP|# of Frames=1|% of Frames=17|# of Bytes=60|% of "
		"Bytes=8|First Frame=2",
		"3|0|Protocol|Protocol=DNS|# of Frames=1|% of Frames=17|# of Bytes=60|% of "
		"Bytes=8|First Frame=2",
		"4|0|Over time|From (s)=0|To (s)=0|# of Frames=2|# of "
		"Bytes=160|TCP=100|DNS=60|Not recognized=0|Others=0",
		"4|0|Over time|From (s)=0|To (s)=0|# of Frames=1|# of "
		"Bytes=200|TCP=200|DNS=0|Not recognized=0|Others=0",
		"4|0|Over time|From (s)=0|To (s)=0|# of Frames=2|# of "
		"Bytes=340|TCP=300|DNS=0|Not recognized=40|Others=0",
		"4|0|Over time|From (s)=0|To (s)=0|# of Frames=0|# of "
		"Bytes=0|TCP=0|DNS=0|Not recognized=0|Others=0",
		"4|0|Over time|From (s)=0|To (s)=0|# of Frames=0|# of "
		"Bytes=0|TCP=0|DNS=0|Not recognized=0|Others=0",
		"4|0|Over time|From (s)=0|To (s)=0|# of Frames=1|# of "
		"Bytes=100|TCP=100|DNS=0|Not recognized=0|Others=0",
		NULL,
	};
	struct fake_host h = host_of(frames, COUNT(frames));

	(void)state;
	assert_true(run(&h, NULL));
	want_events(&h, want);
	assert_string_equal(h.status_text, "6 frames, 800 bytes, 8 different stacks of protocols");
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
}

static void what_is_hidden_is_not_told(void **state)
{
	static const char *const first = "1|0|All frames|";

	(void)state;
	for (DWORD hidden = 0; hidden < 8; hidden++) {
		const struct config c = { sizeof c, hidden };
		struct fake_host h = host_of(frames, COUNT(frames));
		unsigned of[6] = { 0 };

		assert_true(run(&h, &c));
		assert_memory_equal(h.events[0], first, strlen(first));
		for (unsigned i = 0; i < h.n_events; i++)
			of[h.events[i][0] - '0']++;
		assert_int_equal(of[2], hidden & 1 ? 0 : 8);
		assert_int_equal(of[3], hidden & 2 ? 0 : 6);
		assert_int_equal(of[4], hidden & 4 ? 0 : 6);
		fake_done(&h);
	}
}

/* 1 ms, 2 ms ... as many as the capture needs; at most 32 of them. */
static void slices_grow_with_the_capture(void **state)
{
	static const struct {
		int64_t last;
		unsigned slices;
	} rows[] = { { 0, 1 }, { 999, 1 }, { 1000, 2 }, { 31999, 32 }, { 32000, 17 }, { 63999, 32 },
		{ 64000, 17 }, { INT64_C(86400000000), 21 }, { INT64_MAX, 17 }, { -5, 1 } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct fake_frame two[] = { { .wire = 10, .stack = STACK(P_ETH) },
			{ .wire = 20, .stack = STACK(P_ETH), .time = rows[i].last } };
		struct fake_host h = host_of(two, 2);
		unsigned slices = 0, bytes = 0;

		assert_true(run(&h, NULL));
		for (unsigned k = 0; k < h.n_events; k++) {
			const char *n = strstr(h.events[k], "# of Bytes=");

			if (h.events[k][0] != '4')
				continue;
			slices++;
			bytes += (unsigned)atoi(n + strlen("# of Bytes="));
		}
		assert_int_equal(bytes, 30);
		assert_int_equal(slices, rows[i].slices);
		fake_done(&h);
	}
}

static void an_empty_capture_is_told_as_one(void **state)
{
	static const char *const want[] = { "1|0|All frames|# of Frames=0|# of Bytes=0|Seconds=0",
		NULL };
	struct fake_host h = host_of(frames, 0);

	(void)state;
	assert_true(run(&h, NULL));
	want_events(&h, want);
	fake_done(&h);
}

/* Parsers are anybody's: unknown numbers, and stacks of any depth. */
static void hostile_stacks_are_cut(void **state)
{
	WORD deep[200];
	const struct fake_frame one[] = { { .wire = 10, .stack = deep },
		{ .wire = 20, .stack = STACK(999) },
		{ .wire = 30, .stack = STACK(0xFFFF, P_ETH) } };
	struct fake_host h = host_of(one, COUNT(one));

	(void)state;
	for (unsigned i = 0; i < COUNT(deep); i++)
		deep[i] = i + 1 < COUNT(deep) ? (WORD)(1 + i % 2) : 0;
	assert_true(run(&h, NULL));
	assert_string_equal(h.events[h.n_events - 1], "5|1|1 frames with their stack cut short");
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
}

static void a_host_without_names_has_numbers(void **state)
{
	struct fake_host h = host_of(frames, COUNT(frames));

	(void)state;
	h.protocols = NULL;
	assert_true(run(&h, NULL));
	assert_non_null(strstr(h.events[1], "Protocol=protocol 1|"));
	fake_done(&h);
}

static void each_allocation_fails_in_turn(void **state)
{
	struct fake_host h = host_of(frames, COUNT(frames));
	unsigned allocs;

	(void)state;
	assert_true(run(&h, NULL));
	allocs = h.allocs;
	fake_done(&h);
	assert_int_equal(allocs, 3);
	for (unsigned i = 1; i <= allocs; i++) {
		BOOL done;

		h = host_of(frames, COUNT(frames));
		h.refuse_alloc = i;
		done = run(&h, NULL);
		assert_int_equal(done, i > 1);
		assert_int_equal(h.events[h.n_events - 1][0] == '5' || i > 1, 1);
		assert_true(fake_left_nothing(&h));
		fake_done(&h);
	}
}

static struct fake_host a_host(void)
{
	return host_of(frames, COUNT(frames));
}

static BOOL run_it(struct fake_host *h)
{
	return run(h, NULL);
}

static const struct victim victim = { a_host, run_it };

static void the_host_ends_it_at_any_call(void **state)
{
	(void)state;
	end_at_each_call(&victim);
}

static void a_frame_that_cannot_be_read_is_told(void **state)
{
	(void)state;
	break_off_at_frame(&victim, 2, "5|3|Stopped early: error 77|Last Frame=2");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_stack_protocol_and_slice_is_counted),
		cmocka_unit_test(what_is_hidden_is_not_told),
		cmocka_unit_test(slices_grow_with_the_capture),
		cmocka_unit_test(an_empty_capture_is_told_as_one),
		cmocka_unit_test(hostile_stacks_are_cut),
		cmocka_unit_test(a_host_without_names_has_numbers),
		cmocka_unit_test(each_allocation_fails_in_turn),
		cmocka_unit_test(the_host_ends_it_at_any_call),
		cmocka_unit_test(a_frame_that_cannot_be_read_is_told),
	};

	return cmocka_run_group_tests_name("protdist", tests, NULL, NULL);
}
