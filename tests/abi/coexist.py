#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""<netmon.h> beside the system's headers, in either order, as C and as C++. TAP."""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile

from abi_facts import HEADER, WARNINGS, Tap

SYSTEM = ["termios.h", "netinet/in.h", "netinet/ip.h", "netinet/tcp.h", "netinet/udp.h",
          "netinet/ip_icmp.h", "netinet/icmp6.h", "netinet/ip6.h", "netinet/igmp.h", "netinet/ether.h",
          "netinet/if_ether.h", "netinet/if_fddi.h", "netinet/if_tr.h", "arpa/inet.h", "net/if.h",
          "net/ethernet.h", "sys/socket.h", "sys/types.h", "stdio.h", "stdlib.h", "string.h",
          "pthread.h", "signal.h", "time.h", "unistd.h", "dlfcn.h", "math.h"]

# After both: the short names mean what this header or, for a macro, the other one says.
USE = "int use(void);\nint use(void)\n{\n\treturn (int)sizeof(struct _IP) + ECHO + (int)sizeof(LPTCP);\n}\n"

# Types and enumerators of the same names as ours, as another project might have them.
RIVALS = ("typedef int IP;\ntypedef int TCP;\ntypedef int ICMP;\ntypedef int SET;\ntypedef int FORMAT;\n"
          "typedef int REGISTER;\ntypedef int RANGE;\ntypedef int TRIGGER;\ntypedef int FRAME;\ntypedef int LINK;\n"
          "typedef int TS;\ntypedef int LLC;\ntypedef int FDDI;\ntypedef int ADDRESS;\ntypedef int STATISTICS;\n"
          "enum rivals { ECHO, REDIRECT, TIMESTAMP, TCP_FLAG_SYN };\n")

MACROS = "#define ECHO 0000010\n#define IP \"text\"\n#define SET(x) x\n#define FORMAT \"%d\"\n"

CASES = [(f"after <{h}>", f"#include <{h}>\n#include <netmon.h>\n{USE}") for h in SYSTEM]
CASES += [(f"before <{h}>", f"#include <netmon.h>\n#include <{h}>\n{USE}") for h in SYSTEM]
EVERY = "".join(f"#include <{h}>\n" for h in SYSTEM)
CASES += [
    ("after all of them", f"{EVERY}#include <netmon.h>\n{USE}"),
    ("before all of them", f"#include <netmon.h>\n{EVERY}{USE}"),
    ("twice", f"#include <netmon.h>\n#include <netmon.h>\n{USE}"),
    ("another header's macros keep their meaning when they come first",
     f"{MACROS}#include <netmon.h>\nextern const char *p;\nconst char *p = IP FORMAT;\nint q[SET(1)];\n"),
    ("another header's macros keep their meaning when they come last",
     f"#include <netmon.h>\n{MACROS}extern const char *p;\nconst char *p = IP FORMAT;\nint q[SET(1)];\n"),
    ("another header's types, with NETMON_NO_GENERIC_NAMES, first",
     f"{RIVALS}#define NETMON_NO_GENERIC_NAMES\n#include <netmon.h>\nextern NETMON_IP *p;\nNETMON_IP *p;\n"),
    ("another header's types, with NETMON_NO_GENERIC_NAMES, last",
     f"#define NETMON_NO_GENERIC_NAMES\n#include <netmon.h>\n{RIVALS}extern NETMON_IP *p;\nNETMON_IP *p;\n"),
    ("after <linux/tcp.h>, with NETMON_NO_GENERIC_NAMES",
     "#include <linux/tcp.h>\n#define NETMON_NO_GENERIC_NAMES\n#include <netmon.h>\n"),
    ("before <linux/tcp.h>, with NETMON_NO_GENERIC_NAMES",
     "#define NETMON_NO_GENERIC_NAMES\n#include <netmon.h>\n#include <linux/tcp.h>\n"),
    ("dprintf by its old name, after <stdio.h>",
     "#include <stdio.h>\n#define NETMON_WANT_DPRINTF\n#include <netmon.h>\n"
     "void use(char *s);\nvoid use(char *s)\n{\n\tdprintf(s, 1);\n}\n"),
]
# Each of these must not compile: the test above it would prove nothing otherwise.
REFUSED = [
    ("another header's types without NETMON_NO_GENERIC_NAMES", f"{RIVALS}#include <netmon.h>\n"),
    ("one handle in the place of another",
     "#include <netmon.h>\nDWORD use(HCAPTURE c);\nDWORD use(HCAPTURE c)\n{\n\treturn GetFrameNumber(c);\n}\n"),
]


def compiles(compiler, std, text, directory):
    path = os.path.join(directory, "t.cc" if "++" in compiler else "t.c")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    p = subprocess.run([compiler, f"-std={std}", "-D_GNU_SOURCE", *WARNINGS, "-fsyntax-only",
                        "-I" + os.path.dirname(HEADER), path], capture_output=True, text=True, check=False)
    return p.returncode == 0, p.stderr.splitlines()


def main(argv):
    p = argparse.ArgumentParser()
    p.add_argument("--cc", required=True)
    p.add_argument("--std", required=True)
    a = p.parse_args(argv)
    if not shutil.which(a.cc):
        print(f"1..0 # SKIP no {a.cc}")
        return 0
    tap = Tap()
    with tempfile.TemporaryDirectory() as directory:
        for name, text in CASES:
            good, said = compiles(a.cc, a.std, text, directory)
            tap.row(good, name, said)
        for name, text in REFUSED:
            good, _ = compiles(a.cc, a.std, text, directory)
            tap.row(not good, f"refused: {name}")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
