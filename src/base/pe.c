/* SPDX-License-Identifier: MIT */
/* Heads, exports and imports of Windows programs.
 *
 *   0   "MZ", at 60 the offset of what follows
 *   +0  "PE\0\0"; COFF head: +4 machine, +6 sections, +20 size of the optional head, +22 flags
 *  +24  optional head: magic (0x10b, 0x20b), +68 subsystem, directories from +96 (+112 in PE32+)
 *   then sections of 40 bytes: name, size in memory, address, bytes in the file, offset
 */
#include "base/pe.h"
#include "base/bytes.h"

#include <string.h>

#define COFF_BYTES    24u
#define OPTIONAL_MOST 512u /* of the optional head, all that is of use here */
#define SECTION_BYTES 40u
#define FLAG_DLL      0x2000u
#define FLAG_SYSTEM   0x1000u
#define NATIVE        1u /* the subsystem of drivers */
#define DIR_EXPORT    0u
#define DIR_IMPORT    1u
#define DIR_CLR       14u
#define IMPORT_BYTES  20u

static enum nm_pe_machine machine_of(uint16_t code)
{
	switch (code) {
	case 0x014c: return NM_PE_X86;
	case 0x8664: return NM_PE_X64;
	case 0x01c0:
	case 0x01c2:
	case 0x01c4: return NM_PE_ARM;
	case 0xaa64: return NM_PE_ARM64;
	default: return NM_PE_OTHER;
	}
}

const char *nm_pe_machine_name(const struct nm_pe *pe)
{
	static const char *const names[] = { [NM_PE_OTHER] = "another kind of machine",
		[NM_PE_X86] = "32-bit x86",
		[NM_PE_X64] = "x86-64",
		[NM_PE_ARM] = "32-bit ARM",
		[NM_PE_ARM64] = "arm64" };

	return names[pe->machine];
}

static void reach(struct nm_pe *pe, uint64_t end)
{
	if (end > pe->end)
		pe->end = end;
}

static bool is_packer(const uint8_t *name)
{
	static const char *const known[] = { "UPX", ".aspack", ".petite", ".MPRESS", "PEC2", ".vmp",
		".themida", ".nsp", "FSG!" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strncmp((const char *)name, known[i], strlen(known[i])) == 0)
			return true;
	return false;
}

static bool read_sections(struct nm_pe *pe, uint64_t at, unsigned n)
{
	for (unsigned i = 0; i < n; i++, at += SECTION_BYTES) {
		struct nm_pe_section *s = &pe->section[i];
		uint8_t b[SECTION_BYTES];

		reach(pe, at + SECTION_BYTES);
		if (!pe->read(pe->ctx, b, sizeof b, at))
			return false;
		*s = (struct nm_pe_section){ .size = nm_le32(b + 8),
			.address = nm_le32(b + 12),
			.bytes = nm_le32(b + 16),
			.offset = nm_le32(b + 20),
			.named = is_packer(b) };
		if (s->bytes)
			reach(pe, (uint64_t)s->offset + s->bytes);
		pe->n_sections = (uint16_t)(i + 1);
	}
	return true;
}

/* The address of a directory, which is 0 when there is none. */
static uint32_t directory(
    const uint8_t *opt, unsigned n, bool is_64, unsigned which, uint32_t *size)
{
	unsigned base = is_64 ? 112 : 96, at = base + 8 * which;

	if (at + 8 > n || which >= nm_le32(opt + base - 4))
		return 0;
	if (size)
		*size = nm_le32(opt + at + 4);
	return nm_le32(opt + at);
}

static void take_optional(struct nm_pe *pe, const uint8_t *opt, unsigned n, unsigned flags)
{
	pe->is_64 = nm_le16(opt) == 0x20b;
	pe->driver = (flags & FLAG_SYSTEM) || nm_le16(opt + 68) == NATIVE;
	pe->managed = directory(opt, n, pe->is_64, DIR_CLR, NULL) != 0;
	pe->exports = directory(opt, n, pe->is_64, DIR_EXPORT, &pe->exports_size);
	pe->imports = directory(opt, n, pe->is_64, DIR_IMPORT, NULL);
}

const char *nm_pe_open(struct nm_pe *pe, nm_pe_reader read, void *ctx, uint64_t size)
{
	uint8_t dos[64], coff[COFF_BYTES], opt[OPTIONAL_MOST] = { 0 };
	unsigned n, flags, sections;
	uint64_t at;

	*pe = (struct nm_pe){ .read = read, .ctx = ctx, .size = size };
	if (size == 0)
		return "empty";
	if (size < 2 || !read(ctx, dos, 2, 0) || memcmp(dos, "MZ", 2) != 0)
		return "no Windows library (no MZ header)";
	reach(pe, sizeof dos);
	if (!read(ctx, dos, sizeof dos, 0))
		return "cut short in its first header";
	at = nm_le32(dos + 60);
	reach(pe, at + COFF_BYTES);
	if (at + COFF_BYTES > size)
		return at > size && at > 1u << 28 ? "a program for DOS, no Windows library"
						  : "cut short before its PE header";
	if (!read(ctx, coff, sizeof coff, at) || memcmp(coff, "PE\0\0", 4) != 0)
		return memcmp(coff, "NE", 2) == 0 ? "a library for 16-bit Windows"
						  : "a program for DOS, no Windows library";
	pe->code = nm_le16(coff + 4);
	pe->machine = machine_of(pe->code);
	flags = nm_le16(coff + 22);
	pe->is_dll = flags & FLAG_DLL;
	sections = nm_le16(coff + 6);
	n = nm_le16(coff + 20);
	if (n < 96 || sections > NM_PE_SECTIONS)
		return "no library that Windows loads: its PE header makes no sense";
	reach(pe, at + COFF_BYTES + n);
	if (!read(ctx, opt, n < sizeof opt ? n : sizeof opt, at + COFF_BYTES))
		return "cut short in its PE header";
	if (nm_le16(opt) != 0x10b && nm_le16(opt) != 0x20b)
		return "no library that Windows loads: its PE header makes no sense";
	take_optional(pe, opt, n < sizeof opt ? n : sizeof opt, flags);
	if (!read_sections(pe, at + COFF_BYTES + n, sections))
		return "cut short in its table of sections";
	return pe->end > size ? "cut short" : NULL;
}

bool nm_pe_is_packed(const struct nm_pe *pe)
{
	for (unsigned i = 0; i < pe->n_sections; i++)
		if (pe->section[i].named)
			return true;
	return false;
}

/* Where an address lies in the file, and how many bytes of its section are there. */
static uint64_t offset_of(const struct nm_pe *pe, uint32_t address, uint64_t *ret_left)
{
	for (unsigned i = 0; i < pe->n_sections; i++) {
		const struct nm_pe_section *s = &pe->section[i];
		uint32_t in = address - s->address;

		if (address >= s->address && in < s->bytes) {
			*ret_left = s->bytes - in;
			return (uint64_t)s->offset + in;
		}
	}
	*ret_left = 0;
	return 0;
}

static bool read_at(const struct nm_pe *pe, uint32_t address, void *buf, size_t n)
{
	uint64_t left, at = offset_of(pe, address, &left);

	return left >= n && pe->read(pe->ctx, buf, n, at);
}

/* A name with its NUL; cut at NM_PE_NAME. */
static bool read_name(const struct nm_pe *pe, uint32_t address, char name[NM_PE_NAME])
{
	uint64_t left, at = offset_of(pe, address, &left);
	size_t n = left < NM_PE_NAME - 1 ? (size_t)left : NM_PE_NAME - 1;

	if (n == 0)
		return false;
	while (n && !pe->read(pe->ctx, name, n, at)) /* near the end of the file */
		n /= 2;
	name[n] = '\0';
	return n != 0;
}

/* "Run", "_Run@16" or "Run@16". */
static bool is_called(const char *have, const char *want)
{
	size_t n = strlen(want);

	if (strcmp(have, want) == 0)
		return true;
	have += *have == '_';
	return strncmp(have, want, n) == 0 && have[n] == '@' && have[n + 1] != '\0' &&
	       strspn(have + n + 1, "0123456789") == strlen(have + n + 1);
}

bool nm_pe_exports(const struct nm_pe *pe, const char *name, char *ret_name)
{
	char one[NM_PE_NAME];
	uint8_t head[40], word[4];
	uint32_t n, table;

	if (!pe->exports || !read_at(pe, pe->exports, head, sizeof head))
		return false;
	n = nm_le32(head + 24);
	table = nm_le32(head + 32);
	for (uint32_t i = 0; i < n && i < NM_PE_NAMES_MAX; i++) {
		if (!read_at(pe, table + 4 * i, word, sizeof word))
			return false;
		if (!read_name(pe, nm_le32(word), one) || !is_called(one, name))
			continue;
		if (ret_name)
			memcpy(ret_name, one, sizeof one);
		return true;
	}
	return false;
}

void nm_pe_each_import(
    const struct nm_pe *pe, bool (*fn)(void *ctx, const char *library), void *ctx)
{
	static const uint8_t last[IMPORT_BYTES];
	uint8_t one[IMPORT_BYTES];
	char name[NM_PE_NAME];

	for (uint32_t i = 0; pe->imports && i < NM_PE_NAMES_MAX; i++) {
		if (!read_at(pe, pe->imports + IMPORT_BYTES * i, one, sizeof one) ||
		    memcmp(one, last, sizeof one) == 0)
			return;
		if (read_name(pe, nm_le32(one + 12), name) && !fn(ctx, name))
			return;
	}
}
