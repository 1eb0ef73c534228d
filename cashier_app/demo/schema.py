"""The tables of the demo ledger. What must never happen is forbidden here, not in code."""

VERSION = 7
"""Changes with the tables: a practice ledger of other tables is begun anew."""

SCHEMA = """
CREATE TABLE programs (
  version TEXT NOT NULL PRIMARY KEY,
  document TEXT NOT NULL
) STRICT;

CREATE TABLE members (
  member_id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  phone TEXT,
  number TEXT UNIQUE,
  token TEXT UNIQUE,
  blocked_since TEXT,
  last_visit TEXT,
  store_credit INTEGER CHECK (store_credit >= 0),
  lapse_units INTEGER NOT NULL DEFAULT 0 CHECK (lapse_units >= 0),
  lapse_on TEXT,
  email TEXT,
  birthday TEXT,
  agrees_to_marketing INTEGER NOT NULL DEFAULT 0 CHECK (agrees_to_marketing IN (0, 1)),
  -- The code this member gives to friends, and the one they came with.
  referral TEXT UNIQUE,
  referred_with TEXT NOT NULL DEFAULT '',
  balance INTEGER NOT NULL DEFAULT 0,
  spend INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX members_by_phone ON members (phone);

-- One row for each write that took hold; its key is what makes a repeat harmless.
CREATE TABLE effects (
  key TEXT NOT NULL CONSTRAINT one_effect_per_key PRIMARY KEY,
  kind TEXT NOT NULL,
  sale_id TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  answer TEXT
) STRICT;

CREATE TABLE reservations (
  reservation_id TEXT NOT NULL PRIMARY KEY,
  key TEXT NOT NULL CONSTRAINT one_reservation_per_key UNIQUE,
  sale_id TEXT NOT NULL,
  member_id TEXT NOT NULL REFERENCES members,
  units INTEGER NOT NULL CHECK (units >= 0),
  lapsing_units INTEGER NOT NULL CHECK (lapsing_units BETWEEN 0 AND units),
  expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX reservations_by_sale ON reservations (sale_id);

CREATE TABLE sales (
  key TEXT NOT NULL PRIMARY KEY,
  sale_id TEXT NOT NULL CONSTRAINT one_booking_per_sale UNIQUE,
  -- NULL until somebody claims it.
  member_id TEXT REFERENCES members,
  bill INTEGER NOT NULL,
  discount INTEGER NOT NULL CHECK (discount >= 0),
  paid INTEGER NOT NULL CHECK (paid >= 0),
  tier TEXT NOT NULL,
  program_version TEXT NOT NULL REFERENCES programs,
  earned INTEGER NOT NULL CHECK (earned >= 0),
  points_used INTEGER NOT NULL CHECK (points_used >= 0),
  reward_id TEXT NOT NULL,
  voucher TEXT NOT NULL DEFAULT '',
  at TEXT NOT NULL,
  -- The day in the shop's own time, and the sale with its circumstances, as a return will judge it.
  day TEXT NOT NULL,
  frozen TEXT NOT NULL,
  refunded_bill INTEGER NOT NULL DEFAULT 0,
  refunded_discount INTEGER NOT NULL DEFAULT 0,
  taken_back INTEGER NOT NULL DEFAULT 0 CHECK (taken_back BETWEEN 0 AND earned),
  given_back INTEGER NOT NULL DEFAULT 0 CHECK (given_back >= 0),
  CHECK (bill = discount + paid),
  CONSTRAINT refunds_within_sale CHECK (
    refunded_bill BETWEEN 0 AND bill AND refunded_discount BETWEEN 0 AND discount
    AND refunded_bill - refunded_discount BETWEEN 0 AND paid
  )
) STRICT;

CREATE INDEX sales_by_member ON sales (member_id, day);

-- Earning rules that may be had only so often, by the name the program gives them.
CREATE TABLE rule_uses (
  sale_key TEXT NOT NULL REFERENCES sales,
  name TEXT NOT NULL,
  UNIQUE (sale_key, name)
) STRICT;

CREATE TABLE returns (
  sequence INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  sale_key TEXT NOT NULL REFERENCES sales,
  bill INTEGER NOT NULL CHECK (bill > 0),
  discount INTEGER NOT NULL CHECK (discount BETWEEN 0 AND bill),
  reason TEXT NOT NULL CHECK (reason IN ('return', 'void', 'moved'))
) STRICT;

-- What new members agreed to, as it was put to them.
CREATE TABLE consents (
  key TEXT NOT NULL PRIMARY KEY,
  member_id TEXT NOT NULL REFERENCES members,
  version TEXT NOT NULL,
  language TEXT NOT NULL,
  at TEXT NOT NULL,
  staff_id TEXT NOT NULL
) STRICT;

-- Two records that somebody takes for one person: for the operator, who decides.
CREATE TABLE merge_requests (
  key TEXT NOT NULL PRIMARY KEY,
  member_id TEXT NOT NULL REFERENCES members,
  other_member_id TEXT NOT NULL REFERENCES members,
  at TEXT NOT NULL,
  CHECK (member_id <> other_member_id)
) STRICT;

CREATE TABLE vouchers (
  code TEXT NOT NULL PRIMARY KEY,
  -- A reward of the program document.
  reward TEXT NOT NULL,
  member_id TEXT REFERENCES members,
  first_day TEXT,
  last_day TEXT,
  uses INTEGER NOT NULL CHECK (uses > 0),
  with_points INTEGER NOT NULL CHECK (with_points IN (0, 1))
) STRICT;

CREATE TABLE voucher_uses (
  code TEXT NOT NULL REFERENCES vouchers,
  sale_id TEXT NOT NULL UNIQUE
) STRICT;
CREATE INDEX voucher_uses_by_code ON voucher_uses (code);

CREATE TRIGGER vouchers_are_used_up BEFORE INSERT ON voucher_uses
WHEN (SELECT count(*) FROM voucher_uses WHERE code = NEW.code)
  >= (SELECT uses FROM vouchers WHERE code = NEW.code)
BEGIN SELECT RAISE(ABORT, 'voucher_used_up'); END;

CREATE TABLE personal_offers (
  member_id TEXT NOT NULL REFERENCES members,
  kind TEXT NOT NULL CHECK (kind IN ('birthday', 'win_back', 'other')),
  title TEXT NOT NULL,
  last_day TEXT,
  voucher TEXT
) STRICT;
CREATE INDEX personal_offers_by_member ON personal_offers (member_id);

CREATE TABLE invitations (
  invitation_id TEXT NOT NULL PRIMARY KEY,
  token TEXT NOT NULL UNIQUE,
  expires_at TEXT NOT NULL,
  consent_version TEXT NOT NULL,
  consent_language TEXT NOT NULL,
  consent_text TEXT NOT NULL,
  member_id TEXT REFERENCES members
) STRICT;

CREATE TABLE movements (
  sequence INTEGER PRIMARY KEY,
  key TEXT NOT NULL CONSTRAINT one_movement_per_key UNIQUE,
  kind TEXT NOT NULL CHECK (
    kind IN ('opening', 'reserve', 'capture', 'release', 'expire', 'sale', 'refund', 'lapse', 'adjust',
      'link', 'referral')
  ),
  member_id TEXT NOT NULL REFERENCES members,
  sale_id TEXT NOT NULL DEFAULT '',
  reservation_id TEXT REFERENCES reservations,
  units INTEGER NOT NULL,
  balance_after INTEGER NOT NULL,
  spend INTEGER NOT NULL,
  at TEXT NOT NULL,
  booked_at TEXT NOT NULL,
  -- Only taking back what a returned sale had earned may leave a member owing points.
  CONSTRAINT never_below_zero CHECK (balance_after >= 0 OR units >= 0 OR kind = 'refund')
) STRICT;
CREATE INDEX movements_by_sale ON movements (sale_id);
CREATE INDEX movements_by_member ON movements (member_id);
CREATE INDEX movements_lapsed ON movements (sequence) WHERE kind = 'lapse';
CREATE UNIQUE INDEX one_end_per_reservation ON movements (reservation_id)
  WHERE kind IN ('capture', 'release');

CREATE TRIGGER movements_add_up BEFORE INSERT ON movements
WHEN NEW.balance_after IS NOT (SELECT balance FROM members WHERE member_id = NEW.member_id) + NEW.units
BEGIN SELECT RAISE(ABORT, 'the balance after a movement is the balance before and the movement'); END;

CREATE TRIGGER movements_move AFTER INSERT ON movements
BEGIN
  UPDATE members
  SET balance = NEW.balance_after, spend = spend + NEW.spend, version = version + 1
  WHERE member_id = NEW.member_id;
END;

CREATE TRIGGER movements_stay BEFORE UPDATE ON movements
BEGIN SELECT RAISE(ABORT, 'a movement is never changed'); END;

CREATE TRIGGER movements_remain BEFORE DELETE ON movements
BEGIN SELECT RAISE(ABORT, 'a movement is never deleted'); END;
"""
