/* SPDX-License-Identifier: MIT */
/* SCTP (RFC 9260): chunks, and the parameters and causes in them; the extensions for partial
 * reliability (RFC 3758), authentication (RFC 4895) and addresses (RFC 5061). */
#include "../common/list.h"
#include "tcpip.h"

#define HEADER         12u
#define GAPS           16u /* bytes of a SACK before its gap blocks */
#define TYPE_DATA      0u
#define TYPE_SACK      3u
#define CHUNKS_MAX     16u /* named in a summary */
#define FIRST_FRAGMENT 0x02u

enum {
	SCTP_SUMMARY,
	SCTP_SOURCE,
	SCTP_DESTINATION,
	SCTP_TAG,
	SCTP_CHECKSUM,
	SCTP_CHUNK,
	SCTP_CHUNK_LENGTH,
	SCTP_CHUNK_FLAGS,
	SCTP_CHUNK_VALUE,
	SCTP_DATA_FLAGS,
	SCTP_TSN,
	SCTP_STREAM,
	SCTP_STREAM_SEQUENCE,
	SCTP_PAYLOAD_PROTOCOL,
	SCTP_DATA,
	SCTP_INIT_TAG,
	SCTP_INIT_CREDIT,
	SCTP_INIT_OUT,
	SCTP_INIT_IN,
	SCTP_INIT_TSN,
	SCTP_INITACK_TAG,
	SCTP_INITACK_CREDIT,
	SCTP_INITACK_OUT,
	SCTP_INITACK_IN,
	SCTP_INITACK_TSN,
	SCTP_SACK_TSN,
	SCTP_SACK_CREDIT,
	SCTP_SACK_GAPS,
	SCTP_SACK_DUPLICATES,
	SCTP_SACK_GAP_START,
	SCTP_SACK_GAP_END,
	SCTP_SACK_DUPLICATE,
	SCTP_SHUTDOWN_TSN,
	SCTP_COOKIE,
	SCTP_ECNE_TSN,
	SCTP_CWR_TSN,
	SCTP_FORWARD_TSN,
	SCTP_FORWARD_STREAM,
	SCTP_FORWARD_SEQUENCE,
	SCTP_AUTH_KEY,
	SCTP_AUTH_HMAC,
	SCTP_AUTH_VALUE,
	SCTP_ASCONF_SEQUENCE,
	SCTP_ASCONF_ACK_SEQUENCE,
	SCTP_PARAMETER,
	SCTP_PARAMETER_LENGTH,
	SCTP_PARAMETER_VALUE,
	SCTP_IPV4,
	SCTP_IPV6,
	SCTP_HEARTBEAT,
	SCTP_STATE_COOKIE,
	SCTP_PRESERVATIVE,
	SCTP_HOST,
	SCTP_ADDRESS_TYPE,
	SCTP_RANDOM,
	SCTP_CHUNK_TYPE,
	SCTP_HMAC,
	SCTP_SUPPORTED,
	SCTP_CORRELATION,
	SCTP_ADAPTATION,
	SCTP_CAUSE,
	SCTP_CAUSE_LENGTH,
	SCTP_CAUSE_VALUE,
	SCTP_CAUSE_STREAM,
	SCTP_CAUSE_STREAM_RESERVED,
	SCTP_CAUSE_STALENESS,
	SCTP_CAUSE_TSN,
	SCTP_CHUNK_PADDING,
	SCTP_PARAMETER_PADDING,
	SCTP_CAUSE_PADDING,
	SCTP_SACK_FLAGS,
	SCTP_ABORT_FLAGS,
	SCTP_COMPLETE_FLAGS,
	SCTP_DROP_FLAGS,
	SCTP_DROP_BANDWIDTH,
	SCTP_DROP_QUEUE,
	SCTP_DROP_TRUNCATED,
	SCTP_DROP_RESERVED,
	SCTP_DROP_DATA,
	SCTP_PAD_DATA,
	SCTP_MESSAGE_DATA_FLAGS,
	SCTP_MESSAGE_TSN,
	SCTP_MESSAGE_STREAM,
	SCTP_MESSAGE_RESERVED,
	SCTP_MESSAGE_ID,
	SCTP_MESSAGE_PROTOCOL,
	SCTP_MESSAGE_FRAGMENT,
	SCTP_MESSAGE_DATA,
	SCTP_I_FORWARD_TSN,
	SCTP_I_FORWARD_STREAM,
	SCTP_I_FORWARD_FLAGS,
	SCTP_I_FORWARD_MESSAGE,
	SCTP_RESET_REQUEST,
	SCTP_RESET_RESPONSE,
	SCTP_RESET_LAST_TSN,
	SCTP_RESET_STREAM,
	SCTP_RESET_IN_REQUEST,
	SCTP_RESET_IN_STREAM,
	SCTP_RESULT_SEQUENCE,
	SCTP_RESULT,
	SCTP_RESULT_SENDER_TSN,
	SCTP_RESULT_RECEIVER_TSN,
	SCTP_ADD_OUT_REQUEST,
	SCTP_ADD_OUT,
	SCTP_ADD_OUT_RESERVED,
	SCTP_ADD_IN_REQUEST,
	SCTP_ADD_IN,
	SCTP_ADD_IN_RESERVED,
	SCTP_CAUSE_MISSING,
	SCTP_CAUSE_MISSING_TYPE,
	SCTP_FIELDS
};

static LABELED_BYTE chunk_names[] = {
	{ TYPE_DATA, L("DATA") },
	{ 1, L("INIT") },
	{ 2, L("INIT ACK") },
	{ TYPE_SACK, L("SACK") },
	{ 4, L("HEARTBEAT") },
	{ 5, L("HEARTBEAT ACK") },
	{ 6, L("ABORT") },
	{ 7, L("SHUTDOWN") },
	{ 8, L("SHUTDOWN ACK") },
	{ 9, L("ERROR") },
	{ 10, L("COOKIE ECHO") },
	{ 11, L("COOKIE ACK") },
	{ 12, L("ECNE") },
	{ 13, L("CWR") },
	{ 14, L("SHUTDOWN COMPLETE") },
	{ 15, L("AUTH") },
	{ 64, L("I-DATA") },
	{ 128, L("ASCONF ACK") },
	{ 129, L("PKTDROP") },
	{ 130, L("RE-CONFIG") },
	{ 132, L("PAD") },
	{ 192, L("FORWARD TSN") },
	{ 193, L("ASCONF") },
	{ 194, L("I-FORWARD TSN") },
};

static struct _SET chunks = SET_OF(Byte, chunk_names);

static LABELED_WORD parameter_names[] = {
	{ 1, L("Heartbeat information") },
	{ 5, L("IPv4 address") },
	{ 6, L("IPv6 address") },
	{ 7, L("State cookie") },
	{ 8, L("Unrecognized parameter") },
	{ 9, L("Cookie preservative") },
	{ 11, L("Host name") },
	{ 12, L("Supported address types") },
	{ 13, L("Outgoing stream reset request") },
	{ 14, L("Incoming stream reset request") },
	{ 16, L("Reconfiguration response") },
	{ 17, L("Add outgoing streams request") },
	{ 18, L("Add incoming streams request") },
	{ 0x8000, L("ECN") },
	{ 0x8001, L("Zero checksum acceptable") },
	{ 0x8002, L("Random") },
	{ 0x8003, L("Chunk list") },
	{ 0x8004, L("Requested HMAC algorithm") },
	{ 0x8005, L("Padding") },
	{ 0x8008, L("Supported extensions") },
	{ 0xC000, L("Forward TSN supported") },
	{ 0xC001, L("Add IP address") },
	{ 0xC002, L("Delete IP address") },
	{ 0xC003, L("Error cause indication") },
	{ 0xC004, L("Set primary address") },
	{ 0xC005, L("Success indication") },
	{ 0xC006, L("Adaptation layer indication") },
};

static struct _SET parameters = SET_OF(Word, parameter_names);

static LABELED_WORD cause_names[] = {
	{ 1, L("Invalid stream identifier") },
	{ 2, L("Missing mandatory parameter") },
	{ 3, L("Stale cookie") },
	{ 4, L("Out of resource") },
	{ 5, L("Unresolvable address") },
	{ 6, L("Unrecognized chunk type") },
	{ 7, L("Invalid mandatory parameter") },
	{ 8, L("Unrecognized parameters") },
	{ 9, L("No user data") },
	{ 10, L("Cookie received while shutting down") },
	{ 11, L("Restart of an association with new addresses") },
	{ 12, L("User-initiated abort") },
	{ 13, L("Protocol violation") },
	{ 0xA0, L("Request to delete last IP address") },
	{ 0xA1, L("Refused for lack of resources") },
	{ 0xA2, L("Request to delete source IP address") },
	{ 0x105, L("Unsupported HMAC identifier") },
};

static struct _SET causes = SET_OF(Word, cause_names);

static LABELED_DWORD payload_names[] = {
	{ 1, L("IUA") },
	{ 2, L("M2UA") },
	{ 3, L("M3UA") },
	{ 4, L("SUA") },
	{ 5, L("M2PA") },
	{ 6, L("V5UA") },
	{ 7, L("H.248") },
	{ 18, L("S1AP") },
	{ 19, L("RUA") },
	{ 20, L("HNBAP") },
	{ 27, L("X2AP") },
	{ 46, L("Diameter") },
	{ 47, L("Diameter over DTLS") },
	{ 50, L("WebRTC control") },
	{ 51, L("WebRTC string") },
	{ 53, L("WebRTC binary") },
	{ 60, L("NGAP") },
};

static struct _SET payloads = SET_OF(Dword, payload_names);

static LABELED_BIT data_bits[] = {
	{ 3, L("May be acknowledged later"), L("Acknowledge at once") },
	{ 2, L("Ordered"), L("Unordered") },
	{ 1, L("Not the first part"), L("First part") },
	{ 0, L("Not the last part"), L("Last part") },
};

static struct _SET data_flags = BITS_OF(data_bits);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

/* What INIT and INIT ACK have, under names of their own. */
#define INIT_ROWS(row_, label_, name_)                                                             \
	[row_##_TAG] = { label_ "Initiate Tag", "sctp." name_ "_initiate_tag sctp.initiate_tag",   \
		U32(4), .level = 2 },                                                              \
	[row_##_CREDIT] = { label_ "Window Credit", "sctp." name_ "_credit", U32(8), .level = 2 }, \
	[row_##_OUT] = { label_ "Outbound Streams", "sctp." name_ "_nr_out_streams", U16(12),      \
		.level = 2 },                                                                      \
	[row_##_IN] = { label_ "Inbound Streams", "sctp." name_ "_nr_in_streams", U16(14),         \
		.level = 2 },                                                                      \
	[row_##_TSN] = { label_ "Initial TSN", "sctp." name_ "_initial_tsn", U32(16), .level = 2 }

static struct field fields[] = {
	[SCTP_SUMMARY] = { "Summary of the SCTP packet", "sctp", SUMMARY,
	    .format = format_summary },
	[SCTP_SOURCE] = { "Source Port", "sctp.srcport sctp.port", U16(0) },
	[SCTP_DESTINATION] = { "Destination Port", "sctp.dstport sctp.port", U16(2) },
	[SCTP_TAG] = { "Verification Tag", "sctp.verification_tag", U32(4) },
	[SCTP_CHECKSUM] = { "Checksum", "sctp.checksum", U32(8) },
	[SCTP_CHUNK] = { "Chunk", "sctp.chunk_type", U8(0), LABELED(chunks) },
	[SCTP_CHUNK_FLAGS] = { "Chunk Flags", "sctp.chunk_flags", U8(1), .level = 2 },
	[SCTP_CHUNK_LENGTH] = { "Chunk Length", "sctp.chunk_length", U16(2), .level = 2 },
	[SCTP_CHUNK_VALUE] = { "Chunk Value", "sctp.chunk_value", BYTES(4, 0), .level = 2 },
	[SCTP_DATA_FLAGS] = { "Data Flags", NULL, U8(1), FLAGS(data_flags), .level = 2 },
	[SCTP_TSN] = { "TSN", "sctp.data_tsn_raw", U32(4), .level = 2 },
	[SCTP_STREAM] = { "Stream Identifier", "sctp.data_sid", U16(8), .level = 2 },
	[SCTP_STREAM_SEQUENCE] = { "Stream Sequence Number", "sctp.data_ssn", U16(10), .level = 2 },
	[SCTP_PAYLOAD_PROTOCOL] = { "Payload Protocol", "sctp.data_payload_proto_id", U32(12),
	    LABELED(payloads), .level = 2 },
	[SCTP_DATA] = { "User Data", NULL, BYTES(16, 0), .level = 2 },
	INIT_ROWS(SCTP_INIT, "", "init"),
	INIT_ROWS(SCTP_INITACK, "Responder's ", "initack"),
	[SCTP_SACK_TSN] = { "Cumulative TSN Acknowledgement", "sctp.sack_cumulative_tsn_ack_raw",
	    U32(4), .level = 2 },
	[SCTP_SACK_CREDIT] = { "Window Credit Left", "sctp.sack_a_rwnd", U32(8), .level = 2 },
	[SCTP_SACK_GAPS] = { "Number of Gap Blocks", "sctp.sack_number_of_gap_blocks", U16(12),
	    .level = 2 },
	[SCTP_SACK_DUPLICATES] = { "Number of Duplicate TSNs",
	    "sctp.sack_number_of_duplicated_tsns", U16(14), .level = 2 },
	[SCTP_SACK_GAP_START] = { "Gap Block Start", "sctp.sack_gap_block_start", U16(0),
	    .level = 2 },
	[SCTP_SACK_GAP_END] = { "Gap Block End", "sctp.sack_gap_block_end", U16(2), .level = 2 },
	[SCTP_SACK_DUPLICATE] = { "Duplicate TSN", "sctp.sack_duplicate_tsn", U32(0), .level = 2 },
	[SCTP_SHUTDOWN_TSN] = { "Shutdown's Cumulative TSN", "sctp.shutdown_cumulative_tsn_ack",
	    U32(4), .level = 2 },
	[SCTP_COOKIE] = { "Cookie", "sctp.cookie", BYTES(4, 0), .level = 2 },
	[SCTP_ECNE_TSN] = { "Lowest TSN", "sctp.ecne_lowest_tsn", U32(4), .level = 2 },
	[SCTP_CWR_TSN] = { "Reduced at TSN", "sctp.cwr_lowest_tsn", U32(4), .level = 2 },
	[SCTP_FORWARD_TSN] = { "New Cumulative TSN", "sctp.forward_tsn_tsn", U32(4), .level = 2 },
	[SCTP_FORWARD_STREAM] = { "Skipped Stream", "sctp.forward_tsn_sid", U16(8), .level = 2 },
	[SCTP_FORWARD_SEQUENCE] = { "Skipped Sequence Number", "sctp.forward_tsn_ssn", U16(10),
	    .level = 2 },
	[SCTP_AUTH_KEY] = { "Shared Key Identifier", "sctp.shared_key_id", U16(4), .level = 2 },
	[SCTP_AUTH_HMAC] = { "HMAC Identifier", "sctp.hmac_id", U16(6), .level = 2 },
	[SCTP_AUTH_VALUE] = { "HMAC", "sctp.hmac", BYTES(8, 0), .level = 2 },
	[SCTP_ASCONF_SEQUENCE] = { "Sequence Number", "sctp.asconf_seq_nr_number", U32(4),
	    .level = 2 },
	[SCTP_ASCONF_ACK_SEQUENCE] = { "Sequence Number acknowledged",
	    "sctp.asconf_ack_seq_nr_number", U32(4), .level = 2 },
	[SCTP_PARAMETER] = { "Parameter", "sctp.parameter_type", U16(0), LABELED(parameters),
	    .level = 2 },
	[SCTP_PARAMETER_LENGTH] = { "Parameter Length", "sctp.parameter_length", U16(2),
	    .level = 3 },
	[SCTP_PARAMETER_VALUE] = { "Parameter Value", "sctp.parameter_value", BYTES(4, 0),
	    .level = 3 },
	[SCTP_IPV4] = { "IPv4 Address", "sctp.parameter_ipv4_address", IP4(4), .level = 3 },
	[SCTP_IPV6] = { "IPv6 Address", "sctp.parameter_ipv6_address", IPV6(4), .level = 3 },
	[SCTP_HEARTBEAT] = { "Heartbeat Information", "sctp.parameter_heartbeat_information",
	    BYTES(4, 0), .level = 3 },
	[SCTP_STATE_COOKIE] = { "State Cookie", "sctp.parameter_state_cookie", BYTES(4, 0),
	    .level = 3 },
	[SCTP_PRESERVATIVE] = { "Suggested Life-span Increment",
	    "sctp.parameter_cookie_preservative_incr", U32(4), .level = 3 },
	[SCTP_HOST] = { "Host Name", "sctp.parameter_hostname", TEXT(4, 0), .level = 3 },
	[SCTP_ADDRESS_TYPE] = { "Supported Address Type", "sctp.parameter_supported_address_type",
	    U16(4), LABELED(parameters), .level = 3 },
	[SCTP_RANDOM] = { "Random Number", "sctp.random_number", BYTES(4, 0), .level = 3 },
	[SCTP_CHUNK_TYPE] = { "Chunk to Authenticate", "sctp.chunk_type_to_auth", U8(4),
	    LABELED(chunks), .level = 3 },
	[SCTP_HMAC] = { "Requested HMAC", "sctp.hmac_id", U16(4), .level = 3 },
	[SCTP_SUPPORTED] = { "Supported Chunk", "sctp.supported_chunk_type", U8(4), LABELED(chunks),
	    .level = 3 },
	[SCTP_CORRELATION] = { "Correlation Identifier", "sctp.correlation_id", U32(4),
	    .level = 3 },
	[SCTP_ADAPTATION] = { "Adaptation Layer", "sctp.adaptation_layer_indication", U32(4),
	    .level = 3 },
	[SCTP_CAUSE] = { "Cause", "sctp.cause_code", U16(0), LABELED(causes), .level = 2 },
	[SCTP_CAUSE_LENGTH] = { "Cause Length", "sctp.cause_length", U16(2), .level = 3 },
	[SCTP_CAUSE_VALUE] = { "Cause Information", "sctp.cause_information", BYTES(4, 0),
	    .level = 3 },
	[SCTP_CAUSE_STREAM] = { "Wrong Stream", "sctp.cause_stream_identifier", U16(4),
	    .level = 3 },
	[SCTP_CAUSE_STALENESS] = { "Staleness", "sctp.cause_measure_of_staleness", U32(4),
	    .level = 3 },
	[SCTP_CAUSE_TSN] = { "TSN without Data", "sctp.cause_tsn", U32(4), .level = 3 },
	[SCTP_CHUNK_PADDING] = { "Chunk Padding", "sctp.chunk_padding", BYTES(0, 0), .level = 2 },
	[SCTP_PARAMETER_PADDING] = { "Parameter Padding", "sctp.parameter_padding", BYTES(0, 0),
	    .level = 3 },
	[SCTP_CAUSE_PADDING] = { "Cause Padding", "sctp.cause_padding", BYTES(0, 0), .level = 3 },
	[SCTP_SACK_FLAGS] = { "Nonce Sum", "sctp.sack_nounce_sum", BITS8(1, 0x01), .level = 2 },
	[SCTP_ABORT_FLAGS] = { "Tag of the Aborted reflected", "sctp.abort_t_bit", BITS8(1, 0x01),
	    .level = 2 },
	[SCTP_COMPLETE_FLAGS] = { "Tag of the Closed reflected", "sctp.shutdown_complete_t_bit",
	    BITS8(1, 0x01), .level = 2 },
	[SCTP_DROP_FLAGS] = { "Drop Flags", NULL, U8(1), .level = 2 },
	[SCTP_DROP_BANDWIDTH] = { "Bandwidth", "sctp.pktdrop_bandwidth", U32(4), .level = 2 },
	[SCTP_DROP_QUEUE] = { "Queue Size", "sctp.pktdrop_queuesize", U32(8), .level = 2 },
	[SCTP_DROP_TRUNCATED] = { "Truncated Length", "sctp.pktdrop_truncated_length", U16(12),
	    .level = 2 },
	[SCTP_DROP_RESERVED] = { "Reserved behind the Truncated Length", "sctp.pktdrop_reserved",
	    U16(14), .level = 2 },
	[SCTP_DROP_DATA] = { "Dropped Packet", "sctp.pktdrop_datafield", BYTES(16, 0), .level = 2 },
	[SCTP_PAD_DATA] = { "Padding Data", "sctp.padding_data", BYTES(4, 0), .level = 2 },
	[SCTP_MESSAGE_DATA_FLAGS] = { "Flags of Interleaved Data", NULL, U8(1), FLAGS(data_flags),
	    .level = 2 },
	[SCTP_MESSAGE_TSN] = { "TSN of Interleaved Data", "sctp.data_tsn_raw", U32(4), .level = 2 },
	[SCTP_MESSAGE_STREAM] = { "Stream of Interleaved Data", "sctp.data_sid", U16(8),
	    .level = 2 },
	[SCTP_MESSAGE_RESERVED] = { "Reserved behind the Stream", "sctp.data_reserved", U16(10),
	    .level = 2 },
	[SCTP_MESSAGE_ID] = { "Message Identifier", "sctp.data_mid", U32(12), .level = 2 },
	[SCTP_MESSAGE_PROTOCOL] = { "Payload Protocol of the First Fragment",
	    "sctp.data_payload_proto_id", U32(16), LABELED(payloads), .level = 2 },
	[SCTP_MESSAGE_FRAGMENT] = { "Fragment Sequence Number", "sctp.data_fsn", U32(16),
	    .level = 2 },
	[SCTP_MESSAGE_DATA] = { "Interleaved Data", NULL, BYTES(20, 0), .level = 2 },
	[SCTP_I_FORWARD_TSN] = { "New Cumulative TSN of Interleaved Data", "sctp.i_forward_tsn_tsn",
	    U32(4), .level = 2 },
	[SCTP_I_FORWARD_STREAM] = { "Skipped Stream of Interleaved Data", "sctp.i_forward_tsn_sid",
	    U16(8), .level = 2 },
	[SCTP_I_FORWARD_FLAGS] = { "Skipped Flags", "sctp.i_forward_tsn_flags", U16(10),
	    .level = 2 },
	[SCTP_I_FORWARD_MESSAGE] = { "Skipped Message Identifier", "sctp.forward_tsn_mid", U32(12),
	    .level = 2 },
	[SCTP_RESET_REQUEST] = { "Request Sequence Number",
	    "sctp.parameter_reconfig_request_sequence_number", U32(4), .level = 3 },
	[SCTP_RESET_RESPONSE] = { "Response Sequence Number",
	    "sctp.parameter_reconfig_response_sequence_number", U32(8), .level = 3 },
	[SCTP_RESET_LAST_TSN] = { "Sender's Last Assigned TSN",
	    "sctp.parameter_senders_last_assigned_tsn", U32(12), .level = 3 },
	[SCTP_RESET_STREAM] = { "Stream to reset", "sctp.parameter_reconfig_sid", U16(16),
	    .level = 3 },
	[SCTP_RESET_IN_REQUEST] = { "Request Sequence Number for Incoming",
	    "sctp.parameter_reconfig_request_sequence_number", U32(4), .level = 3 },
	[SCTP_RESET_IN_STREAM] = { "Incoming Stream to reset", "sctp.parameter_reconfig_sid",
	    U16(8), .level = 3 },
	[SCTP_RESULT_SEQUENCE] = { "Answered Sequence Number",
	    "sctp.parameter_reconfig_response_sequence_number", U32(4), .level = 3 },
	[SCTP_RESULT] = { "Result", "sctp.parameter_reconfig_response_result", U32(8), .level = 3 },
	[SCTP_RESULT_SENDER_TSN] = { "Sender's Next TSN", "sctp.parameter_senders_next_tsn",
	    U32(12), .level = 3 },
	[SCTP_RESULT_RECEIVER_TSN] = { "Receiver's Next TSN", "sctp.parameter_receivers_next_tsn",
	    U32(16), .level = 3 },
	[SCTP_ADD_OUT_REQUEST] = { "Request Sequence Number to add Outgoing",
	    "sctp.parameter_reconfig_request_sequence_number", U32(4), .level = 3 },
	[SCTP_ADD_OUT] = { "Outgoing Streams to add", "sctp.parameter_add_outgoing_streams_number",
	    U16(8), .level = 3 },
	[SCTP_ADD_OUT_RESERVED] = { "Reserved behind the Outgoing Streams",
	    "sctp.parameter_add_outgoing_streams_reserved", U16(10), .level = 3 },
	[SCTP_ADD_IN_REQUEST] = { "Request Sequence Number to add Incoming",
	    "sctp.parameter_reconfig_request_sequence_number", U32(4), .level = 3 },
	[SCTP_ADD_IN] = { "Incoming Streams to add", "sctp.parameter_add_incoming_streams_number",
	    U16(8), .level = 3 },
	[SCTP_ADD_IN_RESERVED] = { "Reserved behind the Incoming Streams",
	    "sctp.parameter_add_incoming_streams_reserved", U16(10), .level = 3 },
	[SCTP_CAUSE_STREAM_RESERVED] = { "Reserved behind the Wrong Stream", "sctp.cause_reserved",
	    U16(6), .level = 3 },
	[SCTP_CAUSE_MISSING] = { "Number of Missing Parameters",
	    "sctp.cause_nr_of_missing_parameters", U32(4), .level = 3 },
	[SCTP_CAUSE_MISSING_TYPE] = { "Missing Parameter", "sctp.cause_missing_parameter_type",
	    U16(8), LABELED(parameters), .level = 3 },
};

static const PARSERFIELDNAME names[] = {
	{ L("Data Flags"), L("sctp.data_i_bit"), 0x08, 0 },
	{ L("Data Flags"), L("sctp.data_u_bit"), 0x04, 0 },
	{ L("Data Flags"), L("sctp.data_b_bit"), 0x02, 0 },
	{ L("Data Flags"), L("sctp.data_e_bit"), 0x01, 0 },
	{ L("Flags of Interleaved Data"), L("sctp.data_i_bit"), 0x08, 0 },
	{ L("Flags of Interleaved Data"), L("sctp.data_u_bit"), 0x04, 0 },
	{ L("Flags of Interleaved Data"), L("sctp.data_b_bit"), 0x02, 0 },
	{ L("Flags of Interleaved Data"), L("sctp.data_e_bit"), 0x01, 0 },
	{ L("Skipped Flags"), L("sctp.i_forward_tsn_res"), 0xFFFE, 0 },
	{ L("Skipped Flags"), L("sctp.i_forward_tsn_u_bit"), 0x0001, 0 },
	{ L("Drop Flags"), L("sctp.pckdrop_m_bit"), 0x01, 0 },
	{ L("Drop Flags"), L("sctp.pckdrop_b_bit"), 0x02, 0 },
	{ L("Drop Flags"), L("sctp.pckdrop_t_bit"), 0x04, 0 },
	{ L("Chunk"), L("sctp.chunk_bit_1"), 0x80, 0 },
	{ L("Chunk"), L("sctp.chunk_bit_2"), 0x40, 0 },
	{ L("Parameter"), L("sctp.parameter_bit_1"), 0x8000, 0 },
	{ L("Parameter"), L("sctp.parameter_bit_2"), 0x4000, 0 },
};

/* Those that change addresses hold the address, as a parameter of its own. */
static const struct element address_types[] = {
	{ .type = 5, .first = SCTP_IPV4, .n = 1 },
	{ .type = 6, .first = SCTP_IPV6, .n = 1 },
};

#define PARAMETERS(types_)                                                                         \
	{                                                                                          \
		.fields = fields, .type = SCTP_PARAMETER, .length = SCTP_PARAMETER_LENGTH,         \
		.padding = SCTP_PARAMETER_PADDING, .rest = SCTP_PARAMETER_VALUE, .length_at = 2,   \
		.align = 4, .elements = (types_), .n_elements = COUNT(types_)                      \
	}

static const struct list address_list = PARAMETERS(address_types);

static const struct element streams = { .first = SCTP_RESET_STREAM, .n = 1, .every = 2 };
static const struct element incoming = { .first = SCTP_RESET_IN_STREAM, .n = 1, .every = 2 };

static void attach_reset(const struct header *h)
{
	(void)element_attach(h, fields, &streams, 1, 0);
}

static void attach_reset_incoming(const struct header *h)
{
	(void)element_attach(h, fields, &incoming, 1, 0);
}

static const struct element parameter_types[] = {
	{ .type = 1, .first = SCTP_HEARTBEAT, .n = 1 },
	{ .type = 5, .first = SCTP_IPV4, .n = 1 },
	{ .type = 6, .first = SCTP_IPV6, .n = 1 },
	{ .type = 7, .first = SCTP_STATE_COOKIE, .n = 1 },
	{ .type = 9, .first = SCTP_PRESERVATIVE, .n = 1 },
	{ .type = 11, .first = SCTP_HOST, .n = 1 },
	{ .type = 12, .first = SCTP_ADDRESS_TYPE, .n = 1, .every = 2 },
	{ .type = 13, .first = SCTP_RESET_REQUEST, .n = 3, .attach = attach_reset },
	{ .type = 14, .first = SCTP_RESET_IN_REQUEST, .n = 1, .attach = attach_reset_incoming },
	{ .type = 16, .first = SCTP_RESULT_SEQUENCE, .n = 4 },
	{ .type = 17, .first = SCTP_ADD_OUT_REQUEST, .n = 3 },
	{ .type = 18, .first = SCTP_ADD_IN_REQUEST, .n = 3 },
	{ .type = 0x8002, .first = SCTP_RANDOM, .n = 1 },
	{ .type = 0x8003, .first = SCTP_CHUNK_TYPE, .n = 1, .every = 1 },
	{ .type = 0x8004, .first = SCTP_HMAC, .n = 1, .every = 2 },
	{ .type = 0x8008, .first = SCTP_SUPPORTED, .n = 1, .every = 1 },
	{ .type = 0xC001, .first = SCTP_CORRELATION, .n = 1, .list = &address_list, .inner_at = 8 },
	{ .type = 0xC002, .first = SCTP_CORRELATION, .n = 1, .list = &address_list, .inner_at = 8 },
	{ .type = 0xC003, .first = SCTP_CORRELATION, .n = 1 },
	{ .type = 0xC004, .first = SCTP_CORRELATION, .n = 1, .list = &address_list, .inner_at = 8 },
	{ .type = 0xC005, .first = SCTP_CORRELATION, .n = 1 },
	{ .type = 0xC006, .first = SCTP_ADAPTATION, .n = 1 },
};

static const struct list parameter_list = PARAMETERS(parameter_types);

static const struct element missing = { .first = SCTP_CAUSE_MISSING_TYPE, .n = 1, .every = 2 };

static void attach_missing(const struct header *h)
{
	(void)element_attach(h, fields, &missing, 1, 0);
}

static const struct element cause_types[] = {
	{ .type = 1, .first = SCTP_CAUSE_STREAM, .n = 2 },
	{ .type = 2, .first = SCTP_CAUSE_MISSING, .n = 1, .attach = attach_missing },
	{ .type = 3, .first = SCTP_CAUSE_STALENESS, .n = 1 },
	{ .type = 9, .first = SCTP_CAUSE_TSN, .n = 1 },
};

static const struct list cause_list = {
	.fields = fields,
	.type = SCTP_CAUSE,
	.length = SCTP_CAUSE_LENGTH,
	.padding = SCTP_CAUSE_PADDING,
	.rest = SCTP_CAUSE_VALUE,
	.length_at = 2,
	.align = 4,
	.elements = cause_types,
	.n_elements = COUNT(cause_types),
};

/* Gap blocks, then TSNs that came twice. */
static void attach_gaps(const struct header *h)
{
	DWORD gaps, duplicates, at = GAPS;

	fields_attach(h, &fields[SCTP_SACK_FLAGS], 1);
	if (h->left < GAPS)
		return;
	gaps = be16(h->p + 12);
	duplicates = be16(h->p + 14);
	for (; gaps > 0 && at < h->left; gaps--, at += 4) {
		field_attach_at(h, &fields[SCTP_SACK_GAP_START], at, 2, 0);
		field_attach_at(h, &fields[SCTP_SACK_GAP_END], at + 2, 2, 0);
	}
	for (; duplicates > 0 && at < h->left; duplicates--, at += 4)
		field_attach_at(h, &fields[SCTP_SACK_DUPLICATE], at, 4, 0);
}

/* The first fragment tells what it is of, the others which they are. */
static void attach_message(const struct header *h)
{
	bool is_first = h->p[1] & FIRST_FRAGMENT;

	fields_attach(h, &fields[is_first ? SCTP_MESSAGE_PROTOCOL : SCTP_MESSAGE_FRAGMENT], 1);
	fields_attach(h, &fields[SCTP_MESSAGE_DATA], 1);
}

static const struct element skipped = { .first = SCTP_FORWARD_STREAM, .n = 2, .every = 4 };

static void attach_skipped(const struct header *h)
{
	(void)element_attach(h, fields, &skipped, 1, 0);
}

static const struct element skipped_messages = {
	.first = SCTP_I_FORWARD_STREAM, .n = 3, .every = 8
};

static void attach_skipped_messages(const struct header *h)
{
	(void)element_attach(h, fields, &skipped_messages, 1, 0);
}

static const struct element chunk_types[] = {
	{ .type = TYPE_DATA, .first = SCTP_DATA_FLAGS, .n = 6 },
	{ .type = 1, .first = SCTP_INIT_TAG, .n = 5, .list = &parameter_list, .inner_at = 20 },
	{ .type = 2, .first = SCTP_INITACK_TAG, .n = 5, .list = &parameter_list, .inner_at = 20 },
	{ .type = TYPE_SACK, .first = SCTP_SACK_TSN, .n = 4, .attach = attach_gaps },
	{ .type = 4, .list = &parameter_list, .inner_at = 4 },
	{ .type = 5, .list = &parameter_list, .inner_at = 4 },
	{ .type = 6, .first = SCTP_ABORT_FLAGS, .n = 1, .list = &cause_list, .inner_at = 4 },
	{ .type = 7, .first = SCTP_SHUTDOWN_TSN, .n = 1 },
	{ .type = 9, .list = &cause_list, .inner_at = 4 },
	{ .type = 10, .first = SCTP_COOKIE, .n = 1 },
	{ .type = 12, .first = SCTP_ECNE_TSN, .n = 1 },
	{ .type = 13, .first = SCTP_CWR_TSN, .n = 1 },
	{ .type = 14, .first = SCTP_COMPLETE_FLAGS, .n = 1 },
	{ .type = 15, .first = SCTP_AUTH_KEY, .n = 3 },
	{ .type = 64, .first = SCTP_MESSAGE_DATA_FLAGS, .n = 5, .attach = attach_message },
	{ .type = 128,
	    .first = SCTP_ASCONF_ACK_SEQUENCE,
	    .n = 1,
	    .list = &parameter_list,
	    .inner_at = 8 },
	{ .type = 129, .first = SCTP_DROP_FLAGS, .n = 6 },
	{ .type = 130, .list = &parameter_list, .inner_at = 4 },
	{ .type = 132, .first = SCTP_PAD_DATA, .n = 1 },
	{ .type = 192, .first = SCTP_FORWARD_TSN, .n = 1, .attach = attach_skipped },
	{ .type = 193,
	    .first = SCTP_ASCONF_SEQUENCE,
	    .n = 1,
	    .list = &parameter_list,
	    .inner_at = 8 },
	{ .type = 194, .first = SCTP_I_FORWARD_TSN, .n = 1, .attach = attach_skipped_messages },
};

static const struct list chunk_list = {
	.fields = fields,
	.type = SCTP_CHUNK,
	.length = SCTP_CHUNK_LENGTH,
	.also = SCTP_CHUNK_FLAGS,
	.bare = true,
	.padding = SCTP_CHUNK_PADDING,
	.rest = SCTP_CHUNK_VALUE,
	.length_at = 2,
	.align = 4,
	.elements = chunk_types,
	.n_elements = COUNT(chunk_types),
};

RECOGNIZE(recognize)
{
	(void)p;
	(void)left;
	(void)next;
	(void)instance;
	return rest_is_mine(status);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };

	field_attach_at(&h, &fields[SCTP_SUMMARY], 0, h.left, h.left < HEADER ? IFLAG_ERROR : 0);
	fields_attach(&h, &fields[SCTP_SOURCE], SCTP_CHUNK - SCTP_SOURCE);
	list_attach(&chunk_list, &h, HEADER, h.left);
	return NULL;
}

static void put_chunks(LPPROPERTYINST i)
{
	const uint8_t *p = i->lpByte;
	DWORD at = HEADER;

	for (unsigned k = 0; k < CHUNKS_MAX && at + 4 <= i->DataLength; k++) {
		const char *name = (const char *)LookupByteSetString(&chunks, p[at]);
		DWORD n = be16(p + at + 2);

		if (name)
			text_put(i, "%s%s", k ? ", " : " ", name);
		else
			text_put(i, "%schunk %u", k ? ", " : " ", p[at]);
		if (n < 4)
			return;
		at += (n + 3) & ~3u;
	}
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	(void)frame;
	if (i->DataLength < HEADER) {
		text_put(i, "Cut short");
		return;
	}
	text_put(i, "Src Port %u, Dst Port %u:", be16(i->lpByte), be16(i->lpByte + 2));
	put_chunks(i);
}

static const struct place places[] = { { TCPIP_INI, "IP_HandoffSet", 132, false } };

struct parser sctp_parser = {
	.name = "SCTP",
	.comment = "Stream Control Transmission Protocol (RFC 9260)",
	.fields = fields,
	.n_fields = SCTP_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
