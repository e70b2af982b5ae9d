#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Scanned documents from the wire to the desk: each comes out as it went in, or nothing does. Run inside tests/isolated."""

import hashlib
import json
import os
import re
import stat
import struct
import sys
import tempfile
import unicodedata
import unittest
import zlib

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'world'))

from opening import Desk, evidence, ward, wire  # noqa: E402


def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))


def png(seed):
    rows = b''.join(b'\0' + bytes((seed + x * y) % 256 for x in range(16)) for y in range(16))
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 16, 16, 8, 0, 0, 0, 0))
            + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))


PDF = b'%PDF-1.4\n1 0 obj\n<</Type /Page>>\nendobj\nstartxref\n9\n%%EOF\n'
TYPES = {b'%PDF': 'application/pdf', b'\x89PNG': 'image/png'}


def type_of(document):
    return TYPES[document[:4]]


def said(documents, scanner=None):
    """What the application says of them."""
    return [{'part': f'{n:02}', 'content_type': type_of(one), 'pages': 1, 'size': len(one),
             'sha256': hashlib.sha256(one).hexdigest(), 'scanner': scanner} for n, one in enumerate(documents, 1)]


class Attachments(Desk):
    def container(self, papers, documents, types=None, **more):
        intake = wire.new_intake()
        files = []
        for document, kind in zip(documents, types or map(type_of, documents)):
            with tempfile.NamedTemporaryFile(dir=ward.at('run'), delete=False) as f:
                f.write(document)
            files.append(f'{kind} {f.name}')
        more.setdefault('evidence', evidence(intake))
        more.setdefault('values', {'p.name': '開封 試子', 'n.bpn': '1234567890'})
        return intake, ward.intake(intake, papers=papers, attachment=files, **more)

    def deliver_with(self, papers, documents, **more):
        intake, container = self.container(papers, documents, **more)
        answer = ward.put_intake(intake, container)
        self.assertEqual(answer[0], 201, answer[2])
        self.assertEqual(ward.put_decision(intake, 2, ward.decision(container))[0], 201)
        return intake

    def assertForged(self, papers, documents, **more):
        intake = self.deliver_with(papers, documents, **more)
        with tempfile.TemporaryDirectory() as folder:
            self.assertRefused(5, 'attachments', intake, folder)
            self.assertEqual(os.listdir(folder), [])
        self.assertIn(('attachments', 'refused'), [row[:2] for row in self.audit(intake)])

    def test_out_as_it_went_in(self):
        documents = [PDF, png(1), png(2)]
        papers = [{'paper': 'income', 'how': 'scanned', 'documents': said(documents, 'clamdscan')[:2]},
                  {'paper': 'separation', 'how': 'kept', 'documents': said(documents)[2:]}]
        intake = self.deliver_with(papers, documents)
        with tempfile.TemporaryDirectory() as folder:
            run = self.run_desk('--officer', 'B0001', '--reason', 'R01', '--json', 'attachments', intake, folder)
            self.assertEqual(run.returncode, 0, run.stderr)
            told = json.loads(run.stdout)
            self.assertEqual([(paper['paper'], paper['how'], [one['file'] for one in paper['documents']])
                              for paper in told['papers']],
                             [('income', 'scanned', ['01.pdf', '02.png']), ('separation', 'kept', ['03.png'])])
            self.assertEqual([one['scanner'] for paper in told['papers'] for one in paper['documents']],
                             ['clamdscan', 'clamdscan', None])
            self.assertEqual([one['class'] for paper in told['papers'] for one in paper['documents']],
                             ['income', 'income', 'my-number'])
            self.assertEqual(sorted(os.listdir(folder)), ['01.pdf', '02.png'], 'what may bear a number waits for --reveal-number')
            for name, document in zip(('01.pdf', '02.png'), documents):
                path = os.path.join(folder, name)
                with open(path, 'rb') as f:
                    self.assertEqual(f.read(), document)
                self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
            run = self.run_desk('attachments', intake, folder)
            self.assertEqual(run.returncode, 1, 'what is there already is not written over')
        self.assertIn(('attachments', 'done', 'B0001', 'R01'), [row[:4] for row in self.audit(intake)])
        run = self.run_desk('attachments', intake)
        self.assertIn('checked for viruses by clamdscan', run.stdout)
        self.assertIn('not checked for viruses', run.stdout)
        checks = json.loads(self.run_desk('--json', 'verify', intake).stdout)['checks']
        self.assertIn(('attachments', 'passed'), [(check['check'], check['state']) for check in checks])

    def test_by_class(self):
        """Pages on which a number may stand are sealed to the vault, and given out as the number is."""
        documents = [PDF, png(9)]
        papers = [{'paper': 'income', 'how': 'scanned', 'documents': said(documents)[:1]},
                  {'paper': 'separation', 'how': 'scanned', 'documents': said(documents)[1:]}]
        intake = self.deliver_with(papers, documents, types=['application/pdf:class', 'image/png:number'])
        with tempfile.TemporaryDirectory() as folder:
            run = self.run_desk('attachments', intake, folder)
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertIn('may bear an individual number', run.stdout)
            self.assertEqual(os.listdir(folder), ['01.pdf'])
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.run_desk('--reveal-number', 'attachments', intake, folder, reason=None).returncode, 2)
            run = self.run_desk('--reveal-number', '--officer', 'B0001', '--reason', 'R02', 'attachments', intake, folder)
            self.assertEqual(run.returncode, 0, run.stderr)
            with open(os.path.join(folder, '02.png'), 'rb') as f:
                self.assertEqual(f.read(), documents[1])
        self.assertIn(('reveal', 'done', 'B0001', 'R02'), [row[:4] for row in self.audit(intake)])
        with tempfile.TemporaryDirectory() as folder:
            run = self.run_desk('attachments', intake, folder, config=self.config(vault_certificate=None, vault_key=None))
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertIn('sealed to the number vault', run.stdout)
            self.assertEqual(os.listdir(folder), ['01.pdf'])

    def test_of_another_class_since(self):
        """The class of a paper was corrected within a version of its form: how it was sealed decides which key opens it, the stricter of
        the two classes how it is shown, and nobody calls it forged."""
        documents = [PDF, png(9)]
        papers = [{'paper': 'income', 'how': 'scanned', 'documents': said(documents)[:1]},
                  {'paper': 'separation', 'how': 'scanned', 'documents': said(documents)[1:]}]
        intake = self.deliver_with(papers, documents, types=['application/pdf:number', 'image/png:class'])
        with tempfile.TemporaryDirectory() as folder:
            run = self.run_desk('attachments', intake, folder)
            self.assertEqual((run.returncode, os.listdir(folder)), (0, []), run.stderr)
            self.assertEqual(run.stdout.count('sealed for another class'), 2, run.stdout)
            run = self.run_desk('--reveal-number', '--reason', 'R02', 'attachments', intake, folder)
            self.assertEqual((run.returncode, sorted(os.listdir(folder))), (0, ['01.pdf', '02.png']), run.stderr)
        told = [one for paper in json.loads(self.run_desk('--json', 'attachments', intake).stdout)['papers'] for one in paper['documents']]
        self.assertEqual([(one['class'], one['class_differs']) for one in told], 2 * [('my-number', True)])
        run = self.run_desk('verify', intake)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn('2 sealed for another class', run.stdout)

    def test_another_is_not_let_out(self):
        mine, other = png(3), png(4)
        paper = {'paper': 'income', 'how': 'scanned'}
        self.assertForged([{**paper, 'documents': said([mine])}], [other])
        self.assertForged([{**paper, 'documents': said([mine, other])}], [mine])
        self.assertForged([{**paper, 'documents': said([mine])}], [mine, other])
        self.assertForged(None, [mine])
        self.assertForged([{**paper, 'documents': said([mine])}], [mine], types=['application/pdf'])
        self.assertForged([{**paper, 'documents': [{**said([mine])[0], 'content_type': 'application/pdf'}]}], [mine],
                          types=['application/pdf'])

    def test_passed_by_an_older_inspection(self):
        """What was sealed before the inspection grew stricter is no forgery: it comes out, with a warning and under a name that opens nothing."""
        script = PDF.replace(b'<</Type /Page>>', b'<</Type /Page/S/JavaScript>>')
        intake = self.deliver_with([{'paper': 'income', 'how': 'scanned', 'documents': said([script, png(8)])}], [script, png(8)])
        with tempfile.TemporaryDirectory() as folder:
            run = self.run_desk('attachments', intake, folder)
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertEqual(run.stdout.count('do not open it\n'), 1, run.stdout)
            self.assertEqual(sorted(os.listdir(folder)), ['01.pdf.doubtful', '02.png'])
            with open(os.path.join(folder, '01.pdf.doubtful'), 'rb') as f:
                self.assertEqual(f.read(), script)
        told = json.loads(self.run_desk('--json', 'attachments', intake).stdout)
        self.assertEqual([one['inspection_passed'] for one in told['papers'][0]['documents']], [False, True])
        run = self.run_desk('verify', intake)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn("1 of which today's inspection does not pass", run.stdout)

    def test_names_that_are_none(self):
        """What would move the cursor, or begin a line of its own, is no name of a paper: nothing of it is opened."""
        one = png(5)
        for paper in ('income\x1b[2J', 'income\nSHA-256 0', 'income\u009b31m', 'income\u202e', 'in come', '', None, 'i' * 65):
            with self.subTest(paper=paper):
                self.assertForged([{'paper': paper, 'how': 'scanned', 'documents': said([one])}], [one])
        self.assertForged([{'paper': 'income', 'how': 'scanned\r\n', 'documents': said([one])}], [one])
        self.assertForged([{'paper': 'income', 'how': 'waived', 'inquiry': 'JS-1\x1b]0;x\x07'}], [])

    def test_nothing_commands_the_terminal(self):
        """Whatever a container holds stays text, in every command that prints: no control character, no line that is not its own."""
        hostile = '開封\x1b[31m\x07\r\u009b2J\u202e\x7f\n  Number: 000000000000\nState: approved'
        one = png(6)
        papers = [{'paper': 'income', 'how': 'scanned', 'documents': said([one], 'scan\x1b[2J\nner')}]
        intake = self.deliver_with(papers, [one], values={'p.name': hostile, 'p.addr': hostile, 'n.bpn': '1234567890'})
        for command in (('open', intake), ('attachments', intake), ('verify', intake), ('confirm', intake), ('list',),
                        ('return', intake), ('open', 'x\x1b[2J\ny')):
            for more in ((), ('--json',)):
                with self.subTest(command=command, more=more):
                    run = self.run_desk('--reason', 'R01', *more, *command)
                    said_there = run.stdout + run.stderr
                    self.assertTrue(said_there)
                    self.assertFalse([c for c in said_there if unicodedata.category(c) == 'Cc' and c != '\n' or c in '\u202e\u2066'])
                    self.assertNotIn('\nState: approved\nState', said_there)
                    for line in said_there.split('\n') if not more else ():
                        self.assertFalse(line.startswith(('  Number:', 'y', 'ner')), line)
                    if more and run.stdout and run.returncode == 0:
                        json.loads(run.stdout)
        shown = self.run_desk('open', intake).stdout
        self.assertIn('開封\\u001b[31m\\u0007\\u000d\\u009b2J\\u202e\\u007f', shown)
        self.assertEqual([line for line in shown.split('\n') if line.startswith('State:')], ['State: approved'])

    def test_left_out_for_an_inquiry(self):
        intake = self.deliver_with([{'paper': 'income', 'how': 'waived', 'inquiry': 'JS-2026-000123'}], [])
        told = json.loads(self.run_desk('--json', 'attachments', intake).stdout)
        self.assertEqual(told['papers'][0]['inquiry'], 'JS-2026-000123')
        self.assertFalse(told['papers'][0]['result_here'])
        self.assertIn('has not been taken in here', self.run_desk('attachments', intake).stdout)
        self.assertEqual(self.waived_line(intake)['other'], 'JS-2026-000123', 'by a number of before: confirmed as any other')
        reply = {'schema': 'madoguchi-reply/1',
                 'replies': [{'inquiry': 'JS-2026-000123', 'intake': intake, 'kind': 'result', 'responder': '架空市', 'insured': '1234567890',
                              'answered': '2026-11-20', 'answer': '課税なし'}]}
        path = ward.text('reply', reply)
        run = self.run_desk('--officer', 'B0001', 'reply', path)
        self.assertEqual(run.returncode, 0, run.stderr + run.stdout)
        self.assertTrue(json.loads(self.run_desk('--json', 'attachments', intake).stdout)['papers'][0]['result_here'])

    def test_an_inquiry_is_confirmed(self):
        """R-FORM-38: what was left out for an inquiry is not complete before somebody here has seen that it answers the same."""
        number = 'TX-2026-000123-3'
        paper = {'paper': 'income', 'how': 'waived', 'inquiry': number}
        intake = self.deliver_with([paper], [])
        run = self.run_desk('complete', intake)
        self.assertEqual(run.returncode, 10, run.stdout + run.stderr)
        self.assertIn(number, run.stdout)
        line = self.waived_line(intake)
        self.assertEqual((line['field'], line['other'], line['state']), ('income', number, 'open'))
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.run_desk('export', folder).returncode, 10)
            self.assertNotIn(intake, ''.join(open(os.path.join(folder, name), encoding='utf-8').read() for name in os.listdir(folder)))
        said = ('--officer', 'B0002', '--reason', 'C01', 'confirm', intake, line['mark'])
        self.assertEqual(self.run_desk('--officer', 'S0101', *said[2:]).returncode, 2, 'who approved it does not confirm it')
        self.assertEqual(self.run_desk(*said).returncode, 0)
        self.assertEqual(self.run_desk('complete', intake).returncode, 0)
        # A desk without the key of the list cannot see that: it asks until the intake has gone out, and then no more.
        blind = self.config()
        with open(blind, encoding='utf-8') as f:
            text = f.read()
        self.assertIn('[confirmation]\nkey=', text)
        with open(blind, 'w', encoding='utf-8') as f:
            f.write(re.sub('\\[confirmation\\]\nkey=.*\n', '', text))
        self.assertIn(intake, self.run_desk('--json', 'complete', '--all', config=blind).stdout)
        with tempfile.TemporaryDirectory() as folder:
            self.run_desk('export', folder)
            self.assertIn(intake, ''.join(open(os.path.join(folder, name), encoding='utf-8').read() for name in os.listdir(folder)))
        self.assertNotIn(intake, self.run_desk('--json', 'complete', '--all', config=blind).stdout)
        self.assertEqual(self.waived_line(intake)['officer'], 'B0002')
        self.assertIn(('confirm', 'done', 'B0002', 'C01'), [row[:4] for row in self.audit(intake)])
        refused = self.deliver_with([paper], [])
        mark = self.waived_line(refused)['mark']
        self.assertEqual(self.run_desk('--refuse', *said[:-2], refused, mark).returncode, 0)
        self.assertEqual(self.run_desk('complete', refused).returncode, 11)

    def waived_line(self, intake):
        run = self.run_desk('--officer', 'B0001', '--json', 'confirm', intake)
        return next(line for line in json.loads(run.stdout)['lines'] if line['rule'] == 'paper-waived')

    def test_the_gateway_counts(self):
        policy = ward.current_policy()
        policy['limits'].update(attachments=2, attachment_bytes=10000, attachments_bytes=15000)
        version, digest = ward.install_policy(policy)
        how = {'policy': version, 'policy_digest': digest}
        small = [png(5), png(6)]
        large = png(7)[:-12] + chunk(b'teXt', os.urandom(80000)) + chunk(b'IEND', b'')
        for documents, status in ((small, 201), (small + [png(8)], 413), ([large], 413)):
            intake, container = self.container([{'paper': 'income', 'how': 'scanned', 'documents': said(documents)}],
                                               documents, **how)
            answer = ward.put_intake(intake, container)
            self.assertEqual(answer[0], status, answer[2])
            if status != 201:
                self.assertEqual(wire.problem(answer), (413, 'too-large'))


if __name__ == '__main__':
    unittest.main()
