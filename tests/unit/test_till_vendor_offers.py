"""A backend that quotes by itself: asked once for each bill, and never waited for without a way out."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cashier_app.domain.offers import Offers
from cashier_app.domain.program.figures import Amount
from cashier_app.ports.loyalty import Quoting
from cashier_app.services.till_view import Serving, Step
from tests.fakes.backend import CAPABILITIES
from tests.fakes.counter import PRIYAS_CODE, Counter
from tests.fakes.runner import SteppedRunner

VENDOR = replace(CAPABILITIES, quoting=Quoting.VENDOR)


@pytest.fixture
def till(counter: Counter) -> Counter:
    counter.backend.can = VENDOR
    counter.restart()
    counter.open_for_business()
    rule = counter.backend.the_program.redemption[0]
    counter.backend.offers = Offers((replace(rule, maximum_discount=Amount(15000)),))
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    return counter


def discount(counter: Counter) -> int:
    assert counter.view.quote is not None
    return counter.view.quote.discount.minor


def test_the_estimate_stands_until_the_bill_is_fixed(till: Counter) -> None:
    assert till.view.lacks_offers
    assert (discount(till), till.backend.asked_for) == (20000, [])
    till.press_enter()
    assert till.view.step is Step.REWARD
    assert not till.view.lacks_offers
    assert (discount(till), till.backend.asked_for) == (15000, [236000])


def test_what_was_offered_is_what_is_sold(till: Counter) -> None:
    till.press_enter(3)
    till.drain()
    (line,) = till.journal.recent(1)
    assert line.sale.discount.minor == 15000
    assert till.backend.asked_for == [236000]


def test_another_bill_is_another_question(till: Counter) -> None:
    till.press_enter()
    till.session.back()
    till.session.delete()
    assert till.view.lacks_offers
    till.press_enter()
    assert till.backend.asked_for == [236000, 23600]


def test_the_most_is_the_most_that_is_offered(till: Counter) -> None:
    till.session.take_maximum()
    assert till.view.step is Step.PAY
    assert discount(till) == 15000


def test_nothing_offered_is_a_sale_without_points(till: Counter) -> None:
    till.backend.offers = Offers()
    till.press_enter()
    assert till.view.step is Step.PAY
    assert discount(till) == 0


def test_without_points_nobody_is_asked(till: Counter) -> None:
    till.session.take_nothing()
    assert till.view.step is Step.PAY
    assert till.backend.asked_for == []


def test_without_an_answer_the_sale_goes_on_without_points(till: Counter) -> None:
    till.backend.silent = True
    till.press_enter()
    assert till.view.step is Step.BILL
    assert not till.view.busy
    assert discount(till) == 0
    assert isinstance(till.view.person, Serving)
    assert not till.view.person.fresh
    till.press_enter()
    assert till.view.step is Step.PAY


def test_a_question_can_be_left(slow: Counter, runner: SteppedRunner) -> None:
    slow.backend.can = VENDOR
    slow.session.start()
    runner.run_all()
    slow.session.scan(PRIYAS_CODE)
    runner.run_all()
    slow.type("2360")
    slow.press_enter()
    assert slow.view.busy
    slow.press_enter()
    slow.session.back()
    assert (slow.view.busy, slow.view.step) == (False, Step.BILL)
    runner.run_all()
    assert (slow.view.step, slow.view.offers) == (Step.BILL, None), "an answer that comes late is not used"


def test_a_backend_that_does_not_quote_is_never_asked(counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    counter.press_enter(2)
    assert counter.backend.asked_for == []
