#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""vcard in the hand of a clumsy person: commands on its socket, cards that come and go, accidents, seen from the other
side of the real pcscd with opensc-tool."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'world'))

import world  # noqa: E402

WORLD = None
JPKI = '00A4040C0AD392F000260100000001'
ASK_AUTH = '00200098'
VERIFY_AUTH = '00200098' '0431323334'
SIGN = '802A009733' '3031300D060960864801650304020105000420' + '5A' * 32 + '00'


def send(*apdus):
    """APDUs through pcscd to the resident's reader; (exit status, the answers' status words, everything printed)."""
    command = ['opensc-tool', '-c', 'default', '-r', '0']
    for apdu in apdus:
        command += ['-s', apdu]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    text = done.stdout.decode(errors='replace')
    words = re.findall(r'Received \(SW1=0x(..), SW2=0x(..)\)', text)
    return done.returncode, [a + b for a, b in words], text


def words(*apdus):
    return send(*apdus)[1]


class Accidents(unittest.TestCase):
    def setUp(self):
        WORLD.send('resident', 'clear-faults')
        WORLD.send('resident', 'remove')
        state = WORLD.at('cards', 'tanaka', 'state.ini')
        if os.path.exists(state):
            os.unlink(state)
        WORLD.insert('resident', 'tanaka')

    def fault(self, text):
        WORLD.send('resident', 'fault ' + text)

    def status(self):
        return dict(part.split('=') for part in WORLD.send('resident', 'status').split())

    def test_well(self):
        self.assertEqual(words(JPKI, ASK_AUTH, VERIFY_AUTH, SIGN), ['9000', '63C3', '9000', '9000'])

    def test_status_word(self):
        self.fault('sw 6F00 ins 20 at 1')
        self.assertEqual(words(JPKI, ASK_AUTH, ASK_AUTH), ['9000', '6F00', '63C3'])
        self.assertEqual(self.status()['faults'], '0')

    def test_pulled_out_before_the_signature(self):
        self.fault('remove ins 2A at 1')
        code, answers, text = send(JPKI, VERIFY_AUTH, SIGN)
        self.assertEqual(answers, ['9000', '9000'], text)
        self.assertNotEqual(code, 0)
        self.assertEqual(self.status()['card'], '-')
        world.wait_until(lambda: 'not present' in send(JPKI)[2], 'the empty reader')

    def test_pulled_out_after_a_wrong_pin(self):
        """The try is lost although the answer never came."""
        self.fault('remove-after ins 20 at 1')
        self.assertEqual(words(JPKI, '00200098' '0430303030'), ['9000'])
        WORLD.insert('resident', 'tanaka')
        self.assertEqual(words(JPKI, ASK_AUTH), ['9000', '63C2'])

    def test_pulled_out_before_the_pin_arrives(self):
        self.fault('remove ins 20 at 1')
        self.assertEqual(words(JPKI, '00200098' '0430303030'), ['9000'])
        WORLD.insert('resident', 'tanaka')
        self.assertEqual(words(JPKI, ASK_AUTH), ['9000', '63C3'])

    def test_killed_program_keeps_the_tries(self):
        self.assertEqual(words(JPKI, '00200098' '0430303030'), ['9000', '63C2'])
        WORLD.stop('vcard-resident', signal.SIGKILL)
        WORLD.start_vcards(['resident'])
        WORLD.insert('resident', 'tanaka')
        self.assertEqual(words(JPKI, ASK_AUTH), ['9000', '63C2'])

    def test_reset_forgets_the_pin(self):
        self.fault('reset ins 2A at 1')
        self.assertEqual(words(JPKI, VERIFY_AUTH, SIGN)[:2], ['9000', '9000'])
        self.assertNotIn('faults=1', WORLD.send('resident', 'status'))
        self.assertEqual(WORLD.send('resident', 'log')[-1].split()[-2], '6A82')

    def test_delay(self):
        WORLD.send('resident', 'clear-log')
        self.assertEqual(WORLD.send('resident', 'busy'), '0')
        self.fault('delay 700 ins A4 at 1')
        started = time.monotonic()
        self.assertEqual(words(JPKI), ['9000'])
        self.assertGreater(time.monotonic() - started, 0.7)
        self.assertGreaterEqual(int(WORLD.send('resident', 'busy')), 700_000)

    def test_mute_until_pulled_out(self):
        self.fault('mute ins A4 at 1')
        def pull_out():
            world.wait_until(lambda: self.status()['faults'] == '0', 'the mute answer')
            WORLD.send('resident', 'remove')

        hand = threading.Thread(target=pull_out)
        hand.start()
        code, answers, _ = send(JPKI)
        hand.join()
        self.assertEqual(answers, [])
        self.assertNotEqual(code, 0)

    def test_spoiled_answers(self):
        good = send(JPKI, '00B0860010')[2]
        self.assertIn('JPKIAPICCTOKEN2', good)
        for fault in ('garbage', 'short'):
            self.fault(fault + ' ins B0 at 1')
            self.assertNotIn('JPKIAPICCTOKEN2', send(JPKI, '00B0860010')[2], fault)
        self.fault('long ins B0 at 1')
        self.assertGreater(send(JPKI, '00B0860010')[2].count(' 00'), 280)
        self.assertIn('JPKIAPICCTOKEN2', send(JPKI, '00B0860010')[2])

    def test_swap(self):
        self.assertIn('3b:e0:00', self.atr())
        WORLD.insert('resident', 'sato')
        self.assertIn('3b:da:13', self.atr())
        self.assertEqual(self.status()['card'], 'sato')

    def test_a_swap_that_the_service_slept_through(self):
        """However long pcscd did not look: it is told that the first card went, and powers the second."""
        pcscd = WORLD.processes['pcscd']
        pcscd.send_signal(signal.SIGSTOP)
        try:
            WORLD.send('resident', 'remove')
            time.sleep(4)
        finally:
            WORLD.send('resident', 'insert ' + WORLD.at('cards', 'sato'))
            pcscd.send_signal(signal.SIGCONT)
        world.wait_until(lambda: self.status()['taken'] == 'yes', 'the second card is powered')
        world.wait_until(lambda: '3b:da:13' in self.atr(), 'pcscd tells of the second card')

    def atr(self):
        return subprocess.run(['opensc-tool', '-r', '0', '-a'], stdout=subprocess.PIPE).stdout.decode()

    def test_removed(self):
        WORLD.remove_card('resident')
        world.wait_until(lambda: 'not present' in send(JPKI)[2], 'the empty reader')

    def test_log_never_holds_a_pin(self):
        WORLD.send('resident', 'clear-log')
        words(JPKI, VERIFY_AUTH, SIGN)
        log = WORLD.send('resident', 'log')
        self.assertEqual([line.split()[2] for line in log], ['A4', '20', '2A'])
        self.assertNotIn('31323334', '\n'.join(log))
        self.assertNotIn('1234', '\n'.join(log))
        self.assertEqual(WORLD.send('resident', 'count'), '3')


class Commands(unittest.TestCase):
    def refused(self, command, *reasons):
        with self.assertRaises(world.Failure) as caught:
            WORLD.send('resident', command)
        for reason in reasons:
            self.assertIn(reason, str(caught.exception))

    def test_refusals(self):
        self.refused('insert /nonexistent', '/nonexistent is not a card')
        self.refused('insert', 'needs an argument')
        self.refused('remove now', 'takes no argument')
        self.refused('fault explode at 1', 'KIND [VALUE]')
        self.refused('dance', 'not a command')
        self.refused('', 'not a command')

    def test_send(self):
        program = WORLD.program('tests', 'vcard', 'vcard')
        path = WORLD.facts['readers']['resident']['control']
        for words_, code in ((['status'], 0), (['insert', '/nonexistent'], 1)):
            done = subprocess.run([program, '--send', path, *words_], stdout=subprocess.PIPE)
            self.assertEqual(done.returncode, code, done.stdout)
        self.assertEqual(subprocess.run([program, '--send', path + '.none', 'status'],
                                        stderr=subprocess.PIPE).returncode, 2)

    def test_every_card_of_the_world_can_be_played(self):
        for name in sorted(os.listdir(WORLD.at('cards'))):
            WORLD.send('resident', 'insert ' + WORLD.at('cards', name))
        WORLD.send('resident', 'remove')


def main():
    global WORLD
    with world.World() as WORLD:
        WORLD.start_cards()
        return not unittest.main(exit=False, argv=sys.argv[:1]).result.wasSuccessful()


world.main_guard(main)
