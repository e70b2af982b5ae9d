#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What programs write in words of their own has words for people: the causes of refusals that the service writes into the
log (src/counter/log-words.c), and what "madoguchi-backoffice verify" checks (src/backoffice/verify.c). No word has two
meanings."""

import collections
import re

import tree

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
CAUSE = re.compile(r'(?:\brefuse\w*|\bcall_refuse|\bcall_reject\w*)\s*\([^;"]*"([a-z][a-z-]+)"|\bcause\s*=\s*"([a-z][a-z-]+)"')
CHECK = re.compile(r'\b_case_begin \(\w+, "([a-z-]+)"\)')
# Who writes them, where their words stand, and in which tables, the first of which is asked.
LABELS = (("src/daemon", CAUSE, "src/counter/log-words.c", ("words", "events", "actions", "keys")),
          ("src/backoffice", CHECK, "src/backoffice/verify.c", ("labels",)))


def tables_of(where, names):
    text = (tree.ROOT / where).read_text(encoding="utf-8")
    for name in names:
        body = re.search(r"\b" + name + r"\[\] = \{(.*?)\n\};", text, re.S)[1]
        yield name, re.findall(r'\{ "([^"]+)",', body)


def said_in(path, pattern):
    """(line, word) of each."""
    code = COMMENT.sub(lambda m: "\n" * m.group().count("\n"), path.read_text(encoding="utf-8"))
    for match in pattern.finditer(code):
        yield code[:match.end()].count("\n") + 1, next(filter(None, match.groups()))


def main():
    complaints, files = [], []
    for folder, pattern, where, names in LABELS:
        tables = dict(tables_of(where, names))
        for name, words in tables.items():
            complaints += [f"{where}: {name}: {word} is there {count} times"
                           for word, count in collections.Counter(words).items() if count > 1]
        files += tree.c_files(folder)
        for path in tree.c_files(folder):
            complaints += [f"{tree.short(path)}:{line}: {where} has no words for {word}"
                           for line, word in said_in(path, pattern) if word not in tables[names[0]]]
    tree.finish(complaints, files)


main()
