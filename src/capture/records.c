/* SPDX-License-Identifier: MIT */
/* Records of Network Monitor 3 that stand among frames. Numbers are big-endian in the
 * first two, texts are UTF-16LE and end with a NUL.
 *
 * Filter
 *   OFFSET SIZE MEANING
 *        0    2 version
 *        2    4 1: of the capture; else of the display
 *        6    8 major and minor version of the program
 *     then      its name, the filter
 * Network info
 *        0    2 version
 *        2    2 adapters
 *     then      name of the computer; for each adapter its name, description and GUID,
 *               4 medium, 4 MTU, 8 bits a second, 6 address;
 *               2 each: IPv4 and IPv6 addresses, gateways, DHCP servers, DNS servers of
 *               IPv4 and IPv6; then IPv4 addresses, as many masks, and the others
 * Event (little-endian)
 *        0   24 lengths, flags, thread, process, time
 *       24   16 provider
 */
#include "capture/records.h"
#include "capture/capture_int.h"
#include "capture/notes_int.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define EVENT        (NM_LINK_NETMON | 0xffe0)
#define NETWORK_INFO (NM_LINK_NETMON | 0xfffb)
#define FILTER       (NM_LINK_NETMON | 0xffff)
#define PROVIDER_AT  24u
#define NAME         256u /* bytes of one text that are shown */
#define NO_SPEED     UINT64_MAX

struct text {
	char *p;
	size_t n, room; /* n: without the NUL that is always there */
};

__attribute__((format(printf, 2, 3))) static void say(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->p + t->n, t->room - t->n, fmt, ap);
	va_end(ap);
	if (n > 0)
		t->n = (size_t)n < t->room - t->n ? t->n + (size_t)n : t->room - 1;
}

static const char *take_text(struct nm_cur *c, char *dst, size_t room)
{
	size_t n = 0;

	while (c->left - n >= 2 && (c->p[n] || c->p[n + 1]))
		n += 2;
	(void)nm_text_from_utf16(dst, room, c->p, n);
	(void)nm_cur_take(c, n + 2);
	return dst;
}

static uint16_t take16(struct nm_cur *c)
{
	const uint8_t *p = nm_cur_take(c, 2);

	return p ? nm_be16(p) : 0;
}

static uint32_t take32(struct nm_cur *c)
{
	const uint8_t *p = nm_cur_take(c, 4);

	return p ? nm_be32(p) : 0;
}

static uint64_t take64(struct nm_cur *c)
{
	uint64_t high = take32(c);

	return high << 32 | take32(c);
}

static void tell_filter(struct nm_cur *c, struct text *t)
{
	char name[NAME], filter[4 * NAME];
	uint32_t type, major, minor;

	(void)take16(c);
	type = take32(c);
	major = take32(c);
	minor = take32(c);
	(void)take_text(c, name, sizeof name);
	say(t, "%s filter of %s %" PRIu32 ".%" PRIu32 ": %s", type == 1 ? "capture" : "display",
	    name, major, minor, take_text(c, filter, sizeof filter));
}

/* A list of addresses, a word before each. */
static void tell_addresses(
    struct nm_cur *c, struct text *t, unsigned n, const char *word, int family)
{
	char s[INET6_ADDRSTRLEN];

	for (unsigned i = 0; i < n; i++) {
		const uint8_t *p = nm_cur_take(c, family == AF_INET ? 4 : 16);

		if (!p)
			return;
		say(t, ", %s%s", word, inet_ntop(family, p, s, sizeof s));
	}
}

static void tell_adapter(struct nm_cur *c, struct text *t)
{
	char name[NAME], description[NAME], s[INET6_ADDRSTRLEN], mask[INET_ADDRSTRLEN];
	uint16_t counts[6];
	const uint8_t *mac, *ip;
	uint32_t mtu;
	uint64_t speed;

	(void)take_text(c, name, sizeof name);
	say(t, "\n%s (%s)", name, take_text(c, description, sizeof description));
	(void)take_text(c, name, sizeof name); /* the driver's */
	(void)take32(c);                       /* a medium of NDIS */
	mtu = take32(c);
	speed = take64(c);
	mac = nm_cur_take(c, 6);
	for (unsigned i = 0; i < 6; i++)
		counts[i] = take16(c);
	if (c->bad)
		return;
	if (speed != NO_SPEED)
		say(t, ", %" PRIu64 " bit/s", speed);
	say(t, ", MTU %" PRIu32 ", %02x:%02x:%02x:%02x:%02x:%02x", mtu, mac[0], mac[1], mac[2],
	    mac[3], mac[4], mac[5]);
	ip = nm_cur_take(c, (size_t)counts[0] * 8);
	for (unsigned i = 0; ip && i < counts[0]; i++)
		say(t, ", %s/%s", inet_ntop(AF_INET, ip + 4 * i, s, sizeof s),
		    inet_ntop(AF_INET, ip + 4 * (counts[0] + i), mask, sizeof mask));
	tell_addresses(c, t, counts[1], "", AF_INET6);
	tell_addresses(c, t, counts[2], "gateway ", AF_INET);
	tell_addresses(c, t, counts[3], "DHCP ", AF_INET);
	tell_addresses(c, t, counts[4], "DNS ", AF_INET);
	tell_addresses(c, t, counts[5], "DNS ", AF_INET6);
}

static void tell_network(struct nm_cur *c, struct text *t)
{
	char name[NAME];
	uint16_t n;

	(void)take16(c);
	n = take16(c);
	say(t, "computer %s, %u adapter%s", take_text(c, name, sizeof name), n, n == 1 ? "" : "s");
	for (uint16_t i = 0; i < n && !c->bad && t->n + 1 < t->room; i++)
		tell_adapter(c, t);
	if (c->bad)
		say(t, "\n(the record is cut)");
}

bool nm_record_text(uint32_t link_type, const uint8_t *p, size_t n, char *dst, size_t room)
{
	struct nm_cur c = nm_cur_over(p, n);
	struct text t = { dst, 0, room };

	dst[0] = '\0';
	if (link_type == FILTER && n >= 14)
		tell_filter(&c, &t);
	else if (link_type == NETWORK_INFO && n >= 4)
		tell_network(&c, &t);
	else
		return false;
	return true;
}

const uint8_t *nm_record_provider(uint32_t link_type, const uint8_t *p, size_t n)
{
	return link_type == EVENT && n >= PROVIDER_AT + NM_RECORD_PROVIDER ? p + PROVIDER_AT : NULL;
}
