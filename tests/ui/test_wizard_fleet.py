"""The first start of a till whose shop's file answers some of it for many tills."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier_app.first_run_opening import FirstRun
from cashier_app.services.first_run import DEMO, BackendAnswer, Step
from tests.ui import wizard_states
from tests.ui.wizard_host import Fingers
from ui.wizard import opening
from ui.wizard.window import WizardWindow

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
