#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The connection to PostgreSQL breaks in the very COMMIT: with the order on its way, or with its answer. Either way the gateway
gives no receipt and asks for another try, which finds what became of it."""

import os
import select
import socket
import sys
import threading
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'protocol')]

import server  # noqa: E402
import wire  # noqa: E402

COMMIT = b'COMMIT\0'


class Line:
    """Passes bytes on between the gateway and the server; `cut` once says where they end."""

    def __init__(self, port):
        self.port, self.cut = port, None
        self.door = socket.create_server(('127.0.0.1', 0))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            threading.Thread(target=self.carry, args=(self.door.accept()[0],), daemon=True).start()

    def carry(self, near):
        with near, socket.create_connection(('127.0.0.1', self.port)) as far:
            while True:
                for source in select.select([near, far], [], [])[0]:
                    way, sink = ('order', far) if source is near else ('answer', near)
                    try:
                        data = source.recv(65536)
                        if self.cut == way and COMMIT in data:
                            self.cut = None
                            return
                        sink.sendall(data)
                    except OSError:
                        return
                    if not data:
                        return


class Commit(unittest.TestCase):
    def test_breaks(self):
        with server.Server() as postgresql, wire.Ward() as ward:
            line = Line(postgresql.port)
            self.addCleanup(line.door.close)
            settings = ward.at('gateway', 'gateway.ini')
            with open(settings, encoding='utf-8') as f:
                text = f.read()
            with open(settings, 'w', encoding='utf-8') as f:
                f.write(text.replace('sqlite:' + ward.at('gateway', 'ledger.db'),
                                     postgresql.url(port=line.door.getsockname()[1])))
            ward.start_gateway()
            for count, (way, status) in enumerate((('order', 201), ('answer', 200), ('order', 201), ('answer', 200))):
                with self.subTest(way, count=count):
                    intake = wire.new_intake()
                    body = ward.intake(intake)
                    line.cut = way
                    self.assertEqual(wire.problem(ward.put_intake(intake, body)), (503, 'store-failed'))
                    self.assertIsNone(line.cut, 'it did not come as far as the commit')
                    known = postgresql.sql(f"SELECT encode (receipt, 'hex') FROM ledger_items WHERE intake = '{intake}'")
                    self.assertEqual(len(known), int(way == 'answer'))
                    again, _, receipt = ward.put_intake(intake, body)
                    self.assertEqual(again, status)
                    self.assertEqual(known or [receipt.hex()], [receipt.hex()])
                    self.assertEqual(ward.put_intake(intake, body)[::2], (200, receipt))
                    self.assertEqual(ward.open_receipt(receipt)['sequence'], count + 1)
            self.assertEqual(postgresql.sql('SELECT count (*), max (sequence) FROM ledger_items'), ['4|4'])
            self.assertEqual(postgresql.sql("SELECT count (DISTINCT object_id), count (*) FROM audit WHERE event = 'accept'"), ['4|4'])
            self.assertEqual(postgresql.sql('SELECT count (*) - max (seq) FROM audit'), ['0'])


if __name__ == '__main__':
    unittest.main(verbosity=2)
