#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A resident who signs, at the real window: the signature certificate is chosen, its password typed with small letters, once
wrongly; the application is taken in. What the card cannot do is said before anything is typed, and the last try is asked about
by name. Nothing of the password can be read from the screen but how long it is. Run inside tests/isolated."""

import sys

sys.dont_write_bytecode = True
from stage import perform, stage  # noqa: E402

from people import DAY  # noqa: E402

USE = "署名用電子証明書を使う…"
FACE = "顔を照合する…"
TITLE = "署名用電子証明書のパスワード（英大文字と数字、6～16文字）"


def begin(clerk, office, resident):
    """From the home page until the signature certificate is chosen."""
    clerk.ask_for_card("保険料免除")
    office.insert("resident", resident)
    clerk.see("2つのうち1つめ")
    clerk.robot.press("push button", USE)


def enter_text_pin(clerk, person):
    clerk.see("2つのうち1つめ")
    clerk.type_pin(person["pins"]["text"])
    clerk.primary()


def hidden(clerk, password):
    """Neither what was typed nor what became of it can be read anywhere."""
    said = "\n".join(clerk.robot.texts())
    assert password not in said and password.upper() not in said, said


def type_password(clerk, password):
    clerk.robot.type(password)
    clerk.see("%d文字入力済み" % len(password))
    hidden(clerk, password)


def refused_character(clerk):
    """What cannot be in it is told at once, and is not in it."""
    clerk.robot.key("minus")
    clerk.see("その文字は使えません。")
    clerk.see("0文字入力済み")
    clerk.robot.type("123456")
    clerk.see("英字と数字の両方が必要です。")
    assert not clerk.robot.primary_ready(), "digits alone are no password"
    for _ in range(6):
        clerk.robot.key("BackSpace")
    clerk.see("0文字入力済み")


def taken_in(clerk, office, case):
    """Small letters, one wrong try, and on to the receipt number."""
    person = office.people[case["resident"]]
    begin(clerk, office, case["resident"])
    enter_text_pin(clerk, person)
    clerk.see(TITLE)
    clerk.see("あと5回")
    refused_character(clerk)
    type_password(clerk, "aozora9")
    clerk.see("小文字は、大文字として入力しました。")
    clerk.primary()
    clerk.see("署名用電子証明書のパスワードが違います。")
    clerk.see("もう一度、パスワードだけ")
    clerk.see("あと4回")
    type_password(clerk, person["pins"]["sign"].lower())
    clerk.primary()
    clerk.see("署名用電子証明書：有効")
    clerk.see("********" + person["number"][-4:])
    clerk.primary()
    clerk.see("申請書のまとまり")
    clerk.fill(case["answers"])
    receipt = clerk.hand_in()
    clerk.see("今日の受付")
    return receipt


def last_try(clerk, office):
    """Asked about by name before it can be typed; sixteen characters."""
    person = office.people["signlast"]
    begin(clerk, office, "signlast")
    enter_text_pin(clerk, person)
    clerk.see("署名用電子証明書のパスワードは、あと1回だけ入力できます。")
    assert TITLE not in "\n".join(clerk.robot.texts()), "the pad is open before the resident was asked"
    clerk.primary()
    clerk.see(TITLE)
    type_password(clerk, person["pins"]["sign"].lower())
    clerk.primary()
    clerk.see("署名用電子証明書：有効")
    clerk.send_away()


def cannot(clerk, office, resident, words):
    """Said before anything is typed; the PINs of four digits are still there."""
    begin(clerk, office, resident)
    clerk.see(words)
    clerk.see("2つのうち1つめ")
    clerk.see("この画面で選べる方法は、顔写真との見比べ、")  # the next step is named, and is there
    assert clerk.robot.all("push button", FACE), "named, and not offered"
    assert TITLE not in "\n".join(clerk.robot.texts())
    clerk.send_away()


def recorded(office, *words):
    audit = office.ctl("audit", "list", "--limit", "1000")
    said = ["%s %s" % (record["outcome"], record["detail"]) for record in audit if record["event"] == "identification"]
    for word in words:
        assert any(word in record for record in said), (word, said)


def start(office):
    office.start_cards()
    office.start_ocsp()
    office.start_daemon()
    office.start_window()


def main():
    with stage(start) as play:
        clerk, office = play.clerk, play.office
        receipt = taken_in(clerk, office, DAY[0])
        last_try(clerk, office)
        cannot(clerk, office, "child", "このカードには、署名用電子証明書がありません。")
        cannot(clerk, office, "signlocked", "署名用電子証明書のパスワードがロックされています。")
        recorded(office, "done verdict=valid revocation=ocsp method=jpki-sign", "failed cause=pin-wrong",
                 "refused cause=no-signature-certificate", "refused cause=pin-blocked")
        print("signature: %s was taken in by the signature certificate" % receipt)
    return 0


if __name__ == "__main__":
    perform(main)
