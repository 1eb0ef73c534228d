"""Frame after frame of the same code is one presentation; two codes are none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cashier_app.domain.identifier import IdentifierRules
from cashier_app.services.sightings import Presented, SeveralInView, Sightings
from cashier_app.services.till_view import Step, TillView
from tests.ui import sample_views

IDLE = sample_views.STATES["idle"]()
MEMBER = sample_views.STATES["member"]()
PAY = sample_views.STATES["pay"]()
DONE = sample_views.STATES["done"]()
TOO_OLD = sample_views.STATES["too-old"]()
PRIYA, RAVI = "LC1:priya0001", "LC1:ravi00002"
FRAME = 1 / 15


def made() -> Sightings:
    return Sightings(IdentifierRules("IN"))


def held(sightings: Sightings, text: str, view: TillView, start: float, seconds: float) -> list[Presented]:
    """Hold a code up for so long and return what was taken."""
    times = [start + step * FRAME for step in range(round(seconds / FRAME) + 1)]
    seen = [sightings.see([text], at, view) for at in times]
    return [one for one in seen if isinstance(one, Presented)]


def test_a_code_held_up_for_ten_seconds_is_taken_once() -> None:
    for view in (IDLE, MEMBER, DONE, TOO_OLD):
        assert len(held(made(), PRIYA, view, 0, 10)) == 1


def test_a_rotating_code_held_up_while_it_changes_is_taken_once() -> None:
    sightings = made()
    assert len(held(sightings, "LR1:priya0001:aaaa", IDLE, 0, 5)) == 1
    for step, view in enumerate((MEMBER, MEMBER, DONE, IDLE)):
        assert held(sightings, f"LR1:priya0001:bbb{step}", view, 5 + 5 * step, 5) == []


def test_a_new_code_after_one_that_was_refused_is_taken() -> None:
    sightings = made()
    held(sightings, "LR1:priya0001:aaaa", IDLE, 0, 1)
    assert held(sightings, "LR1:priya0001:aaaa", TOO_OLD, 1, 5) == []
    assert len(held(sightings, "LR1:priya0001:bbbb", TOO_OLD, 6, 1)) == 1


def test_a_code_taken_away_and_shown_again_is_taken_again() -> None:
    sightings = made()
    held(sightings, PRIYA, IDLE, 0, 1)
    assert sightings.see([PRIYA], 1.9, IDLE) is None, "a frame or two without a read is no absence"
    assert sightings.see([PRIYA], 3.0, IDLE) == Presented(PRIYA, ours=True)
    sightings = made()
    held(sightings, PRIYA, DONE, 0, 1)
    assert sightings.see([PRIYA], 3.9, DONE) is None, "within three seconds it is the same customer"
    assert sightings.see([PRIYA], 7.0, DONE) == Presented(PRIYA, ours=True)


def test_another_code_is_taken_at_once_and_the_first_again_after_it() -> None:
    sightings = made()
    assert sightings.see([PRIYA], 0.0, IDLE) == Presented(PRIYA, ours=True)
    assert sightings.see([RAVI], 0.1, MEMBER) == Presented(RAVI, ours=True)
    assert sightings.see([PRIYA], 0.2, MEMBER) == Presented(PRIYA, ours=True)


def test_the_served_members_code_left_in_view_says_nothing_more() -> None:
    sightings = made()
    held(sightings, PRIYA, IDLE, 0, 1)
    # Read now and then, as a code lying askew under a lamp is.
    assert [sightings.see([PRIYA], at, MEMBER) for at in (6.0, 12.0, 40.0)] == [None] * 3


def test_a_pause_is_no_absence() -> None:
    sightings = made()
    held(sightings, PRIYA, IDLE, 0, 1)
    sightings.look_again(60.0)  # the money was taken meanwhile
    assert held(sightings, PRIYA, DONE, 60.1, 10) == []


def test_two_codes_are_asked_for_one_and_the_one_left_is_taken() -> None:
    sightings = made()
    assert sightings.see([PRIYA, RAVI], 0.0, IDLE) == SeveralInView(2)
    assert sightings.see([PRIYA], 0.1, IDLE) is None, "the frame may have missed the other"
    assert sightings.see([RAVI, PRIYA], 0.2, IDLE) == SeveralInView(2)
    assert sightings.several_in_view(0.7)
    assert not sightings.several_in_view(0.9)
    assert sightings.see([RAVI], 0.9, IDLE) == Presented(RAVI, ours=True)


def test_a_second_code_beside_the_one_taken_does_not_have_that_taken_again() -> None:
    sightings = made()
    held(sightings, PRIYA, IDLE, 0, 1)
    for step in range(40):
        assert sightings.see([PRIYA, RAVI], 1 + step * FRAME, MEMBER) == SeveralInView(2)
    assert held(sightings, PRIYA, IDLE, 1 + 41 * FRAME, 5) == []


def test_the_same_code_twice_is_one_code() -> None:
    assert made().see([PRIYA, PRIYA], 0.0, IDLE) == Presented(PRIYA, ours=True)


def test_what_is_not_ours_is_said_so() -> None:
    assert made().see(["https://example.com/x"], 0.0, IDLE) == Presented("https://example.com/x", ours=False)


@given(
    frames=st.lists(
        st.tuples(
            st.sampled_from([(PRIYA,), (RAVI,), (PRIYA, RAVI), ("4111111111111111",)]),
            st.floats(0.01, 5.0),
            st.sampled_from(list(Step)),
        ),
        max_size=40,
    )
)
def test_nothing_is_taken_while_two_are_in_view_and_no_code_twice_in_a_second(
    frames: list[tuple[tuple[str, ...], float, Step]],
) -> None:
    sightings, now, several_at, taken = made(), 0.0, -10.0, (("", -10.0))
    for texts, later, step in frames:
        now += later
        seen = sightings.see(texts, now, replace(IDLE, step=step))
        if len(texts) > 1:
            several_at = now
            assert seen == SeveralInView(2)
        elif isinstance(seen, Presented):
            assert now - several_at >= 0.6
            assert seen.text == texts[0]
            assert taken[0] != seen.text or now - taken[1] >= 1.0
            taken = (seen.text, now)
