/* SPDX-License-Identifier: MIT */
/* The parsers of the link layer. */
#include "parse_case.h"

#define ETHER 1u
#define NULL_ 0u
#define SLL   113u
#define SLL2  276u
#define PPP   9u
#define HDLC  50u
#define PPPOE 51u
#define PPPD  166u

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

	/* ---- PPP ---- */
	{ "PPP with address and control", PPP, "ff03 c021 01 07 000a 0506 01020304", "PPP LCP",
	    "PPP: Link Control Protocol\nAddress = 255 (0xFF)\nControl = 3 (0x3)\n"
	    "Protocol = Link Control Protocol\n"
	    "LCP: Configure-Request, identifier 7, length 10\nCode = Configure-Request\n"
	    "Option = Magic number\nOption Length = 6 (0x6)\nOwn Magic Number = 16909060 "
	    "(0x1020304)\n" },
	{ "PPP with everything compressed away", PPP, "21 45", "PPP IP",
	    "PPP: IP\nProtocol, compressed = IP\n" },
	{ "PPP of pppd, sent", PPPD, "01 ff03 c023 01 01 000b 02 6d65 03 616263", "PPP PPPPAP",
	    "Direction = Sent\nPPPPAP: Authenticate-Request, identifier 1, length 11\n"
	    "Peer ID Length = 2 (0x2)\nPeer ID = me\nPassword = abc\n" },
	{ "a PPP protocol that nobody has", PPP, "ff03 0099 00", "PPP", "PPP: protocol 0x0099\n" },
	{ "PPP cut short", PPP, "ff03", "PPP", "!PPP: Cut short\n" },
	{ "a negotiation longer than the frame", PPP, "c021 05 01 0009 61", "PPP LCP",
	    "!LCP: Terminate-Request, identifier 1, length 9\n!Length = 9 (0x9)\nData\n" },
	{ "a negotiation shorter than its header", PPP, "c021 09 01 0003 0000", "PPP LCP",
	    "!LCP: Echo-Request, identifier 1, length 3\n!Length = 3 (0x3)\n" },
	{ "an option that can't be so short", PPP, "c021 01 01 0008 0101 05dc", "PPP LCP",
	    "!Option = Maximum receive unit\n!Option Length = 1 (0x1)\n" },
	{ "a rejected protocol", PPP, "c021 08 02 000a 80fd 0101 0004", "PPP LCP",
	    "LCP: Protocol-Reject, identifier 2, length 10\n"
	    "Rejected Protocol = Compression Control Protocol\n" },
	{ "IPCP", PPP, "8021 03 01 0010 0306 0a000001 8106 08080808", "PPP IPCP",
	    "IPCP: Configure-Nak, identifier 1, length 16\nIP Address = 10.0.0.1\n"
	    "Primary DNS Server = 8.8.8.8\n" },
	{ "CCP of Microsoft", PPP, "80fd 01 01 000a 1206 01000040", "PPP CCP",
	    "Option = Microsoft PPE and PPC\n" },
	{ "a challenge", PPP, "c223 01 09 000c 04 deadbeef 63706c", "PPP PPPCHAP",
	    "PPPCHAP: Challenge, identifier 9, length 12\nValue Size = 4 (0x4)\nName = cpl\n" },
	{ "a challenge whose value is longer than it", PPP, "c223 01 09 0007 04 dead",
	    "PPP PPPCHAP", "!Value Size = 4 (0x4)\n!Value\n" },
	{ "PPPoE, with padding", ETHER, MACS "8864 1100 1234 0006 c021 06 01 0004 00000000",
	    "ETHERNET PPPOES PPP LCP",
	    "PPPOES: Session data, session 0x1234, length 6\nSession ID = 4660 (0x1234)\n" },
	{ "PPPoE without Ethernet", PPPOE, "1100 0001 0002 c021", "PPPOES PPP",
	    "PPP: Link Control Protocol\n" },
	{ "PPPoE discovery", ETHER, MACS "8863 1109 0000 000d 0101 0000 0103 0005 6162636465 0000",
	    "ETHERNET PPPOED",
	    "PPPOED: Active Discovery Initiation (PADI), session 0x0000, length 13\n"
	    "Tag = Service-Name\nTag = Host-Uniq\nTag Length = 5 (0x5)\n" },
	{ "a tag longer than the packet", ETHER, MACS "8863 1107 0000 0006 0102 0009 6163",
	    "ETHERNET PPPOED",
	    "!Tag = AC-Name\n!Tag Length = 9 (0x9)\nAccess Concentrator Name = ac\n" },
};

int main(void)
{
	return parse_cases_run(cases, COUNT(cases));
}
