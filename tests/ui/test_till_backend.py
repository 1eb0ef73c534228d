"""The page of the loyalty system over a real till: its settings file, its sealed secrets, its audit log."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier_app.bootstrap import Till, open_till
from cashier_app.config import read_config
from cashier_app.data_folder import JOURNAL_FILE
from cashier_app.keeping_secrets import vault_of
from cashier_app.ports.credentials import Secret
from cashier_app.security import credentials, passphrases
from cashier_app.security.credentials import NoKeyStoreError
from cashier_app.testing.running import RunningStandIn
from tests.fakes.kept_key import FileKeyStore
from tests.fakes.runner import Immediate
from tests.ui import sample_views
from tests.ui.fake_till import FakeTill
from tests.ui.till_host import Hands, focus, make_window
from ui.main_window import MainWindow
from ui.screens.backend_drawer import BackendDrawer, BackendPage
from ui.till_pages import give_backend

WORDS = "four made up words"
CONFIG = """[store]
name = "Corner Shop"
till = "2"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"
[backend]
address = "{address}"  # upstairs
"""


@pytest.fixture(scope="module")
def stand_in() -> Iterator[RunningStandIn]:
    with RunningStandIn("contract") as running:
        yield running


@pytest.fixture
def config(tmp_path: Path, stand_in: RunningStandIn, monkeypatch: pytest.MonkeyPatch) -> Path:
    store = FileKeyStore(tmp_path / "store.json")
    store.problem = NoKeyStoreError()
    monkeypatch.setattr(credentials, "KeyStore", lambda: store)
    monkeypatch.setattr(passphrases, "MEMORY_KIB", 64)
    vault = vault_of(tmp_path / "data")
    vault.keep_by_passphrase(Secret(WORDS))
    vault.write("backend token", Secret("an-old-token"))
    file = tmp_path / "till.toml"
    file.write_text(CONFIG.format(address=stand_in.address))
    return file


@pytest.fixture
def till(config: Path) -> Iterator[Till]:
    opened = open_till(read_config(config), config.parent / "data")
    yield opened
    opened.close()


def opened(qtbot: QtBot, till: Till, config: Path) -> tuple[MainWindow, BackendDrawer]:
    window = make_window(FakeTill(sample_views.idle()))
    qtbot.addWidget(window)
    qtbot.waitUntil(window.isActiveWindow)
    give_backend(window, till, Immediate(), argparse.Namespace(config=config))  # type: ignore[arg-type]
    assert window.ways.backend is not None
    return window, window.drawers.backend_page(window.ways.backend)


def test_from_a_locked_start_to_new_credentials(
    qtbot: QtBot, till: Till, config: Path, stand_in: RunningStandIn
) -> None:
    window, drawer = opened(qtbot, till, config)
    hands, token = Hands(window), stand_in.secrets["token"]
    assert drawer.isVisible(), "it asks by itself"
    assert drawer.page is BackendPage.UNLOCK
    QTest.keyClicks(focus(), WORDS)
    hands.press("Enter")
    assert drawer.page is BackendPage.OVERVIEW
    hands.press("T")
    assert drawer.rows.texts()[1].endswith("Not everything works yet. See what is marked."), "an old token"
    till.workshop()
    hands.press("C", "Enter")
    QTest.keyClicks(focus(), token)
    hands.press("Enter")
    QTest.keyClicks(focus(), "Mira")
    hands.press("Enter")
    assert drawer.results.texts()[0] == "Everything works."
    hands.press("Enter")
    assert drawer.rows.texts()[1].startswith("Saved.")
    hands.press("T")
    assert drawer.rows.texts()[1].endswith("Everything works.")
    assert config.read_text().replace('kind = "contract"\n', "") == CONFIG.format(address=stand_in.address)
    kept = vault_of(till.folder)
    kept.unlock(Secret(WORDS))
    found = kept.read("backend token")
    assert found is not None
    assert found.reveal() == token
    rows = apsw.Connection(str(till.folder / JOURNAL_FILE)).execute("SELECT * FROM audit").fetchall()
    assert any("contract by Mira" in str(row) for row in rows)


def test_settings_that_make_no_sense_can_be_mended(qtbot: QtBot, till: Till, config: Path) -> None:
    config.write_text(config.read_text() + '[backend.settings]\nodd = "yes"\n')
    assert till.keeper is not None
    till.keeper.unlock(Secret(WORDS))
    window, drawer = opened(qtbot, till, config)
    assert not drawer.isVisible(), "nothing is locked"
    window.ways.show_backend()
    assert "odd" in drawer.rows.texts()[1]
    assert drawer.buttons.another.isEnabled()


def test_a_computer_without_a_key_store_chooses_a_passphrase_with_its_first_credentials(
    qtbot: QtBot, tmp_path: Path, stand_in: RunningStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FileKeyStore(tmp_path / "store.json")
    store.problem = NoKeyStoreError()
    monkeypatch.setattr(credentials, "KeyStore", lambda: store)
    monkeypatch.setattr(passphrases, "MEMORY_KIB", 64)
    file = tmp_path / "till.toml"
    file.write_text(CONFIG.format(address=stand_in.address))
    till = open_till(read_config(file), tmp_path / "data")
    window, drawer = opened(qtbot, till, file)
    window.ways.show_backend()
    drawer.choose("C")
    for name, text in (("secret token", stand_in.secrets["token"]), ("by", "Mira"), ("passphrase", "short")):
        drawer.form.edit(name).setText(text)
    drawer.try_out()
    drawer.keep()
    assert drawer.results.texts() == ["A passphrase has at least 10 characters; four words are a good one."]
    drawer.form.edit("passphrase").setText(WORDS)
    drawer.keep()
    assert drawer.rows.texts()[1].startswith("Saved.")
    kept = vault_of(tmp_path / "data")
    assert kept.needs_passphrase()
    kept.unlock(Secret(WORDS))
    assert kept.names() == ("backend token",)
    till.close()
