"""A day sold and closed through the window's keys alone, with the real till and its database behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier_app.closing_opening import LazyClosing, open_closing
from cashier_app.domain.day_close import digest
from cashier_app.services.till_view import Step
from tests.fakes.counter import PRIYAS_CODE
from tests.ui.till_host import Shop


class ClosingShop(Shop):
    """The real till, with the close of the day."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        counter = self.counter
        self.closing = open_closing(counter.journal, counter.settings, counter.clock)
        self.window.ways.closed_days = LazyClosing(lambda: self.closing)

    def press(self, *names: str) -> None:
        for name in names:
            self.window.drawers._clock.seconds += 1  # type: ignore[attr-defined]
            self.hands.press(name)

    def sell(self) -> None:
        self.hands.scan(PRIYAS_CODE)
        self.hands.type("640")
        self.press("-", "Enter")


@pytest.fixture
def shop(qtbot: QtBot, tmp_path: Path) -> Iterator[ClosingShop]:
    made = ClosingShop(tmp_path)
    qtbot.addWidget(made.window)
    yield made
    made.window.closing.answer()
    made.close()


def test_a_day_is_sold_closed_saved_and_found_again(shop: ClosingShop, tmp_path: Path) -> None:
    shop.sell()
    shop.window.ways.show_close_day()
    shop.press("Enter", *"meera", "Enter")
    page = shop.window.drawers.close_day_page(shop.window.ways.closed_days)  # type: ignore[arg-type]
    assert page.title.text() == "Day close 1"
    page.save_to(tmp_path / "close.json")
    assert page.note.words() == "Saved as close.json."
    page.save_to(tmp_path / "close.pdf")
    assert page.note.words() == "Saved as close.pdf. It is marked as copy 1."
    shop.press("Enter")
    found = json.loads((tmp_path / "close.json").read_bytes())
    assert digest(found["canonical"]) == found["sha256"]
    (span,) = found["report"]["currencies"]
    assert span["figures"]["sales"] == 1
    assert "earned" not in span["figures"], "not posted yet"

    shop.counter.deliver()
    second = shop.closing.preview().report
    earned = second.currencies[0].figures
    assert earned.earned == -earned.waiting_earned > Decimal(0), "the same points, now earned"
    assert earned.sales == 0
    shop.window.ways.show_close_day()
    assert page.note.words() == "All sales are posted. This will be day close 2."
    shop.press("L")
    assert [row.words().split(",")[0] for row in page.list.rows] == ["Day close 1"]
    assert shop.closing.look_through() == ()
    assert shop.counter.journal.first_broken_audit_row() is None


def test_a_sale_under_way_is_not_touched_and_nothing_is_closed(shop: ClosingShop) -> None:
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("2360")
    shop.press("Enter", "Enter")
    assert shop.view.step is Step.PAY
    before = shop.view
    shop.window.ways.show_close_day()
    shop.press("Enter")
    page = shop.window.drawers.close_day_page(shop.window.ways.closed_days)  # type: ignore[arg-type]
    assert page.note.words() == "A sale is being paid. Finish it or cancel it, then close the day."
    assert shop.closing.earlier() == []
    shop.press("Esc")
    assert shop.view == before
    shop.press("Enter")
    assert shop.view.step is Step.DONE
    shop.window.ways.show_close_day()
    shop.press("Enter", *"meera", "Enter")
    assert [one.report.number for one in shop.closing.earlier()] == [1]
