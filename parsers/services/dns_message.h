/* SPDX-License-Identifier: MIT */
/* services/dns_message.h -- what messages of DNS (RFC 1035, 4.1) and of NetBIOS' name service
 * (RFC 1002, 4.2) have in common: the head, four sections of entries, a record's end.
 *
 * Threads:  no state.
 * Trust:    counts and lengths are hostile: entries are bounded in number, and by what is there.
 */
#ifndef PARSERS_SERVICES_DNS_MESSAGE_H
#define PARSERS_SERVICES_DNS_MESSAGE_H

#include "../common/lines.h"
#include "dns_name.h"

#define MESSAGE_HEADER   12u
#define MESSAGE_RESPONSE 0x8000u /* of the flags */
#define QUESTION_FIXED   4u      /* bytes of a question behind its name: type and class */

/* The rows of a head, from one of the table on. */
enum {
	HEAD_ID,
	HEAD_FLAGS,
	HEAD_OPCODE,
	HEAD_RESPONSE_FLAGS, /* the flags once more, for what only a response has */
	HEAD_RCODE,
	HEAD_QUESTIONS,
	HEAD_ANSWERS,
	HEAD_AUTHORITIES,
	HEAD_ADDITIONALS,
	HEAD_MISSING,
	HEAD_ROWS
};

/* Bits of the flags. */
#define MESSAGE_FLAG_BITS                                                                          \
	{ 15, L("Query"), L("Response") },                                                         \
	    { 10, L("Not authoritative"), L("Authoritative answer") },                             \
	    { 9, L("Not truncated"), L("Truncated") },                                             \
	    { 8, L("No recursion desired"), L("Recursion desired") },                              \
	{                                                                                          \
		7, L("No recursion available"), L("Recursion available")                           \
	}

#define MESSAGE_HEAD(first_, name_, flags_, opcodes_, rcodes_)                                     \
	[(first_) +                                                                                \
	    HEAD_ID] = { "Transaction Identifier", name_ ".id", U16(0) },                          \
	    [(first_) + HEAD_FLAGS] = { "Flags", name_ ".flags", U16(2), FLAGS(flags_) },          \
	    [(first_) + HEAD_OPCODE] = { "Operation", name_ ".flags.opcode", BITS16(2, 0x7800),    \
		    LABELED(opcodes_) },                                                           \
	    [(first_) +                                                                            \
		HEAD_RESPONSE_FLAGS] = { "Response Flags", NULL, U16(2), .level = HIDDEN },        \
	    [(first_) + HEAD_RCODE] = { "Response Code", name_ ".flags.rcode", BITS16(2, 0x000F),  \
		    LABELED(rcodes_) },                                                            \
	    [(first_) + HEAD_QUESTIONS] = { "Questions", name_ ".count.queries", U16(4) },         \
	    [(first_) + HEAD_ANSWERS] = { "Answers", name_ ".count.answers", U16(6) },             \
	    [(first_) + HEAD_AUTHORITIES] = { "Authorities", name_ ".count.auth_rr", U16(8) },     \
	    [(first_) +                                                                            \
		HEAD_ADDITIONALS] = { "Additional Records", name_ ".count.add_rr", U16(10) },      \
	    [(first_) + HEAD_MISSING] = { "Missing Entries", NULL, LE_U16(0) }

/* The head as far as it is there: rows from `first` on, without HEAD_MISSING. */
void head_attach(const struct header *h, const struct field *first);

/* The entry at `at` of a section, 0 to 3; where the next one begins, which may be beyond
 * the end. */
typedef DWORD (*entry_attach)(const void *context, unsigned section, DWORD at);

/* All entries that the head counts; what a section lacks is attached as an error. `first`
 * is the head's first row. Where the message ends. */
DWORD sections_attach(
    const struct header *h, const struct field *first, entry_attach entry, const void *context);

/* The length row of a record whose name ends at `at`, and in *ret the data that is there
 * of it; where the next record begins. */
DWORD data_attach(const struct header *h, const struct field *length, DWORD at, struct part *ret);

/* What the set calls the number, or `word` and the number. */
void put_code(
    LPPROPERTYINST i, const char *before, struct _SET *set, WORD number, const char *word);

#endif
