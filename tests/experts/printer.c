/* SPDX-License-Identifier: MIT */
/* Prints what no terminal should be shown. */
#include "testexpert.h"

#include <unistd.h>

TEST_REGISTER("printer", 0)

TEST_RUN
{
	static const char raw[] = "\033]0;a title\007\033[2J\033[31mred\n\x9b"
				  "31m\r\b\0\xff\xfe\n";

	TEST_UNUSED_ARGUMENTS;
	(void)printf("a line on standard output\n");
	(void)fprintf(stderr, "a line on standard error\n");
	for (int fd = 1; fd <= 2; fd++)
		(void)!write(fd, raw, sizeof raw);
	(void)printf("no newline at the end");
	return test_submit(key, "printed", NULL, 0, 0) == NMERR_SUCCESS;
}
