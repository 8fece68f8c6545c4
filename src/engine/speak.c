/* SPDX-License-Identifier: MIT */
/* Messages into the pipe that the supervisor reads. */
#include "engine/speak.h"

#include "system/files.h"
#include "system/memory.h"

#define ROOM (NM_WIRE_HEADER + (size_t)NM_WIRE_MAX)

bool nm_speaker_init(struct nm_speaker *s, int fd)
{
	*s = (struct nm_speaker){ .fd = fd, .buf = nm_pages_new(ROOM) };
	return s->buf != NULL;
}

void nm_speaker_done(struct nm_speaker *s)
{
	if (s->buf)
		nm_prim_release(s->buf, ROOM);
	s->buf = NULL;
}

struct nm_enc nm_speaker_begin(struct nm_speaker *s, enum nm_msg type)
{
	struct nm_enc o = { .p = s->buf, .cap = ROOM };

	nm_msg_begin(&o, type);
	return o;
}

bool nm_speaker_send(struct nm_speaker *s, struct nm_enc *o)
{
	if (s->broken || !nm_msg_finish(o))
		return false;
	s->broken = nm_prim_write(s->fd, o->p, o->n) != 0;
	return !s->broken;
}

void nm_speaker_fail(
    struct nm_speaker *s, enum nm_verdict verdict, enum nm_phase phase, const char *why)
{
	struct nm_enc o = nm_speaker_begin(s, NM_MSG_FAIL);
	struct nm_msg_fail m = { .verdict = verdict, .phase = phase, .reason = why };

	nm_enc_fail(&o, &m);
	(void)nm_speaker_send(s, &o);
}
