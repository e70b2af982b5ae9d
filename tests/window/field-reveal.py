#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A field of the health class, typed or chosen: who filled it in and who decides on it sees it only while they hold a button down, after a
reason was chosen and each time written into the log first: at the field, where the application is read out, and before the approving officer.

Usage (inside tests/isolated): field-reveal.py [--pictures DIR]"""

import sys

sys.dont_write_bytecode = True
from robot import Atspi  # noqa: E402
from stage import BUTTONS, options, perform, stage  # noqa: E402

from people import DAY  # noqa: E402
from sight import FOCUSED  # noqa: E402

PRESSED = Atspi.StateType.PRESSED
HOLD = "押している間、表示する"
REASON = "本人から記録内容を尋ねられたため"
CASE = next(case for case in DAY if case["procedure"] == "lem.certificate")
SECTION = "資格確認書"
NOTE = "家族の話は後日に"  # from staff to staff


class Field:
    def __init__(self, item, label, value):
        self.item, self.label, self.value = item, label, value
        self.show, self.correct = "表示する：" + label, "訂正する：" + label


HOSPITAL = Field("l.hospital", "医療機関名・所在地", "あおぞら中央医院")
VIRUS = Field("s.he_b", "B型肝炎_判定", "陰性")


class Story:
    def __init__(self, play):
        self.play, self.office, self.robot, self.clerk = play, play.office, play.robot, play.clerk
        self.field = None
        self.shown = []  # what and to whom, by the log

    def check_log(self):
        records = self.office.ctl("audit", "list", "--limit", "1000")
        found = [(r["detail"], r["staff"], r["reason"], r["outcome"]) for r in records if r["detail"].startswith("field=")]
        assert sorted(found) == sorted(("field=" + item, staff, "ask-person", "done") for item, staff in self.shown), found

    def hidden(self):
        assert self.field.value not in self.robot.everything(), self.robot.describe()
        self.check_log()

    def look(self, staff, where):
        robot = self.robot
        self.hidden()
        self.play.picture("field-%s-before" % where)
        robot.press(BUTTONS, self.field.show)
        self.clerk.see("この項目をすべて表示する理由")
        robot.tab_to(("radio button", "check box"), REASON)
        robot.key("space")
        self.clerk.see("ボタンを押している間、内容を表示します")
        robot.press(BUTTONS, HOLD)  # a click is no holding
        self.hidden()
        robot.tab_to(BUTTONS, HOLD)
        with robot.holding("space"):
            robot.find("label", self.field.value)
            self.shown.append((self.field.item, staff))
            self.check_log()
            self.play.picture("field-" + where)
        robot.gone("label", self.field.value)
        self.hidden()
        robot.press(BUTTONS, "閉じる")
        robot.gone(name=HOLD)

    def correct(self):
        """What is hidden can be typed anew by whoever typed it."""
        self.robot.press(BUTTONS, self.field.correct)
        self.type()

    def type(self):
        self.robot.await_state(FOCUSED, "text", self.field.label)  # it is read as it is left
        self.robot.write(self.field.value, role="text", name=self.field.label)
        self.robot.key("Tab")
        self.robot.find(BUTTONS, self.field.show)

    def choose(self, chosen, others):
        """With the keys; on leaving it nothing tells which one it was."""
        robot, name = self.robot, self.field.label + "："
        robot.tab_to(BUTTONS, name + chosen)
        robot.key("space")
        robot.await_state([PRESSED], BUTTONS, name + chosen)
        for other in others:
            robot.await_state([PRESSED], BUTTONS, name + other, wanted=False)
        for _ in robot.tries(90):
            if not robot.all(BUTTONS, lambda said: said.startswith(name)):
                break
            robot.key("Tab")
        robot.find(BUTTONS, self.field.show)
        self.hidden()

    def result(self):
        """What nobody typed, but chose: a result of a screening that somebody brought."""
        clerk, robot, self.field = self.clerk, self.robot, VIRUS
        robot.key("F2")
        clerk.see("どの手続きですか")
        robot.write("肝炎ウイルス検診結果")
        clerk.primary()
        clerk.see("提出元を選んでください")
        robot.press(BUTTONS, "医療機関・検診機関")
        robot.write("青空総合病院", name="機関・課の名前")
        clerk.primary()
        clerk.see("申請書のまとまり")
        robot.press(BUTTONS, lambda name: name.startswith("肝炎ウイルス "))
        self.choose("陰性", ["陽性"])
        self.look("S0001", "chosen")
        robot.press(BUTTONS, VIRUS.correct)
        self.choose("陽性", ["陰性"])
        self.play.picture("field-chosen-anew")
        clerk.give_up()

    def turned(self):
        """The resident looks at it on the turned screen, whose only way back is the clerk's password."""
        clerk, robot = self.clerk, self.robot
        name, number = (self.office.people[CASE["resident"]][key] for key in ("name", "number"))
        assert NOTE in robot.everything(), "the clerk does not read the note out"
        robot.key("F7")
        clerk.see("この内容で申請します")
        self.play.picture("field-resident")
        said = robot.everything()
        assert name.split("　")[0] in said and "********" + number[-4:] in said, robot.describe()
        for hidden in (NOTE, "職員間申し送り", self.field.value, number, "暗証番号"):
            assert hidden not in said, "the resident finds %s" % hidden
        for key in ("Escape", "F2", "F3", "F7", "F9", "ctrl+Return"):
            robot.key(key)
        robot.press(BUTTONS, "間違いありません")
        clerk.see("画面を職員にお返しください")
        assert name.split("　")[0] not in robot.everything(), "the answer leaves the person there"
        robot.key("F9")
        robot.press(BUTTONS, lambda text: text.startswith("職員："))
        clerk.see("パスワードを入力してください")
        robot.type(self.office.staff["S0001"]["password"])
        clerk.primary()
        clerk.see("来庁者が画面で確かめました")
        self.hidden()

    def run(self):
        self.result()
        clerk, robot, self.field = self.clerk, self.robot, HOSPITAL
        clerk.choose(CASE["search"])
        clerk.fill_in_chosen(CASE)
        robot.press(BUTTONS, lambda name: name.startswith(SECTION + " "))
        self.type()
        self.look("S0001", "clerk")
        self.correct()
        robot.press(BUTTONS, lambda name: name.startswith("申し送り"))
        robot.write(NOTE, role="text", name="職員間申し送り")
        robot.key("ctrl+Return")
        clerk.see("読み上げて", "見比べて")
        self.look("S0001", "read-out")
        self.turned()
        clerk.type_staff_pin("S0001")
        clerk.primary()
        clerk.see("受け付けました")
        receipt = robot.receipt_number()
        self.office.remove_card("resident")
        clerk.primary()
        clerk.lock()
        clerk.log_in("S0101")
        robot.key("F3")
        clerk.open_waiting(receipt)
        clerk.type_staff_pin("S0101")
        clerk.primary()
        self.look("S0101", "officer")


def main():
    chosen = options()
    with stage(start=lambda office: office.start_all(), pictures=chosen.pictures) as play:
        Story(play).run()
    print("field-reveal: held down, with a reason, recorded first")


if __name__ == "__main__":
    perform(main)
