-- What the second version added to the first.
ALTER TABLE ledger_items ADD COLUMN replaces TEXT;
UPDATE schema_version SET version = 2;
INSERT INTO ledger_items (sequence, intake, n, digest, received, office, terminal, receipt_number, procedure, officer, decision, policy_version, receipt, replaces) VALUES
  (3, '0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0c', 1, 'd3', '2026-11-20T05:32:00.123Z', '139998', 'T001', '001-000002-6', 'pension.exemption', 'S0001', NULL, 1, x'03', '0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b');
INSERT INTO ledger_bodies VALUES (3, x'a3');
