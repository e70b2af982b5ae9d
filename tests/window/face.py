#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A resident whose card has no PIN, at the real window: what is printed on the card opens its face, the clerk compares
and answers, and the application is taken in, approved and opened by the back office as what it is. What goes wrong on
the way is said in words of its own and recorded. Run inside tests/isolated. --pictures FOLDER: leaves the screens."""

import datetime
import json
import os
import sys
import time

sys.dont_write_bytecode = True
from stage import HERE, everything, options, perform, stage  # noqa: E402

sys.path.append(os.path.join(HERE, "..", "memory"))
from memory import Verify, scan  # noqa: E402
from mdworld.day import age_on, at_the_counter  # noqa: E402
from people import DAY  # noqa: E402
from residents import assert_nobody, wait_wiped  # noqa: E402

ANSWER = ["toggle button", "push button"]
CASE = dict(DAY[0], resident="faceauth")


def type_front(clerk, person, code=None):
    """照合番号B from the world: how the clerk writes it."""
    digits = person["reference_b"]
    clerk.robot.write(person["birth"], name="生年月日")
    clerk.robot.write(digits[6:10], name="有効期限の年")
    clerk.robot.write(code or digits[10:], name="セキュリティコード")


def last_identification(office):
    audit = office.ctl("audit", "list", "--limit", "1000")
    records = [record for record in audit if record["event"] == "identification"]
    return "%s %s" % (records[-1]["outcome"], records[-1]["detail"])


def recorded(office, *words):
    """The last identification in the log says this, soon: the screen does not wait for the record."""
    deadline = time.monotonic() + 90
    while True:
        said = last_identification(office)
        missing = [word for word in words if word not in said]
        if not missing:
            return
        assert time.monotonic() < deadline, "the log says %r, without %r" % (said, missing)
        time.sleep(0.2)


def nothing_left(clerk, person):
    """The photograph and what was typed are gone from the screen."""
    assert not clerk.robot.all(None, lambda name: name == "カードの顔写真"), clerk.robot.describe()
    said = "\n".join(clerk.robot.texts())
    assert person["reference_b"][10:] + "\n" not in said and person["number"] not in said


def nothing_in_memory(office, who):
    """R-CARD-10: neither the photograph, as the card has it, nor the command with the digits that opened it is in the window's
    memory, freed blocks included."""
    with open(office.at("cards", who, "visual-0002.ef"), "rb") as file:
        face = file.read()
    picture = face.index(bytes.fromhex("ff4fff51"))  # of JPEG 2000: the middle of it
    needles = {"photograph": face[picture + 200:picture + 248],
               "printed digits": Verify(office.people[who]["reference_b"], 14)}
    pid, deadline = office.processes["window"].pid, time.monotonic() + 90
    assert scan(pid, {"officer": b"S0001"}), "the scan is blind"
    while scan(pid, needles):
        assert time.monotonic() < deadline, sorted({name for name, _, _ in scan(pid, needles)})
        time.sleep(1)


def wrong_digits(clerk, office, person, picture):
    """A slip is seen before it is sent; a wrong code costs a try, and what was typed stays for another look."""
    clerk.see("カードに印刷されている数字を入力してください")
    clerk.see("あと10回")
    clerk.robot.write("S55.2.30", name="生年月日")
    assert not clerk.robot.primary_ready()
    picture("face-entry")
    type_front(clerk, person, "9999")
    clerk.see("昭和55年2月12日")
    clerk.primary()
    clerk.see("入力した番号が、このカードのものと一致しません")
    clerk.see("あと9回")
    picture("face-wrong")
    recorded(office, "failed", "cause=pin-wrong")


def compare(clerk, answer, picture):
    clerk.see("カードの顔写真と、窓口の方を見比べてください")
    clerk.robot.find(None, lambda name: name == "カードの顔写真")
    assert not clerk.robot.primary_ready(), "answered before the clerk has"
    picture("face-view")
    clerk.robot.press(ANSWER, answer)
    clerk.primary()


def taken_in(clerk, office, case, picture):
    """By the face to the receipt number."""
    person = office.people["faceauth"]
    clerk.ask_for_card("保険料免除")
    office.insert("resident", "faceauth")
    wrong_digits(clerk, office, person, picture)
    type_front(clerk, person)
    clerk.robot.write(person["number"], name="個人番号（見せてもらえるとき）")
    clerk.see("検査数字が合っています")
    clerk.primary()
    compare(clerk, "同じ人です", picture)
    clerk.see("顔写真を照合")
    clerk.see(person["name"].split("　")[0])
    picture("face-done")
    born = datetime.date.fromisoformat(person["birth"])
    clerk.see("昭和55年2月12日（%d歳）" % age_on(born, at_the_counter()))
    clerk.see(person["address"])
    clerk.see("男")
    clerk.see("********" + person["number"][-4:])
    nothing_left(clerk, person)
    recorded(office, "done", "method=card-face", "verdict=face")
    clerk.primary()
    clerk.see("申請書のまとまり")
    clerk.fill(case["answers"])
    return clerk.hand_in()


def another_person(clerk, office, picture):
    """The clerk says no: stopped, recorded, nothing left."""
    person = office.people["faceauth"]
    clerk.ask_for_card("保険料免除")
    office.insert("resident", "faceauth")
    type_front_when_asked(clerk, person)
    compare(clerk, "違う人です", picture)
    clerk.see("確認に少しお時間をいただきます")
    picture("face-other")
    nothing_left(clerk, person)
    recorded(office, "refused", "verdict=face-other")
    clerk.send_away()


def lifted(clerk, office, picture):
    """R-CARD-10 without a PIN: the card is lifted after the clerk has compared. Covered at once, with nothing but locked pages
    left; it is known again by what is written on it, since it has no certificate, and nothing is typed or compared anew."""
    person = office.people["faceauth"]
    clerk.ask_for_card("保険料免除")
    office.insert("resident", "faceauth")
    type_front_when_asked(clerk, person)
    compare(clerk, "同じ人です", picture)
    clerk.see("顔写真を照合")
    clerk.primary()
    clerk.see("申請書のまとまり")
    office.remove_card("resident")
    clerk.see("カードが離れました。続けるには同じカードを置いてください")
    assert_nobody(clerk, person)
    picture("face-lifted")
    wait_wiped(office, "faceauth", but_secrets=True)
    nothing_in_memory(office, "faceauth")
    office.insert("resident", "nocert")
    clerk.see("別のカードです")
    assert_nobody(clerk, person)
    office.remove_card("resident")
    clerk.see("カードが離れました")
    office.insert("resident", "faceauth")
    clerk.see("申請書のまとまり")
    clerk.see("顔写真を照合")
    clerk.see(person["address"])
    clerk.send_away()


def external(clerk, office, picture):
    """外字: a character that the back office does not have is named beside the card's own print of the name, and kept. It is there
    as long as the card is, and not for other eyes."""
    person = office.people["gaiji"]
    clerk.ask_for_card("保険料免除")
    office.insert("resident", "gaiji")
    clerk.see("2つのうち1つめ")
    clerk.robot.press("push button", "顔を照合する")
    type_front_when_asked(clerk, person)
    compare(clerk, "同じ人です", picture)
    clerk.see("顔写真を照合")
    clerk.primary()
    clerk.see("申請書のまとまり")
    clerk.see("外字：𠮷 (U+20BB7)")
    clerk.see(person["name"])
    printed = lambda name: name.startswith("カードの券面：氏名")  # noqa: E731
    clerk.robot.find(None, printed)
    assert not clerk.robot.all(None, lambda name: name.startswith("カードの券面：住所")), "an address that needs no print"
    picture("face-external")
    office.remove_card("resident")
    clerk.see("カードが離れました。続けるには同じカードを置いてください")
    assert not clerk.robot.all(None, printed), clerk.robot.describe()
    office.insert("resident", "gaiji")
    clerk.see("申請書のまとまり")
    clerk.robot.find(None, printed)
    clerk.send_away()
    assert not clerk.robot.all(None, printed), clerk.robot.describe()


def type_front_when_asked(clerk, person):
    clerk.see("カードに印刷されている数字を入力してください")
    type_front(clerk, person)
    clerk.primary()


def taken_away(clerk, office, picture):
    """The card leaves while the clerk looks: the photograph goes with it."""
    person = office.people["faceauth"]
    clerk.ask_for_card("保険料免除")
    office.insert("resident", "faceauth")
    type_front_when_asked(clerk, person)
    clerk.see("カードの顔写真と、窓口の方を見比べてください")
    office.remove_card("resident")
    clerk.see("カードに印刷されている数字を入力してください")
    nothing_left(clerk, person)
    nothing_in_memory(office, "faceauth")
    clerk.send_away()


def forged(clerk, office, picture):
    """Another photograph in the card: never shown."""
    person = office.people["photoswap"]
    clerk.ask_for_card("保険料免除")
    office.insert("resident", "photoswap")
    clerk.see("2つのうち1つめ")
    clerk.robot.press("push button", "顔を照合する")
    type_front_when_asked(clerk, person)
    clerk.see("カードの中の記録と合いません")
    nothing_left(clerk, person)
    recorded(office, "refused", "method=card-face", "verdict=bad-data")
    clerk.send_away()


def not_here(clerk, office, picture):
    """A procedure that asks for the PIN says so, and what to do."""
    clerk.ask_for_card("資格確認書")
    office.insert("resident", "faceauth")
    clerk.see("このカードには暗証番号がありません")
    picture("face-refused")
    recorded(office, "refused", "cause=card-without-pin")
    clerk.send_away()


def given(office):
    """How many PINs the card was given since clear-log: VERIFY with data."""
    return sum(line.split()[2] == "20" and line.split()[5] != "Lc=0" for line in office.send("resident", "log"))


def left(office):
    """What the card itself says of 照合番号B."""
    return office.send("resident", "tries visual-0012 10")


def ask_for_last_try(clerk, office, code=None):
    """The card with one try left, the digits typed, and opened: it is named first, and nothing is sent."""
    person = office.people["printlast"]
    state = office.at("cards", "printlast", "state.ini")
    if os.path.exists(state):
        os.unlink(state)
    clerk.ask_for_card("保険料免除")
    office.insert("resident", "printlast")
    clerk.see("2つのうち1つめ")
    clerk.robot.press("push button", "顔を照合する")
    clerk.see("カードに印刷されている数字を入力してください")
    clerk.see("あと1回（最後）")
    office.send("resident", "clear-log")
    type_front(clerk, person, code)
    assert not clerk.robot.all(None, lambda name: name.startswith("見直したので、最後の1回を使う")), "before it is asked"
    clerk.primary()
    clerk.see("券面の番号を試せるのは、あと1回です")
    clerk.see("見直したので、最後の1回を使う")
    assert (given(office), left(office)) == (0, "1"), "the last try was sent without having been meant"


def last_try_refused(clerk, office, picture):
    """Nobody is sure: the intake is given up, and the card keeps its try."""
    ask_for_last_try(clerk, office)
    picture("face-last")
    clerk.robot.press("push button", "受付を終わる")
    clerk.see("この受付を終わりますか")
    assert (given(office), left(office)) == (0, "1"), "asking whether to end used the last try"
    clerk.robot.key("Escape")
    clerk.send_away()
    assert given(office) == 0, "the last try was sent although nobody confirmed it"


def last_try_wrong(clerk, office, picture):
    """Confirmed with a slip in it: sent once, and the card has locked them."""
    ask_for_last_try(clerk, office, "9999")
    clerk.primary()
    clerk.see("ロックされ")
    clerk.see("カードの裏面から")
    assert not clerk.robot.all(None, lambda name: name == "生年月日"), "the front is locked, and asked for"
    assert not clerk.robot.primary_ready(), "nothing is typed, and it can be opened"
    picture("face-locked")
    assert (given(office), left(office)) == (1, "0"), "sent %d times, %s left" % (given(office), left(office))
    recorded(office, "failed", "cause=pin-blocked")
    nothing_left(clerk, office.people["printlast"])
    clerk.send_away()


def last_try_right(clerk, office, picture):
    """Confirmed and right: it opens, all tries are back. The clerk cannot tell the face: stopped, and recorded."""
    ask_for_last_try(clerk, office)
    clerk.primary()
    compare(clerk, "判断できません", picture)
    assert left(office) == "10"
    clerk.see("確認に少しお時間をいただきます")
    nothing_left(clerk, office.people["printlast"])
    recorded(office, "refused", "verdict=face-unsure")
    clerk.send_away()


def main():
    with stage(everything, pictures=options().pictures) as play:
        clerk, office, picture = play.clerk, play.office, play.picture
        receipt = taken_in(clerk, office, CASE, picture)
        lifted(clerk, office, picture)  # before anybody says no to this person
        another_person(clerk, office, picture)
        taken_away(clerk, office, picture)
        external(clerk, office, picture)
        forged(clerk, office, picture)
        not_here(clerk, office, picture)
        for act in (last_try_refused, last_try_wrong, last_try_right):
            act(clerk, office, picture)
        office.remove_card("staff")
        clerk.log_in("S0101")
        clerk.approve(receipt, "S0101")
        clerk.wait_drained()
        case = next(c for c in json.loads(office.backoffice("list", "--json")) if c["receipt_number"] == receipt)
        shown = office.backoffice("open", case["intake"], "--json")
        assert '"card-face"' in shown and '"face"' in shown, shown
    return 0


if __name__ == "__main__":
    perform(main)
