/* SPDX-License-Identifier: MIT */
/* Keys are big-endian: entries with equal figures are ranked by their bytes. */
#include "talks.h"
#include "../common/bytes.h"

#define TCP  6u
#define UDP  17u
#define SCTP 132u

static void put32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

/* ---- conversations -------------------------------------------------------------- */

static struct tally *talk_of(struct table *talks, const struct pair *p)
{
	bool forth = p->from_n <= p->to_n;
	struct address key = { .w = { 0, 0 } };
	struct entry *e;

	put32(key.b, forth ? p->from_n : p->to_n);
	put32(key.b + 4, forth ? p->to_n : p->from_n);
	e = table_find(talks, &key);
	return e ? &e->way[forth ? SENT : RECEIVED] : NULL;
}

void talks_count(struct table *talks, struct pair *p, DWORD frame, uint32_t bytes)
{
	if (p && !p->talk)
		p->talk = talk_of(talks, p);
	tally_add(p && p->talk ? p->talk : &talks->lost[SENT], frame, bytes);
}

void talks_of(const struct entry *talk, uint32_t *ret_a, uint32_t *ret_b)
{
	*ret_a = be32(talk->key.b);
	*ret_b = be32(talk->key.b + 4);
}

/* ---- ports ------------------------------------------------------------------------ */

static struct address port_key(uint8_t protocol, const uint8_t *port)
{
	return (struct address){ .b = { protocol, port[0], port[1] } };
}

void ports_count(struct table *ports, const struct upper *u, DWORD frame, uint32_t bytes)
{
	struct address from, to;

	if (!u->p || u->left < 4 ||
	    (u->protocol != TCP && u->protocol != UDP && u->protocol != SCTP))
		return;
	from = port_key(u->protocol, u->p);
	to = port_key(u->protocol, u->p + 2);
	(void)table_count(ports, &from, &to, frame, bytes);
}

unsigned ports_of(const struct entry *port, char **ret_protocol)
{
	static char tcp[] = "TCP", udp[] = "UDP", sctp[] = "SCTP";

	switch (port->key.b[0]) {
	case TCP: *ret_protocol = tcp; break;
	case UDP: *ret_protocol = udp; break;
	default: *ret_protocol = sctp;
	}
	return be16(port->key.b + 1);
}
