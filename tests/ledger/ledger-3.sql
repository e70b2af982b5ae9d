-- What the third version added to the second.
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
UPDATE schema_version SET version = 3;
INSERT INTO ledger_policies VALUES (1, 'p1', x'b1', 1000000);
