"""Effects, their states and their keys."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.bill import Bill, Line
from cashier_app.domain.member import Member
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.returned import ReturnedLine
from cashier_app.domain.sale import (
    FORWARD,
    Effect,
    EffectKind,
    EffectState,
    ReturnReason,
    Sale,
    SaleReturn,
    SoldLine,
    effect_key,
    short_name,
)

RUPEE = Currency("INR", 2)


def effect(member_id: str = "", identified_by: str = "") -> Effect:
    return Effect(
        key="k",
        kind=EffectKind.SALE,
        sale_id="s",
        member_id=member_id,
        points=Decimal(1),
        bill=Money(1, RUPEE),
        discount=Money(0, RUPEE),
        paid=Money(1, RUPEE),
        at=datetime(2026, 1, 1, tzinfo=UTC),
        program_version="7",
        identified_by=identified_by,
    )


def test_effects_are_ordered_by_account_or_by_what_was_scanned() -> None:
    assert effect(member_id="m-1").account_key == "m-1"
    assert effect(identified_by="phone:+91").account_key == "phone:+91"


def test_what_names_nobody_or_links_a_sale_follows_that_sale() -> None:
    assert effect().account_key == "sale s"
    linked = replace(effect(member_id="m-1"), kind=EffectKind.LINK)
    assert linked.account_key == "sale s"
    assert replace(linked, member_id="", identified_by="phone:+91").account_key == "phone:+91"


def test_the_lines_of_a_sale_are_its_bill_as_rules_look_at_it() -> None:
    lines = (Line(700, tax=100, quantity=Decimal(2), item="S-1"), Line(300))
    total = Money(1000, RUPEE)
    made = Sale(
        sale_id="s",
        number="2-0001",
        member_id="",
        display_name="",
        way=None,
        bill=total,
        discount=Money(0, RUPEE),
        paid=total,
        points_used=Decimal(0),
        points_expected=Decimal(0),
        at=datetime(2026, 1, 1, tzinfo=UTC),
        program_version="7",
    )
    assert made.itemised == Bill(total)
    assert replace(made, lines=tuple(SoldLine("", line) for line in lines)).itemised == Bill(
        total, 100, lines
    )


def test_what_came_back_is_said_by_every_effect_of_a_return() -> None:
    told = effect(member_id="m-1")
    sale = Sale(
        sale_id="s",
        number="2-0001",
        member_id="m-1",
        display_name="",
        way=None,
        bill=told.bill,
        discount=told.discount,
        paid=told.paid,
        points_used=Decimal(0),
        points_expected=Decimal(1),
        at=told.at,
        program_version="7",
    )
    back = SaleReturn(
        sale=sale,
        count=2,
        whole=False,
        bill=told.bill,
        discount=told.discount,
        paid=told.paid,
        taken_back=Decimal(1),
        restored=Decimal(0),
        at=told.at,
        effects=(told,),
        reason=ReturnReason.MOVED,
        lines=(ReturnedLine(0, Decimal(1)),),
    )
    undone = back.effect(EffectKind.CLAW_BACK, Decimal(1), EffectKind.SALE)
    assert (undone.key, undone.original_key) == ("s-clawback-2", "k")
    assert (undone.reason, undone.lines) == (back.reason, back.lines)
    assert back.effect(EffectKind.RESTORE, Decimal(1), EffectKind.CAPTURE).original_key == "s-capture-1"


def test_each_effect_of_a_sale_has_its_own_key() -> None:
    keys = [effect_key("sale", kind) for kind in EffectKind] + [effect_key("sale", EffectKind.REFUND, 2)]
    assert len(set(keys)) == len(keys)
    assert keys[0] == "sale-reserve-1"


def test_every_state_says_what_may_follow() -> None:
    assert set(FORWARD) == set(EffectState)


def test_what_is_settled_stays_settled() -> None:
    assert not FORWARD[EffectState.POSTED]
    assert not FORWARD[EffectState.DROPPED]


def test_nothing_in_doubt_is_taken_for_unsent() -> None:
    assert EffectState.WAITING not in FORWARD[EffectState.UNKNOWN]
    assert EffectState.WAITING not in FORWARD[EffectState.NEEDS_ATTENTION]


def test_nothing_is_posted_that_was_not_sent_or_looked_up() -> None:
    assert EffectState.POSTED not in FORWARD[EffectState.WAITING]


def test_every_state_can_come_to_an_end() -> None:
    def reachable(state: EffectState) -> set[EffectState]:
        seen: set[EffectState] = set()
        ahead = [state]
        while ahead:
            here = ahead.pop()
            ahead += [after for after in FORWARD[here] if after not in seen]
            seen |= FORWARD[here]
        return seen

    for state in set(EffectState) - {EffectState.POSTED, EffectState.DROPPED}:
        assert EffectState.POSTED in reachable(state)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Priya Raghunathan", "Priya R."),
        ("  Priya  Lakshmi   Raghunathan ", "Priya R."),
        ("Cher", "Cher"),
        ("", ""),
        ("   ", ""),
        ("x" * 100, "x" * 24),
        ("x" * 100 + " Y", "x" * 24 + " Y."),
        ("श्रीमती राव", "श्रीमती र."),
    ],
)
def test_a_sale_is_known_by_first_name_and_initial(name: str, short: str) -> None:
    assert short_name(name) == short


@pytest.mark.parametrize(("name", "first"), [("Priya Raghunathan", "Priya"), ("Cher", "Cher"), ("  ", "")])
def test_the_first_name(name: str, first: str) -> None:
    assert Member("m", name).first_name == first
