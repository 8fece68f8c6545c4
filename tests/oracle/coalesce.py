#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""coalesce.py -- what Protocol Coalesce joins beside what tshark joins. Prints TAP.

Of every capture in dev/: the datagrams that tshark reassembles are frames
of the new capture with the same bytes; the TCP streams that tshark follows in the new
capture are those of the old one; the new capture is in the order of time, its checksums are
right, and tshark, capinfos and netmon convert read it without complaint. Captures are in
../shared beside the source tree or in $NMAPI_SHARED; without them, or without a tshark of the
release that the exceptions were made with, all is skipped.
"""
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile

RELEASE = "4.0."  # of tshark
NETMON = os.path.join(os.environ.get("NMAPI_BUILD", "build"), "src/cli/netmon")
SOURCE = os.environ.get("NMAPI_SOURCE", ".")
SHARED = os.environ.get("NMAPI_SHARED", os.path.join(SOURCE, "../shared"))
DEV = os.path.join(SHARED, "captures/dev")
# What tshark writes where the capture holds no bytes.
MISSING = re.compile(rb"\[\d+ bytes missing in capture file\]\0*")

# Streams that differ, by capture, and why.
SEGMENTED = "IPv6 packets of length 0 are what segmentation offload leaves in a capture: tshark does not look into them"
EXCEPTIONS = {
    "ms-MS-GPOD_Example3.cap": {r"^stream \[2008::1\]:574": SEGMENTED},
    "ms-MS-WMOD_Example2.cap": {r"^stream \[2008::1\]:5985 ": SEGMENTED},
}


def skip(why):
    print("1..0 # SKIP", why)
    sys.exit(0)


def run(argv):
    return subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=300)


def complaints(done):
    """What a program says besides that it is root's."""
    lines = done.stderr.decode("utf-8", "replace").splitlines()
    return [line for line in lines if "Running as user" not in line]


# ---- the new capture ------------------------------------------------------------------


def frames_of(path):
    """Link type, time, bytes and comment of each frame of a pcapng file of ours."""
    with open(path, "rb") as f:
        data = f.read()
    at, links = 0, []
    while at < len(data):
        kind, total = struct.unpack_from("<II", data, at)
        assert data[at + total - 4:at + total] == struct.pack("<I", total), "block lengths differ"
        if kind == 1:
            links.append(struct.unpack_from("<H", data, at + 8)[0])
        elif kind == 6:
            number, high, low, stored, wire = struct.unpack_from("<IIIII", data, at + 8)
            end = at + 28 + stored + -stored % 4
            comment = ""
            if end < at + total - 4:
                code, n = struct.unpack_from("<HH", data, end)
                assert code == 1
                comment = data[end + 4:end + 4 + n].decode()
            yield links[number], high << 32 | low, data[at + 28:at + 28 + stored], wire, comment
        at += total


def checksum(data):
    data += b"\0" * (len(data) & 1)
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total ^ 0xffff


HEADS = {101: 0, 113: 16, 276: 20}  # bytes of link headers before IP


def ip_of(link, data):
    """The IP packet behind a link header; of other links none is looked for."""
    at = HEADS.get(link, 0)
    if link == 1:
        at = 12
        while data[at:at + 2] in (b"\x81\x00", b"\x88\xa8", b"\x91\x00"):
            at += 4
        if data[at:at + 2] not in (b"\x08\x00", b"\x86\xdd"):
            return b""
        at += 2
    elif link not in HEADS:
        return b""
    return data[at:]


def upper_of(ip):
    """Protocol, and the payload behind IP's headers, with what a TCP checksum covers before it."""
    if ip[0] >> 4 == 4:
        n = (ip[0] & 15) * 4
        return ip[9], ip[n:], ip[12:20] + struct.pack(">BBH", 0, ip[9], len(ip) - n)
    protocol, at = ip[6], 40
    while protocol in (0, 43, 60):
        protocol, at = ip[at], at + (ip[at + 1] + 1) * 8
    return protocol, ip[at:], ip[8:40] + struct.pack(">II", len(ip) - at, protocol)


def check_frames(path):
    """Faults of the new capture, and the payloads of joined datagrams."""
    faults, datagrams, last, ordered = [], [], 0, True
    for n, (link, time, data, wire, comment) in enumerate(frames_of(path), 1):
        ordered = ordered and time >= last
        last = time
        ip = ip_of(link, data) if comment else b""
        if not ip:
            continue
        total = struct.unpack(">H", ip[2:4])[0] if ip[0] >> 4 == 4 else 40 + struct.unpack(">H", ip[4:6])[0]
        if len(data) == wire and total != len(ip):
            faults.append("frame %d: IP says %d bytes of %d" % (n, total, len(ip)))
        if ip[0] >> 4 == 4 and checksum(ip[:(ip[0] & 15) * 4]):
            faults.append("frame %d: IP checksum" % n)
        protocol, payload, pseudo = upper_of(ip)
        if protocol == 6 and len(data) == wire:
            if checksum(pseudo + payload):
                faults.append("frame %d: TCP checksum" % n)
        elif protocol != 6:
            datagrams.append(payload)
    return faults, datagrams, ordered


def is_ordered(path):
    return "True" in run(["capinfos", "-o", path]).stdout.decode().splitlines()[-1]


# ---- what tshark joins ------------------------------------------------------------------


def tshark_datagrams(path):
    fields = ["ip.proto", "ip.reassembled.data", "ipv6.reassembled.data", "ipv6.fraghdr.nxt"]
    argv = ["tshark", "-n", "-r", path, "-Y", "ip.reassembled.length || ipv6.reassembled.length", "-T", "fields"]
    for field in fields:
        argv += ["-e", field]
    found = []
    for line in run(argv).stdout.decode().splitlines():
        proto, v4, v6, nxt = line.split("\t")
        for data in (v4 + "," + v6).split(","):
            if data and "6" not in proto.split(",") and nxt != "6":
                found.append(bytes.fromhex(data.replace(":", "")))
    return found


NODE = re.compile(r"Node [01]: (\S+)")


def tshark_streams(path):
    """Of each stream its ends, and the bytes of either direction, in the order of the file."""
    last = run(["tshark", "-n", "-r", path, "-Y", "tcp", "-T", "fields", "-e", "tcp.stream"]).stdout.split()
    numbers = {int(n) for n in b",".join(last).split(b",") if n}
    count = max(numbers) + 1 if numbers else 0
    streams = []
    for at in range(0, count, 200):
        argv = ["tshark", "-n", "-q", "-r", path]
        for n in range(at, min(at + 200, count)):
            argv += ["-z", "follow,tcp,raw,%d" % n]
        text = run(argv).stdout.decode()
        for part in text.split("Follow: tcp,raw")[1:]:
            ends = NODE.findall(part)
            sides = {ends[0]: b"", ends[1]: b""}
            for line in part.splitlines():
                if re.fullmatch(r"\t?([0-9a-f]{2})+", line):
                    sides[ends[line[0] == "\t"]] += MISSING.sub(b"", bytes.fromhex(line.strip()))
            if any(sides.values()):
                streams.append(tuple(sorted(sides.items())))
    return sorted(streams)


def differences(name, old, new, datagrams):
    found = []
    theirs = sorted(tshark_datagrams(old))
    if theirs != sorted(datagrams):
        found.append("datagrams: %d of %d bytes, tshark %d of %d" % (
            len(datagrams), sum(map(len, datagrams)), len(theirs), sum(map(len, theirs))))
    before, after = tshark_streams(old), tshark_streams(new)
    why = EXCEPTIONS.get(name, {})
    for stream in before:
        if stream not in after:
            ends = [s[0] for s in stream]
            near = [a for a in after if [s[0] for s in a] == ends]
            found.append("stream %s: tshark has %s bytes, the new capture %s" % (
                " ".join(ends), [len(s[1]) for s in stream], [[len(s[1]) for s in a] for a in near]))
    for stream in after:
        if stream not in before:
            found.append("stream %s, %s bytes, is not in the old capture" % (
                " ".join(s[0] for s in stream), [len(s[1]) for s in stream]))
    return [f for f in found if not any(re.search(pattern, f) for pattern in why)], len(theirs), len(before)


def joined(name, form, folder):
    """The new capture of one in dev/, in a format: 0 pcapng, 1 Network Monitor; and what went wrong."""
    settings = os.path.join(folder, "config/nmapi/experts")
    os.makedirs(settings)
    with open(os.path.join(settings, "coalesce.cfg"), "wb") as f:
        f.write(struct.pack("<II", 8, form))
    out = os.path.join(folder, "out")
    os.mkdir(out)
    os.chmod(folder, 0o755)
    os.chmod(out, 0o777)
    os.environ["XDG_CONFIG_HOME"] = os.path.join(folder, "config")
    done = run([NETMON, "run", "-q", "-T", "json", "--no-bill", os.path.join(DEV, name), "-e", "coalesce",
                "--output-dir", out])
    if done.returncode not in (0, 4):
        return "", ["status %d: %s" % (done.returncode, done.stderr.decode())]
    return os.path.join(out, os.listdir(out)[0]), []


def frames_that(argv):
    """How many lines a program prints, and its complaints."""
    done = run(argv)
    wrong = complaints(done)
    if done.returncode and not wrong:
        wrong = ["status %d" % done.returncode]
    return len(done.stdout.splitlines()), ["%s: %s" % (argv[0], w) for w in wrong]


def test_netmon(name, frames):
    """The same frames in Network Monitor's format; a link that pcapng has no number for is one of its own."""
    with tempfile.TemporaryDirectory() as folder:
        new, faults = joined(name, 1, folder)
        if faults:
            return faults
        if frames == 0:  # tshark takes such a file for a damaged one
            return frames_that([NETMON, "convert", new, new + ".x.pcapng"])[1]
        count, faults = frames_that(["tshark", "-n", "-r", new])
        if count != frames:
            faults.append("%d frames, in pcapng %d" % (count, frames))
        return faults + frames_that(["capinfos", new])[1] + frames_that([NETMON, "convert", new, new + ".x.pcapng"])[1]


def test(name):
    with tempfile.TemporaryDirectory() as folder:
        new, faults = joined(name, 0, folder)
        if faults:
            return faults, 0, 0
        frames, faults = frames_that(["tshark", "-n", "-r", new])
        faults += frames_that(["capinfos", new])[1] + frames_that([NETMON, "convert", new, new + ".x.pcapng"])[1]
        more, datagrams, ordered = check_frames(new)
        if not ordered and is_ordered(os.path.join(DEV, name)):
            faults.append("not in the order of time")
        different, n_datagrams, n_streams = differences(name, os.path.join(DEV, name), new, datagrams)
    return faults + more + different + test_netmon(name, frames), n_datagrams, n_streams


def main():
    if not os.path.isdir(DEV):
        skip("no captures in " + SHARED)
    if not shutil.which("tshark") or not shutil.which("capinfos"):
        skip("no tshark")
    if " " + RELEASE not in run(["tshark", "--version"]).stdout.decode().splitlines()[0]:
        skip("another tshark than " + RELEASE)
    names = sorted(n for n in os.listdir(DEV) if os.path.isfile(os.path.join(DEV, n)) and not n.endswith(".tsv"))
    names = [n for n in names if not sys.argv[1:] or n in sys.argv[1:]]
    print("1..%d" % len(names), flush=True)
    all_datagrams = all_streams = 0
    for i, name in enumerate(names, 1):
        faults, n_datagrams, n_streams = test(name)
        all_datagrams += n_datagrams
        all_streams += n_streams
        for fault in faults:
            print("# " + fault)
        print("%s %d - %s" % ("not ok" if faults else "ok", i, name), flush=True)
    print("# %d datagrams and %d streams compared" % (all_datagrams, all_streams))


main()
