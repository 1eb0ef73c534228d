"""Which change of the screen has a sound: each of them at most one, typing never."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cashier_app.domain.choice import TakeMaximum, TakeNothing
from cashier_app.ports.journal import QueueCounts
from cashier_app.services.till_view import Nobody, Notice, NoticeKind, Serving, TillView
from cashier_app.sound.cues import cue
from cashier_app.sound.sounds import Sound
from tests.ui import sample_views

STATES = {name: make() for name, make in sample_views.STATES.items()}
IDLE = STATES["idle"]
SHOWN = {
    "member": Sound.FOUND,
    "offline": Sound.FOUND,
    "offline-unseen": Sound.FOUND,
    "two-members": Sound.QUESTION,
    "not-found": Sound.NOT_USED,
    "payment-card": Sound.NOT_USED,
    "two-codes": Sound.NOT_USED,
    "no-code": Sound.NOT_USED,
    "too-old": Sound.TOO_OLD,
    "used-code": Sound.TOO_OLD,
    "clocks-differ": Sound.TOO_OLD,
    "changed-case": Sound.NOT_USED,
    "wrong-digit": Sound.NOT_USED,
    "blocked": Sound.TOO_OLD,
    "done": Sound.DONE,
    "lookup": None,
    "without-member": None,
    "idle": None,
    "typing": None,
}


@pytest.mark.parametrize(("name", "sound"), SHOWN.items())
def test_what_is_heard_when_it_comes_up(name: str, sound: Sound | None) -> None:
    assert cue(IDLE, STATES[name]) is sound


@pytest.mark.parametrize("name", STATES)
def test_the_same_again_is_silent(name: str) -> None:
    assert cue(STATES[name], STATES[name]) is None
    assert cue(STATES[name], replace(STATES[name], entry="98450")) is None


@pytest.mark.parametrize(
    ("kind", "sound"),
    [
        (NoticeKind.SCAN_NOT_USED, Sound.NOT_USED),
        (NoticeKind.NOT_A_LOYALTY_CODE, Sound.NOT_USED),
        (NoticeKind.SWITCH_OFFERED, Sound.QUESTION),
        (NoticeKind.ALREADY_HERE, None),
        (NoticeKind.SWITCHED, None),
        (NoticeKind.BACK_ONLINE, None),
    ],
)
def test_a_remark_is_heard_once(kind: NoticeKind, sound: Sound | None) -> None:
    offer = STATES["offer"]
    remarked = replace(offer, notice=Notice(1, kind, "Ravi K."))
    assert cue(offer, remarked) is sound
    assert cue(remarked, remarked) is None
    assert cue(remarked, replace(remarked, notice=Notice(2, kind, "Ravi K."))) is sound


def test_a_new_balance_of_the_same_member_is_no_new_member() -> None:
    member = STATES["member"]
    assert isinstance(member.person, Serving)
    account = replace(member.person.account, as_of=member.person.account.as_of + timedelta(minutes=1))
    assert cue(member, replace(member, person=replace(member.person, account=account))) is None


def test_a_sale_that_needs_attention_is_heard_when_it_arises() -> None:
    def stuck(count: int) -> TillView:
        return replace(IDLE, connection=replace(IDLE.connection, counts=QueueCounts(0, count), online=False))

    assert cue(stuck(0), stuck(1)) is Sound.ATTENTION
    assert cue(stuck(1), stuck(1)) is None
    assert cue(stuck(1), stuck(2)) is Sound.ATTENTION
    assert cue(stuck(2), stuck(1)) is None


def test_what_changes_the_offer_or_stops_the_sale_is_heard() -> None:
    assert cue(STATES["reward"], STATES["balance-changed"]) is Sound.NOT_USED
    assert cue(STATES["pay"], STATES["disk-full"]) is Sound.ATTENTION
    assert cue(STATES["pay"], STATES["hold-over"]) is Sound.ATTENTION


TYPED = st.fixed_dictionaries(
    {
        "entry": st.text("0123456789+ABC", max_size=12),
        "bill": st.sampled_from([view.bill for view in STATES.values()]),
        "discount_entry": st.sampled_from([view.discount_entry for view in STATES.values()]),
        "choice": st.sampled_from([TakeMaximum(), TakeNothing()]),
        "quote": st.sampled_from([view.quote for view in STATES.values()]),
        "marked_reward": st.sampled_from(["", "coffee"]),
        "confirm_bill": st.booleans(),
        "busy": st.booleans(),
    }
)


@given(name=st.sampled_from(sorted(STATES)), typed=TYPED)
def test_typing_never_has_a_sound(name: str, typed: dict[str, object]) -> None:
    assert cue(STATES[name], replace(STATES[name], **typed)) is None


@given(steps=st.lists(st.sampled_from(sorted(STATES)), min_size=2, max_size=12))
def test_every_change_has_at_most_one_sound_and_going_idle_none(steps: list[str]) -> None:
    for before, name in itertools.pairwise(steps):
        heard = cue(STATES[before], STATES[name])
        assert heard is None or heard in Sound
        cleared = replace(IDLE, connection=STATES[name].connection)
        assert isinstance(cleared.person, Nobody)
        assert cue(STATES[name], cleared) is None
