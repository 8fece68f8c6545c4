// SPDX-License-Identifier: MIT
// What gopacket's layer decoder does with a capture in the time that it takes:
//
//	gopacket FILE
//
// reads it with gopacket's own reader, decodes every frame up to TCP, UDP and ICMP into
// layers that are used again, and prints the frames and the layers that were found.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
)

const readBytes = 1 << 20

func fail(err error) {
	fmt.Fprintln(os.Stderr, "gopacket:", err)
	os.Exit(1)
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gopacket FILE")
		os.Exit(1)
	}
	file, err := os.Open(os.Args[1])
	if err != nil {
		fail(err)
	}
	defer file.Close()
	reader, err := pcapgo.NewReader(bufio.NewReaderSize(file, readBytes))
	if err != nil {
		fail(err)
	}
	var (
		eth     layers.Ethernet
		arp     layers.ARP
		ip4     layers.IPv4
		ip6     layers.IPv6
		tcp     layers.TCP
		udp     layers.UDP
		icmp4   layers.ICMPv4
		icmp6   layers.ICMPv6
		payload gopacket.Payload
		found   []gopacket.LayerType
	)
	parser := gopacket.NewDecodingLayerParser(layers.LayerTypeEthernet,
		&eth, &arp, &ip4, &ip6, &tcp, &udp, &icmp4, &icmp6, &payload)
	parser.IgnoreUnsupported = true
	frames, protocols, malformed := 0, 0, 0
	for {
		data, _, err := reader.ZeroCopyReadPacketData()
		if err == io.EOF {
			break
		} else if err != nil {
			fail(err)
		}
		if parser.DecodeLayers(data, &found) != nil {
			malformed++
		}
		frames++
		protocols += len(found)
	}
	fmt.Println(frames, protocols, malformed)
}
