# SPDX-License-Identifier: Apache-2.0
"""The invented people of Aozora Ward. Nobody here exists; the numbers are samples with a valid check digit."""

import dataclasses
import datetime

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
    name: str
    kana: str
    number: str
    birth: datetime.date
    sex: str  # 1 male, 2 female, 9 not applicable, as the card says it
    address: str
    note: str = ''
    auth_pin: str = '1234'
    text_pin: str = '2345'
    juki_pin: str = '3456'
    sign_pin: str = 'AOZORA1'
    security_code: str = '2285'
    # What is wrong with this card. Certificates: valid, expired, notyet, revoked, foreign, unlisted, clone, broken.
    certificate: str = 'valid'
    sign_certificate: bool = True
    tries: dict = dataclasses.field(default_factory=dict)  # 'auth': 0 locks the user authentication PIN
    quirks: dict = dataclasses.field(default_factory=dict)
    token: str = 'JPKIAPICCTOKEN2'
    atr: str = '3BE000FF8131FE4514'
    tamper: str = ''

    def era(self):
        for start, base, digit in ERAS:
            if self.birth >= start:
                return self.birth.year - base, digit
        raise ValueError('before Meiji')

    def wareki(self):
        """Birth date as 照合番号B and the age-check key take it: YYMMDD with the year of the era."""
        return f'{self.era()[0]:02d}{self.birth:%m%d}'

    def certificate_birth(self):
        """Birth date as the signature certificate writes it: era digit, then the Gregorian date."""
        return self.era()[1] + f'{self.birth:%Y%m%d}'


def check_digit(eleven):
    """The twelfth digit of a 個人番号."""
    r = sum(int(d) * w for d, w in zip(eleven, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2))) % 11
    return '0' if r <= 1 else str(11 - r)


def _mishap(ident, serial, note, **changes):
    eleven = f'900000000{serial:02d}'
    changes.setdefault('name', f'試験　カード{fullwidth(serial)}')
    changes.setdefault('kana', 'シケン　カード')
    return Person(id=ident, number=eleven + check_digit(eleven), birth=datetime.date(1980, 2, serial),
                  sex='1', address=f'東京都あおぞら区試験町９－９－{fullwidth(serial)}', note=note, **changes)


def fullwidth(number):
    return ''.join(chr(ord(c) + 0xFEE0) for c in str(number))


RESIDENTS = [
    Person('tanaka', '田中　恵子', 'タナカ　ケイコ', '123456789018', datetime.date(1983, 5, 14), '2',
           '東京都あおぞら区青空一丁目２番３号', note='pension: exemption'),
    Person('suzuki', '鈴木　正雄', 'スズキ　マサオ', '111111111118', datetime.date(1946, 2, 3), '1',
           '東京都あおぞら区若葉二丁目１５番８号　若葉荘２０２', note='care: certification, aged 80',
           auth_pin='4649', text_pin='5963', security_code='1077'),
    Person('sato', '佐藤　ヨシ', 'サトウ　ヨシ', '983205673214', datetime.date(1948, 7, 21), '2',
           '東京都あおぞら区虹ヶ丘３－４－５', note='late-elderly medical care, aged 78; newer ATR',
           auth_pin='0814', text_pin='2603', security_code='9031',
           atr='3BDA13FF8131FB46801239' '2F31C173C601C03B'),
]

MISHAPS = [
    _mishap('expired', 1, 'both certificates ran out a year ago', certificate='expired'),
    _mishap('revoked', 2, 'user authentication certificate revoked (keyCompromise)', certificate='revoked'),
    _mishap('foreign', 3, 'certificates of a stranger CA that uses the same name', certificate='foreign'),
    _mishap('notyet', 4, 'certificates start tomorrow', certificate='notyet'),
    _mishap('unlisted', 5, 'good certificate that the OCSP responder does not know', certificate='unlisted'),
    _mishap('clone', 6, "tanaka's certificate without her key: the challenge signature cannot verify",
            certificate='clone'),
    _mishap('broken', 7, 'one bit of the user authentication certificate flipped', certificate='broken'),
    _mishap('nocert', 8, 'no user authentication certificate on the card', certificate='none'),
    _mishap('locked', 9, 'user authentication PIN locked', tries={'auth': 0}),
    _mishap('textlocked', 10, '券面事項入力補助用 PIN locked', tries={'text': 0}),
    _mishap('lasttry', 11, 'one try left on both four-digit PINs', tries={'auth': 1, 'text': 1}),
    _mishap('faceauth', 12, '顔認証マイナンバーカード: PINs locked from the start, no signature certificate',
            tries={'auth': 0, 'text': 0, 'sign': 0}, sign_certificate=False),
    _mishap('android', 13, 'smartphone token (Android)', token='JPKIAPGPSETOKEN'),
    _mishap('iphone', 14, 'smartphone token (iPhone)', token='JPKIAPIOSTOKEN'),
    _mishap('child', 15, 'under 15: no signature certificate', sign_certificate=False),
    _mishap('tampered', 16, 'address on the card does not match its integrity record', tamper='address'),
    _mishap('quirky', 17, 'every odd behaviour at once',
            quirks={'lock_sw': '6983', 'eof_6282': 'true', 'first_6f00': 'true', 'text_prefix': 'true',
                    'verified_9000': 'true', 'short_only': 'true', 'sticky_warm_reset': 'true'},
            atr='3BC5FF8131FB45807' '3C6010000'),
    _mishap('slow', 18, 'every signature takes 1.5 s', quirks={'sign_delay_ms': '1500'}),
    _mishap('nguyen', 19, 'foreign resident: Latin letters in the name', name='ＮＧＵＹＥＮ　ＴＨＩ　ＡＮＨ',
            kana='グエン　ティ　アイン'),
]

PEOPLE = RESIDENTS + MISHAPS


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
    Officer('S0801', '管理 修', 'Kanri Osamu', '情報システム課', 'Information Systems Section',
            ['admin'], 'aozora-osamu-26', '456789'),
    Officer('S0901', '監査 律子', 'Kansa Ritsuko', '監査室', 'Audit Office',
            ['auditor'], 'aozora-ritsuko-26', '567890'),
]
