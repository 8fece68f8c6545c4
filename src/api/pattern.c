/* SPDX-License-Identifier: MIT */
/* Parts of capture filters, put together in the caller's memory. */
#include <netmon.h>
#include <string.h>

LPEXPRESSION WINAPI InitializeExpression(LPEXPRESSION Expression)
{
	if (Expression)
		memset(Expression, 0, sizeof *Expression);
	return Expression;
}

LPPATTERNMATCH WINAPI InitializePattern(
    LPPATTERNMATCH Pattern, LPVOID ptr, DWORD offset, DWORD length)
{
	if (!Pattern || offset > UINT16_MAX || (length && !ptr))
		return NULL;
	memset(Pattern, 0, sizeof *Pattern);
	Pattern->OffsetBasis = OFFSET_BASIS_RELATIVE_TO_FRAME;
	Pattern->Offset = (WORD)offset;
	Pattern->Length = (WORD)(length < MAX_PATTERN_LENGTH ? length : MAX_PATTERN_LENGTH);
	if (length)
		memcpy(Pattern->PatternToMatch, ptr, Pattern->Length);
	return Pattern;
}

/* Patterns in all terms; MAX_PATTERNS, too, for what is no expression. */
static DWORD patterns_in(const EXPRESSION *e)
{
	DWORD n = 0;

	if (e->nAndExps > MAX_PATTERNS)
		return MAX_PATTERNS;
	for (DWORD i = 0; i < e->nAndExps; i++) {
		if (e->AndExp[i].nPatternMatches > MAX_PATTERNS)
			return MAX_PATTERNS;
		n += e->AndExp[i].nPatternMatches;
	}
	return n;
}

static LPEXPRESSION add(LPEXPRESSION e, LPPATTERNMATCH p, WINBOOL new_term)
{
	ANDEXP *term;

	if (!e || !p || patterns_in(e) >= MAX_PATTERNS)
		return NULL;
	if (new_term || e->nAndExps == 0) {
		if (e->nAndExps == MAX_PATTERNS)
			return NULL;
		e->AndExp[e->nAndExps++].nPatternMatches = 0;
	}
	term = &e->AndExp[e->nAndExps - 1];
	term->PatternMatch[term->nPatternMatches++] = *p;
	return e;
}

LPEXPRESSION WINAPI AndExpression(LPEXPRESSION Expression, LPPATTERNMATCH Pattern)
{
	return add(Expression, Pattern, TRUE);
}

LPEXPRESSION WINAPI OrExpression(LPEXPRESSION Expression, LPPATTERNMATCH Pattern)
{
	return add(Expression, Pattern, FALSE);
}

LPPATTERNMATCH WINAPI NegatePattern(LPPATTERNMATCH Pattern)
{
	if (Pattern)
		Pattern->Flags ^= PATTERN_MATCH_FLAGS_NOT;
	return Pattern;
}

LPADDRESSTABLE2 WINAPI AdjustOperatorPrecedence(LPADDRESSTABLE2 AddressTable)
{
	ADDRESSPAIR2 sorted[MAX_ADDRESS_PAIRS];
	DWORD n, to = 0;

	if (!AddressTable)
		return NULL;
	n = AddressTable->nAddressPairs < MAX_ADDRESS_PAIRS ? AddressTable->nAddressPairs
							    : MAX_ADDRESS_PAIRS;
	for (int others = 0; others < 2; others++)
		for (DWORD i = 0; i < n; i++) {
			const ADDRESSPAIR2 *p = &AddressTable->AddressPair[i];

			if (((p->AddressFlags & ADDRESS_FLAGS_EXCLUDE) == 0) == (others != 0))
				sorted[to++] = *p;
		}
	if (n)
		memcpy(AddressTable->AddressPair, sorted, n * sizeof *sorted);
	return AddressTable;
}
