/* SPDX-License-Identifier: MIT */
/* Any bytes as a capsule's manifest: refused with a sentence, or understood so that
 * what is written of it is understood as the same. */
#include "host/manifest.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void check_again(const struct nm_manifest *m)
{
	static char bytes[4 * NM_MANIFEST_MOST];
	struct nm_manifest again;
	struct nm_diag d;
	int fd = memfd_create("manifest", MFD_CLOEXEC);
	ssize_t n;

	assert(fd >= 0 && nm_manifest_write(m, fd) == 0);
	n = pread(fd, bytes, sizeof bytes, 0);
	(void)close(fd);
	assert(n > 0 && nm_manifest_read(bytes, (size_t)n, &again, &d));
	assert(strcmp(m->expert_path, again.expert_path) == 0);
	assert(strcmp(m->reason, again.reason) == 0);
	assert(memcmp(&m->end, &again.end, sizeof m->end) == 0);
	assert(m->first == again.first && m->last == again.last && m->slice == again.slice);
	nm_manifest_done(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct nm_manifest m;
	struct nm_diag d = { .text = "" };

	if (n > NM_MANIFEST_MOST)
		return 0;
	if (!nm_manifest_read((const char *)p, n, &m, &d)) {
		assert(d.text[0]);
		return 0;
	}
	assert(strlen(m.expert_sha256) == NM_HASH_TEXT - 1);
	assert(m.heap_guard <= 2 && (unsigned)m.end.verdict < NM_VERDICTS);
	check_again(&m);
	nm_manifest_done(&m);
	return 0;
}
