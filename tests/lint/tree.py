# SPDX-License-Identifier: Apache-2.0
"""What the lint checks share: the files of the tree, C without its comments and strings, and one way to report."""

import os
import re
import sys
from pathlib import Path

ROOT = Path(os.environ.get("MADOGUCHI_SOURCE", Path(__file__).resolve().parents[2]))


def walk(*folders, suffixes=None):
    """Files below the folders (the whole tree without any), build folders and hidden ones left out, sorted."""
    found = []
    for folder in folders or (".",):
        for path, inner, names in os.walk(ROOT / folder):
            inner[:] = sorted(n for n in inner if not n.startswith((".", "build", "__pycache__")))
            found += [Path(path, n) for n in sorted(names)]
    return [p for p in found if suffixes is None or p.suffix in suffixes]


def short(path):
    return str(Path(path).relative_to(ROOT))


def c_files(*folders):
    return walk(*(folders or ("src", "tests")), suffixes={".c", ".h"})


_TOKENS = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def code_of(path):
    """The C text with comments blanked and strings emptied; every line keeps its number."""

    def blank(match):
        text = match.group()
        if text[0] in "\"'":
            return text[0] * 2
        return " " + "\n" * text.count("\n")

    return _TOKENS.sub(blank, path.read_text(encoding="utf-8"))


def modules():
    """The modules in layer order, as src/meson.build names them."""
    return re.findall(r"^subdir\('(\w+)'\)", (ROOT / "src/meson.build").read_text(), re.M)


def table(name):
    """Rows of a .tsv beside the checks; comments and empty lines left out."""
    for line in (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def finish(complaints, looked_at):
    """Prints and exits; looking at nothing is a failure too."""
    for complaint in complaints:
        print(complaint)
    if not looked_at:
        print("nothing was looked at")
    sys.exit(1 if complaints or not looked_at else 0)
