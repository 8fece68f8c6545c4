/* SPDX-License-Identifier: MIT */
/* capture_seeds FOLDER -- write every sample capture of the unit tests into
 * FOLDER, as the first corpus of fuzz_capture. */
#include "capture_build.h"

#include <stdio.h>

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: capture_seeds FOLDER\n");
		return 1;
	}
	for (unsigned i = 0; i < cb_n_samples; i++) {
		struct cb b = { 0 };
		char path[4096];
		FILE *f;

		cb_samples[i].make(&b);
		(void)snprintf(path, sizeof path, "%s/sample-%02u", argv[1], i);
		f = fopen(path, "wb");
		if (!f || fwrite(b.p, 1, b.n, f) != b.n || fclose(f) != 0) {
			perror(path);
			return 1;
		}
		cb_done(&b);
	}
	return 0;
}
