#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A resident with a reader that has keys of its own, at the real window: the reader's keys are offered first and work;
cancelled, they cost no try; when they fail, the keys on the screen take over; the password of the signature certificate,
which has letters, is never theirs. Run inside tests/isolated."""

import configparser
import re
import sys

sys.dont_write_bytecode = True
from stage import perform, stage  # noqa: E402


def use_pads(office):
    """The readers with keys in place of vpcd's, and the terminal's settings say so."""
    import world

    path = office.at("terminal", "terminal.ini")
    settings = configparser.RawConfigParser(strict=False, delimiters=("=",))
    settings.optionxform = str
    settings.read(path, encoding="utf-8")
    for role in ("resident", "staff"):
        settings["card"][role + "_reader"] = world.PADS[role][1]
    with open(path, "w", encoding="utf-8") as file:
        settings.write(file, space_around_delimiters=False)
    office.start_pads()
    office.start_vcards()


def begin(clerk, office, resident):
    """From the home page until the card is known."""
    clerk.ask_for_card("保険料免除")
    office.insert("resident", resident)


def given_up(clerk, office):
    """The clerk waits no more, and reads that the reader still does; what is pressed there ends that, and nothing of
    it is left on the screen."""
    clerk.see("暗証番号はリーダーのキーで入力します。")
    clerk.primary()
    clerk.see("券面事項入力補助用の暗証番号")
    clerk.robot.press(name="待つのをやめる")
    clerk.see("まだ暗証番号の入力を待っています。")
    office.order("resident", "press cancel")
    clerk.see("暗証番号はリーダーのキーで入力します。")


def asked_so_far(office):
    """How often the keys were asked for something; whether the card has power just now is another matter."""
    return re.search(r"asked=(\d+)", office.order("resident", "status")).group(1)


def no_letters(clerk, office, person):
    """The password of the signature certificate is typed at the screen, and it is said why; then back to the PINs."""
    asked = asked_so_far(office)
    clerk.see("暗証番号はリーダーのキーで入力します。")
    clerk.robot.press("push button", "署名用電子証明書を使う…")
    clerk.see("2つのうち1つめ")
    clerk.type_pin(person["pins"]["text"])
    clerk.primary()
    clerk.see("リーダーのキーには英字がないため、この画面で入力します。")
    clerk.see("0文字入力済み")
    assert asked_so_far(office) == asked, "the reader's keys were asked for a password"
    clerk.robot.press("push button", "暗証番号での確認に戻る")


def at_the_keypad(clerk, office, person):
    """Given up, cancelled once, then typed at the reader."""
    no_letters(clerk, office, person)
    given_up(clerk, office)
    clerk.primary()
    clerk.see("券面事項入力補助用の暗証番号")
    office.order("resident", "press cancel")
    clerk.see("リーダーのキーで入力が取り消されました。")
    clerk.primary()
    clerk.see("券面事項入力補助用の暗証番号")
    office.order("resident", "type " + person["pins"]["text"])
    clerk.see("利用者証明用電子証明書の暗証番号")
    office.order("resident", "type " + person["pins"]["auth"])
    clerk.see(person["name"].split("　")[0])


def on_the_screen(clerk, office, person):
    """The reader's keys fail: the screen asks."""
    office.order("resident", "lie unsupported")
    clerk.see("暗証番号はリーダーのキーで入力します。")
    clerk.primary()
    clerk.see("リーダーのキーが使えません。")
    clerk.type_pins(person["pins"]["text"], person["pins"]["auth"])
    clerk.see(person["name"].split("　")[0])


def start(office):
    use_pads(office)
    office.start_ocsp()
    office.start_daemon()
    office.start_window()


def main():
    with stage(start) as play:
        begin(play.clerk, play.office, "tanaka")
        (on_the_screen if "--fails" in sys.argv else at_the_keypad)(play.clerk, play.office, play.office.people["tanaka"])
    return 0


if __name__ == "__main__":
    perform(main)
