"""A till's database as any earlier version left it: a queue in every state, and rows of all its tables.

Only the tables of that version are made, by its own migrations, and only they get rows. Seals are left empty:
what a new version finds there it does not read, it seals everything anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import apsw

from cashier_app import data_folder
from cashier_app.demo.server import DemoServer
from cashier_app.domain.discrepancy import Discrepancy
from cashier_app.domain.member import Way
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.sale import Effect, EffectKind, Sale, effect_key
from cashier_app.domain.staff import Role
from cashier_app.services.ticket import new_sale_id
from cashier_app.storage import audit, closing_rows, persons
from cashier_app.storage.database import APPLICATION_ID, WITH_PERSONS_HIDDEN, migrations
from cashier_app.storage.installation import Installation
from cashier_app.storage.rows import AT_ONCE, moment, to_json
from cashier_app.storage.seals import Seals
from cashier_app.storage.staff_book import StaffTold

SALES = 3
BILL = Money(120_000, Currency("INR", 2))
NOTHING = Money(0, BILL.currency)
MEMBERS = 5
_STATES = ("waiting", "sending", "unknown")
"""What is still due: one that was posted would have to stand at the server, too."""

Row = tuple[object, ...]


def write(folder: Path, server: DemoServer, version: int = 1, sales: int = SALES) -> set[str]:
    """Write the database into a new folder; return the ids of its sales, none of them posted yet."""
    rows = server.ledger.rows("SELECT member_id FROM members WHERE blocked_since IS NULL LIMIT 5")
    return write_for([str(row[0]) for row in rows][:MEMBERS], folder, version, sales)


def write_for(members: list[str], folder: Path, version: int, sales: int = SALES) -> set[str]:
    """Write the database for these members, whoever knows them."""
    folder.mkdir(parents=True, exist_ok=True)
    at = datetime.now(UTC) - timedelta(minutes=10)
    ids = []
    with closing(apsw.Connection(str(folder / data_folder.JOURNAL_FILE))) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        Seals(Installation(folder).key()).install(connection)
        connection.execute("BEGIN")
        for number, script in migrations():
            if number <= version:
                connection.execute(script)
        for count in range(1, sales + 1):
            member = members[count % len(members)]
            sale = _sale(member, at + timedelta(seconds=count), f"2-{count:04d}")
            _insert(connection, sale, count)
            ids.append(sale.sale_id)
        _of_all_tables(connection, version, ids[0], at)
        if version >= WITH_PERSONS_HIDDEN:
            persons.hide_those_of_before(connection)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={version}")
        connection.execute("COMMIT")
    return set(ids)


def rows_of(database: Path, columns: Mapping[str, tuple[str, ...]] | None = None) -> dict[str, list[Row]]:
    """Return the rows of all tables a new version keeps, by the columns given or all there are.

    Left out are seals, the cache of members, and what the till says of the database itself.
    """
    with closing(apsw.Connection(str(database))) as connection:
        named = columns if columns is not None else columns_of(connection)
        return {
            table: sorted(
                connection.execute(f"SELECT {', '.join(wanted)} FROM {table}").fetchall(),  # noqa: S608 - names
                key=repr,
            )
            for table, wanted in named.items()
        }


def columns_of(connection: apsw.Connection) -> dict[str, tuple[str, ...]]:
    """Return the columns of each table, but seals and what tells whom an effect is for."""
    tables = [
        str(row[0]) for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    ]
    left_out = {"member_seen", "kept", "sqlite_sequence"}
    found = {}
    for table in tables:
        names = [str(row[1]) for row in connection.execute(f"PRAGMA table_info({table})")]
        hidden = {"seal", "effects"} | ({"account_key", "private"} if table == "effect" else set())
        if table not in left_out:
            found[table] = tuple(name for name in names if name not in hidden)
    return found


def _insert(connection: apsw.Connection, sale: Sale, count: int) -> None:
    effect = Effect(
        key=effect_key(sale.sale_id, EffectKind.SALE),
        kind=EffectKind.SALE,
        sale_id=sale.sale_id,
        member_id=sale.member_id,
        points=sale.points_expected,
        bill=sale.bill,
        discount=sale.discount,
        paid=sale.paid,
        at=sale.at,
        program_version=sale.program_version,
    )
    connection.execute(
        "INSERT INTO sale (sale_id, state, opened_at, counter, committed_at, has_member, body) "
        "VALUES (?, 'committed', ?, ?, ?, 1, ?)",
        (sale.sale_id, moment(sale.at), count, moment(sale.at), to_json(sale)),
    )
    state = _STATES[count % len(_STATES)]
    connection.execute(
        "INSERT INTO effect (key, sale_id, kind, account_key, body, state, next_attempt_at) "
        "VALUES (?, ?, 'sale', ?, ?, ?, ?)",
        (effect.key, sale.sale_id, effect.account_key, to_json(effect), state, moment(AT_ONCE)),
    )
    columns = {str(row[1]) for row in connection.execute("PRAGMA table_info(sale)")}
    if "effects" in columns:
        connection.execute("UPDATE sale SET effects = 1 WHERE sale_id = ?", (sale.sale_id,))
    audit.append(connection, sale.at, sale.sale_id, "committed", f"{count} {sale.paid.minor}")


def _of_all_tables(connection: apsw.Connection, version: int, sale_id: str, at: datetime) -> None:
    """Give each other table of this version a row, with its row in the audit log."""
    connection.execute("INSERT INTO kept (name, text) VALUES ('program', 'the rules')")
    if version >= 4:
        _lose(connection, sale_id, at)
    if version >= 6:
        told = StaffTold(1, "Asha", Role.MANAGER, True, ("name",), "")
        connection.execute("INSERT INTO staff VALUES ('s-1', 1, 'Asha', 'manager', 1, NULL, x'0102', NULL)")
        connection.execute("INSERT INTO pin_try VALUES ('staff:s-1', 3, 2, ?, 7000, NULL)", (moment(at),))
        audit.append(connection, at, "staff:s-1", "staff added", to_json(told))
    if version >= 7:
        connection.execute("INSERT INTO offline_spell VALUES (1, ?, ?, 60000, 'ended')", (moment(at),) * 2)
        connection.execute("INSERT INTO offline_day VALUES ('2026-01-02', 60000)")
        connection.execute("INSERT INTO latency VALUES ('2026-01-02', 9, 3, 12)")
    if version >= 8:
        body = '{"number":1}'
        sha256 = hashlib.sha256(body.encode()).hexdigest()
        connection.execute("INSERT INTO day_closing VALUES (1, ?, ?, NULL)", (body, sha256))
        audit.append(connection, at, closing_rows.subject_of(1), closing_rows.DAY_CLOSED, sha256)
    if version >= 9:
        connection.execute(
            "INSERT INTO ledger_line (one, line, store, till, sales_before, acts_before) "
            "VALUES (1, 'line', 'Marigold', '2', 0, 0)"
        )
        connection.execute("INSERT INTO ledger_feed VALUES (1, ?, 'mark', '{}')", (moment(at),))


def _lose(connection: apsw.Connection, sale_id: str, at: datetime) -> None:
    key, loss = effect_key(sale_id, EffectKind.CAPTURE), Money(500, BILL.currency)
    body = to_json(Discrepancy(key, sale_id, "2-0001", "m-1", loss, "not enough points", at))
    connection.execute(
        "INSERT INTO discrepancy VALUES (?, ?, 'm-1', ?, ?, ?)", (key, sale_id, moment(at), loss.minor, body)
    )
    audit.append(connection, at, sale_id, "discrepancy", body)


def _sale(member: str, at: datetime, number: str) -> Sale:
    return Sale(
        sale_id=new_sale_id(),
        number=number,
        member_id=member,
        display_name="Priya R.",
        way=Way.WALLET_CODE,
        bill=BILL,
        discount=NOTHING,
        paid=BILL,
        points_used=Decimal(0),
        points_expected=Decimal(12),
        at=at,
        program_version="1",
    )
