#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A clerk attaches scans to a paper, from the folder into which the scanner writes: what may not come in is refused in words, what
is attached outlives a killed window sealed, is looked at, approved by another officer and taken out at the back office as it was
scanned. Nothing of its bytes or its pixels stays in the window's memory or, in the open, on the disk. On the way the window's
self-test of what is left of a person: a file that is being chosen is nothing left, and a line that was not emptied is.

Usage (inside tests/isolated): scans.py [--keeps keeps.so] [--pictures DIR]"""

import contextlib
import json
import os
import re
import shutil
import sqlite3
import struct
import sys
import time
import zlib

sys.dont_write_bytecode = True
from stage import BUTTONS, options, perform, stage  # noqa: E402

ALARM = "前の方の情報がこの画面に残っているおそれがあります"
LEFT = ALARM + "（入力した内容）"
TYPED = "資格確認書"
PAPER = "所得証明書（庁内で確認できないとき）"
MARK = b"mark-of-a-scan/90671-4482-xq"
WIDTH, HEIGHT = 620, 877  # A4 at 75 dots per inch
# The file's bytes, and its pixels in each shape in which they are drawn.
TRACES = {"the file": MARK, "pixels of three bytes": b"".join(bytes([c] * 3) for c in MARK),
          "pixels of four bytes": b"".join(bytes([c, c, c, 255]) for c in MARK)}


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def page():
    """A page with lines like writing on it, and the mark as a dark row; not packed, so that the mark stands in the file."""
    row = b"\0" + b"\xf4" * WIDTH
    ink = b"\0" + (b"\xf4" * 40 + (b"\x28" * 9 + b"\xf4" * 6) * 36 + b"\xf4" * 40)[:WIDTH]
    marked = (b"\0" + b"\x28" * 40 + MARK + b"\x28" * WIDTH)[:WIDTH + 1]
    rows = b"".join(marked if y == 60 else ink if 90 < y < 800 and y % 28 < 12 else row for y in range(HEIGHT))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 0)) + chunk(b"IEND", b""))


PDF = b"%PDF-1.4\n1 0 obj\n<</Type /Page>>\nendobj\nstartxref\n9\n%%EOF\n"
ACTIVE = PDF.replace(b"<</Type /Page>>", b"<</Type /Page/OpenAction<</S/JavaScript/JS(x)>>>>")


def in_memory(pid):
    """Which of the traces stand in what this process may write."""
    found = set()
    with open("/proc/%d/maps" % pid, encoding="utf-8") as maps, open("/proc/%d/mem" % pid, "rb", 0) as memory:
        for line in maps:
            begin, end, rights = re.match("([0-9a-f]+)-([0-9a-f]+) (....)", line).groups()
            if "w" not in rights or int(end, 16) - int(begin, 16) > 1 << 32:  # the sanitizer's own
                continue
            with contextlib.suppress(OSError, ValueError, OverflowError):
                memory.seek(int(begin, 16))
                content = memory.read(int(end, 16) - int(begin, 16))
                found |= {what for what, trace in TRACES.items() if trace in content}
    return found


def on_disk(folder):
    found = []
    for top, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError), open(os.path.join(top, name), "rb") as file:
                if MARK in file.read():
                    found.append(os.path.join(top, name))
    return found


def start(office):
    """With a scan folder, from which the office has what is kept removed, and a scanner that finds nothing."""
    os.mkdir(office.at("scans"))
    with open(office.at("terminal", "terminal.ini"), "a", encoding="utf-8") as f:
        f.write("\n[scanning]\nfolder=%s\nremove_kept=true\nvirus_scanner=/usr/bin/wc -c\n" % office.at("scans"))
    office.start_all()


class Story:
    def __init__(self, play, case, keeps):
        self.keeps = keeps
        self.play, self.office, self.robot, self.clerk, self.case = play, play.office, play.robot, play.clerk, case
        self.receipt = None

    def scan(self, name, content):
        """The scanner writes a file, whose name is nobody's business."""
        path = self.office.at("scans", name)
        with open(path + ".part", "wb") as file:
            file.write(content)
        os.rename(path + ".part", path)
        return path

    def take(self):
        """The newest of the folder."""
        self.robot.press(BUTTONS, PAPER + " をスキャナーから取り込む")
        question = self.robot.around(PAPER + " はどれですか", "やめる")
        self.robot.press(BUTTONS, lambda name: "に読み取り" in name, where=question)

    def attach(self):
        clerk, robot = self.clerk, self.robot
        refused = self.scan("田中恵子.pdf", ACTIVE)
        self.take()
        clerk.see("含まれているため、受け付けませんでした")
        self.play.picture("scan-refused")
        os.remove(refused)
        kept = self.scan("田中恵子.png", page())
        self.take()
        clerk.see("PNG、1ページ", "ウイルス検査済み（wc）", "読み取りデータ 1 件")
        for _ in robot.tries(90):
            if not os.path.exists(kept):
                break
        assert not os.path.exists(kept), "what is kept is still in the folder"
        self.scan("second.pdf", PDF)
        self.take()
        clerk.see("PDF、1ページ", "読み取りデータ 2 件")
        said = "\n".join(robot.texts())
        assert "田中恵子" not in said and "second" not in said, "a file's name is on the screen:\n%s" % said
        self.play.picture("scans")

    def choose_a_file(self):
        """What the toolkit asks has lines of its own: the resident takes the card back meanwhile, and nothing is left of anybody."""
        clerk, robot, office = self.clerk, self.robot, self.office
        robot.press(BUTTONS, PAPER + " に付けるファイルを選ぶ")
        robot.find(name="読み取りデータを付ける")
        office.remove_card("resident")
        clerk.see("カードが離れました")
        for _ in range(2):  # it is asked once everything has heard of it
            time.sleep(1)
            assert not robot.said(ALARM), "a file chooser is taken for what a person left"
        self.play.picture("choosing")
        robot.key("Escape")
        robot.gone(name="読み取りデータを付ける")
        office.insert("resident", self.case["resident"])
        clerk.see("PNG、1ページ")

    def keep_typed(self):
        """A line that is not emptied: with the next person whoever works here is told, and the log."""
        clerk, kept = self.clerk, self.office.at("keeps")
        with open(kept, "wb"):
            pass
        clerk.choose(TYPED)
        assert not self.robot.said(ALARM)
        clerk.give_up()
        clerk.see(LEFT)
        self.play.picture("left")
        os.remove(kept)

    def look(self):
        """In the window, and away again."""
        robot = self.robot
        robot.press(BUTTONS, PAPER + " の読み取りデータ 1 を表示する")
        robot.find(name=PAPER + " のページ")
        self.play.picture("scan-shown")
        robot.press(BUTTONS, "隠す")
        robot.gone(name=PAPER + " のページ")

    def wait_kept(self):
        """Nothing waits to be kept: the folder is empty."""
        for _ in self.robot.tries(90):
            if not os.listdir(self.office.at("scans")):
                return
        raise AssertionError("still in the folder: %s" % os.listdir(self.office.at("scans")))

    def crash(self):
        clerk, office = self.clerk, self.office
        self.wait_kept()
        office.processes["window"].kill()
        office.processes["window"].wait()
        found = on_disk(os.path.dirname(office.at("any")))
        assert not found, "in the open on the disk: %s" % found
        office.remove_card("resident")
        office.remove_card("staff")
        office.start_window(LD_PRELOAD=self.keeps, KEEPS_WHILE=office.at("keeps"))
        clerk.log_in("S0001")
        self.robot.press(BUTTONS, "中断中")
        clerk.see("暗証番号で、中断した受付を開いて")
        clerk.type_staff_pin("S0001")
        clerk.primary()
        clerk.see("カードを置いてください")
        clerk.show(self.case["resident"])
        clerk.see(office.people[self.case["resident"]]["name"].split("　")[0])
        clerk.primary()
        clerk.see("PNG、1ページ", "PDF、1ページ")

    def hand_in(self):
        assert in_memory(self.office.processes["window"].pid) >= {"the file"}, "the search is blind"
        self.receipt = self.clerk.hand_in()
        self.clerk.see("今日の受付")
        self.wait_wiped()

    def wait_wiped(self):
        pid = self.office.processes["window"].pid
        deadline = time.monotonic() + 90
        while in_memory(pid):
            assert time.monotonic() < deadline, "still in the window's memory: %s" % in_memory(pid)
            time.sleep(1)
        found = on_disk(os.path.dirname(self.office.at("any")))
        assert not found, "in the open on the disk: %s" % found

    def start_again(self, staff, forms=None):
        """The window, with these forms in the place of the terminal's."""
        office, settings = self.office, self.office.at("terminal", "terminal.ini")
        office.processes["window"].kill()
        office.processes["window"].wait()
        office.remove_card("staff")
        with open(settings, encoding="utf-8") as file:
            good = file.read()
        if forms:
            with open(settings, "w", encoding="utf-8") as file:
                file.write(re.sub("(?m)^forms_dir *=.*", lambda _: "forms_dir=" + forms, good))
        office.start_window()
        self.clerk.log_in(staff)
        with open(settings, "w", encoding="utf-8") as file:
            file.write(good)

    def cannot_read(self):
        """Forms that somebody edited: a fault of this terminal returns nothing, but by a second act of its own."""
        clerk, robot = self.clerk, self.robot
        forms = self.office.at("run", "edited")
        shutil.copytree(os.path.join(os.environ["MADOGUCHI_SOURCE"], "data", "forms"), forms)
        fields = os.path.join(forms, "fields.json")
        with open(fields, encoding="utf-8") as file:
            text = file.read()
        edited = re.sub(r'("p.hh_head": \{[^{}]*"max_length": )100', r"\g<1>2", text)
        assert edited != text
        with open(fields, "w", encoding="utf-8") as file:
            file.write(edited)
        self.start_again("S0101", forms)
        robot.key("F3")
        clerk.open_waiting(self.receipt)
        clerk.type_staff_pin("S0101")
        clerk.primary()
        clerk.see("この申請はこの端末では読み取れません", "管理者に連絡してください")
        self.play.picture("unread")
        assert not robot.said("署名して差し戻す"), "it is returned with one act"
        for ticked in True, False:
            robot.tab_to(("check box",), "どの端末でも読み取れないことを、管理者が確認しました")
            robot.key("space")
            if ticked:
                clerk.see("署名して差し戻す", "記録される理由：「申請の内容をどの端末でも読み取れない」")
                self.play.picture("unread-confirmed")
            else:
                robot.gone("label", "署名して差し戻す")
        self.start_again("S0101")

    def approve(self):
        clerk, robot = self.clerk, self.robot
        robot.key("F3")
        clerk.open_waiting(self.receipt)
        clerk.type_staff_pin("S0101")
        clerk.primary()
        clerk.see("読み取った書類", "2件（ウイルス検査済み）")
        self.play.picture("scan-approval")
        self.look()
        clerk.see("確認済み（全ページを画面に表示しました）", "まだ確認していない読み取りデータが1件あります")
        self.play.picture("scan-half-looked")
        clerk.tick_differences()
        robot.tab_to(("check box",), PAPER + " の読み取りデータ 2：原本を確認しました")
        robot.key("space")
        clerk.see("確認済み（原本を確認しました）")
        self.play.picture("scan-looked")
        robot.press(BUTTONS, lambda name: name in ("承認する", "承認"))
        clerk.see("署名して承認する")
        clerk.type_staff_pin("S0101")
        clerk.primary()
        clerk.see("承認しました")
        clerk.primary()
        self.wait_wiped()
        clerk.wait_drained()

    def take_out(self):
        folder = self.office.at("out")
        told = self.office.backoffice("--json", "attachments", self.receipt, folder)
        assert [one["scanner"] for one in json.loads(told)["papers"][0]["documents"]] == ["wc", "wc"], told
        for name, content in (("01.png", page()), ("02.pdf", PDF)):
            with open(os.path.join(folder, name), "rb") as file:
                assert file.read() == content, name

    def check_log(self):
        details = [record["detail"] for record in self.office.ctl("audit", "list", "--limit", "1000")]
        assert any("action=attach" in detail and "cause=active" in detail for detail in details), details
        assert sum("action=remove-scan" in detail for detail in details) == 2, details
        assert not any("田中" in detail for detail in details)
        left = [record for record in self.office.ctl("audit", "list", "--limit", "1000") if record["event"] == "left"]
        assert [record["detail"].split()[0] for record in left] == ["cause=left-text"], left

    def run(self):
        clerk, robot = self.clerk, self.robot
        robot.key("F2")
        clerk.see("どの手続きですか")
        robot.type(self.case["search"]) if self.case["search"].isascii() else robot.write(self.case["search"])
        clerk.primary()
        clerk.fill_in_chosen(self.case)
        self.attach()
        self.choose_a_file()
        self.look()
        self.crash()
        self.hand_in()
        self.keep_typed()
        self.cannot_read()
        self.approve()
        self.take_out()
        self.check_log()


def main():
    from people import DAY

    chosen = options(("keeps", os.path.join(os.environ.get("MADOGUCHI_BUILD", ""), "tests", "window", "keeps.so")))
    with stage(start=start, pictures=chosen.pictures) as play:
        Story(play, DAY[0], chosen.keeps).run()
    print("scans: attached, shown, approved and taken out")


if __name__ == "__main__":
    perform(main)
