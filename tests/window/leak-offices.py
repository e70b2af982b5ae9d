#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""As leak.py, at a form of each of the five offices: money, accounts, numbers of others, rows of a household, notes, characters that
nobody else has, a declaration, a scan. The resident looks at each on the turned screen, and it is printed. Whoever comes next, and
whatever is looked at, has nothing of it.

Usage (inside tests/isolated): leak-offices.py [--pictures DIR] [--office NAME,NAME]"""

import os
import sys
import time

sys.dont_write_bytecode = True
from stage import BUTTONS, options, perform, stage  # noqa: E402

from leak import WHO, Story, everything_that_talks  # noqa: E402
from offices import CHILD, OFFICES, PERSON, SPOUSE, fill, markers  # noqa: E402
from scans import MARK, page  # noqa: E402
from traces import in_content, needles  # noqa: E402
from witness import Witness  # noqa: E402

SCAN = "鵼森の謄本.png"


class Offices(Story):
    def __init__(self, play, witness, since, chosen):
        self.chosen = {name: OFFICES[name] for name in chosen}
        every = {"%s of %s" % (field, name): text for name, case in self.chosen.items() for field, text in markers(case).items()}
        super().__init__(play, witness, since, {**PERSON, **every, "scan": MARK.decode(), "scan's name": SCAN[:-4]})
        self.numbers = needles({"number": self.values["number"], "spouse's number": SPOUSE, "child's number": CHILD})

    def look(self, name):
        super().look(name)
        whole = in_content(self.robot.everything().encode(), self.numbers)
        assert not whole, "%s: %s is there, and nobody asked for it" % (name, whole)

    def scan(self, paper):
        """The scanner names a file as somebody told it; it is gone once it is kept."""
        path = self.office.at("scans", SCAN)
        with open(path + ".part", "wb") as file:
            file.write(page())
        os.rename(path + ".part", path)
        self.robot.press(BUTTONS, paper + " をスキャナーから取り込む")
        question = self.robot.around(paper + " はどれですか", "やめる")
        self.robot.press(BUTTONS, lambda name: "に読み取り" in name, where=question)
        self.clerk.see("PNG、1ページ")
        for _ in self.robot.tries(90):
            if not os.path.exists(path):
                return
        raise AssertionError("what is kept is still in the folder")

    def show_resident(self, name, case):
        """On the screen, turned; the clerk takes it back with the password."""
        robot, clerk = self.robot, self.clerk
        robot.key("F7")
        clerk.see("間違いがないか、お確かめください")
        clerk.see("ヌエノ")
        self.look("resident-" + name)
        robot.press(BUTTONS, "間違いありません")
        clerk.see("画面を職員にお返しください")
        self.with_eyes(self.values)
        self.look("answered-" + name)
        robot.press(BUTTONS, lambda text: text.startswith("職員："))
        clerk.see("パスワードを入力してください")
        robot.type(self.office.staff["S0001"]["password"])
        clerk.primary()
        clerk.see("来庁者が画面で確かめました")
        self.with_eyes(None)

    def check_held(self, name):
        """What the search finds now is what it may not find later."""
        held = set(self.in_window())
        wanted = {what for what in self.values if what.endswith(" of " + name)} | {"name", "birth", "address", *PERSON}
        wanted |= {"scan"} if "paper" in self.chosen[name] else set()
        assert held >= wanted, "the search does not find %s" % sorted(wanted - held)
        if name == "juki":
            assert "number" not in held, "the number is there, where nobody may have it"
        self.check_elsewhere()

    def take_in_for(self, name):
        case, clerk = self.chosen[name], self.clerk
        began = time.monotonic()
        clerk.log_in("S0001")
        self.with_eyes(None)
        clerk.choose(case["search"])
        clerk.identify({"resident": WHO})
        clerk.see(self.values["name"].split("　")[0])
        clerk.primary()
        clerk.see("申請書のまとまり")
        fill(clerk, case)
        if "paper" in case:
            self.scan(case["paper"])
        self.look("content-" + name)
        self.check_held(name)
        if not self.witness.notifications:
            self.notified()
        clerk.primary()
        clerk.see("読み上げて", "見比べて")
        self.look("confirm-" + name)
        self.show_resident(name, case)
        self.paper("確認用に印刷しました")
        clerk.type_staff_pin("S0001")
        clerk.primary()
        clerk.see("受け付けました")
        receipt = self.robot.receipt_number()
        self.paper("受付票を印刷しました")
        self.office.remove_card("resident")
        clerk.primary()
        clerk.see("今日の受付")
        self.with_eyes(self.values)
        self.look("next-" + name)
        self.wait_wiped()
        clerk.lock()
        print("leak-offices: %s taken in, %.0f s" % (name, time.monotonic() - began), flush=True)
        return receipt

    def approve_of(self, receipt):
        """Another officer sees it, with the numbers of others in it, and nothing of it is left afterwards."""
        self.with_eyes(None)
        self.clerk.log_in("S0101")
        self.clerk.approve(receipt, "S0101", sees="ヌエノ")
        self.with_eyes(self.values)
        self.clerk.see("承認")
        self.look("approved")
        self.wait_wiped()
        self.clerk.lock()

    def run(self):
        for name in self.chosen:
            receipt = self.take_in_for(name)
            self.check_files()
            if name == "lem":
                self.approve_of(receipt)
        for staff in ("S0002", "S0901"):
            self.clerk.log_in(staff)
            self.clerk.show_queue()
            self.clerk.show_rest()
            self.look(staff)
            self.clerk.lock()
        self.wait_wiped()
        self.check_files()
        self.check_said()


def start(office):
    os.mkdir(office.at("scans"))
    with open(office.at("terminal", "terminal.ini"), "a", encoding="utf-8") as f:
        f.write("\n[scanning]\nfolder=%s\nremove_kept=true\n" % office.at("scans"))
    everything_that_talks(office)


def main():
    since = time.time()
    chosen = options(("office", ",".join(OFFICES)))
    with stage(start, staff=None, pictures=chosen.pictures) as play:
        witness = Witness(play.screen.env)
        try:
            for _ in play.robot.tries(90):
                if witness.is_ready():
                    break
            Offices(play, witness, since, chosen.office.split(",")).run()
        finally:
            witness.end()
    return 0


if __name__ == "__main__":
    perform(main)
