# SPDX-License-Identifier: Apache-2.0
"""A small TCP proxy between a terminal and a gateway that breaks what the test asks for. It sees only TLS records."""

import select
import socket
import struct
import threading


class Fault:
    """What to do to one connection.

    cut_up, cut_down: end both sides (by reset) once so many bytes have gone up (to the gateway) or down
    swallow_down:     take the gateway's bytes beyond so many and pass nothing on, then reset when the gateway is quiet
    pace:             bytes a second downwards
    black_hole:       accept and never answer"""

    def __init__(self, cut_up=None, cut_down=None, swallow_down=None, pace=None, black_hole=False):
        self.cut_up, self.cut_down, self.swallow_down = cut_up, cut_down, swallow_down
        self.pace, self.black_hole = pace, black_hole


def reset(line):
    try:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        line.close()
    except OSError:
        pass


class FaultProxy:
    """next_fault(number) -> Fault or None is asked for each connection, counted from 0."""

    def __init__(self, port, target, next_fault=lambda number: None):
        self.target, self.next_fault = target, next_fault
        self.connections = 0
        self.up = self.down = 0  # bytes of the last connection
        self.stopping = threading.Event()
        self.listener = socket.create_server(('127.0.0.1', port))
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def close(self):
        self.stopping.set()
        self.listener.close()
        self.thread.join(5)

    def accept(self):
        self.listener.settimeout(0.1)
        while not self.stopping.is_set():
            try:
                line, _ = self.listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            fault = self.next_fault(self.connections) or Fault()
            self.connections += 1
            threading.Thread(target=self.serve, args=(line, fault), daemon=True).start()

    def serve(self, near, fault):
        if fault.black_hole:
            self.stopping.wait(60)
            reset(near)
            return
        try:
            far = socket.create_connection(('127.0.0.1', self.target), 5)
        except OSError:
            reset(near)
            return
        self.up = self.down = 0
        try:
            self.carry(near, far, fault)
        except OSError:
            pass
        reset(near)
        reset(far)

    def carry(self, near, far, fault):
        while not self.stopping.is_set():
            ready, _, _ = select.select([near, far], [], [], 0.5 if fault.swallow_down is None else 0.3)
            if not ready and fault.swallow_down is not None and self.down > fault.swallow_down:
                return  # the gateway has said everything, and nobody has heard it
            if near in ready and not self.pass_on(near, far, fault, upwards=True):
                return
            if far in ready and not self.pass_on(far, near, fault, upwards=False):
                return

    def pass_on(self, source, sink, fault, upwards):
        limit = fault.cut_up if upwards else fault.cut_down
        done = self.up if upwards else self.down
        data = source.recv(65536 if limit is None else max(1, min(65536, limit - done)))
        if not data:
            return False
        if upwards:
            self.up += len(data)
        else:
            self.down += len(data)
        if not upwards and fault.swallow_down is not None and self.down > fault.swallow_down:
            return True
        if not upwards and fault.pace:
            for byte in data:
                sink.sendall(bytes((byte,)))
                if self.stopping.wait(1 / fault.pace):
                    return False
        else:
            sink.sendall(data)
        return limit is None or done + len(data) < limit
