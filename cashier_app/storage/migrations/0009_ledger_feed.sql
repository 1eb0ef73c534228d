-- What the store's ledger is still to be told: one line of movements, in order, each kept until the ledger has it.
-- Nothing is kept where no ledger is configured. A rescue leaves both tables empty: a new line is begun then.
CREATE TABLE ledger_line (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  line TEXT NOT NULL,
  store TEXT NOT NULL,
  till TEXT NOT NULL,
  confirmed INTEGER NOT NULL DEFAULT 0,  -- the last movement the ledger is known to have
  confirmed_mark TEXT NOT NULL DEFAULT '',
  made INTEGER NOT NULL DEFAULT 0,       -- the last one written here
  made_mark TEXT NOT NULL DEFAULT '',
  sales_told INTEGER NOT NULL DEFAULT 0, -- count of the last sale of before that is in the line
  sales_before INTEGER NOT NULL,         -- and of the last sale of before
  acts_told INTEGER NOT NULL DEFAULT 0,  -- the same for rows of the audit log
  acts_before INTEGER NOT NULL
) STRICT;

CREATE TABLE ledger_feed (
  sequence INTEGER PRIMARY KEY,
  written_at TEXT NOT NULL,
  mark TEXT NOT NULL,                    -- a hash over this movement and all before it
  body TEXT NOT NULL                     -- as JSON
) STRICT;
