"""Where points pay for one discount only, no other amount is offered, typed or stepped to."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.domain.choice import Choice, TakeAmount, TakeMaximum, TakeNothing
from cashier_app.domain.member import Account, Way
from cashier_app.services import till_steps as steps
from cashier_app.services.till_status import NO_FIGURES, UNKNOWN_CONNECTION
from cashier_app.services.till_view import Serving, Step, Target, TillView, Today
from cashier_app.wording.choices import ChoiceKind, choices_of
from tests.fakes.backend import CAPABILITIES
from tests.fakes.programs import paying_with_points
from tests.fakes.shop import OCCASION, PRIYA, RUPEE
from tests.unit.wording_shown import WORDING

BLOCKS = paying_with_points(conversion={"points": 400, "value": 400, "whole_blocks": True})
NOW = datetime(2026, 11, 20, 9, 2, tzinfo=UTC)


def at_reward(balance: int, choice: Choice | None = None) -> TillView:
    view = TillView(
        step=Step.REWARD,
        target=Target.DISCOUNT,
        person=Serving(PRIYA, Account(Decimal(balance), NOW), Way.PHONE, fresh=True),
        entry="",
        bill=AmountEntry(RUPEE, "2360"),
        choice=choice or TakeMaximum(),
        occasion=OCCASION,
        connection=UNKNOWN_CONNECTION,
        today=Today(NO_FIGURES, ()),
        program=BLOCKS,
    )
    return steps.requoted(view)


@pytest.mark.parametrize(("balance", "only"), [(399, False), (400, True), (799, True), (800, False)])
def test_one_block_is_all_or_nothing(balance: int, only: bool) -> None:  # noqa: FBT001 - what is expected
    view = at_reward(balance)
    assert view.quote is not None
    assert view.quote.is_all_or_nothing is only
    assert steps.takes_other_amounts(view) is not only


def test_a_backend_that_says_how_much_leaves_no_other_amount() -> None:
    view = at_reward(900)
    fixed, free = (replace(view, can=replace(CAPABILITIES, variable_amounts=one)) for one in (False, True))
    assert not steps.takes_other_amounts(fixed)
    assert steps.takes_other_amounts(free)
    assert steps.nudged(fixed, -1).choice == TakeNothing()


def test_digits_and_the_point_change_nothing() -> None:
    view = at_reward(500)
    assert steps.with_digit(view, "1") == view
    assert steps.with_point(view) == view
    assert isinstance(steps.with_digit(at_reward(900), "1").choice, TakeAmount)


def test_one_step_less_is_none_and_one_more_is_all() -> None:
    none = steps.nudged(at_reward(500), -1)
    assert none.choice == TakeNothing()
    assert steps.nudged(none, -1).choice == TakeNothing()
    assert steps.nudged(none, +1).choice == TakeMaximum()


def test_other_is_offered_only_where_there_is_another_amount() -> None:
    for balance, kinds in ((500, ["maximum", "none"]), (900, ["maximum", "other", "none"])):
        view = at_reward(balance)
        assert view.quote is not None
        shown = choices_of(view, view.quote, WORDING)
        assert [choice.kind.value for choice in shown] == kinds
        assert f"of {len(kinds)}" in shown[0].spoken


def test_what_was_chosen_is_marked() -> None:
    view = replace(at_reward(500, TakeNothing()))
    assert view.quote is not None
    marked = [one.kind for one in choices_of(view, view.quote, WORDING) if one.chosen]
    assert marked == [ChoiceKind.NONE]
