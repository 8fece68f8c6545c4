/* SPDX-License-Identifier: MIT */
/* How fast captures are indexed and walked, beside reading the file alone and,
 * where libpcap is there, its own loop. Prints medians of one run, programs
 * alternating within a round: absolute figures move from machine to machine,
 * their ratios do not.
 *
 *   capture_walk FILE [ROUNDS]
 */
#include "capture/capture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#ifdef HAVE_PCAP
#include <pcap/pcap.h>
#endif

static double now_s(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Each job returns the frames it saw; 0: it could not. */
static uint64_t just_read(const char *path)
{
	static char buf[256 << 10];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t bytes = 0;
	ssize_t n;

	if (fd < 0)
		return 0;
	while ((n = read(fd, buf, sizeof buf)) > 0)
		bytes += (uint64_t)n;
	(void)close(fd);
	return bytes;
}

static struct nm_capture *must_open(const char *path, int *ret_fd)
{
	struct nm_diag d;
	struct nm_capture *c;

	*ret_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*ret_fd < 0 || nm_capture_open(*ret_fd, &c, &d)) {
		fprintf(stderr, "capture_walk: %s\n", *ret_fd < 0 ? path : d.text);
		exit(2);
	}
	return c;
}

static uint64_t index_all(const char *path)
{
	int fd;
	struct nm_capture *c = must_open(path, &fd);
	uint64_t n;

	(void)nm_capture_index(c, 0);
	n = nm_capture_indexed(c);
	nm_capture_close(c);
	(void)close(fd);
	return n;
}

static uint64_t walk(const char *path, bool backward, bool bytes)
{
	int fd;
	struct nm_capture *c = must_open(path, &fd);
	uint32_t total = backward ? nm_capture_total(c, NULL) : UINT32_MAX;
	struct nm_view *v = nm_view_new(c, 1);
	struct nm_frame f;
	uint64_t n = 0, sum = 0;

	for (uint32_t i = 0; i < total; i++) {
		uint32_t len;

		if (nm_view_frame(v, backward ? total - 1 - i : i, &f))
			break;
		memcpy(&len, f.record + 12, 4);
		sum += len;
		if (bytes)
			for (uint32_t k = 0; k < len; k += 64)
				sum += f.record[16 + k];
		n++;
	}
	*(volatile uint64_t *)&sum = sum;
	nm_view_free(v);
	nm_capture_close(c);
	(void)close(fd);
	return n;
}

static uint64_t walk_forward(const char *path)
{
	return walk(path, false, false);
}

static uint64_t walk_lines(const char *path)
{
	return walk(path, false, true);
}

static uint64_t walk_backward(const char *path)
{
	return walk(path, true, false);
}

#ifdef HAVE_PCAP
static uint64_t libpcap_loop(const char *path)
{
	char err[PCAP_ERRBUF_SIZE];
	pcap_t *p = pcap_open_offline(path, err);
	struct pcap_pkthdr *h;
	const u_char *data;
	uint64_t n = 0, sum = 0;

	if (!p)
		return 0;
	while (pcap_next_ex(p, &h, &data) == 1) {
		sum += h->caplen;
		n++;
	}
	*(volatile uint64_t *)&sum = sum;
	pcap_close(p);
	return n;
}
#endif

static const struct job {
	const char *name;
	uint64_t (*run)(const char *path);
	bool frames; /* what it returns counts frames, not bytes */
} jobs[] = {
	{ "read(2), 256 KiB", just_read, false },
#ifdef HAVE_PCAP
	{ "libpcap pcap_next_ex", libpcap_loop, true },
#endif
	{ "index", index_all, true },
	{ "walk forward", walk_forward, true },
	{ "walk forward, every cache line", walk_lines, true },
	{ "index, then walk backward", walk_backward, true },
};

#define JOBS       (sizeof jobs / sizeof *jobs)
#define MAX_ROUNDS 99

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	static double t[JOBS][MAX_ROUNDS];
	uint64_t got[JOBS] = { 0 }, frames = 0;
	int rounds = argc > 2 ? atoi(argv[2]) : 7;

	if (argc < 2 || rounds < 1 || rounds > MAX_ROUNDS) {
		fprintf(stderr, "usage: capture_walk FILE [ROUNDS]\n");
		return 1;
	}
	(void)just_read(argv[1]);
	for (int r = 0; r < rounds; r++) {
		for (size_t j = 0; j < JOBS; j++) {
			double t0 = now_s();

			got[j] = jobs[j].run(argv[1]);
			t[j][r] = now_s() - t0;
		}
	}
	for (size_t j = 0; j < JOBS; j++)
		if (jobs[j].frames && got[j] > frames)
			frames = got[j];
	printf("%-32s %10s %10s %12s\n", "job", "ms", "Mframes/s", "frames");
	for (size_t j = 0; j < JOBS; j++) {
		qsort(t[j], (size_t)rounds, sizeof t[j][0], by_value);
		printf("%-32s %10.2f %10.2f %12llu\n", jobs[j].name, t[j][rounds / 2] * 1e3,
		    (double)frames / t[j][rounds / 2] / 1e6,
		    (unsigned long long)(jobs[j].frames ? got[j] : frames));
	}
	return 0;
}
