"""Any keys, scans, faults, outages and restarts: what was called done is at the backend exactly once."""

from __future__ import annotations

import tempfile
from collections import Counter as Tally
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import Phase, event, settings
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
from cashier_app.domain.member import Member
from cashier_app.domain.outcome import RefusedBecause
from cashier_app.domain.quote import Quote
from cashier_app.domain.sale import Effect, EffectKind, EffectState, effect_key
from cashier_app.errors import KnownError
from cashier_app.ports.journal import EffectRow
from cashier_app.services.delivery import Delivery
from cashier_app.services.till_view import Nobody, Serving, Step
from tests.fakes.backend import HOLD, Fault
from tests.fakes.counter import (
    DEVIKAS_CODE,
    PRIYAS_CODE,
    PRIYAS_PHONE,
    RAHULS_CODE,
    SHARED_PHONE,
    STRANGERS_CODE,
    Counter,
)
from tests.fakes.runner import SteppedRunner

NOBODYS_PHONE = "9845000000"
CODES = [PRIYAS_CODE, RAHULS_CODE, DEVIKAS_CODE, STRANGERS_CODE, "LR1:priya0001:aaaa", "4111111111111111"]
LASTING = {EffectKind.CAPTURE, EffectKind.SALE}
# A backend that says a hold is gone which is not would be lying; nothing helps against that.
HONEST = [because for because in RefusedBecause if because is not RefusedBecause.RESERVATION_GONE]
PASSING = [fault for fault in Fault if fault is not Fault.BUG]


class Till(RuleBasedStateMachine):
    """A cashier, customers and a world that fails, in any order."""

    delivery: type[Delivery] = Delivery

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.runner = SteppedRunner()
        self.counter = Counter(Path(self.folder.name), runner=self.runner, delivery=self.delivery)
        self.counter.open_for_business()
        self.runner.run_all()
        self.offered: dict[str, Quote | None] = {}
        self.disk_full = False
        self._mind_the_disk()

    def teardown(self) -> None:
        """Let everything come to rest, then compare what the till and the backend believe."""
        try:
            self._settle()
            self._check_the_books()
        finally:
            self.counter.close()
            self.folder.cleanup()

    # The cashier.
    @rule(code=st.sampled_from(CODES))
    def scan(self, code: str) -> None:
        self.counter.session.scan(code)

    @rule(number=st.sampled_from([PRIYAS_PHONE, SHARED_PHONE, NOBODYS_PHONE, "MB4471"]))
    def type_a_number(self, number: str) -> None:
        self.counter.type(number)

    @rule(amount=st.sampled_from(["2360", "499", "0.5", "120000", "7"]))
    def type_an_amount(self, amount: str) -> None:
        self.counter.type(amount)

    @rule(times=st.integers(1, 4))
    def press_enter(self, times: int) -> None:
        for _ in range(times):
            self._note_the_offer()
            self.counter.press_enter()

    @rule()
    def press_esc(self) -> None:
        self.counter.session.back()

    @rule(
        key=st.sampled_from(
            [
                "clear_all",
                "take_maximum",
                "take_nothing",
                "start_discount_entry",
                "less",
                "more",
                "mark_next",
                "pick_marked",
                "delete",
                "without_member",
                "another_member",
                "refresh_account",
                "expire",
                "tick",
                "next_customer",
            ]
        )
    )
    def press(self, key: str) -> None:
        getattr(self.counter.session, key)()

    @rule(code=st.sampled_from([PRIYAS_CODE, PRIYAS_CODE, RAHULS_CODE]))
    def go_the_usual_way(self, code: str) -> None:
        """Go as far as the payment, so that what can fail there is tried often."""
        self.counter.session.clear_all()
        self.runner.run_all()
        self.counter.session.scan(code)
        self.runner.run_all()
        self.counter.type("2360")
        self.counter.press_enter(2)

    @rule(
        faults=st.lists(st.sampled_from([None, *PASSING]), max_size=5),
        look_ups_lost=st.sampled_from([0, 0, 0, 1]),
    )
    def sell_and_post(self, faults: list[Fault | None], look_ups_lost: int) -> None:
        """Make a whole sale while requests go wrong, and let the sender try for a while."""
        self.counter.backend.faults.extendleft(faults)
        self.counter.backend.look_ups_lost = look_ups_lost
        self.go_the_usual_way(PRIYAS_CODE)
        self.finish()
        for _ in range(4):
            self.the_sender_works(None)
            self.counter.clock.advance(2)

    @rule()
    def finish(self) -> None:
        self.runner.run_all()
        self._note_the_offer()
        self.counter.press_enter()
        self.runner.run_all()

    # Answers, in any order.
    @precondition(lambda self: self.runner.waiting)
    @rule(place=st.integers(0, 3))
    def an_answer_comes(self, place: int) -> None:
        self.runner.step(min(place, self.runner.waiting - 1))

    @rule()
    def all_answers_come(self) -> None:
        self.runner.run_all()

    # The world.
    @rule(faults=st.lists(st.sampled_from([None, *PASSING]), min_size=1, max_size=4))
    def things_go_wrong(self, faults: list[Fault | None]) -> None:
        self.counter.backend.faults.extend(faults)

    @rule(because=st.sampled_from(HONEST))
    def refusals_have_a_reason(self, because: RefusedBecause) -> None:
        self.counter.backend.refuse_because = because

    @rule(silent=st.booleans())
    def the_network(self, silent: bool) -> None:  # noqa: FBT001
        self.counter.backend.silent = silent

    @rule(count=st.integers(1, 3))
    def look_ups_are_lost(self, count: int) -> None:
        self.counter.backend.look_ups_lost = count

    @rule(balance=st.integers(0, 3000))
    def the_balance_changes_elsewhere(self, balance: int) -> None:
        held = sum((hold.points for hold in self.counter.backend.open_holds("m-1")), Decimal(0))
        self.counter.backend.members["m-1"].balance = held + balance

    @rule(full=st.booleans())
    def the_disk(self, full: bool) -> None:  # noqa: FBT001
        self.disk_full = full

    @rule(seconds=st.sampled_from([1, 5, 60, HOLD.total_seconds()]))
    def time_passes(self, seconds: float) -> None:
        self.counter.clock.advance(seconds)

    @rule(days=st.sampled_from([-400, 400]))
    def the_clock_is_set(self, days: int) -> None:
        self.counter.clock.jump(days * 86400)

    @rule(fault=st.sampled_from([None, None, *PASSING]))
    def the_sender_works(self, fault: Fault | None) -> None:
        if fault is not None:
            self.counter.backend.faults.appendleft(fault)
        try:
            self.counter.deliver()
        except KnownError:
            assert self.disk_full

    @rule()
    def the_power_goes(self) -> None:
        full, self.disk_full = self.disk_full, False
        self.runner.forget_all()
        self.counter.restart()
        self._mind_the_disk()
        self.runner.run_all()
        self.disk_full = full
        assert isinstance(self.counter.view.person, Nobody)

    # What always holds.
    @invariant()
    def nobody_inherits_anything(self) -> None:
        view = self.counter.view
        if view.step is Step.IDLE:
            assert isinstance(view.person, Nobody)
            assert view.quote is None
            assert view.choice == TakeMaximum()
            assert view.finished is None
            assert view.held_until is None
            assert view.balance_was is None
            assert not view.marked_reward
            assert not (view.notice and view.notice.name)
        if view.finished is None and view.step is not Step.IDLE and isinstance(view.person, Nobody):
            assert view.quote is None

    @invariant()
    def the_offer_is_for_who_is_served(self) -> None:
        view = self.counter.view
        if view.step is Step.PAY and view.quote is not None and view.quote.points_used > 0 and not view.busy:
            ticket = self.counter.session._payment._ticket
            assert ticket is not None
            assert ticket.quote == view.quote
            assert ticket.bill == view.bill.money
            assert isinstance(view.person, Serving)
            assert ticket.member is not None
            assert ticket.member.member_id == view.person.member.member_id
            assert ticket.reservation

    @invariant()
    def the_screen_says_done_only_of_what_is_on_disk(self) -> None:
        finished = self.counter.view.finished
        if finished is not None:
            found = self.counter.journal.sale(finished.sale.sale_id)
            assert found is not None
            assert found[0] == finished.sale

    # Rest.
    def _note_the_offer(self) -> None:
        ticket = self.counter.session._payment._ticket
        if ticket is not None and self.counter.view.step is Step.PAY:
            self.offered[ticket.sale_id] = self.counter.view.quote

    def _mind_the_disk(self) -> None:
        journal = self.counter.journal

        def guarded(real: object) -> object:
            def write(*args: object, **more: object) -> object:
                if self.disk_full:
                    raise KnownError("The disk is full.")
                return real(*args, **more)  # type: ignore[operator]

            return write

        for name in WRITES:
            setattr(journal, name, guarded(getattr(journal, name)))

    def _settle(self) -> None:
        """Let the world be well again, the last customer leave, the queue empty and people help."""
        self.disk_full = False
        backend = self.counter.backend
        backend.faults.clear()
        backend.silent, backend.look_ups_lost, backend.refuse_because = False, 0, RefusedBecause.OTHER
        self.runner.run_all()
        self.counter.session.clear_all()
        self.runner.run_all()
        self.counter.checkout._tie_up()
        backend.members["m-1"].balance += 10**6
        newcomer = Member("m-9", "New Comer")
        backend.add(newcomer, 0, f"phone:+91{NOBODYS_PHONE}", f"wallet:{STRANGERS_CODE}")
        for _ in range(3):
            self.counter.drain()
            self.runner.run_all()
            for row in self.counter.rows():
                if row.state is EffectState.NEEDS_ATTENTION:
                    self.counter.delivery.look_up(row.effect.key)

    def _check_the_books(self) -> None:
        backend, journal = self.counter.backend, self.counter.journal
        lines = journal.recent(10_000)
        rows = self.counter.rows()
        assert journal.drafts() == []
        assert backend.open_holds() == [], "a hold nobody will pay for"
        assert journal.first_broken_audit_row() is None
        assert {row.state for row in rows} <= {EffectState.POSTED, EffectState.DROPPED}

        twice = {what: count for what, count in backend.took_hold.items() if count > 1}
        assert not twice, "an effect took hold twice"
        promised = Tally(
            (line.sale.sale_id, kind)
            for line in lines
            for kind in LASTING
            if _expected(rows, line.sale.sale_id, kind)
        )
        booked = Tally({what: count for what, count in backend.took_hold.items() if what[1] in LASTING})
        assert booked == promised, "what was sold is not what was booked"

        event(f"{min(len(lines), 5)} sales")
        event(f"points taken: {bool(backend.taken)}")
        numbers = sorted(int(line.sale.number.removeprefix("2-")) for line in lines)
        assert numbers == list(range(1, len(lines) + 1))
        for line in lines:
            sale = line.sale
            assert backend.taken.get(sale.sale_id, Decimal(0)) == sale.points_used
            assert sale.paid == sale.bill - sale.discount
            offered = self.offered.get(sale.sale_id)
            if offered is not None:
                assert (sale.points_used, sale.discount, sale.points_expected) == (
                    offered.points_used,
                    offered.discount,
                    offered.earns,
                )


WRITES = (
    "open_draft",
    "reservation_made",
    "commit_sale",
    "abandon_draft",
    "move",
    "postpone",
    "make_due",
    "remember",
    "remember_member",
)


def _expected(rows: list[EffectRow], sale_id: str, kind: EffectKind) -> bool:
    return any(row.effect.sale_id == sale_id and row.effect.kind is kind for row in rows)


MANY = settings(max_examples=250, stateful_step_count=40)


def test_every_sale_takes_effect_exactly_once() -> None:
    run_state_machine_as_test(Till, settings=MANY)


# The same test must catch what it is there to catch.
class NewKeyEachTime(Delivery):
    """Sends every attempt under another key, so that the backend cannot know it again."""

    attempts = 0

    def _send(self, row: EffectRow, effect: Effect) -> None:
        if effect.kind in LASTING:
            NewKeyEachTime.attempts += 1
            effect = replace(effect, key=effect_key(effect.sale_id, effect.kind, NewKeyEachTime.attempts))
        super()._send(row, effect)

    def _reconcile(self, row: EffectRow) -> None:
        if row.effect.kind in LASTING:
            self._send(row, row.effect)
        else:
            super()._reconcile(row)


class PostedBeforeSent(Delivery):
    """Calls an effect posted before it is sent."""

    def _send(self, row: EffectRow, effect: Effect) -> None:
        self._move(row, EffectState.SENDING, "")
        self._move(row, EffectState.POSTED, "posted")
        self._backend.apply(effect)


@pytest.mark.parametrize(
    ("bug", "complaint"),
    [(NewKeyEachTime, "took hold twice"), (PostedBeforeSent, "is not what was booked|a hold nobody")],
)
def test_the_machine_catches_a_planted_bug(bug: type[Delivery], complaint: str) -> None:
    class BuggyTill(Till):
        delivery = bug

    found_is_enough = settings(MANY, phases=[Phase.generate], report_multiple_bugs=False, print_blob=False)
    with pytest.raises(AssertionError, match=complaint):
        run_state_machine_as_test(BuggyTill, settings=found_is_enough)
