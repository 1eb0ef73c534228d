"""The who column: total over every view, still where it stands, plain about names, honest about time."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.domain.member import Way
from cashier_app.domain.outcome import MemberFound
from cashier_app.domain.program import Reward, RewardKind
from cashier_app.domain.quote import quote
from cashier_app.services.till_view import Choosing, NoticeKind, Serving
from tests.ui import sample_views
from tests.ui.who_host import SIZES, Host, cut_off, make_host, outside, overlaps, seen, too_small
from ui.theme.tokens import DARK, LIGHT, Theme, high_contrast
from ui.widgets import who_column
from ui.widgets.choosing_card import MemberRow
from ui.widgets.panel import PanelKind
from ui.widgets.reward_rows import RewardRow

STATES = sorted(sample_views.STATES)
# Devanagari is in the samples and need not be installed here: empty boxes are then what is painted.
pytestmark = pytest.mark.qt_log_ignore("OpenType support missing", extend=True)

HOSTILE = {
    "markup": '<img src="file:///etc/passwd"><b>Priya</b>',
    "ampersand": "Marks & Spencer && Co",
    "endless": "A" * 500,
    "right to left": "\u202eعبد الرحمن\u202c",
    "lines": "Priya\nRaghunathan\r\n\u2028\u2029again",
    "nothing": "   ",
    "control": "Priya\x00\x07\x1b[31m",
}


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


# --- the cards --------------------------------------------------------------------------------------


def test_the_member_card_shows_what_the_backend_said(host: Host) -> None:
    host.show_view(sample_views.offer())
    card = host.who.member
    assert host.who.card() is card
    assert card.head.name.text() == "Priya Raghunathan"
    assert card.head.line.text() == "+91 ••••• ••210 · wallet code"
    assert card.figure.text() == "1,240"
    assert card.worth.text() == "worth ₹1,240.00"
    assert card.distance.text() == "₹4,760 to Platinum"
    assert card.bar.fraction() == pytest.approx(0.72)


def test_no_tier_makes_no_tier_row_and_no_gap(host: Host) -> None:
    host.show_view(sample_views.blocked())
    card = host.who.member
    assert card.kind is PanelKind.STOPPED
    assert not any(part.isVisibleTo(card) for part in (card.tier, card.distance, card.bar))


def test_an_old_balance_says_so_in_amber(host: Host) -> None:
    host.show_view(sample_views.offline())
    assert host.who.member.freshness.colour == "amber_text"
    assert host.who.member.freshness.text().startswith("as of ")


def test_the_arrow_stands_on_the_first_reward_that_may_be_taken(host: Host) -> None:
    host.show_view(sample_views.offer())
    rows = [row for row in host.who.member.rewards.rows if row.isVisibleTo(host.who)]
    assert [(row.words(), row.isEnabled(), row.key()) for row in rows] == [
        ("Free coffee", True, "↓"),
        ("10% off", False, ""),
        ("Tote bag", False, ""),
    ]


@pytest.mark.parametrize("name", ["member", "pay", "done", "offline"])
def test_no_reward_can_be_pressed_where_the_till_would_not_take_it(host: Host, name: str) -> None:
    host.show_view(sample_views.STATES[name]())
    rows = host.who.findChildren(RewardRow)
    assert rows
    assert not any(row.isEnabled() for row in rows if row.isVisibleTo(host.who))


def test_the_chosen_reward_is_marked_by_more_than_colour(host: Host) -> None:
    host.show_view(sample_views.other_reward())
    row = host.who.member.rewards.rows[0]
    assert row.is_selected()
    assert row._icon == "check-circle"


@pytest.mark.parametrize(("size", "count"), [((1024, 600), 2), ((1280, 720), 2), ((1280, 800), 3)])
def test_rewards_shown_depend_on_the_height(qtbot: QtBot, size: tuple[int, int], count: int) -> None:
    host = make_host(size)
    qtbot.addWidget(host.window)
    host.show_view(sample_views.offer())
    assert sum(row.isVisibleTo(host.who) for row in host.who.member.rewards.rows) == count


def test_a_low_card_drops_rewards_before_notes(host: Host) -> None:
    host.show_view(sample_views.offer())
    host.who.resize(host.who.width(), 470)
    card = host.who.member
    assert not card.rewards.isVisibleTo(host.who)
    assert [note.isVisibleTo(host.who) for note in card.notes] == [True, True, False]
    host.who.resize(host.who.width(), 400)
    assert [note.isVisibleTo(host.who) for note in card.notes] == [False, False, False]
    assert overlaps(host.who) == []


def test_the_marked_reward_is_in_sight_however_many_there_are(host: Host) -> None:
    rewards = tuple(Reward(f"r{n}", f"Reward {n}", RewardKind.GIFT, Decimal(10 + n)) for n in range(9))
    program = replace(sample_views.PROGRAM, rewards=rewards)
    view = sample_views.offer()
    answer = quote(program, sample_views.PRIYA, sample_views.PRIYAS_ACCOUNT, view.bill.money, view.choice)
    for reward in rewards:
        marked = replace(view, program=program, quote=answer, marked_reward=reward.reward_id)
        host.show_view(marked)
        rows = [row for row in host.who.member.rewards.rows if row.isVisibleTo(host.who)]
        assert reward.reward_id in [row.reward_id for row in rows if row.is_selected()]


def test_messages_offer_only_what_helps(host: Host) -> None:
    offered = {}
    for name in ("not-found", "too-old", "two-codes", "offline-unseen", "without-member"):
        host.show_view(sample_views.STATES[name]())
        actions = host.who.message.find_actions
        offered[name] = (actions.paste.isVisibleTo(host.who), actions.without_member.isVisibleTo(host.who))
    assert offered == {
        "not-found": (True, True),
        "too-old": (False, True),
        "two-codes": (True, True),
        "offline-unseen": (False, False),
        "without-member": (False, False),
    }


def test_nine_members_on_one_phone_can_all_be_reached(qtbot: QtBot, host: Host) -> None:
    found = tuple(
        MemberFound(
            replace(sample_views.ANIL, member_id=f"m{n}", name=f"Member Number{n}"),
            sample_views.ANILS_ACCOUNT,
        )
        for n in range(9)
    )
    view = sample_views.two_members()
    rows: list[MemberRow] = []
    for marked in range(9):
        host.show_view(replace(view, person=Choosing("+91 98450 ••214", found, marked)))
        rows = [row for row in host.who.choosing.rows if row.isVisibleTo(host.who)]
        assert str(marked + 1) in [row.keycap.words() for row in rows]
        assert overlaps(host.who) == []
        assert outside(host.who) == []
    with qtbot.waitSignal(host.who.chosen) as blocker:
        rows[-1].click()
    assert blocker.args == [int(rows[-1].keycap.words()) - 1]


# --- hostile texts ----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(1024, 600), (1280, 800)])
@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_a_hostile_name_is_only_a_name(qtbot: QtBot, size: tuple[int, int], kind: str) -> None:
    text = HOSTILE[kind]
    host = make_host(size)
    qtbot.addWidget(host.window)
    hostile = replace(sample_views.PRIYA, name=text, masked_phone=text, number=text)
    reward = Reward("hostile", text, RewardKind.GIFT, Decimal(1))
    program = replace(sample_views.PROGRAM, rewards=(reward,))
    tier = replace(sample_views.GOLD, name=text[:40], next_name=text[:40])
    account = replace(sample_views.PRIYAS_ACCOUNT, tier=tier)
    bill = sample_views.offer().bill
    host.show_view(sample_views.serving(hostile, account, bill, program=program))
    assert_hostile_is_harmless(host, text)
    found = (MemberFound(hostile, account), MemberFound(sample_views.MEERA, account))
    host.show_view(replace(sample_views.two_members(), person=Choosing(text, found, 0)))
    assert_hostile_is_harmless(host, text)


def assert_hostile_is_harmless(host: Host, text: str) -> None:
    assert overlaps(host.who) == []
    assert outside(host.who) == []
    for widget in seen(host.who):
        assert "<img" not in widget.toolTip()
        assert "<b>" not in widget.toolTip()
        if isinstance(widget, QLabel):
            assert widget.textFormat() is Qt.TextFormat.PlainText
            assert not set("\n\r\u2028\u2029\x00\x1b\u202e") & set(widget.text())
    assert not host.who.grab().isNull()


def test_a_name_that_is_cut_off_stands_whole_in_the_tooltip(host: Host) -> None:
    long_name = " ".join(["Anuradha"] * 12)
    person = replace(sample_views.PRIYA, name=long_name)
    view = replace(
        sample_views.offer(), person=Serving(person, sample_views.PRIYAS_ACCOUNT, Way.PHONE, fresh=True)
    )
    host.show_view(view)
    name = host.who.member.head.name
    assert name.is_elided()
    assert long_name in name.toolTip()
    assert name.accessibleName() == long_name


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
def test_only_the_offer_to_switch_has_a_button(qtbot: QtBot, size: tuple[int, int], kind: NoticeKind) -> None:
    host = make_host(size)
    qtbot.addWidget(host.window)
    host.show_view(sample_views.noticed(kind))
    toast = host.who.toast
    assert toast.action().isVisibleTo(toast) == (kind is NoticeKind.SWITCH_OFFERED)
    assert not toast._words.is_elided()
    assert host.who.rect().contains(toast.geometry())
    if kind is NoticeKind.SWITCH_OFFERED:
        with qtbot.waitSignal(host.who.switch_accepted):
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
    assert order == [host.who.choosing, *host.who.choosing.rows[:2]]
