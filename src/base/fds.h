/* SPDX-License-Identifier: MIT */
/* base/fds.h -- descriptors 0 to 2 are never somebody else's file. */
#ifndef NM_BASE_FDS_H
#define NM_BASE_FDS_H

#include <fcntl.h>

/* Put something at descriptors 0 to 2 where the caller left one closed: else the
 * next file opened would take the number, and what is printed would go into it.
 * Using what was closed goes on to fail. Before anything else is opened. */
static inline void nm_fill_descriptors(void)
{
	/* Of the wrong direction, so that reading or writing is an error still. */
	static const int direction[] = { O_WRONLY, O_RDONLY, O_RDONLY };

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", direction[fd]) != fd)
			return; /* no /dev/null: nothing better can be done */
}

#endif
