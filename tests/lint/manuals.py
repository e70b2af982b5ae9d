#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Each service and tool has a manual page, which is installed and names every option and every setting that its source
reads. The window has its help elsewhere."""

import re

import tree

PAGES = {"gateway": "madoguchi-gateway.8", "backoffice": "madoguchi-backoffice.8", "daemon": "madoguchid.8",
         "ctl": "madoguchictl.1"}
OPTION = re.compile(r'\{ "([a-z-]+)", (?:0|\'.\'), (?:0|(G_OPTION_FLAG_HIDDEN)), G_OPTION_ARG_')
# A key of the settings as the gateway's and the back office's sources name it.
SETTING = {"gateway": re.compile(r'(?:\{ "|\{ [A-Z]+, "|read_number \(file, "|\(file, [A-Z]+, ")([a-z_]+)"'),
           "backoffice": re.compile(r'(?:setting \(file, "|get_\w+ \(file, (?:GROUP|"\w+"), ")([a-z_]+)"')}


def main():
    complaints, looked_at = [], 0
    installed = (tree.ROOT / "data/meson.build").read_text(encoding="utf-8")
    for folder, page in PAGES.items():
        path = tree.ROOT / "data/man" / page
        if not path.exists():
            complaints.append(f"data/man/{page} is missing")
            continue
        if f"'man/{page}'" not in installed:
            complaints.append(f"data/meson.build does not install {page}")
        text = path.read_text(encoding="utf-8").replace("\\-", "-")
        for source in tree.c_files(f"src/{folder}"):
            code = source.read_text(encoding="utf-8")
            wanted = {"--" + name for name, hidden in OPTION.findall(code) if not hidden}
            if folder in SETTING and source.name in ("settings.c", "desk.c"):
                wanted |= set(SETTING[folder].findall(code))
            looked_at += len(wanted)
            for word in sorted(wanted):
                if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text):
                    complaints.append(f"data/man/{page} does not name {word} of {tree.short(source)}")
    tree.finish(complaints, looked_at)


main()
