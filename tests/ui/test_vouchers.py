"""Vouchers in the window: by keys alone and by touch alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cashier_app.domain.personal_offer import OfferKind, PersonalOffer
from cashier_app.services.till_view import Step, Target
from cashier_app.services.voucher_view import VoucherGood, VoucherNot
from tests.fakes.counter import PRIYAS_CODE, RAHULS_CODE
from tests.fakes.shop import PRIYA
from tests.fakes.vouchers import VoucherBackend, with_vouchers
from tests.ui.till_host import Shop


@pytest.fixture
def shop(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    from tests.ui import till_host

    usual = till_host.Counter

    def counter(folder: Path) -> object:
        made = usual(folder)
        with_vouchers(made)
        return made

    monkeypatch.setattr(till_host, "Counter", counter)
    made = Shop(tmp_path)
    qtbot.addWidget(made.window)
    yield made
    made.window.closing.answer()
    made.close()


def test_a_scanned_voucher_costs_no_key(shop: Shop) -> None:
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("2360")
    shop.hands.scan("WELCOME50")
    assert isinstance(shop.view.voucher, VoucherGood)
    shop.hands.press("Enter", "Enter", "Enter")
    assert shop.view.step is Step.DONE
    assert shop.hands.presses == 3
    assert shop.counter.journal.recent(1)[0].sale.voucher == "WELCOME50"


def test_a_typed_voucher_by_keys_alone(shop: Shop) -> None:
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("2360")
    shop.hands.press("+")
    assert shop.view.target is Target.VOUCHER
    shop.hands.type("welcome5")
    shop.hands.press("Backspace")
    shop.hands.type("50")
    assert shop.window.screen_of_till.who.scan_field.content().words == "welcome50"
    shop.hands.press("Enter")
    assert isinstance(shop.view.voucher, VoucherGood)
    assert shop.view.bill.money.minor == 236000
    shop.hands.press("Enter", "Enter", "Enter")
    assert shop.counter.journal.recent(1)[0].sale.discount.minor == 5000


def test_signs_that_mean_something_else_are_typed_into_a_code(shop: Shop) -> None:
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("2360")
    shop.hands.press("+")
    shop.hands.type("A-B*+.5")
    assert (shop.view.entry, shop.view.step) == ("A-B*+.5", Step.BILL)
    shop.hands.press("Enter")
    assert isinstance(shop.view.voucher, VoucherNot)
    shop.hands.press("+", "Esc")
    assert (shop.view.target, shop.view.entry) == (Target.BILL, "")


def test_an_offer_of_the_member_by_touch_alone(shop: Shop, qtbot: QtBot) -> None:
    backend = shop.counter.backend
    assert isinstance(backend, VoucherBackend)
    until = shop.view.occasion.at.date() + timedelta(days=12)
    title = "Birthday: ₹50 off <b>everything</b> " + "that is long " * 12
    backend.own[PRIYA.member_id] = (PersonalOffer(OfferKind.BIRTHDAY, title, until, "WELCOME50"),)
    shop.hands.scan(PRIYAS_CODE)
    member = shop.window.screen_of_till.who.member
    [note] = [row for row in member.notes if row.isVisible()]
    assert "until Wed 2 Dec" in note.words.text()
    shop.hands.type("2360")
    row = next(row for row in member.rewards.rows if row.isVisible() and row.words() == "Birthday offer")
    assert not any(note.isVisible() for note in member.notes), "the row says it"
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    assert isinstance(shop.view.voucher, VoucherGood)
    primary = shop.window.screen_of_till.action_row.primary
    for _ in range(3):
        qtbot.mouseClick(primary, Qt.MouseButton.LeftButton)
    assert shop.view.step is Step.DONE
    assert shop.counter.journal.recent(1)[0].sale.voucher == "WELCOME50"


def test_the_row_for_a_code_by_touch_and_what_is_refused_in_words(shop: Shop, qtbot: QtBot) -> None:
    shop.hands.scan(RAHULS_CODE)
    shop.hands.type("500")
    member = shop.window.screen_of_till.who.member
    row = next(row for row in member.rewards.rows if row.isVisible() and row.words() == "Voucher code")
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    assert shop.view.target is Target.VOUCHER
    for key in ("4", "7"):
        shop.window.screen_of_till.keys.keypad.pressed_key.emit(key)
    qtbot.mouseClick(shop.window.screen_of_till.action_row.primary, Qt.MouseButton.LeftButton)
    assert "No voucher has this code" in shop.window.screen_of_till.reward.spoken_rows()


def test_a_code_of_letters_by_touch_alone(shop: Shop, qtbot: QtBot) -> None:
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("2360")
    screen = shop.window.screen_of_till
    row = next(r for r in screen.who.member.rewards.rows if r.isVisible() and r.words() == "Voucher code")
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    letters = screen.letters.keys
    assert letters is not None
    assert letters.isVisible()
    assert not any(part.isVisible() for part in (screen.bill, screen.reward, screen.pay, screen.keys.keypad))
    for character in "WELCOMX-50":
        key = letters.space if character == "-" else letters.key(character)
        qtbot.mouseClick(key, Qt.MouseButton.LeftButton)
    assert shop.view.entry == "WELCOMX-50"
    for _ in "X-50":
        qtbot.mouseClick(letters.delete, Qt.MouseButton.LeftButton)
    for character in "E50":
        qtbot.mouseClick(letters.key(character), Qt.MouseButton.LeftButton)
    assert screen.action_row.geometry().right() == letters.geometry().right()
    qtbot.mouseClick(screen.action_row.primary, Qt.MouseButton.LeftButton)
    assert isinstance(shop.view.voucher, VoucherGood)
    assert not letters.isVisible()
    assert all(part.isVisible() for part in (screen.bill, screen.reward, screen.pay, screen.keys.keypad))
    assert screen.action_row.geometry().right() < screen.keys.keypad.geometry().left()


def test_small_letters_and_signs_of_a_code_have_keys(shop: Shop, qtbot: QtBot) -> None:
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("2360")
    shop.hands.press("+")
    letters = shop.window.screen_of_till.letters.keys
    assert letters is not None
    qtbot.mouseClick(letters.shift, Qt.MouseButton.LeftButton)
    for words in ("w", "e", "7"):
        qtbot.mouseClick(letters.key(words), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(letters.signs, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(letters.key("#"), Qt.MouseButton.LeftButton)
    assert shop.view.entry == "we7#"
    qtbot.mouseClick(letters.signs, Qt.MouseButton.LeftButton)
    assert letters.key("w").isVisible()
    assert not letters.script.isVisible(), "no code is written in another script"


def test_who_has_no_keypad_gets_no_letters(shop: Shop) -> None:
    screen = shop.window.screen_of_till
    screen.show_keypad(False)
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("2360")
    shop.hands.press("+")
    assert screen.letters.keys is None
    assert screen.keys.list.isVisible()
    screen.show_keypad(True)
    assert screen.letters.keys is not None
    screen.show_keypad(False)
    assert screen.bill.isVisible()
    assert screen.keys.list.isVisible()
