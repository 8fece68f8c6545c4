/* SPDX-License-Identifier: MIT */
/* Protocols whose messages begin with their length: DNS, Kerberos, LDAP and SMB over TCP, and
 * what of them goes over UDP. */
#include "../common/bytes.h"
#include "stream.h"

/* What stands at p, of which n bytes are there: how many bytes it has in all, when n is
 * enough to say. */
#define MORE 0u         /* n is not enough; never with HELD_MOST bytes */
#define BAD  UINT32_MAX /* none of this protocol's */
typedef uint32_t unit_fn(struct reading *r, const uint8_t *p, size_t n);

/* ---- DNS (RFC 1035, 4.1.1 and 4.2.2) ------------------------------------------------------ */

#define DNS_HEADER 12u

static void dns_message(struct reading *r, const uint8_t *p)
{
	if (p[2] & 0x80)
		reading_answer(r, DNS, be16(p));
	else
		reading_ask(r, DNS, be16(p), 0);
}

static uint32_t dns_unit(struct reading *r, const uint8_t *p, size_t n)
{
	if (n < 2 + DNS_HEADER)
		return MORE;
	if (be16(p) < DNS_HEADER)
		return BAD;
	dns_message(r, p + 2);
	return 2 + be16(p);
}

/* ---- Kerberos (RFC 4120, 5.10 and 7.2.2) --------------------------------------------------- */

#define KERBEROS_MOST (1u << 20) /* bytes of a message */

/* A client asks one thing at a time. */
static void kerberos_message(struct reading *r, unsigned tag)
{
	switch (tag) {
	case 0x6a: /* AS-REQ */
	case 0x6c: /* TGS-REQ */ reading_ask(r, KERBEROS, 0, 0); break;
	case 0x6b: /* AS-REP */
	case 0x6d: /* TGS-REP */
	case 0x7e: /* KRB-ERROR */ reading_answer(r, KERBEROS, 0); break;
	default: break;
	}
}

static uint32_t kerberos_unit(struct reading *r, const uint8_t *p, size_t n)
{
	if (n < 5)
		return MORE;
	if (be32(p) == 0 || be32(p) > KERBEROS_MOST || p[4] >> 5 != 3)
		return BAD;
	kerberos_message(r, p[4]);
	return 4 + be32(p);
}

/* ---- LDAP (RFC 4511, 4.1.1) ----------------------------------------------------------------- */

#define LDAP_MOST   (1u << 26) /* bytes of a message */
#define LDAP_HEADER 13u        /* bytes that tell all: length in 4, identifier in 4 */

static void ldap_message(struct reading *r, unsigned tag, uint32_t id)
{
	switch (tag) {
	case 0x60: /* bind */
	case 0x63: /* search */
	case 0x66: /* modify */
	case 0x68: /* add */
	case 0x4a: /* delete */
	case 0x6c: /* modify DN */
	case 0x6e: /* compare */
	case 0x77: /* extended */ reading_ask(r, LDAP, id, 0); break;
	case 0x42:                      /* unbind */
	case 0x50: /* abandon */ break; /* have no answer */
	default: reading_answer(r, LDAP, id); break;
	}
}

/* Length bytes behind a tag: how many, and what they say. 0: not such. */
static unsigned ber_length(const uint8_t *p, uint32_t *ret)
{
	unsigned n = p[0] & 0x7f;

	*ret = p[0];
	if (p[0] < 0x80)
		return 1;
	if (n == 0 || n > 4)
		return 0;
	*ret = 0;
	for (unsigned i = 1; i <= n; i++)
		*ret = *ret << 8 | p[i];
	return 1 + n;
}

/* Once a connection is sealed (RFC 4422, 3.7), nothing but lengths and order is seen. */
static uint32_t ldap_sealed(struct reading *r, const uint8_t *p)
{
	if (be32(p) == 0 || be32(p) > LDAP_MOST)
		return BAD;
	if (r->way != r->c->client)
		reading_answer(r, LDAP, ANY_ID);
	else
		reading_ask(r, LDAP, ANY_ID, REQUEST_UNSURE);
	return 4 + be32(p);
}

static uint32_t ldap_unit(struct reading *r, const uint8_t *p, size_t n)
{
	uint32_t length, id = 0;
	unsigned head, width;

	if (n < 5)
		return MORE;
	if (p[0] == 0)
		return ldap_sealed(r, p);
	head = 1 + ber_length(p + 1, &length);
	if (p[0] != 0x30 || head == 1 || length < 5 || length > LDAP_MOST)
		return BAD;
	if (n < head + 2)
		return MORE;
	width = p[head + 1];
	if (p[head] != 2 || width == 0 || width > 4 || length < width + 3)
		return BAD;
	if (n < head + 2 + width + 1)
		return MORE;
	for (unsigned i = 0; i < width; i++)
		id = id << 8 | p[head + 2 + i];
	ldap_message(r, p[head + 2 + width], id);
	return head + length;
}

/* ---- SMB (MS-SMB 2.1, MS-CIFS 2.2.3.1, MS-SMB2 2.2.1) ------------------------------------- */

#define SMB_HEADER  32u /* bytes of it that are looked at */
#define SMB2_HEADER 64u
#define NETBIOS     4u /* type, length in 3 */

#define SMB1_CANCEL 0xa4u

static bool is_more_of_request(unsigned command)
{
	return command == 0x26 || command == 0x33 || command == 0xa1; /* ..._SECONDARY */
}

/* 4 1 command; 9 1 flags; 26 2 process; 30 2 number of the request */
static void smb1_message(struct reading *r, const uint8_t *p)
{
	uint64_t id = (uint64_t)le16(p + 26) << 16 | le16(p + 30);

	if (p[9] & 0x80)
		reading_answer(r, SMB, id);
	else if (is_more_of_request(p[4]))
		r->side->request = exchanges_waiting(r->x, r->c, SMB, id);
	else if (p[4] != SMB1_CANCEL)
		reading_ask(r, SMB, id, 0);
}

#define SMB2_NEGOTIATE     0u
#define SMB2_CANCEL        12u
#define SMB2_CHANGE_NOTIFY 15u
#define SMB2_ANSWER        0x1u
#define SMB2_PENDING       0x103u

/* 8 4 status; 12 2 command; 16 4 flags; 20 4 where the next one begins; 24 8 number */
static void smb2_message(struct reading *r, const uint8_t *p)
{
	uint64_t id = le32(p + 24) | (uint64_t)le32(p + 28) << 32;
	unsigned command = le16(p + 12);

	if (id == ANY_ID || command == SMB2_CANCEL || command == SMB2_CHANGE_NOTIFY)
		return;
	if (!(le32(p + 16) & SMB2_ANSWER)) {
		reading_ask(r, SMB2, id, 0);
	} else if (le32(p + 8) != SMB2_PENDING) {
		/* SMB's negotiation may be answered by SMB2. */
		if (command == SMB2_NEGOTIATE && !exchanges_waiting(r->x, r->c, SMB2, id))
			reading_answer(r, SMB, ANY_ID);
		else
			reading_answer(r, SMB2, id);
	}
}

/* One command of a chain that has `left` bytes. */
static uint32_t smb2_unit(struct reading *r, const uint8_t *p, uint32_t left)
{
	uint32_t next = le32(p + 20);

	if (memcmp(p, "\xfeSMB", 4) != 0 || (next && (next < SMB2_HEADER || next >= left)))
		return BAD;
	smb2_message(r, p);
	r->side->inside = next ? left - next : 0;
	return next ? next : left;
}

static uint32_t smb_unit(struct reading *r, const uint8_t *p, size_t n)
{
	uint32_t length, unit;

	if (r->side->inside)
		return n < SMB_HEADER ? MORE : smb2_unit(r, p, r->side->inside);
	if (n < NETBIOS)
		return MORE;
	length = be32(p) & 0xffffff;
	if (p[0] != 0) /* of the session service (RFC 1002, 4.3) */
		return p[0] < 0x81 || p[0] > 0x85 || length > 0x1ffff ? BAD : NETBIOS + length;
	if (length < SMB_HEADER)
		return length ? BAD : NETBIOS;
	if (n < NETBIOS + SMB_HEADER)
		return MORE;
	p += NETBIOS;
	if (memcmp(p + 1, "SMB", 3) != 0 || p[0] < 0xfc)
		return BAD;
	if (p[0] == 0xff)
		smb1_message(r, p);
	unit = p[0] == 0xfe ? smb2_unit(r, p, length) : length; /* else sealed or packed */
	return unit == BAD ? BAD : NETBIOS + unit;
}

/* ---- units after each other ----------------------------------------------------------------- */

static unit_fn *unit_of(unsigned protocol)
{
	switch (protocol) {
	case DNS: return dns_unit;
	case KERBEROS: return kerberos_unit;
	case LDAP: return ldap_unit;
	default: return smb_unit;
	}
}

static void lost(struct side *s)
{
	s->lost = true;
	s->n_held = 0;
	s->inside = 0;
}

/* From p, and what is held before it. Returns bytes of p that are done with. */
static size_t begin_unit(struct reading *r, const uint8_t *p, size_t n)
{
	struct side *s = r->side;
	unsigned held = s->n_held;
	size_t more = n < HELD_MOST - held ? n : HELD_MOST - held;
	uint32_t unit;

	if (held == 0) {
		s->begin = r->at;
		unit = unit_of(r->c->protocol)(r, p, n);
	} else {
		memcpy(s->held + held, p, more);
		unit = unit_of(r->c->protocol)(r, s->held, held + more);
	}
	if (unit == BAD || (unit == MORE && s->lost) || (unit != MORE && unit < held)) {
		lost(s);
		return n;
	}
	if (unit == MORE) {
		if (held == 0)
			memcpy(s->held, p, more);
		s->n_held = (uint8_t)(held + more);
		return n;
	}
	s->lost = false;
	s->n_held = 0;
	s->left = unit - held;
	return 0;
}

void framed_read(struct reading *r, const uint8_t *p, size_t n)
{
	struct side *s = r->side;

	while (n > 0) {
		size_t done = s->left < n ? (size_t)s->left : n;

		if (s->left == 0)
			done = begin_unit(r, p, n);
		else if ((s->left -= done) == 0)
			reading_end(r);
		p += done;
		n -= done;
	}
}

bool framed_skip(struct reading *r, uint32_t n)
{
	struct side *s = r->side;

	if (s->n_held || s->left < n)
		return false;
	s->left -= n;
	if (s->left == 0)
		reading_end(r);
	return true;
}

/* ---- datagrams -------------------------------------------------------------------------------- */

void datagram_read(struct reading *r, enum protocol p, const uint8_t *bytes, size_t n)
{
	r->side->begin = r->at;
	if (p == DNS && n >= DNS_HEADER)
		dns_message(r, bytes);
	else if (p == KERBEROS && n > 0)
		kerberos_message(r, bytes[0]);
	else if (p == LDAP && n > 0 && bytes[0] == 0x30)
		(void)ldap_unit(r, bytes, n);
}
