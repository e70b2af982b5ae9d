#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The line against peers that are not our gateway, and against one that lies. Run inside tests/isolated."""

import email.utils
import hashlib
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import unittest

sys.dont_write_bytecode = True

from drive import LineCase, ward, wire, world  # noqa: E402

LIAR_PORT = 8445


class Listener:
    """Somebody at the liar's port, who does with each connection what serve() does."""

    def __init__(self):
        self.listener = socket.create_server(('127.0.0.1', LIAR_PORT))
        self.listener.settimeout(0.1)
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def close(self):
        self.stopping.set()
        self.thread.join(5)
        self.listener.close()

    def accept(self):
        while not self.stopping.is_set():
            try:
                line, _ = self.listener.accept()
            except TimeoutError:
                continue
            threading.Thread(target=self.serve, args=(line,), daemon=True).start()


class Liar(Listener):
    """An HTTPS server with the gateway's own key that answers what the test wants."""

    def __init__(self, context, answer):
        self.context, self.answer = context, answer
        self.requests = []
        self.policy = {}  # headers with what it says of the policy
        super().__init__()

    def serve(self, plain):
        try:
            plain.settimeout(90)
            with self.context.wrap_socket(plain, server_side=True) as line, line.makefile('rb') as reader:
                while self.one(line, reader):
                    pass
        except (OSError, ValueError):
            pass

    def one(self, line, reader):
        first = reader.readline()
        if not first:
            return False
        headers = {}
        while (text := reader.readline().strip()):
            name, _, value = text.decode().partition(':')
            headers[name.lower()] = value.strip()
        body = reader.read(int(headers.get('content-length', 0)))
        method, path, _ = first.decode().split(' ')
        self.requests.append((method, path))
        if path == '/v1/policy':
            status, answer, more = 304, b'', self.policy
        else:
            status, answer, more = self.answer((path, body))
        head = f'HTTP/1.1 {status} Whatever\r\n' + ''.join(f'{k}: {v}\r\n' for k, v in more.items())
        line.sendall(head.encode() + f'Content-Length: {len(answer)}\r\n\r\n'.encode() + answer)
        return True


class Talker(Listener):
    """No TLS server: says its words to whoever comes, listens for a moment, and closes."""

    def __init__(self, words, heard):
        self.words, self.heard = words, heard
        super().__init__()

    def serve(self, line):
        with line:
            line.settimeout(90)
            try:
                line.sendall(self.words)
                self.heard.append(line.recv(4096))
            except OSError:
                pass


class Connector(Listener):
    """A proxy: answers CONNECT as it is told, and carries bytes when that was 200."""

    def __init__(self, answer=b'200 Go on'):
        self.answer, self.asked = answer, []
        super().__init__()

    def serve(self, near):
        try:
            near.settimeout(90)
            head = b''
            while b'\r\n\r\n' not in head:
                head += near.recv(4096)
            self.asked.append(head)
            target = head.split()[1].decode().rsplit(':', 1)
            near.sendall(b'HTTP/1.1 ' + self.answer + b'\r\nMadoguchi-Nonce: ' + b'A' * 43 + b'=\r\nETag: "of-the-proxy"\r\n\r\n')
            if self.answer.startswith(b'200'):
                with socket.create_connection((target[0], int(target[1])), 90) as far:
                    back = threading.Thread(target=self.carry, args=(far, near), daemon=True)
                    back.start()
                    self.carry(near, far)
                    back.join(90)
        except OSError:
            pass
        finally:
            near.close()

    @staticmethod
    def carry(source, target):
        try:
            while (data := source.recv(65536)):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class WrongPeer(LineCase):
    """X21: nothing leaves towards a peer that is not our gateway."""

    def serve_tls(self, name, version=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        path = ward.at('pki', name)  # also a path of its own
        context.load_cert_chain(path + '.crt', path + '.key')
        context.load_verify_locations(ward.at('pki', 'line-ca.crt'))
        context.verify_mode = ssl.CERT_OPTIONAL
        if version:
            context.maximum_version = version
        liar = Liar(context, lambda request: (200, b'', {}))
        self.addCleanup(liar.close)
        return liar

    def expect(self, liar, state, **options):
        drive = self.drive(port=LIAR_PORT, **options)
        drive.add_intakes(1)
        drive.start()
        drive.wait(f'state {state}')
        drive.drain(0.8)
        self.assertEqual(len(drive.left()), 1)
        self.assertEqual(liar.requests, [], 'not one application byte')

    def test_a_gateway_of_another_ca(self):
        self.expect(self.serve_tls('gateway-stranger'), 'attention not-our-gateway')

    def test_the_right_ca_and_another_name(self):
        self.expect(self.serve_tls('terminal'), 'attention not-our-gateway')

    def test_tls_1_2(self):
        self.expect(self.serve_tls('gateway', ssl.TLSVersion.TLSv1_2), 'attention not-our-gateway')

    def test_no_tls_at_all(self):
        """Something else listens there: it says something before it is asked, and gets a handshake's first bytes."""
        for words in (b'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', b'\x00' * 64, b'SSH-2.0-OpenSSH_9.2\r\n', b''):
            with self.subTest(words=words[:16]):
                heard = []
                talker = Talker(words, heard)
                try:
                    drive = self.drive(port=LIAR_PORT)
                    drive.add_intakes(1)
                    drive.start()
                    drive.wait('state offline' if not words else 'state ')
                    world.wait_until(lambda heard=heard: heard, 'it is spoken to')
                    drive.drain(0.8)
                    self.assertEqual(len(drive.left()), 1)
                    self.assertFalse([line for line in drive.seen if line.startswith('state online')], drive.seen)
                finally:
                    talker.close()
                self.assertFalse([said for said in heard if said and said[0] != 0x16], 'with TLS alone')

    def test_another_trust_than_the_gateways(self):
        drive = self.drive(ca='stranger-line-ca')
        drive.add_intakes(1)
        drive.start()
        drive.wait('state attention not-our-gateway')

    def issue(self, start, end):
        """A certificate of the gateway's key by the line's CA, of another time."""
        folder = os.path.join(ward.scratch, f'ca-{start}')
        os.makedirs(folder)
        name = os.path.join(folder, 'gateway')
        with open(os.path.join(folder, 'ca.cnf'), 'w') as f:
            f.write('[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=gateway\n[ca]\ndefault_ca=d\n[d]\n'
                    f'database={folder}/index\nserial={folder}/serial\nnew_certs_dir={folder}\ndefault_md=sha256\npolicy=p\n'
                    'x509_extensions=ext\n[p]\ncommonName=supplied\n[ext]\nsubjectAltName=IP:127.0.0.1\n')
        for file, text in (('index', ''), ('serial', '77')):
            with open(os.path.join(folder, file), 'w') as f:
                f.write(text)
        for args in (['req', '-new', '-key', ward.at('pki', 'gateway.key'), '-out', name + '.csr'],
                     ['ca', '-batch', '-notext', '-cert', ward.at('pki', 'line-ca.crt'), '-keyfile', ward.at('pki', 'line-ca.key'),
                      '-startdate', start, '-enddate', end, '-in', name + '.csr', '-out', name + '.crt']):
            subprocess.run(['openssl', *args, '-config', os.path.join(folder, 'ca.cnf')], check=True, capture_output=True)
        shutil.copy(ward.at('pki', 'gateway.key'), name + '.key')
        return name

    def test_of_another_time(self):
        """The right CA and name: our clock is behind, or the certificate has ended (or our clock is ahead)."""
        self.expect(self.serve_tls(self.issue('20700101000000Z', '20710101000000Z')), 'attention wrong-clock')

    def test_of_a_past_time(self):
        self.expect(self.serve_tls(self.issue('20010101000000Z', '20020101000000Z')), 'attention certificate-ended')

    def test_no_network(self):
        """There is nothing here but the loopback."""
        for url in ('https://192.0.2.1:8443', 'https://gateway.invalid:8443'):
            drive = self.drive(url=url)
            drive.add_intakes(1)
            drive.start()
            drive.wait('state offline no-link')
            self.assertEqual(len(drive.left()), 1)

    def test_a_ca_of_the_system_is_not_asked(self):
        """The stranger's CA is in every place OpenSSL looks by default; the line does not care."""
        os.environ['SSL_CERT_FILE'] = ward.at('pki', 'stranger-line-ca.crt')
        os.environ['CURL_CA_BUNDLE'] = ward.at('pki', 'stranger-line-ca.crt')
        try:
            self.expect(self.serve_tls('gateway-stranger'), 'attention not-our-gateway')
        finally:
            del os.environ['SSL_CERT_FILE'], os.environ['CURL_CA_BUNDLE']

    def test_a_proxy_of_the_environment_is_not_asked(self):
        os.environ['https_proxy'] = os.environ['ALL_PROXY'] = 'http://127.0.0.1:9'
        try:
            drive = self.drive()
            intake, = drive.add_intakes(1)
            drive.start()
            drive.wait(f'acknowledged {intake}')
        finally:
            del os.environ['https_proxy'], os.environ['ALL_PROXY']

    def test_by_a_proxy(self):
        """The one of the settings, whatever the environment says; it sees a name and TLS, and is believed nothing."""
        connector = Connector()
        self.addCleanup(connector.close)
        os.environ['no_proxy'] = os.environ['NO_PROXY'] = '*'
        try:
            drive = self.drive(proxy=f'http://127.0.0.1:{LIAR_PORT}', probe=60000)
            intake, = drive.add_intakes(1)
            drive.start()
            drive.wait(f'acknowledged {intake}')
        finally:
            del os.environ['no_proxy'], os.environ['NO_PROXY']
        self.assertTrue(connector.asked and all(head.startswith(b'CONNECT 127.0.0.1:8443 ') for head in connector.asked), connector.asked)
        self.assertFalse([line for line in drive.seen if 'of-the-proxy' in line], drive.seen)

    def test_a_proxy_that_does_not_serve(self):
        """Silent, refusing, and one that does not reach the gateway are told apart."""
        drive = self.drive(proxy='http://127.0.0.1:1', probe=60000).start()
        drive.wait('state offline proxy')
        for answer, reason in ((b'403 Not you', 'proxy'), (b'407 Who are you', 'proxy'), (b'504 Nobody there', 'no-answer')):
            connector = Connector(answer)
            drive = self.drive(proxy=f'http://127.0.0.1:{LIAR_PORT}', probe=60000).start()
            try:
                drive.wait(f'state offline {reason}')
            finally:
                connector.close()
        for wrong in ('https://127.0.0.1:1', 'http://somebody:secret@127.0.0.1:1', 'http://127.0.0.1:1/'):
            self.drive(proxy=wrong).start().wait('state attention settings')

    def test_goes_over_from_another_gateway(self):
        """What answers at the first address proves nothing, and gets nothing; the second is the office's gateway."""
        liar = self.serve_tls('gateway-stranger')
        drive = self.drive(url=f'https://127.0.0.1:{LIAR_PORT};https://127.0.0.1:{wire.PORT}')
        intake, = drive.add_intakes(1)
        drive.start()
        drive.wait(f'acknowledged {intake}')
        drive.wait_said('address 2 not-our-gateway')
        self.assertEqual(liar.requests, [], 'not one application byte')
        drive.stop()
        # Where the second is silent, that hides nothing of the first.
        self.expect(liar, 'attention not-our-gateway', url=f'https://127.0.0.1:{LIAR_PORT};https://127.0.0.1:1')

    def test_our_certificate_is_refused(self):
        drive = self.drive(certificate='terminal-stranger')
        drive.add_intakes(1)
        drive.start()
        drive.wait('state attention certificate-refused')
        self.assertEqual(len(drive.left()), 1)

    def test_own_files_missing(self):
        drive = self.drive(certificate='no-such-file')
        drive.add_intakes(1)
        drive.start()
        drive.wait('state attention settings')
        self.assertEqual(len(drive.left()), 1)


class Lying(LineCase):
    """X16: the gateway says "stored" without the right receipt; the item stays, and people are told."""

    def receipt(self, intake, body, signer='receipt', chain=True, **changes):
        content = {'schema': 'madoguchi-receipt/1', 'id': intake, 'item': 'intake',
                   'digest': hashlib.sha256(body).hexdigest(), 'sequence': 1,
                   'time': '2026-11-21T05:30:00.000Z', 'terminal': 'T001', 'office': '139998', 'nonce': 'absent', **changes}
        key = ward.at('pki', signer)
        return subprocess.run(['openssl', 'cms', '-sign', '-nodetach', '-binary', '-cades', '-md', 'sha256', '-outform',
                               'DER', '-signer', key + '.crt', '-inkey', key + '.key'], check=True, capture_output=True,
                              input=json.dumps(content, separators=(',', ':')).encode()).stdout

    def lie(self, answer, *then):
        """Runs one item against a liar, until the engine has done something with it and said `then`. Returns the drive."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(ward.at('pki', 'gateway.crt'), ward.at('pki', 'gateway.key'))
        drive = self.drive(port=LIAR_PORT)
        intake, = drive.add_intakes(1)
        with open(os.path.join(drive.folder, intake + '.1'), 'rb') as f:
            body = f.read()
        liar = Liar(context, lambda request: answer(intake, body))
        try:
            drive.start()
            drive.wait('put-back', 'acknowledged', 'quarantined')
            while then and not any(line.startswith(then) for line in drive.seen):
                drive.wait(*then)
            drive.drain(0.3)
            drive.stop()
        finally:
            liar.close()
        return drive

    def assertNotBelieved(self, answer, state='attention receipt'):
        drive = self.lie(answer, f'state {state}')
        self.assertEqual(len(drive.left()), 1, drive.seen)
        self.assertFalse([line for line in drive.seen if line.startswith('acknowledged')], drive.seen)

    def test_the_honest_answer_is_believed(self):
        """The liar's machinery itself is sound: with the right receipt the item is acknowledged."""
        drive = self.lie(lambda intake, body: (201, self.receipt(intake, body), {}))
        self.assertEqual(drive.left(), [], drive.seen)

    def test_no_receipt(self):
        self.assertNotBelieved(lambda intake, body: (201, b'', {}))
        self.assertNotBelieved(lambda intake, body: (200, b'thank you', {}))

    def test_for_another_intake(self):
        self.assertNotBelieved(lambda intake, body: (200, self.receipt(wire.new_intake(), body), {}))

    def test_for_another_item(self):
        self.assertNotBelieved(lambda intake, body: (200, self.receipt(intake, body, item='decision/2'), {}))

    def test_for_other_bytes(self):
        self.assertNotBelieved(lambda intake, body: (200, self.receipt(intake, body + b'x'), {}))

    def test_for_another_terminal_or_office(self):
        self.assertNotBelieved(lambda intake, body: (200, self.receipt(intake, body, terminal='T002'), {}))
        self.assertNotBelieved(lambda intake, body: (200, self.receipt(intake, body, office='131016'), {}))

    def test_by_another_key(self):
        """Also one of the same line's CA: a terminal's, the gateway's own TLS key."""
        for signer in ('terminal', 'gateway', 'policy-signer', 'terminal-stranger', 'staff/S0101-sign'):
            self.assertNotBelieved(lambda intake, body, s=signer: (201, self.receipt(intake, body, signer=s), {}))

    def test_altered_after_signing(self):
        def altered(intake, body):
            cms = bytearray(self.receipt(intake, body))
            at = cms.index(b'"sequence":1')
            cms[at + 11] = ord('2')
            return 201, bytes(cms), {}
        self.assertNotBelieved(altered)

    def test_another_clock(self):
        """The gateway's answers say what time it is there. What is taken in goes on its way; the clock is spoken of until it is
        right."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(ward.at('pki', 'gateway.crt'), ward.at('pki', 'gateway.key'))
        liar = Liar(context, lambda request: (201, self.receipt(request[0].split('/')[-1], request[1]), {}))
        self.addCleanup(liar.close)
        drive = self.drive(port=LIAR_PORT)
        drive.start()
        drive.wait('state online ok')
        for ahead, said in ((-3 * 3600, '180 minutes ahead'), (12 * 60, '12 minutes behind')):
            liar.policy = {'Date': email.utils.formatdate(time.time() + ahead, usegmt=True)}
            drive.wait(f"state attention wrong-clock This terminal's clock is {said} ")
            intake, = drive.add_intakes(1)
            drive.order('rescan')
            drive.wait(f'acknowledged {intake}')
        liar.policy = {'Date': email.utils.formatdate(time.time() - 200, usegmt=True)}
        drive.wait('state online ok')

    def test_other_answers(self):
        for status in (204, 302, 404, 500, 503):
            drive = self.lie(lambda intake, body, s=status: (s, b'<html>', {'Location': 'https://127.0.0.1:9/'}))
            self.assertEqual(len(drive.left()), 1, drive.seen)
            self.assertTrue([line for line in drive.seen if line.startswith('put-back')], drive.seen)

    def test_endless_answers(self):
        self.assertNotBelieved(lambda intake, body: (201, b'x' * 200000, {}), state='attention protocol')
        self.assertNotBelieved(lambda intake, body: (201, b'', {'X': 'x' * 60000}), state='attention protocol')


if __name__ == '__main__':
    unittest.main(verbosity=2)
