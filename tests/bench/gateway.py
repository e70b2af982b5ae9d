#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The gateway under load, by containers as terminals send them; fails above its bars.

Usage (inside tests/isolated, beside a server where MADOGUCHI_POSTGRESQL names one): gateway.py PUT-LOAD
By turns, each over other containers: a bare insert of the same bytes (SQLite; pgbench beside PostgreSQL), one terminal, eight
terminals, and eight that are answered by haproxy without a look. Then half of the highest rate, whether answers have come or not;
and the memory of connections that say nothing."""

import concurrent.futures
import json
import os
import statistics
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'protocol'), os.path.join(HERE, '..', 'postgresql')]

import store as place  # noqa: E402
import wire  # noqa: E402

TURNS = 3
EACH = 150
LATE = 400  # of the open loop
IDLE = 200
CLIENTS = 8
SINK = 8500
FILLING = 'あ' * 5000  # a container of some 20 KiB

# For each store: of the bare rate, and what one may add to an answer at half of the highest rate.
RATE_GATE = {'sqlite': 0.30, 'postgresql': 0.45}
LATENCY_GATE_MS = 10
MEMORY_GATE_MB = 32
CONNECTION_GATE_MB = 0.2


class Bench:
    def __init__(self, ward, store, load):
        self.ward, self.store, self.program = ward, store, load
        self.folder = ward.at('run', 'containers')
        self.taken = 0
        os.mkdir(self.folder)

    def fill(self, count):
        """Containers of this ward, made by its clerk's key."""
        def make(number):
            intake = wire.new_intake()
            body = self.ward.intake(intake, values={'p.name': '窓口 試子', 'p.note': FILLING},
                                    receipt_number=wire.receipt_number(number))
            with open(os.path.join(self.folder, intake), 'wb') as f:
                f.write(body)
            return len(body)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() * 2) as pool:
            return statistics.median(pool.map(make, range(1, count + 1)))

    def load(self, count, *args, fresh=True):
        command = [self.program, '--folder', self.folder, '--from', str(self.taken), '--count', str(count), *args]
        run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        if fresh:
            self.taken += count
        return json.loads(run.stdout)

    def put(self, count, clients, port=wire.PORT, *more, fresh=True):
        return self.load(count, '--url', f'https://127.0.0.1:{port}', '--pki', self.ward.at('pki'), '--clients', str(clients),
                         *more, fresh=fresh)

    def bare(self, size):
        """Rate of durable inserts."""
        if self.store.name == 'sqlite':
            answer = self.load(EACH, '--sqlite', self.ward.at('run', 'bare.db'), fresh=False)
            return answer['items'] / answer['seconds']
        return pgbench(self.ward.at('run', 'bare.sql'), size)


def pgbench(script, size):
    address = os.environ['MADOGUCHI_POSTGRESQL']
    with open(script, 'w', encoding='ascii') as f:
        f.write(f"INSERT INTO bare (body) VALUES (decode (repeat ('ab', {int(size)}), 'hex'));\n")
    subprocess.run(['psql', '-qX', address, '-c', 'CREATE TABLE IF NOT EXISTS bare (id serial PRIMARY KEY, body bytea NOT NULL)'],
                   check=True, capture_output=True)
    run = subprocess.run([find_pgbench(), '-n', '-f', script, '-c', str(CLIENTS), '-j', '2', '-t', str(EACH // CLIENTS + 1),
                          address], check=True, capture_output=True, text=True)
    return float(next(line for line in run.stdout.splitlines() if line.startswith('tps')).split()[2])


def find_pgbench():
    import glob
    return sorted(glob.glob('/usr/lib/postgresql/*/bin/pgbench'))[-1]


def start_sink(ward):
    """haproxy in the gateway's place: TLS with both certificates, the whole body, 204."""
    pair = ward.at('run', 'sink.pem')
    with open(pair, 'w', encoding='ascii') as out:
        for kind in ('.crt', '.key'):
            with open(ward.at('pki', 'gateway' + kind), encoding='ascii') as f:
                out.write(f.read())
    path = ward.at('run', 'sink.cfg')
    with open(path, 'w', encoding='ascii') as f:
        f.write('global\n  tune.bufsize 131072\n  ssl-default-bind-options ssl-min-ver TLSv1.3\n'
                'defaults\n  mode http\n  timeout client 60s\n  timeout connect 5s\n  timeout server 60s\n'
                '  timeout http-request 60s\n  option http-buffer-request\n'
                f'frontend sink\n  bind 127.0.0.1:{SINK} ssl crt {pair} ca-file {ward.at("pki", "line-ca.crt")} verify required\n'
                '  http-request return status 204\n')
    ward.world.start('sink', ['haproxy', '-db', '-f', path])
    import world
    world.wait_until(lambda: ward.world.check('sink') and world.is_bound(SINK), 'sink')


def memory(process):
    """PSS in MB."""
    with open(f'/proc/{process.pid}/smaps_rollup', encoding='ascii') as f:
        return next(int(line.split()[1]) for line in f if line.startswith('Pss:')) / 1000


def report(good, text):
    print(('' if good else 'ABOVE THE BAR: ') + text, flush=True)
    return good


def measure_rates(bench, size):
    rates = {'bare': [], 'one': [], 'eight': [], 'sink': []}
    latency = []
    for _ in range(TURNS):
        rates['bare'].append(bench.bare(size))
        sink = bench.put(EACH, CLIENTS, SINK, fresh=False)
        rates['sink'].append(sink['items'] / sink['seconds'])
        for name, clients in (('one', 1), ('eight', CLIENTS)):
            answer = bench.put(EACH, clients)
            rates[name].append(answer['items'] / answer['seconds'])
            latency.append(answer['connections'] - clients)
    rate = {name: statistics.median(values) for name, values in rates.items()}
    gate = RATE_GATE[bench.store.name]
    good = report(rate['eight'] / rate['bare'] >= gate,
                  f'{bench.store.name}: taken in {rate["eight"]:.0f}/s of {CLIENTS} terminals, {rate["one"]:.0f}/s of one; bare inserts '
                  f'{rate["bare"]:.0f}/s: {rate["eight"] / rate["bare"]:.2f} (gate {gate}); haproxy without a look {rate["sink"]:.0f}/s')
    good = report(not any(latency), f'{sum(latency)} connections beyond one of each terminal (gate 0)') and good
    return good, rate['eight']


def measure_latency(bench, highest):
    rate = max(1, int(highest / 2))
    sink = bench.put(LATE, CLIENTS, SINK, '--rate', str(rate), fresh=False)
    ours = bench.put(LATE, CLIENTS, wire.PORT, '--rate', str(rate))
    added = (ours['p99_us'] - sink['p99_us']) / 1000
    return report(added <= LATENCY_GATE_MS,
                  f'at {rate}/s: p99 {ours["p99_us"] / 1000:.2f} ms, p50 {ours["p50_us"] / 1000:.2f} ms; haproxy p99 '
                  f'{sink["p99_us"] / 1000:.2f} ms: {added:.2f} ms more (gate {LATENCY_GATE_MS})')


def measure_memory(bench, process):
    before = memory(process)
    idle = [bench.ward.connect() for _ in range(IDLE)]
    after = memory(process)
    for connection in idle:
        connection.close()
    each = (after - before) / IDLE
    return report(after <= MEMORY_GATE_MB and each <= CONNECTION_GATE_MB,
                  f'{before:.1f} MB after the load, {after:.1f} MB with {IDLE} terminals that say nothing (gate {MEMORY_GATE_MB}): '
                  f'{each * 1000:.0f} kB each (gate {CONNECTION_GATE_MB * 1000:.0f}), {1000 / each:.0f} of them in a GB')


def main():
    with wire.Ward() as ward:
        store = place.Store(ward.at)
        store.move(ward.at('gateway', 'gateway.ini'))
        ward.settings(max_connections=IDLE + 100, address_connections=IDLE + 100)
        process = ward.start_gateway()
        start_sink(ward)
        bench = Bench(ward, store, sys.argv[1])
        size = bench.fill(2 * TURNS * EACH + LATE)
        print(f'containers of {size / 1024:.1f} KiB', flush=True)
        good, highest = measure_rates(bench, size)
        good = measure_latency(bench, highest) and good
        good = measure_memory(bench, process) and good
        return 0 if good else 1


sys.exit(main())
