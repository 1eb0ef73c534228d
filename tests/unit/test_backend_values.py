"""The values that backends and services exchange about members, corrections, returns and trials."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.enrolment import Enrolling, EnrolmentField, NewMember, still_missing
from cashier_app.domain.money import Money
from cashier_app.domain.offers import Offers
from cashier_app.domain.probe import Found, Probed, Right, RightProbed
from cashier_app.domain.program.earning import NOTHING_EARNED
from cashier_app.domain.sale import EffectKind, SaleReturn
from tests.fakes.effects import effect, sale, sale_id
from tests.fakes.shop import COINS, RUPEE

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
EVERYTHING = {
    EnrolmentField.PHONE: {"phone": "+919845055501"},
    EnrolmentField.NAME: {"name": "Asha Menon"},
    EnrolmentField.EMAIL: {"email": "asha@shop.example"},
    EnrolmentField.NUMBER: {"number": "MC20001"},
    EnrolmentField.BIRTHDAY: {"birthday": date(1990, 4, 17)},
    EnrolmentField.CONSENT_TO_TERMS: {"agrees_to_terms": True},
    EnrolmentField.CONSENT_TO_MARKETING: {"agrees_to_marketing": True},
    EnrolmentField.REFERRAL: {"referral": "PRIYA24"},
}


@pytest.mark.parametrize("field", EnrolmentField)
def test_what_is_mandatory_is_missed_until_it_is_told(field: EnrolmentField) -> None:
    wanted = Enrolling(mandatory=(field,))
    nobody = NewMember("key", NOW)
    assert still_missing(wanted, nobody) == (field,)
    assert still_missing(wanted, NewMember("key", NOW, **EVERYTHING[field])) == ()  # type: ignore[arg-type]


def test_one_of_several_will_do() -> None:
    ways = (EnrolmentField.PHONE, EnrolmentField.EMAIL)
    wanted = Enrolling(mandatory=(EnrolmentField.NAME,), one_of=ways)
    assert still_missing(wanted, NewMember("key", NOW)) == (EnrolmentField.NAME, *ways)
    assert still_missing(wanted, NewMember("key", NOW, name="Asha", email="a@shop.example")) == ()
    both = Enrolling(mandatory=(EnrolmentField.PHONE,), one_of=ways)
    assert still_missing(both, NewMember("key", NOW)) == ways


def test_a_correction_moves_points() -> None:
    with pytest.raises(ValueError, match="moves points"):
        Adjustment("key", "m-1", Decimal(0), "reason", "Meera", NOW)
    assert Adjustment("key", "m-1", Decimal(-5), "reason", "Meera", NOW).points == -5


def test_offers_stand_instead_of_the_program_for_one_bill() -> None:
    assert Offers().over(COINS).redemption == ()
    assert Offers().over(COINS).earning == COINS.earning
    assert Offers(earning=NOTHING_EARNED).over(COINS).earning == NOTHING_EARNED
    rewards = COINS.rewards[:1]
    assert Offers(COINS.redemption, rewards).over(COINS) == replace(COINS, rewards=rewards)


def test_a_backend_works_when_everything_tried_does() -> None:
    good, bad = RightProbed(Right.FIND, Found.WORKS), RightProbed(Right.LEDGER, Found.REFUSED)
    assert Probed((good,)).works
    assert not Probed((good, bad)).works
    assert not Probed(()).works


def test_what_undoes_an_effect_names_it() -> None:
    sold = replace(effect(EffectKind.SALE), rule_id="usual")
    nothing = Money(0, RUPEE)
    returned = SaleReturn(sale(), 2, False, nothing, nothing, nothing, Decimal(21), Decimal(0), NOW, (sold,))
    back = returned.effect(EffectKind.CLAW_BACK, Decimal(21), EffectKind.SALE)
    assert (back.key, back.original_key, back.rule_id) == (f"{sale_id(1)}-clawback-2", sold.key, "usual")
    given = returned.effect(EffectKind.RESTORE, Decimal(5), EffectKind.REDEEM)
    assert given.original_key == f"{sale_id(1)}-redeem-1", "what was never done is named all the same"
