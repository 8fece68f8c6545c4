/* SPDX-License-Identifier: MIT */
/* nmapi-engine.exe and nmapi-worker.exe, each started in its jail and talked to as the supervisor
 * does. PROGRAMS is the folder where they lie, PARSERS that of parsers. */
#include "check.h"
#include "capture_build.h"
#include "engine/engine.h"
#include "sandbox/jail.h"
#include "system/files.h"
#include "system/pipe.h"
#include "system/temporary.h"
#include "wire/order.h"

#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_MS    20000 /* before it is given up */
#define FRAMES     40u
#define MOST_HEARD (2u << 20) /* bytes of messages */
#define MANY       200000u    /* more than are indexed before a walk begins */

static char folder[MAX_PATH + 1];

/* A file with these bytes that goes with its descriptor. */
static int file_of(const void *p, size_t n)
{
	int fd = nm_temporary_file();

	assert_true(fd >= 0);
	assert_int_equal(nm_prim_pwrite(fd, p, n, 0), 0);
	return fd;
}

/* A pcap whose every second frame is TCP over IPv4, as far as the type tells. */
static int capture(uint32_t frames)
{
	static const uint8_t ip[] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 40, 0,
		1, 0, 0, 64, 6, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, 0, 80, 0, 81, 0, 0, 0, 1, 0, 0, 0,
		0, 0x50, 2, 16, 0, 0, 0, 0, 0 };
	static const uint8_t arp[] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 6, 0, 1, 8, 0, 6, 4,
		0, 1, 2, 0, 0, 0, 0, 2, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2 };
	struct cb b = { 0 };
	int fd;

	cb_pcap(&b, 0xa1b2c3d4, 2, 4, 1);
	for (uint32_t i = 0; i < frames; i++) {
		const uint8_t *p = i % 2 ? arp : ip;
		uint32_t n = i % 2 ? sizeof arp : sizeof ip;

		cb_pcap_head(&b, 1000 + i, 0, n, n);
		cb_put(&b, p, n);
	}
	fd = file_of(b.p, b.n);
	cb_done(&b);
	return fd;
}

/* ---- the engine ------------------------------------------------------------------------ */

struct engine {
	struct nm_jail jail;
	struct nm_channel channel;
	uint8_t packet[NM_CTL_MAX];
	struct nm_cur cur; /* over the packet, behind its type */
};

static void begin(struct engine *e, int capture_fd, const char *words)
{
	struct nm_jail_start s = { .program = PROGRAMS "/nmapi-engine.exe",
		.words = words,
		.folder = folder,
		.hand = &capture_fd,
		.n_hand = 1,
		.parent = true,
		.err = 2 };
	struct nm_sandbox_report box;
	struct nm_channel theirs;

	assert_int_equal(nm_channel_new(&e->channel, &theirs), 0);
	s.in = theirs.in;
	s.out = theirs.out;
	assert_int_equal(nm_jail_start(&e->jail, &s, &box), 0);
	nm_channel_close(&theirs);
	e->channel.peer = e->jail.process;
}

/* The type of the next packet; 0: the conversation is over. */
static enum nm_ctl next(struct engine *e)
{
	uint64_t end = nm_prim_now_ms() + MOST_MS;

	while (nm_prim_now_ms() < end) {
		struct nm_awaited a = { .fd = e->channel.in };
		unsigned n_fds;
		ssize_t n;

		assert_true(nm_await(&a, 1, 1000));
		n = nm_channel_recv(&e->channel, e->packet, sizeof e->packet, NULL, 0, &n_fds);
		if (n == 0)
			return 0;
		e->cur = nm_cur_over(e->packet, n > 0 ? (size_t)n : 0);
		if (n > 0)
			return nm_cur_ctl(&e->cur);
	}
	fail_msg("%s", "nothing came");
	return 0;
}

/* The next packet that is not of the index' progress. */
static enum nm_ctl answer(struct engine *e)
{
	enum nm_ctl type = next(e);

	while (type == NM_CTL_OPENED || type == NM_CTL_INDEXED)
		type = next(e);
	return type;
}

static void say(struct engine *e, const struct nm_enc *o, int fd)
{
	assert_false(o->full);
	assert_true(nm_channel_send(&e->channel, o->p, o->n, &fd, fd >= 0));
}

/* It ends by itself, with that code. */
static void ends(struct engine *e, uint32_t code)
{
	struct nm_jail_end end;
	bool ended = false;

	for (int i = 0; i < MOST_MS / 10 && !ended; i++) {
		ended = nm_jail_ended(&e->jail, &end);
		if (!ended)
			Sleep(10);
	}
	assert_true(ended);
	assert_int_equal(end.code, code);
	nm_jail_close(&e->jail);
	nm_channel_close(&e->channel);
}

/* The supervisor goes, and so does it. */
static void leave(struct engine *e)
{
	nm_channel_close(&e->channel);
	ends(e, 0);
}

static void a_capture_is_opened_and_indexed(void **state)
{
	static const char *const words[] = { "%0 -1 -1 0", "%0 -1 -1 1" };
	struct nm_ctl_opened m;
	enum nm_ctl type;
	struct engine e;
	int fd = capture(FRAMES);

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		begin(&e, fd, words[i]);
		assert_int_equal(next(&e), NM_CTL_OPENED);
		assert_true(nm_cur_opened(&e.cur, &m));
		assert_int_equal(m.code, 0);
		assert_int_equal(m.facts.format, NM_FORMAT_PCAP);
		type = next(&e);
		while (type == NM_CTL_OPENED)
			type = next(&e);
		assert_int_equal(type, NM_CTL_INDEXED);
		assert_true(nm_cur_opened(&e.cur, &m));
		assert_int_equal(m.facts.frames, FRAMES);
		leave(&e);
	}
	nm_prim_close(fd);
}

static void what_is_no_capture_is_told(void **state)
{
	int fd = file_of("this is none", 12);
	struct nm_ctl_opened m;
	struct engine e;

	(void)state;
	begin(&e, fd, "%0 -1 -1 0");
	assert_int_equal(next(&e), NM_CTL_OPENED);
	assert_true(nm_cur_opened(&e.cur, &m));
	assert_int_equal(m.code, NMERR_INVALID_FILE_FORMAT);
	assert_true(*m.facts.damage.text != '\0');
	leave(&e);
	nm_prim_close(fd);
}

static void words_that_name_no_handles_open_nothing(void **state)
{
	static const char *const words[] = { "-1 -1 -1 0", "12345678 -1 -1 0", "x -1 -1 0" };
	uint8_t buf[256];
	struct engine e;

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		struct nm_enc o = { .p = buf, .cap = sizeof buf };

		begin(&e, -1, words[i]);
		nm_enc_filter(
		    &o, NM_CTL_FILTER, &(struct nm_ctl_filter){ .text = "frame.len > 1" });
		say(&e, &o, -1);
		assert_int_equal(next(&e), NM_CTL_FILTERED); /* and nothing was opened */
		leave(&e);
	}
}

static void wrong_command_lines_and_packets_end_it(void **state)
{
	static const struct nm_ctl_start start = {
		.task = NM_TASK_PROTOCOLS, .path = "", .capture = ""
	};
	uint8_t buf[256];
	struct engine e;

	(void)state;
	begin(&e, -1, "-1 -1 -1");
	ends(&e, 1);
	for (unsigned row = 0; row < 3; row++) {
		struct nm_enc o = { .p = buf, .cap = sizeof buf };

		begin(&e, -1, "-1 -1 -1 0");
		if (row == 0)
			nm_enc_start(&o, &start); /* workers are the supervisor's */
		else if (row == 1)
			nm_enc_ctl_index(&o, NM_CTL_STARTED, 0); /* is for supervisors */
		else
			nm_enc_u8(&o, 5);
		say(&e, &o, -1);
		assert_int_equal(next(&e), 0);
		ends(&e, 0);
	}
}

static void filters_parsers_and_settings_are_looked_at(void **state)
{
	static const char ini[] = "[NMAPI]\nOffences\n";
	int settings = file_of(ini, sizeof ini - 1), none = file_of("text", 4);
	struct nm_ctl_parser refused;
	struct nm_ctl_filter m;
	uint8_t buf[512];
	struct nm_enc o;
	struct engine e;

	(void)state;
	begin(&e, -1, "-1 -1 -1 0");
	o = (struct nm_enc){ .p = buf, .cap = sizeof buf };
	nm_enc_parser(&o, NM_CTL_SETTINGS, &(struct nm_ctl_parser){ .path = "" });
	say(&e, &o, settings);
	assert_int_equal(next(&e), NM_CTL_REFUSED);
	assert_true(nm_cur_parser(&e.cur, &refused));
	assert_non_null(strstr(refused.text, "parser.ini, line 2 is passed over"));
	o.n = 0;
	nm_enc_parser(&o, NM_CTL_PARSER, &(struct nm_ctl_parser){ .path = "gone.dll" });
	say(&e, &o, none);
	assert_int_equal(next(&e), NM_CTL_REFUSED);
	assert_true(nm_cur_parser(&e.cur, &refused));
	assert_non_null(strstr(refused.text, "parser gone.dll is not loaded"));
	o.n = 0;
	nm_enc_parser(&o, NM_CTL_PARSER,
	    &(struct nm_ctl_parser){ .path = PARSERS "/tcpip.dll", .shipped = true });
	say(&e, &o, none);
	o.n = 0;
	nm_enc_filter(&o, NM_CTL_FILTER, &(struct nm_ctl_filter){ .text = "ip.ttl < 65" });
	say(&e, &o, -1);
	assert_int_equal(next(&e), NM_CTL_FILTERED);
	assert_true(nm_cur_filter(&e.cur, &m));
	assert_null(m.text);
	o.n = 0;
	nm_enc_filter(&o, NM_CTL_FILTER, &(struct nm_ctl_filter){ .text = "ip.tttl < 65" });
	say(&e, &o, -1);
	assert_int_equal(next(&e), NM_CTL_FILTERED);
	assert_true(nm_cur_filter(&e.cur, &m));
	assert_non_null(m.text);
	leave(&e);
	nm_prim_close(settings);
	nm_prim_close(none);
}

/* A parser of somebody's is tried by another process, and the good one that comes behind is loaded. */
static void parsers_that_do_not_survive_are_refused(void **state)
{
	static const struct {
		const char *path, *why;
	} rows[] = {
		{ PROGRAMS "/exit.dll", "it ended the process while it was loaded (status 3)" },
		{ PROGRAMS "/loop.dll", "loading it took longer than 5000 ms" },
		{ PROGRAMS "/crash.dll", "it crashed while it was loaded (exception 0xc0000005)" },
		{ PROGRAMS "/gone.dll", "" },
	};
	int none = file_of("text", 4);
	struct nm_ctl_parser refused;
	struct nm_ctl_filter m;
	uint8_t buf[1024];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct engine e;
	uint32_t index;

	(void)state;
	begin(&e, -1, "-1 -1 -1 0");
	for (size_t i = 0; i < COUNT(rows); i++) {
		o.n = 0;
		nm_enc_parser(&o, NM_CTL_PARSER, &(struct nm_ctl_parser){ .path = rows[i].path });
		say(&e, &o, none);
		assert_int_equal(next(&e), NM_CTL_REFUSED);
		assert_true(nm_cur_parser(&e.cur, &refused));
		assert_string_equal(refused.path, rows[i].path);
		assert_non_null(strstr(refused.text, "is not loaded: "));
		assert_non_null(strstr(refused.text, rows[i].why));
	}
	o.n = 0;
	nm_enc_parser(&o, NM_CTL_PARSER, &(struct nm_ctl_parser){ .path = PARSERS "/tcpip.dll" });
	say(&e, &o, none);
	o.n = 0;
	nm_enc_ctl_index(&o, NM_CTL_SEAL, 0);
	say(&e, &o, -1);
	assert_int_equal(next(&e), NM_CTL_SEALED);
	assert_true(nm_cur_ctl_index(&e.cur, &index));
	o.n = 0;
	nm_enc_filter(&o, NM_CTL_FILTER, &(struct nm_ctl_filter){ .text = "tcp" });
	say(&e, &o, -1);
	assert_int_equal(next(&e), NM_CTL_FILTERED);
	assert_true(nm_cur_filter(&e.cur, &m));
	assert_null(m.text);
	leave(&e);
	nm_prim_close(none);
}

static void a_capture_is_converted_and_inspected(void **state)
{
	const struct nm_target_format to = {
		.to = NM_FORMAT_PCAPNG, .first = 0, .last = FRAMES - 1
	};
	int from = capture(FRAMES), fd = nm_temporary_file();
	struct nm_ctl_converted m;
	struct nm_digest digest;
	uint8_t buf[64], head[4];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct engine e;

	(void)state;
	begin(&e, from, "%0 -1 -1 0");
	nm_enc_convert(&o, &to);
	say(&e, &o, fd);
	assert_int_equal(answer(&e), NM_CTL_CONVERTED);
	assert_true(nm_cur_converted(&e.cur, &m));
	assert_int_equal(m.code, 0);
	assert_int_equal(m.lost.frames, FRAMES);
	assert_int_equal(nm_prim_pread(fd, head, 4, 0), 4);
	assert_int_equal(nm_le32(head), 0x0a0d0d0a);
	leave(&e);
	begin(&e, fd, "%0 -1 -1 0"); /* and what came of it */
	o.n = 0;
	nm_enc_ctl_index(&o, NM_CTL_INSPECT, 0);
	say(&e, &o, -1);
	assert_int_equal(answer(&e), NM_CTL_INSPECTED);
	assert_true(nm_cur_inspected(&e.cur, &digest));
	leave(&e);
	nm_prim_close(from);
	nm_prim_close(fd);
}

/* ---- a worker without an expert ---------------------------------------------------------- */

struct heard {
	uint8_t *p; /* owned; messages */
	size_t n;
	uint32_t code; /* of the process' end */
};

/* Run it to its end, with this order. */
static struct heard work(const struct nm_order *order, int capture_fd)
{
	char request[MAX_PATH + 32], status[MAX_PATH + 32], words[2 * MAX_PATH + 80];
	struct nm_jail_start s = { .program = PROGRAMS "/nmapi-worker.exe",
		.words = words,
		.folder = folder,
		.in = capture_fd,
		.err = 2 };
	static uint8_t buf[64u << 10], blank[NM_STATUS_BYTES];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct heard all = { .p = malloc(MOST_HEARD) };
	struct nm_sandbox_report box;
	struct nm_jail_end end;
	struct nm_jail jail;
	FILE *f;
	int in;
	ssize_t r = 1;

	nm_enc_order(&o, order);
	assert_false(o.full);
	(void)snprintf(request, sizeof request, "%srequest", folder);
	(void)snprintf(status, sizeof status, "%sstatus", folder);
	(void)snprintf(words, sizeof words, "\"%s\" \"%s\"", request, status);
	f = fopen(request, "wb");
	assert_int_equal(fwrite(buf, 1, o.n, f), o.n);
	(void)fclose(f);
	f = fopen(status, "wb");
	assert_int_equal(fwrite(blank, 1, sizeof blank, f), sizeof blank);
	(void)fclose(f);
	assert_int_equal(nm_pipe_new(1 << 16, &in, &s.out), 0);
	s.loose = true; /* its files are not marked for a token that may do less */
	assert_int_equal(nm_jail_start(&jail, &s, &box), 0);
	nm_prim_close(s.out);
	while (r > 0 && all.n < MOST_HEARD) {
		r = nm_prim_read(in, all.p + all.n, MOST_HEARD - all.n);
		all.n += r > 0 ? (size_t)r : 0;
	}
	nm_prim_close(in);
	for (int i = 0; i < MOST_MS / 10 && !nm_jail_ended(&jail, &end); i++)
		Sleep(10);
	assert_true(nm_jail_ended(&jail, &end));
	all.code = end.code;
	nm_jail_close(&jail);
	return all;
}

/* The payload of the nth message of that type; NULL: there are not so many. */
static struct nm_cur *message(const struct heard *h, enum nm_msg wanted, unsigned nth)
{
	static struct nm_cur c;

	for (size_t at = 0; at + NM_WIRE_HEADER <= h->n;) {
		enum nm_msg type;
		uint32_t n;

		assert_true(nm_msg_header(h->p + at, &type, &n));
		assert_true(at + NM_WIRE_HEADER + n <= h->n);
		c = nm_cur_over(h->p + at + NM_WIRE_HEADER, n);
		if (type == wanted && nth-- == 0)
			return &c;
		at += NM_WIRE_HEADER + n;
	}
	return NULL;
}

static void done(struct heard *h, bool good)
{
	assert_int_equal(h->code, NM_WORKER_DONE);
	assert_int_equal(message(h, NM_MSG_END, 0) != NULL, good);
	free(h->p);
}

static void protocols_are_told_without_a_capture(void **state)
{
	struct nm_order o = { .start = { .task = NM_TASK_PROTOCOLS, .path = "", .capture = "" },
		.filter = "",
		.n_parsers = 2,
		.parsers = { PARSERS "/mac.dll", PARSERS "/tcpip.dll" } };
	static struct nm_msg_protocol m;
	struct heard h = work(&o, -1);
	bool tcp = false;

	(void)state;
	for (unsigned i = 0; message(&h, NM_MSG_PROTOCOL, i); i++) {
		assert_true(nm_cur_protocol(message(&h, NM_MSG_PROTOCOL, i), &m));
		tcp |= strcmp(m.name, "TCP") == 0;
	}
	assert_true(tcp);
	assert_non_null(message(&h, NM_MSG_PROPERTY, 0));
	done(&h, true);
}

static void frames_are_shown(void **state)
{
	static const struct nm_frames_options how = { .format = NM_FRAMES_TEXT,
		.last = FRAMES - 1,
		.most = 3,
		.separator = '\t',
		.aggregator = ',',
		.occurrence = 'a' };
	uint8_t config[4096];
	struct nm_enc c = { .p = config, .cap = sizeof config };
	struct nm_order o = {
		.start = { .task = NM_TASK_FRAMES, .shipped = true, .path = "", .capture = "c" },
		.config = config,
		.filter = "tcp",
		.n_parsers = 2,
		.parsers = { PARSERS "/mac.dll", PARSERS "/tcpip.dll" }
	};
	int fd = capture(FRAMES);
	struct heard h;
	const char *text;
	size_t n;

	(void)state;
	nm_enc_frames(&c, &how);
	o.start.config_bytes = (uint32_t)c.n;
	h = work(&o, fd);
	assert_non_null(message(&h, NM_MSG_TEXT, 0));
	assert_true(nm_cur_text(message(&h, NM_MSG_TEXT, 0), false, &text, &n));
	assert_non_null(memmem(text, n, "TCP", 3));
	assert_non_null(memmem(text, n, "192.0.2.1", 9));
	assert_null(memmem(text, n, "ARP", 3));
	assert_non_null(message(&h, NM_MSG_ENOUGH, 0));
	done(&h, true);
	nm_prim_close(fd);
}

static void frames_are_judged(void **state)
{
	static const struct nm_frame_range all = { 0, MANY - 1 };
	uint8_t config[16];
	struct nm_enc c = { .p = config, .cap = sizeof config };
	struct nm_order o = {
		.start = { .task = NM_TASK_JUDGE, .shipped = true, .path = "", .capture = "c" },
		.config = config,
		.filter = "tcp",
		.n_parsers = 2,
		.parsers = { PARSERS "/mac.dll", PARSERS "/tcpip.dll" }
	};
	struct nm_frame_range r;
	struct nm_cur *passed;
	uint32_t n = 0;
	int fd = capture(MANY);
	struct heard h;

	(void)state;
	nm_enc_range(&c, &all);
	o.start.config_bytes = (uint32_t)c.n;
	h = work(&o, fd);
	for (unsigned i = 0; message(&h, NM_MSG_PASSED, i); i++)
		for (passed = message(&h, NM_MSG_PASSED, i); !nm_cur_whole(passed); n += 2) {
			assert_true(nm_cur_range(passed, &r));
			assert_int_equal(r.first, n);
			assert_int_equal(r.last, n);
		}
	assert_int_equal(n, MANY);
	done(&h, true);
	nm_prim_close(fd);
}

static void a_worker_that_can_do_nothing_ends_so(void **state)
{
	struct nm_order o = { .start = { .task = NM_TASK_JUDGE, .path = "", .capture = "c" },
		.filter = "nope" };
	int none = file_of("none", 4);
	struct heard h = work(&o, none); /* a filter that is none */

	(void)state;
	assert_int_equal(h.code, NM_WORKER_NONE);
	assert_int_equal(h.n, 0);
	free(h.p);
	o.filter = "";
	h = work(&o, none); /* and no capture */
	assert_int_equal(h.code, NM_WORKER_NONE);
	assert_int_equal(h.n, 0);
	free(h.p);
	nm_prim_close(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_capture_is_opened_and_indexed),
		cmocka_unit_test(what_is_no_capture_is_told),
		cmocka_unit_test(words_that_name_no_handles_open_nothing),
		cmocka_unit_test(wrong_command_lines_and_packets_end_it),
		cmocka_unit_test(filters_parsers_and_settings_are_looked_at),
		cmocka_unit_test(parsers_that_do_not_survive_are_refused),
		cmocka_unit_test(a_capture_is_converted_and_inspected),
		cmocka_unit_test(protocols_are_told_without_a_capture),
		cmocka_unit_test(frames_are_shown),
		cmocka_unit_test(frames_are_judged),
		cmocka_unit_test(a_worker_that_can_do_nothing_ends_so),
	};

	if (!GetTempPathA(sizeof folder, folder))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
