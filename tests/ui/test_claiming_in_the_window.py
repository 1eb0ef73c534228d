"""Claims through the window: by keys alone, by touch alone, and on paper; the real till is behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cashier_app.domain.sale import EffectKind
from cashier_app.scanning import symbologies
from cashier_app.scanning.decoders import decode
from cashier_app.services.till_view import ClaimShown, NoticeKind, Step
from cashier_app.wording import Hours, Wording
from cashier_app.wording.buttons import key_list
from cashier_app.wording.claims import claim_slip
from cashier_app.wording.menu import Entry
from tests.fakes.counter import PRIYAS_CODE, PRIYAS_PHONE, SHARED_PHONE
from tests.ui import sample_claims, sample_views
from tests.ui.till_host import Hands, Shop, make_window, window_of
from ui.menu import menu_entries

SIZES = ((1024, 600), (1280, 800), (1920, 1080))
WORDING = Wording.of("en_IN", sample_views.ZONE, sample_views.PROGRAM.point_name, hours=Hours.TWENTY_FOUR)


@pytest.fixture
def shop(qtbot: QtBot, tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    made.counter.backend.the_program = replace(made.counter.backend.the_program, claim_days=14)
    made.counter.open_for_business()
    qtbot.addWidget(made.window)
    yield made
    made.window.closing.answer()
    made.close()


def sold(shop: Shop) -> str:
    """Sell something to nobody by keys and return the claim code on show."""
    shop.hands.press("F8")
    shop.hands.type("1025")
    shop.hands.press("Enter", "Enter")
    assert shop.view.step is Step.DONE
    assert shop.view.receipt is not None
    card = shop.window.screen_of_till.who.receipt
    assert card.isVisibleTo(shop.window)
    assert card.claim.text() == shop.view.receipt.claim
    return shop.view.receipt.claim


def booked(shop: Shop) -> list[str]:
    return [row.effect.member_id for row in shop.counter.rows() if row.effect.kind is EffectKind.SALE]


def test_by_keys_alone(shop: Shop) -> None:
    code = sold(shop)
    shop.hands.press("Enter")
    shop.hands.type(code)
    shop.hands.press("Enter")
    assert isinstance(shop.view.person, ClaimShown)
    assert shop.window.screen_of_till.who.message.isVisibleTo(shop.window)
    shop.hands.type(PRIYAS_PHONE)
    before = shop.hands.presses
    shop.hands.press("Enter")
    assert shop.hands.presses - before == 1
    assert booked(shop) == ["m-1"]
    assert shop.view.notice is not None
    assert shop.view.notice.kind is NoticeKind.CLAIMED


def test_by_scanner_in_one_press(shop: Shop) -> None:
    sold(shop)
    assert shop.view.receipt is not None
    receipt, before = shop.view.receipt.receipt, shop.hands.presses
    shop.hands.scan(receipt)
    assert isinstance(shop.view.person, ClaimShown)
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.press("Enter")
    assert booked(shop) == ["m-1"]
    assert shop.hands.presses - before == 1


def tap(widget: QWidget) -> None:
    assert widget.isVisible()
    assert widget.isEnabled()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_by_touch_alone(shop: Shop) -> None:
    code = sold(shop)
    screen = shop.window.screen_of_till
    screen.show_keypad(True)
    tap(screen.action_row.primary)
    for character in code.replace("-", "+"):
        screen.keys.keypad.pressed_key.emit(character)
    tap(screen.action_row.primary)
    assert isinstance(shop.view.person, ClaimShown)
    for character in PRIYAS_PHONE:
        screen.keys.keypad.pressed_key.emit(character)
    tap(screen.action_row.primary)
    assert booked(shop) == ["m-1"]


def test_escape_from_every_step_changes_nothing(shop: Shop) -> None:
    code = sold(shop)
    shop.hands.press("Enter")
    shop.hands.type(code)
    shop.hands.press("Enter")
    shop.hands.type("98")
    shop.hands.press("Esc")
    assert shop.view.step is Step.CLAIM
    shop.hands.press("Esc")
    assert shop.view.step is Step.IDLE
    assert booked(shop) == []


def test_two_records_of_one_person_are_reported_by_a_key_and_a_button(shop: Shop) -> None:
    shop.hands.type(SHARED_PHONE)
    assert shop.view.step is Step.CHOOSING
    shop.hands.press("j")
    merges = [row.effect for row in shop.counter.rows() if row.effect.kind is EffectKind.MERGE]
    assert [(one.member_id, one.other_member_id) for one in merges] == [("m-6", "m-7")]
    tap(shop.window.screen_of_till.who.choosing.same)
    assert len([row for row in shop.counter.rows() if row.effect.kind is EffectKind.MERGE]) == 1
    assert shop.view.step is Step.CHOOSING
    shop.hands.press("2")
    assert shop.view.step is Step.BILL


def test_p_prints_only_where_a_code_is_on_show(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("ui.printing.ask_for_printer", lambda _parent, title, _chosen: asked.append(title))
    for state, prints in (("done-claimable", 1), ("done", 0), ("idle", 0)):
        asked.clear()
        window, _ = window_of(sample_views.STATES[state]())
        qtbot.addWidget(window)
        Hands(window).press("p")
        assert len(asked) == prints, state
    window, _ = window_of(sample_views.STATES["done-claimable"]())
    qtbot.addWidget(window)
    tap(window.screen_of_till.who.receipt.print_button)
    assert len(asked) == 1


def test_the_receipt_code_of_a_members_sale_is_printed_by_key_and_by_touch(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("ui.printing.ask_for_printer", lambda _parent, title, _chosen: asked.append(title))
    done, codes = sample_views.STATES["done"](), sample_claims.done_claimable().receipt
    assert done.finished is not None
    assert codes is not None
    view = replace(done, receipt=replace(codes, sale_id=done.finished.sale.sale_id, claim="", days=0))
    window, _ = window_of(view)
    qtbot.addWidget(window)
    assert window.screen_of_till.who.member.isVisibleTo(window), "the member stays on show"
    assert ("P", "Print the receipt code") in [
        (key.key, key.sentence.full) for key in key_list(view, window.screen_of_till.wording())
    ]
    Hands(window).press("p")
    menu_entries(window)[Entry.RECEIPT]()
    assert asked == ["Your receipt code"] * 2
    words = claim_slip(done.finished.sale, view.receipt, "Marigold Stores", WORDING)  # type: ignore[arg-type]
    assert words.body == "Show this when goods come back."
    assert Entry.RECEIPT not in menu_entries(window_of(sample_views.STATES["idle"]())[0])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", list(sample_claims.STATES))
def test_nothing_overlaps_or_leaves_its_card(qtbot: QtBot, size: tuple[int, int], state: str) -> None:
    window = make_window(*_till(state), size=size)  # type: ignore[arg-type]
    qtbot.addWidget(window)
    card = window.screen_of_till.who.card()
    parts = [part for part in card.children() if isinstance(part, QWidget) and part.isVisible()]
    for part in parts:
        assert card.rect().contains(part.geometry()), part
        for other in parts:
            assert other is part or not part.geometry().intersects(other.geometry()), (part, other)


@pytest.mark.parametrize("size", [(1024, 600), (1920, 1080)])
def test_the_code_on_show_can_be_scanned(qtbot: QtBot, size: tuple[int, int]) -> None:
    window = make_window(*_till("done-claimable"), size=size)  # type: ignore[arg-type]
    qtbot.addWidget(window)
    assert _read(window.grab().toImage()) == [sample_claims.RECEIPT]


def _till(state: str) -> tuple[object]:
    from tests.ui.fake_till import FakeTill

    return (FakeTill(sample_views.STATES[state]()),)


def _read(image: QImage) -> list[str]:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    found = decode(np.ascontiguousarray(rows[:, : grey.width()]), (symbologies.QR_CODE,))
    return [symbol.text for symbol in found]
