#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The example of src/card does what it says, with a real pcscd: usage test-example.py EXAMPLE."""

import os
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'world'))

import world  # noqa: E402

WORLD = None
EXAMPLE = sys.argv.pop()


def run(reader, pin):
    done = subprocess.run([EXAMPLE, reader], input=pin + '\n', stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=60)
    return done.returncode, done.stdout, done.stderr


class Example(unittest.TestCase):
    def setUp(self):
        self.reader = WORLD.facts['readers']['resident']['name']

    def test_reads_the_four_attributes(self):
        for name in ('tanaka', 'longname', 'ivs'):
            WORLD.insert('resident', name)
            facts = WORLD.facts['people'][name]
            code, out, err = run(self.reader, facts['pins']['text'])
            self.assertEqual((code, err), (0, ''))
            self.assertEqual(out.split('\n'), [facts['name'], facts['address'], facts['birth'].replace('-', ''),
                                               facts['sex'], ''])

    def test_says_what_is_wrong(self):
        WORLD.insert('resident', 'textlocked')
        code, out, err = run(self.reader, '2345')
        self.assertEqual((code, out), (1, ''))
        self.assertIn('locked', err)
        self.assertEqual(run(self.reader, '12')[0], 1)
        self.assertEqual(run('No such reader', '2345')[0], 1)

    def test_notices_what_was_changed(self):
        WORLD.insert('resident', 'tampered')
        self.assertEqual(run(self.reader, '2345')[0], 3)


def main():
    global WORLD
    with world.World() as WORLD:
        WORLD.start_cards()
        return not unittest.main(exit=False, argv=sys.argv[:1]).result.wasSuccessful()


world.main_guard(main)
