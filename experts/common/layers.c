/* SPDX-License-Identifier: MIT */
/* From header to header through a frame. */
#include "walk.h"

#include <netmon.h>

static enum layer broken(struct walk *w)
{
	w->out->broken = true;
	return L_END;
}

/* ---- what a number announces ---------------------------------------------- */

/* EtherTypes of tags and shims: so many bytes, then another EtherType. */
static size_t tag_bytes(unsigned type)
{
	switch (type) {
	case 0x8100: /* 802.1Q */
	case 0x88a8: /* 802.1ad */
	case 0x9100: /* its forerunner */ return 2;
	case 0x8926: /* VN-Tag */
	case 0x892f: /* HSR */
	case 0xf1c1: /* 802.1CB */ return 4;
	case 0x893f: /* 802.1BR */
	case 0x8909: /* Cisco metadata */ return 6;
	default: return 0;
	}
}

enum layer by_ethertype(struct walk *w, unsigned type)
{
	for (size_t tag; (tag = tag_bytes(type)) != 0;) {
		if (w->left < tag + 2)
			return L_END;
		if (tag == 2)
			w->out->vlan = (uint16_t)(be16(w->p) & 0xfff);
		type = be16(w->p + tag);
		skip(w, tag + 2);
	}
	if (type <= MAX_802_3) {
		trim(w, type);
		return L_LLC;
	}
	switch (type) {
	case 0x0800: return L_IPV4;
	case 0x86dd: return L_IPV6;
	case 0x8847:
	case 0x8848: return L_MPLS;
	case 0x8864: return L_PPPOE;
	case 0x880b: return L_PPP;
	case 0x6558: return L_ETHERNET;
	case 0x8870: return L_LLC;
	case 0x88e7: return behind(w, 4, L_ETHERNET); /* 802.1ah: the I-TAG's flags and SID */
	default: return L_END;
	}
}

static const uint8_t ip_protocols[256] = {
	[0] = L_IPV6_EXT, /* hop-by-hop options */
	[4] = L_IPV4,
	[17] = L_UDP,
	[41] = L_IPV6,
	[43] = L_IPV6_EXT, /* routing */
	[44] = L_IPV6_FRAG,
	[47] = L_GRE,
	[51] = L_AH,
	[60] = L_IPV6_EXT, /* destination options */
	[97] = L_ETHERIP,
	[135] = L_IPV6_EXT, /* mobility */
	[136] = L_UDP,      /* UDP-Lite: the same ports in the same place */
	[137] = L_MPLS,
	[139] = L_IPV6_EXT, /* host identity */
	[140] = L_IPV6_EXT, /* shim6 */
};

/* The walk stands behind the header that says so. */
static enum layer by_ip_protocol(struct walk *w, unsigned protocol)
{
	w->out->upper = (struct upper){ w->p, w->left, w->wire, (uint8_t)protocol };
	return (enum layer)ip_protocols[protocol & 0xff];
}

/* ---- link layers ------------------------------------------------------------- */

static void take_macs(struct walk *w, const uint8_t *dst, const uint8_t *src, uint8_t src_mask)
{
	struct layers *l = w->out;

	if (l->has_mac || l->n_ip > 0)
		return; /* inside a tunnel: not who is on this link */
	l->has_mac = true;
	l->mac_dst = address_of_mac(dst);
	l->mac_src = address_of_mac(src);
	l->mac_src.b[0] &= src_mask;
}

/* 0 6 destination; 6 6 source; 12 2 EtherType, or the length of what follows */
static enum layer on_ethernet(struct walk *w)
{
	unsigned type;

	if (w->left < 14)
		return L_END;
	take_macs(w, w->p, w->p + 6, 0xff);
	type = be16(w->p + 12);
	skip(w, 14);
	return by_ethertype(w, type);
}

/* 0 1 frame control; 1 6 destination; 7 6 source */
static enum layer on_fddi(struct walk *w)
{
	bool llc;

	if (w->left < 13)
		return L_END;
	llc = (w->p[0] & 0x30) == 0x10; /* not SMT, not MAC */
	take_macs(w, w->p + 1, w->p + 7, 0xff);
	skip(w, 13);
	return llc ? L_LLC : L_END;
}

/* 0 1 access control; 1 1 frame control; 2 6 destination; 8 6 source, whose first
 * bit says that 14 n routing information follows */
static enum layer on_tokenring(struct walk *w)
{
	size_t route = 0;
	bool llc;

	if (w->left < 14)
		return L_END;
	llc = (w->p[1] & 0xc0) == 0x40;
	if ((w->p[8] & 0x80) && w->left > 14)
		route = w->p[14] & 0x1f;
	take_macs(w, w->p + 2, w->p + 8, FRAME_MASK_TOKENRING);
	skip(w, 14);
	return llc ? behind(w, route, L_LLC) : L_END;
}

/* 0 6 destination; 6 6 source; 12 2 VPI; 14 2 VCI */
static enum layer on_atm(struct walk *w)
{
	if (w->left < 16)
		return L_END;
	take_macs(w, w->p, w->p + 6, 0xff);
	skip(w, 16);
	return L_LLC;
}

/* No description of the 20 bytes is public beyond that the IP packet follows. */
static enum layer on_1394(struct walk *w)
{
	return behind(w, 20, L_IPV4);
}

/* 0 1 DSAP; 1 1 SSAP; 2 1 or 2 control; for SNAP: 3 3 organisation; 6 2 type */
static enum layer on_llc(struct walk *w)
{
	const uint8_t *p = w->p;

	if (w->left < 3 || p[2] != 0x03)
		return L_END;
	if (p[0] == 0x06)
		return behind(w, 3, L_IPV4);
	if (p[0] != 0xaa || w->left < 8)
		return L_END;
	skip(w, 8);
	if (p[3] == 0 && p[4] == 0 && (p[5] == 0 || p[5] == 0xf8))
		return by_ethertype(w, be16(p + 6));
	if (p[3] == 0 && p[4] == 0x80 && p[5] == 0xc2) /* RFC 2684 bridging, 2 bytes of padding */
		return be16(p + 6) == 1 || be16(p + 6) == 7 ? behind(w, 2, L_ETHERNET) : L_END;
	return L_END;
}

static enum layer on_unknown(struct walk *w)
{
	size_t at;

	if (guess_ip(w->p, w->left, w->wire, &at))
		return behind(w, at, w->p[at] >> 4 == 6 ? L_IPV6 : L_IPV4);
	w->out->unknown_link = true;
	return L_END;
}

/* ---- between link and IP ------------------------------------------------------ */

/* 20 bits label, 3 class, 1 bottom of stack, 8 time to live. The label stack does
 * not say what it carries. */
static enum layer on_mpls(struct walk *w)
{
	bool bottom;

	if (w->left < 4)
		return L_END;
	bottom = w->p[2] & 1;
	skip(w, 4);
	if (!bottom)
		return L_MPLS;
	if (looks_like_ip(w->p, w->left, w->wire, PADDING_MAX))
		return w->p[0] >> 4 == 6 ? L_IPV6 : L_IPV4;
	if (looks_like_ether(w->p, w->left, w->wire))
		return L_ETHERNET;
	if (w->left > 4 && w->p[0] >> 4 == 0 &&
	    looks_like_ether(w->p + 4, w->left - 4, w->wire - 4))
		return behind(w, 4, L_ETHERNET); /* behind a pseudowire control word */
	return L_END;
}

/* 0 1 version and type; 1 1 code; 2 2 session; 4 2 length */
static enum layer on_pppoe(struct walk *w)
{
	size_t n;

	if (w->left < 6 || w->p[1] != 0)
		return L_END;
	n = be16(w->p + 4);
	skip(w, 6);
	trim(w, n);
	return L_PPP;
}

/* Address and control (0xff03) may be left out, and so may a protocol's high byte. */
static enum layer on_ppp(struct walk *w)
{
	unsigned protocol;

	if (w->left >= 2 && be16(w->p) == 0xff03)
		skip(w, 2);
	if (w->left < 2)
		return L_END;
	protocol = w->p[0] & 1 ? w->p[0] : be16(w->p);
	skip(w, w->p[0] & 1 ? 1 : 2);
	switch (protocol) {
	case 0x0021: return L_IPV4;
	case 0x0057: return L_IPV6;
	case 0x0281:
	case 0x0283: return L_MPLS;
	default: return L_END;
	}
}

/* ---- IP --------------------------------------------------------------------- */

static struct ip_pair *new_pair(struct walk *w)
{
	struct layers *l = w->out;

	l->upper.p = NULL;
	l->fragment.p = NULL;
	l->ip_at = w->p;
	l->sized = w->sized || l->n_ip > 0;
	return l->n_ip < LAYERS_IP_MAX ? &l->ip[l->n_ip++] : NULL;
}

/* What it carries is not whole. */
static enum layer cut_here(struct walk *w, const uint8_t *head)
{
	w->out->fragment = (struct fragment){ w->p, w->left, w->wire, head };
	return L_END;
}

/* Where a source route in the options ends, as long as it goes on; else NULL.
 * The destination in the header is then only the next router. */
static const uint8_t *route_end(const uint8_t *opt, size_t n)
{
	for (size_t i = 0; i < n && opt[i] != 0;) {
		size_t len = opt[i] == 1 ? 1 : i + 1 < n ? opt[i + 1] : 0;

		if (len == 0 || (len < 2 && opt[i] != 1) || len > n - i)
			return NULL;
		if ((opt[i] == 131 || opt[i] == 137) && len >= 7)
			return opt[i + 2] <= len ? opt + i + (len - 3) / 4 * 4 - 1 : NULL;
		i += len;
	}
	return NULL;
}

/* 0 4 bits version, 4 bits header length in words; 2 2 total length, 0 when the
 * sender's interface was to cut it; 6 2 flags and fragment offset; 9 1 protocol;
 * 10 2 checksum; 12 4 source; 16 4 destination; 20 n options */
static enum layer on_ipv4(struct walk *w)
{
	const uint8_t *p = w->p, *dst, *end;
	struct ip_pair *ip;
	size_t head, total;

	if (w->left > 0 && p[0] >> 4 == 6)
		return L_IPV6;
	if (w->left < 20 || p[0] >> 4 != 4)
		return broken(w);
	head = (p[0] & 15u) * 4;
	total = be16(p + 2);
	if (head < 20 || head > w->left || (total != 0 && total < head))
		return broken(w);
	end = route_end(p + 20, head - 20);
	dst = end ? end : p + 16;
	ip = new_pair(w);
	if (!ip)
		return L_END;
	ip->v6 = false;
	ip->src = address_of_ipv4(p + 12);
	ip->dst = address_of_ipv4(dst);
	if (total)
		trim(w, total);
	skip(w, head);
	return be16(p + 6) & 0x3fff ? cut_here(w, p) : by_ip_protocol(w, p[9]);
}

/* 0 4 bits version; 4 2 payload length, 0 for a jumbogram; 6 1 next header;
 * 8 16 source; 24 16 destination */
static enum layer on_ipv6(struct walk *w)
{
	const uint8_t *p = w->p;
	struct ip_pair *ip;
	size_t payload;

	if (w->left < 40 || p[0] >> 4 != 6)
		return broken(w);
	ip = new_pair(w);
	if (!ip)
		return L_END;
	ip->v6 = true;
	ip->src = address_of_ipv6(p + 8);
	ip->dst = address_of_ipv6(p + 24);
	payload = be16(p + 4);
	if (payload)
		trim(w, 40 + payload);
	skip(w, 40);
	return by_ip_protocol(w, p[6]);
}

/* What an extension header of n bytes announces. */
static enum layer behind_ext(struct walk *w, size_t n, unsigned next)
{
	w->out->upper.p = NULL;
	if (w->left < n)
		return L_END;
	skip(w, n);
	return by_ip_protocol(w, next);
}

/* 0 1 next header; 1 1 length in 8 bytes, without the first 8 */
static enum layer on_ipv6_ext(struct walk *w)
{
	const uint8_t *p = w->p;

	w->out->upper.p = NULL;
	if (w->left < 8)
		return L_END;
	return behind_ext(w, (p[1] + 1u) * 8, p[0]);
}

/* 0 1 next header; 2 2 offset and, in the lowest bit, more fragments */
static enum layer on_ipv6_frag(struct walk *w)
{
	const uint8_t *p = w->p;

	w->out->upper.p = NULL;
	if (w->left < 8)
		return L_END;
	if (be16(p + 2) & 0xfff9) {
		skip(w, 8);
		return cut_here(w, p);
	}
	return behind_ext(w, 8, p[0]);
}

/* 0 1 next header; 1 1 length in words, without the first 2 */
static enum layer on_ah(struct walk *w)
{
	const uint8_t *p = w->p;

	w->out->upper.p = NULL;
	if (w->left < 12)
		return L_END;
	return behind_ext(w, (p[1] + 2u) * 4, p[0]);
}

/* 0 4 bits version 3, 12 bits zero. RFC 3378 */
static enum layer on_etherip(struct walk *w)
{
	return behind(w, 2, L_ETHERNET);
}

/* ---- the walk --------------------------------------------------------------- */

static enum layer (*const steps[LAYERS])(struct walk *) = {
	[L_UNKNOWN] = on_unknown,
	[L_ETHERNET] = on_ethernet,
	[L_FDDI] = on_fddi,
	[L_TOKENRING] = on_tokenring,
	[L_ATM] = on_atm,
	[L_1394] = on_1394,
	[L_LLC] = on_llc,
	[L_MPLS] = on_mpls,
	[L_PPPOE] = on_pppoe,
	[L_PPP] = on_ppp,
	[L_IPV4] = on_ipv4,
	[L_IPV6] = on_ipv6,
	[L_IPV6_EXT] = on_ipv6_ext,
	[L_IPV6_FRAG] = on_ipv6_frag,
	[L_AH] = on_ah,
	[L_GRE] = on_gre,
	[L_ETHERIP] = on_etherip,
	[L_UDP] = on_udp,
};

static enum layer first_layer(unsigned mac_type)
{
	switch (mac_type) {
	case MAC_TYPE_ETHERNET: return L_ETHERNET;
	case MAC_TYPE_TOKENRING: return L_TOKENRING;
	case MAC_TYPE_FDDI: return L_FDDI;
	case MAC_TYPE_ATM: return L_ATM;
	case MAC_TYPE_1394: return L_1394;
	default: return L_UNKNOWN;
	}
}

bool layers_find_plain(const uint8_t *p, size_t len, size_t wire, struct layers *ret)
{
	const uint8_t *ip = p + 14;
	size_t total;

	if (len < 14 + 28 || be16(p + 12) != 0x0800 || ip[0] != 0x45)
		return false;
	total = be16(ip + 2);
	if (total < 28 || total + 14 > wire || !ip_checksum_fits_20(ip))
		return false;
	if (ip[9] != 6 &&
	    (ip[9] != 17 || is_tunnel_port(be16(ip + 20)) || is_tunnel_port(be16(ip + 22))))
		return false;
	ret->n_ip = 1;
	ret->has_mac = true;
	ret->broken = ret->unknown_link = false;
	ret->mac_dst = address_of_mac(p);
	ret->mac_src = address_of_mac(p + 6);
	ret->ip[0] = (struct ip_pair){ address_of_ipv4(ip + 12), address_of_ipv4(ip + 16), false };
	ret->ip_at = ip;
	ret->sized = false;
	ret->vlan = 0;
	ret->fragment.p = NULL;
	ret->upper = (struct upper){ ip + 20, len - 34, total - 20, ip[9] };
	if (ret->upper.left > ret->upper.wire)
		ret->upper.left = ret->upper.wire;
	if (be16(ip + 6) & 0x3fff) {
		ret->fragment = (struct fragment){ ip + 20, ret->upper.left, ret->upper.wire, ip };
		ret->upper.p = NULL;
	}
	return true;
}

void layers_find(unsigned mac_type, const uint8_t *p, size_t len, size_t wire, struct layers *ret)
{
	struct walk w = { .p = p, .left = len, .wire = wire > len ? wire : len, .out = ret };
	enum layer l = first_layer(mac_type);

	ret->n_ip = 0;
	ret->upper.p = ret->fragment.p = ret->ip_at = NULL;
	ret->vlan = 0;
	ret->sized = false;
	ret->has_mac = ret->broken = ret->unknown_link = false;
	for (unsigned n = 0; l != L_END && n < LAYERS_STEPS; n++)
		l = steps[l](&w);
}
