-- A ledger that the third version made anew: its first step had other columns than that of the first.
CREATE TABLE ledger_items (
  sequence INTEGER PRIMARY KEY,
  intake TEXT NOT NULL,
  n INTEGER NOT NULL CHECK (n BETWEEN 1 AND 99),
  digest TEXT NOT NULL,
  received TEXT NOT NULL,
  office TEXT NOT NULL,
  terminal TEXT NOT NULL,
  receipt_number TEXT NOT NULL,
  procedure TEXT NOT NULL,
  officer TEXT NOT NULL,
  decision TEXT CHECK ((decision IS NULL) = (n = 1)),
  policy_version INTEGER NOT NULL,
  policy_digest TEXT NOT NULL,
  nonce TEXT NOT NULL,
  nonce_fresh TEXT UNIQUE,
  receipt BLOB NOT NULL,
  UNIQUE (intake, n)
) STRICT;
CREATE TABLE ledger_bodies (
  sequence INTEGER PRIMARY KEY REFERENCES ledger_items (sequence),
  body BLOB NOT NULL
) STRICT;
ALTER TABLE ledger_items ADD COLUMN replaces TEXT;
CREATE TABLE ledger_policies (
  version INTEGER PRIMARY KEY,
  digest TEXT NOT NULL,
  bundle BLOB NOT NULL,
  taken INTEGER NOT NULL
) STRICT;
CREATE TABLE ledger_nonce_keys (
  number INTEGER PRIMARY KEY,
  made INTEGER NOT NULL,
  key BLOB NOT NULL
) STRICT;
CREATE TABLE schema_version (component TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO schema_version VALUES ('ledger', 3);
INSERT INTO ledger_items (sequence, intake, n, digest, received, office, terminal, receipt_number, procedure, officer, decision, policy_version, policy_digest, nonce, nonce_fresh, receipt, replaces) VALUES
  (1, '0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b', 1, 'd1', '2026-11-20T05:30:00.123Z', '139998', 'T001', '001-000001-8', 'pension.exemption', 'S0001', NULL, 1, 'p1', 'fresh', '77', x'01', NULL),
  (2, '0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b', 2, 'd2', '2026-11-20T05:31:00.123Z', '139998', 'T001', '001-000001-8', 'pension.exemption', 'S0101', 'return', 1, 'p1', '', NULL, x'02', NULL),
  (3, '0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0c', 1, 'd3', '2026-11-20T05:32:00.123Z', '139998', 'T001', '001-000002-6', 'pension.exemption', 'S0001', NULL, 1, 'p1', 'absent', NULL, x'03', '0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b');
INSERT INTO ledger_bodies VALUES (1, x'a1'), (2, x'a2'), (3, x'a3');
INSERT INTO ledger_policies VALUES (1, 'p1', x'b1', 1000000);
