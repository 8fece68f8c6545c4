/* SPDX-License-Identifier: MIT */
/* The table behind the engine's door into libnmapi. */
#include "expert/door.h"
#include "expert/session.h"
#include "parse/parse.h"

#include <stddef.h>

static uint32_t compile_filter(const char *text, HFILTER *ret, struct nm_filter_error *ret_error)
{
	static const struct nm_filter_frames frames = { .time = nm_session_time };

	return nm_filter_compile(text, &frames, ret, ret_error);
}

const struct nm_door *nm_door(uint32_t version)
{
	static const struct nm_door door = {
		.version = NM_DOOR_VERSION,
		.capture_open = nm_capture_open,
		.capture_open_growing = nm_capture_open_growing,
		.capture_use_temporary = nm_capture_use_temporary,
		.capture_close = nm_capture_close,
		.capture_index = nm_capture_index,
		.capture_follow = nm_capture_follow,
		.capture_follow_end = nm_capture_follow_end,
		.capture_input = nm_capture_input,
		.capture_due = nm_capture_due,
		.capture_fd = nm_capture_fd,
		.capture_convert = nm_capture_convert,
		.picks_new = nm_picks_new,
		.picks_free = nm_picks_free,
		.capture_digest = nm_capture_digest,
		.capture_keep = nm_capture_keep,
		.capture_expect_readers = nm_capture_expect_readers,
		.capture_reader_begin = nm_capture_reader_begin,
		.capture_reader_end = nm_capture_reader_end,
		.capture_make_reader = nm_capture_make_reader,
		.capture_serve = nm_capture_serve,
		.capture_indexed = nm_capture_indexed,
		.capture_facts = nm_capture_facts,
		.capture_comment = nm_capture_comment,
		.session_open = nm_session_open,
		.session_close = nm_session_close,
		.session_capture = nm_session_capture,
		.run_open = nm_run_open,
		.run_close = nm_run_close,
		.run_lend = nm_run_lend,
		.run_config_length = nm_run_config_length,
		.run_free = nm_run_free,
		.run_explain = nm_run_explain,
		.run_sites = nm_run_sites,
		.parsers_settings = nm_parsers_settings,
		.parsers_load = nm_parsers_load,
		.parsers_seal = nm_parsers_seal,
		.parse_fault = nm_parse_fault,
		.parse_watch = nm_guard_watch,
		.parse_contain = nm_guard_contain,
		.parse_tell = nm_guard_tell,
		.parse_account = nm_guard_account,
		.parse_name = nm_guard_name,
		.protocols_enabled = nm_protocols_enabled,
		.protocol_info = nm_protocol_info,
		.protocol_path = nm_protocol_path,
		.fields_of = nm_fields_of,
		.field_find = nm_field_find,
		.field_suggest = nm_filter_suggest,
		.parse_new = nm_parse_new,
		.parse_free = nm_parse_free,
		.parse_set = nm_parse_set,
		.parse_recognize = nm_parse_recognize,
		.parse_attach = nm_parse_attach,
		.parse_text = nm_parse_text,
		.value_as = nm_value_as,
		.filter_compile = compile_filter,
		.filter_test = nm_filter_test,
		.filter_free = nm_filter_free,
		.filter_set_current = nm_filter_set_current,
		.filter_current = nm_filter_current,
		.frame_handle = nm_frame_handle,
		.view_new = nm_view_new,
		.view_free = nm_view_free,
		.view_keep_times = nm_view_keep_times,
		.view_stop_at = nm_view_stop_at,
		.view_holds = nm_view_holds,
		.view_frame = nm_view_frame,
		.view_time = nm_view_time,
	};

	return version == NM_DOOR_VERSION ? &door : NULL;
}
