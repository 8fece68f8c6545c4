/* SPDX-License-Identifier: MIT */
/* Orders: packets in a file. */
#include "wire/order.h"

#include <string.h>

/* Room for the length, filled in by end_piece. */
static size_t begin_piece(struct nm_enc *e)
{
	nm_enc_u32(e, 0);
	return e->n;
}

static void end_piece(struct nm_enc *e, size_t begin)
{
	uint32_t n = (uint32_t)(e->n - begin);

	if (!e->full)
		for (unsigned i = 0; i < 4; i++)
			e->p[begin - 4 + i] = (uint8_t)(n >> (8 * i));
}

static void put_bytes(struct nm_enc *e, const void *p, size_t n)
{
	size_t at = begin_piece(e);

	nm_enc_bytes(e, p, n);
	end_piece(e, at);
}

static void put_settings(struct nm_enc *e, const char *name, const char *text)
{
	size_t at = begin_piece(e);

	nm_enc_parser(e, NM_CTL_SETTINGS, &(struct nm_ctl_parser){ .path = name });
	end_piece(e, at);
	put_bytes(e, text, strlen(text) + 1);
}

static void put_parser(struct nm_enc *e, const char *path)
{
	size_t at = begin_piece(e);

	nm_enc_parser(e, NM_CTL_PARSER, &(struct nm_ctl_parser){ .path = path });
	end_piece(e, at);
}

static void put_filter(struct nm_enc *e, const char *text)
{
	size_t at = begin_piece(e);

	nm_enc_filter(e, NM_CTL_FILTER, &(struct nm_ctl_filter){ .text = text });
	end_piece(e, at);
}

static void put_start(struct nm_enc *e, const struct nm_ctl_start *m)
{
	size_t at = begin_piece(e);

	nm_enc_start(e, m);
	end_piece(e, at);
}

void nm_enc_order(struct nm_enc *e, const struct nm_order *o)
{
	for (unsigned i = 0; i < o->n_settings; i++)
		put_settings(e, o->settings[i].name, o->settings[i].text);
	for (unsigned i = 0; i < o->n_parsers; i++)
		put_parser(e, o->parsers[i]);
	if (*o->filter)
		put_filter(e, o->filter);
	put_start(e, &o->start);
	put_bytes(e, o->config, o->start.config_bytes);
}

/* The next piece; false: there is no whole one. */
static bool next_piece(struct nm_cur *all, const uint8_t **ret, size_t *ret_n)
{
	*ret_n = nm_cur_le32(all);
	*ret = nm_cur_take(all, *ret_n);
	return *ret != NULL;
}

static bool take_settings(struct nm_cur *all, struct nm_cur *packet, struct nm_order *o)
{
	struct nm_ctl_parser m;
	const uint8_t *text;
	size_t n;

	if (o->n_settings == NM_ORDER_SETTINGS || !nm_cur_parser(packet, &m) ||
	    !next_piece(all, &text, &n) || n == 0 || memchr(text, '\0', n) != text + n - 1)
		return false;
	o->settings[o->n_settings].name = m.path;
	o->settings[o->n_settings++].text = (const char *)text;
	return true;
}

static bool take_parser(struct nm_cur *packet, struct nm_order *o)
{
	struct nm_ctl_parser m;

	if (o->n_parsers == NM_ORDER_PARSERS || !nm_cur_parser(packet, &m) || !*m.path)
		return false;
	o->parsers[o->n_parsers++] = m.path;
	return true;
}

static bool take_filter(struct nm_cur *packet, struct nm_order *o)
{
	struct nm_ctl_filter m;

	if (!nm_cur_filter(packet, &m) || !m.text)
		return false;
	o->filter = m.text;
	return true;
}

static bool take_start(struct nm_cur *all, struct nm_cur *packet, struct nm_order *o)
{
	const uint8_t *config;
	size_t n;

	if (!nm_cur_start(packet, &o->start) || !next_piece(all, &config, &n) ||
	    n != o->start.config_bytes)
		return false;
	o->config = config;
	return nm_cur_whole(all);
}

bool nm_order_read(const uint8_t *p, size_t n, struct nm_order *ret)
{
	struct nm_cur all = nm_cur_over(p, n);
	const uint8_t *piece;
	size_t bytes;

	*ret = (struct nm_order){ .filter = "" };
	while (next_piece(&all, &piece, &bytes)) {
		struct nm_cur packet = nm_cur_over(piece, bytes);

		switch (nm_cur_ctl(&packet)) {
		case NM_CTL_SETTINGS:
			if (!take_settings(&all, &packet, ret))
				return false;
			break;
		case NM_CTL_PARSER:
			if (!take_parser(&packet, ret))
				return false;
			break;
		case NM_CTL_FILTER:
			if (!take_filter(&packet, ret))
				return false;
			break;
		case NM_CTL_START: return take_start(&all, &packet, ret);
		default: return false;
		}
	}
	return false;
}
