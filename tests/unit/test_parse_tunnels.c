/* SPDX-License-Identifier: MIT */
/* What carries packets or streams over IP: IP itself, GRE, VXLAN, Teredo, L2TP, SCTP. */
#include "parse_case.h"

#define RAW 101u

#define IP4       "4500 0100 0001 0000 40"
#define ADDRESSES "0000 c0000201 c0000202"
#define INNER     "4500 0014 0002 0000 40 fd 0000 0a000001 0a000002"
#define INNER6                                                                                     \
	"60000000 0000 3b 40 20010000000000000000000000000001 20010000000000000000000000000002"
#define SCTP "1388 1389 00000007 00000000"

static const struct parse_case cases[] = {
	{ "IP in IP, and IPv6 in it", RAW,
	    IP4 "04" ADDRESSES "4500 003c 0002 0000 40 29 0000 0a000001 0a000002" INNER6,
	    "IP IP IP6",
	    "IP6: 2001::1 -> 2001::2, nothing, length 0\n"
	    "Version = 6 (0x6)\n"
	    "Traffic Class = 0 (0x0)\n"
	    "Flow Label = 0 (0x0)\n"
	    "Payload Length = 0 (0x0)\n"
	    "Next Header = nothing\n"
	    "Hop Limit = 64 (0x40)\n"
	    "Source Address = 2001::1\n"
	    "Destination Address = 2001::2\n" },
	{ "GRE with all it can have", RAW,
	    IP4 "2f" ADDRESSES
		"f000 0800 0000 0000 00000009 00000005 0800 0004 01020304 0000 0000" INNER,
	    "IP GRE IP",
	    "GRE: IP\n"
	    "1............... = Checksum\n"
	    ".1.............. = Routing\n"
	    "..1............. = Key\n"
	    "...1............ = Sequence number\n"
	    "....0........... = No strict source route\n"
	    "........0....... = No acknowledgement\n"
	    "Protocol Type = IP\n"
	    "Checksum = 0 (0x0)\n"
	    "Offset = 0 (0x0)\n"
	    "Key = 9 (0x9)\n"
	    "Sequence Number = 5 (0x5)\n"
	    "Routing\n"
	    "GRE Data\n" },
	{ "GRE with nothing", RAW, IP4 "2f" ADDRESSES "0000 86dd" INNER6, "IP GRE IP6",
	    "GRE: IPv6\n"
	    "0............... = No checksum\n"
	    ".0.............. = No routing\n"
	    "..0............. = No key\n"
	    "...0............ = No sequence number\n"
	    "....0........... = No strict source route\n"
	    "........0....... = No acknowledgement\n"
	    "Protocol Type = IPv6\n"
	    "GRE Data\n" },
	{ "GRE with Ethernet", RAW,
	    IP4 "2f" ADDRESSES "2000 6558 00000009 020000000001 020000000002 9999 00",
	    "IP GRE ETHERNET",
	    "GRE: Transparent Ethernet\n"
	    "0............... = No checksum\n"
	    ".0.............. = No routing\n"
	    "..1............. = Key\n"
	    "...0............ = No sequence number\n"
	    "....0........... = No strict source route\n"
	    "........0....... = No acknowledgement\n"
	    "Protocol Type = Transparent Ethernet\n"
	    "Key = 9 (0x9)\n"
	    "GRE Data\n" },
	{ "GRE as PPTP has it", RAW,
	    IP4 "2f" ADDRESSES "3081 880b 0006 0007 00000001 00000002 ff03fffd 0000", "IP GRE PPP",
	    "GRE: PPP, PPTP\n"
	    "0............... = No checksum\n"
	    ".0.............. = No routing\n"
	    "..1............. = Key\n"
	    "...1............ = Sequence number\n"
	    "....0........... = No strict source route\n"
	    "........1....... = Acknowledgement\n"
	    "Protocol Type = PPP\n"
	    "Payload Length = 6 (0x6)\n"
	    "Call Identifier = 7 (0x7)\n"
	    "Sequence Number = 1 (0x1)\n"
	    "Acknowledgement Number = 2 (0x2)\n"
	    "GRE Data\n"
	    "PPP: protocol 0x00FF\n"
	    "Address = 255 (0xFF)\n"
	    "Control = 3 (0x3)\n"
	    "Protocol, compressed = 255 (0xFF)\n"
	    "PPP Data\n" },
	{ "GRE cut in its key", RAW, IP4 "2f" ADDRESSES "2000 0800 0000", "IP GRE",
	    "!GRE: IP\n"
	    "0............... = No checksum\n"
	    ".0.............. = No routing\n"
	    "..1............. = Key\n"
	    "...0............ = No sequence number\n"
	    "....0........... = No strict source route\n"
	    "........0....... = No acknowledgement\n"
	    "Protocol Type = IP\n"
	    "!Key = 00 00\n" },
	{ "VXLAN", RAW,
	    IP4 "11" ADDRESSES
		"3000 12b5 0020 0000 8808 0001 000007 00 020000000001 020000000002 9999 00",
	    "IP UDP VXLAN ETHERNET",
	    "VXLAN: Network 7\n"
	    "1............... = Group policy\n"
	    "....1........... = Network identifier\n"
	    ".........0...... = Learn\n"
	    "............1... = Policy applied\n"
	    "Group Policy = 1 (0x1)\n"
	    "Network Identifier = 7 (0x7)\n"
	    "Reserved = 0 (0x0)\n"
	    "VXLAN Data\n" },
	{ "VXLAN cut", RAW, IP4 "11" ADDRESSES "3000 12b5 0020 0000 0800", "IP UDP VXLAN",
	    "!VXLAN: Cut short\n"
	    "0............... = No group policy\n"
	    "....1........... = Network identifier\n"
	    ".........0...... = Learn\n"
	    "............0... = Policy not applied\n" },
	{ "Teredo with both indications", RAW,
	    IP4
	    "11" ADDRESSES
	    "0dd8 4000 0060 0000 0001 0102 aa bbcc 0102030405060708 00 0000 f227 3ffffdfc" INNER6,
	    "IP UDP TEREDO IP6",
	    "TEREDO: IPv6 over UDP, 24 bytes of indications\n"
	    "Authentication\n"
	    "Client Identifier Length = 1 (0x1)\n"
	    "Authentication Value Length = 2 (0x2)\n"
	    "Client Identifier\n"
	    "Authentication Value\n"
	    "Nonce\n"
	    "Confirmation\n"
	    "Origin\n"
	    "Origin Port = 3544 (0xDD8)\n"
	    "Origin Address = 192.0.2.3\n" },
	{ "Teredo without any", RAW, IP4 "11" ADDRESSES "0dd8 4000 0060 0000" INNER6,
	    "IP UDP TEREDO IP6", "TEREDO: IPv6 over UDP\n" },
	{ "what is no Teredo", RAW,
	    IP4 "11" ADDRESSES "0dd8 4000 0060 0000 0000 f227 3ffffdfc 4500", "IP UDP",
	    "UDP: Src Port 3544, Dst Port 16384, length 18\n"
	    "Source Port = 3544 (0xDD8)\n"
	    "Destination Port = 16384 (0x4000)\n"
	    "Total Length = 96 (0x60)\n"
	    "Checksum = 0 (0x0)\n"
	    "UDP Data\n" },
	{ "an L2TP message of control", RAW,
	    IP4 "11" ADDRESSES "06a5 06a5 0100 0000 c802 0022 0000 0000 0000 0001 8008 0000 0000 "
		"0001 800e 0000 0007 686f73746e616d65",
	    "IP UDP L2TP",
	    "L2TP: Start-Control-Connection-Request, tunnel 0, session 0\n"
	    "1............... = Control message\n"
	    ".1.............. = Length\n"
	    "....1........... = Sequence numbers\n"
	    "......0......... = No offset\n"
	    ".......0........ = No priority\n"
	    "Length = 34 (0x22)\n"
	    "Tunnel Identifier = 0 (0x0)\n"
	    "Session Identifier = 0 (0x0)\n"
	    "Sequence Number = 0 (0x0)\n"
	    "Expected Sequence Number = 1 (0x1)\n"
	    "Attribute\n"
	    "Attribute Length = 8 (0x8)\n"
	    "Vendor = 0 (0x0)\n"
	    "Attribute Type = Message type\n"
	    "Message Type = Start-Control-Connection-Request\n"
	    "Attribute\n"
	    "Attribute Length = 14 (0xE)\n"
	    "Vendor = 0 (0x0)\n"
	    "Attribute Type = Host name\n"
	    "Host Name = hostname\n" },
	{ "an L2TP message with what it can do, and a hidden attribute", RAW,
	    IP4 "11" ADDRESSES
		"06a5 06a5 0100 0000 c802 0046 0000 0000 0000 0001 8008 0000 0000 0004 "
		"800a 0000 0003 00000001 800a 0000 0004 00000002 800e 0000 0001 0002 0006 'bye.' "
		"c008 0000 0007 1234 0008 0009 0007 'xx'",
	    "IP UDP L2TP",
	    "Mandatory = 1 (0x1)\n"
	    "Hidden = 0 (0x0)\n"
	    "Message Type = Stop-Control-Connection-Notification\n"
	    "..............................0. = No asynchronous framing\n"
	    "...............................1 = Synchronous framing\n"
	    "..............................1. = Analog access\n"
	    "...............................0 = No digital access\n"
	    "Result Code = 2 (0x2)\n"
	    "Error Code = 6 (0x6)\n"
	    "Error Message = bye.\n"
	    "Hidden = 1 (0x1)\n"
	    "Attribute Value\n"
	    "Vendor = 9 (0x9)\n"
	    "Attribute Value\n" },
	{ "an L2TP attribute that is cut", RAW,
	    IP4 "11" ADDRESSES "06a5 06a5 0100 0000 8002 0000 0000 800a 0000 0003 0000",
	    "IP UDP L2TP", "!Attribute\n!Framing Capabilities = 00 00\n" },
	{ "an L2TP acknowledgement", RAW,
	    IP4 "11" ADDRESSES "06a5 06a5 0014 0000 c802 000c 0005 0000 0001 0002", "IP UDP L2TP",
	    "L2TP: Acknowledgement, tunnel 5, session 0\n"
	    "1............... = Control message\n"
	    ".1.............. = Length\n"
	    "....1........... = Sequence numbers\n"
	    "......0......... = No offset\n"
	    ".......0........ = No priority\n"
	    "Length = 12 (0xC)\n"
	    "Tunnel Identifier = 5 (0x5)\n"
	    "Session Identifier = 0 (0x0)\n"
	    "Sequence Number = 1 (0x1)\n"
	    "Expected Sequence Number = 2 (0x2)\n" },
	{ "L2TP data with an offset", RAW,
	    IP4 "11" ADDRESSES "06a5 06a5 0018 0000 0202 0005 0006 0002 ffff ff03fffd 0000",
	    "IP UDP L2TP PPP",
	    "L2TP: Data, tunnel 5, session 6\n"
	    "0............... = Data message\n"
	    ".0.............. = No length\n"
	    "....0........... = No sequence numbers\n"
	    "......1......... = Offset\n"
	    ".......0........ = No priority\n"
	    "Tunnel Identifier = 5 (0x5)\n"
	    "Session Identifier = 6 (0x6)\n"
	    "Offset = 2 (0x2)\n"
	    "L2TP Data\n" },
	{ "an attribute without a length", RAW,
	    IP4 "11" ADDRESSES
		"06a5 06a5 0100 0000 c802 0014 0000 0000 0000 0001 8003 0000 0000 0001",
	    "IP UDP L2TP",
	    "!Attribute\n"
	    "Attribute Length = 3 (0x3)\n"
	    "Vendor = 0 (0x0)\n"
	    "Attribute Type = Message type\n"
	    "Message Type = Start-Control-Connection-Request\n" },
	{ "SCTP begins", RAW,
	    IP4 "84" ADDRESSES SCTP
		"0100 0040 00000001 00010000 000a 000b 00000002 0005 0008 c0000201 0006 0014 "
		"20010db8000000000000000000000001 000c 0006 0005 0000 8008 0006 c0c1 0000",
	    "IP SCTP",
	    "SCTP: Src Port 5000, Dst Port 5001: INIT\n"
	    "Source Port = 5000 (0x1388)\n"
	    "Destination Port = 5001 (0x1389)\n"
	    "Verification Tag = 7 (0x7)\n"
	    "Checksum = 0 (0x0)\n"
	    "Chunk = INIT\n"
	    "Chunk Flags = 0 (0x0)\n"
	    "Chunk Length = 64 (0x40)\n"
	    "Initiate Tag = 1 (0x1)\n"
	    "Window Credit = 65536 (0x10000)\n"
	    "Outbound Streams = 10 (0xA)\n"
	    "Inbound Streams = 11 (0xB)\n"
	    "Initial TSN = 2 (0x2)\n"
	    "Parameter = IPv4 address\n"
	    "Parameter Length = 8 (0x8)\n"
	    "IPv4 Address = 192.0.2.1\n"
	    "Parameter = IPv6 address\n"
	    "Parameter Length = 20 (0x14)\n"
	    "IPv6 Address = 2001:db8::1\n"
	    "Parameter = Supported address types\n"
	    "Parameter Length = 6 (0x6)\n"
	    "Supported Address Type = IPv4 address\n"
	    "Parameter = Supported extensions\n"
	    "Parameter Length = 6 (0x6)\n"
	    "Supported Chunk = FORWARD TSN\n"
	    "Supported Chunk = ASCONF\n" },
	{ "SCTP begins, answered", RAW,
	    IP4 "84" ADDRESSES SCTP "0200 002d 00000001 00010000 000a 000b 00000002 0007 0006 aabb "
		"0000 8002 0008 01020304 c000 0004 8003 0005 c1 000000",
	    "IP SCTP",
	    "SCTP: Src Port 5000, Dst Port 5001: INIT ACK\n"
	    "Source Port = 5000 (0x1388)\n"
	    "Destination Port = 5001 (0x1389)\n"
	    "Verification Tag = 7 (0x7)\n"
	    "Checksum = 0 (0x0)\n"
	    "Chunk = INIT ACK\n"
	    "Chunk Flags = 0 (0x0)\n"
	    "Chunk Length = 45 (0x2D)\n"
	    "Responder's Initiate Tag = 1 (0x1)\n"
	    "Responder's Window Credit = 65536 (0x10000)\n"
	    "Responder's Outbound Streams = 10 (0xA)\n"
	    "Responder's Inbound Streams = 11 (0xB)\n"
	    "Responder's Initial TSN = 2 (0x2)\n"
	    "Parameter = State cookie\n"
	    "Parameter Length = 6 (0x6)\n"
	    "State Cookie\n"
	    "Parameter = Random\n"
	    "Parameter Length = 8 (0x8)\n"
	    "Random Number\n"
	    "Parameter = Forward TSN supported\n"
	    "Parameter Length = 4 (0x4)\n"
	    "Parameter = Chunk list\n"
	    "Parameter Length = 5 (0x5)\n"
	    "Chunk to Authenticate = ASCONF\n" },
	{ "SCTP data, and what was received", RAW,
	    IP4 "84" ADDRESSES SCTP "0007 0013 00000005 0001 0002 00000003 616263 00 0300 0018 "
		"00000004 00010000 0001 0001 0002 0003 00000009",
	    "IP SCTP",
	    "SCTP: Src Port 5000, Dst Port 5001: DATA, SACK\n"
	    "Source Port = 5000 (0x1388)\n"
	    "Destination Port = 5001 (0x1389)\n"
	    "Verification Tag = 7 (0x7)\n"
	    "Checksum = 0 (0x0)\n"
	    "Chunk = DATA\n"
	    "Chunk Flags = 7 (0x7)\n"
	    "Chunk Length = 19 (0x13)\n"
	    "....0... = May be acknowledged later\n"
	    ".....1.. = Unordered\n"
	    "......1. = First part\n"
	    ".......1 = Last part\n"
	    "TSN = 5 (0x5)\n"
	    "Stream Identifier = 1 (0x1)\n"
	    "Stream Sequence Number = 2 (0x2)\n"
	    "Payload Protocol = M3UA\n"
	    "User Data\n"
	    "Chunk = SACK\n"
	    "Chunk Flags = 0 (0x0)\n"
	    "Chunk Length = 24 (0x18)\n"
	    "Cumulative TSN Acknowledgement = 4 (0x4)\n"
	    "Window Credit Left = 65536 (0x10000)\n"
	    "Number of Gap Blocks = 1 (0x1)\n"
	    "Number of Duplicate TSNs = 1 (0x1)\n"
	    "Gap Block Start = 2 (0x2)\n"
	    "Gap Block End = 3 (0x3)\n"
	    "Duplicate TSN = 9 (0x9)\n" },
	{ "SCTP cookie, heartbeats and the end", RAW,
	    IP4 "84" ADDRESSES SCTP "0a00 0006 aabb 0000 0b00 0004 0400 000c 0001 0008 01020304 "
		"0700 0008 00000009 0800 0004 0e00 0004",
	    "IP SCTP",
	    "SCTP: Src Port 5000, Dst Port 5001: COOKIE ECHO, COOKIE ACK, HEARTBEAT, SHUTDOWN, "
	    "SHUTDOWN ACK, SHUTDOWN COMPLETE\n"
	    "Source Port = 5000 (0x1388)\n"
	    "Destination Port = 5001 (0x1389)\n"
	    "Verification Tag = 7 (0x7)\n"
	    "Checksum = 0 (0x0)\n"
	    "Chunk = COOKIE ECHO\n"
	    "Chunk Flags = 0 (0x0)\n"
	    "Chunk Length = 6 (0x6)\n"
	    "Cookie\n"
	    "Chunk = COOKIE ACK\n"
	    "Chunk Flags = 0 (0x0)\n"
	    "Chunk Length = 4 (0x4)\n"
	    "Chunk = HEARTBEAT\n"
	    "Chunk Flags = 0 (0x0)\n"
	    "Chunk Length = 12 (0xC)\n"
	    "Parameter = Heartbeat information\n"
	    "Parameter Length = 8 (0x8)\n"
	    "Heartbeat Information\n"
	    "Chunk = SHUTDOWN\n"
	    "Chunk Flags = 0 (0x0)\n"
	    "Chunk Length = 8 (0x8)\n"
	    "Shutdown's Cumulative TSN = 9 (0x9)\n"
	    "Chunk = SHUTDOWN ACK\n"
	    "Chunk Flags = 0 (0x0)\n"
	    "Chunk Length = 4 (0x4)\n"
	    "Chunk = SHUTDOWN COMPLETE\n"
	    "Chunk Flags = 0 (0x0)\n"
	    "Chunk Length = 4 (0x4)\n" },
	{ "SCTP of interleaved messages, aborted and closed", RAW,
	    IP4 "84" ADDRESSES SCTP "40 02 0015 00000001 0005 0000 00000007 00000035 61 000000 "
		"40 01 0015 00000002 0005 0000 00000007 00000001 62 000000 0601 0004 0e01 0004",
	    "IP SCTP",
	    "TSN of Interleaved Data = 1 (0x1)\nStream of Interleaved Data = 5 (0x5)\n"
	    "Message Identifier = 7 (0x7)\nPayload Protocol of the First Fragment = WebRTC binary\n"
	    "Interleaved Data\nChunk Padding\nFragment Sequence Number = 1 (0x1)\n"
	    "Tag of the Aborted reflected = 1 (0x1)\nTag of the Closed reflected = 1 (0x1)\n" },
	{ "SCTP sets streams back", RAW,
	    IP4 "84" ADDRESSES SCTP "8200 0030 000d 0014 00000001 00000002 00000003 0004 0005 "
		"0010 000c 00000001 00000001 0011 000c 00000002 0003 0000",
	    "IP SCTP",
	    "Request Sequence Number = 1 (0x1)\nResponse Sequence Number = 2 (0x2)\n"
	    "Sender's Last Assigned TSN = 3 (0x3)\nStream to reset = 4 (0x4)\nStream to reset = 5 "
	    "(0x5)\n"
	    "Answered Sequence Number = 1 (0x1)\nResult = 1 (0x1)\n"
	    "Request Sequence Number to add Outgoing = 2 (0x2)\nOutgoing Streams to add = 3 "
	    "(0x3)\n" },
	{ "SCTP sets a stream back, cut in its number", RAW,
	    IP4 "84" ADDRESSES SCTP "8200 0016 000d 0012 00000001 00000002 00000003 00", "IP SCTP",
	    "!Chunk = RE-CONFIG\n!Chunk Length = 22 (0x16)\n!Parameter = Outgoing stream reset "
	    "request\n!Parameter Length = 18 (0x12)\n!Stream to reset = 00\n" },
	{ "SCTP lost a packet, and misses a parameter", RAW,
	    IP4 "84" ADDRESSES SCTP "8106 0014 00000001 00000002 0003 0000 ffffffff 0900 0010 0002 "
		"000a 00000001 0007 0000 8400 0006 0000",
	    "IP SCTP",
	    "Drop Flags = 6 (0x6)\nBandwidth = 1 (0x1)\nQueue Size = 2 (0x2)\nTruncated Length = 3 "
	    "(0x3)\n"
	    "Dropped Packet\nNumber of Missing Parameters = 1 (0x1)\nMissing Parameter = State "
	    "cookie\n"
	    "Cause Padding\nPadding Data\n" },
	{ "SCTP errors", RAW,
	    IP4 "84" ADDRESSES SCTP "0900 000c 0001 0008 0007 0000 0600 000c 000c 0008 61626364",
	    "IP SCTP",
	    "SCTP: Src Port 5000, Dst Port 5001: ERROR, ABORT\n"
	    "Source Port = 5000 (0x1388)\n"
	    "Destination Port = 5001 (0x1389)\n"
	    "Verification Tag = 7 (0x7)\n"
	    "Checksum = 0 (0x0)\n"
	    "Chunk = ERROR\n"
	    "Chunk Flags = 0 (0x0)\n"
	    "Chunk Length = 12 (0xC)\n"
	    "Cause = Invalid stream identifier\n"
	    "Cause Length = 8 (0x8)\n"
	    "Wrong Stream = 7 (0x7)\n"
	    "Chunk = ABORT\n"
	    "Chunk Flags = 0 (0x0)\n"
	    "Chunk Length = 12 (0xC)\n"
	    "Cause = User-initiated abort\n"
	    "Cause Length = 8 (0x8)\n"
	    "Cause Information\n" },
	{ "SCTP of new addresses, answered", RAW, IP4 "84" ADDRESSES SCTP "8000 0008 00000001",
	    "IP SCTP",
	    "SCTP: Src Port 5000, Dst Port 5001: ASCONF ACK\n"
	    "Chunk = ASCONF ACK\n"
	    "Sequence Number acknowledged = 1 (0x1)\n" },
	{ "SCTP of new addresses", RAW,
	    IP4 "84" ADDRESSES SCTP "c100 0018 00000001 c001 0010 00000002 0005 0008 c0000203 0f00 "
		"0010 0001 0002 0102030405060708 c000 000c 00000007 0001 0002",
	    "IP SCTP",
	    "SCTP: Src Port 5000, Dst Port 5001: ASCONF, AUTH, FORWARD TSN\n"
	    "Source Port = 5000 (0x1388)\n"
	    "Destination Port = 5001 (0x1389)\n"
	    "Verification Tag = 7 (0x7)\n"
	    "Checksum = 0 (0x0)\n"
	    "Chunk = ASCONF\n"
	    "Chunk Flags = 0 (0x0)\n"
	    "Chunk Length = 24 (0x18)\n"
	    "Sequence Number = 1 (0x1)\n"
	    "Parameter = Add IP address\n"
	    "Parameter Length = 16 (0x10)\n"
	    "Correlation Identifier = 2 (0x2)\n"
	    "Parameter = IPv4 address\n"
	    "Parameter Length = 8 (0x8)\n"
	    "IPv4 Address = 192.0.2.3\n"
	    "Chunk = AUTH\n"
	    "Chunk Flags = 0 (0x0)\n"
	    "Chunk Length = 16 (0x10)\n"
	    "Shared Key Identifier = 1 (0x1)\n"
	    "HMAC Identifier = 2 (0x2)\n"
	    "HMAC\n"
	    "Chunk = FORWARD TSN\n"
	    "Chunk Flags = 0 (0x0)\n"
	    "Chunk Length = 12 (0xC)\n"
	    "New Cumulative TSN = 7 (0x7)\n"
	    "Skipped Stream = 1 (0x1)\n"
	    "Skipped Sequence Number = 2 (0x2)\n" },
	{ "an SCTP chunk without a length", RAW, IP4 "84" ADDRESSES SCTP "0007 0003 00000005",
	    "IP SCTP",
	    "SCTP: Src Port 5000, Dst Port 5001: DATA\n"
	    "Source Port = 5000 (0x1388)\n"
	    "Destination Port = 5001 (0x1389)\n"
	    "Verification Tag = 7 (0x7)\n"
	    "Checksum = 0 (0x0)\n"
	    "!Chunk = DATA\n"
	    "Chunk Flags = 7 (0x7)\n"
	    "!Chunk Length = 3 (0x3)\n"
	    "....0... = May be acknowledged later\n"
	    ".....1.. = Unordered\n"
	    "......1. = First part\n"
	    ".......1 = Last part\n"
	    "TSN = 5 (0x5)\n" },
	{ "an SCTP parameter beyond its chunk", RAW,
	    IP4 "84" ADDRESSES SCTP "0400 000c 0001 0010 01020304", "IP SCTP",
	    "SCTP: Src Port 5000, Dst Port 5001: HEARTBEAT\n"
	    "Source Port = 5000 (0x1388)\n"
	    "Destination Port = 5001 (0x1389)\n"
	    "Verification Tag = 7 (0x7)\n"
	    "Checksum = 0 (0x0)\n"
	    "Chunk = HEARTBEAT\n"
	    "Chunk Flags = 0 (0x0)\n"
	    "Chunk Length = 12 (0xC)\n"
	    "!Parameter = Heartbeat information\n"
	    "!Parameter Length = 16 (0x10)\n"
	    "Heartbeat Information\n" },
	{ "an SCTP header cut", RAW, IP4 "84" ADDRESSES "1388 1389 0000", "IP SCTP",
	    "!SCTP: Cut short\n"
	    "Source Port = 5000 (0x1388)\n"
	    "Destination Port = 5001 (0x1389)\n"
	    "!Verification Tag = 00 00\n" },
};

int main(void)
{
	return parse_cases_run(cases, COUNT(cases));
}
