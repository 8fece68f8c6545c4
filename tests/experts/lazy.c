/* SPDX-License-Identifier: MIT */
/* Begins to read the tables of protocols in the middle of its walk, by memcpy as well,
 * and adds up what stands in them from there on. */
#include "testexpert.h"

TEST_REGISTER("lazy", 0)

TEST_RUN
{
	EXPERTFRAMEDESCRIPTOR f = { .FrameNumber = INVALID_FRAME_NUMBER };
	DWORD total = GetCaptureTotalFrames(startup->hCapture), sum = 0;

	TEST_UNUSED_ARGUMENTS;
	while (test_next(key, &f) == NMERR_SUCCESS) {
		RECOGNIZEDATA one;

		if (f.FrameNumber < total / 2)
			continue;
		memcpy(&one, &f.lpRecognizeDataTable->RecognizeData[1], sizeof one);
		sum = sum * 31 + f.lpRecognizeDataTable->nRecognizeDatas;
		sum = sum * 31 + one.ProtocolID + one.nProtocolOffset;
	}
	return test_submit(key, "sum", "Sum", NMCOLUMNTYPE_UINT32, sum) == NMERR_SUCCESS;
}
