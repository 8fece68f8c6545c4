/* SPDX-License-Identifier: MIT */
/* Return addresses, as the system unwinds. */
#include "system/stack.h"

int nm_stack_take(void **ret_addresses, int most)
{
	return CaptureStackBackTrace(0, (DWORD)most, ret_addresses, NULL);
}
