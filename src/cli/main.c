/* SPDX-License-Identifier: MIT */
/* netmon: analyse captures with experts. */
#include "cli/cli.h"

#include "base/fds.h"

int main(int argc, char **argv)
{
	nm_fill_descriptors();
	return cli_main(argc, argv);
}
