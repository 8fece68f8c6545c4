/* SPDX-License-Identifier: MIT */
/* api/support.c: memory, last error, fixed answers. */
#include "base/nmerr.h"

#include <netmon.h>

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

static void memory_is_zero_aligned_and_knows_its_size(void **state)
{
	static const SIZE_T sizes[] = { 0, 1, 15, 16, 17, 4096, 1000003 };

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		BYTE *p = AllocMemory(sizes[i]);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % 16, 0);
		assert_int_equal(MemorySize(p), sizes[i]);
		for (SIZE_T k = 0; k < sizes[i]; k++)
			assert_int_equal(p[k], 0);
		assert_ptr_equal(MemoryHandle(p), p);
		TestMemory(p);
		FreeMemory(p);
	}
}

static void a_resized_block_keeps_its_bytes_and_gains_zeros(void **state)
{
	BYTE *p = ReallocMemory(NULL, 4);

	(void)state;
	assert_non_null(p);
	memcpy(p, "abcd", 4);
	p = ReallocMemory(p, 100000);
	assert_non_null(p);
	assert_memory_equal(p, "abcd", 4);
	for (int i = 4; i < 100000; i++)
		assert_int_equal(p[i], 0);
	p[4] = 'e';
	p = ReallocMemory(p, 4);
	p = ReallocMemory(p, 8);
	assert_memory_equal(p, "abcd\0\0\0\0", 8);
	p = ReallocMemory(p, 0);
	assert_non_null(p);
	assert_int_equal(MemorySize(p), 0);
	FreeMemory(p);
}

static void too_much_memory_is_refused_and_nothing_changes(void **state)
{
	BYTE *p = AllocMemory(3);

	(void)state;
	memcpy(p, "abc", 3);
	BhSetLastError(0);
	assert_null(AllocMemory(SIZE_MAX));
	assert_int_equal(BhGetLastError(), NMERR_OUT_OF_MEMORY);
	BhSetLastError(0);
	assert_null(ReallocMemory(p, SIZE_MAX - 8));
	assert_int_equal(BhGetLastError(), NMERR_OUT_OF_MEMORY);
	assert_memory_equal(p, "abc", 3);
	assert_int_equal(MemorySize(p), 3);
	FreeMemory(p);
}

static void null_is_no_block_and_no_mistake(void **state)
{
	(void)state;
	FreeMemory(NULL);
	TestMemory(NULL);
	assert_int_equal(MemorySize(NULL), 0);
	assert_null(BhFreeSystemMemory(NULL));
}

static void system_memory_is_whole_zero_pages(void **state)
{
	static const DWORD sizes[] = { 0, 1, 4095, 4096, 4097 };
	long page = sysconf(_SC_PAGESIZE);

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		BYTE *p = BhAllocSystemMemory(sizes[i]);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % (uintptr_t)page, 0);
		for (DWORD k = 0; k < sizes[i]; k++)
			assert_int_equal(p[k], 0);
		assert_null(BhFreeSystemMemory(p));
	}
}

static void *fresh_thread(void *arg)
{
	*(DWORD *)arg = BhGetLastError();
	return NULL;
}

static void the_last_error_is_the_threads_own(void **state)
{
	DWORD other = 1;
	pthread_t t;

	(void)state;
	assert_int_equal(BhSetLastError(NMERR_TIMEOUT), NMERR_TIMEOUT);
	assert_int_equal(BhGetLastError(), NMERR_TIMEOUT);
	assert_int_equal(nm_last_error(), NMERR_TIMEOUT);
	assert_int_equal(pthread_create(&t, NULL, fresh_thread, &other), 0);
	assert_int_equal(pthread_join(t, NULL), 0);
	assert_int_equal(other, NMERR_SUCCESS);
}

static void obsolete_functions_give_their_fixed_answers(void **state)
{
	char name[] = "x";

	(void)state;
	assert_int_equal(BhGetWindowsVersion(), WINDOWS_VERSION_WIN32);
	assert_true(IsDaytona());
	assert_null(BhGetNetworkRequestAddress(1));
	assert_null(CreatePassword(name));
	DestroyPassword(NULL);
	assert_int_equal(ValidatePassword(NULL), AccessRightsAllAccess);
	assert_null(BhOpenService(name));
	BhCloseService(NULL);
	assert_int_equal(BhStartService(NULL), NMERR_NOT_SUPPORTED);
	assert_int_equal(BhStopService(NULL), NMERR_NOT_SUPPORTED);
}

static void hex_digits_are_upper_case(void **state)
{
	(void)state;
	assert_memory_equal(HexTable, "0123456789ABCDEF", 16);
	assert_int_equal(HEX(0xfa), 'A');
	assert_int_equal(HEX(HINIBBLE(0xfa)), 'F');
}

static void interface_ids_differ(void **state)
{
	(void)state;
	assert_memory_not_equal(&IID_IDelaydC, &IID_IRTC, sizeof(IID));
	assert_memory_not_equal(&IID_IRTC, &IID_IStats, sizeof(IID));
	assert_memory_not_equal(&IID_IStats, &IID_IDelaydC, sizeof(IID));
}

static void debug_text_goes_to_standard_error(void **state)
{
	char format[] = "frame %d of %s\n", got[64] = "";
	int keep = dup(STDERR_FILENO), ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
	NmDprintf(format, 7, "x.cap");
	assert_int_equal(dup2(keep, STDERR_FILENO), STDERR_FILENO);
	assert_int_equal(read(ends[0], got, sizeof got - 1), 17);
	assert_string_equal(got, "frame 7 of x.cap\n");
	close(ends[0]);
	close(ends[1]);
	close(keep);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zero_aligned_and_knows_its_size),
		cmocka_unit_test(a_resized_block_keeps_its_bytes_and_gains_zeros),
		cmocka_unit_test(too_much_memory_is_refused_and_nothing_changes),
		cmocka_unit_test(null_is_no_block_and_no_mistake),
		cmocka_unit_test(system_memory_is_whole_zero_pages),
		cmocka_unit_test(the_last_error_is_the_threads_own),
		cmocka_unit_test(obsolete_functions_give_their_fixed_answers),
		cmocka_unit_test(hex_digits_are_upper_case),
		cmocka_unit_test(interface_ids_differ),
		cmocka_unit_test(debug_text_goes_to_standard_error),
	};

	return cmocka_run_group_tests_name("support", tests, NULL, NULL);
}
