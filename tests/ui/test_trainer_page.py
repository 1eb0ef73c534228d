"""The trainer's view: tables, one try step by step, a search, files, forgetting; by keys and fingers."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier_app.domain.points import PointName
from cashier_app.errors import KnownError
from cashier_app.services.training_results import Order
from cashier_app.trainer_opening import TrainerBooks
from cashier_app.wording import Hours, Wording
from tests.fakes.clock import FakeClock
from tests.fakes.runner import Immediate, SteppedRunner
from tests.fakes.training_runs import LONGEST, NOW, FakeLessonBook, few_runs, lessons, many_runs
from tests.ui import sample_views
from tests.ui.fake_till import FakeTill
from tests.ui.till_host import SIZES, Hands, make_window
from tests.ui.who_host import cut_off, outside, overlaps, too_small
from ui.key_words import Where
from ui.theme.motion import STILL
from ui.theme.tokens import DARK, LIGHT, Theme
from ui.training.trainer_contents import Shown
from ui.training.trainer_page import TrainerPage

WORDING = Wording.of("en_IN", ZoneInfo("Asia/Kolkata"), PointName("coin", "coins"), hours=Hours.TWENTY_FOUR)
ARABIC_VOICE = Wording.of("ar_KW", ZoneInfo("Asia/Kuwait"), PointName("coin", "coins"))


class Desk:
    """The page open over a till, and the book behind it."""

    def __init__(
        self,
        qtbot: QtBot,
        runs: tuple[object, ...] | None = None,
        *,
        size: tuple[int, int] = (1280, 800),
        theme: Theme = LIGHT,
        wording: Wording = WORDING,
        runner: Immediate | SteppedRunner | None = None,
    ) -> None:
        self.window = make_window(FakeTill(sample_views.idle()), size=size, theme=theme, training=True)
        qtbot.addWidget(self.window)
        self.book = FakeLessonBook(few_runs() if runs is None else runs)  # type: ignore[arg-type]
        books = TrainerBooks(self.book, lambda: lessons(17), "Practice shop", FakeClock(NOW))
        self.page = TrainerPage(
            books,
            lambda source: source,
            wording,
            lambda: NOW,
            runner=runner or Immediate(),
            motion=STILL,
            parent=self.window,
        )
        self.window.drawers.take_in(self.page)
        self.window.drawers.open(self.page)
        self.hands = Hands(self.window)

    def press(self, *names: str) -> None:
        """Press keys of the window."""
        self.hands.press(*names)

    def cell(self, row: int, column: int = 0) -> str:
        """Return what a cell of the table says."""
        model = self.page.table.model
        return str(model.data(model.index(row, column)))

    def column(self, column: int = 0) -> list[str]:
        """Return a whole column."""
        return [self.cell(row, column) for row in range(self.page.table.model.rowCount())]


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    made = Desk(qtbot)
    qtbot.waitUntil(made.window.isActiveWindow)
    return made


def test_the_latest_trainee_stands_first_and_enter_shows_their_tries(desk: Desk) -> None:
    assert desk.column() == ["Asha Rao", "Vikram Shah", "=HYPERLINK(1)"]
    assert desk.cell(0, 1) == "2 of 17 finished"
    assert desk.page.about.text() == "3 trainees, 5 tries, 1 not finished"
    desk.press("Down", "Enter")
    assert desk.page.shown is Shown.TRIES
    assert desk.column(1) == ["3. Bill and redemption", "1. First scan"]
    assert desk.page.bar.who.words() == "Vikram Shah"
    assert desk.page.about.text() == "1 trainee, 2 tries, 1 not finished"


def test_one_try_shows_each_step_and_esc_goes_back_page_by_page(desk: Desk) -> None:
    desk.press("Enter", "Down", "Enter")
    assert desk.page.shown is Shown.RUN
    assert desk.page.title.text() == "Asha Rao: 2. Phone number"
    spoken = [row.accessibleName() for row in desk.page.steps.rows]
    assert "2 times: That is somebody else. Press Esc and scan her code." in spoken[0]
    assert "Not reached" in spoken[-1]
    desk.press("Esc")
    assert desk.page.shown is Shown.TRIES
    desk.press("Esc")
    assert desk.page.shown is Shown.PEOPLE
    assert desk.page.trainee is None
    desk.press("Esc")
    assert desk.page.isHidden()


def test_tabs_and_orders_have_keys_and_heads_are_pressed(desk: Desk) -> None:
    desk.press("2")
    assert len(desk.column()) == 5
    desk.press("S")
    assert desk.column()[0] == "=HYPERLINK(1)"
    desk.press("1")
    desk.page.order_by(Order.MISTAKES)
    assert desk.column()[0] == "Asha Rao"
    desk.page.order_by(Order.MISTAKES)
    assert desk.column()[-1] == "Asha Rao"
    heads = desk.page.table.view.horizontalHeader()
    at = QPoint(heads.sectionViewportPosition(0) + 20, heads.height() // 2)
    QTest.mouseClick(heads.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert desk.page.table.rows().order is Order.TRAINEE


def test_a_trainee_or_a_lesson_is_found_by_typing(desk: Desk) -> None:
    desk.press("T")
    assert desk.page.place_of_keys() is Where.TRAINER_SEARCH
    assert desk.column()[0] == "Everybody"
    desk.press("s", "h", "a")
    assert desk.column() == ["Asha Rao", "Vikram Shah"]
    assert desk.page.title.text() == "Search: sha"
    desk.press("h", " ", "x")
    assert desk.column() == []
    assert desk.page.rows.texts() == ["Nobody has tried this yet."]
    for _ in range(3):
        desk.press("Backspace")
    desk.press("Down", "Enter")
    assert (desk.page.shown, desk.page.trainee) == (Shown.TRIES, "Vikram Shah")
    desk.press("L", "f", "i", "r", "s", "t", "Enter")
    assert desk.page.lesson_id == "lesson-1"
    assert desk.column(1) == ["1. First scan"]
    desk.press("L", "Enter")
    assert desk.page.lesson_id == ""
    desk.press("T", "Esc")
    assert desk.page.shown is Shown.TRIES


def test_a_finger_opens_a_row(desk: Desk) -> None:
    view = desk.page.table.view
    at = view.visualRect(desk.page.table.model.index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert desk.page.trainee == "Vikram Shah"


def test_pages_and_ends_go_through_many_rows(qtbot: QtBot) -> None:
    desk = Desk(qtbot, many_runs(60))
    desk.press("Down", "Down")
    assert desk.page.table.marked_row() == 2
    desk.press("PageDown")
    assert desk.page.table.marked_row() > 8
    desk.press("End")
    assert desk.page.table.marked_row() == 59
    desk.press("Home")
    assert desk.page.table.marked_row() == 0
    desk.press("PageUp")
    assert desk.page.table.marked_row() == 0


def test_forgetting_one_trainee_is_asked_counted_and_taken_back(desk: Desk) -> None:
    desk.press("Down", "Enter", "D")
    assert desk.page.title.text() == "Forget what Vikram Shah did?"
    assert desk.page.rows.texts()[0] == "Vikram Shah: 2 tries, 1 lesson finished"
    assert desk.page.close_button.hasFocus(), "Enter gives it up"
    desk.press("Y")
    assert {run.trainee for run in desk.book.kept} == {"Asha Rao", "=HYPERLINK(1)"}
    assert desk.column() == ["Asha Rao", "=HYPERLINK(1)"]
    assert desk.page.toast.words() == "Forgotten: 2 tries, 1 lesson finished"
    desk.press("U")
    assert len(desk.book.kept) == 5
    assert desk.column() == ["Asha Rao", "Vikram Shah", "=HYPERLINK(1)"]
    desk.press("U")
    assert len(desk.book.kept) == 5


def test_enter_and_esc_forget_nothing(desk: Desk) -> None:
    desk.press("D", "Enter")
    assert desk.page.shown is Shown.PEOPLE
    assert not desk.page.isHidden()
    desk.press("D", "Esc")
    assert len(desk.book.kept) == 5


def test_forgetting_everything_cannot_be_taken_back_for_ever(desk: Desk) -> None:
    desk.press("D", "Y")
    assert desk.book.kept == []
    assert desk.page.rows.texts()[0] == "Nobody has done a lesson yet."
    assert not desk.page.export.isEnabled()
    desk.page.toast.hide()
    desk.page.toast.expired.emit()
    desk.press("U")
    assert desk.book.kept == []


def test_what_cannot_be_read_is_said_in_a_sentence(qtbot: QtBot) -> None:
    desk = Desk(qtbot)
    desk.page.close_drawer()
    desk.book.trouble = KnownError("The book of lessons cannot be used.")
    desk.window.drawers.open(desk.page)
    assert "The book of lessons cannot be used." in desk.page.rows.texts()
    desk.book.trouble = None
    desk.page.close_drawer()
    desk.window.drawers.open(desk.page)
    assert desk.column()[0] == "Asha Rao"


def test_what_comes_after_closing_is_not_shown(qtbot: QtBot) -> None:
    runner = SteppedRunner()
    desk = Desk(qtbot, runner=runner)
    assert desk.page.table.isHidden()
    desk.page.close_drawer()
    while runner.waiting:
        runner.step()
    assert desk.page.table.model.rowCount() == 0


@pytest.mark.parametrize("name", ["results.csv", "results.json", "results.pdf"])
def test_what_is_on_show_is_saved_and_says_training(desk: Desk, tmp_path: Path, name: str) -> None:
    desk.press("Down", "Enter")
    desk.page.save(tmp_path / name)
    assert desk.page.toast.words() == f"Saved as {name}"
    content = (tmp_path / name).read_bytes()
    if name.endswith(".pdf"):
        assert content.startswith(b"%PDF")
    else:
        assert b"TRAINING" in content
        assert b"Vikram Shah" in content
        assert b"Asha Rao" not in content


def test_nothing_is_saved_where_real_sales_are(desk: Desk, tmp_path: Path) -> None:
    work = tmp_path / "work" / "deeper"
    work.mkdir(parents=True)
    (tmp_path / "work" / "till.sqlite").write_bytes(b"")
    desk.page.save(work / "results.csv")
    assert list(work.iterdir()) == []
    assert "real sales" in desk.page.rows.texts()[0]


@pytest.mark.parametrize(("size", "theme"), [*((size, LIGHT) for size in SIZES), ((1280, 800), DARK)])
@pytest.mark.parametrize("shown", Shown)
def test_nothing_overlaps_is_cut_off_or_too_small(
    qtbot: QtBot, shown: Shown, size: tuple[int, int], theme: Theme
) -> None:
    desk = Desk(qtbot, (*few_runs(), *many_runs(20)), size=size, theme=theme)
    page = desk.page
    keys = {
        Shown.TRIES: ("2",),
        Shown.RUN: ("2", "Enter"),
        Shown.FIND_TRAINEE: ("T",),
        Shown.FIND_LESSON: ("L",),
        Shown.FORGET: ("D",),
    }
    desk.press(*keys.get(shown, ()))
    assert page.shown is shown
    assert overlaps(page) == []
    assert outside(page) == []
    assert too_small(page) == []
    assert cut_off(page, {page.title, page.about}) == []
    assert page.table.cut_off() == []
    if shown is not Shown.RUN:
        return
    for row in page.steps.rows:
        assert row.height() == row.height_for(row.width())


def test_the_longest_name_and_the_longest_words_have_room(qtbot: QtBot) -> None:
    for size in ((1024, 600), (1280, 800)):
        desk = Desk(qtbot, many_runs(20), size=size, wording=ARABIC_VOICE)
        assert desk.page.table.cut_off() == []
        desk.page.trainee = LONGEST
        desk.press("2")
        assert desk.page.table.cut_off() == []
        assert overlaps(desk.page) == []


def test_screen_readers_hear_rows_marks_and_orders(desk: Desk) -> None:
    table = desk.page.table
    assert table.view.accessibleName() == "Trainees"
    model = table.model
    spoken = model.data(model.index(0, 1), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Lessons: 2 of 17 finished"
    assert QAccessible.queryAccessibleInterface(table.view).role() is QAccessible.Role.Table
    desk.press("Enter", "Enter")
    row = QAccessible.queryAccessibleInterface(desk.page.steps.rows[0])
    assert row.role() is QAccessible.Role.ListItem


def test_a_whole_years_book_opens_and_turns_at_once(qtbot: QtBot) -> None:
    """Rows are put into words as they are seen; all of 3,400 at once would take a second."""
    worded: set[int] = set()
    desk = Desk(qtbot, many_runs(200))
    assert desk.page.table.rows().count == 200
    desk.press("2")
    rows = desk.page.table.rows()
    assert rows.count == 3400

    def counted(row: int) -> tuple[str, ...]:
        worded.add(row)
        return rows.cells(row)

    desk.page.table.show_rows(replace(rows, cells=counted))
    desk.window.grab()
    assert 5 < len(worded) < 60
