/* SPDX-License-Identifier: MIT */
/* Headers as they have to be before more payload than they had. */
#include "packet.h"

#define LINK_MOST 64u /* bytes of link header and tags */

static void put16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

bool head_take(struct head *h, const struct packet *p, const struct layers *l, const uint8_t *end,
    const bool joins[LINKS])
{
	size_t link_n = (size_t)(l->ip_at - p->p);
	bool keep = p->link != LINK_IP && p->link < LINKS && joins[p->link] && !l->sized &&
		    link_n <= LINK_MOST;
	const uint8_t *from = keep ? p->p : l->ip_at;
	size_t n = (size_t)(end - from);

	if (n > HEAD_MOST)
		return false;
	memcpy(h->bytes, from, n);
	h->n = (uint16_t)n;
	h->ip_at = (uint16_t)(l->ip_at - from);
	h->link = (uint8_t)(keep ? p->link : LINK_IP);
	h->v6 = l->ip_at[0] >> 4 == 6;
	return true;
}

uint32_t head_room(const struct head *h, uint32_t most)
{
	uint32_t headers = (uint32_t)(h->n - h->ip_at);

	return most > headers ? most - headers : 0;
}

/* ---- checksums ----------------------------------------------------------------------- */

/* RFC 1071, in the machine's order; p begins at an even offset of what is summed. */
static uint64_t add_up(uint64_t sum, const uint8_t *p, size_t n)
{
	uint64_t sums[4] = { 0 };

	for (; n >= 16; p += 16, n -= 16) /* apart, so that none waits for another */
		for (unsigned i = 0; i < 4; i++)
			sums[i] += raw32(p + 4 * i);
	sum += sums[0] + sums[1] + sums[2] + sums[3];
	for (; n >= 4; p += 4, n -= 4)
		sum += raw32(p);
	if (n >= 2)
		sum += raw16(p);
	if (n & 1)
		sum += raw16((const uint8_t[2]){ p[n & 2], 0 });
	return sum;
}

/* As it stands in memory. */
static uint16_t folded(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

uint16_t head_tcp_checksum(const struct head *h, const struct address *src,
    const struct address *dst, size_t at, const uint8_t *payload, size_t n)
{
	size_t header = h->n - at, address_n = h->v6 ? 16 : 4;
	uint8_t rest[8] = { 0 };
	uint64_t sum;
	uint16_t raw;

	put16(rest + 2, header + n);
	rest[0] = (uint8_t)((header + n) >> 24);
	rest[1] = (uint8_t)((header + n) >> 16);
	rest[7] = 6;
	sum = add_up(0, src->b, address_n);
	sum = add_up(sum, dst->b, address_n);
	sum = add_up(sum, rest, sizeof rest);
	sum = add_up(sum, h->bytes + at, header);
	sum -= raw16(h->bytes + at + 16);
	sum = add_up(sum, payload, n);
	raw = folded(sum);
	return (uint16_t)be16((const uint8_t *)&raw);
}

/* ---- IP ------------------------------------------------------------------------------- */

void head_fit(struct head *h, uint32_t n)
{
	uint8_t *ip = h->bytes + h->ip_at;
	size_t behind = h->n - (size_t)h->ip_at + n;
	uint16_t sum;

	if (h->v6) {
		put16(ip + 4, behind - 40);
		return;
	}
	put16(ip + 2, behind);
	put16(ip + 6, be16(ip + 6) & 0xc000); /* the two flags that are not about fragments */
	memset(ip + 10, 0, 2);
	sum = folded(add_up(0, ip, (ip[0] & 15u) * 4));
	memcpy(ip + 10, &sum, 2);
}

#define FRAGMENT 44
#define AH       51

bool head_drop_fragment(struct head *h, size_t at, uint8_t next)
{
	size_t here = h->ip_at + 40u, said = h->ip_at + 6u;

	while (here < at && here + 8 <= at) {
		size_t n = h->bytes[said] == AH ? (h->bytes[here + 1] + 2u) * 4
						: (h->bytes[here + 1] + 1u) * 8;

		said = here;
		here += n;
	}
	if (here != at || h->bytes[said] != FRAGMENT || at + 8 > h->n)
		return false;
	h->bytes[said] = next;
	memmove(h->bytes + at, h->bytes + at + 8, h->n - at - 8);
	h->n = (uint16_t)(h->n - 8);
	return true;
}
