"""The till, key by key: what each key does at each step."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.domain.identifier import NotRecognised, Unrecognised
from cashier_app.domain.member import Way
from cashier_app.domain.money import Money
from cashier_app.domain.quote import TakeAmount, TakeMaximum, TakeNothing, TakeReward
from cashier_app.domain.reasons import NeedsPoints
from cashier_app.domain.sale import EffectKind
from cashier_app.services.till_view import (
    NotFound,
    Posting,
    Serving,
    Step,
    Target,
    TillView,
    WithoutMember,
)
from tests.fakes.backend import HOLD
from tests.fakes.counter import ANILS_CODE, PRIYAS_CODE, PRIYAS_PHONE, RAHULS_CODE, SETTINGS, Counter
from tests.fakes.keys import (
    KEYS,
    Key,
    at_bill,
    at_choosing,
    at_done,
    at_empty_bill,
    at_idle,
    at_partial,
    at_pay,
    at_problem,
    at_reward,
    choice,
    discount,
    name,
    rupees,
    sell,
    serve,
    step,
    summary,
)
from tests.fakes.shop import RUPEE


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


# The key table, step by step: keys that do nothing there leave everything as it is.
IDLE_AGAIN: dict[str, object] = {"step": Step.IDLE, "target": Target.SCAN, "bill": "", "entry": ""}
NO_CHANGE: dict[str, object] = {}
AT_REWARD: dict[str, object] = {"step": Step.REWARD, "target": Target.DISCOUNT}
BILL_KEPT: dict[str, object] = {**IDLE_AGAIN, "bill": "2360"}
AT_PAY: dict[str, object] = {"step": Step.PAY, "target": Target.NOTHING}


TABLE: dict[Key, dict[str, dict[str, object]]] = {
    at_idle: {
        "digit": {"entry": "5"},
        "point": {"entry": "."},
        "letter": {"entry": "a"},
        "F8": {"step": Step.BILL, "target": Target.BILL, "person": "WithoutMember"},
    },
    at_empty_bill: {
        "digit": {"bill": "5"},
        "point": {"bill": "."},
        "esc": IDLE_AGAIN,
        "esc held": IDLE_AGAIN,
        "F3": IDLE_AGAIN,
        "expire": IDLE_AGAIN,
    },
    at_bill: {
        "digit": {"bill": "23605", "discount": rupees(250)},
        "point": {"bill": "2360."},
        "backspace": {"bill": "236", "discount": rupees(0)},
        "enter": {"step": Step.REWARD, "target": Target.DISCOUNT},
        "esc": IDLE_AGAIN,
        "esc held": IDLE_AGAIN,
        "maximum": {**AT_PAY, "discount": rupees(200)},
        "nothing": {**AT_PAY, "choice": TakeNothing(), "discount": rupees(0)},
        "other": {**AT_REWARD, "choice": TakeAmount(rupees(0)), "discount": rupees(0)},
        "down": {"marked": "coffee"},
        "up": {"marked": "tenth"},
        "F3": BILL_KEPT,
        "coffee": {"discount": rupees(0), "choice": TakeReward("coffee"), "marked": "coffee"},
        "expire": IDLE_AGAIN,
    },
    at_reward: {
        "digit": {"discount": rupees(5), "choice": TakeAmount(rupees(5))},
        "point": {"discount": rupees(0), "choice": TakeAmount(rupees(0))},
        "enter": {**AT_PAY, "discount": rupees(200)},
        "esc": {"step": Step.BILL, "target": Target.BILL},
        "esc held": IDLE_AGAIN,
        "maximum": {**AT_PAY, "discount": rupees(200)},
        "nothing": {**AT_PAY, "choice": TakeNothing(), "discount": rupees(0)},
        "other": {"discount": rupees(0), "choice": TakeAmount(rupees(0))},
        "less": {"discount": rupees(199), "choice": TakeAmount(rupees(199))},
        "down": {"marked": "coffee"},
        "up": {"marked": "tenth"},
        "F3": BILL_KEPT,
        "coffee": {"discount": rupees(0), "choice": TakeReward("coffee"), "marked": "coffee"},
        "expire": IDLE_AGAIN,
    },
    at_partial: {
        "digit": {"discount": rupees(200), "choice": TakeAmount(rupees(1505))},
        "point": NO_CHANGE,
        "backspace": {"discount": rupees(15), "choice": TakeAmount(rupees(15))},
        "enter": {**AT_PAY, "discount": rupees(150)},
        "esc": {"step": Step.BILL, "target": Target.BILL, "choice": TakeMaximum(), "discount": rupees(200)},
        "esc held": IDLE_AGAIN,
        "maximum": {**AT_PAY, "choice": TakeMaximum(), "discount": rupees(200)},
        "nothing": {**AT_PAY, "choice": TakeNothing(), "discount": rupees(0)},
        "other": {"discount": rupees(0), "choice": TakeAmount(rupees(0))},
        "less": {"discount": rupees(149), "choice": TakeAmount(rupees(149))},
        "more": {"discount": rupees(151), "choice": TakeAmount(rupees(151))},
        "down": {"marked": "coffee"},
        "up": {"marked": "tenth"},
        "F3": BILL_KEPT,
        "coffee": {"discount": rupees(0), "choice": TakeReward("coffee"), "marked": "coffee"},
        "expire": IDLE_AGAIN,
    },
    at_pay: {
        "enter": {"step": Step.DONE, "target": Target.SCAN},
        "esc": {"step": Step.REWARD, "target": Target.DISCOUNT},
        "esc held": IDLE_AGAIN,
    },
    at_choosing: {
        "digit": NO_CHANGE,
        "enter": {"step": Step.BILL, "target": Target.BILL, "person": "Anil Kamath"},
        "esc": IDLE_AGAIN,
        "esc held": IDLE_AGAIN,
        "down": {"person": "2 of Choosing"},
        "up": {"person": "2 of Choosing"},
        "choose 1": {"step": Step.BILL, "target": Target.BILL, "person": "Anil Kamath"},
        "F8": {"step": Step.BILL, "target": Target.BILL, "person": "WithoutMember"},
        "expire": IDLE_AGAIN,
    },
    at_problem: {
        "digit": {**IDLE_AGAIN, "entry": "5"},
        "point": {**IDLE_AGAIN, "entry": "."},
        "letter": {**IDLE_AGAIN, "entry": "a"},
        "backspace": IDLE_AGAIN,
        "esc": IDLE_AGAIN,
        "esc held": IDLE_AGAIN,
        "F8": {"step": Step.BILL, "target": Target.BILL, "person": "WithoutMember"},
        "expire": IDLE_AGAIN,
    },
    at_done: {
        "digit": {**IDLE_AGAIN, "entry": "5"},
        "point": {**IDLE_AGAIN, "entry": "."},
        "letter": {**IDLE_AGAIN, "entry": "a"},
        "enter": IDLE_AGAIN,
        "esc": IDLE_AGAIN,
        "esc held": IDLE_AGAIN,
        "F8": {"step": Step.BILL, "target": Target.BILL, "person": "WithoutMember", "bill": ""},
        "expire": IDLE_AGAIN,
    },
}


CLEAN = {"person": "Nobody", "choice": TakeMaximum(), "discount": None, "marked": ""}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("place", TABLE, ids=lambda place: place.__name__)
def test_the_key_table(counter: Counter, place: Key, key: str) -> None:
    place(counter)
    expected = summary(counter.view)
    changes = TABLE[place].get(key, NO_CHANGE)
    if changes.get("step") is Step.IDLE and "person" not in changes:
        expected.update(CLEAN)
    if changes.get("person") == "WithoutMember":
        expected.update(CLEAN)
    if changes.get("person") == "Anil Kamath":
        expected["discount"] = rupees(0)
    expected.update(changes)
    KEYS[key](counter)
    assert summary(counter.view) == expected


def test_keys_of_the_reward_step_move_by_a_step_and_stop_at_the_ends(counter: Counter) -> None:
    at_reward(counter)
    counter.session.more()
    assert choice(counter) == TakeMaximum()
    counter.session.less()
    counter.session.more()
    assert choice(counter) == TakeMaximum()
    counter.type("1")
    for _ in range(3):
        counter.session.less()
    assert choice(counter) == TakeNothing()


def test_an_emptied_discount_is_the_maximum_again(counter: Counter) -> None:
    at_partial(counter)
    for _ in range(3):
        counter.session.delete()
    assert choice(counter) == TakeMaximum()
    assert counter.view.discount_entry is None
    assert discount(counter) == rupees(200)
    counter.session.delete()
    assert choice(counter) == TakeMaximum()


def test_a_discount_takes_decimals(counter: Counter) -> None:
    at_reward(counter)
    counter.type("99.5")
    assert choice(counter) == TakeAmount(Money(9950, RUPEE))
    assert discount(counter) == rupees(99)


def test_a_reward_is_marked_picked_and_given_back(counter: Counter) -> None:
    at_reward(counter)
    counter.session.pick_marked()
    assert choice(counter) == TakeMaximum()
    counter.session.mark_next()
    counter.session.mark_next()
    assert counter.view.marked_reward == "tenth"
    counter.session.mark_next()
    assert counter.view.marked_reward == "coffee"
    counter.session.mark_previous()
    counter.session.pick_marked()
    assert discount(counter) == rupees(236)
    counter.session.pick_marked()
    assert choice(counter) == TakeMaximum()
    counter.session.pick_reward("unheard of")
    assert choice(counter) == TakeMaximum()


def test_a_reward_is_held_and_taken_like_points(counter: Counter) -> None:
    at_reward(counter)
    counter.session.pick_reward("tenth")
    counter.press_enter(2)
    counter.drain()
    sale = counter.journal.recent(1)[0].sale
    assert (sale.points_used, sale.discount) == (Decimal(500), rupees(236))
    assert counter.backend.taken == {sale.sale_id: Decimal(500)}
    assert {row.effect.reward_id for row in counter.rows()} == {"tenth"}


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
