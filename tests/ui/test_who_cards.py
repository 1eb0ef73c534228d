"""The cards of the who column: what they show, what they drop, and what a hostile name cannot do."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cashier_app.domain.member import Way
from cashier_app.domain.outcome import MemberFound
from cashier_app.services.till_view import Choosing, Serving
from tests.fakes.shop import altered, gift
from tests.ui import sample_views
from tests.ui.who_host import Host, make_host, outside, overlaps, seen
from ui.widgets.choosing_card import MemberRow
from ui.widgets.panel import PanelKind
from ui.widgets.reward_rows import RewardRow

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
    rewards = [gift(f"r{n}", f"Reward {n}", 10 + n) for n in range(9)]
    program = altered(sample_views.PROGRAM, rewards=rewards)
    bill = sample_views.offer().bill
    view = sample_views.serving(sample_views.PRIYA, sample_views.PRIYAS_ACCOUNT, bill, program=program)
    for reward in program.rewards:
        marked = replace(view, marked_reward=reward.reward_id)
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
    reward = replace(sample_views.PROGRAM.rewards[0], name=text)
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
    assert not host.who.grab().isNull()
    for widget in seen(host.who):
        assert "<img" not in widget.toolTip()
        assert "<b>" not in widget.toolTip()
        if isinstance(widget, QLabel):
            assert widget.textFormat() is Qt.TextFormat.PlainText
            assert not set("\n\r\u2028\u2029\x00\x1b\u202e") & set(widget.text())


def test_a_name_that_is_cut_off_stands_whole_in_the_tooltip(host: Host) -> None:
    long_name = " ".join(["Anuradha"] * 12)
    person = replace(sample_views.PRIYA, name=long_name)
    view = replace(
        sample_views.offer(), person=Serving(person, sample_views.PRIYAS_ACCOUNT, Way.PHONE, fresh=True)
    )
    host.show_view(view)
    name = host.who.member.head.name
    assert name.is_elided()
    name.grab()  # what was painted can be pointed at
    assert long_name in name.toolTip()
    assert name.accessibleName() == long_name
