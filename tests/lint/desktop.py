#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The desktop and metainfo files hold what freedesktop.org's own tools want, and every XML and JSON of data/ can be
read. Takes the build folder's data/, where the translated desktop file and metainfo are."""

import json
import os
import subprocess
from pathlib import Path

import tree


def check(command, path, complaints):
    done = subprocess.run([*command, str(path)], capture_output=True, text=True)
    if done.returncode != 0 or "error" in done.stdout.lower():
        complaints.append(f"{command[0]} {path.name}: {(done.stdout + done.stderr).strip()}")


def main():
    complaints = []
    built = sorted(Path(os.environ["MADOGUCHI_BUILD"], "data").iterdir())
    desktop = [p for p in built if p.suffix == ".desktop"]
    metainfo = [p for p in built if p.name.endswith(".metainfo.xml")]
    for path in desktop:
        check(["desktop-file-validate", "--no-hints"], path, complaints)
    for path in metainfo:
        check(["appstreamcli", "validate", "--no-net", "--pedantic"], path, complaints)
    for path in tree.walk("data", "ui", suffixes={".xml", ".json", ".svg"}):
        if path.suffix == ".json":
            try:
                json.loads(path.read_text(encoding="utf-8"))
            except ValueError as error:
                complaints.append(f"{tree.short(path)}: {error}")
        else:
            check(["xmllint", "--noout"], path, complaints)
    tree.finish(complaints, desktop and metainfo)


main()
