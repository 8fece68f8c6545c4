/* SPDX-License-Identifier: MIT */
/* Lacks Run. */
#include "testexpert.h"

TEST_REGISTER("norun", 0)
