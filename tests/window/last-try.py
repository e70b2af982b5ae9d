#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A card with one try left for each of its two PINs, at the real window: each is asked about by its name before it is typed, and
who is sure gets on. What was read stands beside the number, for the clerk to look at. And a card that nothing tells from others:
a PIN whose answer was lost is asked about before it goes to such a card again. Run inside tests/isolated."""

import os
import shutil
import sys

sys.dont_write_bytecode = True
from face import given, type_front  # noqa: E402
from stage import perform, stage  # noqa: E402

TEXT = "券面事項入力補助用の暗証番号は、あと1回だけ入力できます"
AUTH = "利用者証明用電子証明書の暗証番号は、あと1回だけ入力できます"


def enter(clerk, question, step, pin):
    clerk.see(question)
    clerk.primary()
    clerk.see(step)
    clerk.type_pin(pin)
    clerk.primary()


def insert_nameless(office, who):
    """WHO's card, with neither certificate nor serial number."""
    card = office.at("cards", who + "-nameless")
    shutil.copytree(office.at("cards", who), card)
    for name in ("jpki-000A.ef", "common-0001.rec", "isd-0045.do"):
        if os.path.exists(os.path.join(card, name)):
            os.unlink(os.path.join(card, name))
    office.insert("resident", who + "-nameless")


def lose_answer(office):
    """Behind the questions for the tries of two PINs, the answer to the first of them."""
    office.send("resident", "clear-log")
    office.send("resident", "fault remove-after ins 20 at 3")


def nameless(clerk, office):
    """Lifted with a wrong PIN in it, it comes back as a card that may be any."""
    pins = office.people["tanaka"]["pins"]
    clerk.ask_for_card("保険料免除")
    insert_nameless(office, "tanaka")
    clerk.see("2つのうち1つめ")
    lose_answer(office)
    clerk.type_pins("9999", pins["auth"])
    clerk.see("読み取りの途中でカードが離れました")
    assert given(office) == 1, "the wrong PIN did not come to the card"
    office.insert("resident", "tanaka-nameless")
    clerk.see("あと2回")
    clerk.type_pins("9999", pins["auth"])
    clerk.see("同じ暗証番号が、このカードで受け付けられなかったことがあるかもしれません")
    clerk.see("ほかのカードと見分ける手がかりを示しません")
    assert given(office) == 1, "it was sent again by itself"
    clerk.primary()  # the resident is sure
    clerk.type_pins("9999", pins["auth"])
    clerk.see("あと1回だけ入力できます")
    assert given(office) == 2, "it was not sent although it was meant"
    clerk.send_away()


def nameless_face(clerk, office):
    """The same with what is printed on the card."""
    person = office.people["nocert"]
    clerk.ask_for_card("保険料免除")
    insert_nameless(office, "nocert")
    clerk.see("カードに印刷されている数字を入力してください")
    lose_answer(office)
    type_front(clerk, person, "9999")
    clerk.primary()
    clerk.see("読み取りの途中でカードが離れました")
    office.insert("resident", "nocert-nameless")
    clerk.see("あと9回")
    type_front(clerk, person, "9999")
    clerk.primary()
    clerk.see("同じ番号が、このカードで受け付けられなかったことがあるかもしれません")
    clerk.see("見直したので、番号を送る")
    assert given(office) == 1, "the digits were sent again by themselves"
    clerk.primary()
    clerk.see("あと8回")
    assert given(office) == 2, "they were not sent although it was meant"
    clerk.send_away()


def main():
    with stage() as play:
        clerk, office = play.clerk, play.office
        nameless(clerk, office)
        nameless_face(clerk, office)
        clerk.ask_for_card("保険料免除")
        person = office.people["lasttry"]
        office.insert("resident", "lasttry")
        clerk.see(TEXT)
        said = "\n".join(clerk.robot.texts())
        assert AUTH not in said, "both are asked about at once"
        enter(clerk, TEXT, "2つのうち1つめ", person["pins"]["text"])
        enter(clerk, AUTH, "2つのうち2つめ", person["pins"]["auth"])
        for words in (person["name"].split("　")[0], person["address"], "男" if person["sex"] == "1" else "女",
                      "********" + person["number"][-4:]):
            clerk.see(words)
        print("last-try: both PINs were asked about, and the person is known")
    return 0


if __name__ == "__main__":
    perform(main)
