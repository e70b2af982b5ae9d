#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Replies to written inquiries and results of inquiries: each goes to the intake of that very person, one item that differs has to
be confirmed with the responder, and what is about somebody else leaves no trace but its refusal. Run inside tests/isolated."""

import hashlib
import hmac
import itertools
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest

import jsonschema

sys.dont_write_bytecode = True

from opening import ADDRESS, HEAD, NUMBER, Listing, evidence, waived, ward, wire  # noqa: E402


def schema_of(name):
    with open(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'protocol', name), encoding='utf-8') as f:
        return jsonschema.Draft202012Validator(json.load(f))


REPLY, EXPORT = schema_of('reply-1.schema.json'), schema_of('export-2.schema.json')
PERSON = {'name': '回答 一子', 'address': '架空県あおぞら区開封1-9', 'birth': '昭和56年1月1日', 'sex': '2'}
counter = itertools.count(1)


def reply(**changes):
    """A written reply; with kind='result' the result of an inquiry."""
    whole = {'kind': 'written', 'inquiry': f'Q-{next(counter)}', 'responder': '架空市税務課', 'answered': '2026-11-20',
             'person': PERSON, 'answer': '所得はありません。', **changes}
    return {name: value for name, value in whole.items() if value is not None}


class Replies(Listing):
    def send(self, *replies, config=None, officer='B0001', valid=True, text=None, reason=None):
        whole = {'schema': 'madoguchi-reply/1', 'replies': list(replies)}
        if text is None:
            self.assertEqual(REPLY.is_valid(whole), valid, list(REPLY.iter_errors(whole)))
            text = json.dumps(whole, ensure_ascii=False).encode()
        path = ward.at('run', 'replies.json')
        with open(path, 'wb') as f:
            f.write(text)
        more = ['--reason', reason] if reason else []
        run = self.run_desk('--officer', officer, *more, 'reply', path, config=config)
        for secret in ('回答', '他人', '架空', '所得'):
            self.assertNotIn(secret, run.stdout + run.stderr)
        return run

    def applicant(self, name='回答 一子', birth='1981-01-01', **values):
        return self.take_in(name, birth, **{'p_addr': ADDRESS, 'p_sex': 'female', **values})

    def export(self, number, config=None):
        with tempfile.TemporaryDirectory() as folder:
            self.run_desk('--officer', 'B0001', 'export', folder, config=config)
            path = os.path.join(folder, number + '.json')
            if not os.path.exists(path):
                return None
            with open(path, encoding='utf-8') as f:
                case = json.load(f)
        EXPORT.validate(case)
        return case

    def opened(self, number, config=None):
        case = json.loads(self.run_desk('--json', 'open', number, config=config).stdout)
        EXPORT.validate(case)
        return case

    def kept(self):
        with self.ledger() as db:
            return db.execute('SELECT count (*) FROM ledger_additions').fetchone()[0]

    def assertNothingKept(self, status, *replies, **how):
        before = self.kept()
        run = self.send(*replies, **how)
        self.assertEqual(run.returncode, status, run.stderr + run.stdout)
        self.assertEqual(self.kept(), before)
        self.assertTrue(run.stderr.startswith('madoguchi-backoffice: '), run.stderr)
        return run

    # --- Written replies ---

    def test_the_same_person(self):
        """Other forms of the same differ in nothing; the export says which items were matched, and how."""
        intake, number = self.applicant()
        answered = reply(intake=number)
        run = self.send(answered, reason='K01')
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(self.rules(number, status=0), [])
        case = self.export(number)
        one, = case['replies']
        self.assertEqual(one['matched'], {'name': 'same', 'address': 'same-form', 'birth': 'same-form', 'sex': 'same'})
        self.assertEqual((one['kind'], one['inquiry'], one['officer'], one['reason'], one['matched_by']),
                         ('reply', answered['inquiry'], 'B0001', 'K01', []))
        self.assertEqual(one['content']['answer'], answered['answer'])
        self.assertIn(('reply', 'done', 'B0001', 'K01', 'differ=0'), self.audit(intake))
        shown = self.run_desk('open', number).stdout
        self.assertIn(answered['inquiry'], shown)
        self.assertIn(answered['answer'], shown)
        self.assertIn('reply ' + answered['inquiry'], self.run_desk('verify', number).stdout)

    def test_read_where_nothing_of_health_is(self):
        """R-IDN-20: the profile of the residents' register gives nobody anything of health: the answer is read all the same. What is
        kept from a desk is named, on the screen and in the file."""
        intake = wire.new_intake()
        values = {'p.name': '回答 一子', 'p.birth': '1981-01-01', 'p.addr': ADDRESS, 'p.sex': 'female'}
        self.deliver_as(intake, waived(intake), values=values)
        answered = reply(intake=intake)
        run = self.send(answered)
        self.assertEqual(run.returncode, 0, run.stderr)
        one, = self.opened(intake)['replies']
        self.assertEqual({name: one['content'][name] for name in ('answer', 'responder')},
                         {name: answered[name] for name in ('answer', 'responder')})
        self.assertEqual(one['withheld'], [])
        self.assertIn(answered['answer'], self.run_desk('open', intake).stdout)
        good = ward.current_policy()
        try:
            ward.install_policy({**json.loads(json.dumps(good)), 'desk': ['clerk']})
            one, = self.opened(intake)['replies']
            self.assertEqual(sorted(one['withheld']), ['answer', 'matched', 'person', 'responder'])
            self.assertEqual((one['matched'], one['matched_by']), ({}, []))
            shown = self.run_desk('open', intake).stdout
            self.assertNotIn(answered['answer'], shown)
            self.assertIn('Answer: the policy keeps it from this desk', shown)
        finally:
            ward.install_policy(good)

    def test_verdicts_as_the_policy_says(self):
        """Whether an item is the same says something of it: it goes out where the item may be read, and else is named as withheld."""
        _, number = self.applicant(n_bpn='1234567890')
        self.assertEqual(self.send(reply(intake=number, insured='1234567890')).returncode, 0)
        one, = self.opened(number)['replies']
        self.assertEqual((set(one['matched']), one['matched_by'], one['withheld']), ({'name', 'address', 'birth', 'sex'}, ['insured'], []))
        good = ward.current_policy()
        try:
            # An auditor's eyes see the person's basic data masked, and nothing of the numbers.
            ward.install_policy({**json.loads(json.dumps(good)), 'desk': ['auditor']})
            one, = self.opened(number)['replies']
            self.assertEqual((one['matched'], one['matched_by']), ({}, []))
            self.assertLessEqual({'matched', 'matched_by'}, set(one['withheld']))
            self.assertNotIn('1234567890', self.run_desk('--json', 'open', number).stdout)
        finally:
            ward.install_policy(good)

    def test_one_item_differs(self):
        """R-IDN-20: each of the four, alone: confirm with the responder, and nothing is exported before a second person did."""
        for item, value, field in (('name', '他人 一子', 'p.name'), ('address', '架空県あおぞら区開封1-8', 'p.addr'),
                                   ('birth', '1981-01-02', 'p.birth'), ('sex', 'male', 'p.sex')):
            intake, number = self.applicant()
            answered = reply(intake=intake, person={**PERSON, item: value})
            run = self.send(answered)
            self.assertEqual(run.returncode, 10, run.stderr)
            self.assertIn('confirm with the responder', run.stdout)
            self.assertIn(('reply', 'done', 'B0001', 'R00', 'differ=1'), self.audit(intake))
            self.assertEqual(self.rules(number), [('reply-differs', field, 'open')])
            line, = self.lines(number)
            self.assertEqual((line['against'], line['other'], line['author']), (value, answered['inquiry'], 'B0001'))
            self.assertEqual(self.opened(number)['replies'][0]['matched'][item], 'different')
        self.assertIsNone(self.export(number))
        self.assertEqual(self.confirm(number, officer='b0001').returncode, 2)  # who took the reply in
        self.assertEqual(self.confirm(number, officer='S0101').returncode, 2)  # who approved
        self.assertEqual(self.confirm(number).returncode, 0)
        case = self.export(number)
        self.assertEqual(case['values'][field], case['confirmation'][0]['application'])
        self.assertEqual(case['confirmation'][0]['officer'], 'B0002')

    def test_refused_by_the_second_person(self):
        """What the responder does not confirm stops the intake, which can be returned for it."""
        _, number = self.applicant()
        self.send(reply(intake=number, person={**PERSON, 'birth': '1980-01-01'}))
        self.assertEqual(self.confirm(number, '--refuse').returncode, 0)
        self.assertIsNone(self.export(number))
        run = self.run_desk('--officer', 'B0002', '--reason', 'person-check', 'return', number)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertNothingKept(11, reply(intake=number))  # it is with its counter again

    def test_paper(self):
        """On paper the values are masked, and whose answer it is stands beside."""
        _, number = self.applicant()
        answered = reply(intake=number, person={**PERSON, 'name': '他人 一子'})
        self.send(answered)
        page = ward.at('run', 'page.html')
        self.run_desk('--print', page, 'confirm', number)
        with open(page, encoding='utf-8') as f:
            text = f.read()
        self.assertIn(answered['inquiry'], text)
        self.assertIn('In the reply', text)
        for secret in ('他人', '回答 一子'):
            self.assertNotIn(secret, text)

    # --- Results ---

    def test_result(self):
        """R-MATCH-07: by addressee and insured number of the application, and by the branch number of the held data."""
        config = self.held(HEAD + '\tbranch', '\t'.join(['3000001', '1234-567890', '回答 一子', '', '1981-01-01', 'female', '', 'E7-01']),
                           '\t'.join(['3000002', '1234567801', '他人 二郎', '', '1982-02-02', 'male', '', 'E7-02']))
        intake, number = self.applicant(atena='3000001', n_bpn='1234567890')
        self.assertEqual(self.rules(number, config=config), [])
        for numbers, words in (({'addressee': '3000001'}, ['addressee']), ({'insured': '1234-567890'}, ['insured']),
                               ({'branch': 'E701'}, ['branch']),
                               ({'addressee': '3000001', 'branch': 'E7-01'}, ['addressee', 'branch'])):
            result = reply(kind='result', intake=number, person=None, **numbers)
            self.assertEqual(self.send(result, config=config).returncode, 0)
            one = self.opened(number, config=config)['replies'][-1]
            self.assertEqual((one['kind'], one['matched_by'], one['matched']), ('result', words, {}))
        for numbers in ({'addressee': '3000002'}, {'insured': '1234567801'}, {'branch': 'E7-02'}, {'addressee': '3999999'},
                        {'addressee': '3000001', 'branch': 'E7-02'}, {'addressee': '3000001', 'insured': '1234567801'}):
            run = self.assertNothingKept(12, reply(kind='result', intake=number, person=None, **numbers), config=config)
            self.assertIn('another person', run.stderr)
            self.assertEqual(self.audit(intake)[-1][:2], ('reply', 'refused'))
        unknown = reply(kind='result', intake=number, person=None, branch='E7-01')
        self.assertNothingKept(12, unknown)  # this desk holds nobody's branch number

    def test_result_of_a_number_that_was_typed_wrongly(self):
        """The application has somebody else's number: the held data know whose it is, and the result stays away."""
        config = self.held(HEAD, '3100001\t1234567912\t他人 三郎\t\t1983-03-03\tmale\t')
        _, number = self.applicant(n_bpn='1234567912')
        self.assertNothingKept(12, reply(kind='result', intake=number, person=None, insured='1234567912'), config=config)

    def test_written_reply_with_the_number_of_another(self):
        _, number = self.applicant(atena='3200001')
        self.assertNothingKept(12, reply(intake=number, addressee='3200002'))

    # --- By a number alone nobody is found ---

    def test_found_by_number(self):
        """R-IDN-17: where no intake is named, name and day of birth have to be those of the application, too."""
        pending, _ = self.deliver(approve=False, number=None)
        intake, number = self.applicant(atena='3300001')
        answered = reply(addressee='3300001')
        run = self.send(answered)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn(number, run.stdout)
        self.assertEqual(self.searches(intake), [('search', 'done', 'B0001', 'R00', 'for=reply')])
        self.assertEqual(self.searches(pending), [])  # not approved, not opened
        only = reply(kind='result', addressee='3300001', person=None)
        run = self.assertNothingKept(12, only)
        self.assertIn('By a number alone nobody is found', run.stderr)
        for person in ({'name': '回答 一子'}, {'birth': '1981-01-01'}, {**PERSON, 'name': '他人 一子'}, {**PERSON, 'birth': '1981-01-02'}):
            self.assertNothingKept(12, reply(kind='result', addressee='3300001', person=person))
        self.assertNothingKept(12, reply(addressee='3300009'))  # nobody's
        before = self.searches(intake)
        self.assertEqual(self.send({**only, 'intake': number}).returncode, 0)  # somebody looked up whose it is
        self.assertEqual(self.searches(intake), before)
        self.applicant(atena='3300001')
        run = self.assertNothingKept(12, reply(addressee='3300001'))
        self.assertIn('Several intakes', run.stderr)

    def searches(self, intake):
        return [row for row in self.audit(intake) if row[0] == 'search']

    def test_held_person_found_by_number(self):
        """R-IDN-17: who is found in the held data by number alone counts only after a second person confirmed each item."""
        config = self.held(HEAD, '3400001\t\t他人 四郎\t\t1984-04-04\tmale\t架空県あおぞら区海辺1-1')
        _, number = self.applicant(atena='3400001')
        self.assertEqual({line[1] for line in self.rules(number, config=config)}, {'p.name', 'p.birth', 'p.sex', 'p.addr'})
        self.assertIsNone(self.export(number, config=config))
        marks = [line['mark'] for line in self.lines(number, config=config)]
        self.run_desk('--officer', 'B0002', '--reason', 'C01', 'confirm', number, *marks[:-1], config=config)
        self.assertEqual(self.run_desk('confirm', number, config=config).returncode, 10)
        self.run_desk('--officer', 'B0002', '--reason', 'C01', 'confirm', number, marks[-1], config=config)
        self.assertIsNotNone(self.export(number, config=config))

    def test_nobody_held_by_number_alone(self):
        """R-IDN-17: an application that says nothing of the person but a number is held by nobody, whosever number it is."""
        config = self.held(HEAD, '3500001\t\t他人 五郎\t\t1985-05-05\tmale\t')
        intake = wire.new_intake()
        _, number = self.deliver_as(intake, evidence(intake), values={'p.atena': '3500001'})
        self.assertIn(('not-held', None, 'open'), self.rules(number, config=config))

    # --- Again, twice, and what is no reply ---

    def test_again(self):
        """The same file again changes nothing; another answer to the same inquiry is refused, of this intake or another."""
        intake, number = self.applicant()
        answered = reply(intake=number, person={**PERSON, 'sex': 'male'})
        self.assertEqual(self.send(answered).returncode, 10)
        before = self.kept()
        for again in (answered, {**answered, 'intake': intake}):
            run = self.send(again)
            self.assertEqual((run.returncode, self.kept()), (0, before), run.stderr)
            self.assertIn('nothing changed', run.stdout)
        self.assertEqual(len(self.lines(number)), 1)
        self.assertNothingKept(12, {**answered, 'person': PERSON})
        self.assertNothingKept(12, {**answered, 'answer': '所得があります。'})
        _, other = self.applicant()
        self.assertNothingKept(12, {**answered, 'intake': other})
        two = [reply(intake=number), reply(intake=number)]
        two[1]['inquiry'] = two[0]['inquiry']
        two[1]['answer'] = '所得は不明です。'
        self.assertEqual(self.send(*two).returncode, 12)
        self.assertEqual(self.kept(), before + 1)

    def test_many(self):
        """One that cannot be taken does not stop the others; the worst status stays."""
        numbers = [self.applicant()[1] for _ in range(2)]
        good = [reply(intake=number) for number in numbers]
        before = self.kept()
        run = self.send(good[0], reply(intake=wire.receipt_number(999999)), good[1])
        self.assertEqual((run.returncode, self.kept()), (4, before + 2), run.stderr)

    def test_not_approved(self):
        _, number = self.applicant(approve=False)
        self.assertNothingKept(6, reply(intake=number))

    def test_what_is_no_reply(self):
        """Parser and schema refuse the same; a file with one wrong entry is not taken at all, and nothing is quoted."""
        _, number = self.applicant()
        good = reply(intake=number)
        person = good['person']
        for changes in ({'kind': 'letter'}, {'inquiry': None}, {'inquiry': 'Q 1'}, {'inquiry': 'Q' * 33}, {'responder': ''},
                        {'responder': 'a\nb'}, {'answered': '2026年'}, {'intake': '一番'}, {'intake': None}, {'more': '1'},
                        {'addressee': 'A1'}, {'addressee': '1' * 16}, {'insured': '-'}, {'branch': '枝'}, {'person': None},
                        {'person': {**person, 'mynum': '1'}}, {'person': {**person, 'sex': 'both'}}, {'person': '回答'},
                        {'person': {k: v for k, v in person.items() if k != 'address'}}, {'person': {**person, 'name': ''}},
                        {'kind': 'result'}, {'answer': 'x' * 4097}, {'answer': 7}):
            bad = {name: value for name, value in {**good, **changes}.items() if value is not None}
            run = self.assertNothingKept(1, good, bad, valid=False)
            self.assertIn('Entry 2', run.stderr, changes)
        for text in (b'', b'{', b'[]', b'\xff', b'{"schema": "madoguchi-reply/1"}', b'{"schema":"madoguchi-reply/2","replies":[]}',
                     json.dumps({'schema': 'madoguchi-reply/1', 'replies': []}).encode(), b'[' * 100000,
                     json.dumps({'schema': 'madoguchi-reply/1', 'replies': [good] * 401}).encode(), b' ' * (4 << 20) + b' '):
            self.assertNothingKept(1, text=text)
        self.assertRefused(1, 'reply', '/nonexistent')
        self.assertRefused(1, 'reply', ward.at('run'))
        self.assertNothingKept(1, reply(intake=number, person={**person, 'birth': '1981-13-01'}))  # no schema knows the calendar

    # --- Individual numbers ---

    def test_no_number_in_words(self):
        """R-PRIV-05: the individual number is kept apart; a reply in whose words it is written is not taken in, and nobody quotes it."""
        intake, number = self.applicant()
        for text in (NUMBER, '番号は１２３４ ５６７８ ９０１８です。', '一二三四五六七八九〇一八', '1234\n5678\n9018', '123-456-789-018'):
            run = self.assertNothingKept(1, reply(intake=number), reply(intake=number, answer=text))
            self.assertIn('In entry 2 of the file an individual number is written (answer)', run.stderr)
            self.assertNotIn('9018', run.stderr)
        for changes in ({'responder': '架空市 123456789018'}, {'inquiry': NUMBER}, {'person': {**PERSON, 'name': '回答 一子 1234-5678-9018'}},
                        {'person': {**PERSON, 'address': ADDRESS + ' 123456789018'}}):
            self.assertNothingKept(1, reply(**{'intake': number, **changes}))
        with self.ledger() as db:
            self.assertEqual(db.execute("SELECT count (*) FROM audit WHERE event = 'reply' AND outcome = 'refused' AND detail LIKE '%9018%'")
                             .fetchone(), (0,))
        self.assertRefused(2, '--reason', NUMBER, 'open', number)
        self.assertRefused(2, '--officer', NUMBER, 'open', number)
        self.assertEqual(self.send(reply(intake=number, answer='電話 090-1234-5678 へ。', insured='1234-567890')).returncode, 0)

    def keep(self, intake, name, content):
        """A reply as a release before kept it: sealed to the business system, and with the desk's own mark."""
        content = {**content, 'kind': 'written', 'inquiry': name}
        text = {'schema': 'madoguchi-addition/1', 'intake': intake, 'kind': 'reply', 'name': name, 'content': content}
        body = subprocess.run(['openssl', 'cms', '-encrypt', '-binary', '-aes-256-gcm', '-outform', 'DER', '-recip', ward.at('pki', 'business.crt'),
                               '-keyopt', 'ecdh_kdf_md:sha256', '-aes256-wrap'], input=json.dumps(text).encode(), check=True,
                              capture_output=True).stdout
        with open(ward.at('backoffice', 'confirmation.key'), encoding='ascii') as f:
            key = bytes.fromhex(f.read().strip())
        parts = ['addition', intake, 'reply', name, 'B0001', 'K01', wire.moment(), hashlib.sha256(body).hexdigest()]
        told = b''.join(struct.pack('>I', len(part.encode())) + part.encode() for part in parts)
        with self.ledger() as db:
            db.execute('INSERT INTO ledger_additions (intake, kind, name, officer, reason, time, seal, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
                       (*parts[1:7], hmac.new(key, told, 'sha256').digest(), body))

    def test_number_in_words_kept_before(self):
        """One that was kept by a release that let it in: withheld from files, covered on the screen, until it is asked for."""
        intake, number = self.applicant()
        self.keep(intake, 'Q-before', {'responder': '架空市税務課', 'answered': '2026-11-20', 'answer': '番号 1234 5678 9018 の方です。',
                                       'person': {**PERSON, 'address': PERSON['address'] + ' １２３４５６７８９０１８'}})
        one, = self.opened(number)['replies']
        self.assertEqual((one['content'], one['withheld']),
                         ({'kind': 'written', 'inquiry': 'Q-before', 'answered': '2026-11-20', 'responder': '架空市税務課'}, ['answer', 'person']))
        line, = self.lines(number)
        self.assertEqual((line['against'], line['withheld']), (None, ['against']))
        for words in (('open',), ('--json', 'open'), ('confirm',), ('--json', 'confirm')):
            shown = self.run_desk(*words, number).stdout
            self.assertEqual([digits for digits in ('9018', '９０１８') if digits in shown], [], words)
        self.assertIn('番号 **** **** **** の方です。', self.run_desk('open', number).stdout)
        one, = json.loads(self.run_desk('--reveal-number', '--json', 'open', number).stdout)['replies']
        self.assertEqual((one['content']['answer'], one['withheld']), ('番号 1234 5678 9018 の方です。', []))
        self.assertEqual(self.audit(intake)[-1][::4], ('reveal', 'state=approved number=revealed written=revealed'))

    # --- Who wrote it ---

    def test_only_the_desk_adds(self):
        """Sealed, so that the store tells nothing; and what was laid or changed there by others is found out."""
        _, number = self.applicant()
        _, other = self.applicant()
        self.send(reply(intake=number))
        with self.ledger() as db:
            told = repr(db.execute('SELECT * FROM ledger_additions').fetchall())
            for secret in ('回答', '架空', '所得', '1981'):
                self.assertNotIn(secret, told)
            target, = db.execute('SELECT intake FROM ledger_items WHERE receipt_number = ?', (other,)).fetchone()
            db.execute('INSERT INTO ledger_additions (intake, kind, name, officer, reason, time, seal, body) SELECT ?, kind,'
                       " name || 'x', officer, reason, time, seal, body FROM ledger_additions ORDER BY number DESC LIMIT 1",
                       (target,))
        self.assertRefused(5, 'open', other)
        self.assertIn('FAILED', self.run_desk('verify', other).stdout)
        keyless = self.key_config(None)
        self.assertRefused(3, 'open', number, config=keyless)
        self.assertRefused(3, 'reply', ward.at('run', 'replies.json'), config=keyless)


if __name__ == '__main__':
    unittest.main()
