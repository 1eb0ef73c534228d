from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cashier_app.domain.counting import Movement, Place
from cashier_app.domain.figures import Figures
from cashier_app.domain.ledger_line import act_of, by_act
from cashier_app.domain.sale import OF_RETURNS, EffectKind, effect_key
from tests.fakes.effects import sale_id

PLACE = Place(date(2026, 11, 20), 14, "INR", "meera", "2", "Gold", "phone")
AT = datetime(2026, 11, 20, 9, 2, tzinfo=UTC)


def movement(subject: str, **figures: int) -> Movement:
    return Movement(subject, AT, PLACE, Figures(**figures))


@pytest.mark.parametrize("kind", list(EffectKind))
def test_an_effect_belongs_to_its_sale_or_to_one_return_of_it(kind: EffectKind) -> None:
    act = act_of(effect_key(sale_id(7), kind, 3))
    assert act == (f"{sale_id(7)}-return-3" if kind in OF_RETURNS else sale_id(7))


@pytest.mark.parametrize(
    "subject", [sale_id(7), "act-17", "", f"{sale_id(7)}-made-up", f"{sale_id(7)}x-sale-1"]
)
def test_anything_else_is_an_act_by_itself(subject: str) -> None:
    assert act_of(subject) == subject


def test_all_that_one_act_counts_is_added_up() -> None:
    key = effect_key(sale_id(1), EffectKind.CAPTURE)
    back = [effect_key(sale_id(1), kind, 1) for kind in (EffectKind.CLAW_BACK, EffectKind.RESTORE)]
    found = by_act(
        [
            movement(sale_id(1), sales=1),
            movement(key, corrections=1),
            *(movement(one, returns=number) for number, one in enumerate(back)),
            movement("act-1"),
        ]
    )
    assert list(found) == [sale_id(1), f"{sale_id(1)}-return-1"]
    assert found[sale_id(1)].figures == Figures(sales=1, corrections=1)
    assert found[f"{sale_id(1)}-return-1"].figures == Figures(returns=1)
