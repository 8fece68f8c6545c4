/* SPDX-License-Identifier: MIT */
/* Protocols of a frame by the numbers in its headers. */
#include "api/layers.h"
#include "api/link.h"
#include "base/bytes.h"

#include <netmon.h>
#include <strings.h>

#define EXTENSIONS_MAX 16u     /* IPv6 extension headers of one packet */
#define FIRST_FRAGMENT 0x1fffu /* bits of the IPv4 fragment offset: 0 in the first */

static const struct {
	const char *name;
	enum nm_proto proto;
} names[] = {
	{ "ETHERNET", NM_PROTO_ETHERNET },
	{ "TOKENRING", NM_PROTO_TOKENRING },
	{ "FDDI", NM_PROTO_FDDI },
	{ "LLC", NM_PROTO_LLC },
	{ "SNAP", NM_PROTO_SNAP },
	{ "ARP", NM_PROTO_ARP },
	{ "ARP_RARP", NM_PROTO_ARP }, /* Network Monitor's own name for it */
	{ "IP", NM_PROTO_IP },
	{ "IP6", NM_PROTO_IP6 },
	{ "IPX", NM_PROTO_IPX },
	{ "XNS", NM_PROTO_XNS },
	{ "VINES IP", NM_PROTO_VINES_IP },
	{ "ICMP", NM_PROTO_ICMP },
	{ "ICMP6", NM_PROTO_ICMP6 },
	{ "TCP", NM_PROTO_TCP },
	{ "UDP", NM_PROTO_UDP },
};

enum nm_proto nm_proto_by_name(const char *name)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcasecmp(name, names[i].name) == 0)
			return names[i].proto;
	return NM_PROTOS;
}

const struct nm_layer *nm_layers_first(const struct nm_layers *l, enum nm_proto proto)
{
	for (unsigned i = 0; i < l->n; i++)
		if (l->at[i].proto == proto)
			return &l->at[i];
	return NULL;
}

/* Numbers that name the next layer in three tables: EtherTypes, LLC SAPs and IP
 * protocols. bytes: its fixed header, which must be stored. */
struct next {
	uint16_t number;
	uint8_t proto; /* enum nm_proto */
	uint8_t bytes;
};

static const struct next by_etype[] = {
	{ 0x0800, NM_PROTO_IP, 20 },
	{ 0x86dd, NM_PROTO_IP6, 40 },
	{ 0x0806, NM_PROTO_ARP, 8 },
	{ 0x8035, NM_PROTO_ARP, 8 },
	{ 0x8137, NM_PROTO_IPX, 30 },
	{ 0x8138, NM_PROTO_IPX, 30 },
	{ 0x0600, NM_PROTO_XNS, 30 },
	{ 0x0807, NM_PROTO_XNS, 30 },
	{ 0x0bad, NM_PROTO_VINES_IP, 18 },
	{ 0x80c4, NM_PROTO_VINES_IP, 18 },
};

static const struct next by_sap[] = {
	{ 0x06, NM_PROTO_IP, 20 },
	{ 0xe0, NM_PROTO_IPX, 30 },
	{ 0x80, NM_PROTO_XNS, 30 },
	{ 0xbc, NM_PROTO_VINES_IP, 18 },
};

static const struct next by_ip_protocol[] = {
	{ 1, NM_PROTO_ICMP, 8 },
	{ 4, NM_PROTO_IP, 20 },
	{ 6, NM_PROTO_TCP, 20 },
	{ 17, NM_PROTO_UDP, 8 },
	{ 41, NM_PROTO_IP6, 40 },
	{ 58, NM_PROTO_ICMP6, 4 },
};

#define FIND(table, number) find(table, sizeof(table) / sizeof *(table), number)

static const struct next *find(const struct next *table, size_t n, uint32_t number)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].number == number)
			return &table[i];
	return NULL;
}

struct looker {
	const uint8_t *p;
	size_t n;
	struct nm_layers *out;
};

static bool put(struct looker *k, enum nm_proto proto, size_t offset)
{
	if (k->out->n == NM_LAYERS_MAX)
		return false;
	k->out->at[k->out->n++] = (struct nm_layer){ proto, (uint32_t)offset };
	return true;
}

/* The IP protocol and offset behind an IPv4 header; NULL: none to be read. */
static const struct next *behind_ip(const struct looker *k, size_t *offset)
{
	const uint8_t *p = k->p + *offset;
	size_t bytes = (p[0] & 15u) * 4u;

	if (p[0] >> 4 != 4 || bytes < 20 || (nm_be16(p + 6) & FIRST_FRAGMENT) != 0)
		return NULL;
	*offset += bytes;
	return FIND(by_ip_protocol, p[9]);
}

/* Bytes of an IPv6 extension header that starts at p; 0: it is none, or what
 * follows is no start of a packet. */
static size_t extension_bytes(uint8_t number, const uint8_t *p)
{
	switch (number) {
	case 0:
	case 43:
	case 60:
	case 135: return (p[1] + 1u) * 8;
	case 51: return (p[1] + 2u) * 4;
	case 44: return nm_be16(p + 2) >> 3 ? 0 : 8;
	default: return 0;
	}
}

static const struct next *behind_ip6(const struct looker *k, size_t *offset)
{
	uint8_t number = k->p[*offset + 6];

	if (k->p[*offset] >> 4 != 6)
		return NULL;
	*offset += 40;
	for (unsigned i = 0; i < EXTENSIONS_MAX; i++) {
		const struct next *found = FIND(by_ip_protocol, number);
		size_t bytes;

		if (found || *offset > k->n || k->n - *offset < 8)
			return found;
		bytes = extension_bytes(number, k->p + *offset);
		if (bytes == 0)
			return NULL;
		number = k->p[*offset];
		*offset += bytes;
	}
	return NULL;
}

/* Does the header at offset look like what its number promised? */
static bool fits(const struct looker *k, const struct next *what, size_t offset)
{
	if (offset > k->n || k->n - offset < what->bytes)
		return false;
	if (what->proto == NM_PROTO_IP)
		return k->p[offset] >> 4 == 4;
	return what->proto != NM_PROTO_IP6 || k->p[offset] >> 4 == 6;
}

static void look_up(struct looker *k, const struct next *what, size_t offset)
{
	while (what && fits(k, what, offset) && put(k, (enum nm_proto)what->proto, offset)) {
		if (what->proto == NM_PROTO_IP)
			what = behind_ip(k, &offset);
		else if (what->proto == NM_PROTO_IP6)
			what = behind_ip6(k, &offset);
		else
			return;
	}
}

/* From an EtherType on, through VLAN tags. */
static void look_from_etype(struct looker *k, uint16_t etype, size_t offset)
{
	for (unsigned i = 0; i < NM_LAYERS_MAX; i++) {
		if (etype != 0x8100 && etype != 0x88a8 && etype != 0x9100)
			break;
		if (offset > k->n || k->n - offset < 4)
			return;
		etype = nm_be16(k->p + offset + 2);
		offset += 4;
	}
	look_up(k, FIND(by_etype, etype), offset);
}

static void look_from_mac(struct looker *k, uint32_t mac_type)
{
	static const struct next ipx = { 0, NM_PROTO_IPX, 30 };
	static const enum nm_proto mac[] = { [MAC_TYPE_ETHERNET] = NM_PROTO_ETHERNET,
		[MAC_TYPE_TOKENRING] = NM_PROTO_TOKENRING,
		[MAC_TYPE_FDDI] = NM_PROTO_FDDI };
	struct nm_link_layer l;

	nm_link_look(k->p, k->n, mac_type, &l);
	if (l.mac_bytes == 0)
		return;
	if (mac_type <= MAC_TYPE_FDDI)
		(void)put(k, mac[mac_type], 0);
	if (l.has_llc)
		(void)put(k, NM_PROTO_LLC, l.mac_bytes);
	if (l.has_snap)
		(void)put(k, NM_PROTO_SNAP, l.mac_bytes + l.llc_bytes);
	if (l.raw_ipx)
		look_up(k, &ipx, l.mac_bytes);
	else if (l.etype)
		look_from_etype(k, l.etype, l.payload);
	else if (l.has_llc && !l.has_snap)
		look_up(k, FIND(by_sap, l.dsap & 0xfeu), l.payload);
}

/* Links that are no MAC but lead to IP: how far, and where an EtherType stands. */
static const struct {
	uint32_t link_type; /* LINKTYPE_* */
	uint8_t payload;
	int8_t etype; /* -1: the IP version tells */
} other_links[] = {
	{ 0, 4, -1 },  /* BSD loopback: address family, whose number differs by system */
	{ 12, 0, -1 }, /* raw IP, as OpenBSD and others number it */
	{ 14, 0, -1 },
	{ 101, 0, -1 },  /* raw IP */
	{ 108, 4, -1 },  /* OpenBSD loopback */
	{ 113, 16, 14 }, /* Linux "any", version 1 */
	{ 228, 0, -1 },  /* IPv4 */
	{ 229, 0, -1 },  /* IPv6 */
	{ 276, 20, 0 },  /* Linux "any", version 2 */
	{ NM_LINK_NETMON | 7, 0, -1 },
	{ NM_LINK_NETMON | 8, 0, -1 },
	{ NM_LINK_NETMON | 9, 0, -1 },
};

static void look_from_link(struct looker *k, uint32_t link_type)
{
	for (size_t i = 0; i < sizeof other_links / sizeof *other_links; i++) {
		size_t at = other_links[i].payload;

		if (other_links[i].link_type != link_type || k->n <= at)
			continue;
		if (other_links[i].etype >= 0)
			look_from_etype(k, nm_be16(k->p + other_links[i].etype), at);
		else
			look_up(k, FIND(by_ip_protocol, k->p[at] >> 4 == 4 ? 4 : 41), at);
		return;
	}
}

void nm_layers_find(const struct nm_frame *f, struct nm_layers *ret)
{
	struct looker k = { f->record + 16, nm_le32(f->record + 12), ret };

	ret->n = 0;
	if (f->mac_type != MAC_TYPE_UNKNOWN)
		look_from_mac(&k, f->mac_type);
	else
		look_from_link(&k, f->link_type);
}
