# SPDX-License-Identifier: Apache-2.0
"""Where a ward keeps its ledgers, for tests that say the same of either: files, or schemas of the server that
MADOGUCHI_POSTGRESQL names (tests/postgresql/with-server). Questions are written for both, with ? for their values."""

import contextlib
import os
import sqlite3

SERVER = os.environ.get('MADOGUCHI_POSTGRESQL')


class Store:
    def __init__(self, at):
        """at: gives the path of a file of the world."""
        self.at = at
        self.name = 'postgresql' if SERVER else 'sqlite'

    def address(self, ledger='ledger'):
        """As the settings name it."""
        if not SERVER:
            return 'sqlite:' + self.at('gateway', ledger + '.db')
        with self.connect() as db, db.cursor() as cursor:
            cursor.execute(f'CREATE SCHEMA IF NOT EXISTS {ledger}')
        return f'{SERVER}&options=-csearch_path%3D{ledger}'

    def move(self, *settings):
        """Lets these settings name this store."""
        for path in settings:
            with open(path, encoding='utf-8') as f:
                text = f.read()
            with open(path, 'w', encoding='utf-8') as f:
                f.write(text.replace('sqlite:' + self.at('gateway', 'ledger.db'), self.address()))

    @contextlib.contextmanager
    def connect(self, ledger='ledger'):
        if SERVER:
            import psycopg2
            db = psycopg2.connect(f'{SERVER}&options=-csearch_path%3D{ledger}')
        else:
            db = sqlite3.connect(f'file:{self.at("gateway", ledger + ".db")}?mode=rw', uri=True, timeout=90)
        with contextlib.closing(db), db:
            yield db

    def run(self, query, *values, ledger='ledger'):
        """The rows of a question, or None after a change."""
        with self.connect(ledger) as db:
            if not SERVER:
                cursor = db.execute(query, values)
            else:
                cursor = db.cursor()
                cursor.execute(query.replace('%', '%%').replace('?', '%s'), values)
            if not cursor.description:
                return None
            return [tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row) for row in cursor]

    def execute(self, query):
        """The same for who takes a connection of sqlite3."""
        return self.run(query)
