/* SPDX-License-Identifier: MIT */
/* nmapi-worker.exe REQUEST STATUS -- a worker on its own: one expert on one capture.
 *
 * Standard input is the capture, or nothing; messages go to standard output; what the expert
 * prints goes to standard error. REQUEST is a file that holds what an engine is told, in
 * pieces of wire/order.h; STATUS is one of NM_STATUS_BYTES that the supervisor has mapped too.
 * Frames don't travel: the worker reads the capture by itself. */
#include "engine/crash.h"
#include "engine/engine.h"
#include "system/files.h"
#include "wire/order.h"

#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INDEX_WINDOWS 16

static struct nm_status *map_status(const char *path)
{
	HANDLE file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE,
	    FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
	HANDLE section =
	    file == INVALID_HANDLE_VALUE
		? NULL
		: CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, NM_STATUS_BYTES, NULL);

	return section ? MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, NM_STATUS_BYTES) : NULL;
}

/* All of the request; the caller's. */
static uint8_t *read_request(const char *path, size_t *ret_n)
{
	int fd = nm_prim_open(path);
	enum nm_prim_kind kind;
	uint8_t *p = NULL;
	uint64_t n = 0;

	if (fd >= 0 && nm_prim_stat(fd, &kind, &n) == 0 && n < NM_ORDER_MAX)
		p = malloc((size_t)n + 1);
	if (p && nm_prim_pread(fd, p, (size_t)n, 0) != (ssize_t)n) {
		free(p);
		p = NULL;
	}
	if (fd >= 0)
		nm_prim_close(fd);
	*ret_n = (size_t)n;
	return p;
}

/* A descriptor that expert and C library don't know, in place of a standard one. */
static int keep(int standard)
{
	int fd = _dup(standard);

	if (fd >= 0)
		(void)_setmode(fd, _O_BINARY);
	return fd;
}

/* What it prints goes to the log, never among the messages. */
static bool redirect(int *ret_capture, int *ret_events)
{
	int nothing;

	*ret_capture = keep(0);
	*ret_events = keep(1);
	nothing = _open("NUL", _O_RDONLY);
	return *ret_events >= 0 && nothing >= 0 && _dup2(nothing, 0) == 0 && _dup2(2, 1) == 0 &&
	       SetStdHandle(STD_INPUT_HANDLE, (HANDLE)_get_osfhandle(0)) &&
	       SetStdHandle(STD_OUTPUT_HANDLE, (HANDLE)_get_osfhandle(1));
}

/* The DLLs in the folder `parsers` beside this program. */
static void load_parsers(const struct nm_door *door)
{
	char self[MAX_PATH], pattern[MAX_PATH + 16], path[2 * MAX_PATH];
	WIN32_FIND_DATAA found;
	struct nm_diag diag;
	HANDLE list;
	int n;

	if (!GetModuleFileNameA(NULL, self, sizeof self))
		return;
	n = (int)nm_path_folder(self);
	(void)snprintf(pattern, sizeof pattern, "%.*sparsers\\*.dll", n, self);
	list = FindFirstFileA(pattern, &found);
	if (list == INVALID_HANDLE_VALUE)
		return;
	do {
		(void)snprintf(path, sizeof path, "%.*sparsers\\%s", n, self, found.cFileName);
		if (!door->parsers_load(path, -1, &diag))
			(void)fprintf(
			    stderr, "parser %s is not loaded: %s\n", found.cFileName, diag.text);
	} while (FindNextFileA(list, &found));
	(void)FindClose(list);
}

static bool open_capture(struct nm_worker *w, int fd)
{
	struct nm_diag diag;

	if (w->door->capture_open(fd, &w->capture, &diag)) {
		(void)fprintf(stderr, "the capture can't be read: %s\n", diag.text);
		return false;
	}
	w->door->capture_keep(w->capture);
	if (w->door->session_open(w->capture))
		return false;
	while (!w->door->capture_index(w->capture, INDEX_WINDOWS))
		;
	return true;
}

static bool take_filter(const struct nm_door *door, const char *text)
{
	struct nm_filter_error err = { 0 };
	HFILTER h = NULL;

	if (!*text)
		return true;
	if (door->filter_compile(text, &h, &err)) {
		(void)fprintf(stderr, "the filter is none here: %s\n", err.text);
		return false;
	}
	door->filter_set_current(h);
	return true;
}

static void say_nothing(void *ctx, unsigned line, const char *why)
{
	(void)ctx;
	(void)line;
	(void)why; /* the engine has said it */
}

static int work(const struct nm_order *o, struct nm_status *status, int capture, int events)
{
	struct nm_worker w = { .door = nm_door(NM_DOOR_VERSION),
		.start = &o->start,
		.events_fd = events,
		.file_fd = -1,
		.config = o->start.config_bytes ? o->config : NULL,
		.status = status };

	if (!w.door)
		return NM_WORKER_NONE;
	nm_crash_install(status, w.door->parse_fault);
	w.door->parse_watch();
	for (unsigned i = 0; i < o->n_settings; i++)
		(void)w.door->parsers_settings(*o->settings[i].name ? o->settings[i].name : NULL,
		    o->settings[i].text, say_nothing, NULL);
	if (o->start.task == NM_TASK_RUN) {
		load_parsers(w.door);
		w.door->parsers_seal();
		if (!take_filter(w.door, o->filter) || !open_capture(&w, capture))
			return NM_WORKER_NONE;
	}
	nm_worker_main(&w);
	return NM_WORKER_DONE;
}

int main(int argc, char **argv)
{
	static struct nm_order order;
	struct nm_status *status = argc == 3 ? map_status(argv[2]) : NULL;
	int capture, events, end;
	uint8_t *request;
	size_t n;

	if (!status || !redirect(&capture, &events))
		return NM_WORKER_NONE;
	request = read_request(argv[1], &n);
	if (!request || !nm_order_read(request, n, &order))
		return NM_WORKER_NONE;
	end = work(&order, status, capture, events);
	(void)fflush(NULL);
	return end;
}
