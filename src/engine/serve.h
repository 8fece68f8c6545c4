/* SPDX-License-Identifier: MIT */
/* engine/serve.h -- the engine at work: what it does on every system, and what a system does
 * for it.
 *
 * Owns:     the open capture.
 * Uses:     engine.h.
 * Threads:  one.
 * Trust:    see engine.h.
 *
 * Functions that return bool: false ends the conversation, since the supervisor does not listen or
 * said what is no packet.
 */
#ifndef NM_ENGINE_SERVE_H
#define NM_ENGINE_SERVE_H

#include "engine/engine.h"

struct nm_workers; /* the system's */

struct nm_engine {
	const struct nm_engine_config *cfg; /* borrowed */
	struct nm_capture *capture;         /* owned; NULL: none could be opened */
	bool indexed;                       /* and the supervisor knows */
	bool sealed;                        /* parsers are registered */
	uint64_t facts_ms;                  /* when it was last told how far the index is */
	struct nm_workers *workers;         /* borrowed; NULL where it starts none */
};

/* ---- engine.c: the capture ---- */

bool nm_engine_send(const struct nm_engine *e, const struct nm_enc *o);

/* Open cfg->capture_fd and tell it; that it can't be read is no end. */
bool nm_engine_open(struct nm_engine *e);

/* What the supervisor shows of the capture, as OPENED or INDEXED; with a code, of why there is none. */
bool nm_engine_tell_capture(
    struct nm_engine *e, enum nm_ctl type, uint32_t code, const struct nm_diag *diag);

/* A bit more of the index, without waiting; and word of it, now and then. */
bool nm_engine_index_some(struct nm_engine *e);
bool nm_engine_index_all(struct nm_engine *e); /* waits for a stream's end */

/* ---- packets.c ---- */

/* Take up the next packet, if one is there. */
bool nm_engine_take_packet(struct nm_engine *e);

/* ---- parsers.c ---- */

bool nm_engine_take_parser(struct nm_engine *e, const struct nm_ctl_parser *m, int fd);
bool nm_engine_take_settings(struct nm_engine *e, const struct nm_ctl_parser *m, int fd);
bool nm_engine_take_filter(struct nm_engine *e, const char *text);

/* Register of all parsers, once. */
bool nm_engine_seal(struct nm_engine *e);
bool nm_engine_take_seal(struct nm_engine *e); /* and an answer */

/* ---- whole.c ---- */

/* Write the capture to fd, only the frames that picks_fd (-1: all) lists; t->picks is set here. */
bool nm_engine_convert(struct nm_engine *e, int fd, int picks_fd, struct nm_target_format *t);
bool nm_engine_inspect(struct nm_engine *e); /* tell all notes */

/* ---- a system's own ---- */

/* Start a worker; what can't be started is told as ended. */
bool nm_engine_start(
    struct nm_engine *e, const struct nm_ctl_start *start, const int fds[NM_START_FDS]);
void nm_engine_kill(struct nm_engine *e, uint32_t index);

/* Sleep until it makes sense to index on. */
void nm_engine_await_input(const struct nm_engine *e);

/* Did the parser load where it can do no harm? False and a sentence: it is not to be loaded. */
bool nm_parser_survives(
    const struct nm_engine_config *cfg, const char *path, int fd, struct nm_diag *ret_diag);

#endif
