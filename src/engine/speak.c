/* SPDX-License-Identifier: MIT */
/* Messages into the pipe that the supervisor reads. */
#include "engine/speak.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROOM (NM_WIRE_HEADER + (size_t)NM_WIRE_MAX)

bool nm_speaker_init(struct nm_speaker *s, int fd)
{
	void *p = mmap(
	    NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	*s = (struct nm_speaker){ .fd = fd, .buf = p == MAP_FAILED ? NULL : p };
	return s->buf != NULL;
}

void nm_speaker_done(struct nm_speaker *s)
{
	if (s->buf)
		(void)munmap(s->buf, ROOM);
	s->buf = NULL;
}

static bool write_all(int fd, const uint8_t *p, size_t n)
{
	while (n > 0) {
		ssize_t r = write(fd, p, n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return false;
		p += r;
		n -= (size_t)r;
	}
	return true;
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
	s->broken = !write_all(s->fd, o->p, o->n);
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
