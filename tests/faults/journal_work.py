"""A journal at work: sales rung up, held, paid, abandoned and posted in random order; and all it holds."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

from msgspec import Struct

from cashier_app.domain.member import Way
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import Booked
from cashier_app.domain.sale import FORWARD, Effect, EffectKind, EffectState, Sale, effect_key
from cashier_app.ports.journal import EffectRow
from cashier_app.storage.journal import SqliteJournal

RUPEE = Currency("INR", 2)
_START = datetime(2026, 11, 20, 9, tzinfo=UTC)
_HELD = frozenset({EffectKind.RESERVE, EffectKind.RELEASE})


class Contents(Struct, frozen=True):
    """All rows of sales, effects and the audit log, as they stand in the database."""

    sales: tuple[tuple[object, ...], ...]
    effects: tuple[tuple[object, ...], ...]
    audit: tuple[tuple[object, ...], ...]

    @property
    def committed(self) -> int:
        """Return the number of committed sales."""
        return sum(1 for row in self.sales if "committed" in row)

    def is_in(self, other: Contents) -> bool:
        """Say whether `other` holds exactly this; a start may have added to its audit log."""
        same = (self.sales, self.effects) == (other.sales, other.effects)
        return same and other.audit[: len(self.audit)] == self.audit


def contents(journal: SqliteJournal) -> Contents:
    """Return all that counts in a journal."""
    with journal._database.reading() as connection:
        sales, effects, audit = (
            tuple(connection.execute(f"SELECT * FROM {table} ORDER BY rowid"))  # noqa: S608 - constants
            for table in ("sale", "effect", "audit")
        )
    return Contents(sales, effects, audit)


class Work:
    """A till's day, one journal call at a time."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._seed = seed
        self._sales = self._born = 0
        self._now = _START

    def calls(self, sales: int) -> Iterator[Callable[[SqliteJournal], object]]:
        """Yield the calls of so many committed sales; each is one transaction."""
        until = self._sales + sales
        while self._sales < until:
            self._now += timedelta(seconds=self._chance.randint(1, 90))
            choice = self._chance.random()
            if choice < 0.4:
                yield from self._ring_up()
            elif choice < 0.9:
                yield self._deliver
            elif choice < 0.95:
                yield lambda journal: journal.make_due()
            else:
                document = "x" * self._chance.randint(1, 9000)
                yield partial(SqliteJournal.remember, name="program", text=document)

    def _ring_up(self) -> Iterator[Callable[[SqliteJournal], object]]:
        self._born += 1
        sale_id = f"01935b6e-0000-7000-{self._seed % 10_000:04d}-{self._born:012d}"
        with_points = self._chance.random() < 0.6
        if with_points:
            hold = self._effect(EffectKind.RESERVE, sale_id)
            yield lambda journal: journal.open_draft(sale_id, hold)
            if self._chance.random() < 0.2:
                yield lambda journal: journal.reservation_made(sale_id, None, EffectState.UNKNOWN)
                release = self._effect(EffectKind.RELEASE, sale_id)
                yield lambda journal: journal.abandon_draft(sale_id, release, "no answer to the hold")
                return
            booked = Booked(
                f"hold-{self._born}", Decimal(100), Decimal(50), self._now + timedelta(minutes=15)
            )
            yield lambda journal: journal.reservation_made(sale_id, booked, "held")
        kinds = [EffectKind.CAPTURE] * with_points + [EffectKind.SALE]
        effects = [self._effect(kind, sale_id) for kind in kinds]
        sale = self._sale(sale_id, with_points=with_points)
        self._sales += 1
        yield lambda journal: journal.commit_sale(sale, effects)

    def _deliver(self, journal: SqliteJournal) -> None:
        """Make one move of one effect, if any may move."""
        rows = journal.due(self._now, 50) + journal.interrupted()
        if not rows:
            return
        row = self._chance.choice(rows)
        to = self._chance.choice(sorted(_next_states(row)))
        if row.state is EffectState.UNKNOWN and self._chance.random() < 0.3:
            journal.postpone(row.effect.key, answer="no answer", at=self._now, next_attempt_at=self._later())
            return
        booked = Booked("b-1", Decimal(9), Decimal(1)) if to is EffectState.POSTED else None
        journal.move(
            row.effect.key, to, answer="said", at=self._now, next_attempt_at=self._later(), booked=booked
        )

    def _later(self) -> datetime:
        return self._now + timedelta(seconds=self._chance.randint(0, 60))

    def _sale(self, sale_id: str, *, with_points: bool) -> Sale:
        bill = self._chance.randint(100, 999_999)
        discount = min(bill, 5000) if with_points else 0
        return Sale(
            sale_id=sale_id,
            number="",
            member_id=f"m-{self._chance.randint(1, 4)}",
            display_name="Priya R.",
            way=Way.WALLET_CODE,
            bill=Money(bill, RUPEE),
            discount=Money(discount, RUPEE),
            paid=Money(bill - discount, RUPEE),
            points_used=Decimal(50 if with_points else 0),
            points_expected=Decimal(bill // 10_000),
            at=self._now,
            program_version="7",
        )

    def _effect(self, kind: EffectKind, sale_id: str) -> Effect:
        return Effect(
            key=effect_key(sale_id, kind),
            kind=kind,
            sale_id=sale_id,
            member_id=f"m-{self._chance.randint(1, 4)}",
            points=Decimal(50),
            bill=Money(20_000, RUPEE),
            discount=Money(5_000, RUPEE),
            paid=Money(15_000, RUPEE),
            at=self._now,
            program_version="7",
        )


def _next_states(row: EffectRow) -> set[EffectState]:
    nexts = set(FORWARD[row.state])
    return nexts if row.effect.kind in _HELD else nexts - {EffectState.DROPPED}
