#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""madoguchictl card change-pin, with virtual cards in the real pcscd: typed at the terminal or at the reader's own keys, and what
never goes to the card. Run inside tests/isolated."""

import json
import os
import pty
import subprocess
import sys
import unittest

SOURCE = os.environ['MADOGUCHI_SOURCE']
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SOURCE, 'tests/world'))

import world as worlds  # noqa: E402

world = None


def command(which):
    return [world.program('src/ctl/madoguchictl'), '--session', '--json', 'card', 'change-pin', which]


def change(which, *typed, recorded=False):
    """(exit status, whether it says that it changed, what it said beside). Here is no service, and so no log, which is said."""
    result = subprocess.run(command(which), input=''.join(line + '\n' for line in typed), capture_output=True, text=True,
                            timeout=120)
    said = json.loads(result.stdout) if result.stdout else None
    assert said in (None, {'pin': which, 'changed': True, 'recorded': recorded}), said
    assert ('not in the log' in result.stderr) == (not recorded and result.returncode != 2), result.stderr
    return result.returncode, said is not None, result.stderr


def sent():
    """The commands that carried a PIN since the log was cleared: 20 VERIFY, 24 CHANGE REFERENCE DATA."""
    rows = [line.split() for line in world.send('resident', 'log')]
    return [row[2] for row in rows if row[2] == '24' or (row[2] == '20' and row[5] != 'Lc=0')]


class Case(unittest.TestCase):
    def put(self, who):
        world.insert('resident', who)
        self.addCleanup(world.remove_card, 'resident')
        world.send('resident', 'clear-log')
        return world.people[who]['pins']


class AtTheTerminal(Case):
    @classmethod
    def setUpClass(cls):
        world.start_cards()

    @classmethod
    def tearDownClass(cls):
        for name in ('vcard-resident', 'vcard-staff', 'pcscd'):
            world.stop(name)

    def test_each_pin(self):
        """The new one is the one that opens it afterwards; the old one does not any more, and is sent once."""
        pins = self.put('tanaka')
        for which, new in (('auth', '8642'), ('text', '9753'), ('sign', 'HASHI2026')):
            self.assertEqual(change(which, pins[which], new, new)[:2], (0, True))
            world.send('resident', 'clear-log')
            code, changed, said = change(which, pins[which], 'AB12CD' if which == 'sign' else '1470',
                                         'AB12CD' if which == 'sign' else '1470')
            self.assertEqual((code, changed, sent()), (5, False, ['20']), said)
            world.send('resident', 'clear-log')
            self.assertEqual(change(which, new, pins[which], pins[which])[:2], (0, True))
            self.assertEqual(sent(), ['20', '24'])
            world.send('resident', 'clear-log')

    def test_rules(self):
        """What cannot be that PIN, is not typed twice the same, or is the old one goes nowhere."""
        pins = self.put('tanaka')
        for which, typed in (('auth', ['12345', '1111', '1111']), ('auth', [pins['auth'], '12a4', '12a4']),
                             ('auth', [pins['auth'], '86421', '86421']), ('auth', [pins['auth'], '8642', '8643']),
                             ('auth', [pins['auth'], pins['auth'], pins['auth']]), ('auth', [pins['auth']]), ('auth', []),
                             ('sign', [pins['sign'], 'ABCDEF', 'ABCDEF']), ('sign', [pins['sign'], 'AB1', 'AB1']),
                             ('sign', [pins['sign'], 'AB-123', 'AB-123'])):
            code, changed, said = change(which, *typed)
            self.assertEqual((code, changed), (5, False), (typed, said))
            self.assertEqual(sent(), [], typed)
        code, _, said = change('face', '1')
        self.assertEqual((code, sent()), (2, []), said)

    def test_small_letters(self):
        """They are typed by whoever forgot the shift key: taken as capitals, and said."""
        pins = self.put('tanaka')
        code, _, said = change('sign', pins['sign'].lower(), 'hashi2026', 'hashi2026')
        self.assertEqual(code, 0, said)
        self.assertIn('capital', said)
        self.assertEqual(change('sign', 'HASHI2026', pins['sign'], pins['sign'])[0], 0)

    def test_last_try(self):
        """Asked about before anything is typed, and left alone unless it is meant."""
        pins = self.put('lasttry')
        for answer in ('', 'y', 'no'):
            code, changed, said = change('auth', answer, pins['auth'], '8642', '8642')
            self.assertEqual((code, changed, sent()), (5, False, []), said)
        self.assertEqual(change('auth', 'yes', pins['auth'], '8642', '8642')[:2], (0, True))

    def test_locked(self):
        pins = self.put('locked')
        code, _, said = change('auth', pins['auth'], '8642', '8642')
        self.assertEqual((code, sent()), (5, []), said)
        self.assertIn('locked', said)

    def test_pulled_out(self):
        """The card leaves with the new PIN on its way, or with the answer, or of that a byte comes: nobody is told what nobody
        knows. Refused in words, it keeps the old one."""
        for fault, known, now in (('remove ins 24 at 1', False, 'old'), ('remove-after ins 24 at 1', False, 'new'),
                                  ('one-byte ins 24 at 1', False, 'new'), ('sw 6f00 ins 24 at 1', False, 'old'),
                                  ('sw 6982 ins 24 at 1', True, 'old')):
            pins = self.put('tanaka')
            world.send('resident', 'fault ' + fault)
            code, changed, said = change('auth', pins['auth'], '8642', '8642')
            self.assertEqual((code, changed, 'still is' in said, 'not known' in said), (5, False, known, not known), (fault, said))
            world.send('resident', 'clear-faults')
            world.remove_card('resident')
            self.put('tanaka')
            old, new = (pins['auth'], '8642') if now == 'old' else ('8642', pins['auth'])
            self.assertEqual(change('auth', old, new, new)[:2], (0, True), fault)
            if now == 'old':
                self.assertEqual(change('auth', new, old, old)[:2], (0, True))

    def test_in_japanese(self):
        pins = self.put('tanaka')
        result = subprocess.run([w for w in command('auth') if w != '--json'], input='0000\n8642\n8642\n', capture_output=True,
                                text=True, timeout=120, env={**os.environ, 'LC_ALL': 'C.UTF-8', 'LANGUAGE': 'ja'})
        self.assertEqual(result.returncode, 5)
        self.assertIn('あと3回', result.stderr)
        self.assertIn('新しい暗証番号は4桁の数字です', result.stderr)
        self.assertIn('違います', result.stderr)
        self.assertEqual(change('auth', pins['auth'], '8642', '8642')[:2], (0, True))
        self.assertEqual(change('auth', '8642', pins['auth'], pins['auth'])[:2], (0, True))

    def test_which_card(self):
        """None, an officer's, and two: nobody is asked for anything."""
        self.assertEqual(change('auth', '1234', '8642', '8642')[0], 5)
        world.insert('resident', 'staff-S0001')
        self.assertEqual(change('auth', '1234', '8642', '8642')[0], 5)
        world.remove_card('resident')
        self.put('tanaka')
        world.insert('staff', 'suzuki')
        self.addCleanup(world.remove_card, 'staff')
        code, _, said = change('auth', '1234', '8642', '8642')
        self.assertEqual((code, sent()), (5, []), said)
        self.assertIn('More than one', said)

    def test_nothing_is_shown(self):
        """At a terminal, what is typed is asked for one by one and not echoed."""
        pins = self.put('tanaka')
        master, slave = pty.openpty()
        with subprocess.Popen(command('auth'), stdin=slave, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
            os.close(slave)
            said = ''
            for question, answer in (('as it is now: ', pins['auth']), ('New PIN: ', '8642'), ('once more: ', '8642')):
                while not said.endswith(question):
                    more = program.stderr.read(1)
                    self.assertTrue(more, said)
                    said += more
                worlds.wait_until(lambda: not is_echoing(master), 'the echo is off')
                os.write(master, answer.encode() + b'\n')
            out, rest = program.communicate(timeout=60)
        os.set_blocking(master, False)
        try:
            echoed = os.read(master, 1000)
        except (BlockingIOError, OSError):
            echoed = b''
        os.close(master)
        self.assertEqual((program.returncode, json.loads(out)['changed']), (0, True), said + rest)
        for pin in (pins['auth'], '8642'):
            self.assertNotIn(pin, said + rest + out)
            self.assertNotIn(pin.encode(), echoed)
        self.assertEqual(change('auth', '8642', pins['auth'], pins['auth'])[0], 0)


def is_echoing(terminal):
    import termios

    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


class OnTheKeypad(Case):
    """Readers of tests/ifd, with keys of their own."""

    @classmethod
    def setUpClass(cls):
        world.start_pads()
        world.start_vcards()

    def setUp(self):
        world.order('resident', 'features verify modify')
        world.order('resident', 'lie none')
        self.pins = self.put('tanaka')

    def back(self, new):
        world.order('resident', 'features')
        self.assertEqual(change('auth', new, self.pins['auth'], self.pins['auth'])[:2], (0, True))

    def test_both(self):
        """The old one and twice the new one at the reader: nothing is typed here."""
        world.order('resident', 'type ' + self.pins['auth'])
        world.order('resident', 'type 8642 8642')
        self.assertEqual(change('auth')[:2], (0, True))
        self.assertEqual(sent(), ['20', '24'])
        self.back('8642')

    def test_not_the_same(self):
        """The new one differs the second time, and is cancelled: the old one stays, and it is said."""
        for keys in ('type 8642 8643', 'press cancel', 'walk-away'):
            world.order('resident', 'type ' + self.pins['auth'])
            world.order('resident', keys)
            code, changed, said = change('auth')
            self.assertEqual((code, changed), (5, False), said)
            self.assertIn('still is', said)

    def test_wrong(self):
        world.order('resident', 'type 0000')
        code, _, said = change('auth')
        self.assertEqual((code, sent()), (5, ['20']), said)

    def test_without_modify(self):
        """The old one at the reader, the new one here."""
        world.order('resident', 'features verify')
        world.order('resident', 'type ' + self.pins['auth'])
        self.assertEqual(change('auth', '8642', '8642')[:2], (0, True))
        self.back('8642')

    def test_keys_that_lie(self):
        """The reader does not know what it offered: asked for here instead."""
        world.order('resident', 'lie unsupported')
        code, changed, said = change('auth', self.pins['auth'], '8642', '8642')
        self.assertEqual((code, changed), (0, True), said)
        self.back('8642')

    def test_password(self):
        """It has letters: no reader's keys have those."""
        self.assertEqual(change('sign', self.pins['sign'], 'HASHI2026', 'HASHI2026')[:2], (0, True))
        self.assertEqual(change('sign', 'HASHI2026', self.pins['sign'], self.pins['sign'])[:2], (0, True))


def main():
    global world
    with worlds.World() as world:
        os.environ['DBUS_SESSION_BUS_ADDRESS'] = 'unix:path=' + world.at('run', 'no-bus')
        return 0 if unittest.main(exit=False).result.wasSuccessful() else 1


if __name__ == '__main__':
    worlds.main_guard(main)
