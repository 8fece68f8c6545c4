/* SPDX-License-Identifier: MIT */
/* oldstyle.h -- numbers of resources, and what exceptions.c offers. */
#define IDS_NAME        1
#define IDS_VENDOR      2
#define IDS_DESCRIPTION 3
#define IDS_GREETING    100
#define IDS_ACCENTS     101
#define IDR_TABLE       200

#if !defined(RC_INVOKED)
/* Write to p and divide by the divisor: the code of the exception that was caught; 0: none. */
unsigned long exception_caught(volatile int *p, volatile int divisor);

/* Raise one of that code: the code that was caught. */
unsigned long exception_raised(unsigned long code);

extern int exception_finally_runs;
#endif
