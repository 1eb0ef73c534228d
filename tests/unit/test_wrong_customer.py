"""The wrong customer: whoever is served gets their own offer, and nothing of anybody before."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace

from cashier_app.domain.choice import TakeMaximum
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.sale import EffectKind
from cashier_app.services.till_steps import requoted
from cashier_app.services.till_view import NoticeKind, Serving, Step
from tests.fakes.clock import FakeClock
from tests.fakes.counter import (
    PRIYAS_CODE,
    PRIYAS_PHONE,
    RAHULS_CODE,
    SETTINGS,
    SHARED_PHONE,
    STRANGERS_CODE,
    Counter,
)
from tests.fakes.keys import name, notice
from tests.fakes.runner import SteppedRunner
from tests.fakes.shop import ANIL, MEERA

PRIYA, RAHUL = "Priya Raghunathan", "Rahul Deshpande"
WHOSE = {PRIYAS_CODE: "m-1", RAHULS_CODE: "m-2", STRANGERS_CODE: ""}


@pytest.fixture
def asking(tmp_path: Path) -> Counter:
    """Return a till that asks about a member who was here within ten minutes."""
    made = Counter(tmp_path, settings=replace(SETTINGS, same_member_minutes=10)).open_for_business()
    yield made  # type: ignore[misc]
    made.close()


def serve(counter: Counter, code: str, bill: str = "2360") -> None:
    counter.session.scan(code)
    counter.type(bill)


def sell(counter: Counter, code: str = PRIYAS_CODE) -> None:
    serve(counter, code)
    counter.session.take_nothing()
    counter.press_enter()
    assert counter.view.step is Step.DONE
    counter.session.next_customer()


# --- switching --------------------------------------------------------------------------------------


def test_a_switch_quotes_anew_by_the_others_balance(counter: Counter) -> None:
    serve(counter, PRIYAS_CODE)
    hers = counter.view.quote
    counter.session.scan(RAHULS_CODE)
    assert (notice(counter), counter.view.quote) == (NoticeKind.SWITCH_OFFERED, hers)
    counter.session.another_member()
    assert name(counter) == RAHUL
    assert hers is not None
    assert counter.view.quote is not None
    assert hers.maximum.minor > counter.view.quote.maximum.minor == 0


def test_a_switch_is_changed_back_by_one_key_and_again(counter: Counter) -> None:
    serve(counter, PRIYAS_CODE)
    hers = counter.view.quote
    counter.session.scan(RAHULS_CODE)
    counter.session.another_member()
    assert counter.session.change_back()
    assert (name(counter), counter.view.quote, notice(counter)) == (PRIYA, hers, NoticeKind.SWITCHED)
    assert counter.session.change_back()
    assert name(counter) == RAHUL


def test_nothing_is_changed_back_without_a_switch(counter: Counter) -> None:
    assert not counter.session.change_back()
    serve(counter, PRIYAS_CODE)
    assert not counter.session.change_back()
    counter.session.scan(RAHULS_CODE)
    counter.session.another_member()
    counter.session.next_customer()
    assert not counter.session.change_back()
    serve(counter, RAHULS_CODE)
    assert not counter.session.change_back()


def test_once_it_is_paid_nobody_is_changed(counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.session.scan(RAHULS_CODE)
    assert (name(counter), notice(counter)) == (RAHUL, NoticeKind.SWITCHED)
    counter.type("640")
    counter.session.take_nothing()
    assert not counter.session.change_back()
    counter.press_enter()
    assert not counter.session.change_back()
    assert counter.journal.recent(1)[0].sale.member_id == "m-2"


# --- the same member again --------------------------------------------------------------------------


def test_who_was_here_a_moment_ago_is_asked_about(asking: Counter) -> None:
    sell(asking)
    asking.clock.advance(4 * 60 + 30)
    serve(asking, PRIYAS_CODE)
    assert asking.view.here_before == 4
    asking.session.take_maximum()
    asking.session.take_nothing()
    assert asking.view.step is Step.BILL, "no key goes on past the question"
    asking.press_enter()
    assert (asking.view.here_before, asking.view.step) == (None, Step.BILL)
    assert asking.view.bill.units == "2360", "what was typed meanwhile counts"
    asking.press_enter()
    assert asking.view.step is Step.REWARD


def test_no_keeps_the_bill_for_the_next_customer(asking: Counter) -> None:
    sell(asking)
    serve(asking, PRIYAS_CODE, "640")
    assert asking.view.here_before == 0
    asking.session.back()
    assert (asking.view.step, asking.view.bill.units, name(asking)) == (Step.IDLE, "640", "Nobody")
    asking.session.scan(RAHULS_CODE)
    assert (name(asking), asking.view.here_before) == (RAHUL, None)


@pytest.mark.parametrize("how", ["scan", "phone"])
def test_after_the_time_nobody_is_asked_about(asking: Counter, how: str) -> None:
    sell(asking)
    asking.clock.advance(10 * 60)
    if how == "scan":
        asking.session.scan(PRIYAS_CODE)
    else:
        asking.type(PRIYAS_PHONE)
    assert (name(asking), asking.view.here_before) == (PRIYA, None)


def test_a_switch_to_who_was_here_asks_too(asking: Counter) -> None:
    sell(asking)
    asking.clock.advance(60)
    serve(asking, RAHULS_CODE)
    asking.session.scan(PRIYAS_CODE)
    asking.session.another_member()
    assert asking.view.here_before == 1


def test_a_shop_that_sets_no_time_is_never_asked(counter: Counter) -> None:
    sell(counter)
    serve(counter, PRIYAS_CODE)
    assert counter.view.here_before is None


def test_practice_asks_while_a_lesson_wants_it_and_forgets_whom_it_knew(counter: Counter) -> None:
    sell(counter)
    counter.session.ask_about_same_member(10)
    serve(counter, PRIYAS_CODE)
    assert counter.view.here_before is None, "the sale before counts for nothing"
    counter.session.next_customer()
    sell(counter)
    serve(counter, PRIYAS_CODE)
    assert counter.view.here_before == 0
    counter.session.next_customer()
    counter.session.ask_about_same_member()
    sell(counter)
    serve(counter, PRIYAS_CODE)
    assert counter.view.here_before is None


# --- nobody inherits, whatever is pressed ------------------------------------------------------------


class Customers(RuleBasedStateMachine):
    """Customers come one after the other, answers come late and in any order, keys in between."""

    keeps_late_answers = False

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.runner = SteppedRunner()
        minutes = replace(SETTINGS, same_member_minutes=10)
        self.counter = Counter(Path(self.folder.name), runner=self.runner, settings=minutes)
        self.counter.open_for_business()
        self.runner.run_all()
        self.asked: set[str] = set()
        if self.keeps_late_answers:
            self._let_late_answers_in()

    def _let_late_answers_in(self) -> None:
        """Break the till on purpose: every answer is taken for the newest."""
        identification = self.counter.session._identification

        def ask(identifier: object, found: object) -> None:
            lookup = self.counter.workshop.lookup
            self.runner.run(
                lambda: lookup.find(identifier),  # type: ignore[arg-type]
                lambda answer: found(identifier, answer),  # type: ignore[operator]
                lambda _: None,
            )

        identification._ask = ask  # type: ignore[method-assign]

    def teardown(self) -> None:
        self.counter.close()
        self.folder.cleanup()

    @property
    def between(self) -> bool:
        return self.counter.view.step in {Step.IDLE, Step.PROBLEM, Step.DONE}

    @rule(code=st.sampled_from(sorted(WHOSE)))
    def scan(self, code: str) -> None:
        if self.counter.view.step is not Step.PAY and not self.counter.view.busy:
            self.asked.add(WHOSE[code])
        self.counter.session.scan(code)

    @rule(number=st.sampled_from([PRIYAS_PHONE, SHARED_PHONE]))
    @precondition(lambda self: self.between)
    def type_a_phone(self, number: str) -> None:
        self.asked |= {"m-1"} if number == PRIYAS_PHONE else {ANIL.member_id, MEERA.member_id}
        self.counter.type(number)

    @rule(bill=st.sampled_from(["640", "2360"]))
    @precondition(lambda self: not self.between)
    def type_a_bill(self, bill: str) -> None:
        self.counter.type(bill)

    @rule(place=st.integers(0, 3))
    @precondition(lambda self: self.runner.waiting)
    def an_answer_comes(self, place: int) -> None:
        self.runner.step(min(place, self.runner.waiting - 1))

    @rule(
        key=st.sampled_from(["confirm", "confirm", "back", "another_member", "change_back", "take_nothing"])
    )
    def press(self, key: str) -> None:
        getattr(self.counter.session, key)()
        self._forget_who_was_asked_for()

    @rule()
    def cleared(self) -> None:
        """Esc held: from now on, only who is scanned or typed after this may be served."""
        self.counter.session.clear_all()
        self._forget_who_was_asked_for()

    def _forget_who_was_asked_for(self) -> None:
        if self.counter.view.step is Step.IDLE and not self.counter.view.busy:
            self.asked.clear()

    @rule()
    def done(self) -> None:
        """Sell to whoever is there and go on to the next one."""
        self.runner.run_all()
        if self.counter.view.step in {Step.BILL, Step.REWARD}:
            before = self.counter.view
            self.counter.session.confirm()
            if before.here_before is None and self.counter.view.step is not Step.IDLE:
                self.counter.type("7")
                self.counter.session.take_nothing()
                self.runner.run_all()
                self.counter.session.confirm()
                self.runner.run_all()
        if self.counter.view.step is Step.DONE:
            self.counter.session.next_customer()
            self._forget_who_was_asked_for()
        self.counter.clock.advance(60)

    @invariant()
    def whoever_is_served_was_asked_for_since_the_last_customer(self) -> None:
        person = self.counter.view.person
        if isinstance(person, Serving) and self.counter.view.step is not Step.DONE:
            assert person.member.member_id in self.asked

    @invariant()
    def the_offer_is_that_of_whoever_is_served(self) -> None:
        view = self.counter.view
        if view.step in {Step.BILL, Step.REWARD} and not view.busy:
            assert requoted(view).quote == view.quote

    @invariant()
    def a_new_customer_starts_with_nothing(self) -> None:
        view = self.counter.view
        if view.step is Step.IDLE:
            assert (view.quote, view.finished, view.discount_entry) == (None, None, None)
            assert (view.choice, view.here_before, view.offers) == (TakeMaximum(), None, None)

    @invariant()
    def nobody_pays_for_another(self) -> None:
        for row in self.counter.rows() if self.counter.view.step is Step.DONE else []:
            found = self.counter.journal.sale(row.effect.sale_id)
            if found is not None and row.effect.kind in {EffectKind.SALE, EffectKind.CAPTURE}:
                assert row.effect.member_id == found[0].member_id
                assert row.effect.points >= NO_POINTS


MACHINE = settings(max_examples=30, stateful_step_count=20, deadline=None)


def test_the_next_customer_inherits_nothing() -> None:
    run_state_machine_as_test(Customers, settings=MACHINE)


def test_the_machine_sees_a_late_answer_put_the_last_customer_on_the_next_sale() -> None:
    class Broken(Customers):
        keeps_late_answers = True

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Broken, settings=settings(MACHINE, max_examples=300, database=None))


def test_the_clock_of_the_question_never_jumps(asking: Counter) -> None:
    assert isinstance(asking.clock, FakeClock)
    sell(asking)
    asking.clock.jump(86400)
    asking.session.scan(PRIYAS_CODE)
    assert asking.view.here_before == 0
