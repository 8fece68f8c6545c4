/* SPDX-License-Identifier: MIT */
/* <netmon.h> at work: headers read at every address, and the inline functions. Built with
 * -fsanitize=undefined where the compiler has it: a plain pointer would trap there. */
#include <netmon.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* 20 bytes of IPv4: 24 bytes of header by its own account, DF and MF, offset 0x123 * 8. */
static const BYTE ip_bytes[] = { 0x46, 0x10, 0x12, 0x34, 0xab, 0xcd, 0x61, 0x23, 64, 6, 0x55, 0xaa,
	10, 1, 2, 3, 192, 168, 0, 1 };

/* 20 bytes of TCP: port 443 to 49152, 32 bytes of header, SYN and ACK. */
static const BYTE tcp_bytes[] = { 0x01, 0xbb, 0xc0, 0x00, 1, 2, 3, 4, 5, 6, 7, 8, 0x80, 0x12, 0xff,
	0xff, 0, 0, 0, 0 };

/* The bytes in a block of exactly that size, `shift` bytes off alignment. */
static BYTE *at(const BYTE *bytes, size_t n, size_t shift, BYTE **ret_block)
{
	*ret_block = malloc(n + shift);
	assert_non_null(*ret_block);
	return memcpy(*ret_block + shift, bytes, n);
}

static void ip_headers_are_read_at_any_address(void **state)
{
	(void)state;
	for (size_t shift = 0; shift < 8; shift++) {
		BYTE *block;
		ULPIP ip = (ULPIP)at(ip_bytes, sizeof ip_bytes, shift, &block);

		assert_int_equal(IP_Version(ip), 4);
		assert_int_equal(IP_HdrLen(ip), 24);
		assert_int_equal(IP_TotalLen(ip), 0x1234);
		assert_int_equal(IP_FragOff(ip), 0x123 * 8);
		assert_int_equal(IP_MoreFragments(ip), 1);
		assert_int_equal(XCHG(ip->ID), 0xabcd);
		assert_int_equal((DWORD)DXCHG(ip->SrcAddr), 0x0a010203);
		assert_int_equal(ip->Protocol, 6);
		free(block);
	}
}

static void tcp_headers_are_read_at_any_address(void **state)
{
	(void)state;
	for (size_t shift = 0; shift < 8; shift++) {
		BYTE *block;
		ULPTCP tcp = (ULPTCP)at(tcp_bytes, sizeof tcp_bytes, shift, &block);

		assert_int_equal(TCP_SrcPort(tcp), 443);
		assert_int_equal(TCP_DstPort(tcp), 49152);
		assert_int_equal(TCP_HdrLen(tcp), 32);
		assert_int_equal((DWORD)DXCHG(tcp->SeqNum), 0x01020304);
		assert_int_equal(tcp->Flags, TCP_FLAG_SYN | TCP_FLAG_ACK);
		free(block);
	}
}

static void frames_and_numbers_are_read_at_any_address(void **state)
{
	static const BYTE bytes[24] = { 1, 2, 3, 4, 5, 6, 7, 8, 60, 0, 0, 0, 8, 0, 0, 0, 0xde, 0xad,
		0xbe, 0xef, 0, 1, 2, 3 };

	(void)state;
	for (size_t shift = 0; shift < 8; shift++) {
		BYTE *block;
		BYTE *p = at(bytes, sizeof bytes, shift, &block);
		ULPFRAME frame = (ULPFRAME)p;

		assert_true(frame->TimeStamp == 0x0807060504030201);
		assert_int_equal(frame->FrameLength, 60);
		assert_int_equal(frame->nBytesAvail, 8);
		assert_ptr_equal(frame->MacFrame, p + 16);
		assert_int_equal(*(ULPWORD)(p + 16), 0xadde);
		assert_int_equal(*(ULPDWORD)(p + 16), 0xefbeadde);
		assert_int_equal(((ULPSYSTEMTIME)p)->wMonth, 0x0403);
		assert_true(((ULPLARGEINT)p)->QuadPart == 0x0807060504030201);
		free(block);
	}
}

/* A store through one type and a load through another: no optimizer may take them apart. */
static void a_store_is_seen_through_every_pointer(void **state)
{
	BYTE bytes[20];
	ULPTCP tcp = (ULPTCP)bytes;

	(void)state;
	*(ULPWORD)bytes = 0;
	tcp->SrcPort = 0x5000;
	assert_int_equal(*(ULPWORD)bytes, 0x5000);
	*(ULPDWORD)bytes = 0x11112222;
	assert_int_equal(tcp->SrcPort, 0x2222);
	assert_int_equal(tcp->DstPort, 0x1111);
}

static void bits_of_addresses_lie_where_they_must(void **state)
{
	ADDRESS2 a = { 0 };

	(void)state;
	a.EthernetDstAddress.GroupBit = 1;
	assert_int_equal(a.MACAddress[0], 0x01);
	a.EthernetDstAddress.AdminBit = 1;
	assert_int_equal(a.MACAddress[0], 0x03);
	memset(&a, 0, sizeof a);
	a.TokenringSrcAddress.RoutingBit = 1;
	assert_int_equal(a.MACAddress[0], 0x80);
	assert_int_equal((BYTE)(0xff & FRAME_MASK_TOKENRING), 0x7f);
}

static void values_of_instances_are_found(void **state)
{
	PROPERTYINST plain = { .lpData = &plain, .DataLength = 12 };
	PROPERTYINSTEX ex = { .Length = 3, .LengthEx = 7 };
	PROPERTYINST with_value = { .lpPropertyInstEx = &ex, .DataLength = 0xFFFF };

	(void)state;
	assert_ptr_equal(GetPropertyInstanceData(&plain), &plain);
	assert_int_equal(GetPropertyInstanceFrameDataLength(&plain), 12);
	assert_int_equal(GetPropertyInstanceExDataLength(&plain), 0xFFFF);
	ex.Byte[0] = 42;
	assert_ptr_equal(GetPropertyInstanceData(&with_value), ex.Byte);
	assert_int_equal(GetPropertyInstanceDataValue(&with_value, BYTE), 42);
	assert_int_equal(GetPropertyInstanceFrameDataLength(&with_value), 3);
	assert_int_equal(GetPropertyInstanceExDataLength(&with_value), 7);
}

static void codes_become_results_and_back(void **state)
{
	(void)state;
	assert_int_equal(NMERR_TO_HRESULT(NMERR_SUCCESS), S_OK);
	assert_int_equal((DWORD)NMERR_TO_HRESULT(NMERR_NOT_CONNECTED), 0x80040066);
	assert_int_equal(
	    HRESULT_TO_NMERR(NMERR_TO_HRESULT(NMERR_NO_VALID_NPP_DLLS)), NMERR_NO_VALID_NPP_DLLS);
	assert_int_equal(HRESULT_TO_NMERR(S_OK), NMERR_SUCCESS);
	assert_true(FAILED(NMERR_TO_HRESULT(NMERR_CAPTURING)));
	assert_true(SUCCEEDED(S_OK));
}

static void tables_have_room_and_zeros(void **state)
{
	PBLOB_TABLE blobs = AllocBlobTable(3);
	PMBLOB_TABLE mblobs = AllocMBlobTable(0);
	PROTOCOLTABLE protocols = { .nProtocols = 5 };

	(void)state;
	assert_non_null(blobs);
	assert_non_null(mblobs);
	assert_true(BLOB_TABLE_SIZE(3) >= offsetof(BLOB_TABLE, hBlobs) + 3 * sizeof(HBLOB));
	assert_true(MBLOB_TABLE_SIZE(2) >= offsetof(MBLOB_TABLE, mBlobs) + 2 * sizeof(MBLOB));
	assert_int_equal(blobs->dwNumBlobs, 0);
	assert_null(blobs->hBlobs[0]);
	assert_true(HeapFree(GetProcessHeap(), 0, blobs));
	assert_true(HeapFree(GetProcessHeap(), 0, mblobs));
	assert_int_equal(PROTOCOLTABLE_ACTUAL_SIZE(&protocols), 8 + 5 * sizeof(HPROTOCOL));
}

static void routing_information_is_measured(void **state)
{
	BYTE frame[16] = { 0x10, 0x40, 1, 2, 3, 4, 5, 6, 0x80, 2, 3, 4, 5, 6, 0x06, 0x30 };
	WORD w = 0x1234;
	DWORD d = 0x12345678;

	(void)state;
	assert_true(IsRoutingInfoPresent(frame));
	assert_int_equal(GetRoutingInfoLength(frame), 6);
	frame[8] = 0;
	assert_false(IsRoutingInfoPresent(frame));
	assert_int_equal(GetRoutingInfoLength(frame), 0);
	SWAPBYTES(w);
	assert_int_equal(w, 0x3412);
	SWAPWORDS(d);
	assert_int_equal(d, 0x78563412);
}

static void a_filter_carries_a_pointer_of_its_owner(void **state)
{
	FILTERDESC2 desc = { 0 };
	HFILTER filter = (HFILTER)&desc;

	(void)state;
	FilterSetUIInstanceData(filter, &desc);
	assert_ptr_equal(FilterGetUIInstanceData(filter), &desc);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ip_headers_are_read_at_any_address),
		cmocka_unit_test(tcp_headers_are_read_at_any_address),
		cmocka_unit_test(frames_and_numbers_are_read_at_any_address),
		cmocka_unit_test(a_store_is_seen_through_every_pointer),
		cmocka_unit_test(bits_of_addresses_lie_where_they_must),
		cmocka_unit_test(values_of_instances_are_found),
		cmocka_unit_test(codes_become_results_and_back),
		cmocka_unit_test(tables_have_room_and_zeros),
		cmocka_unit_test(routing_information_is_measured),
		cmocka_unit_test(a_filter_carries_a_pointer_of_its_owner),
	};

	return cmocka_run_group_tests_name("netmon.h inline functions", tests, NULL, NULL);
}
