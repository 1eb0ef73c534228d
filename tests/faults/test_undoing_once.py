"""Undoing pressed twice, too late, at a bad moment: the books agree; and each guard taken away is seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cashier_app.domain import voiding
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.money import Money
from cashier_app.domain.sale import Effect, ReturnReason, Sale
from cashier_app.services import undoing as undoing_module
from cashier_app.services.returnable import Returnable
from cashier_app.services.undoable import Movable, Undoable
from cashier_app.services.undoing import Undoing
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.backend import Fault
from tests.fakes.counter import PRIYAS_CODE, RAHULS_PHONE, Counter
from tests.fakes.shop import RUPEE
from tests.fakes.told_points import UNDOES, told_points

RAHUL = PhoneNumber(f"+91{RAHULS_PHONE}")
DAY = 24 * 3600
STEPS = [
    "look",
    "void",
    "void",
    "move",
    "return",
    "part",
    "post",
    "silent",
    "heard",
    "fault",
    "a_day",
    "restart",
]
PASSING = [Fault.NOT_REACHED, Fault.BUSY, Fault.REQUEST_LOST, Fault.ANSWER_LOST]


class Story:
    """One sale of 2,360 with 200 coins of Priya's, and what is done about it; the model keeps the sum."""

    def __init__(self, folder: Path) -> None:
        self.counter = Counter(folder).open_for_business()
        self.counter.backend.plan_refund = told_points  # type: ignore[method-assign]
        self.before = {one: self.balance(one) for one in ("m-1", "m-2")}
        session = self.counter.session
        session.scan(PRIYAS_CODE)
        self.counter.type("2360")
        self.counter.press_enter(3)
        session.next_customer()
        self.sale = self.counter.journal.recent(1)[0].sale
        self.shown: Undoable | None = None
        self.moving: Movable | None = None
        self.whole = Decimal(-200 + 21)
        self.expected = {"m-1": self.whole, "m-2": Decimal(0)}
        self.day_over = False

    def balance(self, member_id: str) -> Decimal:
        return self.counter.backend.members[member_id].balance

    @property
    def undoing(self) -> Undoing:
        return self.counter.workshop.undoing

    def do(self, step: str) -> None:
        """Do one thing, and say in the model what it must come to."""
        getattr(self, f"_{step}")()

    def _look(self) -> None:
        found = self.undoing.look_at(self.sale.sale_id)
        if not isinstance(found, Undoable):
            return
        self.shown = found
        if not self.counter.backend.silent:
            move = self.undoing.look_for_member(found, RAHUL)
            self.moving = move if isinstance(move, Movable) else None

    def _void(self) -> None:
        if self.shown is not None and isinstance(self.undoing.void(self.shown), Sale):
            assert not self.day_over
            self.expected["m-1"] = Decimal(0)

    def _move(self) -> None:
        if self.moving is not None and isinstance(self.undoing.move(self.moving), Sale):
            assert not self.day_over or self.expected["m-2"]
            self.expected = {"m-1": Decimal(0), "m-2": self.moving.quote.earns}

    def _return(self) -> None:
        self._take_back(None)

    def _part(self) -> None:
        self._take_back(Money(59000, RUPEE))

    def _take_back(self, amount: Money | None) -> None:
        found = self.counter.workshop.returns.open(self.sale)
        if isinstance(found, Returnable) and found.plan(amount).refused is None:
            plan = self.counter.workshop.returns.take_back(found, amount)
            assert not isinstance(plan, Returnable)
            self.expected["m-1"] += plan.restored - plan.taken_back

    def _post(self) -> None:
        self.counter.deliver()

    def _silent(self) -> None:
        self.counter.backend.silent = True

    def _heard(self) -> None:
        self.counter.backend.silent = False

    def _fault(self) -> None:
        self.counter.backend.faults.extend(PASSING)

    def _a_day(self) -> None:
        self.day_over = True
        self.counter.clock.advance(DAY)

    def _restart(self) -> None:
        self.counter.restart()

    def end(self) -> None:
        """Let everything be posted, and compare the books with the model."""
        self.counter.backend.silent = False
        self.counter.backend.faults.clear()
        self.counter.drain()
        assert self.counter.journal.counts().needs_attention == 0
        moved = {one: self.balance(one) - was for one, was in self.before.items()}
        assert moved == self.expected
        reasons = [row.effect.reason for row in self.counter.rows() if row.effect.kind in UNDOES]
        if set(reasons) & {ReturnReason.VOID, ReturnReason.MOVED}:
            assert len(set(reasons)) == 1, "nothing undone is returned as well"
        assert max(self.counter.backend.took_hold.values()) <= 4


def tell(steps: list[str]) -> None:
    """Live through one story."""
    with TemporaryDirectory() as folder:
        story = Story(Path(folder))
        try:
            for step in steps:
                story.do(step)
            story.end()
        finally:
            story.counter.close()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(STEPS), max_size=10))
def test_whatever_is_pressed_when_the_books_agree(steps: list[str]) -> None:
    tell(steps)


Plant = Callable[[pytest.MonkeyPatch], None]


def forgets_returns(patch: pytest.MonkeyPatch) -> None:
    """Let a sale be undone of which something came back."""
    real = voiding.why_not_void
    patch.setattr(undoing_module, "why_not_void", lambda facts: real(replace(facts, returned=())))
    patch.setattr(undoing_module.Undoing, "_told", _as_if_first)


def _as_if_first(
    self: Undoing, shown: Undoable, staff_id: str, reason: ReturnReason, _: object
) -> tuple[Effect, ...]:
    """Undo the whole sale as if nothing had come back, under keys nobody used."""
    plan = replace(shown.found, before=()).plan()
    told = self._refunds.told_of(shown.found, plan, staff_id, reason)
    return tuple(replace(one, key=f"{one.key.rpartition('-')[0]}-9") for one in told)


def forgets_the_day(patch: pytest.MonkeyPatch) -> None:
    """Let a sale of yesterday be undone."""
    real = voiding.why_not_void

    def always_today(facts: voiding.VoidFacts) -> voiding.WhyNotVoid | None:
        why = real(facts)
        return None if why is voiding.WhyNotVoid.OTHER_DAY else why

    patch.setattr(undoing_module, "why_not_void", always_today)


def makes_new_keys(patch: pytest.MonkeyPatch) -> None:
    """Let each press have keys of its own, and ask nothing before."""
    presses = iter(range(10, 10_000))

    def void(self: Undoing, shown: Undoable, *_: object) -> Sale:
        told = self._refunds.told_of(shown.found, shown.plan(), "", ReturnReason.VOID)
        press = next(presses)
        self._refunds.queue(tuple(replace(one, key=f"{one.key.rpartition('-')[0]}-{press}") for one in told))
        return shown.sale

    patch.setattr(Undoing, "void", void)


def takes_nothing_back(patch: pytest.MonkeyPatch) -> None:
    """Let a sale be moved without taking it back first."""
    real = SqliteJournal.commit_sale

    def commit_sale(self: SqliteJournal, sale: Sale, effects: Sequence[Effect], *_: object) -> Sale:
        return real(self, sale, effects)

    patch.setattr(SqliteJournal, "commit_sale", commit_sale)


@pytest.mark.parametrize(
    ("plant", "steps"),
    [
        (forgets_returns, ["post", "part", "look", "void"]),
        (forgets_the_day, ["look", "a_day", "void"]),
        (makes_new_keys, ["post", "look", "void", "void"]),
        (takes_nothing_back, ["post", "look", "move"]),
    ],
)
def test_each_guard_taken_away_is_seen(
    monkeypatch: pytest.MonkeyPatch, plant: Plant, steps: list[str]
) -> None:
    tell(steps)
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        tell(steps)
