/* SPDX-License-Identifier: MIT */
/* Names and texts of the NMERR_ codes, and the last error of each thread. */
#include "base/nmerr.h"

#include <stddef.h>

static const struct row {
	uint32_t code;
	const char *name, *text;
} rows[] = {
#define NMERR_ROW(name, number, text) { number, "NMERR_" #name, text },
#include "base/nmerr.def"
#undef NMERR_ROW
};

static _Thread_local uint32_t last_error;

/* The table is sorted by code. */
static const struct row *find(uint32_t code)
{
	size_t low = 0, high = sizeof rows / sizeof *rows;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (rows[mid].code == code)
			return &rows[mid];
		if (rows[mid].code < code)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const char *nm_err_name(uint32_t code)
{
	const struct row *r = find(code);

	return r ? r->name : NULL;
}

const char *nm_err_text(uint32_t code)
{
	const struct row *r = find(code);

	return r ? r->text : "unknown error";
}

uint32_t nm_last_error(void)
{
	return last_error;
}

void nm_set_last_error(uint32_t code)
{
	last_error = code;
}
