/* SPDX-License-Identifier: MIT */
/* SMB 2 and 3 ([MS-SMB2]): headers, one behind the other where they are compounded.
 *
 *   OFFSET SIZE MEANING
 *   0      4    0xFE "SMB"
 *   4      2    structure size, 64
 *   6      2    credit charge
 *   8      4    response: status; request: channel sequence, reserved
 *   12     2    command
 *   14     2    credits, asked for or granted
 *   16     4    flags
 *   20     4    offset of the next message, 0: none
 *   24     8    message id
 *   32     8    async id, or process and tree id
 *   40     8    session id
 *   48     16   signature
 *   64          what the command has
 */
#include "smb2.h"
#include "../common/times.h"

#define ASYNC     2u /* of the flags */
#define PACKED    16u
#define ENCRYPTED 52u
#define SHOWN     6u  /* messages in a summary */
#define SIZE      64u /* that the header says it has */
#define LEVEL_2   .level = 2
#define LEVEL_3   .level = 3

static LABELED_WORD command_names[] = {
	{ 0, L("Negotiate") },
	{ 1, L("Session setup") },
	{ 2, L("Session logoff") },
	{ 3, L("Tree connect") },
	{ 4, L("Tree disconnect") },
	{ 5, L("Create") },
	{ 6, L("Close") },
	{ 7, L("Flush") },
	{ 8, L("Read") },
	{ 9, L("Write") },
	{ 10, L("Lock") },
	{ 11, L("I/O control") },
	{ 12, L("Cancel") },
	{ 13, L("Echo") },
	{ 14, L("Query directory") },
	{ 15, L("Change notify") },
	{ 16, L("Query info") },
	{ 17, L("Set info") },
	{ 18, L("Oplock break") },
};

struct _SET smb2_commands = SET_OF(Word, command_names);

static LABELED_BIT flag_bits[] = {
	{ 0, L("Request"), L("Response") },
	{ 1, L("Synchronous"), L("Asynchronous") },
	{ 2, L("Not related to the one before"), L("Related to the one before") },
	{ 3, L("Not signed"), L("Signed") },
	{ 28, L("No DFS operation"), L("DFS operation") },
	{ 29, L("No replay"), L("Replay") },
};

static struct _SET flag_set = BITS_OF(flag_bits);

static LABELED_WORD dialect_names[] = {
	{ 0x0202, L("SMB 2.0.2") },
	{ 0x0210, L("SMB 2.1") },
	{ 0x02FF, L("SMB 2 wildcard") },
	{ 0x0300, L("SMB 3.0") },
	{ 0x0302, L("SMB 3.0.2") },
	{ 0x0310, L("SMB 3.1.0") },
	{ 0x0311, L("SMB 3.1.1") },
};

struct _SET smb2_dialects = SET_OF(Word, dialect_names);

static LABELED_BYTE share_names[] = {
	{ 1, L("Disk") },
	{ 2, L("Named pipe") },
	{ 3, L("Printer") },
};

static struct _SET shares = SET_OF(Byte, share_names);

static LABELED_DWORD disposition_names[] = {
	{ 0, L("Supersede") },
	{ 1, L("Open") },
	{ 2, L("Create") },
	{ 3, L("Open or create") },
	{ 4, L("Overwrite") },
	{ 5, L("Overwrite or create") },
};

static LABELED_DWORD action_names[] = {
	{ 0, L("Superseded") },
	{ 1, L("Opened") },
	{ 2, L("Created") },
	{ 3, L("Overwritten") },
};

static LABELED_DWORD impersonation_names[] = {
	{ 0, L("Anonymous") },
	{ 1, L("Identification") },
	{ 2, L("Impersonation") },
	{ 3, L("Delegate") },
};

static LABELED_BYTE class_names[] = {
	{ 1, L("File") },
	{ 2, L("File system") },
	{ 3, L("Security") },
	{ 4, L("Quota") },
};

static LABELED_WORD negotiation_names[] = {
	{ 1, L("Integrity before authentication") },
	{ 2, L("Encryption") },
	{ 3, L("Compression") },
	{ 5, L("Net name") },
	{ 6, L("Transport") },
	{ 7, L("RDMA transforms") },
	{ 8, L("Signing") },
};

static LABELED_WORD cipher_names[] = {
	{ 1, L("AES-128-CCM") },
	{ 2, L("AES-128-GCM") },
	{ 3, L("AES-256-CCM") },
	{ 4, L("AES-256-GCM") },
};

static struct _SET negotiations = SET_OF(Word, negotiation_names);
static struct _SET ciphers = SET_OF(Word, cipher_names);
static struct _SET dispositions = SET_OF(Dword, disposition_names);
static struct _SET actions = SET_OF(Dword, action_names);
static struct _SET impersonations = SET_OF(Dword, impersonation_names);
static struct _SET classes = SET_OF(Byte, class_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

struct field smb2_fields[S2_FIELDS] = {
	[S2_SUMMARY] = { "Summary of the SMB2 messages", "smb2", SUMMARY,
	    .format = format_summary },
	[S2_MESSAGE] = { "SMB2 Message", NULL, GROUP },
	[S2_PROTOCOL] = { "Protocol ID", "smb2.protocol_id", U32(0), LEVEL_2 },
	[S2_HEADER_LENGTH] = { "Header Length", "smb2.header_len", LE_U16(4), LEVEL_2 },
	[S2_CREDIT_CHARGE] = { "Credit Charge", "smb2.credit.charge", LE_U16(6), LEVEL_2 },
	[S2_CHANNEL_SEQUENCE] = { "Channel Sequence", "smb2.channel_sequence", LE_U16(8), LEVEL_2 },
	[S2_RESERVED] = { "Reserved", "smb2.reserved", BYTES(10, 2), LEVEL_2 },
	[S2_STATUS] = { "NT Status", "smb2.nt_status", LE_U32(8), LABELED(nt_statuses), LEVEL_2 },
	[S2_COMMAND] = { "Command", "smb2.cmd", LE_U16(12), LABELED(smb2_commands), LEVEL_2 },
	[S2_CREDITS_REQUESTED] = { "Credits Requested", "smb2.credits.requested", LE_U16(14),
	    LEVEL_2 },
	[S2_CREDITS_GRANTED] = { "Credits Granted", "smb2.credits.granted", LE_U16(14), LEVEL_2 },
	[S2_FLAGS] = { "Flags", "smb2.flags", LE_U32(16), FLAGS(flag_set), LEVEL_2 },
	[S2_CHAIN] = { "Chain Offset", "smb2.chain_offset", LE_U32(20), LEVEL_2 },
	[S2_MESSAGE_ID] = { "Message ID", "smb2.msg_id", LE_U64(24), LEVEL_2 },
	[S2_PROCESS] = { "Process ID", "smb2.pid", LE_U32(32), LEVEL_2 },
	[S2_TREE_ID] = { "Tree ID", "smb2.tid", LE_U32(36), LEVEL_2 },
	[S2_ASYNC_ID] = { "Async ID", "smb2.aid", LE_U64(32), LEVEL_2 },
	[S2_SESSION] = { "Session ID", "smb2.sesid", LE_U64(40), LEVEL_2 },
	[S2_SIGNATURE] = { "Signature", "smb2.signature", BYTES(48, 16), LEVEL_2 },
	[S2_BODY_LENGTH] = { "Structure Size", "smb2.buffer_code", LE_U16(0), LEVEL_2 },
	[S2_BUFFER_OFFSET] = { "Buffer Offset", "smb2.olb.offset", LE_U32(0), LEVEL_2 },
	[S2_BUFFER_LENGTH] = { "Buffer Length", "smb2.olb.length", LE_U32(0), LEVEL_2 },
	[S2_BODY] = { "Command Data", NULL, BYTES(0, 0), LEVEL_2 },
	[S2_CONTENT] = { "Content", NULL, BYTES(0, 0), LEVEL_3 },

	[S2_DIALECT_COUNT] = { "Dialect Count", "smb2.dialect_count", LE_U16(2), LEVEL_2 },
	[S2_SECURITY_MODE] = { "Security Mode", NULL, LE_U16(4), LEVEL_2 },
	[S2_CAPABILITIES] = { "Capabilities", "smb2.capabilities", LE_U32(8), LEVEL_2 },
	[S2_CLIENT_GUID] = { "Client GUID", "smb2.client_guid", BYTES(12, 16), LEVEL_2 },
	[S2_CLIENT_CONTEXTS] = { "Contexts of the Client", "smb2.negotiate_context.count",
	    LE_U16(32), LEVEL_2 },
	[S2_CLIENT_CONTEXTS_AT] = { "Contexts of the Client at", "smb2.negotiate_context.offset",
	    LE_U32(28), LEVEL_2 },
	[S2_DIALECT] = { "Dialect", "smb2.dialect", LE_U16(0), LABELED(smb2_dialects), LEVEL_3 },
	[S2_NEG_MODE] = { "Security Mode of the Server", NULL, LE_U16(2), LEVEL_2 },
	[S2_NEG_DIALECT] = { "Dialect Chosen", "smb2.dialect", LE_U16(4), LABELED(smb2_dialects),
	    LEVEL_2 },
	[S2_NEG_CONTEXTS] = { "Negotiate Context Count", "smb2.negotiate_context.count", LE_U16(6),
	    LEVEL_2 },
	[S2_SERVER_GUID] = { "Server GUID", "smb2.server_guid", BYTES(8, 16), LEVEL_2 },
	[S2_NEG_CAPABILITIES] = { "Capabilities of the Server", "smb2.capabilities", LE_U32(24),
	    LEVEL_2 },
	[S2_MAX_TRANSACT] = { "Maximum Transaction Size", "smb2.max_trans_size", LE_U32(28),
	    LEVEL_2 },
	[S2_MAX_READ] = { "Maximum Read Size", "smb2.max_read_size", LE_U32(32), LEVEL_2 },
	[S2_MAX_WRITE] = { "Maximum Write Size", "smb2.max_write_size", LE_U32(36), LEVEL_2 },
	[S2_SYSTEM_TIME] = { "System Time", "smb2.current_time", TIME_8(40), LEVEL_2 },
	[S2_START_TIME] = { "Server Start Time", "smb2.boot_time", TIME_8(48), LEVEL_2 },
	[S2_BLOB] = { "Security Blob", "smb2.security_blob", BYTES(0, 0), LEVEL_2 },
	[S2_NEG_CONTEXTS_AT] = { "Contexts of the Server at", "smb2.negotiate_context.offset",
	    LE_U32(60), LEVEL_2 },
	[S2_CONTEXT] = { "Negotiate Context", "smb2.negotiate_context.type", LE_U16(0),
	    LABELED(negotiations), LEVEL_3 },
	[S2_CONTEXT_LENGTH] = { "Context Length", "smb2.negotiate_context.data_length", LE_U16(2),
	    LEVEL_3 },
	[S2_CONTEXT_DATA] = { "Context Data", NULL, BYTES(8, 0), LEVEL_3 },
	[S2_HASH_COUNT] = { "Hash Count", "smb2.negotiate_context.hash_alg_count", LE_U16(8),
	    LEVEL_3 },
	[S2_SALT_LENGTH] = { "Salt Length", "smb2.negotiate_context.salt_length", LE_U16(10),
	    LEVEL_3 },
	[S2_HASH] = { "Hash", "smb2.negotiate_context.hash_algorithm", LE_U16(12), LEVEL_3 },
	[S2_SALT] = { "Salt", "smb2.negotiate_context.salt", BYTES(0, 0), LEVEL_3 },
	[S2_CIPHER_COUNT] = { "Cipher Count", "smb2.negotiate_context.cipher_count", LE_U16(8),
	    LEVEL_3 },
	[S2_CIPHER] = { "Cipher", "smb2.negotiate_context.cipher_id", LE_U16(10), LABELED(ciphers),
	    LEVEL_3 },
	[S2_PACKER_COUNT] = { "Compression Count", "smb2.negotiate_context.comp_alg_count",
	    LE_U16(8), LEVEL_3 },
	[S2_PACKER_FLAGS] = { "Compression Flags offered", "smb2.negotiate_context.comp_alg_flags",
	    LE_U32(12), LEVEL_3 },
	[S2_PACKER] = { "Compression", "smb2.negotiate_context.comp_alg_id", LE_U16(16), LEVEL_3 },
	[S2_NET_NAME] = { "Net Name", "smb2.negotiate_context.netname", TEXT(8, 0),
	    .flags = IFLAG_UNICODE, LEVEL_3 },
	[S2_SIGNING_COUNT] = { "Signing Count", "smb2.negotiate_context.signing_alg_count",
	    LE_U16(8), LEVEL_3 },
	[S2_SIGNING] = { "Signing", "smb2.negotiate_context.signing_id", LE_U16(10), LEVEL_3 },

	[S2_SETUP_FLAGS] = { "Setup Flags", "smb2.ses_req_flags", U8(2), LEVEL_2 },
	[S2_SETUP_MODE] = { "Setup Security Mode", "smb2.sec_mode", U8(3), LEVEL_2 },
	[S2_SETUP_CAPABILITIES] = { "Setup Capabilities", "smb2.capabilities", LE_U32(4), LEVEL_2 },
	[S2_CHANNEL] = { "Channel", "smb2.channel", LE_U32(8), LEVEL_2 },
	[S2_PREVIOUS_SESSION] = { "Previous Session ID", "smb2.previous_sesid", LE_U64(16),
	    LEVEL_2 },
	[S2_SESSION_FLAGS] = { "Session Flags", "smb2.session_flags", LE_U16(2), LEVEL_2 },
	[S2_TREE_FLAGS] = { "Connect Flags", "smb2.tc.flags", LE_U16(2), LEVEL_2 },

	[S2_TREE] = { "Tree", "smb2.tree", TEXT(0, 0), .flags = IFLAG_UNICODE, LEVEL_2 },
	[S2_SHARE_TYPE] = { "Share Type", "smb2.share_type", U8(2), LABELED(shares), LEVEL_2 },
	[S2_SHARE_FLAGS] = { "Share Flags", "smb2.share_flags", LE_U32(4), LEVEL_2 },
	[S2_SHARE_CAPABILITIES] = { "Share Capabilities", "smb2.share_caps", LE_U32(8), LEVEL_2 },
	[S2_MAXIMAL_ACCESS] = { "Maximal Access", "smb.access_mask", LE_U32(12), LEVEL_2 },

	[S2_OPLOCK] = { "Requested Oplock", "smb2.create.oplock", U8(3), LEVEL_2 },
	[S2_IMPERSONATION] = { "Impersonation Level", "smb2.impersonation.level", LE_U32(4),
	    LABELED(impersonations), LEVEL_2 },
	[S2_CREATE_FLAGS] = { "Create Flags", "smb2.create_flags", LE_U64(8), LEVEL_2 },
	[S2_ACCESS] = { "Desired Access", "smb.access_mask", LE_U32(24), LEVEL_2 },
	[S2_ATTRIBUTES] = { "File Attributes", "smb2.file_attribute", LE_U32(28), LEVEL_2 },
	[S2_SHARE_ACCESS] = { "Share Access", "smb.share_access", LE_U32(32), LEVEL_2 },
	[S2_DISPOSITION] = { "Create Disposition", "smb2.create.disposition", LE_U32(36),
	    LABELED(dispositions), LEVEL_2 },
	[S2_OPTIONS] = { "Create Options", "smb.create_options", LE_U32(40), LEVEL_2 },
	[S2_NAME] = { "File Name", "smb2.filename", TEXT(0, 0), .flags = IFLAG_UNICODE, LEVEL_2 },
	[S2_OPENED_OPLOCK] = { "Oplock Granted", "smb2.create.oplock", U8(2), LEVEL_2 },
	[S2_OPENED_FLAGS] = { "Response Flags", "smb2.create.rep_flags", U8(3), LEVEL_2 },
	[S2_OPENED_ACTION] = { "Create Action", "smb2.create.action", LE_U32(4), LABELED(actions),
	    LEVEL_2 },
	[S2_OPENED_CREATED] = { "Created", "smb2.create.time", TIME_8(8), LEVEL_2 },
	[S2_OPENED_ACCESSED] = { "Last Access", "smb2.last_access.time", TIME_8(16), LEVEL_2 },
	[S2_OPENED_WRITTEN] = { "Last Write", "smb2.last_write.time", TIME_8(24), LEVEL_2 },
	[S2_OPENED_CHANGED] = { "Last Change", "smb2.last_change.time", TIME_8(32), LEVEL_2 },
	[S2_OPENED_SIZE] = { "Allocation Size", "smb2.allocation_size", LE_U64(40), LEVEL_2 },
	[S2_OPENED_END] = { "End of File", "smb2.eof", LE_U64(48), LEVEL_2 },
	[S2_OPENED_ATTRIBUTES] = { "File Attributes of the Opened", "smb2.file_attribute",
	    LE_U32(56), LEVEL_2 },
	[S2_OPENED_FILE] = { "File ID of the Opened", "smb2.fid", BYTES(64, 16), LEVEL_2 },
	[S2_CREATION_DATA] = { "Create Contexts", "smb2.create.extrainfo", GROUP, LEVEL_2 },
	[S2_CREATION_NEXT] = { "Create Context's Size", "smb2.create.chain_offset", LE_U32(0),
	    LEVEL_3 },
	[S2_CREATION_TAG] = { "Create Context", "smb2.tag", TEXT(0, 0), LEVEL_3 },
	[S2_CREATION_CONTENT] = { "Create Context's Data", "smb2.create.chain_data", GROUP,
	    LEVEL_3 },

	[S2_CLOSE_FLAGS] = { "Close Flags", "smb2.close.flags", LE_U16(2), LEVEL_2 },
	[S2_FILE_8] = { "File ID", "smb2.fid", BYTES(8, 16), LEVEL_2 },
	[S2_CLOSED_SIZE] = { "Allocation Size of the Closed", "smb2.allocation_size", LE_U64(40),
	    LEVEL_2 },
	[S2_CLOSED_END] = { "End of the Closed File", "smb2.eof", LE_U64(48), LEVEL_2 },
	[S2_CLOSED_ATTRIBUTES] = { "File Attributes of the Closed", "smb2.file_attribute",
	    LE_U32(56), LEVEL_2 },

	[S2_READ_FLAGS] = { "Read Flags", "smb2.read_flags", U8(3), LEVEL_2 },
	[S2_READ_PADDING] = { "Padding wanted", "smb2.read_padding", U8(2), LEVEL_2 },
	[S2_READ_LENGTH] = { "Read Length", "smb2.read_length", LE_U32(4), LEVEL_2 },
	[S2_READ_OFFSET] = { "File Offset", "smb2.file_offset", LE_U64(8), LEVEL_2 },
	[S2_FILE_16] = { "File ID to Read or Write", "smb2.fid", BYTES(16, 16), LEVEL_2 },
	[S2_READ_MINIMUM] = { "Minimum Count", "smb2.min_count", LE_U32(32), LEVEL_2 },
	[S2_READ_CHANNEL] = { "Read Channel", "smb2.channel", LE_U32(36), LEVEL_2 },
	[S2_READ_REMAINING] = { "Remaining Bytes", "smb2.remaining_bytes", LE_U32(40), LEVEL_2 },
	[S2_CHANNEL_BLOB] = { "Channel Information", "smb2.channel_info_blob", GROUP, LEVEL_2 },
	[S2_READ_DATA_LENGTH] = { "Data Length", "smb2.read_length", LE_U32(4), LEVEL_2 },
	[S2_READ_LEFT] = { "Read Remaining", "smb2.read_remaining", LE_U32(8), LEVEL_2 },
	[S2_READ_DATA] = { "Data Read", "smb2.read_data", BYTES(0, 0), LEVEL_2 },
	[S2_WRITE_LENGTH] = { "Write Length", "smb2.write_length", LE_U32(4), LEVEL_2 },
	[S2_WRITE_AT] = { "Data Offset", "smb2.data_offset", LE_U16(2), LEVEL_2 },
	[S2_WRITE_OFFSET] = { "Write Offset", "smb2.file_offset", LE_U64(8), LEVEL_2 },
	[S2_WRITE_CHANNEL] = { "Write Channel", "smb2.channel", LE_U32(32), LEVEL_2 },
	[S2_WRITE_REMAINING] = { "Remaining Bytes to Write", "smb2.remaining_bytes", LE_U32(36),
	    LEVEL_2 },
	[S2_WRITE_FLAGS] = { "Write Flags", "smb2.write.flags", LE_U32(44), LEVEL_2 },
	[S2_WRITE_DATA] = { "Data to Write", "smb2.write_data", BYTES(0, 0), LEVEL_2 },
	[S2_WRITE_COUNT] = { "Write Count", "smb2.write.count", LE_U32(4), LEVEL_2 },
	[S2_WRITE_LEFT] = { "Write Remaining", "smb2.write.remaining", LE_U32(8), LEVEL_2 },
	[S2_WRITE_CHANNEL_AT] = { "Channel Information at", "smb2.channel_info_offset", LE_U16(12),
	    LEVEL_2 },
	[S2_WRITE_CHANNEL_LENGTH] = { "Channel Information Length", "smb2.channel_info_length",
	    LE_U16(14), LEVEL_2 },

	[S2_CONTROL] = { "Control Code", "smb2.ioctl.function", LE_U32(4), LEVEL_2 },
	[S2_INPUT] = { "Input", "smb2.ioctl.in", GROUP, LEVEL_2 },
	[S2_OUTPUT] = { "Output", "smb2.ioctl.out", GROUP, LEVEL_2 },
	[S2_MAX_INPUT] = { "Maximum Input", "smb2.max_ioctl_in_size", LE_U32(32), LEVEL_2 },
	[S2_MAX_OUTPUT] = { "Maximum Output", "smb2.max_ioctl_out_size", LE_U32(44), LEVEL_2 },
	[S2_CONTROL_FLAGS] = { "Control Flags", "smb2.ioctl.flags", LE_U32(48), LEVEL_2 },

	[S2_FIND_CLASS] = { "Directory Information Level", "smb2.find.infolevel", U8(2), LEVEL_2 },
	[S2_FIND_FLAGS] = { "Directory Flags", "smb2.find.flags", U8(3), LEVEL_2 },
	[S2_FIND_INDEX] = { "File Index", "smb2.file_index", LE_U32(4), LEVEL_2 },
	[S2_FIND_ROOM] = { "Room for the Directory", "smb2.output_buffer_len", LE_U32(28),
	    LEVEL_2 },
	[S2_PATTERN] = { "Search Pattern", "smb2.find.pattern", TEXT(0, 0), .flags = IFLAG_UNICODE,
	    LEVEL_2 },
	[S2_FOUND] = { "Directory", "smb2.find.info_blob", BYTES(0, 0), LEVEL_2 },

	[S2_INFO_TYPE] = { "Class", "smb2.class", U8(2), LABELED(classes), LEVEL_2 },
	[S2_INFO_CLASS] = { "Information Level", "smb2.infolevel", U8(3), LEVEL_2 },
	[S2_INFO_ROOM] = { "Maximum Response Size", "smb2.max_response_size", LE_U32(4), LEVEL_2 },
	[S2_QUERY_AT] = { "Query Input at", "smb2.getinfo_input_offset", LE_U16(8), LEVEL_2 },
	[S2_QUERY_LENGTH] = { "Query Input Length", "smb2.getinfo_input_size", LE_U32(12),
	    LEVEL_2 },
	[S2_QUERY_MORE] = { "Additional Information", "smb2.getsetinfo_additional", LE_U32(16),
	    LEVEL_2 },
	[S2_QUERY_FLAGS] = { "Query Flags", "smb2.getinfo_flags", LE_U32(20), LEVEL_2 },
	[S2_FILE_24] = { "File ID of the Query", "smb2.fid", BYTES(24, 16), LEVEL_2 },
	[S2_SET_LENGTH] = { "Information Length", NULL, LE_U32(4), LEVEL_2 },

	[S2_ERROR_CONTEXTS] = { "Error Context Count", "smb2.error.context_count", U8(2), LEVEL_2 },
	[S2_ERROR_BYTES] = { "Error Byte Count", "smb2.error.byte_count", LE_U32(4), LEVEL_2 },
	[S2_ERROR_RESERVED] = { "Error's Reserved", "smb2.error.reserved", U8(3), LEVEL_2 },
	[S2_ERROR_DATA] = { "Error Data", "smb2.error.data", BYTES(8, 0), LEVEL_2 },

	[S2_ENCRYPTED_SIGNATURE] = { "Transform Signature", "smb2.header.transform.signature",
	    BYTES(4, 16) },
	[S2_ENCRYPTED_NONCE] = { "Nonce", "smb2.header.transform.nonce", BYTES(20, 16) },
	[S2_ENCRYPTED_SIZE] = { "Message Size", "smb2.header.transform.msg_size", LE_U32(36) },
	[S2_ENCRYPTED_FLAGS] = { "Transform Flags", "smb2.header.transform.flags", LE_U16(42) },
	[S2_ENCRYPTED_SESSION] = { "Transform Session ID", "smb2.sesid", LE_U64(44) },
	[S2_ENCRYPTED_DATA] = { "Encrypted Data", "smb2.header.transform.enc_data",
	    BYTES(ENCRYPTED, 0) },
	[S2_PACKED_SIZE] = { "Original Size", "smb2.header.comp_transform.original_size",
	    LE_U32(4) },
	[S2_PACKED_ALGORITHM] = { "Compression Algorithm", "smb2.header.comp_transform.comp_alg",
	    LE_U16(8) },
	[S2_PACKED_FLAGS] = { "Compression Flags", "smb2.header.comp_transform.flags", LE_U16(10) },
	[S2_PACKED_OFFSET] = { "Compression Offset", "smb2.header.comp_transform.offset",
	    LE_U32(12) },
	[S2_PACKED_DATA] = { "Compressed Data", "smb2.header.comp_transform.data",
	    BYTES(PACKED, 0) },
};

static bool is_message(const uint8_t *p, DWORD left)
{
	return left >= 4 && be32(p) == SIGNATURE_SMB2;
}

static bool is_transformed(const uint8_t *p, DWORD left)
{
	return left >= 4 && (be32(p) == SIGNATURE_ENCRYPTED || be32(p) == SIGNATURE_PACKED);
}

RECOGNIZE(recognize)
{
	if (!is_message(p, left) && !is_transformed(p, left))
		return not_mine(p, status);
	return smb_message(p, left, *instance, status, next, instance);
}

/* Of the message at `at`; the last one has the rest. */
static struct header message_at(const struct header *h, DWORD at, DWORD *ret_next)
{
	struct header m = { h->frame, h->p + at, h->left - at };
	DWORD chain = m.left >= SMB2_HEADER ? le32(m.p + 20) : 0;

	*ret_next = 0;
	if (chain >= SMB2_HEADER && chain < m.left && is_message(m.p + chain, m.left - chain)) {
		m.left = chain;
		*ret_next = at + chain;
	}
	return m;
}

static void attach_message(const struct header *m)
{
	const struct field *f = smb2_fields;
	uint32_t flags = m->left >= 20 ? le32(m->p + 16) : 0;
	bool response = flags & SMB2_RESPONSE;
	bool bad_size = m->left >= 6 && le16(m->p + 4) != SIZE;

	fields_attach(m, &f[S2_PROTOCOL], 1);
	field_attach_at(m, &f[S2_HEADER_LENGTH], 4, 2, bad_size ? IFLAG_ERROR : 0);
	fields_attach(m, &f[S2_CREDIT_CHARGE], 1);
	if (response)
		fields_attach(m, &f[S2_STATUS], 1);
	else
		fields_attach(m, &f[S2_CHANNEL_SEQUENCE], 2);
	fields_attach(m, &f[S2_COMMAND], 1);
	fields_attach(m, &f[response ? S2_CREDITS_GRANTED : S2_CREDITS_REQUESTED], 1);
	fields_attach(m, &f[S2_FLAGS], S2_PROCESS - S2_FLAGS);
	if (flags & ASYNC)
		fields_attach(m, &f[S2_ASYNC_ID], 1);
	else
		fields_attach(m, &f[S2_PROCESS], 2);
	fields_attach(m, &f[S2_SESSION], 2);
	if (m->left > SMB2_HEADER)
		smb2_body_attach(m);
}

static void attach_transformed(const struct header *h)
{
	bool packed = be32(h->p) == SIGNATURE_PACKED;

	fields_attach(h, &smb2_fields[S2_PROTOCOL], 1);
	if (packed)
		fields_attach(h, &smb2_fields[S2_PACKED_SIZE], S2_FIELDS - S2_PACKED_SIZE);
	else
		fields_attach(h, &smb2_fields[S2_ENCRYPTED_SIGNATURE],
		    S2_PACKED_SIZE - S2_ENCRYPTED_SIGNATURE);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, MESSAGE_BYTES(instance)) };
	bool cut = h.left < SMB2_HEADER;
	DWORD at = 0, next;

	if (!is_message(h.p, h.left)) {
		field_attach_at(&h, &smb2_fields[S2_SUMMARY], 0, h.left, 0);
		attach_transformed(&h);
		return NULL;
	}
	field_attach_at(&h, &smb2_fields[S2_SUMMARY], 0, h.left, cut ? IFLAG_ERROR : 0);
	while (at < MESSAGES_END) {
		const struct header m = message_at(&h, at, &next);

		field_attach_at(&h, &smb2_fields[S2_MESSAGE], at, m.left, 0);
		attach_message(&m);
		if (next == 0)
			break;
		at = next;
	}
	return NULL;
}

/* ---- summary ------------------------------------------------------------------------------ */

static void put_message(LPPROPERTYINST i, const struct header *m)
{
	const uint8_t *p = m->p, *file;
	const char *name = (const char *)LookupWordSetString(&smb2_commands, le16(p + 12));
	bool response = le32(p + 16) & SMB2_RESPONSE;
	DWORD bytes;

	if (name)
		text_put(i, "%s %s", name, response ? "response" : "request");
	else
		text_put(i, "Command %u %s", le16(p + 12), response ? "response" : "request");
	if (response && le32(p + 8)) {
		name = (const char *)LookupDwordSetString(&nt_statuses, le32(p + 8));
		if (name)
			text_put(i, ", %s", name);
		else
			text_put(i, ", status 0x%08X", le32(p + 8));
	}
	bytes = smb2_name(p, m->left, &file);
	if (bytes) {
		text_put(i, ", ");
		text_put16(i, file, bytes);
	}
}

/* "Create request, dir\file; Close request" */
static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const struct header h = { frame, i->lpByte, i->DataLength };
	DWORD at = 0, next = 0;
	unsigned n = 0;

	if (is_transformed(h.p, h.left)) {
		text_put(i, be32(h.p) == SIGNATURE_PACKED ? "Compressed" : "Encrypted");
		return;
	}
	do {
		const struct header m = message_at(&h, at, &next);

		if (m.left < SMB2_HEADER) {
			text_put(i, "%sCut short", n ? "; " : "");
			return;
		}
		if (n)
			text_put(i, "; ");
		put_message(i, &m);
		at = next;
	} while (next && ++n < SHOWN);
	if (next)
		text_put(i, "; ...");
}

struct parser smb2_parser = {
	.name = "SMB2",
	.comment = "Server Message Block, versions 2 and 3 ([MS-SMB2])",
	.fields = smb2_fields,
	.n_fields = S2_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.follows = "NBSS",
	.names = smb2_names,
	.n_names = SMB2_NAMES,
};
