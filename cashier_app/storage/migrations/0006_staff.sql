-- Who works at this till. Nobody is ever deleted; a row that is replaced has a higher version.
CREATE TABLE staff (
  staff_id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  active INTEGER NOT NULL,
  pin TEXT,                              -- how the PIN is checked, as JSON; no PIN can be read from it
  badge BLOB UNIQUE,                     -- keyed hash of the badge's code
  seal BLOB
) STRICT;

-- Tries counted before each check, by person; also for the few stand-ins of people nobody knows.
CREATE TABLE pin_try (
  subject TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  at TEXT NOT NULL,
  monotonic_ms INTEGER NOT NULL,         -- the clock that only grows, at the same moment
  seal BLOB
) STRICT;
