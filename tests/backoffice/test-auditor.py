#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The auditor's walk of the README, its commands as they stand there: today and twenty years on, and that it stops where
something was altered. Run inside tests/isolated."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True

from opening import Desk, by_list, evidence, only_named, other_day, ward, wire  # noqa: E402

YEARS = 365 * 86400


def blocks():
    """The section's fenced blocks in order: (kind, text)."""
    with open(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'README.md'), encoding='utf-8') as f:
        section = re.search(r'^## For auditors\n(.*?)^## ', f.read(), re.M | re.S).group(1)
    return re.findall(r'^```(\w+)\n(.*?)^```$', section, re.M | re.S)


class Auditor(Desk):
    def deliver_proof(self, change=lambda proof: proof, ocsp=True, **how):
        intake = wire.new_intake()
        proof = evidence(intake, ocsp=ocsp, **how)
        self.deliver_as(intake, change(proof))
        return intake

    def walk(self, intake, env=None, alter=lambda folder: None, line='auth'):
        """Runs the blocks in one shell. Returns (status, output)."""
        with tempfile.TemporaryDirectory(dir=ward.at('run')) as folder:
            with self.ledger() as db:
                body, = db.execute('SELECT body FROM ledger_bodies JOIN ledger_items USING (sequence) WHERE intake = ? AND n = 1',
                                   (intake,)).fetchone()
            with open(os.path.join(folder, 'intake.asice'), 'wb') as f:
                f.write(body)
            for name, source in (('jpki-ca.crt', f'jpki-{line}-ca.crt'), ('staff-ca.crt',) * 2, ('business.crt',) * 2,
                                 ('business.key',) * 2):
                shutil.copy(ward.at('pki', source), os.path.join(folder, name))
            alter(folder)
            script = 'set -eu\n' + ''.join(text for kind, text in blocks() if kind == 'sh')
            run = subprocess.run(['sh', '-c', script], cwd=folder, env={**os.environ, **(env or {})}, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True)
            return run.returncode, run.stdout

    def missing(self, output):
        """The first of the lines that the README shows and that are not there in their order, or None."""
        place = 0
        for line in ''.join(text for kind, text in blocks() if kind == 'text').splitlines():
            found = output.find(line, place)
            if found < 0:
                return line
            place = found
        return None

    def assertWalks(self, intake, **how):
        status, output = self.walk(intake, **how)
        self.assertEqual((status, self.missing(output)), (0, None), output)
        return output

    def assertStops(self, line, intake, **how):
        """What the auditor waits for does not come."""
        _, output = self.walk(intake, **how)
        self.assertEqual(self.missing(output), line, output)

    def test_the_section_is_there(self):
        kinds = [kind for kind, _ in blocks()]
        self.assertEqual(set(kinds), {'sh', 'text'})
        script = ''.join(text for kind, text in blocks() if kind == 'sh')
        tools = set(re.findall(r'(?:^|[|(&;] *)([a-z]+) ', re.sub(r'\$\(\(.*?\)\)', '', script), re.M))
        self.assertLessEqual(tools, {'unzip', 'openssl', 'sed', 'head', 'tr', 'date', 'grep', 'cut', 'echo', 'test', 'member',
                                     'if', 'else', 'fi', 'cd', 'od', 'printf'})

    def test_by_the_responder(self):
        intake = self.deliver_proof()
        self.assertIn('Response verify OK', self.assertWalks(intake))
        self.assertWalks(intake, env=other_day(20 * YEARS))

    def test_by_a_list(self):
        intake = self.deliver_proof(lambda proof: by_list(proof, ward.at('crl', 'jpki-auth.crl')), ocsp=False)
        self.assertIn('not on the list', self.assertWalks(intake))
        self.assertWalks(intake, env=other_day(20 * YEARS))

    def test_by_a_list_that_is_only_named(self):
        path = ward.at('crl', 'jpki-auth.crl')
        intake = self.deliver_proof(lambda proof: only_named(by_list(proof, path)), ocsp=False)
        self.assertStops('good', intake)

        def archive(list_file):
            def put(folder):
                with open(path, 'rb') as f:
                    name = hashlib.sha256(f.read()).hexdigest()
                os.mkdir(os.path.join(folder, 'archive'))
                shutil.copy(list_file, os.path.join(folder, 'archive', name + '.crl'))
            return put
        self.assertIn('not on the list', self.assertWalks(intake, alter=archive(path)))
        self.assertStops('good', intake, alter=archive(ward.at('crl', 'jpki-sign.crl')))

    def test_by_the_signature_certificate(self):
        """The same walk; only the authority is the other one."""
        intake = self.deliver_proof(line='sign')
        self.assertIn('Response verify OK', self.assertWalks(intake, line='sign'))
        self.assertWalks(intake, line='sign', env=other_day(20 * YEARS))
        self.assertStops('card.crt: OK', intake)
        listed = self.deliver_proof(lambda proof: by_list(proof, ward.at('crl', 'jpki-sign.crl')), ocsp=False, line='sign')
        self.assertIn('not on the list', self.assertWalks(listed, line='sign'))

    def test_by_the_next_generation(self):
        """A card with an ECDSA P-384 key, whose authority is the other one of its line."""
        intake = self.deliver_proof(person='nextgen')
        self.assertIn('Response verify OK', self.assertWalks(intake, line='auth-p384'))
        self.assertWalks(intake, line='auth-p384', env=other_day(20 * YEARS))
        self.assertStops('card.crt: OK', intake)
        signed = self.deliver_proof(person='nextgen', line='sign')
        self.assertWalks(signed, line='sign-p384')
        self.assertStops('Verified OK', self.deliver_proof(person='nextgen', key='tanaka'))

    def test_where_it_stops(self):
        good = self.deliver_proof()
        other = self.deliver_proof()

        def foreign_evidence(proof):
            proof['challenge']['message'] = base64.b64encode(b'x' * 64).decode()
            return proof

        def foreign_answer(proof):
            return {**proof, 'revocation': evidence(wire.new_intake())['revocation']}
        self.assertStops('challenge is of this intake', self.deliver_proof(foreign_evidence))
        self.assertStops('good', self.deliver_proof(foreign_answer))
        self.assertStops('Verified OK', self.deliver_proof(key='suzuki'))
        self.assertStops('card.crt: OK', self.deliver_proof(person='expired', key='shared', ocsp=False))
        self.assertStops('good', self.deliver_proof(person='revoked', key='shared'))
        listed = self.deliver_proof(lambda proof: by_list(proof, ward.at('crl', 'jpki-auth.crl')), person='revoked', key='shared',
                                    ocsp=False)
        self.assertStops('good', listed)

        def swapped(folder):
            with self.ledger() as db:
                body, = db.execute('SELECT body FROM ledger_bodies JOIN ledger_items USING (sequence) WHERE intake = ? AND n = 1',
                                   (other,)).fetchone()
            with open(os.path.join(folder, 'other.asice'), 'wb') as f:
                f.write(body)
            subprocess.run(['unzip', '-q', 'other.asice', 'evidence.cms'], cwd=folder, check=True)
            subprocess.run(['/usr/bin/python3', '-c', 'import sys, zipfile\n'
                            'with zipfile.ZipFile("intake.asice") as z: parts = [(i, z.read(i)) for i in z.infolist()]\n'
                            'with zipfile.ZipFile("intake.asice", "w") as z:\n'
                            '    for i, data in parts:\n'
                            '        z.writestr(i, open("evidence.cms", "rb").read() if i.filename == "evidence.cms" else data)\n'],
                           cwd=folder, check=True)
        self.assertStops('evidence is signed', good, alter=swapped)

    def test_a_manifest_is_what_the_walk_takes_it_for(self):
        """The members that the walk picks stand in manifest and evidence once each."""
        intake = self.deliver_proof()
        with tempfile.TemporaryDirectory(dir=ward.at('run')) as folder:
            with self.ledger() as db:
                body, = db.execute('SELECT body FROM ledger_bodies JOIN ledger_items USING (sequence) WHERE intake = ? AND n = 1',
                                   (intake,)).fetchone()
            with open(os.path.join(folder, 'c'), 'wb') as f:
                f.write(body)
            text = subprocess.run(['unzip', '-p', 'c', 'manifest.json'], cwd=folder, check=True, capture_output=True).stdout
        self.assertEqual(json.loads(text)['intake'], intake)
        for name in (b'"intake":', b'"wall":'):
            self.assertEqual(text.count(name), 1, text)


if __name__ == '__main__':
    unittest.main(verbosity=2)
