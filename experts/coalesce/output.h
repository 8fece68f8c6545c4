/* SPDX-License-Identifier: MIT */
/* output.h -- a new capture in the folder that experts may write to.
 *
 * Owns:     the file, until output_end(), and with Network Monitor's format 4 bytes a frame,
 *           from the budget.
 * Uses:     packet.h, common/budget.h; of files what the C standard has.
 * Threads:  belongs to one.
 *
 * The file has a name of its own, that ends with .part, while it is written. Errors stay:
 * after the first, nothing is written any more and output_end() tells it.
 */
#ifndef COALESCE_OUTPUT_H
#define COALESCE_OUTPUT_H

#include "../common/budget.h"
#include "packet.h"

#include <stdio.h>

enum format { FORMAT_PCAPNG, FORMAT_NETMON, FORMATS };

#define OUTPUT_STEM   200          /* bytes of a name without number and ending, with its NUL */
#define OUTPUT_NAME   256          /* bytes of a file's name, with its NUL */
#define OUTPUT_PATH   4700         /* with its folder */
#define OUTPUT_BUFFER (256u << 10) /* bytes that are written at a time */

struct output {
	struct budget *budget; /* borrowed */
	const char *folder;    /* borrowed */
	enum format format;
	bool replace;           /* what has the name already */
	char stem[OUTPUT_STEM]; /* the file's name without number and ending */
	char name[OUTPUT_NAME]; /* of the file, once it is finished */
	char part[OUTPUT_NAME]; /* of the file while it is written */
	FILE *file;
	SYSTEMTIME start;
	int64_t start_us; /* since 1970 */
	uint64_t at;      /* bytes put so far */
	size_t held;      /* of them, in buffer */
	uint8_t buffer[OUTPUT_BUFFER];
	uint32_t frames;
	uint32_t interfaces;    /* pcapng: written so far */
	uint32_t number[LINKS]; /* pcapng: of each link's, plus 1; 0: not written yet */
	uint32_t *places;       /* Network Monitor: where each frame is */
	uint32_t room;
	char error[200]; /* "": none so far */
};

/* What is to be written. The bytes are those of the head and the payload behind it. */
struct out_frame {
	const uint8_t *head, *payload;
	uint32_t head_n, payload_n;
	uint32_t wire; /* bytes it had, >= both */
	enum link link;
	int64_t time;        /* microseconds since the capture began */
	const char *comment; /* NULL: none; only pcapng has a place for it */
};

/* The folder that this process may write to; NULL: none. */
const char *output_folder(void);

/* The format has a place for frames of this link. */
bool output_keeps(enum format f, enum link link);

/* Begin a file named after the capture; folder, format, replace and budget are set. False:
 * output_end() tells why. */
bool output_begin(struct output *o, const char *capture, const SYSTEMTIME *start);

void output_frame(struct output *o, const struct out_frame *f);

/* Finish it. True: it is there under o->name. False: o->error says why, and there is none. */
bool output_end(struct output *o);

/* Give it up: nothing stays. */
void output_drop(struct output *o);

#endif
