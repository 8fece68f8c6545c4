/* SPDX-License-Identifier: MIT */
/* netmon: analyse captures with experts. */
#include "cli/cli.h"

int main(int argc, char **argv)
{
	return cli_main(argc, argv);
}
