#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""madoguchictl forms export, import, copy: definitions arrive as they were, or not at all. Usage: bundle.py PROGRAM."""

import filecmp
import hashlib
import json
import os
import resource
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

SOURCE = os.environ['MADOGUCHI_SOURCE']
FORMS = os.path.join(SOURCE, 'data', 'forms')
SAMPLE = os.path.join(SOURCE, 'tests', 'forms', 'sample')
PROGRAM = sys.argv.pop(1)
NAMES = ['fields.json', 'sets.json', 'guide.json']


def forms(*words, limit=None):
    """limit: of the size of files that it writes."""
    def hold():
        if limit:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    result = subprocess.run([PROGRAM, 'forms', *words], capture_output=True, text=True, timeout=120,
                            env={**os.environ, 'LANGUAGE': 'en'}, preexec_fn=hold)
    return result.returncode, result.stdout, result.stderr


def files_of(folder):
    procedures = sorted(os.path.join('procedures', name) for name in os.listdir(os.path.join(folder, 'procedures')))
    return [name for name in NAMES if os.path.exists(os.path.join(folder, name))] + procedures


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


class Bundle(unittest.TestCase):
    limit = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='madoguchi-bundle-')
        self.addCleanup(shutil.rmtree, self.folder)
        self.here = os.path.join(self.folder, 'here')
        self.there = os.path.join(self.folder, 'there')
        shutil.copytree(SAMPLE, self.here)

    def export(self, folder, *name):
        code, said, error = forms('--forms', folder, 'export', *name)
        self.assertEqual(code, 0, error)
        return json.loads(said)

    def bring(self, bundle, folder):
        path = os.path.join(self.folder, 'bundle.json')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(bundle if isinstance(bundle, str) else json.dumps(bundle, ensure_ascii=False))
        return forms('--forms', folder, 'import', path, limit=self.limit)

    def refused(self, bundle, folder, words):
        """With these words, and nothing is there that was not before."""
        before = sorted(os.listdir(self.folder) + (files_of(folder) if os.path.isdir(folder) else []))
        code, _, said = self.bring(bundle, folder)
        self.assertNotEqual(code, 0, words)
        self.assertIn(words, said)
        after = sorted(os.listdir(self.folder) + (files_of(folder) if os.path.isdir(folder) else []))
        self.assertEqual(after, sorted(set(before) | {'bundle.json'}))

    def assert_same(self, one, other):
        self.assertEqual(files_of(one), files_of(other))
        _, wrong, errors = filecmp.cmpfiles(one, other, files_of(one), shallow=False)
        self.assertEqual((wrong, errors), ([], []))

    def test_all_there_and_back(self):
        for folder in (FORMS, self.here):
            there = os.path.join(self.folder, 'from-' + os.path.basename(folder))
            code, _, said = self.bring(self.export(folder), there)
            self.assertEqual(code, 0, said)
            self.assert_same(folder, there)
            self.assertEqual(self.export(there), self.export(folder))

    def test_one_there_and_back(self):
        bundle = self.export(self.here, 'common.sample@2')
        self.assertEqual([file['name'] for file in bundle['files']], ['procedures/common.sample@2.json'])
        shutil.copytree(self.here, self.there)
        os.unlink(os.path.join(self.there, 'procedures', 'common.sample@2.json'))
        code, _, said = self.bring(bundle, self.there)
        self.assertEqual(code, 0, said)
        self.assert_same(self.here, self.there)
        self.assertEqual([file['name'] for file in self.export(self.here, 'common.sample')['files']],
                         ['procedures/common.sample.json', 'procedures/common.sample@2.json'])
        code, _, said = forms('--forms', self.here, 'export', 'common.simple')
        self.assertEqual(code, 5)
        self.assertIn('common.simple', said)

    def test_damaged_on_the_way(self):
        for change, words in ((lambda b: b['files'][0].update(text=b['files'][0]['text'].replace('Sample', 'Simple', 1) + ' '), 'not as it was exported'),
                              (lambda b: b['files'].pop(), 'missing or was added'),
                              (lambda b: b['files'].reverse(), 'missing or was added'),
                              (lambda b: b['fields'].update({'x.more': digest('x')}), 'missing or was added'),
                              (lambda b: b.update(schema='madoguchi-form-export/2'), 'madoguchi-form-export/1'),
                              (lambda b: b.update(sets=[]), 'sets'),
                              (lambda b: b['files'][0].update(size=1), 'size'),
                              (lambda b: b['fields'].update({'p.name': 1}), 'p.name')):
            bundle = self.export(self.here)
            change(bundle)
            self.refused(bundle, self.there, words)
        text = json.dumps(self.export(self.here))
        self.refused(text[:len(text) // 2], self.there, 'JSON')
        self.refused('', self.there, 'empty')

    def test_only_places_of_definitions(self):
        """However well its digests fit."""
        for name in ('../procedures/common.x.json', '/etc/passwd', 'procedures/../fields.json', 'procedures/common.x.json\n', 'procedures/x.sh', ''):
            bundle = self.export(self.here, 'common.sample@1')
            bundle['files'][0]['name'] = name
            lines = [f'{file["name"]} {file["sha256"]}\n' for file in bundle['files']]
            lines += [f'{kind} {key} {value}\n' for kind in ('fields', 'sets') for key, value in bundle[kind].items()]
            bundle['sha256'] = digest(''.join(lines))
            shutil.copytree(self.here, self.there)
            self.refused(bundle, self.there, 'files[0]')
            shutil.rmtree(self.there)

    def test_does_not_fit_here(self):
        bundle = self.export(self.here, 'common.sample@2')
        self.refused(bundle, self.there, self.there)
        self.refused(bundle, self.here, 'there already')
        self.refused(self.export(self.here), self.here, 'there already')
        for name, text, other, words in (('fields.json', 'Day they met', 'Day of the meeting', '"t.met"'), ('sets.json', '"The person and the age"', '"All of it"', '"whole"')):
            shutil.copytree(self.here, self.there)
            os.unlink(os.path.join(self.there, 'procedures', 'common.sample@2.json'))
            path = os.path.join(self.there, name)
            with open(path, encoding='utf-8') as file:
                was = file.read()
            self.assertIn(text, was)
            with open(path, 'w', encoding='utf-8') as file:
                file.write(was.replace(text, other))
            self.refused(bundle, self.there, words)
            shutil.rmtree(self.there)

    def test_as_lint_wants_it(self):
        """What lint refuses does not come in, though a form of before that is there already may stay as it is."""
        other = os.path.join(self.folder, 'other')
        shutil.copytree(self.here, other)
        path = os.path.join(other, 'procedures', 'common.sample.json')
        with open(path, encoding='utf-8') as file:
            text = file.read()
        self.assertIn(', "class": "', text)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(re.sub(r', "class": "[a-z0-9-]+"', '', text))
        code, said, _ = forms('lint', other)
        self.assertEqual(code, 1)
        self.assertIn('.class', said)
        self.refused(self.export(other), self.there, '.class')
        later = self.export(self.here, 'common.sample@2')
        os.unlink(os.path.join(other, 'procedures', 'common.sample@2.json'))
        code, _, said = self.bring(later, other)
        self.assertEqual(code, 0, said)

    def test_all_or_none(self):
        """One that cannot be written, as on a full disk: none of them is there, and nothing is left of the others. What lay beside
        them is nobody's to write to or to remove."""
        with open(os.path.join(self.here, 'procedures', 'common.sample@2.json'), 'a', encoding='utf-8') as file:
            file.write(' ' * 5000)
        bundle = self.export(self.here, 'common.sample')
        self.assertEqual(len(bundle['files']), 2)
        shutil.copytree(self.here, self.there)
        procedures = os.path.join(self.there, 'procedures')
        for name in os.listdir(procedures):
            if name.startswith('common.sample'):
                os.unlink(os.path.join(procedures, name))
        own = os.path.join(procedures, 'common.sample@2.json.part')
        with open(own, 'w', encoding='utf-8') as file:
            file.write('of the administrator')
        sizes = sorted(len(file['text'].encode()) for file in bundle['files'])
        self.limit = sizes[0] + 100
        self.assertLess(self.limit, sizes[1])
        self.refused(bundle, self.there, 'common.sample@2.json')
        self.assertEqual(os.listdir(procedures), ['common.sample@2.json.part'])
        self.limit = None
        code, _, said = self.bring(bundle, self.there)
        self.assertEqual(code, 0, said)
        self.assertEqual(sorted(os.listdir(procedures)), ['common.sample.json', 'common.sample@2.json', 'common.sample@2.json.part'])
        with open(own, encoding='utf-8') as file:
            self.assertEqual(file.read(), 'of the administrator')

    def test_folder_would_be_wrong(self):
        """A version whose days another has already."""
        other = os.path.join(self.folder, 'other')
        shutil.copytree(self.here, other)
        path = os.path.join(other, 'procedures', 'common.sample@2.json')
        with open(path, encoding='utf-8') as file:
            text = file.read()
        os.unlink(path)
        with open(path.replace('@2', '@3'), 'w', encoding='utf-8') as file:
            file.write(text.replace('"version": 2', '"version": 3'))
        self.refused(self.export(other, 'common.sample@3'), self.here, 'effective')

    def test_copy_and_remove(self):
        code, _, said = forms('--forms', self.here, 'copy', 'common.sample', 'common.sample_two')
        self.assertEqual(code, 0, said)
        _, said, _ = forms('lint', self.here)
        self.assertEqual(said.splitlines()[-1].split(',')[0], 'forms: 2 procedures')
        _, said, _ = forms('--json', '--forms', self.here, 'list')
        self.assertIn(('common.sample_two', 1), [(row['id'], row['version']) for row in json.loads(said)])
        for name, words in (('common.sample_two', 'there already'), ('sample', 'no name'), ('common.sample@3', 'no name')):
            code, _, said = forms('--forms', self.here, 'copy', 'common.sample', name)
            self.assertEqual(code, 5)
            self.assertIn(words, said)
        code, _, said = forms('copy', 'common.sample', 'common.sample_three')
        self.assertEqual(code, 2)
        for name in ('common.sample.json', 'common.sample@2.json'):
            os.unlink(os.path.join(self.here, 'procedures', name))
        code, said, _ = forms('lint', self.here)
        self.assertEqual(code, 1)
        self.assertIn('guide.json', said)


if __name__ == '__main__':
    unittest.main(verbosity=2)
