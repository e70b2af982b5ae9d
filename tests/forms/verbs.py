#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""madoguchictl forms: what it says of the office's definitions, of wrong ones, and of what changed. Usage: verbs.py PROGRAM."""

import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = os.environ['MADOGUCHI_SOURCE']
FORMS = os.path.join(SOURCE, 'data', 'forms')
SAMPLE = os.path.join(SOURCE, 'tests', 'forms', 'sample')
PROGRAM = sys.argv.pop(1)

# File of the sample, a text in it, what takes its place; the line that must be named is that of the text, unless said.
WRONG = [('procedures/common.sample.json', '{"setting": "psa"}]}', '400]}', 'checks[0].assert'),
         ('procedures/common.sample.json', '{"var": "p.birth"}, {"var": "t.met"}]}', '"2026-04-01", {"var": "t.met"}]}', 'checks[1].assert'),
         ('fields.json', '"type": "dec"', '"type": "fraction"', 'fields.t.psa.type'),
         ('fields.json', '"decimals": 2, ', '', 'fields.t.psa.decimals'),
         ('fields.json', '"decimals": 2', '"decimals": 9', 'fields.t.psa.decimals'),
         ('fields.json', '"partial": true', '"partial": 1', 'fields.t.met.partial'),
         ('fields.json', '"en": "Rail"}', '"en": "Rail"]', 'The file is not JSON'),
         ('procedures/common.sample.json', '"RT-DOC"', '"RT-DOG"', 'retention'),
         ('procedures/common.sample.json', '"checks": 2}', '"checks": 3}', 'approval.checks'),
         ('procedures/common.sample.json', '["checker", ', '["clerk", ', 'approval.roles'),
         ('procedures/common.sample.json', '"assurance": "none"', '"assurance": "some"', 'assurance'),
         ('procedures/common.sample.json', '"version": 1,', '"version": 1, "amends": "common.nothing",', 'amends'),
         ('procedures/common.sample.json', '"version": 1,', '"version": 1, "amends": "common.sample",', 'amends'),
         ('procedures/common.sample.json', '"institution"]', '"institute"]', 'may_file'),
         ('procedures/common.sample.json', '"to": "2026-12-31"', '"to": "2027-01-01"', None),
         ('procedures/common.sample.json', '"to": "2026-12-31"', '"to": "2026-03-31"', 'effective.to'),
         ('procedures/common.sample.json', '"to": "2026-12-31"', '"to": "31.12.2026"', 'effective.to'),
         ('procedures/common.sample.json', '"id": "result"', '"id": "person"', 'sections[1].id'),
         ('procedures/common.sample.json', '"id": "met"', '"id": "psa"', 'checks[1].id'),
         ('procedures/common.sample.json', '{"has": ["t.kinds", "rail"]}', '{"has": ["t.state", "open"]}', 'sections[1].fields[1].required'),
         ('procedures/common.sample.json', '{"has": ["t.kinds", "rail"]}', '{"length": ["t.kinds"]}', 'sections[1].fields[1].required'),
         ('procedures/common.sample.json', '"when": {"==": [{"var": "t.state"}, "done"]}', '"when": {"==": [{"var": "t.state"}, "ready"]}', 'checks[0].when'),
         ('procedures/common.sample.json', '"when": {"==": [{"var": "t.state"}, "done"]}', '"when": {"in": [{"var": "t.state"}, ["done", "ready"]]}', 'checks[0].when'),
         ('procedures/common.sample.json', '"when": {"==": [{"var": "t.state"}, "done"]}', '"when": {"==": [{"var": "t.psa"}, "4.00"]}', 'checks[0].when'),
         ('procedures/common.sample.json', '"when": {"==": [{"var": "t.state"}, "done"]}', '"when": {"==": [{"var": "p.mynum"}, "1"]}', 'checks[0].when'),
         ('procedures/common.sample.json', '"when": {"==": [{"var": "t.state"}, "done"]}', '"when": {"<": [{"ym": [{"fy": [{"today": []}]}, 1]}, {"today": []}]}', 'checks[0].when'),
         ('procedures/common.sample.json', '"when": {"==": [{"var": "t.state"}, "done"]}', '"when": {"and": [{"var": "t.psa"}]}', 'checks[0].when'),
         ('fields.json', '"kind": "oath"', '"kind": "promise"', 'fields.t.sworn.kind'),
         ('fields.json', '"kind": "oath", "source": ["typed"]', '"kind": "oath", "source": ["office"]', 'fields.t.sworn.source'),
         ('fields.json', '"type": "declaration", "kind": "oath", ', '"type": "declaration", ', 'fields.t.sworn.kind'),
         ('procedures/common.sample.json', ',\n          "declaration": {"ja": "収入はここに書いたとおりです。", "en": "My income is as written here."}', '', None),
         ('procedures/common.sample.json', '"declaration": {"ja": "収入はここに書いたとおりです。", ', '"declaration": {"ja": "", ', 'sections[3].fields[1].declaration.ja'),
         ('procedures/common.sample.json', '"declaration": {"ja": "収入はここに書いたとおりです。", ', '"declaration": {"ja": "収入は\\tここに書いたとおりです。", ', 'sections[3].fields[1].declaration.ja'),
         ('procedures/common.sample.json', '"declaration": {"ja": "収入はここに書いたとおりです。", ', '"declaration": {"ja": "%s", ' % ('収' * 2001), 'sections[3].fields[1].declaration.ja'),
         ('procedures/common.sample.json', '"en": "My income is as written here."', '"en": "My income.", "fr": "Mon revenu."', 'sections[3].fields[1].declaration.fr'),
         ('procedures/common.sample.json', '{"field": "t.kinds"}', '{"field": "t.kinds", "decline": true}', 'sections[1].fields[2].decline'),
         ('procedures/common.sample.json', '{"field": "t.kinds"}', '{"field": "t.kinds", "declaration": {"ja": "あ", "en": "a"}}', 'sections[1].fields[2].declaration'),
         ('procedures/common.sample.json', '{"field": "h.illness"}', '{"field": "t.sworn"}', 'sections[2].fields[0].columns[4].field'),
         ('procedures/common.sample.json', '"derive": {"age": [', '"derive": {"==": [', 'sections[0].fields[3].derive'),
         ('fields.json', '"type": "rows", "source": ["typed"]', '"type": "rows", "source": ["office"]', 'fields.h.members.source'),
         ('procedures/common.sample.json', '"max": 3', '"max": 31', 'sections[2].fields[0].max'),
         ('procedures/common.sample.json', '"max": 3', '"min": 4, "max": 3', 'sections[2].fields[0].min'),
         ('procedures/common.sample.json', '{"field": "h.illness"}', '{"field": "t.kinds"}', 'sections[2].fields[0].columns[4]'),
         ('procedures/common.sample.json', '{"field": "h.illness"}', '{"field": "h.points"}', 'sections[2].fields[0].columns[4]'),
         ('procedures/common.sample.json', '{"field": "h.illness"}', '{"field": "t.total"}', 'sections[2].fields[0].columns[4].field'),
         ('procedures/common.sample.json', '"field": "h.members",', '"field": "h.members", "default": "x",', 'sections[2].fields[0].default'),
         ('procedures/common.sample.json', '{"field": "t.kinds"}', '{"field": "t.kinds", "columns": []}', 'sections[1].fields[2].columns'),
         ('procedures/common.sample.json', '"required": {"has": ["t.kinds", "rail"]}', '"required": {"filled": "h.name"}', 'sections[1].fields[1].required'),
         ('procedures/common.sample.json', '{"sum": ["h.members", {"var": "h.points"}]}', '{"sum": ["h.member", {"var": "h.points"}]}', 'sections[2].fields[1].derive'),
         ('procedures/common.sample.json', '{"sum": ["h.members", {"var": "h.points"}]}', '{"sum": ["t.kinds", {"var": "h.points"}]}', 'sections[2].fields[1].derive'),
         ('procedures/common.sample.json', '{"sum": ["h.members", {"var": "h.points"}]}', '{"sum": ["h.members", {"count": ["h.members"]}]}', 'sections[2].fields[1].derive'),
         ('procedures/common.sample.json', '{"sum": ["h.members", {"var": "h.points"}]}', '{"var": "h.members"}', 'sections[2].fields[1].derive'),
         ('procedures/common.sample.json', '{"filled": "h.illness"}]},\n      "assert"', '{"filled": "h.illness"}, true]},\n      "assert"', None),
         ('procedures/common.sample.json', '"rows": "h.members",', '', None),
         ('procedures/common.sample.json', '"rows": "h.members"', '"rows": "t.kinds"', 'checks[4].rows'),
         ('sets.json', '"madoguchi-sets/1"', '"madoguchi-sets/2"', 'schema'),
         ('sets.json', '"person": {', '"Person": {', 'sets.Person'),
         ('sets.json', '"field": "t.reached"', '"field": "t.reachd"', 'sets.whole.fields[1].field'),
         ('sets.json', '{"use": "person"}', '{"use": "persons"}', 'sets.whole.fields[0].use'),
         ('sets.json', '{"use": "person"}', '{"use": "person"}, {"use": "person"}', 'sets.whole.fields[1]'),
         ('sets.json', '{"field": "p.mynum"}', '{"use": "whole"}', 'sets.person.fields[1].use'),
         ('sets.json', '{"field": "p.mynum"}', '{"use": "person"}', 'sets.person.fields[1].use'),
         ('sets.json', '{"field": "p.mynum"}', '{"field": "p.name"}', 'sets.person.fields[1]'),
         ('sets.json', '{"field": "p.mynum"}', '{"feld": "p.mynum"}', 'sets.person.fields[1].field'),
         *[('procedures/common.sample@2.json', '{"use": "whole"}', '{"use": ' + other, 'sections[0].fields[%s' % path)
           for other, path in (('"hole"}', '0].use'), ('1}', '0].use'), ('"whole", "with": 1}', '0].with'),
                               ('"whole", "without": ["t.met"]}', '0].without'),
                               ('"whole", "without": ["p.name", "p.mynum", "p.birth", "t.reached"]}', '0].without'),
                               ('"whole", "change": {"t.met": {"required": true}}}', '0].change.t.met'),
                               ('"whole", "without": ["p.mynum"], "change": {"p.mynum": {"required": true}}}', '0].change.p.mynum'),
                               ('"whole", "change": {"p.name": {"visible": null}}}', '0].change.p.name.visible'),
                               ('"whole", "change": {"p.name": {"field": "t.met"}}}', '0].change.p.name.field'),
                               ('"whole", "change": {"p.name": {"required": {"filled": "t.none"}}}}', '0].required'),
                               ('"whole"}, {"field": "p.name"}', '1]'), ('"whole"}, {"use": "person"}', '1]'))],
         ('procedures/common.sample@2.json', '"system": []', '"system": [{"use": "person"}]', 'system[0]'),
         ('procedures/common.sample@2.json', '"system": []', '"system": [{"field": "p.name"}]', 'system[0].use'),
         ('procedures/common.sample@2.json', '"system": []', '"system": [1]', 'system[0]'),
         ('procedures/common.sample.json', '{"fy": [{"today": []}]}', '{"fy": [2026]}', 'sections[0].fields[3].derive'),
         ('procedures/common.sample.json', '"assert": {"<=": [{"var": "p.birth"}, {"var": "t.met"}]},', '', 'checks[1].assert'),
         ('guide.json', 'madoguchi-guide/1', 'madoguchi-guide/2', 'schema'),
         ('guide.json', '"common.sample"', '"common.simple"', 'events[0].steps[1].procedure'),
         ('guide.json', '"procedure": "common.sample"', '"procedure": "common.sample", "place": {"ja": "区", "en": "Ward"}', 'events[0].steps[1].procedure'),
         ('guide.json', '"id": "advice"', '"id": "Advice 1"', 'events[0].steps[0].id'),
         ('guide.json', '{\n          "id": "advice",', '{', 'events[0].steps[0]'),
         ('guide.json', '"procedure": "common.sample"',
          '"id": "advice", "what": {"ja": "届", "en": "Notice"}, "place": {"ja": "区", "en": "Ward"}', 'events[0].steps[1].id'),
         ('guide.json', '"procedure": "common.sample"', '"procedure": "common.sample", "id": "sample"', 'events[0].steps[1].procedure'),
         ('guide.json', '{"var": "kind"}', '{"var": "sort"}', 'events[0].steps[1].when'),
         ('guide.json', '{"var": "kind"}, "rail"', '{"var": "kind"}, "ladder"', 'events[0].steps[1].when'),
         ('guide.json', '{"var": "urgent"}, true', '{"var": "urgent"}, "yes"', 'events[0].steps[0].when'),
         ('guide.json', '{"==": [{"var": "urgent"}, true]}', '{"count": ["h.members"]}', 'events[0].steps[0].when'),
         ('guide.json', '["kind", "urgent"]', '["kind", "urgent", "kind"]', 'events[0].ask'),
         ('guide.json', '["kind", "urgent"]', '["kind", "urgent", "day"]', 'events[0].ask'),
         ('guide.json', '"options": [{"code": "rail"', '"options": [{"code": "step"', 'questions.kind.options[1].code')]


def forms(*words, **environment):
    """(exit status, what it printed, what it said on standard error)."""
    result = subprocess.run([PROGRAM, 'forms', *words], capture_output=True, text=True, timeout=60, env={**os.environ, **environment})
    return result.returncode, result.stdout, result.stderr


class Verbs(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='madoguchi-forms-')
        self.addCleanup(shutil.rmtree, self.folder)
        self.copy = os.path.join(self.folder, 'copy')
        shutil.copytree(SAMPLE, self.copy)

    def change(self, name, text, other):
        """The line at which TEXT stood."""
        path = os.path.join(self.copy, name)
        with open(path, encoding='utf-8') as file:
            whole = file.read()
        self.assertIn(text, whole)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(whole.replace(text, other, 1))
        return whole[:whole.index(text)].count('\n') + 1

    def test_office(self):
        """The whole catalogue of the office: nothing is wrong, and every file is counted."""
        code, said, _ = forms('lint', FORMS, LANGUAGE='en')
        print(said, end='')
        lines = said.splitlines()
        self.assertEqual(code, 0, said)
        self.assertRegex(lines[-1], r'^forms: 84 procedures, \d+ fields, 0 errors$')
        ids = {os.path.basename(name).removesuffix('.json').split('@')[0] for name in glob.glob(os.path.join(FORMS, 'procedures', '*.json'))}
        self.assertEqual(lines[:-1], ['common.delegation_change is counted as part of common.delegation, whose registrations it changes.'])
        self.assertEqual(len(ids), 85)

    def test_wrong(self):
        for name, text, other, path in WRONG:
            with self.subTest(name=name, other=other):
                shutil.rmtree(self.copy)
                shutil.copytree(SAMPLE, self.copy)
                line = self.change(name, text, other)
                code, said, _ = forms('lint', self.copy)
                self.assertEqual(code, 1, said)
                self.assertTrue(said.endswith(' 1 errors\n'), said)
                if path is not None:
                    place = re.match(r'(\S+):(\d+): ', said)
                    self.assertEqual(place[1], name)
                    # What is missing is told at what it is missing from.
                    self.assertIn(line - int(place[2]), range(4) if path.endswith('.assert') else [0], said)
                    self.assertIn(path, said)
                self.assertGreater(len(said.splitlines()[0]), len(name) + 30, 'a remedy')

    def test_every_file_is_told(self):
        self.change('procedures/common.sample.json', '"V2"', '"V9"')
        self.change('procedures/common.sample@2.json', '"domain": "common"', '"domain": "tax"')
        code, said, _ = forms('lint', self.copy)
        self.assertEqual((code, len(said.splitlines())), (1, 3))
        self.assertIn('procedures/common.sample.json:13: profile', said)
        self.assertIn('procedures/common.sample@2.json:9: domain', said)
        self.assertEqual(said.splitlines()[-1], 'forms: 0 procedures, 0 fields, 2 errors')

    def test_inquiries_of_the_office_alone(self):
        """Pension and juki have no link to the network: what only another office knows stands for no paper of theirs."""
        name, paper = 'procedures/common.sample.json', '"class": "basic-4"}'
        for domain in ('pension', 'juki'):
            for inquiry, code in (('insurance', 1), ('care', 1), ('disability', 1), ('tax', 0), ('register', 0), ('welfare', 0)):
                shutil.rmtree(self.copy)
                shutil.copytree(SAMPLE, self.copy)
                self.change(name, '"domain": "common"', f'"domain": "{domain}"')
                self.change(name, paper, paper[:-1] + f', "waived_by": ["{inquiry}"]}}')
                result, said, _ = forms('lint', self.copy)
                self.assertEqual(result, code, said)
                self.assertEqual('attachments[0].waived_by' in said, bool(code), said)

    def test_line_where_text_repeats(self):
        """The line is the one of the path, not of the first text like it."""
        line = self.change('procedures/common.sample.json', '{"field": "t.psa", "required"', '{"field": "t.psa", "requird"')
        _, said, _ = forms('lint', self.copy)
        self.assertIn('procedures/common.sample.json:%d: sections[1].fields[1].requird' % line, said)

    def test_versions_and_amendments_are_not_counted(self):
        self.assertEqual(json.loads(forms('--json', 'lint', self.copy)[1])['procedures'], 1)
        path = os.path.join(self.copy, 'procedures', 'common.sample.json')
        with open(path, encoding='utf-8') as file:
            other = json.load(file)
        with open(os.path.join(self.copy, 'procedures', 'common.other.json'), 'w', encoding='utf-8') as file:
            json.dump({**other, 'id': 'common.other'}, file)
        self.assertEqual(json.loads(forms('--json', 'lint', self.copy)[1])['procedures'], 2)
        with open(os.path.join(self.copy, 'procedures', 'common.other.json'), 'w', encoding='utf-8') as file:
            json.dump({**other, 'id': 'common.other', 'amends': 'common.sample'}, file)
        self.assertEqual(json.loads(forms('--json', 'lint', self.copy)[1])['procedures'], 1)
        self.assertIn('Changes what was registered by: common.sample\n', forms('--forms', self.copy, 'show', 'common.other', LANGUAGE='en')[1])

    def test_no_folder(self):
        code, said, _ = forms('lint', os.path.join(self.folder, 'nothing'))
        self.assertEqual(code, 1)
        self.assertIn('cannot be read', said)
        code, _, said = forms('--forms', os.path.join(self.folder, 'nothing'), 'list')
        self.assertEqual(code, 5)
        self.assertIn('cannot be read', said)

    def test_guide(self):
        code, said, _ = forms('--forms', self.copy, 'guide', LANGUAGE='en')
        self.assertEqual((code, said.splitlines()[1].split()), (0, ['fall', 'A', 'fall']))
        code, said, _ = forms('--json', '--forms', self.copy, 'guide', 'fall', 'urgent=true')
        self.assertEqual(code, 0)
        self.assertEqual([(row['procedure'], row['certain']) for row in json.loads(said)], [('common.sample', False), ('', True)])
        code, said, _ = forms('--forms', self.copy, 'guide', 'fall', 'kind=rail', LANGUAGE='ja', LC_ALL='C.UTF-8')
        self.assertEqual(code, 0)
        for words in ('転倒', '手すりを付けるため', '14日以内', '見積書', '? 相談'):
            self.assertIn(words, said)

    def test_guide_refuses(self):
        for words, wanted in ((('rise',), 5), (('fall', 'kind=ladder'), 2), (('fall', 'kind'), 2), (('fall', 'sort=rail'), 2), (('fall', ''), 0)):
            code, _, said = forms('--forms', self.copy, 'guide', *words)
            self.assertEqual(code, wanted, (words, said))
            self.assertTrue(said or wanted == 0)

    def test_list(self):
        code, said, _ = forms('--forms', self.copy, 'list', LANGUAGE='en')
        self.assertEqual(code, 0)
        self.assertEqual([line.split()[:3] for line in said.splitlines()[1:]],
                         [['common.sample', '1', '2026-04-01'], ['common.sample', '2', '2027-01-01']])
        code, said, _ = forms('--json', '--forms', FORMS, 'list', 'lem')
        rows = json.loads(said)
        self.assertEqual(code, 0)
        self.assertTrue(rows and all(row['office'] == 'lem' for row in rows))
        code, _, said = forms('--forms', FORMS, 'list', 'tax')
        self.assertEqual(code, 5)
        self.assertIn('pension', said)
        shutil.rmtree(os.path.join(self.copy, 'procedures'))
        os.mkdir(os.path.join(self.copy, 'procedures'))
        os.unlink(os.path.join(self.copy, 'guide.json'))
        code, _, said = forms('--forms', self.copy, 'list', LANGUAGE='en')
        self.assertEqual((code, said), (5, f'There is no procedure in {self.copy}. Name the folder of the definitions with --forms.\n'))

    def test_show(self):
        code, said, _ = forms('--forms', self.copy, 'show', 'common.sample@1', LANGUAGE='en')
        self.assertEqual(code, 0)
        for text in ('common.sample@1\n', 'Name of the procedure: Sample', 'In force: 2026-04-01 – 2026-12-31', 'Recommended approval: 2 different officers: checker, supervisor',
                     'Setting psa: 400 (source: CK: 4.00)', 'Field t.psa (Reading): required when has(t.kinds, rail)', 'the day may be unknown',
                     'Check psa at t.psa: warns; when (t.state == done); unless (t.psa <= psa)', 'Paper reply: Result form; required'):
            self.assertIn(text, said)
        self.assertIn('common.sample@2\n', forms('--forms', self.copy, 'show', 'common.sample')[1])
        for name in ('common.sample@3', 'common.nothing'):
            code, _, said = forms('--forms', self.copy, 'show', name)
            self.assertEqual(code, 5)
            self.assertIn(name, said)

    def test_sets(self):
        """A set becomes plain fields; what one procedure leaves out or has otherwise is so there alone, and a changed set changes
        each procedure that uses it."""
        def facts(name):
            return {fact['key']: fact for fact in json.loads(forms('--json', '--forms', self.copy, 'show', name, LANGUAGE='en')[1])}
        plain, used = facts('common.sample@1'), facts('common.sample@2')
        for field, name in (('p.name', 'person'), ('p.mynum', 'person'), ('p.birth', 'person'), ('t.reached', 'whole')):
            self.assertEqual((plain['field.' + field]['set'], used['field.' + field]['set']), ('', name))
            self.assertEqual(plain['field.' + field]['text'], used['field.' + field]['text'])
        self.assertIn('Field p.name (Name): required; text; class basic-4; at most 100 characters (from the set person)\n',
                      forms('--forms', self.copy, 'show', 'common.sample@2', LANGUAGE='en')[1])
        self.change('procedures/common.sample@2.json', '{"use": "whole"}', '{"use": "whole", "without": ["p.mynum"], "change": '
                    '{"p.name": {"required": null}, "p.birth": {"required": {"filled": "p.name"}}}}')
        changed = facts('common.sample@2')
        self.assertNotIn('field.p.mynum', changed)
        self.assertTrue(changed['field.p.name']['text'].startswith('text; '))
        self.assertTrue(changed['field.p.birth']['text'].startswith('required when filled(p.name); date; '))
        self.assertEqual(changed['field.p.name']['set'], 'person')
        shutil.rmtree(self.copy)
        shutil.copytree(SAMPLE, self.copy)
        self.change('sets.json', '{"field": "p.mynum"}', '{"field": "p.mynum", "required": true}')
        self.assertEqual(forms('diff', SAMPLE, self.copy, LANGUAGE='en')[1].splitlines(),
                         ['common.sample: Field p.mynum (My Number): changed from: mynum; class my-number; to: required; mynum; class my-number'])

    def test_sets_are_bounded(self):
        path = os.path.join(self.copy, 'sets.json')
        with open(path, encoding='utf-8') as file:
            whole = json.load(file)

        def lint(sets):
            with open(path, 'w', encoding='utf-8') as file:
                json.dump({**whole, 'sets': {**whole['sets'], **sets}}, file)
            return forms('lint', self.copy)[:2]
        def nested(n):
            return {'a%s' % ('_%d' % i): {'title': {'ja': 'あ', 'en': 'a'}, 'fields': [{'use': 'a_%d' % (i + 1)} if i < n else {'field': 'p.name'}]}
                    for i in range(1, n + 1)}
        self.assertEqual(lint(nested(4))[0], 0)
        self.assertIn('deep at most', lint(nested(5))[1])
        self.assertIn('There are 100 sets at most', lint(nested(1) | {'b_%d' % i: nested(1)['a_1'] for i in range(98)})[1])
        with open(os.path.join(self.copy, 'fields.json'), encoding='utf-8') as file:
            fields = json.load(file)
        fields['fields'].update({'x.n%d' % i: fields['fields']['p.name'] for i in range(41)})
        with open(os.path.join(self.copy, 'fields.json'), 'w', encoding='utf-8') as file:
            json.dump(fields, file)
        some = {'title': {'ja': 'あ', 'en': 'a'}, 'fields': [{'field': 'x.n%d' % i} for i in range(41)]}
        self.assertIn('sets.many.fields: A set has 1 to 40 fields', lint({'many': some})[1])

    def test_diff(self):
        code, said, _ = forms('--forms', self.copy, 'diff', 'common.sample@1', 'common.sample@2', LANGUAGE='en')
        self.assertEqual(code, 0)
        for text in ('In force: changed from: 2026-04-01 – 2026-12-31; to: 2027-01-01', 'Setting psa: changed from: 400',
                     'Field t.kinds (Kinds): taken out', 'Field t.met (Day they met): changed from: date', 'to: required; date'):
            self.assertIn(text, said)
        self.assertNotIn('Field p.name', said)
        self.assertEqual(forms('diff', SAMPLE, self.copy, LANGUAGE='en')[:2], (0, 'Nothing is different.\n'))
        self.change('procedures/common.sample.json', '"severity": "error"', '"severity": "warning"')
        os.rename(os.path.join(self.copy, 'procedures', 'common.sample@2.json'), os.path.join(self.folder, 'later.json'))
        _, said, _ = forms('diff', SAMPLE, self.copy, LANGUAGE='en')
        self.assertEqual(said.splitlines(), ['common.sample: Check met at t.met: changed from: stops; unless (p.birth <= t.met); '
                                             'That was before the birth.; to: warns; unless (p.birth <= t.met); That was before the birth.',
                                             'common.sample: The procedure is gone: Sample'])
        self.change('fields.json', '"Day they met"', '"Day of the meeting"')
        _, said, _ = forms('diff', SAMPLE, self.copy, LANGUAGE='en')
        self.assertIn('Field t.met (Day of the meeting): changed from: Field t.met (Day they met): ', said)
        code, _, said = forms('--forms', self.copy, 'diff', 'common.sample@1')
        self.assertEqual(code, 2)
        nothing = os.path.join(self.folder, 'nothing')
        for folders in ((nothing, self.copy), (self.copy, nothing)):
            code, _, said = forms('diff', *folders, LANGUAGE='en')
            self.assertEqual(code, 5)
            self.assertIn(f'{nothing}/fields.json', said)


if __name__ == '__main__':
    unittest.main()
