/* SPDX-License-Identifier: MIT */
/* Windows writes no core dumps beside a program: its own error reporting keeps dumps where the
 * system is told to. */
#include "host/host_int.h"

enum nm_core_way nm_core_way_of(const char *pattern)
{
	(void)pattern;
	return NM_CORE_ELSEWHERE;
}

void nm_cores_init(struct nm_cores *k)
{
	*k = (struct nm_cores){ .fd = -1 };
}

void nm_cores_open(struct nm_cores *k, const struct nm_run_options *o, unsigned n)
{
	(void)k;
	if (o->keep_core && n > 0)
		nm_host_say(o, "--core: Windows keeps dumps where its error reporting is told to, "
			       "not here");
}

void nm_cores_close(
    struct nm_cores *k, const struct nm_run_options *o, const struct nm_job *jobs, unsigned n)
{
	(void)k;
	(void)o;
	(void)jobs;
	(void)n;
}
