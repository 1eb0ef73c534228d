"""Each page of the first start: what may be typed, what is said, what is chosen by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QPointingDevice, QTouchEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cashier_app.config import read_config
from cashier_app.scanning.camera_state import CameraPhase, CameraState, Preview
from cashier_app.services.first_run import DEMO, Answers, BackendAnswer, Step
from tests.fakes.runner import SteppedRunner
from tests.ui import wizard_states
from tests.ui.wizard_host import Fingers, Opener, opener
from tests.ui.wizard_states import ANSWERED, scan
from ui.widgets.letter_keys import LetterKey
from ui.wizard.backend_page import BackendPage
from ui.wizard.camera_view import CameraView
from ui.wizard.country_page import CountryPage
from ui.wizard.manager_page import ManagerPage
from ui.wizard.scanner_page import ScannerPage
from ui.wizard.shop_page import ShopPage


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Opener:
    return opener(qtbot, tmp_path)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("123456789", "At most 8 letters and digits."),
        ("a b", "Only the letters A to Z and the digits 0 to 9."),
        ("TRAIN1", "Numbers that begin with TRAIN are kept for training."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_stays_typed(opened: Opener, typed: str, said: str) -> None:
    window = opened(answers=Answers())
    window.go_to(Step.SHOP)
    page = window.page
    assert isinstance(page, ShopPage)
    page.till.edit.setFocus()
    QTest.keyClicks(page.till.edit, typed)
    page.go_on()
    assert page.till.below.text() == said
    assert page.till.edit.text() == typed
    assert QApplication.focusWidget() is page.till.edit
    QTest.keyClick(page.till.edit, Qt.Key.Key_Backspace)
    assert page.till.below.text() != said


def test_a_country_brings_its_money_and_time_and_each_can_be_changed(
    opened: Opener,
) -> None:
    window = opened(answers=Answers())
    window.go_to(Step.COUNTRY)
    keys = Fingers(window)
    keys.press("1")
    keys.type("japan")
    keys.press("Enter")
    whole = window.desk.whole()
    assert (whole.region, whole.currency, whole.decimals, whole.time_zone) == ("JP", "JPY", 0, "Asia/Tokyo")
    keys.press("2")
    keys.type("kwd")
    keys.press("Enter", "3")
    keys.type("lisbon")
    keys.press("Enter")
    whole = window.desk.whole()
    assert (whole.region, whole.currency, whole.decimals, whole.time_zone) == (
        "JP",
        "KWD",
        3,
        "Europe/Lisbon",
    )
    keys.press("1")
    keys.type("atlantis")
    page = window.page
    assert isinstance(page, CountryPage)
    assert "Nothing here is called" in page.picker.search.below.text()
    assert not window.primary.isEnabled()
    keys.press("Enter", "Esc")
    assert window.here is Step.COUNTRY
    assert window.desk.whole().region == "JP"


def test_enter_behind_a_list_goes_on_and_never_out(opened: Opener) -> None:
    window = opened(answers=Answers())
    window.go_to(Step.COUNTRY)
    keys = Fingers(window)
    for way in ("Enter", "Esc"):
        keys.press("1")
        keys.type("kuwait")
        keys.press(way)
        assert not window.rail.stop.hasFocus(), way
    keys.press("Enter")
    assert (window.here, window.isVisible()) == (Step.BACKEND, True)


def test_a_button_that_is_switched_off_hands_its_enter_to_nobody(
    opened: Opener,
) -> None:
    runner = SteppedRunner()
    window = opened(answers=ANSWERED, runner=runner)
    window.go_to(Step.READY)
    runner.forget_all()
    window.primary.setFocus(Qt.FocusReason.TabFocusReason)
    keys = Fingers(window)
    keys.press("Enter")
    assert not window.primary.isEnabled()
    keys.press("Enter")
    assert window.isVisible()
    runner.forget_all()


@pytest.mark.parametrize(
    ("system", "country", "zone"),
    [
        ("America/Vancouver", "canada", "America/Vancouver"),
        ("Asia/Kolkata", "canada", "America/Toronto"),
        ("Asia/Kolkata", "brazil", "America/Sao_Paulo"),
        ("Asia/Kolkata", "ukraine", "Europe/Kyiv"),
        ("Asia/Kolkata", "kosovo", "Europe/Belgrade"),
    ],
)
def test_a_country_brings_the_time_most_of_it_keeps_or_the_computer_s_own(
    opened: Opener, system: str, country: str, zone: str
) -> None:
    window = opened(answers=Answers(), system=wizard_states.Surroundings("en", "", system))
    window.go_to(Step.COUNTRY)
    keys = Fingers(window)
    keys.press("1")
    keys.type(country)
    keys.press("Enter")
    assert window.desk.whole().time_zone == zone


def test_what_was_refused_stays_typed_when_somebody_looks_elsewhere(
    opened: Opener,
) -> None:
    window = opened(answers=Answers())
    window.go_to(Step.SHOP)
    keys = Fingers(window)
    keys.type("x" * 90)
    keys.press("Enter", "Esc", "Enter")
    page = window.page
    assert isinstance(page, ShopPage)
    assert page.store.edit.text() == "x" * 90
    assert window.desk.answers.store is None


def test_the_list_goes_by_arrows(opened: Opener) -> None:
    window = opened("country-list")
    keys = Fingers(window)
    page = window.page
    assert isinstance(page, CountryPage)
    first = page.picker.marked()
    keys.press("Down", "Down", "Up")
    second = page.picker.marked()
    assert first is not None
    assert second is not None
    assert first != second
    keys.press("Enter")
    assert window.desk.answers.region == second.code


def test_the_form_of_a_loyalty_system_is_the_tills_own(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    window = opened(answers=Answers())
    window.go_to(Step.BACKEND)
    keys = Fingers(window)
    keys.press("5", "Enter")
    form = window.form
    assert form is not None
    form.form.edit("setting location").setText("L1")
    keys.press("Esc")
    assert window.form is form
    assert "What you typed is not kept" in form.results.texts()[0]
    keys.press("Esc")
    assert window.form is None
    assert (window.here, window.desk.answers.backend) == (Step.BACKEND, None)


def test_only_a_touch_brings_letters_and_a_key_takes_them_away(
    opened: Opener,
) -> None:
    window = opened("shop")
    assert not window.letters.is_shown()
    device = QPointingDevice.primaryPointingDevice()
    point = QTouchEvent.Type.TouchBegin
    QApplication.sendEvent(window.windowHandle(), QTouchEvent(QEvent.Type(point), device))
    assert window.letters.is_shown()
    assert window.letters.keys.findChildren(LetterKey)
    window.letters.by_keys()
    assert not window.letters.is_shown()
    QApplication.sendEvent(
        window, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier, "")
    )
    assert window.letters.is_shown()


def test_a_weak_pin_is_refused_at_the_rings_and_nothing_is_kept(
    opened: Opener,
) -> None:
    window = opened("manager-weak")
    page = window.page
    assert isinstance(page, ManagerPage)
    assert page.pin.rows.texts() == ["This PIN is among the first anybody would try. Choose another one."]
    assert window.desk.manager is None
    assert window.here is Step.MANAGER


def test_nobody_is_asked_for_a_manager_where_there_is_one(opened: Opener) -> None:
    window = opened(answers=ANSWERED)
    window.desk.first_run.has_people = lambda: True  # type: ignore[method-assign]
    window.go_to(Step.MANAGER)
    assert "Somebody manages this till already" in window.note.words()
    window.page.go_on()
    assert window.here is Step.READY


def test_a_manager_may_be_left_for_later(opened: Opener, tmp_path: Path) -> None:
    window = opened(answers=ANSWERED)
    window.go_to(Step.MANAGER)
    Fingers(window).press("F8")
    assert window.here is Step.READY
    window.page.go_on()
    assert read_config(tmp_path / "config/till.toml").store.till == "2"
    assert not window.desk.first_run.has_people()


def test_a_scan_is_not_used_and_says_so(opened: Opener) -> None:
    window = opened("backend")
    before = window.desk.answers
    Fingers(window).scan("LC1:5MADEUP2")
    assert "Scan not used" in window.note.words()
    assert (window.here, window.desk.answers) == (Step.BACKEND, before)


def test_a_checked_scanner_is_an_answer(opened: Opener) -> None:
    window = opened("scanner")
    page = window.page
    assert isinstance(page, ScannerPage)
    assert window.primary.words() == "Go on without"
    window.raw.scanned.emit(scan())
    assert window.primary.words() == "Use these settings"
    page.go_on()
    assert window.desk.answers.scanner is not None
    window.go_back()
    window.page.go_on()  # without a scan what was found before stays
    assert window.desk.answers.scanner is not None


class FakeReader:
    """A camera that shows one grey picture."""

    def __init__(self, on_state: Callable[[CameraState], None]) -> None:
        self._on_state = on_state
        self.stopped = False

    def start(self) -> None:
        self._on_state(CameraState(CameraPhase.LOOKING, "made up"))

    def stop(self) -> None:
        self.stopped = True

    def ask_preview(self, width: int, height: int, *, mirrored: bool = True) -> None:
        self.asked = (width, height, mirrored)

    def newest_preview(self) -> Preview:
        return Preview(bytes(3 * 8 * 6), 8, 6, True, 8, 6, 1)


def test_a_camera_is_opened_only_for_the_test_and_let_go_of(opened: Opener, qtbot: QtBot) -> None:
    window = opened("camera")
    readers: list[FakeReader] = []
    told: list[Callable[..., None]] = []

    def made(
        _: str, *, on_symbols: Callable[..., None], on_state: Callable[[CameraState], None], **__: object
    ) -> FakeReader:
        told.append(on_symbols)
        readers.append(FakeReader(on_state))
        return readers[-1]

    view = window.findChild(CameraView)
    assert view is not None
    view._open_camera = made  # type: ignore[assignment]
    keys = Fingers(window)
    assert not view.is_on
    keys.press("t")
    assert view.is_on
    view._show_picture()
    assert view.finder.picture_number == 1
    told[0]([object()], 0.0)
    assert view.finder.content.line == "A code was read. The camera works."
    keys.press("Enter")
    assert readers[0].stopped
    assert window.desk.answers.camera == ""


def test_going_back_to_the_demo_shop_asks_for_no_devices(opened: Opener) -> None:
    window = opened(answers=ANSWERED)
    assert len(window.rail.rows) == 8
    window.desk.answer(backend=BackendAnswer(DEMO))
    assert [row.shown().step for row in window.rail.rows] == [  # type: ignore[union-attr]
        *(Step.LANGUAGE, Step.SHOP, Step.COUNTRY, Step.BACKEND, Step.READY)
    ]


def test_a_screen_reader_is_told_names_and_steps(opened: Opener) -> None:
    window = opened("backend")
    page = window.page
    assert isinstance(page, BackendPage)
    assert page.cards.cards[0].accessibleName() == "Demo shop"
    assert "nothing to set up" in page.cards.cards[0].accessibleDescription()
    assert window.rail.rows[1].accessibleName() == "Shop and till, Marigold Stores, Till 2"
    window.go_to(Step.SHOP)
    shop = window.page
    assert isinstance(shop, ShopPage)
    assert shop.store.edit.accessibleName() == "Name of the shop"
