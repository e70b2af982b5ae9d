#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the real window says in awkward moments: a wrong PIN, the same one again, a card that cannot be used and is taken away,
nothing chosen, F2 on an open intake; and the log before an auditor.

Usage (inside tests/isolated): words.py --build DIR [--pictures DIR]"""

import sys

sys.dont_write_bytecode = True
from stage import BUTTONS, everything, options, perform, stage  # noqa: E402

HOLD = "押している間、表示する"


class Awkward:
    def __init__(self, play):
        self.play, self.office, self.robot, self.clerk = play, play.office, play.robot, play.clerk
        self.clerk.picture = self.picture

    def picture(self, name):
        self.play.picture("words-" + name)

    def pin(self, digits):
        self.clerk.type_pin(digits)
        self.clerk.primary()

    def nothing_chosen(self):
        """Next is closed until a procedure is marked."""
        self.robot.key("F2")
        self.clerk.see("どの手続きですか")
        self.clerk.see("手続きを選んでください")
        assert not self.robot.primary_ready(), "next looks ready with nothing chosen"
        self.picture("nothing-chosen")
        self.robot.write("めんじょ")
        self.clerk.primary()
        self.clerk.see("説明")
        self.clerk.primary()

    def unusable_card(self):
        self.clerk.see("カードを置いてください")
        self.office.insert("resident", "staff-S0002")
        self.clerk.see("もう一方のリーダー")
        self.office.remove_card("resident")
        self.clerk.see("カードを置いてください")
        self.robot.gone("label", "もう一方のリーダー")

    def wrong_pin(self):
        clerk, pins = self.clerk, self.office.people["tanaka"]["pins"]
        wrong = "0000" if pins["auth"] != "0000" else "1111"
        self.office.insert("resident", "tanaka")
        clerk.see("2つのうち1つめ")
        self.pin(pins["text"])
        clerk.see("2つのうち2つめ")
        self.pin(wrong)
        clerk.see("利用者証明用電子証明書の暗証番号が違います。あと2回入力できます。")
        clerk.see("もう一度、この暗証番号だけ")
        self.picture("wrong-pin")
        self.pin(wrong)
        clerk.see("カードには送っていません。あと2回入力できます。")
        self.picture("same-pin")
        self.robot.key("F2")
        clerk.see("この受付がまだ途中です")
        self.pin(pins["auth"])
        clerk.see("田中")
        self.picture("identified")

    def whole(self):
        """How often it is there. The digits stand alone, or in words."""
        return "".join(self.robot.texts()).replace(" ", "").count(self.office.people["tanaka"]["number"])

    def reveals(self):
        records = self.office.ctl("audit", "list", "--limit", "1000")
        found = [record for record in records if record["event"] == "reveal"]
        assert all((r["staff"], r["reason"], r["outcome"], r["detail"])
                   == ("S0001", "compare-document", "done", "field=p.mynum") for r in found), found
        return len(found)

    def sees(self, times):
        """The whole number, which is in the log before."""
        for _ in self.robot.tries(90):
            if self.whole():
                break
        else:
            raise AssertionError(self.robot.describe())
        assert self.reveals() == times, "shown, and not in the log"

    def sees_nothing(self, times):
        for _ in self.robot.tries(90):
            if not self.whole():
                break
        else:
            raise AssertionError(self.robot.describe())
        assert self.reveals() == times

    def reveal(self):
        """The whole number, while a button is held down, after a reason was given; the log knows."""
        robot, number = self.robot, self.office.people["tanaka"]["number"]
        assert not self.whole()
        robot.press(BUTTONS, "番号を表示")
        self.clerk.see("個人番号をすべて表示する理由")
        self.clerk.see("先に理由を選んでください")
        self.picture("reveal-why")
        robot.tab_to(("radio button", "check box"), "書類と照合するため")
        robot.key("space")
        self.clerk.see("ボタンを押している間、番号を表示します")
        robot.press(BUTTONS, HOLD)  # a click is no holding
        self.sees_nothing(0)
        robot.tab_to(BUTTONS, HOLD)
        with robot.holding("space"):
            self.sees(1)
            self.picture("revealed")
        self.sees_nothing(1)
        with robot.holding("Return"):
            self.sees(2)
            self.clerk.see("時間になったので隠しました")
            self.sees_nothing(2)
            self.picture("reveal-over")
        with robot.holding("space"):
            self.sees(3)
            robot.key("F9")
            robot.find("label", "画面を隠しています")
            robot.gone(BUTTONS, HOLD)
            self.sees_nothing(3)
        robot.key("F9")
        self.clerk.see("田中")
        self.sees_nothing(3)
        assert number not in robot.everything()

    def asked(self, button, question):
        """A question stands over the window."""
        self.robot.press(BUTTONS, button)
        self.clerk.see(question)

    def assert_nobody_asked(self, question):
        self.robot.gone(None, lambda name: question in name)

    def log_in_again(self):
        self.clerk.see("パスワードを入力してください")
        self.robot.type(self.office.staff["S0001"]["password"])
        self.clerk.primary()
        self.clerk.see("田中")

    def hide_and_lock(self):
        """R-PRIV-08, R-PRIV-09: F9 and Ctrl+L also where a question stands over the window; they take it away, so that nobody
        else answers it. What was hidden when it was locked is shown to whoever logs in."""
        end, why = "この受付を終わりますか", "個人番号をすべて表示する理由"
        self.asked("番号を表示", why)
        self.robot.key("F9")
        self.robot.find("label", "画面を隠しています")
        self.assert_nobody_asked(why)
        assert "田中" not in "".join(self.robot.texts())
        self.robot.key("F9")
        self.clerk.see("田中")
        self.asked("受付を終わる", end)
        self.robot.key("ctrl+l")
        self.clerk.see("パスワードを入力してください")
        self.assert_nobody_asked(end)
        self.log_in_again()
        self.robot.key("F9")
        self.robot.find("label", "画面を隠しています")
        self.robot.key("ctrl+l")
        self.log_in_again()

    def log(self):
        """The auditor sees what was done in words, and that the chain holds."""
        self.office.remove_card("resident")
        self.clerk.lock()
        self.clerk.log_in("S0901")
        self.robot.press(BUTTONS, "記録")
        self.robot.find("label", "この端末の記録")
        self.clerk.see("改ざんなし", "改変なし")
        self.clerk.see("受付の開始")
        for words in ("暗証番号の誤り", "もう一方のリーダー用のカード", "失効確認 オンラインで確認"):
            self.clerk.see(words)
        self.picture("log")

    def run(self):
        self.clerk.log_in("S0001")
        self.nothing_chosen()
        self.unusable_card()
        self.wrong_pin()
        self.reveal()
        self.hide_and_lock()
        self.log()
        assert "focus-out" not in self.office.log_of("window"), self.office.log_of("window")


def main():
    with stage(everything, staff=None, pictures=options().pictures) as play:
        Awkward(play).run()
    return 0


if __name__ == "__main__":
    perform(main)
