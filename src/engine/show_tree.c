/* SPDX-License-Identifier: MIT */
/* A frame as a tree of properties, and its bytes. */
#include "engine/show.h"

#define INDENT    4u  /* blanks a level */
#define LEVEL_OFF 15u /* a property that is not shown */
#define A_LINE    16u /* bytes */

static void heading(struct nm_show *s, const struct nm_shown *f)
{
	nm_page_ink(&s->page, NM_INK_FAINT);
	nm_page_puts(&s->page, "Frame ");
	nm_page_number(&s->page, (uint64_t)f->number + 1);
	nm_page_puts(&s->page, ": ");
	nm_page_number(&s->page, f->wire);
	nm_page_puts(&s->page, f->wire == 1 ? " byte on the wire, " : " bytes on the wire, ");
	nm_page_number(&s->page, f->stored);
	nm_page_puts(&s->page, " captured");
	if (f->ns != NM_NO_TIME) {
		nm_page_puts(&s->page, ", ");
		nm_show_clock(s, f, NM_CLOCK_DATE);
		nm_page_puts(&s->page, " UTC, ");
		nm_show_clock(s, f, NM_CLOCK_RELATIVE);
		nm_page_puts(&s->page, " s");
	}
	nm_page_ink(&s->page, NM_INK_PLAIN);
	nm_page_put(&s->page, "\n", 1);
}

/* Lines of a text, each after the blanks; what stands before the first is there. */
static void put_lines(struct nm_show *s, const char *text, unsigned blanks)
{
	size_t n = strcspn(text, "\n");

	(void)nm_page_text(&s->page, text, n);
	while (text[n]) {
		text += n + 1;
		n = strcspn(text, "\n");
		nm_page_put(&s->page, "\n", 1);
		nm_page_blanks(&s->page, blanks);
		(void)nm_page_text(&s->page, text, n);
	}
}

static void put_property(struct nm_show *s, const PROPERTYINST *i)
{
	const char *text = nm_show_text(s, i);

	if (!*text || i->Level == LEVEL_OFF)
		return;
	nm_page_blanks(&s->page, INDENT * (i->Level ? i->Level : 1));
	put_lines(s, text, INDENT * (i->Level ? i->Level : 1));
	if (i->IFlags & IFLAG_ERROR) {
		nm_page_ink(&s->page, NM_INK_BAD);
		nm_page_puts(&s->page, " [error]");
		nm_page_ink(&s->page, NM_INK_PLAIN);
	}
	nm_page_put(&s->page, "\n", 1);
}

/* The first property is the summary, behind the protocol's name. */
static void put_protocol(struct nm_show *s, const struct nm_shown *f, unsigned i)
{
	const char *name = s->roles[f->protocols->RecognizeData[i].ProtocolID].name;
	unsigned n, k = 0;
	const PROPERTYINST *p = nm_show_instances(f, i, &n);
	bool bad = n && p->IFlags & IFLAG_ERROR;

	nm_page_ink(&s->page, bad ? NM_INK_BAD : NM_INK_NAME);
	(void)nm_page_text(&s->page, name, strlen(name));
	nm_page_ink(&s->page, NM_INK_PLAIN);
	if (n && p->Level == 0) {
		nm_page_put(&s->page, ": ", 2);
		put_lines(s, nm_show_text(s, p), INDENT);
		k = 1;
	}
	if (bad && k)
		nm_page_puts(&s->page, " [error]");
	nm_page_put(&s->page, "\n", 1);
	for (; k < n && !nm_page_is_broken(&s->page); k++)
		put_property(s, &p[k]);
}

void nm_show_tree(struct nm_show *s, const struct nm_shown *f)
{
	heading(s, f);
	for (unsigned i = 0; i < f->protocols->nRecognizeDatas; i++)
		put_protocol(s, f, i);
}

/* As tshark -x prints them, so that what reads that reads this. */
void nm_show_bytes(struct nm_show *s, const struct nm_shown *f)
{
	static const char hex[] = "0123456789abcdef";
	unsigned digits = f->stored > 0x10000 ? 8 : 4;

	for (uint32_t at = 0; at < f->stored && !nm_page_is_broken(&s->page); at += A_LINE) {
		char line[8 + 1 + 3 * A_LINE + 3 + A_LINE + 1];
		size_t n = f->stored - at < A_LINE ? f->stored - at : A_LINE, o = 0;
		const uint8_t *p = f->data + at;

		for (unsigned k = digits; k-- > 0;)
			line[o++] = hex[at >> 4 * k & 15];
		line[o++] = ' ';
		for (size_t k = 0; k < A_LINE; k++) {
			line[o++] = ' ';
			line[o++] = k < n ? hex[p[k] >> 4] : ' ';
			line[o++] = k < n ? hex[p[k] & 15] : ' ';
		}
		memcpy(line + o, "   ", 3);
		o += 3;
		for (size_t k = 0; k < n; k++)
			line[o++] = p[k] >= 0x20 && p[k] < 0x7f ? (char)p[k] : '.';
		line[o++] = '\n';
		nm_page_put(&s->page, line, o);
	}
}
