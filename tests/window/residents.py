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

from mdworld.day import at_the_counter  # noqa: E402
from revocation import renew_policy  # noqa: E402

sys.path.append(os.path.join(HERE, "..", "memory"))
from traces import in_memory  # noqa: E402


PROCEDURE = "資格確認書"
REASON = "転居届の控えで確認した新しい番地"


def day(office, days):
    """That many days from the one on which the cards were made, as the screen writes it."""
    made = datetime.datetime.fromisoformat(office.facts["made"].replace("Z", "+00:00"))
    then = at_the_counter(made) + datetime.timedelta(days=days)
    return "令和%d年%d月%d日" % (then.year - 2018, then.month, then.day)


def ends_soon(clerk, office, who, words, picture):
    """Said on the step and beside the person, with the last day; the way on is open, and the words go with the person."""
    clerk.ask_for_card(PROCEDURE)
    clerk.show(who)
    clerk.see("そろいました")
    for word in words:
        said = "\n".join(clerk.robot.texts())
        assert said.count(word) >= 2, "%r is not said on the step and on the panel:\n%s" % (word, said)
    assert clerk.robot.primary_ready(), "the intake does not go on"
    picture("ends-" + who)
    clerk.primary()
    clerk.see("申請書のまとまり")
    clerk.see(words[0])
    clerk.send_away()
    assert words[0] not in "\n".join(clerk.robot.texts())


def is_over(clerk, office, who, title, picture):
    clerk.ask_for_card(PROCEDURE)
    clerk.show(who)
    clerk.see(title)
    picture("over-" + who)
    clerk.send_away()


def phone(clerk, office, picture):
    """Told apart before anything is typed; the card in its place goes on."""
    clerk.ask_for_card(PROCEDURE)
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
    assert_nobody(clerk, office.people["tanaka"])  # R-PRIV-09: the screen is turned to the visitors now
    clerk.send_away()


def left_in_memory(office, who, but_secrets=False):
    """What of this resident's card stands in the window's memory."""
    person, pid = office.people[who], office.processes["window"].pid
    assert in_memory(pid, {"officer": "S0001"}), "the scan is blind"
    return in_memory(pid, {what: person[what] for what in ("name", "address", "number")}, but_secrets)


def wait_wiped(office, who, but_secrets=False):
    deadline = time.monotonic() + 90
    while left_in_memory(office, who, but_secrets):
        assert time.monotonic() < deadline, "still in memory: %s" % left_in_memory(office, who, but_secrets)
        time.sleep(1)


def open_form(clerk, who):
    """A new intake up to the form, with what the card said."""
    clerk.ask_for_card(PROCEDURE)
    clerk.show(who)
    clerk.see("そろいました")
    clerk.primary()
    clerk.see("申請書のまとまり")


def called_away(clerk, office, picture):
    """R-CARD-10: the form is open, and the clerk is called away. As the idle limit passes the screen
    locks, and nothing that was read from the card is left, on the screen or in memory; whoever comes back is told what to do."""
    person = office.people["tanaka"]
    open_form(clerk, "tanaka")
    clerk.see(person["name"].split("　")[0])
    assert left_in_memory(office, "tanaka"), "the resident is nowhere, and yet on the screen"
    renew_policy(office, "policy-idle", 2)
    clerk.see("パスワードを入力してください", patience=90)
    wait_wiped(office, "tanaka")
    office.remove_card("resident")
    renew_policy(office, "policy-patient", 3)  # nobody is hurried any more
    clerk.see("パスワードを入力してください")
    clerk.robot.type(office.staff["S0001"]["password"])
    clerk.primary()
    clerk.see("カードから読み取った内容を消しました")
    clerk.see("もう一度カードを置いてもらい")
    picture("erased")
    clerk.send_away()


def wait_focused(robot, name):
    """The keys go to the entry of this name."""
    from robot import Atspi

    robot.await_state([Atspi.StateType.FOCUSED], "text", name)


def assert_nobody(clerk, person):
    said = clerk.robot.everything().replace("試験環境", "")  # in the top bar: no part of a name
    for part in person["name"].split("　") + [person["address"], person["number"][-4:]]:
        assert part not in said, "%r is still there:\n%s" % (part, said)


def usual_key_ends_nothing(clerk):
    """The card slips while the clerk presses what goes on: on the cover that key has nothing to press."""
    assert not clerk.robot.primary_ready(), "the cover has a primary act"
    clerk.robot.key("ctrl+Return")
    clerk.robot.key("Return")
    time.sleep(1)
    clerk.see("カードが離れました")
    assert not clerk.robot.all(None, lambda name: "この受付を終わりますか" in name), "the usual key ends the intake"


def lifted(clerk, office, picture):
    """R-CARD-10: the card is lifted while the clerk types. Nothing of the resident is left anywhere but in locked pages; the same
    card, and no other, brings it back as it was, and whoever typed goes on. What waits too long is erased."""
    from clerk import MISSING

    person = office.people["tanaka"]
    open_form(clerk, "tanaka")
    clerk.robot.press_row(MISSING, "電話番号")
    wait_focused(clerk.robot, "電話番号")
    clerk.robot.type("0312")
    clerk.robot.find("push button", "住所・連絡先 入力済み")
    assert "電話番号" in clerk.missing(), "half a number is taken for a whole one"
    office.remove_card("resident")
    clerk.see("カードが離れました。続けるには同じカードを置いてください")
    clerk.see("秒で、カードから読み取った内容を消します")
    assert_nobody(clerk, person)
    picture("lifted")
    wait_wiped(office, "tanaka", but_secrets=True)
    assert left_in_memory(office, "tanaka"), "there is nothing to bring back"
    office.insert("resident", "suzuki")
    clerk.see("別のカードです")
    assert_nobody(clerk, person)
    picture("lifted-other")
    office.remove_card("resident")
    clerk.see("カードが離れました")
    office.insert("resident", "tanaka")
    clerk.see("申請書のまとまり")
    clerk.see(person["name"].split("　")[0])
    wait_focused(clerk.robot, "電話番号")
    clerk.robot.type("345678")
    clerk.robot.key("Tab")
    clerk.wait_answered("電話番号")
    assert "電話番号" not in clerk.missing(), "typing does not go on where it was"
    picture("lifted-back")
    clerk.robot.press("push button", "訂正する：住所")
    clerk.robot.write(REASON, name="訂正の理由")
    office.remove_card("resident")
    clerk.see("カードが離れました")
    wait_wiped(office, "tanaka", but_secrets=True)
    assert not in_memory(office.processes["window"].pid, {"reason": REASON}, True), "the reason is not in locked pages alone"
    usual_key_ends_nothing(clerk)
    clerk.give_up()
    wait_wiped(office, "tanaka")


def away_too_long(clerk, office, picture):
    renew_policy(office, "policy-hasty", 4)
    clerk.ask_for_card(PROCEDURE)
    clerk.show("tanaka")
    clerk.see("そろいました")
    office.remove_card("resident")
    clerk.see("カードから読み取った内容を消しました")
    clerk.see("カードがリーダーから離れたまま")
    picture("lifted-erased")
    wait_wiped(office, "tanaka")
    clerk.send_away()


def main():
    with stage(everything, pictures=options().pictures) as play:
        clerk, office, picture = play.clerk, play.office, play.picture
        ends_soon(clerk, office, "certsoon", ["電子証明書の有効期限が近づいています", day(office, 40)], picture)
        ends_soon(clerk, office, "stay", ["マイナンバーカードの有効期限が近づいています", day(office, 60)], picture)
        is_over(clerk, office, "expired", "このカードの電子証明書は、有効期限が過ぎています", picture)
        is_over(clerk, office, "cardexpired", "カードの有効期限が過ぎています", picture)
        phone(clerk, office, picture)
        called_away(clerk, office, picture)
        lifted(clerk, office, picture)
        away_too_long(clerk, office, picture)
    return 0


if __name__ == "__main__":
    perform(main)
