/* SPDX-License-Identifier: MIT */
/* base/pe.h -- what a Windows program or library says of itself, read as bytes.
 *
 * For a person who wants to know why a DLL can't be used: what kind of file it is, for which
 * machine, what it exports and which libraries it asks for. Nothing is loaded. After the
 * "PE Format" specification of Microsoft.
 *
 * Owns:     nothing; names are copied out.
 * Uses:     bytes.h.
 * Threads:  pure functions over the caller's reader.
 * Trust:    the file is hostile: every offset, count and name is bounded; the work is at most
 *           NM_PE_NAMES_MAX names and as many sections as the format has.
 */
#ifndef NM_BASE_PE_H
#define NM_BASE_PE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NM_PE_NAMES_MAX 65536u /* exports and imports that are looked at */
#define NM_PE_NAME      256u   /* bytes of a name, with its NUL; longer ones are cut */
#define NM_PE_SECTIONS  96u    /* as many as Windows loads */

enum nm_pe_machine { NM_PE_OTHER, NM_PE_X86, NM_PE_X64, NM_PE_ARM, NM_PE_ARM64 };

/* Reads n bytes at offset into buf: true only when all of them were there. */
typedef bool (*nm_pe_reader)(void *ctx, void *buf, size_t n, uint64_t offset);

struct nm_pe {
	nm_pe_reader read;
	void *ctx;
	uint64_t size; /* of the file */
	uint16_t code; /* of the machine, as the file has it */
	enum nm_pe_machine machine;
	bool is_64;                              /* PE32+ */
	bool is_dll;                             /* else a program */
	bool driver;                             /* for the kernel of Windows */
	bool managed;                            /* a .NET assembly */
	uint64_t end;                            /* the file must be at least that long */
	uint32_t exports, exports_size, imports; /* relative addresses; 0: none */
	uint16_t n_sections;
	struct nm_pe_section {
		uint32_t address, size, offset, bytes;
		bool named; /* as the tools that pack programs call theirs */
	} section[NM_PE_SECTIONS];
};

/* Looks at the heads of the file. NULL when it is a whole PE file; else what it is instead,
 * a static phrase: "empty", "no Windows program (no MZ header)", ... . *ret is usable as far as
 * it was filled; cut short: end > size and all else is there. */
const char *nm_pe_open(struct nm_pe *ret, nm_pe_reader read, void *ctx, uint64_t size);

/* Are its sections' names those of a packer? */
bool nm_pe_is_packed(const struct nm_pe *pe);

/* Is there an export of that name, undecorated or as 32-bit compilers decorate it
 * ("_Run@16")? ret_name gets what it is called in the file (NM_PE_NAME bytes); it may be
 * NULL. */
bool nm_pe_exports(const struct nm_pe *pe, const char *name, char *ret_name);

/* Calls fn with the name of each library that it asks for, until fn says false. */
void nm_pe_each_import(
    const struct nm_pe *pe, bool (*fn)(void *ctx, const char *library), void *ctx);

/* "x86-64", "32-bit x86", ... */
const char *nm_pe_machine_name(const struct nm_pe *pe);

#endif
