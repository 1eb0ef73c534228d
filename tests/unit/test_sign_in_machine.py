"""Tries, kills, clocks set and computers started anew, in any order, against a model that knows the truth.

The model counts how often a PIN was really looked at and by how much true time those looks lie apart. Each
planted bug must be caught by the same machine, or it means nothing.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cashier_app.services.sign_in import Allowed, NotRight, TooOften, TooSoon
from cashier_app.storage.staff_book import SqliteStaffBook
from tests.fakes.clock import FakeClock
from tests.fakes.staff_book import BUGS, PINS, WRONG, Killed, Shop, staffed_before

WAITS = {5: 30, 6: 60, 7: 120, 8: 240, 9: 480}
WHO = "asha"


class RealTime(FakeClock):
    """A clock whose computer can be started anew."""

    def start_computer(self, seconds: float) -> None:
        self.advance(seconds)
        self._monotonic = seconds


class Machine(RuleBasedStateMachine):
    """One cashier, whoever types for her, and whoever pulls plugs."""

    book: type[SqliteStaffBook] = SqliteStaffBook
    patient = True
    """Whether there is also what ends a wait rightly; a planted bug is found sooner without."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = RealTime()
        self.shop: Shop = staffed_before(self.folder, self.clock, self.book)
        self.looks: list[float] = []
        self.counted = 0

    def teardown(self) -> None:
        self.shop.journal.close()
        shutil.rmtree(self.folder)

    @initialize(wrong=st.sampled_from([5, 6, 3, 0]))
    def begin(self, wrong: int) -> None:
        """Start anywhere: most of what matters happens after the fifth try."""
        for _ in range(wrong):
            self.wrong_pin()

    @rule()
    def wrong_pin(self) -> None:
        self._judge(self._tried(WRONG), may_be_right=False)

    @precondition(lambda self: self.patient)
    @rule()
    def right_pin(self) -> None:
        self._judge(self._tried(PINS[WHO]), may_be_right=True)

    @rule(when=st.sampled_from(["before the check", "after the check"]))
    def killed_while_checking(self, when: str) -> None:
        self.shop.pins.dies = when
        with suppress(Killed):
            self._tried(WRONG)
        self.shop = self.shop.reopen()

    @rule()
    def killed(self) -> None:
        self.shop = self.shop.reopen()

    @precondition(lambda self: self.patient)
    @rule(seconds=st.sampled_from([1.0, 29.5, 30.5, 61.0, 240.0, 481.0, 4000.0]))
    def time_passes(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @rule(seconds=st.sampled_from([-1e8, -3600.0, -20.0, 20.0, 3600.0, 1e8]))
    def somebody_sets_the_clock(self, seconds: float) -> None:
        self.clock.jump(seconds)

    @rule(seconds=st.sampled_from([5.0, 40.0, 500.0]))
    def the_computer_is_started_anew(self, seconds: float) -> None:
        self.clock.start_computer(seconds)
        self.shop = self.shop.reopen()

    @precondition(lambda self: self.patient and self.counted >= 5)
    @rule()
    def a_manager_allows_it(self) -> None:
        self.shop.office.reset(WHO, "meera")
        self._forget()

    def _tried(self, pin: str) -> object:
        checked, now = self.shop.pins.checked, self.clock.true_now().timestamp()
        try:
            return self.shop.enter(WHO, pin)
        finally:
            looked = self.shop.pins.checked > checked
            if looked or self.shop.pins.dies:
                self.counted += 1
            if looked:
                self._look(now)

    def _look(self, now: float) -> None:
        """A PIN was looked at: it must have been time, by the clock on nobody's wall."""
        before = len(self.looks)
        assert before < 10, "an eleventh PIN was looked at"
        if before >= 5:
            assert now - self.looks[-1] >= WAITS[before] - 0.01, "a wait was shortened"
        self.looks.append(now)

    def _judge(self, answer: object, *, may_be_right: bool) -> None:
        match answer:
            case Allowed():
                assert may_be_right
                self._forget()
            case NotRight():
                assert not may_be_right
            case TooSoon(seconds):
                assert self.counted >= 5
                assert 0 < seconds <= WAITS.get(self.counted, 480)
            case TooOften():
                assert self.counted >= 10
            case _:
                raise AssertionError(answer)

    def _forget(self) -> None:
        self.looks, self.counted = [], 0


STEPS = settings(max_examples=30, stateful_step_count=25)
UNTIL_CAUGHT = settings(STEPS, max_examples=100, phases=[Phase.generate], report_multiple_bugs=False)


def test_no_order_of_events_gives_anybody_another_try() -> None:
    run_state_machine_as_test(Machine, settings=STEPS)


@pytest.mark.parametrize("bug", BUGS)
def test_each_planted_bug_is_caught(bug: type[SqliteStaffBook]) -> None:
    class WithBug(Machine):
        book = bug
        patient = False

    with pytest.raises(AssertionError, match=r"looked at|shortened"):
        run_state_machine_as_test(WithBug, settings=UNTIL_CAUGHT)
