"""The page of support: it shows what would be written, and writes only that, when somebody says so."""

from __future__ import annotations

import stat
import sys
import zipfile
from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from cashier_app.bootstrap import Till
from cashier_app.demo_shop import DEMO_CONFIG, DemoShop
from cashier_app.errors import KnownError
from tests.fakes.runner import SteppedRunner
from tests.ui import sample_views, support_states
from tests.ui.fake_till import FakeTill
from tests.ui.support_states import SIZES, UNWELL, FakeSupport
from tests.ui.till_host import Hands, make_window
from ui.background import Background
from ui.main_window import MainWindow
from ui.screens.support_page import SupportPage
from ui.theme.tokens import DARK, LIGHT
from ui.till_support import TillSupport
from ui.widgets.support_list import FindingLineRow, PartRow


def opened(
    qtbot: QtBot, support: FakeSupport, runner: SteppedRunner | None = None
) -> tuple[MainWindow, Hands, SupportPage]:
    window = make_window(FakeTill(sample_views.offer()), runner=runner)
    qtbot.addWidget(window)
    qtbot.waitUntil(window.isActiveWindow)
    window.ways.support = support
    hands = Hands(window)
    hands.press("F10")
    row = next(row for entry, row in window.drawers.menu.rows.items() if entry.name == "SUPPORT")
    hands.press(row.key())
    return window, hands, window.drawers.support_page(support)


def saved_by_dialog(page: SupportPage, path: Path) -> None:
    (asking,) = page.findChildren(QFileDialog)
    assert asking.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    asking.fileSelected.emit(str(path))
    asking.close()


def listed(page: SupportPage) -> list[str]:
    return [row.accessibleName().partition(":")[0] for row in page.list.rows() if isinstance(row, PartRow)]


def test_the_menu_opens_it_and_it_shows_what_would_be_written(qtbot: QtBot) -> None:
    _, hands, page = opened(qtbot, FakeSupport())
    assert page.isVisible()
    assert listed(page) == ["contents.txt", *SIZES]
    assert page.note.text() == "Nothing is wrong with this installation."
    assert page.save_button.hasFocus()
    hands.press("Esc")
    assert not page.isVisible()


def test_a_window_without_support_has_no_such_entry(qtbot: QtBot) -> None:
    window = make_window(FakeTill(sample_views.offer()))
    qtbot.addWidget(window)
    window.ways.show_support()
    window.ways.show_menu()
    assert "SUPPORT" not in {entry.name for entry in window.drawers.menu.rows}


def test_what_is_listed_is_what_is_written(qtbot: QtBot, tmp_path: Path) -> None:
    _, hands, page = opened(qtbot, FakeSupport())
    hands.press("S")
    assert list(tmp_path.iterdir()) == []
    saved_by_dialog(page, tmp_path / "support.zip")
    with zipfile.ZipFile(tmp_path / "support.zip") as archive:
        assert archive.namelist() == listed(page)
    assert page.note.text() == "Saved as support.zip. It was sent nowhere."
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "support.zip").stat().st_mode) == 0o600


def test_a_name_the_dialog_did_not_ask_about_is_not_written_over(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "support.zip").write_text("mine")
    _, hands, page = opened(qtbot, FakeSupport())
    hands.press("Enter")
    saved_by_dialog(page, tmp_path / "support")
    assert (tmp_path / "support.zip").read_text() == "mine"
    assert page.note.text() == "This file is there already. It was left as it is."


def test_nothing_is_saved_before_it_was_looked_at(qtbot: QtBot) -> None:
    runner = SteppedRunner()
    _, hands, page = opened(qtbot, FakeSupport(), runner)
    assert page.note.text() == "The till is looked at. This takes some seconds."
    hands.press("S", "R")
    assert runner.waiting == 1
    assert page.findChildren(QFileDialog) == []
    runner.step()
    assert page.save_button.isEnabled()
    hands.press("R")
    assert runner.waiting == 1
    assert listed(page) == ["contents.txt", *SIZES], "what was found stays until then"


def test_what_is_wrong_stands_above(qtbot: QtBot) -> None:
    _, hands, page = opened(qtbot, FakeSupport(UNWELL))
    said = [row.accessibleName() for row in page.list.rows() if isinstance(row, FindingLineRow)]
    assert [one.partition(":")[0] for one in said] == ["Permissions", "Queue", "Updates", "Backend"]
    assert page.note.text() == "4 things to look at."
    bar = page._scroll.verticalScrollBar()
    hands.press("Down")
    assert bar.value() > 0
    hands.press("Up")
    assert bar.value() == 0


def test_trouble_is_one_sentence_and_looking_again_ends_it(qtbot: QtBot) -> None:
    support = FakeSupport()
    support.refusal = KnownError("The data folder cannot be written. Check its permissions.")
    _, hands, page = opened(qtbot, support)
    assert page.note.text() == "The data folder cannot be written. Check its permissions."
    assert not page.save_button.isEnabled()
    support.refusal = None
    hands.press("R")
    assert page.save_button.isEnabled()


def test_a_full_disk_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    support = FakeSupport()
    _, hands, page = opened(qtbot, support)
    support.refusal = KnownError("The disk is full: the file for support was not written. Free space first.")
    hands.press("S")
    saved_by_dialog(page, tmp_path / "support.zip")
    assert page.note.text().startswith("The disk is full")
    assert page.save_button.isEnabled(), "what was found is still there"


def test_the_fonts_are_told(qtbot: QtBot) -> None:
    support = FakeSupport()
    opened(qtbot, support)
    assert {"Devanagari", "Arabic", "Chinese"} <= set(support.scripts[0])


def test_it_is_read_out(qtbot: QtBot) -> None:
    _, _, page = opened(qtbot, FakeSupport(UNWELL))
    interface = QAccessible.queryAccessibleInterface(page.list)
    assert interface is not None
    assert interface.role() is QAccessible.Role.List
    assert all(row.accessibleName() for row in page.list.rows())


@pytest.mark.parametrize("name", support_states.STATES)
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_state_has_room(qtbot: QtBot, name: str, theme: object) -> None:
    for size in ((1024, 600), (1280, 800), (1920, 1080)):
        window = make_window(FakeTill(sample_views.offer()), size=size, theme=theme)  # type: ignore[arg-type]
        qtbot.addWidget(window)
        support_states.open_in(window, name)
        page = window.drawers.top()
        assert isinstance(page, SupportPage)
        for label in (page.promise, page.note):
            assert label.heightForWidth(label.width()) <= label.height() + 1, label.text()
        assert page.list.width() <= page._scroll.width()
        assert page.save_button.geometry().right() < page._panel.width()
        assert not page.note.geometry().intersects(page.again_button.geometry())


def test_a_real_till_is_looked_at_on_workers(qtbot: QtBot, tmp_path: Path) -> None:
    shop = DemoShop(tmp_path / "data")
    background = Background()
    try:
        till: Till = shop.till
        till.workshop()
        window = make_window(FakeTill(sample_views.offer()), runner=background)
        qtbot.addWidget(window)
        window.ways.support = TillSupport(till, None, DEMO_CONFIG)
        window.ways.show_support()
        page = window.drawers.support_page(window.ways.support)
        qtbot.waitUntil(page.save_button.isEnabled, timeout=20_000)
        found = page.found()
        assert found is not None
        by_name = {finding.name: finding for finding in found.findings}
        assert by_name["database"].fine, by_name["database"].words
        assert by_name["backend"].words == "not asked"
        assert found.bundle.training, "nothing of the demo shop is real"
        page.save()
        saved_by_dialog(page, tmp_path / "out.zip")
        qtbot.waitUntil(lambda: page.note.text().startswith("Saved"), timeout=5_000)
        assert zipfile.is_zipfile(tmp_path / "out.zip")
    finally:
        background.close()
        shop.till.close()
