/* SPDX-License-Identifier: MIT */
/* Parsers' shared objects: loading, installing, unloading. */
#include "base/nmerr.h"
#include "system/files.h"
#include "system/library.h"
#include "parse/parse_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define OBJECTS_MAX 256u

struct object {
	void *handle;
	char *path;            /* owned; NULL: no memory */
	PDLLMAINPROC dll_main; /* NULL where the system's loader calls it */
	PPARSERFIELDNAMESPROC field_names;
	PPARSERFIXEDFIELDSPROC fixed_fields;
	PPARSERROWSPROC rows;
	PPARSERHEADERPROC header;
};

static struct object objects[OBJECTS_MAX + 1]; /* 0: what is built in */
static unsigned n_objects;

PPARSERFIELDNAMESPROC nm_object_field_names(unsigned object)
{
	return object && object <= n_objects ? objects[object].field_names : NULL;
}

PPARSERFIXEDFIELDSPROC nm_object_fixed_fields(unsigned object)
{
	return object && object <= n_objects ? objects[object].fixed_fields : NULL;
}

PPARSERROWSPROC nm_object_rows(unsigned object)
{
	return object && object <= n_objects ? objects[object].rows : NULL;
}

PPARSERHEADERPROC nm_object_header(unsigned object)
{
	return object && object <= n_objects ? objects[object].header : NULL;
}

const char *nm_protocol_path(uint32_t id)
{
	unsigned object = nm_protocol_from_id(id) ? nm_protocols[id].object : 0;

	return object && object <= n_objects && objects[object].path ? objects[object].path : "";
}

uint32_t nm_parser_object(HPARSER h)
{
	uint32_t id = nm_protocol_id((HPROTOCOL)(void *)h);

	if (id)
		return nm_protocols[id].object;
	for (unsigned i = 1; h && i <= n_objects; i++)
		if (objects[i].handle == (void *)h)
			return i;
	return NM_NO_OBJECT;
}

uint32_t nm_protocol_object(HPROTOCOL h)
{
	uint32_t id = nm_protocol_id(h);

	return id ? nm_protocols[id].object : NM_NO_OBJECT;
}

static const char *base_name(const char *path)
{
	return path + nm_path_folder(path);
}

const char *nm_object_file(unsigned object)
{
	const char *path = object && object <= n_objects ? objects[object].path : NULL;

	return path ? base_name(path) : "";
}

static const char *loading;

const char *nm_object_loading(void)
{
	return loading;
}

static void free_install(PF_PARSERDLLINFO *info)
{
	for (DWORD i = 0; i < info->nParsers && info->nParsers <= NM_PROTOCOLS_MAX; i++) {
		free(info->ParserInfo[i].pWhoCanPrecedeMe);
		free(info->ParserInfo[i].pWhoCanFollowMe);
		free(info->ParserInfo[i].pWhoHandsOffToMe);
		free(info->ParserInfo[i].pWhoDoIHandOffTo);
	}
	free(info);
}

static bool install(void *handle)
{
	PPARSERAUTOINSTALLINFOPROC ask;
	PF_PARSERDLLINFO *info = NULL;
	bool ok = true;

	if (nm_object_symbol(handle, "ParserAutoInstallInfo", &ask))
		info = ask();
	if (info) {
		ok = nm_install(info);
		free_install(info);
	}
	return ok;
}

/* Protocols that came with this object: ids above `before`. */
static void drop_since(uint32_t before)
{
	while (nm_n_protocols > before) {
		nm_protocol_destroy(nm_handle_of(&nm_protocols[nm_n_protocols]));
		nm_n_protocols--;
	}
}

static bool refuse(struct nm_diag *d, const char *why)
{
	(void)nm_diag_set(d, NMERR_LOAD_PARSER_FAILED, NM_NO_OFFSET, "%s", why);
	return false;
}

/* What is called while an object is loaded. */
struct attaching {
	struct object *o;
	uint32_t before; /* protocols */
	struct nm_diag *diag;
	bool ok;
};

static void attach(void *arg)
{
	struct attaching *a = arg;
	struct object *o = a->o;

	if (o->dll_main && !o->dll_main((HINSTANCE)o->handle, DLL_PROCESS_ATTACH, NULL))
		a->ok = refuse(a->diag, "DllMain returned FALSE");
	else if (nm_n_protocols == a->before)
		a->ok = refuse(a->diag, "it registered no protocol that is not there already");
	else if (!install(o->handle))
		a->ok = refuse(a->diag, "ParserAutoInstallInfo returned what makes no sense");
	else
		a->ok = true;
}

/* What crashed half way is not unloaded: nobody knows what it left behind. */
static bool start(struct object *o, uint32_t before, struct nm_diag *d)
{
	struct attaching a = { .o = o, .before = before, .diag = d };
	enum nm_offence why = NM_OFFENCE_NONE;

	if (!NM_LOADER_CALLS_DLLMAIN && !nm_object_symbol(o->handle, "DllMain", &o->dll_main)) {
		(void)refuse(d, "no entry point DllMain: not a parser, or it is not exported");
	} else {
		(void)nm_object_symbol(o->handle, "ParserFieldNames", &o->field_names);
		(void)nm_object_symbol(o->handle, "ParserFixedFields", &o->fixed_fields);
		(void)nm_object_symbol(o->handle, "ParserRows", &o->rows);
		(void)nm_object_symbol(o->handle, "ParserHeader", &o->header);
		why = nm_guard_call(NULL, NM_ENTRY_LOAD, attach, &a);
	}
	if (why)
		(void)nm_diag_set(d, NMERR_LOAD_PARSER_FAILED, NM_NO_OFFSET, "its %s %s",
		    nm_entry_text(NM_ENTRY_LOAD), nm_offence_text(why));
	if (!why && a.ok)
		return true;
	if (!why)
		nm_object_unload(o->handle);
	return false;
}

bool nm_parsers_load(const char *path, int file_fd, struct nm_diag *d)
{
	struct object *o = &objects[n_objects + 1];
	uint32_t before;
	bool ok;

	nm_frame_protocol_create();
	before = nm_n_protocols;
	if (nm_parsers_sealed() || n_objects == OBJECTS_MAX)
		return refuse(d, "too late, or too many parsers");
	memset(o, 0, sizeof *o);
	loading = base_name(path);
	o->handle = nm_object_load(path, file_fd, false, d);
	ok = o->handle && start(o, before, d);
	loading = NULL;
	if (!ok) {
		drop_since(before);
		return false;
	}
	o->path = strdup(path);
	n_objects++;
	for (uint32_t id = before + 1; id <= nm_n_protocols; id++) {
		nm_protocols[id].object = n_objects;
		nm_guard_code(&nm_protocols[id]);
	}
	return true;
}

static void deregister(void *protocol)
{
	struct protocol *p = protocol;

	p->ep.Deregister(nm_handle_of(p));
}

void nm_parsers_unload(void)
{
	bool registered = nm_parsers_sealed();

	nm_registry_unseal();
	for (uint32_t id = 1; id <= nm_n_protocols; id++)
		if (registered && nm_protocols[id].alive && nm_protocols[id].ep.Deregister)
			(void)nm_guard_call(
			    &nm_protocols[id], NM_ENTRY_REGISTER, deregister, &nm_protocols[id]);
	for (unsigned i = n_objects; i > 0; i--) {
		if (objects[i].dll_main)
			(void)objects[i].dll_main(
			    (HINSTANCE)objects[i].handle, DLL_PROCESS_DETACH, NULL);
		nm_object_unload(objects[i].handle);
		free(objects[i].path);
	}
	n_objects = 0;
	nm_guard_clear();
	nm_registry_clear();
}
