/* SPDX-License-Identifier: MIT */
/* over.h -- an expert that is linked into the test, over a shared capture.
 *
 * Shared files are in ../shared (beside the source tree) or in $NMAPI_SHARED. */
#ifndef ORACLE_OVER_H
#define ORACLE_OVER_H

#include <netmon.h>

#include <stddef.h>
#include <stdint.h>

#define FILES_MAX     512
#define FILE_NAME_MAX 256

const char *shared_dir(void);

/* Names of the files in a folder of it that end with `ending`, sorted, without it. */
size_t list_shared(const char *folder, const char *ending, char files[FILES_MAX][FILE_NAME_MAX]);

/* The expert's Run over the capture at path; fails the test when it does not succeed. */
void run_over(const char *path, EXPERTCONFIG *config,
    uint32_t (*on_event)(void *ctx, const NMEVENTDATA *ev), void *ctx);

#endif
