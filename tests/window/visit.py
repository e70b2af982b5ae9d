#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""One person, one reading of the card, two applications at the real window on real parts: what the guide lists is ticked, the
second one asks only for the PIN that proves presence, what was said before stands there and is marked, both are approved, and
the next person finds nothing.

Usage (inside tests/isolated): visit.py [--pictures DIR]"""

import os
import sys

sys.dont_write_bytecode = True
from stage import BUTTONS, options, perform, stage  # noqa: E402

from guide import tick  # noqa: E402
from paper import choose_printer, everything_with_tray, tray  # noqa: E402

PERSON = "sato"
AGE = "その方の年齢："
PLAN = "この方の手続き"
ELSEWHERE = "転入届"
TOLD, GIVEN = "説明した：", "案内・用紙を渡した："
CARRIED = "前の申請から（変更できます）"
FIRST, SECOND = "後期高齢者医療資格取得届（転入等）", "要介護・要支援認定申請（新規・更新）"
NOT_NOW = ("介護保険資格取得・異動・喪失届", "検診無料クーポン利用・再交付")
TEL, KANA = "03-0000-0303", "さとう よし"


def cases():
    from mdworld import day
    from people import DAY

    moved = "%s.4.1" % day.era(day.at_the_counter().year - 1)
    care = {field: value for field, value in DAY[1]["answers"].items() if field not in ("p.kana", "p.tel")}
    return (
        {"resident": PERSON, "answers": {
            "p.kana": KANA, "p.tel": TEL, "p.standing": "insured", "l.acq_event": "moved-in", "l.acq_date": moved,
            "p.from_addr": "架空県まぼろし市幻一丁目1番", "l.insured": "00001230", "p.relation": "self"}},
        {"resident": PERSON, "answers": care},
    )


class Story:
    def __init__(self, play):
        self.play, self.office, self.robot, self.clerk = play, play.office, play.robot, play.clerk
        self.person = self.office.people[PERSON]

    def words(self):
        return "\n".join(self.robot.texts())

    def plan(self):
        clerk, robot = self.clerk, self.robot
        robot.key("F2")
        clerk.see("どの手続きですか")
        robot.press(BUTTONS, "手続きナビ")
        clerk.see("何がありましたか")
        robot.press(BUTTONS, "転入")
        clerk.see(AGE.rstrip("："))
        robot.press(BUTTONS, AGE + "75歳以上")
        clerk.see("3件を続けて受け付けます")
        for title in (*NOT_NOW, SECOND):
            tick(robot, title)
        clerk.see("2件を続けて受け付けます。はじめは：" + FIRST)
        for note in (GIVEN + NOT_NOW[0], GIVEN + NOT_NOW[0], TOLD + SECOND, GIVEN + SECOND, TOLD + ELSEWHERE):
            tick(robot, note)  # the first is taken back
        self.play.picture("visit-plan")
        clerk.primary()
        clerk.see("利用目的を説明し")

    def first(self, case):
        clerk = self.clerk
        clerk.fill_in_chosen(case)
        assert CARRIED not in self.words(), "something is marked although nothing came before"
        receipt = clerk.sign()
        clerk.see(PLAN)
        for word in (FIRST, SECOND, "受付済み", "次の手続き", "カードはそのまま"):
            assert word in self.words(), "%s is missing: %s" % (word, self.words())
        self.play.picture("visit-between")
        return receipt

    def second(self, case):
        clerk, robot = self.clerk, self.robot
        clerk.primary()
        clerk.see("説明")
        assert self.person["name"].split("　")[0] not in self.words(), "the person is shown before the card has signed"
        self.play.picture("visit-notice")
        clerk.primary()
        clerk.see("カードは読み取り済み")
        self.play.picture("visit-pin")
        clerk.type_pin(self.person["pins"]["auth"])
        clerk.primary()
        clerk.see(self.person["name"].split("　")[0])
        clerk.primary()
        clerk.see("申請書のまとまり")
        clerk.see(CARRIED)
        self.play.picture("visit-carried")
        self.change("さとう よしこ")
        clerk.see("変更済み。前の申請の内容：サトウ")
        self.play.picture("visit-changed")
        self.change(KANA)
        clerk.see(CARRIED)
        missing = clerk.missing()
        assert not [label for label in missing if "電話番号" in label or "氏名カナ" in label], missing
        assert [label for label in missing if "資格の確認" in label], "what each application asks for was carried over"
        clerk.fill(case["answers"])
        receipt = clerk.sign()
        assert self.words().count("受付済み") >= 2, self.words()
        self.play.picture("visit-end")
        self.joint_slip()
        self.office.remove_card("resident")
        clerk.primary()
        clerk.see("今日の受付")
        return receipt

    def change(self, kana):
        self.robot.write(kana, role="text", name="氏名カナ")
        self.robot.key("Tab")

    def joint_slip(self):
        """One for both, and counted once the print system has it."""
        self.robot.key("ctrl+shift+p")
        choose_printer(self.robot)
        for _ in self.robot.tries(90):  # what the window says of it may have passed before anybody looks
            if self.joint_prints():
                break
        (page,) = os.listdir(tray())
        with open(os.path.join(tray(), page), "rb") as file:
            assert file.read(4) == b"%PDF", "no PDF was printed"

    def joint_prints(self):
        return [record for record in self.office.ctl("audit", "list", "--limit", "1000")
                if record["event"] == "print" and record["detail"].startswith("what=joint-slip sheets=")]

    def nothing_left(self):
        clerk, robot = self.clerk, self.robot
        robot.key("F2")
        clerk.see("どの手続きですか")
        robot.press(BUTTONS, "手続きナビ")
        clerk.see("何がありましたか")
        words = self.words()
        for left in (self.person["name"].split("　")[0], TEL, PLAN, AGE.rstrip("："), CARRIED):
            assert left not in words, "the next person finds %s" % left
        robot.press(BUTTONS, "名前から探す")
        clerk.see("どの手続きですか")
        robot.write("資格確認書")
        clerk.primary()
        clerk.see("説明")
        clerk.primary()
        clerk.see("カードを置いてください")
        clerk.show("suzuki")
        clerk.see(self.office.people["suzuki"]["name"].split("　")[0])
        clerk.primary()
        clerk.see("申請書のまとまり")
        assert CARRIED not in self.words() and TEL not in self.words(), "something of the last person was carried over"
        clerk.send_away()

    def run(self):
        one, two = cases()
        self.plan()
        receipts = [self.first(one), self.second(two)]
        assert len(set(receipts)) == 2, receipts
        self.nothing_left()
        self.clerk.lock()
        self.clerk.log_in("S0101")
        for receipt in receipts:
            self.clerk.approve(receipt, "S0101",
                               sees=("同じ来庁の前の申請で読み取り", "手続きナビ：" + SECOND) if receipt == receipts[1] else ())


def check(office):
    """Each has its own proof by the card; the log says that it was read once."""
    done = [record for record in office.ctl("audit", "list", "--limit", "1000")
            if record["event"] == "identification" and record["outcome"] == "done" and record["object"]]
    assert len({record["object"] for record in done}) == len(done) >= 3, done
    assert sum("read=before" in record["detail"] for record in done) == 1, done
    records = office.ctl("audit", "list", "--limit", "1000")
    guide = [record for record in records if record["event"] == "guide"]
    assert len({record["object"] for record in guide}) == 1, "one visit has several names: %s" % guide
    ticks = [record["detail"] for record in guide if record["detail"].startswith("event=move-in ")]
    assert len(ticks) == 5 and sum(tick.endswith("told=no given=no") for tick in ticks) == 1, ticks
    assert sum(record["detail"].startswith("receipt=") for record in guide) == 2, guide
    joint = [record for record in records if record["detail"].startswith("what=joint-slip sheets=")]
    assert len(joint) == 1 and joint[0]["outcome"] == "done", joint


def main():
    chosen = options()
    with stage(everything_with_tray, pictures=chosen.pictures) as play:
        Story(play).run()
        check(play.office)
    return 0


if __name__ == "__main__":
    perform(main)
