/* SPDX-License-Identifier: MIT */
/* Names of link types (numbers of the list at www.tcpdump.org/linktypes.html),
 * which of them the API knows as a MAC type, and which put a pseudo-header
 * before each frame. */
#include "capture/capture_int.h"

#include <netmon.h>
#include <stddef.h>

struct name {
	uint32_t link_type;
	const char *text;
};

/* Sorted by number. */
static const struct name names[] = {
	{ 0, "BSD loopback" },
	{ 1, "Ethernet" },
	{ 3, "AX.25" },
	{ 6, "Token Ring" },
	{ 7, "ARCNET" },
	{ 8, "SLIP" },
	{ 9, "PPP" },
	{ 10, "FDDI" },
	{ 12, "raw IP" }, /* as some systems number it */
	{ 14, "raw IP" },
	{ 50, "PPP in HDLC framing" },
	{ 51, "PPPoE" },
	{ 100, "ATM RFC 1483" },
	{ 101, "raw IP" },
	{ 104, "Cisco HDLC" },
	{ 105, "IEEE 802.11" },
	{ 107, "Frame Relay" },
	{ 108, "OpenBSD loopback" },
	{ 113, "Linux cooked" },
	{ 114, "LocalTalk" },
	{ 117, "OpenBSD pflog" },
	{ 119, "IEEE 802.11 with Prism header" },
	{ 122, "IP over Fibre Channel" },
	{ 123, "ATM from SunATM" },
	{ 127, "IEEE 802.11 with radiotap" },
	{ 129, "ARCNET on Linux" },
	{ 138, "IP over IEEE 1394" },
	{ 139, "SS7 MTP2 with pseudo-header" },
	{ 140, "SS7 MTP2" },
	{ 141, "SS7 MTP3" },
	{ 142, "SS7 SCCP" },
	{ 143, "DOCSIS" },
	{ 144, "IrDA on Linux" },
	{ 163, "IEEE 802.11 with AVS header" },
	{ 165, "BACnet MS/TP" },
	{ 166, "PPP of pppd" },
	{ 169, "GPRS LLC" },
	{ 177, "LAPD on Linux" },
	{ 187, "Bluetooth HCI" },
	{ 189, "USB on Linux" },
	{ 192, "PPI" },
	{ 195, "IEEE 802.15.4" },
	{ 196, "SITA" },
	{ 197, "ERF" },
	{ 201, "Bluetooth HCI with direction" },
	{ 203, "LAPD" },
	{ 204, "PPP with direction" },
	{ 205, "Cisco HDLC with direction" },
	{ 206, "Frame Relay with direction" },
	{ 209, "I2C on Linux" },
	{ 215, "IEEE 802.15.4 without a PHY header" },
	{ 220, "USB on Linux, padded" },
	{ 224, "Fibre Channel FC-2" },
	{ 225, "Fibre Channel FC-2 with frame delimiters" },
	{ 226, "Solaris IPNET" },
	{ 227, "CAN of SocketCAN" },
	{ 228, "raw IPv4" },
	{ 229, "raw IPv6" },
	{ 230, "IEEE 802.15.4 without FCS" },
	{ 231, "D-Bus" },
	{ 235, "DVB-CI" },
	{ 236, "multiplexed MUX27010" },
	{ 239, "NFLOG" },
	{ 240, "netANALYZER" },
	{ 241, "netANALYZER transparent" },
	{ 242, "IP over InfiniBand" },
	{ 243, "MPEG-2 transport stream" },
	{ 247, "InfiniBand" },
	{ 248, "SCTP" },
	{ 249, "USBPcap" },
	{ 251, "Bluetooth LE" },
	{ 252, "Wireshark upper PDU" },
	{ 253, "netlink" },
	{ 254, "Bluetooth monitor on Linux" },
	{ 256, "Bluetooth LE with pseudo-header" },
	{ 264, "ISO 14443" },
	{ 266, "USB on Darwin" },
	{ 270, "LoRaTap" },
	{ 271, "VSOCK" },
	{ 272, "Nordic BLE sniffer" },
	{ 273, "DOCSIS 3.1 XRA" },
	{ 274, "Ethernet mPacket" },
	{ 275, "DisplayPort AUX" },
	{ 276, "Linux cooked v2" },
	{ 277, "OpenVizsla" },
	{ 280, "Elee" },
	{ 281, "Z-Wave serial" },
	{ 283, "IEEE 802.15.4 with TAP" },
	{ 288, "USB 2.0" },
	{ 289, "ATSC ALP" },
	{ 290, "Event Tracing for Windows" },
	{ NM_LINK_NETMON | 0, "Network Monitor, unknown medium" },
	{ NM_LINK_NETMON | 4, "Network Monitor ATM" },
	{ NM_LINK_NETMON | 5, "Network Monitor IP over IEEE 1394" },
	{ NM_LINK_NETMON | 6, "Network Monitor IEEE 802.11" },
	{ NM_LINK_NETMON | 0xffe0, "Network Monitor event record" },
	{ NM_LINK_NETMON | 0xfffb, "Network Monitor network info" },
	{ NM_LINK_NETMON | 0xfffc, "Network Monitor reassembled payload" },
	{ NM_LINK_NETMON | 0xfffd, "Network Monitor network info" },
	{ NM_LINK_NETMON | 0xfffe, "Network Monitor DNS cache" },
	{ NM_LINK_NETMON | 0xffff, "Network Monitor filter" },
};

const char *nm_link_type_name(uint32_t link_type)
{
	size_t lo = 0, hi = sizeof names / sizeof *names;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (names[mid].link_type == link_type)
			return names[mid].text;
		if (names[mid].link_type < link_type)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

uint16_t nm_link_mac_type(uint32_t link_type)
{
	switch (link_type) {
	case 1: return MAC_TYPE_ETHERNET;
	case 6: return MAC_TYPE_TOKENRING;
	case 10: return MAC_TYPE_FDDI;
	case NM_LINK_NETMON | 4: return MAC_TYPE_ATM;
	case NM_LINK_NETMON | 5: return MAC_TYPE_1394;
	default: return MAC_TYPE_UNKNOWN;
	}
}

uint32_t nm_link_pseudo_head(uint32_t link_type)
{
	switch (link_type) {
	case 204: return 1;  /* PPP: direction */
	case 245: return 2;  /* NFC LLCP: adapter, flags */
	case 123: return 4;  /* SunATM: flags, VPI, VCI */
	case 139: return 4;  /* MTP2: direction, annex A, link number */
	case 201: return 4;  /* Bluetooth HCI: direction */
	case 254: return 4;  /* Bluetooth monitor: adapter, opcode */
	case 196: return 5;  /* SITA: flags, signals, errors, protocol */
	case 209: return 5;  /* I2C: bus, flags */
	case 144: return 16; /* IrDA on Linux: cooked header */
	case 177: return 16; /* LAPD on Linux: cooked header */
	default: return 0;
	}
}

/* Here, so that who only needs names gets no readers. */
static const char *const format_names[] = {
	[NM_FORMAT_PCAP] = "pcap",
	[NM_FORMAT_PCAPNG] = "pcapng",
	[NM_FORMAT_NETMON1] = "Network Monitor 1",
	[NM_FORMAT_NETMON2] = "Network Monitor 2",
};

const char *nm_format_name(enum nm_format f)
{
	return (size_t)f < sizeof format_names / sizeof *format_names ? format_names[f] : "unknown";
}
