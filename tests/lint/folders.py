#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The top folder holds what the README says and nothing else; each module's build file opens with its line of the
README's folder map; build files name their sources instead of searching for them."""

import re

import tree

TOP = {"meson.build", "src", "ui", "data", "po", "tests", "packaging", "README.md", "LICENSE"}


def main():
    complaints = []
    names = {p.name for p in tree.ROOT.iterdir() if not p.name.startswith((".", "build", "__pycache__"))}
    complaints += [f"{n} does not belong into the top folder" for n in sorted(names - TOP)]
    complaints += [f"{n} is missing in the top folder" for n in sorted(TOP - names)]
    readme = (tree.ROOT / "README.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `src/(\w+)/` \| (.*?) \|$", readme, re.M))
    order = tree.modules()
    if list(told) != order:
        complaints.append(f"README's folder map is not in the order of src/meson.build: {list(told)}")
    for name in order:
        first = (tree.ROOT / f"src/{name}/meson.build").read_text(encoding="utf-8").split("\n")[0]
        if first != f"# {name}: {told.get(name)}":
            complaints.append(f"src/{name}/meson.build opens with '{first}', README says '{told.get(name)}'")
    for path in tree.walk(suffixes={".build"}):
        if re.search(r"\bglob\b|run_command\([^)]*(?:find|ls)\b", path.read_text(encoding="utf-8")):
            complaints.append(f"{tree.short(path)} searches for files")
    tree.finish(complaints, order)


main()
