#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every source, script and template says its licence within its first lines, and LICENSE is there."""

import tree

MARKED = {".c", ".h", ".py", ".sh", ".ui", ".css"}
LINE = "SPDX-License-Identifier: Apache-2.0"


def is_script(path):
    with open(path, "rb") as file:
        return file.read(2) == b"#!"


def main():
    complaints, looked_at = [], 0
    if "Apache License" not in (tree.ROOT / "LICENSE").read_text()[:400]:
        complaints.append("LICENSE is not the Apache licence")
    for path in tree.walk():
        if path.suffix not in MARKED and not is_script(path):
            continue
        looked_at += 1
        if LINE not in "\n".join(path.read_text(encoding="utf-8").split("\n")[:3]):
            complaints.append(f"{tree.short(path)}: no '{LINE}' within the first three lines")
    tree.finish(complaints, looked_at)


main()
