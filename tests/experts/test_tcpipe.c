/* SPDX-License-Identifier: MIT */
/* TCP Retransmit: each rule beside what is nearly the same and is not it, then the
 * expert as a whole on a host that can be made to fail. */
#include "misfortune.h"
#include "framespec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define FRAMES_MAX 48
#define COUNT(a)   (sizeof(a) / sizeof *(a))

/* The expert's EXPERTCONFIG, as docs/tcpipe.md has it. */
struct config {
	DWORD length, top, findings, memory_mib;
};

struct capture {
	struct fake_frame frames[FRAMES_MAX];
	uint8_t bytes[FRAMES_MAX][FRAMESPEC_MAX];
};

static struct capture cap;

/* ---- segments as text ---------------------------------------------------------------- */

/* "MS WAY FLAGS SEQ ACK WINDOW BYTES [OPTIONS]": milliseconds; > or < ; letters of
 * S F R A; numbers; TCP options in hex. A WAY of >2 or <2 is another client port. */
static void one_frame(const char *line, struct fake_frame *f, uint8_t *bytes)
{
	char way[4], letters[8], options[64] = "", spec[512];
	unsigned seq, ack, window, n, flags = 0;
	double ms;
	int fields = sscanf(line, "%lf %3s %7s %u %u %u %u %63s", &ms, way, letters, &seq, &ack,
	    &window, &n, options);
	unsigned client = way[1] ? 1002 : 1001;
	bool out = way[0] == '>';

	assert_true(fields >= 7);
	for (const char *p = letters; *p; p++)
		flags |= *p == 'F' ? 1 : *p == 'S' ? 2 : *p == 'R' ? 4 : *p == 'A' ? 16 : 0;
	(void)snprintf(spec, sizeof spec,
	    "eth 0800 / ip 10.0.0.%u 10.0.0.%u 6 / tcp %u %u %u %u %x %u %s%s / data %u",
	    out ? 1 : 2, out ? 2 : 1, out ? client : 80, out ? 80 : client, seq, ack, flags, window,
	    *options ? "opt=" : "", options, n);
	f->mac_type = MAC_TYPE_ETHERNET;
	f->bytes = bytes;
	f->len = f->wire = (DWORD)framespec(spec, bytes);
	f->time = (int64_t)(ms * 1000);
}

static struct fake_host host_of(const char *const *lines)
{
	struct fake_host h = {
		.frames = cap.frames, .capture_mac = MAC_TYPE_ETHERNET, .percent = -1
	};

	for (; lines[h.n_frames]; h.n_frames++) {
		assert_true(h.n_frames < FRAMES_MAX);
		one_frame(lines[h.n_frames], &cap.frames[h.n_frames], cap.bytes[h.n_frames]);
	}
	return h;
}

static BOOL run(struct fake_host *h, const struct config *c)
{
	return fake_run(h, (const EXPERTCONFIG *)(const void *)c);
}

/* ---- findings ------------------------------------------------------------------------ */

static int value_of(const char *event, const char *column)
{
	const char *p = strstr(event, column);

	return p ? atoi(p + strlen(column)) : 0;
}

/* "Retransmission 5<3; Reset 9": the frames, and which they are about. Kinds that have
 * no rows of their own are taken from the totals, as "Keep-alive x2". */
static void findings_of(const struct fake_host *h, char *text, size_t room)
{
	*text = '\0';
	for (unsigned i = 0; i < h->n_events; i++) {
		const char *e = h->events[i], *name = strchr(strchr(e, '|') + 1, '|') + 1;
		int frame = value_of(e, "|Frame="), original = value_of(e, "|Original Frame=");
		size_t n = strlen(text);
		bool hidden = atoi(e) == 1 && (strncmp(name, "Keep-alive", 10) == 0 ||
						  strncmp(name, "Zero window probe", 17) == 0 ||
						  strncmp(name, "Duplicate", 9) == 0);

		if (atoi(e) < 10 && !hidden)
			continue;
		n += (size_t)snprintf(
		    text + n, room - n, "%s%.*s ", n ? "; " : "", (int)strcspn(name, "|"), name);
		if (hidden)
			(void)snprintf(text + n, room - n, "x%d", value_of(e, "|Segments="));
		else if (original)
			(void)snprintf(text + n, room - n, "%d<%d", frame, original);
		else
			(void)snprintf(text + n, room - n, "%d", frame);
	}
}

#define SHAKE                                                                                      \
	"0 > S 99 0 8000 0 03030200", "10 < SA 499 100 8000 0 03030200", "10.1 > A 100 500 8000 0"

static const struct rule {
	const char *name, *lines[16], *want;
} rules[] = {
	{ "an exchange without trouble",
	    { SHAKE, "11 > A 100 500 8000 100", "21 < A 500 200 8000 100", "22 > FA 200 600 8000 0",
		"32 < FA 600 201 8000 0", "33 > A 201 601 8000 0" },
	    "" },
	{ "sent again after a timeout",
	    { SHAKE, "11 > A 100 500 8000 100", "311 > A 100 500 8000 100" },
	    "Retransmission 5<4" },
	{ "sent again twice: the original is the first",
	    { SHAKE, "11 > A 100 500 8000 100", "311 > A 100 500 8000 100",
		"911 > A 100 500 8000 100" },
	    "Retransmission 5<4; Retransmission 6<4" },
	{ "sent again in other pieces",
	    { SHAKE, "11 > A 100 500 8000 100", "12 > A 200 500 8000 100",
		"400 > A 150 500 8000 100" },
	    "Retransmission 6<4" },
	{ "a SYN sent again", { "0 > S 99 0 8000 0", "3000 > S 99 0 8000 0" },
	    "Retransmission 2<1" },
	{ "a FIN sent again", { SHAKE, "11 > FA 100 500 8000 0", "400 > FA 100 500 8000 0" },
	    "Retransmission 5<4" },
	{ "fast, after two duplicate acknowledgements",
	    { SHAKE, "11 > A 100 500 8000 100", "11.1 > A 200 500 8000 100",
		"11.2 > A 300 500 8000 100", "21 < A 500 100 8000 0", "21.1 < A 500 100 8000 0",
		"22 > A 100 500 8000 100" },
	    "Duplicate acknowledgement x2; Fast retransmission 9<4" },
	{ "not fast when it comes late",
	    { SHAKE, "11 > A 100 500 8000 100", "11.1 > A 200 500 8000 100",
		"21 < A 500 100 8000 0", "21.1 < A 500 100 8000 0", "41.2 > A 100 500 8000 100" },
	    "Duplicate acknowledgement x2; Retransmission 8<4" },
	{ "not fast after one duplicate acknowledgement",
	    { SHAKE, "11 > A 100 500 8000 100", "11.1 > A 200 500 8000 100",
		"21 < A 500 100 8000 0", "35 > A 100 500 8000 100" },
	    "Duplicate acknowledgement x1; Retransmission 7<4" },
	{ "sent again though it was acknowledged",
	    { SHAKE, "11 > A 100 500 8000 100", "21 < A 500 200 8000 0",
		"300 > A 100 500 8000 100" },
	    "Spurious retransmission 6<4" },
	{ "two segments in the wrong order",
	    { SHAKE, "11 > A 200 500 8000 100", "11.5 > A 100 500 8000 100" },
	    "Out of order 5<4; Segment missing before this one 4<1" },
	{ "too late to be only in the wrong order",
	    { SHAKE, "11 > A 200 500 8000 100", "21.1 > A 100 500 8000 100" },
	    "Retransmission 5; Segment missing before this one 4<1" },
	{ "without a handshake 3 ms decide",
	    { "0 > A 100 500 8000 100", "1 > A 300 500 8000 100", "3.9 > A 200 500 8000 100",
		"4 > A 500 500 8000 100", "7.1 > A 400 500 8000 100" },
	    "Retransmission 5; Out of order 3<2; Segment missing before this one 2<1; Segment "
	    "missing before this one 4<2" },
	{ "acknowledged and not in the capture",
	    { SHAKE, "11 < A 500 300 8000 0", "12 < A 500 400 8000 0" },
	    "Acknowledged but not in the capture 4" },
	{ "a closed window and how long it was",
	    { SHAKE, "11 > A 100 500 8000 100", "12 < A 500 200 0 0", "112 < A 500 200 4000 0" },
	    "Zero window 5; Window opened again 6<5" },
	{ "a FIN without a window opens none",
	    { SHAKE, "11 > A 100 500 8000 100", "12 < A 500 200 0 0", "112 < FA 500 200 0 0" },
	    "Zero window 5" },
	{ "a FIN with one does",
	    { SHAKE, "11 > A 100 500 8000 100", "12 < A 500 200 0 0", "112 < FA 500 200 4000 0" },
	    "Zero window 5; Window opened again 6<5" },
	{ "what a reset has for a window opens none",
	    { SHAKE, "11 > A 100 500 8000 100", "12 < A 500 200 0 0", "112 < R 500 0 4000 0" },
	    "Zero window 5; Reset 6" },
	{ "a window of zero in a reset means nothing", { SHAKE, "11 < RA 500 100 0 0" },
	    "Reset 4" },
	{ "a probe of a closed window, and its answer",
	    { SHAKE, "11 > A 100 500 8000 100", "12 < A 500 200 0 0", "212 > A 200 500 8000 1",
		"213 < A 500 200 0 0", "300 < A 500 201 4000 0" },
	    "Zero window probe x1; Zero window probe answered x1; Acknowledged but not in the "
	    "capture 8; Zero window 5; Zero window 7; Window opened again 8<5" },
	{ "one byte into an open window is no probe",
	    { SHAKE, "11 > A 100 500 8000 100", "12 < A 500 200 8000 0", "212 > A 200 500 8000 1" },
	    "" },
	{ "the window used up, by its scale",
	    { SHAKE, "11 < A 500 100 100 0", "12 > A 100 500 8000 400" }, "Window full 5" },
	{ "scaling needs both ends",
	    { "0 > S 99 0 8000 0 03030200", "10 < SA 499 100 8000 0", "11 < A 500 100 100 0",
		"12 > A 100 500 8000 100" },
	    "Window full 4" },
	{ "an unknown scale says nothing", { "11 < A 500 100 100 0", "12 > A 100 500 8000 100" },
	    "" },
	{ "a keep-alive, and its answer",
	    { SHAKE, "11 > A 100 500 8000 100", "12 < A 500 200 8000 0", "5000 > A 199 500 8000 1",
		"5001 < A 500 200 8000 0" },
	    "Keep-alive x1; Keep-alive answered x1" },
	{ "a connection refused", { "0 > S 99 0 8000 0", "1 < RA 0 100 0 0" },
	    "Connection refused 2<1" },
	{ "refused when asked again: its SYN is the first",
	    { "0 > S 99 0 8000 0", "3000 > S 99 0 8000 0", "3001 < RA 0 100 0 0" },
	    "Retransmission 2<1; Connection refused 3<1" },
	{ "a connection given up", { SHAKE, "11 > RA 100 500 0 0" }, "Reset 4" },
	{ "ports used again",
	    { SHAKE, "11 > A 100 500 8000 100", "900 > S 7000 0 8000 0",
		"910 < SA 9000 7001 8000 0", "911 > A 7001 9001 8000 100" },
	    "Ports used again 5<1" },
	{ "ports used again whose first use began before the capture",
	    { "0 > A 100 500 8000 100", "900 > S 7000 0 8000 0" }, "Ports used again 2" },
	{ "two connections do not mix",
	    { "0 > A 100 500 8000 100", "1 >2 A 100 500 8000 100", "2 < A 500 200 8000 100",
		"3 <2 A 500 200 8000 100" },
	    "" },
	{ "numbers go round",
	    { "0 > A 4294967196 500 8000 100", "1 > A 0 500 8000 100",
		"900 > A 4294967196 500 8000 100", "901 > A 100 500 8000 10" },
	    "Retransmission 3<1" },
};

static void rule_holds(void **state)
{
	const struct rule *r = *state;
	struct fake_host h = host_of(r->lines);
	char text[512];

	assert_true(run(&h, NULL));
	findings_of(&h, text, sizeof text);
	assert_string_equal(text, r->want);
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
}

/* ---- the report ------------------------------------------------------------------------ */

static const char *const trouble[] = { SHAKE, "11 > A 100 500 8000 100", "12 < A 500 200 0 0",
	"112 < A 500 200 4000 0", "113 > A 200 500 8000 100", "500 > A 200 500 8000 100",
	"501 >2 S 7 0 8000 0", "502 <2 RA 0 8 0 0", "503 > A 300 500 8000 50",
	"900 > A 300 500 8000 50", NULL };

static void want_event(const struct fake_host *h, unsigned i, const char *want)
{
	assert_in_range(i, 0, h->n_events - 1);
	assert_string_equal(h->events[i], want);
}

static void the_worst_connection_comes_first(void **state)
{
	struct fake_host h = host_of(trouble);
	unsigned i;

	(void)state;
	assert_true(run(&h, NULL));
	want_event(&h, 0, "1|0|All TCP segments|Segments=12|Payload bytes=400");
	i = event_of(&h, "2|");
	want_event(&h, i,
	    "2|2|Connection|Rank=1|From=10.0.0.1:1001|To=10.0.0.2:80|Segments=10|"
	    "Retransmissions=2|Fast=0|Spurious=0|Out of order=0|Missing=0|Duplicate acks=0|Zero "
	    "windows=1|Resets=0|Window closed (ms)=100|Handshake (ms)=10|First "
	    "Frame=1|Last Frame=12");
	want_event(&h, i + 1,
	    "2|1|Connection|Rank=2|From=10.0.0.1:1002|To=10.0.0.2:80|Segments=2|"
	    "Retransmissions=0|Fast=0|Spurious=0|Out of order=0|Missing=0|Duplicate acks=0|Zero "
	    "windows=0|Resets=0|Window closed (ms)=0|First Frame=9|Last Frame=10");
	want_event(&h, event_of(&h, "10|"),
	    "10|1|Retransmission|From=10.0.0.1:1001|To=10.0.0.2:80|Frame=8|Original Frame=7|Delay "
	    "(ms)=387|Sequence=200|Bytes=100");
	assert_string_equal(h.status_text, "12 TCP segments, 2 connections; 2 sent again");
	fake_done(&h);
}

/* And not since some other segment. */
static void delay_is_since_the_original(void **state)
{
	static const char *const again[] = { "100 > S 99 0 8000 0", "3100 > S 99 0 8000 0",
		"3101 < RA 0 100 0 0", "4000 > S 7000 0 8000 0", NULL };
	static const char *const unseen[] = { "0 > A 100 500 8000 100", "900 > S 7000 0 8000 0",
		NULL };
	struct fake_host h = host_of(again);

	(void)state;
	assert_true(run(&h, NULL));
	want_event(&h, event_of(&h, "25|"),
	    "25|1|Connection refused|From=10.0.0.2:80|To=10.0.0.1:1001|Frame=3|Original "
	    "Frame=1|Delay (ms)=3001|Sequence=0|Bytes=0");
	want_event(&h, event_of(&h, "26|"),
	    "26|0|Ports used again|From=10.0.0.1:1001|To=10.0.0.2:80|Frame=4|Original "
	    "Frame=1|Delay (ms)=3900|Sequence=7000|Bytes=0");
	fake_done(&h);
	h = host_of(unseen);
	assert_true(run(&h, NULL));
	want_event(&h, event_of(&h, "26|"),
	    "26|0|Ports used "
	    "again|From=10.0.0.1:1001|To=10.0.0.2:80|Frame=2|Sequence=7000|Bytes=0");
	fake_done(&h);
}

/* Where nothing was sent again there is nothing to show over time. */
static void time_is_cut_in_slices(void **state)
{
	static const char *const again[] = { SHAKE, "11 > A 100 500 8000 100",
		"400 > A 100 500 8000 100", "3500 > A 200 500 8000 100", NULL };
	static const char *const none[] = { SHAKE, "11 > A 100 500 8000 100",
		"3500 > A 200 500 8000 100", NULL };
	struct fake_host h = host_of(again);
	unsigned i, n = 0;

	(void)state;
	assert_true(run(&h, NULL));
	i = event_of(&h, "4|");
	want_event(&h, i,
	    "4|0|Retransmissions over time|From (s)=0|To (s)=0|Segments=4|Retransmissions=0|"
	    "Fast=0|Spurious=0");
	want_event(&h, i + 3,
	    "4|0|Retransmissions over time|From (s)=0|To (s)=1|Segments=1|Retransmissions=1|"
	    "Fast=0|Spurious=0");
	while (i + n < h.n_events && strncmp(h.events[i + n], "4|", 2) == 0)
		n++;
	assert_int_equal(n, 28);
	want_event(&h, i + 27,
	    "4|0|Retransmissions over time|From (s)=3|To (s)=4|Segments=1|Retransmissions=0|"
	    "Fast=0|Spurious=0");
	fake_done(&h);
	h = host_of(none);
	assert_true(run(&h, NULL));
	for (i = 0; i < h.n_events; i++)
		assert_int_not_equal(atoi(h.events[i]), 4);
	fake_done(&h);
}

static void what_is_not_listed_is_counted(void **state)
{
	const struct config c = { sizeof c, 1, 1, 0 };
	struct fake_host h = host_of(trouble);

	(void)state;
	assert_true(run(&h, &c));
	want_event(&h, event_of(&h, "3|0|1 conn"), "3|0|1 connections not listed");
	(void)event_of(&h, "3|0|1 more: Retransmission");
	fake_done(&h);
}

static void a_shorter_configuration_leaves_defaults(void **state)
{
	const struct config c = { 8, 1, 99, 99 };
	struct fake_host h = host_of(trouble);

	(void)state;
	assert_true(run(&h, &c));
	(void)event_of(&h, "3|0|1 connections not listed");
	(void)event_of(&h, "10|1|Retransmission|From=10.0.0.1:1001|To=10.0.0.2:80|Frame=12");
	fake_done(&h);
}

static void frames_that_are_no_tcp_are_left_alone(void **state)
{
	static const char *const specs[] = {
		"eth 0800 / ip 10.0.0.1 10.0.0.2 17 / udp 1 2 / data 30",
		"eth 0800 / ip 10.0.0.1 10.0.0.2 6 / data 19",
		"eth 0800 / ip 10.0.0.1 10.0.0.2 6 / tcp 1 2 3 4 10 5 off=4",
		"eth 0800 / ip 10.0.0.1 10.0.0.2 6 / tcp 1 2 3 4 10 5 off=6",
		"eth 0800 / ip 10.0.0.1 10.0.0.2 6 frag=2000 / tcp 1 2 3 4 10 5 / data 30",
		"eth 0800 / ip 10.0.0.1 10.0.0.2 6 frag=0003 / tcp 1 2 3 4 10 5 / data 30",
		"eth 86dd / ip6 2001::1 2001::2 44 / hex 0600000100000001 / tcp 1 2 3 4 10 5",
		"eth 0806 / data 28",
	};
	struct fake_host h = {
		.frames = cap.frames, .capture_mac = MAC_TYPE_ETHERNET, .n_frames = COUNT(specs)
	};

	(void)state;
	for (unsigned i = 0; i < COUNT(specs); i++) {
		cap.frames[i] =
		    (struct fake_frame){ .mac_type = MAC_TYPE_ETHERNET, .bytes = cap.bytes[i] };
		cap.frames[i].len = cap.frames[i].wire = (DWORD)framespec(specs[i], cap.bytes[i]);
	}
	assert_true(run(&h, NULL));
	assert_int_equal(h.n_events, 1);
	want_event(&h, 0, "1|0|All TCP segments|Segments=0|Payload bytes=0");
	fake_done(&h);
}

static void ipv6_behind_extension_headers_counts(void **state)
{
	static const char spec[] = "eth 86dd / ip6 2001::1 2001::2 0 / hex 0600000000000000 / tcp "
				   "1 2 3 4 10 5 / data 7";
	struct fake_host h = { .frames = cap.frames, .capture_mac = MAC_TYPE_ETHERNET };

	(void)state;
	cap.frames[0] = (struct fake_frame){ .mac_type = MAC_TYPE_ETHERNET, .bytes = cap.bytes[0] };
	cap.frames[0].len = cap.frames[0].wire = (DWORD)framespec(spec, cap.bytes[0]);
	h.n_frames = 1;
	assert_true(run(&h, NULL));
	want_event(&h, 0, "1|0|All TCP segments|Segments=1|Payload bytes=7");
	fake_done(&h);
}

/* ---- when it is made to fail ------------------------------------------------------------ */

static void every_prefix_of_every_frame(void **state)
{
	struct fake_host h = host_of(trouble);

	(void)state;
	for (DWORD len = 0; len < 200; len++) {
		DWORD whole[FRAMES_MAX];

		for (DWORD i = 0; i < h.n_frames; i++) {
			whole[i] = cap.frames[i].len;
			if (len < whole[i])
				cap.frames[i].len = len;
		}
		assert_true(run(&h, NULL));
		assert_true(fake_left_nothing(&h));
		for (DWORD i = 0; i < h.n_frames; i++)
			cap.frames[i].len = whole[i];
		fake_done(&h);
		h = host_of(trouble);
	}
}

static struct fake_host a_host(void)
{
	return host_of(trouble);
}

static BOOL run_it(struct fake_host *h)
{
	return run(h, NULL);
}

static const struct victim victim = { a_host, run_it };

static void each_allocation_fails_in_turn(void **state)
{
	(void)state;
	refuse_from_each_allocation_on(&victim, "3|");
}

static void the_host_ends_it_at_any_call(void **state)
{
	(void)state;
	end_at_each_call(&victim);
}

static void a_frame_that_cannot_be_read_is_told(void **state)
{
	(void)state;
	break_off_at_frame(&victim, 5, "3|3|Stopped early: error");
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(the_worst_connection_comes_first),
		cmocka_unit_test(delay_is_since_the_original),
		cmocka_unit_test(time_is_cut_in_slices),
		cmocka_unit_test(what_is_not_listed_is_counted),
		cmocka_unit_test(a_shorter_configuration_leaves_defaults),
		cmocka_unit_test(frames_that_are_no_tcp_are_left_alone),
		cmocka_unit_test(ipv6_behind_extension_headers_counts),
		cmocka_unit_test(every_prefix_of_every_frame),
		cmocka_unit_test(each_allocation_fails_in_turn),
		cmocka_unit_test(the_host_ends_it_at_any_call),
		cmocka_unit_test(a_frame_that_cannot_be_read_is_told),
	};

	return run_with_rules(
	    "tcpipe", others, COUNT(others), rule_holds, rules, COUNT(rules), sizeof *rules);
}
