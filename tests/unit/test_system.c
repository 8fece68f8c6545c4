/* SPDX-License-Identifier: MIT */
/* What differs between systems, behind the same headers: columns of characters, folders, files
 * that take the place of others. The same table holds on each. */
#include "system/fault.h"
#include "system/files.h"
#include "system/folder.h"
#include "system/locales.h"
#include "system/shared.h"
#include "system/temporary.h"
#include "system/terminal.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(_WIN32)
#include "system/windows/errors.h"
#include "system/windows/thread.h"

#include <stdatomic.h>
#endif

#include <cmocka.h>

static char folder[] = "system-XXXXXX";

static void characters_take_their_columns(void **state)
{
	static const struct {
		uint32_t cp;
		int columns;
	} rows[] = {
		{ 0x01, -1 },    /* a control character */
		{ 0x85, -1 },    /* one of C1 */
		{ 0xd800, -1 },  /* a surrogate */
		{ 0x0378, -1 },  /* not assigned */
		{ 0x2028, -1 },  /* a separator of lines */
		{ 0x300, 0 },    /* combines */
		{ 0x200b, 0 },   /* space of no width */
		{ 0x1160, 0 },   /* joins the Jamo before it */
		{ 'a', 1 },      /* */
		{ 0xad, 1 },     /* soft hyphen */
		{ 0x600, 1 },    /* stands before digits */
		{ 0xfc, 1 },     /* u with diaeresis */
		{ 0xe000, 1 },   /* private */
		{ 0x1100, 2 },   /* leading Jamo */
		{ 0x4dc0, 2 },   /* hexagram */
		{ 0x4e2d, 2 },   /* Han */
		{ 0xff21, 2 },   /* full width A */
		{ 0x1f600, 2 },  /* a face */
		{ 0x10ffff, -1 } /* no character */
	};
	nm_locale l = nm_locale_new(), before = nm_locale_enter(l);

	(void)state;
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (nm_columns(rows[i].cp) != rows[i].columns)
			fail_msg("U+%04X takes %d columns", rows[i].cp, nm_columns(rows[i].cp));
	nm_locale_leave(before);
	nm_locale_free(l);
}

static void a_file_is_no_terminal(void **state)
{
	int fd = nm_prim_temporary();
	unsigned columns = 7, rows = 8;

	(void)state;
	assert_true(fd >= 0);
	assert_false(nm_is_terminal(fd));
	assert_false(nm_terminal_size(fd, &columns, &rows));
	assert_int_equal(columns, 7);
	assert_int_equal(rows, 8);
	nm_prim_close(fd);
	assert_false(nm_is_terminal(-1));
}

static void put(struct nm_folder *f, const char *name, const char *text)
{
	int fd = nm_folder_create(f, name, false);

	assert_true(fd >= 0);
	assert_int_equal(nm_prim_write(fd, text, strlen(text)), 0);
	nm_prim_close(fd);
}

static void holds(struct nm_folder *f, const char *name, const char *text)
{
	bool program;
	char is[64] = "";
	int fd = nm_folder_read(f, name, false, &program);

	assert_true(fd >= 0);
	assert_int_equal(nm_prim_read(fd, is, sizeof is - 1), strlen(text));
	assert_string_equal(is, text);
	nm_prim_close(fd);
}

static void files_of_a_folder(void **state)
{
	struct nm_folder *f = NULL, *again = NULL;
	char name[NM_FOLDER_NAME], path[64];
	bool program;

	(void)state;
	(void)snprintf(path, sizeof path, "%s/made", folder);
	assert_int_equal(nm_folder_open(path, &f), ENOENT);
	assert_int_equal(nm_folder_make(path, &f), 0);
	assert_int_equal(nm_folder_make(path, &again), EEXIST);
	put(f, "one", "1");
	assert_int_equal(nm_folder_create(f, "one", false), -EEXIST);
	assert_int_equal(nm_folder_read(f, "none", true, &program), -ENOENT);
	holds(f, "one", "1");
	nm_folder_close(f);

	assert_int_equal(nm_folder_open(path, &f), 0);
	assert_int_equal(nm_folder_next(f, name), 1);
	assert_string_equal(name, "one");
	assert_int_equal(nm_folder_next(f, name), 0);
	nm_folder_remove(f, "one");
	assert_int_equal(nm_folder_read(f, "one", false, &program), -ENOENT);
	nm_folder_close(f);
	nm_folder_close(NULL);
	assert_int_equal(rmdir(path), 0);
}

static void a_whole_file_replaces_another(void **state)
{
	char part[64], path[64];
	struct nm_folder *f;
	int fd;

	(void)state;
	(void)snprintf(part, sizeof part, "%s/report.part-XXXXXX", folder);
	(void)snprintf(path, sizeof path, "%s/report", folder);
	assert_int_equal(nm_folder_open(folder, &f), 0);
	put(f, "report", "before");
	fd = nm_prim_unique(part);
	assert_true(fd >= 0);
	assert_int_equal(nm_prim_write(fd, "after", 5), 0);
	holds(f, "report", "before");
	assert_int_equal(nm_prim_replace(fd, part, path), 0);
	nm_prim_close(fd);
	holds(f, "report", "after");
	assert_int_equal(access(part, F_OK), -1);
	assert_true(nm_prim_replace(-1, part, path) != 0);
	holds(f, "report", "after");
	nm_folder_remove(f, "report");
	nm_folder_close(f);
}

static void a_name_that_can_not_be_made(void **state)
{
	char bad[64], short_one[] = "XXX";

	(void)state;
	(void)snprintf(bad, sizeof bad, "%s/none/there-XXXXXX", folder);
	assert_true(nm_prim_unique(bad) < 0);
	assert_int_equal(nm_prim_unique(short_one), -EINVAL);
	assert_null(nm_path_real(bad));
}

static int begin(void **state)
{
	(void)state;
	nm_standard_begin();
	return mkdtemp(folder) ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	return rmdir(folder);
}

/* Drives are there on Windows alone; what separates folders everywhere does so here. */
static void paths_have_drives_where_there_are_drives(void **state)
{
	(void)state;
	assert_int_equal(nm_path_drive("/a/b"), 0);
	assert_int_equal(nm_path_drive(""), 0);
	assert_int_equal(nm_path_drive("ab:"), 0);
	assert_int_equal(nm_path_drive("c:\\a") == 2, nm_path_separates('\\'));
	assert_true(nm_path_separates('/'));
	assert_false(nm_path_separates(':'));
}

/* ---- ticks ------------------------------------------------------------------------------ */

static volatile unsigned ticked;

static bool always(void)
{
	return true;
}

static void count_tick(const struct nm_fault *f, bool from_outside)
{
	(void)f;
	ticked += !from_outside;
}

/* Wherever a tick meets the thread, also on its way into the system or out of it. */
static void ticks_change_nothing_for_who_they_meet(void **state)
{
	int fd = nm_temporary_file();
	uint64_t end = nm_prim_now_ms() + 20000;

	(void)state;
	assert_true(fd >= 0);
	assert_true(nm_ticks_start(1000000, always, count_tick));
	for (uint32_t i = 0, back; ticked < 20 && nm_prim_now_ms() < end; i++) {
		for (volatile unsigned busy = 0; busy < 200000; busy++)
			;
		assert_int_equal(nm_prim_pwrite(fd, &i, sizeof i, i % 64 * 4), 0);
		assert_int_equal(nm_prim_pread(fd, &back, sizeof back, i % 64 * 4), sizeof back);
		assert_int_equal(back, i);
	}
	nm_ticks_stop();
	assert_in_range(ticked, 20, 10000);
	nm_prim_close(fd);
}

/* Functions that have more than a page of code between them. */
#define ROOM __asm__ volatile(".fill 9000, 1, 0x90")

static __attribute__((noinline)) void early(void)
{
	ROOM;
}

static __attribute__((noinline)) void late(void)
{
	ROOM;
}

static void code_is_known_around_each_of_its_addresses(void **state)
{
	void (*const functions[])(void) = { early, late };
	const void *low[2], *high[2], *at[2];
	int here;

	(void)state;
	for (int i = 0; i < 2; i++) {
		functions[i]();
		memcpy(&at[i], &functions[i], sizeof at[i]);
		assert_true(nm_code_around(at[i], &low[i], &high[i]));
	}
	assert_ptr_equal(low[0], low[1]);
	assert_ptr_equal(high[0], high[1]);
	for (int i = 0; i < 2; i++)
		assert_true(at[i] >= low[0] && at[i] < high[0]);
	assert_false(nm_code_around(&here, &low[0], &high[0]));
}

/* "NAME=" is as good as nothing, and all that Windows has. */
static void set(const char *line)
{
	assert_int_equal(putenv((char *)(uintptr_t)line), 0);
}

static void colours_are_for_who_can_see_them(void **state)
{
	static const struct {
		int asked;
		bool terminal;
		const char *no_color, *term;
		bool wanted;
	} rows[] = {
		{ -1, true, "NO_COLOR=", "TERM=", true },
		{ -1, true, "NO_COLOR=", "TERM=xterm", true },
		{ -1, true, "NO_COLOR=1", "TERM=xterm", false },
		{ -1, true, "NO_COLOR=", "TERM=dumb", false },
		{ -1, false, "NO_COLOR=", "TERM=xterm", false },
		{ 1, false, "NO_COLOR=1", "TERM=dumb", true },
		{ 0, true, "NO_COLOR=", "TERM=xterm", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		set(rows[i].no_color);
		set(rows[i].term);
		assert_int_equal(nm_wants_colour(rows[i].asked, rows[i].terminal), rows[i].wanted);
	}
}

/* ---- memory that processes share ---------------------------------------------------------- */

#if !defined(_WIN32) /* where nobody cuts a file that is mapped */
static void what_outlives_its_file_holds_zeros(void **state)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int fd = nm_shared_memory("test");
	char *p = nm_shared_map(fd, 3 * page), *other = nm_shared_map(fd, 3 * page);

	(void)state;
	assert_non_null(p);
	assert_non_null(other);
	assert_true(nm_shared_outlive(other, 3 * page));
	assert_true(nm_shared_outlive(p, 3 * page));
	p[0] = p[page] = 1;
	assert_int_equal(other[page], 1);
	assert_int_equal(ftruncate(fd, (off_t)page), 0);
	assert_int_equal(p[0], 1);
	assert_int_equal(p[page], 0);
	p[3 * page - 1] = 1;
	assert_int_equal(p[3 * page - 1], 1);
	assert_int_equal(other[3 * page - 1], 0);
	nm_shared_unmap(other, 3 * page);
	nm_shared_unmap(p, 3 * page);
	(void)close(fd);
}
#endif

#if defined(_WIN32)
static void errors_of_windows_are_told_by_name_or_number(void **state)
{
	static const struct {
		DWORD code;
		int err; /* 0: none of the C library's */
		const char *text;
	} rows[] = {
		{ ERROR_FILE_NOT_FOUND, ENOENT, "No such file or directory" },
		{ ERROR_SHARING_VIOLATION, EACCES, "Permission denied" },
		{ ERROR_NO_DATA, EPIPE, "Broken pipe" },
		{ ERROR_INTERNAL_ERROR, 0, "error 1359 of Windows: " },
		{ 740, 0, "error 740 of Windows" }, /* a program that wants an administrator */
		{ 0xfffe, 0, "error 65534 of Windows" },
		{ (DWORD)STATUS_ACCESS_VIOLATION, EIO, "Input/output error" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int err = nm_errno_of(rows[i].code);
		const char *told = nm_error_text(err);

		assert_true(rows[i].err ? err == rows[i].err : err > sys_nerr);
		assert_memory_equal(told, rows[i].text, strlen(rows[i].text));
		assert_null(strpbrk(told, "\r\n"));
		assert_true(told[strlen(told) - 1] != '.' && told[strlen(told) - 1] != ' ');
	}
}

static _Atomic unsigned begun, done;

/* Called for each thread before its function is. */
static void NTAPI note_thread(void *module, DWORD reason, void *reserved)
{
	(void)module;
	(void)reserved;
	if (reason == DLL_THREAD_ATTACH)
		atomic_fetch_add(&begun, 1);
}

extern PIMAGE_TLS_CALLBACK noted;
PIMAGE_TLS_CALLBACK noted __attribute__((section(".CRT$XLE"), used)) = note_thread;

static DWORD WINAPI add(void *arg)
{
	atomic_fetch_add(&done, *(const unsigned *)arg);
	return 0;
}

static void a_thread_has_begun_when_it_is_there(void **state)
{
	unsigned each = 3;

	(void)state;
	for (unsigned i = 1; i <= 50; i++) {
		HANDLE thread = nm_thread_begin(add, &each);

		assert_non_null(thread);
		assert_int_equal(atomic_load(&begun), i);
		assert_int_equal(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0);
		assert_int_equal(atomic_load(&done), i * each);
		assert_true(CloseHandle(thread));
	}
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
#if defined(_WIN32)
		cmocka_unit_test(errors_of_windows_are_told_by_name_or_number),
		cmocka_unit_test(a_thread_has_begun_when_it_is_there),
#else
		cmocka_unit_test(what_outlives_its_file_holds_zeros),
#endif
		cmocka_unit_test(ticks_change_nothing_for_who_they_meet),
		cmocka_unit_test(code_is_known_around_each_of_its_addresses),
		cmocka_unit_test(paths_have_drives_where_there_are_drives),
		cmocka_unit_test(characters_take_their_columns),
		cmocka_unit_test(a_file_is_no_terminal),
		cmocka_unit_test(colours_are_for_who_can_see_them),
		cmocka_unit_test(files_of_a_folder),
		cmocka_unit_test(a_whole_file_replaces_another),
		cmocka_unit_test(a_name_that_can_not_be_made),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
