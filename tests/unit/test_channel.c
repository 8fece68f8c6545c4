/* SPDX-License-Identifier: MIT */
/* system/: pipes and waiting, packets between processes, shared memory, other descriptors. */
#include "check.h"
#include "system/channel.h"
#include "system/descriptors.h"
#include "system/files.h"
#include "system/pipe.h"
#include "system/process.h"
#include "system/shared.h"
#include "system/temporary.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#if !defined(_WIN32)
#include <sys/resource.h>
#endif

/* ---- pipes ------------------------------------------------------------------------------ */

static void a_pipe_never_waits_to_be_read(void **state)
{
	char buf[16];
	int in, out;

	(void)state;
	assert_int_equal(nm_pipe_new(4096, &in, &out), 0);
	assert_int_equal(nm_pipe_read(in, buf, sizeof buf), -EAGAIN);
	assert_int_equal(nm_pipe_write(out, "hello", 5), 5);
	assert_int_equal(nm_pipe_read(in, buf, 2), 2);
	assert_int_equal(nm_pipe_read(in, buf + 2, sizeof buf - 2), 3);
	assert_memory_equal(buf, "hello", 5);
	nm_prim_close(out);
	assert_int_equal(nm_pipe_read(in, buf, sizeof buf), 0);
	nm_prim_close(in);
}

/* Which of two pipes is ready, when one has something, nobody writes to it any more, or neither. */
static void waiting_tells_who_is_ready(void **state)
{
	struct nm_awaited a[3] = { { .fd = -1 } };
	int in[2], out[2];
	uint64_t began;
	char c;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(nm_pipe_new(4096, &in[i], &out[i]), 0);
		a[i].fd = in[i];
	}
	a[2].fd = -1;
	began = nm_prim_now_ms();
	assert_true(nm_await(a, 3, 60));
	assert_true(nm_prim_now_ms() - began >= 40);
	assert_false(a[0].ready || a[1].ready || a[2].ready);

	assert_int_equal(nm_pipe_write(out[1], "x", 1), 1);
	assert_true(nm_await(a, 3, 10000));
	assert_false(a[0].ready);
	assert_true(a[1].ready);
	assert_int_equal(nm_pipe_read(in[1], &c, 1), 1);

	nm_prim_close(out[0]);
	assert_true(nm_await(a, 3, 10000));
	assert_true(a[0].ready);
	assert_false(a[1].ready);
	assert_int_equal(a[0].err, 0);
	nm_prim_close(out[1]);
	nm_prim_close(in[0]);
	nm_prim_close(in[1]);
}

#if !defined(_WIN32) /* where nothing limits descriptors */
/* Though more of them are nobody than the process may have descriptors. */
static void who_is_nobody_is_not_waited_for(void **state)
{
	struct nm_awaited a[40];
	struct rlimit before, few;
	int in, out;

	(void)state;
	for (int i = 0; i < 40; i++)
		a[i] = (struct nm_awaited){ .fd = -1 };
	assert_int_equal(nm_pipe_new(4096, &in, &out), 0);
	a[39].fd = in;
	assert_int_equal(nm_pipe_write(out, "x", 1), 1);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = (struct rlimit){ 20, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_true(nm_await(a, 40, 10000));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_false(a[0].ready || a[0].err || a[38].ready || a[38].err);
	assert_true(a[39].ready);
	nm_prim_close(in);
	nm_prim_close(out);
}
#endif

static void room_to_write_is_awaited_too(void **state)
{
	struct nm_awaited a = { .out = true };
	int in, out;

	(void)state;
	assert_int_equal(nm_pipe_new(4096, &in, &out), 0);
	a.fd = out;
	assert_true(nm_await(&a, 1, 10000));
	assert_true(a.ready);
	assert_true(nm_pipe_room(out, 100, nm_pipe_is_prompt(out)) == 100);
	a.quiet = true;
	assert_true(nm_await(&a, 1, 0));
	assert_false(a.ready);
	nm_prim_close(in);
	nm_prim_close(out);
}

/* ---- packets ---------------------------------------------------------------------------- */

static void open_pair(struct nm_channel *a, struct nm_channel *b)
{
	assert_int_equal(nm_channel_new(a, b), 0);
#ifdef _WIN32
	a->peer = GetCurrentProcess(); /* descriptors come back to us */
#endif
}

static void packets_arrive_whole_and_in_order(void **state)
{
	static char big[16384], got[16384];
	struct nm_channel a, b;
	unsigned n_fds;

	(void)state;
	open_pair(&a, &b);
	for (size_t i = 0; i < sizeof big; i++)
		big[i] = (char)(i * 13);
	assert_int_equal(nm_channel_recv(&b, got, sizeof got, NULL, 0, &n_fds), -1);
	assert_true(nm_channel_send(&a, "one", 3, NULL, 0));
	assert_true(nm_channel_post(&a, big, sizeof big));
	assert_true(nm_channel_send(&b, "back", 4, NULL, 0));
	assert_int_equal(nm_channel_recv(&b, got, sizeof got, NULL, 0, &n_fds), 3);
	assert_memory_equal(got, "one", 3);
	assert_int_equal(nm_channel_recv(&b, got, sizeof got, NULL, 0, &n_fds), sizeof big);
	assert_memory_equal(got, big, sizeof big);
	assert_int_equal(nm_channel_recv(&b, got, sizeof got, NULL, 0, &n_fds), -1);
	assert_int_equal(nm_channel_recv(&a, got, sizeof got, NULL, 0, &n_fds), 4);
	nm_channel_close(&a);
	assert_int_equal(nm_channel_recv(&b, got, sizeof got, NULL, 0, &n_fds), 0);
	assert_false(nm_channel_send(&b, "nobody", 6, NULL, 0));
	nm_channel_close(&b);
}

static void what_is_too_much_is_not_sent(void **state)
{
	static char big[NM_CHANNEL_BYTES + 1];
	int fds[NM_CHANNEL_FDS + 1] = { 0 };
	struct nm_channel a, b;
	unsigned n_fds;

	(void)state;
	open_pair(&a, &b);
	assert_false(nm_channel_send(&a, big, sizeof big, NULL, 0));
	assert_false(nm_channel_send(&a, "x", 1, fds, NM_CHANNEL_FDS + 1));
	assert_int_equal(nm_channel_recv(&b, big, sizeof big, NULL, 0, &n_fds), -1);
	nm_channel_close(&a);
	nm_channel_close(&b);
}

/* Descriptors come with their packet; who wants fewer gets the first ones. */
static void descriptors_come_with_their_packet(void **state)
{
	int files[3], got[3] = { -1, -1, -1 };
	struct nm_channel a, b;
	unsigned n_fds;
	char buf[16];

	(void)state;
	open_pair(&a, &b);
	for (int i = 0; i < 3; i++) {
		files[i] = nm_temporary_file();
		assert_true(files[i] >= 0);
		(void)snprintf(buf, sizeof buf, "file %d", i);
		assert_int_equal(nm_prim_pwrite(files[i], buf, 6, 0), 0);
	}
	assert_true(nm_channel_send(&a, "three", 5, files, 3));
	assert_true(nm_channel_send(&a, "none", 4, NULL, 0));
	assert_int_equal(nm_channel_recv(&b, buf, sizeof buf, got, 2, &n_fds), 5);
	assert_int_equal(n_fds, 2);
	for (int i = 0; i < 2; i++) {
		char want[16];

		(void)snprintf(want, sizeof want, "file %d", i);
		assert_int_not_equal(got[i], files[i]);
		assert_int_equal(nm_prim_pread(got[i], buf, sizeof buf, 0), 6);
		assert_memory_equal(buf, want, 6);
		nm_prim_close(got[i]);
	}
	assert_int_equal(nm_channel_recv(&b, buf, sizeof buf, got, 2, &n_fds), 4);
	assert_int_equal(n_fds, 0);
	for (int i = 0; i < 3; i++)
		nm_prim_close(files[i]);
	nm_channel_close(&a);
	nm_channel_close(&b);
}

/* ---- memory and descriptors ---------------------------------------------------------------- */

static void shared_memory_is_one(void **state)
{
	int fd = nm_shared_memory("nmapi-test");
	char *p, *q;

	(void)state;
	assert_true(fd >= 0);
	p = nm_shared_map(fd, 65536);
	q = nm_shared_map(fd, 65536);
	assert_non_null(p);
	assert_non_null(q);
	assert_ptr_not_equal(p, q);
	assert_int_equal(p[65535], 0);
	p[65535] = 7;
	assert_int_equal(q[65535], 7);
	nm_prim_close(fd);
	p[0] = 8; /* still there */
	assert_int_equal(q[0], 8);
	nm_shared_unmap(p, 65536);
	nm_shared_unmap(q, 65536);
	nm_shared_unmap(NULL, 65536);
	assert_null(nm_shared_map(-1, 65536));
}

static void a_descriptor_to_read_can_not_write(void **state)
{
	int fd = nm_temporary_file(), again, copy;
	char buf[8], path[300];

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(nm_prim_write(fd, "abcdef", 6), 0);
	again = nm_fd_to_read(fd);
	assert_true(again >= 0);
	assert_int_equal(nm_prim_read(again, buf, 3), 3); /* from the beginning */
	assert_memory_equal(buf, "abc", 3);
	assert_int_not_equal(nm_prim_pwrite(again, "X", 1, 0), 0);
	copy = nm_fd_copy(again);
	assert_true(copy > 2 && copy != again);
	assert_int_equal(nm_prim_read(copy, buf, 3), 3); /* with the same place in it */
	assert_memory_equal(buf, "def", 3);
	nm_fd_path(fd, path, sizeof path);
	assert_true(path[0] != '\0');
	nm_prim_close(copy);
	nm_prim_close(again);
	nm_prim_close(fd);
	assert_true(nm_fd_copy(-1) < 0);
}

static void names_lead_to_files_and_folders(void **state)
{
	char name[300];
	int fd = nm_temporary_named(name, sizeof name), it;

	(void)state;
	assert_true(fd >= 0);
	it = nm_fd_of_name(name);
	assert_true(it >= 0);
	nm_prim_close(it);
	assert_true(nm_fd_of_folder(name) < 0);
	assert_int_equal(errno, ENOTDIR);
	name[nm_path_folder(name)] = '\0';
	it = nm_fd_of_folder(name);
	assert_true(it >= 0);
	nm_prim_close(it);
	(void)strcat(name, "not-there");
	assert_true(nm_fd_of_name(name) < 0);
	nm_prim_close(fd);
}

static void *wait_for(void *mutex)
{
	(void)pthread_mutex_lock(mutex);
	(void)pthread_mutex_unlock(mutex);
	return NULL;
}

static void the_system_counts(void **state)
{
	uint32_t us = (uint32_t)getpid();
	pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
	unsigned before;
	pthread_t more;

	(void)state;
	assert_true(nm_processors() >= 1);
	nm_processes_look();
	before = nm_process_threads(us);
	assert_true(before >= 1);
	assert_int_equal(nm_process_threads(0x7ffffffe), 0);
	assert_int_equal(pthread_mutex_lock(&held), 0);
	assert_int_equal(pthread_create(&more, NULL, wait_for, &held), 0);
	nm_processes_look();
	assert_int_equal(nm_process_threads(us), before + 1);
	assert_int_equal(pthread_mutex_unlock(&held), 0);
	assert_int_equal(pthread_join(more, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pipe_never_waits_to_be_read),
		cmocka_unit_test(waiting_tells_who_is_ready),
#if !defined(_WIN32)
		cmocka_unit_test(who_is_nobody_is_not_waited_for),
#endif
		cmocka_unit_test(room_to_write_is_awaited_too),
		cmocka_unit_test(packets_arrive_whole_and_in_order),
		cmocka_unit_test(what_is_too_much_is_not_sent),
		cmocka_unit_test(descriptors_come_with_their_packet),
		cmocka_unit_test(shared_memory_is_one),
		cmocka_unit_test(a_descriptor_to_read_can_not_write),
		cmocka_unit_test(names_lead_to_files_and_folders),
		cmocka_unit_test(the_system_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
