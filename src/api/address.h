/* SPDX-License-Identifier: MIT */
/* api/address.h -- what the functions on addresses share.
 *
 * Owns:     nothing.
 * Uses:     the types of <netmon.h>.
 * Threads:  pure functions.
 * Trust:    addresses come from plug-ins: their type may be any number.
 */
#ifndef NM_API_ADDRESS_H
#define NM_API_ADDRESS_H

#include <netmon.h>

#include <stdbool.h>

/* Bytes of an address of that type; 0 for types that have none (ANY, ...). */
unsigned nm_address_bytes(uint32_t type);

bool nm_address_is_mac(uint32_t type);

#endif
