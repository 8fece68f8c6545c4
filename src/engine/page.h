/* SPDX-License-Identifier: MIT */
/* engine/page.h -- text in the making, sent in large pieces.
 *
 * Owns:     nothing; it fills the speaker's room.
 * Uses:     speak.h.
 * Threads:  one.
 * Trust:    what comes from frames and parsers goes through nm_page_text, which leaves
 *           nothing in it that a terminal could take for more than text.
 */
#ifndef NM_ENGINE_PAGE_H
#define NM_ENGINE_PAGE_H

#include "engine/speak.h"

/* Of a message: what the supervisor reads at a time. */
#define NM_PAGE_BYTES (64u << 10)

struct nm_page {
	struct nm_speaker *s; /* borrowed */
	struct nm_enc o;      /* a TEXT that is being filled */
	bool colour;
};

void nm_page_init(struct nm_page *g, struct nm_speaker *s, bool colour);
/* Send what there is. False: nobody reads. */
bool nm_page_flush(struct nm_page *g);
static inline bool nm_page_is_broken(const struct nm_page *g)
{
	return g->s->broken;
}

/* n bytes of our own making. */
void nm_page_put_far(struct nm_page *g, const char *p, size_t n);
static inline void nm_page_put(struct nm_page *g, const char *p, size_t n)
{
	if (__builtin_expect(g->o.n + n > NM_PAGE_BYTES, 0)) {
		nm_page_put_far(g, p, n);
		return;
	}
	memcpy(g->o.p + g->o.n, p, n);
	g->o.n += n;
}
static inline void nm_page_puts(struct nm_page *g, const char *s)
{
	nm_page_put(g, s, strlen(s));
}
void nm_page_blanks(struct nm_page *g, unsigned n);
void nm_page_number(struct nm_page *g, uint64_t v);
/* With blanks or zeros before it, so that it has that width. */
void nm_page_padded(struct nm_page *g, uint64_t v, unsigned width, char pad);
/* Pairs of lower-case digits, with that between them; 0: nothing. */
void nm_page_hex(struct nm_page *g, const uint8_t *p, size_t n, char between);

/* Text of unknown origin: what is no printable UTF-8 becomes \xNN. Returns how many
 * characters it takes. */
size_t nm_page_text(struct nm_page *g, const char *p, size_t n);
/* As a JSON string, with its quotes. */
void nm_page_json(struct nm_page *g, const char *p, size_t n);

/* Colours, where there are any. */
enum nm_ink { NM_INK_PLAIN, NM_INK_FAINT, NM_INK_NAME, NM_INK_BAD };
void nm_page_ink(struct nm_page *g, enum nm_ink ink);

#endif
