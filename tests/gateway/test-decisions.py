#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The gateway and decisions: who may decide, and what may follow upon what. Run inside tests/isolated."""

import base64
import datetime
import hashlib
import json
import os
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True

import jsonschema  # noqa: E402
import yaml  # noqa: E402

import gate  # noqa: E402
import wire  # noqa: E402
from gate import forge, ward  # noqa: E402


class Decisions(gate.GatewayCase):
    def setUp(self):
        self.intake = wire.new_intake()
        self.container = ward.intake(self.intake)
        self.assertEqual(ward.put_intake(self.intake, self.container)[0], 201)

    def test_accepted_once_and_again_with_the_same_receipt(self):
        body = ward.decision(self.container)
        first = ward.put_decision(self.intake, 2, body)
        again = ward.put_decision(self.intake, 2, body)
        self.assertEqual((first[0], again[0], first[2] == again[2]), (201, 200, True), first[2])
        self.assertEqual(ward.open_receipt(first[2])['item'], 'decision/2')
        self.assertProblem(ward.put_decision(self.intake, 2, ward.decision(self.container)), 409, 'id-conflict')

    def test_the_clerk_cannot_decide(self):
        """The officer named and signing is the clerk: made with OpenSSL, since our own tools refuse to make it."""
        message = json.loads(ward.decision(self.container))
        forged = forge(message, {'officer': 'S0001'}, 'S0001')
        self.assertProblem(ward.put_decision(self.intake, 2, forged), 403, 'same-officer')

    def test_the_name_of_one_and_the_key_of_another(self):
        message = json.loads(ward.decision(self.container))
        for changes, signer in (({}, 'S0001'), ({'officer': 'S0101'}, 'S0002')):
            status, code = wire.problem(ward.put_decision(self.intake, 2, forge(message, changes, signer)))
            self.assertIn(code, ('same-officer', 'binding', 'signature-invalid'), code)
        self.assertEqual(ward.put_decision(self.intake, 2, json.dumps(message).encode())[0], 201)

    def test_role(self):
        body = ward.decision(self.container, officer='S0002', role='clerk')
        self.assertProblem(ward.put_decision(self.intake, 2, body), 403, 'role-missing')
        body = ward.decision(self.container, officer='S0101', role='admin')
        self.assertProblem(ward.put_decision(self.intake, 2, body), 403, 'role-missing')

    def test_the_clerk_withdraws_what_was_returned(self):
        withdrawal = {'kind': 'withdraw', 'officer': 'S0001', 'role': 'clerk-number'}
        returned = ward.decision(self.container, kind='return')
        self.assertEqual(ward.put_decision(self.intake, 2, returned)[0], 201)
        withdrawn = ward.decision(self.container, returned, **withdrawal)
        other = ward.decision(self.container, returned, kind='withdraw', officer='S0001', role='admin')
        self.assertProblem(ward.put_decision(self.intake, 3, other), 403, 'role-missing')
        self.assertEqual(ward.put_decision(self.intake, 3, withdrawn)[0], 201)
        self.assertProblem(ward.put_decision(self.intake, 4, withdrawn), 422, 'binding')

    def test_what_takes_a_returned_one_up_again_is_linked(self):
        returned = ward.decision(self.container, kind='return')
        self.assertEqual(ward.put_decision(self.intake, 2, returned)[0], 201)
        again = wire.new_intake()
        self.assertEqual(ward.put_intake(again, ward.intake(again, replaces=self.intake))[0], 201)
        self.assertEqual(gate.rows('SELECT replaces FROM ledger_items WHERE intake = ?', again), [(self.intake,)])

    def test_unknown_policy_version(self):
        self.assertProblem(ward.put_decision(self.intake, 2, ward.decision(self.container, policy=99)), 422,
                           'policy-unknown')

    def test_terminal_and_office(self):
        self.assertProblem(ward.put_decision(self.intake, 2, ward.decision(self.container, terminal='T002')), 403,
                           'terminal-mismatch')
        self.assertProblem(ward.put_decision(self.intake, 2, ward.decision(self.container, office='131016')), 422,
                           'binding')

    def test_unknown_intake_and_wrong_place(self):
        other = wire.new_intake()
        body = ward.decision(self.container)
        self.assertProblem(ward.put_decision(other, 2, body), 404, 'intake-unknown')
        container = ward.intake(other)
        self.assertEqual(ward.put_intake(other, container)[0], 201)
        self.assertProblem(ward.put_decision(other, 2, body), 422, 'binding')
        status, code = wire.problem(ward.put_decision(self.intake, 3, body))
        self.assertIn((status, code), ((409, 'out-of-order'), (422, 'binding')))

    def test_malformed(self):
        good = json.loads(ward.decision(self.container))
        for body in (b'', b'{}', b'[' * 100000, json.dumps({**good, 'more': 'QQ=='}).encode(),
                     json.dumps({**good, 'signature': ''}).encode(), json.dumps({**good, 'manifest': 'QQ'}).encode(),
                     json.dumps({**good, 'decision': base64.b64encode(b'{}').decode()}).encode()):
            status, code = wire.problem(ward.put_decision(self.intake, 2, body))
            self.assertIn((status, code), ((400, 'malformed-decision'), (422, 'signature-invalid')), body[:80])
        self.assertEqual(self.decisions(), 0)

    def test_of_a_newer_release(self):
        """It waits at its terminal until the gateway is updated: no refusal, which would end it."""
        good = json.loads(ward.decision(self.container))
        for more in {'later': 1}, {'decision': 'suspend'}, {'schema': 'madoguchi-decision/2'}, {'time': 0, 'later': 1}:
            longer = forge(good, {}, 'S0101', more)
            self.assertProblem(ward.put_decision(self.intake, 2, longer), 422, 'newer-release')
            # Whoever alters the bytes can make them look like that: it is refused.
            altered = {**good, 'decision': json.loads(longer)['decision']}
            self.assertProblem(ward.put_decision(self.intake, 2, json.dumps(altered).encode()), 422, 'signature-invalid')
            self.assertProblem(ward.put_decision(self.intake, 2, forge(good, {}, 'S0002', more)), 422,
                               'newer-release' if 'time' in more else 'binding')
        self.assertEqual(self.decisions(), 0)
        self.assertEqual(ward.put_decision(self.intake, 2, json.dumps(good).encode())[0], 201)

    def test_signed_in_another_way(self):
        """Good, by a listed officer, with a digest that is not taken here: it waits. What only says that it is so is refused."""
        good = json.loads(ward.decision(self.container))
        otherwise = forge(good, {}, 'S0101', digest='sha384')
        self.assertProblem(ward.put_decision(self.intake, 2, otherwise), 422, 'newer-release')
        altered = {**good, 'signature': json.loads(forge(good, {'role': 'clerk'}, 'S0101', digest='sha384'))['signature']}
        self.assertProblem(ward.put_decision(self.intake, 2, json.dumps(altered).encode()), 422, 'signature-invalid')
        self.assertProblem(ward.put_decision(self.intake, 2, forge(good, {}, 'S0002', digest='sha384')), 422, 'binding')
        self.assertEqual(self.decisions(), 0)
        self.assertEqual(ward.put_decision(self.intake, 2, json.dumps(good).encode())[0], 201)

    def decisions(self):
        return gate.rows('SELECT count(*) FROM ledger_items WHERE intake = ? AND n > 1', self.intake)[0][0]


KINDS = 'approve', 'return', 'reject', 'withdraw'


def days(count):
    """The day in Japan so many days from now."""
    return (datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))) + datetime.timedelta(days=count)).strftime('%Y-%m-%d')


class Letters(gate.GatewayCase):
    """R-IDN-10: what is filed by a letter of delegation, for a terminal that has its own mind about it."""

    def setUp(self):
        self.intake = wire.new_intake()
        self.container = ward.intake(self.intake, procedure='common.delegation', number=None)
        self.number = wire.receipt_number(ward.count)

    def accepted(self, procedures='pension.exemption,care.certification', begins=0, ends=30, **more):
        """The decision upon the letter, and what the manifest of an intake says of it."""
        body = ward.decision(self.container, allows=f'{procedures} {days(begins)} {days(ends)} {"a" * 64} {"b" * 64}', **more)
        digest = hashlib.sha256(base64.b64decode(json.loads(body)['decision'])).hexdigest()
        return body, f'{self.intake} {self.number} {digest}'

    def file_by(self, letter, **more):
        intake = wire.new_intake()
        return ward.put_intake(intake, ward.intake(intake, letter=letter, **more))

    def accept(self, **how):
        body, letter = self.accepted(**how)
        self.assertEqual(ward.put_intake(self.intake, self.container)[0], 201)
        self.assertEqual(ward.put_decision(self.intake, 2, body)[0], 201)
        return letter

    def test_as_described(self):
        """data/protocol/decision-1.schema.json is what our own tools make, and no more."""
        with open(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'protocol', 'decision-1.schema.json'), encoding='utf-8') as f:
            schema = json.load(f)
        jsonschema.Draft202012Validator.check_schema(schema)
        judge = jsonschema.Draft202012Validator(schema)
        made = json.loads(base64.b64decode(json.loads(self.accepted()[0])['decision']))
        judge.validate(made)
        self.assertEqual(list(made), [name for name in schema['properties'] if name in made])
        described = list(schema['properties']['delegation']['properties'])
        self.assertEqual(list(made['delegation']), described[:5])
        ended = {**made['delegation'], 'amends': 'c' * 64, 'ended': True}
        self.assertEqual(list(ended), described)
        judge.validate({**made, 'delegation': ended})
        for wrong in ({'procedures': []}, {'to': None}, {'principal': 'a' * 63}, {'name': 'x'}, {'ended': True}, {'amends': 'c' * 63},
                      {'amends': 'c' * 64, 'ended': False}):
            self.assertFalse(judge.is_valid({**made, 'delegation': {**made['delegation'], **wrong}}), wrong)
        judge.validate(json.loads(base64.b64decode(json.loads(ward.decision(self.container, kind='reject'))['decision'])))

    def test_by_an_accepted_one(self):
        letter = self.accept()
        self.assertEqual(self.file_by(letter)[0], 201)
        self.assertEqual(self.file_by(letter, procedure='care.certification')[0], 201)
        before = self.stored()
        self.assertProblem(self.file_by(letter, procedure='lem.certificate'), 403, 'delegation')
        intake, number, digest = letter.split()
        self.assertProblem(self.file_by(f'{intake} 001-099999-5 {digest}'), 403, 'delegation')
        # A decision that nobody knows may be a change of the letter that is still to come.
        self.assertProblem(self.file_by(f'{intake} {number} {"d" * 64}'), 404, 'delegation-unknown')
        self.assertEqual(self.stored(), before)

    def test_its_days(self):
        for how in ({'begins': 1}, {'begins': -30, 'ends': -1}):
            self.setUp()
            self.assertProblem(self.file_by(self.accept(**how)), 403, 'delegation')

    def test_the_day_of_receipt(self):
        """What came by post is judged by the day on which it came: the letter, too, and that day cannot be any."""
        posted = {'method': 'posted-copies', 'verdict': 'documents', 'revocation': 'none'}
        letter = self.accept(begins=-30, ends=-4)
        self.assertProblem(self.file_by(letter, **posted), 403, 'delegation')
        self.assertProblem(self.file_by(letter, received=days(-3), **posted), 403, 'delegation')
        for never in (days(1), days(-91)):
            self.assertProblem(self.file_by(letter, received=never, **posted), 422, 'binding')
        self.assertProblem(self.file_by(letter, received=days(-5)), 422, 'binding')
        self.assertEqual(self.file_by(letter, received=days(-5), **posted)[0], 201)

    def change(self, letter, **more):
        """An intake that is to change the letter."""
        intake = wire.new_intake()
        container = ward.intake(intake, letter=letter, procedure='common.delegation_change', number=None, **more)
        return intake, container, ward.put_intake(intake, container)

    def changed(self, letter, change, procedures='lem.certificate', begins=0, ends=30, people=('a', 'b'), end='', amends=None):
        """What comes of its approval; and the letter as it is named from then on."""
        intake, number, digest = letter.split()
        allows = f'{procedures} {days(begins)} {days(ends)} {people[0] * 64} {people[1] * 64} {amends or digest}{end}'
        body = ward.decision(change[1], allows=allows)
        after = hashlib.sha256(base64.b64decode(json.loads(body)['decision'])).hexdigest()
        return ward.put_decision(change[0], 2, body), f'{intake} {number} {after}'

    def test_amended(self):
        """R-IDN-12: what takes the place of what, by the order in which it came."""
        letter = self.accept()
        change = self.change(letter)
        self.assertEqual(change[2][0], 201, change[2])
        late = self.change(letter)
        self.assertEqual(late[2][0], 201)
        self.assertEqual(self.file_by(letter)[0], 201)  # the change is not approved
        answer, after = self.changed(letter, change)
        self.assertEqual(answer[0], 201, answer)
        self.assertProblem(self.file_by(letter), 403, 'delegation')
        self.assertProblem(self.file_by(letter, procedure='lem.certificate'), 403, 'delegation')
        self.assertProblem(self.file_by(after), 403, 'delegation')
        self.assertEqual(self.file_by(after, procedure='lem.certificate')[0], 201)
        # Two at the same time: the second would undo the first unseen. So would one that comes later.
        self.assertProblem(self.changed(letter, late, ends=60)[0], 403, 'delegation')
        self.assertProblem(self.change(letter)[2], 403, 'delegation')
        # And on from there, to its end.
        again = self.change(after)
        self.assertEqual(again[2][0], 201, again[2])
        answer, ended = self.changed(after, again, end=' ended')
        self.assertEqual(answer[0], 201, answer)
        for gone in (letter, after, ended):
            self.assertProblem(self.file_by(gone, procedure='lem.certificate'), 403, 'delegation')
            self.assertProblem(self.change(gone)[2], 403, 'delegation')

    def test_not_amended(self):
        letter = self.accept()
        change = self.change(letter)
        for wrong in ({'people': ('c', 'b')}, {'people': ('a', 'c')}, {'begins': 1}, {'procedures': 'pension.exemption,care.certification'},
                      {'amends': 'e' * 64}, {'end': ' ended'}):
            self.assertProblem(self.changed(letter, change, **wrong)[0], 403, 'delegation')
        self.assertProblem(ward.put_decision(change[0], 2, ward.decision(change[1])), 400, 'malformed-decision')
        allows = f'lem.certificate {days(0)} {days(30)} {"a" * 64} {"b" * 64}'
        self.assertProblem(ward.put_decision(change[0], 2, ward.decision(change[1], allows=allows)), 400, 'malformed-decision')
        self.assertProblem(self.change(self.letter_of_another())[2], 403, 'delegation')
        intake = wire.new_intake()
        alone = ward.intake(intake, procedure='common.delegation_change', number=None)
        self.assertProblem(ward.put_intake(intake, alone), 403, 'delegation')
        self.assertEqual(self.changed(letter, change)[0][0], 201)

    def letter_of_another(self):
        """The decision of one letter, and the intake of another."""
        self.setUp()
        first = self.accept()
        self.setUp()
        return ' '.join(self.accept().split()[:2] + first.split()[2:])

    def test_it_waits_for_the_change(self):
        letter = self.accept()
        change = self.change(letter)
        intake, number, digest = letter.split()
        body = ward.decision(change[1], allows=f'lem.certificate {days(0)} {days(30)} {"a" * 64} {"b" * 64} {digest}')
        after = f'{intake} {number} {hashlib.sha256(base64.b64decode(json.loads(body)["decision"])).hexdigest()}'
        self.assertProblem(self.file_by(after, procedure='lem.certificate'), 404, 'delegation-unknown')
        self.assertEqual(ward.put_decision(change[0], 2, body)[0], 201)
        self.assertEqual(self.file_by(after, procedure='lem.certificate')[0], 201)

    # --- Told to a terminal that did not accept it ---

    def ask(self, number, **how):
        return ward.request('GET', f'/v1/letters/{number}', **how)

    def told(self, number):
        """What is said of it, held against openapi.yaml."""
        status, headers, body = self.ask(number)
        self.assertEqual((status, headers['Content-Type']), (200, 'application/json'))
        self.assertIn('Madoguchi-Nonce', headers)
        with open(os.path.join(os.environ['MADOGUCHI_SOURCE'], 'data', 'protocol', 'openapi.yaml'), encoding='utf-8') as f:
            schema = yaml.safe_load(f)['components']['schemas']['Letter']
        said = json.loads(body)
        jsonschema.Draft202012Validator(schema).validate(said)
        self.assertLessEqual(set(said), set(schema['properties']))
        return said

    def test_told(self):
        """R-IDN-10: what it allows now, to any terminal of the office, and nothing of whom it is of."""
        number = self.number
        body, letter = self.accepted()
        self.assertProblem(self.ask(number), 404, 'delegation-unknown')
        self.assertEqual(ward.put_intake(self.intake, self.container)[0], 201)
        self.assertProblem(self.ask(number), 404, 'delegation-unknown')  # it waits
        self.assertEqual(ward.put_decision(self.intake, 2, body)[0], 201)
        digest = letter.split()[2]
        self.assertEqual(self.told(number), {
            'intake': self.intake, 'receipt_number': number, 'decision': digest, 'from': days(0), 'to': days(30),
            'principal': 'a' * 64, 'delegate': 'b' * 64, 'procedures': ['pension.exemption', 'care.certification'], 'ended': False})
        change = self.change(letter)
        self.assertEqual(self.told(number)['decision'], digest)  # not approved yet
        after = self.changed(letter, change)[1]
        said = self.told(number)
        self.assertEqual((said['decision'], said['procedures']), (after.split()[2], ['lem.certificate']))
        self.assertEqual(self.file_by(f'{said["intake"]} {number} {said["decision"]}', procedure='lem.certificate')[0], 201)
        ended = self.changed(after, self.change(after), end=' ended')[1]
        self.assertEqual((self.told(number)['decision'], self.told(number)['ended']), (ended.split()[2], True))
        noted = gate.rows("SELECT outcome, detail FROM audit WHERE event = 'letter' AND object_id = ?", self.intake)
        self.assertEqual(noted, [('done', 'terminal=T001')] * 5)

    def test_told_that_it_was_given_back(self):
        letter = self.accept()
        change = self.change(letter)
        self.assertEqual(self.changed(letter, change)[0][0], 201)
        time = '2026-11-22T05:00:00.123Z'
        gate.store.run('INSERT INTO ledger_notices (office, terminal, number, intake, officer, reason, time, digest, body)'
                       " VALUES ('139998', 'T001', 1, ?, 'B0002', 'wrong-entry', ?, '', ?)", change[0], time, b'\0')
        self.assertEqual(self.told(self.number)['given_back'], time)

    def test_not_told(self):
        """Nothing of another kind, of no number twice in use, to nobody who is not registered, and in one spelling."""
        self.accept()
        self.assertProblem(self.ask(self.number, name='terminal-unregistered'), 403, 'terminal-unregistered')
        other = wire.new_intake()
        self.assertEqual(ward.put_intake(other, ward.intake(other))[0], 201)
        self.assertProblem(self.ask(wire.receipt_number(ward.count)), 404, 'delegation-unknown')
        for path in (self.number + '/', self.number.replace('-', ''), self.number[:-1] + str((int(self.number[-1]) + 1) % 10), '', '%31'):
            self.assertProblem(self.ask(path), 404, 'not-found')
        self.assertProblem(ward.request('PUT', f'/v1/letters/{self.number}', b'x', {'Content-Length': '1'}), 405, 'method-not-allowed')
        gate.store.run("INSERT INTO ledger_items SELECT (SELECT max (sequence) FROM ledger_items) + 1, ?, 1, digest, received, office,"
                       " terminal, receipt_number, procedure, officer, decision, policy_version, policy_digest, nonce, NULL, replaces,"
                       ' receipt FROM ledger_items WHERE intake = ? AND n = 1', wire.new_intake(), self.intake)
        self.assertProblem(self.ask(self.number), 404, 'delegation-unknown')

    def test_told_so_often(self):
        """Nobody goes through all the numbers: what is answered no, counts too."""
        ward.stop_gateway()
        ward.start_gateway()
        letter = self.accept()
        for n in range(30):
            self.assertEqual(self.ask(self.number if n % 2 else wire.receipt_number(999999))[0], 200 if n % 2 else 404)
        self.assertProblem(self.ask(self.number), 429, 'too-often')
        refused = gate.rows("SELECT detail FROM audit WHERE event = 'refuse' ORDER BY seq DESC LIMIT 1")
        self.assertEqual(refused, [('terminal=T001 what=GET:- code=too-often',)])
        self.assertEqual(self.file_by(letter)[0], 201)  # and nothing else is held up by it
        ward.stop_gateway()
        ward.start_gateway()

    def test_it_waits_for_the_letter(self):
        """Items of two intakes do not wait for each other on the line: what is not here yet may come."""
        body, letter = self.accepted()
        self.assertProblem(self.file_by(letter), 404, 'delegation-unknown')
        self.assertEqual(ward.put_intake(self.intake, self.container)[0], 201)
        self.assertProblem(self.file_by(letter), 404, 'delegation-unknown')
        self.assertEqual(ward.put_decision(self.intake, 2, body)[0], 201)
        self.assertEqual(self.file_by(letter)[0], 201)

    def test_not_by_another_application(self):
        other = wire.new_intake()
        container = ward.intake(other)
        number = wire.receipt_number(ward.count)
        self.assertEqual(ward.put_intake(other, container)[0], 201)
        body = ward.decision(container)
        self.assertEqual(ward.put_decision(other, 2, body)[0], 201)
        digest = hashlib.sha256(base64.b64decode(json.loads(body)['decision'])).hexdigest()
        self.assertProblem(self.file_by(f'{other} {number} {digest}'), 403, 'delegation')

    def test_what_an_approval_says(self):
        """What a letter allows stands in its approval, and nowhere else."""
        self.assertEqual(ward.put_intake(self.intake, self.container)[0], 201)
        self.assertProblem(ward.put_decision(self.intake, 2, ward.decision(self.container)), 400, 'malformed-decision')
        other = wire.new_intake()
        container = ward.intake(other)
        self.assertEqual(ward.put_intake(other, container)[0], 201)
        allows = f'pension.exemption {days(0)} {days(1)} {"a" * 64} {"b" * 64}'
        self.assertProblem(ward.put_decision(other, 2, ward.decision(container, allows=allows)), 400, 'malformed-decision')
        # And what was refused and restored is accepted by the later decision.
        refused = ward.decision(self.container, kind='reject')
        self.assertEqual(ward.put_decision(self.intake, 2, refused)[0], 201)
        self.assertProblem(self.file_by(self.accepted()[1]), 404, 'delegation-unknown')


class Order(gate.GatewayCase):
    """R-FORM-07: what may follow upon what, for a terminal that has its own mind about it. Of the courses of up to three
    steps the legal ones are the four decisions, return and withdrawal, return and another intake that takes it up
    again, these last two as they may arrive the other way round, and what follows upon a return or refusal that was undone."""

    def begin(self, **more):
        intake = wire.new_intake()
        container = ward.intake(intake, **more)
        self.assertEqual(ward.put_intake(intake, container)[0], 201)
        return intake, container

    def decide(self, item, n, kind, before):
        """Puts the Nth decision, whatever our own tools think of it; returns its body and what came of it."""
        intake, container = item
        if n == 2:
            body = ward.decision(container, kind=kind)
        else:
            made = ward.decision(container, ward.decision(container, kind='return'), kind='withdraw')
            signature = base64.b64decode(json.loads(before)['signature'])
            changes = {'n': n, 'decision': kind, 'previous_signature_sha256': hashlib.sha256(signature).hexdigest()}
            if kind == 'withdraw':  # which the clerk may, where anybody may
                changes.update(officer='S0001', role='clerk-number')
            body = forge(json.loads(made), changes, changes.get('officer', 'S0101'))
        return body, ward.put_decision(intake, n, body)

    def replace(self, item, **more):
        """What comes of another intake that takes this one up again."""
        intake = wire.new_intake()
        return ward.put_intake(intake, ward.intake(intake, replaces=item[0], **more))

    def assertRefused(self, answer, *what):
        self.assertProblem(answer, *what)
        return json.loads(answer[2]).get('detail', '')

    def test_every_decision_after_every_other(self):
        for first in KINDS:
            item = self.begin()
            body, answer = self.decide(item, 2, first, None)
            self.assertEqual(answer[0], 201)
            for second in ('approve', 'return', 'reject'):
                with self.subTest(first=first, second=second):
                    detail = self.assertRefused(self.decide(item, 3, second, body)[1], 409, 'out-of-order')
                    self.assertIn('may not follow', detail)
            with self.subTest(first=first, second='withdraw'):
                body, answer = self.decide(item, 3, 'withdraw', body)
                if first != 'return':
                    self.assertProblem(answer, 409, 'out-of-order')
                    continue
                self.assertEqual(answer[0], 201)
            for third in KINDS:
                with self.subTest(first=first, second='withdraw', third=third):
                    self.assertProblem(self.decide(item, 4, third, body)[1], 409, 'out-of-order')

    def test_what_was_returned_or_refused_is_restored(self):
        """R-IDN-09: and then it is decided upon anew; by the clerk it is not, nor what was approved or withdrawn."""
        for first in KINDS:
            item = self.begin()
            body = self.decide(item, 2, first, None)[0]
            with self.subTest(first=first):
                if first in ('approve', 'withdraw'):
                    self.assertProblem(self.decide(item, 3, 'restore', body)[1], 409, 'out-of-order')
                    continue
                signature = hashlib.sha256(base64.b64decode(json.loads(body)['signature'])).hexdigest()
                made = json.loads(ward.decision(item[1], ward.decision(item[1], kind='return'), kind='withdraw'))
                clerks = forge(made, {'decision': 'restore', 'officer': 'S0001', 'role': 'clerk-number',
                                      'previous_signature_sha256': signature}, 'S0001')
                self.assertProblem(ward.put_decision(item[0], 3, clerks), 403, 'same-officer')
                body, answer = self.decide(item, 3, 'restore', body)
                self.assertEqual(answer[0], 201)
                body, answer = self.decide(item, 4, 'approve', body)
                self.assertEqual(answer[0], 201)
                self.assertProblem(self.decide(item, 5, 'restore', body)[1], 409, 'out-of-order')

    def test_restored_after_another_has_come_for_it(self):
        """Returned, restored and returned again: what takes it up may come before the second return, and stands."""
        item = self.begin()
        body = self.decide(item, 2, 'return', None)[0]
        self.assertEqual(self.replace(item)[0], 201)
        body, answer = self.decide(item, 3, 'restore', body)
        self.assertEqual(answer[0], 201)
        for kind in ('approve', 'reject'):
            self.assertProblem(self.decide(item, 4, kind, body)[1], 409, 'out-of-order')
        self.assertEqual(self.decide(item, 4, 'return', body)[1][0], 201)

    def test_only_what_was_returned_is_taken_up_again(self):
        for first in ('approve', 'reject', 'withdraw'):
            with self.subTest(first=first):
                item = self.begin()
                self.assertEqual(self.decide(item, 2, first, None)[1][0], 201)
                self.assertIn('not returned', self.assertRefused(self.replace(item), 422, 'binding'))
        with self.subTest(first='return', second='withdraw'):
            item = self.begin()
            body = self.decide(item, 2, 'return', None)[0]
            self.assertEqual(self.decide(item, 3, 'withdraw', body)[1][0], 201)
            self.assertIn('not returned', self.assertRefused(self.replace(item), 422, 'binding'))

    def test_only_by_the_same_procedure(self):
        item = self.begin()
        self.assertEqual(self.decide(item, 2, 'return', None)[1][0], 201)
        self.assertIn('another office', self.assertRefused(self.replace(item, procedure='lem.certificate'), 422, 'binding'))

    def test_what_was_taken_up_again_is_settled(self):
        item = self.begin()
        body = self.decide(item, 2, 'return', None)[0]
        self.assertEqual(self.replace(item)[0], 201)
        for kind in KINDS:
            with self.subTest(kind=kind):
                self.assertProblem(self.decide(item, 3, kind, body)[1], 409, 'out-of-order')
        self.assertProblem(self.replace(item), 409, 'already-replaced')

    def test_the_new_one_may_come_first(self):
        old = wire.new_intake()
        container = ward.intake(old)
        item = old, container
        self.assertEqual(self.replace(item)[0], 201)
        self.assertProblem(self.replace(item), 409, 'already-replaced')
        self.assertEqual(ward.put_intake(old, container)[0], 201)
        for kind in ('approve', 'reject', 'withdraw'):
            with self.subTest(kind=kind):
                self.assertProblem(self.decide(item, 2, kind, None)[1], 409, 'out-of-order')
        body, answer = self.decide(item, 2, 'return', None)
        self.assertEqual(answer[0], 201)
        self.assertProblem(self.decide(item, 3, 'withdraw', body)[1], 409, 'out-of-order')
        self.assertProblem(self.replace(item), 409, 'already-replaced')

    def test_a_refusal_is_recorded_by_name(self):
        item = self.begin()
        self.assertEqual(self.decide(item, 2, 'return', None)[1][0], 201)
        self.assertEqual(self.replace(item)[0], 201)
        again = wire.new_intake()
        ward.put_intake(again, ward.intake(again, replaces=item[0]))
        self.assertEqual(gate.rows('SELECT outcome, detail FROM audit WHERE object_id = ?', again),
                         [('refused', 'terminal=T001 what=PUT:intake code=already-replaced')])


if __name__ == '__main__':
    unittest.main(verbosity=2)
