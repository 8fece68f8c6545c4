/* SPDX-License-Identifier: MIT */
/* What a file is, in 64 digits. */
#include "host/host_int.h"

#include <errno.h>
#include <fcntl.h>
#include <sha2.h>
#include <sys/stat.h>
#include <unistd.h>

static int feed(SHA2_CTX *ctx, int fd)
{
	uint8_t buf[65536];
	ssize_t n;

	while ((n = read(fd, buf, sizeof buf)) != 0) {
		if (n > 0)
			SHA256Update(ctx, buf, (size_t)n);
		else if (errno != EINTR)
			return errno;
	}
	return 0;
}

int nm_hash_file(const char *path, char ret_hex[NM_HASH_TEXT])
{
	char hex[SHA256_DIGEST_STRING_LENGTH];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), err;
	struct stat st;
	SHA2_CTX ctx;

	if (fd < 0 || fstat(fd, &st) < 0)
		err = errno;
	else
		err = S_ISREG(st.st_mode) ? 0 : EINVAL; /* others may have no end */
	SHA256Init(&ctx);
	if (!err)
		err = feed(&ctx, fd);
	if (fd >= 0)
		(void)close(fd);
	if (!err)
		memcpy(ret_hex, SHA256End(&ctx, hex), NM_HASH_TEXT);
	return err;
}
