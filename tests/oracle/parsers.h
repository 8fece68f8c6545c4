/* SPDX-License-Identifier: MIT */
/* parsers.h -- the shipped parsers, in the test's own process. */
#ifndef ORACLE_PARSERS_H
#define ORACLE_PARSERS_H

/* A set-up of a group of tests: not 0 when one does not load. */
int load_parsers(void **state);

#endif
