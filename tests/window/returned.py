#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What came back, at the real window on real parts: a supervisor returns two applications; the clerk reads why, takes one
up again with the card and withdraws the other. In between both think better of it: what the window waits for can be given up.
What was taken up again the back office gives back by a notice, which the clerk takes up again, too; and when that comes back once more,
settles the notice. The terminal's lists, its log and the back office then tell the same story.

Usage (inside tests/isolated): returned.py --build DIR [--pictures DIR] [--size WxH]"""

import json
import subprocess
import sys

sys.dont_write_bytecode = True
from stage import BUTTONS, everything, options, perform, stage  # noqa: E402

CARE = 1  # in people.DAY
SIGNING = "取下げに署名しています"

from waiting import Waiting  # noqa: E402


class Story(Waiting):
    def __init__(self, play):
        self.play, self.office, self.robot, self.clerk = play, play.office, play.robot, play.clerk
        self.number = 0
        self.clerk.picture = self.picture

    def picture(self, name):
        self.number += 1
        self.play.picture("%02d-%s" % (self.number, name))

    def give_back(self, receipt, reason):
        """The supervisor opens it and returns it with a reason."""
        clerk, robot = self.clerk, self.robot
        pin = self.office.staff["S0101"]["pin"]
        robot.key("F3")
        self.give_up_fetching(receipt, "承認待ち")
        robot.press(BUTTONS, receipt)
        clerk.see("暗証番号で申請を開いて")
        self.give_up_card(pin, "開いています。", "暗証番号で申請を開いて")
        self.type_pin(pin)
        clerk.primary()
        clerk.see("見比べてから選んで")
        robot.activate(robot.all(BUTTONS, lambda name: name == "差戻し")[-1])  # the first one is the rail's
        robot.press(BUTTONS, reason)
        robot.find("label", "署名して差し戻す")
        self.type_pin(pin)
        self.picture("return")
        clerk.primary()
        clerk.see("差し戻しました", "受付担当者に差し戻し")
        clerk.primary()

    def open_returned(self, receipt):
        self.robot.press(BUTTONS, "差戻し")
        self.robot.press(BUTTONS, receipt)
        self.clerk.see("差し戻された申請です")

    def take_up(self, receipt, case):
        """The clerk reads why, and takes it up again from the card on."""
        clerk, robot = self.clerk, self.robot
        self.open_returned(receipt)
        words = "\n".join(robot.texts())
        for wanted in ("記載の誤り", "記入内容をご本人と確認し", "確認 誠", receipt):
            assert wanted in words, "the returned application does not say %s:\n%s" % (wanted, words)
        self.picture("returned-open")
        clerk.primary()
        clerk.see("差戻し %s の再受付" % receipt)
        self.picture("taken-up")
        return clerk.take_in_chosen(case)

    def withdraw(self, receipt):
        clerk, robot = self.clerk, self.robot
        self.open_returned(receipt)
        robot.press(BUTTONS, "申請を取り下げる")
        robot.find("panel", "暗証番号のキー")
        assert not robot.primary_ready(), "a withdrawal without a reason can be signed"
        robot.press(BUTTONS, "本人が取りやめを希望")
        pin = self.office.staff["S0001"]["pin"]
        self.give_up_card(pin, SIGNING, "差し戻された申請です")
        self.lock_over_card(pin, SIGNING, "S0001", "差戻し 1件")
        self.open_returned(receipt)
        robot.press(BUTTONS, "申請を取り下げる")
        robot.press(BUTTONS, "本人が取りやめを希望")
        robot.find("panel", "暗証番号のキー")
        self.picture("withdraw")
        self.give_up_filing(pin, "取下げを登録しています", "差戻しはありません")

    def desk(self, *words, status=0):
        """The back office, as the officer B0002."""
        office = self.office
        done = subprocess.run([office.installed("madoguchi-backoffice"), "--config", office.at("backoffice", "backoffice.ini"),
                               "--officer", "B0002", *(() if "--reason" in words else ("--reason", "C00")), *words], env=office.bus_env, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False)
        assert done.returncode == status, done.stderr
        return done.stdout

    def hold_somebody_else(self):
        """The office holds nobody like that."""
        held = self.office.at("run", "held.tsv")
        with open(held, "w", encoding="utf-8") as f:
            f.write("addressee\tinsured\tname\tkana\tbirth\tsex\taddress\n2000001\t\t台帳 六子\t\t1986-06-06\t\t\n")
        with open(self.office.at("backoffice", "backoffice.ini"), "a", encoding="utf-8") as f:
            f.write("[held]\nfile=%s\n" % held)

    def give_back_from_the_office(self, receipt):
        """A second person does not let it stand, and tells the counter in writing."""
        lines = json.loads(self.desk("--json", "confirm", receipt, status=10))["lines"]
        mark, = [line["mark"] for line in lines if line["rule"] == "not-held"]
        self.desk("--reason", "C01", "--refuse", "confirm", receipt, mark)
        self.desk("--reason", "person-check", "return", receipt)

    def open_noticed(self, receipt):
        """R-MATCH-04: the clerk finds it among the returned ones, and reads why."""
        clerk, robot = self.clerk, self.robot
        clerk.see("差し戻された申請が1件あります")
        robot.press(BUTTONS, "差戻し")
        robot.press(BUTTONS, receipt)
        clerk.see("本庁から、この申請の受け付け直しを求められています")
        words = "\n".join(robot.texts())
        for wanted in ("どなたの申請か特定できません", "保有データに該当者がいない", "本庁（B0002）", receipt):
            assert wanted in words, "the notice does not say %s:\n%s" % (wanted, words)
        self.picture("notice")

    def take_up_noticed(self, receipt, case):
        """With the card, from the beginning: nothing of the first one is here."""
        self.open_noticed(receipt)
        self.clerk.primary()
        self.clerk.see("差戻し %s の再受付" % receipt)
        self.picture("notice-taken-up")
        return self.clerk.take_in_chosen(case)

    def settle_notice(self, receipt):
        clerk, robot = self.clerk, self.robot
        self.open_noticed(receipt)
        robot.press(BUTTONS, "受け付け直さずに処理済みにする")
        clerk.see("通知を処理済みにしました")
        self.picture("notice-settled")
        assert not robot.said("署名した内容"), "nothing was signed, and nothing goes out:\n%s" % "\n".join(robot.texts())
        clerk.primary()
        clerk.see("差戻しはありません")

    def run(self):
        from people import DAY

        clerk, robot = self.clerk, self.robot
        clerk.log_in("S0001")
        care = clerk.take_in(DAY[CARE])
        pension = clerk.take_in(DAY[0])
        clerk.lock()
        clerk.log_in("S0101")
        self.give_back(care, "記載の誤り")
        self.give_back(pension, "添付書類の不足")
        clerk.lock()
        clerk.log_in("S0001")
        clerk.see("差し戻された申請が2件あります")
        self.picture("home-returned")
        again = self.take_up(care, DAY[CARE])
        self.withdraw(pension)
        clerk.see("差戻しはありません")
        self.picture("returned-empty")
        robot.press(BUTTONS, "受付")
        clerk.see("再受付済み")
        self.picture("home-after")
        clerk.lock()
        clerk.log_in("S0101")
        clerk.approve(again, "S0101")
        clerk.wait_drained()
        self.hold_somebody_else()
        self.give_back_from_the_office(again)
        clerk.lock()
        clerk.log_in("S0001")
        third = self.take_up_noticed(again, DAY[CARE])
        robot.press(BUTTONS, "差戻し")
        clerk.see("差戻しはありません")
        clerk.lock()
        clerk.log_in("S0101")
        clerk.approve(third, "S0101")
        clerk.wait_drained()
        self.give_back_from_the_office(third)
        clerk.lock()
        clerk.log_in("S0001")
        self.settle_notice(third)
        return {"care": care, "pension": pension, "again": again, "third": third}


def check(office, numbers):
    """The two ends agree: what counts is the last one, and each knows of the other."""
    cases = {case["receipt_number"]: case for case in json.loads(office.backoffice("list", "--json"))}
    old, new, last, gone = (cases[numbers[name]] for name in ("care", "again", "third", "pension"))
    assert len(cases) == 4, cases
    states = [case["state"] for case in (old, new, last, gone)]
    assert states == ["returned", "approved", "approved", "withdrawn"], cases
    assert last["replaces"] == new["intake"] and new["replaced_by"] == last["intake"], cases
    assert [case["notice"] for case in (new, last)] == [1, 2] and last["replaced_by"] is None, cases
    assert new["replaces"] == old["intake"] and old["replaced_by"] == new["intake"], cases
    audit = office.ctl("audit", "list", "--limit", "1000")
    said = [(record["event"], record["object"], record["detail"]) for record in audit if record["outcome"] == "done"]
    for wanted in (("submit", new["intake"], "replaces=%s" % numbers["care"]),
                   ("replace", old["intake"], "replaced_by=%s" % numbers["again"]),
                   ("decide", gone["intake"], "decision=withdraw"),
                   ("notice", new["intake"], "notice=1"), ("submit", last["intake"], "replaces=%s" % numbers["again"]),
                   ("replace", new["intake"], "replaced_by=%s" % numbers["third"]),
                   ("notice", last["intake"], "notice=2"), ("acknowledge", last["intake"], "")):
        assert wanted in said, "the log does not have %s" % (wanted,)
    assert "focus-out" not in office.log_of("window"), office.log_of("window")
    erased = {record["object"] for record in audit if record["event"] == "erase"}
    assert erased == {case["intake"] for case in cases.values()}, "not all copies are erased: %s" % erased


def main():
    chosen = options(("size", "1366x768"))
    size = tuple(int(part) for part in chosen.size.split("x"))
    with stage(everything, size, staff=None, pictures=chosen.pictures) as play:
        check(play.office, Story(play).run())
    return 0


if __name__ == "__main__":
    perform(main)
