#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Residents without a card, and those who file for another, at the real window, by the keyboard alone: who came, what
was shown, what was compared. What is not enough is said in words before anything is recorded; a photograph of
somebody else stops the intake; what was taken in is approved and opened by the back office as what it is. Run inside
tests/isolated. --pictures FOLDER: leaves the screens."""

import datetime
import json
import os
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
sys.dont_write_bytecode = True
from stage import everything, options, perform, stage  # noqa: E402

from face import recorded  # noqa: E402
from mdworld.day import era, written  # noqa: E402
from people import DAY, TODAY  # noqa: E402

with open(os.path.join(HERE, "..", "..", "data", "policy", "documents.json"), encoding="utf-8") as file:
    DOCUMENTS = json.load(file)
PROVING = [document["name"]["ja"] for document in DOCUMENTS if document["counts"] != "not"]
NUMBERS = ["見せてもらえない・持っていない"] + [d["name"]["ja"] for d in DOCUMENTS if d.get("number")]
OFFER = "カードがない方・代理の方"
LATELY = TODAY - datetime.timedelta(days=23)
OVER, GOOD, LATER = (era(TODAY.year + years) + ".5.1" for years in (-1, 2, 12))


class Desk:
    """The clerk's hands at this step: Tab, arrows, space, and what is typed."""

    def __init__(self, play):
        from sight import Focus

        self.clerk, self.robot, self.picture = play.clerk, play.robot, play.picture
        self.focus = Focus(self.robot)

    def tab_to(self, name, role=None):
        """By Tab to the widget of this name, as a person without a mouse does. A drop-down has its focus in its button."""
        for _ in range(60):
            family = self.focus.family()
            if any(each.name.startswith(name) for each in family) and role in (None, family[0].role):
                return
            self.focus.await_move(lambda: self.robot.key("Tab"), patience=10)
        raise AssertionError("Tab does not come to %r; the screen says:\n%s" % (name, self.robot.describe()))

    def is_led_to(self, name, role):
        """The window itself brings the focus there, some time after it was asked to."""
        for _ in self.robot.tries(60):
            family = self.focus.family()
            if family and family[0].role == role and any(each.name.startswith(name) for each in family):
                return
        raise AssertionError("the focus did not come to %r; the screen says:\n%s" % (name, self.robot.describe()))

    def press(self, name):
        self.tab_to(name)
        self.robot.key("space")

    def type_into(self, name, text):
        self.tab_to(name)
        self.robot.key("ctrl+a")
        if not text.isascii():  # what an input method would put in
            self.robot.write(text, name=lambda entry: entry.startswith(name))
        elif text:
            self.robot.type(text)
        else:
            self.robot.key("BackSpace")

    def choose(self, name, rows, wanted):
        """From a drop-down, by the arrows, a step at a time as a hand does; what went astray is done again."""
        for _ in range(5):
            shown = self.shown(name).split("\n")
            now = next(i for i, row in enumerate(rows) if row in shown)
            steps = rows.index(wanted) - now
            if steps == 0:
                return
            self.tab_to(name)
            self.robot.key("space")
            self.robot.find("label", rows[now + 1 if steps > 0 else now - 1])
            for _ in range(abs(steps)):
                self.robot.key("Down" if steps > 0 else "Up")
                time.sleep(0.2)
            self.robot.key("Return")
            for _ in self.robot.tries(5):
                if [row for row in rows if row in self.shown(name).split("\n")] == [wanted]:
                    return
        raise AssertionError("%r stays %r" % (name, self.shown(name)))

    def shown(self, name):
        """What a drop-down shows."""
        return "\n".join(self.robot.texts(where=self.robot.find("combo box", name)))

    def use_documents(self):
        self.press(OFFER)
        self.clerk.see("窓口に来ているのはどなたですか")

    def document(self, n, kind, last=None, expiry=None):
        prefix = "" if n == 1 else "2つめの書類の"
        rows = PROVING if n == 1 else ["なし"] + PROVING
        self.choose("提示された書類" if n == 1 else "2つめの書類", rows, kind)
        if last is not None:
            self.type_into(prefix + "番号の下4桁", last)
        if expiry is not None:
            self.type_into(prefix + "有効期限", expiry)

    def closed(self, *words):
        """The primary act is not offered, and the screen says why."""
        self.clerk.see(*words)
        assert not self.robot.primary_ready(), "it goes on all the same"

    def compare(self, photo, *items):
        self.clerk.see("書類と窓口の方を照合してください")
        if photo:
            self.press(photo)
        for item in items:
            self.press(item)


def sign(clerk, *said):
    receipt = clerk.sign(*said)
    clerk.primary()
    return receipt


def person_fields(person):
    return {"p.name": person["name"], "p.birth": person["birth"], "p.addr": person["address"],
            "p.sex": "female" if person["sex"] in ("2", "female") else "male"}


def with_licence(desk, office):
    """The person, a licence and the notification card: each slip is seen where it is made."""
    clerk, person = desk.clerk, office.people["tanaka"]
    clerk.ask_for_card("保険料免除")
    desk.use_documents()
    desk.closed("カードを使わない理由を選んでください")
    desk.picture("papers-filer")
    desk.press("今日は持ってきていない")
    clerk.primary()
    clerk.see("どの書類を見せてもらいましたか")
    desk.closed("番号の下4桁を入力してください")
    desk.picture("papers-documents")
    desk.document(1, "運転免許証", "1234", OVER)
    desk.closed("有効期限が切れています")
    desk.picture("papers-expired")
    desk.document(1, "運転免許証", expiry=GOOD)
    clerk.see("写真つき書類で確認")
    desk.choose("個人番号を確認する書類", NUMBERS, "通知カード（記載が住民票と同じもの）")
    clerk.primary()
    desk.closed("写真が窓口の方かどうかを答えてください")
    desk.picture("papers-compare")
    desk.compare("同じ人です", "氏名")
    desk.closed("氏名と、生年月日か住所を照合して")
    desk.compare(None, "生年月日", "住所")
    clerk.primary()
    clerk.see("書類の記録を直す")
    clerk.see("写真つき書類で確認")
    desk.picture("papers-done")
    recorded(office, "done", "verdict=documents", "method=notice-card", "filer=self", "no_card=not-brought")
    clerk.primary()
    clerk.see("申請書のまとまり")
    answers = dict(DAY[0]["answers"], **person_fields(person))
    assert any("個人番号" in label for label in clerk.missing()), clerk.missing()
    type_number(desk, person["number"])
    clerk.fill(answers)
    desk.picture("papers-content")
    return sign(clerk)


def type_number(desk, number):
    """A wrong check digit is named; the right number is taken and hidden."""
    label = next(label for label in desk.clerk.missing() if "個人番号" in label)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    for typed, says in ((wrong, "ほかの桁と合いません"), (number, "********" + number[-4:])):
        desk.robot.press_row("まだ必要な項目", label)
        desk.is_led_to("個人番号", "text")  # not the row of that name which led there
        desk.robot.type(typed)
        desk.clerk.see(says)


def by_an_agent(desk, office):
    """A letter of delegation; the agent's own documents, two without a photograph being too little there."""
    clerk, person = desk.clerk, office.people["suzuki"]
    clerk.ask_for_card("要介護・要支援")
    desk.use_documents()
    desk.press("任意代理人")
    desk.closed("代理権を確認する書類の日付を入力してください")
    desk.type_into("書類の日付", LATER)
    desk.closed("今日より後です")
    desk.type_into("書類の日付", written(LATELY))
    desk.picture("papers-agent")
    clerk.see("個人番号を確認する書類")
    clerk.primary()
    clerk.see("どの書類を見せてもらいましたか")
    assert desk.robot.all("push button", "代理の方のマイナンバーカードで確認する"), "the agent's own card is not offered"
    desk.document(1, "健康保険の資格確認書", "", GOOD)
    desk.closed("書類がもう1点必要です")
    desk.picture("papers-second")
    desk.document(2, "年金手帳・基礎年金番号通知書")
    desk.closed("この手続きには、写真つきの書類が必要です")
    desk.picture("papers-weak")
    desk.document(1, "個人番号カード（券面を目で確認）", "５６７８", "%d-02-17" % (TODAY.year + 5))
    desk.document(2, "なし")
    clerk.primary()
    desk.compare("同じ人です", "氏名", "住所")
    clerk.primary()
    clerk.see("写真つき書類で確認")
    recorded(office, "done", "method=photo-document", "filer=agent", "no_card=proxy")
    clerk.primary()
    clerk.see("申請書のまとまり")
    answers = dict(DAY[1]["answers"], **person_fields(person))
    answers.update({"a.name": "代理　花子", "a.kana": "だいり はなこ", "a.birth": "S60.4.1",
                    "a.addr": "東京都あおぞら区本町1-2-3", "a.tel": "03-0000-0909", "a.relation": "child",
                    "a.same_name": "same", "a.same_birth": "same", "a.same_addr": "same", "a.same_sex": "same"})
    for label in clerk.missing():
        assert "届出者区分" not in label and "代理権確認書類" not in label, "typed twice: %s" % label
    clerk.fill(answers)
    return sign(clerk)


def another_photograph(desk, office):
    """The clerk says no: recorded, and documents do not get past it."""
    clerk = desk.clerk
    clerk.ask_for_card("保険料免除")
    desk.use_documents()
    desk.press("紛失した")
    clerk.see("一時停止の手続き")
    clerk.primary()
    desk.document(1, "旅券（パスポート）", "A123", GOOD)
    clerk.primary()
    desk.compare("違う人です")
    clerk.primary()
    clerk.see("確認に少しお時間をいただきます")
    desk.picture("papers-other")
    assert not desk.robot.all("push button", OFFER), "there is a way around it"
    recorded(office, "refused", "verdict=documents-other", "no_card=lost")
    desk.clerk.give_up()


def back_and_forth(desk, office):
    """Back part by part to the card, and nothing that was said is lost."""
    clerk = desk.clerk
    clerk.ask_for_card("保険料免除")
    desk.use_documents()
    desk.press("カードを持っていない")
    clerk.primary()
    desk.document(1, "健康保険の資格確認書", "", GOOD)
    desk.document(2, "年金手帳・基礎年金番号通知書")
    clerk.see("書類2点で確認")
    clerk.primary()
    clerk.see("書類と窓口の方を照合してください")
    for words in ("どの書類を見せてもらいましたか", "窓口に来ているのはどなたですか", "カードを置いてください"):
        desk.robot.key("Escape")
        clerk.see(words)
    desk.use_documents()
    clerk.primary()
    clerk.see("書類2点で確認")
    assert "健康保険" in desk.shown("提示された書類")
    desk.clerk.give_up()


def by_post(desk, office):
    """Nobody is there: the day of receipt, copies, and no photograph to compare. Where it is not listed it is not
    offered."""
    clerk, person = desk.clerk, office.people["tanaka"]
    clerk.choose("要介護・要支援")
    assert not desk.robot.all("push button", "郵送で届いた"), "post is offered where the policy does not list it"
    clerk.give_up()
    clerk.choose("保険料免除")
    desk.picture("papers-notice")
    desk.press("郵送で届いた申請を受け付ける")
    clerk.see("差出人と届いた日を確かめてください")
    desk.closed("届いた日を入力してください")
    desk.picture("papers-post")
    desk.type_into("届いた日", LATER)
    desk.closed("届いた日が今日より後です")
    desk.type_into("届いた日", written(LATELY))
    desk.closed("利用目的が書いてあることを確かめて")
    desk.press("本人が署名した書類に")
    clerk.see("返信用封筒を同封し")
    desk.picture("papers-post-day")
    clerk.primary()
    clerk.see("どの書類の写しが入っていましたか")
    desk.type_into("番号の下4桁", "1234")
    desk.type_into("有効期限", OVER)
    desk.closed("有効期限が切れています", "返信用封筒を同封し")
    desk.type_into("有効期限", GOOD)
    clerk.see("郵送された写しで確認")
    clerk.primary()
    clerk.see("書類の写しと申請書を照合してください")
    assert not desk.robot.all(None, "同じ人です"), "a photograph is to be compared with nobody"
    desk.press("氏名")
    desk.press("住所")
    desk.picture("papers-post-compare")
    clerk.primary()
    clerk.see("書類の記録を直す")
    recorded(office, "done", "verdict=documents", "method=posted-copies", "no_card=by-post")
    clerk.primary()
    clerk.see("申請書のまとまり")
    answers = dict(DAY[0]["answers"], **person_fields(person))
    clerk.fill(answers)
    return sign(clerk, "届いた書類に受付番号を書いて保管する")


def card_alone(desk, office):
    """A procedure that asks for the card takes no documents; who files for another shows a card of their own."""
    clerk = desk.clerk
    clerk.ask_for_card("資格確認書")
    assert not desk.robot.all("push button", OFFER)
    desk.press("代理の方が来ている")
    clerk.see("窓口に来ているのはどなたですか")
    clerk.see("世帯主")
    assert not desk.robot.all(None, "カードを持っていない"), "it asks why there is no card"
    desk.picture("papers-card-alone")
    clerk.primary()
    clerk.see("窓口に来ている代理の方のカードを置いてください")
    desk.picture("papers-filers-card")
    desk.robot.key("Escape")
    clerk.see("窓口に来ているのはどなたですか")
    clerk.give_up()


def case_of(office, receipt):
    return next(c for c in json.loads(office.backoffice("list", "--json")) if c["receipt_number"] == receipt)


def check_back_office(office, receipt, method):
    case = case_of(office, receipt)
    shown = office.backoffice("open", case["intake"], "--json")
    assert '"%s"' % method in shown and '"documents"' in shown, shown
    verified = office.backoffice("verify", case["intake"])
    assert "documents" in verified and "signed the challenge" not in verified, verified


def main():
    with stage(everything, pictures=options().pictures) as play:
        clerk, office = play.clerk, play.office
        desk = Desk(play)
        licence = with_licence(desk, office)
        agent = by_an_agent(desk, office)
        posted = by_post(desk, office)
        another_photograph(desk, office)
        back_and_forth(desk, office)
        card_alone(desk, office)
        office.remove_card("staff")
        clerk.picture = lambda name: play.picture("papers-" + name)
        clerk.log_in("S0101")
        clerk.approve(licence, "S0101", sees="カードの読取なし")
        clerk.approve(agent, "S0101")
        clerk.approve(posted, "S0101", sees="郵送で届いた申請")
        clerk.wait_drained()
        check_back_office(office, licence, "notice-card")
        check_back_office(office, agent, "photo-document")
        check_back_office(office, posted, "posted-copies")
        shown = office.backoffice("open", case_of(office, posted)["intake"], "--json")
        assert '"m.channel": "post"' in shown.replace('":"', '": "') and LATELY.isoformat() in shown, shown
    return 0


if __name__ == "__main__":
    perform(main)
