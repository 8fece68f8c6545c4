/* SPDX-License-Identifier: MIT */
/* What parsing costs an expert: walks every frame that passes the user's filter, and asks of
 * each nothing, or the protocols, or every property, or the text of every property
 * (-DASK=FILTERED, PROTOCOLS, PROPERTIES, TEXTS). */
#include <netmon.h>

enum { FILTERED, PROTOCOLS, PROPERTIES, TEXTS };

NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO info)
{
	strcpy(info->szName, "Parse");
	return TRUE;
}

static double texts(const EXPERTFRAMEDESCRIPTOR *d)
{
	const PROPERTYTABLE *t = d->lpPropertyTable;
	double bytes = 0;
	char buf[512];

	for (DWORD i = 0; i < t->nTotalPropertyInsts; i++)
		if (GetPropertyText(d->hFrame, &t->lpFirstPropertyInst[i], buf, sizeof buf))
			bytes += (double)strlen(buf);
	return bytes;
}

NMAPI_EXPORT BOOL WINAPI Run(
    HEXPERTKEY key, PEXPERTCONFIG config, PEXPERTSTARTUPINFO startup, DWORD flags, HWND parent)
{
	struct {
		NMEVENTDATA head;
		NMCOLUMNINFO column[2];
	} event;
	DWORD ask = FLAGS_DEFER_TO_UI_FILTER | (ASK >= PROPERTIES ? FLAGS_ATTACH_PROPERTIES : 0);
	EXPERTFRAMEDESCRIPTOR d;
	DWORD n = INVALID_FRAME_NUMBER, protocols = 0;
	double found = 0;

	(void)config;
	(void)startup;
	(void)flags;
	(void)parent;
	while (ExpertGetFrame(key, GET_FRAME_NEXT_FORWARD, ask, n, NULL, &d) == NMERR_SUCCESS) {
		n = d.FrameNumber;
		if (ASK == FILTERED)
			found++;
		else
			protocols += d.lpRecognizeDataTable->nRecognizeDatas;
		if (ASK == PROPERTIES)
			found += d.lpPropertyTable->nTotalPropertyInsts;
		else if (ASK == TEXTS)
			found += texts(&d);
	}
	memset(&event, 0, sizeof event);
	event.head.EventIdent = 1;
	event.head.NumColumns = 2;
	event.column[0].szColumnName = (char[]){ "Protocols" };
	event.column[0].VariantData.Type = NMCOLUMNTYPE_UINT32;
	event.column[0].VariantData.Value.Uint32Val = protocols;
	event.column[1].szColumnName = (char[]){ "Found" };
	event.column[1].VariantData.Type = NMCOLUMNTYPE_FLOAT64;
	event.column[1].VariantData.Value.Float64Val = found;
	return ExpertSubmitEvent(key, &event.head) == NMERR_SUCCESS;
}
