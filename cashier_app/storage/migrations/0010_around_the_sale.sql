-- What is done around a sale: members made, sales given to them, and what must not be read from the file.
-- A table whose rules change is made anew. References to it are looked at when the transaction ends.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE sale_of_before AS SELECT * FROM sale;
DROP TABLE sale;
CREATE TABLE sale (
  sale_id TEXT PRIMARY KEY,
  -- An act is what effects hang on that belong to no sale of this till.
  state TEXT NOT NULL CHECK (state IN ('draft', 'committed', 'abandoned', 'act')),
  opened_at TEXT NOT NULL,
  counter INTEGER UNIQUE,                -- gap-free count of committed sales at this till
  committed_at TEXT,
  has_member INTEGER NOT NULL DEFAULT 0,
  body TEXT,                             -- the sale as JSON, frozen at commit; of an act what is known of one
  effects INTEGER NOT NULL DEFAULT 0,
  seal BLOB,
  CHECK ((state = 'committed') = (counter IS NOT NULL AND committed_at IS NOT NULL)),
  CHECK ((state IN ('committed', 'act')) = (body IS NOT NULL))
) STRICT;
INSERT INTO sale SELECT * FROM sale_of_before ORDER BY rowid;
DROP TABLE sale_of_before;
CREATE INDEX sale_by_time ON sale (committed_at) WHERE state = 'committed';
CREATE INDEX sale_draft ON sale (sale_id) WHERE state = 'draft';
CREATE INDEX sale_act ON sale (opened_at) WHERE state = 'act';

-- Whom an effect is for while that is not their id, and whom it makes a member: encrypted, gone once it is
-- posted. Its account_key is a keyed hash then.
ALTER TABLE effect ADD COLUMN private BLOB;
CREATE INDEX effect_of_member ON effect (account_key, sequence) WHERE kind = 'sale' AND account_key <> '';
CREATE INDEX effect_linking ON effect (sale_id) WHERE kind = 'link';
