# SPDX-License-Identifier: Apache-2.0
"""What is left of a person: their values, in every way in which somebody would write or a program would encode them, looked
for in files, in what programs say and in memory."""

import base64
import hashlib
import io
import os
import re
import stat
import subprocess
import sys
import unicodedata
import zipfile
import zlib

sys.path.append(os.path.dirname(os.path.realpath(__file__)))
from memory import forms, pieces, secret_pages  # noqa: E402

SHORTEST = 5  # bytes: fewer stand anywhere by chance
LONG_ENOUGH = 8  # of what is encoded together with its neighbours: the letters on either side are not looked at
LARGEST = 256 << 20  # of a file
TOGETHER = 32 << 20  # of what is looked through at once
APART = b"\n\0\n"
DEPTH = 3  # of one packed within another

ERAS = (("令和", "R", 2018), ("平成", "H", 1988), ("昭和", "S", 1925), ("大正", "T", 1911), ("明治", "M", 1867))
BEGINS = ("20190501", "19890108", "19261225", "19120730", "18680125")

_HALF = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF61, 0xFFA0)}


# --- how people write it ---

def hiragana(text):
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in text)


def katakana(text):
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in text)


def half_width(text):
    """Katakana as one byte sets have them: marks stand behind their letter."""
    parts = unicodedata.normalize("NFD", katakana(text)).replace("\u3099", "ﾞ").replace("\u309a", "ﾟ").replace("　", " ")
    return "".join(_HALF.get(c, c) for c in parts)


def full_width(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def of_day(iso):
    """A day as forms, cards and people write it."""
    compact = iso.replace("-", "")
    year, month, day = compact[:4], compact[4:6], compact[6:]
    name, letter, before = next(era for era, begin in zip(ERAS, BEGINS) if compact >= begin)
    era = int(year) - before
    return [iso, compact, "%s/%s/%s" % (year, month, day), "%s/%d/%d" % (year, int(month), int(day)),
            "%s年%d月%d日" % (year, int(month), int(day)), "%s%d年%d月%d日" % (name, era, int(month), int(day)),
            "%s%02d年%02d月%02d日" % (name, era, int(month), int(day)), "%s%d.%d.%d" % (letter, era, int(month), int(day)),
            "%s%02d.%02d.%02d" % (letter, era, int(month), int(day)), "%s%02d%s%s" % (letter, era, month, day)]


def of_digits(digits):
    fours = [digits[at:at + 4] for at in range(0, len(digits), 4)]
    sums = [] if digits.startswith("0") else ["{:,}".format(int(digits)), "{:,}".format(int(digits)).replace(",", "，")]
    return [digits, " ".join(fours), "-".join(fours), full_width(digits)] + sums


def of_words(text):
    parts = [part for part in re.split(r"[\s　]+", text) if part]
    whole = [text, " ".join(parts), "".join(parts), unicodedata.normalize("NFKC", text), unicodedata.normalize("NFD", text)]
    found = whole + [part for part in parts if len(part) > 1]
    if any("ァ" <= c <= "ヶ" or "ぁ" <= c <= "ゖ" for c in text):
        found += [change(each) for each in list(found) for change in (hiragana, katakana, half_width)]
    return found


def spellings(text):
    """Every way in which a person would write it, without doubles, as it is first."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        found = of_day(text)
    elif re.fullmatch(r"\d[\d-]*\d", text):
        found = [text] + of_digits(text.replace("-", ""))
    else:
        found = of_words(text)
    return list(dict.fromkeys(found))


# --- how programs encode it ---

def _escaped(text, pattern, units):
    """ASCII stays as it is."""
    return "".join(c if ord(c) < 0x80 else "".join(pattern % unit for unit in units(c)) for c in text).encode()


def _utf16_units(c):
    data = c.encode("utf-16-be")
    return [int.from_bytes(data[at:at + 2], "big") for at in range(0, len(data), 2)]


def _base64(data):
    """Wherever it begins within what is encoded: without the letters that its neighbours have a part in."""
    for skipped in range(3):
        text = base64.b64encode(b"\0" * skipped + data)
        first, last = (0, 2, 3)[skipped], len(text) - (0, 3, 2)[(skipped + len(data)) % 3]
        yield text[first:last]
        yield base64.urlsafe_b64encode(b"\0" * skipped + data)[first:last]


def encodings(text):
    """(name, bytes) of each way in which this text can stand in a file."""
    utf8 = text.encode()
    for name in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp932", "euc-jp", "iso2022-jp"):
        try:
            data = text.encode(name)
        except UnicodeEncodeError:
            continue
        yield name, data.removeprefix(b"\x1b$B").removesuffix(b"\x1b(B")
    for letters in ("%04x", "%04X"):
        yield "JSON", _escaped(text, "\\u" + letters, _utf16_units)
    for name, pattern in (("octal", "\\%03o"), ("C", "\\x%02x"), ("percent", "%%%02X"), ("percent", "%%%02x"), ("quoted", "=%02X")):
        yield name, _escaped(text, pattern, str.encode)
    for pattern in ("&#%d;", "&#x%x;", "&#x%X;"):
        yield "XML", _escaped(text, pattern, lambda c: [ord(c)])
    for data in (utf8, text.encode("utf-16-le")):
        for each in (data.hex(), data.hex().upper(), data.hex(" "), data.hex(":"), data.hex(" ").upper()):
            yield "hex", each.encode()
        for each in _base64(data) if len(data) >= LONG_ENOUGH else ():
            yield "base64", each
    if re.fullmatch("[0-9]{10,}", text):
        yield "packed", bytes.fromhex(text if len(text) % 2 == 0 else text + "f")
        for order in ("little", "big") if int(text) >> 32 else ():  # small ones stand anywhere
            yield "number", int(text).to_bytes(5, order)
    for sum_of in (hashlib.sha256, hashlib.sha1, hashlib.md5):
        digest = sum_of(utf8).digest()
        for each in (digest, digest.hex().encode(), digest.hex().upper().encode(), base64.b64encode(digest).rstrip(b"=")):
            yield "digest", each


def needles(values):
    """{bytes: what it is} of what is looked for in files. values: what each is -> text."""
    found = {}
    for what, text in values.items():
        for spelling in spellings(text):
            for name, data in encodings(spelling):
                if len(data) >= SHORTEST:
                    found.setdefault(data, "%s as %s" % (what, name))
    return found


# --- where it is looked for ---

def unpacked(content, depth=DEPTH):
    """The content, and what is packed in it: archives and streams."""
    yield content
    if depth == 0:
        return
    inner = []
    if content.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                inner = [archive.read(entry) for entry in archive.infolist() if entry.file_size < LARGEST]
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error):
            pass
    view = memoryview(content)  # a copy for each place that looks like a stream would take minutes
    for match in re.finditer(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]", content):
        try:
            inner.append(zlib.decompressobj(47).decompress(view[match.start():], LARGEST))
        except zlib.error:
            pass
    for each in inner:
        yield from unpacked(each, depth - 1)


class Search:
    """Looks for all of the needles ({bytes: what}) at once: there may be thousands. found: what there is, so far."""

    def __init__(self, wanted):
        # grep takes a line for each; from memory, since a file of them would be found.
        self.wanted, self.found = wanted, set()
        self.rest = {needle: what for needle, what in wanted.items() if b"\n" in needle}
        self.patterns = os.memfd_create("needles")
        os.write(self.patterns, b"\n".join(needle for needle in wanted if needle not in self.rest))

    def look(self, content):
        done = subprocess.run(["grep", "-aoF", "-f", "/proc/self/fd/%d" % self.patterns], input=content, stdout=subprocess.PIPE,
                              pass_fds=[self.patterns], env={"LC_ALL": "C", "PATH": os.environ["PATH"]}, check=False)
        assert done.returncode in (0, 1), "grep ended with %d" % done.returncode
        self.found.update(self.wanted[line] for line in set(done.stdout.split(b"\n")) if line)
        self.found.update(what for needle, what in self.rest.items() if needle in content)
        return self

    def end(self):
        os.close(self.patterns)
        return sorted(self.found)


def in_contents(contents, wanted):
    """What of the needles stands in any of them, as it is or packed."""
    search, waiting, size = Search(wanted), [], 0
    for content in contents:
        for each in unpacked(content):
            waiting.append(each)
            size += len(each)
            if size > TOGETHER:
                search.look(APART.join(waiting))
                waiting, size = [], 0
    return search.look(APART.join(waiting)).end()


def in_content(content, wanted):
    return in_contents([content], wanted)


def files(folders, but=(), since=None):
    """Regular files below the folders, whatever they are called; not below those of `but`; SINCE: changed after that time."""
    for folder in folders:
        for top, inner, names in os.walk(folder):
            inner[:] = [name for name in inner if os.path.join(top, name) not in but]
            for path in (os.path.join(top, name) for name in names):
                try:
                    facts = os.lstat(path)
                except OSError:
                    continue
                if path not in but and stat.S_ISREG(facts.st_mode) and (since is None or facts.st_ctime >= since):
                    yield path


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read(min(os.fstat(file.fileno()).st_size, LARGEST))  # room for all of it is taken at once
    except OSError:  # gone by now
        return b""


def in_files(folders, wanted, but=(), since=None):
    """(path, what) of each that has one of the needles, in it or in its name."""
    paths = list(files(folders, but, since))
    if not in_contents((content for path in paths for content in (os.fsencode(path), read(path))), wanted):
        return []
    return [(path, found) for path in paths for found in [in_contents([os.fsencode(path), read(path)], wanted)] if found]


def in_open_files(pid, wanted):
    """The same of files that this process has open and that have no name any more: what it wrote there is on the disk."""
    found = []
    for number in os.listdir("/proc/%d/fd" % pid):
        path = "/proc/%d/fd/%s" % (pid, number)
        try:
            if stat.S_ISREG(os.stat(path).st_mode) and os.readlink(path).endswith(" (deleted)"):
                found += [(os.readlink(path), what) for what in [in_content(read(path), wanted)] if what]
        except OSError:
            continue
    return found


def in_memory(pid, values, but_secrets=False):
    """What of the values stands in a process's memory, freed blocks included, as sorted names; but_secrets: not looked at are
    the locked pages of secrets. Reading is as good as a core image, or better: those leave secrets out."""
    search = Search({form: what for what, text in values.items() for spelling in _whole(text)
                     for form in forms(spelling) if len(form) >= SHORTEST})
    for content, _ in pieces(pid, secret_pages(pid) if but_secrets else ()):
        search.look(content)
    return search.end()


def _whole(text):
    """Parts of a name may stand in a font or a dictionary."""
    return [spelling for spelling in spellings(text) if len(spelling) >= max(4, len(text) // 2) or spelling == text]
