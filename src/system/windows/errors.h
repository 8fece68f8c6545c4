/* SPDX-License-Identifier: MIT */
/* system/windows/errors.h -- errors of Windows as the C library numbers them. */
#ifndef NM_SYSTEM_WINDOWS_ERRORS_H
#define NM_SYSTEM_WINDOWS_ERRORS_H

/* The errno value for what GetLastError said; EIO for what has no other. */
int nm_errno_of(DWORD err);

#endif
