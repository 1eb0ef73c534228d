-- The till's journal. Rows are only ever added or moved forward; nothing here is deleted by the program.
CREATE TABLE sale (
  sale_id TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('draft', 'committed', 'abandoned')),
  opened_at TEXT NOT NULL,
  counter INTEGER UNIQUE,                -- gap-free count of committed sales at this till
  committed_at TEXT,
  has_member INTEGER NOT NULL DEFAULT 0,
  body TEXT,                             -- the sale as JSON, frozen at commit
  CHECK ((state = 'committed') = (counter IS NOT NULL AND committed_at IS NOT NULL AND body IS NOT NULL))
) STRICT;
CREATE INDEX sale_by_time ON sale (committed_at) WHERE state = 'committed';

CREATE TABLE effect (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  sale_id TEXT NOT NULL REFERENCES sale (sale_id),
  kind TEXT NOT NULL,
  account_key TEXT NOT NULL,
  body TEXT NOT NULL,                    -- the effect as JSON, frozen when the cashier acted
  state TEXT NOT NULL CHECK (
    state IN ('waiting', 'sending', 'unknown', 'posted', 'needs attention', 'dropped')
  ),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at TEXT NOT NULL,
  last_attempt_at TEXT,
  last_answer TEXT NOT NULL DEFAULT '',
  booked TEXT                            -- what the backend wrote, as JSON
) STRICT;
CREATE INDEX effect_by_sale ON effect (sale_id);
CREATE INDEX effect_unfinished ON effect (account_key, sequence)
  WHERE state IN ('waiting', 'sending', 'unknown');
CREATE INDEX effect_attention ON effect (sequence) WHERE state = 'needs attention';

-- One row for every change of state; each carries the hash of itself and the row before.
CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  subject TEXT NOT NULL,
  event TEXT NOT NULL,
  detail TEXT NOT NULL,
  chain BLOB NOT NULL
) STRICT;

CREATE TABLE member_seen (
  lookup_key TEXT PRIMARY KEY,
  member TEXT NOT NULL,
  account TEXT NOT NULL,
  seen_at TEXT NOT NULL
) STRICT;

CREATE TABLE kept (
  name TEXT PRIMARY KEY,
  text TEXT NOT NULL
) STRICT;
