"""The first start of `cashier-app`: the window that asks, and what the till is opened with afterwards."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QLocale, Qt, QTimeZone
from PySide6.QtWidgets import QApplication

from cashier_app.domain.points import PointName
from cashier_app.first_run_opening import FirstRun, Surroundings, guess_of
from cashier_app.paths import default_data_folder, is_there, own_config_file, site_config_files
from cashier_app.ports.credentials import Secret
from cashier_app.services.first_run import Answers, Guess, Step, first_open_step, step_to_go_on
from cashier_app.wording import Wording
from cashier_app.wording.first_run import default_store
from cashier_app.wording.translator import languages
from ui.background import Background
from ui.opening_size import show_window, size_to_open
from ui.theme.icons import program_icon
from ui.theme.style import apply_theme
from ui.theme.tokens import DARK, LIGHT, Theme, high_contrast
from ui.wizard.backend_page import BackendPage
from ui.wizard.camera_page import CameraPage
from ui.wizard.country_page import CountryPage
from ui.wizard.desk import WizardDesk
from ui.wizard.language_page import LanguagePage
from ui.wizard.manager_page import ManagerPage
from ui.wizard.page import WizardPage
from ui.wizard.ready_page import ReadyPage
from ui.wizard.scanner_page import ScannerPage
from ui.wizard.shop_page import ShopPage
from ui.wizard.window import WizardWindow

_PAGES: tuple[type[WizardPage], ...] = (
    LanguagePage,
    ShopPage,
    CountryPage,
    BackendPage,
    ScannerPage,
    CameraPage,
    ManagerPage,
    ReadyPage,
)


def ask_first(application: QApplication, options: argparse.Namespace) -> argparse.Namespace | None:
    """Set up a till without settings, and return what it is opened with; None where somebody stopped.

    Raises:
        KnownError: A file made for many tills is not right, or leaves out what nobody can be asked.
    """
    first_run = new_first_run(options)
    guess = system_guess()
    if first_run.unattended:
        first_run.finish_unattended(guess)
        return options
    background = Background()
    outcome: list[bool] = []
    try:
        window = new_window(first_run, guess, background)
        window.finished.connect(outcome.append)
        window.finished.connect(window.close)
        _dress(application, window, options.theme or "system")
        window.resize(size_to_open(application, options.size))
        show_window(application, window, options)
        window.activateWindow()
        application.exec()
        window.deleteLater()
    finally:
        background.close()
    return _opened_with(options, window.desk.passphrase, demo=outcome[0]) if outcome else None


def new_first_run(options: argparse.Namespace) -> FirstRun:
    """Return what reads and writes the answers of this computer."""
    given_by = next((path for path in site_config_files() if is_there(path)), None)
    folder: Path = options.data or default_data_folder()
    return FirstRun(own_config_file(), folder, given_by)


def system_guess() -> Guess:
    """Return what the system says of where it stands. Loads Babel."""
    locale = QLocale.system()
    known = locale.language() is not QLocale.Language.C
    name = locale.name() if known else ""
    language, _, region = name.partition("_")
    zone = QTimeZone.systemTimeZoneId().toStdString()
    from zoneinfo import ZoneInfo

    voice = Wording.of(name or "en", ZoneInfo("UTC"), PointName("point", "points"))
    return guess_of(Surroundings(language, region[:2], zone), default_store(voice))


def new_window(first_run: FirstRun, guess: Guess, background: Background) -> WizardWindow:
    """Return the window, at the page where somebody stopped or at the first that is open; not yet shown."""
    answers = _with_only_language(first_run.answers(), guess)
    went_on = first_run.was_left()
    desk = WizardDesk(first_run, answers, guess, background)
    window = WizardWindow(desk, {page.step: page(desk) for page in _PAGES}, went_on=went_on)
    window.begin(_first_page(answers, went_on=went_on))
    return window


def _first_page(answers: Answers, *, went_on: bool) -> Step:
    if went_on:
        return step_to_go_on(answers)
    return first_open_step(answers)


def _with_only_language(answers: Answers, guess: Guess) -> Answers:
    """Return answers with the language, where there is nothing to choose: its page is one step back."""
    if answers.language is None and len(languages()) == 1:
        return replace(answers, language=guess.language)
    return answers


def _opened_with(options: argparse.Namespace, passphrase: Secret | None, *, demo: bool) -> argparse.Namespace:
    """Return the options of a till that has its settings now; the demo shop has a folder of its own."""
    settled = argparse.Namespace(**vars(options))
    if demo:
        settled.demo, settled.data = True, None
    elif passphrase is not None:
        settled.passphrase_fd = _handed_over(passphrase)
    return settled


def _handed_over(passphrase: Secret) -> int:
    """Return an open file the passphrase just typed is read from, so that nobody types it again at once."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as file:
        file.write(passphrase.reveal().encode() + b"\n")
    return reading


def _dress(application: QApplication, window: WizardWindow, wanted: str) -> None:
    """Wear the colours asked for, or those of the system."""
    hints = application.styleHints()

    def theme() -> Theme:
        by_system = wanted == "system" and hints.colorScheme() is Qt.ColorScheme.Dark
        chosen: Theme = DARK if wanted == "dark" or by_system else LIGHT
        contrast = hints.accessibility().contrastPreference()
        return high_contrast(chosen) if contrast is Qt.ContrastPreference.HighContrast else chosen

    application.setWindowIcon(program_icon())

    def dress() -> None:
        apply_theme(application, theme())
        window.set_theme(theme())

    hints.colorSchemeChanged.connect(dress)
    hints.accessibility().contrastPreferenceChanged.connect(dress)
    dress()
