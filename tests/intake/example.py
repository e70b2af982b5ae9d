#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The worked example of README.md ("Forms"), as it stands there: its commands are run, its definition is what the editor
writes, and a counter takes an application of it in. Usage: example.py MADOGUCHICTL TEST-INTAKE-EXAMPLE."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = os.environ['MADOGUCHI_SOURCE']
PROGRAM, ENGINE = (os.path.abspath(word) for word in sys.argv[1:3])
INSTALLED, OFFICE = '/usr/share/madoguchi/forms', '/etc/madoguchi'
PROCEDURE = 'care.visit_contact'


def example():
    """The commands and the definition."""
    with open(os.path.join(SOURCE, 'README.md'), encoding='utf-8') as file:
        section = file.read().split('\n## Forms\n')[1].split('\n## ')[0]
    (commands,) = re.findall(r'```sh\n(.*?)```', section, re.S)
    (definition,) = re.findall(r'```json\n(.*?)```', section, re.S)
    return commands, definition


class Example(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='madoguchi-example-')
        self.addCleanup(shutil.rmtree, self.folder)
        self.office = os.path.join(self.folder, 'office')
        bin_folder = os.path.join(self.folder, 'bin')
        os.mkdir(self.office)
        os.mkdir(bin_folder)
        os.symlink(PROGRAM, os.path.join(bin_folder, 'madoguchictl'))
        self.commands, self.definition = example()
        with open(os.path.join(self.folder, 'definition'), 'w', encoding='utf-8') as file:
            file.write(self.definition)
        editor = os.path.join(bin_folder, 'editor')
        with open(editor, 'w', encoding='utf-8') as file:
            file.write(f'#!/bin/sh\ncp {self.folder}/definition "$1"\n')
        os.chmod(editor, 0o755)
        self.environment = {**os.environ, 'PATH': bin_folder + os.pathsep + os.environ['PATH'], 'LANGUAGE': 'en'}

    def run_commands(self):
        script = self.commands.replace(INSTALLED, os.path.join(SOURCE, 'data', 'forms')).replace(OFFICE, self.office)
        self.assertNotEqual(script, self.commands)
        return subprocess.run(['bash', '-e', '-o', 'pipefail', '-c', script], env=self.environment, capture_output=True, text=True, timeout=120)

    def test_as_written(self):
        done = self.run_commands()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r'(?m)^forms: 85 procedures, \d+ fields, 0 errors$')
        form = json.loads(self.definition)
        for words in (f'{PROCEDURE}@1', form['title']['en'], form['checks'][0]['id'], 'k.survey_contact'):
            self.assertIn(words, done.stdout)
        taken = subprocess.run([ENGINE], env={**os.environ, 'COUNTER_FORMS': os.path.join(self.office, 'forms')}, timeout=240)
        self.assertEqual(taken.returncode, 0)

    def test_mistake_is_named(self):
        """What the first comment promises: a mistake in it stops at lint, with file, line and remedy."""
        wrong = self.definition.replace('"k.survey_place"', '"k.survey_plaice"')
        self.assertNotEqual(wrong, self.definition)
        with open(os.path.join(self.folder, 'definition'), 'w', encoding='utf-8') as file:
            file.write(wrong)
        line = wrong[:wrong.index('k.survey_plaice')].count('\n') + 1
        done = self.run_commands()
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f'{PROCEDURE}.json:{line}:', done.stdout)
        self.assertRegex(done.stdout, r'(?m)^forms: 84 procedures, \d+ fields, 1 errors$')


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
