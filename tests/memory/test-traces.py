#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The search for what is left of a person finds it however it is written, encoded or packed, wherever it lies, and nobody
else's. What is planted is encoded by others than what is looked for."""

import base64
import binascii
import contextlib
import gzip
import hashlib
import json
import os
import quopri
import sqlite3
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
import zipfile
import zlib

sys.dont_write_bytecode = True
from traces import in_files, in_memory, in_open_files, needles  # noqa: E402

PERSON = {"name": "鵺野　蕗緒", "kana": "ヌエノ　フキオ", "number": "747474747474", "birth": "1947-08-19",
          "address": "東京都あおぞら区鵺ヶ淵七丁目４２番９号", "contact": "03-7061-4482"}
NAME, KANA, NUMBER = PERSON["name"], PERSON["kana"], PERSON["number"]
# By the first letters of each: what somebody may write in place of it.
WRITTEN = {
    "name": ["鵺野　蕗緒", "鵺野 蕗緒", "鵺野蕗緒"],
    "kana": ["ヌエノ　フキオ", "ぬえの　ふきお", "ﾇｴﾉ ﾌｷｵ", "ヌエノフキオ"],
    "number": ["747474747474", "7474 7474 7474", "7474-7474-7474", "７４７４７４７４７４７４"],
    "birth": ["1947-08-19", "19470819", "1947/8/19", "昭和22年8月19日", "S22.8.19"],
    "address": ["東京都あおぞら区鵺ヶ淵七丁目４２番９号", "東京都あおぞら区鵺ヶ淵七丁目42番9号"],
    "contact": ["0370614482", "03-7061-4482"],
}
OTHERS = ["鵺沼　蕗子", "トリヌマ　サキコ", "747474747466", "1947-08-20", "東京都あおぞら区鵺ヶ丘七丁目４２番８号", "03-7061-5482"]


def iconv(to):
    return lambda text: subprocess.run(["iconv", "-f", "UTF-8", "-t", to], input=text.encode(), stdout=subprocess.PIPE,
                                       check=True).stdout


def printf(text):
    """As GLib and journald put it into a line."""
    return "".join("\\%03o" % byte if byte > 0x7E else chr(byte) for byte in text.encode()).encode()


ENCODED = {
    "as it is": str.encode,
    "UTF-16": iconv("UTF-16LE"), "UTF-16BE": iconv("UTF-16BE"), "UCS-4": iconv("UCS-4LE"), "Shift JIS": iconv("CP932"),
    "EUC": iconv("EUC-JP"), "ISO-2022-JP": iconv("ISO-2022-JP"),
    "JSON": lambda text: json.dumps({"v": text}).encode(),
    "XML": lambda text: text.encode("ascii", "xmlcharrefreplace"),
    "URL": lambda text: urllib.parse.quote(text, safe=" -/").encode(),
    "quoted-printable": lambda text: quopri.encodestring(text.encode()).replace(b"=\n", b""),
    "octal": printf,
    "hex": lambda text: binascii.hexlify(text.encode()),
    "HEX": lambda text: binascii.hexlify(text.encode()).upper(),
    "hex of UTF-16": lambda text: binascii.hexlify(text.encode("utf-16-le")),
    "hex, apart": lambda text: binascii.hexlify(text.encode(), ":"),
}
ENCODED.update({"base64 behind %d" % n: lambda text, n=n: base64.b64encode(b"x" * n + text.encode() + b"yz") for n in range(3)})
ENCODED.update({"base64url behind %d" % n: lambda text, n=n: base64.urlsafe_b64encode(b"\xff" * n + text.encode()) for n in range(3)})
PACKED = {
    "gzip": lambda data: gzip.compress(data),
    "a stream of a PDF": lambda data: b"%PDF-1.5\nstream\n" + zlib.compress(b"(" + data + b") Tj") + b"\nendstream",
    "gzip in gzip": lambda data: gzip.compress(b"..." + gzip.compress(data)),
}
DIGESTS = {"SHA-256": lambda text: hashlib.sha256(text.encode()).hexdigest().encode(),
           "SHA-256, bare": lambda text: hashlib.sha256(text.encode()).digest(),
           "as a number": lambda text: int(text).to_bytes(8, "little"), "packed": lambda text: bytes.fromhex(text)}


class Traces(unittest.TestCase):
    def setUp(self):
        self.wanted = needles(PERSON)
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = holder.name

    def plant(self, data, name="planted"):
        path = os.path.join(self.folder, "deep", "er", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def found(self):
        return {what.split(" as ")[0] for _, found in in_files([self.folder], self.wanted) for what in found}

    def assert_found(self, what, data, how):
        self.plant(b"some words before it " + data + b" and behind it\n")
        self.assertIn(what, self.found(), how)

    def test_written(self):
        for what, ways in WRITTEN.items():
            for way in ways:
                for name, encode in ENCODED.items():
                    with contextlib.suppress(subprocess.CalledProcessError):  # a set that lacks a character
                        self.assert_found(what, encode(way), "%s: %s" % (name, way))

    def test_part(self):
        """Part of a name, among other words: where that is long enough to be no chance."""
        for name in ("as it is", "UCS-4", "JSON", "XML", "URL", "octal", "hex"):
            self.assert_found("name", ENCODED[name]("Ms. 蕗緒 (鵺野)"), name)

    def test_packed(self):
        for name, pack in PACKED.items():
            self.assert_found("kana", pack(KANA.encode()), name)
        with zipfile.ZipFile(self.plant(b"", "an.asice"), "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("application.cms", "name: " + NAME)
        self.assertIn("name", self.found())

    def test_derived(self):
        for name, derive in DIGESTS.items():
            self.assert_found("number", derive(NUMBER), name)

    def test_database(self):
        """What was deleted stays in the file where nothing else has taken its place."""
        path = os.path.join(self.folder, "some.db")
        with contextlib.closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA secure_delete=OFF")
            db.execute("CREATE TABLE t (v)")
            db.execute("INSERT INTO t VALUES (?)", (PERSON["address"],))
            db.commit()
            db.execute("DELETE FROM t")
            db.commit()
        self.assertEqual(self.found(), {"address"})

    def test_names(self):
        self.plant(b"nothing", "application of %s.pdf" % NAME)
        self.assertIn("name", self.found())

    def test_without_a_name(self):
        path = self.plant(NUMBER.encode())
        with open(path, "rb"):
            os.unlink(path)
            self.assertEqual([what for _, what in in_open_files(os.getpid(), self.wanted)], [["number as utf-8"]])

    def test_left_out(self):
        path = self.plant(NAME.encode())
        self.assertEqual(in_files([self.folder], self.wanted, but=[path]), [])
        self.assertEqual(in_files([self.folder], self.wanted, but=[os.path.dirname(path)]), [])
        self.assertEqual(in_files([self.folder], self.wanted, since=os.stat(path).st_ctime + 10), [])

    def test_others(self):
        for text in OTHERS:
            for encode in ENCODED.values():
                with contextlib.suppress(subprocess.CalledProcessError):
                    self.plant(encode(text))
                    self.assertEqual(self.found(), set(), text)

    def test_memory(self):
        for text, encoding, what in ((NAME, "utf-8", "name"), (NAME, "utf-16-le", "name"), ("ぬえの ふきお", "utf-32-le", "kana"),
                                     (NUMBER, "utf-8", "number"), ("昭和22年8月19日", "utf-8", "birth"), (OTHERS[0], "utf-8", None)):
            # Its own source and arguments hold it as hexadecimal digits.
            with subprocess.Popen([sys.executable, "-c", "import sys; held = bytes.fromhex(sys.argv[1]); print(1, flush=True); sys.stdin.read()",
                                   text.encode(encoding).hex()], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
                process.stdout.readline()
                self.assertEqual(in_memory(process.pid, PERSON), [what] if what else [], (text, encoding))
                process.stdin.close()


if __name__ == "__main__":
    unittest.main()
