/* SPDX-License-Identifier: MIT */
/* Logical link control (IEEE 802.2). */
#include "mac.h"

#define HEADER 3u /* of an unnumbered frame; the others have a control of two bytes */

enum {
	LLC_SUMMARY,
	LLC_DSAP,
	LLC_SSAP,
	LLC_CONTROL,
	LLC_CONTROL_16,
	LLC_KIND_INFORMATION,
	LLC_KIND,
	LLC_COMMAND,
	LLC_RESPONSE,
	LLC_POLL,
	LLC_FINAL,
	LLC_POLL_16,
	LLC_FINAL_16,
	LLC_SUPERVISORY,
	LLC_SENT,
	LLC_RECEIVED,
	LLC_PAYLOAD,
	LLC_FIELDS
};

static LABELED_BYTE sap_names[] = {
	{ 0x00, L("Null LSAP") },
	{ 0x02, L("LLC sublayer management") },
	{ 0x04, L("SNA path control") },
	{ 0x05, L("SNA path control, group") },
	{ 0x06, L("IP") },
	{ 0x08, L("SNA") },
	{ 0x0C, L("SNA") },
	{ 0x0E, L("PROWAY network management") },
	{ 0x42, L("Spanning tree BPDU") },
	{ 0x4E, L("EIA RS-511 messages") },
	{ 0x7E, L("X.25 over LLC") },
	{ 0x80, L("XNS") },
	{ 0x8E, L("PROWAY active station list") },
	{ 0x98, L("ARP") },
	{ 0xAA, L("SNAP") },
	{ 0xBC, L("Banyan VINES") },
	{ 0xE0, L("IPX") },
	{ 0xF0, L("NetBIOS") },
	{ 0xF4, L("IBM network management") },
	{ 0xF8, L("Remote program load") },
	{ 0xFA, L("Ungermann-Bass") },
	{ 0xFE, L("ISO network layer") },
	{ 0xFF, L("Global LSAP") },
};

static struct _SET saps = SET_OF(Byte, sap_names);

/* Without the poll or final bit. */
static LABELED_BYTE command_names[] = {
	{ 0x03, L("Unnumbered information") },
	{ 0x0F, L("Disconnected mode") },
	{ 0x43, L("Disconnect") },
	{ 0x63, L("Unnumbered acknowledgement") },
	{ 0x6F, L("Set asynchronous balanced mode extended") },
	{ 0x87, L("Frame reject") },
	{ 0xAF, L("Exchange identification") },
	{ 0xE3, L("Test") },
};

static struct _SET commands = SET_OF(Byte, command_names);

static LABELED_BYTE kind_names[] = {
	{ 0, L("Information") },
	{ 1, L("Supervisory") },
	{ 3, L("Unnumbered") },
};

static struct _SET kinds = SET_OF(Byte, kind_names);

static LABELED_BYTE supervisory_names[] = {
	{ 0, L("Receiver ready") },
	{ 1, L("Receiver not ready") },
	{ 2, L("Reject") },
};

static struct _SET supervisory = SET_OF(Byte, supervisory_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[LLC_SUMMARY] = { "Summary of the LLC header", "llc", SUMMARY, .format = format_summary },
	[LLC_DSAP] = { "DSAP", "llc.dsap", U8(0), LABELED(saps) },
	[LLC_SSAP] = { "SSAP", "llc.ssap", U8(1), LABELED(saps) },
	[LLC_CONTROL] = { "Control", "llc.control", U8(2) },
	[LLC_CONTROL_16] = { "Control, two bytes", "llc.control", LE_U16(2) },
	[LLC_KIND_INFORMATION] = { "Frame Type of Information", "llc.control.ftype", BITS8(2, 0x01),
	    LABELED(kinds), .level = 2 },
	[LLC_KIND] = { "Frame Type", "llc.control.ftype", BITS8(2, 0x03), LABELED(kinds),
	    .level = 2 },
	[LLC_COMMAND] = { "Command", NULL, BITS8(2, 0xEF), LABELED(commands), .level = 2 },
	[LLC_RESPONSE] = { "Response", NULL, BITS8(2, 0xEF), LABELED(commands), .level = 2 },
	[LLC_POLL] = { "Poll", "llc.control.p", BITS8(2, 0x10), .level = 2 },
	[LLC_FINAL] = { "Final", "llc.control.f", BITS8(2, 0x10), .level = 2 },
	[LLC_POLL_16] = { "Poll, second byte", "llc.control.p", BITS8(3, 0x01), .level = 2 },
	[LLC_FINAL_16] = { "Final, second byte", "llc.control.f", BITS8(3, 0x01), .level = 2 },
	[LLC_SUPERVISORY] = { "Supervisory Command", "llc.control.s_ftype", BITS8(2, 0x0C),
	    LABELED(supervisory), .level = 2 },
	[LLC_SENT] = { "Send Sequence Number", "llc.control.n_s", BITS8(2, 0xFE), .level = 2 },
	[LLC_RECEIVED] = { "Receive Sequence Number", "llc.control.n_r", BITS8(3, 0xFE),
	    .level = 2 },
	[LLC_PAYLOAD] = { "LLC Data", NULL, BYTES(0, 0) },
};

static const PARSERFIELDNAME names[] = {
	{ L("DSAP"), L("llc.dsap.sap"), 0xFE, 0 },
	{ L("DSAP"), L("llc.dsap.ig"), 0x01, 0 },
	{ L("SSAP"), L("llc.ssap.sap"), 0xFE, 0 },
	{ L("SSAP"), L("llc.ssap.cr"), 0x01, 0 },
	{ L("Command"), L("llc.control.u_modifier_cmd"), 0xEC, 0 },
	{ L("Response"), L("llc.control.u_modifier_resp"), 0xEC, 0 },
};

static LPHANDOFFTABLE by_sap;

static void begin(void)
{
	(void)CreateHandoffTable(L("SAP_HandoffSet"), L(MAC_INI), &by_sap, 256, 16);
}

static void end(void)
{
	DestroyHandoffTable(by_sap);
	by_sap = NULL;
}

static bool is_unnumbered(const uint8_t *p)
{
	return (p[2] & 3) == 3;
}

static bool is_information(const uint8_t *p)
{
	return !(p[2] & 1) || (p[2] & 0xEF) == 0x03;
}

static DWORD header_bytes(const uint8_t *p)
{
	return is_unnumbered(p) ? HEADER : HEADER + 1;
}

RECOGNIZE(recognize)
{
	left = bounded(left, *instance);
	if (left < HEADER || !is_information(p))
		return rest_is_mine(status);
	return hand_on(p, header_bytes(p), left, GetProtocolFromTable(by_sap, p[0], NULL), status,
	    next, instance);
}

static void attach_control(const struct header *h)
{
	const uint8_t *p = h->p;
	bool is_response = p[1] & 1;

	if (is_unnumbered(p)) {
		fields_attach(h, &fields[LLC_CONTROL], 1);
		fields_attach(h, &fields[is_response ? LLC_RESPONSE : LLC_COMMAND], 1);
		fields_attach(h, &fields[is_response ? LLC_FINAL : LLC_POLL], 1);
		fields_attach(h, &fields[LLC_KIND], 1);
		return;
	}
	fields_attach(h, &fields[LLC_CONTROL_16], 1);
	fields_attach(h, &fields[p[2] & 1 ? LLC_SUPERVISORY : LLC_SENT], 1);
	fields_attach(h, &fields[LLC_RECEIVED], 1);
	fields_attach(h, &fields[is_response ? LLC_FINAL_16 : LLC_POLL_16], 1);
	fields_attach(h, &fields[p[2] & 1 ? LLC_KIND : LLC_KIND_INFORMATION], 1);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	DWORD header = h.left >= HEADER ? header_bytes(p) : HEADER;

	field_attach_at(&h, &fields[LLC_SUMMARY], 0, header, 0);
	fields_attach(&h, &fields[LLC_DSAP], 2);
	if (h.left >= HEADER)
		attach_control(&h);
	if (h.left > header)
		field_attach_at(&h, &fields[LLC_PAYLOAD], header, h.left - header, 0);
	return NULL;
}

static void put_sap(LPPROPERTYINST i, const char *before, uint8_t sap)
{
	const char *name = (const char *)LookupByteSetString(&saps, sap);

	if (name)
		text_put(i, "%s%s", before, name);
	else
		text_put(i, "%s0x%02X", before, sap);
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;
	const char *command;

	(void)frame;
	if (i->DataLength < HEADER) {
		text_put(i, "Cut short");
		return;
	}
	put_sap(i, "", p[1] & 0xFE);
	put_sap(i, " -> ", p[0]);
	if (is_unnumbered(p)) {
		command = (const char *)LookupByteSetString(&commands, p[2] & 0xEF);
		text_put(i, ", %s", command ? command : "unnumbered");
	} else if (p[2] & 1) {
		command = (const char *)LookupByteSetString(&supervisory, p[2] >> 2 & 3);
		text_put(i, ", %s", command ? command : "supervisory");
	} else {
		text_put(i, ", information %u", p[2] >> 1);
	}
}

struct parser llc_parser = {
	.name = "LLC",
	.comment = "Logical Link Control (IEEE 802.2)",
	.fields = fields,
	.n_fields = LLC_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.end = end,
	.names = names,
	.n_names = COUNT(names),
};
