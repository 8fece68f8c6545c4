/* SPDX-License-Identifier: MIT */
/* Formatters that parsers name in PROPERTYINFO.InstanceData, and their helpers. */
#include "parse/format.h"
#include "base/nmerr.h"

#define TIME_TEXT 32u /* bytes that FormatTimeAsString may write */

VOID WINAPIV FormatPropertyDataAsByte(LPPROPERTYINST lpPropertyInst, DWORD Base)
{
	nm_format_number(lpPropertyInst, 1, Base);
}

VOID WINAPIV FormatPropertyDataAsWord(LPPROPERTYINST lpPropertyInst, DWORD Base)
{
	nm_format_number(lpPropertyInst, 2, Base);
}

VOID WINAPIV FormatPropertyDataAsDword(LPPROPERTYINST lpPropertyInst, DWORD Base)
{
	nm_format_number(lpPropertyInst, 4, Base);
}

VOID WINAPIV FormatPropertyDataAsInt64(LPPROPERTYINST lpPropertyInst, DWORD Base)
{
	nm_format_number(lpPropertyInst, 8, Base);
}

VOID WINAPIV FormatPropertyDataAsTime(LPPROPERTYINST lpPropertyInst)
{
	nm_format_time(lpPropertyInst);
}

VOID WINAPIV FormatPropertyDataAsString(LPPROPERTYINST lpPropertyInst)
{
	nm_format_string(lpPropertyInst);
}

VOID WINAPIV FormatPropertyDataAsHexString(LPPROPERTYINST lpPropertyInst)
{
	nm_format_hex(lpPropertyInst);
}

VOID WINAPIV FormatLabeledByteSet(LPPROPERTYINST lpPropertyInst)
{
	nm_format_labeled(lpPropertyInst, 1);
}

VOID WINAPIV FormatLabeledWordSet(LPPROPERTYINST lpPropertyInst)
{
	nm_format_labeled(lpPropertyInst, 2);
}

VOID WINAPIV FormatLabeledDwordSet(LPPROPERTYINST lpPropertyInst)
{
	nm_format_labeled(lpPropertyInst, 4);
}

VOID WINAPIV FormatLabeledByteSetAsFlags(LPPROPERTYINST lpPropertyInst)
{
	nm_format_flags(lpPropertyInst, 1);
}

VOID WINAPIV FormatLabeledWordSetAsFlags(LPPROPERTYINST lpPropertyInst)
{
	nm_format_flags(lpPropertyInst, 2);
}

VOID WINAPIV FormatLabeledDwordSetAsFlags(LPPROPERTYINST lpPropertyInst)
{
	nm_format_flags(lpPropertyInst, 4);
}

/* ---- pictures and labels ----------------------------------------------------------------- */

static DWORD picture(LPSTR string, unsigned bits, DWORD value, DWORD mask)
{
	if (!string)
		return nm_set_last_error(NMERR_INVALID_PARAMETER), 0;
	return nm_bit_picture(string, bits, value, mask);
}

DWORD WINAPIV FormatByteFlags(LPSTR string, DWORD ByteValue, DWORD BitMask)
{
	return picture(string, 8, ByteValue, BitMask);
}

DWORD WINAPIV FormatWordFlags(LPSTR string, DWORD WordValue, DWORD BitMask)
{
	return picture(string, 16, WordValue, BitMask);
}

DWORD WINAPIV FormatDwordFlags(LPSTR string, DWORD DwordValue, DWORD BitMask)
{
	return picture(string, 32, DwordValue, BitMask);
}

LPSTR WINAPIV FormatTimeAsString(SYSTEMTIME *time, LPSTR string)
{
	if (!time || !string)
		return nm_set_last_error(NMERR_INVALID_PARAMETER), NULL;
	nm_time_text(string, TIME_TEXT, time);
	return string;
}

LPBYTE WINAPI LookupByteSetString(LPSET lpSet, BYTE Value)
{
	return (LPBYTE)nm_label_of(lpSet, 1, Value);
}

LPBYTE WINAPI LookupWordSetString(LPSET lpSet, WORD Value)
{
	return (LPBYTE)nm_label_of(lpSet, 2, Value);
}

LPBYTE WINAPI LookupDwordSetString(LPSET lpSet, DWORD Value)
{
	return (LPBYTE)nm_label_of(lpSet, 4, Value);
}
