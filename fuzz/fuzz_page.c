/* SPDX-License-Identifier: MIT */
/* Any bytes as an event reference page: what comes out does nothing to a terminal but show
 * text, and grows with the page only.
 *
 * Input: the width of a line (1 byte), then the page. */
#include "base/eventpage.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *text;

	if (n == 0)
		return 0;
	text = nm_event_page_text((const char *)p + 1, n - 1, p[0]);
	assert(text);
	assert(nm_utf8_is_clean(text, strlen(text), false));
	assert(strlen(text) <= 32 * n);
	free(text);
	text = nm_event_page_meta((const char *)p + 1, n - 1, "severity");
	assert(!text || strlen(text) <= n);
	free(text);
	return 0;
}
