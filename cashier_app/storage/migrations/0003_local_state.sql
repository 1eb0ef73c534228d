-- A seal for each row (see storage/seals.py), how many effects a sale was committed with, and a member cache that
-- cannot be read from this file alone. What the old cache held is forgotten: the backend says it again.
ALTER TABLE sale ADD COLUMN effects INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sale ADD COLUMN seal BLOB;
ALTER TABLE effect ADD COLUMN seal BLOB;
ALTER TABLE kept ADD COLUMN seal BLOB;

UPDATE sale SET effects = (
  SELECT count(*) FROM effect WHERE effect.sale_id = sale.sale_id AND effect.kind IN ('capture', 'sale')
) WHERE state = 'committed';

DROP TABLE member_seen;
CREATE TABLE member_seen (
  lookup_key BLOB PRIMARY KEY,           -- keyed hash of what was scanned or typed
  sealed BLOB NOT NULL,                  -- member and account, encrypted
  seen_at TEXT NOT NULL
) STRICT;
