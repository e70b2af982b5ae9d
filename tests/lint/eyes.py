#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Nothing shows a field's value but through the privacy filter. What hands out a value as it is, is named in eyes.tsv, and so is
every function that may have it, with the reason: the window has none, and where one is had, nothing is shown, printed or
logged. A public function that gives a text has to be in that table before it can be there at all."""

import fnmatch
import re

import tree

# Who deals with values for their own sake: the language of cards, forms, people.
OWN = ("src/base", "src/card", "src/forms", "src/identity", "src/pcsc")
# Whose public functions are classified.
CLASSIFIED = ("src/card", "src/forms", "src/identity", "src/intake", "src/record")
# Who holds forms, cards' answers or what was opened; the rest of the tree has nothing to call them with.
WATCHED = ("src/backoffice", "src/counter", "src/ctl", "src/daemon", "src/intake")
# Every function there has to do with values; another module's only where it gives a text.
VALUES = "src/record"
# What shows, prints, logs, stores or tells.
SHOWS = re.compile(r"\b(?:g_(?:print|printerr|message|debug|info|warning|critical|log\w*|file_set_contents\w*|object_set\w*)|printf|fprintf"
                   r"|puts|fputs|fwrite|write|syslog|sd_journal\w*|(?:gtk|gdk|adw|pango|cairo|notify)_\w+|_md_item_set_text|counter_\w+"
                   r"|plain_put|page_put\w*|put(?:_\w+)?|show_print|md_writer_\w+)\s*\(")
SAYS = re.compile(r"\b(g_(?:print|printerr|message|debug|info|warning|critical|error|log\w*)|fprintf|printf)\s*\(")
# What of a log's arguments is no person's: a literal, the text of an error (which names no value: md-forms-types.h), numbers.
PLAIN = re.compile(r'(?:[GN]?_ ?\()?"[^"]*"\)?|(?:\w+->)*(?:error|cause|local|failure)->message|MD_\w+|stderr|stdout|G_\w+')
BLIND = ("src/counter", "src/intake", "src/forms", "src/identity", "src/card", "src/pcsc")
TEXT = re.compile(r"^(?:const )?(?:char|MdSecret|GBytes|GStrv|G(?:String|Variant|PtrArray|HashTable)|Json\w+|Md(?:Number|CardAttributes|Holder|Picture))\b[\s*]*(?:const\b[\s*]*)*(md_\w+) ?\(", re.M)
OUT = re.compile(r"^(?!static|typedef|#)[\w ]+?[\s*]+(md_\w+) ?\([^;{]*(?:\bchar \*\*|\bGString \*|(?<!const )MdMatchSide \*)[^;{]*\)", re.M)
ANY = re.compile(r"^(?!typedef|#)[\w ]+?[\s*]+(md_\w+) ?\([^;{]*\)", re.M)
FUNCTION = re.compile(r"^(\w+) \([^;]*?\)\n\{\n(.*?)^\}", re.S | re.M)
FILTER = re.compile(r"\b(md_filter(?:_render|_may_reveal)?|MdFilterQuestion|md_form_look_at\w*|md_entry_set_revealed|md_form_data_set_viewer|md_form_data_new)\b")
CALL = re.compile(r"\b(counter_notify|gtk_window_set_title|notify_notification_new|gdk_clipboard_set\w*)\s*\(([^;]*)\);", re.S)
CLIPBOARD = "src/counter/clipboard.c"
NOTIFIER = "src/counter/notify.c"


def rows():
    """What eyes.tsv says, by its first words."""
    found = {"open": set(), "plain": [], "may": {}, "shows": set(), "asks": set(), "says": set()}
    for kind, *row in tree.table("eyes.tsv"):
        if kind == "plain":
            found["plain"] += row[0].split(",")
        elif kind == "may":
            found["may"][row[0], row[1]] = set(row[2].split(","))
        elif kind == "open":
            found["open"].update(row[0].split(","))
        else:
            found[kind].add((row[0], row[1]))
    return found


def spoken(path):
    """The C text with comments blanked, strings as they are."""
    return re.sub(r'("(?:\\.|[^"\\\n])*")|/\*.*?\*/|//[^\n]*', lambda m: m[1] or "\n" * m[0].count("\n"),
                  path.read_text(encoding="utf-8"), flags=re.S)


def line_of(text, place):
    return text.count("\n", 0, place) + 1


def unclassified(table):
    for path in tree.walk(*CLASSIFIED, suffixes={".h"}):
        if "private" in path.name or not path.name.startswith("md-"):
            continue
        text = tree.code_of(path)
        for match in [*TEXT.finditer(text), *OUT.finditer(text), *(ANY.finditer(text) if tree.short(path).startswith(VALUES) else ())]:
            if match[1] not in table["open"] and not any(fnmatch.fnmatchcase(match[1], plain) for plain in table["plain"]):
                yield f"{tree.short(path)}:{line_of(text, match.start())}: eyes.tsv does not say whether {match[1]} gives a value in the open"


def functions(text):
    """(name, first and last place of the body) of each."""
    for match in FUNCTION.finditer(text):
        yield match[1], match.start(2), match.end()


def unasked(path, text, table, used):
    """Values in the open where nobody may have them, or where they are shown."""
    name, words = tree.short(path), re.compile(r"\b(" + "|".join(sorted(table["open"])) + r")\b")
    bodies = list(functions(text))
    for match in words.finditer(text):
        if name.endswith(".h") or text[match.start() - 1] == "\n":
            continue  # where it is declared or defined
        inside = next((f for f, start, end in bodies if start <= match.start() < end), "")
        if match[1] not in table["may"].get((name, inside), ()):
            yield f"{name}:{line_of(text, match.start())}: {inside or 'something'} has {match[1]}, which eyes.tsv does not allow"
        used.add((name, inside, match[1]))
    for function, start, end in bodies:
        body = text[start:end]
        if words.search(body) and (shown := SHOWS.search(body)) and (name, function) not in table["shows"]:
            yield f"{name}:{line_of(text, start + shown.start())}: {function} has a value in the open and calls {shown[0].rstrip(' (')}"


def evasions(path, text, table):
    """Ways around: a name put together or in a string, a private header, the module's own define, a question of one's own."""
    name, said = tree.short(path), spoken(path)
    for match in re.finditer(r"\bmd_\w+\s*##|\bdlsym\b|\bg_module_symbol\b", text):
        yield f"{name}:{line_of(text, match.start())}: a function's name is put together: {match[0]}"
    for quoted in re.finditer(r'"(md_\w+)"', said):
        if quoted[1] in table["open"]:
            yield f"{name}:{line_of(said, quoted.start())}: {quoted[1]} by its name in a string"
    for match in re.finditer(r"#\s*define\s+MD_\w+_(?:COMPILATION|INSIDE)\b", text):
        if not re.match(r"src/\w+/md-\w+\.h$", name):
            yield f"{name}:{line_of(text, match.start())}: pretends to be inside of a module"
    for match in re.finditer(r'#\s*include\s+"([^"]*/[^"]*)"', said):
        yield f"{name}:{line_of(said, match.start())}: {match[1]} is of another folder"
    for match in FILTER.finditer(text):
        if (name, match[1]) not in table["asks"]:
            yield f"{name}:{line_of(text, match.start())}: {match[1]} with eyes of its own, which eyes.tsv does not allow"


def talk(path, table):
    """Logs, notifications, titles and the clipboard: sentences of ours, and nothing else."""
    name, said = tree.short(path), spoken(path)
    if name.startswith(BLIND):
        for match in SAYS.finditer(said):
            arguments = arguments_of(said, match.end())
            odd = [each for each in arguments if not PLAIN.fullmatch(each.strip())]
            if odd and (name, odd[0].strip()) not in table["says"]:
                yield f"{name}:{line_of(said, match.start())}: {match[1]} says {odd[0].strip()}"
    for match in CALL.finditer(said) if path.suffix == ".c" else ():
        arguments = arguments_of(said, match.start(2))
        if match[1].startswith("gdk_clipboard") and (name != CLIPBOARD or arguments[-1].strip() != "NULL"):
            yield f"{name}:{line_of(said, match.start())}: fills the clipboard"
        elif match[1] == "notify_notification_new" and name != NOTIFIER:
            yield f"{name}:{line_of(said, match.start())}: notifies by itself"
        elif match[1] in ("counter_notify", "gtk_window_set_title"):
            odd = [each.strip() for each in arguments[1:] if not PLAIN.fullmatch(" ".join(each.split()).strip())]
            if odd and (name, odd[0]) not in table["says"]:
                yield f"{name}:{line_of(said, match.start())}: {match[1]} says {odd[0]}"


def arguments_of(text, start):
    """Those of a call, from behind its bracket."""
    depth, found, last, place, quoted = 1, [], start, start, False
    while depth and place < len(text):
        letter = text[place]
        if letter == '"' and text[place - 1] != "\\":
            quoted = not quoted
        elif not quoted and letter in "([{":
            depth += 1
        elif not quoted and letter in ")]}":
            depth -= 1
        if depth == 1 and letter == "," and not quoted:
            found.append(text[last:place])
            last = place + 1
        place += 1
    return [joined(each) for each in found + [text[last:place - 1]]]


def joined(argument):
    """Literals that stand one behind another are one."""
    return re.sub(r'"\s*(?:G_GU?INT64_FORMAT|G_GSIZE_FORMAT)?\s*"', "", " ".join(argument.split()))


def screens():
    for path in tree.walk("ui", suffixes={".ui"}):
        text = path.read_text(encoding="utf-8")
        if re.search(r'<object class="\w*(?:Window|Dialog)"[^>]*>(?:(?!<child|<object).)*<binding name="title">', text, re.S):
            yield f"{tree.short(path)}: the title of a window is bound to something"


def main():
    table, complaints, used = rows(), [], set()
    complaints += unclassified(table)
    files = tree.c_files("src")
    for path in files:
        name, text = tree.short(path), tree.code_of(path)
        complaints += talk(path, table)
        if name.startswith(WATCHED):
            complaints += unasked(path, text, table, used)
        if not name.startswith(OWN):
            complaints += evasions(path, text, table)
    complaints += screens()
    for path in tree.walk("src", suffixes={".build"}):
        folder = path.parent.name.upper()
        for define in re.findall(r"-DMD_(\w+)_(?:COMPILATION|INSIDE)", path.read_text(encoding="utf-8")):
            if define != folder:
                complaints.append(f"{tree.short(path)}: pretends to be inside of {define.lower()}")
    for (name, function), words in table["may"].items():
        complaints += [f"eyes.tsv allows {word} in {name}: {function}, which does not use it" for word in words
                       if (name, function, word) not in used]
    tree.finish(complaints, files)


main()
