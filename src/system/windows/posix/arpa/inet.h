/* SPDX-License-Identifier: MIT */
/* inet_ntop and inet_pton, where POSIX has them. */
#ifndef NM_SYSTEM_WINDOWS_INET_H
#define NM_SYSTEM_WINDOWS_INET_H

#include "system/windows/prelude.h"

#include <ws2tcpip.h>

#endif
