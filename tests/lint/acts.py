#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""R-PRIV-20: every act of the window and every verb of madoguchictl stands in acts.tsv with what leaves the program by it. None
hands out the data of persons in bulk: what is not in the table is not there, and no row says so of persons but for one at a
time, by the officer who works on it."""

import re

import tree

ACT = re.compile(r'\{ \.name = "([a-z-]+)"|g_simple_action_new(?:_stateful)? \(\s*"([a-z-]+)"')
# Whatever it is called: a way to a file or a printer.
WAY = re.compile(r"\b(?:gtk_file_chooser_native_new|gtk_file_dialog\w*|g_file_(?:replace|create|append|set_contents)\w*|fopen"
                 r"|gtk_print_operation_new|gtk_print_operation_set_export_filename|gtk_show_uri\w*|g_app_info_launch\w*|gtk_drag_source_new)\b")
VERBS = re.compile(r"\bverbs\[\] = \{(.*?)\n\};", re.S)
VERB = re.compile(r'\{ "(\w+)", (?:"([a-z-]+)"|NULL),')
# What may leave: nothing, the paper of the person at the counter, the state of the terminal, the log, rules and definitions, and
# what the line would carry, which nobody here can open.
LEAVES = {"nothing", "one person's paper", "state", "log", "rules", "what is sealed to the back office"}


def acts():
    """(program, name, file) of each."""
    for path in tree.c_files("src/counter"):
        text = path.read_text(encoding="utf-8")
        for match in ACT.finditer(text):
            yield path.name, match[1] or match[2], tree.short(path)
        if WAY.search(tree.code_of(path)):
            yield path.name, "(a file or a printer)", tree.short(path)
    for path in tree.c_files("src/ctl"):
        for table in VERBS.findall(path.read_text(encoding="utf-8")):
            for noun, verb in VERB.findall(table):
                yield "madoguchictl", f"{noun} {verb}".strip(), tree.short(path)


def main():
    known = {(row[0], row[1]): row[2] for row in tree.table("acts.tsv")}
    complaints, found = [], set()
    for program, name, where in acts():
        found.add((program, name))
        if (program, name) not in known:
            complaints.append(f"{where}: acts.tsv does not say what leaves by {name}")
    complaints += [f"acts.tsv: {program} has no {name}" for program, name in sorted(known.keys() - found)]
    complaints += [f"acts.tsv: {name}: '{leaves}' may not leave" for (_, name), leaves in known.items() if leaves not in LEAVES]
    tree.finish(complaints, found)


main()
