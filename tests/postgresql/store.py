# SPDX-License-Identifier: Apache-2.0
"""Where a ward keeps its ledgers, for tests that say the same of either: files, or schemas of the server that
MADOGUCHI_POSTGRESQL names (tests/postgresql/with-server). Questions are written for both, with ? for their values."""

import contextlib
import os
import sqlite3

SERVER = os.environ.get('MADOGUCHI_POSTGRESQL')
if SERVER:
    import psycopg2

    Refused = psycopg2.IntegrityError
else:
    Refused = sqlite3.IntegrityError


class Connection:
    """PostgreSQL with the manners of sqlite3; each statement for itself."""

    def __init__(self, address):
        self.db = psycopg2.connect(address)
        self.db.autocommit = True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def close(self):
        self.db.close()

    def execute(self, query, values=()):
        cursor = self.db.cursor()
        cursor.execute(query.replace('%', '%%').replace('?', '%s'), tuple(values))
        return Rows(cursor)


class Rows:
    def __init__(self, cursor):
        found = cursor.fetchall() if cursor.description else []
        self.rows = iter([tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row) for row in found])

    def __iter__(self):
        return self.rows

    def fetchall(self):
        return list(self.rows)

    def fetchone(self):
        return next(self.rows, None)


class Store:
    def __init__(self, at):
        """at: gives the path of a file of the world."""
        self.at = at
        self.name = 'postgresql' if SERVER else 'sqlite'

    def address(self, ledger='ledger'):
        """As the settings name it."""
        if not SERVER:
            return 'sqlite:' + self.at('gateway', ledger + '.db')
        self.run(f'CREATE SCHEMA IF NOT EXISTS {ledger}')
        return f'{SERVER}&options=-csearch_path%3D{ledger}'

    def move(self, *settings):
        """Lets these settings name this store."""
        for path in settings:
            with open(path, encoding='utf-8') as f:
                text = f.read()
            with open(path, 'w', encoding='utf-8') as f:
                f.write(text.replace('sqlite:' + self.at('gateway', 'ledger.db'), self.address()))

    def open(self, ledger='ledger'):
        """A connection as sqlite3 has them."""
        if SERVER:
            return Connection(f'{SERVER}&options=-csearch_path%3D{ledger}')
        return sqlite3.connect(f'file:{self.at("gateway", ledger + ".db")}?mode=rw', uri=True, timeout=90)

    def run(self, query, *values, ledger='ledger'):
        """The rows of a question; of a change none."""
        with contextlib.closing(self.open(ledger)) as db, db:
            return db.execute(query, values).fetchall()

    def execute(self, query):
        """The same for who takes a connection of sqlite3."""
        return self.run(query)
