/* SPDX-License-Identifier: MIT */
/* engine/speak.h -- a worker's messages, one at a time.
 *
 * Owns:     room for one message; mapped once, touched as far as it is used.
 * Uses:     wire/.
 * Threads:  one at a time.
 * Trust:    the supervisor may have gone: then nothing more is written.
 */
#ifndef NM_ENGINE_SPEAK_H
#define NM_ENGINE_SPEAK_H

#include "wire/wire.h"

struct nm_speaker {
	int fd; /* borrowed; a pipe */
	uint8_t *buf;
	bool broken; /* the supervisor no longer reads */
};

bool nm_speaker_init(struct nm_speaker *s, int fd); /* false: no memory */
void nm_speaker_done(struct nm_speaker *s);

/* A message to be encoded into the speaker's room, and sent. False: it did not fit, or
 * nobody reads. */
struct nm_enc nm_speaker_begin(struct nm_speaker *s, enum nm_msg type);
bool nm_speaker_send(struct nm_speaker *s, struct nm_enc *o);

void nm_speaker_fail(
    struct nm_speaker *s, enum nm_verdict verdict, enum nm_phase phase, const char *why);

#endif
