/* SPDX-License-Identifier: MIT */
/* make_pe.h -- small Windows libraries, built in memory. */
#ifndef TESTS_UNIT_MAKE_PE_H
#define TESTS_UNIT_MAKE_PE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define PE_AT     64u
#define PE_RAW    512u    /* where the only section lies in the file */
#define PE_RVA    0x1000u /* and in memory */
#define PE_LIST   8u
#define PE_BYTES  2048u
#define PE_SIZE   (PE_RAW + 1024u)
#define PE_EXPORT 0u /* in the section: the table of exports, their addresses, imports, names */
#define PE_TABLE  64u
#define PE_IMPORT 128u
#define PE_NAMES  384u

struct pe_plan {
	uint16_t machine; /* 0: x86-64 */
	bool program, driver, managed;
	const char *section; /* its name; NULL: .text */
	const char *exports[PE_LIST], *imports[PE_LIST];
};

static inline void pe_put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static inline void pe_put32(uint8_t *p, uint32_t v)
{
	pe_put16(p, v & 0xffff);
	pe_put16(p + 2, v >> 16);
}

static inline uint32_t pe_name(uint8_t *section, unsigned *at, const char *name)
{
	uint32_t here = PE_RVA + *at;
	size_t n = strlen(name) + 1;

	memcpy(section + *at, name, n);
	*at += (unsigned)n;
	return here;
}

static inline void pe_heads(uint8_t *p, const struct pe_plan *plan)
{
	bool is_32 = plan->machine == 0x014c || plan->machine == 0x01c4;
	unsigned optional = is_32 ? 224 : 240, dirs = PE_AT + 24 + (is_32 ? 96 : 112);
	uint8_t *section = p + PE_AT + 24 + optional;

	memcpy(p, "MZ", 2);
	pe_put32(p + 60, PE_AT);
	memcpy(p + PE_AT, "PE\0\0", 4);
	pe_put16(p + PE_AT + 4, plan->machine ? plan->machine : 0x8664);
	pe_put16(p + PE_AT + 6, 1);
	pe_put16(p + PE_AT + 20, optional);
	pe_put16(p + PE_AT + 22, plan->program ? 0x0002 : 0x2002);
	pe_put16(p + PE_AT + 24, is_32 ? 0x10b : 0x20b);
	pe_put16(p + PE_AT + 24 + 68, plan->driver ? 1 : 2);
	pe_put32(p + dirs - 4, 16);
	if (plan->exports[0]) {
		pe_put32(p + dirs, PE_RVA + PE_EXPORT);
		pe_put32(p + dirs + 4, 40);
	}
	if (plan->imports[0])
		pe_put32(p + dirs + 8, PE_RVA + PE_IMPORT);
	if (plan->managed)
		pe_put32(p + dirs + 8 * 14, PE_RVA);
	(void)strncpy((char *)section, plan->section ? plan->section : ".text", 8);
	pe_put32(section + 8, PE_SIZE - PE_RAW);
	pe_put32(section + 12, PE_RVA);
	pe_put32(section + 16, PE_SIZE - PE_RAW);
	pe_put32(section + 20, PE_RAW);
}

/* PE_SIZE bytes into p, which has PE_BYTES. */
static inline void pe_make(uint8_t *p, const struct pe_plan *plan)
{
	uint8_t *section = p + PE_RAW;
	unsigned at = PE_NAMES, n = 0;

	memset(p, 0, PE_BYTES);
	pe_heads(p, plan);
	for (; n < PE_LIST && plan->exports[n]; n++)
		pe_put32(section + PE_TABLE + 4 * n, pe_name(section, &at, plan->exports[n]));
	pe_put32(section + PE_EXPORT + 24, n);
	pe_put32(section + PE_EXPORT + 32, PE_RVA + PE_TABLE);
	for (unsigned i = 0; i < PE_LIST && plan->imports[i]; i++)
		pe_put32(
		    section + PE_IMPORT + 20 * i + 12, pe_name(section, &at, plan->imports[i]));
}

#endif
