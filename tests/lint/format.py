#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every C file is as clang-format leaves it, and no text file has tabs, blanks at line ends or a missing last newline."""

import subprocess

import tree

TEXT = {".c", ".h", ".py", ".sh", ".ui", ".css", ".md", ".json", ".xml", ".yaml", ".build"}


def check_text(path):
    text = path.read_text(encoding="utf-8")
    if text and not text.endswith("\n"):
        yield "lacks its last newline"
    for number, line in enumerate(text.split("\n"), 1):
        if line != line.rstrip():
            yield f"line {number} ends in a blank"
        if "\t" in line:
            yield f"line {number} has a tab"


def main():
    files = tree.c_files()
    run = subprocess.run(["clang-format", "--dry-run", "--Werror", "--ferror-limit=1", *map(str, files)],
                         capture_output=True, text=True, cwd=tree.ROOT)
    complaints = [line for line in run.stderr.splitlines() if "error:" in line]
    if run.returncode != 0 and not complaints:
        complaints.append(f"clang-format ended with {run.returncode}: {run.stderr[:400]}")
    for path in tree.walk(suffixes=TEXT):
        complaints += [f"{tree.short(path)} {c}" for c in check_text(path)]
    tree.finish(complaints, files)


main()
