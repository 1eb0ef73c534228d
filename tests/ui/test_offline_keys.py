"""Points used offline through the window's keys: what it costs in presses, and that nothing moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cashier_app.domain.offline_policy import OfflineMode, OfflinePolicy
from cashier_app.services.till_view import Step, Target, TillView
from tests.fakes.counter import PRIYAS_CODE
from tests.fakes.shop import rupees
from tests.ui import sample_offers, sample_offline
from tests.ui.till_host import Shop, window_of

FLOOR = OfflinePolicy(mode=OfflineMode.FLOOR, per_redemption=150_00, open_at_till=500_00, manager_over=150_00)


@pytest.fixture
def shop(qtbot: QtBot, tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    qtbot.addWidget(made.window)
    yield made
    made.window.closing.answer()
    made.close()


def go_offline(shop: Shop, policy: OfflinePolicy) -> None:
    """Meet Priya, then lose the network at a shop of this policy."""
    session = shop.counter.session
    shop.counter.checkout._offline = policy
    session._stage.show(replace(shop.view, offline_policy=policy))
    session.scan(PRIYAS_CODE)
    session.clear_all()
    shop.counter.clock.advance(10)
    shop.counter.backend.silent = True


def test_an_offline_redemption_costs_no_press_more(shop: Shop) -> None:
    go_offline(shop, FLOOR)
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("2360")
    shop.hands.press("Enter", "Enter", "Enter")
    assert shop.view.finished is not None
    assert shop.view.finished.sale.discount == rupees(150)
    assert shop.hands.presses == 3


def test_the_most_in_two_presses(shop: Shop) -> None:
    go_offline(shop, FLOOR)
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("2360")
    shop.hands.press("*", "Enter")
    assert shop.view.finished is not None
    assert shop.view.finished.sale.discount == rupees(150)
    assert shop.hands.presses == 2


def test_a_manager_costs_the_name_and_one_press(shop: Shop) -> None:
    go_offline(shop, replace(FLOOR, manager_over=0))
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("2360")
    shop.hands.press("Enter", "Enter")
    assert shop.view.target is Target.MANAGER
    shop.hands.press("A", "Space", "-", "b")
    assert shop.view.entry.casefold() == "a -b"
    shop.hands.press("Enter", "Enter")
    assert shop.view.step is Step.DONE
    assert shop.hands.presses == 2 + 4 + 2


def test_esc_goes_back_to_the_offer(shop: Shop) -> None:
    go_offline(shop, replace(FLOOR, manager_over=0))
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("2360")
    shop.hands.press("Enter", "Enter", "Esc")
    assert (shop.view.step, shop.view.target) == (Step.REWARD, Target.DISCOUNT)


PAIRS: list[tuple[Callable[[], TillView], Callable[[], TillView]]] = [
    (sample_offers.offer, sample_offline.offline_allowed),
    (sample_offers.reward, sample_offline.offline_manager),
    (sample_offers.offline, sample_offline.offline_too_old),
]


@pytest.mark.parametrize(("usual", "offline"), PAIRS)
@pytest.mark.parametrize("size", [(1024, 600), (1280, 800)])
def test_no_panel_moves(
    qtbot: QtBot, size: tuple[int, int], usual: Callable[[], TillView], offline: Callable[[], TillView]
) -> None:
    assert places(qtbot, usual(), size) == places(qtbot, offline(), size)


@pytest.mark.parametrize("size", [(1024, 600), (1280, 800)])
def test_for_letters_by_touch_only_the_actions_grow(qtbot: QtBot, size: tuple[int, int]) -> None:
    usual = places(qtbot, sample_offers.reward(), size, keypad=True)
    letters = places(qtbot, sample_offline.offline_manager(), size, keypad=True)
    assert letters[:-1] == usual[:-1]
    assert letters[-1].topLeft() == usual[-1].topLeft()
    assert letters[-1].bottom() == usual[-1].bottom()
    assert letters[-1].right() > usual[-1].right()


def places(qtbot: QtBot, view: TillView, size: tuple[int, int], *, keypad: bool = False) -> list[QRect]:
    """Return where the panels are, the row of actions last."""
    window, _ = window_of(view)
    qtbot.addWidget(window)
    window.resize(*size)
    screen = window.screen_of_till
    screen.show_keypad(keypad)
    panels: tuple[QWidget, ...] = (screen.who, screen.bill, screen.reward, screen.pay, screen.action_row)
    return [panel.geometry() for panel in panels]
