/* SPDX-License-Identifier: MIT */
/* nmapi-worker.exe REQUEST STATUS -- a worker on its own: one expert on one capture, or a task
 * without an expert.
 *
 * Standard input is the capture, or nothing; messages go to standard output; what plug-ins
 * print goes to standard error. REQUEST is a file that holds what an engine is told, in
 * pieces of wire/order.h; STATUS is one of NM_STATUS_BYTES that the supervisor has mapped too.
 * Frames don't travel: the worker reads the capture by itself. */
#include "engine/crash.h"
#include "engine/engine.h"
#include "engine/task.h"
#include "engine/windows/program.h"
#include "system/files.h"
#include "system/shared.h"
#include "wire/order.h"

#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INDEX_WINDOWS 16

static struct nm_status *map_status(const char *path)
{
	int fd = _open(path, _O_RDWR | _O_BINARY | _O_NOINHERIT);
	struct nm_status *status = nm_shared_map(fd, NM_STATUS_BYTES);

	if (fd >= 0)
		nm_prim_close(fd);
	return status;
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

/* The DLLs in the folder `parsers` beside this program. */
static void load_parsers_beside(const struct nm_door *door)
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

/* What can't be loaded, the engine has told. */
static void load_parsers(const struct nm_door *door, const struct nm_order *o)
{
	struct nm_diag diag;

	for (unsigned i = 0; i < o->n_parsers; i++)
		(void)door->parsers_load(o->parsers[i], -1, &diag);
	if (o->n_parsers == 0)
		load_parsers_beside(door);
	door->parsers_seal();
}

/* Who is at work when this process ends, the supervisor reads there. */
static void name_protocols(const struct nm_worker *w)
{
	char name[128];
	size_t at = 0, n;

	for (uint32_t id = 1; *w->door->parse_name(id, name, sizeof name); id++, at += n) {
		n = strlen(name) + 1;
		if (at + n >= sizeof w->status->protocols)
			return;
		memcpy(w->status->protocols + at, name, n);
	}
}

/* A bit first, as beside an engine: frames are shown by what it tells. The rest beside who reads them;
 * where that can't be, an expert, which may ask for any frame, begins with all of it. */
static void index_it(const struct nm_worker *w)
{
	if (!w->door->capture_index(w->capture, INDEX_WINDOWS) &&
	    !w->door->capture_follow(w->capture) && nm_task_has_expert(w->start->task))
		(void)w->door->capture_index(w->capture, 0);
}

/* What still comes out of a stream is read behind who takes it in. */
static bool open_capture(struct nm_worker *w, int fd)
{
	bool coming = atomic_load(&w->status->coming) != 0;
	struct nm_diag diag;

	if (w->door->capture_open_growing(
		fd, coming ? &w->status->coming : NULL, &w->capture, &diag)) {
		(void)fprintf(stderr, "the capture can't be read: %s\n", diag.text);
		return false;
	}
	if (w->door->session_open(w->capture))
		return false;
	index_it(w);
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

static void call_worker(void *arg)
{
	nm_worker_main(arg);
}

static int work(const struct nm_order *o, struct nm_status *status, int capture, int events)
{
	enum nm_task task = o->start.task;
	struct nm_worker w = { .door = nm_door(NM_DOOR_VERSION),
		.do_task = nm_task_do,
		.start = &o->start,
		.events_fd = events,
		.file_fd = -1,
		.config = o->start.config_bytes ? o->config : NULL,
		.status = status,
		.lazy = true };

	if (!w.door)
		return NM_WORKER_NONE;
	nm_crash_install(status, w.door->parse_fault);
	w.door->parse_watch();
	for (unsigned i = 0; i < o->n_settings; i++)
		(void)w.door->parsers_settings(*o->settings[i].name ? o->settings[i].name : NULL,
		    o->settings[i].text, say_nothing, NULL);
	if (nm_task_needs_parsers(task)) {
		load_parsers(w.door, o);
		name_protocols(&w);
	}
	if (nm_task_needs_frames(task) &&
	    (!take_filter(w.door, o->filter) || !open_capture(&w, capture)))
		return NM_WORKER_NONE;
	nm_crash_guard(call_worker, &w);
	if (w.capture)
		w.door->capture_follow_end(w.capture);
	return NM_WORKER_DONE;
}

int main(int argc, char **argv)
{
	static struct nm_order order;
	struct nm_status *status = argc == 3 ? map_status(argv[2]) : NULL;
	int capture, events, end;
	uint8_t *request;
	size_t n;

	if (!status || !nm_program_begin(&capture, &events))
		return NM_WORKER_NONE;
	request = read_request(argv[1], &n);
	if (!request || !nm_order_read(request, n, &order))
		return NM_WORKER_NONE;
	end = work(&order, status, capture, events);
	(void)fflush(NULL);
	return end;
}
