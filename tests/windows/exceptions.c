/* SPDX-License-Identifier: MIT */
/* Structured exception handling as Visual C compiles it, for oldstyle.c. No header is read: for
 * i686 only a compiler for Visual C knows __try, and the headers are mingw's. */
#include "oldstyle.h"

void __stdcall RaiseException(
    unsigned long code, unsigned long flags, unsigned long n, const void *args);

#define EXECUTE_HANDLER 1
#define CONTINUE_SEARCH 0

int exception_finally_runs;
static volatile int nothing;

static __attribute__((noinline)) void set(volatile int *p)
{
	*p = 1;
}

static void touch(volatile int *p)
{
	__try {
		set(p);
	} __finally {
		exception_finally_runs++;
	}
}

static __attribute__((noinline)) int divide(int by)
{
	return 5 / by;
}

unsigned long exception_caught(volatile int *p, volatile int divisor)
{
	unsigned long code = 0;

	__try {
		touch(p);
		nothing = divide(divisor);
	} __except (code = _exception_code(), EXECUTE_HANDLER) {
		return code;
	}
	return 0;
}

unsigned long exception_raised(unsigned long code)
{
	unsigned long seen = 0;

	__try {
		RaiseException(code, 0, 0, (void *)0);
	} __except (seen = _exception_code(), seen == code ? EXECUTE_HANDLER : CONTINUE_SEARCH) {
		return seen;
	}
	return 0;
}
