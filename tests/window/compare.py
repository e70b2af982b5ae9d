#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What was typed otherwise than on the card, at the real window: a mistyped number says which check it fails; another number
goes no further until the card's is taken; a name in another form is listed, with what differs and why, before the clerk
signs, and so is what the form only warns of; the officer ticks what differs before it can be approved.

Usage (inside tests/isolated): compare.py --build DIR [--pictures DIR]"""

import sys

sys.dont_write_bytecode = True
from stage import BUTTONS, everything, options, perform, stage  # noqa: E402

from sight import READY  # noqa: E402

REASON = "訂正の理由"
INCOME = "inc.declared"
SECTIONS = "申請書のまとまり"
ANOTHER_NUMBER = "900000000249"
OTHER_DAY = "昭和60年12月24日"
MISTYPED_NUMBER = "9000-0000-0248"


class Story:
    def __init__(self, play):
        self.play, self.office, self.robot, self.clerk = play, play.office, play.robot, play.clerk
        self.clerk.picture = self.picture

    def picture(self, name):
        self.play.picture("compare-" + name)

    def correct(self, label, reason):
        """Opens a field that the card filled."""
        self.robot.press(BUTTONS, "訂正する：" + label)
        self.robot.write(reason, role="text", name=REASON)
        self.robot.press(BUTTONS, "入力できるようにする")

    def another_number(self):
        clerk, robot = self.clerk, self.robot
        self.correct("個人番号", "番号の書き写し")
        robot.press(BUTTONS, "訂正する：個人番号")
        for number, said in ((MISTYPED_NUMBER, "検査用数字"), ("0" * 12, "0だけの番号はありません")):
            robot.write(number, role=["text", "password text"], name=lambda text: text == "個人番号")
            clerk.see(said)
        self.picture("mistyped")
        robot.write(ANOTHER_NUMBER, role=["text", "password text"], name=lambda text: text == "個人番号")
        clerk.see("カードの個人番号と一致しません")
        self.picture("another-number")
        clerk.primary()
        clerk.see("確認してください：個人番号")
        robot.find("label", "直すところが1件あります")
        assert "読み上げて" not in "\n".join(robot.texts()), "another number than the card's went on"
        robot.press(BUTTONS, "カードの記載に戻す：個人番号")
        robot.gone("label", "カードの個人番号と一致しません")
        robot.gone("label", "直すところが")  # the last of them takes the list along

    def too_short(self, case):
        """The sentence stands beside the field, and goes as soon as the number is whole."""
        right = case["answers"]["n.bpn"]
        self.clerk.answer("n.bpn", right[:-1])
        self.clerk.primary()
        self.clerk.see("10桁ですが、9桁が入力されています")
        self.picture("too-short")
        self.clerk.answer("n.bpn", right)
        self.robot.gone("label", "10桁ですが、9桁が入力されています")

    def another_form(self):
        clerk, robot = self.clerk, self.robot
        name = self.office.people["tanaka"]["name"]
        self.correct("氏名", "戸籍のとおり")
        robot.write(name.replace("恵", "惠"), role="text", name=lambda text: text == "氏名")  # not 氏名カナ
        robot.key("Tab")
        clerk.see("訂正済み。カードの値：")
        self.correct("生年月日", "本人の申出")
        robot.write(OTHER_DAY, role="text", name=lambda text: text == "生年月日")
        robot.key("Tab")
        clerk.primary()
        clerk.see("読み上げて")
        clerk.see("カードの記載と表記が異なる項目：2件", "カードの記載と異なる項目：2件")
        words = "\n".join(robot.texts())
        for wanted in ("「恵」と「惠」は同じ字の字形違い", "戸籍のとおり", "署名の前に、もう一度", "所得の申告がまだです"):
            assert wanted in words, "the confirmation does not say %s:\n%s" % (wanted, words)
        assert "全角・半角の違い" not in words, "the form's own narrowing is told as a difference"
        self.picture("confirm")

    def ticked(self):
        """Nothing can be approved before the officer has ticked the one item that is not as on the card."""
        clerk, robot = self.clerk, self.robot
        clerk.type_staff_pin("S0001")
        clerk.primary()
        clerk.see("受け付けました")
        receipt = robot.receipt_number()
        self.office.remove_card("resident")
        clerk.primary()
        self.on_the_list(receipt)
        clerk.lock()
        clerk.log_in("S0101")
        robot.press(BUTTONS, lambda name: name.startswith("要確認"))
        clerk.see("確認待ち1件")
        self.picture("list")
        robot.press(BUTTONS, lambda name: receipt in name)  # leads to where it is opened
        clerk.see("暗証番号で申請を開いて")
        clerk.type_staff_pin("S0101")
        clerk.primary()
        clerk.see("まだ確認していない相違が1件")
        self.picture("ticks")
        approve = robot.find(BUTTONS, lambda name: name == "承認")
        assert not approve.has(READY), "approval is offered before the difference was seen"
        clerk.tick_differences()
        robot.gone("label", "まだ確認していない相違")
        robot.press(BUTTONS, lambda name: name == "承認")
        clerk.see("署名して承認する")
        self.picture("ticked")
        clerk.type_staff_pin("S0101")
        clerk.primary()
        clerk.see("承認しました")
        self.confirmed()

    def on_the_list(self, receipt):
        """The day's confirmation list says what is to be confirmed, and nothing of what is written there; to the clerk
        who took it in it only says who confirms it."""
        clerk, robot = self.clerk, self.robot
        robot.press(BUTTONS, lambda name: name.startswith("要確認"))
        clerk.see("申請書の記載がカードと違う項目：1件")
        name = self.office.people["tanaka"]["name"]
        words = "\n".join(robot.texts())
        for value in (name, name.replace("恵", "惠"), OTHER_DAY):
            assert value not in words, "the list shows what is sealed: %s" % value
        robot.press(BUTTONS, lambda name: receipt in name)
        clerk.see("ほかの職員が「承認」で確かめます")
        robot.key("F2")

    def confirmed(self):
        """Afterwards the list says by whom."""
        clerk, robot = self.clerk, self.robot
        clerk.primary()
        robot.press(BUTTONS, lambda name: name.startswith("要確認"))
        clerk.see("確認待ちはありません")
        clerk.see("確認 誠")
        self.picture("list-confirmed")

    def pressed_again(self, case):
        """A required choice pressed once more stays: with it gone there would be no way to the confirmation. Then one
        that the form warns of and does not refuse."""
        self.clerk.answer(INCOME, case["answers"][INCOME])
        assert not self.clerk.missing()
        self.clerk.answer(INCOME, "not-yet")

    def run(self):
        from people import DAY

        clerk, robot = self.clerk, self.robot
        case = next(case for case in DAY if case["resident"] == "tanaka")
        clerk.log_in("S0001")
        clerk.choose(case["search"])
        clerk.fill_in_chosen(case)
        self.pressed_again(case)
        robot.press_row(SECTIONS, next(name for name in robot.row_names(SECTIONS) if name.startswith("年金・世帯")))
        self.too_short(case)
        person = next(name for name in robot.row_names(SECTIONS) if name.startswith("本人"))
        robot.press_row(SECTIONS, person)
        self.another_number()
        self.another_form()
        self.ticked()


def main():
    with stage(everything, staff=None, pictures=options().pictures) as play:
        Story(play).run()
    return 0


if __name__ == "__main__":
    perform(main)
