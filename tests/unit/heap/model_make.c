/* SPDX-License-Identifier: MIT */
/* Where cases come from: a seed, bytes, a text. */
#include "model.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[STEP_KINDS] = {
	"alloc",
	"free",
	"resize",
	"ask",
	"dirty",
	"freed",
	"inside",
	"past",
	"before",
	"foreign",
	"number",
	"stats",
	"renew",
};

static uint64_t next(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s >> 11;
}

/* Mostly small; now and then around a limit of the heap; rarely large. */
static uint32_t random_size(uint64_t *s, uint32_t most)
{
	static const uint32_t edges[] = { 0, 16, 256, 1024, 4096, 8192, 16384, 32768, 65536,
		262144 };
	uint64_t r = next(s);
	uint32_t n;

	switch (r % 16) {
	case 0: n = edges[r / 16 % 10] + (uint32_t)(r / 256 % 5) - 2; break;
	case 1: n = (uint32_t)(r / 16 % 400000); break;
	case 2:
	case 3: n = (uint32_t)(r / 16 % 20000); break;
	case 4:
	case 5: n = (uint32_t)(r / 16 % 2000); break;
	default: n = (uint32_t)(r / 16 % 300); break;
	}
	return n > most ? n % (most + 1) : n;
}

/* How often each kind comes, of 64. */
static const uint8_t weights[STEP_KINDS] = { 18, 14, 8, 2, 2, 6, 4, 2, 1, 2, 2, 2, 0 };

static enum step_kind random_kind(uint64_t *s)
{
	uint64_t r = next(s);
	unsigned left = (unsigned)(r % 64);
	unsigned k = 0;

	if (r / 64 % 2048 == 0)
		return STEP_RENEW;
	while (k < STEP_STATS && left >= weights[k])
		left -= weights[k++];
	return (enum step_kind)k;
}

void model_random(uint64_t seed, size_t count, struct model_case *ret)
{
	static const uint32_t quotas[] = { 0, 1024, 4096, 20000, 64,
		sizeof(void *) > 4 ? 300000 : 100000 /* guarded it has to fit below two GiB */ };
	static const uint32_t delays[] = { 0, 0, 0, 1, 40, 3000 };
	uint64_t s = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15) | 1;
	uint32_t most, ids;

	for (int i = 0; i < 8; i++)
		(void)next(&s);
	ret->quota_kib = quotas[next(&s) % 6];
	ret->delay = delays[next(&s) % 6];
	ret->guard = next(&s) % 8 == 0 ? (uint32_t)(next(&s) % 4) : 0;
	ret->count = count;
	most = next(&s) % 3 == 0 ? 100 : UINT32_MAX - 1;
	ids = 1 + (uint32_t)(next(&s) % MODEL_IDS);
	for (size_t i = 0; i < count; i++) {
		struct step *t = &ret->steps[i];

		t->kind = (uint8_t)random_kind(&s);
		t->id = (uint8_t)(next(&s) % ids);
		t->n = t->kind == STEP_FOREIGN || t->kind == STEP_NUMBER ? (uint32_t)next(&s)
									 : random_size(&s, most);
	}
}

/* Four bytes a step; the size is bent so that all magnitudes come up. */
void model_decode(const uint8_t *p, size_t n, struct model_case *ret)
{
	ret->quota_kib = n > 0 ? (uint32_t)p[0] * p[0] * 16 : 0;
	ret->delay = n > 1 ? (uint32_t)(p[1] & 15) * (p[1] >> 4) : 0;
	ret->guard = n > 2 ? p[2] & 3 : 0;
	ret->count = n > 3 ? (n - 3) / 4 : 0;
	for (size_t i = 0; i < ret->count; i++) {
		const uint8_t *q = p + 3 + i * 4;
		uint32_t low = q[2] | (uint32_t)(q[3] & 15) << 8;

		ret->steps[i] = (struct step){
			.kind = q[0] % STEP_KINDS,
			.id = q[1] % MODEL_IDS,
			.n = low << ((q[3] >> 4) % 10),
		};
	}
}

void model_print(const struct model_case *c, FILE *out)
{
	(void)fprintf(out, "quota %u\ndelay %u\nguard %u\n", c->quota_kib, c->delay, c->guard);
	for (size_t i = 0; i < c->count; i++)
		(void)fprintf(
		    out, "%s %u %u\n", names[c->steps[i].kind], c->steps[i].id, c->steps[i].n);
}

static bool parse_step(const char *word, unsigned id, unsigned n, struct step *ret)
{
	for (unsigned k = 0; k < STEP_KINDS; k++)
		if (strcmp(word, names[k]) == 0 && id < MODEL_IDS) {
			*ret = (struct step){ .kind = (uint8_t)k, .id = (uint8_t)id, .n = n };
			return true;
		}
	return false;
}

/* Lines beginning with # are comments. */
bool model_parse(FILE *in, struct model_case *ret)
{
	size_t room = 0;
	char line[200], word[16];
	unsigned a, b;

	*ret = (struct model_case){ 0 };
	if (fscanf(in, " quota %u delay %u guard %u ", &ret->quota_kib, &ret->delay, &ret->guard) !=
	    3)
		return false;
	while (fgets(line, sizeof line, in)) {
		if (line[0] == '#' || line[0] == '\n')
			continue;
		if (ret->count == room) {
			room = room ? room * 2 : 64;
			ret->steps = realloc(ret->steps, room * sizeof *ret->steps);
		}
		if (!ret->steps || sscanf(line, "%15s %u %u", word, &a, &b) != 3 ||
		    !parse_step(word, a, b, &ret->steps[ret->count]))
			return false;
		ret->count++;
	}
	return true;
}
