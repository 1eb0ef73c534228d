"""A refused sale settled and compared through the window's keys alone, with the real till behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.domain.settlement import Truth
from cashier_app.ports.journal import QueueCounts
from tests.fakes.backend import Fault
from tests.fakes.counter import PRIYAS_CODE
from tests.ui.till_host import Shop


@pytest.fixture
def shop(qtbot: QtBot, tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    qtbot.addWidget(made.window)
    yield made
    made.window.closing.answer()
    made.close()


def refused_sale(shop: Shop) -> None:
    """Sell something the backend will not book."""
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("640")
    shop.hands.press("-", "Enter")
    shop.counter.backend.faults.append(Fault.REFUSED)
    shop.counter.deliver()
    assert shop.counter.journal.counts() == QueueCounts(0, 1)


def press(shop: Shop, *names: str) -> None:
    for name in names:
        shop.window.drawers._clock.seconds += 1  # type: ignore[attr-defined]
        shop.hands.press(name)


def test_a_refused_sale_is_settled_and_never_sent(shop: Shop) -> None:
    refused_sale(shop)
    press(shop, "F7", "H", "2", *"asha", "Enter", *"gone", "Enter", "Enter")
    counter = shop.counter
    assert counter.journal.counts() == QueueCounts(0, 0)
    (settled,) = counter.journal.settled()
    assert (settled.settlement.truth, settled.settlement.by, settled.settlement.reason) == (
        Truth.NOT_BOOKED,
        "asha",
        "gone",
    )
    assert settled.row.state is EffectState.DROPPED
    sent = list(counter.backend.sent)
    press(shop, "F5")
    counter.clock.advance(86_400)
    counter.deliver()
    assert counter.backend.sent == sent, "never sent again"
    assert counter.kinds(EffectState.POSTED) == []
    assert counter.journal.first_broken_audit_row() is None
    assert window_tabs(shop)[-1] == "Settled 1"
    assert counter.view.today.last_sales[0].state is EffectState.DROPPED


def test_what_was_settled_as_booked_and_is_not_there_is_found_and_sent(shop: Shop) -> None:
    refused_sale(shop)
    press(shop, "F7", "H", "1", *"asha", "Enter", *"seen", "Enter", "Enter")
    compare = shop.window.queue.on_top.compare
    press(shop, "C")
    shop.counter.clock.advance(0)
    compare._clock = shop.counter.clock  # the till's own time, not the pictures'
    press(shop, "Enter")
    QApplication.processEvents()
    found = compare.found()
    assert found is not None
    assert [finding.effect.kind for finding in found.findings if finding.effect] == [EffectKind.SALE]
    press(shop, "Down", "Enter")
    assert compare.note.text() == "1 sale compared: both books agree"
    assert len(shop.counter.backend.order) == 1


def window_tabs(shop: Shop) -> list[str]:
    return [button.words() for button in shop.window.queue.tabs.buttons.values()]
