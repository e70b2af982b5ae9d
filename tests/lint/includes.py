#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds every #include to includes.tsv, and the table to the layer order of src/meson.build."""

import fnmatch
import re
from pathlib import Path

import tree

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def library_of(header, libraries):
    for name, patterns in libraries.items():
        if any(fnmatch.fnmatch(header, p) for p in patterns):
            return name
    return None


def check_table(rows, complaints):
    order = tree.modules()
    for name in order:
        if name not in rows:
            complaints.append(f"includes.tsv: no row for src/{name}")
    for name, (uses, _) in rows.items():
        for used in uses:
            if used not in order:
                complaints.append(f"includes.tsv: {name} may use {used}, which src/meson.build does not know")
            elif name in order and order.index(used) >= order.index(name):
                complaints.append(f"includes.tsv: {name} may use {used}, which does not stand above it in src/meson.build")


def check_file(path, name, rows, libraries):
    """Complaints about one file of a module."""
    uses, foreign = rows[name]
    folder = path.parent
    for kind, header in INCLUDE.findall(path.read_text(encoding="utf-8")):
        owner = OWNERS.get(header)
        library = library_of(header, libraries)
        if ".." in Path(header).parts and not str(folder).startswith(str(tree.ROOT / "tests")):
            yield f"includes {header}: no way out of the module's own folder but an umbrella"
        elif (folder / header).exists() or header == "config.h":
            continue
        elif owner is not None and owner != name:
            if owner not in uses:
                yield f"includes {header}: {name} may not use {owner}"
            elif header not in (f"md-{owner}.h", f"md-{owner}-generated.h"):
                yield f"includes {header}: only the umbrella md-{owner}.h is for other modules"
        elif library is not None and library not in foreign:
            yield f"includes {header}: {library} is fenced off from {name}"
        elif kind == '"' and owner is None and not (folder / header).exists() and "generated" not in header \
                and "resources" not in header and ".." not in header:
            yield f'includes "{header}", which is not in its folder'


OWNERS = {}


def main():
    libraries, rows = {}, {}
    for row in tree.table("includes.tsv"):
        if row[0] == "library":
            libraries[row[1]] = row[2].split()
        else:
            rows[row[1]] = ([m for m in row[2].split() if m != "-"], row[3].split())
    complaints = []
    check_table(rows, complaints)
    for name in tree.modules():
        for path in tree.walk(f"src/{name}", suffixes={".h"}):
            OWNERS[path.name] = name
    files = 0
    for name in rows:
        for path in tree.c_files(name if "/" in name else f"src/{name}"):
            files += 1
            complaints += [f"{tree.short(path)} {c}" for c in check_file(path, name, rows, libraries)]
    tree.finish(complaints, files)


main()
