"""Points used while offline, key by key: what the till lets happen, what it counts, what it writes off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.domain.offline_policy import (
    OfflineAllowed,
    OfflineDenied,
    OfflineMode,
    OfflinePolicy,
    Proof,
    WhyNotOffline,
)
from cashier_app.domain.outcome import RefusedBecause
from cashier_app.domain.reasons import NotOffline
from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.domain.settlement import Settlement, Truth
from cashier_app.domain.staff import Right
from cashier_app.services.approval import Approval, ApprovalAsked, Approvals, Matter, Reason
from cashier_app.services.payment import NAME_NEEDED
from cashier_app.services.till_view import Posting, Serving, Step, Target
from tests.fakes.backend import Fault
from tests.fakes.counter import PRIYAS_CODE, PRIYAS_PHONE, RAHULS_CODE, SETTINGS, Counter
from tests.fakes.shop import rupees

FLOOR = OfflinePolicy(
    mode=OfflineMode.FLOOR, per_redemption=150_00, open_at_till=200_00, manager_over=150_00, per_member=2
)
Open = Callable[..., Counter]
RESERVED = [EffectKind.RESERVE, EffectKind.CAPTURE, EffectKind.SALE]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    made: list[Counter] = []

    def open_with(policy: OfflinePolicy, approvals: Approvals | None = None) -> Counter:
        settings = replace(SETTINGS, offline=policy)
        counter = Counter(tmp_path, settings=settings, approvals=approvals).open_for_business()
        made.append(counter)
        for seen in (PRIYAS_CODE, RAHULS_CODE):
            counter.session.scan(seen)
        counter.session.clear_all()
        counter.type(PRIYAS_PHONE)
        counter.session.clear_all()
        counter.clock.advance(60)
        counter.backend.silent = True
        return counter

    yield open_with
    for counter in made:
        counter.close()


def serve(counter: Counter, bill: str = "2360", code: str = PRIYAS_CODE) -> None:
    counter.session.clear_all()
    counter.clock.advance(5)
    counter.session.scan(code)
    counter.type(bill)


def redeem(counter: Counter) -> None:
    serve(counter)
    counter.press_enter(3)
    assert counter.view.step is Step.DONE


def online(counter: Counter) -> None:
    counter.backend.silent = False
    counter.drain()


def why_not(counter: Counter) -> WhyNotOffline:
    assert isinstance(counter.view.offline, OfflineDenied)
    assert counter.view.quote is not None
    assert isinstance(counter.view.quote.refusal, NotOffline)
    return counter.view.offline.because


# What is allowed.
def test_nothing_is_redeemed_offline_unless_the_shop_says_so(opened: Open) -> None:
    counter = opened(OfflinePolicy())
    serve(counter)
    assert why_not(counter) is WhyNotOffline.DENIED
    counter.press_enter(2)
    assert counter.view.finished is not None
    assert not counter.view.finished.sale.points_used


def test_as_much_as_the_policy_allows_in_three_presses(opened: Open) -> None:
    counter = opened(FLOOR)
    serve(counter)
    assert counter.view.offline == OfflineAllowed(150_00)
    counter.press_enter(2)
    assert counter.view.step is Step.PAY
    assert counter.view.held_until is None
    assert counter.view.offline_accepted
    counter.press_enter()
    assert counter.view.finished is not None
    assert counter.view.finished.sale.discount == rupees(150)
    assert counter.view.finished.posting in {Posting.POSTING, Posting.WAITING}
    assert counter.kinds(EffectState.WAITING) == RESERVED


def test_a_phone_number_is_not_enough(opened: Open) -> None:
    counter = opened(FLOOR)
    counter.type(PRIYAS_PHONE)
    counter.type("2360")
    assert isinstance(counter.view.person, Serving)
    assert why_not(counter) is WhyNotOffline.NOT_PROVEN


def test_a_code_that_is_typed_is_not_enough(opened: Open) -> None:
    counter = opened(FLOOR)
    counter.type(PRIYAS_CODE)
    counter.press_enter()
    counter.type("2360")
    assert isinstance(counter.view.person, Serving)
    assert counter.view.person.proof is Proof.TYPED
    assert why_not(counter) is WhyNotOffline.NOT_PROVEN


def test_what_is_left_at_the_till_is_all_there_is(opened: Open) -> None:
    counter = opened(FLOOR)
    redeem(counter)
    serve(counter)
    assert counter.view.offline == OfflineAllowed(50_00)
    counter.press_enter(3)
    serve(counter)
    assert why_not(counter) is WhyNotOffline.USED_BEFORE


def test_a_restart_forgets_nothing(opened: Open) -> None:
    counter = opened(replace(FLOOR, per_member=1))
    redeem(counter)
    counter.restart()
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    assert why_not(counter) is WhyNotOffline.USED_BEFORE


def test_an_offer_older_than_the_last_sale_is_judged_again(opened: Open) -> None:
    """The record on the screen may be old; the journal decides before the money is taken."""
    counter = opened(replace(FLOOR, per_member=1))
    serve(counter)
    before = counter.view
    counter.press_enter(3)
    counter.session._stage.show(replace(before, step=Step.REWARD, target=Target.DISCOUNT))
    counter.press_enter()
    assert counter.view.step is Step.BILL
    assert why_not(counter) is WhyNotOffline.USED_BEFORE


def test_back_from_the_payment_owes_nobody_anything(opened: Open) -> None:
    counter = opened(FLOOR)
    serve(counter)
    counter.press_enter(2)
    counter.session.back()
    assert counter.view.step is Step.REWARD
    assert not counter.view.offline_accepted
    assert counter.rows() == []


def test_the_network_going_in_the_middle_leaves_what_is_allowed(opened: Open) -> None:
    counter = opened(FLOOR)
    counter.backend.silent = False
    serve(counter)
    counter.press_enter()
    counter.backend.silent = True
    counter.press_enter()
    assert isinstance(counter.view.person, Serving)
    assert not counter.view.person.fresh
    assert counter.view.offline == OfflineAllowed(150_00)
    assert counter.view.step is Step.BILL


def test_once_the_backend_answers_points_are_held_again(opened: Open) -> None:
    counter = opened(FLOOR)
    serve(counter)
    counter.press_enter()
    counter.backend.silent = False
    counter.delivery.probe()
    counter.press_enter()
    assert counter.view.step is Step.BILL, "the balance is read first"
    assert counter.view.offline is None
    counter.press_enter(2)
    assert counter.view.held_until is not None


# A manager.
def test_a_manager_confirms_what_is_above_the_sum(opened: Open) -> None:
    counter = opened(replace(FLOOR, manager_over=100_00))
    serve(counter)
    counter.press_enter(2)
    assert counter.view.target is Target.MANAGER
    counter.press_enter()
    assert counter.view.trouble == NAME_NEEDED
    for key in "Asha N":
        counter.session.type_character(key)
    counter.press_enter()
    assert (counter.view.step, counter.view.entry) == (Step.PAY, "")
    counter.press_enter()
    with counter.journal.database.reading() as connection:
        (detail,) = connection.execute(
            "SELECT detail FROM audit WHERE event = 'redeemed offline'"
        ).fetchone() or ("",)
    assert '"confirmed_by":"Asha N"' in str(detail)
    assert '"minor":15000' in str(detail)


class ByPin:
    """Asks for a PIN somewhere else, and keeps who asked."""

    asks_pin = True

    def __init__(self) -> None:
        self.asked: list[tuple[ApprovalAsked, Callable[[Approval | None], None]]] = []

    def ask(self, asked: ApprovalAsked, answered: Callable[[Approval | None], None]) -> None:
        self.asked.append((asked, answered))


def test_where_people_sign_in_a_pin_confirms_and_the_audit_row_says_all_of_it(opened: Open) -> None:
    by_pin = ByPin()
    counter = opened(replace(FLOOR, manager_over=100_00), by_pin)
    serve(counter)
    counter.press_enter(2)
    assert counter.view.target is not Target.MANAGER, "no name is typed here"
    ((asked, answered),) = by_pin.asked
    assert (asked.right, asked.matter) == (Right.APPROVE, Matter.OFFLINE_POINTS)
    assert (asked.amount, asked.limit) == (rupees(150), rupees(100))
    before = counter.view
    answered(None)
    assert counter.view == before
    counter.press_enter()
    by_pin.asked[-1][1](Approval("Vikram Shah (vikram)", "vikram", Reason.MEMBER_KNOWN, asked.limit))
    assert counter.view.step is Step.PAY
    counter.press_enter()
    with counter.journal.database.reading() as connection:
        (detail,) = connection.execute(
            "SELECT detail FROM audit WHERE event = 'redeemed offline'"
        ).fetchone() or ("",)
    for part in (
        '"confirmed_by":"Vikram Shah (vikram)"',
        '"because":"member known"',
        '"minor":15000',
        '"over_minor":10000',
    ):
        assert part in str(detail)


def test_an_approval_does_not_hold_for_another_offer(opened: Open) -> None:
    by_pin = ByPin()
    counter = opened(replace(FLOOR, manager_over=100_00), by_pin)
    serve(counter)
    counter.press_enter(2)
    counter.session.clear_all()
    serve(counter, bill="2000")
    by_pin.asked[0][1](Approval("Vikram Shah (vikram)", "vikram"))
    assert counter.view.step is Step.BILL


def test_less_than_the_sum_needs_nobody(opened: Open) -> None:
    counter = opened(replace(FLOOR, manager_over=100_00))
    serve(counter)
    counter.press_enter(2)
    counter.session.back()
    assert counter.view.target is Target.DISCOUNT
    counter.type("90")
    counter.press_enter()
    assert counter.view.step is Step.PAY


def test_a_name_can_be_mended_and_holds_no_command(opened: Open) -> None:
    counter = opened(replace(FLOOR, manager_over=0))
    serve(counter)
    counter.press_enter(2)
    for key in "Jo-B\x07":
        counter.session.type_character(key)
    assert counter.view.entry == "Jo-B"
    counter.session.delete()
    assert counter.view.entry == "Jo-"
    assert counter.view.bill.money == rupees(2360)


# Afterwards.
def test_points_are_taken_once_the_backend_answers(opened: Open) -> None:
    counter = opened(FLOOR)
    redeem(counter)
    online(counter)
    assert counter.backend.account(counter.backend.members["m-1"]).balance == Decimal(1240 - 150 + 22)
    assert counter.journal.discrepancies() == []
    assert counter.journal.offline_record("m-1").open_at_till == 0


@pytest.mark.parametrize("lost", [Fault.ANSWER_LOST, Fault.REQUEST_LOST])
def test_a_lost_answer_is_asked_for_until_the_points_are_taken_once(opened: Open, lost: Fault) -> None:
    counter = opened(FLOOR)
    redeem(counter)
    counter.backend.faults.extend([lost, lost, None, lost])
    online(counter)
    assert counter.kinds(EffectState.POSTED) == RESERVED
    assert max(counter.backend.took_hold.values()) == 1
    assert counter.journal.discrepancies() == []


@pytest.mark.parametrize("faults", [[Fault.REFUSED], [None, Fault.REFUSED]])
def test_what_the_backend_refuses_is_written_off_and_the_sale_stands(
    opened: Open, faults: list[Fault | None]
) -> None:
    counter = opened(FLOOR)
    redeem(counter)
    counter.backend.refuse_because = RefusedBecause.BALANCE_TOO_LOW
    counter.backend.faults.extend(faults)
    online(counter)
    (loss,) = counter.journal.discrepancies()
    assert (loss.loss, loss.member_id, loss.because) == (rupees(150), "m-1", "balance_too_low")
    assert loss.number == "2-0001"
    assert counter.kinds(EffectState.POSTED)[-1] is EffectKind.SALE
    assert not counter.kinds(EffectState.NEEDS_ATTENTION)
    assert counter.journal.counts().waiting == 0
    assert counter.journal.first_broken_audit_row() is None


def test_after_a_loss_a_member_waits_thirty_days(opened: Open) -> None:
    counter = opened(replace(FLOOR, per_member=9))
    redeem(counter)
    counter.backend.faults.append(Fault.REFUSED)
    online(counter)
    counter.backend.silent = True
    serve(counter)
    assert why_not(counter) is WhyNotOffline.AFTER_A_LOSS
    counter.clock.advance(30 * 86_400)
    counter.backend.silent = False
    serve(counter, "")
    counter.backend.silent = True
    serve(counter)
    assert counter.view.offline == OfflineAllowed(150_00)


def test_points_settled_by_hand_as_not_booked_are_a_loss_too(counter: Counter) -> None:
    serve(counter)
    counter.press_enter(2)
    counter.backend.faults.append(Fault.REFUSED)
    counter.press_enter()
    counter.drain()
    (row,) = (row for row in counter.rows() if row.state is EffectState.NEEDS_ATTENTION)
    assert row.effect.kind is EffectKind.CAPTURE
    assert counter.journal.discrepancies() == []
    word = Settlement(row.effect.key, Truth.NOT_BOOKED, "Asha", "spent elsewhere", counter.clock.now())
    assert counter.journal.settle_by_hand(word)
    (loss,) = counter.journal.discrepancies()
    assert loss.loss == rupees(200)


def test_rewards_wait_for_the_backend(opened: Open) -> None:
    counter = opened(FLOOR)
    serve(counter)
    assert counter.view.quote is not None
    assert all(isinstance(one.refusal, NotOffline) for one in counter.view.quote.rewards)
    counter.session.pick_reward("coffee")
    assert counter.view.quote.discount == rupees(150)
