/* SPDX-License-Identifier: MIT */
/* Fetches frames in a random order, and returns FALSE unless each is what it was
 * on the walk forward. */
#include "testexpert.h"

#define LOOKS 20000

TEST_REGISTER("specified", 0)

static bool looks_agree(HEXPERTKEY key, const uint64_t *hash, DWORD frames)
{
	EXPERTFRAMEDESCRIPTOR f;
	uint64_t r = 1;

	for (unsigned i = 0; i < LOOKS; i++) {
		DWORD n;

		r = r * UINT64_C(6364136223846793005) + 1442695040888963407;
		n = (DWORD)((r >> 33) % frames);
		if (ExpertGetFrame(key, GET_SPECIFIED_FRAME, 0, n, NULL, &f) != NMERR_SUCCESS)
			return false;
		if (f.FrameNumber != n || GetFrameNumber(f.hFrame) != n ||
		    test_frame_hash(&f) != hash[n])
			return false;
	}
	return ExpertGetFrame(key, GET_SPECIFIED_FRAME, 0, frames, NULL, &f) ==
	       NMERR_FRAME_NOT_FOUND;
}

TEST_RUN
{
	EXPERTFRAMEDESCRIPTOR f = { .FrameNumber = INVALID_FRAME_NUMBER };
	DWORD frames = GetCaptureTotalFrames(startup->hCapture);
	uint64_t *hash = ExpertAllocMemory(key, frames * sizeof *hash, NULL);
	bool agree;

	TEST_UNUSED_ARGUMENTS;
	if (!hash || frames == 0)
		return FALSE;
	while (test_next(key, &f) == NMERR_SUCCESS && f.FrameNumber < frames)
		hash[f.FrameNumber] = test_frame_hash(&f);
	agree = f.FrameNumber == frames - 1 && looks_agree(key, hash, frames);
	(void)ExpertFreeMemory(key, hash);
	return agree;
}
