/* SPDX-License-Identifier: MIT */
/* Return addresses, from the C library's unwinder. */
#include "system/stack.h"

#include <execinfo.h>

int nm_stack_take(void **ret_addresses, int most)
{
	return backtrace(ret_addresses, most);
}
