/* SPDX-License-Identifier: MIT */
/* Memory tied to the capture, inside a parser's entry points. */
#include "parse/parse.h"

LPVOID WINAPI CCHeapAlloc(DWORD dwBytes, WINBOOL bZeroInit)
{
	(void)bZeroInit; /* it is zeroed always */
	return nm_context_alloc(dwBytes);
}

LPVOID WINAPI CCHeapReAlloc(LPVOID lpMem, DWORD dwBytes, WINBOOL bZeroInit)
{
	(void)bZeroInit;
	return nm_context_realloc(lpMem, dwBytes);
}

WINBOOL WINAPI CCHeapFree(LPVOID lpMem)
{
	return nm_context_free(lpMem);
}

SIZE_T WINAPI CCHeapSize(LPVOID lpMem)
{
	return nm_context_size(lpMem);
}

LPVOID WINAPI GetCCInstPtr(VOID)
{
	return nm_context_pointer();
}

VOID WINAPI SetCCInstPtr(LPVOID lpCurCaptureInst)
{
	nm_context_set_pointer(lpCurCaptureInst);
}
