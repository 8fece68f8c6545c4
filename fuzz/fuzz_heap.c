/* SPDX-License-Identifier: MIT */
/* The heap beside its model, driven by the fuzzer's bytes. A fuzzer that watches its
 * memory has a second thread, and so drives the calls of shared heaps; with
 * -rss_limit_mb=0, and in the replay of the corpus, those of one thread are driven. */
#include "heap/model.h"

#include <stdlib.h>

#define MOST_STEPS 4096

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct step steps[MOST_STEPS];
	struct model_case c = { .steps = steps };
	const char *wrong;
	size_t at = 0;

	if (n > 3 + MOST_STEPS * 4)
		n = 3 + MOST_STEPS * 4;
	model_decode(p, n, &c);
	wrong = model_run(&c, &at);
	if (wrong) {
		(void)fprintf(stderr, "step %zu: %s\n", at, wrong);
		model_print(&c, stderr);
		abort();
	}
	return 0;
}
