/* SPDX-License-Identifier: MIT */
/* What every cmocka test includes, in the order cmocka wants it. */
#ifndef NM_TEST_CHECK_H
#define NM_TEST_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

#endif
