/* SPDX-License-Identifier: MIT */
/* The generic formatter, type by qualifier, and the helpers beside it, as parsers see
 * them: only what libnmapi exports. */
#include "check.h"

#include <netmon.h>

#include <string.h>

#define B(text) (const BYTE *)(text), sizeof(text) - 1

/* ---- the table -------------------------------------------------------------------------- */

static LABELED_BYTE byte_labels[] = { { 1, (char[]){ "one" } }, { 2, (char[]){ "two" } } };
static LABELED_WORD word_labels[] = { { 0x0102, (char[]){ "pair" } } };
static LABELED_DWORD dword_labels[] = { { 0x01020304, (char[]){ "four" } } };
static LABELED_LARGEINT large_labels[] = { { { .QuadPart = 1 }, (char[]){ "long" } } };
static LABELED_BIT bits[] = { { 1, (char[]){ "off" }, (char[]){ "on" } },
	{ 0, NULL, (char[]){ "low" } }, { 200, (char[]){ "x" }, (char[]){ "y" } } };
static LABELED_BIT top_word[] = { { 15, (char[]){ "no" }, (char[]){ "yes" } } };
static LABELED_BIT top_dword[] = { { 31, (char[]){ "no" }, (char[]){ "yes" } } };
static BYTE byte_values[] = { 3, 10 };
static WORD word_values[] = { 3, 10 };
static DWORD dword_values[] = { 3, 10 };
static RANGE range = { 1, 20 };
static char label[] = "L";

static struct _SET byte_set = { .nEntries = 2, .lpLabeledByteTable = byte_labels };
static struct _SET word_set = { .nEntries = 1, .lpLabeledWordTable = word_labels };
static struct _SET dword_set = { .nEntries = 1, .lpLabeledDwordTable = dword_labels };
static struct _SET large_set = { .nEntries = 1, .lpLabeledLargeIntTable = large_labels };
static struct _SET flag_set = { .nEntries = 3, .lpLabeledBit = bits };
static struct _SET word_flags = { .nEntries = 1, .lpLabeledBit = top_word };
static struct _SET dword_flags = { .nEntries = 1, .lpLabeledBit = top_dword };
static struct _SET byte_plain = { .nEntries = 2, .lpByteTable = byte_values };
static struct _SET word_plain = { .nEntries = 2, .lpWordTable = word_values };
static struct _SET dword_plain = { .nEntries = 2, .lpDwordTable = dword_values };
static struct _SET no_set = { .nEntries = 7 };

#define SWAP IFLAG_SWAPPED
#define UTF  IFLAG_UNICODE

/* Text that the property L has; "|" stands between lines. */
static const struct row {
	const char *name;
	BYTE type, qualifier;
	void *extended; /* range, set */
	DWORD value;    /* of a constant */
	DWORD flags;
	const BYTE *data;
	size_t n;
	const char *text;
} rows[] = {
	/* numbers */
	{ "byte", PROP_TYPE_BYTE, PROP_QUAL_NONE, 0, 0, 0, B("\x0a"), "L = 10 (0xA)" },
	{ "word", PROP_TYPE_WORD, PROP_QUAL_NONE, 0, 0, 0, B("\x0a\0"), "L = 10 (0xA)" },
	{ "word swapped", PROP_TYPE_WORD, PROP_QUAL_NONE, 0, 0, SWAP, B("\0\x0a"), "L = 10 (0xA)" },
	{ "dword", PROP_TYPE_DWORD, PROP_QUAL_NONE, 0, 0, 0, B("\xff\xff\xff\xff"),
	    "L = 4294967295 (0xFFFFFFFF)" },
	{ "dword swapped", PROP_TYPE_DWORD, PROP_QUAL_NONE, 0, 0, SWAP, B("\0\0\1\2"),
	    "L = 258 (0x102)" },
	{ "old swapped word", PROP_TYPE_BYTESWAPPED_WORD, PROP_QUAL_NONE, 0, 0, 0, B("\1\2"),
	    "L = 258 (0x102)" },
	{ "old swapped dword", PROP_TYPE_BYTESWAPPED_DWORD, PROP_QUAL_NONE, 0, 0, 0, B("\0\0\1\2"),
	    "L = 258 (0x102)" },
	{ "eight bytes", PROP_TYPE_LARGEINT, PROP_QUAL_NONE, 0, 0, 0, B("\1\0\0\0\0\0\0\x80"),
	    "L = 9223372036854775809 (0x8000000000000001)" },
	{ "eight bytes swapped", PROP_TYPE_LARGEINT, PROP_QUAL_NONE, 0, 0, SWAP,
	    B("\0\0\0\0\0\0\0\7"), "L = 7 (0x7)" },
	{ "more bytes than the type", PROP_TYPE_BYTE, PROP_QUAL_NONE, 0, 0, 0, B("\1\2\3"),
	    "L = 1 (0x1)" },
	{ "byte cut", PROP_TYPE_BYTE, PROP_QUAL_NONE, 0, 0, 0, B(""), "L = " },
	{ "word cut", PROP_TYPE_WORD, PROP_QUAL_NONE, 0, 0, 0, B("\xab"), "L = AB" },
	{ "dword cut", PROP_TYPE_DWORD, PROP_QUAL_RANGE, &range, 0, 0, B("\1\2\3"),
	    "L = 01 02 03" },
	{ "eight cut", PROP_TYPE_LARGEINT, PROP_QUAL_NONE, 0, 0, 0, B("\1"), "L = 01" },
	/* ranges */
	{ "byte in range", PROP_TYPE_BYTE, PROP_QUAL_RANGE, &range, 0, 0, B("\x0a"),
	    "L = 10 (0xA) Range:(1 (0x1) - 20 (0x14))" },
	{ "word in range", PROP_TYPE_WORD, PROP_QUAL_RANGE, &range, 0, SWAP, B("\0\x0a"),
	    "L = 10 (0xA) Range:(1 (0x1) - 20 (0x14))" },
	{ "dword out of range", PROP_TYPE_DWORD, PROP_QUAL_RANGE, &range, 0, 0, B("\0\1\0\0"),
	    "L = 256 (0x100) Range:(1 (0x1) - 20 (0x14))" },
	{ "no range", PROP_TYPE_BYTE, PROP_QUAL_RANGE, 0, 0, 0, B("\x0a"), "L = 10 (0xA)" },
	/* sets */
	{ "byte in set", PROP_TYPE_BYTE, PROP_QUAL_SET, &byte_plain, 0, 0, B("\x0a"),
	    "L = 10 (0xA) Matches Set Value" },
	{ "byte not in set", PROP_TYPE_BYTE, PROP_QUAL_SET, &byte_plain, 0, 0, B("\x0b"),
	    "L = 11 (0xB) Unknown Set Value" },
	{ "word in set", PROP_TYPE_WORD, PROP_QUAL_SET, &word_plain, 0, SWAP, B("\0\3"),
	    "L = 3 (0x3) Matches Set Value" },
	{ "word not in set", PROP_TYPE_WORD, PROP_QUAL_SET, &word_plain, 0, 0, B("\0\3"),
	    "L = 768 (0x300) Unknown Set Value" },
	{ "dword in set", PROP_TYPE_DWORD, PROP_QUAL_SET, &dword_plain, 0, 0, B("\3\0\0\0"),
	    "L = 3 (0x3) Matches Set Value" },
	{ "dword not in set", PROP_TYPE_DWORD, PROP_QUAL_SET, &dword_plain, 0, 0, B("\4\0\0\0"),
	    "L = 4 (0x4) Unknown Set Value" },
	{ "no set", PROP_TYPE_BYTE, PROP_QUAL_SET, 0, 0, 0, B("\x0a"),
	    "L = 10 (0xA) Unknown Set Value" },
	{ "a set without a table", PROP_TYPE_BYTE, PROP_QUAL_SET, &no_set, 0, 0, B("\x0a"),
	    "L = 10 (0xA) Unknown Set Value" },
	/* labels */
	{ "byte label", PROP_TYPE_BYTE, PROP_QUAL_LABELED_SET, &byte_set, 0, 0, B("\2"),
	    "L = two" },
	{ "byte without label", PROP_TYPE_BYTE, PROP_QUAL_LABELED_SET, &byte_set, 0, 0, B("\x0a"),
	    "L = 10 (0xA)" },
	{ "word label", PROP_TYPE_WORD, PROP_QUAL_LABELED_SET, &word_set, 0, SWAP, B("\1\2"),
	    "L = pair" },
	{ "word without label", PROP_TYPE_WORD, PROP_QUAL_LABELED_SET, &word_set, 0, 0, B("\1\2"),
	    "L = 513 (0x201)" },
	{ "dword label", PROP_TYPE_DWORD, PROP_QUAL_LABELED_SET, &dword_set, 0, SWAP, B("\1\2\3\4"),
	    "L = four" },
	{ "dword without label", PROP_TYPE_DWORD, PROP_QUAL_LABELED_SET, &dword_set, 0, 0,
	    B("\1\0\0\0"), "L = 1 (0x1)" },
	{ "eight bytes' label", PROP_TYPE_LARGEINT, PROP_QUAL_LABELED_SET, &large_set, 0, 0,
	    B("\1\0\0\0\0\0\0\0"), "L = long" },
	{ "label cut", PROP_TYPE_WORD, PROP_QUAL_LABELED_SET, &word_set, 0, 0, B("\1"), "L = 01" },
	{ "no labels", PROP_TYPE_BYTE, PROP_QUAL_LABELED_SET, 0, 0, 0, B("\1"), "L = 1 (0x1)" },
	{ "labels without a table", PROP_TYPE_BYTE, PROP_QUAL_LABELED_SET, &no_set, 0, 0, B("\1"),
	    "L = 1 (0x1)" },
	/* constants */
	{ "byte as it must be", PROP_TYPE_BYTE, PROP_QUAL_CONST, 0, 10, 0, B("\x0a"), "" },
	{ "byte as it must not be", PROP_TYPE_BYTE, PROP_QUAL_CONST, 0, 10, 0, B("\x0b"),
	    "L = 11 (0xB) (expected 10 (0xA))" },
	{ "word as it must be", PROP_TYPE_WORD, PROP_QUAL_CONST, 0, 258, SWAP, B("\1\2"), "" },
	{ "dword as it must not be", PROP_TYPE_DWORD, PROP_QUAL_CONST, 0, 1, 0, B("\2\0\0\0"),
	    "L = 2 (0x2) (expected 1 (0x1))" },
	/* flags */
	{ "byte flags", PROP_TYPE_BYTE, PROP_QUAL_FLAGS, &flag_set, 0, 0, B("\2"),
	    "......1. = on|.......0 = " },
	{ "byte flags the other way", PROP_TYPE_BYTE, PROP_QUAL_FLAGS, &flag_set, 0, 0, B("\1"),
	    "......0. = off|.......1 = low" },
	{ "word flags", PROP_TYPE_WORD, PROP_QUAL_FLAGS, &word_flags, 0, SWAP, B("\x80\0"),
	    "1............... = yes" },
	{ "dword flags", PROP_TYPE_DWORD, PROP_QUAL_FLAGS, &dword_flags, 0, SWAP, B("\0\0\0\1"),
	    "0............................... = no" },
	{ "old flags", PROP_TYPE_BYTE, PROP_QUAL_LABELED_BITFIELD, &flag_set, 0, 0, B("\2"),
	    "......1. = on|.......0 = " },
	{ "flags of eight bytes", PROP_TYPE_LARGEINT, PROP_QUAL_FLAGS, &flag_set, 0, 0,
	    B("\1\2\3\4\5\6\7\x08"), "L = 0102030405060708" },
	{ "no flags", PROP_TYPE_BYTE, PROP_QUAL_FLAGS, 0, 0, 0, B("\2"), "" },
	{ "flags cut", PROP_TYPE_WORD, PROP_QUAL_FLAGS, &word_flags, 0, 0, B("\2"), "L = 02" },
	{ "old bits", PROP_TYPE_BYTE, PROP_QUAL_BITFIELD, 0, 0, 0, B("\2"), "" },
	/* arrays */
	{ "bytes", PROP_TYPE_BYTE, PROP_QUAL_ARRAY, 0, 0, 0, B("\x0a\xff"), "L = 0A FF" },
	{ "words", PROP_TYPE_WORD, PROP_QUAL_ARRAY, 0, 0, 0, B("\1\0\2\0"), "L = 0001 0002" },
	{ "words swapped", PROP_TYPE_WORD, PROP_QUAL_ARRAY, 0, 0, SWAP, B("\1\0\2\0"),
	    "L = 0100 0200" },
	{ "dwords", PROP_TYPE_DWORD, PROP_QUAL_ARRAY, 0, 0, SWAP, B("\1\2\3\4\5\6\7\x08"),
	    "L = 01020304 05060708" },
	{ "words and a half", PROP_TYPE_WORD, PROP_QUAL_ARRAY, 0, 0, 0, B("\1\0\2"),
	    "L = 01 00 02" },
	{ "no bytes", PROP_TYPE_BYTE, PROP_QUAL_ARRAY, 0, 0, 0, B(""), "L = " },
	/* what shows its label */
	{ "void", PROP_TYPE_VOID, PROP_QUAL_NONE, 0, 0, 0, B("\1"), "L" },
	{ "void and a qualifier", PROP_TYPE_VOID, PROP_QUAL_FLAGS, &flag_set, 0, 0, B("\1"), "L" },
	{ "comment", PROP_TYPE_COMMENT, PROP_QUAL_NONE, 0, 0, 0, B("\1"), "L" },
	{ "summary", PROP_TYPE_SUMMARY, PROP_QUAL_ARRAY, 0, 0, 0, B("\1"), "L" },
	{ "raw data", PROP_TYPE_RAW_DATA, PROP_QUAL_CONST, 0, 1, 0, B("\1"), "L" },
	/* text and times */
	{ "string", PROP_TYPE_STRING, PROP_QUAL_NONE, 0, 0, 0, B("abc"), "L = abc" },
	{ "string up to its NUL", PROP_TYPE_STRING, PROP_QUAL_FLAGS, &flag_set, 0, 0, B("ab\0c"),
	    "L = ab" },
	{ "string of odd bytes", PROP_TYPE_STRING, PROP_QUAL_NONE, 0, 0, 0,
	    B("a\x07\xff"
	      "b"),
	    "L = a..b" },
	{ "old string", PROP_TYPE_TYPED_STRING, PROP_QUAL_NONE, 0, 0, 0, B("abc"), "L = abc" },
	{ "wide string", PROP_TYPE_STRING, PROP_QUAL_NONE, 0, 0, UTF,
	    B("a\0\xe9\0\xac\x20\x07\0\0\xd8z\0"), "L = a\xc3\xa9\xe2\x82\xac..z" },
	{ "wide string up to its NUL", PROP_TYPE_STRING, PROP_QUAL_NONE, 0, 0, UTF, B("a\0\0\0b\0"),
	    "L = a" },
	{ "half a character", PROP_TYPE_STRING, PROP_QUAL_NONE, 0, 0, UTF, B("a\0b"), "L = a" },
	{ "sender's name", PROP_TYPE_SRCFRIENDLYNAME, PROP_QUAL_NONE, 0, 0, 0, B("me\0"),
	    "L = me" },
	{ "receiver's name", PROP_TYPE_DSTFRIENDLYNAME, PROP_QUAL_NONE, 0, 0, 0, B("you"),
	    "L = you" },
	{ "time", PROP_TYPE_TIME, PROP_QUAL_NONE, 0, 0, 0,
	    B("\xe8\x07\x02\0\4\0\x1d\0\x17\0\x3b\0\5\0\7\0"), "L = 2/29/2024 23:59:05.007" },
	{ "time and a qualifier", PROP_TYPE_TIME, PROP_QUAL_LABELED_SET, &byte_set, 0, 0,
	    B("\xe8\x07\1\0\0\0\1\0\0\0\0\0\0\0\0\0"), "L = 1/1/2024 0:00:00.000" },
	{ "time cut", PROP_TYPE_TIME, PROP_QUAL_NONE, 0, 0, 0, B("\1\2"), "L = 0102" },
	/* addresses */
	{ "IP address", PROP_TYPE_IP_ADDRESS, PROP_QUAL_NONE, 0, 0, 0, B("\x81\x41\x64\2"),
	    "L = 129.65.100.2" },
	{ "IP address and a qualifier", PROP_TYPE_IP_ADDRESS, PROP_QUAL_CONST, 0, 1, 0,
	    B("\x81\x41\x64\2"), "L = 129.65.100.2" },
	{ "IP address cut", PROP_TYPE_IP_ADDRESS, PROP_QUAL_NONE, 0, 0, 0, B("\1\2\3"),
	    "L = 010203" },
	{ "IPv6 address", PROP_TYPE_IP6_ADDRESS, PROP_QUAL_NONE, 0, 0, 0,
	    B("\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\1"), "L = fe80::1" },
	{ "IPv6 address cut", PROP_TYPE_IP6_ADDRESS, PROP_QUAL_NONE, 0, 0, 0, B("\xfe\x80"),
	    "L = FE80" },
	{ "IPX address", PROP_TYPE_IPX_ADDRESS, PROP_QUAL_NONE, 0, 0, 0,
	    B("\xde\xad\xbe\xef\0\1\2\3\4\5"), "L = DEADBEEF.000102030405" },
	{ "IPX address cut", PROP_TYPE_IPX_ADDRESS, PROP_QUAL_NONE, 0, 0, 0, B("\xde"), "L = DE" },
	{ "MAC address", PROP_TYPE_ADDR, PROP_QUAL_NONE, 0, 0, 0, B("\1\2\3\4\xaa\xbb"),
	    "L = 01020304AABB" },
	{ "Ethernet address", PROP_TYPE_ETHERNET_ADDRESS, PROP_QUAL_NONE, 0, 0, 0,
	    B("\1\2\3\4\xaa\xbb"), "L = 01020304AABB" },
	{ "Token Ring address", PROP_TYPE_TOKENRING_ADDRESS, PROP_QUAL_NONE, 0, 0, 0,
	    B("\1\2\3\4\xaa\xbb"), "L = 01020304AABB" },
	{ "FDDI address", PROP_TYPE_FDDI_ADDRESS, PROP_QUAL_NONE, 0, 0, 0, B("\1\2\3\4\xaa\xbb"),
	    "L = 01020304AABB" },
	{ "ATM address", PROP_TYPE_ATM_ADDRESS, PROP_QUAL_NONE, 0, 0, 0, B("\1\2\3\4\xaa\xbb"),
	    "L = 01020304AABB" },
	{ "1394 address", PROP_TYPE_1394_ADDRESS, PROP_QUAL_NONE, 0, 0, 0, B("\1\2\3\4\xaa\xbb"),
	    "L = 01020304AABB" },
	{ "Vines address", PROP_TYPE_VINES_IP_ADDRESS, PROP_QUAL_NONE, 0, 0, 0,
	    B("\0\2\xa1\x49\0\x34"), "L = 172361:52" },
	{ "Vines address cut", PROP_TYPE_VINES_IP_ADDRESS, PROP_QUAL_NONE, 0, 0, 0, B("\0\2"),
	    "L = 0002" },
	{ "object identifier", PROP_TYPE_OBJECT_IDENTIFIER, PROP_QUAL_NONE, 0, 0, 0,
	    B("\x2b\6\1\2\1\1\3\0"), "L = 1.3.6.1.2.1.1.3.0" },
	{ "object identifier of long numbers", PROP_TYPE_OBJECT_IDENTIFIER, PROP_QUAL_NONE, 0, 0, 0,
	    B("\x88\x37\x86\xf7\x0d"), "L = 2.999.113549" },
	{ "object identifier cut", PROP_TYPE_OBJECT_IDENTIFIER, PROP_QUAL_NONE, 0, 0, 0,
	    B("\x2b\x86"), "L = 1.3" },
	/* numbers of any length */
	{ "small number", PROP_TYPE_VAR_LEN_SMALL_INT, PROP_QUAL_NONE, 0, 0, 0, B("\2"), "L = 2" },
	{ "small number swapped", PROP_TYPE_VAR_LEN_SMALL_INT, PROP_QUAL_NONE, 0, 0, SWAP,
	    B("\1\0\0"), "L = 65536" },
	{ "small number of eight bytes", PROP_TYPE_VAR_LEN_SMALL_INT, PROP_QUAL_NONE, 0, 0, 0,
	    B("\0\0\0\0\0\0\0\1"), "L = 72057594037927936" },
	{ "small number of nine bytes", PROP_TYPE_VAR_LEN_SMALL_INT, PROP_QUAL_NONE, 0, 0, 0,
	    B("\1\2\3\4\5\6\7\x08\x09"), "L = " },
	{ "a type that there is not", 200, PROP_QUAL_NONE, 0, 0, 0, B("\1\2"), "L = 0102" },
	{ "a qualifier that there is not", PROP_TYPE_BYTE, 200, 0, 0, 0, B("\1"), "L = 1 (0x1)" },
};

static PROPERTYINFO info_of(const struct row *r, WORD size)
{
	PROPERTYINFO i = { .Label = label,
		.DataType = r->type,
		.DataQualifier = r->qualifier,
		.FormatStringSize = size };

	if (r->qualifier == PROP_QUAL_CONST)
		i.Value = r->value;
	else
		i.lpExtendedInfo = r->extended;
	return i;
}

/* The lines of a text as they were written, with "|" between. */
static void lines(char *text)
{
	for (; text[0] || text[1]; text++)
		if (!text[0])
			text[0] = '|';
}

static void every_type_and_qualifier_has_its_text(void **state)
{
	(void)state;
	for (size_t k = 0; k < COUNT(rows); k++) {
		PROPERTYINFO info = info_of(&rows[k], 300);
		char text[302] = "";
		PROPERTYINST inst = { .lpPropertyInfo = &info,
			.szPropertyText = text,
			.lpByte = (ULPBYTE)(uintptr_t)rows[k].data,
			.DataLength = (WORD)rows[k].n,
			.IFlags = rows[k].flags };

		assert_int_equal(FormatPropertyInstance(&inst), NMERR_SUCCESS);
		lines(text);
		if (strcmp(text, rows[k].text) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", rows[k].name, text, rows[k].text);
	}
}

/* A value beside the frame has the same text as one in it. */
static void a_value_of_ones_own_has_the_same_text(void **state)
{
	(void)state;
	for (size_t k = 0; k < COUNT(rows); k++) {
		PROPERTYINFO info = info_of(&rows[k], 300);
		union {
			PROPERTYINSTEX ex;
			BYTE room[64];
		} own = { .ex = { .Length = 0, .LengthEx = (WORD)rows[k].n } };
		char text[302] = "";
		PROPERTYINST inst = { .lpPropertyInfo = &info,
			.szPropertyText = text,
			.lpPropertyInstEx = &own.ex,
			.DataLength = 0xFFFF,
			.IFlags = rows[k].flags };

		memcpy(own.room + offsetof(PROPERTYINSTEX, Byte), rows[k].data, rows[k].n);
		assert_int_equal(FormatPropertyInstance(&inst), NMERR_SUCCESS);
		lines(text);
		assert_string_equal(text, rows[k].text);
	}
}

/* Never a byte beyond FormatStringSize, and what fits is what stands first. */
static void text_is_cut_to_the_room_it_has(void **state)
{
	(void)state;
	for (size_t k = 0; k < COUNT(rows); k++)
		for (WORD size = 0; size < 60; size++) {
			PROPERTYINFO info = info_of(&rows[k], size);
			char text[302];
			PROPERTYINST inst = { .lpPropertyInfo = &info,
				.szPropertyText = text,
				.lpByte = (ULPBYTE)(uintptr_t)rows[k].data,
				.DataLength = (WORD)rows[k].n,
				.IFlags = rows[k].flags };

			memset(text, 0x7e, sizeof text);
			assert_int_equal(FormatPropertyInstance(&inst), NMERR_SUCCESS);
			for (size_t i = size; i < sizeof text; i++)
				assert_int_equal(text[i], 0x7e);
		}
}

static void what_is_no_instance_is_refused(void **state)
{
	PROPERTYINFO info = { .Label = (char[]){ "L" }, .FormatStringSize = 10 };
	char text[12] = "";
	PROPERTYINST no_text = { .lpPropertyInfo = &info }, no_info = { .szPropertyText = text };

	(void)state;
	assert_int_equal(FormatPropertyInstance(NULL), NMERR_INVALID_PARAMETER);
	assert_int_equal(FormatPropertyInstance(&no_text), NMERR_INVALID_PARAMETER);
	assert_int_equal(BhGetLastError(), NMERR_INVALID_PARAMETER);
	assert_int_equal(FormatPropertyInstance(&no_info), NMERR_INVALID_HPROPERTY);
	assert_int_equal(BhGetLastError(), NMERR_INVALID_HPROPERTY);
	FormatPropertyDataAsByte(NULL, 10);
	FormatPropertyDataAsByte(&no_text, 10);
	FormatLabeledByteSet(&no_info);
	FormatLabeledByteSetAsFlags(&no_info);
	FormatPropertyDataAsTime(NULL);
	FormatPropertyDataAsString(&no_text);
	FormatPropertyDataAsHexString(NULL);
	assert_string_equal(text, "");
}

/* ---- formatters by name ----------------------------------------------------------------------- */

static void byte16(LPPROPERTYINST i)
{
	FormatPropertyDataAsByte(i, 16);
}
static void byte10(LPPROPERTYINST i)
{
	FormatPropertyDataAsByte(i, 10);
}
static void word16(LPPROPERTYINST i)
{
	FormatPropertyDataAsWord(i, 16);
}
static void dword16(LPPROPERTYINST i)
{
	FormatPropertyDataAsDword(i, 16);
}
static void dword10(LPPROPERTYINST i)
{
	FormatPropertyDataAsDword(i, 10);
}
static void int64_16(LPPROPERTYINST i)
{
	FormatPropertyDataAsInt64(i, 16);
}
static void byte_label(LPPROPERTYINST i)
{
	FormatLabeledByteSet(i);
}
static void word_label(LPPROPERTYINST i)
{
	FormatLabeledWordSet(i);
}
static void dword_label(LPPROPERTYINST i)
{
	FormatLabeledDwordSet(i);
}
static void byte_bits(LPPROPERTYINST i)
{
	FormatLabeledByteSetAsFlags(i);
}
static void word_bits(LPPROPERTYINST i)
{
	FormatLabeledWordSetAsFlags(i);
}
static void dword_bits(LPPROPERTYINST i)
{
	FormatLabeledDwordSetAsFlags(i);
}
static void as_time(LPPROPERTYINST i)
{
	FormatPropertyDataAsTime(i);
}
static void as_string(LPPROPERTYINST i)
{
	FormatPropertyDataAsString(i);
}
static void as_hex(LPPROPERTYINST i)
{
	FormatPropertyDataAsHexString(i);
}

static void formatters_by_name_take_their_own_type(void **state)
{
	static const struct {
		void (*fn)(LPPROPERTYINST i);
		struct _SET *set;
		DWORD flags;
		const BYTE *data;
		size_t n;
		const char *text;
	} named[] = {
		{ byte10, NULL, 0, B("\x29"), "L = 41 (0x29)" },
		{ byte16, NULL, 0, B("\x09"), "L = 0x09" },
		{ byte16, NULL, 0, B(""), "L = " },
		{ word16, NULL, SWAP, B("\0\x29"), "L = 0x0029" },
		{ word16, NULL, 0, B("\x29"), "L = 29" },
		{ dword16, NULL, 0, B("\1\2\3\4"), "L = 0x04030201" },
		{ dword10, NULL, SWAP, B("\0\0\1\0"), "L = 256 (0x100)" },
		{ dword10, NULL, 0, B("\1\2\3"), "L = 010203" },
		{ int64_16, NULL, 0, B("\1\0\0\0\0\0\0\0"), "L = 0x0000000000000001" },
		{ byte_label, &byte_set, 0, B("\1"), "L = one" },
		{ byte_label, NULL, 0, B("\1"), "L = 1 (0x1)" },
		{ word_label, &word_set, SWAP, B("\1\2"), "L = pair" },
		{ word_label, &word_set, 0, B("\1"), "L = 01" },
		{ dword_label, &dword_set, SWAP, B("\1\2\3\4"), "L = four" },
		{ dword_label, &dword_set, 0, B("\1\2\3\4"), "L = 67305985 (0x4030201)" },
		{ byte_bits, &flag_set, 0, B("\3"), "......1. = on|.......1 = low" },
		{ word_bits, &word_flags, 0, B("\0\x80"), "1............... = yes" },
		{ word_bits, &word_flags, 0, B("\0"), "L = 00" },
		{ dword_bits, &dword_flags, 0, B("\0\0\0\x80"),
		    "1............................... = yes" },
		{ as_time, NULL, 0, B("\xe8\x07\1\0\0\0\2\0\3\0\4\0\5\0\6\0"),
		    "L = 1/2/2024 3:04:05.006" },
		{ as_time, NULL, 0, B("\xe8\x07"), "L = E807" },
		{ as_string, NULL, 0, B("text"), "L = text" },
		{ as_hex, NULL, 0, B("\xde\xad"), "L = DEAD" },
		{ as_hex, NULL, 0, B(""), "L = " },
	};

	(void)state;
	for (size_t k = 0; k < COUNT(named); k++) {
		PROPERTYINFO info = {
			.Label = (char[]){ "L" }, .lpSet = named[k].set, .FormatStringSize = 200
		};
		char text[202] = "";
		PROPERTYINST inst = { .lpPropertyInfo = &info,
			.szPropertyText = text,
			.lpByte = (ULPBYTE)(uintptr_t)named[k].data,
			.DataLength = (WORD)named[k].n,
			.IFlags = named[k].flags };

		named[k].fn(&inst);
		lines(text);
		assert_string_equal(text, named[k].text);
	}
}

/* ---- pictures, labels, numbers ------------------------------------------------------------------ */

static void bits_have_pictures(void **state)
{
	char s[40];

	(void)state;
	assert_int_equal(FormatByteFlags(s, 0x81, 0x83), 8);
	assert_string_equal(s, "1.....01");
	assert_int_equal(FormatByteFlags(s, 0xFF, 0), 8);
	assert_string_equal(s, "........");
	assert_int_equal(FormatWordFlags(s, 0x8000, 0xC000), 16);
	assert_string_equal(s, "10..............");
	assert_int_equal(FormatDwordFlags(s, 1, 0x80000001), 32);
	assert_string_equal(s, "0..............................1");
	assert_int_equal(FormatByteFlags(NULL, 1, 1), 0);
	assert_int_equal(FormatWordFlags(NULL, 1, 1), 0);
	assert_int_equal(FormatDwordFlags(NULL, 1, 1), 0);
	assert_int_equal(BhGetLastError(), NMERR_INVALID_PARAMETER);
}

static void values_have_labels(void **state)
{
	(void)state;
	assert_string_equal((char *)LookupByteSetString(&byte_set, 2), "two");
	assert_null(LookupByteSetString(&byte_set, 3));
	assert_null(LookupByteSetString(NULL, 2));
	assert_null(LookupByteSetString(&no_set, 2));
	assert_string_equal((char *)LookupWordSetString(&word_set, 0x0102), "pair");
	assert_null(LookupWordSetString(&word_set, 0x0201));
	assert_null(LookupWordSetString(NULL, 0));
	assert_string_equal((char *)LookupDwordSetString(&dword_set, 0x01020304), "four");
	assert_null(LookupDwordSetString(&dword_set, 0));
	assert_null(LookupDwordSetString(NULL, 0));
}

static void times_have_text(void **state)
{
	SYSTEMTIME t = { 2024, 12, 0, 31, 0, 9, 8, 70 };
	SYSTEMTIME most = { 0xFFFF, 0xFFFF, 0, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF };
	char s[64];

	(void)state;
	assert_ptr_equal(FormatTimeAsString(&t, s), s);
	assert_string_equal(s, "12/31/2024 0:09:08.070");
	memset(s, 'x', sizeof s);
	assert_ptr_equal(FormatTimeAsString(&most, s), s);
	assert_int_equal(s[32], 'x'); /* as documented: 32 bytes at most */
	assert_null(FormatTimeAsString(NULL, s));
	assert_null(FormatTimeAsString(&t, NULL));
	assert_int_equal(BhGetLastError(), NMERR_INVALID_PARAMETER);
}

static void numbers_of_any_length_become_dwords(void **state)
{
	BYTE p[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	static const DWORD plain[] = { 0, 1, 0x201, 0x30201, 0x4030201, 0x4030201, 0x4030201,
		0x4030201, 0x4030201 };
	static const DWORD swapped[] = { 0, 1, 0x102, 0x10203, 0x1020304, 0x2030405, 0x3040506,
		0x4050607, 0x5060708 };
	DWORD v;

	(void)state;
	for (WORD n = 0; n <= 8; n++) {
		assert_ptr_equal(VarLenSmallIntToDword(p, n, FALSE, &v), &v);
		assert_int_equal(v, plain[n]);
		assert_ptr_equal(VarLenSmallIntToDword(p, n, TRUE, &v), &v);
		assert_int_equal(v, swapped[n]);
	}
	assert_ptr_equal(VarLenSmallIntToDword(NULL, 0, FALSE, &v), &v);
	assert_null(VarLenSmallIntToDword(NULL, 1, FALSE, &v));
	assert_null(VarLenSmallIntToDword(p, 1, FALSE, NULL));
	assert_int_equal(BhGetLastError(), NMERR_INVALID_PARAMETER);
}

/* ---- BER ---------------------------------------------------------------------------------------- */

enum { HEADER = 1, INTEGER = 2, STRING = 4 };

static void ber_is_read_as_far_as_it_is_definite(void **state)
{
	static const struct {
		const char *name;
		const BYTE *p;
		size_t n;
		unsigned which; /* of the three take it */
		DWORD header, length;
	} ber[] = {
		{ "integer", B("\2\1\5"), HEADER | INTEGER, 2, 1 },
		{ "empty integer", B("\2\0"), HEADER | INTEGER, 2, 0 },
		{ "octets", B("\4\3abc"), HEADER | STRING, 2, 3 },
		{ "UTF-8", B("\x0c\1x"), HEADER | STRING, 2, 1 },
		{ "printable", B("\x13\1x"), HEADER | STRING, 2, 1 },
		{ "wide", B("\x1e\2\0x"), HEADER | STRING, 2, 2 },
		{ "application's", B("\x41\1x"), HEADER | INTEGER | STRING, 2, 1 },
		{ "context's", B("\x80\1x"), HEADER | INTEGER | STRING, 2, 1 },
		{ "context's, constructed", B("\xa0\1x"), HEADER, 2, 1 },
		{ "sequence", B("\x30\2\2\0"), HEADER, 2, 2 },
		{ "boolean", B("\1\1\0"), HEADER, 2, 1 },
		{ "one octet of length", B("\4\x81\x80"), HEADER | STRING, 3, 0x80 },
		{ "two octets of length", B("\4\x82\1\2"), HEADER | STRING, 4, 0x102 },
		{ "four octets of length", B("\2\x84\1\2\3\4"), HEADER | INTEGER, 6, 0x1020304 },
		{ "five octets of length", B("\2\x85\0\0\0\0"), 0, 0, 0 },
		{ "indefinite length", B("\4\x80\0\0"), 0, 0, 0 },
		{ "tag of several octets", B("\x1f\1\1"), 0, 0, 0 },
		{ "context's tag of several octets", B("\xbf\1\1"), 0, 0, 0 },
	};

	(void)state;
	for (size_t k = 0; k < COUNT(ber); k++) {
		BYTE p[8] = { 0 }, tag = 0xEE;
		ULPBYTE next = NULL, value = NULL;
		DWORD header = 0, length = 0;
		BOOL ok;

		memcpy(p, ber[k].p, ber[k].n);
		ok = BERGetHeader(p, &tag, &header, &length, &next);
		assert_int_equal(ok, (ber[k].which & HEADER) != 0);
		if (ok) {
			assert_int_equal(tag, p[0]);
			assert_int_equal(header, ber[k].header);
			assert_int_equal(length, ber[k].length);
			assert_ptr_equal(next, p + header);
		}
		ok = BERGetInteger(p, &value, &header, &length, &next);
		assert_int_equal(ok, (ber[k].which & INTEGER) != 0);
		if (ok) {
			assert_ptr_equal(value, p + ber[k].header);
			assert_true((uintptr_t)next == (uintptr_t)value + ber[k].length);
		}
		ok = BERGetString(p, &value, &header, &length, &next);
		assert_int_equal(ok, (ber[k].which & STRING) != 0);
		if (ok) {
			assert_ptr_equal(value, p + ber[k].header);
			assert_int_equal(header, ber[k].header);
		}
	}
}

static void ber_takes_no_null(void **state)
{
	BYTE p[] = { 2, 1, 5 }, tag;
	ULPBYTE next, value;
	DWORD header, length;

	(void)state;
	assert_false(BERGetHeader(NULL, &tag, &header, &length, &next));
	assert_false(BERGetHeader(p, NULL, &header, &length, &next));
	assert_false(BERGetHeader(p, &tag, NULL, &length, &next));
	assert_false(BERGetHeader(p, &tag, &header, NULL, &next));
	assert_false(BERGetHeader(p, &tag, &header, &length, NULL));
	assert_false(BERGetInteger(NULL, &value, &header, &length, &next));
	assert_false(BERGetInteger(p, NULL, &header, &length, &next));
	assert_false(BERGetInteger(p, &value, NULL, &length, &next));
	assert_false(BERGetString(p, &value, &header, NULL, &next));
	assert_false(BERGetString(p, &value, &header, &length, NULL));
	assert_int_equal(BhGetLastError(), NMERR_INVALID_PARAMETER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_and_qualifier_has_its_text),
		cmocka_unit_test(a_value_of_ones_own_has_the_same_text),
		cmocka_unit_test(text_is_cut_to_the_room_it_has),
		cmocka_unit_test(what_is_no_instance_is_refused),
		cmocka_unit_test(formatters_by_name_take_their_own_type),
		cmocka_unit_test(bits_have_pictures),
		cmocka_unit_test(values_have_labels),
		cmocka_unit_test(times_have_text),
		cmocka_unit_test(numbers_of_any_length_become_dwords),
		cmocka_unit_test(ber_is_read_as_far_as_it_is_definite),
		cmocka_unit_test(ber_takes_no_null),
	};

	return cmocka_run_group_tests_name("formatters", tests, NULL, NULL);
}
