#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""No call that has a safer form among ours; calls.tsv lists the few places with a reason."""

import re

import tree

BANNED = {
    "strcpy": "g_strlcpy or a GString", "strncpy": "g_strlcpy", "strcat": "a GString", "strncat": "a GString",
    "sprintf": "g_strdup_printf or g_snprintf", "vsprintf": "g_strdup_vprintf", "gets": "fgets", "scanf": "a parser",
    "sscanf": "MdReader or g_ascii_string_to_unsigned", "atoi": "g_ascii_string_to_unsigned",
    "atol": "g_ascii_string_to_unsigned", "strtok": "g_strsplit", "system": "GSubprocess", "popen": "GSubprocess",
    "g_spawn_command_line_sync": "GSubprocess", "g_spawn_command_line_async": "GSubprocess",
    "alloca": "the heap", "g_alloca": "the heap", "g_newa": "the heap", "exit": "return from main",
    "malloc": "g_malloc", "calloc": "g_new0", "realloc": "g_realloc", "free": "g_free or the library's own",
    "tmpnam": "mkdtemp", "mktemp": "mkdtemp", "rand": "md_random_fill", "random": "md_random_fill",
    "g_random_int": "md_random_fill", "memset_s": "md_wipe", "bcopy": "memmove", "strdup": "g_strdup",
}
CALL = re.compile(r"(?<![\w.>])(" + "|".join(BANNED) + r")\s*\(")
GOTO = re.compile(r"\bgoto\s+\w+\s*;")
SWITCHED_OFF = re.compile(r"\bG_DISABLE_(?:ASSERT|CHECKS|CAST_CHECKS)\b")


def main():
    allowed = {(row[0], row[1]) for row in tree.table("calls.tsv")}
    used = set()
    complaints = []
    files = tree.c_files()
    for path in files:
        name = tree.short(path)
        for number, line in enumerate(tree.code_of(path).split("\n"), 1):
            for call in CALL.findall(line):
                used.add((name, call))
                if (name, call) not in allowed:
                    complaints.append(f"{name}:{number}: {call}() is banned: use {BANNED[call]}")
            if GOTO.search(line):
                complaints.append(f"{name}:{number}: no goto: g_autoptr cleans up")
            if SWITCHED_OFF.search(line):
                complaints.append(f"{name}:{number}: checks are the same in every build")
    complaints += [f"calls.tsv allows {call}() in {name}, which does not call it" for name, call in sorted(allowed - used)]
    tree.finish(complaints, files)


main()
