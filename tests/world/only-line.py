#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""only-line.py PORT COMMAND...: runs the command in a network of its own with one way out of it: its loopback's PORT leads to
this network's loopback. Nothing else can be reached from there. For tests/isolated."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading

NEW_NETWORK = 0x40000000
DIE_WITH_PARENT = 1


def pump(source, sink):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def serve(door, port):
    """Outside: takes each connection from within, and makes one here."""
    while True:
        inside, _ = door.accept()
        with contextlib.suppress(OSError):
            outside = socket.create_connection(('127.0.0.1', port), 5)
            outside.settimeout(None)
            threading.Thread(target=pump, args=(inside, outside), daemon=True).start()
            threading.Thread(target=pump, args=(outside, inside), daemon=True).start()
            continue
        inside.close()


def main(port, command):
    libc = ctypes.CDLL(None, use_errno=True)
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        libc.prctl(DIE_WITH_PARENT, signal.SIGKILL)
        _, (door,), _, _ = socket.recv_fds(theirs, 1, 1)
        serve(socket.socket(fileno=door), port)
    if libc.unshare(NEW_NETWORK) != 0:
        sys.exit('only-line: ' + os.strerror(ctypes.get_errno()))
    subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)
    door = socket.create_server(('127.0.0.1', port))
    socket.send_fds(ours, [b'x'], [door.fileno()])
    os.execvp(command[0], command)


main(int(sys.argv[1]), sys.argv[2:])
