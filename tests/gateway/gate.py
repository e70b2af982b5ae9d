# SPDX-License-Identifier: Apache-2.0
"""What the tests of the gateway share: one ward with a running gateway, and what is asked of its answers."""

import atexit
import os
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'protocol'), os.path.join(HERE, '..', 'postgresql')]

import store as place  # noqa: E402
import wire  # noqa: E402
import renewing  # noqa: E402 (finds world where wire has put it)

REQUEST_TIMEOUT = 2
HANDSHAKE_TIMEOUT = 2
MAX_CONNECTIONS = 24

ward = wire.Ward()
atexit.register(ward.world.close)
store = place.Store(ward.at)
store.move(ward.at('gateway', 'gateway.ini'))
ward.settings(request_timeout=REQUEST_TIMEOUT, handshake_timeout=HANDSHAKE_TIMEOUT, max_connections=MAX_CONNECTIONS,
              address_connections=MAX_CONNECTIONS)  # one address stands for many
ward.start_gateway()


def rows(query, *values, ledger='ledger'):
    """What the ledger says."""
    return store.run(query, *values, ledger=ledger)


def fresh():
    """A gateway that has not yet written down as many refusals as it does one by one."""
    ward.stop_gateway()
    ward.start_gateway()


class GatewayCase(unittest.TestCase):
    def tearDown(self):
        ward.world.check('gateway')

    def assertProblem(self, answer, status, code):
        self.assertEqual(wire.problem(answer), (status, code))

    def stored(self):
        counts = ward.metrics()
        return counts['madoguchi_intakes_total'], counts['madoguchi_decisions_total']


forge = ward.forge
renewing.ward = ward
issue = renewing.issue
