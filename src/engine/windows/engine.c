/* SPDX-License-Identifier: MIT */
/* nmapi-engine.exe CAPTURE FULL READ KEEP -- started by the supervisor, never by hand; or, by
 * itself, nmapi-engine.exe PARSER.
 *
 * Packets from the supervisor come to standard input, those to it go to standard output (see
 * system/channel.h); standard error is the log. CAPTURE, FULL and READ are handles that this
 * process has inherited, as numbers, -1 for none: the capture, and a temporary file twice, the
 * second time only to read, where the capture may need one. KEEP is 1 when the capture will be
 * read more than once. */
#include "engine/engine.h"
#include "engine/windows/program.h"
#include "engine/windows/trial.h"

#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A descriptor for the inherited handle; -1: none, or that is no handle. */
static int descriptor(const char *word)
{
	char *end;
	long long handle = strtoll(word, &end, 10);

	if (*end || handle <= 0 || GetFileType((HANDLE)(intptr_t)handle) == FILE_TYPE_UNKNOWN)
		return -1;
	return _open_osfhandle((intptr_t)handle, _O_BINARY | _O_NOINHERIT);
}

int main(int argc, char **argv)
{
	struct nm_engine_config cfg = { .write_fd = -1, .core_fd = -1 };

	if (argc != 5 && argc != 2) {
		(void)fprintf(stderr, "nmapi-engine: started by netmon, not by hand\n");
		return 1;
	}
	cfg.door = nm_door(NM_DOOR_VERSION);
	if (!cfg.door || !nm_program_begin(&cfg.ctl.in, &cfg.ctl.out) || cfg.ctl.in < 0)
		return 1;
	if (argc == 2)
		return nm_parser_try(cfg.door, argv[1], cfg.ctl.out);
	cfg.capture_fd = descriptor(argv[1]);
	cfg.full_fd = descriptor(argv[2]);
	cfg.read_fd = descriptor(argv[3]);
	cfg.keep = strcmp(argv[4], "1") == 0;
	return nm_engine_serve(&cfg);
}
