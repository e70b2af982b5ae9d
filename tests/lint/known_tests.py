# SPDX-License-Identifier: Apache-2.0
"""Which tests there are, for the tables that name them."""

import json
import os
import re
from pathlib import Path

import tree

GLIB_PATH = re.compile(r'"(/[a-z0-9-]+(?:/[A-Za-z0-9_.%-]+)+)"')
# #define ADD(name, function) g_test_add ("/module/file/" name, ...), and its uses.
GLIB_MACRO = re.compile(r'#define (\w+)\((\w+)[^)]*\)(?:\s|\\)+g_test_add\w* \("([^"]*)" \2\b')


def existing_tests():
    """Names that meson knows, and the paths that the C tests register."""
    found = set()
    for name in ("intro-tests.json", "intro-benchmarks.json"):
        listed = Path(os.environ["MADOGUCHI_BUILD"], "meson-info", name)
        found |= {t["name"] for t in json.loads(listed.read_text(encoding="utf-8"))}
    for path in tree.walk("tests", suffixes={".c"}):
        text = path.read_text(encoding="utf-8")
        paths = set(GLIB_PATH.findall(text))
        for macro, _, prefix in GLIB_MACRO.findall(text):
            paths |= {prefix + name for name in re.findall(r"\b%s \(\s*\"([^\"]+)\"" % macro, text)}
        module = path.relative_to(tree.ROOT / "tests").parts[0]
        found |= {p for p in paths if p.startswith(f"/{module}/") and p.count("/") >= 3}
    return found
