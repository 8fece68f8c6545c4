#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""embed-page.py STYLE SCRIPT OUT -- the page's own text as C, and its policy.

The policy names the style and the script by their digests, so that a browser runs
nothing else, whatever a capture or an expert gets into the page.
"""
import base64
import hashlib
import sys


def literal(name, text):
    """As numbers: a string of C need not be allowed to be so long."""
    data = text.encode() + b"\0"
    lines = (data[i:i + 20] for i in range(0, len(data), 20))
    return "const char %s[] = {\n%s\n};\n" % (
        name, "\n".join("\t" + " ".join("%d," % b for b in line) for line in lines))


def unindented(path):
    with open(path, encoding="utf-8") as f:
        return "".join(line.lstrip("\t") for line in f)


def digest(text):
    return "'sha256-%s'" % base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def main():
    style, script = (unindented(path) for path in sys.argv[1:3])
    for text in (style, script):
        if "</" in text or not text.isascii():
            sys.exit("embed-page.py: '</' would end the element, and only ASCII fits a char")
    policy = "default-src 'none'; style-src %s; script-src %s; base-uri 'none'; form-action 'none'" % (
        digest(style), digest(script))
    with open(sys.argv[3], "w", encoding="utf-8") as out:
        out.write('/* SPDX-License-Identifier: MIT */\n#include "report/html.h"\n\n')
        out.write(literal("nm_html_style", style))
        out.write(literal("nm_html_script", script))
        out.write(literal("nm_html_policy", policy))


main()
