/* SPDX-License-Identifier: MIT */
/* common/system.h -- where C libraries differ: texts of addresses, dates. Included before
 * <netmon.h>. */
#ifndef PARSERS_COMMON_SYSTEM_H
#define PARSERS_COMMON_SYSTEM_H

#include <stdbool.h>
#include <time.h>

#if defined(_WIN32)
#include <winsock2.h>

#include <ws2tcpip.h>

static inline bool utc_of(time_t t, struct tm *ret)
{
	return gmtime_s(ret, &t) == 0;
}
#else
#include <arpa/inet.h>

static inline bool utc_of(time_t t, struct tm *ret)
{
	return gmtime_r(&t, ret) != NULL;
}
#endif

#endif
