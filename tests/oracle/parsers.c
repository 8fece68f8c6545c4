/* SPDX-License-Identifier: MIT */
/* Every family of parsers that is built: PARSERS is a list of their paths. */
#include "parsers.h"
#include "expert/door.h"

int load_parsers(void **state)
{
	static const char *const families[] = { PARSERS };
	struct nm_diag diag;

	(void)state;
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (!nm_door(NM_DOOR_VERSION)->parsers_load(families[i], -1, &diag))
			return -1;
	nm_door(NM_DOOR_VERSION)->parsers_seal();
	return 0;
}
