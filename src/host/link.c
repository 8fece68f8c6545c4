/* SPDX-License-Identifier: MIT */
/* Talking to the engine. */
#include "host/host_int.h"

/* A packet with descriptors. */
static bool send_with(const struct nm_link *l, const struct nm_enc *o, const int *fds, unsigned n)
{
	return !o->full && nm_channel_send(&l->channel, o->p, o->n, fds, n);
}

bool nm_link_start(struct nm_link *l, const struct nm_ctl_start *m, const int fds[NM_START_FDS])
{
	uint8_t buf[NM_CTL_MAX];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };

	nm_enc_start(&o, m);
	return send_with(l, &o, fds, nm_start_fds(m->task));
}

bool nm_link_parser(struct nm_link *l, enum nm_ctl type, const struct nm_ctl_parser *m, int fd)
{
	uint8_t buf[NM_CTL_MAX];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };

	nm_enc_parser(&o, type, m);
	return send_with(l, &o, &fd, 1);
}

bool nm_link_convert(struct nm_link *l, const struct nm_target_format *t, int fd, int picks_fd)
{
	const int fds[] = { fd, picks_fd };
	uint8_t buf[20];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };

	nm_enc_convert(&o, t);
	return send_with(l, &o, fds, picks_fd >= 0 ? 2 : 1);
}

bool nm_link_filter(struct nm_link *l, const char *text)
{
	uint8_t buf[NM_CTL_MAX];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };

	nm_enc_filter(&o, NM_CTL_FILTER, &(struct nm_ctl_filter){ .text = text });
	return send_with(l, &o, NULL, 0);
}

bool nm_link_seal(struct nm_link *l)
{
	uint8_t buf[16];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };

	nm_enc_ctl_index(&o, NM_CTL_SEAL, 0);
	return send_with(l, &o, NULL, 0);
}

bool nm_link_inspect(struct nm_link *l)
{
	uint8_t buf[16];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };

	nm_enc_ctl_index(&o, NM_CTL_INSPECT, 0);
	return send_with(l, &o, NULL, 0);
}

bool nm_link_kill(struct nm_link *l, uint32_t index)
{
	uint8_t buf[16];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };

	if (nm_link_kill_host(l))
		return true;
	nm_enc_ctl_index(&o, NM_CTL_KILL, index);
	return nm_channel_post(&l->channel, o.p, o.n);
}

ssize_t nm_link_recv(struct nm_link *l, uint8_t buf[NM_CTL_MAX])
{
	unsigned n_fds;

	return nm_channel_recv(&l->channel, buf, NM_CTL_MAX, NULL, 0, &n_fds);
}
