/* SPDX-License-Identifier: MIT */
/* netmon: analyse captures with experts. */
#include "cli/cli.h"

#include "system/terminal.h"

int main(int argc, char **argv)
{
	nm_standard_begin();
	return cli_main(argc, argv);
}
