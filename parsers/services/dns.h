/* SPDX-License-Identifier: MIT */
/* services/dns.h -- the parts of DNS: its fields, its messages (dns.c), the data of records.
 *
 * Multicast DNS and LLMNR have copies of the fields, so a message says whose it uses.
 */
#ifndef PARSERS_SERVICES_DNS_H
#define PARSERS_SERVICES_DNS_H

#include "dns_message.h"
#include "services.h"

#define TYPE_A    1u
#define TYPE_TXT  16u
#define TYPE_AAAA 28u
#define TYPE_SRV  33u
#define TYPE_OPT  41u

enum {
	DNS_SUMMARY,
	DNS_LENGTH,
	DNS_HEAD,
	DNS_QUERY_AUTHENTIC = DNS_HEAD + HEAD_ROWS,
	DNS_QUESTION,
	DNS_QUERY_NAME_LENGTH,
	DNS_LABELS,
	DNS_QUERY_TYPE,
	DNS_QUERY_CLASS,
	DNS_QUERY_UNICAST,
	DNS_ANSWER,
	DNS_AUTHORITY,
	DNS_ADDITIONAL,
	DNS_TYPE,
	DNS_CLASS,
	DNS_FLUSH,
	DNS_TTL,
	DNS_DATA_LENGTH,
	DNS_DATA,
	DNS_ADDRESS,
	DNS_ADDRESS_6,
	DNS_NS,
	DNS_CNAME,
	DNS_DNAME,
	DNS_PTR,
	DNS_MX_PREFERENCE,
	DNS_MX,
	DNS_SOA_SERVER,
	DNS_SOA_MAILBOX,
	DNS_SOA_SERIAL,
	DNS_SOA_REFRESH,
	DNS_SOA_RETRY,
	DNS_SOA_EXPIRE,
	DNS_SOA_MINIMUM,
	DNS_SRV_SERVICE,
	DNS_SRV_PROTOCOL,
	DNS_SRV_NAME,
	DNS_SRV_PRIORITY,
	DNS_SRV_WEIGHT,
	DNS_SRV_PORT,
	DNS_SRV_TARGET,
	DNS_TEXT_LENGTH,
	DNS_TEXT,
	DNS_COVERED,
	DNS_SIG_ALGORITHM,
	DNS_SIG_LABELS,
	DNS_SIG_TTL,
	DNS_SIG_EXPIRATION,
	DNS_SIG_INCEPTION,
	DNS_SIG_TAG,
	DNS_SIG_SIGNER,
	DNS_SIGNATURE,
	DNS_KEY_FLAGS,
	DNS_KEY_PROTOCOL,
	DNS_KEY_ALGORITHM,
	DNS_KEY,
	DNS_NSEC_NEXT,
	DNS_NSEC_TYPES,
	DNS_DS_TAG,
	DNS_DS_ALGORITHM,
	DNS_DS_DIGEST_TYPE,
	DNS_DS_DIGEST,
	DNS_CAA_FLAGS,
	DNS_CAA_DATA,
	DNS_SVC_PRIORITY,
	DNS_SVC_TARGET,
	DNS_SVC_KEY,
	DNS_SVC_LENGTH,
	DNS_SVC_VALUE,
	DNS_PAYLOAD_SIZE,
	DNS_EXTENDED_RCODE,
	DNS_EDNS_VERSION,
	DNS_EDNS_FLAGS,
	DNS_OPT,
	DNS_OPT_LENGTH,
	DNS_OPT_WHOLE,
	DNS_OPT_DATA,
	DNS_COOKIE,
	DNS_COOKIE_SERVER,
	DNS_ALGORITHM,
	DNS_DIGEST,
	DNS_HASH,
	DNS_SUBNET_FAMILY,
	DNS_SUBNET_SOURCE,
	DNS_SUBNET_SCOPE,
	DNS_SUBNET,
	DNS_KEEPALIVE,
	DNS_OPT_PADDING,
	DNS_ERROR_CODE,
	DNS_ERROR_TEXT,
	DNS_EXTRA,
	DNS_FIELDS
};

extern struct field dns_fields[DNS_FIELDS];
extern struct _SET dns_types, dns_rcodes;

/* Names that bits have, of each of the protocols. */
extern const PARSERFIELDNAME dns_names[13], mdns_names[14], llmnr_names[5];

struct message {
	struct header h; /* from the transaction identifier on */
	const struct field *fields;
	bool is_multicast;
};

/* The service, the protocol and the name of which the owner of a SRV record consists. */
void dns_owner_attach(const struct message *m, DWORD at, const struct name *owner);

/* The data of a record of this type, which lies between `at` and `end` of the message. */
void dns_data_attach(const struct message *m, uint16_t type, DWORD at, DWORD end);

/* The summary's text. */
void dns_format_summary(LPPROPERTYINST i, HFRAME frame);

#endif
