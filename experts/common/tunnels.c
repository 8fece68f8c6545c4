/* SPDX-License-Identifier: MIT */
/* Tunnels: GRE, which says what it carries, and those over UDP, which do not. */
#include "walk.h"

/* 0 2 flags: C 0x8000, R 0x4000, K 0x2000, S 0x1000, A 0x0080 (version 1), each
 * but R for 4 bytes behind; 2 2 EtherType. RFC 2784, 2890, 2637 */
enum layer on_gre(struct walk *w)
{
	unsigned flags, type;
	size_t head = 4;

	if (w->left < 4)
		return L_END;
	flags = be16(w->p);
	type = be16(w->p + 2);
	if (flags & 0x4000)
		return L_END; /* source routes: nobody sends them any more */
	head += flags & 0x8000 ? 4 : 0;
	head += flags & 0x2000 ? 4 : 0;
	head += flags & 0x1000 ? 4 : 0;
	head += (flags & 7) == 1 && (flags & 0x80) ? 4 : 0;
	if (w->left <= head)
		return L_END;
	skip(w, head);
	switch (type) {
	case 0x6400: return L_ETHERNET;
	case 0x883e: return behind(w, w->p[0] >> 4 == 4 ? 0 : 4, L_IPV4);  /* WCCP, 1 and 2 */
	case 0x88be: return behind(w, flags & 0x1000 ? 8 : 0, L_ETHERNET); /* ERSPAN II and I */
	case 0x22eb: /* ERSPAN III: the last bit says that 8 bytes more follow */
		return w->left < 12 ? L_END : behind(w, w->p[11] & 1 ? 20 : 12, L_ETHERNET);
	default: return type > MAX_802_3 ? by_ethertype(w, type) : L_END;
	}
}

/* A port only hints at a tunnel: what is behind n bytes must look like IP. */
static enum layer if_ip(struct walk *w, size_t n)
{
	if (n >= w->left || !looks_like_ip(w->p + n, w->left - n, w->wire - n, 0))
		return L_END;
	skip(w, n);
	return w->p[0] >> 4 == 6 ? L_IPV6 : L_IPV4;
}

static enum layer if_ether(struct walk *w, size_t n)
{
	if (n >= w->left || !looks_like_ether(w->p + n, w->left - n, w->wire - n))
		return L_END;
	skip(w, n);
	return L_ETHERNET;
}

/* PPP with whole protocol numbers. */
static enum layer if_ppp(struct walk *w, size_t n)
{
	if (n + 4 > w->left)
		return L_END;
	if (be16(w->p + n) == 0xff03)
		n += 2;
	if (n + 2 > w->left || (be16(w->p + n) != 0x0021 && be16(w->p + n) != 0x0057))
		return L_END;
	return if_ip(w, n + 2);
}

/* 0 1 bits: 2 version 0, 6 option words; 2 2 EtherType; 4 4 network. RFC 8926 */
static enum layer on_geneve(struct walk *w)
{
	size_t head;

	if (w->left < 8)
		return L_END;
	head = 8 + (w->p[0] & 0x3fu) * 4;
	return be16(w->p + 2) == 0x6558 ? if_ether(w, head) : if_ip(w, head);
}

/* 0 1 flags: version 1, GTP (not GTP'), 0x07: 4 optional bytes follow; 1 1 type,
 * 255 for user data; 4 4 tunnel; extensions: 1 length in words, ..., next type */
static enum layer on_gtpu(struct walk *w)
{
	size_t head = 8, ext;
	bool more;

	if (w->left < 12 || (w->p[0] & 0xf0) != 0x30 || w->p[1] != 255)
		return L_END;
	more = (w->p[0] & 4) && w->p[11] != 0;
	head += w->p[0] & 7 ? 4 : 0;
	while (more) {
		ext = head < w->left ? w->p[head] * 4u : 0;
		if (ext == 0 || ext > w->left - head)
			return L_END;
		more = w->p[head + ext - 1] != 0;
		head += ext;
	}
	return if_ip(w, head);
}

/* 0 2 flags: T 0x8000 control, L 0x4000, S 0x0800, O 0x0200, version 2. RFC 2661 */
static enum layer on_l2tp(struct walk *w)
{
	unsigned flags;
	size_t head = 6;

	if (w->left < 6)
		return L_END;
	flags = be16(w->p);
	if ((flags & 0x8000) || (flags & 15) != 2)
		return L_END;
	head += flags & 0x4000 ? 2 : 0;
	head += flags & 0x0800 ? 4 : 0;
	if (flags & 0x0200) {
		if (w->left < head + 2)
			return L_END;
		head += 2 + be16(w->p + head);
	}
	return if_ppp(w, head);
}

/* IPv6, perhaps behind an authentication (0001) and an origin (0000) part. RFC 4380 */
static enum layer on_teredo(struct walk *w)
{
	size_t head = 0;

	if (w->left >= 4 && be16(w->p) == 0x0001)
		head = 13u + w->p[2] + w->p[3];
	if (head + 8 <= w->left && be16(w->p + head) == 0x0000)
		head += 8;
	return if_ip(w, head);
}

/* 0 1 version 1; 1 1 type; 2 2 what was captured, 1 for Ethernet; then tags: 1
 * type (0 padding, 1 the last), 1 length */
static enum layer on_tzsp(struct walk *w)
{
	size_t at = 4;

	if (w->left < 6 || w->p[0] != 1 || be16(w->p + 2) != 1)
		return L_END;
	while (at + 1 < w->left && w->p[at] != 1)
		at += w->p[at] == 0 ? 1 : 2u + w->p[at + 1];
	return if_ether(w, at + 1);
}

/* Plain GRE in UDP (RFC 8086): no optional parts, IP inside. */
static enum layer on_gre_udp(struct walk *w)
{
	return w->left >= 4 && be16(w->p) == 0 ? if_ip(w, 4) : L_END;
}

static enum layer on_vxlan_gpe(struct walk *w)
{
	return w->left >= 8 && w->p[3] == 3 ? if_ether(w, 8) : if_ip(w, 8);
}

/* Every port here is in is_tunnel_port() too. */
static enum layer by_port(struct walk *w, unsigned port)
{
	switch (port) {
	case 1701: return on_l2tp(w);
	case 2152: return on_gtpu(w);
	case 3544: return on_teredo(w);
	case 4341: return if_ip(w, 8); /* LISP data */
	case 4754: return on_gre_udp(w);
	case 4789: return if_ether(w, 8); /* VXLAN */
	case 4790: return on_vxlan_gpe(w);
	case 6081: return on_geneve(w);
	case 6635: return L_MPLS; /* RFC 7510; its contents are looked at there */
	case 37008: return on_tzsp(w);
	default: return L_END;
	}
}

/* 0 2 source port; 2 2 destination port; 4 2 length; 6 2 checksum */
enum layer on_udp(struct walk *w)
{
	unsigned src, dst, n;
	enum layer l;

	if (w->left < 8)
		return L_END;
	src = be16(w->p);
	dst = be16(w->p + 2);
	n = be16(w->p + 4);
	if (n >= 8)
		trim(w, n);
	skip(w, 8);
	l = by_port(w, dst);
	return l == L_END ? by_port(w, src) : l;
}
