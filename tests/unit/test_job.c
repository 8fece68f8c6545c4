/* SPDX-License-Identifier: MIT */
/* host/job: what the supervisor makes of a worker that writes anything, dies at
 * any byte, floods, or scribbles over the memory they share. */
#include "check.h"
#include "host/host_int.h"
#include "engine/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static struct nm_run_options opt;
static const struct nm_target target = { .path = (char[]){ "/x/y.so" }, .file = (char[]){ "y" } };
static uint8_t stream[1 << 16];
static size_t stream_n;
static size_t ends[16]; /* where each message of stream ends */
static unsigned n_ends;
static uint64_t replayed;

static void add(struct nm_enc *o)
{
	assert_true(nm_msg_finish(o));
	memcpy(stream + stream_n, o->p, o->n);
	stream_n += o->n;
	ends[n_ends++] = stream_n;
	o->n = 0;
}

/* What a good worker writes: box, registration, three events, end. */
static void make_stream(void)
{
	static uint8_t buf[4096];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct nm_sandbox_report box = { .landlock_abi = 7 };
	struct nm_msg_registered r = { .name = "N\x1b[31m", .vendor = "V", .description = "" };
	struct nm_msg_end e = { .result = true, .events = 3 };
	NMEVENTDATA ev = { .EventIdent = 9, .szDescription = (char[]){ "hello" } };

	stream_n = n_ends = 0;
	nm_msg_begin(&o, NM_MSG_BOX);
	nm_enc_box(&o, &box);
	add(&o);
	nm_msg_begin(&o, NM_MSG_REGISTERED);
	nm_enc_registered(&o, &r);
	add(&o);
	for (int i = 0; i < 3; i++) {
		nm_msg_begin(&o, NM_MSG_EVENT);
		nm_enc_event(&o, &ev);
		add(&o);
	}
	nm_msg_begin(&o, NM_MSG_END);
	nm_enc_end(&o, &e);
	add(&o);
}

static int on_event(void *ctx, const struct nm_event *ev)
{
	(void)ctx;
	assert_non_null(ev->source);
	replayed++;
	return 0;
}

/* What jobs are fed with: of an expert's run, unless a test says otherwise. */
static enum nm_task task;
static bool (*take)(void *ctx, enum nm_msg type, struct nm_cur *c);
static unsigned taken;

/* Feed bytes as a worker's pipe would, in pieces; the writer then is gone. */
static void feed(struct nm_job *j, const uint8_t *p, size_t n, size_t piece)
{
	int fds[2];

	nm_job_init(j, &target, &opt);
	j->task = task;
	j->take = take;
	assert_int_equal(pipe2(fds, O_NONBLOCK), 0);
	j->events_fd = fds[0];
	j->state = NM_JOB_RUNNING;
	while (n) {
		size_t part = n < piece ? n : piece;

		assert_int_equal(write(fds[1], p, part), part);
		nm_job_read_events(j);
		p += part;
		n -= part;
	}
	(void)close(fds[1]);
}

static enum nm_verdict verdict_of(struct nm_job *j, int wait_status)
{
	struct nm_expert_info info;
	struct nm_expert_end end;

	j->exit.wait_status = wait_status;
	nm_job_finish(j);
	nm_job_info(j, &info);
	nm_job_end(j, 100, &end);
	assert_non_null(info.name);
	assert_null(strchr(info.name, '\x1b'));
	replayed = 0;
	assert_int_equal(nm_job_replay(j, &(struct nm_told){ 0 }, on_event, NULL), 0);
	assert_true(replayed == j->events);
	return end.verdict;
}

#define EXITED(n) ((n) << 8)

static bool take_protocol(void *ctx, enum nm_msg type, struct nm_cur *c)
{
	struct nm_msg_protocol m;

	(void)ctx;
	taken++;
	return type == NM_MSG_PROTOCOL && nm_cur_protocol(c, &m);
}

static const NMEXPERTFIELD a_table[] = { { "top", NMFIELD_UINT32, 0, 4, "5", NULL, "rows" } };

static void put(struct nm_enc *o, enum nm_msg type)
{
	struct nm_msg_protocol protocol = { .name = "", .comment = "", .path = "" };
	struct nm_msg_registered registered = { .name = "", .vendor = "", .description = "" };
	struct nm_msg_property property = { .label = "", .comment = "", .value_label = "" };
	struct nm_msg_end end = { .result = true };

	nm_msg_begin(o, type);
	if (type == NM_MSG_PROTOCOL)
		nm_enc_protocol(o, &protocol);
	else if (type == NM_MSG_PROPERTY)
		nm_enc_property(o, &property);
	else if (type == NM_MSG_REGISTERED)
		nm_enc_registered(o, &registered);
	else if (type == NM_MSG_SETTINGS)
		nm_enc_settings(o, a_table, COUNT(a_table));
	else
		nm_enc_end(o, &end);
	add(o);
}

/* A task without an expert needs no registration, and takes its own messages only. */
static void tasks_without_an_expert_have_messages_of_their_own(void **state)
{
	static const struct {
		const char *name;
		enum nm_task task;
		enum nm_msg messages[3];
		enum nm_verdict verdict;
		unsigned taken;
	} cases[] = {
		{ "what was asked for", NM_TASK_PROTOCOLS, { NM_MSG_PROTOCOL, NM_MSG_END },
		    NM_VERDICT_DONE, 1 },
		{ "nothing at all", NM_TASK_PROTOCOLS, { NM_MSG_END }, NM_VERDICT_DONE, 0 },
		{ "no end", NM_TASK_PROTOCOLS, { NM_MSG_PROTOCOL }, NM_VERDICT_HOST_FAILED, 1 },
		{ "what nobody takes", NM_TASK_PROTOCOLS, { NM_MSG_PROPERTY, NM_MSG_END },
		    NM_VERDICT_BROKE_PROTOCOL, 1 },
		{ "more after the end", NM_TASK_PROTOCOLS, { NM_MSG_END, NM_MSG_PROTOCOL },
		    NM_VERDICT_BROKE_PROTOCOL, 0 },
		{ "an expert", NM_TASK_PROTOCOLS, { NM_MSG_REGISTERED, NM_MSG_END },
		    NM_VERDICT_BROKE_PROTOCOL, 0 },
		{ "protocols from an expert", NM_TASK_RUN,
		    { NM_MSG_REGISTERED, NM_MSG_PROTOCOL, NM_MSG_END }, NM_VERDICT_BROKE_PROTOCOL,
		    0 },
		{ "settings of an expert", NM_TASK_RUN,
		    { NM_MSG_REGISTERED, NM_MSG_SETTINGS, NM_MSG_END }, NM_VERDICT_DONE, 0 },
		{ "settings of nobody", NM_TASK_RUN, { NM_MSG_SETTINGS, NM_MSG_END },
		    NM_VERDICT_BROKE_PROTOCOL, 0 },
		{ "settings twice", NM_TASK_RUN,
		    { NM_MSG_REGISTERED, NM_MSG_SETTINGS, NM_MSG_SETTINGS },
		    NM_VERDICT_BROKE_PROTOCOL, 0 },
		{ "settings behind the end", NM_TASK_RUN,
		    { NM_MSG_REGISTERED, NM_MSG_END, NM_MSG_SETTINGS }, NM_VERDICT_BROKE_PROTOCOL,
		    0 },
		{ "settings of a task without an expert", NM_TASK_PROTOCOLS,
		    { NM_MSG_SETTINGS, NM_MSG_END }, NM_VERDICT_BROKE_PROTOCOL, 0 },
	};
	static uint8_t buf[4096];

	(void)state;
	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct nm_enc o = { .p = buf, .cap = sizeof buf };
		enum nm_verdict v;
		struct nm_job j;

		stream_n = n_ends = taken = 0;
		for (unsigned k = 0; k < 3 && cases[i].messages[k]; k++)
			put(&o, cases[i].messages[k]);
		task = cases[i].task;
		take = task == NM_TASK_RUN ? NULL : take_protocol;
		feed(&j, stream, stream_n, 5);
		v = verdict_of(&j, EXITED(NM_WORKER_DONE));
		task = NM_TASK_RUN;
		take = NULL;
		if (v != cases[i].verdict || taken != cases[i].taken)
			fail_msg("%s: verdict %d, %u taken", cases[i].name, v, taken);
		nm_job_done(&j);
	}
}

static void a_worker_may_die_at_every_byte(void **state)
{
	struct nm_job j;

	(void)state;
	make_stream();
	for (size_t cut = 0; cut <= stream_n; cut++) {
		unsigned whole = 0;
		enum nm_verdict v;

		while (whole < n_ends && ends[whole] <= cut)
			whole++;
		feed(&j, stream, cut, cut % 7 + 1);
		v = verdict_of(&j, whole == n_ends ? EXITED(NM_WORKER_DONE) : SIGKILL);
		assert_int_equal(v, whole == n_ends ? NM_VERDICT_DONE : NM_VERDICT_CRASHED);
		assert_int_equal(j.events, whole < 3 ? 0 : whole > 5 ? 3 : whole - 2);
		nm_job_done(&j);
	}
}

static const struct {
	const char *name;
	unsigned messages; /* of the good stream first */
	uint8_t bytes[24];
	size_t n;
	enum nm_verdict want;
} broken[] = {
	{ "a header of an unknown type", 0, { 0, 0, 0, 0, 77, 0, 0, 0 }, 8,
	    NM_VERDICT_BROKE_PROTOCOL },
	{ "a length of 4 GB", 2, { 255, 255, 255, 255, 2, 0, 0, 0 }, 8, NM_VERDICT_BROKE_PROTOCOL },
	{ "reserved bits", 2, { 0, 0, 0, 0, 2, 0, 9, 0 }, 8, NM_VERDICT_BROKE_PROTOCOL },
	{ "an event before the registration", 1, { 1, 0, 0, 0, 2, 0, 0, 0, 0 }, 9,
	    NM_VERDICT_BROKE_PROTOCOL },
	{ "an event of one byte", 2, { 1, 0, 0, 0, 2, 0, 0, 0, 0 }, 9, NM_VERDICT_BROKE_PROTOCOL },
	{ "an end before the registration", 1, { 0, 0, 0, 0, 4, 0, 0, 0 }, 8,
	    NM_VERDICT_BROKE_PROTOCOL },
	{ "a failure after the end", 6, { 0, 0, 0, 0, 3, 0, 0, 0 }, 8, NM_VERDICT_BROKE_PROTOCOL },
	{ "a message after the end", 6, { 1, 0, 0, 0, 2, 0, 0, 0, 0 }, 9,
	    NM_VERDICT_BROKE_PROTOCOL },
	{ "a second sandbox record", 1, { 0, 0, 0, 0, 5, 0, 0, 0 }, 8, NM_VERDICT_BROKE_PROTOCOL },
	{ "a failure that says done", 2, { 7, 0, 0, 0, 3, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0 }, 15,
	    NM_VERDICT_BROKE_PROTOCOL },
	{ "a failure that says refused", 1, { 7, 0, 0, 0, 3, 0, 0, 0, 2, 2, 0, 0, 0, 0, 0 }, 15,
	    NM_VERDICT_REFUSED },
};

static void what_no_worker_sends_ends_the_conversation(void **state)
{
	struct nm_job j;

	(void)state;
	make_stream();
	for (size_t i = 0; i < COUNT(broken); i++) {
		uint8_t all[sizeof stream];
		size_t n = broken[i].messages ? ends[broken[i].messages - 1] : 0;

		print_message("# %s\n", broken[i].name);
		memcpy(all, stream, n);
		memcpy(all + n, broken[i].bytes, broken[i].n);
		feed(&j, all, n + broken[i].n, 4096);
		assert_int_equal(verdict_of(&j, EXITED(NM_WORKER_DONE)), broken[i].want);
		nm_job_done(&j);
	}
}

/* Every byte of a good stream changed: some verdict, never a crash or a stray
 * event, and memory that fits the stream. */
static void changed_bytes_give_some_verdict(void **state)
{
	struct nm_job j;

	(void)state;
	make_stream();
	for (size_t i = 0; i < stream_n; i++)
		for (unsigned v = 1; v < 256; v += 17) {
			uint8_t all[sizeof stream];

			memcpy(all, stream, stream_n);
			all[i] ^= (uint8_t)v;
			feed(&j, all, stream_n, 4096);
			assert_in_range(verdict_of(&j, EXITED(NM_WORKER_DONE)), 0, NM_VERDICTS - 1);
			nm_job_done(&j);
		}
}

/* A registration and more events than fit in memory; how many. */
static uint64_t flood(struct nm_job *j)
{
	size_t event, n;
	int fds[2];
	uint64_t sent = 0;

	make_stream();
	event = ends[2] - ends[1];
	n = ends[1];
	nm_job_init(j, &target, &opt);
	assert_int_equal(pipe2(fds, O_NONBLOCK), 0);
	j->events_fd = fds[0];
	j->state = NM_JOB_RUNNING;
	assert_int_equal(write(fds[1], stream, n), n);
	while (sent < 200000) {
		while (write(fds[1], stream + ends[1], event) == (ssize_t)event)
			sent++;
		nm_job_read_events(j);
	}
	(void)close(fds[1]);
	return sent;
}

static void a_flood_stays_out_of_memory(void **state)
{
	struct nm_job j;
	uint64_t sent = flood(&j);

	(void)state;
	assert_int_equal(verdict_of(&j, SIGKILL), NM_VERDICT_CRASHED);
	assert_true(j.events == sent);
	assert_true(j.spool.n <= NM_SPOOL_MEMORY);
	assert_true(j.spool.file_bytes > NM_SPOOL_MEMORY);
	assert_true(j.in_cap == 0);
	nm_job_done(&j);
}

static void events_without_a_place_are_counted(void **state)
{
	struct nm_expert_end end;
	struct nm_job j;
	uint64_t sent;

	(void)state;
	(void)setenv("TMPDIR", "/nonexistent", 1);
	sent = flood(&j);
	(void)unsetenv("TMPDIR");
	assert_int_equal(verdict_of(&j, SIGKILL), NM_VERDICT_HOST_FAILED);
	nm_job_end(&j, 100, &end);
	assert_true(end.events > 0 && end.events_dropped > 0);
	assert_true(end.events + end.events_dropped == sent);
	nm_job_done(&j);
}

static void the_event_limit_holds_against_a_worker_that_ignores_it(void **state)
{
	struct nm_job j;

	(void)state;
	make_stream();
	opt.max_events = 2;
	feed(&j, stream, stream_n, 4096);
	assert_int_equal(verdict_of(&j, EXITED(NM_WORKER_DONE)), NM_VERDICT_EVENT_LIMIT);
	assert_int_equal(j.events, 2);
	nm_job_done(&j);
	opt.max_events = 0;
}

/* The shared memory holds whatever the worker likes: clamped, cleaned, shown. */
static void scribbled_status_is_shown_safely(void **state)
{
	struct nm_job j;
	struct nm_expert_end end;

	(void)state;
	make_stream();
	for (unsigned fill = 0; fill < 256; fill += 5) {
		feed(&j, stream, ends[3], 4096);
		j.status = mmap(NULL, NM_STATUS_BYTES, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		memset(j.status, (int)fill, NM_STATUS_BYTES);
		j.exit.wait_status = SIGSEGV;
		nm_job_finish(&j);
		nm_job_end(&j, 100, &end);
		assert_true(end.frames_seen <= 100);
		assert_true(end.phase < NM_PHASES);
		assert_true(strlen(end.status_text) < NM_DIAG_TEXT);
		assert_null(strchr(end.status_text, '\x1b'));
		assert_non_null(end.backtrace);
		assert_null(strchr(end.backtrace, '\x1b'));
		assert_true(strlen(end.reason) > 0);
		nm_job_done(&j);
	}
}

static const struct {
	const char *name;
	bool with_end, told, end_told, killed, timed_out, user, lost;
	bool result;
	int wait_status;
	enum nm_verdict want;
} judged[] = {
	{ "TRUE and a clean end", .with_end = true, .result = true, .wait_status = EXITED(77),
	    .want = NM_VERDICT_DONE },
	{ "FALSE and a clean end", .with_end = true, .wait_status = EXITED(77),
	    .want = NM_VERDICT_RETURNED_FALSE },
	{ "TRUE, then a crash while unloaded", .with_end = true, .result = true,
	    .wait_status = SIGSEGV, .want = NM_VERDICT_CRASHED },
	{ "TRUE, then exit(0) while unloaded", .with_end = true, .result = true,
	    .wait_status = EXITED(0), .want = NM_VERDICT_EXITED },
	{ "TRUE, then no end of unloading", .with_end = true, .result = true, .killed = true,
	    .wait_status = SIGKILL, .want = NM_VERDICT_TIMED_OUT },
	{ "exit(0) in Run", .wait_status = EXITED(0), .want = NM_VERDICT_EXITED },
	{ "the worker's own status without an end record", .wait_status = EXITED(77),
	    .want = NM_VERDICT_EXITED },
	{ "a crash", .wait_status = SIGSEGV, .want = NM_VERDICT_CRASHED },
	{ "killed by somebody", .wait_status = SIGKILL, .want = NM_VERDICT_CRASHED },
	{ "the forbidden", .wait_status = SIGSYS, .want = NM_VERDICT_SANDBOX },
	{ "processor time used up", .wait_status = SIGXCPU, .want = NM_VERDICT_TIMED_OUT },
	{ "time ran out, killed", .told = true, .killed = true, .timed_out = true,
	    .wait_status = SIGKILL, .want = NM_VERDICT_TIMED_OUT },
	{ "time ran out, it heeded", .with_end = true, .told = true, .end_told = true,
	    .timed_out = true, .wait_status = EXITED(77), .want = NM_VERDICT_TIMED_OUT },
	{ "time ran out as it finished", .with_end = true, .told = true, .timed_out = true,
	    .result = true, .wait_status = EXITED(77), .want = NM_VERDICT_DONE },
	{ "the user stopped it, it heeded", .with_end = true, .told = true, .end_told = true,
	    .user = true, .wait_status = EXITED(77), .want = NM_VERDICT_ABORTED },
	{ "the user stopped it, it said TRUE all the same", .with_end = true, .told = true,
	    .end_told = true, .user = true, .result = true, .wait_status = EXITED(77),
	    .want = NM_VERDICT_ABORTED },
	{ "the user stopped it, killed", .told = true, .killed = true, .user = true,
	    .wait_status = SIGKILL, .want = NM_VERDICT_ABORTED },
	{ "the engine was lost", .lost = true, .want = NM_VERDICT_HOST_FAILED },
};

static void each_end_has_its_verdict(void **state)
{
	struct nm_job j;

	(void)state;
	make_stream();
	for (size_t i = 0; i < COUNT(judged); i++) {
		print_message("# %s\n", judged[i].name);
		feed(&j, stream, judged[i].with_end ? stream_n : ends[4], 4096);
		j.end.result = judged[i].result;
		j.end.told = judged[i].end_told;
		j.told = judged[i].told;
		j.killed = judged[i].killed;
		j.timed_out = judged[i].timed_out;
		j.user_abort = judged[i].user;
		j.engine_lost = judged[i].lost;
		assert_int_equal(verdict_of(&j, judged[i].wait_status), judged[i].want);
		nm_job_done(&j);
	}
}

static void a_spool_gives_back_what_it_got(void **state)
{
	static uint8_t in[3 * NM_SPOOL_MEMORY], out[sizeof in];
	struct nm_spool s;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof in; i++)
		in[i] = (uint8_t)(i * 2654435761u >> 13);
	nm_spool_init(&s);
	assert_int_equal(nm_spool_read(&s, 0, out, 10), 0);
	for (size_t part = 1; n + part <= sizeof in; part = part * 3 % 70001 + 1) {
		assert_int_equal(nm_spool_append(&s, in + n, part), 0);
		n += part;
		for (size_t at = n > 300000 ? n - 300000 : 0; at < n; at += 65537) {
			ssize_t r = nm_spool_read(&s, at, out, 70000);

			assert_int_equal(r, n - at < 70000 ? n - at : 70000);
			assert_memory_equal(out, in + at, r);
		}
	}
	assert_int_equal(nm_spool_read(&s, n, out, 1), 0);
	assert_int_equal(nm_spool_read(&s, 0, out, sizeof out), n);
	assert_memory_equal(out, in, n);
	nm_spool_done(&s);
}

static void a_spool_without_a_place_says_so(void **state)
{
	static uint8_t in[NM_SPOOL_MEMORY];
	struct nm_spool s;

	(void)state;
	(void)setenv("TMPDIR", "/nonexistent", 1);
	nm_spool_init(&s);
	assert_int_equal(nm_spool_append(&s, in, sizeof in), 0);
	assert_int_equal(nm_spool_append(&s, in, 1), ENOENT);
	assert_int_equal(nm_spool_read(&s, 0, in, sizeof in), sizeof in);
	nm_spool_done(&s);
	(void)unsetenv("TMPDIR");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_worker_may_die_at_every_byte),
		cmocka_unit_test(what_no_worker_sends_ends_the_conversation),
		cmocka_unit_test(changed_bytes_give_some_verdict),
		cmocka_unit_test(a_flood_stays_out_of_memory),
		cmocka_unit_test(events_without_a_place_are_counted),
		cmocka_unit_test(the_event_limit_holds_against_a_worker_that_ignores_it),
		cmocka_unit_test(scribbled_status_is_shown_safely),
		cmocka_unit_test(each_end_has_its_verdict),
		cmocka_unit_test(a_spool_gives_back_what_it_got),
		cmocka_unit_test(tasks_without_an_expert_have_messages_of_their_own),
		cmocka_unit_test(a_spool_without_a_place_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
