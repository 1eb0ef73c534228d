"""The queue's drawer: a thousand rows as light as ten, marks that stay with their sale, words and ages."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from cashier_app.errors import KnownError
from tests.ui import drawer_states, sample_queue, sample_views
from tests.ui.fake_till import FakeQueue, FakeTill
from tests.ui.sample_shop import NOW
from tests.ui.till_host import Hands, focus, make_window
from tests.ui.who_host import cut_off, outside, overlaps, too_small
from ui.main_window import MainWindow
from ui.screens.export_dialog import with_ending
from ui.widgets.queue_rows import QueueRow

FRAME_SECONDS = 0.1


def opened(qtbot: QtBot, queue: FakeQueue, **how: object) -> tuple[MainWindow, Hands]:
    window = make_window(FakeTill(sample_views.offer()), queue, **how)  # type: ignore[arg-type]
    qtbot.addWidget(window)
    qtbot.waitUntil(window.isActiveWindow)
    hands = Hands(window)
    hands.press("F7")
    return window, hands


def number_of(window: MainWindow) -> str:
    row = focus()
    assert isinstance(row, QueueRow)
    words = row.words()
    assert words is not None
    return words.number


def test_a_thousand_sales_are_a_handful_of_widgets(qtbot: QtBot) -> None:
    window, _ = opened(qtbot, FakeQueue(sample_queue.many()))
    drawer = window.queue
    assert drawer.list.count() == 1000
    bar = drawer._scroll.verticalScrollBar()
    worst = 0.0
    for step in range(101):
        started = time.perf_counter()
        bar.setValue(bar.maximum() * step // 100)
        QApplication.processEvents()
        worst = max(worst, time.perf_counter() - started)
    assert len(drawer.list.findChildren(QueueRow)) < 25
    shown = [row.words() for row in drawer.list.rows() if not row.visibleRegion().isEmpty()]
    assert shown[-1] is not None
    assert shown[-1].number == "2-1000"
    started = time.perf_counter()
    drawer._tick()
    QApplication.processEvents()
    worst = max(worst, time.perf_counter() - started)
    print(f"longest of 101 steps through 1,000 rows, and of one refresh: {worst * 1000:.1f} ms")
    assert worst < FRAME_SECONDS


def test_keys_go_through_a_thousand_rows(qtbot: QtBot) -> None:
    window, hands = opened(qtbot, FakeQueue(sample_queue.many()))
    assert number_of(window) == "2-0001"
    for expected in range(2, 40):
        hands.press("Down")
        assert number_of(window) == f"2-{expected:04d}"
    row = focus()
    assert row is not None
    assert not row.visibleRegion().isEmpty()
    hands.press("Enter")
    assert window.queue.list.open_row() is not None
    assert window.queue.list.detail.isVisible()
    hands.press("Up")
    assert number_of(window) == "2-0038"


def test_the_mark_stays_with_its_sale(qtbot: QtBot) -> None:
    queue = FakeQueue(sample_queue.many(30))
    window, hands = opened(qtbot, queue)
    hands.press("Down", "Down", "Down")
    assert number_of(window) == "2-0004"
    del queue.sales[:2]
    window.queue.read()
    assert number_of(window) == "2-0004"
    del queue.sales[1]
    window.queue.read()
    assert number_of(window) == "2-0003", "its sale was posted: the first row"
    queue.sales.clear()
    window.queue.read()
    assert focus() is window.queue.close_button


def test_a_refresh_paints_nothing_that_stayed(qtbot: QtBot) -> None:
    window, _ = opened(qtbot, FakeQueue(sample_queue.many(30)))
    QApplication.processEvents()
    painted: list[str] = []
    rows = window.queue.list.rows()
    for row in rows:
        words = row.words()
        assert words is not None
        row.update = lambda number=words.number: painted.append(number)  # type: ignore[assignment, method-assign]
    window.queue._tick()
    assert painted == []


def test_ages_turn_with_the_clock(qtbot: QtBot) -> None:
    window, _ = opened(qtbot, FakeQueue(sample_queue.late()))
    ages = [row.words().age.value for row in window.queue.list.rows()]  # type: ignore[union-attr]
    assert ages == ["stop", "wait", "muted"]
    when = [row.words().when for row in window.queue.list.rows()]  # type: ignore[union-attr]
    assert [words.short for words in when] == ["1 day old", "3 h old", "2 min old"]


def test_every_effect_has_its_line(qtbot: QtBot) -> None:
    window, _ = opened(qtbot, FakeQueue(sample_queue.late()))
    said = window.queue.list.detail.effects.accessibleName()
    assert "Hold 1,184 coins, Posted" in said
    assert "Use 12,400 coins, Needs attention, 12 tries, The hold had ended before, 14:18:41" in said
    assert "Earn 1,184 coins, Waiting, 0 tries, Not sent yet, Sent next" in said


def test_settled_by_hand_stays_visible(qtbot: QtBot) -> None:
    window, hands = opened(qtbot, FakeQueue(sample_queue.queue(), sample_queue.settled()))
    hands.press("Left", "Up", "Enter")
    row = window.queue.list.open_row()
    assert row is not None
    assert str(row.happened) == "Asha, 12:32: Customer got the discount back in cash"
    assert (str(row.answer), row.needs_person) == ("Not booked there, never sent", False)
    hands.press("L", "R", "H")
    assert window.queue._queue.asked == []  # type: ignore[attr-defined]


def test_what_needs_a_person_is_open_whenever_the_drawer_comes(qtbot: QtBot) -> None:
    queue = FakeQueue([sample_queue.stuck()])
    window, hands = opened(qtbot, queue)
    first = window.queue.list.open_row()
    assert first is not None
    hands.press("Esc")
    queue.sales = sample_queue.late()
    hands.press("F7")
    second = window.queue.list.open_row()
    assert second is not None
    assert second.number != first.number


def test_what_was_asked_is_said(qtbot: QtBot) -> None:
    window, hands = opened(qtbot, FakeQueue(sample_queue.queue()))
    hands.press("L")
    assert window.queue._note.text() == "Asked at 14:32:41. The answer comes into the row."


def test_more_sales_than_a_list_holds_are_counted_all(qtbot: QtBot) -> None:
    till = FakeTill(drawer_states.view_of("queue-many", sample_views.offer()))
    window = make_window(till, FakeQueue(sample_queue.many()))
    qtbot.addWidget(window)
    window.ways.show_queue()
    assert next(iter(window.queue.tabs.buttons.values())).words() == "All 10,000"
    assert window.queue._note.text() == "The 1,000 oldest of 10,000 are listed. They post by themselves."


def test_export_asks_for_a_file_and_says_where(qtbot: QtBot, tmp_path: Path) -> None:
    queue = FakeQueue(sample_queue.queue())
    window, hands = opened(qtbot, queue)
    hands.press("E")
    (asking,) = window.queue.findChildren(QFileDialog)
    assert asking.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    asking.fileSelected.emit(str(tmp_path / "queue"))
    asking.close()
    assert queue.asked == [("export", tmp_path / "queue.csv")]
    assert window.queue._note.text() == "Exported to queue.csv"
    queue.refusal = KnownError("The file could not be written. Choose another place.")
    window.queue.export_to(tmp_path / "x.csv")
    assert window.queue._note.text() == "The file could not be written. Choose another place."


@pytest.mark.parametrize(
    ("name", "chosen", "made"),
    [
        ("queue", "Table (*.csv)", "queue.csv"),
        ("queue", "JSON document (*.json)", "queue.json"),
        ("queue.JSON", "Table (*.csv)", "queue.JSON"),
        ("queue.2026", "Table (*.csv)", "queue.2026.csv"),
    ],
)
def test_files_get_their_ending(name: str, chosen: str, made: str) -> None:
    assert with_ending(Path("/somewhere") / name, chosen) == Path("/somewhere") / made


@pytest.mark.parametrize("size", [(1024, 600), (1280, 800), (1920, 1080)])
@pytest.mark.parametrize("name", drawer_states.STATES)
def test_every_state_fits_at_every_size(qtbot: QtBot, size: tuple[int, int], name: str) -> None:
    till = FakeTill(drawer_states.view_of(name, sample_views.idle()))
    window = make_window(till, drawer_states.queue_of(name), size=size)
    qtbot.addWidget(window)
    drawer_states.open_in(window, name)
    QApplication.processEvents()
    top = window.queue.on_top
    shown = top.dialog if top.settles() else top.compare if top.compares() else window.queue
    assert cut_off(shown, set()) == []
    assert too_small(shown) == []
    root = shown if top.settles() else shown._panel  # type: ignore[union-attr]
    assert overlaps(root) == []
    if top.settles():
        assert outside(shown) == []
        parts = top.dialog.parts
        assert all(parts.card().contains(part.geometry()) for part in parts.all_parts() if part.isVisible())


@pytest.mark.parametrize(
    ("minutes", "words"), [(59, "2 waiting"), (61, "2 waiting, oldest 1 h"), (721, "2 waiting, oldest 12 h")]
)
def test_the_header_says_how_old_the_oldest_is(qtbot: QtBot, minutes: int, words: str) -> None:
    view = sample_views.offer()
    counts = replace(view.connection.counts, waiting=2, needs_attention=0)
    connection = replace(view.connection, counts=counts, oldest_unsent=NOW - timedelta(minutes=minutes))
    window = make_window(FakeTill(replace(view, connection=connection)))
    qtbot.addWidget(window)
    badge = window.screen_of_till.header.queue
    assert badge.words() == words
    assert badge.kind().name == {"2 waiting": "QUIET", "2 waiting, oldest 1 h": "AMBER"}.get(words, "RED")
    assert badge.accessibleName().startswith("2 sales waiting")
