-- Discounts the customer had and no points paid for. Rows are only added.
CREATE TABLE discrepancy (
  key TEXT PRIMARY KEY,                  -- the effect that was not booked
  sale_id TEXT NOT NULL REFERENCES sale (sale_id),
  member_id TEXT NOT NULL,
  at TEXT NOT NULL,
  minor INTEGER NOT NULL CHECK (minor > 0),
  body TEXT NOT NULL                     -- the discrepancy as JSON
) STRICT;
CREATE INDEX discrepancy_by_member ON discrepancy (member_id, at);
