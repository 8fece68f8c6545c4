/* SPDX-License-Identifier: MIT */
/* pcap_loop [--every-byte] FILE -- libpcap's own loop over a capture, and nothing else, or
 * adding up every byte, eight at a time. */
#include "every_byte.h"

#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	char why[PCAP_ERRBUF_SIZE];
	int every = argc == 3 && strcmp(argv[1], "--every-byte") == 0;
	pcap_t *p = argc == 2 + every ? pcap_open_offline(argv[1 + every], why) : NULL;
	struct pcap_pkthdr *head;
	const u_char *data;
	unsigned long frames = 0, bytes = 0;
	uint64_t s = 0;

	if (!p) {
		fprintf(stderr, "pcap_loop: %s\n", argc == 2 + every ? why : "one FILE is needed");
		return 2;
	}
	for (; pcap_next_ex(p, &head, &data) == 1; frames++) {
		bytes += head->caplen;
		if (every)
			s += every_byte(data, head->caplen);
	}
	printf("%lu frames, %lu bytes, sum %llu\n", frames, bytes, (unsigned long long)s);
	pcap_close(p);
	return 0;
}
