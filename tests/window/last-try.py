#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A card with one try left for each of its two PINs, at the real window: each is asked about by its name before it is typed, and
who is sure gets on. What was read stands beside the number, for the clerk to look at. Run inside tests/isolated."""

import sys

sys.dont_write_bytecode = True
from stage import perform, stage  # noqa: E402

TEXT = "券面事項入力補助用の暗証番号は、あと1回だけ入力できます"
AUTH = "利用者証明用電子証明書の暗証番号は、あと1回だけ入力できます"


def begin(clerk):
    clerk.robot.key("F2")
    clerk.see("どの手続きですか")
    clerk.robot.write("保険料免除")
    clerk.primary()
    clerk.see("説明")
    clerk.primary()
    clerk.see("カードを置いてください")


def enter(clerk, question, step, pin):
    clerk.see(question)
    clerk.primary()
    clerk.see(step)
    clerk.type_pin(pin)
    clerk.primary()


def main():
    with stage() as play:
        clerk, office = play.clerk, play.office
        begin(clerk)
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
