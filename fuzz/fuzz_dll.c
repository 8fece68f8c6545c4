/* SPDX-License-Identifier: MIT */
/* Any bytes as a Windows library: one clean line comes out, and nothing is read that is not
 * there. Input: the file. */
#include "base/dll.h"
#include "base/utf8.h"
#include "../tests/unit/file_bytes.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static bool has_library(void *ctx, enum nm_pe_machine machine, const char *name)
{
	(void)ctx;
	assert(strlen(name) < NM_PE_NAME);
	return machine == NM_PE_X64 && name[0] == 'n';
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct nm_dll_search search = { has_library, NULL };
	struct file_bytes b = { p, n };
	struct nm_dll got;

	assert(nm_dll_look(&got, file_bytes_read, &b, n, &search) == got.usable);
	assert(got.text[0] && nm_utf8_is_clean(got.text, strlen(got.text), false));
	assert(!got.usable || strncmp(got.text, "an expert for Windows", 21) == 0);
	return 0;
}
