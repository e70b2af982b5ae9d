#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Independent witness of PIN states: Debian's OpenSC and our reader look at the same card in the same state, brought there
by one or the other, and say the same. What OpenSC 0.23 cannot do with such a card is shown as it is."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[0:0] = [HERE, os.path.join(HERE, '..', 'world')]

import opensc  # noqa: E402
import world  # noqa: E402

WORLD = None
READERS = {'resident': '0', 'staff': '1'}
MESSAGE = '申請書'.encode()
# What each PIN is called: by OpenSC, as PKCS#11 token, by our reader when asked for its tries, and when used.
AUTH = ('User Authentication PIN', 'JPKI (User Authentication PIN)', 'auth_pin_tries', 'auth')
SIGN = ('Digital Signature PIN', 'JPKI (Digital Signature PIN)', 'sign_pin_tries', 'sign')
STAFF = ('PIN', 'S0001', 'pin_tries', 'staff')
RIGHT = {'auth': '1234', 'sign': 'AOZORA1', 'staff': '123456'}
WRONG = {'auth': ('9999', '8888', '7777'), 'sign': ('WRONG1', 'WRONG2', 'WRONG3', 'WRONG4', 'WRONG5'),
         'staff': ('999999', '888888', '777777')}


def our_card(role):
    """What our reader says of the card, without a PIN."""
    done = subprocess.run([WORLD.program('src', 'ctl', 'madoguchictl'), '--json', 'card', 'info'], stdout=subprocess.PIPE,
                          timeout=60, check=True)
    name = WORLD.facts['readers'][role]['name']
    return next(row for row in json.loads(done.stdout) if row['reader'] == name)


def our_doctor(role):
    """What our doctor finds at the layer of PINs."""
    done = subprocess.run([WORLD.program('src', 'ctl', 'madoguchictl'), '--json', 'doctor', '--card'], stdout=subprocess.PIPE,
                          timeout=60)
    name = WORLD.facts['readers'][role]['name']
    return next(row['state'] for row in json.loads(done.stdout) if row['reader'] == name and row['layer'] == 'pin')


def our_use(role, which, pin, *words):
    """Presents the PIN and signs: the reader's words; after "ok" certificate and signature as bytes."""
    done = subprocess.run([WORLD.program('tests', 'card', 'our-reader'), WORLD.facts['readers'][role]['name'], which,
                           hashlib.sha256(MESSAGE).hexdigest(), *words], input=pin + '\n', stdout=subprocess.PIPE, text=True,
                          timeout=60, check=True)
    said = done.stdout.split()
    return ['ok'] + [base64.b64decode(word) for word in said[1:]] if said[0] == 'ok' else said


def verifies(der, signature):
    """The signature over MESSAGE, by openssl, with the key in this certificate."""
    public, target = WORLD.at('run', 'public'), WORLD.at('run', 'signature')
    key = opensc.run('openssl', 'x509', '-inform', 'DER', '-noout', '-pubkey', stdin=der)[1]
    for path, data in ((public, key), (target, signature)):
        with open(path, 'wb') as f:
            f.write(data)
    return opensc.run('openssl', 'dgst', '-sha256', '-verify', public, '-signature', target, stdin=MESSAGE)[0] == 0


def fresh(role, card):
    """A card as it was made, whatever was done to it before."""
    state = WORLD.at('cards', card, 'state.ini')
    if os.path.exists(state):
        os.unlink(state)
    WORLD.insert(role, card)


def presented(role):
    """How many PINs the card was given since clear-log: VERIFY with data."""
    return sum(line.split()[2] == '20' and line.split()[5] != 'Lc=0' for line in WORLD.send(role, 'log'))


def flags_of(tries, full, role):
    """What OpenSC's token has to say of so many tries left. Of a PIV card it does not know how many there were."""
    if tries < 2:
        return {'locked'} if tries == 0 else {'final-try'}
    return {'count-low'} if tries < full and role == 'resident' else set()


class PinStates(unittest.TestCase):
    """Both at the same card; subclasses say which."""

    def flags(self, label):
        with opensc.Pkcs11() as p11:
            return p11.flags(label)

    def login(self, label, pin):
        with opensc.Pkcs11() as p11:
            return p11.login(label, pin)

    def agree(self, role, names, tries, full):
        """Tries left: our reader, OpenSC's PKCS#11 token and its list, which has none for a PIV card."""
        label, token, ours, _ = names
        self.assertEqual(our_card(role)[ours], tries)
        self.assertEqual(opensc.pins(READERS[role])[label], tries if role == 'resident' else None)
        self.assertEqual(self.flags(token), flags_of(tries, full, role))
        self.assertEqual(our_doctor(role), 'bad' if tries == 0 else 'warning' if tries == 1 else 'ok')

    def opens(self, role, names, pin, *words):
        """Our reader signs with this PIN, and openssl verifies it."""
        said = our_use(role, names[3], pin, *words)
        self.assertEqual(said[0], 'ok', said)
        self.assertTrue(verifies(*said[1:]))

    def down_by_opensc(self, role, names, full):
        for left, pin in zip(range(full - 1, -1, -1), WRONG[names[3]]):
            self.assertEqual(self.login(names[1], pin), ('incorrect', flags_of(left, full, role)))
            self.agree(role, names, left, full)
        WORLD.send(role, 'clear-log')
        self.assertEqual(our_use(role, names[3], RIGHT[names[3]], 'confirmed'), ['pin-blocked', '0'])
        self.assertEqual(presented(role), 0)
        self.assertNotEqual(self.login(names[1], RIGHT[names[3]])[0], 'ok')
        self.agree(role, names, 0, full)

    def down_by_us(self, role, names, full):
        wrong = WRONG[names[3]]
        for left, pin in zip(range(full - 1, 0, -1), wrong):
            self.assertEqual(our_use(role, names[3], pin), ['pin-wrong', str(left)])
            self.agree(role, names, left, full)
        WORLD.send(role, 'clear-log')
        self.assertEqual(our_use(role, names[3], wrong[-1]), ['pin-last-try', '1'])
        self.assertEqual(presented(role), 0, 'the last try was sent without having been meant')
        self.agree(role, names, 1, full)
        self.assertEqual(our_use(role, names[3], wrong[-1], 'confirmed'), ['pin-blocked', '0'])
        self.assertEqual(presented(role), 1)
        self.agree(role, names, 0, full)

    def given_back(self, role, names, full):
        """By the right PIN: what one of the two gave back, the other sees."""
        right, wrong = RIGHT[names[3]], WRONG[names[3]]
        for pin in wrong[:full - 1]:
            self.login(names[1], pin)
        self.agree(role, names, 1, full)
        self.opens(role, names, right, 'confirmed')
        self.agree(role, names, full, full)
        self.assertEqual(our_use(role, names[3], wrong[0])[0], 'pin-wrong')
        self.agree(role, names, full - 1, full)
        self.assertEqual(self.login(names[1], right)[0], 'ok')
        self.agree(role, names, full, full)


class Resident(PinStates):
    def test_authentication_down_by_opensc(self):
        fresh('resident', 'tanaka')
        self.down_by_opensc('resident', AUTH, 3)
        self.assertEqual(our_card('resident')['sign_pin_tries'], 5)

    def test_authentication_down_by_us(self):
        fresh('resident', 'tanaka')
        self.down_by_us('resident', AUTH, 3)

    def test_authentication_given_back(self):
        fresh('resident', 'tanaka')
        self.given_back('resident', AUTH, 3)

    def test_signature_down_by_opensc(self):
        fresh('resident', 'tanaka')
        self.down_by_opensc('resident', SIGN, 5)
        self.assertEqual(our_card('resident')['auth_pin_tries'], 3)

    def test_signature_down_by_us(self):
        fresh('resident', 'tanaka')
        self.down_by_us('resident', SIGN, 5)

    def test_signature_given_back(self):
        fresh('resident', 'tanaka')
        self.given_back('resident', SIGN, 5)


class ResidentAsMade(PinStates):
    """Cards that were made in a state, and what OpenSC 0.23 makes of their answers."""

    def test_every_state(self):
        for card, auth, sign in (('tanaka', 3, 5), ('locked', 0, 5), ('lasttry', 1, 5), ('signlocked', 3, 0), ('signlast', 3, 1),
                                 ('alllocked', 0, 0), ('textlocked', 3, 5), ('quirky', 3, 5)):
            fresh('resident', card)
            ours = our_card('resident')
            self.assertEqual((ours['auth_pin_tries'], ours['sign_pin_tries']), (auth, sign), card)
            self.assertEqual(opensc.pins(READERS['resident']), {AUTH[0]: auth, SIGN[0]: sign}, card)
            self.assertEqual([self.flags(t) for t in (AUTH[1], SIGN[1])],
                             [flags_of(auth, 3, 'resident'), flags_of(sign, 5, 'resident')], card)

    def test_words_for_a_locked_pin(self):
        """6984, as the cards of today say, and 6983: OpenSC has a word for the latter alone; we have one for both."""
        for card, told, said in (('tanaka', 'general-error', 'Reference data not usable'),
                                 ('quirky', 'locked', 'Authentication method blocked')):
            fresh('resident', card)
            WORLD.send('resident', 'tries jpki-0018 3 0')
            self.assertEqual(self.login(AUTH[1], RIGHT['auth']), (told, {'locked'}), card)
            text = opensc.pkcs15('0', '--verify-pin', '--auth-id', '01', '--pin', RIGHT['auth'])[2]
            self.assertIn(said, text)
            self.assertEqual(our_use('resident', 'auth', RIGHT['auth'], 'confirmed'), ['pin-blocked', '0'], card)

    def test_a_pin_left_verified(self):
        """OpenSC leaves the PIN verified while the card has power. One that then answers 9000 to the question for its tries
        is no card to OpenSC any more; we count, sign, and take its power: then it is one again."""
        fresh('resident', 'quirky')
        WORLD.send('resident', 'tries jpki-0018 3 2')
        self.assertEqual(self.login(AUTH[1], RIGHT['auth'])[0], 'ok')
        self.assertIn('verified=1', WORLD.send('resident', 'status'))
        self.assertIn('Unsupported card', opensc.pkcs15('0', '--list-pins')[2])
        self.opens('resident', AUTH, RIGHT['auth'])
        self.assertIn('verified=0', WORLD.send('resident', 'status'))
        self.assertEqual(opensc.pins('0'), {AUTH[0]: 3, SIGN[0]: 5})


class ResidentChanged(PinStates):
    """PINs that were changed. OpenSC 0.23 does not change those of a My Number card; it carries the commands."""
    NEW = {'auth': '4321', 'sign': 'AOZORA2'}

    def test_opensc_does_not_change_it(self):
        fresh('resident', 'tanaka')
        WORLD.send('resident', 'clear-log')
        for auth_id, which in (('01', 'auth'), ('02', 'sign')):
            code, _, text = opensc.pkcs15('0', '--change-pin', '--auth-id', auth_id, '--pin', RIGHT[which], '--new-pin',
                                          self.NEW[which])
            self.assertNotEqual(code, 0)
            self.assertIn('PIN code change failed: Not supported', text)
        self.assertEqual(presented('resident'), 0)
        self.assertFalse([line for line in WORLD.send('resident', 'log') if line.split()[2] == '24'])
        for names, full in ((AUTH, 3), (SIGN, 5)):
            self.agree('resident', names, full, full)
            self.opens('resident', names, RIGHT[names[3]])

    def change(self, sfi, old, new, *words):
        """VERIFY and CHANGE REFERENCE DATA through opensc-tool; the words that the card answers after SELECT."""
        def data(text):
            return f'{len(text):02X}' + text.encode().hex()
        apdus = ['00A4040C0AD392F000260100000001'] + ([f'002000{sfi}' + data(old)] if old else []) + [f'002401{sfi}' + data(new)]
        text = opensc.run('opensc-tool', '-c', 'default', '-r', '0', *(w for a in apdus for w in ('-s', a)))[2]
        self.assertEqual([a + b for a, b in opensc.words(text)][1:], list(words))

    def test_changed(self):
        for names, sfi, full, bad in ((AUTH, '98', 3, '43210'), (SIGN, '9B', 5, 'aozora2')):
            old, new = RIGHT[names[3]], self.NEW[names[3]]
            fresh('resident', 'tanaka')
            self.change(sfi, None, new, '6982')
            self.change(sfi, old, bad, '9000', '6A80')
            self.change(sfi, old, new, '9000', '9000')
            self.agree('resident', names, full, full)
            self.assertEqual(our_use('resident', names[3], old), ['pin-wrong', str(full - 1)])
            self.assertEqual(self.login(names[1], old), ('incorrect', flags_of(full - 2, full, 'resident')))
            self.opens('resident', names, new, 'confirmed')
            self.assertEqual(self.login(names[1], new)[0], 'ok')
            self.agree('resident', names, full, full)


class Staff(PinStates):
    """A PIV card: OpenSC lists no tries, and its token knows only the last one and the lock."""

    def test_down_by_opensc(self):
        fresh('staff', 'staff-S0001')
        self.down_by_opensc('staff', STAFF, 3)
        self.assertIn('Unsupported INS', opensc.pkcs15('1', '--unblock-pin', '--auth-id', '01', '--puk', '12345678', '--new-pin',
                                                      RIGHT['staff'])[2])
        self.agree('staff', STAFF, 0, 3)

    def test_down_by_us(self):
        fresh('staff', 'staff-S0001')
        self.down_by_us('staff', STAFF, 3)

    def test_given_back(self):
        fresh('staff', 'staff-S0001')
        self.given_back('staff', STAFF, 3)

    def test_changed(self):
        """By OpenSC, as the officer would."""
        fresh('staff', 'staff-S0001')
        change = ('--change-pin', '--auth-id', '01', '--pin', RIGHT['staff'], '--new-pin')
        self.assertNotEqual(opensc.pkcs15('1', *change, '12345')[0], 0, 'too short')
        self.assertEqual(opensc.pkcs15('1', *change, '654321')[0], 0)
        self.agree('staff', STAFF, 3, 3)
        self.assertEqual(our_use('staff', 'staff', RIGHT['staff']), ['pin-wrong', '2'])
        self.assertEqual(self.login('S0001', RIGHT['staff']), ('incorrect', {'final-try'}))
        self.opens('staff', STAFF, '654321', 'confirmed')
        self.agree('staff', STAFF, 3, 3)
        self.assertNotEqual(opensc.pkcs15('1', *change, '111111')[0], 0, 'with the PIN of before')
        self.agree('staff', STAFF, 2, 3)

    def test_a_pin_left_verified(self):
        """OpenSC leaves it verified, and the card tells no tries until that is taken back: we take it back, and count."""
        fresh('staff', 'staff-S0001')
        WORLD.send('staff', 'tries piv-80 3 2')
        self.assertEqual(self.login('S0001', RIGHT['staff'])[0], 'ok')
        self.assertIn('verified=1', WORLD.send('staff', 'status'))
        self.assertEqual(our_card('staff')['pin_tries'], 3)
        self.assertEqual(self.login('S0001', RIGHT['staff'])[0], 'ok')
        self.opens('staff', STAFF, RIGHT['staff'])
        self.assertIn('verified=0', WORLD.send('staff', 'status'))


def main():
    global WORLD
    with world.World() as WORLD:
        WORLD.start_cards()
        return not unittest.main(exit=False, argv=sys.argv).result.wasSuccessful()


if __name__ == '__main__':
    world.main_guard(main)
