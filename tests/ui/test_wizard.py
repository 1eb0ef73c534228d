"""The first start in its window: every page, by keys alone and by fingers alone, and what is never lost."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QPointingDevice, QTouchEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.config import read_config
from cashier_app.errors import KnownError
from cashier_app.first_run_opening import FirstRun
from cashier_app.ports.credentials import Secret
from cashier_app.scanning.camera_state import CameraPhase, CameraState, Preview
from cashier_app.security.passphrases import passphrase_from
from cashier_app.services.first_run import DEMO, Answers, BackendAnswer, Step
from tests.fakes.runner import SteppedRunner
from tests.ui import wizard_states
from tests.ui.who_host import cut_off, outside, overlaps, too_small
from tests.ui.wizard_states import ANSWERED, SQUARE, STATES, open_in, open_window, scan
from ui.theme.tokens import DARK, LIGHT, Theme
from ui.widgets.keypad import KeypadKey
from ui.widgets.letter_keys import LetterKey
from ui.wizard import opening
from ui.wizard.backend_page import BackendPage
from ui.wizard.camera_view import CameraView
from ui.wizard.country_page import CountryPage
from ui.wizard.manager_page import ManagerPage
from ui.wizard.ready_page import ReadyPage
from ui.wizard.scanner_page import ScannerPage
from ui.wizard.shop_page import ShopPage
from ui.wizard.window import WizardWindow

PIN = "482915"
SCROLLED = ("QWidget ''", "_Sheet ''", "_Page ''")  # what is inside a scroll area is larger on purpose
_KEYS = {
    "Enter": Qt.Key.Key_Enter,
    "Esc": Qt.Key.Key_Escape,
    "Down": Qt.Key.Key_Down,
    "Up": Qt.Key.Key_Up,
    "Tab": Qt.Key.Key_Tab,
    "Backspace": Qt.Key.Key_Backspace,
    "F8": Qt.Key.Key_F8,
    "F10": Qt.Key.Key_F10,
}


class Fingers:
    """Keys pressed one after the other, slow enough for a person; every press is counted."""

    def __init__(self, window: WizardWindow) -> None:
        self._window, self._at, self.presses = window, 10_000, 0
        window.wedge.reader.stamp = lambda _: self._at

    def press(self, *names: str) -> None:
        """Press keys by name, or by what they type."""
        for name in names:
            self._at += 400
            self.presses += 1
            QTest.keyClick(self._window.windowHandle(), _KEYS.get(name, name))
            kept = self._window.wedge._wedge.expire(self._at + 300)
            if kept is not None:
                self._window.wedge._end(kept)
            if self._window.page.takes_raw_scans:
                self._window.raw.finish()

    def type(self, text: str) -> None:
        """Type characters one after the other."""
        self.press(*text)

    def scan(self, text: str) -> None:
        """Type as a scanner does."""
        self._at += 1000
        for sign in text:
            self._at += 4
            QTest.keyClick(self._window.windowHandle(), sign)
        self._at += 4
        QTest.keyClick(self._window.windowHandle(), Qt.Key.Key_Return)


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., WizardWindow]]:
    """Open windows on a folder of their own; they are closed at the end."""
    made: list[WizardWindow] = []

    def open_one(state: str = "", **how: object) -> WizardWindow:
        window = open_in(tmp_path, state, **how) if state else open_window(tmp_path, **how)  # type: ignore[arg-type]
        qtbot.addWidget(window)
        made.append(window)
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield open_one
    for window in made:
        window.close()


def names_in(window: WizardWindow) -> set[QWidget]:
    """Return what may be cut off: names, and what the window shortens."""
    return {window.later}


@pytest.mark.parametrize(
    ("size", "theme"),
    [((1024, 600), LIGHT), ((1280, 720), DARK), ((1280, 800), LIGHT), ((1920, 1080), LIGHT)],
)
def test_nothing_overlaps_is_cut_off_or_too_small(
    opened: Callable[..., WizardWindow], size: tuple[int, int], theme: Theme
) -> None:
    for state in STATES:
        window = opened(state, size=size, theme=theme)
        where = f"{state} at {size}"
        root: QWidget = window if window.form is None else window.form
        assert overlaps(root) == [], where
        assert [one for one in outside(root) if not one.startswith(SCROLLED)] == [], where
        assert cut_off(root, names_in(window)) == [], where
        assert too_small(root) == [], where
        window.close()


@pytest.mark.parametrize("size", [(1024, 600), (1280, 800)])
def test_arabic_words_fit_the_same_places(opened: Callable[..., WizardWindow], size: tuple[int, int]) -> None:
    for state in ("shop", "country", "backend", "scanner", "camera", "manager", "ready"):
        window = opened(state, size=size, arabic=True)
        assert overlaps(window) == [], state
        assert too_small(window) == [], state
        window.close()


def test_the_whole_way_by_keys(opened: Callable[..., WizardWindow], tmp_path: Path) -> None:
    window = opened(answers=Answers(), cameras=list)
    keys, ended = Fingers(window), list[bool]()
    window.finished.connect(ended.append)
    keys.press("Enter")
    keys.type("Corner Cafe")
    keys.press("Enter", "7", "Enter")
    assert window.here is Step.COUNTRY
    keys.press("Enter")
    page = window.page
    assert isinstance(page, BackendPage)
    keys.press("5")
    assert page.primary().full == "Next: set up Square Loyalty"
    page.take_kept(SQUARE)  # what the form hands over; it has tests of its own
    assert window.here is Step.SCANNER
    keys.press("Enter")
    keys.press("Enter")
    assert window.here is Step.MANAGER
    keys.type("Meera")
    keys.press("Enter", *PIN, "Enter", *PIN, "Enter")
    assert window.here is Step.READY
    keys.press("Enter")
    assert ended == [False]
    config = read_config(tmp_path / "config/till.toml")
    assert (config.store.name, config.store.till, config.backend.kind) == ("Corner Cafe", "7", "square")
    assert window.desk.first_run.has_people()


def test_the_demo_shop_is_two_keys_away(opened: Callable[..., WizardWindow]) -> None:
    window = opened(answers=Answers())
    keys, ended = Fingers(window), list[bool]()
    window.finished.connect(ended.append)
    keys.press("d", "Enter")
    assert (ended, keys.presses) == ([True], 2)
    assert not window.desk.first_run.path.exists()


def test_the_whole_way_by_fingers(opened: Callable[..., WizardWindow], tmp_path: Path) -> None:
    window = opened(answers=Answers(), cameras=list)
    ended = list[bool]()
    window.finished.connect(ended.append)

    def tap(widget: QWidget) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    window.letters.by_touch()
    tap(window.primary)
    page = window.page
    assert isinstance(page, ShopPage)
    for letter in "Cafe":
        tap(window.letters.keys.key(letter))
    assert page.store.edit.text() == "Cafe"
    tap(window.primary)
    tap(window.letters.keys.signs)
    tap(window.letters.keys.key("7"))
    tap(window.primary)
    assert window.here is Step.COUNTRY
    country = window.page
    assert isinstance(country, CountryPage)
    tap(country.cards.cards[0])
    for letter in "kuwait":
        tap(window.letters.keys.key(letter.upper() if letter == "k" else letter))
    tap(country.picker.rows[0])
    assert window.desk.answers.currency == "KWD"
    tap(window.primary)
    window.desk.answer(backend=SQUARE)
    window.go_to(Step.MANAGER)
    manager = window.page
    assert isinstance(manager, ManagerPage)
    manager.name.edit.setFocus()
    for letter in "Asha":
        tap(window.letters.keys.key(letter))
    tap(window.primary)
    pad = {key.value(): key for key in manager.pin.keypad.findChildren(KeypadKey)}
    for _ in range(2):
        for digit in PIN:
            tap(pad[digit])
        tap(window.primary)
    assert window.here is Step.READY
    tap(window.primary)
    assert ended == [False]
    assert read_config(tmp_path / "config/till.toml").store.decimals == 3


def test_back_keeps_answers_and_the_steps_at_the_side_lead_anywhere_seen(
    opened: Callable[..., WizardWindow],
) -> None:
    window = opened(answers=Answers())
    keys = Fingers(window)
    keys.press("Enter")
    keys.type("Corner")
    keys.press("Esc")
    assert window.here is Step.LANGUAGE
    assert window.desk.answers.store == "Corner"
    keys.press("Esc")
    assert window.here is Step.LANGUAGE
    keys.press("Enter")
    page = window.page
    assert isinstance(page, ShopPage)
    assert page.store.edit.text() == "Corner"
    keys.press("Enter", "Enter", "Enter", "Enter")
    assert window.here is Step.READY
    window.rail.rows[1].click()
    assert window.here is Step.SHOP
    assert window.rail.rows[4].isEnabled()


def test_stopping_half_way_keeps_what_was_answered(
    opened: Callable[..., WizardWindow], tmp_path: Path
) -> None:
    window = opened(answers=Answers())
    keys = Fingers(window)
    keys.press("Enter")
    keys.type("Corner")
    keys.press("Enter", "9", "Enter")
    assert "Answers are kept" in window.rail.stop_words.text()
    keys.press("F10")
    assert not window.isVisible()
    again = FirstRun(tmp_path / "config/till.toml", tmp_path / "data")
    assert again.was_left()
    assert (again.answers().store, again.answers().till, again.answers().at) == ("Corner", "9", Step.COUNTRY)
    other = opening.new_window(again, window.desk.guess, window.desk.runner)  # type: ignore[arg-type]
    assert other.here is Step.COUNTRY
    assert "Go on where you stopped" in other.note.words()
    other.close()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("123456789", "At most 8 letters and digits."),
        ("a b", "Only the letters A to Z and the digits 0 to 9."),
        ("TRAIN1", "Numbers that begin with TRAIN are kept for training."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_stays_typed(
    opened: Callable[..., WizardWindow], typed: str, said: str
) -> None:
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


def test_a_weak_pin_is_refused_at_the_rings_and_nothing_is_kept(
    opened: Callable[..., WizardWindow],
) -> None:
    window = opened("manager-weak")
    page = window.page
    assert isinstance(page, ManagerPage)
    assert page.pin.rows.texts() == ["This PIN is among the first anybody would try. Choose another one."]
    assert window.desk.manager is None
    assert window.here is Step.MANAGER


def test_nobody_is_asked_for_a_manager_where_there_is_one(opened: Callable[..., WizardWindow]) -> None:
    window = opened(answers=ANSWERED)
    window.desk.first_run.has_people = lambda: True  # type: ignore[method-assign]
    window.go_to(Step.MANAGER)
    assert "Somebody manages this till already" in window.note.words()
    window.page.go_on()
    assert window.here is Step.READY


def test_a_manager_may_be_left_for_later(opened: Callable[..., WizardWindow], tmp_path: Path) -> None:
    window = opened(answers=ANSWERED)
    window.go_to(Step.MANAGER)
    Fingers(window).press("F8")
    assert window.here is Step.READY
    window.page.go_on()
    assert read_config(tmp_path / "config/till.toml").store.till == "2"
    assert not window.desk.first_run.has_people()


def test_a_scan_is_not_used_and_says_so(opened: Callable[..., WizardWindow]) -> None:
    window = opened("backend")
    before = window.desk.answers
    Fingers(window).scan("LC1:5MADEUP2")
    assert "Scan not used" in window.note.words()
    assert (window.here, window.desk.answers) == (Step.BACKEND, before)


def test_a_checked_scanner_is_an_answer(opened: Callable[..., WizardWindow]) -> None:
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


def test_a_country_brings_its_money_and_time_and_each_can_be_changed(
    opened: Callable[..., WizardWindow],
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


def test_enter_behind_a_list_goes_on_and_never_out(opened: Callable[..., WizardWindow]) -> None:
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
    opened: Callable[..., WizardWindow],
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
    opened: Callable[..., WizardWindow], system: str, country: str, zone: str
) -> None:
    window = opened(answers=Answers(), system=wizard_states.Surroundings("en", "", system))
    window.go_to(Step.COUNTRY)
    keys = Fingers(window)
    keys.press("1")
    keys.type(country)
    keys.press("Enter")
    assert window.desk.whole().time_zone == zone


def test_what_was_refused_stays_typed_when_somebody_looks_elsewhere(
    opened: Callable[..., WizardWindow],
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


def test_where_it_can_be_changed_later_is_said_from_the_first_page_on(
    opened: Callable[..., WizardWindow],
) -> None:
    window = opened("country", size=(1280, 800))
    window.begin(Step.COUNTRY)
    window.resize(1000, 800)
    window.resize(1300, 800)
    assert window.later.isVisible()


def test_the_list_goes_by_arrows(opened: Callable[..., WizardWindow]) -> None:
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
    opened: Callable[..., WizardWindow], monkeypatch: pytest.MonkeyPatch
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


def test_trouble_while_writing_is_said_and_loses_nothing(
    opened: Callable[..., WizardWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened("ready")
    ended = list[bool]()
    window.finished.connect(ended.append)

    def refuse(*_: object) -> Path:
        raise KnownError("The settings file cannot be written. Check its folder.")

    monkeypatch.setattr(window.desk.first_run, "finish", refuse)
    window.page.go_on()
    assert window.note.words() == "The settings file cannot be written. Check its folder."
    assert ended == []
    assert window.primary.isEnabled()


def test_enter_does_nothing_while_it_is_written(opened: Callable[..., WizardWindow]) -> None:
    runner = SteppedRunner()
    window = opened(answers=ANSWERED, runner=runner)
    window.go_to(Step.READY)
    runner.forget_all()
    page = window.page
    assert isinstance(page, ReadyPage)
    keys = Fingers(window)
    keys.press("Enter")
    assert (runner.waiting, page.primary().full) == (1, "Opening…")
    keys.press("Enter")
    assert runner.waiting == 1
    runner.forget_all()


def test_answers_that_cannot_be_kept_are_told(opened: Callable[..., WizardWindow], tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")
    window = opened(answers=Answers())
    Fingers(window).press("Enter")
    assert "cannot be kept" in window.note.words()


def test_only_a_touch_brings_letters_and_a_key_takes_them_away(
    opened: Callable[..., WizardWindow],
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


def test_a_camera_is_opened_only_for_the_test_and_let_go_of(
    opened: Callable[..., WizardWindow], qtbot: QtBot
) -> None:
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


def test_a_file_for_many_tills_begins_where_it_says_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    given = tmp_path / "fleet.toml"
    given.write_text(
        '[store]\nname = "Marigold"\nregion = "GB"\nlocale = "en_GB"\n[backend]\nkind = "square"\n'
        '[backend.settings]\nlocation = "L1"\n'
    )
    first_run = FirstRun(tmp_path / "config/till.toml", tmp_path / "data", given)
    window = opening.new_window(
        first_run,
        wizard_states.guess_of(wizard_states.Surroundings("en", "IN", "UTC"), "S"),
        wizard_states.Immediate(),
    )  # type: ignore[arg-type]
    qtbot.addWidget(window)
    assert window.here is Step.SHOP
    assert "settings file of this computer" in window.note.words()
    assert window.desk.whole().region == "GB"
    window.close()


FLEET = """
[store]
name = "Marigold Stores"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"
[backend]
address = "https://loyalty.example"
"""


def of_fleet(qtbot: QtBot, folder: Path, given: str = FLEET) -> WizardWindow:
    """Return the window of a till with a file that answers nearly all, as the program opens it."""
    (folder / "fleet.toml").write_text(given, encoding="utf-8")
    first_run = FirstRun(folder / "config/till.toml", folder / "data", folder / "fleet.toml")
    guess = wizard_states.guess_of(wizard_states.Surroundings("en", "IN", "Asia/Kolkata"), "S")
    window = opening.new_window(first_run, guess, wizard_states.Immediate())  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def test_what_a_file_answers_is_not_asked_again_but_is_a_step_away(qtbot: QtBot, tmp_path: Path) -> None:
    window = of_fleet(qtbot, tmp_path)
    keys = Fingers(window)
    assert window.here is Step.SHOP
    keys.press("Enter", "9", "Enter")
    assert window.here is Step.BACKEND
    keys.press("Esc")
    assert window.here is Step.COUNTRY
    keys.press("Enter")
    assert window.here is Step.BACKEND
    window.close()


def test_a_loyalty_system_a_file_names_is_not_said_to_work_before_its_secrets_are_here(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    window = of_fleet(qtbot, tmp_path)
    keys = Fingers(window)
    keys.press("Enter", "9", "Enter")
    assert "They stand in no settings file: type them here." in window.note.words()
    assert window.primary.words() == "Next: set up Our own system"
    keys.press("Enter")
    form = window.form
    assert form is not None
    assert form.form.edit("address").text() == "https://loyalty.example"
    keys.press("Esc", "F8")
    assert window.here is Step.SCANNER
    assert window.desk.answers.backend == BackendAnswer("contract", "https://loyalty.example")
    window.close()


@pytest.mark.parametrize("more", ['token_file = "/etc/cashier-app/token"\n', ""])
def test_where_the_secrets_are_nobody_is_asked_for_them(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    if not more:
        monkeypatch.setattr("cashier_app.security.vault.Vault.names", lambda _: ("backend token",))
    window = of_fleet(qtbot, tmp_path, FLEET + more)
    Fingers(window).press("Enter", "9", "Enter")
    assert window.primary.words() == "Next"
    window.close()


def test_one_language_is_no_question(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = of_fleet(qtbot, tmp_path, "")
    assert window.here is Step.SHOP
    assert "English is the only language so far" in window.note.words()
    shown = window.rail.rows[0].shown()
    assert shown is not None
    assert (shown.answer, shown.is_done) == ("English", True)
    Fingers(window).press("F8")
    assert (window.here, window.desk.answers.backend) == (Step.READY, BackendAnswer(DEMO))
    window.close()
    for place in ("ui.wizard.opening", "ui.wizard.language_page", "ui.wizard.shop_page"):
        monkeypatch.setattr(f"{place}.languages", lambda: ("en", "fr"))
    (tmp_path / "other").mkdir()
    window = of_fleet(qtbot, tmp_path / "other", "")
    assert window.here is Step.LANGUAGE
    Fingers(window).press("2", "Enter")
    assert (window.here, window.desk.answers.language) == (Step.SHOP, "fr")
    assert window.page.second() is None
    window.close()


def test_going_back_to_the_demo_shop_asks_for_no_devices(opened: Callable[..., WizardWindow]) -> None:
    window = opened(answers=ANSWERED)
    assert len(window.rail.rows) == 8
    window.desk.answer(backend=BackendAnswer(DEMO))
    assert [row.shown().step for row in window.rail.rows] == [  # type: ignore[union-attr]
        *(Step.LANGUAGE, Step.SHOP, Step.COUNTRY, Step.BACKEND, Step.READY)
    ]


def test_a_screen_reader_is_told_names_and_steps(opened: Callable[..., WizardWindow]) -> None:
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


def test_a_passphrase_just_typed_is_not_asked_again() -> None:
    options = argparse.Namespace(demo=False, config=None, data=None, passphrase_fd=None)
    settled = opening._opened_with(options, Secret("four plain words"), demo=False)
    assert settled.passphrase_fd is not None
    assert passphrase_from(settled.passphrase_fd).reveal() == "four plain words"  # type: ignore[union-attr]
    assert opening._opened_with(options, None, demo=False).passphrase_fd is None
    demo = opening._opened_with(options, Secret("four plain words"), demo=True)
    assert (demo.demo, demo.passphrase_fd) == (True, None)
