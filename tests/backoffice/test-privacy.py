#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the opening desk keeps to itself: no look without a reason, the number apart and under its own key, no hit of a search that
was not wanted. Run inside tests/isolated."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unittest
import zipfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'memory'))

import memory  # noqa: E402

from opening import ADDRESS, NAME, NUMBER, UUID, Desk, Listing, evidence, new_number, other_day, ward, wire  # noqa: E402

OTHER = '検索外 候補子'


class Reason(Desk):
    """R-PRIV-10: whoever searches, extracts, shows or prints what is of a person says why, first."""

    def test_nothing_without_a_reason(self):
        intake, number = self.deliver()
        before = len(self.audit(intake))
        folder, page = ward.at('run', 'without-reason'), ward.at('run', 'without-reason.html')
        file = ward.text('reply', {'schema': 'madoguchi-reply/1', 'replies': []})
        for words in (('open', number), ('--json', 'open', number), ('attachments', number), ('attachments', number, folder),
                      ('confirm',), ('confirm', number), ('--print', page, 'confirm'), ('export', folder), ('reply', file),
                      ('correct', number, file), ('return', number), ('--print', page, 'letter-notice', number),
                      ('tally', 'pension.exemption', page), ('--reveal-number', 'open', number)):
            with self.subTest(words):
                run = self.assertRefused(2, '--officer', 'B0001', *words, reason=None)
                self.assertEqual(run.stdout, '')
                self.assertIn('--reason', run.stderr)
        self.assertFalse(os.path.exists(folder) or os.path.exists(page))
        self.assertEqual(len(self.audit(intake)), before)
        # With one it opens, and the reason is what is recorded; receipt numbers and states alone are no look at a person.
        self.assertEqual(self.run_desk('--officer', 'B0001', 'open', number, reason='R07').returncode, 0)
        self.assertEqual(self.audit(intake)[-1][:4], ('open', 'done', 'B0001', 'R07'))
        for words in (('list',), ('--json', 'list'), ('audit',), ('verify', number)):
            run = self.run_desk(*words, reason=None)
            self.assertNotEqual(run.returncode, 2, run.stderr)
            self.assertNotIn(NAME, run.stdout + run.stderr)


class Looks(Desk):
    """R-AUD-11, R-AUD-15: whoever opens one intake after another, for whatever reason, is stopped, and that is recorded."""

    def settings(self, most):
        path = self.config()
        with open(path, 'a', encoding='utf-8') as f:
            f.write(f'[looks]\nmost={most}\n')
        return path

    def test_one_after_another(self):
        taken = [self.deliver() for _ in range(12)]
        config = self.settings(10)
        for (_, number), words in zip(taken[:10], [('open',), ('attachments',), ('confirm',), ('--json', 'open'), ('--reveal-number', 'open')] * 2):
            run = self.run_desk('--officer', 'B0007', *words, number, config=config, reason='K01')
            self.assertIn(run.returncode, (0, 10), run.stderr)
        # The eleventh is not, in whatever way and by whatever letters of the name; the refusal is recorded with its cause.
        intake, number = taken[10]
        for officer, words in (('B0007', ('open',)), ('b0007', ('open',)), ('B0007', ('--reveal-number', 'open')), ('B0007', ('attachments',)),
                               ('B0007', ('confirm',)), ('B0007', ('--json', 'open'))):
            run = self.assertRefused(14, '--officer', officer, *words, number, config=config, reason='K02')
            self.assertEqual(run.stdout.replace('0 intakes on the list, 0 lines to be confirmed by a second person.\n', ''), '')
            asked = intake if words == ('confirm',) else number  # as it was named
            self.assertEqual(self.audit(asked)[-1][1:], ('refused', officer, 'K02', 'cause=too-often'))
        # Somebody else may, with lists and exports the work goes on, and so it does for the officer when the time has passed.
        self.assertEqual(self.run_desk('--officer', 'B0008', 'open', number, config=config).returncode, 0)
        folder = ward.at('run', 'looks')
        run = self.run_desk('--officer', 'B0007', 'export', folder, config=config)
        self.assertIn(number + '.json', os.listdir(folder), run.stderr)
        self.assertIn(self.run_desk('--officer', 'B0007', 'confirm', config=config).returncode, (0, 10, 11))
        later = {'env': other_day(601), 'config': config}
        self.assertEqual(self.run_desk('--officer', 'B0007', 'open', number, **later).returncode, 0)

    def test_the_same_one_again(self):
        """Who comes back to one intake looks at nobody else."""
        _, number = self.deliver()
        config = self.settings(10)
        for _ in range(12):
            self.assertEqual(self.run_desk('--officer', 'B0009', 'open', number, config=config).returncode, 0)

    def test_settings(self):
        for most in ('9', '1001', 'many', '-1'):
            self.assertIn('[looks] most', self.assertRefused(3, 'list', config=self.settings(most)).stderr)


class Eyes(Desk):
    """What the desk shows and hands over of an opened application, the policy's table says for the roles that it gives the desk."""

    VALUES = {'p.name': NAME, 'k.spec_disease': '脳血管疾患の印', 'm.handover': '職員間の印'}

    def exported(self, number, *more, hidden=False):
        with tempfile.TemporaryDirectory() as folder:
            run = self.run_desk('--officer', 'B0001', *more, 'export', folder)
            self.assertIn(number + '.json', os.listdir(folder), run.stderr)
            self.assertNotIn(number, run.stderr)
            self.assertEqual([line for line in run.stderr.splitlines() if 'care.certification' in line],
                             ['madoguchi-backoffice: the policy keeps some fields of the form care.certification from this desk; '
                              'whether filled in or not, they are in no file'] if hidden else [])
            with open(os.path.join(folder, number + '.json'), encoding='utf-8') as f:
                return json.load(f)

    def deliver_ill(self, **changes):
        own, intake = new_number(), wire.new_intake()
        values = {name: value for name, value in {**self.VALUES, **changes}.items() if value is not None}
        number = self.deliver(procedure='care.certification', evidence=evidence(intake, procedure='care.certification'), intake=intake,
                              values=values, number=own)[1]
        return own, number

    def test_as_the_policy_says(self):
        own, number = self.deliver_ill()
        healthy = self.deliver_ill(**{'k.spec_disease': None})[1]
        good = ward.current_policy()
        known = {name: value for name, value in self.VALUES.items() if name != 'm.handover'}
        # R-FORM-40: what staff write to staff is read at the desk, and in no file.
        shown = self.run_desk('--officer', 'B0001', 'open', number).stdout
        for value in self.VALUES.values():
            self.assertIn(value, shown)
        # R-PRIV-06: without having been asked for, the number is removed, its last four digits, too.
        for content in (self.exported(number), json.loads(self.run_desk('--json', 'open', number).stdout)):
            self.assertEqual((content['values'], content['withheld'], content['hidden'], content['number']), (known, [], False, None))
            text = UUID.sub('', json.dumps({**content, 'policy_digest': ''}))
            self.assertNotIn(own, text)
            self.assertNotIn(own[-4:], text.replace(number, '').replace(content['received'], '').replace(content['taken_in'], ''))
        self.assertEqual(self.exported(number, '--reveal-number')['number'], own)
        try:
            # A desk with the eyes of a clerk without the right to numbers: nothing of health in V2, and no number whoever asks.
            ward.install_policy({**json.loads(json.dumps(good)), 'desk': ['clerk']})
            # That this form has fields of health is said, wherever they are missing, and of nobody whether they are filled in.
            for each in number, healthy:
                content = self.exported(each, '--reveal-number', hidden=True)
                self.assertEqual((content['values'], content['withheld'], content['hidden'], content['number']),
                                 ({'p.name': NAME}, [], True, None))
                shown = self.run_desk('--reveal-number', 'open', each).stdout
                self.assertIn('Kept from this desk by the policy: some fields of this form, whether filled in or not\n', shown)
                self.assertNotIn(self.VALUES['k.spec_disease'], shown)
                self.assertNotIn(own, shown)
            # With those of an auditor no name either, but that there is one.
            ward.install_policy({**json.loads(json.dumps(good)), 'desk': ['auditor']})
            content = self.exported(number, hidden=True)
            self.assertEqual((content['values'], content['withheld'], content['hidden']), ({}, ['p.name'], True))
            shown = self.run_desk('open', number).stdout
            self.assertIn('***', shown)
            self.assertNotIn(NAME, shown)
        finally:
            ward.install_policy(good)


    def test_number_in_words(self):
        """R-PRIV-01, -05: a number that somebody wrote into a text is kept like the number itself: its digits are covered on the
        screen, and the text is withheld from files, until it is asked for with a reason, which is recorded."""
        own, intake = NUMBER, wire.new_intake()
        wide = own.translate({ord(str(n)): chr(0xff10 + n) for n in range(10)})
        kanji = own.translate({ord(str(n)): '〇一二三四五六七八九'[n] for n in range(10)})
        values = {'p.name': NAME, 'p.addr': f'{ADDRESS} 番号は{wide[:4]} {wide[4:8]} {wide[8:]}です', 'm.handover': f'本人の番号は{own}、確認済み',
                  'k.spec_disease': f'脳血管疾患（{kanji}）'}
        number = self.deliver(procedure='care.certification', evidence=evidence(intake, procedure='care.certification'), intake=intake,
                              values=values, number=own)[1]
        forms = (own, wide, kanji, own[-4:], wide[-4:], kanji[-4:], f'{wide[:4]} {wide[4:8]} {wide[8:]}')

        def digits(text):
            return [form for form in forms if form in UUID.sub('', text).replace('*' * 8 + own[-4:], '')]  # but for the number's own line

        content = self.exported(number)
        self.assertEqual((content['values'], sorted(content['withheld'])), ({'p.name': NAME}, ['k.spec_disease', 'p.addr']))
        self.assertEqual(self.audit(intake)[-1][:2] + self.audit(intake)[-1][4:],
                         ('export', 'done', 'state=approved number=masked written=masked'))
        opened = self.run_desk('--json', 'open', number).stdout
        self.assertEqual(sorted(json.loads(opened)['withheld']), ['k.spec_disease', 'p.addr'])
        shown = self.run_desk('open', number).stdout
        for text in (json.dumps(content['values'], ensure_ascii=False), json.dumps(json.loads(opened)['values'], ensure_ascii=False), shown):
            self.assertEqual(digits(text), [])
        for text in ('番号は**** **** ****です', '本人の番号は************、確認済み', '脳血管疾患（************）',
                     'An individual number was written into a text.'):
            self.assertIn(text, shown)
        content = self.exported(number, '--reveal-number')
        self.assertEqual({name: content['values'][name] for name in ('p.addr', 'k.spec_disease')},
                         {name: values[name] for name in ('p.addr', 'k.spec_disease')})
        self.assertEqual(self.audit(intake)[-1][4], 'state=approved number=revealed written=revealed')
        shown = self.run_desk('--reveal-number', 'open', number).stdout
        self.assertIn(values['m.handover'], shown)
        self.assertEqual(self.audit(intake)[-1][:2] + self.audit(intake)[-1][4:],
                         ('reveal', 'done', 'state=approved number=revealed written=revealed'))
        good = ward.current_policy()
        try:
            # Without permission for numbers there is none of it, whoever asks.
            ward.install_policy({**json.loads(json.dumps(good)), 'desk': ['clerk']})
            content = self.exported(number, '--reveal-number', hidden=True)
            self.assertEqual((content['values'], content['withheld']), ({'p.name': NAME}, ['p.addr']))
            self.assertEqual(digits(self.run_desk('--reveal-number', 'open', number).stdout), [])
        finally:
            ward.install_policy(good)

    def test_names_of_papers(self):
        """The name of a paper tells what is of its class: it stands where that may, on the screen, in a file and on paper."""
        intake, page = wire.new_intake(), ward.at('run', 'papers.html')
        number = self.deliver(procedure='care.certification', evidence=evidence(intake, procedure='care.certification'), intake=intake,
                              values=self.VALUES, papers=[{'paper': 'insurance-card', 'how': 'waived', 'inquiry': 'HN-2026-1'}])[1]

        def names(*words):
            run = self.run_desk('--officer', 'B0001', *words)
            with contextlib.suppress(FileNotFoundError), open(page, encoding='utf-8') as f:
                run.stdout += f.read()
                os.unlink(page)
            self.assertTrue('HN-2026-1' in run.stdout, run.stdout + run.stderr)
            return any(name in run.stdout for name in ('insurance-card', 'care insurance card', '被保険者証'))

        one = [('attachments', number), ('--json', 'attachments', number), ('confirm', number), ('--json', 'confirm', number)]
        many = [('confirm',), ('--json', 'confirm'), ('complete', number), ('--json', 'complete', number)]
        page_of_all = ('--print', page, '--json', 'confirm')
        self.assertEqual([names(*words) for words in one + many + [page_of_all]], [True] * 4 + [False] * 4 + [True])
        good = ward.current_policy()
        try:
            ward.install_policy({**json.loads(json.dumps(good)), 'desk': ['clerk']})
            self.assertEqual([words for words in one + many + [page_of_all] if names(*words)], [])
        finally:
            ward.install_policy(good)
        line, = [line for line in json.loads(self.run_desk('--officer', 'B0001', '--json', 'confirm', number).stdout)['lines']
                 if line['rule'] == 'paper-waived']
        how = '--officer', 'B0002', '--reason', 'C01', 'confirm', number, line['mark']
        self.assertEqual(self.run_desk(*how[:4], '--refuse', *how[4:]).returncode, 0)
        how = '--officer', 'B0002', '--print', page, '--reason', 'wrong-entry', 'return', number
        self.assertEqual(self.run_desk(*how).returncode, 0)
        with open(page, encoding='utf-8') as f:
            self.assertIn('Long-term care insurance card', f.read())


class Apart(Desk):
    """R-PRIV-05: the number is sealed in a part of its own, to a key of its own, which nothing else is sealed to."""

    def opened_by(self, key, part):
        run = subprocess.run(['openssl', 'cms', '-decrypt', '-inform', 'DER', '-binary', '-inkey', ward.at('pki', key + '.key'),
                              '-recip', ward.at('pki', key + '.crt')], input=part, capture_output=True)
        return run.stdout if run.returncode == 0 else None

    def key_of(self, name):
        return subprocess.run(['openssl', 'x509', '-noout', '-pubkey', '-in', ward.at('pki', name + '.crt')], check=True,
                              capture_output=True).stdout

    def test_number_apart(self):
        own = new_number()
        intake, number = self.deliver(number=own)
        self.assertEqual(json.loads(self.run_desk('--reveal-number', '--json', 'open', number).stdout)['number'], own)

        # Nothing that lies in the store is the number, whatever it is written in.
        with contextlib.closing(sqlite3.connect(f'file:{ward.at("gateway", "ledger.db")}?mode=ro', uri=True)) as db:
            dump = '\n'.join(db.iterdump())
        self.assertIn(intake, dump)
        for form in memory.forms(own):
            self.assertNotIn(form, dump.encode())
            self.assertNotIn(form.hex(), dump.lower())
        for name in os.listdir(ward.at('gateway')):
            path = ward.at('gateway', name)
            if os.path.isfile(path):
                with open(path, 'rb') as f:
                    text = f.read()
                self.assertFalse([form for form in memory.forms(own) if form in text], name)

    def test_own_key(self):
        own, intake = new_number(), wire.new_intake()
        container = ward.intake(intake, evidence=evidence(intake), values={'p.name': NAME}, number=own)
        with tempfile.NamedTemporaryFile(dir=ward.at('run')) as f:
            f.write(container)
            f.flush()
            with zipfile.ZipFile(f.name) as z:
                parts = {name: z.read(name) for name in z.namelist() if name.endswith('.cms')}
        self.assertEqual(sorted(parts), ['application.cms', 'evidence.cms', 'number.cms'])
        self.assertIn(own.encode(), self.opened_by('vault', parts['number.cms']))
        self.assertIsNone(self.opened_by('business', parts['number.cms']))
        for name in ('application.cms', 'evidence.cms'):
            self.assertIsNone(self.opened_by('vault', parts[name]))
            self.assertNotIn(own.encode(), self.opened_by('business', parts[name]))
        self.assertNotEqual(self.key_of('business'), self.key_of('vault'))
        # X13: nor by any key that lies at the counter or the gateway, should both be taken.
        for key in ('terminal', 'gateway', 'receipt', 'staff/S0001-km', 'staff/S0001-sign'):
            for name, part in parts.items():
                self.assertIsNone(self.opened_by(key, part), (key, name))


class Search(Listing):
    """R-PRIV-07: what a search came upon and did not want is gone when its hit is there."""

    def test_other_hits_are_gone(self):
        def take(name, atena):
            return self.take_in(name, '1981-01-01', p_addr=ADDRESS, p_sex='female', atena=atena)[0]

        others = [take(OTHER, '3900002'), take(OTHER, '3900003')]
        wanted = take('検索中 一子', '3900001')
        others.append(take(OTHER, '3900004'))
        file = ward.text('reply', {'schema': 'madoguchi-reply/1', 'replies': [
            {'inquiry': 'JS-2026-3901', 'kind': 'written', 'responder': '架空市税務課', 'answered': '2026-11-20', 'addressee': '3900001',
             'person': {'name': '検索中 一子', 'address': ADDRESS, 'birth': '昭和56年1月1日', 'sex': '2'}, 'answer': '所得はありません。'}]})
        env = {**os.environ, 'LC_ALL': 'C.UTF-8', 'LD_PRELOAD': os.environ['STOP_AT_EXIT'],
               'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '') + ':verify_asan_link_order=0:' + memory.ASAN_WIPES}
        with tempfile.TemporaryFile() as out:
            with subprocess.Popen([ward.world.program('src', 'backoffice', 'madoguchi-backoffice'), '--config',
                                   ward.at('backoffice', 'backoffice.ini'), '--officer', 'B0001', '--reason', 'K01', 'reply', file],
                                  stdout=out, stderr=out, env=env) as desk:
                try:
                    _, status = os.waitpid(desk.pid, os.WUNTRACED)
                    self.assertTrue(os.WIFSTOPPED(status), status)
                    needles = {f'{what} {n}': form for what, text in (('name', OTHER), ('addressee', '3900004'), ('first', '3900002'))
                               for n, form in enumerate(memory.forms(text))}
                    needles['the officer'] = b'B0001'
                    found = memory.scan(desk.pid, needles)
                finally:
                    os.kill(desk.pid, signal.SIGCONT)
            out.seek(0)
            said = out.read().decode()
        self.assertEqual({name for name, _, _ in found}, {'the officer'}, found)
        self.assertIn('JS-2026-3901', said)
        self.assertNotIn(OTHER, said)
        # Each that was opened for it has its record, found or not; nothing else is kept of those that were not.
        for intake in others:
            self.assertEqual([row[:2] for row in self.audit(intake) if row[2] == 'B0001'], [('search', 'done')])
        self.assertIn(('reply', 'done'), [row[:2] for row in self.audit(wanted)])


if __name__ == '__main__':
    unittest.main(verbosity=2)
