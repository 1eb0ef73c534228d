"""Steps from one screen to the next that are easier shown without a whole till."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.domain.choice import TakeAmount, TakeMaximum
from cashier_app.domain.identifier import IdentifierRules
from cashier_app.domain.member import Way
from cashier_app.services import till_steps as steps
from cashier_app.services.till_status import NO_FIGURES, UNKNOWN_CONNECTION
from cashier_app.services.till_view import (
    LookingUp,
    Nobody,
    Notice,
    NoticeKind,
    Posting,
    Step,
    Target,
    TillView,
    Today,
    WithoutMember,
)
from tests.fakes.shop import OCCASION, RUPEE

TYPED = AmountEntry(RUPEE, "2360")
IDLE = TillView(
    step=Step.IDLE,
    target=Target.SCAN,
    person=Nobody(),
    entry="",
    bill=AmountEntry(RUPEE),
    choice=TakeMaximum(),
    occasion=OCCASION,
    connection=UNKNOWN_CONNECTION,
    today=Today(NO_FIGURES, ()),
)


@pytest.mark.parametrize("step", [one for one in Step if one is not Step.DONE])
def test_a_bill_is_kept_for_another_member_of_the_same_sale(step: Step) -> None:
    assert steps.fresh(replace(IDLE, step=step, bill=TYPED), keep_bill=True).bill == TYPED
    assert steps.fresh(replace(IDLE, step=step, bill=TYPED)).bill.is_empty


def test_a_finished_bill_is_kept_for_nobody() -> None:
    assert steps.fresh(replace(IDLE, step=Step.DONE, bill=TYPED), keep_bill=True).bill.is_empty


@pytest.mark.parametrize(
    ("notice", "kept"),
    [
        (Notice(1, NoticeKind.BACK_ONLINE, count=2), True),
        (Notice(1, NoticeKind.SWITCH_OFFERED, "Rahul"), False),
        (None, False),
    ],
)
def test_a_remark_that_names_somebody_goes_with_the_customer(
    notice: Notice | None,
    kept: bool,  # noqa: FBT001
) -> None:
    assert (steps.fresh(replace(IDLE, notice=notice)).notice == notice) is (kept or notice is None)


@pytest.mark.parametrize("step", [Step.IDLE, Step.LOOKING_UP, Step.CHOOSING, Step.PROBLEM])
def test_a_bill_typed_before_the_scan_belongs_to_who_is_looked_up(step: Step) -> None:
    before = replace(IDLE, step=step, bill=TYPED)
    assert steps.looking_up(before, LookingUp("", Way.PHONE)).bill == TYPED


def test_keys_without_a_place_to_go_leave_the_screen() -> None:
    paying = replace(IDLE, step=Step.PAY, target=Target.NOTHING, bill=TYPED)
    assert steps.with_digit(paying, "5") is paying
    assert steps.with_point(paying) is paying
    assert steps.without_last(paying) is paying
    assert steps.nudged(paying, 1) is paying
    assert steps.marked(paying, 1) is paying
    assert steps.picked(paying, "coffee") is paying


def test_backspace_at_the_discount_before_anything_was_typed() -> None:
    choosing = replace(IDLE, step=Step.REWARD, target=Target.DISCOUNT, bill=TYPED)
    assert steps.without_last(choosing) is choosing
    typed = steps.with_digit(choosing, "5")
    assert isinstance(typed.choice, TakeAmount)
    assert steps.without_last(typed).choice == TakeMaximum()


def test_without_a_quote_the_whole_bill_is_paid() -> None:
    view = steps.serving(replace(IDLE, bill=TYPED), WithoutMember())
    assert view.quote is None
    assert steps.to_pay(view) == TYPED.money
    assert not steps.can_redeem(view)


@pytest.mark.parametrize(
    ("posting", "seconds"),
    [
        (Posting.POSTED, 6),
        (Posting.NOTHING_TO_POST, 6),
        (Posting.POSTING, 10),
        (Posting.WAITING, 8),
        (Posting.NEEDS_ATTENTION, 8),
    ],
)
def test_a_finished_sale_stays_as_long_as_it_has_news(posting: Posting, seconds: int) -> None:
    assert steps.finished_clears_after(posting) == seconds


@pytest.mark.parametrize(
    ("entry", "complete"), [("", False), ("98450", False), ("9845012210", True), ("MB9845012210", False)]
)
def test_only_a_whole_number_needs_no_enter(entry: str, complete: bool) -> None:  # noqa: FBT001
    assert steps.looks_complete(replace(IDLE, entry=entry), IdentifierRules("IN")) is complete
