# SPDX-License-Identifier: Apache-2.0
"""Writes the directory that the program vcard plays: card.ini, one file per EF, keys, counters.
The layouts are those of the real card as far as they are known; tests/vcard/vc-files.h names the files."""

import hashlib
import os
import shutil

from . import faces, jpki, office
from .openssl import RsaKey, cert_der, write
from .people import MUNICIPALITY

FILLER = b'\xff'
# Key ids of the sandbox CV chain; the real authorities are 5000020.. and the test ones 6000020..
CV_TEXT_CA, CV_VISUAL_CA, CV_CARD = b'9000033', b'9000023', b'9013999'
VERSION_TEXT, VERSION_VISUAL = bytes.fromhex('01030E01'), bytes.fromhex('06030E01')


def tlv(tag, *values):
    """Two-byte card tags with BER lengths 00-7F, 81, 82."""
    body = b''.join(values)
    n = len(body)
    size = bytes([n]) if n < 0x80 else bytes([0x81, n]) if n < 0x100 else b'\x82' + n.to_bytes(2, 'big')
    return bytes.fromhex(tag) + size + body


def padded(data, step=256):
    """An EF is larger than what lies in it; the rest is filler."""
    return data + FILLER * (step - len(data) % step)


def key_id(digits, group=b'001'):
    return digits + b'\x08\x05' + group + b'0000'


class CardAuthority:
    """One line of the sandbox CV chain (TEXT or VISUAL): a CA and the issuer that signs the cards' records."""
    _cache = {}

    def __init__(self, pki, line, ca_id, forged=False):
        internal = os.path.join(pki, 'cv', 'internal.key')
        self._ca = RsaKey(internal if forged else os.path.join(pki, 'cv', line + '-ca.key'))
        self.issuer = RsaKey(internal if forged else os.path.join(pki, 'cv', line + '.key'))
        body = key_id(ca_id) + key_id(CV_CARD) + self.issuer.card_public()
        self.certificate = tlv('7F21', tlv('5F4E', body), tlv('5F37', self._ca.sign_sha256(body)))
        self.key_id = key_id(CV_CARD)

    @classmethod
    def of(cls, world, line, forged=False):
        """FORGED: an issuer's key that no authority has seen, under the name of one that we know."""
        if (world, line, forged) not in cls._cache:
            ca_id = CV_TEXT_CA if line == 'text' else CV_VISUAL_CA
            cls._cache[world, line, forged] = cls(os.path.join(world, 'pki'), line, ca_id, forged)
        return cls._cache[world, line, forged]


def token_info(label, serial):
    """EF 0006 of JPKI: a PKCS#11 CK_TOKEN_INFO with big-endian integers."""
    numbers = b''.join(n.to_bytes(4, 'big') for n in (0x40D, 1, 0, 1, 0, 16, 6))
    return (label.encode().ljust(32) + b'1'.rjust(32, b'0') + b'E16R01NJ'.ljust(16) + b'%016d' % serial + numbers
            + FILLER * 16 + b'03' + b'01' + b'9' * 16)


def jpki_files(world, person, certificates, serial):
    pki = os.path.join(world, 'pki')
    ca = {'auth': 'foreign-ca', 'sign': 'foreign-sign-ca'} if person.certificate == 'foreign' else \
         {line: f'jpki-{line}-ca' if person.generation == 'rsa-2048' else f'jpki-{line}-p384-ca'
          for line in ('auth', 'sign')}
    if person.certificate == 'register':
        ca['sign'] = 'register-ca'
    files = {'jpki-0006.ef': token_info(person.token, serial)}
    present = b''
    for line, holder, authority in (('sign', '0001', '0002'), ('auth', '000A', '000B')):
        path = certificates.get((person.id, line))
        present += b'\x8f' if path else b'\x00'
        files[f'jpki-{authority}.ef'] = padded(cert_der(os.path.join(pki, ca[line] + '.crt')))
        if path:
            data = cert_der(path)
            if person.certificate == 'broken' and line == 'auth':
                data = jpki.wrong_bit(data)
            files[f'jpki-{holder}.ef'] = padded(data)
    files['jpki-0008.ef'] = present + b'\x00'
    return files


def text_files(world, person):
    """TEXT: number, four attributes, their integrity record, the CV certificate, the internal-authentication key."""
    line = CardAuthority.of(world, 'text', person.tamper == 'issuer')
    number = tlv('FF10', person.number.encode())
    address = person.address + ('（訂正）' if person.tamper == 'address' else '')
    values = [tlv('DF22', person.name.encode()), tlv('DF23', person.address.encode()),
              tlv('DF24', f'{person.birth:%Y%m%d}'.encode()), tlv('DF25', person.sex.encode())]
    if person.records == 'measured':
        number = padded(number, 17)
        over = number, b''.join(values)
    else:
        over = number, with_offsets('FF20', 'DF21', values)
    digests = [hashlib.sha256(part).digest() for part in over]
    record = tlv('DF31', digests[0]) + tlv('DF32', digests[1])
    signature = line.issuer.sign_sha256(record) if person.records == 'measured' else line.issuer.sign_digests(digests)
    values[1] = tlv('DF23', address.encode())
    internal = RsaKey(os.path.join(world, 'pki', 'cv', 'internal.key')).card_public()
    proof = tlv('DF51', internal)
    return {'text-0001.ef': number,
            'text-0002.ef': padded(with_offsets('FF20', 'DF21', values)),
            'text-0003.ef': tlv('FF30', record, tlv('DF33', signature)),
            'text-0004.ef': padded(line.certificate),
            'text-0005.ef': tlv('FF40', tlv('DF41', VERSION_TEXT), tlv('DF42', line.key_id),
                                tlv('DF43', b'\x00' * 32 + FILLER * 96)),
            'text-0006.ef': b'\xa1\x82\x01\x09' + internal,
            'text-0007.ef': tlv('FF50', proof, tlv('DF52', line.issuer.sign_sha256(proof))),
            'text-0008.ef': FILLER * 16}


def with_offsets(outer, table_tag, values):
    """outer { table { u16 offset of each value from the start of the file } values... }"""
    body = b''.join(values)
    table_size = 3 + 2 * len(values)
    header = len(tlv(outer, bytes(table_size), body)) - table_size - len(body)
    at, table = header + table_size, b''
    for value in values:
        table += at.to_bytes(2, 'big')
        at += len(value)
    return tlv(outer, tlv(table_tag, table), body)


def visual_files(world, person, card_expiry):
    """VISUAL: age check, card face, AP information, CV certificate, image of the number."""
    line = CardAuthority.of(world, 'visual', person.tamper == 'issuer')
    public = RsaKey(os.path.join(world, 'pki', 'cv', 'internal.key')).card_public()
    birth = f'{person.birth:%Y%m%d}'.encode()
    age = tlv('DF11', birth) + tlv('DF12', public)
    face = [tlv('DF22', birth), tlv('DF23', person.sex.encode()), tlv('DF24', public),
            tlv('DF25', faces.drawn(person, 'name')), tlv('DF26', faces.drawn(person, 'address')),
            tlv('DF27', faces.portrait(person.serial))]
    if person.records == 'measured':
        digests = [hashlib.sha256(b''.join(part)).digest() for part in (face[0:3], face[3:5], face[5:6])]
        signature = line.issuer.sign_digests(digests)
    else:
        signature = line.issuer.sign_sha256(b''.join(face))
    if person.tamper == 'photo':
        face[5] = tlv('DF27', faces.portrait(person.serial + 1))
    face.append(tlv('DF28', signature))
    if person.face_expiry:
        face.append(tlv('DF29', f'{card_expiry:%Y%m%d}'.encode()))
    face.append(tlv('DF2A', faces.digits_png(person.security_code)))
    number = tlv('DF41', faces.digits_png(person.number)) + tlv('DF42', public)
    return {'visual-0001.ef': tlv('FF10', age, tlv('DF13', line.issuer.sign_sha256(age))),
            'visual-0002.ef': padded(with_offsets('FF20', 'DF21', face)),
            'visual-0003.ef': tlv('FF30', tlv('DF31', VERSION_VISUAL), tlv('DF32', line.key_id), tlv('DF33', b'\x00'),
                                  tlv('DF34', MUNICIPALITY.encode()), tlv('DF35', line.key_id + bytes(256))),
            'visual-0004.ef': padded(line.certificate),
            'visual-0005.ef': padded(tlv('FF40', number, tlv('DF43', line.issuer.sign_sha256(number)))),
            'visual-0006.ef': FILLER * 16}


def manager_files(world, person, card_expiry, serial):
    """Issuer security domain, the common AP and 住基AP."""
    cv = {line: CardAuthority.of(world, line).certificate for line in ('text', 'visual')}
    record = b'%015d' % serial + MUNICIPALITY.encode() + f'{card_expiry:%Y%m%d}'.encode()
    reference = key_id(CV_CARD)
    return {'isd-0042.do': reference, 'isd-0045.do': b'%016d' % serial,
            'isd-0066.do': bytes.fromhex('73' '0d' '06072a864886fc6b01' '6002' '0101'),
            'isd-00F0.do': MUNICIPALITY.encode(), 'isd-00F2.do': f'{card_expiry:%Y%m%d}'.encode(),
            'isd-00F7.do': key_id(CV_TEXT_CA), 'isd-00F8.do': cv['visual'][5:], 'isd-7F21.do': cv['text'][5:],
            'isd-5F51.do': bytes.fromhex(person.atr)[1:],
            'common-0001.rec': b'\x01\x1c' + record, 'common-0002.rec': reference, 'juki-0002.rec': reference}


# The PINs of a card: name in `tries`, the PIN objects it stands for.
PIN_OBJECTS = {'auth': ('jpki-0018',), 'sign': ('jpki-001B',), 'text': ('text-0011',),
               'juki': ('common-001C', 'juki-001C'), 'text_a': ('text-0014',), 'text_b': ('text-0015',),
               'face_a': ('visual-0013',), 'face_b': ('visual-0012',), 'birth': ('visual-0011',)}


def card_ini(person, card_expiry):
    reference_b = person.reference_b(card_expiry)
    pins = {'jpki-0018': person.auth_pin, 'jpki-001B': person.sign_pin, 'text-0011': person.text_pin,
            'common-001C': person.juki_pin, 'juki-001C': person.juki_pin, 'text-0014': person.number,
            'visual-0013': person.number, 'text-0015': reference_b, 'visual-0012': reference_b,
            'visual-0011': person.wareki()}
    lines = ['[card]', 'profile=mynumber', f'atr={person.atr}', '', '[quirks]']
    lines += [f'{k}={v}' for k, v in person.quirks.items()]
    lines += ['', '[pins]'] + [f'{k}={v}' for k, v in pins.items()]
    if person.tries:
        lines += ['', '[tries]']
        lines += [f'{o}={n}' for name, n in person.tries.items() for o in PIN_OBJECTS[name]]
    return '\n'.join(lines) + '\n'


def write_resident(world, person, certificates, person_key, today):
    directory = os.path.join(world, 'cards', person.id)
    _, _, expiry = jpki.validity(person, today)
    serial = int(hashlib.sha256(person.id.encode()).hexdigest()[:10], 16)
    files = {**jpki_files(world, person, certificates, serial), **text_files(world, person),
             **visual_files(world, person, expiry), **manager_files(world, person, expiry, serial),
             'card.ini': card_ini(person, expiry).encode()}
    for name, data in files.items():
        write(os.path.join(directory, name), data)
    pki = os.path.join(world, 'pki')
    keys = {'jpki-0017': person_key(pki, person, 'auth')}
    if person.sign_certificate:
        keys['jpki-001A'] = person_key(pki, person, 'sign')
    for name in ('text-0013', 'visual-001A', 'common-0019'):
        keys[name] = os.path.join(pki, 'cv', 'internal.key')
    for name, path in keys.items():
        shutil.copy(path, os.path.join(directory, name + '.key'))


def simple(tag, value):
    """BER with a one-byte tag, for PIV objects."""
    return tlv(f'{tag:02X}', value)


PIV_CERTIFICATES = {'9a': '5FC105', '9c': '5FC10A', '9d': '5FC10B', '9e': '5FC101'}


def write_officer(world, officer):
    """A staff card: PIV (NIST SP 800-73-4). FASC-N and GUID are those of a card without a federal issuer."""
    directory = os.path.join(world, 'cards', 'staff-' + officer.id)
    guid = hashlib.sha256(officer.id.encode()).digest()[:16]
    fascn = bytes.fromhex('D4E739DA739CED39CE739DA1685A1082108CE73984119257FC')
    chuid = simple(0x30, fascn) + simple(0x34, guid) + simple(0x35, b'20361231') + simple(0x3E, b'') \
        + simple(0xFE, b'')
    ccc = simple(0xF0, bytes.fromhex('A000000116FF02') + guid[:14]) + simple(0xF1, b'\x21') \
        + simple(0xF2, b'\x21') + simple(0xF3, b'') + simple(0xF4, b'\x00') + simple(0xF5, b'\x10') \
        + b''.join(simple(t, b'') for t in (0xF6, 0xF7, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE))
    files = {'piv-5FC102.do': simple(0x53, chuid), 'piv-5FC107.do': simple(0x53, ccc),
             'piv-7E.do': simple(0x7E, bytes.fromhex('4F0BA000000308000010000100' '5F2F024000'))}
    for name, slot, _ in office.SLOTS:
        base = os.path.join(world, 'pki', 'staff', f'{officer.id}-{name}')
        body = simple(0x70, cert_der(base + '.crt')) + simple(0x71, b'\x00') + simple(0xFE, b'')
        files[f'piv-{PIV_CERTIFICATES[slot]}.do'] = simple(0x53, body)
        with open(base + '.key', 'rb') as f:
            files[f'piv-{slot.upper()}.key'] = f.read()
    files['card.ini'] = ('[card]\nprofile=piv\natr=3B8480014D41444F02'
                         f'\n\n[pins]\npiv-80={officer.pin}\n').encode()
    for name, data in files.items():
        write(os.path.join(directory, name), data)


def write_unknown(world):
    """A card of some other kind (a fare card, say): it answers, and knows no application of ours."""
    write(os.path.join(world, 'cards', 'unknown', 'card.ini'),
          '[card]\nprofile=unknown\natr=3B858001464152452135\n')
