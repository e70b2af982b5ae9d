#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Takes one defence at a time out of a copy of a source, links the program of its test with that object in the place of the good one,
and wants the test red; with the program as it is, it must be green. Usage: run.py [NAME...]   (all of mutants.py)

Nothing of the tree and of the build folder is changed: what is compiled lies in a folder of its own."""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

from mutants import MUTANTS  # noqa: E402

BUILD = os.path.realpath(os.environ['MADOGUCHI_BUILD'])
SOURCE = os.path.realpath(os.environ['MADOGUCHI_SOURCE'])


class Stale(Exception):
    """The list no longer fits the sources."""


def meson_info(name):
    with open(os.path.join(BUILD, name), encoding='utf-8') as f:
        return json.load(f)


def mutated(mutant):
    with open(os.path.join(SOURCE, mutant.source), encoding='utf-8') as f:
        text = f.read()
    for old, new in mutant.changes:
        if text.count(old) != 1:
            raise Stale(f'{mutant.source} has {text.count(old)} times: {old}')
        text = text.replace(old, new)
    return text


def compile_mutant(mutant, folder):
    """The object of the changed source, compiled as the build compiles it."""
    path = os.path.join(SOURCE, mutant.source)
    command, = (c for c in meson_info('compile_commands.json') if os.path.realpath(os.path.join(BUILD, c['file'])) == path)
    copy, out = os.path.join(folder, os.path.basename(path)), os.path.join(folder, 'mutant.o')
    with open(copy, 'w', encoding='utf-8') as f:
        f.write(mutated(mutant))
    words = shlex.split(command['command'])
    words[words.index('-o') + 1] = out
    for option in ('-MF', '-MQ'):
        words[words.index(option) + 1] = out + '.d'
    words[words.index('-c') + 1] = copy
    subprocess.run([*words, '-iquote', os.path.dirname(path), '-w'], cwd=BUILD, check=True)
    return out


def link_mutant(mutant, folder, mutant_object):
    """The test's program with that object before its libraries, whose own is then not looked for."""
    lines = subprocess.run(['ninja', '-C', BUILD, '-t', 'commands', '-s', mutant.target], check=True, capture_output=True,
                           text=True).stdout.splitlines()
    words = shlex.split(lines[-1])
    out = os.path.join(folder, os.path.basename(mutant.target))
    words[words.index('-o') + 1] = out
    words.insert(words.index('-o') + 2, mutant_object)
    subprocess.run(words, cwd=BUILD, check=True)
    return out


def shadow(folder, target, program):
    """A build folder like the real one, but for one program."""
    at, real = os.path.join(folder, 'build'), BUILD
    for step in target.split('/'):
        os.mkdir(at)
        for name in os.listdir(real):
            if name != step:
                os.symlink(os.path.join(real, name), os.path.join(at, name))
        at, real = os.path.join(at, step), os.path.join(real, step)
    os.symlink(program, at)
    return os.path.join(folder, 'build')


def run_test(mutant, build, program=None):
    """How the test ended (0: it passes), and what it said."""
    test, = (t for t in meson_info('meson-info/intro-tests.json') if t['name'] == mutant.test)
    real = os.path.join(BUILD, mutant.target)
    words = [program or real if os.path.join(BUILD, word) == real else word for word in test['cmd']]
    words += ['-p', mutant.only] if mutant.only.startswith('/') else [mutant.only]
    env = {**os.environ, **test['env'], **mutant.env, 'MADOGUCHI_BUILD': build}
    run = subprocess.run(words, cwd=BUILD, env=env, capture_output=True, text=True, errors='replace')
    return run.returncode, run.stdout + run.stderr


def is_seen(mutant, said):
    """Whether the one case is red: not what stands around it, which may fail for reasons of its own."""
    if any(word in said for word in ('runtime error:', 'AddressSanitizer')):
        return True
    if not mutant.only.startswith('/'):  # Class.test, of unittest
        return re.search(r'^FAIL: .*\b' + re.escape(mutant.only) + r'\b', said, re.MULTILINE) is not None
    # An assertion of GLib's ends the program: the path is then the one that had begun.
    return re.search(r'^(not ok .*' + re.escape(mutant.only) + r'\b|Bail out! )', said, re.MULTILINE) is not None


def see(mutant, known):
    """None, or why it is not known to be seen. `known`: what the tests said without any, as far as they were run."""
    if not os.path.exists(os.path.join(BUILD, mutant.target)):
        return f'build it first: meson compile -C {BUILD} {mutant.target}'
    what = (mutant.test, mutant.only, *mutant.env.items())
    if what not in known:
        known[what] = run_test(mutant, BUILD)
    code, said = known[what]
    if code != 0:
        return f'{mutant.test} {mutant.only} is red without it: {said[-500:]}'
    with tempfile.TemporaryDirectory() as folder:
        try:
            program = link_mutant(mutant, folder, compile_mutant(mutant, folder))
        except (Stale, subprocess.CalledProcessError, ValueError) as error:
            return f'it cannot be made: {error}'
        code, said = run_test(mutant, shadow(folder, mutant.target, program), program)
    if code == 0:
        return f'{mutant.test} {mutant.only} is green with it'
    if not is_seen(mutant, said):
        return f'{mutant.test} {mutant.only} is red for another reason: {said[-1500:]}'
    return None


def main(names):
    chosen = [m for m in MUTANTS if not names or m.name in names]
    known, seen = {}, 0
    for mutant in chosen:
        fault = see(mutant, known)
        print(f'{mutant.name}: {fault or "seen by " + mutant.test + " " + mutant.only} ({mutant.why})', flush=True)
        seen += fault is None
    print(f'mutants: {seen} of {len(chosen)} seen')
    return 0 if chosen and seen == len(chosen) else 1


sys.exit(main(sys.argv[1:]))
