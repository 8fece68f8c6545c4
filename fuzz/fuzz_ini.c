/* SPDX-License-Identifier: MIT */
/* Any bytes as a person's INI file about parsers: never refused but for want of memory.
 * What it says is kept in the file, section and key it was said in; hand-off tables made
 * of it hold protocols that there are, each number once and in order; follow sets end.
 *
 * Input: which file it is (1 byte), then its text. */
#include "parse/parse.h"
#include "parse/parse_int.h"
#include "../tests/unit/idle_parser.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const ENTRYPOINTS ep = { NULL, NULL, idle_recognize, idle_attach, NULL };

static unsigned last_line;

/* One sentence a line, in order. */
static void say(void *ctx, unsigned line, const char *why)
{
	assert(!ctx && line > last_line && *why);
	last_line = line;
}

static void check_table(const char *section, const char *file, uint32_t base)
{
	HANDOFFTABLE *t;
	uint32_t n = nm_handoff_create(section, file, 1000, base, &t);

	assert((n == 0) == (t == NULL));
	for (uint32_t i = 0; i < n; i++) {
		const HANDOFFENTRY *e = &t->hot_Entries[i];
		DWORD_PTR inst = 0;

		assert(i == 0 || e[-1].hoe_ProtIdentNumber < e->hoe_ProtIdentNumber);
		assert(nm_protocol_id(e->hoe_ProtocolHandle));
		assert(nm_handoff_find(t, e->hoe_ProtIdentNumber, &inst) == e->hoe_ProtocolHandle);
		assert(inst == e->hoe_ProtocolData);
	}
	nm_handoff_destroy(t);
}

static void check_follow(const char *name)
{
	const struct protocol *p = nm_protocol_of(nm_protocol_by_name(name));

	assert(p && p->follow);
	for (struct protocol *const *f = p->follow; *f; f++)
		assert((*f)->alive);
	assert(memchr(p->info.Comment, 0, sizeof p->info.Comment));
	assert(memchr(p->info.HelpFile, 0, sizeof p->info.HelpFile));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *text;

	if (n < 1)
		return 0;
	text = malloc(n);
	assert(text);
	memcpy(text, p + 1, n - 1);
	text[n - 1] = '\0';
	last_line = 0;
	assert(nm_parsers_settings(p[0] & 1 ? "TCPIP.INI" : NULL, text, say, NULL));
	free(text);
	assert(nm_protocol_create("TCP", &ep) && nm_protocol_create("UDP", &ep) &&
	       nm_protocol_create("HTTP", &ep));
	nm_parsers_seal();
	check_table("TCP_HandoffSet", "TCPIP", 10);
	check_table("TCP_HandoffSet", "tcpip.ini", 16);
	check_follow("TCP");
	check_follow("UDP");
	check_follow("FRAME");
	nm_parsers_unload();
	return 0;
}
