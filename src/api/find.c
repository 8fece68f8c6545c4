/* SPDX-License-Identifier: MIT */
/* Searching for frames by protocol and addresses. */
#include "api/layers.h"
#include "api/lookback.h"
#include "base/nmerr.h"
#include "expert/session.h"
#include "netmon.h"
#include "parse/parse.h"

/* The protocols that carry others are found by looking at a few headers; any other is
 * where its parser recognizes it. */
struct search {
	enum nm_proto proto;    /* NM_PROTOS: one that has to be recognized */
	uint32_t id;            /* of that one */
	struct nm_parse *parse; /* owned; NULL for the others */
	LPADDRESS2 dst, src;    /* borrowed; NULL: any */
	uint32_t first, last;   /* both may match; no further */
};

static bool find_layer(const struct nm_frame *f, enum nm_proto proto, uint32_t *ret_offset)
{
	const struct nm_layer *layer;
	struct nm_layers layers;

	nm_layers_find(f, &layers);
	layer = nm_layers_first(&layers, proto);
	if (layer)
		*ret_offset = layer->offset;
	return layer != NULL;
}

/* A parser may be running, on another frame or this one: this parse is a search's own. */
static bool find_recognized(
    const struct search *s, HFRAME h, const struct nm_frame *f, uint32_t *ret_offset)
{
	const RECOGNIZEDATATABLE *t;

	nm_parse_set(s->parse, h, f);
	t = nm_parse_recognize(s->parse);
	for (unsigned i = 0; t && i < t->nRecognizeDatas; i++)
		if (t->RecognizeData[i].ProtocolID == s->id) {
			*ret_offset = t->RecognizeData[i].nProtocolOffset;
			return true;
		}
	return false;
}

/* Does frame n match? Then *ret_offset is where the protocol starts. */
static bool matches(const struct search *s, HFRAME h, WORD *ret_offset)
{
	struct nm_frame f;
	uint32_t offset;

	if (nm_session_frame(h, &f))
		return false;
	if (!(s->parse ? find_recognized(s, h, &f, &offset) : find_layer(&f, s->proto, &offset)) ||
	    offset > 0xFFFF) /* the answer is a WORD */
		return false;
	if ((s->dst && !CompareFrameDestAddress(h, s->dst)) ||
	    (s->src && !CompareFrameSourceAddress(h, s->src)))
		return false;
	*ret_offset = (WORD)offset;
	return true;
}

static HFRAME fail(uint32_t err)
{
	nm_set_last_error(err);
	return NULL;
}

static HFRAME search(const struct search *s, uint32_t n, bool forward, WORD *ret_offset)
{
	for (;;) {
		HFRAME h;

		if (n == (forward ? UINT32_MAX : 0))
			return fail(NMERR_FRAME_NOT_FOUND);
		n = forward ? n + 1 : n - 1;
		if (n < s->first || n > s->last || !nm_session_has_frame(n))
			return fail(NMERR_FRAME_NOT_FOUND);
		h = nm_frame_handle(n);
		if (matches(s, h, ret_offset))
			return h;
	}
}

/* The frames that are not further from `from` than the limit. */
static void limit(struct search *s, uint32_t from)
{
	uint32_t most = nm_lookback();
	uint32_t low = from > most ? from - most : 0;
	uint32_t high = most < UINT32_MAX - from ? from + most : UINT32_MAX;

	s->first = s->first > low ? s->first : low;
	s->last = s->last < high ? s->last : high;
}

static HFRAME start(HFRAME current, LPSTR name, struct search *s, LPWORD ret_offset,
    uint32_t original, bool forward)
{
	HFRAME found;
	uint32_t n;

	if (!name || !ret_offset)
		return fail(NMERR_INVALID_PARAMETER);
	if (!nm_frame_number(current, &n))
		return NULL;
	s->proto = nm_proto_by_name(name);
	s->id = s->proto == NM_PROTOS ? nm_protocol_id(nm_protocol_by_name(name)) : 0;
	if (s->proto == NM_PROTOS && !s->id)
		return fail(NMERR_FRAME_NOT_FOUND);
	s->parse = s->id ? nm_parse_new() : NULL;
	if (s->id && !s->parse)
		return fail(NMERR_OUT_OF_MEMORY);
	limit(s, original);
	found = search(s, n, forward, ret_offset);
	nm_parse_free(s->parse);
	return found;
}

HFRAME WINAPI FindNextFrame(HFRAME hCurrentFrame, LPSTR ProtocolName, LPADDRESS2 lpDestAddress,
    LPADDRESS2 lpSrcAddress, LPWORD ProtocolOffset, DWORD OriginalFrameNumber, DWORD nHighestFrame)
{
	struct search s = { .dst = lpDestAddress, .src = lpSrcAddress, .last = nHighestFrame };

	return start(hCurrentFrame, ProtocolName, &s, ProtocolOffset, OriginalFrameNumber, true);
}

HFRAME WINAPI FindPreviousFrame(HFRAME hCurrentFrame, LPSTR ProtocolName, LPADDRESS2 lpDstAddress,
    LPADDRESS2 lpSrcAddress, LPWORD ProtocolOffset, DWORD OriginalFrameNumber, DWORD nLowestFrame)
{
	struct search s = {
		.dst = lpDstAddress, .src = lpSrcAddress, .first = nLowestFrame, .last = UINT32_MAX
	};

	return start(hCurrentFrame, ProtocolName, &s, ProtocolOffset, OriginalFrameNumber, false);
}
