/* SPDX-License-Identifier: MIT */
/* test_shape FOLDER -- a mutator over every file of a corpus that has frames, many
 * times. What it makes has to fit, to differ, and to have frames in one of three: else
 * it would know nothing of the shape. */
#include "shape.h"

#include "capture/capture.h"

#include <dirent.h>
#include <fcntl.h>
#include <netmon.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROUNDS 300u
#define MOST   (64u << 10)

/* In the fuzzer's place: one byte. */
size_t LLVMFuzzerMutate(uint8_t *p, size_t n, size_t most)
{
	if (n == 0 && most > 0)
		n = 1;
	if (n)
		p[n / 2] ^= 0x55;
	return n;
}

static bool has_frames(const uint8_t *p, size_t n)
{
	struct nm_capture *c = NULL;
	struct nm_diag d = { 0 };
	int fd = memfd_create("shape", MFD_CLOEXEC);
	bool is = fd >= 0 && pwrite(fd, p, n, 0) == (ssize_t)n &&
		  nm_capture_open(fd, &c, &d) == NMERR_SUCCESS;

	is = is && nm_capture_total(c, NULL) > 0;
	nm_capture_close(c);
	(void)close(fd);
	return is;
}

struct score {
	unsigned made, same, captures;
};

/* One input on and on, in memory of just the size. */
static bool run(const uint8_t *in, size_t n, size_t most, struct score *s)
{
	uint8_t *p = malloc(most);
	size_t was = n;
	bool fits = true;

	if (!p)
		exit(1);
	for (unsigned seed = 0; fits && seed < ROUNDS; seed++) {
		if (seed % 4 == 0) {
			memcpy(p, in, was);
			n = was;
		}
		n = LLVMFuzzerCustomMutator(p, n, most, seed);
		fits = n <= most;
		s->made++;
		s->same += n == was && memcmp(p, in, n) == 0;
		s->captures += fits && has_frames(p, n);
	}
	free(p);
	return fits;
}

static int visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	struct dirent **list = NULL;
	int n = argc == 2 ? scandir(argv[1], &list, visible, alphasort) : -1;
	static uint8_t in[MOST];
	struct score s = { 0 };
	bool fits = true;

	if (n <= 0) {
		(void)fprintf(stderr, "usage: test_shape FOLDER, with a corpus in it\n");
		return 1;
	}
	for (int i = 0; i < n; i++) {
		char path[4096];
		ssize_t got;
		int fd;

		(void)snprintf(path, sizeof path, "%s/%s", argv[1], list[i]->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		got = read(fd, in, sizeof in);
		(void)close(fd);
		if (got > 0 && has_frames(in, (size_t)got))
			fits &= run(in, (size_t)got, MOST, &s) &&
				run(in, (size_t)got, (size_t)got + 8, &s);
		free(list[i]);
	}
	free(list);
	printf("1..3\n%s 1 - what is made fits\n", fits ? "ok" : "not ok");
	printf("%s 2 - it differs: %u of %u\n", s.same <= s.made / 4 ? "ok" : "not ok",
	    s.made - s.same, s.made);
	printf("%s 3 - a third of it has frames: %u of %u\n",
	    s.captures >= s.made / 3 ? "ok" : "not ok", s.captures, s.made);
	return 0;
}
