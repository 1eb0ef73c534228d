"""A sale from the first key to the last: typing a number, unusual bills, several members."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.domain.identifier import NotRecognised, Unrecognised
from cashier_app.domain.member import Way
from cashier_app.domain.reasons import NeedsPoints
from cashier_app.domain.sale import EffectKind
from cashier_app.services.till_view import NotFound, Posting, Serving, Step, Target, TillView, WithoutMember
from tests.fakes.backend import HOLD
from tests.fakes.counter import ANILS_CODE, PRIYAS_CODE, PRIYAS_PHONE, RAHULS_CODE, SETTINGS, Counter
from tests.fakes.keys import KEYS, at_choosing, discount, name, sell, serve, step
from tests.fakes.shop import rupees


# The whole way.
def test_a_scan_an_amount_and_three_enters_make_the_sale_of_the_pictures(counter: Counter) -> None:
    assert step(counter) is Step.IDLE
    counter.session.scan(PRIYAS_CODE)
    assert (step(counter), counter.view.target, name(counter)) == (
        Step.BILL,
        Target.BILL,
        "Priya Raghunathan",
    )
    counter.type("2360")
    assert discount(counter) == rupees(200)
    counter.press_enter()
    assert (step(counter), counter.view.target) == (Step.REWARD, Target.DISCOUNT)
    counter.press_enter()
    assert (step(counter), counter.view.target) == (Step.PAY, Target.NOTHING)
    assert counter.view.held_until == counter.clock.now() + HOLD
    counter.press_enter()
    assert (step(counter), counter.view.target) == (Step.DONE, Target.SCAN)
    finished = counter.view.finished
    assert finished is not None
    assert (finished.sale.number, finished.posting, finished.earned) == (
        "2-0001",
        Posting.POSTING,
        Decimal(21),
    )
    counter.deliver()
    counter.deliver()
    finished = counter.view.finished
    assert finished is not None
    assert (finished.posting, finished.balance) == (Posting.POSTED, Decimal(1061))
    assert finished.posted_at == counter.clock.now()
    assert counter.view.clears_after == 6
    person = counter.view.person
    assert isinstance(person, Serving)
    assert person.account.balance == Decimal(1061), "the card shows the account after the sale"
    counter.press_enter()
    assert step(counter) is Step.IDLE
    assert counter.view.today.figures.with_member == 1


def test_every_screen_is_told_to_who_listens_and_none_twice(counter: Counter) -> None:
    seen: list[TillView] = []
    counter.session.subscribe(seen.append)
    sell(counter)
    assert seen[0].step is Step.IDLE
    assert seen[-1] == counter.view
    assert all(before != after for before, after in pairwise(seen))


# Typing a number.
def test_a_whole_phone_number_is_looked_up_by_itself(counter: Counter) -> None:
    counter.type(PRIYAS_PHONE[:-1])
    assert (step(counter), counter.view.entry) == (Step.IDLE, PRIYAS_PHONE[:-1])
    counter.type(PRIYAS_PHONE[-1])
    assert name(counter) == "Priya Raghunathan"
    assert counter.view.entry == ""


def test_a_member_number_waits_for_enter(counter: Counter) -> None:
    counter.type("MB4471")
    assert step(counter) is Step.IDLE
    counter.press_enter()
    assert name(counter) == "Anil Kamath"
    person = counter.view.person
    assert isinstance(person, Serving)
    assert person.way is Way.MEMBER_NUMBER


def test_a_country_code_is_typed_with_a_plus(counter: Counter) -> None:
    counter.type(f"+91{PRIYAS_PHONE}")
    counter.press_enter()
    assert name(counter) == "Priya Raghunathan"


def test_where_numbers_differ_in_length_enter_is_awaited(tmp_path: Path) -> None:
    austrian = replace(SETTINGS, rules=replace(SETTINGS.rules, region="AT"))
    counter = Counter(tmp_path, settings=austrian).open_for_business()
    counter.type("06641234567")
    assert (step(counter), counter.view.entry) == (Step.IDLE, "06641234567")
    assert counter.view.bill.is_empty
    counter.close()


def test_a_number_nobody_has_stays_to_be_read_back(counter: Counter) -> None:
    counter.type("9845000000")
    assert step(counter) is Step.PROBLEM
    assert counter.view.person == NotFound("+919845000000", Way.PHONE)
    assert counter.view.entry == "9845000000"
    counter.type("9")
    assert (step(counter), counter.view.entry) == (Step.IDLE, "9")


def test_a_number_too_short_goes_on_where_it_ended(counter: Counter) -> None:
    counter.type(PRIYAS_PHONE[:-1])
    counter.press_enter()
    assert counter.view.person == Unrecognised(NotRecognised.BAD_PHONE, 9, 10)
    counter.type(PRIYAS_PHONE[-1])
    assert name(counter) == "Priya Raghunathan"


def test_backspace_mends_a_mistyped_number(counter: Counter) -> None:
    counter.type("9845000000")
    counter.session.delete()
    assert (step(counter), counter.view.entry) == (Step.IDLE, "984500000")


def test_a_field_takes_no_novel_and_no_control_character(counter: Counter) -> None:
    counter.type("x" * 100)
    assert counter.view.entry == "x" * 64
    for character in ("\n", "ü", "\x1b", "٣"):
        counter.session.type_character(character)
    assert counter.view.entry == "x" * 64


def test_a_strange_key_does_not_clear_a_finished_sale(counter: Counter) -> None:
    sell(counter)
    counter.session.type_character("\x1b")
    assert step(counter) is Step.DONE


def test_a_point_in_the_scan_field_is_a_point(counter: Counter) -> None:
    counter.type("98450.1")
    assert counter.view.entry == "98450.1"


def test_enter_on_an_empty_field_does_nothing(counter: Counter) -> None:
    before = counter.view
    counter.press_enter()
    assert counter.view == before


# Where nothing may be redeemed, or nobody is served.
def test_where_nothing_may_be_redeemed_enter_goes_to_the_payment(counter: Counter) -> None:
    serve(counter, RAHULS_CODE, "1150")
    assert counter.view.quote is not None
    assert counter.view.quote.refusal == NeedsPoints(Decimal(100), Decimal(80))
    counter.session.take_maximum()
    counter.session.start_discount_entry()
    counter.session.more()
    assert step(counter) is Step.BILL
    counter.press_enter(2)
    assert step(counter) is Step.DONE
    assert counter.kinds() == [EffectKind.SALE]


@pytest.mark.parametrize("key", ["enter", "maximum", "nothing", "other"])
def test_without_an_amount_nothing_goes_on(counter: Counter, key: str) -> None:
    counter.session.scan(PRIYAS_CODE)
    before = counter.view
    KEYS[key](counter)
    assert counter.view == before


def test_an_amount_typed_for_nobody_becomes_a_sale_without_a_member(counter: Counter) -> None:
    serve(counter)
    counter.session.another_member()
    counter.press_enter()
    assert isinstance(counter.view.person, WithoutMember)
    counter.press_enter(2)
    assert step(counter) is Step.DONE
    assert counter.view.finished is not None
    assert counter.view.finished.posting is Posting.NOTHING_TO_POST
    assert counter.rows() == []


# Unusual amounts.
@pytest.mark.parametrize("key", ["enter", "maximum", "nothing", "other"])
def test_an_unusual_bill_is_asked_about_once(counter: Counter, key: str) -> None:
    serve(counter, bill="236000")
    KEYS[key](counter)
    assert (step(counter), counter.view.confirm_bill) == (Step.BILL, True)
    KEYS[key](counter)
    assert step(counter) in {Step.REWARD, Step.PAY}


def test_an_unusual_bill_may_be_mended(counter: Counter) -> None:
    serve(counter, bill="236000")
    counter.press_enter()
    counter.session.back()
    assert (step(counter), counter.view.confirm_bill) == (Step.BILL, False)
    counter.press_enter()
    counter.session.delete()
    assert not counter.view.confirm_bill
    assert counter.view.bill.money == rupees(23600)


# Several members.
def test_one_of_several_is_chosen_by_number(counter: Counter) -> None:
    at_choosing(counter)
    counter.type("2")
    assert name(counter) == "Meera Kamath"


@pytest.mark.parametrize("digit", ["0", "3", "9"])
def test_a_number_nobody_stands_at_chooses_nobody(counter: Counter, digit: str) -> None:
    at_choosing(counter)
    counter.type(digit)
    assert step(counter) is Step.CHOOSING


def test_a_members_own_code_picks_that_member(counter: Counter) -> None:
    at_choosing(counter)
    counter.session.scan(ANILS_CODE)
    assert name(counter) == "Anil Kamath"


def test_choosing_without_a_choice_is_no_choice(counter: Counter) -> None:
    counter.session.choose(0)
    assert step(counter) is Step.IDLE
