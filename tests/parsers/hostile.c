/* SPDX-License-Identifier: MIT */
/* A parser that misbehaves: what it does, and in which of its entry points, it reads
 * from its own file name, hostile-MISDEED-PHASE.so. Otherwise it is well-behaved: the
 * protocol HOSTILE behind EtherType 0x88B5, a summary and a number. */
#include <netmon.h>

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#ifdef _WIN32
#include <windows.h>
#define EXTENSION "dll"
#else
#include <dlfcn.h>
#define EXTENSION "so"
#endif

#define MILLION 1000000u

struct call {
	HFRAME frame;
	ULPBYTE mac, at; /* NULL while there is no frame */
	DWORD left;
	LPPROPERTYINST instances; /* FormatProperties */
	LPBYTE result;            /* of RecognizeFrame */
	LPDWORD status;
	LPHPROTOCOL next;
};

static HPROTOCOL own;
static PROPERTYINFO summary = { .Label = (char[]){ "Summary of what is hostile" },
	.DataType = PROP_TYPE_SUMMARY,
	.FormatStringSize = 80 };
static PROPERTYINFO number = {
	.Label = (char[]){ "First Byte" }, .DataType = PROP_TYPE_BYTE, .FormatStringSize = 80
};
static volatile int zero;
static jmp_buf stale;

/* ---- what systems have in their own ways ---------------------------------------------- */

#ifdef _WIN32
static void divide_by_zero(void)
{
	RaiseException(EXCEPTION_INT_DIVIDE_BY_ZERO, 0, 0, NULL);
}

static void stop_at_trap(void)
{
	DebugBreak();
}

static void rest(void)
{
	Sleep(INFINITE);
}

static void end_at_once(void)
{
	(void)TerminateProcess(GetCurrentProcess(), 9);
}

/* By the engine, after another process tried it? That one has fewer words. */
static BOOL is_used(void)
{
	return strstr(GetCommandLineA(), " -1 ") != NULL;
}

/* The name of the file that this is in. */
static const char *own_file(void)
{
	static char path[MAX_PATH];
	HMODULE me = NULL;

	if (!GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
				    GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
		(const void *)path, &me) ||
	    !GetModuleFileNameA(me, path, sizeof path))
		return NULL;
	return path;
}
#else
static void divide_by_zero(void)
{
	(void)raise(SIGFPE);
}

static void stop_at_trap(void)
{
	(void)raise(SIGTRAP);
}

static void rest(void)
{
	(void)pause();
}

static void end_at_once(void)
{
	(void)kill(getpid(), SIGKILL);
}

static BOOL is_used(void)
{
	return FALSE; /* whose loading is contained as often as it is done */
}

static const char *own_file(void)
{
	static const char here;
	Dl_info me;

	return dladdr((const void *)&here, &me) ? me.dli_fname : NULL;
}
#endif

/* ---- misdeeds ------------------------------------------------------------------------- */

static void nullwrite(struct call *c)
{
	volatile int *volatile nowhere = NULL;

	(void)c;
	*nowhere = 1;
}

static void nullcall(struct call *c)
{
	void (*volatile nowhere)(void) = NULL;

	(void)c;
	nowhere();
}

static void divide(struct call *c)
{
	(void)c;
	divide_by_zero();
}

static void trap(struct call *c)
{
	(void)c;
	stop_at_trap();
}

static void give_up(struct call *c)
{
	(void)c;
	abort();
}

static void loop(struct call *c)
{
	(void)c;
	while (!zero)
		;
}

/* Most of the time it is in somebody else's code. */
static void loopapi(struct call *c)
{
	(void)c;
	while (!zero)
		(void)GetProtocolFromName((char[]){ "NOBODY" });
}

static void wait_for_ever(struct call *c)
{
	(void)c;
	while (!zero)
		rest();
}

static int deeper(volatile int *above)
{
	volatile int here[256];

	here[0] = *above + 1;
	return (zero ? 0 : deeper(here)) + here[0];
}

static void stackoverflow(struct call *c)
{
	volatile int start = 0;

	(void)c;
	(void)deeper(&start);
}

static void exit0(struct call *c)
{
	(void)c;
	exit(0);
}

static void _exit0(struct call *c)
{
	(void)c;
	_exit(0);
}

static void killself(struct call *c)
{
	(void)c;
	end_at_once();
}

static void openwrite(struct call *c)
{
	(void)c;
	(void)open("/tmp/nmapi-hostile-parser", O_WRONLY | O_CREAT, 0600);
}

static void *crash_there(void *arg)
{
	nullwrite(NULL);
	return arg;
}

static void threadcrash(struct call *c)
{
	pthread_t t;

	(void)c;
	if (pthread_create(&t, NULL, crash_there, NULL) == 0)
		(void)pthread_join(t, NULL);
}

static void *stay_there(void *arg)
{
	wait_for_ever(NULL);
	return arg;
}

static void threadstays(struct call *c)
{
	pthread_t t;

	(void)c;
	(void)pthread_create(&t, NULL, stay_there, NULL);
}

static __attribute__((noinline)) void mark(void)
{
	(void)setjmp(stale);
}

static void jump(struct call *c)
{
	(void)c;
	mark();
	longjmp(stale, 1);
}

static void before(struct call *c)
{
	if (c->status)
		*c->status = PROTOCOL_STATUS_RECOGNIZED;
	c->result = c->at - 1;
}

static void after(struct call *c)
{
	if (c->status)
		*c->status = PROTOCOL_STATUS_RECOGNIZED;
	c->result = c->at + c->left + 1;
}

static void wild(struct call *c)
{
	if (c->status)
		*c->status = PROTOCOL_STATUS_NEXT_PROTOCOL;
	if (c->next)
		*c->next = (HPROTOCOL)(uintptr_t)0x1234;
	c->result = (LPBYTE)(uintptr_t)0x40;
}

static void nothing(struct call *c)
{
	if (c->status)
		*c->status = PROTOCOL_STATUS_RECOGNIZED;
	c->result = NULL;
}

static void strangestatus(struct call *c)
{
	if (c->status)
		*c->status = 4711;
	c->result = c->at;
}

/* To itself, without taking a byte. */
static void circle(struct call *c)
{
	if (c->status)
		*c->status = PROTOCOL_STATUS_NEXT_PROTOCOL;
	if (c->next)
		*c->next = own;
	c->result = c->at;
}

static void million(struct call *c)
{
	for (unsigned i = 0; i < MILLION; i++)
		(void)AttachPropertyInstance(c->frame, number.hProperty, 1, c->at, 0, 1, 0);
}

static void hugelength(struct call *c)
{
	BYTE value = 7;

	(void)AttachPropertyInstance(c->frame, number.hProperty, 0xFFFFFFFF, c->at, 9999, 99, ~0u);
	(void)AttachPropertyInstance(c->frame, number.hProperty, 1, c->at + 100000, 0, 1, 0);
	(void)AttachPropertyInstance(c->frame, number.hProperty, 1, c->at - 100000, 0, 1, 0);
	(void)AttachPropertyInstanceEx(
	    c->frame, number.hProperty, 0xFFFFFFFF, c->at, 0xFFFFFFFF, &value, 0, 1, 0);
}

static void nulleverything(struct call *c)
{
	DWORD_PTR inst;

	(void)c;
	(void)AttachPropertyInstance(NULL, 0, 0, NULL, 0, 0, 0);
	(void)AttachPropertyInstanceEx(NULL, 0, 0, NULL, 0, NULL, 0, 0, 0);
	(void)FindPropertyInstance(NULL, 0);
	(void)FindPropertyInstanceRestart(NULL, 0, NULL, TRUE);
	(void)GetPropertyText(NULL, NULL, NULL, 0);
	(void)GetProtocolFromName(NULL);
	(void)GetProtocolInfo(NULL);
	(void)GetProperty(NULL, NULL);
	(void)GetPropertyInfo(0);
	(void)GetFrameRecognizeData(NULL);
	(void)GetProtocolStartOffset(NULL, NULL);
	(void)GetProtocolFromTable(NULL, 0, NULL);
	(void)GetProtocolFromTable(NULL, 0, &inst);
	(void)FormatPropertyInstance(NULL, 0);
	(void)CreateProtocol(NULL, NULL, 0);
	(void)CreatePropertyDatabase(NULL, 0);
	(void)AddProperty(NULL, NULL);
	(void)CCHeapFree(NULL);
	(void)CCHeapSize(NULL);
	DestroyProtocol(NULL);
	DestroyHandoffTable(NULL);
}

static void wronghandles(struct call *c)
{
	PROPERTYINFO strange = { .Label = (char[]){ "strange" } };
	HPROTOCOL h = (HPROTOCOL)(uintptr_t)0x4e50000000000fff;
	int here = 0;

	(void)AttachPropertyInstance(c->frame, (HPROPERTY)&strange, 1, c->at, 0, 0, 0);
	(void)AttachPropertyInstance((HFRAME)(void *)&here, number.hProperty, 1, c->at, 0, 0, 0);
	(void)FindPropertyInstance((HFRAME)(void *)&here, (HPROPERTY)&strange);
	(void)GetProtocolInfo(h);
	(void)GetProtocolInfo((HPROTOCOL)(void *)&here);
	(void)GetProperty(h, (char[]){ "x" });
	(void)GetPropertyInfo((HPROPERTY)&strange);
	(void)AddProperty(h, &strange);
	(void)CreatePropertyDatabase(h, 0xFFFFFFFF);
	(void)CCHeapFree(&here);
	(void)CCHeapSize(&here);
	(void)CCHeapReAlloc(&here, 10, TRUE);
	DestroyProtocol(h);
}

/* Own or not, after loading nothing of it may change any more. */
static void undo(struct call *c)
{
	(void)c;
	(void)DestroyPropertyDatabase(GetProtocolFromName((char[]){ "ETHERNET" }));
	DestroyProtocol(GetProtocolFromName((char[]){ "ETHERNET" }));
	(void)AddProperty(own, &number);
}

static void freeframe(struct call *c)
{
	free(c->mac ? (void *)c->mac : (void *)&zero);
}

static void freetables(struct call *c)
{
	const PROTOCOLINFO *i = GetProtocolInfo(GetProtocolFromName((char[]){ "ETHERNET" }));

	(void)c;
	free(i ? (void *)i->PropertyDatabase : (void *)&zero);
}

static void writetables(struct call *c)
{
	PROTOCOLINFO *i = GetProtocolInfo(GetProtocolFromName((char[]){ "ETHERNET" }));

	(void)c;
	if (i)
		memset((void *)i, 0x55, 4096);
}

static void writeproperties(struct call *c)
{
	const PROTOCOLINFO *i = GetProtocolInfo(GetProtocolFromName((char[]){ "ETHERNET" }));

	(void)c;
	if (i && i->PropertyDatabase)
		memset((void *)i->PropertyDatabase, 0x55, 64);
}

static void writeframe(struct call *c)
{
	if (c->at)
		memset(c->at, 0xAA, c->left);
}

static void longtext(struct call *c)
{
	if (c->instances)
		memset(c->instances->szPropertyText, 'x', 1u << 20);
}

static void wildtext(struct call *c)
{
	if (c->instances)
		c->instances->szPropertyText = (LPSTR)(uintptr_t)8;
}

static void hugeheap(struct call *c)
{
	(void)c;
	for (unsigned i = 0; i < MILLION; i++)
		(void)CCHeapAlloc(1u << 16, FALSE);
}

static const struct {
	const char *name;
	void (*fn)(struct call *c);
} misdeeds[] = {
	{ "nullwrite", nullwrite },
	{ "nullcall", nullcall },
	{ "divide", divide },
	{ "trap", trap },
	{ "abort", give_up },
	{ "loop", loop },
	{ "loopapi", loopapi },
	{ "sleep", wait_for_ever },
	{ "stackoverflow", stackoverflow },
	{ "exit0", exit0 },
	{ "_exit0", _exit0 },
	{ "killself", killself },
	{ "openwrite", openwrite },
	{ "threadcrash", threadcrash },
	{ "threadstays", threadstays },
	{ "longjmp", jump },
	{ "before", before },
	{ "after", after },
	{ "wild", wild },
	{ "nothing", nothing },
	{ "strangestatus", strangestatus },
	{ "circle", circle },
	{ "million", million },
	{ "hugelength", hugelength },
	{ "nulleverything", nulleverything },
	{ "wronghandles", wronghandles },
	{ "undo", undo },
	{ "freeframe", freeframe },
	{ "freetables", freetables },
	{ "writetables", writetables },
	{ "writeproperties", writeproperties },
	{ "writeframe", writeframe },
	{ "longtext", longtext },
	{ "wildtext", wildtext },
	{ "hugeheap", hugeheap },
};

/* Is it now? The answer is in the file's name. */
static BOOL misbehave(const char *phase, struct call *c)
{
	const char *file = own_file(), *base = file ? strstr(file, "hostile-") : NULL;
	struct call none = { 0 };
	char name[64];

	if (!base)
		return FALSE;
	for (size_t i = 0; i < sizeof misdeeds / sizeof *misdeeds; i++) {
		(void)snprintf(
		    name, sizeof name, "hostile-%s-%s." EXTENSION, misdeeds[i].name, phase);
		if (strcmp(base, name) == 0) {
			misdeeds[i].fn(c ? c : &none);
			return TRUE;
		}
	}
	return FALSE;
}

/* ---- the parser ------------------------------------------------------------------------------ */

static VOID WINAPI do_register(HPROTOCOL h)
{
	(void)misbehave("register", NULL);
	if (CreatePropertyDatabase(h, 2) != NMERR_SUCCESS)
		return;
	(void)AddProperty(h, &summary);
	(void)AddProperty(h, &number);
}

static VOID WINAPI do_deregister(HPROTOCOL h)
{
	(void)misbehave("deregister", NULL);
	(void)DestroyPropertyDatabase(h);
}

static LPBYTE WINAPI recognize(HFRAME frame, ULPBYTE mac, ULPBYTE p, DWORD mac_type, DWORD left,
    HPROTOCOL prev, DWORD prev_at, LPDWORD status, LPHPROTOCOL next, PDWORD_PTR instance)
{
	struct call c = {
		.frame = frame, .mac = mac, .at = p, .left = left, .status = status, .next = next
	};

	(void)mac_type;
	(void)prev;
	(void)prev_at;
	(void)instance;
	*status = PROTOCOL_STATUS_CLAIMED;
	(void)misbehave("recognize", &c);
	return c.result;
}

static LPBYTE WINAPI attach(HFRAME frame, ULPBYTE mac, ULPBYTE p, DWORD mac_type, DWORD left,
    HPROTOCOL prev, DWORD prev_at, DWORD_PTR instance)
{
	struct call c = { .frame = frame, .mac = mac, .at = p, .left = left };

	(void)mac_type;
	(void)prev;
	(void)prev_at;
	(void)instance;
	(void)AttachPropertyInstance(frame, summary.hProperty, left, p, 0, 0, 0);
	(void)misbehave("attach", &c);
	(void)AttachPropertyInstance(frame, number.hProperty, 1, p, 0, 1, 0);
	return c.result;
}

static DWORD WINAPI format(HFRAME frame, ULPBYTE mac, ULPBYTE p, DWORD n, LPPROPERTYINST instances)
{
	struct call c = { .frame = frame, .mac = mac, .at = p, .instances = instances };

	for (DWORD i = 0; i < n; i++)
		(void)FormatPropertyInstance(&instances[i], 0);
	(void)misbehave("format", &c);
	return NMERR_SUCCESS;
}

NMAPI_EXPORT BOOL WINAPI DllMain(HINSTANCE hInstance, ULONG Command, LPVOID Reserved)
{
	static ENTRYPOINTS ep = { do_register, do_deregister, recognize, attach, format };

	(void)hInstance;
	(void)Reserved;
	if (Command != DLL_PROCESS_ATTACH)
		return TRUE;
	(void)misbehave("load", NULL);
	if (is_used())
		(void)misbehave("use", NULL);
	own = CreateProtocol((char[]){ "HOSTILE" }, &ep, ENTRYPOINTS_SIZE);
	return own != NULL;
}

NMAPI_EXPORT PPF_PARSERDLLINFO WINAPI ParserAutoInstallInfo(void)
{
	PPF_PARSERDLLINFO info;
	PPF_HANDOFFSET places;

	(void)misbehave("install", NULL);
	info = calloc(1, sizeof *info + sizeof *info->ParserInfo);
	places = calloc(1, sizeof *places + sizeof *places->Entry);
	if (!info || !places)
		return NULL;
	info->nParsers = 1;
	(void)strcpy(info->ParserInfo[0].szProtocolName, "HOSTILE");
	info->ParserInfo[0].pWhoHandsOffToMe = places;
	places->nEntries = 1;
	(void)strcpy(places->Entry[0].szIniFile, "MAC.INI");
	(void)strcpy(places->Entry[0].szIniSection, "ETYPE_HandoffSet");
	places->Entry[0].dwHandOffValue = 0x88B5;
	places->Entry[0].ValueFormatBase = HANDOFF_VALUE_FORMAT_BASE_HEX;
	return info;
}

NMAPI_EXPORT DWORD WINAPI ParserFieldNames(HPROTOCOL h, const PARSERFIELDNAME **ret)
{
	(void)h;
	*ret = NULL;
	(void)misbehave("names", NULL);
	return 0;
}
