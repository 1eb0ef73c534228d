-- What is counted of each business day, kept with every change in its own transaction.
-- A row for the whole day (empty split and part), and one for each part of each split; see domain/figures.py.
-- Money in minor units, points in ten-thousandths. All of it can be counted again from the rows it comes from.
CREATE TABLE day_figure (
  day TEXT NOT NULL,                     -- business day in the shop's time zone, such as 2026-11-22
  currency TEXT NOT NULL,
  split TEXT NOT NULL,
  part TEXT NOT NULL,
  sales INTEGER NOT NULL DEFAULT 0,
  member_sales INTEGER NOT NULL DEFAULT 0,
  redeemed_sales INTEGER NOT NULL DEFAULT 0,
  known_sales INTEGER NOT NULL DEFAULT 0,
  first_sales INTEGER NOT NULL DEFAULT 0,
  offline_sales INTEGER NOT NULL DEFAULT 0,
  timed_sales INTEGER NOT NULL DEFAULT 0,
  bill INTEGER NOT NULL DEFAULT 0,
  redeemed_bill INTEGER NOT NULL DEFAULT 0,
  discount INTEGER NOT NULL DEFAULT 0,
  paid INTEGER NOT NULL DEFAULT 0,
  enrolled INTEGER NOT NULL DEFAULT 0,
  earned INTEGER NOT NULL DEFAULT 0,
  waiting_earned INTEGER NOT NULL DEFAULT 0,
  refused_earned INTEGER NOT NULL DEFAULT 0,
  used INTEGER NOT NULL DEFAULT 0,
  waiting_used INTEGER NOT NULL DEFAULT 0,
  refused_used INTEGER NOT NULL DEFAULT 0,
  taken_back INTEGER NOT NULL DEFAULT 0,
  given_back INTEGER NOT NULL DEFAULT 0,
  waiting_back INTEGER NOT NULL DEFAULT 0,
  refused_back INTEGER NOT NULL DEFAULT 0,
  lapsed INTEGER NOT NULL DEFAULT 0,
  returns INTEGER NOT NULL DEFAULT 0,
  returned_bill INTEGER NOT NULL DEFAULT 0,
  returned_discount INTEGER NOT NULL DEFAULT 0,
  returned_paid INTEGER NOT NULL DEFAULT 0,
  voids INTEGER NOT NULL DEFAULT 0,
  overrides INTEGER NOT NULL DEFAULT 0,
  corrections INTEGER NOT NULL DEFAULT 0,
  discrepancies INTEGER NOT NULL DEFAULT 0,
  discrepancy INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (day, currency, split, part)
) STRICT, WITHOUT ROWID;

-- How many sales took how many tenths of a second, for exact medians.
CREATE TABLE day_time (
  day TEXT NOT NULL,
  currency TEXT NOT NULL,
  staff TEXT NOT NULL,
  tenths INTEGER NOT NULL,
  sales INTEGER NOT NULL,
  PRIMARY KEY (day, currency, staff, tenths)
) STRICT, WITHOUT ROWID;

-- The first sale of each member at this till; who that is cannot be read from here.
CREATE TABLE member_first (
  member BLOB PRIMARY KEY,               -- keyed hash of the member's id
  sale_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What is counted again from the audit log is found without reading all of it.
CREATE INDEX audit_counted ON audit (event, subject) WHERE event = 'enrolled' OR event = 'limit lifted'
  OR event = 'points lapsed' OR event = 'settled by hand';
