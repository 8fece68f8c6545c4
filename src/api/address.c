/* SPDX-License-Identifier: MIT */
/* Addresses on their own: comparing, normalizing, text. */
#include "api/address.h"
#include "api/link.h"
#include "base/nmerr.h"

#include <string.h>

enum group_bit { NO_GROUP_BIT, LOW_BIT, HIGH_BIT };

static const struct {
	uint8_t bytes;
	uint8_t mac_type; /* MAC_TYPE_UNKNOWN: a network layer's address */
	uint8_t group;    /* enum group_bit: which bit of byte 0 */
} types[] = {
	[ADDRESS_TYPE_ETHERNET] = { 6, MAC_TYPE_ETHERNET, LOW_BIT },
	[ADDRESS_TYPE_IP] = { IP_ADDRESS_SIZE, 0, NO_GROUP_BIT },
	[ADDRESS_TYPE_IPX] = { IPX_ADDR_SIZE, 0, NO_GROUP_BIT },
	[ADDRESS_TYPE_TOKENRING] = { 6, MAC_TYPE_TOKENRING, HIGH_BIT },
	[ADDRESS_TYPE_FDDI] = { 6, MAC_TYPE_FDDI, LOW_BIT },
	[ADDRESS_TYPE_XNS] = { IPX_ADDR_SIZE, 0, NO_GROUP_BIT },
	[ADDRESS_TYPE_VINES_IP] = { VINES_IP_ADDRESS_SIZE, 0, NO_GROUP_BIT },
	[ADDRESS_TYPE_ATM] = { 6, MAC_TYPE_ATM, LOW_BIT },
	[ADDRESS_TYPE_1394] = { 6, MAC_TYPE_1394, LOW_BIT },
	[ADDRESS_TYPE_IP6] = { IP6_ADDRESS_SIZE, 0, NO_GROUP_BIT },
};

#define TYPES (sizeof types / sizeof *types)

unsigned nm_address_bytes(uint32_t type)
{
	return type < TYPES ? types[type].bytes : 0;
}

bool nm_address_is_mac(uint32_t type)
{
	return type < TYPES && types[type].group != NO_GROUP_BIT;
}

DWORD WINAPI MacTypeToAddressType(DWORD MacType)
{
	const struct nm_mac_kind *k = nm_mac_kind(MacType);

	return k ? k->address_type : 0xFFFFFFFF;
}

DWORD WINAPI AddressTypeToMacType(DWORD AddressType)
{
	return AddressType < TYPES ? types[AddressType].mac_type : MAC_TYPE_UNKNOWN;
}

static uint8_t group_mask(uint32_t type)
{
	if (!nm_address_is_mac(type))
		return 0;
	return types[type].group == HIGH_BIT ? 0x80 : 0x01;
}

/* One of the two is a wildcard that takes the other in. */
static bool covers(const ADDRESS2 *wild, const ADDRESS2 *a)
{
	if (wild->Type == ADDRESS_TYPE_ANY)
		return true;
	return wild->Type == ADDRESS_TYPE_ANY_GROUP &&
	       (a->MACAddress[0] & group_mask(a->Type)) != 0;
}

int WINAPI CompareAddresses(LPADDRESS2 lpAddress1, LPADDRESS2 lpAddress2)
{
	const ADDRESS2 *a = lpAddress1, *b = lpAddress2;

	if (!a || !b) {
		nm_set_last_error(NMERR_INVALID_PARAMETER);
		return (a != NULL) - (b != NULL);
	}
	if (covers(a, b) || covers(b, a))
		return 0;
	if (a->Type != b->Type)
		return a->Type < b->Type ? -1 : 1;
	return memcmp(a->MACAddress, b->MACAddress, nm_address_bytes(a->Type));
}

LPADDRESS2 WINAPI NormalizeAddress(LPADDRESS2 Address)
{
	if (Address)
		Address->MACAddress[0] &= (BYTE)~group_mask(Address->Type);
	return Address;
}

LPADDRESSTABLE2 WINAPI NormalizeAddressTable(LPADDRESSTABLE2 AddressTable)
{
	if (!AddressTable)
		return NULL;
	for (DWORD i = 0; i < AddressTable->nAddressPairs && i < MAX_ADDRESS_PAIRS; i++) {
		(void)NormalizeAddress(&AddressTable->AddressPair[i].DstAddress);
		(void)NormalizeAddress(&AddressTable->AddressPair[i].SrcAddress);
	}
	return AddressTable;
}

LPSTR WINAPI AddressToString(LPSTR string, BYTE *lpAddress)
{
	if (!string || !lpAddress) {
		nm_set_last_error(NMERR_INVALID_PARAMETER);
		return NULL;
	}
	for (unsigned i = 0; i < NM_MAC_ADDRESS_BYTES; i++) {
		string[2 * i] = "0123456789ABCDEF"[lpAddress[i] >> 4];
		string[2 * i + 1] = "0123456789ABCDEF"[lpAddress[i] & 15];
	}
	string[2 * NM_MAC_ADDRESS_BYTES] = '\0';
	return string;
}

/* -1: no hex digit. */
static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

LPBYTE WINAPI StringToAddress(BYTE *lpAddress, LPSTR string)
{
	BYTE bytes[NM_MAC_ADDRESS_BYTES] = { 0 };
	unsigned n = 0;

	if (!lpAddress || !string) {
		nm_set_last_error(NMERR_INVALID_PARAMETER);
		return NULL;
	}
	for (const char *s = string; *s && n < 2 * NM_MAC_ADDRESS_BYTES; s++) {
		int d = digit(*s);

		if (d >= 0) {
			bytes[n / 2] |= (BYTE)(n % 2 ? d : d << 4);
			n++;
		} else if (!strchr("-:. ", *s)) {
			break;
		}
	}
	memcpy(lpAddress, bytes, sizeof bytes);
	return lpAddress;
}
