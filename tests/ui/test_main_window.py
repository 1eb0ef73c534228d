"""What comes into the window from outside, its drawers, its title, and closing it."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier_app.domain.identifier import MAX_LENGTH
from cashier_app.errors import KnownError
from cashier_app.ports.journal import QueueCounts
from tests.ui import sample_queue, sample_views
from tests.ui.fake_till import FakeQueue, FakeTill
from tests.ui.till_host import SIZES, Hands, focus, make_window, window_of
from tests.ui.who_host import cut_off, overlaps, too_small
from ui.dropped import ReadPicture
from ui.main_window import MainWindow
from ui.theme.tokens import DARK, LIGHT

WAITING = replace(sample_views.ONLINE, counts=QueueCounts(2, 1))


def drop(window: MainWindow, data: QMimeData) -> bool:
    """Drag data over the window and let go; return whether the window would take it."""
    at, button, no_key = QPoint(50, 50), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, Qt.DropAction.CopyAction, data, button, no_key)
    enter.ignore()
    window.dragEnterEvent(enter)
    if enter.isAccepted():
        window.dropEvent(QDropEvent(QPointF(at), Qt.DropAction.CopyAction, data, button, no_key))
    return enter.isAccepted()


def noting(read: list[Path | bytes]) -> ReadPicture:
    """Return a reader of pictures that notes what it was given and finds one code."""

    def read_picture(source: Path | bytes) -> list[str]:
        read.append(source)
        return ["LC1:x"]

    return read_picture


def test_dropped_file_is_read_elsewhere(qtbot: QtBot, tmp_path: Path) -> None:
    read: list[Path | bytes] = []
    window, till = window_of(sample_views.idle(), read_picture=noting(read))
    qtbot.addWidget(window)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "pass.png")), QUrl("https://example.com/x.png")])
    assert drop(window, data)
    (name, decode), *rest = till.asked
    assert (name, rest, read) == ("read_picture", [], []), "nothing is opened on this thread"
    assert callable(decode)
    assert decode() == ["LC1:x"]
    assert read == [tmp_path / "pass.png"]


def test_a_web_address_is_never_opened_but_judged_as_text(qtbot: QtBot) -> None:
    window, till = window_of(sample_views.idle())
    qtbot.addWidget(window)
    data = QMimeData()
    data.setUrls([QUrl("https://example.com/x.png")])
    data.setData("application/x-unknown", b"x")
    assert drop(window, data)
    assert till.asked == [("scan", "https://example.com/x.png")]


def test_what_cannot_hold_a_code_is_not_taken(qtbot: QtBot) -> None:
    window, till = window_of(sample_views.idle())
    qtbot.addWidget(window)
    data = QMimeData()
    data.setData("application/x-unknown", b"x")
    assert not drop(window, data)
    assert till.asked == []


def test_pasted_picture_is_handed_on_as_a_file(qtbot: QtBot) -> None:
    read: list[Path | bytes] = []
    window, till = window_of(sample_views.idle(), read_picture=noting(read))
    qtbot.addWidget(window)
    picture = QImage(20, 10, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    QGuiApplication.clipboard().setImage(picture)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    # What the window asks by the second may come in between.
    qtbot.waitUntil(lambda: any(name == "read_picture" for name, *_ in till.asked))
    ((decode,),) = [rest for name, *rest in till.asked if name == "read_picture"]
    assert callable(decode)
    decode()
    assert isinstance(read[0], bytes)
    assert QImage.fromData(read[0]).size() == picture.size()


def test_pasted_text_is_a_scan_of_bounded_length(qtbot: QtBot) -> None:
    window, till = window_of(sample_views.idle())
    qtbot.addWidget(window)
    for text in ("  LC1:priya0001\n", "x" * 1_000_000):
        data = QMimeData()
        data.setText(text)
        window.take(data)
    assert till.asked[0] == ("scan", "LC1:priya0001")
    assert MAX_LENGTH < len(str(till.asked[1][1])) < 10_000


def test_an_endless_burst_is_told_as_too_long_without_its_text(qtbot: QtBot) -> None:
    window, till = window_of(sample_views.idle())
    qtbot.addWidget(window)
    Hands(window).scan("7" * 400)
    ((name, text),) = till.asked
    assert name == "scan"
    assert "7" not in str(text)
    assert len(str(text)) > MAX_LENGTH


def test_title_names_shop_and_till(qtbot: QtBot) -> None:
    plain, _ = window_of(sample_views.idle())
    training, _ = window_of(sample_views.idle(), training=True)
    for window in (plain, training):
        qtbot.addWidget(window)
    assert plain.windowTitle() == "Marigold Stores, Till 2"
    assert training.windowTitle() == "TRAINING: Marigold Stores, Till 2"


def test_keypad_or_list_of_keys_is_remembered(qtbot: QtBot) -> None:
    window, _ = window_of(sample_views.idle())
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.keypad_chosen) as chosen:
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert chosen.args == [False]
    assert window.screen_of_till.keys.list.isVisible()


def test_full_screen_and_back(qtbot: QtBot) -> None:
    window, _ = window_of(sample_views.idle())
    qtbot.addWidget(window)
    hands = Hands(window)
    hands.press("F11")
    assert window.isFullScreen()
    hands.press("F11")
    assert not window.isFullScreen()


def test_nothing_clears_under_a_pointer(qtbot: QtBot) -> None:
    window, till = window_of(sample_views.done())
    qtbot.addWidget(window)
    clock = window.screen_of_till._clock
    place = window.screen_of_till.pay.mapTo(window, window.screen_of_till.pay.rect().center())
    QTest.mousePress(window.windowHandle(), Qt.MouseButton.LeftButton, pos=place)
    clock.seconds = 99.0
    window.screen_of_till.countdown.tick()
    assert till.asked == []
    QTest.mouseRelease(window.windowHandle(), Qt.MouseButton.LeftButton, pos=place)
    clock.seconds = 104.0
    window.screen_of_till.countdown.tick()
    assert till.asked == [], "letting go begins again"
    clock.seconds = 106.0
    window.screen_of_till.countdown.tick()
    assert till.asked == [("expire",)]


# --- closing ---------------------------------------------------------------------------------------


def test_closes_at_once_when_all_is_posted(qtbot: QtBot) -> None:
    window, _ = window_of(sample_views.idle())
    qtbot.addWidget(window)
    assert window.close()


def test_says_once_that_sales_are_not_posted(qtbot: QtBot) -> None:
    window, _ = window_of(replace(sample_views.idle(), connection=WAITING))
    qtbot.addWidget(window)
    assert not window.close()
    assert window.closing.bar.isVisible()
    assert window.closing.bar.words().startswith("3 sales are not posted yet")
    assert window.close(), "closing again closes"


def test_the_question_is_asked_again_later(qtbot: QtBot) -> None:
    window, _ = window_of(replace(sample_views.idle(), connection=WAITING))
    qtbot.addWidget(window)
    assert not window.close()
    window.closing.bar.expired.emit()
    assert not window.close()
    window.closing.bar.action().click()
    qtbot.waitUntil(lambda: not window.isVisible())


# --- queue -----------------------------------------------------------------------------------------


def with_queue(qtbot: QtBot, queue: FakeQueue, **how: object) -> tuple[MainWindow, FakeTill, Hands]:
    till = FakeTill(sample_views.offer())
    window = make_window(till, queue, **how)  # type: ignore[arg-type]
    qtbot.addWidget(window)
    qtbot.waitUntil(window.isActiveWindow)
    return window, till, Hands(window)


def test_queue_opens_over_the_sale_and_gives_the_focus_back(qtbot: QtBot) -> None:
    window, till, hands = with_queue(qtbot, FakeQueue(sample_queue.queue()))
    hands.press("F7")
    assert window.queue.isVisible()
    assert window.queue.isAncestorOf(focus())
    hands.press("5", "*", "Esc")
    assert not window.queue.isVisible()
    assert till.asked == [], "nothing reached the sale behind"
    assert focus() is window.screen_of_till.bill


def test_a_view_behind_the_queue_takes_no_focus(qtbot: QtBot) -> None:
    window, till, hands = with_queue(qtbot, FakeQueue(sample_queue.queue()))
    hands.press("F7")
    till.show(sample_views.idle())
    assert window.queue.isAncestorOf(focus())
    hands.press("Esc")
    assert focus() is window.screen_of_till.who.scan_field


def test_the_stuck_sale_is_open_with_what_can_be_done(qtbot: QtBot) -> None:
    queue = FakeQueue(sample_queue.queue())
    window, _, hands = with_queue(qtbot, queue)
    hands.press("F7")
    opened = window.queue.list.open_row()
    assert opened is not None
    assert opened.needs_person
    assert window.queue.list.detail.isVisible()
    hands.press("L", "R", "F5")
    key = opened.effect_key
    assert queue.asked == [("look_up_now", key), ("send_again", key), ("send_all_now",)]


def test_rows_that_post_by_themselves_offer_nothing(qtbot: QtBot) -> None:
    queue = FakeQueue(sample_queue.queue())
    window, _, hands = with_queue(qtbot, queue)
    hands.press("F7", "Down", "Enter")
    opened = window.queue.list.open_row()
    assert opened is not None
    assert not opened.needs_person
    assert not window.queue.list.detail.look_up.isVisible()
    hands.press("L", "R")
    assert queue.asked == []
    hands.press("Enter")
    assert window.queue.list.open_row() is None, "Enter closes it again"


def test_tabs_list_what_they_count(qtbot: QtBot) -> None:
    window, _, hands = with_queue(qtbot, FakeQueue(sample_queue.queue()))
    hands.press("F7")
    seen = []
    for _ in range(3):
        chosen = next(button for button in window.queue.tabs.buttons.values() if button.is_selected())
        seen.append((chosen.words(), len(window.queue.list.rows())))
        hands.press("Right")
    assert seen == [("All 4", 4), ("Needs attention 1", 1), ("Waiting 3", 3)]


def test_what_cannot_be_read_is_said_in_place(qtbot: QtBot) -> None:
    queue = FakeQueue(sample_queue.queue())
    queue.error = KnownError("The database cannot be read.")
    window, _, hands = with_queue(qtbot, queue)
    hands.press("F7")
    assert window.queue._note.text() == "The database cannot be read."
    queue.error = None
    window.queue.read()
    assert "oldest first" in window.queue._note.text()


def test_an_empty_queue_says_so(qtbot: QtBot) -> None:
    window, _, hands = with_queue(qtbot, FakeQueue())
    hands.press("F7")
    assert window.queue._note.text() == "All sales are posted"
    assert not window.queue.send_all.isEnabled()
    assert focus() is window.queue.close_button


def test_a_scan_closes_the_queue_and_is_looked_up(qtbot: QtBot) -> None:
    window, till, hands = with_queue(qtbot, FakeQueue(sample_queue.queue()))
    hands.press("F7")
    hands.scan("LC1:priya0001")
    assert not window.queue.isVisible()
    assert till.asked == [("scan", "LC1:priya0001")]


def test_pressing_the_scrim_closes(qtbot: QtBot) -> None:
    window, _, hands = with_queue(qtbot, FakeQueue(sample_queue.queue()))
    hands.press("F7")
    qtbot.mouseClick(window.queue, Qt.MouseButton.LeftButton, pos=window.queue.rect().topLeft())
    assert not window.queue.isVisible()


@pytest.mark.parametrize("drawer", ["F7", "F1"])
def test_tab_goes_round_inside_a_drawer(qtbot: QtBot, drawer: str) -> None:
    window, _, hands = with_queue(qtbot, FakeQueue(sample_queue.queue()))
    hands.press(drawer)
    shown = window.queue if drawer == "F7" else window.help
    visited = []
    while focus() not in visited and len(visited) < 20:
        visited.append(focus())
        hands.press("Tab")
    assert len(visited) <= 12
    assert all(shown.isAncestorOf(widget) for widget in visited)
    assert shown.close_button in visited


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_drawers_fit_at_every_size(qtbot: QtBot, size: tuple[int, int], theme: object) -> None:
    window, _, hands = with_queue(qtbot, FakeQueue(sample_queue.queue()), size=size, theme=theme)
    for key, drawer in (("F7", window.queue), ("F1", window.help)):
        hands.press(key)
        assert drawer.isVisible()
        assert cut_off(drawer, set()) == []
        assert too_small(drawer) == []
        assert overlaps(drawer._panel) == []
        hands.press("Esc")


def test_help_shows_the_keys_of_the_step(qtbot: QtBot) -> None:
    window, till, hands = with_queue(qtbot, FakeQueue())
    hands.press("F1")
    first = [label.text() for _, label in window.help.now._rows]
    assert "Next: use coins" in first
    till.show(sample_views.pay())
    assert "Paid, finish sale" in [label.text() for _, label in window.help.now._rows]
    hands.press("F1")
    assert not window.help.isVisible()
