"""The close of the day in the window: few keys, no accident, marked copies, every size, nothing cut off."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMarginsF, QSizeF, Qt
from PySide6.QtGui import QPageSize, QPdfWriter
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from cashier_app.errors import KnownError
from cashier_app.services.approval import Approval, ApprovalAsked, Matter
from cashier_app.wording.close_sheet import CloseSheet
from cashier_app.wording.day_close import closed_sheet
from tests.fakes.day_closes import busy_report, closed, empty_report, many_waiting
from tests.ui import sample_payments, sample_views
from tests.ui.fake_closing import FakeClosing
from tests.ui.fake_till import FakeTill, StoppedClock
from tests.ui.till_host import SIZES, Hands, focus, make_window
from tests.ui.who_host import cut_off, outside, overlaps, too_small
from tests.unit.wording_shown import WORDING
from ui.main_window import MainWindow
from ui.printing import print_sheet
from ui.screens.close_buttons import Stage
from ui.screens.close_day_page import DEAD_SECONDS, CloseDayPage
from ui.screens.close_files import EXPORT_ENDINGS, PDF_ENDINGS, with_ending
from ui.theme.tokens import DARK, LIGHT
from ui.widgets.button import ActionButton


class Manager:
    """A manager at the page; time passes between the keys, as it does."""

    def __init__(self, qtbot: QtBot, closing: FakeClosing | None = None, **how: object) -> None:
        self.clock = StoppedClock()
        self.till = FakeTill(sample_views.idle())
        self.closing = closing or FakeClosing()
        self.window: MainWindow = make_window(self.till, clock=self.clock, **how)  # type: ignore[arg-type]
        self.window.ways.closed_days = self.closing
        qtbot.addWidget(self.window)
        qtbot.waitUntil(self.window.isActiveWindow)
        self.hands = Hands(self.window)
        self.printed: list[CloseSheet] = []
        self.window.ways.show_close_day()
        self.page._print = lambda _parent, _title, chosen: chosen(self.prints)

    @property
    def page(self) -> CloseDayPage:
        return self.window.drawers.close_day_page(self.closing)

    def prints(self, sheet: CloseSheet) -> bool:
        self.printed.append(sheet)
        return True

    def press(self, *names: str) -> None:
        for name in names:
            self.clock.seconds += 1
            self.hands.press(name)

    def closes(self) -> list[tuple[object, ...]]:
        return [asked for asked in self.closing.asked if asked[0] == "close"]


def test_enter_a_name_and_enter_close_the_day(qtbot: QtBot) -> None:
    manager = Manager(qtbot)
    manager.press("Enter")
    assert manager.page.note.words() == "Type the name of who closes the day"
    manager.press(*"meera", "Enter")
    assert manager.closes() == [("close", 4, "meera")]
    assert manager.page.note.words().startswith("Day close 4 is made. Its short form is ")
    assert manager.page.title.text() == "Day close 4"
    manager.hands.press("Enter")
    assert not manager.page.isHidden(), "pressed twice it does not go away"
    manager.press("Enter")
    assert manager.page.isHidden()


def test_enter_is_dead_for_a_moment(qtbot: QtBot) -> None:
    manager = Manager(qtbot)
    manager.page.name.setText("Meera")
    manager.clock.seconds += DEAD_SECONDS / 2
    manager.hands.press("Enter")
    assert manager.closes() == []
    manager.clock.seconds += DEAD_SECONDS
    manager.hands.press("Enter")
    assert len(manager.closes()) == 1


def test_enter_held_down_closes_one_day(qtbot: QtBot) -> None:
    manager = Manager(qtbot)
    manager.page.name.setText("Meera")
    manager.clock.seconds += 1
    manager.press("Enter")
    manager.hands.hold("Enter", 40)
    assert len(manager.closes()) == 1
    assert not manager.page.isHidden(), "and does not leave the page either"


def test_what_waits_is_said_before(qtbot: QtBot) -> None:
    manager = Manager(qtbot)
    assert manager.page.note.words() == (
        "1 sale needs attention. 2 sales wait to be posted. "
        "You can close: they are named here, and come into the report of the day they post."
    )
    calm = Manager(qtbot, FakeClosing(empty_report(0), days=0))
    assert calm.page.note.words() == "All sales are posted. This will be day close 1."


def test_no_day_is_closed_while_a_customer_pays(qtbot: QtBot) -> None:
    manager = Manager(qtbot)
    manager.page.name.setText("Meera")
    manager.till.show(sample_payments.pay())
    manager.press("Enter")
    assert manager.closes() == []
    assert manager.page.note.words() == "A sale is being paid. Finish it or cancel it, then close the day."


def test_what_goes_wrong_is_said_and_can_be_tried_again(qtbot: QtBot) -> None:
    manager = Manager(qtbot)
    manager.page.name.setText("Meera")
    manager.closing.refusal = KnownError("The disk is full. Free space, then try again.")
    manager.press("Enter")
    assert manager.page.note.words() == "The disk is full. Free space, then try again."
    manager.press("Enter")
    assert manager.page.title.text() == "Day close 4"


class PinApprovals:
    """Asks for a PIN; `answer` is what comes of it."""

    asks_pin = True

    def __init__(self, answer: Approval | None) -> None:
        self.answer = answer
        self.asked: list[ApprovalAsked] = []

    def ask(self, asked: ApprovalAsked, answered: object) -> None:
        self.asked.append(asked)
        assert callable(answered)
        answered(self.answer)


@pytest.mark.parametrize("answer", [None, Approval("Meera (meera)", "meera")])
def test_where_people_sign_in_a_pin_is_asked_for(qtbot: QtBot, answer: Approval | None) -> None:
    manager = Manager(qtbot)
    approvals = PinApprovals(answer)
    manager.page._approvals = approvals
    manager.page.show_report()
    assert manager.page.name.isHidden()
    manager.press("Enter")
    assert [asked.matter for asked in approvals.asked] == [Matter.DAY_CLOSE]
    assert manager.closes() == ([] if answer is None else [("close", 4, "Meera (meera)")])


def test_printing_saving_and_exporting_say_which_copy_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    manager = Manager(qtbot)
    manager.page.name.setText("Meera")
    manager.press("Enter", "P")
    assert [sheet.marks for sheet in manager.printed] == [()]
    assert manager.page.note.words() == "Sent to the printer."
    manager.page.save_to(tmp_path / "a.pdf", roll=True)
    assert manager.page.note.words() == "Saved as a.pdf. It is marked as copy 1."
    manager.press("P")
    assert manager.printed[1].marks[0].startswith("COPY 2, ")
    assert [asked[2] for asked in manager.closing.asked if asked[0] == "out"] == [
        "printed",
        "a.pdf roll",
        "printed",
    ]


def test_a_printer_that_refuses_is_said(qtbot: QtBot) -> None:
    manager = Manager(qtbot)
    manager.page.name.setText("Meera")
    manager.page._print = lambda _parent, _title, chosen: chosen(lambda _: False)
    manager.press("Enter", "P")
    assert manager.page.note.words() == "The printer did not take it. Try again."


def test_earlier_closes_are_listed_and_printed_again(qtbot: QtBot) -> None:
    manager = Manager(qtbot)
    manager.press("L")
    page = manager.page
    assert [row.words() for row in page.list.rows] == [
        f"Day close {number}, Sat 21 Nov 2026 21:01, Meera Iyer (meera)" for number in (3, 2, 1)
    ]
    assert focus() is page.list.rows[0]
    manager.press("Down", "Enter")
    assert page.title.text() == "Day close 2"
    manager.press("P")
    assert manager.printed[0].title == "Day close 2"
    manager.press("Esc")
    assert page.list.isVisible()
    manager.press("Esc", "Esc")
    assert page.isHidden()
    assert manager.closes() == []


def test_a_long_list_comes_a_page_at_a_time(qtbot: QtBot) -> None:
    manager = Manager(qtbot, FakeClosing(days=120))
    manager.press("L")
    assert len(manager.page.list.rows) == 50
    manager.press("O")
    assert len(manager.page.list.rows) == 100
    assert focus() is manager.page.list.rows[50]
    manager.press("O")
    assert len(manager.page.list.rows) == 120
    assert not manager.page.buttons.older.isEnabled()


def test_no_close_yet_is_said(qtbot: QtBot) -> None:
    manager = Manager(qtbot, FakeClosing(days=0))
    manager.press("L")
    assert manager.page.note.words() == "No day was closed at this till yet."
    manager.press("Enter", "Down")
    assert manager.page._stage is Stage.LIST


def test_a_scan_is_not_used_and_closes_nothing(qtbot: QtBot) -> None:
    manager = Manager(qtbot)
    manager.page.name.setText("Meera")
    manager.clock.seconds += 5
    manager.hands.scan("LC1:priya0001")
    assert manager.page.note.words() == "Scan not used: finish this first"
    assert (manager.closes(), manager.till.asked) == ([], [])
    assert not manager.window.takes_scans()


def test_letters_belong_to_the_name_while_it_is_typed(qtbot: QtBot) -> None:
    manager = Manager(qtbot)
    manager.page.name.setFocus()
    manager.press(*"Lena", "Space", "P")
    assert manager.page.name.text().lower() == "lena p"
    assert manager.page._stage is Stage.BEFORE


def test_the_menu_opens_it(qtbot: QtBot) -> None:
    manager = Manager(qtbot)
    manager.press("Esc", "F10")
    menu = manager.window.drawers.menu
    row = next(row for row in menu.rows.values() if row.words() == "Close the day")
    manager.press(row.key())
    assert not manager.page.isHidden()


def test_the_report_is_read_out_line_by_line(qtbot: QtBot) -> None:
    paper = Manager(qtbot).page.sheet.paper
    assert paper.accessibleName() == "Loyalty since the last close"
    lines = [" ".join(line.split()) for line in paper.accessibleDescription().splitlines()]
    assert "Coins earned 1,284 15,408" in lines


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_nothing_is_cut_off(qtbot: QtBot, size: tuple[int, int], theme: object) -> None:
    report = many_waiting(busy_report(0), 400)
    manager = Manager(qtbot, FakeClosing(report), size=size, theme=theme)
    page = manager.page
    for step in ("", "close", "list", "earlier"):
        if step == "close":
            page.name.setText("Meera Iyer-Krishnamurthy")
            manager.press("Enter")
        elif step == "list":
            manager.press("L")
        elif step == "earlier":
            manager.press("Enter")
        qtbot.wait(0)
        panel = page._panel
        assert cut_off(panel, set()) == [], step
        assert (overlaps(panel), too_small(panel)) == ([], []), step
        assert [one for one in outside(panel) if not one.startswith(("_Paper", "QWidget"))] == [], step
        for button in panel.findChildren(ActionButton):
            assert not button.isVisible() or button.shown_words() in {button.words(), button._short}


def test_arrows_scroll_the_report(qtbot: QtBot) -> None:
    manager = Manager(qtbot)
    bar = manager.page.sheet.verticalScrollBar()
    manager.press("Down", "Down")
    down = bar.value()
    manager.press("Up")
    assert 0 < bar.value() < down


@pytest.mark.parametrize(("millimetres", "dots", "pages"), [((210, 297), 300, 2), ((80, 1200), 203, 1)])
def test_the_same_rows_go_on_paper(
    qtbot: QtBot, tmp_path: Path, millimetres: tuple[int, int], dots: int, pages: int
) -> None:
    assert qtbot
    file = tmp_path / "paper.pdf"
    writer = QPdfWriter(str(file))
    writer.setResolution(dots)
    writer.setPageSize(QPageSize(QSizeF(*millimetres), QPageSize.Unit.Millimeter))
    writer.setPageMargins(QMarginsF(4, 4, 4, 4))
    assert print_sheet(closed_sheet(closed(), WORDING), writer, dots) == pages
    del writer
    assert file.read_bytes().startswith(b"%PDF")


def test_a_file_gets_the_ending_of_its_kind() -> None:
    assert with_ending(Path("a"), PDF_ENDINGS, 1) == Path("a.pdf")
    assert with_ending(Path("a.b"), EXPORT_ENDINGS, 1) == Path("a.b.json")
    assert with_ending(Path("a.CSV"), EXPORT_ENDINGS, 1) == Path("a.CSV")


@pytest.mark.parametrize(("key", "kinds"), [("S", 2), ("E", 2)])
def test_the_systems_dialog_asks_where_to(qtbot: QtBot, key: str, kinds: int) -> None:
    manager = Manager(qtbot)
    manager.page.name.setText("Meera")
    manager.press("Enter", key)
    asking = manager.page.findChild(QFileDialog)
    assert asking is not None
    assert len(asking.nameFilters()) == kinds
    assert asking.testAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    asking.close()
