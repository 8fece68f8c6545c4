/* SPDX-License-Identifier: MIT */
/* replay FOLDER [STEP] -- run a fuzz target over every file of a corpus and, for each,
 * over every prefix up to 4,096 bytes, or over one in STEP. Prints TAP; a finding ends the process. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static uint8_t *slurp(const char *path, size_t *ret_n)
{
	FILE *f = fopen(path, "rb");
	uint8_t *p = malloc(1 << 20);

	if (!f || !p) {
		perror(path);
		exit(1);
	}
	*ret_n = fread(p, 1, 1 << 20, f);
	(void)fclose(f);
	return p;
}

/* An exact-size copy, so that a read past the end is seen by ASan. */
static void run(const uint8_t *p, size_t n)
{
	uint8_t *copy = malloc(n ? n : 1);

	memcpy(copy, p, n);
	(void)LLVMFuzzerTestOneInput(copy, n);
	free(copy);
}

static int visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	struct dirent **list = NULL;
	int n = argc == 2 || argc == 3 ? scandir(argv[1], &list, visible, alphasort) : -1;
	size_t step = argc == 3 ? strtoul(argv[2], NULL, 10) : 1;

	if (n <= 0 || step == 0) {
		(void)fprintf(stderr, "usage: replay FOLDER [STEP], with a corpus in it\n");
		return 1;
	}
	printf("1..%d\n", n);
	for (int i = 0; i < n; i++) {
		char path[4096];
		size_t size, cut;
		uint8_t *p;

		(void)snprintf(path, sizeof path, "%s/%s", argv[1], list[i]->d_name);
		p = slurp(path, &size);
		run(p, size);
		for (cut = (size_t)i % step; cut < size && cut < 4096; cut += step)
			run(p, cut);
		printf("ok %d - %s and its prefixes\n", i + 1, list[i]->d_name);
		(void)fflush(stdout);
		free(p);
		free(list[i]);
	}
	free(list);
	return 0;
}
