-- SPDX-License-Identifier: Apache-2.0
-- A terminal's database as the first version of the outbox wrote it, with one returned intake whose copy was erased.
CREATE TABLE schema_version (component TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO schema_version VALUES ('outbox', 1);
CREATE TABLE intake ( id TEXT PRIMARY KEY, receipt_number TEXT NOT NULL UNIQUE, procedure TEXT NOT NULL, clerk TEXT NOT NULL, policy_version INTEGER NOT NULL, time TEXT NOT NULL, monotonic_ns INTEGER NOT NULL, boot_id TEXT NOT NULL, nonce BLOB, nonce_state TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('reserved', 'received', 'approved', 'returned',  'rejected', 'withdrawn', 'abandoned')), submitted_ms INTEGER, container_sha256 TEXT, manifest_sha256 TEXT, signature_sha256 TEXT, next_n INTEGER NOT NULL DEFAULT 2, decided_by TEXT, reason_code TEXT, size INTEGER NOT NULL DEFAULT 0, erased_ms INTEGER) STRICT, WITHOUT ROWID;
CREATE INDEX intake_submitted ON intake (submitted_ms);
CREATE INDEX intake_received ON intake (id) WHERE state = 'received';
CREATE INDEX intake_returned ON intake (id) WHERE state = 'returned';
CREATE TABLE outbox ( seq INTEGER PRIMARY KEY AUTOINCREMENT, intake TEXT NOT NULL REFERENCES intake (id), n INTEGER NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'delivered', 'quarantined')), fresh INTEGER NOT NULL DEFAULT 1, attempts INTEGER NOT NULL DEFAULT 0, created TEXT NOT NULL, due_ms INTEGER NOT NULL, lease_ms INTEGER NOT NULL DEFAULT 0, last_error TEXT, receipt BLOB, receipt_sequence INTEGER, receipt_time TEXT, delivered_ms INTEGER, UNIQUE (intake, n)) STRICT;
CREATE INDEX outbox_unsent ON outbox (seq) WHERE state <> 'delivered';
CREATE INDEX outbox_fresh ON outbox (seq) WHERE state = 'waiting' AND fresh = 1;
CREATE INDEX outbox_retry ON outbox (due_ms) WHERE state = 'waiting' AND fresh = 0;
CREATE INDEX outbox_leased ON outbox (lease_ms) WHERE state = 'sending';
CREATE INDEX outbox_delivered ON outbox (delivered_ms) WHERE state = 'delivered';
CREATE TABLE payload ( item INTEGER PRIMARY KEY REFERENCES outbox (seq), body BLOB NOT NULL) STRICT;
CREATE TABLE receipt_pool ( id INTEGER PRIMARY KEY CHECK (id = 1), terminal_number INTEGER NOT NULL, last INTEGER NOT NULL, next INTEGER NOT NULL) STRICT;
INSERT INTO intake VALUES ('01932c5e-7b2a-7c3d-8e4f-0123456789ab', '001-000001-8', 'pension.exemption', 'S0001', 1,
 '2026-11-20T04:00:00.000Z', 1, 'boot', NULL, 'absent', 'returned', 1795147200000, 'aa', 'bb', 'cc', 3, 'S0101',
 'incomplete', 6, 1795147260000);
INSERT INTO outbox VALUES (1, '01932c5e-7b2a-7c3d-8e4f-0123456789ab', 1, 'aa', 6, 'delivered', 0, 0,
 '2026-11-20T04:00:00.000Z', 1795147200000, 0, NULL, NULL, 1, '2026-11-20T04:00:01.000Z', 1795147201000);
INSERT INTO receipt_pool VALUES (1, 1, 9999, 2);
