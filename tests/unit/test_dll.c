/* SPDX-License-Identifier: MIT */
/* What a DLL is and why it can't be an expert: each rule with one that is. */
#include "base/dll.h"
#include "make_pe.h"
#include "file_bytes.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <strings.h>

#include <cmocka.h>

static bool has_library(void *ctx, enum nm_pe_machine machine, const char *name)
{
	(void)ctx;
	return strcasecmp(name, "nmapi.dll") == 0 ||
	       (strcasecmp(name, "only64.dll") == 0 && machine == NM_PE_X64);
}

static const struct nm_dll_search search = { has_library, NULL };

#define EXPERT .exports = { "Register", "Run" }

static const struct {
	const char *rule;
	struct pe_plan plan;
	unsigned bytes; /* of the file; 0: all */
	bool usable;
	const char *text; /* a part of it */
} plans[] = {
	{ "an expert", { EXPERT }, 0, true, "an expert for Windows, x86-64" },
	{ "one for 32 bits", { .machine = 0x014c, EXPERT }, 0, true, "for Windows, 32-bit x86" },
	{ "one with Configure", { .exports = { "Configure", "Register", "Run" } }, 0, true,
	    "x86-64, with Configure" },
	{ "32-bit ARM", { .machine = 0x01c4, EXPERT }, 0, false, "for Windows on 32-bit ARM" },
	{ "arm64", { .machine = 0xaa64, EXPERT }, 0, false, "for Windows on arm64" },
	{ "a machine without a name", { .machine = 0x0200, EXPERT }, 0, false, "another kind" },
	{ "a program", { .program = true, EXPERT }, 0, false, "a program for Windows" },
	{ "a driver", { .driver = true, EXPERT }, 0, false, "a driver" },
	{ ".NET", { .managed = true, EXPERT }, 0, false, "a .NET assembly" },
	{ "cut short in its section", { EXPERT }, PE_SIZE - 1, false,
	    "cut short: 1535 of at least 1536 bytes" },
	{ "cut short in the table of sections", { EXPERT }, PE_AT + 24 + 240 + 39, false,
	    "cut short in its table" },
	{ "cut short in its PE header", { EXPERT }, PE_AT + 24 + 100, false,
	    "cut short in its PE" },
	{ "cut short before it", { EXPERT }, PE_AT + 10, false, "cut short before" },
	{ "cut short in the first header", { EXPERT }, 40, false, "cut short in its first" },
	{ "packed, and to be seen", { .section = "UPX0", EXPERT }, 0, true, "x86-64, packed" },
	{ "packed, and not", { .section = "UPX0" }, 0, false, "unpack it first" },
	{ "no exports", { 0 }, 0, false, "no entry points Register and Run" },
	{ "others", { .exports = { "DllMain", "RunIt" } }, 0, false, "no entry points" },
	{ "no Run", { .exports = { "Register" } }, 0, false, "no entry point Run" },
	{ "no Register", { .exports = { "Run" } }, 0, false, "no entry point Register" },
	{ "a parser", { .exports = { "ParserAutoInstallInfo" } }, 0, false,
	    "a parser for Windows" },
	{ "decorated", { .machine = 0x014c, .exports = { "_Register@4", "_Run@20" } }, 0, false,
	    "exports _Register@4, which is looked for as Register" },
	{ "decorated otherwise", { .machine = 0x014c, .exports = { "Register", "Run@20" } }, 0,
	    false, "exports Run@20" },
	{ "both names", { .machine = 0x014c, .exports = { "Register", "Run", "Run@20" } }, 0, true,
	    "32-bit x86" },
	{ "libraries that are there", { EXPERT, .imports = { "NMAPI.dll", "only64.dll" } }, 0, true,
	    "x86-64" },
	{ "one that is for others", { .machine = 0x014c, EXPERT, .imports = { "only64.dll" } }, 0,
	    false, "it needs only64.dll, which is not there" },
	{ "two that are not", { EXPERT, .imports = { "a.dll", "nmapi.dll", "b.dll" } }, 0, false,
	    "it needs a.dll, b.dll, which are not there" },
	{ "a name that harms terminals", { EXPERT, .imports = { "\x1b[31m.dll" } }, 0, false,
	    "needs \\x1b[31m.dll" },
};

static void rules(void **state)
{
	uint8_t file[PE_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
		struct file_bytes b = { file, plans[i].bytes ? plans[i].bytes : PE_SIZE };
		struct nm_dll got;

		pe_make(file, &plans[i].plan);
		assert_int_equal(
		    nm_dll_look(&got, file_bytes_read, &b, b.n, &search), plans[i].usable);
		if (!strstr(got.text, plans[i].text))
			print_message("# %s: %s\n", plans[i].rule, got.text);
		assert_non_null(strstr(got.text, plans[i].text));
		assert_int_equal(got.usable, plans[i].usable);
	}
}

static void libraries_count_only_when_asked(void **state)
{
	const struct pe_plan plan = { EXPERT, .imports = { "gone.dll" } };
	uint8_t file[PE_BYTES];
	struct file_bytes b = { file, PE_SIZE };
	struct nm_dll got;

	(void)state;
	pe_make(file, &plan);
	assert_true(nm_dll_look(&got, file_bytes_read, &b, b.n, NULL));
	assert_false(nm_dll_look(&got, file_bytes_read, &b, b.n, &search));
}

static const struct {
	const char *rule, *bytes, *text;
	unsigned n;
} others[] = {
	{ "nothing", "", "empty", 0 },
	{ "text", "hello, world", "no MZ header", 12 },
	{ "an ELF file",
	    "\x7f"
	    "ELF............",
	    "no MZ header", 16 },
};

/* A word of the heads, changed. */
static const struct {
	const char *rule;
	unsigned at, bytes;
	uint32_t value;
	const char *text;
} changed[] = {
	{ "for DOS", PE_AT, 2, 0x4141, "a program for DOS" },
	{ "for 16-bit Windows", PE_AT, 2, 0x454e, "16-bit Windows" },
	{ "a PE header far behind the end", 60, 4, 0x7fffffff, "for DOS" },
	{ "more sections than Windows loads", PE_AT + 6, 2, 97, "makes no sense" },
	{ "an optional head that is too short", PE_AT + 20, 2, 95, "makes no sense" },
	{ "an optional head of another kind", PE_AT + 24, 2, 0x107, "makes no sense" },
	{ "a section that lies behind the end", PE_AT + 24 + 240 + 20, 4, 0xfffffff0, "cut short" },
	{ "exports at no address", PE_AT + 24 + 112, 4, 0xfffffff0, "no entry points" },
	{ "more names than there are", PE_RAW + PE_EXPORT + 24, 4, 0xffffffff, "an expert for" },
	{ "a table of names that leads out", PE_RAW + PE_EXPORT + 32, 4, 0xfffffffc, "no entry" },
	{ "a name that leads out", PE_RAW + PE_TABLE, 4, 0xffffffff, "no entry point Register" },
};

static void hostile_heads(void **state)
{
	const struct pe_plan plan = { EXPERT };
	uint8_t file[PE_BYTES];
	struct file_bytes b = { file, PE_SIZE };
	struct nm_dll got;

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct file_bytes o = { (const uint8_t *)others[i].bytes, others[i].n };

		assert_false(nm_dll_look(&got, file_bytes_read, &o, o.n, &search));
		assert_non_null(strstr(got.text, others[i].text));
	}
	for (size_t i = 0; i < sizeof changed / sizeof *changed; i++) {
		pe_make(file, &plan);
		for (unsigned k = 0; k < changed[i].bytes; k++)
			file[changed[i].at + k] = (uint8_t)(changed[i].value >> (8 * k));
		(void)nm_dll_look(&got, file_bytes_read, &b, b.n, &search);
		if (!strstr(got.text, changed[i].text))
			print_message("# %s: %s\n", changed[i].rule, got.text);
		assert_non_null(strstr(got.text, changed[i].text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(rules),
		cmocka_unit_test(libraries_count_only_when_asked),
		cmocka_unit_test(hostile_heads) };

	return cmocka_run_group_tests_name("dll", tests, NULL, NULL);
}
