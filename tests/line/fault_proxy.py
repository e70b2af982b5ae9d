# SPDX-License-Identifier: Apache-2.0
"""A small TCP proxy between a terminal and a gateway that breaks what the test asks for. It sees only TLS records."""

import select
import socket
import struct
import threading


class Fault:
    """What to do to one connection. Bytes are counted, nothing is left to chance.

    cut_up, cut_down: end both sides (by reset) once so many bytes have gone up (to the gateway) or down
    half_up, half_down: after so many bytes, say to the side that gets them that no more come; the other way stays open
    after_up:         what counts downwards counts only from the moment when so many bytes have gone up
    swallow_down:     take the gateway's bytes beyond so many and pass nothing on, then reset when the gateway is quiet
    pace:             bytes a second downwards
    rate:             bytes a second upwards
    delay:            seconds before each piece, both ways
    black_hole:       accept and never answer"""

    def __init__(self, cut_up=None, cut_down=None, swallow_down=None, pace=None, rate=None, black_hole=False, half_up=None,
                 half_down=None, after_up=0, delay=0.0):
        self.cut_up, self.cut_down, self.swallow_down = cut_up, cut_down, swallow_down
        self.pace, self.rate, self.black_hole = pace, rate, black_hole
        self.half_up, self.half_down, self.after_up, self.delay = half_up, half_down, after_up, delay

    def __repr__(self):
        return 'Fault(' + ', '.join(f'{name}={value}' for name, value in vars(self).items() if value) + ')'


def reset(line):
    try:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        line.close()
    except OSError:
        pass


class Connection:
    def __init__(self, near, far, fault, stopping):
        self.near, self.far, self.fault, self.stopping = near, far, fault, stopping
        self.up = self.down = 0
        self.before = 0  # bytes down when after_up had gone up
        self.open = {near, far}  # from whom something may still come

    def carry(self):
        fault = self.fault
        while self.open and not self.stopping.is_set():
            ready, _, _ = select.select(list(self.open), [], [], 0.5 if fault.swallow_down is None else 0.3)
            if not ready and fault.swallow_down is not None and self.counted_down() > fault.swallow_down:
                return  # the gateway has said everything, and nobody has heard it
            for source in ready:
                if self.stopping.wait(fault.delay) if fault.delay else False:
                    return
                if not (self.carry_up() if source is self.near else self.carry_down()):
                    return

    def counted_down(self):
        return self.down - self.before if self.up >= self.fault.after_up else -1

    def take(self, source, *limits):
        """The next bytes from there, no further than the nearest of these limits."""
        left = [limit for limit in limits if limit is not None and limit > 0]
        data = source.recv(min([65536, *left]))
        if not data:
            self.open.discard(source)
        return data

    def carry_up(self):
        fault = self.fault
        data = self.take(self.near, *[limit - self.up for limit in (fault.cut_up, fault.half_up, fault.after_up) if limit])
        if not data:
            return False
        self.up += len(data)
        if self.up <= fault.after_up:
            self.before = self.down
        if fault.rate and self.stopping.wait(len(data) / fault.rate):
            return False
        self.far.sendall(data)
        if fault.half_up is not None and self.up == fault.half_up:
            self.far.shutdown(socket.SHUT_WR)
            self.open.discard(self.near)
        return fault.cut_up is None or self.up < fault.cut_up

    def carry_down(self):
        fault = self.fault
        done = self.counted_down()
        counts = done >= 0
        data = self.take(self.far, *[limit - done for limit in (fault.cut_down, fault.half_down) if counts and limit is not None])
        if not data:
            return False
        self.down += len(data)
        done += len(data)
        if counts and fault.swallow_down is not None and done > fault.swallow_down:
            return True
        if fault.pace:
            for byte in data:
                self.near.sendall(bytes((byte,)))
                if self.stopping.wait(1 / fault.pace):
                    return False
        else:
            self.near.sendall(data)
        if counts and fault.half_down is not None and done == fault.half_down:
            self.near.shutdown(socket.SHUT_WR)
            self.open.discard(self.far)
        return not counts or fault.cut_down is None or done < fault.cut_down


class FaultProxy:
    """next_fault(number) -> Fault or None is asked for each connection, counted from 0."""

    def __init__(self, port, target, next_fault=lambda number: None):
        self.target, self.next_fault = target, next_fault
        self.connections = 0
        self.last = None
        self.all = []
        self.stopping = threading.Event()
        self.listener = socket.create_server(('127.0.0.1', port))
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    @property
    def up(self):
        """Bytes of the last connection to the gateway so far."""
        return self.last.up

    @property
    def total_up(self):
        """The same of all connections."""
        return sum(connection.up for connection in self.all)

    @property
    def down(self):
        return self.last.down

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
        for line in (near, far):
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.last = connection = Connection(near, far, fault, self.stopping)
        self.all.append(connection)
        try:
            connection.carry()
        except OSError:
            pass
        reset(near)
        reset(far)

    def drop(self):
        """Resets the last connection."""
        if self.last:
            for line in (self.last.near, self.last.far):
                try:
                    line.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
