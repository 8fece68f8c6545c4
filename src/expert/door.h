/* SPDX-License-Identifier: MIT */
/* expert/door.h -- the one undocumented export of libnmapi.
 *
 * Plug-ins and the engine must share one libnmapi: its table of keys and
 * handles lives there. The engine opens captures and runs through this door;
 * everything else in the library stays hidden. A plug-in that uses it gets
 * nothing its process could not do anyway.
 */
#ifndef NM_EXPERT_DOOR_H
#define NM_EXPERT_DOOR_H

#include "capture/capture.h"
#include "capture/convert.h"
#include "capture/digest.h"
#include "expert/run.h"
#include "filter/text.h"
#include "filter/value.h"
#include "parse/guard.h"
#include "parse/parse.h"

#define NM_DOOR_VERSION 11

struct nm_door {
	uint32_t version;
	uint32_t (*capture_open)(int fd, struct nm_capture **ret_c, struct nm_diag *ret_diag);
	uint32_t (*capture_open_growing)(int fd, const _Atomic uint32_t *coming,
	    struct nm_capture **ret_c, struct nm_diag *ret_diag);
	void (*capture_use_temporary)(int full_fd, int read_fd);
	void (*capture_close)(struct nm_capture *c);
	bool (*capture_index)(struct nm_capture *c, unsigned windows);
	bool (*capture_follow)(struct nm_capture *c);
	void (*capture_follow_end)(struct nm_capture *c);
	int (*capture_input)(const struct nm_capture *c);
	int (*capture_due)(const struct nm_capture *c);
	int (*capture_fd)(const struct nm_capture *c);
	uint32_t (*capture_convert)(struct nm_capture *c, int fd, const struct nm_target_format *t,
	    struct nm_conversion *ret, struct nm_diag *d);
	struct nm_picks *(*picks_new)(int fd);
	void (*picks_free)(struct nm_picks *p);
	uint32_t (*capture_digest)(
	    struct nm_capture *c, nm_digest_fn fn, void *ctx, struct nm_digest *ret);
	void (*capture_keep)(struct nm_capture *c);
	void (*capture_expect_readers)(struct nm_capture *c, bool expected);
	void (*capture_reader_begin)(struct nm_capture *c, unsigned reader);
	void (*capture_reader_end)(struct nm_capture *c, unsigned reader);
	bool (*capture_make_reader)(struct nm_capture *c, unsigned reader);
	void (*capture_serve)(struct nm_capture *c);
	uint32_t (*capture_indexed)(const struct nm_capture *c);
	void (*capture_facts)(const struct nm_capture *c, struct nm_capture_facts *ret);
	const char *(*capture_comment)(const struct nm_capture *c);
	uint32_t (*session_open)(struct nm_capture *c);
	void (*session_close)(void);
	HCAPTURE (*session_capture)(void);
	uint32_t (*run_open)(const struct nm_run_config *cfg, HEXPERTKEY *ret_key);
	void (*run_close)(HEXPERTKEY key, struct nm_heap_stats *ret_heap);
	PEXPERTCONFIG (*run_lend)(HEXPERTKEY key, const void *config, size_t n);
	uint32_t (*run_config_length)(HEXPERTKEY key, const EXPERTCONFIG *block, uint32_t *ret_n);
	uint32_t (*run_free)(HEXPERTKEY key, void *p);
	bool (*run_explain)(HEXPERTKEY key, const void *addr, struct nm_heap_info *ret);
	bool (*parsers_settings)(const char *name, const char *text,
	    void (*say)(void *ctx, unsigned line, const char *why), void *ctx);
	bool (*parsers_load)(const char *path, int file_fd, struct nm_diag *ret_diag);
	void (*parsers_seal)(void);
	bool (*parse_fault)(const struct nm_fault *f);
	void (*parse_watch)(void);
	void (*parse_contain)(bool on);
	void (*parse_tell)(struct nm_offences *account);
	const struct nm_offences *(*parse_account)(void);
	const char *(*parse_name)(uint32_t id, char *buf, size_t size);
	PROTOCOLTABLE *(*protocols_enabled)(void);
	PROTOCOLINFO *(*protocol_info)(HPROTOCOL h);
	const char *(*protocol_path)(uint32_t id);
	const struct nm_field *(*fields_of)(uint32_t protocol, HPROPERTY property, size_t *ret_n);
	const struct nm_field *(*field_find)(const char *name, size_t *ret_n);
	bool (*field_suggest)(const char *word, char *text, size_t size);
	struct nm_parse *(*parse_new)(void);
	void (*parse_free)(struct nm_parse *p);
	void (*parse_set)(struct nm_parse *p, HFRAME h, const struct nm_frame *f);
	RECOGNIZEDATATABLE *(*parse_recognize)(struct nm_parse *p);
	PROPERTYTABLE *(*parse_attach)(struct nm_parse *p, const struct nm_protocol_set *only);
	bool (*parse_text)(struct nm_parse *p, const PROPERTYINST *i, char *buf, size_t size);
	bool (*value_as)(
	    const PROPERTYINST *i, uint8_t type, uint32_t element, struct nm_value *ret);
	/* nm_filter_compile for frames of the open capture, and what is done with a filter. */
	uint32_t (*filter_compile)(
	    const char *text, HFILTER *ret, struct nm_filter_error *ret_error);
	uint32_t (*filter_test)(
	    HFILTER h, struct nm_parse *p, const PROPERTYINST *only, bool *ret_passed);
	uint32_t (*filter_free)(HFILTER h);
	void (*filter_set_current)(HFILTER h);
	HFILTER (*filter_current)(void);
	HFRAME (*frame_handle)(uint32_t n);
	struct nm_view *(*view_new)(struct nm_capture *c, unsigned windows);
	void (*view_free)(struct nm_view *v);
	bool (*view_keep_times)(struct nm_view *v);
	void (*view_stop_at)(struct nm_view *v, const volatile uint32_t *stop);
	bool (*view_holds)(const struct nm_view *v, uint32_t n);
	uint32_t (*view_frame)(struct nm_view *v, uint32_t n, struct nm_frame *ret);
	int64_t (*view_time)(const struct nm_view *v, uint32_t n, uint32_t *ret_interface);
	bool (*run_sites)(
	    HEXPERTKEY key, void (*each)(const struct nm_heap_site *s, void *arg), void *arg);
};

/* Static; NULL when the library speaks another version. */
__attribute__((visibility("default"))) const struct nm_door *nm_door(uint32_t version);

#endif
