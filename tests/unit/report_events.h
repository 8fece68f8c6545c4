/* SPDX-License-Identifier: MIT */
/* A run that never was: what the report tests feed to a sink.
 *
 * It holds every column type at its edges, NULL and hostile strings, every way
 * of hiding a fixed column, every severity and every verdict. */
#ifndef REPORT_EVENTS_H
#define REPORT_EVENTS_H

#include "nmhost.h"

/* Play the whole run into s; the first non-zero answer of a callback ends it
 * and is returned. */
int play_run(const struct nm_sink *s);

/* One capture and one expert "flood" that submits n events, with a warning in
 * every tenth. */
int play_flood(const struct nm_sink *s, unsigned n);

/* A capture of `frames` frames, and an expert that saw all of them. */
struct nm_capture_report a_capture(const char *path, uint32_t frames);
struct nm_expert_info an_expert(const char *file, const char *name);
struct nm_expert_end an_end(uint32_t frames, uint64_t events);

#endif
