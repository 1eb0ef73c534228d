-- The ledger the tills of a store, or of a chain of stores, share. Times are UTC; money is minor units; points are
-- ten-thousandths; in movements, NULL is nothing. No names, phone numbers or member ids: see docs/ledger.md.
CREATE TABLE store (
  store_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 80)
);

CREATE TABLE till (
  till_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  store_id integer NOT NULL REFERENCES store,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 16),
  UNIQUE (store_id, name)
);

-- One till's ordered line of movements; a till begins another when its own count and this one do not fit together.
CREATE TABLE feed (
  feed_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  installation uuid NOT NULL UNIQUE,
  till_id integer NOT NULL REFERENCES till,
  last_sequence bigint NOT NULL DEFAULT 0,
  mark text NOT NULL DEFAULT '',         -- of the last movement: a hash over all before it
  login name NOT NULL DEFAULT session_user,
  opened_at timestamptz NOT NULL DEFAULT now(),
  delivered_at timestamptz
);

-- What makes member keys of member ids: without it nobody can try out phone numbers.
CREATE TABLE salt (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  text text NOT NULL DEFAULT replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')
);
INSERT INTO salt DEFAULT VALUES;

-- Every event that was counted. Rows are only ever added, by `append` alone, which looks up what they refer to: no
-- foreign keys, so that a new month's partition locks no other table.
CREATE TABLE movement (
  feed_id integer NOT NULL,
  sequence bigint NOT NULL CHECK (sequence > 0),
  day date NOT NULL,                     -- the shop's business day
  act text NOT NULL CHECK (length(act) BETWEEN 1 AND 100),
  at timestamptz NOT NULL,
  hour smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
  currency text NOT NULL CHECK (length(currency) BETWEEN 1 AND 8),
  till_id integer NOT NULL,
  staff text NOT NULL CHECK (length(staff) <= 64),
  tier text NOT NULL CHECK (length(tier) <= 200),
  way text NOT NULL CHECK (length(way) <= 32),
  member uuid,                           -- where this till saw a member for the first time
  tenths integer CHECK (tenths >= 0),
  restated boolean NOT NULL,             -- told as it stands; the figures here are what that changed
  booked_at timestamptz NOT NULL DEFAULT now(),
  sales bigint, member_sales bigint, redeemed_sales bigint, known_sales bigint, first_sales bigint,
  offline_sales bigint, timed_sales bigint, bill bigint, redeemed_bill bigint, discount bigint, paid bigint,
  enrolled bigint, earned bigint, waiting_earned bigint, refused_earned bigint, used bigint, waiting_used bigint,
  refused_used bigint, taken_back bigint, given_back bigint, waiting_back bigint, refused_back bigint,
  lapsed bigint, returns bigint, returned_bill bigint, returned_discount bigint, returned_paid bigint,
  voids bigint, overrides bigint, corrections bigint, discrepancies bigint, discrepancy bigint,
  UNIQUE (feed_id, sequence, day)
) PARTITION BY RANGE (day);
CREATE INDEX movement_by_act ON movement USING hash (act);
CREATE INDEX movement_by_member ON movement (member) WHERE member IS NOT NULL;

-- Movements of days before this one were put away: what they counted stays, and nothing of them is told again.
CREATE TABLE put_away (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  before date NOT NULL DEFAULT '-infinity'
);
INSERT INTO put_away DEFAULT VALUES;

-- Stays empty while no till's calendar is wrong; `cashier-cli ledger check` looks.
CREATE TABLE movement_other PARTITION OF movement DEFAULT;

-- Movements added up, each feed in rows of its own: tills never wait for each other here.
CREATE TABLE day_figure (
  day date NOT NULL,
  currency text NOT NULL,
  split text NOT NULL,                   -- '' for the whole day, 'hour', 'staff', 'tier', 'way'
  part text NOT NULL,
  till_id integer NOT NULL,
  feed_id integer NOT NULL,
  sales bigint NOT NULL DEFAULT 0, member_sales bigint NOT NULL DEFAULT 0,
  redeemed_sales bigint NOT NULL DEFAULT 0, known_sales bigint NOT NULL DEFAULT 0,
  first_sales bigint NOT NULL DEFAULT 0, offline_sales bigint NOT NULL DEFAULT 0,
  timed_sales bigint NOT NULL DEFAULT 0, bill bigint NOT NULL DEFAULT 0, redeemed_bill bigint NOT NULL DEFAULT 0,
  discount bigint NOT NULL DEFAULT 0, paid bigint NOT NULL DEFAULT 0, enrolled bigint NOT NULL DEFAULT 0,
  earned bigint NOT NULL DEFAULT 0, waiting_earned bigint NOT NULL DEFAULT 0,
  refused_earned bigint NOT NULL DEFAULT 0, used bigint NOT NULL DEFAULT 0, waiting_used bigint NOT NULL DEFAULT 0,
  refused_used bigint NOT NULL DEFAULT 0, taken_back bigint NOT NULL DEFAULT 0,
  given_back bigint NOT NULL DEFAULT 0, waiting_back bigint NOT NULL DEFAULT 0,
  refused_back bigint NOT NULL DEFAULT 0, lapsed bigint NOT NULL DEFAULT 0, returns bigint NOT NULL DEFAULT 0,
  returned_bill bigint NOT NULL DEFAULT 0, returned_discount bigint NOT NULL DEFAULT 0,
  returned_paid bigint NOT NULL DEFAULT 0, voids bigint NOT NULL DEFAULT 0, overrides bigint NOT NULL DEFAULT 0,
  corrections bigint NOT NULL DEFAULT 0, discrepancies bigint NOT NULL DEFAULT 0,
  discrepancy bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (day, currency, split, part, till_id, feed_id)
) WITH (fillfactor = 70);

-- How many sales took so many tenths of a second.
CREATE TABLE day_time (
  day date NOT NULL,
  currency text NOT NULL,
  staff text NOT NULL,
  tenths integer NOT NULL,
  till_id integer NOT NULL,
  feed_id integer NOT NULL,
  sales bigint NOT NULL,
  PRIMARY KEY (day, currency, staff, tenths, till_id, feed_id)
) WITH (fillfactor = 70);

-- The first sale of each member in each store, and where it was counted.
CREATE TABLE member_first (
  store_id integer NOT NULL,
  member uuid NOT NULL,
  at timestamptz NOT NULL,
  feed_id integer NOT NULL,
  sequence bigint NOT NULL,
  day date NOT NULL,
  hour smallint NOT NULL,
  currency text NOT NULL,
  till_id integer NOT NULL,
  staff text NOT NULL,
  tier text NOT NULL,
  way text NOT NULL,
  PRIMARY KEY (store_id, member)
);

-- Partitions are made ahead for the two months around a day; days no calendar has go to the default partition.
CREATE FUNCTION make_partitions(around date) RETURNS integer LANGUAGE plpgsql SET search_path = ledger, pg_temp AS $$
DECLARE
  month date;
  name text;
  made integer := 0;
BEGIN
  IF around < date '2015-01-01' OR around > current_date + 62 THEN
    RETURN 0;
  END IF;
  FOR month IN SELECT generate_series(date_trunc('month', around), date_trunc('month', around) + interval '1 month',
                                      interval '1 month')::date LOOP
    name := 'movement_' || to_char(month, 'YYYY_MM');
    CONTINUE WHEN to_regclass('ledger.' || name) IS NOT NULL;
    PERFORM pg_advisory_xact_lock(hashtext('ledger.make_partitions'));
    CONTINUE WHEN to_regclass('ledger.' || name) IS NOT NULL;
    -- Made first and attached then: attaching keeps no till from adding rows to other months.
    EXECUTE format('CREATE TABLE ledger.%I (LIKE ledger.movement INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
    -- A till whose calendar was ahead has brought some of it before.
    EXECUTE format('WITH early AS (DELETE FROM ledger.movement_other WHERE day >= %L AND day < %L RETURNING *) '
                   'INSERT INTO ledger.%I SELECT * FROM early', month, (month + interval '1 month')::date, name);
    EXECUTE format('ALTER TABLE ledger.movement ATTACH PARTITION ledger.%I FOR VALUES FROM (%L) TO (%L)',
                   name, month, (month + interval '1 month')::date);
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;

-- Puts the movements of whole months before a day away, for good, and returns how many months. For the owner.
CREATE FUNCTION put_away(until date) RETURNS integer LANGUAGE plpgsql SET search_path = ledger, pg_temp AS $$
DECLARE
  partition text;
  gone integer := 0;
BEGIN
  UPDATE put_away SET before = greatest(before, date_trunc('month', until)::date);
  FOR partition IN SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'ledger.movement'::regclass AND relname ~ '^movement_\d{4}_\d{2}$'
      AND relname < 'movement_' || to_char(until, 'YYYY_MM')
  LOOP
    EXECUTE format('DROP TABLE ledger.%I', partition);
    gone := gone + 1;
  END LOOP;
  RETURN gone;
END $$;
