"""The header: the banner comes inside it, the queue is easy to hit, the clock follows the minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cashier_app.ports.journal import QueueCounts
from cashier_app.services.till_view import TillView
from tests.ui import sample_views
from tests.ui.who_host import SIZES, Host, cut_off, make_host, outside, overlaps, too_small, wording_of
from ui.theme.look import Look
from ui.theme.metrics import Metrics
from ui.theme.tokens import LIGHT
from ui.widgets.badge import BadgeKind
from ui.widgets.header import Header
from ui.widgets.panel import PanelKind

LONG_STORE = "Shri Venkateshwara General Stores and Sons of Malleshwaram, Bengaluru"


def with_queue(view: TillView, waiting: int, stuck: int = 0) -> TillView:
    return replace(view, connection=replace(view.connection, counts=QueueCounts(waiting, stuck)))


def refused(view: TillView) -> TillView:
    return replace(view, connection=replace(view.connection, sign_in_needed=True))


VIEWS = {
    "online": sample_views.offer(),
    "queue": with_queue(sample_views.offer(), 2),
    "stuck": with_queue(sample_views.offer(), 2, 1),
    "offline": sample_views.offline(),
    "offline and stuck": with_queue(sample_views.offline(), 123, 45),
    "refused": refused(with_queue(sample_views.offline(), 2)),
}


@pytest.fixture
def host(qtbot: QtBot) -> Host:
    made = make_host()
    qtbot.addWidget(made.window)
    return made


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("store", ["Marigold Stores", LONG_STORE])
def test_it_fits_whatever_is_to_be_said(
    qtbot: QtBot, size: tuple[int, int], scale: float, store: str, *, training: bool
) -> None:
    host = make_host(size, scale=scale, store=store, training=training)
    qtbot.addWidget(host.window)
    for name, view in VIEWS.items():
        host.header.show_view(view)
        assert overlaps(host.header) == [], name
        assert outside(host.header) == [], name
        assert cut_off(host.header, {host.header.store}) == [], name
        assert too_small(host.header) == [], name
        labels = host.header.findChildren(QLabel)
        assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)


def test_nothing_below_moves_when_the_banner_comes(host: Host) -> None:
    before = host.header.geometry()
    clock = host.header.clock.geometry()
    host.header.show_view(VIEWS["online"])
    host.header.show_view(VIEWS["offline"])
    assert host.header.geometry() == before
    assert host.header.clock.geometry() == clock
    assert host.header.rect().contains(host.header.banner.geometry())


def test_offline_is_said_once_with_the_time_it_began(host: Host) -> None:
    host.header.show_view(VIEWS["offline"])
    assert host.header.banner.words.text() == "Offline since 2:02\u202fpm. Sales are saved and posted later."
    assert not host.header.connection.isVisibleTo(host.header)
    host.header.show_view(VIEWS["online"])
    assert not host.header.banner.isVisibleTo(host.header)
    assert host.header.connection.words() == "Online"


def test_training_is_never_without_its_banner_and_still_says_offline(qtbot: QtBot) -> None:
    host = make_host(training=True)
    qtbot.addWidget(host.window)
    for view in VIEWS.values():
        host.header.show_view(view)
        assert host.header.banner.kind is PanelKind.TRAINING
        assert host.header.banner.words.text().startswith("TRAINING: ")
        assert host.header.banner.isVisibleTo(host.header)
        assert host.header.connection.words() == ("Online" if view.connection.online else "Offline")


def test_a_refused_sign_in_waits_for_a_person_and_stops_no_sale(host: Host) -> None:
    host.header.show_view(VIEWS["refused"])
    assert host.header.banner.kind is PanelKind.AMBER
    assert host.header.banner.isVisibleTo(host.header)
    assert host.header.banner.words.text().startswith("The loyalty system wants a new sign-in.")
    assert not host.header.banner.words.is_elided()


@pytest.mark.parametrize(
    ("name", "words", "kind"),
    [
        ("queue", "2 waiting", BadgeKind.QUIET),
        ("offline", "2 waiting", BadgeKind.AMBER),
        ("stuck", "1 needs attention", BadgeKind.RED),
    ],
)
def test_the_queue_says_what_waits(host: Host, name: str, words: str, kind: BadgeKind) -> None:
    host.header.show_view(VIEWS[name])
    assert (host.header.queue.words(), host.header.queue.kind()) == (words, kind)
    assert host.header.queue.height() == host.header.height()


def test_an_empty_queue_is_not_shown(host: Host) -> None:
    host.header.show_view(VIEWS["online"])
    assert not host.header.queue.isVisibleTo(host.header)


def test_a_press_anywhere_on_the_queue_opens_it(qtbot: QtBot, host: Host) -> None:
    host.header.show_view(VIEWS["queue"])
    corner = host.header.queue.rect().topLeft()
    with qtbot.waitSignal(host.header.queue_requested):
        QTest.mouseClick(host.header.queue, Qt.MouseButton.LeftButton, pos=corner)


def test_the_clock_follows_the_minute_and_stops_when_hidden(qtbot: QtBot) -> None:
    moments = [datetime(2026, 11, 20, 9, 2, 59, 900_000, tzinfo=UTC)]
    header = Header(wording_of(), "Marigold Stores", "2", lambda: moments[-1])
    qtbot.addWidget(header)
    header.set_look(Look(LIGHT, Metrics.of(1280, 800)))
    header.resize(1280, 64)
    header.show()
    assert header.clock.text() == "2:32\u202fpm"
    assert 100 <= header._minute.interval() <= 200
    moments.append(moments[0] + timedelta(milliseconds=150))
    qtbot.waitUntil(lambda: header.clock.text() == "2:33\u202fpm")
    assert header._minute.interval() > 59_000
    header.hide()
    assert not header._minute.isActive()


def test_a_store_name_is_only_text(qtbot: QtBot) -> None:
    host = make_host(store="<b>Marks</b> & Co\nof\u202e London")
    qtbot.addWidget(host.window)
    host.header.show_view(VIEWS["offline"])
    assert host.header.store.text() == "<b>Marks</b> & Co of London"
    host.header.grab()
    assert "<b>" not in host.header.store.toolTip()


def test_what_a_screen_reader_is_told(host: Host) -> None:
    host.header.show_view(VIEWS["queue"])
    queue = QAccessible.queryAccessibleInterface(host.header.queue)
    assert queue.role() == QAccessible.Role.Button
    assert queue.text(QAccessible.Text.Name) == "2 sales waiting. Opens the queue, F7"
    connection = QAccessible.queryAccessibleInterface(host.header.connection)
    assert connection.role() == QAccessible.Role.StaticText
    assert connection.text(QAccessible.Text.Name) == "Online"
    assert host.header.connection.focusPolicy() is Qt.FocusPolicy.NoFocus
