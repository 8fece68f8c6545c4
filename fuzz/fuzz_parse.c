/* SPDX-License-Identifier: MIT */
/* Any bytes as a frame of any link type, through every shipped parser: recognized,
 * every property attached, every text made. Nothing outside of the frame may be read:
 * it ends at a page that faults, and in a second run begins behind one; what is found
 * must be the same in both. No parser may offend, and every instance lies in the frame.
 *
 * Input: link type (2 bytes), MAC type (1), then the frame. */
#include "parse/parse.h"
#include "parse/parse_int.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* Parsers bring a libnmapi along, of which nothing is used. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_odr_violation=0";
}

#define ROOM       (64u << 10) /* bytes of a frame, its record before it; whole pages */
#define HEAD       16u
#define TEXTS_MOST 400u /* a frame's texts; more take long and find no more */

static const char *const families[] = { PARSERS };
static uint8_t *room; /* a page that faults on either side */
static struct nm_parse *parse;

static void begin(void)
{
	struct nm_diag d;
	uint8_t *m = mmap(NULL, 3 * ROOM, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert(m != MAP_FAILED && mprotect(m + ROOM, ROOM, PROT_READ | PROT_WRITE) == 0);
	room = m + ROOM;
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (!nm_parsers_load(families[i], -1, &d)) {
			(void)fprintf(stderr, "%s: %s\n", families[i], d.text);
			abort();
		}
	parse = nm_parse_new();
	assert(parse);
}

static uint64_t mix(uint64_t h, const void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = (h ^ ((const uint8_t *)p)[i]) * UINT64_C(0x100000001b3);
	return h;
}

/* A number for the instance, without addresses. */
static uint64_t check_instance(const PROPERTYINST *i, const uint8_t *data, uint32_t stored)
{
	const uint8_t *at = i->lpByte;
	uint64_t h = i->IFlags ^ (uint64_t)i->Level << 32;
	uint32_t n = i->DataLength;

	assert(nm_property_info((HPROPERTY)i->lpPropertyInfo) == i->lpPropertyInfo);
	if (n == 0xFFFF) {
		const PROPERTYINSTEX *ex = i->lpPropertyInstEx;

		at = ex->lpData;
		n = ex->Length;
		h = mix(h, ex->Byte, ex->LengthEx);
	}
	if (!at)
		return h;
	assert(at >= data && at <= data + stored && n <= (uint32_t)(data + stored - at));
	return mix(h, at, n) ^ (uint64_t)(at - data) << 40;
}

static uint64_t check_tables(const uint8_t *data, uint32_t stored)
{
	const RECOGNIZEDATATABLE *t = nm_parse_recognize(parse);
	const PROPERTYTABLE *all = nm_parse_attach(parse, NULL);
	uint32_t sum = 0;
	uint64_t h = t->nRecognizeDatas;

	assert(t->nRecognizeDatas >= 1 && t->nRecognizeDatas <= NM_STEPS_MAX + 1);
	assert(all->nPropertyInstTables == t->nRecognizeDatas);
	for (unsigned i = 0; i < t->nRecognizeDatas; i++) {
		const RECOGNIZEDATA *r = &t->RecognizeData[i];

		assert(nm_protocol_from_id(r->ProtocolID) && r->nProtocolOffset <= stored);
		assert(i == 0 || r->nProtocolOffset >= r[-1].nProtocolOffset);
		assert(all->PropertyInstTable[i].nPropertyInstIndex == sum);
		sum += all->PropertyInstTable[i].nPropertyInsts;
		h = mix(h, &r->ProtocolID, 2) ^ r->nProtocolOffset;
	}
	assert(sum == all->nTotalPropertyInsts);
	for (uint32_t i = 0; i < sum; i++)
		h = h * 31 + check_instance(&all->lpFirstPropertyInst[i], data, stored);
	return h;
}

static uint64_t check_texts(void)
{
	const PROPERTYTABLE *all = nm_parse_attach(parse, NULL);
	uint64_t h = 0;

	for (uint32_t i = 0; i < all->nTotalPropertyInsts && i < TEXTS_MOST; i++) {
		char buf[600];

		assert(nm_parse_text(parse, &all->lpFirstPropertyInst[i], buf, sizeof buf));
		assert(memchr(buf, '\0', sizeof buf));
		h = mix(h, buf, strlen(buf));
	}
	return h;
}

static uint64_t run(uint8_t *record, uint32_t link_type, uint16_t mac_type, uint32_t stored)
{
	struct nm_frame f = { .record = record, .mac_type = mac_type, .link_type = link_type };
	uint64_t h;

	nm_parse_set(parse, (HFRAME)(uintptr_t)1, &f);
	h = check_tables(record + HEAD, stored);
	h ^= check_texts();
	assert(nm_guard_account()->n == 0);
	return h;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	uint32_t link_type, stored;
	uint64_t h;
	uint8_t *record;

	if (!parse)
		begin();
	if (n < 3 || n - 3 > ROOM - HEAD)
		return 0;
	link_type = (uint32_t)p[0] | (uint32_t)p[1] << 8;
	stored = (uint32_t)n - 3;
	record = room + ROOM - HEAD - stored;
	memset(record, 0, HEAD);
	memcpy(record + 8, &stored, sizeof stored);
	memcpy(record + 12, &stored, sizeof stored);
	memcpy(record + HEAD, p + 3, stored);
	h = run(record, link_type, p[2], stored);
	memmove(room, record, HEAD + stored);
	memset(room + HEAD + stored, 0xA5, ROOM - HEAD - stored < 64 ? ROOM - HEAD - stored : 64);
	assert(run(room, link_type, p[2], stored) == h);
	return 0;
}
