# SPDX-License-Identifier: Apache-2.0
"""What the tests of the opening desk share: one ward with a running gateway, intakes in its ledger, the program itself."""

import atexit
import base64
import datetime
import hashlib
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'protocol'), os.path.join(HERE, '..', 'postgresql')]

import store as place  # noqa: E402
import wire  # noqa: E402

from mdworld import der, jpki  # noqa: E402

NUMBER = '123456789018'
NAME = '開封 試子'
UUID = re.compile('[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')


ADDRESS = '架空県あおぞら区開封一丁目9番'
# The columns of the held data without the last one, which few of the tests need.
with open(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'protocol', 'held-1.schema.json'), encoding='utf-8') as schema:
    HEAD = '\t'.join(field['name'] for field in json.load(schema)['fields'][:7])

given = []  # numbers of new_number()

ward = wire.Ward()
atexit.register(ward.world.close)
store = place.Store(ward.at)
store.move(ward.at('gateway', 'gateway.ini'), ward.at('backoffice', 'backoffice.ini'))
ward.start_gateway()


def new_number():
    """An individual number that nobody has had here."""
    digits = f'{70000000000 + len(given):011}'
    total = sum(int(digit) * (n + 1 if n <= 6 else n - 5) for n, digit in enumerate(reversed(digits), 1))
    given.append(digits + str(0 if total % 11 <= 1 else 11 - total % 11))
    return given[-1]


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%S.%f')[:23] + 'Z'


# Whose key and certificate are of the next generation: ECDSA over P-384, digests of SHA-384.
NEXT = ('nextgen',)


def ocsp_nonce(proof):
    """What binds a question about revocation to the presence that it is asked for."""
    return hashlib.sha256(b'madoguchi ocsp v1\0' + bytes.fromhex(proof['digest'])).digest()


def add_nonce(request, nonce):
    """openssl only makes up its own."""
    with open(request, 'rb') as f:
        body = der.children(der.read_tlv(f.read())[1])[0][1]
    extension = der.seq(der.oid('1.3.6.1.5.5.7.48.1.2'), der.tlv(4, der.tlv(4, nonce)))
    with open(request, 'wb') as f:
        f.write(der.seq(der.seq(body, der.tlv(0xA2, der.seq(extension)))))


def ocsp_response(person, nonce=None, line='auth'):
    facts = ward.world.facts['ocsp'][line + '-p384' if person in NEXT else line]
    request, response = (ward.at('run', name) for name in ('ocsp-request.der', 'ocsp-response.der'))
    quiet = {'check': True, 'capture_output': True}
    subprocess.run(['openssl', 'ocsp', '-issuer', facts['ca'], '-cert', ward.at('pki', 'residents', f'{person}-{line}.crt'),
                    '-no_nonce', '-reqout', request], **quiet)
    if nonce:
        add_nonce(request, nonce)
    subprocess.run(['openssl', 'ocsp', '-index', facts['index'], '-CA', facts['ca'], '-rsigner', facts['certificate'],
                    '-rkey', facts['key'], '-ndays', '1', '-reqin', request, '-respout', response], **quiet)
    with open(response, 'rb') as f:
        return base64.b64encode(f.read()).decode()


def evidence(intake, person='tanaka', key=None, procedure='pension.exemption', terminal='T001', ocsp=True, line='auth'):
    """What the terminal would store, made without a line of our C: the challenge of md-presence.h and openssl's signature; by
    the authentication certificate, or with line='sign' by the signature certificate."""
    parts = {'intake': intake, 'terminal': terminal, 'procedure': procedure, 'time': now(), 'nonce_state': 'fresh'}
    certificate = subprocess.run(['openssl', 'x509', '-in', ward.at('pki', 'residents', f'{person}-{line}.crt'), '-outform',
                                  'DER'], check=True, capture_output=True).stdout
    proof = {'schema': 'madoguchi-evidence/1', 'intake': intake, 'method': 'jpki-' + line,
             'challenge': {'tag': 'madoguchi presence v1', **parts, 'nonce': ward.nonce()},
             'certificate': base64.b64encode(certificate).decode(), 'ca': None,
             'revocation': {'source': 'none'}, 'verdict': 'valid' if ocsp else 'deferred', 'detail': '',
             'checked_at': now(), 'card': None}
    proof = resigned(proof, key or person)
    if not ocsp:
        return proof
    return {**proof, 'revocation': {'source': 'ocsp', 'ocsp': ocsp_response(person, ocsp_nonce(proof), line)}}


def waived(intake, procedure='juki.inquiry', brought_by='section', organisation='税務課', **rule):
    """What the terminal would store where nobody is identified, made without a line of our C."""
    with open(ward.at('policy', 'policy.json'), 'rb') as f:
        digest = hashlib.sha256(f.read()).hexdigest()
    proof = evidence(intake, procedure=procedure, ocsp=False)
    return {**proof, 'method': 'none', 'verdict': 'not-required', 'signature': None, 'certificate': None,
            'unidentified': {'brought_by': brought_by, 'organisation': organisation, 'policy_version': 1,
                             'policy_digest': digest, **rule}}


def by_list(proof, path):
    """The same, with the list at @path instead of a responder's answer."""
    with open(path, 'rb') as f:
        der = f.read()
    text = subprocess.run(['openssl', 'crl', '-inform', 'DER', '-in', path, '-noout', '-lastupdate', '-issuer', '-nameopt',
                           'RFC2253,utf8,-esc_msb'], check=True, capture_output=True, text=True).stdout
    made = subprocess.run(['date', '-u', '-d', text.split('lastUpdate=')[1].splitlines()[0], '+%Y-%m-%dT%H:%M:%S.000Z'],
                          check=True, capture_output=True, text=True).stdout.strip()
    crl = {'issuer': text.split('issuer=')[1].splitlines()[0], 'number': '01', 'this_update': made,
           'sha256': hashlib.sha256(der).hexdigest(), 'der': base64.b64encode(der).decode()}
    return {**proof, 'verdict': 'valid', 'revocation': {'source': 'crl', 'crl': crl}}


def by_old_list(proof):
    """With a list of three days ago. It says itself that it holds for a week; the office lets it hold for two days."""
    with tempfile.TemporaryDirectory(dir=ward.at('run')) as folder:
        path = os.path.join(folder, 'old.crl')
        past = [f'{datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=d):%y%m%d%H%M%SZ}' for d in (-3, 4)]
        jpki.Authority(folder, ward.at('pki'), 'jpki-auth-ca', 'auth', 0).crl(path, *past)
        return by_list(proof, path)


def only_named(proof, **changes):
    """The list of the proof was too long to be enclosed."""
    return {**proof, 'revocation': {'source': 'crl', 'crl': {**proof['revocation']['crl'], 'der': None, **changes}}}


def other_day(seconds):
    """The environment of a program that believes that it is another day."""
    return {'LD_PRELOAD': os.environ['OTHER_DAY'], 'OTHER_DAY_SECONDS': str(seconds),
            'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '') + ':verify_asan_link_order=0'}


def resigned(proof, owner='tanaka'):
    """With digest and signature over its challenge as it is now."""
    challenge = proof['challenge']
    texts = [challenge[name].encode() for name in ('intake', 'terminal', 'procedure', 'time', 'nonce_state')]
    told = b'madoguchi presence v1\0'
    for part in (*texts, base64.b64decode(challenge['nonce'])):
        told += struct.pack('>I', len(part)) + part
    challenge['message'] = base64.b64encode(told).decode()
    how = ['digest:sha384'] if owner in NEXT else ['digest:sha256', '-pkeyopt', 'rsa_padding_mode:pkcs1']
    key = ward.at('pki', 'residents', owner + proof['method'].replace('jpki', '') + '.key')
    digest = hashlib.new(how[0].partition(':')[2], told).digest()
    signature = subprocess.run(['openssl', 'pkeyutl', '-sign', '-inkey', key, '-pkeyopt', *how], input=digest, check=True,
                               capture_output=True).stdout
    return {**proof, 'digest': hashlib.sha256(told).hexdigest(), 'signature': base64.b64encode(signature).decode()}


class Desk(unittest.TestCase):
    def deliver(self, approve=True, kind='approve', intake=None, **more):
        """A new intake in the ledger. Returns (intake, receipt number)."""
        intake = intake or wire.new_intake()
        more.setdefault('evidence', more.pop('proof', evidence)(intake))
        more.setdefault('values', {'p.name': NAME})
        container = ward.intake(intake, **more)
        answer = ward.put_intake(intake, container)
        self.assertEqual(answer[0], 201, answer[2])
        if approve:
            answer = ward.put_decision(intake, 2, ward.decision(container, kind=kind))
            self.assertEqual(answer[0], 201, answer[2])
        return intake, wire.receipt_number(ward.count)

    def deliver_evidence(self, approve=True, **how):
        """One whose evidence is made so, see evidence(). Returns (intake, receipt number)."""
        intake = wire.new_intake()
        return self.deliver_as(intake, evidence(intake, **how), approve)

    def deliver_as(self, intake, proof, approve=True, values=None):
        container = ward.intake(intake, evidence=proof, values=values or {'p.name': NAME}, procedure=proof['challenge']['procedure'])
        answer = ward.put_intake(intake, container)
        self.assertEqual(answer[0], 201, answer[2])
        if approve:
            self.assertEqual(ward.put_decision(intake, 2, ward.decision(container))[0], 201)
        return intake, wire.receipt_number(ward.count)

    def run_desk(self, *args, config=None, env=None, reason='R00'):
        """One call; for @reason, unless the words have another. None: for none."""
        if reason is not None and '--reason' not in args:
            args = ('--reason', reason, *args)
        run = subprocess.run([ward.world.program('src', 'backoffice', 'madoguchi-backoffice'), '--config',
                              config or ward.at('backoffice', 'backoffice.ini'), *args], capture_output=True, text=True,
                             env={**os.environ, 'G_DEBUG': 'fatal-warnings', 'LC_ALL': 'C.UTF-8', **(env or {})},
                             timeout=180)
        self.assertGreaterEqual(run.returncode, 0, run.stderr)
        return run

    def assertRefused(self, status, *args, **how):
        run = self.run_desk(*args, **how)
        self.assertEqual(run.returncode, status, run.stderr + run.stdout)
        said = UUID.sub('', run.stdout + run.stderr)  # any four digits may stand in one
        for text in (NAME, NUMBER, NUMBER[-4:]):
            self.assertNotIn(text, said)
        self.assertTrue(run.stderr.startswith('madoguchi-backoffice: '), run.stderr)
        return run

    def assertNoNumberOn(self, text):
        """R-PRN-02: on a paper that goes to somebody is nothing that could be an individual number, whosever."""
        self.assertIsNone(re.search(r'(?<![0-9a-f])\d{4}[ -]?\d{4}[ -]?\d{4}(?![0-9a-f])', UUID.sub('', text)))

    def audit(self, intake):
        with self.ledger() as db:
            return db.execute('SELECT event, outcome, staff_id, reason_code, detail FROM audit WHERE object_id = ? ORDER BY seq',
                              (intake,)).fetchall()

    def ledger(self):
        return store.open()

    def config(self, archive=None, **changes):
        """A changed copy of backoffice.ini; a value of None takes the line out. `archive`: a folder for lists of all times."""
        with open(ward.at('backoffice', 'backoffice.ini'), encoding='utf-8') as f:
            lines = [line for line in f.read().splitlines() if line.split('=')[0] not in changes]
        lines += [f'{name}={value}' for name, value in changes.items() if value is not None]
        lines += ['[crl]', f'archive={archive}'] if archive else []
        path = ward.at('run', 'changed.ini')
        with open(path, 'w', encoding='utf-8') as f:
            f.write('\n'.join(lines) + '\n')
        return path


class Listing(Desk):
    """Applications of people, their confirmation lists and their exports."""

    def take_in(self, name, birth, approve=True, card=None, differences=None, atena=None, number='new', **values):
        intake = wire.new_intake()
        proof = {**evidence(intake), 'card': card}
        values = {'p.name': name, 'p.birth': birth, **({'p.atena': atena} if atena else {}),
                  **{field.replace('_', '.', 1): value for field, value in values.items()}}
        container = ward.intake(intake, evidence=proof, values=values,
                                number=new_number() if number == 'new' else number)
        answer = ward.put_intake(intake, container)
        self.assertEqual(answer[0], 201, answer[2])
        if approve:
            more = {'differences': differences} if differences else {}
            self.assertEqual(ward.put_decision(intake, 2, ward.decision(container, **more))[0], 201)
        return intake, wire.receipt_number(ward.count)

    def lines(self, *names, config=None, officer='B0001', status=None):
        run = self.run_desk('--officer', officer, '--json', 'confirm', *names, config=config)
        self.assertIn(run.returncode, (0, 10) if status is None else (status,), run.stderr)
        return [{**line, 'intake': entry['intake'], 'number': entry['receipt_number']}
                for entry in map(json.loads, run.stdout.splitlines()) for line in entry['lines']]

    def rules(self, name, **how):
        return [(line['rule'], line['field'], line['state']) for line in self.lines(name, **how)]

    def confirm(self, name, *more, officer='B0002', config=None):
        marks = [line['mark'] for line in self.lines(name, config=config) if line['state'] == 'open']
        return self.run_desk('--officer', officer, '--reason', 'C01', *more, 'confirm', name, *marks, config=config)

    def exported(self, number, config=None):
        with tempfile.TemporaryDirectory() as folder:
            run = self.run_desk('--officer', 'B0001', 'export', folder, config=config)
            return number + '.json' in os.listdir(folder), run

    def held(self, *rows):
        path = ward.at('run', 'held.tsv')
        with open(path, 'w', encoding='utf-8') as f:
            f.write('\n'.join(rows) + '\n')
        with open(self.config(), 'a', encoding='utf-8') as f:
            f.write(f'[held]\nfile={path}\n')
        return ward.at('run', 'changed.ini')

    def key_config(self, key):
        """A backoffice.ini with this key in the place of the world's, or with none."""
        path = self.config()
        with open(path, encoding='utf-8') as f:
            lines = [line for line in f.read().splitlines() if not line.startswith('key=')]
        lines.insert(lines.index('[confirmation]') + 1, f'key={key}' if key else '')
        with open(path, 'w', encoding='utf-8') as f:
            f.write('\n'.join(lines) + '\n')
        return path
