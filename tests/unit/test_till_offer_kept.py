"""What makes a new offer before it is accepted, and that nothing changes an accepted one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from cashier_app.domain.money import Currency
from cashier_app.services.till_reading import OTHER_CURRENCY
from cashier_app.services.till_view import NoticeKind, Step
from tests.fakes.counter import PRIYAS_CODE, RAHULS_CODE, SETTINGS, Counter, with_currency
from tests.fakes.keys import at_bill, at_partial, balance_was, discount, name, notice, serve_slowly, step
from tests.fakes.runner import SteppedRunner
from tests.fakes.shop import COINS, altered, rupees

TWICE = {"rules": [{"kind": "per_amount", "points": 1, "per": 50}]}


def test_f5_reads_the_balance_again_and_says_what_it_was(counter: Counter) -> None:
    at_partial(counter)
    counter.backend.members["m-1"].balance = Decimal(120)
    counter.session.refresh_account()
    assert discount(counter) == rupees(120)
    assert balance_was(counter) == Decimal(1240)


def test_f5_without_news_changes_nothing(counter: Counter) -> None:
    at_partial(counter)
    before = counter.view
    counter.session.refresh_account()
    assert counter.view == before


def test_an_answer_that_comes_while_paying_changes_no_accepted_offer(
    slow: Counter, runner: SteppedRunner
) -> None:
    serve_slowly(slow, runner)
    slow.session.refresh_account()
    slow.backend.members["m-1"].balance = Decimal(1239)
    refreshed = runner.answer_later(0)
    slow.backend.members["m-1"].balance = Decimal(1240)
    slow.press_enter(2)
    runner.run_all()
    offered = slow.view.quote
    refreshed()
    assert slow.view.quote == offered
    slow.press_enter()
    runner.run_all()
    assert slow.journal.recent(1)[0].sale.points_expected == Decimal(21)


def test_a_switch_answered_while_paying_does_not_change_who_pays(
    slow: Counter, runner: SteppedRunner
) -> None:
    slow.session.scan(PRIYAS_CODE)
    runner.run_all()
    slow.session.scan(RAHULS_CODE)
    found = runner.answer_later(0)
    slow.type("2360")
    slow.press_enter(2)
    found()
    assert name(slow) == "Priya Raghunathan", "not while the hold is asked for either"
    runner.run_all()
    assert (step(slow), name(slow)) == (Step.PAY, "Priya Raghunathan")
    assert notice(slow) is None or notice(slow) is NoticeKind.SCAN_NOT_USED
    slow.press_enter()
    runner.run_all()
    slow.drain()
    assert slow.journal.recent(1)[0].sale.member_id == "m-1"
    assert slow.backend.open_holds() == []


def test_a_switch_answered_after_the_bill_was_typed_is_only_offered(
    slow: Counter, runner: SteppedRunner
) -> None:
    slow.session.scan(PRIYAS_CODE)
    runner.run_all()
    slow.session.scan(RAHULS_CODE)
    slow.type("2360")
    runner.run_all()
    assert name(slow) == "Priya Raghunathan"
    assert notice(slow) is NoticeKind.SWITCH_OFFERED


def test_no_switch_while_points_are_being_held(slow: Counter, runner: SteppedRunner) -> None:
    serve_slowly(slow, runner)
    slow.session.scan(RAHULS_CODE)
    runner.run_all()
    slow.press_enter(2)
    assert slow.view.busy
    slow.session.another_member()
    runner.run_all()
    assert (step(slow), name(slow)) == (Step.PAY, "Priya Raghunathan")


def test_a_new_program_never_changes_an_accepted_offer(slow: Counter, runner: SteppedRunner) -> None:
    serve_slowly(slow, runner)
    slow.press_enter(2)
    runner.run_all()
    offered = slow.view.quote
    slow.backend.the_program = altered(COINS, version="8", earning=TWICE)
    slow.session.start()
    runner.run_all()
    assert slow.view.quote == offered
    slow.press_enter()
    runner.run_all()
    sale = slow.journal.recent(1)[0].sale
    assert (sale.program_version, sale.points_expected) == ("7", Decimal(21))


def test_a_new_program_makes_a_new_offer_before_payment(counter: Counter) -> None:
    at_bill(counter)
    counter.backend.the_program = altered(COINS, version="8", earning=TWICE)
    counter.session.start()
    assert counter.view.quote is not None
    assert (counter.view.quote.program_version, counter.view.quote.earns) == ("8", Decimal(43))


def test_a_program_in_another_currency_is_not_used(tmp_path: Path) -> None:
    settings = with_currency(SETTINGS, Currency("INR", 0))
    counter = Counter(tmp_path, settings=settings).open_for_business()
    assert counter.view.program is None
    assert counter.view.trouble == OTHER_CURRENCY
    counter.close()
