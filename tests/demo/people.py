# SPDX-License-Identifier: Apache-2.0
"""What the invented residents of the demonstration say at the counter, by field id of data/forms/fields.json."""

from mdworld import day

TODAY = day.at_the_counter()
YEAR = TODAY.year - (TODAY.month < 7)  # of an exemption: from July

DAY = [
    {
        "resident": "tanaka",
        "procedure": "pension.exemption",
        "search": "めんじょ",
        "answers": {
            "p.kana": "たなか けいこ",
            "p.tel": "03-0000-0101",
            "n.bpn": "1234-567890",
            "p.hh_head": "田中　恵子",
            "p.relation": "self",
            "n.ex_kind": "full",
            "n.ex_year": str(YEAR),
            "n.ex_from": day.era(YEAR) + ".7",
            "n.ex_to": day.era(YEAR + 1) + ".6",
            "inc.declared": "done",
        },
    },
    {
        "resident": "suzuki",
        "procedure": "care.certification",
        "search": "要介護・要支援",
        "answers": {
            "p.kana": "すずき まさお",
            "p.tel": "03-0000-0202",
            "p.standing": "insured",
            "k.insured": "0000012345",
            "k.cert_kind": "new",
            "k.doctor": "医師　太郎",
            "k.hospital": "あおぞら中央医院",
            "k.survey_place": "自宅　平日の午前",
            "k.survey_contact": "長女　090-0000-0203",
            "k.consent_info": "true",
        },
    },
    {
        "resident": "sato",
        "procedure": "lem.certificate",
        "search": "shikaku",
        "answers": {
            "p.kana": "さとう よし",
            "p.tel": "03-0000-0303",
            "p.standing": "insured",
            "l.insured": "00001230",
            "l.cert_reason": "lost",
            "l.cert_deliver": "counter",
        },
    },
]
