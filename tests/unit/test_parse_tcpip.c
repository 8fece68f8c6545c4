/* SPDX-License-Identifier: MIT */
/* IP, its extension headers, IPsec, TCP. */
#include "parse_case.h"

#define RAW 101u

#define IP4       "4500 0100 0001 0000 40"
#define ADDRESSES "0000 c0000201 c0000202"
#define IP6       "60000000 0100"
#define HOSTS     "40 20010db8000000000000000000000001 20010db8000000000000000000000002"

static const struct parse_case cases[] = {
	{ "options of IPv4", RAW,
	    "4f00 003d 0001 0000 40 fd" ADDRESSES
	    "070708c0000202 830b08c0000201c0000202 440c0d01c000020100000001 94040000 88040007 0100 "
	    "aa",
	    "IP",
	    "Options\n"
	    "Option = Record route\n"
	    "Option Length = 7 (0x7)\n"
	    "Pointer = 8 (0x8)\n"
	    "Recorded Address = 192.0.2.2\n"
	    "Option = Loose source route\n"
	    "Option Length = 11 (0xB)\n"
	    "Pointer = 8 (0x8)\n"
	    "Recorded Address = 192.0.2.1\n"
	    "Next Address to Visit = 192.0.2.2\n"
	    "Option = Internet timestamp\n"
	    "Option Length = 12 (0xC)\n"
	    "Pointer = 13 (0xD)\n"
	    "Overflow = 0 (0x0)\n"
	    "Timestamp Flag = Addresses and timestamps\n"
	    "Timestamp Address = 192.0.2.1\n"
	    "Timestamp = 1 (0x1)\n"
	    "Option = Router alert\n"
	    "Option Length = 4 (0x4)\n"
	    "Router Alert = 0 (0x0)\n"
	    "Option = Stream identifier\n"
	    "Option Length = 4 (0x4)\n"
	    "Stream Identifier = 7 (0x7)\n"
	    "Option = No operation\n"
	    "Option = End of options\n"
	    "IP Data\n" },
	{ "options of IPv4 that are seldom", RAW,
	    "4f00 003c 0001 0000 40 fd" ADDRESSES
	    "820bab80000000000000 00 520c00010002ffffc0000203 0b0405dc 1908030700000010 010101 00 "
	    "00",
	    "IP",
	    "Options\n"
	    "Option = Security\n"
	    "Option Length = 11 (0xB)\n"
	    "Classification Level = Unclassified\n"
	    "Protection Authority = 128 (0x80)\n"
	    "Option = Traceroute\n"
	    "Option Length = 12 (0xC)\n"
	    "Traceroute Identifier = 1 (0x1)\n"
	    "Outbound Hops = 2 (0x2)\n"
	    "Return Hops = 65535 (0xFFFF)\n"
	    "Originator = 192.0.2.3\n"
	    "Option = MTU probe\n"
	    "Option Length = 4 (0x4)\n"
	    "MTU = 1500 (0x5DC)\n"
	    "Option = Quick start\n"
	    "Option Length = 8 (0x8)\n"
	    "Function = 0 (0x0)\n"
	    "Rate = 3 (0x3)\n"
	    "Quick Start TTL = 7 (0x7)\n"
	    "Nonce = 4 (0x4)\n"
	    "Option = No operation\n"
	    "Option = No operation\n"
	    "Option = No operation\n"
	    "Option = End of options\n" },
	{ "an option that says more than there is", RAW,
	    "4600 0018 0001 0000 40 fd" ADDRESSES "01940900", "IP",
	    "Options\n"
	    "Option = No operation\n"
	    "!Option = Router alert\n"
	    "!Option Length = 9 (0x9)\n"
	    "!Router Alert = 00\n" },
	{ "an option without a length", RAW, "4600 0018 0001 0000 40 fd" ADDRESSES "94010000", "IP",
	    "Options\n"
	    "!Option = Router alert\n"
	    "!Option Length = 1 (0x1)\n"
	    "Router Alert = 0 (0x0)\n" },
	{ "a header shorter than a header", RAW, "4400 0014 0001 0000 40 06" ADDRESSES, "IP",
	    "!IP: 192.0.2.1 -> 192.0.2.2, TCP, length 20\n"
	    "!Header Length = 16 (0x10)\n"
	    "Type of Service = 0 (0x0)\n"
	    "Total Length = 20 (0x14)\n"
	    "Identification = 1 (0x1)\n"
	    "0....... = Reserved bit not set\n"
	    ".0...... = May fragment\n"
	    "..0..... = Last fragment\n"
	    "Fragment Offset = 0 (0x0)\n"
	    "Time to Live = 64 (0x40)\n"
	    "Protocol = TCP\n"
	    "Checksum = 0 (0x0)\n"
	    "Source Address = 192.0.2.1\n"
	    "Destination Address = 192.0.2.2\n" },
	{ "a length shorter than the header", RAW, "4500 0010 0001 0000 40 fd" ADDRESSES "00", "IP",
	    "!IP: Cut short\n"
	    "Version = 4 (0x4)\n"
	    "Header Length = 20 (0x14)\n"
	    "Type of Service = 0 (0x0)\n"
	    "!Total Length = 16 (0x10)\n"
	    "Identification = 1 (0x1)\n"
	    "0....... = Reserved bit not set\n"
	    ".0...... = May fragment\n"
	    "..0..... = Last fragment\n"
	    "Fragment Offset = 0 (0x0)\n"
	    "Time to Live = 64 (0x40)\n"
	    "Protocol = 253 (0xFD)\n"
	    "Checksum = 0 (0x0)\n"
	    "Source Address = 192.0.2.1\n"
	    "Destination Address = 192.0.2.2\n" },
	{ "a length that was left open", RAW, "4500 0000 0001 0000 40 fd" ADDRESSES "0102", "IP",
	    "IP: 192.0.2.1 -> 192.0.2.2, protocol 253, length 0\n"
	    "Version = 4 (0x4)\n"
	    "Header Length = 20 (0x14)\n"
	    "Type of Service = 0 (0x0)\n"
	    "Total Length = 22 (0x16)\n"
	    "Identification = 1 (0x1)\n"
	    "0....... = Reserved bit not set\n"
	    ".0...... = May fragment\n"
	    "..0..... = Last fragment\n"
	    "Fragment Offset = 0 (0x0)\n"
	    "Time to Live = 64 (0x40)\n"
	    "Protocol = 253 (0xFD)\n"
	    "Checksum = 0 (0x0)\n"
	    "Source Address = 192.0.2.1\n"
	    "Destination Address = 192.0.2.2\n"
	    "IP Data\n" },
	{ "a first fragment", RAW,
	    "4500 0020 0007 2000 40 11" ADDRESSES "0001 0002 0010 0000 01020304", "IP UDP",
	    "Identification = 7 (0x7)\n"
	    "0....... = Reserved bit not set\n"
	    ".0...... = May fragment\n"
	    "..1..... = More fragments\n"
	    "Fragment Offset = 0 (0x0)\n"
	    "Time to Live = 64 (0x40)\n"
	    "Protocol = UDP\n"
	    "Checksum = 0 (0x0)\n"
	    "Source Address = 192.0.2.1\n"
	    "Destination Address = 192.0.2.2\n"
	    "IP Data\n"
	    "UDP: Src Port 1, Dst Port 2, length 12\n"
	    "Source Port = 1 (0x1)\n"
	    "Destination Port = 2 (0x2)\n"
	    "Total Length = 16 (0x10)\n"
	    "Checksum = 0 (0x0)\n"
	    "UDP Data\n" },
	{ "a later fragment", RAW, "4500 001c 0007 0002 40 11" ADDRESSES "0001000200100000", "IP",
	    "IP: 192.0.2.1 -> 192.0.2.2, UDP, length 28, fragment at 16\n"
	    "Version = 4 (0x4)\n"
	    "Header Length = 20 (0x14)\n"
	    "Type of Service = 0 (0x0)\n"
	    "Total Length = 28 (0x1C)\n"
	    "Identification = 7 (0x7)\n"
	    "0....... = Reserved bit not set\n"
	    ".0...... = May fragment\n"
	    "..0..... = Last fragment\n"
	    "Fragment Offset = 2 (0x2)\n"
	    "Time to Live = 64 (0x40)\n"
	    "Protocol = UDP\n"
	    "Checksum = 0 (0x0)\n"
	    "Source Address = 192.0.2.1\n"
	    "Destination Address = 192.0.2.2\n"
	    "IP Data\n" },
	{ "extension headers, each once", RAW,
	    IP6
	    "00" HOSTS
	    "3c000502000001 00 2b0001040000 0000 2c0200010000000020010db8000000000000000000000003 "
	    "0600000012345678 0000000000000000000000005000000000000000",
	    "IP6 IP6_HOPOPTS IP6_DSTOPTS IP6_ROUTING IP6_FRAGMENT TCP",
	    "IP6_HOPOPTS: 8 bytes, next is IPv6 destination options\n"
	    "Next Header = IPv6 destination options\n"
	    "Header Length = 0 (0x0)\n"
	    "Header Length in Bytes = 8 (0x8)\n"
	    "Option = Router alert\n"
	    "Option Length = 2 (0x2)\n"
	    "Router Alert = Multicast listener discovery\n"
	    "Option = Padding\n"
	    "Option Length = 0 (0x0)\n"
	    "IP6_DSTOPTS: 8 bytes, next is IPv6 routing\n"
	    "Next Header = IPv6 routing\n"
	    "Header Length = 0 (0x0)\n"
	    "Header Length in Bytes = 8 (0x8)\n"
	    "Option = Padding\n"
	    "Option Length = 4 (0x4)\n"
	    "Padding\n"
	    "IP6_ROUTING: Source route, 1 left, next is IPv6 fragment\n"
	    "Next Header = IPv6 fragment\n"
	    "Header Length = 2 (0x2)\n"
	    "Header Length in Bytes = 24 (0x18)\n"
	    "Routing Type = Source route\n"
	    "Segments Left = 1 (0x1)\n"
	    "Reserved\n"
	    "Address = 2001:db8::3\n"
	    "IP6_FRAGMENT: At 0, identification 0x12345678, next is TCP\n"
	    "Next Header = TCP\n"
	    "Reserved = 0 (0x0)\n"
	    "Fragment Offset = 0 (0x0)\n"
	    "Reserved Bits = 0 (0x0)\n"
	    "More Fragments = 0 (0x0)\n"
	    "Identification = 305419896 (0x12345678)\n"
	    "Fragment Data\n" },
	{ "options of IPv6", RAW,
	    IP6
	    "3c" HOSTS
	    "fd04 040104 c20400010000 2606030700000010 c91020010db8000000000000000000000009 010000",
	    "IP6 IP6_DSTOPTS",
	    "IP6_DSTOPTS: 40 bytes, next is 253\n"
	    "Next Header = 253 (0xFD)\n"
	    "Header Length = 4 (0x4)\n"
	    "Header Length in Bytes = 40 (0x28)\n"
	    "Option = Tunnel encapsulation limit\n"
	    "Option Length = 1 (0x1)\n"
	    "Tunnel Encapsulation Limit = 4 (0x4)\n"
	    "Option = Jumbo payload\n"
	    "Option Length = 4 (0x4)\n"
	    "Jumbo Payload Length = 65536 (0x10000)\n"
	    "Option = Quick start\n"
	    "Option Length = 6 (0x6)\n"
	    "Function = 0 (0x0)\n"
	    "Rate = 3 (0x3)\n"
	    "Quick Start TTL = 7 (0x7)\n"
	    "Nonce = 4 (0x4)\n"
	    "Option = Home address\n"
	    "Option Length = 16 (0x10)\n"
	    "Home Address = 2001:db8::9\n"
	    "Option = Padding\n"
	    "Option Length = 0 (0x0)\n"
	    "Option = Padding of one byte\n" },
	{ "routing by segments", RAW,
	    IP6
	    "2b" HOSTS
	    "fd040401 01000000 20010db8000000000000000000000003 20010db8000000000000000000000004",
	    "IP6 IP6_ROUTING",
	    "IP6_ROUTING: Segment routing, 1 left, next is 253\n"
	    "Next Header = 253 (0xFD)\n"
	    "Header Length = 4 (0x4)\n"
	    "Header Length in Bytes = 40 (0x28)\n"
	    "Routing Type = Segment routing\n"
	    "Segments Left = 1 (0x1)\n"
	    "Last Entry = 1 (0x1)\n"
	    "Segment Routing Flags = 0 (0x0)\n"
	    "Tag\n"
	    "Segment = 2001:db8::3\n"
	    "Segment = 2001:db8::4\n" },
	{ "routing of a kind that nobody knows", RAW, IP6 "2b" HOSTS "fd00fe01 01020304",
	    "IP6 IP6_ROUTING",
	    "IP6_ROUTING: Type 254, 1 left, next is 253\n"
	    "Next Header = 253 (0xFD)\n"
	    "Header Length = 0 (0x0)\n"
	    "Header Length in Bytes = 8 (0x8)\n"
	    "Routing Type = 254 (0xFE)\n"
	    "Segments Left = 1 (0x1)\n"
	    "Data\n" },
	{ "a later fragment of IPv6", RAW, IP6 "2c" HOSTS "1100 0009 00000007 01020304",
	    "IP6 IP6_FRAGMENT",
	    "IP6_FRAGMENT: At 8, more follow, identification 0x00000007, next is UDP\n"
	    "Next Header = UDP\n"
	    "Reserved = 0 (0x0)\n"
	    "Fragment Offset = 1 (0x1)\n"
	    "Reserved Bits = 0 (0x0)\n"
	    "More Fragments = 1 (0x1)\n"
	    "Identification = 7 (0x7)\n"
	    "Fragment Data\n" },
	{ "an option of IPv6 that is cut", RAW, IP6 "00" HOSTS "fd00 0509 00000000",
	    "IP6 IP6_HOPOPTS",
	    "IP6_HOPOPTS: 8 bytes, next is 253\n"
	    "Next Header = 253 (0xFD)\n"
	    "Header Length = 0 (0x0)\n"
	    "Header Length in Bytes = 8 (0x8)\n"
	    "!Option = Router alert\n"
	    "!Option Length = 9 (0x9)\n"
	    "Router Alert = Multicast listener discovery\n" },
	{ "authenticated", RAW,
	    IP4 "33" ADDRESSES "fd040000 00000100 00000002 0102030405060708090a0b0c", "IP AH",
	    "AH: SPI 0x00000100, sequence 2\n"
	    "Next Header = 253 (0xFD)\n"
	    "Payload Length = 4 (0x4)\n"
	    "Reserved\n"
	    "Security Parameters Index = 256 (0x100)\n"
	    "Sequence Number = 2 (0x2)\n"
	    "Integrity Check Value\n" },
	{ "authenticated by nothing", RAW, IP4 "33" ADDRESSES "fd000000 00000100 00000002", "IP AH",
	    "AH: SPI 0x00000100, sequence 2\n"
	    "Next Header = 253 (0xFD)\n"
	    "!Payload Length = 0 (0x0)\n"
	    "Reserved\n"
	    "Security Parameters Index = 256 (0x100)\n"
	    "Sequence Number = 2 (0x2)\n" },
	{ "encrypted", RAW, IP4 "32" ADDRESSES "00000100 00000002 01020304", "IP ESP",
	    "ESP: SPI 0x00000100, sequence 2, 12 bytes\n"
	    "Security Parameters Index = 256 (0x100)\n"
	    "Sequence Number = 2 (0x2)\n"
	    "Encrypted Data\n" },
	{ "options of TCP", RAW,
	    "4500 004c 0001 0000 40 06" ADDRESSES
	    "0009 1f90 00000001 00000002 d112 0200 0000 0000 020405b4 01 030307 0402 "
	    "080a0000000100000002 050a0000000500000006 010101 00 61 62 63 64",
	    "IP TCP",
	    "TCP: ...A..S., len: 4, seq: 1-5, ack: 2, win: 512, src: 9, dst: 8080\n"
	    "Source Port = 9 (0x9)\n"
	    "Destination Port = 8080 (0x1F90)\n"
	    "Sequence Number = 1 (0x1)\n"
	    "Acknowledgement Number = 2 (0x2)\n"
	    "Data Offset = 52 (0x34)\n"
	    "Flags with reserved bits = 274 (0x112)\n"
	    "..0..... = No urgent data\n"
	    "...1.... = Acknowledgement field significant\n"
	    "....0... = No push function\n"
	    ".....0.. = No reset\n"
	    "......1. = Synchronize sequence numbers\n"
	    ".......0 = No fin\n"
	    ".0...... = No congestion echo\n"
	    "0....... = Congestion window not reduced\n"
	    "Window = 512 (0x200)\n"
	    "Checksum = 0 (0x0)\n"
	    "Urgent Pointer = 0 (0x0)\n"
	    "Options\n"
	    "Option = Maximum segment size\n"
	    "Option Length = 4 (0x4)\n"
	    "Maximum Segment Size = 1460 (0x5B4)\n"
	    "Option = No operation\n"
	    "Option = Window scale\n"
	    "Option Length = 3 (0x3)\n"
	    "Shift Count = 7 (0x7)\n"
	    "Option = Selective acknowledgement permitted\n"
	    "Option Length = 2 (0x2)\n"
	    "Option = Timestamps\n"
	    "Option Length = 10 (0xA)\n"
	    "Timestamp = 1 (0x1)\n"
	    "Timestamp Echo Reply = 2 (0x2)\n"
	    "Option = Selective acknowledgement\n"
	    "Option Length = 10 (0xA)\n"
	    "Left Edge = 5 (0x5)\n"
	    "Right Edge = 6 (0x6)\n"
	    "Option = No operation\n"
	    "Option = No operation\n"
	    "Segment Length = 4 (0x4)\n"
	    "TCP Data\n" },
	{ "options of TCP that are seldom", RAW,
	    IP4 "06" ADDRESSES
		"0009 1f90 00000001 00000002 f010 0200 0000 0000 1b0803070000001c 1c048005 "
		"1d0601026162 220611223344 1e040012 fe04f989 450301 0d0600000007",
	    "IP TCP",
	    "Options\n"
	    "Option = Quick start\n"
	    "Option Length = 8 (0x8)\n"
	    "Rate = 3 (0x3)\n"
	    "TTL Difference = 7 (0x7)\n"
	    "Option = User timeout\n"
	    "Option Length = 4 (0x4)\n"
	    "User Timeout = 32773 (0x8005)\n"
	    "Option = Authentication\n"
	    "Option Length = 6 (0x6)\n"
	    "Key Identifier = 1 (0x1)\n"
	    "Next Key Identifier = 2 (0x2)\n"
	    "Authentication Code\n"
	    "Option = Fast open cookie\n"
	    "Option Length = 6 (0x6)\n"
	    "Cookie\n"
	    "Option = Multipath TCP\n"
	    "Option Length = 4 (0x4)\n"
	    "Subtype = Capable\n"
	    "Multipath Data\n"
	    "Option = Experiment 2\n"
	    "Option Length = 4 (0x4)\n"
	    "Experiment Identifier = 63881 (0xF989)\n"
	    "Option = Encryption negotiation\n"
	    "Option Length = 3 (0x3)\n"
	    "Option Data\n"
	    "!Option = Connection count echo\n"
	    "!Option Length = 6 (0x6)\n"
	    "!Connection Count = 00 00 00\n"
	    "Segment Length = 1 (0x1)\n"
	    "TCP Data\n" },
	{ "an option of TCP beyond the header", RAW,
	    IP4 "06" ADDRESSES "0009 1f90 00000001 00000002 6010 0200 0000 0000 0204 05b4",
	    "IP TCP",
	    "Options\n"
	    "Option = Maximum segment size\n"
	    "Option Length = 4 (0x4)\n"
	    "Maximum Segment Size = 1460 (0x5B4)\n"
	    "Segment Length = 0 (0x0)\n" },
	{ "an option of TCP that is cut", RAW,
	    IP4 "06" ADDRESSES "0009 1f90 00000001 00000002 6010 0200 0000 0000 080a0000 61",
	    "IP TCP",
	    "Options\n"
	    "!Option = Timestamps\n"
	    "!Option Length = 10 (0xA)\n"
	    "!Timestamp = 00 00\n"
	    "Segment Length = 1 (0x1)\n"
	    "TCP Data\n" },
	{ "a header of TCP shorter than a header", RAW,
	    IP4 "06" ADDRESSES "0009 1f90 00000001 00000002 4010 0200 0000 0000", "IP TCP",
	    "!TCP: ...A...., len: 4, seq: 1-5, ack: 2, win: 512, src: 9, dst: 8080\n"
	    "!Data Offset = 16 (0x10)\n"
	    "Flags with reserved bits = 16 (0x10)\n"
	    "..0..... = No urgent data\n"
	    "...1.... = Acknowledgement field significant\n"
	    "....0... = No push function\n"
	    ".....0.. = No reset\n"
	    "......0. = No synchronize\n"
	    ".......0 = No fin\n"
	    ".0...... = No congestion echo\n"
	    "0....... = Congestion window not reduced\n"
	    "Window = 512 (0x200)\n"
	    "Checksum = 0 (0x0)\n"
	    "Urgent Pointer = 0 (0x0)\n" },
};

int main(void)
{
	return parse_cases_run(cases, COUNT(cases));
}
