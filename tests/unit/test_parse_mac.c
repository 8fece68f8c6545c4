/* SPDX-License-Identifier: MIT */
/* The parsers of the link layer. */
#include "parse_case.h"

#define ETHER 1u
#define NULL_ 0u
#define SLL   113u
#define SLL2  276u
#define PPP   9u
#define HDLC  50u
#define RING  6u
#define FDDI  10u
#define WLAN  105u
#define PRISM 119u
#define AVS   163u
#define RADIO 127u
#define PPI   192u
#define CHDLC 104u
#define FR    107u
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
	{ "loopback in the order of the network", NULL_, "0000 0002 45", "NULL IP",
	    "NULL: IP\n!IP: Cut short\n" },

	/* ---- PPP ---- */
	{ "PPP with address and control", PPP, "ff03 c021 01 07 000a 0506 01020304", "PPP LCP",
	    "PPP: Link Control Protocol\nAddress = 255 (0xFF)\nControl = 3 (0x3)\n"
	    "Protocol = Link Control Protocol\n"
	    "LCP: Configure-Request, identifier 7, length 10\nCode = Configure-Request\n"
	    "Option = Magic number\nOption Length = 6 (0x6)\nOwn Magic Number = 16909060 "
	    "(0x1020304)\n" },
	{ "PPP with everything compressed away", PPP, "21 45", "PPP IP",
	    "PPP: IP\nProtocol, compressed = IP\n!IP: Cut short\n" },
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
	{ "CCP of Magnalink and Deflate", PPP, "80fd 01 01 000c 1804 7800 1a04 7802", "PPP CCP",
	    "Option = MVRCA (Magnalink)\nFeatures and History = 120 (0x78)\nContexts = 0 (0x0)\n"
	    "Option = Deflate\nWindow = 7 (0x7)\nMethod = 8 (0x8)\nSum = 2 (0x2)\n" },
	{ "a CCP option that ends early", PPP, "80fd 01 01 0007 1803 78", "PPP CCP",
	    "Features and History = 120 (0x78)\n" },
	{ "PPPoE, with padding", ETHER, MACS "8864 1100 1234 0006 c021 06 01 0004 00000000",
	    "ETHERNET PPPOES PPP LCP",
	    "PPPOES: Session data, session 0x1234, length 6\nSession ID = 4660 (0x1234)\n" },
	{ "PPPoE, IP with padding", ETHER,
	    MACS "8864 1100 1234 0016 0021 4500 0014 0001 0000 40 fd 0000 0a000001 0a000002 000000",
	    "ETHERNET PPPOES PPP IP",
	    "IP: 10.0.0.1 -> 10.0.0.2, protocol 253, length 20\nDestination Address = 10.0.0.2\n" },
	{ "PPPoE, padding behind a cut IP header", ETHER,
	    MACS "8864 1100 1234 000c 0021 4500 0014 0001 0000 40 fd 0000 0a000001 0a000002 000000",
	    "ETHERNET PPPOES PPP IP", "!IP: Cut short\nTime to Live = 64 (0x40)\n" },
	{ "PPPoE, padding behind a cut IPv6 header", ETHER,
	    MACS "8864 1100 1234 000a 0057 60000000 0000 3b 40"
		 "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000",
	    "ETHERNET PPPOES PPP IP6", "!IP6: Cut short\nHop Limit = 64 (0x40)\n" },
	{ "PPPoE without Ethernet", PPPOE, "1100 0001 0002 c021", "PPPOES PPP",
	    "PPP: Link Control Protocol\n" },
	{ "PPPoE discovery with a line's rate", ETHER,
	    MACS "8863 1109 0000 0013 0105 000f 00000de9 0103 'a/1' 8104 00000400",
	    "ETHERNET PPPOED",
	    "Vendor = 3561 (0xDE9)\nVendor's Tags\nVendor's Tag = 1 (0x1)\nVendor's Tag Length = 3 "
	    "(0x3)\n"
	    "Circuit Identifier = a/1\nVendor's Tag = 129 (0x81)\nVendor's Tag Length = 4 (0x4)\n"
	    "Actual Data Rate, up = 1024 (0x400)\n" },
	{ "a rate that is cut, and a vendor that is not known", ETHER,
	    MACS "8863 1109 0000 0015 0105 0006 00000dea 0103 0105 0007 00000de9 8104 00",
	    "ETHERNET PPPOED",
	    "Vendor = 3562 (0xDEA)\nVendor's Data\nVendor = 3561 (0xDE9)\n"
	    "!Vendor's Tag = 129 (0x81)\n!Vendor's Tag Length = 4 (0x4)\n!Actual Data Rate, up = "
	    "00\n" },
	{ "PPPoE discovery", ETHER, MACS "8863 1109 0000 000d 0101 0000 0103 0005 6162636465 0000",
	    "ETHERNET PPPOED",
	    "PPPOED: Active Discovery Initiation (PADI), session 0x0000, length 13\n"
	    "Tag = Service-Name\nTag = Host-Uniq\nTag Length = 5 (0x5)\n" },
	{ "a tag longer than the packet", ETHER, MACS "8863 1107 0000 0006 0102 0009 6163",
	    "ETHERNET PPPOED",
	    "!Tag = AC-Name\n!Tag Length = 9 (0x9)\nAccess Concentrator Name = ac\n" },

	/* ---- MPLS, serial lines, rings ---- */
	{ "a stack of two labels", ETHER, MACS "8847 0001 00ff 0001 11fe 45",
	    "ETHERNET MPLS MPLS IP",
	    "MPLS: label 16, traffic class 0, TTL 255\nLabel = 16 (0x10)\n"
	    "MPLS: label 17, traffic class 0, TTL 254, bottom of stack\nBottom of Stack = 1 "
	    "(0x1)\n!IP: Cut short\n" },
	{ "IPv6 behind a label", ETHER, MACS "8848 0000 2140 60", "ETHERNET MPLS IP6",
	    "MPLS: label 2, traffic class 0, TTL 64, bottom of stack\n"
	    "Label = IPv6 explicit null\n"
	    "!IP6: Cut short\n!Traffic Class = 60\n!Flow Label = 60\n" },
	{ "a pseudo-wire with a control word", ETHER,
	    MACS "8847 0001 0140 00000007 " MACS "0800 45", "ETHERNET MPLS ETHERNET IP",
	    "Control Word = 7 (0x7)\nSequence Number = 7 (0x7)\n"
	    "ETHERNET: 02-00-00-00-00-02 -> 02-00-00-00-00-01, type IP\n!IP: Cut short\n" },
	{ "a pseudo-wire without one", ETHER, MACS "8847 0001 0140 " MACS "0800 45",
	    "ETHERNET MPLS ETHERNET IP",
	    "ETHERNET: 02-00-00-00-00-02 -> 02-00-00-00-00-01, type IP\n!IP: Cut short\n" },
	{ "nobody knows what is behind the label", ETHER, MACS "8847 0001 0140 ff", "ETHERNET MPLS",
	    "MPLS Data\n" },
	{ "a label cut short", ETHER, MACS "8847 0001 01", "ETHERNET MPLS",
	    "!MPLS: Cut short\n!Label = 00 01 01\n" },
	{ "Cisco's HDLC", CHDLC, "0f00 0800 45", "CHDLC IP",
	    "CHDLC: Unicast, IP\nAddress = Unicast\nProtocol = IP\n!IP: Cut short\n" },
	{ "Cisco's HDLC where PPP could be", HDLC, "8f00 8035 00000002 00000005 00000004 ffff",
	    "CHDLC SLARP",
	    "SLARP: Line keepalive, outgoing 5, returned 4\nPacket Type = Line keepalive\n"
	    "Outgoing Sequence Number = 5 (0x5)\n" },
	{ "PPP where Cisco's HDLC could be", HDLC, "ff03 c021 09", "PPP LCP", "!LCP: Cut short\n" },
	{ "SLARP's reliability is always the same", CHDLC,
	    "8f00 8035 00000000 0a000001 ff000000 0000", "CHDLC SLARP",
	    "SLARP: Address request, 10.0.0.1\nAddress = 10.0.0.1\n!Reliability = 0 (0x0)\n" },
	{ "frame relay with four bytes of address", FR, "1840 0205 03 cc 45", "FRELAY IP",
	    "First Address Byte = 24 (0x18)\nSecond Address Byte = 64 (0x40)\n"
	    "Third DLCI = 1 (0x1)\nThird Address Byte = 2 (0x2)\n"
	    "Last Address Byte = 5 (0x5)\nLower DLCI = 1 (0x1)\n!IP: Cut short\n" },
	{ "frame relay with a NLPID", FR, "1841 03 cc 45", "FRELAY IP",
	    "FRELAY: DLCI 100, IP\nData Link Connection Identifier = 100 (0x64)\n"
	    "Network Layer Protocol = IP\n!IP: Cut short\n" },
	{ "frame relay with SNAP", FR, "1841 03 00 80 000000 86dd 60", "FRELAY IP6",
	    "FRELAY: DLCI 100, SNAP\nEthernet Type behind SNAP = IPv6\n!IP6: Cut short\n!Traffic "
	    "Class = 60\n!Flow Label = 60\n" },
	{ "frame relay as Cisco does it", FR, "1841 0800 45", "FRELAY IP",
	    "FRELAY: DLCI 100, IP\nEthernet Type = IP\n!IP: Cut short\n" },
	{ "an address of four bytes", FR, "0402 0407 03cc 45", "FRELAY IP",
	    "FRELAY: DLCI 131201, IP\nThird DLCI = 2 (0x2)\nLower DLCI = 1 (0x1)\n!IP: Cut "
	    "short\n" },
	{ "an address without an end", FR, "00000000 00", "FRELAY", "!FRELAY: Cut short\n" },
	{ "FDDI", FDDI, "57 020000000001 020000000002 aaaa03 000000 0800 45", "FDDI LLC SNAP IP",
	    "FDDI: 02-00-00-00-00-02 -> 02-00-00-00-00-01, Asynchronous LLC\nPriority = 7 "
	    "(0x7)\n!IP: Cut short\n" },
	{ "FDDI's station management", FDDI, "41 020000000001 020000000002 00", "FDDI",
	    "Class, Length and Format = Station management\nSubtype = 1 (0x1)\n" },
	{ "token ring with a route", RING,
	    "10 40 020000000001 820000000002 0620 0011 0020 aaaa03 000000 0800 45",
	    "TOKENRING LLC SNAP IP",
	    "TOKENRING: 82-00-00-00-00-02 -> 02-00-00-00-00-01, LLC, route of 6 bytes\n"
	    "Source Address = 020000000002\nRoute Length = 6 (0x6)\nLargest Frame = 2,052 bytes\n"
	    "Ring = 1 (0x1)\nBridge = 1 (0x1)\nRing = 2 (0x2)\n!IP: Cut short\n" },
	{ "token ring's own", RING, "18 00 020000000001 020000000002 0002", "TOKENRING",
	    "Monitor Count = 1 (0x1)\nFrame Type = MAC\n" },

	/* ---- 802.11 ---- */
	{ "a beacon with RSN", WLAN,
	    "8000 0000 ffffffffffff 020000000001 020000000001 5012 "
	    "0001020304050607 6400 1100 "
	    "302e 0100 000fac04 0100 000fac04 0200 000fac02 000fac06 8000 "
	    "0100 00112233445566778899aabbccddeeff 000fac06",
	    "WLAN WLANMGT",
	    "RSN Version = 1 (0x1)\nGroup Cipher = CCMP-128\nNumber of Pairwise Ciphers = 1 (0x1)\n"
	    "Pairwise Ciphers\nPairwise Cipher = CCMP-128\nNumber of Key Managements = 2 (0x2)\n"
	    "Key Managements\nKey Management = Pre-shared key\n"
	    "Key Management = Pre-shared key with SHA-256\nRSN Capabilities = 128 (0x80)\n"
	    "Number of PMKIDs = 1 (0x1)\nPMKIDs\nPMKID\nGroup Management Cipher = BIP-CMAC-128\n" },
	{ "RSN with more ciphers than there are", WLAN,
	    "8000 0000 ffffffffffff 020000000001 020000000001 5012 "
	    "0001020304050607 6400 1100 300e 0100 000fac04 0300 000fac04 000f",
	    "WLAN WLANMGT",
	    "Number of Pairwise Ciphers = 3 (0x3)\n!Pairwise Ciphers\nPairwise Cipher = CCMP-128\n"
	    "!Pairwise Cipher = 00 0F\n" },
	{ "a beacon with WPA, and another vendor's element", WLAN,
	    "8000 0000 ffffffffffff 020000000001 020000000001 5012 0001020304050607 6400 1100 "
	    "dd16 0050f201 0100 0050f202 0100 0050f202 0100 0050f202 dd05 0050f2 02 01",
	    "WLAN WLANMGT",
	    "Microsoft Type = 1 (0x1)\nWPA Version = 1 (0x1)\nWPA Group Cipher = TKIP\n"
	    "WPA Number of Pairwise Ciphers = 1 (0x1)\nWPA Pairwise Ciphers\n"
	    "WPA Pairwise Cipher = TKIP\nWPA Number of Key Managements = 1 (0x1)\n"
	    "WPA Key Managements\nWPA Key Management = Pre-shared key\n"
	    "Vendor Type = 2 (0x2)\nVendor Data\n" },
	{ "HT operation", WLAN,
	    "8000 0000 ffffffffffff 020000000001 020000000001 5012 0001020304050607 6400 1100 "
	    "3d16 06 05 1300 0100 ff000000000000000000000000000000",
	    "WLAN WLANMGT",
	    "Primary Channel = 6 (0x6)\nHT Operation, first byte = 5 (0x5)\n"
	    "HT Operation, second and third byte = 19 (0x13)\n"
	    "HT Operation, fourth and fifth byte = 1 (0x1)\nBasic HT MCS Set\n" },
	{ "a beacon", WLAN,
	    "8000 0000 ffffffffffff 020000000001 020000000001 5012"
	    "0102030405060708 6400 1104 0003 616263 0102 8204 0301 06",
	    "WLAN WLANMGT",
	    "WLAN: Beacon, 02-00-00-00-00-01 -> FF-FF-FF-FF-FF-FF, sequence 293\n"
	    "Type and Subtype = Beacon\nDestination Address = FFFFFFFFFFFF\nBSS ID = 020000000001\n"
	    "WLANMGT: Beacon, SSID abc\nBeacon Interval = 100 (0x64)\nSSID = abc\n"
	    "Supported Rate = 1.0 Mbit/s, basic\nSupported Rate = 2.0 Mbit/s\n"
	    "Current Channel = 6 (0x6)\n" },
	{ "a tag longer than the frame", WLAN,
	    "4000 0000 ffffffffffff 020000000001 ffffffffffff 0000 0009 6162", "WLAN WLANMGT",
	    "WLANMGT: Probe request\n!Tag = SSID\n!Tag Length = 9 (0x9)\n" },
	{ "deauthentication", WLAN, "c000 3a01 020000000002 020000000001 020000000001 1000 0700",
	    "WLAN WLANMGT",
	    "WLANMGT: Deauthentication\n"
	    "Reason Code = Class 3 frame from a station that is not associated\n" },
	{ "management cut in its fixed part", WLAN,
	    "c000 3a01 020000000002 020000000001 020000000001 1000 07", "WLAN WLANMGT",
	    "!WLANMGT: Deauthentication, cut short\n!Fixed Parameters\n!Reason Code = 07\n" },
	{ "data to an access point", WLAN,
	    "0801 2c00 020000000001 020000000002 020000000003 2000 aaaa03 000000 0800 45",
	    "WLAN LLC SNAP IP",
	    "WLAN: Data, 02-00-00-00-00-02 -> 02-00-00-00-00-01, sequence 2\n"
	    "Receiver Address, BSS ID = 020000000001\nSource Address, a Station = 020000000002\n"
	    "Destination behind the Receiver = 020000000003\n!IP: Cut short\n" },
	{ "QoS control of a station with nothing queued, and of one that has", WLAN,
	    "8801 0000 020000000001 020000000002 020000000003 0000 0512 aaaa03 000000 9999",
	    "WLAN LLC SNAP", "Queue Size follows = 0 (0x0)\nDuration Requested = 18 (0x12)\n" },
	{ "QoS control of a station with a queue", WLAN,
	    "8801 0000 020000000001 020000000002 020000000003 0000 1512 aaaa03 000000 9999",
	    "WLAN LLC SNAP", "Queue Size follows = 1 (0x1)\nQueue Size = 18 (0x12)\n" },
	{ "QoS control of an access point that tells its load", WLAN,
	    "8802 0000 020000000001 020000000002 020000000003 0000 1546 aaaa03 000000 9999",
	    "WLAN LLC SNAP",
	    "Destination Address, a Station = 020000000001\n"
	    "End of Service Period = 1 (0x1)\nBuffer State = 70 (0x46)\nBuffer Load = 70 "
	    "(0x46)\n" },
	{ "QoS control cut", WLAN, "8802 0000 020000000001 020000000002 020000000003 0000 15",
	    "WLAN",
	    "!WLAN: QoS data, cut short\n!QoS Control = 15\nEnd of Service Period = 1 (0x1)\n" },
	{ "four addresses, QoS and HT control", WLAN,
	    "8883 0000 020000000001 020000000002 020000000003 0000 020000000004 0500 00000000"
	    "424203 00",
	    "WLAN LLC STP",
	    "Source, Address 4 = 020000000004\nTraffic ID = 5 (0x5)\n"
	    "HT Control = 0 (0x0)\n!STP: Cut short\n!Protocol Identifier = 00\n" },
	{ "protected data", WLAN,
	    "0842 0000 020000000001 020000000002 020000000003 0000 010203 40 ffff", "WLAN",
	    "WLAN: Data, 02-00-00-00-00-02 -> 02-00-00-00-00-01, sequence 0, protected\n"
	    "Initialization Vector = 66051 (0x10203)\nKey Index = 1 (0x1)\nProtected Data\n" },
	{ "a fragment is not looked into", WLAN,
	    "0805 0000 020000000001 020000000002 020000000003 0000 aaaa03 000000 0800 45", "WLAN",
	    "802.11 Data\n" },
	{ "an acknowledgement", WLAN, "d400 0000 020000000001", "WLAN",
	    "WLAN: Acknowledgement, -> 02-00-00-00-00-01\nReceiver Address = 020000000001\n" },
	{ "a block acknowledgement", WLAN,
	    "9400 0000 020000000001 020000000002 0500 1000 0102030405060708", "WLAN",
	    "Block Ack Control = 5 (0x5)\nStarting Sequence Control = 16 (0x10)\n"
	    "Block Ack Bitmap\n" },
	{ "802.11 of another version", WLAN, "8100 0000 0000", "WLAN",
	    "!WLAN: Unknown version 1\nVersion = 1 (0x1)\n" },
	{ "radiotap with a check sequence at the end", RADIO,
	    "0000 1000 2e000000 10 02 6c09a000 c5 00"
	    "d400 0000 020000000001 01020304",
	    "RADIOTAP WLAN",
	    "RADIOTAP: version 0, length 16\nData Rate = 1.0 Mbit/s\n"
	    "Channel Frequency = 2412 (0x96C)\nAntenna Signal (dBm) = -59\n"
	    "Frame Check Sequence = 67305985 (0x4030201)\n" },
	{ "radiotap, aligned and in two words", RADIO,
	    "0000 1f00 030000a0 20000800 00000000 0807060504030201 00 c5 010203 0405"
	    "d400 0000 020000000001",
	    "RADIOTAP WLAN",
	    "MAC Time = 72623859790382856 (0x102030405060708)\nAntenna Signal (dBm) = -59\n"
	    "MCS Index = 3 (0x3)\n" },
	{ "radiotap says that the header is padded", RADIO,
	    "0000 0900 02000000 20"
	    "8802 0000 020000000001 020000000002 020000000003 0000 0000 0000 aaaa03 000000 0800 45",
	    "RADIOTAP WLAN LLC SNAP IP",
	    "Transmitter Address, BSS ID = 020000000002\n!IP: Cut short\n" },
	{ "radiotap with VHT and HE", RADIO,
	    "0000 2000 0000a000 0500 01 04 42000000 01 3f 0200 0102 0304 0506 0708 090a 0b0c",
	    "RADIOTAP",
	    "VHT, what is known = 5 (0x5)\nVHT Flags = 1 (0x1)\nVHT Bandwidth = 4 (0x4)\n"
	    "VHT User 0 = 66 (0x42)\nVHT User 3 = 0 (0x0)\nVHT Coding = 1 (0x1)\nVHT Group ID = 63 "
	    "(0x3F)\n"
	    "VHT Partial Association ID = 2 (0x2)\nHE Data 1 = 513 (0x201)\n"
	    "HE Data 6 = 3083 (0xC0B)\n" },
	{ "radiotap with HE cut", RADIO, "0000 0d00 00008000 0102 0304 05", "RADIOTAP",
	    "HE Data 1 = 513 (0x201)\nHE Data 2 = 1027 (0x403)\n!HE Data 3 = 05\n" },
	{ "radiotap longer than the frame", RADIO, "0000 1900 02000000 10", "RADIOTAP",
	    "!RADIOTAP: version 0, length 25\n" },
	{ "a radiotap field that nobody knows", RADIO, "0000 0c00 01000010 01020304", "RADIOTAP",
	    "RADIOTAP: version 0, length 12\n!MAC Time = 01 02 03 04\n" },
	{ "PPI with a check sequence at the end", PPI,
	    "0000 2000 69000000 0200 1400 0000000000000000 0100 0200 6c09 a000 00 00 c5 a0"
	    "d400 0000 020000000001 01020304",
	    "PPI WLAN",
	    "PPI: length 32, link type 105\nField = 802.11-Common\nData Rate = 1.0 Mbit/s\n"
	    "Antenna Signal (dBm) = -59\nFrame Check Sequence = 67305985 (0x4030201)\n" },
	{ "PPI before Ethernet", PPI, "0000 0800 01000000 " MACS "9999 00", "PPI ETHERNET",
	    "PPI: length 8, link type 1\n" },
	{ "a PPI field longer than the header", PPI, "0000 0d00 69000000 0200 1400 00 d400",
	    "PPI WLAN",
	    "!Field = 802.11-Common\n!Field Length = 20 (0x14)\n!Timer = 00\n!WLAN: Cut short\n" },

	/* ---- others ---- */
	{ "a spanning tree's root", ETHER,
	    MACS "0026 4242 03 0000 00 00 00 8064 020000000003 00000004 8064 020000000004 8004"
		 "0100 1400 0200 0f80",
	    "ETHERNET LLC STP",
	    "STP: Configuration, root 32768/100/02-00-00-00-00-03 at cost 4, "
	    "bridge 32768/100/02-00-00-00-00-04 port 0x8004\nRoot Priority = 32768 (0x8000)\n"
	    "Root System ID Extension = 100 (0x64)\nHello Time = 2.00 s\nForward Delay = 15.50 "
	    "s\n" },
	{ "a topology change", ETHER, MACS "0007 4242 03 0000 00 80", "ETHERNET LLC STP",
	    "STP: Topology change notification\n" },
	{ "a key of 802.11, without data", ETHER, MACS "888e 01 03 0005 02 008a 0010",
	    "ETHERNET EAPOL",
	    "EAPOL: Key, length 5\nKey Descriptor = IEEE 802.11\nKey Length = 16 (0x10)\n" },
	{ "an identity", ETHER, MACS "888e 02 00 0008 02 01 0008 01 6d6521", "ETHERNET EAPOL",
	    "EAPOL: EAP packet, Response, length 8\nEAP Type = Identity\nIdentity = me!\n" },
	{ "EAPOL longer than the frame", ETHER, MACS "888e 02 00 0009 03 01 0004", "ETHERNET EAPOL",
	    "!EAPOL: EAP packet, Success, length 9\n!Length = 9 (0x9)\n" },
	{ "IPX in raw 802.3", ETHER,
	    MACS "001e ffff 001e 00 11 00000001 020000000001 0451 00000002 020000000002 4003",
	    "ETHERNET IPX",
	    "IPX: 00000002.020000000002.4003 -> 00000001.020000000001.0451, NCP, length 30\n"
	    "Destination Socket = NCP\n" },
	{ "IPX shorter than its header", ETHER,
	    MACS "8137 ffff 0003 00 11 00000001 020000000001 0451 00000002 020000000002 4003 00",
	    "ETHERNET IPX", "!Length = 3 (0x3)\n" },
	{ "what a device of Cisco says of itself", ETHER,
	    MACS "0017 aaaa03 00000c 2000 02 b4 0000 0001 0006 7231 000b 0005 01 0000",
	    "ETHERNET LLC SNAP CDP",
	    "Cisco Protocol ID = CDP\nCDP: version 2, time to live 180 s, device r1\nDevice ID = "
	    "r1\n"
	    "Duplex = Full\n" },
	{ "a field of CDP shorter than its head", ETHER,
	    MACS "0010 aaaa03 00000c 2000 02 b4 0000 0001 0003", "ETHERNET LLC SNAP CDP",
	    "!Field = Device ID\n!Field Length = 3 (0x3)\n" },
	{ "what a neighbour says of itself", ETHER,
	    MACS "88cc 0207 04 020000000001 0403 05 6530 0602 0078 0a02 7377 0e04 0014 0004 0000",
	    "ETHERNET LLDP",
	    "LLDP: sw, 5 elements\nChassis ID Subtype = MAC address\nChassis ID, Address = "
	    "020000000001\n"
	    "Port ID = e0\nTime to Live = 120 (0x78)\nSystem Name = sw\nElement = End\n" },
	{ "an element longer than the message", ETHER, MACS "88cc 0a09 7377", "ETHERNET LLDP",
	    "LLDP: sw, 1 elements\nElement = System name\n!Element Data\n" },
	{ "AVS", AVS,
	    "80211001 00000040 0000000000000001 0000000000000002 00000004 00000006 0000000a "
	    "00000000 00000000 00000002 ffffffc5 ffffffa0 00000001 00000000"
	    "d400 0000 020000000001",
	    "AVS WLAN",
	    "AVS: version 1, length 64, channel 6\nMAC Time = 1 (0x1)\nPHY Type = 802.11b\nSignal "
	    "Type = dBm\n" },
	{ "AVS where Prism could be", PRISM,
	    "80211001 00000040 0000000000000001 0000000000000002 00000004 00000006 0000000a "
	    "00000000 00000000 00000002 ffffffc5 ffffffa0 00000001 00000000"
	    "d400 0000 020000000001",
	    "AVS WLAN", "Preamble = Short\n" },
	{ "AVS longer than the frame", AVS,
	    "80211001 00000061 0000000000000001 0000000000000002 00000004 00000006 0000000a "
	    "00000000 00000000 00000002 ffffffc5 ffffffa0 00000001 00000000"
	    "d400 0000 020000000001",
	    "AVS", "!AVS: version 1, length 97, channel 6\n" },
	{ "Prism", PRISM,
	    "44000000 24000000 776c616e30000000 0000000000000000 44000300 0000 0400 06000000"
	    "d400 0000 020000000001",
	    "PRISM WLAN",
	    "PRISM: message 0x44, length 36\nDevice = wlan0\nItem = Channel\nStatus = There\nValue "
	    "= 6 (0x6)\n" },
	{ "Prism cut short", PRISM, "44000000 90000000", "PRISM", "!PRISM: Cut short\n" },
};

int main(void)
{
	return parse_cases_run(cases, COUNT(cases));
}
