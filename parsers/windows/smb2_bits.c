/* SPDX-License-Identifier: MIT */
/* What bits of SMB2's fields are called ([MS-SMB2], 2.2). */
#include "smb2.h"

#define MODE_BITS(label_)                                                                          \
	{ L(label_), L("smb2.sec_mode.sign_enabled"), 0x1, 0 },                                    \
	{                                                                                          \
		L(label_), L("smb2.sec_mode.sign_required"), 0x2, 0                                \
	}

#define CAPABILITY_BITS(label_)                                                                    \
	{ L(label_), L("smb2.capabilities.dfs"), 0x1, 0 },                                         \
	    { L(label_), L("smb2.capabilities.leasing"), 0x2, 0 },                                 \
	    { L(label_), L("smb2.capabilities.large_mtu"), 0x4, 0 },                               \
	    { L(label_), L("smb2.capabilities.multi_channel"), 0x8, 0 },                           \
	    { L(label_), L("smb2.capabilities.persistent_handles"), 0x10, 0 },                     \
	    { L(label_), L("smb2.capabilities.directory_leasing"), 0x20, 0 },                      \
	{                                                                                          \
		L(label_), L("smb2.capabilities.encryption"), 0x40, 0                              \
	}

#define ACCESS_BITS(label_)                                                                        \
	{ L(label_), L("smb.access.generic_read"), 0x80000000, 0 },                                \
	    { L(label_), L("smb.access.generic_write"), 0x40000000, 0 },                           \
	    { L(label_), L("smb.access.generic_execute"), 0x20000000, 0 },                         \
	    { L(label_), L("smb.access.generic_all"), 0x10000000, 0 },                             \
	    { L(label_), L("smb.access.maximum_allowed"), 0x2000000, 0 },                          \
	    { L(label_), L("smb.access.system_security"), 0x1000000, 0 },                          \
	    { L(label_), L("smb.access.synchronize"), 0x100000, 0 },                               \
	    { L(label_), L("smb.access.write_owner"), 0x80000, 0 },                                \
	    { L(label_), L("smb.access.write_dac"), 0x40000, 0 },                                  \
	    { L(label_), L("smb.access.read_control"), 0x20000, 0 },                               \
	    { L(label_), L("smb.access.delete"), 0x10000, 0 },                                     \
	    { L(label_), L("smb.access.write_attributes"), 0x100, 0 },                             \
	    { L(label_), L("smb.access.read_attributes"), 0x80, 0 },                               \
	    { L(label_), L("smb.access.delete_child"), 0x40, 0 },                                  \
	    { L(label_), L("smb.access.execute"), 0x20, 0 },                                       \
	    { L(label_), L("smb.access.write_ea"), 0x10, 0 },                                      \
	    { L(label_), L("smb.access.read_ea"), 0x8, 0 },                                        \
	    { L(label_), L("smb.access.append"), 0x4, 0 },                                         \
	    { L(label_), L("smb.access.write"), 0x2, 0 },                                          \
	{                                                                                          \
		L(label_), L("smb.access.read"), 0x1, 0                                            \
	}

#define ATTRIBUTE_BITS(label_)                                                                     \
	{ L(label_), L("smb2.file_attribute.read_only"), 0x1, 0 },                                 \
	    { L(label_), L("smb2.file_attribute.hidden"), 0x2, 0 },                                \
	    { L(label_), L("smb2.file_attribute.system"), 0x4, 0 },                                \
	    { L(label_), L("smb2.file_attribute.directory"), 0x10, 0 },                            \
	    { L(label_), L("smb2.file_attribute.archive"), 0x20, 0 },                              \
	    { L(label_), L("smb2.file_attribute.normal"), 0x80, 0 },                               \
	    { L(label_), L("smb2.file_attribute.temporary"), 0x100, 0 },                           \
	    { L(label_), L("smb2.file_attribute.sparse"), 0x200, 0 },                              \
	    { L(label_), L("smb2.file_attribute.reparse"), 0x400, 0 },                             \
	    { L(label_), L("smb2.file_attribute.compressed"), 0x800, 0 },                          \
	    { L(label_), L("smb2.file_attribute.offline"), 0x1000, 0 },                            \
	    { L(label_), L("smb2.file_attribute.not_content_indexed"), 0x2000, 0 },                \
	    { L(label_), L("smb2.file_attribute.encrypted"), 0x4000, 0 },                          \
	    { L(label_), L("smb2.file_attribute.integrity_stream"), 0x8000, 0 },                   \
	{                                                                                          \
		L(label_), L("smb2.file_attribute.no_scrub_data"), 0x20000, 0                      \
	}

const PARSERFIELDNAME smb2_names[] = {
	{ L("Security Mode"), L("smb2.sec_mode"), 0xFF, 0 },
	MODE_BITS("Security Mode"),
	{ L("Security Mode of the Server"), L("smb2.sec_mode"), 0xFF, 0 },
	MODE_BITS("Security Mode of the Server"),
	MODE_BITS("Setup Security Mode"),
	{ L("Flags"), L("smb2.flags.response"), 0x1, 0 },
	{ L("Flags"), L("smb2.flags.async"), 0x2, 0 },
	{ L("Flags"), L("smb2.flags.dfs"), 0x10000000, 0 },
	{ L("Flags"), L("smb2.flags.chained"), 0x4, 0 },
	{ L("Flags"), L("smb2.flags.signature"), 0x8, 0 },
	{ L("Flags"), L("smb2.flags.replay"), 0x20000000, 0 },
	{ L("Flags"), L("smb2.flags.priority_mask"), 0x70, 0 },
	{ L("Structure Size"), L("smb2.buffer_code.length"), 0xfffe, 0 },
	{ L("Structure Size"), L("smb2.buffer_code.dynamic"), 0x1, 0 },
	CAPABILITY_BITS("Capabilities"),
	CAPABILITY_BITS("Capabilities of the Server"),
	CAPABILITY_BITS("Setup Capabilities"),
	{ L("Setup Flags"), L("smb2.ses_req_flags.session_binding"), 0x1, 0 },
	{ L("Session Flags"), L("smb2.ses_flags.guest"), 0x1, 0 },
	{ L("Session Flags"), L("smb2.ses_flags.null"), 0x2, 0 },
	{ L("Session Flags"), L("smb2.ses_flags.encrypt"), 0x4, 0 },
	{ L("Connect Flags"), L("smb2.tc.cluster_reconnect"), 0x1, 0 },
	{ L("Connect Flags"), L("smb2.tc.redirect_to_owner"), 0x2, 0 },
	{ L("Connect Flags"), L("smb2.tc.extension_present"), 0x4, 0 },
	{ L("Connect Flags"), L("smb2.tc.reserved"), 0xfff8, 0 },
	{ L("Share Flags"), L("smb2.share_flags.dfs"), 0x1, 0 },
	{ L("Share Flags"), L("smb2.share_flags.dfs_root"), 0x2, 0 },
	{ L("Share Flags"), L("smb2.share_flags.restrict_exclusive_opens"), 0x100, 0 },
	{ L("Share Flags"), L("smb2.share_flags.force_shared_delete"), 0x200, 0 },
	{ L("Share Flags"), L("smb2.share_flags.allow_namespace_caching"), 0x400, 0 },
	{ L("Share Flags"), L("smb2.share_flags.access_based_dir_enum"), 0x800, 0 },
	{ L("Share Flags"), L("smb2.share_flags.force_levelii_oplock"), 0x1000, 0 },
	{ L("Share Flags"), L("smb2.share_flags.enable_hash_v1"), 0x2000, 0 },
	{ L("Share Flags"), L("smb2.share_flags.enable_hash_v2"), 0x4000, 0 },
	{ L("Share Flags"), L("smb2.share_flags.encrypt_data"), 0x8000, 0 },
	{ L("Share Flags"), L("smb2.share_flags.identity_remoting"), 0x40000, 0 },
	{ L("Share Flags"), L("smb2.share_flags.compress_data"), 0x100000, 0 },
	{ L("Share Capabilities"), L("smb2.share_caps.dfs"), 0x8, 0 },
	{ L("Share Capabilities"), L("smb2.share_caps.continuous_availability"), 0x10, 0 },
	{ L("Share Capabilities"), L("smb2.share_caps.scaleout"), 0x20, 0 },
	{ L("Share Capabilities"), L("smb2.share_caps.cluster"), 0x40, 0 },
	{ L("Share Capabilities"), L("smb2.share_caps.assymetric"), 0x80, 0 },
	{ L("Share Capabilities"), L("smb2.share_caps.redirect_to_owner"), 0x100, 0 },
	ACCESS_BITS("Maximal Access"),
	ACCESS_BITS("Desired Access"),
	{ L("Share Access"), L("smb.share.access.read"), 0x1, 0 },
	{ L("Share Access"), L("smb.share.access.write"), 0x2, 0 },
	{ L("Share Access"), L("smb.share.access.delete"), 0x4, 0 },
	{ L("Create Options"), L("smb.nt.create_options.directory"), 0x1, 0 },
	{ L("Create Options"), L("smb.nt.create_options.write_through"), 0x2, 0 },
	{ L("Create Options"), L("smb.nt.create_options.sequential_only"), 0x4, 0 },
	{ L("Create Options"), L("smb.nt.create_options.intermediate_buffering"), 0x8, 0 },
	{ L("Create Options"), L("smb.nt.create_options.sync_io_alert"), 0x10, 0 },
	{ L("Create Options"), L("smb.nt.create_options.sync_io_nonalert"), 0x20, 0 },
	{ L("Create Options"), L("smb.nt.create_options.non_directory"), 0x40, 0 },
	{ L("Create Options"), L("smb.nt.create_options.create_tree_connection"), 0x80, 0 },
	{ L("Create Options"), L("smb.nt.create_options.complete_if_oplocked"), 0x100, 0 },
	{ L("Create Options"), L("smb.nt.create_options.no_ea_knowledge"), 0x200, 0 },
	{ L("Create Options"), L("smb.nt.create_options.eight_dot_three_only"), 0x400, 0 },
	{ L("Create Options"), L("smb.nt.create_options.random_access"), 0x800, 0 },
	{ L("Create Options"), L("smb.nt.create_options.delete_on_close"), 0x1000, 0 },
	{ L("Create Options"), L("smb.nt.create_options.open_by_fileid"), 0x2000, 0 },
	{ L("Create Options"), L("smb.nt.create_options.backup_intent"), 0x4000, 0 },
	{ L("Create Options"), L("smb.nt.create_options.no_compression"), 0x8000, 0 },
	{ L("Create Options"), L("smb.nt.create_options.reserve_opfilter"), 0x100000, 0 },
	{ L("Create Options"), L("smb.nt.create_options.open_reparse_point"), 0x200000, 0 },
	{ L("Create Options"), L("smb.nt.create_options.open_no_recall"), 0x400000, 0 },
	{ L("Create Options"), L("smb.nt.create_options.open_for_free_space_query"), 0x800000, 0 },
	ATTRIBUTE_BITS("File Attributes"),
	ATTRIBUTE_BITS("File Attributes of the Opened"),
	ATTRIBUTE_BITS("File Attributes of the Closed"),
	{ L("Response Flags"), L("smb2.create.rep_flags.reparse_point"), 0x1, 0 },
	{ L("Close Flags"), L("smb2.close.pq_attrib"), 0x1, 0 },
	{ L("Read Flags"), L("smb2.read_flags.unbuffered"), 0x1, 0 },
	{ L("Read Flags"), L("smb2.read_flags.compressed"), 0x2, 0 },
	{ L("Write Flags"), L("smb2.write.flags.write_through"), 0x1, 0 },
	{ L("Write Flags"), L("smb2.write.flags.unbuffered"), 0x2, 0 },
	{ L("Directory Flags"), L("smb2.find.restart_scans"), 0x1, 0 },
	{ L("Directory Flags"), L("smb2.find.single_entry"), 0x2, 0 },
	{ L("Directory Flags"), L("smb2.find.index_specified"), 0x4, 0 },
	{ L("Directory Flags"), L("smb2.find.reopen"), 0x10, 0 },
	{ L("Control Code"), L("smb2.ioctl.function.device"), 0xffff0000, 0 },
	{ L("Control Code"), L("smb2.ioctl.function.access"), 0xc000, 0 },
	{ L("Control Code"), L("smb2.ioctl.function.function"), 0x3ffc, 0 },
	{ L("Control Code"), L("smb2.ioctl.function.method"), 0x3, 0 },
	{ L("Control Flags"), L("smb2.ioctl.is_fsctl"), 0x1, 0 },
	{ L("Compression Flags offered"), L("smb2.negotiate_context.comp_alg_flags.chained"), 0x1,
	    0 },
	{ L("Compression Flags offered"), L("smb2.negotiate_context.comp_alg_flags.reserved"),
	    0xfffffffe, 0 },
};
