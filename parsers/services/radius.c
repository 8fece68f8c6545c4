/* SPDX-License-Identifier: MIT */
/* RADIUS (RFC 2865), accounting (RFC 2866). */
#include "../common/list.h"
#include "services.h"

#define HEADER 20u

enum {
	RADIUS_SUMMARY,
	RADIUS_CODE,
	RADIUS_ID,
	RADIUS_LENGTH,
	RADIUS_AUTHENTICATOR,
	RADIUS_TYPE,
	RADIUS_ATTRIBUTE_LENGTH,
	RADIUS_VALUE,
	RADIUS_USER,
	RADIUS_PASSWORD,
	RADIUS_NAS_ADDRESS,
	RADIUS_NAS_PORT,
	RADIUS_SERVICE,
	RADIUS_FRAMED_ADDRESS,
	RADIUS_REPLY,
	RADIUS_STATE,
	RADIUS_CLASS,
	RADIUS_VENDOR,
	RADIUS_SESSION_TIMEOUT,
	RADIUS_CALLED,
	RADIUS_CALLING,
	RADIUS_NAS_ID,
	RADIUS_STATUS,
	RADIUS_SESSION,
	RADIUS_SESSION_TIME,
	RADIUS_NAS_ADDRESS_6,
	RADIUS_FIELDS
};

static LABELED_BYTE code_names[] = {
	{ 1, L("Access request") },
	{ 2, L("Access accept") },
	{ 3, L("Access reject") },
	{ 4, L("Accounting request") },
	{ 5, L("Accounting response") },
	{ 11, L("Access challenge") },
	{ 12, L("Status server") },
	{ 13, L("Status client") },
	{ 40, L("Disconnect request") },
	{ 41, L("Disconnect ACK") },
	{ 42, L("Disconnect NAK") },
	{ 43, L("Change of authorization request") },
	{ 44, L("Change of authorization ACK") },
	{ 45, L("Change of authorization NAK") },
};

static struct _SET codes = SET_OF(Byte, code_names);

static LABELED_BYTE type_names[] = {
	{ 1, L("User-Name") },
	{ 2, L("User-Password") },
	{ 3, L("CHAP-Password") },
	{ 4, L("NAS-IP-Address") },
	{ 5, L("NAS-Port") },
	{ 6, L("Service-Type") },
	{ 7, L("Framed-Protocol") },
	{ 8, L("Framed-IP-Address") },
	{ 9, L("Framed-IP-Netmask") },
	{ 12, L("Framed-MTU") },
	{ 18, L("Reply-Message") },
	{ 24, L("State") },
	{ 25, L("Class") },
	{ 26, L("Vendor-Specific") },
	{ 27, L("Session-Timeout") },
	{ 28, L("Idle-Timeout") },
	{ 30, L("Called-Station-Id") },
	{ 31, L("Calling-Station-Id") },
	{ 32, L("NAS-Identifier") },
	{ 33, L("Proxy-State") },
	{ 40, L("Acct-Status-Type") },
	{ 41, L("Acct-Delay-Time") },
	{ 42, L("Acct-Input-Octets") },
	{ 43, L("Acct-Output-Octets") },
	{ 44, L("Acct-Session-Id") },
	{ 45, L("Acct-Authentic") },
	{ 46, L("Acct-Session-Time") },
	{ 49, L("Acct-Terminate-Cause") },
	{ 55, L("Event-Timestamp") },
	{ 60, L("CHAP-Challenge") },
	{ 61, L("NAS-Port-Type") },
	{ 64, L("Tunnel-Type") },
	{ 65, L("Tunnel-Medium-Type") },
	{ 79, L("EAP-Message") },
	{ 80, L("Message-Authenticator") },
	{ 81, L("Tunnel-Private-Group-Id") },
	{ 87, L("NAS-Port-Id") },
	{ 95, L("NAS-IPv6-Address") },
};

static struct _SET types = SET_OF(Byte, type_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[RADIUS_SUMMARY] = { "Summary of the RADIUS packet", "radius", SUMMARY,
	    .format = format_summary },
	[RADIUS_CODE] = { "Code", "radius.code", U8(0), LABELED(codes) },
	[RADIUS_ID] = { "Identifier", "radius.id", U8(1) },
	[RADIUS_LENGTH] = { "Length", "radius.length", U16(2) },
	[RADIUS_AUTHENTICATOR] = { "Authenticator", "radius.authenticator", BYTES(4, 16) },
	[RADIUS_TYPE] = { "Attribute", "radius.avp.type", U8(0), LABELED(types) },
	[RADIUS_ATTRIBUTE_LENGTH] = { "Attribute Length", "radius.avp.length", U8(1), .level = 2 },
	[RADIUS_VALUE] = { "Value", NULL, BYTES(2, 0), .level = 2 },
	[RADIUS_USER] = { "User Name", "radius.User_Name", TEXT(2, 0), .level = 2 },
	[RADIUS_PASSWORD] = { "Encrypted Password", "radius.User_Password_encrypted", BYTES(2, 0),
	    .level = 2 },
	[RADIUS_NAS_ADDRESS] = { "NAS Address", "radius.NAS_IP_Address", IP4(2), .level = 2 },
	[RADIUS_NAS_PORT] = { "NAS Port", "radius.NAS_Port", U32(2), .level = 2 },
	[RADIUS_SERVICE] = { "Service Type", "radius.Service_Type", U32(2), .level = 2 },
	[RADIUS_FRAMED_ADDRESS] = { "Framed Address", "radius.Framed_IP_Address", IP4(2),
	    .level = 2 },
	[RADIUS_REPLY] = { "Reply Message", "radius.Reply_Message", TEXT(2, 0), .level = 2 },
	[RADIUS_STATE] = { "State", "radius.State", BYTES(2, 0), .level = 2 },
	[RADIUS_CLASS] = { "Class", "radius.Class", BYTES(2, 0), .level = 2 },
	[RADIUS_VENDOR] = { "Vendor", "radius.avp.vendor_id", U32(2), .level = 2 },
	[RADIUS_SESSION_TIMEOUT] = { "Session Timeout", "radius.Session_Timeout", U32(2),
	    .level = 2 },
	[RADIUS_CALLED] = { "Called Station", "radius.Called_Station_Id", TEXT(2, 0), .level = 2 },
	[RADIUS_CALLING] = { "Calling Station", "radius.Calling_Station_Id", TEXT(2, 0),
	    .level = 2 },
	[RADIUS_NAS_ID] = { "NAS Identifier", "radius.NAS_Identifier", TEXT(2, 0), .level = 2 },
	[RADIUS_STATUS] = { "Accounting Status", "radius.Acct_Status_Type", U32(2), .level = 2 },
	[RADIUS_SESSION] = { "Accounting Session", "radius.Acct_Session_Id", TEXT(2, 0),
	    .level = 2 },
	[RADIUS_SESSION_TIME] = { "Session Time", "radius.Acct_Session_Time", U32(2), .level = 2 },
	[RADIUS_NAS_ADDRESS_6] = { "NAS IPv6 Address", "radius.NAS_IPv6_Address", IPV6(2),
	    .level = 2 },
};

static const struct element attributes[] = {
	{ .type = 1, .first = RADIUS_USER, .n = 1 },
	{ .type = 2, .first = RADIUS_PASSWORD, .n = 1 },
	{ .type = 4, .first = RADIUS_NAS_ADDRESS, .n = 1 },
	{ .type = 5, .first = RADIUS_NAS_PORT, .n = 1 },
	{ .type = 6, .first = RADIUS_SERVICE, .n = 1 },
	{ .type = 8, .first = RADIUS_FRAMED_ADDRESS, .n = 1 },
	{ .type = 18, .first = RADIUS_REPLY, .n = 1 },
	{ .type = 24, .first = RADIUS_STATE, .n = 1 },
	{ .type = 25, .first = RADIUS_CLASS, .n = 1 },
	{ .type = 26, .first = RADIUS_VENDOR, .n = 1 },
	{ .type = 27, .first = RADIUS_SESSION_TIMEOUT, .n = 1 },
	{ .type = 30, .first = RADIUS_CALLED, .n = 1 },
	{ .type = 31, .first = RADIUS_CALLING, .n = 1 },
	{ .type = 32, .first = RADIUS_NAS_ID, .n = 1 },
	{ .type = 40, .first = RADIUS_STATUS, .n = 1 },
	{ .type = 44, .first = RADIUS_SESSION, .n = 1 },
	{ .type = 46, .first = RADIUS_SESSION_TIME, .n = 1 },
	{ .type = 95, .first = RADIUS_NAS_ADDRESS_6, .n = 1 },
};

static const struct list attribute_list = {
	.fields = fields,
	.type = RADIUS_TYPE,
	.length = RADIUS_ATTRIBUTE_LENGTH,
	.rest = RADIUS_VALUE,
	.length_at = 1,
	.elements = attributes,
	.n_elements = COUNT(attributes),
};

RECOGNIZE(recognize)
{
	(void)p;
	(void)left;
	(void)next;
	(void)instance;
	return rest_is_mine(status);
}

ATTACH(attach)
{
	struct header h = { frame, p, bounded(left, instance) };
	DWORD told = h.left >= 4 ? be16(p + 2) : 0;
	bool bad = h.left < HEADER || told < HEADER || told > h.left;

	h.left = told >= HEADER ? bounded(h.left, told) : h.left;
	field_attach_at(&h, &fields[RADIUS_SUMMARY], 0, h.left, h.left < HEADER ? IFLAG_ERROR : 0);
	fields_attach(&h, &fields[RADIUS_CODE], 2);
	field_attach_at(&h, &fields[RADIUS_LENGTH], 2, 2, bad ? IFLAG_ERROR : 0);
	fields_attach(&h, &fields[RADIUS_AUTHENTICATOR], 1);
	list_attach(&attribute_list, &h, HEADER, h.left);
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const char *name;

	(void)frame;
	if (i->DataLength < HEADER) {
		text_put(i, "Cut short");
		return;
	}
	name = (const char *)LookupByteSetString(&codes, i->lpByte[0]);
	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "Code %u", i->lpByte[0]);
	text_put(i, ", identifier %u", i->lpByte[1]);
}

static const struct place places[] = {
	{ TCPIP_INI, "UDP_HandoffSet", 1645, false },
	{ TCPIP_INI, "UDP_HandoffSet", 1646, false },
	{ TCPIP_INI, "UDP_HandoffSet", 1812, false },
	{ TCPIP_INI, "UDP_HandoffSet", 1813, false },
	{ TCPIP_INI, "UDP_HandoffSet", 3799, false },
};

struct parser radius_parser = {
	.name = "RADIUS",
	.comment = "Remote Authentication Dial-In User Service (RFC 2865)",
	.fields = fields,
	.n_fields = RADIUS_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
};
