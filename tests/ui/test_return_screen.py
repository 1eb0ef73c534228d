"""Goods that come back, in the window: by keys alone over the real till, and every state in its place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cashier_app.domain.money import Money
from cashier_app.domain.sale import OF_RETURNS
from cashier_app.services.return_view import ReturnStep, ReturnView
from cashier_app.services.till_view import Serving, Step
from cashier_app.wording.menu import Entry
from tests.fakes.counter import PRIYAS_CODE, RAHULS_CODE
from tests.fakes.shop import RUPEE
from tests.fakes.told_points import told_points
from tests.ui import return_states, sample_views
from tests.ui.fake_till import FakeTill
from tests.ui.return_states import STATES, FakeReturns
from tests.ui.till_host import SIZES, Shop, make_window
from ui.key_words import Where
from ui.menu import menu_entries
from ui.screens.frame import Frame
from ui.screens.return_screen import ReturnScreen
from ui.widgets.button import ActionButton
from ui.widgets.return_lines import LineRow
from ui.widgets.text import ElidedLabel


@pytest.fixture
def shop(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    made = Shop(tmp_path)

    monkeypatch.setattr(made.counter.backend, "plan_refund", told_points)
    qtbot.addWidget(made.window)
    yield made
    made.window.closing.answer()
    made.close()


def sell(shop: Shop, bill: str = "2360", code: str = PRIYAS_CODE) -> None:
    shop.hands.scan(code)
    shop.hands.type(bill)
    shop.hands.press("*" if code == PRIYAS_CODE else "-", "Enter")
    assert shop.view.step is Step.DONE
    shop.counter.drain()


def returning(shop: Shop) -> ReturnView:
    return shop.counter.returns.view


def balance(shop: Shop) -> int:
    return int(shop.counter.backend.members["m-1"].balance)


def where(shop: Shop) -> Where:
    return shop.window.drawers.place_of_keys()


def test_the_sale_just_made_comes_back_in_one_key_and_two_enters(shop: Shop) -> None:
    before = balance(shop)
    sell(shop)
    pressed = shop.hands.presses
    shop.hands.press("F4", "Enter", "Enter")
    assert shop.hands.presses == pressed + 3
    assert returning(shop).step is ReturnStep.DONE
    assert returning(shop).done.money_back == Money(216000, RUPEE)  # type: ignore[union-attr]
    shop.hands.press("Enter")
    assert where(shop) is Where.TILL
    shop.counter.drain()
    assert balance(shop) == before


def test_a_scanned_receipt_comes_back_in_two_enters(shop: Shop) -> None:
    sell(shop)
    shop.hands.press("Enter", "F4")
    pressed = shop.hands.presses
    shop.hands.scan("2-0001")
    shop.hands.press("Enter", "Enter")
    assert returning(shop).step is ReturnStep.DONE
    assert shop.hands.presses == pressed + 2


def test_parts_by_typed_number_and_by_list(shop: Shop) -> None:
    before = balance(shop)
    sell(shop)
    shop.hands.press("Enter", "F4")
    shop.hands.type("2-0001")
    shop.hands.press("Enter")
    shop.hands.type("1120.5")
    shop.hands.press("Backspace", "5", "Enter")
    pay = shop.window.drawers.returning.pay.words()
    assert pay.title.full == "Give ₹1,025.54 back"
    shop.hands.press("Enter", "Enter")
    shop.hands.press("F4", "Down", "Up", "Enter", "Enter", "Enter")
    assert returning(shop).step is ReturnStep.DONE
    shop.hands.press("Esc")
    shop.counter.drain()
    assert balance(shop) == before
    shop.hands.press("F4", "Enter")
    assert "Already returned on" in shop.window.drawers.returning.message.title.text()


def test_by_amount_and_time_with_a_space(shop: Shop) -> None:
    sell(shop)
    shop.hands.press("Enter", "F4")
    at = shop.counter.clock.now().astimezone(shop.counter.settings.zone)
    shop.hands.type("2160")
    shop.hands.press("Space")
    shop.hands.type(f"{at:%H:%M}")
    shop.hands.press("Enter")
    found = returning(shop).found
    assert found is not None
    assert found.sale.number == "2-0001"


def test_esc_leads_back_to_a_sale_that_nothing_touched(shop: Shop) -> None:
    sell(shop)
    shop.hands.press("Enter")
    shop.hands.scan(RAHULS_CODE)
    shop.hands.type("640")
    shop.hands.press("F4", "Enter")
    shop.hands.type("10")
    shop.hands.press("Enter", "Esc", "Esc", "Esc")
    assert where(shop) is Where.TILL
    assert isinstance(shop.view.person, Serving)
    assert shop.view.bill.money == Money(64000, RUPEE)
    assert shop.window.screen_of_till.bill.hasFocus()
    shop.hands.press("Enter", "Enter")
    assert shop.view.step is Step.DONE


def test_a_members_code_is_not_used_until_the_return_is_done(shop: Shop) -> None:
    sell(shop)
    shop.hands.press("F4", "Enter")
    shop.hands.scan(PRIYAS_CODE)
    assert where(shop) is Where.RETURN
    assert shop.window.drawers.returning.toast.words() == "Scan not used: finish this return first"
    shop.hands.press("Enter", "Enter")
    shop.hands.scan(RAHULS_CODE)
    assert where(shop) is Where.TILL
    assert isinstance(shop.view.person, Serving)


def test_another_receipt_asks_where_something_was_typed(shop: Shop) -> None:
    sell(shop)
    sell(shop, "640", RAHULS_CODE)
    shop.hands.press("F4")
    shop.hands.type("100")
    shop.hands.scan("2-0001")
    assert shop.window.drawers.returning.toast.isVisible()
    shop.hands.press("F3")
    found = returning(shop).found
    assert found is not None
    assert found.sale.number == "2-0001"
    assert not shop.window.drawers.returning.toast.isVisible()


def test_f5_and_star_choose_between_an_amount_and_everything(shop: Shop) -> None:
    sell(shop)
    shop.hands.press("F4", "F5")
    screen = shop.window.drawers.returning
    assert not screen.action_row.primary.isEnabled()
    shop.hands.type("5")
    assert screen.action_row.primary.words() == "Return ₹5.00"
    shop.hands.press("*")
    assert screen.action_row.primary.words() == "Return ₹2,360.00"
    screen.card.amount.click()
    screen.keypad.pressed_key.emit("7")
    assert returning(shop).goods == Money(700, RUPEE)
    screen.card.all_of_it.click()
    assert returning(shop).goods is None


BILL = (
    '{"lines": [{"name": "Cotton kurta, blue, M", "price": 620, "quantity": 2},'
    ' {"name": "Steel bottle 750 ml", "price": 500}, {"name": "Filter coffee 500 g", "price": 420},'
    ' {"name": "Gift wrap", "price": 200}]}'
)


def sell_lines(shop: Shop) -> None:
    shop.hands.scan(PRIYAS_CODE)
    shop.window.take_seen(BILL)
    shop.hands.press("*", "Enter")
    assert shop.view.step is Step.DONE
    shop.counter.drain()


def test_lines_by_keys_alone(shop: Shop) -> None:
    before = balance(shop)
    sell_lines(shop)
    shop.hands.press("Enter", "F4")
    pressed = shop.hands.presses
    shop.hands.scan("2-0001")
    screen = shop.window.drawers.returning
    assert screen.action_row.primary.words() == "Return 4 lines"
    shop.hands.press("+", "Down", "Down", "Space", "Down", "Space")
    assert screen.action_row.primary.words() == "Return 2 lines"
    assert screen.lines.rows[0].words().count == "1 of 2"  # type: ignore[union-attr]
    assert screen.pay.words().context.full == "₹1,120.00 of goods"  # type: ignore[union-attr]
    shop.hands.press("Enter", "Enter")
    assert returning(shop).step is ReturnStep.DONE
    assert shop.hands.presses == pressed + 8
    shop.hands.press("Enter", "F4")
    shop.hands.scan("2-0001")
    assert screen.lines.rows[1].words().amount == "Returned"  # type: ignore[union-attr]
    shop.hands.press("Enter", "Enter")
    shop.counter.drain()
    assert balance(shop) == before


def _press(qtbot: QtBot, part: QWidget) -> None:
    qtbot.mouseClick(part, Qt.MouseButton.LeftButton)


def test_lines_by_touch_alone(shop: Shop, qtbot: QtBot) -> None:
    sell_lines(shop)
    shop.hands.press("Enter", "F4")
    screen = shop.window.drawers.returning
    press = partial(_press, qtbot)
    press(screen.list.rows[0])
    press(screen.lines.rows[0].count)
    press(screen.lines.rows[3])
    assert returning(shop).picks == (1, 1, 1, 0)
    press(screen.lines.rows[0].count)
    assert returning(shop).picks == (2, 1, 1, 0)
    press(screen.card.all_of_it)
    assert returning(shop).picks == (2, 1, 1, 1)
    press(screen.lines.rows[1])
    press(screen.action_row.primary)
    press(screen.action_row.primary)
    assert returning(shop).step is ReturnStep.DONE
    assert returning(shop).done.money_back.minor < 216000  # type: ignore[union-attr]


def test_an_exchange_by_keys_alone_shows_both(shop: Shop) -> None:
    sell_lines(shop)
    shop.hands.press("F4", "E")
    assert returning(shop).step is ReturnStep.EXCHANGE
    shop.hands.type("3000")
    screen = shop.window.drawers.returning
    assert (screen.pay.words().title.full, screen.pay.words().hero) == ("To pay", "₹840.00")
    shop.hands.press("Enter", "Enter")
    assert screen.pay.words().title.full == "Exchanged, receipt 2-0002"
    assert screen.pay.words().context.full == "₹3,000.00 new, ₹2,160.00 back"  # type: ignore[union-attr]
    shop.hands.press("Enter")
    assert where(shop) is Where.TILL
    assert [line.sale.number for line in shop.counter.journal.recent(5)] == ["2-0002", "2-0001"]


def test_an_exchange_by_touch_alone(shop: Shop, qtbot: QtBot) -> None:
    sell(shop)
    shop.hands.press("F4")
    screen = shop.window.drawers.returning
    press = partial(_press, qtbot)
    press(screen.card.exchange)
    for digit in "400":
        screen.keypad.pressed_key.emit(digit)
    assert screen.pay.words().title.full == "Give back"
    press(screen.action_row.primary)
    press(screen.action_row.primary)
    assert returning(shop).sold is not None


def test_esc_gives_both_up(shop: Shop) -> None:
    sell(shop)
    shop.hands.press("F4", "E")
    shop.hands.type("400")
    shop.hands.press("Enter", "Esc", "Esc", "Esc", "Esc")
    assert where(shop) is Where.TILL
    assert len(shop.counter.journal.recent(5)) == 1
    assert not [row for row in shop.counter.rows() if row.effect.kind in OF_RETURNS]


def test_a_member_lists_their_sales(shop: Shop) -> None:
    sell(shop)
    sell(shop, "640", RAHULS_CODE)
    shop.hands.press("Enter", "F4")
    shop.hands.scan(PRIYAS_CODE)
    screen = shop.window.drawers.returning
    assert screen.list.rows[0].words().endswith("2-0001 · Priya R.")
    assert len([row for row in screen.list.rows if row.isVisible()]) == 1
    shop.hands.press("Enter")
    assert screen.card.isVisible()


def test_the_menu_leads_there(shop: Shop) -> None:
    menu_entries(shop.window)[Entry.RETURN]()
    assert where(shop) is Where.RETURN


def shown(
    name: str, size: tuple[int, int], qtbot: QtBot, *, keypad: bool = True
) -> tuple[ReturnScreen, FakeReturns]:
    view = sample_views.STATES["idle"]()
    returns = FakeReturns(STATES[name]())
    window = make_window(FakeTill(view), size=size, view=view, keypad=keypad, returns=lambda: returns)
    qtbot.addWidget(window)
    return_states.open_in(window, name)
    return window.drawers.returning, returns


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_everything_stands_where_it_stands_on_the_till(size: tuple[int, int], qtbot: QtBot) -> None:
    screen, returns = shown("return-find", size, qtbot)
    frame = Frame.of(screen._look.metrics)
    for name, make in STATES.items():
        returns.show(make())
        assert screen.header.geometry() == frame.header, name
        assert screen.bill.geometry() == frame.bill, name
        middle = {screen.list.geometry(), screen.sum.geometry(), screen.lines.geometry()}
        assert middle == {frame.reward}, name
        _lines_fit(screen, name)
        assert (screen.pay.geometry(), screen.action_row.geometry()) == (frame.pay, frame.actions), name
        card = screen.card.isVisible()
        assert card != screen.message.isVisible(), name
        for label in screen.findChildren(ElidedLabel):
            of_goods = isinstance(label.parent(), LineRow)
            if label.isVisible() and label is not screen.card.name and not of_goods:
                assert not label.is_elided(), (name, label.text())
        for button in screen.findChildren(ActionButton):
            if button.isVisible() and button.parent() is not screen.list:
                assert button.has_room(), (name, button.words())
                assert button.height() >= 48, (name, button.words())
        _apart(screen.card if card else screen.message, name)


def _lines_fit(screen: ReturnScreen, name: str) -> None:
    """Say that every line is 56 px high, inside the panel, and that only what it is called may be cut off."""
    lines = screen.lines
    if not lines.isVisible():
        return
    px = screen._look.px
    shown = [row for row in lines.rows if row.isVisible()]
    for row in shown:
        assert row.height() == px(56), name
        assert lines.rect().contains(row.geometry()), name
        assert not row.amount.is_elided(), (name, row.amount.text())
        assert not row.times.isVisible() or not row.times.is_elided(), (name, row.times.text())
        parts = [row.label, row.amount, row.count if row.count.isVisible() else row.times]
        for index, part in enumerate(parts):
            assert not any(part.geometry().intersects(other.geometry()) for other in parts[index + 1 :]), name
    assert all(one.geometry().bottom() < other.geometry().top() for one, other in pairwise(shown)), name
    if lines.more.isVisible():
        assert lines.rect().contains(lines.more.geometry()), name


def _apart(card: QWidget, name: str) -> None:
    parts = [part for part in card.children() if isinstance(part, QWidget) and part.isVisible()]
    for index, part in enumerate(parts):
        for other in parts[index + 1 :]:
            assert not part.geometry().intersects(other.geometry()), (name, part, other)


@pytest.mark.parametrize("name", STATES)
def test_the_focus_is_on_what_the_keys_go_to(name: str, qtbot: QtBot) -> None:
    screen, _ = shown(name, (1280, 800), qtbot, keypad=False)
    assert screen.window().focusWidget() is screen.framed()
    panels = (screen.sum, screen.lines, screen.bill)
    framed = [panel.isVisible() and panel.kind.name == "FRAMED" for panel in panels]
    framed.append(screen.field.content().framed)
    none = name in {"return-whole-only", "return-not-saved"} or "done" in name or "confirm" in name
    assert sum(framed) == (0 if none else 1)
    assert screen.pay.accessibleName()
    assert screen.field.accessibleName() == "Receipt number, or amount and time"
