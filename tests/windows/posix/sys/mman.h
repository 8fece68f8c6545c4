/* SPDX-License-Identifier: MIT */
/* Files in memory, as tests make captures in them. */
#ifndef NM_TEST_WINDOWS_MMAN_H
#define NM_TEST_WINDOWS_MMAN_H

#include "system/temporary.h"

#include <io.h>

#define MFD_CLOEXEC 0

static inline int memfd_create(const char *name, unsigned flags)
{
	(void)name;
	(void)flags;
	return nm_temporary_file();
}

#endif
