#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Functions of at most 80 lines (class_init 120) and 6 parameters (a callback and its data count as one), files of at
most 600 lines (tests 900). Relies on the format: a function's braces stand alone at the start of a line."""

import re

import tree

MAX_LINES, MAX_CLASS_INIT, MAX_PARAMETERS, MAX_FILE, MAX_TEST_FILE = 80, 120, 6, 600, 900


def parameters(head):
    """Number of parameters in the text between a function's name and its brace."""
    inner = head[head.index("(") + 1:head.rindex(")")].strip()
    if inner in ("", "void"):
        return 0
    depth, count = 0, 1
    for c in inner:
        depth += (c == "(") - (c == ")")
        count += c == "," and depth == 0
    return count - bool(re.search(r"gpointer (user_)?data\b", inner))


def functions(lines):
    """Name, first line, number of lines and of parameters of each function in a C file."""
    for i, line in enumerate(lines):
        if line != "{" or i == 0 or ")" not in lines[i - 1]:
            continue
        start = i - 1
        while start > 0 and not re.match(r"^\w[\w ]*\(", lines[start]):
            start -= 1
        end = i
        while end < len(lines) - 1 and lines[end] != "}":
            end += 1
        head = re.sub(r"G_GNUC_\w+ \(\d+, \d+\)|, \.\.\.", "", " ".join(line.strip() for line in lines[start:i]))
        yield head.split("(")[0].split()[-1], start + 1, end - start + 1, parameters(head)


def main():
    complaints, looked_at = [], 0
    for path in tree.c_files():
        lines = tree.code_of(path).split("\n")
        most = MAX_TEST_FILE if tree.short(path).startswith("tests/") else MAX_FILE
        if len(lines) > most + 1:
            complaints.append(f"{tree.short(path)}: {len(lines) - 1} lines, more than {most}")
        for name, number, length, count in functions(lines):
            looked_at += 1
            limit = MAX_CLASS_INIT if name.endswith("class_init") else MAX_LINES
            if length > limit:
                complaints.append(f"{tree.short(path)}:{number}: {name} has {length} lines, more than {limit}")
            if count > MAX_PARAMETERS and not name.startswith("IFDH"):  # those are as pcscd calls them
                complaints.append(f"{tree.short(path)}:{number}: {name} has {count} parameters, more than {MAX_PARAMETERS}")
    tree.finish(complaints, looked_at)


main()
