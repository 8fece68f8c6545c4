/* SPDX-License-Identifier: MIT */
/* Properties: their definitions, their instances in a frame, their text. */
#include "base/nmerr.h"
#include "expert/parsed.h"
#include "parse/format.h"
#include "parse/parse.h"

#define EXTENDED 0xFFFFu /* DataLength of an instance with a value of its own */

static DWORD told(uint32_t err)
{
	if (err)
		nm_set_last_error(err);
	return err;
}

DWORD WINAPI CreatePropertyDatabase(HPROTOCOL hProtocol, DWORD nProperties)
{
	return told(nm_database_create(hProtocol, nProperties));
}

DWORD WINAPI DestroyPropertyDatabase(HPROTOCOL hProtocol)
{
	return told(nm_database_destroy(hProtocol));
}

HPROPERTY WINAPI AddProperty(HPROTOCOL hProtocol, LPPROPERTYINFO PropertyInfo)
{
	return nm_property_add(hProtocol, PropertyInfo);
}

HPROPERTY WINAPI GetProperty(HPROTOCOL hProtocol, LPSTR PropertyName)
{
	uint32_t last = nm_last_error();
	HPROPERTY h = nm_property_by_label(hProtocol, PropertyName);

	if (h)
		return h;
	h = nm_property_by_name(hProtocol, PropertyName);
	if (h)
		nm_set_last_error(last);
	return h;
}

LPPROPERTYINFO WINAPI GetPropertyInfo(HPROPERTY hProperty)
{
	return nm_property_info(hProperty);
}

WINBOOL WINAPI AttachPropertyInstance(HFRAME hFrame, HPROPERTY hProperty, DWORD Length,
    ULPVOID lpData, DWORD HelpID, DWORD Level, DWORD IFlags)
{
	return nm_attach(hFrame, hProperty, Length, lpData, HelpID, Level, IFlags);
}

WINBOOL WINAPI AttachPropertyInstanceEx(HFRAME hFrame, HPROPERTY hProperty, DWORD Length,
    ULPVOID lpData, DWORD ExLength, ULPVOID lpExData, DWORD HelpID, DWORD Level, DWORD IFlags)
{
	return nm_attach_ex(
	    hFrame, hProperty, Length, lpData, ExLength, lpExData, HelpID, Level, IFlags);
}

/* ---- finding ---------------------------------------------------------------------------- */

LPPROPERTYINST WINAPI FindPropertyInstanceRestart(
    HFRAME hFrame, HPROPERTY hProperty, LPPROPERTYINST *lpRestartKey, WINBOOL DirForward)
{
	PROPERTYINST *found;
	struct nm_parse *p;

	if (!nm_property_info(hProperty))
		return NULL;
	p = nm_parsed(hFrame);
	if (!p)
		return NULL;
	(void)nm_parse_attach(p, NULL);
	found = nm_parse_find(p, hProperty, lpRestartKey ? *lpRestartKey : NULL, DirForward != 0);
	if (!found)
		nm_set_last_error(NMERR_NO_ATTACHED_PROPERTIES);
	else if (lpRestartKey)
		*lpRestartKey = found;
	return found;
}

LPPROPERTYINST WINAPI FindPropertyInstance(HFRAME hFrame, HPROPERTY hProperty)
{
	return FindPropertyInstanceRestart(hFrame, hProperty, NULL, TRUE);
}

DWORD WINAPI ResetPropertyInstanceLength(LPPROPERTYINST lpProp, WORD nOrgLen, WORD nNewLen)
{
	WORD *length = NULL;

	if (lpProp)
		length = lpProp->DataLength == EXTENDED ? &lpProp->lpPropertyInstEx->Length
							: &lpProp->DataLength;
	if (!length || *length != nOrgLen || nNewLen == EXTENDED)
		return told(NMERR_INVALID_PARAMETER);
	*length = nNewLen;
	return NMERR_SUCCESS;
}

/* ---- text ----------------------------------------------------------------------------------- */

LPSTR WINAPI GetPropertyText(HFRAME hFrame, LPPROPERTYINST lpPI, LPSTR szBuffer, DWORD BufferSize)
{
	struct nm_parse *p;

	if (!lpPI || !szBuffer || BufferSize == 0)
		return nm_set_last_error(NMERR_INVALID_PARAMETER), NULL;
	p = nm_parsed(hFrame);
	if (!p)
		return NULL;
	if (!nm_parse_text(p, lpPI, szBuffer, BufferSize))
		return nm_set_last_error(NMERR_NO_ATTACHED_PROPERTIES), NULL;
	return szBuffer;
}

DWORD WINAPIV FormatPropertyInstance(LPPROPERTYINST lpPropertyInst, ...)
{
	return told(nm_format_instance(lpPropertyInst));
}
