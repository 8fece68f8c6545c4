/* SPDX-License-Identifier: MIT */
/* The Expert* functions over frames in memory. */
#include "fakehost.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADER 16 /* bytes of a FRAME before the frame's own */

/* Blocks carry their size and a mark in front of them. */
struct block {
	size_t n;
	size_t mark;
};
#define MARK ((size_t)0x6c6f636bu)

static struct fake_host *host; /* of the run that is on */

static HEXPERTKEY the_key(void)
{
	return (HEXPERTKEY)(void *)host;
}

/* Every Expert* call comes here first. */
static DWORD enter(HEXPERTKEY key)
{
	bool told;

	assert(host && key == the_key());
	told = host->terminate_at && host->calls >= host->terminate_at;
	host->calls++;
	if (told)
		host->after_terminate++;
	return host->terminate_at && host->calls >= host->terminate_at ? NMERR_EXPERT_TERMINATE
								       : NMERR_SUCCESS;
}

/* ---- memory --------------------------------------------------------------- */

static DWORD refused(HEXPERTKEY key)
{
	DWORD err = enter(key);
	unsigned n = ++host->allocs;

	if (!err && host->refuse_alloc &&
	    (n == host->refuse_alloc || (host->refuse_rest && n > host->refuse_alloc)))
		err = NMERR_OUT_OF_MEMORY;
	return err;
}

LPVOID WINAPI ExpertAllocMemory(HEXPERTKEY hExpertKey, SIZE_T nBytes, DWORD *pError)
{
	DWORD err = refused(hExpertKey);
	struct block *b = err ? NULL : calloc(1, sizeof *b + nBytes);

	if (pError)
		*pError = err;
	if (!b)
		return NULL;
	b->n = nBytes;
	b->mark = MARK;
	host->live_blocks++;
	host->live_bytes += nBytes;
	if (host->live_bytes > host->peak_bytes)
		host->peak_bytes = host->live_bytes;
	return b + 1;
}

SIZE_T WINAPI ExpertFreeMemory(HEXPERTKEY hExpertKey, LPVOID pMemory)
{
	bool told = host->terminate_at && host->calls >= host->terminate_at;
	struct block *b = pMemory ? (struct block *)pMemory - 1 : NULL;

	assert(hExpertKey == the_key());
	if (b && b->mark != MARK) {
		host->bad_frees++;
		return NMERR_INVALID_PARAMETER;
	}
	if (b) {
		host->live_blocks--;
		host->live_bytes -= b->n;
		b->mark = 0;
		free(b);
	}
	return told ? NMERR_EXPERT_TERMINATE : NMERR_SUCCESS;
}

/* ---- frames --------------------------------------------------------------- */

static HFRAME handle_of(DWORD n)
{
	return (HFRAME)(uintptr_t)(n + 1u);
}

static void *make_record(const struct fake_frame *f)
{
	uint8_t *r = malloc(HEADER + f->len);

	assert(r);
	memcpy(r, &f->time, 8);
	memcpy(r + 8, &f->wire, 4);
	memcpy(r + 12, &f->len, 4);
	if (f->len)
		memcpy(r + HEADER, f->bytes, f->len);
	return r;
}

static RECOGNIZEDATATABLE *make_table(const struct fake_frame *f)
{
	WORD n = 0;
	RECOGNIZEDATATABLE *t;

	while (f->stack && f->stack[n])
		n++;
	t = calloc(1, sizeof *t + n * sizeof t->RecognizeData[0]);
	assert(t);
	t->nRecognizeDatas = n;
	for (WORD i = 0; i < n; i++)
		t->RecognizeData[i].ProtocolID = f->stack[i];
	return t;
}

LPPROTOCOLTABLE WINAPI GetEnabledProtocols(HCAPTURE hCapture)
{
	DWORD n = 0;

	assert((void *)hCapture == (void *)host);
	if (!host->protocols)
		return NULL;
	while (host->protocols[n])
		n++;
	if (!host->enabled)
		host->enabled = calloc(1, sizeof *host->enabled + n * sizeof(HPROTOCOL));
	assert(host->enabled);
	host->enabled->nProtocols = n;
	for (DWORD i = 0; i < n; i++)
		host->enabled->hProtocol[i] = (HPROTOCOL)(uintptr_t)(i + 1);
	return host->enabled;
}

LPPROTOCOLINFO WINAPI GetProtocolInfo(HPROTOCOL hProtocol)
{
	DWORD n = (DWORD)(uintptr_t)hProtocol;

	host->info.ProtocolID = n;
	(void)snprintf((char *)host->info.ProtocolName, sizeof host->info.ProtocolName, "%s",
	    host->protocols[n - 1]);
	return &host->info;
}

/* ---- properties ----------------------------------------------------------- */

HPROTOCOL WINAPI GetProtocolFromName(LPSTR ProtocolName)
{
	for (DWORD i = 0; host->protocols && host->protocols[i]; i++)
		if (strcasecmp(host->protocols[i], ProtocolName) == 0)
			return (HPROTOCOL)(uintptr_t)(i + 1);
	return NULL;
}

HPROPERTY WINAPI GetProperty(HPROTOCOL hProtocol, LPSTR PropertyName)
{
	assert(hProtocol);
	for (DWORD i = 0; host->properties && host->properties[i].Label; i++)
		if (strcasecmp(host->properties[i].Label, PropertyName) == 0)
			return i + 1;
	/* Names are those of the protocol that stands last. */
	for (DWORD i = 0; host->names && host->names[i]; i++)
		if (strcasecmp(host->names[i], PropertyName) == 0 &&
		    !host->protocols[(uintptr_t)hProtocol])
			return i + 1;
	return 0;
}

LPPROPERTYINFO WINAPI GetPropertyInfo(HPROPERTY hProperty)
{
	return &host->properties[hProperty - 1];
}

LPSTR WINAPI GetPropertyText(HFRAME hFrame, LPPROPERTYINST lpPI, LPSTR szBuffer, DWORD BufferSize)
{
	const uint8_t *p = lpPI->lpData;
	unsigned big = lpPI->IFlags & IFLAG_SWAPPED ? 1 : 0;

	assert(hFrame);
	if (lpPI->lpPropertyInfo->DataType == PROP_TYPE_WORD)
		(void)snprintf(szBuffer, BufferSize, "%s = %u", lpPI->lpPropertyInfo->Label,
		    p[big] + 256u * p[!big]);
	else
		(void)snprintf(szBuffer, BufferSize, "%s = %.*s", lpPI->lpPropertyInfo->Label,
		    lpPI->DataLength, (const char *)p);
	return szBuffer;
}

DWORD WINAPI ExpertGetFrame(HEXPERTKEY hExpertKey, DWORD Direction, DWORD RequestFlags,
    DWORD RequestedFrameNumber, HFILTER hFilter, LPEXPERTFRAMEDESCRIPTOR pEFrameDescriptor)
{
	DWORD err = enter(hExpertKey), n = RequestedFrameNumber + 1;

	assert(Direction == GET_FRAME_NEXT_FORWARD && !hFilter && pEFrameDescriptor);
	if (err)
		return err;
	if (host->read_error && n == host->read_error_at)
		return host->read_error;
	if (n >= host->n_frames)
		return NMERR_NO_MORE_FRAMES;
	free(host->record);
	host->record = make_record(&host->frames[n]);
	memset(pEFrameDescriptor, 0, sizeof *pEFrameDescriptor);
	pEFrameDescriptor->FrameNumber = n;
	pEFrameDescriptor->hFrame = handle_of(n);
	pEFrameDescriptor->pFrame = (ULPFRAME)host->record;
	free(host->table);
	host->table = make_table(&host->frames[n]);
	pEFrameDescriptor->lpRecognizeDataTable = host->table;
	if (RequestFlags & FLAGS_ATTACH_PROPERTIES && host->attach)
		pEFrameDescriptor->lpPropertyTable = host->attach(host, n);
	return NMERR_SUCCESS;
}

DWORD WINAPI GetFrameMacType(HFRAME hFrame)
{
	DWORD n = (DWORD)(uintptr_t)hFrame - 1;

	assert(n < host->n_frames);
	host->mac_calls++;
	return host->frames[n].mac_type;
}

DWORD WINAPI GetCaptureMacType(HCAPTURE hCapture)
{
	assert((void *)hCapture == (void *)host);
	return host->capture_mac;
}

LPSYSTEMTIME WINAPI GetCaptureTimeStamp(HCAPTURE hCapture)
{
	assert((void *)hCapture == (void *)host);
	return &host->start;
}

DWORD WINAPI GetCaptureTotalFrames(HCAPTURE hCapture)
{
	assert((void *)hCapture == (void *)host);
	host->total_calls++;
	return host->n_frames;
}

/* ---- status and events ------------------------------------------------------ */

DWORD WINAPI ExpertIndicateStatus(HEXPERTKEY hExpertKey, EXPERTSTATUSENUMERATION Status,
    DWORD SubStatus, const char *szText, LONG PercentDone)
{
	DWORD err = enter(hExpertKey);

	if (err)
		return err;
	host->status_calls++;
	host->status = Status;
	host->substatus = SubStatus;
	if (szText)
		(void)snprintf(host->status_text, sizeof host->status_text, "%s", szText);
	if (PercentDone >= 0 && PercentDone <= 99)
		host->percent = PercentDone;
	return NMERR_SUCCESS;
}

struct line {
	char text[1024];
	size_t n;
};

__attribute__((format(printf, 2, 3))) static void add(struct line *l, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(l->text + l->n, sizeof l->text - l->n, format, ap);
	va_end(ap);
	assert(n >= 0 && (size_t)n < sizeof l->text - l->n);
	l->n += (size_t)n;
}

static void add_value(struct line *l, const NMCOLUMNVARIANT *v)
{
	const uint8_t *b = (const uint8_t *)&v->Value;

	switch (v->Type) {
	case NMCOLUMNTYPE_UINT8: add(l, "%u", v->Value.Uint8Val); break;
	case NMCOLUMNTYPE_UINT32: add(l, "%u", v->Value.Uint32Val); break;
	case NMCOLUMNTYPE_FLOAT64: add(l, "%.0f", v->Value.Float64Val); break;
	case NMCOLUMNTYPE_FRAME: add(l, "%u", v->Value.FrameVal + 1); break;
	case NMCOLUMNTYPE_IPADDR: add(l, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]); break;
	case NMCOLUMNTYPE_MACADDR:
		add(l, "%02X%02X%02X%02X%02X%02X", b[0], b[1], b[2], b[3], b[4], b[5]);
		break;
	case NMCOLUMNTYPE_STRING: add(l, "%s", v->Value.pStringVal); break;
	default: abort(); /* a column type that no tested expert uses */
	}
}

DWORD WINAPI ExpertSubmitEvent(HEXPERTKEY hExpertKey, PNMEVENTDATA pExpertEvent)
{
	DWORD err = enter(hExpertKey);
	struct line l = { .n = 0 };

	if (!err && host->refuse_event && host->n_events + 1 == host->refuse_event)
		err = host->event_error;
	if (err)
		return err;
	assert(pExpertEvent && pExpertEvent->Version == 0);
	add(&l, "%u|%u|%s", pExpertEvent->EventIdent, pExpertEvent->Severity,
	    pExpertEvent->szEventName ? pExpertEvent->szEventName : "");
	for (unsigned i = 0; i < pExpertEvent->NumColumns; i++) {
		const NMCOLUMNINFO *c = &pExpertEvent->Column[i];

		add(&l, "|%s=", c->szColumnName);
		add_value(&l, &c->VariantData);
	}
	/* At each power of two it is doubled: a sanitizer's realloc is a new mapping each time. */
	if ((host->n_events & (host->n_events - 1)) == 0)
		host->events = realloc(
		    host->events, (host->n_events ? 2 * host->n_events : 1) * sizeof *host->events);
	assert(host->events);
	host->events[host->n_events++] = strdup(l.text);
	return NMERR_SUCCESS;
}

/* ---- the run ---------------------------------------------------------------- */

BOOL fake_run(struct fake_host *h, const EXPERTCONFIG *config)
{
	EXPERTSTARTUPINFO startup = { .dwFrameNumber = INVALID_FRAME_NUMBER };
	EXPERTCONFIG *copy = NULL;
	BOOL done;

	host = h;
	startup.hCapture = (HCAPTURE)(void *)h;
	startup.lpPropertyInst = h->focus;
	startup.hProtocol = (HPROTOCOL)(uintptr_t)h->focus_protocol;
	if (h->capture)
		(void)snprintf(
		    startup.szCaptureFile, sizeof startup.szCaptureFile, "%s", h->capture);
	if (config) {
		copy = malloc(config->RawConfigLength);
		assert(copy);
		memcpy(copy, config, config->RawConfigLength);
	}
	done = Run(the_key(), copy, &startup, h->flags, NULL);
	free(copy);
	free(h->record);
	free(h->table);
	free(h->enabled);
	h->record = NULL;
	h->table = NULL;
	h->enabled = NULL;
	return done;
}

void fake_done(struct fake_host *h)
{
	for (unsigned i = 0; i < h->n_events; i++)
		free(h->events[i]);
	free(h->events);
	h->events = NULL;
	h->n_events = 0;
}

BOOL fake_left_nothing(const struct fake_host *h)
{
	return h->live_blocks == 0 && h->live_bytes == 0 && h->bad_frees == 0 &&
	       h->after_terminate == 0;
}
