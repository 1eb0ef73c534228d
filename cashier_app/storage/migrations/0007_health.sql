-- How the backend and this till were doing.
CREATE TABLE offline_spell (
  number INTEGER PRIMARY KEY,
  began_at TEXT NOT NULL,
  seen_at TEXT NOT NULL,                 -- its end; while it is open, the last time this till was seen alive
  milliseconds INTEGER NOT NULL CHECK (milliseconds >= 0),  -- by a clock that never jumps
  state TEXT NOT NULL CHECK (state IN ('open', 'ended', 'cut short'))
) STRICT;
CREATE UNIQUE INDEX one_open_spell ON offline_spell (state) WHERE state = 'open';
CREATE INDEX offline_spell_by_time ON offline_spell (began_at);

-- The same by business day; a day the till ran and was never offline has a row of nothing.
CREATE TABLE offline_day (
  day TEXT PRIMARY KEY,
  milliseconds INTEGER NOT NULL CHECK (milliseconds >= 0)
) STRICT, WITHOUT ROWID;

-- How long answers took, counted in the buckets of services/latency.py; days and hours are the shop's.
CREATE TABLE latency (
  day TEXT NOT NULL,
  hour INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
  bucket INTEGER NOT NULL,
  calls INTEGER NOT NULL CHECK (calls > 0),
  PRIMARY KEY (day, hour, bucket)
) STRICT, WITHOUT ROWID;
