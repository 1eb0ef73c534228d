"""The first start in its window: every page, by keys alone and by fingers alone, and what is never lost."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cashier_app.config import read_config
from cashier_app.errors import KnownError
from cashier_app.first_run_opening import FirstRun
from cashier_app.ports.credentials import Secret
from cashier_app.security.passphrases import passphrase_from
from cashier_app.services.first_run import Answers, Step
from tests.fakes.runner import SteppedRunner
from tests.ui.who_host import cut_off, outside, overlaps, too_small
from tests.ui.wizard_host import PIN, Fingers, Opener, opener
from tests.ui.wizard_states import ANSWERED, SQUARE, STATES
from ui.theme.tokens import DARK, LIGHT, Theme
from ui.widgets.keypad import KeypadKey
from ui.wizard import opening
from ui.wizard.backend_page import BackendPage
from ui.wizard.country_page import CountryPage
from ui.wizard.manager_page import ManagerPage
from ui.wizard.ready_page import ReadyPage
from ui.wizard.shop_page import ShopPage
from ui.wizard.window import WizardWindow


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Opener:
    return opener(qtbot, tmp_path)


SCROLLED = ("QWidget ''", "_Sheet ''", "_Page ''")  # what is inside a scroll area is larger on purpose


def names_in(window: WizardWindow) -> set[QWidget]:
    """Return what may be cut off: names, and what the window shortens."""
    return {window.later}


@pytest.mark.parametrize(
    ("size", "theme"),
    [((1024, 600), LIGHT), ((1280, 720), DARK), ((1280, 800), LIGHT), ((1920, 1080), LIGHT)],
)
def test_nothing_overlaps_is_cut_off_or_too_small(
    opened: Opener, size: tuple[int, int], theme: Theme
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
def test_arabic_words_fit_the_same_places(opened: Opener, size: tuple[int, int]) -> None:
    for state in ("shop", "country", "backend", "scanner", "camera", "manager", "ready"):
        window = opened(state, size=size, arabic=True)
        assert overlaps(window) == [], state
        assert too_small(window) == [], state
        window.close()


def test_the_whole_way_by_keys(opened: Opener, tmp_path: Path) -> None:
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


def test_the_demo_shop_is_two_keys_away(opened: Opener) -> None:
    window = opened(answers=Answers())
    keys, ended = Fingers(window), list[bool]()
    window.finished.connect(ended.append)
    keys.press("d", "Enter")
    assert (ended, keys.presses) == ([True], 2)
    assert not window.desk.first_run.path.exists()


def test_the_whole_way_by_fingers(opened: Opener, tmp_path: Path) -> None:
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
    opened: Opener,
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


def test_stopping_half_way_keeps_what_was_answered(opened: Opener, tmp_path: Path) -> None:
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


def test_where_it_can_be_changed_later_is_said_from_the_first_page_on(
    opened: Opener,
) -> None:
    window = opened("country", size=(1280, 800))
    window.begin(Step.COUNTRY)
    window.resize(1000, 800)
    window.resize(1300, 800)
    assert window.later.isVisible()


def test_trouble_while_writing_is_said_and_loses_nothing(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
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


def test_enter_does_nothing_while_it_is_written(opened: Opener) -> None:
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


def test_answers_that_cannot_be_kept_are_told(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")
    window = opened(answers=Answers())
    Fingers(window).press("Enter")
    assert "cannot be kept" in window.note.words()


def test_a_passphrase_just_typed_is_not_asked_again() -> None:
    options = argparse.Namespace(demo=False, config=None, data=None, passphrase_fd=None)
    settled = opening._opened_with(options, Secret("four plain words"), demo=False)
    assert settled.passphrase_fd is not None
    assert passphrase_from(settled.passphrase_fd).reveal() == "four plain words"  # type: ignore[union-attr]
    assert opening._opened_with(options, None, demo=False).passphrase_fd is None
    demo = opening._opened_with(options, Secret("four plain words"), demo=True)
    assert (demo.demo, demo.passphrase_fd) == (True, None)
