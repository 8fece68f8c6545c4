/* SPDX-License-Identifier: MIT */
/* The parsers of the link layer. */
#include "parse_case.h"

#define ETHER 1u
#define NULL_ 0u
#define SLL   113u
#define SLL2  276u

#define MACS "0200 0000 0001 0200 0000 0002 "

static const struct parse_case cases[] = {
	{ "a type that nobody has", ETHER, MACS "9999 0102", "ETHERNET",
	    "ETHERNET: 02-00-00-00-00-02 -> 02-00-00-00-00-01, type 0x9999\n"
	    "Destination Address = 020000000001\n"
	    "Ethernet Type = 39321 (0x9999)\n" },
	{ "a header cut short", ETHER, MACS "08", "ETHERNET",
	    "!ETHERNET: Cut short\n!Ethernet Type = 08\n" },
	{ "a tag in a tag", ETHER, MACS "88a8 6064 8100 0065 9999 00", "ETHERNET VLAN VLAN",
	    "VLAN: VLAN 100, priority 3\nPriority = Critical applications\n"
	    "VLAN: VLAN 101, priority 0\n" },
	{ "a length, and padding behind it", ETHER, MACS "0003 4242 03 000000", "ETHERNET LLC",
	    "Length = 3 (0x3)\nLLC: Spanning tree BPDU -> Spanning tree BPDU, Unnumbered "
	    "information\n" },
	{ "loopback in the order of the network", NULL_, "0000 0002 45", "NULL IP", "NULL: IP\n" },
};

int main(void)
{
	return parse_cases_run(cases, COUNT(cases));
}
