#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""kill9.py CLIENT: kill -9 of the service, the gateway and the window's stand-in at random moments of their work, at
least 50 times; then everything drains, and both ends are compared: nothing that was confirmed is lost, nothing is there
twice, both audit chains hold. Run by with-world inside tests/isolated.

MADOGUCHI_KILLS and MADOGUCHI_SEED (printed) choose another run. With p = 3/kills a fault would be seen with 95 %."""

import collections
import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

BUILD = os.environ['MADOGUCHI_BUILD']
WORLD = os.environ['MADOGUCHI_WORLD']
KILLS = int(os.environ.get('MADOGUCHI_KILLS', '60'))
ENOUGH = KILLS / 3  # intakes between the kills, for the run to mean something
SEED = int(os.environ.get('MADOGUCHI_SEED', random.SystemRandom().randrange(1 << 32)))
CTL = [os.path.join(BUILD, 'src/ctl/madoguchictl'), '--session', '--json']
COMMANDS = {
    'gateway': [os.path.join(BUILD, 'src/gateway/madoguchi-gateway'), '--config',
                os.path.join(WORLD, 'gateway/gateway.ini')],
    'service': [os.path.join(BUILD, 'src/daemon/madoguchid'), '--config', os.path.join(WORLD, 'terminal/terminal.ini'),
                '--session'],
    'window': [sys.argv[1], os.path.join(WORLD, 'confirmed.log')]}
TERMINAL_DB = os.path.join(WORLD, 'terminal/state/terminal.db')
LEDGER_DB = os.path.join(WORLD, 'gateway/ledger.db')
running = {}


def check(condition, what):
    if not condition:
        raise SystemExit(f'kill9: FAILED: {what} (seed {SEED})')


def start(name):
    with open(os.path.join(WORLD, name + '.out'), 'ab') as out:
        running[name] = subprocess.Popen(COMMANDS[name], stdin=subprocess.DEVNULL, stdout=out, stderr=out)


def kill(name):
    process = running.pop(name)
    state = process.poll()
    if state is not None:
        with open(os.path.join(WORLD, name + '.out'), encoding='utf-8', errors='replace') as out:
            print(out.read()[-3000:], file=sys.stderr)
    check(state is None, f'{name} had ended by itself with {state}')
    process.kill()
    process.wait()


def ctl(*words, stdin=None):
    result = subprocess.run(CTL + list(words), input=stdin, capture_output=True, text=True, timeout=180)
    return result.returncode, result.stdout


def wait_for(condition, what, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    check(False, f'{what} did not come about within {seconds} s')


def set_passwords():
    with open(os.path.join(WORLD, 'world.json'), encoding='utf-8') as f:
        staff = json.load(f)['staff']
    for name in ('S0001', 'S0101'):
        code, _ = ctl('staff', 'set-password', name, stdin=staff[name]['password'])
        check(code == 0, f'set-password {name} ended with {code}')


def confirmations(kind):
    path = COMMANDS['window'][1]
    if not os.path.exists(path):
        return 0
    with open(path, encoding='utf-8') as f:
        return sum(line.startswith(kind) for line in f)


def pace():
    """Seconds that a login and four intakes take here and now (sanitizers and a busy machine take their time)."""
    begun = time.monotonic()
    wait_for(lambda: confirmations('intake') >= 4, 'a first round', 240)
    return time.monotonic() - begun


def half_way():
    """Large containers of which the gateway has a part, now that it is gone."""
    return rows(LEDGER_DB, 'SELECT count(*) FROM ledger_uploads WHERE stands < size')[0][0]


def kill_at_random(dice, longest):
    """The day's work under fire: every moment of it has its chance. Where the machine grew so busy that hardly anything
    gets done between two kills, the moments become longer, and there are more of them. Returns how often each was killed."""
    counts = collections.Counter(dict.fromkeys(COMMANDS, 0))

    def kills():
        return sum(counts[name] for name in COMMANDS)
    while kills() < KILLS or confirmations('intake') < ENOUGH and kills() < 3 * KILLS:
        time.sleep(dice.uniform(0.02, longest))
        victims = dice.choice([['service'], ['gateway'], ['window'], ['service'], ['gateway'], ['service', 'gateway'],
                               ['service', 'gateway', 'window']])
        for name in victims:
            kill(name)
            counts[name] += 1
        if 'gateway' in victims:
            counts['upload'] += half_way()
        if confirmations('intake') * KILLS < kills() * ENOUGH:
            longest = min(longest * 1.1, 15.0)
        time.sleep(dice.choice([0, 0, 0.05, 0.3]))
        for name in victims:
            start(name)
    return counts


def drained():
    ctl('queue', 'retry')
    code, text = ctl('queue', 'list')
    return code == 0 and json.loads(text) == []


def rows(path, query):
    with sqlite3.connect(f'file:{path}?mode=ro', uri=True, timeout=90) as db:
        check(db.execute('PRAGMA integrity_check').fetchone() == ('ok',), f'{path} is damaged')
        return db.execute(query).fetchall()


def confirmed():
    intakes, decisions = {}, set()
    with open(os.path.join(WORLD, 'confirmed.log'), encoding='utf-8') as f:
        for line in f.read().split('\n')[:-1]:
            kind, intake, digest = line.split(' ', 2)
            check(kind in ('intake', 'decision'), f'the window saw: {line}')
            if kind == 'intake':
                check(intake not in intakes, f'{intake} was confirmed twice')
                intakes[intake] = digest
            else:
                decisions.add(intake)
    return intakes, decisions


def compare():
    """Both ends and the window's own notes. Returns the numbers for the last line."""
    intakes, decisions = confirmed()
    sent = {(i, n): d for i, n, d in rows(TERMINAL_DB, "SELECT intake, n, digest FROM outbox WHERE state = 'delivered'")}
    ledger = rows(LEDGER_DB, 'SELECT intake, n, digest, sequence FROM ledger_items')
    bodies = dict(rows(LEDGER_DB, 'SELECT sequence, body FROM ledger_bodies'))
    arrived = {(i, n): d for i, n, d, _ in ledger}

    lost = [i for i, digest in intakes.items() if arrived.get((i, 1)) != digest]
    lost += [i for i in decisions if (i, 2) not in arrived]
    twice = len(ledger) - len(arrived)
    check(not lost, f'lost: {lost}')
    check(twice == 0, f'{twice} items are there twice')
    check(sent == arrived, f'the ends differ: {set(sent.items()) ^ set(arrived.items())}')
    for intake, n, digest, sequence in ledger:
        check(hashlib.sha256(bodies[sequence]).hexdigest() == digest, f'{intake}/{n} has other bytes')
    numbers = [n for (n,) in rows(LEDGER_DB, 'SELECT receipt_number FROM ledger_items WHERE n = 1')]
    check(len(numbers) == len(set(numbers)), 'a receipt number was given twice')
    blocks = rows(LEDGER_DB, 'SELECT first, last FROM ledger_blocks ORDER BY first')
    check(blocks, 'the gateway issued no receipt numbers')
    check(all(a[1] < b[0] for a, b in zip(blocks, blocks[1:])), f'blocks that overlap: {blocks}')
    foreign = [n for n in numbers if int(n[4:10]) >= blocks[0][0] and not any(a <= int(n[4:10]) <= b for a, b in blocks)]
    check(not foreign, f'receipt numbers that nobody issued: {foreign}')
    left = rows(TERMINAL_DB, "SELECT i.id FROM payload p JOIN outbox o ON o.seq = p.item JOIN intake i ON i.id = o.intake"
                             " WHERE i.state <> 'received'")
    check(not left, f'not erased: {left}')
    unreceipted = rows(TERMINAL_DB, "SELECT intake FROM outbox WHERE receipt IS NULL")
    check(not unreceipted, f'erased or ended without a receipt: {unreceipted}')
    unfinished = rows(LEDGER_DB, 'SELECT u.intake, c.first FROM ledger_uploads u LEFT JOIN ledger_chunks c ON c.upload = u.number')
    check(not unfinished, f'chunks of what has arrived: {unfinished}')
    code, text = ctl('audit', 'verify')
    check(code == 0, f'the audit log: {text}')
    for event, n in (('submit', 1), ('decide', 2)):
        records = rows(TERMINAL_DB, f"SELECT object_id FROM audit WHERE event = '{event}' AND outcome = 'done'")
        acts = {i for i, k in sent if k == n}
        check(sorted(records) == sorted((i,) for i in acts), f'audit records of {event} and acts differ')
    return len(intakes), len(decisions), len(ledger)


def main():
    dice = random.Random(SEED)
    print(f'kill9: seed {SEED}, {KILLS} kills', flush=True)
    start('gateway')
    start('service')
    wait_for(lambda: ctl('line', 'status')[0] == 0, 'a line', 90)
    set_passwords()
    start('window')
    counts = kill_at_random(dice, max(0.9, pace()))
    time.sleep(1.0)
    kill('window')
    wait_for(drained, 'an empty queue', 300)
    taken_in, approved, arrived = compare()
    print('kill9: ' + ', '.join(f'{name} killed {counts[name]} times' for name in COMMANDS)
          + f', {counts["upload"]} of these kills within an upload')
    check(taken_in >= ENOUGH, f'only {taken_in} intakes: the test did not test much')
    print(f'kill9: {taken_in} taken in, {approved} approved, {arrived} items at the gateway, 0 lost, 0 twice')


if __name__ == '__main__':
    try:
        main()
    finally:
        for process in running.values():
            process.send_signal(signal.SIGKILL)
            process.wait()
