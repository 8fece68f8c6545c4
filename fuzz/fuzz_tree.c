/* SPDX-License-Identifier: MIT */
/* Any bytes as what the engine says of a frame: what gets into the page is text, inside the
 * elements of a frame, all of which end. */
#include "base/utf8.h"
#include "report/html.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#define MOST 262144u /* bytes of page for a frame, beside its bytes and texts of its heading */

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const char *const elements[] = { "details class=frame id=f1-", "/details>", "summary>",
	"/summary>", "small>", "/small>", "p>", "ul class=tree>", "ul>", "/ul>", "li>",
	"li class=e>", "li data-b=", "br>", "pre class=bytes>", "/pre>" };

static bool is_ours(const char *tag)
{
	for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
		if (strncmp(tag, elements[i], strlen(elements[i])) == 0)
			return true;
	return false;
}

static void check_page(const char *page)
{
	int lists = 0, frames = 0;

	for (const char *at = page; (at = strchr(at, '<')) != NULL;) {
		const char *tag = ++at;

		assert(is_ours(tag));
		assert(tag[strcspn(tag, "<>\"'&\n")] == '>');
		lists += strncmp(tag, "ul", 2) == 0;
		lists -= strncmp(tag, "/ul", 3) == 0;
		frames += strncmp(tag, "details", 7) == 0;
		frames -= strncmp(tag, "/details", 8) == 0;
		assert(lists >= 0 && lists <= 16 && frames >= 0 && frames <= 1);
	}
	assert(lists == 0 && frames == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct nm_buf b = { 0 };
	uint32_t number = nm_html_tree(&b, 1, (const char *)p, n);

	assert(!b.failed);
	assert((number == NM_NO_FRAME) == (b.n == 0));
	if (b.n) {
		assert(nm_utf8_is_clean(b.data, b.n, false));
		assert(b.n <= MOST + 24 * n);
		check_page(b.data);
	}
	nm_buf_done(&b);
	return 0;
}
