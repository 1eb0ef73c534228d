-- How a till writes: one function that says how far its line is, and one that appends to it.
CREATE TYPE told_movement AS (
  sequence bigint, day date, act text, at timestamptz, hour smallint, currency text, till text, staff text, tier text,
  way text, member uuid, tenths integer, restated boolean, whole boolean,
  sales bigint, member_sales bigint, redeemed_sales bigint, known_sales bigint, first_sales bigint,
  offline_sales bigint, timed_sales bigint, bill bigint, redeemed_bill bigint, discount bigint, paid bigint,
  enrolled bigint, earned bigint, waiting_earned bigint, refused_earned bigint, used bigint, waiting_used bigint,
  refused_used bigint, taken_back bigint, given_back bigint, waiting_back bigint, refused_back bigint,
  lapsed bigint, returns bigint, returned_bill bigint, returned_discount bigint, returned_paid bigint,
  voids bigint, overrides bigint, corrections bigint, discrepancies bigint, discrepancy bigint
);

-- The version of these scripts; whoever connects asks first.
CREATE FUNCTION schema_version() RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
  SELECT max(version) FROM migration
$$;

-- Says how far a line is, and begins it at its first call.
CREATE FUNCTION open_feed(
  line uuid, store_name text, till_name text, OUT last_sequence bigint, OUT mark text, OUT salt text
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
BEGIN
  INSERT INTO feed (installation, till_id)
    SELECT line, till_of(store_name, till_name)
    WHERE NOT EXISTS (SELECT 1 FROM feed WHERE installation = line)
    ON CONFLICT DO NOTHING;
  SELECT feed.last_sequence, feed.mark, salt.text INTO STRICT last_sequence, mark, salt
    FROM salt, feed JOIN till USING (till_id) JOIN store USING (store_id)
    WHERE installation = line AND till.name = till_name AND store.name = store_name;
EXCEPTION WHEN no_data_found THEN
  RAISE EXCEPTION 'this line belongs to another till' USING ERRCODE = 'CL001';
END $$;

CREATE FUNCTION till_of(store_name text, till_name text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  found integer;
BEGIN
  SELECT till_id INTO found FROM till JOIN store USING (store_id)
    WHERE store.name = store_name AND till.name = till_name;
  IF found IS NULL THEN
    INSERT INTO store (name) VALUES (store_name) ON CONFLICT DO NOTHING;
    INSERT INTO till (store_id, name) SELECT store_id, till_name FROM store WHERE name = store_name
      ON CONFLICT DO NOTHING;
    SELECT till_id INTO found FROM till JOIN store USING (store_id)
      WHERE store.name = store_name AND till.name = till_name;
  END IF;
  RETURN found;
END $$;

-- Appends movements to a line, each once: what is there already is passed over, a gap is refused. Movements, roll-ups
-- and the line's end change together or not at all. Returns the sequence of the last movement there is.
CREATE FUNCTION append(line uuid, first_sequence bigint, last_mark text, movements json) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
  mine feed;
  store_name text;
  fresh told_movement[];
  upto bigint;
BEGIN
  SELECT * INTO mine FROM feed WHERE installation = line FOR UPDATE;
  IF mine.feed_id IS NULL THEN
    RAISE EXCEPTION 'no such line' USING ERRCODE = 'CL001';
  END IF;
  IF json_array_length(movements) NOT BETWEEN 1 AND 2000 THEN
    RAISE EXCEPTION '1 to 2000 movements are taken at a time' USING ERRCODE = 'CL003';
  END IF;
  upto := first_sequence + json_array_length(movements) - 1;
  IF first_sequence > mine.last_sequence + 1 THEN
    RAISE EXCEPTION 'movements are missing before these' USING ERRCODE = 'CL002';
  END IF;
  IF upto <= mine.last_sequence THEN
    RETURN mine.last_sequence;
  END IF;
  SELECT array_agg(one ORDER BY one.sequence) INTO fresh
    FROM json_populate_recordset(NULL::told_movement, movements) AS one WHERE one.sequence > mine.last_sequence;
  IF (SELECT min(sequence) <> mine.last_sequence + 1 OR max(sequence) <> upto OR count(DISTINCT sequence) <> count(*)
        OR count(*) <> upto - mine.last_sequence
        OR count(DISTINCT act) FILTER (WHERE restated) <> count(*) FILTER (WHERE restated)
      FROM unnest(fresh)) THEN
    RAISE EXCEPTION 'movements are not in order' USING ERRCODE = 'CL003';
  END IF;
  SELECT store.name INTO store_name FROM till JOIN store USING (store_id) WHERE till_id = mine.till_id;
  PERFORM make_partitions(month)
    FROM (SELECT DISTINCT date_trunc('month', day)::date AS month FROM unnest(fresh)) AS months;
  PERFORM add_movements(mine.feed_id, store_name, fresh);
  PERFORM add_figures(mine.feed_id, mine.last_sequence + 1, upto);
  PERFORM add_firsts(mine.feed_id, mine.last_sequence + 1, upto);
  UPDATE feed SET last_sequence = upto, mark = last_mark, delivered_at = now() WHERE feed_id = mine.feed_id;
  RETURN upto;
END $$;

CREATE FUNCTION add_movements(line integer, store_name text, fresh told_movement[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO movement (
    feed_id, sequence, day, act, at, hour, currency, till_id, staff, tier, way, member, tenths, restated,
    sales, member_sales, redeemed_sales, known_sales, first_sales, offline_sales, timed_sales, bill, redeemed_bill,
    discount, paid, enrolled, earned, waiting_earned, refused_earned, used, waiting_used, refused_used, taken_back,
    given_back, waiting_back, refused_back, lapsed, returns, returned_bill, returned_discount, returned_paid,
    voids, overrides, corrections, discrepancies, discrepancy
  )
  SELECT
    line, sequence, day, act, at, hour, currency, till_of(store_name, till), staff, tier, way, member, tenths, false,
    nullif(told.sales, 0), nullif(told.member_sales, 0), nullif(told.redeemed_sales, 0),
    nullif(told.known_sales, 0), nullif(told.first_sales, 0), nullif(told.offline_sales, 0),
    nullif(told.timed_sales, 0), nullif(told.bill, 0), nullif(told.redeemed_bill, 0), nullif(told.discount, 0),
    nullif(told.paid, 0), nullif(told.enrolled, 0), nullif(told.earned, 0), nullif(told.waiting_earned, 0),
    nullif(told.refused_earned, 0), nullif(told.used, 0), nullif(told.waiting_used, 0),
    nullif(told.refused_used, 0), nullif(told.taken_back, 0), nullif(told.given_back, 0),
    nullif(told.waiting_back, 0), nullif(told.refused_back, 0), nullif(told.lapsed, 0), nullif(told.returns, 0),
    nullif(told.returned_bill, 0), nullif(told.returned_discount, 0), nullif(told.returned_paid, 0),
    nullif(told.voids, 0), nullif(told.overrides, 0), nullif(told.corrections, 0), nullif(told.discrepancies, 0),
    nullif(told.discrepancy, 0)
  FROM unnest(fresh) AS told WHERE NOT restated;

  -- What is told as it stands counts with what it changes. Where the ledger knows the act, its place stands. What the
  -- till knows in part only is taken where no line has told of its sale.
  INSERT INTO movement (
    feed_id, sequence, day, act, at, hour, currency, till_id, staff, tier, way, member, tenths, restated,
    sales, member_sales, redeemed_sales, known_sales, first_sales, offline_sales, timed_sales, bill, redeemed_bill,
    discount, paid, enrolled, earned, waiting_earned, refused_earned, used, waiting_used, refused_used, taken_back,
    given_back, waiting_back, refused_back, lapsed, returns, returned_bill, returned_discount, returned_paid,
    voids, overrides, corrections, discrepancies, discrepancy
  )
  SELECT * FROM (
    SELECT
      line, sequence, told.day, told.act, coalesce(known.at, told.at), coalesce(known.hour, told.hour),
      coalesce(known.currency, told.currency), coalesce(known.till_id, till_of(store_name, till)),
      coalesce(known.staff, told.staff), coalesce(known.tier, told.tier), coalesce(known.way, told.way),
      CASE WHEN coalesce(known.sales, 0) = 0 THEN told.member END,
      CASE WHEN coalesce(known.timed_sales, 0) = 0 THEN told.tenths END, true,
    nullif(coalesce(told.sales, 0) - coalesce(known.sales, 0), 0),
    nullif(coalesce(told.member_sales, 0) - coalesce(known.member_sales, 0), 0),
    nullif(coalesce(told.redeemed_sales, 0) - coalesce(known.redeemed_sales, 0), 0),
    nullif(coalesce(told.known_sales, 0) - coalesce(known.known_sales, 0), 0),
    nullif(coalesce(told.first_sales, 0) - coalesce(known.first_sales, 0), 0),
    nullif(coalesce(told.offline_sales, 0) - coalesce(known.offline_sales, 0), 0),
    nullif(coalesce(told.timed_sales, 0) - coalesce(known.timed_sales, 0), 0),
    nullif(coalesce(told.bill, 0) - coalesce(known.bill, 0), 0),
    nullif(coalesce(told.redeemed_bill, 0) - coalesce(known.redeemed_bill, 0), 0),
    nullif(coalesce(told.discount, 0) - coalesce(known.discount, 0), 0),
    nullif(coalesce(told.paid, 0) - coalesce(known.paid, 0), 0),
    nullif(coalesce(told.enrolled, 0) - coalesce(known.enrolled, 0), 0),
    nullif(coalesce(told.earned, 0) - coalesce(known.earned, 0), 0),
    nullif(coalesce(told.waiting_earned, 0) - coalesce(known.waiting_earned, 0), 0),
    nullif(coalesce(told.refused_earned, 0) - coalesce(known.refused_earned, 0), 0),
    nullif(coalesce(told.used, 0) - coalesce(known.used, 0), 0),
    nullif(coalesce(told.waiting_used, 0) - coalesce(known.waiting_used, 0), 0),
    nullif(coalesce(told.refused_used, 0) - coalesce(known.refused_used, 0), 0),
    nullif(coalesce(told.taken_back, 0) - coalesce(known.taken_back, 0), 0),
    nullif(coalesce(told.given_back, 0) - coalesce(known.given_back, 0), 0),
    nullif(coalesce(told.waiting_back, 0) - coalesce(known.waiting_back, 0), 0),
    nullif(coalesce(told.refused_back, 0) - coalesce(known.refused_back, 0), 0),
    nullif(coalesce(told.lapsed, 0) - coalesce(known.lapsed, 0), 0),
    nullif(coalesce(told.returns, 0) - coalesce(known.returns, 0), 0),
    nullif(coalesce(told.returned_bill, 0) - coalesce(known.returned_bill, 0), 0),
    nullif(coalesce(told.returned_discount, 0) - coalesce(known.returned_discount, 0), 0),
    nullif(coalesce(told.returned_paid, 0) - coalesce(known.returned_paid, 0), 0),
    nullif(coalesce(told.voids, 0) - coalesce(known.voids, 0), 0),
    nullif(coalesce(told.overrides, 0) - coalesce(known.overrides, 0), 0),
    nullif(coalesce(told.corrections, 0) - coalesce(known.corrections, 0), 0),
    nullif(coalesce(told.discrepancies, 0) - coalesce(known.discrepancies, 0), 0),
    nullif(coalesce(told.discrepancy, 0) - coalesce(known.discrepancy, 0), 0)
    FROM unnest(fresh) AS told LEFT JOIN LATERAL (
      SELECT
        min(at) AS at, min(hour) AS hour, min(currency) AS currency,
        min(till_id) AS till_id, min(staff) AS staff, min(tier) AS tier, min(way) AS way,
      sum(sales) AS sales, sum(member_sales) AS member_sales, sum(redeemed_sales) AS redeemed_sales,
      sum(known_sales) AS known_sales, sum(first_sales) AS first_sales, sum(offline_sales) AS offline_sales,
      sum(timed_sales) AS timed_sales, sum(bill) AS bill, sum(redeemed_bill) AS redeemed_bill,
      sum(discount) AS discount, sum(paid) AS paid, sum(enrolled) AS enrolled, sum(earned) AS earned,
      sum(waiting_earned) AS waiting_earned, sum(refused_earned) AS refused_earned, sum(used) AS used,
      sum(waiting_used) AS waiting_used, sum(refused_used) AS refused_used, sum(taken_back) AS taken_back,
      sum(given_back) AS given_back, sum(waiting_back) AS waiting_back, sum(refused_back) AS refused_back,
      sum(lapsed) AS lapsed, sum(returns) AS returns, sum(returned_bill) AS returned_bill,
      sum(returned_discount) AS returned_discount, sum(returned_paid) AS returned_paid, sum(voids) AS voids,
      sum(overrides) AS overrides, sum(corrections) AS corrections, sum(discrepancies) AS discrepancies,
      sum(discrepancy) AS discrepancy
      FROM movement WHERE movement.act = told.act AND movement.day = told.day
        AND (movement.feed_id <> line OR movement.sequence < told.sequence)
    ) AS known ON true
    WHERE restated AND told.day >= (SELECT before FROM put_away) AND (told.whole OR NOT EXISTS (
      SELECT FROM movement WHERE movement.act = left(told.act, 36) AND movement.feed_id <> line))
  ) AS changed (
    feed_id, sequence, day, act, at, hour, currency, till_id, staff, tier, way, member, tenths, restated,
    sales, member_sales, redeemed_sales, known_sales, first_sales, offline_sales, timed_sales, bill, redeemed_bill,
    discount, paid, enrolled, earned, waiting_earned, refused_earned, used, waiting_used, refused_used, taken_back,
    given_back, waiting_back, refused_back, lapsed, returns, returned_bill, returned_discount, returned_paid,
    voids, overrides, corrections, discrepancies, discrepancy
  )
  WHERE num_nonnulls(
    sales, member_sales, redeemed_sales, known_sales, first_sales, offline_sales, timed_sales, bill, redeemed_bill,
    discount, paid, enrolled, earned, waiting_earned, refused_earned, used, waiting_used, refused_used, taken_back,
    given_back, waiting_back, refused_back, lapsed, returns, returned_bill, returned_discount, returned_paid,
    voids, overrides, corrections, discrepancies, discrepancy
  ) > 0;
$$;

CREATE FUNCTION add_figures(line integer, first bigint, upto bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO day_figure AS kept (
    day, currency, split, part, till_id, feed_id,
    sales, member_sales, redeemed_sales, known_sales, first_sales, offline_sales, timed_sales, bill, redeemed_bill,
    discount, paid, enrolled, earned, waiting_earned, refused_earned, used, waiting_used, refused_used, taken_back,
    given_back, waiting_back, refused_back, lapsed, returns, returned_bill, returned_discount, returned_paid,
    voids, overrides, corrections, discrepancies, discrepancy
  )
  SELECT
    day, currency, one.split, one.part, till_id, line,
    coalesce(sum(sales), 0), coalesce(sum(member_sales), 0), coalesce(sum(redeemed_sales), 0),
    coalesce(sum(known_sales), 0), coalesce(sum(first_sales), 0), coalesce(sum(offline_sales), 0),
    coalesce(sum(timed_sales), 0), coalesce(sum(bill), 0), coalesce(sum(redeemed_bill), 0),
    coalesce(sum(discount), 0), coalesce(sum(paid), 0), coalesce(sum(enrolled), 0), coalesce(sum(earned), 0),
    coalesce(sum(waiting_earned), 0), coalesce(sum(refused_earned), 0), coalesce(sum(used), 0),
    coalesce(sum(waiting_used), 0), coalesce(sum(refused_used), 0), coalesce(sum(taken_back), 0),
    coalesce(sum(given_back), 0), coalesce(sum(waiting_back), 0), coalesce(sum(refused_back), 0),
    coalesce(sum(lapsed), 0), coalesce(sum(returns), 0), coalesce(sum(returned_bill), 0),
    coalesce(sum(returned_discount), 0), coalesce(sum(returned_paid), 0), coalesce(sum(voids), 0),
    coalesce(sum(overrides), 0), coalesce(sum(corrections), 0), coalesce(sum(discrepancies), 0),
    coalesce(sum(discrepancy), 0)
  FROM movement CROSS JOIN LATERAL (
    VALUES ('', ''), ('hour', hour::text), ('staff', staff), ('tier', tier), ('way', way)
  ) AS one (split, part)
  WHERE feed_id = line AND sequence BETWEEN first AND upto
  GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT (day, currency, split, part, till_id, feed_id) DO UPDATE SET
    sales = kept.sales + excluded.sales, member_sales = kept.member_sales + excluded.member_sales,
    redeemed_sales = kept.redeemed_sales + excluded.redeemed_sales,
    known_sales = kept.known_sales + excluded.known_sales, first_sales = kept.first_sales + excluded.first_sales,
    offline_sales = kept.offline_sales + excluded.offline_sales,
    timed_sales = kept.timed_sales + excluded.timed_sales, bill = kept.bill + excluded.bill,
    redeemed_bill = kept.redeemed_bill + excluded.redeemed_bill, discount = kept.discount + excluded.discount,
    paid = kept.paid + excluded.paid, enrolled = kept.enrolled + excluded.enrolled,
    earned = kept.earned + excluded.earned, waiting_earned = kept.waiting_earned + excluded.waiting_earned,
    refused_earned = kept.refused_earned + excluded.refused_earned, used = kept.used + excluded.used,
    waiting_used = kept.waiting_used + excluded.waiting_used,
    refused_used = kept.refused_used + excluded.refused_used, taken_back = kept.taken_back + excluded.taken_back,
    given_back = kept.given_back + excluded.given_back, waiting_back = kept.waiting_back + excluded.waiting_back,
    refused_back = kept.refused_back + excluded.refused_back, lapsed = kept.lapsed + excluded.lapsed,
    returns = kept.returns + excluded.returns, returned_bill = kept.returned_bill + excluded.returned_bill,
    returned_discount = kept.returned_discount + excluded.returned_discount,
    returned_paid = kept.returned_paid + excluded.returned_paid, voids = kept.voids + excluded.voids,
    overrides = kept.overrides + excluded.overrides, corrections = kept.corrections + excluded.corrections,
    discrepancies = kept.discrepancies + excluded.discrepancies,
    discrepancy = kept.discrepancy + excluded.discrepancy;

  INSERT INTO day_time AS kept (day, currency, staff, tenths, till_id, feed_id, sales)
  SELECT day, currency, staff, tenths, till_id, line, sum(timed_sales)
  FROM movement
  WHERE feed_id = line AND sequence BETWEEN first AND upto AND tenths IS NOT NULL AND timed_sales <> 0
  GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT (day, currency, staff, tenths, till_id, feed_id) DO UPDATE SET sales = kept.sales + excluded.sales;
$$;

-- Finds the first sale of each member in the store, however late a till brings it. Members are taken in one order, so
-- that two tills never wait for each other in a ring.
CREATE FUNCTION add_firsts(line integer, first bigint, upto bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  came member_first[];
  fresh member_first[];
  displaced member_first[];
BEGIN
  SELECT array_agg(earliest) INTO came FROM (
    SELECT DISTINCT ON (member)
      ROW(store_id, member, at, feed_id, sequence, day, hour, currency, till_id, staff, tier, way)::member_first
        AS earliest
    FROM movement JOIN till USING (till_id)
    WHERE feed_id = line AND sequence BETWEEN first AND upto AND member IS NOT NULL
    ORDER BY member, at, sequence
  ) AS one;
  IF came IS NULL THEN
    RETURN;
  END IF;
  WITH added AS (
    INSERT INTO member_first SELECT * FROM unnest(came) ORDER BY store_id, member
    ON CONFLICT DO NOTHING RETURNING member_first
  )
  SELECT array_agg(member_first) INTO fresh FROM added;
  WITH held AS (
    SELECT kept FROM member_first AS kept JOIN unnest(came) AS one USING (store_id, member)
    WHERE kept.feed_id <> one.feed_id OR kept.sequence <> one.sequence
    ORDER BY store_id, member FOR UPDATE OF kept
  )
  SELECT array_agg(held.kept) INTO displaced FROM held JOIN unnest(came) AS one
    ON (one.store_id, one.member) = ((held.kept).store_id, (held.kept).member)
    WHERE one.at < (held.kept).at;
  IF displaced IS NOT NULL THEN
    UPDATE member_first AS kept SET
      at = one.at, feed_id = one.feed_id, sequence = one.sequence, day = one.day, hour = one.hour,
      currency = one.currency, till_id = one.till_id, staff = one.staff, tier = one.tier, way = one.way
    FROM unnest(came) AS one, unnest(displaced) AS gone
    WHERE (kept.store_id, kept.member) = (one.store_id, one.member)
      AND (gone.store_id, gone.member) = (one.store_id, one.member);
    PERFORM count_firsts(line, array_agg(one), 1) FROM unnest(came) AS one JOIN unnest(displaced) AS gone
      ON (gone.store_id, gone.member) = (one.store_id, one.member);
    PERFORM count_firsts(line, displaced, -1);
  END IF;
  IF fresh IS NOT NULL THEN
    PERFORM count_firsts(line, fresh, 1);
  END IF;
END $$;

CREATE FUNCTION count_firsts(line integer, firsts member_first[], change integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO day_figure AS kept (day, currency, split, part, till_id, feed_id, first_sales)
  SELECT day, currency, one.split, one.part, till_id, line, change * count(*)
  FROM unnest(firsts) CROSS JOIN LATERAL (
    VALUES ('', ''), ('hour', hour::text), ('staff', staff), ('tier', tier), ('way', way)
  ) AS one (split, part)
  GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT (day, currency, split, part, till_id, feed_id) DO UPDATE SET
    first_sales = kept.first_sales + excluded.first_sales;
$$;
