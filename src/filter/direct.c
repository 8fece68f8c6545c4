/* SPDX-License-Identifier: MIT */
/* Comparisons that need no property: a number or an address at a place that its parser has
 * promised, with a constant. Most filters are made of these. */
#include "filter/direct.h"
#include "base/bytes.h"

#include <string.h>

/* n bytes, 1 to 8, as they are ordered. */
static inline uint64_t read_number(const uint8_t *p, unsigned n, bool little)
{
	uint64_t v = 0;

	switch (n) {
	case 1: return *p;
	case 2: v = nm_be16(p); break;
	case 4: v = nm_be32(p); break;
	default:
		for (unsigned i = 0; i < n; i++)
			v = v << 8 | p[i];
	}
	return little ? __builtin_bswap64(v) >> (64 - 8 * n) : v;
}

/* ---- making one ------------------------------------------------------------------------ */

/* Are values of all rows read alike? */
static bool are_alike(const struct nm_field *rows, uint32_t n)
{
	const PROPERTYINFO *info;

	for (uint32_t i = 0; i < n; i++) {
		info = (const PROPERTYINFO *)rows[i].property;
		if (!rows[i].property || rows[i].type != rows->type || rows[i].mask != rows->mask ||
		    rows[i].fixed_flags != rows->fixed_flags ||
		    rows[i].fixed_bytes != rows->fixed_bytes ||
		    info->DataQualifier == PROP_QUAL_ARRAY)
			return false;
	}
	return n > 0;
}

static bool take_address(struct nm_direct *d, uint32_t bytes, const struct nm_value *c)
{
	uint32_t bits = c->masked ? c->bits : 8 * bytes, low = bytes > 8 ? 8 : bytes;

	if (c->kind != VALUE_ADDRESS || c->n != bytes || bits > 8 * bytes || bits == 0)
		return false;
	for (uint32_t i = 0; i < bytes; i++) {
		uint32_t word = i / low, of = bits > 8 * i ? bits - 8 * i : 0;
		uint8_t mask = of >= 8 ? 0xFF : (uint8_t)(0xFF00u >> of);

		d->mask[word] = d->mask[word] << 8 | mask;
		d->want[word] = d->want[word] << 8 | (c->p[i] & mask);
	}
	d->kind = bytes > 8 ? DIRECT_LONG_ADDRESS : DIRECT_ADDRESS;
	return true;
}

static bool take_number(struct nm_direct *d, uint32_t mask, const struct nm_value *c)
{
	if (c->kind != VALUE_NUMBER && c->kind != VALUE_SIGNED)
		return false;
	d->kind = DIRECT_NUMBER;
	d->number = c->number;
	d->mask[0] = mask ? mask : UINT64_MAX;
	d->shift = mask ? (uint8_t)__builtin_ctz(mask) : 0;
	return true;
}

void nm_direct_make(const struct nm_program *p, struct nm_test *t)
{
	const struct nm_operand *left = &p->operands[t->left], *right = &p->operands[t->right];
	struct nm_direct d = { .kind = DIRECT_NOT };
	enum nm_value_kind kind;
	uint32_t bytes;

	if (t->kind != TEST_COMPARE || t->all || t->no_case || left->kind != OPERAND_FIELD ||
	    left->layer || right->kind != OPERAND_CONST || !are_alike(left->rows, left->n))
		return;
	kind = nm_value_kind_of(left->rows->type, &bytes);
	if (bytes == 0 || bytes != left->rows->fixed_bytes)
		return;
	d.bytes = (uint8_t)bytes;
	d.little = !nm_value_is_big_endian(left->rows->type, left->rows->fixed_flags);
	if (kind == VALUE_ADDRESS && t->how == COMPARE_EQUAL && bytes <= 16 &&
	    (bytes <= 8 || bytes == 16) && take_address(&d, bytes, &right->value))
		t->direct = d;
	if ((kind == VALUE_NUMBER || kind == VALUE_SIGNED) && t->how <= COMPARE_LESS_EQUAL &&
	    take_number(&d, left->rows->mask, &right->value))
		t->direct = d;
}

/* ---- judging a frame ------------------------------------------------------------------- */

static inline bool holds(int64_t v, enum nm_compare how, int64_t c)
{
	switch (how) {
	case COMPARE_EQUAL: return v == c;
	case COMPARE_NOT_EQUAL: return v != c;
	case COMPARE_GREATER: return v > c;
	case COMPARE_LESS: return v < c;
	case COMPARE_GREATER_EQUAL: return v >= c;
	default: return v <= c;
	}
}

static inline bool is_it(const struct nm_direct *d, enum nm_compare how, const uint8_t *p)
{
	uint64_t v;

	switch (d->kind) {
	case DIRECT_NUMBER:
		v = read_number(p, d->bytes, d->little);
		return holds((int64_t)((v & d->mask[0]) >> d->shift), how, d->number);
	case DIRECT_ADDRESS: return (read_number(p, d->bytes, false) & d->mask[0]) == d->want[0];
	default:
		return (read_number(p, 8, false) & d->mask[0]) == d->want[0] &&
		       (read_number(p + 8, 8, false) & d->mask[1]) == d->want[1];
	}
}

enum nm_direct_answer nm_direct_test(
    const struct nm_program *program, const struct nm_test *t, struct nm_parse *p)
{
	const struct nm_operand *left = &program->operands[t->left];
	const RECOGNIZEDATATABLE *found = nm_parse_recognize(p);
	enum nm_direct_answer answer = DIRECT_FALSE;

	for (unsigned k = 1; k < found->nRecognizeDatas; k++)
		for (uint32_t r = 0; r < left->n; r++) {
			const uint8_t *value;

			if (left->rows[r].protocol != found->RecognizeData[k].ProtocolID)
				continue;
			switch (nm_parse_fixed_bytes(p, &left->rows[r], k, &value)) {
			case NM_FIXED_THERE:
				if (is_it(&t->direct, (enum nm_compare)t->how, value))
					return DIRECT_TRUE;
				break;
			case NM_FIXED_CUT: answer = DIRECT_UNKNOWN; break;
			default: break;
			}
		}
	return answer;
}
