/* SPDX-License-Identifier: MIT */
/* Standard streams and terminals, on Linux. */
#include "system/terminal.h"

#include "base/fds.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

void nm_standard_begin(void)
{
	nm_fill_descriptors();
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
}

int nm_standard_error(int err)
{
	return err;
}

bool nm_is_terminal(int fd)
{
	return isatty(fd);
}

bool nm_terminal_size(int fd, unsigned *ret_columns, unsigned *ret_rows)
{
	struct winsize w;

	if (ioctl(fd, TIOCGWINSZ, &w) < 0)
		return false;
	*ret_columns = w.ws_col;
	*ret_rows = w.ws_row;
	return true;
}

int nm_columns(uint32_t cp)
{
	return wcwidth((wchar_t)cp);
}
