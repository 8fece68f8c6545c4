/* SPDX-License-Identifier: MIT */
/* How fast captures are indexed and walked, beside reading the file alone and,
 * where libpcap is there, its own loop. Prints medians of one run, programs
 * alternating within a round: absolute figures move from machine to machine,
 * their ratios do not. Reading every byte is compared with libpcap's loop that does.
 *
 *   capture_walk FILE [ROUNDS]
 */
#include "capture/capture.h"
#include "every_byte.h"

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
static uint64_t read_in(const char *path, size_t piece)
{
	static char buf[1 << 20];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t bytes = 0;
	ssize_t n;

	if (fd < 0)
		return 0;
	while ((n = read(fd, buf, piece)) > 0)
		bytes += (uint64_t)n;
	(void)close(fd);
	return bytes;
}

static uint64_t read_small(const char *path)
{
	return read_in(path, 256u << 10);
}

static uint64_t read_big(const char *path)
{
	return read_in(path, 1u << 20);
}

/* What of each frame is looked at. */
enum look { HEAD, LINES, BYTES };

static uint64_t look_at(enum look look, const uint8_t *p, uint32_t n)
{
	uint64_t sum = n;

	if (look == LINES)
		for (uint32_t i = 0; i < n; i += 64)
			sum += p[i];
	return look == BYTES ? sum + every_byte(p, n) : sum;
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

static uint64_t walk(const char *path, bool backward, enum look look)
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
		sum += look_at(look, f.record + 16, len);
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
	return walk(path, false, HEAD);
}

static uint64_t walk_lines(const char *path)
{
	return walk(path, false, LINES);
}

static uint64_t walk_bytes(const char *path)
{
	return walk(path, false, BYTES);
}

static uint64_t walk_backward(const char *path)
{
	return walk(path, true, HEAD);
}

#ifdef HAVE_PCAP
static uint64_t libpcap(const char *path, enum look look)
{
	char err[PCAP_ERRBUF_SIZE];
	pcap_t *p = pcap_open_offline(path, err);
	struct pcap_pkthdr *h;
	const u_char *data;
	uint64_t n = 0, sum = 0;

	if (!p)
		return 0;
	while (pcap_next_ex(p, &h, &data) == 1) {
		sum += look_at(look, data, h->caplen);
		n++;
	}
	*(volatile uint64_t *)&sum = sum;
	pcap_close(p);
	return n;
}

static uint64_t libpcap_heads(const char *path)
{
	return libpcap(path, HEAD);
}

static uint64_t libpcap_bytes(const char *path)
{
	return libpcap(path, BYTES);
}
#endif

static const struct job {
	const char *name;
	uint64_t (*run)(const char *path);
	bool frames; /* what it returns counts frames, not bytes */
	enum look look;
} jobs[] = {
#ifdef HAVE_PCAP
	{ "libpcap pcap_next_ex", libpcap_heads, true, HEAD },
	{ "libpcap, every byte", libpcap_bytes, true, BYTES },
#endif
	{ "read(2), 256 KiB", read_small, false, HEAD },
	{ "read(2), 1 MiB", read_big, false, HEAD },
	{ "index", index_all, true, HEAD },
	{ "walk forward", walk_forward, true, HEAD },
	{ "walk forward, every cache line", walk_lines, true, LINES },
	{ "walk forward, every byte", walk_bytes, true, BYTES },
	{ "index, then walk backward", walk_backward, true, HEAD },
};

#define JOBS       (sizeof jobs / sizeof *jobs)
#define MAX_ROUNDS 99

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The median of libpcap's loop that looks at as much; 0: there is none. */
static double peer(double (*t)[MAX_ROUNDS], int rounds, enum look look)
{
	for (size_t j = 0; j < JOBS; j++)
		if (strncmp(jobs[j].name, "libpcap", 7) == 0 && jobs[j].look == look)
			return t[j][rounds / 2];
	return 0;
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
	(void)read_small(argv[1]);
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
	for (size_t j = 0; j < JOBS; j++)
		qsort(t[j], (size_t)rounds, sizeof t[j][0], by_value);
	printf("%-32s %10s %10s %12s %10s\n", "job", "ms", "Mframes/s", "frames", "x libpcap");
	for (size_t j = 0; j < JOBS; j++) {
		double ms = t[j][rounds / 2], theirs = peer(t, rounds, jobs[j].look);

		printf("%-32s %10.2f %10.2f %12llu", jobs[j].name, ms * 1e3,
		    (double)frames / ms / 1e6,
		    (unsigned long long)(jobs[j].frames ? got[j] : frames));
		printf(theirs > 0 ? " %10.2f\n" : "\n", theirs / ms);
	}
	return 0;
}
