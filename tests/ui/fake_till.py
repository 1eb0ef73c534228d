"""A till that writes down what it was asked, and a clock that stands still until told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cashier_app.ports.journal import UnsentSale
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
        self._listeners: list[Callable[[TillView], None]] = []

    def subscribe(self, listener: Callable[[TillView], None]) -> None:
        self._listeners.append(listener)
        listener(self.view)

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

    def __init__(self, unsent: list[UnsentSale] | None = None) -> None:
        self.sales = unsent or []
        self.asked: list[tuple[str, ...]] = []
        self.error: Exception | None = None

    def unsent(self) -> list[UnsentSale]:
        if self.error is not None:
            raise self.error
        return list(self.sales)

    def send_all_now(self) -> None:
        self.asked.append(("send_all_now",))

    def look_up_now(self, key: str) -> None:
        self.asked.append(("look_up_now", key))

    def send_again(self, key: str) -> None:
        self.asked.append(("send_again", key))
