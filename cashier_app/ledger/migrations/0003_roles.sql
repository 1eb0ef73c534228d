-- Who may do what. People and tills log in with roles of their own that are made members of these two.
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ledger_till') THEN
    CREATE ROLE ledger_till NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ledger_manager') THEN
    CREATE ROLE ledger_manager NOLOGIN;
  END IF;
END $$;

REVOKE ALL ON SCHEMA ledger FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA ledger FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;

-- A till appends to its own line and asks how far that is. It reads no table and writes none by itself.
GRANT USAGE ON SCHEMA ledger TO ledger_till, ledger_manager;
GRANT EXECUTE ON FUNCTION schema_version(), open_feed(uuid, text, text), append(uuid, bigint, text, json) TO ledger_till;

-- A manager reads. What makes member keys is for nobody.
GRANT EXECUTE ON FUNCTION schema_version() TO ledger_manager;
GRANT SELECT ON migration, store, till, feed, movement, movement_other, put_away, day_figure, day_time, member_first
  TO ledger_manager;
