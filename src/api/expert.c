/* SPDX-License-Identifier: MIT */
/* The Expert* functions. */
#include "expert/run.h"
#include "netmon.h"

LPVOID WINAPI ExpertAllocMemory(HEXPERTKEY hExpertKey, SIZE_T nBytes, DWORD *pError)
{
	return nm_run_alloc(hExpertKey, nBytes, (uint32_t *)pError);
}

LPVOID WINAPI ExpertReallocMemory(
    HEXPERTKEY hExpertKey, LPVOID pOriginalMemory, SIZE_T nBytes, DWORD *pError)
{
	return nm_run_realloc(hExpertKey, pOriginalMemory, nBytes, (uint32_t *)pError);
}

SIZE_T WINAPI ExpertFreeMemory(HEXPERTKEY hExpertKey, LPVOID pMemory)
{
	return nm_run_free(hExpertKey, pMemory);
}

SIZE_T WINAPI ExpertMemorySize(HEXPERTKEY hExpertKey, LPVOID pOriginalMemory)
{
	return nm_run_size(hExpertKey, pOriginalMemory);
}

DWORD WINAPI ExpertGetFrame(HEXPERTKEY hExpertKey, DWORD Direction, DWORD RequestFlags,
    DWORD RequestedFrameNumber, HFILTER hFilter, LPEXPERTFRAMEDESCRIPTOR pEFrameDescriptor)
{
	return nm_run_get_frame(
	    hExpertKey, Direction, RequestFlags, RequestedFrameNumber, hFilter, pEFrameDescriptor);
}

DWORD WINAPI ExpertGetStartupInfo(HEXPERTKEY hExpertKey, PEXPERTSTARTUPINFO pExpertStartupInfo)
{
	return nm_run_startup(hExpertKey, pExpertStartupInfo);
}

DWORD WINAPI ExpertIndicateStatus(HEXPERTKEY hExpertKey, EXPERTSTATUSENUMERATION Status,
    DWORD SubStatus, const char *szText, LONG PercentDone)
{
	return nm_run_indicate(hExpertKey, (uint32_t)Status, SubStatus, szText, PercentDone);
}

DWORD WINAPI ExpertSubmitEvent(HEXPERTKEY hExpertKey, PNMEVENTDATA pExpertEvent)
{
	return nm_run_submit(hExpertKey, pExpertEvent);
}
