/* SPDX-License-Identifier: MIT */
/* From packets to conversations. */
#include "talk.h"

#define TCP_HEADER 20u
#define UDP_HEADER 8u
#define FIN        0x01u
#define SYN        0x02u
#define RST        0x04u
#define ACK        0x10u

#define SILENT_MOST 8u /* segments after which nobody looks for what is spoken */

/* ---- what is spoken ---------------------------------------------------------------------- */

static enum protocol by_port(unsigned port)
{
	switch (port) {
	case 53: return DNS;
	case 88: return KERBEROS;
	case 389:
	case 3268: return LDAP;
	case 139:
	case 445: return SMB;
	default: return NONE;
	}
}

static bool is_listed(const struct exchanges *x, unsigned port)
{
	for (unsigned i = 0; i < PORTS_MOST && x->ports[i]; i++)
		if (x->ports[i] == port)
			return true;
	return false;
}

static bool is_servers(const struct exchanges *x, unsigned port)
{
	return by_port(port) != NONE || is_listed(x, port);
}

/* Without a SYN: the end whose port is known is the server; of two that one which is spoken
 * to first. */
static void find_client(const struct exchanges *x, struct conversation *c, unsigned way)
{
	if (c->client != UNKNOWN_WAY)
		return;
	if (is_servers(x, c->flow.port[!way]))
		c->client = (uint8_t)way;
	else if (is_servers(x, c->flow.port[way]))
		c->client = !way;
}

static enum protocol spoken(
    const struct exchanges *x, struct conversation *c, unsigned way, const struct segment *g)
{
	enum protocol p = NONE;
	uint16_t port = 0;
	bool answer;

	find_client(x, c, way);
	if (c->client != UNKNOWN_WAY) {
		port = c->flow.port[!c->client];
		p = by_port(port);
	}
	if (p != NONE)
		return p;
	if (http_begins(g->p, g->n, &answer)) {
		if (c->client == UNKNOWN_WAY)
			c->client = (uint8_t)(answer ? !way : way);
		return HTTP;
	}
	if (port && is_listed(x, port))
		return PORT;
	return ++c->silent < SILENT_MOST ? UNDECIDED : NONE;
}

/* A port of the list, until HTTP is seen to be spoken on it. */
static void look_again(
    struct exchanges *x, struct conversation *c, unsigned way, const struct segment *g)
{
	bool answer;

	if (c->protocol != PORT || !http_begins(g->p, g->n, &answer) ||
	    answer != (way != c->client))
		return;
	exchanges_lose(x, c);
	c->stream->side[0].lost = c->stream->side[1].lost = true;
	c->protocol = HTTP;
}

static void look_at_data(struct exchanges *x, struct conversation *c, unsigned way,
    const struct segment *g, const struct seen_at *at)
{
	bool is_keep_alive = g->wire == 1 && !c->syn;

	look_again(x, c, way, g);
	if (c->protocol == UNDECIDED) {
		if (is_keep_alive)
			return;
		c->protocol = (uint8_t)spoken(x, c, way, g);
		if (c->protocol < PROTOCOLS && !stream_open(c, x->budget)) {
			c->protocol = NONE;
			x->left_out++;
		}
	}
	if (c->protocol < PROTOCOLS)
		stream_take(x, c, way, g, at);
}

/* ---- handshakes ----------------------------------------------------------------------------- */

static struct conversation *begun(struct conversation *c)
{
	if (c && c->protocol == CONNECT) { /* new */
		c->protocol = UNDECIDED;
		c->client = UNKNOWN_WAY;
	}
	return c;
}

/* Another number than that of the last one: ports are used again. Returns the conversation
 * that the SYN belongs to. */
static struct conversation *on_syn(struct exchanges *x, struct conversation *c, unsigned way,
    uint32_t sequence, const struct seen_at *at)
{
	bool again = c->syn && c->syn_sequence == sequence && c->client == way;
	struct conversation *n;

	if (again && c->syn_ack)
		return c;
	if (!again && (c->syn || c->stream)) {
		exchanges_close(x, c);
		c->syn = false;
		n = begun(flows_renew(&x->conversations, &c->flow, way));
		if (!n)
			return c;
		c = n;
		way = 0;
	}
	c->client = (uint8_t)way;
	c->syn = true;
	c->syn_sequence = sequence;
	c->syn_time = at->time;
	c->syn_frame = at->frame;
	exchanges_connect(x, c, way, again);
	return c;
}

static void on_syn_ack(struct exchanges *x, struct conversation *c, unsigned way, uint32_t ack,
    const struct seen_at *at)
{
	const struct seen_at syn = { c->syn_time, c->syn_frame };

	if (c->client == UNKNOWN_WAY)
		c->client = !way;
	if (!c->syn || way == c->client || ack != c->syn_sequence + 1 || c->established)
		return;
	if (!c->syn_ack)
		exchanges_measure(x, c, c->client, CONNECT, &syn, at);
	c->syn_ack = true;
	c->syn_ack_time = at->time;
	c->syn_ack_frame = at->frame;
}

static void on_ack(
    struct exchanges *x, struct conversation *c, unsigned way, const struct seen_at *at)
{
	const struct seen_at syn_ack = { c->syn_ack_time, c->syn_ack_frame };

	if (!c->syn_ack || c->established || way != c->client)
		return;
	c->established = true;
	exchanges_measure(x, c, way, CONNECT_ACK, &syn_ack, at);
}

static void on_flags(struct exchanges *x, struct conversation *c, unsigned way, unsigned flags,
    const struct seen_at *at)
{
	if (flags & RST && c->syn && !c->syn_ack && way != c->client)
		c->refused = true;
	if (flags & (RST | FIN) && way == c->client)
		c->hung_up = true;
	if ((flags & (ACK | RST)) == ACK)
		on_ack(x, c, way, at);
}

void talk_tcp(
    struct exchanges *x, const struct ip_pair *ip, const struct upper *u, const struct seen_at *at)
{
	size_t header = u->left < TCP_HEADER ? 0 : (u->p[12] >> 4) * 4u;
	struct conversation *c;
	struct flow_key k;
	struct segment g;
	unsigned way, flags;

	if (header < TCP_HEADER || header > u->wire)
		return;
	k = (struct flow_key){ &ip->src, &ip->dst,
		{ (uint16_t)be16(u->p), (uint16_t)be16(u->p + 2) }, ip->v6 ? FLOW_V6 : 0 };
	c = begun(flows_find_or_add(&x->conversations, &k, &way));
	if (!c) {
		x->left_out++;
		return;
	}
	flags = u->p[13];
	g = (struct segment){ be32(u->p + 4), (uint32_t)(u->wire - header), u->p + header,
		u->left > header ? u->left - header : 0 };
	if ((flags & (SYN | ACK | RST)) == SYN)
		(void)on_syn(x, c, way, g.sequence, at);
	else if ((flags & (SYN | ACK | RST)) == (SYN | ACK))
		on_syn_ack(x, c, way, be32(u->p + 8), at);
	else
		on_flags(x, c, way, flags, at);
	if (g.wire > 0 && !(flags & (SYN | RST)) && c->protocol != NONE)
		look_at_data(x, c, way, &g, at);
}

/* ---- datagrams -------------------------------------------------------------------------------- */

static enum protocol by_datagram(unsigned port)
{
	enum protocol p = by_port(port);

	return p == SMB || port == 3268 ? NONE : p;
}

void talk_udp(struct exchanges *x, const struct ip_pair *ip, const uint8_t *p, size_t n,
    const struct seen_at *at)
{
	struct side ignored = { .n_held = 0 };
	struct reading r = { .x = x, .side = &ignored, .at = *at };
	struct flow_key k;
	enum protocol to, from;

	if (n < UDP_HEADER)
		return;
	k = (struct flow_key){ &ip->src, &ip->dst, { (uint16_t)be16(p), (uint16_t)be16(p + 2) },
		FLOW_UDP | (ip->v6 ? FLOW_V6 : 0) };
	to = by_datagram(k.port[1]);
	from = by_datagram(k.port[0]);
	if (to == NONE && from == NONE)
		return;
	/* Only what is asked for begins a conversation. */
	if (to != NONE)
		r.c = flows_find_or_add(&x->conversations, &k, &r.way);
	else
		r.c = flows_find(&x->conversations, &k, &r.way);
	if (!r.c) {
		x->left_out += to != NONE;
		return;
	}
	datagram_read(&r, to != NONE ? to : from, p + UDP_HEADER, n - UDP_HEADER);
	if (r.c->n_waiting == 0)
		flows_give_back(&x->conversations, &r.c->flow);
}
