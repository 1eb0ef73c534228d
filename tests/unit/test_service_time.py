"""What a sale keeps for the figures: who, when by the shop's clock, how long it took, and whether online."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from msgspec.structs import replace

from cashier_app.domain.counting import utc_offset_of
from cashier_app.domain.member import Account, TierStanding
from cashier_app.domain.money import Money
from cashier_app.domain.program.tiers import Tier
from cashier_app.domain.sale import EffectKind, Sale
from cashier_app.domain.staff import Role, StaffMember
from cashier_app.services.refunds import Refunds
from cashier_app.storage.rows import effect_row, sale_of
from tests.fakes.backend import LedgerMember
from tests.fakes.counter import PRIYAS_CODE, PRIYAS_PHONE, Counter
from tests.fakes.shop import COINS, RUPEE

MEERA = StaffMember("meera", "Meera", Role.CASHIER)


def last_sale(counter: Counter) -> Sale:
    return counter.journal.recent(1)[0].sale


def sell(counter: Counter, scan: str = PRIYAS_CODE) -> Sale:
    if scan:
        counter.session.scan(scan)
    else:
        counter.session.without_member()
    counter.clock.advance(3.2)
    counter.type("2360")
    counter.press_enter(2)
    counter.clock.advance(5.26)
    if counter.view.finished is None:
        counter.press_enter()
    return last_sale(counter)


def test_a_sale_takes_from_the_scan_to_the_commit(counter: Counter) -> None:
    counter.clock.advance(100)  # nobody is there
    assert sell(counter).took_tenths == 85


def test_the_next_customer_begins_anew(counter: Counter) -> None:
    sell(counter)
    counter.clock.advance(50)  # the finished sale is still on show
    assert sell(counter).took_tenths == 85


def test_a_sale_without_a_member_takes_from_the_first_key(counter: Counter) -> None:
    counter.clock.advance(9)
    counter.session.without_member()
    counter.clock.advance(4)
    counter.type("50")
    counter.press_enter(2)
    assert last_sale(counter).took_tenths == 40


def test_a_typed_number_takes_from_its_first_digit(counter: Counter) -> None:
    counter.type(PRIYAS_PHONE[:1])
    counter.clock.advance(2)
    counter.type(PRIYAS_PHONE[1:])
    counter.clock.advance(1)
    counter.type("50")
    counter.press_enter(3)
    assert last_sale(counter).took_tenths == 30


def test_what_was_typed_and_taken_back_began_nothing(counter: Counter) -> None:
    counter.type("9")
    counter.clock.advance(7)
    counter.session.delete()
    assert sell(counter).took_tenths == 85


def test_a_customer_who_was_not_found_at_first_waits_since_then(counter: Counter) -> None:
    counter.session.scan("LR1:nobody0001:aaaa")
    counter.clock.advance(10)
    assert sell(counter).took_tenths == 185


def test_going_back_and_paying_again_goes_on_from_the_scan(counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    counter.press_enter(2)
    counter.clock.advance(20)
    counter.session.back()
    counter.press_enter(2)
    assert last_sale(counter).took_tenths == 200


@pytest.mark.parametrize("seconds", [-86_400, 86_400])
def test_a_clock_that_jumps_makes_no_sale_longer_or_shorter(counter: Counter, seconds: float) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.clock.advance(4)
    counter.clock.jump(seconds)
    counter.type("50")
    counter.press_enter(3)
    sale = last_sale(counter)
    assert sale.took_tenths == 40
    assert sale.at == counter.clock.now()


def test_sale_and_effects_are_of_one_moment_by_the_shops_clock(counter: Counter) -> None:
    sale = sell(counter)
    ahead = utc_offset_of(counter.clock.now(), counter.settings.zone)
    assert ahead != 0
    effects = [row.effect for row in counter.journal.effects_of(sale.sale_id)]
    assert {(one.utc_offset, one.staff_id) for one in effects} == {(ahead, "")}
    assert sale.utc_offset == ahead
    assert {one.at for one in effects if one.kind is not EffectKind.RESERVE} == {sale.at}


def test_a_sale_carries_the_tier_of_its_member(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    account = counter.backend.account

    def of_gold(row: LedgerMember) -> Account:
        return replace(account(row), tier=TierStanding("Gold", 2, 3))

    monkeypatch.setattr(counter.backend, "account", of_gold)
    assert sell(counter).tier == "Gold"
    assert sell(counter, "").tier == ""


def test_of_somebody_only_met_offline_no_tier_is_claimed(counter: Counter) -> None:
    tiers = replace(COINS.tiers, levels=(Tier(name="Silver"),))
    counter.session._stage.show(replace(counter.view, program=replace(COINS, tiers=tiers)))
    counter.backend.silent = True
    sale = sell(counter)
    assert (sale.way is not None, sale.member_id, sale.tier) == (True, "", "")


def test_a_sale_says_whether_the_backend_could_be_asked(counter: Counter) -> None:
    assert not sell(counter).offline
    counter.connection.silent()
    assert sell(counter, "").offline


def test_whoever_is_signed_in_rings_it_up_and_stays_signed_in(counter: Counter) -> None:
    counter.session._stage.show(replace(counter.view, cashier=MEERA))
    sale = sell(counter)
    counter.session.next_customer()
    assert counter.view.cashier == MEERA
    assert sale.staff_id == "meera"
    assert {row.effect.staff_id for row in counter.journal.effects_of(sale.sale_id)} == {"meera"}


def test_goods_are_taken_back_by_whoever_is_there_then(counter: Counter) -> None:
    sale = sell(counter)
    zone = counter.settings.zone
    counter.clock.advance(timedelta(days=1).total_seconds())
    refunds = Refunds(counter.journal, counter.backend, counter.workshop.lookup, counter.clock, zone)
    refunds.take_back(sale.sale_id, Money(10_000, RUPEE), "arun")
    back = counter.journal.effects_of(sale.sale_id)[-1].effect
    assert (back.staff_id, back.utc_offset) == ("arun", utc_offset_of(counter.clock.now(), zone))
    shown = refunds.returnable(sale.sale_id)
    counter.workshop.returns.take_back(shown, None, "arun")
    assert counter.journal.effects_of(sale.sale_id)[-1].effect.staff_id == "arun"


def test_rows_of_before_are_still_read(counter: Counter) -> None:
    sale = sell(counter)
    new = ("staff_id", "tier", "took_tenths", "offline", "utc_offset", "taken_back", "restored")
    with counter.journal.database.reading() as connection:
        (body,) = connection.execute("SELECT body FROM sale").fetchone() or ("",)
        (told,) = connection.execute("SELECT body FROM effect").fetchone() or ("",)
    before, effect = (
        json.dumps({name: value for name, value in json.loads(str(text)).items() if name not in new})
        for text in (body, told)
    )
    old = sale_of(before)
    assert (old.staff_id, old.tier, old.offline) == ("", "", False)
    assert old.took_tenths is old.utc_offset is None
    assert old.sale_id == sale.sale_id
    row = effect_row((1, effect, "waiting", 0, None, None, "", None, None, None))
    assert (row.effect.staff_id, row.effect.utc_offset) == ("", None)
