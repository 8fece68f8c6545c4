/* SPDX-License-Identifier: MIT */
/* sandbox/jail.h: what a process on Windows begins with, and each way for it to end. The test
 * starts itself. */
#include "check.h"
#include "sandbox/jail.h"
#include "system/files.h"
#include "system/pipe.h"
#include "system/temporary.h"

#include <errno.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the process in the jail --------------------------------------------------------------- */

static int start_another(const char *self)
{
	STARTUPINFOA si = { .cb = sizeof si };
	PROCESS_INFORMATION pi;
	char words[] = "x exit";

	return CreateProcessA(self, words, NULL, NULL, FALSE, 0, NULL, NULL, &si, &pi) ? 1 : 0;
}

static int read_handle(const char *number)
{
	int fd = _open_osfhandle((intptr_t)strtoll(number, NULL, 10), _O_RDONLY | _O_BINARY);
	char buf[16];
	int n = fd < 0 ? -1 : _read(fd, buf, sizeof buf);

	return n == 6 && memcmp(buf, "handed", 6) == 0 ? 0 : 1;
}

static int tell_environment(void)
{
	(void)printf("%s|%s|%s|%s\n",
	    getenv("NETMON_OUTPUT_DIR") ? getenv("NETMON_OUTPUT_DIR") : "-",
	    getenv("TEMP") ? "temp" : "-", getenv("SystemRoot") ? "root" : "-",
	    getenv("NMAPI_SECRET") ? "secret" : "-");
	(void)fflush(stdout);
	return 0;
}

static int be_jailed(int argc, char **argv)
{
	const char *what = argv[1];
	volatile uintptr_t low = 16;

	SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
	if (strcmp(what, "exit") == 0)
		ExitProcess(5);
	if (strcmp(what, "crash") == 0)
		*(volatile int *)low = 1;
	if (strcmp(what, "fail fast") == 0) /* as the system does it where a stack is broken */
		(void)TerminateProcess(GetCurrentProcess(), 0xc0000409);
	if (strcmp(what, "loop") == 0)
		for (;;)
			Sleep(1000);
	if (strcmp(what, "another") == 0)
		return start_another(argv[0]);
	if (strcmp(what, "handle") == 0)
		return argc == 4 && strcmp(argv[3], "-1") == 0 ? read_handle(argv[2]) : 2;
	if (strcmp(what, "console") == 0)
		return GetConsoleCP() == 0 && !GetConsoleWindow() ? 6 : 7;
	return strcmp(what, "environment") == 0 ? tell_environment() : 3;
}

/* ---- the test ------------------------------------------------------------------------------ */

static char self[MAX_PATH];

static struct nm_jail begin(const char *words, int out, const int *hand, unsigned n_hand)
{
	static char folder[MAX_PATH];
	struct nm_jail_start s = { .program = self,
		.words = words,
		.folder = folder,
		.output = out >= 0 ? "there" : NULL,
		.in = -1,
		.out = out,
		.err = -1,
		.hand = hand,
		.n_hand = n_hand,
		.limits = { .cpu_s = 60 } };
	struct nm_sandbox_report box;
	struct nm_jail j;

	assert_true(GetTempPathA(sizeof folder, folder) > 0);
	assert_int_equal(nm_jail_start(&j, &s, &box), 0);
	assert_int_equal(box.state[NM_LAYER_LIMITS], NM_LAYER_ON);
	assert_int_equal(box.state[NM_LAYER_PRIVS], NM_LAYER_ON);
	assert_int_equal(box.state[NM_LAYER_LANDLOCK], NM_LAYER_ABSENT);
	assert_int_equal(box.state[NM_LAYER_SECCOMP], NM_LAYER_ABSENT);
	return j;
}

/* Its code, when it has ended by itself. */
static uint32_t end_of(struct nm_jail *j)
{
	struct nm_jail_end end;

	for (int turns = 0; turns < 3000 && !nm_jail_ended(j, &end); turns++)
		Sleep(10);
	assert_true(nm_jail_ended(j, &end));
	nm_jail_close(j);
	assert_null(j->process);
	return end.code;
}

static void each_end_has_its_code(void **state)
{
	static const struct {
		const char *words;
		uint32_t code;
		int wait_status;
		bool exception;
	} ends[] = {
		{ "exit", 5, 5 << 8, false },
		{ "crash", 0xc0000005, 11, true },
		{ "\"fail fast\"", 0xc0000409, 6, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ends); i++) {
		struct nm_jail j = begin(ends[i].words, -1, NULL, 0);

		assert_int_equal(end_of(&j), ends[i].code);
		assert_int_equal(nm_jail_wait_status(ends[i].code), ends[i].wait_status);
		assert_int_equal(nm_jail_is_exception(ends[i].code), ends[i].exception);
	}
}

static void one_that_is_killed_is_gone(void **state)
{
	struct nm_jail j = begin("loop", -1, NULL, 0);
	struct nm_jail_end end;

	(void)state;
	Sleep(200);
	assert_false(nm_jail_ended(&j, &end));
	nm_jail_kill(&j);
	assert_int_equal(nm_jail_wait_status(end_of(&j)), 9);

	j = begin("loop", -1, NULL, 0);
	nm_jail_close(&j); /* ends it too */
	assert_null(j.process);
	nm_jail_close(&j);
}

static void it_gets_what_it_is_handed_and_no_more(void **state)
{
	int file = nm_temporary_file(), in, out;
	const int hand[] = { file, -1 };
	char line[64] = "";
	struct nm_jail j;

	(void)state;
	assert_int_equal(nm_prim_write(file, "handed", 6), 0);
	assert_true(nm_prim_rewind(file));
	j = begin("handle %0 %1", -1, hand, 2);
	assert_int_equal(end_of(&j), 0);
	nm_prim_close(file);

	(void)_putenv("NMAPI_SECRET=1");
	assert_int_equal(nm_pipe_new(4096, &in, &out), 0);
	j = begin("environment", out, NULL, 0);
	nm_prim_close(out);
	assert_int_equal(end_of(&j), 0);
	assert_true(nm_pipe_read(in, line, sizeof line - 1) > 0);
	assert_memory_equal(line, "there|temp|root|-", 17);
	assert_int_equal(nm_pipe_read(in, line, sizeof line), 0); /* nobody else holds the end */
	nm_prim_close(in);
}

static void it_has_no_console(void **state)
{
	struct nm_jail j = begin("console", -1, NULL, 0);

	(void)state;
	assert_int_equal(end_of(&j), 6);
}

static void what_is_not_there_is_not_started(void **state)
{
	struct nm_jail_start s = { .program = "C:\\no\\such.exe",
		.words = "",
		.folder = "C:\\",
		.in = -1,
		.out = -1,
		.err = -1 };
	struct nm_sandbox_report box;
	struct nm_jail j = { 0 };

	(void)state;
	assert_int_not_equal(nm_jail_start(&j, &s, &box), 0);
	assert_null(j.process);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_end_has_its_code),
		cmocka_unit_test(one_that_is_killed_is_gone),
		cmocka_unit_test(it_gets_what_it_is_handed_and_no_more),
		cmocka_unit_test(it_has_no_console),
		cmocka_unit_test(what_is_not_there_is_not_started),
	};

	if (argc > 1)
		return be_jailed(argc, argv);
	(void)GetModuleFileNameA(NULL, self, sizeof self);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
