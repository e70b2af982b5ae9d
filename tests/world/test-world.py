#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The demonstration world is what it says: checked with openssl alone, which made it from other instructions."""

import os
import re
import subprocess
import sys
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import world  # noqa: E402
from mdworld import people  # noqa: E402

WORLD = None


def openssl(*args, stdin=None):
    done = subprocess.run(['openssl', *args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.decode(errors='replace')


def text_of(*path):
    return openssl('x509', '-in', WORLD.at('pki', *path), '-noout', '-text', '-nameopt', 'RFC2253')[1]


def verify(ca, *path, crl=None):
    options = ['-crl_check', '-CRLfile', WORLD.at(crl)] if crl else []
    return openssl('verify', *options, '-CAfile', WORLD.at('pki', ca), WORLD.at('pki', *path))


class Profile(unittest.TestCase):
    """reference: certificate profiles of JPKI, in a sandbox's clothes."""

    def test_user_authentication(self):
        text = text_of('residents', 'tanaka-auth.crt')
        self.assertIn('Issuer: OU=Madoguchi demonstration\\, not for production,OU=JPKI for user authentication,'
                      'O=JPKI-SANDBOX,C=JP', text)
        self.assertRegex(text, r'Serial Number: \d+ \(0x7[0-9a-f]{6}\)')
        self.assertRegex(text, r'Key Usage: critical\s+Digital Signature\n')
        self.assertRegex(text, r'Certificate Policies: critical\s+Policy: 2\.999\.8\.5\.1\.3\.30')
        self.assertIn('OCSP - URI:http://127.0.0.1:8888/', text)
        self.assertIn('Issuer Alternative Name', text)
        self.assertNotIn('Subject Alternative Name', text)
        self.assertNotIn('Extended Key Usage', text)
        self.assertRegex(text, r'CRL Distribution Points:[^\n]*\n\s+Full Name:\s+DirName:C = JP, O = JPKI-SANDBOX, .*'
                               r'OU = Tokyo-to, CN = Aozora-ku CRLDP')
        self.assertRegex(text, r'Not After : May 14 14:59:59 \d{4} GMT')

    def test_signature_has_the_four_attributes(self):
        text = text_of('residents', 'tanaka-sign.crt')
        self.assertRegex(text, r'Key Usage: critical\s+Digital Signature, Non Repudiation\n')
        self.assertRegex(text, r'Policy: 2\.999\.8\.5\.1\.1\.20')
        for arc, value in (('1', '田中　恵子'), ('4', '319830514'), ('3', '2'), ('2', '00000')):
            self.assertIn(f'1.2.392.200149.8.5.5.{arc}::{value}', text)

    def test_nothing_looks_like_the_real_jpki(self):
        for name in os.listdir(WORLD.at('pki', 'residents')):
            if name.endswith('.crt'):
                text = text_of('residents', name)
                self.assertNotIn('1.2.392.200149.8.5.1.', text, name)
                self.assertNotRegex(text, r'O=JPKI[,\n]', name)


class Chains(unittest.TestCase):
    def test_good(self):
        for person in ('tanaka', 'suzuki', 'sato'):
            for line in ('auth', 'sign'):
                code, text = verify(f'jpki-{line}-ca.crt', 'residents', f'{person}-{line}.crt',
                                    crl=f'crl/jpki-{line}.crl.pem')
                self.assertEqual(code, 0, text)

    def test_bad(self):
        for person, reason in (('expired', 'has expired'), ('notyet', 'not yet valid'),
                               ('revoked', 'certificate revoked'),
                               ('foreign', 'unable to get local issuer|signature failure')):
            code, text = verify('jpki-auth-ca.crt', 'residents', person + '-auth.crt', crl='crl/jpki-auth.crl.pem')
            self.assertNotEqual(code, 0, person)
            self.assertRegex(text, reason)

    def test_foreign_has_the_same_issuer_name(self):
        issuers = {re.search('Issuer: (.*)', text_of('residents', f'{p}-auth.crt')).group(1)
                   for p in ('tanaka', 'foreign')}
        self.assertEqual(len(issuers), 1)

    def test_stale_crl(self):
        code, text = verify('jpki-auth-ca.crt', 'residents', 'tanaka-auth.crt', crl='crl-stale/jpki-auth.crl.pem')
        self.assertNotEqual(code, 0)
        self.assertIn('CRL has expired', text)

    def test_office(self):
        for ca, name in (('line-ca.crt', 'terminal.crt'), ('line-ca.crt', 'gateway.crt'),
                         ('line-ca.crt', 'receipt.crt'), ('staff-ca.crt', 'staff/S0001-auth.crt'),
                         ('staff-ca.crt', 'staff/S0101-km.crt'), ('policy-root.crt', 'policy-signer.crt')):
            code, text = verify(ca, name)
            self.assertEqual(code, 0, text)
        self.assertNotEqual(verify('line-ca.crt', 'terminal-stranger.crt')[0], 0)
        self.assertIn('URI:urn:madoguchi:office:139998:terminal:T001', text_of('terminal.crt'))

    def test_policy_is_signed(self):
        for bundle, root, good in (('policy', 'policy-root', True), ('policy-stranger', 'policy-root', False),
                                   ('policy-stranger', 'stranger-policy-root', True)):
            code, _ = openssl('cms', '-verify', '-inform', 'DER', '-in', WORLD.at('policy', bundle + '.cms'),
                              '-CAfile', WORLD.at('pki', root + '.crt'), '-out', '/dev/null')
            self.assertEqual(code == 0, good, bundle)


class Cards(unittest.TestCase):
    def read(self, card, name):
        with open(WORLD.at('cards', card, name), 'rb') as f:
            return f.read()

    def test_number_file(self):
        self.assertEqual(self.read('tanaka', 'text-0001.ef'), b'\xff\x10\x0c123456789018\xff\xff')

    def test_offsets_lead_to_the_tags(self):
        for name, tags in (('text-0002.ef', range(0x22, 0x26)), ('visual-0002.ef', range(0x22, 0x2B))):
            data = self.read('suzuki', name)
            at = data.index(b'\xdf\x21') + 3
            for i, tag in enumerate(tags):
                offset = int.from_bytes(data[at + 2 * i:at + 2 * i + 2], 'big')
                self.assertEqual(data[offset:offset + 2], bytes([0xDF, tag]))

    def test_sizes_as_on_the_real_card(self):
        for name, size in (('text-0003.ef', 336), ('jpki-0006.ef', 160), ('jpki-0008.ef', 3),
                           ('text-0007.ef', 5 + 0x213), ('visual-0001.ef', 5 + 0x21E)):
            self.assertEqual(len(self.read('tanaka', name)), size, name)
        self.assertEqual(self.read('tanaka', 'text-0004.ef')[:5], bytes.fromhex('7f21820233'))

    def test_images_are_images(self):
        face = self.read('tanaka', 'visual-0002.ef')
        self.assertEqual(face.count(b'\x89PNG\r\n\x1a\n'), 3)
        self.assertEqual(face.count(bytes.fromhex('0000000c6a502020')), 1)

    def test_check_digits(self):
        self.assertTrue(all(people.check_digit(p.number[:11]) == p.number[11] for p in people.PEOPLE))
        self.assertEqual(len({p.number for p in people.PEOPLE}), len(people.PEOPLE))

    def test_integrity_record(self):
        """EF 0003 of TEXT: both digests and the signature, as a verifier with the issuer's key sees them."""
        record = self.read('tanaka', 'text-0003.ef')
        signed, signature = record[5:75], record[80:336]
        good = self.check_record(signed, signature)
        bad = self.check_record(signed[:-1] + b'\x00', signature)
        self.assertTrue(good and not bad)
        number = self.read('tanaka', 'text-0001.ef')
        self.assertEqual(openssl('dgst', '-sha256', '-r', WORLD.at('cards', 'tanaka', 'text-0001.ef'))[1][:64],
                         signed[3:35].hex(), number)

    def check_record(self, signed, signature):
        with open(WORLD.at('run', 'signature'), 'wb') as f:
            f.write(signature)
        openssl('pkey', '-in', WORLD.at('pki', 'cv', 'text.key'), '-pubout', '-out', WORLD.at('run', 'public'))
        return openssl('dgst', '-sha256', '-verify', WORLD.at('run', 'public'), '-signature',
                       WORLD.at('run', 'signature'), stdin=signed)[0] == 0


class Command(unittest.TestCase):
    def test_refuses_a_directory_with_something_in_it(self):
        done = subprocess.run([os.path.join(world.HERE, 'make-world'), WORLD.path], stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b'is not empty', done.stderr)

    def test_private(self):
        for folder, _, files in os.walk(WORLD.path):
            for name in files:
                if name.endswith('.key') or name == 'world.json':
                    self.assertEqual(os.stat(os.path.join(folder, name)).st_mode & 0o077, 0, name)


def main():
    global WORLD
    started = time.monotonic()
    with world.World() as WORLD:
        print(f'world made in {time.monotonic() - started:.1f} s')
        return not unittest.main(exit=False, argv=sys.argv[:1]).result.wasSuccessful()


world.main_guard(main)
