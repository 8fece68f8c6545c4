/* SPDX-License-Identifier: MIT */
/* Four threads use one key at a time. FALSE when any of them is refused anything. */
#include "testexpert.h"

#include <pthread.h>

#define THREADS 4
#define ROUNDS  2000

TEST_REGISTER("threads", 0)

static bool one_round(HEXPERTKEY key, unsigned i)
{
	EXPERTFRAMEDESCRIPTOR f = { .FrameNumber = INVALID_FRAME_NUMBER };
	DWORD err = NMERR_SUCCESS;
	BYTE *p = ExpertAllocMemory(key, i % 500, &err);

	if (!p || err)
		return false;
	memset(p, 0xa5, i % 500);
	p = ExpertReallocMemory(key, p, i % 700, &err);
	if (!p || err || ExpertMemorySize(key, p) != i % 700)
		return false;
	if (ExpertGetFrame(key, GET_SPECIFIED_FRAME, 0, i % 10, NULL, &f) ||
	    f.FrameNumber != i % 10)
		return false;
	return GetFrameNumber(f.hFrame) == i % 10 && ExpertFreeMemory(key, p) == NMERR_SUCCESS;
}

static void *thread(void *arg)
{
	HEXPERTKEY key = arg;

	for (unsigned i = 0; i < ROUNDS; i++)
		if (!one_round(key, i))
			return NULL;
	return test_submit(key, "a thread is done", NULL, 0, 0) ? NULL : arg;
}

TEST_RUN
{
	pthread_t id[THREADS];
	unsigned started = 0, done = 0;
	void *result;

	TEST_UNUSED_ARGUMENTS;
	while (started < THREADS && pthread_create(&id[started], NULL, thread, key) == 0)
		started++;
	for (unsigned i = 0; i < started; i++)
		done += pthread_join(id[i], &result) == 0 && result != NULL;
	return done == THREADS;
}
