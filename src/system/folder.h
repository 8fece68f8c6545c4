/* SPDX-License-Identifier: MIT */
/* system/folder.h -- files of one folder, by their names in it.
 *
 * On Linux everything happens through the folder's descriptor: a link or a folder that is put
 * in its place meanwhile leads nowhere else. On Windows the folder can't be renamed or removed
 * while it is open, and links are not followed.
 *
 * Owns:     a folder from nm_folder_open() or nm_folder_make() is the caller's.
 * Uses:     the operating system.
 * Threads:  a folder belongs to one thread at a time.
 * Trust:    names that come from a folder may be any.
 */
#ifndef NM_SYSTEM_FOLDER_H
#define NM_SYSTEM_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#define NM_FOLDER_NAME 256 /* bytes of the longest name of a file, with the NUL */

struct nm_folder;

/* A folder that is there. 0 and *ret_f, or an errno value. */
int nm_folder_open(const char *path, struct nm_folder **ret_f);

/* A new folder. 0 and *ret_f, or an errno value: EEXIST when something is there. */
int nm_folder_make(const char *path, struct nm_folder **ret_f);

/* The name of the next entry but "." and "..", in the order of the system: 1; 0: no more; or
 * minus an errno value. */
int nm_folder_next(struct nm_folder *f, char ret_name[NM_FOLDER_NAME]);

/* Open a plain file to read, without opening what is none, and say whether it may be executed;
 * `links` to such files are followed, or refused with -ELOOP. A descriptor, -ENOENT when it is
 * no plain file, or minus another errno value. */
int nm_folder_read(struct nm_folder *f, const char *name, bool links, bool *ret_program);

/* A new file to write. A descriptor, or minus an errno value. */
int nm_folder_create(struct nm_folder *f, const char *name, bool program);

void nm_folder_remove(struct nm_folder *f, const char *name);

/* NULL is fine. */
void nm_folder_close(struct nm_folder *f);

struct nm_names {
	char **items; /* owned, with what they lead to */
	unsigned n;
};

/* The names of a folder's entries that are wanted (NULL: all), sorted by their bytes. 0, or an
 * errno value: E2BIG for more than 65,536. */
int nm_folder_names(const char *path, bool (*wanted)(const char *name), struct nm_names *ret);
void nm_names_done(struct nm_names *names);

/* Make each folder that a path leads through to its last name, for their owner only. 0, or an
 * errno value. */
int nm_folders_make(const char *path);

/* A folder that mkdtemp made gets the rights of a new one and the name `to`. 0, or an errno
 * value: EEXIST when something has that name. */
int nm_folder_keep(const char *from, const char *to);

#endif
