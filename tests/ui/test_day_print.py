"""The day on paper: every figure of the page, on A4, in black and green on white."""

from __future__ import annotations

from threading import Thread

import pytest
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from cashier_app.domain.period import PeriodKind, period_of
from cashier_app.wording import Hours, Wording
from cashier_app.wording.day_page import DayWords, day_words
from cashier_app.wording.day_print import PrintWords, print_words
from cashier_app.wording.day_tables import By
from tests.fakes.made_days import STATES, TODAY, ZONE, FakeBooks
from tests.ui import sample_views
from ui.day_print import DayPrint, a4_room, pdf_of

WIDTH, HIGH = 687, 1016  # px of A4 within its margins
ROOM = QSizeF(WIDTH, HIGH)
WORDING = Wording.of("en_IN", ZONE, sample_views.PROGRAM.point_name, hours=Hours.TWENTY_FOUR)


def printed(name: str, kind: PeriodKind, *, training: bool = False) -> tuple[DayWords, PrintWords]:
    report = FakeBooks(STATES[name]).report(period_of(kind, TODAY))
    words = day_words(report, By.NOTHING, WORDING)
    return words, print_words(report, "Marigold Stores", "2", WORDING, training=training)


@pytest.mark.parametrize(("name", "kind"), [("day", PeriodKind.DAY), ("day-month", PeriodKind.MONTH)])
def test_every_row_of_every_table_is_on_a_page(qtbot: QtBot, name: str, kind: PeriodKind) -> None:
    words, told = printed(name, kind)
    pages = DayPrint(words, told, WORDING, ROOM).pages()
    assert all(sum(block.high for block in page) <= HIGH - 76 - 28 for page in pages)
    rows = [(block.table, block.row) for page in pages for block in page if block.table and block.row >= 0]
    tables = [*words.parts.values(), words.figures.table, *(chart.table for chart in words.charts)]
    for table in tables:
        found = [row for other, row in rows if other is table]
        assert found == list(range(len(table.names) + bool(table.total)))
    assert [block.chart for page in pages for block in page if block.chart] == list(words.charts)
    assert [tile for page in pages for block in page for tile in block.tiles] == list(words.tiles)


def test_a_torn_table_says_its_heads_again(qtbot: QtBot) -> None:
    words, told = printed("day", PeriodKind.DAY)
    for page in DayPrint(words, told, WORDING, ROOM).pages()[1:]:
        first = page[0]
        assert first.title or first.chart or (first.table and first.row < 0), first


def test_a_title_never_stands_alone_at_the_foot(qtbot: QtBot) -> None:
    words, told = printed("day-month", PeriodKind.MONTH)
    for page in DayPrint(words, told, WORDING, ROOM).pages():
        assert not page[-1].title
        assert page[-1].table is None or page[-1].row >= 0


def painted(name: str, *, training: bool = False) -> QImage:
    words, told = printed(name, PeriodKind.DAY, training=training)
    made = DayPrint(words, told, WORDING, ROOM)
    image = QImage(WIDTH, HIGH, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    pages = made.pages()
    made.paint(painter, pages[0], 1, len(pages))
    painter.end()
    return image


def inked(image: QImage, box: QRectF) -> int:
    return sum(
        image.pixelColor(x, y).lightness() < 128
        for x in range(int(box.left()), int(box.right()))
        for y in range(int(box.top()), int(box.bottom()))
    )


def test_a_page_is_white_with_dark_ink_and_the_accent_in_its_bars(qtbot: QtBot) -> None:
    image = painted("day")
    assert image.pixelColor(2, HIGH // 2).name() == "#ffffff"
    colours = {image.pixelColor(x, y).name() for x in range(0, WIDTH, 3) for y in range(280, 520, 3)}
    assert "#0b6a4c" in colours


def test_training_is_marked_on_the_page(qtbot: QtBot) -> None:
    corner = QRectF(WIDTH - 140, 18, 140, 30)
    assert inked(painted("day"), corner) == 0
    assert inked(painted("day", training=True), corner) > 100


def test_a_report_is_made_a_pdf_also_on_a_worker(qtbot: QtBot) -> None:
    words, told = printed("day-dinar", PeriodKind.DAY)
    made = DayPrint(words, told, WORDING, a4_room())
    contents: list[bytes] = []
    worker = Thread(target=lambda: contents.append(pdf_of(made, "Day")))
    worker.start()
    worker.join()
    (content,) = contents
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") == len(made.pages()) >= 3


def test_the_room_on_a4_is_within_its_margins(qtbot: QtBot) -> None:
    room = a4_room()
    assert (round(room.width()), round(room.height())) == (WIDTH, HIGH + 1)
