#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""madoguchi-gateway import: what comes by a medium is held to all that a PUT is held to, and to who sends and who released it.
The bundles are made without a line of our C, beside a gateway that runs. Run inside tests/isolated."""

import hashlib
import json
import os
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True

import gate  # noqa: E402
import wire  # noqa: E402
from gate import ward  # noqa: E402


def take(*folders):
    result = subprocess.run([ward.world.program('src/gateway/madoguchi-gateway'), '--config', ward.at('gateway/gateway.ini'),
                             'import', *folders], capture_output=True, text=True, timeout=180, check=False)
    return result.returncode, [line.split('\t') for line in result.stdout.splitlines()], result.stderr


def sign(text, name):
    path = ward.at('pki', name)
    return subprocess.run(['openssl', 'cms', '-sign', '-binary', '-cades', '-md', 'sha256', '-outform', 'DER', '-signer',
                           path + '.crt', '-inkey', path + '.key'], input=text, check=True, capture_output=True).stdout


def write(folder, name, content):
    with open(os.path.join(folder, name), 'wb') as file:
        file.write(content)


def read(folder, name):
    with open(os.path.join(folder, name), 'rb') as file:
        return file.read()


class Medium(gate.GatewayCase):
    def bundle(self, items, signers=('staff/S0101-sign', 'terminal'), **more):
        """The folder of a bundle with these (intake, n, body); of more, what is not as it should be."""
        with open(ward.at('policy', 'policy.json'), 'rb') as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        ident = wire.new_intake()
        content = {'schema': 'madoguchi-medium/1', 'bundle': ident, 'medium': 'M-001', 'office': '139998', 'terminal': 'T001',
                   'officer': 'S0101', 'role': 'supervisor', 'carrier': 'S0001', 'purpose': 'line-down', 'policy_digest': digest,
                   'time': wire.moment(), 'policy_version': 1,
                   'items': [{'intake': intake, 'n': n, 'sha256': hashlib.sha256(body).hexdigest(), 'size': len(body)}
                             for intake, n, body in items]}
        text = json.dumps({**content, **more}, separators=(',', ':')).encode()
        folder = os.path.join(ward.at('run', 'medium-' + ident), 'madoguchi-' + ident)
        os.makedirs(folder)
        write(folder, 'bundle.json', text)
        write(folder, 'release.p7s', sign(text, signers[0]))
        write(folder, 'terminal.p7s', sign(text, signers[1]))
        for intake, n, body in items:
            write(folder, f'{intake}-{n}.{"asice" if n == 1 else "json"}', body)
        return folder

    def items(self, **more):
        intake = wire.new_intake()
        container = ward.intake(intake, **more)
        return [(intake, 1, container), (intake, 2, ward.decision(container))]

    def rows_of(self, items):
        return gate.rows('SELECT n FROM ledger_items WHERE intake = ? ORDER BY n', items[0][0])

    def test_twice_is_safe(self):
        """And by the line, too, before or after: the receipt is the same, whichever way it is asked for."""
        first, second = self.items(), self.items()
        self.assertEqual(ward.put_intake(second[0][0], second[0][2])[0], 201)
        folder = self.bundle(first + second)
        for words in (['accepted', 'accepted', 'repeated', 'accepted'], ['repeated'] * 4):
            code, rows, said = take(os.path.dirname(folder))
            self.assertEqual((code, [row[2] for row in rows]), (0, words), said)
        for intake, n, body in first + second:
            answer = ward.put_intake(intake, body) if n == 1 else ward.put_decision(intake, n, body)
            receipt = read(folder, f'{intake}-{n}.receipt.p7s')
            self.assertEqual((answer[0], answer[2]), (200, receipt))
            self.assertEqual(ward.open_receipt(receipt)['id'], intake)
        self.assertEqual([self.rows_of(items) for items in (first, second)], [[(1,), (2,)]] * 2)
        # Other bytes under the same id are refused here as there.
        other = self.bundle([(first[0][0], 1, ward.intake(first[0][0]))])
        code, rows, _ = take(other)
        self.assertEqual((code, rows[0][2:4]), (1, ['refused', 'id-conflict']))
        self.assertFalse([name for name in os.listdir(other) if name.endswith('.receipt.p7s')])

    def test_the_same_checks(self):
        """Each item is judged alone, as on the line: what is refused there is refused here, and the others are taken."""
        good, clerk = self.items(), self.items()
        clerk[1] = (clerk[1][0], 2, ward.decision(clerk[0][2], officer='S0002', role='clerk'))
        orphan = self.items()[1:]
        foreign = self.items(terminal='T002')
        code, rows, said = take(self.bundle(clerk + orphan + foreign[:1] + good))
        self.assertEqual([row[2:4] for row in rows],
                         [['accepted', '-'], ['refused', 'role-missing'], ['refused', 'intake-unknown'],
                          ['refused', 'terminal-mismatch'], ['accepted', '-'], ['accepted', '-']], said)
        self.assertEqual((code, self.rows_of(good)), (1, [(1,), (2,)]))
        listed = subprocess.run([ward.world.program('src/gateway/madoguchi-gateway'), '--config', ward.at('gateway/gateway.ini'),
                                 '--refusals'], capture_output=True, text=True, timeout=180, check=True).stdout
        self.assertIn('\tmedium:decision/2\trole-missing\t', listed)

    def test_who_sends_and_who_released(self):
        """A bundle of nobody we know, or released by nobody who may, is not looked into."""
        items = self.items()
        gate.issue('stranger', '20200101000000Z', '20400101000000Z')
        officer = 'staff/S0101-sign'
        for signers, flaws, code in (((officer, 'stranger'), {}, 'terminal-key'), ((officer, officer), {}, 'signature-invalid'),
                                     ((officer, 'terminal-stranger'), {}, 'signature-invalid'),
                                     ((officer, 'terminal-unregistered'), {}, 'terminal-unregistered'),
                                     (('staff/S0001-sign', 'terminal'), {}, 'signature-invalid'),
                                     (('staff/S0101-auth', 'terminal'), {}, 'signature-invalid'),
                                     (None, {'terminal': 'T002'}, 'terminal-mismatch'), (None, {'office': '131016'}, 'office-mismatch'),
                                     (None, {'role': 'admin'}, 'role-missing'), (None, {'carrier': 'S0101'}, 'same-officer'),
                                     (None, {'carrier': 'S9999'}, 'staff-unknown'), (None, {'policy_version': 9}, 'policy-unknown'),
                                     (None, {'policy_digest': 'c' * 64}, 'policy-mismatch'),
                                     (None, {'time': '2020-01-01T00:00:00.000Z'}, 'policy-not-in-force'),
                                     (None, {'purpose': 'fun'}, 'malformed-request'), (None, {'medium': '山田'}, 'malformed-request'),
                                     (None, {'more': 1}, 'malformed-request')):
            with self.subTest(signers=signers, flaws=flaws):
                status, rows, said = take(self.bundle(items, *([signers] if signers else []), **flaws))
                self.assertEqual((status, rows), (1, []), said)
                self.assertIn(code, said)
        self.assertEqual(self.rows_of(items), [])
        folder = self.bundle(items)
        self.assertEqual(take(folder)[0], 0)

    def test_what_a_medium_can_be(self):
        """Missing, cut off, a link to elsewhere, a pipe, a folder in a file's place: words, and what is whole is taken."""
        spoils = ((os.remove, 'malformed-request'), (lambda path: write(*os.path.split(path), b''), 'digest-mismatch'),
                  (lambda path: (os.rename(path, path + '.x'), os.symlink(path + '.x', path)), 'malformed-request'),
                  (lambda path: (os.remove(path), os.mkfifo(path)), 'malformed-request'),
                  (lambda path: (os.remove(path), os.mkdir(path)), 'malformed-request'))
        for spoil, code in spoils:
            hurt, whole = self.items(), self.items()
            folder = self.bundle(hurt + whole)
            spoil(os.path.join(folder, f'{hurt[0][0]}-1.asice'))
            status, rows, said = take(folder)
            self.assertEqual((status, [row[2:4] for row in rows]),
                             (1, [['refused', code], ['refused', 'intake-unknown'], ['accepted', '-'], ['accepted', '-']]), said)
        for words, code in (((ward.at('run', 'nowhere'),), 1), ((ward.at('gateway/gateway.ini'),), 1), ((ward.at('pki'),), 1),
                            (('one', 'two'), 2)):
            status, rows, said = take(*words)
            self.assertEqual((status, rows, bool(said)), (code, [], True))
        items = self.items()
        cut = self.bundle(items)
        for name in ('bundle.json', 'release.p7s', 'terminal.p7s'):
            text = read(cut, name)
            for content in (text[:-1], b''):
                write(cut, name, content)
                self.assertEqual(take(cut)[:2], (1, []), name)
            os.remove(os.path.join(cut, name))
            self.assertEqual(take(os.path.dirname(cut))[:2], (1, []), name)
            write(cut, name, text)
        self.assertEqual(self.rows_of(items), [])
        self.assertEqual(take(os.path.dirname(cut))[0], 0)


if __name__ == '__main__':
    unittest.main()
