# SPDX-License-Identifier: Apache-2.0
"""A gateway's double: it ends TLS with the gateway's own key, and carries requests on to the real one as it pleases. Each item that
is put meets the next of its ways, until there are none left; then it is honest."""

import collections
import hashlib
import json
import socket
import ssl
import subprocess
import threading

import wire

RELAY_PORT = 8446


class Cut(OSError):
    """The terminal hears no more on this connection."""


class Relay:
    def __init__(self, ward, ways, old=False):
        self.ward, self.ways = ward, list(ways)
        self.old = old  # a gateway of before there were chunks
        self.up = 0  # bytes of what was put
        self.statuses = collections.defaultdict(list)  # what the gateway said to what was tampered with
        self.late = []  # requests that come when others have
        self.last = None  # the last good answer to a put
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(ward.at('pki', 'gateway.crt'), ward.at('pki', 'gateway.key'))
        self.listener = socket.create_server(('127.0.0.1', RELAY_PORT))
        self.listener.settimeout(0.1)
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

    def serve(self, plain):
        try:
            plain.settimeout(90)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
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
            headers[name] = value.strip()
        body = reader.read(int(headers.get('Content-Length', 0)))
        method, path, _ = first.decode().split(' ')
        request = (method, path, body, {k: v for k, v in headers.items() if k not in ('Host', 'Content-Length', 'Expect')})
        with self.lock:  # one after the other, so that what comes late is known
            self.up += len(body)
            if self.old and '/uploads/' in path:
                answer, length = self.not_found(), None
            elif (method == 'PUT' or path.endswith('/finish')) and self.ways:
                way = self.ways.pop(0)
                answer, length = self.tamper(way, request)
            else:
                answer, length = self.pass_on(request), None
                if method == 'PUT':
                    self.last = answer
                    self.deliver_late(path)
            self.say(line, answer, length)
        return length is None

    def not_found(self):
        return self.ward.request('GET', '/v1/nothing')

    def say(self, line, answer, length):
        status, headers, body = answer
        more = ''.join(f'{k}: {headers[k]}\r\n' for k in ('Content-Type', 'ETag', 'Madoguchi-Nonce', 'Location', 'Retry-After') if headers.get(k))
        if status == 204 or status == 304:
            length, body = None, b''
        size = len(body) if length is None else length
        line.sendall(f'HTTP/1.1 {status} Whatever\r\n{more}Content-Length: {size}\r\n\r\n'.encode() + body)

    def pass_on(self, request):
        method, path, body, headers = request
        status, answer_headers, answer = self.ward.request(method, path, body or None, headers)
        return status, answer_headers, answer

    def deliver_late(self, path=None):
        """What was held back of this item, or all of it: its repetition has been there."""
        for request in [request for request in self.late if path in (None, request[1])]:
            self.statuses['late'].append(self.pass_on(request)[0])
            self.late.remove(request)

    def settle(self):
        with self.lock:
            self.deliver_late()

    # --- Its ways ---

    def tamper(self, way, request):
        """What is said to the terminal, and which length is said of it (None: the true one)."""
        does = getattr(self, 'do_' + way.replace('-', '_'), None)
        if does:
            return does(way, request)
        return self.lie(way, request), None

    def carried(self, way, request):
        answer = self.pass_on(request)
        self.statuses[way].append(answer[0])
        return answer

    def do_store_full(self, way, request):
        problem = {'type': 'urn:madoguchi:problem:store-full', 'title': 'There is no room', 'status': 503, 'code': 'store-full'}
        return (503, {'Content-Type': 'application/problem+json', 'Retry-After': '15'}, json.dumps(problem).encode()), None

    def do_drop(self, way, request):
        raise Cut(way)

    def do_twice(self, way, request):
        self.carried(way, request)
        return self.carried(way, request), None

    def do_twice_at_once(self, way, request):
        answers = []
        both = [threading.Thread(target=lambda: answers.append(self.carried(way, request))) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()  # carried() gives up by itself
        if not answers:
            raise Cut(way)
        return answers[-1], None

    def do_lost(self, way, request):
        self.carried(way, request)
        raise Cut(way)

    def do_late(self, way, request):
        self.late.append(request)
        raise Cut(way)

    def do_no_answer_read(self, way, request):
        """The request is on its way, and nobody waits for what the gateway says."""
        connection = self.ward.connect()
        connection.request(request[0], request[1], body=request[2], headers=request[3])
        connection.close()
        raise Cut(way)

    def do_request_flip(self, way, request):
        method, path, body, headers = request
        if not body:
            raise Cut(way)
        middle = len(body) // 2
        self.carried(way, (method, path, body[:middle] + bytes((body[middle] ^ 1,)) + body[middle + 1:], headers))
        raise Cut(way)

    def with_length(self, way, request, more):
        method, path, body, headers = request
        head = [f'{method} {path} HTTP/1.1', 'Host: gateway', f'Content-Length: {len(body) + more}',
                *(f'{k}: {v}' for k, v in headers.items())]
        text = ('\r\n'.join(head) + '\r\n\r\n').encode() + body
        with socket.create_connection(('127.0.0.1', wire.PORT), 90) as plain:
            with self.ward.context().wrap_socket(plain, server_hostname='127.0.0.1') as line:
                line.sendall(text)
                got = b''
                if more <= 0:
                    while b'\r\n\r\n' not in got and (piece := line.recv(4096)):
                        got += piece
        self.statuses[way].append(int(got.split(b' ')[1]) if got else None)
        raise Cut(way)

    def do_request_short(self, way, request):
        return self.with_length(way, request, -1)

    def do_request_long(self, way, request):
        return self.with_length(way, request, 1)

    def do_answer_short(self, way, request):
        answer = self.carried(way, request)
        return answer, len(answer[2]) - 1

    def do_answer_long(self, way, request):
        answer = self.carried(way, request)
        return answer, len(answer[2]) + 1

    def do_answer_cut(self, way, request):
        status, headers, body = self.carried(way, request)
        return (status, headers, body[:len(body) // 2]), len(body)

    # --- Lies: the gateway never hears of the request ---

    def receipt(self, request, signer, **changes):
        _, path, body, _ = request
        parts = path.split('/')
        content = {'schema': 'madoguchi-receipt/1', 'id': parts[3], 'item': f'decision/{parts[5]}' if len(parts) > 4 else 'intake',
                   'digest': hashlib.sha256(body).hexdigest(), 'sequence': 1, 'time': wire.moment(), 'terminal': 'T001',
                   'office': '139998', 'nonce': '' if len(parts) > 4 else 'absent', **changes}
        key = self.ward.at('pki', signer)
        return subprocess.run(['openssl', 'cms', '-sign', '-nodetach', '-binary', '-cades', '-md', 'sha256', '-outform', 'DER',
                               '-signer', key + '.crt', '-inkey', key + '.key'], check=True, capture_output=True,
                              input=json.dumps(content, separators=(',', ':')).encode()).stdout

    def lie(self, way, request):
        signed = {'Content-Type': 'application/pkcs7-mime'}
        if way == 'another-receipt':  # good, and of another intake
            return 200, signed, self.receipt(request, 'receipt', id=wire.new_intake())
        if way == 'last-answer':
            return self.last or (200, signed, b'')
        if way == 'other-digest':
            return 200, signed, self.receipt(request, 'receipt', digest='00' * 32)
        if way == 'own-signature':  # by a key of the line's authority
            return 201, signed, self.receipt(request, 'gateway')
        if way == 'strangers-signature':
            return 201, signed, self.receipt(request, 'terminal-stranger')
        answers = {'unsigned': (201, signed, b'thank you'), 'says-stored': (201, {}, b''), 'says-nothing': (204, {}, b''),
                   'server-error': (500, {'Content-Type': 'text/html'}, b'<html>'),
                   'elsewhere': (302, {'Location': 'https://127.0.0.1:9/'}, b'')}
        return answers[way]
