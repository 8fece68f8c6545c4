/* SPDX-License-Identifier: MIT */
/* One hostile expert's choice, with -DMISDEED=name -DPHASE=NAME. */
#include "hostile.h"

extern misdeed JOIN(do_, MISDEED);

misdeed *const chosen = JOIN(do_, MISDEED);
const enum phase chosen_phase = PHASE;
