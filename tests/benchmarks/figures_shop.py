"""A till's database after a busy year: a million made-up sales, written without a till."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from cashier_app.storage.journal import SqliteJournal

ZONE = ZoneInfo("Asia/Kolkata")
LAST = date(2026, 11, 20)
DAYS = 365
MEMBERS = 30_000

_STAFF = ("asha", "meera", "arun", "devika", "rahul")
_TIERS = ("", "Silver", "Gold")
_WAYS = ("wallet code", "wallet code", "phone", "member number")
_CURRENCY = '{"code":"INR","decimals":2}'
_INSERT_SALE = """
INSERT INTO sale (sale_id, state, opened_at, counter, committed_at, has_member, body, effects)
VALUES (?, 'committed', ?, ?, ?, ?, ?, ?)
"""
_INSERT_EFFECT = """
INSERT INTO effect (key, sale_id, kind, account_key, body, state, next_attempt_at, booked)
VALUES (?, ?, ?, ?, ?, 'posted', '', ?)
"""


def write(path: Path, sales: int) -> None:
    """Write a database of so many sales over a year, their figures not yet counted."""
    with closing(SqliteJournal(path, "2", zone=ZONE)) as journal:
        connection = journal.database.connection()
        connection.execute("PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint=20000")
        connection.execute("BEGIN IMMEDIATE")
        rows = _made(sales)
        for batch in iter(lambda: list(islice(rows, 2000)), []):
            connection.executemany(_INSERT_SALE, (sale for sale, _ in batch))
            connection.executemany(_INSERT_EFFECT, (effect for _, effects in batch for effect in effects))
        connection.execute("COMMIT")


def _made(sales: int) -> Iterator[tuple[tuple[str | int, ...], list[tuple[str, ...]]]]:
    chance = random.Random(7)
    first = datetime.combine(LAST - timedelta(days=DAYS - 1), datetime.min.time(), ZONE).astimezone(UTC)
    a_day = -(-sales // DAYS)
    for number in range(1, sales + 1):
        day, place = divmod(number - 1, a_day)
        at = (first + timedelta(days=day, hours=9, seconds=place * 12 * 3600 // a_day)).isoformat()
        yield _one(chance, number, at.replace("+00:00", ".000000+00:00"))


def _one(chance: random.Random, number: int, at: str) -> tuple[tuple[str | int, ...], list[tuple[str, ...]]]:
    sale_id = f"01935b6e-0000-7000-8000-{number:012d}"
    member = f"m-{chance.randrange(MEMBERS)}" if chance.random() < 0.6 else ""
    uses = bool(member) and chance.random() < 0.25
    bill = chance.randrange(5_000, 400_000)
    off = min(bill, 20_000) if uses else 0
    points = f"{(bill - off) // 10_000}"
    amounts = (
        f'"bill":{{"minor":{bill},"currency":{_CURRENCY}}},'
        f'"discount":{{"minor":{off},"currency":{_CURRENCY}}},'
        f'"paid":{{"minor":{bill - off},"currency":{_CURRENCY}}}'
    )
    way = f'"{_WAYS[chance.randrange(4)]}"' if member else "null"
    staff = _STAFF[chance.randrange(len(_STAFF))]
    tier = _TIERS[chance.randrange(3)] if member else ""
    took = max(20, int(chance.lognormvariate(5.2, 0.5)))
    body = (
        f'{{"sale_id":"{sale_id}","number":"2-{number:04d}","member_id":"{member}","display_name":"",'
        f'"way":{way},{amounts},"points_used":"{200 if uses else 0}","points_expected":"{points}",'
        f'"at":"{at}","program_version":"7","staff_id":"{staff}","tier":"{tier}","took_tenths":{took},'
        f'"offline":false,"utc_offset":330}}'
    )
    kinds = (["capture", "sale"] if uses else ["sale"]) if member else []
    effects = []
    for kind in kinds:
        key, moved = f"{sale_id}-{kind}-1", points if kind == "sale" else "200"
        told = (
            f'{{"key":"{key}","kind":"{kind}","sale_id":"{sale_id}","member_id":"{member}",'
            f'"points":"{moved}",{amounts},"at":"{at}","program_version":"7","utc_offset":330}}'
        )
        booked = f'{{"reference":"r-{number}","points":"{points if kind == "sale" else 0}"}}'
        effects.append((key, sale_id, kind, member, told, booked))
    return (sale_id, at, number, at, int(bool(member)), body, len(kinds)), effects
