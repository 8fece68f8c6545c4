/* SPDX-License-Identifier: MIT */
/* cli/cli.h -- what the subcommands of netmon share.
 *
 * Uses:     nmhost.h and base/, nothing else of the project.
 * Threads:  one.
 * Trust:    arguments are the user's; names and texts from files are hostile
 *           and cleaned before they are printed.
 *
 * Only this folder prints and ends the process. Results go to standard output,
 * everything else to standard error, one line each: "netmon: FILE: what is
 * wrong". A new subcommand is one file and one row in the table of command.c.
 */
#ifndef NM_CLI_CLI_H
#define NM_CLI_CLI_H

#include "nmhost.h"

/* ---- subcommands (command.c) ------------------------------------------------ */

struct cli_option {
	int id;           /* its letter, or a number above 255 when it has none */
	const char *name; /* long; NULL when it has none */
	const char *arg;  /* what its argument is called; NULL when it takes none */
	const char *help; /* one line */
};

struct cli_command {
	const char *name;
	const char *words;                /* its arguments, as the usage shows them */
	const char *summary;              /* one line */
	const struct cli_option *options; /* ends with id 0 */
	int (*run)(const struct cli_command *self, int argc, char **argv); /* enum nm_exit */
};

extern const struct cli_command cli_run, cli_experts, cli_info, cli_convert, cli_replay, cli_new,
    cli_configure, cli_protocols, cli_frames, cli_diff, cli_explain, cli_complete;

/* The i-th command, in the order of the help; NULL past the last. */
const struct cli_command *cli_command_at(unsigned i);

/* Everything main() does: an enum nm_exit value. */
int cli_main(int argc, char **argv);

/* Help on a subcommand, from its tables, to standard output. */
void cli_print_help(const struct cli_command *c);

/* ---- options (options.c) ---------------------------------------------------- */

/* How far cli_take_options() came. */
enum {
	CLI_END = -1,  /* argv[optind] is the first of the other words */
	CLI_BAD = -2,  /* a word is wrong and the user was told */
	CLI_HELP = -3, /* the help was printed */
};

#define CLI_MAX_OPTIONS 32 /* of one subcommand, with --help */

/* What a subcommand does with an option: its argument is NULL when it takes none, and never empty
 * when it is a FILE, DIR or PATH; its name is as the user knows it ("--timeout", "-T"). False: it
 * can't be, and the user was told. */
typedef bool (*cli_apply)(void *ctx, int id, const char *name, const char *arg);

/* Every option behind argv[0], the name of the subcommand, to apply(), which may be NULL where there
 * are none; argv is reordered, options first. */
int cli_take_options(
    const struct cli_command *c, int argc, char **argv, cli_apply apply, void *ctx);

/* Values. False, and the user was told which option and what is wrong with it. */
bool cli_parse_count(
    const char *option, const char *s, uint64_t least, uint64_t most, uint64_t *ret_n);
bool cli_parse_size(const char *option, const char *s, uint64_t *ret_bytes);  /* 64M */
bool cli_parse_duration(const char *option, const char *s, uint64_t *ret_ms); /* 30, 500ms, 2m */
/* "10-20", "10-", "-20", "10", which count from 1, into numbers that count from 0. */
bool cli_parse_frames(const char *option, const char *s, uint32_t *ret_first, uint32_t *ret_last);

/* A word of a few, and what it stands for; the last has none. */
struct cli_choice {
	const char *word;
	int value;
};
bool cli_parse_choice(
    const char *option, const char *s, const struct cli_choice *c, int *ret_value);
/* One of the words that nth() gives from 0 until NULL, and its number. */
bool cli_parse_word(const char *option, const char *s, const char *(*nth)(unsigned i), int *ret_i);
bool cli_parse_json(const char *option, const char *s, bool *ret_json); /* "text" or "json" */
bool cli_parse_severity(const char *option, const char *s, int *ret_severity);
bool cli_parse_sandbox(const char *option, const char *s, enum nm_sandbox_mode *ret_mode);

/* "a, b and c" of the words (NULL past the last), `last` before the last. Fills s, which has
 * CLI_TEXT bytes, and returns it. */
const char *cli_list(char *s, const char *const *words, const char *last);

/* The word of the list (NULL past the last) that s may have been meant for, or
 * NULL when none is near. */
const char *cli_suggest(const char *s, const char *const *list);

/* ---- messages and numbers (say.c) --------------------------------------------- */

/* "netmon: ..." and a line feed on standard error, in one piece, cleaned. */
void cli_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void cli_message(void *nothing, const char *line); /* the same, as nm_run_options.message */

#define CLI_TEXT 1024 /* bytes of a made text with its NUL; longer ones are cut */

/* A JSON string of any bytes, cleaned if they need it; owned by the caller. NULL: no memory. */
struct json_t *cli_json_text(const char *s);

/* Each fills s, which has CLI_TEXT bytes, and returns it. */
const char *cli_clean(char *s, const char *text);
const char *cli_count(char *s, uint64_t n);    /* "1,234" */
const char *cli_bytes(char *s, uint64_t n);    /* "1,234 bytes (1.2 KiB)" */
const char *cli_time_utc(char *s, int64_t ns); /* "2004-05-13T10:17:07.311224000Z" */
const char *cli_seconds(char *s, uint64_t ns); /* "30.393704 s (30 s)", "7,265 s (2 h 1 min 5 s)" */
const char *cli_phase(char *s, enum nm_phase phase); /* "in Run", "after Run" */

/* A table without blanks at the ends of its lines. 0, or ENOMEM. */
struct libscols_table;
int cli_print_table(struct libscols_table *tb);

/* The settings that an expert names: a table, 0 or ENOMEM; an array, owned by the caller, NULL:
 * no memory. */
int cli_print_settings(const struct nm_expert_info *e);
struct json_t *cli_json_settings(const struct nm_expert_info *e);

/* The event reference pages beside the expert in this file, a line each; nothing when it has
 * none. `word` is what the expert was asked for by. */
void cli_print_pages(const char *expert_path, const char *word);
/* The same as an array, owned by the caller; NULL: no memory. */
struct json_t *cli_json_pages(const char *expert_path);

/* The status with which an output error ends the command; err is an errno
 * value, or one below 0 as nm_report_open() returns it, path NULL for standard
 * output. Tells the user. */
int cli_output_error(const char *path, int err);

/* Flush standard output: status, or NM_EXIT_OUTPUT when that fails. */
int cli_finish(int status);

/* ---- progress (progress.c) ----------------------------------------------------- */

/* The lines on standard error that say how far a run is: one for each expert that runs. */
struct cli_progress {
	bool on;        /* standard error is a terminal, and nobody asked for quiet */
	unsigned shown; /* lines that are there */
};

void cli_progress_init(struct cli_progress *p, bool quiet);
void cli_progress_show(void *progress, const struct nm_progress *now); /* nm_run_options.progress */
void cli_progress_message(void *progress, const char *line);           /* nm_run_options.message */
void cli_progress_erase(struct cli_progress *p);

/* A sink that erases the line before a report writes; goes before the reports. */
struct nm_sink cli_progress_sink(struct cli_progress *p);

/* ---- netmon run, netmon new: their parts that tests call -------------------------- */

#define CLI_MAX_REPORTS 16

struct cli_run_args {
	struct nm_run_options options;
	const char **words;                 /* owned: the arrays that options point to */
	struct nm_folder_captures *folders; /* owned: that stood among the captures */
	unsigned n_folders;
	const char **captures; /* owned: the captures with those of folders */
	struct nm_report_options reports[CLI_MAX_REPORTS];
	unsigned n_reports;
	bool quiet;
	const char *evidence; /* -w; NULL: none */
	uint32_t around;      /* frames beside those of -w */
	bool around_given;
};

/* The options of netmon diff, which are some of those of netmon run. */
extern const struct cli_option cli_diff_options[];

/* The words of one of the two, `as`: CLI_END when there is something to run, else what cli_take_options() said.
 * ret_args is to be freed with cli_run_free() in every case. */
int cli_run_parse(
    const struct cli_command *as, int argc, char **argv, struct cli_run_args *ret_args);
void cli_run_free(struct cli_run_args *args);

/* Its part in folder.c: put the captures in a folder where the folder stands; one without any
 * stays. False: out of memory, and the user was told. */
bool cli_folders_expand(struct cli_run_args *a);
void cli_folders_free(struct cli_run_args *a);

/* Parts of netmon info (info_notes.c): a text, every line of it under the first;
 * what a capture was made with; what it holds beside frames. */
void cli_print_text(const char *name, const char *text);
void cli_print_origin(const struct nm_capture_notes *n);
void cli_print_links(const struct nm_capture_notes *n);
void cli_print_notes(const struct nm_capture_notes *n);

/* Copy the template in the folder `from` to the new folder `to`: every regular
 * file, with @NAME@ replaced in names and contents. Nothing that exists is
 * touched, and nothing stays when it fails. An enum nm_exit value; the user was
 * told when it is not 0. */
int cli_project_copy(const char *from, const char *to, const char *name);

#endif
