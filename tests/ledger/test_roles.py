"""What a till and a manager may do at the ledger, and that it is no more than that."""

from __future__ import annotations

import random
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from cashier_app.ledger.connecting import LedgerAddress, connect
from cashier_app.ledger.migrating import migrate, scripts
from cashier_app.ports.ledger import LedgerRefusedError
from tests.fakes.chain_till import ChainTill
from tests.fakes.ledgers import FIRST, LAST, Ledger
from tests.fakes.postgres_server import MANAGER, TILL

TABLES = (
    "migration",
    "store",
    "till",
    "feed",
    "salt",
    "movement",
    "day_figure",
    "day_time",
    "member_first",
    "put_away",
)
READ = "SELECT * FROM ledger.{} LIMIT 0"
WRITES = (
    "INSERT INTO ledger.{} DEFAULT VALUES",
    "UPDATE ledger.{0} SET {1} = {1}",
    "DELETE FROM ledger.{}",
    "TRUNCATE ledger.{}",
    "DROP TABLE ledger.{}",
    "ALTER TABLE ledger.{} ADD COLUMN mine integer",
)
INTERNAL = (
    "SELECT ledger.till_of('made up', '9')",
    "SELECT ledger.make_partitions(current_date)",
    "SELECT ledger.add_movements(1, 'x', NULL)",
    "SELECT ledger.add_figures(1, 1, 1)",
    "SELECT ledger.add_firsts(1, 1, 1)",
    "SELECT ledger.count_firsts(1, NULL, 1)",
)


@pytest.fixture
def filled(ledger: Ledger, tmp_path: Path) -> Ledger:
    till = ChainTill(tmp_path / "till", "Jayanagar", "2", random.Random(1))
    till.live(datetime(2026, 11, 20, 3, 30, tzinfo=UTC), 20)
    till.deliver(ledger.line())
    till.journal.close()
    return ledger


def refused(address: LedgerAddress, statement: str) -> bool:
    """Say whether the ledger refuses a user this for want of rights."""
    with closing(connect(address)) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.commit()
        try:
            connection.execute(statement.encode())
        except errors.InsufficientPrivilege:
            return True
        connection.rollback()
        return False


def last_column(ledger: Ledger, table: str) -> str:
    with closing(psycopg.connect(ledger.server.at(ledger.name))) as connection:
        described = connection.execute(READ.format(table).encode()).description
    assert described is not None
    return described[-1].name


def test_a_till_reads_no_table(filled: Ledger) -> None:
    address = filled.address(TILL)
    allowed = [table for table in TABLES if not refused(address, READ.format(table))]
    assert allowed == []


@pytest.mark.parametrize("user", [TILL, MANAGER])
def test_neither_writes_any_table_by_themselves(filled: Ledger, user: str) -> None:
    address = filled.address(user)
    before = filled.run("SELECT count(*) AS n FROM ledger.movement")
    allowed = [
        statement
        for table in (*TABLES, "movement_other")
        for statement in (one.format(table, last_column(filled, table)) for one in WRITES)
        if not refused(address, statement)
    ]
    assert allowed == []
    assert filled.run("SELECT count(*) AS n FROM ledger.movement") == before


@pytest.mark.parametrize("user", [TILL, MANAGER])
def test_neither_calls_what_the_ledger_calls_itself(filled: Ledger, user: str) -> None:
    address = filled.address(user)
    assert [one for one in INTERNAL if not refused(address, one)] == []
    assert refused(address, "CREATE TABLE ledger.mine (one integer)")
    assert refused(address, "CREATE SCHEMA mine")


def test_a_manager_reads_everything_but_what_makes_member_keys(filled: Ledger) -> None:
    address = filled.address(MANAGER)
    denied = [table for table in TABLES if refused(address, READ.format(table))]
    assert denied == ["salt"]
    for call in (
        "SELECT ledger.open_feed('00000000-0000-4000-8000-000000000001', 'Jayanagar', '2')",
        "SELECT ledger.append('00000000-0000-4000-8000-000000000001', 1, '', '[]')",
    ):
        assert refused(address, call)


def test_a_manager_with_rights_by_mistake_still_writes_nothing(filled: Ledger) -> None:
    """The program asks for read-only transactions, whatever the user may do."""
    filled.run(f"GRANT DELETE ON ledger.movement TO {MANAGER}")
    with closing(connect(filled.address(MANAGER), read_only=True)) as connection:
        with pytest.raises(errors.ReadOnlySqlTransaction):
            connection.execute("DELETE FROM ledger.movement")
        connection.rollback()


def test_a_till_may_not_see_figures(filled: Ledger) -> None:
    from cashier_app.ledger.figures import PostgresFigures

    figures = PostgresFigures(lambda: filled.address(TILL), "INR")
    with pytest.raises(LedgerRefusedError, match="does not allow this"):
        figures.figures(FIRST, LAST)
    figures.close()


def test_who_has_no_role_may_not_even_ask_for_the_version(ledger: Ledger) -> None:
    ledger.run("REVOKE USAGE ON SCHEMA ledger FROM ledger_till")
    line = ledger.line()
    with pytest.raises(LedgerRefusedError, match="does not allow this"):
        line.try_out()


def test_functions_that_run_as_the_owner_look_nowhere_but_in_the_ledger(ledger: Ledger) -> None:
    """Else a till could put a table of its own in their way."""
    rows = ledger.run(
        "SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'ledger'::regnamespace"
    )
    assert {row["proname"] for row in rows} == {"schema_version", "open_feed", "append"}
    assert all(row["proconfig"] == ["search_path=ledger, pg_temp"] for row in rows)


def test_setting_up_twice_changes_nothing(ledger: Ledger) -> None:
    assert migrate(ledger.address("ledger_owner")) == []
    versions = [row["version"] for row in ledger.run("SELECT version FROM ledger.migration ORDER BY 1")]
    assert versions == [number for number, _, _ in scripts()]


def test_a_newer_ledger_is_left_alone(ledger: Ledger) -> None:
    ledger.run("INSERT INTO ledger.migration (version, name) VALUES (99, 'of the future')")
    with pytest.raises(LedgerRefusedError, match="newer version"):
        migrate(ledger.address("ledger_owner"))
    with pytest.raises(LedgerRefusedError, match="newer version"):
        ledger.line().try_out()
