#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What programs write in words of their own has words for people: the causes of refusals that the service writes into
the log, and the keys and words of its details (src/counter/log-words.c), and what "madoguchi-backoffice verify" checks
(src/backoffice/verify.c). No word has two meanings."""

import collections
import re

import tree

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
WORD = r'"([a-z][a-z-]+)"'
# What is given to a call, assigned (one of two, too), or written out in a detail.
CAUSE = re.compile(r'(?:\brefuse\w*|\bcall_refuse|\bcall_reject\w*)\s*\([^;"]*' + WORD
                   + r'|\b(?:\w+_)?cause\s*=\s*(?:[^;"]*\?\s*)?' + WORD + r'(?:\s*:\s*' + WORD + r')?'
                   + r'|"cause=([a-z][a-z-]+)[" ]')
# A function that answers with one, and a table of which one column is the cause.
ANSWERS = re.compile(r'^(?:\w+_)?(?:cause|fault)(?:_\w+)? \([^{;]*\)\n\{\n(.*?)\n\}', re.S | re.M)
ANSWER = re.compile(r'(?:\breturn|[?:])\s*' + WORD)
TABLE = re.compile(r'\bstruct\s*\{([^{}]*)\}\s*\w+\[\w*\]\s*=\s*\{(.*?)\n\s*\};', re.S)
ROW = re.compile(r'\{([^{}]*)\}')
# A detail of the log: keys with values, of which some are words of ours.
DETAIL = re.compile(r'"( ?(?:[a-z_]+=[a-z-]*(?:%[a-z])*)(?: [a-z_]+=[a-z-]*(?:%[a-z])*)*)"')
VALUE = re.compile(r"[a-z][a-z-]*[a-z]")
CHECK = re.compile(r'\b_case_begin \(\w+, "([a-z-]+)"\)')


def tables_of(where, names):
    text = (tree.ROOT / where).read_text(encoding="utf-8")
    for name in names:
        body = re.search(r"\b" + name + r"\[\] = \{(.*?)\n\};", text, re.S)[1]
        yield name, re.findall(r'\{ "([^"]+)",', body)


def words_of(pattern, code, start=0):
    """(place, word) of each; a match may hold more than one."""
    for match in pattern.finditer(code):
        yield from ((start + match.start(i), word) for i, word in enumerate(match.groups(), 1) if word)


def causes_in(code):
    yield from words_of(CAUSE, code)
    for match in ANSWERS.finditer(code):
        yield from words_of(ANSWER, match[1], match.start(1))
    for match in TABLE.finditer(code):
        members = [member.split("*")[-1].split(" ")[-1].strip() for member in match[1].split(";")]
        if "cause" in members:
            for row in ROW.finditer(match[2]):
                cell = re.split(r",\s*", row[1].strip())[members.index("cause")]
                yield match.start(2) + row.start(1), cell.strip(' "')


def checks_in(code):
    return words_of(CHECK, code)


def details_in(code):
    for match in DETAIL.finditer(code):
        for token in match[1].split():
            key, value = token.split("=")
            yield match.start(1), key, value


def keys_in(code):
    return ((place, key) for place, key, value in details_in(code))


def actions_in(code):
    return ((place, value) for place, key, value in details_in(code) if key == "action" and VALUE.fullmatch(value))


def values_in(code):
    return ((place, value) for place, key, value in details_in(code) if key != "action" and VALUE.fullmatch(value))


WORDS, CHECKS = "src/counter/log-words.c", "src/backoffice/verify.c"
EVENTS = "src/counter/log-events.c"
TABLES = ((EVENTS, ("events",)), (WORDS, ("words", "actions", "keys")), (CHECKS, ("labels",)))
# Who writes into the log of a terminal.
WRITERS = ("src/daemon", "src/intake", "src/outbox", "src/staff")
# Who writes them, and which table has their words.
LABELS = ((("src/daemon",), causes_in, WORDS, "words"), (WRITERS, values_in, WORDS, "words"),
          (WRITERS, actions_in, WORDS, "actions"), (WRITERS, keys_in, WORDS, "keys"),
          (("src/backoffice",), checks_in, CHECKS, "labels"))


def said_in(path, find):
    """(line, word) of each."""
    code = COMMENT.sub(lambda m: "\n" * m.group().count("\n"), path.read_text(encoding="utf-8"))
    for place, word in find(code):
        yield code[:place].count("\n") + 1, word


def main():
    complaints, files = [], []
    tables = {where: dict(tables_of(where, names)) for where, names in TABLES}
    for where, named in tables.items():
        for name, words in named.items():
            complaints += [f"{where}: {name}: {word} is there {count} times"
                           for word, count in collections.Counter(words).items() if count > 1]
    for folders, find, where, name in LABELS:
        for path in (path for folder in folders for path in tree.c_files(folder)):
            files.append(path)
            complaints += [f"{tree.short(path)}:{line}: {where} has no words for {word}"
                           for line, word in said_in(path, find) if word not in tables[where][name]]
    tree.finish(complaints, sorted(set(files)))


main()
