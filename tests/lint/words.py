#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Japanese is written with its own brackets and colons, in the translation and in the data; and an English text of the forms
and documents means one thing in Japanese, among themselves and in the programs."""

import ast
import json
import re

import tree

JAPANESE = "\u3001-\u30ff\u3400-\u9fff\uff00-\uffef"
# Between figures, commands and names of files they stay as they are: `audit list: `, (%s: %s).
NARROW = re.compile(rf"[{JAPANESE}] ?\(|\)[{JAPANESE}]|\([^()]*[{JAPANESE}]|[{JAPANESE}]:|[{JAPANESE}] …")
MESSAGE = re.compile(r'^msgid ((?:"(?:\\.|[^"\\])*"\n)+)((?:msg\w+(?:\[\d\])? (?:"(?:\\.|[^"\\])*"\n)+)+)', re.M)


def joined(text):
    return "".join(ast.literal_eval(line) for line in re.findall(r'"(?:\\.|[^"\\])*"', text))


def translations():
    """(English, Japanese) of each message; more than one pair where number or context change it."""
    for message in MESSAGE.finditer((tree.ROOT / "po/ja.po").read_text(encoding="utf-8") + "\n"):
        for japanese in re.findall(r"msgstr(?:\[\d\])? ((?:\".*\"\n)+)", message[2]):
            yield joined(message[1]), joined(japanese)


def pairs_of(data, where=""):
    """(place, English, Japanese) of each text in two languages."""
    if isinstance(data, dict):
        if isinstance(data.get("ja"), str) and isinstance(data.get("en"), str):
            yield where, data["en"], data["ja"]
        for name, value in data.items():
            yield from pairs_of(value, f"{where}.{name}")
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from pairs_of(value, f"{where}[{index}]")


def main():
    complaints, meanings = [], {}
    for english, japanese in translations():
        if NARROW.search(japanese):
            complaints.append(f"po/ja.po: half-width bracket or colon, or a blank, in '{japanese}'")
        meanings.setdefault(english, {}).setdefault(japanese, "po/ja.po")
    files = [path for path in tree.walk("data") if path.suffix == ".json" and path.parts[-2] != "schema"]
    for path in files:
        for where, english, japanese in pairs_of(json.loads(path.read_text(encoding="utf-8"))):
            place = f"{tree.short(path)} at {where}"
            if NARROW.search(japanese):
                complaints.append(f"{place}: half-width bracket or colon, or a blank, in '{japanese}'")
            known = meanings.setdefault(english, {})
            if known and japanese not in known:
                other, there = next(iter(known.items()))
                complaints.append(f"{place}: '{english}' is '{japanese}' here, '{other}' in {there}")
            known.setdefault(japanese, place)
    tree.finish(complaints, files)


main()
