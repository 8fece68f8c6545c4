/* SPDX-License-Identifier: MIT */
/* pcap_loop FILE -- libpcap's own loop over a capture, and nothing else. */
#include <pcap/pcap.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *p = argc == 2 ? pcap_open_offline(argv[1], why) : NULL;
	struct pcap_pkthdr *head;
	const u_char *data;
	unsigned long frames = 0, bytes = 0;

	if (!p) {
		fprintf(stderr, "pcap_loop: %s\n", argc == 2 ? why : "one FILE is needed");
		return 2;
	}
	for (; pcap_next_ex(p, &head, &data) == 1; frames++)
		bytes += head->caplen;
	printf("%lu frames, %lu bytes\n", frames, bytes);
	pcap_close(p);
	return 0;
}
