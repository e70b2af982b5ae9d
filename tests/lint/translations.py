#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""po/POTFILES lists exactly the files with translatable strings, in order and each once; the Japanese translation is
complete, has nothing fuzzy and nothing left over, and its formats fit."""

import re
import subprocess
import tempfile
from pathlib import Path

import tree

MARK = re.compile(r"(?<![\w])(?:_|N_|C_|NC_|Q_|ngettext|g_dngettext|g_dpgettext2?)\s*\(")
KEYWORDS = ["_", "N_", "Q_", "C_:1c,2", "NC_:1c,2", "ngettext:1,2", "g_dngettext:2,3", "g_dpgettext2:2c,3"]


def has_strings(path):
    if path.suffix in {".c", ".h"}:
        return MARK.search(re.sub(r"^\s*#.*$", "", tree.code_of(path), flags=re.M)) is not None
    if path.suffix == ".png":
        return False
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ui":
        return 'translatable="yes"' in text
    return path.name.endswith((".desktop.in", ".metainfo.xml.in"))


def check_potfiles(complaints):
    lines = (tree.ROOT / "po/POTFILES").read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if line and not line.startswith("#")]
    for name in sorted({n for n in listed if listed.count(n) > 1}):
        complaints.append(f"po/POTFILES lists {name} twice")
    wanted = {tree.short(p) for p in tree.walk("src", "ui", "data") if has_strings(p)}
    complaints += [f"po/POTFILES lacks {n}" for n in sorted(wanted - set(listed))]
    complaints += [f"po/POTFILES lists {n}, which has no translatable string" for n in sorted(set(listed) - wanted)]
    return [n for n in listed if (tree.ROOT / n).exists()]


def run(complaints, *command):
    done = subprocess.run(command, cwd=tree.ROOT, capture_output=True, text=True, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin"})
    if done.returncode != 0:
        complaints.append(f"{command[0]}: {done.stderr.strip()}")
    return done.stderr


def check_formats(listed, complaints):
    """xgettext ends a sentence at a macro such as G_GINT64_FORMAT, and the translation is never found."""
    macro = re.compile(r'(?<![\w])N?_\s*\((?:\s*"(?:\\.|[^"\\])*")*\s*(G_\w+)')
    for name in listed:
        if name.endswith(".c"):
            text = (tree.ROOT / name).read_text(encoding="utf-8")
            complaints += [f"{name}: {m} within a translatable sentence: cast and use %lld or %zu" for m in macro.findall(text)]


def check_marks(listed, complaints):
    """Brackets and colons are others in Japanese, also where nothing but names stand between them."""
    bare = re.compile(r'(?<!_ \()"%s ?[:(] ?%s\)?"')
    for name in listed:
        if re.match(r"src/(counter|forms|identity|intake)/.*\.c$", name):
            text = (tree.ROOT / name).read_text(encoding="utf-8")
            complaints += [f"{name}: {m} is not marked for translation" for m in bare.findall(text)]


def check_language(listed, language, complaints):
    with tempfile.TemporaryDirectory() as folder:
        pot, merged = Path(folder, "all.pot"), Path(folder, "merged.po")
        run(complaints, "xgettext", "--from-code=UTF-8", "--add-comments", f"--output={pot}",
            *[f"--keyword={k}" for k in KEYWORDS], "--flag=g_strdup_printf:1:c-format",
            "--flag=g_set_error:4:c-format", "--flag=g_prefix_error:2:c-format", *listed)
        source = tree.ROOT / f"po/{language}.po"
        run(complaints, "msgmerge", "--quiet", "--no-fuzzy-matching", f"--output-file={merged}", str(source), str(pot))
        told = run(complaints, "msgfmt", "--check", "--statistics", "--output-file=/dev/null", str(merged))
        if "untranslated" in told or "fuzzy" in told:
            complaints.append(f"po/{language}.po: {told.strip()}")
            untranslated = subprocess.run(["msgattrib", "--untranslated", "--no-wrap", str(merged)],
                                          capture_output=True, text=True).stdout
            complaints += [f"  {m}" for m in re.findall(r'^msgid "(.+)"$', untranslated, re.M)][:40]
        left_over = re.findall(r'^#~ msgid "(.+)"$', merged.read_text(encoding="utf-8"), re.M)
        complaints += [f"po/{language}.po translates what no source says: {m}" for m in left_over]


def main():
    complaints = []
    listed = check_potfiles(complaints)
    check_formats(listed, complaints)
    check_marks(listed, complaints)
    for language in (tree.ROOT / "po/LINGUAS").read_text().split():
        check_language(listed, language, complaints)
    tree.finish(complaints, listed)


main()
