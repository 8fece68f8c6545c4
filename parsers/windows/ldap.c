/* SPDX-License-Identifier: MIT */
/* LDAP 3 (RFC 4511), and its form over UDP. After a bind with SASL messages may be wrapped:
 * then a length of four bytes and what can't be read. */
#include "../common/ber.h"
#include "../common/lines.h"
#include "windows.h"

#define SASL_LENGTH  4u
#define SASL_MAX     0xFFFFFFu
#define TOKEN_WRAP   0x0504u
#define TOKEN_HEADER 16u
#define TOKEN_SEALED 2u
#define SHOWN        4u /* messages in a summary */

enum {
	LDAP_SUMMARY,
	LDAP_SASL_LENGTH,
	LDAP_SASL_BUFFER,
	LDAP_MESSAGE,
	LDAP_MESSAGE_ID,
	LDAP_OPERATION,
	LDAP_VERSION,
	LDAP_NAME,
	LDAP_SIMPLE,
	LDAP_MECHANISM,
	LDAP_CREDENTIALS,
	LDAP_SERVER_CREDENTIALS,
	LDAP_RESULT,
	LDAP_MATCHED,
	LDAP_ERROR,
	LDAP_REFERRAL,
	LDAP_BASE,
	LDAP_SCOPE,
	LDAP_DEREFERENCE,
	LDAP_SIZE_LIMIT,
	LDAP_TIME_LIMIT,
	LDAP_TYPES_ONLY,
	LDAP_AND,
	LDAP_OR,
	LDAP_NOT,
	LDAP_EQUAL,
	LDAP_SUBSTRINGS,
	LDAP_GREATER,
	LDAP_LESS,
	LDAP_APPROXIMATE,
	LDAP_EXTENSIBLE,
	LDAP_PRESENT,
	LDAP_FILTER_ATTRIBUTE,
	LDAP_FILTER_VALUE,
	LDAP_INITIAL,
	LDAP_ANY,
	LDAP_FINAL,
	LDAP_MATCHING_RULE,
	LDAP_MATCH_VALUE,
	LDAP_DN_ATTRIBUTES,
	LDAP_WANTED,
	LDAP_OBJECT_NAME,
	LDAP_ATTRIBUTE,
	LDAP_ATTRIBUTE_VALUE,
	LDAP_OBJECT,
	LDAP_MODIFY_OPERATION,
	LDAP_ENTRY,
	LDAP_DELETE,
	LDAP_NEW_NAME,
	LDAP_DELETE_OLD,
	LDAP_NEW_SUPERIOR,
	LDAP_ABANDON,
	LDAP_REQUEST_NAME,
	LDAP_REQUEST_VALUE,
	LDAP_RESPONSE_NAME,
	LDAP_RESPONSE_VALUE,
	LDAP_CONTROL,
	LDAP_CONTROL_TYPE,
	LDAP_CRITICAL,
	LDAP_CONTROL_VALUE,
	LDAP_FIELDS
};

static LABELED_BYTE operation_names[] = {
	{ 0, L("Bind request") },
	{ 1, L("Bind response") },
	{ 2, L("Unbind request") },
	{ 3, L("Search request") },
	{ 4, L("Search result entry") },
	{ 5, L("Search result done") },
	{ 6, L("Modify request") },
	{ 7, L("Modify response") },
	{ 8, L("Add request") },
	{ 9, L("Add response") },
	{ 10, L("Delete request") },
	{ 11, L("Delete response") },
	{ 12, L("Modify DN request") },
	{ 13, L("Modify DN response") },
	{ 14, L("Compare request") },
	{ 15, L("Compare response") },
	{ 16, L("Abandon request") },
	{ 19, L("Search result reference") },
	{ 23, L("Extended request") },
	{ 24, L("Extended response") },
	{ 25, L("Intermediate response") },
};

static LABELED_DWORD result_names[] = {
	{ 0, L("Success") },
	{ 1, L("Operations error") },
	{ 2, L("Protocol error") },
	{ 3, L("Time limit exceeded") },
	{ 4, L("Size limit exceeded") },
	{ 5, L("Compare false") },
	{ 6, L("Compare true") },
	{ 7, L("Authentication method not supported") },
	{ 8, L("Stronger authentication required") },
	{ 10, L("Referral") },
	{ 11, L("Administrative limit exceeded") },
	{ 12, L("Unavailable critical extension") },
	{ 13, L("Confidentiality required") },
	{ 14, L("SASL bind in progress") },
	{ 16, L("No such attribute") },
	{ 17, L("Undefined attribute type") },
	{ 18, L("Inappropriate matching") },
	{ 19, L("Constraint violation") },
	{ 20, L("Attribute or value exists") },
	{ 21, L("Invalid attribute syntax") },
	{ 32, L("No such object") },
	{ 33, L("Alias problem") },
	{ 34, L("Invalid DN syntax") },
	{ 36, L("Alias dereferencing problem") },
	{ 48, L("Inappropriate authentication") },
	{ 49, L("Invalid credentials") },
	{ 50, L("Insufficient access rights") },
	{ 51, L("Busy") },
	{ 52, L("Unavailable") },
	{ 53, L("Unwilling to perform") },
	{ 54, L("Loop detected") },
	{ 64, L("Naming violation") },
	{ 65, L("Object class violation") },
	{ 66, L("Not allowed on a non-leaf") },
	{ 67, L("Not allowed on a relative DN") },
	{ 68, L("Entry already exists") },
	{ 71, L("Affects multiple DSAs") },
	{ 80, L("Other") },
};

static LABELED_DWORD scope_names[] = {
	{ 0, L("Base object") },
	{ 1, L("Single level") },
	{ 2, L("Whole subtree") },
};

static LABELED_DWORD dereference_names[] = {
	{ 0, L("Never") },
	{ 1, L("In searching") },
	{ 2, L("Finding the base object") },
	{ 3, L("Always") },
};

static LABELED_DWORD modify_names[] = {
	{ 0, L("Add") },
	{ 1, L("Delete") },
	{ 2, L("Replace") },
	{ 3, L("Increment") },
};

static struct _SET operations = SET_OF(Byte, operation_names);
static struct _SET results = SET_OF(Dword, result_names);
static struct _SET scopes = SET_OF(Dword, scope_names);
static struct _SET dereferences = SET_OF(Dword, dereference_names);
static struct _SET modifications = SET_OF(Dword, modify_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);
static void format_value(LPPROPERTYINST i, HFRAME frame);

#define NUMBER LE_U32(0)
#define STRING TEXT(0, 0)
#define DATA   BYTES(0, 0)
#define AT(n_) .level = (n_)

#define ROWS(what_, name_)                                                                         \
	[LDAP_SUMMARY] = { "Summary of the " what_ " messages", name_, SUMMARY,                    \
		.format = format_summary },                                                        \
	[LDAP_SASL_LENGTH] = { "SASL Buffer Length", "ldap.sasl_buffer_length", U32(0) },          \
	[LDAP_SASL_BUFFER] = { "SASL Buffer", NULL, BYTES(SASL_LENGTH, 0) },                       \
	[LDAP_MESSAGE] = { "LDAP Message", "ldap.LDAPMessage_element", GROUP },                    \
	[LDAP_MESSAGE_ID] = { "Message ID", "ldap.messageID", NUMBER, AT(2) },                     \
	[LDAP_OPERATION] = { "Operation", "ldap.protocolOp", BITS8(0, 0x1F), LABELED(operations),  \
		AT(2) },                                                                           \
	[LDAP_VERSION] = { "Version", "ldap.version", NUMBER, AT(3) },                             \
	[LDAP_NAME] = { "Name", "ldap.name", STRING, AT(3) },                                      \
	[LDAP_SIMPLE] = { "Simple Authentication", "ldap.simple", STRING, AT(3) },                 \
	[LDAP_MECHANISM] = { "Mechanism", "ldap.mechanism", STRING, AT(3) },                       \
	[LDAP_CREDENTIALS] = { "Credentials", "ldap.credentials", DATA, AT(3) },                   \
	[LDAP_SERVER_CREDENTIALS] = { "Server Credentials", "ldap.serverSaslCreds", DATA, AT(3) }, \
	[LDAP_RESULT] = { "Result Code", "ldap.resultCode", NUMBER, LABELED(results), AT(3) },     \
	[LDAP_MATCHED] = { "Matched DN", "ldap.matchedDN", STRING, AT(3) },                        \
	[LDAP_ERROR] = { "Error Message", "ldap.errorMessage", STRING, AT(3) },                    \
	[LDAP_REFERRAL] = { "Referral", "ldap.LDAPURL", STRING, AT(3) },                           \
	[LDAP_BASE] = { "Base Object", "ldap.baseObject", STRING, AT(3) },                         \
	[LDAP_SCOPE] = { "Scope", "ldap.scope", NUMBER, LABELED(scopes), AT(3) },                  \
	[LDAP_DEREFERENCE] = { "Dereference Aliases", "ldap.derefAliases", NUMBER,                 \
		LABELED(dereferences), AT(3) },                                                    \
	[LDAP_SIZE_LIMIT] = { "Size Limit", "ldap.sizeLimit", NUMBER, AT(3) },                     \
	[LDAP_TIME_LIMIT] = { "Time Limit", "ldap.timeLimit", NUMBER, AT(3) },                     \
	[LDAP_TYPES_ONLY] = { "Types Only", "ldap.typesOnly", BITS8(0, 0x01), AT(3) },             \
	[LDAP_AND] = { "And", "ldap.and", GROUP, AT(4) },                                          \
	[LDAP_OR] = { "Or", "ldap.or", GROUP, AT(4) },                                             \
	[LDAP_NOT] = { "Not", "ldap.not", GROUP, AT(4) },                                          \
	[LDAP_EQUAL] = { "Equal", "ldap.equalityMatch_element", GROUP, AT(4) },                    \
	[LDAP_SUBSTRINGS] = { "Substrings", "ldap.substrings_element", GROUP, AT(4) },             \
	[LDAP_GREATER] = { "Greater or equal", "ldap.greaterOrEqual_element", GROUP, AT(4) },      \
	[LDAP_LESS] = { "Less or equal", "ldap.lessOrEqual_element", GROUP, AT(4) },               \
	[LDAP_APPROXIMATE] = { "Approximately", "ldap.approxMatch_element", GROUP, AT(4) },        \
	[LDAP_EXTENSIBLE] = { "Extensible", "ldap.extensibleMatch_element", GROUP, AT(4) },        \
	[LDAP_PRESENT] = { "Present", "ldap.present", STRING, AT(4) },                             \
	[LDAP_FILTER_ATTRIBUTE] = { "Attribute Description", "ldap.attributeDesc", STRING,         \
		AT(5) },                                                                           \
	[LDAP_FILTER_VALUE] = { "Assertion Value", "ldap.assertionValue", STRING, AT(5) },         \
	[LDAP_INITIAL] = { "Initial", "ldap.initial", STRING, AT(5) },                             \
	[LDAP_ANY] = { "Anywhere", "ldap.any", STRING, AT(5) },                                    \
	[LDAP_FINAL] = { "Final", "ldap.final", STRING, AT(5) },                                   \
	[LDAP_MATCHING_RULE] = { "Matching Rule", "ldap.matchingRule", STRING, AT(5) },            \
	[LDAP_MATCH_VALUE] = { "Match Value", "ldap.matchValue", STRING, AT(5) },                  \
	[LDAP_DN_ATTRIBUTES] = { "DN Attributes", "ldap.dnAttributes", BITS8(0, 0x01), AT(5) },    \
	[LDAP_WANTED] = { "Attribute Wanted", "ldap.AttributeDescription", STRING, AT(3) },        \
	[LDAP_OBJECT_NAME] = { "Object Name", "ldap.objectName", STRING, AT(3) },                  \
	[LDAP_ATTRIBUTE] = { "Attribute", "ldap.type", STRING, AT(3) },                            \
	[LDAP_ATTRIBUTE_VALUE] = { "Attribute Value", "ldap.AttributeValue", DATA, AT(4),          \
		.format = format_value },                                                          \
	[LDAP_OBJECT] = { "Object", "ldap.object", STRING, AT(3) },                                \
	[LDAP_MODIFY_OPERATION] = { "Modification", "ldap.operation", NUMBER,                      \
		LABELED(modifications), AT(3) },                                                   \
	[LDAP_ENTRY] = { "Entry", "ldap.entry", STRING, AT(3) },                                   \
	[LDAP_DELETE] = { "Deleted Entry", "ldap.delRequest", STRING, AT(3) },                     \
	[LDAP_NEW_NAME] = { "New Relative DN", "ldap.newrdn", STRING, AT(3) },                     \
	[LDAP_DELETE_OLD] = { "Delete Old Relative DN", "ldap.deleteoldrdn", BITS8(0, 0x01),       \
		AT(3) },                                                                           \
	[LDAP_NEW_SUPERIOR] = { "New Superior", "ldap.newSuperior", STRING, AT(3) },               \
	[LDAP_ABANDON] = { "Abandoned Message", "ldap.abandonRequest", NUMBER, AT(3) },            \
	[LDAP_REQUEST_NAME] = { "Request Name", "ldap.requestName", STRING, AT(3) },               \
	[LDAP_REQUEST_VALUE] = { "Request Value", "ldap.requestValue", DATA, AT(3) },              \
	[LDAP_RESPONSE_NAME] = { "Response Name", "ldap.responseName", STRING, AT(3) },            \
	[LDAP_RESPONSE_VALUE] = { "Response Value", "ldap.responseValue", DATA, AT(3) },           \
	[LDAP_CONTROL] = { "Control", "ldap.Control_element", GROUP, AT(2) },                      \
	[LDAP_CONTROL_TYPE] = { "Control Type", "ldap.controlType", STRING, AT(3) },               \
	[LDAP_CRITICAL] = { "Criticality", "ldap.criticality", BITS8(0, 0x01), AT(3) },            \
	[LDAP_CONTROL_VALUE] = { "Control Value", "ldap.controlValue", DATA, AT(3) }

static struct field fields[] = { ROWS("LDAP", "ldap") };
static struct field cldap_fields[] = { ROWS("CLDAP", "cldap") };

/* ---- rules, as RFC 4511, appendix B has them ------------------------------------------------- */

#define IS(tag_, row_)                                                                             \
	{                                                                                          \
		.tag = (tag_), .row = (row_)                                                       \
	}
#define MANY(tag_, row_)                                                                           \
	{                                                                                          \
		.tag = (tag_), .many = 1, .row = (row_)                                            \
	}

static const struct rule sasl[] = { IS(0x04, LDAP_MECHANISM), IS(0x04, LDAP_CREDENTIALS) };

static const struct rule bind_request[] = {
	IS(0x02, LDAP_VERSION),
	IS(0x04, LDAP_NAME),
	IS(0x80, LDAP_SIMPLE),
	{ .tag = 0xA3, INSIDE(sasl) },
};

static const struct rule referrals[] = { MANY(0x04, LDAP_REFERRAL) };

static const struct rule result[] = {
	IS(0x0A, LDAP_RESULT),
	IS(0x04, LDAP_MATCHED),
	IS(0x04, LDAP_ERROR),
	{ .tag = 0xA3, INSIDE(referrals) },
	IS(0x87, LDAP_SERVER_CREDENTIALS),
	IS(0x8A, LDAP_RESPONSE_NAME),
	IS(0x8B, LDAP_RESPONSE_VALUE),
};

static const struct rule assertion[] = {
	IS(0x04, LDAP_FILTER_ATTRIBUTE),
	IS(0x04, LDAP_FILTER_VALUE),
};

static const struct rule pieces[] = {
	MANY(0x80, LDAP_INITIAL),
	MANY(0x81, LDAP_ANY),
	MANY(0x82, LDAP_FINAL),
};

static const struct rule substrings[] = {
	IS(0x04, LDAP_FILTER_ATTRIBUTE),
	{ .tag = 0x30, INSIDE(pieces) },
};

static const struct rule extensible[] = {
	IS(0x81, LDAP_MATCHING_RULE),
	IS(0x82, LDAP_ATTRIBUTE),
	IS(0x83, LDAP_MATCH_VALUE),
	IS(0x84, LDAP_DN_ATTRIBUTES),
};

#define FILTERS 10u
#define PART(tag_, row_, inside_, n_)                                                              \
	{                                                                                          \
		.tag = (tag_), .many = 1, .heading = (row_), .inside = (inside_), .n = (n_)        \
	}
#define FILTER                                                                                     \
	PART(0xA0, LDAP_AND, filters, FILTERS), PART(0xA1, LDAP_OR, filters, FILTERS),             \
	    PART(0xA2, LDAP_NOT, filters, FILTERS),                                                \
	    PART(0xA3, LDAP_EQUAL, assertion, COUNT(assertion)),                                   \
	    PART(0xA4, LDAP_SUBSTRINGS, substrings, COUNT(substrings)),                            \
	    PART(0xA5, LDAP_GREATER, assertion, COUNT(assertion)),                                 \
	    PART(0xA6, LDAP_LESS, assertion, COUNT(assertion)), MANY(0x87, LDAP_PRESENT),          \
	    PART(0xA8, LDAP_APPROXIMATE, assertion, COUNT(assertion)),                             \
	    PART(0xA9, LDAP_EXTENSIBLE, extensible, COUNT(extensible))

static const struct rule filters[FILTERS];
static const struct rule filters[FILTERS] = { FILTER };

static const struct rule wanted[] = { MANY(0x04, LDAP_WANTED) };

static const struct rule search_request[] = {
	IS(0x04, LDAP_BASE),
	IS(0x0A, LDAP_SCOPE),
	IS(0x0A, LDAP_DEREFERENCE),
	IS(0x02, LDAP_SIZE_LIMIT),
	IS(0x02, LDAP_TIME_LIMIT),
	IS(0x01, LDAP_TYPES_ONLY),
	FILTER,
	{ .tag = 0x30, INSIDE(wanted) },
};

static const struct rule values[] = { MANY(0x04, LDAP_ATTRIBUTE_VALUE) };

static const struct rule attribute[] = {
	IS(0x04, LDAP_ATTRIBUTE),
	{ .tag = 0x31, INSIDE(values) },
};

static const struct rule attributes[] = { { .tag = 0x30, .many = 1, INSIDE(attribute) } };

static const struct rule search_entry[] = {
	IS(0x04, LDAP_OBJECT_NAME),
	{ .tag = 0x30, INSIDE(attributes) },
};

static const struct rule modification[] = {
	IS(0x0A, LDAP_MODIFY_OPERATION),
	{ .tag = 0x30, INSIDE(attribute) },
};

static const struct rule modification_list[] = { { .tag = 0x30, .many = 1, INSIDE(modification) } };

static const struct rule modify_request[] = {
	IS(0x04, LDAP_OBJECT),
	{ .tag = 0x30, INSIDE(modification_list) },
};

static const struct rule add_request[] = {
	IS(0x04, LDAP_ENTRY),
	{ .tag = 0x30, INSIDE(attributes) },
};

static const struct rule rename_request[] = {
	IS(0x04, LDAP_ENTRY),
	IS(0x04, LDAP_NEW_NAME),
	IS(0x01, LDAP_DELETE_OLD),
	IS(0x80, LDAP_NEW_SUPERIOR),
};

static const struct rule compare_request[] = {
	IS(0x04, LDAP_ENTRY),
	{ .tag = 0x30, INSIDE(assertion) },
};

static const struct rule extended_request[] = {
	IS(0x80, LDAP_REQUEST_NAME),
	IS(0x81, LDAP_REQUEST_VALUE),
};

static const struct rule intermediate[] = {
	IS(0x80, LDAP_RESPONSE_NAME),
	IS(0x81, LDAP_RESPONSE_VALUE),
};

static const struct rule control[] = {
	IS(0x04, LDAP_CONTROL_TYPE),
	IS(0x01, LDAP_CRITICAL),
	IS(0x04, LDAP_CONTROL_VALUE),
};

static const struct rule controls[] = {
	{ .tag = 0x30, .many = 1, .heading = LDAP_CONTROL, INSIDE(control) },
};

#define OPERATION(n_, rules_)                                                                      \
	{                                                                                          \
		.tag = 0x60 + (n_), INSIDE(rules_)                                                 \
	}

static const struct rule message[] = {
	IS(0x02, LDAP_MESSAGE_ID),
	OPERATION(0, bind_request),
	OPERATION(1, result),
	OPERATION(3, search_request),
	OPERATION(4, search_entry),
	OPERATION(5, result),
	OPERATION(6, modify_request),
	OPERATION(7, result),
	OPERATION(8, add_request),
	OPERATION(9, result),
	IS(0x4A, LDAP_DELETE),
	OPERATION(11, result),
	OPERATION(12, rename_request),
	OPERATION(13, result),
	OPERATION(14, compare_request),
	OPERATION(15, result),
	IS(0x50, LDAP_ABANDON),
	OPERATION(19, referrals),
	OPERATION(23, extended_request),
	OPERATION(24, result),
	OPERATION(25, intermediate),
	{ .tag = 0xA0, INSIDE(controls) },
};

/* ---- messages ------------------------------------------------------------------------------ */

struct found {
	struct ber all, id, operation;
};

/* 0x30, a number, an operation; as much of them as is there. */
static bool is_message(const struct header *h, DWORD at, struct found *f)
{
	if (!ber_at(h, at, &f->all) || f->all.tag != 0x30 || !ber_at(h, f->all.at, &f->id) ||
	    f->id.tag != 0x02 || f->id.told == 0 || f->id.told > 4)
		return false;
	return ber_at(h, f->id.at + f->id.size, &f->operation) &&
	       (f->operation.tag & 0xC0) == 0x40 && (f->operation.tag & 0x1F) <= 25;
}

static bool is_wrapped(const struct header *h)
{
	return h->left > SASL_LENGTH && be32(h->p) > 0 && be32(h->p) <= SASL_MAX &&
	       (be32(h->p) >= h->left - SASL_LENGTH || h->p[SASL_LENGTH] == 0x60 ||
		   h->p[SASL_LENGTH] == 0x05);
}

RECOGNIZE(recognize)
{
	const struct header h = { frame, p, bounded(left, *instance) };
	struct found f;

	(void)next;
	return is_message(&h, 0, &f) || is_wrapped(&h) ? rest_is_mine(status) : not_mine(p, status);
}

static void attach_message(
    const struct header *h, const struct field *f, DWORD at, const struct found *m)
{
	DWORD end = m->all.at + m->all.size;

	field_attach_at(h, &f[LDAP_MESSAGE], at, end - at, 0);
	if (m->operation.at - 1 < end) {
		const struct header operation = { h->frame, h->p + m->id.at + m->id.size,
			h->left - m->id.at - m->id.size };

		ber_attach(h, f, message, 1, m->all.at, end);
		fields_attach(&operation, &f[LDAP_OPERATION], 1);
		ber_attach(h, f, message + 1, COUNT(message) - 1, m->id.at + m->id.size, end);
	}
}

/* Where the messages begin that a token of GSS (RFC 4121, 4.2.6.2) only signs; h->left:
 * there are none. The signature stands before them, if it was moved there. */
static DWORD signed_at(const struct header *h)
{
	const uint8_t *p = h->p + SASL_LENGTH;
	struct found m;
	DWORD at;

	if (h->left < SASL_LENGTH + TOKEN_HEADER || be16(p) != TOKEN_WRAP || p[2] & TOKEN_SEALED)
		return h->left;
	at = SASL_LENGTH + TOKEN_HEADER;
	if (be16(p + 6) == be16(p + 4))
		at += be16(p + 4);
	return is_message(h, at, &m) ? at : h->left;
}

static LPBYTE attach_all(const struct header *h, const struct field *f)
{
	struct found m;
	DWORD at = 0;

	field_attach_at(h, &f[LDAP_SUMMARY], 0, h->left, 0);
	if (!is_message(h, 0, &m)) {
		fields_attach(h, &f[LDAP_SASL_LENGTH], 2);
		at = signed_at(h);
	}
	for (; at < MESSAGES_END && is_message(h, at, &m); at = m.all.at + m.all.size)
		attach_message(h, f, at, &m);
	if (at < h->left && is_message(h, 0, &m))
		field_attach_at(h, &f[LDAP_MESSAGE], at, h->left - at, 0);
	return NULL;
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };

	return attach_all(&h, fields);
}

ATTACH(attach_cldap)
{
	const struct header h = { frame, p, bounded(left, instance) };

	return attach_all(&h, cldap_fields);
}

/* ---- text ------------------------------------------------------------------------------------ */

/* As text, if it is. */
static void format_value(LPPROPERTYINST i, HFRAME frame)
{
	const struct header h = { frame, i->lpByte, i->DataLength };

	if (!part_is_text(&h, (struct part){ 0, h.left })) {
		(void)FormatPropertyInstance(i);
		return;
	}
	text_label(i);
	text_put_bytes(i, h.p, h.left);
}

static void put_string(LPPROPERTYINST i, const struct header *h, const struct ber *b)
{
	text_put(i, ", ");
	text_put_bytes(i, h->p + b->at, b->size < 80 ? b->size : 80);
}

/* What is told of an operation: a name, or a result. */
static void put_detail(LPPROPERTYINST i, const struct header *h, const struct ber *operation)
{
	struct ber b;
	int64_t v;
	const char *name;

	if (!ber_at(h, operation->at, &b))
		return;
	if (b.tag == 0x02 && ber_at(h, b.at + b.size, &b) && b.tag == 0x04 && b.size)
		put_string(i, h, &b); /* bind: behind the version */
	else if (b.tag == 0x04 && operation->tag != 0x73 && b.size)
		put_string(i, h, &b);
	if (b.tag != 0x0A || !ber_number(h, &b, &v))
		return;
	name = (const char *)LookupDwordSetString(&results, (DWORD)v);
	if (name)
		text_put(i, ", %s", name);
	else
		text_put(i, ", result %d", (int)v);
}

/* "Bind request 7, cn=admin; Search request 8, dc=example" */
static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const struct header h = { frame, i->lpByte, i->DataLength };
	struct found m;
	DWORD at = is_message(&h, 0, &m) ? 0 : signed_at(&h);
	unsigned n = 0;
	int64_t id;

	for (; is_message(&h, at, &m); at = m.all.at + m.all.size, n++) {
		const char *name =
		    (const char *)LookupByteSetString(&operations, m.operation.tag & 0x1F);

		if (n == SHOWN) {
			text_put(i, "; ...");
			return;
		}
		text_put(i, "%s%s", n ? "; " : "", name ? name : "Operation");
		if (ber_number(&h, &m.id, &id))
			text_put(i, " %d", (int)id);
		put_detail(i, &h, &m.operation);
	}
	if (n == 0)
		text_put(i, "SASL buffer, length %u", be32(h.p));
}

static const struct place places[] = {
	TCP_PORT(389),
	TCP_PORT(3268),
};

static const struct place cldap_places[] = { UDP_PORT(389) };

struct parser ldap_parser = {
	.name = "LDAP",
	.comment = "Lightweight Directory Access Protocol, version 3 (RFC 4511)",
	.fields = fields,
	.n_fields = LDAP_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
};

struct parser cldap_parser = {
	.name = "CLDAP",
	.comment = "LDAP over UDP ([MS-ADTS])",
	.fields = cldap_fields,
	.n_fields = LDAP_FIELDS,
	.recognize = recognize,
	.attach = attach_cldap,
	.places = cldap_places,
	.n_places = COUNT(cldap_places),
};
