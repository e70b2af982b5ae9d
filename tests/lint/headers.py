#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Each library module has one umbrella header, which includes all of its public headers; every other header refuses
to be included by itself, and a private one refuses everybody but its own module. What the compiler reads
ahead (folder pch) is included by nobody."""

import re

import tree

PROGRAMS = {"page", "counter", "daemon", "gateway", "backoffice", "ctl"}


def check_module(name, complaints):
    """Number of headers looked at."""
    upper = name.upper()
    headers = tree.walk(f"src/{name}", suffixes={".h"})
    umbrella = tree.ROOT / f"src/{name}/md-{name}.h"
    if not headers:
        return 0
    if not umbrella.exists():
        complaints.append(f"src/{name} has headers but no umbrella md-{name}.h")
        return len(headers)
    text = umbrella.read_text(encoding="utf-8")
    for needed in (f"#define MD_{upper}_INSIDE", f"#undef MD_{upper}_INSIDE"):
        if needed not in text:
            complaints.append(f"{tree.short(umbrella)} lacks '{needed}'")
    if not re.search(r"^(/\*|//(?! SPDX))", text, re.M):
        complaints.append(f"{tree.short(umbrella)} does not say what the module is for")
    included = set(re.findall(r'#include [<"]([^>"]+)[>"]', text))
    for header in headers:
        if header == umbrella:
            continue
        body = header.read_text(encoding="utf-8")
        guard = re.search(r"^#if(?:ndef)? ?(.*(?:\\\n.*)*)\n#\s*error", body, re.M)
        condition = guard.group(1) if guard else ""
        public = header.name in included
        if f"MD_{upper}_COMPILATION" not in condition:
            complaints.append(f"{tree.short(header)} lacks the #error guard on MD_{upper}_COMPILATION")
        elif public and f"MD_{upper}_INSIDE" not in condition:
            complaints.append(f"{tree.short(header)} is in the umbrella but its guard does not know MD_{upper}_INSIDE")
        elif not public and f"MD_{upper}_INSIDE" in condition:
            complaints.append(f"{tree.short(header)} is public by its guard but missing in md-{name}.h")
    return len(headers)


def main():
    complaints, looked_at = [], 0
    for name in tree.modules():
        if name not in PROGRAMS:
            looked_at += check_module(name, complaints)
    for header in tree.walk("src", "tests", suffixes={".h"}):
        if header.parent.name != "pch" and "#pragma once" not in header.read_text(encoding="utf-8"):
            complaints.append(f"{tree.short(header)} lacks #pragma once")
    tree.finish(complaints, looked_at)


main()
