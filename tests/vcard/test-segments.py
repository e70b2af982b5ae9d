#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The virtual card costs no time of its own on the wire. vpcd sends a command as two small pieces, its length and itself, and holds
the second back until the first is acknowledged; a card that acknowledges late, or whose answer comes as two pieces, makes
each command 40 ms slower, and every number that is measured with it a lie. Here we are vpcd, and the kernel counts.

An answer is one piece: segments with data are counted, nothing is timed. A piece of a command is acknowledged at once: of
ten the quickest took less than half of the 40 ms that a late one takes at least, however busy the machine is."""

import os
import socket
import struct
import sys
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'world'))

import world  # noqa: E402

WORLD = None
POWER_ON, ATR = 1, 4
JPKI = bytes.fromhex('00A4040C0AD392F000260100000001')
CERTIFICATE = [bytes.fromhex(text) for text in ('00A4020C02000A', '00B0000000', '00B00000000400')]
DATA_SEGS_IN, UNACKED = 152, 24  # in struct tcp_info (linux/tcp.h)


class Reader:
    """vpcd's end of the wire: the card connects to it."""

    def __init__(self, port):
        with socket.create_server(('127.0.0.1', port)) as door:
            door.settimeout(60)
            WORLD.send('resident', 'insert ' + WORLD.at('cards', 'tanaka'))
            for _ in range(2):  # a card that has just come stays away from the first look
                self.card, _ = door.accept()
                self.card.settimeout(60)
                self.card.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.send(bytes([ATR]))
                if self.card.recv(1, socket.MSG_PEEK):
                    self.receive()
                    break
                self.card.close()
        self.send(bytes([POWER_ON]))

    def info(self, offset):
        return struct.unpack_from('=I', self.card.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256), offset)[0]

    def send(self, data):
        self.card.sendall(struct.pack('>H', len(data)) + data)

    def receive(self):
        def exactly(count):
            data = b''
            while len(data) < count:
                piece = self.card.recv(count - len(data))
                assert piece, 'the card has gone'
                data += piece
            return data
        return exactly(struct.unpack('>H', exactly(2))[0])

    def segments_of(self, data):
        """How many the card took for its answer, and the answer."""
        before = self.info(DATA_SEGS_IN)
        self.send(data)
        answer = self.receive()
        return self.info(DATA_SEGS_IN) - before, answer

    def acknowledged_after(self, data):
        """Seconds from the first piece of a command, alone, until the card's machine has acknowledged it."""
        start = time.monotonic()
        self.card.sendall(struct.pack('>H', len(data)))
        while self.info(UNACKED):
            assert time.monotonic() < start + 60, 'never'
        taken = time.monotonic() - start
        self.card.sendall(data)
        self.receive()
        return taken


class Segments(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.reader = Reader(WORLD.facts['readers']['resident']['port'])

    def test_one_answer_is_one_segment(self):
        reader = self.reader
        self.assertEqual(reader.segments_of(bytes([ATR]))[0], 1, 'the ATR')
        sizes = []
        for command in [JPKI] + CERTIFICATE:
            segments, answer = reader.segments_of(command)
            self.assertEqual((segments, answer[-2] in (0x90, 0x61)), (1, True), '%s -> %s' % (command.hex(), answer[-2:].hex()))
            sizes.append(len(answer))
        self.assertGreater(max(sizes), 1000, 'no long answer was among them')

    def test_a_piece_of_a_command_is_acknowledged_at_once(self):
        quickest = min(self.reader.acknowledged_after(JPKI) for _ in range(10))
        self.assertLess(quickest, 0.02)


def main():
    global WORLD
    with world.World() as WORLD:
        WORLD.start_vcards(['resident'])
        return 0 if unittest.main(exit=False).result.wasSuccessful() else 1


if __name__ == '__main__':
    world.main_guard(main)
