"""A till's database as the first version left it: three sales, none of them posted yet."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import apsw

from cashier_app import data_folder
from cashier_app.demo.server import DemoServer
from cashier_app.domain.member import Way
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.sale import Effect, EffectKind, Sale, effect_key
from cashier_app.services.ticket import new_sale_id
from cashier_app.storage import audit
from cashier_app.storage.database import APPLICATION_ID, migrations
from cashier_app.storage.rows import AT_ONCE, moment, to_json

SALES = 3
BILL = Money(120_000, Currency("INR", 2))
NOTHING = Money(0, BILL.currency)


def write(folder: Path, server: DemoServer) -> set[str]:
    """Write the database into a new folder; return the ids of its sales."""
    folder.mkdir(parents=True)
    member = str(server.ledger.rows("SELECT member_id FROM members WHERE blocked_since IS NULL")[0][0])
    at = datetime.now(UTC) - timedelta(minutes=10)
    version = server.shop.program.version
    number, script = next(migrations())
    ids = set()
    with closing(apsw.Connection(str(folder / data_folder.JOURNAL_FILE))) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN")
        connection.execute(script)
        for count in range(1, SALES + 1):
            sale = _sale(member, version, at + timedelta(minutes=count), f"2-{count:04d}")
            _insert(connection, sale, count)
            ids.add(sale.sale_id)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={number}")
        connection.execute("COMMIT")
    return ids


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
    connection.execute(
        "INSERT INTO effect (key, sale_id, kind, account_key, body, state, next_attempt_at) "
        "VALUES (?, ?, 'sale', ?, ?, 'waiting', ?)",
        (effect.key, sale.sale_id, effect.account_key, to_json(effect), moment(AT_ONCE)),
    )
    audit.append(connection, sale.at, sale.sale_id, "committed", f"{count} {sale.paid.minor}")


def _sale(member: str, version: str, at: datetime, number: str) -> Sale:
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
        program_version=version,
    )
