/* SPDX-License-Identifier: MIT */
/* Replaced frames: an array in the order of their numbers. */
#include "expert/changed.h"
#include "base/bytes.h"
#include "system/lock.h"
#include "base/nmerr.h"

#include <netmon.h>
#include <stdlib.h>

#define FRAME_HEAD 16u

struct change {
	uint32_t number;
	uint32_t times;
	uint8_t *record; /* owned */
};

_Atomic uint32_t nm_changed_frames; /* entries; read without the lock to see that there are none */

static struct {
	struct change *all; /* owned */
	uint32_t room;
	pthread_mutex_t lock;
} the = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* The first entry whose number is not below. */
static uint32_t place(uint32_t number)
{
	uint32_t low = 0, high = nm_changed_frames;

	if (high > 0 && the.all[high - 1].number < number)
		return high;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (the.all[mid].number < number)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool is_at(uint32_t i, uint32_t number)
{
	return i < nm_changed_frames && the.all[i].number == number;
}

static bool make_room(void)
{
	uint32_t room = the.room ? the.room * 2 : 16;
	struct change *p;

	if (nm_changed_frames < the.room)
		return true;
	p = realloc(the.all, room * sizeof *p);
	if (!p)
		return false;
	the.all = p;
	the.room = room;
	return true;
}

static uint8_t *make_record(const void *bytes, uint32_t n, int64_t time_us)
{
	uint8_t *r = malloc(FRAME_HEAD + (size_t)n);

	if (!r)
		return NULL;
	nm_put_le64(r, (uint64_t)time_us);
	nm_put_le32(r + 8, n);
	nm_put_le32(r + 12, n);
	if (n > 0)
		memcpy(r + FRAME_HEAD, bytes, n);
	return r;
}

static uint32_t put(uint32_t number, uint8_t *record)
{
	uint32_t i = place(number);

	if (is_at(i, number)) {
		if (the.all[i].times == NM_CHANGES_MAX)
			return NMERR_NO_HANDLES;
		free(the.all[i].record);
		the.all[i].times++;
		the.all[i].record = record;
		return NMERR_SUCCESS;
	}
	if (!make_room())
		return NMERR_OUT_OF_MEMORY;
	memmove(the.all + i + 1, the.all + i, (nm_changed_frames - i) * sizeof *the.all);
	the.all[i] = (struct change){ number, 1, record };
	nm_changed_frames++;
	return NMERR_SUCCESS;
}

uint32_t nm_changed_put(uint32_t number, const void *bytes, uint32_t n, int64_t time_us)
{
	uint8_t *record = make_record(bytes, n, time_us);
	uint32_t err;
	bool taken;

	if (!record)
		return NMERR_OUT_OF_MEMORY;
	taken = nm_lock(&the.lock);
	err = put(number, record);
	nm_unlock(&the.lock, taken);
	if (err)
		free(record);
	return err;
}

uint32_t nm_changed_get(uint32_t number, uint8_t **ret_record)
{
	uint32_t i, times = 0;
	bool taken;

	if (!nm_changed_any())
		return 0;
	taken = nm_lock(&the.lock);
	i = place(number);
	if (is_at(i, number)) {
		times = the.all[i].times;
		if (ret_record)
			*ret_record = the.all[i].record;
	}
	nm_unlock(&the.lock, taken);
	return times;
}

void nm_changed_clear(void)
{
	bool taken = nm_lock(&the.lock);

	for (uint32_t i = 0; i < nm_changed_frames; i++)
		free(the.all[i].record);
	free(the.all);
	the.all = NULL;
	the.room = 0;
	nm_changed_frames = 0;
	nm_unlock(&the.lock, taken);
}
