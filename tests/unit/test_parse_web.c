/* SPDX-License-Identifier: MIT */
/* The parsers of the web: HTTP, SSDP, TLS. */
#include "parse_case.h"

#define HTTP  OVER_TCP("0400", "0050")
#define REPLY OVER_TCP("0050", "0400")
#define OTHER OVER_TCP("9c40", "9c41")
#define TLS   OVER_TCP("0400", "01bb")
#define QUIC  OVER_UDP("9c40", "01bb")
#define NL    "0d0a "

static const struct parse_case cases[] = {
	/* ---- HTTP ---- */
	{ "a request", RAW_IP,
	    HTTP "'GET /a/b?c=d HTTP/1.1'" NL "'Host: www.example.com'" NL "'User-Agent:  me '" NL
		 "'X-Other: 7'" NL NL,
	    "IP TCP HTTP",
	    "HTTP: GET /a/b?c=d HTTP/1.1, www.example.com\nGET /a/b?c=d HTTP/1.1\n"
	    "Request Method = GET\nUniform Resource Identifier = /a/b?c=d\nPath = /a/b\n"
	    "Query = c=d\nProtocol Version = HTTP/1.1\nRequest = 1 (0x1)\n"
	    "Host: www.example.com\nHost = www.example.com\nUser-Agent = me\nX-Other: 7\n" },
	{ "parameters and cookies, one by one", RAW_IP,
	    HTTP "'GET /a?b=c&d&&e HTTP/1.1'" NL "'Cookie: f=g; h; '" NL NL, "IP TCP HTTP",
	    "Query = b=c&d&&e\nQuery Parameter = b=c\nQuery Parameter = d\nQuery Parameter = e\n"
	    "Cookie = f=g; h;\nCookie Pair = f=g\nCookie Pair = h\n" },
	{ "no parameters and no cookies", RAW_IP, HTTP "'GET /a? HTTP/1.1'" NL "'Cookie: ;'" NL NL,
	    "IP TCP HTTP", "Path = /a\nQuery = \nProtocol Version = HTTP/1.1\nCookie = ;\n" },
	{ "a response with a body and what follows it", RAW_IP,
	    REPLY "'HTTP/1.0 404 Not Found'" NL "'content-length: 2'" NL
		  "'Content-Type: text/plain'" NL NL "'noHTTP/1.1 204 No Content'" NL NL,
	    "IP TCP HTTP",
	    "HTTP: HTTP/1.0 404 Not Found, text/plain\nResponse Version = HTTP/1.0\n"
	    "Status Code = 404 (0x194)\nReason = Not Found\nContent-Length as text = 2\n"
	    "Content-Length = 2 (0x2)\nContent-Type = text/plain\nContent\n"
	    "HTTP/1.1 204 No Content\nStatus Code = 204 (0xCC)\n" },
	{ "chunks, with an extension and a trailer", RAW_IP,
	    REPLY "'HTTP/1.1 200 OK'" NL "'Transfer-Encoding: chunked'" NL NL "'3;a=b'" NL
		  "'abc'" NL "'0'" NL "'X: y'" NL NL,
	    "IP TCP HTTP",
	    "HTTP: HTTP/1.1 200 OK\nTransfer-Encoding = chunked\nChunk Size = 3 (0x3)\nChunk Data\n"
	    "Chunk Size = 0 (0x0)\n" },
	{ "a chunk that goes on in the next segment", RAW_IP,
	    REPLY "'HTTP/1.1 200 OK'" NL "'Transfer-Encoding: chunked'" NL NL "'ff'" NL "'abc'",
	    "IP TCP HTTP", "Chunk Size = 255 (0xFF)\nChunk Data\n" },
	{ "a chunk's size that is no number", RAW_IP,
	    REPLY "'HTTP/1.1 200 OK'" NL "'Transfer-Encoding: chunked'" NL NL "'xyz'" NL "'abc'",
	    "IP TCP HTTP", "!Chunk Size = \n" },
	{ "a length that is no number", RAW_IP,
	    HTTP "'POST / HTTP/1.1'" NL "'Content-Length: -1'" NL NL "'abc'", "IP TCP HTTP",
	    "Content-Length as text = -1\n!Content-Length = \nContent\n" },
	{ "a status that is no number", RAW_IP, REPLY "'HTTP/1.1 2x0 OK'" NL NL, "IP TCP HTTP",
	    "!Status Code = \n" },
	{ "on any port", RAW_IP, OTHER "'PROPFIND / HTTP/1.1'" NL NL, "IP TCP HTTP",
	    "HTTP: PROPFIND / HTTP/1.1\nRequest Method = PROPFIND\n" },
	{ "headers that go on in the next segment", RAW_IP,
	    HTTP "'GET / HTTP/1.1'" NL "'Accept: te'", "IP TCP HTTP", "Accept = te\n" },
	{ "what continues a message is not HTTP's", RAW_IP, HTTP "'<html>'", "IP TCP", "" },
	{ "a word that is no method", RAW_IP, HTTP "'GETS / HTTP/1.1'" NL NL, "IP TCP", "" },
	{ "a method of another protocol", RAW_IP, OTHER "'OPTIONS sip:a SIP/2.0'" NL NL, "IP TCP",
	    "" },
	{ "SSDP", RAW_IP,
	    OVER_UDP("0400", "076c") "'M-SEARCH * HTTP/1.1'" NL
				     "'Host: 239.255.255.250:1900'" NL NL,
	    "IP UDP SSDP",
	    "SSDP: M-SEARCH * HTTP/1.1, 239.255.255.250:1900\nRequest Method = M-SEARCH\n" },

	/* ---- TLS ---- */
	{ "a Client Hello", RAW_IP,
	    TLS "16 0301 0091 01 00008d 0303"
		"00000000 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c 02 abcd"
		"0004 1301 c02f 01 00 0060"
		"0000 0010 000e 00 000b 'example.com'"
		"000a 0006 0004 001d 0017 000b 0002 01 00 000d 0006 0004 0403 0804"
		"0010 000e 000c 02 'h2' 08 'http/1.1' 002b 0005 04 0304 0303"
		"0033 0007 0005 001d 0001 ff 002d 0002 01 01",
	    "IP TCP TLS",
	    "TLS: TLS 1.0: Client Hello (example.com)\nRecord\nContent Type = Handshake\n"
	    "Version = TLS 1.0\nLength = 145 (0x91)\nHandshake Message\n"
	    "Handshake Type = Client Hello\nHandshake Length = 141 (0x8D)\n"
	    "Hello Version = TLS 1.2\nRandom\nSession ID Length = 2 (0x2)\nSession ID\n"
	    "Cipher Suites Length = 4 (0x4)\nCipher Suite = TLS_AES_128_GCM_SHA256\n"
	    "Cipher Suite = TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n"
	    "Compression Method = null\nExtensions Length = 96 (0x60)\nExtension = server_name\n"
	    "Server Name List Length = 14 (0xE)\nServer Name Type = 0 (0x0)\n"
	    "Server Name = example.com\nSupported Group = x25519\nSupported Group = secp256r1\n"
	    "Point Format = uncompressed\nSignature Algorithm = ecdsa_secp256r1_sha256\n"
	    "ALPN Length = 12 (0xC)\nALPN Protocol = h2\nALPN Protocol = http/1.1\n"
	    "Supported Version = TLS 1.3\nSupported Version = TLS 1.2\n"
	    "Key Shares Length = 5 (0x5)\nKey Share Group = x25519\nKey Exchange Length = 1 (0x1)\n"
	    "Key Exchange\nExtension = psk_key_exchange_modes\nKey Exchange Modes Length = 1 "
	    "(0x1)\n"
	    "Key Exchange Mode = Key of before, with (EC)DHE\n" },
	{ "a Server Hello, certificates and the end, in one record", RAW_IP,
	    OVER_TCP(
		"01bb", "0400") "16 0303 0049 02 00002d 0303"
				"000000000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c"
				" 00 c02f 00 0005 ff01 0001 00"
				"0b 000010 00000d 000002 aabb 000005 cccccccccc 0e 000000",
	    "IP TCP TLS",
	    "TLS: TLS 1.2: Server Hello\nHandshake Type = Server Hello\n"
	    "Cipher Suite = TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\nCompression Method = null\n"
	    "Extension = renegotiation_info\nHandshake Type = Certificate\n"
	    "Certificates Length = 13 (0xD)\nCertificate Length = 2 (0x2)\nCertificate\n"
	    "Certificate Length = 5 (0x5)\nCertificate\nHandshake Type = Server Hello Done\n" },
	{ "extensions of a client", RAW_IP,
	    OVER_TCP("0400", "01bb") "16030300920100008e030300000000000102030405060708090a0b0c0d0e0"
				     "f101112131415161718191a"
				     "1b000002c02f010000630001000102000500050100000000000f000101001"
				     "500020000001b0003020002"
				     "001c00024001002a0000002c00040002aabb002d00020101ff01000302abc"
				     "d003300070005001d0001ff"
				     "12340001990029001000080002010200000007000403010203",
	    "IP TCP TLS",
	    "Random Time = 1/1/1970 0:00:00.000\n"
	    "Random Bytes\n"
	    "Cipher Suites\n"
	    "Compression Methods\n"
	    "Extension = max_fragment_length\n"
	    "Maximum Fragment Length = 2 (0x2)\n"
	    "Certificate Status Type = 1 (0x1)\n"
	    "Responders Length = 0 (0x0)\n"
	    "Request Extensions Length = 0 (0x0)\n"
	    "Heartbeat Mode = 1 (0x1)\n"
	    "Padding\n"
	    "Certificate Compressions Length = 2 (0x2)\n"
	    "Certificate Compression = 2 (0x2)\n"
	    "Record Size Limit = 16385 (0x4001)\n"
	    "Cookie Length = 2 (0x2)\n"
	    "Cookie\n"
	    "Key Exchange Modes Length = 1 (0x1)\n"
	    "Key Exchange Mode = Key of before, with (EC)DHE\n"
	    "Renegotiation Info Length = 2 (0x2)\n"
	    "Renegotiation Info\n"
	    "Key Share Group = x25519\n"
	    "Extension Data\n"
	    "Identities Length = 8 (0x8)\n"
	    "Identity Length = 2 (0x2)\n"
	    "Identity\n"
	    "Ticket Age = 7 (0x7)\n"
	    "Binders Length = 4 (0x4)\n"
	    "Binders\n" },
	{ "extensions of a server", RAW_IP,
	    OVER_TCP("01bb", "0400") "160303008402000080030300000000000102030405060708090a0b0c0d0e0"
				     "f101112131415161718191a"
				     "1b00c02f00005800120034003200300011111111111111111111111111111"
				     "11111111111111111111111"
				     "1111111111110000000000000bb8000004030001aa3374000a02683206737"
				     "064792f33002b0002030400"
				     "330002001d002900020001",
	    "IP TCP TLS",
	    "Certificate Timestamps Length = 50 (0x32)\n"
	    "Certificate Timestamp Length = 48 (0x30)\n"
	    "Certificate Timestamp Version = 0 (0x0)\n"
	    "Log\n"
	    "Certificate Timestamp = 1/1/1970 0:00:03.000\n"
	    "Certificate Timestamp Extensions Length = 0 (0x0)\n"
	    "Signature Algorithm = ecdsa_secp256r1_sha256\n"
	    "Log's Signature Length = 1 (0x1)\n"
	    "Log's Signature\n"
	    "Next Protocol Length = 2 (0x2)\n"
	    "Next Protocol = h2\n"
	    "Next Protocol = spdy/3\n"
	    "Supported Version = TLS 1.3\n"
	    "Selected Group = x25519\n"
	    "Selected Identity = 1 (0x1)\n" },
	{ "vectors longer than what is around them", RAW_IP,
	    OVER_TCP("0400",
		"01bb") "160303004701000043030300000000000102030405060708090a0b0c0d0e0f101112131415"
			"161718191a"
			"1b000002c02f01000018000a00040004001d002d00020501003300060006001d0009",
	    "IP TCP TLS",
	    "!Supported Groups Length = 4 (0x4)\n"
	    "Supported Group = x25519\n"
	    "!Key Exchange Modes Length = 5 (0x5)\n"
	    "!Key Exchange Length = 29 (0x1D)\n" },
	{ "keys of a curve, signed", RAW_IP,
	    OVER_TCP("01bb", "0400") "16030300290c00000b03001d02aabb04030001cc0d00000d0201400002040"
				     "30004000230001600000501"
				     "000001dd",
	    "IP TCP TLS",
	    "Curve Type = 3 (0x3)\n"
	    "Named Curve = x25519\n"
	    "Server's Key Length = 2 (0x2)\n"
	    "Server's Key\n"
	    "Signature Algorithm = ecdsa_secp256r1_sha256\n"
	    "Signature Length = 1 (0x1)\n"
	    "Signature\n"
	    "Certificate Types Count = 2 (0x2)\n"
	    "Certificate Types\n"
	    "Certificate Type = 1 (0x1)\n"
	    "Certificate Type = 64 (0x40)\n"
	    "Signature Algorithms Length = 2 (0x2)\n"
	    "Distinguished Names Length = 4 (0x4)\n"
	    "Distinguished Name Length = 2 (0x2)\n"
	    "Distinguished Name\n"
	    "Certificate Status Type = 1 (0x1)\n"
	    "OCSP Response Length = 1 (0x1)\n"
	    "OCSP Response\n" },
	{ "keys of a prime; a request of TLS 1.0; what is neither", RAW_IP,
	    OVER_TCP("01bb", "0400") "16030300210c00000c00010b0001020001050001cc0d000004010100000c0"
				     "0000503001d10aa",
	    "IP TCP TLS",
	    "Prime Length = 1 (0x1)\n"
	    "Prime\n"
	    "Generator Length = 1 (0x1)\n"
	    "Generator\n"
	    "Server's Public Value Length = 1 (0x1)\n"
	    "Server's Public Value\n"
	    "Signature Length = 1 (0x1)\n"
	    "Signature\n"
	    "Certificate Type = 1 (0x1)\n"
	    "Distinguished Names Length = 0 (0x0)\n"
	    "Handshake Data\n" },
	{ "what a client answers", RAW_IP,
	    OVER_TCP("0400", "01bb") "160303003b1000000302aabb100000040002aabb10000003aabbcc0f00000"
				     "504030001dd0f0000030001"
				     "dd0f00000201024300000602683202000014000001ee",
	    "IP TCP TLS",
	    "Client's Key Length = 2 (0x2)\n"
	    "Client's Key\n"
	    "Client's Secret or Public Value Length = 2 (0x2)\n"
	    "Client's Secret or Public Value\n"
	    "Client's Secret\n"
	    "Signature Algorithm = ecdsa_secp256r1_sha256\n"
	    "Verification Length = 1 (0x1)\n"
	    "Verification\n"
	    "Verification Length = 1 (0x1)\n"
	    "Verification\n"
	    "Handshake Data\n"
	    "Selected Protocol Length = 2 (0x2)\n"
	    "Selected Protocol = h2\n"
	    "Padding Length = 2 (0x2)\n"
	    "Next Protocol Padding\n"
	    "Verify Data\n" },
	{ "several records; what is behind the change of cipher is encrypted", RAW_IP,
	    TLS "14 0303 0001 01 16 0303 0004 01 000000 17 0303 0002 abcd 15 0303 0002 01 00",
	    "IP TCP TLS",
	    "TLS: TLS 1.2: Change Cipher Spec, Encrypted Handshake Message, Application Data, "
	    "Alert "
	    "(Close Notify)\nChange Cipher Spec Message\nEncrypted Handshake Message\n"
	    "Application Data\nAlert Level = Warning\nAlert = Close Notify\n" },
	{ "an alert that is encrypted", RAW_IP, TLS "15 0301 0012 000102", "IP TCP TLS",
	    "Encrypted Alert\n" },
	{ "a record that goes on in the next segment", RAW_IP, TLS "17 0303 1000 0102",
	    "IP TCP TLS", "TLS: TLS 1.2: Application Data\nLength = 4096 (0x1000)\n" },
	{ "what is no record behind one", RAW_IP, TLS "17 0303 0001 aa 0102030405", "IP TCP TLS",
	    "!Record\n" },
	{ "an extension longer than the list", RAW_IP,
	    TLS "16 0301 0030 02 00002c 0303"
		"000000000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c"
		" 00 c02f 00 0004 ff01 0001",
	    "IP TCP TLS", "Extension = renegotiation_info\n!Extension Length = 1 (0x1)\n" },
	{ "bytes of no message behind one", RAW_IP, TLS "16 0303 0006 0e 000000 ff ff",
	    "IP TCP TLS", "Handshake Type = Server Hello Done\n!Handshake Message\n" },
	{ "the Client Hello of SSL 2.0", RAW_IP,
	    TLS "801d 01 0301 0006 0002 000c 000004 010080 abcd 000102030405060708090a0b",
	    "IP TCP TLS",
	    "TLS: TLS 1.0: Client Hello of SSL 2.0\nSSL 2.0 Length = 29 (0x1D)\n"
	    "Cipher Spec = 4 (0x4)\nCipher Spec = 65664 (0x10080)\nSSL 2.0 Session ID\n"
	    "Challenge\n" },
	{ "a version that is none", RAW_IP, TLS "17 0403 0001 aa", "IP TCP", "" },
	{ "a record longer than records are", RAW_IP, TLS "17 0303 ffff aa", "IP TCP", "" },
	{ "TLS on any port", RAW_IP, OTHER "17 0303 0001 aa", "IP TCP TLS",
	    "TLS: TLS 1.2: Application Data\n" },

	/* ---- QUIC ---- */
	{ "an Initial with a token, and a Handshake behind it", RAW_IP,
	    QUIC "c3 00000001 02 abcd 01 ef 01 77 4003 aabbcc e0 00000001 00 00 02 1122",
	    "IP UDP QUIC",
	    "QUIC: Initial, version 1, to abcd, from ef\nHeader Form = Long header\n"
	    "Fixed Bit = 1 (0x1)\nPacket Type = Initial\nVersion = 1\n"
	    "Destination Connection ID Length = 2 (0x2)\nDestination Connection ID\n"
	    "Source Connection ID Length = 1 (0x1)\nSource Connection ID\n"
	    "Token Length = 1 (0x1)\nToken\nLength = 3 (0x3)\nProtected Payload\n"
	    "Packet Type = Handshake\nLength = 2 (0x2)\n" },
	{ "an Initial of version 2", RAW_IP, QUIC "d0 6b3343cf 00 00 00 02 1122", "IP UDP QUIC",
	    "QUIC: Initial, version 2, to none, from none\nPacket Type, Version 2 = Initial\n" },
	{ "Retry", RAW_IP, QUIC "f0 00000001 00 00 77 000102030405060708090a0b0c0d0e0f",
	    "IP UDP QUIC",
	    "QUIC: Retry, version 1, to none, from none\nRetry Token\n"
	    "Retry Integrity Tag\n" },
	{ "a negotiation", RAW_IP, QUIC "80 00000000 01 ab 00 00000001 1a2a3a4a", "IP UDP QUIC",
	    "QUIC: Version negotiation, to ab, from none\nSupported Version = 1\n"
	    "Supported Version = 438975050 (0x1A2A3A4A)\n" },
	{ "a short header behind a long one", RAW_IP, QUIC "e0 00000001 00 00 02 1122 60 aabb",
	    "IP UDP QUIC",
	    "Header Form = Short header\nFixed Bit = 1 (0x1)\nSpin Bit = 1 (0x1)\n"
	    "Connection ID and Protected Payload\n" },
	{ "a length that is cut", RAW_IP, QUIC "e0 00000001 00 00 44", "IP UDP QUIC",
	    "!Length = \n" },
	{ "a payload longer than the datagram", RAW_IP, QUIC "e0 00000001 00 00 05 11",
	    "IP UDP QUIC", "Length = 5 (0x5)\n!Protected Payload\n" },
	{ "a version that nobody has", RAW_IP, QUIC "c0 00000007 00 00 00 00", "IP UDP", "" },
};

int main(void)
{
	return parse_cases_run(cases, COUNT(cases));
}
