/* SPDX-License-Identifier: MIT */
/* Token ring (IEEE 802.5), with the route that a frame took between bridges.
 *
 *   OFFSET SIZE MEANING
 *   0      1    access control
 *   1      1    frame control
 *   2      6    destination
 *   8      6    source; its first bit: a route follows
 *   14     2    routing control: broadcast 3 bits, bytes 5, direction 1, largest frame 3
 *   16          2 for each ring and bridge
 */
#include "mac.h"

#define HEADER    14u
#define ROUTED    0x80u
#define FORMAT    0xC0u
#define LLC       0x40u
#define LINK_RING 6u

enum {
	RING_SUMMARY,
	RING_ACCESS,
	RING_PRIORITY,
	RING_TOKEN,
	RING_MONITOR,
	RING_RESERVATION,
	RING_CONTROL,
	RING_TYPE,
	RING_DST,
	RING_SRC,
	RING_BROADCAST,
	RING_ROUTE_BYTES,
	RING_DIRECTION,
	RING_LARGEST,
	RING_SEGMENT,
	RING_BRIDGE,
	RING_PAYLOAD,
	RING_FIELDS
};

static LABELED_BYTE type_names[] = {
	{ 0, L("MAC") },
	{ 1, L("LLC") },
};

static LABELED_BYTE direction_names[] = {
	{ 0, L("From left to right") },
	{ 1, L("From right to left") },
};

static LABELED_BYTE largest_names[] = {
	{ 0, L("516 bytes") },
	{ 1, L("1,500 bytes") },
	{ 2, L("2,052 bytes") },
	{ 3, L("4,472 bytes") },
	{ 4, L("8,144 bytes") },
	{ 5, L("11,407 bytes") },
	{ 6, L("17,800 bytes") },
	{ 7, L("any") },
};

static struct _SET types = SET_OF(Byte, type_names);
static struct _SET directions = SET_OF(Byte, direction_names);
static struct _SET largest = SET_OF(Byte, largest_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[RING_SUMMARY] = { "Summary of the token ring header", "tr", SUMMARY,
	    .format = format_summary },
	[RING_ACCESS] = { "Access Control", "tr.ac", U8(0) },
	[RING_PRIORITY] = { "Priority", "tr.priority", BITS8(0, 0xE0), .level = 2 },
	[RING_TOKEN] = { "Frame, not Token", "tr.frame", BITS8(0, 0x10), .level = 2 },
	[RING_MONITOR] = { "Monitor Count", "tr.monitor_cnt", BITS8(0, 0x08), .level = 2 },
	[RING_RESERVATION] = { "Priority Reservation", "tr.priority_reservation", BITS8(0, 0x07),
	    .level = 2 },
	[RING_CONTROL] = { "Frame Control", "tr.fc", U8(1) },
	[RING_TYPE] = { "Frame Type", "tr.frame_type", BITS8(1, 0xC0), LABELED(types), .level = 2 },
	[RING_DST] = { "Destination Address", "tr.dst tr.addr", MAC(2) },
	[RING_SRC] = { "Source Address", "tr.src tr.addr", MAC(8) },
	[RING_BROADCAST] = { "Route Broadcast", "tr.broadcast", BITS8(14, 0xE0) },
	[RING_ROUTE_BYTES] = { "Route Length", "tr.rif_bytes", BITS8(14, 0x1F) },
	[RING_DIRECTION] = { "Route Direction", "tr.direction", BITS8(15, 0x80),
	    LABELED(directions) },
	[RING_LARGEST] = { "Largest Frame", "tr.max_frame_size", BITS8(15, 0x70),
	    LABELED(largest) },
	[RING_SEGMENT] = { "Ring", "tr.rif.ring", BITS16(0, 0xFFF0), .level = 2 },
	[RING_BRIDGE] = { "Bridge", "tr.rif.bridge", BITS16(0, 0x000F), .level = 2 },
	[RING_PAYLOAD] = { "Token Ring Data", NULL, BYTES(0, 0) },
};

static HPROTOCOL llc;

static void begin(void)
{
	llc = GetProtocolFromName(L("LLC"));
}

static DWORD route_bytes(const uint8_t *p, DWORD left)
{
	return left > HEADER && p[8] & ROUTED ? p[HEADER] & 0x1Fu : 0;
}

RECOGNIZE(recognize)
{
	DWORD bytes;

	if (p == mac && mac_type != MAC_TYPE_TOKENRING)
		return not_mine(p, status);
	bytes = HEADER + route_bytes(p, left);
	if (left < bytes)
		return rest_is_mine(status);
	return hand_on(p, bytes, left, (p[1] & FORMAT) == LLC ? llc : NULL, status, next, instance);
}

static void attach_route(const struct header *h, DWORD bytes)
{
	struct header part = { h->frame, h->p + HEADER + 2, 0 };

	fields_attach(h, &fields[RING_BROADCAST], RING_SEGMENT - RING_BROADCAST);
	for (DWORD at = 2; at + 2 <= bytes && HEADER + at + 2 <= h->left; at += 2, part.p += 2) {
		part.left = 2;
		fields_attach(&part, &fields[RING_SEGMENT], 2);
	}
}

/* The address itself, without the bit. */
static void attach_source(const struct header *h)
{
	const struct field *f = &fields[RING_SRC];
	uint8_t source[6];

	if (h->left < HEADER) {
		fields_attach(h, f, 1);
		return;
	}
	memcpy(source, h->p + f->at, sizeof source);
	source[0] &= (uint8_t)~ROUTED;
	field_attach_value(h, f, f->at, f->size, source, sizeof source, 0);
}

ATTACH(attach)
{
	const struct header h = { frame, p, left };
	DWORD route = route_bytes(p, left), bytes = HEADER + route;

	(void)instance;
	field_attach_at(&h, &fields[RING_SUMMARY], 0, bytes, 0);
	fields_attach(&h, &fields[RING_ACCESS], RING_SRC - RING_ACCESS);
	attach_source(&h);
	if (route)
		attach_route(&h, route);
	if (left > bytes)
		field_attach_at(&h, &fields[RING_PAYLOAD], bytes, left - bytes, 0);
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;

	(void)frame;
	if (i->DataLength < HEADER) {
		text_put(i, "Cut short");
		return;
	}
	text_put(i, "%02X-%02X-%02X-%02X-%02X-%02X -> %02X-%02X-%02X-%02X-%02X-%02X, %s", p[8],
	    p[9], p[10], p[11], p[12], p[13], p[2], p[3], p[4], p[5], p[6], p[7],
	    (p[1] & FORMAT) == LLC ? "LLC" : "MAC");
	if (i->DataLength > HEADER)
		text_put(i, ", route of %u bytes", i->DataLength - HEADER);
}

static const struct place places[] = { { "FRAME", "FRAME_HandoffSet", LINK_RING, false } };

struct parser tokenring_parser = {
	.name = "TOKENRING",
	.comment = "Token ring (IEEE 802.5)",
	.fields = fields,
	.n_fields = RING_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.places = places,
	.n_places = COUNT(places),
};
