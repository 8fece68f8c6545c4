/* SPDX-License-Identifier: MIT */
/* The parsers of Windows networks: NetBIOS, SMB, Kerberos, LDAP. */
#include "parse_case.h"

#define NETBIOS   OVER_TCP("0400", "008b")
#define DIRECT    OVER_TCP("0400", "01bd")
#define DATAGRAM  OVER_UDP("008a", "008a")
#define KDC       OVER_UDP("0400", "0058")
#define KDC_TCP   OVER_TCP("0058", "0400")
#define DIRECTORY OVER_TCP("0400", "0185")
#define CLDAP_    OVER_UDP("0400", "0185")

static const struct parse_case cases[] = {
	{ "a keep-alive, then a request", RAW_IP,
	    NETBIOS "8500000081000044204543454646454542434143414341434143414341434143414341434143"
		    "41434100204542454d4641454945424341434143414341434143414341434143414341414100",
	    "IP TCP NBSS NBSS",
	    "NBSS: Session keep-alive, length 0\n"
	    "NBSS: Session request, length 68\n"
	    "Packet Type = Session request\n"
	    "Packet Length = 68 (0x44)\n"
	    "Called Name = BETA<20>\n"
	    "Calling Name = ALPHA<00>\n" },
	{ "a request whose name is cut", RAW_IP, NETBIOS "8100004420454345464645454243",
	    "IP TCP NBSS", "!Called Name =  ECEFFEEBC\n" },
	{ "a negative response", RAW_IP, NETBIOS "8300000182", "IP TCP NBSS",
	    "Error Code = Called name not present\n" },
	{ "a retargeting response", RAW_IP, NETBIOS "840000060a000009008b", "IP TCP NBSS",
	    "Retarget IP Address = 10.0.0.9\n"
	    "Retarget Port = 139 (0x8B)\n" },
	{ "what continues a message is not of NetBIOS", RAW_IP, NETBIOS "0001020304050607",
	    "IP TCP", "" },
	{ "dialects of SMB 1", RAW_IP,
	    DIRECT "0000003aff534d4272000000001803c800000000000000000000000001000200030004000017"
		   "00024e54204c4d20302e31320002534d4220322e30303200",
	    "IP TCP NBSS SMB",
	    "NBSS: Session message, length 58\n"
	    "SMB: Negotiate request\n"
	    "Command = Negotiate\n"
	    "NT Status = STATUS_SUCCESS\n"
	    "Tree ID = 1 (0x1)\n"
	    "Multiplex ID = 4 (0x4)\n"
	    "Word Count = 0 (0x0)\n"
	    "Byte Count = 23 (0x17)\n"
	    "Dialect = NT LM 0.12\n"
	    "Dialect = SMB 2.002\n" },
	{ "commands in one message", RAW_IP,
	    DIRECT "0000004aff534d4273000000001803c800000000000000000000000001000200030004000475"
		   "002c000000000001007804ff000000000001001300005c005c0053005c00430000003f3f3f3f"
		   "3f00",
	    "IP TCP NBSS SMB",
	    "SMB: Session setup AndX request; Tree connect AndX, \\\\S\\C\n"
	    "Next Command = Tree connect AndX\n"
	    "Next Offset = 44 (0x2C)\n"
	    "Next Command = No further command\n"
	    "Path (Unicode) = \\\\S\\C\n" },
	{ "an error of DOS", RAW_IP,
	    DIRECT "00000023ff534d422e0100050098010000000000000000000000000001000200030004000000"
		   "00",
	    "IP TCP NBSS SMB",
	    "SMB: Read AndX response, error 5 of class 1\n"
	    "Error Class = DOS\n"
	    "Error Code = 5 (0x5)\n" },
	{ "SMB cut short", RAW_IP, DIRECT "00000023ff534d422e", "IP TCP NBSS SMB",
	    "!SMB: Cut short\n" },
	{ "a mailslot in a datagram", RAW_IP,
	    DATAGRAM "110a00070a000001008a00660000204542454d46414549454243414341434143414341434143"
		     "4143414341434141410020454345464645454243414341434143414341434143414341434143"
		     "414341434100ff534d4225000000001800000000000000000000000000000100020003000400"
		     "110000000000000000000000000000000000000000000000000000000000000000000011005c"
		     "4d41494c534c4f545c42524f57534500",
	    "IP UDP NBDGM SMB",
	    "NBDGM: Direct group datagram, ALPHA<00> -> BETA<20>\n"
	    "Source Node = M node\n"
	    "First Fragment = 1 (0x1)\n"
	    "More Fragments = 0 (0x0)\n"
	    "Datagram ID = 7 (0x7)\n"
	    "Source IP Address = 10.0.0.1\n"
	    "Source Name = ALPHA<00>\n"
	    "Destination Name = BETA<20>\n"
	    "SMB: Transaction request, \\MAILSLOT\\BROWSE\n"
	    "Transaction Name = \\MAILSLOT\\BROWSE\n" },
	{ "a datagram without names", RAW_IP, DATAGRAM "110a00070a000001008a00060000",
	    "IP UDP NBDGM", "" },
	{ "a datagram of no type", RAW_IP, DATAGRAM "ff0a00070a000001008a", "IP UDP NBDGM",
	    "!NBDGM: type 0xFF\n" },
	{ "dialects of SMB 2", RAW_IP,
	    DIRECT "00000068fe534d42400001000000000000001f0000000000000000000500000000000000fffe"
		   "0000090000002211000000000000000000000000000000000000000000002400020001000000"
		   "7f000000000102030405060708090a0b0c0d0e0f000000000000000002021103",
	    "IP TCP NBSS SMB2",
	    "SMB2: Negotiate request\n"
	    "Command = Negotiate\n"
	    "Credits Requested = 31 (0x1F)\n"
	    "Message ID = 5 (0x5)\n"
	    "Process ID = 65279 (0xFEFF)\n"
	    "Tree ID = 9 (0x9)\n"
	    "Session ID = 4386 (0x1122)\n"
	    "Dialect Count = 2 (0x2)\n"
	    "Capabilities = 127 (0x7F)\n"
	    "Dialect = SMB 2.0.2\n"
	    "Dialect = SMB 3.1.1\n" },
	{ "a tree", RAW_IP,
	    DIRECT "00000058fe534d42400001000000000003001f0000000000000000000500000000000000fffe"
		   "0000090000002211000000000000000000000000000000000000000000000900000048001000"
		   "5c005c0053005c004900500043002400",
	    "IP TCP NBSS SMB2",
	    "SMB2: Tree connect request, \\\\S\\IPC$\n"
	    "Tree = \\\\S\\IPC$\n" },
	{ "messages in one", RAW_IP,
	    DIRECT "000000e0fe534d42400001000000000005001f0000000000880000000500000000000000fffe"
		   "0000090000002211000000000000000000000000000000000000000000003900000902000000"
		   "0000000000000000000000000000000089001200800000000700000001000000400000007800"
		   "0a00000000000000000061002e00740078007400000000000000fe534d424000010000000000"
		   "06001f0004000000000000000500000000000000fffe00000900000022110000000000000000"
		   "00000000000000000000000000001800010000000000ffffffffffffffffffffffffffffffff",
	    "IP TCP NBSS SMB2",
	    "SMB2: Create request, a.txt; Close request\n"
	    "Chain Offset = 136 (0x88)\n"
	    "Impersonation Level = Impersonation\n"
	    "Create Disposition = Open\n"
	    "File Name = a.txt\n"
	    "Command = Close\n"
	    "File ID\n" },
	{ "an error", RAW_IP,
	    DIRECT "00000049fe534d4240000100340000c005001f0001000000000000000500000000000000fffe"
		   "0000090000002211000000000000000000000000000000000000000000000900000000000000"
		   "00",
	    "IP TCP NBSS SMB2",
	    "SMB2: Create response, STATUS_OBJECT_NAME_NOT_FOUND\n"
	    "NT Status = STATUS_OBJECT_NAME_NOT_FOUND\n"
	    "Credits Granted = 31 (0x1F)\n"
	    "Structure Size = 9 (0x9)\n"
	    "Error Byte Count = 0 (0x0)\n" },
	{ "data that was read", RAW_IP,
	    DIRECT "00000053fe534d42400001000000000008001f0001000000000000000500000000000000fffe"
		   "0000090000002211000000000000000000000000000000000000000000001100500003000000"
		   "0000000000000000616263",
	    "IP TCP NBSS SMB2",
	    "SMB2: Read response\n"
	    "Data Length = 3 (0x3)\n"
	    "Data Read\n" },
	{ "two messages in a segment", RAW_IP,
	    DIRECT "00000049fe534d4240000100340000c005001f0001000000000000000500000000000000fffe"
		   "0000090000002211000000000000000000000000000000000000000000000900000000000000"
		   "0000000053fe534d42400001000000000008001f0001000000000000000500000000000000ff"
		   "fe00000900000022110000000000000000000000000000000000000000000011005000030000"
		   "000000000000000000616263",
	    "IP TCP NBSS SMB2 NBSS SMB2",
	    "SMB2: Create response, STATUS_OBJECT_NAME_NOT_FOUND\n"
	    "SMB2: Read response\n" },
	{ "a place in the header", RAW_IP,
	    DIRECT "00000058fe534d42400001000000000003001f0000000000000000000500000000000000fffe"
		   "0000090000002211000000000000000000000000000000000000000000000900000008001000"
		   "5c005c0053005c004900500043002400",
	    "IP TCP NBSS SMB2",
	    "SMB2: Tree connect request\n"
	    "!Tree = \n" },
	{ "an encrypted message", RAW_IP,
	    DIRECT "00000036fd534d42111111111111111111111111111111112222222222222222222222222222"
		   "222202000000000001000900000000000000abcd",
	    "IP TCP NBSS SMB2",
	    "SMB2: Encrypted\n"
	    "Message Size = 2 (0x2)\n"
	    "Transform Flags = 1 (0x1)\n"
	    "Transform Session ID = 9 (0x9)\n"
	    "Encrypted Data\n" },
	{ "what a client offers in SMB 3.1.1", RAW_IP,
	    DIRECT
	    "000000d1fe534d4240000000000000000000010000000000000000000100000000000000000000000000"
	    "000000000000000000000000000000000000000000000000000024000200030000007f00000011111111"
	    "11111111111111111111111168000000060000000003110301000b00000000000200030001000900aabb"
	    "cc00000000000200040000000000010002000000000003000a0000000000010000000100000002000000"
	    "000000000500020000000000730000000000000008000400000000000100010000000000630001000000"
	    "000077",
	    "IP TCP NBSS SMB2",
	    "Structure Size = 36 (0x24)\n"
	    "Dialect Count = 2 (0x2)\n"
	    "Security Mode = 3 (0x3)\n"
	    "Dialect = SMB 3.0\n"
	    "Dialect = SMB 3.1.1\n"
	    "Contexts of the Client at = 104 (0x68)\n"
	    "Contexts of the Client = 6 (0x6)\n"
	    "Negotiate Context = Integrity before authentication\n"
	    "Context Length = 11 (0xB)\n"
	    "Hash Count = 2 (0x2)\n"
	    "Salt Length = 3 (0x3)\n"
	    "Hash = 1 (0x1)\n"
	    "Hash = 9 (0x9)\n"
	    "Salt\n"
	    "Negotiate Context = Encryption\n"
	    "Cipher Count = 1 (0x1)\n"
	    "Cipher = AES-128-GCM\n"
	    "Negotiate Context = Compression\n"
	    "Compression Count = 1 (0x1)\n"
	    "Compression Flags offered = 1 (0x1)\n"
	    "Compression = 2 (0x2)\n"
	    "Negotiate Context = Net name\n"
	    "Net Name = s\n"
	    "Negotiate Context = Signing\n"
	    "Signing Count = 1 (0x1)\n"
	    "Signing = 1 (0x1)\n"
	    "Negotiate Context = 99 (0x63)\n"
	    "Context Data\n" },
	{ "an offer that is cut", RAW_IP,
	    DIRECT
	    "00000076fe534d4240000000000000000000010000000000000000000100000000000000000000000000"
	    "000000000000000000000000000000000000000000000000000024000100000000000000000011111111"
	    "1111111111111111111111116800000001000000110300000100260000000000090009000100",
	    "IP TCP NBSS SMB2",
	    "!Negotiate Context = Integrity before authentication\n"
	    "!Context Length = 38 (0x26)\n"
	    "Hash Count = 9 (0x9)\n"
	    "Hash = 1 (0x1)\n" },
	{ "a file is opened, with contexts", RAW_IP,
	    DIRECT
	    "000000b2fe534d4240000000000000000500010000000000000000000100000000000000000000000000"
	    "000000000000000000000000000000000000000000000000000039000000020000000000000000000000"
	    "00000000000000009f011200800000000700000001000000400000007800020080000000320000006600"
	    "000000000000180000001000040000000000000000004d78416300000000000000001000040000001800"
	    "020000005146696400000000abcd",
	    "IP TCP NBSS SMB2",
	    "Desired Access = 1180063 (0x12019F)\n"
	    "Share Access = 7 (0x7)\n"
	    "Create Options = 64 (0x40)\n"
	    "Buffer Offset = 120 (0x78)\n"
	    "Buffer Length = 2 (0x2)\n"
	    "File Name = f\n"
	    "Create Contexts\n"
	    "Create Context's Size = 24 (0x18)\n"
	    "Create Context = MxAc\n"
	    "Create Context's Size = 0 (0x0)\n"
	    "Create Context = QFid\n"
	    "Create Context's Data\n" },
	{ "a file is opened, and when it was written", RAW_IP,
	    OVER_TCP("01bd", "0400") "00000098fe534d42400000000000000005000100010000000000000001000"
				     "00000000000000000000000"
				     "0000000000000000000000000000000000000000000000000000590000000"
				     "100000000005af64cf5d401"
				     "000000000000000000005af64cf5d40100005af64cf5d4010010000000000"
				     "00007000000000000002000"
				     "000000000000222222222222222222222222222222220000000000000000",
	    "IP TCP NBSS SMB2",
	    "Create Action = Opened\n"
	    "Created = 4/17/2019 18:40:00.000\n"
	    "Last Access = 1/1/1970 0:00:00.000\n"
	    "Last Write = 4/17/2019 18:40:00.000\n"
	    "Allocation Size = 4096 (0x1000)\n"
	    "Buffer Offset = 0 (0x0)\n"
	    "Buffer Length = 0 (0x0)\n" },
	{ "SMB 2 cut short", RAW_IP, DIRECT "00000068fe534d424000", "IP TCP NBSS SMB2",
	    "!SMB2: Cut short\n" },
	{ "a request for a ticket", RAW_IP,
	    KDC "6a8187308184a103020105a20302010aa310300e300ca10402020080a20404023000a4663064"
		"a00703050040000000a110300ea003020101a10730051b03626f62a2081b0645582e4f5247a3"
		"1b3019a003020102a11230101b066b72627467741b0645582e4f5247a511180f323033373039"
		"31333032343830355aa703020107a8083006020112020117",
	    "IP UDP KERBEROS",
	    "KERBEROS: AS-REQ, realm EX.ORG\n"
	    "Protocol Version = 5 (0x5)\n"
	    "Message Type = AS-REQ\n"
	    "Pre-Authentication Type = PAC request\n"
	    "Name Type = Principal\n"
	    "Client Name String = bob\n"
	    "Realm = EX.ORG\n"
	    "Server Name String = krbtgt\n"
	    "Server Name String = EX.ORG\n"
	    "Till = 9/13/2037 2:48:05.000\n"
	    "Nonce = 7 (0x7)\n"
	    "Encryption Type Wanted = aes256-cts-hmac-sha1-96\n"
	    "Encryption Type Wanted = rc4-hmac\n" },
	{ "values of pre-authentication, options and addresses", RAW_IP,
	    KDC
	    "6a81db3081d8a103020105a20302010aa3773075302ca103020113a225042330213012a003020112a10b"
	    "1b0945582e4f5247626f62300ba003020117a10404020102301ba103020102a21404123010a003020112"
	    "a103020102a2040402aabb3011a10402020080a20904073005a0030101ff3015a104020200a7a20d040b"
	    "3009a00703050040000000a4533051a00703050040810010a2081b0645582e4f5247a511180f32303234"
	    "303232393233353935395aa703020107a910300e300ca003020114a1050403424f58aa123010a0030201"
	    "12a103020102a2040402aabb",
	    "IP UDP KERBEROS",
	    "AS-REQ Message\n"
	    "Pre-Authentication Type = Encryption type info 2\n"
	    "Pre-Authentication Value\n"
	    "Encryption Type's Info\n"
	    "Encryption Type = aes256-cts-hmac-sha1-96\n"
	    "Salt = EX.ORGbob\n"
	    "Encryption Type = rc4-hmac\n"
	    "Salt Bytes\n"
	    "Pre-Authentication Type = Encrypted timestamp\n"
	    "Encryption Type = aes256-cts-hmac-sha1-96\n"
	    "Key Version = 2 (0x2)\n"
	    "Cipher\n"
	    "Pre-Authentication Type = PAC request\n"
	    "Include PAC = 1 (0x1)\n"
	    "Pre-Authentication Type = PAC options\n"
	    "PAC Options\n"
	    "PAC Option Bits = 1073741824 (0x40000000)\n"
	    "KDC Options\n"
	    "KDC Option Bits = 1082195984 (0x40810010)\n"
	    "Realm = EX.ORG\n"
	    "Till = 2/29/2024 23:59:59.000\n"
	    "Nonce = 7 (0x7)\n"
	    "Host Address\n"
	    "Address Type = 20 (0x14)\n"
	    "Address\n"
	    "Encrypted Authorization\n"
	    "Cipher\n" },
	{ "options that are short, times that are none", RAW_IP,
	    KDC
	    "6a3a3038a4363034a00403020040a411180f32303234313330313030303030305aa506180432303234a6"
	    "11180f32303234303130313030303030785a",
	    "IP UDP KERBEROS",
	    "KDC Options\n"
	    "KDC Option Bits = 1073741824 (0x40000000)\n"
	    "From = 0/0/0 0:00:00.000\n"
	    "Till = 0/0/0 0:00:00.000\n"
	    "Renew Till = 0/0/0 0:00:00.000\n" },
	{ "a reply, over TCP", RAW_IP,
	    KDC_TCP "0000007c6b7a3078a003020105a10302010ba3081b0645582e4f5247a410300ea003020101a1"
		    "0730051b03626f62a53c613a3038a003020105a1081b0645582e4f5247a2133011a003020102"
		    "a10a30081b066b7262746774a3123010a003020112a103020102a2040402aabba6123010a003"
		    "020112a103020102a2040402aabb",
	    "IP TCP KERBEROS",
	    "KERBEROS: AS-REP, realm EX.ORG\n"
	    "Record Length = 124 (0x7C)\n"
	    "Client Realm = EX.ORG\n"
	    "Ticket\n"
	    "Ticket Version = 5 (0x5)\n"
	    "Realm = EX.ORG\n"
	    "Key Version = 2 (0x2)\n"
	    "Cipher\n" },
	{ "an error of the KDC", RAW_IP,
	    KDC "7e483046a003020105a10302011ea411180f32303234303130313030303030305aa503020101"
		"a603020119a9081b0645582e4f5247aa133011a003020102a10a30081b066b7262746774",
	    "IP UDP KERBEROS",
	    "KERBEROS: KRB-ERROR, realm EX.ORG, KDC_ERR_PREAUTH_REQUIRED\n"
	    "Server Time = 1/1/2024 0:00:00.000\n"
	    "Error Code = KDC_ERR_PREAUTH_REQUIRED\n" },
	{ "an element longer than the one around it", RAW_IP, KDC "6a0c300aa103020105a2040402010a",
	    "IP UDP KERBEROS",
	    "Protocol Version = 5 (0x5)\n"
	    "!Message Type = \n" },
	{ "what is no Kerberos", RAW_IP, KDC "3003020101", "IP UDP", "" },
	{ "a bind, a search, a change, a deletion, the end", RAW_IP,
	    DIRECTORY "3012020101600d0201030404636e3d618002707730560201026343040464633d780a01020a01"
		      "000201000201090101ffa022a30a04037569640403626f62a20687046d61696ca40c0402636e"
		      "300680016282017930080402636e0402736ea00c300a0405312e322e330101ff302002010366"
		      "1b04077569643d626f623010300e0a010230090402736e3103040142300c0201044a07756964"
		      "3d626f6230050201054200",
	    "IP TCP LDAP",
	    "LDAP: Bind request 1, cn=a; Search request 2, dc=x; Modify request 3, uid=bob; Delete "
	    "request 4; ...\n"
	    "Message ID = 1 (0x1)\n"
	    "Operation = Bind request\n"
	    "Version = 3 (0x3)\n"
	    "Name = cn=a\n"
	    "Simple Authentication = pw\n"
	    "Operation = Search request\n"
	    "Base Object = dc=x\n"
	    "Scope = Whole subtree\n"
	    "Dereference Aliases = Never\n"
	    "Time Limit = 9 (0x9)\n"
	    "Types Only = 1 (0x1)\n"
	    "And\n"
	    "Equal\n"
	    "Attribute Description = uid\n"
	    "Assertion Value = bob\n"
	    "Not\n"
	    "Present = mail\n"
	    "Substrings\n"
	    "Initial = b\n"
	    "Final = y\n"
	    "Attribute Wanted = cn\n"
	    "Attribute Wanted = sn\n"
	    "Control Type = 1.2.3\n"
	    "Criticality = 1 (0x1)\n"
	    "Object = uid=bob\n"
	    "Modification = Replace\n"
	    "Attribute = sn\n"
	    "Attribute Value = B\n"
	    "Deleted Entry = uid=bob\n"
	    "Operation = Unbind request\n" },
	{ "a rule of matching, and what is in the middle", RAW_IP,
	    DIRECTORY
	    "3029020107632404000a01020a0100020100020100010100a90f8103312e328202636e8301768401ff30"
	    "00"
	    "3026020107632104000a01020a0100020100020100010100a40c0402636e300681016d81016e3000",
	    "IP TCP LDAP",
	    "Extensible\n"
	    "Matching Rule = 1.2\n"
	    "Attribute = cn\n"
	    "Match Value = v\n"
	    "DN Attributes = 1 (0x1)\n"
	    "Substrings\n"
	    "Anywhere = m\n"
	    "Anywhere = n\n" },
	{ "a result", RAW_IP,
	    DIRECTORY "3021020102641c04077569643d626f623011300f0402636e31090403426f6204020001301002"
		      "0102650b0a0120040004046e6f6e65",
	    "IP TCP LDAP",
	    "LDAP: Search result entry 2, uid=bob; Search result done 2, No such object\n"
	    "Object Name = uid=bob\n"
	    "Attribute = cn\n"
	    "Attribute Value = Bob\n"
	    "Attribute Value\n"
	    "Result Code = No such object\n"
	    "Matched DN = \n"
	    "Error Message = none\n" },
	{ "LDAP wrapped by SASL", RAW_IP, DIRECTORY "0000000605040600abcd", "IP TCP LDAP",
	    "LDAP: SASL buffer, length 6\n"
	    "SASL Buffer Length = 6 (0x6)\n"
	    "SASL Buffer\n" },
	{ "LDAP that is signed", RAW_IP,
	    DIRECTORY "00000019050404ff000200020000000000000001aabb30050201054200", "IP TCP LDAP",
	    "LDAP: Unbind request 5\n"
	    "SASL Buffer\n"
	    "Message ID = 5 (0x5)\n" },
	{ "more messages than are believed", RAW_IP,
	    NETBIOS "8500000085000000850000008500000085000000850000008500000085000000850000008500"
		    "0000850000008500000085000000850000008500000085000000850000008500000085000000"
		    "8500000085000000850000008500000085000000850000008500000085000000850000008500"
		    "000085000000",
	    "IP TCP NBSS NBSS NBSS NBSS NBSS NBSS NBSS NBSS NBSS NBSS NBSS NBSS NBSS NBSS NBSS "
	    "NBSS NBSS NBSS NBSS NBSS NBSS NBSS NBSS NBSS",
	    "NBSS: Session keep-alive, length 0\n" },
	{ "LDAP over UDP", RAW_IP, CLDAP_ "30050201054200", "IP UDP CLDAP",
	    "CLDAP: Unbind request 5\n" },
	{ "what continues a message is not of LDAP", RAW_IP, DIRECTORY "68656c6c6f", "IP TCP", "" },
	{ "elements in elements without end", RAW_IP,
	    DIRECTORY "308200d0020101638200c804000a01000a0100020100020100010100a281a2a2819fa2819ca2"
		      "8199a28196a28193a28190a2818da2818aa28187a28184a28181a2817ea2817ba28178a28175"
		      "a28172a2816fa2816ca28169a28166a28163a28160a2815da2815aa28157a28154a28151a281"
		      "4ea2814ba28148a28145a28142a2813fa2813ca28139a28136a28133a28130a2812da2812aa2"
		      "8127a28124a28121a2811ea2811ba28118a28115a28112a2810fa2810ca28109a28106a28103"
		      "a28100",
	    "IP TCP LDAP", "Not\n" },
};

int main(void)
{
	return parse_cases_run(cases, COUNT(cases));
}
