/* SPDX-License-Identifier: MIT */
/* The shipped parsers against what another program recognizes, on every shared capture:
 * in how many frames each protocol is.
 *
 * The tables are oracle/phs/NAME.txt in ../shared (beside the source tree) or in
 * $NMAPI_SHARED; without them the tests are skipped. Where the two programs mean
 * different things, `exceptions` says so, and exactly by how much they differ. */
#include "expert/door.h"
#include "parsers.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#ifndef SHARED_DIR
#define SHARED_DIR "../shared"
#endif

#define COUNT(a)  (sizeof(a) / sizeof *(a))
#define FILES_MAX 512
#define DEPTH_MAX 64
#define DIFF_MAX  4096

/* Their name, and ours; several of ours may be one of theirs. */
static const struct known {
	const char *theirs, *ours[3];
} known[] = {
	{ "http", { "HTTP" } },
	{ "ssdp", { "SSDP" } },
	{ "tls", { "TLS" } },
	{ "quic", { "QUIC" } },
	{ "nbss", { "NBSS" } },
	{ "nbdgm", { "NBDGM" } },
	{ "smb", { "SMB" } },
	{ "smb2", { "SMB2" } },
	{ "kerberos", { "KERBEROS" } },
	{ "ldap", { "LDAP" } },
	{ "cldap", { "CLDAP" } },
	{ "ftp", { "FTP" } },
	{ "smtp", { "SMTP" } },
	{ "pop", { "POP3" } },
	{ "imap", { "IMAP" } },
	{ "ssh", { "SSH" } },

	{ "eth", { "ETHERNET" } },
	{ "vlan", { "VLAN" } },
	{ "llc", { "LLC" } },
	{ "sll", { "SLL", "SLL2" } },
	{ "null", { "NULL" } },
	{ "ppp", { "PPP" } },
	{ "lcp", { "LCP" } },
	{ "ipcp", { "IPCP" } },
	{ "ipv6cp", { "IPV6CP" } },
	{ "ccp", { "CCP" } },
	{ "pap", { "PPPPAP" } },
	{ "chap", { "PPPCHAP" } },
	{ "pppoed", { "PPPOED" } },
	{ "pppoes", { "PPPOES" } },
	{ "mpls", { "MPLS" } },
	{ "chdlc", { "CHDLC" } },
	{ "slarp", { "SLARP" } },
	{ "fr", { "FRELAY" } },
	{ "fddi", { "FDDI" } },
	{ "wlan", { "WLAN" } },
	{ "wlan.mgt", { "WLANMGT" } },
	{ "radiotap", { "RADIOTAP" } },
	{ "ppi", { "PPI" } },
	{ "stp", { "STP" } },
	{ "eapol", { "EAPOL" } },
	{ "ipx", { "IPX" } },
	{ "cdp", { "CDP" } },
	{ "arp", { "ARP_RARP" } },
	{ "ip", { "IP" } },
	{ "ipv6", { "IP6" } },
	{ "tcp", { "TCP" } },
	{ "udp", { "UDP" } },
	{ "icmp", { "ICMP" } },
	{ "icmpv6", { "ICMP6" } },
	{ "igmp", { "IGMP" } },
	{ "gre", { "GRE" } },
	{ "vxlan", { "VXLAN" } },
	{ "teredo", { "TEREDO" } },
	{ "l2tp", { "L2TP" } },
	{ "sctp", { "SCTP" } },

	{ "dns", { "DNS" } },
	{ "mdns", { "MDNS" } },
	{ "llmnr", { "LLMNR" } },
	{ "nbns", { "NBNS" } },
	{ "dhcp", { "DHCP" } },
	{ "dhcpv6", { "DHCPV6" } },
	{ "ntp", { "NTP" } },
	{ "snmp", { "SNMP" } },
	{ "sip", { "SIP" } },
	{ "rtp", { "RTP" } },
	{ "radius", { "RADIUS" } },
	{ "tftp", { "TFTP" } },
	{ "syslog", { "SYSLOG" } },
};

#define QUOTED     "what an ICMP error quotes is counted: filters see it in both programs"
#define FIRST_PART "the first fragment tells, not the last that completes the datagram"

#define OFFLOADED "a payload length of 0: offloaded, not malformed"

static const struct exception {
	const char *file, *theirs;
	int more; /* ours minus theirs */
	const char *why;
} exceptions[] = {
	/* Where the two programs mean different things. */
	{ "ms-MS-CCROD_Example2Peer2.cap", "udp", 5, QUOTED },
	{ "wiki-FTPv6-1.cap", "udp", 11, QUOTED },
	{ "wiki-MicrosoftNTP.cap", "udp", 1, QUOTED },
	{ "wiki-SkypeIRC.pcap", "tcp", 1, QUOTED },
	{ "wiki-SkypeIRC.pcap", "udp", 22, QUOTED },
	{ "wiki-b6300a.pcap", "udp", 2, QUOTED },
	{ "wiki-smtp.pcap", "tcp", 4, QUOTED },
	{ "wiki-220614_ip_flags_google.pcapng", "icmp", 5, FIRST_PART },
	{ "wiki-sip-rtp-g729a.pcap", "rtp", -1, "a version that there is not, where SIP said RTP" },
	{ "libpcap-ipv6_ext_headers.pcap", "udp", -1, "more than 100 protocols in a frame" },
	{ "ms-MS-GPOD_Example3.cap", "tcp", 28, OFFLOADED },
	{ "ms-MS-WMOD_Example2.cap", "tcp", 5, OFFLOADED },
	{ "wsold-wpa-Induction.pcap", "wlan.mgt", -1, "a fragment that is not the first" },
	/* Segments are looked at one by one: a message over several is where it begins, for
	 * the other program where it ends. It does not look into what is sent again, either. */
	{ "ms-MS-WMOD_Example2.cap", "http", 5, "messages over several segments" },
	{ "netmon1-http.cap", "http", 1, "a message that the capture has not to its end" },
	{ "pcapplusplus-many-protocols.pcap", "http", 3, "messages over several segments" },
	{ "pcapplusplus-many-protocols.pcap", "tls", -224, "records over several segments" },
	{ "sanders-tcp_dupack.pcapng", "http", -1, "the middle of a message" },
	{ "wiki-FTPv6-1.cap", "http", -9, "the middle of messages" },
	{ "wiki-MicrosoftNTP.cap", "http", -18, "the middle of messages" },
	{ "wiki-Mixed1.cap", "tls", 3, "sent again" },
	{ "wiki-Mixed1.cap", "imap", 2, "sent again" },
	{ "ms-MS-ADOD_Example2_10_ObtainAListOfUserAccountsUsingTheLDAPPro.cap", "ldap", -5,
	    "the middle of messages" },
	{ "ms-MS-ADOD_Example2_4_ChangeAUserAccount_sPassword.cap", "nbss", 3, "sent again" },
	{ "ms-MS-ADOD_Example2_4_ChangeAUserAccount_sPassword.cap", "smb2", 3, "sent again" },
	{ "ms-MS-CCROD_Example2Peer2.cap", "nbss", -1, "TCP's keep-alive of one byte" },
	{ "ms-MS-GPOD_Example3.cap", "nbss", 10, OFFLOADED },
	{ "ms-MS-GPOD_Example3.cap", "smb2", 10, OFFLOADED },
	{ "ms-MS-GPOD_Example3.cap", "kerberos", 8, OFFLOADED },
	{ "ms-MS-GPOD_Example3.cap", "ldap", 15, OFFLOADED },
	{ "wiki-smtp.pcap", "smtp", 9, "the text of a mail is SMTP's in each segment" },
	{ "zeek-curl-8.1.2-dev-http3-www-google-de.pcap", "quic", -39,
	    "short headers: only the connection tells that it is QUIC" },
	{ "tcpdump-ipx.pcap", "smb", -6, "not parsed yet: IPX" },
	{ "wiki-dos_win98_smb_netbeui.pcapng", "smb", -76, "not parsed yet: NetBEUI, IPX" },
	{ "wiki-vlan.pcap", "smb", -4, "not parsed yet: NetBEUI" },
	{ "wiki-http.pcap", "http", 1, "a message that the capture has not to its end" },
	{ "wiki-pcapng-example.pcapng", "http", -4, "in TLS, whose keys are in the capture" },
	{ "wiki-pcapng-example.pcapng", "tls", -28, "records over several segments" },
	{ "zeek-pppoe-over-qinq.pcap", "tls", 11, "records over several segments; sent again" },
};

static const char *shared_dir(void)
{
	const char *s = getenv("NMAPI_SHARED");

	return s && *s ? s : SHARED_DIR;
}

/* ---- the other program's table -------------------------------------------------- */

/* "    udp      frames:3 bytes:210": deeper lines are what the frames hold behind it. */
static void read_table(const char *path, unsigned counts[COUNT(known)])
{
	FILE *f = fopen(path, "r");
	char line[512], above[DEPTH_MAX][64];

	assert_non_null(f);
	while (fgets(line, sizeof line, f)) {
		size_t depth = strspn(line, " ") / 2;
		unsigned frames;
		bool again = false;

		if (depth >= DEPTH_MAX ||
		    sscanf(line, "%63s frames:%u", above[depth], &frames) != 2)
			continue;
		for (size_t i = 0; i < depth; i++)
			again |= strcmp(above[i], above[depth]) == 0;
		for (size_t i = 0; !again && i < COUNT(known); i++)
			if (strcmp(known[i].theirs, above[depth]) == 0)
				counts[i] += frames;
	}
	(void)fclose(f);
}

/* ---- our own ------------------------------------------------------------------------ */

static uint32_t id_of(const char *name)
{
	char text[16];
	HPROTOCOL h;

	(void)snprintf(text, sizeof text, "%s", name);
	h = GetProtocolFromName(text);
	return h ? GetProtocolInfo(h)->ProtocolID : 0;
}

static bool holds(const RECOGNIZEDATATABLE *t, const struct known *k)
{
	for (size_t i = 0; i < COUNT(k->ours) && k->ours[i]; i++) {
		uint32_t id = id_of(k->ours[i]);

		assert_int_not_equal(id, 0);
		for (unsigned j = 0; j < t->nRecognizeDatas; j++)
			if (t->RecognizeData[j].ProtocolID == id)
				return true;
	}
	return false;
}

static void count_frames(const char *path, unsigned counts[COUNT(known)])
{
	const struct nm_door *door = nm_door(NM_DOOR_VERSION);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct nm_capture *capture;
	struct nm_diag diag;
	DWORD n;

	assert_true(fd >= 0);
	assert_int_equal(door->capture_open(fd, &capture, &diag), NMERR_SUCCESS);
	(void)door->capture_index(capture, 0);
	assert_int_equal(door->session_open(capture), NMERR_SUCCESS);
	n = GetCaptureTotalFrames(door->session_capture());
	for (DWORD i = 0; i < n; i++) {
		const RECOGNIZEDATATABLE *t =
		    GetFrameRecognizeData(GetFrame(door->session_capture(), i));

		assert_non_null(t);
		for (size_t k = 0; k < COUNT(known); k++)
			counts[k] += holds(t, &known[k]);
	}
	door->session_close();
	door->capture_close(capture);
	(void)close(fd);
}

/* ---- beside each other -------------------------------------------------------------- */

static int expected(const char *file, const char *theirs)
{
	for (size_t i = 0; i < COUNT(exceptions); i++)
		if (strcmp(exceptions[i].file, file) == 0 &&
		    strcmp(exceptions[i].theirs, theirs) == 0)
			return exceptions[i].more;
	return 0;
}

static void protocols_agree(void **state)
{
	const char *file = *state;
	unsigned ours[COUNT(known)] = { 0 }, theirs[COUNT(known)] = { 0 };
	char path[4096], diff[DIFF_MAX] = "";

	(void)snprintf(path, sizeof path, "%s/captures/oracle/phs/%s.txt", shared_dir(), file);
	read_table(path, theirs);
	(void)snprintf(path, sizeof path, "%s/captures/dev/%s", shared_dir(), file);
	count_frames(path, ours);
	for (size_t i = 0; i < COUNT(known); i++)
		if ((int)ours[i] - (int)theirs[i] != expected(file, known[i].theirs))
			(void)snprintf(diff + strlen(diff), sizeof diff - strlen(diff),
			    "%s: %u frames, the other program %u\n", known[i].theirs, ours[i],
			    theirs[i]);
	if (*diff)
		fail_msg("%s:\n%s", file, diff);
}

static char files[FILES_MAX][256];

static size_t list_files(void)
{
	char path[4096];
	struct dirent *d;
	size_t n = 0;
	DIR *dir;

	(void)snprintf(path, sizeof path, "%s/captures/oracle/phs", shared_dir());
	dir = opendir(path);
	while (dir && n < FILES_MAX && (d = readdir(dir)) != NULL) {
		size_t len = strlen(d->d_name);

		if (len > 4 && strcmp(d->d_name + len - 4, ".txt") == 0)
			(void)snprintf(
			    files[n++], sizeof *files, "%.*s", (int)(len - 4), d->d_name);
	}
	if (dir)
		(void)closedir(dir);
	qsort(files, n, sizeof *files, (int (*)(const void *, const void *))strcmp);
	return n;
}

int main(void)
{
	static struct CMUnitTest tests[FILES_MAX];
	size_t n = list_files();

	if (n == 0) {
		printf("1..0 # SKIP no captures in %s\n", shared_dir());
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){
			.name = files[i], .test_func = protocols_agree, .initial_state = files[i]
		};
	return _cmocka_run_group_tests("protocols", tests, n, load_parsers, NULL);
}
