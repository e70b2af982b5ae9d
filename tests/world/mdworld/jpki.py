# SPDX-License-Identifier: Apache-2.0
"""The sandbox JPKI: same shapes as the real one, nothing that could be taken for it.

Marks by which production refuses it: O=JPKI-SANDBOX (the real one says O=JPKI), certificate policies under
2.999, the arc that ITU-T X.660 keeps for examples (the real ones stand under 1.2.392.200149), and roots that are made
anew in every world. The tail of the policy identifiers (8.5.1.3.30 user authentication, 8.5.1.1.20 signature) and
the otherName attributes are those of the real profile, so that a reader cannot pass by luck."""

import datetime
import os

from . import der
from .openssl import config, run, write
from .people import CITY_ROMAN, MUNICIPALITY, PREFECTURE_ROMAN

ORGANISATION = 'JPKI-SANDBOX'
POLICY = {'auth': '2.999.8.5.1.3.30', 'sign': '2.999.8.5.1.1.20'}
LINE = {'auth': 'JPKI for user authentication', 'sign': 'JPKI for digital signature'}
MARK = 'Madoguchi demonstration, not for production'
JAPANESE_NAME = '公的個人認証サービス模擬（試験用）'
ATTRIBUTES = '1.2.392.200149.8.5.5'
# One responder for each authority. (Those of the same name that nobody trusts point to the real ones.)
OCSP = {'auth': 'http://127.0.0.1:8888/', 'sign': 'http://127.0.0.1:8887/',
        'auth-p384': 'http://127.0.0.1:8886/', 'sign-p384': 'http://127.0.0.1:8885/'}
RESPONDER = {'auth': 'ocsp', 'sign': 'ocsp-sign', 'auth-p384': 'ocsp-p384', 'sign-p384': 'ocsp-sign-p384'}
SERVER = 'madoguchi.aozora.example'
JST_MIDNIGHT_UTC = datetime.time(14, 59, 59)


def ca_rdns(line):
    return [('C', 'JP'), ('O', ORGANISATION), ('OU', LINE[line]), ('OU', MARK)]


# Who certifies companies by the commercial register: right in every way, and for another use.
REGISTER = [('C', 'JP'), ('O', 'Japanese Government'), ('OU', 'Ministry of Justice'), ('OU', MARK),
            ('CN', 'Registrar of Aozora Legal Affairs Bureau')]


def crl_point(line):
    return [('C', 'JP'), ('O', ORGANISATION), ('OU', LINE[line]), ('OU', 'CRL Distribution Points'),
            ('OU', PREFECTURE_ROMAN), ('CN', CITY_ROMAN + ' CRLDP')]


def subject(rdns):
    return ''.join(f'/{k}={v}' for k, v in rdns)


def stamp(date, time=JST_MIDNIGHT_UTC):
    """UTCTime until 2049, as RFC 5280 asks."""
    return f'{date:%y%m%d}{time:%H%M%S}Z'


def birthday(birth, year):
    return datetime.date(year, birth.month, min(birth.day, 28) if birth.month == 2 else birth.day)


def nth_birthday_after(birth, issued, n):
    first = issued.year if birthday(birth, issued.year) > issued else issued.year + 1
    return birthday(birth, first + n - 1)


class Authority:
    """One certification authority with openssl's own little database beside it."""

    def __init__(self, scratch, pki, name, line, serial, hash='sha256', rdns=None):
        self.rdns = rdns or ca_rdns(line)
        self.scratch, self.line, self.name, self.serial, self.hash = scratch, line, name, serial, hash
        self.requests = {}
        self.path = os.path.join(pki, name)
        self.db = os.path.join(pki, 'db', name)
        os.makedirs(os.path.join(self.db, 'issued'), exist_ok=True)
        for file, text in (('index.txt', ''), ('serial', f'{serial:08X}\n'), ('crlnumber', '01\n'),
                           ('index.txt.attr', 'unique_subject = no\n')):
            if not os.path.exists(os.path.join(self.db, file)):
                write(os.path.join(self.db, file), text)

    def create(self, pool):
        ext = {'basicConstraints': 'critical,CA:TRUE', 'keyUsage': 'critical,keyCertSign,cRLSign',
               'subjectKeyIdentifier': 'hash',
               'subjectAltName': der.for_config(der.seq(der.directory_name([('C', 'JP'), ('O', JAPANESE_NAME)]))),
               'crlDistributionPoints': der.for_config(der.seq(der.distribution_point(ca_rdns(self.line))))}
        run('req', '-x509', '-new', '-key', pool.get(self.path + '.key'), '-' + self.hash, '-days', '3650',
            '-set_serial', str(self.serial - 1), '-subj', subject(self.rdns), '-config', config(self.scratch, ext), '-extensions', 'ext',
            '-out', self.path + '.crt')

    def issue(self, key, rdns, ext, start, end, out):
        """Signs a certificate over the public half of key; dates are UTCTime strings."""
        conf = config(self.scratch, ext, self.db)
        run('ca', '-batch', '-notext', '-preserveDN', '-md', self.hash, '-config', conf, '-extensions', 'ext',
            '-startdate', start, '-enddate', end, '-cert', self.path + '.crt', '-keyfile', self.path + '.key',
            '-subj', subject(rdns), '-in', self.request(key, conf), '-out', out)
        return out

    def request(self, key, conf):
        """A request over the key, whoever asks; one is enough for all who share it."""
        if key not in self.requests:
            path = os.path.join(self.scratch, f'{self.name}-{len(self.requests)}.csr')
            run('req', '-new', '-key', key, '-subj', '/C=JP', '-config', conf, '-out', path)
            self.requests[key] = path
        return self.requests[key]

    def revoke(self, certificate, reason):
        run('ca', '-md', self.hash, '-config', config(self.scratch, {}, self.db), '-revoke', certificate, '-crl_reason', reason,
            '-cert', self.path + '.crt', '-keyfile', self.path + '.key')

    def forget(self, certificate):
        """Takes the certificate out of the index, so that the OCSP responder answers "unknown"."""
        serial = run('x509', '-in', certificate, '-noout', '-serial').decode().strip().split('=')[1]
        index = os.path.join(self.db, 'index.txt')
        with open(index) as f:
            lines = [line for line in f if line.split('\t')[3] != serial]
        write(index, ''.join(lines))

    def crl(self, out, last=None, following=None):
        """Writes OUT (DER) and OUT.pem; partitioned by municipality like the real ones."""
        point = der.seq(der.tlv(0xA0, der.tlv(0xA0, der.directory_name(crl_point(self.line)))))
        ext = {'authorityKeyIdentifier': 'keyid',
               'issuingDistributionPoint': 'critical,' + der.for_config(point)}
        args = ['ca', '-gencrl', '-md', self.hash, '-config', config(self.scratch, ext, self.db), '-crlexts', 'ext',
                '-cert', self.path + '.crt', '-keyfile', self.path + '.key', '-out', out + '.pem']
        if last:
            args += ['-crl_lastupdate', last, '-crl_nextupdate', following]
        run(*args)
        run('crl', '-in', out + '.pem', '-outform', 'DER', '-out', out)


def extensions(line, person, generation=''):
    ext = {'keyUsage': 'critical,digitalSignature' + (',nonRepudiation' if line == 'sign' else ''),
           'authorityKeyIdentifier': 'keyid', 'subjectKeyIdentifier': 'hash',
           'issuerAltName': der.for_config(der.seq(der.directory_name([('C', 'JP'), ('O', JAPANESE_NAME)]))),
           'certificatePolicies': 'critical,' + der.for_config(policies(line)),
           'crlDistributionPoints': der.for_config(der.seq(der.distribution_point(crl_point(line)))),
           'authorityInfoAccess': 'OCSP;URI:' + OCSP[line + generation]}
    if line == 'sign':
        ext['subjectAltName'] = der.for_config(attributes(person))
    elif person.certificate == 'server':
        ext.update({'extendedKeyUsage': 'serverAuth', 'subjectAltName': 'DNS:' + SERVER})
    return ext


def policies(line):
    cps = der.seq(der.oid('1.3.6.1.5.5.7.2.1'), der.tlv(0x16, b'http://www.example/sandbox/cps.html'))
    return der.seq(der.seq(der.oid(POLICY[line]), der.seq(cps)))


def attributes(person):
    """基本4情報 as otherNames, in the order seen in real certificates: .1 .4 .3 .5 .2 .6."""
    sex = {'1': '1', '2': '2'}.get(person.sex, '3')
    name, address = person.certificate_name or person.name, person.certificate_address or person.address
    values = (('1', name), ('4', person.certificate_birth()), ('3', sex), ('5', address),
              ('2', person.certificate_name_marks or '0' * len(name)),
              ('6', person.certificate_address_marks or '0' * len(address)))
    return der.seq(*[der.other_name(f'{ATTRIBUTES}.{arc}', value) for arc, value in values])


def holder(line, person, index):
    opaque = f'99{index:04d}E9AGCIEG{MUNICIPALITY}{index:03d}A'
    if line == 'auth':
        return [('C', 'JP'), ('CN', opaque)]
    return [('C', 'JP'), ('L', PREFECTURE_ROMAN), ('L', CITY_ROMAN), ('CN', opaque)]


def validity(person, today):
    """(issued, certificate end, card end) by the rules of the real card: 5th and 10th birthday after issue."""
    issued = today - datetime.timedelta(days={'expired': 6 * 366, 'notyet': -1, 'renewed': 7}.get(person.certificate, 400))
    until, card = (nth_birthday_after(person.birth, issued, n) for n in (5, person.card_years))
    if person.card_life:
        card = today + datetime.timedelta(days=person.card_life)
    if person.certificate_life:
        until = today + datetime.timedelta(days=person.certificate_life)
    return issued, min(until, card), card


def responder(authority, pool, today, generation=''):
    """The delegated OCSP responder's certificate: OCSPSigning, no revocation check on itself."""
    out = os.path.join(os.path.dirname(authority.path), RESPONDER[authority.line + generation])
    ext = {'basicConstraints': 'CA:FALSE', 'keyUsage': 'critical,digitalSignature',
           'extendedKeyUsage': 'critical,OCSPSigning', 'noCheck': 'ignored', 'authorityKeyIdentifier': 'keyid',
           'subjectKeyIdentifier': 'hash'}
    authority.issue(pool.get(out + '.key'), ca_rdns(authority.line) + [('CN', 'OCSP responder')], ext,
                    stamp(today - datetime.timedelta(days=30)), stamp(today + datetime.timedelta(days=335)),
                    out + '.crt')


def wrong_bit(data):
    """The DER certificate with one bit of its subject flipped: it still parses, its signature no longer fits."""
    data = bytearray(data)
    data[data.rindex(b'E9AGCIEG')] ^= 0x01
    return bytes(data)
