/* SPDX-License-Identifier: MIT */
/* Protocol Coalesce: each rule beside what is nearly the same and is not it, the files that it
 * writes, and the expert as a whole on a host that can be made to fail.
 *
 * The byte with sequence number s of a stream, and the one at offset s of a datagram, is the
 * letter s % 26: what is joined in a wrong order can be seen. */
#include "misfortune.h"
#include "framespec.h"
#include "newcapture.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define FRAMES_MAX 64
#define FRAME_MAX  FRAMESPEC_MAX
#define COUNT(a)   (sizeof(a) / sizeof *(a))

/* The expert's EXPERTCONFIG, as docs/coalesce.md has it. */
struct config {
	DWORD length, format, others, size, memory_mib, top, overwrite, comments;
};

struct capture {
	struct fake_frame frames[FRAMES_MAX];
	uint8_t bytes[FRAMES_MAX][FRAME_MAX];
};

extern const NMEXPERTFIELD NmExpertFields[];

static struct capture cap;
static char folder[] = "/tmp/coalesce-XXXXXX";

/* ---- frames as text -------------------------------------------------------------------- */

/* n letters from s on as hexadecimal digits. */
static void letters(char *hex, unsigned s, unsigned n, char first)
{
	for (unsigned i = 0; i < n; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", (unsigned)(first + (int)((s + i) % 26)));
}

/* "MS WAY FLAGS SEQ ACK BYTES": milliseconds; > or < , with another client port behind it;
 * letters of S F R A U; numbers; with ! behind BYTES other letters than those that belong
 * there. Behind that "cut N": bytes that are not captured. */
static void segment(const char *line, struct fake_frame *f, uint8_t *bytes)
{
	char way[4], flag[8], hex[4096] = "", mark[8] = "", spec[8192];
	unsigned seq, ack, n, flags = 0, cut = 0;
	double ms;
	int fields =
	    sscanf(line, "%lf %3s %7s %u %u %u%7s %u", &ms, way, flag, &seq, &ack, &n, mark, &cut);
	unsigned client = way[1] ? 1002 : 1001;
	bool out = way[0] == '>';

	assert_true(fields >= 6 && n < 1024);
	for (const char *p = flag; *p; p++)
		flags |= *p == 'F' ? 1 : *p == 'S' ? 2 : *p == 'R' ? 4 : *p == 'U' ? 32 : 16;
	letters(hex, seq, n, *mark == '!' ? 'A' : 'a');
	(void)snprintf(spec, sizeof spec,
	    "eth 0800 / ip 10.0.0.%u 10.0.0.%u 6 / tcp %u %u %u %u %x 8000%s%s", out ? 1 : 2,
	    out ? 2 : 1, out ? client : 80, out ? 80 : client, seq, ack, flags, n ? " / hex " : "",
	    hex);
	*f = (struct fake_frame){ .mac_type = MAC_TYPE_ETHERNET, .bytes = bytes };
	f->len = f->wire = (DWORD)framespec(spec, bytes);
	f->len -= cut;
	f->time = (int64_t)(ms * 1000);
}

/* "MS frag ID AT BYTES MORE": a fragment of UDP, as IPv4; "frag6" as IPv6; with ! other
 * letters. Anything else behind MS is a spec. */
static void datagram(const char *line, struct fake_frame *f, uint8_t *bytes)
{
	char kind[8], hex[4096] = "", mark[4] = "", spec[8192];
	unsigned id, at, n, more;
	double ms;
	int used;

	if (sscanf(line, "%lf %7s %u %u %u %u%3s", &ms, kind, &id, &at, &n, &more, mark) >= 6) {
		letters(hex, at, n, *mark == '!' ? 'A' : 'a');
		if (strcmp(kind, "frag6") == 0)
			(void)snprintf(spec, sizeof spec,
			    "eth 86dd / ip6 2001::1 2001::2 0 / hex 2c00010400000000 / hex "
			    "1100%04x%08x / hex %s",
			    at | more, id, hex);
		else
			(void)snprintf(spec, sizeof spec,
			    "eth 0800 / ip 10.0.0.1 10.0.0.2 17 id=%x frag=%x / hex %s", id,
			    at / 8 | more << 13, hex);
	} else {
		assert_true(sscanf(line, "%lf %n", &ms, &used) >= 1);
		(void)snprintf(spec, sizeof spec, "%s", line + used);
	}
	*f = (struct fake_frame){ .mac_type = MAC_TYPE_ETHERNET, .bytes = bytes };
	f->len = f->wire = (DWORD)framespec(spec, bytes);
	f->time = (int64_t)(ms * 1000);
}

static struct fake_host host_of(const char *const *lines)
{
	struct fake_host h = { .frames = cap.frames,
		.capture_mac = MAC_TYPE_ETHERNET,
		.start = { 2020, 1, 3, 1, 0, 0, 0, 0 },
		.capture = "some/where/office.pcapng.gz",
		.percent = -1 };

	for (; lines[h.n_frames]; h.n_frames++) {
		const char *behind = strchr(lines[h.n_frames], ' ');

		assert_true(h.n_frames < FRAMES_MAX);
		if (behind[1] == '<' || behind[1] == '>')
			segment(lines[h.n_frames], &cap.frames[h.n_frames], cap.bytes[h.n_frames]);
		else
			datagram(lines[h.n_frames], &cap.frames[h.n_frames], cap.bytes[h.n_frames]);
	}
	return h;
}

static BOOL run(struct fake_host *h, const struct config *c)
{
	return fake_run(h, (const EXPERTCONFIG *)(const void *)c);
}

static void take_file(struct text *t, const char *name)
{
	take_capture(t, folder, name);
}

static unsigned files(void)
{
	DIR *d = opendir(folder);
	unsigned n = 0;

	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d)) != NULL;)
		n += e->d_name[0] != '.';
	(void)closedir(d);
	return n;
}

/* ---- rules ------------------------------------------------------------------------------------ */

#define SHAKE      "0 > S 103 0 0", "1 < SA 499 104 0", "2 > A 104 500 0"
#define SHAKE_TEXT "0 > S 103 0 ; 1 < SA 499 104 ; 2 > A 104 500 "
#define ARP        "eth 0806 / data 28"

static const struct rule {
	const char *name, *lines[20], *want;
	const char *event; /* begins so; NULL: not looked for */
} rules[] = {
	{ "segments of one side are one frame, at the time of the last",
	    { SHAKE, "3 > A 104 500 4", "4 > A 108 500 4", "5 < A 500 112 3", "6 < A 503 112 3" },
	    SHAKE_TEXT "; 4 > A 104 500 abcdefgh [2: 4-5]; 6 < A 500 112 ghijkl [2: 6-7]",
	    "2|0|TCP conversations|Joined=1|Segments=7|Frames=5|Bytes=14|Gaps=0|" },
	{ "what the other side says comes between",
	    { SHAKE, "3 > A 104 500 4", "4 < A 500 108 3", "5 > A 108 503 4" },
	    SHAKE_TEXT "; 3 > A 104 500 abcd; 4 < A 500 108 ghi; 5 > A 108 503 efgh", NULL },
	{ "acknowledgements alone do not come between",
	    { SHAKE, "3 > A 104 500 4", "4 < A 500 108 0", "5 > A 108 500 4" },
	    SHAKE_TEXT "; 5 > A 104 500 abcdefgh [2: 4-6]", NULL },
	{ "joined frames are in the order of time among those of others",
	    { SHAKE, "3 > A 104 500 4", "4 " ARP, "5 > A 108 500 4", "6 " ARP, "7 < A 500 112 1" },
	    SHAKE_TEXT "; 4 42 bytes; 5 > A 104 500 abcdefgh [2: 4-6]; 6 42 bytes; 7 < A 500 112 g",
	    NULL },
	{ "two conversations do not mix",
	    { "0 > A 104 500 4", "1 >2 A 104 500 4", "2 > A 108 500 4", "3 >2 A 108 500 4" },
	    "2 > A 104 500 abcdefgh [2: 1-3]; 3 >2 A 104 500 abcdefgh [2: 2-4]",
	    "2|0|TCP conversations|Joined=2|" },
	{ "sent again",
	    { SHAKE, "3 > A 104 500 4", "4 > A 108 500 4", "5 > A 104 500 4", "6 > A 112 500 2" },
	    SHAKE_TEXT "; 6 > A 104 500 abcdefghij [3: 4-7]",
	    "2|0|TCP conversations|Joined=1|Segments=7|Frames=4|Bytes=10|Gaps=0|Bytes "
	    "missing=0|Bytes "
	    "not captured=0|Bytes again=4|Bytes twice=0|Differing bytes=0|Left out=0" },
	{ "sent again in larger pieces", { SHAKE, "3 > A 104 500 4", "4 > A 104 500 8" },
	    SHAKE_TEXT "; 4 > A 104 500 abcdefgh [2: 4-5]", NULL },
	{ "sent again with other bytes: the first stay",
	    { SHAKE, "3 > A 104 500 4", "4 > A 104 500 8!" },
	    SHAKE_TEXT "; 4 > A 104 500 abcdEFGH [2: 4-5]",
	    "5|1|TCP bytes twice, and not the same|From=10.0.0.1|To=10.0.0.2|Differing "
	    "bytes=4|Frame=5" },
	{ "what waits overlaps on its left",
	    { SHAKE, "3 > A 108 500 4", "4 > A 106 500 4!", "5 > A 104 500 2" },
	    SHAKE_TEXT "; 5 > A 104 500 abCDefgh [3: 4-6]",
	    "5|1|TCP bytes twice, and not the same|From=10.0.0.1|To=10.0.0.2|Differing "
	    "bytes=2|Frame=5" },
	{ "what waits overlaps on its right",
	    { SHAKE, "3 > A 108 500 4", "4 > A 110 500 4!", "5 > A 104 500 4" },
	    SHAKE_TEXT "; 5 > A 104 500 abcdefghIJ [3: 4-6]", NULL },
	{ "what comes in time overlaps what waits",
	    { SHAKE, "3 > A 108 500 4", "4 > A 104 500 6!" },
	    SHAKE_TEXT "; 4 > A 104 500 ABCDefgh [2: 4-5]", NULL },
	{ "one around what waits, and inside it",
	    { SHAKE, "3 > A 110 500 4", "4 > A 111 500 2!", "5 > A 108 500 8!", "6 > A 104 500 4" },
	    SHAKE_TEXT "; 6 > A 104 500 abcdEFghijKL [4: 4-7]", NULL },
	{ "the same bytes wait twice",
	    { SHAKE, "3 > A 108 500 4", "4 > A 108 500 4", "5 > A 104 500 4" },
	    SHAKE_TEXT "; 5 > A 104 500 abcdefgh [2: 4-6]",
	    "2|0|TCP conversations|Joined=1|Segments=6|Frames=4|Bytes=8|Gaps=0|Bytes "
	    "missing=0|Bytes "
	    "not captured=0|Bytes again=0|Bytes twice=4|Differing bytes=0|Left out=0" },
	{ "a gap that is acknowledged is not waited for",
	    { SHAKE, "3 > A 104 500 4", "4 > A 112 500 4", "5 < A 500 116 0", "6 > A 116 500 2" },
	    SHAKE_TEXT "; 3 > A 104 500 abcd; 5 > A 112 500 ijkl; 5 < A 500 116 ; 6 > A 116 500 mn",
	    "2|0|TCP conversations|Joined=1|Segments=7|Frames=7|Bytes=10|Gaps=1|Bytes missing=4|" },
	{ "a gap that is not is filled later",
	    { SHAKE, "3 > A 104 500 4", "4 > A 112 500 4", "5 < A 500 108 0", "6 > A 108 500 4" },
	    SHAKE_TEXT "; 6 > A 104 500 abcdefghijkl [3: 4-7]", NULL },
	{ "a gap at the end of the capture stays one",
	    { SHAKE, "3 > A 104 500 4", "4 > A 112 500 4" },
	    SHAKE_TEXT "; 3 > A 104 500 abcd; 4 > A 112 500 ijkl", NULL },
	{ "numbers go round",
	    { "0 > S 4294967291 0 0", "1 > A 4294967292 0 4", "2 > A 4 0 4", "3 > A 0 0 4" },
	    "0 > S 4294967291 0 ; 3 > A 4294967292 0 stuvabcdefgh [3: 2-4]", NULL },
	{ "a FIN is a part of the last frame",
	    { SHAKE, "3 > A 104 500 4", "4 > FA 108 500 4", "5 < A 500 113 0", "6 < FA 500 113 0",
		"7 > A 113 501 0" },
	    SHAKE_TEXT "; 4 > FA 104 500 abcdefgh [2: 4-5]; 5 < A 500 113 ; 6 < FA 500 113 ; 7 > A "
		       "113 501 ",
	    NULL },
	{ "a FIN alone goes with what waits to be written",
	    { SHAKE, "3 > A 104 500 4", "4 > FA 108 500 0" },
	    SHAKE_TEXT "; 4 > FA 104 500 abcd [2: 4-5]", NULL },
	{ "a FIN that comes early", { SHAKE, "3 > FA 108 500 4", "4 > A 104 500 4" },
	    SHAKE_TEXT "; 4 > FA 104 500 abcdefgh [2: 4-5]", NULL },
	{ "a FIN sent again", { SHAKE, "3 > FA 104 500 4", "4 > FA 108 500 0", "5 > FA 104 500 4" },
	    SHAKE_TEXT "; 3 > FA 104 500 abcd", NULL },
	{ "what is behind a FIN", { "0 > FA 104 500 0", "1 > FA 1128 500 9" },
	    "0 > FA 104 500 ; 1 > A 1128 500 klmnopqrs", NULL },
	{ "a reset ends what waits",
	    { SHAKE, "3 > A 104 500 4", "4 > A 112 500 4", "5 < R 500 0 0" },
	    SHAKE_TEXT "; 3 > A 104 500 abcd; 5 > A 112 500 ijkl; 5 < R 500 0 ", NULL },
	{ "a SYN sent again is not", { "0 > S 103 0 0", "9 > S 103 0 0", "10 < SA 499 104 0" },
	    "0 > S 103 0 ; 10 < SA 499 104 ", "2|0|TCP conversations|Joined=1|" },
	{ "a SYN with another number is another conversation",
	    { SHAKE, "3 > A 104 500 4", "9 > S 77 0 0", "10 < SA 900 78 0", "11 > A 78 901 2" },
	    SHAKE_TEXT "; 3 > A 104 500 abcd; 9 > S 77 0 ; 10 < SA 900 78 ; 11 > A 78 901 ab",
	    "2|0|TCP conversations|Joined=2|" },
	{ "a keep-alive", { SHAKE, "3 > A 104 500 4", "9 > A 107 500 1!", "10 > A 108 500 2" },
	    SHAKE_TEXT "; 10 > A 104 500 abcdef [2: 4-6]", NULL },
	{ "without a SYN it begins with what comes first",
	    { "0 > A 108 500 4", "1 > A 104 500 4", "2 > A 112 500 4" },
	    "2 > A 108 500 efghijkl [2: 1-3]", NULL },
	{ "bytes that were not captured",
	    { "0 > A 104 500 8cut 4", "1 > A 112 500 4", "2 < A 500 116 0" },
	    "0 > A 104 500 abcd+4; 1 > A 112 500 ijkl",
	    "2|0|TCP conversations|Joined=1|Segments=3|Frames=2|Bytes=8|Gaps=0|Bytes "
	    "missing=0|Bytes "
	    "not captured=4|" },
	{ "urgent data points nowhere in what is joined", { "0 > AU 104 500 4", "1 > A 108 500 4" },
	    "1 > A 104 500 abcdefgh [2: 1-2]", NULL },
	{ "but does in what is alone", { "0 > AU 104 500 4" }, "0 > AU 104 500 abcd", NULL },
	{ "in a tunnel: without it",
	    { "0 eth 0800 / ip 9.0.0.1 9.0.0.2 47 / hex 00000800 / ip 10.0.0.1 10.0.0.2 6 / tcp "
	      "1001 80 104 500 10 80 / hex 6162",
		"1 eth 0800 / ip 9.0.0.1 9.0.0.2 47 / hex 00000800 / ip 10.0.0.1 10.0.0.2 6 / tcp "
		"1001 80 106 500 10 80 / hex 6364" },
	    "1 raw > A 104 500 abcd [2: 1-2]", NULL },
	{ "behind a length field: without it",
	    { "0 802.3 / hex aaaa030000000800 / ip 10.0.0.1 10.0.0.2 6 / tcp 1001 80 104 500 10 80 "
	      "/ "
	      "hex 61" },
	    "0 raw > A 104 500 a", NULL },

	{ "fragments in order", { "0 frag 7 0 8 1", "1 frag 7 8 8 1", "2 frag 7 16 4 0" },
	    "2 ip 17 abcdefghijklmnopqrst [3: 1-3]",
	    "2|0|IPv4 datagrams|Fragments=3|Joined=1|Bytes=20|Not whole=0|Refused=0|" },
	{ "the last one first", { "0 frag 7 16 4 0", "1 frag 7 8 8 1", "2 frag 7 0 8 1" },
	    "2 ip 17 abcdefghijklmnopqrst [3: 1-3]", NULL },
	{ "of IPv6, behind another header", { "0 frag6 7 8 4 0", "1 frag6 7 0 8 1" },
	    "1 ip6 17 abcdefghijkl [2: 1-2]",
	    "2|0|IPv6 datagrams|Fragments=2|Joined=1|Bytes=12|Not whole=0|" },
	{ "of two packets",
	    { "0 frag 7 0 8 1", "1 frag 8 0 8 1", "2 frag 8 8 2 0", "3 frag 7 8 4 0" },
	    "2 ip 17 abcdefghij [2: 2-3]; 3 ip 17 abcdefghijkl [2: 1-4]", NULL },
	{ "the same number an hour later", { "0 frag 7 0 8 1", "3600000 frag 7 8 4 0" },
	    "0 ip 17 fragment abcdefgh; 3.6e+06 ip 17 fragment ijkl",
	    "4|1|Datagram not "
	    "whole|From=10.0.0.1|To=10.0.0.2|Identification=7|Protocol=17|Fragments="
	    "1|Bytes=8|First Frame=1|Last Frame=1" },
	{ "the first one is missing", { "0 frag 7 8 8 1", "1 " ARP, "2 frag 7 16 4 0" },
	    "0 ip 17 fragment ijklmnop; 1 42 bytes; 2 ip 17 fragment qrst",
	    "4|1|Datagram not "
	    "whole|From=10.0.0.1|To=10.0.0.2|Identification=7|Protocol=17|Fragments="
	    "2|Bytes=12|Bytes missing=8|First Frame=1|Last Frame=3" },
	{ "a fragment twice", { "0 frag 7 0 8 1", "1 frag 7 0 8 1", "2 frag 7 8 4 0" },
	    "2 ip 17 abcdefghijkl [3: 1-3]",
	    "2|0|IPv4 datagrams|Fragments=3|Joined=1|Bytes=12|Not whole=0|Refused=0|Bytes "
	    "twice=8|Differing bytes=0" },
	{ "overlaps: the first bytes stay",
	    { "0 frag 7 8 16 1", "1 frag 7 0 16 1!", "2 frag 7 16 12 0!" },
	    "2 ip 17 ABCDEFGHijklmnopqrstuvwxYZAB [3: 1-3]",
	    "5|1|Fragments twice, and not the same|From=10.0.0.1|To=10.0.0.2|Differing "
	    "bytes=8|Frame=2" },
	{ "one that lies inside another",
	    { "0 frag 7 0 24 1", "1 frag 7 8 4 0", "2 frag 7 24 4 0" },
	    "1 ip 17 abcdefghijkl [2: 1-2]; 2 ip 17 fragment yzab", NULL },
	{ "beyond 64 KiB", { "0 frag 7 65528 8 0", "1 frag 7 0 8 1" },
	    "0 ip 17 fragment ijklmnop; 1 ip 17 fragment abcdefgh",
	    "2|0|IPv4 datagrams|Fragments=2|Joined=0|Bytes=0|Not whole=1|Refused=1|" },
	{ "a fragment of TCP is a part of its stream",
	    { "0 eth 0800 / ip 10.0.0.1 10.0.0.2 6 id=7 frag=2000 / tcp 1001 80 104 500 10 80 / "
	      "hex "
	      "61626364",
		"1 eth 0800 / ip 10.0.0.1 10.0.0.2 6 id=7 frag=0003 / hex 65666768",
		"2 > A 112 500 4" },
	    "2 > A 104 500 abcdefghijkl [2: 1-3]", NULL },
	{ "a fragment in a packet that was in fragments",
	    { "0 eth 0800 / ip 9.0.0.1 9.0.0.2 4 id=1 frag=2000 / ip 10.0.0.1 10.0.0.2 17 tot=28 "
	      "id=7 "
	      "frag=2000 / hex 61626364",
		"1 eth 0800 / ip 9.0.0.1 9.0.0.2 4 id=1 frag=0003 / hex 65666768",
		"2 eth 0800 / ip 9.0.0.1 9.0.0.2 4 id=2 / ip 10.0.0.1 10.0.0.2 17 id=7 frag=0001 / "
		"hex 696a" },
	    "2 raw ip 17 abcdefghij [2: 1-3]", NULL },
	{ "frames that are none of both are copied",
	    { "0 " ARP, "1 eth 0800 / ip 10.0.0.1 10.0.0.2 17 / hex 6162" },
	    "0 42 bytes; 1 ip 17 ab", "1|0|New capture|File=office-coalesced.pcapng|Frames=2|" },
};

static void rule_holds(void **state)
{
	static struct text t;
	const struct rule *r = *state;
	struct fake_host h = host_of(r->lines);

	assert_true(run(&h, NULL));
	take_file(&t, "office-coalesced.pcapng");
	assert_string_equal(t.p, r->want);
	if (r->event)
		(void)event_of(&h, r->event);
	assert_int_equal(files(), 0);
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
}

/* ---- orders -------------------------------------------------------------------------------- */

static void every_order_of_four_segments(void **state)
{
	static const char *const pieces[] = { "3 > A 104 500 4", "3 > A 108 500 4",
		"3 > A 112 500 4", "3 > A 116 500 4" };
	static struct text t;

	(void)state;
	for (unsigned code = 0; code < 256; code++) {
		unsigned at[4] = { code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6 };
		const char *lines[] = { "0 > S 103 0 0", pieces[at[0]], pieces[at[1]],
			pieces[at[2]], pieces[at[3]], NULL };
		struct fake_host h;

		if ((1u << at[0] | 1u << at[1] | 1u << at[2] | 1u << at[3]) != 15)
			continue;
		h = host_of(lines);
		assert_true(run(&h, NULL));
		take_file(&t, "office-coalesced.pcapng");
		assert_string_equal(t.p, "0 > S 103 0 ; 3 > A 104 500 abcdefghijklmnop [4: 2-5]");
		fake_done(&h);
	}
}

static void every_order_of_four_fragments(void **state)
{
	static const char *const pieces[] = { "3 frag 7 0 8 1", "3 frag 7 8 8 1", "3 frag 7 16 8 1",
		"3 frag 7 24 4 0" };
	static struct text t;

	(void)state;
	for (unsigned code = 0; code < 256; code++) {
		unsigned at[4] = { code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6 };
		const char *lines[] = { pieces[at[0]], pieces[at[1]], pieces[at[2]], pieces[at[3]],
			NULL };
		struct fake_host h;

		if ((1u << at[0] | 1u << at[1] | 1u << at[2] | 1u << at[3]) != 15)
			continue;
		h = host_of(lines);
		assert_true(run(&h, NULL));
		take_file(&t, "office-coalesced.pcapng");
		assert_string_equal(t.p, "3 ip 17 abcdefghijklmnopqrstuvwxyzab [4: 1-4]");
		fake_done(&h);
	}
}

/* ---- settings and files ----------------------------------------------------------------------- */

static const char *const mixed[] = { "0 frag 7 0 8 1", SHAKE, "3 > A 104 500 4", "4 " ARP,
	"5 > A 108 500 4", "6 frag 7 8 4 0", "7 < A 500 112 3", "8 frag6 9 0 8 1",
	"9 > A 120 503 4", "10 > A 118 503 4!", "11 < A 503 124 0", NULL };

static void only_what_is_joined_without_the_others(void **state)
{
	const struct config c = { sizeof c, 0, 0, 0, 0, 20, 0, 0 };
	struct fake_host h = host_of(mixed);
	static struct text t;

	(void)state;
	assert_true(run(&h, &c));
	take_file(&t, "office-coalesced.pcapng");
	assert_string_equal(t.p, SHAKE_TEXT
	    "; 5 > A 104 500 abcdefgh; 6 ip 17 abcdefghijkl; 7 < A 500 112 ghi; 11 > A 118 "
	    "503 OPqrst; 11 < A 503 124 ");
	fake_done(&h);
}

static void network_monitors_format(void **state)
{
	const struct config c = { sizeof c, 1, 1, 0, 0, 20, 0, 1 };
	struct fake_host h = host_of(mixed);
	static struct text t;

	(void)state;
	assert_true(run(&h, &c));
	take_file(&t, "office-coalesced.cap");
	assert_string_equal(t.p,
	    SHAKE_TEXT "; 4 42 bytes; 5 > A 104 500 abcdefgh; 6 ip 17 abcdefghijkl; 7 < A 500 112 "
		       "ghi; 8 ip6 44 fragment abcdefgh; 11 > A 118 503 OPqrst; 11 < A 503 124 ");
	fake_done(&h);
}

static void frames_have_at_most_the_size(void **state)
{
	const struct config c = { sizeof c, 0, 1, 576, 0, 20, 0, 1 };
	const char *const lines[] = { "0 > A 104 500 300", "1 > A 404 500 236", "2 > A 640 500 1",
		"3 > A 641 500 600", NULL };
	struct fake_host h = host_of(lines);
	static struct text t;

	(void)state;
	assert_true(run(&h, &c));
	take_file(&t, "office-coalesced.pcapng");
	assert_non_null(strstr(t.p, " [2: 1-2]; 2 > A 640 500 q; 3 > A 641 500 rst"));
	assert_non_null(strstr(t.p, "; 3 > A 1177 500 "));
	fake_done(&h);
}

static void a_shorter_configuration_leaves_defaults(void **state)
{
	const struct config c = { 8, 1, 0, 1, 99999, 0, 1, 0 };
	struct fake_host h = host_of(mixed);
	static struct text t;

	(void)state;
	assert_true(run(&h, &c));
	(void)event_of(&h, "3|0|Conversation|");
	take_file(&t, "office-coalesced.cap");
	assert_non_null(strstr(t.p, "42 bytes"));
	fake_done(&h);
}

static void wrong_settings_are_the_defaults(void **state)
{
	const struct config c = { sizeof c, 2, 1, 100, 1u << 31, UINT32_MAX, 0, 1 };
	struct fake_host h = host_of(mixed);
	static struct text t;

	(void)state;
	assert_true(run(&h, &c));
	take_file(&t, "office-coalesced.pcapng");
	assert_non_null(strstr(t.p, "abcdefgh [2: 5-7]"));
	fake_done(&h);
}

/* What a host writes for the default of a field. */
static DWORD default_of(const NMEXPERTFIELD *f)
{
	const char *word = f->Range;
	DWORD n = 0;

	if (f->Type == NMFIELD_BOOL)
		return strcmp(f->Default, "yes") == 0;
	if (f->Type == NMFIELD_UINT32)
		return (DWORD)strtoul(f->Default, NULL, 10);
	assert_int_equal(f->Type, NMFIELD_CHOICE);
	for (; strncmp(word, f->Default, strlen(f->Default)) != 0; n++)
		word = strchr(word, '|') + 1;
	return n;
}

static void the_fields_defaults_are_those_of_no_blob(void **state)
{
	static struct text without, with;
	struct config c = { .length = sizeof c };
	struct fake_host h = host_of(mixed);
	DWORD at = 0;

	(void)state;
	assert_true(run(&h, NULL));
	take_file(&without, "office-coalesced.pcapng");
	fake_done(&h);
	for (const NMEXPERTFIELD *f = NmExpertFields; f->Name; f++, at += 4) {
		assert_int_equal(f->Offset, at);
		assert_int_equal(f->Size, 4);
		memcpy((char *)&c + sizeof(DWORD) + at, &(DWORD){ default_of(f) }, sizeof(DWORD));
	}
	assert_int_equal(at + 4, sizeof c);
	h = host_of(mixed);
	assert_true(run(&h, &c));
	take_file(&with, "office-coalesced.pcapng");
	assert_string_equal(with.p, without.p);
	fake_done(&h);
}

static void conversations_not_listed_are_counted(void **state)
{
	const struct config c = { sizeof c, 0, 1, 0, 0, 1, 0, 1 };
	const char *const lines[] = { "0 > A 104 500 4", "1 >2 A 104 500 8", NULL };
	struct fake_host h = host_of(lines);
	static struct text t;

	(void)state;
	assert_true(run(&h, &c));
	(void)event_of(&h, "3|0|Conversation|From=10.0.0.1:1002|To=10.0.0.2:80|");
	(void)event_of(&h, "6|0|1 conversations not listed");
	take_file(&t, "office-coalesced.pcapng");
	fake_done(&h);
}

static void write_beside(const char *name)
{
	char path[512];
	FILE *f;

	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	(void)fclose(f);
}

static void remove_beside(const char *name)
{
	char path[512];

	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	assert_int_equal(unlink(path), 0);
}

static void a_file_that_is_there_stays(void **state)
{
	struct fake_host h = host_of(mixed);
	static struct text t;

	(void)state;
	write_beside("office-coalesced.pcapng");
	write_beside("office-coalesced.pcapng.part");
	assert_true(run(&h, NULL));
	(void)event_of(&h, "1|0|New capture|File=office-coalesced-2.pcapng|");
	take_file(&t, "office-coalesced-2.pcapng");
	assert_int_equal(files(), 2);
	take_file(&t, "office-coalesced.pcapng");
	assert_int_equal(t.n, 0);
	remove_beside("office-coalesced.pcapng.part");
	fake_done(&h);
}

static void a_file_that_is_to_be_replaced_is(void **state)
{
	const struct config c = { sizeof c, 0, 1, 0, 0, 20, 1, 1 };
	struct fake_host h = host_of(mixed);
	static struct text t;

	(void)state;
	write_beside("office-coalesced.pcapng");
	assert_true(run(&h, &c));
	assert_int_equal(files(), 1);
	take_file(&t, "office-coalesced.pcapng");
	assert_true(t.n > 0);
	fake_done(&h);
}

static void names_of_files(void **state)
{
	static const char *const names[][2] = {
		{ "office.pcapng.gz", "office-coalesced.pcapng" },
		{ "a/b.c/x.cap", "x-coalesced.pcapng" },
		{ "C:\\traces\\x.pcap.zst", "x-coalesced.pcapng" },
		{ "-", "capture-coalesced.pcapng" },
		{ "", "capture-coalesced.pcapng" },
		{ "a/", "capture-coalesced.pcapng" },
		{ ".pcap", ".pcap-coalesced.pcapng" },
		{ "x\n:*?.cap", "x____-coalesced.pcapng" },
		{ "trace.2024.txt", "trace.2024.txt-coalesced.pcapng" },
	};
	static struct text t;

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct fake_host h = host_of(mixed);

		h.capture = names[i][0];
		assert_true(run(&h, NULL));
		take_file(&t, names[i][1]);
		fake_done(&h);
	}
}

static void without_a_folder_it_says_what_to_give(void **state)
{
	struct fake_host h = host_of(mixed);

	(void)state;
	assert_int_equal(unsetenv("NETMON_OUTPUT_DIR"), 0);
	assert_true(run(&h, NULL));
	assert_int_equal(h.n_events, 1);
	(void)event_of(&h, "7|0|No folder to write to");
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
	assert_int_equal(setenv("NETMON_OUTPUT_DIR", folder, 1), 0);
}

static void a_folder_that_cannot_be_written_is_told(void **state)
{
	struct fake_host h = host_of(mixed);

	(void)state;
	assert_int_equal(setenv("NETMON_OUTPUT_DIR", "/nowhere/at/all", 1), 0);
	assert_false(run(&h, NULL));
	(void)event_of(&h, "8|3|New capture not written");
	assert_int_equal(h.status, EXPERTSTATUS_PROBLEM);
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
	assert_int_equal(setenv("NETMON_OUTPUT_DIR", folder, 1), 0);
}

/* The kernel's limit of a file's size stands for a disk that is full. */
static void a_disk_that_is_full_is_told(void **state)
{
	struct rlimit old, small;
	struct fake_host h;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	(void)signal(SIGXFSZ, SIG_IGN);
	for (rlim_t n = 0; n < 600; n += 99) {
		h = host_of(mixed);
		small = old;
		small.rlim_cur = n;
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
		assert_false(run(&h, NULL));
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
		(void)event_of(&h, "8|3|New capture not written");
		assert_int_equal(h.n_events, 1);
		assert_int_equal(files(), 0);
		assert_true(fake_left_nothing(&h));
		fake_done(&h);
	}
	(void)signal(SIGXFSZ, SIG_DFL);
}

/* ---- links ------------------------------------------------------------------------------------ */

static void links_without_a_number_of_their_own(void **state)
{
	const char *const lines[] = { "0 ip 10.0.0.1 10.0.0.2 17 / udp 5 6 / hex 6162",
		"1 ip 10.0.0.1 10.0.0.2 6 / tcp 1001 80 104 500 10 80 / hex 61",
		"2 hex 00000000000000000000000000000806", NULL };
	struct fake_host h = host_of(lines);
	static struct text t;

	(void)state;
	h.capture_mac = MAC_TYPE_UNKNOWN;
	for (DWORD i = 0; i < h.n_frames; i++)
		cap.frames[i].mac_type = MAC_TYPE_UNKNOWN;
	assert_true(run(&h, NULL));
	take_file(&t, "office-coalesced.pcapng");
	assert_non_null(strstr(t.p, "0 raw ip 17 "));
	assert_non_null(strstr(t.p, "1 raw > A 104 500 a"));
	(void)event_of(&h, "6|1|1 frames left out: their link has no number");
	fake_done(&h);
}

#define COOKED_IP  "hex 00000001000600000000000000000800"
#define COOKED_ARP "hex 00000001000600000000000000000806"

/* Known by what is recognized in them. */
static void links_by_the_names_of_protocols(void **state)
{
	static const char *const names[] = { "FRAME", "SLL", "WLAN", "ARP", NULL };
	static const WORD cooked[] = { 1, 2, 4, 0 }, wlan[] = { 1, 3, 0 }, other[] = { 1, 4, 0 },
			  beyond[] = { 9, 0 };
	static const WORD *const stacks[] = { cooked, cooked, cooked, wlan, other, beyond };
	static const char tcp[] = " / ip 10.0.0.1 10.0.0.2 6 / tcp 1001 80 ";
	char first[200], second[200];
	const char *const lines[] = { "0 " COOKED_ARP " / data 9", first, second,
		"3 hex 4008000000 / data 9", "4 data 9", "5 data 9", NULL };
	static struct text t;
	struct fake_host h;

	(void)state;
	(void)snprintf(first, sizeof first, "1 " COOKED_IP "%s104 500 10 80 / hex 6162", tcp);
	(void)snprintf(second, sizeof second, "2 " COOKED_IP "%s106 500 10 80 / hex 6364", tcp);
	h = host_of(lines);
	h.capture_mac = MAC_TYPE_UNKNOWN;
	h.protocols = names;
	for (DWORD i = 0; i < h.n_frames; i++) {
		cap.frames[i].mac_type = MAC_TYPE_UNKNOWN;
		cap.frames[i].stack = stacks[i];
	}
	assert_true(run(&h, NULL));
	take_file(&t, "office-coalesced.pcapng");
	assert_string_equal(
	    t.p, "0 link 113, 25 bytes; 2 link 113, 60 bytes [2: 2-3]; 3 link 105, 14 bytes");
	(void)event_of(&h, "6|1|2 frames left out: their link has no number");
	fake_done(&h);
}

/* ---- memory ------------------------------------------------------------------------------------ */

#define MANY 3000u

/* A SYN and a piece behind a gap in each of MANY conversations, and as many first fragments. */
static struct fake_frame *many_frames(uint8_t *bytes)
{
	struct fake_frame *f = calloc(3 * (size_t)MANY, sizeof *f);
	char spec[256];

	assert_non_null(f);
	for (unsigned i = 0; i < 3 * MANY; i++) {
		unsigned n = i / 3;

		if (i % 3 == 2)
			(void)snprintf(spec, sizeof spec,
			    "eth 0800 / ip 10.0.0.1 10.1.%u.%u 17 id=%x frag=2000 / data 512",
			    n >> 8, n & 255, n);
		else
			(void)snprintf(spec, sizeof spec,
			    "eth 0800 / ip 10.0.0.1 10.1.%u.%u 6 / tcp 1 2 %u 0 %x 5 / data %u",
			    n >> 8, n & 255, i % 3 ? 200 : 103, i % 3 ? 16 : 2, i % 3 ? 500 : 0);
		f[i] = (struct fake_frame){
			.mac_type = MAC_TYPE_ETHERNET, .bytes = bytes + (size_t)i * 600, .time = i
		};
		{
			uint8_t room[FRAMESPEC_MAX];
			size_t len = framespec(spec, room);

			assert_in_range(len, 1, 600);
			memcpy(bytes + (size_t)i * 600, room, len);
			f[i].len = f[i].wire = (DWORD)len;
		}
	}
	return f;
}

static void what_does_not_fit_goes_oldest_first(void **state)
{
	const struct config c = { sizeof c, 0, 1, 0, 2, 20, 0, 1 };
	uint8_t *bytes = calloc(3 * (size_t)MANY, 600);
	struct fake_host h = { .capture_mac = MAC_TYPE_ETHERNET, .start = { .wYear = 2020 } };
	struct fake_frame *f;

	(void)state;
	assert_non_null(bytes);
	f = many_frames(bytes);
	h.frames = f;
	h.n_frames = 3 * MANY;
	assert_true(run(&h, &c));
	assert_in_range(h.peak_bytes, 1u << 20, (2u << 20) + (64u << 10));
	(void)event_of(&h, "2|0|IPv4 datagrams|Fragments=3000|Joined=0|Bytes=0|Not whole=3000|");
	(void)event_of(
	    &h, "2|0|TCP conversations|Joined=3000|Segments=6000|Frames=6000|Bytes=1500000|");
	(void)event_of(&h, "6|1|");
	for (unsigned i = 0; i < h.n_events; i++)
		assert_null(strstr(h.events[i], "no memory to join"));
	(void)event_of(&h, "1|0|New capture|File=capture-coalesced.pcapng|Frames=9000|");
	remove_beside("capture-coalesced.pcapng");
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
	free(f);
	free(bytes);
}

/* ---- hostile frames ------------------------------------------------------------------------------ */

static void pieces_by_the_thousand(void **state)
{
	struct fake_frame *f = calloc(20000, sizeof *f);
	static uint8_t bytes[20000][48], room[FRAMESPEC_MAX];
	struct fake_host h = { .frames = f,
		.n_frames = 20000,
		.capture_mac = MAC_TYPE_ETHERNET,
		.start = { .wYear = 2020 } };

	(void)state;
	assert_non_null(f);
	for (unsigned i = 0; i < 20000; i++) { /* one byte in two, from the back; fragments too */
		unsigned back = 20000 - i;
		char spec[200];
		size_t len;

		if (i % 2)
			(void)snprintf(spec, sizeof spec,
			    "eth 0800 / ip 1.0.0.1 1.0.0.2 17 id=1 frag=%x / hex 61",
			    0x2000 | (back * 7 % 8191));
		else
			(void)snprintf(spec, sizeof spec,
			    "ip 1.0.0.1 1.0.0.2 6 / tcp 1 2 %u 0 10 5 / hex 61", 1000 + back * 2);
		len = framespec(spec, room);
		memcpy(bytes[i], room, len);
		f[i] = (struct fake_frame){ i % 2 ? MAC_TYPE_ETHERNET : MAC_TYPE_UNKNOWN,
			(DWORD)len, (DWORD)len, bytes[i], i, NULL };
	}
	assert_true(run(&h, NULL));
	remove_beside("capture-coalesced.pcapng");
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
	free(f);
}

static void every_prefix_of_every_frame(void **state)
{
	(void)state;
	for (DWORD len = 0; len < 90; len++) {
		struct fake_host h = host_of(mixed);

		for (DWORD i = 0; i < h.n_frames; i++)
			if (len < cap.frames[i].len)
				cap.frames[i].len = len;
		assert_true(run(&h, NULL));
		remove_beside("office-coalesced.pcapng");
		assert_true(fake_left_nothing(&h));
		fake_done(&h);
	}
}

static void every_byte_of_every_frame_otherwise(void **state)
{
	static const uint8_t by[] = { 0xff, 0x01, 0x80 };

	(void)state;
	for (unsigned k = 0; k < COUNT(by); k++)
		for (DWORD at = 12; at < 80; at++) {
			struct fake_host h = host_of(mixed);

			for (DWORD i = 0; i < h.n_frames; i++)
				if (at < cap.frames[i].len)
					cap.bytes[i][at] ^= by[k];
			assert_true(run(&h, NULL));
			remove_beside("office-coalesced.pcapng");
			assert_true(fake_left_nothing(&h));
			fake_done(&h);
		}
}

/* ---- when it is made to fail ------------------------------------------------------------------------ */

/* How many letters of what was sent stand in the new capture. */
static unsigned letters_in(const struct text *t)
{
	unsigned n = 0;

	for (size_t i = 0; i + 1 < t->n; i++)
		n += t->p[i] >= 'a' && t->p[i] <= 'z';
	return n;
}

static void each_allocation_fails_in_turn(void **state)
{
	static struct text whole, t;
	struct fake_host h = host_of(mixed);
	unsigned allocs, told = 0;

	(void)state;
	assert_true(run(&h, NULL));
	take_file(&whole, "office-coalesced.pcapng");
	allocs = h.allocs;
	fake_done(&h);
	assert_true(allocs > 10);
	for (unsigned i = 1; i <= allocs; i++) {
		h = host_of(mixed);
		h.refuse_alloc = i;
		h.refuse_rest = true;
		if (run(&h, NULL)) {
			take_file(&t, "office-coalesced.pcapng");
			assert_true(letters_in(&t) + 16 >= letters_in(&whole));
		} else {
			(void)event_of(&h, "8|3|New capture not written");
			told++;
		}
		assert_int_equal(files(), 0);
		assert_true(fake_left_nothing(&h));
		fake_done(&h);
	}
	assert_in_range(told, 1, 4);
}

static void the_host_ends_it_at_any_call(void **state)
{
	struct fake_host h = host_of(mixed);
	unsigned calls;

	(void)state;
	assert_true(run(&h, NULL));
	remove_beside("office-coalesced.pcapng");
	calls = h.calls;
	fake_done(&h);
	for (unsigned i = 1; i <= calls; i++) {
		h = host_of(mixed);
		h.terminate_at = i;
		assert_false(run(&h, NULL));
		assert_true(fake_left_nothing(&h));
		if (h.n_events == 0) /* while the events are told the file is there already */
			assert_in_range(files(), 0, 1);
		if (files())
			remove_beside("office-coalesced.pcapng");
		fake_done(&h);
	}
}

static void a_frame_that_cannot_be_read_is_told(void **state)
{
	struct fake_host h = host_of(mixed);

	(void)state;
	h.read_error = NMERR_FILE_READ_ERROR;
	h.read_error_at = 5;
	assert_false(run(&h, NULL));
	(void)event_of(&h, "8|3|Stopped early: error");
	assert_int_equal(h.status, EXPERTSTATUS_PROBLEM);
	assert_int_equal(files(), 0);
	assert_true(fake_left_nothing(&h));
	fake_done(&h);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(every_order_of_four_segments),
		cmocka_unit_test(every_order_of_four_fragments),
		cmocka_unit_test(only_what_is_joined_without_the_others),
		cmocka_unit_test(network_monitors_format),
		cmocka_unit_test(frames_have_at_most_the_size),
		cmocka_unit_test(a_shorter_configuration_leaves_defaults),
		cmocka_unit_test(wrong_settings_are_the_defaults),
		cmocka_unit_test(the_fields_defaults_are_those_of_no_blob),
		cmocka_unit_test(conversations_not_listed_are_counted),
		cmocka_unit_test(a_file_that_is_there_stays),
		cmocka_unit_test(a_file_that_is_to_be_replaced_is),
		cmocka_unit_test(names_of_files),
		cmocka_unit_test(without_a_folder_it_says_what_to_give),
		cmocka_unit_test(a_folder_that_cannot_be_written_is_told),
		cmocka_unit_test(a_disk_that_is_full_is_told),
		cmocka_unit_test(links_without_a_number_of_their_own),
		cmocka_unit_test(links_by_the_names_of_protocols),
		cmocka_unit_test(what_does_not_fit_goes_oldest_first),
		cmocka_unit_test(pieces_by_the_thousand),
		cmocka_unit_test(every_prefix_of_every_frame),
		cmocka_unit_test(every_byte_of_every_frame_otherwise),
		cmocka_unit_test(each_allocation_fails_in_turn),
		cmocka_unit_test(the_host_ends_it_at_any_call),
		cmocka_unit_test(a_frame_that_cannot_be_read_is_told),
	};
	static struct CMUnitTest tests[COUNT(rules) + COUNT(others)];
	int failed;

	if (!mkdtemp(folder) || setenv("NETMON_OUTPUT_DIR", folder, 1) != 0)
		return 1;
	memcpy(tests + COUNT(rules), others, sizeof others);
	for (size_t i = 0; i < COUNT(rules); i++)
		tests[i] = (struct CMUnitTest){ .name = rules[i].name,
			.test_func = rule_holds,
			.initial_state = (void *)(uintptr_t)&rules[i] };
	failed = _cmocka_run_group_tests("coalesce", tests, COUNT(tests), NULL, NULL);
	(void)rmdir(folder);
	return failed;
}
