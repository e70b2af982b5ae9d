#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Each check finds what it is there for: breaks one rule at a time in a copy of the tree and wants the complaint."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import tree

SPDX = "// SPDX-License-Identifier: Apache-2.0\n"
LONG = SPDX + "static void\nlong_one (void)\n{\n" + "  (void) 0;\n" * 90 + "}\n"
WIDE = SPDX + "static void\nwide_one (int a, int b, int c, int d, int e, int f, int g)\n{\n}\n"
PEEK = "static void\npeek (MdFormData *data, const char *id)\n{\n  const char *text = %s;\n}\n"
BOX = '<interface><object class="GtkLabel"><property name="label">Words</property></object></interface>\n'

# check, file to write (+ appends, - removes the line), text, what the check must say
BREAKS = [
    ("includes", "+src/base/md-error.c", "#include <sqlite3.h>\n", "sqlite is fenced off from base"),
    ("includes", "+src/base/md-error.c", "#include <md-apdu.h>\n", "base may not use apdu"),
    ("includes", "+src/card/md-card-error.c", "#include <md-tlv.h>\n", "only the umbrella md-apdu.h"),
    ("includes", "+src/gateway/new.c", "#include <gtk/gtk.h>\n", "gtk is fenced off from gateway"),
    ("includes", "+tests/vcard/vc-card.c", "#include <md-card.h>\n", "tests/vcard may not use card"),
    ("headers", "src/apdu/md-extra.h", SPDX + "#pragma once\n", "md-extra.h lacks the #error guard"),
    ("headers", "-src/apdu/md-apdu.h", '#include "md-tlv.h"', "public by its guard but missing in md-apdu.h"),
    ("format", "+src/base/md-error.c", "int  x ;\n", "md-error.c"),
    ("format", "+README.md", "a line \n", "ends in a blank"),
    ("acts", "src/counter/new.c", SPDX + 'static const GActionEntry entries[] = { { .name = "export-all", .activate = f } };\n', "what leaves by export-all"),
    ("acts", "+src/ctl/main.c", 'static const Verb verbs[] = {\n  { "people", "list", NULL, f },\n};\n', "what leaves by people list"),
    ("acts", "src/counter/new.c", SPDX + "void f (void) { gtk_file_chooser_native_new (0); }\n", "what leaves by (a file or a printer)"),
    ("acts", "-src/counter/bind-log.c", "  static const GActionEntry entries[]", "bind-log.c has no verify"),
    ("calls", "src/base/new.c", SPDX + "void f (char *a) { strcpy (a, a); }\n", "strcpy() is banned"),
    ("calls", "src/base/new.c", SPDX + "void f (void) { goto out; }\n", "no goto"),
    ("labels", "+src/daemon/hold.c", 'call_refuse (self, invocation, &entry, "new-cause", error);\n', "has no words for new-cause"),
    ("labels", "-src/counter/log-words.c", '  { "not-named"', "has no words for not-named"),
    ("labels", "+src/daemon/submit.c", 'static const struct\n{\n  int n;\n  const char *cause;\n} more[] = {\n  { 1, "new-cause" },\n};\n', "has no words for new-cause"),
    ("labels", "+src/daemon/hold.c", 'static const char *\nfind_fault (int n)\n{\n  return n ? NULL : "new-cause";\n}\n', "has no words for new-cause"),
    ("labels", "+src/daemon/hold.c", 'const char *detail = "new_key=%s";\n', "has no words for new_key"),
    ("labels", "+src/outbox/md-outbox-act.c", 'const char *detail = "what=new-thing";\n', "has no words for new-thing"),
    ("labels", "-src/backoffice/verify.c", '  { "named"', "has no words for named"),
    ("eyes", "src/counter/new.c", SPDX + PEEK % "md_form_data_get_value (data, id)", "peek has md_form_data_get_value"),
    ("eyes", "src/ctl/new.c", SPDX + "static Read read_it = md_form_data_get_sealed;\n", "something has md_form_data_get_sealed"),
    ("eyes", "src/counter/new.c", SPDX + "#define READ(what) md_form_data_##what\n", "a function's name is put together"),
    ("eyes", "src/counter/new.c", SPDX + PEEK % 'find ("md_form_data_get_value") (data, id)', "md_form_data_get_value by its name in a string"),
    ("eyes", "src/counter/new.c", SPDX + "#define MD_FORMS_COMPILATION\n", "pretends to be inside of a module"),
    ("eyes", "src/counter/new.c", SPDX + '#include "../forms/md-form-data-private.h"\n', "is of another folder"),
    ("eyes", "+src/counter/meson.build", "# '-DMD_FORMS_COMPILATION'\n", "pretends to be inside of forms"),
    ("eyes", "+src/forms/md-value.h", "const char *md_entry_peek (MdEntry *self);\n", "whether md_entry_peek gives a value"),
    ("eyes", "+src/forms/md-value.h", "gboolean md_entry_peek (MdEntry *self, GString *into);\n", "whether md_entry_peek gives a value"),
    ("eyes", "+src/intake/md-intake-filer.c", PEEK % "md_form_data_get_value (data, id)", "peek has md_form_data_get_value"),
    ("eyes", "src/intake/new.c", SPDX + PEEK % "0;\n  md_entry_set_revealed (data, TRUE)", "md_entry_set_revealed with eyes of its own"),
    ("eyes", "src/counter/new.c", SPDX + PEEK % "0;\n  MdFilterQuestion q = { 0 }", "MdFilterQuestion with eyes of its own"),
    ("eyes", "src/intake/new.c", SPDX + PEEK % '0;\n  g_debug ("%s", md_entry_get_display (data))', "g_debug says md_entry_get_display (data)"),
    ("eyes", "src/counter/new.c", SPDX + PEEK % '0;\n  counter_notify (data, "id", _ ("Title"), md_entry_get_display (data))', "counter_notify says md_entry_get_display"),
    ("eyes", "src/counter/new.c", SPDX + PEEK % "0;\n  gdk_clipboard_set_text (data, id)", "fills the clipboard"),
    ("eyes", "src/counter/new.c", SPDX + PEEK % "0;\n  gtk_window_set_title (data, id)", "gtk_window_set_title says id"),
    ("sizes", "src/base/new.c", LONG, "long_one has 93 lines"),
    ("sizes", "src/base/new.c", WIDE, "wide_one has 7 parameters"),
    ("sizes", "src/base/new.c", SPDX + "\n" * 700, "701 lines, more than 600"),
    ("sql", "src/ledger/new.c", SPDX + 'char *f (char *a) { return g_strdup_printf ("DELETE FROM t WHERE a = %s", a); }\n', "puts a DELETE together"),
    ("licence", "tests/new.py", "print()\n", "tests/new.py: no 'SPDX"),
    ("manuals", "-data/man/madoguchi-gateway.8", ".B address_connections", "does not name address_connections"),
    ("manuals", "-data/man/madoguchictl.1", ".BI \\-\\-report", "does not name --report"),
    ("folders", "notes.txt", "x\n", "notes.txt does not belong"),
    ("folders", "-src/apdu/meson.build", "# apdu:", "src/apdu/meson.build opens with"),
    ("translations", "src/base/new.c", SPDX + 'const char *f (void) { return _("Nowhere"); }\n', "POTFILES lacks src/base/new.c"),
    ("translations", "+po/ja.po", '\nmsgid "Nowhere said"\nmsgstr "どこにもない"\n', "translates what no source says"),
    ("translations", "+src/card/md-card-error.c", 'const char *f = _("is %" G_GSIZE_FORMAT " long");\n', "G_GSIZE_FORMAT within"),
    ("translations", "+src/identity/md-papers-text.c", 'const char *f = g_strdup_printf ("%s: %s", a, b);\n', "is not marked for translation"),
    ("words", "+po/ja.po", '\nmsgid "Nowhere said"\nmsgstr "どこにもない(%s)"\n', "half-width bracket or colon, or a blank, in 'どこにもない(%s)'"),
    ("words", "+po/ja.po", '\nmsgid ""\n"Nowhere said"\nmsgstr "受付: %s"\n', "half-width bracket or colon, or a blank, in '受付: %s'"),
    ("words", "data/new.json", '{"title": {"ja": "終わり", "en": "Done"}}\n', "'Done' is '終わり' here, '完了' in po/ja.po"),
    ("screens", "ui/new.ui", BOX, "'Words' is not marked for translation"),
    ("screens", "ui/new.ui", "<interface>\n", "new.ui"),
    ("screens", "-ui/field-row.ui", 24 * ' ' + '<property name="input-hints">', "reason needs the input-hints"),
    ("screens", "-ui/field-row.ui", 24 * ' ' + '<property name="enable-undo">', "reason keeps what was typed"),
    ("screens", "+src/counter/paper-box.c", "GtkWidget *f (void) { return gtk_entry_new (); }\n", "made by counter_typing_new_*()"),
    ("attacks", "-tests/attacks.tsv", "X01\t", "X01 is missing"),
    ("attacks", "+tests/attacks.tsv", "X02\topen\t\t\ttwice\tx\n", "X02 is there 2 times"),
    ("attacks", "+tests/attacks.tsv", "X99\tshown\tno-such-test\tline\tx\t\n", "no-such-test, which does not exist"),
    ("attacks", "+tests/attacks.tsv", "X99\tshown\tline\t\tx\t\n", "names no test (positive twin)"),
    ("attacks", "+tests/attacks.tsv", "X99\topen\t\t\tx\t\n", "says not what is open"),
    ("requirements", "-tests/requirements.tsv", "R-CARD-01\t", "R-CARD-01 is missing"),
    ("requirements", "+tests/requirements.tsv", "R-CARD-02\tlater\t\ttwice\n", "R-CARD-02 is there 2 times"),
    ("requirements", "+tests/requirements.tsv", "R-CARD-99\tshown\tno-such-test\tx\n", "no-such-test, which does not exist"),
    ("requirements", "+tests/requirements.tsv", "R-CARD-99\tdone\t\tx\n", "unknown state 'done'"),
]


def change(root, where, text):
    path = root / where.lstrip("+-")
    path.parent.mkdir(parents=True, exist_ok=True)
    old = path.read_text(encoding="utf-8") if path.exists() else None
    if where[0] == "+":
        path.write_text((old or SPDX) + text, encoding="utf-8")
    elif where[0] == "-":
        path.write_text("\n".join(line for line in old.split("\n") if not line.startswith(text)), encoding="utf-8")
    else:
        path.write_text(text, encoding="utf-8")
    return path, old


def said(check, root):
    script = Path(__file__).parent / (check if check == "requirements" else f"{check}.py")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True,
                          env={**os.environ, "MADOGUCHI_SOURCE": str(root)})
    return done.returncode, done.stdout + done.stderr


def main():
    complaints = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "tree")
        shutil.copytree(tree.ROOT, root, ignore=shutil.ignore_patterns("build*", ".git", "__pycache__"))
        for check, where, text, wanted in BREAKS:
            path, old = change(root, where, text)
            code, told = said(check, root)
            if code != 1 or wanted not in told:
                complaints.append(f"{check} does not find {where}: wanted '{wanted}', got {code}: {told[-300:]}")
            if old is None:
                path.unlink()
            else:
                path.write_text(old, encoding="utf-8")
    tree.finish(complaints, BREAKS)


main()
