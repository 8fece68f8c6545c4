/* SPDX-License-Identifier: MIT */
/* mkcapture -- write a capture of made-up but realistic office traffic.
 *
 *   mkcapture [--format FORMAT] [--frames N | --bytes N] [--seed N] OUT
 *
 * The same arguments always give the same file. A few dozen hosts of skewed
 * popularity talk HTTP, TLS, DNS, NTP, ICMP and ARP over IPv4 and IPv6; TCP
 * connections have handshakes, acknowledgements, some retransmissions and a
 * close; every checksum is right. Addresses and names are those reserved for
 * documentation and private use.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLIENTS   48u
#define SERVERS   24u
#define FLOWS     96u /* open at a time */
#define MSS4      1460u
#define MSS6      1440u
#define START_S   UINT64_C(1772442000) /* 2026-03-02 09:00:00 UTC */
#define OUT_BYTES (UINT32_C(1) << 20)

/* ---- numbers that look random and never change ---- */

static uint64_t mix(uint64_t z)
{
	z ^= z >> 33;
	z *= UINT64_C(0xff51afd7ed558ccd);
	z ^= z >> 33;
	z *= UINT64_C(0xc4ceb9fe1a85ec53);
	return z ^ z >> 33;
}

struct rng {
	uint64_t state;
};

static uint64_t draw(struct rng *r)
{
	r->state += UINT64_C(0x9e3779b97f4a7c15);
	return mix(r->state);
}

/* In [lo, hi]. */
static uint32_t between(struct rng *r, uint32_t lo, uint32_t hi)
{
	return lo + (uint32_t)(draw(r) % ((uint64_t)hi - lo + 1));
}

static bool chance(struct rng *r, uint32_t per_mille)
{
	return draw(r) % 1000 < per_mille;
}

/* In [0, n), small ones much more often: the product of three fractions. */
static uint32_t skewed(struct rng *r, uint32_t n)
{
	uint64_t a = draw(r) >> 44, b = draw(r) >> 44, c = draw(r) >> 44; /* 20 bits each */

	return (uint32_t)(((a * b >> 20) * c >> 20) * n >> 20);
}

/* Mostly near `usual`, now and then many times that. */
static uint32_t heavy(struct rng *r, uint32_t usual)
{
	uint32_t n = between(r, usual / 4, usual * 2);

	while (chance(r, 250) && n < 4000000)
		n *= 3;
	return n;
}

/* ---- output formats ---- */

struct out {
	int fd;
	uint8_t *buf;
	size_t used;
	uint64_t at; /* bytes handed over so far */
	int error;   /* errno of the first write that failed */
	/* Network Monitor's frame table */
	uint32_t *table;
	size_t n_table, room_table;
};

static void flush(struct out *o)
{
	size_t done = 0;

	while (done < o->used && !o->error) {
		ssize_t n = write(o->fd, o->buf + done, o->used - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			o->error = errno;
	}
	o->used = 0;
}

static void put(struct out *o, const void *p, size_t n)
{
	o->at += n;
	while (n > 0) {
		size_t room = OUT_BYTES - o->used, k = n < room ? n : room;

		memcpy(o->buf + o->used, p, k);
		o->used += k;
		p = (const uint8_t *)p + k;
		n -= k;
		if (o->used == OUT_BYTES)
			flush(o);
	}
}

static void le16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static void le32(uint8_t *p, uint32_t v)
{
	le16(p, v);
	le16(p + 2, v >> 16);
}

static void be16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void be32(uint8_t *p, uint32_t v)
{
	be16(p, v >> 16);
	be16(p + 2, v);
}

static void pcap_head(struct out *o, uint32_t magic)
{
	uint8_t h[24] = { 0 };

	le32(h, magic);
	le16(h + 4, 2);
	le16(h + 6, 4);
	le32(h + 16, 262144);
	le32(h + 20, 1);
	put(o, h, sizeof h);
}

static void pcap_begin(struct out *o)
{
	pcap_head(o, 0xa1b2c3d4);
}

static void pcap_ns_begin(struct out *o)
{
	pcap_head(o, 0xa1b23c4d);
}

static void pcap_record(struct out *o, uint64_t us, uint32_t frac, const uint8_t *p, uint32_t n)
{
	uint8_t h[16];

	le32(h, (uint32_t)(START_S + us / 1000000));
	le32(h + 4, frac);
	le32(h + 8, n);
	le32(h + 12, n);
	put(o, h, sizeof h);
	put(o, p, n);
}

static void pcap_frame(struct out *o, uint64_t us, const uint8_t *p, uint32_t n)
{
	pcap_record(o, us, (uint32_t)(us % 1000000), p, n);
}

static void pcap_ns_frame(struct out *o, uint64_t us, const uint8_t *p, uint32_t n)
{
	pcap_record(o, us, (uint32_t)(us % 1000000 * 1000 + mix(us) % 1000), p, n);
}

static void pcapng_begin(struct out *o)
{
	static const char comment[] = "made-up office traffic", name[] = "eth0";
	uint8_t b[128] = { 0 };

	le32(b, 0x0a0d0d0a);
	le32(b + 4, 60);
	le32(b + 8, 0x1a2b3c4d);
	le16(b + 12, 1);
	memset(b + 16, 0xff, 8);
	le16(b + 24, 1); /* opt_comment, 22 bytes padded to 24, then opt_endofopt */
	le16(b + 26, sizeof comment - 1);
	memcpy(b + 28, comment, sizeof comment - 1);
	le32(b + 56, 60);
	put(o, b, 60);
	memset(b, 0, sizeof b);
	le32(b, 1);
	le32(b + 4, 32);
	le16(b + 8, 1);
	le32(b + 12, 262144);
	le16(b + 16, 2); /* if_name */
	le16(b + 18, sizeof name - 1);
	memcpy(b + 20, name, sizeof name - 1);
	le32(b + 28, 32);
	put(o, b, 32);
}

static void pcapng_frame(struct out *o, uint64_t us, const uint8_t *p, uint32_t n)
{
	uint64_t t = START_S * 1000000 + us;
	uint32_t pad = (4 - n % 4) % 4, total = 32 + n + pad;
	uint8_t h[28], tail[8] = { 0 };

	le32(h, 6);
	le32(h + 4, total);
	le32(h + 8, 0);
	le32(h + 12, (uint32_t)(t >> 32));
	le32(h + 16, (uint32_t)t);
	le32(h + 20, n);
	le32(h + 24, n);
	le32(tail + pad, total);
	put(o, h, sizeof h);
	put(o, p, n);
	put(o, tail, pad + 4);
}

static void netmon_begin(struct out *o)
{
	uint8_t h[128] = { 0 };

	put(o, h, sizeof h); /* rewritten at the end */
}

static void remember(struct out *o)
{
	if (o->n_table == o->room_table) {
		size_t room = o->room_table ? o->room_table * 2 : 4096;
		uint32_t *t = realloc(o->table, room * sizeof *t);

		if (!t) {
			o->error = ENOMEM;
			return;
		}
		o->table = t;
		o->room_table = room;
	}
	if (o->at > UINT32_MAX)
		o->error = EFBIG; /* offsets have 32 bits */
	o->table[o->n_table++] = (uint32_t)o->at;
}

static void netmon2_frame(struct out *o, uint64_t us, const uint8_t *p, uint32_t n)
{
	uint8_t h[16];

	remember(o);
	le32(h, (uint32_t)us);
	le32(h + 4, (uint32_t)(us >> 32));
	le32(h + 8, n);
	le32(h + 12, n);
	put(o, h, sizeof h);
	put(o, p, n);
}

static void netmon1_frame(struct out *o, uint64_t us, const uint8_t *p, uint32_t n)
{
	uint8_t h[8];

	remember(o);
	le32(h, (uint32_t)(us / 1000));
	le16(h + 4, n);
	le16(h + 6, n);
	put(o, h, sizeof h);
	put(o, p, n);
}

static void netmon_end(struct out *o, const char *magic, uint8_t major, uint8_t minor)
{
	static const char comment[] = "made-up office traffic";
	static const uint16_t start[8] = { 2026, 3, 1, 2, 9, 0, 0, 0 }; /* START_S as SYSTEMTIME */
	uint64_t table = o->at;
	uint8_t h[72] = { 0 }, e[4];

	for (size_t i = 0; i < o->n_table; i++) {
		le32(e, o->table[i]);
		put(o, e, sizeof e);
	}
	memcpy(h, magic, 4);
	h[4] = minor;
	h[5] = major;
	le16(h + 6, 1);
	for (int i = 0; i < 8; i++)
		le16(h + 8 + 2 * i, start[i]);
	le32(h + 24, (uint32_t)table);
	le32(h + 28, (uint32_t)(o->n_table * 4));
	le32(h + 40, (uint32_t)o->at);
	le32(h + 44, sizeof comment);
	put(o, comment, sizeof comment);
	flush(o);
	if (o->at > UINT32_MAX)
		o->error = EFBIG;
	if (!o->error && pwrite(o->fd, h, sizeof h, 0) != (ssize_t)sizeof h)
		o->error = errno;
}

static void netmon1_end(struct out *o)
{
	netmon_end(o, "RTSS", 1, 1);
}

static void netmon2_end(struct out *o)
{
	netmon_end(o, "GMBU", 2, 0);
}

static const struct format {
	const char *name;
	uint32_t per_frame; /* bytes a frame costs beside its own */
	void (*begin)(struct out *o);
	void (*frame)(struct out *o, uint64_t us, const uint8_t *p, uint32_t n);
	void (*end)(struct out *o);
} formats[] = {
	{ "pcap", 16, pcap_begin, pcap_frame, NULL },
	{ "pcap-ns", 16, pcap_ns_begin, pcap_ns_frame, NULL },
	{ "pcapng", 35, pcapng_begin, pcapng_frame, NULL },
	{ "netmon1", 12, netmon_begin, netmon1_frame, netmon1_end },
	{ "netmon2", 20, netmon_begin, netmon2_frame, netmon2_end },
};

/* ---- the office ---- */

enum kind { HTTP, TLS, DNS, NTP, PING, ARP, KINDS };

enum { FIN = 1, SYN = 2, PSH = 8, ACK = 16 };

enum phase { OPEN, OPENED, CONFIRM, REQUEST, RESPOND, CLOSE, CLOSED, LAST };

struct flow {
	uint64_t at_us; /* of its next frame */
	uint64_t id;
	enum kind kind;
	enum phase phase;
	bool v6;
	uint8_t client, server;
	uint16_t cport;
	uint32_t rtt_us;
	uint32_t seq[2];  /* of the next byte of client and server */
	uint32_t left;    /* bytes of the response still to come */
	uint32_t rounds;  /* requests still to come */
	uint32_t unacked; /* segments since the last acknowledgement */
	bool again;       /* the last data segment is sent a second time */
	uint32_t last_seq, last_len;
	uint32_t text_seq[2], text_len[2]; /* where each side's text stands in its stream */
	char text[2][384];
};

struct office {
	struct rng rng;
	struct flow flows[FLOWS];
	uint64_t next_id;
	uint16_t ip_id;
	uint8_t frame[1600];
};

static const char *const sites[SERVERS] = {
	"intranet.example.com",
	"mail.example.com",
	"files.example.com",
	"www.example.org",
	"cdn.example.net",
	"video.example.net",
	"api.example.com",
	"login.example.com",
	"wiki.example.org",
	"news.example.org",
	"maps.example.net",
	"shop.example.net",
	"git.example.com",
	"ci.example.com",
	"chat.example.com",
	"backup.example.com",
	"ads.example.net",
	"fonts.example.net",
	"img.example.net",
	"updates.example.org",
	"time.example.org",
	"weather.example.org",
	"forum.example.org",
	"archive.example.org",
};

static void put_mac(uint8_t *p, bool server, uint32_t i)
{
	static const uint8_t gateway[6] = { 0x02, 0x00, 0x5e, 0x00, 0x00, 0x01 };

	memcpy(p, gateway, 6);
	if (!server) {
		p[3] = 0x10;
		p[5] = (uint8_t)(i + 10);
	}
}

static void put_ip4(uint8_t *p, bool server, uint32_t i)
{
	static const uint8_t nets[3][3] = { { 203, 0, 113 }, { 198, 51, 100 }, { 192, 0, 2 } };
	static const uint8_t home[3] = { 10, 20, 0 };

	memcpy(p, server ? nets[i % 3] : home, 3);
	p[3] = (uint8_t)(i + 10);
}

static void put_ip6(uint8_t *p, bool server, uint32_t i)
{
	memset(p, 0, 16);
	be32(p, 0x20010db8);
	be16(p + 4, server ? 0x80 + i % 4 : 0x20);
	be16(p + 14, i + 10);
}

static uint32_t add_up(const uint8_t *p, uint32_t n, uint64_t sum)
{
	uint32_t i;

	for (i = 0; i + 4 <= n; i += 4)
		sum += (uint32_t)p[i] << 24 | (uint32_t)p[i + 1] << 16 | (uint32_t)p[i + 2] << 8 |
		       p[i + 3];
	for (; i < n; i++)
		sum += (uint32_t)p[i] << (24 - 8 * (i % 4));
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint32_t)sum;
}

/* Link and network headers before `n` bytes of `proto`; where those begin. */
static uint8_t *put_heads(
    struct office *o, const struct flow *f, int dir, uint8_t proto, uint32_t n)
{
	uint8_t *p = o->frame, *ip = p + 14;
	uint32_t from = dir ? f->server : f->client, to = dir ? f->client : f->server;

	put_mac(p, !dir, to);
	put_mac(p + 6, dir, from);
	be16(p + 12, f->v6 ? 0x86dd : 0x0800);
	if (f->v6) {
		be32(ip, 0x60000000 | (uint32_t)(mix(f->id) & 0xfffff));
		be16(ip + 4, n);
		ip[6] = proto;
		ip[7] = dir ? 57 : 64;
		put_ip6(ip + 8, dir, from);
		put_ip6(ip + 24, !dir, to);
		return ip + 40;
	}
	memset(ip, 0, 20);
	ip[0] = 0x45;
	be16(ip + 2, 20 + n);
	be16(ip + 4, o->ip_id++);
	ip[6] = 0x40;
	ip[8] = dir ? 57 : 64;
	ip[9] = proto;
	put_ip4(ip + 12, dir, from);
	put_ip4(ip + 16, !dir, to);
	be16(ip + 10, ~add_up(ip, 20, 0));
	return ip + 20;
}

/* The checksum of `n` bytes at p with the pseudo-header of the frame's addresses. */
static uint32_t checksum(
    const struct office *o, const struct flow *f, const uint8_t *p, uint32_t n, uint8_t proto)
{
	const uint8_t *ip = o->frame + 14;
	uint32_t sum = f->v6 ? add_up(ip + 8, 32, proto + n) : add_up(ip + 12, 8, proto + n);

	return ~add_up(p, n, sum) & 0xffff;
}

/* Length of the frame whose last byte is before end, padded as Ethernet asks. */
static uint32_t finish(struct office *o, const uint8_t *end)
{
	uint32_t n = (uint32_t)(end - o->frame);

	if (n < 60) {
		memset(o->frame + n, 0, 60 - n);
		n = 60;
	}
	return n;
}

/* Bytes of one side's stream: its text, then filler that depends on nothing
 * but the place, so that a segment sent twice is the same twice. */
static void put_stream(const struct flow *f, int dir, uint32_t seq, uint32_t n, uint8_t *p)
{
	uint32_t off = seq - f->text_seq[dir], done = 0;

	if (off < f->text_len[dir]) {
		done = f->text_len[dir] - off < n ? f->text_len[dir] - off : n;
		memcpy(p, f->text[dir] + off, done);
	}
	while (done < n) {
		uint32_t at = seq + done;
		uint64_t w = mix(f->id << 32 ^ at >> 3);
		uint32_t k = 8 - at % 8 < n - done ? 8 - at % 8 : n - done;

		memcpy(p + done, (const uint8_t *)&w + at % 8, k);
		done += k;
	}
}

static uint32_t put_tcp(
    struct office *o, const struct flow *f, int dir, uint8_t flags, uint32_t seq, uint32_t n)
{
	static const uint8_t options[12] = { 2, 4, 5, 0xb4, 4, 2, 1, 3, 3, 7, 1, 1 };
	uint32_t head = 20 + (flags & SYN ? sizeof options : 0);
	uint8_t *p = put_heads(o, f, dir, 6, head + n);
	uint16_t sport = f->kind == TLS ? 443 : 80;

	memset(p, 0, 20);
	be16(p, dir ? sport : f->cport);
	be16(p + 2, dir ? f->cport : sport);
	be32(p + 4, seq);
	if (flags & ACK)
		be32(p + 8, f->seq[!dir]);
	p[12] = (uint8_t)(head / 4 << 4);
	p[13] = flags;
	be16(p + 14, flags & SYN ? 64240 : 502);
	if (flags & SYN)
		memcpy(p + 20, options, sizeof options);
	put_stream(f, dir, seq, n, p + head);
	be16(p + 16, checksum(o, f, p, head + n, 6));
	return finish(o, p + head + n);
}

static uint32_t put_udp(struct office *o, const struct flow *f, int dir, uint16_t sport,
    const uint8_t *data, uint32_t n)
{
	uint8_t *p = put_heads(o, f, dir, 17, 8 + n);
	uint32_t sum;

	be16(p, dir ? sport : f->cport);
	be16(p + 2, dir ? f->cport : sport);
	be16(p + 4, 8 + n);
	be16(p + 6, 0);
	memcpy(p + 8, data, n);
	sum = checksum(o, f, p, 8 + n, 17);
	be16(p + 6, sum ? sum : 0xffff);
	return finish(o, p + 8 + n);
}

/* ---- what the flows say ---- */

static void write_http(struct office *o, struct flow *f)
{
	f->left = heavy(&o->rng, 9000);
	f->text_len[0] = (uint32_t)snprintf(f->text[0], sizeof f->text[0],
	    "GET /%s/%u HTTP/1.1\r\nHost: %s\r\nUser-Agent: office/1.0\r\nAccept: */*\r\n\r\n",
	    f->left > 50000 ? "media" : "page", between(&o->rng, 1, 400), sites[f->server]);
	f->text_len[1] = (uint32_t)snprintf(f->text[1], sizeof f->text[1],
	    "HTTP/1.1 %s\r\nServer: office/1.0\r\nContent-Type: %s\r\nContent-Length: %u\r\n\r\n",
	    chance(&o->rng, 30) ? "404 Not Found" : "200 OK",
	    f->left > 50000 ? "application/octet-stream" : "text/html", f->left);
	f->left += f->text_len[1];
}

/* A ClientHello with the server's name for the first round, application data after. */
static uint32_t write_hello(const struct flow *f, uint8_t *p)
{
	uint32_t name = (uint32_t)strlen(sites[f->server]), ext = 9 + name,
		 body = 2 + 32 + 1 + 4 + 2 + 2 + ext;
	uint8_t *q = p;

	*q++ = 22; /* handshake record */
	be16(q, 0x0301);
	be16(q + 2, 4 + body);
	be32(q + 4, 1u << 24 | body); /* ClientHello */
	be16(q + 8, 0x0303);
	q += 10;
	for (int i = 0; i < 32; i += 8) {
		uint64_t w = mix(f->id + (uint64_t)i);
		memcpy(q + i, &w, 8);
	}
	q += 32;
	*q++ = 0; /* session */
	be16(q, 2);
	be16(q + 2, 0x1301);
	be16(q + 4, 0x0100); /* compression: none */
	be16(q + 6, ext);
	be16(q + 8, 0); /* server_name */
	be16(q + 10, 5 + name);
	be16(q + 12, 3 + name);
	q[14] = 0;
	be16(q + 15, name);
	memcpy(q + 17, sites[f->server], name);
	return (uint32_t)(q + 17 + name - p);
}

static uint32_t write_record(uint8_t *p, uint32_t n)
{
	p[0] = 23; /* application data */
	be16(p + 1, 0x0303);
	be16(p + 3, n);
	return 5;
}

static void write_tls(struct office *o, struct flow *f, bool first)
{
	uint8_t *c = (uint8_t *)f->text[0], *s = (uint8_t *)f->text[1];

	f->left = heavy(&o->rng, 6000);
	if (f->left > 16000)
		f->left = 16000; /* one record */
	f->text_len[0] = first ? write_hello(f, c) : write_record(c, 300) + 300;
	if (!first)
		memset(c + 5, 0x5a, 300);
	f->text_len[1] = write_record(s, f->left);
	f->left += 5;
}

static uint32_t tcp_data(struct office *o, struct flow *f)
{
	uint32_t mss = f->v6 ? MSS6 : MSS4, n = f->left < mss ? f->left : mss;

	f->last_seq = f->seq[1];
	f->last_len = n;
	f->left -= n;
	f->unacked++;
	f->again = chance(&o->rng, 6);
	n = put_tcp(o, f, 1, ACK | (f->left == 0 ? PSH : 0), f->seq[1], n);
	f->seq[1] += f->last_len;
	f->at_us += f->again ? 210000 + between(&o->rng, 0, 90000) : between(&o->rng, 10, 150);
	return n;
}

/* The segments of a response, with an acknowledgement for every second one. */
static uint32_t tcp_respond(struct office *o, struct flow *f)
{
	if (f->again) { /* its acknowledgement was late: the server sends it again */
		f->again = false;
		f->at_us += between(&o->rng, 10, 150);
		return put_tcp(o, f, 1, ACK, f->last_seq, f->last_len);
	}
	if (f->unacked < 2 && f->left > 0)
		return tcp_data(o, f);
	f->unacked = 0;
	if (f->left == 0) {
		f->rounds--;
		f->phase = f->rounds ? REQUEST : CLOSE;
		f->at_us += f->rounds ? heavy(&o->rng, 200000) : 2000;
	} else {
		f->at_us += chance(&o->rng, 100) ? f->rtt_us : between(&o->rng, 5, 60);
	}
	return put_tcp(o, f, 0, ACK, f->seq[0], 0);
}

static uint32_t tcp_request(struct office *o, struct flow *f)
{
	uint32_t n;

	f->text_seq[0] = f->seq[0];
	f->text_seq[1] = f->seq[1];
	if (f->kind == HTTP)
		write_http(o, f);
	else
		write_tls(o, f, f->phase == REQUEST && f->unacked == 0 && f->last_len == 0);
	n = put_tcp(o, f, 0, PSH | ACK, f->seq[0], f->text_len[0]);
	f->seq[0] += f->text_len[0];
	f->phase = RESPOND;
	f->at_us += f->rtt_us + heavy(&o->rng, 4000);
	return n;
}

/* The next frame of a TCP connection, and when the one after it comes. */
static uint32_t tcp_next(struct office *o, struct flow *f, bool *done)
{
	enum phase now = f->phase;
	uint32_t n;

	switch (now) {
	case REQUEST: return tcp_request(o, f);
	case RESPOND: return tcp_respond(o, f);
	case OPEN: n = put_tcp(o, f, 0, SYN, f->seq[0]++, 0); break;
	case OPENED: n = put_tcp(o, f, 1, SYN | ACK, f->seq[1]++, 0); break;
	case CLOSE: n = put_tcp(o, f, 0, FIN | ACK, f->seq[0]++, 0); break;
	case CLOSED: n = put_tcp(o, f, 1, FIN | ACK, f->seq[1]++, 0); break;
	default: n = put_tcp(o, f, 0, ACK, f->seq[0], 0); break;
	}
	*done = now == LAST;
	f->phase = now + 1;
	f->at_us += now == OPEN || now == CLOSE ? f->rtt_us : between(&o->rng, 20, 200);
	return n;
}

static uint32_t dns_next(struct office *o, struct flow *f, bool *done)
{
	uint8_t b[256] = { 0 }, *p = b + 12;
	const char *s = sites[f->rounds];

	be16(b, mix(f->id) & 0xffff);
	be16(b + 2, f->phase == OPEN ? 0x0100 : 0x8180);
	be16(b + 4, 1);
	while (*s) {
		size_t k = strcspn(s, ".");

		*p++ = (uint8_t)k;
		memcpy(p, s, k);
		p += k;
		s += k + (s[k] == '.');
	}
	be16(++p, f->v6 ? 28 : 1);
	be16(p + 2, 1);
	p += 4;
	if (f->phase != OPEN) {
		be16(b + 6, 1);
		be16(p, 0xc00c);
		be16(p + 2, f->v6 ? 28 : 1);
		be16(p + 4, 1);
		be32(p + 6, 300);
		be16(p + 10, f->v6 ? 16 : 4);
		if (f->v6)
			put_ip6(p + 12, true, f->rounds);
		else
			put_ip4(p + 12, true, f->rounds);
		p += f->v6 ? 28 : 16;
	}
	*done = f->phase != OPEN;
	f->at_us += f->rtt_us / 2;
	f->phase++;
	return put_udp(o, f, *done, 53, b, (uint32_t)(p - b));
}

static uint32_t ntp_next(struct office *o, struct flow *f, bool *done)
{
	uint8_t b[48] = { 0x23 };

	*done = f->phase != OPEN;
	b[0] = *done ? 0x24 : 0x23;
	b[1] = *done ? 2 : 0;
	be32(b + 40, (uint32_t)(START_S + 2208988800u + f->at_us / 1000000));
	f->at_us += f->rtt_us;
	f->phase++;
	return put_udp(o, f, *done, 123, b, sizeof b);
}

static uint32_t ping_next(struct office *o, struct flow *f, bool *done)
{
	int dir = f->phase % 2;
	uint8_t *p = put_heads(o, f, dir, f->v6 ? 58 : 1, 64);

	memset(p, 0x61, 64);
	p[0] = (uint8_t)(f->v6 ? 128 + dir : dir ? 0 : 8);
	p[1] = 0;
	be16(p + 2, 0);
	be16(p + 4, f->cport);
	be16(p + 6, f->phase / 2 + 1);
	be16(p + 2, f->v6 ? checksum(o, f, p, 64, 58) : ~add_up(p, 64, 0));
	*done = f->phase == LAST;
	f->phase++;
	f->at_us += dir ? 1000000 : f->rtt_us;
	return finish(o, p + 64);
}

static uint32_t arp_next(struct office *o, struct flow *f, bool *done)
{
	bool reply = f->phase != OPEN;
	uint8_t *p = o->frame;

	memset(p, 0xff, 6);
	if (reply)
		put_mac(p, false, f->client);
	put_mac(p + 6, reply, f->client);
	be16(p + 12, 0x0806);
	be32(p + 14, 0x00010800);
	be16(p + 18, 0x0604);
	be16(p + 20, reply ? 2 : 1);
	put_mac(p + 22, reply, f->client);
	put_ip4(p + 28, false, reply ? 245 - 10 : f->client); /* the gateway is 10.20.0.245 */
	memset(p + 32, 0, 6);
	if (reply)
		put_mac(p + 32, false, f->client);
	put_ip4(p + 38, false, reply ? f->client : 245 - 10);
	*done = reply;
	f->phase++;
	f->at_us += between(&o->rng, 100, 900);
	return finish(o, p + 42);
}

static uint32_t (*const nexts[KINDS])(struct office *, struct flow *, bool *) = {
	[HTTP] = tcp_next,
	[TLS] = tcp_next,
	[DNS] = dns_next,
	[NTP] = ntp_next,
	[PING] = ping_next,
	[ARP] = arp_next,
};

/* ---- running ---- */

static enum kind choose_kind(struct rng *r)
{
	uint32_t x = between(r, 0, 99);

	return x < 22 ? HTTP : x < 55 ? TLS : x < 90 ? DNS : x < 94 ? NTP : x < 97 ? PING : ARP;
}

static void start_flow(struct office *o, struct flow *f, uint64_t at_us)
{
	struct rng *r = &o->rng;

	*f = (struct flow){ .at_us = at_us, .id = o->next_id++, .kind = choose_kind(r) };
	f->v6 = f->kind != ARP && chance(r, 150);
	f->client = (uint8_t)skewed(r, CLIENTS);
	f->server = f->kind == DNS ? 2 : f->kind == NTP ? 20 : (uint8_t)skewed(r, SERVERS);
	f->cport = (uint16_t)between(r, 49152, 65535);
	f->rtt_us = heavy(r, 9000);
	f->seq[0] = (uint32_t)draw(r);
	f->seq[1] = (uint32_t)draw(r);
	f->rounds = f->kind == DNS ? skewed(r, SERVERS) : between(r, 1, 6);
}

static struct flow *earliest(struct office *o)
{
	struct flow *best = &o->flows[0];

	for (unsigned i = 1; i < FLOWS; i++)
		if (o->flows[i].at_us < best->at_us)
			best = &o->flows[i];
	return best;
}

struct wish {
	const struct format *format;
	uint64_t frames, bytes, seed;
	const char *path;
};

static void generate(const struct wish *w, struct out *out)
{
	static struct office office;
	struct office *o = &office;
	uint64_t frames = 0;

	o->rng.state = w->seed;
	for (unsigned i = 0; i < FLOWS; i++)
		start_flow(o, &o->flows[i], between(&o->rng, 0, 3000000));
	w->format->begin(out);
	while (frames < w->frames && !out->error) {
		struct flow *f = earliest(o);
		uint64_t us = f->at_us;
		bool done = false;
		uint32_t n = nexts[f->kind](o, f, &done);

		if (out->at + n + w->format->per_frame > w->bytes)
			break;
		w->format->frame(out, us, o->frame, n);
		frames++;
		if (done)
			start_flow(o, f, us + heavy(&o->rng, 400000));
	}
	if (w->format->end && !out->error)
		w->format->end(out);
	flush(out);
}

static int usage(void)
{
	fprintf(stderr,
	    "usage: mkcapture [--format FORMAT] [--frames N | --bytes N] [--seed N] OUT\n"
	    "formats:");
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		fprintf(stderr, " %s", formats[i].name);
	fprintf(stderr, "\n");
	return 1;
}

static const struct format *find_format(const char *name)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (strcmp(name, formats[i].name) == 0)
			return &formats[i];
	return NULL;
}

static bool parse_number(const char *s, uint64_t *ret)
{
	char *end;

	errno = 0;
	*ret = strtoull(s, &end, 10);
	return *s >= '0' && *s <= '9' && *end == '\0' && errno == 0;
}

/* False: the command line is wrong. */
static bool parse_args(int argc, char **argv, struct wish *w)
{
	static const struct option options[] = {
		{ "format", required_argument, NULL, 'f' },
		{ "frames", required_argument, NULL, 'n' },
		{ "bytes", required_argument, NULL, 'b' },
		{ "seed", required_argument, NULL, 's' },
		{ 0 },
	};
	bool ok = true, sized = false;
	int c;

	while (ok && (c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'f': ok = (w->format = find_format(optarg)) != NULL; break;
		case 'n': ok = parse_number(optarg, &w->frames); break;
		case 'b':
			ok = parse_number(optarg, &w->bytes);
			sized = true;
			break;
		case 's': ok = parse_number(optarg, &w->seed); break;
		default: ok = false; break;
		}
	}
	if (w->frames == 0)
		w->frames = sized ? UINT64_MAX : 100000;
	if (!ok || optind + 1 != argc)
		return false;
	w->path = argv[optind];
	return true;
}

int main(int argc, char **argv)
{
	struct wish w = { .format = &formats[0], .bytes = UINT64_MAX, .seed = 1 };
	struct out out = { 0 };

	if (!parse_args(argc, argv, &w))
		return usage();
	out.buf = malloc(OUT_BYTES);
	out.fd = open(w.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (!out.buf || out.fd < 0) {
		fprintf(stderr, "mkcapture: %s: %s\n", w.path, strerror(errno));
		free(out.buf);
		return 1;
	}
	generate(&w, &out);
	if (close(out.fd) < 0 && !out.error)
		out.error = errno;
	if (out.error)
		fprintf(stderr, "mkcapture: %s: %s\n", w.path, strerror(out.error));
	free(out.table);
	free(out.buf);
	return out.error ? 1 : 0;
}
