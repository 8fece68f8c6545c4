/* SPDX-License-Identifier: MIT */
/* The exported helpers on addresses, link headers and times, a row per rule; and
 * the line of Nmapi.ini. */
#include "check.h"
#include "api/lookback.h"

#include <netmon.h>
#include <string.h>

#define NONE 0xFFFFFFFFu

static void mac_and_address_types_name_each_other(void **state)
{
	static const DWORD pairs[][2] = {
		{ MAC_TYPE_ETHERNET, ADDRESS_TYPE_ETHERNET },
		{ MAC_TYPE_TOKENRING, ADDRESS_TYPE_TOKENRING },
		{ MAC_TYPE_FDDI, ADDRESS_TYPE_FDDI },
		{ MAC_TYPE_ATM, ADDRESS_TYPE_ATM },
		{ MAC_TYPE_1394, ADDRESS_TYPE_1394 },
	};
	static const DWORD no_mac[] = { ADDRESS_TYPE_IP, ADDRESS_TYPE_IPX, ADDRESS_TYPE_XNS,
		ADDRESS_TYPE_ANY, ADDRESS_TYPE_ANY_GROUP, ADDRESS_TYPE_FIND_HIGHEST,
		ADDRESS_TYPE_VINES_IP, ADDRESS_TYPE_LOCAL_ONLY, ADDRESS_TYPE_IP6, 14, NONE };

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		assert_int_equal(MacTypeToAddressType(pairs[i][0]), pairs[i][1]);
		assert_int_equal(AddressTypeToMacType(pairs[i][1]), pairs[i][0]);
	}
	for (size_t i = 0; i < COUNT(no_mac); i++)
		assert_int_equal(AddressTypeToMacType(no_mac[i]), MAC_TYPE_UNKNOWN);
	assert_int_equal(MacTypeToAddressType(MAC_TYPE_UNKNOWN), NONE);
	assert_int_equal(MacTypeToAddressType(6), NONE);
	assert_int_equal(MacTypeToAddressType(NONE), NONE);
}

/* Types, bytes, and the sign of the comparison, which turns with the arguments. */
static const struct {
	const char *name;
	DWORD type[2];
	const char *bytes[2];
	int want;
} compare_cases[] = {
	{ "equal bytes of one type", { 0, 0 }, { "abcdef", "abcdef" }, 0 },
	{ "the sixth byte of a MAC address counts", { 0, 0 }, { "abcdef", "abcdeg" }, -1 },
	{ "the seventh does not", { 0, 0 }, { "abcdefg", "abcdefh" }, 0 },
	{ "the fourth byte of an IP address counts", { 1, 1 }, { "abcd", "abce" }, -1 },
	{ "the fifth does not", { 1, 1 }, { "abcde", "abcdf" }, 0 },
	{ "the sixteenth byte of an IP6 address counts", { 13, 13 },
	    { "0123456789abcdef", "0123456789abcdeg" }, -1 },
	{ "the tenth byte of an IPX address counts", { 2, 2 }, { "0123456789", "012345678a" }, -1 },
	{ "the eleventh does not", { 2, 2 }, { "0123456789a", "0123456789b" }, 0 },
	{ "the sixth byte of a VINES address counts", { 9, 9 }, { "abcdef", "abcdeg" }, -1 },
	{ "bytes compare unsigned", { 0, 0 }, { "\x7f", "\x80" }, -1 },
	{ "types come before bytes", { 0, 1 }, { "zzzz", "aaaa" }, -1 },
	{ "ANY equals an IP address", { ADDRESS_TYPE_ANY, 1 }, { "", "abcd" }, 0 },
	{ "ANY equals ANY_GROUP", { ADDRESS_TYPE_ANY, ADDRESS_TYPE_ANY_GROUP }, { "", "" }, 0 },
	{ "ANY_GROUP equals an Ethernet group", { ADDRESS_TYPE_ANY_GROUP, 0 }, { "", "\x01" }, 0 },
	{ "ANY_GROUP is no single station", { ADDRESS_TYPE_ANY_GROUP, 0 }, { "", "\x02" }, 1 },
	{ "ANY_GROUP equals a Token Ring group", { ADDRESS_TYPE_ANY_GROUP, 3 }, { "", "\x80" }, 0 },
	{ "Token Ring has its group bit elsewhere", { ADDRESS_TYPE_ANY_GROUP, 3 }, { "", "\x01" },
	    1 },
	{ "ANY_GROUP is no IP address", { ADDRESS_TYPE_ANY_GROUP, 1 }, { "", "\xff" }, 1 },
	{ "ANY_GROUP equals itself", { ADDRESS_TYPE_ANY_GROUP, ADDRESS_TYPE_ANY_GROUP },
	    { "a", "b" }, 0 },
};

static ADDRESS2 address(DWORD type, const char *bytes)
{
	ADDRESS2 a = { .Type = type, .Flags = 7 };
	size_t n = strlen(bytes);

	memcpy(a.IP6Address, bytes, n < 16 ? n : 16);
	return a;
}

static int sign(int v)
{
	return (v > 0) - (v < 0);
}

static void addresses_compare(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(compare_cases); i++) {
		ADDRESS2 a = address(compare_cases[i].type[0], compare_cases[i].bytes[0]);
		ADDRESS2 b = address(compare_cases[i].type[1], compare_cases[i].bytes[1]);

		if (sign(CompareAddresses(&a, &b)) != compare_cases[i].want ||
		    sign(CompareAddresses(&b, &a)) != -compare_cases[i].want)
			fail_msg("%s", compare_cases[i].name);
		b.Flags = 0;
		assert_int_equal(sign(CompareAddresses(&a, &b)), compare_cases[i].want);
	}
}

static void null_sorts_first(void **state)
{
	ADDRESS2 a = address(0, "");

	(void)state;
	assert_int_equal(CompareAddresses(NULL, &a), -1);
	assert_int_equal(BhGetLastError(), NMERR_INVALID_PARAMETER);
	assert_int_equal(CompareAddresses(&a, NULL), 1);
	assert_int_equal(CompareAddresses(NULL, NULL), 0);
}

static void normalizing_clears_the_group_bit_of_the_type(void **state)
{
	static const struct {
		DWORD type;
		BYTE want; /* of ff */
	} rows[] = { { 0, 0xfe }, { 3, 0x7f }, { 4, 0xfe }, { 11, 0xfe }, { 12, 0xfe }, { 1, 0xff },
		{ 2, 0xff }, { 13, 0xff }, { 6, 0xff }, { 99, 0xff } };
	ADDRESSTABLE2 t = { .nAddressPairs = 2 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		ADDRESS2 a = address(rows[i].type, "\xff\xff");

		assert_ptr_equal(NormalizeAddress(&a), &a);
		assert_int_equal(a.MACAddress[0], rows[i].want);
		assert_int_equal(a.MACAddress[1], 0xff);
	}
	assert_null(NormalizeAddress(NULL));
	assert_null(NormalizeAddressTable(NULL));
	for (unsigned i = 0; i < 3; i++)
		t.AddressPair[i].DstAddress = t.AddressPair[i].SrcAddress = address(0, "\xff");
	assert_ptr_equal(NormalizeAddressTable(&t), &t);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(t.AddressPair[i].DstAddress.MACAddress[0], i < 2 ? 0xfe : 0xff);
		assert_int_equal(t.AddressPair[i].SrcAddress.MACAddress[0], i < 2 ? 0xfe : 0xff);
	}
	t.nAddressPairs = NONE; /* a lie: no more than there is room for */
	assert_ptr_equal(NormalizeAddressTable(&t), &t);
	assert_int_equal(t.AddressPair[2].DstAddress.MACAddress[0], 0xfe);
}

static void a_mac_address_becomes_text_and_back(void **state)
{
	static const struct {
		const char *text;
		BYTE want[6];
	} rows[] = {
		{ "00AABBccddEF", { 0, 0xaa, 0xbb, 0xcc, 0xdd, 0xef } },
		{ "00-aa-bb:cc.dd ef", { 0, 0xaa, 0xbb, 0xcc, 0xdd, 0xef } },
		{ "1", { 0x10, 0, 0, 0, 0, 0 } },
		{ "", { 0, 0, 0, 0, 0, 0 } },
		{ "12x4", { 0x12, 0, 0, 0, 0, 0 } },
		{ "0102030405067777", { 1, 2, 3, 4, 5, 6 } },
	};
	BYTE a[6];
	char text[13];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char copy[32];

		(void)strcpy(copy, rows[i].text);
		memset(a, 0x55, sizeof a);
		assert_ptr_equal(StringToAddress(a, copy), a);
		assert_memory_equal(a, rows[i].want, 6);
	}
	assert_ptr_equal(AddressToString(text, a), text);
	assert_string_equal(text, "010203040506");
	memset(a, 0xfa, sizeof a);
	assert_string_equal(AddressToString(text, a), "FAFAFAFAFAFA");
	assert_null(AddressToString(NULL, a));
	assert_null(AddressToString(text, NULL));
	assert_null(StringToAddress(NULL, text));
	assert_null(StringToAddress(a, NULL));
	assert_int_equal(BhGetLastError(), NMERR_INVALID_PARAMETER);
}

#define MACS   "ddddddssssss"
#define LIT(s) (s), sizeof(s) - 1

static const struct {
	const char *name;
	DWORD mac_type;
	const char *bytes;
	size_t n;
	DWORD header, etype, saps;
	WINBOOL llc;
} link_cases[] = {
	{ "DIX has an EtherType", 1,
	    LIT(MACS "\x08\x00"
		     "EEEEEEEE"),
	    14, 0x800, 0, 0 },
	{ "600 hex is the lowest EtherType", 1,
	    LIT(MACS "\x06\x00"
		     "EEEEEEEE"),
	    14, 0x600, 0, 0 },
	{ "one less is a length", 1,
	    LIT(MACS "\x05\xff"
		     "\xe0\xe1\x03"
		     "EEEEE"),
	    14, 0, 0xe1e0, 1 },
	{ "SNAP has an EtherType", 1,
	    LIT(MACS "\0\x08"
		     "\xaa\xaa\3\0\0\0\x08\x06"),
	    14, 0x806, 0xaaaa, 1 },
	{ "bridged SNAP has one too", 1,
	    LIT(MACS "\0\x08"
		     "\xaa\xaa\3\0\0\xf8\x08\x06"),
	    14, 0x806, 0xaaaa, 1 },
	{ "SNAP of another organization has none", 1,
	    LIT(MACS "\0\x08"
		     "\xaa\xaa\3\0\0\x0c\x20\0"),
	    14, 0, 0xaaaa, 1 },
	{ "IPX right behind the length is no LLC", 1,
	    LIT(MACS "\0\x08"
		     "\xff\xff"
		     "EEEEEE"),
	    14, 0, 0, 0 },
	{ "Token Ring frame control tells LLC", 2, LIT("\x10\x40" MACS "\xaa\xaa\3\0\0\0\x08\0"),
	    14, 0x800, 0xaaaa, 1 },
	{ "or not", 2, LIT("\x10\x00" MACS "\xaa\xaa\3\0\0\0\x08\0"), 14, 0, 0, 0 },
	{ "routing information makes the header longer", 2,
	    LIT("\x10\x40"
		"dddddd"
		"\x80sssss"
		"\xc6\0"
		"0123"
		"\xaa\xaa\3\0\0\0\x08\0"),
	    20, 0x800, 0xaaaa, 1 },
	{ "FDDI frame control tells LLC", 3,
	    LIT("\x50" MACS "\x42\x42\x03"
		"EEEEE"),
	    13, 0, 0x4242, 1 },
	{ "or station management", 3,
	    LIT("\x4f" MACS "\x42\x42\x03"
		"EEEEE"),
	    13, 0, 0, 0 },
	{ "ATM carries LLC", 4,
	    LIT(MACS "\0\0\0\x64"
		     "\xaa\xaa\3\0\0\0\x08\0"),
	    16, 0x800, 0xaaaa, 1 },
	{ "1394 has a header only", 5,
	    LIT(MACS "01234567"
		     "EEEEEEEE"),
	    20, 0, 0, 0 },
	{ "no MAC type, nothing", 0, LIT(MACS "\x08\0"), 0, 0, 0, 0 },
	{ "no such MAC type", 6, LIT(MACS "\x08\0"), 0, 0, 0, 0 },
};

static void link_headers_tell_their_facts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(link_cases); i++) {
		BYTE p[64] = { 0 };
		DWORD t = link_cases[i].mac_type;

		memcpy(p, link_cases[i].bytes, link_cases[i].n);
		if (GetMacHeaderLength(p, t) != link_cases[i].header ||
		    GetEtype(p, t) != link_cases[i].etype || GetSaps(p, t) != link_cases[i].saps ||
		    !IsLLCPresent(p, t) != !link_cases[i].llc)
			fail_msg("%s: %u %x %x %d", link_cases[i].name,
			    (unsigned)GetMacHeaderLength(p, t), (unsigned)GetEtype(p, t),
			    (unsigned)GetSaps(p, t), (int)IsLLCPresent(p, t));
	}
	BhSetLastError(0);
	assert_int_equal(GetMacHeaderLength(NULL, 1), 0);
	assert_int_equal(GetEtype(NULL, 1), 0);
	assert_int_equal(GetSaps(NULL, 1), 0);
	assert_false(IsLLCPresent(NULL, 1));
	assert_int_equal(BhGetLastError(), NMERR_INVALID_PARAMETER);
}

static void unnumbered_llc_is_a_byte_shorter(void **state)
{
	static const struct {
		BYTE control, want;
	} rows[] = { { 0x03, 3 }, { 0x7f, 3 }, { 0x00, 4 }, { 0x01, 4 }, { 0x02, 4 }, { 0xfe, 4 } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		BYTE p[4] = { 0xf0, 0xf0, rows[i].control, 0 };

		assert_int_equal(GetLLCHeaderLength((LPLLC)(void *)p), rows[i].want);
	}
	assert_int_equal(GetLLCHeaderLength(NULL), 0);
}

static const struct {
	const char *name;
	SYSTEMTIME from;
	__int64 us;
	SYSTEMTIME want;
} time_cases[] = {
	{ "nothing added, day of the week set right", { 1998, 4, 0, 2, 19, 0, 47, 5 }, 0,
	    { 1998, 4, 4, 2, 19, 0, 47, 5 } },
	{ "999 microseconds are lost", { 1998, 4, 4, 2, 19, 0, 47, 5 }, 999,
	    { 1998, 4, 4, 2, 19, 0, 47, 5 } },
	{ "a microsecond back is a millisecond back", { 1998, 4, 4, 2, 19, 0, 47, 5 }, -1,
	    { 1998, 4, 4, 2, 19, 0, 47, 4 } },
	{ "over the end of a leap February", { 2000, 2, 1, 28, 23, 59, 59, 999 }, 1000,
	    { 2000, 2, 2, 29, 0, 0, 0, 0 } },
	{ "over the end of a common February", { 1900, 2, 3, 28, 23, 59, 59, 999 }, 1000,
	    { 1900, 3, 4, 1, 0, 0, 0, 0 } },
	{ "back over the start of a year", { 1970, 1, 4, 1, 0, 0, 0, 0 }, -1000,
	    { 1969, 12, 3, 31, 23, 59, 59, 999 } },
	{ "up to the last time there is", { 30827, 12, 5, 31, 23, 59, 59, 998 }, 1000,
	    { 30827, 12, 5, 31, 23, 59, 59, 999 } },
	{ "not beyond it", { 30827, 12, 5, 31, 23, 59, 59, 999 }, 1000,
	    { 30827, 12, 5, 31, 23, 59, 59, 999 } },
	{ "not before the first", { 1601, 1, 1, 1, 0, 0, 0, 0 }, -1,
	    { 1601, 1, 1, 1, 0, 0, 0, 0 } },
	{ "the largest number is too far", { 1998, 4, 4, 2, 19, 0, 47, 5 }, INT64_MAX,
	    { 1998, 4, 4, 2, 19, 0, 47, 5 } },
	{ "the smallest too", { 1998, 4, 4, 2, 19, 0, 47, 5 }, INT64_MIN,
	    { 1998, 4, 4, 2, 19, 0, 47, 5 } },
	{ "what is no time stays", { 0, 0, 0, 0, 0, 0, 0, 0 }, 5000, { 0, 0, 0, 0, 0, 0, 0, 0 } },
	{ "a thirteenth month stays", { 1998, 13, 0, 1, 0, 0, 0, 0 }, 5000,
	    { 1998, 13, 0, 1, 0, 0, 0, 0 } },
};

static void times_move(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(time_cases); i++) {
		SYSTEMTIME t = time_cases[i].from;

		assert_ptr_equal(AdjustSystemTime(&t, time_cases[i].us), &t);
		if (memcmp(&t, &time_cases[i].want, sizeof t) != 0)
			fail_msg("%s: %u-%u-%u %u:%u:%u.%u (%u)", time_cases[i].name, t.wYear,
			    t.wMonth, t.wDay, t.wHour, t.wMinute, t.wSecond, t.wMilliseconds,
			    t.wDayOfWeek);
	}
	BhSetLastError(0);
	assert_null(AdjustSystemTime(NULL, 1));
	assert_int_equal(BhGetLastError(), NMERR_INVALID_PARAMETER);
}

static void a_line_sets_how_far_to_look(void **state)
{
	static const struct {
		const char *text;
		uint32_t want;
	} rows[] = {
		{ "MAXLOOKBACK=5", 5 },
		{ "[Any]\r\nOther=1\r\n  maxlookback = 70 \r\nMAXLOOKBACK=9\r\n", 70 },
		{ "MAXLOOKBACK=4294967295\n", UINT32_MAX },
		{ "MAXLOOKBACK=4294967296\n", 1000 },
		{ "MAXLOOKBACK=99999999999999999999999\n", 1000 },
		{ "MAXLOOKBACK=0\n", 1000 },
		{ "MAXLOOKBACK=-3\n", 1000 },
		{ "MAXLOOKBACK=12x\n", 1000 },
		{ "MAXLOOKBACK=\n", 1000 },
		{ "MAXLOOKBACK\n", 1000 },
		{ "XMAXLOOKBACK=5\n", 1000 },
		{ "MAXLOOKBACKS=5\n", 1000 },
		{ ";MAXLOOKBACK=5\n", 1000 },
		{ "\n\n", 1000 },
		{ "", 1000 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(
		    nm_lookback_from_text(rows[i].text, strlen(rows[i].text)), rows[i].want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mac_and_address_types_name_each_other),
		cmocka_unit_test(addresses_compare),
		cmocka_unit_test(null_sorts_first),
		cmocka_unit_test(normalizing_clears_the_group_bit_of_the_type),
		cmocka_unit_test(a_mac_address_becomes_text_and_back),
		cmocka_unit_test(link_headers_tell_their_facts),
		cmocka_unit_test(unnumbered_llc_is_a_byte_shorter),
		cmocka_unit_test(times_move),
		cmocka_unit_test(a_line_sets_how_far_to_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
