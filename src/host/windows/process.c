/* SPDX-License-Identifier: MIT */
/* Starting and ending the engine on Windows. */
#include "host/host_int.h"

bool nm_link_can_be_here(void)
{
	return false;
}

/* The words of nmapi-engine's command line: see engine/windows/engine.c. */
int nm_link_open(struct nm_link *l, const struct nm_grant *g)
{
	const int hand[] = { g->capture_fd, g->full_fd, g->read_fd };
	struct nm_jail_start s = { .program = nm_engine_path(),
		.words = g->keep ? "%0 %1 %2 1" : "%0 %1 %2 0",
		.hand = hand,
		.n_hand = 3,
		.err = 2,
		.parent = true, /* it has a parser tried */
		.loose = g->opt->sandbox == NM_SANDBOX_OFF };
	struct nm_sandbox_report box;
	struct nm_channel theirs;
	char folder[MAX_PATH + 1];
	int err;

	*l = (struct nm_link){ .channel = { .in = -1, .out = -1 } };
	err = nm_channel_new(&l->channel, &theirs);
	if (err)
		return err;
	s.folder = GetTempPathA(sizeof folder, folder) ? folder : "\\";
	s.in = theirs.in;
	s.out = theirs.out;
	err = nm_jail_start(&l->jail, &s, &box);
	nm_channel_close(&theirs);
	if (err)
		nm_channel_close(&l->channel);
	l->channel.peer = l->jail.process;
	return err;
}

bool nm_link_kill_host(const struct nm_link *l)
{
	(void)l;
	return false;
}

int nm_link_close(struct nm_link *l)
{
	struct nm_jail_end end = { 0 };
	bool ended = nm_jail_ended(&l->jail, &end);

	nm_channel_close(&l->channel);
	nm_jail_close(&l->jail);
	*l = (struct nm_link){ .channel = { .in = -1, .out = -1 } };
	return ended ? nm_jail_wait_status(end.code) : 0;
}
