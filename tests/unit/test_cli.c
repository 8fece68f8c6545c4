/* SPDX-License-Identifier: MIT */
/* The command as a user sees it: what it prints where, and how it ends. */
#include "cli/cli.h"
#include "cli_host.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))

static char dir[] = "/tmp/nmapi-cli-XXXXXX";

/* What the last command printed. */
static char out[1 << 18], err[1 << 16];

static void load(int fd, char *s, size_t size)
{
	ssize_t n = pread(fd, s, size - 1, 0);

	assert_true(n >= 0);
	s[n] = '\0';
}

static int scratch(void)
{
	char name[64];
	int fd;

	(void)snprintf(name, sizeof name, "%s/scratch-XXXXXX", dir);
	fd = mkstemp(name);
	assert_true(fd >= 0);
	(void)unlink(name);
	return fd;
}

/* netmon with these words (separated by blanks; '' is an empty one), standard output to
 * out_fd and standard error to err_fd. */
static int netmon_to(const char *words, int out_fd, int err_fd)
{
	char copy[1024], *argv[64];
	int argc = 0, status, saved_out = dup(STDOUT_FILENO), saved_err = dup(STDERR_FILENO);

	(void)snprintf(copy, sizeof copy, "netmon %s", words);
	for (char *w = strtok(copy, " "); w && argc < 63; w = strtok(NULL, " "))
		argv[argc++] = strcmp(w, "''") == 0 ? w + 2 : w;
	argv[argc] = NULL;
	(void)fflush(stdout);
	(void)fflush(stderr);
	(void)dup2(out_fd, STDOUT_FILENO);
	(void)dup2(err_fd, STDERR_FILENO);
	status = cli_main(argc, argv);
	(void)fflush(stdout);
	(void)fflush(stderr);
	clearerr(stdout);
	(void)dup2(saved_out, STDOUT_FILENO);
	(void)dup2(saved_err, STDERR_FILENO);
	(void)close(saved_out);
	(void)close(saved_err);
	return status;
}

static int netmon(const char *words)
{
	int o = scratch(), e = scratch();
	int status = netmon_to(words, o, e);

	load(o, out, sizeof out);
	load(e, err, sizeof err);
	(void)close(o);
	(void)close(e);
	return status;
}

static unsigned lines(const char *s)
{
	unsigned n = 0;

	for (; *s; s++)
		n += *s == '\n';
	return n;
}

static void assert_harmless(const char *s)
{
	for (; *s; s++)
		if (((unsigned char)*s < 0x20 && *s != '\n') || *s == 0x7f)
			fail_msg("byte 0x%02x is printed", (unsigned)(unsigned char)*s);
}

/* ---- what is wrong -------------------------------------------------------------------- */

static const struct {
	const char *name, *words;
	int status;
	const char *says;   /* part of the one line on standard error; NULL: none */
	const char *prints; /* part of standard output; NULL: nothing */
} rows[] = {
	{ "no command", "", NM_EXIT_USAGE, "no command given", NULL },
	{ "an unknown command", "frobnicate", NM_EXIT_USAGE, "'netmon help' lists", NULL },
	{ "a near miss", "exprets", NM_EXIT_USAGE, "did you mean 'experts'?", NULL },
	{ "an unknown option first", "--frob", NM_EXIT_USAGE, "unknown option '--frob'", NULL },
	{ "hostile words", "\033[1m\n", NM_EXIT_USAGE, "\\x1b[1m", NULL },
	{ "an unknown option of run", "run --tmeout 3", NM_EXIT_USAGE, "did you mean '--timeout'?",
	    NULL },
	{ "no such option at all", "run --zzzzzz", NM_EXIT_USAGE, "see 'netmon help run'", NULL },
	{ "an unknown letter of run", "run -x", NM_EXIT_USAGE, "'-x'", NULL },
	{ "a missing argument", "run a --timeout", NM_EXIT_USAGE, "'--timeout' needs an argument",
	    NULL },
	{ "a bad value names option and value", "run a --memory 64MB", NM_EXIT_USAGE,
	    "--memory: '64MB' is not a size", NULL },
	{ "a value too large", "run a --timeout 99999999999999999999", NM_EXIT_USAGE,
	    "--timeout: '99999999999999999999' is too large", NULL },
	{ "a needless argument", "run --quiet=x", NM_EXIT_USAGE, "'--quiet' takes no argument",
	    NULL },
	{ "a bad format", "run a -T jso", NM_EXIT_USAGE, "did you mean 'json'?", NULL },
	{ "a format that is none", "run a -T pdf", NM_EXIT_USAGE,
	    "--format: 'pdf' is not text, json, html, csv, sqlite or sarif\n", NULL },
	{ "a compression that is none", "convert --compress rar a b.pcap", NM_EXIT_USAGE,
	    "--compress: 'rar' is not none, gzip, zstd, lz4 or xz\n", NULL },
	{ "a compression that is known", "convert --compress none a b.pcap", 0, NULL, NULL },
	{ "a bad sandbox names the near one", "run a --sandbox=besteffort", NM_EXIT_USAGE,
	    "--sandbox: 'besteffort' is not require, best-effort or off; did you mean "
	    "'best-effort'?",
	    NULL },
	{ "a bad sandbox", "run a --sandbox=full", NM_EXIT_USAGE,
	    "--sandbox: 'full' is not require, best-effort or off\n", NULL },
	{ "a bad heap", "run a --heap=gaurd", NM_EXIT_USAGE,
	    "--heap: 'gaurd' is not normal, guard or guard-under; did you mean 'guard'?", NULL },
	{ "a bad colour", "run a --color=neve", NM_EXIT_USAGE, "did you mean 'never'?", NULL },
	{ "an option misspelt", "run a --sandbx=off", NM_EXIT_USAGE, "did you mean '--sandbox'?",
	    NULL },
	{ "a path to read that isn't there", "run a --allow-read /nowhere", NM_EXIT_USAGE,
	    "--allow-read: /nowhere: No such file or directory", NULL },
	{ "no folder to write to", "run a --output-dir /dev/null", NM_EXIT_USAGE,
	    "--output-dir: /dev/null: not a folder", NULL },
	{ "an allocation that is none", "run a --fail-alloc=x", NM_EXIT_USAGE,
	    "--fail-alloc: 'x' is not", NULL },
	{ "a bad format of experts", "experts -T html", NM_EXIT_USAGE, "'html' is not", NULL },
	{ "a bad format of settings", "configure -T csv e", NM_EXIT_USAGE, "'csv' is not", NULL },
	{ "no expert to configure", "configure", NM_EXIT_USAGE, "one expert", NULL },
	{ "a setting without a value", "configure e top", NM_EXIT_USAGE, "not NAME=VALUE", NULL },
	{ "a value without a setting", "configure e =1", NM_EXIT_USAGE, "not NAME=VALUE", NULL },
	{ "a reset with a value", "configure --reset e top=1", NM_EXIT_USAGE, "without values",
	    NULL },
	{ "showing a change", "configure --show e top=1", NM_EXIT_USAGE, "changes nothing", NULL },
	{ "calling with a change", "configure --call e top=1", NM_EXIT_USAGE, "nothing else",
	    NULL },
	{ "a bad format of protocols", "protocols -T jsn", NM_EXIT_USAGE, "did you mean 'json'?",
	    NULL },
	{ "a protocol that is none", "protocols ipp", NM_EXIT_USAGE,
	    "there is no protocol 'ipp'; did you mean 'ip'?", NULL },
	{ "a protocol like no other", "protocols zzzz", NM_EXIT_USAGE,
	    "'netmon protocols' lists them", NULL },
	{ "frames of nothing", "frames -V", NM_EXIT_USAGE, "no capture given", NULL },
	{ "frames of two captures", "frames -r a b", NM_EXIT_USAGE, "one capture at a time", NULL },
	{ "fields without fields", "frames -T fields a", NM_EXIT_USAGE, "needs fields", NULL },
	{ "fields of another format", "frames -T json -e ip.src a", NM_EXIT_USAGE,
	    "-e is for -T fields", NULL },
	{ "frames in a format that is none", "frames -T pdml a", NM_EXIT_USAGE,
	    "'pdml' is not text, json or fields", NULL },
	{ "a clock that is none", "frames -t x a", NM_EXIT_USAGE, "--time: 'x' is not r, d,",
	    NULL },
	{ "no frame at all", "frames -c 0 a", NM_EXIT_USAGE, "--count: '0' is not between", NULL },
	{ "frames out of order", "frames --frames 3-2 a", NM_EXIT_USAGE, "no range of frames",
	    NULL },
	{ "an option of fields that is none", "frames -E bom=y -e ip a", NM_EXIT_USAGE,
	    "there are separator=", NULL },
	{ "a separator that is too long", "frames -E separator=ab -e ip a", NM_EXIT_USAGE,
	    "one character, /t or /s", NULL },
	{ "a separator that is no character", "frames -E separator=\033 -e ip a", NM_EXIT_USAGE,
	    "one character, /t or /s", NULL },
	{ "an occurrence that is none", "frames -E occurrence=x -e ip a", NM_EXIT_USAGE,
	    "f (the first)", NULL },
	{ "a quote that is none", "frames -E quote=b -e ip a", NM_EXIT_USAGE, "d (double)", NULL },
	{ "a header that is none", "frames -E header=1 -e ip a", NM_EXIT_USAGE, "y or n", NULL },
	{ "frames", "frames a", 0, NULL, "a frame\n" },
	{ "a bad format of info", "info -T html a", NM_EXIT_USAGE, "'html' is not", NULL },
	{ "info of nothing", "info", NM_EXIT_USAGE, "no capture given", NULL },
	{ "replay of nothing", "replay", NM_EXIT_USAGE, "give one capsule", NULL },
	{ "replay of two", "replay a b", NM_EXIT_USAGE, "give one capsule", NULL },
	{ "a bad format of replay", "replay -T html a", NM_EXIT_USAGE, "'html' is not text or json",
	    NULL },
	{ "replay with a bad sandbox", "replay --sandbox=on a", NM_EXIT_USAGE, "'on' is not",
	    NULL },
	{ "a capsule of what has no process", "run --in-process -e x --capsule c a", NM_EXIT_USAGE,
	    "--capsule needs", NULL },
	{ "evidence of two captures", "run -w f a b", NM_EXIT_USAGE, "-w takes the frames of one",
	    NULL },
	{ "evidence to nowhere", "run -w - a", NM_EXIT_USAGE, "-w writes a file", NULL },
	{ "a report without a name", "run a -o ''", NM_EXIT_USAGE,
	    "run: option '--output' needs the name of a file, which is empty here\n", NULL },
	{ "a folder without a name", "replay a --output-dir=", NM_EXIT_USAGE,
	    "replay: option '--output-dir' needs the name of a folder, which is empty here\n",
	    NULL },
	{ "evidence where a report goes", "run -o f -w f a", NM_EXIT_USAGE,
	    "a report and -w go to f", NULL },
	{ "frames around nothing", "run --around 3 a", NM_EXIT_USAGE, "--around says how much",
	    NULL },
	{ "frames around that are no number", "run -w f --around x a", NM_EXIT_USAGE,
	    "--around: 'x' is not", NULL },
	{ "convert of one name", "convert a.pcap", NM_EXIT_USAGE, "give two names", NULL },
	{ "convert to no name", "convert --to pcap a.pcap ''", NM_EXIT_USAGE, "give two names",
	    NULL },
	{ "convert to a name without ending", "convert a.pcap b", NM_EXIT_USAGE, "tells no format",
	    NULL },
	{ "frames that end before they begin", "convert --frames 20-10 a b.pcap", NM_EXIT_USAGE,
	    "--frames: '20-10' is no range", NULL },
	{ "frame 0", "convert --frames 0-10 a b.pcap", NM_EXIT_USAGE, "no range of frames", NULL },
	{ "no frame", "convert --frames - a b.pcap", NM_EXIT_USAGE, "no range of frames", NULL },
	{ "frames that are no number", "convert --frames 1-x a b.pcap", NM_EXIT_USAGE,
	    "no range of frames", NULL },
	{ "a frame beyond all", "convert --frames 4294967296 a b.pcap", NM_EXIT_USAGE,
	    "no range of frames", NULL },
	{ "convert to a format that is none", "convert --to pcapgn a.pcap b", NM_EXIT_USAGE,
	    "did you mean 'pcapng'", NULL },
	{ "compress with what is not known", "convert --compress zst a.pcap b", NM_EXIT_USAGE,
	    "did you mean 'zstd'", NULL },
	{ "convert to a name that only tells a compression", "convert a .pcap.gz", NM_EXIT_USAGE,
	    "tells no format", NULL },
	{ "convert by no filter", "convert a b.pcap -Y", NM_EXIT_USAGE, "'--filter' needs", NULL },
	{ "convert in a sandbox that is none", "convert --sandbox=on a b.pcap", NM_EXIT_USAGE,
	    "'on' is not", NULL },
	{ "new without a name", "new expert", NM_EXIT_USAGE, "netmon new expert NAME", NULL },
	{ "new of an unknown kind", "new exprt x", NM_EXIT_USAGE, "did you mean 'expert'?", NULL },
	{ "new with a bad name", "new expert ../x", NM_EXIT_USAGE, "'../x' is not a name", NULL },
	{ "new in a folder without a name", "new expert x ''", NM_EXIT_USAGE,
	    "the name of the folder to make it in is empty", NULL },
	{ "help on nothing known", "help rum", NM_EXIT_USAGE, "did you mean 'run'?", NULL },
	{ "help", "help", 0, NULL, "  experts    list the experts" },
	{ "help as an option", "--help", 0, NULL, "usage: netmon COMMAND" },
	{ "help on run", "help run", 0, NULL, "      --max-events=N " },
	{ "help inside run", "run a --help", 0, NULL, "usage: netmon run [OPTION]... CAPTURE..." },
	{ "help inside new", "new -h", 0, NULL, "usage: netmon new expert|parser NAME [DIR]" },
	{ "help inside info", "info -h", 0, NULL, "usage: netmon info" },
	{ "help inside experts", "experts -h", 0, NULL, "usage: netmon experts" },
	{ "the version", "--version", 0, NULL, "netmon 9.8.7\n" },
	{ "a run", "run -q a.pcap", 0, NULL, "flood.pcap: pcap, 100 frames" },
	{ "a run as json", "run -q -T json a.pcap", 0, NULL, "\"event_type\":\"run_end\"" },
	{ "an output that can't be made", "run -q -o /nowhere/x a", NM_EXIT_OUTPUT,
	    "/nowhere/x: can't be written: No such file or directory", NULL },
	{ "a full disk", "run -q -o /dev/full a", NM_EXIT_OUTPUT,
	    "/dev/full: can't be written: No space left on device", NULL },
};

static void every_word_has_its_answer(void **state)
{
	for (unsigned i = 0; i < N(rows); i++) {
		int status;

		cli_host_reset();
		status = netmon(rows[i].words);
		if (status != rows[i].status)
			fail_msg("%s: status %d, %s", rows[i].name, status, err);
		assert_int_equal(lines(err), rows[i].says ? 1 : 0);
		if (rows[i].says && (!strstr(err, rows[i].says) || strncmp(err, "netmon: ", 8)))
			fail_msg("%s: said %s", rows[i].name, err);
		if (rows[i].prints ? !strstr(out, rows[i].prints) : out[0] != '\0')
			fail_msg("%s: printed %s", rows[i].name, out);
		assert_harmless(out);
		assert_harmless(err);
	}
	(void)state;
}

static bool is_of(const char *word, const char *a, const char *b, const char *c)
{
	return word && (strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0);
}

/* Also not in standard output's place: an empty name is most often a variable that is not set. */
static void no_option_takes_an_empty_name_of_a_file(void **state)
{
	const struct cli_command *c;
	unsigned n = 0;

	for (unsigned i = 0; (c = cli_command_at(i)); i++)
		for (const struct cli_option *o = c->options; o->id; o++) {
			char words[256], says[64];

			if (!is_of(o->arg, "FILE", "DIR", "PATH"))
				continue;
			cli_host_reset();
			(void)snprintf(words, sizeof words, "%s --%s=", c->name, o->name);
			(void)snprintf(says, sizeof says, "option '--%s' needs the name", o->name);
			assert_int_equal(netmon(words), NM_EXIT_USAGE);
			assert_string_equal(out, "");
			assert_int_equal(lines(err), 1);
			assert_non_null(strstr(err, says));
			n++;
		}
	assert_true(n >= 20);
	(void)state;
}

/* What the host says and how it ends goes through. */
static void the_status_of_the_host_is_the_status_of_the_command(void **state)
{
	static const int statuses[] = { NM_EXIT_COMPLETE, NM_EXIT_USAGE, NM_EXIT_INPUT,
		NM_EXIT_PARTIAL, NM_EXIT_TRUNCATED, NM_EXIT_INTERRUPTED };

	for (unsigned i = 0; i < N(statuses); i++) {
		cli_host_reset();
		cli_host.status = statuses[i];
		assert_int_equal(netmon("run -q a"), statuses[i]);
		assert_int_equal(netmon("info a"), statuses[i]);
		assert_int_equal(netmon("info -T json a"), statuses[i]);
	}
	cli_host_reset();
	cli_host.say = "x.pcap: not a capture";
	cli_host.interrupted = true;
	cli_host.status = NM_EXIT_INTERRUPTED;
	assert_int_equal(netmon("run a"), NM_EXIT_INTERRUPTED);
	assert_string_equal(err, "netmon: x.pcap: not a capture\n"
				 "netmon: interrupted; the report holds what was found until "
				 "then\n");
	(void)state;
}

/* What is said of containment is what the host is asked for. */
static void containment_reaches_the_host(void **state)
{
	const struct nm_run_options *o = &cli_host.options;

	cli_host_reset();
	assert_int_equal(netmon("run -q a --sandbox=best-effort --core --heap=guard --trace-memory "
				"--fail-alloc=9 --allow-read / --allow-read . --output-dir ."),
	    0);
	assert_int_equal(o->sandbox, NM_SANDBOX_BEST_EFFORT);
	assert_true(o->keep_core && o->heap_guard && o->trace_memory);
	assert_int_equal(o->fail_alloc, 9);
	assert_int_equal(o->n_allow_read, 2);
	assert_non_null(o->output_dir);
	assert_int_equal(netmon("run -q a"), 0);
	assert_int_equal(o->sandbox, NM_SANDBOX_DEFAULT);
	assert_false(o->keep_core || o->heap_guard || o->trace_memory);
	assert_int_equal(o->fail_alloc, 0);
	assert_int_equal(o->n_allow_read, 0);
	assert_null(o->output_dir);
	(void)state;
}

static void a_filter_and_its_parsers_reach_the_host(void **state)
{
	const struct nm_run_options *o = &cli_host.options;

	cli_host_reset();
	assert_int_equal(
	    netmon("convert -Y udp --parser-path p --parser-path q --sandbox=require a b.pcap"), 0);
	assert_string_equal(cli_host.converted, "a b.pcap pcap");
	assert_non_null(o->filter);
	assert_int_equal(o->n_parser_path, 2);
	assert_int_equal(o->sandbox, NM_SANDBOX_REQUIRE);
	assert_int_equal(netmon("convert a b.pcap"), 0);
	assert_null(o->filter);
	assert_int_equal(o->n_parser_path, 0);
	(void)state;
}

static void several_reports_are_written_in_one_run(void **state)
{
	char words[256];
	struct stat text, json;

	cli_host_reset();
	(void)snprintf(
	    words, sizeof words, "run -q a -T text -o %s/r.txt -T json -o %s/r.json", dir, dir);
	assert_int_equal(netmon(words), 0);
	assert_int_equal(cli_host.runs, 1);
	assert_string_equal(out, "");
	(void)snprintf(words, sizeof words, "%s/r.txt", dir);
	assert_int_equal(stat(words, &text), 0);
	assert_int_equal(unlink(words), 0);
	(void)snprintf(words, sizeof words, "%s/r.json", dir);
	assert_int_equal(stat(words, &json), 0);
	assert_int_equal(unlink(words), 0);
	assert_true(text.st_size > 1000 && json.st_size > text.st_size);
	(void)state;
}

static void a_standard_output_that_fails_is_told(void **state)
{
	static const char *const words[] = { "help", "--version", "help run", "experts",
		"protocols", "protocols ip", "protocols -T json", "experts -T json",
		"experts topuser", "info a", "info -T json a", "run -q a", "run -q -T json a" };

	for (unsigned i = 0; i < N(words); i++) {
		int full = open("/dev/full", O_WRONLY | O_CLOEXEC), e = scratch();

		cli_host_reset();
		assert_int_equal(netmon_to(words[i], full, e), NM_EXIT_OUTPUT);
		load(e, err, sizeof err);
		if (!strstr(err, "netmon: standard output: can't be written: "))
			fail_msg("%s: %s", words[i], err);
		assert_int_equal(lines(err), 1);
		(void)close(full);
		(void)close(e);
	}
	(void)state;
}

static void convert_takes_the_format_from_the_name_or_the_option(void **state)
{
	static const struct {
		const char *words, *want;
	} names[] = {
		{ "convert a.cap b.pcapng", "a.cap b.pcapng pcapng" },
		{ "convert a.cap B.PCAP", "a.cap B.PCAP pcap" },
		{ "convert a b.cap", "a b.cap netmon" },
		{ "convert --to netmon a b.pcap", "a b.pcap netmon" },
		{ "convert -F pcap - -", "- - pcap" },
		{ "convert a b.pcap.gz", "a b.pcap.gz pcap gzip" },
		{ "convert a b.pcapng.ZST", "a b.pcapng.ZST pcapng zstd" },
		{ "convert a b.pcap.lz4", "a b.pcap.lz4 pcap lz4" },
		{ "convert --to pcap a b.xz", "a b.xz pcap xz" },
		{ "convert --compress xz a b.pcap.gz", "a b.pcap.gz pcap xz" },
		{ "convert --compress none a b.pcap.gz", "a b.pcap.gz pcap" },
		{ "convert -F pcap --compress zstd - -", "- - pcap zstd" },
		{ "convert --frames 10-20 a b.pcap", "a b.pcap pcap 9-19" },
		{ "convert --frames 10- a b.pcap", "a b.pcap pcap 9-" },
		{ "convert --frames -20 a b.pcap", "a b.pcap pcap 0-19" },
		{ "convert --frames=7 a b.pcap", "a b.pcap pcap 6-6" },
		{ "convert --frames=4294967295 a b.pcap", "a b.pcap pcap 4294967294-4294967294" },
	};

	(void)state;
	for (unsigned i = 0; i < N(names); i++) {
		cli_host_reset();
		assert_int_equal(netmon(names[i].words), 0);
		assert_string_equal(cli_host.converted, names[i].want);
	}
}

static void replay_says_then_and_now(void **state)
{
	(void)state;
	cli_host_reset();
	assert_int_equal(
	    netmon("replay cap -e mine --sandbox=best-effort --allow-read / --output-dir ."), 0);
	assert_string_equal(cli_host.converted, "cap mine");
	assert_int_equal(cli_host.options.sandbox, NM_SANDBOX_BEST_EFFORT);
	assert_int_equal(cli_host.options.n_allow_read, 1);
	assert_string_equal(cli_host.options.output_dir, ".");
	assert_string_equal(out, "expert: /x/mine.so (not the file that failed then)\n"
				 "parsers are not those of then, or set up otherwise\n"
				 "then:   crashed in Run at frame 3, signal 11: signal\\x1b[31m\n"
				 "now:    crashed in Run at frame 3, signal 11\n"
				 "the same\n");
	cli_host_reset();
	cli_host.status = NM_EXIT_PARTIAL;
	assert_int_equal(netmon("replay cap"), NM_EXIT_PARTIAL);
	assert_string_equal(cli_host.converted, "cap ");
	assert_non_null(strstr(out, "now:    done in Run\nnot the same\n"));
	assert_int_equal(netmon("replay -T json cap"), NM_EXIT_PARTIAL);
	assert_string_equal(out,
	    "{\"capsule\":\"cap\",\"expert\":{\"path\":\"/x/mine.so\",\"changed\":true},"
	    "\"parsers_changed\":true,"
	    "\"then\":{\"verdict\":\"crashed\",\"phase\":\"Run\",\"signal\":11,\"frame\":3,"
	    "\"reason\":\"signal\\\\x1b[31m\"},"
	    "\"now\":{\"verdict\":\"done\",\"phase\":\"Run\",\"signal\":null,\"frame\":null,"
	    "\"reason\":\"\"},\"same\":false}\n");
}

static void settings_are_shown_and_changed_by_name(void **state)
{
	static const struct {
		const char *words;
		unsigned n;
		const char *first, *second; /* as they reach the host */
	} changes[] = {
		{ "configure topuser", 0, "", "" },
		{ "configure topuser top=20", 1, "top>20", "" },
		{ "configure topuser top=20 label=a=b", 2, "top>20", "label>a=b" },
		{ "configure topuser label=", 1, "label>", "" },
		{ "configure topuser --reset top label", 2, "top>default", "label>default" },
		{ "configure --show topuser", 0, "", "" },
	};

	(void)state;
	for (unsigned i = 0; i < N(changes); i++) {
		cli_host_reset();
		assert_int_equal(netmon(changes[i].words), 0);
		assert_int_equal(cli_host.n_changes, changes[i].n);
		assert_string_equal(cli_host.changes[0], changes[i].first);
		assert_string_equal(cli_host.changes[1], changes[i].second);
		assert_string_equal(out, "Setting  Value  Default  May be          What it is\n"
					 "top      20     10       number 1..1000  rows\n"
					 "label    x               text            a \\x1b name\n");
	}
	assert_int_equal(netmon("configure -T json topuser"), 0);
	assert_string_equal(out, "{\"name\":\"topuser\",\"settings\":[{\"name\":\"top\",\"kind\":"
				 "\"number\",\"value\":\"20\","
				 "\"default\":\"10\",\"range\":\"1..1000\",\"help\":\"rows\","
				 "\"set\":true},{\"name\":\"label\","
				 "\"kind\":\"text\",\"value\":\"x\",\"default\":\"\",\"range\":"
				 "null,\"help\":\"a \\\\x1b name\","
				 "\"set\":true}]}\n");
}

static void without_names_an_expert_makes_its_settings_itself(void **state)
{
	static const struct {
		const char *words, *want;
		unsigned runs;
	} ways[] = {
		{ "configure topuser", "topuser: 4 bytes in /x/\\x1b.cfg\n  000000 04 00 00 00\n",
		    2 },
		{ "configure --call topuser",
		    "topuser: 4 bytes in /x/\\x1b.cfg\n  000000 04 00 00 00\n", 1 },
		{ "configure --show topuser", "topuser: nothing is stored\n", 2 },
		{ "configure --reset topuser", "topuser: nothing is stored\n",
		    2 }, /* counts a drop twice */
	};

	(void)state;
	for (unsigned i = 0; i < N(ways); i++) {
		cli_host_reset();
		cli_host.no_settings = true;
		assert_int_equal(netmon(ways[i].words), 0);
		assert_string_equal(out, ways[i].want);
		assert_int_equal(cli_host.runs, ways[i].runs);
	}
}

/* ---- manual pages ------------------------------------------------------------------------ */

static const struct {
	const struct cli_command *command;
	const char *page;
} pages[] = {
	{ &cli_run, "netmon-run.1.scd" },
	{ &cli_experts, "netmon-experts.1.scd" },
	{ &cli_frames, "netmon-frames.1.scd" },
	{ &cli_protocols, "netmon-protocols.1.scd" },
	{ &cli_info, "netmon-info.1.scd" },
	{ &cli_convert, "netmon-convert.1.scd" },
	{ &cli_replay, "netmon-replay.1.scd" },
	{ &cli_new, "netmon-new.1.scd" },
	{ &cli_complete, "netmon-complete.1.scd" },
};

static void load_page(const char *page)
{
	char path[512];
	int fd;

	(void)snprintf(path, sizeof path, "%s/%s", MAN_DIR, page);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail_msg("%s is missing", path);
	load(fd, out, sizeof out);
	(void)close(fd);
}

static void every_option_is_in_its_manual_page(void **state)
{
	char option[64];

	for (unsigned i = 0; i < N(pages); i++) {
		load_page(pages[i].page);
		for (const struct cli_option *o = pages[i].command->options; o->id; o++) {
			(void)snprintf(option, sizeof option, "*--%s*", o->name);
			if (!strstr(out, option))
				fail_msg("%s doesn't tell of %s", pages[i].page, option);
		}
		assert_non_null(strstr(out, "# EXIT STATUS"));
		assert_non_null(strstr(out, "# ENVIRONMENT"));
		assert_non_null(strstr(out, "# EXAMPLES"));
	}
	(void)state;
}

/* ---- experts and info ------------------------------------------------------------------- */

static void experts_are_listed(void **state)
{
	cli_host_reset();
	assert_int_equal(netmon("experts"), NM_EXIT_PARTIAL); /* one can't be loaded */
	assert_string_equal(out,
	    "Name     Title          Vendor  Flags                                            File"
	    "                         Problem\n"
	    "topuser  Top Users      nmapi   configurable,no-events,frame-menu,property-menu"
	    "  /usr/lib/nmapi/experts/x.so\n"
	    "bad\\x1b  bad \\xff name                                                           "
	    "/usr/lib/nmapi/experts/x.so  load_failed: libgone.so:\\x0a no such file\n");
	assert_int_equal(netmon("experts topuser ./x.so"), NM_EXIT_PARTIAL);
	assert_int_equal(cli_host.options.n_experts, 2);
	assert_non_null(strstr(out, "Title:        Top Users\n"));
	assert_non_null(strstr(out, "\n\nName:         bad\\x1b\n"));
	assert_harmless(out);
	assert_int_equal(netmon("experts --check good.so OLD.DLL"), NM_EXIT_PARTIAL);
	assert_string_equal(out, "good.so: an expert, Good\nOLD.DLL: no expert\\x1b\n");
	assert_int_equal(netmon("experts --check good.so"), NM_EXIT_COMPLETE);
	assert_int_equal(netmon("experts --check"), NM_EXIT_USAGE);
	assert_non_null(strstr(err, "--check needs the name of a file"));
	(void)state;
}

static void what_is_asked_of_frames_reaches_the_host(void **state)
{
	const struct nm_frames_options *f = &cli_host.frames;

	(void)state;
	cli_host_reset();
	assert_int_equal(netmon("frames -"), 0);
	assert_int_equal(f->format, NM_FRAMES_TEXT);
	assert_int_equal(f->first, 0);
	assert_int_equal(f->last, NM_NO_FRAME);
	assert_int_equal(f->most, NM_NO_FRAME);
	assert_false(f->tree || f->bytes || f->colour || f->header);
	assert_int_equal(netmon("frames -r a -c 3 --frames 10-20 -Vxn -t dd --color=always"), 0);
	assert_int_equal(f->most, 3);
	assert_int_equal(f->first, 9);
	assert_int_equal(f->last, 19);
	assert_int_equal(f->clock, NM_CLOCK_DELTA_SHOWN);
	assert_true(f->tree && f->bytes && f->colour);
	assert_int_equal(netmon("frames -e ip.src -e tcp -E separator=/s -E aggregator=; "
				"-E occurrence=l -E quote=d -E header=y a"),
	    0);
	assert_int_equal(f->format, NM_FRAMES_FIELDS);
	assert_int_equal(f->n_fields, 2);
	assert_int_equal(f->separator, ' ');
	assert_int_equal(f->aggregator, ';');
	assert_int_equal(f->occurrence, 'l');
	assert_int_equal(f->quote, '"');
	assert_true(f->header);
	cli_host.status = NM_EXIT_TRUNCATED;
	assert_int_equal(netmon("frames -T json --color=never a"), NM_EXIT_TRUNCATED);
	assert_int_equal(f->format, NM_FRAMES_JSON);
}

static void protocols_are_listed(void **state)
{
	(void)state;
	cli_host_reset();
	assert_int_equal(netmon("protocols --parser-path /x"), 0);
	assert_int_equal(cli_host.options.n_parser_path, 1);
	assert_string_equal(out, "Protocol  Name  Properties  Parser file  Comment\n"
				 "FRAME                    0  built in\n"
				 "IP        ip             4  tcpip.so     Internet Protocol\n");
	assert_int_equal(netmon("protocols ip"), 0);
	assert_string_equal(out,
	    "Protocol: IP\n"
	    "Name:     ip\n"
	    "Comment:  Internet Protocol\n"
	    "File:     /lib/tcpip.so\n"
	    "\n"
	    "Property        Name         Type     Bits  Filter\n"
	    "Protocol                     uint8\n"
	    "Source Address  ip.src       ipv4           ip.src == 192.0.2.1\n"
	    "                ip.addr      ipv4           ip.addr == 192.0.2.1\n"
	    "Flags           ip.flags.df  uint8    0x40  ip.flags.df == 1\n"
	    "Odd                          unknown\n");
	assert_int_equal(netmon("protocols IP frame"), 0);
	assert_non_null(strstr(out, "File:     built in\n"));
	assert_int_equal(netmon("protocols -T json IP"), 0);
	assert_string_equal(out,
	    "{\"protocol\":\"IP\",\"names\":[\"ip\"],\"comment\":\"Internet Protocol\","
	    "\"path\":\"/lib/tcpip.so\",\"built_in\":false,\"properties\":["
	    "{\"label\":\"Protocol\",\"comment\":\"\",\"type\":\"uint8\",\"names\":[]},"
	    "{\"label\":\"Source Address\",\"comment\":\"Who sent "
	    "it\",\"type\":\"ipv4\",\"names\":["
	    "{\"name\":\"ip.src\",\"type\":\"ipv4\",\"filter\":\"ip.src == 192.0.2.1\"},"
	    "{\"name\":\"ip.addr\",\"type\":\"ipv4\",\"filter\":\"ip.addr == 192.0.2.1\"}]},"
	    "{\"label\":\"Flags\",\"comment\":\"\",\"type\":\"uint8\",\"names\":["
	    "{\"name\":\"ip.flags.df\",\"type\":\"uint8\",\"filter\":\"ip.flags.df == 1\","
	    "\"mask\":64}]},"
	    "{\"label\":\"Odd\",\"comment\":\"\",\"type\":\"unknown\",\"names\":[]}]}\n");
}

static void experts_as_json_are_one_object_a_line(void **state)
{
	cli_host_reset();
	assert_int_equal(netmon("experts -T json --expert-path /a"), NM_EXIT_PARTIAL);
	assert_int_equal(cli_host.options.n_expert_path, 1);
	assert_int_equal(lines(out), 2);
	assert_non_null(strstr(out, "\"registered\":false"));
	assert_non_null(strstr(out, "\"verdict\":\"load_failed\""));
	assert_harmless(out);
	(void)state;
}

static void no_experts_tells_where_it_looked(void **state)
{
	cli_host_reset();
	cli_host.no_experts = true;
	assert_int_equal(netmon("experts --expert-path /a"), 0);
	assert_string_equal(out, "No experts. Folders searched:\n  /a\n  /usr/lib/nmapi/experts\n");
	assert_int_equal(netmon("experts -T json"), 0);
	assert_string_equal(out, "");
	(void)state;
}

static void info_tells_what_a_capture_holds(void **state)
{
	static const char *const json[] = {
		"\"section_origins\":[{\"section\":1,\"application\":\"dump\\u001Bcap\"},"
		"{\"section\":2,\"hardware\":\"iron\"}]",
		"\"link_types\":[{\"link_type\":1,\"link_name\":\"Ethernet\",\"frames\":1230},"
		"{\"link_type\":4711,\"frames\":1}],\"other_links\":3",
		"\"event_providers\":[{\"provider\":\"00000000-0001\",\"frames\":2}]",
		"\"frames_cut\":617,\"frames_cut_min_bytes\":60,\"frames_cut_max_bytes\":96",
		"\"records\":[{\"frame\":8,\"text\":\"capture filter: \\u001B\"}]",
		"\"names_ipv4\":5,\"names_ipv6\":0",
		"\"frames_per_s\":40.6",
		"\"bits_per_s\":19488.",
	};

	cli_host_reset();
	assert_int_equal(netmon("info a.pcap"), 0);
	assert_string_equal(out,
	    "File:           a.pcap\n"
	    "Format:         pcap 2.4, little-endian\n"
	    "File size:      93,808 bytes (91.6 KiB)\n"
	    "Section 1 of 2:\n"
	    "Application:    dump\\x1bcap\n"
	    "Section 2 of 2:\n"
	    "Hardware:       iron\n"
	    "Comment:        two\n"
	    "                lines\\x1b\n"
	    "Frames:         1,234\n"
	    "On the wire:    74,040 bytes (72.3 KiB)\n"
	    "Stored:         37,020 bytes (36.2 KiB), 50.0 %\n"
	    "Mean frame:     60.0 bytes\n"
	    "Cut off:        617 frames stored to 60 - 96 bytes only\n"
	    "First frame:    2004-05-13T10:17:07.311224000Z\n"
	    "Last frame:     2004-05-13T10:17:37.704928000Z\n"
	    "Duration:       30.393704000 s\n"
	    "Frame rate:     40.6 frames/s\n"
	    "Data rate:      19.5 kbit/s\n"
	    "                2.44 kbyte/s\n"
	    "Time order:     1 frame earlier than the one before\n"
	    "Without time:   2\n"
	    "Link types:     1,230 of Ethernet\n"
	    "                1 of unknown link\n"
	    "                3 of others\n"
	    "Event records:  2 of 00000000-0001\n"
	    "Interfaces:     3\n"
	    "  0:            Ethernet, link type 1, 1,000,000 ticks/s, eth\\x1b, 1,230 frames\n"
	    "                description: the\\x1b first\n"
	    "                filter: tcp\\x0a\n"
	    "                1,000 frames received\n"
	    "                7 frames dropped\n"
	    "  1:            unknown link, link type 4711, up to 65,535 bytes of a frame, "
	    "1,000,000,000 ticks/s, 0 frames\n"
	    "                and more\n"
	    "Frame comments: 1,234\n"
	    "  frame 42:     odd\\x1b frame\n"
	    "                second line\n"
	    "                and 1,233 more\n"
	    "Records:        1\n"
	    "  frame 8:      capture filter: \\x1b\n"
	    "Names:          5 of IPv4, 0 of IPv6 addresses\n"
	    "Other blocks:   3 of name resolution\n"
	    "Damage:         at byte 7: odd\n");
	assert_int_equal(netmon("info -T json a.pcap"), 0);
	assert_int_equal(lines(out), 2);
	for (size_t i = 0; i < sizeof json / sizeof *json; i++)
		if (!strstr(out, json[i]))
			fail_msg("no %s", json[i]);
	assert_non_null(
	    strstr(out, "\"pcap_filename\":\"notes.txt\",\"capture\":{\"readable\":false"));
	(void)state;
}

/* ---- progress ------------------------------------------------------------------------------ */

/* A terminal of that many columns: *ret_ours is our end. */
static int open_terminal(unsigned short columns, int *ret_ours)
{
	struct winsize w = { .ws_row = 24, .ws_col = columns };
	int ours = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), theirs;

	if (ours < 0) {
		print_message("# no terminals on this machine (/dev/pts is not mounted)\n");
		skip();
	}
	assert_int_equal(grantpt(ours), 0);
	assert_int_equal(unlockpt(ours), 0);
	theirs = open(ptsname(ours), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(theirs >= 0);
	assert_int_equal(ioctl(theirs, TIOCSWINSZ, &w), 0);
	*ret_ours = ours;
	return theirs;
}

static void on_terminal(const char *words, unsigned short columns)
{
	int ours, theirs = open_terminal(columns, &ours), o = scratch();
	size_t n = 0;
	ssize_t r;

	(void)netmon_to(words, o, theirs);
	(void)close(theirs); /* our end gives what is left, and then EIO */
	while ((r = read(ours, err + n, sizeof err - 1 - n)) > 0)
		n += (size_t)r;
	err[n] = '\0';
	(void)close(o);
	(void)close(ours);
}

static void progress_is_shown_on_a_terminal_and_erased(void **state)
{
	cli_host_reset();
	cli_host.progress = true;
	on_terminal("run a", 200);
	assert_non_null(
	    strstr(err, "\ra \\x1b[1mb.pcap: 1/3 topuser 45 %, frame 45,000 of 100,012, "
			"12 events, \xe4\xb8\xad"));
	assert_non_null(
	    strstr(err, "\n" /* which a terminal takes for both */
			"a \\x1b[1mb.pcap: 3/3 tcpipe 45 %, frame 45,000 of 100,012, 12 events, "
			"1,234,567/s, 1.5 MiB\033[K"));
	assert_non_null(strstr(err, "\r\033[1A\033[Ja \\x1b[1mb.pcap: reading, frame 100,012"));
	assert_string_equal(err + strlen(err) - 4, "\r\033[K");
	cli_host.say = "something";
	on_terminal("run a", 200);
	assert_non_null(strstr(err, "netmon: something\r\n"));
	(void)state;
}

/* Columns up to the next control; the only characters beyond ASCII are wide. */
static unsigned columns_of(const char *s)
{
	unsigned n = 0;

	for (; *s && *s != '\033' && *s != '\r'; s++)
		n += (unsigned char)*s < 0x80 ? *s != '\n' : ((unsigned char)*s >= 0xc0 ? 2 : 0);
	return n;
}

static void progress_fits_the_terminal(void **state)
{
	cli_host_reset();
	cli_host.progress = true;
	for (unsigned short columns = 2; columns < 120; columns += 13) {
		on_terminal("run a", columns);
		for (const char *s = err; (s = strchr(s, '\r')); s++)
			assert_true(columns_of(s + 1) < columns);
	}
	(void)state;
}

static void quiet_and_files_see_no_progress(void **state)
{
	cli_host_reset();
	cli_host.progress = true;
	on_terminal("run -q a", 80);
	assert_string_equal(err, "");
	assert_int_equal(netmon("run a"), 0);
	assert_string_equal(err, "");
	(void)state;
}

/* ---- signals --------------------------------------------------------------------------------- */

static ssize_t requests;

static bool two_signals(void)
{
	char bytes[8];

	(void)raise(SIGINT);
	(void)raise(SIGTERM);
	requests = read(cli_host.options.cancel_fd, bytes, sizeof bytes);
	return true;
}

static bool a_hangup(void)
{
	char bytes[8];

	(void)raise(SIGHUP);
	requests = read(cli_host.options.cancel_fd, bytes, sizeof bytes);
	return true;
}

static void signals_become_requests(void **state)
{
	struct sigaction after;

	cli_host_reset();
	(void)signal(SIGHUP, SIG_DFL); /* whatever these tests were started under */
	cli_host.during = two_signals;
	assert_int_equal(netmon("run -q a"), 0);
	assert_int_equal(requests, 2);
	assert_int_equal(sigaction(SIGINT, NULL, &after), 0);
	assert_true(after.sa_handler == SIG_DFL);
	cli_host.during = a_hangup;
	assert_int_equal(netmon("run -q a"), 0);
	assert_int_equal(requests, 1);
	(void)signal(SIGHUP, SIG_IGN); /* as nohup leaves it */
	assert_int_equal(netmon("run -q a"), 0);
	assert_int_equal(requests, -1);
	(void)signal(SIGHUP, SIG_DFL);
	(void)state;
}

/* ---- running ------------------------------------------------------------------------------------ */

static int make_dir(void **state)
{
	(void)state;
	(void)unsetenv("NO_COLOR");
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	(void)state;
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_has_its_answer),
		cmocka_unit_test(no_option_takes_an_empty_name_of_a_file),
		cmocka_unit_test(the_status_of_the_host_is_the_status_of_the_command),
		cmocka_unit_test(containment_reaches_the_host),
		cmocka_unit_test(a_filter_and_its_parsers_reach_the_host),
		cmocka_unit_test(several_reports_are_written_in_one_run),
		cmocka_unit_test(a_standard_output_that_fails_is_told),
		cmocka_unit_test(replay_says_then_and_now),
		cmocka_unit_test(convert_takes_the_format_from_the_name_or_the_option),
		cmocka_unit_test(settings_are_shown_and_changed_by_name),
		cmocka_unit_test(without_names_an_expert_makes_its_settings_itself),
		cmocka_unit_test(every_option_is_in_its_manual_page),
		cmocka_unit_test(experts_are_listed),
		cmocka_unit_test(protocols_are_listed),
		cmocka_unit_test(what_is_asked_of_frames_reaches_the_host),
		cmocka_unit_test(experts_as_json_are_one_object_a_line),
		cmocka_unit_test(no_experts_tells_where_it_looked),
		cmocka_unit_test(info_tells_what_a_capture_holds),
		cmocka_unit_test(progress_is_shown_on_a_terminal_and_erased),
		cmocka_unit_test(progress_fits_the_terminal),
		cmocka_unit_test(quiet_and_files_see_no_progress),
		cmocka_unit_test(signals_become_requests),
	};

	return cmocka_run_group_tests_name("command", tests, make_dir, remove_dir);
}
