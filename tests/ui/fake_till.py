"""A till that writes down what it was asked, and a clock that stands still until told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cashier_app.domain.settlement import Truth
from cashier_app.ports.journal import SettledEffect, UnsentSale
from cashier_app.services.reconciliation import Comparison, SaleComparison
from cashier_app.services.till_view import TillView
from tests.ui.sample_views import NOW


class StoppedClock:
    """The time of the samples; the seconds go on only when told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return self.seconds


class FakeTill:
    """Every intent is noted as (name, arguments); the view changes only by `show`."""

    def __init__(self, view: TillView) -> None:
        self.view = view
        self.asked: list[tuple[object, ...]] = []
        self.nobodys: set[str] = set()
        self._listeners: list[Callable[[TillView], None]] = []

    def subscribe(self, listener: Callable[[TillView], None]) -> None:
        self._listeners.append(listener)
        listener(self.view)

    def may_be_text(self, text: str) -> bool:
        return text in self.nobodys

    def show(self, view: TillView) -> None:
        self.view = view
        for listener in self._listeners:
            listener(view)

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *arguments: self.asked.append((name, *arguments))


class FakeQueue:
    """A queue that answers with what it was given and notes what it was asked."""

    def __init__(
        self,
        unsent: list[UnsentSale] | None = None,
        settled: list[SettledEffect] | None = None,
        comparison: Comparison | None = None,
    ) -> None:
        self.sales = unsent or []
        self.by_hand = settled or []
        self.comparison = comparison
        self.again = SaleComparison(1, 0, ())
        self.asked: list[tuple[object, ...]] = []
        self.error: Exception | None = None
        self.refusal: Exception | None = None  # of what changes something

    def unsent(self) -> list[UnsentSale]:
        if self.error is not None:
            raise self.error
        return list(self.sales)

    def settled(self) -> list[SettledEffect]:
        return list(self.by_hand)

    def send_all_now(self) -> None:
        self.asked.append(("send_all_now",))

    def look_up_now(self, key: str) -> None:
        self.asked.append(("look_up_now", key))

    def send_again(self, key: str) -> None:
        self.asked.append(("send_again", key))

    def settle_by_hand(self, key: str, truth: Truth, by: str, reason: str) -> None:
        self._note("settle_by_hand", key, truth, by, reason)

    def export(self, path: Path) -> None:
        self._note("export", path)

    def compare(
        self, since: datetime, progress: Callable[[int, int], None], stop: threading.Event
    ) -> Comparison:
        self._note("compare", since)
        assert self.comparison is not None
        for done in range(self.comparison.sales):
            progress(done + 1, self.comparison.sales_in_all)
        return self.comparison

    def compare_again(self, sale_id: str) -> SaleComparison:
        self._note("compare_again", sale_id)
        return self.again

    def send_after_comparing(self, key: str) -> None:
        self._note("send_after_comparing", key)

    def _note(self, *asked: object) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.asked.append(asked)
