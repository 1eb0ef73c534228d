"""The who column: total over every view, still where it stands, plain about names, honest about time."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.services.till_view import NoticeKind
from tests.ui import sample_views
from tests.ui.who_host import SIZES, Host, cut_off, make_host, outside, overlaps, seen, too_small
from ui.theme.tokens import DARK, LIGHT, Theme, high_contrast
from ui.widgets import who_column
from ui.widgets.choosing_card import MemberRow
from ui.widgets.panel import PanelKind

STATES = sorted(sample_views.STATES)
# Devanagari is in the samples and need not be installed here: empty boxes are then what is painted.
pytestmark = pytest.mark.qt_log_ignore("OpenType support missing", extend=True)


@pytest.fixture
def host(qtbot: QtBot) -> Host:
    made = make_host()
    qtbot.addWidget(made.window)
    return made


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", [LIGHT, DARK, high_contrast(DARK)], ids=lambda theme: theme.name)
def test_every_state_fits_at_every_size(qtbot: QtBot, size: tuple[int, int], theme: Theme) -> None:
    host = make_host(size, theme)
    qtbot.addWidget(host.window)
    for name in STATES:
        host.show_view(sample_views.STATES[name]())
        assert_sound(host, name)
        if name == "lookup":
            host.who._show_lookup()
            assert_sound(host, name)
            host.who._show_slow_lookup()
            assert_sound(host, name)


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
@pytest.mark.parametrize("size", SIZES)
def test_every_state_fits_at_every_text_size(qtbot: QtBot, size: tuple[int, int], scale: float) -> None:
    host = make_host(size, scale=scale)
    qtbot.addWidget(host.window)
    for name in STATES:
        host.show_view(sample_views.STATES[name]())
        assert_sound(host, name)
        if name == "lookup":
            host.who._show_lookup()
            assert_sound(host, name)
            host.who._show_slow_lookup()
            assert_sound(host, name)


def assert_sound(host: Host, name: str) -> None:
    who = host.who
    names: set[QWidget] = {who.member.head.name}
    names.update(row.name for row in who.findChildren(MemberRow))
    assert overlaps(who) == [], name
    assert outside(who) == [], name
    assert cut_off(who, names) == [], name
    assert too_small(who) == [], name
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in who.findChildren(QLabel)), name


@pytest.mark.parametrize("size", SIZES)
def test_field_and_card_stand_in_the_same_place_in_every_state(qtbot: QtBot, size: tuple[int, int]) -> None:
    host = make_host(size)
    qtbot.addWidget(host.window)
    places = set()
    for name in STATES:
        host.show_view(sample_views.STATES[name]())
        places.add((host.who.scan_field.geometry().getRect(), host.who.card().geometry().getRect()))
    assert len(places) == 1


def test_one_card_is_shown_at_a_time(host: Host) -> None:
    for name in STATES:
        host.show_view(sample_views.STATES[name]())
        cards = [card for card in host.who._cards if card.isVisibleTo(host.who)]
        assert len(cards) == 1, name


class PaintCounter(QObject):
    """Counts the paint events of the widgets it watches."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Paint, QEvent.Type.Move, QEvent.Type.Resize}:
            self.painted.append(f"{type(watched).__name__} {event.type().name}")
        return False


@pytest.mark.parametrize("name", STATES)
def test_the_same_view_again_paints_nothing(host: Host, name: str) -> None:
    view = sample_views.STATES[name]()
    host.show_view(view)
    application_idle()
    counter = PaintCounter()
    for widget in (host.who, *host.who.findChildren(QWidget)):
        widget.installEventFilter(counter)
    host.who.show_view(sample_views.STATES[name]())
    application_idle()
    assert counter.painted == []
    host.who.scan_field.update()
    application_idle()
    assert "ScanField Paint" in counter.painted


def application_idle() -> None:
    """Let everything posted so far happen."""
    QCoreApplication.sendPostedEvents()
    QCoreApplication.processEvents()


# --- the scan field ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "icon", "words", "typed", "framed"),
    [
        ("idle", "qr-code", "Scan, or type phone or number", False, True),
        ("typing", "phone", "98450 12", True, True),
        ("lookup", "phone", "+91 98450 ••210", False, False),
        ("member", "qr-code", "Scan another code to switch", False, False),
        ("done", "qr-code", "Scan the next customer", False, True),
        ("not-found", "phone", "98450 12210", True, True),
        ("two-members", "phone", "+91 98450 ••214", False, False),
    ],
)
def test_the_scan_field_says_what_was_read(
    host: Host, name: str, icon: str, words: str, *, typed: bool, framed: bool
) -> None:
    host.show_view(sample_views.STATES[name]())
    content = host.who.scan_field.content()
    assert (content.icon, content.words, content.typed, content.framed) == (icon, words, typed, framed)


def test_a_member_number_is_shown_as_one(host: Host) -> None:
    host.show_view(replace(sample_views.idle(), entry="MB4471"))
    assert host.who.scan_field.content().icon == "identification-card"
    assert host.who.scan_field.content().words == "MB4471"


def test_of_a_long_entry_the_end_stays_in_sight(host: Host) -> None:
    host.show_view(replace(sample_views.idle(), entry="ABCDEFGHIJ" * 6 + "END"))
    assert host.who.scan_field.shown_words().endswith("END")


def test_exactly_one_of_field_and_card_wears_the_frame_at_most(host: Host) -> None:
    for name in STATES:
        host.show_view(sample_views.STATES[name]())
        framed = host.who.scan_field.content().framed + (host.who.card().kind is PanelKind.FRAMED)
        assert framed <= 1, name


# --- looking up -------------------------------------------------------------------------------------


def test_a_quick_answer_never_shows_the_look_up(host: Host) -> None:
    host.show_view(sample_views.idle())
    host.who.show_view(sample_views.lookup())
    assert host.who.card() is host.who.idle
    host.who.show_view(sample_views.offer())
    assert host.who.card() is host.who.member
    assert not host.who._lookup_due.isActive()
    assert not host.who._lookup_slow.isActive()


def test_a_slow_look_up_says_so_in_two_steps(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(who_column, "LOOKUP_SHOWN_AFTER_MS", 5)
    monkeypatch.setattr(who_column, "LOOKUP_SLOW_AFTER_MS", 60)
    host = make_host()
    qtbot.addWidget(host.window)
    host.who.show_view(sample_views.lookup())
    assert host.who.card() is host.who.idle
    qtbot.waitUntil(lambda: host.who.card() is host.who.lookup)
    assert host.who.lookup.title.text() == "Looking up…"
    qtbot.waitUntil(lambda: host.who.lookup.body.text().startswith("Still trying…"))


def test_the_times_of_the_look_up_are_those_of_the_specification() -> None:
    assert (who_column.LOOKUP_SHOWN_AFTER_MS, who_column.LOOKUP_SLOW_AFTER_MS) == (150, 3000)


# --- what is pressed --------------------------------------------------------------------------------


def test_presses_come_out_as_signals(qtbot: QtBot, host: Host) -> None:
    host.show_view(sample_views.idle())
    who = host.who
    with qtbot.waitSignal(who.without_member_requested):
        QTest.mouseClick(who.idle.find_actions.without_member, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(who.paste_requested):
        QTest.mouseClick(who.idle.find_actions.paste, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(who.scan_field_pressed):
        QTest.mousePress(who.scan_field, Qt.MouseButton.LeftButton)
    host.show_view(sample_views.two_members())
    with qtbot.waitSignal(who.chosen) as chosen:
        QTest.mouseClick(who.choosing.rows[1], Qt.MouseButton.LeftButton)
    assert chosen.args == [1]
    host.show_view(sample_views.offer())
    with qtbot.waitSignal(who.reward_picked) as picked:
        QTest.mouseClick(who.member.rewards.rows[0], Qt.MouseButton.LeftButton)
    assert picked.args == ["coffee"]


def test_a_locked_reward_cannot_be_pressed(qtbot: QtBot, host: Host) -> None:
    host.show_view(sample_views.offer())
    with qtbot.assertNotEmitted(host.who.reward_picked):
        QTest.mouseClick(host.who.member.rewards.rows[1], Qt.MouseButton.LeftButton)


# --- the toast --------------------------------------------------------------------------------------


def test_each_notice_is_shown_once_and_the_newest_wins(host: Host) -> None:
    host.show_view(sample_views.noticed(NoticeKind.SWITCHED, sequence=1))
    assert host.who.toast.words() == "Member is now Ravi K."
    host.who.toast.hide()
    host.who.show_view(sample_views.noticed(NoticeKind.SWITCHED, sequence=1))
    assert host.who.toast.isHidden()
    host.who.show_view(sample_views.noticed(NoticeKind.ALREADY_HERE, sequence=2))
    assert host.who.toast.words() == "Already here"


def test_a_notice_taken_away_takes_the_toast_with_it(host: Host) -> None:
    host.show_view(sample_views.noticed(NoticeKind.SWITCH_OFFERED))
    assert not host.who.toast.isHidden()
    host.who.show_view(sample_views.offer())
    assert host.who.toast.isHidden()


@pytest.mark.parametrize("kind", list(NoticeKind))
@pytest.mark.parametrize("size", [(1024, 600), (1280, 800)])
def test_only_what_the_till_can_do_has_a_button(
    qtbot: QtBot, size: tuple[int, int], kind: NoticeKind
) -> None:
    host = make_host(size)
    qtbot.addWidget(host.window)
    host.show_view(sample_views.noticed(kind))
    toast = host.who.toast
    answered = {NoticeKind.SWITCH_OFFERED, NoticeKind.SWITCHED}
    assert toast.action().isVisibleTo(toast) == (kind in answered)
    assert not toast._words.is_elided()
    assert host.who.rect().contains(toast.geometry())
    if kind is NoticeKind.SWITCH_OFFERED:
        with qtbot.waitSignal(host.who.switch_accepted):
            toast.action().click()
    if kind is NoticeKind.SWITCHED:
        with qtbot.waitSignal(host.who.change_back_requested):
            toast.action().click()


# --- what a screen reader is told -------------------------------------------------------------------


def test_roles_and_names(host: Host) -> None:
    host.show_view(sample_views.offer())
    field = QAccessible.queryAccessibleInterface(host.who.scan_field)
    assert field.role() == QAccessible.Role.EditableText
    assert field.text(QAccessible.Text.Name) == "Scan, phone or member number"
    assert field.text(QAccessible.Text.Description)
    card = QAccessible.queryAccessibleInterface(host.who.member)
    assert card.role() == QAccessible.Role.Grouping
    assert card.text(QAccessible.Text.Name) == (
        "Priya Raghunathan, Gold, 1,240 coins, worth 1,240 rupees, just now"
    )
    bar = QAccessible.queryAccessibleInterface(host.who.member.bar)
    assert bar.role() == QAccessible.Role.ProgressBar
    assert bar.text(QAccessible.Text.Name) == "72 percent of the way to Platinum"
    row = QAccessible.queryAccessibleInterface(host.who.member.rewards.rows[0])
    assert row.role() == QAccessible.Role.Button
    assert row.text(QAccessible.Text.Name) == "Free coffee, 120 coins"


def test_every_button_has_a_name(host: Host) -> None:
    for name in STATES:
        host.show_view(sample_views.STATES[name]())
        buttons = [button for button in seen(host.who) if hasattr(button, "hitButton")]
        assert all(button.accessibleName() for button in buttons), name


def test_a_person_is_announced_once_and_a_blocked_one_at_once(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, bool]] = []

    def announce(_widget: QWidget, words: str, *, assertive: bool = False) -> None:
        said.append((words, assertive))

    monkeypatch.setattr(who_column, "announce", announce)
    host = make_host()
    qtbot.addWidget(host.window)
    for name in ("idle", "lookup", "member", "offer", "pay", "done"):
        host.who.show_view(sample_views.STATES[name]())
    assert said == [("Priya Raghunathan, Gold, 1,240 coins, worth 1,240 rupees, just now", False)]
    host.who.show_view(sample_views.blocked())
    assert said[-1] == ("Devika Shenoy, Blocked, 860 coins, worth 860 rupees, just now", True)
    host.who.show_view(sample_views.not_found())
    assert said[-1] == (
        "No member found +91 98450 12210 is not known here. Read the number back to the customer.",
        False,
    )


def test_tab_goes_from_the_field_down_the_card(host: Host) -> None:
    host.show_view(sample_views.two_members())
    order: list[QWidget] = []
    at = host.who.scan_field.nextInFocusChain()
    while at is not None and at is not host.who.scan_field:
        inside = host.who.isAncestorOf(at) and at.isVisibleTo(host.who)
        if inside and at.focusPolicy() & Qt.FocusPolicy.TabFocus:
            order.append(at)
        at = at.nextInFocusChain()
    assert order == [host.who.choosing, *host.who.choosing.rows[:2], host.who.choosing.same]
