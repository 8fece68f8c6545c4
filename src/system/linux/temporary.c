/* SPDX-License-Identifier: MIT */
/* Files that nobody else can name. */
#include "system/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *folder(void)
{
	const char *dir = secure_getenv("TMPDIR");

	return dir && *dir ? dir : "/tmp";
}

int nm_temporary_named(char *name, size_t size)
{
	int n = snprintf(name, size, "%s/nmapi-XXXXXX", folder());

	if (n < 0 || (size_t)n >= size) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return mkostemp(name, O_CLOEXEC);
}

int nm_temporary_file(void)
{
	char name[4096];
	int fd = open(folder(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	/* Not every file system makes files without a name. */
	fd = nm_temporary_named(name, sizeof name);
	if (fd >= 0)
		(void)unlink(name);
	return fd;
}

void nm_temporary_refusal(int err, char *text, size_t size)
{
	(void)snprintf(text, size,
	    "no temporary file can be made in %s: %s; TMPDIR names another folder", folder(),
	    strerror(err));
}
