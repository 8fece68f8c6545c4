/* SPDX-License-Identifier: MIT */
/* Addresses, time, management, calls, files, logs. */
#include "parse_case.h"

#define RAW 101u

#define IP4       "4500 0000 0001 0000 40"
#define ADDRESSES "0000 c0000201 c0000202"

static const struct parse_case cases[] = {
	{ "an address is asked for", RAW,
	    IP4
	    "11" ADDRESSES "0044 4000 012c 0000 "
	    "01010600112233440001800000000000000000000000000000000000020000000001000000000000000000"
	    "00737276000000000000000000000000000000000000000000000000000000000000000000000000000000"
	    "0000000000000000000000000000000000000000000066696c650000000000000000000000000000000000"
	    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	    "000000000000000000000000000000000000000000638253633501013d07010200000000010c04686f7374"
	    "3c084d53465420352e3037030103063204c0000205390205dc510404000041ff0000",
	    "IP UDP DHCP",
	    "DHCP: Discover, transaction 0x11223344\n"
	    "Message Type = Boot request\n"
	    "Hardware Type = Ethernet\n"
	    "Hardware Address Length = 6 (0x6)\n"
	    "Hops = 0 (0x0)\n"
	    "Transaction Identifier = 287454020 (0x11223344)\n"
	    "Seconds elapsed = 1 (0x1)\n"
	    "Flags = 32768 (0x8000)\n"
	    "Client Address = 0.0.0.0\n"
	    "Your Address = 0.0.0.0\n"
	    "Next Server Address = 0.0.0.0\n"
	    "Relay Agent Address = 0.0.0.0\n"
	    "Client Ethernet Address = 020000000001\n"
	    "Client Address Padding\n"
	    "Server Name = srv\n"
	    "Boot File = file\n"
	    "Cookie = 99.130.83.99\n"
	    "Option = DHCP message type\n"
	    "Option Length = 1 (0x1)\n"
	    "DHCP Message Type = Discover\n"
	    "Option = Client identifier\n"
	    "Option Length = 7 (0x7)\n"
	    "Client Identifier's Type = Ethernet\n"
	    "Client Identifier's Address = 020000000001\n"
	    "Option = Host name\n"
	    "Option Length = 4 (0x4)\n"
	    "Host Name = host\n"
	    "Option = Vendor class identifier\n"
	    "Option Length = 8 (0x8)\n"
	    "Vendor Class = MSFT 5.0\n"
	    "Option = Parameter request list\n"
	    "Option Length = 3 (0x3)\n"
	    "Parameter = Subnet mask\n"
	    "Parameter = Router\n"
	    "Parameter = Domain name server\n"
	    "Option = Requested IP address\n"
	    "Option Length = 4 (0x4)\n"
	    "Requested Address = 192.0.2.5\n"
	    "Option = Maximum message size\n"
	    "Option Length = 2 (0x2)\n"
	    "Maximum Message Size = 1500 (0x5DC)\n"
	    "Option = Client's qualified name\n"
	    "Option Length = 4 (0x4)\n"
	    "Qualified Name Flags = 4 (0x4)\n"
	    "A Result = 0 (0x0)\n"
	    "PTR Result = 0 (0x0)\n"
	    "Qualified Name = A\n"
	    "Option = End\n" },
	{ "an address is given", RAW,
	    IP4 "11" ADDRESSES "0043 4000 0165 0000 "
		"02010600112233440001800000000000c0000205000000000000000002000000000100000000000000"
		"0000007372760000000000000000000000000000000000000000000000000000000000000000000000"
		"000000000000000000000000000000000000000000000000000066696c650000000000000000000000"
		"0000000000000000000000000000000000000000000000000000000000000000000000000000000000"
		"0000000000000000000000000000000000000000000000000000000000000000000000000000000000"
		"00000000000000000000000000000000000000000000000000000000000000638253633501050104ff"
		"ffff000308c0000201c00002020604c0000201330400000e103a04000007083b0400000c4e3604c000"
		"02011c04c00002ff2c04c00002032e01082a04c00002011a0205dc17014021080a000000c000020152"
		"0c010361626302030405ff06007905180a000001ff",
	    "IP UDP DHCP",
	    "Cookie = 99.130.83.99\n"
	    "Option = DHCP message type\n"
	    "Option Length = 1 (0x1)\n"
	    "DHCP Message Type = ACK\n"
	    "Option = Subnet mask\n"
	    "Option Length = 4 (0x4)\n"
	    "Subnet Mask = 255.255.255.0\n"
	    "Option = Router\n"
	    "Option Length = 8 (0x8)\n"
	    "Router = 192.0.2.1\n"
	    "Router = 192.0.2.2\n"
	    "Option = Domain name server\n"
	    "Option Length = 4 (0x4)\n"
	    "Domain Name Server = 192.0.2.1\n"
	    "Option = IP address lease time\n"
	    "Option Length = 4 (0x4)\n"
	    "Lease Time = 3600 (0xE10)\n"
	    "Option = Renewal time\n"
	    "Option Length = 4 (0x4)\n"
	    "Renewal Time = 1800 (0x708)\n"
	    "Option = Rebinding time\n"
	    "Option Length = 4 (0x4)\n"
	    "Rebinding Time = 3150 (0xC4E)\n"
	    "Option = DHCP server identifier\n"
	    "Option Length = 4 (0x4)\n"
	    "Server Identifier = 192.0.2.1\n"
	    "Option = Broadcast address\n"
	    "Option Length = 4 (0x4)\n"
	    "Broadcast Address = 192.0.2.255\n"
	    "Option = NetBIOS name server\n"
	    "Option Length = 4 (0x4)\n"
	    "NetBIOS Name Server = 192.0.2.3\n"
	    "Option = NetBIOS node type\n"
	    "Option Length = 1 (0x1)\n"
	    "NetBIOS Node Type = 8 (0x8)\n"
	    "Option = NTP servers\n"
	    "Option Length = 4 (0x4)\n"
	    "NTP Server = 192.0.2.1\n"
	    "Option = Interface MTU\n"
	    "Option Length = 2 (0x2)\n"
	    "Interface MTU = 1500 (0x5DC)\n"
	    "Option = Default time to live\n"
	    "Option Length = 1 (0x1)\n"
	    "Default Time to Live = 64 (0x40)\n"
	    "Option = Static route\n"
	    "Option Length = 8 (0x8)\n"
	    "Static Route = 10.0.0.0\n"
	    "Static Route's Router = 192.0.2.1\n"
	    "Option = Relay agent information\n"
	    "Option Length = 12 (0xC)\n"
	    "Relay Option = Circuit identifier\n"
	    "Relay Option Length = 3 (0x3)\n"
	    "Circuit Identifier\n"
	    "Relay Option = Remote identifier\n"
	    "Relay Option Length = 3 (0x3)\n"
	    "Remote Identifier\n"
	    "Relay Option = Subscriber identifier\n"
	    "Relay Option Length = 0 (0x0)\n"
	    "Option = Classless static route\n"
	    "Option Length = 5 (0x5)\n"
	    "Classless Static Routes\n"
	    "Option = End\n" },
	{ "no options at all", RAW,
	    IP4 "11" ADDRESSES "0044 4000 00f4 0000 "
		"0101060011223344000180000000000000000000000000000000000002000000000100000000000000"
		"0000007372760000000000000000000000000000000000000000000000000000000000000000000000"
		"000000000000000000000000000000000000000000000000000066696c650000000000000000000000"
		"0000000000000000000000000000000000000000000000000000000000000000000000000000000000"
		"0000000000000000000000000000000000000000000000000000000000000000000000000000000000"
		"00000000000000000000000000000000000000000000000000000000000000",
	    "IP UDP DHCP",
	    "DHCP: BOOTP request, transaction 0x11223344\n"
	    "Message Type = Boot request\n"
	    "Hardware Type = Ethernet\n"
	    "Hardware Address Length = 6 (0x6)\n"
	    "Hops = 0 (0x0)\n"
	    "Transaction Identifier = 287454020 (0x11223344)\n"
	    "Seconds elapsed = 1 (0x1)\n"
	    "Flags = 32768 (0x8000)\n"
	    "Client Address = 0.0.0.0\n"
	    "Your Address = 0.0.0.0\n"
	    "Next Server Address = 0.0.0.0\n"
	    "Relay Agent Address = 0.0.0.0\n"
	    "Client Ethernet Address = 020000000001\n"
	    "Client Address Padding\n"
	    "Server Name = srv\n"
	    "Boot File = file\n" },
	{ "an option beyond the message", RAW,
	    IP4 "11" ADDRESSES "0044 4000 00fc 0000 "
		"0101060011223344000180000000000000000000000000000000000002000000000100000000000000"
		"0000007372760000000000000000000000000000000000000000000000000000000000000000000000"
		"000000000000000000000000000000000000000000000000000066696c650000000000000000000000"
		"0000000000000000000000000000000000000000000000000000000000000000000000000000000000"
		"0000000000000000000000000000000000000000000000000000000000000000000000000000000000"
		"00000000000000000000000000000000000000000000000000000000000000638253633305000e",
	    "IP UDP DHCP",
	    "Cookie = 99.130.83.99\n"
	    "!Option = IP address lease time\n"
	    "!Option Length = 5 (0x5)\n"
	    "!Lease Time = 00 0E\n" },
	{ "DHCPv6 asks", RAW,
	    IP4 "11" ADDRESSES
		"0222 0223 0080 0000 01 112233 0001 000a 00030001020000000001 0003 0028 00000001 "
		"00000000 00000000 0005 0018 20010db8000000000000000000000001 00000e10 00001c20 "
		"0006 0004 00170018 0008 0002 0064 0019 0029 00000002 00000000 00000000 001a 0019 "
		"00000e10 00001c20 38 20010db8000000000000000000000000",
	    "IP UDP DHCPV6",
	    "DHCPV6: Solicit, transaction 0x112233\n"
	    "Message Type = Solicit\n"
	    "Transaction Identifier = 1122867 (0x112233)\n"
	    "Option = Client identifier\n"
	    "Option Length = 10 (0xA)\n"
	    "Unique Identifier\n"
	    "Identifier's Type = Link-layer address\n"
	    "Hardware Type, no Time = 1 (0x1)\n"
	    "Link-layer Address, no Time\n"
	    "Option = Addresses of an association\n"
	    "Option Length = 40 (0x28)\n"
	    "Association\n"
	    "Renewal Time = 0 (0x0)\n"
	    "Rebinding Time = 0 (0x0)\n"
	    "Option = Address\n"
	    "Option Length = 24 (0x18)\n"
	    "Address = 2001:db8::1\n"
	    "Preferred Lifetime = 3600 (0xE10)\n"
	    "Valid Lifetime = 7200 (0x1C20)\n"
	    "Option = Option request\n"
	    "Option Length = 4 (0x4)\n"
	    "Requested Option = DNS servers\n"
	    "Requested Option = Domain search list\n"
	    "Option = Elapsed time\n"
	    "Option Length = 2 (0x2)\n"
	    "Elapsed Time = 1000 (0x3E8)\n"
	    "!Option = Prefixes of an association\n"
	    "!Option Length = 41 (0x29)\n"
	    "Association\n"
	    "Renewal Time = 0 (0x0)\n"
	    "Rebinding Time = 0 (0x0)\n"
	    "!Option = Prefix\n"
	    "!Option Length = 25 (0x19)\n"
	    "Prefix Preferred Lifetime = 3600 (0xE10)\n"
	    "Prefix Valid Lifetime = 7200 (0x1C20)\n"
	    "Prefix Length = 56 (0x38)\n"
	    "!Prefix = 20010DB80000000000000000000000\n" },
	{ "who asks for an IPv6 address", RAW_IP,
	    OVER_UDP("0222", "0223") "011122330001000e0001000100000e1002000000000100020012000411111"
				     "11111111111111111111111"
				     "11110010000c000001370003612062000163002700090503626f780265780"
				     "0002700050003626f780010"
				     "000700000137000964",
	    "IP UDP DHCPV6",
	    "Unique Identifier\n"
	    "Identifier's Type = Link-layer address and time\n"
	    "Hardware Type = 1 (0x1)\n"
	    "Time of the Identifier = 1/1/2000 1:00:00.000\n"
	    "Link-layer Address\n"
	    "Identifier's Type = UUID\n"
	    "Identifier's UUID\n"
	    "Vendor Class's Enterprise = 311 (0x137)\n"
	    "Vendor Class Length = 3 (0x3)\n"
	    "Vendor Class = a b\n"
	    "Vendor Class = c\n"
	    "Qualified Name Flags = 5 (0x5)\n"
	    "Client's Domain Name = box.ex.\n"
	    "!Client's Domain Name = box\n"
	    "!Vendor Class Length = 9 (0x9)\n"
	    "Vendor Class = d\n" },
	{ "a log of old", RAW_IP,
	    OVER_UDP("4000",
		"0202") "3c32363e4a616e2020312030303a30313a3437206e6236206e62643a2074657874",
	    "IP UDP SYSLOG",
	    "Message = Jan  1 00:01:47 nb6 nbd: text\n"
	    "Time without a Year = Jan  1 00:01:47\n"
	    "Host = nb6\n"
	    "Process = nbd\n"
	    "Message Identifier = : text\n" },
	{ "a log of today", RAW_IP,
	    OVER_UDP("4000", "0202") "3c3136353e3120323030332d31302d31315432323a31343a31352e3030335"
				     "a206d2e6578207375203720"
				     "49443437202d2074657874",
	    "IP UDP SYSLOG",
	    "Version = 1\n"
	    "Time = 2003-10-11T22:14:15.003Z\n"
	    "Host = m.ex\n"
	    "Program = su\n"
	    "Process = 7\n"
	    "Message Identifier = ID47\n" },
	{ "logs without any of it", RAW_IP,
	    OVER_UDP("4000", "0202") "3c313e4a616e2030312030303a30313a34206e6236", "IP UDP SYSLOG",
	    "Message = Jan 01 00:01:4 nb6\n" },
	{ "DHCPv6 of a relay", RAW,
	    IP4 "11" ADDRESSES "0223 0223 0080 0000 0c 00 20010db8000000000000000000000001 "
		"fe800000000000000000000000000002 0012 0002 6161 0009 000e 07 "
		"112233 000d 0006 0000 6f6b6179",
	    "IP UDP DHCPV6",
	    "DHCPV6: Relay forward, 0 hops\n"
	    "Message Type = Relay forward\n"
	    "Hop Count = 0 (0x0)\n"
	    "Link Address = 2001:db8::1\n"
	    "Peer Address = fe80::2\n"
	    "Option = Interface identifier\n"
	    "Option Length = 2 (0x2)\n"
	    "Interface\n"
	    "Option = Relayed message\n"
	    "Option Length = 14 (0xE)\n"
	    "Option Data\n"
	    "Message Type = Reply\n"
	    "Transaction Identifier = 1122867 (0x112233)\n"
	    "Option = Status code\n"
	    "Option Length = 6 (0x6)\n"
	    "Status = Success\n"
	    "Status Message = okay\n" },
	{ "a DHCPv6 option beyond the message", RAW,
	    IP4 "11" ADDRESSES "0222 0223 0080 0000 01 112233 0001 000a 0003", "IP UDP DHCPV6",
	    "DHCPV6: Solicit, transaction 0x112233\n"
	    "Message Type = Solicit\n"
	    "Transaction Identifier = 1122867 (0x112233)\n"
	    "!Option = Client identifier\n"
	    "!Option Length = 10 (0xA)\n"
	    "Unique Identifier\n"
	    "Identifier's Type = Link-layer address\n" },
	{ "a server tells the time", RAW,
	    IP4 "11" ADDRESSES
		"007b 007b 0038 0000 1c 01 06 ec 00000001 00000002 47505300 db7dcf6a 80000000 "
		"00000000 00000000 00000001 40000000 db7dcf6b 00000000",
	    "IP UDP NTP",
	    "NTP: Server, version 3, stratum 1\n"
	    "Flags = 28 (0x1C)\n"
	    "Leap Indicator = No warning\n"
	    "Version = 3 (0x3)\n"
	    "Mode = Server\n"
	    "Stratum = 1 (0x1)\n"
	    "Poll Interval Exponent = 6 (0x6)\n"
	    "Precision Exponent = 236 (0xEC)\n"
	    "Root Delay = 1 (0x1)\n"
	    "Root Dispersion = 2 (0x2)\n"
	    "Reference Identifier\n"
	    "Reference Timestamp = 9/10/2016 0:16:42.500\n"
	    "Originate Timestamp = 0/0/0 0:00:00.000\n"
	    "Receive Timestamp = 2/7/2036 6:28:17.250\n"
	    "Transmit Timestamp = 9/10/2016 0:16:43.000\n" },
	{ "a message with a key", RAW,
	    IP4 "11" ADDRESSES
		"007b 007b 0044 0000 23 02 06 ec 00000001 00000002 c0000201 db7dcf6a 80000000 "
		"0000000000000000 0000000000000000 0000000000000000 00000001 01020304",
	    "IP UDP NTP",
	    "Transmit Timestamp = 0/0/0 0:00:00.000\n"
	    "Key Identifier\n"
	    "Message Authentication Code\n" },
	{ "extension fields of NTP, and a code", RAW_IP,
	    OVER_UDP("007b", "007b") "230206ec0000000100000002c0000201db7dcf6a800000000000000000000"
				     "00000000000000000000000"
				     "00000000000001040010aaaaaaaaaaaaaaaaaaaaaaaa00000001bbbbbbbbb"
				     "bbbbbbbbbbbbbbbbbbbbbbb",
	    "IP UDP NTP",
	    "Transmit Timestamp = 0/0/0 0:00:00.000\n"
	    "Extension Field = 260 (0x104)\n"
	    "Extension Field Length = 16 (0x10)\n"
	    "Extension Field Value\n"
	    "Key Identifier\n"
	    "Message Authentication Code\n" },
	{ "extension fields of NTP that are none", RAW_IP,
	    OVER_UDP("007b",
		"007b") "230206ec0000000100000002c0000201db7dcf6a8000000000000000000000000000000000"
			"0000000000"
			"00000000000001040004aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	    "IP UDP NTP",
	    "Transmit Timestamp = 0/0/0 0:00:00.000\n"
	    "Key Identifier\n"
	    "Message Authentication Code\n" },
	{ "control of an NTP server", RAW,
	    IP4 "11" ADDRESSES "007b 007b 0044 0000 16 82 0001 0615 0000 0000 0004 61623d31",
	    "IP UDP NTP",
	    "NTP: Control, version 2\n"
	    "Flags = 22 (0x16)\n"
	    "Leap Indicator = No warning\n"
	    "Version = 2 (0x2)\n"
	    "Mode = Control\n"
	    "Control Flags = 130 (0x82)\n"
	    "Operation = Read variables\n"
	    "Sequence Number = 1 (0x1)\n"
	    "Status = 1557 (0x615)\n"
	    "Association Identifier = 0 (0x0)\n"
	    "Offset = 0 (0x0)\n"
	    "Count = 4 (0x4)\n"
	    "Data\n" },
	{ "NTP cut", RAW, IP4 "11" ADDRESSES "007b 007b 0044 0000 1c 01 06 ec 0000", "IP UDP NTP",
	    "!NTP: Server, version 3, stratum 1\n"
	    "Flags = 28 (0x1C)\n"
	    "Leap Indicator = No warning\n"
	    "Version = 3 (0x3)\n"
	    "Mode = Server\n"
	    "Stratum = 1 (0x1)\n"
	    "Poll Interval Exponent = 6 (0x6)\n"
	    "Precision Exponent = 236 (0xEC)\n"
	    "!Root Delay = 00 00\n" },
	{ "SNMP of lengths that lie", RAW,
	    IP4 "11" ADDRESSES "00a1 4000 0100 0000 30847fffffff 020100 0484ffffffff 7075",
	    "IP UDP SNMP",
	    "SNMP: Version 1\n"
	    "Version = 1\n"
	    "!Community = pu\n"
	    "!Malformed\n" },
	{ "what is no SNMP", RAW, IP4 "11" ADDRESSES "00a1 4000 0100 0000 1616 0301", "IP UDP SNMP",
	    "!SNMP: Malformed\n" },
	{ "a call", RAW,
	    IP4 "11" ADDRESSES "13c4 4000 00f7 0000 "
		"494e56495445207369703a626f62406578616d706c652e636f6d205349502f322e300d0a5669613a20"
		"5349502f322e302f55445020613b6272616e63683d7a0d0a663a203c7369703a616c69636540657861"
		"6d706c652e636f6d3e3b7461673d310d0a546f3a203c7369703a626f62406578616d706c652e636f6d"
		"3e0d0a43616c6c2d49443a203140610d0a435365713a203720494e564954450d0a4d61782d466f7277"
		"61726473203a2037300d0a5375626a6563743a206f6e650d0a2074776f0d0a582d4f776e3a20310d0a"
		"6e6f20636f6c6f6e0d0a436f6e74656e742d4c656e6774683a20780d0a0d0a763d30",
	    "IP UDP SIP",
	    "SIP: INVITE sip:bob@example.com SIP/2.0\n"
	    "Request Line = INVITE sip:bob@example.com SIP/2.0\n"
	    "Method = INVITE\n"
	    "Request URI = sip:bob@example.com\n"
	    "Via = SIP/2.0/UDP a;branch=z\n"
	    "From = <sip:alice@example.com>;tag=1\n"
	    "To = <sip:bob@example.com>\n"
	    "Call-ID = 1@a\n"
	    "CSeq = 7 INVITE\n"
	    "Sequence Number = 7 (0x7)\n"
	    "Sequence Method = INVITE\n"
	    "Header = Max-Forwards : 70\n"
	    "Subject = one.. two\n"
	    "Header = X-Own: 1\n"
	    "Header = no colon\n"
	    "!Content-Length = \n"
	    "Body\n" },
	{ "what a call consists of", RAW_IP,
	    OVER_UDP("4000", "13c4") "494e56495445207369703a626f623a7077405b323030313a6462383a3a315"
				     "d3a353036313b6c723b613d"
				     "623f783d79205349502f322e300d0a5669613a205349502f322e302f54435"
				     "020683a353036303b627261"
				     "6e63683d7a393b72656365697665643d31302e302e302e313b72706f72742"
				     "c205349502f322e302f5544"
				     "5020673b74746c3d310d0a46726f6d3a2022412c203c423e22203c7369703"
				     "a6140623e3b783d313b7461"
				     "673d74310d0a743a20736970733a6340643b7461673d74320d0a436f6e746"
				     "163743a203c74656c3a2b34"
				     "393e3b713d312c2078203c7369703a683e0d0a526f7574653a203c7369703"
				     "a723b6c723e0d0a41757468"
				     "6f72697a6174696f6e3a2044696765737420757365726e616d653d22752c7"
				     "6222c206e633d30310d0a52"
				     "6561736f6e3a205349503b63617573653d3230303b746578743d226f6b220"
				     "d0a526561736f6e3a20583b"
				     "63617573653d790d0a4163636570743a20746578742f706c61696e0d0a525"
				     "365713a20340d0a0d0a",
	    "IP UDP SIP",
	    "Request URI = sip:bob:pw@[2001:db8::1]:5061;lr;a=b?x=y\n"
	    "Request URI User = bob\n"
	    "Request URI Host = [2001:db8::1]\n"
	    "Request URI Port = 5061\n"
	    "Request URI Parameter = lr\n"
	    "Request URI Parameter = a=b\n"
	    "Via Transport = TCP\n"
	    "Via Sent by = h\n"
	    "Via Port = 5060 (0x13C4)\n"
	    "Via Branch = z9\n"
	    "Via Received = 10.0.0.1\n"
	    "Via Response Port = rport\n"
	    "Via Transport = UDP\n"
	    "Via Sent by = g\n"
	    "Via Time to Live = 1\n"
	    "From Display = \"A, <B>\" \n"
	    "From Address = sip:a@b\n"
	    "From User = a\n"
	    "From Host = b\n"
	    "From Tag = t1\n"
	    "To Address = sips:c@d\n"
	    "To User = c\n"
	    "To Host = d\n"
	    "To Tag = t2\n"
	    "Contact Address = tel:+49\n"
	    "Contact's own Parameter = q=1\n"
	    "Contact Display = x \n"
	    "Contact Host = h\n"
	    "Route Host = r\n"
	    "Route Parameter = lr\n"
	    "Authentication Scheme = Digest\n"
	    "Authentication username = \"u,v\"\n"
	    "Authentication nc = 01\n"
	    "Reason's Protocol = SIP\n"
	    "Cause of SIP = 200 (0xC8)\n"
	    "Reason's Text = ok\n"
	    "Reason's Protocol = X\n"
	    "!Cause = \n"
	    "Accept = text/plain\n"
	    "RSeq = 4 (0x4)\n" },
	{ "what a call does not consist of", RAW_IP,
	    OVER_UDP("4000", "13c4") "425945207369703a403a3b3b3f205349502f322e300d0a5669613a202c3b0"
				     "d0a46726f6d3a2022610d0a"
				     "546f3a203c0d0a436f6e746163743a203e0d0a417574686f72697a6174696"
				     "f6e3a200d0a526561736f6e"
				     "3a200d0a435365713a200d0a0d0a",
	    "IP UDP SIP",
	    "Method = BYE\n"
	    "Request URI = sip:@:;;?\n"
	    "Via = ,;\n"
	    "From = \"a\n"
	    "From Address = \"a\n"
	    "To = <\n"
	    "Contact = >\n"
	    "Contact Address = >\n"
	    "Reason = \n"
	    "CSeq = \n" },
	{ "a call is answered", RAW,
	    IP4 "11" ADDRESSES
		"13c4 4000 0020 0000 5349502f322e3020323030204f4b0d0a6c3a20300d0a0d0a",
	    "IP UDP SIP",
	    "SIP: SIP/2.0 200 OK\n"
	    "Status Line = SIP/2.0 200 OK\n"
	    "Status Code = 200 (0xC8)\n"
	    "Content-Length = 0 (0x0)\n" },
	{ "what keeps a binding alive", RAW, IP4 "11" ADDRESSES "13c4 4000 000c 0000 0d0a0d0a",
	    "IP UDP",
	    "UDP: Src Port 5060, Dst Port 16384, length 12\n"
	    "Source Port = 5060 (0x13C4)\n"
	    "Destination Port = 16384 (0x4000)\n"
	    "Total Length = 12 (0xC)\n"
	    "Checksum = 0 (0x0)\n"
	    "UDP Data\n" },
	{ "a voice of two sources, with an extension and padding", RAW,
	    IP4 "11" ADDRESSES "4000 4002 0030 0000 b212 0007 00000008 00000009 0000000a 0000000b "
		"bede 0001 10aa0000 00010203040506070809 0002",
	    "IP UDP RTP",
	    "RTP: G.729, source 0x00000009, sequence 7, time 8\n"
	    "Padding = 1 (0x1)\n"
	    "Extension = 1 (0x1)\n"
	    "Contributing Sources = 2 (0x2)\n"
	    "Contributing Source = 10 (0xA)\n"
	    "Contributing Source = 11 (0xB)\n"
	    "Extension Profile = 48862 (0xBEDE)\n"
	    "Extension Length = 1 (0x1)\n"
	    "Extension Data\n"
	    "RTP Data\n"
	    "Padding Data\n"
	    "Padding Count = 2 (0x2)\n" },
	{ "a voice with items of an extension", RAW_IP,
	    OVER_UDP("4000", "4002") "900000070000000800000009bede000211aabb0020ccf0ffddddddddddddd"
				     "ddddddddddddddddddddddd"
				     "ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
				     "ddddddddddddddddddddddd"
				     "dddddddddddddddddddddddddddddddddddddddd",
	    "IP UDP RTP",
	    "Extension Profile = 48862 (0xBEDE)\n"
	    "Extension Data\n"
	    "Extension Item = 1 (0x1)\n"
	    "Item Length = 2 (0x2)\n"
	    "Item Data\n"
	    "Extension Item = 2 (0x2)\n"
	    "Item Length = 1 (0x1)\n"
	    "Item Data\n" },
	{ "a voice with long items, the last one cut", RAW_IP,
	    OVER_UDP("4000", "4002") "90000007000000080000000910070002010000000309eeeeddddddddddddd"
				     "ddddddddddddddddddddddd"
				     "ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
				     "ddddddddddddddddddddddd"
				     "dddddddddddddddddddddddddddddddddddddddd",
	    "IP UDP RTP",
	    "Extension Profile = 4103 (0x1007)\n"
	    "Item Application Bits = 7 (0x7)\n"
	    "Extension Item = 1 (0x1)\n"
	    "Item Length = 0 (0x0)\n"
	    "Extension Item = 3 (0x3)\n"
	    "!Item Length = 9 (0x9)\n"
	    "Item Data\n" },
	{ "padding that is longer than the packet", RAW,
	    IP4 "11" ADDRESSES
		"4000 4002 001e 0000 a012 0007 00000008 00000009 00010203040506070809 ",
	    "IP UDP", "UDP Data\n" },
	{ "a voice", RAW,
	    IP4 "11" ADDRESSES "4000 4002 0028 0000 8092 0007 00000008 00000009 "
		"00010203040506070809 00010203040506070809",
	    "IP UDP RTP",
	    "RTP: G.729, source 0x00000009, sequence 7, time 8, marked\n"
	    "Version = 2 (0x2)\n"
	    "Padding = 0 (0x0)\n"
	    "Extension = 0 (0x0)\n"
	    "Contributing Sources = 0 (0x0)\n"
	    "Marker = 1 (0x1)\n"
	    "Payload Type = G.729\n"
	    "Sequence Number = 7 (0x7)\n"
	    "Timestamp = 8 (0x8)\n"
	    "Synchronization Source = 9 (0x9)\n"
	    "RTP Data\n" },
	{ "a voice of half a frame", RAW,
	    IP4 "11" ADDRESSES "4000 4002 0028 0000 8092 0007 00000008 00000009 00010203040506",
	    "IP UDP",
	    "UDP: Src Port 16384, Dst Port 16386, length 27\n"
	    "Source Port = 16384 (0x4000)\n"
	    "Destination Port = 16386 (0x4002)\n"
	    "Total Length = 40 (0x28)\n"
	    "Checksum = 0 (0x0)\n"
	    "UDP Data\n" },
	{ "a voice at an odd port", RAW,
	    IP4 "11" ADDRESSES "4001 4002 0028 0000 8092 0007 00000008 00000009 "
		"00010203040506070809 00010203040506070809",
	    "IP UDP",
	    "UDP: Src Port 16385, Dst Port 16386, length 40\n"
	    "Source Port = 16385 (0x4001)\n"
	    "Destination Port = 16386 (0x4002)\n"
	    "Total Length = 40 (0x28)\n"
	    "Checksum = 0 (0x0)\n"
	    "UDP Data\n" },
	{ "SNMP asks", RAW,
	    IP4 "11" ADDRESSES "00a1 4000 0030 0000 "
		"302602010004067075626c6963a019020107020100020100300e300c06082b060102010102000500",
	    "IP UDP SNMP",
	    "SNMP: Version 1, Get request 7\n"
	    "Version = 1\n"
	    "Community = public\n"
	    "PDU = Get request\n"
	    "Request Identifier = 7 (0x7)\n"
	    "Error Status = No error\n"
	    "Error Index = 0 (0x0)\n"
	    "Variable Bindings = 1 (0x1)\n"
	    "Object = 1.3.6.1.2.1.1.2.0\n"
	    "Null\n" },
	{ "SNMP answers", RAW,
	    IP4 "11" ADDRESSES "00a1 4000 0089 0000 "
		"307f02010104067075626c6963a2720201070201000201003067300906022b01020"
		"3ff0001300a06022b024004c0000201300906022b0341030fffff300b06022b0446"
		"0500ffffffff300606022b058100300806022b0606022b07300806022b070402616"
		"2300706022b08420101300806022b0943020100300706022b0a990101",
	    "IP UDP SNMP",
	    "SNMP: Version 2c, Response 7\n"
	    "Version = 2c\n"
	    "Community = public\n"
	    "PDU = Response\n"
	    "Request Identifier = 7 (0x7)\n"
	    "Error Status = No error\n"
	    "Error Index = 0 (0x0)\n"
	    "Variable Bindings = 10 (0xA)\n"
	    "Object = 1.3.1\n"
	    "Integer = -65535\n"
	    "Object = 1.3.2\n"
	    "IP Address = 192.0.2.1\n"
	    "Object = 1.3.3\n"
	    "Counter = 1048575 (0xFFFFF)\n"
	    "Object = 1.3.4\n"
	    "Counter = 4294967295 (0xFFFFFFFF)\n"
	    "Object = 1.3.5\n"
	    "No such Instance\n"
	    "Object = 1.3.6\n"
	    "Object Identifier = 1.3.7\n"
	    "Object = 1.3.7\n"
	    "Octets\n"
	    "Object = 1.3.8\n"
	    "Unsigned = 1 (0x1)\n"
	    "Object = 1.3.9\n"
	    "Ticks = 256 (0x100)\n"
	    "Object = 1.3.10\n"
	    "Value\n" },
	{ "SNMP traps", RAW,
	    IP4 "11" ADDRESSES "00a2 4000 002e 0000 "
		"302402010004067075626c6963a41706042b0601044004c00002010201060201014301643000",
	    "IP UDP SNMP",
	    "SNMP: Version 1, Trap, version 1\n"
	    "Version = 1\n"
	    "Community = public\n"
	    "PDU = Trap, version 1\n"
	    "Enterprise = 1.3.6.1.4\n"
	    "Agent Address = 192.0.2.1\n"
	    "Generic Trap = Enterprise-specific\n"
	    "Specific Trap = 1 (0x1)\n"
	    "Timestamp = 100 (0x64)\n"
	    "Variable Bindings = 0 (0x0)\n" },
	{ "SNMP in bulk", RAW,
	    IP4 "11" ADDRESSES
		"00a1 4000 0022 0000 301802010104067075626c6963a50b02010702010002010a3000",
	    "IP UDP SNMP",
	    "SNMP: Version 2c, Get bulk request 7\n"
	    "Version = 2c\n"
	    "Community = public\n"
	    "PDU = Get bulk request\n"
	    "Request Identifier = 7 (0x7)\n"
	    "Non-repeaters = 0 (0x0)\n"
	    "Maximum Repetitions = 10 (0xA)\n"
	    "Variable Bindings = 0 (0x0)\n" },
	{ "SNMP version 3", RAW,
	    IP4 "11" ADDRESSES "00a1 4000 004d 0000 "
		"3043020103300e020105020300ffe304010402010304193017040280000201080201090403626f6204"
		"02aabb0402ccdd3013040280000400a00b0201070201000201003000",
	    "IP UDP SNMP",
	    "SNMP: Version 3\n"
	    "Message Version = 3\n"
	    "Message Identifier = 5 (0x5)\n"
	    "Maximum Size = 65507 (0xFFE3)\n"
	    "Message Flags\n"
	    "Security Model = User-based\n"
	    "Security Parameters\n"
	    "Authoritative Engine\n"
	    "Engine Boots = 8 (0x8)\n"
	    "Engine Time = 9 (0x9)\n"
	    "User = bob\n"
	    "Authentication Parameters\n"
	    "Privacy Parameters\n"
	    "Context Engine\n"
	    "Context = \n"
	    "PDU = Get request\n"
	    "Request Identifier = 7 (0x7)\n"
	    "Error Status = No error\n"
	    "Error Index = 0 (0x0)\n"
	    "Variable Bindings = 0 (0x0)\n" },
	{ "SNMP that nobody can read", RAW,
	    IP4 "11" ADDRESSES "00a1 4000 003c 0000 "
		"3032020103300e020105020300ffe30401070201030419301704028000020108020"
		"1090403626f620402aabb0402ccdd04020102",
	    "IP UDP SNMP",
	    "Security Model = User-based\n"
	    "Security Parameters\n"
	    "Authoritative Engine\n"
	    "Engine Boots = 8 (0x8)\n"
	    "Engine Time = 9 (0x9)\n"
	    "User = bob\n"
	    "Authentication Parameters\n"
	    "Privacy Parameters\n"
	    "Encrypted Data\n" },
	{ "SNMP with something else in it", RAW,
	    IP4 "11" ADDRESSES "00a1 4000 001d 0000 301302010104067075626c6963a006020107040178",
	    "IP UDP SNMP",
	    "PDU = Get request\n"
	    "Request Identifier = 7 (0x7)\n"
	    "!Malformed\n" },
	{ "access is asked for", RAW,
	    IP4 "11" ADDRESSES "0714 4000 0072 0000 "
		"0107006a000102030405060708090a0b0c0d0e0f0105626f6202123031323334353637383961626364"
		"65660406c00002010506000000070606000000011e03611f036220056e61731a0a0000013701046162"
		"4f06010200045f1220010db8000000000000000000000001",
	    "IP UDP RADIUS",
	    "RADIUS: Access request, identifier 7\n"
	    "Code = Access request\n"
	    "Identifier = 7 (0x7)\n"
	    "Length = 106 (0x6A)\n"
	    "Authenticator\n"
	    "Attribute = User-Name\n"
	    "Attribute Length = 5 (0x5)\n"
	    "User Name = bob\n"
	    "Attribute = User-Password\n"
	    "Attribute Length = 18 (0x12)\n"
	    "Encrypted Password\n"
	    "Attribute = NAS-IP-Address\n"
	    "Attribute Length = 6 (0x6)\n"
	    "NAS Address = 192.0.2.1\n"
	    "Attribute = NAS-Port\n"
	    "Attribute Length = 6 (0x6)\n"
	    "NAS Port = 7 (0x7)\n"
	    "Attribute = Service-Type\n"
	    "Attribute Length = 6 (0x6)\n"
	    "Service Type = 1 (0x1)\n"
	    "Attribute = Called-Station-Id\n"
	    "Attribute Length = 3 (0x3)\n"
	    "Called Station = a\n"
	    "Attribute = Calling-Station-Id\n"
	    "Attribute Length = 3 (0x3)\n"
	    "Calling Station = b\n"
	    "Attribute = NAS-Identifier\n"
	    "Attribute Length = 5 (0x5)\n"
	    "NAS Identifier = nas\n"
	    "Attribute = Vendor-Specific\n"
	    "Attribute Length = 10 (0xA)\n"
	    "Vendor = 311 (0x137)\n"
	    "Attribute = EAP-Message\n"
	    "Attribute Length = 6 (0x6)\n"
	    "Value\n"
	    "Attribute = NAS-IPv6-Address\n"
	    "Attribute Length = 18 (0x12)\n"
	    "NAS IPv6 Address = 2001:db8::1\n" },
	{ "accounting", RAW,
	    IP4 "11" ADDRESSES "0715 4000 0045 0000 "
		"0407003d000102030405060708090a0b0c0d0e0f2806000000022c0473312e06000"
		"0003c0806c0000209120768656c6c6f1803781903791b0600000001",
	    "IP UDP RADIUS",
	    "RADIUS: Accounting request, identifier 7\n"
	    "Code = Accounting request\n"
	    "Identifier = 7 (0x7)\n"
	    "Length = 61 (0x3D)\n"
	    "Authenticator\n"
	    "Attribute = Acct-Status-Type\n"
	    "Attribute Length = 6 (0x6)\n"
	    "Accounting Status = 2 (0x2)\n"
	    "Attribute = Acct-Session-Id\n"
	    "Attribute Length = 4 (0x4)\n"
	    "Accounting Session = s1\n"
	    "Attribute = Acct-Session-Time\n"
	    "Attribute Length = 6 (0x6)\n"
	    "Session Time = 60 (0x3C)\n"
	    "Attribute = Framed-IP-Address\n"
	    "Attribute Length = 6 (0x6)\n"
	    "Framed Address = 192.0.2.9\n"
	    "Attribute = Reply-Message\n"
	    "Attribute Length = 7 (0x7)\n"
	    "Reply Message = hello\n"
	    "Attribute = State\n"
	    "Attribute Length = 3 (0x3)\n"
	    "State\n"
	    "Attribute = Class\n"
	    "Attribute Length = 3 (0x3)\n"
	    "Class\n"
	    "Attribute = Session-Timeout\n"
	    "Attribute Length = 6 (0x6)\n"
	    "Session Timeout = 1 (0x1)\n" },
	{ "an attribute without a length, RADIUS", RAW,
	    IP4 "11" ADDRESSES
		"0714 4000 0020 0000 02070018000102030405060708090a0b0c0d0e0f01006162",
	    "IP UDP RADIUS",
	    "!Attribute = User-Name\n"
	    "!Attribute Length = 0 (0x0)\n"
	    "User Name = ab\n" },
	{ "a RADIUS packet longer than it is", RAW,
	    IP4 "11" ADDRESSES "0714 4000 001c 0000 0207019000000000000000000000000000000000",
	    "IP UDP RADIUS",
	    "RADIUS: Access accept, identifier 7\n"
	    "Code = Access accept\n"
	    "Identifier = 7 (0x7)\n"
	    "!Length = 400 (0x190)\n"
	    "Authenticator\n" },
	{ "a file is asked for", RAW,
	    IP4 "11" ADDRESSES
		"0045 4000 0023 0000 0001612e747874006f6374657400626c6b73697a65003130323400",
	    "IP UDP TFTP",
	    "TFTP: Read request a.txt\n"
	    "Operation = Read request\n"
	    "Source File = a.txt\n"
	    "Mode = octet\n"
	    "Option = blksize\n"
	    "Option Value = 1024\n" },
	{ "a file is sent", RAW,
	    IP4 "11" ADDRESSES "0045 4000 0016 0000 0002612e747874006f6374657400", "IP UDP TFTP",
	    "TFTP: Write request a.txt\n"
	    "Operation = Write request\n"
	    "Destination File = a.txt\n"
	    "Mode = octet\n" },
	{ "a part of a file", RAW, IP4 "11" ADDRESSES "0045 4000 000f 0000 00030001616263",
	    "IP UDP TFTP",
	    "TFTP: Data, block 1\n"
	    "Operation = Data\n"
	    "Block = 1 (0x1)\n"
	    "TFTP Data\n" },
	{ "a part has come", RAW, IP4 "11" ADDRESSES "0045 4000 000c 0000 00040001", "IP UDP TFTP",
	    "TFTP: Acknowledgement, block 1\n"
	    "Operation = Acknowledgement\n"
	    "Block = 1 (0x1)\n" },
	{ "a file that is not there", RAW,
	    IP4 "11" ADDRESSES "0045 4000 0011 0000 000500016e6f6e6500", "IP UDP TFTP",
	    "TFTP: Error\n"
	    "Operation = Error\n"
	    "Error Code = File not found\n"
	    "Error Message = none\n" },
	{ "options are taken", RAW,
	    IP4 "11" ADDRESSES "0045 4000 0017 0000 0006626c6b73697a65003130323400", "IP UDP TFTP",
	    "TFTP: Option acknowledgement\n"
	    "Operation = Option acknowledgement\n"
	    "Option = blksize\n"
	    "Option Value = 1024\n" },
	{ "a file name without an end", RAW, IP4 "11" ADDRESSES "0045 4000 000e 0000 0001612e7478",
	    "IP UDP TFTP",
	    "TFTP: Read request a.tx\n"
	    "Operation = Read request\n"
	    "!Source File = a.tx\n" },
	{ "what is no TFTP", RAW, IP4 "11" ADDRESSES "0045 4000 000d 0000 0009616263", "IP UDP",
	    "UDP Data\n" },
	{ "a log message", RAW,
	    IP4 "11" ADDRESSES "0202 4000 002b 0000 "
		"3c33343e4f63742031312032323a31343a313520686f73742073753a206661696c6564",
	    "IP UDP SYSLOG",
	    "SYSLOG: <34>Oct 11 22:14:15 host su: failed\n"
	    "Facility = security\n"
	    "Severity = critical\n"
	    "Message = Oct 11 22:14:15 host su: failed\n" },
	{ "what is no log message", RAW, IP4 "11" ADDRESSES "0202 4000 000e 0000 3c3334206e6f",
	    "IP UDP", "UDP Data\n" },
	{ "engines of Net-SNMP and by address", RAW_IP,
	    OVER_UDP("4000", "00a1") "304e020103300e020105020300ffe3040104020103041d301b040d80001f8"
				     "88059dc48615d0f2244020108"
				     "020109040004000400301a040980000009010a0000010400a00b020107020"
				     "1000201003000",
	    "IP UDP SNMP",
	    "Authoritative Engine\n"
	    "Engine of SNMPv3's Form = 1 (0x1)\n"
	    "Engine's Enterprise = 8072 (0x1F88)\n"
	    "Engine's Format = 128 (0x80)\n"
	    "Engine's Data\n"
	    "Engine's Creation = 3/23/2006 3:00:45.000\n"
	    "Message Data = Plain text\n"
	    "Context Engine\n"
	    "Engine's Enterprise = 9 (0x9)\n"
	    "Engine's Format = IP address\n"
	    "Engine's IP Address = 10.0.0.1\n" },
	{ "engines by name and by MAC address", RAW_IP,
	    OVER_UDP("4000",
		"00a1") "304b020103300e020105020300ffe30401040201030418301604088000000904626f780201"
			"080201090400"
			"04000400301c040b80000009030200000000010400a00b0201070201000201003000",
	    "IP UDP SNMP",
	    "Engine's Format = Text\n"
	    "Engine's Text = box\n"
	    "Engine's Format = MAC address\n"
	    "Engine's MAC Address = 020000000001\n" },
	{ "engines of the old form and of IPv6", RAW_IP,
	    OVER_UDP("4000", "00a1") "3059020103300e020105020300ffe3040104020103041c301a040c0000000"
				     "9010203040506070802010802"
				     "010904000400040030260415800000090220010db80000000000000000000"
				     "000010400a00b020107020100"
				     "0201003000",
	    "IP UDP SNMP",
	    "Engine of SNMPv3's Form = 0 (0x0)\n"
	    "Engine's Enterprise = 9 (0x9)\n"
	    "Engine's Data\n"
	    "Engine's Format = IPv6 address\n"
	    "Engine's IPv6 Address = 2001:db8::1\n" },
	{ "engines that are too short", RAW_IP,
	    OVER_UDP("4000", "00a1") "3043020103300e020105020300ffe30401040201030413301104038000000"
				     "2010802010904000400040030"
				     "19040880000009010a00010400a00b0201070201000201003000",
	    "IP UDP SNMP",
	    "Authoritative Engine\n"
	    "Engine Boots = 8 (0x8)\n"
	    "Context Engine\n"
	    "Engine's Format = IP address\n"
	    "Context = \n" },
	{ "options that are seldom seen", RAW_IP,
	    OVER_UDP("0044", "0043") "0101060011223344000000000000000000000000000000000000000002000"
				     "0000001000000000000000000"
				     "0000000000000000000000000000000000000000000000000000000000000"
				     "0000000000000000000000000"
				     "0000000000000000000000000000000000000000000000000000000000000"
				     "0000000000000000000000000"
				     "0000000000000000000000000000000000000000000000000000000000000"
				     "0000000000000000000000000"
				     "0000000000000000000000000000000000000000000000000000000000000"
				     "0000000000000000000000000"
				     "0000000000000000000000000000000000000000006382536308040a00000"
				     "115080a000000ff0000001401"
				     "0119040044012823040000003c4002797041040a00000248080a0000030a0"
				     "000046404555443305a0b0101"
				     "000000000000000007521a01016105040a00000506026d650a01800b040a0"
				     "000060c02010276020a00ff00"
				     "00",
	    "IP UDP DHCP",
	    "Option = Quotes server\n"
	    "Quotes Server = 10.0.0.1\n"
	    "Policy Filter = 10.0.0.0\n"
	    "Policy Filter's Mask = 255.0.0.0\n"
	    "Non-local Source Routing = 1 (0x1)\n"
	    "Path MTU Plateau = 68 (0x44)\n"
	    "Path MTU Plateau = 296 (0x128)\n"
	    "ARP Cache Timeout = 60 (0x3C)\n"
	    "NIS+ Domain = yp\n"
	    "NIS+ Server = 10.0.0.2\n"
	    "Web Server = 10.0.0.3\n"
	    "Web Server = 10.0.0.4\n"
	    "Time Zone = UTC0\n"
	    "Authentication Protocol = 1 (0x1)\n"
	    "Authentication Algorithm = 1 (0x1)\n"
	    "Replay Detection Method = 0 (0x0)\n"
	    "Replay Detection = 7 (0x7)\n"
	    "Relay Option = Circuit identifier\n"
	    "Link Selection = 10.0.0.5\n"
	    "Subscriber = me\n"
	    "Relay Flags = 128 (0x80)\n"
	    "Server Identifier Override = 10.0.0.6\n"
	    "Relay Agent Identifier\n"
	    "Option = Subnet selection\n"
	    "!Subnet Selection = 0A00\n"
	    "Option = End\n"
	    "Padding\n" },
};

int main(void)
{
	return parse_cases_run(cases, COUNT(cases));
}
