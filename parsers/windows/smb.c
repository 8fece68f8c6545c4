/* SPDX-License-Identifier: MIT */
/* SMB, version 1 ([MS-CIFS], [MS-SMB]).
 *
 *   OFFSET SIZE MEANING
 *   0      4    0xFF "SMB"
 *   4      1    command
 *   5      4    status of NT, or class (1), reserved (1), code (2)
 *   9      1    flags
 *   10     2    flags 2
 *   12     2    process id, high
 *   14     8    signature
 *   22     2    reserved
 *   24     8    tree, process, user and multiplex id
 *   32          blocks: word count (1), words, byte count (2), bytes; several where the
 *               words of one begin with the next one's command (1) and place (2 at 2)
 */
#include "../common/lines.h"
#include "windows.h"

#define HEADER    32u
#define RESPONSE  0x80u   /* of the flags */
#define NT_STATUS 0x4000u /* of the second flags */
#define UNICODE_  0x8000u
#define NO_ANDX   0xFFu
#define MOST      16u /* blocks */
#define LEVEL_2   .level = 2

enum {
	SMB_SUMMARY,
	SMB_COMPONENT,
	SMB_COMMAND,
	SMB_STATUS,
	SMB_CLASS,
	SMB_CODE,
	SMB_FLAGS,
	SMB_FLAGS_2,
	SMB_PROCESS_HIGH,
	SMB_SIGNATURE,
	SMB_RESERVED,
	SMB_TREE,
	SMB_PROCESS,
	SMB_USER,
	SMB_MULTIPLEX,
	SMB_BLOCK,
	SMB_WORD_COUNT,
	SMB_ANDX_COMMAND,
	SMB_ANDX_OFFSET,
	SMB_WORDS,
	SMB_BYTE_COUNT,
	SMB_BYTES,
	SMB_DIALECT,
	SMB_DIALECT_INDEX,
	SMB_PATH,
	SMB_PATH_16,
	SMB_FILE,
	SMB_FILE_16,
	SMB_TRANSACTION,
	SMB_TRANSACTION_16,
	SMB_FIELDS
};

static LABELED_BYTE command_names[] = {
	{ 0x00, L("Create directory") },
	{ 0x01, L("Delete directory") },
	{ 0x02, L("Open") },
	{ 0x03, L("Create") },
	{ 0x04, L("Close") },
	{ 0x05, L("Flush") },
	{ 0x06, L("Delete") },
	{ 0x07, L("Rename") },
	{ 0x08, L("Query information") },
	{ 0x09, L("Set information") },
	{ 0x0A, L("Read") },
	{ 0x0B, L("Write") },
	{ 0x0C, L("Lock byte range") },
	{ 0x0D, L("Unlock byte range") },
	{ 0x0E, L("Create temporary") },
	{ 0x0F, L("Create new") },
	{ 0x10, L("Check directory") },
	{ 0x11, L("Process exit") },
	{ 0x12, L("Seek") },
	{ 0x13, L("Lock and read") },
	{ 0x14, L("Write and unlock") },
	{ 0x1A, L("Read raw") },
	{ 0x1D, L("Write raw") },
	{ 0x20, L("Write complete") },
	{ 0x22, L("Set information 2") },
	{ 0x23, L("Query information 2") },
	{ 0x24, L("Locking AndX") },
	{ 0x25, L("Transaction") },
	{ 0x26, L("Transaction secondary") },
	{ 0x27, L("I/O control") },
	{ 0x29, L("Copy") },
	{ 0x2A, L("Move") },
	{ 0x2B, L("Echo") },
	{ 0x2C, L("Write and close") },
	{ 0x2D, L("Open AndX") },
	{ 0x2E, L("Read AndX") },
	{ 0x2F, L("Write AndX") },
	{ 0x31, L("Close and tree disconnect") },
	{ 0x32, L("Transaction 2") },
	{ 0x33, L("Transaction 2 secondary") },
	{ 0x34, L("Find close") },
	{ 0x70, L("Tree connect") },
	{ 0x71, L("Tree disconnect") },
	{ 0x72, L("Negotiate") },
	{ 0x73, L("Session setup AndX") },
	{ 0x74, L("Logoff AndX") },
	{ 0x75, L("Tree connect AndX") },
	{ 0x80, L("Query information disk") },
	{ 0x81, L("Search") },
	{ 0x82, L("Find") },
	{ 0x83, L("Find unique") },
	{ 0x84, L("Find close 2") },
	{ 0xA0, L("NT transaction") },
	{ 0xA1, L("NT transaction secondary") },
	{ 0xA2, L("NT create AndX") },
	{ 0xA4, L("NT cancel") },
	{ 0xA5, L("NT rename") },
	{ 0xC0, L("Open print file") },
	{ 0xC1, L("Write print file") },
	{ 0xC2, L("Close print file") },
	{ 0xFF, L("No further command") },
};

static LABELED_BYTE class_names[] = {
	{ 0x00, L("Success") },
	{ 0x01, L("DOS") },
	{ 0x02, L("Server") },
	{ 0x03, L("Hardware") },
	{ 0xFF, L("Command") },
};

static LABELED_BIT flag_bits[] = {
	{ 0, L("No lock and read"), L("Lock and read") },
	{ 1, L("No receive buffer posted"), L("Receive buffer posted") },
	{ 3, L("Paths are case sensitive"), L("Paths are caseless") },
	{ 4, L("Paths are not canonicalized"), L("Paths are canonicalized") },
	{ 5, L("No oplock"), L("Oplock") },
	{ 6, L("Notify only of opens"), L("Notify of all") },
	{ 7, L("Request"), L("Response") },
};

static LABELED_BIT flag_2_bits[] = {
	{ 0, L("No long names allowed"), L("Long names allowed") },
	{ 1, L("No extended attributes"), L("Extended attributes") },
	{ 2, L("No security signature"), L("Security signature") },
	{ 3, L("Not compressed"), L("Compressed") },
	{ 4, L("Signature not required"), L("Signature required") },
	{ 6, L("No long names used"), L("Long names used") },
	{ 10, L("No reparse path"), L("Reparse path") },
	{ 11, L("No extended security"), L("Extended security") },
	{ 12, L("No DFS"), L("DFS") },
	{ 13, L("Read if execute not permitted off"), L("Read if execute permitted") },
	{ 14, L("Error codes of DOS"), L("Error codes of NT") },
	{ 15, L("Strings of ASCII"), L("Strings of Unicode") },
};

static struct _SET commands = SET_OF(Byte, command_names);
static struct _SET classes = SET_OF(Byte, class_names);
static struct _SET flag_set = BITS_OF(flag_bits);
static struct _SET flag_2_set = BITS_OF(flag_2_bits);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

/* Text of bytes, and of UTF-16. */
#define BOTH(row_, label_, name_)                                                                  \
	[row_] = { label_, name_, TEXT(0, 0), LEVEL_2 },                                           \
	[row_##_16] = { label_ " (Unicode)", name_, TEXT(0, 0), .flags = IFLAG_UNICODE, LEVEL_2 }

static struct field fields[] = {
	[SMB_SUMMARY] = { "Summary of the SMB message", "smb", SUMMARY, .format = format_summary },
	[SMB_COMPONENT] = { "Server Component", "smb.server_component", LE_U32(0) },
	[SMB_COMMAND] = { "Command", "smb.cmd", U8(4), LABELED(commands) },
	[SMB_STATUS] = { "NT Status", "smb.nt_status", LE_U32(5), LABELED(nt_statuses) },
	[SMB_CLASS] = { "Error Class", "smb.error_class", U8(5), LABELED(classes) },
	[SMB_CODE] = { "Error Code", "smb.error_code", LE_U16(7) },
	[SMB_FLAGS] = { "Flags", "smb.flags", U8(9), FLAGS(flag_set) },
	[SMB_FLAGS_2] = { "Flags 2", "smb.flags2", LE_U16(10), .qualifier = PROP_QUAL_FLAGS,
	    .set = &flag_2_set, .text = 1024 },
	[SMB_PROCESS_HIGH] = { "Process ID, High", "smb.pid.high", LE_U16(12) },
	[SMB_SIGNATURE] = { "Signature", "smb.signature", BYTES(14, 8) },
	[SMB_RESERVED] = { "Reserved", "smb.reserved", BYTES(22, 2) },
	[SMB_TREE] = { "Tree ID", "smb.tid", LE_U16(24) },
	[SMB_PROCESS] = { "Process ID", "smb.pid", LE_U16(26) },
	[SMB_USER] = { "User ID", "smb.uid", LE_U16(28) },
	[SMB_MULTIPLEX] = { "Multiplex ID", "smb.mid", LE_U16(30) },
	[SMB_BLOCK] = { "Command Block", NULL, GROUP },
	[SMB_WORD_COUNT] = { "Word Count", "smb.wct", U8(0), LEVEL_2 },
	[SMB_ANDX_COMMAND] = { "Next Command", "smb.cmd", U8(1), LABELED(commands), LEVEL_2 },
	[SMB_ANDX_OFFSET] = { "Next Offset", "smb.andxoffset", LE_U16(3), LEVEL_2 },
	[SMB_WORDS] = { "Words", NULL, BYTES(1, 0), LEVEL_2 },
	[SMB_BYTE_COUNT] = { "Byte Count", "smb.bcc", LE_U16(0), LEVEL_2 },
	[SMB_BYTES] = { "Bytes", NULL, BYTES(0, 0), LEVEL_2 },
	[SMB_DIALECT] = { "Dialect", "smb.dialect.name", TEXT(0, 0), LEVEL_2 },
	[SMB_DIALECT_INDEX] = { "Dialect Index", "smb.dialect.index", LE_U16(1), LEVEL_2 },
	BOTH(SMB_PATH, "Path", "smb.path"),
	BOTH(SMB_FILE, "File Name", "smb.file"),
	BOTH(SMB_TRANSACTION, "Transaction Name", "smb.trans_name"),
};

static const PARSERFIELDNAME names[] = {
	{ L("Flags"), L("smb.flags.lock"), 0x01, 0 },
	{ L("Flags"), L("smb.flags.receive_buffer"), 0x02, 0 },
	{ L("Flags"), L("smb.flags.caseless"), 0x08, 0 },
	{ L("Flags"), L("smb.flags.canon"), 0x10, 0 },
	{ L("Flags"), L("smb.flags.oplock"), 0x20, 0 },
	{ L("Flags"), L("smb.flags.notify"), 0x40, 0 },
	{ L("Flags"), L("smb.flags.response"), 0x80, 0 },
	{ L("Flags 2"), L("smb.flags2.long_names_allowed"), 0x0001, 0 },
	{ L("Flags 2"), L("smb.flags2.ea"), 0x0002, 0 },
	{ L("Flags 2"), L("smb.flags2.sec_sig"), 0x0004, 0 },
	{ L("Flags 2"), L("smb.flags2.compressed"), 0x0008, 0 },
	{ L("Flags 2"), L("smb.flags2.sec_sig_required"), 0x0010, 0 },
	{ L("Flags 2"), L("smb.flags2.long_names_used"), 0x0040, 0 },
	{ L("Flags 2"), L("smb.flags2.reparse_path"), 0x0400, 0 },
	{ L("Flags 2"), L("smb.flags2.esn"), 0x0800, 0 },
	{ L("Flags 2"), L("smb.flags2.dfs"), 0x1000, 0 },
	{ L("Flags 2"), L("smb.flags2.roe"), 0x2000, 0 },
	{ L("Flags 2"), L("smb.flags2.nt_error"), 0x4000, 0 },
	{ L("Flags 2"), L("smb.flags2.string"), 0x8000, 0 },
};

RECOGNIZE(recognize)
{
	if (left < 4 || be32(p) != SIGNATURE_SMB)
		return not_mine(p, status);
	return smb_message(p, left, *instance, status, next, instance);
}

/* ---- blocks ------------------------------------------------------------------------------- */

struct block {
	uint8_t command;
	DWORD at, words, bytes_at, bytes; /* words: bytes of them; bytes: what is there */
	bool whole;                       /* its byte count is there */
};

static bool has_andx(uint8_t command)
{
	return command == 0x24 || (command >= 0x2D && command <= 0x2F) ||
	       (command >= 0x73 && command <= 0x75) || command == 0xA2;
}

static bool block_at(const struct header *h, uint8_t command, DWORD at, struct block *b)
{
	DWORD n;

	if (at >= h->left)
		return false;
	*b = (struct block){ .command = command, .at = at, .words = 2u * h->p[at] };
	b->bytes_at = at + 1 + b->words + 2;
	b->whole = b->bytes_at <= h->left;
	if (!b->whole)
		return true;
	n = le16(h->p + b->bytes_at - 2);
	b->bytes = n < h->left - b->bytes_at ? n : h->left - b->bytes_at;
	return true;
}

/* The block that the words of *b name; places only grow, so it ends. */
static bool next_block(const struct header *h, struct block *b)
{
	DWORD at;

	if (!has_andx(b->command) || b->words < 4 || b->at + 5 > h->left ||
	    h->p[b->at + 1] == NO_ANDX)
		return false;
	at = le16(h->p + b->at + 3);
	return at > b->at && block_at(h, h->p[b->at + 1], at, b);
}

static bool is_unicode(const struct header *h)
{
	return le16(h->p + 10) & UNICODE_;
}

/* Text at `at` of the block's bytes; in UTF-16 it begins at an even place. */
struct name {
	DWORD at, size;
	unsigned row; /* SMB_SUMMARY: none */
};

static struct name name_at(const struct header *h, const struct block *b, DWORD skip, unsigned row)
{
	bool wide = is_unicode(h);
	DWORD at = b->bytes_at + skip, end = b->bytes_at + b->bytes;

	at += wide && at % 2;
	if (at >= end)
		return (struct name){ 0, 0, SMB_SUMMARY };
	return (struct name){ at,
		wide ? text16_bytes(h->p + at, end - at) : text8_bytes(h->p + at, end - at),
		row + wide };
}

/* What a request is about; commands whose bytes begin with a format byte of 4 have the
 * name behind it. */
static struct name name_of(const struct header *h, const struct block *b)
{
	const struct name none = { 0, 0, SMB_SUMMARY };

	if (h->p[9] & RESPONSE || !b->whole)
		return none;
	switch (b->command) {
	case 0x25: /* transaction */ return name_at(h, b, 0, SMB_TRANSACTION);
	case 0x75: /* tree connect: behind the password */
		return b->words >= 8 ? name_at(h, b, le16(h->p + b->at + 7), SMB_PATH) : none;
	case 0x2D: /* open */
	case 0xA2: /* create */ return name_at(h, b, 0, SMB_FILE);
	case 0x00:
	case 0x01:
	case 0x02:
	case 0x03:
	case 0x06:
	case 0x07:
	case 0x08:
	case 0x09:
	case 0x10:
	case 0x81: return b->bytes && h->p[b->bytes_at] == 4 ? name_at(h, b, 1, SMB_FILE) : none;
	case 0x70: /* tree connect, of old */
		return b->bytes && h->p[b->bytes_at] == 4 ? (struct name){ b->bytes_at + 1,
			text8_bytes(h->p + b->bytes_at + 1, b->bytes - 1), SMB_PATH }
							  : none;
	default: return none;
	}
}

/* 2, name, NUL, and again. */
static void attach_dialects(const struct header *h, const struct block *b)
{
	DWORD at = b->bytes_at, end = at + b->bytes;

	for (unsigned i = 0; i < ELEMENTS_MOST && at < end && h->p[at] == 2; i++) {
		DWORD n = text8_bytes(h->p + at + 1, end - at - 1);

		field_attach_at(h, &fields[SMB_DIALECT], at + 1, n, 0);
		at += 1 + n + 1;
	}
}

static void attach_words(const struct header *h, const struct block *b)
{
	const struct header words = { h->frame, h->p + b->at, h->left - b->at };

	fields_attach(&words, &fields[SMB_WORD_COUNT], 1);
	if (has_andx(b->command) && b->words >= 4)
		fields_attach(&words, &fields[SMB_ANDX_COMMAND], 2);
	if (b->command == 0x72 && h->p[9] & RESPONSE && b->words >= 2)
		fields_attach(&words, &fields[SMB_DIALECT_INDEX], 1);
	if (b->words && words.left > 1)
		field_attach_at(&words, &fields[SMB_WORDS], 1, b->words, 0);
}

static void attach_block(const struct header *h, const struct block *b)
{
	struct name name = name_of(h, b);

	field_attach_at(h, &fields[SMB_BLOCK], b->at,
	    b->whole ? b->bytes_at + b->bytes - b->at : h->left - b->at,
	    b->whole ? 0 : IFLAG_ERROR);
	attach_words(h, b);
	if (!b->whole)
		return;
	field_attach_at(h, &fields[SMB_BYTE_COUNT], b->bytes_at - 2, 2, 0);
	if (b->bytes)
		field_attach_at(h, &fields[SMB_BYTES], b->bytes_at, b->bytes, 0);
	if (b->command == 0x72 && !(h->p[9] & RESPONSE))
		attach_dialects(h, b);
	if (name.row != SMB_SUMMARY)
		field_attach_at(h, &fields[name.row], name.at, name.size, 0);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, MESSAGE_BYTES(instance)) };
	bool cut = h.left < HEADER;
	struct block b;

	field_attach_at(&h, &fields[SMB_SUMMARY], 0, h.left, cut ? IFLAG_ERROR : 0);
	fields_attach(&h, &fields[SMB_COMPONENT], 2);
	if (h.left >= 12 && !(le16(p + 10) & NT_STATUS))
		fields_attach(&h, &fields[SMB_CLASS], 2);
	else
		fields_attach(&h, &fields[SMB_STATUS], 1);
	fields_attach(&h, &fields[SMB_FLAGS], SMB_BLOCK - SMB_FLAGS);
	if (cut || !block_at(&h, p[4], HEADER, &b))
		return NULL;
	attach_block(&h, &b);
	for (unsigned i = 1; i < MOST && next_block(&h, &b); i++)
		attach_block(&h, &b);
	return NULL;
}

/* ---- summary ------------------------------------------------------------------------------ */

static void put_command(LPPROPERTYINST i, uint8_t command)
{
	const char *name = (const char *)LookupByteSetString(&commands, command);

	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "Command 0x%02X", command);
}

static void put_status(LPPROPERTYINST i, const uint8_t *p)
{
	const char *name = (const char *)LookupDwordSetString(&nt_statuses, le32(p + 5));

	if (le32(p + 5) == 0)
		return;
	if (!(le16(p + 10) & NT_STATUS))
		text_put(i, ", error %u of class %u", le16(p + 7), p[5]);
	else if (name)
		text_put(i, ", %s", name);
	else
		text_put(i, ", status 0x%08X", le32(p + 5));
}

static void put_name(LPPROPERTYINST i, const struct header *h, const struct block *b)
{
	struct name name = name_of(h, b);

	if (name.row == SMB_SUMMARY || name.size == 0)
		return;
	text_put(i, ", ");
	if (is_unicode(h))
		text_put16(i, h->p + name.at, name.size);
	else
		text_put_bytes(i, h->p + name.at, name.size);
}

/* "Tree connect AndX request, \\SERVER\IPC$" */
static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const struct header h = { frame, i->lpByte, i->DataLength };
	struct block b;

	if (h.left < HEADER) {
		text_put(i, "Cut short");
		return;
	}
	put_command(i, h.p[4]);
	text_put(i, h.p[9] & RESPONSE ? " response" : " request");
	put_status(i, h.p);
	if (!block_at(&h, h.p[4], HEADER, &b))
		return;
	put_name(i, &h, &b);
	for (unsigned n = 1; n < MOST && next_block(&h, &b); n++) {
		text_put(i, "; ");
		put_command(i, b.command);
		put_name(i, &h, &b);
	}
}

struct parser smb_parser = {
	.name = "SMB",
	.comment = "Server Message Block, version 1 ([MS-CIFS])",
	.fields = fields,
	.n_fields = SMB_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.follows = "NBSS NBDGM",
	.names = names,
	.n_names = COUNT(names),
};
