/* SPDX-License-Identifier: MIT */
/* system/stack.h -- who called.
 *
 * Owns:     nothing.
 * Threads:  any; of the calling thread.
 */
#ifndef NM_SYSTEM_STACK_H
#define NM_SYSTEM_STACK_H

/* The return addresses of up to `most` calls under way, the innermost first; how many. The
 * first use may allocate. */
int nm_stack_take(void **ret_addresses, int most);

#endif
