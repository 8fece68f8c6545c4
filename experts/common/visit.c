/* SPDX-License-Identifier: MIT */
/* The walk that experts have in common. */
#include "visit.h"

#include <time.h>

#define PROGRESS_EVERY 0x10000u /* frames */
#define TEXT_MAX       160

/* No percentage: the host knows how far the walk is, and of a pipe nobody does. */
static DWORD progress(const struct visitor *v)
{
	char text[TEXT_MAX];

	v->progress(v, text, sizeof text);
	return ExpertIndicateStatus(v->key, EXPERTSTATUS_RUNNING, 0, text, -1);
}

static struct seen seen_of(const EXPERTFRAMEDESCRIPTOR *f)
{
	const uint8_t *record = (const uint8_t *)f->pFrame;
	const uint8_t *time = record + offsetof(struct _FRAME, TimeStamp);

	return (struct seen){
		.handle = f->hFrame,
		.number = f->FrameNumber,
		.time = (int64_t)(le32(time) | (uint64_t)le32(time + 4) << 32),
		.len = le32(record + offsetof(struct _FRAME, nBytesAvail)),
		.wire = le32(record + offsetof(struct _FRAME, FrameLength)),
		.p = record + offsetof(struct _FRAME, MacFrame),
		.stack = f->lpRecognizeDataTable,
		.properties = f->lpPropertyTable,
	};
}

DWORD visit_frames_with(struct visitor *v, DWORD flags, DWORD *ret_last)
{
	EXPERTFRAMEDESCRIPTOR f = { .FrameNumber = INVALID_FRAME_NUMBER };
	struct seen seen;
	DWORD err;

	for (;;) {
		*ret_last = f.FrameNumber;
		err = ExpertGetFrame(v->key, GET_FRAME_NEXT_FORWARD,
		    FLAGS_DEFER_TO_UI_FILTER | flags, f.FrameNumber, NULL, &f);
		if (err)
			return err;
		seen = seen_of(&f);
		err = v->frame(v, &seen);
		if (!err && f.FrameNumber % PROGRESS_EVERY == PROGRESS_EVERY - 1)
			err = progress(v);
		if (err)
			return err;
	}
}

DWORD visit_frames(struct visitor *v, DWORD *ret_last)
{
	return visit_frames_with(v, 0, ret_last);
}

/* A capture may mix interfaces, so each frame has its own MAC type. In an Ethernet
 * capture the question is spared for frames that are Ethernet by their looks. */
static DWORD mac_type(const struct visitor *v, const struct seen *f)
{
	if (v->capture_mac == MAC_TYPE_ETHERNET && looks_like_ether(f->p, f->len, f->wire))
		return MAC_TYPE_ETHERNET;
	return GetFrameMacType(f->handle);
}

void visit_layers(const struct visitor *v, const struct seen *f, struct layers *ret)
{
	if (v->capture_mac != MAC_TYPE_ETHERNET || !layers_find_plain(f->p, f->len, f->wire, ret))
		layers_find(mac_type(v, f), f->p, f->len, f->wire, ret);
}

void visit_config(const EXPERTCONFIG *raw, DWORD *dwords, size_t n)
{
	size_t bytes = n * sizeof *dwords;

	if (!raw)
		return;
	if (raw->RawConfigLength < bytes)
		bytes = raw->RawConfigLength;
	memcpy(dwords, raw, bytes & ~(sizeof *dwords - 1));
}

uint64_t visit_seed(const void *on_stack)
{
	return (uint64_t)(uintptr_t)on_stack * UINT64_C(0x9e3779b97f4a7c15) ^
	       (uint64_t)clock() * UINT64_C(0xbf58476d1ce4e5b9) ^ (uint64_t)time(NULL);
}
