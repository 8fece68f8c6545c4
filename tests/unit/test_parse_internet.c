/* SPDX-License-Identifier: MIT */
/* The parsers of FTP, SMTP, POP, IMAP, SSH. */
#include "parse_case.h"

#define FTP   OVER_TCP("0400", "0015")
#define FTPD  OVER_TCP("0015", "0400")
#define SMTP  OVER_TCP("0400", "0019")
#define SMTPD OVER_TCP("0019", "0400")
#define POP   OVER_TCP("0400", "006e")
#define POPD  OVER_TCP("006e", "0400")
#define IMAP  OVER_TCP("0400", "008f")
#define IMAPD OVER_TCP("008f", "0400")
#define SSH   OVER_TCP("0400", "0016")
#define NL    "0d0a "

static const struct parse_case cases[] = {
	{ "a command of FTP", RAW_IP, FTP "'USER  anonymous'" NL, "IP TCP FTP",
	    "FTP: USER  anonymous\nRequest = 1 (0x1)\nResponse = 0 (0x0)\nUSER  anonymous\n"
	    "Command = USER\nArgument = anonymous\n" },
	{ "a port of FTP", RAW_IP, FTP "'PORT 10,0,0,7,4,210'" NL, "IP TCP FTP",
	    "Active IP Address = 10.0.0.7\nActive Port = 1234 (0x4D2)\n" },
	{ "a port that is none", RAW_IP, FTP "'PORT 10,0,0,7,4,256'" NL, "IP TCP FTP",
	    "Argument = 10,0,0,7,4,256\n" },
	{ "a response of FTP over several lines", RAW_IP,
	    FTPD "'230-Hello'" NL "' you'" NL "'230 Done'" NL, "IP TCP FTP",
	    "FTP: 230-Hello\nRequest = 0 (0x0)\nResponse = 1 (0x1)\n230-Hello\n"
	    "Response Code = 230 (0xE6)\nResponse Argument = Hello\n you\n230 Done\n"
	    "Response Argument = Done\n" },
	{ "passive mode", RAW_IP, FTPD "'227 Entering Passive Mode (10,0,0,7,4,210)'" NL,
	    "IP TCP FTP", "Passive IP Address = 10.0.0.7\nPassive Port = 1234 (0x4D2)\n" },
	{ "extended passive mode", RAW_IP, FTPD "'229 Entering (|||1234|)'" NL, "IP TCP FTP",
	    "Extended Passive Port = 1234 (0x4D2)\n" },
	{ "extended active mode", RAW_IP,
	    FTP "'EPRT |2|2001:db8::1|1234|'" NL "'EPRT !1!10.0.0.7!99!'" NL, "IP TCP FTP",
	    "Extended Active Family = IPv6\nExtended Active IPv6 Address = 2001:db8::1\n"
	    "Extended Active Port = 1234 (0x4D2)\nExtended Active Family = IP\n"
	    "Extended Active Address = 10.0.0.7\nExtended Active Port = 99 (0x63)\n" },
	{ "extended active mode of nowhere", RAW_IP,
	    FTP "'EPRT |1|2001:db8::1|70000|'" NL "'EPRT |x|y'" NL, "IP TCP FTP",
	    "Extended Active Family = IP\n!Extended Active Port = \nArgument = |x|y\n" },
	{ "neither command nor response", RAW_IP, FTP "fff4", "IP TCP FTP", "FTP: ..\n..\n" },
	{ "commands of SMTP", RAW_IP, SMTP "'mail FROM:<a@b>'" NL "'DATA'" NL, "IP TCP SMTP",
	    "SMTP: mail FROM:<a@b>\nCommand = mail\nParameter = FROM:<a@b>\nCommand = DATA\n" },
	{ "responses of SMTP", RAW_IP, SMTPD "'250-a'" NL "'250'" NL, "IP TCP SMTP",
	    "SMTP: 250-a\nResponse Code = 250 (0xFA)\nResponse Parameter = a\n250\n"
	    "Response Code = 250 (0xFA)\n" },
	{ "a mail", RAW_IP, SMTP "'Subject: x'" NL "'MAIL'" NL, "IP TCP SMTP",
	    "SMTP: Subject: x\nSubject: x\n" },
	{ "a command of POP", RAW_IP, POP "'RETR 1'" NL, "IP TCP POP3",
	    "POP3: RETR 1\nCommand = RETR\nParameter = 1\n" },
	{ "a response of POP", RAW_IP, POPD "'+OK 2 octets'" NL "'x'" NL, "IP TCP POP3",
	    "POP3: +OK 2 octets\nIndicator = +OK\nDescription = 2 octets\nx\n" },
	{ "who logs in, and which folder", RAW_IP,
	    IMAP "'a1 LOGIN me you'" NL "'a2 select box'" NL "'a3 UID fetch 1'" NL "'a4 LOGIN'" NL,
	    "IP TCP IMAP",
	    "Whole Request = a1 LOGIN me you\nRequest Command = LOGIN\nUser Name = me\n"
	    "Password = you\nRequest Command = select\nFolder = box\nBy UID = 1 (0x1)\n"
	    "Request Command = fetch\nWhole Request = a4 LOGIN\nRequest Command = LOGIN\n" },
	{ "a command of IMAP", RAW_IP, IMAP "'a1 LOGIN me you'" NL, "IP TCP IMAP",
	    "IMAP: a1 LOGIN me you\nRequest Tag = a1\nRequest Command = LOGIN\n" },
	{ "a command of IMAP by unique identifiers", RAW_IP, IMAP "'a2 UID FETCH 1'" NL,
	    "IP TCP IMAP", "Request Tag = a2\nRequest Command = FETCH\n" },
	{ "responses of IMAP", RAW_IP, IMAPD "'* 2 EXISTS'" NL "'a1 OK done'" NL, "IP TCP IMAP",
	    "IMAP: * 2 EXISTS\nResponse Text = 2 EXISTS\nResponse Tag = a1\n"
	    "Response Status = OK\nResponse Command = done\nResponse Text = done\n" },
	{ "a greeting of IMAP", RAW_IP, IMAPD "'* OK ready'" NL, "IP TCP IMAP",
	    "IMAP: * OK ready\nUntagged Status = OK\nResponse Text = ready\n" },
	{ "a version of SSH, and keys", RAW_IP,
	    SSH "'SSH-2.0-me'" NL
		"000000940714000102030405060708090a0b0c0d0e0f00000011637572766532353531392d73"
		"68613235360000000b7373682d656432353531390000000a6165733132382d6374720000000a"
		"6165733235362d6374720000000d686d61632d736861322d32353600000009686d61632d7368"
		"6131000000046e6f6e65000000046e6f6e650000000000000000000000000000000000000000",
	    "IP TCP SSH",
	    "SSH: SSH-2.0-me\nProtocol Version = SSH-2.0-me\nPacket\n"
	    "Packet Length = 148 (0x94)\nPadding Length = 7 (0x7)\n"
	    "Message = Key exchange init\nCookie\nKey Exchange Algorithms Length = 17 (0x11)\n"
	    "Key Exchange Algorithms = curve25519-sha256\n"
	    "Encryption Algorithms, Server to Client = aes256-ctr\n"
	    "Languages, Server to Client Length = 0 (0x0)\n"
	    "First Key Exchange Packet Follows = 0 (0x0)\nReserved = 0 (0x0)\n" },
	{ "another message of SSH", RAW_IP, SSH "0000000c 0a 15 00000000000000000000", "IP TCP SSH",
	    "SSH: New keys\nMessage = New keys\n" },
	{ "keys of SSH are agreed upon", RAW_IP,
	    SSH
	    "0000000c041e00000002aabb00000000"
	    "000000440b1f000000160000000b7373682d6564323535313900000002aabbcc00000001ee0000001400"
	    "00000b7373682d6564323535313900000001dd0000000000000000000000"
	    "0000003c072100000012000000077373682d7273610000000301000100000001ee000000140000000b73"
	    "73682d6564323535313900000001dd00000000000000",
	    "IP TCP SSH",
	    "Message = Key exchange: Diffie-Hellman init, or elliptic curve init\n"
	    "Client's Ephemeral Key Length = 2 (0x2)\nClient's Ephemeral Key\nPadding\n"
	    "Host Key Length = 22 (0x16)\nHost Key Type Length = 11 (0xB)\n"
	    "Host Key Type = ssh-ed25519\nEdDSA Key Length = 2 (0x2)\nEdDSA Key\nHost Key Data\n"
	    "Server's Ephemeral Key Length = 1 (0x1)\nServer's Ephemeral Key\n"
	    "Signature Length = 20 (0x14)\nSignature Type Length = 11 (0xB)\n"
	    "Signature Type = ssh-ed25519\nSignature\nPadding\n"
	    "Host Key Type = ssh-rsa\nHost Key Data\n" },
	{ "a group of SSH, and keys that are cut", RAW_IP,
	    SSH "00000014071f0000000200ff000000010200000000000000"
		"0000000c041e00000009aabb00000000",
	    "IP TCP SSH",
	    "Message = Key exchange: reply, or group\nPayload\nPadding\n"
	    "!Client's Ephemeral Key Length = 9 (0x9)\nClient's Ephemeral Key\n" },
	{ "SSH that is encrypted", RAW_IP, SSH "deadbeef 00112233", "IP TCP SSH",
	    "SSH: Encrypted packet, length 8\nEncrypted Packet\n" },
};

int main(void)
{
	return parse_cases_run(cases, COUNT(cases));
}
