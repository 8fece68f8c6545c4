/* SPDX-License-Identifier: MIT */
/* A parser that did not come with the program is first loaded by another process of this program, in
 * the engine's own jail. */
#include "engine/windows/trial.h"
#include "engine/serve.h"
#include "sandbox/jail.h"
#include "system/files.h"
#include "system/pipe.h"
#include "system/windows/frames.h"
#include "system/windows/thread.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define TRIAL_MS 5000 /* a parser that takes longer to load is not loaded */

/* The loader would make an error of a crash in DllMain, and a stack that is used up leaves nothing to
 * look for who handles it. */
static bool on_fault(const struct nm_fault *f)
{
	if (f->kind != NM_FAULT_OTHER &&
	    (f->code == (unsigned)EXCEPTION_STACK_OVERFLOW || nm_frames_are_loaders(f->system)))
		(void)TerminateProcess(GetCurrentProcess(), f->code);
	return false;
}

/* abort() would end it as if by exit(). */
static void on_abort(int signal)
{
	(void)signal;
	(void)TerminateProcess(GetCurrentProcess(), (UINT)STATUS_FATAL_APP_EXIT);
}

int nm_parser_try(const struct nm_door *door, const char *path, int out)
{
	struct nm_diag diag = { 0 };

	nm_faults_catch(true, on_fault);
	(void)signal(SIGABRT, on_abort);
	if (!door->parsers_load(path, -1, &diag))
		return nm_prim_write(out, diag.text, strlen(diag.text)) == 0 ? 0 : 1;
	door->parsers_seal();
	return NM_WORKER_DONE;
}

#define REFUSE(d, ...)                                                                             \
	((void)nm_diag_set(d, NMERR_LOAD_PARSER_FAILED, NM_NO_OFFSET, __VA_ARGS__), false)

/* Why it did not come to its end. */
static bool judge(uint32_t code, const char *said, struct nm_diag *d)
{
	bool by_signal = (nm_jail_wait_status(code) & 0x7f) != 0;

	if (*said)
		return REFUSE(d, "%s", said);
	if (by_signal)
		return REFUSE(
		    d, "it crashed while it was loaded (exception 0x%08x)", (unsigned)code);
	return REFUSE(d, "it ended the process while it was loaded (status %u)", (unsigned)code);
}

/* ---- loaded again --------------------------------------------------------------------------- */

/* DllMain can't be left: the loader would keep its lock. */
static struct {
	_Atomic uint64_t until_ms; /* when it is too late; 0: nothing is loaded */
	char path[MAX_PATH];
} loading;

static DWORD WINAPI watch(void *arg)
{
	uint64_t until = 0;

	(void)arg;
	while (!until || nm_prim_now_ms() <= until) {
		Sleep(100);
		until = atomic_load(&loading.until_ms);
	}
	(void)fprintf(stderr,
	    "parser %s took %d ms when it was loaded to be used, not when it was tried: the engine "
	    "ends\n",
	    loading.path, TRIAL_MS);
	(void)TerminateProcess(GetCurrentProcess(), 1);
	return 0;
}

void nm_parser_is_loaded(void)
{
	atomic_store(&loading.until_ms, 0);
}

static bool begin_to_watch(const char *path)
{
	static HANDLE watcher;

	(void)snprintf(loading.path, sizeof loading.path, "%s", path);
	atomic_store(&loading.until_ms, nm_prim_now_ms() + TRIAL_MS);
	if (!watcher)
		watcher = nm_thread_begin(watch, NULL);
	return watcher != NULL;
}

/* ---- tried ------------------------------------------------------------------------------------ */

/* What it wrote until it ended; false: it took too long. */
static bool wait_for(
    const struct nm_jail *jail, int in, char *buf, size_t size, struct nm_jail_end *ret)
{
	uint64_t end = nm_prim_now_ms() + TRIAL_MS;
	size_t n = 0;
	bool ended = false;

	while (!ended && nm_prim_now_ms() < end) {
		ssize_t r;

		nm_prim_sleep_us(1000);
		ended = nm_jail_ended(jail, ret);
		r = n < size - 1 ? nm_pipe_read(in, buf + n, size - 1 - n) : 0;
		n += r > 0 ? (size_t)r : 0;
	}
	buf[n] = '\0';
	return ended;
}

bool nm_parser_survives(
    const struct nm_engine_config *cfg, const char *path, int fd, struct nm_diag *d)
{
	char self[MAX_PATH], words[2 * MAX_PATH], said[NM_DIAG_TEXT];
	/* Its limits and its token are ours, which it inherits. */
	struct nm_jail_start s = {
		.program = self, .words = words, .folder = ".", .in = -1, .err = 2, .loose = true
	};
	struct nm_sandbox_report box;
	struct nm_jail_end how;
	struct nm_jail jail;
	bool in_time;
	int in, err;

	(void)cfg;
	(void)fd;
	if (!GetModuleFileNameA(NULL, self, sizeof self) ||
	    snprintf(words, sizeof words, "\"%s\"", path) >= (int)sizeof words)
		return REFUSE(d, "its path is too long");
	err = nm_pipe_new(NM_DIAG_TEXT, &in, &s.out);
	if (err)
		return REFUSE(d, "it could not be tried (error %d)", err);
	err = nm_jail_start(&jail, &s, &box);
	nm_prim_close(s.out);
	if (err) {
		nm_prim_close(in);
		return REFUSE(d, "it could not be tried (error %d)", err);
	}
	in_time = wait_for(&jail, in, said, sizeof said, &how);
	nm_prim_close(in);
	nm_jail_close(&jail);
	if (!in_time)
		return REFUSE(d, "loading it took longer than %d ms", TRIAL_MS);
	if (how.code != NM_WORKER_DONE)
		return judge(how.code, said, d);
	return begin_to_watch(path) || REFUSE(d, "nobody could watch it");
}
