/* SPDX-License-Identifier: MIT */
/* What a file is, in 64 digits. */
#include "host/host_int.h"
#include "system/files.h"

#include <errno.h>
#include <sha1.h>
#include <sha2.h>

static int feed(SHA2_CTX *sha2, SHA1_CTX *sha1, int fd)
{
	uint8_t buf[65536];
	ssize_t n;

	while ((n = nm_prim_read(fd, buf, sizeof buf)) > 0) {
		SHA256Update(sha2, buf, (size_t)n);
		if (sha1)
			SHA1Update(sha1, buf, (size_t)n);
	}
	return (int)-n;
}

/* sha1 may be NULL. */
static int hash(const char *path, SHA2_CTX *sha2, SHA1_CTX *sha1)
{
	int fd = nm_prim_open(path), err = fd < 0 ? -fd : 0;
	enum nm_prim_kind kind = NM_PRIM_FILE;
	uint64_t bytes;

	if (!err)
		err = nm_prim_stat(fd, &kind, &bytes);
	if (!err && kind != NM_PRIM_FILE)
		err = EINVAL; /* others may have no end */
	SHA256Init(sha2);
	if (sha1)
		SHA1Init(sha1);
	if (!err)
		err = feed(sha2, sha1, fd);
	if (fd >= 0)
		nm_prim_close(fd);
	return err;
}

int nm_hash_file(const char *path, char ret_hex[NM_HASH_TEXT])
{
	char hex[SHA256_DIGEST_STRING_LENGTH];
	SHA2_CTX ctx;
	int err = hash(path, &ctx, NULL);

	if (!err)
		memcpy(ret_hex, SHA256End(&ctx, hex), NM_HASH_TEXT);
	return err;
}

int nm_hash_file_twice(const char *path, struct nm_file_hashes *ret)
{
	char hex[SHA256_DIGEST_STRING_LENGTH], hex1[SHA1_DIGEST_STRING_LENGTH];
	SHA2_CTX sha2;
	SHA1_CTX sha1;
	int err = hash(path, &sha2, &sha1);

	if (!err) {
		memcpy(ret->sha256, SHA256End(&sha2, hex), sizeof ret->sha256);
		memcpy(ret->sha1, SHA1End(&sha1, hex1), sizeof ret->sha1);
	}
	return err;
}
