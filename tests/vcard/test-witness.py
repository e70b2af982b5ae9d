#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Independent witness: Debian's pcscd, vpcd and OpenSC take the virtual cards for real ones, unmodified, and what they
sign verifies with openssl."""

import base64
import hashlib
import os
import re
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[0:0] = [HERE, os.path.join(HERE, '..', 'world')]

import world  # noqa: E402
from opensc import module, pkcs15, run  # noqa: E402

WORLD = None
RESIDENT, STAFF = '0', '1'
MESSAGE = '申請書'.encode()


def subject(certificate):
    return run('openssl', 'x509', '-noout', '-subject', '-nameopt', 'RFC2253', stdin=certificate)[2].strip()


def sign(label, pin, ident, mechanism, data, *options):
    source, target = WORLD.at('run', 'to-sign'), WORLD.at('run', 'signature')
    with open(source, 'wb') as f:
        f.write(data)
    code, _, text = run('pkcs11-tool', '--module', module(), '--token-label', label, '--login', '--pin', pin, '--sign',
                        '--id', ident, '--mechanism', mechanism, '-i', source, '-o', target, *options)
    return code, text, target


def verifies(certificate, signature, data):
    public = WORLD.at('run', 'public')
    key = run('openssl', 'x509', '-in', WORLD.at('pki', certificate), '-noout', '-pubkey')[1]
    with open(public, 'wb') as f:
        f.write(key)
    return run('openssl', 'dgst', '-sha256', '-verify', public, '-signature', signature, stdin=data)[0] == 0


class MyNumberCard(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        WORLD.insert('resident', 'tanaka')

    def test_name(self):
        self.assertEqual(run('opensc-tool', '-r', RESIDENT, '-n')[1].decode().split(), ['jpki'])

    def test_dump(self):
        code, _, text = run('pkcs15-tool', '--reader', RESIDENT, '-D')
        self.assertEqual(code, 0, text)
        self.assertIn('PKCS#15 Card [JPKI]', text)
        self.assertIn('Encoded serial : 02 04 0705D990', text)
        self.assertRegex(text, r'(?s)User Authentication PIN\].*Tries left     : 3')
        self.assertRegex(text, r'(?s)Digital Signature PIN\].*Tries left     : 5')

    def test_certificate(self):
        code, certificate, text = run('pkcs15-tool', '--reader', RESIDENT, '--read-certificate', '01')
        self.assertEqual(code, 0, text)
        self.assertEqual(subject(certificate), 'subject=CN=990001E9AGCIEG13999001A,C=JP')

    def test_signature_certificate_wants_its_password(self):
        """On a card that has just been put in: OpenSC leaves a verified one behind while the power stays."""
        WORLD.insert('resident', 'suzuki')
        _, certificate, text = run('pkcs15-tool', '--reader', RESIDENT, '--read-certificate', '02')
        self.assertNotIn(b'BEGIN CERTIFICATE', certificate)
        self.assertIn('Certificate read failed', text)
        WORLD.insert('resident', 'tanaka')

    def test_sign_with_authentication_key(self):
        code, text, signature = sign('JPKI (User Authentication PIN)', '1234', '01', 'SHA256-RSA-PKCS', MESSAGE)
        self.assertEqual(code, 0, text)
        self.assertTrue(verifies('residents/tanaka-auth.crt', signature, MESSAGE))
        self.assertFalse(verifies('residents/tanaka-auth.crt', signature, MESSAGE + b'.'))

    def test_sign_with_signature_key(self):
        code, text, signature = sign('JPKI (Digital Signature PIN)', 'AOZORA1', '02', 'SHA256-RSA-PKCS', MESSAGE)
        self.assertEqual(code, 0, text)
        self.assertTrue(verifies('residents/tanaka-sign.crt', signature, MESSAGE))

    def test_wrong_pin_costs_one_try(self):
        code, text, _ = sign('JPKI (User Authentication PIN)', '9999', '01', 'SHA256-RSA-PKCS', MESSAGE)
        self.assertNotEqual(code, 0)
        self.assertIn('CKR_PIN_INCORRECT', text)
        self.assertRegex(run('pkcs15-tool', '--reader', RESIDENT, '-D')[2],
                         r'(?s)User Authentication PIN\].*?Tries left     : 2')
        self.assertEqual(sign('JPKI (User Authentication PIN)', '1234', '01', 'SHA256-RSA-PKCS', MESSAGE)[0], 0)


class SignatureCertificate(unittest.TestCase):
    """署名用電子証明書: behind its password, with the four attributes inside, under five tries of its own."""
    TOKEN = 'JPKI (Digital Signature PIN)'

    def setUp(self):
        WORLD.insert('resident', 'sato')

    def tries(self, pin):
        return int(re.search(pin + r'\].*?Tries left     : (\d+)', run('pkcs15-tool', '--reader', RESIDENT, '-D')[2],
                             re.S).group(1))

    def test_certificate_after_the_password(self):
        target = WORLD.at('run', 'sign-certificate')
        code, _, text = run('pkcs11-tool', '--module', module(), '--token-label', self.TOKEN, '--login', '--pin',
                            WORLD.people['sato']['pins']['sign'], '--read-object', '--type', 'cert', '--id', '02', '-o', target)
        self.assertEqual(code, 0, text)
        with open(target, 'rb') as f:
            der = f.read()
        text = run('openssl', 'x509', '-inform', 'DER', '-noout', '-text', stdin=der)[2]
        self.assertRegex(text, r'Key Usage: critical\s+Digital Signature, Non Repudiation')
        for arc, value in (('1', WORLD.people['sato']['name']), ('5', WORLD.people['sato']['address'])):
            self.assertIn(f'1.2.392.200149.8.5.5.{arc}::{value}', text)
        with open(WORLD.at('pki', 'residents', 'sato-sign.crt'), 'rb') as f:
            own = run('openssl', 'x509', '-outform', 'DER', stdin=f.read())[1]
        self.assertEqual(der, own)

    def read(self, auth_id, pin, ident='02'):
        """A certificate as pkcs15-tool gives it after VERIFY of one PIN: its DER, None when it gives none."""
        _, said, _ = pkcs15(RESIDENT, '--verify-pin', '--auth-id', auth_id, '--pin', pin, '--read-certificate', ident)
        pem = said[said.find(b'-----BEGIN'):] if b'-----BEGIN' in said else None
        return run('openssl', 'x509', '-outform', 'DER', stdin=pem)[1] if pem else None

    def test_its_password_opens_it_and_the_other_pin_does_not(self):
        pins = WORLD.people['sato']['pins']
        self.assertIsNone(self.read('01', pins['auth']))
        WORLD.insert('resident', 'sato')
        with open(WORLD.at('pki', 'residents', 'sato-sign.crt'), 'rb') as f:
            own = run('openssl', 'x509', '-outform', 'DER', stdin=f.read())[1]
        self.assertEqual(self.read('02', pins['sign']), own)

    def test_hidden_until_login(self):
        """PKCS#11: no certificate of the signature token is listed before its password was entered, one after."""
        list_it = ('pkcs11-tool', '--module', module(), '--token-label', self.TOKEN, '--list-objects', '--type', 'cert')
        self.assertNotRegex(run(*list_it)[2], r'ID: +02')
        self.assertRegex(run(*list_it, '--login', '--pin', WORLD.people['sato']['pins']['sign'])[2], r'ID: +02')

    def test_chain(self):
        """The certificate of the signature CA is free, and it issued the other one; that of the authentication did not."""
        der = self.read('02', WORLD.people['sato']['pins']['sign'])
        target, anchor = WORLD.at('run', 'end.pem'), WORLD.at('run', 'anchor.pem')
        run('openssl', 'x509', '-inform', 'DER', '-out', target, stdin=der)
        for ident, good in (('04', True), ('03', False)):
            with open(anchor, 'wb') as f:
                f.write(pkcs15(RESIDENT, '--read-certificate', ident)[1])
            self.assertEqual(run('openssl', 'verify', '-x509_strict', '-CAfile', anchor, target)[0] == 0, good, ident)

    def test_our_reader_gives_the_same(self):
        """Certificate and signature, byte for byte."""
        pin = WORLD.people['sato']['pins']['sign']
        code, text, signature = sign(self.TOKEN, pin, '02', 'SHA256-RSA-PKCS', MESSAGE)
        self.assertEqual(code, 0, text)
        done = subprocess.run([WORLD.program('tests', 'card', 'our-reader'), WORLD.facts['readers']['resident']['name'], 'sign',
                               hashlib.sha256(MESSAGE).hexdigest()], input=pin + '\n', stdout=subprocess.PIPE, text=True,
                              timeout=60, check=True)
        said = done.stdout.split()
        self.assertEqual(said[0], 'ok', said)
        self.assertEqual(base64.b64decode(said[1]), self.read('02', pin))
        with open(signature, 'rb') as f:
            self.assertEqual(base64.b64decode(said[2]), f.read())

    def test_wrong_password_costs_one_of_five(self):
        self.assertEqual(self.tries('Digital Signature PIN'), 5)
        code, text, _ = sign(self.TOKEN, 'WRONG1', '02', 'SHA256-RSA-PKCS', MESSAGE)
        self.assertNotEqual(code, 0)
        self.assertIn('CKR_PIN_INCORRECT', text)
        self.assertEqual((self.tries('Digital Signature PIN'), self.tries('User Authentication PIN')), (4, 3))
        self.assertEqual(sign(self.TOKEN, WORLD.people['sato']['pins']['sign'], '02', 'SHA256-RSA-PKCS', MESSAGE)[0], 0)
        self.assertEqual(self.tries('Digital Signature PIN'), 5)

    def test_the_card_does_not_fold_case(self):
        """What our reader turns into upper case before it asks, the card itself refuses."""
        code, text, _ = sign(self.TOKEN, WORLD.people['sato']['pins']['sign'].lower(), '02', 'SHA256-RSA-PKCS', MESSAGE)
        self.assertNotEqual(code, 0)
        self.assertEqual(self.tries('Digital Signature PIN'), 4)
        self.assertEqual(sign(self.TOKEN, WORLD.people['sato']['pins']['sign'], '02', 'SHA256-RSA-PKCS', MESSAGE)[0], 0)


class PinStates(unittest.TestCase):
    """Tries left as OpenSC sees them, on cards that were made so."""

    def test_as_made(self):
        """First of all, by its name: the others use tries."""
        for card, auth, sign_tries in (('locked', 0, 5), ('lasttry', 1, 5), ('signlocked', 3, 0), ('signlast', 3, 1),
                                       ('alllocked', 0, 0)):
            WORLD.insert('resident', card)
            text = run('pkcs15-tool', '--reader', RESIDENT, '-D')[2]
            for pin, left in (('User Authentication PIN', auth), ('Digital Signature PIN', sign_tries)):
                self.assertRegex(text, rf'(?s){pin}\].*?Tries left     : {left}\n', card)

    def test_locked(self):
        """Even the right PIN is refused, and nothing is signed. OpenSC 0.23 has no word for 6984 and calls it general."""
        WORLD.insert('resident', 'locked')
        code, text, _ = sign('JPKI (User Authentication PIN)', '1234', '01', 'SHA256-RSA-PKCS', MESSAGE)
        self.assertNotEqual(code, 0)
        self.assertRegex(text, r'C_Login failed: rv = (CKR_PIN_LOCKED|CKR_GENERAL_ERROR)')
        WORLD.insert('resident', 'signlocked')
        code, text, _ = sign('JPKI (Digital Signature PIN)', 'AOZORA1', '02', 'SHA256-RSA-PKCS', MESSAGE)
        self.assertNotEqual(code, 0)
        self.assertRegex(text, r'C_Login failed: rv = (CKR_PIN_LOCKED|CKR_GENERAL_ERROR)')
        code, text, _ = sign('JPKI (User Authentication PIN)', '1234', '01', 'SHA256-RSA-PKCS', MESSAGE)
        self.assertEqual(code, 0, text)

    def test_the_last_try_restores_the_others(self):
        WORLD.insert('resident', 'lasttry')
        self.assertEqual(sign('JPKI (User Authentication PIN)', '1234', '01', 'SHA256-RSA-PKCS', MESSAGE)[0], 0)
        self.assertRegex(run('pkcs15-tool', '--reader', RESIDENT, '-D')[2],
                         r'(?s)User Authentication PIN\].*?Tries left     : 3')

    def test_without_a_signature_certificate(self):
        """Under 15: the other certificate is read as ever."""
        WORLD.insert('resident', 'child')
        code, certificate, text = run('pkcs15-tool', '--reader', RESIDENT, '--read-certificate', '01')
        self.assertEqual(code, 0, text)
        self.assertNotIn(b'BEGIN', run('pkcs15-tool', '--reader', RESIDENT, '--read-certificate', '02')[1])


class NewerMyNumberCard(unittest.TestCase):
    """The ATR of newer cards is not in OpenSC's table: it finds the card by its application."""

    def test_name(self):
        WORLD.insert('resident', 'sato')
        self.assertIn(b'3b:da:13', run('opensc-tool', '-r', RESIDENT, '-a')[1])
        self.assertEqual(run('opensc-tool', '-r', RESIDENT, '-n')[1].decode().split(), ['jpki'])
        code, certificate, text = run('pkcs15-tool', '--reader', RESIDENT, '--read-certificate', '01')
        self.assertEqual(code, 0, text)
        self.assertEqual(subject(certificate), 'subject=CN=990003E9AGCIEG13999003A,C=JP')


class StaffCard(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        WORLD.insert('staff', 'staff-S0001')

    def test_name(self):
        self.assertIn(b'Personal Identity Verification', run('opensc-tool', '-r', STAFF, '-n')[1])

    def test_certificates(self):
        for ident, name in (('01', 'pin'), ('02', 'sign'), ('03', 'km'), ('04', 'auth')):
            code, certificate, text = run('pkcs15-tool', '--reader', STAFF, '--read-certificate', ident)
            self.assertEqual(code, 0, text)
            with open(WORLD.at('pki', 'staff', f'S0001-{name}.crt'), 'rb') as f:
                self.assertEqual(certificate.split(), f.read().split(), name)

    def test_sign(self):
        digest = run('openssl', 'dgst', '-sha256', '-binary', stdin=MESSAGE)[1]
        for ident, name in (('01', 'pin'), ('02', 'sign')):
            code, text, signature = sign('S0001', '123456', ident, 'ECDSA', digest, '--signature-format', 'openssl')
            self.assertEqual(code, 0, text)
            self.assertTrue(verifies(f'staff/S0001-{name}.crt', signature, MESSAGE), name)

    def test_derive(self):
        """ECDH with the key management key: the same secret as openssl finds from the other side."""
        peer, point, secret = (WORLD.at('run', n) for n in ('peer.pem', 'point.der', 'secret'))
        run('openssl', 'genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', peer)
        run('openssl', 'pkey', '-in', peer, '-pubout', '-outform', 'DER', '-out', point)
        code, _, text = run('pkcs11-tool', '--module', module(), '--token-label', 'S0001', '--login', '--pin', '123456',
                            '--derive', '--id', '03', '--mechanism', 'ECDH1-COFACTOR-DERIVE', '-i', point, '-o', secret)
        self.assertEqual(code, 0, text)
        public = WORLD.at('run', 'km.pem')
        run('openssl', 'x509', '-in', WORLD.at('pki', 'staff', 'S0001-km.crt'), '-noout', '-pubkey', '-out', public)
        own = run('openssl', 'pkeyutl', '-derive', '-inkey', peer, '-peerkey', public)[1]
        with open(secret, 'rb') as f:
            self.assertEqual(f.read(), own)


def main():
    global WORLD
    with world.World() as WORLD:
        WORLD.start_cards()
        return not unittest.main(exit=False, argv=sys.argv[:1]).result.wasSuccessful()


world.main_guard(main)
