#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The templates in ui/: well-formed, each compiled in, each for a class that binds only children it has; words are marked
for translation, a button without words has a name for those who do not see it. And no place to type into, made here or in
src/counter, lets an input method learn what is typed: it may be of a person, and the method keeps it in a dictionary of its
own."""

import re
import subprocess
import xml.etree.ElementTree as ET

import tree

WORDS = {"label", "title", "subtitle", "tooltip-text", "placeholder-text", "description", "heading", "body"}
BIND = re.compile(r"gtk_widget_class_bind_template_(?:child(?:_private)?)\s*\(\s*\w+\s*,\s*\w+\s*,\s*(\w+)\s*\)")
PAGE = re.compile(r'counter_page_class_use\s*\([^;]*?"([\w-]+)"\)', re.S)
TEMPLATE = re.compile(r'gtk_widget_class_set_template_from_resource\s*\([^;]*?"[^"]*?/([\w-]+\.ui)"', re.S)
TYPED = ("GtkEntry", "GtkText", "GtkTextView", "GtkSearchEntry", "GtkPasswordEntry", "GtkEditableLabel", "GtkSpinButton",
         "AdwEntryRow", "AdwPasswordEntryRow", "AdwSpinRow")
HINTS = {"no-spellcheck", "no-emoji", "private"}
MADE = re.compile(r"\b(?:(?:gtk_(?:entry|text|text_view|search_entry|password_entry|editable_label|spin_button)"
                  r"|adw_(?:password_)?entry_row|adw_spin_row)_new\w*\s*\("
                  r"|(?:GTK_TYPE_(?:ENTRY|TEXT|TEXT_VIEW|SEARCH_ENTRY|PASSWORD_ENTRY|EDITABLE_LABEL|SPIN_BUTTON)"
                  r"|ADW_TYPE_(?:PASSWORD_)?(?:ENTRY|SPIN)_ROW)\b)")
TYPING = "src/counter/typing.c"


def check_typed(name, root):
    for typed in root.iter("object"):
        if typed.get("class") in TYPED:
            hints = next((p.text for p in typed.findall("property") if p.get("name") == "input-hints"), "")
            undo = next((p.text for p in typed.findall("property") if p.get("name") == "enable-undo"), "1")
            if not HINTS <= set(re.split(r"[\s|]+", hints)):
                yield f"{name}: {typed.get('id')} needs the input-hints {'|'.join(sorted(HINTS))}"
            if undo != "0":
                yield f"{name}: {typed.get('id')} keeps what was typed to undo it: set enable-undo to 0"


def check_made(path):
    for made in MADE.finditer(tree.code_of(path)):
        if tree.short(path) != TYPING:
            yield f"{tree.short(path)}: {made.group(0)}: a place to type into is made by counter_typing_new_*()"


def check_words(name, root):
    for holder in root.iter():
        for prop in holder.findall("property"):
            text = (prop.text or "").strip()
            if prop.get("name") in WORDS and re.search(r"[^\W\d_]", text) and prop.get("translatable") != "yes":
                yield f"{name}: '{text}' is not marked for translation"


def check_buttons(name, root):
    for button in root.iter("object"):
        if button.get("class") not in ("GtkButton", "GtkMenuButton", "GtkToggleButton"):
            continue
        props = {p.get("name") for p in button.findall("property")}
        named = button.find("accessibility/property[@name='label']") is not None
        if "icon-name" in props and not props & {"label", "tooltip-text"} and not named \
                and button.find("child") is None:
            yield f"{name}: a button with an icon alone has no accessible label"


def main():
    complaints = []
    screens = {p.name: p for p in tree.walk("ui", suffixes={".ui"})}
    resources = "".join(p.read_text(encoding="utf-8") for p in tree.walk("ui", "data", "src") if p.name.endswith(".gresource.xml"))
    used = {}
    for path in tree.walk("src/counter", suffixes={".c"}):
        text = path.read_text(encoding="utf-8")
        complaints += check_made(path)
        for template in TEMPLATE.findall(text) + [f"{stem}.ui" for stem in PAGE.findall(text)]:
            used[template] = (path, set(BIND.findall(text)))
    for name, path in screens.items():
        done = subprocess.run(["xmllint", "--noout", str(path)], capture_output=True, text=True)
        if done.returncode != 0:
            complaints.append(done.stderr.strip())
            continue
        root = ET.parse(path).getroot()
        ids = {o.get("id") for o in root.iter("object") if o.get("id")}
        complaints += check_words(name, root)
        complaints += check_buttons(name, root)
        complaints += check_typed(name, root)
        if name not in resources:
            complaints.append(f"{name} is in no .gresource.xml")
        if root.find("template") is not None and root.find("template").get("class") != "GtkListItem":
            if name not in used:
                complaints.append(f"{name} is a template that no class uses")
            else:
                missing = used[name][1] - ids
                complaints += [f"{tree.short(used[name][0])} binds {m}, which {name} lacks" for m in sorted(missing)]
    complaints += [f"{tree.short(p)} wants {n}, which is not in ui/" for n, (p, _) in used.items() if n not in screens]
    tree.finish(complaints, screens)


main()
