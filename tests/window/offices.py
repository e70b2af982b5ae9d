# SPDX-License-Identifier: Apache-2.0
"""One application to each of the five offices, as unlike each other as the catalogue has them, with words and figures that stand
nowhere else: what is left of them can be looked for."""

import datetime

from mdworld import day
from mdworld.people import check_digit

from stage import BUTTONS

SECTIONS = "申請書のまとまり"
MEMBERS = "世帯員"
NOTES = "申し送り"
LATER = day.at_the_counter() + datetime.timedelta(days=70)
SPOUSE, CHILD = ("%s%s" % (eleven, check_digit(eleven)) for eleven in ("37061448215", "97061449153"))
PERSON = {"p.kana": "ぬえの　ふきお", "p.tel": "03-7061-4482"}

# answers: what the form asks for; more: (heading, field, value) of what may stay empty; rows: of the household.
# open: what is no secret of anybody (a choice, a day that others have, too few letters to look for).
PENSION = {
    "search": "口座振替",
    "answers": {**PERSON, "n.bpn": "7061-448219", "b.no": "7061446", "b.holder": "ヌエダ　フキヱ"},
    "open": {"n.acct_start": "%s.%d" % (day.era(LATER.year), LATER.month), "b.bank": "0001", "b.branch": "706",
             "b.kind": "ordinary"},
    "more": [(NOTES, "m.memo", "鵼沢の叔母の口座から替える"), (NOTES, "m.handover", "届出印は鵼沢で確かめる")],
}
CARE = {
    "search": "負担限度額認定",
    "answers": {**PERSON, "k.insured": "0000170615", "n.spouse_name": "鵼田　蕗江", "k.savings": "7061449", "k.securities": "8061447"},
    "open": {"p.standing": "insured", "k.lim_spouse": "household", "k.lim_consent": "true"},
    "more": [("配偶者", "k.lim_spouse_mynum", SPOUSE)],
    "rows": [{"h.name": "鵼田　蕗吉", "h.relation": "parent"}, {"h.name": "鵼田　蕗次郎", "h.relation": "child"}],
}
ELDERLY = {
    "search": "基準収入額",
    "answers": {**PERSON, "l.insured": "07061443", "l.std_income": "3061441"},
    "open": {"p.standing": "insured", "inc.year": str(day.at_the_counter().year - 1)},
    "rows": [{"h.name": "鵼川　蕗三郎", "h.relation": "child"}],
    "more": [(MEMBERS, "h.birth", "1971-02-27"), (MEMBERS, "h.mynum", CHILD)],
}
HEALTH = {
    "search": "検診自己負担金",
    "answers": PERSON,
    "open": {"s.ap_items": ["stomach", "lung"], "s.ap_exempt": "untaxed"},
    "rows": [{"h.name": "鵼原　蕗四郎", "h.relation": "sibling"}],
    "more": [("住所・連絡先", "p.zip", "7061442"), (NOTES, "m.msg", "鵼原の検診所へ朝七時")],
}
RESIDENTS = {
    "search": "本人確認情報訂正",
    "answers": {**PERSON, "j.corr_before": "鵼森\U000e0100醍醐　𠮷﨑", "j.corr_after": "鵼森醍醐　\U00020bb7﨑", "j.corr_reason": "鵼森の戸籍謄本による"},
    "open": {"j.corr_kind": "correct", "j.corr_item": "name", "j.recv_way": "visit"},
    "paper": "正しい内容の分かる書類",
}
OFFICES = {"pension": PENSION, "care": CARE, "lem": ELDERLY, "health": HEALTH, "juki": RESIDENTS}


def markers(case):
    """{what: text} of all that was typed there alone."""
    found = {field: value for field, value in case["answers"].items() if field not in PERSON}
    found.update({field: value for _, field, value in case.get("more", [])})
    for number, row in enumerate(case.get("rows", [])):
        found["%s %d" % ("h.name", number)] = row["h.name"]
    return found


def open_section(clerk, title):
    robot = clerk.robot
    for _ in robot.tries(robot.patience):
        names = [name for name in robot.row_names(SECTIONS) if name.startswith(title)]
        if names:
            return robot.press_row(SECTIONS, names[0])
    raise AssertionError("no section %r: %s" % (title, robot.row_names(SECTIONS)))


def add_row(clerk, number):
    """It is there once it has its name, and what is missing of it is listed."""
    robot = clerk.robot
    if number == 1:
        open_section(clerk, MEMBERS)
    robot.press(BUTTONS, "追加：" + MEMBERS)
    for _ in robot.tries(robot.patience):
        if any(name.startswith("%s%d：" % (MEMBERS, number)) for name in clerk.missing()):
            return
    raise AssertionError("no row %d: %s" % (number, clerk.missing()))


def fill(clerk, case):
    """Everything, in whatever way this clerk's robot works."""
    clerk.fill({**case["answers"], **case["open"]})
    for number, row in enumerate(case.get("rows", []), 1):
        add_row(clerk, number)
        clerk.fill(row)
    for section, field, value in case.get("more", []):
        open_section(clerk, section)
        clerk.answer(field, value)
