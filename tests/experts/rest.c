/* SPDX-License-Identifier: MIT */
/* Frees a hundred blocks, allocates a hundred, and submits an event for each that
 * comes from a place where one was freed. */
#include "testexpert.h"

#define BLOCKS 100

TEST_REGISTER("rest", 0)

static bool is_among(void *const *set, const void *p)
{
	for (int i = 0; i < BLOCKS; i++)
		if (set[i] == p)
			return true;
	return false;
}

TEST_RUN
{
	void *freed[BLOCKS];

	TEST_UNUSED_ARGUMENTS;
	for (int i = 0; i < BLOCKS; i++)
		freed[i] = ExpertAllocMemory(key, 64, NULL);
	for (int i = 0; i < BLOCKS; i++)
		(void)ExpertFreeMemory(key, freed[i]);
	for (int i = 0; i < BLOCKS; i++)
		if (is_among(freed, ExpertAllocMemory(key, 64, NULL)))
			(void)test_submit(key, "used again", NULL, NMCOLUMNTYPE_UINT32, 0);
	return TRUE;
}
