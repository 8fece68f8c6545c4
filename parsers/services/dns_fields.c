/* SPDX-License-Identifier: MIT */
/* The fields of DNS, and what its numbers are called (IANA's registry of DNS parameters). */
#include "dns.h"
#include "../common/times.h"

static LABELED_WORD type_names[] = {
	{ TYPE_A, L("A") },
	{ 2, L("NS") },
	{ 5, L("CNAME") },
	{ 6, L("SOA") },
	{ 10, L("NULL") },
	{ 12, L("PTR") },
	{ 13, L("HINFO") },
	{ 15, L("MX") },
	{ TYPE_TXT, L("TXT") },
	{ 17, L("RP") },
	{ 24, L("SIG") },
	{ 25, L("KEY") },
	{ TYPE_AAAA, L("AAAA") },
	{ 29, L("LOC") },
	{ 32, L("NB") },
	{ TYPE_SRV, L("SRV") },
	{ 35, L("NAPTR") },
	{ 37, L("CERT") },
	{ 39, L("DNAME") },
	{ TYPE_OPT, L("OPT") },
	{ 43, L("DS") },
	{ 44, L("SSHFP") },
	{ 46, L("RRSIG") },
	{ 47, L("NSEC") },
	{ 48, L("DNSKEY") },
	{ 50, L("NSEC3") },
	{ 51, L("NSEC3PARAM") },
	{ 52, L("TLSA") },
	{ 59, L("CDS") },
	{ 60, L("CDNSKEY") },
	{ 64, L("SVCB") },
	{ 65, L("HTTPS") },
	{ 99, L("SPF") },
	{ 249, L("TKEY") },
	{ 250, L("TSIG") },
	{ 251, L("IXFR") },
	{ 252, L("AXFR") },
	{ 255, L("ANY") },
	{ 257, L("CAA") },
};

struct _SET dns_types = SET_OF(Word, type_names);

static LABELED_WORD class_names[] = {
	{ 1, L("IN") },
	{ 3, L("CH") },
	{ 4, L("HS") },
	{ 254, L("NONE") },
	{ 255, L("ANY") },
};

static struct _SET classes = SET_OF(Word, class_names);

static LABELED_WORD opcode_names[] = {
	{ 0, L("Query") },
	{ 1, L("Inverse query") },
	{ 2, L("Server status") },
	{ 4, L("Notify") },
	{ 5, L("Update") },
	{ 6, L("Stateful operation") },
};

static struct _SET opcodes = SET_OF(Word, opcode_names);

static LABELED_WORD rcode_names[] = {
	{ 0, L("Success") },
	{ 1, L("Format error") },
	{ 2, L("Server failure") },
	{ 3, L("No such name") },
	{ 4, L("Not implemented") },
	{ 5, L("Refused") },
	{ 6, L("Name exists") },
	{ 7, L("RRset exists") },
	{ 8, L("RRset does not exist") },
	{ 9, L("Not authoritative") },
	{ 10, L("Name out of zone") },
};

struct _SET dns_rcodes = SET_OF(Word, rcode_names);

static LABELED_WORD option_names[] = {
	{ 3, L("Name server identifier") },
	{ 5, L("DNSSEC algorithms understood") },
	{ 8, L("Client subnet") },
	{ 9, L("Expire") },
	{ 10, L("Cookie") },
	{ 11, L("TCP keepalive") },
	{ 12, L("Padding") },
	{ 13, L("Chain") },
	{ 14, L("Key tag") },
	{ 15, L("Extended error") },
};

static struct _SET option_set = SET_OF(Word, option_names);

static LABELED_WORD family_names[] = {
	{ 1, L("IP") },
	{ 2, L("IPv6") },
};

static struct _SET families = SET_OF(Word, family_names);

static LABELED_BIT flag_bits[] = {
	MESSAGE_FLAG_BITS,
	{ 5, L("Not authenticated"), L("Authenticated data") },
	{ 4, L("Checking enabled"), L("Checking disabled") },
};

static struct _SET flags = BITS_OF(flag_bits);

struct field dns_fields[DNS_FIELDS] = {
	[DNS_SUMMARY] = { "Summary of the message", "dns", SUMMARY, .format = dns_format_summary },
	[DNS_LENGTH] = { "Message Length", "dns.length", U16(0) },
	MESSAGE_HEAD(DNS_HEAD, "dns", flags, opcodes, dns_rcodes),
	[DNS_QUERY_AUTHENTIC] = { "Authenticated Data wanted", "dns.flags.authenticated",
	    BITS16(2, 0x0020), .level = HIDDEN },
	[DNS_QUESTION] = { "Question", "dns.qry.name", TEXT(0, 0) },
	[DNS_QUERY_NAME_LENGTH] = { "Name Length", "dns.qry.name.len", LE_U16(0), .level = HIDDEN },
	[DNS_LABELS] = { "Labels", "dns.count.labels", LE_U16(0), .level = HIDDEN },
	[DNS_QUERY_TYPE] = { "Question Type", "dns.qry.type", U16(0), LABELED(dns_types),
	    .level = 2 },
	[DNS_QUERY_CLASS] = { "Question Class", "dns.qry.class", U16(2), LABELED(classes),
	    .level = 2 },
	[DNS_QUERY_UNICAST] = { "Unicast Response Wanted", "dns.qry.qu", BITS16(2, 0x8000),
	    .level = 2 },
	[DNS_ANSWER] = { "Answer", "dns.resp.name", TEXT(0, 0) },
	[DNS_AUTHORITY] = { "Authority", "dns.resp.name", TEXT(0, 0) },
	[DNS_ADDITIONAL] = { "Additional Record", "dns.resp.name", TEXT(0, 0) },
	[DNS_TYPE] = { "Type", "dns.resp.type", U16(0), LABELED(dns_types), .level = 2 },
	[DNS_CLASS] = { "Class", "dns.resp.class", U16(2), LABELED(classes), .level = 2 },
	[DNS_FLUSH] = { "Cache Flush", "dns.resp.cache_flush", BITS16(2, 0x8000), .level = 2 },
	[DNS_TTL] = { "Time to Live", "dns.resp.ttl", U32(4), .level = 2 },
	[DNS_DATA_LENGTH] = { "Data Length", "dns.resp.len", U16(8), .level = 2 },
	[DNS_DATA] = { "Data", NULL, BYTES(0, 0), .level = 2 },
	[DNS_ADDRESS] = { "Address", "dns.a", IP4(0), .level = 2 },
	[DNS_ADDRESS_6] = { "IPv6 Address", "dns.aaaa", IPV6(0), .level = 2 },
	[DNS_NS] = { "Name Server", "dns.ns", TEXT(0, 0), .level = 2 },
	[DNS_CNAME] = { "Canonical Name", "dns.cname", TEXT(0, 0), .level = 2 },
	[DNS_DNAME] = { "Delegated Name", "dns.dname", TEXT(0, 0), .level = 2 },
	[DNS_PTR] = { "Domain Name", "dns.ptr.domain_name", TEXT(0, 0), .level = 2 },
	[DNS_MX_PREFERENCE] = { "Preference", "dns.mx.preference", U16(0), .level = 2 },
	[DNS_MX] = { "Mail Exchange", "dns.mx.mail_exchange", TEXT(0, 0), .level = 2 },
	[DNS_SOA_SERVER] = { "Primary Server", "dns.soa.mname", TEXT(0, 0), .level = 2 },
	[DNS_SOA_MAILBOX] = { "Responsible Mailbox", "dns.soa.rname", TEXT(0, 0), .level = 2 },
	[DNS_SOA_SERIAL] = { "Serial Number", "dns.soa.serial_number", U32(0), .level = 2 },
	[DNS_SOA_REFRESH] = { "Refresh Interval", "dns.soa.refresh_interval", U32(4), .level = 2 },
	[DNS_SOA_RETRY] = { "Retry Interval", "dns.soa.retry_interval", U32(8), .level = 2 },
	[DNS_SOA_EXPIRE] = { "Expire Limit", "dns.soa.expire_limit", U32(12), .level = 2 },
	[DNS_SOA_MINIMUM] = { "Minimum TTL", "dns.soa.minimum_ttl", U32(16), .level = 2 },
	[DNS_SRV_SERVICE] = { "Service", "dns.srv.service", TEXT(0, 0), .level = 2 },
	[DNS_SRV_PROTOCOL] = { "Service's Protocol", "dns.srv.proto", TEXT(0, 0), .level = 2 },
	[DNS_SRV_NAME] = { "Service's Domain", "dns.srv.name", TEXT(0, 0), .level = 2 },
	[DNS_SRV_PRIORITY] = { "Priority", "dns.srv.priority", U16(0), .level = 2 },
	[DNS_SRV_WEIGHT] = { "Weight", "dns.srv.weight", U16(2), .level = 2 },
	[DNS_SRV_PORT] = { "Port", "dns.srv.port", U16(4), .level = 2 },
	[DNS_SRV_TARGET] = { "Target", "dns.srv.target", TEXT(0, 0), .level = 2 },
	[DNS_TEXT_LENGTH] = { "Text Length", "dns.txt.length", U8(0), .level = 2 },
	[DNS_TEXT] = { "Text", "dns.txt", TEXT(0, 0), .level = 2 },
	[DNS_COVERED] = { "Type Covered", "dns.rrsig.type_covered", U16(0), LABELED(dns_types),
	    .level = 2 },
	[DNS_SIG_ALGORITHM] = { "Signature Algorithm", "dns.rrsig.algorithm", U8(2), .level = 2 },
	[DNS_SIG_LABELS] = { "Signed Labels", "dns.rrsig.labels", U8(3), .level = 2 },
	[DNS_SIG_TTL] = { "Original TTL", "dns.rrsig.original_ttl", U32(4), .level = 2 },
	[DNS_SIG_EXPIRATION] = { "Expiration", "dns.rrsig.signature_expiration", TIME_4(8),
	    .level = 2 },
	[DNS_SIG_INCEPTION] = { "Inception", "dns.rrsig.signature_inception", TIME_4(12),
	    .level = 2 },
	[DNS_SIG_TAG] = { "Key Tag", "dns.rrsig.key_tag", U16(16), .level = 2 },
	[DNS_SIG_SIGNER] = { "Signer", "dns.rrsig.signers_name", TEXT(0, 0), .level = 2 },
	[DNS_SIGNATURE] = { "Signature", "dns.rrsig.signature", BYTES(0, 0), .level = 2 },
	[DNS_KEY_FLAGS] = { "Key Flags", "dns.dnskey.flags", U16(0), .level = 2 },
	[DNS_KEY_PROTOCOL] = { "Key Protocol", "dns.dnskey.protocol", U8(2), .level = 2 },
	[DNS_KEY_ALGORITHM] = { "Key Algorithm", "dns.dnskey.algorithm", U8(3), .level = 2 },
	[DNS_KEY] = { "Public Key", "dns.dnskey.public_key", BYTES(4, 0), .level = 2 },
	[DNS_NSEC_NEXT] = { "Next Domain Name", "dns.nsec.next_domain_name", TEXT(0, 0),
	    .level = 2 },
	[DNS_NSEC_TYPES] = { "Types that exist", NULL, BYTES(0, 0), .level = 2 },
	[DNS_DS_TAG] = { "Delegated Key Tag", "dns.ds.key_id", U16(0), .level = 2 },
	[DNS_DS_ALGORITHM] = { "Delegated Key Algorithm", "dns.ds.algorithm", U8(2), .level = 2 },
	[DNS_DS_DIGEST_TYPE] = { "Digest Type", "dns.ds.digest_type", U8(3), .level = 2 },
	[DNS_DS_DIGEST] = { "Digest", "dns.ds.digest", BYTES(4, 0), .level = 2 },
	[DNS_CAA_FLAGS] = { "Authorization Flags", "dns.caa.flags", U8(0), .level = 2 },
	[DNS_SVC_PRIORITY] = { "Service Priority", "dns.svcb.svcpriority", U16(0), .level = 2 },
	[DNS_SVC_TARGET] = { "Service Target", "dns.svcb.targetname", TEXT(0, 0), .level = 2 },
	[DNS_SVC_KEY] = { "Service Parameter", "dns.svcb.svcparam.key", U16(0), .level = 2 },
	[DNS_SVC_LENGTH] = { "Parameter Length", "dns.svcb.svcparam.value.length", U16(2),
	    .level = 3 },
	[DNS_SVC_VALUE] = { "Parameter Value", NULL, BYTES(4, 0), .level = 3 },
	[DNS_PAYLOAD_SIZE] = { "UDP Payload Size", "dns.rr.udp_payload_size", U16(2), .level = 2 },
	[DNS_EXTENDED_RCODE] = { "Extended Response Code", "dns.resp.ext_rcode", U8(4),
	    .level = 2 },
	[DNS_EDNS_VERSION] = { "EDNS Version", "dns.resp.edns0_version", U8(5), .level = 2 },
	[DNS_EDNS_FLAGS] = { "EDNS Flags", "dns.resp.z", U16(6), .level = 2 },
	[DNS_OPT] = { "Option", "dns.opt.code", U16(0), LABELED(option_set), .level = 2 },
	[DNS_OPT_LENGTH] = { "Option Length", "dns.opt.len", U16(2), .level = 3 },
	[DNS_OPT_WHOLE] = { "Whole Option", "dns.opt", GROUP, .level = HIDDEN },
	[DNS_OPT_DATA] = { "Option Data", "dns.opt.data", BYTES(4, 0), .level = 3 },
	[DNS_COOKIE] = { "Client Cookie", "dns.opt.cookie.client", BYTES(4, 8), .level = 3 },
	[DNS_COOKIE_SERVER] = { "Server Cookie", "dns.opt.cookie.server", BYTES(12, 0),
	    .level = 3 },
	[DNS_ALGORITHM] = { "Algorithm understood", "dns.opt.dau", U8(4), .level = 3 },
	[DNS_DIGEST] = { "Digest understood", "dns.opt.dhu", U8(4), .level = 3 },
	[DNS_HASH] = { "Hash understood", "dns.opt.n3u", U8(4), .level = 3 },
	[DNS_SUBNET_FAMILY] = { "Subnet Family", "dns.opt.client.family", U16(4), LABELED(families),
	    .level = 3 },
	[DNS_SUBNET_SOURCE] = { "Source Prefix", "dns.opt.client.netmask", U8(6), .level = 3 },
	[DNS_SUBNET_SCOPE] = { "Scope Prefix", "dns.opt.client.scope", U8(7), .level = 3 },
	[DNS_SUBNET] = { "Client Subnet", "dns.opt.client.addr", BYTES(8, 0), .level = 3 },
	[DNS_KEEPALIVE] = { "Timeout", "dns.opt.edns_tcp_keepalive.timeout", U16(4), .level = 3 },
	[DNS_OPT_PADDING] = { "Padding", "dns.opt.padding", BYTES(4, 0), .level = 3 },
	[DNS_ERROR_CODE] = { "Extended Error", "dns.opt.ext_error.info_code", U16(4), .level = 3 },
	[DNS_ERROR_TEXT] = { "Extended Error Text", "dns.opt.ext_error.extra_text", TEXT(6, 0),
	    .level = 3 },
	[DNS_SSHFP_ALGORITHM] = { "Key's Algorithm", "dns.sshfp.algorithm", U8(0), .level = 2 },
	[DNS_SSHFP_TYPE] = { "Fingerprint's Type", "dns.sshfp.fingerprint.type", U8(1),
	    .level = 2 },
	[DNS_SSHFP] = { "Fingerprint", "dns.sshfp.fingerprint", BYTES(2, 0), .level = 2 },
	[DNS_TLSA_USAGE] = { "Certificate Usage", "dns.tlsa.certificate_usage", U8(0), .level = 2 },
	[DNS_TLSA_SELECTOR] = { "Selector", "dns.tlsa.selector", U8(1), .level = 2 },
	[DNS_TLSA_MATCHING] = { "Matching Type", "dns.tlsa.matching_type", U8(2), .level = 2 },
	[DNS_TLSA] = { "Certificate Association", "dns.tlsa.certificate_association_data",
	    BYTES(3, 0), .level = 2 },
	[DNS_CERT_TYPE] = { "Certificate Type", "dns.cert.type", U16(0), .level = 2 },
	[DNS_CERT_TAG] = { "Certificate's Key Tag", "dns.cert.key_tag", U16(2), .level = 2 },
	[DNS_CERT_ALGORITHM] = { "Certificate's Algorithm", "dns.cert.algorithm", U8(4),
	    .level = 2 },
	[DNS_CERT] = { "Certificate", "dns.cert.certificate", BYTES(5, 0), .level = 2 },
	[DNS_RP_MAILBOX] = { "Mailbox of who is responsible", "dns.rp.mailbox", TEXT(0, 0),
	    .level = 2 },
	[DNS_RP_TEXT] = { "Text of who is responsible", "dns.rp.txt_rr", TEXT(0, 0), .level = 2 },
	[DNS_CPU_LENGTH] = { "CPU Length", "dns.hinfo.cpu_length", U8(0), .level = 2 },
	[DNS_CPU] = { "CPU", "dns.hinfo.cpu", TEXT(0, 0), .level = 2 },
	[DNS_OS_LENGTH] = { "Operating System Length", "dns.hinfo.os_length", U8(0), .level = 2 },
	[DNS_OS] = { "Operating System", "dns.hinfo.os", TEXT(0, 0), .level = 2 },
	[DNS_NAPTR_ORDER] = { "Order", "dns.naptr.order", U16(0), .level = 2 },
	[DNS_NAPTR_PREFERENCE] = { "Preference within the Order", "dns.naptr.preference", U16(2),
	    .level = 2 },
	[DNS_NAPTR_FLAGS_LENGTH] = { "Rewrite Flags Length", "dns.naptr.flags_length", U8(0),
	    .level = 2 },
	[DNS_NAPTR_FLAGS] = { "Rewrite Flags", "dns.naptr.flags", TEXT(0, 0), .level = 2 },
	[DNS_NAPTR_SERVICE_LENGTH] = { "Rewrite Service Length", "dns.naptr.service_length", U8(0),
	    .level = 2 },
	[DNS_NAPTR_SERVICE] = { "Rewrite Service", "dns.naptr.service", TEXT(0, 0), .level = 2 },
	[DNS_NAPTR_REGEX_LENGTH] = { "Rewrite Expression Length", "dns.naptr.regex_length", U8(0),
	    .level = 2 },
	[DNS_NAPTR_REGEX] = { "Rewrite Expression", "dns.naptr.regex", TEXT(0, 0), .level = 2 },
	[DNS_NAPTR_REPLACEMENT] = { "Replacement", "dns.naptr.replacement", TEXT(0, 0),
	    .level = 2 },
	[DNS_NSEC3_ALGORITHM] = { "Hash Algorithm", "dns.nsec3.algo", U8(0), .level = 2 },
	[DNS_NSEC3_FLAGS] = { "Hash Flags", "dns.nsec3.flags", U8(1), .level = 2 },
	[DNS_NSEC3_ITERATIONS] = { "Iterations", "dns.nsec3.iterations", U16(2), .level = 2 },
	[DNS_NSEC3_SALT_LENGTH] = { "Salt Length", "dns.nsec3.salt_length", U8(0), .level = 2 },
	[DNS_NSEC3_SALT] = { "Salt", "dns.nsec3.salt_value", BYTES(0, 0), .level = 2 },
	[DNS_NSEC3_HASH_LENGTH] = { "Hash Length", "dns.nsec3.hash_length", U8(0), .level = 2 },
	[DNS_NSEC3_HASH] = { "Next hashed Owner", NULL, BYTES(0, 0), .level = 2 },
	[DNS_CAA_TAG_LENGTH] = { "Property Length", "dns.caa.tag_length", U8(0), .level = 2 },
	[DNS_CAA_TAG] = { "Property", "dns.caa.tag", TEXT(0, 0), .level = 2 },
	[DNS_CAA_VALUE] = { "Property's Value", "dns.caa.value", TEXT(0, 0), .level = 2 },
	[DNS_EXTRA] = { "Bytes behind the Message", "dns.extraneous.data", BYTES(0, 0) },
};

#define BIT_NAMES                                                                                  \
	{ L("Flags"), L("dns.flags.response"), 0x8000, 0 },                                        \
	    { L("Flags"), L("dns.flags.truncated"), 0x0200, 0 },                                   \
	    { L("Flags"), L("dns.flags.recdesired"), 0x0100, 0 },                                  \
	    { L("Flags"), L("dns.flags.z"), 0x0040, 0 },                                           \
	    { L("Flags"), L("dns.flags.checkdisable"), 0x0010, 0 },                                \
	    { L("Response Flags"), L("dns.flags.authoritative"), 0x0400, 0 },                      \
	    { L("Response Flags"), L("dns.flags.recavail"), 0x0080, 0 },                           \
	    { L("Response Flags"), L("dns.flags.authenticated"), 0x0020, 0 },                      \
	    { L("EDNS Flags"), L("dns.resp.z.do"), 0x8000, 0 },                                    \
	    { L("EDNS Flags"), L("dns.resp.z.reserved"), 0x7FFF, 0 },                              \
	    { L("Key Flags"), L("dns.dnskey.flags.zone_key"), 0x0100, 0 },                         \
	    { L("Key Flags"), L("dns.dnskey.flags.key_revoked"), 0x0080, 0 },                      \
	    { L("Key Flags"), L("dns.dnskey.flags.reserved"), 0xFE7E, 0 },                         \
	    { L("Hash Flags"), L("dns.nsec3.flags.opt_out"), 0x01, 0 },                            \
	    { L("Authorization Flags"), L("dns.caa.flags.issuer_critical"), 0x80, 0 },             \
	{                                                                                          \
		L("Key Flags"), L("dns.dnskey.flags.secure_entry_point"), 0x0001, 0                \
	}

const PARSERFIELDNAME dns_names[] = { BIT_NAMES };

const PARSERFIELDNAME mdns_names[] = { { NULL, L("mdns"), 0, 0 }, BIT_NAMES };

const PARSERFIELDNAME llmnr_names[] = {
	{ NULL, L("llmnr"), 0, 0 },
	{ L("Flags"), L("dns.flags.response"), 0x8000, 0 },
	{ L("Flags"), L("dns.flags.conflict"), 0x0400, 0 },
	{ L("Flags"), L("dns.flags.truncated"), 0x0200, 0 },
	{ L("Flags"), L("dns.flags.tentative"), 0x0100, 0 },
};
