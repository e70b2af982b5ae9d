#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""test-seeds.py REPLAY...: the seeds can be made, each target of what a card says has some from the traces, and its
replay-TARGET bears all of them as they are."""

import pathlib
import subprocess
import sys
import tempfile

SEEDS = pathlib.Path(__file__).resolve().parent / "seeds"


def main():
    replays = {pathlib.Path(path).name.removeprefix("replay-"): path for path in sys.argv[1:]}
    with tempfile.TemporaryDirectory() as name:
        subprocess.run([SEEDS, name], check=True)
        folders = {path.name: path for path in pathlib.Path(name).iterdir()}
        if set(folders) != set(replays):
            sys.exit(f"seeds of {sorted(folders)}, targets {sorted(replays)}")
        for target, replay in sorted(replays.items()):
            if not any(folders[target].glob("trace-*")):
                sys.exit(f"{target}: no seed from a trace")
            print(target, end=": ", flush=True)
            subprocess.run([replay, folders[target], "0"], check=True)


main()
