#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What asks for nobody's identification, at the real window, by the keyboard alone: no card, no document, but who brought it;
nothing is filled in; what was taken in is approved and opened by the back office as what it is. For a procedure that asks
for somebody there is no such way. Run inside tests/isolated. --pictures FOLDER: leaves the screens."""

import os
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.dont_write_bytecode = True
from stage import BUTTONS, everything, options, perform, stage  # noqa: E402

from documents import Desk, case_of, sign  # noqa: E402
from face import recorded  # noqa: E402

ASKED = "この手続きでは本人確認をしません"
HOSPITAL = "青空総合病院"
RESULT = {"p.name": "結果　試子", "p.kana": "けっか ためこ", "p.birth": "S25.3.7", "p.sex": "female", "p.addr": "架空県あおぞら区本町1-2-3",
          "s.date": "R8.5.11", "s.mode": "group", "s.section": "12345", "s.hosp": "1310000001", "s.place": "青空会館",
          "s.st_method": "x-ray", "s.guide": "normal"}
QUESTION = {"q.subject": "自分の情報がどう使われるか知りたい", "q.grave": "false"}


def begin(desk, search):
    desk.robot.key("F2")
    desk.clerk.see("どの手続きですか")
    desk.robot.write(search)
    desk.clerk.primary()
    desk.clerk.see(ASKED)


def from_a_hospital(desk, office):
    """An institution is named; the contents are empty although a card lies on the reader."""
    clerk = desk.clerk
    office.insert("resident", "tanaka")
    begin(desk, "胃がん検診結果")
    desk.closed("提出元を選んでください")
    desk.picture("brought-asked")
    desk.press("医療機関・検診機関")
    desk.closed("機関・課の名前が入力されていません")
    desk.type_into("機関・課の名前", HOSPITAL)
    desk.picture("brought-named")
    clerk.primary()
    clerk.see("申請書のまとまり")
    recorded(office, "done", "verdict=not-required", "revocation=none", "brought=institution")
    person = office.people["tanaka"]
    said = "\n".join(desk.robot.texts())
    assert person["name"] not in said and person["number"] not in said, said
    clerk.see("医療機関・検診機関")
    desk.picture("brought-content")
    clerk.fill(RESULT)
    desk.picture("brought-filled")
    office.remove_card("resident")
    clerk.picture = desk.picture
    receipt = sign(clerk, "届いた書類に受付番号を書いて保管する")
    clerk.picture = lambda name: None
    return receipt


def from_anybody(desk, office):
    """Nobody is named, and no name is asked for."""
    clerk = desk.clerk
    begin(desk, "問合せ受付票")
    desk.press("その他の方")
    clerk.primary()
    clerk.see("申請書のまとまり")
    recorded(office, "done", "brought=anyone")
    clerk.see("お名前の記載なし")
    clerk.fill(QUESTION)
    desk.picture("brought-nobody")
    return sign(clerk, "届いた書類に受付番号を書いて保管する")


def back_again(desk):
    """Back from the contents it can be said anew, and what was said is there."""
    clerk = desk.clerk
    begin(desk, "胃がん検診結果")
    desk.press("医療機関・検診機関")
    desk.type_into("機関・課の名前", HOSPITAL)
    clerk.primary()
    clerk.see("申請書のまとまり")
    desk.robot.key("Escape")
    clerk.see(ASKED)
    desk.tab_to("機関・課の名前")
    desk.press("職権による処理")
    clerk.primary()
    clerk.see("職権による処理")
    clerk.give_up()


def not_elsewhere(desk):
    """Where somebody has to be identified nobody is asked who brought it."""
    desk.clerk.choose("要介護・要支援")
    said = "\n".join(desk.robot.texts())
    assert ASKED not in said and "提出元" not in said, said
    desk.clerk.give_up()


def look_at(desk, receipt):
    """The officer who checks it sees who brought it; two have to agree on such a result."""
    desk.robot.key("F3")
    desk.clerk.open_waiting(receipt)
    desk.clerk.type_staff_pin("S0101")
    desk.clerk.primary()
    desk.clerk.see("見比べてから選んで")
    desk.clerk.see(HOSPITAL)
    desk.picture("brought-compare")
    desk.robot.key("Escape")
    desk.robot.find(BUTTONS, receipt)


def check_back_office(office, receipt, said):
    case = case_of(office, receipt)
    shown = office.backoffice("open", case["intake"], "--json")
    assert '"none"' in shown and '"not-required"' in shown, shown
    verified = office.backoffice("verify", case["intake"])
    assert "nobody was identified: by policy 1" in verified and said in verified, verified
    assert "signed the challenge" not in verified, verified


def main():
    with stage(everything, pictures=options().pictures) as play:
        clerk, office = play.clerk, play.office
        desk = Desk(play)
        hospital = from_a_hospital(desk, office)
        anybody = from_anybody(desk, office)
        back_again(desk)
        not_elsewhere(desk)
        office.remove_card("staff")
        clerk.log_in("S0101")
        look_at(desk, hospital)
        clerk.approve(anybody, "S0101", sees="その他の方")
        clerk.wait_drained()
        check_back_office(office, anybody, "anyone")
    return 0


if __name__ == "__main__":
    perform(main)
