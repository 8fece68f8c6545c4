/* SPDX-License-Identifier: MIT */
/* Average Server Response Time on a host in the same process. */
#include "misfortune.h"
#include "framespec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a)   (sizeof(a) / sizeof *(a))
#define FRAMES_MAX 400

struct config {
	DWORD length, top, slowest, slow_ms, memory_mib;
	WORD ports[32];
};

static struct {
	struct fake_frame frames[FRAMES_MAX];
	uint8_t bytes[FRAMES_MAX][FRAMESPEC_MAX];
} cap;

/* ---- frames as text ---------------------------------------------------------------------- */

/* Payload: x and hexadecimal digits, or text. */
static void payload(const char *p, char *hex)
{
	if (*p == 'x') {
		(void)strcpy(hex, p + 1);
		return;
	}
	for (; *p; p++, hex += 2)
		(void)sprintf(hex, "%02x", (unsigned char)*p);
	*hex = '\0';
}

/* "MS WAY PORT FLAGS SEQ ACK PAYLOAD" of TCP, "MS WAY PORT U PAYLOAD" of UDP; > is from the
 * client 10.0.0.1 with port 1001 (>2: 1002) to the server 10.0.0.2 with PORT. */
static void one_frame(const char *line, struct fake_frame *f, uint8_t *bytes)
{
	char way[8], flags[8], hex[FRAMESPEC_MAX], spec[FRAMESPEC_MAX + 256];
	unsigned port, seq = 0, ack = 0, bits = 0, client;
	int at = 0, more = 0;
	bool out, udp;
	double ms;

	assert_int_equal(sscanf(line, "%lf %7s %u %7s %n", &ms, way, &port, flags, &at), 4);
	udp = *flags == 'U';
	if (!udp)
		assert_int_equal(sscanf(line + at, "%u %u %n", &seq, &ack, &more), 2);
	payload(line + at + more, hex);
	out = *way == '>';
	client = way[1] ? 1002 : 1001;
	for (const char *p = flags; *p; p++)
		bits |= *p == 'F' ? 1 : *p == 'S' ? 2 : *p == 'R' ? 4 : *p == 'A' ? 16 : 0;
	if (udp)
		(void)snprintf(spec, sizeof spec,
		    "eth 0800 / ip 10.0.0.%u 10.0.0.%u 17 / udp %u %u%s%s", out ? 1 : 2,
		    out ? 2 : 1, out ? client : port, out ? port : client, *hex ? " / hex " : "",
		    hex);
	else
		(void)snprintf(spec, sizeof spec,
		    "eth 0800 / ip 10.0.0.%u 10.0.0.%u 6 / tcp %u %u %u %u %x 8000%s%s",
		    out ? 1 : 2, out ? 2 : 1, out ? client : port, out ? port : client, seq, ack,
		    bits, *hex ? " / hex " : "", hex);
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

/* ---- what is measured --------------------------------------------------------------------- */

static const char *value(const char *event, const char *column)
{
	const char *p = strstr(event, column);

	return p ? p + strlen(column) : "0";
}

/* "HTTP 4>5=10" request frame, response frame, milliseconds; "DNS ?1@4" one without response,
 * the first in frame 4; "2 places" what is missing. */
static void measured(const struct fake_host *h, char *text, size_t room)
{
	*text = '\0';
	for (unsigned i = 0; i < h->n_events; i++) {
		const char *e = h->events[i], *protocol = value(e, "|Protocol=");
		size_t n = strlen(text);
		const char *comma = n ? "; " : "";
		int name = (int)strcspn(protocol, "|");

		switch (atoi(e)) {
		case 3: (void)snprintf(text + n, room - n, "%s%.8s", comma, e + 4); break;
		case 4:
			(void)snprintf(text + n, room - n, "%s%.*s %d>%d=%d", comma, name, protocol,
			    atoi(value(e, "|Request Frame=")), atoi(value(e, "|Response Frame=")),
			    atoi(value(e, "|Response Time (ms)=")));
			break;
		case 5:
			(void)snprintf(text + n, room - n, "%s%.*s ?%d@%d", comma, name, protocol,
			    atoi(value(e, "|Unanswered=")), atoi(value(e, "|First Frame=")));
			break;
		default: break;
		}
	}
}

/* Later, so that nothing is open at the end. */
#define LATER "9000 > 9 U x00"
#define GET   "GET / HTTP/1.1\r\n\r\n"                         /* 18 bytes */
#define OK    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi" /* 40 bytes */
#define SMB1(command, flags, mid)                                                                  \
	"x00000023ff534d42" command "00000000" flags "0000"                                        \
	"0000000000000000000000000000"                                                             \
	"0000"                                                                                     \
	"0100" mid "000000"
#define SMB2(status, command, flags, next, id)                                                     \
	"fe534d4240000000" status command "0000" flags next id "00000000000000"                    \
	"0000000000000000000000000000000000000000000000000000000000000000"

static const struct rule {
	const char *name, *lines[16], *want;
} rules[] = {
	{ "a handshake", { "0 > 99 S 9 0", "10 < 99 SA 49 10", "15 > 99 A 10 50", LATER },
	    "TCP handshake 1>2=10" },
	{ "a SYN sent again counts from the last",
	    { "0 > 99 S 9 0", "3000 > 99 S 9 0", "3020 < 99 SA 49 10", LATER },
	    "TCP handshake 2>3=20" },
	{ "a SYN and ACK sent again is not another",
	    { "0 > 99 S 9 0", "20 < 99 SA 49 10", "900 < 99 SA 49 10", LATER },
	    "TCP handshake 1>2=20" },
	{ "a SYN without response", { "0 > 99 S 9 0", "3000 > 99 S 9 0", LATER },
	    "TCP handshake ?1@2" },
	{ "a SYN at the end is open", { "0 > 99 S 9 0" }, "" },
	{ "a SYN that is refused has its response", { "0 > 99 S 9 0", "1 < 99 RA 0 10", LATER },
	    "" },
	{ "a SYN and ACK for another SYN", { "0 > 99 S 9 0", "1 < 99 SA 49 99", LATER },
	    "TCP handshake ?1@1" },
	{ "DNS",
	    { "0 > 53 U x000701000001000000000000", "7 < 53 U x000781000001000000000000", LATER },
	    "DNS 1>2=7" },
	{ "DNS asked again counts from the first",
	    { "0 > 53 U x000701000001000000000000", "5 > 53 U x000701000001000000000000",
		"7 < 53 U x000781000001000000000000", LATER },
	    "DNS 1>3=7" },
	{ "DNS asked again after more than 5 s is another request",
	    { "0 > 53 U x000701000001000000000000", "5001 > 53 U x000701000001000000000000",
		"5007 < 53 U x000781000001000000000000", LATER },
	    "DNS ?1@1; DNS 2>3=6" },
	{ "LDAP over UDP", { "0 > 389 U x30050201016300", "9 < 389 U x30050201016400", LATER },
	    "CLDAP 1>2=9" },
	{ "DNS with another number",
	    { "0 > 53 U x000701000001000000000000", "7 < 53 U x000881000001000000000000", LATER },
	    "DNS ?1@1" },
	{ "DNS answered twice",
	    { "0 > 53 U x000701000001000000000000", "7 < 53 U x000781000001000000000000",
		"8 < 53 U x000781000001000000000000", LATER },
	    "DNS 1>2=7" },
	{ "DNS in the wrong order",
	    { "0 > 53 U x000701000001000000000000", "1 > 53 U x000801000001000000000000",
		"3 < 53 U x000881000001000000000000", "9 < 53 U x000781000001000000000000", LATER },
	    "DNS 1>4=9; DNS 2>3=2" },
	{ "DNS cut too short", { "0 > 53 U x0007010000", LATER }, "" },
	{ "DNS over TCP, its length apart",
	    { "0 > 53 A 10 50 x000c", "1 > 53 A 12 50 x000701000001000000000000",
		"2 > 53 A 24 50 x000c000801000001000000000000",
		"9 < 53 A 50 38 x000c000881000001000000000000000c000781000001000000000000", LATER },
	    "DNS 3>4=7" },
	{ "the same from its SYN on",
	    { "0 > 53 S 9 0", "0 < 53 SA 49 10", "0 > 53 A 10 50 x000c",
		"1 > 53 A 12 50 x000701000001000000000000",
		"2 > 53 A 24 50 x000c000801000001000000000000",
		"9 < 53 A 50 38 x000c000881000001000000000000000c000781000001000000000000", LATER },
	    "DNS 4>6=8; DNS 5>6=7; TCP handshake 1>2=0" },
	{ "HTTP", { "0 > 99 A 10 50 " GET, "20 < 99 A 50 28 " OK, LATER }, "HTTP 1>2=20" },
	{ "HTTP sent again is not asked again",
	    { "0 > 99 A 10 50 " GET, "300 > 99 A 10 50 " GET, "320 < 99 A 50 28 " OK,
		"620 < 99 A 50 28 " OK, LATER },
	    "HTTP 1>3=320" },
	{ "HTTP sent again in part with more",
	    { "0 > 99 A 10 50 GET / HTTP/1.1\r\n", "300 > 99 A 10 50 " GET, "320 < 99 A 50 28 " OK,
		LATER },
	    "HTTP 2>3=20" },
	{ "HTTP keeps alive",
	    { "0 > 99 A 10 50 " GET, "20 < 99 A 50 28 " OK, "30 > 99 A 28 90 " GET,
		"35 < 99 A 90 46 " OK, LATER },
	    "HTTP 1>2=20; HTTP 3>4=5" },
	{ "HTTP asked twice at once",
	    { "0 > 99 A 10 50 " GET GET, "20 < 99 A 50 46 " OK OK, LATER },
	    "HTTP 1>2=20; HTTP 1>2=20" },
	{ "HTTP asked in pieces counts from the last",
	    { "0 > 99 A 10 50 POST / HTTP/1.1\r\ncontent-length: 4\r\n\r\nab", "50 > 99 A 50 50 cd",
		"70 < 99 A 50 52 " OK, LATER },
	    "HTTP 2>3=20" },
	{ "HTTP says to go on",
	    { "0 > 99 A 10 50 " GET, "5 < 99 A 50 28 HTTP/1.1 100 Continue\r\n\r\n",
		"20 < 99 A 75 28 " OK, LATER },
	    "HTTP 1>3=20" },
	{ "HTTP HEAD has no body",
	    { "0 > 99 A 10 50 HEAD / HTTP/1.1\r\n\r\n" GET,
		"20 < 99 A 50 47 HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" OK, LATER },
	    "HTTP 1>2=20; HTTP 1>2=20" },
	{ "HTTP in chunks",
	    { "0 > 99 A 10 50 " GET GET,
		"20 < 99 A 50 46 HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1",
		"30 < 99 A 98 46 0\r\n0123456789abcdef\r\n0\r\n\r\n" OK, LATER },
	    "HTTP 1>3=30; HTTP 1>2=20" },
	{ "HTTP with the inside of a body missing",
	    { "0 > 99 A 10 50 " GET GET,
		"20 < 99 A 50 46 HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
		"30 < 99 A 94 46 ghi" OK, LATER },
	    "HTTP 1>3=30; HTTP 1>2=20" },
	{ "HTTP with a header missing",
	    { "0 > 99 A 10 50 " GET GET, "20 < 99 A 50 46 HTTP/1.1 200 OK\r\n",
		"30 < 99 A 93 46 \r\nhi" OK, LATER },
	    "HTTP 1>2=20; 1 places; 1 reques" },
	{ "HTTP through a tunnel is anything",
	    { "0 > 99 A 10 50 CONNECT a:1 HTTP/1.1\r\n\r\n",
		"20 < 99 A 50 36 HTTP/1.1 200 OK\r\n\r\n", "30 > 99 A 36 69 " GET, LATER },
	    "HTTP 1>2=20" },
	{ "HTTP behind a keep-alive and the end of something else",
	    { "0 > 80 A 9 50 x00", "1 < 80 A 45 10 bytes", "5 > 80 A 10 50 " GET,
		"20 < 80 A 50 28 " OK, LATER },
	    "HTTP 3>4=15" },
	{ "what only looks like HTTP", { "0 > 99 A 10 50 USER joe", LATER }, "" },
	{ "Kerberos over UDP", { "0 > 88 U x6a00", "5 > 88 U x6a00", "9 < 88 U x7e00", LATER },
	    "Kerberos 1>3=9" },
	{ "Kerberos over TCP",
	    { "0 > 88 A 10 50 x000000026c00", "9 < 88 A 50 16 x000000026d00", LATER },
	    "Kerberos 1>2=9" },
	{ "LDAP by number",
	    { "0 > 389 A 10 50 x300502010163003005020102630030050201034200",
		"9 < 389 A 50 99 x300502010265003005020101640030050201016500", LATER },
	    "LDAP 1>2=9; LDAP 1>2=9" },
	{ "LDAP sealed, by order",
	    { "0 > 389 A 10 50 x0000000155", "9 < 389 A 50 15 x0000000166",
		"10 > 389 FA 15 55 x0000000155", LATER },
	    "LDAP 1>2=9" },
	{ "SMB by number",
	    { "0 > 445 A 10 50 " SMB1("25", "00", "0700"),
		"9 < 445 A 50 49 " SMB1("25", "80", "0700"), LATER },
	    "SMB 1>2=9" },
	{ "SMB with another number",
	    { "0 > 445 A 10 50 " SMB1("25", "00", "0700"),
		"9 < 445 A 50 49 " SMB1("25", "80", "0800"), LATER },
	    "SMB ?1@1" },
	{ "SMB2 is pending for a while",
	    { "0 > 445 A 10 50 x00000040" SMB2("00000000", "0500", "00000000", "00000000", "07"),
		"2 < 445 A 50 78 x00000040" SMB2("03010000", "0500", "03000000", "00000000", "07"),
		"9 < 445 A 118 78 x00000040" SMB2("00000000", "0500", "03000000", "00000000", "07"),
		LATER },
	    "SMB2 1>3=9" },
	{ "SMB2 in a chain",
	    { "0 > 445 A 10 50 x00000080" SMB2("00000000", "0500", "00000000", "40000000", "07")
		    SMB2("00000000", "0600", "00000000", "00000000", "08"),
		"9 < 445 A 50 142 x00000040" SMB2("00000000", "0600", "01000000", "00000000", "08"),
		LATER },
	    "SMB2 ?1@1; SMB2 1>2=9" },
	{ "SMB2 that waits for a change is not measured",
	    { "0 > 445 A 10 50 x00000040" SMB2("00000000", "0f00", "00000000", "00000000", "07"),
		LATER },
	    "" },
	{ "a port of the list, by who speaks",
	    { "0 < 3306 A 50 10 hello", "1 > 3306 A 10 55 select", "2 > 3306 A 16 55 more",
		"9 < 3306 A 55 20 rows", "10 < 3306 A 59 20 rows", LATER },
	    "MySQL 3>4=7" },
	{ "a goodbye asks for nothing", { "1 > 3306 A 10 55 bye", "2 > 3306 FA 13 55", LATER },
	    "" },
	{ "a request without response on a port of the list", { "1 > 3306 A 10 55 select", LATER },
	    "MySQL ?1@1" },
	{ "a port that is not of the list",
	    { "1 > 99 A 10 55 select", "9 < 99 A 55 16 rows", LATER }, "" },
	{ "ports used again: what waited was not answered",
	    { "0 > 99 S 9 0", "1 < 99 SA 49 10", "2 > 99 A 10 50 " GET, "500 > 99 S 700 0",
		"501 < 99 SA 49 701", "502 > 99 A 701 50 " GET, "503 < 99 A 50 719 " OK, LATER },
	    "HTTP ?1@3; TCP handshake 1>2=1; TCP handshake 4>5=1; HTTP 6>7=1" },
};

static void rule_holds(void **state)
{
	const struct rule *r = *state;
	struct fake_host h = host_of(r->lines);
	char text[512];

	assert_true(run(&h, NULL));
	measured(&h, text, sizeof text);
	assert_string_equal(text, r->want);
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
}

/* ---- the report ------------------------------------------------------------------------------- */

static const char *const mixed[] = { "0 > 99 S 9 0", "10 < 99 SA 49 10", "15 > 99 A 10 50",
	"20 > 99 A 10 50 " GET, "1120 < 99 A 50 28 " OK, "1130 > 99 A 28 90 " GET,
	"1150 < 99 A 90 46 " OK, "1200 > 53 U x000701000001000000000000", "1300 > 99 A 46 130 " GET,
	LATER, NULL };

static void rows_of_a_server(void **state)
{
	struct fake_host h = host_of(mixed);

	(void)state;
	assert_true(run(&h, NULL));
	(void)event_of(&h,
	    "1|0|Protocol|Protocol=TCP handshake|Requests=1|Responses=1|Unanswered=0|"
	    "Open at the end=0|Repeated=0|Mean (ms)=10|Median (ms)=10|95% (ms)=10|99% "
	    "(ms)=10|Max (ms)=10");
	(void)event_of(&h, "1|0|Protocol|Protocol=TCP handshake, client|Requests=1|Responses=1|"
			   "Unanswered=0|Open at the end=0|Repeated=0|Mean (ms)=5|");
	(void)event_of(&h, "2|0|Server|Rank=1|Server=10.0.0.2:99|Protocol=HTTP|Requests=3|"
			   "Responses=2|Unanswered=1|Open at the end=0|Repeated=0|Mean (ms)=560|"
			   "Median (ms)=20|95% (ms)=1100|99% (ms)=1100|Max (ms)=1100|Slowest "
			   "Request=4|Slowest Response=5");
	(void)event_of(&h, "4|1|Slowest exchanges|Server=10.0.0.2:99|Protocol=HTTP|Response Time "
			   "(ms)=1100|Request Frame=4|Response Frame=5");
	(void)event_of(&h, "4|0|Slowest exchanges|Server=10.0.0.2:99|Protocol=HTTP|Response Time "
			   "(ms)=20|");
	(void)event_of(&h, "5|1|Requests without response|Server=10.0.0.2:99|Protocol=HTTP|"
			   "Unanswered=1|Requests=3|Repeated=0|First Frame=9");
	(void)event_of(&h, "5|2|Requests without response|Server=10.0.0.2:53|Protocol=DNS|"
			   "Unanswered=1|Requests=1|Repeated=0|First Frame=8");
	assert_string_equal(h.status_text, "2 responses, 1 handshakes; 2 without response");
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
}

/* From the shortest to the longest, with what is empty between them. */
static void response_times_are_counted_by_length(void **state)
{
	static const char *const lines[] = { "0 > 99 S 9 0", "10 < 99 SA 49 10", "15 > 99 A 10 50",
		"20 > 99 A 10 50 " GET, "1120 < 99 A 50 28 " OK, LATER, NULL };
	static const char *const want[] = {
		"6|0|Response times|From (ms)=5|To (ms)=10|Responses=1|TCP handshake=0|TCP "
		"handshake, client=1|HTTP=0",
		"6|0|Response times|From (ms)=10|To (ms)=20|Responses=1|TCP handshake=1|TCP "
		"handshake, client=0|HTTP=0",
		"6|0|Response times|From (ms)=20|To (ms)=50|Responses=0|TCP handshake=0|TCP "
		"handshake, client=0|HTTP=0",
		[7] = "6|0|Response times|From (ms)=1000|To (ms)=2000|Responses=1|TCP handshake=0|"
		      "TCP handshake, client=0|HTTP=1",
		[8] = "2|0|Server|",
	};
	struct fake_host h = host_of(lines);
	unsigned at;

	(void)state;
	assert_true(run(&h, NULL));
	at = event_of(&h, "6|");
	for (unsigned i = 0; i < sizeof want / sizeof *want; i++)
		if (want[i])
			assert_int_equal(event_of(&h, want[i]), at + i);
	fake_done(&h);
}

static void settings_change_the_report(void **state)
{
	const struct config c = { sizeof c, 1, 1, 2000, 0, { 0 } };
	struct fake_host h = host_of(mixed);
	unsigned slow;

	(void)state;
	assert_true(run(&h, &c));
	slow = event_of(&h, "4|0|Slowest exchanges|Server=10.0.0.2:99|Protocol=HTTP|Response Time "
			    "(ms)=1100|");
	assert_int_equal(slow + 1, h.n_events);
	(void)event_of(&h, "3|0|3 servers not listed");
	(void)event_of(&h, "3|0|1 servers with requests without response not listed");
	fake_done(&h);
}

static void ports_are_those_of_the_settings(void **state)
{
	static const char *const lines[] = { "1 > 7777 A 10 55 ask", "9 < 7777 A 55 13 tell",
		"1 > 3306 A 10 55 ask", "9 < 3306 A 55 13 tell", LATER, NULL };
	const struct config c = { sizeof c, 0, 9, 0, 0, { 7777 } };
	struct fake_host h = host_of(lines);
	char text[256];

	(void)state;
	assert_true(run(&h, &c));
	measured(&h, text, sizeof text);
	assert_string_equal(text, "by port 1>2=8");
	fake_done(&h);
}

static void a_shorter_configuration_leaves_defaults(void **state)
{
	const struct config c = { 8, 1, 1, 9, 9, { 7 } };
	struct fake_host h = host_of(mixed);

	(void)state;
	assert_true(run(&h, &c));
	(void)event_of(&h, "3|0|3 servers not listed");
	(void)event_of(&h, "4|0|Slowest exchanges|Server=10.0.0.2:99|Protocol=HTTP|Response Time "
			   "(ms)=20|");
	fake_done(&h);
}

/* ---- many ----------------------------------------------------------------------------------- */

/* n exchanges of 1, 2, 3 ... milliseconds, each a question of its own. */
static struct fake_host many(unsigned n, char lines[][64], const char **list)
{
	for (unsigned i = 0; i < n; i++) {
		(void)snprintf(
		    lines[2 * i], 64, "%u > 53 U x%04x01000001000000000000", i * 1000, i);
		(void)snprintf(lines[2 * i + 1], 64, "%u < 53 U x%04x81000001000000000000",
		    i * 1000 + i + 1, i);
		list[2 * i] = lines[2 * i];
		list[2 * i + 1] = lines[2 * i + 1];
	}
	list[2 * n] = NULL;
	return host_of(list);
}

static double column(const struct fake_host *h, const char *begins, const char *name)
{
	return atof(value(h->events[event_of(h, begins)], name));
}

static void percentiles_of_few_are_exact_and_of_many_near(void **state)
{
	static char lines[FRAMES_MAX][64];
	static const char *list[FRAMES_MAX + 1];
	static const unsigned sizes[] = { 1, 2, 64, 65, 190 };

	(void)state;
	for (unsigned i = 0; i < COUNT(sizes); i++) {
		unsigned n = sizes[i], half = (n + 1) / 2, most = (n * 99 + 99) / 100;
		struct fake_host h = many(n, lines, list);

		assert_true(run(&h, NULL));
		/* whole milliseconds in the host's text, and 0.8 % */
		assert_in_range(
		    (unsigned)column(&h, "1|", "|Median (ms)="), half - n / 64, half + n / 64);
		assert_in_range(
		    (unsigned)column(&h, "1|", "|99% (ms)="), most - n / 64, most + n / 64);
		assert_int_equal((unsigned)column(&h, "1|", "|Max (ms)="), n);
		assert_true(fake_left_nothing(&h));
		fake_done(&h);
	}
}

static void more_requests_than_one_waits_for(void **state)
{
	static char lines[FRAMES_MAX][64];
	static const char *list[FRAMES_MAX + 1];
	struct fake_host h;

	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		(void)snprintf(lines[i], 64, "%u > 53 U x%04x01000001000000000000", i, i);
		list[i] = lines[i];
	}
	list[300] = NULL;
	h = host_of(list);
	assert_true(run(&h, NULL));
	(void)event_of(&h,
	    "1|0|Protocol|Protocol=DNS|Requests=300|Responses=0|Unanswered=44|Open at "
	    "the end=256|");
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
}

/* A server each time: more than 1 MiB holds. */
static void a_full_table_is_told(void **state)
{
	static uint8_t bytes[FRAMESPEC_MAX];
	static struct fake_frame frames[20000];
	static uint8_t copies[20000][64];
	const struct config c = { sizeof c, 5, 5, 0, 1, { 0 } };
	struct fake_host h = { .frames = frames, .capture_mac = MAC_TYPE_ETHERNET };
	size_t n = framespec("eth 0800 / ip 10.0.0.1 10.0.0.2 17 / udp 1001 53 / hex "
			     "000701000001000000000000",
	    bytes);

	(void)state;
	assert_in_range(n, 54, 64);
	for (unsigned i = 0; i < COUNT(frames); i++) {
		memcpy(copies[i], bytes, n);
		copies[i][24] = copies[i][25] = 0; /* no checksum */
		copies[i][32] = (uint8_t)(i >> 8);
		copies[i][33] = (uint8_t)i;
		frames[i] = (struct fake_frame){ MAC_TYPE_ETHERNET, (DWORD)n, (DWORD)n, copies[i],
			(int64_t)i * 1000, NULL };
	}
	h.n_frames = COUNT(frames);
	assert_true(run(&h, &c));
	(void)event_of(&h, "3|1|");
	assert_true(h.peak_bytes <= 1 << 20);
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
}

/* ---- when it is made to fail ----------------------------------------------------------------- */

static void every_prefix_of_every_frame(void **state)
{
	(void)state;
	for (size_t k = 0; k < COUNT(rules); k++)
		for (DWORD len = 40; len < 140; len++) {
			struct fake_host h = host_of(rules[k].lines);

			for (DWORD i = 0; i < h.n_frames; i++)
				if (len < cap.frames[i].len)
					cap.frames[i].len = len;
			assert_true(run(&h, NULL));
			assert_true(fake_left_nothing(&h));
			fake_done(&h);
		}
}

static struct fake_host a_host(void)
{
	return host_of(mixed);
}

static BOOL run_it(struct fake_host *h)
{
	return run(h, NULL);
}

static const struct victim victim = { a_host, run_it };

static void each_allocation_fails_in_turn(void **state)
{
	(void)state;
	refuse_from_each_allocation_on(&victim, "3|1|");
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
		cmocka_unit_test(rows_of_a_server),
		cmocka_unit_test(response_times_are_counted_by_length),
		cmocka_unit_test(settings_change_the_report),
		cmocka_unit_test(ports_are_those_of_the_settings),
		cmocka_unit_test(a_shorter_configuration_leaves_defaults),
		cmocka_unit_test(percentiles_of_few_are_exact_and_of_many_near),
		cmocka_unit_test(more_requests_than_one_waits_for),
		cmocka_unit_test(a_full_table_is_told),
		cmocka_unit_test(every_prefix_of_every_frame),
		cmocka_unit_test(each_allocation_fails_in_turn),
		cmocka_unit_test(the_host_ends_it_at_any_call),
		cmocka_unit_test(a_frame_that_cannot_be_read_is_told),
	};

	return run_with_rules(
	    "resptime", others, COUNT(others), rule_holds, rules, COUNT(rules), sizeof *rules);
}
