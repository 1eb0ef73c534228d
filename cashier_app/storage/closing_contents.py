"""What a report of a day holds, read in one transaction: figures, stocks, and what the audit log tells.

What a report lists are rows of the audit log between two closes, so that each stands in one report.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, tzinfo

import apsw
from msgspec import Struct

from cashier_app.domain.acts import Act, ActKind
from cashier_app.domain.counting import business_hour
from cashier_app.domain.day_close import (
    MOST_LISTED,
    ChainHead,
    Correction,
    DayClose,
    Loss,
    OfflineSpell,
    Override,
    Rescue,
    Stock,
    WaitingSale,
    spans_of,
)
from cashier_app.domain.discrepancy import Discrepancy
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.sale import Effect, EffectState, Sale
from cashier_app.domain.settlement import Truth
from cashier_app.ports.day_closings import Letterhead
from cashier_app.services.approval import Matter
from cashier_app.storage import discrepancies, reading, settling
from cashier_app.storage.closing_rows import DAY_CLOSED, TOLD_AGAIN, subject_of
from cashier_app.storage.grand_totals import grand_totals
from cashier_app.storage.rows import from_json, moment, sale_of
from cashier_app.storage.seals import SALE_HOLDS, STAFF_HOLDS

RESCUED = ("rescued", "sealed anew")
OFFLINE_USE, APPROVED = "redeemed offline", "approved"
LISTED_MATTERS = frozenset({Matter.OFFLINE_POINTS, Matter.REFUND, Matter.BACKEND})
"""What somebody allowed that a report names; settling by hand has a list of its own, pages need none."""

_RETURNS = ("refund queued", "returned")
_EVENTS = (
    settling.SETTLED,
    discrepancies.EVENT,
    OFFLINE_USE,
    APPROVED,
    ActKind.OVERRIDE.value,
    *RESCUED,
    *_RETURNS,
)
_SPAN = f"""
SELECT at, subject, event, detail FROM audit
WHERE sequence > ? AND event IN ({", ".join("?" * len(_EVENTS))}) ORDER BY sequence
"""  # noqa: S608 - marks only
_OPEN_HOLDS = """
SELECT count(*) FROM effect WHERE kind IN ('capture', 'release')
AND sequence IN (SELECT sequence FROM effect INDEXED BY effect_unfinished
                 WHERE state IN ('waiting', 'sending', 'unknown')
                 UNION ALL SELECT sequence FROM effect INDEXED BY effect_attention
                 WHERE state = 'needs attention')
"""
_EDGE = f"SELECT body FROM sale WHERE state = 'committed' AND counter > ? AND {SALE_HOLDS} ORDER BY counter"  # noqa: S608 - constants


class _Settled(Struct, frozen=True):
    truth: Truth
    by: str
    reason: str


class _OfflineUse(Struct, frozen=True):
    minor: int
    confirmed_by: str


class _Approved(Struct, frozen=True):
    matter: str
    subject: str
    amount: Money | None
    limit: Money | None
    reason: str | None


class _Told(Struct):
    """What the audit log tells of a span, as it is read; `allowed` are subjects somebody's PIN allowed."""

    corrections: list[Correction]
    losses: list[Loss]
    overrides: list[Override]
    rescues: list[Rescue]
    returned: list[datetime]
    allowed: set[str]


def head_of(connection: apsw.Connection) -> ChainHead:
    """Return the head of the audit log."""
    row = connection.execute("SELECT sequence, chain FROM audit ORDER BY sequence DESC LIMIT 1").fetchone()
    return ChainHead(0, "") if row is None else ChainHead(int(str(row[0])), _bytes(row[1]).hex())


def contents(
    connection: apsw.Connection,
    letterhead: Letterhead,
    at: datetime,
    *,
    before: DayClose | None,
    before_sha: str,
    till: str,
) -> DayClose:
    """Return everything since the close before, not numbered and closed by nobody yet.

    The connection is inside a transaction, so that all of it is of one moment; `before` is the last close
    there is, with its SHA-256.
    """
    last = before.last_sale if before else 0
    first_sale, last_sale = _edges(connection, last)
    told = _told(connection, _from_sequence(connection, before), letterhead.currency)
    now = grand_totals(connection, letterhead.currency)
    days = _days([first_sale, last_sale], told.returned, letterhead.zone)
    return DayClose(
        store=letterhead.store,
        till=till,
        training=letterhead.training,
        made_with=letterhead.made_with,
        since=before.until if before else None,
        until=at,
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        first_sale=_count_of(first_sale),
        last_sale=_count_of(last_sale) or last,
        names=_names(connection),
        currencies=spans_of(now, [span.totals for span in before.currencies] if before else []),
        stock=_stock(connection),
        corrections=tuple(told.corrections[:MOST_LISTED]),
        losses=tuple(told.losses[:MOST_LISTED]),
        overrides=tuple(told.overrides[:MOST_LISTED]),
        rescues=tuple(told.rescues[:MOST_LISTED]),
        offline=_spells(connection, before.until if before else None),
        chain=head_of(connection),
        before=before_sha,
    )


def _from_sequence(connection: apsw.Connection, before: DayClose | None) -> int:
    """Return the row of the audit log that tells of the last close, or tells of it again after damage."""
    if before is None:
        return 0
    row = connection.execute(
        "SELECT max(sequence) FROM audit WHERE subject = ? AND substr(subject, 1, 10) = 'day close ' "
        "AND event IN (?, ?)",
        (subject_of(before.number), DAY_CLOSED, TOLD_AGAIN),
    ).fetchone()
    return before.chain.sequence if row is None or row[0] is None else int(str(row[0]))


def _edges(connection: apsw.Connection, last: int) -> tuple[Sale | None, Sale | None]:
    first = connection.execute(f"{_EDGE} LIMIT 1", (last,)).fetchone()
    newest = connection.execute(f"{_EDGE} DESC LIMIT 1", (last,)).fetchone()
    return (sale_of(first[0]) if first else None, sale_of(newest[0]) if newest else None)


def _count_of(sale: Sale | None) -> int:
    return 0 if sale is None else int(sale.number.rpartition("-")[2])


def _days(sales: Sequence[Sale | None], returned: Sequence[datetime], zone: tzinfo) -> list[date]:
    days = [business_hour(sale.at, sale.utc_offset, zone)[0] for sale in sales if sale is not None]
    return days + [business_hour(at, None, zone)[0] for at in returned]


def _told(connection: apsw.Connection, after: int, currency: Currency) -> _Told:
    told = _Told([], [], [], [], [], set())
    for at_text, subject_text, event, detail in connection.execute(_SPAN, (after, *_EVENTS)):
        at, subject = datetime.fromisoformat(str(at_text)), str(subject_text)
        match event:
            case settling.SETTLED:
                told.corrections.append(_correction(connection, subject, detail, at))
            case discrepancies.EVENT:
                loss = from_json(detail, Discrepancy)
                told.losses.append(Loss(loss.number, loss.loss, loss.because, at))
            case _ if event == APPROVED:
                told.overrides += _approval(connection, told, subject, from_json(detail, _Approved), at)
            case _ if event == OFFLINE_USE and subject not in told.allowed:
                told.overrides += _offline_override(connection, subject, detail, at, currency)
            case ActKind.OVERRIDE.value:
                told.overrides.append(_override(from_json(detail, Act)))
            case _ if event in _RETURNS:
                told.returned = [*told.returned[:1], at]
            case _ if event in RESCUED:
                told.rescues.append(Rescue(at, str(detail)))
    return told


def _correction(connection: apsw.Connection, key: str, detail: object, at: datetime) -> Correction:
    word = from_json(detail, _Settled)
    row = connection.execute("SELECT body FROM effect WHERE key = ?", (key,)).fetchone()
    kind = from_json(row[0], Effect).kind.value if row else ""
    number = _number_of_effect(connection, key)
    return Correction(number, kind, word.truth.value, word.by, word.reason, at)


def _offline_override(
    connection: apsw.Connection, sale_id: str, detail: object, at: datetime, currency: Currency
) -> Iterator[Override]:
    """Yield the word of whoever confirmed points used offline; small ones needed nobody's."""
    use = from_json(detail, _OfflineUse)
    if use.confirmed_by:
        amount = Money(use.minor, currency)
        yield Override(
            _number_of(connection, sale_id),
            Matter.OFFLINE_POINTS.value,
            use.confirmed_by,
            at,
            amount=amount,
        )


def _approval(
    connection: apsw.Connection, told: _Told, subject: str, given: _Approved, at: datetime
) -> Iterator[Override]:
    """Yield what somebody allowed by their PIN, with limit and reason."""
    if given.matter not in LISTED_MATTERS:
        return
    told.allowed.add(given.subject)
    yield Override(
        number=_number_of(connection, given.subject) or _number_of_effect(connection, given.subject),
        matter=given.matter,
        by=subject.removeprefix("staff:"),
        at=at,
        reason=given.reason or "",
        amount=given.amount,
        limit=given.limit,
    )


def _override(act: Act) -> Override:
    return Override(number="", matter=act.note, by=act.staff_id, at=act.at)


def _names(connection: apsw.Connection) -> dict[str, str]:
    """Return what people call each staff id, also of those who are gone."""
    rows = connection.execute(f"SELECT staff_id, name FROM staff WHERE {STAFF_HOLDS}")  # noqa: S608 - a constant
    return {str(staff_id): str(name) for staff_id, name in rows}


def _number_of_effect(connection: apsw.Connection, key: str) -> str:
    row = connection.execute("SELECT sale_id FROM effect WHERE key = ?", (key,)).fetchone()
    return "" if row is None else _number_of(connection, str(row[0]))


def _number_of(connection: apsw.Connection, sale_id: str) -> str:
    row = connection.execute(
        "SELECT body FROM sale WHERE sale_id = ? AND state = 'committed'", (sale_id,)
    ).fetchone()
    return "" if row is None else sale_of(row[0]).number


def _stock(connection: apsw.Connection) -> Stock:
    counts = reading.counts(connection)
    unsent = reading.unsent(connection, MOST_LISTED)
    (holds,) = connection.execute(_OPEN_HOLDS).fetchone() or (0,)
    sales = [
        WaitingSale(
            one.sale.number,
            one.sale.at,
            needs_person=any(row.state is EffectState.NEEDS_ATTENTION for row in one.effects),
        )
        for one in unsent
    ]
    return Stock(counts.waiting, counts.needs_attention, tuple(sales), int(str(holds)))


def _spells(connection: apsw.Connection, since: datetime | None) -> tuple[OfflineSpell, ...]:
    rows = connection.execute(
        "SELECT began_at, seen_at, milliseconds, state FROM offline_spell "
        "WHERE ?1 IS NULL OR seen_at > ?1 OR state = 'open' ORDER BY number LIMIT ?2",
        (None if since is None else moment(since), MOST_LISTED),
    )
    return tuple(
        OfflineSpell(
            since=datetime.fromisoformat(str(began)),
            until=None if state == "open" else datetime.fromisoformat(str(seen)),
            seconds=int(str(milliseconds)) // 1000,
        )
        for began, seen, milliseconds, state in rows
    )


def _bytes(value: apsw.SQLiteValue) -> bytes:
    return value if isinstance(value, bytes) else b""
