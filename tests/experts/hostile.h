/* SPDX-License-Identifier: MIT */
/* hostile.h -- which of the misdeeds of hostile.c an expert does, and when: hostile_choice.c,
 * the one part of a hostile expert that is compiled for each. */
#ifndef HOSTILE_H
#define HOSTILE_H

enum phase { LOAD, REGISTER_CALL, CONFIGURE_CALL, FIRST, MIDDLE, LAST, AFTER, UNLOAD };

/* The key, a HEXPERTKEY, is NULL outside Run and Configure. <netmon.h> is not read here: the
 * choices are 200, and with the headers of Windows each would take a second. */
typedef void misdeed(void *key);

#define JOIN_(a, b) a##b
#define JOIN(a, b)  JOIN_(a, b)

extern misdeed *const chosen;
extern const enum phase chosen_phase;

#endif
