/* SPDX-License-Identifier: MIT */
/* A restricted token, and a job that ends with its last handle, which is ours. */
#define PSAPI_VERSION 2 /* its functions are the kernel library's */

#include "sandbox/jail.h"
#include "system/windows/errors.h"

#include <aclapi.h>
#include <errno.h>
#include <io.h>
#include <psapi.h>
#include <sddl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOW_INTEGRITY "S-1-16-4096" /* writes nothing that is not marked for such */
#define WORDS_MAX     8192

/* ---- its token --------------------------------------------------------------------------- */

static bool mark_low(HANDLE token)
{
	TOKEN_MANDATORY_LABEL label = { .Label.Attributes = SE_GROUP_INTEGRITY };
	bool ok = false;

	if (!ConvertStringSidToSidA(LOW_INTEGRITY, &label.Label.Sid))
		return false;
	ok = SetTokenInformation(token, TokenIntegrityLevel, &label,
	    (DWORD)(sizeof label + GetLengthSid(label.Label.Sid)));
	(void)LocalFree(label.Label.Sid);
	return ok;
}

/* Ours without privileges and without being an administrator. NULL: refused. */
static HANDLE restricted(struct nm_sandbox_report *box)
{
	SID_IDENTIFIER_AUTHORITY nt = { SECURITY_NT_AUTHORITY };
	HANDLE own = NULL, less = NULL;
	SID_AND_ATTRIBUTES admins = { 0 };

	if (!OpenProcessToken(GetCurrentProcess(),
		TOKEN_DUPLICATE | TOKEN_ASSIGN_PRIMARY | TOKEN_QUERY | TOKEN_ADJUST_DEFAULT, &own))
		return NULL;
	if (AllocateAndInitializeSid(&nt, 2, SECURITY_BUILTIN_DOMAIN_RID, DOMAIN_ALIAS_RID_ADMINS,
		0, 0, 0, 0, 0, 0, &admins.Sid)) {
		if (!CreateRestrictedToken(
			own, DISABLE_MAX_PRIVILEGE, 1, &admins, 0, NULL, 0, NULL, &less))
			less = NULL;
		(void)FreeSid(admins.Sid);
	}
	(void)CloseHandle(own);
	box->state[NM_LAYER_PRIVS] = less ? NM_LAYER_ON : NM_LAYER_FAILED;
	box->state[NM_LAYER_USER] = less && mark_low(less) ? NM_LAYER_ON : NM_LAYER_FAILED;
	return less;
}

/* ---- its job ----------------------------------------------------------------------------- */

static bool limit(HANDLE job, const struct nm_limits *l, bool parent)
{
	JOBOBJECT_EXTENDED_LIMIT_INFORMATION x = { 0 };
	JOBOBJECT_BASIC_UI_RESTRICTIONS ui = { .UIRestrictionsClass = JOB_OBJECT_UILIMIT_ALL };
	JOBOBJECT_BASIC_LIMIT_INFORMATION *b = &x.BasicLimitInformation;

	b->LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_ACTIVE_PROCESS |
			JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
	b->ActiveProcessLimit = parent ? 2 : 1;
	if (l->cpu_s) {
		b->LimitFlags |= JOB_OBJECT_LIMIT_PROCESS_TIME;
		b->PerProcessUserTimeLimit.QuadPart = (LONGLONG)l->cpu_s * 10000000;
	}
	if (l->data_bytes && l->data_bytes < SIZE_MAX) {
		b->LimitFlags |= JOB_OBJECT_LIMIT_PROCESS_MEMORY;
		x.ProcessMemoryLimit = (SIZE_T)l->data_bytes;
	}
	(void)SetInformationJobObject(job, JobObjectBasicUIRestrictions, &ui, sizeof ui);
	return SetInformationJobObject(job, JobObjectExtendedLimitInformation, &x, sizeof x);
}

static bool end_with_us(HANDLE job)
{
	JOBOBJECT_EXTENDED_LIMIT_INFORMATION x = { .BasicLimitInformation.LimitFlags =
						       JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE };

	return SetInformationJobObject(job, JobObjectExtendedLimitInformation, &x, sizeof x);
}

/* ---- what it begins with ---------------------------------------------------------------- */

/* Handles that it inherits, and nothing else of ours. */
struct parcel {
	HANDLE all[3 + NM_JAIL_HANDED];
	DWORD n;
};

static HANDLE inheritable(struct parcel *p, int fd)
{
	HANDLE self = GetCurrentProcess(), from, h = NULL;

	from = fd >= 0 ? (HANDLE)_get_osfhandle(fd)
		       : CreateFileA("NUL", GENERIC_READ | GENERIC_WRITE,
			     FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
	if (!DuplicateHandle(self, from, self, &h, 0, TRUE, DUPLICATE_SAME_ACCESS))
		h = NULL;
	if (fd < 0)
		(void)CloseHandle(from);
	if (h)
		p->all[p->n++] = h;
	return h;
}

static void unpack(struct parcel *p)
{
	for (DWORD i = 0; i < p->n; i++)
		(void)CloseHandle(p->all[i]);
}

/* The program and its words, with the numbers of handles in them. */
static bool write_words(char *to, size_t size, const struct nm_jail_start *s, struct parcel *p)
{
	size_t n = (size_t)snprintf(to, size, "\"%s\" ", s->program);

	for (const char *c = s->words; *c && n < size - 24; c++) {
		unsigned i = c[0] == '%' ? (unsigned)(c[1] - '0') : NM_JAIL_HANDED;
		HANDLE h;

		if (i >= s->n_hand) {
			to[n++] = *c;
			continue;
		}
		c++;
		h = s->hand[i] < 0 ? NULL : inheritable(p, s->hand[i]);
		n += (size_t)snprintf(to + n, size - n, "%lld", h ? (long long)(intptr_t)h : -1LL);
	}
	to[n] = '\0';
	return n < size - 24;
}

static char *put(char *at, const char *end, const char *name, const char *value)
{
	size_t n = value ? (size_t)snprintf(at, (size_t)(end - at), "%s=%s", name, value) : 0;

	return value && at + n + 2 < end ? at + n + 1 : at;
}

/* What it needs of our environment; the rest is nobody's business. Each ends with a NUL, the last
 * with two. */
static void write_environment(char *to, size_t size, const struct nm_jail_start *s)
{
	static const char *const needed[] = { "SystemRoot", "SystemDrive", "windir", "TZ", "LANG" };
	char *at = to, *end = to + size;

	at = put(at, end, "NETMON_OUTPUT_DIR", s->output);
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		at = put(at, end, needed[i], getenv(needed[i]));
	at = put(at, end, "TEMP", s->folder);
	at = put(at, end, "TMP", s->folder);
	*at = at[1] = '\0';
}

/* ---- beginning -------------------------------------------------------------------------- */

/* Without a console: one without a window would be a process more for each of ours, and on Wine one that is
 * left behind where who asks for it is ended meanwhile. In a group of its own: Ctrl-C is our matter. */
static BOOL create(HANDLE token, char *words, const struct nm_jail_start *s, STARTUPINFOEXA *si,
    PROCESS_INFORMATION *pi)
{
	const DWORD flags = CREATE_SUSPENDED | DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP |
			    EXTENDED_STARTUPINFO_PRESENT;
	char environment[4096];

	write_environment(environment, sizeof environment, s);
	if (token)
		return CreateProcessAsUserA(token, s->program, words, NULL, NULL, TRUE, flags,
		    environment, s->folder, &si->StartupInfo, pi);
	return CreateProcessA(s->program, words, NULL, NULL, TRUE, flags, environment, s->folder,
	    &si->StartupInfo, pi);
}

/* With exactly the handles of p. 0 or an errno value. */
static int create_with(HANDLE token, char *words, const struct nm_jail_start *s, STARTUPINFOEXA *si,
    struct parcel *p, PROCESS_INFORMATION *pi)
{
	SIZE_T size = 0;
	int err = 0;

	(void)InitializeProcThreadAttributeList(NULL, 1, 0, &size);
	si->lpAttributeList = malloc(size);
	if (!si->lpAttributeList)
		return ENOMEM;
	if (!InitializeProcThreadAttributeList(si->lpAttributeList, 1, 0, &size) ||
	    !UpdateProcThreadAttribute(si->lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST,
		p->all, p->n * sizeof *p->all, NULL, NULL) ||
	    !create(token, words, s, si, pi))
		err = nm_errno_of(GetLastError());
	DeleteProcThreadAttributeList(si->lpAttributeList);
	free(si->lpAttributeList);
	return err;
}

static void say_all(struct nm_sandbox_report *box, enum nm_layer_state state)
{
	for (unsigned i = 0; i < NM_LAYERS; i++)
		box->state[i] = (uint8_t)state;
}

int nm_jail_start(
    struct nm_jail *ret, const struct nm_jail_start *s, struct nm_sandbox_report *ret_box)
{
	STARTUPINFOEXA si = { .StartupInfo = { .cb = sizeof si, .dwFlags = STARTF_USESTDHANDLES } };
	HANDLE token = NULL, job = CreateJobObjectA(NULL, NULL);
	struct parcel p = { .n = 0 };
	PROCESS_INFORMATION pi;
	char words[WORDS_MAX];
	int err = job ? 0 : nm_errno_of(GetLastError());

	say_all(ret_box, NM_LAYER_ABSENT);
	(void)SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX); /* passed on */
	if (!err && !s->loose) {
		token = restricted(ret_box);
		ret_box->state[NM_LAYER_LIMITS] =
		    limit(job, &s->limits, s->parent) ? NM_LAYER_ON : NM_LAYER_FAILED;
	} else if (!err) {
		(void)end_with_us(job);
	}
	si.StartupInfo.hStdInput = inheritable(&p, s->in);
	si.StartupInfo.hStdOutput = inheritable(&p, s->out);
	si.StartupInfo.hStdError = inheritable(&p, s->err);
	if (!err && !write_words(words, sizeof words, s, &p))
		err = ENAMETOOLONG;
	if (!err)
		err = create_with(token, words, s, &si, &p, &pi);
	unpack(&p);
	if (token)
		(void)CloseHandle(token);
	if (err) {
		if (job)
			(void)CloseHandle(job);
		return err;
	}
	if (!AssignProcessToJobObject(job, pi.hProcess))
		ret_box->state[NM_LAYER_LIMITS] = NM_LAYER_FAILED;
	*ret = (struct nm_jail){ .process = pi.hProcess, .job = job, .pid = pi.dwProcessId };
	(void)ResumeThread(pi.hThread);
	(void)CloseHandle(pi.hThread);
	return 0;
}

/* ---- ending ----------------------------------------------------------------------------- */

static uint64_t as_us(FILETIME t)
{
	return (((uint64_t)t.dwHighDateTime << 32) | t.dwLowDateTime) / 10;
}

bool nm_jail_ended(const struct nm_jail *j, struct nm_jail_end *ret)
{
	PROCESS_MEMORY_COUNTERS memory = { .cb = sizeof memory };
	FILETIME began, ended, kernel = { 0 }, user = { 0 };
	DWORD code = 0;

	if (!j->process || WaitForSingleObject(j->process, 0) != WAIT_OBJECT_0)
		return false;
	(void)GetExitCodeProcess(j->process, &code);
	(void)GetProcessTimes(j->process, &began, &ended, &kernel, &user);
	(void)GetProcessMemoryInfo(j->process, &memory, sizeof memory);
	*ret = (struct nm_jail_end){ .code = code,
		.cpu_us = as_us(kernel) + as_us(user),
		.peak_kib = memory.PeakWorkingSetSize / 1024 };
	return true;
}

bool nm_jail_is_exception(uint32_t code)
{
	/* An error of the system, by the shape of its codes, or one of its warnings. */
	return code >> 28 == 0xc || code == (uint32_t)EXCEPTION_GUARD_PAGE ||
	       code == (uint32_t)EXCEPTION_BREAKPOINT || code == (uint32_t)EXCEPTION_SINGLE_STEP ||
	       code == (uint32_t)STATUS_FATAL_APP_EXIT; /* of abort() */
}

int nm_jail_wait_status(uint32_t code)
{
	switch (code) {
	case ERROR_NOT_ENOUGH_QUOTA: return NM_LINUX_SIGXCPU; /* its job's time is used up */
	case NM_JAIL_KILLED: return NM_LINUX_SIGKILL;
	default:
		return nm_jail_is_exception(code) ? nm_signal_of_exception(code)
						  : (int)(code & 0xff) << 8;
	}
}

void nm_jail_kill(const struct nm_jail *j)
{
	if (j->job)
		(void)TerminateJobObject(j->job, NM_JAIL_KILLED);
	if (j->process)
		(void)TerminateProcess(j->process, NM_JAIL_KILLED);
}

void nm_jail_close(struct nm_jail *j)
{
	nm_jail_kill(j);
	if (j->process) {
		(void)WaitForSingleObject(j->process, 2000);
		(void)CloseHandle(j->process);
	}
	if (j->job)
		(void)CloseHandle(j->job);
	*j = (struct nm_jail){ 0 };
}
