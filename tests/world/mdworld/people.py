# SPDX-License-Identifier: Apache-2.0
"""The invented people of Aozora Ward. Nobody here exists; the numbers are samples with a valid check digit."""

import dataclasses
import datetime
import json
import os

OFFICE = '139998'
MUNICIPALITY = OFFICE[:5]
PREFECTURE_ROMAN = 'Tokyo-to'
CITY_ROMAN = 'Aozora-ku'

ERAS = [(datetime.date(2019, 5, 1), 2018, '5'), (datetime.date(1989, 1, 8), 1988, '4'),
        (datetime.date(1926, 12, 25), 1925, '3'), (datetime.date(1912, 7, 30), 1911, '2'),
        (datetime.date(1868, 1, 25), 1867, '1')]


@dataclasses.dataclass
class Person:
    id: str
    serial: int
    reason: str  # why this person exists
    name: str
    kana: str
    number: str
    birth: datetime.date
    sex: str  # 1 male, 2 female, 9 not applicable, as the card says it
    address: str
    auth_pin: str = '1234'
    text_pin: str = '2345'
    juki_pin: str = '3456'
    sign_pin: str = 'AOZORA1'
    security_code: str = '2285'
    own_key: bool = False  # most share a key pair: making RSA keys takes its time
    generation: str = 'rsa-2048'  # or ecdsa-p384
    # valid, expired, notyet, revoked, suspended, foreign, unlisted, clone, broken, none, renewed; or, where the one for
    # user authentication should be: signature, server; or, where the one for signatures should be: register
    certificate: str = 'valid'
    sign_certificate: bool = True
    # What the signature certificate says where it cannot write a character, and the marks of the substitutes.
    certificate_name: str = ''
    certificate_name_marks: str = ''
    certificate_address: str = ''
    certificate_address_marks: str = ''
    card_years: int = 10  # 5 for those who were under 18
    card_life: int = 0  # days from today, where it is not a birthday that ends it
    certificate_life: int = 0  # the same of the certificates
    calendar: str = 'era'  # of the birth date within 照合番号B: era or gregorian
    records: str = 'measured'  # form of the signed records: measured or other
    face_expiry: bool = True  # the card's face says until when it is valid
    tries: dict = dataclasses.field(default_factory=dict)  # 'auth': 0 locks the user authentication PIN
    quirks: dict = dataclasses.field(default_factory=dict)
    token: str = 'JPKIAPICCTOKEN2'
    atr: str = '3BE000FF8131FE4514'
    tamper: str = ''  # address, photo, issuer

    def era(self):
        for start, base, digit in ERAS:
            if self.birth >= start:
                return self.birth.year - base, digit
        raise ValueError('before Meiji')

    def wareki(self):
        """Birth date as 照合番号B and the age-check key take it: YYMMDD with the year of the era."""
        year = self.era()[0] if self.calendar == 'era' else self.birth.year % 100
        return f'{year:02d}{self.birth:%m%d}'

    def reference_b(self, card_expiry):
        """照合番号B: birth date, year of expiry, security code."""
        return f'{self.wareki()}{card_expiry.year}{self.security_code}'

    def certificate_birth(self):
        """Birth date as the signature certificate writes it: era digit, then the Gregorian date."""
        return self.era()[1] + f'{self.birth:%Y%m%d}'


def check_digit(eleven):
    """The twelfth digit of a 個人番号."""
    r = sum(int(d) * w for d, w in zip(eleven, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2))) % 11
    return '0' if r <= 1 else str(11 - r)


def fullwidth(number):
    return ''.join(chr(ord(c) + 0xFEE0) for c in str(number))


def load(path):
    """A resident from a file of tests/vcard/personas; a member that nobody knows is an error."""
    with open(path, encoding='utf-8') as f:
        facts = json.load(f)
    facts['birth'] = datetime.date.fromisoformat(facts['birth'])
    for name, value in facts.pop('pins').items():
        facts[name + '_pin'] = value
    return Person(**facts)


PERSONAS = os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', '..', 'vcard', 'personas')
PEOPLE = sorted((load(os.path.join(PERSONAS, name)) for name in os.listdir(PERSONAS) if name.endswith('.json')),
                key=lambda person: person.serial)
# Those who come to the counter in the demonstration.
RESIDENTS = PEOPLE[:3]


@dataclasses.dataclass
class Officer:
    id: str
    name_ja: str
    name_en: str
    department_ja: str
    department_en: str
    roles: list
    password: str
    pin: str


STAFF = [
    Officer('S0001', '受付 花子', 'Uketsuke Hanako', '保険年金課', 'Insurance and Pension Section',
            ['clerk-number'], 'aozora-hanako-26', '123456'),
    Officer('S0002', '案内 次郎', 'Annai Jiro', '区民課', 'Residents Section',
            ['clerk'], 'aozora-jiro-26', '234567'),
    Officer('S0101', '確認 誠', 'Kakunin Makoto', '保険年金課', 'Insurance and Pension Section',
            ['supervisor', 'checker'], 'aozora-makoto-26', '345678'),
    Officer('S0102', '点検 優子', 'Tenken Yuko', '保険年金課', 'Insurance and Pension Section',
            ['checker'], 'aozora-yuko-26', '987654'),
    Officer('S0801', '管理 修', 'Kanri Osamu', '情報システム課', 'Information Systems Section',
            ['admin'], 'aozora-osamu-26', '456789'),
    Officer('S0901', '監査 律子', 'Kansa Ritsuko', '監査室', 'Audit Office',
            ['auditor'], 'aozora-ritsuko-26', '567890'),
]
