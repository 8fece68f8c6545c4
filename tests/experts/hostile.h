/* SPDX-License-Identifier: MIT */
/* hostile.h -- which of the misdeeds of hostile.c an expert does, and when: hostile_choice.c,
 * the one part of a hostile expert that is compiled for each. */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <netmon.h>

enum phase { LOAD, REGISTER_CALL, CONFIGURE_CALL, FIRST, MIDDLE, LAST, AFTER, UNLOAD };

/* The key is NULL outside Run and Configure. */
typedef void misdeed(HEXPERTKEY key);

#define JOIN_(a, b) a##b
#define JOIN(a, b)  JOIN_(a, b)

extern misdeed *const chosen;
extern const enum phase chosen_phase;

#endif
