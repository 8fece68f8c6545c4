/* SPDX-License-Identifier: MIT */
/* ICMP, ICMPv6 and IGMP. */
#include "parse_case.h"

#define RAW 101u

#define IP4       "4500 0100 0001 0000 40"
#define ADDRESSES "0000 c0000201 c0000202"
#define QUOTED    "4500 001c 0001 0000 40 11 0000 c0000202 c0000201 0007 0009 0008 0000"
#define ZEROS     "00000000000000000000000000000000000000000000000000"
#define IP6       "60000000 0100"
#define HOSTS     "ff 20010db8000000000000000000000001 20010db8000000000000000000000002"
#define TARGET    "20010db8000000000000000000000003"

static const struct parse_case cases[] = {
	{ "asked for an echo", RAW, IP4 "01" ADDRESSES "0800 f7fe 0001 0002 6162", "IP ICMP",
	    "ICMP: Echo request, identifier 1, sequence 2\n"
	    "Type = Echo request\n"
	    "Code = 0 (0x0)\n"
	    "Checksum = 63486 (0xF7FE)\n"
	    "Identifier = 1 (0x1)\n"
	    "Sequence Number = 2 (0x2)\n"
	    "Identifier, little-endian = 256 (0x100)\n"
	    "Sequence Number, little-endian = 512 (0x200)\n"
	    "Echo Data\n" },
	{ "a port that nobody listens at", RAW, IP4 "01" ADDRESSES "0303 0000 00000000" QUOTED,
	    "IP ICMP IP UDP",
	    "ICMP: Port unreachable\n"
	    "Type = Destination unreachable\n"
	    "Code = Port unreachable\n"
	    "Checksum = 0 (0x0)\n"
	    "Unused\n"
	    "UDP: Src Port 7, Dst Port 9, length 8\n"
	    "Source Port = 7 (0x7)\n"
	    "Destination Port = 9 (0x9)\n"
	    "Total Length = 8 (0x8)\n"
	    "Checksum = 0 (0x0)\n" },
	{ "a packet too big", RAW, IP4 "01" ADDRESSES "0304 0000 000005dc" QUOTED, "IP ICMP IP UDP",
	    "ICMP: Fragmentation needed\n"
	    "Type = Destination unreachable\n"
	    "Code = Fragmentation needed\n"
	    "Checksum = 0 (0x0)\n"
	    "Unused\n"
	    "Next-hop MTU = 1500 (0x5DC)\n" },
	{ "time exceeded, with the labels that it had", RAW,
	    IP4 "01" ADDRESSES "0b00 0000 00200000" QUOTED ZEROS ZEROS ZEROS ZEROS
		"2000 0000 000c 0101 0012e001 00000102 0006 0203 aabb",
	    "IP ICMP IP UDP",
	    "ICMP: Time to live exceeded in transit\n"
	    "Type = Time exceeded\n"
	    "Code = Time to live exceeded in transit\n"
	    "Checksum = 0 (0x0)\n"
	    "Quoted Packet's Words = 32 (0x20)\n"
	    "Unused\n"
	    "Extensions\n"
	    "Extension Version = 2 (0x2)\n"
	    "Extension Reserved = 0 (0x0)\n"
	    "Extension Checksum = 0 (0x0)\n"
	    "Object Class = 1 (0x1)\n"
	    "Object Length = 12 (0xC)\n"
	    "Object Type = 1 (0x1)\n"
	    "Label = 302 (0x12E)\n"
	    "Label Traffic Class = 0 (0x0)\n"
	    "Bottom of Stack = 0 (0x0)\n"
	    "Label Time to Live = 1 (0x1)\n"
	    "Label = 0 (0x0)\n"
	    "Label Traffic Class = 0 (0x0)\n"
	    "Bottom of Stack = 1 (0x1)\n"
	    "Label Time to Live = 2 (0x2)\n"
	    "Object Class = 2 (0x2)\n"
	    "Object Length = 6 (0x6)\n"
	    "Object Type = 3 (0x3)\n"
	    "Object Data\n" },
	{ "an extension without a length", RAW,
	    IP4 "01" ADDRESSES "0b00 0000 00200000" QUOTED ZEROS ZEROS ZEROS ZEROS
		"2000 0000 0003 0101 0012e001",
	    "IP ICMP IP UDP",
	    "Extensions\n"
	    "Extension Version = 2 (0x2)\n"
	    "Extension Reserved = 0 (0x0)\n"
	    "Extension Checksum = 0 (0x0)\n"
	    "Object Class = 1 (0x1)\n"
	    "!Object Length = 3 (0x3)\n"
	    "Object Type = 1 (0x1)\n"
	    "Label = 302 (0x12E)\n"
	    "Label Traffic Class = 0 (0x0)\n"
	    "Bottom of Stack = 0 (0x0)\n"
	    "Label Time to Live = 1 (0x1)\n" },
	{ "a parameter that is wrong", RAW, IP4 "01" ADDRESSES "0c00 0000 05000000" QUOTED,
	    "IP ICMP IP UDP",
	    "ICMP: Pointer indicates the error\n"
	    "Type = Parameter problem\n"
	    "Code = Pointer indicates the error\n"
	    "Checksum = 0 (0x0)\n"
	    "Pointer = 5 (0x5)\n"
	    "Unused\n" },
	{ "a better gateway", RAW, IP4 "01" ADDRESSES "0501 0000 c0000203" QUOTED, "IP ICMP IP UDP",
	    "ICMP: Redirect for host, to 192.0.2.3\n"
	    "Type = Redirect\n"
	    "Code = Redirect for host\n"
	    "Checksum = 0 (0x0)\n"
	    "Gateway Address = 192.0.2.3\n" },
	{ "routers", RAW,
	    IP4 "01" ADDRESSES "0900 0000 02020708 c0000203 80000000 c0000204 00000001", "IP ICMP",
	    "ICMP: Normal router advertisement\n"
	    "Type = Router advertisement\n"
	    "Code = Normal router advertisement\n"
	    "Checksum = 0 (0x0)\n"
	    "Number of Addresses = 2 (0x2)\n"
	    "Words of an Entry = 2 (0x2)\n"
	    "Lifetime = 1800 (0x708)\n"
	    "Router Address = 192.0.2.3\n"
	    "Preference Level = 2147483648 (0x80000000)\n"
	    "Router Address = 192.0.2.4\n"
	    "Preference Level = 1 (0x1)\n" },
	{ "times", RAW, IP4 "01" ADDRESSES "0e00 0000 00010002 00000003 00000004 00000005",
	    "IP ICMP",
	    "ICMP: Timestamp reply\n"
	    "Type = Timestamp reply\n"
	    "Code = 0 (0x0)\n"
	    "Checksum = 0 (0x0)\n"
	    "Identifier = 1 (0x1)\n"
	    "Sequence Number = 2 (0x2)\n"
	    "Identifier, little-endian = 256 (0x100)\n"
	    "Sequence Number, little-endian = 512 (0x200)\n"
	    "Originate Timestamp = 3 (0x3)\n"
	    "Receive Timestamp = 4 (0x4)\n"
	    "Transmit Timestamp = 5 (0x5)\n" },
	{ "a mask", RAW, IP4 "01" ADDRESSES "1200 0000 00010002 ffffff00", "IP ICMP",
	    "ICMP: Address mask reply\n"
	    "Type = Address mask reply\n"
	    "Code = 0 (0x0)\n"
	    "Checksum = 0 (0x0)\n"
	    "Identifier = 1 (0x1)\n"
	    "Sequence Number = 2 (0x2)\n"
	    "Identifier, little-endian = 256 (0x100)\n"
	    "Sequence Number, little-endian = 512 (0x200)\n"
	    "Address Mask = 255.255.255.0\n" },
	{ "a type that nobody knows", RAW, IP4 "01" ADDRESSES "fe01 0000 01020304", "IP ICMP",
	    "ICMP: Type 254, code 1\n"
	    "Type = 254 (0xFE)\n"
	    "Code = 1 (0x1)\n"
	    "Checksum = 0 (0x0)\n"
	    "ICMP Data\n" },
	{ "a message cut short", RAW, IP4 "01" ADDRESSES "0800 00", "IP ICMP",
	    "!ICMP: Cut short\n"
	    "Type = Echo request\n"
	    "Code = 0 (0x0)\n"
	    "!Checksum = 00\n" },
	{ "asked for an echo, in IPv6", RAW, IP6 "3a" HOSTS "8000 0000 0001 0002 6162", "IP6 ICMP6",
	    "ICMP6: Echo request, identifier 1, sequence 2\n"
	    "Type = Echo request\n"
	    "Code = 0 (0x0)\n"
	    "Checksum = 0 (0x0)\n"
	    "Identifier = 1 (0x1)\n"
	    "Sequence Number = 2 (0x2)\n"
	    "Echo Data\n" },
	{ "a packet too big, in IPv6", RAW,
	    IP6 "3a" HOSTS "0200 0000 00000500 60000000 0008 11" HOSTS "0007 0009 0008 0000",
	    "IP6 ICMP6 IP6 UDP",
	    "ICMP6: Packet too big\n"
	    "Type = Packet too big\n"
	    "Code = 0 (0x0)\n"
	    "Checksum = 0 (0x0)\n"
	    "MTU = 1280 (0x500)\n"
	    "UDP: Src Port 7, Dst Port 9, length 8\n"
	    "Source Port = 7 (0x7)\n"
	    "Destination Port = 9 (0x9)\n"
	    "Total Length = 8 (0x8)\n"
	    "Checksum = 0 (0x0)\n" },
	{ "a router", RAW,
	    IP6
	    "3a" HOSTS
	    "8600 0000 40c0 0708 00000001 00000002 0101 020000000001 0501 0000 000005dc 0304 40c0 "
	    "00015180 00003840 00000000 20010db8000000000000000000000000 1903 0000 00000e10" TARGET
	    "1803 3008 00000e10 20010db8000000000000000000000000 1f02 0000 00000e10 03616263 "
	    "00000000 2502 687474703a2f2f61 000000000000 0701 0000 000003e8 0801 0000 0001 0002",
	    "IP6 ICMP6",
	    "ICMP6: Router advertisement\n"
	    "Type = Router advertisement\n"
	    "Code = 0 (0x0)\n"
	    "Checksum = 0 (0x0)\n"
	    "Current Hop Limit = 64 (0x40)\n"
	    "1....... = Managed address configuration\n"
	    ".1...... = Other configuration\n"
	    "..0..... = No home agent\n"
	    ".....0.. = Not proxied\n"
	    "Router Lifetime = 1800 (0x708)\n"
	    "Reachable Time = 1 (0x1)\n"
	    "Retransmission Timer = 2 (0x2)\n"
	    "Option = Source link-layer address\n"
	    "Option Length = 1 (0x1)\n"
	    "Source Link-layer Address = 020000000001\n"
	    "Option = MTU\n"
	    "Option Length = 1 (0x1)\n"
	    "Link's MTU = 1500 (0x5DC)\n"
	    "Option = Prefix information\n"
	    "Option Length = 4 (0x4)\n"
	    "Prefix Length = 64 (0x40)\n"
	    "1....... = On-link\n"
	    ".1...... = Autonomous address configuration\n"
	    "..0..... = Not the router's address\n"
	    "Valid Lifetime = 86400 (0x15180)\n"
	    "Preferred Lifetime = 14400 (0x3840)\n"
	    "Prefix = 2001:db8::\n"
	    "Option = Recursive DNS server\n"
	    "Option Length = 3 (0x3)\n"
	    "DNS Server Lifetime = 3600 (0xE10)\n"
	    "DNS Server = 2001:db8::3\n"
	    "Option = Route information\n"
	    "Option Length = 3 (0x3)\n"
	    "Route's Prefix Length = 48 (0x30)\n"
	    "Route Flags = 8 (0x8)\n"
	    "Route Lifetime = 3600 (0xE10)\n"
	    "Route's Prefix\n"
	    "Option = DNS search list\n"
	    "Option Length = 2 (0x2)\n"
	    "Search List Lifetime = 3600 (0xE10)\n"
	    "Search List\n"
	    "Option = Captive portal\n"
	    "Option Length = 2 (0x2)\n"
	    "Portal Address = http://a\n"
	    "Option = Advertisement interval\n"
	    "Option Length = 1 (0x1)\n"
	    "Advertisement Interval = 1000 (0x3E8)\n"
	    "Option = Home agent information\n"
	    "Option Length = 1 (0x1)\n"
	    "Home Agent Preference = 1 (0x1)\n"
	    "Home Agent Lifetime = 2 (0x2)\n" },
	{ "who has an address", RAW,
	    IP6 "3a" HOSTS "8700 0000 00000000" TARGET "0101 020000000001 0e01 010203040506",
	    "IP6 ICMP6",
	    "ICMP6: Neighbor solicitation, 2001:db8::3\n"
	    "Type = Neighbor solicitation\n"
	    "Code = 0 (0x0)\n"
	    "Checksum = 0 (0x0)\n"
	    "Reserved\n"
	    "Target Address = 2001:db8::3\n"
	    "Option = Source link-layer address\n"
	    "Option Length = 1 (0x1)\n"
	    "Source Link-layer Address = 020000000001\n"
	    "Option = Nonce\n"
	    "Option Length = 1 (0x1)\n"
	    "Nonce\n" },
	{ "who has an address says so", RAW,
	    IP6 "3a" HOSTS "8800 0000 60000000" TARGET "0201 020000000001", "IP6 ICMP6",
	    "ICMP6: Neighbor advertisement, 2001:db8::3\n"
	    "Type = Neighbor advertisement\n"
	    "Code = 0 (0x0)\n"
	    "Checksum = 0 (0x0)\n"
	    "0............................... = Not a router\n"
	    ".1.............................. = Solicited\n"
	    "..1............................. = Override\n"
	    "Advertised Address = 2001:db8::3\n"
	    "Option = Target link-layer address\n"
	    "Option Length = 1 (0x1)\n"
	    "Target Link-layer Address = 020000000001\n" },
	{ "a better neighbour", RAW,
	    IP6 "3a" HOSTS "8900 0000 00000000" TARGET
		"20010db8000000000000000000000004 0402 000000000000 6000000000000000",
	    "IP6 ICMP6",
	    "ICMP6: Redirect, 2001:db8::3\n"
	    "Type = Redirect\n"
	    "Code = 0 (0x0)\n"
	    "Checksum = 0 (0x0)\n"
	    "Reserved\n"
	    "Better Address = 2001:db8::3\n"
	    "Redirected Destination = 2001:db8::4\n"
	    "Option = Redirected header\n"
	    "Option Length = 2 (0x2)\n"
	    "Redirected Packet\n" },
	{ "who listens to what", RAW,
	    IP6 "3a" HOSTS "8200 0000 2710 0000" TARGET
		"0a7d 0001 20010db8000000000000000000000004",
	    "IP6 ICMP6",
	    "ICMP6: Multicast listener query, 2001:db8::3\n"
	    "Type = Multicast listener query\n"
	    "Code = 0 (0x0)\n"
	    "Checksum = 0 (0x0)\n"
	    "Reserved\n"
	    "Maximum Response Delay = 10000 (0x2710)\n"
	    "Multicast Address = 2001:db8::3\n"
	    "Query Flags = 10 (0xA)\n"
	    "Query Interval Code = 125 (0x7D)\n"
	    "Number of Sources = 1 (0x1)\n"
	    "Source Address = 2001:db8::4\n" },
	{ "who listens says so", RAW,
	    IP6
	    "3a" HOSTS "8f00 0000 0000 0002 04000000" TARGET
	    "01010001 20010db8000000000000000000000004 20010db8000000000000000000000005 01020304",
	    "IP6 ICMP6",
	    "ICMP6: Multicast listener report, version 2, 2 groups\n"
	    "Type = Multicast listener report, version 2\n"
	    "Code = 0 (0x0)\n"
	    "Checksum = 0 (0x0)\n"
	    "Reserved\n"
	    "Number of Records = 2 (0x2)\n"
	    "Record Type = Change to exclude mode\n"
	    "Auxiliary Words = 0 (0x0)\n"
	    "Record's Number of Sources = 0 (0x0)\n"
	    "Record's Multicast Address = 2001:db8::3\n"
	    "Record Type = Mode is include\n"
	    "Auxiliary Words = 1 (0x1)\n"
	    "Record's Number of Sources = 1 (0x1)\n"
	    "Record's Multicast Address = 2001:db8::4\n"
	    "Record's Source Address = 2001:db8::5\n"
	    "Auxiliary Data\n" },
	{ "more records than there are", RAW,
	    IP6 "3a" HOSTS "8f00 0000 0000 ffff 0400ffff" TARGET "20010db800", "IP6 ICMP6",
	    "ICMP6: Multicast listener report, version 2, 65535 groups\n"
	    "Type = Multicast listener report, version 2\n"
	    "Code = 0 (0x0)\n"
	    "Checksum = 0 (0x0)\n"
	    "Reserved\n"
	    "Number of Records = 65535 (0xFFFF)\n"
	    "Record Type = Change to exclude mode\n"
	    "Auxiliary Words = 0 (0x0)\n"
	    "Record's Number of Sources = 65535 (0xFFFF)\n"
	    "Record's Multicast Address = 2001:db8::3\n"
	    "!Record's Source Address = 20010DB800\n" },
	{ "a router with newer options", RAW,
	    IP6 "3a" HOSTS "8600 0000 40c3 0708 00000000 00000000 1a01 8000 00000000 "
		"2602 0708 0064ff9b0000000000000000 2102 01 000000 003c 0011223344556677 "
		"2202 20 13 0000 0064 2001000000000000",
	    "IP6 ICMP6",
	    "Extended Flags = 32768 (0x8000)\nScaled Lifetime and Prefix Length Code = 1800 "
	    "(0x708)\n"
	    "NAT64 Prefix\nRegistration Status = 1 (0x1)\nReserved before the Lifetime\n"
	    "Registration Lifetime = 60 (0x3C)\nRegistered EUI-64\nContext Length = 32 (0x20)\n"
	    "Context Flags = 19 (0x13)\nContext Lifetime = 100 (0x64)\nContext Prefix\n" },
	{ "a secured neighbour", RAW,
	    IP6 "3a" HOSTS
		"8700 0000 00000000 20010000000000000000000000000001 0b01 02 00 01020304 "
		"0d02 0000 00000000 0000000000000001 0c03 0000 00112233445566778899aabbccddeeff "
		"01020304",
	    "IP6 ICMP6",
	    "Pad Length = 2 (0x2)\nReserved before the CGA\nCGA Parameters\n"
	    "Reserved before the Timestamp\nSent at = 1 (0x1)\nReserved before the Key Hash\nKey "
	    "Hash\n"
	    "Signature\n" },
	{ "an option that is cut, in IPv6", RAW,
	    IP6 "3a" HOSTS "8600 0000 4000 0708 00000000 00000000 2602 07", "IP6 ICMP6",
	    "!Option = PREF64\n!Option Length = 2 (0x2)\n!Scaled Lifetime and Prefix Length Code = "
	    "07\n" },
	{ "an option without a length, in IPv6", RAW,
	    IP6 "3a" HOSTS "8700 0000 00000000" TARGET "0100 020000000001", "IP6 ICMP6",
	    "Target Address = 2001:db8::3\n"
	    "!Option = Source link-layer address\n"
	    "!Option Length = 0 (0x0)\n"
	    "Source Link-layer Address = 020000000001\n" },
	{ "who is in which group", RAW, IP4 "02" ADDRESSES "1164 0000 e0000001", "IP IGMP",
	    "IGMP: Membership query, 224.0.0.1\n"
	    "Version = 2 (0x2)\n"
	    "Type = Membership query\n"
	    "Maximum Response Time = 100 (0x64)\n"
	    "Checksum = 0 (0x0)\n"
	    "Group Address = 224.0.0.1\n" },
	{ "who is in a group, with sources", RAW,
	    IP4 "02" ADDRESSES "1164 0000 e0000001 0a7d 0001 c0000203", "IP IGMP",
	    "IGMP: Membership query, 224.0.0.1\n"
	    "Version = 3 (0x3)\n"
	    "Type = Membership query\n"
	    "Maximum Response Time = 100 (0x64)\n"
	    "Checksum = 0 (0x0)\n"
	    "Group Address = 224.0.0.1\n"
	    "Reserved Bits = 0 (0x0)\n"
	    "Suppress Router Processing = 1 (0x1)\n"
	    "Robustness Variable = 2 (0x2)\n"
	    "Query Interval Code = 125 (0x7D)\n"
	    "Number of Sources = 1 (0x1)\n"
	    "Source Address = 192.0.2.3\n" },
	{ "in a group, version 2", RAW, IP4 "02" ADDRESSES "1600 0000 e0000009", "IP IGMP",
	    "IGMP: Membership report, version 2, 224.0.0.9\n"
	    "Version = 2 (0x2)\n"
	    "Type = Membership report, version 2\n"
	    "Maximum Response Time = 0 (0x0)\n"
	    "Checksum = 0 (0x0)\n"
	    "Group Address = 224.0.0.9\n" },
	{ "in a group, version 1", RAW, IP4 "02" ADDRESSES "1200 0000 e0000009", "IP IGMP",
	    "IGMP: Membership report, version 1, 224.0.0.9\n"
	    "Version = 1 (0x1)\n"
	    "Type = Membership report, version 1\n"
	    "Reserved\n"
	    "Checksum = 0 (0x0)\n"
	    "Group Address = 224.0.0.9\n" },
	{ "out of a group", RAW, IP4 "02" ADDRESSES "1700 0000 e0000009", "IP IGMP",
	    "IGMP: Leave group, 224.0.0.9\n"
	    "Version = 2 (0x2)\n"
	    "Type = Leave group\n"
	    "Maximum Response Time = 0 (0x0)\n"
	    "Checksum = 0 (0x0)\n"
	    "Group Address = 224.0.0.9\n" },
	{ "in groups, version 3", RAW,
	    IP4 "02" ADDRESSES
		"2200 0000 0000 0002 04000000 e0000009 01010001 e000000a c0000203 01020304",
	    "IP IGMP",
	    "IGMP: Membership report, version 3, 2 groups\n"
	    "Version = 3 (0x3)\n"
	    "Type = Membership report, version 3\n"
	    "Reserved\n"
	    "Checksum = 0 (0x0)\n"
	    "Reserved, two bytes\n"
	    "Number of Group Records = 2 (0x2)\n"
	    "Record Type = Change to exclude mode\n"
	    "Auxiliary Words = 0 (0x0)\n"
	    "Record's Number of Sources = 0 (0x0)\n"
	    "Record's Group Address = 224.0.0.9\n"
	    "Record Type = Mode is include\n"
	    "Auxiliary Words = 1 (0x1)\n"
	    "Record's Number of Sources = 1 (0x1)\n"
	    "Record's Group Address = 224.0.0.10\n"
	    "Record's Source Address = 192.0.2.3\n"
	    "Auxiliary Data\n" },
	{ "more sources than there are", RAW,
	    IP4 "02" ADDRESSES "2200 0000 0000 0001 0400ffff e0000009 c00002", "IP IGMP",
	    "IGMP: Membership report, version 3, 1 groups\n"
	    "Version = 3 (0x3)\n"
	    "Type = Membership report, version 3\n"
	    "Reserved\n"
	    "Checksum = 0 (0x0)\n"
	    "Reserved, two bytes\n"
	    "Number of Group Records = 1 (0x1)\n"
	    "Record Type = Change to exclude mode\n"
	    "Auxiliary Words = 0 (0x0)\n"
	    "Record's Number of Sources = 65535 (0xFFFF)\n"
	    "Record's Group Address = 224.0.0.9\n"
	    "!Record's Source Address = C00002\n" },
};

int main(void)
{
	return parse_cases_run(cases, COUNT(cases));
}
