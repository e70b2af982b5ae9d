#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A scanned PDF of a paper of the health class, and the individual number of an application: clerk and approving officer see it only while
they hold a button down, after a reason was chosen and each time written into the log first; letting go, the end of the time and another
window hide it.

Usage (inside tests/isolated): scan-reveal.py [--pictures DIR]"""

import os
import sys

sys.dont_write_bytecode = True
from stage import BUTTONS, options, perform, stage  # noqa: E402

PAPER = "介護保険被保険者証"
PAGE = PAPER + " のページ"
HOLD = "押している間、表示する"
REASON = "書類と照合するため"


def pdf(pages=2):
    """Of that many pages, each with a dark square, and a table of where its objects stand."""
    draw = b"0.2 g 100 500 200 200 re f"
    kids = b" ".join(b"%d 0 R" % (4 + n) for n in range(pages))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
               b"<</Length %d>>\nstream\n%s\nendstream" % (len(draw), draw)]
    objects += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R>>"] * pages
    out, table = b"%PDF-1.4\n", b"0000000000 65535 f \n"
    for number, body in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    head = b"xref\n0 %d\n%strailer\n<</Size %d/Root 1 0 R>>\n" % (len(objects) + 1, table, len(objects) + 1)
    return out + head + b"startxref\n%d\n%%%%EOF\n" % len(out)


CASE = {
    "resident": "suzuki",
    "search": "居宅（介護予防）サービス計画",
    "answers": {
        "p.kana": "すずき まさお",
        "p.tel": "03-0000-0202",
        "p.standing": "insured",
        "k.insured": "0000012345",
        "k.plan_self": "true",
        "k.plan_start": "2026-05-01",
        "k.consent_info": "true",
    },
}


def start(office):
    os.mkdir(office.at("scans"))
    with open(office.at("terminal", "terminal.ini"), "a", encoding="utf-8") as f:
        f.write("\n[scanning]\nfolder=%s\n" % office.at("scans"))
    office.start_all()


class Story:
    def __init__(self, play):
        self.play, self.office, self.robot, self.clerk = play, play.office, play.robot, play.clerk
        self.shown = 0  # how often, by the log

    def reveals(self):
        records = self.office.ctl("audit", "list", "--limit", "1000")
        found = [record for record in records if record["event"] == "reveal" and record["detail"] == "scan=card"]
        assert all(record["outcome"] == "done" and record["reason"] == "compare-document" for record in found), found
        return len(found)

    def hidden(self):
        """The page is not there, and nobody is said to have seen it but those before."""
        assert not self.robot.all(name=PAGE), "the page is there:\n%s" % self.robot.describe()
        assert self.reveals() == self.shown, "%d in the log, seen %d times" % (self.reveals(), self.shown)

    def look(self, whose):
        robot, clerk = self.robot, self.clerk
        robot.press(BUTTONS, PAPER + " の読み取りデータ 1 を表示する")
        clerk.see("この書類を見る理由を選んでください")
        clerk.see("先に理由を選んでください")
        self.play.picture("reveal-%s-reasons" % whose)
        self.hidden()
        robot.tab_to(("radio button", "check box"), REASON)
        robot.key("space")
        clerk.see("ボタンを押している間、ページを表示します")
        robot.press(BUTTONS, HOLD)  # a click is no holding
        self.hidden()
        robot.tab_to(BUTTONS, HOLD)
        with robot.holding("space"):
            robot.find(name=PAGE)
            self.shown += 1
            assert self.reveals() == self.shown, "shown, and not in the log"
            self.play.picture("reveal-%s-held" % whose)
            self.go_down()
        robot.gone(name=PAGE)
        self.hidden()

    def go_down(self):
        """To the lower end of the page, with the button held."""
        top = self.robot.extents(self.robot.find(name=PAGE))[1]
        self.robot.key("Next")
        for _ in self.robot.tries(90):
            if self.robot.extents(self.robot.find(name=PAGE))[1] < top:
                return
        raise AssertionError("the page does not move")

    def outstay(self):
        """Held for longer than the policy allows."""
        with self.robot.holding("space"):
            self.robot.find(name=PAGE)
            self.shown += 1
            self.clerk.see("時間になったので隠しました")
            self.hidden()
            self.play.picture("reveal-over")
        self.hidden()

    def turn(self):
        """To the other page, which is one more to be seen and to be recorded."""
        self.robot.press(BUTTONS, "次のページ")
        self.clerk.see("2／2ページ")
        self.hidden()
        self.robot.tab_to(BUTTONS, HOLD)
        with self.robot.holding("space"):
            self.robot.find(name=PAGE)
            self.shown += 1
        self.hidden_soon()

    def hidden_soon(self):
        self.robot.gone(name=PAGE)
        self.hidden()

    def close(self):
        self.robot.press(BUTTONS, "閉じる")
        self.robot.gone(name=HOLD)

    def number(self):
        """The officer sees the number of the application in the same way."""
        robot, number = self.robot, self.office.people[CASE["resident"]]["number"]
        robot.press(BUTTONS, "表示する：個人番号")
        self.clerk.see("個人番号をすべて表示する理由")
        robot.tab_to(("radio button", "check box"), REASON)
        robot.key("space")
        robot.tab_to(BUTTONS, HOLD)
        assert number not in robot.everything(), "nobody has held anything"
        with robot.holding("Return"):
            robot.find(name=number)
            self.play.picture("reveal-officer-number")
        robot.gone(name=number)
        assert number not in robot.everything(), robot.describe()
        records = self.office.ctl("audit", "list", "--limit", "1000")
        assert [(r["staff"], r["reason"], r["outcome"]) for r in records if r["detail"] == "field=p.mynum"] == [
            ("S0101", "compare-document", "done")], records
        self.close()

    def run(self):
        clerk, robot = self.clerk, self.robot
        robot.key("F2")
        clerk.see("どの手続きですか")
        robot.write(CASE["search"])
        clerk.primary()
        clerk.fill_in_chosen(CASE)
        with open(self.office.at("scans", "one.pdf"), "wb") as file:
            file.write(pdf())
        robot.press(BUTTONS, PAPER + " をスキャナーから取り込む")
        question = robot.around(PAPER + " はどれですか", "やめる")
        robot.press(BUTTONS, lambda name: "に読み取り" in name, where=question)
        clerk.see("PDF、2ページ")
        self.look("clerk")
        self.outstay()
        self.close()
        receipt = clerk.hand_in()
        clerk.lock()
        clerk.log_in("S0101")
        robot.key("F3")
        clerk.open_waiting(receipt)
        clerk.type_staff_pin("S0101")
        clerk.primary()
        clerk.see("読み取った書類")
        clerk.see("まだ確認していません", "まだ確認していない読み取りデータが1件あります")
        self.look("officer")
        self.turn()
        self.close()
        clerk.see("確認済み（全ページを画面に表示しました）")
        self.play.picture("reveal-officer-looked")
        self.number()


def main():
    chosen = options()
    with stage(start=start, pictures=chosen.pictures) as play:
        Story(play).run()
    print("scan-reveal: held down, with a reason, recorded first")


if __name__ == "__main__":
    perform(main)
