#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""SQL is never put together at run time: values are bound (md_db_bind_*). db alone may write a number into a PRAGMA,
which SQLite cannot bind, and the names of a damaged file's tables, which it looks at first, and sees SQLite's own calls."""

import re

import tree

BUILT = re.compile(r'(\w*printf\w*|g_strconcat|g_strjoinv?|g_string_\w+)\s*\([^;]*?"[^"]*\b'
                   r'(SELECT|INSERT|UPDATE|DELETE|DROP|ALTER|ATTACH|CREATE|PRAGMA)\b')
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)


def main():
    complaints = []
    files = tree.c_files("src")
    for path in files:
        name = tree.short(path)
        text = COMMENT.sub(lambda m: "\n" * m.group().count("\n"), path.read_text(encoding="utf-8"))
        for match in BUILT.finditer(text):
            if not (name.startswith("src/db/") and match.group(2) == "PRAGMA") and name not in ("src/db/md-db-salvage.c", "src/db/md-db-scattered.c"):
                line = text[:match.start()].count("\n") + 1
                complaints.append(f"{name}:{line}: {match.group(1)} puts a {match.group(2)} together: bind its values")
    tree.finish(complaints, files)


main()
