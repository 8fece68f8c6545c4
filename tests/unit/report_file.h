/* SPDX-License-Identifier: MIT */
/* A file that a group of report tests writes to: made before them, removed behind them. */
#ifndef REPORT_FILE_H
#define REPORT_FILE_H

#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/nmapi-report-XXXXXX";

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

#endif
