"""What is new is told once after an update, never over a sale, and can be read again from the menu."""

from __future__ import annotations

from pathlib import Path

import pytest

from cashier_app import __version__
from cashier_app.news_opening import News
from cashier_app.preferences import PreferencesFile
from cashier_app.services.release_notes import ReleaseNotes, read_notes
from cashier_app.wording.menu import Entry
from tests.fakes.runner import Immediate
from tests.ui import sample_views
from tests.ui.fake_till import FakeTill
from tests.ui.till_host import SIZES, Hands, make_window
from ui.main_window import MainWindow
from ui.menu import menu_entries
from ui.news import NewsEntry

pytestmark = pytest.mark.usefixtures("qapp")

LINES = "\n".join(
    f"- Line {number} of what is new, long enough to be broken. " + "word " * 20 for number in range(60)
)
NOTES = read_notes(f"## [{__version__}] - 2027-01-01\n### Added\n\n**Window**\n\n{LINES}\n")[0]


class Shop:
    def __init__(self, folder: Path, state: str = "idle", seen: str = "0.0.1") -> None:
        self.till = FakeTill(sample_views.STATES[state]())
        self.window: MainWindow = make_window(self.till)
        self.preferences = PreferencesFile(folder)
        self.preferences.change(version_seen=seen)
        self.news = News(self.preferences, self.read)
        self.window.news = NewsEntry(self.window, self.news, Immediate())
        self.hands = Hands(self.window)
        self.read_count = 0
        self.notes: tuple[ReleaseNotes, ...] = (NOTES,)

    def read(self) -> tuple[ReleaseNotes, ...]:
        self.read_count += 1
        return self.notes

    def is_open(self) -> bool:
        assert self.window.news is not None
        return self.window.drawers.top() is not None and self.window.drawers.top() is self.window.news.page


def test_it_is_told_once_and_enter_goes_on(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.window.news.begin()
    assert shop.is_open()
    assert "Line 59 of what is new" in shop.window.news.page.list.text()
    assert shop.preferences.read().version_seen == "0.0.1", "nobody has gone on yet"
    shop.hands.press("Enter")
    assert not shop.is_open()
    assert shop.preferences.read().version_seen == shop.news.version
    again = Shop(tmp_path, seen=shop.news.version)
    again.window.news.begin()
    assert not again.is_open()
    assert again.read_count == 0


def test_versions_that_were_skipped_are_told_with_it(tmp_path: Path) -> None:
    shop = Shop(tmp_path, seen="0.0.1")
    between = read_notes(
        "## [0.0.3]\n### Fixed\n- Third.\n## [0.0.2]\n### Added\n- Second.\n## [0.0.1]\n### Added\n- First.\n"
    )
    shop.notes = (*between, NOTES)
    shop.window.news.begin()
    text = shop.window.news.page.list.text()
    assert text.index("Line 59") < text.index("0.0.3: Fixed") < text.index("0.0.2: Added")
    assert "First." not in text, "that was told before"


def test_without_notes_no_page_opens_and_it_is_not_looked_for_again(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.notes = ()
    shop.window.news.begin()
    assert not shop.is_open()
    assert shop.preferences.read().version_seen == shop.news.version
    menu_entries(shop.window)[Entry.NEWS]()
    assert "There are no notes on this version here." in shop.window.news.page.list.text()


def test_a_till_that_dies_over_the_page_shows_it_again(tmp_path: Path) -> None:
    first = Shop(tmp_path)
    first.window.news.begin()
    assert first.is_open()
    again = Shop(tmp_path, seen=PreferencesFile(tmp_path).read().version_seen)
    again.window.news.begin()
    assert again.is_open(), "nobody had gone on"


@pytest.mark.parametrize("key", ["Esc", "Enter"])
def test_both_keys_go_on(tmp_path: Path, key: str) -> None:
    shop = Shop(tmp_path)
    shop.window.news.begin()
    shop.hands.press(key)
    assert not shop.is_open()
    assert shop.preferences.read().version_seen == shop.news.version


def test_it_never_comes_over_a_sale(tmp_path: Path) -> None:
    shop = Shop(tmp_path, "offer")
    shop.window.news.begin()
    assert not shop.is_open()
    shop.till.show(sample_views.STATES["idle"]())
    assert shop.is_open()


def test_it_never_comes_over_a_number_being_typed(tmp_path: Path) -> None:
    shop = Shop(tmp_path, "typing")
    assert shop.window.view.entry
    assert shop.window.news is not None
    shop.window.news.begin()
    assert not shop.is_open()
    shop.till.show(sample_views.STATES["idle"]())
    assert shop.is_open()


def test_it_waits_until_another_page_is_closed(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.window.ways.show_help()
    shop.window.news.begin()
    assert not shop.is_open()
    shop.hands.press("Esc")
    assert shop.is_open()


def test_the_menu_shows_it_again_and_tells_nothing(tmp_path: Path) -> None:
    shop = Shop(tmp_path, seen="")
    shop.window.news.begin()
    assert not shop.is_open()
    assert shop.preferences.read().version_seen == shop.news.version
    menu_entries(shop.window)[Entry.NEWS]()
    assert shop.is_open()
    page = shop.window.news.page
    bar = page._area.verticalScrollBar()
    for key in ("PageDown", "Down", "Down"):
        before = bar.value()
        shop.hands.press(key)
        assert bar.value() > before
    shop.hands.press("PageUp")
    shop.hands.press("Up")
    assert bar.value() < bar.maximum()


@pytest.mark.parametrize("size", SIZES)
def test_every_line_fits_the_page(tmp_path: Path, size: tuple[int, int]) -> None:
    shop = Shop(tmp_path)
    shop.window.resize(*size)
    shop.window.news.begin()
    page = shop.window.news.page
    assert page._area.width() >= page.list.width()
    last = page.list._labels[-1][0]
    assert last.geometry().bottom() <= page.list.height()
    assert last.heightForWidth(page.list.width()) == last.height()
