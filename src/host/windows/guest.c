/* SPDX-License-Identifier: MIT */
/* A worker in a jail of its own: every worker is one here. */
#include "host/guest.h"
#include "host/host_int.h"
#include "system/files.h"
#include "system/windows/errors.h"

#include <errno.h>
#include <io.h>
#include <sddl.h>

#define LOW_FOLDER "S:(ML;OICI;NW;;;LW)" /* and what is made in it: its guest may write there */
#define WORKER     "nmapi-worker.exe"
#define OUTPUT     "output" /* in its folder: what it writes, until it has ended */

/* ---- can it ----------------------------------------------------------------------------- */

/* Where the worker for programs of another width is: in a folder by the name of its machine,
 * beside ours. */
static bool is_other_machine(const char *path)
{
	int fd = path ? nm_prim_open(path) : -1;
	struct nm_dll dll;
	bool other = fd >= 0 && nm_wine_look(path, fd, &dll) && dll.usable &&
		     dll.machine == NM_PE_X86 && sizeof(void *) == 8;

	if (fd >= 0)
		nm_prim_close(fd);
	return other;
}

bool nm_guest_can(const char *path, struct nm_wine *ret_wine, char why[NM_DIAG_TEXT])
{
	static char folder[4200];
	char program[4300];
	const char *engine = nm_engine_path();

	*why = '\0';
	(void)snprintf(folder, sizeof folder, "%.*s%s", (int)nm_path_folder(engine), engine,
	    is_other_machine(path) ? "i686\\" : "");
	ret_wine->worker = folder;
	(void)snprintf(program, sizeof program, "%s" WORKER, folder);
	if (access(program, R_OK) == 0)
		return true;
	(void)snprintf(why, NM_DIAG_TEXT, "what runs it is not installed: %s", program);
	return false;
}

/* ---- its folder ------------------------------------------------------------------------------ */

static int make_folder(const char *path)
{
	SECURITY_ATTRIBUTES a = { .nLength = sizeof a };
	BOOL ok;

	if (!ConvertStringSecurityDescriptorToSecurityDescriptorA(
		LOW_FOLDER, SDDL_REVISION_1, &a.lpSecurityDescriptor, NULL))
		a.lpSecurityDescriptor = NULL;
	ok = CreateDirectoryA(path, a.lpSecurityDescriptor ? &a : NULL);
	if (a.lpSecurityDescriptor)
		(void)LocalFree(a.lpSecurityDescriptor);
	return ok                                       ? 0
	       : GetLastError() == ERROR_ALREADY_EXISTS ? EEXIST
							: nm_errno_of(GetLastError());
}

int nm_guest_open(struct nm_guest *g, enum nm_sandbox_mode sandbox)
{
	static unsigned number;
	char temp[MAX_PATH + 1];
	int err = EEXIST;

	(void)sandbox;
	if (!GetTempPathA(sizeof temp, temp))
		return nm_errno_of(GetLastError());
	while (err == EEXIST && ++number) {
		(void)snprintf(g->folder, sizeof g->folder, "%snmapi-%lu-%u", temp,
		    GetCurrentProcessId(), number);
		err = make_folder(g->folder);
	}
	if (err)
		g->folder[0] = '\0';
	return err;
}

static int new_file(const struct nm_guest *g, const char *name)
{
	char path[sizeof g->folder + 16];
	HANDLE h;
	int fd;

	(void)snprintf(path, sizeof path, "%s\\%s", g->folder, name);
	h = CreateFileA(path, GENERIC_READ | GENERIC_WRITE,
	    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, CREATE_NEW,
	    FILE_ATTRIBUTE_TEMPORARY, NULL);
	if (h == INVALID_HANDLE_VALUE) {
		errno = nm_errno_of(GetLastError());
		return -1;
	}
	fd = _open_osfhandle((intptr_t)h, _O_RDWR | _O_BINARY | _O_NOINHERIT);
	if (fd < 0)
		(void)CloseHandle(h);
	return fd;
}

int nm_guest_status(const struct nm_guest *g)
{
	return new_file(g, "status");
}

/* Each name in a folder: 0, or the first errno value that fn gives, for all the others. */
static int each(
    const char *folder, int (*fn)(const char *path, DWORD is, const char *to), const char *to)
{
	char pattern[1100], path[1100];
	WIN32_FIND_DATAA f;
	HANDLE list;
	int err = 0;

	(void)snprintf(pattern, sizeof pattern, "%s\\*", folder);
	list = FindFirstFileA(pattern, &f);
	if (list == INVALID_HANDLE_VALUE)
		return 0;
	do {
		int one = 0;

		if (strcmp(f.cFileName, ".") == 0 || strcmp(f.cFileName, "..") == 0)
			continue;
		if (snprintf(path, sizeof path, "%s\\%s", folder, f.cFileName) < (int)sizeof path)
			one = fn(path, f.dwFileAttributes, to);
		err = err ? err : one;
	} while (FindNextFileA(list, &f));
	(void)FindClose(list);
	return err;
}

/* ---- starting -------------------------------------------------------------------------------------- */

/* A name that is taken where its files will go is taken for it, too: an empty file stands there. */
static int take_name(const char *path, DWORD is, const char *folder)
{
	char taken[1700];
	HANDLE h;

	(void)is;
	(void)snprintf(taken, sizeof taken, "%s\\%s", folder, path + nm_path_folder(path));
	h = CreateFileA(taken, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
	if (h == INVALID_HANDLE_VALUE)
		return GetLastError() == ERROR_FILE_EXISTS ? 0 : nm_errno_of(GetLastError());
	(void)CloseHandle(h);
	return 0;
}

static bool is_empty(const char *path)
{
	WIN32_FILE_ATTRIBUTE_DATA a;

	return GetFileAttributesExA(path, GetFileExInfoStandard, &a) && a.nFileSizeHigh == 0 &&
	       a.nFileSizeLow == 0;
}

/* A folder that it may write: what lands in it is moved when it has ended. */
static int make_output(struct nm_guest *g, const char *to, char *ret, size_t size)
{
	int err;

	if (!to)
		return 0;
	if (!GetFullPathNameA(to, sizeof g->output, g->output, NULL))
		return nm_errno_of(GetLastError());
	(void)snprintf(ret, size, "%s\\" OUTPUT, g->folder);
	err = make_folder(ret);
	return err ? err : each(g->output, take_name, ret);
}

int nm_guest_start(
    struct nm_guest *g, const struct nm_guest_call *c, struct nm_sandbox_report *ret_box)
{
	char program[4300], words[2 * sizeof g->folder + 64], output[sizeof g->folder + 16] = "";
	struct nm_jail_start s = { .program = program,
		.words = words,
		.folder = g->folder,
		.in = c->capture_fd,
		.out = c->events_fd,
		.err = c->log_fd,
		.limits = { .cpu_s = c->order.start.cpu_s,
		    .data_bytes = c->order.start.space_bytes },
		.loose = c->opt->sandbox == NM_SANDBOX_OFF };
	int err = nm_guest_request(new_file(g, "request"), &c->order);

	if (!err)
		err = make_output(g, c->opt->output_dir, output, sizeof output);
	if (err)
		return err;
	if (output[0]) {
		s.folder = output;
		s.output = ".";
	}
	(void)snprintf(program, sizeof program, "%s" WORKER, c->wine.worker);
	(void)snprintf(words, sizeof words, "\"%s\\request\" \"%s\\status\"", g->folder, g->folder);
	err = nm_jail_start(&g->jail, &s, ret_box);
	g->pid = err ? 0 : (pid_t)g->jail.pid;
	return err;
}

/* ---- ending ------------------------------------------------------------------------------------------ */

/* What it made, of any shape; what it links to is not entered. */
static int remove_one(const char *path, DWORD is, const char *to)
{
	(void)SetFileAttributesA(path, FILE_ATTRIBUTE_NORMAL);
	if (!(is & FILE_ATTRIBUTE_DIRECTORY)) {
		(void)DeleteFileA(path);
		return 0;
	}
	if (!(is & FILE_ATTRIBUTE_REPARSE_POINT))
		(void)each(path, remove_one, to);
	(void)RemoveDirectoryA(path);
	return 0;
}

/* To another drive: all of it or nothing. */
static int carry(const char *path, const char *target)
{
	char part[1710];
	int err;

	(void)snprintf(part, sizeof part, "%s.part", target);
	if (!CopyFileA(path, part, TRUE)) {
		err = nm_errno_of(GetLastError());
		if (err == EEXIST)
			return err; /* it is somebody else's */
	} else {
		err = nm_prim_rename(part, target);
	}
	if (err)
		(void)DeleteFileA(part);
	return err;
}

/* Files that it left go where the user wants them; nothing else does, and what is empty replaces nothing: it
 * may only stand for what is there. */
static int move_one(const char *path, DWORD is, const char *to)
{
	char target[1700];
	bool empty = is_empty(path);

	if (is & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT))
		return 0;
	(void)snprintf(target, sizeof target, "%s\\%s", to, path + nm_path_folder(path));
	if (empty && GetFileAttributesA(target) != INVALID_FILE_ATTRIBUTES)
		return 0;
	if (MoveFileExA(path, target, empty ? 0 : MOVEFILE_REPLACE_EXISTING))
		return 0;
	return GetLastError() == ERROR_NOT_SAME_DEVICE ? carry(path, target)
						       : nm_errno_of(GetLastError());
}

/* What it wrote. 0, or an errno value: some of it can't be where the user wants it. */
static int deliver(struct nm_guest *g)
{
	char output[sizeof g->folder + 16];
	int err;

	if (!g->output[0])
		return 0;
	(void)snprintf(output, sizeof output, "%s\\" OUTPUT, g->folder);
	err = each(output, move_one, g->output);
	g->output[0] = '\0';
	return err;
}

void nm_guest_kill(const struct nm_guest *g)
{
	nm_jail_kill(&g->jail);
}

bool nm_guest_reap(struct nm_guest *g, struct nm_ctl_exited *ret)
{
	struct nm_jail_end end;

	if (!nm_jail_ended(&g->jail, &end))
		return false;
	ret->wait_status = nm_jail_wait_status(end.code);
	ret->exception = nm_jail_is_exception(end.code) ? end.code : 0;
	ret->cpu_us = end.cpu_us;
	ret->peak_kib = end.peak_kib;
	nm_jail_close(&g->jail);
	g->pid = 0;
	g->lost = deliver(g);
	return true;
}

void nm_guest_close(struct nm_guest *g)
{
	nm_jail_close(&g->jail);
	g->pid = 0;
	if (!g->folder[0])
		return;
	(void)deliver(g);
	(void)remove_one(g->folder, FILE_ATTRIBUTE_DIRECTORY, NULL);
	g->folder[0] = g->output[0] = '\0';
}
