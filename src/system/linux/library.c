/* SPDX-License-Identifier: MIT */
/* Is a file a shared object that can be loaded here? */
#include "system/library.h"
#include "base/bytes.h"
#include "base/dll.h"
#include "base/nmerr.h"

#include <netmon.h>

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMES_MAX 1024 /* objects that can be open by number at a time */

#if defined(__x86_64__)
#define OUR_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OUR_MACHINE EM_AARCH64
#elif defined(__i386__)
#define OUR_MACHINE EM_386
#else
#define OUR_MACHINE EM_NONE
#endif

static const char *machine_name(unsigned machine)
{
	switch (machine) {
	case EM_X86_64: return "x86-64";
	case EM_AARCH64: return "arm64";
	case EM_386: return "32-bit x86";
	case EM_ARM: return "32-bit ARM";
	case EM_RISCV: return "RISC-V";
	case EM_PPC64: return "64-bit PowerPC";
	default: return "another kind of machine";
	}
}

static bool refuse(struct nm_diag *d, const char *text)
{
	(void)nm_diag_set(d, NMERR_LOAD_EXPERT_FAILED, NM_NO_OFFSET, "%s", text);
	return false;
}

static bool check_elf(const uint8_t *head, size_t n, struct nm_diag *d)
{
	unsigned machine;

	if (n == 0)
		return refuse(d, "the file is empty, not a shared object");
	if (n < 20 || memcmp(head, ELFMAG, SELFMAG) != 0)
		return refuse(
		    d, "not a shared object (no ELF header); build it with cc -shared -fPIC");
	if (head[EI_DATA] != ELFDATA2LSB)
		return refuse(d, "built for a big-endian machine");
	machine = nm_le16(head + 18);
	if (machine != OUR_MACHINE) {
		nm_diag_set(d, NMERR_LOAD_EXPERT_FAILED, NM_NO_OFFSET,
		    "built for %s, this program is %s", machine_name(machine),
		    machine_name(OUR_MACHINE));
		return false;
	}
	if (nm_le16(head + 16) != ET_DYN)
		return refuse(
		    d, "not a shared object (ELF, but of another type); link it with -shared");
	return true;
}

/* Every loadable segment must lie in the file: the linker maps them unseen, and
 * the first touch of one that does not would be a bus error. */
static bool check_segments(int fd, const uint8_t *head, uint64_t size, struct nm_diag *d)
{
	uint64_t at = nm_le64(head + 32), end = 0;
	unsigned entry = nm_le16(head + 54), n = nm_le16(head + 56);
	uint8_t ph[56];

	if (head[EI_CLASS] != ELFCLASS64)
		return true; /* another word size: the linker says so */
	for (unsigned i = 0; i < n && entry >= sizeof ph; i++, at += entry) {
		if (pread(fd, ph, sizeof ph, (off_t)at) != (ssize_t)sizeof ph) {
			end = at + sizeof ph;
			break;
		}
		if (nm_le32(ph) == PT_LOAD && nm_le64(ph + 8) + nm_le64(ph + 32) > end)
			end = nm_le64(ph + 8) + nm_le64(ph + 32);
	}
	if (end <= size)
		return true;
	nm_diag_set(d, NMERR_LOAD_EXPERT_FAILED, size,
	    "cut short: %llu of at least %llu bytes are there", (unsigned long long)size,
	    (unsigned long long)end);
	return false;
}

static bool read_bytes(void *ctx, void *buf, size_t n, uint64_t offset)
{
	return pread(*(int *)ctx, buf, n, (off_t)offset) == (ssize_t)n;
}

/* Windows' own are looked at as far as that goes without a Windows. */
static bool is_for_windows(int fd, const uint8_t *head, uint64_t size, struct nm_diag *d)
{
	struct nm_dll dll;

	if (memcmp(head, "MZ", 2) != 0)
		return false;
	(void)nm_dll_look(&dll, read_bytes, &fd, size, NULL);
	(void)nm_diag_set(d, NMERR_LOAD_EXPERT_FAILED, NM_NO_OFFSET, "%s%s", dll.text,
	    dll.usable ? "; it can only run under Wine, in a process of its own" : "");
	return true;
}

static bool check_file(const char *path, int file_fd, struct nm_diag *d)
{
	uint8_t head[64] = { 0 };
	bool ok;
	struct stat st;
	ssize_t n;
	int fd = file_fd >= 0 ? dup(file_fd) : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return refuse(d, strerror(errno));
	n = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? pread(fd, head, sizeof head, 0) : -1;
	if (n < 0)
		ok = refuse(d,
		    S_ISDIR(st.st_mode) ? "a folder, not a shared object" : "not a regular file");
	else
		ok = !is_for_windows(fd, head, (uint64_t)st.st_size, d) &&
		     check_elf(head, (size_t)n, d) &&
		     check_segments(fd, head, (uint64_t)st.st_size, d);
	(void)close(fd);
	return ok;
}

bool nm_object_symbol(void *handle, const char *name, void *ret_fn)
{
	void *p = dlsym(handle, name);

	memcpy(ret_fn, &p, sizeof p);
	return p != NULL;
}

/* dlerror repeats the path, which the report shows anyway. */
static const char *without_path(const char *err, const char *path)
{
	size_t n = strlen(path);

	if (strncmp(err, path, n) == 0 && err[n] == ':')
		err += n + 1;
	while (*err == ' ')
		err++;
	return err;
}

/* A file that only its descriptor leads to. The loader takes a name that it knows for the
 * file it knows by it, and descriptors come again: so each name has another number of
 * slashes. */
static void *open_by_number(int fd, int mode)
{
	static _Atomic unsigned opened;
	char slashes[NAMES_MAX], name[NAMES_MAX + 32];
	unsigned n = 1 + opened++ % (NAMES_MAX - 1);

	memset(slashes, '/', n);
	(void)snprintf(name, sizeof name, "/proc/self%.*sfd/%d", (int)n, slashes, fd);
	return dlopen(name, mode);
}

static void *open_it(const char *path, int file_fd, int mode)
{
	if (file_fd < 0 || access(path, R_OK) == 0)
		return dlopen(path, mode);
	return open_by_number(file_fd, mode);
}

bool nm_object_path(const void *address, char *buf, size_t size)
{
	Dl_info lib;

	if (!dladdr(address, &lib) || !lib.dli_fname)
		return false;
	(void)snprintf(buf, size, "%s", lib.dli_fname);
	return true;
}

bool nm_object_at(
    const void *pc, char *buf, size_t size, const char **ret_symbol, uint64_t *ret_offset)
{
	const char *name;
	size_t n;
	Dl_info i;

	if (!dladdr(pc, &i) || !i.dli_fname)
		return false;
	name = strrchr(i.dli_fname, '/');
	name = name ? name + 1 : i.dli_fname;
	n = strnlen(name, size - 1);
	memcpy(buf, name, n);
	buf[n] = '\0';
	*ret_symbol = i.dli_sname;
	*ret_offset =
	    (uint64_t)((uintptr_t)pc - (uintptr_t)(i.dli_sname ? i.dli_saddr : i.dli_fbase));
	return true;
}

void nm_object_unload(void *handle)
{
	(void)dlclose(handle);
}

void *nm_object_load(const char *path, int file_fd, bool now, struct nm_diag *d)
{
	void *handle;
	const char *err;

	if (!check_file(path, file_fd, d))
		return NULL;
	handle = open_it(path, file_fd, (now ? RTLD_NOW : RTLD_LAZY) | RTLD_LOCAL);
	if (handle)
		return handle;
	err = dlerror();
	(void)refuse(d, err ? without_path(err, path) : "the dynamic linker refused it");
	return NULL;
}
