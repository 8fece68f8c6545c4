/* SPDX-License-Identifier: MIT */
/* The host, in the test's own process. */
#include "over.h"
#include "expert/door.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#ifndef SHARED_DIR
#define SHARED_DIR "../shared"
#endif

BOOL WINAPI Run(HEXPERTKEY hExpertKey, PEXPERTCONFIG pConfig, PEXPERTSTARTUPINFO pExpertStartupInfo,
    DWORD StartupFlags, HWND hWndParent);

const char *shared_dir(void)
{
	const char *s = getenv("NMAPI_SHARED");

	return s && *s ? s : SHARED_DIR;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

size_t list_shared(const char *folder, const char *ending, char files[FILES_MAX][FILE_NAME_MAX])
{
	size_t n = 0, cut = strlen(ending);
	char path[4096];
	struct dirent *d;
	DIR *dir;

	(void)snprintf(path, sizeof path, "%s/%s", shared_dir(), folder);
	dir = opendir(path);
	while (dir && n < FILES_MAX && (d = readdir(dir)) != NULL) {
		size_t len = strlen(d->d_name);

		if (len > cut && strcmp(d->d_name + len - cut, ending) == 0)
			(void)snprintf(
			    files[n++], FILE_NAME_MAX, "%.*s", (int)(len - cut), d->d_name);
	}
	if (dir)
		(void)closedir(dir);
	qsort(files, n, FILE_NAME_MAX, by_name);
	return n;
}

void run_over(const char *path, EXPERTCONFIG *config,
    uint32_t (*on_event)(void *ctx, const NMEVENTDATA *ev), void *ctx)
{
	const struct nm_door *door = nm_door(NM_DOOR_VERSION);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct nm_capture *capture;
	struct nm_status *status = aligned_alloc(64, NM_STATUS_BYTES);
	EXPERTSTARTUPINFO startup = { .dwFrameNumber = INVALID_FRAME_NUMBER };
	struct nm_run_config cfg = { .startup = &startup, .ops = { on_event, ctx } };
	struct nm_diag diag;
	HEXPERTKEY key;

	assert_non_null(status);
	memset(status, 0, NM_STATUS_BYTES);
	status->frame = status->first_frame = status->last_frame = NM_NO_FRAME_YET;
	cfg.status = status;
	assert_true(fd >= 0);
	assert_int_equal(door->capture_open(fd, &capture, &diag), NMERR_SUCCESS);
	(void)door->capture_index(capture, 0);
	assert_int_equal(door->session_open(capture), NMERR_SUCCESS);
	startup.hCapture = door->session_capture();
	cfg.capture = capture;
	assert_int_equal(door->run_open(&cfg, &key), NMERR_SUCCESS);
	assert_true(Run(key, config, &startup, 0, NULL));
	door->run_close(key, NULL);
	door->session_close();
	door->capture_close(capture);
	(void)close(fd);
	free(status);
}
