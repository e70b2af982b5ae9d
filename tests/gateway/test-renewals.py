#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Certificates of terminals that are renewed, and terminals that are served no more. Run inside tests/isolated."""

import base64
import os
import signal
import sys
import time
import unittest

sys.dont_write_bytecode = True

import gate  # noqa: E402
import wire  # noqa: E402
import world  # noqa: E402
from gate import ward  # noqa: E402
from renewing import URI, ask, ask_openssl, decline_all, install_keys, key_in, listed, path, request, run, sign  # noqa: E402

def noted(key):
    return [detail for (detail,) in gate.rows("SELECT detail FROM audit WHERE event = 'renew' AND object_digest = ? ORDER BY seq", key)]


class Course(gate.GatewayCase):
    def tearDown(self):
        super().tearDown()
        install_keys(ward.key_of('terminal'))
        decline_all()

    def test_from_the_request_to_the_new_key_alone(self):
        body = request('new')
        key, old = key_in(body), ward.key_of('terminal')
        for _ in range(3):  # until there is an answer, the same question
            self.assertEqual(ask(body)[::2], (202, b''))
        again = ask_openssl('req', '-new', '-key', path('new', 'key'), '-subj', '/CN=T001', '-outform', 'DER', '-addext',
                            'subjectAltName=' + URI.format('139998', 'T001'))
        self.assertNotEqual(again, body, 'the same request with another signature')
        self.assertEqual(ask(again)[0], 202)
        self.assertEqual(listed()[key], ('T001', 'open', 'not-listed'))
        self.assertEqual(noted(key), ['terminal=T001 state=asked'])

        code, pem, _ = run('requests', key)
        self.assertEqual(code, 0)
        self.assertEqual(base64.b64decode(''.join(pem.splitlines()[1:-1])), body)
        with open(path('new', 'csr'), 'wb') as f:  # what the authority gets is what the gateway printed
            f.write(ask_openssl('req', '-outform', 'DER', input=pem.encode()))
        sign('new')
        self.assertEqual(run('certify', path('new', 'crt'))[:2], (0, f'T001\t{key}\tnot-listed\n'))
        self.assertEqual(listed()[key], ('T001', 'certified', 'not-listed'))
        self.assertEqual(ask(body)[0], 202, 'before two people have signed a policy with this key, nobody is served with it')
        self.assertProblem(ward.request('GET', '/v1/policy', name='new'), 403, 'terminal-key')

        install_keys(old, key)
        certificate = ask_openssl('x509', '-in', path('new', 'crt'), '-outform', 'DER')
        for _ in range(2):
            status, headers, got = ask(body)
            self.assertEqual((status, headers['Content-Type'], got), (200, 'application/pkix-cert', certificate))
        self.assertEqual(listed()[key], ('T001', 'fetched', 'listed'))
        self.assertEqual(noted(key), [f'terminal=T001 state={state}' for state in ('asked', 'certified', 'fetched')])
        self.assertEqual(run('decline', key)[0], 1, 'what the terminal has is decided')
        self.assertEqual(ward.request('GET', '/v1/policy')[0], 200)
        self.assertEqual(ward.request('GET', '/v1/policy', name='new')[0], 200)
        self.assertEqual(ask(body, name='new')[:1], (422,), 'with the new key there is nothing to renew')

        install_keys(key)
        self.assertProblem(ward.request('GET', '/v1/policy'), 403, 'terminal-key')
        self.assertProblem(ask(request('late')), 403, 'terminal-key')
        intake = wire.new_intake()
        self.assertEqual(ward.put_intake(intake, ward.intake(intake), name='new')[0], 201)

    def test_kept_through_a_crash(self):
        """What was answered with 202 is there, and what was certified is handed out, whatever dies in between."""
        body = request('kept')
        key = key_in(body)
        self.assertEqual(ask(body)[0], 202)
        for step in ('open', 'certified'):
            ward.stop_gateway(how=signal.SIGKILL)
            self.assertEqual(listed()[key][1], step)
            if step == 'open':
                sign('kept')
                self.assertEqual(run('certify', path('kept', 'crt'))[0], 0, 'also while no gateway serves')
            ward.start_gateway()
        install_keys(ward.key_of('terminal'), key)
        self.assertEqual(ask(body)[0], 200)

    def test_what_is_not_certified(self):
        good = request('good')
        key = key_in(good)
        self.assertEqual(ask(good)[0], 202)
        request('other')  # nobody asked for this key
        wrong = (('other', {}, 'no terminal waits'),
                 ('good', {'ca': 'staff-ca'}, 'not taken'),
                 ('good', {'more': URI.format('139998', 'T002')}, 'not of the terminal'),
                 ('good', {'more': URI.format('131016', 'T001')}, 'not of the terminal'),
                 ('good', {'more': 'DNS:gateway'}, 'not of the terminal'),
                 ('good', {'extensions': 'keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n'}, 'clientAuth'),
                 ('good', {'extensions': 'keyUsage=critical,keyAgreement\nextendedKeyUsage=clientAuth\n'}, 'not taken'))
        for name, how, words in wrong:
            sign(name, **how)
            code, _, told = run('certify', path(name, 'crt'))
            self.assertEqual(code, 1, (name, how))
            self.assertIn(words, told, (name, how))
        gate.issue('ended', '20200101000000Z', '20210101000000Z')
        self.assertEqual(run('certify', path('ended', 'crt'))[0], 1)
        self.assertEqual(run('certify', path('good', 'key'))[0], 1)
        self.assertEqual(listed()[key], ('T001', 'open', 'not-listed'))
        self.assertEqual(run('requests', '0' * 64)[0], 1)
        self.assertEqual(run('decline', '0' * 64)[0], 1)
        self.assertEqual(run('certify')[0], 2)
        self.assertEqual(noted(key), ['terminal=T001 state=asked'])
        sign('good')
        self.assertEqual(run('certify', path('good', 'crt'))[0], 0)
        self.assertEqual(run('decline', key)[0], 0, 'until it was fetched, somebody may think better of it')
        self.assertProblem(ask(good), 409, 'renewal-declined')


class Refused(gate.GatewayCase):
    def tearDown(self):
        super().tearDown()
        decline_all()

    def test_whose_request_it_is(self):
        for name, how in (('of-terminal', {'terminal': 'T002'}), ('of-office', {'office': '131016'}),
                          ('longer', {'terminal': 'T0010'})):
            self.assertProblem(ask(request(name, **how)), 403, 'renewal-foreign')
        for name, names in (('none', []), ('two', [URI.format('139998', 'T001'), URI.format('139998', 'T002')]),
                            ('dns', ['DNS:T001']), ('both', [URI.format('139998', 'T001'), 'DNS:gateway'])):
            self.assertProblem(ask(request(name, names=names)), 400, 'malformed-request')
        self.assertEqual(gate.rows("SELECT count (*) FROM ledger_renewals WHERE state = 'open'"), [(0,)])

    def test_which_key(self):
        for name, how in (('rsa-1024', {'key': ('rsa:1024',)}), ('p-521', {'key': ('ec', '-pkeyopt', 'ec_paramgen_curve:P-521')}),
                          ('bitcoin', {'key': ('ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1')}),
                          ('ed25519', {'key': ('ed25519',), 'digest': None}), ('sha-1', {'digest': '-sha1'})):
            self.assertProblem(ask(request(name, **how)), 422, 'renewal-key')
        body = bytearray(request('damaged'))
        body[-1] ^= 1
        self.assertProblem(ask(bytes(body)), 422, 'renewal-key')
        same = ask_openssl('req', '-new', '-key', path('terminal', 'key'), '-subj', '/CN=T001', '-outform', 'DER', '-addext',
                           'subjectAltName=' + URI.format('139998', 'T001'))
        self.assertProblem(ask(same), 422, 'renewal-key')
        for name, how in (('rsa-2048', {'key': ('rsa:2048',)}), ('p-384', {'key': ('ec', '-pkeyopt', 'ec_paramgen_curve:P-384')})):
            self.assertEqual(ask(request(name, **how))[0], 202, name)

    def test_what_is_no_request(self):
        body = request('body')
        for wrong in (b'', b'x', os.urandom(400), body[:-1], body + b'\0'):
            self.assertProblem(ask(wrong), 400, 'malformed-request')
        self.assertProblem(ask(body, headers={'Content-Type': 'application/json'}), 415, 'media-type')
        self.assertProblem(ask(b'x' * 8193), 413, 'too-large')
        self.assertProblem(ask(body, name='terminal-unregistered'), 403, 'terminal-unregistered')
        self.assertProblem(ward.request('GET', '/v1/renewal'), 405, 'method-not-allowed')

    def test_no_more_than_a_few(self):
        bodies = [request(f'many-{i}') for i in range(5)]
        self.assertEqual([ask(body)[0] for body in bodies[:3]], [202] * 3)
        answer = ask(bodies[3])
        self.assertProblem(answer, 429, 'renewals-full')
        self.assertEqual(answer[1]['Retry-After'], '600')
        self.assertEqual(ask(bodies[0])[0], 202, 'those that are there go on')
        self.assertEqual(run('decline', key_in(bodies[0]))[0], 0)
        self.assertEqual(ask(bodies[3])[0], 202)
        self.assertProblem(ask(bodies[4]), 429, 'renewals-full')


class AtOnce(gate.GatewayCase):
    """R-LINE-04, X14: who is served no more is served no more, in the middle of whatever it was doing."""

    def setUp(self):
        self.key = ward.key_of('terminal')
        self.intake = wire.new_intake()
        self.body = ward.intake(self.intake, values={'p.name': '窓' * 60000})
        self.addCleanup(install_keys, self.key)

    def revoke(self):
        install_keys('0' * 64)

    def test_between_two_chunks(self):
        line = ward.connect()
        self.assertEqual(ward.upload(self.intake, self.body, 0, connection=line)[0], 200)
        self.revoke()
        self.assertProblem(ward.upload(self.intake, self.body, wire.CHUNK, connection=line), 403, 'terminal-key')
        line.close()
        for answer in (ward.upload(self.intake, self.body), ward.finish(self.intake, self.body),
                       ward.upload(self.intake, self.body, wire.CHUNK)):
            self.assertProblem(answer, 403, 'terminal-key')
        install_keys(self.key)
        self.assertIn(b'"offset":%d' % wire.CHUNK, ward.upload(self.intake, self.body)[2].replace(b' ', b''),
                      'nothing got there meanwhile, and nothing of before is lost')

    def test_in_the_middle_of_a_body(self):
        line = ward.connect()
        line.putrequest('PUT', f'/v1/intakes/{self.intake}')
        for name, value in (('Content-Type', wire.CONTAINER), ('Content-Digest', wire.digest(self.body)),
                            ('Content-Length', str(len(self.body)))):
            line.putheader(name, value)
        line.endheaders(self.body[:len(self.body) // 2])
        self.revoke()
        line.send(self.body[len(self.body) // 2:])
        answer = line.getresponse()
        self.assertProblem((answer.status, answer.headers, answer.read()), 403, 'terminal-key')
        line.close()
        self.assertEqual(gate.rows('SELECT count (*) FROM ledger_items WHERE intake = ?', self.intake), [(0,)])

    def test_a_certificate_that_ends_on_an_open_connection(self):
        now = time.time()
        form = '%y%m%d%H%M%SZ'
        gate.issue('ending', time.strftime(form, time.gmtime(now - 60)), time.strftime(form, time.gmtime(now + 8)))
        install_keys(self.key, ward.key_of('ending'))
        line = ward.connect(name='ending')
        self.assertEqual(ward.request('GET', '/v1/policy', connection=line)[0], 200)
        world.wait_until(lambda: time.time() > now + 9, 'its end')
        self.assertProblem(ward.request('GET', '/v1/policy', connection=line), 403, 'terminal-key')
        self.assertProblem(ask(request('after'), connection=line), 403, 'terminal-key')
        line.close()
        with self.assertRaises(OSError):
            ward.request('GET', '/v1/policy', name='ending')


if __name__ == '__main__':
    unittest.main(verbosity=2)
