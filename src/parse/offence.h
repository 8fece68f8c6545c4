/* SPDX-License-Identifier: MIT */
/* parse/offence.h -- what parsers did that they must not, for whoever is to be told.
 *
 * Owns:     nothing: an account is memory of the caller's, which may be shared with
 *           another process and outlive the one that writes it.
 * Uses:     <stdatomic.h>.
 * Threads:  any number write, anyone reads at any time.
 * Trust:    a reader in another process believes no byte of it.
 */
#ifndef NM_PARSE_OFFENCE_H
#define NM_PARSE_OFFENCE_H

#include <stdatomic.h>
#include <stdint.h>

enum nm_offence {
	NM_OFFENCE_NONE,
	NM_OFFENCE_CRASH,   /* a signal that ends a process */
	NM_OFFENCE_LOOP,    /* its entry point did not return */
	NM_OFFENCE_WAIT,    /* it waited for what did not come: off at once */
	NM_OFFENCE_POINTER, /* it returned a pointer outside of the frame */
	NM_OFFENCE_CIRCLE,  /* NM_STEPS_MAX protocols, of which half at one place: the last one's */
	NM_OFFENCE_MANY,    /* more than NM_INSTANCES_MAX properties */
	NM_OFFENCE_FORBIDDEN, /* a system call that the sandbox forbids */
	NM_OFFENCE_EXIT,      /* it was about to end the process */
	NM_OFFENCES
};

enum nm_entry {
	NM_ENTRY_LOAD, /* DllMain, ParserAutoInstallInfo */
	NM_ENTRY_REGISTER,
	NM_ENTRY_NAMES, /* ParserFieldNames */
	NM_ENTRY_RECOGNIZE,
	NM_ENTRY_ATTACH,
	NM_ENTRY_FORMAT,
	NM_ENTRY_THREAD, /* none: a thread that it started */
	NM_ENTRIES
};

/* A protocol, and its first offence. */
struct nm_offender {
	char protocol[16];
	char file[64];          /* base name of the shared object; "" for what is built in */
	uint32_t reason;        /* enum nm_offence */
	uint32_t entry;         /* enum nm_entry */
	int32_t signal;         /* NM_OFFENCE_CRASH: which; else 0 */
	uint32_t first_frame;   /* from 0; NM_OFFENCE_NO_FRAME: it was not about a frame */
	_Atomic uint32_t count; /* offences */
	_Atomic uint32_t off;   /* it is tried no more */
};

#define NM_OFFENCE_NO_FRAME UINT32_C(0xFFFFFFFF)
#define NM_OFFENDERS_MAX    16u

struct nm_offences {
	_Atomic uint32_t inside; /* id of the protocol whose entry point runs; 0: none */
	_Atomic uint32_t n;      /* offenders, beyond those listed too */
	struct nm_offender each[NM_OFFENDERS_MAX];
};

/* "crashed", ...; static. "did nothing wrong" for what is none. */
static inline const char *nm_offence_text(uint32_t reason)
{
	static const char *const texts[NM_OFFENCES] = {
		[NM_OFFENCE_NONE] = "did nothing wrong",
		[NM_OFFENCE_CRASH] = "crashed",
		[NM_OFFENCE_LOOP] = "did not return",
		[NM_OFFENCE_WAIT] = "waited and did not return",
		[NM_OFFENCE_POINTER] = "returned a pointer outside of the frame",
		[NM_OFFENCE_CIRCLE] = "was handed off to in a circle",
		[NM_OFFENCE_MANY] = "attached too many properties",
		[NM_OFFENCE_FORBIDDEN] = "did what the sandbox forbids",
		[NM_OFFENCE_EXIT] = "tried to end the process",
	};

	return texts[reason < NM_OFFENCES ? reason : NM_OFFENCE_NONE];
}

/* "RecognizeFrame", ...; static. "" for what is none. */
static inline const char *nm_entry_text(uint32_t entry)
{
	static const char *const texts[NM_ENTRIES] = {
		[NM_ENTRY_LOAD] = "DllMain or ParserAutoInstallInfo",
		[NM_ENTRY_REGISTER] = "Register",
		[NM_ENTRY_NAMES] = "ParserFieldNames",
		[NM_ENTRY_RECOGNIZE] = "RecognizeFrame",
		[NM_ENTRY_ATTACH] = "AttachProperties",
		[NM_ENTRY_FORMAT] = "FormatProperties",
		[NM_ENTRY_THREAD] = "a thread of its own",
	};

	return entry < NM_ENTRIES ? texts[entry] : "";
}

#endif
