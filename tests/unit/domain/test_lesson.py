"""Lessons as values: how facts are compared, and what a step and a lesson say of themselves."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.lesson import (
    Check,
    Code,
    Compare,
    Condition,
    HoldUp,
    HoldUpReceipt,
    Lesson,
    Network,
    Stage,
    Step,
    TypeIn,
    Value,
    since,
)
from cashier_app.domain.phone import national_digits
from cashier_app.domain.till_facts import At, Facts, Remarked

FACTS = Facts(at=At.BILL, bill=236000, balance=Decimal("12.5"), member="mem-priya")
ALWAYS = Condition((Check("busy", Compare.IS, (False,)),))
STEP = Step("one", "Do.", ALWAYS, "Now.")


@pytest.mark.parametrize(
    ("fact", "compare", "wanted", "holds"),
    [
        ("at", Compare.IS, ("bill",), True),
        ("at", Compare.IS, ("pay", "bill"), True),
        ("at", Compare.IS, ("pay",), False),
        ("at", Compare.IS_NOT, ("pay", "done"), True),
        ("at", Compare.IS_NOT, ("bill", "done"), False),
        ("remark", Compare.IS_NOT, ("switched",), True),
        ("bill", Compare.AT_LEAST, (236000,), True),
        ("bill", Compare.AT_LEAST, (236001,), False),
        ("bill", Compare.AT_MOST, (236000,), True),
        ("balance", Compare.AT_MOST, (Decimal(12),), False),
        ("balance", Compare.IS, (Decimal("12.50"),), True),
    ],
)
def test_a_fact_is_compared(fact: str, compare: Compare, wanted: tuple[Value, ...], holds: bool) -> None:  # noqa: FBT001
    assert Check(fact, compare, wanted).holds(FACTS) is holds


def test_all_of_a_condition_must_hold() -> None:
    bill, member = Check("bill", Compare.IS, (236000,)), Check("member", Compare.IS, ("mem-ravi",))
    assert Condition((bill,)).holds(FACTS)
    assert not Condition((bill, member)).holds(FACTS)


def test_the_first_code_a_step_wants() -> None:
    code, receipt = HoldUp("mem-priya", Code.FRESH), HoldUpReceipt()
    assert replace(STEP, do=(TypeIn("5"), code, receipt)).held_up == code
    assert replace(STEP, do=(receipt,)).held_up == receipt
    assert STEP.held_up is None


def test_the_network_is_as_the_last_step_staged_it() -> None:
    down = replace(STEP, stage=Stage(Network(down=True)))
    blocked = replace(STEP, stage=Stage(block=("a",)))
    clear = replace(STEP, stage=Stage(Network()))
    lesson = Lesson("a", 1, "A", "A.", 1, (STEP, down, blocked, clear))
    assert [lesson.network_at(place).down for place in range(4)] == [False, True, True, False]


def test_a_remark_belongs_to_the_step_it_was_made_in() -> None:
    facts = Facts(remark=Remarked.SWITCHED, remarks=3)
    assert since(facts, 3).remark is None
    assert since(facts, 2) == facts


def test_a_phone_number_as_it_is_typed_at_home() -> None:
    assert national_digits("+919845012210") == "9845012210"
