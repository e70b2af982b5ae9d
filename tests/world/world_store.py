# SPDX-License-Identifier: Apache-2.0
"""One world for all tests of a run: making its keys and certificates costs more than most tests do.

MADOGUCHI_WORLD_STORE names a folder of the build directory (tests/meson.build). The first test that needs a world makes
one there; everybody gets a copy of their own, with their own paths in the settings. It is made again when what makes it
has changed, on another day and after an hour. Without that variable, or where the folder cannot be written, each world
is made by itself."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import time

from mdworld import day

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.join(HERE, '..', '..')
MAKE = os.path.join(HERE, 'make-world')
SOURCES = (MAKE, os.path.join(HERE, 'mdworld'), os.path.join(HERE, '..', 'vcard', 'personas'),
           os.path.join(ROOT, 'data', 'policy'), os.path.join(ROOT, 'data', 'forms', 'procedures'))
HOUR = 3600


def _run(*args):
    # In a session of its own: of Ctrl-C it hears through us alone, without a word.
    subprocess.run([MAKE, *args], check=True, start_new_session=True)


def _files(path):
    if os.path.isfile(path):
        return [path]
    return [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]


def _key():
    digest = hashlib.sha256(day.at_the_counter().isoformat().encode())
    for path in sorted(path for source in SOURCES for path in _files(source)):
        digest.update(os.path.relpath(path, ROOT).encode())
        with open(path, 'rb') as f:
            digest.update(hashlib.sha256(f.read()).digest())
    return digest.hexdigest()


def _made(store):
    """The world that stands there and may be copied, or None."""
    path = os.path.join(store, _key())
    try:
        age = time.time() - os.stat(os.path.join(path, 'world.json')).st_mtime
    except FileNotFoundError:
        return None
    return path if 0 <= age < HOUR else None


def _make(store):
    for name in os.listdir(store):
        if name != 'lock':
            shutil.rmtree(os.path.join(store, name))
    new = os.path.join(store, 'new')
    _run(new)
    os.rename(new, os.path.join(store, _key()))


@contextlib.contextmanager
def _locked(store, how):
    with open(os.path.join(store, 'lock'), 'w', encoding='ascii') as f:
        fcntl.flock(f, how)
        yield


def make(path):
    """Makes a world in PATH, which is not there yet."""
    store = os.environ.get('MADOGUCHI_WORLD_STORE')
    try:
        if store:
            os.makedirs(store, mode=0o700, exist_ok=True)
        usable = store and os.access(store, os.W_OK)
    except OSError:
        usable = False
    while usable:
        with _locked(store, fcntl.LOCK_SH):
            model = _made(store)
            if model:
                _run('--like', model, path)
                return
        with _locked(store, fcntl.LOCK_EX):
            if not _made(store):
                _make(store)
    _run(path)
