/* SPDX-License-Identifier: MIT */
/* system/files.h -- files, memory that processes share, and time, as captures ask for them.
 *
 * Every system call and allocation of src/capture/ passes here, so that a port
 * replaces one file and a test can make each of them fail in turn. Nothing
 * here knows about captures.
 *
 * Owns:     nothing; each function says what it hands over.
 * Uses:     the operating system.
 * Threads:  all functions may be called from any thread.
 * Trust:    descriptors may name anything; sizes come from the caller.
 */
#ifndef NM_SYSTEM_FILES_H
#define NM_SYSTEM_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* How many bytes of a path are its folder, with the separator at its end. */
size_t nm_path_folder(const char *path);

/* Does a path name a folder, too, and not only a file in the current one? */
bool nm_path_has_folder(const char *path);

/* Is a word the path of a plug-in, and no name to look for: with a folder, or ".so" or ".dll" at its end? */
bool nm_path_is_plugin(const char *word);

/* Do both lead to the same file or folder, which is there? */
bool nm_path_is_same(const char *a, const char *b);

/* Is the file at this path what fd has open? */
bool nm_path_is_open_as(const char *path, int fd);

/* 0: a file, and no link to one; EINVAL: something else; or another errno value. Nothing is
 * opened. */
int nm_path_is_plain(const char *path);

/* Is it a folder, or a link to one? A separator may stand at its end. */
bool nm_path_is_folder(const char *path);

/* Does it begin at the root of all, or of a drive? */
bool nm_path_is_absolute(const char *path);

/* How many bytes of a path name a drive, "C:"; 0 where there are no drives. */
size_t nm_path_drive(const char *path);

/* Does the character stand between folders? */
bool nm_path_separates(char c);

/* The path without links and "." in it, from the root; the caller frees it. NULL and errno:
 * nothing is there, or memory is out. */
char *nm_path_real(const char *path);

enum nm_prim_kind {
	NM_PRIM_FILE, /* can be read anywhere, has a size */
	NM_PRIM_DIRECTORY,
	NM_PRIM_STREAM, /* pipe, socket */
	NM_PRIM_TERMINAL,
	NM_PRIM_DEVICE,
};

/* Open to read, close-on-exec, without waiting for anything. A descriptor, or minus an errno
 * value: ENOTDIR where a folder of the path is not there or is none; ENXIO of a socket only. */
int nm_prim_open(const char *path);

/* The same, but of a link nothing is opened: ELOOP. */
int nm_prim_open_itself(const char *path);

/* What fd is, and how many bytes it holds. 0, or an errno value. */
int nm_prim_stat(int fd, enum nm_prim_kind *ret_kind, uint64_t *ret_bytes);

/* Read up to n bytes at offset; goes on after short reads and interrupts.
 * Returns the bytes read, fewer than n only at the end of the file, or minus
 * an errno value when nothing could be read. */
ssize_t nm_prim_pread(int fd, void *buf, size_t n, uint64_t offset);

/* Read what is there, up to n bytes, waiting for the first. 0 at the end, or
 * minus an errno value. */
ssize_t nm_prim_read(int fd, void *buf, size_t n);

/* Wait until a read returns at once. */
void nm_prim_wait(int fd);

/* Would a read return at once? */
bool nm_prim_is_ready(int fd);

/* Go to the start of a file. */
bool nm_prim_rewind(int fd);

/* Can what is written first be written once more? Not into a pipe, nor behind what others have
 * written. */
bool nm_prim_begins_here(int fd);

/* Write n bytes at offset, all of them. 0, or an errno value. */
int nm_prim_pwrite(int fd, const void *buf, size_t n, uint64_t offset);

/* Write n bytes where the file is, waiting for whoever reads. 0, or an errno value. */
int nm_prim_write(int fd, const void *buf, size_t n);

/* A new file without a name, in $TMPDIR or /tmp, or in memory where no file can
 * be made. A descriptor above those of the standard streams, close-on-exec; or
 * minus an errno value. */
int nm_prim_temporary(void);
void nm_prim_close(int fd);

/* A new file to write, for its owner only, whose name is made of name: other characters stand
 * for "XXXXXX" at its end. A descriptor, close-on-exec, or minus an errno value. */
int nm_prim_unique(char *name);

/* What was written is on the disk. 0, or an errno value. */
int nm_prim_sync(int fd);

/* A file gets another name, whatever had that. 0, or an errno value: all is as it was. */
int nm_prim_rename(const char *from, const char *to);

/* The file `part`, open at fd, becomes the one at path, with the rights of a new file; what was
 * there goes. 0, or an errno value: all is as it was. */
int nm_prim_replace(int fd, const char *part, const char *path);

/* As malloc, realloc and free. */
void *nm_prim_alloc(size_t n);
void *nm_prim_realloc(void *p, size_t n);
void nm_prim_free(void *p);

/* Memory that forked children share, zeroed, reserved but not paid for until
 * it is touched, and to be touched where it was asked for below. After this call
 * no further writable mapping of it can be made by anyone. NULL: refused.
 * *ret_fd belongs to the caller. */
void *nm_prim_shared_new(size_t bytes, int *ret_fd);

/* Ask for n bytes of it, from the offset `from` on. False: there is no memory for them. */
bool nm_prim_shared_ask(void *p, size_t from, size_t n);

/* Replace this process's mapping at p by one that can never be written, and
 * close fd. False: refused, nothing changed. */
bool nm_prim_shared_seal(void *p, size_t bytes, int fd);

/* Unmap, and close fd when it is not negative. */
void nm_prim_shared_free(void *p, size_t bytes, int fd);

/* As nm_prim_shared_new, but what lies behind the first `head` bytes is there a second
 * time behind it, so that each stretch of it, also over its end, is in one piece.
 * Both sizes are whole pages of any machine (64 KiB). */
void *nm_prim_ring_new(size_t head, size_t bytes, int *ret_fd);
bool nm_prim_ring_seal(void *p, size_t head, size_t bytes, int fd);
void nm_prim_ring_free(void *p, size_t head, size_t bytes, int fd);

/* Memory that forked children share and write, zeroed. NULL: refused. */
void *nm_prim_common_new(size_t bytes);

/* Give back some whole pages, which no other process notices. */
void nm_prim_unmap(void *p, size_t bytes);

void nm_prim_sleep_us(unsigned us);

/* Milliseconds since some moment. */
uint64_t nm_prim_now_ms(void);

#endif
