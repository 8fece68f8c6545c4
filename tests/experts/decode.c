/* SPDX-License-Identifier: MIT */
/* Shows what parsers found: an event for each property of the first frames, and one that
 * counts protocols over all. */
#include "testexpert.h"

#define SHOWN     20u /* frames */
#define EACH_MOST 64u /* properties of each protocol in them */

static void show_one(
    HEXPERTKEY key, const EXPERTFRAMEDESCRIPTOR *f, unsigned protocol, PROPERTYINST *p)
{
	const PROTOCOLTABLE *all = GetEnabledProtocols(GetFrameCaptureHandle(f->hFrame));
	WORD id = f->lpRecognizeDataTable->RecognizeData[protocol].ProtocolID;
	const PROTOCOLINFO *info = GetProtocolInfo(all->hProtocol[id - 1]);
	char text[150], line[256];

	if (!GetPropertyText(f->hFrame, p, text, sizeof text))
		strcpy(text, "(no text)");
	(void)snprintf(line, sizeof line, "%u %*s%s: %s%s", (unsigned)f->FrameNumber + 1,
	    2 * (int)p->Level, "", (const char *)info->ProtocolName, text,
	    p->IFlags & IFLAG_ERROR ? " [error]" : "");
	(void)test_submit(key, line, NULL, 0, 0);
}

static void show(HEXPERTKEY key, const EXPERTFRAMEDESCRIPTOR *f)
{
	const PROPERTYTABLE *t = f->lpPropertyTable;

	for (unsigned k = 0; k < t->nPropertyInstTables; k++)
		for (unsigned i = 0; i < t->PropertyInstTable[k].nPropertyInsts && i < EACH_MOST;
		     i++)
			show_one(key, f, k,
			    &t->lpFirstPropertyInst[t->PropertyInstTable[k].nPropertyInstIndex +
						    i]);
}

TEST_REGISTER("decode", 0)

TEST_RUN
{
	EXPERTFRAMEDESCRIPTOR f = { .FrameNumber = INVALID_FRAME_NUMBER };
	DWORD protocols = 0, properties = 0, frames = 0;
	char line[128];

	TEST_UNUSED_ARGUMENTS;
	while (ExpertGetFrame(key, GET_FRAME_NEXT_FORWARD, FLAGS_ATTACH_PROPERTIES, f.FrameNumber,
		   NULL, &f) == NMERR_SUCCESS) {
		protocols += f.lpRecognizeDataTable->nRecognizeDatas;
		properties += f.lpPropertyTable->nTotalPropertyInsts;
		if (frames++ < SHOWN)
			show(key, &f);
	}
	(void)snprintf(line, sizeof line, "%u frames, %u protocols, %u properties",
	    (unsigned)frames, (unsigned)protocols, (unsigned)properties);
	return test_submit(key, line, NULL, 0, 0) == NMERR_SUCCESS;
}
