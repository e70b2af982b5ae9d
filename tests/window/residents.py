#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a resident may have to be told about what lies on the reader, at the real window: a card or certificate that ends
soon (the intake goes on), one that is over (which of the two), and a phone in place of the card; and what is left of a resident
where the clerk was called away. Run inside tests/isolated. --pictures FOLDER: leaves the screens."""

import datetime
import os
import sys
import time

sys.dont_write_bytecode = True
from stage import HERE, everything, options, perform, stage  # noqa: E402

from revocation import renew_policy  # noqa: E402

sys.path.append(os.path.join(HERE, "..", "memory"))
from memory import forms, scan  # noqa: E402


def begin(clerk):
    """A new intake until the card is asked for."""
    clerk.robot.key("F2")
    clerk.see("どの手続きですか")
    clerk.robot.write("資格確認書")
    clerk.primary()
    clerk.see("説明")
    clerk.primary()
    clerk.see("カードを置いてください")


def end(clerk, office):
    """Given up; the card goes back."""
    clerk.robot.press("push button", "受付を終わる")
    node = clerk.robot.find(None, lambda name: name.startswith("この受付を終わりますか"))
    while not clerk.robot.all("push button", "受付を続ける", where=node):
        node = node.get_parent()
    clerk.robot.press("push button", "受付を終わる", where=node)
    clerk.see("今日の受付")
    office.remove_card("resident")


def show(clerk, office, who):
    """Puts the card there and types its PINs."""
    pins = office.people[who]["pins"]
    office.insert("resident", who)
    for step, pin in (("2つのうち1つめ", "text"), ("2つのうち2つめ", "auth")):
        clerk.see(step)
        clerk.type_pin(pins[pin])
        clerk.primary()


def day(days):
    """That many days from today, as the screen writes it."""
    then = (datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))) + datetime.timedelta(days=days)).date()
    return "令和%d年%d月%d日" % (then.year - 2018, then.month, then.day)


def ends_soon(clerk, office, who, words, picture):
    """Said on the step and beside the person, with the last day; the way on is open, and the words go with the person."""
    begin(clerk)
    show(clerk, office, who)
    clerk.see("そろいました")
    for word in words:
        said = "\n".join(clerk.robot.texts())
        assert said.count(word) >= 2, "%r is not said on the step and on the panel:\n%s" % (word, said)
    assert clerk.robot.primary_ready(), "the intake does not go on"
    picture("ends-" + who)
    clerk.primary()
    clerk.see("申請書のまとまり")
    clerk.see(words[0])
    end(clerk, office)
    assert words[0] not in "\n".join(clerk.robot.texts())


def is_over(clerk, office, who, title, picture):
    begin(clerk)
    show(clerk, office, who)
    clerk.see(title)
    picture("over-" + who)
    end(clerk, office)


def phone(clerk, office, picture):
    """Told apart before anything is typed; the card in its place goes on."""
    begin(clerk)
    office.insert("resident", "android")
    clerk.see("リーダーに置かれているのは、カードではなくAndroidスマートフォンです")
    clerk.see("氏名・住所・個人番号・顔写真は読み取れない")
    clerk.see("スマートフォンと置き換えてもらってください")
    assert not clerk.robot.all(None, lambda name: "2つのうち1つめ" in name)
    picture("phone")
    office.remove_card("resident")
    office.insert("resident", "tanaka")
    clerk.see("2つのうち1つめ")
    assert "Android" not in "\n".join(clerk.robot.texts())
    end(clerk, office)


def left_in_memory(office, who):
    """What of this resident's card stands in the window's memory, freed blocks included."""
    person, pid = office.people[who], office.processes["window"].pid
    needles = {"%s %d" % (what, n): form for what in ("name", "address", "number") for n, form in enumerate(forms(person[what]))}
    assert scan(pid, {"officer": b"S0001"}), "the scan is blind"
    return sorted({name for name, _, _ in scan(pid, needles)})


def called_away(clerk, office, picture):
    """R-CARD-10: the resident has the card back, the form is open, and the clerk is called away. As the idle limit passes the screen
    locks, and nothing that was read from the card is left, on the screen or in memory; whoever comes back is told what to do."""
    person = office.people["tanaka"]
    begin(clerk)
    show(clerk, office, "tanaka")
    clerk.see("そろいました")
    office.remove_card("resident")
    clerk.primary()
    clerk.see("申請書のまとまり")
    clerk.see(person["name"].split("　")[0])
    assert left_in_memory(office, "tanaka"), "the resident is nowhere, and yet on the screen"
    renew_policy(office, "policy-idle", 2)
    clerk.see("パスワードを入力してください", patience=60)
    deadline = time.monotonic() + 60
    while left_in_memory(office, "tanaka"):
        assert time.monotonic() < deadline, "still in memory: %s" % left_in_memory(office, "tanaka")
        time.sleep(1)
    renew_policy(office, "policy-line", 3)  # nobody is hurried any more
    clerk.see("パスワードを入力してください")
    clerk.robot.type(office.staff["S0001"]["password"])
    clerk.primary()
    clerk.see("カードから読み取った内容を消しました")
    clerk.see("もう一度カードを置いてもらい")
    picture("erased")
    end(clerk, office)


def main():
    with stage(everything, pictures=options().pictures) as play:
        clerk, office, picture = play.clerk, play.office, play.picture
        ends_soon(clerk, office, "certsoon", ["電子証明書の有効期限が近づいています", day(40)], picture)
        ends_soon(clerk, office, "stay", ["マイナンバーカードの有効期限が近づいています", day(60)], picture)
        is_over(clerk, office, "expired", "このカードの電子証明書は、有効期限が過ぎています", picture)
        is_over(clerk, office, "cardexpired", "カードの有効期限が過ぎています", picture)
        phone(clerk, office, picture)
        called_away(clerk, office, picture)
    return 0


if __name__ == "__main__":
    perform(main)
