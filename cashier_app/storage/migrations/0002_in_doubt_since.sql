-- Since when nobody can be sure whether an effect took hold: a backend keeps keys for a while only.
ALTER TABLE effect ADD COLUMN in_doubt_since TEXT;
UPDATE effect SET in_doubt_since = coalesce(last_attempt_at, next_attempt_at) WHERE state = 'unknown';
