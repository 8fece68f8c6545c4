/* SPDX-License-Identifier: MIT */
/* Memory that two processes see, on Linux. */
#include "system/shared.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* A mapping that outlives what it maps. */
struct lasting {
	struct lasting *next;
	char *p;
	size_t bytes;
};

static struct lasting *all_lasting;
static struct sigaction before;
static uintptr_t page;

int nm_shared_memory(const char *name)
{
	return memfd_create(name, MFD_CLOEXEC);
}

void *nm_shared_map(int fd, size_t bytes)
{
	void *p = ftruncate(fd, (off_t)bytes) == 0
		      ? mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
		      : MAP_FAILED;

	return p == MAP_FAILED ? NULL : p;
}

static void forget(const void *p)
{
	for (struct lasting **at = &all_lasting; *at; at = &(*at)->next) {
		struct lasting *l = *at;

		if (l->p != p)
			continue;
		*at = l->next;
		free(l);
		return;
	}
}

void nm_shared_unmap(void *p, size_t bytes)
{
	forget(p);
	if (p)
		(void)munmap(p, bytes);
}

static bool is_lasting(const char *at)
{
	for (const struct lasting *l = all_lasting; l; l = l->next)
		if (at >= l->p && at < l->p + l->bytes)
			return true;
	return false;
}

static void on_gone(int signo, siginfo_t *si, void *context)
{
	char *at = (char *)((uintptr_t)si->si_addr & ~(page - 1));
	int err = errno;

	(void)context;
	if (!is_lasting(at) || mmap(at, page, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		(void)sigaction(signo, &before, NULL); /* it comes again, as if nobody had asked */
	errno = err;
}

static bool watch(void)
{
	struct sigaction sa = { .sa_flags = SA_SIGINFO | SA_ONSTACK };

	page = (uintptr_t)sysconf(_SC_PAGESIZE);
	sa.sa_sigaction = on_gone;
	return sigaction(SIGBUS, &sa, &before) == 0;
}

bool nm_shared_outlive(void *p, size_t bytes)
{
	struct lasting *l = malloc(sizeof *l);

	if (!l || (!page && !watch())) {
		free(l);
		return false;
	}
	*l = (struct lasting){ all_lasting, p, bytes };
	all_lasting = l;
	return true;
}
