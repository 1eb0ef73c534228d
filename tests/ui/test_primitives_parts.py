import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAccessible, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.wording import Sentence
from tests.ui.pictures import colour_at, picture
from ui.theme.tokens import LIGHT
from ui.widgets.icon_view import IconView, MarkView
from ui.widgets.key_list import KeyList
from ui.widgets.keycap import Keycap
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.progress import ProgressBar, TimerBar
from ui.widgets.tier_badge import TierBadge
from ui.widgets.toast import ACTION_MS, PLAIN_MS, Toast


@pytest.mark.parametrize("kind", list(PanelKind))
def test_each_kind_of_panel_has_its_fill_and_edge(kind: PanelKind, qtbot: QtBot) -> None:
    panel = Panel()
    qtbot.addWidget(panel)
    panel.resize(80, 80)
    before = panel.geometry()
    panel.set_kind(kind)
    image = picture(panel)
    fill, edge, width = kind.value
    across = [colour_at(image, x, 40) for x in range(40)]
    assert across[39] == (LIGHT.colour(fill) if fill else "#FFFFFF")
    if edge:
        assert across[:width] == [LIGHT.colour(edge)] * width
    assert panel.geometry() == before


def test_a_bar_is_filled_to_its_fraction_and_carries_a_mark(qtbot: QtBot) -> None:
    bar = ProgressBar()
    qtbot.addWidget(bar)
    bar.resize(200, 16)
    bar.set_fraction(0.65, mark=0.72, spoken="65 percent with a member")
    image = picture(bar)
    row = [colour_at(image, x, 8) for x in range(200)]
    assert row[100] == LIGHT.accent
    assert row[150] == LIGHT.bar_bg
    assert row.count(LIGHT.ink) == 2
    assert colour_at(image, 100, 3) == "#FFFFFF"  # 8 px high, not 16
    assert QAccessible.queryAccessibleInterface(bar).role() == QAccessible.Role.ProgressBar
    assert bar.accessibleName() == "65 percent with a member"
    assert bar.value() == 650


def test_fractions_outside_are_brought_inside(qtbot: QtBot) -> None:
    bar = ProgressBar()
    qtbot.addWidget(bar)
    bar.set_fraction(1.7)
    assert bar.fraction() == 1.0
    bar.set_fraction(-1)
    assert bar.fraction() == 0.0


def test_a_timer_of_no_time_is_over_at_once(qtbot: QtBot) -> None:
    timer = TimerBar()
    qtbot.addWidget(timer)
    timer.start(0)
    assert timer.fraction() == 0.0


def test_a_hidden_timer_stands_still(qtbot: QtBot) -> None:
    timer = TimerBar()
    qtbot.addWidget(timer)
    timer.show()
    timer.start(60_000)
    timer.hide()
    timer.set_fraction(0.5)
    timer.show()
    assert timer.fraction() == 0.5


def test_a_tier_shows_as_many_pips_as_it_has(qtbot: QtBot) -> None:
    badge = TierBadge()
    qtbot.addWidget(badge)
    badge.set_tier("Gold")
    narrow = badge.sizeHint().width()
    badge.set_tier("Gold", 3, 4)
    assert badge.sizeHint().width() > narrow
    badge.resize(badge.sizeHint())
    image = picture(badge)
    row = [colour_at(image, x, 16) == LIGHT.ink for x in range(badge.width())]
    pips = row[badge.width() - 12 - 42 :]
    assert sum(pips) > 3 * 7
    assert badge.accessibleName() == "Gold"


@pytest.fixture
def card(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    return made


@pytest.fixture
def toast(card: QWidget) -> Toast:
    made = Toast(card)
    made.setGeometry(64, 200, 372, 56)  # away from where a test's pointer rests
    return made


def test_a_toast_says_and_acts(toast: Toast, qtbot: QtBot) -> None:
    toast.show_words("Member is now Ravi K.", action="Change back", key="F9")
    assert toast.isVisible()
    assert toast.action().has_room()
    with qtbot.waitSignal(toast.acted):
        QTest.mouseClick(toast.action(), Qt.MouseButton.LeftButton)
    assert toast.isHidden()


def test_the_newest_toast_wins_and_an_action_lives_longer(toast: Toast) -> None:
    toast.show_words("Ravi K. scanned. Switch?", action="Switch", key="F3")
    assert toast._timer.interval() == ACTION_MS
    toast.show_words("Already here")
    assert toast.words() == "Already here"
    assert toast.action().isHidden()
    assert toast._timer.interval() == PLAIN_MS


def test_a_toast_goes_by_itself_but_waits_for_the_pointer(toast: Toast, qtbot: QtBot) -> None:
    toast.show_words("Already here", life_ms=1)
    here = QPointF(5, 5)
    QApplication.sendEvent(toast, QEnterEvent(here, here, here))
    assert not toast._timer.isActive()
    assert toast.isVisible()
    with qtbot.waitSignal(toast.expired, timeout=2_000):
        QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    assert toast.isHidden()


def test_a_key_list_shows_what_fits_and_speaks_key_and_words(qtbot: QtBot) -> None:
    keys = KeyList()
    qtbot.addWidget(keys)
    keys.resize(280, 240)
    keys.show()
    keys.set_keys(
        [
            ("Enter", Sentence.of("Use 200 coins")),
            ("0–9", Sentence.of("Other amount")),  # noqa: RUF001  # as printed
            ("Esc", Sentence.of("Back to the bill")),
        ]
    )
    shown = [cap.words() for cap in keys.findChildren(Keycap) if cap.isVisible()]
    assert shown == ["Enter", "0–9", "Esc"]  # noqa: RUF001  # as printed
    keys.resize(280, 120)
    assert len([cap for cap in keys.findChildren(Keycap) if cap.isVisible()]) == 1
    keys.resize(280, 240)
    keys.set_keys([("F1", Sentence.of("All keys"))])
    assert [cap.words() for cap in keys.findChildren(Keycap) if cap.isVisible()] == ["F1"]
    assert keys._rows[0][1].accessibleName() == "F1: All keys"


def test_icons_take_their_room_and_may_be_absent(qtbot: QtBot) -> None:
    view = IconView("lock", size=20)
    qtbot.addWidget(view)
    assert (view.sizeHint().width(), view.sizeHint().height()) == (20, 20)
    view.resize(20, 20)
    assert len({picture(view).pixel(x, 12) for x in range(20)}) > 1
    view.set_icon("")
    assert {picture(view).pixel(x, y) for x in range(20) for y in range(20)} == {0xFFFFFFFF}
    assert MarkView().sizeHint().width() == 28
